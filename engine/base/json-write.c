/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing the canonical form.  Jansson writes the same bytes, but looks every key up again for
 * sorting and hands each piece of text to a callback: three times the work, in every answer and
 * every entry of the journal.
 */
#include "base/json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define FEW_MEMBERS 32

typedef struct {
    const char *key;
    const json_t *value;
} Member;

static int
by_key(const void *a, const void *b)
{
    return strcmp(((const Member *)a)->key, ((const Member *)b)->key);
}

/* Adds the escape of a character that may not stand for itself. */
static void
append_escape(GString *out, unsigned char c)
{
    static const char named[] = "\"\\\b\f\n\r\t";
    static const char names[] = "\"\\bfnrt";
    const char *at = c != '\0' ? strchr(named, c) : NULL;

    if (at != NULL) {
        g_string_append_c(out, '\\');
        g_string_append_c(out, names[at - named]);
    } else {
        g_string_append_printf(out, "\\u%04X", (unsigned)c);
    }
}

static void
append_string(GString *out, const char *text, size_t size)
{
    size_t begun = 0;

    g_string_append_c(out, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c >= ' ' && c != '"' && c != '\\')
            continue;
        g_string_append_len(out, text + begun, (gssize)(i - begun));
        append_escape(out, c);
        begun = i + 1;
    }
    g_string_append_len(out, text + begun, (gssize)(size - begun));
    g_string_append_c(out, '"');
}

static void append_value(GString *out, const json_t *value);

static void
append_object(GString *out, const json_t *object)
{
    Member few[FEW_MEMBERS];
    size_t n = 0, size = json_object_size(object);
    g_autofree Member *many = size > FEW_MEMBERS ? g_new(Member, size) : NULL;
    Member *members = many != NULL ? many : few;
    json_t *open = (json_t *)(uintptr_t)object; /* iterators want it; it is not changed */

    for (void *at = json_object_iter(open); at != NULL; at = json_object_iter_next(open, at))
        members[n++] = (Member){ json_object_iter_key(at), json_object_iter_value(at) };
    if (n > 1)
        qsort(members, n, sizeof members[0], by_key);
    g_string_append_c(out, '{');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        append_string(out, members[i].key, strlen(members[i].key));
        g_string_append_c(out, ':');
        append_value(out, members[i].value);
    }
    g_string_append_c(out, '}');
}

static void
append_array(GString *out, const json_t *array)
{
    size_t n = json_array_size(array);

    g_string_append_c(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        append_value(out, json_array_get(array, i));
    }
    g_string_append_c(out, ']');
}

/* 15 digits: a number that was written with so many or less is written the same again. */
static void
append_real(GString *out, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));

    g_assert(text != NULL);
    g_string_append(out, text);
    free(text);
}

static void
append_value(GString *out, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        append_object(out, value);
        break;
    case JSON_ARRAY:
        append_array(out, value);
        break;
    case JSON_STRING:
        append_string(out, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        nsk_json_append_int(out, json_integer_value(value));
        break;
    case JSON_REAL:
        append_real(out, value);
        break;
    case JSON_TRUE:
        g_string_append(out, "true");
        break;
    case JSON_FALSE:
        g_string_append(out, "false");
        break;
    case JSON_NULL:
    default:
        g_string_append(out, "null");
        break;
    }
}

void
nsk_json_append_int(GString *out, int64_t number)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;

    /* many times as fast as a format */
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        digits[--at] = '-';
    g_string_append_len(out, digits + at, (gssize)(sizeof digits - at));
}

char *
nsk_json_canonical(const NskJson *self)
{
    GString *out = g_string_sized_new(1024);

    append_value(out, self);
    return g_string_free(out, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"

#include "base/message.h"

#include <jansson.h>
#include <string.h>

NskJson *
nsk_json_object(void)
{
    return json_object();
}

NskJson *
nsk_json_array(void)
{
    return json_array();
}

NskJson *
nsk_json_ref(const NskJson *self)
{
    return json_incref((NskJson *)(uintptr_t)self);
}

void
nsk_json_unref(NskJson *self)
{
    json_decref(self);
}

void
nsk_json_set(NskJson *object, const char *key, NskJson *value)
{
    int failed = json_object_set_new(object, key, value);

    g_assert(failed == 0); /* fails only for a wrong type or text that is not UTF-8 */
}

/* A string, whatever the bytes. */
static json_t *
make_string(const char *text)
{
    json_t *value = json_string(text);

    if (value != NULL)
        return value;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    return json_string(valid);
}

void
nsk_json_set_text(NskJson *object, const char *key, const char *text)
{
    nsk_json_set(object, key, text != NULL ? make_string(text) : json_null());
}

void
nsk_json_set_int(NskJson *object, const char *key, int64_t number)
{
    nsk_json_set(object, key, json_integer(number));
}

void
nsk_json_set_real(NskJson *object, const char *key, double number)
{
    nsk_json_set(object, key, json_real(number));
}

void
nsk_json_set_bool(NskJson *object, const char *key, bool value)
{
    nsk_json_set(object, key, json_boolean(value));
}

void
nsk_json_add(NskJson *array, NskJson *value)
{
    int failed = json_array_append_new(array, value);

    g_assert(failed == 0);
}

void
nsk_json_add_text(NskJson *array, const char *text)
{
    nsk_json_add(array, make_string(text));
}

NskJson *
nsk_json_get(const NskJson *object, const char *key)
{
    return json_object_get(object, key);
}

const char *
nsk_json_get_text(const NskJson *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

const char *
nsk_json_text(const NskJson *self)
{
    return json_string_value(self);
}

int64_t
nsk_json_get_int(const NskJson *object, const char *key, int64_t fallback)
{
    const json_t *value = json_object_get(object, key);

    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

double
nsk_json_get_real(const NskJson *object, const char *key, double fallback)
{
    const json_t *value = json_object_get(object, key);

    return json_is_number(value) ? json_number_value(value) : fallback;
}

bool
nsk_json_get_bool(const NskJson *object, const char *key, bool fallback)
{
    const json_t *value = json_object_get(object, key);

    return json_is_boolean(value) ? json_is_true(value) : fallback;
}

size_t
nsk_json_length(const NskJson *array)
{
    return json_array_size(array);
}

NskJson *
nsk_json_at(const NskJson *array, size_t index)
{
    return json_array_get(array, index);
}

const char *
nsk_json_text_at(const NskJson *array, size_t index)
{
    return json_string_value(json_array_get(array, index));
}

NskJsonType
nsk_json_type(const NskJson *self)
{
    switch (json_typeof(self)) {
    case JSON_OBJECT:
        return NSK_JSON_OBJECT;
    case JSON_ARRAY:
        return NSK_JSON_ARRAY;
    case JSON_STRING:
        return NSK_JSON_TEXT;
    case JSON_INTEGER:
    case JSON_REAL:
        return NSK_JSON_NUMBER;
    case JSON_TRUE:
    case JSON_FALSE:
        return NSK_JSON_BOOL;
    case JSON_NULL:
        break;
    }
    return NSK_JSON_NULL;
}

GPtrArray *
nsk_json_keys(const NskJson *object)
{
    GPtrArray *keys = g_ptr_array_new();
    /* the library takes no const here, but changes nothing */
    json_t *members = (json_t *)(uintptr_t)object;

    for (void *at = json_object_iter(members); at != NULL; at = json_object_iter_next(members, at))
        g_ptr_array_add(keys, (gpointer)(uintptr_t)json_object_iter_key(at));
    return keys;
}

/* Whether every character stands for itself in a JSON string. */
static bool
is_plain(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~' || *text == '"' || *text == '\\')
            return false;
    }
    return true;
}

void
nsk_json_append_text(GString *out, const char *text)
{
    if (text == NULL) {
        g_string_append(out, "null");
    } else if (is_plain(text)) {
        g_string_append_c(out, '"');
        g_string_append(out, text);
        g_string_append_c(out, '"');
    } else {
        g_autoptr(NskJson) list = nsk_json_array();

        nsk_json_add_text(list, text);
        g_autofree char *line = nsk_json_canonical(list); /* ["..."] */
        g_string_append_len(out, line + 1, (gssize)strlen(line) - 2);
    }
}

char *
nsk_json_pretty(const NskJson *self)
{
    /* as in the canonical form */
    char *text = json_dumps(self, JSON_INDENT(2) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));

    g_assert(text != NULL);
    char *copy = g_strdup(text); /* Jansson frees with its own allocator; ours is g_free() */
    free(text);
    return copy;
}

NskJson *
nsk_json_parse(const char *text, size_t size, GError **error)
{
    json_error_t fault;
    json_t *value = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);

    if (value == NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("not valid JSON at line %d, column %d: %s"), fault.line, fault.column,
                    fault.text);
    return value;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Labels of items: a pattern such as "BAB %1" or "%1.%2)" with the numbers of the levels (17.9.11),
 * each in its own format (17.18.59).  Formats that are not known count in digits.
 */
#include "docx/docx-private.h"

#include <string.h>

#define MOST_LETTERS 20 /* "aaa ..."; no list is that long */
#define MAX_LABEL    200

static void
add_letters(GString *out, unsigned number, char first)
{
    unsigned times = MIN((number - 1) / 26 + 1, MOST_LETTERS);

    for (unsigned i = 0; number > 0 && i < times; i++)
        g_string_append_c(out, (char)((unsigned)first + (number - 1) % 26));
}

static void
add_roman(GString *out, unsigned number, bool large)
{
    static const struct {
        unsigned value;
        const char *sign;
    } signs[] = {
        { 1000, "m" }, { 900, "cm" }, { 500, "d" }, { 400, "cd" }, { 100, "c" },
        { 90, "xc" },  { 50, "l" },   { 40, "xl" }, { 10, "x" },   { 9, "ix" },
        { 5, "v" },    { 4, "iv" },   { 1, "i" },
    };
    gsize from = out->len;

    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
        for (; number >= signs[i].value; number -= signs[i].value)
            g_string_append(out, signs[i].sign);
    }
    for (gsize i = from; large && i < out->len; i++)
        out->str[i] = g_ascii_toupper(out->str[i]);
}

static void
add_number(GString *out, unsigned number, const char *format)
{
    if (g_strcmp0(format, "lowerLetter") == 0)
        add_letters(out, number, 'a');
    else if (g_strcmp0(format, "upperLetter") == 0)
        add_letters(out, number, 'A');
    else if (g_strcmp0(format, "lowerRoman") == 0)
        add_roman(out, number, false);
    else if (g_strcmp0(format, "upperRoman") == 0)
        add_roman(out, number, true);
    else if (g_strcmp0(format, "decimalZero") == 0)
        g_string_append_printf(out, "%02u", number);
    else if (g_strcmp0(format, "none") != 0)
        g_string_append_printf(out, "%u", number);
}

/* Bullets are signs of fonts that only Word has: all but plain ones become a dot. */
static char *
bullet_of(const char *pattern)
{
    gunichar c = pattern != NULL && *pattern != '\0' ? g_utf8_get_char(pattern) : 0;
    bool plain = c == '-' || c == '*' || c == 0x2013 || c == 0x2014;

    return plain ? g_strndup(pattern, (gsize)g_utf8_skip[(unsigned char)*pattern])
                 : g_strdup("\xe2\x80\xa2");
}

char *
nsk_docx_label(const char *pattern,
               unsigned depth,
               const char *const formats[NSK_DOCX_LEVELS],
               const unsigned numbers[NSK_DOCX_LEVELS])
{
    GString *label = g_string_new(NULL);

    if (g_strcmp0(formats[depth], "bullet") == 0) {
        g_string_free(label, TRUE);
        return bullet_of(pattern);
    }
    for (const char *c = pattern != NULL ? pattern : ""; *c != '\0' && label->len < MAX_LABEL;
         c += g_utf8_skip[(unsigned char)*c]) {
        if (*c == '%' && c[1] >= '1' && c[1] <= '0' + NSK_DOCX_LEVELS) {
            size_t level = (size_t)(*++c - '1');

            add_number(label, numbers[level], formats[level]);
        } else {
            g_string_append_unichar(label, g_utf8_get_char(c));
        }
    }
    return g_string_free(label, FALSE);
}

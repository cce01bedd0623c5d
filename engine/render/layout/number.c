/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Page numbers as a page-sequence has them printed (XSL 1.1, section 7.26, which refers to
 * XSLT 1.0, section 7.7.1): the format's first token, letter-value and grouping.  What stands
 * around the token is printed around the number.
 */
#include "base/message.h"
#include "render/layout/layout.h"

#include <string.h>

static void
append_roman(GString *out, int number)
{
    static const struct {
        int value;
        const char *digits;
    } parts[] = { { 1000, "m" }, { 900, "cm" }, { 500, "d" }, { 400, "cd" }, { 100, "c" },
                  { 90, "xc" },  { 50, "l" },   { 40, "xl" }, { 10, "x" },   { 9, "ix" },
                  { 5, "v" },    { 4, "iv" },   { 1, "i" } };

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        for (; number >= parts[i].value; number -= parts[i].value)
            g_string_append(out, parts[i].digits);
    }
}

/* a to z, then aa, ab and so on. */
static void
append_letters(GString *out, int number)
{
    char digits[8];
    size_t n = 0;

    for (; number > 0 && n < sizeof digits; number = (number - 1) / 26)
        digits[n++] = (char)('a' + (number - 1) % 26);
    while (n > 0)
        g_string_append_c(out, digits[--n]);
}

static void
append_decimal(GString *out, int number, size_t least, const NskFoNode *sequence)
{
    const char *separator = nsk_fo_text(sequence, NSK_P_GROUPING_SEPARATOR);
    int size = nsk_fo_integer(sequence, NSK_P_GROUPING_SIZE, 0);
    g_autofree char *digits = g_strdup_printf("%0*d", (int)MIN(least, 20), number);
    size_t n = strlen(digits);

    for (size_t i = 0; i < n; i++) {
        if (i > 0 && size > 0 && separator[0] != '\0' && (n - i) % (size_t)size == 0)
            g_string_append(out, separator);
        g_string_append_c(out, digits[i]);
    }
}

/* The token that begins at @format; false if it is none of ours. */
static bool
append_token(GString *out, const char *format, size_t size, int number, const NskFoNode *sequence)
{
    bool traditional = nsk_fo_word(sequence, NSK_P_LETTER_VALUE) != NSK_W_ALPHABETIC;
    size_t start = out->len;
    char first = format[0];

    if (strspn(format, "0") + 1 == size && format[size - 1] == '1') {
        append_decimal(out, number, size, sequence);
        return true;
    }
    if (size != 1 || strchr("aAiI", first) == NULL)
        return false;
    /* neither letters nor Roman digits have a zero */
    if (number <= 0 || number > 5000)
        append_decimal(out, number, 1, sequence);
    else if ((first == 'i' || first == 'I') && traditional)
        append_roman(out, number);
    else
        append_letters(out, number);
    if (g_ascii_isupper(first)) {
        for (size_t i = start; i < out->len; i++)
            out->str[i] = g_ascii_toupper(out->str[i]);
    }
    return true;
}

char *
nsk_number_format(NskLayout *self, const NskFoNode *node, int number)
{
    const NskFoNode *sequence = node;
    GString *text = g_string_new(NULL);
    size_t before = 0, size = 0;

    while (sequence->parent != NULL && sequence->tag != NSK_FO_PAGE_SEQUENCE)
        sequence = sequence->parent;

    const char *format = nsk_fo_text(sequence, NSK_P_FORMAT);
    while (format[before] != '\0' && !g_ascii_isalnum(format[before]))
        before++;
    while (g_ascii_isalnum(format[before + size]))
        size++;
    g_string_append_len(text, format, (gssize)before);
    if (!append_token(text, format + before, size, number, sequence))
        nsk_fo_error(self->tree, sequence, "fo-value",
                     nsk_tr("the page number format '%.20s' is not supported; use 1, 01, a, A, i "
                            "or I"),
                     format);
    g_string_append(text, format + before + size);
    return g_string_free(text, FALSE);
}

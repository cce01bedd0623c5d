/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How wide text is, without a font engine: fixed advances of the sans serif family that the picture
 * names (those of Helvetica, which Arial and Liberation Sans share), so that the same text is
 * broken at the same places on every machine.
 */
#include "flow/diagram-private.h"

#include <string.h>

#define ELLIPSIS "\xe2\x80\xa6"

/* Thousandths of the size, from U+0020 to U+007E. */
/* clang-format off */
static const short advances[] = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
};
/* clang-format on */

static double
advance(gunichar c)
{
    if (c >= 0x20 && c < 0x20 + G_N_ELEMENTS(advances))
        return advances[c - 0x20];
    if (g_unichar_iszerowidth(c))
        return 0;
    if (g_unichar_iswide(c))
        return 1000;
    return g_unichar_isupper(c) ? 722 : 600;
}

double
nsk_diagram_text_width(const char *text, double size)
{
    double width = 0;

    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL))
        width += advance(g_utf8_get_char(p));
    return width * size / 1000;
}

/* Bytes of @text that fit into @width; at least one character. */
static size_t
fit(const char *text, double size, double width)
{
    const char *p = text;
    double used = 0;

    while (*p != '\0') {
        used += advance(g_utf8_get_char(p)) * size / 1000;
        if (used > width && p != text)
            break;
        p = g_utf8_find_next_char(p, NULL);
    }
    return (size_t)(p - text);
}

/* Where the line that begins at @text ends, best behind a blank or hyphen; *out_next is where the
 * next one begins. */
static size_t
break_line(const char *text, double size, double width, const char **out_next)
{
    size_t most = fit(text, size, width);
    size_t end = most;

    if (text[most] != '\0' && text[most] != ' ') {
        while (end > 0 && text[end - 1] != ' ' && text[end - 1] != '-' && text[end - 1] != '/')
            end--;
        if (end == 0)
            end = most;
    }
    *out_next = text + end;
    while (**out_next == ' ')
        (*out_next)++;
    while (end > 0 && text[end - 1] == ' ')
        end--;
    return end;
}

/* The beginning of @text with an ellipsis, in @width. */
static char *
cut(const char *text, double size, double width)
{
    size_t length = fit(text, size, MAX(width - nsk_diagram_text_width(ELLIPSIS, size), 0));

    while (length > 0 && text[length - 1] == ' ')
        length--;
    return g_strdup_printf("%.*s" ELLIPSIS, (int)length, text);
}

/* Runs of white space made one blank; bytes that are not UTF-8 cannot be in a document. */
static char *
fold(const char *text)
{
    GString *folded = g_string_new(NULL);
    bool is_blank = false;

    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        gunichar c = g_utf8_get_char(p);

        if (g_unichar_isspace(c)) {
            is_blank = folded->len > 0;
            continue;
        }
        if (is_blank)
            g_string_append_c(folded, ' ');
        is_blank = false;
        g_string_append_unichar(folded, c);
    }
    return g_string_free(folded, FALSE);
}

char **
nsk_diagram_wrap(const char *text, double size, double width, unsigned most)
{
    g_autofree char *folded = fold(text);
    const char *p = folded;
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();

    for (unsigned n = 0; *p != '\0' && n < most; n++) {
        const char *next = NULL;
        size_t length = break_line(p, size, width, &next);
        bool is_cut = n + 1 == most && *next != '\0';
        g_autofree char *line = is_cut ? cut(p, size, width) : g_strndup(p, length);

        g_strv_builder_add(lines, line);
        p = next;
    }
    return g_strv_builder_end(lines);
}

DiagramBox
nsk_diagram_measure(char *const *lines, double size)
{
    DiagramBox box = { 0 };

    for (unsigned i = 0; lines[i] != NULL; i++) {
        box.w = MAX(box.w, nsk_diagram_text_width(lines[i], size));
        box.h += size * DIAGRAM_LEADING;
    }
    return box;
}

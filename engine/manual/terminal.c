/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page of the manual as plain text, its lines broken at blanks. */
#include "manual/manual-private.h"

#include <string.h>

#define INDENT 4

/* Adds @words, folded text, in lines of @width with @indent blanks before each. */
static void
append_wrapped(GString *out, const char *words, unsigned indent, unsigned width)
{
    g_auto(GStrv) list = g_strsplit(words, " ", -1);
    unsigned column = 0;

    for (int i = 0; list[i] != NULL; i++) {
        unsigned length = (unsigned)g_utf8_strlen(list[i], -1);

        if (column > 0 && column + 1 + length > width) {
            g_string_append_c(out, '\n');
            column = 0;
        }
        if (column == 0)
            g_string_append_printf(out, "%*s", (int)indent, "");
        else
            g_string_append_c(out, ' ');
        g_string_append(out, list[i]);
        column = (column == 0 ? indent : column + 1) + length;
    }
    g_string_append_c(out, '\n');
}

/* The lines of an example, moved to one indent. */
static void
append_code(GString *out, const NskXmlNode *node)
{
    g_autofree char *text = nsk_xml_text(node);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (int i = 0; lines[i] != NULL; i++) {
        const char *line = g_strstrip(lines[i]);

        if (*line != '\0')
            g_string_append_printf(out, "%*s%s\n", 2 * INDENT, "", line);
    }
}

static void
append_list(GString *out, const NskXmlNode *list, unsigned width)
{
    for (const NskXmlNode *item = nsk_xml_first(list); item != NULL; item = nsk_xml_next(item)) {
        g_autofree char *text = nsk_xml_text_folded(item);

        append_wrapped(out, nsk_xml_attr(item, "term"), INDENT, width);
        append_wrapped(out, text, 2 * INDENT, width);
    }
}

static void
append_block(GString *out, const NskXmlNode *block, unsigned width)
{
    if (nsk_xml_is(block, NSK_MANUAL_NS, "code")) {
        append_code(out, block);
    } else if (nsk_xml_is(block, NSK_MANUAL_NS, "list")) {
        append_list(out, block, width);
    } else {
        g_autofree char *text = nsk_xml_text_folded(block);

        append_wrapped(out, text, INDENT, width);
    }
}

char *
nsk_manual_to_terminal(const NskXmlNode *text, unsigned width)
{
    GString *out = g_string_new(NULL);

    append_wrapped(out, nsk_xml_attr(text, "title"), 0, width);
    for (const NskXmlNode *section = nsk_xml_first(text); section != NULL;
         section = nsk_xml_next(section)) {
        g_string_append_c(out, '\n');
        append_wrapped(out, nsk_xml_attr(section, "title"), 0, width);
        for (const NskXmlNode *block = nsk_xml_first(section); block != NULL;
             block = nsk_xml_next(block)) {
            if (block != nsk_xml_first(section))
                g_string_append_c(out, '\n');
            append_block(out, block, width);
        }
    }
    return g_string_free(out, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page of the manual in the man macros of groff: man(7), groff_man(7). */
#include "manual/manual-private.h"

#include <string.h>

/* Adds text so that nothing in it is a request or an escape.  @begins: at a line's beginning. */
static void
append_escaped(GString *out, const char *text, bool begins)
{
    if (begins && (*text == '.' || *text == '\''))
        g_string_append(out, "\\&");
    for (; *text != '\0'; text++) {
        if (*text == '\\')
            g_string_append(out, "\\e");
        else if (*text == '-')
            g_string_append(out, "\\-");
        else
            g_string_append_c(out, *text);
    }
}

/* A title as the argument of a macro. */
static void
append_argument(GString *out, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "\"", -1);
    g_autofree char *quoted = g_strjoinv("\\(dq", parts);
    g_auto(GStrv) dashes = g_strsplit(quoted, "-", -1);
    g_autofree char *safe = g_strjoinv("\\-", dashes);

    g_string_append_printf(out, " \"%s\"", safe);
}

static void
append_words(GString *out, const NskXmlNode *node)
{
    g_autofree char *text = nsk_xml_text_folded(node);

    append_escaped(out, text, true);
    g_string_append_c(out, '\n');
}

static void
append_code(GString *out, const NskXmlNode *node)
{
    g_autofree char *text = nsk_xml_text(node);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    g_string_append(out, ".PP\n.RS 4\n.nf\n");
    for (int i = 0; lines[i] != NULL; i++) {
        const char *line = g_strstrip(lines[i]);

        if (*line == '\0')
            continue;
        append_escaped(out, line, true);
        g_string_append_c(out, '\n');
    }
    g_string_append(out, ".fi\n.RE\n");
}

static void
append_block(GString *out, const NskXmlNode *block)
{
    if (nsk_xml_is(block, NSK_MANUAL_NS, "code")) {
        append_code(out, block);
    } else if (nsk_xml_is(block, NSK_MANUAL_NS, "list")) {
        for (const NskXmlNode *item = nsk_xml_first(block); item != NULL;
             item = nsk_xml_next(item)) {
            g_string_append(out, ".TP\n");
            append_escaped(out, nsk_xml_attr(item, "term"), true);
            g_string_append_c(out, '\n');
            append_words(out, item);
        }
    } else {
        g_string_append(out, ".PP\n");
        append_words(out, block);
    }
}

char *
nsk_manual_to_roff(const char *name, const NskXmlNode *text)
{
    GString *out = g_string_new(NULL);
    bool is_overview = strcmp(name, "naskah") == 0;
    g_autofree char *page = is_overview ? g_strdup(name) : g_strconcat("naskah-", name, NULL);
    g_autofree char *heading = g_ascii_strup(page, -1);

    g_string_append_printf(out, ".TH \"%s\" 1 \"\" \"Naskah " NSK_VERSION "\"\n.SH NAME\n",
                           heading);
    append_escaped(out, page, true);
    g_string_append(out, " \\- ");
    append_escaped(out, nsk_xml_attr(text, "title"), false);
    g_string_append_c(out, '\n');
    for (const NskXmlNode *section = nsk_xml_first(text); section != NULL;
         section = nsk_xml_next(section)) {
        g_string_append(out, ".SH");
        append_argument(out, nsk_xml_attr(section, "title"));
        g_string_append_c(out, '\n');
        for (const NskXmlNode *block = nsk_xml_first(section); block != NULL;
             block = nsk_xml_next(block))
            append_block(out, block);
    }
    return g_string_free(out, FALSE);
}

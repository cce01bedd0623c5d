/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The running text of a letter, for indexing. */
#include "archive/archive.h"
#include "base/limits.h"

#include <string.h>

/* Elements within a word: what they hold belongs to the text around. */
static bool
is_inline(const NskXmlNode *node)
{
    static const char *const names[] = { "b", "i", "u", "sub", "sup", NULL };

    return g_strv_contains(names, nsk_xml_name(node));
}

/* As deep as NSK_LIMIT_XML_DEPTH lets a document be. */
static void
append_text(GString *text, const NskXmlNode *node)
{
    for (const NskXmlNode *child = nsk_xml_first_any(node); child != NULL;
         child = nsk_xml_next_any(child)) {
        if (nsk_xml_is_text(child)) {
            g_autofree char *own = nsk_xml_text(child);

            g_string_append(text, own);
            continue;
        }
        bool parted = !is_inline(child) && text->len > 0;
        if (parted)
            g_string_append_c(text, ' ');
        append_text(text, child);
        if (parted)
            g_string_append_c(text, ' ');
    }
}

/* One blank for every run of white space. */
static char *
fold_blanks(const char *text)
{
    GString *folded = g_string_sized_new(strlen(text));

    for (; *text != '\0'; text++) {
        if (!g_ascii_isspace(*text))
            g_string_append_c(folded, *text);
        else if (folded->len > 0 && folded->str[folded->len - 1] != ' ')
            g_string_append_c(folded, ' ');
    }
    if (folded->len > 0 && folded->str[folded->len - 1] == ' ')
        g_string_truncate(folded, folded->len - 1);
    return g_string_free(folded, FALSE);
}

/* What the sender's letter is known by. */
static void
append_received(GString *text, const NskLetterReceived *received)
{
    if (received == NULL)
        return;
    const char *const parts[] = { received->origin.name, received->origin.attention,
                                  received->origin.place, received->number, received->summary };
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (parts[i] != NULL)
            g_string_append_printf(text, " %s ", parts[i]);
    }
}

char *
nsk_search_letter_text(const NskLetterFacts *facts)
{
    g_autoptr(GString) text = g_string_new(NULL);

    if (facts->body != NULL)
        append_text(text, facts->body);
    append_received(text, facts->received);
    for (size_t i = 0; i < facts->n_attachments; i++) {
        const NskLetterAttachment *attachment = &facts->attachments[i];

        g_string_append_printf(text, " %s ", attachment->title != NULL ? attachment->title : "");
        if (attachment->content != NULL)
            append_text(text, attachment->content);
    }
    return fold_blanks(text->str);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bookmarks (XSL 1.1, section 6.11): fo:bookmark-tree as the outline of the PDF.  The pages have
 * been drawn by then, so that every id's place is known.
 */
#include "base/message.h"
#include "render/layout/layout.h"

#include <string.h>

/* The title's text with its blanks collapsed; NULL if it says nothing. */
static char *
read_title(const NskFoNode *title)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (const NskFoNode *child = title->first; child != NULL; child = child->next)
        g_string_append(text, child->text);

    g_auto(GStrv) words = g_strsplit_set(text->str, " \t\r\n", -1);
    g_string_truncate(text, 0);
    for (size_t i = 0; words[i] != NULL; i++) {
        if (*words[i] != '\0')
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", words[i]);
    }
    return text->len > 0 ? g_strdup(text->str) : NULL;
}

static const NskFoNode *
find_title(const NskFoNode *bookmark)
{
    const NskFoNode *child = bookmark->first;

    while (child != NULL && child->tag != NSK_FO_BOOKMARK_TITLE)
        child = child->next;
    return child;
}

static void
read_look(const NskFoNode *title, NskPdfBookmark *it)
{
    const NskFoValue *weight = nsk_fo_get(title, NSK_P_FONT_WEIGHT);

    it->bold = weight->word == NSK_W_BOLD || weight->number >= 600;
    it->italic = nsk_fo_word(title, NSK_P_FONT_STYLE) != NSK_W_NORMAL;
    it->colour = nsk_fo_get(title, NSK_P_COLOR)->color;
}

/* Where the bookmark leads; false with an issue if that is nowhere. */
static bool
find_place(NskLayout *layout, const NskFoNode *node, NskPdfBookmark *it)
{
    const char *internal = nsk_fo_text(node, NSK_P_INTERNAL_DESTINATION);
    const NskPlace *place = g_hash_table_lookup(layout->destinations, internal);

    if (it->uri != NULL && *it->uri != '\0')
        return nsk_object_check_uri(layout, node, it->uri);
    it->uri = NULL;
    if (*internal == '\0')
        nsk_fo_error(layout->tree, node, "fo-link",
                     nsk_tr("a bookmark needs an internal-destination or external-destination"));
    else if (place == NULL)
        nsk_fo_error(layout->tree, node, "fo-link",
                     nsk_tr("there is no object with the id '%.60s'"), internal);
    else
        *it = (NskPdfBookmark){ .title = it->title, .page = place->page, .y = place->y };
    return place != NULL;
}

static void
add_children(NskLayout *layout, const NskFoNode *parent, unsigned number)
{
    for (const NskFoNode *node = parent->first; node != NULL; node = node->next) {
        const NskFoNode *title = find_title(node);
        g_autofree char *text = title != NULL ? read_title(title) : NULL;
        g_autofree char *uri = nsk_object_uri(nsk_fo_text(node, NSK_P_EXTERNAL_DESTINATION));
        NskPdfBookmark it = { .title = text, .uri = uri };

        if (node->tag != NSK_FO_BOOKMARK)
            continue;
        if (text == NULL) {
            nsk_fo_error(layout->tree, node, "fo-element",
                         nsk_tr("a bookmark needs a bookmark-title with text"));
        } else if (find_place(layout, node, &it)) {
            read_look(title, &it);
            it.closed = nsk_fo_word(node, NSK_P_STARTING_STATE) == NSK_W_HIDE;
            add_children(layout, node, nsk_pdf_bookmark_add(layout->pdf, number, &it));
        }
    }
}

void
nsk_bookmark_draw(NskLayout *self)
{
    for (const NskFoNode *node = self->tree->root->first; node != NULL; node = node->next) {
        unsigned min_pages = (unsigned)nsk_fo_integer(node, NSK_P_MIN_PAGES, 0);

        if (node->tag == NSK_FO_BOOKMARK_TREE && nsk_pdf_get_n_pages(self->pdf) >= min_pages)
            add_children(self, node, 0);
    }
}

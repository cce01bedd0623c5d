/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A document as pages: each section is a sequence of pages of its own size, with its header and
 * footer.  One that goes on within a page goes on with the pages of the one before.
 *
 * A header that is higher than its place moves the text down, as in Word; how high it is is
 * guessed.
 */
#include "base/message.h"
#include "docx/docx-private.h"

#include <string.h>

#define FO_NS "http://www.w3.org/1999/XSL/Format"

typedef struct {
    NskDocxPager pager;
    NskXmlNode *masters;
    NskXmlNode *root;
} Pages;

/* The header or footer of the part; NULL if there is none. */
static const GPtrArray *
find_edge(const NskDocx *self, const char *part)
{
    for (guint i = 0; part != NULL && i < self->stories->len; i++) {
        const NskDocxStory *story = g_ptr_array_index(self->stories, i);

        if (g_strcmp0(story->part, part) == 0)
            return story->blocks;
    }
    return NULL;
}

/* One end of a page. */
typedef struct {
    const char *side; /* "before", "after" */
    const char *name; /* of its region */
    const char *margin;
    const GPtrArray *blocks; /* NULL: nothing stands there */
    int edge;                /* twips from the edge of the page */
    int extent;              /* to the text */
} Edge;

static Edge
make_edge(const Pages *self, const NskDocxSheet *sheet, bool head, bool first)
{
    const char *part = head ? sheet->headers[first] : sheet->footers[first];
    int margin = head ? sheet->top : sheet->bottom;
    int edge = MIN(head ? sheet->header : sheet->footer, margin);
    Edge made = { head ? "before" : "after",
                  head ? (first ? "head-first" : "head") : (first ? "foot-first" : "foot"),
                  head ? "margin-top" : "margin-bottom",
                  find_edge(self->pager.docx, part),
                  margin,
                  0 };

    if (made.blocks == NULL)
        return made;
    made.edge = edge;
    made.extent = MAX(margin - edge, nsk_docx_flow_height(made.blocks));
    made.extent = MIN(made.extent, sheet->height / 3);
    return made;
}

static void
add_region(NskXmlNode *master, const Edge *edge)
{
    g_autofree char *name = g_strconcat("region-", edge->side, NULL);
    NskXmlNode *region;

    if (edge->blocks == NULL)
        return;
    region = nsk_xml_add(master, NULL, name);
    nsk_xml_set_attr(region, "region-name", edge->name);
    nsk_xml_set_attr(region, "display-align", edge->side);
    nsk_docx_set_length(region, "extent", edge->extent);
}

static void
add_master(Pages *self, const NskDocxSheet *sheet, const char *name, bool first)
{
    NskXmlNode *master = nsk_xml_add(self->masters, NULL, "simple-page-master");
    Edge head = make_edge(self, sheet, true, first);
    Edge foot = make_edge(self, sheet, false, first);

    nsk_xml_set_attr(master, "master-name", name);
    nsk_docx_set_length(master, "page-width", sheet->width);
    nsk_docx_set_length(master, "page-height", sheet->height);
    nsk_docx_set_length(master, "margin-left", sheet->left);
    nsk_docx_set_length(master, "margin-right", sheet->right);
    nsk_docx_set_length(master, head.margin, head.edge);
    nsk_docx_set_length(master, foot.margin, foot.edge);
    NskXmlNode *body = nsk_xml_add(master, NULL, "region-body");
    nsk_docx_set_length(body, head.margin, head.extent);
    nsk_docx_set_length(body, foot.margin, foot.extent);
    add_region(master, &head);
    add_region(master, &foot);
}

static void
add_alternative(NskXmlNode *list, const char *master, const char *position)
{
    NskXmlNode *node = nsk_xml_add(list, NULL, "conditional-page-master-reference");

    nsk_xml_set_attr(node, "master-reference", master);
    nsk_xml_set_attr(node, "page-position", position);
}

/* The name of what the pages of the section are made by. */
static char *
add_masters(Pages *self, const NskDocxSheet *sheet, guint index)
{
    g_autofree char *rest = g_strdup_printf("sheet-%u", index + 1);
    g_autofree char *first = g_strdup_printf("sheet-%u-first", index + 1);

    add_master(self, sheet, rest, false);
    if (!sheet->first_differs)
        return g_steal_pointer(&rest);
    add_master(self, sheet, first, true);
    return g_strdup_printf("sheets-%u", index + 1);
}

/* Behind all simple masters, whose order does not matter to readers. */
static void
add_choice(Pages *self, guint index, const char *name)
{
    g_autofree char *rest = g_strdup_printf("sheet-%u", index + 1);
    g_autofree char *first = g_strdup_printf("sheet-%u-first", index + 1);
    NskXmlNode *choice = nsk_xml_add(self->masters, NULL, "page-sequence-master");
    NskXmlNode *list = nsk_xml_add(choice, NULL, "repeatable-page-master-alternatives");

    nsk_xml_set_attr(choice, "master-name", name);
    add_alternative(list, first, "first");
    add_alternative(list, rest, "rest");
}

static void
add_static(Pages *self, NskXmlNode *sequence, const NskDocxSheet *sheet, bool head, bool first)
{
    Edge edge = make_edge(self, sheet, head, first);
    NskXmlNode *node;

    if (edge.blocks == NULL)
        return;
    node = nsk_xml_add(sequence, NULL, "static-content");
    nsk_xml_set_attr(node, "flow-name", edge.name);
    nsk_docx_add_flow(&self->pager, node, edge.blocks, sheet->width - sheet->left - sheet->right);
}

/* The pages of one section, and of those that go on with it. */
static void
add_sequence(Pages *self, const NskDocxSheet *sheet, guint index, const GPtrArray *blocks)
{
    g_autofree char *master = add_masters(self, sheet, index);
    g_autofree char *start = g_strdup_printf("%u", sheet->start);
    NskXmlNode *sequence = nsk_xml_add(self->root, NULL, "page-sequence");

    if (sheet->first_differs)
        add_choice(self, index, master);
    nsk_xml_set_attr(sequence, "master-reference", master);
    if (sheet->start > 0)
        nsk_xml_set_attr(sequence, "initial-page-number", start);
    for (unsigned i = 0; i < 4; i++) {
        bool first = i >= 2;

        if (!first || sheet->first_differs)
            add_static(self, sequence, sheet, i % 2 == 0, first);
    }
    NskXmlNode *flow = nsk_xml_add(sequence, NULL, "flow");
    nsk_xml_set_attr(flow, "flow-name", "xsl-region-body");
    nsk_docx_add_flow(&self->pager, flow, blocks, sheet->width - sheet->left - sheet->right);
    if (index + 1 == self->pager.docx->sheets->len)
        nsk_xml_set_attr(nsk_xml_add(flow, NULL, "block"), "id", "end");
}

static void
add_sections(Pages *self)
{
    const NskDocx *docx = self->pager.docx;
    const NskDocxStory *body = g_ptr_array_index(docx->stories, 0);
    guint at = 0;

    for (guint i = 0; i < docx->sheets->len; i++) {
        g_autoptr(GPtrArray) blocks = g_ptr_array_new();
        const NskDocxSheet *sheet = &g_array_index(docx->sheets, NskDocxSheet, i);
        bool ended = false;

        for (; at < body->blocks->len && !ended; at++) {
            const NskDocxBlock *block = g_ptr_array_index(body->blocks, at);
            unsigned ends = block->paragraph != NULL ? block->paragraph->sheet : 0;

            g_ptr_array_add(blocks, (void *)(uintptr_t)block);
            if (ends == 0 || ends == docx->sheets->len)
                continue;
            const NskDocxSheet *next = &g_array_index(docx->sheets, NskDocxSheet, ends);
            ended =
                !next->continues || next->width != sheet->width || next->height != sheet->height;
            i = ended ? ends - 1 : i;
        }
        if (at == body->blocks->len && !ended)
            i = docx->sheets->len - 1;
        add_sequence(self, sheet, i, blocks);
    }
}

static void
tell_lost(const NskDocx *self, NskIssues *issues)
{
    for (guint i = 0; i < self->lost->len; i++) {
        const NskIssue *lost = g_ptr_array_index(self->lost, i);

        if (strcmp(lost->tag, NSK_DOCX_LOST_IN_LETTER) != 0)
            nsk_issues_add(issues, lost, "%s", lost->text);
    }
}

GBytes *
nsk_docx_to_fo(const NskDocx *self, NskIssues *issues, GError **error)
{
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(FO_NS, "root");
    NskXmlNode *root = nsk_xml_doc_get_root(doc);
    Pages pages = { { self, issues }, nsk_xml_add(root, NULL, "layout-master-set"), root };

    nsk_xml_set_attr(root, "language", "id");
    nsk_xml_set_attr(root, "hyphenate", "false");
    nsk_xml_set_attr(root, "linefeed-treatment", "preserve");
    nsk_xml_set_attr(root, "white-space-collapse", "false");
    nsk_xml_set_attr(root, "white-space-treatment", "preserve");
    add_sections(&pages);
    tell_lost(self, issues);
    return nsk_xml_canonical(root, error);
}

static void
append_words(const NskDocxParagraph *paragraph, void *data)
{
    GString *words = data;

    if (paragraph->text->len == 0)
        return;
    g_string_append(words, paragraph->text->str);
    g_string_append_c(words, '\n');
}

char *
nsk_docx_text(const NskDocx *self)
{
    GString *words = g_string_new(NULL);
    const NskDocxStory *body = g_ptr_array_index(self->stories, 0);

    nsk_docx_each_paragraph(body->blocks, append_words, words);
    return g_string_free(words, FALSE);
}

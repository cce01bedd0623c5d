/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <string.h>

#define MASTER                                                                                     \
    "<layout-master-set><simple-page-master master-name=\"p\" page-width=\"240pt\" "               \
    "page-height=\"140pt\" margin=\"20pt\"><region-body/></simple-page-master>"                    \
    "</layout-master-set>"

void
fixture_lay_root(Fixture *self, const char *content)
{
    g_autofree char *text =
        g_strdup_printf("<root xmlns=\"" NSK_FO_NS "\" xmlns:nf=\"" NSK_FO_EXT_NS
                        "\" font-size=\"10pt\" line-height=\"12pt\">%s</root>",
                        content);

    *self = (Fixture){ .issues = nsk_issues_new() };
    self->fonts = nsk_font_set_open(NULL, &self->error);
    g_assert_no_error(self->error);
    self->doc = nsk_xml_parse("t.fo", text, strlen(text), &self->error);
    g_assert_no_error(self->error);
    self->options = (NskFoOptions){ .fonts = self->fonts, .issues = self->issues };
    self->layout = nsk_layout_new(self->doc, &self->options, &self->error);
}

void
fixture_lay(Fixture *self, const char *flow)
{
    g_autofree char *content =
        g_strdup_printf(MASTER "<page-sequence master-reference=\"p\">"
                               "<flow flow-name=\"xsl-region-body\">%s</flow></page-sequence>",
                        flow);

    fixture_lay_root(self, content);
}

void
fixture_clear(Fixture *self)
{
    nsk_layout_free(self->layout);
    nsk_xml_doc_free(self->doc);
    nsk_font_set_free(self->fonts);
    g_ptr_array_unref(self->issues);
    g_clear_error(&self->error);
}

static bool
begins(const NskArea *area, const char *text)
{
    return area->kind == NSK_AREA_TEXT && area->text.piece->size >= strlen(text) &&
           strncmp(area->text.piece->text, text, strlen(text)) == 0;
}

const NskArea *
fixture_find(const Fixture *self, const char *text, guint *out_page)
{
    g_assert_no_error(self->error);
    for (guint p = 0; p < self->layout->pages->len; p++) {
        const NskPage *page = g_ptr_array_index(self->layout->pages, p);

        for (guint i = 0; i < page->areas->len; i++) {
            const NskArea *area = &g_array_index(page->areas, NskArea, i);

            if (begins(area, text)) {
                if (out_page != NULL)
                    *out_page = p;
                return area;
            }
        }
    }
    g_error("no text '%s'", text);
}

guint
fixture_count(const Fixture *self, guint page_index, const char *text)
{
    const NskPage *page = g_ptr_array_index(self->layout->pages, page_index);
    guint n = 0;

    for (guint i = 0; i < page->areas->len; i++)
        n += begins(&g_array_index(page->areas, NskArea, i), text) ? 1 : 0;
    return n;
}

const char *
fixture_issue(const Fixture *self, const char *tag)
{
    for (guint i = 0; i < self->issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(self->issues, i);

        if (strcmp(issue->tag, tag) == 0)
            return issue->text;
    }
    return NULL;
}

bool
fixture_has_issue(const Fixture *self, const char *tag)
{
    return fixture_issue(self, tag) != NULL;
}

GBytes *
fixture_print(Fixture *self)
{
    g_clear_error(&self->error);
    g_ptr_array_set_size(self->issues, 0);
    return nsk_fo_render(self->doc, &self->options, &self->error);
}

bool
fixture_pdf_has(GBytes *pdf, const char *part)
{
    gsize size, n = strlen(part);
    const char *bytes = g_bytes_get_data(pdf, &size);

    for (gsize i = 0; i + n <= size; i++) {
        if (memcmp(bytes + i, part, n) == 0)
            return true;
    }
    return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages: where the flow breaks, what is kept, numbers and masters. A page holds eight lines. */
#include "fixture.h"

#include <string.h>

/* @n blocks of one line, "b0" to "bN", then @rest. */
static void
lay_lines(Fixture *self, int n, const char *rest)
{
    g_autoptr(GString) flow = g_string_new(NULL);

    for (int i = 0; i < n; i++)
        g_string_append_printf(flow, "<block>b%d.</block>", i);
    g_string_append(flow, rest);
    fixture_lay(self, flow->str);
}

#define LINES(n) "<block linefeed-treatment=\"preserve\" " n ">L1\nL2\nL3\nL4</block>"

typedef struct {
    int before; /* lines before */
    const char *rest;
    const char *text;
    guint page; /* of the text, from 0 */
    guint pages;
} BreakCase;

static const BreakCase break_cases[] = {
    { 8, "", "b7", 0, 1 },
    { 9, "", "b8", 1, 2 },
    { 1, "<block break-before=\"page\">Baru</block>", "Baru", 1, 2 },
    { 0, "<block break-before=\"page\">Baru</block>", "Baru", 0, 1 },
    { 1, "<block break-after=\"page\">a</block>", "a", 0, 1 },
    { 1, "<block break-before=\"odd-page\">Ganjil</block>", "Ganjil", 2, 3 },
    { 1, "<block break-before=\"even-page\">Genap</block>", "Genap", 1, 2 },
    { 7, "<block keep-with-next=\"always\">Judul</block><block>isi</block>", "Judul", 1, 2 },
    { 7, "<block>x</block><block keep-with-previous=\"always\">isi</block>", "x", 1, 2 },
    { 6,
      "<block keep-together=\"always\"><block>Satu</block><block>Dua</block><block>Tiga"
      "</block></block>",
      "Satu", 1, 2 },
    /* widows and orphans */
    { 7, LINES(""), "L1", 1, 2 },
    { 6, LINES(""), "L2", 0, 2 },
    { 5, LINES(""), "L3", 1, 2 },
    { 5, LINES("widows=\"1\""), "L3", 0, 2 },
    { 7, LINES("orphans=\"1\""), "L1", 0, 2 },
    /* the weaker keep gives way */
    { 6,
      "<block keep-together=\"5\"><block keep-with-next=\"9\">Satu</block><block>Dua</block>"
      "<block keep-with-previous=\"3\">Tiga</block></block>",
      "Satu", 1, 2 },
    /* space shrinks to bring the end onto the page */
    { 7, "<block space-before.optimum=\"6pt\" space-before.maximum=\"6pt\">Akhir</block>", "Akhir",
      0, 1 },
    { 7, "<block space-before=\"6pt\">Akhir</block>", "Akhir", 1, 2 },
};

static void
test_breaks(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(break_cases); i++) {
        Fixture self;
        guint page = 99;

        g_test_message("%d %s", break_cases[i].before, break_cases[i].rest);
        lay_lines(&self, break_cases[i].before, break_cases[i].rest);
        fixture_find(&self, break_cases[i].text, &page);
        g_assert_cmpuint(page, ==, break_cases[i].page);
        g_assert_cmpuint(self.layout->pages->len, ==, break_cases[i].pages);
        g_assert_cmpuint(self.issues->len, ==, 0);
        fixture_clear(&self);
    }
}

/* What can never fit ends all the same, with words. */
static void
test_too_high(void)
{
    Fixture self;
    g_autoptr(GString) flow = g_string_new("<block keep-together=\"always\">");

    for (int i = 0; i < 20; i++)
        g_string_append_printf(flow, "<block>k%d.</block>", i);
    g_string_append(flow, "</block>");
    fixture_lay(&self, flow->str);
    g_assert_no_error(self.error);
    g_assert_cmpuint(self.layout->pages->len, ==, 3);
    g_assert_true(fixture_has_issue(&self, "fo-keep"));
    fixture_clear(&self);

    fixture_lay(&self, "<block line-height=\"300pt\">Tinggi</block>");
    g_assert_no_error(self.error);
    g_assert_cmpuint(self.layout->pages->len, ==, 1);
    g_assert_true(fixture_has_issue(&self, "fo-overflow"));
    fixture_clear(&self);

    fixture_lay(&self, "<block>a</block><block line-height=\"300pt\">Tinggi</block><block>z"
                       "</block>");
    g_assert_no_error(self.error);
    g_assert_cmpuint(self.layout->pages->len, ==, 3);
    g_assert_true(fixture_has_issue(&self, "fo-overflow"));
    fixture_clear(&self);
}

static void
test_cut_frames(void)
{
    Fixture self;
    g_autoptr(GString) flow = g_string_new("<block border=\"1pt solid black\" margin=\"0pt\">");

    for (int i = 0; i < 10; i++)
        g_string_append_printf(flow, "<block>k%d.</block>", i);
    g_string_append(flow, "</block>");
    fixture_lay(&self, flow->str);
    g_assert_no_error(self.error);
    g_assert_cmpuint(self.layout->pages->len, ==, 2);
    for (guint p = 0; p < 2; p++) {
        const NskPage *page = g_ptr_array_index(self.layout->pages, p);
        guint lines = 0;

        for (guint i = 0; i < page->areas->len; i++)
            lines += g_array_index(page->areas, NskArea, i).kind == NSK_AREA_LINE ? 1 : 0;
        g_assert_cmpuint(lines, ==, 3); /* none where it is cut */
    }
    fixture_clear(&self);
}

#define MASTERS                                                                                    \
    "<layout-master-set>"                                                                          \
    "<simple-page-master master-name=\"first\" page-width=\"240pt\" page-height=\"140pt\" "        \
    "margin=\"20pt\"><region-body margin-top=\"24pt\"/><region-before region-name=\"kop\" "        \
    "extent=\"24pt\"/></simple-page-master>"                                                       \
    "<simple-page-master master-name=\"rest\" page-width=\"240pt\" page-height=\"140pt\" "         \
    "margin=\"20pt\"><region-body margin-top=\"12pt\"/><region-before extent=\"12pt\"/>"           \
    "</simple-page-master>"                                                                        \
    "<page-sequence-master master-name=\"s\"><repeatable-page-master-alternatives>"                \
    "<conditional-page-master-reference page-position=\"first\" master-reference=\"first\"/>"      \
    "<conditional-page-master-reference master-reference=\"rest\"/>"                               \
    "</repeatable-page-master-alternatives></page-sequence-master></layout-master-set>"

static void
test_masters_and_numbers(void)
{
    Fixture self;
    g_autoptr(GString) root = g_string_new(
        MASTERS "<page-sequence master-reference=\"s\" id=\"semua\"><static-content "
                "flow-name=\"kop\"><block>KOP</block></static-content><static-content "
                "flow-name=\"xsl-region-before\"><block>hal <page-number/>/"
                "<page-number-citation-last ref-id=\"semua\"/></block></static-content>"
                "<flow flow-name=\"xsl-region-body\"><block>lihat <page-number-citation "
                "ref-id=\"tujuan\"/></block>");

    for (int i = 0; i < 15; i++)
        g_string_append_printf(root, "<block>b%d.</block>", i);
    g_string_append(root, "<block id=\"tujuan\">Tujuan</block></flow></page-sequence>");
    fixture_lay_root(&self, root->str);
    g_assert_no_error(self.error);
    g_assert_cmpuint(self.layout->pages->len, ==, 3);
    g_assert_cmpuint(fixture_count(&self, 0, "KOP"), ==, 1);
    g_assert_cmpuint(fixture_count(&self, 1, "KOP"), ==, 0);
    g_assert_cmpuint(fixture_count(&self, 0, "hal"), ==, 0);
    g_assert_cmpuint(fixture_count(&self, 1, "hal "), ==, 1);
    /* number, slash and last number are pieces of their own style */
    g_assert_cmpuint(fixture_count(&self, 1, "2"), ==, 1);
    g_assert_cmpuint(fixture_count(&self, 1, "3"), ==, 1);
    g_assert_cmpuint(fixture_count(&self, 0, "3"), ==, 1); /* the citation in the flow */
    fixture_clear(&self);
}

static void
test_master_faults(void)
{
    static const struct {
        const char *root;
        const char *words;
    } cases[] = {
        { "<page-sequence master-reference=\"x\"><flow><block>a</block></flow></page-sequence>",
          "no simple-page-master named 'x'" },
        { MASTERS "<page-sequence master-reference=\"s\"/>", "page-sequence needs a flow" },
        { "<layout-master-set><simple-page-master master-name=\"p\" page-width=\"10pt\" "
          "margin=\"20pt\"><region-body/></simple-page-master></layout-master-set>"
          "<page-sequence master-reference=\"p\"><flow><block>a</block></flow></page-sequence>",
          "no room" },
        { "<layout-master-set><simple-page-master master-name=\"p\"/></layout-master-set>"
          "<page-sequence master-reference=\"p\"><flow><block>a</block></flow></page-sequence>",
          "needs a region-body" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fixture self;

        fixture_lay_root(&self, cases[i].root);
        g_assert_null(self.layout);
        g_assert_error(self.error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_nonnull(strstr(self.error->message, cases[i].words));
        fixture_clear(&self);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/layout/page/breaks-obey-keeps-widows-and-orphans", test_breaks);
    g_test_add_func("/layout/page/what-never-fits-ends-with-a-warning", test_too_high);
    g_test_add_func("/layout/page/cut-frames-have-no-border-at-the-cut", test_cut_frames);
    g_test_add_func("/layout/page/masters-and-numbers-follow-the-page", test_masters_and_numbers);
    g_test_add_func("/layout/page/unusable-masters-are-named", test_master_faults);
    return g_test_run();
}

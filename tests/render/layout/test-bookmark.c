/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fo:bookmark-tree as the outline of the PDF. */
#include "fixture.h"

#include <string.h>

#define MASTER                                                                                     \
    "<layout-master-set><simple-page-master master-name=\"p\" page-width=\"240pt\" "               \
    "page-height=\"140pt\" margin=\"20pt\"><region-body/></simple-page-master>"                    \
    "</layout-master-set>"
#define PAGES                                                                                      \
    "<page-sequence master-reference=\"p\" id=\"awal\"><flow flow-name=\"xsl-region-body\">"       \
    "<block id=\"satu\" space-before=\"10pt\">Satu</block><block break-before=\"page\" "           \
    "start-indent=\"5pt\">x</block><block id=\"dua\">Dua</block></flow></page-sequence>"
#define TREE(more, marks) MASTER "<bookmark-tree " more ">" marks "</bookmark-tree>" PAGES
#define MARK(more, title, inner)                                                                   \
    "<bookmark " more "><bookmark-title>" title "</bookmark-title>" inner "</bookmark>"

typedef struct {
    const char *content;
    const char *has[4];
    const char *lacks;
} OutlineCase;

static const OutlineCase outline_cases[] = {
    /* the block of the second page is 12 pt below its body's top, 140 - 20 - 12 in the PDF */
    { TREE("", MARK("internal-destination=\"dua\"", " Bab\n  dua ", "")),
      { "/Title(Bab dua)", "/XYZ null 108 null]", "/PageMode/UseOutlines", "/Count 1" },
      NULL },
    { TREE("", MARK("internal-destination=\"awal\"", "A", "")), { "/XYZ null 140 null]" }, NULL },
    { TREE("", MARK("external-destination=\"url('https://contoh.example/a b')\"", "Luar", "")),
      { "/Title(Luar)/Parent", "/A<</S/URI/URI(https://contoh.example/a%20b)>>" },
      "/Dest[" },
    { TREE("",
           "<bookmark internal-destination=\"satu\"><bookmark-title font-weight=\"bold\" "
           "font-style=\"italic\" color=\"#ff0000\">M</bookmark-title></bookmark>"),
      { "/F 3/C[1 0 0]" },
      NULL },
    /* what is closed counts its own, and is one for what is around it */
    { TREE("",
           MARK("internal-destination=\"satu\"",
                "A",
                MARK("internal-destination=\"satu\" starting-state=\"hide\"",
                     "B",
                     MARK("internal-destination=\"dua\"", "C", "")
                         MARK("internal-destination=\"dua\"", "D", "")))),
      { "/Count 2", "/Count -2", "/Title(A)", "/Title(D)" },
      NULL },
    { TREE("nf:min-pages=\"2\"", MARK("internal-destination=\"satu\"", "A", "")),
      { "/Title(A)" },
      NULL },
    { TREE("nf:min-pages=\"3\"", MARK("internal-destination=\"satu\"", "A", "")),
      { "/Catalog" },
      "/Outlines" },
};

static void
test_outlines(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(outline_cases); i++) {
        const OutlineCase *it = &outline_cases[i];
        Fixture self;

        g_test_message("%s", it->content);
        fixture_lay_root(&self, it->content);

        g_autoptr(GBytes) pdf = fixture_print(&self);
        g_assert_no_error(self.error);
        for (size_t k = 0; k < G_N_ELEMENTS(it->has) && it->has[k] != NULL; k++) {
            g_test_message("has %s", it->has[k]);
            g_assert_true(fixture_pdf_has(pdf, it->has[k]));
        }
        g_assert_true(it->lacks == NULL || !fixture_pdf_has(pdf, it->lacks));
        g_assert_cmpuint(self.issues->len, ==, 0);
        fixture_clear(&self);
    }
}

typedef struct {
    const char *content;
    const char *tag;
    const char *words;
} FaultCase;

static const FaultCase fault_cases[] = {
    { TREE("", MARK("internal-destination=\"tiada\"", "A", "")), "fo-link",
      "there is no object with the id 'tiada'" },
    { TREE("", MARK("external-destination=\"url( JavaScript:app.alert(1))\"", "A", "")), "fo-link",
      "a link cannot lead to 'JavaScript:app.alert(1)'; use http, https or mailto" },
    { TREE("", MARK("", "A", "")), "fo-link",
      "a bookmark needs an internal-destination or external-destination" },
    { TREE("", MARK("internal-destination=\"dua\"", "  ", "")), "fo-element",
      "a bookmark needs a bookmark-title with text" },
    { TREE("", "<bookmark internal-destination=\"dua\"/>"), "fo-element",
      "a bookmark needs a bookmark-title with text" },
    { TREE("", "<block>x</block>"), "fo-element", "block cannot stand in bookmark-tree" },
    { MASTER "<bookmark-tree>x</bookmark-tree>" PAGES, "fo-element",
      "bookmark-tree cannot hold text; put it into a block" },
};

static void
test_faults(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fault_cases); i++) {
        const FaultCase *it = &fault_cases[i];
        Fixture self;

        g_test_message("%s", it->content);
        fixture_lay_root(&self, it->content);

        g_autoptr(GBytes) pdf = fixture_print(&self);
        g_assert_null(pdf);
        g_assert_error(self.error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_cmpstr(fixture_issue(&self, it->tag), ==, it->words);
        fixture_clear(&self);
    }
}

/* Of a long document nothing is kept but the places of ids. */
static void
test_long_document(void)
{
    g_autoptr(GString) content = g_string_new(MASTER "<bookmark-tree>");
    Fixture self;

    for (int i = 0; i < 60; i++)
        g_string_append_printf(content, MARK("internal-destination=\"b%d\"", "Bab %d", ""), i, i);
    g_string_append(content, "</bookmark-tree><page-sequence master-reference=\"p\">"
                             "<flow flow-name=\"xsl-region-body\">");
    for (int i = 0; i < 60; i++)
        g_string_append_printf(content, "<block id=\"b%d\" break-after=\"page\">Isi</block>", i);
    g_string_append(content, "</flow></page-sequence>");
    fixture_lay_root(&self, content->str);

    g_autoptr(GBytes) pdf = fixture_print(&self);
    g_assert_no_error(self.error);
    g_assert_true(fixture_pdf_has(pdf, "/Count 60"));
    g_assert_true(fixture_pdf_has(pdf, "/Title(Bab 59)"));
    fixture_clear(&self);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/layout/bookmark/each-is-an-entry-of-the-outline", test_outlines);
    g_test_add_func("/layout/bookmark/one-that-leads-nowhere-is-a-fault", test_faults);
    g_test_add_func("/layout/bookmark/a-long-document-has-them-too", test_long_document);
    return g_test_run();
}

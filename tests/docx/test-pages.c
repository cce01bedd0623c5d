/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a document on its way to pages. */
#include "docx/docx-private.h"
#include "sample-docx.h"

#include <string.h>

#define T(text)               "<w:r><w:t>" text "</w:t></w:r>"
#define P(text)               "<w:p>" T(text) "</w:p>"
#define PP(properties, inner) "<w:p><w:pPr>" properties "</w:pPr>" inner "</w:p>"
#define CELL(text)            "<w:tc>" P(text) "</w:tc>"
#define ROW(cells)            "<w:tr>" cells "</w:tr>"
#define TABLE(rows)           "<w:tbl>" rows "</w:tbl>"
#define FIELD(code)                                                                                \
    "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>" code                       \
    "</w:instrText></w:r>"                                                                         \
    "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>" T(                                        \
        "77") "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"

static char *
fo_of(const NskDocx *docx, NskIssues *issues)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) fo = nsk_docx_to_fo(docx, issues, &error);

    g_assert_no_error(error);
    return g_strndup(g_bytes_get_data(fo, NULL), g_bytes_get_size(fo));
}

static char *
make_fo(const char *blocks, NskIssues *issues)
{
    g_autoptr(NskDocx) docx = sample_read(blocks, issues);

    return fo_of(docx, issues);
}

static void
test_blocks_look_as_they_say(void)
{
    static const struct {
        const char *blocks;
        const char *has[4];
    } cases[] = {
        { "", { "<block></block><block id=\"end\"></block></flow>" } },
        { "<w:p/>", { "\xc2\xa0</block>" } }, /* room that somebody left */
        { P("a&lt;b"), { "font-size=\"10.00pt\"", ">a&lt;b</block>" } },
        { PP("<w:jc w:val=\"center\"/>", T("a")), { "text-align=\"center\">a<" } },
        { PP("<w:jc w:val=\"end\"/>", T("a")), { "text-align=\"end\">a<" } },
        { PP("<w:jc w:val=\"both\"/>", T("a")), { "text-align=\"justify\">a<" } },
        { PP("<w:ind w:left=\"720\" w:hanging=\"360\"/>", T("a")),
          { "start-indent=\"36.00pt\"", "text-indent=\"-18.00pt\"" } },
        { PP("<w:ind w:left=\"-720\" w:firstLine=\"99999999999\"/>", T("a")), { ">a</block>" } },
        { PP("<w:spacing w:after=\"120\"/>", T("a")) PP("<w:spacing w:before=\"60\"/>", T("b")),
          { "space-before=\"9.00pt\"" } },
        { PP("<w:pageBreakBefore/><w:keepNext/>", T("a")),
          { "break-before=\"page\"", "keep-with-next.within-page=\"always\"" } },
        { P("a") "<w:p><w:r><w:br w:type=\"page\"/><w:t>b</w:t></w:r></w:p>",
          { "break-before=\"page\"" } },
        { "<w:p>" T("a") "<w:r><w:br w:type=\"page\"/></w:r></w:p>" P("b"),
          { ">a</block><block break-before=\"page\"" } },
        { "<w:p>" T("a") "<w:r><w:rPr><w:b/><w:sz w:val=\"28\"/></w:rPr><w:t>b</w:t></w:r></w:p>",
          { ">a<inline font-size=\"14.00pt\" font-weight=\"bold\">b</inline>" } },
        { "<w:p><w:r><w:rPr><w:rFonts w:ascii=\"Bookman Old "
          "Style\"/></w:rPr><w:t>b</w:t></w:r></w:p>",
          { "font-family=\"Bookman Old Style\"" } },
        { "<w:p><w:r><w:t>${no</w:t></w:r><w:r><w:rPr><w:noProof/></w:rPr><w:t>mor}</w:t></w:r></"
          "w:p>",
          { ">${nomor}<" } },
        { PP("<w:tabs><w:tab w:val=\"left\" w:pos=\"1440\"/></w:tabs>",
             T("Hal") "<w:r><w:tab/></w:r>" T(": Rapat")),
          { "column-width=\"72.00pt\"", ">Hal</block>", ">: Rapat</block>" } },
        { "<w:p><w:r><w:tab/><w:tab/></w:r>" T("a") "</w:p>", { "start-indent=\"72.00pt\">a<" } },
        { PP("<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr>", T("a")),
          { ">1.</block>", ">a</block>", "column-width=\"18.00pt\"" } },
        { TABLE(ROW(CELL("a") CELL("b")) ROW(CELL("c"))),
          { "<table-column column-width=\"225.65pt\">",
            "<table-cell><block></block></table-cell>" } },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autofree char *fo = make_fo(cases[i].blocks, issues);

        for (size_t k = 0; k < G_N_ELEMENTS(cases[i].has) && cases[i].has[k] != NULL; k++) {
            g_test_message("%s in %s", cases[i].has[k], fo);
            g_assert_nonnull(strstr(fo, cases[i].has[k]));
        }
        g_assert_cmpuint(issues->len, ==, 0);
    }
}

static void
test_labels_count_as_their_pattern_says(void)
{
    static const struct {
        const char *pattern;
        const char *format;
        unsigned number;
        const char *label;
    } cases[] = {
        { "BAB %2", "upperRoman", 14, "BAB XIV" },
        { "%1.%2)", "decimal", 3, "7.3)" },
        { "%2.", "lowerLetter", 28, "bb." },
        { "(%2)", "upperLetter", 2, "(B)" },
        { "%2", "lowerRoman", 9, "ix" },
        { "%2", "decimalZero", 3, "03" },
        { "%2", "none", 3, "" },
        { "\xef\x82\xb7", "bullet", 1, "\xe2\x80\xa2" },
        { "-", "bullet", 1, "-" },
        { NULL, "decimal", 1, "" },
        { "%2", NULL, 5, "5" },
        { "%0%a%", "decimal", 1, "%0%a%" },
        { "%2", "lowerLetter", 9999, "oooooooooooooooooooo" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *formats[NSK_DOCX_LEVELS] = { "decimal", cases[i].format };
        unsigned numbers[NSK_DOCX_LEVELS] = { 7, cases[i].number };
        g_autofree char *label = nsk_docx_label(cases[i].pattern, 1, formats, numbers);

        g_assert_cmpstr(label, ==, cases[i].label);
    }
}

static void
test_sections_have_their_pages(void)
{
    static const char wide[] =
        PP("<w:sectPr><w:pgSz w:w=\"16838\" w:h=\"11906\"/></w:sectPr>", T("a"));
    static const char on[] =
        PP("<w:sectPr/>", T("a")) PP("<w:sectPr><w:type w:val=\"continuous\"/></w:sectPr>", T("b"));
    static const char mad[] =
        PP("<w:sectPr><w:pgSz w:w=\"1\" w:h=\"-5\"/><w:pgMar w:left=\"99999\" w:right=\"99999\" "
           "w:top=\"99999\" w:bottom=\"x\"/></w:sectPr>",
           T("a"));
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *first = make_fo(wide, issues);
    g_autofree char *second = make_fo(on, issues);
    g_autofree char *third = make_fo(mad, issues);

    g_assert_nonnull(strstr(first, "page-width=\"841.90pt\""));
    g_assert_nonnull(strstr(first, "page-width=\"595.30pt\""));
    g_assert_nonnull(strstr(second, "master-name=\"sheet-2\""));
    g_assert_null(strstr(second, "master-name=\"sheet-1\"")); /* the second goes on with it */
    g_assert_nonnull(strstr(third, "page-width=\"144.00pt\""));
}

static void
test_numbers_of_pages_are_those_of_the_pages(void)
{
    g_autoptr(GHashTable) parts = sample_parts(P("a"));
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;

    sample_put(parts, "word/_rels/document.xml.rels",
               "<Relationships><Relationship Id=\"f\" Type=\"urn:x/footer\" Target=\"f.xml\"/>"
               "</Relationships>");
    sample_put(parts, "word/f.xml",
               "<w:ftr xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
               "<w:p>" T("- ") FIELD(" PAGE ") "<w:fldSimple w:instr=\"NUMPAGES \\* ARABIC\">" T(
                   "88") "</w:fldSimple>" FIELD("PAGEREF x") "</w:p></w:ftr>");
    sample_put(
        parts, "word/document.xml",
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "
        "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">"
        "<w:body>" P("a") "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"f\"/>"
                          "</w:sectPr></w:body></w:document>");
    g_autoptr(NskDocx) docx = nsk_docx_read("a.docx", parts, issues, &error);
    g_assert_no_error(error);
    g_autofree char *fo = fo_of(docx, issues);

    g_assert_nonnull(strstr(fo, ">- <page-number></page-number><page-number-citation "
                                "ref-id=\"end\"></page-number-citation>77</block>"));
    g_assert_null(strstr(fo, "88"));
}

static void
test_what_is_lost_is_told_with_its_place(void)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *fo = make_fo(
        P("a") "<w:p><w:r><w:drawing/></w:r></w:p><w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>b</w:t>"
               "</w:r></w:p>",
        issues);

    g_assert_cmpuint(issues->len, ==, 1); /* lines through text are kept */
    g_assert_true(sample_said(issues, "docx-lost", "body, paragraph 2: a picture"));
    g_assert_nonnull(strstr(fo, "line-through"));
}

static void
test_words_are_those_of_the_body(void)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDocx) docx = sample_read(P("a") TABLE(ROW(CELL("b") CELL("c"))), issues);
    g_autofree char *words = nsk_docx_text(docx);

    g_assert_cmpstr(words, ==, "a\nb\nc\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/docx/pages/blocks-look-as-they-say", test_blocks_look_as_they_say);
    g_test_add_func("/docx/pages/labels-count-as-their-pattern-says",
                    test_labels_count_as_their_pattern_says);
    g_test_add_func("/docx/pages/sections-have-their-pages", test_sections_have_their_pages);
    g_test_add_func("/docx/pages/numbers-of-pages-are-those-of-the-pages",
                    test_numbers_of_pages_are_those_of_the_pages);
    g_test_add_func("/docx/pages/what-is-lost-is-told-with-its-place",
                    test_what_is_lost_is_told_with_its_place);
    g_test_add_func("/docx/pages/words-are-those-of-the-body", test_words_are_those_of_the_body);
    return g_test_run();
}

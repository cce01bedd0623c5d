/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Regions, columns, footnotes, floats, markers, numbers, and containers that are turned or placed.
 */
#include "fixture.h"

#include <string.h>

#define FIRST 28387 /* the first baseline of the body: see test-layout.c */

#define PAGE(region, more)                                                                         \
    "<layout-master-set><simple-page-master master-name=\"p\" page-width=\"240pt\" "               \
    "page-height=\"140pt\" margin=\"20pt\">" region more "</simple-page-master>"                   \
    "</layout-master-set>"
#define COLUMNS(n, gap) PAGE("<region-body column-count=\"" n "\" column-gap=\"" gap "\"/>", "")
#define SEQUENCE(attributes, statics, flow)                                                        \
    "<page-sequence master-reference=\"p\" " attributes ">" statics                                \
    "<flow flow-name=\"xsl-region-body\">" flow "</flow></page-sequence>"
#define HEAD(content)                                                                              \
    "<static-content flow-name=\"xsl-region-before\"><block>" content "</block>"                   \
    "</static-content>"
#define NOTE(mark, text)                                                                           \
    "<footnote><inline>" mark "</inline><footnote-body><block>" text "</block></footnote-body>"    \
    "</footnote>"

typedef struct {
    const char *root;
    const char *text;
    guint page;
    NskMpt x, y; /* of the baseline's start on the page */
} PlaceCase;

#define L3 "<block>a</block><block>b</block><block>c</block>"
#define L6 L3 L3
#define L8 L6 "<block>g</block><block>h</block>"

static const PlaceCase place_cases[] = {
    /* two columns of 90 pt with a gap of 20 pt, eight lines each */
    { COLUMNS("2", "20pt") SEQUENCE("", "", L8 "<block>Kedua</block>"), "Kedua", 0, 130000, FIRST },
    { COLUMNS("2", "20pt") SEQUENCE("", "", L8 L8 "<block>Halaman</block>"), "Halaman", 1, 20000,
      FIRST },
    { COLUMNS("2", "20pt") SEQUENCE("", "", L3 "<block break-before=\"column\">Kolom</block>"),
      "Kolom", 0, 130000, FIRST },
    { COLUMNS("2", "20pt") SEQUENCE("", "", L3 "<block break-before=\"page\">Baru</block>"), "Baru",
      1, 20000, FIRST },
    /* what spans stands under columns of one height: six lines are three and three */
    { COLUMNS("2", "20pt") SEQUENCE("", "", L6 "<block span=\"all\">Lebar</block>"), "Lebar", 0,
      20000, FIRST + 36000 },
    { COLUMNS("2", "20pt") SEQUENCE("",
                                    "",
                                    "<block span=\"all\">x</block>" L3 "<block>d</block>"
                                    "<block>e</block><block>f</block><block>g</block>"
                                    "<block>Lanjut</block>"),
      "Lanjut", 0, 130000, FIRST + 12000 },
    /* footnotes end at the bottom of the body, 100 pt below its top */
    { PAGE("<region-body/>", "") SEQUENCE("", "", "<block>a" NOTE("1", "Catatan") "</block>"),
      "Catatan", 0, 20000, FIRST + 88000 },
    { PAGE("<region-body/>", "")
          SEQUENCE("", "", "<block>a" NOTE("1", "Satu") NOTE("2", "Dua") "</block>"),
      "Satu", 0, 20000, FIRST + 76000 },
    /* the line of a footnote that has no room goes along with it */
    { PAGE("<region-body/>", "")
          SEQUENCE("", "", L6 "<block>g</block><block>Jangkar" NOTE("1", "Kaki") "</block>"),
      "Jangkar", 1, 20000, FIRST },
    { PAGE("<region-body/>", "")
          SEQUENCE("",
                   "<static-content flow-name=\"xsl-footnote-separator\"><block>Garis</block>"
                   "</static-content>",
                   "<block>a" NOTE("1", "Kaki") "</block>"),
      "Garis", 0, 20000, FIRST + 76000 },
    { PAGE("<region-body/>", "")
          SEQUENCE("",
                   "",
                   "<list-block><list-item><list-item-label end-indent=\"label-end()\">"
                   "<block>1</block></list-item-label><list-item-body "
                   "start-indent=\"body-start()\"><block>a" NOTE(
                       "1",
                       "Kaki") "</block></list-item-body></list-item></list-block>"),
      "Kaki", 0, 20000 + 24000, FIRST + 88000 },
    /* a float pushes the lines down; if it would push its own away, it waits for the next page */
    { PAGE("<region-body/>", "")
          SEQUENCE("",
                   "",
                   "<block>Baris</block><float float=\"before\"><block>Apung</block></float>"
                   "<block>b</block>"),
      "Baris", 0, 20000, FIRST + 12000 },
    { PAGE("<region-body/>", "")
          SEQUENCE("",
                   "",
                   L6 "<block>g</block><block>h<float float=\"before\"><block>Apung</block>"
                      "</float></block><block>i</block>"),
      "Apung", 1, 20000, FIRST },
    /* turned: up the left side; the body is 200 x 100 pt */
    { PAGE("<region-body reference-orientation=\"90\"/>", "")
          SEQUENCE("", "", "<block>Tegak</block>"),
      "Tegak", 0, 0, FIRST - 20000 },
    { PAGE("<region-body display-align=\"after\"/>", "") SEQUENCE("", "", "<block>Bawah</block>"),
      "Bawah", 0, 20000, FIRST + 88000 },
    { PAGE("<region-body/>", "")
          SEQUENCE("",
                   "",
                   "<block relative-position=\"relative\" left=\"7pt\" top=\"3pt\">Geser"
                   "</block>"),
      "Geser", 0, 27000, FIRST + 3000 },
    { PAGE("<region-body/>", "")
          SEQUENCE("",
                   "",
                   "<block-container absolute-position=\"absolute\" left=\"30pt\" "
                   "top=\"40pt\" width=\"50pt\" border=\"5pt solid black\" padding=\"2pt\">"
                   "<block>Isi</block></block-container>"),
      "Isi", 0, 50000, FIRST + 40000 },
    { PAGE("<region-body/>", "")
          SEQUENCE("",
                   "",
                   "<block-container reference-orientation=\"90\" width=\"70pt\" "
                   "height=\"30pt\"><block>x</block></block-container><block>Bawah"
                   "</block>"),
      "Bawah", 0, 20000, FIRST + 70000 },
    /* writing from the right: the first column is the right one */
    { PAGE("<region-body writing-mode=\"rl-tb\"/>", "")
          SEQUENCE("",
                   "",
                   "<table writing-mode=\"rl-tb\"><table-column column-width=\"60pt\"/>"
                   "<table-column/><table-body><table-row><table-cell><block "
                   "writing-mode=\"lr-tb\" text-align=\"left\">Awal</block></table-cell>"
                   "<table-cell><block>b</block></table-cell></table-row></table-body>"
                   "</table>"),
      "Awal", 0, 160000, FIRST },
};

static void
test_places(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(place_cases); i++) {
        Fixture self;
        guint page = 99;
        const NskArea *area;

        g_test_message("%s", place_cases[i].root);
        fixture_lay_root(&self, place_cases[i].root);
        area = fixture_find(&self, place_cases[i].text, &page);
        g_assert_cmpuint(page, ==, place_cases[i].page);
        g_test_message("%d %d, not %d %d", area->rect.x, area->rect.y, place_cases[i].x,
                       place_cases[i].y);
        g_assert_cmpint(ABS(area->rect.x - place_cases[i].x), <=, 10);
        g_assert_cmpint(ABS(area->rect.y - place_cases[i].y), <=, 10);
        g_assert_cmpuint(self.issues->len, ==, 0);
        fixture_clear(&self);
    }
}

/* ---- numbers ---- */

#define NUMBERED PAGE("<region-body margin-top=\"12pt\"/>", "<region-before extent=\"12pt\"/>")
#define NUMBER   HEAD("h<page-number/>")

typedef struct {
    const char *attributes;
    const char *flow;
    const char *next; /* attributes of a second sequence; NULL for none */
    guint pages;
    guint page;
    const char *number; /* on that page */
} NumberCase;

#define TWO "<block>a</block><block break-before=\"page\">b</block>"

static const NumberCase number_cases[] = {
    { "format=\"i\" initial-page-number=\"4\"", "<block/>", NULL, 1, 0, "iv" },
    { "format=\"I\" initial-page-number=\"1999\"", "<block/>", NULL, 1, 0, "MCMXCIX" },
    { "format=\"a\" initial-page-number=\"28\"", "<block/>", NULL, 1, 0, "ab" },
    { "format=\"A\" initial-page-number=\"26\"", "<block/>", NULL, 1, 0, "Z" },
    { "format=\"001\" initial-page-number=\"7\"", "<block/>", NULL, 1, 0, "007" },
    { "format=\"(1)\" initial-page-number=\"7\"", "<block/>", NULL, 1, 0, "(7)" },
    { "format=\"i\" letter-value=\"alphabetic\" initial-page-number=\"2\"", "<block/>", NULL, 1, 0,
      "b" },
    { "grouping-separator=\".\" grouping-size=\"3\" initial-page-number=\"12345\"", "<block/>",
      NULL, 1, 0, "12.345" },
    { "", "<block/>", "", 2, 1, "2" },
    { "", "<block/>", "initial-page-number=\"auto-odd\"", 3, 2, "3" },
    { "", "<block/>", "initial-page-number=\"auto-even\"", 2, 1, "2" },
    { "", "<block/>", "initial-page-number=\"1\"", 3, 2, "1" },
    { "", TWO, "initial-page-number=\"1\"", 3, 2, "1" },
    { "force-page-count=\"no-force\"", "<block/>", "initial-page-number=\"1\"", 2, 1, "1" },
    { "force-page-count=\"even\"", "<block/>", "", 3, 2, "3" },
    { "force-page-count=\"odd\"", TWO, "", 4, 3, "4" },
    { "force-page-count=\"end-on-even\" initial-page-number=\"2\"", "<block/>", "", 2, 1, "3" },
    { "force-page-count=\"end-on-odd\" initial-page-number=\"2\"", "<block/>", "", 3, 2, "4" },
};

static void
test_numbers(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(number_cases); i++) {
        const NumberCase *it = &number_cases[i];
        g_autofree char *first =
            g_strdup_printf(SEQUENCE("%s", NUMBER, "%s<block>x</block>"), it->attributes, it->flow);
        g_autofree char *second =
            it->next != NULL ? g_strdup_printf(SEQUENCE("%s", NUMBER, "<block>y</block>"), it->next)
                             : g_strdup("");
        g_autofree char *root = g_strconcat(NUMBERED, first, second, NULL);
        Fixture self;

        g_test_message("%s | %s", it->attributes, it->next);
        fixture_lay_root(&self, root);
        g_assert_no_error(self.error);
        g_assert_cmpuint(self.layout->pages->len, ==, it->pages);
        g_assert_cmpuint(fixture_count(&self, it->page, it->number), ==, 1);
        fixture_clear(&self);
    }
}

/* ---- markers ---- */

/* Three sections over three pages of eight lines: one begins on each of the first two, and the
 * third page carries the last on. */
static const char marker_flow[] =
    "<block><marker marker-class-name=\"k\">Satu</marker>" L6 "</block>"
    "<block><marker marker-class-name=\"k\">Dua</marker>" L3 "</block>"
    "<block><marker marker-class-name=\"k\">Tiga</marker>" L8 L3 "</block>";

static void
test_markers(void)
{
    static const struct {
        const char *attributes;
        const char *found[3]; /* a page */
    } cases[] = {
        { "retrieve-position=\"first-starting-within-page\"", { "Satu", "Tiga", "Tiga" } },
        { "retrieve-position=\"first-including-carryover\"", { "Satu", "Dua", "Tiga" } },
        { "retrieve-position=\"last-starting-within-page\"", { "Dua", "Tiga", "Tiga" } },
        { "retrieve-position=\"last-ending-within-page\"", { "Satu", "Dua", "Tiga" } },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *head = g_strdup_printf(
            HEAD("<retrieve-marker retrieve-class-name=\"k\" %s/>"), cases[i].attributes);
        g_autofree char *root = g_strdup_printf(
            "%s" SEQUENCE("", "%s", "%s"),
            PAGE("<region-body/>", "<region-before extent=\"12pt\"/>"), head, marker_flow);
        Fixture self;

        g_test_message("%s", cases[i].attributes);
        fixture_lay_root(&self, root);
        g_assert_no_error(self.error);
        g_assert_cmpuint(self.layout->pages->len, ==, 3);
        for (guint p = 0; p < 3; p++)
            g_assert_cmpuint(fixture_count(&self, p, cases[i].found[p]), ==, 1);
        fixture_clear(&self);
    }
}

static void
test_marker_boundaries(void)
{
    static const struct {
        const char *boundary;
        guint found;
    } cases[] = { { "page", 0 }, { "page-sequence", 0 }, { "document", 1 } };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *root = g_strdup_printf(
            PAGE("<region-body/>", "<region-before extent=\"12pt\"/>")
                SEQUENCE("", "", "<block><marker marker-class-name=\"k\">Satu</marker>a</block>")
                    SEQUENCE("",
                             HEAD("<retrieve-marker retrieve-class-name=\"k\" "
                                  "retrieve-boundary=\"%s\"/>"),
                             "<block>b</block>"),
            cases[i].boundary);
        Fixture self;

        fixture_lay_root(&self, root);
        g_assert_no_error(self.error);
        g_assert_cmpuint(fixture_count(&self, 1, "Satu"), ==, cases[i].found);
        fixture_clear(&self);
    }
}

/* ---- the rest ---- */

/* A footnote longer than its page goes on, and the document ends. */
static void
test_long_note(void)
{
    Fixture self;
    g_autoptr(GString) flow = g_string_new("<block>a<footnote><inline>1</inline><footnote-body>");

    for (int i = 0; i < 20; i++)
        g_string_append_printf(flow, "<block>n%d.</block>", i);
    g_string_append(flow, "</footnote-body></footnote></block><block>Akhir</block>");
    fixture_lay(&self, flow->str);
    g_assert_no_error(self.error);
    g_assert_cmpuint(self.layout->pages->len, ==, 3);
    g_assert_cmpuint(fixture_count(&self, 0, "n"), ==, 7);
    g_assert_cmpuint(fixture_count(&self, 1, "n") + fixture_count(&self, 2, "n"), ==, 13);
    g_assert_nonnull(fixture_find(&self, "n19.", NULL)->owner);
    fixture_clear(&self);
}

static void
test_faults(void)
{
    static const struct {
        const char *root;
        const char *words;
    } cases[] = {
        { PAGE("<region-body/>", "<region-before extent=\"12pt\"/>")
              SEQUENCE("", HEAD("a" NOTE("1", "b")), "<block>c</block>"),
          "footnote-body can stand only in a flow" },
        { PAGE("<region-body border=\"1pt solid black\"/>", "")
              SEQUENCE("", "", "<block>c</block>"),
          "region-body cannot have a border" },
        { PAGE("<region-body/>", "")
              SEQUENCE("", "",
                       "<block-container absolute-position=\"absolute\"><block>a" NOTE(
                           "1", "b") "</block></block-container><block>c</block>"),
          "footnote-body can stand only in a flow" },
        { PAGE("<region-body/>", "") SEQUENCE("format=\"x\"", "", "<block><page-number/></block>"),
          "'x' is not supported" },
        { PAGE("<region-body/>", "")
              SEQUENCE("", "", "<block><retrieve-marker retrieve-class-name=\"k\"/>c</block>"),
          "retrieve-marker can stand only in static-content" },
        { PAGE("<region-body/>", "")
              SEQUENCE("", "",
                       "<block-container height=\"10pt\" overflow=\"error-if-overflow\">"
                       "<block>a</block><block>b</block></block-container>"),
          "overflows its height of 10pt" },
        { PAGE("<region-body/>", "")
              SEQUENCE("", "",
                       "<block-container height=\"50pt\"><block>a</block><block "
                       "break-before=\"page\">b</block></block-container>"),
          "cannot be broken" },
        { PAGE("<region-body/>", "") SEQUENCE("", "",
                                              "<block reference-orientation=\"45\">a"
                                              "</block>"),
          "0, 90, 180 or 270" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fixture self;

        fixture_lay_root(&self, cases[i].root);
        g_assert_null(self.layout);
        g_assert_nonnull(strstr(self.error->message, cases[i].words));
        fixture_clear(&self);
    }
}

/* What is drawn over what: the order of areas stays that of the flow. */
static void
test_layers(void)
{
    Fixture self;
    const NskPage *page;

    fixture_lay(&self, "<block-container absolute-position=\"absolute\" z-index=\"-1\" "
                       "background-color=\"#eeeeee\"><block>Latar</block></block-container>"
                       "<block>a</block>");
    g_assert_no_error(self.error);
    page = g_ptr_array_index(self.layout->pages, 0);
    g_assert_cmpuint(page->layers->len, ==, 1);
    g_assert_cmpint(g_array_index(page->layers, NskLayer, 0).z, ==, -1);
    g_assert_cmpuint(g_array_index(page->layers, NskLayer, 0).from, <,
                     g_array_index(page->layers, NskLayer, 0).to);
    fixture_clear(&self);
}

/* Pages that are drawn one by one give the bytes that kept pages give. */
static void
test_long_document(void)
{
    g_autoptr(GString) root = g_string_new(
        PAGE("<region-body margin-top=\"12pt\"/>",
             "<region-before extent=\"12pt\"/>") "<page-sequence master-reference=\"p\" "
                                                 "id=\"s\">" HEAD("<page-number/>/"
                                                                  "<page-number-citation-"
                                                                  "last ref-id=\"s\"/>"
                                                                  "<retrieve-marker "
                                                                  "retrieve-class-name="
                                                                  "\"k\"/>") "<flow "
                                                                             "flow-name="
                                                                             "\"body\">");
    g_autoptr(GError) error = NULL;
    Fixture self;

    for (int i = 0; i < 600; i++)
        g_string_append_printf(root,
                               "<block><marker marker-class-name=\"k\">m%d</marker>b%d.%s"
                               "</block>",
                               i, i, i % 50 == 0 ? NOTE("1", "kaki") : "");
    g_string_append(root, "</flow></page-sequence>");
    fixture_lay_root(&self, root->str);
    g_assert_no_error(self.error);
    g_assert_cmpuint(self.layout->pages->len, >, 80);
    g_assert_true(nsk_draw_pages(self.layout, &error));

    g_autoptr(GBytes) kept = nsk_pdf_finish(self.layout->pdf, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) drawn = nsk_fo_render(self.doc, &self.options, &error);
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(kept, drawn));
    fixture_clear(&self);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/layout/region/columns-notes-and-floats-stand-in-their-places", test_places);
    g_test_add_func("/layout/region/page-numbers-follow-format-and-side", test_numbers);
    g_test_add_func("/layout/region/markers-are-retrieved-by-position", test_markers);
    g_test_add_func("/layout/region/markers-are-retrieved-within-their-boundary",
                    test_marker_boundaries);
    g_test_add_func("/layout/region/a-footnote-goes-on-over-pages", test_long_note);
    g_test_add_func("/layout/region/what-cannot-be-is-named", test_faults);
    g_test_add_func("/layout/region/z-index-makes-layers", test_layers);
    g_test_add_func("/layout/region/a-long-document-has-the-bytes-of-a-kept-one",
                    test_long_document);
    return g_test_run();
}

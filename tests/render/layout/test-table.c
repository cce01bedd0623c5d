/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables: columns, spans, borders, and how they break. */
#include "fixture.h"

#include <string.h>

#define CELL(text)        "<table-cell><block>" text "</block></table-cell>"
#define CELL2(attr, text) "<table-cell " attr "><block>" text "</block></table-cell>"
#define ROW(cells)        "<table-row>" cells "</table-row>"
#define BODY(rows)        "<table-body>" rows "</table-body>"

typedef struct {
    const char *table;
    const char *text;
    NskMpt x, y; /* from the body's left, and lines of 12 pt from its first baseline */
} PlaceCase;

static const PlaceCase place_cases[] = {
    { "<table>" BODY(ROW(CELL("a") CELL("Dua"))) "</table>", "Dua", 100000, 0 },
    { "<table><table-column column-width=\"40pt\"/><table-column/>" BODY(
          ROW(CELL("a") CELL("Dua"))) "</table>",
      "Dua", 40000, 0 },
    { "<table><table-column column-width=\"proportional-column-width(1)\"/><table-column "
      "column-width=\"proportional-column-width(3)\"/>" BODY(ROW(CELL("a") CELL("Dua"))) "</table>",
      "Dua", 50000, 0 },
    { "<table width=\"50%\">" BODY(ROW(CELL("a") CELL("Dua"))) "</table>", "Dua", 50000, 0 },
    { "<table start-indent=\"20pt\">" BODY("<table-row start-indent=\"0pt\">" CELL("a")
                                               CELL("Dua") "</table-row>") "</table>",
      "Dua", 110000, 0 },
    { "<table><table-column column-width=\"30pt\" number-columns-repeated=\"3\"/>" BODY(
          ROW(CELL2("number-columns-spanned=\"2\"", "a") CELL("Tiga"))) "</table>",
      "Tiga", 60000, 0 },
    { "<table><table-column column-width=\"30pt\" number-columns-repeated=\"2\"/>" BODY(
          ROW(CELL2("number-rows-spanned=\"2\"", "a") CELL("b")) ROW(CELL("Dua"))) "</table>",
      "Dua", 30000, 12000 },
    { "<table>" BODY(ROW(CELL2("column-number=\"2\"", "Dua"))) "</table>", "Dua", 100000, 0 },
    { "<table>" BODY(CELL("a") CELL2("ends-row=\"true\"", "b") CELL("c") CELL("Empat")) "</table>",
      "Empat", 100000, 12000 },
    { "<table>" BODY("<table-row height=\"36pt\">" CELL2("display-align=\"center\"", "Tengah")
                         CELL("b") "</table-row>") "</table>",
      "Tengah", 0, 12000 },
    { "<table>" BODY(ROW(CELL2("padding=\"3pt\"", "Isi"))) "</table>", "Isi", 3000, 3000 },
    { "<table border-collapse=\"separate\">" BODY(
          ROW(CELL2("border=\"2pt solid black\"", "Isi"))) "</table>",
      "Isi", 2000, 2000 },
    { "<table>" BODY(ROW(CELL2("border=\"2pt solid black\"", "Isi"))) "</table>", "Isi", 1000,
      1000 },
    /* half the spacing over the first row; a whole one between rows */
    { "<table border-collapse=\"separate\" border-spacing=\"8pt 6pt\">" BODY(
          ROW(CELL("a")) ROW(CELL("Dua"))) "</table>",
      "Dua", 4000, 12000 + 9000 },
    /* 20 pt in a line of 24 pt: its baseline is 8.383 pt lower than that of 10 pt in 12 pt */
    { "<table>" BODY(
          "<table-row relative-align=\"baseline\"><table-cell><block font-size=\"20pt\" "
          "line-height=\"24pt\">A</block></table-cell>" CELL("Kecil") "</table-row>") "</table>",
      "Kecil", 100000, 8387 },
    { "<table><table-column column-width=\"30pt + proportional-column-width(1)\"/><table-column "
      "column-width=\"proportional-column-width(1)\"/>" BODY(ROW(CELL("a") CELL("Dua"))) "</table>",
      "Dua", 115000, 0 },
};

static void
test_places(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(place_cases); i++) {
        Fixture self;
        const NskArea *area;

        g_test_message("%s", place_cases[i].table);
        fixture_lay(&self, place_cases[i].table);
        area = fixture_find(&self, place_cases[i].text, NULL);
        g_assert_cmpint(ABS(area->rect.x - BODY_LEFT - place_cases[i].x), <=, 10);
        g_assert_cmpint(ABS(area->rect.y - 28388 - place_cases[i].y), <=, 10);
        fixture_clear(&self);
    }
}

static void
lay_rows(Fixture *self, int n, const char *attributes, const char *header)
{
    g_autoptr(GString) flow = g_string_new("<table>");

    g_string_append_printf(flow, "%s<table-body>", header);
    for (int i = 0; i < n; i++)
        g_string_append_printf(flow, "<table-row %s>" CELL("r%d.") CELL("x") "</table-row>",
                               attributes, i);
    g_string_append(flow, "</table-body></table><block>Sesudah</block>");
    fixture_lay(self, flow->str);
    g_assert_no_error(self->error);
}

static void
test_repeated(void)
{
    const char *header =
        "<table-header>" ROW(CELL("Kepala")) "</table-header>"
                                             "<table-footer>" ROW(CELL("Kaki")) "</table-footer>";
    Fixture self;

    /* eight lines a page, two of them for header and footer */
    lay_rows(&self, 14, "", header);
    g_assert_cmpuint(self.layout->pages->len, ==, 3);
    for (guint p = 0; p < 3; p++) {
        g_assert_cmpuint(fixture_count(&self, p, "Kepala"), ==, 1);
        g_assert_cmpuint(fixture_count(&self, p, "Kaki"), ==, 1);
        g_assert_cmpuint(fixture_count(&self, p, "r"), ==, p < 2 ? 6 : 2);
    }
    /* the first header is content, the repeated ones are artifacts */
    g_assert_nonnull(fixture_find(&self, "Kepala", NULL)->owner);
    fixture_clear(&self);

    lay_rows(&self, 9, "", "<table-header>" ROW(CELL("Kepala")) "</table-header>");
    g_assert_cmpuint(fixture_count(&self, 1, "Kepala"), ==, 1);
    g_assert_cmpuint(fixture_count(&self, 1, "Sesudah"), ==, 1);
    fixture_clear(&self);
}

static void
test_long_table(void)
{
    Fixture self;

    lay_rows(&self, 500, "", "<table-header>" ROW(CELL("Kepala")) "</table-header>");
    g_assert_cmpuint(self.layout->pages->len, ==, 72);
    g_assert_cmpuint(fixture_count(&self, 70, "r"), ==, 7);
    fixture_clear(&self);
}

static void
test_split_row(void)
{
    Fixture self;
    guint page = 0;

    fixture_lay(&self,
                "<block linefeed-treatment=\"preserve\">1\n2\n3\n4</block><table><table-body>"
                "<table-row><table-cell><block linefeed-treatment=\"preserve\">A1\nA2\nA3\nA4\nA5\n"
                "A6</block></table-cell><table-cell><block>Kanan</block></table-cell></table-row>"
                "</table-body></table>");
    g_assert_cmpuint(self.layout->pages->len, ==, 2);
    fixture_find(&self, "A4", &page);
    g_assert_cmpuint(page, ==, 0);
    g_assert_cmpint(ABS(fixture_find(&self, "A5", &page)->rect.y - 28388), <=, 10);
    g_assert_cmpuint(page, ==, 1);
    fixture_find(&self, "Kanan", &page);
    g_assert_cmpuint(page, ==, 0);
    fixture_clear(&self);

    fixture_lay(&self,
                "<block linefeed-treatment=\"preserve\">1\n2\n3\n4</block><table><table-body>"
                "<table-row keep-together=\"always\"><table-cell><block "
                "linefeed-treatment=\"preserve\">A1\nA2\nA3\nA4\nA5\nA6</block></table-cell>"
                "</table-row></table-body></table>");
    fixture_find(&self, "A1", &page);
    g_assert_cmpuint(page, ==, 1);
    fixture_clear(&self);
}

typedef struct {
    const char *attributes; /* of the cell that is cut */
    NskMpt y;               /* of its second part, below the first baseline of the page */
} CutCase;

/* Section 4.3 and 7.8: padding and border stand at a cut only if they are retained. */
static void
test_cut_cell(void)
{
    static const CutCase cases[] = {
        { "padding=\"3pt\"", 0 },
        { "padding-before=\"3pt\" padding-before.conditionality=\"retain\"", 3000 },
        { "border-before-style=\"solid\" border-before-width=\"2pt\"", 0 },
        { "border-before-style=\"solid\" border-before-width.length=\"2pt\" "
          "border-before-width.conditionality=\"retain\"",
          2000 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fixture self;
        guint page = 0;
        g_autofree char *flow = g_strdup_printf(
            "<block linefeed-treatment=\"preserve\">1\n2\n3\n4</block><table "
            "border-collapse=\"separate\"><table-body><table-row><table-cell %s><block "
            "linefeed-treatment=\"preserve\" orphans=\"1\" widows=\"1\">A1\nA2\nA3\nA4\nA5\nA6"
            "</block></table-cell></table-row></table-body></table>",
            cases[i].attributes);
        const NskArea *area = NULL;

        g_test_message("%s", cases[i].attributes);
        fixture_lay(&self, flow);
        g_assert_no_error(self.error);
        for (int line = 2; page == 0 && line <= 6; line++) {
            g_autofree char *text = g_strdup_printf("A%d", line);

            area = fixture_find(&self, text, &page);
        }
        g_assert_cmpuint(page, ==, 1);
        g_assert_cmpint(ABS(area->rect.y - 28388 - cases[i].y), <=, 10);
        fixture_clear(&self);
    }
}

static guint
count_lines(const Fixture *self, NskMpt width, NskPdfColour color)
{
    const NskPage *page = g_ptr_array_index(self->layout->pages, 0);
    guint n = 0;

    for (guint i = 0; i < page->areas->len; i++) {
        const NskArea *area = &g_array_index(page->areas, NskArea, i);
        NskMpt thin = MIN(area->rect.width, area->rect.height);

        n += area->kind == NSK_AREA_LINE && thin == width && area->color == color ? 1 : 0;
    }
    return n;
}

static void
test_collapsed(void)
{
    Fixture self;

    /* between the cells the wider border wins, and it is drawn once */
    fixture_lay(&self, "<table>" BODY(ROW(CELL2("border=\"1pt solid black\"", "a")
                                              CELL2("border=\"2pt solid red\"", "b"))) "</table>");
    g_assert_no_error(self.error);
    g_assert_cmpuint(count_lines(&self, 1000, 0), ==, 3);
    g_assert_cmpuint(count_lines(&self, 2000, 0xff0000), ==, 4);
    fixture_clear(&self);

    /* hidden wins over everything; equal widths are decided by style */
    fixture_lay(&self,
                "<table>" BODY(ROW(CELL2("border=\"1pt dashed red\" border-right-style=\"hidden\"",
                                         "a") CELL2("border=\"1pt solid blue\"", "b"))) "</table>");
    g_assert_cmpuint(count_lines(&self, 1000, 0x0000ff), ==, 3);
    g_assert_cmpuint(count_lines(&self, 1000, 0xff0000), ==, 3);
    fixture_clear(&self);
}

static void
test_faults(void)
{
    static const struct {
        const char *table;
        const char *words;
    } cases[] = {
        { "<table><table-column/>" BODY(ROW(CELL("a") CELL("b"))) "</table>", "needs 2 columns" },
        { "<table>" BODY(ROW(CELL2("number-rows-spanned=\"2\"", "a"))
                             ROW(CELL2("column-number=\"1\"", "b"))) "</table>",
          "overlaps another in column 1" },
        { "<table>" BODY(ROW(CELL2("number-columns-spanned=\"100000\"", "a"))) "</table>",
          "more than 500 columns" },
        { "<table>" BODY(ROW(CELL("a")) CELL("b")) "</table>", "side by side" },
        { "<table>" BODY(ROW(CELL("a") "<table-cell number-rows-spanned=\"2\"><block>x</block>"
                                       "<block break-before=\"page\">y</block></table-cell>")
                             ROW(CELL("b"))) "</table>",
          "cannot be broken" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fixture self;

        fixture_lay(&self, cases[i].table);
        g_assert_null(self.layout);
        g_assert_nonnull(strstr(self.error->message, cases[i].words));
        fixture_clear(&self);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/layout/table/cells-stand-in-their-columns-and-rows", test_places);
    g_test_add_func("/layout/table/header-and-footer-are-repeated", test_repeated);
    g_test_add_func("/layout/table/five-hundred-rows-fill-their-pages", test_long_table);
    g_test_add_func("/layout/table/a-cut-cell-keeps-what-is-retained", test_cut_cell);
    g_test_add_func("/layout/table/a-row-splits-unless-it-is-kept", test_split_row);
    g_test_add_func("/layout/table/the-stronger-of-collapsed-borders-is-drawn-once",
                    test_collapsed);
    g_test_add_func("/layout/table/impossible-tables-are-named", test_faults);
    return g_test_run();
}

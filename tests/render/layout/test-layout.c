/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines and blocks: where text stands within a page. */
#include "fixture.h"

#include <string.h>

#define WORDS                                                                                      \
    "Sehubungan dengan pelaksanaan rapat koordinasi pengelolaan air tanah, kami sampaikan bahwa "  \
    "seluruh unit kerja diminta menyampaikan laporan pelaksanaan kegiatan beserta lampirannya."

static NskMpt
right_of(const NskArea *area)
{
    return area->rect.x + area->rect.width;
}

static void
test_justified(void)
{
    Fixture self;
    guint lines = 0;

    fixture_lay(&self, "<block text-align=\"justify\">" WORDS "</block>");
    g_assert_no_error(self.error);

    const NskPage *page = g_ptr_array_index(self.layout->pages, 0);
    for (guint i = 0; i < page->areas->len; i++) {
        const NskArea *area = &g_array_index(page->areas, NskArea, i);

        if (area->kind != NSK_AREA_TEXT)
            continue;
        lines++;
        g_assert_cmpint(area->rect.x, ==, BODY_LEFT);
        if (strstr(area->text.piece->text, "lampirannya") - area->text.piece->text >
            (ptrdiff_t)area->text.piece->size)
            g_assert_cmpint(right_of(area), ==, BODY_RIGHT);
    }
    g_assert_cmpuint(lines, ==, 4);
    fixture_clear(&self);
}

typedef struct {
    const char *flow;
    const char *text;
    NskMpt x, y; /* of the baseline's start; the first line's baseline is at 28.39 pt */
} PlaceCase;

/* Liberation Serif: altitude 1420, depth 442 of 2048; 10 pt in 12 pt: (12 - 9.09) / 2 + 6.93 */
#define FIRST 28387

static const PlaceCase place_cases[] = {
    { "<block>Satu</block>", "Satu", BODY_LEFT, FIRST },
    { "<block text-indent=\"10pt\">Satu</block>", "Satu", BODY_LEFT + 10000, FIRST },
    { "<block start-indent=\"7pt\">Satu</block>", "Satu", BODY_LEFT + 7000, FIRST },
    { "<block space-before=\"9pt\">Satu</block>", "Satu", BODY_LEFT, FIRST },
    { "<block space-before=\"9pt\" space-before.conditionality=\"retain\">Satu</block>", "Satu",
      BODY_LEFT, FIRST + 9000 },
    { "<block>a</block><block>Dua</block>", "Dua", BODY_LEFT, FIRST + 12000 },
    { "<block space-after=\"5pt\">a</block><block space-before=\"8pt\">Dua</block>", "Dua",
      BODY_LEFT, FIRST + 20000 },
    { "<block space-after=\"5pt\" space-after.precedence=\"2\">a</block>"
      "<block space-before=\"8pt\">Dua</block>",
      "Dua", BODY_LEFT, FIRST + 17000 },
    { "<block space-after=\"5pt\" space-after.precedence=\"force\">a</block>"
      "<block space-before=\"8pt\" space-before.precedence=\"force\">Dua</block>",
      "Dua", BODY_LEFT, FIRST + 25000 },
    /* spaces of a block and of the first block in it are one sequence; a border parts them */
    { "<block>a</block><block space-before=\"5pt\"><block space-before=\"8pt\">Dua</block></block>",
      "Dua", BODY_LEFT, FIRST + 20000 },
    { "<block>a</block><block space-before=\"5pt\" border-top=\"1pt solid black\">"
      "<block space-before=\"8pt\">Dua</block></block>",
      "Dua", BODY_LEFT, FIRST + 12000 + 5000 + 1000 + 8000 },
    { "<block padding=\"3pt\" border=\"1pt solid black\" margin=\"0pt\">Satu</block>", "Satu",
      BODY_LEFT + 4000, FIRST + 4000 },
    { "<block><inline baseline-shift=\"super\">Naik</inline></block>", "Naik", BODY_LEFT, FIRST },
    { "<block>a<block>Dalam</block>b</block>", "b", BODY_LEFT, FIRST + 24000 },
    { "<block linefeed-treatment=\"preserve\">a\nDua</block>", "Dua", BODY_LEFT, FIRST + 12000 },
    { "<block>  \n a</block><block> <inline>  Dua</inline></block>", "Dua", BODY_LEFT,
      FIRST + 12000 },
    { "<block>a <inline border-start-width=\"2pt\" border-start-style=\"solid\" "
      "padding-start=\"3pt\" space-start=\"4pt\">Kotak</inline></block>",
      "Kotak", BODY_LEFT + 4438 + 2500 + 9000, FIRST },
    { "<block letter-spacing=\"2pt\">aa <inline>Renggang</inline></block>", "Renggang",
      BODY_LEFT + 2 * 4438 + 2500 + 6000, FIRST },
    { "<block word-spacing=\"5pt\">a <inline>Longgar</inline></block>", "Longgar",
      BODY_LEFT + 4438 + 7500, FIRST },
    { "<block font-size=\"10pt\"><inline "
      "font-size=\"20pt\">A</inline><inline>Kecil</inline></block>",
      "Kecil", BODY_LEFT + 14443, FIRST + 6934 },
    { "<block text-transform=\"capitalize\">judul</block>", "Judul", BODY_LEFT, FIRST },
    { "<block font-variant=\"small-caps\">aKecil</block>", "K", BODY_LEFT + 5777, FIRST },
    { "<block writing-mode=\"rl-tb\">Kiri</block>", "Kiri", BODY_RIGHT - 16108, FIRST },
    { "<block><leader leader-length=\"30pt\"/>Ujung</block>", "Ujung", BODY_LEFT + 30000, FIRST },
    { "<block-container absolute-position=\"absolute\" left=\"30pt\" top=\"40pt\" width=\"50pt\">"
      "<block>Mutlak</block></block-container><block>a</block>",
      "Mutlak", BODY_LEFT + 30000, FIRST + 40000 },
    { "<block-container absolute-position=\"fixed\" left=\"1pt\" top=\"2pt\" width=\"50pt\">"
      "<block>Tetap</block></block-container><block>a</block>",
      "Tetap", 1000, FIRST - BODY_TOP + 2000 },
    { "<block-container height=\"50pt\" display-align=\"after\"><block>Bawah</block>"
      "</block-container>",
      "Bawah", BODY_LEFT, FIRST + 38000 },
};

static void
test_places(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(place_cases); i++) {
        Fixture self;
        const NskArea *area;

        g_test_message("%s", place_cases[i].flow);
        fixture_lay(&self, place_cases[i].flow);
        area = fixture_find(&self, place_cases[i].text, NULL);
        g_assert_cmpint(ABS(area->rect.x - place_cases[i].x), <=, 10);
        g_assert_cmpint(ABS(area->rect.y - place_cases[i].y), <=, 10);
        g_assert_cmpuint(self.issues->len, ==, 0);
        fixture_clear(&self);
    }
}

static void
test_aligned(void)
{
    Fixture self;
    const NskArea *area;

    fixture_lay(&self, "<block text-align=\"end\">Kanan</block>"
                       "<block text-align=\"center\">Tengah</block>"
                       "<block text-align-last=\"justify\">Isi<leader leader-pattern=\"dots\"/>"
                       "99</block>");
    g_assert_cmpint(right_of(fixture_find(&self, "Kanan", NULL)), ==, BODY_RIGHT);
    area = fixture_find(&self, "Tengah", NULL);
    g_assert_cmpint(ABS(area->rect.x - BODY_LEFT - (BODY_RIGHT - right_of(area))), <=, 1);
    g_assert_cmpint(right_of(fixture_find(&self, "99", NULL)), ==, BODY_RIGHT);
    area = fixture_find(&self, "....", NULL);
    g_assert_cmpint(area->rect.width, >, 150000);
    g_assert_null(area->owner);
    fixture_clear(&self);
}

static void
test_list(void)
{
    Fixture self;
    const NskArea *label, *body, *second;

    fixture_lay(&self,
                "<list-block provisional-distance-between-starts=\"15pt\" start-indent=\"5pt\">"
                "<list-item><list-item-label end-indent=\"label-end()\"><block>1.</block>"
                "</list-item-label><list-item-body start-indent=\"body-start()\"><block>Butir "
                "pertama yang cukup panjang untuk dua baris</block><list-block><list-item>"
                "<list-item-label end-indent=\"label-end()\"><block>a.</block></list-item-label>"
                "<list-item-body start-indent=\"body-start()\"><block>Dalam</block>"
                "</list-item-body></list-item></list-block></list-item-body></list-item>"
                "</list-block>");
    label = fixture_find(&self, "1.", NULL);
    body = fixture_find(&self, "Butir", NULL);
    second = fixture_find(&self, "Dalam", NULL);
    g_assert_cmpint(label->rect.y, ==, body->rect.y);
    g_assert_cmpint(label->rect.x, ==, BODY_LEFT + 5000);
    g_assert_cmpint(body->rect.x, ==, BODY_LEFT + 20000);
    g_assert_cmpint(second->rect.x, ==, BODY_LEFT + 35000);
    g_assert_cmpint(second->rect.y, ==, body->rect.y + 24000);
    g_assert_cmpint(fixture_find(&self, "a.", NULL)->rect.y, ==, second->rect.y);
    fixture_clear(&self);
}

static void
test_hyphens(void)
{
    Fixture self;

    fixture_lay(&self, "<block language=\"id\" hyphenate=\"true\" text-align=\"justify\" "
                       "end-indent=\"120pt\">mempertanggungjawabkan "
                       "mempertanggungjawabkan</block>");
    fixture_find(&self, "\xc2\xad", NULL);
    fixture_clear(&self);

    fixture_lay(&self, "<block language=\"id\" text-align=\"justify\" end-indent=\"120pt\">"
                       "mempertanggungjawabkan</block>");
    g_assert_true(fixture_has_issue(&self, "fo-overflow"));
    fixture_clear(&self);
}

static void
test_decoration(void)
{
    Fixture self;
    const NskPage *page;
    const NskArea *fill = NULL;
    guint lines = 0;

    fixture_lay(&self, "<block background-color=\"#eeeeee\" border-bottom=\"2pt solid red\">"
                       "a<inline text-decoration=\"underline\">garis</inline></block>");
    g_assert_no_error(self.error);
    page = g_ptr_array_index(self.layout->pages, 0);
    for (guint i = 0; i < page->areas->len; i++) {
        const NskArea *area = &g_array_index(page->areas, NskArea, i);

        if (area->kind == NSK_AREA_FILL && area->color == 0xeeeeee)
            fill = area;
        if (area->kind == NSK_AREA_LINE) {
            lines++;
            g_assert_cmphex(area->color, ==, 0xff0000);
            g_assert_cmpint(area->rect.y, ==, BODY_TOP + 12000);
            g_assert_cmpint(area->rect.height, ==, 2000);
            g_assert_null(area->owner);
        }
    }
    g_assert_cmpuint(lines, ==, 1);
    g_assert_nonnull(fill);
    g_assert_cmpint(fill->rect.height, ==, 14000);
    g_assert_cmpint(fill->rect.width, ==, 200000);
    fixture_clear(&self);
}

static void
test_missing_things(void)
{
    static const struct {
        const char *flow;
        const char *words;
    } cases[] = {
        { "<block font-family=\"Comic Tidak Ada\">a</block>", "Comic Tidak Ada" },
        { "<block><external-graphic src=\"url('tidak.png')\"/></block>", "tidak.png" },
        { "<block><instream-foreign-object/></block>", "empty" },
        { "<list-block><list-item><list-item-label><block>1</block></list-item-label></list-item>"
          "</list-block>",
          "list-item needs a list-item-body" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fixture self;

        fixture_lay(&self, cases[i].flow);
        g_assert_null(self.layout);
        g_assert_nonnull(strstr(self.error->message, cases[i].words));
        fixture_clear(&self);
    }
}

static void
test_same_bytes(void)
{
    Fixture self;
    g_autoptr(GError) error = NULL;
    const char *flow =
        "<block nf:role=\"H1\">Judul</block><block text-align=\"justify\">" WORDS "</block><block>"
        "<basic-link external-destination=\"https://contoh.example/\">tautan</basic-link>"
        "<instream-foreign-object width=\"20pt\" height=\"20pt\"><nf:qr text=\"naskah:1\"/>"
        "</instream-foreign-object><instream-foreign-object width=\"60pt\" height=\"20pt\">"
        "<nf:signature-field name=\"signatory-1\" tooltip=\"Kepala\"/></instream-foreign-object>"
        "</block>";

    fixture_lay(&self, flow);
    g_assert_no_error(self.error);

    g_autoptr(GBytes) first = nsk_fo_render(self.doc, &self.options, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) second = nsk_fo_render(self.doc, &self.options, &error);
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(first, second));
    g_assert_cmpuint(g_bytes_get_size(first), >, 5000);
    fixture_clear(&self);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/layout/line/justified-lines-end-at-the-margin", test_justified);
    g_test_add_func("/layout/line/alignments-reach-their-edges", test_aligned);
    g_test_add_func("/layout/line/long-words-are-hyphenated-or-reported", test_hyphens);
    g_test_add_func("/layout/block/text-stands-where-indents-and-spaces-say", test_places);
    g_test_add_func("/layout/block/backgrounds-and-borders-surround-their-text", test_decoration);
    g_test_add_func("/layout/list/labels-stand-beside-their-bodies", test_list);
    g_test_add_func("/layout/fault/what-is-missing-is-named", test_missing_things);
    g_test_add_func("/layout/render/the-same-document-gives-the-same-bytes", test_same_bytes);
    return g_test_run();
}

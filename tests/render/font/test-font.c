/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/font/font-private.h"

#include <string.h>

static NskFontSet *set;

static const NskFont *
font_of(const char *family, bool bold, bool italic)
{
    g_autoptr(GError) error = NULL;
    const NskFont *font = nsk_font_set_find(set, family, bold, italic, &error);

    g_assert_no_error(error);
    return font;
}

static GArray *
shape(const NskFont *font, const char *text, NskMpt size, NskMpt *out_width)
{
    GArray *glyphs = g_array_new(FALSE, FALSE, sizeof(NskGlyph));
    NskShape request = { .text = text, .size = strlen(text), .font_size = size, .language = "id" };

    *out_width = nsk_font_shape(font, &request, glyphs);
    return glyphs;
}

static void
test_families_are_served_by_their_stand_ins(void)
{
    static const struct {
        const char *family;
        bool bold, italic;
        const char *name;
    } cases[] = {
        { "Arial", false, false, "LiberationSans" },
        { "arial", true, false, "LiberationSans-Bold" },
        { "Times New Roman", false, true, "LiberationSerif-Italic" },
        { "Liberation Serif", true, true, "LiberationSerif-BoldItalic" },
        { "Courier New", false, false, "LiberationMono" },
        { "Bookman Old Style", false, false, "TeXGyreBonum-Regular" },
        { "Noto Sans", true, false, "NotoSans-Bold" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const NskFont *font = font_of(cases[i].family, cases[i].bold, cases[i].italic);

        g_assert_cmpstr(nsk_font_get_name(font), ==, cases[i].name);
        g_assert_true(font == font_of(cases[i].family, cases[i].bold, cases[i].italic));
    }
}

static void
test_a_missing_font_is_an_error_that_says_what_to_do(void)
{
    static const char *const wanted[] = { "Arial", "Aksara Karangan", NULL };
    g_autoptr(GError) error = NULL;

    g_assert_null(nsk_font_set_open(wanted, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    g_assert_nonnull(strstr(error->message, "'Aksara Karangan' (regular)"));
    g_assert_nonnull(strstr(error->message, "fonts-liberation2"));
    g_clear_error(&error);
    g_assert_null(nsk_font_set_find(set, "Comic Sans", true, false, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    g_assert_nonnull(strstr(error->message, "(bold)"));
}

static void
test_a_missing_style_is_never_made_up(void)
{
    g_autoptr(GError) error = NULL;

    if (!nsk_font_set_find(set, "Noto Sans Math", false, false, NULL)) {
        g_test_skip("no font without italics");
        return;
    }
    g_assert_null(nsk_font_set_find(set, "Noto Sans Math", false, true, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
}

static void
test_metrics_are_those_of_the_file(void)
{
    const NskFontMetrics *sans = nsk_font_get_metrics(font_of("Arial", false, false));
    const NskFontMetrics *serif = nsk_font_get_metrics(font_of("Times", true, true));
    const NskFontMetrics *mono = nsk_font_get_metrics(font_of("Courier", false, false));
    const NskFontMetrics *bonum = nsk_font_get_metrics(font_of("Bookman", false, false));

    g_assert_cmpint(sans->units_per_em, ==, 2048);
    g_assert_cmpint(sans->ascent, ==, 1854);
    g_assert_cmpint(sans->descent, ==, -434);
    g_assert_cmpint(sans->line_gap, ==, 67);
    g_assert_cmpint(sans->cap_height, ==, 1409);
    g_assert_cmpint(sans->space, ==, 569);
    g_assert_cmpint(sans->underline_thickness, ==, 150);
    g_assert_cmpint(sans->underline_position, ==, -142);
    g_assert_cmpint(sans->weight, ==, 400);
    g_assert_cmpint(sans->italic_angle, ==, 0);
    g_assert_false(sans->serif || sans->bold || sans->italic || sans->fixed_pitch);
    g_assert_true(serif->serif && serif->bold && serif->italic);
    g_assert_cmpint(serif->weight, ==, 700);
    g_assert_cmpint(serif->italic_angle, <, -10000);
    g_assert_true(mono->fixed_pitch);
    g_assert_cmpint(bonum->units_per_em, ==, 1000);
    g_assert_true(bonum->serif);
}

static void
test_lengths_are_rounded_half_away_from_zero(void)
{
    const NskFont *font = font_of("Arial", false, false);

    g_assert_cmpint(nsk_font_scale(font, 2048, 12000), ==, 12000);
    g_assert_cmpint(nsk_font_scale(font, 1, 1024), ==, 1);
    g_assert_cmpint(nsk_font_scale(font, 1, 1023), ==, 0);
    g_assert_cmpint(nsk_font_scale(font, -1, 1024), ==, -1);
    g_assert_cmpint(nsk_font_scale(font, -434, 11000), ==, -2331);
    g_assert_cmpint(nsk_font_scale(font, 2000000, 1000000), ==, 976562500);
    g_assert_cmpint(NSK_MM(215), ==, 609449);
    g_assert_cmpint(NSK_PT(12.5), ==, 12500);
}

static void
test_shaping_kerns_and_joins(void)
{
    NskMpt width, apart;
    const NskFont *font = font_of("Times New Roman", false, false);
    g_autoptr(GArray) pair = shape(font, "AV", 10000, &width);

    apart = nsk_font_advance(font, 'A', 10000) + nsk_font_advance(font, 'V', 10000);
    g_assert_cmpuint(pair->len, ==, 2);
    g_assert_cmpint(width, <, apart - 500);

    g_autoptr(GArray) word = shape(font_of("Bookman", false, false), "fiX", 10000, &width);
    g_assert_cmpuint(word->len, ==, 2);
    g_assert_cmpuint(g_array_index(word, NskGlyph, 0).cluster, ==, 0);
    g_assert_cmpuint(g_array_index(word, NskGlyph, 1).cluster, ==, 2);

    g_array_set_size(word, 0);
    NskShape request = { .text = "fi", .size = 2, .font_size = 10000, .no_ligatures = true };
    g_assert_cmpint(nsk_font_shape(font_of("Bookman", false, false), &request, word), >, 0);
    g_assert_cmpuint(word->len, ==, 2);
}

static void
test_glyphs_are_appended_and_their_sum_returned(void)
{
    NskMpt width, sum = 0;
    g_autoptr(GArray) glyphs = shape(font_of("Arial", false, false), "Yth. Kepala", 12000, &width);
    unsigned n = glyphs->len;

    for (unsigned i = 0; i < n; i++)
        sum += g_array_index(glyphs, NskGlyph, i).advance;
    g_assert_cmpint(sum, ==, width);
    NskShape request = { .text = "a\xc3\xa9z", .size = 4, .font_size = 12000 };
    nsk_font_shape(font_of("Arial", false, false), &request, glyphs);
    g_assert_cmpuint(glyphs->len, ==, n + 3);
    g_assert_cmpuint(g_array_index(glyphs, NskGlyph, n + 2).cluster, ==, 3);
}

static void
test_marks_compose_and_controls_draw_nothing(void)
{
    NskMpt width;
    const NskFont *font = font_of("Arial", false, false);
    g_autoptr(GArray) accent = shape(font, "e\xcc\x81", 10000, &width);

    g_assert_cmpint(width, ==, nsk_font_advance(font, 0xe9, 10000));
    g_autoptr(GArray) controls = shape(font, "\t\n", 10000, &width);
    g_assert_cmpint(width, ==, 0);
    g_autoptr(GArray) soft = shape(font, "\xc2\xad", 10000, &width);
    g_assert_cmpint(width, ==, 0);
}

static void
test_right_to_left_comes_in_visual_order(void)
{
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(NskGlyph));
    NskShape request = { .text = "\xd7\x90\xd7\x91", .size = 4, .font_size = 10000, .rtl = true };

    nsk_font_shape(font_of("Arial", false, false), &request, glyphs);
    g_assert_cmpuint(glyphs->len, ==, 2);
    g_assert_cmpuint(g_array_index(glyphs, NskGlyph, 0).cluster, ==, 2);
    g_assert_cmpuint(g_array_index(glyphs, NskGlyph, 1).cluster, ==, 0);
}

static void
test_a_font_knows_what_it_can_draw(void)
{
    static const struct {
        gunichar c;
        bool has;
    } cases[] = {
        { 'A', true },    { 0xe9, true },    { 0xb2, true },     { 0x2013, true }, { 0x201c, true },
        { 0xa0, true },   { 0x2009, true },  { 0x2011, true },   { 0xad, true },   { 0x200d, true },
        { 0x1e69, true }, { 0x4e2d, false }, { 0x1f600, false },
    };
    const NskFont *font = font_of("Arial", false, false);

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        if (nsk_font_has(font, cases[i].c) != cases[i].has)
            g_error("U+%04X: expected %d", cases[i].c, cases[i].has);
    g_assert_cmpint(nsk_font_advance(font, 0x4e2d, 10000), ==, 0);
}

static void
test_text_is_split_where_the_font_must_change(void)
{
    static const struct {
        const char *text;
        size_t size;
        const char *name; /* NULL: no font */
    } cases[] = {
        { "surat biasa", 11, "TeXGyreBonum-Regular" },
        { "surat \xd0\x96", 6, "TeXGyreBonum-Regular" }, /* Cyrillic follows */
        { "\xd0\x96 a", 3, "LiberationSerif" },          /* the blank stays */
        { "\xe4\xb8\xad\xe4\xb8\xad a", 6, NULL },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const NskFont *font = NULL;
        size_t n = nsk_font_set_split(set, font_of("Bookman", false, false), cases[i].text,
                                      strlen(cases[i].text), &font);

        g_assert_cmpuint(n, ==, cases[i].size);
        g_assert_cmpstr(font ? nsk_font_get_name(font) : NULL, ==, cases[i].name);
    }
    g_autofree char *text = nsk_font_missing_text(0x4e2d);
    g_assert_nonnull(strstr(text, "U+4E2D"));
}

static void
test_subsets_hold_the_glyphs_asked_for_and_few_others(void)
{
    static const char *const names[] = { "Arial", "Bookman Old Style" };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(NskFontSubset) one = { 0 };
        g_auto(NskFontSubset) two = { 0 };
        const NskFont *font = font_of(names[i], false, false);
        static const uint32_t glyphs[] = { 0, 3, 36, 37, 70 };

        g_assert_true(nsk_font_subset(font, glyphs, G_N_ELEMENTS(glyphs), &one, &error));
        g_assert_no_error(error);
        g_assert_true(nsk_font_subset(font, glyphs, G_N_ELEMENTS(glyphs), &two, &error));
        g_assert_true(g_bytes_equal(one.program, two.program));
        g_assert_cmpint(one.cff, ==, i == 1);
        g_assert_cmpuint(g_bytes_get_size(one.program), <, 4000);
        for (unsigned g = 0; g < G_N_ELEMENTS(glyphs); g++)
            g_assert_cmpuint(one.new_ids[g], ==, g);
    }
}

static void *
shape_much(void *data)
{
    NskMpt width = 0;

    for (unsigned i = 0; i < 200; i++) {
        g_autoptr(GArray) glyphs =
            shape(*(const NskFont **)data, "Sehubungan dengan hal tersebut", 11000, &width);
    }
    return GINT_TO_POINTER(width);
}

static void
test_threads_share_a_font(void)
{
    GThread *threads[2];
    void *widths[2];
    const NskFont *font = font_of("Times", false, false);

    for (unsigned i = 0; i < 2; i++)
        threads[i] = g_thread_new("shape", shape_much, &font);
    for (unsigned i = 0; i < 2; i++)
        widths[i] = g_thread_join(threads[i]);
    g_assert_true(widths[0] == widths[1] && widths[0] != NULL);
}

/* Words set by pairs, against HarfBuzz, which is asked for every language but ours. */
static void
test_words_are_set_as_the_whole_is(void)
{
    static const char *const families[] = { "Arial", "Times", "Courier", "Bookman", "Noto Sans" };
    static const char *const texts[] = {
        "Yth. Tata AVA ke P. Wakil LAW, \"Yang\" fi fl ffi iji -- 1.250 11/14 (7,5)",
        "2.450,75 71 A V 17",
        " verifikasi  efisiensi hasil affidavit ",
        "r\xc3\xa9sum\xc3\xa9 To\xc2\xa0V A\xc3\x84 na\xc3\xafve",
        "IJ ij fjord kf TV. LT \"A\" 'V' W.A. !` ?` ,,",
        "` ~ ^ a` A~ o^",
        "AVAWATA To. Ty, r. f' y, \xe2\x80\x93 \xe2\x80\x9cKe\xe2\x80\x9d ",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(families) * G_N_ELEMENTS(texts) * 4; i++) {
        const char *text = texts[i / 4 % G_N_ELEMENTS(texts)];
        const NskFont *font = font_of(families[i / 4 / G_N_ELEMENTS(texts)], i % 2 != 0, false);
        NskShape request = { .text = text,
                             .size = strlen(text),
                             .font_size = 11300,
                             .language = "id",
                             .no_ligatures = i / 2 % 2 != 0 };
        g_autoptr(GArray) ours = g_array_new(FALSE, FALSE, sizeof(NskGlyph));
        g_autoptr(GArray) whole = g_array_new(FALSE, FALSE, sizeof(NskGlyph));
        NskMpt sum = nsk_font_shape(font, &request, ours);

        request.language = "ms";
        g_assert_cmpint(nsk_font_shape(font, &request, whole), ==, sum);
        g_assert_cmpmem(ours->data, ours->len * sizeof(NskGlyph), whole->data,
                        whole->len * sizeof(NskGlyph));
    }
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;

    g_test_init(&argc, &argv, NULL);
    set = nsk_font_set_open(NULL, &error);
    g_assert_no_error(error);
#define ADD(path, test) g_test_add_func("/render/font/" path, test)
    ADD("families-are-served-by-their-stand-ins", test_families_are_served_by_their_stand_ins);
    ADD("a-missing-font-is-an-error-that-says-what-to-do",
        test_a_missing_font_is_an_error_that_says_what_to_do);
    ADD("a-missing-style-is-never-made-up", test_a_missing_style_is_never_made_up);
    ADD("metrics-are-those-of-the-file", test_metrics_are_those_of_the_file);
    ADD("lengths-are-rounded-half-away-from-zero", test_lengths_are_rounded_half_away_from_zero);
    ADD("shaping-kerns-and-joins", test_shaping_kerns_and_joins);
    ADD("glyphs-are-appended-and-their-sum-returned",
        test_glyphs_are_appended_and_their_sum_returned);
    ADD("marks-compose-and-controls-draw-nothing", test_marks_compose_and_controls_draw_nothing);
    ADD("right-to-left-comes-in-visual-order", test_right_to_left_comes_in_visual_order);
    ADD("a-font-knows-what-it-can-draw", test_a_font_knows_what_it_can_draw);
    ADD("text-is-split-where-the-font-must-change", test_text_is_split_where_the_font_must_change);
    ADD("subsets-hold-the-glyphs-asked-for-and-few-others",
        test_subsets_hold_the_glyphs_asked_for_and_few_others);
    ADD("words-are-set-as-the-whole-is", test_words_are_set_as_the_whole_is);
    ADD("threads-share-a-font", test_threads_share_a_font);
    int status = g_test_run();
    nsk_font_set_free(set);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SVG: which operators a drawing becomes, and what is refused. */
#include "fixture.h"
#include "render/svg/svg.h"

#include <string.h>

static NskFontSet *fonts;

static NskPdfForm *
read_form(const char *attributes, const char *content, GError **error)
{
    g_autofree char *text =
        g_strdup_printf("<svg xmlns=\"" NSK_SVG_NS "\" %s>\n%s</svg>", attributes, content);
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("t.svg", text, strlen(text), error);

    g_assert_nonnull(doc);
    return nsk_svg_read(doc, fonts, error);
}

static bool
read_svg(const char *attributes, const char *content, char **out_content, GError **error)
{
    g_autoptr(NskPdfForm) form = read_form(attributes, content, error);

    if (form == NULL)
        return false;
    *out_content = g_strdup_printf("%d %d|%s", (int)(form->box[2] * 1000 + 0.5),
                                   (int)(form->box[3] * 1000 + 0.5), form->content->str);
    return true;
}

static const struct {
    const char *attributes;
    const char *content;
    const char *expected; /* stands in "WIDTH HEIGHT|operators" */
} drawn[] = {
    { "width=\"20\" height=\"10\"", "", "20000 10000|1 0 0 -1 0 10 cm\n" },
    { "width=\"1in\" height=\"1cm\"", "", "72000 28346|" },
    { "viewBox=\"0 0 40 20\"", "", "40000 20000|1 0 0 -1 0 20 cm\n" },
    /* whole and in the middle */
    { "width=\"20\" height=\"20\" viewBox=\"0 0 40 20\"", "",
      "1 0 0 -1 0 20 cm\n0.5 0 0 0.5 0 5 cm\n" },
    { "width=\"20\" height=\"20\" viewBox=\"0 0 40 20\" preserveAspectRatio=\"none\"", "",
      "1 0 0 -1 0 20 cm\n0.5 0 0 1 0 0 cm\n" },
    { "", "<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" fill=\"#f00\"/>",
      "q\n1 0 0 rg\n1 2 m\n4 2 l\n4 6 l\n1 6 l\nh\nf\nQ\n" },
    { "", "<path d=\"M1 2 3 4L5,6h1v-2H0V0z\"/>",
      "1 2 m\n3 4 l\n5 6 l\n6 6 l\n6 4 l\n0 4 l\n0 0 l\nh\nf\n" },
    { "", "<path d=\"m1 1 2 0 0 2\" fill=\"none\" stroke=\"blue\" stroke-width=\"0.5\"/>",
      "0 0 1 RG\n0.5 w\n4 M\n0 J\n0 j\n1 1 m\n3 1 l\n3 3 l\nS\n" },
    { "", "<path d=\"M0 0C1 1 2 1 3 0S5-1 6 0\"/>", "1 1 2 1 3 0 c\n4 -1 5 -1 6 0 c\n" },
    { "", "<path d=\"M0 0Q3 3 6 0T12 0\"/>", "2 2 4 2 6 0 c\n8 -2 10 -2 12 0 c\n" },
    { "", "<path d=\"M0 0A5 5 0 0110 0\"/>", "2.23858 -5 5 -5 c\n" },
    { "",
      "<path fill-rule=\"evenodd\" style=\"stroke: green; stroke-linecap: round\" d=\"M0 0H9\"/>",
      "9 0 l\nB*\n" },
    { "",
      "<g transform=\"translate(3 4) scale(2)\" fill=\"lime\"><circle r=\"0\"/>"
      "<polygon points=\"0,0 1,0 1,1\"/></g>",
      "2 0 0 2 3 4 cm\n" },
    { "", "<g transform=\"rotate(90 10 0)\"/>", "0 1 -1 0 10 -10 cm\n" },
    { "", "<line x1=\"0\" y1=\"1\" x2=\"2\" y2=\"3\" stroke=\"black\" stroke-dasharray=\"2 1\"/>",
      "[2 1 ] 0 d\n0 1 m\n2 3 l\nB\n" },
    { "", "<g display=\"none\"><text>x</text></g><title>Lambang</title>", "cm\n" },
    { "", "<circle cx=\"5\" cy=\"5\" r=\"5\"/>", "10 5 m\n10 7.76142 7.76142 10 5 10 c\n" },
    { "", "<g transform=\"scale(0)\"><path d=\"M0 0H1\"/></g>",
      "100000 100000|1 0 0 -1 0 100 cm\n" },
    { "width=\"20\" height=\"20\" viewBox=\"0 0 40 20\" preserveAspectRatio=\" xMinYMax  meet \"",
      "", "0.5 0 0 0.5 0 10 cm\n" },
};

static void
test_drawn(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(drawn); i++) {
        g_autofree char *content = NULL;
        g_autoptr(GError) error = NULL;

        g_assert_true(read_svg(drawn[i].attributes, drawn[i].content, &content, &error));
        if (strstr(content, drawn[i].expected) == NULL)
            g_error("%s: %s", drawn[i].content, content);
    }
}

static const struct {
    const char *content;
    const char *said;
} refused[] = {
    { "<script>x</script>", "line 2: the element 'script'" },
    { "<defs><script href=\"a.js\"/></defs>", "line 2: the element 'script'" },
    { "<g onclick=\"f()\"/>", "the script 'onclick'" },
    { "<image href=\"http://contoh.example/a.png\"/>", "'image'" },
    { "<foreignObject/>", "'foreignObject'" },
    { "<textPath/>", "'textPath'" },
    { "<use href=\"#a\"/>", "line 2: 'href' of SVG cannot be '#a'" },
    { "<use href=\"b.svg#a\"/>", "href 'b.svg#a' of SVG leads out of the drawing" },
    { "<rect width=\"1\" height=\"1\" fill=\"url(http://x.example/#g)\"/>",
      "fill 'url(http://x.example/#g)' of SVG leads out of the drawing" },
    { "<style>@import url(http://x.example/a.css);</style>", "the style rule '@import" },
    { "<style>g rect { fill: red }</style>", "the style rule 'g rect'" },
    { "<style>rect:hover { fill: red }</style>", "the style rule 'rect:hover'" },
    { "<g style=\"fill: red !important\"/>", "the style rule 'red !important'" },
    { "<g id=\"a\"><use href=\"#a\"/></g>", "the depth" },
    { "<linearGradient id=\"a\" href=\"#a\"/><rect width=\"1\" height=\"1\" "
      "fill=\"url(#a)\"/>",
      "'href' of SVG cannot be '#a'" },
    { "<linearGradient id=\"a\" spreadMethod=\"reflect\"><stop/></linearGradient>"
      "<rect width=\"1\" height=\"1\" fill=\"url(#a)\"/>",
      "spreadMethod 'reflect'" },
    { "<clipPath id=\"a\"><rect/><rect/></clipPath><g clip-path=\"url(#a)\"/>", "clipPath 'rect'" },
    { "<clipPath id=\"a\"><text>x</text></clipPath><g clip-path=\"url(#a)\"/>", "clipPath 'text'" },
    { "<rect id=\"a\"/><g clip-path=\"url(#a)\"/>", "'clip-path' of SVG cannot be 'url(#a)'" },
    { "<rect width=\"1\" height=\"1\" fill=\"url(#g)\"/>", "'fill' of SVG cannot be 'url(#g)'" },
    { "<g style=\"filter: blur(3px)\"/>", "'filter'" },
    { "<g mask=\"url(#m)\"/>", "'mask'" },
    { "<text x=\"1 2 3\">abc</text>", "x '1 2 3'" },
    { "<text letter-spacing=\"3\">abc</text>", "'letter-spacing'" },
    { "<text>\xd7\xa9\xd7\x9c</text>", "text from right to left" },
    { "<text font-family=\"Tiada Huruf\">abc</text>", "line 2: " },
    { "<svg preserveAspectRatio=\"kiri\" viewBox=\"0 0 1 1\"/>",
      "'preserveAspectRatio' of SVG cannot be 'kiri'" },
    { "<svg viewBox=\"0 0 1e-300 1e-300\"><rect width=\"1\" height=\"1\"/></svg>",
      "'viewBox' of SVG cannot be" },
    { "<path d=\"L1 1\"/>", "'d' of SVG cannot be" },
    { "<path d=\"M1 1Lx\"/>", "'d' of SVG cannot be" },
    { "<path d=\"M1 1A1 1 0 2 0 3 3\"/>", "'d' of SVG cannot be" },
    { "<rect width=\"1km\"/>", "'width' of SVG cannot be '1km'" },
    { "<g transform=\"spin(3)\"/>", "'transform' of SVG cannot be" },
    { "<g transform=\"scale(1e9) scale(1e9)\"/>", "'transform' of SVG cannot be" },
    { "<rect width=\"1\" height=\"1\" fill=\"merah\"/>", "'fill' of SVG cannot be 'merah'" },
    { "<g opacity=\"kabur\"/>", "'opacity' of SVG cannot be 'kabur'" },
};

static void
test_refused(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autofree char *content = NULL;
        g_autoptr(GError) error = NULL;

        g_test_message("%s", refused[i].content);
        g_assert_false(read_svg("", refused[i].content, &content, &error));
        if (strstr(error->message, refused[i].said) == NULL)
            g_error("%s: %s", refused[i].content, error->message);
    }
}

/* Things that name each other make a small file draw without end. */
static void
test_bombs(void)
{
    g_autoptr(GString) content = g_string_new("<g id=\"a0\"><path d=\"M0 0H1\"/></g>");
    g_autoptr(GError) error = NULL;
    gint64 start = g_get_monotonic_time();

    for (int i = 0; i < 40; i++)
        g_string_append_printf(content,
                               "<g id=\"a%d\"><use href=\"#a%d\"/><use href=\"#a%d\"/>"
                               "<use href=\"#a%d\"/></g>",
                               i + 1, i, i, i);
    g_autoptr(NskPdfForm) form = read_form("", content->str, &error);
    g_assert_null(form);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
    g_assert_nonnull(strstr(error->message, "the SVG draws more than can be printed"));
    g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_USEC_PER_SEC);
}

/* A text of the widest letters there may be. */
static void
test_long_text(void)
{
    g_autoptr(GString) content = g_string_new("<text text-anchor=\"end\">");
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < 19900; i++)
        g_string_append_c(content, 'W');
    g_string_append(content, "</text>");
    g_autoptr(NskPdfForm) form = read_form("", content->str, &error);
    g_assert_true(form != NULL || g_error_matches(error, NSK_ERROR, NSK_ERROR_LIMIT));
    g_string_insert(content, (gssize)content->len - 7,
                    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW");
    g_string_insert(content, (gssize)content->len - 7,
                    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW");
    g_clear_error(&error);
    g_autoptr(NskPdfForm) none = read_form("", content->str, &error);
    g_assert_null(none);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED);
    g_assert_nonnull(strstr(error->message, "the size 'text'"));
}

static void
test_in_line(void)
{
    Fixture self;
    const NskPage *page;
    guint found = 0;

    fixture_lay(&self,
                "<block><instream-foreign-object content-width=\"20pt\">"
                "<svg xmlns=\"" NSK_SVG_NS "\" width=\"40\" height=\"20\">"
                "<rect width=\"40\" height=\"20\"/></svg></instream-foreign-object>x</block>");
    g_assert_no_error(self.error);
    page = g_ptr_array_index(self.layout->pages, 0);
    for (guint i = 0; i < page->areas->len; i++) {
        const NskArea *area = &g_array_index(page->areas, NskArea, i);

        if (area->kind != NSK_AREA_IMAGE)
            continue;
        found++;
        g_assert_cmpint(area->rect.width, ==, 20000);
        g_assert_cmpint(area->rect.height, ==, 10000);
    }
    g_assert_cmpuint(found, ==, 1);
    g_assert_cmpint(fixture_find(&self, "x", NULL)->rect.x, ==, BODY_LEFT + 20000);
    fixture_clear(&self);
}

/* A screen reader says the title of a drawing that has no other words. */
static void
test_title(void)
{
    static const char *const cases[][2] = {
        { "<title> Lambang\n  daerah </title>", "/Alt(Lambang daerah)" },
        { "", "/Alt(SVG)" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *flow =
            g_strdup_printf("<block><instream-foreign-object><svg xmlns=\"" NSK_SVG_NS
                            "\" width=\"4\" height=\"2\">%s<path d=\"M0 0H4V2\"/></svg>"
                            "</instream-foreign-object></block>",
                            cases[i][0]);
        Fixture self;

        fixture_lay(&self, flow);
        g_autoptr(GBytes) pdf = fixture_print(&self);
        g_assert_no_error(self.error);
        g_assert_true(fixture_pdf_has(pdf, cases[i][1]));
        fixture_clear(&self);
    }
}

int
main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    fonts = nsk_font_set_open(NULL, NULL);
    g_test_add_func("/layout/svg/shapes-become-operators", test_drawn);
    g_test_add_func("/layout/svg/what-is-not-known-is-refused-by-name", test_refused);
    g_test_add_func("/layout/svg/what-draws-without-end-is-refused", test_bombs);
    g_test_add_func("/layout/svg/a-long-text-is-drawn-or-refused", test_long_text);
    g_test_add_func("/layout/svg/its-title-is-read-out", test_title);
    g_test_add_func("/layout/svg/a-drawing-stands-in-a-line", test_in_line);
    status = g_test_run();
    nsk_font_set_free(fonts);
    return status;
}

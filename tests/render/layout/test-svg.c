/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SVG: which operators a drawing becomes, and what is refused. */
#include "fixture.h"
#include "render/layout/svg.h"

#include <string.h>

static bool
read_svg(const char *attributes, const char *content, char **out_content, GError **error)
{
    g_autofree char *text =
        g_strdup_printf("<svg xmlns=\"" NSK_SVG_NS "\" %s>\n%s</svg>", attributes, content);
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("t.svg", text, strlen(text), error);
    NskPdfForm form = { 0 };
    gsize size;

    g_assert_nonnull(doc);
    if (!nsk_svg_read(doc, &form, error))
        return false;
    const char *data = g_bytes_get_data(form.content, &size);
    *out_content = g_strdup_printf("%d %d|%.*s", form.width, form.height, (int)size, data);
    g_bytes_unref(form.content);
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
    { "width=\"20\" height=\"20\" viewBox=\"0 0 40 20\"", "", "|0.5 0 0 -0.5 0 15 cm\n" },
    { "width=\"20\" height=\"20\" viewBox=\"0 0 40 20\" preserveAspectRatio=\"none\"", "",
      "|0.5 0 0 -1 0 20 cm\n" },
    { "", "<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" fill=\"#f00\"/>",
      "q\n1 0 0 rg\n1 2 3 4 re\nf\nQ\n" },
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
      "1 0 0 1 3 4 cm\n2 0 0 2 0 0 cm\n" },
    { "", "<g transform=\"rotate(90 10 0)\"/>", "0 1 -1 0 10 -10 cm\n" },
    { "", "<line x1=\"0\" y1=\"1\" x2=\"2\" y2=\"3\" stroke=\"black\" stroke-dasharray=\"2 1\"/>",
      "[2 1 ] 0 d\n0 1 m\n2 3 l\nB\n" },
    { "", "<g display=\"none\"><text>x</text></g><title>Lambang</title>", "cm\n" },
    { "", "<circle cx=\"5\" cy=\"5\" r=\"5\"/>", "10 5 m\n10 7.76142 7.76142 10 5 10 c\n" },
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
    { "<text>x</text>", "line 2: the element 'text'" },
    { "<script>x</script>", "'script'" },
    { "<g onclick=\"f()\"/>", "the script 'onclick'" },
    { "<image href=\"http://contoh.example/a.png\"/>", "'image'" },
    { "<foreignObject/>", "'foreignObject'" },
    { "<use href=\"#a\"/>", "'use'" },
    { "<rect width=\"1\" height=\"1\" fill=\"url(#g)\"/>", "fill 'url(#g)'" },
    { "<g opacity=\"0.5\"/>", "'opacity'" },
    { "<g style=\"filter: blur(3px)\"/>", "'filter'" },
    { "<style>rect { fill: red }</style>", "'style'" },
    { "<path d=\"L1 1\"/>", "'d' of SVG cannot be" },
    { "<path d=\"M1 1Lx\"/>", "'d' of SVG cannot be" },
    { "<path d=\"M1 1A1 1 0 2 0 3 3\"/>", "'d' of SVG cannot be" },
    { "<rect width=\"1km\"/>", "'width' of SVG cannot be '1km'" },
    { "<g transform=\"spin(3)\"/>", "'transform' of SVG cannot be" },
    { "<rect width=\"1\" height=\"1\" fill=\"merah\"/>", "'fill' of SVG cannot be 'merah'" },
};

static void
test_refused(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autofree char *content = NULL;
        g_autoptr(GError) error = NULL;

        g_assert_false(read_svg("", refused[i].content, &content, &error));
        if (strstr(error->message, refused[i].said) == NULL)
            g_error("%s: %s", refused[i].content, error->message);
    }
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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/layout/svg/shapes-become-operators", test_drawn);
    g_test_add_func("/layout/svg/what-is-not-known-is-refused-by-name", test_refused);
    g_test_add_func("/layout/svg/a-drawing-stands-in-a-line", test_in_line);
    return g_test_run();
}

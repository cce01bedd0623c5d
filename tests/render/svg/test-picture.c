/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SVG as another program of PDF shows it: colours of single places of a drawing of 100 x 100. */
#include "../pdf/fixture.h"
#include "render/svg/svg.h"

#include <string.h>

typedef struct {
    int x, y;
    uint32_t colour; /* each of red, green, blue within 12 */
} Place;

typedef struct {
    const char *content;
    Place places[4]; /* up to one without a colour and place */
} PictureCase;

#define WHITE 0xffffff
#define DEFS                                                                                       \
    "<defs><linearGradient id=\"a\"><stop offset=\"0\" stop-color=\"#f00\"/><stop offset=\"1\" "   \
    "stop-color=\"#00f\"/></linearGradient><clipPath id=\"k\"><circle cx=\"50\" cy=\"50\" "        \
    "r=\"30\"/></clipPath><symbol id=\"s\" viewBox=\"0 0 2 2\"><rect width=\"1\" height=\"1\"/>"   \
    "</symbol></defs>"

static const PictureCase pictures[] = {
    { DEFS "<rect width=\"100\" height=\"100\" fill=\"url(#a)\"/>",
      { { 2, 50, 0xfb0005 }, { 50, 50, 0x80007f }, { 97, 50, 0x0600f9 } } },
    /* the box of a shape, and a transform within it */
    { DEFS "<linearGradient id=\"b\" href=\"#a\" x2=\"0\" y2=\"1\"/>"
           "<rect x=\"50\" width=\"20\" height=\"60\" fill=\"url(#b)\"/>",
      { { 60, 1, 0xfb0005 }, { 60, 30, 0x80007f }, { 60, 58, 0x0600f9 }, { 30, 30, WHITE } } },
    { "<linearGradient id=\"u\" gradientUnits=\"userSpaceOnUse\" x1=\"10\" x2=\"20\">"
      "<stop stop-color=\"#0f0\"/><stop offset=\"1\" stop-color=\"#000\"/></linearGradient>"
      "<g transform=\"scale(2)\"><rect width=\"50\" height=\"50\" fill=\"url(#u)\"/></g>",
      { { 5, 5, 0x00ff00 }, { 30, 30, 0x008000 }, { 60, 60, 0x000001 } } },
    { "<radialGradient id=\"r\"><stop stop-color=\"#fff\"/><stop offset=\"1\" "
      "stop-color=\"#008\"/></radialGradient><circle cx=\"50\" cy=\"50\" r=\"50\" "
      "fill=\"url(#r)\"/>",
      { { 50, 50, 0xfdfdfe }, { 75, 50, 0x7e7ec3 }, { 97, 50, 0x08088c }, { 3, 3, WHITE } } },
    /* three stops, and two at one place */
    { "<linearGradient id=\"t\"><stop stop-color=\"#f00\"/><stop offset=\"50%\" "
      "stop-color=\"#f00\"/><stop offset=\"50%\" stop-color=\"#0f0\"/><stop offset=\"1\" "
      "stop-color=\"#0f0\"/></linearGradient><rect width=\"100\" height=\"9\" fill=\"url(#t)\"/>",
      { { 47, 5, 0xff0000 }, { 53, 5, 0x00ff00 } } },
    /* stops that are seen through differently, over what lies below */
    { "<linearGradient id=\"m\"><stop stop-color=\"#000\"/><stop offset=\"1\" stop-color=\"#000\" "
      "stop-opacity=\"0\"/></linearGradient><rect width=\"100\" height=\"100\" fill=\"#f00\"/>"
      "<rect width=\"100\" height=\"50\" fill=\"url(#m)\"/>",
      { { 2, 20, 0x060000 }, { 50, 20, 0x800000 }, { 97, 20, 0xfa0000 }, { 2, 80, 0xff0000 } } },
    /* a group is seen through as a whole, each of its shapes by itself */
    { "<g opacity=\"0.5\" fill=\"#f00\"><rect width=\"60\" height=\"60\"/><rect x=\"40\" "
      "width=\"60\" height=\"60\"/></g>",
      { { 20, 20, 0xff8080 }, { 50, 20, 0xff8080 }, { 80, 20, 0xff8080 } } },
    { "<g fill-opacity=\"50%\" fill=\"#f00\"><rect width=\"60\" height=\"60\"/><rect x=\"40\" "
      "width=\"60\" height=\"60\"/></g>",
      { { 20, 20, 0xff8080 }, { 50, 20, 0xff4040 }, { 80, 20, 0xff8080 } } },
    { "<rect x=\"20\" y=\"20\" width=\"60\" height=\"60\" fill=\"#00f\" stroke=\"#000\" "
      "stroke-width=\"20\" stroke-opacity=\"0.5\"/>",
      { { 50, 50, 0x0000ff }, { 15, 50, 0x808080 }, { 25, 50, 0x000080 } } },
    { DEFS "<rect width=\"100\" height=\"100\" fill=\"#0f0\" clip-path=\"url(#k)\"/>"
           "<rect y=\"90\" width=\"9\" height=\"9\"/>",
      { { 50, 50, 0x00ff00 }, { 50, 25, 0x00ff00 }, { 10, 50, WHITE }, { 4, 95, 0 } } },
    { "<clipPath id=\"b\" clipPathUnits=\"objectBoundingBox\"><rect x=\".5\" width=\".5\" "
      "height=\"1\"/></clipPath><rect x=\"20\" width=\"60\" height=\"60\" "
      "clip-path=\"url(#b)\"/>",
      { { 40, 30, WHITE }, { 60, 30, 0 }, { 78, 30, 0 }, { 85, 30, WHITE } } },
    /* a symbol fits its use, which colours it */
    { DEFS "<use href=\"#s\" x=\"20\" y=\"40\" width=\"40\" height=\"40\" fill=\"#f0f\"/>",
      { { 30, 50, 0xff00ff }, { 50, 70, WHITE }, { 10, 50, WHITE } } },
    { "<svg x=\"10\" y=\"10\" width=\"20\" height=\"40\" viewBox=\"0 0 1 1\" "
      "preserveAspectRatio=\"xMaxYMid slice\"><rect width=\"1\" height=\".5\"/></svg>",
      { { 20, 20, 0 }, { 20, 40, WHITE }, { 5, 20, WHITE }, { 35, 20, WHITE } } },
    { "<style>/* warna */ rect { fill: #f00 } .b{fill:#00f} #c { fill: #0f0 }</style>"
      "<rect width=\"20\" height=\"20\"/><rect class=\"a b\" x=\"20\" width=\"20\" height=\"20\" "
      "fill=\"#000\"/><rect id=\"c\" class=\"b\" x=\"40\" width=\"20\" height=\"20\"/>"
      "<rect id=\"d\" class=\"b\" style=\"fill: #ff0\" x=\"60\" width=\"20\" height=\"20\"/>",
      { { 10, 10, 0xff0000 }, { 30, 10, 0x0000ff }, { 50, 10, 0x00ff00 }, { 70, 10, 0xffff00 } } },
    /* letters: the stem of an I of 80, its foot on the line at 90 */
    { "<text x=\"50\" y=\"90\" font-size=\"80\" font-weight=\"bold\" font-family=\"sans-serif\" "
      "text-anchor=\"middle\" fill=\"#c00\">I</text>",
      { { 50, 60, 0xcc0000 }, { 30, 60, WHITE }, { 70, 60, WHITE }, { 50, 95, WHITE } } },
    { "<text x=\"100\" y=\"2em\" font-size=\"40\" font-weight=\"bold\" text-anchor=\"end\">"
      "I<tspan fill=\"#00f\">I</tspan></text>",
      { { 94, 65, 0x0000ff }, { 83, 65, 0 }, { 60, 65, WHITE } } },
};

static bool
is_near(const uint8_t *pixel, uint32_t colour)
{
    for (int i = 0; i < 3; i++) {
        if (ABS((int)pixel[i] - (int)(colour >> (16 - 8 * i) & 255)) > 12)
            return false;
    }
    return true;
}

/* The drawing at the upper left corner of a page, a pixel for a point. */
static GBytes *
picture_of(const char *content, size_t *out_width)
{
    g_autofree char *text = g_strdup_printf(
        "<svg xmlns=\"" NSK_SVG_NS "\" width=\"100\" height=\"100\">%s</svg>", content);
    g_autoptr(GError) error = NULL;
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("t.svg", text, strlen(text), &error);
    g_autoptr(NskPdfForm) form = doc != NULL ? nsk_svg_read(doc, fixture_fonts(), &error) : NULL;
    g_autoptr(NskPdf) pdf = fixture_page();
    NskPdfRect rect = { 0, 0, 100000, 100000 };
    NskPdfImage image;

    g_assert_no_error(error);
    g_assert_true(nsk_pdf_form_load(pdf, form, &image, &error));
    nsk_pdf_image_draw(pdf, &image, &rect);
    g_autoptr(GBytes) bytes = fixture_finish(pdf);
    return fixture_picture(bytes, out_width);
}

static void
test_pictures(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(pictures); i++) {
        const PictureCase *it = &pictures[i];
        size_t width = 0;
        g_autoptr(GBytes) picture = picture_of(it->content, &width);
        const uint8_t *pixels = picture != NULL ? g_bytes_get_data(picture, NULL) : NULL;

        if (picture == NULL)
            return;
        for (int k = 0; k < 4 && it->places[k].x > 0; k++) {
            const Place *place = &it->places[k];
            const uint8_t *pixel = pixels + ((size_t)place->y * width + (size_t)place->x) * 3;

            if (!is_near(pixel, place->colour))
                g_error("%s: (%d, %d) is %02x%02x%02x", it->content, place->x, place->y, pixel[0],
                        pixel[1], pixel[2]);
        }
    }
}

int
main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/svg/picture/colours-are-where-they-should-be", test_pictures);
    status = g_test_run();
    fixture_end();
    return status;
}

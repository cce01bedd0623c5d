/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SVG from a stranger: drawn, or refused with words. */
#include "render/svg/svg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static NskFontSet *fonts;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("fuzz.svg", data, size, NULL);

    if (fonts == NULL)
        fonts = nsk_font_set_open(NULL, NULL);
    if (doc == NULL || fonts == NULL)
        return 0;
    g_autoptr(NskPdfForm) form = nsk_svg_read(doc, fonts, &error);
    g_assert_true((form != NULL) == (error == NULL));
    if (form != NULL) {
        const NskPdfInfo info = { .title = "fuzz", .language = "id" };
        g_autoptr(NskPdf) pdf = nsk_pdf_new(&info);
        NskPdfImage image;

        g_assert_true(nsk_pdf_form_load(pdf, form, &image, NULL));
    }
    return 0;
}

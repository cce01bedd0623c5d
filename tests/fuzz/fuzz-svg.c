/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SVG from a stranger: drawn, or refused with words. */
#include "render/layout/svg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("fuzz.svg", data, size, NULL);
    NskPdfForm form = { 0 };

    if (doc == NULL)
        return 0;
    bool read = nsk_svg_read(doc, &form, &error);
    g_assert_true(read == (error == NULL));
    if (read)
        g_bytes_unref(form.content);
    return 0;
}

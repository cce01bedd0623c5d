/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formatting objects from a stranger: read, laid out and drawn, or refused with words. */
#include "render/fo/fo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static NskFontSet *fonts;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("fuzz.fo", data, size, &error);
    g_autoptr(GBytes) pdf = NULL;

    if (fonts == NULL)
        fonts = nsk_font_set_open(NULL, NULL);
    if (doc == NULL || fonts == NULL)
        return 0;

    NskFoOptions options = { .fonts = fonts, .issues = issues };
    pdf = nsk_fo_render(doc, &options, &error);
    g_assert_true((pdf != NULL) == (error == NULL));
    return 0;
}

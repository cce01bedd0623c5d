/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any file is a kind whose rules can be asked about its own skeleton, or is refused with words. */
#include "render/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskKind) kind = nsk_kind_parse("fuzz.xml", data, size, issues, &error);

    g_assert_true((kind == NULL) == (error != NULL));
    if (kind == NULL)
        return 0;
    g_assert_nonnull(nsk_kind_get_title(kind, "en"));
    g_assert_nonnull(nsk_kind_get_workflow(kind));
    g_assert_cmpuint(nsk_kind_get_max_addressees(kind), >, 0);

    gsize n;
    const void *text = g_bytes_get_data(nsk_kind_get_skeleton(kind), &n);
    g_autoptr(NskXmlDoc) letter = nsk_xml_parse("skeleton", text, n, &error);
    g_assert_no_error(error);
    bool ok = nsk_kind_check_letter(kind, letter, "id", issues, &error);
    g_assert_true(ok == (error == NULL));
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any file is a profile that answers every question, or is refused with words. */
#include "render/render.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskProfile) profile = nsk_profile_parse("fuzz.xml", data, size, issues, &error);

    g_assert_true((profile == NULL) == (error != NULL));
    if (profile == NULL)
        return 0;
    g_assert_false(nsk_issues_has_error(issues));
    g_assert_nonnull(nsk_profile_get_id(profile));
    g_assert_nonnull(nsk_profile_get_agency(profile));
    g_assert_nonnull(nsk_profile_get_class_code(profile, "rahasia"));
    g_assert_nonnull(nsk_profile_get_urgency_print(profile, "segera"));
    nsk_profile_find_series(profile, "surat-dinas");
    for (size_t i = 0; i < nsk_profile_count_series(profile); i++)
        g_assert_nonnull(nsk_profile_get_series(profile, i)->pattern);
    g_autofree char *qr = nsk_profile_qr_text(profile, "0198");
    g_assert_nonnull(strstr(qr, "0198"));
    return 0;
}

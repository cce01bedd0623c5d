/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scheme that is read is in order, and each class is found by its code with the one above it. */
#include "records/records.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_class(const NskClassScheme *scheme, size_t at)
{
    const NskRecordClass *class = nsk_class_scheme_at(scheme, at);
    const char *dot = strrchr(class->code, '.');
    g_autofree char *parent =
        dot != NULL ? g_strndup(class->code, (gsize)(dot - class->code)) : NULL;
    NskRetention kept;

    g_assert_true(nsk_class_scheme_find(scheme, class->code) == class);
    g_assert_true(at == 0 || strcmp(nsk_class_scheme_at(scheme, at - 1)->code, class->code) < 0);
    g_assert_true(parent == NULL || nsk_class_scheme_find(scheme, parent) != NULL);
    if (!class->has_rule)
        return;
    g_assert_true(nsk_retention_reckon(class, (NskDate){ 2024, 2, 28 }, &kept));
    g_assert_cmpint(nsk_date_compare(kept.inactive_from, kept.due_from), <=, 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskClassScheme) scheme = nsk_class_scheme_parse("fuzz.csv", data, size, issues, NULL);

    g_assert_true((scheme == NULL) == (issues->len > 0));
    for (size_t i = 0; scheme != NULL && i < nsk_class_scheme_size(scheme); i++)
        check_class(scheme, i);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every row that is read has fields of valid text, and lines never go back. */
#include "directory/directory-private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GPtrArray) rows = nsk_csv_read("fuzz.csv", data, size, issues);
    unsigned line = 0;

    for (guint i = 0; i < rows->len; i++) {
        const NskCsvRow *row = g_ptr_array_index(rows, i);

        g_assert_nonnull(row->fields[0]);
        g_assert_cmpuint(row->line, >, line);
        line = row->line;
        for (size_t k = 0; row->fields[k] != NULL; k++)
            g_assert_true(g_utf8_validate(row->fields[k], -1, NULL));
    }
    return 0;
}

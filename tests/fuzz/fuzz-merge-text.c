/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A text with places and a table, with a NUL between them: whatever the fields say, they are
 * nothing but text in what is filled, and what is filled has no place left.
 */
#include "office/merge-private.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t
count(GBytes *bytes, char sign)
{
    size_t size, n = 0;
    const char *data = g_bytes_get_data(bytes, &size);

    for (size_t i = 0; i < size; i++)
        n += data[i] == sign ? 1 : 0;
    return n;
}

static void
fill_lines(const NskMergeText *text, GBytes *xml, const GPtrArray *rows, NskIssues *issues)
{
    for (guint i = 1; i < rows->len; i++) {
        guint before = issues->len;
        g_autoptr(GBytes) filled =
            nsk_merge_text_fill(text, "fuzz.csv", g_ptr_array_index(rows, i), issues);

        g_assert_true(filled != NULL || issues->len > before);
        if (filled == NULL)
            continue;
        g_assert_cmpuint(count(filled, '<'), <=, count(xml, '<'));
        g_assert_cmpuint(count(filled, '>'), <=, count(xml, '>'));
        g_assert_cmpuint(count(filled, '"'), <=, count(xml, '"'));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *nul = memchr(data, '\0', size);
    size_t n = nul != NULL ? (size_t)(nul - data) : size;
    const uint8_t *table = nul != NULL ? nul + 1 : data + size;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GBytes) xml = g_bytes_new(data, n);
    g_autoptr(GPtrArray) rows =
        nsk_csv_read("fuzz.csv", table, (size_t)(data + size - table), issues);

    if (rows->len == 0)
        return 0;
    const NskCsvRow *head = g_ptr_array_index(rows, 0);
    g_autoptr(NskMergeText) text =
        nsk_merge_text_new("fuzz.xml", xml, "fuzz.csv", head->fields, issues);
    if (text != NULL)
        fill_lines(text, xml, rows, issues);
    return 0;
}

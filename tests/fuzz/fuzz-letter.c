/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A letter that can be read has one canonical form, and reading that gives it again. */
#include "letter/letter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
assert_same(const NskLetter *letter, GBytes *canonical, GBytes *written)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskLetter) again = nsk_letter_parse("again", g_bytes_get_data(written, NULL),
                                                  g_bytes_get_size(written), NULL, &error);
    g_autoptr(GBytes) twice = NULL;
    g_autoptr(NskLetterDiff) diff = NULL;

    g_assert_no_error(error);
    twice = nsk_letter_canonical(again);
    g_assert_true(g_bytes_equal(canonical, twice));
    diff = nsk_letter_diff(letter, again);
    g_assert_cmpuint(nsk_letter_diff_count(diff), ==, 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskLetter) letter = nsk_letter_parse("letter", data, size, issues, &error);

    if (letter == NULL) {
        g_assert_nonnull(error);
        return 0;
    }
    g_autoptr(GBytes) canonical = nsk_letter_canonical(letter);
    g_autoptr(GBytes) pretty = nsk_letter_to_xml_pretty(letter);
    assert_same(letter, canonical, canonical);
    assert_same(letter, canonical, pretty);
    return 0;
}

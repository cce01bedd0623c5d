/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Longest common subsequence by the table of all prefixes' lengths, after what both ends have in
 * common is taken off.
 */
#include "letter/letter-private.h"

/* Cells of the table; two bytes each. */
#define MAX_CELLS (4 * 1024 * 1024)

/* Equal texts get equal numbers, so that each is compared once. */
static uint32_t *
number_texts(GHashTable *numbers, const GPtrArray *texts)
{
    uint32_t *ids = g_new(uint32_t, texts->len + 1);

    for (guint i = 0; i < texts->len; i++) {
        gpointer text = g_ptr_array_index(texts, i);
        gpointer known = g_hash_table_lookup(numbers, text);

        if (known == NULL) {
            known = GUINT_TO_POINTER(g_hash_table_size(numbers) + 1);
            g_hash_table_insert(numbers, text, known);
        }
        ids[i] = GPOINTER_TO_UINT(known);
    }
    return ids;
}

static void
add_pair(GArray *pairs, size_t old_index, size_t new_index)
{
    NskPair pair = { old_index, new_index };

    g_array_append_val(pairs, pair);
}

/* The middle: @n of @a and @m of @b, whose indices begin at @start. */
static void
find_middle(const uint32_t *a, size_t n, const uint32_t *b, size_t m, size_t start, GArray *pairs)
{
    if (n == 0 || m == 0 || n > MAX_CELLS / m)
        return;

    /* length[i][j] of a[i..] and b[j..]; a length is at most sqrt(MAX_CELLS) */
    g_autofree uint16_t *length = g_new0(uint16_t, (n + 1) * (m + 1));
    size_t width = m + 1;

    for (size_t i = n; i-- > 0;) {
        for (size_t j = m; j-- > 0;) {
            uint16_t down = length[(i + 1) * width + j];
            uint16_t right = length[i * width + j + 1];

            length[i * width + j] =
                a[i] == b[j] ? (uint16_t)(length[(i + 1) * width + j + 1] + 1) : MAX(down, right);
        }
    }
    for (size_t i = 0, j = 0; i < n && j < m;) {
        if (a[i] == b[j])
            add_pair(pairs, start + i++, start + j++);
        else if (length[(i + 1) * width + j] >= length[i * width + j + 1])
            i++;
        else
            j++;
    }
}

GArray *
nsk_lcs(const GPtrArray *old_texts, const GPtrArray *new_texts)
{
    g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree uint32_t *a = number_texts(numbers, old_texts);
    g_autofree uint32_t *b = number_texts(numbers, new_texts);
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(NskPair));
    size_t n = old_texts->len;
    size_t m = new_texts->len;
    size_t head = 0;
    size_t tail = 0;

    while (head < n && head < m && a[head] == b[head])
        head++;
    while (tail < n - head && tail < m - head && a[n - tail - 1] == b[m - tail - 1])
        tail++;
    for (size_t i = 0; i < head; i++)
        add_pair(pairs, i, i);
    find_middle(a + head, n - head - tail, b + head, m - head - tail, head, pairs);
    for (size_t i = tail; i > 0; i--)
        add_pair(pairs, n - i, m - i);
    return pairs;
}

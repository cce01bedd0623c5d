/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees and commits as the store reads them; the first byte chooses.  A tree that is read must be
 * written back as the same bytes. */
#include "store/store-private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    g_autoptr(GBytes) bytes = g_bytes_new(data + 1, size - 1);
    if (data[0] == 'c') {
        NskCommitLinks links;

        (void)!nsk_commit_parse(bytes, &links, NULL);
        return 0;
    }
    g_autoptr(GArray) tree = nsk_tree_parse(bytes, NULL);
    if (tree != NULL) {
        g_autoptr(GBytes) again = nsk_tree_format(tree);

        g_assert(g_bytes_equal(bytes, again));
    }
    return 0;
}

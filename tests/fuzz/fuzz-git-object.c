/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees and commits as the store reads them, and the packed text of a commit; the first byte
 * chooses. A tree that is read must be written back as the same bytes. */
#include "store/store-private.h"

#include <string.h>

#define ROOM 300 /* bytes */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No more comes out than there is room for; and what is packed comes back. */
static void
try_packed(const void *data, size_t size)
{
    char out[ROOM];
    size_t n = nsk_phrase_unpack(data, size, out, sizeof out);
    g_autoptr(GByteArray) packed = g_byte_array_new();
    g_autofree char *again = g_malloc(size + 1);

    g_assert(n == SIZE_MAX || n <= sizeof out);
    nsk_phrase_pack(packed, data, size);
    g_assert(nsk_phrase_unpack(packed->data, packed->len, again, size) == size);
    g_assert(memcmp(again, data, size) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    g_autoptr(GBytes) bytes = g_bytes_new(data + 1, size - 1);
    if (data[0] == 'p') {
        try_packed(data + 1, size - 1);
        return 0;
    }
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of tiles, and bundles of entries. */
#include "journal/tile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    NskTileName name;
    const uint8_t *entry;
    size_t entry_size, offset = 0;
    g_autofree char *path = g_strndup((const char *)data, size);
    g_autoptr(GByteArray) again = g_byte_array_new();

    if (nsk_tile_path_parse(path, &name)) {
        g_autofree char *written = nsk_tile_path(&name);
        g_assert_cmpstr(written, ==, path);
    }
    while (nsk_tile_next_entry(data, size, &offset, &entry, &entry_size))
        nsk_tile_add_entry(again, entry, entry_size);
    g_assert_cmpmem(again->data, again->len, data, offset);
    return 0;
}

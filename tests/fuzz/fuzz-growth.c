/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proofs that one log grew from another, as texts. */
#include "journal/anchor.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    NskTreeProof proof;
    NskHash root = { { 1 } }, before = { { 2 } };

    if (!nsk_growth_parse(data, size, &proof, NULL))
        return 0;
    g_autofree char *again = nsk_growth_format(&proof);
    g_assert_cmpmem(again, strlen(again), data, size);
    g_assert_false(nsk_tree_check_growth(&proof, 3, &before, 7, &root));
    return 0;
}

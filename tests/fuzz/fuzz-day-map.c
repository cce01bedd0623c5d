/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proofs of a day's map, as texts. */
#include "journal/daymap.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const NskHash root;
    NskDayMapProof proof;

    if (!nsk_day_map_proof_parse(data, size, &proof, NULL))
        return 0;
    g_autofree char *again = nsk_day_map_proof_format(&proof);
    g_assert_cmpmem(again, strlen(again), data, size);
    g_assert_false(nsk_day_map_check(&proof, "surat", &root));
    return 0;
}

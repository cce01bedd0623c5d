/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked of a witness: what is read is what is written. */
#include "journal/witness.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(NskWitnessRequest) ask = nsk_witness_request_parse(data, size, NULL);

    if (ask == NULL)
        return 0;
    g_assert_cmpuint(ask->old, <=, ask->said.size);
    g_assert_cmpuint(ask->proof.n, <=, NSK_WITNESS_MOST_PROOF);
    g_autofree char *again = nsk_witness_request_format(ask->old, &ask->proof, ask->note);
    g_assert_cmpmem(again, strlen(again), data, size);
    return 0;
}

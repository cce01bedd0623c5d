/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proofs of entries, as texts. */
#include "journal/proof.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t no_key[NSK_ED25519_KEY_SIZE];
    NskLogNoteKey key;
    g_autoptr(NskProof) proof = nsk_proof_parse(data, size, NULL);

    if (proof == NULL)
        return 0;
    g_autofree char *again = nsk_proof_format(proof);
    g_assert_cmpmem(again, strlen(again), data, size);
    g_assert_true(nsk_log_note_key_init(&key, "kantor", NSK_NOTE_ED25519, no_key, NULL));
    g_assert_false(nsk_proof_check(proof, "", 0, &key, NULL, NULL));
    return 0;
}

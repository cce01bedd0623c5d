/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The copies of a letter to many: whose each is, and which number it has where it is secret.  The
 * n-th is the one that nsk_office_letter_export() gives as COPY with page n; its number is the one
 * that its first page and the distribution list have (render/letter/job.c).
 */
#include "base/message.h"
#include "office/office-private.h"

static bool
add_copies(NskDbTxn *txn,
           const NskLetterParty *parties,
           size_t n_parties,
           const char *role,
           NskJson *out_copies,
           GError **error)
{
    for (size_t i = 0; i < n_parties; i++) {
        const NskLetterParty *party = &parties[i];
        int64_t n = (int64_t)nsk_json_length(out_copies) + 1;
        NskJson *row = nsk_json_object();

        nsk_json_add(out_copies, row);
        nsk_json_set_int(row, "n", n);
        nsk_json_set_int(row, "number",
                         party->copy != NULL ? g_ascii_strtoll(party->copy, NULL, 10) : n);
        nsk_json_set_text(row, "role", role);
        if (party->position == NULL) {
            nsk_json_set_text(row, "party", party->name);
            continue;
        }
        g_autoptr(NskPosition) position = nsk_directory_get_position(txn, party->position, error);
        if (position == NULL)
            return false;
        nsk_json_set_text(row, "position", position->id);
        nsk_json_set_text(row, "party", position->title);
    }
    return true;
}

bool
nsk_office_letter_copies(NskOffice *self, const char *letter, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *copies = nsk_json_array();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_route(self, txn, letter, error) : NULL;
    g_autoptr(NskLetter) read = row != NULL ? nsk_office_read_letter(txn, row->id, error) : NULL;
    const NskLetterFacts *facts = read != NULL ? nsk_letter_get_facts(read) : NULL;

    nsk_json_set(result, "copies", copies);
    if (facts == NULL ||
        !add_copies(txn, facts->addressees, facts->n_addressees, "to", copies, error) ||
        !add_copies(txn, facts->copies, facts->n_copies, "copy", copies, error))
        return false;
    nsk_json_set_text(result, "letter", row->id);
    nsk_json_set_text(result, "security", nsk_security_name(facts->security));
    *out_result = g_steal_pointer(&result);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A letter that goes back before its last signature: number, date and pages come out of it again.
 * The number stays the letter's own while series and year stay the same (architecture.md,
 * invariant 5); only one that a signature stands on already is void.
 */
#include "office/sign-private.h"

#include <string.h>

/* An answer that is there already is evidence; one that comes later finds the session over. */
static bool
end_session(NskAct *act, int64_t n, GError **error)
{
    g_autoptr(GBytes) answer = NULL;
    g_autoptr(NskSessionRow) session = NULL;

    if (!nsk_answer_find(act->txn, act->row->id, n, &answer, error) ||
        !nsk_session_find(act->txn, act->row->id, n, &session, error))
        return false;
    if (answer == NULL || session == NULL)
        return true;
    return nsk_evidence_keep(act->txn, act->row->id, session->session, answer, act->now, error) &&
           nsk_answer_drop(act->txn, act->row->id, n, error);
}

/* Ends what was begun of each signature; *out_signed: whether one was stored. */
static bool
end_signings(NskAct *act, bool *out_signed, GError **error)
{
    g_autoptr(GPtrArray) parts = nsk_route_load(act->txn, act->row->id, "signatory", error);

    if (parts == NULL)
        return false;
    *out_signed = false;
    for (guint i = 0; i < parts->len; i++) {
        const NskRoutePart *part = g_ptr_array_index(parts, i);
        g_autoptr(NskSigningRow) row = NULL;

        if (!nsk_signing_find(act->txn, act->row->id, part->n, &row, error))
            return false;
        if (row == NULL)
            continue;
        *out_signed = *out_signed || strcmp(row->state, "stored") == 0;
        g_free(row->state);
        row->state = g_strdup("returned");
        if (!end_session(act, row->n, error) ||
            !nsk_signing_save(act->txn, act->row->id, row, act->now, error))
            return false;
    }
    return true;
}

bool
nsk_void_number(NskAct *act, const NskEvent *because, const char *reason, GError **error)
{
    NskEvent event = *because;
    g_autoptr(NskRegisterEntry) entry = NULL;

    if (!nsk_registry_find(act->txn, act->row->id, &entry, error))
        return false;
    if (entry == NULL || entry->state == NSK_ENTRY_VOID)
        return true;
    if (!nsk_registry_void(act->txn, act->row->id, reason, act->now, error))
        return false;
    g_autofree char *told = g_strdup_printf("%s: %s", entry->number, reason);
    event.action = "number-voided";
    event.sentence = "The number is void and is not given again";
    event.reason = told;
    event.kept = NSK_RECORD_LATER;
    return nsk_record(act, &event, error);
}

bool
nsk_unlock(NskAct *act, const NskEvent *because, GError **error)
{
    bool was_signed;
    NskLetterRow *row = act->row;

    if (!row->locked)
        return true;
    g_autoptr(GBytes) pdf = NULL;
    g_autofree char *xml_name = nsk_office_file_name(row->id, ".xml");
    g_autofree char *pdf_name = nsk_office_file_name(row->id, ".pdf");
    /* the draft as its drafter left it, with the date that he may have asked for */
    g_autoptr(GBytes) xml = nsk_store_read(act->txn, row->id, row->draft, xml_name, error);
    if (xml == NULL || !nsk_office_find_pages(act->txn, row->id, &pdf, error) ||
        !end_signings(act, &was_signed, error))
        return false;

    const char *const removed[] = { pdf_name, NULL };
    NskStoreFile file = { .name = xml_name, .content = xml };
    NskEvent event = *because;
    event.action = "content-unlocked";
    event.sentence = "Take number and pages out of the letter again";
    event.reason = NULL;
    event.kept = NSK_RECORD_LATER;
    event.files = &file;
    event.n_files = 1;
    event.removed = pdf != NULL ? removed : NULL;
    row->locked = false;
    g_clear_pointer(&row->number, g_free);
    g_clear_pointer(&row->letter_date, g_free);
    g_clear_pointer(&row->draft, g_free);
    if (!nsk_record(act, &event, error))
        return false;
    return !was_signed || nsk_void_number(act, because, because->reason, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The signature itself: of one letter, or of many in one confirmation (sign-step.c has its states).
 *
 * Each letter goes on from where it stands: one that has its answer is finished, one whose signer
 * was cut off has him asked first, and all the others are authorised together.  So who repeats a
 * command that was cut off, or half done, does the rest of it and nothing twice.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/sign-private.h"
#include "office/token-private.h"

#include <string.h>

/* --- What the signature is about. --------------------------------------------------------------
 */

/* Counts who has signed before. */
static bool
count_signatures(NskSignWork *work, NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    g_autoptr(GPtrArray) parts = nsk_route_load(txn, row->id, "signatory", error);

    for (guint i = 0; parts != NULL && i < parts->len; i++) {
        const NskRoutePart *part = g_ptr_array_index(parts, i);

        work->signed_before += part->done ? 1 : 0;
        work->n_signatories++;
    }
    return parts != NULL;
}

/* The stored pages must be the bytes that were shown, whatever the row says of them. */
static bool
read_shown_pages(NskSignWork *work, NskDbTxn *txn, GError **error)
{
    if (!nsk_office_find_pages(txn, work->letter, &work->pages, error))
        return false;
    if (work->pages != NULL) {
        NskJournalObject stored = nsk_describe_bytes("pdf", work->pages);

        if (memcmp(stored.sha256, work->shown, sizeof work->shown) == 0)
            return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("the stored pages of letter %s are not those that were shown; run 'naskah "
                       "doctor'"),
                work->letter);
    return false;
}

/* What the profile wants of this signature. */
static bool
ask_profile(NskSignWork *work, NskDbTxn *txn, const NskSignStep *step, GError **error)
{
    NskOffice *office = work->office;
    const NskLetterRow *row = step->duty->row;
    const NskProfile *profile =
        nsk_office_profile(office, txn, row->profile, row->profile_version, error);
    const NskKind *kind =
        profile != NULL ? nsk_office_kind(office, txn, row->kind, row->kind_version, error) : NULL;

    if (kind == NULL)
        return false;
    work->certifies = work->signed_before == 0 && nsk_profile_certifies(profile, kind);
    nsk_sign_look_load(work, profile, kind, step->signatory);
    return true;
}

/* What the signature will say, and where its try stands. */
static bool
take_step(NskSignWork *work, NskDbTxn *txn, NskSignStep *step, GError **error)
{
    g_autoptr(NskUnit) unit = nsk_directory_get_unit(txn, step->duty->row->unit, error);

    if (unit == NULL || !nsk_zone_offset(work->now, unit->zone, &work->offset_minutes, error))
        return false;
    work->letter = g_strdup(step->duty->row->id);
    work->key = g_strdup(step->duty->task->key);
    work->n = step->part->n;
    work->field = g_strdup(step->signing->field);
    work->state = g_strdup(step->signing->state);
    work->place = g_strdup(unit->place);
    work->name = g_strdup(step->signatory->person->name);
    work->session = g_steal_pointer(&step->session);
    work->is_saved = work->session != NULL;
    return count_signatures(work, txn, step->duty->row, error) &&
           ask_profile(work, txn, step, error) && read_shown_pages(work, txn, error) &&
           nsk_answer_find(txn, work->letter, work->n, &work->answer, error);
}

bool
nsk_sign_load(NskSignWork *work, bool *out_done, GError **error)
{
    g_auto(NskSignStep) step = { 0 };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);

    if (txn == NULL || !nsk_office_find_request(work->office, txn, out_done, &work->result, error))
        return false;
    return *out_done ||
           (nsk_sign_open_step(work, txn, &step, error) && take_step(work, txn, &step, error));
}

/* --- What began before. ------------------------------------------------------------------------
 */

static bool
is_state(const NskSignWork *work, const char *state, const char *other)
{
    return strcmp(work->state, state) == 0 || strcmp(work->state, other) == 0;
}

static bool
set_resting(const NskSignWork *work, GError **error)
{
    int64_t seconds = (work->session->again - work->now) / G_USEC_PER_SEC + 1;
    bool secret = strcmp(work->session->waits, "secret") == 0;

    g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                secret ? nsk_tr("too many wrong passphrases; try again in %lld seconds")
                       : nsk_tr("the signer is at work on this letter; look again in %lld seconds"),
                (long long)seconds);
    return false;
}

bool
nsk_sign_go_on(NskSignDesk *desk, NskSignWork *work, GError **error)
{
    bool rests = work->session != NULL && work->session->again > work->now;

    if (work->session == NULL)
        return true;
    if (is_state(work, "answered", "checked") && work->answer != NULL)
        return nsk_sign_finish(work, error);
    if (rests && strcmp(work->session->waits, "secret") == 0)
        return set_resting(work, error);
    if (nsk_sign_is_free(work, work->state))
        return true;
    if (nsk_sign_desk_is_here(desk)) {
        work->was_asked = true;
        return true;
    }
    if (rests && strcmp(work->state, "sent") == 0)
        return set_resting(work, error);
    if (!nsk_sign_ask(desk, work, error))
        return false;
    return work->answer == NULL || nsk_sign_finish(work, error);
}

/* --- One confirmation. -------------------------------------------------------------------------
 */

/* Brings each as far as it goes without the signatory; those that need him: owned, borrowed
 * elements. */
static GPtrArray *
list_ready(NskSignDesk *desk, NskSignWork *works, size_t n)
{
    GPtrArray *ready = g_ptr_array_new();

    for (size_t i = 0; i < n; i++) {
        NskSignWork *work = &works[i];

        if (work->error == NULL && work->result == NULL &&
            nsk_sign_go_on(desk, work, &work->error) && work->result == NULL)
            g_ptr_array_add(ready, work);
    }
    return ready;
}

static NskLocked *
lock_secret(const char *text, GError **error)
{
    return nsk_locked_new(text, strlen(text), error);
}

bool
nsk_sign_desk_fill(NskSignDesk *desk, const NskSignAct *act, GError **error)
{
    NskOffice *office = desk->office;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office->reader, error);

    desk->key_file = act->key;
    if (txn == NULL || !nsk_signer_of_person(txn, office->person, &desk->who, error))
        return false;
    if (act->key != NULL) {
        desk->who.kind = NSK_SIGNER_PKCS12;
        g_free(desk->who.name);
        desk->who.name = g_strdup("");
        g_clear_pointer(&desk->who.fingerprint, g_free);
    }
    if (act->passphrase != NULL && (desk->secret = lock_secret(act->passphrase, error)) == NULL)
        return false;
    return act->code == NULL || (desk->code = lock_secret(act->code, error)) != NULL;
}

/* Each letter is signed under a request id of its own, if the whole has one. */
static void
load_one(NskSignWork *work, const char *id, size_t n, size_t i)
{
    NskOffice *office = work->office;
    bool done = false;

    if (id != NULL)
        work->request = n == 1 ? g_strdup(id) : g_strdup_printf("%s.%zu", id, i);
    office->request_id = g_strdup(work->request);
    if (work->error == NULL)
        (void)nsk_sign_load(work, &done, &work->error);
    g_clear_pointer(&office->request_id, g_free);
}

bool
nsk_sign_run(NskOffice *office, const NskSignAct *act, NskSignWork *works, size_t n, GError **error)
{
    g_auto(NskSignDesk) desk = { .office = office };
    g_autofree char *id = g_steal_pointer(&office->request_id);

    for (size_t i = 0; i < n; i++)
        load_one(&works[i], id, n, i);
    if (!nsk_sign_desk_fill(&desk, act, error))
        return false;
    g_autoptr(GPtrArray) ready = list_ready(&desk, works, n);
    if (ready->len > 0)
        nsk_sign_desk_sign(&desk, ready);
    for (guint i = 0; i < ready->len; i++) {
        NskSignWork *work = g_ptr_array_index(ready, i);

        if (work->error == NULL && work->answer != NULL)
            (void)nsk_sign_finish(work, &work->error);
    }
    return true;
}

bool
nsk_do_sign_confirm(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskSignAct *act = arguments;
    g_auto(NskSignWork) work = { .office = self,
                                 .task = act->task,
                                 .batch = "",
                                 .now = nsk_clock_now(self->clock) };

    if (act->sha256 == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("it is not said which pages you saw; look at the pages again "
                                   "and sign those"));
        return false;
    }
    if (!nsk_unhex(act->sha256, work.shown, sizeof work.shown)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("--confirm takes the 64 hexadecimal digits that 'naskah task "
                                   "sign' printed with the pages"));
        return false;
    }
    if (!nsk_token_refuse_signing(self, error))
        return false;
    NSK_REQUEST(self, "sign-confirm", act->task, act->sha256);
    if (!nsk_sign_run(self, act, &work, 1, error))
        return false;
    if (work.error != NULL) {
        g_propagate_error(error, g_steal_pointer(&work.error));
        return nsk_explain_signed(self, act->task, error);
    }
    *out_result = nsk_office_read_answer(work.result, error);
    return *out_result != NULL;
}

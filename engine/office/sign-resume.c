/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signatures that a crash or an outage cut off.
 *
 * The signatory goes on with his own; the worker of a service with all whose time has come, in the
 * name of who said yes to the pages: his authority is checked again, and only what needs no secret
 * is done.  Where the signer knows nothing of it any more, the signatory has to confirm again.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/sign-private.h"
#include "office/token-private.h"

#include <string.h>

#define AT_ONCE 32 /* signatures gone on with in one round */

/* Whose pages wait is not asked: the row says which were shown. */
static bool
take_shown(NskSignWork *work, GError **error)
{
    g_auto(NskSignStep) step = { 0 };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);
    g_autoptr(NskDuty) duty =
        txn != NULL ? nsk_access_signature(work->office, txn, work->task, error) : NULL;
    g_autoptr(NskRoutePart) part = duty != NULL ? nsk_find_signatory(txn, duty, error) : NULL;

    if (part == NULL || !nsk_signing_find(txn, duty->row->id, part->n, &step.signing, error))
        return false;
    if (step.signing != NULL && step.signing->has_pdf)
        memcpy(work->shown, step.signing->pdf, sizeof work->shown);
    return true;
}

static bool
open_desk(NskSignDesk *desk, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(desk->office->reader, error);

    return txn != NULL && nsk_signer_of_person(txn, desk->office->person, &desk->who, error);
}

/* The signer was asked and has nothing: the signatory confirms again. */
static bool
expire(NskSignWork *work, GError **error)
{
    const NskSignTurn turn = { .state = "expired",
                               .action = "signature-expired",
                               .sentence = "The signer knows of no signature; it is to be given "
                                           "anew" };

    return !work->was_asked || nsk_sign_turn(work, &turn, error);
}

static NskJson *
describe(const NskSignWork *work)
{
    NskJson *result = nsk_json_object();

    nsk_json_set_text(result, "letter", work->letter);
    nsk_json_set_text(result, "task", work->task);
    nsk_json_set_text(result, "signing", work->state);
    return result;
}

bool
nsk_do_sign_resume(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskSignAct *act = arguments;
    bool done = false;
    g_auto(NskSignDesk) desk = { .office = self };
    g_auto(NskSignWork) work = { .office = self,
                                 .task = act->task,
                                 .batch = "",
                                 .now = nsk_clock_now(self->clock) };

    if (!nsk_token_refuse_signing(self, error))
        return false;
    NSK_REQUEST(self, "sign-resume", act->task);
    if (!take_shown(&work, error) || !nsk_sign_load(&work, &done, error))
        return nsk_explain_signed(self, act->task, error);
    work.request = g_steal_pointer(&self->request_id);
    if (!done &&
        (!open_desk(&desk, error) || !nsk_sign_go_on(&desk, &work, error) || !expire(&work, error)))
        return false;
    *out_result =
        work.result != NULL ? nsk_office_read_answer(work.result, error) : describe(&work);
    return *out_result != NULL;
}

bool
nsk_do_sign_cancel(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskSignAct *act = arguments;
    bool done = false;
    g_auto(NskSignWork) work = { .office = self,
                                 .task = act->task,
                                 .batch = "",
                                 .now = nsk_clock_now(self->clock) };
    NskSignTurn turn = { .state = "prepared",
                         .action = "signature-cancelled",
                         .sentence = "Give the signature up for now" };
    g_autofree char *id = g_steal_pointer(&self->request_id);

    if (!take_shown(&work, error) || !nsk_sign_load(&work, &done, error))
        return nsk_explain_signed(self, act->task, error);
    if (work.session == NULL || strcmp(work.state, "prepared") == 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                            nsk_tr("no signature of yours waits for its signer here"));
        return false;
    }
    turn.drops_answer = work.answer != NULL;
    if (!nsk_sign_turn(&work, &turn, error))
        return false;
    *out_result = describe(&work);
    return true;
}

/* --- By itself. --------------------------------------------------------------------------------
 */

/* What the worker needs to know of one. */
typedef struct {
    char *task;
    char *person;
} Due;

static void
due_clear(Due *self)
{
    g_free(self->task);
    g_free(self->person);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Due, due_clear)

/* The letter's open task of that signature; nothing is set if it has none any more. */
static bool
find_due(NskDbTxn *txn, const NskOpenSigning *open, Due *out_due, GError **error)
{
    g_autoptr(NskSigningRow) signing = NULL;
    g_autoptr(GPtrArray) tasks = nsk_task_list_letter(txn, open->letter, error);

    if (tasks == NULL || !nsk_signing_find(txn, open->letter, open->n, &signing, error))
        return false;
    for (guint i = 0; signing != NULL && i < tasks->len && out_due->task == NULL; i++) {
        const NskTaskRow *task = g_ptr_array_index(tasks, i);

        if (strcmp(task->role, "sign") != 0 ||
            !g_strv_contains((const char *const *)task->positions, signing->position))
            continue;
        out_due->task = g_strconcat(open->letter, "/", task->key, NULL);
        out_due->person = g_strdup(signing->person);
    }
    return true;
}

/* Goes on with one in its signatory's name. */
static bool
go_on_with(NskOffice *self, const Due *due, GError **error)
{
    const NskSignAct act = { .task = due->task };
    g_autofree char *before = self->person;
    const char *auth = self->auth;
    g_autoptr(NskJson) result = NULL;

    self->person = g_strdup(due->person);
    self->auth = "session"; /* what he said yes to with his own sign-in */
    bool ok = nsk_do_sign_resume(self, &act, &result, error);
    g_free(self->person);
    self->person = g_steal_pointer(&before);
    self->auth = auth;
    return ok;
}

typedef struct {
    const NskOpenSigning *signing;
    NskInstant now;
} Postponing;

static bool
apply_postpone(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Postponing *postponing = data;

    return nsk_signing_postpone(txn, postponing->signing, postponing->now, error);
}

static bool
is_stopping(const NskOffice *self)
{
    return self->service != NULL && nsk_office_service_is_stopping(self->service);
}

/* What could not be gone on with waits, and letter show says for what: it is no fault of the round.
 */
bool
nsk_office_run_signatures(NskOffice *self, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GPtrArray) list =
        txn != NULL ? nsk_signing_list_due(txn, nsk_clock_now(self->clock), AT_ONCE, error) : NULL;

    for (guint i = 0; list != NULL && i < list->len && !is_stopping(self); i++) {
        g_auto(Due) due = { 0 };
        g_autoptr(GError) fault = NULL;

        g_clear_pointer(&txn, nsk_db_snapshot_free);
        txn = nsk_db_snapshot(self->reader, error);
        if (txn == NULL || !find_due(txn, g_ptr_array_index(list, i), &due, error))
            return false;
        g_clear_pointer(&txn, nsk_db_snapshot_free);
        if (due.task != NULL ? go_on_with(self, &due, &fault)
                             : nsk_sign_fetch_late(self, g_ptr_array_index(list, i), &fault))
            continue;
        Postponing postponing = { g_ptr_array_index(list, i), nsk_clock_now(self->clock) };
        if (!nsk_office_commit(self, apply_postpone, &postponing, NULL, error))
            return false;
    }
    return list != NULL;
}

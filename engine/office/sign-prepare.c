/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Before a signature (architecture.md, invariant 5): one change locks the content and takes number
 * and letter date; the pages are rendered with no lock held; one change binds the pages.  A crash
 * in between repeats the rendering.  The signatory then sees exactly the bytes that are signed.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/message.h"
#include "office/copy-private.h"
#include "office/office-private.h"
#include "worker/worker.h"

#include <string.h>

typedef struct {
    NskOffice *office;
    const char *task;
    NskInstant now;
    char *version; /* the version that was rendered */
    GBytes *pdf;   /* its pages */
    char *answer;  /* what the signatory is told */
} Work;

static void
work_clear(Work *work)
{
    g_clear_pointer(&work->version, g_free);
    g_clear_pointer(&work->pdf, g_bytes_unref);
    g_clear_pointer(&work->answer, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

NskRoutePart *
nsk_find_signatory(NskDbTxn *txn, const NskDuty *duty, GError **error)
{
    g_autoptr(GPtrArray) parts = nsk_route_load(txn, duty->row->id, "signatory", error);

    for (guint i = 0; parts != NULL && i < parts->len; i++) {
        const NskRoutePart *part = g_ptr_array_index(parts, i);

        if (!part->done && strcmp(part->position, duty->position) == 0)
            return g_ptr_array_steal_index(parts, i);
    }
    if (parts != NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("'%s' has no signature left to give on this letter"), duty->position);
    return NULL;
}

NskSignatory *
nsk_check_signatory(const NskAct *act, const NskRoutePart *part, const char *person, GError **error)
{
    NskSignatoryQuery query = { .position = part->position,
                                .mandate = part->mandate[0] != '\0' ? part->mandate : NULL,
                                .kind = act->row->kind,
                                .person = person,
                                .date = act->today };
    NskSignatory *signatory = NULL;
    bool known = nsk_capacity_parse(part->capacity, &query.capacity);

    g_assert(known); /* the schema allows no other */
    return nsk_directory_check_signatory(act->txn, &query, &signatory, error) ? signatory : NULL;
}

bool
nsk_check_signing_person(NskDbTxn *txn,
                         const NskSigningRow *signing,
                         const NskSignatory *signatory,
                         GError **error)
{
    if (strcmp(signing->person, signatory->person->id) == 0)
        return true;
    g_autoptr(NskPerson) before = nsk_directory_get_person(txn, signing->person, NULL);
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("the pages were made for the signature of %s; return the letter to its "
                       "drafter, so that they are made anew with your name"),
                before != NULL ? before->printed : signing->person);
    return false;
}

NskDuty *
nsk_access_signature(NskOffice *office, NskDbTxn *txn, const char *task, GError **error)
{
    g_autoptr(NskDuty) duty = nsk_access_duty(office, txn, task, error);

    if (duty == NULL || !nsk_duty_check_kept(duty, error))
        return NULL;
    if (strcmp(duty->task->role, "sign") == 0)
        return g_steal_pointer(&duty);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the task '%s' is not a signature: use 'naskah task approve' or "
                       "'naskah task return'"),
                duty->task->name);
    return NULL;
}

static void
set_changed(GError **error)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("the letter changed while its pages were made; try again"));
}

/* A number that is taken before the signature comes with the workflow, not with the signatory. */
static bool
lock_letter(NskAct *act, const NskDuty *duty, const NskRoutePart *part, GError **error)
{
    bool at_signing;
    const NskLetterRow *row = act->row;
    NskEvent because = { .position = duty->position,
                         .capacity = nsk_capacity_name(duty->capacity),
                         .task = duty->task->key,
                         .state_from = row->state };

    if (!nsk_number_is_at_signing(act->office, act->txn, row, &at_signing, error))
        return false;
    if (!at_signing) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("letters of kind '%s' get their number before they are signed, and the "
                           "workflow '%s' has no service \"number\" before this signature; have it "
                           "added, or the series taken at signing"),
                    row->kind, row->workflow);
        return false;
    }
    return nsk_signing_reserve_others(act, part, error) &&
           nsk_number_take(act, part, &because, error);
}

/* Step (a). */
static bool
apply_reserve(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Work *work = data;
    g_autoptr(NskDuty) duty = nsk_access_signature(work->office, txn, work->task, error);
    g_autoptr(NskRoutePart) part = duty != NULL ? nsk_find_signatory(txn, duty, error) : NULL;

    if (part == NULL)
        return false;
    NskAct act = { work->office, txn, duty->row, work->now, duty->today, NULL };
    g_autoptr(NskSignatory) signatory =
        nsk_check_signatory(&act, part, work->office->person, error);
    /* who corrected it may have changed what it is a copy of */
    if (signatory == NULL || !nsk_copy_check(work->office, txn, duty->row, error) ||
        !nsk_signing_reserve(&act, signatory, part, error))
        return false;
    return duty->row->locked || lock_letter(&act, duty, part, error);
}

/* Step (b), with no lock held: the pages of the locked letter, or those that carry the signatures
 * before this one. */
static bool
make_pages(Work *work, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);
    g_autoptr(NskDuty) duty =
        txn != NULL ? nsk_access_signature(work->office, txn, work->task, error) : NULL;

    if (duty == NULL || !nsk_store_head(txn, duty->row->id, &work->version, NULL, error))
        return false;
    if (!nsk_office_find_pages(txn, duty->row->id, &work->pdf, error))
        return false;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    return work->pdf != NULL || nsk_office_render_letter(work->office, duty->row,
                                                         &(NskLetterForm){ 0 }, &work->pdf, error);
}

/* Pages that are there are never replaced: they may carry a signature. */
static bool
check_no_other_pages(const Work *work, NskDbTxn *txn, const NskDuty *duty, GError **error)
{
    g_autoptr(GBytes) stored = NULL;

    if (!nsk_office_find_pages(txn, duty->row->id, &stored, error))
        return false;
    if (stored == NULL || g_bytes_equal(stored, work->pdf))
        return true;
    set_changed(error);
    return false;
}

/* Step (c). */
static bool
bind_pages(Work *work, NskDbTxn *txn, GError **error)
{
    g_autoptr(NskSigningRow) signing = NULL;
    g_autofree char *head = NULL;
    NskJournalObject object = nsk_describe_bytes("pdf", work->pdf);
    g_autoptr(NskDuty) duty = nsk_access_signature(work->office, txn, work->task, error);
    g_autoptr(NskRoutePart) part = duty != NULL ? nsk_find_signatory(txn, duty, error) : NULL;

    if (part == NULL || !nsk_signing_find(txn, duty->row->id, part->n, &signing, error) ||
        !nsk_store_head(txn, duty->row->id, &head, NULL, error))
        return false;
    if (signing == NULL || strcmp(head, work->version) != 0) {
        set_changed(error);
        return false;
    }
    if (!check_no_other_pages(work, txn, duty, error))
        return false;
    if (strcmp(signing->state, "reserved") != 0)
        return true; /* bound before a crash: these are the same bytes */
    g_free(signing->state);
    signing->state = g_strdup("prepared");
    signing->has_pdf = true;
    memcpy(signing->pdf, object.sha256, sizeof signing->pdf);

    NskAct act = { work->office, txn, duty->row, work->now, duty->today, NULL };
    g_autofree char *name = nsk_office_file_name(duty->row->id, ".pdf");
    NskStoreFile file = { .name = name, .content = work->pdf };
    NskEvent event = { .action = "pages-frozen",
                       .sentence = "Freeze the pages for signing",
                       .position = duty->position,
                       .capacity = nsk_capacity_name(duty->capacity),
                       .task = duty->task->key,
                       .state_from = duty->row->state,
                       .files = &file,
                       .n_files = 1,
                       .objects = &object,
                       .n_objects = 1 };
    return nsk_signing_save(txn, duty->row->id, signing, work->now, error) &&
           nsk_record(&act, &event, error);
}

static bool
apply_bind(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Work *work = data;

    if (!bind_pages(work, txn, error))
        return false;
    *out_answer = g_strdup(work->answer);
    return true;
}

/* What the signatory is told before signing. */
static bool
describe(Work *work, GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];
    g_autoptr(NskWorkerInfo) info = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);
    g_autoptr(NskDuty) duty =
        txn != NULL ? nsk_access_signature(work->office, txn, work->task, error) : NULL;

    if (duty == NULL || !nsk_worker_info(work->pdf, NULL, &info, error))
        return false;
    nsk_sha256(g_bytes_get_data(work->pdf, NULL), g_bytes_get_size(work->pdf), digest);
    g_autofree char *hex = nsk_hex(digest, sizeof digest);
    g_autofree char *task = g_strdup_printf("%s/%s", duty->row->id, duty->task->key);
    g_autoptr(NskJson) result = nsk_json_object();
    nsk_json_set_text(result, "letter", duty->row->id);
    nsk_json_set_text(result, "task", task);
    nsk_json_set_text(result, "number", duty->row->number);
    nsk_json_set_text(result, "date", duty->row->letter_date);
    nsk_json_set_int(result, "pages", (int64_t)info->n_pages);
    nsk_json_set_text(result, "sha256", hex);
    work->answer = nsk_json_canonical(result);
    return true;
}

/* The signature that the person gave to the letter, a row, or NULL; a fault counts as none. */
static NskSigningRow *
find_own_signature(NskOffice *office, NskDbTxn *txn, const char *letter)
{
    for (int64_t n = 1;; n++) {
        g_autoptr(NskSigningRow) row = NULL;

        if (!nsk_signing_find(txn, letter, n, &row, NULL) || row == NULL)
            return NULL;
        if (strcmp(row->state, "stored") == 0 && strcmp(row->person, office->person) == 0)
            return g_steal_pointer(&row);
    }
}

NskSigningRow *
nsk_find_signed(NskOffice *office, const char *task, NskLetterRow **out_row)
{
    const char *slash = strchr(task, '/');
    g_autofree char *head = slash != NULL && strchr(slash, '#') != NULL
                                ? g_strndup(task, (size_t)(slash - task))
                                : g_strdup(task);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office->reader, NULL);

    *out_row = txn != NULL ? nsk_access_letter(office, txn, head, NULL) : NULL;
    return *out_row != NULL ? find_own_signature(office, txn, (*out_row)->id) : NULL;
}

bool
nsk_explain_signed(NskOffice *office, const char *task, GError **error)
{
    g_autoptr(NskLetterRow) row = NULL;
    g_autoptr(NskSigningRow) signing = NULL;

    if (error == NULL || !g_error_matches(*error, NSK_ERROR, NSK_ERROR_CONFLICT))
        return false;
    signing = nsk_find_signed(office, task, &row);
    if (signing == NULL)
        return false;
    g_clear_error(error);
    g_set_error(
        error, NSK_ERROR, NSK_ERROR_CONFLICT,
        nsk_tr("you have signed this letter already, as number %s; nothing is left to sign, "
               "see 'naskah letter show %s'"),
        row->number != NULL ? row->number : "-", row->id);
    return false;
}

/* The steps up to the last.  *out_done is set if the request was done before. */
static bool
begin(Work *work, char **out_answer, bool *out_done, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);

    if (txn == NULL || !nsk_office_find_request(work->office, txn, out_done, out_answer, error))
        return false;
    if (*out_done)
        return true;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    /* the request is answered by its last change; the one before it is a step on the way */
    g_autofree char *request_id = g_steal_pointer(&work->office->request_id);
    bool ok = nsk_office_commit(work->office, apply_reserve, work, NULL, error) &&
              NSK_FAULT("sign.reserved", error) && make_pages(work, error) &&
              NSK_FAULT("sign.rendered", error) && describe(work, error);
    work->office->request_id = g_steal_pointer(&request_id);
    return ok;
}

static bool
prepare(Work *work, NskJson **out_result, GError **error)
{
    g_autofree char *answer = NULL;
    bool done;

    if (!begin(work, &answer, &done, error))
        return false;
    if (!done && (!nsk_office_commit(work->office, apply_bind, work, &answer, error) ||
                  !NSK_FAULT("sign.bound", error)))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

bool
nsk_do_sign_prepare(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const char *task = ((const NskSignAct *)arguments)->task;
    g_auto(Work) work = { .office = self, .task = task, .now = nsk_clock_now(self->clock) };

    NSK_REQUEST(self, "sign-prepare", task);
    return prepare(&work, out_result, error) || nsk_explain_signed(self, task, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A letter that is signed on paper: its pages, with number and code, are made once and kept, so
 * that every copy that is printed is the same, and what comes back signed can be compared with it.
 * (What comes back: paper-scan.c.)
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/office-private.h"
#include "worker/worker.h"

#include <string.h>

typedef struct {
    NskOffice *office;
    const char *letter;
    NskInstant now;
    char *id;
    char *version; /* that was rendered */
    GBytes *pdf;   /* its pages */
} Work;

static void
work_clear(Work *work)
{
    g_free(work->id);
    g_free(work->version);
    g_clear_pointer(&work->pdf, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

bool
nsk_paper_is(NskOffice *office,
             NskDbTxn *txn,
             const NskLetterRow *row,
             bool *out_is,
             GError **error)
{
    const NskKind *kind = nsk_office_kind(office, txn, row->kind, row->kind_version, error);

    if (kind == NULL)
        return false;
    *out_is = nsk_kind_is_paper(kind);
    return true;
}

/* Whether there is something to print. */
static bool
check_ready(NskOffice *office, NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    bool is_paper;

    if (!nsk_paper_is(office, txn, row, &is_paper, error))
        return false;
    if (!is_paper) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("letters of kind '%s' are signed electronically; print what 'naskah "
                           "letter export' gives"),
                    row->kind);
        return false;
    }
    if (row->locked)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("letter %s has no number yet, so there is nothing to be signed on paper; "
                       "its state is '%s'"),
                row->id, nsk_office_word(row->state));
    return false;
}

/* The pages as they are, or made now with no lock held; *out_new: they are not stored yet. */
static bool
make_pages(Work *work, bool *out_new, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);
    g_autoptr(NskLetterRow) row =
        txn != NULL ? nsk_access_letter(work->office, txn, work->letter, error) : NULL;

    if (row == NULL || !check_ready(work->office, txn, row, error) ||
        !nsk_office_find_pages(txn, row->id, &work->pdf, error) ||
        !nsk_store_head(txn, row->id, &work->version, NULL, error))
        return false;
    work->id = g_strdup(row->id);
    *out_new = work->pdf == NULL;
    if (!*out_new)
        return true;
    /* whoever may read them may print them again; who makes them has to have a task of the letter
     */
    g_autoptr(NskDuty) duty = nsk_access_duty(work->office, txn, work->letter, error);
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    return duty != NULL &&
           nsk_office_render_letter(work->office, row, &(NskLetterForm){ 0 }, &work->pdf, error);
}

static bool
apply_freeze(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Work *work = data;
    g_autofree char *head = NULL;
    g_autoptr(NskDuty) duty = nsk_access_duty(work->office, txn, work->letter, error);

    if (duty == NULL || !nsk_store_head(txn, duty->row->id, &head, NULL, error))
        return false;
    if (strcmp(head, work->version) != 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                            nsk_tr("the letter changed while its pages were made; try again"));
        return false;
    }
    NskAct act = { work->office, txn, duty->row, work->now, duty->today, NULL };
    g_autofree char *name = nsk_office_file_name(duty->row->id, ".pdf");
    NskStoreFile file = { .name = name, .content = work->pdf };
    NskJournalObject object = nsk_describe_bytes("pdf", work->pdf);
    NskEvent event = { .action = "pages-frozen",
                       .sentence = "Freeze the pages for printing",
                       .position = duty->position,
                       .capacity = nsk_capacity_name(duty->capacity),
                       .task = duty->task->key,
                       .state_from = duty->row->state,
                       .files = &file,
                       .n_files = 1,
                       .objects = &object,
                       .n_objects = 1 };
    return nsk_record(&act, &event, error);
}

static bool
describe(const Work *work, NskJson **out_result, GError **error)
{
    g_autoptr(NskWorkerInfo) info = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_letter_row_load(txn, work->id, error) : NULL;

    if (row == NULL || !nsk_worker_info(work->pdf, NULL, &info, error))
        return false;
    NskJournalObject object = nsk_describe_bytes("pdf", work->pdf);
    g_autofree char *hex = nsk_hex(object.sha256, sizeof object.sha256);
    NskJson *result = nsk_json_object();
    nsk_json_set_text(result, "letter", row->id);
    nsk_json_set_text(result, "number", row->number);
    nsk_json_set_text(result, "date", row->letter_date);
    nsk_json_set_int(result, "pages", (int64_t)info->n_pages);
    nsk_json_set_text(result, "sha256", hex);
    *out_result = result;
    return true;
}

bool
nsk_do_letter_print(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    bool is_new;
    const char *letter = ((const NskPrint *)arguments)->letter;
    g_auto(Work) work = { .office = self, .letter = letter, .now = nsk_clock_now(self->clock) };

    NSK_REQUEST(self, "letter-print", letter);
    return make_pages(&work, &is_new, error) &&
           (!is_new || nsk_office_commit(self, apply_freeze, &work, NULL, error)) &&
           describe(&work, out_result, error);
}

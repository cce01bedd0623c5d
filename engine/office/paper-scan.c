/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What comes back signed on paper.
 *
 *     upload      the scan, "<id>.scan.pdf", lies beside the pages that were printed
 *     match       a second person found it to be them: it is "<id>.pdf" from now on, which is what
 *                 is sent; the signatures count, their field being NSK_PAPER_FIELD
 *     mismatch    it is made again
 *
 * No certificate vouches for such a signature, only the two people and the office's history: so a
 * scan by itself verifies as unsigned, with a word about what the office has of it.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/office-private.h"
#include "worker/worker.h"

#include <string.h>

#define SCAN_ENDING ".scan.pdf"

static const char sql_find_scan[] =
    "SELECT l.id, l.number, l.letter_date, s.person FROM signing s JOIN letter l ON l.id = s.letter"
    " WHERE s.pdf = $1 AND s.field = 'paper' AND s.state = 'stored' LIMIT 1";

typedef struct {
    NskOffice *office;
    const NskScan *scan;
    NskInstant now;
    NskStoreBlob *blob;
    NskJournalObject object;
    int64_t pages;
} Work;

static void
work_clear(Work *work)
{
    nsk_store_blob_unref(work->blob);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static bool
has_word(const char *words, const char *word)
{
    g_auto(GStrv) all = g_strsplit(words, " ", -1);

    return g_strv_contains((const char *const *)all, word);
}

/* The task that a scan ends. */
static NskDuty *
access_scan(NskOffice *office, NskDbTxn *txn, const char *task, GError **error)
{
    g_autoptr(NskDuty) duty = nsk_access_duty(office, txn, task, error);

    if (duty == NULL || !nsk_duty_check_kept(duty, error))
        return NULL;
    if (has_word(duty->task->outcomes, NSK_OUTCOME_UPLOAD))
        return g_steal_pointer(&duty);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the task '%s' waits for no scan; print the letter and have it signed "
                       "first"),
                duty->task->name);
    return NULL;
}

/* Whether the scan can be the pages that were printed. */
static bool
check_pages(const Work *work, NskDbTxn *txn, const char *id, GError **error)
{
    g_autoptr(GBytes) printed = NULL;
    g_autoptr(NskWorkerInfo) info = NULL;

    if (!nsk_office_find_pages(txn, id, &printed, error))
        return false;
    if (printed == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("letter %s was not printed yet; use 'naskah letter print'"), id);
        return false;
    }
    if (g_bytes_equal(printed, work->scan->pdf)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("this is the file that was printed, not a scan of what was "
                                   "signed"));
        return false;
    }
    if (!nsk_worker_info(printed, NULL, &info, error))
        return false;
    if (work->pages >= (int64_t)info->n_pages)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the scan has %d pages, but the letter was printed on %d; scan all of them"),
                (int)work->pages, (int)info->n_pages);
    return false;
}

/* *out_done: the request was done before, and *out_answer is its answer. */
static bool
look_first(Work *work, bool *out_done, char **out_answer, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);

    if (txn == NULL || !nsk_office_find_request(work->office, txn, out_done, out_answer, error))
        return false;
    if (*out_done)
        return true;
    g_autoptr(NskDuty) duty = access_scan(work->office, txn, work->scan->task, error);
    if (duty == NULL || !check_pages(work, txn, duty->row->id, error))
        return false;
    g_autofree char *name = nsk_office_file_name(duty->row->id, SCAN_ENDING);
    work->blob = nsk_store_prepare(txn, duty->row->id, name, work->scan->pdf, error);
    work->object = nsk_describe_bytes("scan", work->scan->pdf);
    return work->blob != NULL;
}

static void
fill_event(const NskDuty *duty, const NskJournalObject *object, NskEvent *event)
{
    event->position = duty->position;
    event->capacity = nsk_capacity_name(duty->capacity);
    event->objects = object;
    event->n_objects = 1;
}

static bool
apply_scan(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Work *work = data;
    g_autoptr(NskDuty) duty = access_scan(work->office, txn, work->scan->task, error);

    if (duty == NULL)
        return false;
    NskAct act = { work->office, txn, duty->row, work->now, duty->today, NULL };
    g_autofree char *before = g_strdup(duty->row->state);
    g_autofree char *name = nsk_office_file_name(duty->row->id, SCAN_ENDING);
    NskStoreFile file = { .name = name, .blob = work->blob };
    NskAdvance advance = { .flow_event = { .type = NSK_FLOW_COMPLETE,
                                           .key = duty->task->key,
                                           .outcome = NSK_OUTCOME_UPLOAD },
                           .person = work->office->person };
    advance.record = (NskEvent){ .action = "paper-scanned",
                                 .sentence = "Put in the scan of what was signed on paper",
                                 .task = duty->task->key,
                                 .state_from = before,
                                 .reason = work->scan->note,
                                 .files = &file,
                                 .n_files = 1 };
    fill_event(duty, &work->object, &advance.record);
    if (!nsk_advance(&act, &advance, error))
        return false;
    *out_answer = nsk_act_answer(&act, duty->task->key, NSK_OUTCOME_UPLOAD, error);
    return *out_answer != NULL;
}

static NskJson *
read_answer(const Work *work, const char *answer, GError **error)
{
    NskJson *result = nsk_office_read_answer(answer, error);

    if (result != NULL && work->pages > 0)
        nsk_json_set_int(result, "pages", work->pages);
    return result;
}

bool
nsk_do_task_scan(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskScan *scan = arguments;
    bool done = false;
    g_autofree char *answer = NULL;
    g_autofree char *digest = nsk_office_digest(self, scan->pdf);
    g_autoptr(NskWorkerInfo) info = NULL;
    g_auto(Work) work = { .office = self, .scan = scan, .now = nsk_clock_now(self->clock) };

    NSK_REQUEST(self, "task-scan", scan->task, digest);
    if (!nsk_worker_info(scan->pdf, NULL, &info, error)) {
        g_prefix_error(error, "%s", nsk_tr("the scan cannot be used: "));
        return false;
    }
    work.pages = (int64_t)info->n_pages;
    if (!look_first(&work, &done, &answer, error) ||
        (!done && !nsk_office_commit(self, apply_scan, &work, &answer, error)))
        return false;
    *out_result = read_answer(&work, answer, error);
    return *out_result != NULL;
}

/* --- The second person. ----------------------------------------------------------------------- */

bool
nsk_paper_needs_scan(const NskDuty *duty, const NskTaskAct *act)
{
    return strcmp(duty->task->role, "confirm") == 0 && strcmp(act->outcome, NSK_OUTCOME_MATCH) == 0;
}

NskStoreBlob *
nsk_paper_read_scan(NskDbTxn *txn, const NskDuty *duty, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *scan = nsk_office_file_name(duty->row->id, SCAN_ENDING);
    g_autofree char *pages = nsk_office_file_name(duty->row->id, ".pdf");
    g_autoptr(GBytes) pdf = nsk_store_read(txn, duty->row->id, NULL, scan, &fault);

    if (pdf != NULL)
        return nsk_store_prepare(txn, duty->row->id, pages, pdf, error);
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("letter %s has no scan that could be compared"), duty->row->id);
    else
        g_propagate_error(error, g_steal_pointer(&fault));
    return NULL;
}

/* All signatures are there, on paper. */
static bool
store_signings(NskAct *act, const NskJournalObject *object, GError **error)
{
    g_autoptr(GPtrArray) parts = nsk_route_load(act->txn, act->row->id, "signatory", error);

    for (guint i = 0; parts != NULL && i < parts->len; i++) {
        const NskRoutePart *part = g_ptr_array_index(parts, i);
        g_autoptr(NskSigningRow) row = NULL;

        if (!nsk_signing_find(act->txn, act->row->id, part->n, &row, error))
            return false;
        if (row == NULL) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                        nsk_tr("it is not known who is to sign letter %s; run 'naskah doctor'"),
                        act->row->id);
            return false;
        }
        g_free(row->state);
        g_free(row->field);
        row->state = g_strdup("stored");
        row->field = g_strdup(NSK_PAPER_FIELD);
        row->has_pdf = true;
        memcpy(row->pdf, object->sha256, sizeof row->pdf);
        if (!nsk_signing_save(act->txn, act->row->id, row, act->now, error))
            return false;
    }
    return parts != NULL;
}

bool
nsk_paper_confirm(NskAct *act,
                  const NskDuty *duty,
                  const NskTaskAct *done,
                  NskStoreBlob *scan,
                  char **out_answer,
                  GError **error)
{
    NskJournalObject object = { .kind = "pdf", .size = (int64_t)nsk_store_blob_get_size(scan) };
    g_autofree char *before = g_strdup(act->row->state);
    g_autofree char *pages = nsk_office_file_name(act->row->id, ".pdf");
    g_autofree char *name = nsk_office_file_name(act->row->id, SCAN_ENDING);
    const char *const removed[] = { name, NULL };
    NskStoreFile file = { .name = pages, .blob = scan };
    NskAdvance advance = { .flow_event = { .type = NSK_FLOW_COMPLETE,
                                           .key = duty->task->key,
                                           .outcome = done->outcome },
                           .person = act->office->person,
                           .state_if_done = "signed" };

    nsk_store_blob_digest(scan, object.sha256);
    advance.record = (NskEvent){ .action = "paper-signature-confirmed",
                                 .sentence = "Confirm the signature on paper",
                                 .task = duty->task->key,
                                 .state_from = before,
                                 .reason = done->note,
                                 .files = &file,
                                 .n_files = 1,
                                 .removed = removed };
    fill_event(duty, &object, &advance.record);
    g_autofree char *hex = nsk_hex(object.sha256, sizeof object.sha256);
    if (!store_signings(act, &object, error) ||
        !nsk_registry_bind(act->txn, act->row->id, hex, act->now, error) ||
        !nsk_advance(act, &advance, error))
        return false;
    *out_answer = nsk_act_answer(act, duty->task->key, done->outcome, error);
    return *out_answer != NULL;
}

/* --- What an office knows of a scan. ---------------------------------------------------------- */

bool
nsk_paper_find(const char *dir, const uint8_t *sha256, NskJson **out_found, GError **error)
{
    bool has_row = false;
    g_autofree char *path = nsk_office_path(dir, "office.db");

    *out_found = NULL;
    /* a folder with nothing but certificates vouches for signatures as well */
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return true;
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, error);
    g_autoptr(NskDbTxn) txn = db != NULL ? nsk_db_snapshot(db, error) : NULL;
    g_autoptr(NskDbRows) rows =
        txn != NULL ? nsk_db_query(txn, sql_find_scan,
                                   NSK_DB_PARAMS(NSK_DB_BLOB(sha256, NSK_SHA256_SIZE)), error)
                    : NULL;

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (!has_row)
        return true;
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, nsk_db_rows_text(rows, 3), NULL);
    NskJson *found = nsk_json_object();
    nsk_json_set_text(found, "letter", nsk_db_rows_text(rows, 0));
    nsk_json_set_text(found, "number", nsk_db_rows_text(rows, 1));
    nsk_json_set_text(found, "date", nsk_db_rows_text(rows, 2));
    nsk_json_set_text(found, "signatory",
                      person != NULL ? person->printed : nsk_db_rows_text(rows, 3));
    *out_found = found;
    return true;
}

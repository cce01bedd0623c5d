/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many signatures in one confirmation.
 *
 * The signatory is shown the digest of each letter's pages, and one of all of them; that one is
 * what he confirms.  Before the first signature the pages of all are looked at again: if a letter
 * came or went, or its pages are others, nothing is signed.  Letters of it that are signed already
 * count as they were shown: who repeats a confirmation that was cut off does the rest of it.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/sign-private.h"
#include "office/token-private.h"

#include <string.h>

/* What became of one of them; takes over @result. */
static NskJson *
make_item(const char *task, NskJson *result, const GError *fault)
{
    NskJson *item = nsk_json_object();

    nsk_json_set_text(item, "task", task);
    if (result != NULL) {
        nsk_json_set(item, "result", result);
        return item;
    }
    nsk_json_set_int(item, "code", fault->code);
    nsk_json_set_text(item, "error", fault->message);
    return item;
}

static NskJson *
make_answer(NskJson *results, int64_t failed, const char *digest)
{
    NskJson *answer = nsk_json_object();

    nsk_json_set_text(answer, "digest", digest);
    nsk_json_set(answer, "results", results);
    nsk_json_set_int(answer, "failed", failed);
    return answer;
}

bool
nsk_office_sign_prepare_all(NskOffice *self,
                            const char *const *tasks,
                            size_t n,
                            NskJson **out_result,
                            GError **error)
{
    int64_t failed = 0;
    NskJson *results = nsk_json_array();
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    if (!nsk_office_set_request(self, NULL, error)) {
        nsk_json_unref(results);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        NskJson *result = NULL;
        g_autoptr(GError) fault = NULL;

        if (nsk_office_sign_prepare(self, tasks[i], &result, &fault)) {
            g_autofree char *line = g_strdup_printf("%s %s\n", nsk_json_get_text(result, "letter"),
                                                    nsk_json_get_text(result, "sha256"));

            g_checksum_update(sum, (const guchar *)line, -1);
        } else {
            failed++;
        }
        nsk_json_add(results, make_item(tasks[i], result, fault));
    }
    *out_result = make_answer(results, failed, failed == 0 ? g_checksum_get_string(sum) : NULL);
    return true;
}

/* --- Signing. ----------------------------------------------------------------------------------
 */

/* The letters of one confirmation. */
typedef struct {
    NskOffice *office;
    char **tasks;
    size_t n;
    NskSignWork *works;
    bool *is_done;  /* signed in a confirmation before this one */
    char **letters; /* ids */
} Batch;

static void
batch_clear(Batch *self)
{
    for (size_t i = 0; i < self->n; i++) {
        nsk_sign_work_clear(&self->works[i]);
        g_free(self->letters[i]);
    }
    g_free(self->works);
    g_free(self->is_done);
    g_free(self->letters);
    g_strfreev(self->tasks);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Batch, batch_clear)

/* The pages of one, and those that were signed by it if it is signed already. */
static bool
look_at(Batch *batch, size_t i, GError **error)
{
    NskOffice *office = batch->office;
    const NskSignAct act = { .task = batch->tasks[i] };
    g_autoptr(NskJson) shown = NULL;
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskLetterRow) row = NULL;
    NskSignWork *work = &batch->works[i];

    *work = (NskSignWork){ .office = office,
                           .task = batch->tasks[i],
                           .now = nsk_clock_now(office->clock) };
    if (nsk_do_sign_prepare(office, &act, &shown, &fault)) {
        batch->letters[i] = g_strdup(nsk_json_get_text(shown, "letter"));
        return nsk_unhex(nsk_json_get_text(shown, "sha256"), work->shown, sizeof work->shown);
    }
    g_autoptr(NskSigningRow) signing = nsk_find_signed(office, batch->tasks[i], &row);
    if (signing == NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    batch->is_done[i] = true;
    batch->letters[i] = g_strdup(row->id);
    memcpy(work->shown, signing->pdf, sizeof work->shown);
    return true;
}

/* Whether each letter is there once, and its pages are those that were shown. */
static bool
check_shown(Batch *batch, const char *digest, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    bool once = true, looked = true;
    g_autoptr(GError) fault = NULL;

    for (size_t i = 0; i < batch->n && looked; i++) {
        looked = look_at(batch, i, &fault);
        if (!looked)
            break;
        g_autofree char *hex = nsk_hex(batch->works[i].shown, sizeof batch->works[i].shown);
        g_autofree char *line = g_strdup_printf("%s %s\n", batch->letters[i], hex);
        g_checksum_update(sum, (const guchar *)line, -1);
        once = g_hash_table_add(seen, batch->letters[i]) && once;
    }
    if (looked && once && g_strcmp0(g_checksum_get_string(sum), digest) == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("nothing was signed: the letters or their pages are not those that "
                       "you were shown; look at them again%s%s"),
                fault != NULL ? ": " : "", fault != NULL ? fault->message : "");
    return false;
}

/* Signs those that are not signed yet. */
static bool
sign_rest(Batch *batch, const NskSignBatch *asked, GError **error)
{
    const NskSignAct act = { .key = asked->key,
                             .passphrase = asked->passphrase,
                             .code = asked->code };
    g_autofree NskSignWork *rest = g_new0(NskSignWork, batch->n);
    size_t n = 0;

    for (size_t i = 0; i < batch->n; i++) {
        batch->works[i].batch = asked->sha256;
        if (!batch->is_done[i])
            rest[n++] = batch->works[i];
    }
    bool ok = nsk_sign_run(batch->office, &act, rest, n, error);
    n = 0;
    for (size_t i = 0; i < batch->n; i++) {
        if (!batch->is_done[i])
            batch->works[i] = rest[n++];
    }
    return ok;
}

/* What became of each. */
static NskJson *
list_results(const Batch *batch, int64_t *out_failed, GError **error)
{
    NskJson *list = nsk_json_array();

    for (size_t i = 0; i < batch->n; i++) {
        const NskSignWork *work = &batch->works[i];
        NskJson *result = NULL;

        if (batch->is_done[i]) {
            result = nsk_json_object();
            nsk_json_set_text(result, "letter", batch->letters[i]);
            nsk_json_set_bool(result, "already", true);
        } else if (work->result != NULL) {
            result = nsk_office_read_answer(work->result, error);
            if (result == NULL) {
                nsk_json_unref(list);
                return NULL;
            }
        } else {
            *out_failed += 1;
        }
        nsk_json_add(list, make_item(batch->tasks[i], result, work->error));
    }
    return list;
}

static bool
begin_batch(Batch *batch, NskOffice *office, const char *tasks, GError **error)
{
    batch->office = office;
    batch->tasks = g_strsplit(tasks, "\n", -1);
    batch->n = g_strv_length(batch->tasks);
    batch->works = g_new0(NskSignWork, batch->n);
    batch->is_done = g_new0(bool, batch->n);
    batch->letters = g_new0(char *, batch->n);
    if (batch->n >= 1 && batch->n <= NSK_LIMIT_SIGNER_BATCH)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("one confirmation signs 1 to %d letters; confirm the others apart"),
                NSK_LIMIT_SIGNER_BATCH);
    return false;
}

bool
nsk_do_sign_batch(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskSignBatch *asked = arguments;
    int64_t failed = 0;
    g_auto(Batch) batch = { 0 };
    g_autofree char *id = g_steal_pointer(&self->request_id);

    if (!nsk_token_refuse_signing(self, error) || !begin_batch(&batch, self, asked->tasks, error) ||
        !check_shown(&batch, asked->sha256, error))
        return false;
    self->request_id = g_steal_pointer(&id);
    NSK_REQUEST(self, "sign-batch", asked->tasks, asked->sha256);
    if (!sign_rest(&batch, asked, error))
        return false;
    NskJson *results = list_results(&batch, &failed, error);
    if (results == NULL)
        return false;
    *out_result = make_answer(results, failed, asked->sha256);
    return true;
}

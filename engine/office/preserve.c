/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signatures that last (ETSI EN 319 142-1): what a signed letter needs to be judged when its
 * certificates have ended is fetched and put into it by the office itself, after the signature.
 *
 *     B, T -> LT     the status of every certificate, as of after the time stamp
 *     LT   -> LTA    a time stamp over all of that; anew some months before its own
 *                    authority's certificate ends
 *
 * Each step is an update behind what is there, checked as a whole before it is stored.  What cannot
 * be fetched now is tried again after a pause, which grows; meanwhile the letter is as good as its
 * level says, and doctor and letter show tell it.
 */
#include "base/fault.h"
#include "base/message.h"
#include "office/preserve-private.h"

#include <string.h>

#define PART       "naskah-preserve" /* who acts, in journal and history */
#define AT_ONCE    8                 /* letters of one round */
#define MINUTE     ((int64_t)60 * G_USEC_PER_SEC)
#define DAY        (24 * 60 * MINUTE)
#define RENEW_DAYS 180 /* before the authority's certificate ends */
#define MOST_TURNS 8   /* of looking what is missing: each brings certificates of its own */

typedef struct {
    NskOffice *office;
    NskPreservation *row; /* borrowed */
    NskInstant now;
    NskStampSource source;
    NskTrust *trust;
    GBytes *before; /* the letter as it is */
    GBytes *pdf;    /* as it becomes */
    const char *level;
    NskInstant renew;
    char *authority;
} Work;

static void
work_clear(Work *self)
{
    nsk_stamp_source_clear(&self->source);
    g_clear_pointer(&self->trust, nsk_trust_free);
    g_clear_pointer(&self->before, g_bytes_unref);
    g_clear_pointer(&self->pdf, g_bytes_unref);
    g_free(self->authority);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static void
take_pdf(Work *work, GBytes *pdf)
{
    g_clear_pointer(&work->pdf, g_bytes_unref);
    work->pdf = pdf;
}

/* --- What is fetched. --------------------------------------------------------------------------
 */

static bool
fetch_missing(const Work *work, const GPtrArray *missing, NskEvidence *evidence, GError **error)
{
    const NskFetch fetch = { .hosts = (const char *const *)work->source.hosts,
                             .ca = work->source.ca };

    for (guint i = 0; i < missing->len; i++) {
        const NskSignMissing *one = g_ptr_array_index(missing, i);

        if (!nsk_fetch_status(&fetch, one->cert, one->issuer, evidence, error))
            return false;
    }
    return true;
}

/* From B or T to LT; also what is needed before a renewal. */
static bool
add_validation(Work *work, GError **error)
{
    g_autoptr(NskEvidence) evidence = nsk_evidence_new();
    g_autoptr(GError) fault = NULL;

    for (int turn = 0;; turn++) {
        g_autoptr(GPtrArray) missing =
            nsk_sign_list_missing(work->pdf, work->trust, evidence, work->now, error);

        if (missing == NULL)
            return false;
        if (missing->len == 0)
            break;
        if (turn == MOST_TURNS) {
            g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                                nsk_tr("the authorities' answers do not tell the status of their "
                                       "own certificates"));
            return false;
        }
        if (!fetch_missing(work, missing, evidence, error))
            return false;
    }
    GBytes *pdf = nsk_sign_add_validation(work->pdf, evidence, &fault);
    if (pdf != NULL)
        take_pdf(work, pdf);
    else if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    work->level = "LT"; /* nothing that was new: it has all */
    return true;
}

/* From LT to LTA. */
static bool
add_time_stamp(Work *work, GError **error)
{
    g_autoptr(NskSigning) signing = nsk_sign_prepare_time_stamp(work->pdf, error);
    g_autoptr(GBytes) token =
        signing != NULL
            ? nsk_stamp_source_ask(&work->source, nsk_signing_get_digest(signing), error)
            : NULL;
    GBytes *pdf = token != NULL ? nsk_sign_complete(signing, token, error) : NULL;

    if (pdf == NULL)
        return false;
    take_pdf(work, pdf);
    work->level = "LTA";
    return true;
}

/* What the verifier found first against a signature; "" if it says nothing.  Borrowed. */
static const char *
find_reason(const NskVerdict *verdict)
{
    for (guint i = 0; i < verdict->signatures->len; i++) {
        const NskSignature *one = g_ptr_array_index(verdict->signatures, i);

        if (!one->trusted && one->issues->len > 0)
            return ((const NskIssue *)g_ptr_array_index(one->issues, 0))->text;
    }
    return "";
}

/* The whole must hold before it takes the letter's place. */
static bool
judge(Work *work, GError **error)
{
    g_autoptr(NskVerdict) verdict = NULL;
    size_t size = g_bytes_get_size(work->before);

    if (!nsk_sign_verify(work->pdf, work->trust, work->now, &verdict, error))
        return false;
    if (verdict->result != NSK_VERDICT_VALID || g_bytes_get_size(work->pdf) < size ||
        memcmp(g_bytes_get_data(work->pdf, NULL), g_bytes_get_data(work->before, NULL), size) !=
            0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("the letter would not hold with what was fetched: %s"),
                    find_reason(verdict));
        return false;
    }
    work->renew = verdict->renew_before;
    for (guint i = 0; i < verdict->signatures->len; i++) {
        const NskSignature *one = g_ptr_array_index(verdict->signatures, i);

        if (!one->is_time_stamp || one->signer == NULL)
            continue;
        g_free(work->authority);
        work->authority = nsk_cert_to_pem(one->signer);
    }
    return true;
}

static bool
extend(Work *work, GError **error)
{
    bool wants_stamp = strcmp(work->row->wanted, "LTA") == 0;

    work->level = work->row->level;
    if (!add_validation(work, error) || (wants_stamp && !add_time_stamp(work, error)))
        return false;
    return judge(work, error);
}

/* --- Storing. ----------------------------------------------------------------------------------
 */

/* When to look again: some months before the end, or never. */
static NskInstant
next_due(const Work *work)
{
    if (strcmp(work->row->wanted, "LTA") != 0)
        return 0;
    return MAX(work->renew - RENEW_DAYS * DAY, work->now + DAY);
}

static bool
save_row(const Work *work, NskDbTxn *txn, GError **error)
{
    NskPreservation row = *work->row;

    row.level = (char *)(uintptr_t)work->level;
    row.due = next_due(work);
    row.renew = work->renew;
    row.tries = 0;
    row.fault = (char[]){ "" };
    if (work->authority != NULL)
        row.authority = work->authority;
    return nsk_preservation_save(txn, &row, error);
}

static bool
apply_extend(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Work *work = data;
    NskDate today;
    g_autoptr(GBytes) stored = NULL;
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(txn, work->row->letter, error);

    if (row == NULL || !nsk_office_today(txn, row->unit, work->now, &today, error) ||
        !nsk_office_find_pages(txn, row->id, &stored, error))
        return false;
    if (stored == NULL || !g_bytes_equal(stored, work->before)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                            nsk_tr("the letter changed meanwhile"));
        return false;
    }
    NskAct act = { work->office, txn, row, work->now, today, PART };
    g_autofree char *name = nsk_office_file_name(row->id, ".pdf");
    NskStoreFile file = { .name = name, .content = work->pdf };
    NskJournalObject object = nsk_describe_bytes("pdf", work->pdf);
    NskEvent event = { .action = "signature-extended",
                       .sentence = "Add what proves the signatures to the letter",
                       .state_from = row->state,
                       .kept = NSK_RECORD_SAME,
                       .files = &file,
                       .n_files = 1,
                       .objects = &object,
                       .n_objects = 1 };
    return nsk_record(&act, &event, error) && save_row(work, txn, error) &&
           nsk_publish_again(&act, error);
}

/* --- One letter. -------------------------------------------------------------------------------
 */

typedef struct {
    const NskPreservation *row;
    NskInstant now;
    const char *fault;
} Failing;

static bool
apply_failed(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Failing *failing = data;
    NskPreservation row = *failing->row;

    row.due = failing->now + MIN(MINUTE << MIN(row.tries, 11), DAY);
    row.tries++;
    row.fault = (char *)(uintptr_t)failing->fault;
    return nsk_preservation_save(txn, &row, error);
}

static bool
load(Work *work, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);

    if (txn == NULL || !nsk_stamp_source_load(txn, &work->source, error) ||
        !nsk_office_find_pages(txn, work->row->letter, &work->before, error))
        return false;
    if (work->before == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("the letter has no signed pages"));
        return false;
    }
    work->pdf = g_bytes_ref(work->before);
    work->trust = nsk_office_load_trust(work->office->dir, NULL, error);
    return work->trust != NULL;
}

/* *out_done: whether it was; why not stands in its row. */
static bool
preserve(NskOffice *self, NskPreservation *row, bool *out_done, GError **error)
{
    g_auto(Work) work = { .office = self, .row = row, .now = nsk_clock_now(self->clock) };
    g_autoptr(GError) fault = NULL;

    if (load(&work, &fault) && extend(&work, &fault) && NSK_FAULT("preserve.made", &fault) &&
        nsk_office_commit(self, apply_extend, &work, NULL, &fault)) {
        *out_done = true;
        return NSK_FAULT("preserve.stored", error);
    }
    Failing failing = { row, work.now, fault->message };
    return nsk_office_commit(self, apply_failed, &failing, NULL, error);
}

/* A service that ends does not wait for authorities. */
static bool
is_stopping(const NskOffice *self)
{
    return self->service != NULL && nsk_office_service_is_stopping(self->service);
}

/* What fails is kept with its letter, for doctor and letter show, and is no fault of the round; an
 * authority that is away is not asked for the other letters, too. */
bool
nsk_office_run_preservation(NskOffice *self, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GPtrArray) list =
        txn != NULL ? nsk_preservation_list_due(txn, nsk_clock_now(self->clock), AT_ONCE, error)
                    : NULL;

    g_clear_pointer(&txn, nsk_db_snapshot_free);
    for (guint i = 0; list != NULL && i < list->len && !is_stopping(self); i++) {
        bool done = false;

        if (!preserve(self, g_ptr_array_index(list, i), &done, error))
            return false;
        if (!done)
            break;
    }
    return list != NULL;
}

/* --- For others. -------------------------------------------------------------------------------
 */

bool
nsk_preserve_level(NskOffice *office,
                   NskDbTxn *txn,
                   const NskLetterRow *row,
                   const char **out_level,
                   GError **error)
{
    static const char *const levels[] = { "B", "T", "LT", "LTA" };
    const NskProfile *profile =
        nsk_office_profile(office, txn, row->profile, row->profile_version, error);
    const NskKind *kind =
        profile != NULL ? nsk_office_kind(office, txn, row->kind, row->kind_version, error) : NULL;

    if (kind == NULL)
        return false;
    *out_level = levels[0];
    for (size_t i = 0; i < G_N_ELEMENTS(levels); i++) {
        if (strcmp(nsk_profile_get_signing_level(profile, kind), levels[i]) == 0)
            *out_level = levels[i];
    }
    return true;
}

bool
nsk_preserve_begin(NskAct *act, const char *level, GError **error)
{
    bool lasting = strcmp(level, "LT") == 0 || strcmp(level, "LTA") == 0;
    NskPreservation row = { .letter = act->row->id,
                            .wanted = (char *)(uintptr_t)level,
                            .level = (char[]){ "T" },
                            .due = act->now,
                            .fault = (char[]){ "" },
                            .authority = (char[]){ "" } };

    return !lasting || nsk_preservation_save(act->txn, &row, error);
}

bool
nsk_preserve_show(NskDbTxn *txn, const char *letter, NskJson *result, GError **error)
{
    g_autoptr(NskPreservation) row = NULL;

    if (!nsk_preservation_find(txn, letter, &row, error))
        return false;
    if (row == NULL)
        return true;
    g_autofree char *due = row->due != 0 ? nsk_instant_format(row->due) : NULL;
    g_autofree char *renew = row->renew != 0 ? nsk_instant_format(row->renew) : NULL;
    NskJson *json = nsk_json_object();
    nsk_json_set_text(json, "wanted", row->wanted);
    nsk_json_set_text(json, "level", row->level);
    nsk_json_set_text(json, "due", due);
    nsk_json_set_text(json, "renew_before", renew);
    nsk_json_set_int(json, "tries", row->tries);
    nsk_json_set_text(json, "fault", row->fault);
    nsk_json_set(result, "preservation", json);
    return true;
}

bool
nsk_preserve_check(NskDbTxn *txn, NskIssues *issues, GError **error)
{
    g_autoptr(GPtrArray) list = nsk_preservation_list_failing(txn, 100, error);

    for (guint i = 0; list != NULL && i < list->len; i++) {
        const NskPreservation *row = g_ptr_array_index(list, i);
        g_autofree char *letter = g_strdup(row->letter);
        NskIssue place = { "signature-not-lasting", NSK_SEVERITY_WARNING, letter, 0, 0, NULL };

        nsk_issues_add(issues, &place,
                       nsk_tr("the signature is of level %s and was to be of %s; %d tries in vain "
                              "(%s); it is tried again by itself"),
                       row->level, row->wanted, (int)row->tries, row->fault);
    }
    return list != NULL;
}

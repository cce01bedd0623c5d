/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making every index table again from git objects and journal (architecture.md, section 2).
 *
 * INVARIANTS
 *   (1) All of it is one change: a kill leaves the rows that were there, or those that are right.
 *   (2) Nothing is read as true before it was checked: objects by their hashes, entries by their
 *       chain, versions and entries by each other.
 *   (3) A damaged letter is never dropped from the index, since its number would be given again:
 *       either nothing is replaced, or, if the caller asks for it, its rows stay as they are.
 *   (4) What is kept by backup alone is not touched: object, head, journal, journal_text, account,
 *       request, outbox, signing_answer, _session, _evidence, signer, signer_key, login and its
 *       like, session.  Rows of blob are added, never taken away.
 */
#include "base/fault.h"
#include "base/message.h"
#include "office/rebuild-private.h"

#include <string.h>

static const char sql_list_histories[] = "SELECT letter FROM head ORDER BY letter";
static const char sql_lost_heads[] =
    "SELECT DISTINCT letter FROM journal j WHERE NOT EXISTS"
    " (SELECT 1 FROM head h WHERE h.letter = j.letter) AND letter <> $1"
    " AND letter <> $2 ORDER BY letter";
/* Rows of the letters in the JSON array $1 stay.  What refers to others goes first. */
static const char *const empty_letters[] = {
    "DELETE FROM letter_external WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM letter_batch WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM delivery WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM notice WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM term_span WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM term_clock WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM wait WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM incident WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM message WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM reader_copy WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM reading WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM letter_note WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM disposition_receiver WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM disposition WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM letter_link WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM inbox WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM reader WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM route WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM signing WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM paraf WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM task WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM incoming_band WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM incoming WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM letter WHERE id NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM residual WHERE letter NOT IN (SELECT value FROM json_each($1))",
    "DELETE FROM register_entry WHERE substr(letter, 1, 36) NOT IN (SELECT value FROM "
    "json_each($1))",
    "DELETE FROM register_counter WHERE NOT EXISTS (SELECT 1 FROM register_entry e,"
    " json_each($1) kept WHERE substr(e.letter, 1, 36) = kept.value AND e.unit = "
    "register_counter.unit"
    " AND e.series = register_counter.series AND e.scope = register_counter.scope)",
};
static const char *const empty_office[] = {
    "DELETE FROM loan",          "DELETE FROM disposal_blob", "DELETE FROM disposal_opinion",
    "DELETE FROM disposal_item", "DELETE FROM disposal",      "DELETE FROM berkas_hold",
    "DELETE FROM berkas_item",   "DELETE FROM berkas",        "DELETE FROM handover_item",
    "DELETE FROM handover",      "DELETE FROM register_skip", "DELETE FROM rule",
    "DELETE FROM setting",
};
/* nothing below what letters and paper hold is free */
static const char sql_set_counters[] =
    "UPDATE register_counter AS c SET last_seq = max(last_seq,"
    " coalesce((SELECT max(seq) FROM register_entry e"
    "  WHERE e.unit = c.unit AND e.series = c.series AND e.scope = c.scope), 0),"
    " coalesce((SELECT max(to_seq) FROM register_skip s"
    "  WHERE s.unit = c.unit AND s.series = c.series AND s.scope = c.scope), 0))";

typedef struct {
    const NskRebuildOptions *options;
    NskIssues *issues;
    GPtrArray *histories; /* ids of letters and of histories of the office */
    GPtrArray *damaged;   /* borrowed from it, in order */
    GHashTable *damaged_set;
    int64_t done; /* steps, of two for each history */
} Work;

static void
work_clear(Work *work)
{
    g_clear_pointer(&work->damaged_set, g_hash_table_unref);
    g_clear_pointer(&work->damaged, g_ptr_array_unref);
    g_clear_pointer(&work->histories, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static void
tell(Work *work, const char *what)
{
    work->done++;
    if (work->options->progress != NULL)
        work->options->progress(what, work->done, 2 * (int64_t)work->histories->len,
                                work->options->progress_data);
}

static bool
is_letter(const char *history)
{
    return strchr(history, '/') == NULL;
}

/* --- First: is everything there, and what was written? ---------------------------------------- */

static void
report(NskIssues *issues, char *history, const char *words)
{
    NskIssue place = { "rebuild-source", NSK_SEVERITY_ERROR, history, 0, 0, NULL };

    nsk_issues_add(issues, &place, "%s", words);
}

static void
add_damaged(Work *work, char *history)
{
    g_ptr_array_add(work->damaged, history);
    (void)g_hash_table_add(work->damaged_set, history);
}

/* Whether the fault is of what was read, and not of the reading. */
static bool
is_damage(const GError *fault)
{
    return g_error_matches(fault, NSK_ERROR, NSK_ERROR_CORRUPT) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_UNTRUSTED) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND);
}

/* A history of the office: what it says is read when its rows are made. */
static bool
read_office_history(NskDbTxn *txn, const char *history, GError **error)
{
    g_autoptr(GPtrArray) entries = nsk_journal_read(txn, history, error);

    return entries != NULL && nsk_history_check_end(txn, history, entries, error);
}

static bool
check_history(Work *work, NskDbTxn *txn, char *history, GError **error)
{
    guint before = work->issues->len;
    g_auto(NskLetterSources) sources = { 0 };
    g_autoptr(GError) fault = NULL;

    /* before the check, which finds a file that is not noted to be missing */
    if (!nsk_store_note_blobs(txn, history, error) ||
        !nsk_store_check(txn, history, work->issues, error))
        return false;
    if (!(is_letter(history) ? nsk_letter_sources_read(txn, history, &sources, &fault)
                             : read_office_history(txn, history, &fault))) {
        if (!is_damage(fault)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        report(work->issues, history, fault->message);
    }
    if (work->issues->len > before)
        add_damaged(work, history);
    return true;
}

static bool
check_histories(Work *work, NskDbTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) lost = nsk_db_list_texts(
        txn, sql_lost_heads,
        NSK_DB_PARAMS(NSK_DB_TEXT(NSK_DOOR_HISTORY), NSK_DB_TEXT(NSK_LOG_HISTORY)), error);

    if (lost == NULL)
        return false;
    for (guint i = 0; i < work->histories->len; i++) {
        if (!check_history(work, txn, g_ptr_array_index(work->histories, i), error))
            return false;
        tell(work, N_("checking histories"));
    }
    for (guint i = 0; i < lost->len; i++) {
        char *history = g_strdup(g_ptr_array_index(lost, i));

        g_ptr_array_add(work->histories, history);
        add_damaged(work, history);
        report(work->issues, history, nsk_tr("it has journal entries, but its versions are gone"));
    }
    return true;
}

/* Whether to go on with what was found. */
static bool
judge(const Work *work, GError **error)
{
    for (guint i = 0; i < work->damaged->len; i++) {
        const char *history = g_ptr_array_index(work->damaged, i);

        if (!is_letter(history)) {
            g_set_error(
                error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("the history '%s' of the office is damaged, so nothing was replaced; "
                       "restore the last good backup"),
                history);
            return false;
        }
    }
    if (work->damaged->len == 0 || work->options->skip_damaged)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("%u letters are damaged, the first is %s, so nothing was replaced; restore "
                       "the last good backup, or leave the rows of these letters as they are with "
                       "--skip-damaged"),
                work->damaged->len, (const char *)g_ptr_array_index(work->damaged, 0));
    return false;
}

/* --- Then: empty the tables and fill them. ---------------------------------------------------- */

static bool
empty_tables(const Work *work, NskDbTxn *txn, GError **error)
{
    g_autoptr(NskJson) list = nsk_json_array();

    for (guint i = 0; i < work->damaged->len; i++)
        nsk_json_add_text(list, g_ptr_array_index(work->damaged, i));
    g_autofree char *kept = nsk_json_canonical(list);
    for (size_t i = 0; i < G_N_ELEMENTS(empty_letters); i++) {
        if (!nsk_db_exec(txn, empty_letters[i], NSK_DB_PARAMS(NSK_DB_TEXT(kept)), NULL, error))
            return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(empty_office); i++) {
        if (!nsk_db_exec(txn, empty_office[i], NSK_DB_NO_PARAMS, NULL, error))
            return false;
    }
    return NSK_FAULT("rebuild.emptied", error);
}

static bool
fill_letters(Work *work, NskDbTxn *txn, GError **error)
{
    for (guint i = 0; i < work->histories->len; i++) {
        const char *id = g_ptr_array_index(work->histories, i);

        if (is_letter(id) && !g_hash_table_contains(work->damaged_set, id) &&
            !nsk_rebuild_letter(txn, id, error)) {
            g_prefix_error(error, nsk_tr("letter %s, nothing was replaced: "), id);
            return false;
        }
        tell(work, N_("making rows again"));
    }
    return true;
}

static char *
write_answer(const Work *work)
{
    int64_t letters = 0;
    g_autoptr(NskJson) answer = nsk_json_object();
    NskJson *damaged = nsk_json_array();

    for (guint i = 0; i < work->histories->len; i++)
        letters += is_letter(g_ptr_array_index(work->histories, i)) ? 1 : 0;
    for (guint i = 0; i < work->damaged->len; i++)
        nsk_json_add_text(damaged, g_ptr_array_index(work->damaged, i));
    nsk_json_set_int(answer, "letters", letters - work->damaged->len);
    nsk_json_set(answer, "damaged", damaged);
    return nsk_json_canonical(answer);
}

static bool
apply_rebuild(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Work *work = data;

    work_clear(work);
    work->histories = nsk_db_list_texts(txn, sql_list_histories, NSK_DB_NO_PARAMS, error);
    work->damaged = g_ptr_array_new();
    work->damaged_set = g_hash_table_new(g_str_hash, g_str_equal);
    if (work->histories == NULL || !check_histories(work, txn, error) || !judge(work, error) ||
        !empty_tables(work, txn, error) || !nsk_rebuild_office(txn, error) ||
        !fill_letters(work, txn, error) ||
        !nsk_db_exec(txn, sql_set_counters, NSK_DB_NO_PARAMS, NULL, error) ||
        !NSK_FAULT("rebuild.filled", error))
        return false;
    *out_answer = write_answer(work);
    return true;
}

/* What cannot be shown in a copy does not undo what was done: damage is told, and no more. */
static bool
tell_damage(bool done, GError *fault, char *copy, NskIssues *issues, GError **error)
{
    if (done)
        return true;
    if (!is_damage(fault)) {
        g_propagate_error(error, fault);
        return false;
    }
    report(issues, copy, fault->message);
    g_error_free(fault);
    return true;
}

/* What is made from the database, beside it: repositories, from the first object on, since nobody
 * knows what they lack, and the search index. */
static bool
make_copies(const char *dir, NskIssues *issues, GError **error)
{
    GError *fault = NULL;
    g_autofree char *folder = nsk_office_path(dir, "repositories");
    g_autofree char *search = nsk_office_path(dir, NSK_SEARCH_FILE);
    NskOfficeOptions options = { .dir = dir, .nobody = true, .clock = &nsk_clock_system };
    g_autoptr(NskOffice) office = nsk_office_open(&options, error);
    g_autoptr(NskProjector) projector = office != NULL ? nsk_projector_open(folder, error) : NULL;

    if (projector == NULL)
        return false;
    bool done = nsk_projector_rebuild(projector, office->reader, &fault);
    g_clear_pointer(&projector, nsk_projector_free);
    if (!tell_damage(done, g_steal_pointer(&fault), folder, issues, error))
        return false;
    done = nsk_office_search_rebuild(office, &fault);
    return tell_damage(done, g_steal_pointer(&fault), search, issues, error);
}

bool
nsk_office_rebuild(const NskRebuildOptions *options,
                   NskIssues *issues,
                   NskJson **out_result,
                   GError **error)
{
    g_autofree char *answer = NULL;
    g_auto(Work) work = { .options = options, .issues = issues };
    g_autofree char *path = nsk_office_path(options->dir, "office.db");
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_WRITE, error);

    if (db == NULL ||
        !nsk_db_commit(db, &(NskChange){ .apply = apply_rebuild, .data = &work }, &answer, error) ||
        !NSK_FAULT("rebuild.committed", error))
        return false;
    g_clear_pointer(&db, nsk_db_free); /* and with it the writer's lock */
    if (!make_copies(options->dir, issues, error))
        return false;
    *out_result = nsk_json_parse(answer, strlen(answer), error);
    return *out_result != NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks for everything that is wrong with an office, or weakens it. */
#include "base/message.h"
#include "office/anchor-private.h"
#include "office/backup-private.h"
#include "office/cosign-private.h"
#include "office/duty-private.h"
#include "office/hook-private.h"
#include "office/mail-private.h"
#include "office/rebuild-private.h"
#include "worker/worker.h"

#include <string.h>
#include <sys/stat.h>

#define MANY_TRIES  5                                /* after which work is said to fail */
#define LONG_WAIT   ((int64_t)3600 * G_USEC_PER_SEC) /* after which it is said to be stuck */
#define STUCK_SHOWN 100

static const char sql_count_letters[] = "SELECT count(*) FROM letter";
static const char sql_histories[] = "SELECT letter FROM head ORDER BY letter";
static const char sql_letters[] = "SELECT letter FROM head WHERE letter NOT LIKE 'office/%'"
                                  " UNION SELECT id FROM letter ORDER BY 1";
static const char sql_lost_tasks[] =
    "SELECT t.letter, t.key FROM task t WHERE t.closed IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM inbox i WHERE i.letter = t.letter AND i.key = t.key)";
static const char sql_unfinished[] =
    "SELECT 'office/disposal-' || id, id FROM disposal WHERE state = 'running'"
    " AND form = 'destroy'";
/* Signatures reserved or begun: the ordinary state of a letter that waits for one. */
static const char sql_count_signings[] =
    "SELECT count(*) FROM signing WHERE state IN ('reserved', 'authorised', 'sent',"
    " 'answered', 'checked', 'refused', 'expired', 'unknown')";

static void warn(NskIssues *issues, const char *tag, char *place, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void
warn(NskIssues *issues, const char *tag, char *place, const char *format, ...)
{
    NskIssue where = { tag, NSK_SEVERITY_WARNING, place, 0, 0, NULL };
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_issues_add(issues, &where, "%s", text);
}

/* The first two columns of a query's only row. */
static bool
read_counts(NskDbTxn *txn, const char *sql, int64_t *first, int64_t *second, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql, NSK_DB_NO_PARAMS, error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *first = nsk_db_rows_int(rows, 0);
    if (second != NULL)
        *second = nsk_db_rows_int(rows, 1);
    return true;
}

/* What is wrong with each row of a query, which names a letter and a part of it; all static. */
typedef struct {
    const char *sql;
    const char *tag;
    NskSeverity severity;
    const char *what;
} RowFault;

/* Adds a finding of the fault's severity for each row of its query. */
static bool
report_rows(NskDbTxn *txn, const RowFault *fault, NskIssues *issues, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, fault->sql, NSK_DB_NO_PARAMS, error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (has_row) {
            g_autofree char *letter = g_strdup(nsk_db_rows_text(rows, 0));

            NskIssue place = { fault->tag, fault->severity, letter, 0, 0, NULL };

            nsk_issues_add(issues, &place, "%s (%s)", nsk_tr(fault->what),
                           nsk_db_rows_text(rows, 1));
        }
    }
    return rows != NULL;
}

/* One history: its entries hold, and end where its versions end. */
static bool
check_history(NskDbTxn *txn, char *letter, NskIssues *issues, GError **error)
{
    NskIssue place = { "journal-end", NSK_SEVERITY_ERROR, letter, 0, 0, NULL };
    g_autoptr(GError) fault = NULL;
    g_autoptr(GPtrArray) entries = nsk_journal_read(txn, letter, &fault);

    if (entries != NULL)
        nsk_paraf_check(entries, issues);
    if (entries != NULL && nsk_history_check_end(txn, letter, entries, &fault))
        return true;
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_UNTRUSTED)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (entries != NULL)
        nsk_issues_add(issues, &place, "%s", fault->message);
    return entries != NULL || nsk_journal_check(txn, letter, issues, error);
}

static bool
check_histories(NskDbTxn *txn, NskIssues *issues, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_histories, NSK_DB_NO_PARAMS, error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        g_autofree char *letter = has_row ? g_strdup(nsk_db_rows_text(rows, 0)) : NULL;
        if (has_row && !check_history(txn, letter, issues, error))
            return false;
    }
    return rows != NULL && nsk_journal_check(txn, NSK_DOOR_HISTORY, issues, error) &&
           nsk_journal_check(txn, NSK_LOG_HISTORY, issues, error);
}

/* Compares the rows of each letter with its history, if nothing is known against that. */
static bool
check_rows(NskDbTxn *txn, NskIssues *issues, GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) letters = nsk_db_list_texts(txn, sql_letters, NSK_DB_NO_PARAMS, error);

    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        (void)g_hash_table_add(known, g_strdup(issue->file != NULL ? issue->file : ""));
    }
    for (guint i = 0; letters != NULL && i < letters->len; i++) {
        const char *id = g_ptr_array_index(letters, i);

        if (!g_hash_table_contains(known, id) && !nsk_check_letter_rows(txn, id, issues, error))
            return false;
    }
    return letters != NULL;
}

static const RowFault row_faults[] = {
    { sql_lost_tasks, "task-lost", NSK_SEVERITY_ERROR, N_("a task waits in front of nobody") },
    { sql_unfinished, "disposal-unfinished", NSK_SEVERITY_WARNING,
      N_("a destruction was begun and did not come to its end: run 'naskah records destroy' "
         "again") },
};

/* How far the workers are behind, by topic. */
static bool
list_lag(NskOffice *self, NskDbTxn *txn, NskJson *result, GError **error)
{
    NskJson *list = nsk_json_array();
    int64_t waiting = 0;
    g_autoptr(GPtrArray) topics = nsk_outbox_lag(txn, error);

    nsk_json_set(result, "outbox", list);
    for (guint i = 0; topics != NULL && i < topics->len; i++) {
        const NskOutboxLag *lag = topics->pdata[i];
        NskJson *row = nsk_json_object();

        nsk_json_set_text(row, "topic", lag->topic);
        nsk_json_set_int(row, "waiting", lag->waiting);
        nsk_json_set_int(row, "lag_ms", (nsk_clock_now(self->clock) - lag->oldest) / 1000);
        nsk_json_set_int(row, "failing", lag->failing);
        nsk_json_set_int(row, "tries", lag->tries);
        nsk_json_add(list, row);
        waiting += lag->waiting;
    }
    nsk_json_set_int(result, "waiting", waiting);
    return topics != NULL;
}

/* Those that were switched off, which nobody may have seen. */
static bool
check_webhooks(NskDbTxn *txn, NskIssues *issues, GError **error)
{
    g_autofree char *label = NULL;

    if (!nsk_hook_find_ended(txn, &label, error))
        return false;
    if (label != NULL)
        warn(issues, "webhook-ended", NULL,
             nsk_tr("the webhook '%s' was switched off, because it failed for days or said that it "
                    "is gone; see to its receiver and switch it on again, or take it out"),
             label);
    return true;
}

/* Work that fails again and again, or that nobody has done for long. */
static bool
check_outbox(NskOffice *self, NskDbTxn *txn, NskIssues *issues, NskJson *result, GError **error)
{
    g_autofree char *mail = NULL;

    if (!nsk_mail_check(txn, issues, &mail, error) || !check_webhooks(txn, issues, error))
        return false;
    g_autoptr(GPtrArray) rows = nsk_outbox_list_stuck(
        txn, MANY_TRIES, nsk_clock_now(self->clock) - LONG_WAIT, STUCK_SHOWN, error);
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const NskOutboxStuck *row = rows->pdata[i];

        /* mail waits until a server for it is named */
        if (mail == NULL && strcmp(row->topic, NSK_MAIL_TOPIC) == 0)
            continue;
        warn(issues, "outbox-stuck", row->letter,
             nsk_tr("'%s' was not done for this letter, in %lld tries (%s): see to the cause; it "
                    "is tried again by itself"),
             row->topic, (long long)row->tries,
             row->fault != NULL ? row->fault : nsk_tr("nobody has come for it"));
    }
    return rows != NULL && list_lag(self, txn, result, error);
}

static bool
check_database(NskOffice *self, NskIssues *issues, NskJson *result, GError **error)
{
    int64_t letters, signings;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    bool clean;

    if (txn == NULL || !nsk_store_check(txn, NULL, issues, error) ||
        !nsk_store_check_blobs(txn, nsk_clock_now(self->clock), issues, error) ||
        !check_histories(txn, issues, error) || !check_rows(txn, issues, error) ||
        !nsk_check_directory_rows(txn, issues, error) || !nsk_check_office_rows(txn, issues, error))
        return false;
    g_autoptr(GError) fault = NULL;
    clean = nsk_registry_check(txn, issues, &fault);
    if (!clean && fault != NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(row_faults); i++) {
        if (!report_rows(txn, &row_faults[i], issues, error))
            return false;
    }
    if (!nsk_duty_examine(self, txn, issues, error) || !nsk_preserve_check(txn, issues, error) ||
        !nsk_anchor_examine(txn, issues, error) || !nsk_witness_examine(txn, issues, error) ||
        !read_counts(txn, sql_count_letters, &letters, NULL, error) ||
        !read_counts(txn, sql_count_signings, &signings, NULL, error))
        return false;
    nsk_json_set_int(result, "letters", letters);
    nsk_json_set_int(result, "signatures_waiting", signings);
    return check_outbox(self, txn, issues, result, error);
}

bool
nsk_office_examine(NskOffice *self, NskIssues *issues, NskJson *result, GError **error)
{
    return nsk_db_check(self->reader, issues, error) && check_database(self, issues, result, error);
}

bool
nsk_office_find_damage(NskOffice *self, char **out_words, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskJson) result = nsk_json_object();

    if (!nsk_office_examine(self, issues, result, error))
        return false;
    *out_words = NULL;
    for (guint i = 0; i < issues->len && *out_words == NULL; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        if (issue->severity == NSK_SEVERITY_ERROR)
            *out_words = g_strdup(issue->text);
    }
    return true;
}

/* Numbers that a restore may have forgotten. */
static bool
check_numbers(NskOffice *self, NskIssues *issues, GError **error)
{
    g_autofree char *taken = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    if (txn == NULL || !nsk_numbers_find_doubt(txn, &taken, error))
        return false;
    if (taken != NULL)
        warn(issues, "numbers-in-doubt", NULL,
             nsk_tr(
                 "the office was restored from a backup of %s: numbers given after that may be on "
                 "letters that went out, and would be given again; look for them, then run "
                 "'naskah register confirm', with --last for each register that had gone on"),
             taken);
    return true;
}

/* The database is the one whose log was signed. */
static bool
check_log(NskOffice *self, NskIssues *issues, GError **error)
{
    g_autofree char *alarm = NULL;

    if (!nsk_log_compare(self->dir, self->reader, &alarm, error))
        return false;
    if (alarm != NULL)
        nsk_issues_add(issues, &(NskIssue){ .tag = "log", .severity = NSK_SEVERITY_ERROR }, "%s",
                       alarm);
    return true;
}

/* The office's folders are the owner's alone. */
static void
check_folder(const char *path, NskIssues *issues)
{
    struct stat st;
    g_autofree char *place = g_strdup(path);

    if (stat(path, &st) == 0 && (st.st_mode & 077) != 0)
        warn(issues, "folder-open", place,
             nsk_tr("others of this machine can look into this folder; run: chmod 0700 '%s'"),
             path);
}

static bool
check_sandbox(NskIssues *issues, NskJson *result, GError **error)
{
    NskWorkerSandbox sandbox;
    NskJson *row = nsk_json_object();

    nsk_json_set(result, "sandbox", row);
    if (!nsk_worker_sandbox(&sandbox, error))
        return false;
    nsk_json_set_bool(row, "seccomp", sandbox.seccomp);
    nsk_json_set_bool(row, "no_new_privs", sandbox.no_new_privs);
    nsk_json_set_bool(row, "memory_limit", sandbox.memory_limit);
    nsk_json_set_int(row, "landlock_abi", sandbox.landlock_abi);
    if (!sandbox.seccomp)
        warn(issues, "sandbox-seccomp", NULL,
             nsk_tr("this kernel has no seccomp filter; do not read PDFs of strangers here"));
    return true;
}

bool
nsk_office_doctor(NskOffice *self, NskIssues *issues, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    g_autofree char *keys = nsk_office_path(self->dir, "keys");

    nsk_json_set_text(result, "office", self->dir);
    if (!nsk_office_examine(self, issues, result, error) || !check_log(self, issues, error) ||
        !check_numbers(self, issues, error) || !nsk_office_examine_copies(self, issues, error) ||
        !check_sandbox(issues, result, error))
        return false;
    check_folder(self->dir, issues);
    check_folder(keys, issues);
    *out_result = g_steal_pointer(&result);
    return true;
}

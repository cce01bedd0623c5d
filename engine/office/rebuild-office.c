/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of the office itself, from its histories:
 *
 *     office/settings    settings.json: table setting
 *     office/directory   directory.xml: units, positions, people, holdings, mandates, assistants
 *     office/rules       TYPE.NAME.xml or .csv: each version of a rule that was ever in force
 *     office/handover-ID handover.json: a handover and its list
 *     office/berkas-ID   berkas.json: a file of records and what is in it
 *     office/disposal-ID disposal.json: a proposal to dispose of files; list.json is its list
 *     office/loan-ID     loan.json: a loan of records
 *     office/registers   registers.json: what no letter says of the registers; may not be there
 */
#include "base/message.h"
#include "office/rebuild-private.h"

#include <string.h>

static const char sql_retire_rules[] = "UPDATE rule SET in_force = 0 WHERE in_force = 1";
static const char sql_list_handovers[] =
    "SELECT letter FROM head WHERE letter LIKE 'office/handover-%' ORDER BY letter";
static const char sql_list_berkas[] =
    "SELECT letter FROM head WHERE letter LIKE 'office/berkas-%' ORDER BY letter";
static const char sql_list_disposals[] =
    "SELECT letter FROM head WHERE letter LIKE 'office/disposal-%' ORDER BY letter";
static const char sql_list_loans[] =
    "SELECT letter FROM head WHERE letter LIKE 'office/loan-%' ORDER BY letter";
static const char sql_find_history[] = "SELECT letter FROM head WHERE letter = $1";

/* Inserts the rows of a set from the newest version of its history. */
static bool
restore_set(NskDbTxn *txn, NskKeptSet set, const char *history, const char *file, GError **error)
{
    g_autoptr(GBytes) bytes = nsk_store_read(txn, history, NULL, file, error);
    g_autoptr(NskJson) record = bytes != NULL ? nsk_kept_parse(history, bytes, error) : NULL;

    return record != NULL && nsk_kept_restore(txn, set, history, record, error);
}

static bool
restore_registers(NskDbTxn *txn, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_find_history, NSK_DB_PARAMS(NSK_DB_TEXT(NSK_REGISTERS_HISTORY)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    return !has_row ||
           restore_set(txn, NSK_KEPT_REGISTERS, NSK_REGISTERS_HISTORY, NSK_REGISTERS_FILE, error);
}

/* Each from a history of its own. */
static bool
restore_each(NskDbTxn *txn, NskKeptSet set, const char *sql, const char *file, GError **error)
{
    g_autoptr(GPtrArray) histories = nsk_db_list_texts(txn, sql, NSK_DB_NO_PARAMS, error);

    for (guint i = 0; histories != NULL && i < histories->len; i++) {
        if (!restore_set(txn, set, g_ptr_array_index(histories, i), file, error))
            return false;
    }
    return histories != NULL;
}

/* The newest version that was kept. */
static NskDirectory *
read_directory(NskDbTxn *txn, NskIssues *issues, GError **error)
{
    g_autoptr(GBytes) content =
        nsk_store_read(txn, NSK_DIRECTORY_HISTORY, NULL, NSK_DIRECTORY_FILE, error);
    g_autoptr(NskXmlDoc) doc =
        content != NULL ? nsk_xml_parse(NSK_DIRECTORY_FILE, g_bytes_get_data(content, NULL),
                                        g_bytes_get_size(content), error)
                        : NULL;

    return doc != NULL ? nsk_directory_read_xml(doc, issues, error) : NULL;
}

static bool
restore_directory(NskDbTxn *txn, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDirectory) directory = read_directory(txn, issues, error);

    return directory != NULL &&
           nsk_directory_store(directory, txn, NSK_DIRECTORY_REPLACE, issues, error);
}

static GBytes *
write_directory(NskDirectory *directory, GError **error)
{
    g_autoptr(NskXmlDoc) doc = nsk_directory_to_xml(directory);

    return nsk_xml_pretty(doc, error);
}

bool
nsk_check_directory_rows(NskDbTxn *txn, NskIssues *issues, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskIssues) found = nsk_issues_new();
    g_autoptr(NskDirectory) kept = read_directory(txn, found, &fault);
    g_autoptr(NskDirectory) rows = NULL;
    g_autofree char *file = g_strdup(NSK_DIRECTORY_HISTORY);
    const NskIssue place = { "index-differs", NSK_SEVERITY_ERROR, file, 0, 0, NULL };

    if (kept == NULL && (g_error_matches(fault, NSK_ERROR, NSK_ERROR_IO) ||
                         g_error_matches(fault, NSK_ERROR, NSK_ERROR_BUSY))) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    /* an office of old has none; one that was taken away is missed by the log */
    if (kept == NULL && g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        return true;
    if (kept == NULL) {
        nsk_issues_add(issues, &place, "%s", fault->message);
        return true;
    }
    if ((rows = nsk_directory_read_db(txn, error)) == NULL)
        return false;
    g_autoptr(GBytes) should = write_directory(kept, error);
    g_autoptr(GBytes) are = should != NULL ? write_directory(rows, error) : NULL;
    if (are != NULL && !g_bytes_equal(should, are))
        nsk_issues_add(
            issues, &place, "%s",
            nsk_tr("people, positions or who holds them are not what their history says; "
                   "run 'naskah rebuild'"));
    return are != NULL;
}

/* Puts one file of a version of the rules in force. */
static bool
put_rule(NskDbTxn *txn, const NskJournalEvent *event, const char *file, GError **error)
{
    const char *dot = strchr(file, '.');
    const char *ending = strrchr(file, '.');

    if (dot == NULL || ending == dot ||
        (strcmp(ending, ".xml") != 0 && strcmp(ending, ".csv") != 0)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("the rules of the office have a file '%s', which is none of them"),
                    file);
        return false;
    }
    g_autofree char *type = g_strndup(file, (gsize)(dot - file));
    g_autofree char *name = g_strndup(dot + 1, (gsize)(ending - dot - 1));
    g_autoptr(GBytes) content = nsk_store_read(txn, event->letter, event->commit, file, error);

    return content != NULL && nsk_rule_put(txn, type, name, content, event->at, error);
}

/* A version says all that is in force from then on. */
static bool
replay_rules(NskDbTxn *txn, const NskJournalEvent *event, GError **error)
{
    g_auto(GStrv) files = nsk_store_list_files(txn, event->letter, event->commit, error);

    if (files == NULL || !nsk_db_exec(txn, sql_retire_rules, NSK_DB_NO_PARAMS, NULL, error))
        return false;
    for (int i = 0; files[i] != NULL; i++) {
        if (!put_rule(txn, event, files[i], error))
            return false;
    }
    return true;
}

static bool
restore_rules(NskDbTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) entries = nsk_journal_read(txn, NSK_RULES_HISTORY, error);

    for (guint i = 0; entries != NULL && i < entries->len; i++) {
        const NskJournalEntry *entry = g_ptr_array_index(entries, i);

        if (entry->event.commit != NULL && !replay_rules(txn, &entry->event, error))
            return false;
    }
    return entries != NULL;
}

bool
nsk_rebuild_office(NskDbTxn *txn, GError **error)
{
    return restore_set(txn, NSK_KEPT_SETTINGS, NSK_SETTINGS_HISTORY, NSK_SETTINGS_FILE, error) &&
           restore_directory(txn, error) && restore_rules(txn, error) &&
           restore_registers(txn, error) &&
           restore_each(txn, NSK_KEPT_HANDOVER, sql_list_handovers, NSK_HANDOVER_FILE, error) &&
           restore_each(txn, NSK_KEPT_BERKAS, sql_list_berkas, NSK_BERKAS_FILE, error) &&
           restore_each(txn, NSK_KEPT_DISPOSAL, sql_list_disposals, NSK_DISPOSAL_FILE, error) &&
           restore_each(txn, NSK_KEPT_LOAN, sql_list_loans, NSK_LOAN_FILE, error);
}

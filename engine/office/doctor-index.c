/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the doctor compares with histories beside the rows of letters and the directory: who may
 * read, the rules, and what the office keeps of registers, settings, files of records, proposals
 * and handovers.  Somebody with the database could make himself a reader by one row.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "crypto/crypto.h"
#include "office/rebuild-private.h"

#include <string.h>

#define VERSION_LEN 16 /* hex digits of the SHA-256 of a rule that name its version */

/* Who should read, by what rebuild makes readers of: 'route' is more than 'delivery'. */
#define SHOULD_READ                                                                                \
    "SELECT position, max(level) FROM ("                                                           \
    " SELECT drafter AS position, 'route' AS level FROM letter WHERE id = $1"                      \
    "  AND (security NOT IN ('rahasia', 'sangat-rahasia')"                                         \
    "   OR NOT EXISTS (SELECT 1 FROM incoming WHERE letter = $1))"                                 \
    " UNION ALL SELECT position, 'route' FROM route WHERE letter = $1"                             \
    "  AND role IN ('reviewer', 'coordinator', 'signatory')"                                       \
    " UNION ALL SELECT position, 'route' FROM route WHERE letter = $1 AND role = 'to'"             \
    "  AND position <> ''"                                                                         \
    "  AND EXISTS (SELECT 1 FROM incoming WHERE letter = $1 AND forwarded IS NOT NULL"             \
    "   AND forwarded <> 0)"                                                                       \
    " UNION ALL SELECT position, 'route' FROM paraf WHERE letter = $1"                             \
    " UNION ALL SELECT position, 'route' FROM notice WHERE letter = $1"                            \
    " UNION ALL SELECT position, 'route' FROM disposition_receiver WHERE letter = $1"              \
    "  AND task IS NOT NULL"                                                                       \
    " UNION ALL SELECT position, 'delivery' FROM route WHERE letter = $1"                          \
    "  AND role IN ('to', 'copy') AND position <> ''"                                              \
    "  AND EXISTS (SELECT 1 FROM letter WHERE id = $1 AND dispatched IS NOT NULL"                  \
    "   AND dispatched <> 0)"                                                                      \
    " ) GROUP BY position"
#define DO_READ "SELECT position, level FROM reader WHERE letter = $1"

static const char sql_readers_too_many[] =
    "SELECT position FROM (" DO_READ " EXCEPT " SHOULD_READ ") ORDER BY 1 LIMIT 1";
static const char sql_readers_too_few[] =
    "SELECT position FROM (" SHOULD_READ " EXCEPT " DO_READ ") ORDER BY 1 LIMIT 1";

static const char sql_rules[] = "SELECT type, name, version, content, in_force FROM rule";

/* Whose rows have a record of their own, and where; the second finds those that have none. */
static const struct {
    NskKeptSet set;
    const char *file;
    const char *sql;
} sets[] = {
    { NSK_KEPT_SETTINGS, NSK_SETTINGS_FILE,
      "SELECT letter FROM head WHERE letter = '" NSK_SETTINGS_HISTORY "'" },
    { NSK_KEPT_REGISTERS, NSK_REGISTERS_FILE,
      "SELECT letter FROM head WHERE letter = '" NSK_REGISTERS_HISTORY "'" },
    { NSK_KEPT_HANDOVER, NSK_HANDOVER_FILE,
      "SELECT letter FROM head WHERE letter LIKE 'office/handover-%'"
      " UNION SELECT 'office/handover-' || id FROM handover ORDER BY 1" },
    { NSK_KEPT_BERKAS, NSK_BERKAS_FILE,
      "SELECT letter FROM head WHERE letter LIKE 'office/berkas-%'"
      " UNION SELECT 'office/berkas-' || id FROM berkas ORDER BY 1" },
    { NSK_KEPT_DISPOSAL, NSK_DISPOSAL_FILE,
      "SELECT letter FROM head WHERE letter LIKE 'office/disposal-%'"
      " UNION SELECT 'office/disposal-' || id FROM disposal ORDER BY 1" },
    /* a row alone would open a letter */
    { NSK_KEPT_LOAN, NSK_LOAN_FILE,
      "SELECT letter FROM head WHERE letter LIKE 'office/loan-%'"
      " UNION SELECT 'office/loan-' || id FROM loan ORDER BY 1" },
};

static void add(NskIssues *issues, const char *tag, const char *where, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void
add(NskIssues *issues, const char *tag, const char *where, const char *format, ...)
{
    g_autofree char *file = g_strdup(where);
    NskIssue place = { tag, NSK_SEVERITY_ERROR, file, 0, 0, NULL };
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_issues_add(issues, &place, "%s", text);
}

/* --- Readers ---------------------------------------------------------------------------------- */

/* The first position of a query; NULL without error if there is none. */
static bool
find_position(NskDbTxn *txn, const char *sql, const char *id, char **out_position, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_position = has_row ? g_strdup(nsk_db_rows_text(rows, 0)) : NULL;
    return true;
}

bool
nsk_check_readers(NskDbTxn *txn, const char *id, NskIssues *issues, GError **error)
{
    g_autofree char *extra = NULL;
    g_autofree char *missing = NULL;

    if (!find_position(txn, sql_readers_too_many, id, &extra, error) ||
        !find_position(txn, sql_readers_too_few, id, &missing, error))
        return false;
    if (extra != NULL)
        add(issues, "reader-unfounded", id,
            nsk_tr("the index lets '%s' read letter %s, and nothing in its history does; run "
                   "'naskah rebuild'"),
            extra, id);
    else if (missing != NULL)
        add(issues, "reader-missing", id,
            nsk_tr("the index does not let '%s' read letter %s, whose history does; run 'naskah "
                   "rebuild'"),
            missing, id);
    return true;
}

/* --- What has a record of its own --------------------------------------------------------------
 */

static bool
is_fatal(const GError *fault)
{
    return g_error_matches(fault, NSK_ERROR, NSK_ERROR_IO) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_BUSY);
}

static bool
check_set(NskDbTxn *txn,
          NskKeptSet set,
          const char *file,
          const char *history,
          NskIssues *issues,
          GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(GBytes) kept = nsk_store_read(txn, history, NULL, file, &fault);
    g_autoptr(GBytes) rows = kept != NULL ? nsk_kept_write(txn, set, history, &fault) : NULL;

    if (is_fatal(fault)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (rows == NULL || !g_bytes_equal(kept, rows))
        add(issues, "index-differs", history,
            nsk_tr("the rows of '%s' are not what its history says; run 'naskah rebuild'"),
            history);
    return true;
}

static bool
check_sets(NskDbTxn *txn, NskIssues *issues, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sets); i++) {
        g_autoptr(GPtrArray) histories =
            nsk_db_list_texts(txn, sets[i].sql, NSK_DB_NO_PARAMS, error);

        for (guint k = 0; histories != NULL && k < histories->len; k++) {
            if (!check_set(txn, sets[i].set, sets[i].file, g_ptr_array_index(histories, k), issues,
                           error))
                return false;
        }
        if (histories == NULL)
            return false;
    }
    return true;
}

/* --- Rules ------------------------------------------------------------------------------------ */

static char *
version_of(const void *data, size_t size)
{
    uint8_t digest[NSK_SHA256_SIZE];

    nsk_sha256(data, size, digest);
    return nsk_hex(digest, VERSION_LEN / 2);
}

/* Adds "TYPE.NAME VERSION" of each file of a version of the rules; @in_force has those of the last.
 */
static bool
read_version(NskDbTxn *txn,
             const NskJournalEvent *event,
             GHashTable *known,
             GHashTable *in_force,
             GError **error)
{
    g_auto(GStrv) files = nsk_store_list_files(txn, event->letter, event->commit, error);

    g_hash_table_remove_all(in_force);
    for (int i = 0; files != NULL && files[i] != NULL; i++) {
        size_t size;
        const char *ending = strrchr(files[i], '.');
        g_autoptr(GBytes) content =
            nsk_store_read(txn, event->letter, event->commit, files[i], error);

        if (content == NULL)
            return false;
        const void *data = g_bytes_get_data(content, &size);
        g_autofree char *version = version_of(data, size);
        g_autofree char *rule = g_strdup_printf(
            "%.*s %s", ending != NULL ? (int)(ending - files[i]) : 0, files[i], version);
        (void)g_hash_table_add(known, g_strdup(rule));
        (void)g_hash_table_add(in_force, g_steal_pointer(&rule));
    }
    return files != NULL;
}

static bool
read_rules(NskDbTxn *txn, GHashTable *known, GHashTable *in_force, GError **error)
{
    g_autoptr(GPtrArray) entries = nsk_journal_read(txn, NSK_RULES_HISTORY, error);

    for (guint i = 0; entries != NULL && i < entries->len; i++) {
        const NskJournalEvent *event =
            &((const NskJournalEntry *)g_ptr_array_index(entries, i))->event;

        if (event->commit != NULL && !read_version(txn, event, known, in_force, error))
            return false;
    }
    return entries != NULL;
}

/* Whether a row is one of the history, with its own content, and in force if it should be. */
static bool
rule_is_right(NskDbRows *rows, GHashTable *known, GHashTable *in_force)
{
    size_t size;
    const void *data = nsk_db_rows_blob(rows, 3, &size);
    g_autofree char *version = version_of(data, size);
    g_autofree char *rule =
        g_strdup_printf("%s.%s %s", nsk_db_rows_text(rows, 0), nsk_db_rows_text(rows, 1), version);
    bool is_in_force = nsk_db_rows_int(rows, 4) != 0;

    return strcmp(version, nsk_db_rows_text(rows, 2)) == 0 && g_hash_table_contains(known, rule) &&
           g_hash_table_contains(in_force, rule) == is_in_force;
}

static bool
check_rules(NskDbTxn *txn, NskIssues *issues, GError **error)
{
    bool has_row = true;
    guint n = 0;
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) in_force = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GError) fault = NULL;

    if (!read_rules(txn, known, in_force, &fault)) {
        if (is_fatal(fault)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        add(issues, "index-unchecked", NSK_RULES_HISTORY, "%s", fault->message);
        return true;
    }
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_rules, NSK_DB_NO_PARAMS, error);
    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        n += has_row;
        if (has_row && !rule_is_right(rows, known, in_force))
            add(issues, "rule-differs", NSK_RULES_HISTORY,
                nsk_tr("the rule '%s' of type '%s' is not what its history says; run 'naskah "
                       "rebuild'"),
                nsk_db_rows_text(rows, 1), nsk_db_rows_text(rows, 0));
    }
    if (rows != NULL && n < g_hash_table_size(known))
        add(issues, "rule-differs", NSK_RULES_HISTORY,
            nsk_tr("versions of rules are missing that the history has; run 'naskah rebuild'"));
    return rows != NULL;
}

bool
nsk_check_office_rows(NskDbTxn *txn, NskIssues *issues, GError **error)
{
    return check_sets(txn, issues, error) && check_rules(txn, issues, error);
}

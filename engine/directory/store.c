/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A directory into the database and out of it.  An open end is '9999-12-31' there, so that "on this
 * day" is a plain comparison; kinds stand between blanks, so that one is found with instr().
 */
#include "directory/directory-private.h"

static const char sql_read_units[] =
    "SELECT id, code, name, parent, place, zone, archivist FROM unit ORDER BY id";
static const char sql_read_positions[] =
    "SELECT id, unit, title, code, echelon, superior FROM position ORDER BY id";
static const char sql_read_people[] =
    "SELECT id, name, printed, nip, rank, email FROM person ORDER BY id";
static const char sql_read_holdings[] =
    "SELECT person, position, capacity, since, replace(until, '9999-12-31', '') FROM holding"
    " ORDER BY position, person, since";
static const char sql_read_mandates[] =
    "SELECT id, giver, receiver, capacity, trim(kinds), since, replace(until, '9999-12-31', ''),"
    " document FROM mandate ORDER BY id";
static const char sql_read_assistants[] =
    "SELECT position, person, assistant_position, since, replace(until, '9999-12-31', '')"
    " FROM assistant ORDER BY position, person, assistant_position, since";
static const char sql_read_roster[] =
    "SELECT person, what, position, since, replace(until, '9999-12-31', ''), hours, substitute,"
    " note FROM roster ORDER BY person, what, position, since, hours";

static const char sql_add_unit[] =
    "INSERT INTO unit (id, code, name, parent, place, zone, archivist)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)";
static const char sql_add_position[] =
    "INSERT INTO position (id, unit, title, code, echelon, superior)"
    " VALUES ($1, $2, $3, $4, $5, $6)";
static const char sql_add_person[] = "INSERT INTO person (id, name, printed, nip, rank, email)"
                                     " VALUES ($1, $2, $3, $4, $5, $6)";
static const char sql_add_holding[] =
    "INSERT INTO holding (person, position, capacity, since, until)"
    " VALUES ($1, $2, $3, $4, coalesce(nullif($5, ''), '9999-12-31'))";
static const char sql_add_mandate[] =
    "INSERT INTO mandate"
    " (id, giver, receiver, capacity, kinds, since, until, document)"
    " VALUES ($1, $2, $3, $4, CASE WHEN $5 = '' THEN '' ELSE ' ' || $5 || ' ' END, $6,"
    " coalesce(nullif($7, ''), '9999-12-31'), $8)";
static const char sql_add_assistant[] =
    "INSERT INTO assistant (position, person, assistant_position, since, until)"
    " VALUES ($1, $2, $3, $4, coalesce(nullif($5, ''), '9999-12-31'))";
static const char sql_add_turn[] =
    "INSERT INTO roster (person, what, position, since, until, hours, substitute, note)"
    " VALUES ($1, $2, $3, $4, coalesce(nullif($5, ''), '9999-12-31'), $6, $7, $8)";

static const char sql_drop_unit[] = "DELETE FROM unit WHERE id = $1";
static const char sql_drop_position[] = "DELETE FROM position WHERE id = $1";
static const char sql_drop_person[] = "DELETE FROM person WHERE id = $1";
static const char sql_drop_holding[] =
    "DELETE FROM holding WHERE position = $1 AND person = $2 AND since = $3";
static const char sql_drop_mandate[] = "DELETE FROM mandate WHERE id = $1";
static const char sql_drop_assistant[] =
    "DELETE FROM assistant WHERE position = $1 AND person = $2 AND assistant_position = $3"
    " AND since = $4";
static const char sql_drop_turn[] =
    "DELETE FROM roster WHERE person = $1 AND what = $2 AND position = $3 AND since = $4"
    " AND hours = $5";

static const char sql_clear_units[] = "DELETE FROM unit";
static const char sql_clear_positions[] = "DELETE FROM position";
static const char sql_clear_people[] = "DELETE FROM person";
static const char sql_clear_holdings[] = "DELETE FROM holding";
static const char sql_clear_mandates[] = "DELETE FROM mandate";
static const char sql_clear_assistants[] = "DELETE FROM assistant";
static const char sql_clear_roster[] = "DELETE FROM roster";
static const char sql_clear_lost_accounts[] =
    "DELETE FROM account WHERE person NOT IN (SELECT id FROM person)";

static const struct {
    const char *read;
    const char *add;
    const char *drop; /* by the columns of the key */
    const char *clear;
} statements[N_TABLES] = {
    [TABLE_UNITS] = { sql_read_units, sql_add_unit, sql_drop_unit, sql_clear_units },
    [TABLE_POSITIONS] = { sql_read_positions, sql_add_position, sql_drop_position,
                          sql_clear_positions },
    [TABLE_PEOPLE] = { sql_read_people, sql_add_person, sql_drop_person, sql_clear_people },
    [TABLE_HOLDINGS] = { sql_read_holdings, sql_add_holding, sql_drop_holding, sql_clear_holdings },
    [TABLE_MANDATES] = { sql_read_mandates, sql_add_mandate, sql_drop_mandate, sql_clear_mandates },
    [TABLE_ASSISTANTS] = { sql_read_assistants, sql_add_assistant, sql_drop_assistant,
                           sql_clear_assistants },
    [TABLE_ROSTER] = { sql_read_roster, sql_add_turn, sql_drop_turn, sql_clear_roster },
};

static bool
read_table(NskDirectory *self, TableId table, NskDbTxn *txn, GError **error)
{
    bool has_row;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, statements[table].read, NSK_DB_NO_PARAMS, error);

    if (rows == NULL)
        return false;
    for (;;) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            return true;
        DirectoryRow *row = nsk_directory_add_row(self, table, NULL, 0);

        for (int i = 0; nsk_directory_tables[table].columns[i].name != NULL; i++)
            nsk_directory_set_value(row, i, nsk_db_rows_text(rows, i));
    }
}

NskDirectory *
nsk_directory_read_db(NskDbTxn *txn, GError **error)
{
    g_autoptr(NskDirectory) self = nsk_directory_new();

    for (TableId table = 0; table < N_TABLES; table++) {
        if (!read_table(self, table, txn, error))
            return NULL;
    }
    return g_steal_pointer(&self);
}

static bool
write_table(const NskDirectory *self, TableId table, NskDbTxn *txn, GError **error)
{
    NskDbValue values[MAX_COLUMNS];

    for (guint i = 0; i < self->rows[table]->len; i++) {
        const DirectoryRow *row = g_ptr_array_index(self->rows[table], i);
        size_t n = 0;

        for (; nsk_directory_tables[table].columns[n].name != NULL; n++)
            values[n] = NSK_DB_TEXT(row->values[n]);
        if (!nsk_db_exec(txn, statements[table].add, values, n, NULL, error))
            return false;
    }
    return true;
}

/* Drops the stored rows that have the keys of ours.  All go before the first new one comes, so that
 * two people may swap what only one may have. */
static bool
drop_rows(const NskDirectory *self, TableId table, NskDbTxn *txn, GError **error)
{
    const TableSpec *spec = &nsk_directory_tables[table];
    NskDbValue values[MAX_KEYS];

    for (guint i = 0; i < self->rows[table]->len; i++) {
        const DirectoryRow *row = g_ptr_array_index(self->rows[table], i);
        size_t n = 0;

        for (; spec->keys[n] >= 0; n++)
            values[n] = NSK_DB_TEXT(row->values[spec->keys[n]]);
        if (!nsk_db_exec(txn, statements[table].drop, values, n, NULL, error))
            return false;
    }
    return true;
}

static bool
clear_table(TableId table, NskDbTxn *txn, GError **error)
{
    return nsk_db_exec(txn, statements[table].clear, NSK_DB_NO_PARAMS, NULL, error);
}

/* Checks what the office would have after the change. */
static bool
check_result(const NskDirectory *self,
             NskDbTxn *txn,
             NskDirectoryMode mode,
             NskIssues *issues,
             GError **error)
{
    g_autoptr(NskIssues) found = nsk_issues_new();
    g_autoptr(NskDirectory) stored = NULL;
    g_autoptr(NskDirectory) both = NULL;

    if (mode == NSK_DIRECTORY_MERGE) {
        stored = nsk_directory_read_db(txn, error);
        if (stored == NULL)
            return false;
        both = nsk_directory_overlay(stored, self);
    }
    (void)nsk_directory_check(both != NULL ? both : self, found);
    bool ok = nsk_issues_to_error(found, error);
    if (mode == NSK_DIRECTORY_MERGE)
        g_ptr_array_extend_and_steal(issues, g_steal_pointer(&found));
    return ok;
}

bool
nsk_directory_store(const NskDirectory *self,
                    NskDbTxn *txn,
                    NskDirectoryMode mode,
                    NskIssues *issues,
                    GError **error)
{
    if (!check_result(self, txn, mode, issues, error))
        return false;
    for (TableId table = 0; table < N_TABLES; table++) {
        if (!(mode == NSK_DIRECTORY_REPLACE ? clear_table(table, txn, error)
                                            : drop_rows(self, table, txn, error)) ||
            !write_table(self, table, txn, error))
            return false;
    }
    return nsk_db_exec(txn, sql_clear_lost_accounts, NSK_DB_NO_PARAMS, NULL, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What must hold between the rows of a directory.
 *
 *     directory-duplicate       a key stands twice
 *     directory-dangling        an id names nothing
 *     directory-cycle           a unit or position is above itself
 *     directory-zone            a time zone does not exist
 *     directory-nip-double      two people have one NIP
 *     directory-period          a period ends before it begins
 *     directory-capacity        a capacity that the table does not know
 *     directory-two-holders     two holders (definitive, Pj.) of a structural position on one day
 *     directory-two-acting      two Plt. or Plh. of a position on one day
 *     directory-plt-definitive  a Plt. beside a holder
 *     directory-plh-vacant      a Plh. where there is nobody to stand in for (warning)
 *     directory-mandate         a mandate from a position to itself
 *     directory-mandate-level   a.n. or u.b. not from the direct superior (warning)
 *     directory-ub-alone        u.b. from a position that has no a.n. itself (warning)
 *     directory-assistant       not exactly one of person and assistant position
 *     directory-roster          leave with hours, duty without a position, one's own substitute ...
 *     directory-roster-stranger duty in a position that the person does not hold (warning)
 *
 * A structural position is one with an echelon; a functional post (staff) may have many holders.
 */
#include "base/message.h"
#include "directory/directory-private.h"

#include <string.h>

#define OPEN_END "9999-12-31"

typedef struct {
    const NskDirectory *dir;
    NskIssues *issues;
    GHashTable *ids[N_TABLES]; /* id -> row, for the tables that have ids */
    GHashTable *an_receivers;  /* positions that have an a.n. mandate */
} Check;

static bool
has_ids(TableId table)
{
    return nsk_directory_tables[table].keys[1] < 0;
}

static void
index_table(Check *check, TableId table)
{
    g_autoptr(GHashTable) keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    check->ids[table] = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < check->dir->rows[table]->len; i++) {
        DirectoryRow *row = g_ptr_array_index(check->dir->rows[table], i);

        if (!g_hash_table_add(keys, nsk_directory_row_key(table, row)))
            nsk_directory_issue(check->issues, row, "directory-duplicate", NSK_SEVERITY_ERROR,
                                nsk_tr("the %s '%s' stands twice; remove one"),
                                nsk_tr(nsk_directory_tables[table].element), row->values[0]);
        if (has_ids(table) && *row->values[0] != '\0')
            g_hash_table_insert(check->ids[table], row->values[0], row);
    }
}

/* The row that @id names, or NULL. */
static DirectoryRow *
find_row(const Check *check, TableId table, const char *id)
{
    return g_hash_table_lookup(check->ids[table], id);
}

static void
check_references(const Check *check, TableId table, const DirectoryRow *row)
{
    const TableSpec *spec = &nsk_directory_tables[table];

    for (int i = 0; spec->columns[i].name != NULL; i++) {
        TableId named = spec->columns[i].names;

        if (named == NO_TABLE || *row->values[i] == '\0' ||
            find_row(check, named, row->values[i]) != NULL)
            continue;
        nsk_directory_issue(check->issues, row, "directory-dangling", NSK_SEVERITY_ERROR,
                            nsk_tr("%s '%s' of this %s is not among the %s"), spec->columns[i].name,
                            row->values[i], nsk_tr(spec->element),
                            nsk_tr(nsk_directory_tables[named].name));
    }
}

/* Follows column @up of each row; rows known to reach a top are not walked again. */
static void
check_cycles(const Check *check, TableId table, int up)
{
    g_autoptr(GHashTable) safe = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < check->dir->rows[table]->len; i++) {
        const DirectoryRow *start = g_ptr_array_index(check->dir->rows[table], i);
        g_autoptr(GHashTable) path = g_hash_table_new(g_str_hash, g_str_equal);
        const DirectoryRow *row = start;

        while (row != NULL && !g_hash_table_contains(safe, row->values[0]) &&
               g_hash_table_add(path, row->values[0]))
            row = find_row(check, table, row->values[up]);
        if (row != NULL && !g_hash_table_contains(safe, row->values[0]))
            nsk_directory_issue(check->issues, row, "directory-cycle", NSK_SEVERITY_ERROR,
                                nsk_tr("the %s '%s' is above itself; correct its %s"),
                                nsk_tr(nsk_directory_tables[table].element), row->values[0],
                                nsk_directory_tables[table].columns[up].name);
        GHashTableIter iter;
        gpointer id;
        g_hash_table_iter_init(&iter, path);
        while (g_hash_table_iter_next(&iter, &id, NULL))
            g_hash_table_add(safe, id);
    }
}

static void
check_zones(const Check *check)
{
    g_autoptr(GHashTable) good = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < check->dir->rows[TABLE_UNITS]->len; i++) {
        DirectoryRow *row = g_ptr_array_index(check->dir->rows[TABLE_UNITS], i);
        const char *zone = row->values[UNIT_ZONE];
        int minutes;

        if (*zone == '\0' || g_hash_table_contains(good, zone))
            continue;
        if (nsk_zone_offset(0, zone, &minutes, NULL))
            g_hash_table_add(good, row->values[UNIT_ZONE]);
        else
            nsk_directory_issue(
                check->issues, row, "directory-zone", NSK_SEVERITY_ERROR,
                nsk_tr("'%s' is not a time zone; write a name such as Asia/Jakarta"), zone);
    }
}

static void
check_nips(const Check *check)
{
    g_autoptr(GHashTable) nips = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < check->dir->rows[TABLE_PEOPLE]->len; i++) {
        DirectoryRow *row = g_ptr_array_index(check->dir->rows[TABLE_PEOPLE], i);
        const char *nip = row->values[PERSON_NIP];
        const DirectoryRow *other = g_hash_table_lookup(nips, nip);

        if (*nip == '\0')
            continue;
        if (other != NULL && strcmp(other->values[PERSON_ID], row->values[PERSON_ID]) != 0)
            nsk_directory_issue(check->issues, row, "directory-nip-double", NSK_SEVERITY_ERROR,
                                nsk_tr("the NIP %s is also that of '%s'; correct one of them"), nip,
                                other->values[PERSON_ID]);
        g_hash_table_insert(nips, row->values[PERSON_NIP], row);
    }
}

static const char *
end_of(const DirectoryRow *row, int until)
{
    return *row->values[until] != '\0' ? row->values[until] : OPEN_END;
}

/* @from is the column of the first day, the next one that of the last. */
static void
check_periods(const Check *check, TableId table, int from)
{
    for (guint i = 0; i < check->dir->rows[table]->len; i++) {
        const DirectoryRow *row = g_ptr_array_index(check->dir->rows[table], i);

        if (strcmp(row->values[from], end_of(row, from + 1)) > 0)
            nsk_directory_issue(check->issues, row, "directory-period", NSK_SEVERITY_ERROR,
                                nsk_tr("this %s ends on %s, before it begins on %s"),
                                nsk_tr(nsk_directory_tables[table].element), row->values[from + 1],
                                row->values[from]);
    }
}

static bool
is_acting(const DirectoryRow *holding)
{
    const char *capacity = holding->values[HOLDING_CAPACITY];

    return strcmp(capacity, "definitive") != 0 && strcmp(capacity, "pj") != 0;
}

static bool
is_structural(const Check *check, const char *position)
{
    const DirectoryRow *row = find_row(check, TABLE_POSITIONS, position);

    return row != NULL && *row->values[POSITION_ECHELON] != '\0';
}

/* Two holdings of one position with a day in common. */
static void
check_pair(const Check *check, const DirectoryRow *one, const DirectoryRow *two)
{
    const char *position = two->values[HOLDING_POSITION];
    const char *tag = NULL;
    const char *what = NULL;

    if (is_acting(one) && is_acting(two)) {
        tag = "directory-two-acting";
        what = nsk_tr("two people act in");
    } else if (!is_acting(one) && !is_acting(two)) {
        tag = is_structural(check, position) ? "directory-two-holders" : NULL;
        what = nsk_tr("two people hold");
    } else if (strcmp(one->values[HOLDING_CAPACITY], "plt") == 0 ||
               strcmp(two->values[HOLDING_CAPACITY], "plt") == 0) {
        tag = "directory-plt-definitive";
        what = nsk_tr("a Plt. stands beside the holder of");
    }
    if (tag != NULL)
        nsk_directory_issue(check->issues, two, tag, NSK_SEVERITY_ERROR,
                            nsk_tr("%s '%s' on %s: '%s' and '%s'; end one the day before"), what,
                            position, two->values[HOLDING_FROM], one->values[HOLDING_PERSON],
                            two->values[HOLDING_PERSON]);
}

static bool
overlap(const DirectoryRow *one, const DirectoryRow *two)
{
    return strcmp(one->values[HOLDING_FROM], end_of(two, HOLDING_UNTIL)) <= 0 &&
           strcmp(two->values[HOLDING_FROM], end_of(one, HOLDING_UNTIL)) <= 0;
}

static int
compare_from(const void *a, const void *b)
{
    const DirectoryRow *row_a = *(DirectoryRow *const *)a;
    const DirectoryRow *row_b = *(DirectoryRow *const *)b;

    return strcmp(row_a->values[HOLDING_FROM], row_b->values[HOLDING_FROM]);
}

/* Whether a holding of one who does not act shares a day with each of @holdings: one that began
 * before, found on the way forward, or one that begins later, found on the way back. */
static bool *
find_covered(const GPtrArray *holdings)
{
    bool *covered = g_new0(bool, holdings->len);
    const char *last_end = "";
    const char *next_from = NULL;

    for (guint i = 0; i < holdings->len; i++) {
        const DirectoryRow *row = g_ptr_array_index(holdings, i);

        if (!is_acting(row) && strcmp(end_of(row, HOLDING_UNTIL), last_end) > 0)
            last_end = end_of(row, HOLDING_UNTIL);
        covered[i] = strcmp(last_end, row->values[HOLDING_FROM]) >= 0;
    }
    for (guint i = holdings->len; i-- > 0;) {
        const DirectoryRow *row = g_ptr_array_index(holdings, i);

        if (!is_acting(row))
            next_from = row->values[HOLDING_FROM];
        if (next_from != NULL && strcmp(next_from, end_of(row, HOLDING_UNTIL)) <= 0)
            covered[i] = true;
    }
    return covered;
}

/* A Plh. needs somebody who holds the position meanwhile. */
static void
check_plh(const Check *check, const GPtrArray *holdings)
{
    g_autofree bool *covered = find_covered(holdings);

    for (guint i = 0; i < holdings->len; i++) {
        const DirectoryRow *row = g_ptr_array_index(holdings, i);

        if (strcmp(row->values[HOLDING_CAPACITY], "plh") == 0 && !covered[i])
            nsk_directory_issue(
                check->issues, row, "directory-plh-vacant", NSK_SEVERITY_WARNING,
                nsk_tr("'%s' is Plh. of '%s', which has no holder to stand in for; a "
                       "vacant position has a Plt."),
                row->values[HOLDING_PERSON], row->values[HOLDING_POSITION]);
    }
}

/* All holdings of one position, in the order of their first day.  The holding so far that ends last
 * is the one to compare with, for each of holders and acting. */
static void
check_position(const Check *check, GPtrArray *holdings)
{
    const DirectoryRow *last[2] = { NULL, NULL };

    g_ptr_array_sort(holdings, compare_from);
    check_plh(check, holdings);
    for (guint i = 0; i < holdings->len; i++) {
        const DirectoryRow *row = g_ptr_array_index(holdings, i);
        int kind = is_acting(row) ? 1 : 0;

        for (int k = 0; k < 2; k++) {
            if (last[k] != NULL && overlap(last[k], row))
                check_pair(check, last[k], row);
        }
        if (last[kind] == NULL ||
            strcmp(end_of(row, HOLDING_UNTIL), end_of(last[kind], HOLDING_UNTIL)) > 0)
            last[kind] = row;
    }
}

static void
check_holdings(const Check *check)
{
    g_autoptr(GPtrArray) positions =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GHashTable) by_position = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < check->dir->rows[TABLE_HOLDINGS]->len; i++) {
        DirectoryRow *row = g_ptr_array_index(check->dir->rows[TABLE_HOLDINGS], i);
        const char *capacity = row->values[HOLDING_CAPACITY];
        GPtrArray *list = g_hash_table_lookup(by_position, row->values[HOLDING_POSITION]);

        if (strcmp(capacity, "an") == 0 || strcmp(capacity, "ub") == 0)
            nsk_directory_issue(check->issues, row, "directory-capacity", NSK_SEVERITY_ERROR,
                                nsk_tr("a position is held definitive, pj, plt or plh, not '%s'"),
                                capacity);
        if (list == NULL) {
            list = g_ptr_array_new();
            g_ptr_array_add(positions, list);
            g_hash_table_insert(by_position, row->values[HOLDING_POSITION], list);
        }
        g_ptr_array_add(list, row);
    }
    for (guint i = 0; i < positions->len; i++)
        check_position(check, g_ptr_array_index(positions, i));
}

static void
check_block_mandate(const Check *check, const DirectoryRow *row)
{
    const DirectoryRow *receiver = find_row(check, TABLE_POSITIONS, row->values[MANDATE_RECEIVER]);

    if (receiver != NULL &&
        strcmp(receiver->values[POSITION_SUPERIOR], row->values[MANDATE_GIVER]) != 0)
        nsk_directory_issue(
            check->issues, row, "directory-mandate-level", NSK_SEVERITY_WARNING,
            nsk_tr("'%s' is not the direct superior of '%s', so nobody can sign by the "
                   "mandate '%s'"),
            row->values[MANDATE_GIVER], row->values[MANDATE_RECEIVER], row->values[MANDATE_ID]);
    if (strcmp(row->values[MANDATE_CAPACITY], "ub") == 0 &&
        !g_hash_table_contains(check->an_receivers, row->values[MANDATE_GIVER]))
        nsk_directory_issue(
            check->issues, row, "directory-ub-alone", NSK_SEVERITY_WARNING,
            nsk_tr("u.b. stands only under an a.n., but '%s' has no a.n. mandate to pass on"),
            row->values[MANDATE_GIVER]);
}

static void
check_mandate(const Check *check, const DirectoryRow *row)
{
    const char *capacity = row->values[MANDATE_CAPACITY];

    if (strcmp(capacity, "definitive") == 0 || strcmp(capacity, "pj") == 0)
        nsk_directory_issue(check->issues, row, "directory-capacity", NSK_SEVERITY_ERROR,
                            nsk_tr("a mandate is an, ub, plt or plh, not '%s'"), capacity);
    if (strcmp(row->values[MANDATE_GIVER], row->values[MANDATE_RECEIVER]) == 0)
        nsk_directory_issue(check->issues, row, "directory-mandate", NSK_SEVERITY_ERROR,
                            nsk_tr("the mandate '%s' goes from '%s' to itself"),
                            row->values[MANDATE_ID], row->values[MANDATE_GIVER]);
    else if (strcmp(capacity, "an") == 0 || strcmp(capacity, "ub") == 0)
        check_block_mandate(check, row);
}

static void
check_mandates(Check *check)
{
    GPtrArray *rows = check->dir->rows[TABLE_MANDATES];

    for (guint i = 0; i < rows->len; i++) {
        DirectoryRow *row = g_ptr_array_index(rows, i);

        if (strcmp(row->values[MANDATE_CAPACITY], "an") == 0)
            g_hash_table_add(check->an_receivers, row->values[MANDATE_RECEIVER]);
    }
    for (guint i = 0; i < rows->len; i++)
        check_mandate(check, g_ptr_array_index(rows, i));
}

static void
check_assistants(const Check *check)
{
    for (guint i = 0; i < check->dir->rows[TABLE_ASSISTANTS]->len; i++) {
        const DirectoryRow *row = g_ptr_array_index(check->dir->rows[TABLE_ASSISTANTS], i);

        if ((*row->values[ASSISTANT_PERSON] == '\0') == (*row->values[ASSISTANT_BY] == '\0'))
            nsk_directory_issue(
                check->issues, row, "directory-assistant", NSK_SEVERITY_ERROR,
                nsk_tr("an assistant of '%s' is a person or an assistant-position; give one "
                       "of the two"),
                row->values[ASSISTANT_POSITION]);
    }
}

/* What is wrong with a turn by itself; NULL if nothing. */
static const char *
find_turn_fault(const DirectoryRow *row)
{
    const char *what = row->values[ROSTER_WHAT];
    bool leave = strcmp(what, "leave") == 0 || strcmp(what, "travel") == 0;
    bool hours = *row->values[ROSTER_HOURS] != '\0';

    if (!leave && *row->values[ROSTER_POSITION] == '\0')
        return nsk_tr("says no position; duty is always in one");
    if (hours != (strcmp(what, "shift") == 0))
        return hours ? nsk_tr("has hours; only a shift has")
                     : nsk_tr("has no hours; a shift has some");
    if (!leave && *row->values[ROSTER_SUBSTITUTE] != '\0')
        return nsk_tr("names a substitute; only who is away or travels has one");
    if (strcmp(row->values[ROSTER_SUBSTITUTE], row->values[ROSTER_PERSON]) == 0)
        return nsk_tr("names the person as his own substitute");
    return NULL;
}

/* Whether the person holds the position on some day of the turn. */
static bool
holds_meanwhile(const GPtrArray *holdings, const DirectoryRow *turn)
{
    for (guint i = 0; i < holdings->len; i++) {
        const DirectoryRow *row = g_ptr_array_index(holdings, i);

        if (strcmp(row->values[HOLDING_PERSON], turn->values[ROSTER_PERSON]) == 0 &&
            strcmp(row->values[HOLDING_POSITION], turn->values[ROSTER_POSITION]) == 0 &&
            strcmp(row->values[HOLDING_FROM], end_of(turn, ROSTER_UNTIL)) <= 0 &&
            strcmp(turn->values[ROSTER_FROM], end_of(row, HOLDING_UNTIL)) <= 0)
            return true;
    }
    return false;
}

static void
check_roster(const Check *check)
{
    for (guint i = 0; i < check->dir->rows[TABLE_ROSTER]->len; i++) {
        const DirectoryRow *row = g_ptr_array_index(check->dir->rows[TABLE_ROSTER], i);
        const char *fault = find_turn_fault(row);

        if (fault != NULL)
            nsk_directory_issue(check->issues, row, "directory-roster", NSK_SEVERITY_ERROR,
                                nsk_tr("the turn '%s' of '%s' from %s %s"),
                                row->values[ROSTER_WHAT], row->values[ROSTER_PERSON],
                                row->values[ROSTER_FROM], fault);
        else if (*row->values[ROSTER_POSITION] != '\0' &&
                 !holds_meanwhile(check->dir->rows[TABLE_HOLDINGS], row))
            nsk_directory_issue(
                check->issues, row, "directory-roster-stranger", NSK_SEVERITY_WARNING,
                nsk_tr("'%s' is in the roster of '%s' from %s, but does not hold that position"),
                row->values[ROSTER_PERSON], row->values[ROSTER_POSITION], row->values[ROSTER_FROM]);
    }
}

bool
nsk_directory_check(const NskDirectory *self, NskIssues *issues)
{
    Check check = { .dir = self, .issues = issues };

    check.an_receivers = g_hash_table_new(g_str_hash, g_str_equal);
    for (TableId table = 0; table < N_TABLES; table++)
        index_table(&check, table);
    for (TableId table = 0; table < N_TABLES; table++) {
        for (guint i = 0; i < self->rows[table]->len; i++)
            check_references(&check, table, g_ptr_array_index(self->rows[table], i));
    }
    check_cycles(&check, TABLE_UNITS, UNIT_PARENT);
    check_cycles(&check, TABLE_POSITIONS, POSITION_SUPERIOR);
    check_zones(&check);
    check_nips(&check);
    check_periods(&check, TABLE_HOLDINGS, HOLDING_FROM);
    check_periods(&check, TABLE_MANDATES, MANDATE_FROM);
    check_periods(&check, TABLE_ASSISTANTS, ASSISTANT_FROM);
    check_holdings(&check);
    check_mandates(&check);
    check_assistants(&check);
    check_periods(&check, TABLE_ROSTER, ROSTER_FROM);
    check_roster(&check);
    for (TableId table = 0; table < N_TABLES; table++)
        g_hash_table_unref(check.ids[table]);
    g_hash_table_unref(check.an_receivers);
    return !nsk_issues_has_error(issues);
}

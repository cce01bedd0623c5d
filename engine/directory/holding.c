/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who holds, assists and reads on a day.  A day is inside a period if since <= day <= until, both
 * text of the form 2026-07-22, which sorts as days do.
 */
#include "base/message.h"
#include "directory/directory-private.h"

#include <string.h>

static const char sql_find_holders[] =
    "SELECT person, position, capacity, since, until FROM holding"
    " WHERE position = $1 AND since <= $2 AND until >= $2"
    " ORDER BY CASE capacity WHEN 'definitive' THEN 0 WHEN 'pj' THEN 1 WHEN 'plt' THEN 2 ELSE 3 "
    "END, person";

static const char sql_find_held[] = "SELECT person, position, capacity, since, until FROM holding"
                                    " WHERE person = $1 AND since <= $2 AND until >= $2"
                                    " ORDER BY position, CASE capacity WHEN 'definitive' THEN 0 "
                                    "WHEN 'pj' THEN 1 WHEN 'plt' THEN 2 ELSE 3 END";

static const char sql_find_ever_held[] =
    "SELECT person, position, capacity, since, until FROM holding"
    " WHERE person = $1 AND position = $2 ORDER BY since";

static const char sql_find_assistance[] =
    "SELECT 1 FROM assistant AS a"
    " WHERE a.position = $2 AND a.since <= $3 AND a.until >= $3"
    " AND (a.person = $1 OR EXISTS (SELECT 1 FROM holding AS h"
    "  WHERE h.position = a.assistant_position AND h.person = $1"
    "  AND h.since <= $3 AND h.until >= $3)) LIMIT 1";

/* UNION ALL without an order: what sorts and makes rows one in SQLite costs more than all the rest,
 * for the few rows that a person has.  The last row says that he stands in for somebody. */
static const char sql_find_readings[] =
    "SELECT 0, h.position, p.unit FROM holding AS h JOIN position AS p ON p.id = h.position"
    " WHERE h.person = $1 AND h.since <= $2 AND h.until >= $2"
    " UNION ALL "
    "SELECT 1, a.position, p.unit FROM assistant AS a JOIN position AS p ON p.id = a.position"
    " WHERE a.person = $1 AND a.person <> '' AND a.since <= $2 AND a.until >= $2"
    " UNION ALL "
    "SELECT 1, a.position, p.unit FROM holding AS h"
    " JOIN assistant AS a ON a.assistant_position = h.position AND a.assistant_position <> ''"
    " JOIN position AS p ON p.id = a.position"
    " WHERE h.person = $1 AND h.since <= $2 AND h.until >= $2"
    " AND a.since <= $2 AND a.until >= $2"
    " UNION ALL "
    "SELECT 2, u.archivist, u.id FROM holding AS h"
    " JOIN unit AS u ON u.archivist = h.position AND u.archivist <> ''"
    " WHERE h.person = $1 AND h.since <= $2 AND h.until >= $2"
    " UNION ALL "
    "SELECT 3, '', '' WHERE EXISTS (SELECT 1 FROM roster WHERE substitute = $1"
    " AND substitute <> '' AND since <= $2 AND until >= $2)";

/* covered: those who are away, and from what, for whom $1 stands in; who stands in for one who
 * stands in for another himself covers both */
static const char sql_find_covered[] =
    "WITH RECURSIVE covered (person, position) AS ("
    " SELECT person, position FROM roster WHERE substitute = $1 AND substitute <> ''"
    "  AND what IN ('leave', 'travel') AND since <= $2 AND until >= $2"
    " UNION SELECT r.person, r.position FROM covered AS c JOIN roster AS r"
    "  ON r.substitute = c.person AND r.substitute <> ''"
    "  WHERE c.position = '' AND r.what IN ('leave', 'travel') AND r.since <= $2 AND r.until >= $2)"
    "SELECT 3, h.position, p.unit FROM covered AS c JOIN holding AS h ON h.person = c.person"
    " JOIN position AS p ON p.id = h.position"
    " WHERE (c.position = '' OR c.position = h.position) AND h.since <= $2 AND h.until >= $2";

void
nsk_holding_free(NskHolding *self)
{
    if (self == NULL)
        return;
    g_free(self->person);
    g_free(self->position);
    g_free(self);
}

static void
free_holding(gpointer data)
{
    nsk_holding_free(data);
}

static gpointer
make_holding(NskDbRows *row)
{
    NskHolding *holding = g_new0(NskHolding, 1);

    holding->person = g_strdup(nsk_db_rows_text(row, 0));
    holding->position = g_strdup(nsk_db_rows_text(row, 1));
    (void)nsk_capacity_parse(nsk_db_rows_text(row, 2), &holding->capacity);
    holding->from = nsk_directory_date_from_text(nsk_db_rows_text(row, 3));
    holding->until = nsk_directory_date_from_text(nsk_db_rows_text(row, 4));
    return holding;
}

/* All rows of a query of holdings; takes @rows, which may be NULL. */
static GPtrArray *
read_holdings(NskDbRows *rows, GError **error)
{
    return nsk_db_collect(rows, make_holding, free_holding, error);
}

GPtrArray *
nsk_directory_holders(NskDbTxn *txn, const char *position, NskDate date, GError **error)
{
    g_autofree char *day = nsk_date_format(date);
    NskDbRows *rows = nsk_db_query(txn, sql_find_holders,
                                   NSK_DB_PARAMS(NSK_DB_TEXT(position), NSK_DB_TEXT(day)), error);

    return read_holdings(rows, error);
}

GPtrArray *
nsk_directory_held_by(NskDbTxn *txn, const char *person, NskDate date, GError **error)
{
    g_autofree char *day = nsk_date_format(date);
    NskDbRows *rows = nsk_db_query(txn, sql_find_held,
                                   NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_TEXT(day)), error);

    return read_holdings(rows, error);
}

GPtrArray *
nsk_directory_ever_held(NskDbTxn *txn, const char *person, const char *position, GError **error)
{
    NskDbRows *rows = nsk_db_query(
        txn, sql_find_ever_held, NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_TEXT(position)), error);

    return read_holdings(rows, error);
}

bool
nsk_directory_is_assistant(NskDbTxn *txn,
                           const char *person,
                           const char *position,
                           NskDate date,
                           bool *out_is,
                           GError **error)
{
    g_autofree char *day = nsk_date_format(date);
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_find_assistance,
        NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_TEXT(position), NSK_DB_TEXT(day)), error);

    return rows != NULL && nsk_db_rows_next(rows, out_is, error);
}

static void
free_reading(gpointer data)
{
    NskReading *reading = data;

    g_free(reading->position);
    g_free(reading->unit);
    g_free(reading);
}

static gpointer
make_reading(NskDbRows *row)
{
    NskReading *reading = g_new(NskReading, 1);

    *reading = (NskReading){ .as = (NskReadsAs)nsk_db_rows_int(row, 0),
                             .position = g_strdup(nsk_db_rows_text(row, 1)),
                             .unit = g_strdup(nsk_db_rows_text(row, 2)) };
    return reading;
}

static GPtrArray *
read_readings(NskDbTxn *txn, const char *sql, const char *person, const char *day, GError **error)
{
    return nsk_db_collect(
        nsk_db_query(txn, sql, NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_TEXT(day)), error),
        make_reading, free_reading, error);
}

static int
compare_readings(gconstpointer a, gconstpointer b)
{
    const NskReading *one = *(NskReading *const *)a, *other = *(NskReading *const *)b;
    int by_position = strcmp(one->position, other->position);

    if (one->as != other->as)
        return one->as < other->as ? -1 : 1;
    return by_position != 0 ? by_position : strcmp(one->unit, other->unit);
}

static void
sort_once(GPtrArray *readings)
{
    g_ptr_array_sort(readings, compare_readings);
    for (guint i = readings->len; i > 1; i--) {
        if (compare_readings(&readings->pdata[i - 2], &readings->pdata[i - 1]) == 0)
            g_ptr_array_remove_index(readings, i - 1);
    }
}

/* Whether the last row is the one that says so, which it is not any more then. */
static bool
take_substitution(GPtrArray *readings)
{
    const NskReading *last = readings->len > 0 ? readings->pdata[readings->len - 1] : NULL;

    if (last == NULL || last->as != NSK_READS_AS_SUBSTITUTE)
        return false;
    g_ptr_array_set_size(readings, (int)readings->len - 1);
    return true;
}

GPtrArray *
nsk_directory_readings(NskDbTxn *txn, const char *person, NskDate date, GError **error)
{
    g_autofree char *day = nsk_date_format(date);
    g_autoptr(GPtrArray) readings = read_readings(txn, sql_find_readings, person, day, error);

    if (readings == NULL)
        return NULL;
    if (take_substitution(readings)) {
        GPtrArray *covered = read_readings(txn, sql_find_covered, person, day, error);

        if (covered == NULL)
            return NULL;
        g_ptr_array_extend_and_steal(readings, covered);
    }
    sort_once(readings);
    return g_steal_pointer(&readings);
}

/* Says why @person does not hold @position on @date; always returns false. */
static bool
refuse_holding(const GPtrArray *ever,
               const NskPerson *person,
               const NskPosition *position,
               NskDate date,
               GError **error)
{
    const NskHolding *ended = NULL;
    const NskHolding *next = NULL;

    for (guint i = 0; i < ever->len; i++) {
        const NskHolding *holding = g_ptr_array_index(ever, i);

        if (nsk_date_compare(holding->from, date) > 0)
            next = next == NULL ? holding : next;
        else if (ended == NULL || nsk_date_compare(holding->until, ended->until) > 0)
            ended = holding;
    }
    const NskHolding *told = ended != NULL ? ended : next;
    g_autofree char *day = nsk_date_format(ended != NULL  ? ended->until
                                           : next != NULL ? next->from
                                                          : date);
    const char *print = told != NULL ? nsk_capacity_print(told->capacity) : "";
    if (ended != NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_EXPIRED, nsk_tr("%s was '%s%s' only until %s"),
                    person->name, print, position->title, day);
    else if (next != NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED, nsk_tr("%s is '%s%s' only from %s"),
                    person->name, print, position->title, day);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED, nsk_tr("%s is not '%s' on %s"),
                    person->name, position->title, day);
    return false;
}

/* The first day of the person's leave from the position on the day; unset: he is there. */
static bool
find_leave(NskDbTxn *txn,
           const NskHolding *holding,
           NskDate date,
           NskDate *out_from,
           GError **error)
{
    const NskTurnsAsk ask = { holding->person, holding->position, date, date };
    g_autoptr(GPtrArray) turns = nsk_directory_turns(txn, &ask, error);

    *out_from = (NskDate){ 0 };
    for (guint i = 0; turns != NULL && i < turns->len; i++) {
        const NskTurn *turn = g_ptr_array_index(turns, i);

        if (turn->what == NSK_TURN_LEAVE &&
            (turn->position[0] == '\0' || strcmp(turn->position, holding->position) == 0))
            *out_from = turn->from;
    }
    return turns != NULL;
}

/* Another who is Plh. of the position, and there; *out_plh is NULL if there is none. */
static bool
find_plh(NskDbTxn *txn,
         const GPtrArray *holders,
         const char *person,
         NskDate date,
         const NskHolding **out_plh,
         GError **error)
{
    *out_plh = NULL;
    for (guint i = 0; i < holders->len && *out_plh == NULL; i++) {
        NskDate leave;
        const NskHolding *holding = g_ptr_array_index(holders, i);

        if (holding->capacity != NSK_CAPACITY_PLH || strcmp(holding->person, person) == 0)
            continue;
        if (!find_leave(txn, holding, date, &leave, error))
            return false;
        if (!nsk_date_is_set(leave))
            *out_plh = holding;
    }
    return true;
}

/* Two must not act in one position at once: who is on leave leaves it to his Plh. */
static bool
check_not_on_leave(NskDbTxn *txn,
                   const GPtrArray *holders,
                   const NskHolding *holding,
                   NskDate date,
                   GError **error)
{
    NskDate leave;
    const NskHolding *plh;

    if (!find_plh(txn, holders, holding->person, date, &plh, error))
        return false;
    if (plh == NULL)
        return true;
    if (!find_leave(txn, holding, date, &leave, error))
        return false;
    if (!nsk_date_is_set(leave))
        return true;
    g_autofree char *from = nsk_date_format(leave);
    g_autoptr(NskPerson) who = nsk_directory_get_person(txn, plh->person, error);
    g_autoptr(NskPosition) what =
        who != NULL ? nsk_directory_get_position(txn, holding->position, error) : NULL;
    if (what != NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("you are on leave since %s, and %s is Plh. %s meanwhile; to act again, "
                           "end the leave with 'naskah duty end', or have it entered as travel"),
                    from, who->printed, what->title);
    return false;
}

bool
nsk_directory_may_act(NskDbTxn *txn,
                      const char *person,
                      const char *position,
                      NskDate date,
                      NskCapacity *out_capacity,
                      GError **error)
{
    g_autoptr(GPtrArray) holders = nsk_directory_holders(txn, position, date, error);

    if (holders == NULL)
        return false;
    for (guint i = 0; i < holders->len; i++) {
        const NskHolding *holding = g_ptr_array_index(holders, i);

        if (!g_str_equal(holding->person, person))
            continue;
        if (!check_not_on_leave(txn, holders, holding, date, error))
            return false;
        *out_capacity = holding->capacity;
        return true;
    }
    g_autoptr(NskPerson) who = nsk_directory_get_person(txn, person, error);
    if (who == NULL)
        return false;
    g_autoptr(NskPosition) what = nsk_directory_get_position(txn, position, error);
    if (what == NULL)
        return false;
    g_autoptr(GPtrArray) ever = nsk_directory_ever_held(txn, person, position, error);
    return ever != NULL && refuse_holding(ever, who, what, date, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The roster: who is away, who stands in, and who is on duty.
 *
 *     holders of the position on the day
 *       there       those on duty first, then definitive, Pj., Plt., Plh.
 *       away        -> substitute -> the substitute's substitute, while he is away himself
 *
 * A holder (definitive or Pj.) who is away beside a Plh. is the ordinary case: the Plh. acts, and
 * he does not.  Who travels is to be reached: he may act, also beside a Plh., and comes behind
 * those who are in the office.  Substitutes hold nothing, so they come only where nobody is left
 * who may act.
 *
 * INVARIANTS
 *   (1) Nobody is named twice, so a circle of substitutes ends where it closes.
 *   (2) A night shift belongs to the day on which it begins, and also to the next morning.
 */
#include "base/message.h"
#include "directory/directory-private.h"

#include <string.h>

#define DAY_MINUTES (24 * 60)

static const char sql_list_turns[] =
    "SELECT r.person, r.what, r.position, r.substitute, r.since, r.until, r.hours, r.note"
    " FROM roster AS r WHERE ($1 = '' OR r.person = $1) AND r.since <= $4 AND r.until >= $3"
    " AND ($2 = '' OR r.position = $2 OR (r.position = '' AND EXISTS"
    "  (SELECT 1 FROM holding AS h WHERE h.person = r.person AND h.position = $2"
    "   AND h.since <= $4 AND h.until >= $3)))"
    " ORDER BY r.person, r.what, r.position, r.since, r.hours";

static const char sql_drop_turn[] =
    "DELETE FROM roster WHERE person = $1 AND what = $2 AND position = $3 AND since = $4"
    " AND hours = $5";
static const char sql_find_turn[] =
    "SELECT 1 FROM roster WHERE person = $1 AND what = $2 AND position = $3 AND since = $4"
    " AND hours = $5";

static const char *const turn_names[] = {
    [NSK_TURN_LEAVE] = "leave",
    [NSK_TURN_TRAVEL] = "travel",
    [NSK_TURN_DUTY] = "duty",
    [NSK_TURN_SHIFT] = "shift",
};

static const char *const presence_names[] = {
    [NSK_PRESENCE_HOLDER] = "holder",         [NSK_PRESENCE_ACTING] = "acting",
    [NSK_PRESENCE_SUBSTITUTE] = "substitute", [NSK_PRESENCE_AWAY] = "away",
    [NSK_PRESENCE_VACANT] = "vacant",
};

const char *
nsk_turn_name(NskTurnWhat self)
{
    return turn_names[self];
}

bool
nsk_turn_parse(const char *text, NskTurnWhat *out_what)
{
    for (size_t i = 0; text != NULL && i < G_N_ELEMENTS(turn_names); i++) {
        if (strcmp(text, turn_names[i]) != 0)
            continue;
        *out_what = (NskTurnWhat)i;
        return true;
    }
    return false;
}

const char *
nsk_presence_name(NskPresence self)
{
    return presence_names[self];
}

/* Minutes of "HH.MM" at @text; -1 if it is none. */
static int
parse_minutes(const char *text)
{
    if (!g_ascii_isdigit(text[0]) || !g_ascii_isdigit(text[1]) || text[2] != '.' ||
        !g_ascii_isdigit(text[3]) || !g_ascii_isdigit(text[4]))
        return -1;
    int hour = (text[0] - '0') * 10 + text[1] - '0';
    int minute = (text[3] - '0') * 10 + text[4] - '0';
    return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

bool
nsk_minute_parse(const char *text, int *out_minute)
{
    int minute = strlen(text) == 5 ? parse_minutes(text) : -1;

    if (minute >= 0)
        *out_minute = minute;
    return minute >= 0;
}

bool
nsk_hours_parse(const char *text, int *out_begin, int *out_end)
{
    int begin, end;

    if (text == NULL || strlen(text) != 11 || text[5] != '-')
        return false;
    begin = parse_minutes(text);
    end = parse_minutes(text + 6);
    if (begin < 0 || end < 0 || begin == end)
        return false;
    *out_begin = begin;
    *out_end = end;
    return true;
}

void
nsk_turn_free(NskTurn *self)
{
    if (self == NULL)
        return;
    g_free(self->person);
    g_free(self->position);
    g_free(self->substitute);
    g_free(self->hours);
    g_free(self->note);
    g_free(self);
}

static void
free_turn(gpointer data)
{
    nsk_turn_free(data);
}

static gpointer
make_turn(NskDbRows *row)
{
    NskTurn *turn = g_new0(NskTurn, 1);

    turn->person = g_strdup(nsk_db_rows_text(row, 0));
    (void)nsk_turn_parse(nsk_db_rows_text(row, 1), &turn->what);
    turn->position = g_strdup(nsk_db_rows_text(row, 2));
    turn->substitute = g_strdup(nsk_db_rows_text(row, 3));
    turn->from = nsk_directory_date_from_text(nsk_db_rows_text(row, 4));
    turn->until = nsk_directory_date_from_text(nsk_db_rows_text(row, 5));
    turn->hours = g_strdup(nsk_db_rows_text(row, 6));
    turn->note = g_strdup(nsk_db_rows_text(row, 7));
    return turn;
}

GPtrArray *
nsk_directory_turns(NskDbTxn *txn, const NskTurnsAsk *ask, GError **error)
{
    g_autofree char *from = nsk_date_format(ask->from);
    g_autofree char *until = nsk_date_format(ask->until);
    NskDbRows *rows =
        nsk_db_query(txn, sql_list_turns,
                     NSK_DB_PARAMS(NSK_DB_TEXT(ask->person != NULL ? ask->person : ""),
                                   NSK_DB_TEXT(ask->position != NULL ? ask->position : ""),
                                   NSK_DB_TEXT(from), NSK_DB_TEXT(until)),
                     error);

    return nsk_db_collect(rows, make_turn, free_turn, error);
}

bool
nsk_directory_drop_turn(NskDbTxn *txn, const NskTurn *turn, GError **error)
{
    bool found = false;
    g_autofree char *from = nsk_date_format(turn->from);
    const NskDbValue key[] = { NSK_DB_TEXT(turn->person), NSK_DB_TEXT(nsk_turn_name(turn->what)),
                               NSK_DB_TEXT(turn->position), NSK_DB_TEXT(from),
                               NSK_DB_TEXT(turn->hours) };
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_find_turn, key, G_N_ELEMENTS(key), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &found, error))
        return false;
    if (found)
        return nsk_db_exec(txn, sql_drop_turn, key, G_N_ELEMENTS(key), NULL, error);
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("the roster has no turn '%s' of '%s' that begins on %s"),
                nsk_turn_name(turn->what), turn->person, from);
    return false;
}

NskDirectory *
nsk_directory_of_turn(const NskTurn *turn, GError **error)
{
    g_autofree char *from = nsk_date_format(turn->from);
    g_autofree char *until =
        nsk_date_is_set(turn->until) ? nsk_date_format(turn->until) : g_strdup("");
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDirectory) self = nsk_directory_new();
    DirectoryRow *row = nsk_directory_add_row(self, TABLE_ROSTER, NULL, 0);

    nsk_directory_set_value(row, ROSTER_PERSON, turn->person);
    nsk_directory_set_value(row, ROSTER_WHAT, nsk_turn_name(turn->what));
    nsk_directory_set_value(row, ROSTER_POSITION, turn->position);
    nsk_directory_set_value(row, ROSTER_FROM, from);
    nsk_directory_set_value(row, ROSTER_UNTIL, until);
    nsk_directory_set_value(row, ROSTER_HOURS, turn->hours);
    nsk_directory_set_value(row, ROSTER_SUBSTITUTE, turn->substitute);
    nsk_directory_set_value(row, ROSTER_NOTE, turn->note);
    nsk_directory_finish_row(TABLE_ROSTER, row, issues);
    return nsk_issues_to_error(issues, error) ? g_steal_pointer(&self) : NULL;
}

/* --- Who is there. ---------------------------------------------------------------------------- */

typedef struct {
    const char *position;
    NskDate date;
    int minute;
    GPtrArray *turns; /* of all people on this day and the day before */
    GPtrArray *people;
} Look;

static void
free_attendant(gpointer data)
{
    NskAttendant *self = data;

    g_free(self->person);
    g_free(self->substitutes);
    g_free(self);
}

void
nsk_attendance_clear(NskAttendance *self)
{
    g_clear_pointer(&self->people, g_ptr_array_unref);
}

static bool
has_day(const NskTurn *turn, NskDate date)
{
    return nsk_date_compare(turn->from, date) <= 0 &&
           (!nsk_date_is_set(turn->until) || nsk_date_compare(turn->until, date) >= 0);
}

/* The turn of that sort (leave, travel) that keeps @person from @position on the day, the one that
 * ends last; NULL: there is none. */
static const NskTurn *
find_absence(const Look *look, NskTurnWhat what, const char *person, const char *position)
{
    const NskTurn *found = NULL;

    for (guint i = 0; i < look->turns->len; i++) {
        const NskTurn *turn = g_ptr_array_index(look->turns, i);

        if (turn->what != what || strcmp(turn->person, person) != 0 || !has_day(turn, look->date) ||
            (turn->position[0] != '\0' && g_strcmp0(turn->position, position) != 0))
            continue;
        if (found == NULL || !nsk_date_is_set(turn->until) ||
            (nsk_date_is_set(found->until) && nsk_date_compare(turn->until, found->until) > 0))
            found = turn;
    }
    return found;
}

static const NskTurn *
find_leave(const Look *look, const char *person, const char *position)
{
    return find_absence(look, NSK_TURN_LEAVE, person, position);
}

/* Whether the moment lies in the hours of a shift that begins on this day, or began the day before.
 */
static bool
in_hours(const Look *look, const NskTurn *turn)
{
    int begin, end;
    NskDate before = nsk_date_add_days(look->date, -1);

    if (!nsk_hours_parse(turn->hours, &begin, &end))
        return false;
    bool night = end <= begin;
    bool today = has_day(turn, look->date);
    if (look->minute < 0)
        return today || (night && has_day(turn, before));
    if (today && look->minute >= begin && look->minute < (night ? DAY_MINUTES : end))
        return true;
    return night && look->minute < end && has_day(turn, before);
}

static bool
is_on_duty(const Look *look, const char *person)
{
    for (guint i = 0; i < look->turns->len; i++) {
        const NskTurn *turn = g_ptr_array_index(look->turns, i);

        if (strcmp(turn->person, person) != 0 || strcmp(turn->position, look->position) != 0)
            continue;
        if ((turn->what == NSK_TURN_DUTY && has_day(turn, look->date)) ||
            (turn->what == NSK_TURN_SHIFT && in_hours(look, turn)))
            return true;
    }
    return false;
}

static bool
is_named(const Look *look, const char *person)
{
    for (guint i = 0; i < look->people->len; i++) {
        const NskAttendant *known = g_ptr_array_index(look->people, i);

        if (strcmp(known->person, person) == 0)
            return true;
    }
    return false;
}

/* Adds somebody; @leave NULL: he is there. */
static void
add_attendant(Look *look,
              const char *person,
              NskCapacity capacity,
              const char *substitutes,
              const NskTurn *leave)
{
    NskAttendant *self = g_new0(NskAttendant, 1);

    self->person = g_strdup(person);
    self->capacity = capacity;
    self->substitutes = g_strdup(substitutes);
    self->on_duty = leave == NULL && substitutes[0] == '\0' && is_on_duty(look, person);
    self->away = leave != NULL;
    const NskTurn *travel =
        leave == NULL ? find_absence(look, NSK_TURN_TRAVEL, person, look->position) : NULL;
    const NskTurn *absence = leave != NULL ? leave : travel;
    self->travels = travel != NULL;
    if (absence != NULL && nsk_date_is_set(absence->until))
        self->back = nsk_date_add_days(absence->until, 1);
    g_ptr_array_add(look->people, self);
}

/* Follows the substitutes of one who is away. */
static void
add_substitutes(Look *look, const NskHolding *holding)
{
    const char *away = holding->person;
    const NskTurn *leave = find_leave(look, away, look->position);

    while (leave != NULL && leave->substitute[0] != '\0' && !is_named(look, leave->substitute)) {
        const NskTurn *own = find_leave(look, leave->substitute, NULL);

        add_attendant(look, leave->substitute, holding->capacity, away, own);
        away = leave->substitute;
        leave = own;
    }
}

/* Those to turn to first: there before away, holders before substitutes, in the office before who
 * travels, on duty before others; otherwise as they were found. */
static int
rank(const NskAttendant *self)
{
    return (self->away ? 8 : 0) + (self->substitutes[0] != '\0' ? 4 : 0) + (self->travels ? 2 : 0) +
           (self->on_duty ? 0 : 1);
}

static void
sort_people(GPtrArray *people)
{
    for (guint i = 1; i < people->len; i++) {
        gpointer moved = people->pdata[i];
        guint at = i;

        for (; at > 0 && rank(people->pdata[at - 1]) > rank(moved); at--)
            people->pdata[at] = people->pdata[at - 1];
        people->pdata[at] = moved;
    }
}

static NskPresence
judge(const GPtrArray *people)
{
    if (people->len == 0)
        return NSK_PRESENCE_VACANT;
    const NskAttendant *first = g_ptr_array_index(people, 0);
    if (first->away)
        return NSK_PRESENCE_AWAY;
    if (first->substitutes[0] != '\0')
        return NSK_PRESENCE_SUBSTITUTE;
    for (guint i = 0; i < people->len; i++) {
        const NskAttendant *one = g_ptr_array_index(people, i);

        if (!one->away && one->substitutes[0] == '\0' && one->capacity <= NSK_CAPACITY_PJ)
            return NSK_PRESENCE_HOLDER;
    }
    return NSK_PRESENCE_ACTING;
}

bool
nsk_directory_attendance(NskDbTxn *txn,
                         const char *position,
                         NskDate date,
                         int minute,
                         NskAttendance *out_attendance,
                         GError **error)
{
    NskTurnsAsk ask = { .from = nsk_date_add_days(date, -1), .until = date };
    g_autoptr(GPtrArray) holders = nsk_directory_holders(txn, position, date, error);
    g_autoptr(GPtrArray) turns = holders != NULL ? nsk_directory_turns(txn, &ask, error) : NULL;

    if (turns == NULL)
        return false;
    Look look = { position, date, minute, turns, NULL };
    look.people = g_ptr_array_new_with_free_func(free_attendant);
    for (guint i = 0; i < holders->len; i++) {
        const NskHolding *holding = g_ptr_array_index(holders, i);

        if (!is_named(&look, holding->person))
            add_attendant(&look, holding->person, holding->capacity, "",
                          find_leave(&look, holding->person, position));
    }
    for (guint i = 0; i < holders->len; i++)
        add_substitutes(&look, g_ptr_array_index(holders, i));
    sort_people(look.people);
    *out_attendance = (NskAttendance){ judge(look.people), look.people };
    return true;
}

bool
nsk_directory_is_substitute(NskDbTxn *txn,
                            const char *person,
                            const char *position,
                            NskDate date,
                            bool *out_is,
                            GError **error)
{
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, person, date, error);

    if (readings == NULL)
        return false;
    *out_is = false;
    for (guint i = 0; i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        *out_is = *out_is || (reading->as == NSK_READS_AS_SUBSTITUTE &&
                              strcmp(reading->position, position) == 0);
    }
    return true;
}

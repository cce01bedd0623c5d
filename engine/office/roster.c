/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The roster of an office in use: entering leave, duty and shifts, and asking who is there.
 *
 * Leave may be entered by the person himself; all turns by who looks after the position: who acts
 * in its superior, its assistants (TU), and the archivist of its unit.  Why somebody is away stands
 * in the journal alone, where it can be erased, and not in the directory, which git keeps.
 */
#include "base/message.h"
#include "office/duty-private.h"

#include <string.h>

typedef struct {
    NskOffice *office;
    const NskTurnAct *act;
    NskTurn *turn;
    NskInstant now;
} RosterWork;

/* --- Who looks after a position. -------------------------------------------------------------- */

static bool
is_held(const GPtrArray *held, const char *position)
{
    for (guint i = 0; i < held->len; i++) {
        const NskHolding *holding = g_ptr_array_index(held, i);

        if (strcmp(holding->position, position) == 0)
            return true;
    }
    return false;
}

void
nsk_caring_clear(NskCaring *self)
{
    g_clear_pointer(&self->from, g_free);
}

bool
nsk_duty_find_care(NskOffice *self,
                   NskDbTxn *txn,
                   const NskPosition *position,
                   NskDate today,
                   NskCaring *out_caring,
                   GError **error)
{
    bool assists = false;
    g_autoptr(GPtrArray) held = nsk_directory_held_by(txn, self->person, today, error);
    g_autoptr(NskUnit) unit =
        held != NULL ? nsk_directory_get_unit(txn, position->unit, error) : NULL;

    nsk_caring_clear(out_caring);
    out_caring->care = NSK_CARE_NONE;
    if (unit == NULL ||
        !nsk_directory_is_assistant(txn, self->person, position->id, today, &assists, error))
        return false;
    if (position->superior[0] != '\0' && is_held(held, position->superior))
        *out_caring = (NskCaring){ NSK_CARE_SUPERIOR, g_strdup(position->superior) };
    else if (unit->archivist[0] != '\0' && is_held(held, unit->archivist))
        *out_caring = (NskCaring){ NSK_CARE_ARCHIVIST, g_strdup(unit->archivist) };
    else if (assists)
        out_caring->care = NSK_CARE_ASSISTANT;
    return true;
}

/* The positions that the turn is about: its own, or all that the person holds on its first day;
 * NULL-terminated. */
static char **
find_positions(NskDbTxn *txn, const NskTurn *turn, GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autoptr(GPtrArray) held = nsk_directory_held_by(txn, turn->person, turn->from, error);
    const char *last = "";

    if (held == NULL)
        return NULL;
    if (turn->position[0] != '\0')
        g_strv_builder_add(builder, turn->position);
    for (guint i = 0; turn->position[0] == '\0' && i < held->len; i++) {
        const NskHolding *holding = g_ptr_array_index(held, i);

        if (strcmp(holding->position, last) != 0)
            g_strv_builder_add(builder, holding->position);
        last = holding->position;
    }
    return g_strv_builder_end(builder);
}

/* Fills in from where the person acts; of several positions he must look after each.  Errors:
 * DENIED. */
static bool
check_may_enter(const RosterWork *work,
                NskDbTxn *txn,
                char **positions,
                NskCaring *out_caring,
                GError **error)
{
    bool own = (work->turn->what == NSK_TURN_LEAVE || work->turn->what == NSK_TURN_TRAVEL) &&
               strcmp(work->turn->person, work->office->person) == 0;

    for (int i = 0; !own && positions[i] != NULL; i++) {
        NskDate today;
        g_autoptr(NskPosition) position = nsk_directory_get_position(txn, positions[i], error);

        if (position == NULL || !nsk_office_today(txn, position->unit, work->now, &today, error))
            return false;
        if (!nsk_duty_find_care(work->office, txn, position, today, out_caring, error))
            return false;
        if (out_caring->care != NSK_CARE_NONE)
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("the roster of '%s' is kept by its superior, its assistants and the "
                           "archivist of its unit; ask one of them"),
                    position->title);
        return false;
    }
    if (own || positions[0] != NULL)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                nsk_tr("'%s' holds no position on that day, so nobody but himself enters his "
                       "leave"),
                work->turn->person);
    return false;
}

/* --- Entering. -------------------------------------------------------------------------------- */

/* Somebody who holds nothing could be shown work, but could do none of it later. */
static bool
check_substitute(NskDbTxn *txn, const NskTurn *turn, GError **error)
{
    if (turn->substitute[0] == '\0')
        return true;
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, turn->substitute, error);
    g_autoptr(GPtrArray) held =
        person != NULL ? nsk_directory_held_by(txn, turn->substitute, turn->from, error) : NULL;
    if (held == NULL)
        return false;
    if (held->len > 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("%s holds no position on the first day, so nobody can turn to him as a "
                       "substitute; name somebody else"),
                person->printed);
    return false;
}

static bool
parse_day(const char *what, const char *text, NskDate *out_day, GError **error)
{
    if (text == NULL)
        return true;
    if (nsk_date_parse(text, out_day, NULL))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is no date (%s); write one such as 2026-07-22"), text, what);
    return false;
}

/* The turn that the act is about; NULL on error. */
static NskTurn *
read_turn(const NskTurnAct *act, GError **error)
{
    g_autoptr(NskTurn) turn = g_new0(NskTurn, 1);

    turn->person = g_strdup(act->person);
    turn->position = g_strdup(act->position != NULL ? act->position : "");
    turn->hours = g_strdup(act->hours != NULL ? act->hours : "");
    turn->substitute = g_strdup(act->substitute != NULL ? act->substitute : "");
    turn->note = g_strdup("");
    if (!nsk_turn_parse(act->what, &turn->what)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is not known in a roster; use leave, travel, duty or shift"),
                    act->what);
        return NULL;
    }
    if (!parse_day("from", act->from, &turn->from, error) ||
        !parse_day("until", act->until, &turn->until, error))
        return NULL;
    return g_steal_pointer(&turn);
}

/* The stored turn of the same key, to be shortened; NULL on error. */
static NskTurn *
find_stored(NskDbTxn *txn, const NskTurn *turn, GError **error)
{
    const NskTurnsAsk ask = { turn->person, NULL, turn->from, turn->from };
    g_autoptr(GPtrArray) turns = nsk_directory_turns(txn, &ask, error);

    for (guint i = 0; turns != NULL && i < turns->len; i++) {
        const NskTurn *stored = g_ptr_array_index(turns, i);

        if (stored->what == turn->what && strcmp(stored->position, turn->position) == 0 &&
            strcmp(stored->hours, turn->hours) == 0 &&
            nsk_date_compare(stored->from, turn->from) == 0)
            return g_ptr_array_steal_index(turns, i);
    }
    if (turns != NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("the roster has no such turn of '%s' that begins then; see 'naskah "
                           "duty list'"),
                    turn->person);
    return NULL;
}

/* What becomes of the tables; both outs are owned, and NULL where there is nothing. */
static bool
plan_change(const RosterWork *work,
            NskDbTxn *txn,
            NskTurn **out_drop,
            NskDirectory **out_part,
            GError **error)
{
    NskTurn *turn = work->turn;

    if (work->act->end == 0) {
        *out_part = nsk_directory_of_turn(turn, error);
        return *out_part != NULL && check_substitute(txn, turn, error);
    }
    *out_drop = find_stored(txn, turn, error);
    if (*out_drop == NULL || work->act->until == NULL)
        return *out_drop != NULL;
    g_free(turn->substitute);
    turn->substitute = g_strdup((*out_drop)->substitute);
    g_free(turn->note);
    turn->note = g_strdup((*out_drop)->note);
    *out_part = nsk_directory_of_turn(turn, error);
    return *out_part != NULL;
}

bool
nsk_duty_show_attendance(NskDbTxn *txn,
                         const char *position,
                         NskDate date,
                         int minute,
                         NskJson *into,
                         GError **error)
{
    g_auto(NskAttendance) found = { 0 };
    NskJson *people = nsk_json_array();

    nsk_json_set(into, "people", people);
    if (!nsk_directory_attendance(txn, position, date, minute, &found, error))
        return false;
    for (guint i = 0; i < found.people->len; i++) {
        const NskAttendant *one = g_ptr_array_index(found.people, i);
        g_autofree char *back = nsk_date_is_set(one->back) ? nsk_date_format(one->back) : NULL;
        g_autoptr(NskPerson) person = nsk_directory_get_person(txn, one->person, error);
        NskJson *row = nsk_json_object();

        nsk_json_add(people, row);
        if (person == NULL)
            return false;
        nsk_json_set_text(row, "person", one->person);
        nsk_json_set_text(row, "name", person->printed);
        nsk_json_set_text(row, "capacity", nsk_capacity_name(one->capacity));
        nsk_json_set_bool(row, "on_duty", one->on_duty);
        nsk_json_set_bool(row, "away", one->away);
        nsk_json_set_bool(row, "travels", one->travels);
        nsk_json_set_text(row, "back", back);
        nsk_json_set_text(row, "substitutes",
                          one->substitutes[0] != '\0' ? one->substitutes : NULL);
    }
    nsk_json_set_text(into, "position", position);
    nsk_json_set_text(into, "presence", nsk_presence_name(found.presence));
    return true;
}

bool
nsk_duty_add_presence(NskDbTxn *txn,
                      const NskTaskRow *task,
                      NskDate date,
                      NskJson *into,
                      GError **error)
{
    NskPresence best = NSK_PRESENCE_VACANT;

    for (int i = 0; task->positions[i] != NULL; i++) {
        g_auto(NskAttendance) found = { 0 };

        if (!nsk_directory_attendance(txn, task->positions[i], date, -1, &found, error))
            return false;
        best = MIN(best, found.presence);
    }
    nsk_json_set_text(into, "presence", nsk_presence_name(best));
    return true;
}

/* What the turn leaves each position with, on its first day. */
static char *
write_answer(const RosterWork *work, NskDbTxn *txn, char **positions, GError **error)
{
    const NskTurn *turn = work->turn;
    g_autofree char *from = nsk_date_format(turn->from);
    g_autofree char *until = nsk_date_is_set(turn->until) ? nsk_date_format(turn->until) : NULL;
    g_autoptr(NskJson) answer = nsk_json_object();
    NskJson *list = nsk_json_array();

    nsk_json_set(answer, "positions", list);
    for (int i = 0; positions[i] != NULL; i++) {
        NskJson *row = nsk_json_object();

        nsk_json_add(list, row);
        if (!nsk_duty_show_attendance(txn, positions[i], turn->from, -1, row, error))
            return NULL;
    }
    nsk_json_set_text(answer, "what", nsk_turn_name(turn->what));
    nsk_json_set_text(answer, "person", turn->person);
    nsk_json_set_text(answer, "from", from);
    nsk_json_set_text(answer, "until", until);
    nsk_json_set_bool(answer, "ended", work->act->end != 0);
    return nsk_json_canonical(answer);
}

static bool
apply_turn(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    RosterWork *work = data;
    g_auto(NskCaring) caring = { 0 };
    g_autoptr(NskTurn) drop = NULL;
    g_autoptr(NskDirectory) part = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, work->turn->person, error);
    g_auto(GStrv) positions = person != NULL ? find_positions(txn, work->turn, error) : NULL;

    if (positions == NULL || !check_may_enter(work, txn, positions, &caring, error) ||
        !plan_change(work, txn, &drop, &part, error))
        return false;
    NskDirectoryChange change = { .drop = drop, .part = part, .issues = issues };
    change.event = (NskOfficeEvent){ .origin = work->office->origin,
                                     .actor = work->office->person,
                                     .auth = work->office->auth,
                                     .position = caring.from,
                                     .reason = work->act->note,
                                     .action = "roster-changed",
                                     .sentence = "Change the roster",
                                     .now = work->now };
    if (!nsk_directory_change(txn, &change, error))
        return false;
    *out_answer = write_answer(work, txn, positions, error);
    return *out_answer != NULL;
}

bool
nsk_do_roster(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskTurnAct *act = arguments;
    g_autofree char *answer = NULL;
    g_autofree char *end = g_strdup_printf("%" G_GINT64_FORMAT, act->end);
    g_autoptr(NskTurn) turn = read_turn(act, error);
    RosterWork work = { self, act, turn, nsk_clock_now(self->clock) };

    if (turn == NULL)
        return false;
    NSK_REQUEST(self, "roster", act->what, act->person, turn->position, act->from,
                act->until != NULL ? act->until : "", turn->hours, turn->substitute, end);
    if (!nsk_office_commit(self, apply_turn, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

/* --- Asking. ---------------------------------------------------------------------------------- */

typedef struct {
    NskDate date;
    int minute;
} Moment;

/* The moment that is asked about: that day and minute of it, or now. */
static bool
find_moment(NskOffice *self,
            NskDbTxn *txn,
            const NskDutyAsk *ask,
            const char *unit,
            Moment *out_moment,
            GError **error)
{
    int offset;
    NskInstant now = nsk_clock_now(self->clock);
    g_autoptr(NskUnit) row = nsk_directory_get_unit(txn, unit, error);

    if (row == NULL || !nsk_date_at(now, row->zone, &out_moment->date, error) ||
        !nsk_zone_offset(now, row->zone, &offset, error) ||
        !parse_day("date", ask->date, &out_moment->date, error))
        return false;
    int64_t minutes = now / (60 * G_USEC_PER_SEC) + offset;
    out_moment->minute = ask->date != NULL ? -1 : (int)(minutes % (24 * 60));
    if (ask->time == NULL || nsk_minute_parse(ask->time, &out_moment->minute))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is no time of the day; write one such as 14.30"), ask->time);
    return false;
}

bool
nsk_office_duty_show(NskOffice *self, const NskDutyAsk *ask, NskJson **out_result, GError **error)
{
    Moment moment;
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskPosition) position =
        txn != NULL ? nsk_directory_get_position(txn, ask->position, error) : NULL;

    if (position == NULL || !find_moment(self, txn, ask, position->unit, &moment, error) ||
        !nsk_duty_show_attendance(txn, position->id, moment.date, moment.minute, result, error))
        return false;
    g_autofree char *day = nsk_date_format(moment.date);
    nsk_json_set_text(result, "title", position->title);
    nsk_json_set_text(result, "date", day);
    *out_result = g_steal_pointer(&result);
    return true;
}

static NskJson *
turn_to_json(const NskTurn *turn)
{
    g_autofree char *from = nsk_date_format(turn->from);
    g_autofree char *until = nsk_date_is_set(turn->until) ? nsk_date_format(turn->until) : NULL;
    NskJson *row = nsk_json_object();

    nsk_json_set_text(row, "what", nsk_turn_name(turn->what));
    nsk_json_set_text(row, "person", turn->person);
    nsk_json_set_text(row, "position", turn->position[0] != '\0' ? turn->position : NULL);
    nsk_json_set_text(row, "from", from);
    nsk_json_set_text(row, "until", until);
    nsk_json_set_text(row, "hours", turn->hours[0] != '\0' ? turn->hours : NULL);
    nsk_json_set_text(row, "substitute", turn->substitute[0] != '\0' ? turn->substitute : NULL);
    return row;
}

/* Names a person, of whom there may be none. */
static bool
set_name(NskDbTxn *txn, NskJson *row, const char *member, const char *id, GError **error)
{
    if (id[0] == '\0')
        return true;
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, id, error);
    if (person != NULL)
        nsk_json_set_text(row, member, person->printed);
    return person != NULL;
}

bool
nsk_office_duty_list(NskOffice *self, const NskDutyAsk *ask, NskJson **out_result, GError **error)
{
    NskTurnsAsk turns_ask = { .person = ask->person, .position = ask->position };
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    nsk_json_set(result, "turns", list);
    if (txn == NULL || !nsk_office_common_day(nsk_clock_now(self->clock), &turns_ask.from, error) ||
        !parse_day("date", ask->date, &turns_ask.from, error))
        return false;
    turns_ask.until = turns_ask.from;
    if (!parse_day("until", ask->until, &turns_ask.until, error))
        return false;
    if (nsk_date_compare(turns_ask.until, turns_ask.from) < 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the period ends before it begins; the first day comes first"));
        return false;
    }
    g_autoptr(GPtrArray) turns = nsk_directory_turns(txn, &turns_ask, error);
    for (guint i = 0; turns != NULL && i < turns->len; i++) {
        const NskTurn *turn = g_ptr_array_index(turns, i);
        NskJson *row = turn_to_json(turn);

        nsk_json_add(list, row);
        if (!set_name(txn, row, "name", turn->person, error) ||
            !set_name(txn, row, "substitute_name", turn->substitute, error))
            return false;
    }
    if (turns != NULL)
        *out_result = g_steal_pointer(&result);
    return turns != NULL;
}

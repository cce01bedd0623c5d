/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ladder of a legal term: who is told that an application comes to its end, and on which day.
 *
 *     warn        so many working days before the application counts as granted
 *     escalate    fewer
 *     deemed      that day, until it is sent
 *
 * The profile says for each rung who is told: those before whom the application lies, so many steps
 * above them, or a position.  A superior position that nobody holds is stepped over.  Whoever is
 * told may read the application from then on, and has it in the list of what waits for him until it
 * is decided.  A rung is stepped on when the workflow says "notify", when the term is over, and
 * when a task is opened meanwhile, so that nobody gets the application without knowing.
 */
#include "base/message.h"
#include "office/clock-private.h"

#include <string.h>

#define MOST_LEVELS 32 /* of superiors; more would be a circle */

static const char sql_add_notice[] =
    "INSERT INTO notice (letter, position, rung, at) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (letter, position, rung) DO NOTHING";
static const char sql_end_notices[] =
    "UPDATE notice SET done = 1 WHERE letter = $1 AND done IS NULL";
static const char sql_letter_notices[] =
    "SELECT position, rung, at FROM notice WHERE letter = $1 ORDER BY at, rung, position";

/* What holds where the profile says nothing. */
static const NskProfileTell usual_tells[] = {
    { "warn", NULL, 0 },   { "escalate", NULL, 0 }, { "escalate", NULL, 1 },
    { "deemed", NULL, 0 }, { "deemed", NULL, 1 },
};

static const char *
rung_name(NskTermAlarm alarm)
{
    return alarm == NSK_TERM_OVER ? "deemed" : nsk_term_alarm_name(alarm);
}

/* --- Whom. ------------------------------------------------------------------------------------ */

static void
add_once(GPtrArray *list, const char *position)
{
    for (guint i = 0; i < list->len; i++) {
        if (strcmp(list->pdata[i], position) == 0)
            return;
    }
    g_ptr_array_add(list, g_strdup(position));
}

static bool
is_held(const NskAct *act, const char *position, bool *out_is, GError **error)
{
    g_autoptr(GPtrArray) holders = nsk_directory_holders(act->txn, position, act->today, error);

    *out_is = holders != NULL && holders->len > 0;
    return holders != NULL;
}

/* The position above, owned; "" if there is none, also for one that the directory has no more. */
static bool
step_up(const NskAct *act, const char *position, char **out_above, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskPosition) found = nsk_directory_get_position(act->txn, position, &fault);

    if (found == NULL && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    *out_above = g_strdup(found != NULL ? found->superior : "");
    return true;
}

/* Adds the position @up steps above, or the next above that somebody holds. */
static bool
add_above(const NskAct *act, const char *position, int up, GPtrArray *list, GError **error)
{
    bool held = up == 0;
    g_autofree char *at = g_strdup(position);

    for (int n = 1; n <= MOST_LEVELS && (n <= up || !held); n++) {
        char *above = NULL;

        if (!step_up(act, at, &above, error))
            return false;
        g_free(at);
        at = above;
        if (at[0] == '\0')
            return true;
        if (n >= up && !is_held(act, at, &held, error))
            return false;
    }
    if (held)
        add_once(list, at);
    return true;
}

static bool
add_told(const NskAct *act,
         const NskProfileTell *tell,
         const GPtrArray *tasks,
         GPtrArray *list,
         GError **error)
{
    bool held = false;

    if (tell->position != NULL) {
        if (!is_held(act, tell->position, &held, error))
            return false;
        if (held)
            add_once(list, tell->position);
        return true;
    }
    for (guint i = 0; i < tasks->len; i++) {
        const NskTaskRow *task = g_ptr_array_index(tasks, i);

        for (int k = 0; task->positions[k] != NULL; k++) {
            if (!add_above(act, task->positions[k], tell->up, list, error))
                return false;
        }
    }
    return true;
}

/* The ladder in the profile that is in force, as for desks; NULL on error. */
static GArray *
load_ladder(const NskAct *act, GError **error)
{
    const NskLetterRow *row = act->row;
    g_autofree char *version = nsk_rule_current(act->txn, "profile", row->profile, error);
    const NskProfile *profile =
        version != NULL ? nsk_office_profile(act->office, act->txn, row->profile, version, error)
                        : NULL;

    if (profile == NULL)
        return NULL;
    GArray *tells = nsk_profile_list_tells(profile, row->kind);
    if (tells->len == 0)
        g_array_append_vals(tells, usual_tells, G_N_ELEMENTS(usual_tells));
    return tells;
}

char **
nsk_notice_list_receivers(const NskAct *act, NskTermAlarm alarm, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) ladder = load_ladder(act, error);
    g_autoptr(GPtrArray) tasks =
        ladder != NULL ? nsk_task_list_letter(act->txn, act->row->id, error) : NULL;

    if (tasks == NULL)
        return NULL;
    for (guint i = 0; i < ladder->len; i++) {
        const NskProfileTell *tell = &g_array_index(ladder, NskProfileTell, i);

        if (strcmp(tell->on, rung_name(alarm)) == 0 && !add_told(act, tell, tasks, list, error))
            return NULL;
    }
    g_ptr_array_add(list, NULL);
    return (char **)g_ptr_array_steal(list, NULL);
}

/* --- Telling. --------------------------------------------------------------------------------- */

/* The alarm of today; CALM if the letter has no clock. */
static bool
find_alarm(const NskAct *act, NskTermAlarm *out_alarm, GError **error)
{
    NskDate deemed;
    g_auto(NskTermClock) clock = { 0 };

    *out_alarm = NSK_TERM_CALM;
    if (!nsk_term_clock_load(act->txn, act->row->id, &clock, error))
        return false;
    if (nsk_term_clock_get_state(&clock) == NSK_TERM_NONE)
        return true;
    g_autoptr(NskCalendar) calendar = nsk_office_calendar(act->office, act->txn, error);
    return calendar != NULL &&
           nsk_term_clock_alarm(&clock, calendar, act->today, out_alarm, &deemed, error);
}

static bool
tell_one(NskAct *act, const char *position, NskTermAlarm alarm, GString *told, GError **error)
{
    int64_t added = 0;

    if (!nsk_db_exec(act->txn, sql_add_notice,
                     NSK_DB_PARAMS(NSK_DB_TEXT(act->row->id), NSK_DB_TEXT(position),
                                   NSK_DB_TEXT(rung_name(alarm)), NSK_DB_INT(act->now)),
                     &added, error))
        return false;
    if (added > 0)
        g_string_append_printf(told, "%s%s", told->len > 0 ? " " : "", position);
    return added == 0 || nsk_reader_add(act->txn, act->row->id, position, error);
}

bool
nsk_notice_tell(NskAct *act, char **out_told, GError **error)
{
    NskTermAlarm alarm;
    g_autoptr(GString) told = g_string_new(NULL);

    if (!find_alarm(act, &alarm, error))
        return false;
    g_auto(GStrv) receivers =
        alarm != NSK_TERM_CALM ? nsk_notice_list_receivers(act, alarm, error) : NULL;
    if (receivers == NULL && alarm != NSK_TERM_CALM)
        return false;
    for (int i = 0; receivers != NULL && receivers[i] != NULL; i++) {
        if (!tell_one(act, receivers[i], alarm, told, error))
            return false;
    }
    if (out_told != NULL)
        *out_told = told->len > 0 ? g_strdup(told->str) : NULL;
    return true;
}

bool
nsk_notice_end(NskDbTxn *txn, const char *letter, GError **error)
{
    return nsk_db_exec(txn, sql_end_notices, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), NULL, error);
}

bool
nsk_notice_show(NskDbTxn *txn, const char *letter, NskJson *list, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_letter_notices, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        NskJson *row = nsk_json_object();
        g_autofree char *at = nsk_instant_format(nsk_db_rows_int(rows, 2));

        nsk_json_add(list, row);
        nsk_json_set_text(row, "position", nsk_db_rows_text(rows, 0));
        nsk_json_set_text(row, "rung", nsk_db_rows_text(rows, 1));
        nsk_json_set_text(row, "at", at);
    }
    return rows != NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The legal clock for people: where it stands, and who had the application for how long.
 *
 * A task counts the working days after it was opened, up to and with the one on which it ended, as
 * far as the clock ran on them: the same rule as that of the clock, so that tasks that follow each
 * other have its sum.  From which position a task was done stands in the journal, and so does why
 * the clock was stopped.
 */
#include "base/limits.h"
#include "base/message.h"
#include "office/clock-private.h"

#include <string.h>

static const char sql_list_tasks[] =
    "SELECT t.key, t.name, t.opened, t.closed, t.person,"
    " (SELECT group_concat(i.position, ' ') FROM inbox i WHERE i.letter = t.letter"
    "  AND i.key = t.key) FROM task t WHERE t.letter = $1 ORDER BY t.opened, t.key";
static const char sql_list_clocks[] =
    "SELECT c.letter FROM term_clock c JOIN letter l ON l.id = c.letter"
    " WHERE c.deemed IS NULL AND c.ended IS NULL AND l.state <> 'withdrawn'"
    " ORDER BY c.letter LIMIT $1";

/* What the report is made of. */
typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    const NskLetterRow *row;
    NskUnit *unit;
    NskCalendar *calendar;
    NskTermClock clock;
    NskInstant now;
    NskDate today;
    GHashTable *positions; /* key of a task -> position it was done from; owned texts */
    GPtrArray *reasons;    /* why the clock was stopped, each time; "" if nobody said */
} Report;

static void
report_clear(Report *self)
{
    g_clear_pointer(&self->unit, nsk_unit_free);
    g_clear_pointer(&self->calendar, nsk_calendar_unref);
    g_clear_pointer(&self->positions, g_hash_table_unref);
    g_clear_pointer(&self->reasons, g_ptr_array_unref);
    nsk_term_clock_clear(&self->clock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Report, report_clear)

/* What the journal says: who did tasks, and why the clock was stopped, which is the reason of the
 * act that led to it in the same change. */
static bool
read_journal(Report *report, GError **error)
{
    NskInstant at = 0;
    const char *reason = NULL;
    g_autoptr(GPtrArray) entries = nsk_journal_read(report->txn, report->row->id, error);

    for (guint i = 0; entries != NULL && i < entries->len; i++) {
        const NskJournalEvent *event = &((const NskJournalEntry *)entries->pdata[i])->event;

        if (event->reason != NULL || event->at != at)
            reason = event->reason;
        at = event->at;
        if (event->task != NULL && event->position != NULL)
            g_hash_table_insert(report->positions, g_strdup(event->task),
                                g_strdup(event->position));
        if (strcmp(event->action, "clock-stopped") == 0)
            g_ptr_array_add(report->reasons, g_strdup(reason != NULL ? reason : ""));
    }
    return entries != NULL;
}

static bool
open_report(Report *report, GError **error)
{
    report->positions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    report->reasons = g_ptr_array_new_with_free_func(g_free);
    report->now = nsk_clock_now(report->office->clock);
    report->unit = nsk_directory_get_unit(report->txn, report->row->unit, error);
    if (report->unit == NULL ||
        !nsk_date_at(report->now, report->unit->zone, &report->today, error))
        return false;
    report->calendar = nsk_office_calendar(report->office, report->txn, error);
    return report->calendar != NULL &&
           nsk_term_clock_load(report->txn, report->row->id, &report->clock, error);
}

/* --- Days. ------------------------------------------------------------------------------------ */

static NskDate
earlier(NskDate a, NskDate b)
{
    return nsk_date_compare(a, b) < 0 ? a : b;
}

static NskDate
later(NskDate a, NskDate b)
{
    return nsk_date_compare(a, b) > 0 ? a : b;
}

static const NskTermSpan *
span_at(const Report *report, guint i)
{
    return &g_array_index(report->clock.spans, NskTermSpan, i);
}

/* Up to when a stretch counts by now. */
static NskDate
span_end(const Report *report, const NskTermSpan *span)
{
    return nsk_date_is_set(span->until) ? span->until : later(span->since, report->today);
}

/* The days of the clock after @from, up to and with @until. */
static int
count_days(const Report *report, NskDate from, NskDate until)
{
    int days = 0;

    for (guint i = 0; i < report->clock.spans->len; i++) {
        const NskTermSpan *span = span_at(report, i);

        days += nsk_term_spend(report->calendar, later(from, span->since),
                               earlier(until, span_end(report, span)));
    }
    return days;
}

static void
set_day(NskJson *json, const char *name, NskDate date)
{
    g_autofree char *day = nsk_date_is_set(date) ? nsk_date_format(date) : NULL;

    nsk_json_set_text(json, name, day);
}

/* --- The clock. ------------------------------------------------------------------------------- */

static const char *
state_name(const Report *report)
{
    static const char *const names[] = {
        [NSK_TERM_NONE] = "none",       [NSK_TERM_RUNNING] = "running",
        [NSK_TERM_STOPPED] = "stopped", [NSK_TERM_DEEMED] = "deemed",
        [NSK_TERM_ENDED] = "ended",
    };

    return names[nsk_term_clock_get_state(&report->clock)];
}

/* Adds where the clock stands. */
static bool
add_state(const Report *report, NskJson *into, GError **error)
{
    int spent;
    NskTermDays days = { 0 };
    NskTermAlarm alarm;
    NskDate end, first = span_at(report, 0)->since;

    spent = count_days(report, first, report->today);
    if (!nsk_term_clock_alarm(&report->clock, report->calendar, report->today, &alarm, &end, error))
        return false;
    if (nsk_term_clock_get_state(&report->clock) != NSK_TERM_RUNNING)
        days.deemed = report->clock.deemed;
    else if (!nsk_term_clock_days(&report->clock, report->calendar, &days, error))
        return false;
    nsk_json_set_text(into, "letter", report->row->id);
    nsk_json_set_text(into, "kind", report->row->kind);
    nsk_json_set_text(into, "state", state_name(report));
    nsk_json_set_text(into, "alarm", nsk_term_alarm_name(alarm));
    nsk_json_set_int(into, "term", report->clock.term.days);
    nsk_json_set_int(into, "spent", spent);
    nsk_json_set_int(into, "left", MAX(report->clock.term.days - spent, 0));
    set_day(into, "warn", days.warn);
    set_day(into, "escalate", days.escalate);
    set_day(into, "last", days.last);
    set_day(into, "deemed", days.deemed);
    set_day(into, "ended", report->clock.ended);
    return true;
}

static void
add_spans(const Report *report, NskJson *into)
{
    NskJson *list = nsk_json_array();

    nsk_json_set(into, "spans", list);
    for (guint i = 0; i < report->clock.spans->len; i++) {
        const NskTermSpan *span = span_at(report, i);
        int days = nsk_term_spend(report->calendar, span->since, span_end(report, span));
        const char *why = i < report->reasons->len ? g_ptr_array_index(report->reasons, i) : NULL;
        NskJson *row = nsk_json_object();

        nsk_json_add(list, row);
        set_day(row, "from", span->since);
        set_day(row, "until", span->until);
        nsk_json_set_int(row, "days", days);
        nsk_json_set_text(row, "stopped_because", why != NULL && why[0] != '\0' ? why : NULL);
    }
}

/* --- Who had it. ------------------------------------------------------------------------------ */

/* Adds the days to the sum of those who had the task. */
static void
add_sum(NskJson *sums, const char *holder, int days, int64_t minutes)
{
    NskJson *sum = nsk_json_get(sums, holder);

    if (sum == NULL) {
        sum = nsk_json_object();
        nsk_json_set(sums, holder, sum);
    }
    nsk_json_set_int(sum, "days", nsk_json_get_int(sum, "days", 0) + days);
    nsk_json_set_int(sum, "minutes", nsk_json_get_int(sum, "minutes", 0) + minutes);
}

/* One task: the columns of sql_list_tasks. */
static bool
add_holder(const Report *report, NskDbRows *rows, NskJson *list, NskJson *sums, GError **error)
{
    int days;
    NskDate from, until;
    const char *key = nsk_db_rows_text(rows, 0);
    NskInstant opened = nsk_db_rows_int(rows, 2);
    bool is_open = nsk_db_rows_is_null(rows, 3);
    NskInstant closed = is_open ? report->now : nsk_db_rows_int(rows, 3);
    const char *done_from = g_hash_table_lookup(report->positions, key);
    const char *holder = is_open ? nsk_db_rows_text(rows, 5) : done_from != NULL ? done_from : "";
    NskJson *row = nsk_json_object();

    nsk_json_add(list, row);
    if (!nsk_date_at(opened, report->unit->zone, &from, error) ||
        !nsk_date_at(closed, report->unit->zone, &until, error))
        return false;
    days = count_days(report, from, until);
    int64_t minutes = (closed - opened) / (60 * G_USEC_PER_SEC);
    g_autofree char *begun = nsk_instant_format(opened);
    g_autofree char *ended = is_open ? NULL : nsk_instant_format(closed);
    nsk_json_set_text(row, "task", key);
    nsk_json_set_text(row, "name", nsk_db_rows_text(rows, 1));
    nsk_json_set_text(row, "position", holder);
    nsk_json_set_text(row, "person", nsk_db_rows_text(rows, 4));
    nsk_json_set_text(row, "opened", begun);
    nsk_json_set_text(row, "closed", ended);
    nsk_json_set_int(row, "days", days);
    nsk_json_set_int(row, "minutes", minutes);
    if (holder != NULL && holder[0] != '\0')
        add_sum(sums, holder, days, minutes);
    return true;
}

static bool
add_held(const Report *report, NskJson *into, GError **error)
{
    bool has_row = true;
    NskJson *list = nsk_json_array();
    NskJson *sums = nsk_json_object();
    g_autoptr(NskDbRows) rows = nsk_db_query(report->txn, sql_list_tasks,
                                             NSK_DB_PARAMS(NSK_DB_TEXT(report->row->id)), error);

    nsk_json_set(into, "held", list);
    nsk_json_set(into, "sums", sums);
    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error) ||
            (has_row && !add_holder(report, rows, list, sums, error)))
            return false;
    }
    return rows != NULL;
}

/* The letter that decided, if one did. */
static bool
add_decision(const Report *report, NskJson *into, GError **error)
{
    g_autoptr(NskLetterRow) reply = NULL;

    if (!nsk_date_is_set(report->clock.ended))
        return true;
    if (!nsk_reply_find_sent(report->txn, report->row->id, &reply, error))
        return false;
    if (reply == NULL)
        return true;
    NskJson *decision = nsk_json_object();
    nsk_json_set(into, "decision", decision);
    nsk_json_set_text(decision, "letter", reply->id);
    nsk_json_set_text(decision, "number", reply->number);
    nsk_json_set_text(decision, "subject", reply->subject);
    return true;
}

/* --- Whom it is to be told: the ladder. ------------------------------------------------------- */

/* A rung: whom it tells, as things stand. */
static bool
add_rung(const Report *report, NskTermAlarm alarm, NskDate day, NskJson *list, GError **error)
{
    NskAct act = { .office = report->office,
                   .txn = report->txn,
                   .row = (NskLetterRow *)(uintptr_t)report->row,
                   .now = report->now,
                   .today = report->today };
    NskJson *row = nsk_json_object();
    NskJson *to = nsk_json_array();
    g_auto(GStrv) receivers = nsk_notice_list_receivers(&act, alarm, error);

    nsk_json_add(list, row);
    set_day(row, "on", day);
    nsk_json_set_text(row, "what", alarm == NSK_TERM_OVER ? "deemed" : nsk_term_alarm_name(alarm));
    nsk_json_set(row, "to", to);
    for (int i = 0; receivers != NULL && receivers[i] != NULL; i++)
        nsk_json_add_text(to, receivers[i]);
    return receivers != NULL;
}

static bool
add_ladder(const Report *report, NskJson *into, GError **error)
{
    NskTermDays days;
    NskJson *list = nsk_json_array();
    NskJson *told = nsk_json_array();

    nsk_json_set(into, "ladder", list);
    nsk_json_set(into, "told", told);
    if (!nsk_notice_show(report->txn, report->row->id, told, error))
        return false;
    if (nsk_term_clock_get_state(&report->clock) != NSK_TERM_RUNNING)
        return true;
    return nsk_term_clock_days(&report->clock, report->calendar, &days, error) &&
           add_rung(report, NSK_TERM_WARN, days.warn, list, error) &&
           add_rung(report, NSK_TERM_ESCALATE, days.escalate, list, error) &&
           add_rung(report, NSK_TERM_OVER, days.deemed, list, error);
}

bool
nsk_clock_sum_up(NskOffice *office,
                 NskDbTxn *txn,
                 const NskLetterRow *row,
                 NskJson *into,
                 bool *out_known,
                 GError **error)
{
    NskTermAlarm alarm;
    NskDate deemed;
    g_auto(Report) report = { .office = office, .txn = txn, .row = row };

    *out_known = false;
    if (!open_report(&report, error))
        return false;
    if (nsk_term_clock_get_state(&report.clock) == NSK_TERM_NONE)
        return true;
    if (!nsk_term_clock_alarm(&report.clock, report.calendar, report.today, &alarm, &deemed, error))
        return false;
    *out_known = alarm != NSK_TERM_CALM;
    return !*out_known || (read_journal(&report, error) && add_state(&report, into, error) &&
                           add_held(&report, into, error));
}

bool
nsk_office_clock_show(NskOffice *self, const char *letter, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_route(self, txn, letter, error) : NULL;
    g_auto(Report) report = { .office = self, .txn = txn, .row = row };

    if (row == NULL || !open_report(&report, error))
        return false;
    if (nsk_term_clock_get_state(&report.clock) == NSK_TERM_NONE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("no legal clock runs for letter %s: its file was not found complete "
                           "yet, or its kind has no term"),
                    row->id);
        return false;
    }
    if (!read_journal(&report, error) || !add_state(&report, result, error) ||
        !add_decision(&report, result, error) || !add_held(&report, result, error) ||
        !add_ladder(&report, result, error))
        return false;
    add_spans(&report, result);
    *out_result = g_steal_pointer(&result);
    return true;
}

/* --- All that run. ---------------------------------------------------------------------------- */

/* One clock, if the person may read its letter. */
static bool
add_clock(NskOffice *self, NskDbTxn *txn, const char *letter, NskJson *list, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    g_autoptr(NskLetterRow) row = nsk_access_letter(self, txn, letter, &refusal);
    g_auto(Report) report = { .office = self, .txn = txn, .row = row };

    if (row == NULL) {
        if (g_error_matches(refusal, NSK_ERROR, NSK_ERROR_NOT_FOUND))
            return true;
        g_propagate_error(error, g_steal_pointer(&refusal));
        return false;
    }
    NskJson *json = nsk_json_object();
    nsk_json_add(list, json);
    nsk_json_set_text(json, "subject", row->subject);
    return open_report(&report, error) && add_state(&report, json, error);
}

static int
compare_clocks(gconstpointer a, gconstpointer b)
{
    const NskJson *one = *(NskJson *const *)a, *other = *(NskJson *const *)b;
    const char *day = nsk_json_get_text(one, "deemed");
    const char *other_day = nsk_json_get_text(other, "deemed");

    /* those that stand still come last */
    if (day == NULL || other_day == NULL)
        return (day == NULL) - (other_day == NULL);
    return strcmp(day, other_day);
}

bool
nsk_office_clock_list(NskOffice *self, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) found = nsk_json_array();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GPtrArray) letters =
        txn != NULL ? nsk_db_list_texts(txn, sql_list_clocks,
                                        NSK_DB_PARAMS(NSK_DB_INT(NSK_LIMIT_CLOCKS)), error)
                    : NULL;
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();

    for (guint i = 0; letters != NULL && i < letters->len; i++) {
        if (!add_clock(self, txn, g_ptr_array_index(letters, i), found, error))
            return false;
    }
    if (letters == NULL)
        return false;
    for (size_t i = 0; i < nsk_json_length(found); i++)
        g_ptr_array_add(sorted, nsk_json_at(found, i));
    g_ptr_array_sort(sorted, compare_clocks);
    NskJson *list = nsk_json_array();
    for (guint i = 0; i < sorted->len; i++)
        nsk_json_add(list, nsk_json_ref(g_ptr_array_index(sorted, i)));
    *out_result = nsk_json_object();
    nsk_json_set(*out_result, "clocks", list);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The legal clock of an application: how many working days its decision may take (the profile says
 * so by kind), in which stretches they were used up, and when silence counts as consent.
 *
 *     clock-start     a stretch begins: the first one fixes the term
 *     clock-stop      it ends, the day of the stop counting still
 *     record-deemed   the term is over without a decision
 *     decided, sent or filed   the clock is at its end
 *
 * Each may come again where it was done, and then does nothing: workflows have loops.
 *
 * INVARIANTS
 *   (1) Stretches follow each other, and only the last may be open.
 *   (2) Days are never stored as sums: they follow from the stretches, the term and the calendar,
 * so that anybody can count them again.
 */
#include "base/message.h"
#include "office/clock-private.h"

#include <string.h>

static const char sql_load_clock[] =
    "SELECT days, warn, escalate, deemed, ended FROM term_clock WHERE letter = $1";
static const char sql_load_spans[] =
    "SELECT since, until FROM term_span WHERE letter = $1 ORDER BY n";
static const char sql_add_clock[] =
    "INSERT INTO term_clock (letter, days, warn, escalate) VALUES ($1, $2, $3, $4)";
static const char sql_add_span[] =
    "INSERT INTO term_span (letter, n, since) VALUES ($1,"
    " (SELECT coalesce(max(n), 0) + 1 FROM term_span WHERE letter = $1), $2)";
static const char sql_end_span[] =
    "UPDATE term_span SET until = max(since, $2) WHERE letter = $1 AND until IS NULL";
static const char sql_set_deemed[] = "UPDATE term_clock SET deemed = $2 WHERE letter = $1";
static const char sql_set_ended[] =
    "UPDATE term_clock SET ended = $2 WHERE letter = $1 AND ended IS NULL";

void
nsk_term_clock_clear(NskTermClock *self)
{
    g_clear_pointer(&self->spans, g_array_unref);
}

/* The day in a column; unset for NULL. */
static NskDate
read_day(NskDbRows *rows, int column)
{
    NskDate day = { 0 };
    const char *text = nsk_db_rows_text(rows, column);

    if (text != NULL)
        (void)nsk_date_parse(text, &day, NULL);
    return day;
}

static bool
load_spans(NskDbTxn *txn, const char *letter, GArray *spans, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_load_spans, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        NskTermSpan span = { read_day(rows, 0), read_day(rows, 1) };
        g_array_append_val(spans, span);
    }
    return rows != NULL;
}

bool
nsk_term_clock_load(NskDbTxn *txn, const char *letter, NskTermClock *out_clock, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_load_clock, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    g_auto(NskTermClock) clock = { 0 };
    if (has_row) {
        clock.term = (NskTerm){ (int)nsk_db_rows_int(rows, 0), (int)nsk_db_rows_int(rows, 1),
                                (int)nsk_db_rows_int(rows, 2) };
        clock.deemed = read_day(rows, 3);
        clock.ended = read_day(rows, 4);
        clock.spans = g_array_new(FALSE, FALSE, sizeof(NskTermSpan));
        if (!load_spans(txn, letter, clock.spans, error))
            return false;
    }
    *out_clock = clock;
    clock = (NskTermClock){ 0 };
    return true;
}

/* The last stretch if it is open, else NULL. */
static const NskTermSpan *
open_span(const NskTermClock *self)
{
    const NskTermSpan *last = self->spans != NULL && self->spans->len > 0
                                  ? &g_array_index(self->spans, NskTermSpan, self->spans->len - 1)
                                  : NULL;

    return last != NULL && !nsk_date_is_set(last->until) ? last : NULL;
}

NskTermState
nsk_term_clock_get_state(const NskTermClock *self)
{
    if (self->spans == NULL)
        return NSK_TERM_NONE;
    if (nsk_date_is_set(self->deemed))
        return NSK_TERM_DEEMED;
    if (nsk_date_is_set(self->ended))
        return NSK_TERM_ENDED;
    return open_span(self) != NULL ? NSK_TERM_RUNNING : NSK_TERM_STOPPED;
}

/* The working days of all stretches that are over. */
static int
count_spent(const NskTermClock *self, const NskCalendar *calendar)
{
    int days = 0;

    for (guint i = 0; i < self->spans->len; i++) {
        const NskTermSpan *span = &g_array_index(self->spans, NskTermSpan, i);

        if (nsk_date_is_set(span->until))
            days += nsk_term_spend(calendar, span->since, span->until);
    }
    return days;
}

bool
nsk_term_clock_days(const NskTermClock *self,
                    const NskCalendar *calendar,
                    NskTermDays *out_days,
                    GError **error)
{
    const NskTermSpan *span = open_span(self);

    return span != NULL && nsk_term_run(calendar, &self->term, span->since,
                                        count_spent(self, calendar), out_days, error);
}

const char *
nsk_term_alarm_name(NskTermAlarm self)
{
    static const char *const names[] = {
        [NSK_TERM_CALM] = "",
        [NSK_TERM_WARN] = "warn",
        [NSK_TERM_ESCALATE] = "escalate",
        [NSK_TERM_OVER] = "over",
    };

    return names[self];
}

bool
nsk_term_clock_alarm(const NskTermClock *self,
                     const NskCalendar *calendar,
                     NskDate today,
                     NskTermAlarm *out_alarm,
                     NskDate *out_deemed,
                     GError **error)
{
    NskTermDays days;
    NskTermState state = nsk_term_clock_get_state(self);

    if (state != NSK_TERM_RUNNING) {
        bool open = state == NSK_TERM_DEEMED && !nsk_date_is_set(self->ended);

        *out_alarm = open ? NSK_TERM_OVER : NSK_TERM_CALM;
        *out_deemed = open ? self->deemed : (NskDate){ 0 };
        return true;
    }
    if (!nsk_term_clock_days(self, calendar, &days, error))
        return false;
    *out_deemed = days.deemed;
    *out_alarm = nsk_date_compare(today, days.deemed) >= 0     ? NSK_TERM_OVER
                 : nsk_date_compare(today, days.escalate) >= 0 ? NSK_TERM_ESCALATE
                 : nsk_date_compare(today, days.warn) >= 0     ? NSK_TERM_WARN
                                                               : NSK_TERM_CALM;
    return true;
}

/* --- Services. -------------------------------------------------------------------------------- */

/* A statement about the act's letter and a day. */
static bool
write_day(NskAct *act, const char *sql, NskDate date, GError **error)
{
    g_autofree char *day = nsk_date_format(date);

    return nsk_db_exec(act->txn, sql, NSK_DB_PARAMS(NSK_DB_TEXT(act->row->id), NSK_DB_TEXT(day)),
                       NULL, error);
}

/* Fixes the term of the letter by its profile. */
static bool
begin_clock(NskAct *act, GError **error)
{
    NskProfileTerm term;
    const NskLetterRow *row = act->row;
    const NskProfile *profile =
        nsk_office_profile(act->office, act->txn, row->profile, row->profile_version, error);

    if (profile == NULL)
        return false;
    if (!nsk_profile_find_term(profile, row->kind, &term)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the profile '%s' has no term for letters of kind '%s'; add one to its "
                           "terms"),
                    row->profile, row->kind);
        return false;
    }
    return nsk_db_exec(act->txn, sql_add_clock,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_INT(term.days),
                                     NSK_DB_INT(term.warn), NSK_DB_INT(term.escalate)),
                       NULL, error);
}

bool
nsk_term_do_start(NskAct *act, NskEvent *event, GError **error)
{
    g_auto(NskTermClock) clock = { 0 };

    event->action = "clock-started";
    event->sentence = "Start the legal clock";
    if (!nsk_term_clock_load(act->txn, act->row->id, &clock, error))
        return false;
    switch (nsk_term_clock_get_state(&clock)) {
    case NSK_TERM_NONE:
        return begin_clock(act, error) && write_day(act, sql_add_span, act->today, error);
    case NSK_TERM_STOPPED:
        return write_day(act, sql_add_span, act->today, error);
    case NSK_TERM_RUNNING:
    case NSK_TERM_DEEMED:
    case NSK_TERM_ENDED:
    default:
        return true;
    }
}

bool
nsk_term_do_stop(NskAct *act, NskEvent *event, GError **error)
{
    event->action = "clock-stopped";
    event->sentence = "Stop the legal clock";
    return write_day(act, sql_end_span, act->today, error);
}

/* The day is the one that the term gives, also if the program comes to it later. */
bool
nsk_term_do_deemed(NskAct *act, NskEvent *event, GError **error)
{
    NskTermDays days;
    g_auto(NskTermClock) clock = { 0 };

    event->action = "deemed-granted";
    event->sentence = "The application counts as granted by law";
    if (!nsk_term_clock_load(act->txn, act->row->id, &clock, error))
        return false;
    if (nsk_term_clock_get_state(&clock) != NSK_TERM_RUNNING)
        return true;
    g_autoptr(NskCalendar) calendar = nsk_office_calendar(act->office, act->txn, error);
    if (calendar == NULL || !nsk_term_clock_days(&clock, calendar, &days, error))
        return false;
    return write_day(act, sql_end_span, days.last, error) &&
           write_day(act, sql_set_deemed, days.deemed, error) && nsk_notice_tell(act, NULL, error);
}

bool
nsk_term_decide(NskAct *act, NskDate sent, GError **error)
{
    return write_day(act, sql_end_span, sent, error) &&
           write_day(act, sql_set_ended, sent, error) &&
           nsk_notice_end(act->txn, act->row->id, error);
}

bool
nsk_term_end(NskAct *act, GError **error)
{
    return nsk_term_decide(act, act->today, error);
}

/* --- The fact. -------------------------------------------------------------------------------- */

static void
set_day(NskXmlNode *fact, const char *name, NskDate date)
{
    g_autofree char *day = nsk_date_format(date);

    nsk_xml_set_attr(fact, name, day);
}

bool
nsk_term_fill_fact(NskXmlNode *fact, const NskAct *act, GError **error)
{
    NskTermDays days;
    g_auto(NskTermClock) clock = { 0 };

    if (!nsk_term_clock_load(act->txn, act->row->id, &clock, error))
        return false;
    if (nsk_term_clock_get_state(&clock) != NSK_TERM_RUNNING)
        return true;
    g_autoptr(NskCalendar) calendar = nsk_office_calendar(act->office, act->txn, error);
    if (calendar == NULL || !nsk_term_clock_days(&clock, calendar, &days, error))
        return false;
    nsk_xml_set_attr(fact, "running", "true");
    set_day(fact, "warn", days.warn);
    set_day(fact, "escalate", days.escalate);
    set_day(fact, "deemed", days.deemed);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was done in a period, counted from the journal.
 *
 * Only events count, each of which an entry of the journal proves: the report names them, so that
 * anybody can count again.  Nobody is watched between them.
 *
 * How long a task lay before somebody is counted by work-held.c.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/work-private.h"

#include <string.h>

/* unit by unit, so that letters that nobody touched since are not looked at */
static const char sql_list_changed[] =
    "WITH RECURSIVE u(unit) AS (SELECT min(unit) FROM letter UNION ALL"
    "  SELECT (SELECT min(unit) FROM letter WHERE unit > u.unit) FROM u WHERE unit IS NOT NULL)"
    " SELECT l.id FROM u CROSS JOIN letter l ON l.unit = u.unit AND l.changed >= $1 ORDER BY l.id";
static const char sql_count_open[] =
    "SELECT count(*), total(coalesce(t.due < $2, 0)) FROM inbox i JOIN task t"
    " ON t.letter = i.letter AND t.key = i.key WHERE i.position = $1";

typedef enum {
    DRAFTED,
    REVIEWED,
    SIGNED,
    DISPOSED,  /* dispositions that were closed with a report */
    RETURNED,  /* gave back what was before him */
    SENT_BACK, /* what he drafted came back to him */
    DONE,      /* tasks, of any sort */
    LATE,      /* of them, after their time */
    OPEN,
    OVERDUE, /* of the open ones */
    MEDIAN,  /* minutes that a task was held */
    P90,
    N_FIGURES
} Figure;

const char *const nsk_office_work_figures[] = {
    [DRAFTED] = "drafted",
    [REVIEWED] = "reviewed",
    [SIGNED] = "letters_signed",
    [DISPOSED] = "disposed",
    [RETURNED] = "returned",
    [SENT_BACK] = "sent_back",
    [DONE] = "done",
    [LATE] = "late",
    [OPEN] = "open",
    [OVERDUE] = "overdue",
    [MEDIAN] = "held_median_minutes",
    [P90] = "held_p90_minutes",
    [N_FIGURES] = NULL,
};

/* What an action is of him who did it. */
static const struct {
    const char *action;
    Figure figure;
} actions[] = {
    { "letter-created", DRAFTED },    { "paraf-given", REVIEWED },     { "letter-signed", SIGNED },
    { "disposition-done", DISPOSED }, { "letter-returned", RETURNED },
};

typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    NskWorkSubject subject;
    NskCalendar *calendar;
    GPtrArray *readings;    /* of who asks */
    NskInstant from, until; /* of the period: until is behind it */
    int64_t figures[N_FIGURES];
    GArray *held;      /* minutes, int64_t */
    NskJson *evidence; /* borrowed; NULL: not asked for */
} Report;

static void
report_clear(Report *self)
{
    nsk_work_subject_clear(&self->subject);
    g_clear_pointer(&self->calendar, nsk_calendar_unref);
    g_clear_pointer(&self->readings, g_ptr_array_unref);
    g_clear_pointer(&self->held, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Report, report_clear)

/* --- Counting ----------------------------------------------------------------------------------
 */

/* Subject and number are for who may read the letter. */
static bool
add_letter(const Report *self, const NskLetterRow *row, NskJson *line, GError **error)
{
    NskReaderLevel level;

    if (!nsk_access_level(self->txn, row, self->readings, &level, error))
        return false;
    nsk_json_set_text(line, "number", level != NSK_READER_NONE ? row->number : NULL);
    nsk_json_set_text(line, "subject", level != NSK_READER_NONE ? row->subject : NULL);
    return true;
}

static bool
add_evidence(const Report *self,
             const NskJournalEntry *entry,
             const NskWorkHeld *held,
             const NskLetterRow *row,
             GError **error)
{
    const NskJournalEvent *event = &entry->event;
    g_autofree char *hash = nsk_hex(entry->hash, sizeof entry->hash);
    g_autofree char *at = nsk_instant_format(event->at);
    g_autofree char *local = nsk_civil_format(event->at, self->subject.zone, error);
    g_autofree char *place = g_strdup_printf("%s/%" G_GINT64_FORMAT, event->letter, entry->seq);
    g_autoptr(NskJson) line = nsk_json_object();

    if (local == NULL)
        return false;
    nsk_json_set_text(line, "at", at);
    nsk_json_set_text(line, "local", local);
    nsk_json_set_text(line, "entry", place);
    nsk_json_set_text(line, "hash", hash);
    nsk_json_set_text(line, "action", event->action);
    nsk_json_set_text(line, "person", event->actor);
    nsk_json_set_text(line, "position", event->position);
    nsk_json_set_text(line, "task", event->task);
    if (held->is) {
        nsk_json_set_int(line, "minutes", held->minutes);
        nsk_json_set_bool(line, "late", held->due != 0 && event->at > held->due);
    }
    if (!add_letter(self, row, line, error))
        return false;
    nsk_json_add(self->evidence, g_steal_pointer(&line));
    return true;
}

/* Which figure an action counts in; N_FIGURES: none of its own. */
static Figure
figure_of(const char *action)
{
    for (size_t i = 0; i < G_N_ELEMENTS(actions); i++) {
        if (strcmp(actions[i].action, action) == 0)
            return actions[i].figure;
    }
    return N_FIGURES;
}

static bool
count_entry(Report *self,
            const GPtrArray *entries,
            guint i,
            const NskLetterRow *row,
            GError **error)
{
    const NskJournalEntry *entry = g_ptr_array_index(entries, i);
    Figure figure = figure_of(entry->event.action);
    const NskWorkTimes times = { self->txn, self->calendar, self->subject.zone };
    NskWorkHeld held;

    if (!nsk_work_held(&times, entries, i, &held, error))
        return false;
    if (figure == N_FIGURES && !held.is)
        return true;
    if (figure != N_FIGURES)
        self->figures[figure]++;
    if (held.is) {
        self->figures[DONE]++;
        self->figures[LATE] += held.due != 0 && entry->event.at > held.due ? 1 : 0;
        g_array_append_val(self->held, held.minutes);
    }
    return self->evidence == NULL || add_evidence(self, entry, &held, row, error);
}

/* Whether the letter is the subject's own draft. */
static bool
is_draft_of(const Report *self, const NskLetterRow *row)
{
    return strcmp(self->subject.type, "person") == 0
               ? strcmp(row->drafter_person, self->subject.id) == 0
               : g_hash_table_contains(self->subject.positions, row->drafter);
}

static bool
count_letter(Report *self, const char *id, GError **error)
{
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(self->txn, id, error);
    g_autoptr(GPtrArray) entries = row != NULL ? nsk_journal_read(self->txn, id, error) : NULL;

    if (entries == NULL)
        return false;
    for (guint i = 0; i < entries->len; i++) {
        const NskJournalEvent *event = &((NskJournalEntry *)g_ptr_array_index(entries, i))->event;

        if (event->at < self->from || event->at >= self->until)
            continue;
        if (strcmp(event->action, "letter-returned") == 0 && is_draft_of(self, row))
            self->figures[SENT_BACK]++;
        if (nsk_work_subject_did(&self->subject, event) &&
            !count_entry(self, entries, i, row, error))
            return false;
    }
    return true;
}

static bool
count_letters(Report *self, GError **error)
{
    g_autoptr(GPtrArray) letters = nsk_db_list_texts(self->txn, sql_list_changed,
                                                     NSK_DB_PARAMS(NSK_DB_INT(self->from)), error);

    if (letters == NULL)
        return false;
    for (guint i = 0; i < letters->len; i++) {
        if (!count_letter(self, g_ptr_array_index(letters, i), error))
            return false;
    }
    return true;
}

/* What lies before the subject now; nothing is known of what lay before it in a time that is over.
 */
static bool
count_open(Report *self, NskInstant now, GError **error)
{
    GHashTableIter each;
    gpointer position;
    bool has_row;

    if (now < self->from || now >= self->until)
        return true;
    g_hash_table_iter_init(&each, self->subject.positions);
    while (g_hash_table_iter_next(&each, &position, NULL)) {
        g_autoptr(NskDbRows) rows =
            nsk_db_query(self->txn, sql_count_open,
                         NSK_DB_PARAMS(NSK_DB_TEXT(position), NSK_DB_INT(now)), error);

        if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
            return false;
        self->figures[OPEN] += nsk_db_rows_int(rows, 0);
        self->figures[OVERDUE] += nsk_db_rows_int(rows, 1);
    }
    return true;
}

/* --- The answer ------------------------------------------------------------------------------- */

/* The period: days in the subject's zone, the month until today if none are said. */
static bool
read_period(Report *self, const NskWorkAsk *ask, NskJson *result, GError **error)
{
    NskDate from, until;
    const char *zone = self->subject.zone;

    if (!nsk_date_at(nsk_clock_now(self->office->clock), zone, &until, error))
        return false;
    self->readings = nsk_directory_readings(self->txn, self->office->person, until, error);
    if (self->readings == NULL)
        return false;
    if (ask->until != NULL && !nsk_date_parse(ask->until, &until, error))
        return false;
    from = (NskDate){ until.year, until.month, 1 };
    if (ask->from != NULL && !nsk_date_parse(ask->from, &from, error))
        return false;
    if (nsk_date_compare(until, from) < 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the period ends before it begins; the first day comes first"));
        return false;
    }
    g_autofree char *first = nsk_date_format(from);
    g_autofree char *last = nsk_date_format(until);
    nsk_json_set_text(result, "from", first);
    nsk_json_set_text(result, "until", last);
    return nsk_civil_moment(from, 0, zone, &self->from, error) &&
           nsk_civil_moment(nsk_date_add_days(until, 1), 0, zone, &self->until, error);
}

bool
nsk_office_report_work(NskOffice *self, const NskWorkAsk *ask, NskJson **out_result, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskJson) result = nsk_json_object();
    g_auto(Report) report = { .office = self, .txn = txn };

    if (txn == NULL || !nsk_work_subject_find(&report.subject, self, txn, ask, error) ||
        !read_period(&report, ask, result, error) ||
        (report.calendar = nsk_office_calendar(self, txn, error)) == NULL)
        return false;
    report.held = g_array_new(FALSE, FALSE, sizeof(int64_t));
    if (ask->evidence)
        nsk_json_set(result, "evidence", report.evidence = nsk_json_array());
    if (!count_letters(&report, error) || !count_open(&report, nsk_clock_now(self->clock), error))
        return false;
    nsk_json_set_text(result, "of", report.subject.type);
    nsk_json_set_text(result, "id", report.subject.id);
    nsk_json_set_text(result, "zone", report.subject.zone);
    nsk_json_set_text(result, "name", report.subject.label);
    nsk_work_middle(report.held, &report.figures[MEDIAN], &report.figures[P90]);
    for (int i = 0; i < N_FIGURES; i++)
        nsk_json_set_int(result, nsk_office_work_figures[i], report.figures[i]);
    nsk_json_set_int(result, "held", report.held->len);
    *out_result = g_steal_pointer(&result);
    return true;
}

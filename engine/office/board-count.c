/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counting for a board.
 *
 * What was done is counted from the journals of the letters that the positions act or acted in, as
 * `naskah report work` counts it.  What one letter took is the sum of the times that its tasks lay
 * before these positions: what it waited at others, or at no one, is in none of them.
 *
 * A board is for a page, so it looks at NSK_LIMIT_BOARD_LETTERS letters and as many waiting tasks
 * of a position at most, and says when there were more.
 */
#include "base/limits.h"
#include "office/board-private.h"

#include <string.h>

#define DAY_MINUTES ((int64_t)24 * 60)

static const char sql_list_acted[] =
    "SELECT r.letter, l.changed FROM"
    " (SELECT letter FROM reader WHERE position = $1 AND level = 'route'"
    "  ORDER BY letter DESC LIMIT $2) r CROSS JOIN letter l ON l.id = r.letter";
static const char sql_list_open[] =
    "SELECT i.opened, t.due FROM inbox i JOIN task t ON t.letter = i.letter AND t.key = i.key"
    " WHERE i.position = $1 ORDER BY i.opened LIMIT $2";

void
nsk_board_kind_free(NskBoardKind *self)
{
    g_free(self->id);
    g_free(self->title);
    g_array_unref(self->minutes);
    g_free(self);
}

void
nsk_board_place_free(NskBoardPlace *self)
{
    g_free(self->id);
    g_free(self->title);
    g_free(self);
}

/* --- What was done --------------------------------------------------------------------------- */

static bool
find_kind(NskBoard *self, const NskLetterRow *row, NskBoardKind **out, GError **error)
{
    *out = g_hash_table_lookup(self->kinds, row->kind);
    if (*out != NULL)
        return true;
    const NskKind *rule =
        nsk_office_kind(self->office, self->txn, row->kind, row->kind_version, error);
    if (rule == NULL)
        return false;
    *out = g_new0(NskBoardKind, 1);
    (*out)->id = g_strdup(row->kind);
    (*out)->title = g_strdup(nsk_kind_get_title(rule, "id"));
    (*out)->minutes = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_hash_table_insert(self->kinds, (*out)->id, *out);
    return true;
}

static bool
find_month(NskBoard *self, NskInstant at, NskBoardMonth **out, GError **error)
{
    NskDate date;

    if (!nsk_date_at(at, self->subject.zone, &date, error))
        return false;
    int n = (date.year - self->first.year) * 12 + date.month - self->first.month;
    g_assert(n >= 0 && (guint)n < self->months->len);
    *out = &g_array_index(self->months, NskBoardMonth, n);
    return true;
}

static bool
count_entry(NskBoard *self, const GPtrArray *entries, guint i, NskWorkHeld *held, GError **error)
{
    const NskJournalEvent *event = &((NskJournalEntry *)g_ptr_array_index(entries, i))->event;
    const NskWorkTimes times = { self->txn, self->calendar, self->subject.zone };
    NskBoardMonth *month;

    if (!nsk_work_held(&times, entries, i, held, error) ||
        !find_month(self, event->at, &month, error))
        return false;
    month->drafted += strcmp(event->action, "letter-created") == 0;
    month->signatures += strcmp(event->action, "letter-signed") == 0;
    month->done += held->is;
    month->late += held->is && held->due != 0 && event->at > held->due;
    return true;
}

static bool
count_letter(NskBoard *self, const char *id, GError **error)
{
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(self->txn, id, error);
    g_autoptr(GPtrArray) entries = row != NULL ? nsk_journal_read(self->txn, id, error) : NULL;
    int64_t done = 0, late = 0, minutes = 0;
    NskBoardKind *kind;

    if (entries == NULL)
        return false;
    for (guint i = 0; i < entries->len; i++) {
        const NskJournalEvent *event = &((NskJournalEntry *)g_ptr_array_index(entries, i))->event;
        NskWorkHeld held;

        if (event->at < self->from || event->at >= self->until || event->position == NULL ||
            !g_hash_table_contains(self->subject.positions, event->position))
            continue;
        if (!count_entry(self, entries, i, &held, error))
            return false;
        done += held.is;
        late += held.is && held.due != 0 && event->at > held.due;
        minutes += held.is ? held.minutes : 0;
    }
    if (done == 0)
        return true;
    if (!find_kind(self, row, &kind, error))
        return false;
    kind->done += done;
    kind->late += late;
    g_array_append_val(kind->minutes, minutes);
    return true;
}

/* Letters that @position acted in and that changed since the period began. */
static bool
add_letters(NskBoard *self, const char *position, GHashTable *letters, GError **error)
{
    int64_t looked = 0;
    bool has_row;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(self->txn, sql_list_acted,
                     NSK_DB_PARAMS(NSK_DB_TEXT(position), NSK_DB_INT(NSK_LIMIT_BOARD_ROWS)), error);

    if (rows == NULL)
        return false;
    for (;;) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        looked++;
        if (nsk_db_rows_int(rows, 1) < self->from)
            continue;
        if (g_hash_table_size(letters) >= NSK_LIMIT_BOARD_LETTERS) {
            self->is_complete = false;
            return true;
        }
        g_hash_table_add(letters, g_strdup(nsk_db_rows_text(rows, 0)));
    }
    self->is_complete = self->is_complete && looked < NSK_LIMIT_BOARD_ROWS;
    return true;
}

bool
nsk_board_count_done(NskBoard *self, GError **error)
{
    g_autoptr(GHashTable) letters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter each;
    gpointer id;

    g_hash_table_iter_init(&each, self->subject.positions);
    while (g_hash_table_iter_next(&each, &id, NULL)) {
        if (!add_letters(self, id, letters, error))
            return false;
    }
    g_hash_table_iter_init(&each, letters);
    while (g_hash_table_iter_next(&each, &id, NULL)) {
        if (!count_letter(self, id, error))
            return false;
    }
    self->letters = g_hash_table_size(letters);
    return true;
}

/* --- What waits ------------------------------------------------------------------------------ */

static int
age_of(int64_t minutes)
{
    static const int64_t bounds[NSK_BOARD_AGES - 1] = { 1, 3, 7 };
    int age = 0;

    while (age < NSK_BOARD_AGES - 1 && minutes > bounds[age] * DAY_MINUTES)
        age++;
    return age;
}

static bool
count_task(NskBoard *self, NskBoardPlace *place, NskDbRows *rows, GError **error)
{
    const NskWorkDays days = { .calendar = self->calendar, .zone = self->subject.zone };
    NskInstant now = nsk_clock_now(self->office->clock);
    NskInstant opened = nsk_db_rows_int(rows, 0);
    NskInstant due = nsk_db_rows_int(rows, 1);
    int64_t minutes;

    if (!nsk_work_minutes(&days, opened, now, &minutes, error))
        return false;
    place->oldest = place->open == 0 ? opened : place->oldest;
    place->open++;
    place->overdue += due != 0 && due < now;
    place->ages[age_of(minutes)]++;
    return true;
}

static bool
count_place(NskBoard *self, const char *position, GError **error)
{
    g_autoptr(NskPosition) held = nsk_directory_get_position(self->txn, position, error);
    bool has_row = true;

    if (held == NULL)
        return false;
    NskBoardPlace *place = g_new0(NskBoardPlace, 1);
    g_ptr_array_add(self->places, place);
    place->id = g_strdup(position);
    place->title = g_strdup(held->title);
    g_autoptr(NskDbRows) rows = nsk_db_query(
        self->txn, sql_list_open,
        NSK_DB_PARAMS(NSK_DB_TEXT(position), NSK_DB_INT(NSK_LIMIT_BOARD_LETTERS)), error);
    if (rows == NULL)
        return false;
    while (has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error) ||
            (has_row && !count_task(self, place, rows, error)))
            return false;
    }
    self->is_complete = self->is_complete && place->open < NSK_LIMIT_BOARD_LETTERS;
    return true;
}

bool
nsk_board_count_open(NskBoard *self, GError **error)
{
    GHashTableIter each;
    gpointer position;

    g_hash_table_iter_init(&each, self->subject.positions);
    while (g_hash_table_iter_next(&each, &position, NULL)) {
        if (!count_place(self, position, error))
            return false;
    }
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long a task lay before somebody.
 *
 * It is counted from when the task came before his position to when it was done, without days on
 * which nobody works, and without those on which he was away.  What was done by another in between
 * (a task handed over, delegated, handed back) begins anew with it.
 *
 * Of n times in order, the median is the middle one (of two the mean), p90 the one at rank
 * ceil(0.9 n).
 */
#include "office/work-private.h"

#include <string.h>

static const char sql_find_done[] =
    "SELECT opened, due FROM task WHERE letter = $1 AND key = $2 AND closed = $3"
    " AND outcome IS NOT NULL";

static bool
find_done(const NskWorkTimes *self, const NskJournalEvent *event, NskWorkHeld *out, GError **error)
{
    g_autoptr(NskDbRows) rows = nsk_db_query(
        self->txn, sql_find_done,
        NSK_DB_PARAMS(NSK_DB_TEXT(event->letter), NSK_DB_TEXT(event->task), NSK_DB_INT(event->at)),
        error);

    if (rows == NULL || !nsk_db_rows_next(rows, &out->is, error))
        return false;
    if (out->is) {
        out->from = nsk_db_rows_int(rows, 0);
        out->due = nsk_db_rows_int(rows, 1);
    }
    return true;
}

/* Since when the task lay before who ended it: since it was last handed to another. */
static NskInstant
find_since(const GPtrArray *entries, guint end, NskInstant opened)
{
    static const char *const moved[] = { "task-reassigned", "task-delegated", "task-handed-back",
                                         NULL };
    const char *task = ((NskJournalEntry *)g_ptr_array_index(entries, end))->event.task;

    for (guint i = end; i > 0; i--) {
        const NskJournalEvent *event =
            &((NskJournalEntry *)g_ptr_array_index(entries, i - 1))->event;

        if (event->at < opened)
            return opened;
        if (g_strcmp0(event->task, task) == 0 && g_strv_contains(moved, event->action))
            return event->at;
    }
    return opened;
}

static bool
count_minutes(const NskWorkTimes *self,
              const NskJournalEvent *event,
              NskWorkHeld *held,
              GError **error)
{
    NskTurnsAsk ask = { .person = event->actor };
    NskWorkDays days = { .calendar = self->calendar, .zone = self->zone };
    g_autoptr(GPtrArray) turns = NULL;

    if (!nsk_date_at(held->from, days.zone, &ask.from, error) ||
        !nsk_date_at(event->at, days.zone, &ask.until, error) ||
        (turns = nsk_directory_turns(self->txn, &ask, error)) == NULL)
        return false;
    days.turns = turns;
    return nsk_work_minutes(&days, held->from, event->at, &held->minutes, error);
}

bool
nsk_work_held(const NskWorkTimes *self,
              const GPtrArray *entries,
              guint i,
              NskWorkHeld *out,
              GError **error)
{
    const NskJournalEvent *event = &((NskJournalEntry *)g_ptr_array_index(entries, i))->event;

    *out = (NskWorkHeld){ 0 };
    if (event->task == NULL || event->position == NULL)
        return true;
    if (!find_done(self, event, out, error))
        return false;
    if (!out->is)
        return true;
    out->from = find_since(entries, i, out->from);
    return count_minutes(self, event, out, error);
}

static int
compare_minutes(gconstpointer a, gconstpointer b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

void
nsk_work_middle(GArray *minutes, int64_t *out_median, int64_t *out_p90)
{
    guint n = minutes->len;

    *out_median = *out_p90 = 0;
    if (n == 0)
        return;
    g_array_sort(minutes, compare_minutes);
    int64_t upper = g_array_index(minutes, int64_t, n / 2);
    int64_t lower = g_array_index(minutes, int64_t, (n - 1) / 2);
    *out_median = (lower + upper) / 2;
    *out_p90 = g_array_index(minutes, int64_t, (9 * n + 9) / 10 - 1);
}

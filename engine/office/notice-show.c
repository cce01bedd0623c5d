/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ends of legal terms in the list of what waits for a person: beside his tasks, and those of others
 * of which he was told, with who had the application for how long.
 */
#include "base/limits.h"
#include "base/message.h"
#include "office/clock-private.h"

#include <string.h>

/* CROSS JOIN: in the order of the index, which groups without a table of its own */
static const char sql_open_notices[] =
    "SELECT n.letter FROM notice n INDEXED BY notice_open CROSS JOIN letter l ON l.id = n.letter"
    " WHERE n.position = $1 AND n.done IS NULL AND l.state <> 'withdrawn'"
    " GROUP BY n.letter ORDER BY n.letter LIMIT $2";

bool
nsk_notice_mark(NskOffice *office, NskDbTxn *txn, const char *letter, NskJson *task, GError **error)
{
    NskDate today, deemed;
    NskTermAlarm alarm;
    g_auto(NskTermClock) clock = { 0 };

    if (!nsk_term_clock_load(txn, letter, &clock, error))
        return false;
    if (nsk_term_clock_get_state(&clock) == NSK_TERM_NONE)
        return true;
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(txn, letter, error);
    g_autoptr(NskCalendar) calendar = row != NULL ? nsk_office_calendar(office, txn, error) : NULL;
    if (calendar == NULL ||
        !nsk_office_today(txn, row->unit, nsk_clock_now(office->clock), &today, error) ||
        !nsk_term_clock_alarm(&clock, calendar, today, &alarm, &deemed, error))
        return false;
    if (!nsk_date_is_set(deemed))
        return true;
    g_autofree char *day = nsk_date_format(deemed);
    nsk_json_set_text(task, "alarm", nsk_term_alarm_name(alarm));
    nsk_json_set_text(task, "deemed", day);
    return true;
}

/* One letter, if the person may read how it came to be, and its end is still near. */
static bool
add_notice(NskOffice *office,
           NskDbTxn *txn,
           const char *letter,
           const char *position,
           NskJson *list,
           GError **error)
{
    bool known = false;
    g_autoptr(GError) refusal = NULL;
    g_autoptr(NskJson) notice = nsk_json_object();
    g_autoptr(NskLetterRow) row = nsk_access_route(office, txn, letter, &refusal);

    if (row == NULL) {
        if (g_error_matches(refusal, NSK_ERROR, NSK_ERROR_NOT_FOUND) ||
            g_error_matches(refusal, NSK_ERROR, NSK_ERROR_DENIED))
            return true;
        g_propagate_error(error, g_steal_pointer(&refusal));
        return false;
    }
    nsk_json_set_text(notice, "subject", row->subject);
    nsk_json_set_text(notice, "told", position);
    if (!nsk_clock_sum_up(office, txn, row, notice, &known, error))
        return false;
    if (known)
        nsk_json_add(list, g_steal_pointer(&notice));
    return true;
}

static bool
is_listed(const NskJson *list, const char *letter)
{
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        if (g_strcmp0(nsk_json_get_text(nsk_json_at(list, i), "letter"), letter) == 0)
            return true;
    }
    return false;
}

static int
compare_ends(gconstpointer a, gconstpointer b)
{
    const NskJson *one = *(NskJson *const *)a, *other = *(NskJson *const *)b;
    int days = strcmp(nsk_json_get_text(one, "deemed"), nsk_json_get_text(other, "deemed"));

    return days != 0 ? days
                     : strcmp(nsk_json_get_text(one, "letter"), nsk_json_get_text(other, "letter"));
}

static NskJson *
sort_by_end(const NskJson *list)
{
    NskJson *sorted = nsk_json_array();
    g_autoptr(GPtrArray) rows = g_ptr_array_new();

    for (size_t i = 0; i < nsk_json_length(list); i++)
        g_ptr_array_add(rows, nsk_json_at(list, i));
    g_ptr_array_sort(rows, compare_ends);
    for (guint i = 0; i < rows->len; i++)
        nsk_json_add(sorted, nsk_json_ref(rows->pdata[i]));
    return sorted;
}

NskJson *
nsk_notice_list(NskOffice *office, NskDbTxn *txn, const GPtrArray *readings, GError **error)
{
    g_autoptr(NskJson) list = nsk_json_array();

    for (guint i = 0; i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        if (reading->as == NSK_READS_AS_ARCHIVIST)
            continue;
        g_autoptr(GPtrArray) letters = nsk_db_list_texts(
            txn, sql_open_notices,
            NSK_DB_PARAMS(NSK_DB_TEXT(reading->position), NSK_DB_INT(NSK_LIMIT_NOTICES)), error);
        for (guint k = 0; letters != NULL && k < letters->len; k++) {
            const char *letter = g_ptr_array_index(letters, k);

            if (!is_listed(list, letter) &&
                !add_notice(office, txn, letter, reading->position, list, error))
                return NULL;
        }
        if (letters == NULL)
            return NULL;
    }
    return sort_by_end(list);
}

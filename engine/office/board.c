/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A board: figures of the work of positions, for a page.  See board-count.c for how they are
 * counted; nobody is named in them, and no letter.
 */
#include "base/message.h"
#include "office/board-private.h"
#include "office/sheet-private.h"

#include <string.h>

#define USUAL_MONTHS 6
#define MOST_MONTHS  24
#define MOST_UNITS   200

static const char sql_list_below[] =
    "WITH RECURSIVE below(id) AS (SELECT $1 UNION"
    "  SELECT p.id FROM position p JOIN below b ON p.superior = b.id)"
    " SELECT u.id, u.name FROM unit u WHERE"
    " EXISTS (SELECT 1 FROM position p WHERE p.unit = u.id)"
    " AND NOT EXISTS (SELECT 1 FROM position p WHERE p.unit = u.id"
    "  AND p.id NOT IN (SELECT id FROM below)) ORDER BY u.name, u.id LIMIT $2";

static void
board_clear(NskBoard *self)
{
    nsk_work_subject_clear(&self->subject);
    g_clear_pointer(&self->calendar, nsk_calendar_unref);
    g_clear_pointer(&self->months, g_array_unref);
    g_clear_pointer(&self->kinds, g_hash_table_unref);
    g_clear_pointer(&self->places, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskBoard, board_clear)

/* --- What is asked --------------------------------------------------------------------------- */

/* Days in the subject's zone: the last months until today if none are said. */
static bool
read_period(NskBoard *self, const NskBoardAsk *ask, GError **error)
{
    const char *zone = self->subject.zone;

    if (!nsk_date_at(nsk_clock_now(self->office->clock), zone, &self->last, error) ||
        (ask->until != NULL && !nsk_date_parse(ask->until, &self->last, error)))
        return false;
    int months = self->last.year * 12 + self->last.month - 1 - (USUAL_MONTHS - 1);
    self->first = (NskDate){ (uint16_t)(months / 12), (uint8_t)(months % 12 + 1), 1 };
    if (ask->from != NULL && !nsk_date_parse(ask->from, &self->first, error))
        return false;
    months = (self->last.year - self->first.year) * 12 + self->last.month - self->first.month + 1;
    if (nsk_date_compare(self->last, self->first) < 0 || months > MOST_MONTHS) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("a period has its first day first and touches %d months at most; "
                           "choose other days"),
                    MOST_MONTHS);
        return false;
    }
    self->months = g_array_new(FALSE, TRUE, sizeof(NskBoardMonth));
    g_array_set_size(self->months, (guint)months);
    return nsk_civil_moment(self->first, 0, zone, &self->from, error) &&
           nsk_civil_moment(nsk_date_add_days(self->last, 1), 0, zone, &self->until, error);
}

/* --- The units that can be chosen ------------------------------------------------------------ */

static bool
add_below(NskDbTxn *txn, const char *position, NskJson *list, GHashTable *seen, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_list_below, NSK_DB_PARAMS(NSK_DB_TEXT(position), NSK_DB_INT(MOST_UNITS)), error);

    if (rows == NULL)
        return false;
    for (;;) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            return true;
        if (!g_hash_table_add(seen, g_strdup(nsk_db_rows_text(rows, 0))))
            continue;
        NskJson *unit = nsk_json_object();
        nsk_json_set_text(unit, "id", nsk_db_rows_text(rows, 0));
        nsk_json_set_text(unit, "name", nsk_db_rows_text(rows, 1));
        nsk_json_add(list, unit);
    }
}

static bool
add_units(const NskBoard *self, NskJson *result, GError **error)
{
    NskDate today;
    NskJson *list = nsk_json_array();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) held = NULL;

    nsk_json_set(result, "units", list);
    if (!nsk_office_common_day(nsk_clock_now(self->office->clock), &today, error) ||
        (held = nsk_directory_held_by(self->txn, self->office->person, today, error)) == NULL)
        return false;
    for (guint i = 0; i < held->len; i++) {
        const NskHolding *holding = g_ptr_array_index(held, i);

        if (!add_below(self->txn, holding->position, list, seen, error))
            return false;
    }
    return true;
}

/* --- The answer ------------------------------------------------------------------------------ */

static int
compare_places(gconstpointer a, gconstpointer b)
{
    const NskBoardPlace *left = *(NskBoardPlace *const *)a;
    const NskBoardPlace *right = *(NskBoardPlace *const *)b;

    if (left->open != right->open)
        return left->open < right->open ? 1 : -1;
    return strcmp(left->id, right->id);
}

static void
tell_open(NskBoard *self, NskJson *result)
{
    static const char *const ages[NSK_BOARD_AGES] = { "day", "three-days", "week", "longer" };
    int64_t all[NSK_BOARD_AGES] = { 0 };
    NskJson *waiting = nsk_json_array();
    NskJson *aged = nsk_json_array();

    g_ptr_array_sort(self->places, compare_places);
    for (guint i = 0; i < self->places->len; i++) {
        const NskBoardPlace *place = g_ptr_array_index(self->places, i);
        g_autofree char *oldest = place->open > 0 ? nsk_instant_format(place->oldest) : NULL;
        NskJson *line = nsk_json_object();

        nsk_json_set_text(line, "position", place->id);
        nsk_json_set_text(line, "title", place->title);
        nsk_json_set_int(line, "open", place->open);
        nsk_json_set_int(line, "overdue", place->overdue);
        nsk_json_set_text(line, "oldest", oldest);
        nsk_json_add(waiting, line);
        for (int k = 0; k < NSK_BOARD_AGES; k++)
            all[k] += place->ages[k];
    }
    for (int k = 0; k < NSK_BOARD_AGES; k++) {
        NskJson *line = nsk_json_object();

        nsk_json_set_text(line, "age", ages[k]);
        nsk_json_set_int(line, "open", all[k]);
        nsk_json_add(aged, line);
    }
    nsk_json_set(result, "waiting", waiting);
    nsk_json_set(result, "ages", aged);
}

static void
tell_kinds(const NskBoard *self, NskJson *result)
{
    g_autoptr(GList) ids = g_list_sort(g_hash_table_get_keys(self->kinds), (GCompareFunc)strcmp);
    NskJson *list = nsk_json_array();

    for (const GList *id = ids; id != NULL; id = id->next) {
        NskBoardKind *kind = g_hash_table_lookup(self->kinds, id->data);
        NskJson *line = nsk_json_object();
        int64_t median, p90;

        nsk_work_middle(kind->minutes, &median, &p90);
        nsk_json_set_text(line, "kind", kind->id);
        nsk_json_set_text(line, "title", kind->title);
        nsk_json_set_int(line, "letters", kind->minutes->len);
        nsk_json_set_int(line, "done", kind->done);
        nsk_json_set_int(line, "late", kind->late);
        nsk_json_set_int(line, "median_minutes", median);
        nsk_json_set_int(line, "p90_minutes", p90);
        nsk_json_add(list, line);
    }
    nsk_json_set(result, "kinds", list);
}

static void
tell_months(const NskBoard *self, NskJson *result)
{
    NskJson *list = nsk_json_array();

    for (guint i = 0; i < self->months->len; i++) {
        const NskBoardMonth *month = &g_array_index(self->months, NskBoardMonth, i);
        guint n = (guint)self->first.month - 1 + i;
        g_autofree char *name =
            g_strdup_printf("%04u-%02u", (guint)self->first.year + n / 12, n % 12 + 1);
        NskJson *line = nsk_json_object();

        nsk_json_set_text(line, "month", name);
        nsk_json_set_int(line, "drafted", month->drafted);
        nsk_json_set_int(line, "signed", month->signatures);
        nsk_json_set_int(line, "done", month->done);
        nsk_json_set_int(line, "late", month->late);
        nsk_json_add(list, line);
    }
    nsk_json_set(result, "months", list);
}

static bool
tell(NskBoard *self, NskJson *result, GError **error)
{
    g_autofree char *first = nsk_date_format(self->first);
    g_autofree char *last = nsk_date_format(self->last);

    nsk_json_set_text(result, "of", self->subject.type);
    nsk_json_set_text(result, "id", self->subject.id);
    nsk_json_set_text(result, "name", self->subject.label);
    nsk_json_set_text(result, "zone", self->subject.zone);
    nsk_json_set_text(result, "from", first);
    nsk_json_set_text(result, "until", last);
    nsk_json_set_int(result, "letters", self->letters);
    nsk_json_set_bool(result, "complete", self->is_complete);
    tell_open(self, result);
    tell_kinds(self, result);
    tell_months(self, result);
    return add_units(self, result, error);
}

bool
nsk_office_board(NskOffice *self, const NskBoardAsk *ask, NskJson **out_result, GError **error)
{
    const NskWorkAsk whose = { .position = ask->position, .unit = ask->unit };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskJson) result = nsk_json_object();
    g_auto(NskBoard) board = { .office = self, .txn = txn, .is_complete = true };

    if (txn == NULL || !nsk_work_subject_find(&board.subject, self, txn, &whose, error) ||
        !read_period(&board, ask, error) ||
        (board.calendar = nsk_office_calendar(self, txn, error)) == NULL)
        return false;
    board.kinds =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)nsk_board_kind_free);
    board.places = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_board_place_free);
    if (!nsk_board_count_done(&board, error) || !nsk_board_count_open(&board, error) ||
        !tell(&board, result, error))
        return false;
    *out_result = g_steal_pointer(&result);
    return true;
}

/* --- As a table for a table calculator ------------------------------------------------------- */

/* The parts of a board, with the members of their lines. */
static const struct {
    const char *part;
    const char *columns;
} tables[] = {
    { "waiting", "position title open overdue oldest" },
    { "ages", "age open" },
    { "kinds", "kind title letters done late median_minutes p90_minutes" },
    { "months", "month drafted signed done late" },
};

static char *
cell(const NskJson *line, const char *name)
{
    const char *text = nsk_json_get_text(line, name);

    if (nsk_json_type(nsk_json_get(line, name)) == NSK_JSON_NUMBER)
        return g_strdup_printf("%" G_GINT64_FORMAT, nsk_json_get_int(line, name, 0));
    return g_strdup(text != NULL ? text : "");
}

static GBytes *
write_table(const NskJson *lines, const char *columns)
{
    g_auto(GStrv) names = g_strsplit(columns, " ", -1);
    guint n = g_strv_length(names);
    g_autofree NskSheetColumn *heads = g_new0(NskSheetColumn, n);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);

    for (guint k = 0; k < n; k++)
        heads[k].title = names[k];
    for (size_t i = 0; i < nsk_json_length(lines); i++) {
        char **row = g_new0(char *, n + 1);

        for (guint k = 0; k < n; k++)
            row[k] = cell(nsk_json_at(lines, i), names[k]);
        g_ptr_array_add(rows, row);
    }
    const NskSheet sheet = { .title = "", .columns = heads, .n_columns = n, .rows = rows };
    return nsk_sheet_to_csv(&sheet);
}

bool
nsk_office_board_table(NskOffice *self,
                       const NskBoardAsk *ask,
                       const char *part,
                       GBytes **out_csv,
                       GError **error)
{
    g_autoptr(NskJson) board = NULL;
    size_t i = 0;

    while (i < G_N_ELEMENTS(tables) && strcmp(tables[i].part, part) != 0)
        i++;
    if (i == G_N_ELEMENTS(tables)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("there are no figures named '%s'"), part);
        return false;
    }
    if (!nsk_office_board(self, ask, &board, error))
        return false;
    *out_csv = write_table(nsk_json_get(board, tables[i].part), tables[i].columns);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The newest changes of all histories, for who looks after the office.  What an entry says of a
 * letter's content is not told: an id, an action, who and when.
 *
 *   place of an entry   AT/SEQ/HISTORY     where the next page goes on; the order of the index
 */
#include "base/message.h"
#include "office/admin-private.h"

#include <string.h>

#define PAGE_ROWS 50
#define MOST_ROWS 5000  /* of a table */
#define MOST_SEEN 20000 /* rows that are looked at for one page */

static const char sql_newest[] = "SELECT letter, letter_seq, at, entry FROM journal"
                                 " WHERE (at, letter, letter_seq) < ($1, $2, $3) AND at >= $4"
                                 " ORDER BY at DESC, letter DESC, letter_seq DESC LIMIT $5";
static const char sql_newest_of[] =
    "SELECT letter, letter_seq, at, entry FROM journal"
    " WHERE letter = $6 AND (at, letter, letter_seq) < ($1, $2, $3) AND at >= $4"
    " ORDER BY letter_seq DESC LIMIT $5";

typedef struct {
    NskInstant at;
    int64_t seq;
    char *history;
} Place;

static void
place_clear(Place *self)
{
    g_free(self->history);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

static char *
write_place(const Place *place)
{
    return g_strdup_printf("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%s", place->at, place->seq,
                           place->history);
}

static bool
read_place(const char *text, Place *out, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, "/", 3);

    if (g_strv_length(parts) == 3 &&
        g_ascii_string_to_signed(parts[0], 10, 0, INT64_MAX, &out->at, NULL) &&
        g_ascii_string_to_signed(parts[1], 10, 0, INT64_MAX, &out->seq, NULL)) {
        out->history = g_strdup(parts[2]);
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is no place to go on at; take the one that the page before gave"),
                text);
    return false;
}

/* The beginning of a day, or of the one after it. */
static bool
read_day(const char *text, int ahead, NskInstant *out, GError **error)
{
    NskDate date;

    if (text == NULL || text[0] == '\0')
        return true;
    if (!nsk_date_parse(text, &date, NULL)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is no date; write one such as 2026-07-22"), text);
        return false;
    }
    return nsk_civil_moment(nsk_date_add_days(date, ahead), 0, NSK_COMMON_ZONE, out, error);
}

/* The entry as it is told, if it passes; NULL without error if not. */
static NskJson *
tell_entry(const NskAuditAsk *ask, NskDbRows *rows, const Place *place)
{
    size_t size;
    const void *data = nsk_db_rows_blob(rows, 3, &size);
    g_autoptr(NskJson) entry = nsk_json_parse(data, size, NULL);
    const NskJson *who = entry != NULL ? nsk_json_get(entry, "actor") : NULL;
    const char *actor = who != NULL ? nsk_json_get_text(who, "id") : NULL;

    if (actor == NULL || (ask->person != NULL && strcmp(actor, ask->person) != 0))
        return NULL;
    NskJson *row = nsk_json_object();
    g_autofree char *at = nsk_instant_format(place->at);
    nsk_json_set_text(row, "at", at);
    nsk_json_set_text(row, "history", place->history);
    nsk_json_set_int(row, "seq", place->seq);
    nsk_json_set_text(row, "actor", actor);
    nsk_json_set_text(row, "action", nsk_json_get_text(entry, "action"));
    nsk_json_set_text(row, "position", nsk_json_get_text(who, "position"));
    nsk_json_set_bool(row, "is_letter", !g_str_has_prefix(place->history, "office/"));
    return row;
}

typedef struct {
    NskDbTxn *txn;
    const NskAuditAsk *ask;
    GHashTable *names; /* id -> printed name */
} Audit;

/* Parts of the program have no name but their own. */
static bool
name_actor(Audit *self, NskJson *row, GError **error)
{
    const char *id = nsk_json_get_text(row, "actor");
    const char *known = g_hash_table_lookup(self->names, id);
    g_autoptr(GError) fault = NULL;

    if (known == NULL) {
        g_autoptr(NskPerson) person = nsk_directory_get_person(self->txn, id, &fault);

        if (person == NULL && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        known = person != NULL ? person->printed : id;
        g_hash_table_insert(self->names, g_strdup(id), g_strdup(known));
        known = g_hash_table_lookup(self->names, id);
    }
    nsk_json_set_text(row, "name", known);
    return true;
}

/* Fills @list up to @most; *out_last: the last row that was looked at, its history owned. */
static bool
read_entries(Audit *self,
             NskDbRows *rows,
             size_t most,
             NskJson *list,
             Place *out_last,
             GError **error)
{
    bool has_row = true;

    for (unsigned seen = 0; rows != NULL && nsk_json_length(list) < most; seen++) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row && seen < MOST_SEEN)
            g_clear_pointer(&out_last->history, g_free);
        if (!has_row)
            return true;
        g_free(out_last->history);
        *out_last = (Place){ nsk_db_rows_int(rows, 2), nsk_db_rows_int(rows, 1),
                             g_strdup(nsk_db_rows_text(rows, 0)) };
        NskJson *row = tell_entry(self->ask, rows, out_last);
        if (row != NULL)
            nsk_json_add(list, row);
        if (row != NULL && !name_actor(self, row, error))
            return false;
    }
    return rows != NULL;
}

static bool
run_audit(Audit *self, NskJson *result, GError **error)
{
    const NskAuditAsk *ask = self->ask;
    NskInstant since = 0;
    g_auto(Place) from = { INT64_MAX, INT64_MAX, NULL };
    g_auto(Place) last = { 0 };
    NskJson *list = nsk_json_array();
    bool has_letter = ask->letter != NULL;

    nsk_json_set(result, "entries", list);
    if (!read_day(ask->from, 0, &since, error) || !read_day(ask->until, 1, &from.at, error))
        return false;
    from.seq = from.at == INT64_MAX ? INT64_MAX : 0;
    if (ask->after != NULL && !read_place(ask->after, &from, error))
        return false;
    const char *history = from.history != NULL ? from.history : "";
    g_autoptr(NskDbRows) rows = nsk_db_query(
        self->txn, has_letter ? sql_newest_of : sql_newest,
        (const NskDbValue[]){ NSK_DB_INT(from.at), NSK_DB_TEXT(history), NSK_DB_INT(from.seq),
                              NSK_DB_INT(since), NSK_DB_INT(MOST_SEEN), NSK_DB_TEXT(ask->letter) },
        has_letter ? 6 : 5, error);
    if (!read_entries(self, rows, ask->whole ? MOST_ROWS : PAGE_ROWS, list, &last, error))
        return false;
    g_autofree char *next = last.history != NULL ? write_place(&last) : NULL;
    nsk_json_set_text(result, "next", next);
    return true;
}

/* What people write of a letter is its number or the end of its id as well. */
static char *
find_history(NskDbTxn *txn, const char *text, GError **error)
{
    if (g_str_has_prefix(text, "office/"))
        return g_strdup(text);
    g_autoptr(GPtrArray) found = nsk_letter_row_search(txn, text, error);
    if (found == NULL)
        return NULL;
    return g_strdup(found->len > 0 ? g_ptr_array_index(found, 0) : text);
}

bool
nsk_office_audit(NskOffice *self, const NskAuditAsk *ask, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autofree char *history = NULL;
    NskAuditAsk exact = *ask;
    Audit audit = { txn, &exact, names };

    if (txn == NULL || !nsk_admin_check(self, txn, error))
        return false;
    if (ask->letter != NULL && (history = find_history(txn, ask->letter, error)) == NULL)
        return false;
    exact.letter = history;
    if (!run_audit(&audit, result, error))
        return false;
    *out_result = g_steal_pointer(&result);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who looks after the office on its pages, and what people look for again and again. */
#include "office/admin.h"

#include "base/message.h"
#include "office/admin-private.h"

#include <string.h>

#define MOST_KEPT   50  /* searches of a person on a page */
#define NAME_LIMIT  80  /* bytes */
#define QUERY_LIMIT 500 /* the same */

static const char sql_find[] = "SELECT 1 FROM administrator WHERE person = $1";
static const char sql_put[] = "INSERT INTO administrator (person, since) VALUES ($1, $2)"
                              " ON CONFLICT (person) DO NOTHING";
static const char sql_drop[] = "DELETE FROM administrator WHERE person = $1";
static const char sql_list_searches[] =
    "SELECT name, query FROM saved_search WHERE person = $1 AND place = $2 ORDER BY name";
static const char sql_count_searches[] =
    "SELECT count(*) FROM saved_search WHERE person = $1 AND place = $2";
static const char sql_put_search[] =
    "INSERT INTO saved_search (person, place, name, query) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (person, place, name) DO UPDATE SET query = excluded.query";
static const char sql_drop_search[] =
    "DELETE FROM saved_search WHERE person = $1 AND place = $2 AND name = $3";

/* --- Who may --------------------------------------------------------------------------------- */

bool
nsk_admin_find(NskDbTxn *txn, const char *person, NskInstant now, bool *out_is, GError **error)
{
    NskDate today;
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find, NSK_DB_PARAMS(NSK_DB_TEXT(person)), error);

    *out_is = false;
    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (!has_row)
        return true;
    if (!nsk_office_common_day(now, &today, error))
        return false;
    g_autoptr(GPtrArray) held = nsk_directory_held_by(txn, person, today, error);
    *out_is = held != NULL && held->len > 0;
    return held != NULL;
}

bool
nsk_admin_comes_by_door(const NskOffice *self)
{
    return self->auth != NULL && strcmp(self->auth, "os-account") != 0 &&
           strcmp(self->auth, "demo") != 0;
}

bool
nsk_admin_check(NskOffice *self, NskDbTxn *txn, GError **error)
{
    bool may = false;

    if (!nsk_admin_comes_by_door(self))
        return true;
    if (strcmp(self->auth, "session") == 0 &&
        !nsk_admin_find(txn, self->person, nsk_clock_now(self->clock), &may, error))
        return false;
    if (!may)
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                            nsk_tr("this is for who looks after the office; the owner of its "
                                   "folder names him with 'naskah account appoint'"));
    return may;
}

const char *
nsk_admin_actor(const NskOffice *self, const char *otherwise)
{
    return nsk_admin_comes_by_door(self) ? self->person : otherwise;
}

bool
nsk_admin_set(NskDbTxn *txn, const char *person, bool is, NskInstant now, GError **error)
{
    return is ? nsk_db_exec(txn, sql_put, NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_INT(now)), NULL,
                            error)
              : nsk_db_exec(txn, sql_drop, NSK_DB_PARAMS(NSK_DB_TEXT(person)), NULL, error);
}

bool
nsk_office_may_administer(NskOffice *self, bool *out_may, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    if (txn == NULL)
        return false;
    *out_may = nsk_admin_check(self, txn, &fault);
    if (fault == NULL || g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED))
        return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

static const char query_bytes[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "%=&+-._~*";

/* --- Searches -------------------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    const NskSavedSearch *search;
} Keeping;

static bool
check_search(const NskSavedSearch *search, GError **error)
{
    bool is_place = strcmp(search->place, "tugas") == 0 || strcmp(search->place, "arsip") == 0;
    size_t length = strlen(search->name);

    if (!is_place || !g_utf8_validate(search->name, -1, NULL) ||
        search->name[strspn(search->name, " \t\r\n")] == '\0') {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("give the search a name, such as 'Undangan bulan ini'"));
        return false;
    }
    if (search->query != NULL && search->query[strspn(search->query, query_bytes)] != '\0') {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("this is no part of an address; open the list and keep the "
                                   "search from there"));
        return false;
    }
    if (length <= NAME_LIMIT && (search->query == NULL || strlen(search->query) <= QUERY_LIMIT))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the name or the search is too long to be kept; %d characters are enough "
                       "for a name"),
                NAME_LIMIT);
    return false;
}

static bool
check_room(NskDbTxn *txn, const Keeping *work, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_count_searches,
        NSK_DB_PARAMS(NSK_DB_TEXT(work->office->person), NSK_DB_TEXT(work->search->place)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (!has_row || nsk_db_rows_int(rows, 0) < MOST_KEPT)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("%d searches are kept already; take one out first"), MOST_KEPT);
    return false;
}

static bool
apply_keep(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    int64_t changed = 0;
    const Keeping *work = data;
    const NskSavedSearch *search = work->search;
    const char *person = work->office->person;

    if (search->query != NULL)
        return check_room(txn, work, error) &&
               nsk_db_exec(txn, sql_put_search,
                           NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_TEXT(search->place),
                                         NSK_DB_TEXT(search->name), NSK_DB_TEXT(search->query)),
                           NULL, error);
    if (!nsk_db_exec(txn, sql_drop_search,
                     NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_TEXT(search->place),
                                   NSK_DB_TEXT(search->name)),
                     &changed, error))
        return false;
    if (changed > 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("no search '%s' is kept"),
                search->name);
    return false;
}

bool
nsk_office_search_keep(NskOffice *self,
                       const NskSavedSearch *search,
                       NskJson **out_result,
                       GError **error)
{
    Keeping work = { self, search };

    /* the same again changes nothing, so a request id is not needed */
    g_clear_pointer(&self->request_id, g_free);
    if (!check_search(search, error) || !nsk_office_commit(self, apply_keep, &work, NULL, error))
        return false;
    *out_result = nsk_json_object();
    nsk_json_set_text(*out_result, "place", search->place);
    nsk_json_set_text(*out_result, "name", search->name);
    return true;
}

bool
nsk_office_search_kept(NskOffice *self, const char *place, NskJson **out_result, GError **error)
{
    bool has_row = true;
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskDbRows) rows =
        txn != NULL
            ? nsk_db_query(txn, sql_list_searches,
                           NSK_DB_PARAMS(NSK_DB_TEXT(self->person), NSK_DB_TEXT(place)), error)
            : NULL;

    nsk_json_set(result, "searches", list);
    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        NskJson *row = nsk_json_object();
        nsk_json_set_text(row, "name", nsk_db_rows_text(rows, 0));
        nsk_json_set_text(row, "query", nsk_db_rows_text(rows, 1));
        nsk_json_add(list, row);
    }
    if (rows == NULL)
        return false;
    *out_result = g_steal_pointer(&result);
    return true;
}

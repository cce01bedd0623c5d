/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looking things up by id, and listing them.
 */
#include "base/message.h"
#include "directory/directory-private.h"

#include <string.h>

#define MAX_UNIT_DEPTH 100
#define OPEN_END       "9999-12-31"

static const char sql_get_unit[] =
    "SELECT id, code, name, parent, place, zone, archivist FROM unit WHERE id = $1";
static const char sql_get_position[] =
    "SELECT id, unit, title, code, echelon, superior FROM position WHERE id = $1";
static const char sql_get_person[] =
    "SELECT id, name, printed, nip, rank, email FROM person WHERE id = $1";
static const char sql_get_mandate[] = "SELECT id, giver, receiver, capacity, kinds, since, until, "
                                      "document FROM mandate WHERE id = $1";

static const char sql_list_units[] =
    "SELECT id, name, parent FROM unit WHERE id > $1"
    " AND ($2 = '' OR instr(lower(id || ' ' || name), $2) > 0) ORDER BY id LIMIT $3";
static const char sql_list_positions[] =
    "SELECT id, title, unit FROM position WHERE id > $1"
    " AND ($2 = '' OR instr(lower(id || ' ' || title), $2) > 0) ORDER BY id LIMIT $3";
static const char sql_list_below[] =
    "WITH RECURSIVE below (id) AS (VALUES ($1) UNION"
    " SELECT u.id FROM unit u JOIN below b ON u.parent = b.id)"
    " SELECT p.id, p.title, p.unit FROM below b CROSS JOIN position p ON p.unit = b.id"
    " ORDER BY p.title, p.id LIMIT $2";
static const char sql_list_people[] =
    "SELECT id, printed, '' FROM person WHERE id > $1"
    " AND ($2 = '' OR instr(lower(id || ' ' || printed), $2) > 0) ORDER BY id LIMIT $3";

static const char sql_find_account[] = "SELECT person FROM account WHERE login = $1";
static const char sql_set_account[] = "INSERT INTO account (login, person) VALUES ($1, $2)"
                                      " ON CONFLICT (login) DO UPDATE SET person = $2";
static const char sql_drop_account[] = "DELETE FROM account WHERE login = $1";

static const char *const capacity_prints[] = {
    [NSK_CAPACITY_DEFINITIVE] = "", [NSK_CAPACITY_PJ] = "Pj. ",  [NSK_CAPACITY_PLT] = "Plt. ",
    [NSK_CAPACITY_PLH] = "Plh. ",   [NSK_CAPACITY_AN] = "a.n. ", [NSK_CAPACITY_UB] = "u.b. ",
};

const char *
nsk_capacity_print(NskCapacity self)
{
    return capacity_prints[self];
}

void
nsk_unit_free(NskUnit *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->code);
    g_free(self->name);
    g_free(self->parent);
    g_free(self->place);
    g_free(self->zone);
    g_free(self->archivist);
    g_free(self);
}

void
nsk_position_free(NskPosition *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->unit);
    g_free(self->title);
    g_free(self->code);
    g_free(self->echelon);
    g_free(self->superior);
    g_free(self);
}

void
nsk_person_free(NskPerson *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->name);
    g_free(self->printed);
    g_free(self->nip);
    g_free(self->rank);
    g_free(self->email);
    g_free(self);
}

void
nsk_mandate_free(NskMandate *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->giver);
    g_free(self->receiver);
    g_strfreev(self->kinds);
    g_free(self->document);
    g_free(self);
}

static char *
take_text(NskDbRows *rows, int column)
{
    return g_strdup(nsk_db_rows_text(rows, column));
}

NskDate
nsk_directory_date_from_text(const char *text)
{
    NskDate date = { 0 };

    if (strcmp(text, OPEN_END) != 0)
        (void)nsk_date_parse(text, &date, NULL);
    return date;
}

/* The only row of a look-up by id.  Errors: NOT_FOUND. */
static NskDbRows *
query_one(NskDbTxn *txn, const char *sql, const char *what, const char *id, GError **error)
{
    bool has_row;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return NULL;
    if (!has_row) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("there is no %s '%s' in the directory"), nsk_tr(what), id);
        return NULL;
    }
    return g_steal_pointer(&rows);
}

NskUnit *
nsk_directory_get_unit(NskDbTxn *txn, const char *id, GError **error)
{
    g_autoptr(NskDbRows) rows = query_one(txn, sql_get_unit, N_("unit"), id, error);

    if (rows == NULL)
        return NULL;
    NskUnit *unit = g_new0(NskUnit, 1);
    unit->id = take_text(rows, 0);
    unit->code = take_text(rows, 1);
    unit->name = take_text(rows, 2);
    unit->parent = take_text(rows, 3);
    unit->place = take_text(rows, 4);
    unit->zone = take_text(rows, 5);
    unit->archivist = take_text(rows, 6);
    return unit;
}

NskPosition *
nsk_directory_get_position(NskDbTxn *txn, const char *id, GError **error)
{
    g_autoptr(NskDbRows) rows = query_one(txn, sql_get_position, N_("position"), id, error);

    if (rows == NULL)
        return NULL;
    NskPosition *position = g_new0(NskPosition, 1);
    position->id = take_text(rows, 0);
    position->unit = take_text(rows, 1);
    position->title = take_text(rows, 2);
    position->code = take_text(rows, 3);
    position->echelon = take_text(rows, 4);
    position->superior = take_text(rows, 5);
    return position;
}

NskPerson *
nsk_directory_get_person(NskDbTxn *txn, const char *id, GError **error)
{
    g_autoptr(NskDbRows) rows = query_one(txn, sql_get_person, N_("person"), id, error);

    if (rows == NULL)
        return NULL;
    NskPerson *person = g_new0(NskPerson, 1);
    person->id = take_text(rows, 0);
    person->name = take_text(rows, 1);
    person->printed = take_text(rows, 2);
    person->nip = take_text(rows, 3);
    person->rank = take_text(rows, 4);
    person->email = take_text(rows, 5);
    return person;
}

NskMandate *
nsk_directory_mandate_from_row(NskDbRows *rows)
{
    NskMandate *mandate = g_new0(NskMandate, 1);
    g_autofree char *kinds = g_strstrip(take_text(rows, 4));

    mandate->id = take_text(rows, 0);
    mandate->giver = take_text(rows, 1);
    mandate->receiver = take_text(rows, 2);
    (void)nsk_capacity_parse(nsk_db_rows_text(rows, 3), &mandate->capacity);
    mandate->kinds = g_strsplit(kinds, " ", -1); /* "" gives an empty list */
    mandate->from = nsk_directory_date_from_text(nsk_db_rows_text(rows, 5));
    mandate->until = nsk_directory_date_from_text(nsk_db_rows_text(rows, 6));
    mandate->document = take_text(rows, 7);
    return mandate;
}

NskMandate *
nsk_directory_get_mandate(NskDbTxn *txn, const char *id, GError **error)
{
    g_autoptr(NskDbRows) rows = query_one(txn, sql_get_mandate, N_("mandate"), id, error);

    return rows != NULL ? nsk_directory_mandate_from_row(rows) : NULL;
}

char **
nsk_directory_unit_codes(NskDbTxn *txn, const char *unit, GError **error)
{
    g_autofree char *id = g_strdup(unit);
    g_autoptr(GPtrArray) codes = g_ptr_array_new_with_free_func(g_free);

    for (int depth = 0; depth < MAX_UNIT_DEPTH && *id != '\0'; depth++) {
        g_autoptr(NskUnit) one = nsk_directory_get_unit(txn, id, error);

        if (one == NULL)
            return NULL;
        if (*one->code != '\0' && (depth == 0 || *one->parent != '\0'))
            g_ptr_array_insert(codes, 0, g_steal_pointer(&one->code));
        g_free(id);
        id = g_steal_pointer(&one->parent);
    }
    g_ptr_array_add(codes, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&codes), FALSE);
}

static void
free_hit(gpointer data)
{
    NskDirectoryHit *hit = data;

    g_free(hit->id);
    g_free(hit->label);
    g_free(hit->unit);
    g_free(hit);
}

static gpointer
make_hit(NskDbRows *rows)
{
    NskDirectoryHit *hit = g_new0(NskDirectoryHit, 1);

    hit->id = take_text(rows, 0);
    hit->label = take_text(rows, 1);
    hit->unit = take_text(rows, 2);
    return hit;
}

GPtrArray *
nsk_directory_list(NskDbTxn *txn,
                   NskDirectoryWhat what,
                   const char *text,
                   const char *after,
                   unsigned limit,
                   GError **error)
{
    static const char *const lists[] = { [NSK_DIRECTORY_UNIT] = sql_list_units,
                                         [NSK_DIRECTORY_POSITION] = sql_list_positions,
                                         [NSK_DIRECTORY_PERSON] = sql_list_people };
    g_autofree char *needle = g_ascii_strdown(text != NULL ? text : "", -1);

    return nsk_db_collect(nsk_db_query(txn, lists[what],
                                       NSK_DB_PARAMS(NSK_DB_TEXT(after != NULL ? after : ""),
                                                     NSK_DB_TEXT(needle), NSK_DB_INT(limit)),
                                       error),
                          make_hit, free_hit, error);
}

GPtrArray *
nsk_directory_list_below(NskDbTxn *txn, const char *unit, unsigned limit, GError **error)
{
    return nsk_db_collect(nsk_db_query(txn, sql_list_below,
                                       NSK_DB_PARAMS(NSK_DB_TEXT(unit), NSK_DB_INT(limit)), error),
                          make_hit, free_hit, error);
}

bool
nsk_directory_find_account(NskDbTxn *txn, const char *user, char **out_person, GError **error)
{
    bool has_row;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find_account, NSK_DB_PARAMS(NSK_DB_TEXT(user)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_person = has_row ? take_text(rows, 0) : NULL;
    return true;
}

bool
nsk_directory_set_account(NskDbTxn *txn, const char *user, const char *person, GError **error)
{
    if (person == NULL)
        return nsk_db_exec(txn, sql_drop_account, NSK_DB_PARAMS(NSK_DB_TEXT(user)), NULL, error);
    if (*user == '\0' || !g_utf8_validate(user, -1, NULL)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("an account needs a name"));
        return false;
    }
    g_autoptr(NskPerson) known = nsk_directory_get_person(txn, person, error);
    return known != NULL &&
           nsk_db_exec(txn, sql_set_account, NSK_DB_PARAMS(NSK_DB_TEXT(user), NSK_DB_TEXT(person)),
                       NULL, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is typed and not stored, and who is writing.
 *
 * INVARIANTS
 *   (1) A row of typed is opened for its person and its place alone: its key is made of both.
 *   (2) Nobody gets a lease that somebody else has, unless it is over or he takes it over.
 */
#include "office/typed.h"

#include "base/message.h"
#include "office/door-private.h"
#include "office/office-private.h"

#include <string.h>

#define NEW_PLACE "baru/"
#define KEPT_TIME ((int64_t)30 * 24 * 3600 * G_USEC_PER_SEC)
#define MOST_KEPT 50 /* of a person; the oldest go first */

static const char sql_keep[] =
    "INSERT INTO typed (person, place, at, sealed) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (person, place) DO UPDATE SET at = excluded.at, sealed = excluded.sealed";
static const char sql_keep_few[] =
    "DELETE FROM typed WHERE person = $1 AND place NOT IN"
    " (SELECT place FROM typed WHERE person = $1 ORDER BY at DESC LIMIT $2)";
static const char sql_find[] = "SELECT at, sealed FROM typed WHERE person = $1 AND place = $2";
static const char sql_drop[] = "DELETE FROM typed WHERE person = $1 AND place = $2";
static const char sql_lease[] =
    "INSERT INTO letter_lease (letter, person, since, until) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (letter) DO UPDATE SET person = excluded.person, until = excluded.until,"
    " since = CASE WHEN person = excluded.person AND until > $3 THEN since ELSE $3 END"
    " WHERE person = excluded.person OR until <= $3 OR $5 = 1";
static const char sql_find_lease[] =
    "SELECT person, since, until FROM letter_lease WHERE letter = $1 AND until > $2";
static const char sql_end_lease[] = "DELETE FROM letter_lease WHERE letter = $1 AND person = $2";
static const char sql_any_old[] = "SELECT 1 FROM typed WHERE at <= $1 UNION ALL"
                                  " SELECT 1 FROM letter_lease WHERE until <= $2 LIMIT 1";
static const char sql_forget[] = "DELETE FROM typed WHERE at <= $1";
static const char sql_forget_leases[] = "DELETE FROM letter_lease WHERE until <= $1";

typedef struct {
    NskOffice *office;
    char *place;
    char *letter; /* NULL: a new one */
    GBytes *sealed;
    NskInstant now;
    bool take_over;
} Work;

static void
work_clear(Work *self)
{
    g_free(self->place);
    g_free(self->letter);
    g_clear_pointer(&self->sealed, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

/* Where it is kept.  Who may not see how the letter is made keeps nothing at it. */
static bool
find_place(NskOffice *self, const NskTypedPlace *place, bool writes, Work *out, GError **error)
{
    *out = (Work){ .office = self, .now = nsk_clock_now(self->clock) };
    if (!nsk_door_check_person(self, error))
        return false;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    if (txn == NULL)
        return false;
    if (place->letter == NULL) {
        g_autoptr(NskKind) kind = nsk_office_find_kind(self, txn, place->kind, error);

        out->place = g_strconcat(NEW_PLACE, place->kind, NULL);
        return kind != NULL;
    }
    g_autoptr(NskLetterRow) row = nsk_access_route(self, txn, place->letter, error);
    if (row == NULL)
        return false;
    if (writes && strcmp(row->state, "draft") != 0 && strcmp(row->state, "review") != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("letter %s is no draft any more; what you typed is not kept"), row->id);
        return false;
    }
    out->place = g_strdup(row->id);
    out->letter = g_strdup(row->id);
    return true;
}

static bool
make_key(const Work *work, uint8_t out[NSK_CODE_KEY_SIZE], GError **error)
{
    g_autofree char *use = g_strconcat("typed:", work->office->person, ":", work->place, NULL);

    return nsk_door_key(work->office, use, out, error);
}

/* --- Keeping --------------------------------------------------------------------------------- */

static bool
seal(Work *work, const NskJson *form, GError **error)
{
    uint8_t key[NSK_CODE_KEY_SIZE];
    g_autofree char *text = nsk_json_canonical(form);

    if (strlen(text) > NSK_TYPED_SIZE) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_LIMIT,
                            nsk_tr("the letter is too long to be kept while it is written"));
        return false;
    }
    if (!make_key(work, key, error))
        return false;
    work->sealed = nsk_text_seal(text, key);
    nsk_wipe(key, sizeof key);
    return true;
}

static bool
apply_keep(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Work *work = data;
    const char *person = work->office->person;
    gsize size;
    const void *sealed = g_bytes_get_data(work->sealed, &size);

    return nsk_db_exec(txn, sql_keep,
                       NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_TEXT(work->place),
                                     NSK_DB_INT(work->now), NSK_DB_BLOB(sealed, size)),
                       NULL, error) &&
           nsk_db_exec(txn, sql_keep_few, NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_INT(MOST_KEPT)),
                       NULL, error) &&
           (work->letter == NULL ||
            nsk_db_exec(txn, sql_lease,
                        NSK_DB_PARAMS(NSK_DB_TEXT(work->letter), NSK_DB_TEXT(person),
                                      NSK_DB_INT(work->now), NSK_DB_INT(work->now + NSK_LEASE_TIME),
                                      NSK_DB_INT(work->take_over ? 1 : 0)),
                        NULL, error));
}

bool
nsk_office_typed_keep(NskOffice *self,
                      const NskTypedPlace *place,
                      const NskJson *form,
                      bool take_over,
                      NskJson **out_lease,
                      GError **error)
{
    g_auto(Work) work = { NULL };

    *out_lease = NULL;
    g_clear_pointer(&self->request_id, g_free);
    if (!find_place(self, place, true, &work, error) || !seal(&work, form, error))
        return false;
    work.take_over = take_over;
    return nsk_office_commit(self, apply_keep, &work, NULL, error) &&
           (work.letter == NULL || nsk_office_lease_find(self, work.letter, out_lease, error));
}

/* --- Finding --------------------------------------------------------------------------------- */

/* What cannot be opened any more is as if it were not there. */
static bool
open_row(const Work *work, NskDbRows *rows, NskJson **out_typed, GError **error)
{
    size_t size;
    uint8_t key[NSK_CODE_KEY_SIZE];
    const void *sealed = nsk_db_rows_blob(rows, 1, &size);

    if (!make_key(work, key, error))
        return false;
    g_autofree char *text = nsk_text_unseal(sealed, size, key);
    nsk_wipe(key, sizeof key);
    NskJson *form = text != NULL ? nsk_json_parse(text, strlen(text), NULL) : NULL;
    if (form == NULL)
        return true;
    *out_typed = nsk_json_object();
    nsk_door_add_instant(*out_typed, "at", nsk_db_rows_int(rows, 0));
    nsk_json_set(*out_typed, "form", form);
    return true;
}

bool
nsk_office_typed_find(NskOffice *self,
                      const NskTypedPlace *place,
                      NskJson **out_typed,
                      GError **error)
{
    bool has_row = false;
    g_auto(Work) work = { NULL };

    *out_typed = NULL;
    if (!find_place(self, place, false, &work, error))
        return false;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskDbRows) rows =
        txn != NULL
            ? nsk_db_query(txn, sql_find,
                           NSK_DB_PARAMS(NSK_DB_TEXT(self->person), NSK_DB_TEXT(work.place)), error)
            : NULL;
    return rows != NULL && nsk_db_rows_next(rows, &has_row, error) &&
           (!has_row || open_row(&work, rows, out_typed, error));
}

bool
nsk_office_lease_find(NskOffice *self, const char *letter, NskJson **out_lease, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_route(self, txn, letter, error) : NULL;
    g_autoptr(NskDbRows) rows =
        row != NULL ? nsk_db_query(txn, sql_find_lease,
                                   NSK_DB_PARAMS(NSK_DB_TEXT(row->id),
                                                 NSK_DB_INT(nsk_clock_now(self->clock))),
                                   error)
                    : NULL;

    *out_lease = NULL;
    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (!has_row)
        return true;
    const char *id = nsk_db_rows_text(rows, 0);
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, id, error);
    if (person == NULL)
        return false;
    NskJson *lease = nsk_json_object();
    nsk_json_set_text(lease, "person", person->printed);
    nsk_json_set_bool(lease, "mine", strcmp(id, self->person) == 0);
    nsk_door_add_instant(lease, "since", nsk_db_rows_int(rows, 1));
    nsk_door_add_instant(lease, "until", nsk_db_rows_int(rows, 2));
    *out_lease = lease;
    return true;
}

/* --- Throwing away --------------------------------------------------------------------------- */

static bool
apply_drop(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Work *work = data;
    const char *person = work->office->person;

    return nsk_db_exec(txn, sql_drop, NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_TEXT(work->place)),
                       NULL, error) &&
           (work->letter == NULL ||
            nsk_db_exec(txn, sql_end_lease,
                        NSK_DB_PARAMS(NSK_DB_TEXT(work->letter), NSK_DB_TEXT(person)), NULL,
                        error));
}

bool
nsk_office_typed_drop(NskOffice *self, const NskTypedPlace *place, GError **error)
{
    g_auto(Work) work = { NULL };

    g_clear_pointer(&self->request_id, g_free);
    return find_place(self, place, false, &work, error) &&
           nsk_office_commit(self, apply_drop, &work, NULL, error);
}

static bool
apply_forget(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Work *work = data;

    return nsk_db_exec(txn, sql_forget, NSK_DB_PARAMS(NSK_DB_INT(work->now - KEPT_TIME)), NULL,
                       error) &&
           nsk_db_exec(txn, sql_forget_leases, NSK_DB_PARAMS(NSK_DB_INT(work->now)), NULL, error);
}

bool
nsk_office_forget_typed(NskOffice *self, GError **error)
{
    bool has_row = false;
    Work work = { .office = self, .now = nsk_clock_now(self->clock) };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskDbRows) rows =
        txn != NULL
            ? nsk_db_query(txn, sql_any_old,
                           NSK_DB_PARAMS(NSK_DB_INT(work.now - KEPT_TIME), NSK_DB_INT(work.now)),
                           error)
            : NULL;

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    g_clear_pointer(&rows, nsk_db_rows_free);
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    return !has_row || nsk_office_commit(self, apply_forget, &work, NULL, error);
}

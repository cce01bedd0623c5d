/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures and their sessions in the database. */
#include "office/sign-private.h"

#include <string.h>

static const char sql_find_signing[] =
    "SELECT n, state, field, position, person, capacity, pdf FROM signing"
    " WHERE letter = $1 AND n = $2";
static const char sql_save_signing[] =
    "INSERT INTO signing (letter, n, state, field, position, person, capacity, pdf, at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    " ON CONFLICT (letter, n) DO UPDATE SET state = excluded.state, field = excluded.field,"
    " position = excluded.position, person = excluded.person, capacity = excluded.capacity,"
    " pdf = excluded.pdf, at = excluded.at";
static const char sql_find_answer[] =
    "SELECT answer FROM signing_answer WHERE letter = $1 AND n = $2";
static const char sql_save_answer[] =
    "INSERT INTO signing_answer (letter, n, at, answer) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (letter, n) DO UPDATE SET at = excluded.at, answer = excluded.answer";
static const char sql_drop_answer[] = "DELETE FROM signing_answer WHERE letter = $1 AND n = $2";
static const char sql_keep_evidence[] =
    "INSERT INTO signing_evidence (letter, session, at, answer) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT DO NOTHING";
static const char sql_find_session[] =
    "SELECT session, signer, chain, digest, whole, scheme, signed_at, offset, place, name, handle,"
    " tries, waits, again, asked, batch, look FROM signing_session WHERE letter = $1 AND n = $2";
static const char sql_save_session[] =
    "INSERT INTO signing_session (letter, n, session, signer, chain, digest, whole, scheme,"
    " signed_at, offset, place, name, handle, tries, waits, again, asked, batch, look)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
    " ON CONFLICT (letter, n) DO UPDATE SET session = excluded.session, signer = excluded.signer,"
    " chain = excluded.chain, digest = excluded.digest, whole = excluded.whole,"
    " scheme = excluded.scheme, signed_at = excluded.signed_at, offset = excluded.offset,"
    " place = excluded.place, name = excluded.name, handle = excluded.handle,"
    " tries = excluded.tries, waits = excluded.waits, again = excluded.again,"
    " asked = excluded.asked, batch = excluded.batch, look = excluded.look";
static const char sql_show[] =
    "SELECT s.n, s.position, s.person, s.state, t.signer, t.waits, t.again, t.tries, t.asked"
    " FROM signing s LEFT JOIN signing_session t ON t.letter = s.letter AND t.n = s.n"
    " WHERE s.letter = $1 ORDER BY s.n";
static const char sql_waits[] =
    "SELECT CASE t.waits WHEN '' THEN s.state ELSE t.waits END FROM signing s"
    " JOIN signing_session t ON t.letter = s.letter AND t.n = s.n"
    " WHERE s.letter = $1 AND s.state <> 'stored' AND s.state <> 'reserved'"
    " AND s.state <> 'prepared' ORDER BY s.n LIMIT 1";
static const char sql_postpone[] = "UPDATE signing_session SET again = $3 + min(asked + 1, 360) *"
                                   " 60000000, asked = asked + 1 WHERE letter = $1 AND n = $2";
static const char sql_list_due[] =
    "SELECT s.letter, s.n FROM signing s JOIN signing_session t"
    " ON t.letter = s.letter AND t.n = s.n"
    " WHERE (s.state = 'sent' OR s.state = 'unknown' OR s.state = 'answered'"
    " OR s.state = 'checked' OR (s.state = 'returned' AND t.handle <> '' AND t.whole = 0"
    " AND t.asked < 20)) AND coalesce(t.again, 0) <= $1"
    " ORDER BY coalesce(t.again, 0), s.letter, s.n LIMIT $2";

/* --- The signature. ----------------------------------------------------------------------------
 */

void
nsk_signing_row_free(gpointer signing)
{
    NskSigningRow *self = signing;

    if (self == NULL)
        return;
    g_free(self->state);
    g_free(self->field);
    g_free(self->position);
    g_free(self->person);
    g_free(self->capacity);
    g_free(self);
}

bool
nsk_signing_find(NskDbTxn *txn,
                 const char *letter,
                 int64_t n,
                 NskSigningRow **out_row,
                 GError **error)
{
    bool has_row = false;
    size_t size;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_find_signing, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(n)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_row = NULL;
    if (!has_row)
        return true;
    NskSigningRow *row = g_new0(NskSigningRow, 1);
    row->n = nsk_db_rows_int(rows, 0);
    row->state = g_strdup(nsk_db_rows_text(rows, 1));
    row->field = g_strdup(nsk_db_rows_text(rows, 2));
    row->position = g_strdup(nsk_db_rows_text(rows, 3));
    row->person = g_strdup(nsk_db_rows_text(rows, 4));
    row->capacity = g_strdup(nsk_db_rows_text(rows, 5));
    row->has_pdf = !nsk_db_rows_is_null(rows, 6);
    const void *pdf = nsk_db_rows_blob(rows, 6, &size);
    if (row->has_pdf)
        memcpy(row->pdf, pdf, MIN(size, sizeof row->pdf));
    *out_row = row;
    return true;
}

bool
nsk_signing_save(NskDbTxn *txn,
                 const char *letter,
                 const NskSigningRow *row,
                 NskInstant now,
                 GError **error)
{
    return nsk_db_exec(
        txn, sql_save_signing,
        NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(row->n), NSK_DB_TEXT(row->state),
                      NSK_DB_TEXT(row->field), NSK_DB_TEXT(row->position), NSK_DB_TEXT(row->person),
                      NSK_DB_TEXT(row->capacity),
                      row->has_pdf ? NSK_DB_BLOB(row->pdf, sizeof row->pdf) : NSK_DB_NULL,
                      NSK_DB_INT(now)),
        NULL, error);
}

/* --- Its session. ------------------------------------------------------------------------------
 */

void
nsk_session_row_free(NskSessionRow *self)
{
    if (self == NULL)
        return;
    g_free(self->session);
    g_free(self->signer);
    g_free(self->chain);
    g_free(self->place);
    g_free(self->name);
    g_free(self->handle);
    g_free(self->waits);
    g_free(self->batch);
    g_clear_pointer(&self->look, g_bytes_unref);
    g_free(self);
}

static NskSessionRow *
read_session(NskDbRows *rows)
{
    size_t size;
    NskSessionRow *row = g_new0(NskSessionRow, 1);
    const void *digest = nsk_db_rows_blob(rows, 3, &size);

    row->session = g_strdup(nsk_db_rows_text(rows, 0));
    row->signer = g_strdup(nsk_db_rows_text(rows, 1));
    row->chain = g_strdup(nsk_db_rows_text(rows, 2));
    if (!nsk_db_rows_is_null(rows, 3))
        memcpy(row->digest, digest, MIN(size, sizeof row->digest));
    row->whole = nsk_db_rows_int(rows, 4) != 0;
    row->scheme = (NskScheme)nsk_db_rows_int(rows, 5);
    row->signed_at = nsk_db_rows_int(rows, 6);
    row->offset_minutes = (int)nsk_db_rows_int(rows, 7);
    row->place = g_strdup(nsk_db_rows_text(rows, 8));
    row->name = g_strdup(nsk_db_rows_text(rows, 9));
    row->handle = g_strdup(nsk_db_rows_text(rows, 10));
    row->tries = nsk_db_rows_int(rows, 11);
    row->waits = g_strdup(nsk_db_rows_text(rows, 12));
    row->again = nsk_db_rows_int(rows, 13);
    row->asked = nsk_db_rows_int(rows, 14);
    row->batch = g_strdup(nsk_db_rows_text(rows, 15));
    const void *look = nsk_db_rows_blob(rows, 16, &size);
    if (!nsk_db_rows_is_null(rows, 16))
        row->look = g_bytes_new(look, size);
    return row;
}

bool
nsk_session_find(NskDbTxn *txn,
                 const char *letter,
                 int64_t n,
                 NskSessionRow **out_row,
                 GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_find_session, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(n)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_row = has_row ? read_session(rows) : NULL;
    return true;
}

bool
nsk_session_save(NskDbTxn *txn,
                 const char *letter,
                 int64_t n,
                 const NskSessionRow *row,
                 GError **error)
{
    bool known = row->chain[0] != '\0';
    gsize size = 0;
    const void *look = row->look != NULL ? g_bytes_get_data(row->look, &size) : NULL;

    return nsk_db_exec(
        txn, sql_save_session,
        NSK_DB_PARAMS(
            NSK_DB_TEXT(letter), NSK_DB_INT(n), NSK_DB_TEXT(row->session), NSK_DB_TEXT(row->signer),
            NSK_DB_TEXT(row->chain),
            known ? NSK_DB_BLOB(row->digest, sizeof row->digest) : NSK_DB_NULL,
            NSK_DB_INT(row->whole ? 1 : 0), NSK_DB_INT(row->scheme), NSK_DB_INT(row->signed_at),
            NSK_DB_INT(row->offset_minutes), NSK_DB_TEXT(row->place), NSK_DB_TEXT(row->name),
            NSK_DB_TEXT(row->handle), NSK_DB_INT(row->tries), NSK_DB_TEXT(row->waits),
            row->again != 0 ? NSK_DB_INT(row->again) : NSK_DB_NULL, NSK_DB_INT(row->asked),
            NSK_DB_TEXT(row->batch), look != NULL ? NSK_DB_BLOB(look, size) : NSK_DB_NULL),
        NULL, error);
}

/* --- Answers. ----------------------------------------------------------------------------------
 */

bool
nsk_answer_find(NskDbTxn *txn, const char *letter, int64_t n, GBytes **out_answer, GError **error)
{
    bool has_row = false;
    size_t size;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_find_answer, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(n)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    const void *answer = has_row ? nsk_db_rows_blob(rows, 0, &size) : NULL;
    *out_answer = has_row ? g_bytes_new(answer, size) : NULL;
    return true;
}

bool
nsk_answer_put(NskDbTxn *txn,
               const char *letter,
               int64_t n,
               GBytes *answer,
               NskInstant now,
               GError **error)
{
    size_t size;
    const void *bytes = g_bytes_get_data(answer, &size);

    return nsk_db_exec(txn, sql_save_answer,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(n), NSK_DB_INT(now),
                                     NSK_DB_BLOB(bytes, size)),
                       NULL, error);
}

bool
nsk_answer_drop(NskDbTxn *txn, const char *letter, int64_t n, GError **error)
{
    return nsk_db_exec(txn, sql_drop_answer, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(n)),
                       NULL, error);
}

bool
nsk_evidence_keep(NskDbTxn *txn,
                  const char *letter,
                  const char *session,
                  GBytes *answer,
                  NskInstant now,
                  GError **error)
{
    size_t size;
    const void *bytes = g_bytes_get_data(answer, &size);

    return nsk_db_exec(txn, sql_keep_evidence,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(session), NSK_DB_INT(now),
                                     NSK_DB_BLOB(bytes, size)),
                       NULL, error);
}

/* --- For people. -------------------------------------------------------------------------------
 */

bool
nsk_signing_show(NskDbTxn *txn, const char *letter, NskJson *list, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_show, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            return true;
        NskInstant again = nsk_db_rows_int(rows, 6);
        g_autofree char *next = again != 0 ? nsk_instant_format(again) : NULL;
        NskJson *row = nsk_json_object();
        nsk_json_set_int(row, "n", nsk_db_rows_int(rows, 0));
        nsk_json_set_text(row, "position", nsk_db_rows_text(rows, 1));
        nsk_json_set_text(row, "person", nsk_db_rows_text(rows, 2));
        nsk_json_set_text(row, "state", nsk_db_rows_text(rows, 3));
        nsk_json_set_text(row, "signer", nsk_db_rows_text(rows, 4));
        nsk_json_set_text(row, "waits", nsk_db_rows_text(rows, 5));
        nsk_json_set_text(row, "again", next);
        nsk_json_set_int(row, "wrong_secrets", nsk_db_rows_int(rows, 7));
        nsk_json_set_int(row, "asked", nsk_db_rows_int(rows, 8));
        nsk_json_add(list, row);
    }
    return rows != NULL;
}

bool
nsk_signing_mark(NskDbTxn *txn, const char *letter, NskJson *row, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_waits, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (has_row)
        nsk_json_set_text(row, "signing", nsk_db_rows_text(rows, 0));
    return true;
}

/* --- What waits. -------------------------------------------------------------------------------
 */

void
nsk_open_signing_free(gpointer signing)
{
    NskOpenSigning *self = signing;

    if (self == NULL)
        return;
    g_free(self->letter);
    g_free(self);
}

bool
nsk_signing_postpone(NskDbTxn *txn, const NskOpenSigning *signing, NskInstant now, GError **error)
{
    return nsk_db_exec(
        txn, sql_postpone,
        NSK_DB_PARAMS(NSK_DB_TEXT(signing->letter), NSK_DB_INT(signing->n), NSK_DB_INT(now)), NULL,
        error);
}

GPtrArray *
nsk_signing_list_due(NskDbTxn *txn, NskInstant now, unsigned limit, GError **error)
{
    bool has_row = true;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(nsk_open_signing_free);
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_list_due, NSK_DB_PARAMS(NSK_DB_INT(now), NSK_DB_INT(limit)), error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return NULL;
        if (!has_row)
            return g_steal_pointer(&list);
        NskOpenSigning *one = g_new(NskOpenSigning, 1);
        one->letter = g_strdup(nsk_db_rows_text(rows, 0));
        one->n = nsk_db_rows_int(rows, 1);
        g_ptr_array_add(list, one);
    }
    return NULL;
}

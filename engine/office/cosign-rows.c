/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables witness and cosignature. */
#include "base/message.h"
#include "office/cosign-private.h"

#include <string.h>

#define DAY ((int64_t)24 * 3600 * G_USEC_PER_SEC)

static const char sql_witnesses[] =
    "SELECT name, vkey, url, since, due, tries, fault, claims FROM witness ORDER BY name";
static const char sql_save[] =
    "INSERT INTO witness (name, vkey, url, since, due, tries, fault, claims)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (name) DO UPDATE SET vkey = $2,"
    " url = $3, since = $4, due = $5, tries = $6, fault = $7, claims = $8";
static const char sql_delete[] = "DELETE FROM witness WHERE name = $1";
static const char sql_list[] = "SELECT generation, size, vkey, checkpoint, at FROM cosignature"
                               " ORDER BY generation, size, vkey";
static const char sql_newest[] =
    "SELECT generation, max(size), vkey, checkpoint, at FROM cosignature WHERE generation = $1"
    " GROUP BY vkey ORDER BY 2 DESC, vkey";
static const char sql_keep[] =
    "INSERT OR REPLACE INTO cosignature (generation, size, vkey, checkpoint, at)"
    " VALUES ($1, $2, $3, $4, $5)";
static const char sql_forget[] =
    "DELETE FROM cosignature WHERE generation = $1 AND size < $2 AND vkey = $3 AND at >= $4";

/* --- Witnesses -------------------------------------------------------------------------------- */

static void
free_witness(gpointer data)
{
    NskWitnessRow *self = data;

    g_free(self->name);
    g_free(self->vkey);
    g_free(self->url);
    g_free(self->fault);
    g_free(self);
}

static gpointer
make_witness(NskDbRows *rows)
{
    NskWitnessRow *self = g_new0(NskWitnessRow, 1);

    self->name = g_strdup(nsk_db_rows_text(rows, 0));
    self->vkey = g_strdup(nsk_db_rows_text(rows, 1));
    self->url = g_strdup(nsk_db_rows_text(rows, 2));
    self->since = nsk_db_rows_int(rows, 3);
    self->due = nsk_db_rows_int(rows, 4);
    self->tries = nsk_db_rows_int(rows, 5);
    self->fault = g_strdup(nsk_db_rows_text(rows, 6));
    self->claims = nsk_db_rows_int(rows, 7);
    return self;
}

GPtrArray *
nsk_witness_rows(NskDbTxn *txn, GError **error)
{
    return nsk_db_collect(nsk_db_query(txn, sql_witnesses, NSK_DB_NO_PARAMS, error), make_witness,
                          free_witness, error);
}

bool
nsk_witness_save(NskDbTxn *txn, const NskWitnessRow *row, GError **error)
{
    return nsk_db_exec(txn, sql_save,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->name), NSK_DB_TEXT(row->vkey),
                                     NSK_DB_TEXT(row->url), NSK_DB_INT(row->since),
                                     NSK_DB_INT(row->due), NSK_DB_INT(row->tries),
                                     NSK_DB_TEXT(row->fault), NSK_DB_INT(row->claims)),
                       NULL, error);
}

bool
nsk_witness_delete(NskDbTxn *txn, const char *name, GError **error)
{
    return nsk_db_exec(txn, sql_delete, NSK_DB_PARAMS(NSK_DB_TEXT(name)), NULL, error);
}

/* --- What they signed ------------------------------------------------------------------------- */

void
nsk_cosigned_free(NskCosigned *self)
{
    if (self == NULL)
        return;
    g_free(self->vkey);
    g_free(self->checkpoint);
    g_free(self);
}

static void
free_cosigned(gpointer cosigned)
{
    nsk_cosigned_free(cosigned);
}

static gpointer
make_cosigned(NskDbRows *rows)
{
    NskCosigned *self = g_new0(NskCosigned, 1);

    self->generation = nsk_db_rows_int(rows, 0);
    self->size = nsk_db_rows_int(rows, 1);
    self->vkey = g_strdup(nsk_db_rows_text(rows, 2));
    self->checkpoint = g_strdup(nsk_db_rows_text(rows, 3));
    self->at = nsk_db_rows_int(rows, 4);
    return self;
}

GPtrArray *
nsk_cosigned_list(NskDbTxn *txn, GError **error)
{
    return nsk_db_collect(nsk_db_query(txn, sql_list, NSK_DB_NO_PARAMS, error), make_cosigned,
                          free_cosigned, error);
}

GPtrArray *
nsk_cosigned_newest(NskDbTxn *txn, int64_t generation, GError **error)
{
    return nsk_db_collect(
        nsk_db_query(txn, sql_newest, NSK_DB_PARAMS(NSK_DB_INT(generation)), error), make_cosigned,
        free_cosigned, error);
}

bool
nsk_cosigned_keep(NskDbTxn *txn, const NskCosigned *row, GError **error)
{
    NskInstant day = row->at - row->at % DAY;

    return nsk_db_exec(txn, sql_forget,
                       NSK_DB_PARAMS(NSK_DB_INT(row->generation), NSK_DB_INT(row->size),
                                     NSK_DB_TEXT(row->vkey), NSK_DB_INT(day)),
                       NULL, error) &&
           nsk_db_exec(txn, sql_keep,
                       NSK_DB_PARAMS(NSK_DB_INT(row->generation), NSK_DB_INT(row->size),
                                     NSK_DB_TEXT(row->vkey), NSK_DB_TEXT(row->checkpoint),
                                     NSK_DB_INT(row->at)),
                       NULL, error);
}

char *
nsk_cosigned_by(const char *checkpoint, const char *origin)
{
    g_autoptr(NskLogNote) note = nsk_log_note_parse(checkpoint, strlen(checkpoint), NULL);

    for (guint i = 0; note != NULL && i < note->lines->len; i++) {
        const NskLogNoteLine *line = g_ptr_array_index(note->lines, i);

        if (strcmp(line->name, origin) != 0)
            return g_strdup(line->name);
    }
    return NULL;
}

bool
nsk_cosigned_check(const NskCosigned *row, GError **error)
{
    uint64_t time = 0;
    NskLogNoteKey key;
    const char *text = row->checkpoint;
    g_autoptr(NskLogNote) note = nsk_log_note_parse(text, strlen(text), error);

    if (note == NULL || !nsk_log_note_key_parse(row->vkey, &key, error) ||
        !nsk_log_note_check(note, &key, &time, error))
        return false;
    if (key.kind == NSK_NOTE_COSIGNATURE && (int64_t)time == row->at / G_USEC_PER_SEC)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                        nsk_tr("its cosignature says another time than was written"));
    return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of signers, and of who signs with which key. */
#include "base/message.h"
#include "office/signer-private.h"

#include <string.h>

static const char sql_put_signer[] =
    "INSERT INTO signer (name, kind, settings, at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO "
    "UPDATE SET kind = excluded.kind, settings = excluded.settings, at = excluded.at";
static const char sql_get_signer[] = "SELECT kind, settings FROM signer WHERE name = $1";
static const char sql_list_signers[] = "SELECT name FROM signer ORDER BY name";
static const char sql_count_keys[] = "SELECT count(*) FROM signer_key WHERE signer = $1";
static const char sql_put_key[] =
    "INSERT INTO signer_key (person, signer, key, fingerprint, chain, at) VALUES ($1, $2, $3, $4, "
    "$5, $6) ON CONFLICT (person) DO UPDATE SET signer = excluded.signer, key = excluded.key, "
    "fingerprint = excluded.fingerprint, chain = excluded.chain, at = excluded.at";
static const char sql_drop_key[] = "DELETE FROM signer_key WHERE person = $1";
static const char sql_find_key[] = "SELECT k.person, k.signer, s.kind, s.settings, k.key, "
                                   "k.fingerprint, k.chain FROM signer_key k "
                                   "JOIN signer s ON s.name = k.signer WHERE k.person = $1";
static const char sql_list_keys[] = "SELECT k.person, k.signer, s.kind, s.settings, k.key, "
                                    "k.fingerprint, k.chain FROM signer_key k "
                                    "JOIN signer s ON s.name = k.signer ORDER BY k.person";

void
nsk_signer_row_free(NskSignerRow *self)
{
    if (self == NULL)
        return;
    g_free(self->person);
    g_free(self->name);
    g_clear_pointer(&self->settings, nsk_json_unref);
    g_free(self->key);
    g_free(self->fingerprint);
    g_clear_pointer(&self->chain, g_ptr_array_unref);
    g_free(self);
}

static void
free_row(gpointer row)
{
    nsk_signer_row_free(row);
}

/* NULL for "". */
static char *
text_or_null(NskDbRows *rows, int column)
{
    const char *text = nsk_db_rows_text(rows, column);

    return text != NULL && text[0] != '\0' ? g_strdup(text) : NULL;
}

static gpointer
make_row(NskDbRows *rows)
{
    NskSignerRow *row = g_new0(NskSignerRow, 1);
    const char *settings = nsk_db_rows_text(rows, 3);
    const char *pem = nsk_db_rows_text(rows, 6);
    bool known = nsk_signer_kind_parse(nsk_db_rows_text(rows, 2), &row->kind);

    g_assert(known); /* the schema allows no other */
    row->person = g_strdup(nsk_db_rows_text(rows, 0));
    row->name = g_strdup(nsk_db_rows_text(rows, 1));
    row->settings = nsk_json_parse(settings, strlen(settings), NULL);
    row->key = g_strdup(nsk_db_rows_text(rows, 4));
    row->fingerprint = text_or_null(rows, 5);
    row->chain = pem[0] != '\0' ? nsk_certs_parse(pem, strlen(pem), NULL) : NULL;
    if (row->settings == NULL)
        row->settings = nsk_json_object();
    return row;
}

bool
nsk_signer_row_find(NskDbTxn *txn, const char *person, NskSignerRow **out_row, GError **error)
{
    g_autoptr(GPtrArray) rows =
        nsk_db_collect(nsk_db_query(txn, sql_find_key, NSK_DB_PARAMS(NSK_DB_TEXT(person)), error),
                       make_row, free_row, error);

    if (rows == NULL)
        return false;
    *out_row = rows->len > 0 ? g_ptr_array_steal_index(rows, 0) : NULL;
    return true;
}

GPtrArray *
nsk_signer_rows_list(NskDbTxn *txn, GError **error)
{
    return nsk_db_collect(nsk_db_query(txn, sql_list_keys, NSK_DB_NO_PARAMS, error), make_row,
                          free_row, error);
}

GPtrArray *
nsk_signer_list_names(NskDbTxn *txn, GError **error)
{
    return nsk_db_list_texts(txn, sql_list_signers, NSK_DB_NO_PARAMS, error);
}

bool
nsk_signer_get(NskDbTxn *txn,
               const char *name,
               NskSignerKind *out_kind,
               NskJson **out_settings,
               GError **error)
{
    bool found = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_get_signer, NSK_DB_PARAMS(NSK_DB_TEXT(name)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &found, error))
        return false;
    if (!found) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("this office has no signer '%s'; see 'naskah signer list'"), name);
        return false;
    }
    const char *settings = nsk_db_rows_text(rows, 1);
    if (!nsk_signer_kind_parse(nsk_db_rows_text(rows, 0), out_kind)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("the signer '%s' is of no kind known"), name);
        return false;
    }
    *out_settings = nsk_json_parse(settings, strlen(settings), error);
    return *out_settings != NULL;
}

/* How many people have a key there. */
static bool
count_keys(NskDbTxn *txn, const char *name, int64_t *out_n, GError **error)
{
    bool found = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_count_keys, NSK_DB_PARAMS(NSK_DB_TEXT(name)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &found, error))
        return false;
    *out_n = found ? nsk_db_rows_int(rows, 0) : 0;
    return true;
}

bool
nsk_signer_put(NskDbTxn *txn,
               const char *name,
               NskSignerKind kind,
               const char *settings,
               NskInstant now,
               GError **error)
{
    NskSignerKind before = kind;
    g_autoptr(NskJson) old = NULL;
    g_autoptr(GError) none = NULL;
    int64_t n = 0;

    if (!nsk_signer_get(txn, name, &before, &old, &none) &&
        !g_error_matches(none, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&none));
        return false;
    }
    if (before != kind && !count_keys(txn, name, &n, error))
        return false;
    if (n > 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("%d people sign with '%s', which is of kind '%s'; give a signer of "
                           "another kind another name"),
                    (int)n, name, nsk_signer_kind_name(before));
        return false;
    }
    return nsk_db_exec(txn, sql_put_signer,
                       NSK_DB_PARAMS(NSK_DB_TEXT(name), NSK_DB_TEXT(nsk_signer_kind_name(kind)),
                                     NSK_DB_TEXT(settings), NSK_DB_INT(now)),
                       NULL, error);
}

bool
nsk_signer_key_put(NskDbTxn *txn, const NskSignerRow *row, NskInstant now, GError **error)
{
    g_autoptr(GString) pem = g_string_new(NULL);

    for (guint i = 0; row->chain != NULL && i < row->chain->len; i++) {
        g_autofree char *one = nsk_cert_to_pem(g_ptr_array_index(row->chain, i));

        g_string_append(pem, one);
    }
    return nsk_db_exec(txn, sql_put_key,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->person), NSK_DB_TEXT(row->name),
                                     NSK_DB_TEXT(row->key),
                                     NSK_DB_TEXT(row->fingerprint != NULL ? row->fingerprint : ""),
                                     NSK_DB_TEXT(pem->str), NSK_DB_INT(now)),
                       NULL, error);
}

bool
nsk_signer_key_drop(NskDbTxn *txn, const char *person, bool *out_was, GError **error)
{
    int64_t changed = 0;

    if (!nsk_db_exec(txn, sql_drop_key, NSK_DB_PARAMS(NSK_DB_TEXT(person)), &changed, error))
        return false;
    *out_was = changed > 0;
    return true;
}

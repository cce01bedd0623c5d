/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passkeys in the database, and which questions were answered. */
#include "base/bytes.h"
#include "base/message.h"
#include "signin/signin-private.h"

#include <string.h>

#define PASSKEYS_MAX 20  /* of one person */
#define LABEL_MAX    100 /* bytes */
#define DIGEST(d)    NSK_DB_BLOB((d), NSK_SHA256_SIZE)

static const char sql_find_passkey[] =
    "SELECT id, person, label, algorithm, key, counter, made, coalesce(used, 0)"
    " FROM login_passkey WHERE id = $1";
static const char sql_list_passkeys[] =
    "SELECT id, person, label, algorithm, key, counter, made, coalesce(used, 0)"
    " FROM login_passkey WHERE person = $1 ORDER BY made, id";
static const char sql_add_passkey[] =
    "INSERT INTO login_passkey (id, person, label, algorithm, key, counter, made)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)";
/* a device that counts nothing says 0 each time */
static const char sql_use_passkey[] = "UPDATE login_passkey SET counter = $3, used = $4"
                                      " WHERE id = $1 AND person = $2"
                                      " AND (counter < $3 OR (counter = 0 AND $3 = 0))";
static const char sql_drop_passkey[] = "DELETE FROM login_passkey WHERE person = $1 AND id = $2";
static const char sql_drop_passkeys[] = "DELETE FROM login_passkey WHERE person = $1";
static const char sql_answer[] = "INSERT INTO login_answered (question, until) VALUES ($1, $2)"
                                 " ON CONFLICT (question) DO NOTHING";
static const char sql_forget_answers[] = "DELETE FROM login_answered WHERE until < $1";

void
nsk_passkey_free(NskPasskey *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->id, g_bytes_unref);
    g_clear_pointer(&self->key, g_bytes_unref);
    g_free(self->person);
    g_free(self->label);
    g_free(self);
}

static void
free_passkey(gpointer passkey)
{
    nsk_passkey_free(passkey);
}

static GBytes *
read_bytes(NskDbRows *row, int column)
{
    size_t size;
    const void *data = nsk_db_rows_blob(row, column, &size);

    return g_bytes_new(data, size);
}

static gpointer
make_passkey(NskDbRows *row)
{
    NskPasskey *passkey = g_new(NskPasskey, 1);

    *passkey = (NskPasskey){ .id = read_bytes(row, 0),
                             .person = g_strdup(nsk_db_rows_text(row, 1)),
                             .label = g_strdup(nsk_db_rows_text(row, 2)),
                             .algorithm = (int)nsk_db_rows_int(row, 3),
                             .key = read_bytes(row, 4),
                             .counter = nsk_db_rows_int(row, 5),
                             .made = nsk_db_rows_int(row, 6),
                             .used = nsk_db_rows_int(row, 7) };
    return passkey;
}

static NskDbValue
bytes_value(GBytes *bytes)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);

    return NSK_DB_BLOB(data, size);
}

bool
nsk_passkey_find(NskDbTxn *txn, GBytes *id, NskPasskey **out_passkey, GError **error)
{
    g_autoptr(GPtrArray) found =
        nsk_db_collect(nsk_db_query(txn, sql_find_passkey, NSK_DB_PARAMS(bytes_value(id)), error),
                       make_passkey, free_passkey, error);

    *out_passkey = NULL;
    if (found != NULL && found->len == 1)
        *out_passkey = g_ptr_array_steal_index(found, 0);
    return found != NULL;
}

GPtrArray *
nsk_passkey_list(NskDbTxn *txn, const char *person, GError **error)
{
    return nsk_db_collect(
        nsk_db_query(txn, sql_list_passkeys, NSK_DB_PARAMS(NSK_DB_TEXT(person)), error),
        make_passkey, free_passkey, error);
}

static bool
check_new(NskDbTxn *txn, const NskPasskey *passkey, GError **error)
{
    g_autoptr(NskPasskey) known = NULL;
    g_autoptr(GPtrArray) had = NULL;

    if (passkey->label[0] == '\0' || strlen(passkey->label) > LABEL_MAX ||
        !nsk_utf8_is_valid(passkey->label, strlen(passkey->label))) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("give the passkey a name of 1 to %d characters, such as 'my telephone'"),
                    LABEL_MAX);
        return false;
    }
    if (!nsk_passkey_find(txn, passkey->id, &known, error) ||
        (had = nsk_passkey_list(txn, passkey->person, error)) == NULL)
        return false;
    if (known != NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                            nsk_tr("this passkey is known here already"));
        return false;
    }
    if (had->len < PASSKEYS_MAX)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("you have %d passkeys; remove those of devices that you use no more"),
                PASSKEYS_MAX);
    return false;
}

bool
nsk_passkey_keep(NskDbTxn *txn, const NskPasskey *passkey, NskInstant now, GError **error)
{
    return check_new(txn, passkey, error) &&
           nsk_db_exec(txn, sql_add_passkey,
                       NSK_DB_PARAMS(bytes_value(passkey->id), NSK_DB_TEXT(passkey->person),
                                     NSK_DB_TEXT(passkey->label), NSK_DB_INT(passkey->algorithm),
                                     bytes_value(passkey->key), NSK_DB_INT(passkey->counter),
                                     NSK_DB_INT(now)),
                       NULL, error);
}

bool
nsk_passkey_used(NskDbTxn *txn,
                 const NskPasskey *passkey,
                 int64_t counter,
                 NskInstant now,
                 bool *out_right,
                 GError **error)
{
    int64_t changed = 0;
    bool ok = nsk_db_exec(txn, sql_use_passkey,
                          NSK_DB_PARAMS(bytes_value(passkey->id), NSK_DB_TEXT(passkey->person),
                                        NSK_DB_INT(counter), NSK_DB_INT(now)),
                          &changed, error);

    *out_right = changed == 1;
    return ok;
}

bool
nsk_passkey_end(NskDbTxn *txn, const char *person, GBytes *id, GError **error)
{
    int64_t changed = 0;

    if (id == NULL)
        return nsk_db_exec(txn, sql_drop_passkeys, NSK_DB_PARAMS(NSK_DB_TEXT(person)), NULL, error);
    if (!nsk_db_exec(txn, sql_drop_passkey, NSK_DB_PARAMS(NSK_DB_TEXT(person), bytes_value(id)),
                     &changed, error))
        return false;
    if (changed == 1)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                        nsk_tr("you have no such passkey any more"));
    return false;
}

bool
nsk_passkey_answered(NskDbTxn *txn,
                     const char *question,
                     NskInstant until,
                     NskInstant now,
                     bool *out_right,
                     GError **error)
{
    int64_t changed = 0;
    uint8_t digest[NSK_SHA256_SIZE];

    nsk_sha256(question, strlen(question), digest);
    *out_right = false;
    if (!nsk_db_exec(txn, sql_forget_answers, NSK_DB_PARAMS(NSK_DB_INT(now)), NULL, error) ||
        !nsk_db_exec(txn, sql_answer, NSK_DB_PARAMS(DIGEST(digest), NSK_DB_INT(until)), &changed,
                     error))
        return false;
    *out_right = changed == 1;
    return true;
}

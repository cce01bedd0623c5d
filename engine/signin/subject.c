/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a provider of identities knows by which name. */
#include "base/message.h"
#include "signin/signin.h"

static const char sql_find[] =
    "SELECT person FROM login_subject WHERE issuer = $1 AND subject = $2";
static const char sql_of[] = "SELECT subject FROM login_subject WHERE issuer = $1 AND person = $2";
static const char sql_keep[] = "INSERT INTO login_subject (issuer, subject, person, made)"
                               " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
static const char sql_use[] = "UPDATE login_subject SET used = $4"
                              " WHERE issuer = $1 AND subject = $2 AND person = $3";
static const char sql_drop[] = "DELETE FROM login_subject WHERE person = $1";

static gpointer
make_text(NskDbRows *row)
{
    return g_strdup(nsk_db_rows_text(row, 0));
}

static bool
find_text(NskDbRows *rows, char **out_text, GError **error)
{
    g_autoptr(GPtrArray) found = nsk_db_collect(rows, make_text, g_free, error);

    *out_text = found != NULL && found->len > 0 ? g_ptr_array_steal_index(found, 0) : NULL;
    return found != NULL;
}

bool
nsk_subject_find(NskDbTxn *txn, const NskSubject *subject, char **out_person, GError **error)
{
    return find_text(
        nsk_db_query(txn, sql_find,
                     NSK_DB_PARAMS(NSK_DB_TEXT(subject->issuer), NSK_DB_TEXT(subject->name)),
                     error),
        out_person, error);
}

bool
nsk_subject_of(NskDbTxn *txn,
               const char *issuer,
               const char *person,
               char **out_name,
               GError **error)
{
    return find_text(
        nsk_db_query(txn, sql_of, NSK_DB_PARAMS(NSK_DB_TEXT(issuer), NSK_DB_TEXT(person)), error),
        out_name, error);
}

bool
nsk_subject_keep(NskDbTxn *txn,
                 const NskSubject *subject,
                 const char *person,
                 NskInstant now,
                 GError **error)
{
    int64_t changed = 0;

    if (!nsk_db_exec(txn, sql_keep,
                     NSK_DB_PARAMS(NSK_DB_TEXT(subject->issuer), NSK_DB_TEXT(subject->name),
                                   NSK_DB_TEXT(person), NSK_DB_INT(now)),
                     &changed, error))
        return false;
    if (changed == 1)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("this identity belongs to an account here already, or the account "
                               "has another one; undo that link first"));
    return false;
}

bool
nsk_subject_used(NskDbTxn *txn,
                 const NskSubject *subject,
                 const char *person,
                 NskInstant now,
                 bool *out_right,
                 GError **error)
{
    int64_t changed = 0;
    bool ok = nsk_db_exec(txn, sql_use,
                          NSK_DB_PARAMS(NSK_DB_TEXT(subject->issuer), NSK_DB_TEXT(subject->name),
                                        NSK_DB_TEXT(person), NSK_DB_INT(now)),
                          &changed, error);

    *out_right = changed == 1;
    return ok;
}

bool
nsk_subject_end(NskDbTxn *txn, const char *person, GError **error)
{
    return nsk_db_exec(txn, sql_drop, NSK_DB_PARAMS(NSK_DB_TEXT(person)), NULL, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts: whose name at the door is whose. */
#include "base/message.h"
#include "signin/signin-private.h"

#include <string.h>

#define NAME_MAX_BYTES 100

static const char sql_find_by_name[] =
    "SELECT l.person, l.name, l.password, l.given, l.since, c.person IS NOT NULL FROM login l"
    " LEFT JOIN login_code c ON c.person = l.person WHERE l.name = $1";
static const char sql_find_by_person[] =
    "SELECT l.person, l.name, l.password, l.given, l.since, c.person IS NOT NULL FROM login l"
    " LEFT JOIN login_code c ON c.person = l.person WHERE l.person = $1";
static const char sql_put_login[] =
    "INSERT INTO login (person, name, password, given, since) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (person) DO UPDATE SET name = excluded.name, password = excluded.password,"
    " given = excluded.given, since = excluded.since";
static const char sql_drop_login[] = "DELETE FROM login WHERE person = $1";

void
nsk_account_free(NskAccount *self)
{
    if (self == NULL)
        return;
    g_free(self->person);
    g_free(self->name);
    g_free(self->hash);
    g_free(self);
}

char *
nsk_account_plain_name(const char *name)
{
    g_autofree char *copy = g_strdup(name);

    return g_utf8_validate(copy, -1, NULL) ? g_utf8_strdown(g_strstrip(copy), -1) : g_strdup("");
}

/* The account in the row that @sql finds. */
static bool
find(NskDbTxn *txn, const char *sql, const char *key, NskAccount **out_account, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql, NSK_DB_PARAMS(NSK_DB_TEXT(key)), error);

    *out_account = NULL;
    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (!has_row)
        return true;
    NskAccount *account = g_new(NskAccount, 1);
    *account = (NskAccount){ .person = g_strdup(nsk_db_rows_text(rows, 0)),
                             .name = g_strdup(nsk_db_rows_text(rows, 1)),
                             .hash = g_strdup(nsk_db_rows_text(rows, 2)),
                             .is_given = nsk_db_rows_int(rows, 3) != 0,
                             .since = nsk_db_rows_int(rows, 4),
                             .has_codes = nsk_db_rows_int(rows, 5) != 0 };
    *out_account = account;
    return true;
}

bool
nsk_account_find(NskDbTxn *txn, const char *name, NskAccount **out_account, GError **error)
{
    g_autofree char *plain = nsk_account_plain_name(name);

    return find(txn, sql_find_by_name, plain, out_account, error);
}

bool
nsk_account_of(NskDbTxn *txn, const char *person, NskAccount **out_account, GError **error)
{
    return find(txn, sql_find_by_person, person, out_account, error);
}

/* Letters, digits and what stands in addresses of mail. */
static bool
is_name(const char *plain)
{
    size_t length = strlen(plain);

    if (length == 0 || length > NAME_MAX_BYTES)
        return false;
    for (const char *c = plain; *c != '\0'; c++) {
        if (!g_ascii_islower(*c) && !g_ascii_isdigit(*c) && strchr(".-_@+", *c) == NULL)
            return false;
    }
    return true;
}

bool
nsk_account_put(NskDbTxn *txn, const NskAccount *account, NskInstant now, GError **error)
{
    g_autofree char *plain = nsk_account_plain_name(account->name);
    g_autoptr(NskAccount) other = NULL;

    if (!is_name(plain)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' cannot be a name to sign in with; take small letters, digits and "
                           ". - _ @ +, at most %d"),
                    account->name, NAME_MAX_BYTES);
        return false;
    }
    if (!find(txn, sql_find_by_name, plain, &other, error))
        return false;
    if (other != NULL && strcmp(other->person, account->person) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the name '%s' is somebody else's; take another one"), plain);
        return false;
    }
    return nsk_session_end(txn, account->person, NULL, NULL, NULL, error) &&
           nsk_devices_end(txn, account->person, error) &&
           nsk_db_exec(txn, sql_put_login,
                       NSK_DB_PARAMS(NSK_DB_TEXT(account->person), NSK_DB_TEXT(plain),
                                     NSK_DB_TEXT(account->hash), NSK_DB_INT(account->is_given),
                                     NSK_DB_INT(now)),
                       NULL, error);
}

bool
nsk_account_drop(NskDbTxn *txn, const char *person, GError **error)
{
    return nsk_session_end(txn, person, NULL, NULL, NULL, error) &&
           nsk_codes_end(txn, person, error) && nsk_passkey_end(txn, person, NULL, error) &&
           nsk_subject_end(txn, person, error) && nsk_api_token_end(txn, person, NULL, error) &&
           nsk_devices_end(txn, person, error) && nsk_login_events_end(txn, person, error) &&
           nsk_db_exec(txn, sql_drop_login, NSK_DB_PARAMS(NSK_DB_TEXT(person)), NULL, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sessions and devices: tokens that a browser keeps in cookies, of which only digests are kept.
 *
 * A session is over when it was not used for half an hour, or is older than twelve hours; it is
 * refused from then on, and its row goes with the next sweep.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "signin/signin-private.h"

#include <string.h>

#define MINUTE      ((int64_t)60 * G_USEC_PER_SEC)
#define ID_BYTES    8   /* of the first token's digest */
#define AGENT_MAX   200 /* bytes */
#define DEVICES_MAX 20  /* of a person; the oldest is forgotten */

static const char sql_add_session[] =
    "INSERT INTO session (token, id, person, agent, address, begun, seen, proved, provider)"
    " VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)";
static const char sql_find_hint[] =
    "SELECT provider FROM session WHERE token = $1 AND provider IS NOT NULL";
static const char sql_find_session[] =
    "SELECT id, person, agent, address, begun, seen, proved FROM session"
    " WHERE token = $1 AND begun > $2 AND seen > $3";
static const char sql_list_sessions[] =
    "SELECT id, person, agent, address, begun, seen, proved FROM session"
    " WHERE person = $1 AND begun > $2 AND seen > $3 ORDER BY seen DESC, id";
static const char sql_touch_session[] =
    "UPDATE session SET seen = $2 WHERE token = $1 AND seen < $2";
static const char sql_prove_session[] =
    "UPDATE session SET token = $2, seen = $3, proved = $3 WHERE token = $1";
static const char sql_end_session[] = "DELETE FROM session WHERE person = $1 AND id = $2";
static const char sql_end_sessions[] = "DELETE FROM session WHERE person = $1 AND token <> $2";
static const char sql_forget_sessions[] = "DELETE FROM session WHERE begun <= $1 OR seen <= $2";
static const char sql_add_device[] =
    "INSERT INTO login_device (token, person, since) VALUES ($1, $2, $3)";
static const char sql_trim_devices[] =
    "DELETE FROM login_device WHERE token IN (SELECT token FROM login_device WHERE person = $1"
    " ORDER BY since DESC, token LIMIT -1 OFFSET $2)";
static const char sql_drop_devices[] = "DELETE FROM login_device WHERE person = $1";
static const char sql_find_device[] =
    "SELECT 1 FROM login_device d JOIN login l ON l.person = d.person"
    " WHERE d.token = $1 AND (l.name = $2 OR $2 IS NULL)";

#define DIGEST(bytes) NSK_DB_BLOB((bytes), NSK_SHA256_SIZE)

char *
nsk_token_new(void)
{
    uint8_t bytes[NSK_TOKEN_SIZE];

    nsk_random(bytes, sizeof bytes);
    char *token = nsk_hex(bytes, sizeof bytes);
    nsk_wipe(bytes, sizeof bytes);
    return token;
}

void
nsk_token_digest(const char *token, uint8_t out[NSK_SHA256_SIZE])
{
    nsk_sha256(token, strlen(token), out);
}

void
nsk_session_free(NskSession *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->person);
    g_free(self->agent);
    g_free(self->address);
    g_free(self);
}

static void
free_session(gpointer session)
{
    nsk_session_free(session);
}

static gpointer
make_session(NskDbRows *row)
{
    NskSession *session = g_new(NskSession, 1);

    *session = (NskSession){ .id = g_strdup(nsk_db_rows_text(row, 0)),
                             .person = g_strdup(nsk_db_rows_text(row, 1)),
                             .agent = g_strdup(nsk_db_rows_text(row, 2)),
                             .address = g_strdup(nsk_db_rows_text(row, 3)),
                             .begun = nsk_db_rows_int(row, 4),
                             .seen = nsk_db_rows_int(row, 5),
                             .proved = nsk_db_rows_int(row, 6) };
    return session;
}

char *
nsk_signin_shorten(const char *text, size_t most)
{
    g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
    const char *end = valid + MIN(most, strlen(valid));

    while (end > valid && (*end & 0xc0) == 0x80)
        end--;
    return g_strndup(valid, (gsize)(end - valid));
}

bool
nsk_session_begin(NskDbTxn *txn,
                  const char *token,
                  const NskSessionNew *session,
                  NskInstant now,
                  GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];
    g_autofree char *agent = nsk_signin_shorten(session->agent, AGENT_MAX);

    nsk_token_digest(token, digest);
    g_autofree char *id = nsk_hex(digest, ID_BYTES);
    g_autoptr(GBytes) hint =
        session->hint != NULL ? nsk_text_seal(session->hint->text, session->hint->key) : NULL;
    return nsk_db_exec(
        txn, sql_add_session,
        NSK_DB_PARAMS(DIGEST(digest), NSK_DB_TEXT(id), NSK_DB_TEXT(session->person),
                      NSK_DB_TEXT(agent), NSK_DB_TEXT(session->address), NSK_DB_INT(now),
                      NSK_DB_INT(session->proved != NULL ? *session->proved : now),
                      hint != NULL
                          ? NSK_DB_BLOB(g_bytes_get_data(hint, NULL), g_bytes_get_size(hint))
                          : NSK_DB_NULL),
        NULL, error);
}

bool
nsk_session_find_hint(NskDbTxn *txn,
                      const char *token,
                      const uint8_t *key,
                      char **out_text,
                      GError **error)
{
    bool has_row = false;
    uint8_t digest[NSK_SHA256_SIZE];

    nsk_token_digest(token, digest);
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find_hint, NSK_DB_PARAMS(DIGEST(digest)), error);
    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    size_t size = 0;
    const void *sealed = has_row ? nsk_db_rows_blob(rows, 0, &size) : NULL;
    *out_text = sealed != NULL ? nsk_text_unseal(sealed, size, key) : NULL;
    return true;
}

bool
nsk_session_by_token(NskDbTxn *txn,
                     const char *token,
                     NskInstant now,
                     NskSession **out_session,
                     GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];

    nsk_token_digest(token, digest);
    g_autoptr(GPtrArray) found = nsk_db_collect(
        nsk_db_query(txn, sql_find_session,
                     NSK_DB_PARAMS(DIGEST(digest), NSK_DB_INT(now - NSK_SESSION_LONGEST),
                                   NSK_DB_INT(now - NSK_SESSION_IDLE)),
                     error),
        make_session, free_session, error);
    if (found == NULL)
        return false;
    *out_session = found->len > 0 ? g_ptr_array_steal_index(found, 0) : NULL;
    return true;
}

bool
nsk_session_is_stale(const NskSession *self, NskInstant now)
{
    return now - self->seen >= MINUTE;
}

bool
nsk_session_touch(NskDbTxn *txn, const char *token, NskInstant now, GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];

    nsk_token_digest(token, digest);
    return nsk_db_exec(txn, sql_touch_session, NSK_DB_PARAMS(DIGEST(digest), NSK_DB_INT(now)), NULL,
                       error);
}

bool
nsk_session_is_proved(const NskSession *self, NskInstant now)
{
    return now - self->proved < NSK_SESSION_PROOF;
}

bool
nsk_session_prove(NskDbTxn *txn,
                  const char *token,
                  const char *next,
                  NskInstant now,
                  GError **error)
{
    int64_t changed = 0;
    uint8_t old[NSK_SHA256_SIZE], digest[NSK_SHA256_SIZE];

    nsk_token_digest(token, old);
    nsk_token_digest(next, digest);
    if (!nsk_db_exec(txn, sql_prove_session,
                     NSK_DB_PARAMS(DIGEST(old), DIGEST(digest), NSK_DB_INT(now)), &changed, error))
        return false;
    if (changed == 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("you are not signed in any more; sign in again"));
    }
    return changed > 0;
}

GPtrArray *
nsk_session_list(NskDbTxn *txn, const char *person, NskInstant now, GError **error)
{
    return nsk_db_collect(
        nsk_db_query(txn, sql_list_sessions,
                     NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_INT(now - NSK_SESSION_LONGEST),
                                   NSK_DB_INT(now - NSK_SESSION_IDLE)),
                     error),
        make_session, free_session, error);
}

bool
nsk_session_end(NskDbTxn *txn,
                const char *person,
                const char *id,
                const char *token,
                int64_t *out_ended,
                GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE] = { 0 };

    if (id != NULL)
        return nsk_db_exec(txn, sql_end_session,
                           NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_TEXT(id)), out_ended, error);
    if (token != NULL)
        nsk_token_digest(token, digest);
    return nsk_db_exec(txn, sql_end_sessions, NSK_DB_PARAMS(NSK_DB_TEXT(person), DIGEST(digest)),
                       out_ended, error);
}

bool
nsk_sessions_forget(NskDbTxn *txn, NskInstant now, GError **error)
{
    return nsk_db_exec(
        txn, sql_forget_sessions,
        NSK_DB_PARAMS(NSK_DB_INT(now - NSK_SESSION_LONGEST), NSK_DB_INT(now - NSK_SESSION_IDLE)),
        NULL, error);
}

bool
nsk_device_begin(NskDbTxn *txn,
                 const char *token,
                 const char *person,
                 NskInstant now,
                 GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];

    nsk_token_digest(token, digest);
    return nsk_db_exec(txn, sql_add_device,
                       NSK_DB_PARAMS(DIGEST(digest), NSK_DB_TEXT(person), NSK_DB_INT(now)), NULL,
                       error) &&
           nsk_db_exec(txn, sql_trim_devices,
                       NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_INT(DEVICES_MAX)), NULL, error);
}

bool
nsk_devices_end(NskDbTxn *txn, const char *person, GError **error)
{
    return nsk_db_exec(txn, sql_drop_devices, NSK_DB_PARAMS(NSK_DB_TEXT(person)), NULL, error);
}

bool
nsk_device_is_known(NskDbTxn *txn,
                    const char *token,
                    const char *name,
                    bool *out_known,
                    GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];

    nsk_token_digest(token, digest);
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find_device, NSK_DB_PARAMS(DIGEST(digest), NSK_DB_TEXT(name)), error);
    return rows != NULL && nsk_db_rows_next(rows, out_known, error);
}

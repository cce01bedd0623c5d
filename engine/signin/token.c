/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tokens of programs: "naskah_" and 72 hex digits.  The first 64 are chance, the rest is the
 * beginning of the SHA-256 of what stands before, so that a token that was cut off is told from one
 * that was revoked, and programs that look for secrets in files find no others.
 *
 * INVARIANTS
 *   (1) Only the SHA-256 of a token is kept; it is shown once, to who makes it.
 *   (2) Every token ends, a year after it was made at the latest.
 *   (3) No scope lets a program sign: there is none.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "signin/signin-private.h"

#include <string.h>

#define PREFIX      "naskah_"
#define CHANCE_SIZE (2 * (size_t)NSK_TOKEN_SIZE) /* hex digits */
#define CHECK_BYTES 4
#define ID_BYTES    8
#define LABEL_MAX   100 /* bytes */
#define TOKENS_MAX  50  /* of a person */
#define HOUR        ((int64_t)3600 * G_USEC_PER_SEC)

static const char sql_add_token[] =
    "INSERT INTO api_token (token, id, person, label, scopes, made, until, used)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, 0)";
static const char sql_find_token[] =
    "SELECT id, person, label, scopes, made, until, used FROM api_token"
    " WHERE token = $1 AND until > $2";
static const char sql_list_tokens[] =
    "SELECT id, person, label, scopes, made, until, used FROM api_token"
    " WHERE person = $1 AND until > $2 ORDER BY made DESC, id";
static const char sql_touch_token[] = "UPDATE api_token SET used = $2 WHERE id = $1 AND used < $2";
static const char sql_end_token[] = "DELETE FROM api_token WHERE person = $1 AND id = $2";
static const char sql_end_tokens[] = "DELETE FROM api_token WHERE person = $1";
static const char sql_forget_tokens[] = "DELETE FROM api_token WHERE until <= $1";

#define DIGEST(bytes) NSK_DB_BLOB((bytes), NSK_SHA256_SIZE)

const char *const nsk_api_scopes[] = { "archive:read",  "incoming:write",
                                       "letters:read",  "letters:write",
                                       "records:write", "tasks:decide",
                                       "webhooks",      NULL };

/* --- The text -------------------------------------------------------------------------------- */

/* The digits that prove the @size bytes before them. */
static char *
checksum(const char *text, size_t size)
{
    uint8_t digest[NSK_SHA256_SIZE];

    nsk_sha256(text, size, digest);
    return nsk_hex(digest, CHECK_BYTES);
}

char *
nsk_api_token_new(void)
{
    char *chance = nsk_token_new();
    char *text = g_strconcat(PREFIX, chance, NULL);
    g_autofree char *check = checksum(text, strlen(text));
    char *token = g_strconcat(text, check, NULL);

    nsk_wipe(chance, strlen(chance));
    nsk_wipe(text, strlen(text));
    g_free(chance);
    g_free(text);
    return token;
}

bool
nsk_api_token_is_whole(const char *token)
{
    size_t size = strlen(PREFIX) + CHANCE_SIZE;

    if (strlen(token) != size + 2 * (size_t)CHECK_BYTES || !g_str_has_prefix(token, PREFIX))
        return false;
    g_autofree char *check = checksum(token, size);
    return strcmp(token + size, check) == 0;
}

char *
nsk_api_token_id(const char *token)
{
    uint8_t digest[NSK_SHA256_SIZE];

    nsk_token_digest(token, digest);
    return nsk_hex(digest, ID_BYTES);
}

/* --- What it may do -------------------------------------------------------------------------- */

char *
nsk_api_scopes_read(const char *text, GError **error)
{
    g_auto(GStrv) asked = g_strsplit_set(text, " ,", -1);
    g_autoptr(GString) scopes = g_string_new(NULL);

    for (char **word = asked; *word != NULL; word++) {
        if (**word == '\0' || g_strv_contains(nsk_api_scopes, *word))
            continue;
        g_autofree char *known = g_strjoinv(", ", (char **)(uintptr_t)nsk_api_scopes);
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is nothing that a token may do; there are %s"), *word, known);
        return NULL;
    }
    for (const char *const *scope = nsk_api_scopes; *scope != NULL; scope++) {
        if (g_strv_contains((const char *const *)asked, *scope))
            g_string_append_printf(scopes, "%s%s", scopes->len > 0 ? " " : "", *scope);
    }
    if (scopes->len > 0)
        return g_string_free(g_steal_pointer(&scopes), FALSE);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("say what the token may do, such as letters:read"));
    return NULL;
}

bool
nsk_api_token_allows(const NskApiToken *self, const char *scope)
{
    g_auto(GStrv) scopes = g_strsplit(self->scopes, " ", -1);

    return scope[0] == '\0' || g_strv_contains((const char *const *)scopes, scope);
}

/* --- Rows ------------------------------------------------------------------------------------ */

void
nsk_api_token_free(NskApiToken *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->person);
    g_free(self->label);
    g_free(self->scopes);
    g_free(self);
}

static void
free_token(gpointer token)
{
    nsk_api_token_free(token);
}

static gpointer
make_token(NskDbRows *row)
{
    NskApiToken *token = g_new(NskApiToken, 1);

    *token = (NskApiToken){ .id = g_strdup(nsk_db_rows_text(row, 0)),
                            .person = g_strdup(nsk_db_rows_text(row, 1)),
                            .label = g_strdup(nsk_db_rows_text(row, 2)),
                            .scopes = g_strdup(nsk_db_rows_text(row, 3)),
                            .made = nsk_db_rows_int(row, 4),
                            .until = nsk_db_rows_int(row, 5),
                            .used = nsk_db_rows_int(row, 6) };
    return token;
}

/* Whether the token is one that may be kept. */
static bool
check_token(const NskApiToken *token, GError **error)
{
    int64_t lives = token->until - token->made;

    if (token->label[0] == '\0' || strlen(token->label) > LABEL_MAX ||
        !nsk_utf8_is_valid(token->label, strlen(token->label))) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("say in 1 to %d characters what the token is for"), LABEL_MAX);
        return false;
    }
    if (lives > 0 && lives <= NSK_API_TOKEN_LONGEST)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("a token lives for 1 to %d days"),
                NSK_API_TOKEN_DAYS);
    return false;
}

bool
nsk_api_token_keep(NskDbTxn *txn, const char *text, const NskApiToken *token, GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];
    g_autofree char *id = nsk_api_token_id(text);
    g_autofree char *scopes = nsk_api_scopes_read(token->scopes, error);
    g_autoptr(GPtrArray) had = scopes != NULL && check_token(token, error)
                                   ? nsk_api_token_list(txn, token->person, token->made, error)
                                   : NULL;

    if (had == NULL || !nsk_api_tokens_forget(txn, token->made, error))
        return false;
    if (had->len >= TOKENS_MAX) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("you have %d tokens; revoke those that no program needs any more"),
                    TOKENS_MAX);
        return false;
    }
    nsk_token_digest(text, digest);
    return nsk_db_exec(txn, sql_add_token,
                       NSK_DB_PARAMS(DIGEST(digest), NSK_DB_TEXT(id), NSK_DB_TEXT(token->person),
                                     NSK_DB_TEXT(token->label), NSK_DB_TEXT(scopes),
                                     NSK_DB_INT(token->made), NSK_DB_INT(token->until)),
                       NULL, error);
}

bool
nsk_api_token_find(NskDbTxn *txn,
                   const char *text,
                   NskInstant now,
                   NskApiToken **out_token,
                   GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];

    *out_token = NULL;
    if (!nsk_api_token_is_whole(text))
        return true;
    nsk_token_digest(text, digest);
    g_autoptr(GPtrArray) found = nsk_db_collect(
        nsk_db_query(txn, sql_find_token, NSK_DB_PARAMS(DIGEST(digest), NSK_DB_INT(now)), error),
        make_token, free_token, error);
    if (found != NULL && found->len > 0)
        *out_token = g_ptr_array_steal_index(found, 0);
    return found != NULL;
}

GPtrArray *
nsk_api_token_list(NskDbTxn *txn, const char *person, NskInstant now, GError **error)
{
    return nsk_db_collect(nsk_db_query(txn, sql_list_tokens,
                                       NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_INT(now)), error),
                          make_token, free_token, error);
}

bool
nsk_api_token_is_stale(const NskApiToken *self, NskInstant now)
{
    return now - self->used >= HOUR;
}

bool
nsk_api_token_touch(NskDbTxn *txn, const char *id, NskInstant now, GError **error)
{
    return nsk_db_exec(txn, sql_touch_token, NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_INT(now)), NULL,
                       error);
}

bool
nsk_api_token_end(NskDbTxn *txn, const char *person, const char *id, GError **error)
{
    int64_t gone = 0;

    if (id == NULL)
        return nsk_db_exec(txn, sql_end_tokens, NSK_DB_PARAMS(NSK_DB_TEXT(person)), NULL, error);
    if (!nsk_db_exec(txn, sql_end_token, NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_TEXT(id)), &gone,
                     error))
        return false;
    if (gone == 0)
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("you have no token '%s'"), id);
    return gone > 0;
}

bool
nsk_api_tokens_forget(NskDbTxn *txn, NskInstant now, GError **error)
{
    return nsk_db_exec(txn, sql_forget_tokens, NSK_DB_PARAMS(NSK_DB_INT(now)), NULL, error);
}

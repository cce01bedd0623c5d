/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Codes of a second factor: six digits that change every thirty seconds (RFC 6238, by liboath), and
 * recovery codes for who lost his telephone.
 *
 * A secret is sealed (crypto_secretbox of libsodium) under a key that does not lie in the database,
 * so that a copy of the database alone makes no codes.
 */
#include "base/message.h"
#include "signin/signin-private.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <string.h>

#define STEP_SECONDS    30
#define DIGITS          6
#define WINDOW          1 /* steps beside that of now: clocks differ */
#define SEALED          (crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + NSK_CODE_SECRET_SIZE)
#define RECOVERY_LENGTH 16 /* characters, of 5 bits each */

static const char sql_put_code[] =
    "INSERT INTO login_code (person, secret, step) VALUES ($1, $2, $3)"
    " ON CONFLICT (person) DO UPDATE SET secret = excluded.secret, step = excluded.step";
static const char sql_find_code[] = "SELECT secret, step FROM login_code WHERE person = $1";
static const char sql_take_step[] =
    "UPDATE login_code SET step = $2 WHERE person = $1 AND step < $2";
static const char sql_drop_code[] = "DELETE FROM login_code WHERE person = $1";
static const char sql_add_recovery[] = "INSERT INTO login_recovery (person, code) VALUES ($1, $2)";
static const char sql_take_recovery[] =
    "DELETE FROM login_recovery WHERE person = $1 AND code = $2";
static const char sql_drop_recovery[] = "DELETE FROM login_recovery WHERE person = $1";
static const char sql_count_recovery[] = "SELECT count(*) FROM login_recovery WHERE person = $1";

void
nsk_code_secret_new(NskCodeSecret *out_secret)
{
    nsk_random(out_secret->bytes, sizeof out_secret->bytes);
}

char *
nsk_code_secret_address(const NskCodeSecret *self, const char *agency, const char *name)
{
    char *base32 = NULL;
    g_autofree char *issuer = g_uri_escape_string(agency, NULL, false);
    g_autofree char *label = g_uri_escape_string(name, NULL, false);

    if (oath_base32_encode((const char *)self->bytes, sizeof self->bytes, &base32, NULL) != OATH_OK)
        g_error("no memory for a code");
    char *address =
        g_strdup_printf("otpauth://totp/%s:%s?secret=%s&issuer=%s", issuer, label, base32, issuer);
    nsk_wipe(base32, strlen(base32));
    free(base32);
    return address;
}

bool
nsk_code_check(const NskCodeSecret *self, const char *code, NskInstant now, int64_t *out_step)
{
    int position = 0;
    time_t seconds = (time_t)(now / G_USEC_PER_SEC);

    if (strlen(code) != DIGITS || strspn(code, "0123456789") != DIGITS ||
        oath_totp_validate2((const char *)self->bytes, sizeof self->bytes, seconds, STEP_SECONDS, 0,
                            WINDOW, &position, code) < 0)
        return false;
    *out_step = (int64_t)seconds / STEP_SECONDS + position;
    return true;
}

static void
seal(const NskCodeSecret *secret, const uint8_t *key, uint8_t out[SEALED])
{
    nsk_random(out, crypto_secretbox_NONCEBYTES);
    (void)crypto_secretbox_easy(out + crypto_secretbox_NONCEBYTES, secret->bytes,
                                sizeof secret->bytes, out, key);
}

static bool
open_sealed(const uint8_t *sealed,
            size_t size,
            const uint8_t *key,
            NskCodeSecret *out_secret,
            GError **error)
{
    if (size == SEALED &&
        crypto_secretbox_open_easy(out_secret->bytes, sealed + crypto_secretbox_NONCEBYTES,
                                   size - crypto_secretbox_NONCEBYTES, sealed, key) == 0)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                        nsk_tr("the secret of a second factor cannot be opened: the office's key "
                               "for it is another one; put the old key back"));
    return false;
}

/* Four groups of four; letters and digits that are not taken for each other. */
static char *
make_recovery(void)
{
    static const char alphabet[] = "abcdefghjkmnpqrstuvwxyz023456789";
    uint8_t draws[RECOVERY_LENGTH];
    GString *code = g_string_new(NULL);

    nsk_random(draws, sizeof draws);
    for (size_t i = 0; i < sizeof draws; i++) {
        if (i > 0 && i % 4 == 0)
            g_string_append_c(code, '-');
        g_string_append_c(code, alphabet[draws[i] & 31]);
    }
    nsk_wipe(draws, sizeof draws);
    return g_string_free(code, FALSE);
}

/* As it was made, however it was typed. */
static void
digest_recovery(const char *typed, uint8_t out[NSK_SHA256_SIZE])
{
    g_autoptr(GString) plain = g_string_new(NULL);

    for (const char *c = typed; *c != '\0'; c++) {
        if (g_ascii_isalnum(*c))
            g_string_append_c(plain, g_ascii_tolower(*c));
    }
    nsk_token_digest(plain->str, out);
}

char **
nsk_recovery_codes_new(void)
{
    char **codes = g_new0(char *, NSK_RECOVERY_CODES + 1);

    for (int i = 0; i < NSK_RECOVERY_CODES; i++)
        codes[i] = make_recovery();
    return codes;
}

static bool
add_recovery(NskDbTxn *txn, const char *person, const char *code, GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];

    digest_recovery(code, digest);
    return nsk_db_exec(txn, sql_add_recovery,
                       NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_BLOB(digest, sizeof digest)), NULL,
                       error);
}

bool
nsk_codes_begin(NskDbTxn *txn,
                const NskCodeOwner *owner,
                const NskCodeSecret *secret,
                int64_t step,
                const char *const *recovery,
                GError **error)
{
    uint8_t sealed[SEALED];

    seal(secret, owner->key, sealed);
    if (!nsk_codes_end(txn, owner->person, error) ||
        !nsk_db_exec(txn, sql_put_code,
                     NSK_DB_PARAMS(NSK_DB_TEXT(owner->person), NSK_DB_BLOB(sealed, sizeof sealed),
                                   NSK_DB_INT(step)),
                     NULL, error))
        return false;
    for (int i = 0; recovery[i] != NULL; i++) {
        if (!add_recovery(txn, owner->person, recovery[i], error))
            return false;
    }
    return true;
}

bool
nsk_codes_end(NskDbTxn *txn, const char *person, GError **error)
{
    return nsk_db_exec(txn, sql_drop_recovery, NSK_DB_PARAMS(NSK_DB_TEXT(person)), NULL, error) &&
           nsk_db_exec(txn, sql_drop_code, NSK_DB_PARAMS(NSK_DB_TEXT(person)), NULL, error);
}

static bool
take_recovery(NskDbTxn *txn, const char *person, const char *code, bool *out_right, GError **error)
{
    int64_t taken = 0;
    uint8_t digest[NSK_SHA256_SIZE];

    digest_recovery(code, digest);
    if (!nsk_db_exec(txn, sql_take_recovery,
                     NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_BLOB(digest, sizeof digest)), &taken,
                     error))
        return false;
    *out_right = taken > 0;
    return true;
}

/* A step that was taken, or one before it, is not taken again. */
static bool
take_step(NskDbTxn *txn, const char *person, int64_t step, bool *out_right, GError **error)
{
    int64_t taken = 0;

    if (!nsk_db_exec(txn, sql_take_step, NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_INT(step)),
                     &taken, error))
        return false;
    *out_right = taken > 0;
    return true;
}

bool
nsk_codes_take(NskDbTxn *txn,
               const NskCodeOwner *owner,
               const char *code,
               NskInstant now,
               bool *out_right,
               GError **error)
{
    size_t size;
    int64_t step;
    bool has_row = false;
    NskCodeSecret secret;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find_code, NSK_DB_PARAMS(NSK_DB_TEXT(owner->person)), error);

    *out_right = false;
    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error) || !has_row)
        return rows != NULL && !has_row;
    const uint8_t *sealed = nsk_db_rows_blob(rows, 0, &size);
    if (!open_sealed(sealed, size, owner->key, &secret, error))
        return false;
    bool is_now = nsk_code_check(&secret, code, now, &step);
    nsk_wipe(&secret, sizeof secret);
    g_clear_pointer(&rows, nsk_db_rows_free);
    return is_now ? take_step(txn, owner->person, step, out_right, error)
                  : take_recovery(txn, owner->person, code, out_right, error);
}

bool
nsk_codes_left(NskDbTxn *txn, const char *person, int64_t *out_left, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_count_recovery, NSK_DB_PARAMS(NSK_DB_TEXT(person)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_left = nsk_db_rows_int(rows, 0);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is counted against those who guess.
 *
 *   with a device of the person    the device                 5 tries are free
 *   without                        name and address together   5
 *                                  the address, of all names  50
 *                                  the name, from anywhere   100
 *   by a provider of identities, before it is known who comes
 *                                  a device of anybody here   50
 *                                  or else the address        50
 *
 * The last row is counted by itself: a provider that answers wrongly shuts out no password.
 *
 * Each failure beyond doubles the wait, from a second up to the longest of its row.  A try waits
 * for the longest of those that count it.  So one who guesses from one place soon waits a quarter
 * of an hour, one who tries every name does too, and one who guesses from everywhere at once is
 * slowed to a try in half a minute; but the person himself, on a device that he used before, waits
 * for nothing but his own failures.  A day without failure forgets them.
 */
#include "signin/signin-private.h"

#include <string.h>

#define SECOND ((int64_t)G_USEC_PER_SEC)
#define DAY    ((int64_t)24 * 60 * 60 * SECOND)

typedef enum { BY_DEVICE, BY_BOTH, BY_ADDRESS, BY_NAME, BY_PROVIDER, N_WAYS } Way;
static const struct {
    int64_t free;    /* tries */
    int64_t longest; /* seconds */
} ways[N_WAYS] = {
    [BY_DEVICE] = { 5, 15 * 60 }, [BY_BOTH] = { 5, 15 * 60 },      [BY_ADDRESS] = { 50, 15 * 60 },
    [BY_NAME] = { 100, 30 },      [BY_PROVIDER] = { 50, 15 * 60 },
};

static const char sql_find_try[] = "SELECT failures, at FROM login_try WHERE who = $1 AND at > $2";
static const char sql_count_try[] =
    "INSERT INTO login_try (who, failures, at) VALUES ($1, 1, $2) ON CONFLICT (who) DO UPDATE SET"
    " failures = CASE WHEN at > $3 THEN failures + 1 ELSE 1 END, at = excluded.at";
static const char sql_clear_try[] = "DELETE FROM login_try WHERE who = $1";
static const char sql_forget_tries[] = "DELETE FROM login_try WHERE at <= $1";

#define WHO(bytes) NSK_DB_BLOB((bytes), NSK_SHA256_SIZE)

/* What a try counts for. */
typedef struct {
    unsigned ways; /* one bit each */
    uint8_t who[N_WAYS][NSK_SHA256_SIZE];
} Counted;

static void
count_for(Counted *counted, Way way, const char *first, const char *second)
{
    g_autofree char *text = g_strdup_printf("%d %zu:%s %s", (int)way, strlen(first), first, second);

    nsk_token_digest(text, counted->who[way]);
    counted->ways |= 1U << way;
}

/* Who comes by a provider, and nobody knows yet who it is. */
static bool
find_unnamed(NskDbTxn *txn, const NskTry *attempt, Counted *out_counted, GError **error)
{
    bool is_known = false;

    if (attempt->device != NULL &&
        !nsk_device_is_known(txn, attempt->device, NULL, &is_known, error))
        return false;
    if (is_known)
        count_for(out_counted, BY_PROVIDER, attempt->device, "device");
    else if (attempt->address[0] != '\0')
        count_for(out_counted, BY_PROVIDER, attempt->address, "");
    return true;
}

static bool
find_counted(NskDbTxn *txn, const NskTry *attempt, Counted *out_counted, GError **error)
{
    bool is_known = false;

    *out_counted = (Counted){ 0 };
    if (attempt->name == NULL)
        return find_unnamed(txn, attempt, out_counted, error);
    g_autofree char *name = nsk_account_plain_name(attempt->name);
    if (attempt->device != NULL &&
        !nsk_device_is_known(txn, attempt->device, name, &is_known, error))
        return false;
    if (is_known) {
        count_for(out_counted, BY_DEVICE, attempt->device, name);
        return true;
    }
    /* where it is not known from where people come, all of them would be one */
    if (attempt->address[0] != '\0') {
        count_for(out_counted, BY_BOTH, name, attempt->address);
        count_for(out_counted, BY_ADDRESS, attempt->address, "");
    }
    count_for(out_counted, BY_NAME, name, "");
    return true;
}

/* Seconds from the last failure on. */
static int64_t
wait_after(Way way, int64_t failures)
{
    int64_t over = failures - ways[way].free;

    if (over < 0)
        return 0;
    return over >= 20 ? ways[way].longest : MIN((int64_t)1 << over, ways[way].longest);
}

static bool
find_wait(NskDbTxn *txn,
          Way way,
          const uint8_t *who,
          NskInstant now,
          int64_t *out_seconds,
          GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find_try, NSK_DB_PARAMS(WHO(who), NSK_DB_INT(now - DAY)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_seconds = 0;
    if (has_row) {
        int64_t until =
            nsk_db_rows_int(rows, 1) + wait_after(way, nsk_db_rows_int(rows, 0)) * SECOND;

        *out_seconds = MAX(0, (until - now + SECOND - 1) / SECOND);
    }
    return true;
}

bool
nsk_try_wait(NskDbTxn *txn,
             const NskTry *attempt,
             NskInstant now,
             int64_t *out_seconds,
             GError **error)
{
    Counted counted;
    int64_t longest = 0, seconds;

    if (!find_counted(txn, attempt, &counted, error))
        return false;
    for (Way way = 0; way < N_WAYS; way++) {
        if ((counted.ways & 1U << way) == 0)
            continue;
        if (!find_wait(txn, way, counted.who[way], now, &seconds, error))
            return false;
        longest = MAX(longest, seconds);
    }
    *out_seconds = longest;
    return true;
}

bool
nsk_try_failed(NskDbTxn *txn, const NskTry *attempt, NskInstant now, GError **error)
{
    Counted counted;

    if (!find_counted(txn, attempt, &counted, error))
        return false;
    for (Way way = 0; way < N_WAYS; way++) {
        if ((counted.ways & 1U << way) != 0 &&
            !nsk_db_exec(
                txn, sql_count_try,
                NSK_DB_PARAMS(WHO(counted.who[way]), NSK_DB_INT(now), NSK_DB_INT(now - DAY)), NULL,
                error))
            return false;
    }
    return true;
}

bool
nsk_try_passed(NskDbTxn *txn, const NskTry *attempt, GError **error)
{
    Counted counted;

    if (!find_counted(txn, attempt, &counted, error))
        return false;
    /* an address that tries many names, and a name that is tried from everywhere, stay counted:
     * one who knows one password could clear the way to others */
    for (Way way = BY_DEVICE; way <= BY_BOTH; way++) {
        if ((counted.ways & 1U << way) != 0 &&
            !nsk_db_exec(txn, sql_clear_try, NSK_DB_PARAMS(WHO(counted.who[way])), NULL, error))
            return false;
    }
    return true;
}

bool
nsk_tries_forget(NskDbTxn *txn, NskInstant now, GError **error)
{
    return nsk_db_exec(txn, sql_forget_tries, NSK_DB_PARAMS(NSK_DB_INT(now - DAY)), NULL, error);
}

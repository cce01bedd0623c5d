/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sign-ins by a provider of identities that fail.
 *
 *   counted      who comes without a session by his device, or else his address, apart from
 *                passwords; who is inside as a wrong password of his is (signin/throttle.c)
 *   written down with whose account it was, or as of the door alone, and in a word why: no name
 *                that a provider said is in the history, which is for ever
 *
 * A provider that cannot be asked, or a browser that took too long, is no failure of who came: it
 * is neither.
 */
#include "office/door-private.h"
#include "office/sso-private.h"

#define ACTOR "naskah-sso"

/* Why, for who reads the history; NULL: it is no failure of who came. */
static const char *
word_of(const GError *fault)
{
    static const struct {
        int code;
        const char *word;
    } words[] = {
        { NSK_ERROR_NOT_FOUND, "identity-not-linked" },
        { NSK_ERROR_DENIED, "refused" },
        { NSK_ERROR_UNTRUSTED, "answer-not-believed" },
        { NSK_ERROR_INVALID, "answer-not-read" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_error_matches(fault, NSK_ERROR, words[i].code))
            return words[i].word;
    }
    return NULL;
}

/* *out_account: owned; lends its name to the try. */
static bool
find_try(const NskSsoFailure *self,
         NskDbTxn *txn,
         NskAccount **out_account,
         NskTry *out_try,
         GError **error)
{
    const char *inside = self->office->person;

    if (inside != NULL && !nsk_account_of(txn, inside, out_account, error))
        return false;
    *out_try = (NskTry){ .name = *out_account != NULL ? (*out_account)->name : NULL,
                         .address = self->entry->address != NULL ? self->entry->address : "",
                         .device = self->entry->device };
    return true;
}

bool
nsk_sso_failure_wait(const NskSsoFailure *self, int64_t *out_seconds, GError **error)
{
    NskTry attempt;
    g_autoptr(NskAccount) account = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->office->reader, error);

    return txn != NULL && find_try(self, txn, &account, &attempt, error) &&
           nsk_try_wait(txn, &attempt, nsk_clock_now(self->office->clock), out_seconds, error);
}

typedef struct {
    const NskSsoFailure *failure;
    NskInstant now;
    int64_t *out_seconds;
} Counting;

static bool
apply_count(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    NskTry attempt;
    const Counting *work = data;
    const NskSsoFailure *self = work->failure;
    g_autoptr(NskAccount) account = NULL;
    const NskDoorEvent event = { .origin = self->office->origin,
                                 .action = "sign-in-failed",
                                 .actor = self->person != NULL ? self->person : ACTOR,
                                 .auth = self->office->auth,
                                 .detail = word_of(self->fault),
                                 .person = self->person,
                                 .entry = self->entry,
                                 .now = work->now };

    if (!find_try(self, txn, &account, &attempt, error) ||
        !nsk_try_wait(txn, &attempt, work->now, work->out_seconds, error))
        return false;
    return *work->out_seconds > 0 ||
           (nsk_try_failed(txn, &attempt, work->now, error) && nsk_door_record(txn, &event, error));
}

bool
nsk_sso_failure_count(const NskSsoFailure *self, int64_t *out_seconds, GError **error)
{
    Counting work = { self, nsk_clock_now(self->office->clock), out_seconds };

    *out_seconds = 0;
    return word_of(self->fault) == NULL ||
           nsk_office_commit(self->office, apply_count, &work, NULL, error);
}

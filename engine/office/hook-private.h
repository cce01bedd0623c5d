/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/hook.h"
#include "office/office-private.h"

/*
 * Telling other programs.
 *
 *   a change -> nsk_hook_note(): a row for each webhook that wants it, in that change (hook-rows.c)
 *   row -> hook-send.c: claimed, sent with no transaction open, told
 *
 * Beside backups nothing keeps them: what was told to whom is no part of a letter.
 */

/* --- hook-rows.c --- */

/* Inside a change: what the action of the journal is called to other programs; NULL: nothing. */
const char *nsk_hook_type_of(const char *action);
/* What happened to a letter. */
typedef struct {
    const char *type;
    const char *letter;
    const char *task; /* key; NULL: none */
    NskInstant at;
} NskHookEvent;
/* Inside a change: for each webhook that wants it, unless the letter is secret. */
bool nsk_hook_note(NskDbTxn *txn, const NskHookEvent *event, GError **error);

/* A row of table webhook; all owned. */
typedef struct {
    char *id, *label, *url, *events, *why, *person;
    bool active;
    NskInstant made;
    int64_t version;
    int64_t secret;
    NskInstant old_until; /* 0: only the newest secret is good */
    NskInstant failing;   /* 0: it was reached */
    int64_t waiting;
} NskHookRow;
void nsk_hook_row_free(NskHookRow *self);
/* Errors: NOT_FOUND. */
NskHookRow *nsk_hook_load(NskDbTxn *txn, const char *id, GError **error);
GPtrArray *nsk_hook_list(NskDbTxn *txn, GError **error);
/* Inserts or updates. */
bool nsk_hook_save(NskDbTxn *txn, const NskHookRow *row, GError **error);
bool nsk_hook_delete(NskDbTxn *txn, const char *id, GError **error);
/* A delivery that no letter made; *out_event: owned. */
bool nsk_hook_add_ping(NskDbTxn *txn,
                       const char *id,
                       const NskClock *clock,
                       char **out_event,
                       GError **error);
bool nsk_hook_requeue(NskDbTxn *txn,
                      const NskHookReplay *replay,
                      NskInstant since,
                      NskInstant now,
                      int64_t *out_n,
                      GError **error);
/* As the result of nsk_office_hook_deliveries(). */
NskJson *nsk_hook_tell_deliveries(NskDbTxn *txn, const NskHookAsk *ask, GError **error);

/* A delivery that is being sent; all owned. */
typedef struct {
    NskHookRow *hook; /* borrowed */
    char *webhook, *event, *type, *letter, *task;
    NskInstant at, queued;
    int64_t tries; /* before */
    bool secret;   /* the letter is, by now */
    /* what came of it: */
    bool untried; /* another one of its webhook failed just now */
    NskInstant began;
    int64_t took;         /* milliseconds */
    int status;           /* of HTTP; 0: no answer */
    unsigned retry_after; /* seconds; 0: as usual */
    char *fault;          /* NULL: it came */
} NskHookDelivery;
void nsk_hook_delivery_free(gpointer delivery);
/* Claims what is ready for a webhook, @limit at most, the oldest first: NskHookDelivery. */
GPtrArray *
nsk_hook_claim(NskDbTxn *txn, const char *webhook, NskInstant now, int limit, GError **error);
/* Says what became of it.  *out_ended: the webhook was switched off by that. */
bool nsk_hook_settle(NskDbTxn *txn,
                     const NskHookDelivery *delivery,
                     NskInstant now,
                     bool *out_ended,
                     GError **error);
bool nsk_hook_forget(NskDbTxn *txn, NskInstant before, GError **error);
/* The first webhook that was switched off because it failed; owned, NULL: none.  For the doctor. */
bool nsk_hook_find_ended(NskDbTxn *txn, char **out_label, GError **error);

/* --- hook-sign.c --- */

/* The @n-th secret of @id as its receiver has it, "whsec_..."; owned, to be wiped. */
char *nsk_hook_secret(NskOffice *office, const char *id, int64_t n, GError **error);
/* What a request says in its headers; all borrowed. */
typedef struct {
    const char *id;    /* of its sender, whose secret it is */
    int64_t secret;    /* number of the newest */
    bool has_old;      /* that of before is good as well */
    const char *event; /* webhook-id, without its "msg_" */
    NskInstant now;
} NskHookSigning;
/* webhook-id, webhook-timestamp and webhook-signature, for NskNetRequest; freed with g_strfreev().
 */
char **nsk_hook_headers(NskOffice *office,
                        const NskHookSigning *signing,
                        const char *body,
                        GError **error);
/* Hosts that may be private and the authorities; both owned, *out_ca NULL: the system's. */
bool nsk_hook_load_settings(NskDbTxn *txn, char ***out_hosts, char **out_ca, GError **error);
/* Whether the address may be told.  Errors: INVALID. */
bool nsk_hook_check_url(const char *url, char **hosts, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskHookRow, nsk_hook_row_free)

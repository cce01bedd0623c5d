/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office.h"

/*
 * Webhooks: addresses of other programs that are told by a request when something happens, as
 * Standard Webhooks has it (standardwebhooks.com, specification of 2023).
 *
 * What is told is the type of what happened, ids and a link: no subject, no name, nothing of the
 * letter.  Secret letters are not told of at all.  At least once: a request that may have come is
 * sent again with its own webhook-id.  An address is asked over TLS and only if it is public, but
 * for hosts that the owner of the office's folder names.
 *
 * All but the owner's is for who looks after the office (admin.h), himself or by a token for
 * "webhooks"; to others there is nothing: NOT_FOUND.  A handle: one thread at a time.  Errors as in
 * office.h.
 */

/* The types there are, NULL at the end. */
extern const char *const nsk_hook_types[];

/* Result of each below, if nothing else is said: id, label, url, events (empty: all), active, why
 * ("person", "failing", "gone" or null), made, person, version, failing (since when nothing reaches
 * it, or null), old_secret_until (or null), waiting. */

/* Result: webhooks, by age. */
bool nsk_office_hook_list(NskOffice *self, NskJson **out_result, GError **error);
bool nsk_office_hook_show(NskOffice *self, const char *id, NskJson **out_result, GError **error);
typedef struct {
    const char *id;     /* NULL: a new one */
    int64_t version;    /* that was seen; of a new one: 0 */
    const char *label;  /* up to 100 bytes */
    const char *url;    /* https; or http to a host that the owner named, on this machine */
    const char *events; /* parted by blanks; "": all */
    bool active;
} NskHookWish;
/* Also its secret.  Errors: INVALID, LIMIT; CONFLICT if it is of another version. */
bool
nsk_office_hook_put(NskOffice *self, const NskHookWish *wish, NskJson **out_result, GError **error);
/* With all that it was told.  Errors: CONFLICT as above. */
bool nsk_office_hook_remove(NskOffice *self,
                            const char *id,
                            int64_t version,
                            NskJson **out_result,
                            GError **error);
/* A new secret; that of before is good for @hours more, 0 to 168.  Result: id, secret, and
 * old_secret_until. */
bool nsk_office_hook_renew(NskOffice *self,
                           const char *id,
                           int64_t hours,
                           NskJson **out_result,
                           GError **error);
/* Tells it of "webhook.ping".  Result: id, event. */
bool nsk_office_hook_ping(NskOffice *self, const char *id, NskJson **out_result, GError **error);

/* What it was told, the newest first. */
typedef struct {
    const char *id;
    const char *state; /* "waiting", "sent", "failed", "withheld"; NULL: all */
    const char *after; /* "next" of the page before; NULL: the first */
    int64_t limit;     /* up to 200; 0: 50 */
} NskHookAsk;
/* Result: deliveries (event, type, letter, task, at, state, tries, done, attempts: the newest five
 * as at, took, status, fault), next (or null). */
bool nsk_office_hook_deliveries(NskOffice *self,
                                const NskHookAsk *ask,
                                NskJson **out_result,
                                GError **error);
/* What is told once more, with the webhook-id that it has. */
typedef struct {
    const char *id;
    const char *event; /* this one; NULL: */
    const char *since; /* all that happened since this moment (RFC 3339, UTC) */
} NskHookReplay;
/* Result: id, queued.  Errors: NOT_FOUND, INVALID. */
bool nsk_office_hook_replay(NskOffice *self,
                            const NskHookReplay *replay,
                            NskJson **out_result,
                            GError **error);

/* --- For the owner of the office's folder. --- */

typedef struct {
    const char *hosts; /* that may be private, parted by blanks; NULL or "": none */
    const char *ca;    /* PEM file of authorities in place of the system's; NULL: those */
} NskHookSettings;
bool nsk_office_hook_set(NskOffice *self, const NskHookSettings *settings, GError **error);
/* Result: hosts, ca. */
bool nsk_office_hook_settings(NskOffice *self, NskJson **out_result, GError **error);

/* --- For the service. --- */

/* Tells what is to be told now.  A webhook that fails is no error. */
bool nsk_office_run_hooks(NskOffice *self, GError **error);
/* Takes out what was done long ago. */
bool nsk_office_forget_hooks(NskOffice *self, GError **error);

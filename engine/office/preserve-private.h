/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/sign-private.h"

/* What the files about signatures that last share; see preserve.c. */

/* Where time stamps come from; all owned, NULL where nothing is said. */
typedef struct {
    char *url;
    char *ca;     /* PEM file of authorities for TLS */
    char **hosts; /* that may be asked besides public ones; with that of the URL */
} NskStampSource;
void nsk_stamp_source_clear(NskStampSource *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskStampSource, nsk_stamp_source_clear)
bool nsk_stamp_source_load(NskDbTxn *txn, NskStampSource *out_source, GError **error);
/* A token over @imprint.  Errors: those of nsk_fetch_time_stamp(); INVALID if no authority is set.
 */
GBytes *nsk_stamp_source_ask(const NskStampSource *self,
                             const uint8_t imprint[NSK_SHA256_SIZE],
                             GError **error);

/* --- preserve-rows.c --- */

/* A row of preservation; all owned. */
typedef struct {
    char *letter, *wanted, *level;
    NskInstant due, renew; /* 0: none */
    int64_t tries;
    char *fault, *authority;
} NskPreservation;
void nsk_preservation_free(gpointer row);
bool nsk_preservation_save(NskDbTxn *txn, const NskPreservation *row, GError **error);
bool
nsk_preservation_find(NskDbTxn *txn, const char *letter, NskPreservation **out_row, GError **error);
/* Those that are due at @now, @limit at most; owned array. */
GPtrArray *nsk_preservation_list_due(NskDbTxn *txn, NskInstant now, unsigned limit, GError **error);
/* Those that failed, @limit at most; owned array. */
GPtrArray *nsk_preservation_list_failing(NskDbTxn *txn, unsigned limit, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskPreservation, nsk_preservation_free)

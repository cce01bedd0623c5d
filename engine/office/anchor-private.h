/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/log-private.h"

/* What the files about anchors of the log share; see anchor.c. */

#define NSK_ANCHOR_FILE "log/anchor" /* the newest, beside the database */

/* A checkpoint that has a time stamp; all owned. */
typedef struct {
    int64_t generation, size;
    char *checkpoint;
    GBytes *token;
    NskInstant at;
} NskAnchor;
void nsk_anchor_free(NskAnchor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskAnchor, nsk_anchor_free)

/* All of them, the oldest first; owned. */
GPtrArray *nsk_anchor_list(NskDbTxn *txn, GError **error);
/* The newest of a generation of the log; *out_anchor is NULL if there is none. */
bool nsk_anchor_find(NskDbTxn *txn, int64_t generation, NskAnchor **out_anchor, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The one in a file as this program writes it; NULL without error if there is no file.  Errors:
 * CORRUPT. */
NskAnchor *nsk_anchor_read(const char *dir, GError **error);

/* Adds what keeps the office from getting anchors.  Errors: IO. */
bool nsk_anchor_examine(NskDbTxn *txn, NskIssues *issues, GError **error) G_GNUC_WARN_UNUSED_RESULT;

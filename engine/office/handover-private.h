/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/duty-private.h"

/* What the files about handovers share; see handover.c. */

/* A row of table handover; all owned. */
typedef struct {
    char *id, *position, *giver, *receiver, *by, *given_by;
    NskInstant at, given, received, replaced; /* 0: not yet */
} NskHandoverRow;
void nsk_handover_row_free(NskHandoverRow *self);
/* Errors: NOT_FOUND. */
NskHandoverRow *nsk_handover_load(NskDbTxn *txn, const char *id, GError **error);
/* Ids of the handovers of @position (NULL: of all), the newest first, @limit at most. */
GPtrArray *
nsk_handover_list_ids(NskDbTxn *txn, const char *position, unsigned limit, GError **error);
/* Whether the person has a part in it or looks after the position.  Errors: DENIED. */
bool nsk_handover_check_access(NskOffice *self,
                               NskDbTxn *txn,
                               const NskHandoverRow *row,
                               GError **error);
/* How many pieces of work lie before the position now that are not in the list. */
bool
nsk_handover_count_new(NskDbTxn *txn, const NskHandoverRow *row, int64_t *out_n, GError **error);
/* The handover for people: what nsk_office_handover_show() says. */
NskJson *
nsk_handover_to_json(NskOffice *self, NskDbTxn *txn, const NskHandoverRow *row, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskHandoverRow, nsk_handover_row_free)

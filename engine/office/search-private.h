/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"

/* What is asked of a letter beside its words; see search-filter.c. */

/* By what a letter is known: its own number and day, or its sender's. */
typedef struct {
    const NskSearchAsk *ask; /* borrowed */
    char *number;            /* owned; NULL: none */
    char *day;               /* owned; YYYY-MM-DD; of one without a date, when it was begun (UTC) */
    bool dated;
} NskSearchKnown;
void nsk_search_known_clear(NskSearchKnown *self);
bool nsk_search_known_fill(NskDbTxn *txn,
                           const NskSearchAsk *ask,
                           const NskLetterRow *row,
                           NskSearchKnown *out,
                           GError **error);

/* Whether days that are asked for are some.  Errors: INVALID. */
bool nsk_search_filter_check(const NskSearchAsk *ask, GError **error);
/* Whether anything is asked beside words. */
bool nsk_search_filter_is_set(const NskSearchAsk *ask);
/* Whether the letter, which the person may read, is among what is asked for. */
bool nsk_search_filter_passes(NskDbTxn *txn,
                              const NskLetterRow *row,
                              const NskSearchKnown *known,
                              bool *out_passes,
                              GError **error);

/* --- search.c --- */

/* A letter that was found, which the person may read; all borrowed for the call. */
typedef bool (*NskSearchTaker)(NskDbTxn *txn,
                               const NskLetterRow *row,
                               const NskSearchKnown *known,
                               void *data,
                               GError **error);
/* Every letter that is found, the newest first; @ask's limit, after and facets mean nothing.
 * Errors: as nsk_office_search(), and @taker's, which ends it. */
bool nsk_search_each(NskOffice *self,
                     NskDbTxn *txn,
                     const NskSearchAsk *ask,
                     NskSearchTaker taker,
                     void *data,
                     GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskSearchKnown, nsk_search_known_clear)

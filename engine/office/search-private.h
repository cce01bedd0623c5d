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

/* Whether @part is a part of @text (may be NULL), whatever the case. */
bool nsk_search_has_part(const char *text, const char *part);

/* --- search-marks.c: by what the index proposes letters beside their words --- */

/* The marks of a letter of that day (see NskSearchKnown); freed with g_array_unref(). */
GArray *nsk_search_marks(const NskLetterRow *row, const NskLetterFacts *facts, const char *day);
/* Narrows @query by what of @ask, which was checked, letters have marks of.  Errors: IO. */
bool nsk_search_narrow(NskDbTxn *txn,
                       const NskSearchAsk *ask,
                       NskSearchQuery *query,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

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

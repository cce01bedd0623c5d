/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"

/*
 * The one judge of who may read: a table of security class by what ties a person to a letter.
 * Search, pages, histories, previews, exports, registers, boards and API ask nsk_access_level();
 * nothing else decides.  Sources: reference/domain.md 1.7, signature-and-archive.md 5.4 and 7.
 */

/* What ties a person to a letter, through one position. */
typedef enum {
    NSK_TIE_NAMED,  /* holds a position that has a part in it */
    NSK_TIE_LAID,   /* holds one before which a task of it lies */
    NSK_TIE_SENT,   /* holds one that it was sent to */
    NSK_TIE_HELPS,  /* assists the holder of one of these */
    NSK_TIE_COVERS, /* stands in for the holder of one of these while he is away */
    NSK_TIE_KEEPS,  /* keeps the records of its unit, which is also the unit's office (TU) */
    NSK_TIE_LENT,   /* has it on loan, until the loan's last day */
    NSK_TIE_UNIT,   /* is in its unit, with none of the above */
    NSK_TIE_RUNS,   /* runs the office or the machine */
    NSK_TIE_NONE,
    NSK_TIE_COUNT
} NskTie;

/* The most that a tie opens of a letter of @security; a class that is not known is the strictest.
 */
NskReaderLevel nsk_access_most(const char *security, NskTie tie);

/* How one reading opens a letter. */
typedef struct {
    NskTie tie;
    NskReaderLevel level;
} NskOpening;
/* What @reading, of a day in the zone of the letter's unit, opens of @row. */
bool nsk_access_open(NskDbTxn *txn,
                     const NskLetterRow *row,
                     const NskReading *reading,
                     NskOpening *out,
                     GError **error);

/* What a loan to @person on the day @today opens of @row: the one tie that is not through a
 * position.  Lists and searches do not show what is lent; the loan leads to it. */
bool nsk_access_open_lent(NskDbTxn *txn,
                          const NskLetterRow *row,
                          const char *person,
                          NskDate today,
                          NskOpening *out,
                          GError **error);

/* "none", "letter", "history"; static. */
const char *nsk_access_level_name(NskReaderLevel level);
/* What a relation of the table is, in words; borrowed. */
const char *nsk_access_relation_words(const char *id);

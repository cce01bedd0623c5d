/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/advance-private.h"

/* What the files about dispositions share; see disposition.c. */

/* A row of table disposition; all owned.  Strings are never NULL unless said. */
typedef struct {
    int64_t n;
    int64_t from_n, from_k; /* the receiver who gave it on; 0: the first */
    char *task, *state, *giver;
    char *person, *capacity, *proposer; /* NULL: see the schema */
    char *instructions, *note;
    char *due; /* NULL: none */
    char *why;
    NskInstant at, recalled; /* recalled 0: not */
} NskDispositionRow;
void nsk_disposition_row_free(gpointer row);

/* A row of table disposition_receiver; all owned. */
typedef struct {
    int64_t n, k;
    char *position, *state, *report;
    char *task, *reader, *doer; /* NULL: none */
    bool lead;
    NskInstant read, answered, urged; /* 0: not */
} NskReceiverRow;
void nsk_receiver_row_free(gpointer row);
/* Whether it is still to do something. */
bool nsk_receiver_is_open(const NskReceiverRow *self);

/* --- disposition-rows.c --- */

/* All of a letter, in order; owned arrays. */
GPtrArray *nsk_disposition_list(NskDbTxn *txn, const char *letter, GError **error);
GPtrArray *nsk_receiver_list(NskDbTxn *txn, const char *letter, GError **error);
/* Inserts @row with the next number, which it sets; and its receivers, the first of which leads if
 * there are several. */
bool nsk_disposition_add(NskDbTxn *txn,
                         const char *letter,
                         NskDispositionRow *row,
                         char *const *receivers,
                         GError **error);
bool nsk_receiver_add(NskDbTxn *txn, const char *letter, const NskReceiverRow *row, GError **error);
/* Those of @letter that were read or urged at @at from now on. */
bool nsk_receiver_set_read(NskDbTxn *txn,
                           const char *letter,
                           const NskReceiverRow *row,
                           const char *person,
                           NskInstant at,
                           GError **error);
bool nsk_receiver_set_urged(NskDbTxn *txn,
                            const char *letter,
                            const NskReceiverRow *row,
                            NskInstant at,
                            GError **error);
/* The proposal for the task is not wanted any more. */
bool nsk_proposal_drop(NskDbTxn *txn, const char *letter, const char *task, GError **error);
/* Puts words of the journal into the rows that they belong to. */
bool nsk_disposition_restore_words(NskDbTxn *txn,
                                   const char *letter,
                                   const NskJournalEvent *event,
                                   GError **error);

/* A disposition of the book of a unit: those of letters in its agenda, and those that its positions
 * gave; owned. */
typedef struct {
    char *letter;
    int64_t n;
    NskInstant at;
} NskDispositionPlace;
void nsk_disposition_place_free(gpointer place);
/* Those given from @from until before @until, in order, behind @after (zero: from the first),
 * @limit at most.  Owned array of NskDispositionPlace. */
typedef struct {
    const char *unit;
    NskInstant from, until;
    const NskDispositionPlace *after;
    unsigned limit;
} NskDispositionBookAsk;
GPtrArray *nsk_disposition_book(NskDbTxn *txn, const NskDispositionBookAsk *ask, GError **error);

/* --- disposition-tree.c --- */

/* The dispositions of a letter, and what of them a person may see.  Zero it, load it, clear it. */
typedef struct {
    GPtrArray *dispositions; /* NskDispositionRow */
    GPtrArray *receivers;    /* NskReceiverRow */
    GPtrArray *own;          /* positions that the person looks through; borrowed by @readings */
    GPtrArray *readings;
    bool sees_all;
} NskTree;
bool nsk_tree_load(NskTree *self, NskDbTxn *txn, const char *letter, GError **error);
/* Whose eyes: nsk_tree_sees() answers for them. */
bool nsk_tree_look(NskTree *self,
                   NskOffice *office,
                   NskDbTxn *txn,
                   const NskLetterRow *row,
                   GError **error);
/* The same with the readings of that day, of which it takes a reference. */
void nsk_tree_look_through(NskTree *self, GPtrArray *readings, const NskLetterRow *row);
void nsk_tree_clear(NskTree *self);
NskDispositionRow *nsk_tree_disposition(const NskTree *self, int64_t n);
/* The receiver before whom the task lies, or lay last; NULL: none. */
NskReceiverRow *nsk_tree_find_task(const NskTree *self, const char *task);
/* By whom the disposition was given, as one who received the letter himself; NULL: at the top. */
NskReceiverRow *nsk_tree_giver(const NskTree *self, int64_t n);
/* Whether @receiver is @above, or below it. */
bool
nsk_tree_is_below(const NskTree *self, const NskReceiverRow *receiver, const NskReceiverRow *above);
bool nsk_tree_is_own(const NskTree *self, const char *position);
/* Own, or below an own one. */
bool nsk_tree_sees(const NskTree *self, const NskReceiverRow *receiver);
/* Below one that the person gave to, or stands above. */
bool nsk_tree_is_above(const NskTree *self, const NskReceiverRow *receiver);
/* Whether words said with the task @task are for the person. */
bool nsk_tree_shows_task(const NskTree *self, const char *task);

/* --- disposition-follow.c: what the workflow does to the tree. --- */

/* A task of the letter was opened, or closed, by @event. */
bool nsk_follow_open(NskAct *act,
                     const NskFlowAction *action,
                     const NskFlowEvent *event,
                     const NskAdvance *advance,
                     GError **error);
bool nsk_follow_close(NskAct *act,
                      const char *key,
                      const NskTaskEnd *end,
                      const NskAdvance *advance,
                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskDispositionRow, nsk_disposition_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskReceiverRow, nsk_receiver_row_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskTree, nsk_tree_clear)

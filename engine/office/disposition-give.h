/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/disposition-private.h"

/* What giving, proposing and answering dispositions share; see disposition.c. */

/* The outcome that makes a task one of reading, by which a letter is disposed. */
#define NSK_OUTCOME_READING "dispose"

/* One act inside its change.  Borrowed, but for what is said. */
typedef struct {
    NskOffice *office;
    const NskDispositionAct *asked;
    NskDbTxn *txn;
    NskInstant now;
    char *answer;      /* owned; set by what does the act */
    NskJson *warnings; /* sentences that go with the answer; NULL: none; owned */
} NskDispositionWork;

/* A step of the workflow that an act makes; borrowed. */
typedef struct {
    const char *outcome;
    const char *action; /* in the journal */
    const char *sentence;
    const char *words; /* NULL: none */
    const NskJournalText *texts;
    size_t n_texts;
    int64_t giving;  /* number of the disposition that it carries out; 0: none */
    bool takes_back; /* it is another's task, which who gave it takes back */
    char *const *receivers;
} NskDispositionStep;

bool nsk_task_has_outcome(const NskTaskRow *task, const char *outcome);
/* INVALID: the task does not end so. */
bool nsk_disposition_set_wrong_task(const NskDuty *duty, GError **error);
/* Does the duty's task. */
bool nsk_disposition_step(NskDispositionWork *self,
                          NskDuty *duty,
                          const NskDispositionStep *step,
                          GError **error);
/* The same, and sets the answer. */
bool nsk_disposition_answer(NskDispositionWork *self,
                            NskDuty *duty,
                            const NskDispositionStep *step,
                            GError **error);
/* Sets the answer alone. */
bool nsk_disposition_set_answer(NskDispositionWork *self, const NskDuty *duty, GError **error);
/* Makes the task that the step just opened for the same receiver the duty's. */
bool nsk_disposition_go_on(NskDispositionWork *self, NskDuty *duty, GError **error);

/* --- disposition-recall.c --- */

/* For how long a disposition that nobody has seen can be undone; microseconds. */
#define NSK_DISPOSITION_UNDO ((int64_t)600 * G_USEC_PER_SEC)
/* The last that @person gave and that stands; by the task @key, if it is not NULL.  NULL: none. */
const NskDispositionRow *
nsk_disposition_find_given(const NskTree *tree, const char *person, const char *key);
/* The first receiver who has seen the disposition, or answered it; NULL: nobody has. */
const NskReceiverRow *nsk_disposition_find_reader(const NskTree *tree,
                                                  const NskDispositionRow *given);
bool nsk_disposition_undo(NskDispositionWork *self, GError **error);
bool nsk_disposition_recall(NskDispositionWork *self, GError **error);

/* --- disposition-give.c --- */

/* Whether the person is tata usaha for the position: its assistant, or the archivist of its unit.
 */
bool nsk_disposition_assists(NskOffice *office,
                             NskDbTxn *txn,
                             const char *position,
                             NskDate today,
                             bool *out_is,
                             GError **error);
bool nsk_disposition_give(NskDispositionWork *self, GError **error);
bool nsk_disposition_propose(NskDispositionWork *self, GError **error);
bool nsk_disposition_confirm(NskDispositionWork *self, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/advance-private.h"

/* What the files of deeds share; see deed.c. */

/* One deed inside its change.  Borrowed, but for what is said. */
typedef struct {
    NskOffice *office;
    const NskDeed *deed;
    NskDbTxn *txn;
    NskInstant now;
    const char *action; /* what the history calls a recall; NULL: "task-recalled" */
    char *answer;       /* owned; set by what does the deed */
} NskDeedWork;

/* Each does one deed: records it, and sets the answer. */
bool nsk_deed_recall(NskDeedWork *self, GError **error);
bool nsk_deed_claim(NskDeedWork *self, GError **error);
bool nsk_deed_unclaim(NskDeedWork *self, GError **error);
bool nsk_deed_assign(NskDeedWork *self, GError **error);
bool nsk_deed_reassign(NskDeedWork *self, GError **error);
bool nsk_deed_delegate(NskDeedWork *self, GError **error);
bool nsk_deed_hand_back(NskDeedWork *self, GError **error);
bool nsk_deed_urge(NskDeedWork *self, GError **error);
bool nsk_deed_return_to(NskDeedWork *self, GError **error);
bool nsk_deed_add(NskDeedWork *self, GError **error);
bool nsk_deed_suspend(NskDeedWork *self, GError **error);
bool nsk_deed_resume(NskDeedWork *self, GError **error);
bool nsk_deed_retry(NskDeedWork *self, GError **error);
bool nsk_deed_message(NskDeedWork *self, GError **error);

/* A task of a letter on the route, open or not, whosever it is.  Errors: NOT_FOUND, DENIED. */
NskDuty *nsk_deed_find_task(NskDeedWork *self, GError **error);
/* The act that @duty, or only a row, is about. */
NskAct nsk_deed_act(const NskDeedWork *self, NskLetterRow *row, NskDate today);
/* Moves the workflow on with @event and sets the answer. */
bool nsk_deed_advance(NskDeedWork *self, NskAct *act, const NskAdvance *advance, GError **error);
/* Whether the person may act in @position; else @error says why not. */
bool nsk_deed_check_holder(const NskDeedWork *self,
                           const char *position,
                           NskDate today,
                           NskCapacity *out_capacity,
                           GError **error);

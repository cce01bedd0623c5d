/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"

/* What the files about letters that come in share; see incoming-register.c. */

/* The TU of a unit, who acts; owned. */
typedef struct {
    NskUnit *unit;
    NskDate today;        /* in its zone */
    NskCapacity capacity; /* how the archivist's position is held, unless: */
    bool assisting;       /* by assisting a position of the unit */
} NskReceivingClerk;
/* Whether through @reading the person is TU of its unit. */
bool nsk_receiving_clerk_is(const NskReading *reading);
void nsk_receiving_clerk_free(NskReceivingClerk *self);
/* The person as TU of @unit.  Errors: DENIED; NOT_FOUND. */
NskReceivingClerk *nsk_receiving_clerk_find(NskOffice *office,
                                            NskDbTxn *txn,
                                            const char *unit,
                                            NskInstant now,
                                            GError **error);
/* The unit as whose TU the person registers a letter for @position (may be NULL): the nearest
 * around it, else the only one.  Owned.  Errors: DENIED; INVALID if there are several. */
char *nsk_receiving_clerk_choose_unit(NskOffice *office,
                                      NskDbTxn *txn,
                                      const char *position,
                                      NskDate date,
                                      GError **error);

/* The letter that @text means, an id, its end, a number, an agenda number or the sender's own, if
 * it came in and the person may know of it: by reading it, or as TU of its unit.  Both owned.
 * Errors: NOT_FOUND; INVALID if it may mean several. */
NskLetterRow *nsk_incoming_access(NskOffice *office,
                                  NskDbTxn *txn,
                                  const char *text,
                                  NskIncomingRow **out_incoming,
                                  GError **error);

/* Whether the person may know what the envelope of a letter that came in says. */
bool nsk_incoming_may_know(NskOffice *office,
                           NskDbTxn *txn,
                           const NskLetterRow *row,
                           bool *out_may,
                           GError **error);

/* What travels to the writer; all borrowed. */
typedef struct {
    const char *letter;      /* its id, made by who asks, under which a large scan lies already */
    GBytes *xml;             /* <letter> with <received> */
    const char *unit;        /* whose TU registers it */
    const char *file_name;   /* of the scan; NULL: none */
    GBytes *file;            /* its bytes; NULL: it lies beside the database already */
    const char *file_sha256; /* of that, in hex */
    GBytes *text;            /* the words of the scan; NULL: none */
    const char *act;         /* what its request id is good for */
    int64_t double_said;     /* 1: it was said whether it repeats another letter */
} NskIncomingChange;

/* What is done with a task of TU; all borrowed. */
typedef struct {
    const char *task;
    const char *outcome; /* "forward" or "file" */
    const char *to; /* positions parted by blanks, in place of the addressees; NULL: as it is */
    const char *note;
} NskIncomingAct;
bool nsk_call_incoming_act(NskOffice *self,
                           const NskIncomingAct *act,
                           NskJson **out_result,
                           GError **error);
/* call.c: has it done here or by the server. */
bool nsk_call_incoming_register(NskOffice *self,
                                const NskIncomingChange *change,
                                NskJson **out_result,
                                GError **error);
/* Whether the change would be refused as things stand; before a large scan is put in its place. */
bool nsk_incoming_check(NskOffice *self, const NskIncomingChange *change, GError **error);
/* The answer of an act: as nsk_act_answer(), and agenda, unit. */
char *nsk_incoming_answer(const NskAct *act, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskReceivingClerk, nsk_receiving_clerk_free)

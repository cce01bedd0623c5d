/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"

/* The expedition book: rows of table delivery, and what becomes of them.  See dispatch.c. */

/* A row; all owned. */
typedef struct {
    char *letter, *role, *unit, *position, *party, *channel, *state, *tracking, *receiver, *note;
    char *proof; /* NULL: none */
    int64_t n, tries;
    NskInstant opened, at, sent; /* sent 0: not yet */
} NskDeliveryRow;
void nsk_delivery_row_free(gpointer row);

/* --- delivery-rows.c --- */

/* Begins the book of a letter that is being sent: whom it reaches inside has it at once, the others
 * wait for a channel.  Rows that are there stay. */
bool nsk_delivery_open(NskAct *act, GError **error);
/* Rows of a letter, addressees first; owned array of NskDeliveryRow. */
GPtrArray *nsk_delivery_list(NskDbTxn *txn, const char *letter, GError **error);
/* Where a page of the book ends; borrowed. */
typedef struct {
    NskInstant opened;
    const char *letter, *role;
    int64_t n;
} NskDeliveryPlace;
/* All borrowed. */
typedef struct {
    const char *unit;
    bool open;                     /* only what is not with its receiver */
    NskInstant from, until;        /* when the letter was sent; until is not in it */
    const NskDeliveryPlace *after; /* NULL: from the oldest */
    unsigned limit;
} NskDeliveryAsk;
/* A piece of a unit's book in the order of (opened, letter, role, n). */
GPtrArray *nsk_delivery_book(NskDbTxn *txn, const NskDeliveryAsk *ask, GError **error);
/* Changes what a step may change. */
bool nsk_delivery_save(NskDbTxn *txn, const NskDeliveryRow *row, GError **error);
/* Puts into the rows what the letter's content and its journal say of them. */
bool nsk_delivery_restore(NskDbTxn *txn,
                          const char *id,
                          const NskLetter *letter,
                          const GPtrArray *entries,
                          GError **error);
/* Who it is for, as people read it: title of the position, or the outsider's name; owned. */
char *nsk_delivery_name(NskDbTxn *txn, const NskDeliveryRow *row);

/* delivery, as the list tells it; @letter is its row. */
NskJson *nsk_delivery_to_json(NskDbTxn *txn, const NskDeliveryRow *row, const NskLetterRow *letter);

/* --- dispatch.c --- */

/* A step as it travels: NskDispatchStep, with what is in the file. */
typedef struct {
    NskDispatchStep step;
    GBytes *file;            /* NULL: none, or a large one */
    const char *file_sha256; /* of one that lies beside the database already, in hex */
    const char *ending;      /* of its name; NULL: there is none */
} NskDispatchWork;
bool nsk_do_dispatch(NskOffice *self, const void *arguments, NskJson **out, GError **error);
/* Through the server, if there is one: call.c. */
bool nsk_office_dispatch_work(NskOffice *self,
                              const NskDispatchWork *work,
                              NskJson **out_result,
                              GError **error);

/* By what right a person keeps the book of a letter. */
typedef struct {
    char *position; /* owned */
    const char *capacity;
    bool assisting;
} NskClerk;
void nsk_clerk_clear(NskClerk *self);
/* The office (TU) that keeps the letters of the row's unit, the drafter and who assists him: those
 * who send letters and keep what shows it.  Errors: DENIED. */
bool nsk_access_clerk(NskOffice *office,
                      NskDbTxn *txn,
                      const NskLetterRow *row,
                      NskDate today,
                      NskClerk *out_clerk,
                      GError **error);

/* --- supersede.c --- */

/* Tells the letters that this one, which is being sent, corrects or revokes. */
bool nsk_supersede_tell(NskAct *act, GError **error);
/* Opens the letter again to those who had what it corrects or revokes. */
bool nsk_supersede_restore(NskDbTxn *txn, const char *id, GError **error);

/* --- national.c --- */

/* Whether names are such as an application may give.  Errors: INVALID. */
bool nsk_external_check(const NskExternal *external, GError **error);
/* Enters in a change what the letter is called there.  Errors: CONFLICT if another letter has that
 * id. */
bool nsk_external_enter(NskDbTxn *txn,
                        const char *letter,
                        const NskExternal *external,
                        NskInstant now,
                        GError **error);
bool nsk_do_letter_external(NskOffice *self, const void *arguments, NskJson **out, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskClerk, nsk_clerk_clear)

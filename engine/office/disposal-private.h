/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/disposal.h"
#include "office/records-private.h"

/* What the files of disposals share; see disposal.c. */

#define NSK_DISPOSAL_LIST "list.json" /* in a disposal's history */

/* A row of table disposal; all owned, NULL: none. */
typedef struct {
    char *id, *unit, *form, *state, *digest, *by, *consent, *decided_by, *position, *capacity;
    char *letter, *done_by;
    NskInstant at, decided, done; /* 0: not yet */
} NskDisposalRow;
void nsk_disposal_row_free(NskDisposalRow *self);
/* Errors: NOT_FOUND. */
NskDisposalRow *nsk_disposal_load(NskDbTxn *txn, const char *id, GError **error);
/* The row under a cursor over NSK_DISPOSAL_COLUMNS. */
NskDisposalRow *nsk_disposal_from_row(NskDbRows *rows);
#define NSK_DISPOSAL_COLUMNS                                                                       \
    "id, unit, form, state, digest, at, by, consent, decided, decided_by, position, capacity, "    \
    "letter, done, done_by"

/* An act on a disposal. */
typedef struct {
    NskOffice *office;
    const NskDisposalAct *act;
    const char *id; /* of a new one, or of the one that is meant */
    NskInstant now;
} NskDisposalWork;

/* What is written of an act; borrowed, zero is the default. */
typedef struct {
    const char *action;
    const char *sentence;
    const char *position; /* acted from */
    const char *capacity;
    GBytes *list; /* that the act is about: its digest is in the entry; NULL: none */
    bool keep;    /* stores the list */
} NskDisposalEvent;
/* Writes the rows of the disposal and the act into its history. */
bool nsk_disposal_record(const NskDisposalWork *work,
                         NskDbTxn *txn,
                         const NskDisposalEvent *event,
                         GError **error);

/* Whether the person acts as the head of the agency, and not as Plh.; *out_position: owned.
 * Errors: DENIED. */
bool nsk_disposal_check_head(const NskDisposalWork *work,
                             NskDbTxn *txn,
                             const NskDisposalRow *row,
                             char **out_position,
                             NskCapacity *out_capacity,
                             GError **error);
/* The position from which the person may give an opinion: the superior of the unit's archivist, or
 * the archivist of a unit above; *out_position: NULL before, owned.  Errors: DENIED. */
bool nsk_disposal_find_appraiser(const NskDisposalWork *work,
                                 NskDbTxn *txn,
                                 const NskDisposalRow *row,
                                 char **out_position,
                                 GError **error);
/* Retention of ten years and more needs the consent of the national archives.  Errors: INVALID;
 * CONFLICT if it is needed and not said. */
bool nsk_disposal_check_consent(const NskDisposalWork *work,
                                NskDbTxn *txn,
                                const NskDisposalRow *row,
                                GError **error);

/* --- disposal-list.c --- */

/* The list of the letters in the files @berkas as they are now, canonical; owned. */
GBytes *
nsk_disposal_make_list(NskDbTxn *txn, const char *unit, const GPtrArray *berkas, GError **error);
/* Ids of the disposal's files, in order; owned. */
GPtrArray *nsk_disposal_files(NskDbTxn *txn, const char *id, GError **error);
/*
 * The list that is proposed: that which the journal names, whole, and the same as the letters are
 * now.  Errors: UNTRUSTED if rows, list and journal do not say the same; CONFLICT if the letters
 * changed.
 */
GBytes *nsk_disposal_check_list(NskDbTxn *txn, const NskDisposalRow *row, GError **error);
/* The same without a look at the letters. */
GBytes *nsk_disposal_read_list(NskDbTxn *txn, const NskDisposalRow *row, GError **error);
/* It was approved, by somebody else than who proposed it, for the very list: by the journal.
 * Errors: CONFLICT, UNTRUSTED. */
bool nsk_disposal_check_approved(NskDbTxn *txn, const NskDisposalRow *row, GError **error);
/* By which receipt what was handed over was taken, as the journal keeps it; owned, NULL: by none
 * yet. */
bool nsk_disposal_read_receipt(NskDbTxn *txn,
                               const NskDisposalRow *row,
                               char **out_receipt,
                               GError **error);
/* None of its files is held.  Errors: CONFLICT. */
bool nsk_disposal_check_holds(NskDbTxn *txn, const NskDisposalRow *row, GError **error);

/* --- disposal-destroy.c --- */

/* Destroys what the list names, or goes on with it.  Errors: as nsk_office_disposal(); BUSY: it is
 * begun, and goes on when it is asked for again. */
bool nsk_disposal_destroy(const NskDisposalWork *work, NskJson **out_result, GError **error);

/* --- disposal-acts.c --- */

/* Sets "acts": what the person may do with the proposal as it stands, and "consent_needed". */
bool nsk_disposal_add_acts(NskOffice *self,
                           NskDbTxn *txn,
                           const NskDisposalRow *row,
                           NskJson *json,
                           GError **error);

/* --- disposal-show.c --- */

/* As nsk_office_disposal_show() says. */
NskJson *
nsk_disposal_to_json(NskOffice *self, NskDbTxn *txn, const NskDisposalRow *row, GError **error);

/* --- disposal-letter.c: the record of destruction. --- */

/* It was drafted for this list and is signed by all who sign it.  Errors: CONFLICT. */
bool nsk_disposal_check_letter(NskDbTxn *txn, const NskDisposalRow *row, GError **error);
/* Drafts it. */
bool nsk_disposal_certify(const NskDisposalWork *work, NskJson **out_result, GError **error);
/* The position of the unit's archivist; owned. */
char *nsk_disposal_archivist(NskDbTxn *txn, const char *unit, GError **error);
/* The head of the agency, by whom disposals are approved; owned. */
char *nsk_disposal_head(NskDbTxn *txn, const char *unit, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskDisposalRow, nsk_disposal_row_free)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"
#include "office/records.h"
#include "records/records.h"

#define NSK_LIMIT_BERKAS 5000 /* files of one list */

/* What the files about records share; see records.c and berkas.c. */

/* A version of a scheme; owned.  Errors: CORRUPT, NOT_FOUND. */
NskClassScheme *
nsk_records_scheme(NskDbTxn *txn, const char *name, const char *version, GError **error);

/* A row of table berkas; all owned. */
typedef struct {
    char *id, *unit, *scheme, *version, *code, *title, *opened_by, *closed_by, *moved_by;
    NskInstant opened, closed; /* closed: 0 if it is not */
    NskInstant moved;          /* to the records centre; 0: it is with its unit */
    NskDate counted;           /* unset: unknown yet */
} NskBerkasRow;
void nsk_berkas_row_free(NskBerkasRow *self);
/* Errors: NOT_FOUND. */
NskBerkasRow *nsk_berkas_load(NskDbTxn *txn, const char *id, GError **error);
/* The row under a cursor over NSK_BERKAS_COLUMNS. */
NskBerkasRow *nsk_berkas_from_row(NskDbRows *rows);
#define NSK_BERKAS_COLUMNS                                                                         \
    "id, unit, scheme, version, code, title, opened, opened_by, closed, closed_by, counted, "      \
    "moved, moved_by"
/* Whether the person acts as the archivist of the unit, which has its own or that of a unit above
 * it.  Errors: DENIED. */
bool nsk_berkas_check_archivist(NskOffice *self, NskDbTxn *txn, const char *unit, GError **error);
/* id -> name of the units whose files the person keeps; owned. */
GHashTable *nsk_berkas_list_kept(NskOffice *self, NskDbTxn *txn, GError **error);
/* The file for people as it stands on the day @on (unset: today), as nsk_office_berkas_show() says,
 * without letters. */
NskJson *nsk_berkas_to_json_on(NskOffice *self,
                               NskDbTxn *txn,
                               const NskBerkasRow *row,
                               NskDate on,
                               GError **error);
NskJson *
nsk_berkas_to_json(NskOffice *self, NskDbTxn *txn, const NskBerkasRow *row, GError **error);
/* What a file stands in its class for, and until when it is kept by its rule. */
typedef struct {
    NskRecordState state; /* on the day that was asked of */
    NskFate fate;
    unsigned years; /* active and inactive together */
    bool known;     /* the days below: its retention counts */
    NskRetention kept;
} NskBerkasStanding;
/* @on unset: today.  Errors: CORRUPT if its scheme does not have its class. */
bool nsk_berkas_stand(NskOffice *self,
                      NskDbTxn *txn,
                      const NskBerkasRow *row,
                      NskDate on,
                      NskBerkasStanding *out,
                      GError **error);

/* --- berkas-hold.c: holds, and the move to the records centre. --- */

/* An act on a file of records, as berkas.c makes it. */
typedef struct {
    NskOffice *office;
    const NskBerkasAct *act;
    const char *id; /* of a new one, or of the one that is meant */
    NskInstant now;
} NskBerkasWork;
/* Writes what became of the file into its history. */
bool nsk_berkas_record(const NskBerkasWork *work,
                       NskDbTxn *txn,
                       const char *action,
                       const char *words,
                       GError **error);
/* Errors: CONFLICT if it is not inactive, or was moved already. */
bool
nsk_berkas_move(const NskBerkasWork *work, NskDbTxn *txn, const NskBerkasRow *row, GError **error);
/* Each hold has a number and a reason, which is needed.  Errors: INVALID without one. */
bool
nsk_berkas_hold(const NskBerkasWork *work, NskDbTxn *txn, const NskBerkasRow *row, GError **error);
/* Errors: NOT_FOUND; CONFLICT if several hold it and none was named. */
bool nsk_berkas_release(const NskBerkasWork *work,
                        NskDbTxn *txn,
                        const NskBerkasRow *row,
                        GError **error);
/* Sets "holds": those that hold (n, since, by). */
bool nsk_berkas_add_holds(NskDbTxn *txn, const char *id, NskJson *json, GError **error);
bool nsk_berkas_is_held(NskDbTxn *txn, const char *id, bool *out_held, GError **error);
/* Adds the letters in it; subjects for who may read them. */
bool nsk_berkas_add_items(NskOffice *self,
                          NskDbTxn *txn,
                          const NskBerkasRow *row,
                          NskJson *json,
                          GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskBerkasRow, nsk_berkas_row_free)

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
    char *id, *unit, *scheme, *version, *code, *title, *opened_by, *closed_by;
    NskInstant opened, closed; /* closed: 0 if it is not */
    NskDate counted;           /* unset: unknown yet */
} NskBerkasRow;
void nsk_berkas_row_free(NskBerkasRow *self);
/* Errors: NOT_FOUND. */
NskBerkasRow *nsk_berkas_load(NskDbTxn *txn, const char *id, GError **error);
/* The row under a cursor over NSK_BERKAS_COLUMNS. */
NskBerkasRow *nsk_berkas_from_row(NskDbRows *rows);
#define NSK_BERKAS_COLUMNS                                                                         \
    "id, unit, scheme, version, code, title, opened, opened_by, closed, closed_by, counted"
/* Whether the person acts as the archivist of the unit, which has its own or that of a unit above
 * it.  Errors: DENIED. */
bool nsk_berkas_check_archivist(NskOffice *self, NskDbTxn *txn, const char *unit, GError **error);
/* The file for people, as nsk_office_berkas_show() says, without letters. */
NskJson *
nsk_berkas_to_json(NskOffice *self, NskDbTxn *txn, const NskBerkasRow *row, GError **error);
/* Adds the letters in it; subjects for who may read them. */
bool nsk_berkas_add_items(NskOffice *self,
                          NskDbTxn *txn,
                          const NskBerkasRow *row,
                          NskJson *json,
                          GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskBerkasRow, nsk_berkas_row_free)

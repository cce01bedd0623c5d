/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/loan.h"
#include "office/records-private.h"

#define NSK_LOAN_HISTORY "office/loan-"

/* A row of table loan; all owned. */
typedef struct {
    char *id, *unit, *person, *what, *why, *until, *state, *letter, *place;
    NskInstant asked, decided, given, ended; /* 0: not yet */
    char *decided_by, *given_by, *ended_by;
} NskLoanRow;
void nsk_loan_row_free(NskLoanRow *self);
/* Errors: NOT_FOUND. */
NskLoanRow *nsk_loan_load(NskDbTxn *txn, const char *id, GError **error);
/* For people; @keeps: whether the person keeps the files of its unit. */
NskJson *
nsk_loan_to_json(NskOffice *self, NskDbTxn *txn, const NskLoanRow *row, bool keeps, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskLoanRow, nsk_loan_row_free)

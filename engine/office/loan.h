/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office.h"

/* Loans of records (peminjaman arsip).  One handle in one thread, as office.h says.
 * nsk_office_word_of() knows "loan" (states). */

/*
 * @act is "ask" (anybody: @unit whose records, @what, @until and @note, why); by who acts as the
 * archivist of the unit "grant" (@letter or @place or both; @until, if another day), "refuse"
 * (@note), "give" and "return"; "withdraw" by who asked, until it is given.  From "give" to
 * "return", and no longer than its last day, the letter is open to who asked as if it had been sent
 * to him; secret letters are not lent.  Result: as an entry of nsk_office_loan_list().  Errors:
 * INVALID, NOT_FOUND, DENIED; CONFLICT if it is not at that step.
 */
typedef struct {
    const char *act;
    const char *loan; /* its id; NULL for "ask" */
    const char *unit, *what;
    const char *until; /* YYYY-MM-DD, today or later */
    const char *letter;
    const char *place; /* where the paper is kept */
    const char *note;  /* why */
} NskLoanAct;
bool nsk_office_loan(NskOffice *self, const NskLoanAct *act, NskJson **out_result, GError **error);
/* Loans that the person asked for, and those of units whose files he keeps, the newest first; with
 * @overdue only papers that should have come back.  Result: loans (loan, unit, unit_name, person,
 * name, what, why, until, state, letter, place, asked, decided, decided_by, given, given_by, ended,
 * ended_by, overdue, open (the letter is open to who asked now), keeps (the person keeps the unit's
 * files)).
 */
bool nsk_office_loan_list(NskOffice *self, bool overdue, NskJson **out_result, GError **error);
/* One of them.  Result: as an entry.  Errors: NOT_FOUND also for one that is not his. */
bool nsk_office_loan_show(NskOffice *self, const char *id, NskJson **out_result, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"

/*
 * A sheet: a title, some facts and a table, which an office prints, sends and opens in a table
 * calculator: registers, agenda books, evidence, receipts.
 *
 * All borrowed; zero is the default.  Texts are as they are to be read, in the reader's language.
 */
typedef struct {
    const char *label;
    const char *value; /* "" is shown as a dash */
} NskSheetFact;

typedef struct {
    const char *title;
    unsigned weight; /* of the column's width against the others'; 0: 1 */
    bool end;        /* figures: set against the right edge */
} NskSheetColumn;

typedef struct {
    const char *title;
    const char *subtitle; /* NULL: none */
    bool landscape;
    const NskSheetFact *facts;
    size_t n_facts;
    const NskSheetColumn *columns; /* none: there is no table */
    size_t n_columns;
    const GPtrArray *rows; /* of char **, with n_columns texts each; may be NULL */
    const char *note;      /* below the table; NULL: none */
} NskSheet;

/* A4, tagged PDF/A, the head of the table repeated on each page.  *out_pdf: owned.  Errors: LIMIT
 * above NSK_LIMIT_PAGES. */
bool nsk_sheet_to_pdf(NskOffice *self, const NskSheet *sheet, GBytes **out_pdf, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/*
 * The table alone, with its head: RFC 4180, UTF-8.  A text that a table calculator would take for a
 * formula has an apostrophe before it.
 */
GBytes *nsk_sheet_to_csv(const NskSheet *sheet);

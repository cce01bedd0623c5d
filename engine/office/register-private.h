/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/sheet-private.h"

/* A register that is being listed, and what its rows are made of; see register-list.c. */

#define NSK_BOOK_COLUMNS 12 /* at most */

typedef struct {
    const char *key;   /* member of the rows of the result */
    const char *title; /* English, for nsk_tr() */
    unsigned weight;
    bool end;          /* figures */
    const char *words; /* of a code: how nsk_office_word_of() is asked, "" by nsk_office_word();
                        * NULL: it is none */
} NskBookColumn;

typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    NskUnit *unit;
    int year;
    GPtrArray *readings; /* of who asks */
    const NskBookColumn *columns;
    size_t n_columns;
    GPtrArray *rows; /* of char **: a text a column, NULL-terminated */
} NskBook;

/* Adds a row; @texts: one a column, NULL is "".  Errors: LIMIT. */
bool nsk_book_add(NskBook *book, const char *const *texts, GError **error);
/* "2026-07-22 09:05" in the unit's zone; "" if @at is 0; owned. */
char *nsk_book_time(const NskBook *book, NskInstant at);
/* The columns of the list of archives, and where rows go. */
void nsk_book_begin_archived(NskBook *book);
/* As pages, or as a table; @sheet has the title and the facts.  *out_bytes: owned. */
bool nsk_book_write(NskBook *book, NskSheet *sheet, bool pdf, GBytes **out_bytes, GError **error);
void nsk_book_clear(NskBook *book);
/* Whether who asks may see what the letter says. */
bool nsk_book_may_read(const NskBook *book, const NskLetterRow *row, bool *out_may, GError **error);
/* From when to when the year is, in the unit's zone. */
bool
nsk_book_span(const NskBook *book, NskInstant *out_from, NskInstant *out_until, GError **error);

/* --- register-numbers.c --- */

/* The series that agenda numbers of letters that came in are taken from. */
#define NSK_SERIES_INCOMING "masuk"
/* Every position of the unit's registers of the year, void, reserved and skipped ones too. */
bool nsk_book_list_outgoing(NskBook *book, GError **error);
bool nsk_book_list_incoming(NskBook *book, GError **error);
/* Whom the letter is for, parted by semicolons; owned. */
char *nsk_book_list_addressees(NskBook *book, const NskLetterFacts *facts);
/* --- register-archive.c --- */
/* What the unit has filed, by the day of the letter; what the person may not read is left out. */
bool nsk_book_list_archive(NskBook *book, GError **error);
/* A line of such a list; what the letter says is shown. */
bool nsk_book_add_archived(NskBook *book, const NskLetterRow *row, const char *day, GError **error);
/* --- register-expedition.c --- */
bool nsk_book_list_expedition(NskBook *book, GError **error);
/* --- register-dispositions.c --- */
/* Those of letters in the unit's agenda and those that its positions gave: what the person may see
 * of them, a row a receiver. */
bool nsk_book_list_dispositions(NskBook *book, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskBook, nsk_book_clear)

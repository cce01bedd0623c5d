/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"

/*
 * Copies of secret letters: what a person is shown or given has a number, which is that of the
 * entry in the letter's history that says so.  Sources: reference/domain.md 1.7 (copy numbers),
 * signature-and-archive.md 7 (watermark with reader and time).
 *
 * What is copied, and the kind of object that the entry has it as ("copy-" before it).
 */
#define NSK_COPY_SCREEN "screen" /* the letter as text and pictures on a page */
#define NSK_COPY_PAGES  "pages"  /* marked pages as a file */
#define NSK_COPY_FILE   "file"   /* an attached file; marked if it is a PDF */
#define NSK_COPY_XML    "xml"    /* the letter's XML, not marked */
#define NSK_COPY_ADDRESSEE                                                                         \
    "addressee"                      /* pages for one of many, which have a number of their own    \
                                      */
#define NSK_COPY_SHEET    "sheet"    /* a disposition's sheet, marked */
#define NSK_COPY_ORIGINAL "original" /* the very bytes that are signed, or are to be signed */

/* A copy; all owned. */
typedef struct {
    char *letter;
    int64_t entry;
    char *number; /* "7KQ2M-9XD4T-14": the letter, and the entry */
    char *person, *position;
    char *what;
    char *sha256; /* of what it was made of, hex */
    NskInstant at;
} NskCopy;
void nsk_copy_free(NskCopy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskCopy, nsk_copy_free)

/* --- copy.c: the register. --- */

/* What is to be copied; borrowed. */
typedef struct {
    const char *letter, *person, *what;
    const char *sha256; /* NULL: whatever it is made of */
} NskCopyWish;
/* The copy that the person was given within the last minutes, which is the same one; NULL without
 * error if there is none. */
bool nsk_copy_find(NskDbTxn *txn,
                   const NskCopyWish *wish,
                   NskInstant now,
                   NskCopy **out_copy,
                   GError **error);
/* Errors: NOT_FOUND. */
NskCopy *nsk_copy_load(NskDbTxn *txn, const char *letter, int64_t entry, GError **error);
/* The row of an entry that was written just now; @object as the entry has it. */
bool nsk_copy_put(NskDbTxn *txn, const NskJournalEvent *event, int64_t entry, GError **error);
/* The row of an entry, if it tells of a copy. */
bool
nsk_copy_restore(NskDbTxn *txn, const char *letter, const NskJournalEntry *entry, GError **error);
/* Whether the rows of @letter's copies are what its journal says. */
bool nsk_copies_are_right(NskDbTxn *txn,
                          const char *letter,
                          const GPtrArray *entries,
                          bool *out_right,
                          GError **error);
/* The object of the entry of such a copy; NULL if @what is none.  Static. */
const char *nsk_copy_object(const char *what);
/* What an entry copied; NULL: nothing.  Borrowed. */
const char *nsk_copy_of_entry(const NskJournalEvent *event);
/* The number of a copy; owned. */
char *nsk_copy_number(const char *letter, int64_t entry);

/* --- copy-show.c --- */

/* What was copied, in words; borrowed. */
const char *nsk_copy_words(const char *what);

/* --- reading.c --- */

/* Before @bytes are given to the person: the copy is recorded, or found if it was given within the
 * last minutes.  NULL: nothing may be given. */
NskCopy *nsk_copy_take(NskOffice *self,
                       const NskLetterRow *row,
                       const char *what,
                       GBytes *bytes,
                       GError **error);
/* What the person has on the screen, after nsk_reading_keep(). */
NskCopy *nsk_copy_on_screen(NskOffice *self, const NskLetterRow *row, GError **error);

/* --- copy-mark.c --- */

/* Takes the copy (nsk_copy_take()) and gives the marked pages. */
bool nsk_copy_give(NskOffice *self,
                   const NskLetterRow *row,
                   const char *what,
                   GBytes *pdf,
                   GBytes **out_pdf,
                   GError **error);
/* The picture of a page for the screen, marked; nothing of it is kept. */
bool nsk_copy_picture(NskOffice *self,
                      const NskLetterRow *row,
                      const NskPreview *what,
                      GBytes **out_png,
                      GError **error);
/* Pages of @pdf with the marks of the copy; @page: this one alone, from 1; 0: all.  Of the same
 * bytes it makes the same ones.  No snapshot may be open. */
bool nsk_copy_mark(NskOffice *self,
                   const NskCopy *copy,
                   GBytes *pdf,
                   unsigned page,
                   GBytes **out_pdf,
                   GError **error);

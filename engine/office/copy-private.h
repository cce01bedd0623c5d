/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/copy.h"
#include "office/office-private.h"

/* What the files of certified copies share with those who check letters. */

#define NSK_COPY_KIND "salinan"

/* Who certifies copies of the letters of @unit; owned.  Errors: CONFLICT if nobody does. */
char *
nsk_copy_certifier(NskOffice *office, NskDbTxn *txn, const NskLetterRow *original, GError **error);
/* The letter is one that certified copies are made of.  Errors: CONFLICT. */
bool
nsk_copy_check_original(NskOffice *office, NskDbTxn *txn, const NskLetterRow *row, GError **error);
/* What keeps a letter from being a certified copy: "copy-original", "copy-certifier".  None for
 * other kinds. */
bool nsk_copy_find_faults(NskOffice *office,
                          NskDbTxn *txn,
                          const NskLetterRow *row,
                          const NskLetter *letter,
                          NskIssues *issues,
                          GError **error);
/* The same as an error: INVALID. */
bool nsk_copy_check(NskOffice *office, NskDbTxn *txn, const NskLetterRow *row, GError **error);
/* A copy was certified and sent: says so in the history of the letter that it is of. */
bool nsk_copy_tell(NskAct *act, GError **error);
/* What the copy says behind @label in its body; owned, NULL: nothing. */
char *nsk_copy_line(const NskLetter *copy, const char *label);
#define NSK_COPY_FOR "Diberikan kepada"
#define NSK_COPY_WHY "Untuk keperluan"

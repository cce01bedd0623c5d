/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/package.h"
#include "office/office-private.h"

/* What the files of evidence share; see evidence.c. */

#define NSK_EVIDENCE_JOURNAL    "representations/journal/data/"
#define NSK_EVIDENCE_COMPARISON "representations/comparison/data/"

/* --- evidence-log.c --- */

/* Adds the @entries of a letter (NskJournalEntry), the proof of each, the checkpoint, the newest
 * one that has a time stamp, and the log's key.  Errors: NOT_FOUND if an entry is not proved yet;
 * CORRUPT; IO. */
bool nsk_evidence_add_log(NskOffice *office,
                          NskDbTxn *txn,
                          const GPtrArray *entries,
                          NskPackage *package,
                          GError **error);

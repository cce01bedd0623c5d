/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"

/* What the files of rebuilding share; see rebuild.c. */

/* What a letter's rows are made from; all owned. */
typedef struct {
    NskLetter *letter; /* NULL: it was destroyed */
    NskJson *record;
    GPtrArray *entries; /* of its journal, checked */
} NskLetterSources;
void nsk_letter_sources_clear(NskLetterSources *self);
/* Errors: UNTRUSTED, CORRUPT, NOT_FOUND if something is not there. */
bool nsk_letter_sources_read(NskDbTxn *txn, const char *id, NskLetterSources *out, GError **error);
/* Makes the rows of @id; there must be none yet. */
bool nsk_rebuild_letter(NskDbTxn *txn, const char *id, GError **error);
/* Whether the rows of @id say what its sources say; adds "index-differs" if not. */
bool nsk_check_letter_rows(NskDbTxn *txn, const char *id, NskIssues *issues, GError **error);

/* Whether the readers of @id are those of its history; adds "reader-unfounded" or "reader-missing"
 * if not. */
bool nsk_check_readers(NskDbTxn *txn, const char *id, NskIssues *issues, GError **error);
/* Whether rules, settings, registers, files of records, proposals and handovers are what their
 * histories say; adds "index-differs" or "rule-differs" if not. */
bool nsk_check_office_rows(NskDbTxn *txn, NskIssues *issues, GError **error);

/* Whether the rows of the directory say what its newest version says; adds "index-differs" if not.
 */
bool nsk_check_directory_rows(NskDbTxn *txn, NskIssues *issues, GError **error);

/* Settings, directory, rules and what no letter says of the registers, from refs/office. */
bool nsk_rebuild_office(NskDbTxn *txn, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskLetterSources, nsk_letter_sources_clear)

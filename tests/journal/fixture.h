/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "journal/journal.h"

/* What the tests of the journal share. */

#define LETTER_A "01981f00-0000-7000-8000-00000000000a"
#define LETTER_B "01981f00-0000-7000-8000-00000000000b"
#define PERSON   "01981f00-0000-7000-8000-0000000000aa"
#define OID      "12bf3655f1a355e4d9fe4a02ee83bad53ea1fa4d"
#define TIME_1   (G_GINT64_CONSTANT(1784710800) * G_USEC_PER_SEC) /* 2026-07-22T09:00:00Z */

NskDb *fixture_open(void);
/* A whole event of @letter with an object, a reason and a note. */
NskJournalEvent fixture_event(const char *letter);
/* Appends in a change of its own. */
bool fixture_append(NskDb *db, const NskJournalEvent *event, GError **error);
/* @n events of @letter, which must succeed. */
void fixture_fill(NskDb *db, const char *letter, int n);
bool fixture_erase(NskDb *db, const char *letter, int64_t seq, const char *name);
/* Runs a statement that a test uses to damage the database, $1 being @letter; without the triggers
 * that keep the journal from it. */
void fixture_tamper(NskDb *db, const char *sql, const char *letter);
/* Findings of a check as "tag:line tag:line". */
char *fixture_check(NskDb *db, const char *letter);

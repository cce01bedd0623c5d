/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"

/* What the tests of the store share: small commits, tampering, the stock git client. */

#define LETTER_A "01981f00-0000-7000-8000-00000000000a"
#define LETTER_B "01981f00-0000-7000-8000-00000000000b"
#define LETTER_C "01981f00-0000-7000-8000-00000000000c"
#define TIME_1   (G_GINT64_CONSTANT(1784710800) * G_USEC_PER_SEC) /* 2026-07-22T09:00:00Z */

/* A commit of LETTER into REPOSITORY with one file "<letter>.xml"; for designated changes. */
NskStoreCommit fixture_commit(const char *letter, const char *repository);
/* Commits in a change of its own; returns the oid, or NULL with @error set. */
char *fixture_try(NskDb *db, const NskStoreCommit *commit, GError **error);
/* The file's content is @text; the commit must succeed. */
char *fixture_put(NskDb *db, const NskStoreCommit *commit, const char *name, const char *text);
/* As fixture_put(), when the oid does not matter. */
void fixture_add(NskDb *db, const NskStoreCommit *commit, const char *name, const char *text);
/* Runs statements that a test uses to damage the database; $1 is @letter. */
void fixture_tamper(NskDb *db, const char *sql, const char *letter);
/* The first column of the first row; 0 if none. */
int64_t fixture_number(NskDb *db, const char *sql);
/* Runs git in @folder; returns what it printed to both streams and puts its status. */
char *
fixture_git(const char *folder, int *out_status, const char *first, ...) G_GNUC_NULL_TERMINATED;
/* A new folder; removed by fixture_remove(). */
char *fixture_folder(void);
void fixture_remove(char *folder);

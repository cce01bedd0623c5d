/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fixture.h"

/*
 * Workflows made for tests, which take the place of "surat-keluar", and looking at what an office
 * keeps for them.  Each begins with the draft, "konsep" with the outcome "submit"; most archive the
 * letter when it was submitted and what they wait for has come.
 */
extern const char models_reminded[];
extern const char models_monthly[];
extern const char models_rested[];
extern const char models_working[];
extern const char models_stuck[];
extern const char models_stuck_at_once[];
extern const char models_answered[];
extern const char models_refusable[];
extern const char models_signalled[];
extern const char models_shared[];
extern const char models_separate[];
extern const char models_parallel[];
extern const char models_listening[];
extern const char models_by_message[];
extern const char models_by_signal[];
extern const char models_by_anything[];
extern const char models_unknown[];

#define MODELS_HOUR ((NskInstant)3600 * G_USEC_PER_SEC)

/* Puts a workflow in force; the result. */
NskJson *models_deploy(Fixture *f, const char *workflow);
/* The same, and the id of a draft under it. */
char *models_begin(Fixture *f, const char *workflow);
/* The rows of a query about a letter, parted by "; ". */
char *models_look(Fixture *f, const char *sql, const char *letter);
void models_assert_rows(Fixture *f, const char *sql, const char *letter, const char *expected);
void models_assert_state(Fixture *f, const char *letter, const char *expected);
/* What was written says what the rows say. */
void models_assert_whole(Fixture *f);
/* Lets workflows go on by themselves; how many timers fired. */
int64_t models_run(Fixture *f);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/bytes.h"
#include "db/db.h"
#include "office/office.h"

/*
 * What the tests of the office share: a demo office in a folder of its own for each test, copied
 * from one that is made once a program, and a clock that the test owns.
 *
 * Unless a function says otherwise, it asserts that what it does succeeds.  Results are owned by
 * the caller.
 */
typedef struct {
    char *dir;
    NskOffice *office; /* of nobody until fixture_as() */
    NskInstant now;    /* moved on by a minute with each act */
    NskClock clock;
    char *passphrase; /* of all keys */
    char *trust;      /* path of the demo authority's root */
} Fixture;

/* The day of most tests, a Wednesday; offices are made on FIXTURE_FIRST_DAY. */
#define FIXTURE_DAY       "2026-07-22"
#define FIXTURE_FIRST_DAY "2026-06-01"

/* Nine o'clock in Asia/Jakarta on @date. */
NskInstant fixture_morning(const char *date);

typedef struct {
    const char *path;
    void (*run)(Fixture *f, gconstpointer data);
    const char *date; /* of the clock; NULL: FIXTURE_DAY */
} FixtureTest;
/* The main() of a test program. */
int fixture_main(int argc, char **argv, const FixtureTest *tests, size_t n);

/* A folder of the test's own beside the office, not made yet. */
char *fixture_path(const Fixture *f, const char *name);
/* Ends the office's handle and opens it anew, with @request_id for the next change if not NULL. */
void fixture_reopen(Fixture *f, const char *request_id);
void fixture_as(Fixture *f, const char *person);

/* A letter in few words.  NULL: as the default says.  Positions are parted by blanks. */
typedef struct {
    const char *kind;        /* "surat-dinas" */
    const char *security;    /* "biasa" */
    const char *number;      /* none */
    const char *date;        /* none */
    const char *subject;     /* "Undangan Rapat" */
    const char *to;          /* "kepala-biro-sdm" */
    const char *copies;      /* none */
    const char *reviewers;   /* "kepala-subbagian-persuratan kepala-bagian-tata-usaha" */
    const char *signatories; /* POSITION:CAPACITY[:MANDATE]; "kepala-biro-umum:definitive" */
    const char *references;  /* TYPE:LETTER; none */
    const char *text;        /* of the one paragraph */
} Words;
GBytes *fixture_letter(const Words *words);

/* A draft of damar, the clerk of Biro Umum; its id. */
char *fixture_draft(Fixture *f, const Words *words);
/* A draft of @person for @position (NULL: the only one). */
char *fixture_draft_of(Fixture *f, const char *person, const char *position, GBytes *xml);
/* A new version by @person; the result. */
NskJson *fixture_edit(Fixture *f, const char *person, const char *letter, const Words *words);
/* @person does his task of @letter. */
NskJson *fixture_act(Fixture *f,
                     const char *person,
                     const char *letter,
                     const char *outcome,
                     const char *note);
/* From the draft of damar to the first signatory, through the default reviewers. */
char *fixture_to_signatory(Fixture *f, const Words *words);
NskJson *fixture_show(Fixture *f, const char *person, const char *letter);
/* The SHA-256 of the pages that @person is shown. */
char *fixture_prepare(Fixture *f, const char *person, const char *letter);
/* Prepares and confirms with the person's own key; the result of confirming. */
NskJson *fixture_sign(Fixture *f, const char *person, const char *letter);
/* As fixture_sign() from the confirming on, but it may fail. */
bool fixture_confirm(Fixture *f,
                     const char *person,
                     const NskSignAct *act,
                     NskJson **out_result,
                     GError **error);
GBytes *fixture_export(Fixture *f, const char *person, const char *letter, int form);
/* The letter's history, which must hold. */
NskJson *fixture_history(Fixture *f, const char *person, const char *letter);
/* "action action ..." of the letter's history, oldest first. */
char *fixture_actions(Fixture *f, const char *person, const char *letter);

/* These must fail with @code and words that hold @said; return the whole message. */
char *fixture_act_fails(Fixture *f,
                        const char *person,
                        const NskTaskAct *act,
                        int code,
                        const char *said);
/* Asserts that @error is @code, one sentence that holds @said; clears it. */
void fixture_refused(GError **error, int code, const char *said);
/* Whether @person finds the letter; if not, the answer must be NOT_FOUND. */
bool fixture_finds(Fixture *f, const char *person, const char *letter);

/* Closes the office and runs a static statement that damages it, $1 being @letter unless that is
 * NULL, past all that guards it; fixture_tamper() opens it again. */
void fixture_damage(Fixture *f, const char *sql, const char *letter);
void fixture_tamper(Fixture *f, const char *sql, const char *letter);
/* Tags of the doctor's findings, errors alone, parted by blanks. */
char *fixture_doctor(Fixture *f);
/* SHA-256 in hex. */
char *fixture_sha256(GBytes *bytes);

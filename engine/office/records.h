/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office.h"

/* Records: classification schemes and files of records.  One handle in one thread, as office.h
 * says. nsk_office_word_of() knows "berkas" (states), "trigger" and "fate". */

/*
 * Puts a classification scheme with its retention schedule in force: a table (CSV) that is called
 * as its file.  Files of records keep the version that they were opened under.  By the owner of the
 * office's folder, or who looks after the office.  Result: scheme, classes, rules (classes with a
 * retention rule), added, changed, gone (against what was in force).  Errors: INVALID with all
 * findings; DENIED.
 */
bool nsk_office_records_load(NskOffice *self,
                             const NskOfficeFile *file,
                             NskJson **out_result,
                             GError **error);
/* What nsk_office_records_load() would do; nothing is changed. */
bool nsk_office_records_check(NskOffice *self,
                              const NskOfficeFile *file,
                              NskJson **out_result,
                              GError **error);

/*
 * A file of records (berkas), by who acts as the archivist of its unit: @act is "open" (@unit,
 * @scheme, @code, @title), "add" (@letter, whose route has ended), "close" or "date" (@date: the
 * day from which retention counts, where that is not the closing itself; it is set once), "move"
 * (to the records centre, once it is inactive), "hold" (@note says why) or "release" (@note, and
 * @hold if there are several).  Others may be NULL.  Result: as an entry of
 * nsk_office_berkas_list(), of "move" with its letters.  Errors: INVALID, NOT_FOUND, DENIED;
 * CONFLICT if it is closed, the letter is in a file already, it is not inactive, or was moved.
 */
typedef struct {
    const char *act;
    const char *berkas; /* its id; NULL for "open" */
    const char *unit, *scheme, *code, *title;
    const char *letter;
    const char *date; /* YYYY-MM-DD, not in the future */
    const char *note; /* in the journal alone */
    const char *hold; /* number of the hold that is lifted */
} NskBerkasAct;
bool
nsk_office_berkas(NskOffice *self, const NskBerkasAct *act, NskJson **out_result, GError **error);
/* The entry, and letters (letter, at, subject, number and date for who may read it). */
bool nsk_office_berkas_show(NskOffice *self, const char *id, NskJson **out_result, GError **error);
/* Those of @unit (NULL: of all) that the person keeps, the newest first.  Result: files (berkas,
 * unit, scheme, version, code, class, title, opened, opened_by, closed, closed_by, counted (the day
 * from which retention counts), trigger ("closed", "contract", "budget", "left"), active_years,
 * inactive_years, fate ("destroy", "permanent", "review"), inactive_from, due_from, state today
 * ("open", "waiting", "active", "inactive", "due"), moved and moved_by, holds (n, since, by), next
 * (what is due: "move", "destroy", "transfer", "review"; null: nothing, or it is held), disposal
 * and disposal_state (the proposal that it is in, or was disposed of by; or null)). */
bool
nsk_office_berkas_list(NskOffice *self, const char *unit, NskJson **out_result, GError **error);
/* Those of @unit (NULL: of all) that the person keeps and that something is due of on the day @on
 * (YYYY-MM-DD; NULL: today), what waits longest first, and those that would be but are held.
 * Result: on (the day, if one was asked of), files (as above; words: rule and reckoning in plain
 * words).  Errors: INVALID. */
bool nsk_office_records_due(NskOffice *self,
                            const char *unit,
                            const char *on,
                            NskJson **out_result,
                            GError **error);

/* --- berkas-look.c: looking for files, and schemes --- */

/* NULL or "": any. */
typedef struct {
    const char *unit;
    const char *state; /* "open", "waiting", "active", "inactive", "due" */
    const char *code;  /* with the classes below it */
    const char *text;  /* words of its title or class */
    unsigned limit;    /* at most 200; 0: 50 */
    const char *after; /* "next" of the page before */
} NskBerkasAsk;
/* The files that the person keeps, the newest first, a page at a time.  Result: files as of
 * nsk_office_berkas_list(), next (NULL: there are no more).  Errors: INVALID. */
bool nsk_office_berkas_find(NskOffice *self,
                            const NskBerkasAsk *ask,
                            NskJson **out_result,
                            GError **error);
/* The units whose files the person keeps.  Result: units (id, name). */
bool nsk_office_berkas_units(NskOffice *self, NskJson **out_result, GError **error);
/* Where a letter is kept.  Result: keeps (whether the person keeps the files of its unit), ended
 * (whether its route has, so that it may be put into one); if he keeps them: in (the file it is in:
 * berkas, code, title; or none), open (those of its unit that take letters).  Errors: as reading
 * the letter. */
bool
nsk_office_berkas_of(NskOffice *self, const char *letter, NskJson **out_result, GError **error);

typedef struct {
    const char *scheme; /* NULL: only which schemes there are */
    const char *below;  /* a code: that class and those below it; NULL: all */
    const char *text;   /* in the code or the name; NULL: any */
} NskClassAsk;
/* Classes of a scheme in force, for everybody: it is an instrument that each agency makes public.
 * Result: schemes (scheme, version, since); with a scheme: scheme, version, classes (code, name,
 * level from 0, parted (classes are below it), and of one with a rule trigger, active_years,
 * inactive_years, fate), shortened (there were too many; those next below are told).  Errors:
 * NOT_FOUND. */
bool nsk_office_records_classes(NskOffice *self,
                                const NskClassAsk *ask,
                                NskJson **out_result,
                                GError **error);

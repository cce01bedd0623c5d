/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office.h"

/*
 * Looking after an office on its pages.  Who may is named by the owner of the office's folder, by
 * nsk_office_account_act() with "appoint" and "dismiss", and holds a position today.  He may do
 * what commands leave to that owner, except naming others; a program (token) never may.
 *
 * What is for him is DENIED to everybody else who comes through the door; who opens the folder
 * himself is asked nothing.  A handle: one thread at a time.  Errors as in office.h.
 */
bool nsk_office_may_administer(NskOffice *self, bool *out_may, GError **error);

/* --- What is to be looked after; all for who may ------------------------------------------------
 */

/* Result: person, name, printed, nip, rank, email, holdings (position, title, capacity, from,
 * until), account (name, state as nsk_office_account_list() has it, codes, administers; or none),
 * sessions (agent, address, begun, seen). */
bool
nsk_office_person_show(NskOffice *self, const char *person, NskJson **out_result, GError **error);
/* Result: mandates (mandate, giver, giver_title, receiver, receiver_title, capacity, kinds, from,
 * until, document). */
bool nsk_office_mandates(NskOffice *self, NskJson **out_result, GError **error);
/* Result: registers (unit, unit_name, series, scope, first, last, bound, reserved, void). */
bool nsk_office_registers(NskOffice *self, NskJson **out_result, GError **error);
/* @type: "profile", "workflow", "kind" or "calendar".  Result: rules (name, version, at, in_force,
 * letters: how many were made under it), those in force first. */
bool nsk_office_rules(NskOffice *self, const char *type, NskJson **out_result, GError **error);
typedef struct {
    const char *type;
    const char *name;
    const char *version;
} NskRuleName;
/* The file of a version; *out_bytes: owned.  Errors: NOT_FOUND. */
bool
nsk_office_rule_read(NskOffice *self, const NskRuleName *rule, GBytes **out_bytes, GError **error);
/* A workflow as a picture (SVG); no office is needed. */
bool nsk_office_workflow_diagram(const NskOfficeFile *file, GBytes **out_svg, GError **error);
/* When the last backup was made by 'naskah backup'.  Result: backup (taken, letters), or none. */
bool nsk_office_last_backup(NskOffice *self, NskJson **out_result, GError **error);

/* Which changes; all borrowed, NULL: all. */
typedef struct {
    const char *person; /* by this person, or part of the program */
    const char *letter; /* an id, its end, a number; or "office/NAME" */
    const char *from;   /* civil dates, both included */
    const char *until;
    const char *after; /* "next" of the page before */
    bool whole;        /* some thousands in place of a page */
} NskAuditAsk;
/* The newest changes of all histories, without what they say of a letter's content.  Result:
 * entries (at, history, seq, is_letter, actor, name, position, action), the newest first; next
 * (where to go on, or null). */
bool
nsk_office_audit(NskOffice *self, const NskAuditAsk *ask, NskJson **out_result, GError **error);

/*
 * What goes on by itself for the person; @all: for everybody, to who looks after the office, and
 * without subjects.  Result: signings (letter, subject, person, state, says, at), completions (of
 * signatures that are to last: letter, subject, level, wanted, due, tries, fault), mail (made,
 * tries, fault) that is not sent yet.
 */
bool nsk_office_background(NskOffice *self, bool all, NskJson **out_result, GError **error);

/* --- Searches -----------------------------------------------------------------------------------
 */

/* Searches that the person keeps; @place is "tugas" or "arsip". */
typedef struct {
    const char *place;
    const char *name;
    const char *query; /* of the page's address, without '?'; NULL: it is kept no more */
} NskSavedSearch;
/* Result: place, name.  Errors: INVALID; LIMIT; NOT_FOUND for one that is to go. */
bool nsk_office_search_keep(NskOffice *self,
                            const NskSavedSearch *search,
                            NskJson **out_result,
                            GError **error);
/* Result: searches (name, query), by name. */
bool
nsk_office_search_kept(NskOffice *self, const char *place, NskJson **out_result, GError **error);

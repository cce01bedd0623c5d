/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office.h"

/*
 * Who may read what (see office.h for what an office is).  Levels are "none", "letter" (as it was
 * signed) and "history" (also its versions and how it came to be).
 */

/* The rules: relations (relation, words, and a level for each class: biasa, terbatas, rahasia,
 * sangat-rahasia), as the judge of access has them.  Owned. */
NskJson *nsk_office_access_rules(void);
/* Who may read @letter today, and by what; @person: he alone, also if he may not.  About others
 * for those who may see its history.  Result: letter, security, readers (person, name, level, ways
 * (position, title, relation, why, level)).  A relation that is missing has no ground in the
 * letter's history.  Errors: NOT_FOUND, DENIED. */
bool nsk_office_access(NskOffice *self,
                       const char *letter,
                       const char *person,
                       NskJson **out_result,
                       GError **error);

/* Who read @letter, if it is secret, and which version of it.  Asking is a reading of its history.
 * Result: letter, security, readings (entry, at, person, name, position, capacity, how: opened,
 * taken, history or evidence, words, by: how the person was known, version; of what was shown or
 * taken also number, as it stands on the copy, what: screen, pages, file, xml, addressee, sheet or
 * original, copied: in words, and sha256 of what the copy was made of).  For those who may see its
 * history.
 */
bool nsk_office_access_readings(NskOffice *self,
                                const char *letter,
                                NskJson **out_result,
                                GError **error);
/* The same of those readings alone that were taken away as a file. */
bool
nsk_office_access_copies(NskOffice *self, const char *letter, NskJson **out_result, GError **error);
/* Whose the copy is that has @number on it, as its letter's history proves.  For those who may see
 * that history, and for who keeps the records of the letter's unit.  Result: number, letter, entry,
 * at, person, name, position, title, by, what, words, sha256.  Errors: NOT_FOUND, UNTRUSTED. */
bool
nsk_office_access_copy(NskOffice *self, const char *number, NskJson **out_result, GError **error);

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

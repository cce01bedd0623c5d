/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office.h"

/*
 * What somebody types into a letter's form and has not stored, so that a lost line, a closed
 * browser or an ended session costs nothing; and who is writing a letter now.
 *
 * What is typed is its writer's alone: it is sealed under a key for him and that letter, is no
 * version, stands in no history, and goes when the letter is stored, when he throws it away, or
 * after thirty days.
 *
 * A lease says that somebody is writing, so that two do not without knowing of each other.  It
 * lasts two minutes from the last time that something was kept, and may be taken over.  It guards
 * nothing: that is done by the letter's version when it is stored.  Errors as in office.h.
 */

#define NSK_LEASE_TIME ((int64_t)2 * 60 * G_USEC_PER_SEC)

/* Borrowed. */
typedef struct {
    const char *letter; /* its id; NULL: a new one */
    const char *kind;   /* of a new one */
} NskTypedPlace;

/*
 * Keeps @form (an object, at most NSK_TYPED_SIZE bytes as text) in place of what was kept, and
 * takes or renews the lease of a letter, from somebody else if @take_over.  *out_lease as of
 * nsk_office_lease_find(); NULL for a new letter.  Errors: LIMIT; NOT_FOUND and DENIED for who may
 * not see how the letter is made; CONFLICT for one that is no draft any more.
 */
#define NSK_TYPED_SIZE ((size_t)2 * 1024 * 1024)
bool nsk_office_typed_keep(NskOffice *self,
                           const NskTypedPlace *place,
                           const NskJson *form,
                           bool take_over,
                           NskJson **out_lease,
                           GError **error);
/* at, form; NULL without error if nothing is kept. */
bool nsk_office_typed_find(NskOffice *self,
                           const NskTypedPlace *place,
                           NskJson **out_typed,
                           GError **error);
/* Throws it away, and ends the person's lease. */
bool nsk_office_typed_drop(NskOffice *self, const NskTypedPlace *place, GError **error);
/* Of who writes @letter now: person (the name), mine, since, until.  NULL without error: nobody. */
bool
nsk_office_lease_find(NskOffice *self, const char *letter, NskJson **out_lease, GError **error);

/* Of the server's own worker: throws away what is over. */
bool nsk_office_forget_typed(NskOffice *self, GError **error);

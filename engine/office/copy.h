/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office.h"

/*
 * Certified copies (salinan, legalisir): letters of the kind "salinan" with a number of their own,
 * whose only attachment is the signed PDF of another letter, byte for byte, and whose signatory is
 * who certifies copies in the unit of that letter: the desk "salinan" of its profile, else the
 * archivist of the unit.  They are checked when they are submitted and again before the signature;
 * when one is sent, the history of the other letter says who certified it, for whom and why.  One
 * handle in one thread, as office.h says.
 */

typedef struct {
    const char *letter;    /* that is copied: signed here, with pages, and not secret */
    const char *recipient; /* for whom */
    const char *purpose;
    const char *position; /* whose draft it is; NULL: the only one of the person */
} NskCopyAsk;
/*
 * Drafts the copy and puts it before who certifies it.  Result: as of nsk_office_task_act(), and
 * certifier (position), original (letter).  Errors: INVALID, NOT_FOUND, CONFLICT.  If it could not
 * be submitted, the draft stays.
 */
bool
nsk_office_copy_draft(NskOffice *self, const NskCopyAsk *ask, NskJson **out_result, GError **error);
/* The copies of a letter, for who may read its history.  Result: letter, copies (letter, number,
 * date, state, position (that certifies), recipient, purpose), the last two null for who may not
 * read the copy. */
bool
nsk_office_copy_list(NskOffice *self, const char *letter, NskJson **out_result, GError **error);

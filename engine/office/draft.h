/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office.h"

/*
 * A letter as a form that people fill in, and back.  Fields are texts:
 *
 *     kind, security, urgency, classification, subject
 *     to, copies, reviewers, assignees   a line for each: a position's title, or of somebody
 * outside "name; u.p. whom; place" signatories                        the same, with "a.n. ", "plt.
 * " ... before it day, time                          of a meeting     (has_meeting: the letter may
 * have one) begins, ends                       of an assignment (has_assignment) text the body as
 * plain text (letter.h) body                               the body as XML, for an editor; it goes
 * before the text
 *
 * What the form does not show (attachments, references, notes at a copy ...) stays as it is.
 */

/* The fields of @xml, a letter or a kind's skeleton.  Errors: INVALID for what is no letter. */
bool nsk_office_draft_fields(NskOffice *self, GBytes *xml, NskJson **out_fields, GError **error);
/*
 * The letter that @fields make of @base, as readable XML.  What is wrong with what was typed is
 * added to @faults (an array) as objects of field and words.  Errors: INVALID for a @base that is
 * no letter.
 */
bool nsk_office_draft_compose(NskOffice *self,
                              GBytes *base,
                              const NskJson *fields,
                              NskJson *faults,
                              GBytes **out_xml,
                              GError **error);
/* Adds to @faults what schema and rules have against @xml, each with the field that it is about.
 * *out_is_whole: it can be stored. */
bool nsk_office_draft_check(NskOffice *self,
                            GBytes *xml,
                            NskJson *faults,
                            bool *out_is_whole,
                            GError **error);

/* Borrowed. */
typedef struct {
    const char *letter; /* its id; NULL: it is not stored yet */
    GBytes *xml;        /* what nsk_office_draft_check() says can be stored */
    unsigned page;      /* from 1; behind the last: the last */
    unsigned width;     /* pixels */
} NskDraftPage;
/* How a page of the letter looks if it is stored like this: a PNG, made by what makes its PDF.
 * Nothing of it is kept.  *out_page and *out_pages: which of how many.  Errors: INVALID; of a
 * stored letter as nsk_office_letter_export(). */
bool nsk_office_draft_picture(NskOffice *self,
                              const NskDraftPage *what,
                              GBytes **out_png,
                              unsigned *out_page,
                              unsigned *out_pages,
                              GError **error);

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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office.h"

/*
 * Disposal of files of records (penyusutan): proposals, their approval, and what is done then.
 * Sources: UU 43/2009, PP 28/2012 and Perka ANRI 37/2016 (appraisal, approval by the head of the
 * agency, consent of the national archives from ten years of retention on, a record of
 * destruction). One handle in one thread, as office.h says.  nsk_office_word_of() knows "disposal"
 * (states).
 */

/*
 * @act is
 *
 *   - "propose", by the unit's archivist: @berkas (ids parted by blanks, all due and of one unit)
 *     and @as ("destroy", "transfer", "review"); fixes the list of letters;
 *   - "opinion", by the superior of that archivist or the archivist of a unit above, not by who
 *     proposed it: @as ("agree", "disagree") and @note;
 *   - "approve", by who acts as the head of the agency, not as Plh., and did not propose it; needs
 *     an opinion that agrees, and @consent for a retention of ten years and more;
 *   - "refuse", by the same, with @note;
 *   - "withdraw", by who proposed it;
 *   - "certify": drafts the record of destruction as a letter; @first and @second sign it;
 *   - "destroy", by the unit's archivist, once that record is signed; @confirm.  It may take
 *     minutes, and is asked for again if it was cut off: then it goes on.
 *
 *   - "hand-over", by the unit's archivist, once that record is signed: the caller then takes out
 *     each letter with nsk_office_archive_export(); asked again, it says the same;
 *   - "receipt", with @note: the number of the receipt of who got them.  The letters stay.
 *
 * Result: as nsk_office_disposal_show().  Errors: INVALID, NOT_FOUND, DENIED, CONFLICT; UNTRUSTED
 * if its rows are not what its history says; BUSY: what was begun goes on when it is asked for
 * again.
 */
typedef struct {
    const char *act;
    const char *disposal; /* its id; NULL for "propose" */
    const char *berkas;
    const char *as;
    const char *note;           /* in the journal alone */
    const char *consent;        /* number of the letter of the national archives */
    const char *first, *second; /* positions; NULL: the archivist's superior, the archivist */
    const char *confirm;        /* the first digits of the list's digest, by who saw the list */
} NskDisposalAct;
bool nsk_office_disposal(NskOffice *self,
                         const NskDisposalAct *act,
                         NskJson **out_result,
                         GError **error);
/* For archivists of its unit, those who may give an opinion, and the head of the agency.  Result:
 * disposal, unit, form, state, digest, at, by, consent, decided, decided_by, letter (the record of
 * destruction), signed (whether it is), receipt (of who got them), done, done_by, opinions (at,
 * person, position, view, name, title), files (berkas, code, title, held, letters (letter, kind,
 * number, date, content, subject for who may read it, destroyed (whether it is))), letters (how
 * many), by_name, decided_name, unit_name, position_title, acts (what the person may do now:
 * "opinion", "decide", "withdraw", "certify", "destroy", "hand-over", "receipt"), consent_needed
 * (whether approving it needs the number of a consent).
 */
bool
nsk_office_disposal_show(NskOffice *self, const char *id, NskJson **out_result, GError **error);
/*
 * What is left of a destroyed letter, for who could read it and the archivist of its unit.  Result:
 * letter, unit, kind, security, state, created, number, date, content (SHA-256), versions, berkas,
 * code, disposal, record (letter id of the record of destruction), destroyed, destroyed_by, entries
 * (seq, at, actor, position, action, hash) of its journal, and what proves them, as in
 * nsk_office_letter_history().  Every other use case says GONE of such a letter.
 */
bool nsk_office_residual(NskOffice *self, const char *letter, NskJson **out_result, GError **error);
/* Those that the person may see, the newest first.  Result: disposals (as above, up to done_by,
 * unit_name and by_name). */
bool nsk_office_disposal_list(NskOffice *self, NskJson **out_result, GError **error);

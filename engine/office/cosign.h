/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office.h"

/*
 * Witnesses of the office's log (c2sp.org/tlog-witness): others, on machines of their own, who sign
 * its checkpoints, each only if it continues what they signed before.  A handle is for one thread
 * at a time; results are owned.
 */

/* Has the newest checkpoint cosigned by every witness whose time has come, a minute after the last
 * one at the earliest, and an hour after it also if nothing is new.  Who is away, or answers
 * nonsense, is asked less and less often, and nothing waits for him; nsk_office_witnesses() and
 * doctor tell of it.  A witness that shows a checkpoint which this log signed and does not have
 * raises an alarm: nothing is written any more.  A service's worker does it by itself.  Errors:
 * UNTRUSTED, that witness being named; IO. */
bool nsk_office_run_witnesses(NskOffice *self, GError **error);
/* The same of all at once, for the owner of the folder while no server runs.  Errors: NOT_FOUND if
 * there is no witness, or nothing is signed yet. */
bool nsk_office_ask_witnesses(NskOffice *self, GError **error);

/* Asks the witness of that public key (vkey) from now on, at @url; or at another address than
 * before.  Errors: INVALID; CONFLICT if there is another of that name; LIMIT; BUSY while a server
 * runs. */
bool nsk_office_add_witness(NskOffice *self, const char *vkey, const char *url, GError **error);
/* Asks it no more; what it signed stays.  Errors: NOT_FOUND; BUSY while a server runs. */
bool nsk_office_remove_witness(NskOffice *self, const char *name, GError **error);
/* Result: witnesses (name, key, url, since; entries and at of what it cosigned last, 0 and absent
 * if nothing; tries in vain since then, fault, claims: entries that it says it signed of another
 * log), entries (of the log, that are signed), origin and key of the log, which witnesses must be
 * told. */
bool nsk_office_witnesses(NskOffice *self, NskJson **out_result, GError **error);

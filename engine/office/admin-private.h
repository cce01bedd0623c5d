/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/admin.h"
#include "office/office-private.h"

/* Whether @person looks after the office on its pages. */
bool
nsk_admin_find(NskDbTxn *txn, const char *person, NskInstant now, bool *out_is, GError **error);
/* Whether who acts came through the door, by a session or a token. */
bool nsk_admin_comes_by_door(const NskOffice *self);
/* Inside a change or a snapshot: whether who acts may do what is the owner's of the folder.
 * Errors: DENIED. */
bool nsk_admin_check(NskOffice *self, NskDbTxn *txn, GError **error);
/* Whom the journal names: who came through the door, else @otherwise. */
const char *nsk_admin_actor(const NskOffice *self, const char *otherwise);
bool nsk_admin_set(NskDbTxn *txn, const char *person, bool is, NskInstant now, GError **error);

/* In the office's folder: when the last backup was made. */
#define NSK_BACKUP_NOTE "last-backup.json"
/* Notes what nsk_office_backup() answered. */
void nsk_admin_note_backup(NskOffice *self, const NskJson *result);

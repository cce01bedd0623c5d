/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "journal/log.h"
#include "office/office-private.h"

/* What the files about the journal as a log share; see log.c. */

#define NSK_LOG_FOLDER     "log"            /* in the office's folder: tiles and checkpoint */
#define NSK_LOG_CHECKPOINT "log/checkpoint" /* the newest, a signed note */
#define NSK_LOG_AUDIT      "log/audit"      /* how far an audit was that is not at its end */
#define NSK_LOG_KEY        "keys/log.key"   /* the secret of its signatures, 32 bytes */

/* The log's name, which its key has too; one more after each restored backup.  Owned. */
char *nsk_log_origin(const char *office, int64_t generation);

typedef struct {
    NskLogNoteKey key;
    uint8_t secret[NSK_ED25519_KEY_SIZE];
} NskLogKey;
void nsk_log_key_clear(NskLogKey *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskLogKey, nsk_log_key_clear)
/* Reads the key.  Errors: NOT_FOUND if there is none; CORRUPT; IO. */
bool nsk_log_key_load(const char *dir, const char *origin, NskLogKey *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/*
 * Compares the log in the database with the checkpoint beside it, without reading more of it than
 * its right edge.  *out_alarm: owned; says what is wrong; NULL: they belong together.  Errors: IO,
 * when it could not be compared.
 */
bool nsk_log_compare(const char *dir, NskDb *db, char **out_alarm, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* In a restored office: records that it was, from a backup of the moment @taken, and begins a new
 * generation of the log. */
bool nsk_log_record_restore(NskOffice *self,
                            const char *taken,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crypto/crypto.h"
#include "office/office-private.h"

/*
 * What making and taking back a backup share: folders that are being filled, files that are copied
 * with their digest, and the manifest.
 */

/* --- backup-files.c --- */

/*
 * A folder that is being filled beside the place that it will get.  While it has the file
 * "unfinished" it is worth nothing, and whoever finds it unlocked may remove it.
 */
typedef struct {
    char *path;  /* owned; NULL: not begun, or finished */
    int lock_fd; /* of the folder itself; -1 */
} NskStage;
#define NSK_STAGE_NONE ((NskStage){ NULL, -1 })

/*
 * Makes the folder @path.  One that an earlier process left unfinished is removed first.  One that
 * is finished but was never given its place is moved to @aside; with @aside NULL that is CONFLICT.
 * Errors: also BUSY if another process is filling it; IO.
 */
bool nsk_stage_begin(NskStage *self, const char *path, const char *aside, GError **error);
/* Makes everything in the folder durable and says that it is finished; it stays locked. */
bool nsk_stage_finish(NskStage *self, GError **error);
/* Ends the lock and, unless the folder was given away with nsk_stage_keep(), removes it. */
void nsk_stage_clear(NskStage *self);
/* The folder has got its place: nothing is to be removed any more. */
void nsk_stage_keep(NskStage *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskStage, nsk_stage_clear)

/* A file of a backup; @path is relative, with '/'. */
typedef struct {
    char *path; /* owned */
    int64_t size;
    char sha256[2 * NSK_SHA256_SIZE + 1]; /* hex */
} NskBackupFile;
NskBackupFile *nsk_backup_file_new(const char *path);
void nsk_backup_file_free(gpointer file);

/*
 * Copies @file->path from the folder @from into @to, making folders on the way; the copy is durable
 * but for its folders.  Fills in size and digest.  @max: bytes that it may have, -1: any number.
 * Errors: NOT_FOUND; LIMIT if it is larger than @max; IO.
 */
bool
nsk_backup_copy(NskBackupFile *file, const char *from, const char *to, int64_t max, GError **error);
/* Size and digest of a file that is in @folder already, which is made durable. */
bool nsk_backup_measure(NskBackupFile *file, const char *folder, GError **error);
/* Adds an NskBackupFile for each file below @top, sorted, with paths that begin with @top.  A
 * folder that is not there has none.  Errors: INVALID for what is neither file nor folder; IO. */
bool nsk_backup_list(GPtrArray *files, const char *folder, const char *top, GError **error);
/* The large files that what @txn sees names, each at its place in the office's folder: an owned
 * array of NskBackupFile.  Their digest is filled in from the name. */
GPtrArray *nsk_backup_list_blobs(NskDbTxn *txn, GError **error);
/* "2026-07-22T090000Z", to be part of a file's name; owned. */
char *nsk_backup_stamp(NskInstant at);

/* --- backup-manifest.c --- */

/* What a backup holds. */
typedef struct {
    bool keys;        /* the keys of the office, and nothing else */
    int schema;       /* of the database */
    char *origin;     /* of the office; owned */
    char *taken;      /* instant that the backup shows; owned */
    int64_t letters;  /* in the database */
    int64_t entries;  /* of the journal */
    GPtrArray *files; /* owned, of NskBackupFile, sorted by path */
} NskManifest;
void nsk_manifest_free(NskManifest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskManifest, nsk_manifest_free)

/* Writes manifest.json and manifest.sha256 into @folder.  *out_sha256: of manifest.json in hex,
 * owned. */
bool
nsk_manifest_write(const NskManifest *self, const char *folder, char **out_sha256, GError **error);
/*
 * Reads them back.  @sha256: what the manifest's digest must be as somebody noted it, or NULL.
 * Errors: NOT_FOUND if there is no manifest; CORRUPT, naming the file; UNSUPPORTED for a format or
 * schema of a newer program.
 */
NskManifest *nsk_manifest_read(const char *folder, const char *sha256, GError **error);
/* Letters and journal entries of a database. */
bool nsk_manifest_count(NskDbTxn *txn, int64_t *out_letters, int64_t *out_entries, GError **error);

/* --- doctor.c --- */

/* The part of the doctor that looks at the database alone. */
bool nsk_office_examine(NskOffice *self, NskIssues *issues, NskJson *result, GError **error);

/* The first error that this part finds: *out_words is owned, NULL if there is none. */
bool nsk_office_find_damage(NskOffice *self, char **out_words, GError **error);

/* --- numbers.c --- */

/* Says that numbers given after @taken are not known to this office. */
bool nsk_numbers_mark(NskOffice *self, const char *taken, GError **error);
/* *out_taken: owned; NULL if no number is in doubt. */
bool nsk_numbers_find_doubt(NskDbTxn *txn, char **out_taken, GError **error);

/* --- doctor-copies.c --- */

/* The part that looks at the repositories, which are made again from the database. */
bool nsk_office_examine_copies(NskOffice *self, NskIssues *issues, GError **error);

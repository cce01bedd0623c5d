/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include "base/clock.h"
#include "crypto/crypto.h"
#include "db/db.h"

/*
 * Versions of letters: git objects (gitformat-pack(5), SHA-1) in the office's database, and
 * ordinary git repositories made from them.  The only user of libgit2 and zstd.
 *
 * The truth is the tables object and head.  Objects are keyed (history, oid), where a history is
 * the short number of a letter, so that removing one letter cannot touch another; no version of a
 * file is compressed against one of another letter, and at most 8 versions lean on one another.  A
 * version is one commit whose tree is flat; a letter's history is linear and only grows.  Functions
 * that take a NskDbTxn belong to its thread.
 *
 * "letter" is a letter id, or "office/NAME" for the histories of the office itself (people,
 * profiles, workflows); its ref is "refs/letters/<id>" or "refs/office/NAME".
 *
 * A file of more than NSK_LIMIT_ATTACHMENT bytes lies in the folder blob/ beside the database, as
 * blob/ab/ab12... named by its SHA-256 in hex, and is there for good before a transaction names it.
 * In git, and in the repositories, a text stands for it under its name, and the table blob says
 * which letters hold it:
 *
 *     naskah-file 1
 *     name surat.pdf
 *     size 209715200
 *     sha256 ab12...
 *
 * nsk_store_read() follows it.  Other content that begins with that first line is kept in the same
 * way.  A database in memory has no such folder: there a file has NSK_LIMIT_OBJECT_SIZE at most.
 *
 * Every object that is read is hashed again; one that is not what was stored is
 * NSK_ERROR_CORRUPT, and the message names letter and object.
 */

/* The outbox's topic for projection; the words of a row are repositories that the letter is to be
 * in or to leave. */
#define NSK_STORE_TOPIC "project"

/* Hex digits of a git object id. */
#define NSK_OID_LEN 40

/*
 * A file's content, hashed and compressed before the change that stores it.  A value: immutable,
 * any thread.
 */
typedef struct _NskStoreBlob NskStoreBlob;

/*
 * Prepares @content for nsk_store_commit(), on the caller's thread.  It is compressed against the
 * newest version of the file in the snapshot @txn (NULL: the letter is new), and is stored as well
 * when other versions came in between; but only in the database of @txn, and under @letter.
 * Errors: INVALID, LIMIT; IO.
 */
NskStoreBlob *nsk_store_prepare(NskDbTxn *txn,
                                const char *letter,
                                const char *name,
                                GBytes *content,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * As nsk_store_prepare(), of the file at @path, of which no more than a piece is ever in memory.  A
 * large one is copied and durable when this returns; if it is not committed, it is an orphan that
 * the doctor finds after a day.  Errors: NOT_FOUND, INVALID if it is no file, LIMIT over
 * NSK_LIMIT_LARGE_FILE; IO.
 */
NskStoreBlob *nsk_store_prepare_file(NskDbTxn *txn,
                                     const char *letter,
                                     const char *name,
                                     const char *path,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As nsk_store_prepare_file(), of the large file @sha256 (hex) that such a call put in its place
 * before.  Errors: INVALID; NOT_FOUND; CORRUPT; IO. */
NskStoreBlob *nsk_store_prepare_kept(NskDbTxn *txn,
                                     const char *letter,
                                     const char *name,
                                     const char *sha256,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
NskStoreBlob *nsk_store_blob_ref(NskStoreBlob *self);
void nsk_store_blob_unref(NskStoreBlob *self);
/* SHA-256 of the file, computed now unless it is a large one. */
void nsk_store_blob_digest(const NskStoreBlob *self, uint8_t out_sha256[static NSK_SHA256_SIZE]);
uint64_t nsk_store_blob_get_size(const NskStoreBlob *self); /* in bytes */

/*
 * Files that were stored lately, in memory, for the next versions to lean on; those of one
 * database.  Any thread.
 */
typedef struct _NskStoreRecent NskStoreRecent;

/* Keeps at most @limit bytes of content. */
NskStoreRecent *nsk_store_recent_new(size_t limit);
void nsk_store_recent_free(NskStoreRecent *self); /* NULL is fine */
/* Keeps the file @name; @self may be NULL.  INVARIANT: the change that stored it was committed. */
void nsk_store_recent_add(NskStoreRecent *self, const char *name, NskStoreBlob *blob);
/*
 * As nsk_store_prepare(), without a look at the database.  *out_blob is NULL where that is needed:
 * @recent (may be NULL) does not have the file, or it is a large one.
 * Errors: as nsk_store_prepare().
 */
bool nsk_store_prepare_next(NskStoreRecent *recent,
                            const char *letter,
                            const char *name,
                            GBytes *content,
                            NskStoreBlob **out_blob,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A file of a version.  @name is plain: 1 to 128 of A-Z, a-z, 0-9, '-', '.', '_', beginning with a
 * letter or digit, without "..".  Borrowed. */
typedef struct {
    const char *name;
    GBytes *content;    /* not looked at if there is a blob */
    NskStoreBlob *blob; /* from nsk_store_prepare(); NULL: prepared inside the change */
} NskStoreFile;

/* A new version.  All borrowed; zero is the default. */
typedef struct {
    const char *letter;
    const char *repository;  /* where it is projected (see nsk_name_is_valid()); NULL: nowhere */
    const NskStoreFile *put; /* new or changed files; the others of the version before stay */
    size_t n_put;
    const char *const *removed; /* names, NULL-terminated, all present before; NULL: none */
    const char *message;        /* UTF-8, not empty; its text is as public as the repository */
    const char *author_name;    /* UTF-8, without '<', '>' and control characters */
    const char *author_email;
    NskInstant at;      /* not before 1970 */
    int offset_minutes; /* of the author's clock, east of UTC */
} NskStoreCommit;

/*
 * Writes a version: objects, head and, where it is to be projected, an outbox row of
 * NSK_STORE_TOPIC, all in the caller's transaction.  The version before is the head's; concurrency
 * is the caller's to check (nsk_store_head() inside the same apply).  A letter whose repository
 * changes leaves the old one at the next projection, objects and all.  The same version on the
 * same head always has the same oid.  *out_oid: owned; out_oid may be NULL.
 * Errors: INVALID; LIMIT (a file over NSK_LIMIT_OBJECT_SIZE, more than NSK_LIMIT_TREE_FILES
 * files); CORRUPT; IO.
 */
bool nsk_store_commit(NskDbTxn *txn, const NskStoreCommit *commit, char **out_oid, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/*
 * As nsk_store_commit(), in place of the whole history: the version has no parent, and every other
 * object of the letter is gone with this transaction, with what is noted of its large files.  Those
 * lie on the disk until nsk_store_remove_large(), old pages until nsk_db_writer_compact(), and old
 * packs until the projection that is asked for here.  Errors: also NOT_FOUND.
 */
bool nsk_store_replace(NskDbTxn *txn, const NskStoreCommit *commit, char **out_oid, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Digests (hex) of the large files that @letter alone holds; freed with g_ptr_array_unref(). */
GPtrArray *nsk_store_list_own_large(NskDbTxn *txn,
                                    const char *letter,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Removes the large file @sha256 (hex) from the disk, inside an apply, unless a letter holds it.
 * INVARIANT: the change after which no letter held it is durable.  One that is not there is no
 * error.  Errors: INVALID, IO.
 */
bool
nsk_store_remove_large(NskDbTxn *txn, const char *sha256, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * The newest version: its oid (owned) and how many there are; either out may be NULL.
 * Errors: NOT_FOUND if the letter has none; IO.
 */
bool nsk_store_head(NskDbTxn *txn,
                    const char *letter,
                    char **out_oid,
                    int64_t *out_version,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The ref of @letter; NULL if @letter is not well formed.  Freed with g_free(). */
char *nsk_store_ref(const char *letter);

/*
 * The file @name of the version @oid, or of the newest if @oid is NULL.  A large one is mapped, not
 * copied to memory; it has been hashed, and lasts as long as the bytes do.
 * Errors: NOT_FOUND for letter, version or file; INVALID for an oid that is none; CORRUPT; IO.
 */
GBytes *nsk_store_read(NskDbTxn *txn,
                       const char *letter,
                       const char *oid,
                       const char *name,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Names of the files of a version, sorted by byte; freed with g_strfreev().  Errors: as
 * nsk_store_read(). */
char **nsk_store_list_files(NskDbTxn *txn, const char *letter, const char *oid, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* One version in a history; all owned by the entry. */
typedef struct {
    char *oid;
    char *author_name;
    char *author_email;
    NskInstant at; /* whole seconds: git keeps no finer */
    int offset_minutes;
    char *message;
} NskStoreEntry;

/* The versions of @letter, newest first: NskStoreEntry, freed with g_ptr_array_unref().
 * Errors: NOT_FOUND, CORRUPT, IO. */
GPtrArray *
nsk_store_log(NskDbTxn *txn, const char *letter, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Hashes every object of @letter (NULL: of all) again and follows every head to its first version.
 * Findings: store-object-damaged, store-object-missing, store-history-broken, store-head-wrong,
 * store-file-missing; the
 * file of a finding is the letter.  Errors: IO, when the check could not be made.
 */
bool nsk_store_check(NskDbTxn *txn, const char *letter, NskIssues *issues, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* A large file that the database names. */
typedef struct {
    char *path;   /* from the office's folder: "blob/ab/ab12..."; owned */
    char *sha256; /* in hex; owned */
    int64_t size; /* bytes */
} NskStoreLarge;

/* Every large file that letters hold, each once, sorted: NskStoreLarge, freed with
 * g_ptr_array_unref().  Errors: CORRUPT, IO. */
GPtrArray *nsk_store_list_blobs(NskDbTxn *txn, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Notes again which large files @letter holds, as its objects say; those that cannot be read are
 * left out.  Inside an apply.  Errors: IO. */
bool
nsk_store_note_blobs(NskDbTxn *txn, const char *letter, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Hashes every large file again and looks for what else lies in their folder.  Findings:
 * store-file-damaged, store-file-missing; store-file-orphan (named by nothing, older than a day at
 * @now), store-file-strange.  Errors: IO.
 */
bool nsk_store_check_blobs(NskDbTxn *txn, NskInstant now, NskIssues *issues, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/*
 * The projector: keeps bare repositories FOLDER/<repository>.git that the stock git client reads
 * and clones.  They are a copy: pushes are refused, and they may be deleted and rebuilt.  It may be
 * killed at any instruction; a reader never sees a ref without its objects.  Objects go in packs,
 * refs in packed-refs; many small packs are merged.
 *
 * A handle: one thread.  It holds a lock on FOLDER while open, so there is one projector.
 */
typedef struct _NskProjector NskProjector;

/* Makes FOLDER if needed.  Errors: BUSY if another process projects there; IO. */
NskProjector *nsk_projector_open(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_projector_free(NskProjector *self);

/*
 * Brings the repositories up to date for claimed rows (NskOutboxRow) of NSK_STORE_TOPIC.  Returns
 * false with the first fault if a row could not be done; each such row has its fault, and the
 * others are done.  Either way the caller then tells the outbox what became of them, before this
 * handle is freed; a run that is repeated writes nothing twice.  @db must have no open transaction.
 * Errors: CORRUPT, IO; BUSY.
 */
bool nsk_projector_run(NskProjector *self, NskDb *db, const GPtrArray *rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Writes every repository anew from the database alone, as one pack each, and empties those that
 * no letter is in.  Rows that wait are then done without effect.  Errors: as nsk_projector_run().
 */
bool nsk_projector_rebuild(NskProjector *self, NskDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Looks at every repository, and writes those anew that are not there, lost a pack or their refs,
 * or were left unfinished.  Cheap where nothing is wrong.  Errors: as nsk_projector_run(). */
bool nsk_projector_heal(NskProjector *self, NskDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Names of the repositories that letters are in, sorted; freed with g_ptr_array_unref(). */
GPtrArray *nsk_store_list_repositories(NskDbTxn *txn, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Compares the repository @name with the database: the refs of its letters, and that every object
 * of theirs is there; letters that wait in the outbox are left out.  The snapshot @txn is to be
 * newer than the projector's lock.  Findings, all warnings, since a repository is made again:
 * store-repository-missing, store-repository-behind, store-repository-damaged,
 * store-repository-strange; their file is the repository.  Errors: IO.
 */
bool nsk_projector_check(NskProjector *self,
                         NskDbTxn *txn,
                         const char *name,
                         NskIssues *issues,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskStoreBlob, nsk_store_blob_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskStoreRecent, nsk_store_recent_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskProjector, nsk_projector_free)

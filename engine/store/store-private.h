/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crypto/crypto.h"
#include "store/store.h"

#include <git2.h>

/* What the files of the store share: objects in the database, git's own formats, views for
 * libgit2, packs and bare repositories. */

#define NSK_FILE_NAME_MAX 128
#define NSK_COMMITTER     "Naskah <naskah@localhost>"

/* ---- git.c: libgit2 ---------------------------------------------------------------------- */

/* Loads and starts libgit2 once; to be called before anything of it.  Errors: IO. */
bool nsk_git_init(GError **error);
/* The one place where a libgit2 result becomes an NskError; @what says what was tried. */
bool nsk_git_check(int rc, const char *what, GError **error);
/* The id of an object's content. */
void nsk_git_hash(git_object_t kind, GBytes *content, git_oid *out_oid);
/* As nsk_git_hash(), for bytes from outside: refuses those that were made to have the digest of
 * others.  Errors: IO. */
bool nsk_git_hash_strange(GBytes *content, git_oid *out_oid, GError **error);
/* "0123..." in a buffer of NSK_OID_LEN + 1; returns the buffer. */
const char *nsk_oid_text(const git_oid *oid, char out[NSK_OID_LEN + 1]);
/* As memcmp(). */
int nsk_oid_cmp(const git_oid *a, const git_oid *b);
bool nsk_oid_equal(const git_oid *a, const git_oid *b);
bool nsk_oid_is_zero(const git_oid *oid);
/* Reads exactly NSK_OID_LEN lower-case hex digits. */
bool nsk_oid_parse(const char *text, git_oid *out_oid);
/* Reads a column of 20 bytes. */
bool nsk_oid_from_row(NskDbRows *rows, int column, git_oid *out_oid, GError **error);

/* One history seen as a git repository, read only: its ref and its objects.  A handle. */
typedef struct {
    NskDbTxn *txn; /* borrowed */
    char *letter;
    GError *fault; /* the first one met inside a call of libgit2; owned */
    git_repository *repository;
} NskGitView;

NskGitView *nsk_git_view_open(NskDbTxn *txn, const char *letter, GError **error);
/* As nsk_git_check(), but prefers the fault that our own code met. */
bool nsk_git_view_check(NskGitView *self, int rc, const char *what, GError **error);
void nsk_git_view_free(NskGitView *self);

/* ---- codec.c, prefix.c: zstd --------------------------------------------------------------- */

/* The program's own texts that a frame may refer to. */
typedef enum { NSK_SHIPPED_LETTER, NSK_SHIPPED_COMMIT } NskShipped;

extern const char nsk_prefix_letter[];
extern const char nsk_prefix_commit[];

/* A frame, after @prefix (may be NULL); NULL if it would not be worth it. */
GBytes *nsk_codec_squeeze(const void *data, size_t size, GBytes *prefix);
GBytes *nsk_codec_squeeze_shipped(const void *data, size_t size, NskShipped which);
/* Writes exactly @size bytes to @out; false if that is not what the frame holds. */
bool nsk_codec_expand(const void *frame, size_t frame_size, GBytes *prefix, void *out, size_t size);
/* Writes at most @room bytes and returns how many; SIZE_MAX if the frame is damaged or larger. */
size_t nsk_codec_expand_shipped(const void *frame,
                                size_t frame_size,
                                NskShipped which,
                                void *out,
                                size_t room);

/* ---- phrase.c: the text of a commit ---------------------------------------------------------- */

/* Appends the packed form of @text. */
void nsk_phrase_pack(GByteArray *out, const char *text, size_t size);
/* Writes at most @room bytes and returns how many; SIZE_MAX if @data is damaged or holds more. */
size_t nsk_phrase_unpack(const void *data, size_t size, char *out, size_t room);

/* ---- object.c: the table ------------------------------------------------------------------ */

/* Versions of a file that lean on one another, the first included. */
#define NSK_OBJECT_CHAIN 8

typedef enum {
    NSK_CODEC_PLAIN = 0,
    NSK_CODEC_ZSTD = 1,
    NSK_CODEC_BASE = 2,    /* after the content of the base */
    NSK_CODEC_SHIPPED = 3, /* after nsk_prefix_letter */
    NSK_CODEC_SHORT = 4,   /* see short.c */
} NskCodec;

/* An object as it is kept. */
typedef struct {
    git_oid oid;
    git_object_t kind;
    size_t size; /* of the content */
    NskCodec codec;
    int64_t base; /* number of an object of the same history; 0: none */
    int depth;    /* bases below this one */
    GBytes *data; /* owned */
} NskObject;

void nsk_object_clear(NskObject *self);
/* Adds a row of the history @history; does nothing if it has the object.  *out_n (may be NULL) is
 * the number of the new row, or 0. */
bool nsk_object_insert(NskDbTxn *txn,
                       int64_t history,
                       const NskObject *object,
                       int64_t *out_n,
                       GError **error);

/* What was read of an object. */
typedef struct {
    int64_t n; /* its number */
    git_object_t kind;
    bool plain; /* it is kept without compression */
    int depth;
    GBytes *content; /* owned; hashed again */
} NskObjectFound;

void nsk_object_found_clear(NskObjectFound *self);
/* Errors: NOT_FOUND, CORRUPT, IO. */
bool nsk_object_open(NskDbTxn *txn,
                     const char *letter,
                     const git_oid *oid,
                     NskObjectFound *out_found,
                     GError **error);
/*
 * Reads an object and hashes it again.  *out_kind and *out_plain (whether it is kept without
 * compression) may be NULL.  Errors: NOT_FOUND, CORRUPT, IO.
 */
GBytes *nsk_object_find(NskDbTxn *txn,
                        const char *letter,
                        const git_oid *oid,
                        git_object_t *out_kind,
                        bool *out_plain,
                        GError **error);
/* Reads an object that another one names: CORRUPT if it is missing or of another kind. */
GBytes *nsk_object_need(NskDbTxn *txn,
                        const char *letter,
                        const git_oid *oid,
                        git_object_t kind,
                        GError **error);
typedef struct {
    git_object_t kind;
    size_t size;
} NskObjectStat;

/* Size and kind alone; *out_found false if there is no such object. */
bool nsk_object_stat(NskDbTxn *txn,
                     const char *letter,
                     const git_oid *oid,
                     bool *out_found,
                     NskObjectStat *out_stat,
                     GError **error);
/* Hashes every object of @letter (NULL: all) again and adds what is wrong to @issues. */
bool nsk_object_check_all(NskDbTxn *txn, const char *letter, NskIssues *issues, GError **error);

/* ---- large.c: files beside the database ---------------------------------------------------- */

typedef struct {
    uint64_t size;
    uint8_t sha256[NSK_SHA256_SIZE];
} NskLargeFile;

/* The folder of large files; NULL if the database lies in memory.  Owned. */
char *nsk_large_folder(NskDbTxn *txn);
/* Whether @content begins as the text that stands for a large file. */
bool nsk_large_is_text(GBytes *content);
GBytes *nsk_large_text(const char *name, const NskLargeFile *file);
bool nsk_large_read_text(GBytes *content, NskLargeFile *out_file);
/* Write a file and make it durable.  Errors: LIMIT, IO. */
bool nsk_large_write(const char *folder, GBytes *content, NskLargeFile *out_file, GError **error);
bool nsk_large_copy(const char *folder,
                    int fd,
                    const char *from,
                    NskLargeFile *out_file,
                    GError **error);
/* Notes that @letter holds the file; does nothing if that is noted. */
bool nsk_large_note(NskDbTxn *txn, const char *letter, const NskLargeFile *file, GError **error);
bool nsk_large_is_noted(NskDbTxn *txn,
                        const char *letter,
                        const NskLargeFile *file,
                        bool *out_noted,
                        GError **error);
/* Refuses to store a version with a file that was removed since it was prepared: CONFLICT. */
bool nsk_large_check_there(NskDbTxn *txn, const NskLargeFile *file, GError **error);
/* Fills in the size of the file that lies in the folder; false if there is none. */
bool nsk_large_measure(const char *folder, NskLargeFile *file);
/* The file, mapped and hashed.  Errors: CORRUPT, IO. */
GBytes *nsk_large_read(const char *folder, const NskLargeFile *file, GError **error);

/* ---- blob.c: files that are ready to be stored ---------------------------------------------- */

/* As nsk_store_prepare(), where @tree (may be NULL) are the files of the newest
 * version. */
NskStoreBlob *nsk_blob_make(NskDbTxn *txn,
                            const char *letter,
                            const GArray *tree,
                            const NskStoreFile *file,
                            GError **error);
const NskObject *nsk_blob_get_object(const NskStoreBlob *self);
/* Of the object; borrowed. */
GBytes *nsk_blob_get_content(const NskStoreBlob *self);
/* Number of the object's row; 0 until the change that stores it has set it, and if the history had
 * the object before. */
int64_t nsk_blob_get_number(const NskStoreBlob *self);
void nsk_blob_set_number(NskStoreBlob *self, int64_t n);
const char *nsk_blob_get_letter(const NskStoreBlob *self);
/* The large file that it stands for, or NULL. */
const NskLargeFile *nsk_blob_get_large(const NskStoreBlob *self);
/* Whether a file may be stored: INVALID, LIMIT.  In store.c. */
bool nsk_store_check_file(const char *letter, const NskStoreFile *file, GError **error);

/* ---- recent.c ------------------------------------------------------------------------------ */

/* Owned; NULL if it is not there. */
NskStoreBlob *nsk_store_recent_find(NskStoreRecent *self, const char *letter, const char *name);

/* ---- short.c: trees and commits without what is known anyway ------------------------------- */

/* NULL if there is no such form. */
GBytes *nsk_short_tree(const GArray *entries, const char *letter);
/* NskTreeEntry; NULL if it is not well formed. */
GArray *nsk_short_tree_read(const void *data, size_t size, const char *letter);
GBytes *nsk_short_commit(GBytes *content, const char *letter);
/* The commit, if it has exactly @expected bytes; else NULL. */
GBytes *nsk_short_commit_read(const void *data, size_t size, const char *letter, size_t expected);

/* ---- form.c: git's formats ----------------------------------------------------------------- */

typedef struct {
    char name[NSK_FILE_NAME_MAX + 1];
    git_oid oid;
} NskTreeEntry;

typedef struct {
    git_oid tree;
    git_oid parent; /* all zero: the first version */
} NskCommitLinks;

bool nsk_file_name_is_valid(const char *name);
/* NskTreeEntry, sorted by name.  Errors: CORRUPT. */
GArray *nsk_tree_parse(GBytes *content, GError **error);
GBytes *nsk_tree_format(const GArray *entries);
/* Errors: CORRUPT. */
bool nsk_commit_parse(GBytes *content, NskCommitLinks *out_links, GError **error);
GBytes *nsk_commit_format(const NskStoreCommit *commit, const NskCommitLinks *links);

/* ---- history.c: walking our own objects ---------------------------------------------------- */

typedef struct {
    git_oid oid;
    git_object_t kind;
} NskReached;

typedef struct {
    int64_t n; /* short number of the history */
    git_oid oid;
    char *repository; /* NULL: none; owned */
    int64_t version;
    GBytes *tree; /* files of the version, as the row keeps them; may be NULL; owned */
} NskHead;

/* The newest heads that the writer saw: NskHead by letter.  In store.c, which moves heads. */
extern const NskDbMemo nsk_head_memo;
/* Remembers the head of @letter; copies it. */
void nsk_head_remember(NskDbTxn *txn, const char *letter, const NskHead *head);
/* *out_found false if @letter has no head. */
bool nsk_head_find(NskDbTxn *txn,
                   const char *letter,
                   bool *out_found,
                   NskHead *out_head,
                   GError **error);
void nsk_head_clear(NskHead *self);
/* The files of the newest version: from the head's own copy if that is whole. */
GArray *nsk_head_tree(NskDbTxn *txn, const char *letter, const NskHead *head, GError **error);
/* What the head keeps of a tree; NULL if it is too large for that. */
GBytes *nsk_head_keep_tree(const git_oid *oid, GBytes *short_tree);
/* The files of the version @oid. */
GArray *nsk_history_tree(NskDbTxn *txn, const char *letter, const git_oid *oid, GError **error);
/*
 * NskReached: the objects that lead from the version @from back to, and without, those of the
 * version @known; all of them if @known is zero or is not met.  *out_versions (may be NULL) counts
 * the commits among them.  Blobs are named, not read.
 */
GArray *nsk_history_objects(NskDbTxn *txn,
                            const char *letter,
                            const git_oid *from,
                            const git_oid *known,
                            int64_t *out_versions,
                            GError **error);
/* A set of git_oid for GHashTable; keys are owned. */
GHashTable *nsk_oid_set_new(void);
/* Returns false if it was there. */
bool nsk_oid_set_add(GHashTable *set, const git_oid *oid);

/* ---- pack.c: writing a pack ----------------------------------------------------------------- */

typedef struct {
    git_oid oid;
    git_object_t kind;
    const void *data;
    size_t size;
    bool plain; /* not worth deflating */
} NskPackItem;

typedef struct _NskPack NskPack;

/* Begins a pack of exactly @n objects in the folder @folder. */
NskPack *nsk_pack_open(const char *folder, uint32_t n, GError **error);
bool nsk_pack_add(NskPack *self, const NskPackItem *item, GError **error);
/* Adds an object as another pack has it: head and zlib stream, whose CRC-32 must be @crc.  The
 * caller has hashed what is in it.  Errors: CORRUPT, IO. */
bool nsk_pack_add_packed(NskPack *self,
                         const git_oid *oid,
                         GBytes *packed,
                         uint32_t crc,
                         GError **error);
/* Makes it durable and visible: pack, then index, then the folder.  *out_name is "pack-<sha1>",
 * owned. */
bool nsk_pack_finish(NskPack *self, char **out_name, GError **error);
/* Removes what was not finished. */
void nsk_pack_free(NskPack *self);

/* ---- repository.c: a bare repository ------------------------------------------------------- */

/* Makes the repository at @path, or completes one that was begun. */
bool nsk_repository_prepare(const char *path, const char *name, GError **error);
/* Removes what a killed projector may have left. */
bool nsk_repository_sweep(const char *path, GError **error);
/* When packs are merged. */
typedef struct {
    guint most;     /* packs that may stand beside the big ones */
    int64_t big;    /* bytes from which on a pack is merged no more */
    int64_t merged; /* bytes that one merge reads at most, if that are two packs or more */
} NskPackBounds;

extern const NskPackBounds nsk_pack_bounds;

typedef struct {
    char *name; /* "pack-<sha1>"; owned */
    int64_t size;
} NskPackFile;

/* NskPackFile of each pack that has an index, smallest first. */
GArray *nsk_repository_list_packs(const char *path, GError **error);
/* Removes the packs @packs (names; NULL: every file of objects/pack) but not those of @keep (names;
 * may be NULL). */
bool nsk_repository_drop_packs(const char *path,
                               const GPtrArray *packs,
                               const GPtrArray *keep,
                               GError **error);
/* Notes which packs are there, but those of @gone (NULL: all) that are not in @keep (may be NULL);
 * to note all of them @gone is empty. */
bool nsk_repository_note_packs(const char *path,
                               const GPtrArray *gone,
                               const GPtrArray *keep,
                               GError **error);
/* Whether every pack that was noted is among @packs (NskPackFile), as large as it was.  True if
 * nothing was noted. */
bool nsk_repository_has_packs(const char *path, const GArray *packs, bool *out_has, GError **error);
/* Removes loose objects, which only somebody else can have made. */
bool nsk_repository_drop_loose(const char *path, GError **error);

/* ---- merge.c: bounds for the number of packs ------------------------------------------------ */

/*
 * If there are more packs than @bounds allow, merges the smallest: so many that each one left is at
 * least twice as large as all smaller ones together.  An object is then copied a logarithmic number
 * of times only.  Objects are copied as they are packed, after each was inflated and hashed.
 * Errors: CORRUPT if a pack is damaged; IO.
 */
bool nsk_repository_merge_packs(const char *path, const NskPackBounds *bounds, GError **error);

/* ---- midx.c: the multi-pack-index ----------------------------------------------------------- */

/* Writes the multi-pack-index over the big packs if it is not there or lacks a quarter of them.
 * It never names a pack that is merged later; other packs have their own indexes. */
bool nsk_repository_index_packs(const char *path, const NskPackBounds *bounds, GError **error);

/* ---- refs.c: packed-refs ----------------------------------------------------------------------
 */

/* The text of a repository's packed-refs. */
typedef struct {
    GBytes *bytes; /* NULL: there is no such file */
    const char *text;
    size_t size;
    size_t head; /* bytes of its first line */
    size_t n;    /* refs */
    bool sound;  /* it is there and is as we write it, and there are no refs as files beside it */
} NskRefs;

NskRefs *nsk_refs_open(const char *path, GError **error);
/* False if the text is not sound or does not have it. */
bool nsk_refs_find(const NskRefs *self, const char *ref, git_oid *out_oid);
void nsk_refs_free(NskRefs *self);

/* A letter in a repository. */
typedef struct {
    char *letter;
    char *ref;
    git_oid had;   /* what its ref is; zero: there is none */
    git_oid want;  /* what it shall be; zero: the letter is not to be here */
    GError *fault; /* why its objects cannot be had; then the ref stays */
} NskRefChange;

/* Replaces packed-refs, for the lines given in the order of their refs. */
typedef struct _NskRefWriter NskRefWriter;
NskRefWriter *nsk_ref_writer_new(const char *path, GError **error);
bool nsk_ref_writer_put(NskRefWriter *self, const char *ref, const git_oid *oid, GError **error);
/* Puts all lines of @old, which is sound, with the @changes (NskRefChange, sorted by ref). */
bool
nsk_ref_writer_merge(NskRefWriter *self, const NskRefs *old, const GArray *changes, GError **error);
/* Makes it durable and visible. */
bool nsk_ref_writer_finish(NskRefWriter *self, GError **error);
/* Removes what was not finished. */
void nsk_ref_writer_free(NskRefWriter *self);

/* ---- project.c: one repository --------------------------------------------------------------- */

typedef struct {
    NskDbTxn *txn;
    const char *folder; /* of all repositories */
    const char *name;
    const GPtrArray *rows; /* NskOutboxRow whose letters changed; NULL: write all anew */
    const NskPackBounds *bounds;
    GHashTable *damaged; /* letter -> GError: filled in with those that were left out; both owned */
} NskProjection;

/* Brings one repository up to date.  Errors: those that concern all of it. */
bool nsk_project(const NskProjection *projection, GError **error);

/* Where the repository @name lies; owned. */
char *nsk_projector_path(const NskProjector *self, const char *name);

/* Tests only: other bounds for the packs of a projector. */
void nsk_projector_set_bounds(NskProjector *self, const NskPackBounds *bounds);

/* Sets IO from errno: "cannot @what '@path': ...".  Returns false. */
bool nsk_store_io_error(GError **error, const char *what, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskGitView, nsk_git_view_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskPack, nsk_pack_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskRefs, nsk_refs_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskRefWriter, nsk_ref_writer_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskHead, nsk_head_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskObject, nsk_object_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskObjectFound, nsk_object_found_clear)

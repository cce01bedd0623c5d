/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "journal/tree.h"

#include <glib.h>

/*
 * Signed notes (c2sp.org/signed-note), the checkpoints of a log (c2sp.org/tlog-checkpoint) and the
 * cosignatures of witnesses (c2sp.org/tlog-cosignature).  Nothing here knows a database or a file.
 *
 *   text, each line ended          a checkpoint: origin, size, root in base64
 *   an empty line
 *   — NAME BASE64(key id, signature)
 */
#define NSK_NOTE_MOST_SIZE  65536 /* bytes of a note */
#define NSK_NOTE_MOST_LINES 64    /* signature lines that are read */

typedef enum {
    NSK_NOTE_ED25519 = 1,     /* a log's own signature */
    NSK_NOTE_COSIGNATURE = 4, /* a witness's, with the time, "cosignature/v1" */
} NskLogNoteKind;

/* A verifier key ("vkey"): NAME+KEYID+BASE64(kind, key).  A value; any thread. */
typedef struct {
    char name[256]; /* not empty; no blanks, no '+' */
    NskLogNoteKind kind;
    uint8_t key[NSK_ED25519_KEY_SIZE];
    uint32_t id;
} NskLogNoteKey;

/* Fills in the id.  Errors: INVALID if @name is not one of a key. */
bool nsk_log_note_key_init(NskLogNoteKey *self,
                           const char *name,
                           NskLogNoteKind kind,
                           const uint8_t key[NSK_ED25519_KEY_SIZE],
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads a vkey.  Errors: INVALID; UNSUPPORTED if the key is of another kind. */
bool nsk_log_note_key_parse(const char *text,
                            NskLogNoteKey *out,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The key as a vkey.  Freed with g_free(). */
char *nsk_log_note_key_format(const NskLogNoteKey *self);

/* One signature line, as it stands; not proved by being here. */
typedef struct {
    char *name;
    uint32_t id;
    GBytes *signature; /* without the key's id */
} NskLogNoteLine;

typedef struct {
    char *text;       /* with its last line feed; UTF-8, no control character but line feeds */
    GPtrArray *lines; /* NskLogNoteLine */
} NskLogNote;

/* Reads a note.  Errors: INVALID says what is wrong and in which line; LIMIT. */
NskLogNote *
nsk_log_note_parse(const void *data, size_t size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_log_note_free(NskLogNote *self);
/* A note of @text without signatures; @text as in NskLogNote. */
NskLogNote *nsk_log_note_new(const char *text);
/* The note as it is read.  Freed with g_free(). */
char *nsk_log_note_format(const NskLogNote *self);
/* Adds the lines that @from has of @key, whose text is the same. */
void nsk_log_note_take(NskLogNote *self, const NskLogNote *from, const NskLogNoteKey *key);
/* One signature line, ended.  Freed with g_free(). */
char *nsk_log_note_line_format(const NskLogNoteLine *line);
/* Signs with the secret of @key.  @time: seconds since 1970, of a cosignature; otherwise 0.
 * Errors: IO. */
bool nsk_log_note_sign(NskLogNote *self,
                       const NskLogNoteKey *key,
                       const uint8_t secret[NSK_ED25519_KEY_SIZE],
                       uint64_t time,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Whether @key signed the note: *out_time is the time of a cosignature, which the key says; may be
 * NULL.  Lines of other keys are passed over.  Errors: NOT_FOUND if the key did not sign;
 * UNTRUSTED if a line of this key is there that does not hold, which makes the note worthless.
 */
bool nsk_log_note_check(const NskLogNote *self,
                        const NskLogNoteKey *key,
                        uint64_t *out_time,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a checkpoint says. */
typedef struct {
    char origin[256];
    uint64_t size; /* entries */
    NskHash root;
} NskCheckpoint;

/* The text of a checkpoint's note, freed with g_free(). */
char *nsk_checkpoint_format(const NskCheckpoint *self);
/* Reads the text of a note; lines after the third are passed over.  Errors: INVALID. */
bool nsk_checkpoint_parse(const char *text,
                          NskCheckpoint *out,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads exactly the base64 (RFC 4648 section 4, padded, no other spelling) of a hash. */
bool nsk_hash_parse(const char *text, size_t size, NskHash *out);
/* A hash in base64; freed with g_free(). */
char *nsk_hash_format(const NskHash *hash);
/* Reads a number without sign, blanks or leading zeros, of at most @most. */
bool nsk_tree_number_parse(const char *text, size_t size, uint64_t most, uint64_t *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskLogNote, nsk_log_note_free)

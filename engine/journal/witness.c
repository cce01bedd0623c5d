/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A witness: its key, the logs that it trusts, and what it signs.
 *
 *   lock -> read the log's state -> judge -> write the new state (fsync) -> sign -> unlock
 *
 * The state is read from its file at each request: what was written before a crash is what is
 * known after it, and there is nothing else that could be believed.
 */
#include "journal/witness.h"

#include "base/bytes.h"
#include "base/message.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_FILE   "witness.key"
#define VKEY_FILE  "witness.vkey"
#define LOCK_FILE  "lock"
#define LOGS       "logs"
#define NOTES      "notes"
#define MOST_STATE 4096 /* bytes of a file */

struct _NskWitness {
    char *dir;
    NskLogNoteKey key;
    uint8_t secret[NSK_ED25519_KEY_SIZE];
};

/* A log as its file has it. */
typedef struct {
    char *path;
    NskLogNoteKey key;
    NskCheckpoint last;
} Log;

static void
log_clear(Log *self)
{
    g_free(self->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Log, log_clear)

/* --- Files ------------------------------------------------------------------------------------ */

static bool
fail(GError **error, const char *what, const char *path)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, "'%s': %s: %s", path, nsk_tr(what),
                g_strerror(errno));
    return false;
}

static bool
spoiled(GError **error, const char *path)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("'%s' is not what the witness wrote; nothing is signed until it is put back "
                       "as it was"),
                path);
    return false;
}

/* The lock, which close() lets go, or -1. */
static int
take_lock(const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, LOCK_FILE, NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600), rc = -1;

    while (fd >= 0 && (rc = flock(fd, LOCK_EX)) != 0 && errno == EINTR)
        ;
    if (rc == 0)
        return fd;
    (void)fail(error, N_("the witness cannot lock it"), path);
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

static char *
log_path(const NskWitness *self, const char *origin)
{
    g_autofree char *hex = nsk_witness_place(origin);

    return g_build_filename(self->dir, LOGS, hex, NULL);
}

static char *
note_path(const NskWitness *self, const char *place)
{
    return g_build_filename(self->dir, NOTES, place, NULL);
}

static bool
write_log(const Log *log, GError **error)
{
    g_autofree char *key = nsk_log_note_key_format(&log->key);
    g_autofree char *last = nsk_checkpoint_format(&log->last);
    g_autofree char *text = g_strdup_printf("%s\n%s", key, last);

    return nsk_file_write(log->path, text, strlen(text), 0600, error);
}

/* Errors: NOT_FOUND if the witness was not told of that log. */
static bool
read_log(const NskWitness *self, const char *origin, Log *out, GError **error)
{
    out->path = log_path(self, origin);
    g_autoptr(GBytes) bytes = nsk_file_read(out->path, MOST_STATE, error);
    if (bytes == NULL)
        return false;
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    char *feed = strchr(text, '\n');
    if (feed == NULL)
        return spoiled(error, out->path);
    *feed = '\0';
    if (!nsk_log_note_key_parse(text, &out->key, NULL) ||
        !nsk_checkpoint_parse(feed + 1, &out->last, NULL) || strcmp(out->last.origin, origin) != 0)
        return spoiled(error, out->path);
    return true;
}

/* --- Opening ---------------------------------------------------------------------------------- */

static bool
make_key(NskWitness *self, const char *key, GError **error)
{
    nsk_random(self->secret, sizeof self->secret);
    return nsk_file_write(key, self->secret, sizeof self->secret, 0600, error);
}

static bool
read_key(NskWitness *self, const char *key, GError **error)
{
    g_autoptr(GBytes) bytes = nsk_file_read(key, sizeof self->secret, error);

    if (bytes == NULL)
        return false;
    if (g_bytes_get_size(bytes) != sizeof self->secret)
        return spoiled(error, key);
    memcpy(self->secret, g_bytes_get_data(bytes, NULL), sizeof self->secret);
    return true;
}

/* The public key that the directory says, or that of @name where it says none yet. */
static bool
settle_name(NskWitness *self, const char *name, GError **error)
{
    uint8_t public[NSK_ED25519_KEY_SIZE];
    g_autofree char *path = g_build_filename(self->dir, VKEY_FILE, NULL);

    if (!nsk_ed25519_public(self->secret, public, error))
        return false;
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        if (!nsk_log_note_key_init(&self->key, name != NULL ? name : "", NSK_NOTE_COSIGNATURE,
                                   public, error))
            return false;
        g_autofree char *vkey = nsk_log_note_key_format(&self->key);
        g_autofree char *line = g_strconcat(vkey, "\n", NULL);
        return nsk_file_write(path, line, strlen(line), 0644, error);
    }
    g_autoptr(GBytes) bytes = nsk_file_read(path, MOST_STATE, error);
    if (bytes == NULL)
        return false;
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    if (!nsk_log_note_key_parse(g_strchomp(text), &self->key, NULL) ||
        self->key.kind != NSK_NOTE_COSIGNATURE || memcmp(self->key.key, public, sizeof public) != 0)
        return spoiled(error, path);
    if (name == NULL || strcmp(name, self->key.name) == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("the witness in '%s' signs as '%s', not as '%s'; give another directory for "
                       "another witness"),
                self->dir, self->key.name, name);
    return false;
}

static bool
open_files(NskWitness *self, const char *name, GError **error)
{
    g_autofree char *key = g_build_filename(self->dir, KEY_FILE, NULL);
    g_autofree char *vkey = g_build_filename(self->dir, VKEY_FILE, NULL);
    bool is_new = !g_file_test(key, G_FILE_TEST_EXISTS);

    /* a public key without its secret is a witness that lost it: never give it another */
    if (is_new && g_file_test(vkey, G_FILE_TEST_EXISTS))
        return spoiled(error, key);
    return (is_new ? make_key(self, key, error) : read_key(self, key, error)) &&
           settle_name(self, name, error);
}

NskWitness *
nsk_witness_open(const char *dir, const char *name, GError **error)
{
    NskLogNoteKey probe;
    const uint8_t none[NSK_ED25519_KEY_SIZE] = { 0 };
    g_autoptr(NskWitness) self = g_new0(NskWitness, 1);
    g_autofree char *logs = g_build_filename(dir, LOGS, NULL);
    g_autofree char *notes = g_build_filename(dir, NOTES, NULL);

    self->dir = g_strdup(dir);
    /* a wrong name leaves nothing behind */
    if (name != NULL && !nsk_log_note_key_init(&probe, name, NSK_NOTE_COSIGNATURE, none, error))
        return NULL;
    if (g_mkdir_with_parents(logs, 0700) != 0 || g_mkdir_with_parents(notes, 0700) != 0) {
        (void)fail(error, N_("the directory of the witness cannot be made"), dir);
        return NULL;
    }
    int lock = take_lock(dir, error);
    if (lock < 0)
        return NULL;
    bool ok = open_files(self, name, error) && nsk_dir_sync(dir, error);
    (void)close(lock);
    return ok ? g_steal_pointer(&self) : NULL;
}

void
nsk_witness_free(NskWitness *self)
{
    if (self == NULL)
        return;
    nsk_wipe(self->secret, sizeof self->secret);
    g_free(self->dir);
    g_free(self);
}

const NskLogNoteKey *
nsk_witness_get_key(const NskWitness *self)
{
    return &self->key;
}

/* --- Logs ------------------------------------------------------------------------------------- */

static bool
add_log(NskWitness *self, const char *origin, const NskLogNoteKey *key, GError **error)
{
    const NskTree none = { 0 };
    g_auto(Log) log = { .path = log_path(self, origin), .key = *key };

    if (g_file_test(log.path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the witness knows the log '%s' already; it is never begun again, so "
                           "that nobody can be shown another history"),
                    origin);
        return false;
    }
    (void)g_strlcpy(log.last.origin, origin, sizeof log.last.origin);
    log.last.root = nsk_tree_root(&none);
    return write_log(&log, error);
}

bool
nsk_witness_trust(NskWitness *self, const char *origin, const NskLogNoteKey *log, GError **error)
{
    if (*origin == '\0' || strlen(origin) >= sizeof log->name || strchr(origin, '\n') != NULL ||
        !g_utf8_validate(origin, -1, NULL) || log->kind != NSK_NOTE_ED25519) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("a log has an origin of one line and 255 bytes at most, and an "
                                   "Ed25519 key of its own, not one of a witness"));
        return false;
    }
    int lock = take_lock(self->dir, error);
    bool ok = lock >= 0 && add_log(self, origin, log, error);
    if (lock >= 0)
        (void)close(lock);
    return ok;
}

/* --- Answers ---------------------------------------------------------------------------------- */

static bool
answer(NskWitnessAnswer *out, unsigned status, const char *sentence)
{
    out->status = status;
    out->type = "text/plain; charset=utf-8";
    out->body = g_strconcat(sentence, "\n", NULL);
    return true;
}

/* The size that was signed last, for the asker to begin from. */
static bool
answer_size(NskWitnessAnswer *out, uint64_t size)
{
    out->status = NSK_WITNESS_OTHER;
    out->type = "text/x.tlog.size";
    out->body = g_strdup_printf("%" G_GUINT64_FORMAT "\n", size);
    return true;
}

static bool
answer_broken(NskWitnessAnswer *out)
{
    (void)answer(out, NSK_WITNESS_BROKEN,
                 nsk_tr("the witness cannot use its own files; nothing was signed"));
    return false;
}

/* Shows what was signed, to whoever asks.  Written after the state: it may lag behind that when
 * the machine stops in between, until the log asks again. */
static bool
show(const NskWitness *self, const char *origin, const NskLogNote *note, GError **error)
{
    g_autofree char *place = nsk_witness_place(origin);
    g_autofree char *path = note_path(self, place);
    g_autofree char *text = nsk_log_note_format(note);

    return nsk_file_write(path, text, strlen(text), 0600, error);
}

static bool
sign(const NskWitness *self,
     const NskWitnessRequest *ask,
     const NskLogNoteKey *log,
     uint64_t now,
     NskWitnessAnswer *out,
     GError **error)
{
    g_autoptr(NskLogNote) note = nsk_log_note_new(ask->note->text);

    nsk_log_note_take(note, ask->note, log);
    if (!nsk_log_note_sign(note, &self->key, self->secret, now, error) ||
        !show(self, ask->said.origin, note, error))
        return answer_broken(out);
    out->status = NSK_WITNESS_SIGNED;
    out->type = "text/plain; charset=utf-8";
    out->body = nsk_log_note_line_format(g_ptr_array_index(note->lines, note->lines->len - 1));
    return true;
}

/* The order of the questions is that of c2sp.org/tlog-witness: who asks, from where, how. */
static bool
judge(const NskWitness *self,
      const NskWitnessRequest *ask,
      uint64_t now,
      NskWitnessAnswer *out,
      GError **error)
{
    g_auto(Log) log = { 0 };
    g_autoptr(GError) fault = NULL;

    if (!read_log(self, ask->said.origin, &log, &fault)) {
        if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND) &&
            !g_file_test(log.path, G_FILE_TEST_EXISTS))
            return answer(out, NSK_WITNESS_UNKNOWN,
                          nsk_tr("the witness was not told of a log of this origin"));
        g_propagate_error(error, g_steal_pointer(&fault));
        return answer_broken(out);
    }
    if (!nsk_log_note_check(ask->note, &log.key, NULL, &fault))
        return answer(out, NSK_WITNESS_UNTRUSTED, fault->message);
    bool is_same = ask->said.size == log.last.size;
    if (ask->old != log.last.size || (is_same && !nsk_hash_equal(&ask->said.root, &log.last.root)))
        return answer_size(out, log.last.size);
    if (!nsk_tree_check_growth(&ask->proof, ask->old, &log.last.root, ask->said.size,
                               &ask->said.root))
        return answer(out, NSK_WITNESS_UNPROVED,
                      nsk_tr("the proof does not show that the checkpoint continues the one that "
                             "was signed last"));
    log.last = ask->said;
    if (!is_same && !write_log(&log, error))
        return answer_broken(out);
    return sign(self, ask, &log.key, now, out, error);
}

bool
nsk_witness_answer(NskWitness *self,
                   const void *data,
                   size_t size,
                   uint64_t now,
                   NskWitnessAnswer *out,
                   GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskWitnessRequest) ask = nsk_witness_request_parse(data, size, &fault);

    memset(out, 0, sizeof *out);
    if (ask == NULL)
        return answer(out, NSK_WITNESS_MALFORMED, fault->message);
    int lock = take_lock(self->dir, error);
    if (lock < 0)
        return answer_broken(out);
    bool ok = judge(self, ask, now, out, error);
    (void)close(lock);
    return ok;
}

bool
nsk_witness_show(NskWitness *self, const char *place, NskWitnessAnswer *out, GError **error)
{
    const size_t length = (size_t)2 * NSK_SHA256_SIZE;
    g_autoptr(GError) fault = NULL;
    bool is_place = strspn(place, "0123456789abcdef") == length && place[length] == '\0';
    g_autofree char *path = is_place ? note_path(self, place) : NULL;
    g_autoptr(GBytes) note = is_place ? nsk_file_read(path, NSK_WITNESS_MOST_SIZE, &fault) : NULL;

    memset(out, 0, sizeof *out);
    if (fault != NULL && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return answer_broken(out);
    }
    if (note == NULL)
        return answer(out, NSK_WITNESS_UNKNOWN,
                      nsk_tr("the witness signed nothing of a log with this hash of its origin"));
    out->status = NSK_WITNESS_SIGNED;
    out->type = "text/plain; charset=utf-8";
    out->body = g_strndup(g_bytes_get_data(note, NULL), g_bytes_get_size(note));
    return true;
}

void
nsk_witness_answer_clear(NskWitnessAnswer *self)
{
    g_free(self->body);
    memset(self, 0, sizeof *self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that come in pieces.
 *
 *     piece -> the file uploads/ID, fsynced -> one change: so many bytes are here -> answered
 *
 * INVARIANTS
 *   (1) A row's "received" is never more than what is durable in its file.  Bytes behind it are of
 *       a piece that nobody was told was taken, and are written over.
 *   (2) Who writes to a file holds its lock, and looked at the row after he had it.
 *   (3) A file without a row is worth nothing: the row is made before and goes before the file.
 */
#include "office/upload.h"

#include "base/bytes.h"
#include "base/fault.h"
#include "base/id.h"
#include "base/message.h"
#include "office/office-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define FOLDER     "uploads"
#define DAY        ((int64_t)24 * 3600 * G_USEC_PER_SEC)
#define USED_TIME  ((int64_t)15 * 60 * G_USEC_PER_SEC)
#define MOST_OPEN  20                            /* of a person */
#define MOST_BYTES (5 * NSK_UPLOAD_SIZE)         /* of a person's files together */
#define LEAST_ROOM ((uint64_t)256 * 1024 * 1024) /* on the disk besides the file itself */
#define NAME_LIMIT 255                           /* bytes */
#define BLOCK      ((size_t)1 << 18)

static const char sql_find[] = "SELECT id, name, size, received, wanted, sha256, until FROM upload"
                               " WHERE id = $1 AND person = $2 AND until > $3";
static const char sql_list[] = "SELECT id, name, size, received, wanted, sha256, until FROM upload"
                               " WHERE person = $1 AND until > $2 AND used = 0 ORDER BY id";
static const char sql_count[] = "SELECT count(*), coalesce(sum(size), 0) FROM upload"
                                " WHERE person = $1 AND until > $2 AND used = 0";
static const char sql_put[] =
    "INSERT INTO upload (id, person, name, size, received, wanted, sha256, until, used)"
    " VALUES ($1, $2, $3, $4, 0, $5, NULL, $6, 0)";
static const char sql_receive[] = "UPDATE upload SET received = $2, sha256 = $3"
                                  " WHERE id = $1 AND received = $4";
static const char sql_use[] =
    "UPDATE upload SET used = 1, until = min(until, $2) WHERE id = $1 AND person = $3";
static const char sql_drop[] = "DELETE FROM upload WHERE id = $1 AND person = $2";
static const char sql_any_ended[] = "SELECT 1 FROM upload WHERE until <= $1 LIMIT 1";
static const char sql_forget[] = "DELETE FROM upload WHERE until <= $1";
static const char sql_has[] = "SELECT 1 FROM upload WHERE id = $1";

/* A row, and how much of it really is here. */
typedef struct {
    char *id;
    char *name;
    int64_t size;
    int64_t received; /* as the row says */
    int64_t offset;   /* the same, but what the file has at most */
    char *wanted;     /* NULL: not said */
    char *sha256;     /* NULL: not whole */
    NskInstant until;
} Row;

static void
row_clear(Row *self)
{
    g_free(self->id);
    g_free(self->name);
    g_free(self->wanted);
    g_free(self->sha256);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Row, row_clear)

static char *
file_path(const NskOffice *self, const char *id)
{
    g_autofree char *folder = nsk_office_path(self->dir, FOLDER);

    return g_build_filename(folder, id, NULL);
}

/* --- Rows ------------------------------------------------------------------------------------ */

/* After a restore the row is there and the bytes are not. */
static int64_t
measure(const NskOffice *self, const Row *row)
{
    struct stat st;
    g_autofree char *path = file_path(self, row->id);

    return lstat(path, &st) == 0 && S_ISREG(st.st_mode) ? MIN(row->received, (int64_t)st.st_size)
                                                        : 0;
}

static void
fill_row(const NskOffice *self, NskDbRows *rows, Row *out)
{
    *out = (Row){ .id = g_strdup(nsk_db_rows_text(rows, 0)),
                  .name = g_strdup(nsk_db_rows_text(rows, 1)),
                  .size = nsk_db_rows_int(rows, 2),
                  .received = nsk_db_rows_int(rows, 3),
                  .wanted = g_strdup(nsk_db_rows_text(rows, 4)),
                  .sha256 = g_strdup(nsk_db_rows_text(rows, 5)),
                  .until = nsk_db_rows_int(rows, 6) };
    out->offset = measure(self, out);
    if (out->offset < out->size)
        g_clear_pointer(&out->sha256, g_free);
}

static bool
find_row(const NskOffice *self, NskDbTxn *txn, const char *id, Row *out, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find,
                     NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(self->person),
                                   NSK_DB_INT(nsk_clock_now(self->clock))),
                     error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (has_row)
        fill_row(self, rows, out);
    else
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("there is no such upload, or it is over: one lasts a day; begin "
                                   "again"));
    return has_row;
}

static bool
read_row(NskOffice *self, const char *id, Row *out, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    return txn != NULL && find_row(self, txn, id, out, error);
}

static NskJson *
row_to_json(const Row *row)
{
    NskJson *result = nsk_json_object();
    g_autofree char *until = nsk_instant_format(row->until);

    nsk_json_set_text(result, "upload", row->id);
    nsk_json_set_text(result, "name", row->name);
    nsk_json_set_int(result, "size", row->size);
    nsk_json_set_int(result, "offset", row->offset);
    nsk_json_set_text(result, "sha256", row->sha256);
    nsk_json_set_text(result, "until", until);
    return result;
}

bool
nsk_office_upload_show(NskOffice *self, const char *id, NskJson **out_result, GError **error)
{
    g_auto(Row) row = { 0 };

    if (!read_row(self, id, &row, error))
        return false;
    *out_result = row_to_json(&row);
    return true;
}

bool
nsk_office_upload_list(NskOffice *self, NskJson **out_result, GError **error)
{
    bool has_row = true;
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskDbRows) rows =
        txn != NULL ? nsk_db_query(txn, sql_list,
                                   NSK_DB_PARAMS(NSK_DB_TEXT(self->person),
                                                 NSK_DB_INT(nsk_clock_now(self->clock))),
                                   error)
                    : NULL;

    nsk_json_set(result, "uploads", list);
    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        g_auto(Row) row = { 0 };
        fill_row(self, rows, &row);
        nsk_json_add(list, row_to_json(&row));
    }
    if (rows == NULL)
        return false;
    *out_result = g_steal_pointer(&result);
    return true;
}

/* --- Beginning ------------------------------------------------------------------------------- */

static bool
is_name(const char *name)
{
    if (name == NULL || name[0] == '\0' || strlen(name) > NAME_LIMIT || strcmp(name, ".") == 0 ||
        strcmp(name, "..") == 0 || !g_utf8_validate(name, -1, NULL))
        return false;
    for (const char *at = name; *at != '\0'; at++) {
        if (*at == '/' || *at == '\\' || g_ascii_iscntrl(*at))
            return false;
    }
    return true;
}

static bool
check_wish(const NskUploadWish *wish, GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];

    if (!is_name(wish->name)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("give the file a name of at most %d bytes, without a folder, such as "
                           "'lampiran.pdf'"),
                    NAME_LIMIT);
        return false;
    }
    if (wish->size < 1) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is empty; choose the file that you mean"), wish->name);
        return false;
    }
    if (wish->size > NSK_UPLOAD_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("'%s' is larger than %d MB; make it smaller, or split it"), wish->name,
                    (int)(NSK_UPLOAD_SIZE / (1024 * 1024)));
        return false;
    }
    if (wish->sha256 == NULL || (strlen(wish->sha256) == 2 * sizeof digest &&
                                 nsk_unhex(wish->sha256, digest, sizeof digest)))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is no SHA-256: that is 64 hex digits in lower case"), wish->sha256);
    return false;
}

/* The folder of all uploads, made by the first of them. */
static bool
make_room(const NskOffice *self, int64_t size, GError **error)
{
    struct statvfs disk;
    g_autofree char *folder = nsk_office_path(self->dir, FOLDER);

    if (mkdir(folder, 0700) == 0) {
        if (!nsk_dir_sync(self->dir, error))
            return false;
    } else if (errno != EEXIST) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot make the folder '%s': %s"),
                    folder, nsk_reason(errno));
        return false;
    }
    if (statvfs(folder, &disk) != 0 ||
        (uint64_t)disk.f_bavail * disk.f_frsize >= (uint64_t)size + LEAST_ROOM)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_BUSY,
                        nsk_tr("the office has no room on its disk for this file now; tell who "
                               "looks after it"));
    return false;
}

typedef struct {
    NskOffice *office;
    const NskUploadWish *wish;
    const char *id;
    NskInstant now;
} Making;

/* One person does not fill the disk. */
static bool
check_count(NskDbTxn *txn, const Making *work, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_count, NSK_DB_PARAMS(NSK_DB_TEXT(work->office->person), NSK_DB_INT(work->now)),
        error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (!has_row || (nsk_db_rows_int(rows, 0) < MOST_OPEN &&
                     nsk_db_rows_int(rows, 1) + work->wish->size <= MOST_BYTES))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("you have %d files on their way already; finish or throw away one of them "
                       "first, or wait a day"),
                (int)nsk_db_rows_int(rows, 0));
    return false;
}

static bool
apply_make(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Making *work = data;
    const NskUploadWish *wish = work->wish;

    if (!check_count(txn, work, error) ||
        !nsk_db_exec(txn, sql_put,
                     NSK_DB_PARAMS(NSK_DB_TEXT(work->id), NSK_DB_TEXT(work->office->person),
                                   NSK_DB_TEXT(wish->name), NSK_DB_INT(wish->size),
                                   NSK_DB_TEXT(wish->sha256), NSK_DB_INT(work->now + DAY)),
                     NULL, error))
        return false;
    g_autoptr(NskJson) answer = nsk_json_object();
    nsk_json_set_text(answer, "upload", work->id);
    *out_answer = nsk_json_canonical(answer);
    return true;
}

bool
nsk_office_upload_make(NskOffice *self,
                       const NskUploadWish *wish,
                       NskJson **out_result,
                       GError **error)
{
    g_autofree char *id = nsk_id_new(self->clock);
    g_autofree char *size = g_strdup_printf("%" G_GINT64_FORMAT, wish->size);
    g_autofree char *answer = NULL;
    Making work = { self, wish, id, nsk_clock_now(self->clock) };

    if (!check_wish(wish, error) || !make_room(self, wish->size, error))
        return false;
    NSK_REQUEST(self, "upload-make", wish->name, size, wish->sha256 != NULL ? wish->sha256 : "");
    if (!nsk_office_commit(self, apply_make, &work, &answer, error))
        return false;
    g_autoptr(NskJson) made = nsk_office_read_answer(answer, error);
    return made != NULL &&
           nsk_office_upload_show(self, nsk_json_get_text(made, "upload"), out_result, error);
}

/* --- Pieces ---------------------------------------------------------------------------------- */

static bool
fail_disk(const Row *row, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot store the file '%s': %s"), row->name,
                nsk_reason(errno));
    return false;
}

/* The upload's file, locked; -1 with @error. */
static int
open_locked(const NskOffice *self, const Row *row, GError **error)
{
    g_autofree char *path = file_path(self, row->id);
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0) {
        fail_disk(row, error);
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    (void)close(fd);
    g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                nsk_tr("another piece of '%s' is being stored; try again"), row->name);
    return -1;
}

static bool
check_piece(const NskUploadPiece *piece, const Row *row, GError **error)
{
    if (piece->offset != row->offset) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("%d bytes of '%s' are here: send on from there"), (int)row->offset,
                    row->name);
        return false;
    }
    if (piece->size <= row->size - row->offset)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("'%s' was said to have %d bytes; it does not get more"), row->name,
                (int)row->size);
    return false;
}

static bool
write_at(int fd, const char *data, size_t size, int64_t offset)
{
    while (size > 0) {
        ssize_t n = pwrite(fd, data, size, offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        data += n;
        size -= (size_t)n;
        offset += n;
    }
    return true;
}

/* Puts the piece in its place, durably. */
static bool
store_piece(const NskOffice *self,
            const NskUploadPiece *piece,
            const Row *row,
            int fd,
            GError **error)
{
    int64_t done = 0;
    g_autofree char *block = g_malloc(BLOCK);
    g_autofree char *folder = nsk_office_path(self->dir, FOLDER);

    while (done < piece->size) {
        ssize_t n = pread(piece->fd, block, MIN(BLOCK, (size_t)(piece->size - done)), done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0 || !write_at(fd, block, (size_t)n, row->offset + done))
            return fail_disk(row, error);
        done += n;
    }
    if (!NSK_FAULT("upload.written", error))
        return false;
    if (ftruncate(fd, row->offset + piece->size) != 0 || fsync(fd) != 0)
        return fail_disk(row, error);
    return row->offset > 0 || nsk_dir_sync(folder, error);
}

/* The digest of an open file, in hex; NULL with errno. */
static char *
digest_file(int fd)
{
    int64_t at = 0;
    ssize_t n = 1;
    uint8_t digest[NSK_SHA256_SIZE];
    g_autofree uint8_t *block = g_malloc(BLOCK);
    g_autoptr(NskSha256) sha = nsk_sha256_new();

    while (n != 0) {
        n = pread(fd, block, BLOCK, at);
        if (n < 0 && errno != EINTR)
            return NULL;
        nsk_sha256_add(sha, block, (size_t)MAX(n, 0));
        at += MAX(n, 0);
    }
    nsk_sha256_finish(sha, digest);
    return nsk_hex(digest, sizeof digest);
}

typedef struct {
    const Row *row;
    int64_t received;
    const char *sha256;
} Receiving;

static bool
apply_receive(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    int64_t changed = 0;
    const Receiving *work = data;

    if (!nsk_db_exec(txn, sql_receive,
                     NSK_DB_PARAMS(NSK_DB_TEXT(work->row->id), NSK_DB_INT(work->received),
                                   NSK_DB_TEXT(work->sha256), NSK_DB_INT(work->row->received)),
                     &changed, error))
        return false;
    if (changed == 0)
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("'%s' was thrown away meanwhile; begin again"), work->row->name);
    return changed > 0;
}

/* The last piece came: what is here is what was to come. */
static bool
check_whole(NskOffice *self, const Row *row, int fd, char **out_sha256, GError **error)
{
    g_autofree char *sha256 = digest_file(fd);

    if (sha256 == NULL)
        return fail_disk(row, error);
    if (row->wanted == NULL || strcmp(row->wanted, sha256) == 0) {
        *out_sha256 = g_steal_pointer(&sha256);
        return true;
    }
    if (nsk_office_upload_drop(self, row->id, error))
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("what came is not the file '%s' that was meant: its SHA-256 is another; "
                           "it was thrown away: send it again"),
                    row->name);
    return false;
}

static bool
take_piece(NskOffice *self, const NskUploadPiece *piece, int fd, GError **error)
{
    g_auto(Row) row = { 0 };
    g_autofree char *sha256 = NULL;

    if (!read_row(self, piece->upload, &row, error) || !check_piece(piece, &row, error))
        return false;
    Receiving work = { &row, row.offset + piece->size, NULL };
    if (piece->size == 0)
        return true;
    if (!store_piece(self, piece, &row, fd, error) ||
        (work.received == row.size && !check_whole(self, &row, fd, &sha256, error)))
        return false;
    work.sha256 = sha256;
    return nsk_office_commit(self, apply_receive, &work, NULL, error) &&
           NSK_FAULT("upload.received", error);
}

bool
nsk_office_upload_add(NskOffice *self,
                      const NskUploadPiece *piece,
                      NskJson **out_result,
                      GError **error)
{
    g_auto(Row) row = { 0 };

    /* the offset says whether it was done before, so a request id is not needed */
    g_clear_pointer(&self->request_id, g_free);
    if (!read_row(self, piece->upload, &row, error) || !make_room(self, piece->size, error))
        return false;
    int fd = open_locked(self, &row, error);
    bool ok = fd >= 0 && take_piece(self, piece, fd, error);
    if (fd >= 0)
        (void)close(fd);
    return ok && nsk_office_upload_show(self, piece->upload, out_result, error);
}

/* --- Its end --------------------------------------------------------------------------------- */

typedef struct {
    const NskOffice *office;
    const char *id;
    NskInstant until;
} Ending;

static bool
apply_drop(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Ending *work = data;

    return nsk_db_exec(txn, sql_drop,
                       NSK_DB_PARAMS(NSK_DB_TEXT(work->id), NSK_DB_TEXT(work->office->person)),
                       NULL, error);
}

bool
nsk_office_upload_drop(NskOffice *self, const char *id, GError **error)
{
    g_auto(Row) row = { 0 };
    Ending work = { .office = self, .id = id };

    g_clear_pointer(&self->request_id, g_free);
    if (!read_row(self, id, &row, error) ||
        !nsk_office_commit(self, apply_drop, &work, NULL, error))
        return false;
    g_autofree char *path = file_path(self, id);
    (void)unlink(path); /* else nsk_office_forget_uploads() finds it */
    return true;
}

static bool
apply_use(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Ending *work = data;

    return nsk_db_exec(txn, sql_use,
                       NSK_DB_PARAMS(NSK_DB_TEXT(work->id), NSK_DB_INT(work->until),
                                     NSK_DB_TEXT(work->office->person)),
                       NULL, error);
}

void
nsk_office_upload_use(NskOffice *self, const NskUploaded *uploaded)
{
    Ending work = { self, uploaded->id, nsk_clock_now(self->clock) + USED_TIME };

    g_clear_pointer(&self->request_id, g_free);
    (void)nsk_office_commit(self, apply_use, &work, NULL, NULL);
}

/* --- Using ----------------------------------------------------------------------------------- */

void
nsk_uploaded_free(NskUploaded *self)
{
    if (self == NULL)
        return;
    if (self->fd >= 0)
        (void)close(self->fd);
    g_free(self->id);
    g_free(self->name);
    g_free(self->path);
    g_free(self->sha256);
    g_free(self);
}

bool
nsk_office_upload_open(NskOffice *self, const char *id, NskUploaded **out_uploaded, GError **error)
{
    g_auto(Row) row = { 0 };

    if (!read_row(self, id, &row, error))
        return false;
    if (row.sha256 == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("only %d of %d bytes of '%s' are here; send the rest first"),
                    (int)row.offset, (int)row.size, row.name);
        return false;
    }
    g_autofree char *path = file_path(self, id);
    g_autoptr(NskUploaded) uploaded = g_new0(NskUploaded, 1);
    uploaded->fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (uploaded->fd < 0)
        return fail_disk(&row, error);
    g_autofree char *sha256 = digest_file(uploaded->fd);
    if (g_strcmp0(sha256, row.sha256) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("'%s' is not as it came any more; send it again"), row.name);
        return false;
    }
    uploaded->path = g_strdup_printf("/proc/self/fd/%d", uploaded->fd);
    uploaded->id = g_steal_pointer(&row.id);
    uploaded->name = g_steal_pointer(&row.name);
    uploaded->size = row.size;
    uploaded->sha256 = g_steal_pointer(&row.sha256);
    *out_uploaded = g_steal_pointer(&uploaded);
    return true;
}

/* --- Forgetting ------------------------------------------------------------------------------ */

static bool
apply_forget(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Ending *work = data;

    return nsk_db_exec(txn, sql_forget, NSK_DB_PARAMS(NSK_DB_INT(work->until)), NULL, error);
}

static bool
has_any(NskDbTxn *txn, const char *sql, NskDbValue value, bool *out_has, GError **error)
{
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql, NSK_DB_PARAMS(value), error);

    return rows != NULL && nsk_db_rows_next(rows, out_has, error);
}

/* Removes the files that have no row. */
static bool
sweep(NskOffice *self, GError **error)
{
    const char *name;
    g_autofree char *folder = nsk_office_path(self->dir, FOLDER);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        bool has_row = true;
        g_autofree char *path = g_build_filename(folder, name, NULL);
        /* looked at anew for each, since one may be made meanwhile */
        g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

        if (txn == NULL || !has_any(txn, sql_has, NSK_DB_TEXT(name), &has_row, error))
            return false;
        if (!has_row)
            (void)unlink(path);
    }
    return true;
}

bool
nsk_office_forget_uploads(NskOffice *self, GError **error)
{
    bool has_row = false;
    Ending work = { .office = self, .until = nsk_clock_now(self->clock) };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    if (txn == NULL || !has_any(txn, sql_any_ended, NSK_DB_INT(work.until), &has_row, error))
        return false;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    return (!has_row || nsk_office_commit(self, apply_forget, &work, NULL, error)) &&
           sweep(self, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Git objects as rows: (letter, oid) -> kind, size, codec, data.
 *
 * INVARIANTS
 *   (1) An object's oid is the SHA-1 that git gives its content; it is computed again at every
 *       read, so that no damaged byte ever leaves this file.
 *   (2) An object is added or is there already; it is never changed.
 *   (3) What a row says about its size is checked before memory is taken for it.
 */
#include "base/limits.h"
#include "base/message.h"
#include "store/store-private.h"

#include <string.h>
#include <zstd.h>

#define LEVEL          3  /* of zstd: storage.md, section 2 */
#define SMALLEST_WORTH 64 /* bytes; below, a frame's own head eats the gain */
/* a commit's or a tree's size is bounded by what makes them, a file's by the limit itself */
#define SIZE_LIMIT ((int64_t)NSK_LIMIT_OBJECT_SIZE)

enum { CODEC_PLAIN = 0, CODEC_ZSTD = 1 };

static const char sql_add_object[] =
    "INSERT INTO object (letter, oid, kind, size, codec, data) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (letter, oid) DO NOTHING";
static const char sql_find_object[] =
    "SELECT kind, size, codec, data FROM object WHERE letter = $1 AND oid = $2";
static const char sql_stat_object[] =
    "SELECT kind, size FROM object WHERE letter = $1 AND oid = $2";
static const char sql_list_objects[] =
    "SELECT kind, size, codec, data, oid FROM object WHERE letter = $1 ORDER BY oid";
static const char sql_list_all_objects[] =
    "SELECT kind, size, codec, data, oid, letter FROM object ORDER BY letter, oid";

/* Contexts are a few hundred kilobytes: one a thread, kept. */
static void
free_compressor(gpointer context)
{
    (void)ZSTD_freeCCtx(context);
}

static ZSTD_CCtx *
compressor(void)
{
    static GPrivate slot = G_PRIVATE_INIT(free_compressor);
    ZSTD_CCtx *context = g_private_get(&slot);

    if (context == NULL) {
        context = ZSTD_createCCtx();
        g_private_set(&slot, context);
    }
    return context;
}

/* Returns the frame, or NULL if it would not be smaller. */
static GBytes *
compress(GBytes *content)
{
    size_t size;
    const void *data = g_bytes_get_data(content, &size);

    if (size < SMALLEST_WORTH || compressor() == NULL)
        return NULL;
    size_t room = ZSTD_compressBound(size);
    g_autofree void *frame = g_malloc(room);
    size_t used = ZSTD_compressCCtx(compressor(), frame, room, data, size, LEVEL);
    if (ZSTD_isError(used) || used >= size - size / 16)
        return NULL;
    return g_bytes_new_take(g_realloc(g_steal_pointer(&frame), used), used);
}

bool
nsk_object_add(NskDbTxn *txn,
               const char *letter,
               git_object_t kind,
               GBytes *content,
               git_oid *out_oid,
               GError **error)
{
    git_oid oid;

    if (!nsk_git_hash(kind, content, &oid, error))
        return false;
    g_autoptr(GBytes) frame = compress(content);
    size_t kept_size;
    const void *kept = g_bytes_get_data(frame != NULL ? frame : content, &kept_size);
    if (!nsk_db_exec(txn, sql_add_object,
                     NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_BLOB(oid.id, sizeof oid.id),
                                   NSK_DB_INT(kind), NSK_DB_INT((int64_t)g_bytes_get_size(content)),
                                   NSK_DB_INT(frame != NULL ? CODEC_ZSTD : CODEC_PLAIN),
                                   NSK_DB_BLOB(kept, kept_size)),
                     NULL, error))
        return false;
    *out_oid = oid;
    return true;
}

/* Content of the row under @rows (kind, size, codec, data), or NULL if it is not well formed. */
static GBytes *
unpack_row(NskDbRows *rows)
{
    size_t kept_size;
    int64_t size = nsk_db_rows_int(rows, 1);
    const void *kept = nsk_db_rows_blob(rows, 3, &kept_size);

    if (size < 0 || size > SIZE_LIMIT)
        return NULL;
    if (nsk_db_rows_int(rows, 2) == CODEC_PLAIN)
        return kept_size == (size_t)size ? g_bytes_new(kept, kept_size) : NULL;
    g_autofree void *data = g_malloc((size_t)size + 1);
    size_t got = ZSTD_decompress(data, (size_t)size, kept, kept_size);
    if (ZSTD_isError(got) || got != (size_t)size)
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&data), got);
}

/* As unpack_row(), and hashed again. */
static GBytes *
verify_row(NskDbRows *rows, const char *letter, const git_oid *oid, GError **error)
{
    git_oid actual;
    char text[NSK_OID_LEN + 1];
    int64_t kind = nsk_db_rows_int(rows, 0);
    g_autoptr(GBytes) content = unpack_row(rows);

    if (content != NULL && kind >= GIT_OBJECT_COMMIT && kind <= GIT_OBJECT_BLOB &&
        nsk_git_hash((git_object_t)kind, content, &actual, NULL) && git_oid_equal(&actual, oid))
        return g_steal_pointer(&content);
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("object %s of '%s' is not what was stored: restore it from a backup"),
                nsk_oid_text(oid, text), letter);
    return NULL;
}

GBytes *
nsk_object_find(NskDbTxn *txn,
                const char *letter,
                const git_oid *oid,
                git_object_t *out_kind,
                bool *out_plain,
                GError **error)
{
    bool has_row = false;
    char text[NSK_OID_LEN + 1];
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_find_object,
        NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_BLOB(oid->id, sizeof oid->id)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return NULL;
    if (!has_row) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("'%s' has no object %s"), letter,
                    nsk_oid_text(oid, text));
        return NULL;
    }
    g_autoptr(GBytes) content = verify_row(rows, letter, oid, error);
    if (content == NULL)
        return NULL;
    if (out_kind != NULL)
        *out_kind = (git_object_t)nsk_db_rows_int(rows, 0);
    if (out_plain != NULL)
        *out_plain = nsk_db_rows_int(rows, 2) == CODEC_PLAIN;
    return g_steal_pointer(&content);
}

GBytes *
nsk_object_need(NskDbTxn *txn,
                const char *letter,
                const git_oid *oid,
                git_object_t kind,
                GError **error)
{
    char text[NSK_OID_LEN + 1];
    git_object_t actual;
    g_autoptr(GError) fault = NULL;
    g_autoptr(GBytes) content = nsk_object_find(txn, letter, oid, &actual, NULL, &fault);

    if (content != NULL && actual == kind)
        return g_steal_pointer(&content);
    if (fault != NULL && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return NULL;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                fault != NULL ? nsk_tr("object %s of '%s' is missing: restore it from a backup")
                              : nsk_tr("object %s of '%s' is of the wrong kind"),
                nsk_oid_text(oid, text), letter);
    return NULL;
}

bool
nsk_object_stat(NskDbTxn *txn,
                const char *letter,
                const git_oid *oid,
                bool *out_found,
                NskObjectStat *out_stat,
                GError **error)
{
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_stat_object,
        NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_BLOB(oid->id, sizeof oid->id)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, out_found, error))
        return false;
    if (*out_found) {
        out_stat->kind = (git_object_t)nsk_db_rows_int(rows, 0);
        out_stat->size = (size_t)nsk_db_rows_int(rows, 1);
    }
    return true;
}

static bool
check_row(NskDbRows *rows, const char *letter, NskIssues *issues, GError **error)
{
    git_oid oid;
    g_autoptr(GError) fault = NULL;
    g_autofree char *file = g_strdup(letter);

    if (!nsk_oid_from_row(rows, 4, &oid, error))
        return false;
    g_autoptr(GBytes) content = verify_row(rows, letter, &oid, &fault);
    if (content == NULL)
        nsk_issues_add(issues,
                       &(NskIssue){ .tag = "store-object-damaged",
                                    .severity = NSK_SEVERITY_ERROR,
                                    .file = file },
                       "%s", fault->message);
    return true;
}

bool
nsk_object_check_all(NskDbTxn *txn, const char *letter, NskIssues *issues, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows =
        letter != NULL
            ? nsk_db_query(txn, sql_list_objects, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error)
            : nsk_db_query(txn, sql_list_all_objects, NSK_DB_NO_PARAMS, error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (has_row &&
            !check_row(rows, letter != NULL ? letter : nsk_db_rows_text(rows, 5), issues, error))
            return false;
    }
    return rows != NULL;
}

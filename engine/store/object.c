/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Git objects as rows of the table object: (history, oid) -> kind, size, codec, base, depth, data.
 *
 * A file's version may be kept as a frame after the content of its base, an older version of the
 * same file, which may have a base in turn.
 *
 * INVARIANTS
 *   (1) An object's oid is the SHA-1 that git gives its content; it is computed again at every
 *       read, so that no damaged byte ever leaves this file.
 *   (2) An object is added or is there already; it is never changed, and never removed but with
 *       its whole history.  So a base that was seen once stays.
 *   (3) What a row says about its size is checked before memory is taken for it.
 *   (4) A base is of the same history, older, and one less deep: a way down ends after
 *       NSK_OBJECT_CHAIN rows, whatever the rows say.
 */
#include "base/limits.h"
#include "base/message.h"
#include "store/store-private.h"

#include <string.h>

/* a commit's or a tree's size is bounded by what makes them, a file's by the limit itself */
#define SIZE_LIMIT ((int64_t)NSK_LIMIT_OBJECT_SIZE)

static const char sql_add_object[] =
    "INSERT INTO object (history, oid, kind, size, codec, base, depth, data) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (history, oid) DO NOTHING";
static const char sql_find_object[] =
    "SELECT o.n, o.history, o.kind, o.size, o.codec, o.base, o.depth, o.data "
    "FROM head h JOIN object o ON o.history = h.n WHERE h.letter = $1 AND o.oid = $2";
static const char sql_find_base[] = "SELECT n, history, kind, size, codec, base, depth, data "
                                    "FROM object WHERE n = $1";
static const char sql_stat_object[] = "SELECT o.kind, o.size FROM head h JOIN object o "
                                      "ON o.history = h.n WHERE h.letter = $1 AND o.oid = $2";
static const char sql_list_objects[] =
    "SELECT o.n, o.history, o.kind, o.size, o.codec, o.base, o.depth, o.data, o.oid "
    "FROM head h JOIN object o ON o.history = h.n WHERE h.letter = $1 ORDER BY o.oid";
static const char sql_list_all_objects[] =
    "SELECT o.n, o.history, o.kind, o.size, o.codec, o.base, o.depth, o.data, o.oid, h.letter "
    "FROM object o LEFT JOIN head h ON h.n = o.history ORDER BY o.n";

/* A row as it was read, before anything in it is believed. */
typedef struct {
    int64_t n;
    int64_t history;
    int64_t kind;
    int64_t size;
    int64_t codec;
    int64_t base;
    int64_t depth;
    GBytes *data; /* owned */
} Row;

static void
row_clear(Row *self)
{
    g_clear_pointer(&self->data, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Row, row_clear)

/* From an object down to the one without a base. */
typedef struct {
    Row rows[NSK_OBJECT_CHAIN];
    size_t n;
} Chain;

static void
chain_clear(Chain *self)
{
    for (size_t i = 0; i < self->n; i++)
        row_clear(&self->rows[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Chain, chain_clear)

void
nsk_object_clear(NskObject *self)
{
    g_clear_pointer(&self->data, g_bytes_unref);
}

void
nsk_object_found_clear(NskObjectFound *self)
{
    g_clear_pointer(&self->content, g_bytes_unref);
}

bool
nsk_object_insert(NskDbTxn *txn,
                  int64_t history,
                  const NskObject *object,
                  int64_t *out_n,
                  GError **error)
{
    size_t size;
    int64_t added;
    const void *data = g_bytes_get_data(object->data, &size);

    if (!nsk_db_exec(txn, sql_add_object,
                     NSK_DB_PARAMS(NSK_DB_INT(history),
                                   NSK_DB_BLOB(object->oid.id, sizeof object->oid.id),
                                   NSK_DB_INT(object->kind), NSK_DB_INT((int64_t)object->size),
                                   NSK_DB_INT(object->codec),
                                   object->base > 0 ? NSK_DB_INT(object->base) : NSK_DB_NULL,
                                   NSK_DB_INT(object->depth), NSK_DB_BLOB(data, size)),
                     &added, error))
        return false;
    if (out_n != NULL)
        *out_n = added > 0 ? nsk_db_inserted_id(txn) : 0;
    return true;
}

static Row
take_row(NskDbRows *rows)
{
    size_t size;
    const void *data = nsk_db_rows_blob(rows, 7, &size);

    return (Row){ .n = nsk_db_rows_int(rows, 0),
                  .history = nsk_db_rows_int(rows, 1),
                  .kind = nsk_db_rows_int(rows, 2),
                  .size = nsk_db_rows_int(rows, 3),
                  .codec = nsk_db_rows_int(rows, 4),
                  .base = nsk_db_rows_int(rows, 5),
                  .depth = nsk_db_rows_int(rows, 6),
                  .data = g_bytes_new(data, size) };
}

/* Whether the row may stand in a chain at all. */
static bool
row_is_sane(const Row *row)
{
    bool based = row->codec == NSK_CODEC_BASE;

    return row->kind >= GIT_OBJECT_COMMIT && row->kind <= GIT_OBJECT_BLOB && row->size >= 0 &&
           row->size <= SIZE_LIMIT && row->depth >= 0 && row->depth < NSK_OBJECT_CHAIN &&
           based == (row->depth > 0) && based == (row->base != 0) &&
           (!based || (row->kind == GIT_OBJECT_BLOB && row->size <= NSK_LIMIT_ATTACHMENT &&
                       g_bytes_get_size(row->data) <= NSK_LIMIT_ATTACHMENT));
}

/* Whether @base may be what @row leans on. */
static bool
is_base_of(const Row *base, const Row *row)
{
    return row_is_sane(base) && base->kind == GIT_OBJECT_BLOB && base->history == row->history &&
           base->n < row->n && base->depth == row->depth - 1 && base->size <= NSK_LIMIT_ATTACHMENT;
}

/* Adds the rows below the one in @chain; *out_whole false if there is something wrong with one. */
static bool
follow_chain(NskDbTxn *txn, Chain *chain, bool *out_whole, GError **error)
{
    bool whole = row_is_sane(&chain->rows[0]);

    while (whole && chain->rows[chain->n - 1].depth > 0) {
        bool has_row = false;
        const Row *above = &chain->rows[chain->n - 1];
        g_autoptr(NskDbRows) rows =
            nsk_db_query(txn, sql_find_base, NSK_DB_PARAMS(NSK_DB_INT(above->base)), error);

        if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
            return false;
        whole = has_row;
        if (has_row) {
            chain->rows[chain->n] = take_row(rows);
            whole = is_base_of(&chain->rows[chain->n], above);
            chain->n++;
        }
    }
    *out_whole = whole;
    return true;
}

/* Content of a tree or commit that is kept short; NULL if it is not well formed. */
static GBytes *
lengthen(const Row *row, const char *letter)
{
    size_t size;
    const void *data = g_bytes_get_data(row->data, &size);

    if (row->kind == GIT_OBJECT_COMMIT)
        return nsk_short_commit_read(data, size, letter, (size_t)row->size);
    g_autoptr(GArray) entries =
        row->kind == GIT_OBJECT_TREE ? nsk_short_tree_read(data, size, letter) : NULL;
    return entries != NULL ? nsk_tree_format(entries) : NULL;
}

/* Content of a row, or NULL if it is not well formed. */
static GBytes *
unpack_row(const Row *row, GBytes *base, const char *letter)
{
    size_t kept_size;
    size_t size = (size_t)row->size;
    const void *kept = g_bytes_get_data(row->data, &kept_size);

    if (row->codec == NSK_CODEC_PLAIN)
        return kept_size == size ? g_bytes_ref(row->data) : NULL;
    if (row->codec == NSK_CODEC_SHORT)
        return lengthen(row, letter);
    g_autofree void *data = g_malloc(size + 1);
    bool ok =
        row->codec == NSK_CODEC_SHIPPED
            ? nsk_codec_expand_shipped(kept, kept_size, NSK_SHIPPED_LETTER, data, size) == size
            : nsk_codec_expand(kept, kept_size, base, data, size);
    return ok ? g_bytes_new_take(g_steal_pointer(&data), size) : NULL;
}

/* Content of the object on top of @chain, or NULL. */
static GBytes *
unpack_chain(const Chain *chain, const char *letter)
{
    g_autoptr(GBytes) content = NULL;

    for (size_t i = chain->n; i > 0; i--) {
        g_autoptr(GBytes) base = g_steal_pointer(&content);

        content = unpack_row(&chain->rows[i - 1], base, letter);
        if (content == NULL)
            return NULL;
    }
    return g_steal_pointer(&content);
}

/* The content of @row (taken), hashed again. */
static GBytes *
verify_row(NskDbTxn *txn, Row *row, const char *letter, const git_oid *oid, GError **error)
{
    git_oid actual;
    bool whole = false;
    char text[NSK_OID_LEN + 1];
    g_auto(Chain) chain = { .rows = { *row }, .n = 1 };
    g_autoptr(GBytes) content = NULL;

    row->data = NULL;
    if (!follow_chain(txn, &chain, &whole, error))
        return NULL;
    if (whole)
        content = unpack_chain(&chain, letter);
    if (content != NULL)
        nsk_git_hash((git_object_t)row->kind, content, &actual);
    if (content != NULL && nsk_oid_equal(&actual, oid))
        return g_steal_pointer(&content);
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("object %s of '%s' is not what was stored: restore it from a backup"),
                nsk_oid_text(oid, text), letter);
    return NULL;
}

/* Reads the row of an object; NOT_FOUND if there is none. */
static bool
find_row(NskDbTxn *txn, const char *letter, const git_oid *oid, Row *out_row, GError **error)
{
    bool has_row = false;
    char text[NSK_OID_LEN + 1];
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_find_object,
        NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_BLOB(oid->id, sizeof oid->id)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (has_row)
        *out_row = take_row(rows);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("'%s' has no object %s"), letter,
                    nsk_oid_text(oid, text));
    return has_row;
}

bool
nsk_object_open(NskDbTxn *txn,
                const char *letter,
                const git_oid *oid,
                NskObjectFound *out_found,
                GError **error)
{
    g_auto(Row) row = { 0 };

    if (!find_row(txn, letter, oid, &row, error))
        return false;
    GBytes *content = verify_row(txn, &row, letter, oid, error);
    if (content == NULL)
        return false;
    *out_found = (NskObjectFound){ .n = row.n,
                                   .kind = (git_object_t)row.kind,
                                   .plain = row.codec == NSK_CODEC_PLAIN,
                                   .depth = (int)row.depth,
                                   .content = content };
    return true;
}

GBytes *
nsk_object_find(NskDbTxn *txn,
                const char *letter,
                const git_oid *oid,
                git_object_t *out_kind,
                bool *out_plain,
                GError **error)
{
    NskObjectFound found;

    if (!nsk_object_open(txn, letter, oid, &found, error))
        return NULL;
    if (out_kind != NULL)
        *out_kind = found.kind;
    if (out_plain != NULL)
        *out_plain = found.plain;
    return found.content;
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

/* The large file that @content stands for must be noted as the letter's. */
static bool
check_text(NskDbTxn *txn, GBytes *content, const char *letter, NskIssues *issues, GError **error)
{
    NskLargeFile large;
    bool noted = false;
    g_autofree char *file = g_strdup(letter);

    if (nsk_large_read_text(content, &large) &&
        !nsk_large_is_noted(txn, letter, &large, &noted, error))
        return false;
    if (!noted)
        nsk_issues_add(issues,
                       &(NskIssue){ .tag = "store-file-missing",
                                    .severity = NSK_SEVERITY_ERROR,
                                    .file = file },
                       nsk_tr("a large file of '%s' is named in its history but not in the "
                              "database: restore a backup"),
                       letter);
    return true;
}

/* Checks the object under @rows, of the history of @letter (NULL: of none that is known). */
static bool
check_row(NskDbTxn *txn, NskDbRows *rows, const char *letter, NskIssues *issues, GError **error)
{
    git_oid oid;
    g_autoptr(GError) fault = NULL;
    g_autofree char *file = g_strdup(letter != NULL ? letter : "?");
    g_auto(Row) row = take_row(rows);

    if (!nsk_oid_from_row(rows, 8, &oid, error))
        return false;
    g_autoptr(GBytes) content = verify_row(txn, &row, file, &oid, &fault);
    if (content != NULL)
        return row.kind != GIT_OBJECT_BLOB || !nsk_large_is_text(content) ||
               check_text(txn, content, file, issues, error);
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_CORRUPT)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_issues_add(
        issues,
        &(NskIssue){ .tag = "store-object-damaged", .severity = NSK_SEVERITY_ERROR, .file = file },
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
        if (has_row && !check_row(txn, rows, letter != NULL ? letter : nsk_db_rows_text(rows, 9),
                                  issues, error))
            return false;
    }
    return rows != NULL;
}

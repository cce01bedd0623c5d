/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libgit2 over the office's database: errors, ids, and one history as a read-only repository.
 *
 * INVARIANTS
 *   (1) A view shows the objects and the ref of one letter, so that no prefix, ref or walk can
 *       lead from one letter to another.
 *   (2) Every write through a view is refused: versions are made by nsk_store_commit() alone.
 *   (3) A fault of ours inside a callback is kept in the view and reported instead of libgit2's
 *       words for it.
 */
#include "store/git.h"

#include "base/bytes.h"
#include "base/late.h"
#include "base/message.h"
#include "crypto/crypto.h"
#include "store/store-private.h"

#include <string.h>

typedef struct {
    git_odb_backend parent;
    NskGitView *view;
} OdbBackend;

typedef struct {
    git_refdb_backend parent;
    NskGitView *view;
} RefdbBackend;

typedef struct {
    git_reference_iterator parent;
    NskGitView *view;
    char *name; /* of the one ref; owned */
    bool done;
} RefIterator;

static const char sql_match_oids[] =
    "SELECT o.oid FROM head h JOIN object o ON o.history = h.n "
    "WHERE h.letter = $1 AND o.oid BETWEEN $2 AND $3 ORDER BY o.oid LIMIT 2";
static const char sql_list_oids[] = "SELECT o.oid FROM head h JOIN object o ON o.history = h.n "
                                    "WHERE h.letter = $1 ORDER BY o.oid";

NskGit nsk_git;

static bool
start(void)
{
    return nsk_git.libgit2_init() >= 0;
}

bool
nsk_git_init(GError **error)
{
#define NAMED(name) { "git_" #name, &nsk_git.name },
    static const NskLateFunction functions[] = { NSK_GIT_FUNCTIONS(NAMED){ NULL, NULL } };
    static const NskLateLibrary library = { "libgit2.so." LIBGIT2_SOVERSION,
                                            "libgit2-" LIBGIT2_SOVERSION, functions, start };
    static const char *missing;
    static gsize done;

    return nsk_late_load(&library, &done, &missing, error);
}

bool
nsk_git_check(int rc, const char *what, GError **error)
{
    if (rc >= 0)
        return true;
    const git_error *fault = nsk_git.error_last();
    g_set_error(error, NSK_ERROR, rc == GIT_ENOTFOUND ? NSK_ERROR_NOT_FOUND : NSK_ERROR_IO,
                nsk_tr("cannot %s: %s"), nsk_tr(what),
                fault != NULL && fault->message != NULL ? fault->message
                                                        : nsk_tr("unknown fault of git"));
    return false;
}

void
nsk_git_hash(git_object_t kind, GBytes *content, git_oid *out_oid)
{
    static const char *const words[] = { [GIT_OBJECT_COMMIT] = "commit",
                                         [GIT_OBJECT_TREE] = "tree",
                                         [GIT_OBJECT_BLOB] = "blob" };
    char head[32];
    size_t size, rest;
    size_t at = sizeof head - 1;
    const void *data = g_bytes_get_data(content, &size);
    size_t len = strlen(words[kind]);

    /* "WORD SIZE" with its NUL, written from its end: a format costs as much as the digest */
    head[at] = '\0';
    for (rest = size; rest > 0 || at == sizeof head - 1; rest /= 10)
        head[--at] = (char)('0' + rest % 10);
    head[--at] = ' ';
    at -= len;
    memcpy(head + at, words[kind], len);
    nsk_sha1(head + at, sizeof head - at, data, size, out_oid->id);
}

bool
nsk_git_hash_strange(GBytes *content, git_oid *out_oid, GError **error)
{
    size_t size;
    const void *data = g_bytes_get_data(content, &size);

    return nsk_git_init(error) &&
           nsk_git_check(nsk_git.odb_hash(out_oid, size > 0 ? data : "", size, GIT_OBJECT_BLOB),
                         N_("hash an object (SHA-1)"), error);
}

const char *
nsk_oid_text(const git_oid *oid, char out[NSK_OID_LEN + 1])
{
    for (size_t i = 0; i < sizeof oid->id; i++) {
        out[2 * i] = "0123456789abcdef"[oid->id[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[oid->id[i] & 15];
    }
    out[NSK_OID_LEN] = '\0';
    return out;
}

int
nsk_oid_cmp(const git_oid *a, const git_oid *b)
{
    return memcmp(a->id, b->id, sizeof a->id);
}

bool
nsk_oid_equal(const git_oid *a, const git_oid *b)
{
    return nsk_oid_cmp(a, b) == 0;
}

bool
nsk_oid_is_zero(const git_oid *oid)
{
    static const git_oid zero;

    return nsk_oid_equal(oid, &zero);
}

bool
nsk_oid_parse(const char *text, git_oid *out_oid)
{
    return nsk_unhex(text, out_oid->id, sizeof out_oid->id);
}

bool
nsk_oid_from_row(NskDbRows *rows, int column, git_oid *out_oid, GError **error)
{
    size_t size;
    const void *data = nsk_db_rows_blob(rows, column, &size);

    if (size != sizeof out_oid->id) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("an object id in the database has %zu bytes instead of %zu"), size,
                    sizeof out_oid->id);
        return false;
    }
    memcpy(out_oid->id, data, size);
    return true;
}

/* Keeps @fault (taken) and gives libgit2 the code for it. */
static int
keep_fault(NskGitView *view, GError *fault)
{
    bool missing = g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND);

    nsk_git.error_set_str(GIT_ERROR_ODB, fault->message);
    if (missing || view->fault != NULL)
        g_error_free(fault);
    else
        view->fault = fault;
    return missing ? GIT_ENOTFOUND : GIT_ERROR;
}

static int
odb_read(void **out_data,
         size_t *out_size,
         git_object_t *out_kind,
         git_odb_backend *backend,
         const git_oid *oid)
{
    NskGitView *view = ((OdbBackend *)backend)->view;
    GError *fault = NULL;
    git_object_t kind;
    size_t size;
    g_autoptr(GBytes) content = nsk_object_find(view->txn, view->letter, oid, &kind, NULL, &fault);

    if (content == NULL)
        return keep_fault(view, fault);
    const void *data = g_bytes_get_data(content, &size);
    *out_data = nsk_git.odb_backend_data_alloc(backend, size + 1);
    if (*out_data == NULL)
        return GIT_ERROR;
    if (size > 0)
        memcpy(*out_data, data, size);
    *out_size = size;
    *out_kind = kind;
    return 0;
}

/* Finds the one oid that begins with the first @len hex digits of @prefix. */
static int
match_prefix(NskGitView *view, const git_oid *prefix, size_t len, git_oid *out_oid)
{
    bool first = false, second = false;
    GError *fault = NULL;
    git_oid low = *prefix, high = *prefix;

    for (size_t i = MIN(len, NSK_OID_LEN); i < NSK_OID_LEN; i++) {
        uint8_t digit = i % 2 == 0 ? 0xf0 : 0x0f;

        low.id[i / 2] = (uint8_t)(low.id[i / 2] & ~digit);
        high.id[i / 2] = (uint8_t)(high.id[i / 2] | digit);
    }
    g_autoptr(NskDbRows) rows =
        nsk_db_query(view->txn, sql_match_oids,
                     NSK_DB_PARAMS(NSK_DB_TEXT(view->letter), NSK_DB_BLOB(low.id, sizeof low.id),
                                   NSK_DB_BLOB(high.id, sizeof high.id)),
                     &fault);
    if (rows == NULL || !nsk_db_rows_next(rows, &first, &fault) ||
        (first && !nsk_oid_from_row(rows, 0, out_oid, &fault)) ||
        (first && !nsk_db_rows_next(rows, &second, &fault)))
        return keep_fault(view, fault);
    return second ? GIT_EAMBIGUOUS : first ? 0 : GIT_ENOTFOUND;
}

static int
odb_read_prefix(git_oid *out_oid,
                void **out_data,
                size_t *out_size,
                git_object_t *out_kind,
                git_odb_backend *backend,
                const git_oid *prefix,
                size_t len)
{
    /* size: callback */
    int rc = match_prefix(((OdbBackend *)backend)->view, prefix, len, out_oid);

    return rc == 0 ? odb_read(out_data, out_size, out_kind, backend, out_oid) : rc;
}

static int
odb_exists_prefix(git_oid *out_oid, git_odb_backend *backend, const git_oid *prefix, size_t len)
{
    return match_prefix(((OdbBackend *)backend)->view, prefix, len, out_oid);
}

static int
odb_read_header(size_t *out_size,
                git_object_t *out_kind,
                git_odb_backend *backend,
                const git_oid *oid)
{
    NskGitView *view = ((OdbBackend *)backend)->view;
    GError *fault = NULL;
    bool found = false;
    NskObjectStat stat;

    if (!nsk_object_stat(view->txn, view->letter, oid, &found, &stat, &fault))
        return keep_fault(view, fault);
    if (!found)
        return GIT_ENOTFOUND;
    *out_size = stat.size;
    *out_kind = stat.kind;
    return 0;
}

static int
odb_exists(git_odb_backend *backend, const git_oid *oid)
{
    size_t size;
    git_object_t kind;

    return odb_read_header(&size, &kind, backend, oid) == 0;
}

static int
odb_foreach(git_odb_backend *backend, git_odb_foreach_cb visit, void *data)
{
    NskGitView *view = ((OdbBackend *)backend)->view;
    GError *fault = NULL;
    bool has_row = true;
    int rc = 0;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(view->txn, sql_list_oids, NSK_DB_PARAMS(NSK_DB_TEXT(view->letter)), &fault);

    while (rows != NULL && has_row && rc == 0) {
        git_oid oid;

        if (!nsk_db_rows_next(rows, &has_row, &fault) ||
            (has_row && !nsk_oid_from_row(rows, 0, &oid, &fault)))
            return keep_fault(view, fault);
        if (has_row)
            rc = visit(&oid, data);
    }
    return rows != NULL ? rc : keep_fault(view, fault);
}

static int
refuse(void)
{
    nsk_git.error_set_str(GIT_ERROR_INVALID,
                          "this history is read only; versions are made by Naskah");
    return GIT_EUSER;
}

static int
odb_write(git_odb_backend *backend,
          const git_oid *oid,
          const void *data,
          size_t size,
          git_object_t kind)
{
    (void)backend, (void)oid, (void)data, (void)size, (void)kind;
    return refuse();
}

static void
odb_free(git_odb_backend *backend)
{
    g_free(backend);
}

static int
refdb_lookup(git_reference **out_ref, git_refdb_backend *backend, const char *name)
{
    NskGitView *view = ((RefdbBackend *)backend)->view;
    GError *fault = NULL;
    bool found = false;
    g_auto(NskHead) head = { 0 };
    g_autofree char *own = nsk_store_ref(view->letter);

    if (g_strcmp0(name, own) != 0)
        return GIT_ENOTFOUND;
    if (!nsk_head_find(view->txn, view->letter, &found, &head, &fault))
        return keep_fault(view, fault);
    if (!found)
        return GIT_ENOTFOUND;
    *out_ref = nsk_git.reference__alloc(name, &head.oid, NULL);
    return *out_ref != NULL ? 0 : GIT_ERROR;
}

static int
refdb_exists(int *out_exists, git_refdb_backend *backend, const char *name)
{
    git_reference *ref = NULL;
    int rc = refdb_lookup(&ref, backend, name);

    nsk_git.reference_free(ref);
    *out_exists = rc == 0;
    return rc == GIT_ENOTFOUND ? 0 : rc;
}

static int
iterator_next(git_reference **out_ref, git_reference_iterator *iterator)
{
    RefIterator *self = (RefIterator *)iterator;
    RefdbBackend backend = { .view = self->view };

    if (self->done)
        return GIT_ITEROVER;
    self->done = true;
    int rc = refdb_lookup(out_ref, &backend.parent, self->name);
    return rc == GIT_ENOTFOUND ? GIT_ITEROVER : rc;
}

static int
iterator_next_name(const char **out_name, git_reference_iterator *iterator)
{
    git_reference *ref = NULL;
    int rc = iterator_next(&ref, iterator);

    nsk_git.reference_free(ref);
    if (rc == 0)
        *out_name = ((RefIterator *)iterator)->name;
    return rc;
}

static void
iterator_free(git_reference_iterator *iterator)
{
    g_free(((RefIterator *)iterator)->name);
    g_free(iterator);
}

static int
refdb_iterator(git_reference_iterator **out_iterator, git_refdb_backend *backend, const char *glob)
{
    RefIterator *self = g_new0(RefIterator, 1);

    self->parent.next = iterator_next;
    self->parent.next_name = iterator_next_name;
    self->parent.free = iterator_free;
    self->view = ((RefdbBackend *)backend)->view;
    self->name = nsk_store_ref(self->view->letter);
    self->done = glob != NULL && !g_pattern_match_simple(glob, self->name);
    *out_iterator = &self->parent;
    return 0;
}

static int
refdb_write(git_refdb_backend *backend,
            const git_reference *ref,
            int force,
            const git_signature *who,
            const char *message,
            const git_oid *old,
            const char *old_target)
{
    /* size: callback */
    (void)backend, (void)ref, (void)force, (void)who, (void)message, (void)old, (void)old_target;
    return refuse();
}

static int
refdb_rename(git_reference **out_ref,
             git_refdb_backend *backend,
             const char *old_name,
             const char *new_name,
             int force,
             const git_signature *who,
             const char *message)
{
    /* size: callback */
    (void)out_ref, (void)backend, (void)old_name, (void)new_name, (void)force, (void)who,
        (void)message;
    return refuse();
}

static int
refdb_delete(git_refdb_backend *backend,
             const char *name,
             const git_oid *old_id,
             const char *old_target)
{
    (void)backend, (void)name, (void)old_id, (void)old_target;
    return refuse();
}

static int
refdb_has_log(git_refdb_backend *backend, const char *name)
{
    (void)backend, (void)name;
    return 0;
}

static int
refdb_ensure_log(git_refdb_backend *backend, const char *name)
{
    (void)backend, (void)name;
    return refuse();
}

static int
refdb_reflog_read(git_reflog **out_log, git_refdb_backend *backend, const char *name)
{
    (void)out_log, (void)backend, (void)name;
    return GIT_ENOTFOUND;
}

static int
refdb_reflog_write(git_refdb_backend *backend, git_reflog *log)
{
    (void)backend, (void)log;
    return refuse();
}

static int
refdb_reflog_rename(git_refdb_backend *backend, const char *old_name, const char *new_name)
{
    (void)backend, (void)old_name, (void)new_name;
    return refuse();
}

static int
refdb_reflog_delete(git_refdb_backend *backend, const char *name)
{
    (void)backend, (void)name;
    return refuse();
}

static void
refdb_free(git_refdb_backend *backend)
{
    g_free(backend);
}

static git_odb_backend *
odb_backend_new(NskGitView *view)
{
    OdbBackend *self = g_new0(OdbBackend, 1);

    (void)nsk_git.odb_init_backend(&self->parent, GIT_ODB_BACKEND_VERSION);
    self->view = view;
    self->parent.read = odb_read;
    self->parent.read_prefix = odb_read_prefix;
    self->parent.read_header = odb_read_header;
    self->parent.exists = odb_exists;
    self->parent.exists_prefix = odb_exists_prefix;
    self->parent.foreach = odb_foreach;
    self->parent.write = odb_write;
    self->parent.free = odb_free;
    return &self->parent;
}

static git_refdb_backend *
refdb_backend_new(NskGitView *view)
{
    RefdbBackend *self = g_new0(RefdbBackend, 1);

    (void)nsk_git.refdb_init_backend(&self->parent, GIT_REFDB_BACKEND_VERSION);
    self->view = view;
    self->parent.exists = refdb_exists;
    self->parent.lookup = refdb_lookup;
    self->parent.iterator = refdb_iterator;
    self->parent.write = refdb_write;
    self->parent.rename = refdb_rename;
    self->parent.del = refdb_delete;
    self->parent.has_log = refdb_has_log;
    self->parent.ensure_log = refdb_ensure_log;
    self->parent.reflog_read = refdb_reflog_read;
    self->parent.reflog_write = refdb_reflog_write;
    self->parent.reflog_rename = refdb_reflog_rename;
    self->parent.reflog_delete = refdb_reflog_delete;
    self->parent.free = refdb_free;
    return &self->parent;
}

/* Gives the repository its two backends; they own what they are given even when this fails. */
static int
attach(NskGitView *self, git_odb *odb)
{
    git_refdb *refdb = NULL;
    int rc = nsk_git.odb_add_backend(odb, odb_backend_new(self), 1);

    if (rc == 0)
        rc = nsk_git.repository_wrap_odb(&self->repository, odb);
    if (rc == 0)
        rc = nsk_git.refdb_new(&refdb, self->repository);
    if (rc == 0)
        rc = nsk_git.refdb_set_backend(refdb, refdb_backend_new(self));
    if (rc == 0)
        rc = nsk_git.repository_set_refdb(self->repository, refdb);
    nsk_git.refdb_free(refdb);
    return rc;
}

NskGitView *
nsk_git_view_open(NskDbTxn *txn, const char *letter, GError **error)
{
    git_odb *odb = NULL;

    if (!nsk_git_init(error))
        return NULL;
    g_autoptr(NskGitView) self = g_new0(NskGitView, 1);
    self->txn = txn;
    self->letter = g_strdup(letter);
    int rc = nsk_git.odb_new(&odb);
    if (rc == 0)
        rc = attach(self, odb);
    nsk_git.odb_free(odb);
    return nsk_git_check(rc, N_("open a history"), error) ? g_steal_pointer(&self) : NULL;
}

bool
nsk_git_view_check(NskGitView *self, int rc, const char *what, GError **error)
{
    if (self->fault == NULL)
        return nsk_git_check(rc, what, error);
    g_propagate_error(error, g_steal_pointer(&self->fault));
    return false;
}

void
nsk_git_view_free(NskGitView *self)
{
    if (self == NULL)
        return;
    nsk_git.repository_free(self->repository);
    g_clear_error(&self->fault);
    g_free(self->letter);
    g_free(self);
}

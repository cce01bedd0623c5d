/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Older archives that are being taken in; see imports.h.
 *
 * INVARIANTS
 *   (1) One is at work at a time, by a handle of its own: each row costs a start of the worker and
 *       a change of the office, and people work beside it.
 *   (2) What is told of an import is read and changed under the lock; what it was begun with never
 *       changes.
 */
#include "http/imports.h"

#include "base/id.h"
#include "base/message.h"
#include "base/pause.h"
#include "office/token.h"

#include <string.h>

#define MOST_KEPT    50 /* above, those that ended go, and then nothing more begins */
#define MOST_WAITING 8  /* who may wait for a step at once; others are answered at once */
#define WAIT_US      ((int64_t)10 * G_USEC_PER_SEC)

typedef struct {
    grefcount refs;
    NskHttpImports *owner;
    char *id;
    char *person;
    bool is_program;
    const char *language; /* static */
    char *request;        /* that began it, and its digest; NULL: it has no name */
    char *digest;
    char *unit, *archive, *name, *system;
    GBytes *table;
    char *files;
    bool dry_run;
    NskInstant begun;
    const char *state; /* static */
    int64_t done, total;
    char *fault;     /* NULL: none */
    NskJson *result; /* NULL: not yet */
} Import;

struct _NskHttpImports {
    NskHttpSite *site;
    GMutex lock; /* of: */
    GCond moved; /* one took a step */
    unsigned waiting;
    GPtrArray *imports; /* Import, the oldest first */
    GThreadPool *pool;
};

static void
unref_import(gpointer data)
{
    Import *import = data;

    if (!g_ref_count_dec(&import->refs))
        return;
    g_free(import->id);
    g_free(import->person);
    g_free(import->request);
    g_free(import->digest);
    g_free(import->unit);
    g_free(import->archive);
    g_free(import->name);
    g_free(import->system);
    g_free(import->files);
    g_free(import->fault);
    g_bytes_unref(import->table);
    nsk_json_unref(import->result);
    g_free(import);
}

static bool
has_ended(const Import *import)
{
    return import->result != NULL || import->fault != NULL;
}

/* --- At work --------------------------------------------------------------------------------- */

static void
note_rows(G_GNUC_UNUSED const char *what, int64_t done, int64_t total, void *data)
{
    Import *import = data;

    g_mutex_lock(&import->owner->lock);
    import->state = "running";
    import->done = done;
    import->total = total;
    g_cond_broadcast(&import->owner->moved);
    g_mutex_unlock(&import->owner->lock);
}

/* Takes over @result. */
static void
note_end(Import *import, NskJson *result, const GError *fault)
{
    g_mutex_lock(&import->owner->lock);
    import->state = result != NULL ? "done" : "failed";
    import->result = result;
    if (result == NULL)
        import->fault = g_strdup(fault->message);
    else
        import->done = import->total = nsk_json_get_int(result, "rows", 0);
    g_cond_broadcast(&import->owner->moved);
    g_mutex_unlock(&import->owner->lock);
}

static bool
take_in(Import *import, NskOffice *office, NskJson **out_result, GError **error)
{
    const NskImport wish = { .table_name = import->name,
                             .table = import->table,
                             .files = import->files,
                             .system = import->system,
                             .unit = import->unit,
                             .dry_run = import->dry_run,
                             .progress = note_rows,
                             .progress_data = import };
    const _Atomic bool *stop = &import->owner->site->stopping;

    return (import->is_program ? nsk_office_act_for_program(office, import->person, error)
                               : nsk_office_act_for(office, import->person, error)) &&
           nsk_office_archive_import_until(office, &wish, stop, out_result, error);
}

static void
work(gpointer data, gpointer user_data)
{
    Import *import = data;
    NskHttpImports *self = user_data;
    NskJson *result = NULL;
    g_autoptr(GError) fault = NULL;
    const char *before = nsk_language_use(import->language);
    NskOffice *office = nsk_http_site_borrow(self->site, &fault);

    note_rows("", 0, 0, import);
    if (office != NULL)
        (void)take_in(import, office, &result, &fault);
    nsk_http_site_return(self->site, office, fault);
    note_end(import, result, fault);
    nsk_language_use(before);
    unref_import(import);
}

NskHttpImports *
nsk_http_imports_new(NskHttpSite *site)
{
    NskHttpImports *self = g_new0(NskHttpImports, 1);

    self->site = site;
    g_mutex_init(&self->lock);
    g_cond_init(&self->moved);
    self->imports = g_ptr_array_new_with_free_func(unref_import);
    self->pool = g_thread_pool_new(work, self, 1, FALSE, NULL);
    return self;
}

void
nsk_http_imports_free(NskHttpImports *self)
{
    if (self == NULL)
        return;
    g_thread_pool_free(self->pool, FALSE, TRUE);
    g_ptr_array_unref(self->imports);
    g_cond_clear(&self->moved);
    g_mutex_clear(&self->lock);
    g_free(self);
}

/* --- Beginning ------------------------------------------------------------------------------- */

static bool
is_same(const Import *one, const Import *two)
{
    return strcmp(one->unit, two->unit) == 0 && strcmp(one->archive, two->archive) == 0 &&
           strcmp(one->name, two->name) == 0;
}

static void
drop_oldest_ended(NskHttpImports *self)
{
    for (guint i = 0; i < self->imports->len; i++) {
        if (has_ended(g_ptr_array_index(self->imports, i))) {
            g_ptr_array_remove_index(self->imports, i);
            return;
        }
    }
}

/* What the same request began, owned by the list; the lock is held. */
static const Import *
find_request(const NskHttpImports *self, const Import *import)
{
    for (guint i = 0; import->request != NULL && i < self->imports->len; i++) {
        const Import *other = g_ptr_array_index(self->imports, i);

        if (strcmp(other->person, import->person) == 0 &&
            g_strcmp0(other->request, import->request) == 0 &&
            g_strcmp0(other->digest, import->digest) == 0)
            return other;
    }
    return NULL;
}

/* Keeps it if it may begin; the lock is held. */
static bool
keep(NskHttpImports *self, Import *import, GError **error)
{
    for (guint i = 0; i < self->imports->len; i++) {
        const Import *other = g_ptr_array_index(self->imports, i);

        if (has_ended(other) || !is_same(other, import))
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("table '%s' is being taken in already; wait until that has ended"),
                    import->name);
        return false;
    }
    if (self->imports->len >= MOST_KEPT)
        drop_oldest_ended(self);
    if (self->imports->len >= MOST_KEPT) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("%d tables wait to be taken in already; try again later"), MOST_KEPT);
        return false;
    }
    g_ref_count_inc(&import->refs);
    g_ptr_array_add(self->imports, import);
    return true;
}

/* With what it was begun. */
static NskJson *
describe_begun(const Import *import)
{
    NskJson *told = nsk_json_object();
    g_autofree char *begun = nsk_instant_format(import->begun);

    nsk_json_set_text(told, "import", import->id);
    nsk_json_set_text(told, "unit", import->unit);
    nsk_json_set_text(told, "archive", import->archive);
    nsk_json_set_text(told, "table", import->name);
    nsk_json_set_text(told, "system", import->system);
    nsk_json_set_bool(told, "dry_run", import->dry_run);
    nsk_json_set_text(told, "begun", begun);
    return told;
}

/* And how it stands. */
static NskJson *
describe(const Import *import, bool whole)
{
    NskJson *told = describe_begun(import);

    nsk_json_set_text(told, "state", import->state);
    nsk_json_set_int(told, "done", import->done);
    nsk_json_set_int(told, "total", import->total);
    if (import->fault != NULL)
        nsk_json_set_text(told, "fault", import->fault);
    if (whole && import->result != NULL)
        nsk_json_set(told, "result", nsk_json_ref(import->result));
    return told;
}

static Import *
make_import(const NskHttpVisit *visit, const NskHttpImportWish *wish)
{
    Import *import = g_new0(Import, 1);

    g_ref_count_init(&import->refs);
    import->owner = visit->site->imports;
    import->id = nsk_id_new(visit->site->clock);
    import->person = g_strdup(visit->visitor->person);
    import->is_program = visit->visitor->scopes != NULL;
    import->language = nsk_http_request_get_language(visit->request);
    import->request = g_strdup(wish->request);
    import->digest = g_strdup(wish->digest);
    import->unit = g_strdup(wish->place.unit);
    import->archive = g_strdup(wish->place.name);
    import->name = g_strdup(wish->place.table);
    import->system = g_strdup(wish->system);
    import->dry_run = wish->dry_run;
    import->begun = nsk_clock_now(visit->site->clock);
    import->state = "waiting";
    return import;
}

bool
nsk_http_imports_begin(NskHttpVisit *visit,
                       const NskHttpImportWish *wish,
                       NskJson **out_told,
                       GError **error)
{
    NskHttpImports *self = visit->site->imports;
    g_autofree char *files = NULL;
    GBytes *table = NULL;

    if (!nsk_office_import_open(visit->office, &wish->place, &table, &files, error))
        return false;
    Import *import = make_import(visit, wish);
    import->table = table;
    import->files = g_steal_pointer(&files);
    g_mutex_lock(&self->lock);
    const Import *before = find_request(self, import);
    bool kept = before == NULL && keep(self, import, error);
    if (before != NULL || kept)
        *out_told = describe_begun(before != NULL ? before : import);
    g_mutex_unlock(&self->lock);
    if (kept)
        (void)g_thread_pool_push(self->pool, import, NULL);
    else
        unref_import(import);
    return before != NULL || kept;
}

/* --- Looking at it --------------------------------------------------------------------------- */

/* The lock is held; borrowed. */
static Import *
find(NskHttpVisit *visit, const char *id, GError **error)
{
    const GPtrArray *imports = visit->site->imports->imports;

    for (guint i = 0; i < imports->len; i++) {
        Import *import = g_ptr_array_index(imports, i);

        if (strcmp(import->id, id) == 0 && strcmp(import->person, visit->visitor->person) == 0)
            return import;
    }
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                        nsk_tr("this import is not known any more: the server was started anew "
                               "since; begin it again, and what is there is left out"));
    return NULL;
}

NskJson *
nsk_http_imports_wait(NskHttpVisit *visit, const char *id, int64_t seen, GError **error)
{
    NskHttpImports *self = visit->site->imports;
    int64_t until = g_get_monotonic_time() + WAIT_US;
    NskJson *told = NULL;

    nsk_pause_begin();
    g_mutex_lock(&self->lock);
    Import *import = find(visit, id, error);
    if (import != NULL) {
        g_ref_count_inc(&import->refs);
        bool waits = self->waiting < MOST_WAITING;
        self->waiting += waits;
        while (waits && import->done <= seen && !has_ended(import) &&
               !atomic_load(&visit->site->stopping) &&
               g_cond_wait_until(&self->moved, &self->lock, until))
            ;
        self->waiting -= waits;
        told = describe(import, true);
        unref_import(import);
    }
    g_mutex_unlock(&self->lock);
    nsk_pause_end();
    return told;
}

NskJson *
nsk_http_imports_tell(NskHttpVisit *visit, const char *id, GError **error)
{
    return nsk_http_imports_wait(visit, id, -1, error);
}

NskJson *
nsk_http_imports_of(NskHttpVisit *visit)
{
    NskHttpImports *self = visit->site->imports;
    NskJson *list = nsk_json_array();

    g_mutex_lock(&self->lock);
    for (guint i = self->imports->len; i > 0; i--) {
        const Import *import = g_ptr_array_index(self->imports, i - 1);

        if (strcmp(import->person, visit->visitor->person) == 0)
            nsk_json_add(list, describe(import, false));
    }
    g_mutex_unlock(&self->lock);
    return list;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening an office, knowing who acts, and the one way to change it.
 *
 * OFFICE/              0700
 *   office.db          everything that must not be lost, but keys
 *   office.db.writer   the writer's lock, and the number of the process that took it last
 *   search.db          the search index, made from office.db; may be deleted
 *   naskah.sock        where a server answers commands
 *   repositories/      ordinary bare git repositories, made from office.db; may be deleted
 *   log/               tiles and checkpoint of the journal's log; tiles are made from office.db
 *   keys/              0700; PKCS#12 files of signatories, PERSON.p12
 *   trust/             PEM files of root certificates that signatures are checked against
 */
#include "base/bytes.h"
#include "base/id.h"
#include "base/message.h"
#include "office/office-private.h"

#include <string.h>

#define MAX_REQUEST_ID 64

static const char sql_find_setting[] = "SELECT value FROM setting WHERE name = $1";
static const char sql_put_setting[] = "INSERT INTO setting (name, value) VALUES ($1, $2)"
                                      " ON CONFLICT (name) DO UPDATE SET value = excluded.value";

char *
nsk_office_path(const char *dir, const char *name)
{
    return g_build_filename(dir, name, NULL);
}

bool
nsk_setting_find(NskDbTxn *txn, const char *name, char **out_value, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find_setting, NSK_DB_PARAMS(NSK_DB_TEXT(name)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_value = has_row ? g_strdup(nsk_db_rows_text(rows, 0)) : NULL;
    return true;
}

bool
nsk_setting_put(NskDbTxn *txn, const char *name, const char *value, GError **error)
{
    return nsk_db_exec(txn, sql_put_setting, NSK_DB_PARAMS(NSK_DB_TEXT(name), NSK_DB_TEXT(value)),
                       NULL, error);
}

bool
nsk_office_common_day(NskInstant now, NskDate *out, GError **error)
{
    return nsk_date_at(now, NSK_COMMON_ZONE, out, error);
}

bool
nsk_office_today(NskDbTxn *txn, const char *unit, NskInstant now, NskDate *out, GError **error)
{
    g_autoptr(NskUnit) row = nsk_directory_get_unit(txn, unit, error);

    return row != NULL && nsk_date_at(now, row->zone, out, error);
}

/* The person of the operating-system account. */
static bool
sign_in_by_account(NskOffice *self, NskDbTxn *txn, const char *user, GError **error)
{
    if (!nsk_directory_find_account(txn, user, &self->person, error))
        return false;
    if (self->person == NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    self->demo
                        ? nsk_tr("the account '%s' of this machine belongs to nobody in the "
                                 "office; in this demo office say who you are with --as PERSON; "
                                 "'naskah directory list people' names everybody")
                        : nsk_tr("the account '%s' of this machine belongs to nobody in the "
                                 "office; ask its administrator"),
                    user);
    self->auth = "os-account";
    return self->person != NULL;
}

bool
nsk_office_act_as(NskOffice *self, const char *person, GError **error)
{
    if (!self->demo) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                            nsk_tr("acting as somebody else is for demo offices only"));
        return false;
    }
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    if (txn == NULL)
        return false;
    g_autoptr(NskPerson) row = nsk_directory_get_person(txn, person, error);
    if (row == NULL)
        return false;
    g_free(self->person);
    self->person = g_strdup(row->id);
    self->auth = "demo";
    return true;
}

static bool
read_settings(NskOffice *self, NskDbTxn *txn, GError **error)
{
    g_autofree char *demo = NULL;

    if (!nsk_setting_find(txn, "demo", &demo, error) ||
        !nsk_setting_find(txn, "origin", &self->origin, error))
        return false;
    self->demo = demo != NULL && strcmp(demo, "yes") == 0;
    if (self->origin == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("the office in '%s' was not made to its end; remove the folder and make "
                           "it again with 'naskah init'"),
                    self->dir);
        return false;
    }
    return true;
}

static bool
is_request_id(const char *text)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "-._";
    size_t len = strlen(text);

    return len >= 1 && len <= MAX_REQUEST_ID && strspn(text, allowed) == len;
}

bool
nsk_office_set_request(NskOffice *self, const char *id, GError **error)
{
    if (id != NULL && !is_request_id(id)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is no request id; write 1 to 64 letters, digits, '-', '.' or '_'"),
                    id);
        return false;
    }
    g_free(self->request_id);
    self->request_id = g_strdup(id);
    return true;
}

/* --- A demo's own time ----------------------------------------------------------------------- */

static NskInstant
moved_now(void *data)
{
    const NskOffice *self = data;

    return nsk_clock_now(self->unmoved) + self->moved;
}

bool
nsk_office_read_moment(const char *text, NskInstant *out_moment, GError **error)
{
    return nsk_instant_parse(text, out_moment, NULL) ||
           nsk_civil_parse(text, NSK_COMMON_ZONE, out_moment, error);
}

/* The clock goes on from @at. */
static bool
move_clock(NskOffice *self, const char *at, GError **error)
{
    NskInstant moment;

    if (!self->demo) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                            nsk_tr("acting at another time is for demo offices only"));
        return false;
    }
    if (!nsk_office_read_moment(at, &moment, error))
        return false;
    self->at = g_strdup(at);
    self->unmoved = self->clock;
    self->moved = moment - nsk_clock_now(self->unmoved);
    self->moved_clock = (NskClock){ moved_now, self };
    self->clock = &self->moved_clock;
    return true;
}

NskOffice *
nsk_office_open(const NskOfficeOptions *options, GError **error)
{
    g_autoptr(NskOffice) self = g_new0(NskOffice, 1);
    g_autofree char *path = nsk_office_path(options->dir, "office.db");

    if (!nsk_office_set_request(self, options->request_id, error))
        return NULL;
    self->dir = g_strdup(options->dir);
    self->service = options->service;
    self->clock = options->clock;
    self->rules = options->service != NULL
                      ? nsk_rules_ref(nsk_office_service_get_rules(options->service))
                      : nsk_rules_new();
    self->reader = nsk_db_open(path, NSK_DB_READ, error);
    if (self->reader == NULL)
        return NULL;

    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    if (txn == NULL || !read_settings(self, txn, error) ||
        (options->at != NULL && !move_clock(self, options->at, error)))
        return NULL;
    const char *account = options->account != NULL ? options->account : g_get_user_name();
    if (!options->nobody && options->as == NULL && !sign_in_by_account(self, txn, account, error))
        return NULL;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    if (options->as != NULL && !nsk_office_act_as(self, options->as, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
nsk_office_free(NskOffice *self)
{
    if (self == NULL)
        return;
    if (self->door_key != NULL)
        nsk_wipe(self->door_key, NSK_SHA256_SIZE);
    g_free(self->door_key);
    g_clear_pointer(&self->renderer, nsk_renderer_free);
    g_clear_pointer(&self->search, nsk_search_free);
    g_clear_pointer(&self->rules, nsk_rules_unref);
    g_clear_pointer(&self->own_service, nsk_office_service_stop);
    g_clear_pointer(&self->reader, nsk_db_free);
    g_clear_pointer(&self->stored, g_array_unref);
    g_free(self->dir);
    g_free(self->origin);
    g_free(self->at);
    g_free(self->person);
    g_free(self->incoming_double);
    g_free(self->request_id);
    g_free(self->request_act);
    g_free(self->request_more);
    g_free(self);
}

const char *
nsk_office_get_dir(const NskOffice *self)
{
    return self->dir;
}

bool
nsk_office_has_written(const NskOffice *self)
{
    return self->has_written;
}

NskRenderer *
nsk_office_get_renderer(NskOffice *self, GError **error)
{
    if (self->renderer == NULL)
        self->renderer = nsk_renderer_new(error);
    return self->renderer;
}

NskOfficeService *
nsk_office_get_service(NskOffice *self, GError **error)
{
    if (self->service == NULL) {
        self->own_service = nsk_office_service_start(self->dir, error);
        self->service = self->own_service;
    }
    return self->service;
}

/* A file that a change stores. */
typedef struct {
    char *name;
    NskStoreBlob *blob;
} Stored;

static void
clear_stored(gpointer data)
{
    Stored *stored = data;

    g_free(stored->name);
    nsk_store_blob_unref(stored->blob);
}

void
nsk_office_note_stored(NskOffice *self, const char *name, NskStoreBlob *blob)
{
    Stored stored = { g_strdup(name), nsk_store_blob_ref(blob) };

    if (self->stored == NULL) {
        self->stored = g_array_new(FALSE, FALSE, sizeof(Stored));
        g_array_set_clear_func(self->stored, clear_stored);
    }
    g_array_append_val(self->stored, stored);
}

NskStoreRecent *
nsk_office_recent(const NskOffice *self)
{
    return self->service != NULL ? nsk_office_service_get_recent(self->service) : NULL;
}

static void
forget_stored(NskOffice *self)
{
    if (self->stored != NULL)
        g_array_set_size(self->stored, 0);
}

static void
keep_stored(NskOffice *self)
{
    for (guint i = 0; self->stored != NULL && i < self->stored->len; i++) {
        const Stored *stored = &g_array_index(self->stored, Stored, i);

        nsk_store_recent_add(nsk_office_recent(self), stored->name, stored->blob);
    }
}

/* A use case's change. */
typedef struct {
    NskOffice *office;
    bool (*apply)(NskDbTxn *, void *, char **, GError **);
    void *data;
} Act;

/* What an apply that was rolled back has noted is not stored. */
static bool
apply_afresh(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Act *act = data;

    forget_stored(act->office);
    return act->apply(txn, act->data, out_answer, error);
}

bool
nsk_office_commit(NskOffice *self,
                  bool (*apply)(NskDbTxn *, void *, char **, GError **),
                  void *data,
                  char **out_answer,
                  GError **error)
{
    NskOfficeService *service = nsk_office_get_service(self, error);
    g_autofree char *request_id = g_steal_pointer(&self->request_id);

    if (service == NULL)
        return false;
    Act act = { self, apply, data };
    NskChange change = { { request_id, self->request_act }, apply_afresh, &act, nsk_language() };
    self->has_written = true;
    bool ok = nsk_office_service_commit(service, &change, out_answer, error);
    if (ok)
        keep_stored(self);
    forget_stored(self);
    return ok;
}

void
nsk_office_name_request(NskOffice *self, const char *const *words)
{
    uint8_t digest[NSK_SHA256_SIZE];

    if (self->request_id == NULL)
        return;
    g_autoptr(NskSha256) sha = nsk_sha256_new();
    nsk_sha256_add(sha, self->person, strlen(self->person) + 1);
    for (; *words != NULL; words++)
        nsk_sha256_add(sha, *words, strlen(*words) + 1);
    if (self->request_more != NULL)
        nsk_sha256_add(sha, self->request_more, strlen(self->request_more) + 1);
    nsk_sha256_finish(sha, digest);
    g_free(self->request_act);
    self->request_act = nsk_hex(digest, sizeof digest);
}

char *
nsk_office_digest(const NskOffice *self, GBytes *bytes)
{
    if (self->request_id == NULL)
        return g_strdup("");

    size_t size;
    const void *data = g_bytes_get_data(bytes, &size);

    return nsk_sha256_hex(data, size);
}

bool
nsk_office_find_request(NskOffice *self,
                        NskDbTxn *txn,
                        bool *out_found,
                        char **out_answer,
                        GError **error)
{
    bool found = false;
    NskRequest request = { self->request_id, self->request_act };

    if (request.id != NULL && !nsk_db_find_request(txn, &request, &found, out_answer, error))
        return false;
    if (found)
        g_clear_pointer(&self->request_id, g_free);
    *out_found = found;
    return true;
}

NskJson *
nsk_office_read_answer(const char *answer, GError **error)
{
    if (answer != NULL)
        return nsk_json_parse(answer, strlen(answer), error);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("this request id was used for something else before; repeat the "
                               "command with a new one"));
    return NULL;
}

static bool
project_rows(NskOffice *self, const GPtrArray *rows, void *data, GError **error)
{
    return nsk_projector_run(data, self->reader, rows, error);
}

bool
nsk_office_heal(NskOffice *self, GError **error)
{
    g_autofree char *folder = nsk_office_path(self->dir, "repositories");
    g_autoptr(NskProjector) projector = nsk_projector_open(folder, error);

    return projector != NULL && nsk_projector_heal(projector, self->reader, error);
}

bool
nsk_office_project(NskOffice *self, GError **error)
{
    g_autofree char *folder = nsk_office_path(self->dir, "repositories");
    g_autoptr(NskProjector) projector = nsk_projector_open(folder, error);

    return projector != NULL &&
           nsk_office_work(self, NSK_STORE_TOPIC, project_rows, projector, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Visits: whose session a token is of, for whom a handle acts; and the key of the door.
 *
 * INVARIANTS
 *   (1) The key lies in a file beside the keys of signatories, never in the database: a copy of the
 *       database alone makes no codes and no forms that are taken.
 *   (2) What a form carries follows from the session's id and the key, so it stays the same when
 * the session's token changes, and nobody can make it who knows the id.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/admin-private.h"
#include "office/door-private.h"

#include <string.h>

#define SALT_BYTES 8
#define CSRF_MAX   200 /* bytes */

static GMutex key_lock; /* for making it */

void
nsk_office_act_for_nobody(NskOffice *self)
{
    g_clear_pointer(&self->person, g_free);
    self->auth = NULL;
    g_clear_pointer(&self->request_id, g_free);
    g_clear_pointer(&self->request_act, g_free);
    g_clear_pointer(&self->request_more, g_free);
    self->has_written = false;
}

bool
nsk_office_act_for(NskOffice *self, const char *person, GError **error)
{
    if (self->service == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                            nsk_tr("whom the door lets in is known to the server alone"));
        return false;
    }
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskPerson) row = txn != NULL ? nsk_directory_get_person(txn, person, error) : NULL;
    if (row == NULL)
        return false;
    nsk_office_act_for_nobody(self);
    self->person = g_strdup(row->id);
    self->auth = "session";
    return true;
}

/* --- The key --------------------------------------------------------------------------------- */

static bool
read_key(const char *path, uint8_t *out, GError **error)
{
    g_autoptr(GBytes) bytes = nsk_file_read(path, NSK_CODE_KEY_SIZE, error);
    size_t size;
    const uint8_t *data = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;

    if (data == NULL)
        return false;
    if (size != NSK_CODE_KEY_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("'%s' is not a key of %d bytes; put the right one back from a backup "
                           "of the keys"),
                    path, NSK_CODE_KEY_SIZE);
        return false;
    }
    memcpy(out, data, NSK_CODE_KEY_SIZE);
    return true;
}

/* Only the process that writes the office makes it. */
static bool
make_key(NskOffice *self, const char *path, uint8_t *out, GError **error)
{
    g_autoptr(GError) missing = NULL;

    if (read_key(path, out, &missing))
        return true;
    if (!g_error_matches(missing, NSK_ERROR, NSK_ERROR_NOT_FOUND) ||
        g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    nsk_random(out, NSK_CODE_KEY_SIZE);
    return nsk_office_get_service(self, error) != NULL &&
           nsk_file_write(path, out, NSK_CODE_KEY_SIZE, 0600, error);
}

static bool
load_key(NskOffice *self, GError **error)
{
    uint8_t key[NSK_CODE_KEY_SIZE];
    g_autofree char *path = nsk_office_path(self->dir, NSK_DOOR_KEY);

    g_mutex_lock(&key_lock);
    bool ok = make_key(self, path, key, error);
    g_mutex_unlock(&key_lock);
    if (ok)
        self->door_key = g_memdup2(key, sizeof key);
    nsk_wipe(key, sizeof key);
    return ok;
}

bool
nsk_door_key(NskOffice *self, const char *use, uint8_t out[NSK_CODE_KEY_SIZE], GError **error)
{
    G_STATIC_ASSERT(NSK_CODE_KEY_SIZE == NSK_SHA256_SIZE);
    if (self->door_key == NULL && !load_key(self, error))
        return false;
    nsk_hmac_sha256(self->door_key, NSK_CODE_KEY_SIZE, use, strlen(use), out);
    return true;
}

static char *
prove(NskOffice *self, const char *use, const char *text, GError **error)
{
    uint8_t key[NSK_CODE_KEY_SIZE], proof[NSK_SHA256_SIZE];

    if (!nsk_door_key(self, use, key, error))
        return NULL;
    nsk_hmac_sha256(key, sizeof key, text, strlen(text), proof);
    nsk_wipe(key, sizeof key);
    return nsk_hex(proof, sizeof proof);
}

char *
nsk_door_seal(NskOffice *self, const char *use, const char *text, GError **error)
{
    g_autofree char *proof = prove(self, use, text, error);

    return proof != NULL ? g_strconcat(text, ".", proof, NULL) : NULL;
}

char *
nsk_door_unseal(NskOffice *self, const char *use, const char *sealed, GError **error)
{
    const char *dot = strrchr(sealed, '.');
    g_autofree char *text = g_strndup(sealed, dot != NULL ? (size_t)(dot - sealed) : 0);
    g_autofree char *proof = prove(self, use, text, error);

    return proof != NULL && dot != NULL && strlen(dot + 1) == strlen(proof) &&
                   nsk_equal_secret(dot + 1, proof, strlen(proof))
               ? g_steal_pointer(&text)
               : NULL;
}

/* --- Visits ---------------------------------------------------------------------------------- */

void
nsk_door_visitor_free(NskDoorVisitor *self)
{
    if (self == NULL)
        return;
    g_free(self->session);
    g_free(self->person);
    g_free(self->name);
    nsk_json_unref(self->positions);
    g_free(self->csrf);
    g_free(self);
}

/* Another one each time: who sees how well a page is packed learns nothing of the next. */
static char *
make_csrf(NskOffice *self, const char *session, GError **error)
{
    uint8_t salt[SALT_BYTES];
    g_autofree char *use = g_strconcat("form:", session, NULL);

    nsk_random(salt, sizeof salt);
    g_autofree char *text = nsk_hex(salt, sizeof salt);
    return nsk_door_seal(self, use, text, error);
}

bool
nsk_office_door_sent(NskOffice *self, const NskDoorVisitor *visitor, const char *sent)
{
    g_autofree char *use = g_strconcat("form:", visitor->session, NULL);
    g_autofree char *text =
        sent != NULL && strlen(sent) <= CSRF_MAX ? nsk_door_unseal(self, use, sent, NULL) : NULL;

    return text != NULL;
}

NskJson *
nsk_door_positions(NskDbTxn *txn, const char *person, NskInstant now, GError **error)
{
    NskDate today;
    g_autoptr(NskJson) list = nsk_json_array();

    if (!nsk_office_common_day(now, &today, error))
        return NULL;
    g_autoptr(GPtrArray) held = nsk_directory_held_by(txn, person, today, error);
    for (guint i = 0; held != NULL && i < held->len; i++) {
        const NskHolding *holding = g_ptr_array_index(held, i);
        g_autoptr(NskPosition) position = nsk_directory_get_position(txn, holding->position, error);
        NskJson *row = nsk_json_object();

        nsk_json_add(list, row);
        if (position == NULL)
            return NULL;
        nsk_json_set_text(row, "position", position->id);
        nsk_json_set_text(row, "title", position->title);
        nsk_json_set_text(row, "unit", position->unit);
        nsk_json_set_text(row, "capacity", nsk_capacity_name(holding->capacity));
    }
    return held != NULL ? g_steal_pointer(&list) : NULL;
}

/* Who the session's person is.  The session goes to @out_session. */
static NskDoorVisitor *
read_visitor(NskOffice *self,
             NskDbTxn *txn,
             const char *token,
             NskSession **out_session,
             GError **error)
{
    NskInstant now = nsk_clock_now(self->clock);
    g_autoptr(NskAccount) account = NULL;

    if (!nsk_session_by_token(txn, token, now, out_session, error) || *out_session == NULL ||
        !nsk_account_of(txn, (*out_session)->person, &account, error))
        return NULL;
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, (*out_session)->person, error);
    g_autoptr(NskJson) positions =
        person != NULL ? nsk_door_positions(txn, person->id, now, error) : NULL;
    g_autofree char *csrf = positions != NULL ? make_csrf(self, (*out_session)->id, error) : NULL;
    bool administers = false;
    if (csrf == NULL || !nsk_admin_find(txn, person->id, now, &administers, error))
        return NULL;
    NskDoorVisitor *visitor = g_new0(NskDoorVisitor, 1);
    visitor->session = g_strdup((*out_session)->id);
    visitor->person = g_steal_pointer(&person->id);
    visitor->name = g_steal_pointer(&person->printed);
    visitor->positions = g_steal_pointer(&positions);
    visitor->csrf = g_steal_pointer(&csrf);
    visitor->is_proved = nsk_session_is_proved(*out_session, now);
    visitor->must_change = account == NULL || account->is_given;
    visitor->administers = administers;
    return visitor;
}

typedef struct {
    const char *token;
    NskInstant now;
} Touch;

static bool
apply_touch(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Touch *touch = data;

    return nsk_session_touch(txn, touch->token, touch->now, error);
}

bool
nsk_office_door_visit(NskOffice *self,
                      const char *token,
                      NskDoorVisitor **out_visitor,
                      GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskSession) session = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskDoorVisitor) visitor =
        txn != NULL ? read_visitor(self, txn, token, &session, &fault) : NULL;
    Touch touch = { token, nsk_clock_now(self->clock) };

    if (txn == NULL)
        return false;
    if (fault != NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    nsk_office_act_for_nobody(self);
    if (visitor != NULL) {
        self->person = g_strdup(visitor->person);
        self->auth = "session";
    }
    /* a writer that has no time now is told at the next request */
    if (visitor != NULL && nsk_session_is_stale(session, touch.now))
        (void)nsk_office_commit(self, apply_touch, &touch, NULL, NULL);
    *out_visitor = g_steal_pointer(&visitor);
    return true;
}

/* --- The history ----------------------------------------------------------------------------- */

/* Nothing of it is a file, so there is no version in git: the entry is all. */
/* The person whose door it is sees it in his profile. */
static bool
tell_person(NskDbTxn *txn, const NskDoorEvent *event, GError **error)
{
    const NskDoorEntry none = { 0 };
    const NskDoorEntry *entry = event->entry != NULL ? event->entry : &none;
    const NskLoginNews told = { .at = event->now,
                                .action = event->action,
                                .agent = entry->agent,
                                .address = entry->address };

    return event->person == NULL || nsk_login_event_add(txn, event->person, &told, error);
}

bool
nsk_door_record(NskDbTxn *txn, const NskDoorEvent *event, GError **error)
{
    NskJournalNext next;
    const NskJournalEvent entry = { .origin = event->origin,
                                    .letter = NSK_DOOR_HISTORY,
                                    .at = event->now,
                                    .actor = event->actor,
                                    .auth_level = event->auth,
                                    .reason = event->detail,
                                    .action = event->action };

    return nsk_journal_next(txn, NSK_DOOR_HISTORY, &next, error) &&
           nsk_journal_append(txn, &entry, &next, error) && tell_person(txn, event, error);
}

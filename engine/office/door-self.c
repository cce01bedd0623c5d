/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody who is inside does about his own way in: proof, password, sessions. */
#include "base/message.h"
#include "office/door-private.h"

#include <string.h>

bool
nsk_door_check_person(const NskOffice *self, GError **error)
{
    if (self->person != NULL)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                        nsk_tr("you are not signed in any more; sign in again"));
    return false;
}

static bool
tell(NskDoorState state, int64_t seconds, NskDoorPass **out_pass)
{
    *out_pass = g_new0(NskDoorPass, 1);
    (*out_pass)->state = state;
    (*out_pass)->seconds = seconds;
    return true;
}

/* Reads the account; *out_done: there is an answer already. */
static bool
begin(NskDoorWork *work, NskDoorPass **out_pass, bool *out_done, GError **error)
{
    int64_t seconds;

    if (!nsk_door_check_person(work->office, error) ||
        !nsk_door_work_read(work, work->office->person, &seconds, error))
        return false;
    *out_done = seconds > 0 || work->account == NULL;
    return !*out_done ||
           tell(work->account == NULL ? NSK_DOOR_WRONG : NSK_DOOR_WAIT, seconds, out_pass);
}

/* Whether the old password is right; if not, *out_pass says so. */
static bool
compare(NskDoorWork *work, bool *out_right, NskDoorPass **out_pass, GError **error)
{
    *out_right = work->entry->password != NULL &&
                 nsk_password_verify(work->account->hash, work->entry->password, NULL);
    if (*out_right)
        return true;
    return nsk_door_work_fail(work, out_pass, error);
}

bool
nsk_office_door_prove(NskOffice *self,
                      const char *token,
                      const NskDoorEntry *entry,
                      NskDoorPass **out_pass,
                      GError **error)
{
    bool is_done, is_right = true;
    g_auto(NskDoorWork) work = {
        .office = self,
        .entry = entry,
        .now = nsk_clock_now(self->clock),
        .session = token,
        .action = "proof-given",
    };

    if (!begin(&work, out_pass, &is_done, error))
        return false;
    if (is_done)
        return true;
    if (entry->passkey != NULL)
        return nsk_door_passkey_prove(&work, out_pass, error);
    work.takes_code = work.account->has_codes;
    if (work.takes_code && entry->code == NULL)
        return tell(NSK_DOOR_CODE, 0, out_pass);
    if (!work.takes_code && !compare(&work, &is_right, out_pass, error))
        return false;
    return !is_right || nsk_door_work_pass(&work, out_pass, error);
}

/* Whether the new password can be his. */
static bool
check_next(const NskDoorWork *work, const NskLocked *next, GError **error)
{
    if (strcmp(nsk_locked_text(next), nsk_locked_text(work->entry->password)) != 0)
        return nsk_password_check(next, work->account->name, error);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("the new password is the old one; take another"));
    return false;
}

bool
nsk_office_door_change(NskOffice *self,
                       const NskDoorChange *change,
                       NskDoorPass **out_pass,
                       GError **error)
{
    bool is_done, is_right;
    g_auto(NskDoorWork) work = {
        .office = self,
        .entry = &change->entry,
        .now = nsk_clock_now(self->clock),
        .action = "password-changed",
    };

    if (!begin(&work, out_pass, &is_done, error))
        return false;
    if (is_done)
        return true;
    if (!compare(&work, &is_right, out_pass, error))
        return false;
    if (!is_right)
        return true;
    work.hash =
        check_next(&work, change->next, error) ? nsk_password_hash(change->next, error) : NULL;
    return work.hash != NULL && nsk_door_work_pass(&work, out_pass, error);
}

/* --- The profile ----------------------------------------------------------------------------- */

void
nsk_door_add_instant(NskJson *row, const char *key, NskInstant at)
{
    g_autofree char *text = at != 0 ? nsk_instant_format(at) : NULL;

    nsk_json_set_text(row, key, text);
}

static NskJson *
list_sessions(NskDbTxn *txn, const char *person, NskInstant now, GError **error)
{
    g_autoptr(GPtrArray) found = nsk_session_list(txn, person, now, error);
    NskJson *list = found != NULL ? nsk_json_array() : NULL;

    for (guint i = 0; found != NULL && i < found->len; i++) {
        const NskSession *session = g_ptr_array_index(found, i);
        NskJson *row = nsk_json_object();

        nsk_json_set_text(row, "session", session->id);
        nsk_json_set_text(row, "agent", session->agent);
        nsk_json_set_text(row, "address", session->address);
        nsk_door_add_instant(row, "begun", session->begun);
        nsk_door_add_instant(row, "seen", session->seen);
        nsk_json_add(list, row);
    }
    return list;
}

static bool
write_account(NskDbTxn *txn, const char *person, NskJson *result, GError **error)
{
    int64_t left = 0;
    g_autoptr(NskAccount) account = NULL;

    if (!nsk_account_of(txn, person, &account, error) || !nsk_codes_left(txn, person, &left, error))
        return false;
    nsk_json_set_text(result, "account", account != NULL ? account->name : NULL);
    nsk_json_set_bool(result, "codes", account != NULL && account->has_codes);
    nsk_json_set_bool(result, "given", account != NULL && account->is_given);
    nsk_json_set_int(result, "recovery", left);
    if (account != NULL)
        nsk_door_add_instant(result, "since", account->since);
    return true;
}

bool
nsk_office_door_profile(NskOffice *self, NskJson **out_result, GError **error)
{
    NskInstant now = nsk_clock_now(self->clock);
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn =
        nsk_door_check_person(self, error) ? nsk_db_snapshot(self->reader, error) : NULL;
    g_autoptr(NskPerson) person =
        txn != NULL ? nsk_directory_get_person(txn, self->person, error) : NULL;

    if (person == NULL || !write_account(txn, person->id, result, error))
        return false;
    nsk_json_set_text(result, "person", person->id);
    nsk_json_set_text(result, "name", person->printed);
    nsk_json_set_text(result, "nip", person->nip);
    nsk_json_set_text(result, "rank", person->rank);
    nsk_json_set_text(result, "email", person->email);
    NskJson *positions = nsk_door_positions(txn, person->id, now, error);
    if (positions == NULL)
        return false;
    nsk_json_set(result, "positions", positions);
    NskJson *passkeys = nsk_door_passkeys(txn, person->id, error);
    if (passkeys == NULL)
        return false;
    nsk_json_set(result, "passkeys", passkeys);
    NskJson *sessions = list_sessions(txn, person->id, now, error);
    if (sessions == NULL)
        return false;
    nsk_json_set(result, "sessions", sessions);
    *out_result = g_steal_pointer(&result);
    return true;
}

/* --- Ending sessions ------------------------------------------------------------------------- */

typedef struct {
    const NskOffice *office;
    const char *id;
    const char *token;
    NskInstant now;
} Ending;

static bool
apply_end(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Ending *ending = data;
    const NskDoorEvent event = { .origin = ending->office->origin,
                                 .action = "session-ended",
                                 .actor = ending->office->person,
                                 .person = ending->office->person,
                                 .auth = ending->office->auth,
                                 .detail = ending->id,
                                 .now = ending->now };
    int64_t ended = 0;

    /* what ended nothing is no event: its id is only what somebody typed */
    return nsk_session_end(txn, event.actor, ending->id, ending->token, &ended, error) &&
           (ended == 0 || nsk_door_record(txn, &event, error));
}

bool
nsk_office_door_end_session(NskOffice *self, const char *id, const char *token, GError **error)
{
    Ending ending = { self, id, token, nsk_clock_now(self->clock) };

    return nsk_door_check_person(self, error) &&
           nsk_office_commit(self, apply_end, &ending, NULL, error);
}

/* --- What happened at his door ---------------------------------------------------------------- */

bool
nsk_office_door_history(NskOffice *self, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbTxn) txn = NULL;
    g_autoptr(GPtrArray) events = NULL;

    nsk_json_set(result, "events", list);
    if (!nsk_door_check_person(self, error) ||
        (txn = nsk_db_snapshot(self->reader, error)) == NULL ||
        (events = nsk_login_event_list(txn, self->person, nsk_clock_now(self->clock), error)) ==
            NULL)
        return false;
    for (guint i = 0; i < events->len; i++) {
        const NskLoginEvent *event = g_ptr_array_index(events, i);
        NskJson *row = nsk_json_object();

        nsk_door_add_instant(row, "at", event->at);
        nsk_json_set_text(row, "action", event->action);
        nsk_json_set_text(row, "says", nsk_office_word(event->action));
        nsk_json_set_text(row, "agent", event->agent);
        nsk_json_set_text(row, "address", event->address);
        nsk_json_add(list, row);
    }
    *out_result = g_steal_pointer(&result);
    return true;
}

/* Everything that might be in other hands is over: sessions, devices that may try longer, tokens.
 */
static bool
apply_disown(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Ending *ending = data;
    const char *person = ending->office->person;
    const NskDoorEvent event = { .origin = ending->office->origin,
                                 .action = "sign-in-disowned",
                                 .actor = person,
                                 .person = person,
                                 .auth = ending->office->auth,
                                 .now = ending->now };

    return nsk_session_end(txn, person, NULL, ending->token, NULL, error) &&
           nsk_devices_end(txn, person, error) && nsk_api_token_end(txn, person, NULL, error) &&
           nsk_door_record(txn, &event, error);
}

bool
nsk_office_door_disown(NskOffice *self, const char *token, GError **error)
{
    Ending ending = { self, NULL, token, nsk_clock_now(self->clock) };

    return nsk_door_check_person(self, error) &&
           nsk_office_commit(self, apply_disown, &ending, NULL, error);
}

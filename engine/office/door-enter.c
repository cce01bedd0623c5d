/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entering: a name and a password, then a code where the person has a second factor; or a passkey
 * (door-passkey.c), which stands for both.
 *
 *   read     the account, and whether this try has to wait      a snapshot
 *   hash     the password, a tenth of a second                  nothing is open
 *   change   the code is taken, the session begun; or the       one change
 *            failure is counted; unless others failed meanwhile
 *
 * Between the two steps the person carries a ticket, "PERSON:UNTIL:SINCE" under a proof: it says
 * that his password was right, until a moment, as long as the password is the same.
 *
 * INVARIANTS
 *   (1) Who has no account, who has no password any more, and whose password is another are told
 *       the same, after as long a time.
 *   (2) A code counts for one entry; a wrong one is counted like a wrong password.
 *   (3) Tries that come all at once wait like those that come one by one: a try's change looks
 *       again whether it has to wait, before it is told whether it was right.
 *   (4) No token, password or code is in the database, the history or a message.
 */
#include "base/message.h"
#include "office/door-private.h"

#include <string.h>

#define TICKET_US  ((int64_t)5 * 60 * G_USEC_PER_SEC)
#define TICKET_MAX 400 /* bytes */

void
nsk_door_pass_free(NskDoorPass *self)
{
    if (self == NULL)
        return;
    g_free(self->token);
    g_free(self->device);
    g_free(self->ticket);
    g_free(self);
}

void
nsk_door_work_clear(NskDoorWork *self)
{
    nsk_account_free(self->account);
    nsk_passkey_free(self->passkey);
    g_free(self->question);
    g_free(self->hash);
    g_free(self->token);
    g_free(self->device);
    nsk_wipe(self->key, sizeof self->key);
    nsk_wipe(self->hint_key, sizeof self->hint_key);
}

NskDoorPass *
nsk_door_pass_new(NskDoorState state)
{
    NskDoorPass *pass = g_new0(NskDoorPass, 1);

    pass->state = state;
    return pass;
}

bool
nsk_door_work_read(NskDoorWork *self, const char *person, int64_t *out_seconds, GError **error)
{
    const NskDoorEntry *entry = self->entry;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->office->reader, error);

    if (txn == NULL ||
        !(person != NULL ? nsk_account_of(txn, person, &self->account, error)
                         : nsk_account_find(txn, entry->name, &self->account, error)))
        return false;
    self->attempt = (NskTry){ .name = self->account != NULL ? self->account->name : entry->name,
                              .address = entry->address,
                              .device = entry->device };
    if (self->attempt.name == NULL)
        self->attempt.name = "";
    return nsk_try_wait(txn, &self->attempt, self->now, out_seconds, error);
}

/* --- Changes --------------------------------------------------------------------------------- */

static bool
record(const NskDoorWork *work, NskDbTxn *txn, const char *action, GError **error)
{
    const NskDoorEvent event = { .origin = work->office->origin,
                                 .action = action,
                                 .actor = work->account->person,
                                 .person = work->account->person,
                                 .entry = work->entry,
                                 .auth = work->office->auth,
                                 .now = work->now };

    return nsk_door_record(txn, &event, error);
}

/* Names that nobody has leave nothing in the history, which is for ever. */
static bool
fail(const NskDoorWork *work, NskDbTxn *txn, GError **error)
{
    return nsk_try_failed(txn, &work->attempt, work->now, error) &&
           (work->account == NULL || record(work, txn, "sign-in-failed", error));
}

static bool
apply_fail(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    NskDoorWork *work = data;

    return nsk_try_wait(txn, &work->attempt, work->now, &work->seconds, error) &&
           (work->seconds > 0 || fail(work, txn, error));
}

bool
nsk_door_work_fail(NskDoorWork *self, NskDoorPass **out_pass, GError **error)
{
    if (!nsk_office_commit(self->office, apply_fail, self, NULL, error))
        return false;
    *out_pass = nsk_door_pass_new(self->seconds > 0 ? NSK_DOOR_WAIT : NSK_DOOR_WRONG);
    (*out_pass)->seconds = self->seconds;
    return true;
}

/* Whether the account is still what it was when the password was compared. */
static bool
is_same(const NskAccount *a, const NskAccount *b)
{
    return b != NULL && a->since == b->since && g_strcmp0(a->hash, b->hash) == 0 && b->hash != NULL;
}

static bool
keep_hash(NskDoorWork *work, NskDbTxn *txn, GError **error)
{
    NskAccount next = *work->account;

    if (work->hash == NULL)
        return true;
    next.hash = work->hash;
    next.is_given = work->is_given;
    return nsk_account_put(txn, &next, work->now, error);
}

/* The device is known from now on, if it was not. */
static bool
keep_device(NskDoorWork *work, NskDbTxn *txn, GError **error)
{
    bool is_known = false;
    const char *device = work->entry->device;

    if (device != NULL && !nsk_device_is_known(txn, device, work->account->name, &is_known, error))
        return false;
    work->is_new_device = !is_known;
    return is_known || nsk_device_begin(txn, work->device, work->account->person, work->now, error);
}

static bool
keep_session(NskDoorWork *work, NskDbTxn *txn, GError **error)
{
    const NskSessionHint hint = { work->hint, work->hint_key };
    const NskSessionNew session = { .person = work->account->person,
                                    .agent = work->entry->agent,
                                    .address = work->entry->address,
                                    .proved = work->proved,
                                    .hint = work->hint != NULL ? &hint : NULL };

    if (work->session != NULL)
        return nsk_session_prove(txn, work->session, work->token, work->now, error);
    return nsk_session_begin(txn, work->token, &session, work->now, error) &&
           keep_device(work, txn, error);
}

/* The answer is "wait", "late", "wrong" or "open". */
static bool
apply_pass(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    NskDoorWork *work = data;
    g_autoptr(NskAccount) now = NULL;
    const NskCodeOwner owner = { work->account->person, work->key };

    *out_answer = NULL;
    work->is_right = true;
    if (!nsk_try_wait(txn, &work->attempt, work->now, &work->seconds, error) ||
        !nsk_account_of(txn, owner.person, &now, error))
        return false;
    if (work->seconds > 0) {
        *out_answer = g_strdup("wait");
        return true;
    }
    if (!is_same(work->account, now)) {
        *out_answer = g_strdup("late");
        return true;
    }
    if (work->takes_code &&
        !nsk_codes_take(txn, &owner, work->entry->code, work->now, &work->is_right, error))
        return false;
    if (work->passkey != NULL && !nsk_door_passkey_take(work, txn, &work->is_right, error))
        return false;
    if (work->subject != NULL &&
        !nsk_subject_used(txn, work->subject, owner.person, work->now, &work->is_right, error))
        return false;
    if (!work->is_right) {
        *out_answer = g_strdup("wrong");
        return fail(work, txn, error);
    }
    *out_answer = g_strdup("open");
    return nsk_try_passed(txn, &work->attempt, error) && keep_hash(work, txn, error) &&
           keep_session(work, txn, error) && nsk_sessions_forget(txn, work->now, error) &&
           nsk_tries_forget(txn, work->now, error) && record(work, txn, work->action, error);
}

static NskDoorState
refused_state(const char *answer)
{
    if (g_strcmp0(answer, "wait") == 0)
        return NSK_DOOR_WAIT;
    return g_strcmp0(answer, "late") == 0 ? NSK_DOOR_LATE : NSK_DOOR_WRONG;
}

bool
nsk_door_work_pass(NskDoorWork *self, NskDoorPass **out_pass, GError **error)
{
    g_autofree char *answer = NULL;

    if ((self->takes_code && !nsk_door_key(self->office, "codes", self->key, error)) ||
        (self->hint != NULL && !nsk_door_key(self->office, NSK_DOOR_HINT, self->hint_key, error)))
        return false;
    self->token = nsk_token_new();
    self->device = nsk_token_new();
    if (!nsk_office_commit(self->office, apply_pass, self, &answer, error))
        return false;
    if (g_strcmp0(answer, "open") != 0) {
        *out_pass = nsk_door_pass_new(refused_state(answer));
        (*out_pass)->seconds = self->seconds;
        return true;
    }
    *out_pass = nsk_door_pass_new(NSK_DOOR_OPEN);
    (*out_pass)->token = g_steal_pointer(&self->token);
    if (self->is_new_device)
        (*out_pass)->device = g_steal_pointer(&self->device);
    (*out_pass)->must_change = self->hash != NULL ? self->is_given : self->account->is_given;
    return true;
}

/* --- The two steps --------------------------------------------------------------------------- */

static char *
make_ticket(NskDoorWork *work, GError **error)
{
    g_autofree char *text =
        g_strdup_printf("%s:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, work->account->person,
                        work->now + TICKET_US, work->account->since);

    return nsk_door_seal(work->office, "ticket", text, error);
}

/* Whose ticket it is; owned.  NULL without error if it is none, or too old. */
static char *
read_ticket(NskDoorWork *work, int64_t *out_since, GError **error)
{
    const char *ticket = work->entry->ticket;

    if (strlen(ticket) > TICKET_MAX)
        return NULL;
    g_autofree char *text = nsk_door_unseal(work->office, "ticket", ticket, error);
    char **parts = text != NULL ? g_strsplit(text, ":", 3) : NULL;
    g_auto(GStrv) owned = parts;
    if (parts == NULL || g_strv_length(parts) != 3 ||
        g_ascii_strtoll(parts[1], NULL, 10) < work->now)
        return NULL;
    *out_since = g_ascii_strtoll(parts[2], NULL, 10);
    return g_strdup(parts[0]);
}

static bool
enter_by_ticket(NskDoorWork *work, NskDoorPass **out_pass, GError **error)
{
    int64_t seconds, since = 0;
    g_autoptr(GError) fault = NULL;
    g_autofree char *person = read_ticket(work, &since, &fault);

    if (fault != NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (person == NULL) {
        *out_pass = nsk_door_pass_new(NSK_DOOR_LATE);
        return true;
    }
    if (!nsk_door_work_read(work, person, &seconds, error))
        return false;
    if (seconds > 0) {
        *out_pass = nsk_door_pass_new(NSK_DOOR_WAIT);
        (*out_pass)->seconds = seconds;
        return true;
    }
    if (work->account == NULL || work->account->since != since || work->account->hash == NULL) {
        *out_pass = nsk_door_pass_new(NSK_DOOR_LATE);
        return true;
    }
    work->takes_code = true;
    return nsk_door_work_pass(work, out_pass, error);
}

bool
nsk_door_work_ask_code(NskDoorWork *self, NskDoorPass **out_pass, GError **error)
{
    g_autofree char *ticket = make_ticket(self, error);

    if (ticket == NULL)
        return false;
    *out_pass = nsk_door_pass_new(NSK_DOOR_CODE);
    (*out_pass)->ticket = g_steal_pointer(&ticket);
    return true;
}

/* The password is right: a ticket for the second step, or the session. */
static bool
go_on(NskDoorWork *work, bool is_old, NskDoorPass **out_pass, GError **error)
{
    if (work->account->has_codes)
        return nsk_door_work_ask_code(work, out_pass, error);
    if (is_old) {
        work->hash = nsk_password_hash(work->entry->password, NULL);
        work->is_given = work->account->is_given;
    }
    return nsk_door_work_pass(work, out_pass, error);
}

static bool
enter_by_password(NskDoorWork *work, NskDoorPass **out_pass, GError **error)
{
    int64_t seconds;
    bool is_old = false;

    if (!nsk_door_work_read(work, NULL, &seconds, error))
        return false;
    if (seconds > 0) {
        *out_pass = nsk_door_pass_new(NSK_DOOR_WAIT);
        (*out_pass)->seconds = seconds;
        return true;
    }
    if (nsk_password_verify(work->account != NULL ? work->account->hash : NULL,
                            work->entry->password, &is_old))
        return go_on(work, is_old, out_pass, error);
    return nsk_door_work_fail(work, out_pass, error);
}

bool
nsk_office_door_enter(NskOffice *self,
                      const NskDoorEntry *entry,
                      NskDoorPass **out_pass,
                      GError **error)
{
    g_auto(NskDoorWork) work = {
        .office = self,
        .entry = entry,
        .now = nsk_clock_now(self->clock),
        .action = "signed-in",
    };

    nsk_office_act_for_nobody(self);
    if (entry->passkey != NULL)
        return nsk_door_passkey_enter(&work, out_pass, error);
    return entry->ticket != NULL ? enter_by_ticket(&work, out_pass, error)
                                 : enter_by_password(&work, out_pass, error);
}

/* --- Leaving --------------------------------------------------------------------------------- */

typedef struct {
    const NskOffice *office;
    const char *token;
    NskInstant now;
} Leaving;

static bool
apply_leave(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Leaving *leaving = data;
    g_autoptr(NskSession) session = NULL;

    if (!nsk_session_by_token(txn, leaving->token, leaving->now, &session, error))
        return false;
    if (session == NULL)
        return true;
    const NskDoorEvent event = { .origin = leaving->office->origin,
                                 .action = "signed-out",
                                 .actor = session->person,
                                 .person = session->person,
                                 .auth = leaving->office->auth,
                                 .now = leaving->now };
    return nsk_session_end(txn, session->person, session->id, NULL, NULL, error) &&
           nsk_door_record(txn, &event, error);
}

bool
nsk_office_door_leave(NskOffice *self, const char *token, GError **error)
{
    Leaving leaving = { self, token, nsk_clock_now(self->clock) };

    return nsk_office_commit(self, apply_leave, &leaving, NULL, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passkeys at the door: asked for, added, used, ended.
 *
 * A question is text that only this office can have made, "UNTIL:CHANCE:PERSON" under a proof, so
 * nothing is kept until it is answered; then its digest is, so that it is answered once.
 *
 * INVARIANTS
 *   (1) A passkey of an account without a password, which is a locked one, opens nothing.
 *   (2) What a passkey's device says is believed only behind its signature, for this office's pages
 *   and for a question made for the same act.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/door-private.h"

#include <string.h>

#define QUESTION_US   ((int64_t)5 * 60 * G_USEC_PER_SEC)
#define QUESTION_MAX  400 /* bytes */
#define CHANCE_SIZE   16  /* the same */
#define LABEL_DEFAULT N_("passkey")

static const char *
act_use(NskPasskeyAct act)
{
    static const char *const uses[] = {
        [NSK_PASSKEY_ENTER] = "passkey-enter",
        [NSK_PASSKEY_PROVE] = "passkey-prove",
        [NSK_PASSKEY_ADD] = "passkey-add",
    };

    return uses[act];
}

bool
nsk_office_passkeys_work_at(const char *site, GError **error)
{
    g_autofree char *host = NULL;

    return nsk_passkey_site_read(site, &host, error);
}

/* --- Asking ---------------------------------------------------------------------------------- */

static char *
make_question(NskOffice *self, NskPasskeyAct act, GError **error)
{
    uint8_t chance[CHANCE_SIZE];

    nsk_random(chance, sizeof chance);
    g_autofree char *hex = nsk_hex(chance, sizeof chance);
    g_autofree char *text =
        g_strdup_printf("%" G_GINT64_FORMAT ":%s:%s", nsk_clock_now(self->clock) + QUESTION_US, hex,
                        self->person != NULL ? self->person : "");

    return nsk_door_seal(self, act_use(act), text, error);
}

/* A name of the person for devices, which says nothing about him. */
static char *
make_handle(const char *person)
{
    uint8_t digest[NSK_SHA256_SIZE];

    nsk_sha256(person, strlen(person), digest);
    return nsk_base64url(digest, sizeof digest);
}

static char *
id_text(GBytes *id)
{
    gsize size;
    const void *data = g_bytes_get_data(id, &size);

    return nsk_base64url(data, size);
}

/* What a device is told about the visitor. */
static bool
add_person(NskOffice *self, NskPasskeyAct act, NskJson *result, GError **error)
{
    NskJson *keys = nsk_json_array();
    g_autoptr(NskAccount) account = NULL;
    g_autoptr(NskDbTxn) txn = NULL;
    g_autoptr(GPtrArray) passkeys = NULL;

    nsk_json_set(result, "keys", keys);
    if (act == NSK_PASSKEY_ENTER)
        return true;
    if ((txn = nsk_db_snapshot(self->reader, error)) == NULL ||
        !nsk_account_of(txn, self->person, &account, error) ||
        (passkeys = nsk_passkey_list(txn, self->person, error)) == NULL)
        return false;
    for (guint i = 0; i < passkeys->len; i++) {
        const NskPasskey *passkey = g_ptr_array_index(passkeys, i);
        g_autofree char *id = id_text(passkey->id);

        nsk_json_add_text(keys, id);
    }
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, self->person, error);
    if (person == NULL)
        return false;
    g_autofree char *handle = make_handle(person->id);
    nsk_json_set_text(result, "handle", handle);
    nsk_json_set_text(result, "account", account != NULL ? account->name : person->id);
    nsk_json_set_text(result, "name", person->printed);
    return true;
}

bool
nsk_office_door_ask_passkey(NskOffice *self,
                            NskPasskeyAct act,
                            const char *site,
                            NskJson **out_result,
                            GError **error)
{
    g_autofree char *host = NULL;
    g_autofree char *question = NULL;
    g_autoptr(NskJson) result = nsk_json_object();

    g_return_val_if_fail(act == NSK_PASSKEY_ENTER || self->person != NULL, false);
    if (!nsk_passkey_site_read(site, &host, error) ||
        (question = make_question(self, act, error)) == NULL ||
        !add_person(self, act, result, error))
        return false;
    g_autofree char *challenge = nsk_base64url(question, strlen(question));
    nsk_json_set_text(result, "host", host);
    nsk_json_set_text(result, "question", challenge);
    *out_result = g_steal_pointer(&result);
    return true;
}

/* --- Answers --------------------------------------------------------------------------------- */

/* An answer with what it needs to be judged. */
typedef struct {
    NskPasskeySite site;
    NskPasskeyAnswer answer;
    char *host;
    char *question;
    char *person; /* for whom the question was made; "": for nobody yet */
    NskInstant until;
} Answer;

static void
answer_clear(Answer *self)
{
    g_clear_pointer(&self->answer.id, g_bytes_unref);
    g_clear_pointer(&self->answer.client_data, g_bytes_unref);
    g_clear_pointer(&self->answer.authenticator, g_bytes_unref);
    g_clear_pointer(&self->answer.signature, g_bytes_unref);
    g_free(self->host);
    g_free(self->question);
    g_free(self->person);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

/* Takes the answer apart.  Errors: INVALID. */
static bool
answer_read(Answer *self, const NskDoorKey *key, GError **error)
{
    if (!nsk_passkey_site_read(key->site, &self->host, error))
        return false;
    self->site = (NskPasskeySite){ key->site, self->host };
    self->answer = (NskPasskeyAnswer){
        .id = nsk_base64url_read(key->id),
        .client_data = nsk_base64url_read(key->client_data),
        .authenticator = nsk_base64url_read(key->authenticator),
        .signature = nsk_base64url_read(key->signature),
    };
    if (self->answer.id != NULL && self->answer.client_data != NULL &&
        self->answer.authenticator != NULL && self->answer.signature != NULL &&
        (self->question = nsk_passkey_question(&self->answer, NULL)) != NULL)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("what the browser sent of the passkey is broken"));
    return false;
}

/* Whether the question is one of this office for that act, and not too old.  Errors: EXPIRED. */
static bool
answer_check_question(Answer *self, NskOffice *office, NskPasskeyAct act, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *text = strlen(self->question) <= QUESTION_MAX
                                ? nsk_door_unseal(office, act_use(act), self->question, &fault)
                                : NULL;
    g_auto(GStrv) parts = text != NULL ? g_strsplit(text, ":", 3) : NULL;

    if (fault != NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (parts != NULL && g_strv_length(parts) == 3) {
        self->until = g_ascii_strtoll(parts[0], NULL, 10);
        self->person = g_strdup(parts[2]);
    }
    if (self->person != NULL && self->until >= nsk_clock_now(office->clock) &&
        g_strcmp0(self->person, office->person != NULL ? office->person : "") == 0)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_EXPIRED,
                        nsk_tr("this took too long; try the passkey again"));
    return false;
}

/* --- Entering and proving --------------------------------------------------------------------- */

static bool
find_passkey(const NskDoorWork *work, GBytes *id, NskPasskey **out_passkey, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);

    return txn != NULL && nsk_passkey_find(txn, id, out_passkey, error);
}

/* Faults that are the answer's own; others are the office's. */
static bool
is_wrong(const GError *fault)
{
    return g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_UNTRUSTED);
}

/* The account is read and may try: whether the passkey's answer lets it go on. */
static bool
go_on(NskDoorWork *work, const Answer *answer, NskDoorPass **out_pass, GError **error)
{
    g_autoptr(GError) fault = NULL;

    if (work->account == NULL || work->passkey == NULL || work->account->hash == NULL ||
        strcmp(work->account->person, work->passkey->person) != 0)
        return nsk_door_work_fail(work, out_pass, error);
    if (nsk_passkey_check(work->passkey, &answer->site, answer->question, &answer->answer,
                          &work->counter, &fault)) {
        work->question = g_strdup(answer->question);
        work->until = answer->until;
        return nsk_door_work_pass(work, out_pass, error);
    }
    if (is_wrong(fault))
        return nsk_door_work_fail(work, out_pass, error);
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

/* Reads the answer and its passkey.  *out_state: OPEN, or what there is to tell. */
static bool
read_answer(NskDoorWork *work,
            NskPasskeyAct act,
            Answer *answer,
            NskDoorState *out_state,
            GError **error)
{
    g_autoptr(GError) fault = NULL;

    *out_state = NSK_DOOR_OPEN;
    if (answer_read(answer, work->entry->passkey, &fault) &&
        answer_check_question(answer, work->office, act, &fault))
        return find_passkey(work, answer->answer.id, &work->passkey, error);
    *out_state = is_wrong(fault) ? NSK_DOOR_WRONG : NSK_DOOR_LATE;
    if (is_wrong(fault) || g_error_matches(fault, NSK_ERROR, NSK_ERROR_EXPIRED))
        return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

bool
nsk_door_passkey_enter(NskDoorWork *self, NskDoorPass **out_pass, GError **error)
{
    int64_t seconds;
    NskDoorState state;
    g_auto(Answer) answer = { 0 };
    const char *person = NULL;

    if (!read_answer(self, NSK_PASSKEY_ENTER, &answer, &state, error))
        return false;
    if (self->passkey != NULL)
        person = self->passkey->person;
    if (!nsk_door_work_read(self, person, &seconds, error))
        return false;
    if (seconds > 0 || state == NSK_DOOR_LATE) {
        *out_pass = nsk_door_pass_new(seconds > 0 ? NSK_DOOR_WAIT : NSK_DOOR_LATE);
        (*out_pass)->seconds = seconds;
        return true;
    }
    self->action = "signed-in-by-passkey";
    return state == NSK_DOOR_WRONG ? nsk_door_work_fail(self, out_pass, error)
                                   : go_on(self, &answer, out_pass, error);
}

bool
nsk_door_passkey_prove(NskDoorWork *self, NskDoorPass **out_pass, GError **error)
{
    NskDoorState state;
    g_auto(Answer) answer = { 0 };

    if (!read_answer(self, NSK_PASSKEY_PROVE, &answer, &state, error))
        return false;
    if (state == NSK_DOOR_LATE) {
        *out_pass = nsk_door_pass_new(NSK_DOOR_LATE);
        return true;
    }
    return state == NSK_DOOR_WRONG ? nsk_door_work_fail(self, out_pass, error)
                                   : go_on(self, &answer, out_pass, error);
}

bool
nsk_door_passkey_take(const NskDoorWork *self, NskDbTxn *txn, bool *out_right, GError **error)
{
    return nsk_passkey_answered(txn, self->question, self->until, self->now, out_right, error) &&
           (!*out_right ||
            nsk_passkey_used(txn, self->passkey, self->counter, self->now, out_right, error));
}

/* --- Adding and ending ------------------------------------------------------------------------ */

typedef struct {
    NskOffice *office;
    NskPasskey *passkey; /* new; NULL: one is ended */
    const Answer *answer;
    GBytes *id; /* of the one that is ended */
    NskInstant now;
} Change;

static bool
record(const Change *change, NskDbTxn *txn, const char *action, GError **error)
{
    const NskDoorEvent event = { .origin = change->office->origin,
                                 .action = action,
                                 .actor = change->office->person,
                                 .person = change->office->person,
                                 .auth = change->office->auth,
                                 .detail = change->passkey != NULL ? change->passkey->label : NULL,
                                 .now = change->now };

    return nsk_door_record(txn, &event, error);
}

static bool
apply_add(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Change *change = data;
    bool is_first = false;

    if (!nsk_passkey_answered(txn, change->answer->question, change->answer->until, change->now,
                              &is_first, error))
        return false;
    if (is_first)
        return nsk_passkey_keep(txn, change->passkey, change->now, error) &&
               record(change, txn, "passkey-added", error);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_EXPIRED,
                        nsk_tr("this took too long; try the passkey again"));
    return false;
}

static bool
apply_end(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Change *change = data;

    return nsk_passkey_end(txn, change->office->person, change->id, error) &&
           record(change, txn, "passkey-ended", error);
}

bool
nsk_office_door_add_passkey(NskOffice *self,
                            const NskDoorKey *answer,
                            const char *label,
                            GError **error)
{
    g_auto(Answer) read = { 0 };
    g_autoptr(NskPasskey) passkey = NULL;
    g_autofree char *plain = g_strstrip(g_strdup(label));

    if (!nsk_door_check_person(self, error) || !answer_read(&read, answer, error) ||
        !answer_check_question(&read, self, NSK_PASSKEY_ADD, error) ||
        (passkey = nsk_passkey_read(&read.site, read.question, &read.answer, error)) == NULL)
        return false;
    passkey->person = g_strdup(self->person);
    passkey->label = g_strdup(plain[0] != '\0' ? plain : nsk_tr(LABEL_DEFAULT));
    Change change = { self, passkey, &read, NULL, nsk_clock_now(self->clock) };
    return nsk_office_commit(self, apply_add, &change, NULL, error);
}

bool
nsk_office_door_end_passkey(NskOffice *self, const char *id, GError **error)
{
    g_autoptr(GBytes) bytes = nsk_base64url_read(id);
    Change change = { self, NULL, NULL, bytes, nsk_clock_now(self->clock) };

    if (!nsk_door_check_person(self, error))
        return false;
    if (bytes != NULL)
        return nsk_office_commit(self, apply_end, &change, NULL, error);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                        nsk_tr("you have no such passkey any more"));
    return false;
}

/* --- The profile ------------------------------------------------------------------------------ */

NskJson *
nsk_door_passkeys(NskDbTxn *txn, const char *person, GError **error)
{
    g_autoptr(GPtrArray) passkeys = nsk_passkey_list(txn, person, error);
    NskJson *list = passkeys != NULL ? nsk_json_array() : NULL;

    for (guint i = 0; passkeys != NULL && i < passkeys->len; i++) {
        const NskPasskey *passkey = g_ptr_array_index(passkeys, i);
        g_autofree char *id = id_text(passkey->id);
        NskJson *row = nsk_json_object();

        nsk_json_set_text(row, "id", id);
        nsk_json_set_text(row, "label", passkey->label);
        nsk_door_add_instant(row, "made", passkey->made);
        nsk_door_add_instant(row, "used", passkey->used);
        nsk_json_add(list, row);
    }
    return list;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accounts, as who looks after the office keeps them: a password that he gives is to be changed by
 * the person at his first visit, so that nobody else knows it from then on.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/admin-private.h"
#include "office/door-private.h"

#include <string.h>

#define PART               "naskah-account"
#define LIST_STEP          500
#define DEMO_ADMINISTRATOR "ratna" /* of the demo agency */

char *
nsk_office_account_hash(const NskLocked *password, const char *name, GError **error)
{
    return nsk_password_check(password, name, error) ? nsk_password_hash(password, error) : NULL;
}

char *
nsk_office_account_invent(void)
{
    g_auto(GStrv) codes = nsk_recovery_codes_new();

    return g_strdup(codes[0]);
}

/* --- One account ----------------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    const NskAccountAct *act;
    NskInstant now;
} Work;

static const struct {
    const char *act, *action;
} acts[] = {
    { "add", "account-added" },         { "reset", "account-reset" },
    { "lock", "account-locked" },       { "appoint", "account-appointed" },
    { "dismiss", "account-dismissed" },
};
#define GIVES_PASSWORD(which) ((which) < 2)
#define NAMES(which)          ((which) > 2)

static int
find_act(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        if (strcmp(acts[i].act, name) == 0)
            return (int)i;
    }
    return -1;
}

static bool
check_there(const NskAccountAct *act, bool is_there, GError **error)
{
    if (strcmp(act->act, "add") != 0 && !is_there) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("'%s' has no account; make one with 'naskah account add'"), act->person);
        return false;
    }
    if (strcmp(act->act, "add") == 0 && is_there) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("'%s' has an account already; give a new password with 'naskah account "
                           "reset'"),
                    act->person);
        return false;
    }
    return true;
}

/* Who came through the door names nobody to look after the office, and leaves himself alone. */
static bool
check_who(const Work *work, NskDbTxn *txn, GError **error)
{
    if (!nsk_admin_check(work->office, txn, error))
        return false;
    if (!nsk_admin_comes_by_door(work->office))
        return true;
    if (NAMES(find_act(work->act->act))) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                            nsk_tr("who looks after the office is named by the owner of its "
                                   "folder, with 'naskah account appoint'"));
        return false;
    }
    if (strcmp(work->act->person, work->office->person) != 0)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("this is your own account; change your password on the page of your "
                               "profile"));
    return false;
}

/* A new state of the account.  Who locks it, or gives it another password, shuts out whoever got
 * in: what he left behind to come again, codes and tokens of programs, goes with it. */
static bool
put_account(const Work *work, NskDbTxn *txn, const NskAccount *next, GError **error)
{
    if (!nsk_account_put(txn, next, work->now, error))
        return false;
    if (strcmp(work->act->act, "add") == 0)
        return true;
    return nsk_api_token_end(txn, next->person, NULL, error) &&
           (strcmp(work->act->act, "reset") != 0 ||
            (nsk_codes_end(txn, next->person, error) &&
             nsk_passkey_end(txn, next->person, NULL, error) &&
             nsk_subject_end(txn, next->person, error)));
}

static bool
apply_act(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Work *work = data;
    const NskAccountAct *act = work->act;
    int which = find_act(act->act);
    g_autoptr(NskAccount) before = NULL;
    g_autoptr(NskJson) answer = nsk_json_object();
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, act->person, error);

    if (person == NULL || !check_who(work, txn, error) ||
        !nsk_account_of(txn, person->id, &before, error) ||
        !check_there(act, before != NULL, error))
        return false;
    const char *name = act->name != NULL ? act->name : person->id;
    const NskAccount next = { .person = person->id,
                              .name = before != NULL ? before->name : (char *)(uintptr_t)name,
                              .hash = (char *)(uintptr_t)act->hash,
                              .is_given = true };
    const NskDoorEvent event = { .origin = work->office->origin,
                                 .actor = nsk_admin_actor(work->office, PART),
                                 .auth = nsk_admin_comes_by_door(work->office) ? work->office->auth
                                                                               : NULL,
                                 .detail = person->id,
                                 .person = person->id,
                                 .action = acts[which].action,
                                 .now = work->now };
    if (!(NAMES(which)
              ? nsk_admin_set(txn, person->id, strcmp(act->act, "appoint") == 0, work->now, error)
              : put_account(work, txn, &next, error)) ||
        !nsk_door_record(txn, &event, error))
        return false;
    nsk_json_set_text(answer, "person", person->id);
    nsk_json_set_text(answer, "account", next.name);
    *out_answer = nsk_json_canonical(answer);
    return true;
}

bool
nsk_do_account(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskAccountAct *act = arguments;
    g_autofree char *answer = NULL;
    Work work = { self, act, nsk_clock_now(self->clock) };

    g_clear_pointer(&self->request_id, g_free);
    if (find_act(act->act) < 0 || (act->hash != NULL) != GIVES_PASSWORD(find_act(act->act))) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is nothing that is done with an account"), act->act);
        return false;
    }
    if (!nsk_office_commit(self, apply_act, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

/* --- All of them ----------------------------------------------------------------------------- */

const char *
nsk_door_account_state(const NskAccount *account)
{
    if (account->hash == NULL)
        return "locked";
    return account->is_given ? "given" : "open";
}

static bool
add_row(NskOffice *self, NskDbTxn *txn, const NskDirectoryHit *hit, NskJson *list, GError **error)
{
    bool administers;
    g_autoptr(NskAccount) account = NULL;
    NskJson *row;

    if (!nsk_account_of(txn, hit->id, &account, error) ||
        !nsk_admin_find(txn, hit->id, nsk_clock_now(self->clock), &administers, error))
        return false;
    if (account == NULL)
        return true;
    g_autofree char *since = nsk_instant_format(account->since);
    row = nsk_json_object();
    nsk_json_set_text(row, "person", hit->id);
    nsk_json_set_text(row, "name", hit->label);
    nsk_json_set_text(row, "account", account->name);
    nsk_json_set_text(row, "state", nsk_door_account_state(account));
    nsk_json_set_bool(row, "codes", account->has_codes);
    nsk_json_set_bool(row, "administers", administers);
    nsk_json_set_text(row, "since", since);
    nsk_json_add(list, row);
    return true;
}

bool
nsk_office_account_list(NskOffice *self, NskJson **out_result, GError **error)
{
    guint found = LIST_STEP;
    g_autofree char *after = g_strdup("");
    g_autoptr(NskJson) list = nsk_json_array();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    if (txn != NULL && !nsk_admin_check(self, txn, error))
        return false;
    while (txn != NULL && found == LIST_STEP) {
        g_autoptr(GPtrArray) people =
            nsk_directory_list(txn, NSK_DIRECTORY_PERSON, NULL, after, LIST_STEP, error);

        if (people == NULL)
            return false;
        found = people->len;
        for (guint i = 0; i < found; i++) {
            const NskDirectoryHit *hit = g_ptr_array_index(people, i);

            if (!add_row(self, txn, hit, list, error))
                return false;
            g_free(after);
            after = g_strdup(hit->id);
        }
    }
    if (txn == NULL)
        return false;
    *out_result = nsk_json_object();
    nsk_json_set(*out_result, "accounts", g_steal_pointer(&list));
    return true;
}

/* --- A demo's -------------------------------------------------------------------------------- */

char *
nsk_door_demo_hash(const char *note, char **out_password, GError **error)
{
    g_autofree char *password = nsk_office_account_invent();
    g_autofree char *line = g_strconcat(password, "\n", NULL);
    g_autoptr(NskLocked) locked = nsk_locked_new(password, strlen(password), error);
    g_autofree char *hash = locked != NULL ? nsk_password_hash(locked, error) : NULL;

    if (hash == NULL || !nsk_file_write(note, line, strlen(line), 0600, error))
        return NULL;
    *out_password = g_steal_pointer(&password);
    return g_steal_pointer(&hash);
}

bool
nsk_door_demo_add(NskDbTxn *txn, const NskDoorDemo *demo, GError **error)
{
    const NskDoorEvent event = { .origin = demo->origin,
                                 .actor = PART,
                                 .action = "account-added",
                                 .now = demo->now };
    g_autoptr(GPtrArray) people =
        nsk_directory_list(txn, NSK_DIRECTORY_PERSON, NULL, "", LIST_STEP, error);

    for (guint i = 0; people != NULL && i < people->len; i++) {
        const NskDirectoryHit *hit = g_ptr_array_index(people, i);
        const NskAccount account = { .person = hit->id,
                                     .name = hit->id,
                                     .hash = (char *)(uintptr_t)demo->hash };

        if (!nsk_account_put(txn, &account, demo->now, error))
            return false;
    }
    return people != NULL && nsk_admin_set(txn, DEMO_ADMINISTRATOR, true, demo->now, error) &&
           nsk_door_record(txn, &event, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whom a task is told to: those who are there for the positions before which it lies, each once.
 *
 * Not told: who has the task because he just made the letter; a substitute of a secret letter, who
 * does not see it either; who has no address, or does not want it.
 */
#include "base/message.h"
#include "net/net.h"
#include "office/mail-private.h"

#include <string.h>

/* A draft that was just begun is known to who began it. */
static const char sql_list_tasks[] =
    "SELECT i.key, i.position, coalesce(t.assignee, ''), l.urgency, l.security FROM inbox i"
    " INDEXED BY inbox_task JOIN task t ON t.letter = i.letter AND t.key = i.key"
    " JOIN letter l ON l.id = i.letter WHERE i.letter = $1"
    " AND (t.role <> 'draft' OR t.opened > l.created) ORDER BY i.key, i.position";

typedef struct {
    char *key;
    char *position;
    char *assignee; /* person; "" for all who are there */
    bool urgent;
    bool secret;
} Waiting;

static void
free_waiting(gpointer data)
{
    Waiting *self = data;

    g_free(self->key);
    g_free(self->position);
    g_free(self->assignee);
    g_free(self);
}

static gpointer
make_waiting(NskDbRows *rows)
{
    Waiting *self = g_new0(Waiting, 1);

    self->key = g_strdup(nsk_db_rows_text(rows, 0));
    self->position = g_strdup(nsk_db_rows_text(rows, 1));
    self->assignee = g_strdup(nsk_db_rows_text(rows, 2));
    self->urgent = strcmp(nsk_db_rows_text(rows, 3), "biasa") != 0;
    self->secret = nsk_security_is_secret(nsk_db_rows_text(rows, 4));
    return self;
}

typedef struct {
    NskOffice *office;
    const GPtrArray *rows; /* of the outbox */
    NskInstant now;
    NskDate today;
} Gathering;

/* Whether @person is told at once; out of the directory he is told nothing. */
static bool
wants(NskDbTxn *txn, const char *name, bool *out_wants, GError **error)
{
    g_auto(NskMailChoice) choice = { 0 };
    g_autofree char *mail = NULL;
    g_autofree char *chat = NULL;
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, name, &fault);

    *out_wants = false;
    if (person == NULL && g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        return true;
    if (person == NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (!nsk_mail_choice_load(txn, name, &choice, error) ||
        !nsk_mail_server_find(txn, &mail, error) || !nsk_chat_find(txn, &chat, error))
        return false;
    *out_wants = strcmp(choice.tasks, "now") == 0 &&
                 ((choice.handle != NULL && chat != NULL) ||
                  (mail != NULL && nsk_net_is_mail_address(person->email)));
    return true;
}

static bool
tell_person(const Gathering *self,
            NskDbTxn *txn,
            const char *letter,
            const Waiting *waiting,
            const char *person,
            GError **error)
{
    const NskMailItem item = { person, letter, waiting->key, waiting->urgent };
    bool is_wanted;

    return wants(txn, person, &is_wanted, error) &&
           (!is_wanted || nsk_mail_add_item(self->office, txn, &item, self->now, error));
}

static bool
tell_position(const Gathering *self,
              NskDbTxn *txn,
              const char *letter,
              const Waiting *waiting,
              GError **error)
{
    g_auto(NskAttendance) there = { 0 };

    if (waiting->assignee[0] != '\0')
        return tell_person(self, txn, letter, waiting, waiting->assignee, error);
    if (!nsk_directory_attendance(txn, waiting->position, self->today, -1, &there, error))
        return false;
    for (guint i = 0; i < there.people->len; i++) {
        const NskAttendant *one = there.people->pdata[i];

        if (one->away || (waiting->secret && one->substitutes[0] != '\0'))
            continue;
        if (!tell_person(self, txn, letter, waiting, one->person, error))
            return false;
    }
    return true;
}

static bool
apply_gather(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Gathering *self = data;

    for (guint n = 0; n < self->rows->len; n++) {
        const NskOutboxRow *row = self->rows->pdata[n];
        g_autoptr(GPtrArray) tasks = nsk_db_collect(
            nsk_db_query(txn, sql_list_tasks, NSK_DB_PARAMS(NSK_DB_TEXT(row->letter)), error),
            make_waiting, free_waiting, error);

        if (tasks == NULL)
            return false;
        for (guint i = 0; i < tasks->len; i++)
            if (!tell_position(self, txn, row->letter, tasks->pdata[i], error))
                return false;
    }
    return true;
}

static bool
gather_rows(NskOffice *self, const GPtrArray *rows, G_GNUC_UNUSED void *data, GError **error)
{
    Gathering gathering = { .office = self, .rows = rows, .now = nsk_clock_now(self->clock) };

    return nsk_office_common_day(gathering.now, &gathering.today, error) &&
           nsk_office_commit(self, apply_gather, &gathering, NULL, error);
}

bool
nsk_mail_gather(NskOffice *office, GError **error)
{
    return nsk_office_work(office, NSK_MAIL_TOPIC, gather_rows, NULL, error);
}

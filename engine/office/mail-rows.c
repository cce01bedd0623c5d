/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of mails, of what people were told of, and of what they want. */
#include "base/id.h"
#include "base/message.h"
#include "office/mail-private.h"

#include <string.h>

#define SECOND       ((int64_t)1000000) /* microseconds */
#define MINUTE       (60 * SECOND)
#define GATHER       MINUTE        /* what comes meanwhile goes into the same mail */
#define LEASE        (10 * MINUTE) /* of a mail that is being sent; after it, it is sent again */
#define REST         MINUTE        /* after a try that failed; doubles */
#define LONGEST_REST (60 * MINUTE)
#define GIVE_UP      ((int64_t)3 * 24 * 60 * MINUTE)

static const char sql_get_choice[] = "SELECT tasks, language FROM mail_choice WHERE person = $1";
static const char sql_put_choice[] =
    "INSERT INTO mail_choice (person, tasks, language) VALUES ($1, $2, $3) ON CONFLICT (person)"
    " DO UPDATE SET tasks = excluded.tasks, language = excluded.language";
static const char sql_get_handle[] = "SELECT handle FROM chat_choice WHERE person = $1";
static const char sql_put_handle[] = "INSERT INTO chat_choice (person, handle) VALUES ($1, $2)"
                                     " ON CONFLICT (person) DO UPDATE SET handle = excluded.handle";
static const char sql_drop_handle[] = "DELETE FROM chat_choice WHERE person = $1";
static const char sql_add_mail[] =
    "INSERT INTO mail (id, person, kind, made, ready, tries, waiting, task, fault)"
    " VALUES ($1, $2, $3, $4, $5, 0, $6, '', '')";
static const char sql_find_open[] =
    "SELECT id FROM mail WHERE person = $1 AND kind = 'tasks' AND done IS NULL AND tries = 0";
static const char sql_hasten[] = "UPDATE mail SET ready = min(ready, $2) WHERE id = $1";
static const char sql_find_item[] =
    "SELECT 1 FROM mail_item WHERE letter = $1 AND key = $2 AND person = $3";
static const char sql_add_item[] =
    "INSERT INTO mail_item (letter, key, person, mail) VALUES ($1, $2, $3, $4)";
static const char sql_list_daily[] =
    "SELECT person FROM mail_choice WHERE tasks = 'daily' AND daily <> $1 ORDER BY person LIMIT $2";
static const char sql_had_daily[] = "UPDATE mail_choice SET daily = $2 WHERE person = $1";
/* of what waits still: a task that was done meanwhile is not told of */
static const char sql_settle[] =
    "UPDATE mail SET (waiting, task) = (SELECT count(*), CASE count(*) WHEN 1 THEN"
    " coalesce(max(m.letter || '/' || m.key), '') ELSE '' END FROM mail_item m WHERE m.mail ="
    " mail.id AND EXISTS (SELECT 1 FROM inbox i WHERE i.letter = m.letter AND i.key = m.key))"
    " WHERE done IS NULL AND tries = 0 AND kind = 'tasks' AND ready <= $1";
static const char sql_drop_empty[] =
    "UPDATE mail SET done = $1 WHERE done IS NULL AND tries = 0 AND waiting = 0 AND ready <= $1";
static const char sql_list_ready[] = "SELECT id, person, kind, made, tries, waiting, task FROM mail"
                                     " WHERE done IS NULL AND ready <= $1 ORDER BY ready LIMIT $2";
static const char sql_take[] = "UPDATE mail SET tries = tries + 1, ready = $2 WHERE id = $1";
static const char sql_end[] = "UPDATE mail SET done = $2, fault = $3 WHERE id = $1";
static const char sql_wait[] = "UPDATE mail SET ready = $2, fault = $3 WHERE id = $1";
static const char sql_forget_mails[] = "DELETE FROM mail WHERE done < $1";
static const char sql_forget_items[] =
    "DELETE FROM mail_item WHERE NOT EXISTS (SELECT 1 FROM mail WHERE mail.id = mail_item.mail)"
    " AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.letter = mail_item.letter"
    " AND i.key = mail_item.key)";

/* --- Choices ---------------------------------------------------------------------------------- */

void
nsk_mail_choice_clear(NskMailChoice *self)
{
    g_clear_pointer(&self->tasks, g_free);
    g_clear_pointer(&self->language, g_free);
    g_clear_pointer(&self->handle, g_free);
}

bool
nsk_mail_choice_load(NskDbTxn *txn, const char *person, NskMailChoice *out_choice, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_get_choice, NSK_DB_PARAMS(NSK_DB_TEXT(person)), error);

    g_autoptr(GPtrArray) handles =
        nsk_db_list_texts(txn, sql_get_handle, NSK_DB_PARAMS(NSK_DB_TEXT(person)), error);

    if (handles == NULL || rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    out_choice->handle = handles->len > 0 ? g_strdup(handles->pdata[0]) : NULL;
    out_choice->tasks = g_strdup(has_row ? nsk_db_rows_text(rows, 0) : "now");
    out_choice->language = g_strdup(has_row ? nsk_db_rows_text(rows, 1) : "id");
    return true;
}

bool
nsk_mail_choice_put(NskDbTxn *txn,
                    const char *person,
                    const char *tasks,
                    const char *language,
                    GError **error)
{
    return nsk_db_exec(
        txn, sql_put_choice,
        NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_TEXT(tasks), NSK_DB_TEXT(language)), NULL, error);
}

bool
nsk_mail_choice_put_handle(NskDbTxn *txn, const char *person, const char *handle, GError **error)
{
    return handle != NULL
               ? nsk_db_exec(txn, sql_put_handle,
                             NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_TEXT(handle)), NULL, error)
               : nsk_db_exec(txn, sql_drop_handle, NSK_DB_PARAMS(NSK_DB_TEXT(person)), NULL, error);
}

/* --- Adding ----------------------------------------------------------------------------------- */

/* The mail that gathers for @person; made if there is none.  Owned. */
static char *
open_mail(NskOffice *office, NskDbTxn *txn, const NskMailItem *item, NskInstant now, GError **error)
{
    NskInstant ready = item->urgent ? now : now + GATHER;
    g_autoptr(GPtrArray) ids =
        nsk_db_list_texts(txn, sql_find_open, NSK_DB_PARAMS(NSK_DB_TEXT(item->person)), error);

    if (ids == NULL)
        return NULL;
    g_autofree char *id = ids->len > 0 ? g_strdup(ids->pdata[0]) : nsk_id_new(office->clock);
    bool ok = ids->len > 0
                  ? nsk_db_exec(txn, sql_hasten, NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_INT(ready)),
                                NULL, error)
                  : nsk_db_exec(txn, sql_add_mail,
                                NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(item->person),
                                              NSK_DB_TEXT("tasks"), NSK_DB_INT(now),
                                              NSK_DB_INT(ready), NSK_DB_INT(0)),
                                NULL, error);
    return ok ? g_steal_pointer(&id) : NULL;
}

bool
nsk_mail_add_item(NskOffice *office,
                  NskDbTxn *txn,
                  const NskMailItem *item,
                  NskInstant now,
                  GError **error)
{
    g_autoptr(GPtrArray) told = nsk_db_list_texts(
        txn, sql_find_item,
        NSK_DB_PARAMS(NSK_DB_TEXT(item->letter), NSK_DB_TEXT(item->key), NSK_DB_TEXT(item->person)),
        error);

    if (told == NULL || told->len > 0)
        return told != NULL;
    g_autofree char *mail = open_mail(office, txn, item, now, error);
    return mail != NULL &&
           nsk_db_exec(txn, sql_add_item,
                       NSK_DB_PARAMS(NSK_DB_TEXT(item->letter), NSK_DB_TEXT(item->key),
                                     NSK_DB_TEXT(item->person), NSK_DB_TEXT(mail)),
                       NULL, error);
}

GPtrArray *
nsk_mail_list_daily(NskDbTxn *txn, const char *day, int limit, GError **error)
{
    return nsk_db_list_texts(txn, sql_list_daily,
                             NSK_DB_PARAMS(NSK_DB_TEXT(day), NSK_DB_INT(limit)), error);
}

bool
nsk_mail_add_daily(NskOffice *office,
                   NskDbTxn *txn,
                   const char *person,
                   const char *day,
                   int64_t waiting,
                   GError **error)
{
    NskInstant now = nsk_clock_now(office->clock);
    g_autofree char *id = nsk_id_new(office->clock);

    return nsk_db_exec(txn, sql_had_daily, NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_TEXT(day)),
                       NULL, error) &&
           (waiting == 0 ||
            nsk_db_exec(txn, sql_add_mail,
                        NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(person), NSK_DB_TEXT("daily"),
                                      NSK_DB_INT(now), NSK_DB_INT(now), NSK_DB_INT(waiting)),
                        NULL, error));
}

/* --- Sending ---------------------------------------------------------------------------------- */

void
nsk_mail_row_free(gpointer row)
{
    NskMailRow *self = row;

    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->person);
    g_free(self->task);
    g_free(self->fault);
    g_free(self);
}

static gpointer
make_row(NskDbRows *rows)
{
    NskMailRow *row = g_new0(NskMailRow, 1);
    const char *task = nsk_db_rows_text(rows, 6);

    row->id = g_strdup(nsk_db_rows_text(rows, 0));
    row->person = g_strdup(nsk_db_rows_text(rows, 1));
    row->daily = strcmp(nsk_db_rows_text(rows, 2), "daily") == 0;
    row->made = nsk_db_rows_int(rows, 3);
    row->tries = nsk_db_rows_int(rows, 4);
    row->waiting = nsk_db_rows_int(rows, 5);
    row->task = task[0] != '\0' ? g_strdup(task) : NULL;
    return row;
}

GPtrArray *
nsk_mail_claim(NskDbTxn *txn, NskInstant now, int limit, GError **error)
{
    if (!nsk_db_exec(txn, sql_settle, NSK_DB_PARAMS(NSK_DB_INT(now)), NULL, error) ||
        !nsk_db_exec(txn, sql_drop_empty, NSK_DB_PARAMS(NSK_DB_INT(now)), NULL, error))
        return NULL;
    g_autoptr(GPtrArray) rows = nsk_db_collect(
        nsk_db_query(txn, sql_list_ready, NSK_DB_PARAMS(NSK_DB_INT(now), NSK_DB_INT(limit)), error),
        make_row, nsk_mail_row_free, error);
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const NskMailRow *row = rows->pdata[i];

        if (!nsk_db_exec(txn, sql_take,
                         NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_INT(now + LEASE)), NULL, error))
            return NULL;
    }
    return g_steal_pointer(&rows);
}

bool
nsk_mail_tell(NskDbTxn *txn, const NskMailRow *row, NskInstant now, GError **error)
{
    const char *fault = row->fault != NULL ? row->fault : "";
    int64_t rest = row->tries < 6 ? REST << row->tries : LONGEST_REST;
    bool ended = row->fault == NULL || row->refused || now - row->made > GIVE_UP;

    return nsk_db_exec(txn, ended ? sql_end : sql_wait,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_INT(ended ? now : now + rest),
                                     NSK_DB_TEXT(fault)),
                       NULL, error);
}

bool
nsk_mail_forget(NskDbTxn *txn, NskInstant before, GError **error)
{
    return nsk_db_exec(txn, sql_forget_mails, NSK_DB_PARAMS(NSK_DB_INT(before)), NULL, error) &&
           nsk_db_exec(txn, sql_forget_items, NSK_DB_NO_PARAMS, NULL, error);
}

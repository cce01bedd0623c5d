/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks and parafs in the database. */
#include "base/bytes.h"
#include "base/message.h"
#include "office/hook-private.h"
#include "office/mail-private.h"

#include <string.h>

#define USUAL_PRIORITY 50

static const char sql_open_task[] =
    "INSERT INTO task (letter, key, name, role, outcomes, opened, due, follow_up, priority)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
static const char sql_add_inbox[] =
    "INSERT INTO inbox (position, opened, letter, key, drafting) VALUES ($1, $2, $3, $4, $5)";
static const char sql_clear_inbox[] = "DELETE FROM inbox WHERE letter = $1 AND key = $2";
static const char sql_close_task[] = "UPDATE task SET closed = $3, outcome = $4, person = $5"
                                     " WHERE letter = $1 AND key = $2 AND closed IS NULL";
static const char sql_load_task[] = "SELECT letter, key, name, role, outcomes, opened,"
                                    " closed IS NOT NULL, assignee, owner, due, follow_up,"
                                    " coalesce(priority, 50) FROM task"
                                    " WHERE letter = $1 AND key = $2";
static const char sql_letter_tasks[] = "SELECT letter, key, name, role, outcomes, opened, 0,"
                                       " assignee, owner, due, follow_up, coalesce(priority, 50)"
                                       " FROM task WHERE letter = $1 AND closed IS NULL"
                                       " ORDER BY opened, key";
/* CROSS JOIN: in the order of the inbox, of which few are read */
#define PLACES                                                                                     \
    "SELECT i.opened, i.letter, i.key, t.name, t.role, t.outcomes, l.security, l.subject, l.kind," \
    " l.urgency, EXISTS (SELECT 1 FROM term_clock c WHERE c.letter = i.letter) FROM inbox i"
#define OF_PLACES                                                                                  \
    " CROSS JOIN task t ON t.letter = i.letter AND t.key = i.key"                                  \
    " CROSS JOIN letter l ON l.id = i.letter"                                                      \
    " WHERE i.position = $1 AND (i.opened, i.letter, i.key) > ($2, $3, $4)"
#define IN_THEIR_ORDER " ORDER BY i.opened, i.letter, i.key"
static const char sql_places[] = PLACES OF_PLACES IN_THEIR_ORDER;
static const char sql_drafting_places[] =
    PLACES " INDEXED BY inbox_drafting" OF_PLACES " AND i.drafting = 1" IN_THEIR_ORDER;
static const char sql_task_positions[] =
    "SELECT position FROM inbox WHERE letter = $1 AND key = $2 ORDER BY position";
static const char sql_add_paraf[] =
    "INSERT INTO paraf (letter, n, position, person, capacity, content, at) VALUES ($1,"
    " (SELECT coalesce(max(n), 0) + 1 FROM paraf WHERE letter = $1), $2, $3, $4, $5, $6)";
static const char sql_list_paraf[] = "SELECT position, person, capacity, content, at, voided, n"
                                     " FROM paraf WHERE letter = $1 ORDER BY n";
static const char sql_paraf_holds[] =
    "SELECT 1 FROM paraf WHERE letter = $1 AND position = $2 AND voided IS NULL LIMIT 1";
static const char sql_stale_paraf[] = "SELECT position, person, capacity, content, at, voided, n"
                                      " FROM paraf WHERE letter = $1 AND voided IS NULL"
                                      " AND content <> $2 ORDER BY n";
static const char sql_void_paraf[] = "UPDATE paraf SET voided = $3 WHERE letter = $1 AND n = $2";

void
nsk_task_row_free(gpointer task)
{
    NskTaskRow *self = task;

    if (self == NULL)
        return;
    g_free(self->letter);
    g_free(self->key);
    g_free(self->name);
    g_free(self->role);
    g_free(self->outcomes);
    g_free(self->assignee);
    g_free(self->owner);
    g_strfreev(self->positions);
    g_free(self);
}

const char *
nsk_role_text(NskFlowRole role)
{
    switch (role) {
    case NSK_FLOW_ROLE_DRAFT:
        return "draft";
    case NSK_FLOW_ROLE_REVIEW:
        return "review";
    case NSK_FLOW_ROLE_SIGN:
        return "sign";
    case NSK_FLOW_ROLE_CONFIRM:
        return "confirm";
    case NSK_FLOW_ROLE_NONE:
    default:
        return "";
    }
}

#define LETTERS_REMEMBERED 8192
#define TASKS_REMEMBERED   32 /* of one letter */

static void
free_tasks(gpointer tasks)
{
    g_ptr_array_unref(tasks);
}

static const char *const task_tables[] = { "task", "inbox", NULL };
static const char *const task_keepers[] = { sql_open_task, sql_add_inbox, sql_clear_inbox,
                                            sql_close_task, NULL };
/* The waiting tasks of a letter: array of NskTaskRow. */
static const NskDbMemo waiting = { task_tables, task_keepers, free_tasks, LETTERS_REMEMBERED };

static NskTaskRow *
copy_task(const NskTaskRow *task)
{
    NskTaskRow *copy = g_memdup2(task, sizeof *copy);

    copy->letter = g_strdup(copy->letter);
    copy->key = g_strdup(copy->key);
    copy->name = g_strdup(copy->name);
    copy->role = g_strdup(copy->role);
    copy->outcomes = g_strdup(copy->outcomes);
    copy->assignee = g_strdup(copy->assignee);
    copy->owner = g_strdup(copy->owner);
    copy->positions = g_strdupv(copy->positions);
    return copy;
}

static GPtrArray *
copy_tasks(const GPtrArray *tasks)
{
    GPtrArray *copy = g_ptr_array_new_full(tasks->len, nsk_task_row_free);

    for (guint i = 0; i < tasks->len; i++)
        g_ptr_array_add(copy, copy_task(g_ptr_array_index(tasks, i)));
    return copy;
}

static NskDbValue
time_value(NskInstant at)
{
    return at != 0 ? NSK_DB_INT(at) : NSK_DB_NULL;
}

bool
nsk_task_open(NskDbTxn *txn,
              const char *letter,
              const NskFlowAction *action,
              NskInstant now,
              GError **error)
{
    g_autofree char *outcomes = g_strjoinv(" ", action->outcomes);

    nsk_db_forget(txn, &waiting, letter);
    if (!nsk_db_exec(
            txn, sql_open_task,
            NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(action->key), NSK_DB_TEXT(action->name),
                          NSK_DB_TEXT(nsk_role_text(action->role)), NSK_DB_TEXT(outcomes),
                          NSK_DB_INT(now), time_value(action->due), time_value(action->follow_up),
                          action->priority != USUAL_PRIORITY ? NSK_DB_INT(action->priority)
                                                             : NSK_DB_NULL),
            NULL, error))
        return false;
    for (int i = 0; action->positions[i] != NULL; i++) {
        if (!nsk_db_exec(txn, sql_add_inbox,
                         NSK_DB_PARAMS(NSK_DB_TEXT(action->positions[i]), NSK_DB_INT(now),
                                       NSK_DB_TEXT(letter), NSK_DB_TEXT(action->key),
                                       NSK_DB_INT(action->role == NSK_FLOW_ROLE_DRAFT)),
                         NULL, error))
            return false;
    }
    const NskHookEvent event = { "task.created", letter, action->key, now };
    return nsk_mail_ask(txn, letter, now, error) && nsk_hook_note(txn, &event, error);
}

bool
nsk_task_close(NskDbTxn *txn,
               const char *letter,
               const char *key,
               const NskTaskEnd *end,
               GError **error)
{
    nsk_db_forget(txn, &waiting, letter);
    return nsk_db_exec(txn, sql_clear_inbox, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(key)),
                       NULL, error) &&
           nsk_db_exec(txn, sql_close_task,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(key), NSK_DB_INT(end->now),
                                     NSK_DB_TEXT(end->outcome), NSK_DB_TEXT(end->person)),
                       NULL, error);
}

char **
nsk_task_positions(NskDbTxn *txn, const char *letter, const char *key, GError **error)
{
    bool has_row = true;
    g_autoptr(GStrvBuilder) positions = g_strv_builder_new();
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_task_positions, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(key)), error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return NULL;
        if (has_row)
            g_strv_builder_add(positions, nsk_db_rows_text(rows, 0));
    }
    return rows != NULL ? g_strv_builder_end(positions) : NULL;
}

static NskTaskRow *
read_task(NskDbTxn *txn, NskDbRows *rows, GError **error)
{
    g_autoptr(NskTaskRow) task = g_new0(NskTaskRow, 1);

    task->letter = g_strdup(nsk_db_rows_text(rows, 0));
    task->key = g_strdup(nsk_db_rows_text(rows, 1));
    task->name = g_strdup(nsk_db_rows_text(rows, 2));
    task->role = g_strdup(nsk_db_rows_text(rows, 3));
    task->outcomes = g_strdup(nsk_db_rows_text(rows, 4));
    task->opened = nsk_db_rows_int(rows, 5);
    task->closed = nsk_db_rows_int(rows, 6) != 0;
    task->assignee = g_strdup(nsk_db_rows_text(rows, 7));
    task->owner = g_strdup(nsk_db_rows_text(rows, 8));
    task->due = nsk_db_rows_int(rows, 9);
    task->follow_up = nsk_db_rows_int(rows, 10);
    task->priority = (int)nsk_db_rows_int(rows, 11);
    task->positions = nsk_task_positions(txn, task->letter, task->key, error);
    return task->positions != NULL ? g_steal_pointer(&task) : NULL;
}

/* All tasks that a query gives; takes over @rows, which may be NULL with @error set. */
static GPtrArray *
read_tasks(NskDbTxn *txn, NskDbRows *taken, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows = taken;
    g_autoptr(GPtrArray) tasks = g_ptr_array_new_with_free_func(nsk_task_row_free);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return NULL;
        NskTaskRow *task = has_row ? read_task(txn, rows, error) : NULL;
        if (has_row && task == NULL)
            return NULL;
        if (has_row)
            g_ptr_array_add(tasks, task);
    }
    return rows != NULL ? g_steal_pointer(&tasks) : NULL;
}

GPtrArray *
nsk_task_list_letter(NskDbTxn *txn, const char *letter, GError **error)
{
    const GPtrArray *known = nsk_db_recall(txn, &waiting, letter);

    if (known != NULL)
        return copy_tasks(known);
    GPtrArray *tasks = read_tasks(
        txn, nsk_db_query(txn, sql_letter_tasks, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error), error);
    if (tasks != NULL && tasks->len <= TASKS_REMEMBERED)
        nsk_db_remember(txn, &waiting, letter, copy_tasks(tasks));
    return tasks;
}

/* The waiting task @key, if it is remembered; owned. */
static NskTaskRow *
recall_task(NskDbTxn *txn, const char *letter, const char *key)
{
    const GPtrArray *known = nsk_db_recall(txn, &waiting, letter);

    for (guint i = 0; known != NULL && i < known->len; i++) {
        const NskTaskRow *task = g_ptr_array_index(known, i);

        if (strcmp(task->key, key) == 0)
            return copy_task(task);
    }
    return NULL;
}

NskTaskRow *
nsk_task_load(NskDbTxn *txn, const char *letter, const char *key, GError **error)
{
    NskTaskRow *known = recall_task(txn, letter, key);

    if (known != NULL)
        return known;
    g_autoptr(GPtrArray) tasks =
        read_tasks(txn,
                   nsk_db_query(txn, sql_load_task,
                                NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(key)), error),
                   error);

    if (tasks == NULL)
        return NULL;
    if (tasks->len == 1)
        return g_ptr_array_steal_index(tasks, 0);
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("the letter has no task '%s'"), key);
    return NULL;
}

void
nsk_task_place_free(gpointer place)
{
    NskTaskPlace *self = place;

    if (self == NULL)
        return;
    g_free(self->letter);
    g_free(self->key);
    g_free(self->name);
    g_free(self->role);
    g_free(self->outcomes);
    g_free(self->subject);
    g_free(self->kind);
    g_free(self->urgency);
    g_free(self);
}

int
nsk_task_place_compare(const NskTaskPlace *a, const NskTaskPlace *b)
{
    if (a->opened != b->opened)
        return a->opened < b->opened ? -1 : 1;
    int letters = strcmp(a->letter, b->letter);
    return letters != 0 ? letters : strcmp(a->key, b->key);
}

NskDbRows *
nsk_task_places(NskDbTxn *txn, const NskTaskPlacesAsk *ask, GError **error)
{
    const NskTaskPlace *after = ask->after;

    return nsk_db_query(txn, ask->drafting ? sql_drafting_places : sql_places,
                        NSK_DB_PARAMS(NSK_DB_TEXT(ask->position),
                                      NSK_DB_INT(after != NULL ? after->opened : INT64_MIN),
                                      NSK_DB_TEXT(after != NULL ? after->letter : ""),
                                      NSK_DB_TEXT(after != NULL ? after->key : "")),
                        error);
}

static NskTaskPlace *
read_place(NskDbRows *row)
{
    NskTaskPlace *place = g_new(NskTaskPlace, 1);

    *place = (NskTaskPlace){ .opened = nsk_db_rows_int(row, 0),
                             .letter = g_strdup(nsk_db_rows_text(row, 1)),
                             .key = g_strdup(nsk_db_rows_text(row, 2)),
                             .name = g_strdup(nsk_db_rows_text(row, 3)),
                             .role = g_strdup(nsk_db_rows_text(row, 4)),
                             .outcomes = g_strdup(nsk_db_rows_text(row, 5)),
                             .secret = nsk_security_is_secret(nsk_db_rows_text(row, 6)),
                             .subject = g_strdup(nsk_db_rows_text(row, 7)),
                             .kind = g_strdup(nsk_db_rows_text(row, 8)),
                             .urgency = g_strdup(nsk_db_rows_text(row, 9)),
                             .has_term = nsk_db_rows_int(row, 10) != 0 };
    return place;
}

bool
nsk_task_places_next(NskDbRows *places, NskTaskPlace **out_place, GError **error)
{
    bool has_row = false;

    *out_place = NULL;
    if (!nsk_db_rows_next(places, &has_row, error))
        return false;
    if (has_row)
        *out_place = read_place(places);
    return true;
}

void
nsk_paraf_row_free(gpointer paraf)
{
    NskParafRow *self = paraf;

    if (self == NULL)
        return;
    g_free(self->position);
    g_free(self->person);
    g_free(self->capacity);
    g_free(self);
}

bool
nsk_paraf_add(NskDbTxn *txn, const char *letter, const NskParafRow *paraf, GError **error)
{
    return nsk_db_exec(txn, sql_add_paraf,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(paraf->position),
                                     NSK_DB_TEXT(paraf->person), NSK_DB_TEXT(paraf->capacity),
                                     NSK_DB_BLOB(paraf->content, sizeof paraf->content),
                                     NSK_DB_INT(paraf->at)),
                       NULL, error) &&
           nsk_reader_add(txn, letter, paraf->position, error);
}

static gpointer
make_paraf(NskDbRows *row)
{
    size_t size;
    const void *content = nsk_db_rows_blob(row, 3, &size);
    NskParafRow *paraf = g_new0(NskParafRow, 1);

    paraf->position = g_strdup(nsk_db_rows_text(row, 0));
    paraf->person = g_strdup(nsk_db_rows_text(row, 1));
    paraf->capacity = g_strdup(nsk_db_rows_text(row, 2));
    memcpy(paraf->content, content, MIN(size, sizeof paraf->content));
    paraf->at = nsk_db_rows_int(row, 4);
    paraf->voided = nsk_db_rows_int(row, 5);
    paraf->n = nsk_db_rows_int(row, 6);
    return paraf;
}

/* All parafs that a query gives; takes over @rows, which may be NULL with @error set. */
static GPtrArray *
read_parafs(NskDbRows *rows, GError **error)
{
    return nsk_db_collect(rows, make_paraf, nsk_paraf_row_free, error);
}

GPtrArray *
nsk_paraf_list(NskDbTxn *txn, const char *letter, GError **error)
{
    return read_parafs(nsk_db_query(txn, sql_list_paraf, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error),
                       error);
}

bool
nsk_paraf_holds(NskDbTxn *txn,
                const char *letter,
                const char *position,
                bool *out_holds,
                GError **error)
{
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_paraf_holds, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(position)), error);

    return rows != NULL && nsk_db_rows_next(rows, out_holds, error);
}

GPtrArray *
nsk_paraf_list_stale(NskDbTxn *txn, const char *letter, const uint8_t *content, GError **error)
{
    return read_parafs(
        nsk_db_query(txn, sql_stale_paraf,
                     NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_BLOB(content, NSK_SHA256_SIZE)),
                     error),
        error);
}

bool
nsk_paraf_void(NskDbTxn *txn, const char *letter, int64_t n, NskInstant now, GError **error)
{
    return nsk_db_exec(txn, sql_void_paraf,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(n), NSK_DB_INT(now)), NULL,
                       error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recall: somebody takes back what he has just done, as long as nobody has touched what it led to.
 *
 * The states of the workflow before and after his act are not kept anywhere for this: the letter's
 * record in the versions before and after it has them.
 *
 * INVARIANTS
 *   (1) A paraf that was given in the act is void; the history keeps both.
 *   (2) What was done with the content since, or with number and pages, is not undone by this: then
 *       it is too late.
 */
#include "base/message.h"
#include "office/deed-private.h"

#include <string.h>

static const char sql_last_act[] =
    "SELECT key, person FROM task WHERE letter = $1 AND person = $2 AND outcome IS NOT NULL"
    " ORDER BY closed DESC, key DESC LIMIT 1";
static const char sql_taken[] = "SELECT name FROM task WHERE letter = $1 AND opened = $2"
                                " AND (assignee IS NOT NULL OR owner IS NOT NULL) LIMIT 1";
static const char sql_void_given[] =
    "UPDATE paraf SET voided = $4 WHERE letter = $1 AND person = $2 AND at = $3"
    " AND voided IS NULL";
static const char sql_find_act[] =
    "SELECT closed, person, role FROM task WHERE letter = $1 AND key = $2 AND outcome IS NOT NULL";

/* The act that is taken back. */
typedef struct {
    char *key; /* of the task; owned */
    NskInstant at;
    bool review;
    NskFlowState *before; /* owned, as the next */
    NskFlowState *after;
    char *position; /* it was done from */
} Past;

static void
past_clear(Past *past)
{
    g_clear_pointer(&past->key, g_free);
    g_clear_pointer(&past->position, g_free);
    g_clear_pointer(&past->before, nsk_flow_state_unref);
    g_clear_pointer(&past->after, nsk_flow_state_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Past, past_clear)

static bool
set_too_late(const char *why, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("this cannot be taken back any more: %s"), why);
    return false;
}

/* The task that was named, or the last that the person did. */
static bool
find_key(NskDeedWork *self, const NskLetterRow *row, Past *past, GError **error)
{
    bool has_row = false;
    const char *hash = strchr(self->deed->task, '#');
    const char *slash = hash != NULL ? strchr(self->deed->task, '/') : NULL;

    if (slash != NULL) {
        past->key = g_strdup(slash + 1);
        return true;
    }
    g_autoptr(NskDbRows) rows =
        nsk_db_query(self->txn, sql_last_act,
                     NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(self->office->person)), error);
    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (!has_row) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("you have done nothing with letter %s that could be taken back"),
                    row->id);
        return false;
    }
    past->key = g_strdup(nsk_db_rows_text(rows, 0));
    return true;
}

static bool
find_act(NskDeedWork *self, const NskLetterRow *row, Past *past, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = NULL;

    if (!find_key(self, row, past, error))
        return false;
    rows = nsk_db_query(self->txn, sql_find_act,
                        NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(past->key)), error);
    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (!has_row || g_strcmp0(nsk_db_rows_text(rows, 1), self->office->person) != 0) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_DENIED,
            nsk_tr("you did not do the task '%s' of letter %s; who did it may take it back"),
            past->key, row->id);
        return false;
    }
    past->at = nsk_db_rows_int(rows, 0);
    past->review = strcmp(nsk_db_rows_text(rows, 2), "review") == 0;
    if (strcmp(nsk_db_rows_text(rows, 2), "sign") == 0)
        return set_too_late(nsk_tr("a signature stands"), error);
    return true;
}

/* The workflow's state as the record in a version has it. */
static NskFlowState *
read_state(NskDeedWork *self, const char *letter, const char *commit, GError **error)
{
    g_autofree char *name = nsk_office_file_name(letter, ".json");
    g_autoptr(GBytes) bytes = nsk_store_read(self->txn, letter, commit, name, error);
    g_autoptr(NskJson) record = bytes != NULL ? nsk_kept_parse(letter, bytes, error) : NULL;
    const char *flow =
        record != NULL ? nsk_json_get_text(nsk_json_at(nsk_json_get(record, "letter"), 0), "flow")
                       : NULL;

    if (record != NULL && flow == NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("the record of letter %s does not say where its workflow stood"),
                    letter);
    return flow != NULL ? nsk_flow_state_parse(flow, strlen(flow), error) : NULL;
}

/* Whether an entry after the act shows that somebody went on from there. */
static bool
is_touch(const NskJournalEvent *event)
{
    static const char *const touches[] = {
        "letter-edited", "number-taken",      "pages-frozen",
        "number-voided", "letter-dispatched", "letter-archived"
    };

    for (size_t i = 0; i < G_N_ELEMENTS(touches); i++) {
        if (strcmp(event->action, touches[i]) == 0)
            return true;
    }
    return false;
}

/* Finds the act in the history: its position, and the states around it. */
static bool
read_past(NskDeedWork *self, const NskLetterRow *row, Past *past, GError **error)
{
    const char *before = NULL, *after = NULL;
    g_autoptr(GPtrArray) entries = nsk_journal_read(self->txn, row->id, error);

    if (entries == NULL)
        return false;
    for (guint i = 0; i < entries->len; i++) {
        const NskJournalEvent *event = &((const NskJournalEntry *)entries->pdata[i])->event;
        bool is_act =
            event->at == past->at && event->task != NULL && strcmp(event->task, past->key) == 0;

        if (event->at < past->at)
            before = event->commit;
        else if (is_touch(event))
            return set_too_late(nsk_office_word(event->action), error);
        if (is_act && past->position == NULL)
            past->position = g_strdup(event->position);
        if (event->at == past->at)
            after = event->commit;
    }
    if (before == NULL || after == NULL || past->position == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("the history of letter %s does not tell of '%s'"), row->id, past->key);
        return false;
    }
    past->before = read_state(self, row->id, before, error);
    past->after = past->before != NULL ? read_state(self, row->id, after, error) : NULL;
    return past->after != NULL;
}

/* Whether somebody has taken up what the act led to. */
static bool
check_untaken(NskDeedWork *self, const NskLetterRow *row, const Past *past, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        self->txn, sql_taken, NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_INT(past->at)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    return !has_row || set_too_late(nsk_tr("somebody has taken up what comes next"), error);
}

static bool
void_given(NskDeedWork *self, const NskLetterRow *row, const Past *past, GError **error)
{
    return !past->review ||
           nsk_db_exec(self->txn, sql_void_given,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(self->office->person),
                                     NSK_DB_INT(past->at), NSK_DB_INT(self->now)),
                       NULL, error);
}

bool
nsk_deed_recall(NskDeedWork *self, GError **error)
{
    NskDate today;
    NskCapacity capacity;
    g_auto(Past) past = { 0 };
    const char *hash = strchr(self->deed->task, '#');
    const char *slash = hash != NULL ? strchr(self->deed->task, '/') : NULL;
    g_autofree char *letter = slash != NULL
                                  ? g_strndup(self->deed->task, (size_t)(slash - self->deed->task))
                                  : g_strdup(self->deed->task);
    g_autoptr(NskLetterRow) row = nsk_access_route(self->office, self->txn, letter, error);

    if (row == NULL || !nsk_office_today(self->txn, row->unit, self->now, &today, error) ||
        !find_act(self, row, &past, error) || !read_past(self, row, &past, error) ||
        !check_untaken(self, row, &past, error))
        return false;
    /* an assistant recalls what he prepared for the position */
    bool holds = nsk_deed_check_holder(self, past.position, today, &capacity, NULL);
    NskAct act = nsk_deed_act(self, row, today);
    g_autofree char *state = g_strdup(row->state);
    NskAdvance advance = { .flow_event = { .type = NSK_FLOW_RECALL,
                                           .key = past.key,
                                           .before = past.before,
                                           .after = past.after },
                           .person = self->office->person };
    advance.record = (NskEvent){ .action = self->action != NULL ? self->action : "task-recalled",
                                 .sentence = "Take back what was done",
                                 .position = past.position,
                                 .capacity = holds ? nsk_capacity_name(capacity) : NULL,
                                 .on_behalf_of = holds ? NULL : past.position,
                                 .task = past.key,
                                 .state_from = state,
                                 .reason = self->deed->note };
    return void_given(self, row, &past, error) && nsk_deed_advance(self, &act, &advance, error);
}

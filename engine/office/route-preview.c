/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way that a letter will go from where it stands, tried out: each task is done with the outcome
 * that means yes, and of each it is said before whom it would lie today.
 *
 * The workflow's own step function goes that way, over a copy of the facts in which parafs and
 * signatures are given as the tasks are done.  Nothing is carried out.
 *
 * 1. Every turn of the loop does one task or one service, so NSK_LIMIT_FLOW_CHAIN ends it.
 */
#include "base/limits.h"
#include "base/message.h"
#include "office/advance-private.h"

#include <string.h>

/* Something that is to be done; all owned. */
typedef struct {
    char *key;
    char *node;
    char *name;
    char *service; /* NULL: a task */
    char *role;
    char *outcome;
    char **positions;
} Step;

typedef struct {
    const NskRoutePreview *wanted;
    NskAct act;
    NskSeen seen;
    const NskFlow *flow;
    NskFlow *own; /* read from a file; NULL: the letter's */
    NskFlowState *state;
    GPtrArray *open; /* of Step, the oldest first */
    NskJson *steps;
    NskInstant now;
} Preview;

static void
step_free(gpointer data)
{
    Step *self = data;

    if (self == NULL)
        return;
    g_free(self->key);
    g_free(self->node);
    g_free(self->name);
    g_free(self->service);
    g_free(self->role);
    g_free(self->outcome);
    g_strfreev(self->positions);
    g_free(self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Step, step_free)

static void
preview_clear(Preview *self)
{
    nsk_seen_clear(&self->seen);
    g_clear_pointer(&self->own, nsk_flow_unref);
    g_clear_pointer(&self->state, nsk_flow_state_unref);
    g_clear_pointer(&self->open, g_ptr_array_unref);
    g_clear_pointer(&self->steps, nsk_json_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Preview, preview_clear)

/* --- What is to be done. ---------------------------------------------------------------------- */

/* The outcome that means yes: the one that the role calls so, else the first; owned. */
static char *
good_outcome(const char *role, const char *const *outcomes)
{
    static const char *const good[][2] = { { "draft", "submit" },
                                           { "review", "approve" },
                                           { "sign", "sign" },
                                           { "confirm", "match" } };

    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        if (strcmp(role, good[i][0]) == 0 && g_strv_contains(outcomes, good[i][1]))
            return g_strdup(good[i][1]);
    }
    return g_strdup(outcomes[0]);
}

/* @task is borrowed, its outcomes parted by blanks. */
static void
add_task(Preview *self, const NskTaskRow *task)
{
    Step *step = g_new0(Step, 1);
    g_auto(GStrv) outcomes = g_strsplit(task->outcomes, " ", -1);

    step->key = g_strdup(task->key);
    step->node = g_strndup(task->key, strcspn(task->key, "#"));
    step->name = g_strdup(task->name);
    step->role = g_strdup(task->role);
    step->outcome = good_outcome(step->role, (const char *const *)outcomes);
    step->positions = g_strdupv(task->positions);
    g_ptr_array_add(self->open, step);
}

static void
open_task(Preview *self, const NskFlowAction *action)
{
    g_autofree char *outcomes = g_strjoinv(" ", action->outcomes);
    g_autofree char *role = g_strdup(nsk_role_text(action->role));

    add_task(self, &(NskTaskRow){ .key = action->key,
                                  .name = action->name,
                                  .role = role,
                                  .outcomes = outcomes,
                                  .positions = action->positions });
}

static void
add_service(Preview *self, const NskFlowAction *action)
{
    Step *step = g_new0(Step, 1);

    step->key = g_strdup(action->key);
    step->service = g_strdup(action->service);
    g_ptr_array_insert(self->open, 0, step);
}

static void
drop(Preview *self, const char *key)
{
    for (guint i = 0; i < self->open->len; i++) {
        if (strcmp(((Step *)g_ptr_array_index(self->open, i))->key, key) == 0) {
            g_ptr_array_remove_index(self->open, i);
            return;
        }
    }
}

static bool
make_step(Preview *self, const NskFlowEvent *event, GError **error)
{
    g_autoptr(GPtrArray) actions = NULL;
    NskFlowState *after = NULL;
    const NskFlowStep step = { .flow = self->flow,
                               .state = self->state,
                               .event = event,
                               .facts = &self->seen.facts };

    if (!nsk_flow_step(&step, &after, &actions, error))
        return false;
    g_clear_pointer(&self->state, nsk_flow_state_unref);
    self->state = after;
    for (guint i = 0; i < actions->len; i++) {
        const NskFlowAction *action = g_ptr_array_index(actions, i);

        if (action->type == NSK_FLOW_OPEN_TASK && action->outcomes != NULL)
            open_task(self, action);
        else if (action->type == NSK_FLOW_SERVICE)
            add_service(self, action);
        else if (action->type == NSK_FLOW_CLOSE_TASK)
            drop(self, action->key);
    }
    return true;
}

/* --- Doing it. -------------------------------------------------------------------------------- */

/* In the list @list of the facts, what is of one of the positions has @attribute. */
static void
mark(Preview *self, const char *list, const char *attribute, char **positions)
{
    NskXmlNode *parts = nsk_xml_child(nsk_xml_doc_get_root(self->seen.doc), list);

    for (NskXmlNode *part = nsk_xml_first(parts); part != NULL; part = nsk_xml_next(part)) {
        const char *position = nsk_xml_attr(part, "position");

        if (position != NULL && g_strv_contains((const char *const *)positions, position))
            nsk_xml_set_attr(part, attribute, "true");
    }
}

static void
give(Preview *self, const Step *step)
{
    NskXmlNode *facts = nsk_xml_doc_get_root(self->seen.doc);

    nsk_xml_set_text(nsk_xml_child(facts, "outcome"), step->outcome);
    if (strcmp(step->role, "review") == 0)
        mark(self, "reviewers", "approved", step->positions);
    if (strcmp(step->role, "sign") == 0)
        mark(self, "signatories", "signed", step->positions);
}

static bool
tell_task(Preview *self, const Step *step, GError **error)
{
    NskJson *told = nsk_json_object();
    NskJson *positions = nsk_json_array();

    nsk_json_add(self->steps, told);
    nsk_json_set_text(told, "node", step->node);
    nsk_json_set_text(told, "name", step->name);
    nsk_json_set_text(told, "role", step->role);
    nsk_json_set_text(told, "outcome", step->outcome);
    nsk_json_set(told, "positions", positions);
    for (size_t i = 0; step->positions[i] != NULL; i++) {
        NskJson *place = nsk_json_object();
        NskJson *holders = nsk_json_array();

        nsk_json_add(positions, place);
        nsk_json_set_text(place, "position", step->positions[i]);
        nsk_json_set(place, "holders", holders);
        if (!nsk_list_holders(self->act.txn, step->positions[i], self->act.today, holders, error))
            return false;
    }
    return true;
}

static bool
do_first(Preview *self, GError **error)
{
    g_autoptr(Step) step = g_ptr_array_steal_index(self->open, 0);
    NskFlowEvent event = { .type = NSK_FLOW_SERVICE_DONE, .key = step->key };

    if (step->service == NULL) {
        if (!tell_task(self, step, error))
            return false;
        give(self, step);
        event.type = NSK_FLOW_COMPLETE;
        event.outcome = step->outcome;
    }
    return make_step(self, &event, error);
}

/* What it would wait for at the end of the way, other than tasks. */
static bool
tell_rests(Preview *self, NskJson *result, GError **error)
{
    static const char *const types[] = { [NSK_FLOW_REST_RECEIVE] = "message",
                                         [NSK_FLOW_REST_TIMER] = "timer",
                                         [NSK_FLOW_REST_MESSAGE] = "message",
                                         [NSK_FLOW_REST_SIGNAL] = "signal",
                                         [NSK_FLOW_REST_CONDITION] = "condition" };
    NskJson *waits = nsk_json_array();
    g_autoptr(GPtrArray) rests = NULL;

    nsk_json_set(result, "waits", waits);
    nsk_json_set_bool(result, "ended", nsk_flow_state_is_ended(self->state));
    rests = nsk_flow_state_get_rests(self->state, self->flow, error);
    for (guint i = 0; rests != NULL && i < rests->len; i++) {
        const NskFlowRest *rest = g_ptr_array_index(rests, i);
        NskJson *wait = NULL;

        if (rest->type >= G_N_ELEMENTS(types) || types[rest->type] == NULL)
            continue;
        wait = nsk_json_object();
        nsk_json_set_text(wait, "type", types[rest->type]);
        nsk_json_set_text(wait, "node", rest->node);
        nsk_json_set_text(wait, "name", rest->name);
        nsk_json_add(waits, wait);
    }
    return rests != NULL;
}

/* --- Where it begins. ------------------------------------------------------------------------- */

static bool
begin_file(Preview *self, GError **error)
{
    size_t size;
    const NskOfficeFile *file = self->wanted->file;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    NskFlowLibrary library = { self->act.txn, self->now };
    NskFlowSource source = { .name = file->name,
                             .content = g_bytes_get_data(file->bytes, &size),
                             .find = nsk_flow_library_find,
                             .data = &library };
    NskFlowEvent start = { .type = NSK_FLOW_START };
    bool none;

    source.size = size;
    self->own = nsk_flow_load(&source, issues, error);
    self->flow = self->own;
    if (self->own == NULL)
        return false;
    start.node = nsk_letter_start(self->flow, &none);
    return make_step(self, &start, error);
}

/* The tasks that lie before people now. */
static bool
begin_letter(Preview *self, GError **error)
{
    const NskLetterRow *row = self->act.row;
    g_autoptr(GPtrArray) tasks = nsk_task_list_letter(self->act.txn, row->id, error);

    self->flow = tasks != NULL ? nsk_office_flow(self->act.office, self->act.txn, row->workflow,
                                                 row->workflow_version, error)
                               : NULL;
    if (self->flow == NULL)
        return false;
    self->state = nsk_flow_state_parse(row->flow, strlen(row->flow), error);
    for (guint i = 0; self->state != NULL && i < tasks->len; i++)
        add_task(self, g_ptr_array_index(tasks, i));
    return self->state != NULL;
}

static bool
walk(Preview *self, GError **error)
{
    for (unsigned i = 0; self->open->len > 0 && !nsk_flow_state_is_ended(self->state); i++) {
        if (i >= NSK_LIMIT_FLOW_CHAIN) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                        nsk_tr("the way of letter %s has over %d tasks, or goes round for ever"),
                        self->act.row->id, NSK_LIMIT_FLOW_CHAIN);
            return false;
        }
        if (!do_first(self, error))
            return false;
    }
    return true;
}

static bool
preview(Preview *self, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();

    if (!nsk_seen_fill(&self->seen, &self->act, NULL, error))
        return false;
    /* an assignment may give nobody, which the preview is there to show */
    self->seen.facts.simulated = true;
    self->seen.facts.assigned = true;
    self->open = g_ptr_array_new_with_free_func(step_free);
    self->steps = nsk_json_array();
    if (!(self->wanted->file != NULL ? begin_file(self, error) : begin_letter(self, error)) ||
        !walk(self, error) || !tell_rests(self, result, error))
        return false;
    nsk_json_set_text(result, "letter", self->act.row->id);
    nsk_json_set_text(result, "workflow", nsk_flow_get_id(self->flow));
    nsk_json_set(result, "steps", g_steal_pointer(&self->steps));
    *out_result = g_steal_pointer(&result);
    return true;
}

bool
nsk_office_route_preview(NskOffice *self,
                         const NskRoutePreview *wanted,
                         NskJson **out_result,
                         GError **error)
{
    NskDate today;
    NskInstant now = nsk_clock_now(self->clock);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row =
        txn != NULL ? nsk_access_route(self, txn, wanted->letter, error) : NULL;

    if (row == NULL || !nsk_office_today(txn, row->unit, now, &today, error))
        return false;
    g_auto(Preview)
        work = { .wanted = wanted, .act = { self, txn, row, now, today, NULL }, .now = now };
    return preview(&work, out_result, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a letter stands, on the picture of its workflow.
 *
 * What was done and what waits for people comes from the rows of tasks; what waits for a time, a
 * message or a service, from the state of the workflow; what went wrong, from the incidents.  A
 * node is marked once: an incident outdoes what waits, that outdoes what is over.
 */
#include "base/limits.h"
#include "base/message.h"
#include "flow/diagram.h"
#include "office/advance-private.h"

#include <string.h>

#define TASKS_MOST 2000 /* of one letter that are looked at, the newest */

static const char sql_tasks[] = "SELECT key, opened, closed, outcome, person, due, name FROM task"
                                " WHERE letter = $1 ORDER BY opened DESC, key DESC LIMIT $2";
static const char sql_task_positions[] =
    "SELECT position FROM inbox WHERE letter = $1 AND key = $2 ORDER BY position";

/* A mark that is being made; all owned. */
typedef struct {
    char *node;
    char *name; /* of a task; NULL: not known */
    NskFlowMarkStatus status;
    GPtrArray *who; /* of strings, none twice */
    NskInstant since;
    NskInstant due; /* 0: none */
    char *note;
    unsigned count;
} Step;

typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    NskLetterRow *row;
    NskUnit *unit;
    NskInstant now;
    GPtrArray *steps;    /* of Step, the newest first */
    GHashTable *by_node; /* node -> Step */
} Standing;

static void
step_free(gpointer step)
{
    Step *self = step;

    g_free(self->node);
    g_free(self->name);
    g_free(self->note);
    g_ptr_array_unref(self->who);
    g_free(self);
}

/* "node#n" */
static char *
node_of(const char *key)
{
    const char *hash = strrchr(key, '#');

    return hash != NULL ? g_strndup(key, (size_t)(hash - key)) : g_strdup(key);
}

static bool
is_over(NskFlowMarkStatus status)
{
    return status == NSK_FLOW_MARK_DONE || status == NSK_FLOW_MARK_CANCELLED;
}

/* The mark of @node if @status says more of it than what is known, or as much; else NULL. */
static Step *
get_step(Standing *self, const char *node, NskFlowMarkStatus status)
{
    static const unsigned ranks[] = {
        [NSK_FLOW_MARK_CANCELLED] = 0, [NSK_FLOW_MARK_DONE] = 1,     [NSK_FLOW_MARK_WAITING] = 2,
        [NSK_FLOW_MARK_OVERDUE] = 2,   [NSK_FLOW_MARK_INCIDENT] = 3,
    };
    Step *step = g_hash_table_lookup(self->by_node, node);

    if (step != NULL && ranks[status] < ranks[step->status])
        return NULL;
    if (step == NULL) {
        step = g_new0(Step, 1);
        step->node = g_strdup(node);
        step->status = status;
        step->who = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(self->steps, step);
        g_hash_table_insert(self->by_node, step->node, step);
    } else if (ranks[status] > ranks[step->status]) {
        step->status = status;
        step->since = step->due = 0;
        step->count = 0;
        g_clear_pointer(&step->note, g_free);
        g_ptr_array_set_size(step->who, 0);
    }
    return step;
}

static void
add_name(Step *step, char *name)
{
    if (name == NULL || *name == '\0' ||
        g_ptr_array_find_with_equal_func(step->who, name, g_str_equal, NULL))
        g_free(name);
    else
        g_ptr_array_add(step->who, name);
}

/* A name that the directory no longer has is told by its id. */
static char *
person_name(NskDbTxn *txn, const char *id, GError **error)
{
    GError *fault = NULL;
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, id, &fault);

    if (person != NULL)
        return g_strdup(person->printed);
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, fault);
        return NULL;
    }
    g_error_free(fault);
    return g_strdup(id);
}

static char *
position_name(NskDbTxn *txn, const char *id, GError **error)
{
    GError *fault = NULL;
    g_autoptr(NskPosition) position = nsk_directory_get_position(txn, id, &fault);

    if (position != NULL)
        return g_strdup(position->title);
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, fault);
        return NULL;
    }
    g_error_free(fault);
    return g_strdup(id);
}

/* --- Tasks --- */

static void
name_step(Step *step, NskDbRows *rows)
{
    if (step->name == NULL)
        step->name = g_strdup(nsk_db_rows_text(rows, 6));
}

static bool
add_waiting(Standing *self, NskDbRows *rows, const char *key, const char *node, GError **error)
{
    bool has_row = true;
    NskInstant due = nsk_db_rows_is_null(rows, 5) ? 0 : nsk_db_rows_int(rows, 5);
    bool is_late = due != 0 && due < self->now;
    Step *step = get_step(self, node, is_late ? NSK_FLOW_MARK_OVERDUE : NSK_FLOW_MARK_WAITING);
    g_autoptr(NskDbRows) places =
        nsk_db_query(self->txn, sql_task_positions,
                     NSK_DB_PARAMS(NSK_DB_TEXT(self->row->id), NSK_DB_TEXT(key)), error);

    if (places == NULL || step == NULL)
        return places != NULL;
    step->count++;
    name_step(step, rows);
    step->since = nsk_db_rows_int(rows, 1);
    if (is_late)
        step->status = NSK_FLOW_MARK_OVERDUE;
    if (due != 0 && (step->due == 0 || due < step->due))
        step->due = due;
    while (has_row) {
        char *name = NULL;

        if (!nsk_db_rows_next(places, &has_row, error))
            return false;
        if (!has_row)
            break;
        name = position_name(self->txn, nsk_db_rows_text(places, 0), error);
        if (name == NULL)
            return false;
        add_name(step, name);
    }
    return true;
}

/* The newest comes first, and is the one that is told. */
static bool
add_over(Standing *self, NskDbRows *rows, const char *node, GError **error)
{
    bool is_done = !nsk_db_rows_is_null(rows, 3);
    Step *step = get_step(self, node, is_done ? NSK_FLOW_MARK_DONE : NSK_FLOW_MARK_CANCELLED);
    char *name = NULL;

    if (step == NULL)
        return true;
    name_step(step, rows);
    if (++step->count > 1)
        return true;
    step->since = nsk_db_rows_int(rows, 2);
    if (nsk_db_rows_is_null(rows, 4))
        return true;
    name = person_name(self->txn, nsk_db_rows_text(rows, 4), error);
    if (name != NULL)
        add_name(step, name);
    return name != NULL;
}

static bool
add_tasks(Standing *self, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(self->txn, sql_tasks,
                     NSK_DB_PARAMS(NSK_DB_TEXT(self->row->id), NSK_DB_INT(TASKS_MOST)), error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        g_autofree char *key = g_strdup(nsk_db_rows_text(rows, 0));
        g_autofree char *node = node_of(key);
        if (nsk_db_rows_is_null(rows, 2) ? !add_waiting(self, rows, key, node, error)
                                         : !add_over(self, rows, node, error))
            return false;
    }
    return rows != NULL;
}

/* --- What waits for nobody, and incidents --- */

/* People's tasks are known already, and better. */
static bool
is_told(const NskFlowRest *rest)
{
    return rest->type != NSK_FLOW_REST_USER && rest->type != NSK_FLOW_REST_INCIDENT &&
           !rest->beside;
}

static bool
add_rests(Standing *self, GError **error)
{
    const NskLetterRow *row = self->row;
    const NskFlow *flow =
        nsk_office_flow(self->office, self->txn, row->workflow, row->workflow_version, error);
    g_autoptr(NskFlowState) state =
        flow != NULL ? nsk_flow_state_parse(row->flow, strlen(row->flow), error) : NULL;
    g_autoptr(GPtrArray) rests =
        state != NULL ? nsk_flow_state_get_rests(state, flow, error) : NULL;

    for (guint i = 0; rests != NULL && i < rests->len; i++) {
        const NskFlowRest *rest = g_ptr_array_index(rests, i);
        Step *step = is_told(rest) ? get_step(self, rest->node, NSK_FLOW_MARK_WAITING) : NULL;

        if (step == NULL)
            continue;
        step->count++;
        if (rest->type == NSK_FLOW_REST_TIMER)
            step->due = rest->due;
        if (*rest->name != '\0' && step->note == NULL)
            step->note = g_strdup(rest->name);
    }
    return rests != NULL;
}

static bool
add_incidents(Standing *self, GError **error)
{
    g_autoptr(GPtrArray) incidents =
        nsk_incident_list(self->txn, self->row->id, NSK_LIMIT_TASK_PAGE, error);

    for (guint i = 0; incidents != NULL && i < incidents->len; i++) {
        const NskIncidentRow *incident = g_ptr_array_index(incidents, i);
        Step *step = get_step(self, incident->node, NSK_FLOW_MARK_INCIDENT);

        step->count++;
        if (step->note != NULL)
            continue;
        step->note = g_strdup(incident->reason);
        step->since = incident->opened;
    }
    return incidents != NULL;
}

/* --- Words --- */

/* "22 Juli 2026 09.05", civil in the unit's zone; NULL if @at is 0. */
static char *
format_time(const Standing *self, NskInstant at)
{
    NskDate date;
    int offset = 0;
    bool is_indonesian = strcmp(nsk_language(), "id") == 0;

    if (at == 0 || !nsk_date_at(at, self->unit->zone, &date, NULL) ||
        !nsk_zone_offset(at, self->unit->zone, &offset, NULL))
        return NULL;
    int64_t minutes = at / G_TIME_SPAN_MINUTE + offset;
    int minute = (int)(((minutes % 1440) + 1440) % 1440);
    g_autofree char *day = is_indonesian ? nsk_date_format_id(date) : nsk_date_format(date);
    return g_strdup_printf(is_indonesian ? "%s %02d.%02d" : "%s %02d:%02d", day, minute / 60,
                           minute % 60);
}

/* Texts of marks, owned by @texts. */
static const char *
keep(GPtrArray *texts, char *text)
{
    if (text != NULL)
        g_ptr_array_add(texts, text);
    return text;
}

static GArray *
make_marks(const Standing *self, GPtrArray *texts)
{
    GArray *marks = g_array_new(FALSE, TRUE, sizeof(NskFlowMark));

    for (guint i = self->steps->len; i-- > 0;) { /* oldest first */
        const Step *step = g_ptr_array_index(self->steps, i);
        NskFlowMark mark = { .node = step->node,
                             .name = step->name != NULL ? step->name : step->node,
                             .status = step->status,
                             .since = keep(texts, format_time(self, step->since)),
                             .due = is_over(step->status)
                                        ? NULL
                                        : keep(texts, format_time(self, step->due)),
                             .note = step->note,
                             .count = step->count };

        g_ptr_array_add(step->who, NULL);
        mark.who = keep(texts, g_strjoinv(", ", (char **)step->who->pdata));
        g_ptr_array_set_size(step->who, (int)step->who->len - 1);
        g_array_append_val(marks, mark);
    }
    return marks;
}

static GBytes *
draw(const Standing *self, const NskOfficeFile *file, NskIssues *issues, GError **error)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) marks = make_marks(self, texts);
    g_autoptr(GBytes) stored = file == NULL
                                   ? nsk_rule_read(self->txn, "workflow", self->row->workflow,
                                                   self->row->workflow_version, error)
                                   : NULL;
    NskFlowDiagram ask = { .name = file != NULL ? file->name : self->row->workflow,
                           .title = self->row->subject,
                           .marks = (const NskFlowMark *)(const void *)marks->data,
                           .n_marks = marks->len };
    GBytes *bytes = file != NULL ? file->bytes : stored;

    if (bytes == NULL)
        return NULL;
    return nsk_flow_diagram(&ask, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), issues,
                            error);
}

/* Fills @self in; its arrays are owned by who calls.  Errors: those of nsk_access_route(). */
static bool
read_standing(Standing *self, NskLetterRow *row, NskUnit *unit, GError **error)
{
    self->row = row;
    self->unit = unit;
    self->now = nsk_clock_now(self->office->clock);
    return unit != NULL && add_incidents(self, error) && add_rests(self, error) &&
           add_tasks(self, error);
}

bool
nsk_office_letter_diagram(NskOffice *self,
                          const char *letter,
                          const NskOfficeFile *file,
                          NskIssues *issues,
                          GBytes **out_svg,
                          GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_route(self, txn, letter, error) : NULL;
    bool kept = row != NULL && nsk_reading_keep(self, &txn, row, NSK_READING_HISTORY, error);
    g_autoptr(NskUnit) unit = kept ? nsk_directory_get_unit(txn, row->unit, error) : NULL;
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func(step_free);
    g_autoptr(GHashTable) by_node = g_hash_table_new(g_str_hash, g_str_equal);
    Standing standing = { .office = self, .txn = txn, .steps = steps, .by_node = by_node };

    if (!read_standing(&standing, row, unit, error))
        return false;
    GBytes *svg = draw(&standing, file, issues, error);
    if (svg != NULL)
        *out_svg = svg;
    return svg != NULL;
}

/* --- As a list --- */

static NskJson *
step_to_json(const Step *step)
{
    static const char *const names[] = {
        [NSK_FLOW_MARK_CANCELLED] = "cancelled", [NSK_FLOW_MARK_DONE] = "done",
        [NSK_FLOW_MARK_WAITING] = "waiting",     [NSK_FLOW_MARK_OVERDUE] = "overdue",
        [NSK_FLOW_MARK_INCIDENT] = "incident",
    };
    NskJson *row = nsk_json_object();
    NskJson *who = nsk_json_array();
    g_autofree char *since = step->since != 0 ? nsk_instant_format(step->since) : NULL;
    g_autofree char *due =
        step->due != 0 && !is_over(step->status) ? nsk_instant_format(step->due) : NULL;

    for (guint i = 0; i < step->who->len; i++)
        nsk_json_add_text(who, g_ptr_array_index(step->who, i));
    nsk_json_set_text(row, "node", step->node);
    nsk_json_set_text(row, "name", step->name != NULL ? step->name : step->node);
    nsk_json_set_text(row, "status", names[step->status]);
    nsk_json_set(row, "who", who);
    nsk_json_set_text(row, "since", since);
    nsk_json_set_text(row, "due", due);
    nsk_json_set_text(row, "note", step->note);
    nsk_json_set_int(row, "count", step->count);
    return row;
}

/* What is over first, by its time; then what waits. */
static int
compare_steps(gconstpointer a, gconstpointer b)
{
    const Step *one = *(const Step *const *)a;
    const Step *two = *(const Step *const *)b;
    bool is_one_over = is_over(one->status), is_two_over = is_over(two->status);

    if (is_one_over != is_two_over)
        return is_one_over ? -1 : 1;
    if (one->since != two->since)
        return one->since < two->since ? -1 : 1;
    return strcmp(one->node, two->node);
}

bool
nsk_office_letter_standing(NskOffice *self,
                           const char *letter,
                           NskJson **out_result,
                           GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_route(self, txn, letter, error) : NULL;
    bool kept = row != NULL && nsk_reading_keep(self, &txn, row, NSK_READING_HISTORY, error);
    g_autoptr(NskUnit) unit = kept ? nsk_directory_get_unit(txn, row->unit, error) : NULL;
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func(step_free);
    g_autoptr(GHashTable) by_node = g_hash_table_new(g_str_hash, g_str_equal);
    Standing standing = { .office = self, .txn = txn, .steps = steps, .by_node = by_node };
    NskJson *list;

    if (!read_standing(&standing, row, unit, error))
        return false;
    g_ptr_array_sort(steps, compare_steps);
    *out_result = nsk_json_object();
    nsk_json_set_text(*out_result, "letter", row->id);
    nsk_json_set_text(*out_result, "subject", row->subject);
    nsk_json_set_text(*out_result, "workflow", row->workflow);
    nsk_json_set_text(*out_result, "version", row->workflow_version);
    list = nsk_json_array();
    nsk_json_set(*out_result, "steps", list);
    for (guint i = 0; i < steps->len; i++)
        nsk_json_add(list, step_to_json(g_ptr_array_index(steps, i)));
    return true;
}

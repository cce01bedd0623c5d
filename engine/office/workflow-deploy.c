/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Putting a workflow in force: it is checked before the change, outside the writer's lock, and is a
 * new version in the history of the office's rules.
 */
#include "base/message.h"
#include "office/admin-private.h"
#include "office/advance-private.h"

#include <string.h>

typedef struct {
    NskOffice *office;
    const NskDeployment *deployment;
    NskInstant now;
    NskDbTxn *txn;     /* to look at while checking */
    NskIssues *issues; /* warnings, in the end */
    GError *fault;     /* of looking */
    char *id;          /* of the process; owned */
} Work;

/* A fault of the database is kept and told instead of what was found. */
static bool
knows_position(void *data, const char *position)
{
    Work *work = data;
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskPosition) found = nsk_directory_get_position(work->txn, position, &fault);

    if (found == NULL && work->fault == NULL &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        work->fault = g_steal_pointer(&fault);
    return found != NULL;
}

static bool
knows_service(G_GNUC_UNUSED void *data, const char *service)
{
    return nsk_service_is_known(service);
}

/* A letter begins when somebody writes or registers it, with its content; start events that wait
 * for something else begin none. */
static void
check_starts(const NskFlow *flow, Work *work)
{
    bool none;
    char *file = (char *)(uintptr_t)work->deployment->name;
    NskIssue place = { "flow-start", NSK_SEVERITY_WARNING, file, 0, 0, NULL };
    const char *start = nsk_letter_start(flow, &none);

    for (size_t i = 0; i < nsk_flow_get_n_triggers(flow); i++) {
        NskFlowTrigger trigger = nsk_flow_get_trigger(flow, i);

        if (g_strcmp0(trigger.node, start) != 0)
            nsk_issues_add(work->issues, &place,
                           nsk_tr("a letter begins with its content, which somebody writes or "
                                  "registers; no timer, signal or message begins one, so nothing "
                                  "will start at '%s'"),
                           trigger.node);
    }
    place.severity = NSK_SEVERITY_ERROR;
    if (none)
        nsk_issues_add(work->issues, &place,
                       nsk_tr("no letter can begin with the process '%s'; give it a start event "
                              "without trigger, or one alone that waits for a message"),
                       nsk_flow_get_id(flow));
}

static bool
check(Work *work, GError **error)
{
    size_t size;
    NskFlowLibrary library = { work->txn, work->now };
    NskFlowSource source = { .name = work->deployment->name,
                             .content = g_bytes_get_data(work->deployment->content, &size),
                             .find = nsk_flow_library_find,
                             .data = &library };
    NskFlowCheck options = { .knows_position = knows_position,
                             .knows_service = knows_service,
                             .data = work,
                             .letter = true };

    source.size = size;
    g_autoptr(NskFlow) flow = nsk_flow_load(&source, work->issues, error);
    if (flow == NULL)
        return false;
    check_starts(flow, work);
    work->id = g_strdup(nsk_flow_get_id(flow));
    (void)nsk_flow_check(flow, &options, work->issues);
    if (work->fault != NULL) {
        g_propagate_error(error, g_steal_pointer(&work->fault));
        return false;
    }
    return nsk_issues_to_error(work->issues, error);
}

static bool
apply_deploy(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Work *work = data;
    GBytes *content = work->deployment->content;
    g_autofree char *file_name = g_strdup_printf("workflow.%s.xml", work->id);
    NskStoreFile file = { .name = file_name, .content = content };
    NskOfficeEvent event = { .origin = work->office->origin,
                             .history = NSK_RULES_HISTORY,
                             .actor = work->office->person,
                             .action = "rules-in-force",
                             .sentence = "Put a workflow in force",
                             .files = &file,
                             .n_files = 1,
                             .now = work->now };

    if (!nsk_admin_check(work->office, txn, error) ||
        !nsk_rule_put(txn, "workflow", work->id, content, work->now, error) ||
        !nsk_record_office(txn, &event, error))
        return false;
    g_autofree char *version = nsk_rule_current(txn, "workflow", work->id, error);
    if (version == NULL)
        return false;
    g_autoptr(NskJson) answer = nsk_json_object();
    NskJson *warnings = nsk_json_array();
    for (guint i = 0; i < work->issues->len; i++) {
        g_autofree char *line = nsk_issue_format(g_ptr_array_index(work->issues, i));
        NskJson *warning = nsk_json_object();

        nsk_json_set_text(warning, "text", line);
        nsk_json_add(warnings, warning);
    }
    nsk_json_set_text(answer, "workflow", work->id);
    nsk_json_set_text(answer, "version", version);
    nsk_json_set(answer, "warnings", warnings);
    *out_answer = nsk_json_canonical(answer);
    return true;
}

bool
nsk_do_workflow_deploy(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskDeployment *deployment = arguments;
    g_autofree char *answer = NULL;
    g_autofree char *digest = nsk_office_digest(self, deployment->content);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    Work work = { .office = self,
                  .deployment = deployment,
                  .now = nsk_clock_now(self->clock),
                  .txn = txn,
                  .issues = issues };

    NSK_REQUEST(self, "workflow-deploy", digest);
    bool ok = txn != NULL && check(&work, error);
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    ok = ok && nsk_office_commit(self, apply_deploy, &work, &answer, error);
    g_free(work.id);
    if (!ok)
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

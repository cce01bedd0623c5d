/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Around a disposition that a leader gives (page-task.c).
 *
 *     /surat/{letter}/diberikan      it is given: to whom, and undoing it while nobody has seen it
 *     /surat/{letter}/batal (POST)   undoes it
 *     /surat/{letter}/usul           TU prepares one for a leader: fields "tugas", "penerima" ...
 */
#include "base/message.h"
#include "http/site-private.h"

#include <string.h>

static const char *
named(const NskHttpVisit *visit)
{
    return nsk_http_request_get_piece(visit->request, "letter");
}

/* --- Given ----------------------------------------------------------------------------------- */

/* @view has faults if there are any. */
static bool
show_given_with(NskHttpVisit *visit, NskJson *view, GError **error)
{
    g_autoptr(NskJson) own = NULL;
    g_autoptr(NskJson) instructions = NULL;

    if (!nsk_office_disposition_own(visit->office, named(visit), &own, error) ||
        !nsk_office_disposition_instructions(visit->office, &instructions, error))
        return false;
    nsk_json_set_text(view, "letter", nsk_json_get_text(own, "letter"));
    nsk_json_set_text(view, "subject", nsk_json_get_text(own, "subject"));
    if (nsk_json_get(own, "given") != NULL)
        nsk_json_set(view, "given", nsk_json_ref(nsk_json_get(own, "given")));
    nsk_json_set(view, "instructions", nsk_json_ref(nsk_json_get(instructions, "instructions")));
    return nsk_http_visit_show(visit, "disposition-given", view, error);
}

static bool
show_given(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    return show_given_with(visit, view, error);
}

static bool
undo(NskHttpVisit *visit, GError **error)
{
    const NskDispositionAct act = { .act = "undo", .task = named(visit) };
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;

    if (nsk_office_disposition(visit->office, &act, &result, &fault)) {
        nsk_http_response_redirect(visit->response, "/tugas?pesan=batal");
        return true;
    }
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_http_add_fault(view, NULL, fault->message);
    nsk_http_response_set_status(visit->response, 409);
    return show_given_with(visit, view, error);
}

/* --- Prepared by TU -------------------------------------------------------------------------- */

/* The task that is meant: by its name, else the first; NULL: the visitor may prepare none. */
static NskJson *
choose_task(const NskJson *own, const char *name)
{
    const NskJson *tasks = nsk_json_get(own, "tasks");

    for (size_t i = 0; i < nsk_json_length(tasks); i++) {
        NskJson *task = nsk_json_at(tasks, i);

        if (nsk_json_get_bool(task, "assists", false) &&
            (name == NULL || g_strcmp0(nsk_json_get_text(task, "task"), name) == 0))
            return task;
    }
    return NULL;
}

bool
nsk_http_add_receivers(NskHttpVisit *visit, const char *position, NskJson *view, GError **error)
{
    g_autoptr(NskJson) receivers = NULL;
    g_autoptr(NskJson) instructions = NULL;

    if (!nsk_office_disposition_receivers(visit->office, position, &receivers, error) ||
        !nsk_office_disposition_instructions(visit->office, &instructions, error))
        return false;
    nsk_json_set(view, "receivers", nsk_json_ref(nsk_json_get(receivers, "receivers")));
    nsk_json_set(view, "instructions", nsk_json_ref(nsk_json_get(instructions, "instructions")));
    return true;
}

/* @view has faults, and what was chosen, if there are any. */
static bool
show_proposal_with(NskHttpVisit *visit, NskJson *view, GError **error)
{
    g_autoptr(NskJson) own = NULL;
    g_autoptr(NskJson) incoming = NULL;

    if (!nsk_office_disposition_own(visit->office, named(visit), &own, error))
        return false;
    NskJson *task = choose_task(own, nsk_http_request_get_query(visit->request, "tugas"));
    if (task == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("no disposition of this letter is to be prepared by you: it is "
                                   "given already, or does not lie before one whose TU you are"));
        return false;
    }
    if (nsk_office_incoming_show(visit->office, named(visit), &incoming, NULL))
        nsk_json_set(view, "incoming", g_steal_pointer(&incoming));
    nsk_json_set(view, "task", nsk_json_ref(task));
    nsk_json_set_text(view, "letter", nsk_json_get_text(own, "letter"));
    nsk_json_set_text(view, "subject", nsk_json_get_text(own, "subject"));
    if (nsk_json_get(view, "chosen") == NULL && nsk_json_get(task, "proposal") != NULL)
        nsk_json_set(view, "chosen", nsk_json_ref(nsk_json_get(task, "proposal")));
    return nsk_http_add_receivers(visit, nsk_json_get_text(task, "position"), view, error) &&
           nsk_http_visit_show(visit, "disposition-prepare", view, error);
}

static bool
show_proposal(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    return show_proposal_with(visit, view, error);
}

static bool
propose(NskHttpVisit *visit, GError **error)
{
    const char *task = nsk_http_request_get_field(visit->request, "tugas");
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;

    if (nsk_http_dispose(visit, task != NULL ? task : named(visit), "propose", &fault)) {
        g_autofree char *address = g_strconcat("/surat/", named(visit), "?pesan=usul", NULL);

        nsk_http_response_redirect(visit->response, address);
        return true;
    }
    if (!nsk_http_can_mend(fault)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_json_set(view, "chosen", nsk_http_chosen_disposition(visit->request));
    nsk_http_add_fault(view, "penerima", fault->message);
    nsk_http_response_set_status(visit->response, 422);
    return show_proposal_with(visit, view, error);
}

#define LETTER "/surat/{letter}"

const NskHttpRoute nsk_http_routes_disposition[] = {
    { .method = "GET", .pattern = LETTER "/diberikan", .visit = show_given, .is_page = true },
    { .method = "POST",
      .pattern = LETTER "/batal",
      .visit = undo,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET", .pattern = LETTER "/usul", .visit = show_proposal, .is_page = true },
    { .method = "POST",
      .pattern = LETTER "/usul",
      .visit = propose,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};

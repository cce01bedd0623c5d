/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What waits, and what is decided, at the API.
 *
 *     /api/v1/tasks                           what waits for me, or before a position
 *     /api/v1/tasks/{letter}/{key}            one task; its ETag is the content that it is about
 *     /api/v1/tasks/{letter}/{key}/decision   submit, approve, return: what was seen (If-Match)
 *     /api/v1/tasks/{letter}/{key}/acts       claim, assign, delegate ... beside doing it
 *     /api/v1/tasks/decisions                 several at once, with what came of each
 *
 * No address signs: a signature is given by the signatory himself, on the pages.
 */
#include "base/limits.h"
#include "base/message.h"
#include "http/api-private.h"

#include <string.h>

#define PATH          "/api/v1/tasks"
#define MANY          100 /* decisions of one request */
#define CONTENT_HEX   64
#define DEFAULT_TASKS 20

/* --- The list -------------------------------------------------------------------------------- */

/* Whether the task has what the query asks for. */
static bool
is_asked(const NskHttpVisit *visit, const NskJson *task)
{
    static const char *const names[] = { "role", "kind", "urgency" };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *wanted = nsk_http_request_get_query(visit->request, names[i]);

        if (wanted != NULL && g_strcmp0(nsk_json_get_text(task, names[i]), wanted) != 0)
            return false;
    }
    return true;
}

/* The page with the tasks that are asked for alone: there may be fewer than its limit. */
static NskJson *
sift(const NskHttpVisit *visit, const NskJson *page)
{
    const NskJson *tasks = nsk_json_get(page, "tasks");
    NskJson *kept = nsk_json_array();
    NskJson *result = nsk_json_object();

    for (size_t i = 0; i < nsk_json_length(tasks); i++) {
        NskJson *task = nsk_json_at(tasks, i);

        if (is_asked(visit, task))
            nsk_json_add(kept, nsk_json_ref(task));
    }
    nsk_json_set(result, "tasks", kept);
    nsk_json_set_text(result, "next", nsk_json_get_text(page, "next"));
    return result;
}

static bool
list(NskHttpVisit *visit, GError **error)
{
    static const char *const names[] = { "limit", "after",   "position", "role",
                                         "kind",  "urgency", NULL };
    int64_t limit;
    NskJson *page = NULL;

    if (!nsk_api_check_query(visit, names) ||
        !nsk_api_query_number(visit, "limit", NSK_LIMIT_TASK_PAGE, &limit))
        return true;
    const NskTaskListAsk ask = { .limit = limit > 0 ? (unsigned)limit : DEFAULT_TASKS,
                                 .after = nsk_http_request_get_query(visit->request, "after"),
                                 .position =
                                     nsk_http_request_get_query(visit->request, "position") };
    if (!nsk_office_task_list(visit->office, &ask, &page, error))
        return nsk_api_finish(visit, false, NULL, error);
    g_autoptr(NskJson) whole = page;
    return nsk_api_finish_page(visit, true, sift(visit, whole), error);
}

/* --- One ------------------------------------------------------------------------------------- */

/* The open task of that name in what is shown of its letter; NULL: there is none. */
static NskJson *
find_task(const NskJson *shown, const char *name)
{
    const NskJson *tasks = nsk_json_get(shown, "tasks");

    for (size_t i = 0; i < nsk_json_length(tasks); i++) {
        NskJson *task = nsk_json_at(tasks, i);

        if (g_strcmp0(nsk_json_get_text(task, "task"), name) == 0)
            return task;
    }
    return NULL;
}

static bool
show(NskHttpVisit *visit, GError **error)
{
    static const char *const told[] = { "subject", "kind", "urgency", "content" };
    NskJson *result = NULL;
    g_autofree char *name = nsk_api_task(visit);

    if (name == NULL)
        return true;
    if (!nsk_office_letter_show(visit->office, nsk_api_letter(visit), &result, error))
        return false;
    g_autoptr(NskJson) shown = result;
    NskJson *task = find_task(shown, name);
    if (task == NULL) {
        nsk_api_refuse(visit, 404, "not-found", NULL, NULL);
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(told); i++)
        nsk_json_set_text(task, told[i], nsk_json_get_text(shown, told[i]));
    nsk_http_response_set_etag(visit->response, nsk_json_get_text(shown, "content"));
    return nsk_api_finish(visit, true, nsk_json_ref(task), error);
}

/* --- Deciding -------------------------------------------------------------------------------- */

/* Whether the letter's content is another than @seen now. */
static bool
has_changed(NskHttpVisit *visit, const char *letter, const char *seen)
{
    NskJson *result = NULL;

    if (!nsk_office_letter_show(visit->office, letter, &result, NULL))
        return false;
    g_autoptr(NskJson) shown = result;
    return g_strcmp0(nsk_json_get_text(shown, "content"), seen) != 0;
}

static bool
decide(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = { { "outcome", NSK_API_TEXT, true },
                                            { "note", NSK_API_TEXT, false },
                                            { NULL, NSK_API_TEXT, false } };
    NskJson *result = NULL;
    g_autofree char *name = nsk_api_task(visit);
    g_autofree char *seen = name != NULL ? nsk_api_if_match(visit) : NULL;
    g_autoptr(NskJson) body = seen != NULL ? nsk_api_read(visit, members) : NULL;

    if (body == NULL)
        return true;
    const char *letter = nsk_api_letter(visit);
    const NskTaskAct act = { .task = name,
                             .outcome = nsk_json_get_text(body, "outcome"),
                             .note = nsk_json_get_text(body, "note"),
                             .content = seen };
    if (strlen(seen) != CONTENT_HEX) {
        nsk_api_refuse_stale(visit, letter);
        return true;
    }
    bool ok = nsk_office_task_act(visit->office, &act, &result, error);
    if (!ok && g_error_matches(*error, NSK_ERROR, NSK_ERROR_CONFLICT) &&
        has_changed(visit, letter, seen)) {
        g_clear_error(error);
        nsk_api_refuse_stale(visit, letter);
        return true;
    }
    return nsk_api_finish(visit, ok, result, error);
}

/* Reads the decisions of @body into @acts; false: the response is a problem. */
static bool
read_decisions(NskHttpVisit *visit, const NskJson *decisions, NskTaskAct *acts)
{
    static const NskApiMember members[] = { { "task", NSK_API_TEXT, true },
                                            { "outcome", NSK_API_TEXT, true },
                                            { "note", NSK_API_TEXT, false },
                                            { "content", NSK_API_TEXT, true },
                                            { NULL, NSK_API_TEXT, false } };

    for (size_t i = 0; i < nsk_json_length(decisions); i++) {
        const NskJson *one = nsk_json_at(decisions, i);
        g_autofree char *pointer = g_strdup_printf("/decisions/%zu", i);

        if (!nsk_api_check(visit, one, members, pointer))
            return false;
        acts[i] = (NskTaskAct){ .task = nsk_json_get_text(one, "task"),
                                .outcome = nsk_json_get_text(one, "outcome"),
                                .note = nsk_json_get_text(one, "note"),
                                .content = nsk_json_get_text(one, "content") };
    }
    return true;
}

/* The same results, but that what failed is a problem. */
static NskJson *
tell_results(const NskJson *done)
{
    const NskJson *rows = nsk_json_get(done, "results");
    NskJson *results = nsk_json_array();
    NskJson *answer = nsk_json_object();

    for (size_t i = 0; i < nsk_json_length(rows); i++) {
        const NskJson *row = nsk_json_at(rows, i);
        const NskJson *result = nsk_json_get(row, "result");
        const char *words = nsk_json_get_text(row, "error");
        const GError fault = { NSK_ERROR, (int)nsk_json_get_int(row, "code", -1),
                               (char *)(uintptr_t)words };

        nsk_json_add(results, nsk_api_told(nsk_json_get_text(row, "task"), result, &fault));
    }
    nsk_json_set(answer, "results", results);
    nsk_json_set_int(answer, "failed", nsk_json_get_int(done, "failed", 0));
    return answer;
}

static bool
decide_many(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = { { "decisions", NSK_API_OBJECTS, true },
                                            { NULL, NSK_API_TEXT, false } };
    NskJson *result = NULL;
    g_autoptr(NskJson) body = nsk_api_read(visit, members);
    const NskJson *decisions = body != NULL ? nsk_json_get(body, "decisions") : NULL;
    size_t n = nsk_json_length(decisions);

    if (body == NULL)
        return true;
    if (n == 0 || n > MANY) {
        nsk_api_refuse(visit, 422, "count", nsk_tr("one request decides 1 to 100 tasks"), NULL);
        return true;
    }
    g_autofree NskTaskAct *acts = g_new0(NskTaskAct, n);
    if (!read_decisions(visit, decisions, acts))
        return true;
    if (nsk_api_wants_job(visit))
        return nsk_api_job_decide(visit, g_steal_pointer(&body), g_steal_pointer(&acts), n);
    if (!nsk_office_task_batch(visit->office, acts, n, &result, error))
        return nsk_api_finish(visit, false, NULL, error);
    g_autoptr(NskJson) done = result;
    return nsk_api_finish(visit, true, tell_results(done), error);
}

static bool
act(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = { { "act", NSK_API_TEXT, true },
                                            { "to", NSK_API_TEXT, false },
                                            { "note", NSK_API_TEXT, false },
                                            { "number", NSK_API_NUMBER, false },
                                            { NULL, NSK_API_TEXT, false } };
    static const char *const acts[] = { "add",       "assign",   "claim",  "delegate",
                                        "hand-back", "reassign", "recall", "retry",
                                        "return-to", "unclaim",  NULL };
    NskJson *result = NULL;
    g_autofree char *name = nsk_api_task(visit);
    g_autoptr(NskJson) body = name != NULL ? nsk_api_read(visit, members) : NULL;

    if (body == NULL)
        return true;
    const NskDeed deed = { .deed = nsk_json_get_text(body, "act"),
                           .task = name,
                           .to = nsk_json_get_text(body, "to"),
                           .note = nsk_json_get_text(body, "note"),
                           .number = nsk_json_get_int(body, "number", 0) };
    if (!g_strv_contains(acts, deed.deed)) {
        nsk_api_refuse(visit, 422, "act", nsk_tr("there is no such act of a task"), NULL);
        return true;
    }
    bool ok = nsk_office_deed(visit->office, &deed, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_api_tasks[] = {
    { .method = "GET", .pattern = PATH, .visit = list, .scope = "letters:read" },
    { .method = "POST", .pattern = PATH "/decisions", .visit = decide_many,
      .scope = "tasks:decide", .body = NSK_HTTP_BODY_MEMORY },
    { .method = "GET", .pattern = PATH "/{letter}/{key}", .visit = show, .scope = "letters:read" },
    { .method = "POST", .pattern = PATH "/{letter}/{key}/decision", .visit = decide,
      .scope = "tasks:decide", .body = NSK_HTTP_BODY_MEMORY },
    { .method = "POST", .pattern = PATH "/{letter}/{key}/acts", .visit = act,
      .scope = "tasks:decide", .body = NSK_HTTP_BODY_MEMORY },
    { .method = NULL },
};
/* clang-format on */

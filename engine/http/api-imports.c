/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Older archives that lie ready on the server, and taking them in (imports.h).
 *
 *     GET  /api/v1/archive/imports              what lies ready, and what was begun
 *     POST /api/v1/archive/imports              {"unit", "archive", "table"}: 201 with its address
 *     GET  /api/v1/archive/imports/{id}         how far it has come; its report
 *     GET  /api/v1/archive/imports/{id}/events  the same as server-sent events, as those of a job
 */
#include "http/api-private.h"
#include "http/imports.h"

#include <string.h>

#define PATH     "/api/v1/archive/imports"
#define RETRY_MS 500

static const char *
named(const NskHttpVisit *visit)
{
    return nsk_http_request_get_piece(visit->request, "id");
}

static bool
list(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;

    if (!nsk_office_import_ready(visit->office, &result, error))
        return nsk_api_finish(visit, false, NULL, error);
    nsk_json_set(result, "imports", nsk_http_imports_of(visit));
    return nsk_api_finish(visit, true, result, error);
}

static bool
begin(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = {
        { "unit", NSK_API_TEXT, true },     { "archive", NSK_API_TEXT, true },
        { "table", NSK_API_TEXT, true },    { "system", NSK_API_TEXT, false },
        { "dry_run", NSK_API_BOOL, false }, { NULL, NSK_API_TEXT, false }
    };
    NskJson *told = NULL;
    g_autofree char *request = NULL;
    g_autofree char *digest = NULL;
    g_autoptr(NskJson) body = nsk_api_read(visit, members);

    if (body == NULL)
        return true;
    nsk_api_name_parts(visit, &request, &digest);
    const NskHttpImportWish wish = { .place = { .unit = nsk_json_get_text(body, "unit"),
                                                .name = nsk_json_get_text(body, "archive"),
                                                .table = nsk_json_get_text(body, "table") },
                                     .system = nsk_json_get_text(body, "system"),
                                     .dry_run = nsk_json_get_bool(body, "dry_run", false),
                                     .request = request,
                                     .digest = digest };
    if (!nsk_http_imports_begin(visit, &wish, &told, error))
        return nsk_api_finish(visit, false, NULL, error);
    g_autofree char *where = g_strconcat(PATH "/", nsk_json_get_text(told, "import"), NULL);
    nsk_http_response_set_status(visit->response, 201);
    nsk_http_response_add_header(visit->response, "Location", where);
    return nsk_api_finish(visit, true, told, error);
}

static bool
show(NskHttpVisit *visit, GError **error)
{
    NskJson *told = nsk_http_imports_tell(visit, named(visit), error);

    return nsk_api_finish(visit, told != NULL, told, error);
}

static bool
tell_events(NskHttpVisit *visit, GError **error)
{
    gint64 seen = -1;
    const char *last = nsk_http_request_get_header(visit->request, "Last-Event-ID");

    if (last != NULL)
        (void)g_ascii_string_to_signed(last, 10, 0, G_MAXUINT32, &seen, NULL);
    g_autoptr(NskJson) told = nsk_http_imports_wait(visit, named(visit), seen, error);
    if (told == NULL)
        return nsk_api_finish(visit, false, NULL, error);
    const char *state = nsk_json_get_text(told, "state");
    bool ended = strcmp(state, "done") == 0 || strcmp(state, "failed") == 0;
    g_autofree char *text = g_strdup_printf(
        "retry: %d\nid: %d\nevent: %s\ndata: {\"done\":%d,\"total\":%d}\n\n", RETRY_MS,
        (int)nsk_json_get_int(told, "done", 0), ended ? "done" : "progress",
        (int)nsk_json_get_int(told, "done", 0), (int)nsk_json_get_int(told, "total", 0));
    nsk_http_response_set_text(visit->response, "text/event-stream", text);
    return true;
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_api_imports[] = {
    { .method = "GET", .pattern = PATH, .visit = list, .scope = "incoming:write" },
    { .method = "POST", .pattern = PATH, .visit = begin, .scope = "incoming:write",
      .body = NSK_HTTP_BODY_MEMORY },
    { .method = "GET", .pattern = PATH "/{id}", .visit = show, .scope = "incoming:write" },
    { .method = "GET", .pattern = PATH "/{id}/events", .visit = tell_events,
      .scope = "incoming:write" },
    { .method = NULL },
};
/* clang-format on */

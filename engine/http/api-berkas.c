/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of records at the API, for who keeps them, and schemes for everybody.
 *
 *     /api/v1/files                          those I keep; a new one
 *     /api/v1/files/{id}                     one, with its letters
 *     /api/v1/files/{id}/letters             puts a letter in (If-Match)
 *     /api/v1/files/{id}/closing             closes it (If-Match)
 *     /api/v1/files/{id}/trigger             enters the day that counts (If-Match)
 *     /api/v1/classifications                schemes in force
 *     /api/v1/classifications/{scheme}       classes of one, with their rules
 */
#include "base/message.h"
#include "http/api-private.h"
#include "http/http-private.h"
#include "office/records.h"

#include <string.h>

#define PATH       "/api/v1/files"
#define PAGE_LIMIT 200

static bool
list_files(NskHttpVisit *visit, GError **error)
{
    static const char *const names[] = { "unit", "state", "code", "text", "limit", "after", NULL };
    int64_t limit = 0;
    NskJson *result = NULL;

    if (!nsk_api_check_query(visit, names) ||
        !nsk_api_query_number(visit, "limit", PAGE_LIMIT, &limit))
        return true;
    const NskBerkasAsk ask = { .unit = nsk_http_request_get_query(visit->request, "unit"),
                               .state = nsk_http_request_get_query(visit->request, "state"),
                               .code = nsk_http_request_get_query(visit->request, "code"),
                               .text = nsk_http_request_get_query(visit->request, "text"),
                               .limit = (unsigned)limit,
                               .after = nsk_http_request_get_query(visit->request, "after") };
    bool ok = nsk_office_berkas_find(visit->office, &ask, &result, error);
    return nsk_api_finish_page(visit, ok, result, error);
}

static bool
show_file(NskHttpVisit *visit, GError **error)
{
    NskJson *result =
        nsk_http_find_berkas(visit, nsk_http_request_get_piece(visit->request, "id"), error);

    if (result == NULL)
        return false;
    g_autofree char *etag = nsk_api_etag(result);
    nsk_http_response_set_etag(visit->response, etag);
    nsk_http_response_set_cache(visit->response, "private, no-cache");
    return nsk_api_finish(visit, true, result, error);
}

static bool
open_file(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = {
        { "unit", NSK_API_TEXT, true },  { "scheme", NSK_API_TEXT, true },
        { "code", NSK_API_TEXT, true },  { "title", NSK_API_TEXT, true },
        { "note", NSK_API_TEXT, false }, { NULL, NSK_API_TEXT, false }
    };
    NskJson *result = NULL;
    g_autoptr(NskJson) body = nsk_api_read(visit, members);

    if (body == NULL)
        return true;
    const NskBerkasAct act = { .act = "open",
                               .unit = nsk_json_get_text(body, "unit"),
                               .scheme = nsk_json_get_text(body, "scheme"),
                               .code = nsk_json_get_text(body, "code"),
                               .title = nsk_json_get_text(body, "title"),
                               .note = nsk_json_get_text(body, "note") };
    if (!nsk_office_berkas(visit->office, &act, &result, error))
        return nsk_api_finish(visit, false, NULL, error);
    g_autofree char *where = g_strconcat(PATH "/", nsk_json_get_text(result, "berkas"), NULL);
    nsk_http_response_set_status(visit->response, 201);
    nsk_http_response_add_header(visit->response, "Location", where);
    return nsk_api_finish(visit, true, result, error);
}

/* --- Changing -------------------------------------------------------------------------------- */

/* Whether the file is as If-Match says; else the response is a problem, or @error is set
 * (*out_ok). */
static bool
is_as_seen(NskHttpVisit *visit, const char *id, bool *out_ok, GError **error)
{
    g_autofree char *seen = nsk_api_if_match(visit);

    *out_ok = true;
    if (seen == NULL)
        return false;
    g_autoptr(NskJson) shown = nsk_http_find_berkas(visit, id, error);
    *out_ok = shown != NULL;
    if (shown == NULL)
        return false;
    g_autofree char *etag = nsk_api_etag(shown);
    if (strcmp(etag, seen) == 0 || nsk_api_is_repeated(visit))
        return true;
    nsk_api_refuse(visit, 412, "stale",
                   nsk_tr("it is not what you saw any more; look at it again and repeat what you "
                          "want"),
                   NULL);
    return false;
}

/* Does @act with the body's @member. */
static bool
change(NskHttpVisit *visit, const char *act_name, const char *member, bool needed, GError **error)
{
    bool ok;
    NskJson *result = NULL;
    const NskApiMember members[] = { { member, NSK_API_TEXT, needed },
                                     { "note", NSK_API_TEXT, false },
                                     { NULL, NSK_API_TEXT, false } };
    const char *id = nsk_http_request_get_piece(visit->request, "id");
    g_autoptr(NskJson) body = nsk_api_read(visit, members);

    if (body == NULL)
        return true;
    if (!is_as_seen(visit, id, &ok, error))
        return ok;
    const NskBerkasAct act = { .act = act_name,
                               .berkas = id,
                               .letter = nsk_json_get_text(body, "letter"),
                               .date = nsk_json_get_text(body, "date"),
                               .note = nsk_json_get_text(body, "note") };
    ok = nsk_office_berkas(visit->office, &act, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
put_letter(NskHttpVisit *visit, GError **error)
{
    return change(visit, "add", "letter", true, error);
}

static bool
close_file(NskHttpVisit *visit, GError **error)
{
    return change(visit, "close", "date", false, error);
}

static bool
enter_day(NskHttpVisit *visit, GError **error)
{
    return change(visit, "date", "date", true, error);
}

/* --- Schemes --------------------------------------------------------------------------------- */

static bool
list_schemes(NskHttpVisit *visit, GError **error)
{
    static const char *const names[] = { NULL };
    const NskClassAsk ask = { .scheme = NULL };
    NskJson *result = NULL;

    if (!nsk_api_check_query(visit, names))
        return true;
    bool ok = nsk_office_records_classes(visit->office, &ask, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
show_scheme(NskHttpVisit *visit, GError **error)
{
    static const char *const names[] = { "below", "text", NULL };
    const NskClassAsk ask = { .scheme = nsk_http_request_get_piece(visit->request, "scheme"),
                              .below = nsk_http_request_get_query(visit->request, "below"),
                              .text = nsk_http_request_get_query(visit->request, "text") };
    NskJson *result = NULL;

    if (!nsk_api_check_query(visit, names))
        return true;
    bool ok = nsk_office_records_classes(visit->office, &ask, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_api_berkas[] = {
    { .method = "GET", .pattern = PATH, .visit = list_files, .scope = "archive:read" },
    { .method = "POST", .pattern = PATH, .visit = open_file, .scope = "records:write",
      .body = NSK_HTTP_BODY_MEMORY },
    { .method = "GET", .pattern = PATH "/{id}", .visit = show_file, .scope = "archive:read" },
    { .method = "POST", .pattern = PATH "/{id}/letters", .visit = put_letter,
      .scope = "records:write", .body = NSK_HTTP_BODY_MEMORY },
    { .method = "POST", .pattern = PATH "/{id}/closing", .visit = close_file,
      .scope = "records:write", .body = NSK_HTTP_BODY_MEMORY },
    { .method = "POST", .pattern = PATH "/{id}/trigger", .visit = enter_day,
      .scope = "records:write", .body = NSK_HTTP_BODY_MEMORY },
    { .method = "GET", .pattern = "/api/v1/classifications", .visit = list_schemes,
      .scope = "archive:read" },
    { .method = "GET", .pattern = "/api/v1/classifications/{scheme}", .visit = show_scheme,
      .scope = "archive:read" },
    { .method = NULL },
};
/* clang-format on */

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Registers, the expedition book and the directory at the API.
 *
 *     /api/v1/registers/{book}                outgoing, incoming, expedition, disposition
 *     /api/v1/registers/{book}/csv, pdf       the same as a table, or as pages
 *     /api/v1/deliveries                      what is to be sent, and what was
 *     /api/v1/letters/{letter}/deliveries     of one letter; sending, proof, return
 *     /api/v1/directory/{what}                people, positions, units
 */
#include "base/limits.h"
#include "base/message.h"
#include "http/api-private.h"

#include <string.h>

#define LAST_YEAR 9999

/* --- Registers ------------------------------------------------------------------------------- */

/* False: the response is a problem. */
static bool
read_register(NskHttpVisit *visit, NskRegisterAsk *out)
{
    static const char *const names[] = { "unit", "year", NULL };
    static const char *const books[] = { "outgoing",    "incoming", "expedition",
                                         "disposition", "archive",  NULL };

    *out = (NskRegisterAsk){ .book = nsk_http_request_get_piece(visit->request, "book"),
                             .unit = nsk_http_request_get_query(visit->request, "unit") };
    if (!g_strv_contains(books, out->book)) {
        nsk_api_refuse(visit, 404, "not-found", NULL, NULL);
        return false;
    }
    return nsk_api_check_query(visit, names) &&
           nsk_api_query_number(visit, "year", LAST_YEAR, &out->year);
}

static bool
show_register(NskHttpVisit *visit, GError **error)
{
    NskRegisterAsk ask;
    NskJson *result = NULL;

    if (!read_register(visit, &ask))
        return true;
    bool ok = nsk_office_register_list(visit->office, &ask, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
write_register(NskHttpVisit *visit, bool pdf, GError **error)
{
    NskRegisterAsk ask;
    GBytes *bytes = NULL;

    if (!read_register(visit, &ask))
        return true;
    bool ok = nsk_office_register_write(visit->office, &ask, pdf, &bytes, error);
    return nsk_api_finish_bytes(visit, ok, pdf ? "application/pdf" : "text/csv; charset=utf-8",
                                bytes, error);
}

static bool
show_register_csv(NskHttpVisit *visit, GError **error)
{
    return write_register(visit, false, error);
}

static bool
show_register_pdf(NskHttpVisit *visit, GError **error)
{
    return write_register(visit, true, error);
}

/* --- Deliveries ------------------------------------------------------------------------------ */

static bool
list_deliveries(NskHttpVisit *visit, GError **error)
{
    static const char *const names[] = { "unit", "all", "limit", "after", NULL };
    int64_t limit;
    NskJson *result = NULL;

    if (!nsk_api_check_query(visit, names) ||
        !nsk_api_query_number(visit, "limit", NSK_LIMIT_TASK_PAGE, &limit))
        return true;
    const NskDispatchAsk ask = {
        .unit = nsk_http_request_get_query(visit->request, "unit"),
        .all = g_strcmp0(nsk_http_request_get_query(visit->request, "all"), "true") == 0,
        .limit = (unsigned)limit,
        .after = nsk_http_request_get_query(visit->request, "after"),
    };
    bool ok = nsk_office_dispatch_list(visit->office, &ask, &result, error);
    return nsk_api_finish_page(visit, ok, result, error);
}

static bool
show_deliveries(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;
    const NskDispatchAsk ask = { .letter = nsk_api_letter(visit), .all = true };

    if (ask.letter == NULL)
        return true;
    bool ok = nsk_office_dispatch_list(visit->office, &ask, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
deliver(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = {
        { "step", NSK_API_TEXT, true },      { "parties", NSK_API_TEXTS, false },
        { "channel", NSK_API_TEXT, false },  { "tracking", NSK_API_TEXT, false },
        { "receiver", NSK_API_TEXT, false }, { "note", NSK_API_TEXT, false },
        { NULL, NSK_API_TEXT, false },
    };
    NskJson *result = NULL;
    const char *letter = nsk_api_letter(visit);
    g_autoptr(NskJson) body = letter != NULL ? nsk_api_read(visit, members) : NULL;

    if (body == NULL)
        return true;
    g_autofree char *parties = nsk_api_words(nsk_json_get(body, "parties"));
    const NskDispatchStep step = { .step = nsk_json_get_text(body, "step"),
                                   .letter = letter,
                                   .parties = parties,
                                   .channel = nsk_json_get_text(body, "channel"),
                                   .tracking = nsk_json_get_text(body, "tracking"),
                                   .receiver = nsk_json_get_text(body, "receiver"),
                                   .note = nsk_json_get_text(body, "note") };
    bool ok = nsk_office_dispatch(visit->office, &step, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

/* --- The directory --------------------------------------------------------------------------- */

static bool
list_directory(NskHttpVisit *visit, GError **error)
{
    static const char *const names[] = { "text", "after", NULL };
    static const char *const parts[] = { "people", "positions", "units", NULL };
    NskJson *result = NULL;
    const NskDirectoryAsk ask = { .what = nsk_http_request_get_piece(visit->request, "what"),
                                  .text = nsk_http_request_get_query(visit->request, "text"),
                                  .after = nsk_http_request_get_query(visit->request, "after") };

    if (!g_strv_contains(parts, ask.what)) {
        nsk_api_refuse(visit, 404, "not-found", NULL, NULL);
        return true;
    }
    if (!nsk_api_check_query(visit, names))
        return true;
    bool ok = nsk_office_directory_list(visit->office, &ask, &result, error);
    return nsk_api_finish_page(visit, ok, result, error);
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_api_books[] = {
    { .method = "GET", .pattern = "/api/v1/registers/{book}", .visit = show_register,
      .scope = "archive:read" },
    { .method = "GET", .pattern = "/api/v1/registers/{book}/csv", .visit = show_register_csv,
      .scope = "archive:read" },
    { .method = "GET", .pattern = "/api/v1/registers/{book}/pdf", .visit = show_register_pdf,
      .scope = "archive:read", .place = NSK_HTTP_HEAVY },
    { .method = "GET", .pattern = "/api/v1/deliveries", .visit = list_deliveries,
      .scope = "letters:read" },
    { .method = "GET", .pattern = "/api/v1/letters/{letter}/deliveries",
      .visit = show_deliveries, .scope = "letters:read" },
    { .method = "POST", .pattern = "/api/v1/letters/{letter}/deliveries", .visit = deliver,
      .scope = "letters:write", .body = NSK_HTTP_BODY_MEMORY },
    { .method = "GET", .pattern = "/api/v1/directory/{what}", .visit = list_directory,
      .scope = "letters:read" },
    { .method = NULL },
};
/* clang-format on */

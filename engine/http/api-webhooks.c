/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Webhooks at the API, for who looks after the office.
 *
 *     /api/v1/webhooks                       those there are; a new one, with its secret
 *     /api/v1/webhooks/{id}                  one; changing it, taking it out (If-Match)
 *     /api/v1/webhooks/{id}/secret           a new secret, beside that of before
 *     /api/v1/webhooks/{id}/ping             tells it something, to try it
 *     /api/v1/webhooks/{id}/deliveries       what it was told, and what became of it
 *     /api/v1/webhooks/{id}/deliveries/{event}/replay    tells it that once more
 *     /api/v1/webhooks/{id}/replay           tells it all since a moment once more
 */
#include "base/id.h"
#include "base/message.h"
#include "http/api-private.h"
#include "http/http-private.h"
#include "office/hook.h"

#include <string.h>

#define PATH  "/api/v1/webhooks"
#define SCOPE "webhooks"
#define ROWS  200

/* What a person set: what it is told meanwhile is no other state. */
static char *
etag_of(const NskJson *shown)
{
    g_autofree char *text = g_strdup_printf("%s-%" G_GINT64_FORMAT, nsk_json_get_text(shown, "id"),
                                            nsk_json_get_int(shown, "version", 0));

    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

static bool
list(NskHttpVisit *visit, GError **error)
{
    static const char *const names[] = { NULL };
    NskJson *result = NULL;

    if (!nsk_api_check_query(visit, names))
        return true;
    bool ok = nsk_office_hook_list(visit->office, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
show(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;

    if (!nsk_office_hook_show(visit->office, nsk_http_request_get_piece(visit->request, "id"),
                              &result, error))
        return false;
    g_autofree char *etag = etag_of(result);
    nsk_http_response_set_etag(visit->response, etag);
    nsk_http_response_set_cache(visit->response, "private, no-cache");
    return nsk_api_finish(visit, true, result, error);
}

/* --- Changing -------------------------------------------------------------------------------- */

static const NskApiMember members[] = { { "label", NSK_API_TEXT, true },
                                        { "url", NSK_API_TEXT, true },
                                        { "events", NSK_API_TEXTS, false },
                                        { "active", NSK_API_BOOL, false },
                                        { NULL, NSK_API_TEXT, false } };

/* *out_events is owned, and borrowed by what is returned. */
static NskHookWish
read_wish(const NskJson *body, char **out_events)
{
    char *events = nsk_api_words(nsk_json_get(body, "events"));

    *out_events = events != NULL ? events : g_strdup("");
    return (NskHookWish){ .label = nsk_json_get_text(body, "label"),
                          .url = nsk_json_get_text(body, "url"),
                          .events = *out_events,
                          .active = nsk_json_get_bool(body, "active", true) };
}

static bool
add(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;
    g_autofree char *events = NULL;
    g_autoptr(NskJson) body = nsk_api_read(visit, members);

    if (body == NULL)
        return true;
    const NskHookWish wish = read_wish(body, &events);
    if (!nsk_office_hook_put(visit->office, &wish, &result, error))
        return nsk_api_finish(visit, false, NULL, error);
    g_autofree char *where = g_strconcat(PATH "/", nsk_json_get_text(result, "id"), NULL);
    nsk_http_response_set_status(visit->response, 201);
    nsk_http_response_add_header(visit->response, "Location", where);
    return nsk_api_finish(visit, true, result, error);
}

/* Whether the webhook is as If-Match says, and then its version; else the response is a problem, or
 * @error is set (*out_ok). */
static bool
match(NskHttpVisit *visit, const char *id, int64_t *out_version, bool *out_ok, GError **error)
{
    NskJson *shown = NULL;
    g_autoptr(GError) fault = NULL;
    g_autofree char *seen = nsk_api_if_match(visit);
    bool repeated = seen != NULL && nsk_api_is_repeated(visit);

    *out_ok = true;
    *out_version = 0;
    if (seen == NULL)
        return false;
    if (!nsk_office_hook_show(visit->office, id, &shown, &fault)) {
        /* the answer of taking it out got lost */
        if (repeated && g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
            return true;
        g_propagate_error(error, g_steal_pointer(&fault));
        *out_ok = false;
        return false;
    }
    g_autofree char *etag = etag_of(shown);
    *out_version = nsk_json_get_int(shown, "version", 0);
    nsk_json_unref(shown);
    if (strcmp(etag, seen) == 0 || repeated)
        return true;
    nsk_api_refuse(visit, 412, "stale",
                   nsk_tr("it is not what you saw any more; look at it again and repeat what you "
                          "want"),
                   NULL);
    return false;
}

static bool
change(NskHttpVisit *visit, GError **error)
{
    bool ok;
    int64_t version;
    NskJson *result = NULL;
    g_autofree char *events = NULL;
    const char *id = nsk_http_request_get_piece(visit->request, "id");
    g_autoptr(NskJson) body = nsk_api_read(visit, members);

    if (body == NULL)
        return true;
    if (!match(visit, id, &version, &ok, error))
        return ok;
    NskHookWish wish = read_wish(body, &events);
    wish.id = id;
    wish.version = version;
    if (!nsk_office_hook_put(visit->office, &wish, &result, error))
        return nsk_api_finish(visit, false, NULL, error);
    g_autofree char *etag = etag_of(result);
    nsk_http_response_set_etag(visit->response, etag);
    return nsk_api_finish(visit, true, result, error);
}

static bool
take_out(NskHttpVisit *visit, GError **error)
{
    bool ok;
    int64_t version;
    NskJson *result = NULL;
    const char *id = nsk_http_request_get_piece(visit->request, "id");

    if (!nsk_api_begin(visit))
        return true;
    if (!match(visit, id, &version, &ok, error))
        return ok;
    ok = nsk_office_hook_remove(visit->office, id, version, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
renew(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember hours[] = { { "hours", NSK_API_NUMBER, true },
                                          { NULL, NSK_API_TEXT, false } };
    NskJson *result = NULL;
    g_autoptr(NskJson) body = nsk_api_read(visit, hours);

    if (body == NULL)
        return true;
    bool ok = nsk_office_hook_renew(visit->office, nsk_http_request_get_piece(visit->request, "id"),
                                    nsk_json_get_int(body, "hours", 24), &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

/* --- What it was told ------------------------------------------------------------------------ */

static bool
ping(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;

    if (!nsk_api_begin(visit))
        return true;
    bool ok = nsk_office_hook_ping(visit->office, nsk_http_request_get_piece(visit->request, "id"),
                                   &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
list_deliveries(NskHttpVisit *visit, GError **error)
{
    static const char *const names[] = { "after", "limit", "state", NULL };
    static const char *const states[] = { "waiting", "sent", "failed", "withheld", NULL };
    NskHookAsk ask = { .id = nsk_http_request_get_piece(visit->request, "id"),
                       .state = nsk_http_request_get_query(visit->request, "state"),
                       .after = nsk_http_request_get_query(visit->request, "after") };
    NskJson *result = NULL;

    if (!nsk_api_check_query(visit, names) ||
        !nsk_api_query_number(visit, "limit", ROWS, &ask.limit))
        return true;
    if ((ask.state != NULL && !g_strv_contains(states, ask.state)) ||
        (ask.after != NULL && !nsk_id_is_valid(ask.after))) {
        nsk_api_refuse(visit, 400, "query",
                       nsk_tr("'state' is waiting, sent, failed or withheld; 'after' is the "
                              "'next' of the page before"),
                       NULL);
        return true;
    }
    bool ok = nsk_office_hook_deliveries(visit->office, &ask, &result, error);
    return nsk_api_finish_page(visit, ok, result, error);
}

static bool
replay_since(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember which[] = { { "since", NSK_API_TEXT, true },
                                          { NULL, NSK_API_TEXT, false } };
    NskJson *result = NULL;
    g_autoptr(NskJson) body = nsk_api_read(visit, which);

    if (body == NULL)
        return true;
    const NskHookReplay ask = { .id = nsk_http_request_get_piece(visit->request, "id"),
                                .since = nsk_json_get_text(body, "since") };
    bool ok = nsk_office_hook_replay(visit->office, &ask, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
replay_one(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;
    const NskHookReplay ask = { .id = nsk_http_request_get_piece(visit->request, "id"),
                                .event = nsk_http_request_get_piece(visit->request, "event") };

    if (!nsk_api_begin(visit))
        return true;
    bool ok = nsk_office_hook_replay(visit->office, &ask, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_api_webhooks[] = {
    { .method = "GET", .pattern = PATH, .visit = list, .scope = SCOPE },
    { .method = "POST", .pattern = PATH, .visit = add, .scope = SCOPE,
      .body = NSK_HTTP_BODY_MEMORY },
    { .method = "GET", .pattern = PATH "/{id}", .visit = show, .scope = SCOPE },
    { .method = "PUT", .pattern = PATH "/{id}", .visit = change, .scope = SCOPE,
      .body = NSK_HTTP_BODY_MEMORY },
    { .method = "DELETE", .pattern = PATH "/{id}", .visit = take_out, .scope = SCOPE },
    { .method = "POST", .pattern = PATH "/{id}/secret", .visit = renew, .scope = SCOPE,
      .body = NSK_HTTP_BODY_MEMORY },
    { .method = "POST", .pattern = PATH "/{id}/ping", .visit = ping, .scope = SCOPE },
    { .method = "GET", .pattern = PATH "/{id}/deliveries", .visit = list_deliveries,
      .scope = SCOPE },
    { .method = "POST", .pattern = PATH "/{id}/deliveries/{event}/replay", .visit = replay_one,
      .scope = SCOPE },
    { .method = "POST", .pattern = PATH "/{id}/replay", .visit = replay_since, .scope = SCOPE,
      .body = NSK_HTTP_BODY_MEMORY },
    { .method = NULL },
};
/* clang-format on */

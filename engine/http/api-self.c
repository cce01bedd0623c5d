/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The API itself, and who uses it.
 *
 *     /api/v1/openapi.json       what there is (OpenAPI 3.1), for everybody
 *     /api/v1/me                 who I am, and what this token may do
 *     /api/v1/me/tokens          my tokens; a new one: in a session alone, with a fresh proof
 *     /api/v1/me/tokens/{id}     revoking it: in a session
 */
#include "base/message.h"
#include "base/resource.h"
#include "http/api-private.h"
#include "office/token.h"

#define ME "/api/v1/me"

static bool
describe(G_GNUC_UNUSED NskHttpRequest *request,
         NskHttpResponse *response,
         G_GNUC_UNUSED void *data,
         GError **error)
{
    g_autoptr(GBytes) bytes = nsk_resource_load("templates/api/openapi.json", error);

    if (bytes == NULL)
        return false;
    nsk_http_response_set_bytes(response, "application/json", bytes);
    nsk_http_response_set_cache(response, "public, max-age=3600");
    return true;
}

static bool
show_me(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;

    if (!nsk_office_me(visit->office, &result, error))
        return false;
    if (visit->visitor->scopes != NULL) {
        NskJson *scopes = nsk_json_array();

        for (const char *const *scope = visit->visitor->scopes; *scope != NULL; scope++)
            nsk_json_add_text(scopes, *scope);
        nsk_json_set(result, "scopes", scopes);
    }
    return nsk_api_finish(visit, true, result, error);
}

/* Tokens make no tokens: who has one could go on for ever. */
static bool
is_in_person(NskHttpVisit *visit)
{
    if (visit->visitor->scopes == NULL)
        return true;
    nsk_api_refuse(visit, 403, "scope", nsk_tr("tokens are for the person himself, who signs in"),
                   NULL);
    return false;
}

static bool
list_tokens(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;

    if (!is_in_person(visit))
        return true;
    bool ok = nsk_office_token_list(visit->office, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
make_token(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = { { "label", NSK_API_TEXT, true },
                                            { "scopes", NSK_API_TEXTS, true },
                                            { "days", NSK_API_NUMBER, true },
                                            { NULL, NSK_API_TEXT, false } };
    NskJson *result = NULL;
    g_autoptr(NskJson) body = is_in_person(visit) && nsk_http_visit_demand_proof(visit, NULL)
                                  ? nsk_api_read(visit, members)
                                  : NULL;

    if (body == NULL)
        return true;
    g_autofree char *scopes = nsk_api_words(nsk_json_get(body, "scopes"));
    const NskTokenWish wish = { nsk_json_get_text(body, "label"), scopes != NULL ? scopes : "",
                                nsk_json_get_int(body, "days", 0) };
    bool ok = nsk_office_token_make(visit->office, &wish, &result, error);
    if (ok)
        nsk_http_response_set_status(visit->response, 201);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
revoke_token(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;
    const char *id = nsk_http_request_get_piece(visit->request, "id");

    if (!is_in_person(visit))
        return true;
    bool ok = nsk_office_token_revoke(visit->office, id, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_api_self[] = {
    { .method = "GET", .pattern = "/api/v1/openapi.json", .run = describe,
      .place = NSK_HTTP_QUICK },
    { .method = "GET", .pattern = ME, .visit = show_me, .scope = "" },
    { .method = "GET", .pattern = ME "/tokens", .visit = list_tokens, .scope = "" },
    { .method = "POST", .pattern = ME "/tokens", .visit = make_token, .scope = "",
      .body = NSK_HTTP_BODY_MEMORY },
    { .method = "DELETE", .pattern = ME "/tokens/{id}", .visit = revoke_token, .scope = "" },
    { .method = NULL },
};
/* clang-format on */

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What everybody is shown:
 *
 *     /                    whose office this is, and where a letter's code may be checked; who is
 * signed in goes to his own page /aset/{name}         styles and scripts, which never change under
 * one name /bahasa/{language}   from now on in that language
 */
#include "base/message.h"
#include "http/site-private.h"
#include "page/page.h"

#include <string.h>

#define YEAR ((int64_t)365 * 24 * 60 * 60) /* seconds */

/* Whether who asks is signed in. */
static bool
knows_visitor(NskHttpSite *site, const NskHttpRequest *request, bool *out_known, GError **error)
{
    const char *token = nsk_http_request_get_cookie(request, NSK_HTTP_SESSION);
    g_autoptr(NskDoorVisitor) door = NULL;
    g_autoptr(GError) fault = NULL;

    *out_known = false;
    if (token == NULL)
        return true;
    NskOffice *office = nsk_http_site_borrow(site, error);
    if (office == NULL)
        return false;
    if (!nsk_office_door_visit(office, token, &door, &fault))
        g_propagate_error(error, g_error_copy(fault));
    *out_known = door != NULL;
    nsk_http_site_return(site, office, fault);
    return fault == NULL;
}

static bool
show_home(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();
    bool is_known;

    if (!knows_visitor(data, request, &is_known, error))
        return false;
    if (is_known) {
        nsk_http_response_redirect(response, "/beranda");
        return true;
    }
    if (((NskHttpSite *)data)->demo != NULL) {
        nsk_http_response_redirect(response, "/coba");
        return true;
    }
    return nsk_http_site_show(data, request, response, "home", view, error);
}

static bool
send_asset(NskHttpRequest *request,
           NskHttpResponse *response,
           G_GNUC_UNUSED void *data,
           GError **error)
{
    const char *type;
    const char *name = nsk_http_request_get_piece(request, "name");
    g_autoptr(GBytes) bytes = nsk_page_asset(name, &type, error);

    if (bytes == NULL)
        return false;
    nsk_http_response_set_bytes(response, type, bytes);
    nsk_http_response_set_cache(response, "public, max-age=31536000, immutable");
    nsk_http_response_set_etag(response, name);
    return true;
}

/* Where the sender came from, if that is a page of this server. */
static const char *
find_way_back(const NskHttpRequest *request)
{
    const char *from = nsk_http_request_get_header(request, "Referer");
    const char *origin = nsk_http_request_get_origin(request);

    return from != NULL && g_str_has_prefix(from, origin) && from[strlen(origin)] == '/'
               ? from + strlen(origin)
               : "/";
}

static bool
choose_language(NskHttpRequest *request,
                NskHttpResponse *response,
                G_GNUC_UNUSED void *data,
                GError **error)
{
    const char *language = nsk_http_request_get_piece(request, "language");

    if (strcmp(language, "id") != 0 && strcmp(language, "en") != 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("there are pages in Indonesian and in English"));
        return false;
    }
    nsk_http_response_set_cookie(response, request, "lang", language, YEAR);
    nsk_http_response_redirect(response, find_way_back(request));
    return true;
}

const NskHttpRoute nsk_http_routes_common[] = {
    { .method = "GET",
      .pattern = "/",
      .run = show_home,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "GET",
      .pattern = "/aset/{name}",
      .run = send_asset,
      .place = NSK_HTTP_QUICK,
      .is_page = true },
    { .method = "GET",
      .pattern = "/bahasa/{language}",
      .run = choose_language,
      .place = NSK_HTTP_QUICK,
      .is_page = true },
    { .method = NULL },
};

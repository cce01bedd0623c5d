/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A view as a page: in the language, theme and parts that the request asks for. */
#include "base/message.h"
#include "http/site-private.h"
#include "page/page.h"

#include <string.h>

#define ZONE "Asia/Jakarta" /* of who is not signed in */

static const char *
find_theme(const NskHttpRequest *request)
{
    static const char *const themes[] = { "light", "dark", "contrast", NULL };
    const char *theme = nsk_http_request_get_cookie(request, "theme");

    return theme != NULL && g_strv_contains(themes, theme) ? theme : "auto";
}

bool
nsk_http_site_show(NskHttpSite *site,
                   const NskHttpRequest *request,
                   NskHttpResponse *response,
                   const char *name,
                   const NskJson *view,
                   GError **error)
{
    g_autoptr(NskJson) facts = nsk_json_object();

    nsk_json_set_text(facts, "agency", site->agency);
    const NskPageFrame frame = { .language = nsk_http_request_get_language(request),
                                 .theme = find_theme(request),
                                 .path = nsk_http_request_get_path(request),
                                 .zone = ZONE,
                                 .facts = facts };
    g_autoptr(GBytes) html = nsk_page_render(name, &frame, view, error);
    if (html == NULL)
        return false;
    nsk_http_response_set_bytes(response, "text/html; charset=utf-8", html);
    nsk_http_response_add_header(response, "Content-Language", frame.language);
    nsk_http_response_add_header(response, "Vary", "Accept-Language, Cookie");
    return true;
}

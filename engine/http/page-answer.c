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

/* @facts: of the frame, with the name of the agency.  @token: of the visitor; NULL: nobody is
 * signed in. */
static bool
show(NskHttpVisit *visit,
     const char *name,
     const NskJson *view,
     NskJson *facts,
     const char *token,
     GError **error)
{
    nsk_json_set_text(facts, "agency", visit->site->agency);
    const NskPageFrame frame = { .language = nsk_http_request_get_language(visit->request),
                                 .theme = find_theme(visit->request),
                                 .size = nsk_http_request_size(visit->request),
                                 .path = nsk_http_request_get_path(visit->request),
                                 .zone = ZONE,
                                 .token = token,
                                 .facts = facts };
    g_autoptr(GBytes) html = nsk_page_render(name, &frame, view, error);
    if (html == NULL)
        return false;
    nsk_http_response_set_bytes(visit->response, "text/html; charset=utf-8", html);
    nsk_http_response_add_header(visit->response, "Content-Language", frame.language);
    nsk_http_response_add_header(visit->response, "Vary", "Accept-Language, Cookie");
    return true;
}

bool
nsk_http_site_show(NskHttpSite *site,
                   NskHttpRequest *request,
                   NskHttpResponse *response,
                   const char *name,
                   const NskJson *view,
                   GError **error)
{
    g_autoptr(NskJson) facts = nsk_json_object();
    NskHttpVisit visit = { site, request, response, NULL, NULL };

    return show(&visit, name, view, facts, NULL, error);
}

bool
nsk_http_visit_show(NskHttpVisit *visit, const char *name, const NskJson *view, GError **error)
{
    const NskHttpVisitor *visitor = visit->visitor;
    g_autoptr(NskJson) facts = nsk_json_object();
    NskJson *person = nsk_json_object();

    nsk_json_set_text(person, "id", visitor->person);
    nsk_json_set_text(person, "name", visitor->name);
    nsk_json_set(facts, "person", person);
    nsk_json_set(facts, "positions", nsk_json_ref((NskJson *)(uintptr_t)visitor->positions));
    return show(visit, name, view, facts, visitor->csrf, error);
}

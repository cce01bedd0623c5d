/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A view as a page: in the language, theme and parts that the request asks for. */
#include "base/message.h"
#include "http/site-private.h"
#include "page/page.h"

#include <string.h>

#define CLERK_KEY "TU "          /* of what is known of a visitor */
#define ZONE      "Asia/Jakarta" /* of who is not signed in */

static const char *
find_theme(const NskHttpRequest *request)
{
    static const char *const themes[] = { "light", "dark", "contrast", NULL };
    const char *theme = nsk_http_request_get_cookie(request, "theme");

    return theme != NULL && g_strv_contains(themes, theme) ? theme : "auto";
}

/* Where people who are signed in can go. */
static const struct {
    const char *href;
    const char *name;
    bool clerks_only; /* for who keeps the books of a unit */
} places[] = {
    { "/tugas", N_("My tasks"), false },
    { "/draf/baru", N_("Write a letter"), false },
    { "/masuk-surat", N_("Letters that came in"), false },
    { "/arsip", N_("Search"), false },
    { "/ekspedisi", N_("Expedition book"), true },
    { "/register", N_("Registers"), false },
    { "/laporan", N_("Figures"), false },
    { "/wakil", N_("Deputies"), false },
    { NSK_HTTP_ADMIN_PATH, N_("Administration"), false }, /* the last: for who may */
};

/* Whether the visitor keeps the expedition book of a unit; asked once a session and
 * day, since every page shows where one can go. */
static bool
is_clerk(NskHttpVisit *visit)
{
    NskDate today;
    g_autoptr(NskJson) desk = NULL;

    if (!nsk_date_at(nsk_clock_now(visit->site->clock), ZONE, &today, NULL))
        return false;
    g_autofree char *day = nsk_date_format(today);
    g_autofree char *key = g_strconcat(CLERK_KEY, visit->visitor->person, " ", day, NULL);
    g_autofree char *known = nsk_http_seen_content(visit, key);
    if (known != NULL)
        return strcmp(known, "yes") == 0;
    bool is = nsk_office_incoming_desk(visit->office, &desk, NULL) &&
              nsk_json_get_bool(desk, "keeps", false);
    nsk_http_seen_note(visit, key, is ? "yes" : "no");
    return is;
}

static void
add_places(NskHttpVisit *visit, NskJson *facts)
{
    const char *path = nsk_http_request_get_path(visit->request);
    NskJson *list = nsk_json_array();

    for (size_t i = 0; i < G_N_ELEMENTS(places) - (visit->visitor->administers ? 0 : 1); i++) {
        NskJson *place = NULL;

        if (places[i].clerks_only && !is_clerk(visit))
            continue;
        place = nsk_json_object();
        nsk_json_set_text(place, "href", places[i].href);
        nsk_json_set_text(place, "name", nsk_tr(places[i].name));
        nsk_json_add(list, place);
        if (g_str_has_prefix(path, places[i].href))
            nsk_json_set_text(facts, "here", places[i].href);
    }
    nsk_json_set(facts, "places", list);
}

/* A code in words; what is no code, as most that a view says, is known by its letters. */
static const char *
find_words(const char *code)
{
    size_t length = strspn(code, "abcdefghijklmnopqrstuvwxyz-");
    const char *words = length > 2 && code[length] == '\0' ? nsk_office_word(code) : code;

    return words != code ? words : NULL;
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
    if (visit->site->demo != NULL)
        nsk_json_set_bool(facts, "demo", true);
    const NskPageFrame frame = { .language = nsk_http_request_get_language(visit->request),
                                 .theme = find_theme(visit->request),
                                 .size = nsk_http_request_size(visit->request),
                                 .path = nsk_http_request_get_path(visit->request),
                                 .zone = ZONE,
                                 .token = token,
                                 .facts = facts,
                                 .word = find_words };
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
    add_places(visit, facts);
    nsk_json_set(facts, "positions", nsk_json_ref((NskJson *)(uintptr_t)visitor->positions));
    return show(visit, name, view, facts, visitor->csrf, error);
}

void
nsk_http_send_svg(NskHttpResponse *response, GBytes *svg)
{
    nsk_http_response_set_bytes(response, "image/svg+xml", svg);
    nsk_http_response_set_policy(response,
                                 "default-src 'none'; style-src 'unsafe-inline'; sandbox");
}

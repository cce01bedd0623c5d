/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The provider of identities (office/sso.h).
 *
 *     /masuk/sso?ke=PATH          off to it; it sends the browser back to
 *     /masuk/sso/kembali          who comes in
 *     /masuk/sso/kunci            the office's public key, for the provider
 *     /masuk/ulang/sso?ke=PATH    off to it, for who is inside: that it is still he
 *     /profil/sso (POST)          the account is to be linked; the page leads off to it
 *     /profil/sso/kembali         who is inside comes back
 *     /profil/sso/akhir (POST)    the link is undone
 *     /keluar/sso/kembali         who signed out there as well comes back
 *
 * Linking begins with a form of this server, so nobody is led to link his account with the identity
 * of who led him.
 */
#include "base/message.h"
#include "http/site-private.h"

#include <string.h>

#define TICKET_COOKIE  "sso"
#define TICKET_SECONDS 600
#define LEAVE_COOKIE   "sso-keluar"
#define SET_TYPE       "application/jwk-set+json"
#define LONGEST_WAY    1500 /* bytes; what is longer leads to the first page */

bool
nsk_http_add_sso(const NskHttpSite *site, NskOffice *office, NskJson *view, GError **error)
{
    bool linked = false;
    g_autofree char *name = NULL;

    if (site->pages == NULL)
        return true;
    if (!nsk_office_sso_name(office, &name, &linked, error))
        return false;
    if (name == NULL)
        return true;
    const char *way = nsk_json_get_text(view, "ke");
    g_autofree char *escaped = g_uri_escape_string(way != NULL ? way : "/", "/", FALSE);
    g_autofree char *href = g_strconcat("/masuk/sso?ke=", escaped, NULL);
    g_autofree char *again = g_strconcat("/masuk/ulang/sso?ke=", escaped, NULL);
    NskJson *row = nsk_json_object();
    nsk_json_set_text(row, "name", name);
    nsk_json_set_bool(row, "linked", linked);
    nsk_json_set_text(row, "href", href);
    nsk_json_set_text(row, "again", again);
    nsk_json_set(view, "sso", row);
    return true;
}

/* Faults that the person is told on the page. */
static bool
is_told(const GError *fault)
{
    static const int codes[] = { NSK_ERROR_INVALID,     NSK_ERROR_UNTRUSTED, NSK_ERROR_EXPIRED,
                                 NSK_ERROR_CONFLICT,    NSK_ERROR_LIMIT,     NSK_ERROR_DENIED,
                                 NSK_ERROR_UNSUPPORTED, NSK_ERROR_BUSY,      NSK_ERROR_NOT_FOUND };

    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (g_error_matches(fault, NSK_ERROR, codes[i]))
            return true;
    }
    return false;
}

/* What a person is told of it: what went wrong at the provider is for who looks after the office.
 */
static const char *
plain_words(const GError *fault)
{
    return g_error_matches(fault, NSK_ERROR, NSK_ERROR_BUSY)
               ? nsk_tr("the identity provider does not answer as it should just now; sign in "
                        "with your password, or try again later")
               : fault->message;
}

/* A page's view that tells of the fault; or passes it on. */
static NskJson *
tell(NskHttpResponse *response, GError *fault, GError **error)
{
    NskJson *view = NULL;

    if (!is_told(fault)) {
        g_propagate_error(error, fault);
        return NULL;
    }
    view = nsk_json_object();
    nsk_http_add_fault(view, "sso", plain_words(fault));
    nsk_http_response_set_status(response, 422);
    nsk_http_response_set_cause(response, fault->message);
    g_error_free(fault);
    return view;
}

static NskSsoAsk
read_ask(const NskHttpSite *site, const NskHttpRequest *request, NskSsoAct act)
{
    const char *way = nsk_http_find_way(request);

    return (NskSsoAsk){ .act = act,
                        .site = site->pages != NULL ? site->pages : "",
                        .way = strlen(way) <= LONGEST_WAY ? way : "/" };
}

static NskSsoAnswer
read_answer(const NskHttpSite *site,
            const NskHttpRequest *request,
            NskSsoAct act,
            const NskDoorEntry *entry)
{
    return (NskSsoAnswer){ .act = act,
                           .site = site->pages != NULL ? site->pages : "",
                           .ticket = nsk_http_request_get_cookie(request, TICKET_COOKIE),
                           .state = nsk_http_request_get_query(request, "state"),
                           .code = nsk_http_request_get_query(request, "code"),
                           .issuer = nsk_http_request_get_query(request, "iss"),
                           .fault = nsk_http_request_get_query(request, "error"),
                           .token = nsk_http_request_get_cookie(request, NSK_HTTP_SESSION),
                           .entry = entry };
}

static bool
check_pages(const NskHttpSite *site, GError **error)
{
    if (site->pages != NULL)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                        nsk_tr("this office has no identity provider; sign in with your password"));
    return false;
}

/* --- Entering --------------------------------------------------------------------------------- */

/* Off to the provider, with the ticket as a cookie. */
static void
send_off(const NskHttpRequest *request,
         NskHttpResponse *response,
         const char *url,
         const char *ticket)
{
    nsk_http_response_set_cookie(response, request, TICKET_COOKIE, ticket, TICKET_SECONDS);
    nsk_http_response_send_away(response, url);
}

static bool
go(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    NskHttpSite *site = data;
    const NskSsoAsk ask = read_ask(site, request, NSK_SSO_ENTER);
    g_autofree char *url = NULL;
    g_autofree char *ticket = NULL;
    GError *fault = NULL;
    NskOffice *office = check_pages(site, error) ? nsk_http_site_borrow(site, error) : NULL;

    if (office == NULL)
        return false;
    bool ok = nsk_office_sso_ask(office, site->sso, &ask, &url, &ticket, &fault);
    nsk_http_site_return(site, office, fault);
    if (ok) {
        send_off(request, response, url, ticket);
        return true;
    }
    NskJson *view = tell(response, fault, error);
    return view != NULL && nsk_http_show_sign_in(site, request, response, view, error);
}

/* Asks the door; who comes in anew leaves the session that this browser had. */
static bool
ask_door(NskHttpSite *site, const NskHttpRequest *request, NskSsoEnd *out_end, GError **error)
{
    const NskDoorEntry entry = nsk_http_site_entry(request);
    const NskSsoAnswer answer = read_answer(site, request, NSK_SSO_ENTER, &entry);
    g_autoptr(GError) fault = NULL;
    NskOffice *office = nsk_http_site_borrow(site, error);

    if (office == NULL)
        return false;
    bool ok = nsk_office_sso_answer(office, site->sso, &answer, out_end, &fault);
    if (ok && out_end->pass->state == NSK_DOOR_OPEN && answer.token != NULL)
        (void)nsk_office_door_leave(office, answer.token, NULL); /* it ends by itself as well */
    nsk_http_site_return(site, office, fault);
    if (!ok)
        g_propagate_error(error, g_steal_pointer(&fault));
    return ok;
}

static bool
come(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    NskHttpSite *site = data;
    g_auto(NskSsoEnd) end = { 0 };
    GError *fault = NULL;
    NskJson *view;

    if (!check_pages(site, error))
        return false;
    bool ok = ask_door(site, request, &end, &fault);
    nsk_http_response_set_cookie(response, request, TICKET_COOKIE, "", -1);
    if (!ok) {
        view = tell(response, fault, error);
        return view != NULL && nsk_http_show_sign_in(site, request, response, view, error);
    }
    if (end.pass->state == NSK_DOOR_CODE) {
        nsk_http_ask_for_code(request, response, end.way, end.pass);
        return true;
    }
    if (end.pass->state == NSK_DOOR_OPEN) {
        nsk_http_set_session(request, response, end.pass);
        nsk_http_response_redirect(response, end.pass->must_change ? "/profil/sandi"
                                                                   : nsk_http_site_path(end.way));
        return true;
    }
    view = nsk_json_object();
    nsk_http_tell_pass(response, view, "sso", end.pass);
    return nsk_http_show_sign_in(site, request, response, view, error);
}

/* --- Leaving ---------------------------------------------------------------------------------- */

void
nsk_http_find_leave(NskHttpVisit *visit, const char *token, NskSsoLeave *out_leave)
{
    const NskSsoSession session = { token, visit->site->pages };
    g_autoptr(GError) fault = NULL;

    if (session.site == NULL || token == NULL)
        return;
    if (!nsk_office_sso_leave(visit->office, visit->site->sso, &session, out_leave, &fault))
        nsk_http_response_set_cause(visit->response, fault->message);
}

/* A page leads on: a form may lead to no other server (the policy's form-action). */
bool
nsk_http_show_leave(NskHttpVisit *visit, const NskSsoLeave *leave, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    nsk_json_set_text(view, "name", leave->name);
    nsk_json_set_text(view, "href", leave->url);
    nsk_http_response_set_cookie(visit->response, visit->request, LEAVE_COOKIE, leave->state,
                                 TICKET_SECONDS);
    return nsk_http_site_show(visit->site, visit->request, visit->response, "signed-out", view,
                              error);
}

/* It is told only to the browser that was sent there. */
static bool
come_out(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    const char *kept = nsk_http_request_get_cookie(request, LEAVE_COOKIE);
    const char *state = nsk_http_request_get_query(request, "state");
    NskJson *view = nsk_json_object();

    if (kept != NULL && state != NULL && strcmp(kept, state) == 0)
        nsk_json_set_text(view, "done", nsk_tr("You are signed out here and there."));
    nsk_http_response_set_cookie(response, request, LEAVE_COOKIE, "", -1);
    return nsk_http_show_sign_in(data, request, response, view, error);
}

static bool
show_key(G_GNUC_UNUSED NskHttpRequest *request,
         NskHttpResponse *response,
         void *data,
         GError **error)
{
    NskHttpSite *site = data;
    g_autoptr(NskJson) shown = NULL;
    g_autoptr(NskJson) set = nsk_json_object();
    g_autoptr(GError) fault = NULL;
    NskOffice *office = nsk_http_site_borrow(site, error);

    if (office == NULL)
        return false;
    bool ok = nsk_office_sso_show(office, &shown, &fault);
    nsk_http_site_return(site, office, fault);
    if (!ok) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_json_set(set, "keys", nsk_json_ref(nsk_json_get(shown, "keys")));
    g_autofree char *text = nsk_json_canonical(set);
    nsk_http_response_set_text(response, SET_TYPE, text);
    return true;
}

/* --- Inside ----------------------------------------------------------------------------------- */

static bool
go_again(NskHttpVisit *visit, GError **error)
{
    const NskSsoAsk ask = read_ask(visit->site, visit->request, NSK_SSO_PROVE);
    g_autofree char *url = NULL;
    g_autofree char *ticket = NULL;
    GError *fault = NULL;

    if (!check_pages(visit->site, error))
        return false;
    if (nsk_office_sso_ask(visit->office, visit->site->sso, &ask, &url, &ticket, &fault)) {
        send_off(visit->request, visit->response, url, ticket);
        return true;
    }
    NskJson *view = tell(visit->response, fault, error);
    return view != NULL && nsk_http_show_again(visit, view, error);
}

/* The page from which the visitor goes to link his account, or that tells why not. */
static bool
show_link(NskHttpVisit *visit, NskJson *view, GError **error)
{
    g_autoptr(NskJson) owned = view;

    return nsk_http_add_sso(visit->site, visit->office, owned, error) &&
           nsk_http_visit_show(visit, "profile-sso", owned, error);
}

static bool
begin_link(NskHttpVisit *visit, GError **error)
{
    NskSsoAsk ask = read_ask(visit->site, visit->request, NSK_SSO_LINK);
    g_autofree char *url = NULL;
    g_autofree char *ticket = NULL;
    GError *fault = NULL;
    NskJson *view;

    if (!nsk_http_visit_demand_proof(visit, "/profil"))
        return true;
    if (!check_pages(visit->site, error))
        return false;
    ask.way = "/profil?pesan=sso";
    if (!nsk_office_sso_ask(visit->office, visit->site->sso, &ask, &url, &ticket, &fault)) {
        view = tell(visit->response, fault, error);
        return view != NULL && show_link(visit, view, error);
    }
    view = nsk_json_object();
    nsk_json_set_text(view, "href", url);
    nsk_http_response_set_cookie(visit->response, visit->request, TICKET_COOKIE, ticket,
                                 TICKET_SECONDS);
    return show_link(visit, view, error);
}

static bool
come_inside(NskHttpVisit *visit, GError **error)
{
    NskHttpResponse *response = visit->response;
    const NskDoorEntry entry = nsk_http_site_entry(visit->request);
    const NskSsoAnswer answer = read_answer(visit->site, visit->request, NSK_SSO_PROVE, &entry);
    g_auto(NskSsoEnd) end = { .act = NSK_SSO_LINK };
    GError *fault = NULL;
    NskJson *view;

    if (!check_pages(visit->site, error))
        return false;
    bool ok = nsk_office_sso_answer(visit->office, visit->site->sso, &answer, &end, &fault);
    nsk_http_response_set_cookie(response, visit->request, TICKET_COOKIE, "", -1);
    if (!ok) {
        view = tell(response, fault, error);
        if (view == NULL)
            return false;
        return end.act == NSK_SSO_PROVE ? nsk_http_show_again(visit, view, error)
                                        : show_link(visit, view, error);
    }
    if (end.pass != NULL && end.pass->state != NSK_DOOR_OPEN) {
        view = nsk_json_object();
        nsk_http_tell_pass(response, view, "sso", end.pass);
        return nsk_http_show_again(visit, view, error);
    }
    if (end.pass != NULL)
        nsk_http_set_session(visit->request, response, end.pass);
    nsk_http_response_redirect(response, nsk_http_site_path(end.way));
    return true;
}

static bool
end_link(NskHttpVisit *visit, GError **error)
{
    if (!nsk_http_visit_demand_proof(visit, "/profil"))
        return true;
    if (!nsk_office_sso_unlink(visit->office, error))
        return false;
    nsk_http_response_redirect(visit->response, "/profil?pesan=sso-akhir");
    return true;
}

/* Those that ask the provider wait for it, among many threads; each for some seconds at most. */
const NskHttpRoute nsk_http_routes_sso[] = {
    { .method = "GET",
      .pattern = "/masuk/sso",
      .run = go,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "GET",
      .pattern = "/masuk/sso/kembali",
      .run = come,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "GET",
      .pattern = "/keluar/sso/kembali",
      .run = come_out,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "GET",
      .pattern = "/masuk/sso/kunci",
      .run = show_key,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "GET",
      .pattern = "/masuk/ulang/sso",
      .visit = go_again,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "POST",
      .pattern = "/profil/sso",
      .visit = begin_link,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET",
      .pattern = "/profil/sso/kembali",
      .visit = come_inside,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "POST",
      .pattern = "/profil/sso/akhir",
      .visit = end_link,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};

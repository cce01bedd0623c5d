/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Visits: the way from a request to a handler that is for somebody who is signed in.
 *
 *   handle of the site -> session of the cookie -> who -> comes the request from here -> handler
 *
 * INVARIANTS
 *   (1) A handle serves one request at a time; it comes back only as somebody who acts as nobody.
 *   (2) What changes something by cookie has come from a page of this server, by what the browser
 *       says (Sec-Fetch-Site, else Origin) and by the session's own csrf, which no other page
 * knows. (3) Nobody is sent to an address that is not of this server.
 */
#include "base/message.h"
#include "http/http-private.h"
#include "http/site-private.h"
#include "office/token.h"
#include "page/page.h"

#include <string.h>

#define KEPT_OFFICES 64 /* idle at most; more are closed when they come back */
#define CHANGE_PATH  "/profil/sandi"

/* --- Handles --------------------------------------------------------------------------------- */

NskOffice *
nsk_http_site_borrow(NskHttpSite *site, GError **error)
{
    const NskOfficeOptions options = { .dir = site->dir,
                                       .service = site->service,
                                       .nobody = true,
                                       .clock = site->clock };
    NskOffice *office = NULL;

    g_mutex_lock(&site->lock);
    if (site->offices->len > 0)
        office = g_ptr_array_steal_index(site->offices, site->offices->len - 1);
    g_mutex_unlock(&site->lock);
    return office != NULL ? office : nsk_office_open(&options, error);
}

/* After what a person did wrong a handle is as good as before. */
static bool
is_sound(const GError *fault)
{
    if (fault == NULL)
        return true;
    if (fault->domain != NSK_ERROR)
        return false;
    switch ((NskError)fault->code) {
    case NSK_ERROR_INVALID:
    case NSK_ERROR_NOT_FOUND:
    case NSK_ERROR_CONFLICT:
    case NSK_ERROR_DENIED:
    case NSK_ERROR_BUSY:
    case NSK_ERROR_LIMIT:
    case NSK_ERROR_UNTRUSTED:
    case NSK_ERROR_EXPIRED:
    case NSK_ERROR_UNSUPPORTED:
    case NSK_ERROR_GONE:
        return true;
    case NSK_ERROR_IO:
    case NSK_ERROR_CORRUPT:
    case NSK_ERROR_CANCELLED:
    case NSK_ERROR_UNCERTAIN:
    case NSK_ERROR_INTERNAL:
    default:
        return false;
    }
}

void
nsk_http_site_return(NskHttpSite *site, NskOffice *office, const GError *fault)
{
    if (office == NULL)
        return;
    if (is_sound(fault)) {
        nsk_office_act_for_nobody(office);
        g_mutex_lock(&site->lock);
        if (site->offices->len < KEPT_OFFICES) {
            g_ptr_array_add(site->offices, office);
            office = NULL;
        }
        g_mutex_unlock(&site->lock);
    }
    nsk_office_free(office);
}

/* --- Where a request comes from -------------------------------------------------------------- */

static bool
is_from_here(const NskHttpRequest *request)
{
    const char *site = nsk_http_request_get_header(request, "Sec-Fetch-Site");
    const char *from = nsk_http_request_get_header(request, "Origin");

    if (site != NULL && strcmp(site, "same-origin") != 0)
        return false;
    if (from != NULL)
        return strcmp(from, nsk_http_request_get_origin(request)) == 0;
    return site != NULL;
}

bool
nsk_http_site_check_origin(const NskHttpRequest *request, GError **error)
{
    if (strcmp(nsk_http_request_get_method(request), "GET") == 0 || is_from_here(request))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                        nsk_tr("the request did not come from a page of this server; open the page "
                               "again and repeat what you did"));
    return false;
}

const char *
nsk_http_site_path(const char *path)
{
    /* a browser reads "//" and "/\" as another server, and leaves control characters out */
    if (path == NULL || path[0] != '/' || path[1] == '/' || path[1] == '\\')
        return "/";
    for (const char *c = path; *c != '\0'; c++) {
        if ((unsigned char)*c <= ' ' || *c == '\\' || *c == 0x7f)
            return "/";
    }
    return path;
}

static bool
check_csrf(const NskHttpVisit *visit, const NskDoorVisitor *visitor, GError **error)
{
    const NskHttpRequest *request = visit->request;
    const char *sent = nsk_http_request_get_header(request, "X-CSRF-Token");

    if (!nsk_http_site_check_origin(request, error))
        return false;
    if (sent == NULL)
        sent = nsk_http_request_get_field(request, "csrf");
    if (strcmp(nsk_http_request_get_method(request), "GET") == 0 ||
        nsk_office_door_sent(visit->office, visitor, sent))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                        nsk_tr("the form is of an earlier session; open the page again and repeat "
                               "what you did"));
    return false;
}

/* --- Who is not signed in -------------------------------------------------------------------- */

/* Where to come back: what was asked for, if asking again does the same. */
static char *
sign_in_path(const NskHttpRequest *request, const char *page, const char *path)
{
    bool is_get = strcmp(nsk_http_request_get_method(request), "GET") == 0;

    if (path == NULL)
        path = is_get ? request->raw_target : "/";
    g_autofree char *back = g_uri_escape_string(nsk_http_site_path(path), "/", FALSE);
    return g_strconcat(page, "?ke=", back, NULL);
}

static void
ask_to_sign_in(const NskHttpRequest *request, NskHttpResponse *response)
{
    g_autofree char *path = sign_in_path(request, "/masuk", NULL);

    if (request->match.route->scope == NULL) {
        nsk_http_response_redirect(response, path);
        return;
    }
    nsk_http_response_set_problem(response, request, 401, "sign-in", NULL);
    nsk_http_response_add_header(response, "WWW-Authenticate", "Bearer realm=\"naskah\"");
}

bool
nsk_http_visit_demand_proof(NskHttpVisit *visit, const char *path)
{
    g_autofree char *page = sign_in_path(visit->request, "/masuk/ulang", path);

    if (visit->visitor->is_proved)
        return true;
    if (visit->request->match.route->scope == NULL)
        nsk_http_response_redirect(visit->response, page);
    else
        nsk_http_response_set_problem(visit->response, visit->request, 403, "proof-needed",
                                      nsk_tr("this needs a proof just now that it is you; show it "
                                             "at /masuk/ulang"));
    return false;
}

/* --- The visit ------------------------------------------------------------------------------- */

/* Whatever stands below that address is for who looks after the office: no handler can forget. */
static bool
is_for_administrators(const NskHttpRoute *route)
{
    size_t length = strlen(NSK_HTTP_ADMIN_PATH);
    const char *rest = route->pattern + length;

    return strncmp(route->pattern, NSK_HTTP_ADMIN_PATH, length) == 0 &&
           (*rest == '\0' || *rest == '/');
}

/* In the session of @door. */
static bool
visit_by_session(NskHttpVisit *visit, const NskDoorVisitor *door, GError **error)
{
    const NskHttpRoute *route = visit->request->match.route;
    const NskHttpVisitor visitor = { .person = door->person,
                                     .name = door->name,
                                     .positions = door->positions,
                                     .session = door->session,
                                     .csrf = door->csrf,
                                     .is_proved = door->is_proved,
                                     .administers = door->administers };

    if (!check_csrf(visit, door, error))
        return false;
    if (door->must_change && !route->is_early) {
        if (route->scope == NULL) {
            nsk_http_response_redirect(visit->response, CHANGE_PATH);
            return true;
        }
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                            nsk_tr("your password was given to you; change it first"));
        return false;
    }
    if (is_for_administrators(route) && !visitor.administers) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("there is no such page here"));
        return false;
    }
    visit->visitor = &visitor;
    return route->visit(visit, error);
}

/* The token behind "Bearer" (RFC 6750, 2.1); NULL if there is none. */
static const char *
find_bearer(const NskHttpRequest *request)
{
    static const char scheme[] = "Bearer ";
    const char *text = nsk_http_request_get_header(request, "Authorization");

    if (request->match.route->scope == NULL || text == NULL ||
        g_ascii_strncasecmp(text, scheme, strlen(scheme)) != 0)
        return NULL;
    return text + strlen(scheme);
}

static void
refuse_scope(const NskHttpVisit *visit)
{
    const char *scope = visit->request->match.route->scope;
    g_autofree char *detail = g_strdup_printf(nsk_tr("this needs a token for %s"), scope);
    g_autofree char *challenge = g_strdup_printf(
        "Bearer realm=\"naskah\", error=\"insufficient_scope\", scope=\"%s\"", scope);

    nsk_http_response_set_problem(visit->response, visit->request, 403, "scope", detail);
    nsk_http_response_add_header(visit->response, "WWW-Authenticate", challenge);
}

/* Counts a request of the program (draft-ietf-httpapi-ratelimit-headers-10); false: the response is
 * 429. */
static bool
count_token(NskHttpVisit *visit, const char *id)
{
    NskHttpRate rate;
    bool ok = nsk_http_rates_take(visit->site->rates, id, g_get_monotonic_time(), &rate);
    g_autofree char *policy = g_strdup_printf("\"token\";q=%u;w=60", rate.quota);
    g_autofree char *now = g_strdup_printf("\"token\";r=%u;t=%u", rate.left, rate.wait);

    if (!ok) {
        g_autofree char *detail = g_strdup_printf(
            nsk_tr("this token asked more than %u times in a minute; go on in %u seconds"),
            rate.quota, rate.wait);
        g_autofree char *seconds = g_strdup_printf("%u", rate.wait);

        nsk_http_response_set_problem(visit->response, visit->request, 429, "rate", detail);
        nsk_http_response_add_header(visit->response, "Retry-After", seconds);
    }
    nsk_http_response_add_header(visit->response, "RateLimit-Policy", policy);
    nsk_http_response_add_header(visit->response, "RateLimit", now);
    return ok;
}

/* For a program. */
static bool
visit_by_token(NskHttpVisit *visit, const char *token, GError **error)
{
    const NskHttpRoute *route = visit->request->match.route;
    g_autoptr(NskTokenVisitor) door = NULL;

    if (!nsk_office_token_visit(visit->office, token, &door, error))
        return false;
    if (door == NULL) {
        nsk_http_response_set_problem(visit->response, visit->request, 401, "token",
                                      nsk_tr("there is no such token, or it has ended"));
        nsk_http_response_add_header(visit->response, "WWW-Authenticate",
                                     "Bearer realm=\"naskah\", error=\"invalid_token\"");
        return true;
    }
    const NskHttpVisitor visitor = { .person = door->person,
                                     .name = door->name,
                                     .scopes = (const char *const *)door->scopes };
    visit->visitor = &visitor;
    if (!count_token(visit, door->id))
        return true;
    if (route->scope[0] != '\0' && !g_strv_contains(visitor.scopes, route->scope)) {
        refuse_scope(visit);
        return true;
    }
    return route->visit(visit, error);
}

static bool
run_visit(NskHttpVisit *visit, GError **error)
{
    const char *bearer = find_bearer(visit->request);
    const char *token = nsk_http_request_get_cookie(visit->request, NSK_HTTP_SESSION);
    g_autoptr(NskDoorVisitor) door = NULL;

    if (bearer != NULL)
        return visit_by_token(visit, bearer, error);
    if (token != NULL && !nsk_office_door_visit(visit->office, token, &door, error))
        return false;
    if (door == NULL) {
        ask_to_sign_in(visit->request, visit->response);
        return true;
    }
    return visit_by_session(visit, door, error);
}

bool
nsk_http_visit_run(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    NskHttpSite *site = data;
    g_autoptr(GError) fault = NULL;
    NskOffice *office = nsk_http_site_borrow(site, error);
    NskHttpVisit visit = { site, request, response, office, NULL };

    if (office == NULL)
        return false;
    bool ok = run_visit(&visit, &fault);
    nsk_http_site_return(site, office, fault);
    if (!ok)
        g_propagate_error(error, g_steal_pointer(&fault));
    return ok;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way in and out.
 *
 *     /masuk?ke=PATH         name and password; then back to PATH
 *     /masuk/kode?ke=PATH    the code of a second factor, or a recovery code
 *     /masuk/ulang?ke=PATH   for who is inside: that it is still he
 *     /keluar                out (POST)
 *
 * Each POST comes from a page of this server (visit.c); the session's token is a new one after each
 * step that succeeds, so a token that somebody knew before is worth nothing after it.
 */
#include "base/message.h"
#include "http/site-private.h"

#include <string.h>

#define TICKET_COOKIE  "langkah"
#define TICKET_SECONDS 300
#define YEAR           ((int64_t)365 * 24 * 60 * 60) /* seconds */

NskDoorEntry
nsk_http_site_entry(const NskHttpRequest *request)
{
    return (NskDoorEntry){ .device = nsk_http_request_get_cookie(request, NSK_HTTP_DEVICE),
                           .address = nsk_http_request_get_address(request),
                           .agent = nsk_http_request_get_header(request, "User-Agent") };
}

void
nsk_http_add_fault(NskJson *view, const char *field, const char *words)
{
    NskJson *faults = nsk_json_get(view, "faults");
    NskJson *row = nsk_json_object();

    if (faults == NULL) {
        nsk_json_set(view, "faults", nsk_json_array());
        faults = nsk_json_get(view, "faults");
    }
    nsk_json_set_text(row, "field", field);
    nsk_json_set_text(row, "words", words);
    nsk_json_add(faults, row);
}

void
nsk_http_set_session(const NskHttpRequest *request,
                     NskHttpResponse *response,
                     const NskDoorPass *pass)
{
    nsk_http_response_set_cookie(response, request, NSK_HTTP_SESSION, pass->token, 0);
    if (pass->device != NULL)
        nsk_http_response_set_cookie(response, request, NSK_HTTP_DEVICE, pass->device, YEAR);
}

NskLocked *
nsk_http_get_secret(const NskHttpRequest *request, const char *name)
{
    const char *text = nsk_http_request_get_field(request, name);

    return text != NULL && text[0] != '\0' ? nsk_locked_new(text, strlen(text), NULL) : NULL;
}

void
nsk_http_tell_pass(NskHttpResponse *response,
                   NskJson *view,
                   const char *field,
                   const NskDoorPass *pass)
{
    static const struct {
        const char *field, *words;
    } wrong[] = {
        { "kode", N_("this code is not right, or was used before") },
        { "sandi", N_("this is not your password") },
        { "nama", N_("name and password do not belong together") },
        { "sso", N_("this link is not yours any more; sign in with your password") },
        { "kunci", N_("this passkey does not open this office; sign in with your password") },
    };
    g_autofree char *seconds = g_strdup_printf("%" G_GINT64_FORMAT, pass->seconds);
    g_autofree char *wait =
        g_strdup_printf(nsk_tr("too many tries; come again in %s seconds"), seconds);

    if (pass->state == NSK_DOOR_WAIT) {
        nsk_http_response_set_status(response, 429);
        nsk_http_response_add_header(response, "Retry-After", seconds);
        nsk_http_add_fault(view, field, wait);
        return;
    }
    nsk_http_response_set_status(response, 422);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        if (strcmp(wrong[i].field, field) == 0)
            nsk_http_add_fault(view, field, nsk_tr(wrong[i].words));
    }
}

/* @path with where to go on to. */
static char *
with_way(const char *path, const char *way)
{
    g_autofree char *escaped = g_uri_escape_string(nsk_http_site_path(way), "/", FALSE);

    return g_strconcat(path, "?ke=", escaped, NULL);
}

/* Where to go on to, by the address or the form. */
const char *
nsk_http_find_way(const NskHttpRequest *request)
{
    const char *way = nsk_http_request_get_field(request, "ke");

    return nsk_http_site_path(way != NULL ? way : nsk_http_request_get_query(request, "ke"));
}

static NskJson *
new_view(const NskHttpRequest *request)
{
    NskJson *view = nsk_json_object();

    nsk_json_set_text(view, "ke", nsk_http_find_way(request));
    nsk_json_set_text(view, "name", nsk_http_request_get_field(request, "nama"));
    return view;
}

/* --- Name and password ----------------------------------------------------------------------- */

bool
nsk_http_show_sign_in(NskHttpSite *site,
                      NskHttpRequest *request,
                      NskHttpResponse *response,
                      NskJson *view,
                      GError **error)
{
    g_autoptr(NskJson) owned = view;
    g_autoptr(GError) fault = NULL;
    NskOffice *office = nsk_http_site_borrow(site, error);

    if (office == NULL)
        return false;
    bool ok = nsk_http_add_passkey(site, office, NSK_PASSKEY_ENTER, owned, &fault) &&
              nsk_http_add_sso(site, office, owned, &fault);
    nsk_http_site_return(site, office, fault);
    if (!ok) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_json_set_text(owned, "ke", nsk_http_find_way(request));
    return nsk_http_site_show(site, request, response, "sign-in", owned, error);
}

static bool
show_sign_in(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    return nsk_http_show_sign_in(data, request, response, new_view(request), error);
}

void
nsk_http_let_in(NskHttpRequest *request, NskHttpResponse *response, const NskDoorPass *pass)
{
    nsk_http_set_session(request, response, pass);
    nsk_http_response_redirect(response,
                               pass->must_change ? "/profil/sandi" : nsk_http_find_way(request));
}

void
nsk_http_ask_for_code(NskHttpRequest *request,
                      NskHttpResponse *response,
                      const char *way,
                      const NskDoorPass *pass)
{
    g_autofree char *path = with_way("/masuk/kode", way);

    nsk_http_response_set_cookie(response, request, TICKET_COOKIE, pass->ticket, TICKET_SECONDS);
    nsk_http_response_redirect(response, path);
}

/* Asks the door; who comes in anew leaves the session that this browser had. */
NskDoorPass *
nsk_http_enter(NskHttpSite *site,
               const NskHttpRequest *request,
               const NskDoorEntry *entry,
               GError **error)
{
    const char *old = nsk_http_request_get_cookie(request, NSK_HTTP_SESSION);
    NskDoorPass *pass = NULL;
    g_autoptr(GError) fault = NULL;
    NskOffice *office = nsk_http_site_borrow(site, error);

    if (office == NULL)
        return NULL;
    bool ok = nsk_office_door_enter(office, entry, &pass, &fault);
    if (ok && pass->state == NSK_DOOR_OPEN && old != NULL)
        (void)nsk_office_door_leave(office, old, NULL); /* it ends by itself as well */
    nsk_http_site_return(site, office, fault);
    if (!ok)
        g_propagate_error(error, g_steal_pointer(&fault));
    return pass;
}

static bool
sign_in(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    g_autoptr(NskJson) view = new_view(request);
    g_autoptr(NskLocked) password = nsk_http_get_secret(request, "sandi");
    const char *name = nsk_http_request_get_field(request, "nama");
    NskDoorEntry entry = nsk_http_site_entry(request);

    if (!nsk_http_site_check_origin(request, error))
        return false;
    if (name == NULL || name[0] == '\0')
        nsk_http_add_fault(view, "nama", nsk_tr("type your name at the door"));
    if (password == NULL)
        nsk_http_add_fault(view, "sandi", nsk_tr("type your password"));
    if (nsk_json_get(view, "faults") != NULL) {
        nsk_http_response_set_status(response, 422);
        return nsk_http_show_sign_in(data, request, response, g_steal_pointer(&view), error);
    }
    entry.name = name;
    entry.password = password;
    g_autoptr(NskDoorPass) pass = nsk_http_enter(data, request, &entry, error);
    if (pass == NULL)
        return false;
    if (pass->state == NSK_DOOR_OPEN) {
        nsk_http_let_in(request, response, pass);
        return true;
    }
    if (pass->state == NSK_DOOR_CODE) {
        nsk_http_ask_for_code(request, response, nsk_http_find_way(request), pass);
        return true;
    }
    nsk_http_tell_pass(response, view, "nama", pass);
    return nsk_http_show_sign_in(data, request, response, g_steal_pointer(&view), error);
}

/* --- The code -------------------------------------------------------------------------------- */

/* Back to the first step. */
static void
begin_again(NskHttpRequest *request, NskHttpResponse *response)
{
    g_autofree char *path = with_way("/masuk", nsk_http_find_way(request));

    nsk_http_response_set_cookie(response, request, TICKET_COOKIE, "", -1);
    nsk_http_response_redirect(response, path);
}

static bool
show_code(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    g_autoptr(NskJson) view = new_view(request);

    if (nsk_http_request_get_cookie(request, TICKET_COOKIE) != NULL)
        return nsk_http_site_show(data, request, response, "sign-in-code", view, error);
    begin_again(request, response);
    return true;
}

static bool
take_code(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    g_autoptr(NskJson) view = new_view(request);
    const char *code = nsk_http_request_get_field(request, "kode");
    NskDoorEntry entry = nsk_http_site_entry(request);

    if (!nsk_http_site_check_origin(request, error))
        return false;
    entry.code = code != NULL ? code : "";
    entry.ticket = nsk_http_request_get_cookie(request, TICKET_COOKIE);
    if (entry.ticket == NULL) {
        begin_again(request, response);
        return true;
    }
    g_autoptr(NskDoorPass) pass = nsk_http_enter(data, request, &entry, error);
    if (pass == NULL)
        return false;
    if (pass->state == NSK_DOOR_LATE) {
        begin_again(request, response);
        return true;
    }
    if (pass->state == NSK_DOOR_OPEN) {
        nsk_http_response_set_cookie(response, request, TICKET_COOKIE, "", -1);
        nsk_http_let_in(request, response, pass);
        return true;
    }
    nsk_http_tell_pass(response, view, "kode", pass);
    return nsk_http_site_show(data, request, response, "sign-in-code", view, error);
}

/* --- Again ----------------------------------------------------------------------------------- */

bool
nsk_http_show_again(NskHttpVisit *visit, NskJson *view, GError **error)
{
    g_autoptr(NskJson) owned = view;
    g_autoptr(NskJson) profile = NULL;

    if (!nsk_office_door_profile(visit->office, &profile, error))
        return false;
    nsk_json_set_text(owned, "ke", nsk_http_find_way(visit->request));
    nsk_json_set_bool(owned, "codes", nsk_json_get_bool(profile, "codes", false));
    if (nsk_json_length(nsk_json_get(profile, "passkeys")) > 0 &&
        !nsk_http_add_passkey(visit->site, visit->office, NSK_PASSKEY_PROVE, owned, error))
        return false;
    if (!nsk_http_add_sso(visit->site, visit->office, owned, error))
        return false;
    return nsk_http_visit_show(visit, "sign-in-again", owned, error);
}

static bool
show_again(NskHttpVisit *visit, GError **error)
{
    return nsk_http_show_again(visit, nsk_json_object(), error);
}

static bool
prove(NskHttpVisit *visit, GError **error)
{
    NskHttpRequest *request = visit->request;
    g_autoptr(NskDoorPass) pass = NULL;
    g_autoptr(NskLocked) password = nsk_http_get_secret(request, "sandi");
    const char *token = nsk_http_request_get_cookie(request, NSK_HTTP_SESSION);
    NskDoorEntry entry = nsk_http_site_entry(request);

    entry.password = password;
    entry.code = nsk_http_request_get_field(request, "kode");
    if (!nsk_office_door_prove(visit->office, token, &entry, &pass, error))
        return false;
    if (pass->state == NSK_DOOR_OPEN) {
        nsk_http_set_session(request, visit->response, pass);
        nsk_http_response_redirect(visit->response, nsk_http_find_way(request));
        return true;
    }
    NskJson *view = nsk_json_object();
    nsk_http_tell_pass(visit->response, view, entry.code != NULL ? "kode" : "sandi", pass);
    return nsk_http_show_again(visit, view, error);
}

/* --- Out ------------------------------------------------------------------------------------- */

static bool
sign_out(NskHttpVisit *visit, GError **error)
{
    g_auto(NskSsoLeave) leave = { 0 };
    const char *token = nsk_http_request_get_cookie(visit->request, NSK_HTTP_SESSION);

    nsk_http_find_leave(visit, token, &leave);
    if (!nsk_office_door_leave(visit->office, token, error))
        return false;
    nsk_http_response_set_cookie(visit->response, visit->request, NSK_HTTP_SESSION, "", -1);
    if (leave.url != NULL)
        return nsk_http_show_leave(visit, &leave, error);
    nsk_http_response_redirect(visit->response, "/");
    return true;
}

const NskHttpRoute nsk_http_routes_sign_in[] = {
    { .method = "GET",
      .pattern = "/masuk",
      .run = show_sign_in,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "POST",
      .pattern = "/masuk",
      .run = sign_in,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET",
      .pattern = "/masuk/kode",
      .run = show_code,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "POST",
      .pattern = "/masuk/kode",
      .run = take_code,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET",
      .pattern = "/masuk/ulang",
      .visit = show_again,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "POST",
      .pattern = "/masuk/ulang",
      .visit = prove,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "POST",
      .pattern = "/keluar",
      .visit = sign_out,
      .is_early = true,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passkeys: a fingerprint, face or PIN instead of password and code.
 *
 *     /masuk/kunci (POST)          the way in
 *     /masuk/ulang/kunci (POST)    for who is inside: that it is still he
 *     /profil/kunci                a new one; (POST) what the device answered
 *     /profil/kunci/akhir (POST)   one is removed
 *
 * The pages carry the question, and a script (passkey.js) asks the device and fills a form; without
 * scripts the form stays hidden, and the password is the way.
 */
#include "base/message.h"
#include "http/site-private.h"

#include <string.h>

static const char *
get_field(const NskHttpRequest *request, const char *name)
{
    const char *text = nsk_http_request_get_field(request, name);

    return text != NULL ? text : "";
}

static NskDoorKey
read_key(const NskHttpSite *site, const NskHttpRequest *request)
{
    return (NskDoorKey){ .site = site->pages != NULL ? site->pages : "",
                         .id = get_field(request, "kunci"),
                         .client_data = get_field(request, "peramban"),
                         .authenticator = get_field(request, "perangkat"),
                         .signature = get_field(request, "bukti") };
}

bool
nsk_http_add_passkey(const NskHttpSite *site,
                     NskOffice *office,
                     NskPasskeyAct act,
                     NskJson *view,
                     GError **error)
{
    NskJson *question = NULL;

    if (site->pages == NULL)
        return true;
    if (!nsk_office_door_ask_passkey(office, act, site->pages, &question, error))
        return false;
    nsk_json_set(view, "passkey", question);
    return true;
}

/* --- Entering -------------------------------------------------------------------------------- */

/* What to tell of a pass that is not OPEN. */
static void
tell(NskHttpResponse *response, NskJson *view, const NskDoorPass *pass)
{
    if (pass->state != NSK_DOOR_LATE) {
        nsk_http_tell_pass(response, view, "kunci", pass);
        return;
    }
    nsk_http_response_set_status(response, 422);
    nsk_http_add_fault(view, "kunci", nsk_tr("this took too long; try the passkey again"));
}

static bool
enter(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    NskHttpSite *site = data;
    const NskDoorKey key = read_key(site, request);
    NskDoorEntry entry = nsk_http_site_entry(request);
    NskJson *view;

    if (!nsk_http_site_check_origin(request, error))
        return false;
    entry.name = "";
    entry.passkey = &key;
    g_autoptr(NskDoorPass) pass = nsk_http_enter(site, request, &entry, error);
    if (pass == NULL)
        return false;
    if (pass->state == NSK_DOOR_OPEN) {
        nsk_http_let_in(request, response, pass);
        return true;
    }
    view = nsk_json_object();
    tell(response, view, pass);
    return nsk_http_show_sign_in(site, request, response, view, error);
}

static bool
prove(NskHttpVisit *visit, GError **error)
{
    NskHttpRequest *request = visit->request;
    const NskDoorKey key = read_key(visit->site, request);
    const char *token = nsk_http_request_get_cookie(request, NSK_HTTP_SESSION);
    NskDoorEntry entry = nsk_http_site_entry(request);
    g_autoptr(NskDoorPass) pass = NULL;
    NskJson *view;

    entry.passkey = &key;
    if (!nsk_office_door_prove(visit->office, token, &entry, &pass, error))
        return false;
    if (pass->state == NSK_DOOR_OPEN) {
        nsk_http_set_session(request, visit->response, pass);
        nsk_http_response_redirect(visit->response, nsk_http_find_way(request));
        return true;
    }
    view = nsk_json_object();
    tell(visit->response, view, pass);
    return nsk_http_show_again(visit, view, error);
}

/* --- Adding and removing --------------------------------------------------------------------- */

static bool
show_new_with(NskHttpVisit *visit, NskJson *view, GError **error)
{
    if (!nsk_http_add_passkey(visit->site, visit->office, NSK_PASSKEY_ADD, view, error))
        return false;
    return nsk_http_visit_show(visit, "profile-passkey", view, error);
}

static bool
show_new(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    return !nsk_http_visit_demand_proof(visit, NULL) || show_new_with(visit, view, error);
}

/* Faults that the person is told on the page. */
static bool
is_told(const GError *fault)
{
    static const int codes[] = { NSK_ERROR_INVALID, NSK_ERROR_UNTRUSTED, NSK_ERROR_EXPIRED,
                                 NSK_ERROR_CONFLICT, NSK_ERROR_LIMIT };

    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (g_error_matches(fault, NSK_ERROR, codes[i]))
            return true;
    }
    return false;
}

static bool
add(NskHttpVisit *visit, GError **error)
{
    const NskDoorKey key = read_key(visit->site, visit->request);
    g_autoptr(NskJson) view = NULL;
    g_autoptr(GError) fault = NULL;

    if (!nsk_http_visit_demand_proof(visit, "/profil/kunci"))
        return true;
    if (nsk_office_door_add_passkey(visit->office, &key, get_field(visit->request, "nama"),
                                    &fault)) {
        nsk_http_response_redirect(visit->response, "/profil?pesan=kunci");
        return true;
    }
    if (!is_told(fault)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    view = nsk_json_object();
    nsk_json_set_text(view, "label", get_field(visit->request, "nama"));
    nsk_http_add_fault(view, "nama", fault->message);
    nsk_http_response_set_status(visit->response, 422);
    return show_new_with(visit, view, error);
}

static bool
end(NskHttpVisit *visit, GError **error)
{
    if (!nsk_http_visit_demand_proof(visit, "/profil"))
        return true;
    if (!nsk_office_door_end_passkey(visit->office, get_field(visit->request, "kunci"), error))
        return false;
    nsk_http_response_redirect(visit->response, "/profil?pesan=kunci-akhir");
    return true;
}

const NskHttpRoute nsk_http_routes_passkey[] = {
    { .method = "POST",
      .pattern = "/masuk/kunci",
      .run = enter,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "POST",
      .pattern = "/masuk/ulang/kunci",
      .visit = prove,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET",
      .pattern = "/profil/kunci",
      .visit = show_new,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "POST",
      .pattern = "/profil/kunci",
      .visit = add,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "POST",
      .pattern = "/profil/kunci/akhir",
      .visit = end,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};

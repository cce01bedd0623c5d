/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The provider of identities, on a page.
 *
 *     /kelola/penyedia    how it is set, and what the provider has to know of the office; POST:
 *                         the field "tindakan" is ubah, uji or lepas
 */
#include "base/message.h"
#include "http/admin-private.h"
#include "office/sso.h"

#include <string.h>

#define PATH NSK_HTTP_ADMIN_PATH "/penyedia"

static const char *
get_field(const NskHttpVisit *visit, const char *name)
{
    const char *text = nsk_http_admin_field(visit, name);

    return text != NULL ? text : "";
}

/* The addresses as browsers see them, and the keys as they are to be registered. */
static void
add_office(const NskHttpVisit *visit, NskJson *provider)
{
    const NskJson *ways = nsk_json_get(provider, "ways");
    const char *site = visit->site->pages;
    NskJson *addresses = nsk_json_array();
    g_autoptr(NskJson) set = nsk_json_object();

    for (size_t i = 0; site != NULL && i < nsk_json_length(ways); i++) {
        g_autofree char *address = g_strconcat(site, nsk_json_text_at(ways, i), NULL);

        nsk_json_add_text(addresses, address);
    }
    nsk_json_set(set, "keys", nsk_json_ref(nsk_json_get(provider, "keys")));
    g_autofree char *text = nsk_json_pretty(set);
    nsk_json_set(provider, "addresses", addresses);
    nsk_json_set_text(provider, "set", text);
}

/* @typed: what stands in the form; NULL: what is set. */
static bool
show_with(NskHttpVisit *visit, NskJson *view, NskJson *typed, GError **error)
{
    g_autoptr(NskJson) provider = NULL;
    g_autoptr(NskJson) owned = typed;

    if (!nsk_office_sso_show(visit->office, &provider, error))
        return false;
    add_office(visit, provider);
    nsk_json_set(view, "typed", nsk_json_ref(typed != NULL ? typed : provider));
    nsk_json_set(view, "provider", g_steal_pointer(&provider));
    nsk_http_admin_tell(visit, view);
    return nsk_http_visit_show(visit, "admin-provider", view, error);
}

static bool
show(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    return show_with(visit, view, NULL, error);
}

/* --- What is done about it -------------------------------------------------------------------- */

static bool
change(NskHttpVisit *visit, GError **error)
{
    NskJson *typed = nsk_json_object();
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;
    const NskSsoSettings settings = { .issuer = get_field(visit, "penerbit"),
                                      .client = get_field(visit, "klien"),
                                      .name = get_field(visit, "nama"),
                                      .claim = nsk_http_admin_field(visit, "klaim") };

    nsk_json_set_text(typed, "issuer", settings.issuer);
    nsk_json_set_text(typed, "client", settings.client);
    nsk_json_set_text(typed, "name", settings.name);
    nsk_json_set_text(typed, "claim", settings.claim);
    if (nsk_office_sso_set(visit->office, &settings, &fault)) {
        nsk_json_unref(typed);
        nsk_http_response_redirect(visit->response, PATH "?pesan=penyedia");
        return true;
    }
    if (!nsk_http_admin_is_plain(fault)) {
        nsk_json_unref(typed);
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_http_admin_add_lines(view, fault->message);
    nsk_http_response_set_status(visit->response, 422);
    return show_with(visit, view, typed, error);
}

static bool
leave_it(NskHttpVisit *visit, GError **error)
{
    const NskSsoSettings none = { 0 };

    if (!nsk_office_sso_set(visit->office, &none, error))
        return false;
    nsk_http_response_redirect(visit->response, PATH "?pesan=penyedia-lepas");
    return true;
}

static bool
try_it(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(NskJson) result = NULL;

    if (!nsk_office_sso_check(visit->office, visit->site->pages, &result, error))
        return false;
    nsk_json_set(view, "tried", g_steal_pointer(&result));
    return show_with(visit, view, NULL, error);
}

static const struct {
    const char *word;
    bool (*run)(NskHttpVisit *visit, GError **error);
    bool needs_proof;
} acts[] = {
    { "ubah", change, true },
    { "lepas", leave_it, true },
    { "uji", try_it, false },
};

static bool
act(NskHttpVisit *visit, GError **error)
{
    const char *word = get_field(visit, "tindakan");

    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        if (strcmp(acts[i].word, word) != 0)
            continue;
        if (acts[i].needs_proof && !nsk_http_visit_demand_proof(visit, PATH))
            return true;
        return acts[i].run(visit, error);
    }
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                        nsk_tr("there is no such page here"));
    return false;
}

/* Trying it waits for the provider, for some seconds an answer: among many threads. */
const NskHttpRoute nsk_http_routes_admin_sso[] = {
    { .method = "GET", .pattern = PATH, .visit = show, .place = NSK_HTTP_OFFICE, .is_page = true },
    { .method = "POST",
      .pattern = PATH,
      .visit = act,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What somebody sees and changes of his own.
 *
 *     /profil              himself, his positions, his ways in, his sessions
 *     /profil/sandi        another password
 *     /profil/kode         a second factor is begun, and confirmed by a first code
 *     /profil/kode/akhir   it ends (POST)
 *     /profil/sesi         a session ends (POST): the field "sesi", or all others
 *     /profil/surel        what he is told by mail (POST)
 *     /profil/riwayat      what happened to his account; POST: some of that was not he
 */
#include "base/message.h"
#include "http/site-private.h"

#include <string.h>

/* What a redirect tells the page to say. */
static const struct {
    const char *code;
    const char *words;
} told[] = {
    { "sandi", N_("Your password is changed. You are signed out everywhere else.") },
    { "kode-akhir", N_("From now on your password alone lets you in.") },
    { "sesi", N_("That session is over.") },
    { "surel", N_("Your choice of mails is kept.") },
    { "kunci", N_("The passkey is added. You can sign in with it from now on.") },
    { "sso", N_("Your account is linked. You can sign in that way from now on.") },
    { "sso-akhir", N_("The link is undone. You cannot sign in that way any more.") },
    { "kunci-akhir", N_("The passkey is removed. Remove it from the device as well.") },
};

/* What browsers and systems call themselves, each before those that say the same and more. */
typedef struct {
    const char *mark;
    const char *name;
} Mark;
static const Mark browsers[] = {
    { "Edg/", "Edge" },        { "OPR/", "Opera" },     { "SamsungBrowser/", "Samsung Internet" },
    { "Firefox/", "Firefox" }, { "Chrome/", "Chrome" }, { "Safari/", "Safari" },
};
static const Mark systems[] = {
    { "Android", "Android" }, { "iPhone", "iPhone" },  { "iPad", "iPad" },
    { "Windows", "Windows" }, { "Mac OS X", "macOS" }, { "Linux", "Linux" },
};

static const char *
find_mark(const Mark *marks, size_t n, const char *agent)
{
    for (size_t i = 0; i < n; i++) {
        if (strstr(agent, marks[i].mark) != NULL)
            return marks[i].name;
    }
    return NULL;
}

/* Adds to each row what its browser is called by people. */
static void
name_devices(NskJson *rows)
{
    for (size_t i = 0; i < nsk_json_length(rows); i++) {
        NskJson *row = nsk_json_at(rows, i);
        const char *agent = nsk_json_get_text(row, "agent");
        const char *browser = find_mark(browsers, G_N_ELEMENTS(browsers), agent);
        const char *system = find_mark(systems, G_N_ELEMENTS(systems), agent);
        g_autofree char *name = browser != NULL && system != NULL
                                    ? g_strdup_printf("%s, %s", browser, system)
                                    : g_strdup(agent);

        nsk_json_set_text(row, "device", name);
    }
}

/* @more has faults, of what was wished; both may be NULL. */
static bool
show_profile_with(NskHttpVisit *visit, NskJson *more, const NskMailWish *wish, GError **error)
{
    g_autoptr(NskJson) view = NULL;
    NskJson *mail = NULL;
    const char *done = nsk_http_request_get_query(visit->request, "pesan");

    if (!nsk_office_door_profile(visit->office, &view, error) ||
        !nsk_office_mail_show(visit->office, &mail, error))
        return false;
    nsk_json_set(view, "mail", mail);
    if (!nsk_http_add_sso(visit->site, visit->office, view, error))
        return false;
    if (more != NULL)
        nsk_json_set(view, "faults", nsk_json_ref(nsk_json_get(more, "faults")));
    if (wish != NULL)
        nsk_json_set_text(mail, "handle", wish->handle);
    name_devices(nsk_json_get(view, "sessions"));
    nsk_json_set_text(view, "session", visit->visitor->session);
    nsk_json_set_bool(view, "has_place", visit->site->pages != NULL);
    for (size_t i = 0; done != NULL && i < G_N_ELEMENTS(told); i++) {
        if (strcmp(told[i].code, done) == 0)
            nsk_json_set_text(view, "done", nsk_tr(told[i].words));
    }
    return nsk_http_visit_show(visit, "profile", view, error);
}

static bool
show_profile(NskHttpVisit *visit, GError **error)
{
    return show_profile_with(visit, NULL, NULL, error);
}

/* --- Password -------------------------------------------------------------------------------- */

static bool
show_password_with(NskHttpVisit *visit, NskJson *view, GError **error)
{
    g_autoptr(NskJson) profile = NULL;

    if (!nsk_office_door_profile(visit->office, &profile, error))
        return false;
    nsk_json_set_bool(view, "given", nsk_json_get_bool(profile, "given", false));
    nsk_json_set_text(view, "account", nsk_json_get_text(profile, "account"));
    return nsk_http_visit_show(visit, "profile-password", view, error);
}

static bool
show_password(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();
    const char *done = nsk_http_request_get_query(visit->request, "pesan");

    if (g_strcmp0(done, "bukan-saya") == 0)
        nsk_json_set_text(view, "done",
                          nsk_tr("Everybody else is signed out. Now choose another password."));

    return show_password_with(visit, view, error);
}

/* Whether both are there, and the new one is what was meant. */
static bool
check_fields(const NskLocked *old, const NskLocked *next, const NskLocked *again, NskJson *view)
{
    if (old == NULL)
        nsk_http_add_fault(view, "sandi", nsk_tr("type the password that you have now"));
    if (next == NULL)
        nsk_http_add_fault(view, "sandi-baru", nsk_tr("type a new password"));
    else if (again == NULL || strcmp(nsk_locked_text(next), nsk_locked_text(again)) != 0)
        nsk_http_add_fault(view, "sandi-lagi", nsk_tr("this is not the same as the new password"));
    return nsk_json_get(view, "faults") == NULL;
}

static bool
refuse_password(NskHttpVisit *visit, NskJson *view, GError **error)
{
    nsk_http_response_set_status(visit->response, 422);
    return show_password_with(visit, view, error);
}

static bool
change_password(NskHttpVisit *visit, GError **error)
{
    NskHttpRequest *request = visit->request;
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(NskLocked) old = nsk_http_get_secret(request, "sandi");
    g_autoptr(NskLocked) next = nsk_http_get_secret(request, "sandi-baru");
    g_autoptr(NskLocked) again = nsk_http_get_secret(request, "sandi-lagi");
    g_autoptr(NskDoorPass) pass = NULL;
    g_autoptr(GError) fault = NULL;
    NskDoorChange change = { next, nsk_http_site_entry(request) };

    if (!check_fields(old, next, again, view))
        return refuse_password(visit, view, error);
    change.entry.password = old;
    if (!nsk_office_door_change(visit->office, &change, &pass, &fault)) {
        if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        nsk_http_add_fault(view, "sandi-baru", fault->message);
        return refuse_password(visit, view, error);
    }
    if (pass->state != NSK_DOOR_OPEN) {
        nsk_http_tell_pass(visit->response, view, "sandi", pass);
        return show_password_with(visit, view, error);
    }
    nsk_http_set_session(request, visit->response, pass);
    nsk_http_response_redirect(visit->response, "/profil?pesan=sandi");
    return true;
}

/* --- The second factor ----------------------------------------------------------------------- */

static bool
show_codes(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = NULL;

    if (!nsk_http_visit_demand_proof(visit, NULL))
        return true;
    if (!nsk_office_door_begin_codes(visit->office, visit->site->agency, NULL, &view, error))
        return false;
    nsk_http_response_set_uncompressed(visit->response);
    return nsk_http_visit_show(visit, "profile-codes", view, error);
}

static bool
confirm_codes(NskHttpVisit *visit, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskJson) view = NULL;
    const char *ticket = nsk_http_request_get_field(visit->request, "tiket");
    const char *code = nsk_http_request_get_field(visit->request, "kode");

    if (!nsk_http_visit_demand_proof(visit, "/profil/kode"))
        return true;
    nsk_http_response_set_uncompressed(visit->response);
    if (nsk_office_door_confirm_codes(visit->office, ticket != NULL ? ticket : "",
                                      code != NULL ? code : "", &view, &fault))
        return nsk_http_visit_show(visit, "profile-recovery", view, error);
    if ((!g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) &&
         !g_error_matches(fault, NSK_ERROR, NSK_ERROR_EXPIRED))) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (!nsk_office_door_begin_codes(visit->office, visit->site->agency, ticket, &view, error))
        return false;
    nsk_http_add_fault(view, "kode", fault->message);
    nsk_http_response_set_status(visit->response, 422);
    return nsk_http_visit_show(visit, "profile-codes", view, error);
}

static bool
end_codes(NskHttpVisit *visit, GError **error)
{
    if (!nsk_http_visit_demand_proof(visit, "/profil"))
        return true;
    if (!nsk_office_door_end_codes(visit->office, error))
        return false;
    nsk_http_response_redirect(visit->response, "/profil?pesan=kode-akhir");
    return true;
}

/* --- Sessions -------------------------------------------------------------------------------- */

static bool
end_session(NskHttpVisit *visit, GError **error)
{
    const char *id = nsk_http_request_get_field(visit->request, "sesi");
    const char *token = nsk_http_request_get_cookie(visit->request, NSK_HTTP_SESSION);

    if (!nsk_office_door_end_session(visit->office, id, token, error))
        return false;
    nsk_http_response_redirect(visit->response, "/profil?pesan=sesi");
    return true;
}

/* --- Mail ------------------------------------------------------------------------------------ */

static bool
choose_mail(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) fault = NULL;
    const char *way = nsk_http_request_get_field(visit->request, "jalan");
    const char *handle = nsk_http_request_get_field(visit->request, "nomor");
    NskMailWish wish = { .tasks = nsk_http_request_get_field(visit->request, "surel"),
                         .language = nsk_http_request_get_field(visit->request, "bahasa") };

    if (g_strcmp0(way, "obrolan") == 0)
        wish.handle = handle != NULL && handle[0] != '\0' ? handle : "-";
    else if (way != NULL)
        wish.handle = "";
    if (!nsk_office_mail_choose(visit->office, &wish, &result, &fault)) {
        if (wish.handle == NULL || !g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        g_autoptr(NskJson) view = nsk_json_object();
        nsk_http_add_fault(view, "nomor", fault->message);
        nsk_http_response_set_status(visit->response, 422);
        return show_profile_with(visit, view, &wish, error);
    }
    nsk_http_response_redirect(visit->response, "/profil?pesan=surel");
    return true;
}

/* --- What happened to his account ------------------------------------------------------------- */

static bool
show_history(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = NULL;

    if (!nsk_office_door_history(visit->office, &view, error))
        return false;
    name_devices(nsk_json_get(view, "events"));
    return nsk_http_visit_show(visit, "profile-history", view, error);
}

static bool
disown(NskHttpVisit *visit, GError **error)
{
    const char *token = nsk_http_request_get_cookie(visit->request, NSK_HTTP_SESSION);

    if (!nsk_office_door_disown(visit->office, token, error))
        return false;
    nsk_http_response_redirect(visit->response, "/profil/sandi?pesan=bukan-saya");
    return true;
}

const NskHttpRoute nsk_http_routes_profile[] = {
    { .method = "GET",
      .pattern = "/profil",
      .visit = show_profile,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "GET",
      .pattern = "/profil/sandi",
      .visit = show_password,
      .is_early = true,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "POST",
      .pattern = "/profil/sandi",
      .visit = change_password,
      .is_early = true,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET",
      .pattern = "/profil/kode",
      .visit = show_codes,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "POST",
      .pattern = "/profil/kode",
      .visit = confirm_codes,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "POST",
      .pattern = "/profil/kode/akhir",
      .visit = end_codes,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "POST",
      .pattern = "/profil/sesi",
      .visit = end_session,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET",
      .pattern = "/profil/riwayat",
      .visit = show_history,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "POST",
      .pattern = "/profil/riwayat",
      .visit = disown,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "POST",
      .pattern = "/profil/surel",
      .visit = choose_mail,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};

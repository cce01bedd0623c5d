/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Five minutes with a demo office; on this machine alone, and in no other office (site.c).
 *
 *     /coba                     the path of six steps, and whom one can be
 *     /coba/masuk (POST)        signs in as one of the demo's people: fields "orang", "ke"
 *     /coba/langkah (POST)      what the demo does itself: field "langkah"
 *     /coba/lagi (POST)         the path from its beginning
 *     /coba/pindaian.pdf        a letter to register
 *     /coba/surat.pdf           the reply as it was signed
 *     /coba/surat-diubah.pdf    with one bit changed
 */
#include "base/bytes.h"
#include "base/message.h"
#include "base/resource.h"
#include "http/demo-path.h"

#include <string.h>

#define HOME          "/coba"
#define SCAN          "templates/demo/scan.pdf"
#define MOST_SECRET   ((size_t)1024)
#define PASSWORD_FILE "demo-password"
#define PASSPHRASE    "passphrase"

/* Whom a visitor can be. */
static const struct {
    const char *person, *name, *role;
} people[] = {
    { "wening", "Wening", N_("registry (TU): enters letters that came in") },
    { "sekar", "Dr. Sekar", N_("head of the bureau: disposes and signs") },
    { "damar", "Damar", N_("clerk: drafts letters") },
    { "kirana", "Kirana", N_("reviewer: corrects, and gives her paraf") },
    { "budi", "Budi", N_("head of a section: carries out dispositions") },
    { "ratna", "Ratna", N_("looks after the office: people, positions, keys") },
};

/* The steps. */
static const char *const steps[DEMO_STEPS] = {
    N_("The registry (TU) enters a letter that came in, with its scan"),
    N_("The head of the bureau disposes"),
    N_("The clerk writes the reply"),
    N_("A reviewer finds a slip, and it is corrected"),
    N_("The head signs"),
    N_("A citizen verifies it; a changed copy is caught"),
};

/* What to do now. */
static const struct {
    const char *act, *person;
    int done;
    const char *words, *button;
} deeds[] = {
    { "register", "wening", 0,
      N_("A village asks for chairs. Look at the scan, then let Wening enter it: the letter gets "
         "its number in the agenda and goes to the head."),
      N_("Enter the letter") },
    { NULL, "sekar", 1,
      N_("Be Dr. Sekar: choose a receiver, press the button to dispose. Three taps, also on a "
         "telephone."),
      N_("Go on as Dr. Sekar") },
    { "reply", "damar", 2,
      N_("Let Damar begin a reply that is written already. Read it and submit it for review."),
      N_("Begin the reply as Damar") },
    { NULL, "damar", 2, N_("The reply is drafted. Submit it for review."), N_("Go on as Damar") },
    { NULL, "kirana", 3,
      N_("Be Kirana and compare the chairs in figures and in words: 50 is not fifteen. Return the "
         "letter and say why. When it comes back corrected, give your paraf."),
      N_("Go on as Kirana") },
    { "correct", "damar", 3,
      N_("The letter came back. Let Damar correct the number, then submit it again."),
      N_("Correct it as Damar") },
    { NULL, "damar", 3, N_("It is corrected. Submit it again."), N_("Go on as Damar") },
    { NULL, "sekar", 4,
      N_("Be Dr. Sekar again: make the pages, look at them, and sign. The passphrase of her demo "
         "key stands below."),
      N_("Go on as Dr. Sekar") },
    { "check", NULL, 5,
      N_("Be a citizen. Verify the signed letter, and a copy in which a single bit was changed."),
      N_("Verify both") },
};

char *
nsk_http_demo_secret(const NskHttpSite *site, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(site->dir, "keys", name, NULL);
    g_autoptr(GBytes) line = nsk_file_read(path, MOST_SECRET, error);

    if (line == NULL)
        return NULL;
    return g_strchomp(g_strndup(g_bytes_get_data(line, NULL), g_bytes_get_size(line)));
}

/* --- The page -------------------------------------------------------------------------------- */

static void
add_steps(const DemoNext *next, NskJson *view)
{
    NskJson *list = nsk_json_array();

    for (int i = 0; i < DEMO_STEPS; i++) {
        NskJson *step = nsk_json_object();

        nsk_json_set_text(step, "words", nsk_tr(steps[i]));
        nsk_json_set_bool(step, "done", i < next->done);
        nsk_json_set_bool(step, "now", i == next->done);
        nsk_json_add(list, step);
    }
    nsk_json_set(view, "steps", list);
}

/* What is to be done now; nothing if the path is at its end. */
static void
add_deed(const DemoNext *next, NskJson *view)
{
    for (size_t i = 0; i < G_N_ELEMENTS(deeds); i++) {
        if (deeds[i].done != next->done || g_strcmp0(deeds[i].act, next->act) != 0 ||
            (next->act == NULL && g_strcmp0(deeds[i].person, next->person) != 0))
            continue;
        NskJson *deed = nsk_json_object();
        nsk_json_set_text(deed, "act", next->act);
        nsk_json_set_text(deed, "person", deeds[i].person);
        nsk_json_set_text(deed, "href", next->href);
        nsk_json_set_text(deed, "words", nsk_tr(deeds[i].words));
        nsk_json_set_text(deed, "button", nsk_tr(deeds[i].button));
        nsk_json_set(view, "deed", deed);
        return;
    }
}

static void
add_people(NskJson *view)
{
    NskJson *list = nsk_json_array();

    for (size_t i = 0; i < G_N_ELEMENTS(people); i++) {
        NskJson *person = nsk_json_object();

        nsk_json_set_text(person, "person", people[i].person);
        nsk_json_set_text(person, "name", people[i].name);
        nsk_json_set_text(person, "role", nsk_tr(people[i].role));
        nsk_json_add(list, person);
    }
    nsk_json_set(view, "people", list);
}

/* Adds where the path stands. */
static bool
add_path(NskHttpSite *site, NskOffice *office, NskJson *view, GError **error)
{
    g_auto(DemoTrail) trail = { 0 };
    g_auto(DemoNext) next = { 0 };

    demo_trail_load(site, &trail);
    if (!demo_path_look(office, &trail, &next, error))
        return false;
    add_steps(&next, view);
    add_deed(&next, view);
    add_people(view);
    nsk_json_set_int(view, "done_steps", next.done);
    if (next.done == 4) {
        g_autofree char *passphrase = nsk_http_demo_secret(site, PASSPHRASE, error);
        if (passphrase == NULL)
            return false;
        nsk_json_set_text(view, "passphrase", passphrase);
    }
    return true;
}

/* A page elsewhere whose name leads to this machine is not this server's. */
static bool
is_called_local(const NskHttpRequest *request, GError **error)
{
    const char *host = nsk_http_request_get_header(request, "Host");

    if (host != NULL && (g_str_has_prefix(host, "127.") || g_str_equal(host, "localhost") ||
                         g_str_has_prefix(host, "localhost:")))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                        nsk_tr("open the demo by its own address, such as http://127.0.0.1:8080"));
    return false;
}

bool
nsk_http_demo_call(NskHttpSite *site,
                   NskHttpRequest *request,
                   NskHttpResponse *response,
                   NskHttpDemoDeed deed,
                   GError **error)
{
    g_autoptr(GError) fault = NULL;

    if (!is_called_local(request, error))
        return false;
    NskOffice *office = nsk_http_site_borrow(site, error);

    if (office == NULL)
        return false;
    const NskHttpDemoCall call = { site, office, request, response };
    bool ok = deed(&call, &fault);
    nsk_http_site_return(site, office, fault);
    if (!ok)
        g_propagate_error(error, g_steal_pointer(&fault));
    return ok;
}

static bool
show_path(const NskHttpDemoCall *call, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    return add_path(call->site, call->office, view, error) &&
           nsk_http_site_show(call->site, call->request, call->response, "demo", view, error);
}

static bool
show(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    return nsk_http_demo_call(data, request, response, show_path, error);
}

/* --- Signing in ------------------------------------------------------------------------------ */

/* Signs in as @person and goes to @way. */
static bool
enter_as(const NskHttpDemoCall *call, const char *person, const char *way, GError **error)
{
    const char *token = nsk_http_request_get_cookie(call->request, NSK_HTTP_SESSION);
    g_autofree char *password = nsk_http_demo_secret(call->site, PASSWORD_FILE, error);
    NskDoorEntry entry = nsk_http_site_entry(call->request);
    g_autoptr(NskDoorPass) pass = NULL;

    if (password == NULL)
        return false;
    g_autoptr(NskLocked) locked = nsk_locked_new(password, strlen(password), error);
    entry.name = person;
    entry.password = locked;
    if (locked == NULL || !nsk_office_door_enter(call->office, &entry, &pass, error))
        return false;
    if (pass->state != NSK_DOOR_OPEN) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("%s has another password by now, or a second factor; sign in by the "
                           "page /masuk"),
                    person);
        return false;
    }
    if (token != NULL && !nsk_office_door_leave(call->office, token, error))
        return false;
    nsk_http_set_session(call->request, call->response, pass);
    nsk_http_response_redirect(call->response, nsk_http_site_path(way));
    return true;
}

static bool
sign_in(const NskHttpDemoCall *call, GError **error)
{
    const char *person = nsk_http_request_get_field(call->request, "orang");
    const char *way = nsk_http_request_get_field(call->request, "ke");

    for (size_t i = 0; i < G_N_ELEMENTS(people); i++) {
        if (g_strcmp0(people[i].person, person) == 0)
            return enter_as(call, person, way != NULL ? way : "/beranda", error);
    }
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("choose one of the people on the page /coba"));
    return false;
}

static bool
take_person(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    return nsk_http_site_check_origin(request, error) &&
           nsk_http_demo_call(data, request, response, sign_in, error);
}

/* --- Steps ----------------------------------------------------------------------------------- */

static bool
verify(const NskHttpDemoCall *call, GError **error)
{
    g_autoptr(NskJson) verdicts = NULL;
    g_autoptr(NskJson) view = nsk_json_object();

    if (!demo_path_check(call->site, call->office, &verdicts, error) ||
        !add_path(call->site, call->office, view, error))
        return false;
    nsk_json_set(view, "verdicts", g_steal_pointer(&verdicts));
    return nsk_http_site_show(call->site, call->request, call->response, "demo", view, error);
}

static bool
go_step(const NskHttpDemoCall *call, GError **error)
{
    const char *act = nsk_http_request_get_field(call->request, "langkah");
    g_autofree char *href = NULL;

    if (g_strcmp0(act, "register") == 0) {
        nsk_http_response_redirect(call->response, HOME);
        return demo_path_register(call->site, call->office, error);
    }
    if (g_strcmp0(act, "reply") == 0)
        return demo_path_reply(call->site, call->office, &href, error) &&
               enter_as(call, "damar", href, error);
    if (g_strcmp0(act, "correct") == 0)
        return demo_path_correct(call->site, call->office, &href, error) &&
               enter_as(call, "damar", href, error);
    if (g_strcmp0(act, "check") == 0)
        return verify(call, error);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("there is no such step; go on from the page /coba"));
    return false;
}

static bool
take_step(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    NskHttpSite *site = data;

    if (!nsk_http_site_check_origin(request, error))
        return false;
    g_mutex_lock(&site->demo_lock);
    bool ok = nsk_http_demo_call(site, request, response, go_step, error);
    g_mutex_unlock(&site->demo_lock);
    return ok;
}

static bool
begin_again(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    nsk_http_response_redirect(response, HOME);
    return is_called_local(request, error) && nsk_http_site_check_origin(request, error) &&
           demo_trail_forget(data, error);
}

/* --- Files ----------------------------------------------------------------------------------- */

static void
send_pdf(NskHttpResponse *response, GBytes *pdf, const char *name)
{
    g_autofree char *disposition = g_strdup_printf("attachment; filename=\"%s\"", name);

    nsk_http_response_set_bytes(response, "application/pdf", pdf);
    nsk_http_response_add_header(response, "Content-Disposition", disposition);
    nsk_http_response_set_policy(response, "default-src 'none'; frame-ancestors 'none'; sandbox");
}

static bool
send_scan(G_GNUC_UNUSED NskHttpRequest *request,
          NskHttpResponse *response,
          G_GNUC_UNUSED void *data,
          GError **error)
{
    g_autoptr(GBytes) scan = nsk_resource_load(SCAN, error);

    if (scan != NULL)
        send_pdf(response, scan, "pindaian-contoh.pdf");
    return scan != NULL;
}

static bool
give_reply(const NskHttpDemoCall *call, GError **error)
{
    bool is_changed = g_str_has_suffix(nsk_http_request_get_path(call->request), "-diubah.pdf");
    g_autoptr(GBytes) pdf = demo_path_pdf(call->site, call->office, is_changed, error);

    if (pdf != NULL)
        send_pdf(call->response, pdf, is_changed ? "surat-diubah.pdf" : "surat.pdf");
    return pdf != NULL;
}

static bool
send_reply(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    return nsk_http_demo_call(data, request, response, give_reply, error);
}

const NskHttpRoute nsk_http_routes_demo[] = {
    { .method = "GET", .pattern = HOME, .run = show, .place = NSK_HTTP_OFFICE, .is_page = true },
    { .method = "POST",
      .pattern = "/coba/masuk",
      .run = take_person,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "POST",
      .pattern = "/coba/langkah",
      .run = take_step,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "POST",
      .pattern = "/coba/lagi",
      .run = begin_again,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET",
      .pattern = "/coba/pindaian.pdf",
      .run = send_scan,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "GET",
      .pattern = "/coba/surat.pdf",
      .run = send_reply,
      .place = NSK_HTTP_HEAVY,
      .is_page = true },
    { .method = "GET",
      .pattern = "/coba/surat-diubah.pdf",
      .run = send_reply,
      .place = NSK_HTTP_HEAVY,
      .is_page = true },
    { .method = NULL },
};

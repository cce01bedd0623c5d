/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes on by itself, and searches that are kept.
 *
 *     /alur/{letter}              where a letter is: its workflow as a picture and as a list
 *     /alur/{letter}/gambar.svg   the picture
 *     /pekerjaan?semua=           signatures at their signer, mail, what programs asked for;
 *                                 "semua" for who looks after the office
 *     /simpan (POST)              keeps the search of a list under a name: tempat, nama, kueri
 *     /simpan/hapus (POST)        and forgets it
 */
#include "base/message.h"
#include "http/site-private.h"
#include "office/admin.h"

#include <string.h>

/* --- The workflow of a letter ---------------------------------------------------------------- */

static const char *
named(const NskHttpVisit *visit)
{
    return nsk_http_request_get_piece(visit->request, "letter");
}

static bool
show_flow(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = NULL;

    return nsk_office_letter_standing(visit->office, named(visit), &view, error) &&
           nsk_http_visit_show(visit, "flow", view, error);
}

static bool
send_picture(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GBytes) svg = NULL;

    if (!nsk_office_letter_diagram(visit->office, named(visit), NULL, issues, &svg, error))
        return false;
    nsk_http_send_svg(visit->response, svg);
    return true;
}

/* --- In the background ----------------------------------------------------------------------- */

static bool
show_jobs(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = NULL;
    bool all = visit->visitor->administers &&
               g_strcmp0(nsk_http_request_get_query(visit->request, "semua"), "1") == 0;

    if (!nsk_office_background(visit->office, all, &view, error))
        return false;
    nsk_json_set(view, "jobs", nsk_http_jobs_of(visit->site->jobs, visit->visitor->person));
    nsk_json_set_bool(view, "all", all);
    nsk_json_set_bool(view, "may_all", visit->visitor->administers);
    return nsk_http_visit_show(visit, "jobs", view, error);
}

/* --- Searches -------------------------------------------------------------------------------- */

static const char *
get_field(const NskHttpVisit *visit, const char *name)
{
    const char *text = nsk_http_request_get_field(visit->request, name);

    return text != NULL ? text : "";
}

bool
nsk_http_add_searches(NskHttpVisit *visit, const char *place, NskJson *view, GError **error)
{
    g_autoptr(NskJson) kept = NULL;

    if (!nsk_office_search_kept(visit->office, place, &kept, error))
        return false;
    nsk_json_set(view, "searches", nsk_json_ref(nsk_json_get(kept, "searches")));
    return true;
}

/* Back to the list, with what is looked for. */
static void
go_back(NskHttpVisit *visit, const char *message)
{
    const char *place = strcmp(get_field(visit, "tempat"), "tugas") == 0 ? "/tugas" : "/arsip";
    const char *query = get_field(visit, "kueri");
    g_autofree char *address =
        g_strconcat(place, "?pesan=", message, query[0] != '\0' ? "&" : "", query, NULL);

    nsk_http_response_redirect(visit->response, address);
}

static bool
keep(NskHttpVisit *visit, const char *query, const char *message, GError **error)
{
    const NskSavedSearch search = { get_field(visit, "tempat"), get_field(visit, "nama"), query };
    g_autoptr(NskJson) result = NULL;

    if (!nsk_office_search_keep(visit->office, &search, &result, error))
        return false;
    go_back(visit, message);
    return true;
}

static bool
keep_search(NskHttpVisit *visit, GError **error)
{
    return keep(visit, get_field(visit, "kueri"), "simpan", error);
}

static bool
forget_search(NskHttpVisit *visit, GError **error)
{
    return keep(visit, NULL, "lupakan", error);
}

const NskHttpRoute nsk_http_routes_flow[] = {
    { .method = "GET", .pattern = "/alur/{letter}", .visit = show_flow, .is_page = true },
    { .method = "GET",
      .pattern = "/alur/{letter}/gambar.svg",
      .visit = send_picture,
      .place = NSK_HTTP_HEAVY,
      .is_page = true },
    { .method = "GET", .pattern = "/pekerjaan", .visit = show_jobs, .is_page = true },
    { .method = "POST",
      .pattern = "/simpan",
      .visit = keep_search,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "POST",
      .pattern = "/simpan/hapus",
      .visit = forget_search,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};

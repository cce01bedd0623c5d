/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters that are looked for, and what was found as a list to keep.
 *
 *     /arsip?kata=&dari=&sampai=&pengirim=&penerima=&klasifikasi=&pejabat=
 *           &jenis=&tahun=&unit=&sifat=&status=&setelah=
 *     /arsip.csv, /arsip.pdf    all that the same address finds
 *
 * All that is asked stands in the address, so that it can be kept, sent and come back to.
 */
#include "base/message.h"
#include "http/site-private.h"
#include "office/search.h"

#include <string.h>

/* What the address may ask, and where a search has it. */
typedef struct {
    const char *query;
    size_t member;     /* offset of a const char * in NskSearchAsk */
    const char *facet; /* by which it is counted; NULL: it is typed */
} Filter;

#define MEMBER(name) offsetof(NskSearchAsk, name)

static const Filter filters[] = {
    { "dari", MEMBER(from), NULL },
    { "sampai", MEMBER(until), NULL },
    { "pengirim", MEMBER(sender), NULL },
    { "penerima", MEMBER(addressee), NULL },
    { "klasifikasi", MEMBER(classification), NULL },
    { "pejabat", MEMBER(person), NULL },
    { "jenis", MEMBER(kind), "kind" },
    { "tahun", MEMBER(year), "year" },
    { "unit", MEMBER(unit), "unit" },
    { "sifat", MEMBER(security), "class" },
    { "status", MEMBER(state), "state" },
};

/* A search of an address. */
typedef struct {
    const char *text; /* "" if none */
    const char *chosen[G_N_ELEMENTS(filters)];
    char *person; /* whom the name that was typed means */
    bool any;     /* something is asked */
} Asked;

static void
asked_clear(Asked *asked)
{
    g_free(asked->person);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asked, asked_clear)

/* Fields of a form that were left empty are not asked. */
static const char *
get_query(const NskHttpVisit *visit, const char *name)
{
    const char *value = nsk_http_request_get_query(visit->request, name);

    return value != NULL && value[strspn(value, " ")] != '\0' ? value : NULL;
}

static void
read_asked(const NskHttpVisit *visit, Asked *asked)
{
    asked->text = get_query(visit, "kata");
    asked->any = asked->text != NULL;
    if (asked->text == NULL)
        asked->text = "";
    for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
        asked->chosen[i] = get_query(visit, filters[i].query);
        asked->any = asked->any || asked->chosen[i] != NULL;
    }
}

static void
add_part(GString *query, const char *name, const char *value)
{
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);

    g_string_append_printf(query, "%s%s=%s", query->len > 0 ? "&" : "", name, escaped);
}

/* The address' query with @value (NULL: none) for the filter @which; -1: as it is; owned. */
static char *
write_query(const Asked *asked, int which, const char *value)
{
    GString *query = g_string_new(NULL);

    if (asked->text[0] != '\0')
        add_part(query, "kata", asked->text);
    for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
        const char *chosen = (int)i == which ? value : asked->chosen[i];

        if (chosen != NULL)
            add_part(query, filters[i].query, chosen);
    }
    return g_string_free(query, FALSE);
}

/* The search; a person is named by a part of his name, as the clerk knows him. */
static bool
make_ask(NskHttpVisit *visit, Asked *asked, NskSearchAsk *out, GError **error)
{
    *out = (NskSearchAsk){ .text = asked->text };
    for (size_t i = 0; i < G_N_ELEMENTS(filters); i++)
        *(const char **)(void *)((char *)out + filters[i].member) = asked->chosen[i];
    if (out->person == NULL)
        return true;
    if (!nsk_http_find_person(visit, out->person, &asked->person, error))
        return false;
    out->person = asked->person;
    return true;
}

/* --- The page -------------------------------------------------------------------------------- */

static int
find_facet(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
        if (g_strcmp0(filters[i].facet, name) == 0)
            return (int)i;
    }
    return -1;
}

/* Where each count leads: to those alone, or, if they are chosen, to all again. */
static void
link_facets(const Asked *asked, NskJson *view)
{
    NskJson *list = nsk_json_get(view, "facets");

    for (size_t i = 0; i < nsk_json_length(list); i++) {
        NskJson *facet = nsk_json_at(list, i);
        NskJson *values = nsk_json_get(facet, "values");
        int which = find_facet(nsk_json_get_text(facet, "name"));

        for (size_t k = 0; which >= 0 && k < nsk_json_length(values); k++) {
            NskJson *value = nsk_json_at(values, k);
            const char *name = nsk_json_get_text(value, "value");
            bool is_chosen = g_strcmp0(asked->chosen[which], name) == 0;
            g_autofree char *query = write_query(asked, which, is_chosen ? NULL : name);
            g_autofree char *address = g_strconcat("/arsip?", query, NULL);

            nsk_json_set_text(value, "href", address);
            nsk_json_set_bool(value, "chosen", is_chosen);
        }
    }
}

static bool
search(NskHttpVisit *visit, Asked *asked, NskJson **out_view, GError **error)
{
    NskSearchAsk ask;

    if (!make_ask(visit, asked, &ask, error))
        return false;
    ask.after = get_query(visit, "setelah");
    ask.facets = ask.after == NULL;
    if (!nsk_office_search(visit->office, &ask, out_view, error))
        return false;
    link_facets(asked, *out_view);
    return true;
}

/* What was asked: typed things for their fields, chosen ones go along with the form. */
static void
tell_asked(const Asked *asked, NskJson *view)
{
    bool typed = false;
    NskJson *told = nsk_json_object();
    NskJson *kept = nsk_json_array();
    g_autofree char *query = asked->any ? write_query(asked, -1, NULL) : g_strdup("");

    for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
        if (asked->chosen[i] == NULL)
            continue;
        if (filters[i].facet == NULL) {
            typed = true;
            nsk_json_set_text(told, filters[i].query, asked->chosen[i]);
            continue;
        }
        NskJson *one = nsk_json_object();
        nsk_json_set_text(one, "name", filters[i].query);
        nsk_json_set_text(one, "value", asked->chosen[i]);
        nsk_json_add(kept, one);
    }
    nsk_json_set_text(view, "text", asked->text);
    nsk_json_set_text(view, "query", query);
    nsk_json_set(view, "asked", told);
    nsk_json_set(view, "chosen", kept);
    nsk_json_set_bool(view, "narrow", typed);
}

/* The field that is at fault: the one thing of it that has a form. */
static const char *
find_field(const Asked *asked, const NskSearchAsk *ask, bool of_person)
{
    NskDate day;

    if (of_person)
        return "pejabat";
    if (ask->from != NULL && !nsk_date_parse(ask->from, &day, NULL))
        return "dari";
    if (ask->until != NULL && !nsk_date_parse(ask->until, &day, NULL))
        return "sampai";
    return asked->text[0] != '\0' ? "kata" : NULL;
}

static void
tell_fault(NskHttpVisit *visit, const Asked *asked, const GError *fault, NskJson *view)
{
    size_t person = 5;
    bool of_person = asked->chosen[person] != NULL && asked->person == NULL;
    const NskSearchAsk ask = { .from = asked->chosen[0], .until = asked->chosen[1] };

    nsk_http_add_fault(view, find_field(asked, &ask, of_person), fault->message);
    nsk_http_response_set_status(visit->response, 422);
}

/* Nothing is looked for until something is asked; what cannot be read is told at its field. */
static bool
show_archive(NskHttpVisit *visit, GError **error)
{
    g_auto(Asked) asked = { 0 };
    g_autoptr(NskJson) view = NULL;
    g_autoptr(GError) fault = NULL;

    read_asked(visit, &asked);
    if (asked.any && !search(visit, &asked, &view, &fault) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (view == NULL)
        view = nsk_json_object();
    if (!nsk_http_add_units(visit, view, error))
        return false;
    nsk_http_tell_done(visit, view);
    if (fault != NULL)
        tell_fault(visit, &asked, fault, view);
    tell_asked(&asked, view);
    return nsk_http_add_searches(visit, "arsip", view, error) &&
           nsk_http_visit_show(visit, "archive", view, error);
}

/* --- What was found, as a list --------------------------------------------------------------- */

static bool
send_list(NskHttpVisit *visit, bool pdf, GError **error)
{
    NskSearchAsk ask;
    g_auto(Asked) asked = { 0 };
    g_autoptr(GBytes) bytes = NULL;

    read_asked(visit, &asked);
    if (!make_ask(visit, &asked, &ask, error) ||
        !nsk_office_search_write(visit->office, &ask, pdf, &bytes, error))
        return false;
    nsk_http_response_set_bytes(visit->response,
                                pdf ? "application/pdf" : "text/csv; charset=utf-8", bytes);
    nsk_http_response_add_header(visit->response, "Content-Disposition",
                                 pdf ? "attachment; filename=\"daftar-arsip.pdf\""
                                     : "attachment; filename=\"daftar-arsip.csv\"");
    return true;
}

static bool
send_pdf(NskHttpVisit *visit, GError **error)
{
    return send_list(visit, true, error);
}

static bool
send_csv(NskHttpVisit *visit, GError **error)
{
    return send_list(visit, false, error);
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_archive[] = {
    { .method = "GET", .pattern = "/arsip", .visit = show_archive, .is_page = true },
    { .method = "GET", .pattern = "/arsip.csv", .visit = send_csv, .place = NSK_HTTP_HEAVY,
      .is_page = true },
    { .method = "GET", .pattern = "/arsip.pdf", .visit = send_pdf, .place = NSK_HTTP_HEAVY,
      .is_page = true },
    { .method = NULL },
};
/* clang-format on */

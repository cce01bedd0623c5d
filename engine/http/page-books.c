/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists that people look things up in.
 *
 *     /masuk-surat?semua=            letters that came in, the newest first
 *     /arsip?kata=&jenis=&tahun=&unit=&sifat=&status=&setelah=   letters by their words and facets
 *     /ekspedisi?semua=&setelah=     the expedition book
 *     /register?buku=&tahun=         registers of a unit and year; /register.pdf and .csv as files
 */
#include "base/message.h"
#include "http/site-private.h"

#include <string.h>

static bool
is_asked(const NskHttpVisit *visit, const char *name)
{
    return g_strcmp0(nsk_http_request_get_query(visit->request, name), "1") == 0;
}

static bool
show_incoming(NskHttpVisit *visit, GError **error)
{
    const NskIncomingList ask = { .all = is_asked(visit, "semua"), .limit = 100 };
    g_autoptr(NskJson) view = NULL;
    g_autoptr(NskJson) desk = NULL;

    if (!nsk_office_incoming_list(visit->office, &ask, &view, error) ||
        !nsk_office_incoming_desk(visit->office, &desk, error))
        return false;
    nsk_json_set_bool(view, "all", ask.all);
    nsk_http_tell_done(visit, view);
    nsk_json_set_bool(view, "may_register", nsk_json_get_bool(desk, "may", false));
    return nsk_http_visit_show(visit, "incoming", view, error);
}

/* --- The archive ----------------------------------------------------------------------------- */

/* Facets of a search and what the address calls them. */
static const struct {
    const char *facet;
    const char *query;
} facets[] = {
    { "kind", "jenis" },  { "year", "tahun" },   { "unit", "unit" },
    { "class", "sifat" }, { "state", "status" },
};

static const char *
get_filter(const NskHttpVisit *visit, size_t i)
{
    const char *value = nsk_http_request_get_query(visit->request, facets[i].query);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

static void
add_part(GString *query, const char *name, const char *value)
{
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);

    g_string_append_printf(query, "%s%s=%s", query->len > 0 ? "&" : "", name, escaped);
}

/* The address' query with @value (NULL: none) for the facet @which; -1: as it is. */
static char *
write_query(const NskHttpVisit *visit, const char *text, int which, const char *value)
{
    GString *query = g_string_new(NULL);

    add_part(query, "kata", text);
    for (size_t i = 0; i < G_N_ELEMENTS(facets); i++) {
        const char *chosen = (int)i == which ? value : get_filter(visit, i);

        if (chosen != NULL)
            add_part(query, facets[i].query, chosen);
    }
    return g_string_free(query, FALSE);
}

/* Where each count leads: to those alone, or, if they are chosen, to all again. */
static void
link_facets(const NskHttpVisit *visit, const char *text, NskJson *view)
{
    NskJson *list = nsk_json_get(view, "facets");

    for (size_t i = 0; i < nsk_json_length(list); i++) {
        NskJson *values = nsk_json_get(nsk_json_at(list, i), "values");
        const char *chosen = get_filter(visit, i);

        for (size_t k = 0; k < nsk_json_length(values); k++) {
            NskJson *value = nsk_json_at(values, k);
            const char *name = nsk_json_get_text(value, "value");
            bool is_chosen = g_strcmp0(chosen, name) == 0;
            g_autofree char *query = write_query(visit, text, (int)i, is_chosen ? NULL : name);
            g_autofree char *address = g_strconcat("/arsip?", query, NULL);

            nsk_json_set_text(value, "href", address);
            nsk_json_set_bool(value, "chosen", is_chosen);
        }
    }
}

static bool
search(NskHttpVisit *visit, const char *text, NskJson **out_view, GError **error)
{
    const char *after = nsk_http_request_get_query(visit->request, "setelah");
    const NskSearchAsk ask = { .text = text,
                               .after = after,
                               .facets = after == NULL,
                               .kind = get_filter(visit, 0),
                               .year = get_filter(visit, 1),
                               .unit = get_filter(visit, 2),
                               .security = get_filter(visit, 3),
                               .state = get_filter(visit, 4) };

    if (!nsk_office_search(visit->office, &ask, out_view, error))
        return false;
    link_facets(visit, text, *out_view);
    return true;
}

/* Nothing is looked for until something is typed; what cannot be read is told at the field. */
static bool
show_archive(NskHttpVisit *visit, GError **error)
{
    const char *text = nsk_http_request_get_query(visit->request, "kata");
    bool is_typed = text != NULL && text[strspn(text, " ")] != '\0';
    g_autoptr(NskJson) view = NULL;
    g_autoptr(GError) fault = NULL;

    if (is_typed && !search(visit, text, &view, &fault) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (view == NULL)
        view = nsk_json_object();
    if (!nsk_http_add_units(visit, view, error))
        return false;
    nsk_http_tell_done(visit, view);
    if (fault != NULL) {
        nsk_http_add_fault(view, "kata", fault->message);
        nsk_http_response_set_status(visit->response, 422);
    }
    g_autofree char *query = is_typed ? write_query(visit, text, -1, NULL) : g_strdup("");
    nsk_json_set_text(view, "text", text);
    nsk_json_set_text(view, "query", query);
    return nsk_http_add_searches(visit, "arsip", view, error) &&
           nsk_http_visit_show(visit, "archive", view, error);
}

static bool
show_expedition(NskHttpVisit *visit, GError **error)
{
    const NskDispatchAsk ask = { .all = is_asked(visit, "semua"),
                                 .after = nsk_http_request_get_query(visit->request, "setelah") };
    g_autoptr(NskJson) view = NULL;

    if (!nsk_office_dispatch_list(visit->office, &ask, &view, error))
        return false;
    nsk_json_set_bool(view, "all", ask.all);
    return nsk_http_visit_show(visit, "expedition", view, error);
}

/* --- Registers ------------------------------------------------------------------------------- */

static NskRegisterAsk
read_register(const NskHttpVisit *visit)
{
    const char *book = nsk_http_request_get_query(visit->request, "buku");
    const char *year = nsk_http_request_get_query(visit->request, "tahun");
    NskRegisterAsk ask = { .book = book != NULL ? book : "outgoing",
                           .unit = nsk_http_request_get_query(visit->request, "unit") };
    gint64 number = 0;

    if (year != NULL && g_ascii_string_to_signed(year, 10, 1, 9999, &number, NULL))
        ask.year = number;
    return ask;
}

/* Rows as lists of texts in the order of the book's columns, with its heads. */
static const struct {
    const char *book;
    const char *columns;
} shown[] = {
    { "outgoing", "number date subject to state" },
    { "incoming", "number at origin subject to state" },
    { "expedition", "number to channel state at receiver" },
    { "disposition", "number subject at giver to due state" },
    { "archive", "classification number date origin subject" },
};

static void
add_columns(const char *book, const NskJson *result, NskJson *view)
{
    g_auto(GStrv) columns = NULL;
    NskJson *heads = nsk_json_array();
    NskJson *rows = nsk_json_array();
    const NskJson *all = nsk_json_get(result, "rows");

    for (size_t i = 0; i < G_N_ELEMENTS(shown); i++) {
        if (strcmp(shown[i].book, book) == 0)
            columns = g_strsplit(shown[i].columns, " ", -1);
    }
    for (int k = 0; columns != NULL && columns[k] != NULL; k++)
        nsk_json_add_text(heads, columns[k]);
    for (size_t i = 0; columns != NULL && i < nsk_json_length(all); i++) {
        NskJson *row = nsk_json_array();

        for (int k = 0; columns[k] != NULL; k++) {
            const char *text = nsk_json_get_text(nsk_json_at(all, i), columns[k]);

            nsk_json_add_text(row, text != NULL ? text : "");
        }
        nsk_json_add(rows, row);
    }
    nsk_json_set(view, "heads", heads);
    nsk_json_set(view, "rows", rows);
}

static bool
show_register(NskHttpVisit *visit, GError **error)
{
    const NskRegisterAsk ask = read_register(visit);
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;

    nsk_json_set_text(view, "book", ask.book);
    if (nsk_office_register_list(visit->office, &ask, &result, &fault)) {
        nsk_json_set_text(view, "unit", nsk_json_get_text(result, "unit_name"));
        nsk_json_set_int(view, "year", nsk_json_get_int(result, "year", 0));
        add_columns(ask.book, result, view);
    } else if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED) ||
               g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID)) {
        nsk_http_add_fault(view, NULL, fault->message);
        nsk_http_response_set_status(visit->response, 422);
    } else {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    return nsk_http_visit_show(visit, "register", view, error);
}

static bool
send_register(NskHttpVisit *visit, bool pdf, GError **error)
{
    const NskRegisterAsk ask = read_register(visit);
    g_autoptr(GBytes) bytes = NULL;

    if (!nsk_office_register_write(visit->office, &ask, pdf, &bytes, error))
        return false;
    nsk_http_response_set_bytes(visit->response,
                                pdf ? "application/pdf" : "text/csv; charset=utf-8", bytes);
    nsk_http_response_add_header(visit->response, "Content-Disposition",
                                 pdf ? "attachment; filename=\"register.pdf\""
                                     : "attachment; filename=\"register.csv\"");
    return true;
}

static bool
send_register_pdf(NskHttpVisit *visit, GError **error)
{
    return send_register(visit, true, error);
}

static bool
send_register_csv(NskHttpVisit *visit, GError **error)
{
    return send_register(visit, false, error);
}

const NskHttpRoute nsk_http_routes_books[] = {
    { .method = "GET", .pattern = "/masuk-surat", .visit = show_incoming, .is_page = true },
    { .method = "GET", .pattern = "/arsip", .visit = show_archive, .is_page = true },
    { .method = "GET", .pattern = "/ekspedisi", .visit = show_expedition, .is_page = true },
    { .method = "GET", .pattern = "/register", .visit = show_register, .is_page = true },
    { .method = "GET",
      .pattern = "/register.pdf",
      .visit = send_register_pdf,
      .place = NSK_HTTP_HEAVY,
      .is_page = true },
    { .method = "GET", .pattern = "/register.csv", .visit = send_register_csv, .is_page = true },
    { .method = NULL },
};

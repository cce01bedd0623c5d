/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists that people look things up in.
 *
 *     /masuk-surat?semua=            letters that came in, the newest first
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

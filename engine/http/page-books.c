/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists that people look things up in.
 *
 *     /masuk-surat?semua=            letters that came in, the newest first
 *     /ekspedisi?semua=&setelah=     the expedition book
 *     /register?buku=&tahun=&bulan=&unit=&kata=&setelah=   registers of a unit and year
 *     /register.pdf, /register.csv                        the same as files
 */
#include "base/message.h"
#include "http/site-private.h"

#include <string.h>

#define LINES 200 /* of a register on one page */

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

static const char *
get_query(const NskHttpVisit *visit, const char *name)
{
    const char *value = nsk_http_request_get_query(visit->request, name);

    return value != NULL && value[strspn(value, " ")] != '\0' ? value : NULL;
}

static int64_t
get_number(const NskHttpVisit *visit, const char *name, int64_t most)
{
    const char *value = get_query(visit, name);
    gint64 number = 0;

    return value != NULL && g_ascii_string_to_signed(value, 10, 1, most, &number, NULL) ? number
                                                                                        : 0;
}

/* Of the first unit whose letters the person keeps, if none is named.  @view gets "units". */
static bool
read_register(NskHttpVisit *visit, NskJson *view, NskRegisterAsk *out, GError **error)
{
    const char *book = get_query(visit, "buku");

    if (!nsk_http_add_units(visit, view, error))
        return false;
    *out = (NskRegisterAsk){ .book = book != NULL ? book : "outgoing",
                             .unit = get_query(visit, "unit"),
                             .year = get_number(visit, "tahun", 9999) };
    if (out->unit == NULL)
        out->unit = nsk_json_get_text(nsk_json_at(nsk_json_get(view, "units"), 0), "id");
    return true;
}

/* Columns of a book on a page, and the one that has the day of a line. */
static const struct {
    const char *book;
    const char *columns;
    const char *day;
} shown[] = {
    { "outgoing", "number date subject to state", "date" },
    { "incoming", "number at origin subject to state", "at" },
    { "expedition", "number to channel state at receiver", "sent" },
    { "disposition", "number subject at giver to due state", "at" },
    { "archive", "classification number date origin subject", "date" },
};

/* A page of a register: the lines of a month, or with some words, from the line @first on. */
typedef struct {
    NskRegisterAsk ask;
    int64_t month;    /* 0: all */
    const char *text; /* NULL: all */
    size_t first;
} Part;

static const char *
get_cell(const NskJson *row, const char *key)
{
    const char *text = nsk_json_get_text(row, key);

    return text != NULL ? text : "";
}

/* Whether one of the cells that the line shows has the words, whatever their case. */
static bool
has_words(const NskJson *row, char *const *columns, const char *folded)
{
    for (int k = 0; columns[k] != NULL; k++) {
        g_autofree char *cell = g_utf8_casefold(get_cell(row, columns[k]), -1);

        if (strstr(cell, folded) != NULL)
            return true;
    }
    return false;
}

static void
add_line(const NskJson *row, char *const *columns, NskJson *rows)
{
    NskJson *line = nsk_json_array();

    for (int k = 0; columns[k] != NULL; k++)
        nsk_json_add_text(line, get_cell(row, columns[k]));
    nsk_json_add(rows, line);
}

/* Heads, and lines as lists of texts in the order of the columns. */
static void
tell_lines(const Part *part, const NskJson *result, size_t which, NskJson *view)
{
    size_t n = 0;
    const NskJson *all = nsk_json_get(result, "rows");
    NskJson *heads = nsk_json_array();
    NskJson *rows = nsk_json_array();
    g_auto(GStrv) columns = g_strsplit(shown[which].columns, " ", -1);
    g_autofree char *folded = part->text != NULL ? g_utf8_casefold(part->text, -1) : NULL;
    g_autofree char *month =
        g_strdup_printf("%04d-%02d", (int)nsk_json_get_int(result, "year", 0), (int)part->month);

    for (int k = 0; columns[k] != NULL; k++)
        nsk_json_add_text(heads, columns[k]);
    for (size_t i = 0; i < nsk_json_length(all); i++) {
        const NskJson *row = nsk_json_at(all, i);

        if ((part->month != 0 && !g_str_has_prefix(get_cell(row, shown[which].day), month)) ||
            (folded != NULL && !has_words(row, columns, folded)))
            continue;
        if (n >= part->first && n < part->first + LINES)
            add_line(row, columns, rows);
        n++;
    }
    nsk_json_set(view, "heads", heads);
    nsk_json_set(view, "rows", rows);
    if (part->first + LINES < n)
        nsk_json_set_int(view, "next", (int64_t)(part->first + LINES));
}

static void
tell_book(const Part *part, const NskJson *result, NskJson *view)
{
    nsk_json_set_text(view, "unit", nsk_json_get_text(result, "unit_name"));
    nsk_json_set_int(view, "year", nsk_json_get_int(result, "year", 0));
    for (size_t i = 0; i < G_N_ELEMENTS(shown); i++) {
        if (strcmp(shown[i].book, part->ask.book) == 0)
            tell_lines(part, result, i, view);
    }
}

/* What is asked, for the form and for addresses: of the same lines, and of the whole year. */
static void
tell_register(const Part *part, NskJson *view)
{
    GString *query = g_string_new(NULL);
    g_autofree char *unit =
        part->ask.unit != NULL ? g_uri_escape_string(part->ask.unit, NULL, FALSE) : NULL;
    g_autofree char *text =
        part->text != NULL ? g_uri_escape_string(part->text, NULL, FALSE) : NULL;

    if (part->ask.year != 0)
        g_string_append_printf(query, "&tahun=%d", (int)part->ask.year);
    if (unit != NULL)
        g_string_append_printf(query, "&unit=%s", unit);
    nsk_json_set_text(view, "year_query", query->str);
    if (part->month != 0)
        g_string_append_printf(query, "&bulan=%d", (int)part->month);
    if (text != NULL)
        g_string_append_printf(query, "&kata=%s", text);
    nsk_json_set_text(view, "query", query->str);
    nsk_json_set_text(view, "book", part->ask.book);
    nsk_json_set_text(view, "of", part->ask.unit);
    nsk_json_set_text(view, "text", part->text);
    nsk_json_set_int(view, "month", part->month);
    nsk_json_set_int(view, "year", part->ask.year);
    g_string_free(query, TRUE);
}

static bool
show_register(NskHttpVisit *visit, GError **error)
{
    Part part = { .month = get_number(visit, "bulan", 12),
                  .text = get_query(visit, "kata"),
                  .first = (size_t)get_number(visit, "setelah", INT32_MAX) };
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;

    if (!read_register(visit, view, &part.ask, error))
        return false;
    tell_register(&part, view);
    if (nsk_office_register_list(visit->office, &part.ask, &result, &fault)) {
        tell_book(&part, result, view);
    } else if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED) ||
               g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND) ||
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
    NskRegisterAsk ask;
    g_autoptr(NskJson) units = nsk_json_object();
    g_autoptr(GBytes) bytes = NULL;

    if (!read_register(visit, units, &ask, error) ||
        !nsk_office_register_write(visit->office, &ask, pdf, &bytes, error))
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

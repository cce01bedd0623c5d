/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Figures of work on a page, and as tables.
 *
 *     /laporan?unit=&dari=&sampai=            mine, or those of a unit below me
 *     /laporan/{name}.csv?unit=&dari=&sampai= "menunggu", "umur", "penyelesaian", "volume"
 *     /api/v1/board?unit=&position=&from=&until=   the same
 *
 * A chart repeats what the table below it says; its bars are measured here, in hundredths of the
 * longest.
 */
#include "base/message.h"
#include "http/api-private.h"

#include <string.h>

#define WHOLE 100

/* The text of a field of a form; NULL if it was left empty. */
static const char *
read_field(const NskHttpVisit *visit, const char *name)
{
    const char *text = nsk_http_request_get_query(visit->request, name);

    return text != NULL && text[0] != '\0' ? text : NULL;
}

static NskBoardAsk
read_ask(const NskHttpVisit *visit)
{
    return (NskBoardAsk){ .unit = read_field(visit, "unit"),
                          .from = read_field(visit, "dari"),
                          .until = read_field(visit, "sampai") };
}

/* Adds to each line how long its bars are. */
static void
measure(NskJson *view, const char *part, const char *whole, const char *of_it)
{
    const NskJson *lines = nsk_json_get(view, part);
    NskJson *bars = nsk_json_array();
    int64_t most = 1;

    for (size_t i = 0; i < nsk_json_length(lines); i++)
        most = MAX(most, nsk_json_get_int(nsk_json_at(lines, i), whole, 0));
    for (size_t i = 0; i < nsk_json_length(lines); i++) {
        const NskJson *line = nsk_json_at(lines, i);
        int64_t some = of_it != NULL ? nsk_json_get_int(line, of_it, 0) : 0;
        NskJson *bar = nsk_json_object();

        nsk_json_set_int(bar, "whole", nsk_json_get_int(line, whole, 0) * WHOLE / most);
        nsk_json_set_int(bar, "part", some * WHOLE / most);
        nsk_json_add(bars, bar);
    }
    g_autofree char *name = g_strconcat(part, "_bars", NULL);
    nsk_json_set(view, name, bars);
}

/* "3 h 05 min" in place of minutes, which people do not read. */
static void
tell_times(NskJson *view)
{
    const NskJson *kinds = nsk_json_get(view, "kinds");
    NskJson *times = nsk_json_array();

    for (size_t i = 0; i < nsk_json_length(kinds); i++) {
        const NskJson *line = nsk_json_at(kinds, i);
        g_autofree char *median =
            nsk_office_hours_text(nsk_json_get_int(line, "median_minutes", 0));
        g_autofree char *p90 = nsk_office_hours_text(nsk_json_get_int(line, "p90_minutes", 0));
        NskJson *time = nsk_json_object();

        nsk_json_set_text(time, "median", median);
        nsk_json_set_text(time, "p90", p90);
        nsk_json_add(times, time);
    }
    nsk_json_set(view, "times", times);
}

/* The part of an address that asks for the same. */
static char *
same_ask(const NskBoardAsk *ask)
{
    g_autofree char *unit = g_uri_escape_string(ask->unit != NULL ? ask->unit : "", NULL, FALSE);
    g_autofree char *from = g_uri_escape_string(ask->from != NULL ? ask->from : "", NULL, FALSE);
    g_autofree char *until = g_uri_escape_string(ask->until != NULL ? ask->until : "", NULL, FALSE);

    return g_strdup_printf("unit=%s&dari=%s&sampai=%s", unit, from, until);
}

/* What was typed wrongly, or is for others: told above the form, with the asker's own figures. */
static bool
is_of_form(const GError *fault)
{
    return g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND);
}

static bool
show_board(NskHttpVisit *visit, GError **error)
{
    const NskBoardAsk ask = read_ask(visit);
    NskJson *found = NULL;
    g_autoptr(GError) fault = NULL;

    if (!nsk_office_board(visit->office, &ask, &found, &fault) &&
        (!is_of_form(fault) ||
         !nsk_office_board(visit->office, &(NskBoardAsk){ 0 }, &found, error))) {
        if (!is_of_form(fault))
            g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    g_autoptr(NskJson) view = found;
    g_autofree char *same = same_ask(fault == NULL ? &ask : &(NskBoardAsk){ 0 });
    if (fault != NULL) {
        nsk_http_add_fault(view, NULL, fault->message);
        nsk_http_response_set_status(visit->response, 422);
    }
    measure(view, "waiting", "open", "overdue");
    measure(view, "ages", "open", NULL);
    measure(view, "kinds", "p90_minutes", "median_minutes");
    measure(view, "months", "done", "late");
    tell_times(view);
    nsk_json_set_text(view, "same", same);
    return nsk_http_visit_show(visit, "board", view, error);
}

static const struct {
    const char *name;
    const char *part;
} files[] = {
    { "menunggu.csv", "waiting" },
    { "umur.csv", "ages" },
    { "penyelesaian.csv", "kinds" },
    { "volume.csv", "months" },
};

static bool
send_table(NskHttpVisit *visit, GError **error)
{
    const NskBoardAsk ask = read_ask(visit);
    const char *name = nsk_http_request_get_piece(visit->request, "name");
    const char *part = "";
    g_autoptr(GBytes) bytes = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        if (strcmp(files[i].name, name) == 0)
            part = files[i].part;
    }
    if (!nsk_office_board_table(visit->office, &ask, part, &bytes, error))
        return false;
    g_autofree char *disposition = g_strdup_printf("attachment; filename=\"%s\"", name);
    nsk_http_response_set_bytes(visit->response, "text/csv; charset=utf-8", bytes);
    nsk_http_response_add_header(visit->response, "Content-Disposition", disposition);
    return true;
}

static bool
tell_board(NskHttpVisit *visit, GError **error)
{
    static const char *const names[] = { "unit", "position", "from", "until", NULL };
    const NskBoardAsk ask = { .unit = read_field(visit, "unit"),
                              .position = read_field(visit, "position"),
                              .from = read_field(visit, "from"),
                              .until = read_field(visit, "until") };
    NskJson *result = NULL;

    if (!nsk_api_check_query(visit, names))
        return true;
    bool ok = nsk_office_board(visit->office, &ask, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

const NskHttpRoute nsk_http_routes_board[] = {
    { .method = "GET",
      .pattern = "/laporan",
      .visit = show_board,
      .place = NSK_HTTP_HEAVY,
      .is_page = true },
    { .method = "GET",
      .pattern = "/laporan/{name}",
      .visit = send_table,
      .place = NSK_HTTP_HEAVY,
      .is_page = true },
    { .method = NULL },
};

const NskHttpRoute nsk_http_routes_api_board[] = {
    { .method = "GET",
      .pattern = "/api/v1/board",
      .visit = tell_board,
      .scope = "archive:read",
      .place = NSK_HTTP_HEAVY },
    { .method = NULL },
};

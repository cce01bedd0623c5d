/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line of the log is one JSON object.  It names the route and not the path, and neither person
 * nor address: what a path, a query or a header holds may be about somebody.  JSON escapes line
 * ends, so one request is one line whatever it held.
 */
#include "http/http-private.h"

#include <string.h>

static void
add_text(GString *out, const char *key, const char *text)
{
    g_string_append_printf(out, ",\"%s\":", key);
    nsk_json_append_text(out, text);
}

static void
add_int(GString *out, const char *key, int64_t number)
{
    g_string_append_printf(out, ",\"%s\":", key);
    nsk_json_append_int(out, number);
}

char *
nsk_http_log_request(const NskClock *clock, const NskHttpLogLine *line)
{
    GString *out = g_string_sized_new(320);
    g_autofree char *at = nsk_instant_format(nsk_clock_now(clock));

    g_string_append_printf(out, "{\"ts\":\"%s\",\"level\":\"%s\",\"msg\":\"request\"", at,
                           line->status >= 500 ? "error" : "info");
    add_text(out, "request", line->id);
    add_text(out, "method", line->method);
    add_text(out, "route", line->route);
    add_int(out, "status", line->status);
    add_int(out, "us", line->us);
    add_int(out, "bytes", (int64_t)line->bytes);
    if (line->reason != NULL)
        add_text(out, "reason", line->reason);
    g_string_append_c(out, '}');
    return g_string_free(out, FALSE);
}

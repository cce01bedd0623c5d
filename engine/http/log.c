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

/* Small hex digits, not all of them zero. */
static bool
is_id(const char *text, size_t size)
{
    return strspn(text, "0123456789abcdef") >= size && strspn(text, "0") < size;
}

/* A later version may say more behind what this one says. */
bool
nsk_http_read_trace(const char *header,
                    char out_trace[NSK_HTTP_TRACE_SIZE],
                    char out_span[NSK_HTTP_SPAN_SIZE])
{
    enum { TRACE = 3, SPAN = 36, FLAGS = 53, END = 55 };
    static const char digits[] = "0123456789abcdef";
    size_t size = header != NULL ? strlen(header) : 0;

    if (size < END || strspn(header, digits) != 2 || strncmp(header, "ff", 2) == 0 ||
        header[TRACE - 1] != '-' || header[SPAN - 1] != '-' || header[FLAGS - 1] != '-' ||
        !is_id(header + TRACE, NSK_HTTP_TRACE_SIZE - 1) ||
        !is_id(header + SPAN, NSK_HTTP_SPAN_SIZE - 1) || strspn(header + FLAGS, digits) != 2)
        return false;
    if (size > END && (strncmp(header, "00", 2) == 0 || header[END] != '-'))
        return false;
    (void)g_strlcpy(out_trace, header + TRACE, NSK_HTTP_TRACE_SIZE);
    (void)g_strlcpy(out_span, header + SPAN, NSK_HTTP_SPAN_SIZE);
    return true;
}

char *
nsk_http_log_request(const NskClock *clock, const NskHttpLogLine *line)
{
    GString *out = g_string_sized_new(320);
    g_autofree char *at = nsk_instant_format(nsk_clock_now(clock));
    char trace[NSK_HTTP_TRACE_SIZE], span[NSK_HTTP_SPAN_SIZE];

    g_string_append_printf(out, "{\"ts\":\"%s\",\"level\":\"%s\",\"msg\":\"request\"", at,
                           line->status >= 500 ? "error" : "info");
    add_text(out, "request", line->id);
    if (nsk_http_read_trace(line->trace, trace, span)) {
        add_text(out, "trace", trace);
        add_text(out, "span", span);
    }
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

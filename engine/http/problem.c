/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Problems (RFC 9457): one table from what went wrong to a status and a title in words.
 *
 *     {"code": "not-found", "detail": "...", "instance": "urn:uuid:...", "status": 404,
 *      "title": "...", "type": "urn:naskah:problem:not-found"}
 *
 * "code" and "type" never change; title and detail are in the sender's language.  What went wrong
 * inside, such as a disk that is full, is for the log: its words name files.
 */
#include "base/id.h"
#include "base/message.h"
#include "http/http-private.h"

#include <string.h>

/* By the error's code. */
static const struct {
    unsigned status;
    const char *code;
} faults[] = {
    [NSK_ERROR_INVALID] = { 400, "invalid" },
    [NSK_ERROR_NOT_FOUND] = { 404, "not-found" },
    [NSK_ERROR_CONFLICT] = { 409, "conflict" },
    [NSK_ERROR_DENIED] = { 403, "denied" },
    [NSK_ERROR_BUSY] = { 503, "busy" },
    [NSK_ERROR_LIMIT] = { 413, "limit" },
    [NSK_ERROR_IO] = { 500, "fault" },
    [NSK_ERROR_CORRUPT] = { 500, "fault" },
    [NSK_ERROR_UNTRUSTED] = { 422, "untrusted" },
    [NSK_ERROR_EXPIRED] = { 403, "expired" },
    [NSK_ERROR_CANCELLED] = { 503, "cancelled" },
    [NSK_ERROR_UNSUPPORTED] = { 501, "unsupported" },
    [NSK_ERROR_UNCERTAIN] = { 503, "uncertain" },
    [NSK_ERROR_INTERNAL] = { 500, "fault" },
    [NSK_ERROR_GONE] = { 410, "gone" },
};

/* By the status. */
static const struct {
    unsigned status;
    const char *title;
} titles[] = {
    { 400, N_("The request is not right") },
    { 401, N_("Sign in first") },
    { 403, N_("You may not do this") },
    { 404, N_("There is nothing here") },
    { 405, N_("This cannot be done here") },
    { 408, N_("The request took too long") },
    { 409, N_("It has changed meanwhile") },
    { 410, N_("It was destroyed") },
    { 411, N_("The request does not say how long it is") },
    { 412, N_("It has changed meanwhile") },
    { 413, N_("It is too large") },
    { 415, N_("This kind of content is not taken here") },
    { 422, N_("It cannot be taken as it is") },
    { 414, N_("It is too large") },
    { 431, N_("The head of the request is too large") },
    { 428, N_("Say which state you saw") },
    { 429, N_("Too many requests") },
    { 500, N_("The server has a fault") },
    { 501, N_("The server cannot do this") },
    { 503, N_("The server has no time now") },
};

static const char *
find_title(unsigned status)
{
    for (size_t i = 0; i < G_N_ELEMENTS(titles); i++) {
        if (titles[i].status == status)
            return nsk_tr(titles[i].title);
    }
    return "";
}

static void
add_plain(GString *html, const char *element, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);

    g_string_append_printf(html, "<%s>%s</%s>", element, escaped, element);
}

/* Of a destroyed letter something is left that can be told. */
static void
add_way_to_residual(GString *html, const NskHttpRequest *request)
{
    const char *letter = nsk_http_request_get_piece(request, "letter");

    if (letter == NULL || !nsk_id_is_valid(letter))
        return;
    g_string_append_printf(html, "<p><a href=\"/arsip/musnah/%s\">", letter);
    g_string_append(html, nsk_tr("What is left of it"));
    g_string_append(html, "</a></p>");
}

/* A page that needs nothing else: it is shown when something is wrong. */
static void
set_page(NskHttpResponse *self,
         const NskHttpRequest *request,
         const char *title,
         const char *detail)
{
    g_autoptr(GString) html = g_string_new("<!DOCTYPE html><html lang=\"");

    g_string_append(html, nsk_http_request_get_language(request));
    g_string_append(html, "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                          "content=\"width=device-width, initial-scale=1\">");
    add_plain(html, "title", title);
    g_string_append(html, "</head><body><main>");
    add_plain(html, "h1", title);
    if (detail != NULL)
        add_plain(html, "p", detail);
    if (self->status == 410)
        add_way_to_residual(html, request);
    g_string_append(html, "<p><a href=\"/\">");
    g_string_append(html, nsk_tr("To the first page"));
    g_string_append(html, "</a></p></main></body></html>\n");
    nsk_http_response_set_text(self, "text/html; charset=utf-8", html->str);
}

static void
set_json(NskHttpResponse *self,
         const NskHttpRequest *request,
         const char *code,
         const char *title,
         const char *detail)
{
    g_autoptr(NskJson) value = nsk_json_object();
    g_autofree char *type = g_strconcat("urn:naskah:problem:", code, NULL);
    g_autofree char *instance = g_strconcat("urn:uuid:", request->id, NULL);

    nsk_json_set_text(value, "type", type);
    nsk_json_set_text(value, "code", code);
    nsk_json_set_text(value, "title", title);
    nsk_json_set_int(value, "status", self->status);
    nsk_json_set_text(value, "instance", instance);
    if (detail != NULL)
        nsk_json_set_text(value, "detail", detail);
    g_autofree char *text = nsk_json_canonical(value);
    nsk_http_response_set_text(self, "application/problem+json", text);
}

void
nsk_http_response_set_problem(NskHttpResponse *self,
                              const NskHttpRequest *request,
                              unsigned status,
                              const char *code,
                              const char *detail)
{
    const char *before = nsk_language_use(nsk_http_request_get_language(request));
    const NskHttpRoute *route = request->match.route;
    const char *title = find_title(status);

    self->status = status;
    if ((route == NULL || route->is_page) && nsk_http_request_wants_html(request))
        set_page(self, request, title, detail);
    else
        set_json(self, request, code, title, detail);
    nsk_http_response_add_header(self, "Content-Language", nsk_http_request_get_language(request));
    nsk_http_response_add_header(self, "Vary", "Accept, Accept-Language");
    nsk_language_use(before);
}

unsigned
nsk_http_fault_status(int code, const char **out_code)
{
    bool is_known = code >= 0 && (size_t)code < G_N_ELEMENTS(faults);
    int known = is_known ? code : NSK_ERROR_INTERNAL;

    *out_code = faults[known].code;
    return faults[known].status;
}

bool
nsk_http_response_set_fault(NskHttpResponse *self,
                            const NskHttpRequest *request,
                            const GError *fault)
{
    const char *code;
    unsigned status = nsk_http_fault_status(fault->domain == NSK_ERROR ? fault->code : -1, &code);
    bool is_ours = status == 500;

    nsk_http_response_reset(self);
    nsk_http_response_set_problem(self, request, status, code, is_ours ? NULL : fault->message);
    if (status == 503)
        nsk_http_response_add_header(self, "Retry-After", "1");
    return is_ours;
}

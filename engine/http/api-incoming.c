/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters that came in, and dispositions, at the API.
 *
 *     /api/v1/incoming                               those I may know of; registering one
 *     /api/v1/incoming/{letter}                      what its envelope says
 *     /api/v1/incoming/{letter}/scan                 its scan, as the body
 *     /api/v1/incoming/{letter}/receipt              for the sender, as PDF
 *     /api/v1/incoming/{letter}/{key}/forwarding     the task of passing it on, or filing it
 *     /api/v1/dispositions/instructions              the agency's list
 *     /api/v1/letters/{letter}/dispositions          the tree; giving, answering, recalling
 *     /api/v1/letters/{letter}/dispositions/sheet    as PDF
 */
#include "base/message.h"
#include "http/api-private.h"
#include "office/upload.h"

#include <string.h>

#define PATH       "/api/v1/incoming"
#define ROWS       1000
#define SCAN_LIMIT ((uint64_t)200 * 1024 * 1024)

/* --- What is known --------------------------------------------------------------------------- */

static bool
list(NskHttpVisit *visit, GError **error)
{
    static const char *const names[] = { "unit", "all", "limit", NULL };
    NskIncomingList ask = { .unit = nsk_http_request_get_query(visit->request, "unit") };
    NskJson *result = NULL;

    if (!nsk_api_check_query(visit, names) ||
        !nsk_api_query_number(visit, "limit", ROWS, &ask.limit))
        return true;
    ask.all = g_strcmp0(nsk_http_request_get_query(visit->request, "all"), "true") == 0;
    bool ok = nsk_office_incoming_list(visit->office, &ask, &result, error);
    return nsk_api_finish_page(visit, ok, result, error);
}

static bool
show(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;
    const char *letter = nsk_api_letter(visit);

    if (letter == NULL)
        return true;
    if (!nsk_office_incoming_show(visit->office, letter, &result, error))
        return false;
    g_autofree char *etag = nsk_api_etag(result);
    nsk_http_response_set_etag(visit->response, etag);
    nsk_http_response_set_cache(visit->response, "private, no-cache");
    return nsk_api_finish(visit, true, result, error);
}

static bool
show_receipt(NskHttpVisit *visit, GError **error)
{
    GBytes *pdf = NULL;
    const char *letter = nsk_api_letter(visit);

    if (letter == NULL)
        return true;
    bool ok = nsk_office_incoming_receipt(visit->office, letter, &pdf, error);
    return nsk_api_finish_bytes(visit, ok, "application/pdf", pdf, error);
}

/* --- Registering ----------------------------------------------------------------------------- */

/* Members of a registration; the texts are those of NskIncomingAsk. */
static const NskApiMember registration[] = {
    { "kind", NSK_API_TEXT, false },
    { "unit", NSK_API_TEXT, false },
    { "channel", NSK_API_TEXT, true },
    { "origin", NSK_API_TEXT, true },
    { "attention", NSK_API_TEXT, false },
    { "place", NSK_API_TEXT, false },
    { "number", NSK_API_TEXT, false },
    { "date", NSK_API_TEXT, false },
    { "subject", NSK_API_TEXT, false },
    { "summary", NSK_API_TEXT, false },
    { "classification", NSK_API_TEXT, true },
    { "security", NSK_API_TEXT, false },
    { "urgency", NSK_API_TEXT, false },
    { "language", NSK_API_TEXT, false },
    { "due", NSK_API_TEXT, false },
    { "at", NSK_API_TEXT, false },
    { "to", NSK_API_TEXTS, true },
    { "unopened", NSK_API_BOOL, false },
    { "upload", NSK_API_TEXT, false },
    { "duplicate_of", NSK_API_TEXT, false },
    { "not_duplicate", NSK_API_BOOL, false },
    { NULL, NSK_API_TEXT, false },
};

static bool
register_letter(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;
    g_autoptr(NskJson) body = nsk_api_read(visit, registration);

    if (body == NULL)
        return true;
    g_autofree const char **to = nsk_api_texts(nsk_json_get(body, "to"));
    const char *upload = nsk_json_get_text(body, "upload");
    g_autoptr(NskUploaded) scan = NULL;
    if (upload != NULL && !nsk_office_upload_open(visit->office, upload, &scan, error))
        return nsk_api_finish(visit, false, NULL, error);
    const NskIncomingAsk ask = { .kind = nsk_json_get_text(body, "kind"),
                                 .unit = nsk_json_get_text(body, "unit"),
                                 .channel = nsk_json_get_text(body, "channel"),
                                 .origin = nsk_json_get_text(body, "origin"),
                                 .attention = nsk_json_get_text(body, "attention"),
                                 .place = nsk_json_get_text(body, "place"),
                                 .number = nsk_json_get_text(body, "number"),
                                 .date = nsk_json_get_text(body, "date"),
                                 .subject = nsk_json_get_text(body, "subject"),
                                 .summary = nsk_json_get_text(body, "summary"),
                                 .classification = nsk_json_get_text(body, "classification"),
                                 .security = nsk_json_get_text(body, "security"),
                                 .urgency = nsk_json_get_text(body, "urgency"),
                                 .language = nsk_json_get_text(body, "language"),
                                 .due = nsk_json_get_text(body, "due"),
                                 .at = nsk_json_get_text(body, "at"),
                                 .to = to,
                                 .unopened = nsk_json_get_bool(body, "unopened", false),
                                 .path = scan != NULL ? scan->path : NULL,
                                 .duplicate_of = nsk_json_get_text(body, "duplicate_of"),
                                 .not_duplicate = nsk_json_get_bool(body, "not_duplicate", false) };
    if (to == NULL) {
        nsk_api_refuse(visit, 422, "to", nsk_tr("say for which positions the letter is"), NULL);
        return true;
    }
    bool ok = nsk_office_incoming_register(visit->office, &ask, &result, error);
    if (ok && scan != NULL)
        nsk_office_upload_use(visit->office, scan);
    return nsk_api_finish_made(visit, ok, result, PATH "/", error);
}

/* Whether the envelope is still as If-Match says; else as nsk_api_if_match(), or @error is set. */
static bool
is_as_seen(NskHttpVisit *visit, const char *letter, GError **error)
{
    NskJson *result = NULL;
    g_autofree char *seen = nsk_api_if_match(visit);

    if (seen == NULL || !nsk_office_incoming_show(visit->office, letter, &result, error))
        return false;
    g_autoptr(NskJson) shown = result;
    g_autofree char *etag = nsk_api_etag(shown);
    if (strcmp(etag, seen) == 0 || nsk_api_is_repeated(visit))
        return true;
    nsk_api_refuse_stale(visit, letter);
    return false;
}

static bool
put_scan(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;
    const char *letter = nsk_api_letter(visit);
    const char *reason = nsk_http_request_get_query(visit->request, "reason");
    const NskHttpFile *file = nsk_http_request_get_file(visit->request, "");

    if (letter == NULL || !nsk_api_begin(visit))
        return true;
    if (file == NULL || reason == NULL) {
        nsk_api_refuse(visit, 422, "file",
                       nsk_tr("the body is the scan, and the query says the reason"), NULL);
        return true;
    }
    if (!is_as_seen(visit, letter, error))
        return *error == NULL;
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", file->fd);
    const NskIncomingAsk ask = { .path = path };
    const NskIncomingCorrection correction = { letter, &ask, reason };
    bool ok = nsk_office_incoming_correct(visit->office, &correction, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
forward(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = { { "act", NSK_API_TEXT, true },
                                            { "to", NSK_API_TEXTS, false },
                                            { "note", NSK_API_TEXT, false },
                                            { NULL, NSK_API_TEXT, false } };
    NskJson *result = NULL;
    g_autofree char *task = nsk_api_task(visit);
    g_autoptr(NskJson) body = task != NULL ? nsk_api_read(visit, members) : NULL;

    if (body == NULL)
        return true;
    bool ok;
    const char *act = nsk_json_get_text(body, "act");
    const char *note = nsk_json_get_text(body, "note");
    g_autofree const char **to = nsk_api_texts(nsk_json_get(body, "to"));
    if (strcmp(act, "forward") == 0) {
        ok = nsk_office_incoming_forward(visit->office, task, to, note, &result, error);
    } else if (strcmp(act, "file") == 0 && to == NULL) {
        ok = nsk_office_incoming_file(visit->office, task, note, &result, error);
    } else {
        nsk_api_refuse(visit, 422, "act", nsk_tr("it is passed on (forward) or filed (file)"),
                       NULL);
        return true;
    }
    return nsk_api_finish(visit, ok, result, error);
}

/* --- Dispositions ---------------------------------------------------------------------------- */

static bool
show_instructions(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;
    bool ok = nsk_office_disposition_instructions(visit->office, &result, error);

    return nsk_api_finish(visit, ok, result, error);
}

static bool
show_tree(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;
    const char *letter = nsk_api_letter(visit);

    if (letter == NULL)
        return true;
    bool ok = nsk_office_disposition_show(visit->office, letter, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
show_sheet(NskHttpVisit *visit, GError **error)
{
    static const char *const names[] = { "n", NULL };
    int64_t n;
    GBytes *pdf = NULL;
    const char *letter = nsk_api_letter(visit);

    if (letter == NULL || !nsk_api_check_query(visit, names) ||
        !nsk_api_query_number(visit, "n", G_MAXINT32, &n))
        return true;
    bool ok = nsk_office_disposition_sheet(visit->office, letter, n, &pdf, error);
    return nsk_api_finish_bytes(visit, ok, "application/pdf", pdf, error);
}

static bool
dispose(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = {
        { "act", NSK_API_TEXT, true },         { "key", NSK_API_TEXT, false },
        { "receivers", NSK_API_TEXTS, false }, { "instructions", NSK_API_TEXTS, false },
        { "note", NSK_API_TEXT, false },       { "due", NSK_API_TEXT, false },
        { NULL, NSK_API_TEXT, false }
    };
    NskJson *result = NULL;
    const char *letter = nsk_api_letter(visit);
    g_autoptr(NskJson) body = letter != NULL ? nsk_api_read(visit, members) : NULL;

    if (body == NULL)
        return true;
    const char *key = nsk_json_get_text(body, "key");
    g_autofree char *task = key != NULL ? g_strconcat(letter, "/", key, NULL) : g_strdup(letter);
    g_autofree char *receivers = nsk_api_words(nsk_json_get(body, "receivers"));
    g_autofree char *instructions = nsk_api_words(nsk_json_get(body, "instructions"));
    const NskDispositionAct act = { .act = nsk_json_get_text(body, "act"),
                                    .task = task,
                                    .receivers = receivers,
                                    .instructions = instructions,
                                    .note = nsk_json_get_text(body, "note"),
                                    .due = nsk_json_get_text(body, "due") };
    bool ok = nsk_office_disposition(visit->office, &act, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_api_incoming[] = {
    { .method = "GET", .pattern = PATH, .visit = list, .scope = "letters:read" },
    { .method = "POST", .pattern = PATH, .visit = register_letter, .scope = "incoming:write",
      .body = NSK_HTTP_BODY_MEMORY },
    { .method = "GET", .pattern = PATH "/{letter}", .visit = show, .scope = "letters:read" },
    { .method = "PUT", .pattern = PATH "/{letter}/scan", .visit = put_scan,
      .scope = "incoming:write", .body = NSK_HTTP_BODY_FILE, .body_limit = SCAN_LIMIT },
    { .method = "GET", .pattern = PATH "/{letter}/receipt", .visit = show_receipt,
      .scope = "letters:read", .place = NSK_HTTP_HEAVY },
    { .method = "POST", .pattern = PATH "/{letter}/{key}/forwarding", .visit = forward,
      .scope = "incoming:write", .body = NSK_HTTP_BODY_MEMORY },
    { .method = "GET", .pattern = "/api/v1/dispositions/instructions",
      .visit = show_instructions, .scope = "letters:read" },
    { .method = "GET", .pattern = "/api/v1/letters/{letter}/dispositions", .visit = show_tree,
      .scope = "letters:read" },
    { .method = "POST", .pattern = "/api/v1/letters/{letter}/dispositions", .visit = dispose,
      .scope = "tasks:decide", .body = NSK_HTTP_BODY_MEMORY },
    { .method = "GET", .pattern = "/api/v1/letters/{letter}/dispositions/sheet",
      .visit = show_sheet, .scope = "letters:read", .place = NSK_HTTP_HEAVY },
    { .method = NULL },
};
/* clang-format on */

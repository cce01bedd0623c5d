/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters at the API.
 *
 *     /api/v1/letters                               found by their words; a new one
 *     /api/v1/letters/{letter}                      what is known of it; a new version
 *     /api/v1/letters/{letter}/xml, html, pdf       its content in several forms
 *     /api/v1/letters/{letter}/history, changes     what happened to it, and what was changed
 *     /api/v1/letters/{letter}/findings             what the rules have against it
 *     /api/v1/letters/{letter}/notes, acts          what is done with it beside its tasks
 *     /api/v1/letters/{letter}/withdrawal
 *     /api/v1/letters/{letter}/attachments          its files; one more that came in pieces
 *     /api/v1/letters/{letter}/attachments/{name}   one of them
 */
#include "base/limits.h"
#include "base/message.h"
#include "http/api-private.h"
#include "office/upload.h"

#include <string.h>

#define PATH         "/api/v1/letters"
#define XML_NAME     "xml" /* what messages call what was sent */
#define UPLOAD_LIMIT ((uint64_t)200 * 1024 * 1024)
#define BODY_LIMIT   ((uint64_t)3 * NSK_LIMIT_LETTER_SIZE)

/* --- What is known --------------------------------------------------------------------------- */

/* What the query asks beside "limit", "after" and "facets". */
static NskSearchAsk
read_search(const NskHttpRequest *request)
{
    const char *text = nsk_http_request_get_query(request, "text");

    return (NskSearchAsk){ .text = text != NULL ? text : "",
                           .from = nsk_http_request_get_query(request, "from"),
                           .until = nsk_http_request_get_query(request, "until"),
                           .sender = nsk_http_request_get_query(request, "sender"),
                           .addressee = nsk_http_request_get_query(request, "to"),
                           .classification = nsk_http_request_get_query(request, "classification"),
                           .person = nsk_http_request_get_query(request, "person"),
                           .kind = nsk_http_request_get_query(request, "kind"),
                           .year = nsk_http_request_get_query(request, "year"),
                           .unit = nsk_http_request_get_query(request, "unit"),
                           .security = nsk_http_request_get_query(request, "security"),
                           .state = nsk_http_request_get_query(request, "state") };
}

#define SEARCH_NAMES                                                                               \
    "text", "from", "until", "sender", "to", "classification", "person", "kind", "year", "unit",   \
        "security", "state"

static bool
search(NskHttpVisit *visit, GError **error)
{
    static const char *const names[] = { SEARCH_NAMES, "facets", "limit", "after", NULL };
    int64_t limit;
    NskJson *result = NULL;
    NskSearchAsk ask = read_search(visit->request);

    if (!nsk_api_check_query(visit, names) ||
        !nsk_api_query_number(visit, "limit", NSK_LIMIT_SEARCH_HITS, &limit))
        return true;
    ask.limit = (unsigned)limit;
    ask.after = nsk_http_request_get_query(visit->request, "after");
    ask.facets = g_strcmp0(nsk_http_request_get_query(visit->request, "facets"), "true") == 0;
    bool ok = nsk_office_search(visit->office, &ask, &result, error);
    return nsk_api_finish_page(visit, ok, result, error);
}

static bool
show(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;
    const char *letter = nsk_api_letter(visit);

    if (letter == NULL)
        return true;
    if (!nsk_office_letter_show(visit->office, letter, &result, error))
        return false;
    g_autofree char *etag = nsk_api_etag(result);
    nsk_http_response_set_etag(visit->response, etag);
    nsk_http_response_set_cache(visit->response, "private, no-cache");
    return nsk_api_finish(visit, true, result, error);
}

/* Whether the letter is still as If-Match says; *out_version (may be NULL): of its content.  False
 * with the response set, or with @error set. */
static bool
is_as_seen(NskHttpVisit *visit, const char *letter, int64_t *out_version, GError **error)
{
    NskJson *result = NULL;
    g_autofree char *seen = nsk_api_if_match(visit);

    if (seen == NULL || !nsk_office_letter_show(visit->office, letter, &result, error))
        return false;
    g_autoptr(NskJson) shown = result;
    g_autofree char *etag = nsk_api_etag(shown);
    if (strcmp(etag, seen) != 0 && !nsk_api_is_repeated(visit)) {
        nsk_api_refuse_stale(visit, letter);
        return false;
    }
    if (out_version != NULL)
        *out_version = nsk_json_get_int(shown, "version", 0);
    return true;
}

static bool
export_as(NskHttpVisit *visit, const NskExport *what, const char *type, GError **error)
{
    GBytes *bytes = NULL;
    const char *letter = nsk_api_letter(visit);

    if (letter == NULL)
        return true;
    bool ok = nsk_office_letter_export(visit->office, letter, what, &bytes, error);
    return nsk_api_finish_bytes(visit, ok, type, bytes, error);
}

static bool
show_xml(NskHttpVisit *visit, GError **error)
{
    const NskExport what = { .form = NSK_EXPORT_XML };

    return export_as(visit, &what, "application/xml", error);
}

static bool
show_html(NskHttpVisit *visit, GError **error)
{
    const NskExport what = { .form = NSK_EXPORT_HTML };

    return export_as(visit, &what, "text/html; charset=utf-8", error);
}

static bool
show_pdf(NskHttpVisit *visit, GError **error)
{
    const NskExport what = { .form = NSK_EXPORT_PDF };

    return export_as(visit, &what, "application/pdf", error);
}

/* A page as a picture, for who has a weak line. */
static bool
show_page(NskHttpVisit *visit, GError **error)
{
    guint64 page = 0;
    NskExport what = { .form = NSK_EXPORT_PREVIEW };

    if (!g_ascii_string_to_unsigned(nsk_http_request_get_piece(visit->request, "page"), 10, 1,
                                    G_MAXINT32, &page, NULL)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("pages are counted from 1"));
        return false;
    }
    what.page = (unsigned)page;
    return export_as(visit, &what, "image/png", error);
}

static bool
show_history(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;
    const char *letter = nsk_api_letter(visit);

    if (letter == NULL)
        return true;
    bool ok = nsk_office_letter_history(visit->office, letter, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
show_changes(NskHttpVisit *visit, GError **error)
{
    static const char *const names[] = { "from", "to", NULL };
    NskLetterDiffAsk ask = { .letter = nsk_api_letter(visit) };
    NskJson *result = NULL;

    if (ask.letter == NULL || !nsk_api_check_query(visit, names) ||
        !nsk_api_query_number(visit, "from", G_MAXINT32, &ask.from) ||
        !nsk_api_query_number(visit, "to", G_MAXINT32, &ask.to))
        return true;
    bool ok = nsk_office_letter_diff(visit->office, &ask, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static NskJson *
finding_to_json(const NskIssue *issue)
{
    NskJson *row = nsk_json_object();

    nsk_json_set_text(row, "tag", issue->tag);
    nsk_json_set_bool(row, "error", issue->severity == NSK_SEVERITY_ERROR);
    nsk_json_set_text(row, "message", issue->text);
    nsk_json_set_int(row, "line", (int64_t)issue->line);
    return row;
}

static bool
show_findings(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    const char *letter = nsk_api_letter(visit);

    if (letter == NULL)
        return true;
    if (!nsk_office_letter_check(visit->office, letter, issues, error))
        return nsk_api_finish(visit, false, NULL, error);
    NskJson *result = nsk_json_object();
    NskJson *findings = nsk_json_array();
    for (guint i = 0; i < issues->len; i++)
        nsk_json_add(findings, finding_to_json(g_ptr_array_index(issues, i)));
    nsk_json_set_text(result, "letter", letter);
    nsk_json_set(result, "findings", findings);
    return nsk_api_finish(visit, true, result, error);
}

/* --- What is done ---------------------------------------------------------------------------- */

static GBytes *
text_to_bytes(const char *text)
{
    return g_bytes_new(text, strlen(text));
}

static bool
make(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = { { "xml", NSK_API_TEXT, true },
                                            { "position", NSK_API_TEXT, false },
                                            { NULL, NSK_API_TEXT, false } };
    NskJson *result = NULL;
    g_autoptr(NskJson) body = nsk_api_read(visit, members);

    if (body == NULL)
        return true;
    g_autoptr(GBytes) xml = text_to_bytes(nsk_json_get_text(body, "xml"));
    const NskNewLetter draft = { XML_NAME, xml, nsk_json_get_text(body, "position") };
    bool ok = nsk_office_letter_new(visit->office, &draft, &result, error);
    return nsk_api_finish_made(visit, ok, result, PATH "/", error);
}

static bool
edit(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = { { "xml", NSK_API_TEXT, true },
                                            { NULL, NSK_API_TEXT, false } };
    int64_t base;
    NskJson *result = NULL;
    const char *letter = nsk_api_letter(visit);
    g_autoptr(NskJson) body = letter != NULL ? nsk_api_read(visit, members) : NULL;

    if (body == NULL)
        return true;
    if (!is_as_seen(visit, letter, &base, error))
        return *error == NULL;
    g_autoptr(GBytes) xml = text_to_bytes(nsk_json_get_text(body, "xml"));
    const NskLetterEdit change = { .letter = letter, .name = XML_NAME, .xml = xml, .base = base };
    bool ok = nsk_office_letter_edit(visit->office, &change, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
withdraw(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = { { "reason", NSK_API_TEXT, true },
                                            { NULL, NSK_API_TEXT, false } };
    NskJson *result = NULL;
    const char *letter = nsk_api_letter(visit);
    g_autoptr(NskJson) body = letter != NULL ? nsk_api_read(visit, members) : NULL;

    if (body == NULL)
        return true;
    if (!is_as_seen(visit, letter, NULL, error))
        return *error == NULL;
    bool ok = nsk_office_letter_withdraw(visit->office, letter, nsk_json_get_text(body, "reason"),
                                         &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
add_note(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = { { "text", NSK_API_TEXT, true },
                                            { NULL, NSK_API_TEXT, false } };
    NskJson *result = NULL;
    const char *letter = nsk_api_letter(visit);
    g_autoptr(NskJson) body = letter != NULL ? nsk_api_read(visit, members) : NULL;

    if (body == NULL)
        return true;
    const NskLetterNote note = { letter, nsk_json_get_text(body, "text") };
    bool ok = nsk_office_letter_note(visit->office, &note, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

/* Deeds that are of the letter, and not of one of its tasks. */
static bool
act(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = { { "act", NSK_API_TEXT, true },
                                            { "note", NSK_API_TEXT, false },
                                            { NULL, NSK_API_TEXT, false } };
    static const char *const acts[] = { "recall", "resume", "suspend", "urge", NULL };
    NskJson *result = NULL;
    const char *letter = nsk_api_letter(visit);
    g_autoptr(NskJson) body = letter != NULL ? nsk_api_read(visit, members) : NULL;

    if (body == NULL)
        return true;
    const NskDeed deed = { .deed = nsk_json_get_text(body, "act"),
                           .task = letter,
                           .note = nsk_json_get_text(body, "note") };
    if (!g_strv_contains(acts, deed.deed)) {
        nsk_api_refuse(visit, 422, "act", nsk_tr("a letter takes recall, resume, suspend and urge"),
                       NULL);
        return true;
    }
    bool ok = nsk_office_deed(visit->office, &deed, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

/* --- Files ----------------------------------------------------------------------------------- */

/* Browsers save it, and do not show it as a page of this server. */
static void
offer_file(NskHttpVisit *visit, const char *name)
{
    g_autofree char *coded = g_uri_escape_string(name, NULL, FALSE);
    g_autofree char *value = g_strconcat("attachment; filename*=UTF-8''", coded, NULL);

    nsk_http_response_add_header(visit->response, "Content-Disposition", value);
}

static bool
get_file(NskHttpVisit *visit, GError **error)
{
    const NskExport what = { .form = NSK_EXPORT_ATTACHMENT,
                             .name = nsk_http_request_get_piece(visit->request, "name") };

    offer_file(visit, what.name);
    return export_as(visit, &what, "application/octet-stream", error);
}

static bool
put_file(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;
    const char *letter = nsk_api_letter(visit);
    const NskHttpFile *file = nsk_http_request_get_file(visit->request, "");

    if (letter == NULL || !nsk_api_begin(visit))
        return true;
    if (file == NULL) {
        nsk_api_refuse(visit, 422, "file", nsk_tr("the body is the file, and it is empty"), NULL);
        return true;
    }
    if (!is_as_seen(visit, letter, NULL, error))
        return *error == NULL;
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", file->fd);
    const NskAttachFile attach = { .letter = letter,
                                   .path = path,
                                   .title = nsk_http_request_get_query(visit->request, "title"),
                                   .name = nsk_http_request_get_piece(visit->request, "name") };
    bool ok = nsk_office_letter_attach(visit->office, &attach, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
list_files(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;
    const char *letter = nsk_api_letter(visit);

    if (letter == NULL)
        return true;
    bool ok = nsk_office_letter_attachments(visit->office, letter, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

/* Attaches a file that came in pieces. */
static bool
take_upload(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = { { "upload", NSK_API_TEXT, true },
                                            { "name", NSK_API_TEXT, false },
                                            { "title", NSK_API_TEXT, false },
                                            { NULL, NSK_API_TEXT, false } };
    NskJson *result = NULL;
    const char *letter = nsk_api_letter(visit);
    g_autoptr(NskJson) body = letter != NULL ? nsk_api_read(visit, members) : NULL;
    g_autoptr(NskUploaded) uploaded = NULL;

    if (body == NULL)
        return true;
    if (!is_as_seen(visit, letter, NULL, error))
        return *error == NULL;
    if (!nsk_office_upload_open(visit->office, nsk_json_get_text(body, "upload"), &uploaded, error))
        return nsk_api_finish(visit, false, NULL, error);
    const NskAttachFile attach = { .letter = letter,
                                   .path = uploaded->path,
                                   .title = nsk_json_get_text(body, "title"),
                                   .name = nsk_json_get_text(body, "name"),
                                   .called = uploaded->name };
    bool ok = nsk_office_letter_attach(visit->office, &attach, &result, error);
    if (ok)
        nsk_office_upload_use(visit->office, uploaded);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
delete_file(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;
    const char *letter = nsk_api_letter(visit);
    const char *name = nsk_http_request_get_piece(visit->request, "name");

    if (letter == NULL || !nsk_api_begin(visit))
        return true;
    if (!is_as_seen(visit, letter, NULL, error))
        return *error == NULL;
    bool ok = nsk_office_letter_detach(visit->office, letter, name, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_api_letters[] = {
    { .method = "GET", .pattern = PATH, .visit = search, .scope = "archive:read" },
    { .method = "POST", .pattern = PATH, .visit = make, .scope = "letters:write",
      .body = NSK_HTTP_BODY_MEMORY, .body_limit = BODY_LIMIT },
    { .method = "GET", .pattern = PATH "/{letter}", .visit = show, .scope = "letters:read" },
    { .method = "PUT", .pattern = PATH "/{letter}", .visit = edit, .scope = "letters:write",
      .body = NSK_HTTP_BODY_MEMORY, .body_limit = BODY_LIMIT },
    { .method = "GET", .pattern = PATH "/{letter}/xml", .visit = show_xml, .scope = "letters:read" },
    { .method = "GET", .pattern = PATH "/{letter}/html", .visit = show_html,
      .scope = "letters:read", .place = NSK_HTTP_HEAVY },
    { .method = "GET", .pattern = PATH "/{letter}/pdf", .visit = show_pdf,
      .scope = "letters:read", .place = NSK_HTTP_HEAVY },
    { .method = "GET", .pattern = PATH "/{letter}/pages/{page}", .visit = show_page,
      .scope = "letters:read", .place = NSK_HTTP_HEAVY },
    { .method = "GET", .pattern = PATH "/{letter}/history", .visit = show_history,
      .scope = "letters:read" },
    { .method = "GET", .pattern = PATH "/{letter}/changes", .visit = show_changes,
      .scope = "letters:read" },
    { .method = "GET", .pattern = PATH "/{letter}/findings", .visit = show_findings,
      .scope = "letters:read" },
    { .method = "POST", .pattern = PATH "/{letter}/notes", .visit = add_note,
      .scope = "letters:write", .body = NSK_HTTP_BODY_MEMORY },
    { .method = "POST", .pattern = PATH "/{letter}/acts", .visit = act,
      .scope = "letters:write", .body = NSK_HTTP_BODY_MEMORY },
    { .method = "POST", .pattern = PATH "/{letter}/withdrawal", .visit = withdraw,
      .scope = "letters:write", .body = NSK_HTTP_BODY_MEMORY },
    { .method = "GET", .pattern = PATH "/{letter}/attachments", .visit = list_files,
      .scope = "letters:read" },
    { .method = "POST", .pattern = PATH "/{letter}/attachments", .visit = take_upload,
      .scope = "letters:write", .body = NSK_HTTP_BODY_MEMORY },
    { .method = "GET", .pattern = PATH "/{letter}/attachments/{name}", .visit = get_file,
      .scope = "letters:read" },
    { .method = "PUT", .pattern = PATH "/{letter}/attachments/{name}", .visit = put_file,
      .scope = "letters:write", .body = NSK_HTTP_BODY_FILE, .body_limit = UPLOAD_LIMIT },
    { .method = "DELETE", .pattern = PATH "/{letter}/attachments/{name}", .visit = delete_file,
      .scope = "letters:write" },
    { .method = NULL },
};
/* clang-format on */

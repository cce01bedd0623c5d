/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One letter.
 *
 *     /surat/{letter}                      what is known of it, its words, its way, its notes
 *     /surat/{letter}/riwayat              what happened to it, with its proof
 *     /surat/{letter}/bukti/{n}            the proof of one entry of that, to be checked elsewhere
 *     /surat/{letter}/banding?dari=&ke=    what two versions say differently
 *     /surat/{letter}/berkas.pdf           its pages
 *     /surat/{letter}/halaman/{n}          a page as a picture
 *     /surat/{letter}/catatan (POST)       a note
 *     /surat/{letter}/tarik (POST)         takes the last disposition back
 */
#include "base/message.h"
#include "http/site-private.h"
#include "office/loan.h"
#include "office/records.h"

#include <string.h>

#define PICTURE_WIDTH 900 /* pixels */
#define MAIN_BEGIN    "<main"
#define MAIN_END      "</main>"

/* --- The letter's words ---------------------------------------------------------------------- */

/* Leaves pictures out: they are in the pages, and would be most of what is sent. */
static char *
without_pictures(const char *html, const char *end)
{
    GString *text = g_string_new(NULL);
    const char *at = html;

    while (at < end) {
        const char *picture = g_strstr_len(at, end - at, "<img");
        const char *behind = picture != NULL ? memchr(picture, '>', (size_t)(end - picture)) : NULL;

        g_string_append_len(text, at, (behind != NULL ? picture : end) - at);
        at = behind != NULL ? behind + 1 : end;
    }
    return g_string_free(text, FALSE);
}

char *
nsk_http_letter_text(NskHttpVisit *visit, const char *letter)
{
    const NskExport what = { .form = NSK_EXPORT_HTML };
    g_autoptr(GBytes) html = NULL;

    if (!nsk_office_letter_export(visit->office, letter, &what, &html, NULL))
        return NULL;
    gsize size;
    const char *data = g_bytes_get_data(html, &size);
    const char *begin = g_strstr_len(data, (gssize)size, MAIN_BEGIN);
    const char *end = begin != NULL ? g_strstr_len(begin, data + size - begin, MAIN_END) : NULL;
    begin = end != NULL ? memchr(begin, '>', (size_t)(end - begin)) : NULL;
    return begin != NULL ? without_pictures(begin + 1, end) : NULL;
}

/* --- Pages ----------------------------------------------------------------------------------- */

static const char *
named(const NskHttpVisit *visit)
{
    return nsk_http_request_get_piece(visit->request, "letter");
}

/* Whether the visitor may prepare a disposition of the letter for a leader. */
static void
add_preparing(NskHttpVisit *visit, NskJson *view)
{
    g_autoptr(NskJson) own = NULL;

    if (!nsk_office_disposition_own(visit->office, named(visit), &own, NULL))
        return;
    const NskJson *tasks = nsk_json_get(own, "tasks");
    for (size_t i = 0; i < nsk_json_length(tasks); i++) {
        if (nsk_json_get_bool(nsk_json_at(tasks, i), "assists", false))
            nsk_json_set_bool(view, "prepares", true);
    }
}

/* The requests that the letter may answer, for who keeps its unit's records. */
static void
add_requests(NskHttpVisit *visit, NskJson *view)
{
    g_autoptr(NskJson) found = NULL;
    NskJson *requests = nsk_json_array();
    const char *unit = nsk_json_get_text(view, "unit");

    nsk_json_set(view, "loan_requests", requests);
    if (g_str_has_suffix(nsk_json_get_text(view, "security"), "rahasia") ||
        !nsk_office_loan_list(visit->office, false, &found, NULL))
        return;
    const NskJson *loans = nsk_json_get(found, "loans");
    for (size_t i = 0; i < nsk_json_length(loans); i++) {
        NskJson *loan = nsk_json_at(loans, i);

        if (nsk_json_get_bool(loan, "keeps", false) &&
            strcmp(nsk_json_get_text(loan, "state"), "asked") == 0 &&
            g_strcmp0(nsk_json_get_text(loan, "unit"), unit) == 0 &&
            strcmp(nsk_json_get_text(loan, "person"), visit->visitor->person) != 0)
            nsk_json_add(requests, nsk_json_ref(loan));
    }
}

/* The file of records that it is in, or may be put into, for who keeps those. */
static void
add_kept(NskHttpVisit *visit, NskJson *view)
{
    g_autoptr(NskJson) kept = NULL;

    if (nsk_office_berkas_of(visit->office, named(visit), &kept, NULL))
        nsk_json_set(view, "kept", g_steal_pointer(&kept));
    if (nsk_json_get_bool(nsk_json_get(view, "kept"), "keeps", false))
        add_requests(visit, view);
}

static bool
show_with(NskHttpVisit *visit, const char *fault, GError **error)
{
    g_autoptr(NskJson) view = NULL;
    g_autoptr(NskJson) given = NULL;
    g_autoptr(NskJson) incoming = NULL;

    if (!nsk_office_letter_show(visit->office, named(visit), &view, error))
        return false;
    g_autofree char *text = nsk_http_letter_text(visit, named(visit));
    nsk_json_set_text(view, "text", text);
    if (nsk_office_disposition_show(visit->office, named(visit), &given, NULL))
        nsk_json_set(view, "given", nsk_json_ref(nsk_json_get(given, "dispositions")));
    if (nsk_office_incoming_show(visit->office, named(visit), &incoming, NULL))
        nsk_json_set(view, "incoming", g_steal_pointer(&incoming));
    add_preparing(visit, view);
    add_kept(visit, view);
    (void)nsk_office_disposition_see(visit->office, named(visit), NULL);
    const NskJson *tasks = nsk_json_get(view, "tasks");
    for (size_t i = 0; i < nsk_json_length(tasks); i++) {
        if (strcmp(nsk_http_task_nature(nsk_json_at(tasks, i)), "konsep") == 0)
            nsk_json_set_bool(view, "is_draft", true);
    }
    nsk_http_add_attachments(visit, named(visit), view);
    nsk_http_tell_done(visit, view);
    if (fault != NULL)
        nsk_http_add_fault(view, "catatan", fault);
    return nsk_http_visit_show(visit, "letter", view, error);
}

static bool
show_letter(NskHttpVisit *visit, GError **error)
{
    return show_with(visit, NULL, error);
}

static bool
show_history(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = NULL;

    return nsk_office_letter_history(visit->office, named(visit), &view, error) &&
           nsk_http_visit_show(visit, "history", view, error);
}

static bool
send_proof(NskHttpVisit *visit, GError **error)
{
    gint64 entry = 0;
    const char *text = nsk_http_request_get_piece(visit->request, "n");

    if (!g_ascii_string_to_signed(text, 10, 1, G_MAXINT32, &entry, NULL)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("entries are counted from 1"));
        return false;
    }
    g_autoptr(GBytes) proof = nsk_office_letter_proof(visit->office, named(visit), entry, error);
    if (proof == NULL)
        return false;
    nsk_http_response_set_bytes(visit->response, "text/plain; charset=utf-8", proof);
    nsk_http_response_add_header(visit->response, "Content-Disposition",
                                 "attachment; filename=\"bukti.tlog-proof\"");
    return true;
}

/* A version in the address; 0 if there is none. */
static int64_t
get_version(const NskHttpVisit *visit, const char *name)
{
    const char *text = nsk_http_request_get_query(visit->request, name);
    gint64 version = 0;

    return text != NULL && g_ascii_string_to_signed(text, 10, 1, G_MAXINT32, &version, NULL)
               ? version
               : 0;
}

static bool
show_difference(NskHttpVisit *visit, GError **error)
{
    const NskLetterDiffAsk ask = { named(visit), get_version(visit, "dari"),
                                   get_version(visit, "ke") };
    g_autoptr(NskJson) view = NULL;
    g_autoptr(NskJson) letter = NULL;

    if (!nsk_office_letter_diff(visit->office, &ask, &view, error) ||
        !nsk_office_letter_show(visit->office, named(visit), &letter, error))
        return false;
    nsk_json_set_text(view, "subject", nsk_json_get_text(letter, "subject"));
    nsk_json_set_int(view, "versions", nsk_json_get_int(letter, "version", 1));
    return nsk_http_visit_show(visit, "compare", view, error);
}

/* --- Files ----------------------------------------------------------------------------------- */

static bool
send_pdf(NskHttpVisit *visit, GError **error)
{
    const NskExport what = { .form = NSK_EXPORT_PDF };
    g_autoptr(GBytes) pdf = NULL;

    if (!nsk_office_letter_export(visit->office, named(visit), &what, &pdf, error))
        return false;
    nsk_http_response_set_bytes(visit->response, "application/pdf", pdf);
    nsk_http_response_add_header(visit->response, "Content-Disposition",
                                 "inline; filename=\"surat.pdf\"");
    nsk_http_response_set_policy(visit->response,
                                 "default-src 'none'; frame-ancestors 'none'; sandbox");
    return true;
}

static bool
send_picture(NskHttpVisit *visit, GError **error)
{
    guint64 page = 0;
    NskExport what = { .form = NSK_EXPORT_PREVIEW, .width = PICTURE_WIDTH };
    g_autoptr(GBytes) png = NULL;

    if (!g_ascii_string_to_unsigned(nsk_http_request_get_piece(visit->request, "n"), 10, 1,
                                    G_MAXINT32, &page, NULL)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("pages are counted from 1"));
        return false;
    }
    what.page = (unsigned)page;
    if (!nsk_office_letter_export(visit->office, named(visit), &what, &png, error))
        return false;
    nsk_http_response_set_bytes(visit->response, "image/png", png);
    return true;
}

/* --- Acts ------------------------------------------------------------------------------------ */

static bool
go_back(NskHttpVisit *visit, const char *message)
{
    g_autofree char *address = g_strconcat("/surat/", named(visit), "?pesan=", message, NULL);

    nsk_http_response_redirect(visit->response, address);
    return true;
}

/* What the person can mend is told at the letter. */
static bool
refuse(NskHttpVisit *visit, GError *fault, GError **error)
{
    bool conflict = g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT);

    if (!conflict && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED)) {
        g_propagate_error(error, g_error_copy(fault));
        return false;
    }
    nsk_http_response_set_status(visit->response, conflict ? 409 : 422);
    return show_with(visit, fault->message, error);
}

static bool
add_note(NskHttpVisit *visit, GError **error)
{
    const char *text = nsk_http_request_get_field(visit->request, "catatan");
    const NskLetterNote note = { named(visit), text != NULL ? text : "" };
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) fault = NULL;

    if (!nsk_office_letter_note(visit->office, &note, &result, &fault))
        return refuse(visit, fault, error);
    return go_back(visit, "catatan");
}

static bool
recall(NskHttpVisit *visit, GError **error)
{
    const NskDispositionAct act = { .act = "recall", .task = named(visit) };
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) fault = NULL;

    if (!nsk_office_disposition(visit->office, &act, &result, &fault))
        return refuse(visit, fault, error);
    return go_back(visit, "tarik");
}

#define LETTER "/surat/{letter}"

const NskHttpRoute nsk_http_routes_letter[] = {
    { .method = "GET", .pattern = LETTER, .visit = show_letter, .is_page = true },
    { .method = "GET", .pattern = LETTER "/riwayat", .visit = show_history, .is_page = true },
    { .method = "GET", .pattern = LETTER "/bukti/{n}", .visit = send_proof, .is_page = true },
    { .method = "GET", .pattern = LETTER "/banding", .visit = show_difference, .is_page = true },
    { .method = "GET",
      .pattern = LETTER "/berkas.pdf",
      .visit = send_pdf,
      .place = NSK_HTTP_HEAVY,
      .is_page = true },
    { .method = "GET",
      .pattern = LETTER "/halaman/{n}",
      .visit = send_picture,
      .place = NSK_HTTP_HEAVY,
      .is_page = true },
    { .method = "POST",
      .pattern = LETTER "/catatan",
      .visit = add_note,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "POST",
      .pattern = LETTER "/tarik",
      .visit = recall,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing letters.
 *
 *     /draf/baru                 which kind of letter
 *     /draf/baru?jenis=KIND      the form of a new one; POST makes it
 *     /draf/{letter}             the form of one that may be changed; POST makes a version
 *     .../periksa (POST)         what is wrong with what is typed, for a script: JSON
 *     .../pratinjau (POST)       how it looks, for a script: a picture of a page (halaman=N), which
 *                                header Pages says ("1/2"); what is wrong while it cannot be stored
 *
 *     .../ketikan (POST)         keeps what is typed for its writer alone, for a script: JSON with
 * who is writing the letter
 *     .../ambil-alih (POST)      writes on in somebody else's place
 *     .../buang (POST)           throws away what was kept
 *
 * INVARIANTS
 *   (1) What was typed comes back in every page that does not store it.
 *   (2) A form carries the version it was made of: if there is a newer one nothing is stored, and
 *       the page shows both (409).
 */
#include "base/limits.h"
#include "base/message.h"
#include "http/site-private.h"
#include "office/draft.h"
#include "office/typed.h"

#include <string.h>

#define NAME          "surat" /* what messages call what was typed */
#define FORM_LIMIT    ((uint64_t)2 * 1024 * 1024)
#define PICTURE_WIDTH 900 /* pixels, as of the pages of a letter that is stored */

/* What fields are called in the form and in office/draft.h. */
static const struct {
    const char *name;
    const char *field;
} fields[] = {
    { "keamanan", "security" },
    { "urgensi", "urgency" },
    { "klasifikasi", "classification" },
    { "hal", "subject" },
    { "kepada", "to" },
    { "tembusan", "copies" },
    { "pemeriksa", "reviewers" },
    { "petugas", "assignees" },
    { "penandatangan", "signatories" },
    { "hari", "day" },
    { "jam", "time" },
    { "mulai", "begins" },
    { "selesai", "ends" },
    { "isi", "text" },
    { "badan", "body" },
};

static const char *
named(const NskHttpVisit *visit)
{
    return nsk_http_request_get_piece(visit->request, "letter");
}

/* Those of the form. */
static NskJson *
get_typed(const NskHttpVisit *visit)
{
    NskJson *typed = nsk_json_object();

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *text = nsk_http_request_get_field(visit->request, fields[i].name);

        nsk_json_set_text(typed, fields[i].field, text != NULL ? text : "");
    }
    return typed;
}

/* Faults as the page wants them: at the names that its fields have. */
static void
add_faults(NskJson *view, const NskJson *faults)
{
    for (size_t i = 0; i < nsk_json_length(faults); i++) {
        const NskJson *fault = nsk_json_at(faults, i);
        const char *field = nsk_json_get_text(fault, "field");
        const char *name = NULL;

        for (size_t f = 0; f < G_N_ELEMENTS(fields); f++) {
            if (g_strcmp0(fields[f].field, field) == 0)
                name = fields[f].name;
        }
        nsk_http_add_fault(view, name, nsk_json_get_text(fault, "words"));
    }
}

/* --- Which kind ------------------------------------------------------------------------------ */

static bool
show_kinds(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = NULL;

    return nsk_office_kinds(visit->office, &view, error) &&
           nsk_http_visit_show(visit, "draft-new", view, error);
}

static bool
add_kind_title(NskHttpVisit *visit, NskJson *view, const char *kind, GError **error)
{
    g_autoptr(NskJson) list = NULL;

    if (!nsk_office_kinds(visit->office, &list, error))
        return false;
    const NskJson *kinds = nsk_json_get(list, "kinds");
    for (size_t i = 0; i < nsk_json_length(kinds); i++) {
        const NskJson *row = nsk_json_at(kinds, i);

        if (g_strcmp0(nsk_json_get_text(row, "kind"), kind) == 0)
            nsk_json_set_text(view, "title", nsk_json_get_text(row, "title"));
    }
    return true;
}

/* --- What is typed and not stored ------------------------------------------------------------ */

static NskTypedPlace
get_place(const NskHttpVisit *visit, const char *kind)
{
    return (NskTypedPlace){ .letter = named(visit), .kind = kind };
}

/* Tells of what was kept, or (if the address says so) goes on with it; what cannot be found is no
 * reason to show no form. */
static void
add_kept(NskHttpVisit *visit, NskJson *view, NskJson **typed)
{
    const NskTypedPlace place = get_place(visit, nsk_json_get_text(view, "kind"));
    g_autoptr(NskJson) kept = NULL;

    if (!nsk_office_typed_find(visit->office, &place, &kept, NULL) || kept == NULL)
        return;
    if (nsk_http_request_get_query(visit->request, "lanjut") == NULL) {
        nsk_json_set_text(view, "kept", nsk_json_get_text(kept, "at"));
        return;
    }
    static const char *const parts[] = { "has_meeting", "has_assignment" };
    NskJson *form = nsk_json_ref(nsk_json_get(kept, "form"));
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        nsk_json_set_bool(form, parts[i], nsk_json_get_bool(*typed, parts[i], false));
    nsk_json_unref(*typed);
    *typed = form;
    nsk_json_set_bool(view, "goes_on", true);
    if (named(visit) != NULL)
        nsk_json_set_int(view, "version", nsk_json_get_int(form, "version", 0));
    nsk_json_set_text(view, "position", nsk_json_get_text(form, "position"));
}

/* Who else is writing. */
static void
add_lease(NskHttpVisit *visit, NskJson *view)
{
    g_autoptr(NskJson) lease = NULL;

    if (named(visit) != NULL && nsk_office_lease_find(visit->office, named(visit), &lease, NULL) &&
        lease != NULL && !nsk_json_get_bool(lease, "mine", false))
        nsk_json_set(view, "lease", nsk_json_ref(lease));
}

/* --- The form -------------------------------------------------------------------------------- */

static void
add_stored(NskHttpVisit *visit, NskJson *view)
{
    nsk_json_set_text(view, "letter", named(visit));
    nsk_http_add_attachments(visit, named(visit), view);
}

/* The page of @typed; @view has what is to be told with it. */
static bool
show_form(NskHttpVisit *visit, NskJson *view, const NskJson *typed, GError **error)
{
    nsk_json_set(view, "typed", nsk_json_ref(typed));
    add_lease(visit, view);
    if (named(visit) != NULL)
        add_stored(visit, view);
    else
        nsk_json_set(view, "positions", nsk_json_ref(visit->visitor->positions));
    return add_kind_title(visit, view, nsk_json_get_text(view, "kind"), error) &&
           nsk_http_visit_show(visit, "draft", view, error);
}

/* What the form was made of: a kind's skeleton, or the letter as it is stored. */
static bool
read_base(NskHttpVisit *visit, const char *kind, GBytes **out_base, GError **error)
{
    const NskExport what = { .form = NSK_EXPORT_XML };

    if (named(visit) != NULL)
        return nsk_office_letter_export(visit->office, named(visit), &what, out_base, error);
    return nsk_office_letter_skeleton(visit->office, kind, out_base, error);
}

static bool
show_new(NskHttpVisit *visit, GError **error)
{
    const char *kind = nsk_http_request_get_query(visit->request, "jenis");
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(NskJson) typed = NULL;
    g_autoptr(GBytes) base = NULL;

    if (kind == NULL || *kind == '\0')
        return show_kinds(visit, error);
    if (!read_base(visit, kind, &base, error) ||
        !nsk_office_draft_fields(visit->office, base, &typed, error))
        return false;
    nsk_json_set_text(view, "kind", kind);
    add_kept(visit, view, &typed);
    return show_form(visit, view, typed, error);
}

/* Whether the letter is with its drafter. */
static bool
is_draft(const NskJson *letter)
{
    const NskJson *tasks = nsk_json_get(letter, "tasks");

    for (size_t i = 0; i < nsk_json_length(tasks); i++) {
        if (strcmp(nsk_http_task_nature(nsk_json_at(tasks, i)), "konsep") == 0)
            return true;
    }
    return false;
}

/* What has to be mended before the letter goes on, told below what was done. */
static bool
add_wishes(NskHttpVisit *visit, NskJson *view, GBytes *xml, GError **error)
{
    NskJson *wishes = nsk_json_array();
    bool is_whole;

    nsk_json_set(view, "wishes", wishes);
    return nsk_office_draft_check(visit->office, xml, wishes, &is_whole, error);
}

static bool
show_letter(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(NskJson) letter = NULL;
    g_autoptr(NskJson) typed = NULL;
    g_autoptr(GBytes) base = NULL;
    const char *done = nsk_http_request_get_query(visit->request, "pesan");

    if (!nsk_office_letter_show(visit->office, named(visit), &letter, error))
        return false;
    if (!is_draft(letter)) {
        g_autofree char *address = g_strconcat("/surat/", named(visit), NULL);

        nsk_http_response_redirect(visit->response, address);
        return true;
    }
    if (!read_base(visit, NULL, &base, error) ||
        !nsk_office_draft_fields(visit->office, base, &typed, error) ||
        !add_wishes(visit, view, base, error))
        return false;
    nsk_json_set_text(view, "kind", nsk_json_get_text(letter, "kind"));
    nsk_json_set_int(view, "version", nsk_json_get_int(letter, "version", 0));
    add_kept(visit, view, &typed);
    if (g_strcmp0(done, "simpan") == 0)
        nsk_json_set_text(view, "done", nsk_tr("The letter is stored."));
    return show_form(visit, view, typed, error);
}

/* --- What was typed -------------------------------------------------------------------------- */

/* What one round of the form is about. */
typedef struct {
    NskJson *view;
    NskJson *typed;
    GBytes *base;
    GBytes *xml; /* what was typed makes; NULL: not made */
    NskJson *faults;
    bool is_whole; /* it can be stored */
} Round;

static void
round_clear(Round *round)
{
    nsk_json_unref(round->view);
    nsk_json_unref(round->typed);
    nsk_json_unref(round->faults);
    g_clear_pointer(&round->base, g_bytes_unref);
    g_clear_pointer(&round->xml, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Round, round_clear)

static const char *
get_kind(const NskHttpVisit *visit)
{
    const char *kind = nsk_http_request_get_field(visit->request, "jenis");

    return kind != NULL ? kind : "";
}

static int64_t
get_version(const NskHttpVisit *visit)
{
    const char *text = nsk_http_request_get_field(visit->request, "versi");
    gint64 version = 0;

    return text != NULL && g_ascii_string_to_signed(text, 10, 1, G_MAXINT32, &version, NULL)
               ? version
               : 0;
}

/* What an editor wrote is shown as plain text too: the page may come back without its script. */
static bool
keep_text(NskHttpVisit *visit, Round *round, GError **error)
{
    g_autoptr(NskJson) made = NULL;

    if (nsk_json_get_text(round->typed, "body")[0] == '\0')
        return true;
    if (!nsk_office_draft_fields(visit->office, round->xml, &made, error))
        return false;
    nsk_json_set_text(round->typed, "text", nsk_json_get_text(made, "text"));
    return true;
}

/* Makes a letter of what was typed, and finds what is wrong with it: what keeps it from being
 * stored, or else everything. */
static bool
make_round(NskHttpVisit *visit, Round *round, GError **error)
{
    round->view = nsk_json_object();
    round->typed = get_typed(visit);
    round->faults = nsk_json_array();
    nsk_json_set_text(round->view, "kind", get_kind(visit));
    nsk_json_set_int(round->view, "version", get_version(visit));
    nsk_json_set_text(round->view, "position",
                      nsk_http_request_get_field(visit->request, "jabatan"));
    if (!read_base(visit, get_kind(visit), &round->base, error))
        return false;
    /* which parts the form has is known by what it was made of */
    g_autoptr(NskJson) before = NULL;
    if (!nsk_office_draft_fields(visit->office, round->base, &before, error) ||
        !nsk_office_draft_compose(visit->office, round->base, round->typed, round->faults,
                                  &round->xml, error))
        return false;
    if (!keep_text(visit, round, error))
        return false;
    nsk_json_set_bool(round->typed, "has_meeting", nsk_json_get_bool(before, "has_meeting", false));
    nsk_json_set_bool(round->typed, "has_assignment",
                      nsk_json_get_bool(before, "has_assignment", false));
    return nsk_json_length(round->faults) > 0 ||
           nsk_office_draft_check(visit->office, round->xml, round->faults, &round->is_whole,
                                  error);
}

static bool
show_round(NskHttpVisit *visit, Round *round, unsigned status, GError **error)
{
    nsk_http_response_set_status(visit->response, status);
    return show_form(visit, round->view, round->typed, error);
}

/* Somebody stored another version meanwhile: both are shown, and the next try goes before it. */
static bool
show_conflict(NskHttpVisit *visit, Round *round, const char *words, GError **error)
{
    g_autoptr(NskJson) letter = NULL;
    g_autoptr(NskJson) theirs = NULL;

    if (!nsk_office_letter_show(visit->office, named(visit), &letter, error) ||
        !nsk_office_draft_fields(visit->office, round->base, &theirs, error))
        return false;
    nsk_json_set_int(round->view, "version", nsk_json_get_int(letter, "version", 0));
    nsk_json_set(round->view, "theirs", nsk_json_ref(theirs));
    nsk_http_add_fault(round->view, NULL, words);
    return show_round(visit, round, 409, error);
}

static bool
refuse(NskHttpVisit *visit, Round *round, GError *fault, GError **error)
{
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT) && named(visit) != NULL)
        return show_conflict(visit, round,
                             nsk_tr("somebody stored this letter after you opened it; below is "
                                    "theirs, and what you typed is still here"),
                             error);
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED)) {
        g_propagate_error(error, g_error_copy(fault));
        return false;
    }
    nsk_http_add_fault(round->view, NULL, fault->message);
    return show_round(visit, round, 422, error);
}

static bool
store(NskHttpVisit *visit, const Round *round, NskJson **out_result, GError **error)
{
    const char *position = nsk_http_request_get_field(visit->request, "jabatan");

    if (named(visit) != NULL) {
        const NskLetterEdit edit = { .letter = named(visit),
                                     .name = NAME,
                                     .xml = round->xml,
                                     .base = get_version(visit) };
        return nsk_office_letter_edit(visit->office, &edit, out_result, error);
    }
    const NskNewLetter draft = { NAME, round->xml,
                                 position != NULL && *position != '\0' ? position : NULL };
    return nsk_office_letter_new(visit->office, &draft, out_result, error);
}

static bool
save(NskHttpVisit *visit, GError **error)
{
    g_auto(Round) round = { NULL };
    const char *act = nsk_http_request_get_field(visit->request, "aksi");
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) fault = NULL;

    if (!make_round(visit, &round, error))
        return false;
    if (!round.is_whole) {
        add_faults(round.view, round.faults);
        return show_round(visit, &round, 422, error);
    }
    if (g_strcmp0(act, "periksa") == 0) {
        nsk_json_set(round.view, "wishes", nsk_json_ref(round.faults));
        nsk_json_set_bool(round.view, "checked", true);
        return show_round(visit, &round, 200, error);
    }
    if (!store(visit, &round, &result, &fault))
        return refuse(visit, &round, fault, error);
    const NskTypedPlace place = get_place(visit, get_kind(visit));
    (void)nsk_office_typed_drop(visit->office, &place, NULL);
    g_autofree char *address =
        g_strconcat("/draf/", nsk_json_get_text(result, "letter"), "?pesan=simpan", NULL);
    nsk_http_response_redirect(visit->response, address);
    return true;
}

static void
send_json(NskHttpVisit *visit, const NskJson *value)
{
    g_autofree char *text = nsk_json_canonical(value);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    nsk_http_response_set_bytes(visit->response, "application/json", bytes);
}

/* For a script: the same faults that the page would tell. */
static bool
check(NskHttpVisit *visit, GError **error)
{
    g_auto(Round) round = { NULL };
    g_autoptr(NskJson) answer = nsk_json_object();

    if (!make_round(visit, &round, error))
        return false;
    add_faults(answer, round.faults);
    nsk_json_set_bool(answer, "whole", round.is_whole);
    send_json(visit, answer);
    return true;
}

/* --- Keeping what is typed ------------------------------------------------------------------- */

static bool
keep(NskHttpVisit *visit, bool take_over, NskJson **out_lease, GError **error)
{
    const NskTypedPlace place = get_place(visit, get_kind(visit));
    g_autoptr(NskJson) form = get_typed(visit);

    nsk_json_set_int(form, "version", get_version(visit));
    nsk_json_set_text(form, "position", nsk_http_request_get_field(visit->request, "jabatan"));
    return nsk_office_typed_keep(visit->office, &place, form, take_over, out_lease, error);
}

static bool
keep_typed(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) answer = nsk_json_object();
    g_autoptr(NskJson) lease = NULL;

    if (!keep(visit, false, &lease, error))
        return false;
    if (lease != NULL)
        nsk_json_set(answer, "lease", nsk_json_ref(lease));
    send_json(visit, answer);
    return true;
}

/* What was typed stays in the form, as of the version that it was made of. */
static bool
take_over(NskHttpVisit *visit, GError **error)
{
    g_auto(Round) round = { NULL };
    g_autoptr(NskJson) lease = NULL;

    if (!keep(visit, true, &lease, error) || !make_round(visit, &round, error))
        return false;
    nsk_json_set_text(round.view, "done", nsk_tr("You are the one who writes this letter now."));
    return show_round(visit, &round, 200, error);
}

static bool
drop_typed(NskHttpVisit *visit, GError **error)
{
    const NskTypedPlace place = get_place(visit, get_kind(visit));
    g_autofree char *kind = g_uri_escape_string(get_kind(visit), NULL, false);
    g_autofree char *address = named(visit) != NULL ? g_strconcat("/draf/", named(visit), NULL)
                                                    : g_strconcat("/draf/baru?jenis=", kind, NULL);

    if (!nsk_office_typed_drop(visit->office, &place, error))
        return false;
    nsk_http_response_redirect(visit->response, address);
    return true;
}

/* --- How it looks ---------------------------------------------------------------------------- */

static unsigned
get_page(const NskHttpVisit *visit)
{
    const char *text = nsk_http_request_get_field(visit->request, "halaman");
    gint64 page = 1;

    return text != NULL && g_ascii_string_to_signed(text, 10, 1, NSK_LIMIT_PAGES, &page, NULL)
               ? (unsigned)page
               : 1;
}

/* For a script: how it looks if it is stored like this. */
static bool
show_picture(NskHttpVisit *visit, GError **error)
{
    g_auto(Round) round = { NULL };
    g_autoptr(GBytes) png = NULL;
    unsigned page, pages;

    if (!make_round(visit, &round, error))
        return false;
    if (!round.is_whole) {
        g_autoptr(NskJson) answer = nsk_json_object();

        add_faults(answer, round.faults);
        send_json(visit, answer);
        return true;
    }
    const NskDraftPage what = { named(visit), round.xml, get_page(visit), PICTURE_WIDTH };
    if (!nsk_office_draft_picture(visit->office, &what, &png, &page, &pages, error))
        return false;
    g_autofree char *which = g_strdup_printf("%u/%u", page, pages);
    nsk_http_response_add_header(visit->response, "Pages", which);
    nsk_http_response_set_bytes(visit->response, "image/png", png);
    return true;
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_draft[] = {
    { .method = "GET", .pattern = "/draf/baru", .visit = show_new, .is_page = true },
    { .method = "POST", .pattern = "/draf/baru", .visit = save, .body = NSK_HTTP_BODY_FORM,
      .body_limit = FORM_LIMIT, .is_page = true },
    { .method = "POST", .pattern = "/draf/baru/periksa", .visit = check, .body = NSK_HTTP_BODY_FORM,
      .body_limit = FORM_LIMIT, .is_page = true },
    { .method = "POST", .pattern = "/draf/baru/pratinjau", .visit = show_picture,
      .body = NSK_HTTP_BODY_FORM, .body_limit = FORM_LIMIT, .is_page = true },
    { .method = "POST", .pattern = "/draf/baru/ketikan", .visit = keep_typed,
      .body = NSK_HTTP_BODY_FORM, .body_limit = FORM_LIMIT, .is_page = true },
    { .method = "POST", .pattern = "/draf/baru/buang", .visit = drop_typed,
      .body = NSK_HTTP_BODY_FORM, .body_limit = FORM_LIMIT, .is_page = true },
    { .method = "GET", .pattern = "/draf/{letter}", .visit = show_letter, .is_page = true },
    { .method = "POST", .pattern = "/draf/{letter}", .visit = save, .body = NSK_HTTP_BODY_FORM,
      .body_limit = FORM_LIMIT, .is_page = true },
    { .method = "POST", .pattern = "/draf/{letter}/periksa", .visit = check,
      .body = NSK_HTTP_BODY_FORM, .body_limit = FORM_LIMIT, .is_page = true },
    { .method = "POST", .pattern = "/draf/{letter}/pratinjau", .visit = show_picture,
      .body = NSK_HTTP_BODY_FORM, .body_limit = FORM_LIMIT, .is_page = true },
    { .method = "POST", .pattern = "/draf/{letter}/ketikan", .visit = keep_typed,
      .body = NSK_HTTP_BODY_FORM, .body_limit = FORM_LIMIT, .is_page = true },
    { .method = "POST", .pattern = "/draf/{letter}/ambil-alih", .visit = take_over,
      .body = NSK_HTTP_BODY_FORM, .body_limit = FORM_LIMIT, .is_page = true },
    { .method = "POST", .pattern = "/draf/{letter}/buang", .visit = drop_typed,
      .body = NSK_HTTP_BODY_FORM, .body_limit = FORM_LIMIT, .is_page = true },
    { .method = NULL },
};
/* clang-format on */

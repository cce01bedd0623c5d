/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looking after the office: people, positions, mandates.  Everything below /kelola is for who was
 * named for it (visit.c); what is done is done by the use cases of the commands.
 *
 *     /kelola                                  what there is
 *     /kelola/orang?cari=&setelah=             people; POST adds one
 *     /kelola/orang/{person}                   one, with all that he held, and his account
 *     /kelola/orang/{person}/jabatan (POST)    a position is given to him
 *     /kelola/orang/{person}/akhiri?jabatan=&dari=&macam=   asks, and POST ends it
 *     /kelola/jabatan?cari=&setelah=           positions and who holds them
 *     /kelola/mandat                           mandates
 *     /kelola/muat                             a file of the directory; POST says what it would
 *                                              change, and with "tindakan" ubah does it
 *
 * A row is changed as a file with that one row would change it.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "http/admin-private.h"
#include "office/admin.h"
#include "xml/xml.h"

#include <string.h>

#define DIRECTORY_NS "urn:naskah:directory:1"
#define MOST_LOADED  ((size_t)1024 * 1024) /* bytes of a file on the page; a command takes more */

static const struct {
    const char *code;
    const char *words;
} told[] = {
    { "orang", N_("The person is in the directory.") },
    { "jabatan", N_("The position is given.") },
    { "akhir", N_("The position is ended.") },
    { "muat", N_("The directory is changed.") },
    { "penyedia", N_("The identity provider is named; test the connection now.") },
    { "penyedia-lepas", N_("Nobody signs in by a provider any more.") },
    { "webhook-coba", N_("A message is on its way; look again in a moment.") },
    { "webhook-ubah", N_("The webhook is changed.") },
    { "webhook-hapus", N_("The webhook is removed.") },
    { "webhook-ulang", N_("It is sent once more.") },
    { "terkunci", N_("The account is locked and signed out everywhere.") },
    { "aturan", N_("It is in force for letters that begin from now on.") },
};

void
nsk_http_admin_tell(const NskHttpVisit *visit, NskJson *view)
{
    const char *done = nsk_http_request_get_query(visit->request, "pesan");

    for (size_t i = 0; done != NULL && i < G_N_ELEMENTS(told); i++) {
        if (strcmp(told[i].code, done) == 0)
            nsk_json_set_text(view, "done", nsk_tr(told[i].words));
    }
}

const char *
nsk_http_admin_field(const NskHttpVisit *visit, const char *name)
{
    const char *text = nsk_http_request_get_field(visit->request, name);

    return text != NULL && text[strspn(text, " \t")] != '\0' ? text : NULL;
}

bool
nsk_http_admin_is_plain(const GError *fault)
{
    return g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_LIMIT) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED);
}

void
nsk_http_admin_add_lines(NskJson *view, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        if ((*line)[0] != '\0')
            nsk_http_add_fault(view, NULL, *line);
    }
}

bool
nsk_http_admin_file(const NskHttpVisit *visit, NskOfficeFile *out, size_t limit, GError **error)
{
    const NskHttpFile *file = nsk_http_request_get_file(visit->request, "berkas");

    if (file == NULL || file->size == 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("choose a file"));
        return false;
    }
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", file->fd);
    out->name = file->name != NULL ? file->name : "berkas.xml";
    out->bytes = nsk_file_read(path, limit, error);
    return out->bytes != NULL;
}

/* --- Lists ----------------------------------------------------------------------------------- */

static bool
show_admin(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    return nsk_http_visit_show(visit, "admin", view, error);
}

static bool
show_directory(NskHttpVisit *visit, const char *what, NskJson *more, GError **error)
{
    g_autoptr(NskJson) view = NULL;
    const char *text = nsk_http_request_get_query(visit->request, "cari");
    const NskDirectoryAsk ask = { .what = what,
                                  .text = text != NULL && text[0] != '\0' ? text : NULL,
                                  .after = nsk_http_request_get_query(visit->request, "setelah") };

    if (!nsk_office_directory_list(visit->office, &ask, &view, error))
        return false;
    g_autofree char *escaped = g_uri_escape_string(text != NULL ? text : "", NULL, FALSE);
    nsk_json_set_text(view, "what", what);
    nsk_json_set_text(view, "text", text);
    nsk_json_set_text(view, "escaped", escaped);
    nsk_http_admin_tell(visit, view);
    if (more != NULL) {
        nsk_json_set(view, "faults", nsk_json_ref(nsk_json_get(more, "faults")));
        nsk_json_set(view, "typed", nsk_json_ref(nsk_json_get(more, "typed")));
    }
    return nsk_http_visit_show(visit, "admin-people", view, error);
}

static bool
show_people(NskHttpVisit *visit, GError **error)
{
    return show_directory(visit, "people", NULL, error);
}

static bool
show_positions(NskHttpVisit *visit, GError **error)
{
    return show_directory(visit, "positions", NULL, error);
}

static bool
show_mandates(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = NULL;

    return nsk_office_mandates(visit->office, &view, error) &&
           nsk_http_visit_show(visit, "admin-mandates", view, error);
}

/* --- Changing a row -------------------------------------------------------------------------- */

/* A file of the directory with this one row: @parts are names of attributes and fields of the form
 * that fill them, "" a value of its own. */
typedef struct {
    const char *attribute;
    const char *value; /* NULL: it is left out */
} Cell;

static GBytes *
write_row(const char *table, const char *element, const Cell *cells, GError **error)
{
    static const char *const tables[] = { "units",    "positions", "people",
                                          "holdings", "mandates",  "assistants" };
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(DIRECTORY_NS, "directory");

    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        NskXmlNode *node = nsk_xml_add(nsk_xml_doc_get_root(doc), DIRECTORY_NS, tables[i]);

        if (strcmp(tables[i], table) != 0)
            continue;
        NskXmlNode *row = nsk_xml_add(node, DIRECTORY_NS, element);
        for (int k = 0; cells[k].attribute != NULL; k++) {
            if (cells[k].value != NULL)
                nsk_xml_set_attr(row, cells[k].attribute, cells[k].value);
        }
    }
    return nsk_xml_pretty(doc, error);
}

/* Loads that row; a fault that the person can mend goes to @view, and then false without error. */
static bool
load_row(NskHttpVisit *visit, GBytes *bytes, NskJson *view, GError **error)
{
    const NskOfficeFile file = { nsk_tr("what was typed"), bytes };
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) fault = NULL;

    if (nsk_office_directory_load(visit->office, &file, issues, &fault))
        return true;
    if (nsk_http_admin_is_plain(fault))
        nsk_http_admin_add_lines(view, fault->message);
    else
        g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

static NskJson *
keep_typed(const NskHttpVisit *visit, const char *const *fields)
{
    NskJson *typed = nsk_json_object();

    for (; *fields != NULL; fields++)
        nsk_json_set_text(typed, *fields, nsk_http_admin_field(visit, *fields));
    return typed;
}

static bool
add_person(NskHttpVisit *visit, GError **error)
{
    static const char *const fields[] = { "id", "nama", "cetak", "nip", "pangkat", "surel", NULL };
    g_autoptr(NskJson) view = nsk_json_object();
    const char *id = nsk_http_admin_field(visit, "id");
    const Cell cells[] = {
        { "id", id },
        { "name", nsk_http_admin_field(visit, "nama") },
        { "printed", nsk_http_admin_field(visit, "cetak") },
        { "nip", nsk_http_admin_field(visit, "nip") },
        { "rank", nsk_http_admin_field(visit, "pangkat") },
        { "email", nsk_http_admin_field(visit, "surel") },
        { NULL, NULL },
    };
    g_autoptr(GError) fault = NULL;

    if (id == NULL || cells[1].value == NULL)
        nsk_http_add_fault(view, id == NULL ? "id" : "nama", nsk_tr("this is needed"));
    g_autoptr(GBytes) bytes =
        nsk_json_get(view, "faults") == NULL ? write_row("people", "person", cells, error) : NULL;
    if (bytes != NULL && load_row(visit, bytes, view, &fault)) {
        g_autofree char *address = g_strconcat("/kelola/orang/", id, "?pesan=orang", NULL);

        nsk_http_response_redirect(visit->response, address);
        return true;
    }
    if (nsk_json_get(view, "faults") == NULL) {
        if (fault != NULL)
            g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_json_set(view, "typed", keep_typed(visit, fields));
    nsk_http_response_set_status(visit->response, 422);
    return show_directory(visit, "people", view, error);
}

/* --- A person -------------------------------------------------------------------------------- */

static const char *
named(const NskHttpVisit *visit)
{
    return nsk_http_request_get_piece(visit->request, "person");
}

static bool
show_person_with(NskHttpVisit *visit, const NskJson *faults, GError **error)
{
    g_autoptr(NskJson) view = NULL;
    NskDate today;

    if (!nsk_office_person_show(visit->office, named(visit), &view, error) ||
        !nsk_date_at(nsk_clock_now(visit->site->clock), "Asia/Jakarta", &today, error))
        return false;
    g_autofree char *day = nsk_date_format(today);
    NskJson *holdings = nsk_json_get(view, "holdings");
    for (size_t i = 0; i < nsk_json_length(holdings); i++) {
        const char *until = nsk_json_get_text(nsk_json_at(holdings, i), "until");

        nsk_json_set_bool(nsk_json_at(holdings, i), "over",
                          until != NULL && strcmp(until, day) < 0);
    }
    nsk_json_set_text(view, "today", day);
    nsk_http_admin_tell(visit, view);
    if (faults != NULL)
        nsk_json_set(view, "faults", nsk_json_ref(nsk_json_get(faults, "faults")));
    return nsk_http_visit_show(visit, "admin-person", view, error);
}

static bool
show_person(NskHttpVisit *visit, GError **error)
{
    return show_person_with(visit, NULL, error);
}

/* Loads the row of a holding and goes back to the person. */
static bool
put_holding(NskHttpVisit *visit, const Cell *cells, const char *message, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;
    g_autoptr(GBytes) bytes = write_row("holdings", "holding", cells, error);

    if (bytes == NULL)
        return false;
    if (load_row(visit, bytes, view, &fault)) {
        g_autofree char *address =
            g_strconcat("/kelola/orang/", named(visit), "?pesan=", message, NULL);

        nsk_http_response_redirect(visit->response, address);
        return true;
    }
    if (fault != NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_http_response_set_status(visit->response, 422);
    return show_person_with(visit, view, error);
}

static bool
give_position(NskHttpVisit *visit, GError **error)
{
    const Cell cells[] = {
        { "person", named(visit) },
        { "position", nsk_http_admin_field(visit, "jabatan") },
        { "capacity", nsk_http_admin_field(visit, "macam") },
        { "from", nsk_http_admin_field(visit, "dari") },
        { "until", nsk_http_admin_field(visit, "sampai") },
        { NULL, NULL },
    };

    return put_holding(visit, cells, "jabatan", error);
}

/* Asks before a position ends: who had it loses what waits for him there. */
static bool
ask_to_end(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(NskJson) person = NULL;
    static const char *const kept[] = { "jabatan", "dari", "macam" };
    NskDate today;

    if (!nsk_http_visit_demand_proof(visit, NULL))
        return true;
    if (!nsk_office_person_show(visit->office, named(visit), &person, error) ||
        !nsk_date_at(nsk_clock_now(visit->site->clock), "Asia/Jakarta", &today, error))
        return false;
    g_autofree char *day = nsk_date_format(today);
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
        nsk_json_set_text(view, kept[i], nsk_http_request_get_query(visit->request, kept[i]));
    nsk_json_set_text(view, "act", "end");
    nsk_json_set_text(view, "person", named(visit));
    nsk_json_set_text(view, "today", day);
    return nsk_http_visit_show(visit, "admin-confirm", view, error);
}

static bool
end_position(NskHttpVisit *visit, GError **error)
{
    const Cell cells[] = {
        { "person", named(visit) },
        { "position", nsk_http_admin_field(visit, "jabatan") },
        { "capacity", nsk_http_admin_field(visit, "macam") },
        { "from", nsk_http_admin_field(visit, "dari") },
        { "until", nsk_http_admin_field(visit, "sampai") },
        { NULL, NULL },
    };
    g_autofree char *back = g_strconcat("/kelola/orang/", named(visit), NULL);

    if (!nsk_http_visit_demand_proof(visit, back))
        return true;
    return put_holding(visit, cells, "akhir", error);
}

/* --- A file ---------------------------------------------------------------------------------- */

static bool
show_load_with(NskHttpVisit *visit, NskJson *view, GError **error)
{
    return nsk_http_visit_show(visit, "admin-load", view, error);
}

static bool
show_load(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    if (!nsk_http_visit_demand_proof(visit, NULL))
        return true;
    nsk_http_admin_tell(visit, view);
    return show_load_with(visit, view, error);
}

/* What was chosen: a file; or one that was shown before, as the page carried it along.  @out->name
 * is borrowed, @out->bytes owned. */
static bool
read_file(const NskHttpVisit *visit, NskOfficeFile *out, GError **error)
{
    const char *text = nsk_http_admin_field(visit, "isi");
    const char *name = nsk_http_admin_field(visit, "nama");

    if (text == NULL || name == NULL)
        return nsk_http_admin_file(visit, out, MOST_LOADED, error);
    out->name = name;
    out->bytes = g_bytes_new(text, strlen(text));
    return true;
}

/* What the file would change; for the decision the page carries it along. */
static bool
show_changes(NskHttpVisit *visit, const NskOfficeFile *file, NskJson *view, GError **error)
{
    NskJson *result = NULL;
    gsize size;
    const char *text = g_bytes_get_data(file->bytes, &size);
    g_autoptr(NskIssues) issues = nsk_issues_new();

    if (!nsk_office_directory_preview(visit->office, file, issues, &result, error))
        return false;
    if (!nsk_utf8_is_valid(text, size)) {
        nsk_json_unref(result);
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is not in UTF-8; save it as such"), file->name);
        return false;
    }
    g_autofree char *content = g_strndup(text, size);
    nsk_json_set_text(result, "name", file->name);
    nsk_json_set_text(result, "content", content);
    nsk_json_set(view, "preview", result);
    nsk_http_admin_add_issues(view, issues);
    return true;
}

/* Whole or not at all, if it would still do what was shown. */
static bool
load_as_shown(NskHttpVisit *visit, const NskOfficeFile *file, NskJson *view, GError **error)
{
    const char *shown = nsk_http_admin_field(visit, "sidik");
    g_autoptr(NskIssues) issues = nsk_issues_new();

    if (!show_changes(visit, file, view, error))
        return false;
    if (g_strcmp0(shown, nsk_json_get_text(nsk_json_get(view, "preview"), "digest")) != 0) {
        nsk_http_add_fault(view, NULL,
                           nsk_tr("the directory was changed since this was shown; look again at "
                                  "what the file would change now"));
        nsk_http_response_set_status(visit->response, 409);
        return true;
    }
    if (!nsk_office_directory_load(visit->office, file, issues, error))
        return false;
    nsk_json_set(view, "preview", nsk_json_object());
    nsk_http_admin_add_issues(view, issues);
    nsk_json_set_text(view, "done", nsk_tr("The directory is changed."));
    return true;
}

/* What is wrong is told by file and line. */
static bool
load_file(NskHttpVisit *visit, GError **error)
{
    NskOfficeFile file = { 0 };
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;
    bool decides = g_strcmp0(nsk_http_admin_field(visit, "tindakan"), "ubah") == 0;

    if (!nsk_http_visit_demand_proof(visit, "/kelola/muat"))
        return true;
    bool ok = read_file(visit, &file, &fault) &&
              (decides ? load_as_shown : show_changes)(visit, &file, view, &fault);
    g_clear_pointer(&file.bytes, g_bytes_unref);
    if (ok)
        return show_load_with(visit, view, error);
    if (!nsk_http_admin_is_plain(fault)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_http_admin_add_lines(view, fault->message);
    nsk_http_response_set_status(visit->response, 422);
    return show_load_with(visit, view, error);
}

void
nsk_http_admin_add_issues(NskJson *view, const NskIssues *issues)
{
    NskJson *list = nsk_json_array();

    for (guint i = 0; i < issues->len; i++) {
        g_autofree char *line = nsk_issue_format(g_ptr_array_index(issues, i));

        nsk_json_add_text(list, line);
    }
    nsk_json_set(view, "issues", list);
}

#define ADMIN  NSK_HTTP_ADMIN_PATH
#define PERSON NSK_HTTP_ADMIN_PATH "/orang/{person}"

const NskHttpRoute nsk_http_routes_admin[] = {
    { .method = "GET", .pattern = ADMIN, .visit = show_admin, .is_page = true },
    { .method = "GET", .pattern = ADMIN "/orang", .visit = show_people, .is_page = true },
    { .method = "POST",
      .pattern = ADMIN "/orang",
      .visit = add_person,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET", .pattern = PERSON, .visit = show_person, .is_page = true },
    { .method = "POST",
      .pattern = PERSON "/jabatan",
      .visit = give_position,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET", .pattern = PERSON "/akhiri", .visit = ask_to_end, .is_page = true },
    { .method = "POST",
      .pattern = PERSON "/akhiri",
      .visit = end_position,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET", .pattern = ADMIN "/jabatan", .visit = show_positions, .is_page = true },
    { .method = "GET", .pattern = ADMIN "/mandat", .visit = show_mandates, .is_page = true },
    { .method = "GET", .pattern = ADMIN "/muat", .visit = show_load, .is_page = true },
    { .method = "POST",
      .pattern = ADMIN "/muat",
      .visit = load_file,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .body_limit = NSK_HTTP_ADMIN_FILE,
      .is_page = true },
    { .method = NULL },
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Somebody's own letterhead in a demo office, and a first letter under it.
 *
 *     /coba/kop (GET, POST)   name, address, number pattern, and a letter
 *     /coba/kop.png           its first page as a picture
 *     /coba/kop.pdf           its pages
 *
 * What was typed is put into the demo's profile, which is checked and put in force as by "naskah
 * profile deploy"; then the letter begins, as everywhere.  The letter's id stands in the file
 * kop.json of the office's folder.
 */
#include "base/bytes.h"
#include "base/id.h"
#include "base/message.h"
#include "base/resource.h"
#include "http/demo-path.h"

#include <string.h>

#define PAGE          "/coba/kop"
#define PROFILE       "templates/profiles/demo.xml"
#define LETTER        "templates/demo/first.xml"
#define KEPT          "kop.json"
#define KEPT_LIMIT    ((size_t)4096)
#define KEEPER        "ratna"
#define WRITER        "damar"
#define WRITER_AT     "staf-persuratan"
#define USUAL_PATTERN "{class}-{seq}/{unit1}[/{unit2}]/{kka}/{month:2}/{year}"
#define LOGO_BEGIN    "<logo "
#define LOGO_END      "/>"
#define PICTURE_WIDTH 700 /* pixels */

/* What is typed. */
static const struct {
    const char *name;
    const char *usual; /* what the form shows at first */
    size_t most;       /* bytes */
    const char *hole;  /* of the profile or the letter, which it takes the place of */
    const char *fault;
} fields[] = {
    { "nama", "Dinas Kearsipan Kabupaten Tirtamulya", 120,
      "Badan Pengelola Air Tanah Nusantara</agency>", N_("type the name of your agency") },
    { "alamat", "Jalan Mata Air Nomor 1, Tirtamulya", 160,
      "Gedung Tirta Lantai 3, Jalan Mata Air Nomor 17, Arunika 10999",
      N_("type the address of your agency") },
    { "kontak", "Telepon (000) 555-0123; pos-el surat@contoh.example", 160,
      "Telepon (000) 555-0117; laman www.bpatn.example; pos-el persuratan@bpatn.example",
      N_("type a telephone or e-mail, as it stands below the address") },
    { "pola", USUAL_PATTERN, 120, USUAL_PATTERN, N_("type how your letters are numbered") },
    { "hal", "Undangan Rapat Koordinasi Kearsipan", 160, "${subject}",
      N_("type what your letter is about") },
    { "isi",
      "Dengan hormat kami mengundang Saudara menghadiri rapat koordinasi kearsipan. Atas "
      "perhatian Saudara kami ucapkan terima kasih.",
      2000, "${body}", N_("type what your letter says") },
};
enum { N_PROFILE_FIELDS = 4 }; /* the others are the letter's */

/* --- What was typed -------------------------------------------------------------------------- */

/* Whether XML 1.0 can hold it, and it is not empty. */
static bool
is_line(const char *text, size_t most)
{
    if (text == NULL || text[strspn(text, " \t\r\n")] == '\0' || strlen(text) > most ||
        !g_utf8_validate(text, -1, NULL))
        return false;
    for (const char *p = text; *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20 && strchr("\t\r\n", *p) == NULL)
            return false;
    }
    return strstr(text, "\xEF\xBF\xBE") == NULL && strstr(text, "\xEF\xBF\xBF") == NULL;
}

/* Fills the view with what was typed, or what is usual; adds faults of a POST. */
static void
add_fields(const NskHttpRequest *request, bool is_sent, NskJson *view)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *text = nsk_http_request_get_field(request, fields[i].name);

        if (is_sent && !is_line(text, fields[i].most)) {
            nsk_http_add_fault(view, fields[i].name, nsk_tr(fields[i].fault));
            nsk_json_set_text(view, fields[i].name, "");
        } else {
            nsk_json_set_text(view, fields[i].name, is_sent ? text : fields[i].usual);
        }
    }
}

/* The file @name with the fields from @first before @end in place of its holes. */
static GBytes *
fill(const char *name, const NskJson *view, size_t first, size_t end, GError **error)
{
    g_autoptr(GBytes) sample = nsk_resource_load(name, error);

    if (sample == NULL)
        return NULL;
    g_autoptr(GString) text =
        g_string_new_len(g_bytes_get_data(sample, NULL), (gssize)g_bytes_get_size(sample));
    for (size_t i = first; i < end; i++) {
        g_autofree char *words = g_markup_escape_text(nsk_json_get_text(view, fields[i].name), -1);
        g_autofree char *put = g_strconcat(
            words, g_str_has_suffix(fields[i].hole, "</agency>") ? "</agency>" : "", NULL);

        (void)g_string_replace(text, fields[i].hole, put, 1);
    }
    return g_string_free_to_bytes(g_steal_pointer(&text));
}

/* The profile under the name that was typed, without the emblem of the demo's agency. */
static GBytes *
write_profile(const NskJson *view, GError **error)
{
    g_autoptr(GBytes) filled = fill(PROFILE, view, 0, N_PROFILE_FIELDS, error);

    if (filled == NULL)
        return NULL;
    g_autoptr(GString) text =
        g_string_new_len(g_bytes_get_data(filled, NULL), (gssize)g_bytes_get_size(filled));
    g_autofree char *capitals = g_utf8_strup(nsk_json_get_text(view, "nama"), -1);
    g_autofree char *escaped = g_markup_escape_text(capitals, -1);
    (void)g_string_replace(text, "BADAN PENGELOLA AIR TANAH NUSANTARA", escaped, 1);
    const char *logo = strstr(text->str, LOGO_BEGIN);
    const char *end = logo != NULL ? strstr(logo, LOGO_END) : NULL;
    if (end != NULL)
        (void)g_string_erase(text, logo - text->str, end + strlen(LOGO_END) - logo);
    return g_string_free_to_bytes(g_steal_pointer(&text));
}

/* --- In force -------------------------------------------------------------------------------- */

/* What is wrong with the profile goes to @view; false with @error for anything else. */
static bool
deploy(NskOffice *office, GBytes *profile, NskJson *view, GError **error)
{
    const NskOfficeFile file = { "kop.xml", profile };
    const NskDeployment deployment = { "kop.xml", profile };
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskJson) result = NULL;

    if (!nsk_office_act_for(office, KEEPER, error))
        return false;
    bool ok = nsk_office_profile_check(office, &file, issues, &fault) &&
              !nsk_issues_has_error(issues) &&
              nsk_office_profile_deploy(office, &deployment, &result, &fault);
    nsk_office_act_for_nobody(office);
    if (ok)
        return true;
    if (fault != NULL && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_http_add_fault(view, "pola",
                       nsk_tr("this number pattern or letterhead cannot be used; compare the "
                              "pattern with the example"));
    return true;
}

static bool
begin_letter(const NskHttpDemoCall *call, const NskJson *view, GError **error)
{
    g_autoptr(GBytes) xml = fill(LETTER, view, N_PROFILE_FIELDS, G_N_ELEMENTS(fields), error);
    const NskNewLetter letter = { "first.xml", xml, WRITER_AT };
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskJson) kept = nsk_json_object();
    g_autofree char *path = g_build_filename(call->site->dir, KEPT, NULL);
    bool ok = xml != NULL && nsk_office_act_for(call->office, WRITER, error) &&
              nsk_office_letter_new(call->office, &letter, &result, error);

    nsk_office_act_for_nobody(call->office);
    if (!ok)
        return false;
    nsk_json_set_text(kept, "letter", nsk_json_get_text(result, "letter"));
    g_autofree char *text = nsk_json_canonical(kept);
    return nsk_file_write(path, text, strlen(text), 0600, error);
}

/* The letter's id; NULL: there is none yet.  Owned. */
static char *
find_letter(const NskHttpSite *site)
{
    g_autofree char *path = g_build_filename(site->dir, KEPT, NULL);
    g_autoptr(GBytes) bytes = nsk_file_read(path, KEPT_LIMIT, NULL);
    g_autoptr(NskJson) kept =
        bytes != NULL ? nsk_json_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), NULL)
                      : NULL;

    return kept != NULL ? g_strdup(nsk_json_get_text(kept, "letter")) : NULL;
}

/* --- Pages ----------------------------------------------------------------------------------- */

static bool
show_view(const NskHttpDemoCall *call, NskJson *view, GError **error)
{
    g_autofree char *letter = find_letter(call->site);

    if (letter != NULL && nsk_json_get(view, "faults") == NULL)
        nsk_json_set_text(view, "letter", letter);
    if (nsk_json_get(view, "faults") != NULL)
        nsk_http_response_set_status(call->response, 422);
    return nsk_http_site_show(call->site, call->request, call->response, "demo-letterhead", view,
                              error);
}

static bool
show(const NskHttpDemoCall *call, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    add_fields(call->request, false, view);
    return show_view(call, view, error);
}

static bool
take(const NskHttpDemoCall *call, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    add_fields(call->request, true, view);
    if (nsk_json_get(view, "faults") == NULL) {
        g_autoptr(GBytes) profile = write_profile(view, error);
        if (profile == NULL || !deploy(call->office, profile, view, error))
            return false;
    }
    if (nsk_json_get(view, "faults") == NULL && !begin_letter(call, view, error))
        return false;
    return show_view(call, view, error);
}

static bool
send_pages(const NskHttpDemoCall *call, GError **error)
{
    bool is_picture = g_str_has_suffix(nsk_http_request_get_path(call->request), ".png");
    const NskExport what = { .form = is_picture ? NSK_EXPORT_PREVIEW : NSK_EXPORT_PDF,
                             .page = 1,
                             .width = PICTURE_WIDTH };
    g_autofree char *letter = find_letter(call->site);
    g_autoptr(GBytes) pages = NULL;

    if (letter == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("there is no letter of yours yet"));
        return false;
    }
    bool ok = nsk_office_act_for(call->office, WRITER, error) &&
              nsk_office_letter_export(call->office, letter, &what, &pages, error);
    nsk_office_act_for_nobody(call->office);
    if (ok)
        nsk_http_response_set_bytes(call->response, is_picture ? "image/png" : "application/pdf",
                                    pages);
    return ok;
}

static bool
get_page(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    return nsk_http_demo_call(data, request, response, show, error);
}

static bool
get_pages(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    return nsk_http_demo_call(data, request, response, send_pages, error);
}

static bool
post(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    NskHttpSite *site = data;

    if (!nsk_http_site_check_origin(request, error))
        return false;
    g_mutex_lock(&site->demo_lock);
    bool ok = nsk_http_demo_call(site, request, response, take, error);
    g_mutex_unlock(&site->demo_lock);
    return ok;
}

const NskHttpRoute nsk_http_routes_demo_letterhead[] = {
    { .method = "GET",
      .pattern = PAGE,
      .run = get_page,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "POST",
      .pattern = PAGE,
      .run = post,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET",
      .pattern = "/coba/kop.png",
      .run = get_pages,
      .place = NSK_HTTP_HEAVY,
      .is_page = true },
    { .method = "GET",
      .pattern = "/coba/kop.pdf",
      .run = get_pages,
      .place = NSK_HTTP_HEAVY,
      .is_page = true },
    { .method = NULL },
};

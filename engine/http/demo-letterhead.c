/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Somebody's own letterhead in a demo office, and a first letter under it.
 *
 *     /coba/kop (GET, POST)   name, address, emblem, number pattern, and a letter
 *     /coba/kop.png           its first page as a picture
 *     /coba/kop.pdf           its pages
 *
 * What was typed is put into the demo's profile, which is checked and put in force as by "naskah
 * profile deploy"; then the letter begins, as everywhere.  The letter's id stands in the file
 * kop.json of the office's folder, the emblem in kop.png.
 */
#include "base/bytes.h"
#include "base/id.h"
#include "base/message.h"
#include "base/resource.h"
#include "http/demo-path.h"

#include <glib/gstdio.h>
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
#define EMBLEM        "kop.png"
#define EMBLEM_LIMIT  ((size_t)512 * 1024)
#define EMBLEM_HEAD   24   /* bytes of a PNG up to its height */
#define EMBLEM_WIDE   20.0 /* mm */
#define EMBLEM_HIGH   26.0 /* mm at most */
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

/* --- The emblem ------------------------------------------------------------------------------ */

static uint32_t
read_uint32(const uint8_t *data)
{
    return (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
}

/* How large it prints, in mm; false for what is no PNG (W3C PNG, 5.2 and 11.2.1) or is too narrow
 * to be an emblem.  What is in it is judged with the profile. */
static bool
measure_emblem(GBytes *png, double *out_width, double *out_height)
{
    static const uint8_t signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
    gsize size;
    const uint8_t *data = g_bytes_get_data(png, &size);

    if (size < EMBLEM_HEAD || memcmp(data, signature, sizeof signature) != 0)
        return false;
    double width = read_uint32(data + 16), height = read_uint32(data + 20);
    if (width < 1 || height < 1 || width > 8 * height || height > 8 * width)
        return false;
    double scale = MIN(EMBLEM_WIDE / width, EMBLEM_HIGH / height);
    *out_width = width * scale;
    *out_height = height * scale;
    return true;
}

/* The emblem that was sent, which is kept for the next time, or the one that is kept; NULL: none.
 * What is no emblem goes to @view. */
static GBytes *
take_emblem(const NskHttpDemoCall *call, NskJson *view)
{
    const NskHttpFile *sent = nsk_http_request_get_file(call->request, "lambang");
    g_autofree char *kept = g_build_filename(call->site->dir, EMBLEM, NULL);
    double width, height;

    if (sent == NULL || sent->size == 0)
        return nsk_file_read(kept, EMBLEM_LIMIT, NULL);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", sent->fd);
    g_autoptr(GBytes) png =
        sent->size <= EMBLEM_LIMIT ? nsk_file_read(path, EMBLEM_LIMIT, NULL) : NULL;
    if (png != NULL && measure_emblem(png, &width, &height) &&
        nsk_file_write(kept, g_bytes_get_data(png, NULL), g_bytes_get_size(png), 0600, NULL))
        return g_steal_pointer(&png);
    nsk_http_add_fault(view, "lambang",
                       nsk_tr("the emblem must be a PNG picture of at most 512 KB; save your "
                              "emblem as PNG, and choose it again"));
    return NULL;
}

static void
forget_emblem(const NskHttpSite *site)
{
    g_autofree char *kept = g_build_filename(site->dir, EMBLEM, NULL);

    (void)g_unlink(kept);
}

/* The element of the profile; "" without one.  Owned. */
static char *
write_emblem(GBytes *png, const char *agency)
{
    double width, height;
    char wide[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];

    if (png == NULL || !measure_emblem(png, &width, &height))
        return g_strdup("");
    g_autofree char *text = g_base64_encode(g_bytes_get_data(png, NULL), g_bytes_get_size(png));
    g_autofree char *name = g_markup_escape_text(agency, -1);
    (void)g_ascii_formatd(wide, sizeof wide, "%.1f", width);
    (void)g_ascii_formatd(high, sizeof high, "%.1f", height);
    return g_strdup_printf("<logo file=\"" EMBLEM "\" width=\"%smm\" height=\"%smm\" "
                           "alt=\"Lambang %s\">%s</logo>",
                           wide, high, name, text);
}

/* The profile under the name that was typed, with the emblem @png (NULL: without one). */
static GBytes *
write_profile(const NskJson *view, GBytes *png, GError **error)
{
    g_autoptr(GBytes) filled = fill(PROFILE, view, 0, N_PROFILE_FIELDS, error);

    if (filled == NULL)
        return NULL;
    g_autoptr(GString) text =
        g_string_new_len(g_bytes_get_data(filled, NULL), (gssize)g_bytes_get_size(filled));
    const char *agency = nsk_json_get_text(view, "nama");
    g_autofree char *capitals = g_utf8_strup(agency, -1);
    g_autofree char *escaped = g_markup_escape_text(capitals, -1);
    g_autofree char *emblem = write_emblem(png, agency);
    (void)g_string_replace(text, "BADAN PENGELOLA AIR TANAH NUSANTARA", escaped, 1);
    const char *logo = strstr(text->str, LOGO_BEGIN);
    const char *end = logo != NULL ? strstr(logo, LOGO_END) : NULL;
    if (end != NULL) {
        gssize at = logo - text->str;

        (void)g_string_erase(text, at, end + strlen(LOGO_END) - logo);
        (void)g_string_insert(text, at, emblem);
    }
    return g_string_free_to_bytes(g_steal_pointer(&text));
}

/* --- In force -------------------------------------------------------------------------------- */

/* Whether the profile could be put in force. */
static bool
is_sound(NskOffice *office, GBytes *profile)
{
    const NskOfficeFile file = { "kop.xml", profile };
    g_autoptr(NskIssues) issues = nsk_issues_new();

    return profile != NULL && nsk_office_profile_check(office, &file, issues, NULL) &&
           !nsk_issues_has_error(issues);
}

/* What is wrong with the profile goes to @view: with its emblem, if without it nothing is. */
static void
tell_fault(NskOffice *office, GBytes *png, NskJson *view)
{
    g_autoptr(GBytes) plain = png != NULL ? write_profile(view, NULL, NULL) : NULL;

    if (is_sound(office, plain))
        nsk_http_add_fault(view, "lambang",
                           nsk_tr("this picture cannot be printed; save it as PNG once more, and "
                                  "choose it again"));
    else
        nsk_http_add_fault(view, "pola",
                           nsk_tr("this number pattern or letterhead cannot be used; compare the "
                                  "pattern with the example"));
}

/* Puts the profile with the emblem @png (may be NULL) in force; false with @error for anything
 * but a fault of it, which goes to @view. */
static bool
deploy(NskOffice *office, GBytes *png, NskJson *view, GError **error)
{
    g_autoptr(GBytes) profile = write_profile(view, png, error);
    const NskDeployment deployment = { "kop.xml", profile };
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskJson) result = NULL;

    if (profile == NULL || !nsk_office_act_for(office, KEEPER, error))
        return false;
    bool sound = is_sound(office, profile);
    bool ok = sound && nsk_office_profile_deploy(office, &deployment, &result, &fault);
    if (!ok)
        tell_fault(office, png, view);
    nsk_office_act_for_nobody(office);
    if (ok || !sound || g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID))
        return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
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
    g_autoptr(GBytes) png = take_emblem(call, view);
    if (nsk_json_get(view, "faults") == NULL) {
        if (!deploy(call->office, png, view, error))
            return false;
        if (nsk_json_get(view, "faults") != NULL)
            forget_emblem(call->site);
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
      .body_limit = 2 * EMBLEM_LIMIT,
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

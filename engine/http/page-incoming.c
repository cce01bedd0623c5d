/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TU registers a letter that came in.
 *
 *     /masuk-surat/baru           the form; POST with the scan as a file registers it: a PDF in
 *                                 "pindaian", or photographs there and in "foto"
 *
 * What was typed comes back with what is wrong; only a file must be chosen again, as browsers keep
 * none.  A letter that seems to be there already is asked about once.
 */
#include "base/bytes.h"
#include "base/id.h"
#include "base/message.h"
#include "http/site-private.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE      "/masuk-surat/baru"
#define ENVELOPE  "/masuk-surat/{letter}"
#define MOST_TO   3
#define MOST_SCAN ((uint64_t)200 * 1024 * 1024)

/* The fields that are one line of text, and come back as they were typed. */
static const char *const fields[] = { "dari",    "alamat",      "nomor",   "tanggal", "hal",
                                      "ringkas", "klasifikasi", "tenggat", "cara",    "sifat",
                                      "urgensi", "tutup",       NULL };

static const char *
get_typed(const NskHttpVisit *visit, const char *name)
{
    const char *text = nsk_http_request_get_field(visit->request, name);

    return text != NULL && text[strspn(text, " \t\r\n")] != '\0' ? text : NULL;
}

static bool
check_may(const NskJson *desk, GError **error)
{
    if (nsk_json_get_bool(desk, "may", false))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                        nsk_tr("letters that came in are registered by the TU of a unit: its "
                               "archivist and the assistants of its positions; give the letter to "
                               "them"));
    return false;
}

/* Gives back what was typed. */
static void
keep_typed(const NskHttpVisit *visit, NskJson *view)
{
    NskJson *typed = nsk_json_object();
    NskJson *to = nsk_json_array();

    for (size_t i = 0; fields[i] != NULL; i++)
        nsk_json_set_text(typed, fields[i], nsk_http_request_get_field(visit->request, fields[i]));
    for (size_t i = 0; i < MOST_TO; i++) {
        const char *one = nsk_http_request_get_field_at(visit->request, "untuk", i);

        nsk_json_add_text(to, one != NULL ? one : "");
    }
    nsk_json_set(typed, "untuk", to);
    nsk_json_set(view, "typed", typed);
}

static bool
show_form(NskHttpVisit *visit, NskJson *view, GError **error)
{
    g_autofree char *request = nsk_id_new(visit->site->clock);
    g_autoptr(NskJson) desk = NULL;
    NskDate today;

    if (!nsk_office_incoming_desk(visit->office, &desk, error) || !check_may(desk, error) ||
        !nsk_date_at(nsk_clock_now(visit->site->clock), "Asia/Jakarta", &today, error))
        return false;
    g_autofree char *day = nsk_date_format(today);
    keep_typed(visit, view);
    nsk_json_set(view, "channels", nsk_json_ref(nsk_json_get(desk, "channels")));
    nsk_json_set(view, "positions", nsk_json_ref(nsk_json_get(desk, "positions")));
    nsk_json_set_text(view, "today", day);
    nsk_json_set_text(view, "request", request);
    return nsk_http_visit_show(visit, "incoming-new", view, error);
}

static bool
show_new(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    return show_form(visit, view, error);
}

/* --- Registering ----------------------------------------------------------------------------- */

/* The id of the position that is meant by its title or id; NULL: there is none.  Borrowed. */
static const char *
find_position(const NskJson *desk, const char *text)
{
    const NskJson *positions = nsk_json_get(desk, "positions");
    g_autofree char *wanted = g_utf8_casefold(text, -1);

    for (size_t i = 0; i < nsk_json_length(positions); i++) {
        const NskJson *position = nsk_json_at(positions, i);
        const char *id = nsk_json_get_text(position, "position");
        g_autofree char *title = g_utf8_casefold(nsk_json_get_text(position, "title"), -1);

        if (strcmp(id, text) == 0 || strcmp(title, wanted) == 0)
            return id;
    }
    return NULL;
}

/* Whom it is for: ids, borrowed from @desk and the request. */
static void
read_to(NskHttpVisit *visit, const NskJson *desk, GPtrArray *to, NskJson *view)
{
    for (size_t i = 0; i < MOST_TO; i++) {
        const char *text = nsk_http_request_get_field_at(visit->request, "untuk", i);
        const char *id = text != NULL && text[0] != '\0' ? find_position(desk, text) : NULL;

        if (text == NULL || text[0] == '\0')
            continue;
        if (id != NULL) {
            g_ptr_array_add(to, (gpointer)(uintptr_t)id);
            continue;
        }
        g_autofree char *words = g_strdup_printf(
            nsk_tr("there is no position '%s' in your unit; begin to type and choose one of the "
                   "list"),
            text);
        nsk_http_add_fault(view, "untuk", words);
    }
    if (to->len == 0 && nsk_json_get(view, "faults") == NULL)
        nsk_http_add_fault(view, "untuk", nsk_tr("say for whom the letter is"));
}

/* --- The scan -------------------------------------------------------------------------------- */

/* What was chosen as the scan. */
typedef struct {
    GPtrArray
        *chosen; /* NskHttpChosen: photographs just taken, and files; NULL: none could be read */
    const char *path; /* of a PDF, or of none yet (photographs); NULL: nothing was chosen */
    bool is_photos;
    int fd; /* of the PDF that was made of photographs; -1: none was */
    char *made;
} Scan;

static void
scan_clear(Scan *self)
{
    g_clear_pointer(&self->chosen, g_ptr_array_unref);
    g_free(self->made);
    if (self->fd >= 0)
        (void)close(self->fd);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scan, scan_clear)

static bool
has_at(const NskHttpChosen *chosen, off_t at, const char *bytes, size_t size)
{
    char found[8];

    return pread(chosen->fd, found, size, at) == (ssize_t)size && memcmp(found, bytes, size) == 0;
}

static bool
is_photo(const NskHttpChosen *chosen)
{
    return has_at(chosen, 0, "\xff\xd8\xff", 3) || has_at(chosen, 0, "\x89PNG", 4);
}

/* ISO/IEC 23008-12 (HEIF), 10.2: its brands, behind the size of the first box. */
static bool
is_heif(const NskHttpChosen *chosen)
{
    return has_at(chosen, 4, "ftyphe", 6) || has_at(chosen, 4, "ftypmif1", 8);
}

/* What is wrong with files that are neither one PDF nor photographs alone. */
static const char *
explain_chosen(const GPtrArray *chosen)
{
    for (guint i = 0; i < chosen->len; i++) {
        if (is_heif(g_ptr_array_index(chosen, i)))
            return nsk_tr(
                "this photograph is a HEIC file, which few programs can read; photograph the "
                "letter with the button here, or set the phone's camera to JPEG (on an iPhone: "
                "Settings, Camera, Formats, Most Compatible)");
    }
    return chosen->len > 1
               ? nsk_tr("choose one PDF, or photographs of the pages alone")
               : nsk_tr("this file is neither a PDF nor a photograph (JPEG or PNG); scan or "
                        "photograph the letter again");
}

/* One PDF, or photographs: what is neither by its first bytes is told before the worker is asked.
 */
static void
check_chosen(Scan *self, NskJson *view)
{
    guint photos = 0;
    const NskHttpChosen *first;

    if (self->chosen == NULL || self->chosen->len == 0)
        return;
    first = g_ptr_array_index(self->chosen, 0);
    for (guint i = 0; i < self->chosen->len; i++)
        photos += is_photo(g_ptr_array_index(self->chosen, i));
    self->is_photos = photos == self->chosen->len;
    self->path = first->path;
    if (self->is_photos || (self->chosen->len == 1 && has_at(first, 0, "%PDF", 4)))
        return;
    nsk_http_add_fault(view, "pindaian", explain_chosen(self->chosen));
}

/* The files that were chosen, photographs of the camera first; or it is told what is wrong. */
static void
read_scan(NskHttpVisit *visit, Scan *out_scan, NskJson *view)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(GPtrArray) files = NULL;

    out_scan->chosen = nsk_http_chosen(visit, "foto", &fault);
    files = out_scan->chosen != NULL ? nsk_http_chosen(visit, "pindaian", &fault) : NULL;
    if (files == NULL) {
        nsk_http_add_fault(view, "pindaian", fault->message);
        return;
    }
    g_ptr_array_extend_and_steal(out_scan->chosen, g_steal_pointer(&files));
    check_chosen(out_scan, view);
}

/* Makes the PDF of photographs, in memory. */
static bool
make_pdf(Scan *self, GError **error)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    g_autoptr(GBytes) pdf = NULL;

    if (!self->is_photos)
        return true;
    for (guint i = 0; i < self->chosen->len; i++)
        g_ptr_array_add(paths, ((NskHttpChosen *)g_ptr_array_index(self->chosen, i))->path);
    g_ptr_array_add(paths, NULL);
    if (!nsk_office_photographs((const char *const *)paths->pdata, &pdf, error))
        return false;
    self->fd = memfd_create("foto", MFD_CLOEXEC);
    if (self->fd < 0 ||
        !nsk_write_all(self->fd, g_bytes_get_data(pdf, NULL), g_bytes_get_size(pdf))) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot store the file '%s': %s"),
                    "foto", nsk_reason(errno));
        return false;
    }
    self->made = g_strdup_printf("/proc/self/fd/%d", self->fd);
    self->path = self->made;
    return true;
}

/* What must be typed, in the order of the form. */
static void
check_typed(const NskHttpVisit *visit, bool is_closed, bool has_scan, NskJson *view)
{
    static const struct {
        const char *field, *words;
        bool closed_too; /* needed also of a letter that stays closed */
    } needed[] = {
        { "dari", N_("say from whom the letter is"), true },
        { "hal", N_("say what the letter is about"), false },
        { "klasifikasi", N_("give the letter its classification code, such as KP.08.1"), true },
        { "cara", N_("say how the letter came"), true },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++) {
        if ((needed[i].closed_too || !is_closed) && get_typed(visit, needed[i].field) == NULL)
            nsk_http_add_fault(view, needed[i].field, nsk_tr(needed[i].words));
    }
    if (is_closed && has_scan)
        nsk_http_add_fault(view, "pindaian",
                           nsk_tr("a letter that stays closed has no scan: who opens it adds it"));
}

/* Days that cannot be read are told at their fields. */
static void
check_days(const NskHttpVisit *visit, NskJson *view)
{
    static const char *const names[] = { "tanggal", "tenggat" };
    NskDate day;

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *text = get_typed(visit, names[i]);
        g_autoptr(GError) fault = NULL;

        if (text != NULL && !nsk_date_parse(text, &day, &fault))
            nsk_http_add_fault(view, names[i], fault->message);
    }
}

/* The letter that this one seems to be, as its envelope says it; nothing where that cannot be
 * told. */
static void
add_double(NskHttpVisit *visit, NskJson *view)
{
    const char *id = nsk_office_incoming_double(visit->office);
    g_autoptr(NskJson) other = NULL;

    if (id != NULL && nsk_office_incoming_show(visit->office, id, &other, NULL))
        nsk_json_set(view, "other", g_steal_pointer(&other));
    nsk_http_add_fault(view, "ganda",
                       nsk_tr("this letter seems to be registered already; look, and say which it "
                              "is"));
}

/* The page with what is wrong, or the error itself if a person cannot mend it there. */
static bool
refuse(NskHttpVisit *visit, NskJson *view, const GError *fault, GError **error)
{
    bool is_double = g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT);

    if (!is_double && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_LIMIT)) {
        g_propagate_error(error, g_error_copy(fault));
        return false;
    }
    nsk_json_set_bool(view, "seems_double", is_double);
    if (is_double)
        add_double(visit, view);
    else if (strstr(fault->message, "/proc/self/fd/") != NULL)
        nsk_http_add_fault(view, "pindaian",
                           nsk_tr("this PDF cannot be read; scan the letter again"));
    else
        nsk_http_add_fault(view, NULL, fault->message);
    nsk_http_response_set_status(visit->response, is_double ? 409 : 422);
    return show_form(visit, view, error);
}

/* A photograph that cannot be read is told at its field; so is one that the worker died of. */
static bool
refuse_photos(NskHttpVisit *visit, NskJson *view, const GError *fault, GError **error)
{
    bool died = g_error_matches(fault, NSK_ERROR, NSK_ERROR_IO);

    if (!died && !nsk_http_can_mend(fault)) {
        g_propagate_error(error, g_error_copy(fault));
        return false;
    }
    nsk_http_add_fault(view, "pindaian",
                       died ? nsk_tr("the photographs cannot be read: one of them is damaged, or "
                                     "made to do harm; take them again")
                            : fault->message);
    nsk_http_response_set_status(visit->response, 422);
    return show_form(visit, view, error);
}

static NskIncomingAsk
read_ask(const NskHttpVisit *visit, bool is_closed)
{
    const char *said = get_typed(visit, "ganda"); /* "lain", or the letter that it repeats */

    return (NskIncomingAsk){ .channel = get_typed(visit, "cara"),
                             .origin = get_typed(visit, "dari"),
                             .place = get_typed(visit, "alamat"),
                             .number = get_typed(visit, "nomor"),
                             .date = get_typed(visit, "tanggal"),
                             .subject = is_closed ? NULL : get_typed(visit, "hal"),
                             .summary = is_closed ? NULL : get_typed(visit, "ringkas"),
                             .classification = get_typed(visit, "klasifikasi"),
                             .security = get_typed(visit, "sifat"),
                             .urgency = get_typed(visit, "urgensi"),
                             .due = get_typed(visit, "tenggat"),
                             .unopened = is_closed,
                             .not_duplicate = g_strcmp0(said, "lain") == 0,
                             .duplicate_of = g_strcmp0(said, "lain") != 0 ? said : NULL };
}

/* Stores it as typed. */
static bool
register_typed(NskHttpVisit *visit, NskIncomingAsk *ask, NskJson **out_result, GError **error)
{
    const char *id = get_typed(visit, "permintaan");

    return (id == NULL || nsk_office_set_request(visit->office, id, error)) &&
           nsk_office_incoming_register(visit->office, ask, out_result, error);
}

/* A secret letter is always registered by its envelope. */
static bool
stays_closed(const NskHttpVisit *visit)
{
    const char *security = get_typed(visit, "sifat");

    return get_typed(visit, "tutup") != NULL || g_strcmp0(security, "rahasia") == 0 ||
           g_strcmp0(security, "sangat-rahasia") == 0;
}

static bool
register_letter(NskHttpVisit *visit, GError **error)
{
    bool is_closed = stays_closed(visit);
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(NskJson) desk = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GPtrArray) to = g_ptr_array_new();
    g_autoptr(GError) fault = NULL;
    g_auto(Scan) scan = { .fd = -1 };
    NskIncomingAsk ask = read_ask(visit, is_closed);

    if (!nsk_office_incoming_desk(visit->office, &desk, error) || !check_may(desk, error))
        return false;
    read_scan(visit, &scan, view);
    check_typed(visit, is_closed, scan.path != NULL, view);
    read_to(visit, desk, to, view);
    check_days(visit, view);
    if (nsk_json_get(view, "faults") != NULL) {
        nsk_http_response_set_status(visit->response, 422);
        return show_form(visit, view, error);
    }
    g_ptr_array_add(to, NULL);
    ask.to = (const char *const *)to->pdata;
    if (!make_pdf(&scan, &fault))
        return refuse_photos(visit, view, fault, error);
    ask.path = scan.path;
    if (!register_typed(visit, &ask, &result, &fault))
        return refuse(visit, view, fault, error);
    if (scan.chosen != NULL)
        nsk_http_chosen_use(visit, scan.chosen);
    g_autofree char *path =
        g_strdup_printf("/masuk-surat/%s?pesan=terdaftar", nsk_json_get_text(result, "letter"));
    nsk_http_response_redirect(visit->response, path);
    return true;
}

/* --- The envelope ---------------------------------------------------------------------------- */

static bool
show_envelope(NskHttpVisit *visit, GError **error)
{
    const char *letter = nsk_http_request_get_piece(visit->request, "letter");
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(NskJson) incoming = NULL;

    if (!nsk_office_incoming_show(visit->office, letter, &incoming, error))
        return false;
    nsk_json_set(view, "incoming", g_steal_pointer(&incoming));
    nsk_http_tell_done(visit, view);
    return nsk_http_visit_show(visit, "incoming-done", view, error);
}

static bool
send_receipt(NskHttpVisit *visit, GError **error)
{
    const char *letter = nsk_http_request_get_piece(visit->request, "letter");
    g_autoptr(GBytes) pdf = NULL;

    if (!nsk_office_incoming_receipt(visit->office, letter, &pdf, error))
        return false;
    nsk_http_response_set_bytes(visit->response, "application/pdf", pdf);
    nsk_http_response_add_header(visit->response, "Content-Disposition",
                                 "inline; filename=\"tanda-terima.pdf\"");
    nsk_http_response_set_policy(visit->response,
                                 "default-src 'none'; frame-ancestors 'none'; sandbox");
    return true;
}

const NskHttpRoute nsk_http_routes_incoming[] = {
    { .method = "GET", .pattern = ENVELOPE, .visit = show_envelope, .is_page = true },
    { .method = "GET",
      .pattern = ENVELOPE "/tanda-terima.pdf",
      .visit = send_receipt,
      .place = NSK_HTTP_HEAVY,
      .is_page = true },
    { .method = "GET", .pattern = PAGE, .visit = show_new, .is_page = true },
    { .method = "POST",
      .pattern = PAGE,
      .visit = register_letter,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .body_limit = MOST_SCAN,
      .is_page = true },
    { .method = NULL },
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The jobs as the office asks for them: bounds, one run, and the reply read. */
#include "worker/worker.h"

#include "base/limits.h"
#include "base/message.h"
#include "worker/worker-private.h"

#include <string.h>

#define HEAD_SIZE 1024 /* where readers look for "%PDF-" */
#define ODT       "application/vnd.oasis.opendocument"
#define MAX_WIDTH 4000
#define MEGABYTE  (1024 * 1024)

static unsigned
bounded(unsigned asked, unsigned most)
{
    return asked == 0 || asked > most ? most : asked;
}

void
nsk_worker_request_limit(NskWorkerRequest *request, const NskWorkerLimits *limits)
{
    static const NskWorkerLimits none = { 0 };
    size_t memory_mb;

    if (limits == NULL)
        limits = &none;
    memory_mb = (limits->memory + MEGABYTE - 1) / MEGABYTE;
    request->memory_mb = bounded((unsigned)MIN(memory_mb, G_MAXUINT),
                                 (unsigned)(NSK_LIMIT_WORKER_MEMORY / MEGABYTE));
    request->cpu_seconds = bounded(limits->cpu_seconds, NSK_LIMIT_WORKER_SECONDS);
    request->pages = bounded(limits->pages, NSK_LIMIT_PAGES);
    request->indonesian = strcmp(nsk_language(), "id") == 0;
}

/* What needs no PDF reader to see; most wrong uploads end here without a process. */
static bool
check_head(GBytes *pdf, GError **error)
{
    static const char mark[] = "%PDF-";
    size_t size;
    const void *data = g_bytes_get_data(pdf, &size);

    if (size > NSK_LIMIT_PDF_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the PDF has %zu bytes; at most %d are read"), size, NSK_LIMIT_PDF_SIZE);
        return false;
    }
    if (size == 0 || memmem(data, MIN(size, HEAD_SIZE), mark, strlen(mark)) == NULL) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_INVALID,
            nsk_tr("the file is not a PDF: its first %d bytes have no '%s'; save it as PDF"),
            HEAD_SIZE, mark);
        return false;
    }
    return true;
}

/* What it is that somebody gives instead of a DOCX; NULL if it may be one. */
static const char *
name_mistake(const uint8_t *data, size_t size)
{
    static const struct {
        const char *head;
        size_t size;
        const char *what;
    } mistakes[] = {
        { "\xd0\xcf\x11\xe0", 4, N_("an old .doc, or a DOCX with a password") },
        { "{\\rtf", 5, N_("an RTF file") },
        { "%PDF-", 5, N_("a PDF") },
    };

    if (data == NULL || size == 0)
        return nsk_tr(N_("an empty file"));
    for (size_t i = 0; i < G_N_ELEMENTS(mistakes); i++) {
        if (size >= mistakes[i].size && memcmp(data, mistakes[i].head, mistakes[i].size) == 0)
            return nsk_tr(mistakes[i].what);
    }
    if (size > 4 && memmem(data, MIN(size, 128), ODT, strlen(ODT)) != NULL)
        return nsk_tr(N_("an ODT file"));
    return size > 4 && memcmp(data, "PK\3\4", 4) == 0 ? NULL : nsk_tr(N_("something else"));
}

static bool
check_docx_head(GBytes *docx, GError **error)
{
    size_t size;
    const uint8_t *data = g_bytes_get_data(docx, &size);
    const char *mistake = name_mistake(data, size);

    if (size > NSK_LIMIT_DOCX_SIZE)
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the DOCX has %zu bytes; at most %d are read"), size,
                    NSK_LIMIT_DOCX_SIZE);
    else if (mistake != NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the file is no DOCX but %s; save it as DOCX, without a password"),
                    mistake);
    else
        return true;
    return false;
}

static bool
run(GBytes *file,
    NskWorkerRequest request,
    const NskWorkerLimits *limits,
    GBytes **out_reply,
    GError **error)
{
    unsigned wall_ms = limits != NULL ? limits->wall_ms : 0;
    bool docx = request.job == NSK_WORKER_JOB_DOCX;

    if (docx ? !check_docx_head(file, error) : !check_head(file, error))
        return false;
    nsk_worker_request_limit(&request, limits);
    return nsk_worker_run(file, &request, wall_ms > 0 ? wall_ms : NSK_LIMIT_WORKER_WALL_MS,
                          out_reply, error);
}

static NskWorkerReader
open_reply(GBytes *reply)
{
    size_t size;
    const void *data = g_bytes_get_data(reply, &size);

    return nsk_worker_reader(data, size);
}

bool
nsk_worker_text(GBytes *pdf, const NskWorkerLimits *limits, GPtrArray **out_pages, GError **error)
{
    g_autoptr(GBytes) reply = NULL;

    if (!run(pdf, (NskWorkerRequest){ .job = NSK_WORKER_JOB_TEXT }, limits, &reply, error))
        return false;

    NskWorkerReader reader = open_reply(reply);
    return nsk_worker_read_text(&reader, out_pages, error);
}

bool
nsk_worker_info(GBytes *pdf,
                const NskWorkerLimits *limits,
                NskWorkerInfo **out_info,
                GError **error)
{
    g_autoptr(GBytes) reply = NULL;

    if (!run(pdf, (NskWorkerRequest){ .job = NSK_WORKER_JOB_INFO }, limits, &reply, error))
        return false;

    NskWorkerReader reader = open_reply(reply);
    return nsk_worker_read_info(&reader, out_info, error);
}

bool
nsk_worker_scan(GBytes *pdf, bool *out_scripts, GPtrArray **out_pages, GError **error)
{
    g_autoptr(NskWorkerInfo) info = NULL;
    g_autoptr(GBytes) reply = NULL;
    g_autoptr(GError) fault = NULL;

    if (run(pdf, (NskWorkerRequest){ .job = NSK_WORKER_JOB_SCAN }, NULL, &reply, &fault)) {
        NskWorkerReader reader = open_reply(reply);

        return nsk_worker_read_scan(&reader, out_scripts, out_pages, error);
    }
    /* where both are too much for one process it may be the text that is too much */
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_LIMIT) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_IO)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (!nsk_worker_info(pdf, NULL, &info, error))
        return false;
    *out_scripts = info->javascript;
    *out_pages = g_ptr_array_new_with_free_func(g_free);
    return true;
}

bool
nsk_worker_opinions(GBytes *pdf,
                    const NskWorkerLimits *limits,
                    GPtrArray **out_opinions,
                    GError **error)
{
    g_autoptr(GBytes) reply = NULL;

    if (!run(pdf, (NskWorkerRequest){ .job = NSK_WORKER_JOB_OPINIONS }, limits, &reply, error))
        return false;

    NskWorkerReader reader = open_reply(reply);
    return nsk_worker_read_opinions(&reader, out_opinions, error);
}

bool
nsk_worker_preview(GBytes *pdf, unsigned page, unsigned width_px, GBytes **out_png, GError **error)
{
    NskWorkerRequest request = { .job = NSK_WORKER_JOB_PREVIEW,
                                 .page = page,
                                 .width_px = width_px };
    g_autoptr(GBytes) reply = NULL;

    if (width_px == 0 || width_px > MAX_WIDTH) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("a page's picture cannot be %u pixels wide; ask for 1 to %d"), width_px,
                    MAX_WIDTH);
        return false;
    }
    if (!run(pdf, request, NULL, &reply, error))
        return false;

    NskWorkerReader reader = open_reply(reply);
    return nsk_worker_read_preview(&reader, out_png, error);
}

bool
nsk_worker_docx(GBytes *docx, const NskWorkerLimits *limits, GHashTable **out_parts, GError **error)
{
    g_autoptr(GBytes) reply = NULL;

    if (!run(docx, (NskWorkerRequest){ .job = NSK_WORKER_JOB_DOCX }, limits, &reply, error))
        return false;

    NskWorkerReader reader = open_reply(reply);
    return nsk_worker_read_docx(&reader, out_parts, error);
}

bool
nsk_worker_import(GBytes *pdf,
                  unsigned page,
                  unsigned dpi,
                  NskWorkerImport **out_import,
                  GError **error)
{
    NskWorkerRequest request = { .job = NSK_WORKER_JOB_IMPORT,
                                 .page = page,
                                 .width_px = CLAMP(dpi, 36, 600) };
    g_autoptr(GBytes) reply = NULL;

    if (!run(pdf, request, NULL, &reply, error))
        return false;

    NskWorkerReader reader = open_reply(reply);
    return nsk_worker_read_import(&reader, out_import, error);
}

/* The file of that job: a message of what the judge needs. */
static GBytes *
pack_case(GBytes *pdf, const NskWorkerBelief *belief)
{
    GByteArray *message = nsk_worker_message_begin();
    uint64_t now = (uint64_t)belief->now;
    gsize size;
    const void *data = g_bytes_get_data(pdf, &size);

    nsk_worker_put_number(message, (uint32_t)(now >> 32));
    nsk_worker_put_number(message, (uint32_t)now);
    nsk_worker_put_text(message, belief->roots);
    nsk_worker_put_data(message, data, size);
    nsk_worker_message_finish(message);
    return g_byte_array_free_to_bytes(message);
}

bool
nsk_worker_judge(GBytes *pdf,
                 const NskWorkerBelief *belief,
                 const NskWorkerLimits *limits,
                 NskJson **out_verdict,
                 GError **error)
{
    NskWorkerRequest request = { .job = NSK_WORKER_JOB_JUDGE };
    unsigned wall_ms =
        limits != NULL && limits->wall_ms > 0 ? limits->wall_ms : NSK_LIMIT_WORKER_WALL_MS;
    g_autoptr(GBytes) reply = NULL;

    if (!check_head(pdf, error))
        return false;
    g_autoptr(GBytes) file = pack_case(pdf, belief);
    nsk_worker_request_limit(&request, limits);
    if (!nsk_worker_run(file, &request, wall_ms, &reply, error))
        return false;

    NskWorkerReader reader = open_reply(reply);
    return nsk_worker_read_judge(&reader, out_verdict, error);
}

static void
put_bytes(GByteArray *message, GBytes *bytes)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);

    nsk_worker_put_data(message, data, size);
}

bool
nsk_worker_mark(const NskWorkerMark *what,
                const NskWorkerLimits *limits,
                GBytes **out_pdf,
                GError **error)
{
    NskWorkerRequest request = { .job = NSK_WORKER_JOB_MARK, .page = what->page };
    unsigned wall_ms =
        limits != NULL && limits->wall_ms > 0 ? limits->wall_ms : NSK_LIMIT_WORKER_WALL_MS;
    g_autoptr(GBytes) reply = NULL;

    if (!check_head(what->pdf, error))
        return false;
    GByteArray *message = nsk_worker_message_begin();
    nsk_worker_put_text(message, what->title);
    put_bytes(message, what->marks);
    put_bytes(message, what->pdf);
    nsk_worker_message_finish(message);
    g_autoptr(GBytes) file = g_byte_array_free_to_bytes(message);
    nsk_worker_request_limit(&request, limits);
    if (!nsk_worker_run(file, &request, wall_ms, &reply, error))
        return false;

    NskWorkerReader reader = open_reply(reply);
    return nsk_worker_read_pdf(&reader, out_pdf, error);
}

static bool
check_photos(const GPtrArray *photos, GError **error)
{
    size_t total = 0;

    for (guint i = 0; i < photos->len; i++)
        total += g_bytes_get_size(g_ptr_array_index(photos, i));
    if (photos->len > 0 && photos->len <= NSK_WORKER_MOST_PHOTOS && total < NSK_LIMIT_PDF_SIZE / 2)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("there are %u photographs of %u MB; take 1 to %d of at most %d MB together"),
                photos->len, (unsigned)(total / MEGABYTE), NSK_WORKER_MOST_PHOTOS,
                NSK_LIMIT_PDF_SIZE / 2 / MEGABYTE);
    return false;
}

bool
nsk_worker_photos(const GPtrArray *photos,
                  const NskWorkerLimits *limits,
                  GBytes **out_pdf,
                  GError **error)
{
    NskWorkerRequest request = { .job = NSK_WORKER_JOB_PHOTOS };
    unsigned wall_ms = limits != NULL ? limits->wall_ms : 0;
    g_autoptr(GBytes) reply = NULL;

    if (!check_photos(photos, error))
        return false;
    GByteArray *message = nsk_worker_message_begin();
    nsk_worker_put_number(message, photos->len);
    for (guint i = 0; i < photos->len; i++)
        put_bytes(message, g_ptr_array_index(photos, i));
    nsk_worker_message_finish(message);
    g_autoptr(GBytes) file = g_byte_array_free_to_bytes(message);
    nsk_worker_request_limit(&request, limits);
    if (!nsk_worker_run(file, &request, wall_ms > 0 ? wall_ms : NSK_LIMIT_WORKER_WALL_MS, &reply,
                        error))
        return false;

    NskWorkerReader reader = open_reply(reply);
    return nsk_worker_read_pdf(&reader, out_pdf, error);
}

bool
nsk_worker_sandbox(NskWorkerSandbox *out_sandbox, GError **error)
{
    NskWorkerRequest request = { .job = NSK_WORKER_JOB_SANDBOX };
    g_autoptr(GBytes) reply = NULL;

    nsk_worker_request_limit(&request, NULL);
    if (!nsk_worker_run(NULL, &request, NSK_LIMIT_WORKER_WALL_MS, &reply, error))
        return false;

    NskWorkerReader reader = open_reply(reply);
    return nsk_worker_read_sandbox(&reader, out_sandbox, error);
}

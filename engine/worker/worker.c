/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The jobs as the office asks for them: bounds, one run, and the reply read. */
#include "worker/worker.h"

#include "base/limits.h"
#include "base/message.h"
#include "worker/worker-private.h"

#include <string.h>

#define HEAD_SIZE 1024 /* where readers look for "%PDF-" */
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

static bool
run(GBytes *pdf,
    NskWorkerRequest request,
    const NskWorkerLimits *limits,
    GBytes **out_reply,
    GError **error)
{
    unsigned wall_ms = limits != NULL ? limits->wall_ms : 0;

    if (!check_head(pdf, error))
        return false;
    nsk_worker_request_limit(&request, limits);
    return nsk_worker_run(pdf, &request, wall_ms > 0 ? wall_ms : NSK_LIMIT_WORKER_WALL_MS,
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * naskah-worker: one job over one file, then the end.  Started by nsk_worker_run() only: descriptor
 * 0 is the request, 1 the reply, 3 the file.  The way is: request, locks, file, job, reply.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "worker/child-private.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The exit goes past exit handlers: a leak checker's would not get through the locks. */
static G_NORETURN void
leave(int status)
{
    _exit(status);
}

static bool
read_request(NskWorkerRequest *out_request)
{
    uint8_t bytes[NSK_WORKER_REQUEST_SIZE + 1];
    size_t size = 0;

    while (size < sizeof(bytes)) {
        ssize_t n = read(STDIN_FILENO, bytes + size, sizeof(bytes) - size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        size += (size_t)n;
    }

    NskWorkerReader reader = nsk_worker_reader(bytes, size);
    return nsk_worker_take_request(&reader, out_request);
}

static GBytes *
map_pdf(GError **error)
{
    struct stat status;

    if (fstat(NSK_WORKER_PDF_FD, &status) != 0 || status.st_size < 0 ||
        status.st_size > NSK_LIMIT_PDF_SIZE) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_IO, "the worker was given no PDF");
        return NULL;
    }

    size_t size = (size_t)status.st_size;
    if (size == 0)
        return g_bytes_new(NULL, 0);

    void *data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, NSK_WORKER_PDF_FD, 0);
    if (data == MAP_FAILED) {
        g_autofree char *bytes = g_strdup_printf("%zu", size);

        g_set_error(
            error, NSK_ERROR, NSK_ERROR_LIMIT,
            nsk_tr(
                "the file of %s bytes does not fit into the memory of the process that reads it"),
            bytes);
        return NULL;
    }
    return g_bytes_new_static(data, size);
}

static void
put_sandbox(GByteArray *message, uint32_t flags, uint32_t abi)
{
    nsk_worker_put_number(message, 0);
    nsk_worker_put_number(message, flags);
    nsk_worker_put_number(message, abi);
}

static bool
do_job(const NskWorkerRequest *request, GByteArray *message, GError **error)
{
    g_autoptr(GBytes) pdf = map_pdf(error);

    if (pdf == NULL)
        return false;

    nsk_worker_put_number(message, 0);
    switch (request->job) {
    case NSK_WORKER_JOB_TEXT:
        return nsk_worker_do_text(pdf, request, message, error);
    case NSK_WORKER_JOB_INFO:
        return nsk_worker_do_info(pdf, request, message, error);
    case NSK_WORKER_JOB_SCAN:
        return nsk_worker_do_scan(pdf, request, message, error);
    case NSK_WORKER_JOB_PREVIEW:
        return nsk_worker_do_preview(pdf, request, message, error);
    case NSK_WORKER_JOB_OPINIONS:
        return nsk_worker_do_opinions(pdf, request, message, error);
    case NSK_WORKER_JOB_DOCX:
        return nsk_worker_do_docx(pdf, request, message, error);
    case NSK_WORKER_JOB_IMPORT:
        return nsk_worker_do_import(pdf, request, message, error);
    case NSK_WORKER_JOB_PHOTOS:
        return nsk_worker_do_photos(pdf, message, error);
    case NSK_WORKER_JOB_MARK:
        return nsk_worker_do_mark(pdf, request, message, error);
    case NSK_WORKER_JOB_JUDGE:
        return nsk_worker_do_judge(pdf, message, error);
#ifdef NSK_FAULTS
    case NSK_WORKER_JOB_HOSTILE:
        nsk_worker_do_hostile(request, message);
        return true;
#endif
    default:
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, "the worker knows no job %u", request->job);
        return false;
    }
}

static void
send_message(GByteArray *message)
{
    nsk_worker_message_finish(message);
    if (!nsk_write_all(STDOUT_FILENO, message->data, message->len))
        leave(EXIT_FAILURE);
}

int
main(void)
{
    GByteArray *message = nsk_worker_message_begin();
    g_autoptr(GError) error = NULL;
    NskWorkerRequest request;
    uint32_t flags = 0;
    uint32_t abi = 0;
    bool done;

    if (!read_request(&request))
        leave(EXIT_FAILURE);
    (void)nsk_language_use(request.indonesian == 1 ? "id" : "en");
    if (request.job == NSK_WORKER_JOB_JUDGE)
        nsk_worker_open_judge();
    done = request.job != NSK_WORKER_JOB_OPINIONS || nsk_worker_open_nss(&error);
    done = done && nsk_worker_lock(&request, &flags, &abi, &error);
    if (done && request.job == NSK_WORKER_JOB_SANDBOX)
        put_sandbox(message, flags, abi);
    else if (done)
        done = do_job(&request, message, &error);
    if (!done) {
        g_byte_array_set_size(message, 4);
        nsk_worker_put_number(message, (uint32_t)error->code + 1);
        nsk_worker_put_text(message, error->message);
    }
    send_message(message);
    leave(EXIT_SUCCESS);
}

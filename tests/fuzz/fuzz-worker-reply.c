/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worker's replies, as a worker in a stranger's hands would send them.  The first byte chooses
 * the job. */
#include "worker/worker-private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_reply(NskWorkerJob job, NskWorkerReader reader)
{
    g_autoptr(GPtrArray) pages = NULL;
    g_autoptr(NskWorkerInfo) info = NULL;
    g_autoptr(GBytes) png = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) parts = NULL;
    g_autoptr(NskWorkerImport) import = NULL;
    g_autoptr(NskJson) verdict = NULL;
    NskWorkerSandbox sandbox;
    bool scripts = false;
    bool done = false;

    if (job == NSK_WORKER_JOB_TEXT)
        done = nsk_worker_read_text(&reader, &pages, &error);
    else if (job == NSK_WORKER_JOB_SCAN)
        done = nsk_worker_read_scan(&reader, &scripts, &pages, &error);
    else if (job == NSK_WORKER_JOB_INFO)
        done = nsk_worker_read_info(&reader, &info, &error);
    else if (job == NSK_WORKER_JOB_PREVIEW)
        done = nsk_worker_read_preview(&reader, &png, &error);
    else if (job == NSK_WORKER_JOB_OPINIONS)
        done = nsk_worker_read_opinions(&reader, &pages, &error);
    else if (job == NSK_WORKER_JOB_DOCX)
        done = nsk_worker_read_docx(&reader, &parts, &error);
    else if (job == NSK_WORKER_JOB_IMPORT)
        done = nsk_worker_read_import(&reader, &import, &error);
    else if (job == NSK_WORKER_JOB_JUDGE)
        done = nsk_worker_read_judge(&reader, &verdict, &error);
    else
        done = nsk_worker_read_sandbox(&reader, &sandbox, &error);
    g_assert_true(done == (error == NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    NskWorkerRequest request;

    if (size == 0)
        return 0;

    NskWorkerReader reader = nsk_worker_reader(data + 1, size - 1);
    read_reply((NskWorkerJob)(1 + data[0] % 11), reader);
    nsk_worker_take_request(&reader, &request);
    return 0;
}

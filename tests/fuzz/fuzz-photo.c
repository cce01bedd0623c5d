/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Photographs as strangers send them: one, which becomes a PDF or a sentence. */
#include "worker/child-photo-private.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GByteArray) request = nsk_worker_message_begin();
    g_autoptr(GByteArray) message = nsk_worker_message_begin();
    g_autoptr(GError) error = NULL;

    nsk_worker_put_number(request, 1);
    nsk_worker_put_data(request, data, size);
    nsk_worker_message_finish(request);
    g_autoptr(GBytes) file = g_bytes_new(request->data, request->len);
    bool done = nsk_worker_do_photos(file, message, &error);
    g_assert_true(done == (error == NULL));
    g_assert_true(!done || memcmp(message->data + 8, "%PDF-", 5) == 0);
    return 0;
}

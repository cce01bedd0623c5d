/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames on the socket of an office, as anybody of the machine may send them. */
#include "ipc/ipc.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
    g_autoptr(NskFrame) frame = nsk_frame_decode(bytes, &error);

    g_assert_true((frame != NULL) == (error == NULL));
    if (frame == NULL)
        return 0;
    /* what was read says the same when it is written and read again */
    g_autoptr(GBytes) again = nsk_frame_encode(frame->value, frame->parts, frame->n_parts, NULL);
    if (again == NULL)
        return 0; /* escapes made the text longer than its limit */
    g_autoptr(NskFrame) second = nsk_frame_decode(again, NULL);
    g_assert_nonnull(second);
    g_assert_cmpuint(second->n_parts, ==, frame->n_parts);
    for (size_t i = 0; i < frame->n_parts; i++)
        g_assert_true(g_bytes_equal(second->parts[i], frame->parts[i]));
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PNG and JPEG files as a stranger would upload them.  Checksums of PNG chunks are put right first,
 * or nearly every change would end at them. */
#include "render/pdf/pdf-private.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
put_checksums_right(uint8_t *bytes, size_t size)
{
    for (size_t at = 8; at < size && size - at >= 12;) {
        size_t n = (size_t)bytes[at] << 24 | (size_t)bytes[at + 1] << 16 |
                   (size_t)bytes[at + 2] << 8 | bytes[at + 3];

        if (n > size - at - 12)
            return;
        uint32_t sum = GUINT32_TO_BE(libdeflate_crc32(0, bytes + at + 4, n + 4));
        memcpy(bytes + at + 8 + n, &sum, 4);
        at += n + 12;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    NskPdfInfo info = { .title = "x" };
    g_autoptr(NskPdf) pdf = nsk_pdf_new(&info);
    g_autoptr(GError) error = NULL;
    g_autofree uint8_t *copy = g_malloc(size + 1);
    NskPdfImage image = { 0 };

    if (size > 0)
        memcpy(copy, data, size);
    if (size > 0 && copy[0] == 0x89)
        put_checksums_right(copy, size);
    g_autoptr(GBytes) bytes = g_bytes_new(copy, size);
    bool loaded = nsk_pdf_image_load(pdf, bytes, &image, &error);
    g_assert_true(loaded == (error == NULL));
    g_assert_true(!loaded || (image.width > 0 && image.height > 0));
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A QR code (ISO/IEC 18004) as a path of SVG: each row's dark modules joined to bars. */
#include "render/render.h"

#include <qrencode.h>
#include <stddef.h>

char *
nsk_qr_path(const char *text, int *out_modules)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    GString *path = g_string_new(NULL);

    *out_modules = code != NULL ? code->width : 0;
    for (int y = 0; y < *out_modules; y++) {
        const unsigned char *row = code->data + (ptrdiff_t)y * code->width;

        for (int x = 0, end; x < code->width; x = end) {
            for (end = x + 1; end < code->width && ((row[end] ^ row[x]) & 1) == 0;)
                end++;
            if (row[x] & 1)
                g_string_append_printf(path, "M%d %dh%dv1h-%dz", x, y, end - x, end - x);
        }
    }
    QRcode_free(code);
    return g_string_free(path, *out_modules == 0 ? TRUE : FALSE);
}

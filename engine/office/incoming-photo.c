/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Photographs of a letter that came in, as the PDF that a scanner would have given. */
#include "base/bytes.h"
#include "base/message.h"
#include "office/office-private.h"
#include "worker/worker.h"

#define MOST_PHOTO ((size_t)25 * 1024 * 1024) /* bytes of one */

bool
nsk_office_photographs(const char *const *paths, GBytes **out_pdf, GError **error)
{
    g_autoptr(GPtrArray) photos = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

    for (size_t i = 0; paths[i] != NULL; i++) {
        g_autoptr(GError) fault = NULL;
        GBytes *photo = nsk_file_read(paths[i], MOST_PHOTO, &fault);

        if (photo == NULL && g_error_matches(fault, NSK_ERROR, NSK_ERROR_LIMIT)) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                        nsk_tr("photograph %u is larger than %d MB; take it again"),
                        (unsigned)i + 1, (int)(MOST_PHOTO / 1024 / 1024));
            return false;
        }
        if (photo == NULL) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        g_ptr_array_add(photos, photo);
    }
    return nsk_worker_photos(photos, NULL, out_pdf, error);
}

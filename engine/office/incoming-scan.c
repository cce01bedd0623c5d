/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scan of a letter that came in, beside the program that has it: it is looked at in the worker,
 * and one too large to travel is put in its place.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/incoming-private.h"
#include "worker/worker.h"

#include <string.h>

void
nsk_incoming_scan_clear(NskIncomingScan *self)
{
    g_clear_pointer(&self->pdf, g_bytes_unref);
    g_clear_pointer(&self->text, g_bytes_unref);
    g_clear_pointer(&self->sha256, g_free);
}

/* The words of the pages; NULL of none. */
static GBytes *
join_pages(const GPtrArray *pages)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < pages->len && text->len < NSK_LIMIT_SEARCH_TEXT; i++) {
        g_string_append(text, g_ptr_array_index(pages, i));
        g_string_append_c(text, '\n');
    }
    if (text->len > NSK_LIMIT_SEARCH_TEXT) {
        const char *end;

        g_string_truncate(text, NSK_LIMIT_SEARCH_TEXT);
        (void)g_utf8_validate(text->str, -1, &end);
        g_string_truncate(text, (gsize)(end - text->str));
    }
    if (text->str[strspn(text->str, " \t\r\n\f")] == '\0')
        return NULL;
    return g_string_free_to_bytes(g_steal_pointer(&text));
}

GBytes *
nsk_pdf_words(GBytes *pdf)
{
    g_autoptr(GPtrArray) pages = NULL;

    return nsk_worker_text(pdf, NULL, &pages, NULL) ? join_pages(pages) : NULL;
}

bool
nsk_incoming_scan_read(const char *path, NskIncomingScan *out_scan, GError **error)
{
    bool scripts;

    return path == NULL || nsk_incoming_scan_look(path, out_scan, &scripts, error);
}

bool
nsk_incoming_scan_look(const char *path,
                       NskIncomingScan *out_scan,
                       bool *out_scripts,
                       GError **error)
{
    g_autoptr(GPtrArray) pages = NULL;
    g_autoptr(GError) fault = NULL;
    g_autoptr(GBytes) pdf = nsk_file_read(path, NSK_LIMIT_PDF_SIZE, error);
    if (pdf == NULL)
        return false;
    if (!nsk_worker_scan(pdf, out_scripts, &pages, &fault)) {
        if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID))
            g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("'%s' is no PDF that can be read; scan the letter as a PDF"), path);
        else
            g_propagate_prefixed_error(error, g_steal_pointer(&fault), "%s: ", path);
        return false;
    }
    out_scan->sha256 = nsk_sha256_hex(g_bytes_get_data(pdf, NULL), g_bytes_get_size(pdf));
    out_scan->text = join_pages(pages);
    out_scan->pdf = g_steal_pointer(&pdf);
    return true;
}

bool
nsk_incoming_scan_is_large(const NskIncomingScan *self)
{
    return self->pdf != NULL && g_bytes_get_size(self->pdf) > NSK_LIMIT_ATTACHMENT;
}

bool
nsk_incoming_scan_place(NskOffice *office,
                        const NskIncomingPlace *place,
                        GBytes **out_file,
                        const char **out_sha256,
                        GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];

    if (!nsk_incoming_scan_is_large(place->scan)) {
        *out_file = place->scan->pdf;
        return true;
    }
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office->reader, error);
    g_autoptr(NskStoreBlob) blob =
        txn != NULL
            ? nsk_store_prepare_file(txn, place->letter, NSK_INCOMING_SCAN, place->path, error)
            : NULL;
    if (blob == NULL)
        return false;
    nsk_store_blob_digest(blob, digest);
    g_autofree char *sha256 = nsk_hex(digest, sizeof digest);
    if (strcmp(sha256, place->scan->sha256) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the file '%s' was changed while it was read; try again"), place->path);
        return false;
    }
    *out_sha256 = place->scan->sha256;
    return true;
}

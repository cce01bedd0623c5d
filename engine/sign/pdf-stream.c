/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decoding of cross-reference and object streams (ISO 32000-1, 7.4.4): no filter, or FlateDecode
 * with or without a PNG predictor.  Other streams are never decoded here.
 *
 * INVARIANT: all streams of a document together inflate to at most NSK_LIMIT_PDF_INFLATED bytes.
 */
#include "base/limits.h"
#include "base/message.h"
#include "sign/pdf-private.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>

#define CHUNK       65536
#define MAX_COLUMNS 64 /* bytes of a row; cross-reference rows are below 25 */

static size_t
place_of(const PdfDocument *self, const PdfValue *value)
{
    size_t offset = 0;

    pdf_offset(self, value, &offset);
    return offset;
}

/* Runs zlib over @stream's data.  False if it is damaged or grows too large. */
static bool
inflate_all(PdfDocument *self, z_stream *z, GByteArray *out)
{
    g_autofree uint8_t *chunk = g_malloc(CHUNK);
    int code = Z_OK;

    while (code == Z_OK) {
        z->next_out = chunk;
        z->avail_out = CHUNK;
        code = inflate(z, Z_NO_FLUSH);
        size_t got = CHUNK - z->avail_out;

        if (self->inflated_size + got > NSK_LIMIT_PDF_INFLATED)
            return false;
        self->inflated_size += got;
        g_byte_array_append(out, chunk, (guint)got);
        if (code == Z_OK && got == 0)
            return false;
    }
    return code == Z_STREAM_END;
}

static GByteArray *
inflate_stream(PdfDocument *self, const PdfValue *stream, GError **error)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    z_stream z = { 0 };

    if (stream->data_size > UINT_MAX || inflateInit(&z) != Z_OK) {
        pdf_fail(error, PDF_FAULT_LIMIT, place_of(self, stream), N_("a stream is too large"));
        return NULL;
    }
    z.next_in = (uint8_t *)(uintptr_t)stream->data;
    z.avail_in = (unsigned)stream->data_size;
    bool ok = inflate_all(self, &z, out);
    inflateEnd(&z);
    if (!ok) {
        pdf_fail(error, PDF_FAULT_SYNTAX, place_of(self, stream),
                 N_("a compressed stream is damaged or too large"));
        return NULL;
    }
    return g_steal_pointer(&out);
}

static uint8_t
paeth(int left, int up, int corner)
{
    int estimate = left + up - corner;
    int to_left = ABS(estimate - left), to_up = ABS(estimate - up);
    int to_corner = ABS(estimate - corner);

    if (to_left <= to_up && to_left <= to_corner)
        return (uint8_t)left;
    return (uint8_t)(to_up <= to_corner ? up : corner);
}

/* Undoes the PNG predictor of one row (RFC 2083, 6), one byte a pixel. */
static bool
undo_row(uint8_t kind, const uint8_t *in, const uint8_t *above, uint8_t *row, size_t columns)
{
    for (size_t i = 0; i < columns; i++) {
        uint8_t left = i > 0 ? row[i - 1] : 0;
        uint8_t corner = i > 0 ? above[i - 1] : 0;
        const uint8_t guess[] = { 0, left, above[i], (uint8_t)((left + above[i]) / 2),
                                  paeth(left, above[i], corner) };

        if (kind >= G_N_ELEMENTS(guess))
            return false;
        row[i] = (uint8_t)(in[i] + guess[kind]);
    }
    return true;
}

static bool
undo_predictor(GByteArray *data, size_t columns)
{
    uint8_t above[MAX_COLUMNS] = { 0 }, row[MAX_COLUMNS];
    size_t rows = data->len / (columns + 1);

    if (data->len % (columns + 1) != 0)
        return false;
    for (size_t i = 0; i < rows; i++) {
        const uint8_t *in = data->data + i * (columns + 1);

        if (!undo_row(in[0], in + 1, above, row, columns))
            return false;
        memcpy(data->data + i * columns, row, columns); /* never ahead of what is read */
        memcpy(above, row, columns);
    }
    g_byte_array_set_size(data, (guint)(rows * columns));
    return true;
}

/* The one element of an array, or the value itself. */
static const PdfValue *
only(const PdfValue *value)
{
    return value != NULL && value->type == PDF_ARRAY && value->n == 1 ? value->u.items[0] : value;
}

/* Whether @params is absent or a PNG predictor; then *out_columns, 0 for none. */
static bool
read_params(const PdfValue *params, size_t *out_columns)
{
    int64_t predictor = 1, columns = 1, other;

    pdf_get_int(params, "Predictor", &predictor);
    pdf_get_int(params, "Columns", &columns);
    if ((pdf_get_int(params, "Colors", &other) && other != 1) ||
        (pdf_get_int(params, "BitsPerComponent", &other) && other != 8))
        return false;
    if (predictor != 1 &&
        (predictor < 10 || predictor > 15 || columns < 1 || columns > MAX_COLUMNS))
        return false;
    *out_columns = predictor == 1 ? 0 : (size_t)columns;
    return true;
}

GBytes *
pdf_stream_data(PdfDocument *self, const PdfValue *stream, GError **error)
{
    const PdfValue *filter = only(pdf_get(stream, "Filter"));
    const PdfValue *params = only(pdf_get(stream, "DecodeParms"));
    size_t columns = 0;

    if (filter == NULL || filter->type == PDF_NULL)
        return g_bytes_new_static(stream->data, stream->data_size);
    if (!pdf_is_name(filter, "FlateDecode") || !read_params(params, &columns)) {
        pdf_fail(error, PDF_FAULT_UNSUPPORTED, place_of(self, stream),
                 N_("a cross-reference or object stream has a filter other than FlateDecode"));
        return NULL;
    }
    g_autoptr(GByteArray) data = inflate_stream(self, stream, error);
    if (data == NULL)
        return NULL;
    if (columns > 0 && !undo_predictor(data, columns)) {
        pdf_fail(error, PDF_FAULT_SYNTAX, place_of(self, stream),
                 N_("a compressed stream has a wrong predictor"));
        return NULL;
    }
    return g_byte_array_free_to_bytes(g_steal_pointer(&data));
}

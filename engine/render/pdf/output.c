/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bytes of a PDF: objects, the cross-reference table, and how numbers and strings are spelt
 * (ISO 32000-1, 7.2 to 7.5).
 *
 * 1. Every reserved object is written before the table.
 * 2. The file identifier is the beginning of the SHA-256 of all bytes before the table, so equal
 *    files have equal identifiers and different ones do not.
 */
#include "crypto/crypto.h"
#include "pdf-private.h"

#include <math.h>
#include <string.h>

enum { COMPRESSION_LEVEL = 1 };

void
nsk_pdf_out_init(NskPdfOut *self)
{
    self->bytes = g_string_sized_new(65536);
    self->offsets = g_array_new(FALSE, TRUE, sizeof(uint64_t));
    self->compressor = libdeflate_alloc_compressor(COMPRESSION_LEVEL);
    if (!self->compressor)
        g_error("out of memory");
    /* a comment of high bytes tells file transfer programs that this is no text (7.5.2) */
    nsk_pdf_put(self->bytes, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
}

void
nsk_pdf_out_clear(NskPdfOut *self)
{
    if (self->bytes)
        g_string_free(self->bytes, TRUE);
    g_clear_pointer(&self->offsets, g_array_unref);
    libdeflate_free_compressor(self->compressor);
}

NskPdfRef
nsk_pdf_out_reserve(NskPdfOut *self)
{
    g_array_set_size(self->offsets, self->offsets->len + 1);
    return self->offsets->len;
}

void
nsk_pdf_out_begin(NskPdfOut *self, NskPdfRef ref)
{
    uint64_t *offset = &g_array_index(self->offsets, uint64_t, ref - 1);

    g_assert(*offset == 0);
    *offset = self->bytes->len;
    nsk_pdf_put_int(self->bytes, ref);
    nsk_pdf_put(self->bytes, " 0 obj\n");
}

void
nsk_pdf_out_end(NskPdfOut *self)
{
    nsk_pdf_put(self->bytes, "\nendobj\n");
}

void
nsk_pdf_out_stream(NskPdfOut *self, NskPdfRef ref, const char *dict, const void *data, size_t size)
{
    nsk_pdf_out_begin(self, ref);
    nsk_pdf_put(self->bytes, "<<");
    nsk_pdf_put(self->bytes, dict);
    nsk_pdf_put(self->bytes, "/Length ");
    nsk_pdf_put_int(self->bytes, (int64_t)size);
    nsk_pdf_put(self->bytes, ">>stream\n");
    nsk_pdf_put_bytes(self->bytes, data, size);
    nsk_pdf_put(self->bytes, "\nendstream");
    nsk_pdf_out_end(self);
}

void
nsk_pdf_out_deflated(NskPdfOut *self,
                     NskPdfRef ref,
                     const char *dict,
                     const void *data,
                     size_t size)
{
    size_t bound = libdeflate_zlib_compress_bound(self->compressor, size);
    g_autofree uint8_t *packed = g_malloc(bound);
    g_autofree char *with_filter = g_strconcat(dict, "/Filter/FlateDecode", NULL);
    size_t n = libdeflate_zlib_compress(self->compressor, data, size, packed, bound);

    g_assert(n > 0);
    nsk_pdf_out_stream(self, ref, with_filter, packed, n);
}

/* One entry is exactly 20 bytes (7.5.4). */
static void
put_entry(GString *to, uint64_t offset)
{
    char entry[] = "0000000000 00000 n \n";

    for (int i = 9; i >= 0; i--, offset /= 10)
        entry[i] = (char)('0' + offset % 10);
    nsk_pdf_put_bytes(to, entry, 20);
}

void
nsk_pdf_out_finish(NskPdfOut *self, NskPdfRef catalog, NskPdfRef info)
{
    GString *to = self->bytes;
    uint64_t start = to->len;
    uint8_t digest[NSK_SHA256_SIZE];
    char id[33];

    nsk_sha256(to->str, to->len, digest);
    for (int i = 0; i < 16; i++) {
        id[2 * i] = "0123456789ABCDEF"[digest[i] >> 4];
        id[2 * i + 1] = "0123456789ABCDEF"[digest[i] & 15];
    }
    id[32] = '\0';
    nsk_pdf_put(to, "xref\n0 ");
    nsk_pdf_put_int(to, self->offsets->len + 1);
    nsk_pdf_put(to, "\n0000000000 65535 f \n");
    for (unsigned i = 0; i < self->offsets->len; i++) {
        uint64_t offset = g_array_index(self->offsets, uint64_t, i);

        g_assert(offset != 0);
        put_entry(to, offset);
    }
    nsk_pdf_put(to, "trailer\n<</Size ");
    nsk_pdf_put_int(to, self->offsets->len + 1);
    nsk_pdf_put(to, "/Root ");
    nsk_pdf_put_ref(to, catalog);
    nsk_pdf_put(to, "/Info ");
    nsk_pdf_put_ref(to, info);
    g_string_append_printf(to, "/ID[<%s><%s>]>>\nstartxref\n", id, id);
    nsk_pdf_put_int(to, (int64_t)start);
    nsk_pdf_put(to, "\n%%EOF\n");
}

/* Writes digits before @end; returns the first. */
static char *
spell(uint64_t value, char *end)
{
    do
        *--end = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    return end;
}

void
nsk_pdf_put_int(GString *to, int64_t value)
{
    char digits[24], *end = digits + sizeof digits;
    char *at = spell(value < 0 ? -(uint64_t)value : (uint64_t)value, end);

    if (value < 0)
        *--at = '-';
    nsk_pdf_put_bytes(to, at, (size_t)(end - at));
}

void
nsk_pdf_put_real(GString *to, double value)
{
    int64_t scaled = (int64_t)llround(CLAMP(value, -1e9, 1e9) * 1e5);
    char digits[8];

    if (scaled < 0)
        g_string_append_c(to, '-');
    scaled = ABS(scaled);
    nsk_pdf_put_int(to, scaled / 100000);
    if (scaled % 100000 == 0)
        return;
    g_snprintf(digits, sizeof digits, ".%05d", (int)(scaled % 100000));
    for (size_t i = 5; digits[i] == '0'; i--)
        digits[i] = '\0';
    nsk_pdf_put(to, digits);
}

void
nsk_pdf_put_mpt(GString *to, int64_t value)
{
    uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    unsigned part = (unsigned)(size % 1000);
    char digits[32], *point = digits + 26, *end = point;
    char *at = spell(size / 1000, point);

    if (value < 0)
        *--at = '-';
    if (part > 0)
        *end++ = '.';
    for (unsigned unit = 100; part > 0; part %= unit, unit /= 10)
        *end++ = (char)('0' + part / unit);
    nsk_pdf_put_bytes(to, at, (size_t)(end - at));
}

void
nsk_pdf_put_ref(GString *to, NskPdfRef ref)
{
    nsk_pdf_put_int(to, ref);
    nsk_pdf_put(to, " 0 R");
}

void
nsk_pdf_put_string(GString *to, const char *ascii)
{
    g_string_append_c(to, '(');
    for (const char *p = ascii; *p; p++) {
        if (*p == '(' || *p == ')' || *p == '\\')
            g_string_append_c(to, '\\');
        if (*p == '\r' || *p == '\n')
            nsk_pdf_put(to, *p == '\r' ? "\\r" : "\\n");
        else
            g_string_append_c(to, *p);
    }
    g_string_append_c(to, ')');
}

void
nsk_pdf_put_hex4(GString *to, unsigned value)
{
    static const char digits[] = "0123456789ABCDEF";
    char hex[4] = { digits[value >> 12 & 15], digits[value >> 8 & 15], digits[value >> 4 & 15],
                    digits[value & 15] };

    nsk_pdf_put_bytes(to, hex, 4);
}

void
nsk_pdf_put_utf16(GString *to, const char *utf8, size_t size, bool with_mark)
{
    g_string_append_c(to, '<');
    if (with_mark)
        nsk_pdf_put(to, "FEFF");
    for (const char *p = utf8; p < utf8 + size; p += g_utf8_skip[(unsigned char)*p]) {
        gunichar c = g_utf8_get_char(p);

        if (c >= 0x10000) {
            nsk_pdf_put_hex4(to, 0xd800 + (unsigned)((c - 0x10000) >> 10));
            nsk_pdf_put_hex4(to, 0xdc00 + (unsigned)((c - 0x10000) & 0x3ff));
        } else {
            nsk_pdf_put_hex4(to, (unsigned)c);
        }
    }
    g_string_append_c(to, '>');
}

void
nsk_pdf_put_text(GString *to, const char *utf8)
{
    if (g_str_is_ascii(utf8))
        nsk_pdf_put_string(to, utf8);
    else
        nsk_pdf_put_utf16(to, utf8, strlen(utf8), true);
}

void
nsk_pdf_put_name(GString *to, const char *name)
{
    g_string_append_c(to, '/');
    for (const char *p = name; *p; p++) {
        if (g_ascii_isalnum(*p) || strchr("-_+.", *p))
            g_string_append_c(to, *p);
        else
            g_string_append_printf(to, "#%02X", (unsigned)(unsigned char)*p);
    }
}

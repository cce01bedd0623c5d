/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <naskah/error.h>

#include "base/limits.h"
#include "base/message.h"
#include "evidence/zip-private.h"
#include "evidence/zip.h"

#include <string.h>
#include <zlib.h>

#define MOST_MEMBERS 65535

struct _NskZipWriter {
    GByteArray *members;
    GByteArray *directory;
    unsigned n;
};

NskZipWriter *
nsk_zip_writer_new(void)
{
    NskZipWriter *self = g_new(NskZipWriter, 1);

    *self = (NskZipWriter){ .members = g_byte_array_new(), .directory = g_byte_array_new() };
    return self;
}

void
nsk_zip_writer_free(NskZipWriter *self)
{
    if (self == NULL)
        return;
    g_byte_array_unref(self->members);
    g_byte_array_unref(self->directory);
    g_free(self);
}

static void
put16(GByteArray *out, unsigned value)
{
    const uint8_t bytes[] = { (uint8_t)value, (uint8_t)(value >> 8) };

    g_byte_array_append(out, bytes, sizeof bytes);
}

static void
put32(GByteArray *out, uint32_t value)
{
    put16(out, value & 0xffff);
    put16(out, value >> 16);
}

/* What both records of a member say. */
static void
put_common(GByteArray *out, const char *name, const void *data, size_t size)
{
    put16(out, NSK_ZIP_VERSION);
    put16(out, NSK_ZIP_UTF8);
    put16(out, 0); /* stored */
    put16(out, 0); /* midnight */
    put16(out, NSK_ZIP_FIRST_DAY);
    put32(out, (uint32_t)crc32_z(0, data, size));
    put32(out, (uint32_t)size);
    put32(out, (uint32_t)size);
    put16(out, (unsigned)strlen(name));
    put16(out, 0); /* no extra field */
}

bool
nsk_zip_writer_add(NskZipWriter *self, const char *name, GBytes *content, GError **error)
{
    size_t size;
    const void *data = g_bytes_get_data(content, &size);
    uint32_t offset = self->members->len;

    if (self->n == MOST_MEMBERS || size > NSK_LIMIT_PACKAGE ||
        offset + size + strlen(name) > NSK_LIMIT_PACKAGE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the evidence would be larger than %d MB, or more than %d files"),
                    (int)(NSK_LIMIT_PACKAGE / 1000000), MOST_MEMBERS);
        return false;
    }
    put32(self->members, NSK_ZIP_LOCAL);
    put_common(self->members, name, data, size);
    g_byte_array_append(self->members, (const uint8_t *)name, (guint)strlen(name));
    if (size > 0)
        g_byte_array_append(self->members, data, (guint)size);
    put32(self->directory, NSK_ZIP_CENTRAL);
    put16(self->directory, NSK_ZIP_MADE_BY);
    put_common(self->directory, name, data, size);
    put16(self->directory, 0); /* no comment */
    put16(self->directory, 0); /* first disk */
    put16(self->directory, 0); /* not known to be text */
    put32(self->directory, NSK_ZIP_PLAIN_FILE);
    put32(self->directory, offset);
    g_byte_array_append(self->directory, (const uint8_t *)name, (guint)strlen(name));
    self->n++;
    return true;
}

GBytes *
nsk_zip_writer_end(NskZipWriter *self)
{
    GByteArray *all = self->members;
    uint32_t at = all->len;

    g_byte_array_append(all, self->directory->data, self->directory->len);
    put32(all, NSK_ZIP_END);
    put16(all, 0);
    put16(all, 0);
    put16(all, self->n);
    put16(all, self->n);
    put32(all, self->directory->len);
    put32(all, at);
    put16(all, 0); /* no comment */
    self->members = g_byte_array_new();
    return g_byte_array_free_to_bytes(all);
}

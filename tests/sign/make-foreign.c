/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Updates that sign, as programs of others write them: with whatever objects a test wants. */
#include "make-pdf.h"

#include <string.h>

#define ROOM   6000 /* bytes of CMS or token */
#define RANGES "[0 AAAAAAAAAA BBBBBBBBBB CCCCCCCCCC]"

/* Replaces the ten signs of @mark behind @from by @number. */
static void
put_number(char *data, size_t size, size_t from, const char *mark, size_t number)
{
    char *at = memmem(data + from, size - from, mark, 10);
    g_autofree char *text = g_strdup_printf("%010zu", number);

    g_assert_nonnull(at);
    memcpy(at, text, 10);
}

/* The update, with zeros for Contents and ByteRange filled in; the offset of Contents. */
static char *
open_update(GBytes *pdf, const MakeObject *objects, size_t n, const char *dict, size_t *out_gap)
{
    g_autofree char *zeros = g_strnfill(2 * (gsize)ROOM, '0');
    g_autofree char *whole =
        g_strdup_printf("<<%s/Contents<%s>/ByteRange" RANGES ">>", dict, zeros);
    MakeObject all[8];

    g_assert_cmpuint(n, <, G_N_ELEMENTS(all));
    memcpy(all, objects, n * sizeof *objects);
    bool is_second =
        memmem(g_bytes_get_data(pdf, NULL), g_bytes_get_size(pdf), "\n31 0 obj", 9) != NULL;
    all[n] = (MakeObject){ is_second ? 51 : 31, whole };
    bool has_info = memmem(g_bytes_get_data(pdf, NULL), g_bytes_get_size(pdf), "/Info", 5) != NULL;
    g_autoptr(GBytes) open =
        make_update(pdf, all, n + 1,
                    has_info ? "/Info 20 0 R/ID[<00112233445566778899AABBCCDDEEFF><01>]"
                             : "/ID[<00112233445566778899AABBCCDDEEFF><01>]");
    gsize size;
    char *data = g_memdup2(g_bytes_get_data(open, &size), g_bytes_get_size(open));
    size_t old = g_bytes_get_size(pdf); /* an earlier signature has zeros, too */
    size_t gap =
        (size_t)((char *)memmem(data + old, size - old, zeros, 2 * (size_t)ROOM) - data) - 1;
    size_t end = gap + 2 * (size_t)ROOM + 2;
    put_number(data, size, old, "AAAAAAAAAA", gap);
    put_number(data, size, old, "BBBBBBBBBB", end);
    put_number(data, size, old, "CCCCCCCCCC", size - end);
    *out_gap = gap;
    return data;
}

/* What the ranges around Contents cover. */
static GByteArray *
cut_content(const char *data, size_t size, size_t gap)
{
    GByteArray *content = g_byte_array_new();
    size_t end = gap + 2 * (size_t)ROOM + 2;

    g_byte_array_append(content, (const uint8_t *)data, (guint)gap);
    g_byte_array_append(content, (const uint8_t *)data + end, (guint)(size - end));
    return content;
}

static void
put_der(char *data, size_t gap, GBytes *der)
{
    const uint8_t *bytes = g_bytes_get_data(der, NULL);

    g_assert_cmpuint(g_bytes_get_size(der), <=, ROOM);
    for (size_t i = 0; i < g_bytes_get_size(der); i++) {
        data[gap + 1 + 2 * i] = "0123456789ABCDEF"[bytes[i] >> 4];
        data[gap + 2 + 2 * i] = "0123456789ABCDEF"[bytes[i] & 15];
    }
}

static size_t
whole_size(const char *data, size_t gap)
{
    size_t end = gap + 2 * (size_t)ROOM + 2;
    const char *range = strstr(data + end, "/ByteRange[0 ");

    g_assert_nonnull(range);
    return end + (size_t)g_ascii_strtoull(range + strlen("/ByteRange[0 ") + 22, NULL, 10);
}

GBytes *
make_foreign(const Demo *demo, GBytes *pdf, const MakeObject *objects, size_t n, const char *keys)
{
    g_autofree char *dict =
        g_strdup_printf("/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
                        "/M(D:20260722090000+07'00')%s",
                        keys);
    size_t gap;
    char *data = open_update(pdf, objects, n, dict, &gap);
    size_t size = whole_size(data, gap);
    g_autoptr(GByteArray) content = cut_content(data, size, gap);
    g_autoptr(GBytes) cms =
        demo_sign(demo->signer, NSK_SCHEME_DEFAULT, content->data, content->len);

    put_der(data, gap, cms);
    return g_bytes_new_take(data, size);
}

GBytes *
make_foreign_stamp(const Demo *demo,
                   GBytes *pdf,
                   const MakeObject *objects,
                   size_t n,
                   NskInstant at)
{
    size_t gap;
    char *data = open_update(
        pdf, objects, n, "/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161", &gap);
    size_t size = whole_size(data, gap);
    g_autoptr(GByteArray) content = cut_content(data, size, gap);
    g_autoptr(GBytes) token = demo_stamp(demo->authority, content->data, content->len, at);

    put_der(data, gap, token);
    return g_bytes_new_take(data, size);
}

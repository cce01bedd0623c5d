/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The few parts of DER (X.690) that checking a CMS signature needs.  An own reader, because the
 * check must see the bytes that were signed, and OpenSSL reads BER and writes it anew.
 */
#include "crypto/der-private.h"

#include <string.h>

#define MAX_BER_DEPTH 32
#define MAX_BER_SIZE  ((size_t)1024 * 1024)

bool
der_next(Der *in, uint8_t *out_tag, Der *out_content, Der *out_whole)
{
    size_t head = 2;

    if (in->size < 2 || (in->data[0] & 0x1f) == 0x1f)
        return false;
    size_t length = in->data[1];
    if (length >= 0x80) {
        size_t octets = length & 0x7f;

        if (octets == 0 || octets > 4 || in->size < 2 + octets)
            return false;
        length = 0;
        for (size_t i = 0; i < octets; i++)
            length = length << 8 | in->data[2 + i];
        if (length < 0x80 || (octets > 1 && length >> (8 * (octets - 1)) == 0))
            return false; /* not the shortest form */
        head += octets;
    }
    if (length > in->size - head)
        return false;
    *out_tag = in->data[0];
    *out_content = (Der){ in->data + head, length };
    if (out_whole != NULL)
        *out_whole = (Der){ in->data, head + length };
    in->data += head + length;
    in->size -= head + length;
    return true;
}

bool
der_take(Der *in, uint8_t tag, Der *out_content)
{
    Der rest = *in;
    uint8_t found;

    if (!der_next(&rest, &found, out_content, NULL) || found != tag)
        return false;
    *in = rest;
    return true;
}

/* An element's head in BER: the indefinite length is told by @out_open. */
static bool
ber_head(Der *in, uint8_t *out_tag, size_t *out_length, bool *out_open)
{
    if (in->size < 2 || (in->data[0] & 0x1f) == 0x1f)
        return false;
    size_t length = in->data[1], head = 2;
    *out_open = length == 0x80;
    if (length > 0x80) {
        size_t octets = length & 0x7f;

        if (octets > 4 || in->size < 2 + octets)
            return false;
        length = 0;
        for (size_t i = 0; i < octets; i++)
            length = length << 8 | in->data[2 + i];
        head += octets;
    }
    *out_tag = in->data[0];
    *out_length = *out_open ? 0 : length;
    in->data += head;
    in->size -= head;
    return *out_open ? (*out_tag & 0x20) != 0 : length <= in->size;
}

static void
put_head(GByteArray *out, uint8_t tag, size_t size)
{
    uint8_t head[6] = { tag, 0 };
    guint n = 2;

    if (size < 0x80) {
        head[1] = (uint8_t)size;
    } else {
        unsigned octets = size > 0xffffff ? 4 : size > 0xffff ? 3 : size > 0xff ? 2 : 1;

        head[1] = (uint8_t)(0x80 | octets);
        for (unsigned i = 0; i < octets; i++)
            head[n++] = (uint8_t)(size >> (8 * (octets - 1 - i)));
    }
    g_byte_array_append(out, head, n);
}

static bool ber_element(Der *in, unsigned depth, bool bare, GByteArray *out);

/* The elements inside a constructed one, up to its length or its end mark. */
static bool
ber_inside(Der *in, size_t length, bool open, unsigned depth, bool bare, GByteArray *out)
{
    Der body = { in->data, open ? in->size : length };

    for (;;) {
        if (open && body.size >= 2 && body.data[0] == 0 && body.data[1] == 0) {
            body.data += 2;
            body.size -= 2;
            break;
        }
        if (!open && body.size == 0)
            break;
        if (!ber_element(&body, depth + 1, bare, out))
            return false;
    }
    in->size -= (size_t)(body.data - in->data);
    in->data = body.data;
    return true;
}

/* One element; @bare: only its content, for the pieces of an OCTET STRING. */
static bool
ber_element(Der *in, unsigned depth, bool bare, GByteArray *out)
{
    g_autoptr(GByteArray) inner = g_byte_array_new();
    bool open = false;
    uint8_t tag = 0;
    size_t length = 0;

    if (depth > MAX_BER_DEPTH || !ber_head(in, &tag, &length, &open))
        return false;
    bool pieces = tag == (DER_OCTETS | 0x20);
    if (bare && tag != DER_OCTETS && !pieces)
        return false;
    if ((tag & 0x20) != 0) {
        if (!ber_inside(in, length, open, depth, pieces, inner))
            return false;
    } else {
        g_byte_array_append(inner, in->data, (guint)length);
        in->data += length;
        in->size -= length;
    }
    if (!bare)
        put_head(out, pieces ? DER_OCTETS : tag, inner->len);
    g_byte_array_append(out, inner->data, inner->len);
    return true;
}

GBytes *
der_from_ber(Der in, Der *out_rest)
{
    g_autoptr(GByteArray) out = g_byte_array_new();

    if (in.size > MAX_BER_SIZE || !ber_element(&in, 0, false, out))
        return NULL;
    *out_rest = in;
    return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}

bool
der_equal(Der a, Der b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

int
der_compare(Der a, Der b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common > 0 ? memcmp(a.data, b.data, common) : 0;

    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

bool
der_algorithm(Der *in, Der *out_oid, uint8_t *out_tag, Der *out_params)
{
    Der body;

    *out_tag = 0;
    *out_params = (Der){ NULL, 0 };
    if (!der_take(in, DER_SEQUENCE, &body) || !der_take(&body, DER_OID, out_oid))
        return false;
    if (body.size > 0 && !der_next(&body, out_tag, out_params, NULL))
        return false;
    return body.size == 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The few parts of DER (X.690) that checking a CMS signature needs.  An own reader, because the
 * check must see the bytes that were signed, and OpenSSL reads BER and writes it anew.
 */
#include "crypto/der-private.h"

#include <string.h>

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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tags of the types that CMS uses (X.690). */
enum {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_OCTETS = 0x04,
    DER_NULL = 0x05,
    DER_OID = 0x06,
    DER_TIME = 0x18, /* GeneralizedTime */
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT_0 = 0xa0,
    DER_CONTEXT_1 = 0xa1,
    DER_CONTEXT_2 = 0xa2,
    DER_CONTEXT_3 = 0xa3,
    DER_IMPLICIT_0 = 0x80, /* primitive */
    DER_IMPLICIT_1 = 0x81,
};

/* A part of an encoding; borrowed. */
typedef struct {
    const uint8_t *data;
    size_t size;
} Der;

/*
 * Takes the next element off @in.  Only one-byte tags and the shortest definite lengths are
 * read: that is DER.  @out_whole (with tag and length) may be NULL.  Returns false, with @in
 * unchanged, at the end or for anything else.
 */
bool der_next(Der *in, uint8_t *out_tag, Der *out_content, Der *out_whole);
/* The same for one tag. */
bool der_take(Der *in, uint8_t tag, Der *out_content);
bool der_equal(Der a, Der b);
/* The first element of @in, which may have indefinite lengths and octet strings in pieces (BER),
 * with definite lengths and whole strings; nothing else is changed.  NULL if it is no BER. */
GBytes *der_from_ber(Der in, Der *out_rest);
/* An AlgorithmIdentifier (RFC 5280, 4.1.1.2): an OID and at most one parameter, whose tag is 0 if
 * it is absent. */
bool der_algorithm(Der *in, Der *out_oid, uint8_t *out_tag, Der *out_params);
/* The order of SET OF elements: negative, zero or positive. */
int der_compare(Der a, Der b);

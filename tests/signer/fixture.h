/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "signer/signer.h"

#define TEST_PASS "rahasia-uji"
#define TEST_PIN  "246810"

/* An authority, a person's key at it, helpers, and a folder; every signer test begins with one. */
typedef struct {
    NskDemoAuthority *authority;
    GBytes *p12; /* of Sekar Wulandari */
    GPtrArray *chain;
    NskSigners *signers;
    char *folder;
} Desk;

void desk_set_up(Desk *self);
void desk_clear(Desk *self);
/* A new key of the authority as PKCS#12; @rsa_bits 0: P-256. */
GBytes *desk_issue(Desk *self, const char *name, int rsa_bits);
/* The certificates of it; NskCert. */
GPtrArray *desk_chain(GBytes *p12);
char *fingerprint_of(GPtrArray *chain);
NskJson *json_of(const char *text);

/* @n different digests in a row. */
uint8_t *make_digests(size_t n);

/* Opens and describes; asserts that both work. */
NskSigner *open_signer(Desk *self, const NskSignerTarget *target);
/* Authorises @n digests with @secret; asserts that it works. */
void authorise(NskSigner *signer, const uint8_t *digests, size_t n, const char *secret);
/* Takes all results; @out[i] is that of element i, owned by the caller. */
void take_results(NskSigner *signer, NskSignerResult **out, size_t n);
/* Asserts that each of @n has a value that the chain's key made over its digest. */
void assert_signed(NskSigner *signer, const uint8_t *digests, NskSignerResult **results, size_t n);
/* Asserts kind, code and a part of the words, and clears the error. */
void assert_fault(NskSignerFault fault, NskSignerFaultKind kind, GError **error, const char *words);
void free_results(NskSignerResult **results, size_t n);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

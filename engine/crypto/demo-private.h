/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crypto/crypto-private.h"

#define DEMO_CRL_URL      "http://demo.naskah.invalid/issuer.crl"
#define DEMO_ROOT_CRL_URL "http://demo.naskah.invalid/root.crl"
#define DEMO_OCSP_URL     "http://demo.naskah.invalid/ocsp"

/* An extension in the words of OpenSSL's configuration. */
typedef struct {
    const char *name;
    const char *value;
} DemoExtension;

/* What all authorities have, what all leaves have, and where lists and answers are; rows. */
#define DEMO_AUTHORITY(ca)                                                                         \
    { "basicConstraints", ca }, { "keyUsage", "critical,keyCertSign,cRLSign" },                    \
    {                                                                                              \
        "subjectKeyIdentifier", "hash"                                                             \
    }
#define DEMO_LEAF(usage, extended)                                                                 \
    { "basicConstraints", "critical,CA:FALSE" }, { "keyUsage", usage },                            \
        { "extendedKeyUsage", extended }, { "subjectKeyIdentifier", "hash" },                      \
    {                                                                                              \
        "authorityKeyIdentifier", "keyid:always"                                                   \
    }
#define DEMO_ADDRESSES                                                                             \
    { "crlDistributionPoints", "URI:" DEMO_CRL_URL },                                              \
    {                                                                                              \
        "authorityInfoAccess", "OCSP;URI:" DEMO_OCSP_URL                                           \
    }

typedef struct {
    EVP_PKEY *key;
    NskCert *cert; /* NULL: not made yet */
} DemoService;

struct _NskDemoAuthority {
    EVP_PKEY *key; /* the intermediate's */
    NskCert *cert;
    NskCert *root;
    EVP_PKEY *root_key; /* NULL: of an authority that was loaded */
    DemoService stamper;
    DemoService responder;
    int stamper_days;
    uint64_t serial;     /* of the last time stamp, list or answer */
    GHashTable *revoked; /* serial in hex -> NskInstant, owned */
};

/* What goes into one certificate; borrowed. */
typedef struct {
    const char *name;
    const char *staff_number;
    EVP_PKEY *key;
    const NskCert *issuer; /* NULL: itself */
    EVP_PKEY *issuer_key;
    NskInstant not_before;
    int days;
    const DemoExtension *extensions; /* up to the one without a name */
} DemoSubject;

NskCert *demo_certify(const DemoSubject *subject, GError **error);
void demo_service_clear(DemoService *service);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crypto/crypto-private.h"

typedef enum {
    CERT_UNKNOWN,
    CERT_GOOD,
    CERT_REVOKED, /* by the time asked for */
} CertStatus;

/* Of which certificate, when; borrowed. */
typedef struct {
    const NskCert *cert;
    const NskCert *issuer;
    NskInstant at;
    NskInstant now;  /* later evidence is not believed */
    bool only_lists; /* no OCSP answers: the question is about a responder itself */
} StatusQuery;

/*
 * The chain of a certificate that led to a root of @trust before, if every certificate of it is
 * within its validity at @at as well; borrowed.  NULL: none is remembered.  What else makes a chain
 * hold (names, signatures, what each certificate is for) does not depend on the time.
 */
GPtrArray *evidence_find_chain(const NskEvidence *self, const TrustQuery *query);
void evidence_keep_chain(NskEvidence *self, const NskTrust *trust, GPtrArray *chain);

/* What the evidence tells; @out_revoked_at is 0 unless revoked.  Never fails. */
CertStatus evidence_status(NskEvidence *self, const StatusQuery *query, NskInstant *out_revoked_at);

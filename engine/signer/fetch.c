/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time stamps (RFC 3161, 3.4: over HTTP), OCSP answers (RFC 6960, appendix A) and CRLs (RFC 5280,
 * 4.2.1.13), fetched in this process: there is no secret in them, and what comes is judged by
 * engine/crypto.
 *
 * The addresses stand in certificates, which strangers may have made: private addresses are asked
 * only if their host is named by the office.
 */
#include "base/limits.h"
#include "base/message.h"
#include "net/net.h"
#include "signer/signer-private.h"

#define DEFAULT_TIMEOUT 20000 /* milliseconds */
#define DEFAULT_WAIT    60    /* seconds */
#define OCSP_MOST_URLS  3     /* of a certificate that are asked */

static NskNetRequest
make_request(const NskFetch *fetch, const char *url)
{
    unsigned timeout = fetch != NULL ? fetch->timeout_ms : 0;

    return (NskNetRequest){ .url = url,
                            .hosts = fetch != NULL ? fetch->hosts : NULL,
                            .public_only = true,
                            .ca = fetch != NULL ? fetch->ca : NULL,
                            .timeout_ms = timeout != 0 ? timeout : DEFAULT_TIMEOUT,
                            .limit = NSK_LIMIT_TOKEN_ANSWER };
}

/* An answer that is not 200. */
static bool
fail_status(const NskNetAnswer *answer, const char *url, NskSignerFault *fault, GError **error)
{
    bool later = answer->status == 429 || answer->status == 408 || answer->status >= 500;

    if (!later)
        return signer_fail(fault, NSK_SIGNER_FAULT_REFUSED, error,
                           nsk_tr("'%.200s' answers with status %d"), url, answer->status);
    fault->seconds = answer->retry_after > 0 ? answer->retry_after : DEFAULT_WAIT;
    return signer_fail(fault, NSK_SIGNER_FAULT_LATER, error,
                       nsk_tr("'%.200s' has no time (status %d); try again in %u s"), url,
                       answer->status, fault->seconds);
}

/* What a failure of the network means for the one who waits for the answer. */
static bool
fail_net(GError *cause, NskSignerFault *fault, GError **error)
{
    fault->kind = NSK_SIGNER_FAULT_SETTINGS;
    if (g_error_matches(cause, NSK_ERROR, NSK_ERROR_LIMIT))
        fault->kind = NSK_SIGNER_FAULT_ANSWER;
    if (g_error_matches(cause, NSK_ERROR, NSK_ERROR_BUSY))
        *fault = (NskSignerFault){ NSK_SIGNER_FAULT_LATER, DEFAULT_WAIT };
    g_propagate_error(error, cause);
    return false;
}

/* Asks, and takes nothing but an answer with status 200. */
static bool
ask(const NskNetRequest *request, NskNetAnswer *out_answer, NskSignerFault *fault, GError **error)
{
    GError *cause = NULL;

    if (!nsk_net_ask(request, out_answer, &cause))
        return fail_net(cause, fault, error);
    return out_answer->status == 200 || fail_status(out_answer, request->url, fault, error);
}

GBytes *
nsk_fetch_time_stamp(const NskFetch *fetch,
                     const char *url,
                     const uint8_t imprint[NSK_SHA256_SIZE],
                     NskSignerFault *out_fault,
                     GError **error)
{
    uint8_t nonce[NSK_NONCE_SIZE];
    NskSignerFault none = { NSK_SIGNER_FAULT_NONE, 0 };
    NskSignerFault *fault = out_fault != NULL ? out_fault : &none;
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };
    g_autoptr(GError) cause = NULL;

    nsk_random(nonce, sizeof nonce);
    g_autoptr(GBytes) query = nsk_time_stamp_request(imprint, nonce);
    NskNetPiece piece = { g_bytes_get_data(query, NULL), g_bytes_get_size(query) };
    NskNetRequest request = make_request(fetch, url);
    request.post = true;
    request.type = "application/timestamp-query";
    request.accept = "application/timestamp-reply";
    request.pieces = &piece;
    request.n_pieces = 1;
    if (!ask(&request, &answer, fault, error))
        return NULL;
    GBytes *token = nsk_time_stamp_response(g_bytes_get_data(answer.body, NULL),
                                            g_bytes_get_size(answer.body), imprint, nonce, &cause);
    if (token == NULL)
        signer_fail(fault,
                    g_error_matches(cause, NSK_ERROR, NSK_ERROR_DENIED) ? NSK_SIGNER_FAULT_REFUSED
                                                                        : NSK_SIGNER_FAULT_ANSWER,
                    error, nsk_tr("the time-stamp authority '%.200s': %s"), url, cause->message);
    return token;
}

static bool
fetch_ocsp(const NskFetch *fetch,
           const char *url,
           GBytes *query,
           NskEvidence *evidence,
           GError **error)
{
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };
    NskSignerFault fault;
    NskNetPiece piece = { g_bytes_get_data(query, NULL), g_bytes_get_size(query) };
    NskNetRequest request = make_request(fetch, url);

    request.post = true;
    request.type = "application/ocsp-request";
    request.accept = "application/ocsp-response";
    request.pieces = &piece;
    request.n_pieces = 1;
    return ask(&request, &answer, &fault, error) &&
           nsk_evidence_add_ocsp(evidence, g_bytes_get_data(answer.body, NULL),
                                 g_bytes_get_size(answer.body), error);
}

static bool
fetch_crl(const NskFetch *fetch, const char *url, NskEvidence *evidence, GError **error)
{
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };
    NskSignerFault fault;
    NskNetRequest request = make_request(fetch, url);

    request.limit = NSK_LIMIT_CRL_SIZE;
    return ask(&request, &answer, &fault, error) &&
           nsk_evidence_add_crl(evidence, g_bytes_get_data(answer.body, NULL),
                                g_bytes_get_size(answer.body), error);
}

bool
nsk_fetch_status(const NskFetch *fetch,
                 const NskCert *cert,
                 const NskCert *issuer,
                 NskEvidence *evidence,
                 GError **error)
{
    const NskCertFacts *facts = nsk_cert_facts(cert);
    g_autoptr(GBytes) query = nsk_ocsp_request(cert, issuer, NULL, error);
    g_autoptr(GError) last = NULL;

    if (query == NULL)
        return false;
    for (size_t i = 0; facts->ocsp_urls[i] != NULL && i < OCSP_MOST_URLS; i++) {
        g_clear_error(&last);
        if (fetch_ocsp(fetch, facts->ocsp_urls[i], query, evidence, &last))
            return true;
    }
    for (size_t i = 0; facts->crl_urls[i] != NULL && i < OCSP_MOST_URLS; i++) {
        g_clear_error(&last);
        if (fetch_crl(fetch, facts->crl_urls[i], evidence, &last))
            return true;
    }
    if (last != NULL)
        g_propagate_error(error, g_steal_pointer(&last));
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("the certificate of %s does not say where its status is to be asked"),
                    facts->subject);
    return false;
}

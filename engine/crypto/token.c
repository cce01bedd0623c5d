/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time stamps (RFC 3161, RFC 5816): asking for one, and checking the token.
 *
 * A token is a CMS with TSTInfo inside.  Its signature is checked by cms-check.c over the very
 * bytes; TSTInfo is read by our own DER reader.
 */
#include "base/message.h"
#include "crypto/cms-private.h"

#include <openssl/err.h>
#include <openssl/ts.h>
#include <string.h>

#define MAX_RESPONSE (64 * 1024)
#define USEC         G_GINT64_CONSTANT(1000000)

static const uint8_t sha256_algorithm[] = { 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                            0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00 };

/* What a TSTInfo says; borrowed from the token. */
typedef struct {
    Der imprint_oid;
    Der imprint;
    Der nonce; /* empty: none */
    NskInstant at;
    int64_t accuracy;
} Info;

/* Puts tag and length before what @out has from @from on. */
static void
wrap(GByteArray *out, guint from, uint8_t tag)
{
    guint size = out->len - from;
    uint8_t head[2] = { tag, (uint8_t)size };

    g_assert(size < 0x80);
    g_byte_array_append(out, head, sizeof head);
    memmove(out->data + from + sizeof head, out->data + from, size);
    memcpy(out->data + from, head, sizeof head);
}

GBytes *
nsk_time_stamp_request(const uint8_t imprint[NSK_SHA256_SIZE], const uint8_t nonce[NSK_NONCE_SIZE])
{
    static const uint8_t version[] = { DER_INTEGER, 1, 1 };
    static const uint8_t cert_req[] = { 0x01, 1, 0xff };
    GByteArray *out = g_byte_array_new();
    uint8_t positive[NSK_NONCE_SIZE];
    guint from;

    /* as an INTEGER: positive, and in its shortest form */
    memcpy(positive, nonce, sizeof positive);
    positive[0] = (positive[0] & 0x7f) | 0x40;
    g_byte_array_append(out, version, sizeof version);
    from = out->len;
    g_byte_array_append(out, sha256_algorithm, sizeof sha256_algorithm);
    g_byte_array_append(out, (const uint8_t[]){ DER_OCTETS, NSK_SHA256_SIZE }, 2);
    g_byte_array_append(out, imprint, NSK_SHA256_SIZE);
    wrap(out, from, DER_SEQUENCE);
    g_byte_array_append(out, (const uint8_t[]){ DER_INTEGER, NSK_NONCE_SIZE }, 2);
    g_byte_array_append(out, positive, sizeof positive);
    g_byte_array_append(out, cert_req, sizeof cert_req);
    wrap(out, 0, DER_SEQUENCE);
    return g_byte_array_free_to_bytes(out);
}

/* "20260722020000Z", with a fraction or without (RFC 3161, 2.4.2). */
static bool
read_time(Der text, NskInstant *out_at)
{
    g_autofree char *copy = g_strndup((const char *)text.data, text.size);
    unsigned parts[6];
    int64_t fraction = 0, unit = USEC;
    static const size_t widths[] = { 4, 2, 2, 2, 2, 2 };
    const char *at = copy;

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        parts[i] = 0;
        for (size_t j = 0; j < widths[i]; j++, at++) {
            if (!g_ascii_isdigit(*at))
                return false;
            parts[i] = parts[i] * 10 + (unsigned)(*at - '0');
        }
    }
    if (*at == '.') {
        for (at++; g_ascii_isdigit(*at); at++) {
            unit /= 10;
            fraction += (*at - '0') * unit;
        }
    }
    if (strcmp(at, "Z") != 0 || strlen(copy) != text.size)
        return false;
    g_autoptr(GDateTime) time = g_date_time_new_utc((int)parts[0], (int)parts[1], (int)parts[2],
                                                    (int)parts[3], (int)parts[4], parts[5]);
    if (time == NULL)
        return false;
    *out_at = g_date_time_to_unix(time) * USEC + fraction;
    return true;
}

/* A small unsigned INTEGER. */
static bool
read_number(Der number, int64_t *out)
{
    *out = 0;
    if (number.size == 0 || number.size > 4 || number.data[0] >= 0x80)
        return false;
    for (size_t i = 0; i < number.size; i++)
        *out = *out << 8 | number.data[i];
    return true;
}

static bool
read_accuracy(Der in, int64_t *out_accuracy)
{
    static const struct {
        uint8_t tag;
        int64_t unit;
    } parts[] = { { DER_INTEGER, USEC }, { DER_IMPLICIT_0, 1000 }, { DER_IMPLICIT_1, 1 } };
    Der part;

    *out_accuracy = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        int64_t number;

        if (!der_take(&in, parts[i].tag, &part))
            continue;
        if (!read_number(part, &number))
            return false;
        *out_accuracy += number * parts[i].unit;
    }
    return in.size == 0;
}

/* TSTInfo (RFC 3161, 2.4.2). */
static bool
read_info(Der in, Info *out)
{
    Der body, version, policy, imprint, params, serial, time, part;
    uint8_t tag;

    if (!der_take(&in, DER_SEQUENCE, &body) || in.size > 0 ||
        !der_take(&body, DER_INTEGER, &version) || version.size != 1 || version.data[0] != 1 ||
        !der_take(&body, DER_OID, &policy) || !der_take(&body, DER_SEQUENCE, &imprint) ||
        !der_algorithm(&imprint, &out->imprint_oid, &tag, &params) ||
        !der_take(&imprint, DER_OCTETS, &out->imprint) || imprint.size > 0 ||
        !der_take(&body, DER_INTEGER, &serial) || !der_take(&body, DER_TIME, &time) ||
        !read_time(time, &out->at))
        return false;
    if (der_take(&body, DER_SEQUENCE, &part) && !read_accuracy(part, &out->accuracy))
        return false;
    der_take(&body, DER_BOOLEAN, &part); /* ordering */
    der_take(&body, DER_INTEGER, &out->nonce);
    der_take(&body, DER_CONTEXT_0, &part); /* tsa: only a hint */
    der_take(&body, DER_CONTEXT_1, &part); /* extensions */
    return body.size == 0;
}

static bool
fail(NskTokenVerdict *self, const char *tag, const char *text)
{
    NskIssue place = { .tag = tag, .severity = NSK_SEVERITY_ERROR };

    nsk_issues_add(self->issues, &place, "%s", text);
    return false;
}

/* Whether the imprint is that of what was stamped, by its own digest. */
static bool
check_imprint(NskTokenVerdict *self, const NskTokenCheck *check, const Info *info)
{
    const EVP_MD *md = digest_by_oid(info->imprint_oid);
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    if (md == NULL)
        return fail(self, "cms-algorithm",
                    nsk_tr("the time stamp uses a digest other than SHA-256, SHA-384 or SHA-512"));
    if (check->content == NULL) {
        memcpy(digest, check->imprint, NSK_SHA256_SIZE);
        size = EVP_MD_get_type(md) == NID_sha256 ? NSK_SHA256_SIZE : 0;
    } else if (!digest_pieces(md, check->content, check->n_content, digest, &size)) {
        size = 0;
    }
    return der_equal(info->imprint, (Der){ digest, size }) ||
           fail(self, "token-imprint", nsk_tr("the time stamp was made for something else"));
}

static bool
check_nonce(NskTokenVerdict *self, const NskTokenCheck *check, const Info *info)
{
    uint8_t nonce[NSK_NONCE_SIZE];

    if (check->nonce == NULL)
        return true;
    memcpy(nonce, check->nonce, sizeof nonce);
    nonce[0] = (nonce[0] & 0x7f) | 0x40; /* as it was asked */
    return der_equal(info->nonce, (Der){ nonce, sizeof nonce }) ||
           fail(self, "token-nonce", nsk_tr("the time stamp is the answer to another request"));
}

static bool
check_usage(NskTokenVerdict *self)
{
    return nsk_cert_facts(self->authority)->can_time_stamp ||
           fail(self, "token-usage",
                nsk_tr("the certificate of the time stamp is not one for time stamps alone"));
}

NskTokenVerdict *
nsk_token_check(const NskTokenCheck *check)
{
    NskTokenVerdict *self = g_new0(NskTokenVerdict, 1);
    Info info = { 0 };
    Der content = { NULL, 0 };
    NskCmsVerdict *cms = cms_check_token(check, &content);

    self->issues = g_ptr_array_ref(cms->issues);
    self->certs = g_ptr_array_ref(cms->certs);
    self->authority = cms->signer != NULL ? nsk_cert_ref(cms->signer) : NULL;
    if (cms->intact && !read_info(content, &info))
        fail(self, "token-syntax", nsk_tr("the time stamp's TSTInfo is not well formed"));
    else if (cms->intact)
        self->intact = check_imprint(self, check, &info) && check_nonce(self, check, &info) &&
                       check_usage(self);
    self->at = info.at;
    self->accuracy = info.accuracy;
    nsk_cms_verdict_free(cms);
    ERR_clear_error();
    return self;
}

void
nsk_token_verdict_free(NskTokenVerdict *self)
{
    if (self == NULL)
        return;
    nsk_cert_unref(self->authority);
    g_ptr_array_unref(self->certs);
    g_ptr_array_unref(self->issues);
    g_free(self);
}

/* The token in a response (RFC 3161, 2.4.2): PKIStatusInfo, then the token. */
static bool
read_response(Der in, Der *out_token, GError **error)
{
    Der body, status, number, content;
    uint8_t tag;

    if (!der_take(&in, DER_SEQUENCE, &body) || in.size > 0 ||
        !der_take(&body, DER_SEQUENCE, &status) || !der_take(&status, DER_INTEGER, &number) ||
        number.size != 1) {
        g_set_error_literal(
            error, NSK_ERROR, NSK_ERROR_INVALID,
            nsk_tr("the time-stamp authority's answer is no TimeStampResp; check its address"));
        return false;
    }
    if (number.data[0] > 1) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("the time-stamp authority refused the request with status %u; ask its "
                           "operator, or another authority"),
                    number.data[0]);
        return false;
    }
    if (!der_next(&body, &tag, &content, out_token) || tag != DER_SEQUENCE || body.size > 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the time-stamp authority's answer has no token in DER form"));
        return false;
    }
    return true;
}

GBytes *
nsk_time_stamp_response(const void *response,
                        size_t size,
                        const uint8_t imprint[NSK_SHA256_SIZE],
                        const uint8_t nonce[NSK_NONCE_SIZE],
                        GError **error)
{
    Der token;

    if (size > MAX_RESPONSE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the time-stamp authority's answer has %zu bytes; at most %d are read"),
                    size, MAX_RESPONSE);
        return NULL;
    }
    if (!read_response((Der){ response, size }, &token, error))
        return NULL;
    g_autoptr(NskTokenVerdict) verdict = nsk_token_check(&(NskTokenCheck){ .token = token.data,
                                                                           .token_size = token.size,
                                                                           .imprint = imprint,
                                                                           .nonce = nonce });
    if (!verdict->intact) {
        const NskIssue *issue = g_ptr_array_index(verdict->issues, 0);

        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("the time-stamp authority's token is refused: %s [%s]"), issue->text,
                    issue->tag);
        return NULL;
    }
    return g_bytes_new(token.data, token.size);
}

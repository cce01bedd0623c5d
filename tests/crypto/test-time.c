/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time stamps, and certificates' status at a given time. */
#include "fixture.h"

#include <string.h>

static const uint8_t nonce[NSK_NONCE_SIZE] = { 0x91, 2, 3, 4, 5, 6, 7, 8 };

static void
digest_text(const char *text, uint8_t out[NSK_SHA256_SIZE])
{
    nsk_sha256(text, strlen(text), out);
}

static void
test_token_tells_its_time(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) token = demo_stamp(demo->authority, "naskah", 6, TEST_NOW + 1500000);
    g_autoptr(GBytes) head = g_bytes_new_static("nas", 3);
    g_autoptr(GBytes) tail = g_bytes_new_static("kah", 3);
    GBytes *const pieces[] = { head, tail };
    g_autoptr(NskTokenVerdict) verdict =
        nsk_token_check(&(NskTokenCheck){ .token = g_bytes_get_data(token, NULL),
                                          .token_size = g_bytes_get_size(token),
                                          .content = pieces,
                                          .n_content = 2 });

    g_assert_true(verdict->intact);
    g_assert_cmpint(verdict->at / 1000000, ==, (TEST_NOW + 1500000) / 1000000);
    g_assert_cmpint(verdict->accuracy, ==, 1000000);
    g_assert_true(nsk_cert_facts(verdict->authority)->can_time_stamp);
    g_assert_cmpuint(verdict->certs->len, >=, 2);
    g_assert_cmpuint(verdict->issues->len, ==, 0);
}

static void
test_openssl_takes_the_request(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    uint8_t imprint[NSK_SHA256_SIZE];
    digest_text("naskah", imprint);
    g_autoptr(GBytes) request = nsk_time_stamp_request(imprint, nonce);
    g_autofree char *path =
        demo_write(demo, "request.tsq", g_bytes_get_data(request, NULL), g_bytes_get_size(request));
    g_autofree char *text = NULL;

    g_assert_true(demo_run(demo, &text, "openssl", "ts", "-query", "-in", path, "-text", NULL));
    g_assert_nonnull(strstr(text, "Nonce: 0x5102030405060708"));
    g_assert_nonnull(strstr(text, "Certificate required: yes"));
    g_assert_nonnull(strstr(text, "sha256"));
}

/* An answer to another question, a damaged one, a refusal: each has its own error. */
static void
test_wrong_answers_are_refused(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const uint8_t refusal[] = { 0x30, 5, 0x30, 3, 2, 1, 2 };
    static const uint8_t empty[] = { 0x30, 5, 0x30, 3, 2, 1, 0 };
    static const uint8_t other_nonce[NSK_NONCE_SIZE] = { 1 };
    uint8_t imprint[NSK_SHA256_SIZE], other[NSK_SHA256_SIZE];
    digest_text("naskah", imprint);
    digest_text("lain", other);
    g_autoptr(GBytes) request = nsk_time_stamp_request(imprint, nonce);
    g_autoptr(GBytes) answer =
        nsk_demo_authority_time_stamp(demo->authority, g_bytes_get_data(request, NULL),
                                      g_bytes_get_size(request), TEST_NOW, NULL);
    gsize size;
    const uint8_t *bytes = g_bytes_get_data(answer, &size);
    g_autofree uint8_t *damaged = g_memdup2(bytes, size);
    damaged[size - 20] ^= 1;
    const struct {
        const uint8_t *data;
        size_t size;
        const uint8_t *imprint;
        const uint8_t *nonce;
        NskError code;
    } cases[] = {
        { bytes, size, other, nonce, NSK_ERROR_UNTRUSTED },
        { bytes, size, imprint, other_nonce, NSK_ERROR_UNTRUSTED },
        { damaged, size, imprint, nonce, NSK_ERROR_UNTRUSTED },
        { bytes, size - 1, imprint, nonce, NSK_ERROR_INVALID },
        { refusal, sizeof refusal, imprint, nonce, NSK_ERROR_DENIED },
        { empty, sizeof empty, imprint, nonce, NSK_ERROR_INVALID },
        { (const uint8_t *)"<html>", 6, imprint, nonce, NSK_ERROR_INVALID },
        { bytes, 1 << 20, imprint, nonce, NSK_ERROR_LIMIT },
    };

    g_autoptr(GBytes) token = nsk_time_stamp_response(bytes, size, imprint, nonce, NULL);
    g_assert_nonnull(token);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("case %zu", i);
        g_assert_null(nsk_time_stamp_response(cases[i].data, cases[i].size, cases[i].imprint,
                                              cases[i].nonce, &error));
        g_assert_error(error, NSK_ERROR, (int)cases[i].code);
    }
}

/* A signer's own CMS is no token, and a token is no signature of a document. */
static void
test_kinds_are_not_mixed(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) cms = demo_sign(demo->signer, NSK_SCHEME_DEFAULT, "naskah", 6);
    g_autoptr(GBytes) token = demo_stamp(demo->authority, "naskah", 6, TEST_NOW);
    g_autoptr(GBytes) content = g_bytes_new_static("naskah", 6);
    g_autoptr(NskTokenVerdict) first =
        nsk_token_check(&(NskTokenCheck){ .token = g_bytes_get_data(cms, NULL),
                                          .token_size = g_bytes_get_size(cms),
                                          .content = &content,
                                          .n_content = 1 });
    g_autoptr(NskCmsVerdict) second =
        nsk_cms_check(&(NskCmsCheck){ .cms = g_bytes_get_data(token, NULL),
                                      .cms_size = g_bytes_get_size(token),
                                      .content = &content,
                                      .n_content = 1,
                                      .trust = demo->trust,
                                      .at = TEST_NOW });

    g_assert_false(first->intact || second->intact);
    g_assert_nonnull(find_issue(first->issues, "cms-attached"));
    g_assert_nonnull(find_issue(second->issues, "cms-attached"));
}

static void
test_signature_carries_its_stamp(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) cms = demo_sign(demo->signer, NSK_SCHEME_DEFAULT, "naskah", 6);
    g_autoptr(GBytes) content = g_bytes_new_static("naskah", 6);
    NskCmsCheck check = { .cms = g_bytes_get_data(cms, NULL),
                          .cms_size = g_bytes_get_size(cms),
                          .content = &content,
                          .n_content = 1,
                          .pades = true,
                          .only_integrity = true };
    g_autoptr(NskCmsVerdict) before = nsk_cms_check(&check);
    g_autoptr(GBytes) token = demo_stamp(demo->authority, g_bytes_get_data(before->value, NULL),
                                         g_bytes_get_size(before->value), TEST_NOW);
    g_autoptr(GBytes) stamped = nsk_cms_add_time_stamp(check.cms, check.cms_size, token, NULL);

    g_assert_true(before->intact);
    g_assert_cmpuint(before->stamps->len, ==, 0);
    check.cms = g_bytes_get_data(stamped, &check.cms_size);
    g_autoptr(NskCmsVerdict) after = nsk_cms_check(&check);
    g_assert_true(after->intact);
    g_assert_true(g_bytes_equal(before->value, after->value));
    g_assert_cmpuint(after->stamps->len, ==, 1);
    g_assert_true(g_bytes_equal(after->stamps->pdata[0], token));
    g_assert_cmpuint(after->issues->len, ==, 0);
}

/* A path check of the signer with the material named by letters: i issuer's list, r root's, o an
 * answer; made at @made. */
static NskPathVerdict *
check_path(const Demo *demo, const char *material, NskInstant made, NskInstant at)
{
    g_autoptr(NskEvidence) evidence = demo_evidence(demo, material, made);

    return nsk_path_check(&(NskPathCheck){ .cert = demo_cert(demo->signer),
                                           .trust = demo->trust,
                                           .evidence = evidence,
                                           .at = at,
                                           .now = TEST_NOW + 20 * TEST_DAY });
}

static void
test_material_tells_the_status(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *material;
        int made; /* days after TEST_NOW */
        int at;   /* the same */
        unsigned unknown;
    } cases[] = {
        { "", 0, 0, 2 },    { "i", 0, 0, 1 },  { "r", 0, 0, 1 },
        { "ir", 0, 0, 0 },  { "or", 0, 0, 0 }, { "ir", 5, 0, 0 }, /* younger than the use */
        { "ir", 0, 5, 0 },                                        /* lists last 7 days */
        { "ir", 0, 8, 2 },                                        /* outdated by then */
        { "or", 0, 5, 1 },                                        /* an answer lasts one */
        { "ir", 30, 0, 2 },                                       /* from the future */
        { "or", 30, 0, 2 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskPathVerdict) verdict =
            check_path(demo, cases[i].material, TEST_NOW + cases[i].made * TEST_DAY,
                       TEST_NOW + cases[i].at * TEST_DAY);

        g_test_message("case %zu: %u unknown", i, verdict->unknown->len);
        g_assert_true(verdict->trusted);
        g_assert_cmpuint(verdict->chain->len, ==, 3);
        g_assert_cmpuint(verdict->unknown->len, ==, cases[i].unknown);
        g_assert_cmpuint(verdict->issues->len, ==, 0);
    }
}

static void
test_revoked_is_revoked_from_then_on(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const materials[] = { "ir", "or", "ior" };

    nsk_demo_authority_revoke(demo->authority, demo_cert(demo->signer), TEST_NOW + 2 * TEST_DAY);
    for (size_t i = 0; i < G_N_ELEMENTS(materials); i++) {
        NskInstant made = TEST_NOW + 3 * TEST_DAY;
        g_autoptr(NskPathVerdict) before = check_path(demo, materials[i], made, TEST_NOW);
        g_autoptr(NskPathVerdict) after =
            check_path(demo, materials[i], made, TEST_NOW + 3 * TEST_DAY);

        g_assert_true(before->trusted);
        g_assert_cmpuint(before->unknown->len, ==, 0);
        g_assert_cmpint(before->revoked_at, ==, 0);
        g_assert_false(after->trusted);
        g_assert_cmpint(after->revoked_at, ==, TEST_NOW + 2 * TEST_DAY);
        g_assert_nonnull(find_issue(after->issues, "cms-revoked"));
    }
}

static void
test_issuer_can_be_revoked(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    GPtrArray *chain = nsk_identity_get_chain(demo->signer);

    nsk_demo_authority_revoke(demo->authority, chain->pdata[1], TEST_NOW);
    g_autoptr(NskPathVerdict) verdict =
        check_path(demo, "ir", TEST_NOW + TEST_DAY, TEST_NOW + TEST_DAY);
    g_assert_false(verdict->trusted);
    g_assert_nonnull(find_issue(verdict->issues, "cms-revoked"));
}

/* A chain is built once and remembered: at each time it is judged as if it had not been. */
static void
test_remembered_chains_are_judged_anew(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    const NskCertFacts *facts = nsk_cert_facts(demo_cert(demo->signer));
    const NskInstant times[] = {
        TEST_NOW,          facts->not_before,          facts->not_before - 1,
        facts->not_after,  facts->not_after - 1,       facts->not_after - 1000000,
        TEST_NOW,          facts->not_after + 999999,  facts->not_before + 1,
        facts->not_after,  TEST_NOW - 3650 * TEST_DAY, TEST_NOW + 36500 * TEST_DAY,
        facts->not_before,
    };
    g_autoptr(NskTrust) nobody = nsk_trust_new();
    g_autoptr(NskEvidence) kept = demo_evidence(demo, "ir", TEST_NOW);
    unsigned n_trusted = 0;

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(times); i++) {
        g_autoptr(NskEvidence) fresh = demo_evidence(demo, "ir", TEST_NOW);
        NskPathCheck check = { .cert = demo_cert(demo->signer), .now = TEST_NOW };

        check.trust = i % 3 == 2 ? nobody : demo->trust;
        check.at = times[i % G_N_ELEMENTS(times)];
        check.evidence = kept;
        g_autoptr(NskPathVerdict) again = nsk_path_check(&check);
        check.evidence = fresh;
        g_autoptr(NskPathVerdict) first = nsk_path_check(&check);
        g_test_message("case %zu: trusted %d", i, first->trusted);
        g_assert_cmpint(again->trusted, ==, first->trusted);
        g_assert_cmpuint(again->chain->len, ==, first->chain->len);
        g_assert_cmpuint(again->unknown->len, ==, first->unknown->len);
        g_assert_cmpint(find_issue(again->issues, "cms-expired") != NULL, ==,
                        find_issue(first->issues, "cms-expired") != NULL);
        n_trusted += first->trusted;
    }
    g_assert_cmpuint(n_trusted, >=, 6);
    g_assert_cmpuint(n_trusted, <=, G_N_ELEMENTS(times));
}

/* One certificate for the same bytes, another for others. */
static void
test_pool_tells_certificates_apart(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(NskCertPool) pool = nsk_cert_pool_new();
    g_autoptr(GBytes) der = nsk_cert_to_der(demo_cert(demo->signer));
    g_autoptr(GBytes) other = nsk_cert_to_der(nsk_identity_get_chain(demo->signer)->pdata[1]);
    gsize size, other_size;
    const void *bytes = g_bytes_get_data(der, &size);
    const void *other_bytes = g_bytes_get_data(other, &other_size);
    g_autoptr(NskCert) first = nsk_cert_pool_parse(pool, bytes, size, NULL);
    g_autoptr(NskCert) again = nsk_cert_pool_parse(pool, bytes, size, NULL);
    g_autoptr(NskCert) second = nsk_cert_pool_parse(pool, other_bytes, other_size, NULL);
    g_autoptr(NskCert) alone = nsk_cert_pool_parse(NULL, bytes, size, NULL);
    g_autofree uint8_t *changed = g_memdup2(bytes, size);
    g_autoptr(GError) error = NULL;

    g_assert_true(first == again && first != second && first != alone);
    g_assert_cmpstr(nsk_cert_facts(first)->fingerprint, ==, nsk_cert_facts(alone)->fingerprint);
    g_assert_cmpstr(nsk_cert_facts(first)->fingerprint, !=, nsk_cert_facts(second)->fingerprint);
    changed[size - 1] ^= 1; /* in the signature of it */
    g_autoptr(NskCert) third = nsk_cert_pool_parse(pool, changed, size, NULL);
    g_assert_true(third != first);
    g_assert_null(nsk_cert_pool_parse(pool, bytes, size - 1, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
}

/* Material of an authority of the same names proves nothing. */
static void
test_foreign_material_tells_nothing(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(NskDemoAuthority) other = nsk_demo_authority_new(TEST_NOW, NULL);
    Demo mixed = *demo;

    nsk_demo_authority_revoke(other, demo_cert(demo->signer), TEST_NOW - TEST_DAY);
    mixed.authority = other;
    g_autoptr(NskEvidence) evidence = demo_evidence(&mixed, "ior", TEST_NOW);
    g_autoptr(NskPathVerdict) found =
        nsk_path_check(&(NskPathCheck){ .cert = demo_cert(demo->signer),
                                        .trust = demo->trust,
                                        .evidence = evidence,
                                        .at = TEST_NOW,
                                        .now = TEST_NOW });
    g_assert_true(found->trusted);
    g_assert_cmpuint(found->unknown->len, ==, 2);
}

static void
test_purpose_is_kept(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(NskPathVerdict) verdict =
        nsk_path_check(&(NskPathCheck){ .cert = demo_cert(demo->signer),
                                        .purpose = NSK_PURPOSE_TIME_STAMPING,
                                        .trust = demo->trust,
                                        .at = TEST_NOW,
                                        .now = TEST_NOW });

    g_assert_false(verdict->trusted);
    g_assert_nonnull(find_issue(verdict->issues, "cms-usage"));
}

static void
test_broken_material_is_refused(G_GNUC_UNUSED Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const uint8_t later[] = { 0x30, 3, 0x0a, 1, 3 }; /* tryLater */
    g_autoptr(NskEvidence) evidence = nsk_evidence_new();
    g_autoptr(GError) error = NULL;

    g_assert_false(nsk_evidence_add_ocsp(evidence, later, sizeof later, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_DENIED);
    g_clear_error(&error);
    g_assert_false(nsk_evidence_add_ocsp(evidence, "x", 1, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_false(nsk_evidence_add_crl(evidence, "", 0, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_false(nsk_evidence_add_crl(evidence, later, 100 << 20, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
}

static void
test_addresses_are_told(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    const NskCertFacts *facts = nsk_cert_facts(demo_cert(demo->signer));

    g_assert_cmpstr(facts->crl_urls[0], ==, "http://demo.naskah.invalid/issuer.crl");
    g_assert_cmpstr(facts->ocsp_urls[0], ==, "http://demo.naskah.invalid/ocsp");
    g_assert_null(facts->issuer_urls[0]);
    g_assert_false(facts->can_time_stamp);
}

/* The keys that officials' certificates have, each with each way to sign. */
static void
test_every_key_signs(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        int rsa_bits;
        bool p384;
        NskScheme scheme;
    } cases[] = {
        { 0, false, NSK_SCHEME_ECDSA },
        { 0, true, NSK_SCHEME_ECDSA },
        { 3072, false, NSK_SCHEME_RSA_PSS },
        { 3072, false, NSK_SCHEME_RSA_PKCS1 },
    };
    g_autoptr(GBytes) content = g_bytes_new_static("naskah", 6);

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskDemoPerson person = { .name = "Bima Aryasatya",
                                 .passphrase = TEST_PASS,
                                 .not_before = TEST_NOW - TEST_DAY,
                                 .rsa_bits = cases[i].rsa_bits,
                                 .p384 = cases[i].p384 };
        g_autoptr(GBytes) p12 = nsk_demo_authority_issue(demo->authority, &person, NULL);
        g_autoptr(NskIdentity) signer =
            nsk_identity_load(g_bytes_get_data(p12, NULL), g_bytes_get_size(p12), TEST_PASS, NULL);
        g_autoptr(GBytes) cms = demo_sign(signer, cases[i].scheme, "naskah", 6);
        g_autoptr(NskCmsVerdict) verdict =
            nsk_cms_check(&(NskCmsCheck){ .cms = g_bytes_get_data(cms, NULL),
                                          .cms_size = g_bytes_get_size(cms),
                                          .content = &content,
                                          .n_content = 1,
                                          .pades = true,
                                          .trust = demo->trust,
                                          .at = TEST_NOW });

        g_test_message("case %zu", i);
        g_assert_true(verdict->trusted);
    }
}

int
main(int argc, char **argv)
{
    static const DemoTest tests[] = {
        { "/crypto/token/tells-its-time", test_token_tells_its_time },
        { "/crypto/token/openssl-takes-the-request", test_openssl_takes_the_request },
        { "/crypto/token/wrong-answers-are-refused", test_wrong_answers_are_refused },
        { "/crypto/token/kinds-are-not-mixed", test_kinds_are_not_mixed },
        { "/crypto/token/signature-carries-its-stamp", test_signature_carries_its_stamp },
        { "/crypto/path/material-tells-the-status", test_material_tells_the_status },
        { "/crypto/path/revoked-is-revoked-from-then-on", test_revoked_is_revoked_from_then_on },
        { "/crypto/path/issuer-can-be-revoked", test_issuer_can_be_revoked },
        { "/crypto/path/remembered-chains-are-judged-anew",
          test_remembered_chains_are_judged_anew },
        { "/crypto/cert/pool-tells-certificates-apart", test_pool_tells_certificates_apart },
        { "/crypto/path/foreign-material-tells-nothing", test_foreign_material_tells_nothing },
        { "/crypto/path/purpose-is-kept", test_purpose_is_kept },
        { "/crypto/evidence/broken-material-is-refused", test_broken_material_is_refused },
        { "/crypto/cert/addresses-are-told", test_addresses_are_told },
        { "/crypto/cms/every-key-signs", test_every_key_signs },
    };

    return demo_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

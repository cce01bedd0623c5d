/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <string.h>

static GBytes *
issue(Demo *demo, const char *name, GError **error)
{
    NskDemoPerson person = {
        .name = name,
        .staff_number = "198001012005012001",
        .passphrase = TEST_PASS,
        .not_before = TEST_NOW,
        .days = 30,
    };

    return nsk_demo_authority_issue(demo->authority, &person, error);
}

static void
test_certificate_says_what_it_is(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    NskCert *cert = g_ptr_array_index(nsk_identity_get_chain(demo->signer), 0);
    const NskCertFacts *facts = nsk_cert_facts(cert);

    g_assert_cmpstr(facts->subject, ==, "Sekar Wulandari (DEMO)");
    g_assert_cmpstr(facts->issuer, ==, "DEMO Naskah Issuer, not for real use");
    g_assert_nonnull(strstr(facts->subject_dn, "198001012005012001"));
    g_assert_nonnull(strstr(facts->subject_dn, "O=DEMO Naskah"));
    g_assert_cmpint(facts->not_before, ==, TEST_NOW - TEST_DAY);
    g_assert_cmpint(facts->not_after, ==, TEST_NOW + 729 * TEST_DAY);
    g_assert_cmpuint(strlen(facts->serial), ==, 32);
    g_assert_cmpuint(strlen(facts->fingerprint), ==, 64);
    g_assert_true(facts->can_sign);
    g_assert_true(facts->has_non_repudiation);
    g_assert_false(facts->is_ca);
    g_assert_false(facts->is_self_issued);
}

static void
test_chain_leaves_out_the_root(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    GPtrArray *chain = nsk_identity_get_chain(demo->signer);
    const NskCertFacts *root = nsk_cert_facts(nsk_demo_authority_get_root(demo->authority));

    g_assert_cmpuint(chain->len, ==, 2);
    g_assert_true(nsk_cert_facts(g_ptr_array_index(chain, 1))->is_ca);
    g_assert_false(nsk_cert_facts(g_ptr_array_index(chain, 1))->can_sign);
    g_assert_true(root->is_self_issued && root->is_ca);
    g_assert_true(g_str_has_prefix(root->subject, "DEMO "));
}

static void
test_forms_round_trip(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    NskCert *cert = nsk_demo_authority_get_root(demo->authority);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) der = nsk_cert_to_der(cert);
    g_autofree char *pem = nsk_cert_to_pem(cert);
    g_autofree char *twice = g_strconcat(pem, "comment\n", pem, NULL);
    g_autoptr(NskCert) a =
        nsk_cert_parse(g_bytes_get_data(der, NULL), g_bytes_get_size(der), &error);
    g_assert_no_error(error);
    g_autoptr(NskCert) b = nsk_cert_parse(pem, strlen(pem), &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) list = nsk_certs_parse(twice, strlen(twice), &error);
    g_assert_no_error(error);

    g_assert_cmpstr(nsk_cert_facts(a)->fingerprint, ==, nsk_cert_facts(cert)->fingerprint);
    g_assert_cmpstr(nsk_cert_facts(b)->fingerprint, ==, nsk_cert_facts(cert)->fingerprint);
    g_assert_cmpuint(list->len, ==, 2);
    g_assert_null(nsk_cert_parse(twice, strlen(twice), &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
}

static void
test_damaged_certificates_are_refused(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *pem = nsk_cert_to_pem(nsk_demo_authority_get_root(demo->authority));
    g_autofree char *half = g_strndup(pem, strlen(pem) / 2);
    g_autofree char *tail = g_strconcat(pem, half, NULL);
    const char *cases[] = { "", "x", "-----BEGIN CERTIFICATE-----", half, tail };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(nsk_certs_parse(cases[i], strlen(cases[i]), &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    }
}

static void
test_wrong_passphrase_is_one_error(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const wrong[] = { "", "sandi", TEST_PASS " ", NULL };
    g_autoptr(GError) made = NULL;
    g_autoptr(GBytes) p12 = issue(demo, "Bima Aryasatya", &made);
    g_assert_no_error(made);

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(nsk_identity_load(g_bytes_get_data(p12, NULL), g_bytes_get_size(p12),
                                        wrong[i], &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_DENIED);
        g_assert_cmpstr(error->message, ==,
                        "the passphrase does not open the key file; type it again");
    }
}

/* Every prefix, and every byte changed, of a key file: an error, no crash, no leak. */
static void
test_damaged_key_files_are_refused(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) made = NULL;
    g_autoptr(GBytes) p12 = issue(demo, "Bima Aryasatya", &made);
    g_assert_no_error(made);
    gsize size;
    const uint8_t *bytes = g_bytes_get_data(p12, &size);

    for (size_t cut = 0; cut < size; cut += 97) {
        g_autoptr(GError) error = NULL;

        g_assert_null(nsk_identity_load(bytes, cut, TEST_PASS, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    }
    for (size_t at = 30; at < size; at += 211) {
        g_autoptr(GError) error = NULL;
        g_autofree uint8_t *copy = g_memdup2(bytes, size);

        copy[at] ^= 0x10;
        g_autoptr(NskIdentity) identity = nsk_identity_load(copy, size, TEST_PASS, &error);
        g_assert_true(identity != NULL || error != NULL);
    }
}

static void
test_authority_is_kept(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) saved = nsk_demo_authority_save(demo->authority, "rahasia", &error);
    g_assert_no_error(error);
    g_autoptr(NskDemoAuthority) loaded = nsk_demo_authority_load(
        g_bytes_get_data(saved, NULL), g_bytes_get_size(saved), "rahasia", &error);
    g_assert_no_error(error);
    g_autoptr(NskIdentity) signer = demo_identity(loaded, "Bima Aryasatya", 0);
    g_autoptr(GBytes) content = g_bytes_new_static("surat", 5);
    g_autoptr(GBytes) cms = demo_sign(signer, NSK_SCHEME_DEFAULT, "surat", 5);
    NskCmsCheck check = { .cms = g_bytes_get_data(cms, NULL),
                          .cms_size = g_bytes_get_size(cms),
                          .content = &content,
                          .n_content = 1,
                          .pades = true,
                          .trust = demo->trust,
                          .at = TEST_NOW };
    g_autoptr(NskCmsVerdict) verdict = nsk_cms_check(&check);

    g_assert_true(verdict->trusted);
    g_assert_null(nsk_demo_authority_load(g_bytes_get_data(saved, NULL), g_bytes_get_size(saved),
                                          "lain", &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_DENIED);
}

static void
test_long_names_are_cut(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *name = g_strnfill(200, 'a');
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIdentity) long_one = demo_identity(demo->authority, name, 0);
    const NskCertFacts *facts =
        nsk_cert_facts(g_ptr_array_index(nsk_identity_get_chain(long_one), 0));

    g_assert_cmpuint(strlen(facts->subject), ==, 64);
    g_assert_true(g_str_has_suffix(facts->subject, "a (DEMO)"));
    g_assert_null(issue(demo, "", &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_null(issue(demo, "\xff", &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
}

static void
test_openssl_trusts_the_chain(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    GPtrArray *chain = nsk_identity_get_chain(demo->signer);
    g_autofree char *leaf = nsk_cert_to_pem(g_ptr_array_index(chain, 0));
    g_autofree char *issuer = nsk_cert_to_pem(g_ptr_array_index(chain, 1));
    g_autofree char *root_path = demo_write_root(demo);
    g_autofree char *leaf_path = demo_write(demo, "leaf.pem", leaf, strlen(leaf));
    g_autofree char *issuer_path = demo_write(demo, "issuer.pem", issuer, strlen(issuer));
    g_autofree char *text = NULL;
    bool ok = demo_run(demo, &text, "openssl", "verify", "-x509_strict", "-attime", "1784685600",
                       "-purpose", "smimesign", "-CAfile", root_path, "-untrusted", issuer_path,
                       leaf_path, NULL);

    g_test_message("%s", text);
    g_assert_true(ok);
}

int
main(int argc, char **argv)
{
    static const DemoTest tests[] = {
        { "/crypto/cert/says-what-it-is", test_certificate_says_what_it_is },
        { "/crypto/cert/forms-round-trip", test_forms_round_trip },
        { "/crypto/cert/damaged-ones-are-refused", test_damaged_certificates_are_refused },
        { "/crypto/identity/chain-leaves-out-the-root", test_chain_leaves_out_the_root },
        { "/crypto/identity/wrong-passphrase-is-one-error", test_wrong_passphrase_is_one_error },
        { "/crypto/identity/damaged-files-are-refused", test_damaged_key_files_are_refused },
        { "/crypto/demo/authority-is-kept", test_authority_is_kept },
        { "/crypto/demo/long-names-are-cut", test_long_names_are_cut },
        { "/crypto/demo/openssl-trusts-the-chain", test_openssl_trusts_the_chain },
    };

    return demo_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

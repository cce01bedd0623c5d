/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <string.h>

#define CONTENT "isi naskah yang ditandatangani\n"

/* Checks @cms over CONTENT at @at. */
static NskCmsVerdict *
check_at(GBytes *cms, const NskTrust *trust, bool pades, NskInstant at)
{
    g_autoptr(GBytes) first = g_bytes_new_static(CONTENT, 5);
    g_autoptr(GBytes) second = g_bytes_new_static(CONTENT + 5, strlen(CONTENT) - 5);
    GBytes *content[] = { first, second };
    NskCmsCheck check = { .cms = g_bytes_get_data(cms, NULL),
                          .cms_size = g_bytes_get_size(cms),
                          .content = content,
                          .n_content = G_N_ELEMENTS(content),
                          .pades = pades,
                          .trust = trust,
                          .at = at };

    return nsk_cms_check(&check);
}

/* Asserts that the only thing wrong is @tag. */
static void
assert_refused(GBytes *cms, const Demo *demo, const char *tag)
{
    g_autoptr(NskCmsVerdict) verdict = check_at(cms, demo->trust, true, TEST_NOW);

    g_assert_false(verdict->intact);
    g_assert_false(verdict->trusted);
    g_assert_cmpuint(verdict->issues->len, ==, 1);
    const NskIssue *issue = g_ptr_array_index(verdict->issues, 0);
    g_assert_cmpstr(issue->tag, ==, tag);
}

static void
test_each_scheme_holds(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(NskIdentity) rsa = demo_identity(demo->authority, "Bima Aryasatya", 2048);
    struct {
        NskIdentity *signer;
        NskScheme scheme;
    } cases[] = {
        { demo->signer, NSK_SCHEME_DEFAULT }, { demo->signer, NSK_SCHEME_ECDSA },
        { rsa, NSK_SCHEME_DEFAULT },          { rsa, NSK_SCHEME_RSA_PSS },
        { rsa, NSK_SCHEME_RSA_PKCS1 },
    };
    g_autofree char *root = demo_write_root(demo);
    g_autofree char *content = demo_write(demo, "content", CONTENT, strlen(CONTENT));

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) cms =
            demo_sign(cases[i].signer, cases[i].scheme, CONTENT, strlen(CONTENT));
        g_autoptr(NskCmsVerdict) verdict = check_at(cms, demo->trust, true, TEST_NOW);
        g_autofree char *path =
            demo_write(demo, "cms", g_bytes_get_data(cms, NULL), g_bytes_get_size(cms));
        g_autofree char *text = NULL;

        g_assert_true(verdict->intact && verdict->trusted);
        g_assert_cmpuint(verdict->issues->len, ==, 0);
        g_assert_nonnull(strstr(nsk_cert_facts(verdict->signer)->subject, "(DEMO)"));
        bool ok = demo_run(demo, &text, "openssl", "cms", "-verify", "-cades", "-binary", "-inform",
                           "DER", "-in", path, "-content", content, "-CAfile", root, "-attime",
                           "1784685600", "-purpose", "any", NULL);
        g_test_message("scheme %zu: %s", i, text);
        g_assert_true(ok);
    }
}

static void
test_no_signing_time_is_written(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) cms = demo_sign(demo->signer, 0, CONTENT, strlen(CONTENT));
    g_autofree char *path =
        demo_write(demo, "cms", g_bytes_get_data(cms, NULL), g_bytes_get_size(cms));
    g_autofree char *text = NULL;

    g_assert_true(demo_run(demo, &text, "openssl", "cms", "-cmsout", "-print", "-inform", "DER",
                           "-in", path, NULL));
    g_assert_null(strstr(text, "signingTime"));
    g_assert_nonnull(strstr(text, "id-smime-aa-signingCertificateV2"));
    g_assert_nonnull(strstr(text, "messageDigest"));
    g_assert_nonnull(strstr(text, "contentType"));
}

static void
test_preparing_again_gives_the_same(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    uint8_t digest[NSK_SHA256_SIZE], a[NSK_SHA256_SIZE], b[NSK_SHA256_SIZE];
    GPtrArray *chain = nsk_identity_get_chain(demo->signer);

    nsk_sha256(CONTENT, strlen(CONTENT), digest);
    g_autoptr(NskCms) first = nsk_cms_prepare(chain, 0, digest, a, NULL);
    g_autoptr(NskCms) second = nsk_cms_prepare(chain, 0, digest, b, NULL);
    g_assert_cmpmem(a, sizeof a, b, sizeof b);

    /* A signature made for the first preparation completes the second. */
    g_autoptr(GBytes) value = nsk_identity_sign(demo->signer, 0, a, NULL);
    g_autoptr(GBytes) cms =
        nsk_cms_complete(second, g_bytes_get_data(value, NULL), g_bytes_get_size(value), NULL);
    g_autoptr(NskCmsVerdict) verdict = check_at(cms, demo->trust, true, TEST_NOW);
    g_assert_true(verdict->trusted);
}

static void
test_foreign_value_is_refused(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    uint8_t digest[NSK_SHA256_SIZE], to_sign[NSK_SHA256_SIZE];
    g_autoptr(NskIdentity) other = demo_identity(demo->authority, "Bima Aryasatya", 0);

    nsk_sha256(CONTENT, strlen(CONTENT), digest);
    g_autoptr(NskCms) cms =
        nsk_cms_prepare(nsk_identity_get_chain(demo->signer), 0, digest, to_sign, NULL);
    g_autoptr(GBytes) theirs = nsk_identity_sign(other, 0, to_sign, NULL);
    g_autoptr(GBytes) wrong = nsk_identity_sign(demo->signer, 0, digest, NULL);
    g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
    GBytes *cases[] = { theirs, wrong, empty };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(nsk_cms_complete(cms, g_bytes_get_data(cases[i], NULL),
                                       g_bytes_get_size(cases[i]), &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED);
    }
}

static void
test_unfit_signers_are_refused(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GPtrArray) chain = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    uint8_t digest[NSK_SHA256_SIZE] = { 0 }, out[NSK_SHA256_SIZE];

    g_ptr_array_add(chain, nsk_demo_authority_get_root(demo->authority));
    g_assert_null(nsk_cms_prepare(chain, 0, digest, out, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_null(nsk_cms_prepare(nsk_identity_get_chain(demo->signer), NSK_SCHEME_RSA_PSS, digest,
                                  out, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED);
    g_clear_error(&error);
    g_assert_null(nsk_identity_sign(demo->signer, NSK_SCHEME_RSA_PKCS1, digest, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED);
}

static void
test_changed_content_is_seen(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) cms = demo_sign(demo->signer, 0, "isi lain", 8);

    assert_refused(cms, demo, "cms-digest");
}

static void
test_trust_is_a_matter_of_root_and_time(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) cms = demo_sign(demo->signer, 0, CONTENT, strlen(CONTENT));
    g_autoptr(NskDemoAuthority) other = nsk_demo_authority_new(TEST_NOW, NULL);
    g_autoptr(NskTrust) foreign = nsk_trust_new();
    g_autoptr(NskTrust) none = nsk_trust_new();

    nsk_trust_add(foreign, nsk_demo_authority_get_root(other));
    struct {
        const NskTrust *trust;
        NskInstant at;
        const char *tag;
    } cases[] = {
        { demo->trust, TEST_NOW, NULL },
        { demo->trust, TEST_NOW + 728 * TEST_DAY, NULL },
        { demo->trust, TEST_NOW + 730 * TEST_DAY, "cms-expired" },
        { demo->trust, TEST_NOW - 2 * TEST_DAY, "cms-expired" },
        { foreign, TEST_NOW, "cms-chain" }, /* same names, another key */
        { none, TEST_NOW, "cms-chain" },
        { NULL, TEST_NOW, "cms-chain" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskCmsVerdict) verdict = check_at(cms, cases[i].trust, true, cases[i].at);

        g_test_message("case %zu", i);
        g_assert_true(verdict->intact);
        g_assert_cmpint(verdict->trusted, ==, cases[i].tag == NULL);
        if (cases[i].tag != NULL)
            g_assert_nonnull(find_issue(verdict->issues, cases[i].tag));
    }
}

static void
test_only_zero_may_follow(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) cms = demo_sign(demo->signer, 0, CONTENT, strlen(CONTENT));
    g_autoptr(GByteArray) padded = g_byte_array_new();
    static const uint8_t zeros[100];

    g_byte_array_append(padded, g_bytes_get_data(cms, NULL), (guint)g_bytes_get_size(cms));
    g_byte_array_append(padded, zeros, sizeof zeros);
    g_autoptr(GBytes) good = g_bytes_new(padded->data, padded->len);
    g_autoptr(NskCmsVerdict) verdict = check_at(good, demo->trust, true, TEST_NOW);
    g_assert_true(verdict->trusted);

    padded->data[padded->len - 1] = 1;
    g_autoptr(GBytes) bad = g_bytes_new(padded->data, padded->len);
    assert_refused(bad, demo, "cms-padding");
}

/* Whatever single byte changes: no crash, and never another signer's name on it. */
static void
test_every_changed_byte_is_survived(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) cms = demo_sign(demo->signer, 0, CONTENT, strlen(CONTENT));
    const char *fingerprint =
        nsk_cert_facts(g_ptr_array_index(nsk_identity_get_chain(demo->signer), 0))->fingerprint;
    gsize size;
    const uint8_t *bytes = g_bytes_get_data(cms, &size);
    unsigned intact = 0;

    for (size_t at = 0; at < size; at += 3) {
        g_autofree uint8_t *copy = g_memdup2(bytes, size);

        copy[at] ^= (uint8_t)(1u << (at % 8));
        g_autoptr(GBytes) changed = g_bytes_new(copy, size);
        g_autoptr(NskCmsVerdict) verdict = check_at(changed, demo->trust, true, TEST_NOW);
        if (verdict->intact) {
            g_assert_cmpstr(nsk_cert_facts(verdict->signer)->fingerprint, ==, fingerprint);
            intact++;
        }
        g_autoptr(GBytes) cut = g_bytes_new(bytes, at);
        g_autoptr(NskCmsVerdict) short_one = check_at(cut, demo->trust, true, TEST_NOW);
        g_assert_false(short_one->intact);
    }
    /* What is not signed: the issuer's certificate, versions, the list of digest algorithms. */
    g_assert_cmpuint(intact, <, size * 2 / 3);
}

/* Runs `openssl cms -sign` with @extra arguments over CONTENT and reads what it wrote. */
static GBytes *
sign_with_openssl(const Demo *demo, const char *digest, const char *extra, const char *extra2)
{
    g_autofree char *content = demo_write(demo, "content", CONTENT, strlen(CONTENT));
    g_autofree char *path = g_build_filename(demo->folder, "foreign", NULL);
    g_autofree char *text = NULL;
    gsize size;
    char *data = NULL;

    g_assert_true(demo_run(demo, &text, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                           "ec_paramgen_curve:P-256", "-nodes", "-keyout", "k.pem", "-out", "c.pem",
                           "-subj", "/CN=Uji Coba", "-days", "30", NULL));
    bool ok = demo_run(demo, &text, "openssl", "cms", "-sign", "-binary", "-outform", "DER", "-in",
                       content, "-signer", "c.pem", "-inkey", "k.pem", "-out", path, "-md", digest,
                       extra, extra2, "-nosmimecap", NULL);
    g_test_message("%s", text);
    g_assert_true(ok);
    g_assert_true(g_file_get_contents(path, &data, &size, NULL));
    return g_bytes_new_take(data, size);
}

static void
test_foreign_signatures_are_judged(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *digest;
        const char *extra;
        const char *tag;
    } cases[] = {
        { "sha1", "-cades", "cms-algorithm" },        { "sha256", "-nodetach", "cms-attached" },
        { "sha256", "-noattr", "cms-syntax" },        { "sha256", "-nocerts", "cms-certificate" },
        { "sha256", "-nosmimecap", "cms-attribute" }, /* no signing-certificate-v2 */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) cms =
            sign_with_openssl(demo, cases[i].digest, cases[i].extra, "-nosmimecap");

        g_test_message("case %zu", i);
        assert_refused(cms, demo, cases[i].tag);
    }
    g_autoptr(GBytes) good = sign_with_openssl(demo, "sha512", "-cades", "-keyid");
    g_autoptr(NskCmsVerdict) verdict = check_at(good, demo->trust, true, TEST_NOW);
    g_assert_true(verdict->intact);
    g_assert_false(verdict->trusted);
    g_assert_nonnull(find_issue(verdict->issues, "cms-signing-time"));
    g_autoptr(GBytes) plain = sign_with_openssl(demo, "sha384", "-nosmimecap", "-nosmimecap");
    g_autoptr(NskCmsVerdict) pkcs7 = check_at(plain, demo->trust, false, TEST_NOW);
    g_assert_true(pkcs7->intact);
}

/* RSASSA-PSS allows any salt; some producers take the longest that fits into the key. */
static void
test_every_salt_is_read(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const salts[] = { "0", "20", "32", "127", "128", "222" };
    g_autofree char *content = demo_write(demo, "content", CONTENT, strlen(CONTENT));
    g_autofree char *path = g_build_filename(demo->folder, "salted", NULL);
    g_autofree char *text = NULL;

    g_assert_true(demo_run(demo, &text, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                           "-keyout", "rk.pem", "-out", "rc.pem", "-subj", "/CN=Uji Coba", "-days",
                           "30", NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(salts); i++) {
        g_autofree char *said = NULL;
        g_autofree char *salt = g_strconcat("rsa_pss_saltlen:", salts[i], NULL);
        char *bytes = NULL;
        gsize size;

        g_assert_true(demo_run(demo, &said, "openssl", "cms", "-sign", "-binary", "-outform", "DER",
                               "-in", content, "-signer", "rc.pem", "-inkey", "rk.pem", "-keyopt",
                               "rsa_padding_mode:pss", "-keyopt", salt, "-md", "sha256", "-cades",
                               "-out", path, NULL));
        g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
        g_autoptr(GBytes) cms = g_bytes_new_take(bytes, size);
        g_autoptr(NskCmsVerdict) verdict = check_at(cms, demo->trust, true, TEST_NOW);
        g_test_message("salt of %s bytes", salts[i]);
        g_assert_true(verdict->intact);
    }
}

static void
test_two_signers_are_refused(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) first = sign_with_openssl(demo, "sha256", "-cades", "-nosmimecap");
    g_autofree char *path = g_build_filename(demo->folder, "twice", NULL);
    g_autofree char *text = NULL;
    gsize size;
    char *bytes = NULL;

    g_assert_true(demo_run(demo, &text, "cp", "c.pem", "c2.pem", NULL));
    g_assert_true(demo_run(demo, &text, "cp", "k.pem", "k2.pem", NULL));
    g_autoptr(GBytes) second = sign_with_openssl(demo, "sha256", "-cades", "-nosmimecap");
    bool ok = demo_run(demo, &text, "openssl", "cms", "-sign", "-binary", "-in", "content",
                       "-signer", "c.pem", "-inkey", "k.pem", "-signer", "c2.pem", "-inkey",
                       "k2.pem", "-cades", "-outform", "DER", "-out", path, NULL);
    g_test_message("%s", text);
    g_assert_true(ok);
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    g_autoptr(GBytes) twice = g_bytes_new_take(bytes, size);
    assert_refused(twice, demo, "cms-signers");
}

int
main(int argc, char **argv)
{
    static const DemoTest tests[] = {
        { "/crypto/cms/each-scheme-holds", test_each_scheme_holds },
        { "/crypto/cms/no-signing-time-is-written", test_no_signing_time_is_written },
        { "/crypto/cms/preparing-again-gives-the-same", test_preparing_again_gives_the_same },
        { "/crypto/cms/foreign-value-is-refused", test_foreign_value_is_refused },
        { "/crypto/cms/unfit-signers-are-refused", test_unfit_signers_are_refused },
        { "/crypto/cms/changed-content-is-seen", test_changed_content_is_seen },
        { "/crypto/cms/trust-is-a-matter-of-root-and-time",
          test_trust_is_a_matter_of_root_and_time },
        { "/crypto/cms/only-zero-may-follow", test_only_zero_may_follow },
        { "/crypto/cms/every-changed-byte-is-survived", test_every_changed_byte_is_survived },
        { "/crypto/cms/foreign-signatures-are-judged", test_foreign_signatures_are_judged },
        { "/crypto/cms/every-salt-is-read", test_every_salt_is_read },
        { "/crypto/cms/two-signers-are-refused", test_two_signers_are_refused },
    };

    return demo_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "make-pdf.h"

#include <string.h>

static const MakePdf shapes[] = {
    { .n_fields = 2 },
    { .n_fields = 2, .xref_stream = true },
    { .n_fields = 1, .no_flags = true },
    { .n_fields = 1, .no_flags = true, .direct_form = true },
    { .n_fields = 1, .direct_form = true, .no_last_eol = true },
    { .n_fields = 1, .xref_stream = true, .no_flags = true },
    { .n_fields = 3, .catalog = "/OpenAction[3 0 R/Fit]/Lang(id)" },
};

static char *
write_pdf(const Demo *demo, const char *name, GBytes *pdf)
{
    return demo_write(demo, name, g_bytes_get_data(pdf, NULL), g_bytes_get_size(pdf));
}

static void
test_every_shape_is_signed(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autoptr(GBytes) base = make_pdf(&shapes[i]);
        g_autoptr(GBytes) done = make_signed(base, demo->signer, "signatory-1");
        g_autoptr(NskVerdict) verdict = judge(demo, done);
        g_autofree char *tags = list_tags(verdict);
        g_autofree char *path = write_pdf(demo, "signed.pdf", done);
        g_autofree char *text = NULL;

        g_test_message("shape %zu: %s", i, tags);
        g_assert_cmpint(verdict->result, ==, NSK_VERDICT_VALID);
        g_assert_cmpmem(g_bytes_get_data(done, NULL), g_bytes_get_size(base),
                        g_bytes_get_data(base, NULL), g_bytes_get_size(base));
        bool clean = demo_run(demo, &text, "qpdf", "--check", path, NULL);
        g_test_message("%s", text);
        g_assert_true(clean);
        g_assert_null(strstr(text, "WARNING"));
    }
}

static void
test_verdict_tells_who_when_and_why(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&shapes[0]);
    g_autoptr(GBytes) done = make_signed(base, demo->signer, "signatory-2");
    g_autoptr(NskVerdict) verdict = judge(demo, done);
    const NskSignature *signature = g_ptr_array_index(verdict->signatures, 0);

    g_assert_cmpuint(verdict->signatures->len, ==, 1);
    g_assert_cmpuint(verdict->n_revisions, ==, 2);
    g_assert_cmpstr(signature->field, ==, "signatory-2");
    g_assert_cmpstr(nsk_cert_facts(signature->signer)->subject, ==, "Sekar Wulandari (DEMO)");
    g_assert_cmpint(signature->at, ==, TEST_NOW);
    g_assert_cmpint(signature->offset_minutes, ==, 420);
    g_assert_cmpstr(signature->reason, ==, "Persetujuan naskah");
    g_assert_cmpstr(signature->location, ==, "Arunika");
    g_assert_cmpuint(signature->revision, ==, 2);
    g_assert_cmpuint(signature->covered_size, ==, g_bytes_get_size(done));
    g_assert_true(signature->covers_document && signature->intact && signature->trusted);
    g_assert_cmpuint(signature->issues->len, ==, 1);
    g_assert_nonnull(find_issue(signature->issues, "pdf-revocation"));
    g_assert_cmpuint(verdict->issues->len, ==, 0);
}

static void
test_two_in_sequence_stay_valid(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(NskIdentity) second = demo_identity(demo->authority, "Bima Aryasatya", 0);

    for (size_t i = 0; i < 2; i++) {
        g_autoptr(GBytes) base = make_pdf(&shapes[i]);
        g_autoptr(GBytes) once = make_signed(base, demo->signer, "signatory-2");
        g_autoptr(GBytes) twice = make_signed(once, second, "signatory-1");
        g_autoptr(NskVerdict) verdict = judge(demo, twice);
        g_autofree char *tags = list_tags(verdict);

        g_test_message("%s", tags);
        g_assert_cmpint(verdict->result, ==, NSK_VERDICT_VALID);
        g_assert_cmpuint(verdict->signatures->len, ==, 2);
        const NskSignature *first = g_ptr_array_index(verdict->signatures, 0);
        const NskSignature *last = g_ptr_array_index(verdict->signatures, 1);
        g_assert_cmpstr(first->field, ==, "signatory-2");
        g_assert_cmpstr(nsk_cert_facts(last->signer)->subject, ==, "Bima Aryasatya (DEMO)");
        g_assert_false(first->covers_document);
        g_assert_true(last->covers_document);
        g_assert_true(first->trusted && last->trusted);
    }
}

static unsigned
count_text(const char *text, const char *part)
{
    unsigned count = 0;

    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        count++;
    return count;
}

static void
test_pdfsig_agrees(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *root = demo_write_root(demo);
    g_autofree char *nss = g_strconcat("sql:", demo->folder, "/nss", NULL);
    g_autofree char *text = NULL;

    g_assert_true(demo_run(demo, &text, "mkdir", "nss", NULL));
    g_assert_true(demo_run(demo, &text, "certutil", "-N", "-d", nss, "--empty-password", NULL));
    g_assert_true(demo_run(demo, &text, "certutil", "-A", "-n", "root", "-t", "CT,C,C", "-i", root,
                           "-d", nss, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autoptr(GBytes) base = make_pdf(&shapes[i]);
        g_autoptr(GBytes) done = make_signed(base, demo->signer, "signatory-1");
        g_autofree char *path = write_pdf(demo, "signed.pdf", done);

        demo_run(demo, &text, "pdfsig", "-nssdir", nss, "-no-ocsp", path, NULL);
        g_test_message("shape %zu: %s", i, text);
        g_assert_nonnull(strstr(text, "Signature is Valid"));
        g_assert_nonnull(strstr(text, "Total document signed"));
        g_assert_nonnull(strstr(text, "ETSI.CAdES.detached"));
        g_assert_nonnull(strstr(text, "Sekar Wulandari"));
    }
    g_autoptr(GBytes) base = make_pdf(&shapes[0]);
    g_autoptr(GBytes) once = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GBytes) twice = make_signed(once, demo->signer, "signatory-2");
    g_autofree char *path = write_pdf(demo, "twice.pdf", twice);
    demo_run(demo, &text, "pdfsig", "-nssdir", nss, "-no-ocsp", path, NULL);
    g_assert_cmpuint(count_text(text, "Signature is Valid"), ==, 2);
}

/* Cuts CMS and signed bytes out of the PDF by its own ByteRange. */
static void
test_openssl_agrees(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&shapes[0]);
    g_autoptr(GBytes) done = make_signed(base, demo->signer, "signatory-1");
    const uint8_t *bytes = g_bytes_get_data(done, NULL);
    g_autofree char *range_text =
        g_strndup((const char *)bytes + find_text(done, "/ByteRange[") + 11, 60);
    char *range = range_text;
    uint64_t numbers[4];
    g_autoptr(GByteArray) cms = g_byte_array_new(), content = g_byte_array_new();

    for (size_t i = 0; i < 4; i++)
        numbers[i] = g_ascii_strtoull(range, &range, 10);
    g_byte_array_append(content, bytes, (guint)numbers[1]);
    g_byte_array_append(content, bytes + numbers[2], (guint)numbers[3]);
    for (uint64_t at = numbers[1] + 1; at + 1 < numbers[2]; at += 2) {
        uint8_t byte = (uint8_t)(g_ascii_xdigit_value((char)bytes[at]) * 16 +
                                 g_ascii_xdigit_value((char)bytes[at + 1]));

        g_byte_array_append(cms, &byte, 1);
    }
    g_autofree char *cms_path = demo_write(demo, "cms", cms->data, cms->len);
    g_autofree char *content_path = demo_write(demo, "tbs", content->data, content->len);
    g_autofree char *root = demo_write_root(demo);
    g_autofree char *text = NULL;
    bool ok = demo_run(demo, &text, "openssl", "cms", "-verify", "-cades", "-binary", "-inform",
                       "DER", "-in", cms_path, "-content", content_path, "-CAfile", root,
                       "-purpose", "any", "-attime", "1784685600", "-out", "tbs.out", NULL);

    g_test_message("%s", text);
    g_assert_cmpuint(numbers[0], ==, 0);
    g_assert_cmpuint(numbers[2] + numbers[3], ==, g_bytes_get_size(done));
    g_assert_true(ok);
}

static void
test_rsa_signs_too(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(NskIdentity) rsa = demo_identity(demo->authority, "Bima Aryasatya", 2048);
    g_autoptr(GBytes) base = make_pdf(&shapes[0]);
    g_autoptr(GBytes) done = make_signed(base, rsa, "signatory-1");
    g_autoptr(NskVerdict) verdict = judge(demo, done);

    g_assert_cmpint(verdict->result, ==, NSK_VERDICT_VALID);
}

static void
test_fields_are_listed(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) base = make_pdf(&shapes[0]);
    g_autoptr(GBytes) done = make_signed(base, demo->signer, "signatory-2");
    g_autoptr(GPtrArray) fields = nsk_sign_fields(done, &error);
    g_assert_no_error(error);
    const NskSignField *first = g_ptr_array_index(fields, 0);
    const NskSignField *second = g_ptr_array_index(fields, 1);

    g_assert_cmpuint(fields->len, ==, 2);
    g_assert_cmpstr(first->name, ==, "signatory-1");
    g_assert_false(first->is_signed);
    g_assert_true(second->is_signed);
    g_assert_cmpuint(first->page, ==, 1);
    g_assert_cmpfloat(second->rect[0], ==, 300);
    g_assert_cmpfloat(second->rect[3], ==, 240);
}

static void
test_preparing_is_repeatable(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&shapes[0]);
    NskSignRequest request = {
        .field = "signatory-1",
        .chain = nsk_identity_get_chain(demo->signer),
        .at = TEST_NOW,
        .reason = "Alasan dengan tanda (kurung) \\ dan \xe2\x80\x94 garis",
    };
    g_autoptr(NskSigning) a = nsk_sign_prepare(base, &request, NULL);
    g_autoptr(NskSigning) b = nsk_sign_prepare(base, &request, NULL);
    g_autoptr(GBytes) value = nsk_identity_sign(demo->signer, 0, nsk_signing_get_digest(a), NULL);
    g_autoptr(GBytes) wrong = g_bytes_new_static("x", 1);
    g_autoptr(GError) error = NULL;

    g_assert_cmpmem(nsk_signing_get_digest(a), NSK_SHA256_SIZE, nsk_signing_get_digest(b),
                    NSK_SHA256_SIZE);
    g_assert_null(nsk_sign_complete(b, wrong, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED);
    g_autoptr(GBytes) first = nsk_sign_complete(a, value, NULL);
    g_autoptr(GBytes) second = nsk_sign_complete(b, value, NULL);
    g_assert_true(g_bytes_equal(first, second));
    g_autoptr(NskVerdict) verdict = judge(demo, first);
    const NskSignature *signature = g_ptr_array_index(verdict->signatures, 0);
    g_assert_cmpstr(signature->reason, ==, request.reason);
    g_assert_null(signature->location);
}

static void
test_wrong_requests_are_refused(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&shapes[0]);
    g_autoptr(GBytes) once = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GBytes) broken = make_replaced(once, "Surat", "Surut");
    g_autoptr(GBytes) text = g_bytes_new_static("bukan PDF sama sekali", 21);
    GPtrArray *chain = nsk_identity_get_chain(demo->signer);
    struct {
        GBytes *pdf;
        NskSignRequest request;
        NskError code;
    } cases[] = {
        { base,
          { "signatory-9", chain, 0, TEST_NOW, 0, NULL, NULL, NULL, NULL, false },
          NSK_ERROR_NOT_FOUND },
        { once,
          { "signatory-1", chain, 0, TEST_NOW, 0, NULL, NULL, NULL, NULL, false },
          NSK_ERROR_CONFLICT },
        { broken,
          { "signatory-2", chain, 0, TEST_NOW, 0, NULL, NULL, NULL, NULL, false },
          NSK_ERROR_UNTRUSTED },
        { text,
          { "signatory-1", chain, 0, TEST_NOW, 0, NULL, NULL, NULL, NULL, false },
          NSK_ERROR_INVALID },
        { base, { NULL, chain, 0, TEST_NOW, 0, NULL, NULL, NULL, NULL, false }, NSK_ERROR_INVALID },
        { base,
          { "signatory-1", NULL, 0, TEST_NOW, 0, NULL, NULL, NULL, NULL, false },
          NSK_ERROR_INVALID },
        { base,
          { "signatory-1", chain, 0, TEST_NOW, 900, NULL, NULL, NULL, NULL, false },
          NSK_ERROR_INVALID },
        { base,
          { "signatory-1", chain, 0, TEST_NOW, 0, "\xff", NULL, NULL, NULL, false },
          NSK_ERROR_INVALID },
        { base,
          { "signatory-1", chain, NSK_SCHEME_RSA_PSS, TEST_NOW, 0, NULL, NULL, NULL, NULL, false },
          NSK_ERROR_UNSUPPORTED },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("case %zu", i);
        g_assert_null(nsk_sign_prepare(cases[i].pdf, &cases[i].request, &error));
        g_assert_error(error, NSK_ERROR, (int)cases[i].code);
    }
}

static void
test_active_content_is_not_signed(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const MakePdf cases[] = {
        { .n_fields = 1, .catalog = "/OpenAction<</S/JavaScript/JS(x)>>" },
        { .n_fields = 1, .catalog = "/AA<</WC<</S/JavaScript/JS(x)>>>>" },
        { .n_fields = 1, .catalog = "/OCProperties<</OCGs[]/D<<>>>>" },
        { .n_fields = 1, .catalog = "/Names<</X 20 0 R>>", .extra = "<</S/Launch/F(x)>>" },
        { .n_fields = 1, .page = "/AA<<>>" },
        { .n_fields = 1, .extra = "<</Type/Something>>" }, /* used by nothing */
        { .n_fields = 1, .catalog = "/X 20 0 R", .extra = "<</Length 0/F(x)>>stream\n\nendstream" },
        { .n_fields = 1, .field = "/DA(x)/AA<<>>" },
        { .n_fields = 1, .trailer = "/Encrypt<<>>" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) base = make_pdf(&cases[i]);
        g_autoptr(GError) error = NULL;
        NskSignRequest request = { .field = "signatory-1",
                                   .chain = nsk_identity_get_chain(demo->signer),
                                   .at = TEST_NOW };

        g_test_message("case %zu", i);
        g_assert_null(nsk_sign_prepare(base, &request, &error));
        NskError code = cases[i].trailer != NULL ? NSK_ERROR_UNSUPPORTED : NSK_ERROR_INVALID;
        g_assert_error(error, NSK_ERROR, (int)code);
    }
}

static void
test_trust_decides_between_valid_and_not(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&shapes[0]);
    g_autoptr(GBytes) done = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(NskVerdict) unsigned_one = judge(demo, base);
    g_autoptr(NskVerdict) untrusted = NULL, expired = NULL;

    g_assert_true(nsk_sign_verify(done, NULL, TEST_NOW, &untrusted, NULL));
    g_assert_true(nsk_sign_verify(done, demo->trust, TEST_NOW + 1000 * TEST_DAY, &expired, NULL));
    g_assert_cmpint(unsigned_one->result, ==, NSK_VERDICT_UNSIGNED);
    g_assert_cmpint(untrusted->result, ==, NSK_VERDICT_INDETERMINATE);
    g_assert_true(has_tag(untrusted, "cms-chain"));
    g_assert_cmpint(expired->result, ==, NSK_VERDICT_INDETERMINATE);
    g_assert_true(has_tag(expired, "cms-expired"));
}

int
main(int argc, char **argv)
{
    static const DemoTest tests[] = {
        { "/sign/prepare/every-shape-is-signed", test_every_shape_is_signed },
        { "/sign/prepare/two-in-sequence-stay-valid", test_two_in_sequence_stay_valid },
        { "/sign/prepare/is-repeatable", test_preparing_is_repeatable },
        { "/sign/prepare/wrong-requests-are-refused", test_wrong_requests_are_refused },
        { "/sign/prepare/active-content-is-not-signed", test_active_content_is_not_signed },
        { "/sign/prepare/rsa-signs-too", test_rsa_signs_too },
        { "/sign/fields/are-listed", test_fields_are_listed },
        { "/sign/verify/tells-who-when-and-why", test_verdict_tells_who_when_and_why },
        { "/sign/verify/trust-decides", test_trust_decides_between_valid_and_not },
        { "/sign/tools/pdfsig-agrees", test_pdfsig_agrees },
        { "/sign/tools/openssl-agrees", test_openssl_agrees },
    };

    return demo_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

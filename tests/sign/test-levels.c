/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The levels above B-B: made, judged at the time they prove, renewed. */
#include "make-levels.h"

#include <string.h>

static const MakePdf shapes[] = {
    { .n_fields = 2 },
    { .n_fields = 2, .xref_stream = true },
    { .n_fields = 1, .direct_form = true, .no_last_eol = true },
    { .n_fields = 1, .no_flags = true, .xref_stream = true },
};

static const NskSignature *
signature_at(const NskVerdict *verdict, guint index)
{
    g_assert_cmpuint(verdict->signatures->len, >, index);
    return g_ptr_array_index(verdict->signatures, index);
}

/* Asserts result and level of the first signature at @now. */
static void
assert_level(const Demo *demo, GBytes *pdf, NskInstant now, NskVerdictResult result, NskLevel level)
{
    g_autoptr(NskVerdict) verdict = judge_at(demo, pdf, now);
    g_autofree char *tags = list_tags(verdict);

    g_test_message("%s %s", nsk_level_name(signature_at(verdict, 0)->level), tags);
    g_assert_cmpint(verdict->result, ==, result);
    g_assert_cmpint(signature_at(verdict, 0)->level, ==, level);
}

static void
test_every_level_is_reached(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autoptr(GBytes) base = make_pdf(&shapes[i]);
        g_autoptr(GBytes) b = make_signed(base, demo->signer, "signatory-1");
        g_autoptr(GBytes) t = make_stamped(demo, b, "signatory-1", TEST_NOW + TEST_MINUTE);
        g_autoptr(GBytes) lt = make_lasting(demo, t, TEST_NOW + TEST_HOUR);
        g_autoptr(GBytes) lta = make_sealed(demo, lt, TEST_NOW + 2 * TEST_HOUR);
        NskInstant now = TEST_NOW + TEST_DAY;
        g_autoptr(NskVerdict) verdict = judge_at(demo, lta, now);
        g_autofree char *path =
            demo_write(demo, "lta.pdf", g_bytes_get_data(lta, NULL), g_bytes_get_size(lta));
        g_autofree char *text = NULL;

        assert_level(demo, b, now, NSK_VERDICT_VALID, NSK_LEVEL_B);
        assert_level(demo, t, now, NSK_VERDICT_VALID, NSK_LEVEL_T);
        assert_level(demo, lt, now, NSK_VERDICT_VALID, NSK_LEVEL_LT);
        assert_level(demo, lta, now, NSK_VERDICT_VALID, NSK_LEVEL_LTA);
        g_assert_cmpuint(g_bytes_get_size(t), ==, g_bytes_get_size(b));
        g_assert_cmpint(signature_at(verdict, 0)->proven_at, ==, TEST_NOW + TEST_MINUTE);
        g_assert_true(signature_at(verdict, 1)->is_time_stamp);
        g_assert_true(signature_at(verdict, 1)->trusted);
        g_assert_cmpint(signature_at(verdict, 1)->stamped_at, ==, TEST_NOW + 2 * TEST_HOUR);
        g_assert_cmpint(verdict->renew_before, >, now + 3000 * TEST_DAY);
        g_assert_cmpuint(signature_at(verdict, 0)->issues->len, ==, 0);
        g_assert_true(demo_run(demo, &text, "qpdf", "--check", path, NULL));
        g_assert_null(strstr(text, "WARNING"));
    }
}

/* The signer's certificate lasts two years: what is proven lasts longer, what is not does not. */
static void
test_proven_signatures_outlive_certificates(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&shapes[0]);
    g_autoptr(GBytes) b = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GBytes) t = make_stamped(demo, b, "signatory-1", TEST_NOW + TEST_MINUTE);
    g_autoptr(GBytes) lt = make_lasting(demo, t, TEST_NOW + TEST_HOUR);
    g_autoptr(GBytes) lta = make_sealed(demo, lt, TEST_NOW + 2 * TEST_HOUR);
    NskInstant later = TEST_NOW + 1500 * TEST_DAY; /* the signer's is over, the authority's not */
    NskInstant last = TEST_NOW + 3660 * TEST_DAY;  /* the authority's is over, too */

    assert_level(demo, b, later, NSK_VERDICT_INDETERMINATE, NSK_LEVEL_B);
    assert_level(demo, t, later, NSK_VERDICT_VALID, NSK_LEVEL_T);
    assert_level(demo, lt, later, NSK_VERDICT_VALID, NSK_LEVEL_T); /* lists are old by then */
    assert_level(demo, lta, later, NSK_VERDICT_VALID, NSK_LEVEL_LTA);
    assert_level(demo, lta, last, NSK_VERDICT_INDETERMINATE, NSK_LEVEL_B);
}

static void
test_renewal_goes_on(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&shapes[1]);
    nsk_demo_authority_renew_time_stamps(demo->authority, 1000);
    g_autoptr(GBytes) lta = make_lta(demo, base, "signatory-1", TEST_NOW);
    NskInstant second = TEST_NOW + 900 * TEST_DAY;
    g_autoptr(NskVerdict) before = judge_at(demo, lta, second);

    g_assert_cmpint(before->renew_before, ==, TEST_NOW + 999 * TEST_DAY + TEST_MINUTE);
    nsk_demo_authority_renew_time_stamps(demo->authority, 2000);
    g_autoptr(GBytes) more = make_lasting(demo, lta, second);
    g_autoptr(GBytes) renewed = make_sealed(demo, more, second + TEST_HOUR);
    assert_level(demo, lta, TEST_NOW + 1100 * TEST_DAY, NSK_VERDICT_INDETERMINATE, NSK_LEVEL_B);
    assert_level(demo, renewed, TEST_NOW + 1100 * TEST_DAY, NSK_VERDICT_VALID, NSK_LEVEL_LTA);
    g_autoptr(NskVerdict) after = judge_at(demo, renewed, TEST_NOW + 1100 * TEST_DAY);
    g_assert_cmpint(after->renew_before, ==, second + TEST_HOUR + 1999 * TEST_DAY);
    assert_level(demo, renewed, TEST_NOW + 2800 * TEST_DAY, NSK_VERDICT_VALID, NSK_LEVEL_LTA);
    assert_level(demo, renewed, TEST_NOW + 2990 * TEST_DAY, NSK_VERDICT_INDETERMINATE, NSK_LEVEL_B);
}

static void
test_revocation_counts_from_its_time(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&shapes[0]);
    g_autoptr(GBytes) b = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GBytes) t = make_stamped(demo, b, "signatory-1", TEST_NOW + TEST_MINUTE);
    g_autoptr(GBytes) late = make_stamped(demo, b, "signatory-1", TEST_NOW + 3 * TEST_DAY);
    NskInstant now = TEST_NOW + 5 * TEST_DAY;

    nsk_demo_authority_revoke(demo->authority, demo_cert(demo->signer), TEST_NOW + 2 * TEST_DAY);
    g_autoptr(NskEvidence) evidence = demo_evidence(demo, "ir", TEST_NOW + 4 * TEST_DAY);
    g_autoptr(GBytes) b_lists = nsk_sign_add_validation(b, evidence, NULL);
    g_autoptr(GBytes) t_lists = nsk_sign_add_validation(t, evidence, NULL);
    g_autoptr(GBytes) late_lists = nsk_sign_add_validation(late, evidence, NULL);
    assert_level(demo, t_lists, now, NSK_VERDICT_VALID, NSK_LEVEL_LT);
    assert_level(demo, b_lists, now, NSK_VERDICT_INDETERMINATE, NSK_LEVEL_B);
    assert_level(demo, late_lists, now, NSK_VERDICT_INDETERMINATE, NSK_LEVEL_T);
    g_autoptr(NskVerdict) verdict = judge_at(demo, late_lists, now);
    g_assert_true(has_tag(verdict, "cms-revoked"));
}

static void
test_missing_material_is_listed(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&shapes[0]);
    g_autoptr(GBytes) b = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GBytes) t = make_stamped(demo, b, "signatory-1", TEST_NOW + TEST_MINUTE);
    NskInstant now = TEST_NOW + TEST_HOUR;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) all = nsk_sign_list_missing(t, demo->trust, NULL, now, &error);
    g_assert_no_error(error);
    g_autoptr(NskEvidence) answers = demo_evidence(demo, "o", now);
    g_autoptr(GPtrArray) less = nsk_sign_list_missing(t, demo->trust, answers, now, &error);
    g_assert_no_error(error);
    g_autoptr(NskEvidence) lists = demo_evidence(demo, "ir", now);
    g_autoptr(GPtrArray) none = nsk_sign_list_missing(t, demo->trust, lists, now, &error);
    g_assert_no_error(error);

    g_assert_cmpuint(all->len, ==, 3); /* signer, issuer, time-stamp service */
    g_assert_cmpuint(less->len, ==, 2);
    g_assert_cmpuint(none->len, ==, 0);
    for (guint i = 0; i < all->len; i++) {
        const NskSignMissing *row = g_ptr_array_index(all, i);

        g_assert_cmpstr(nsk_cert_facts(row->cert)->issuer_dn, ==,
                        nsk_cert_facts(row->issuer)->subject_dn);
    }
    g_assert_null(nsk_sign_list_missing(t, NULL, NULL, now, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED);
}

/* Two signatures in sequence, each raised, and the whole sealed. */
static void
test_two_signatures_last(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    for (size_t i = 0; i < 2; i++) {
        g_autoptr(GBytes) base = make_pdf(&shapes[i]);
        g_autoptr(GBytes) pdf = make_two_lta(demo, base, TEST_NOW);
        g_autoptr(NskVerdict) verdict = judge_at(demo, pdf, TEST_NOW + 1500 * TEST_DAY);
        g_autofree char *tags = list_tags(verdict);

        g_test_message("%s", tags);
        g_assert_cmpint(verdict->result, ==, NSK_VERDICT_VALID);
        g_assert_cmpuint(verdict->signatures->len, ==, 3);
        for (guint j = 0; j < 2; j++)
            g_assert_cmpint(signature_at(verdict, j)->level, ==, NSK_LEVEL_LTA);
    }
}

static void
test_certification_is_told(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    for (size_t i = 0; i < 2; i++) {
        g_autoptr(GBytes) base = make_pdf(&shapes[i]);
        g_autoptr(GBytes) certified = make_certified(base, demo->signer, "signatory-1");
        g_autoptr(GBytes) twice = make_signed(certified, demo->signer, "signatory-2");
        g_autoptr(GBytes) stamped =
            make_stamped(demo, twice, "signatory-2", TEST_NOW + TEST_MINUTE);
        g_autoptr(GBytes) lasting = make_lasting(demo, stamped, TEST_NOW + TEST_HOUR);
        g_autoptr(GBytes) sealed = make_sealed(demo, lasting, TEST_NOW + 2 * TEST_HOUR);
        g_autoptr(NskVerdict) verdict = judge_at(demo, sealed, TEST_NOW + TEST_DAY);
        g_autofree char *tags = list_tags(verdict);
        g_autoptr(GError) error = NULL;
        NskSignRequest request = { .field = "signatory-2",
                                   .chain = nsk_identity_get_chain(demo->signer),
                                   .at = TEST_NOW,
                                   .certify = true };

        g_test_message("%s", tags);
        g_assert_cmpint(verdict->result, ==, NSK_VERDICT_VALID);
        g_assert_true(signature_at(verdict, 0)->certifies);
        g_assert_cmpint(signature_at(verdict, 0)->permits, ==, 2);
        g_assert_false(signature_at(verdict, 1)->certifies);
        g_assert_null(nsk_sign_prepare(certified, &request, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_CONFLICT);
    }
}

/* What cannot be raised says why, and the letter stays as it was. */
static void
test_wrong_steps_are_refused(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&shapes[0]);
    g_autoptr(GBytes) b = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GBytes) t = make_stamped(demo, b, "signatory-1", TEST_NOW);
    g_autoptr(GBytes) lt = make_lasting(demo, t, TEST_NOW);
    g_autoptr(GBytes) other = demo_stamp(demo->authority, "lain", 4, TEST_NOW);
    g_autoptr(GBytes) changed = make_replaced(b, "Surat", "Surut");
    g_autoptr(NskEvidence) nothing = nsk_evidence_new();
    uint8_t imprint[NSK_SHA256_SIZE];
    const struct {
        GBytes *pdf;
        const char *field;
        NskError code;
    } cases[] = {
        { base, "signatory-1", NSK_ERROR_NOT_FOUND },
        { b, "signatory-2", NSK_ERROR_NOT_FOUND },
        { b, "signatory-9", NSK_ERROR_NOT_FOUND },
        { t, "signatory-1", NSK_ERROR_CONFLICT },
        { lt, "signatory-1", NSK_ERROR_CONFLICT },
        { changed, "signatory-1", NSK_ERROR_UNTRUSTED },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("case %zu", i);
        g_assert_false(nsk_sign_get_imprint(cases[i].pdf, cases[i].field, imprint, &error));
        g_assert_error(error, NSK_ERROR, (int)cases[i].code);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(nsk_sign_add_time_stamp(b, "signatory-1", other, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED);
    g_clear_error(&error);
    g_assert_null(nsk_sign_add_validation(lt, nothing, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CONFLICT);
    g_clear_error(&error);
    g_assert_null(nsk_sign_add_validation(base, nothing, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_autoptr(NskSigning) seal = nsk_sign_prepare_time_stamp(lt, &error);
    g_assert_no_error(error);
    g_assert_null(nsk_sign_complete(seal, other, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED);
}

/* A token of an authority that nobody here trusts proves nothing, but harms nothing. */
static void
test_foreign_stamps_prove_nothing(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(NskDemoAuthority) other = nsk_demo_authority_new(TEST_NOW, NULL);
    Demo mixed = *demo;
    mixed.authority = other;
    g_autoptr(GBytes) base = make_pdf(&shapes[0]);
    g_autoptr(GBytes) b = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GBytes) t = make_stamped(&mixed, b, "signatory-1", TEST_NOW);
    g_autoptr(GBytes) sealed = make_sealed(&mixed, t, TEST_NOW + TEST_HOUR);
    g_autoptr(NskVerdict) verdict = judge_at(demo, sealed, TEST_NOW + TEST_DAY);

    assert_level(demo, t, TEST_NOW + TEST_DAY, NSK_VERDICT_VALID, NSK_LEVEL_B);
    assert_level(demo, sealed, TEST_NOW + TEST_DAY, NSK_VERDICT_VALID, NSK_LEVEL_B);
    assert_level(demo, sealed, TEST_NOW + 1500 * TEST_DAY, NSK_VERDICT_INDETERMINATE, NSK_LEVEL_B);
    g_assert_true(has_tag(verdict, "pdf-time-stamp"));
}

static void
test_same_input_same_bytes(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&shapes[0]);
    g_autoptr(GBytes) b = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(NskEvidence) evidence = demo_evidence(demo, "ir", TEST_NOW);
    g_autoptr(GBytes) once = nsk_sign_add_validation(b, evidence, NULL);
    g_autoptr(GBytes) twice = nsk_sign_add_validation(b, evidence, NULL);
    g_autoptr(NskSigning) first = nsk_sign_prepare_time_stamp(once, NULL);
    g_autoptr(NskSigning) second = nsk_sign_prepare_time_stamp(twice, NULL);

    g_assert_true(g_bytes_equal(once, twice));
    g_assert_cmpmem(nsk_signing_get_digest(first), NSK_SHA256_SIZE, nsk_signing_get_digest(second),
                    NSK_SHA256_SIZE);
}

int
main(int argc, char **argv)
{
    static const DemoTest tests[] = {
        { "/sign/levels/every-one-is-reached", test_every_level_is_reached },
        { "/sign/levels/proven-signatures-outlive-certificates",
          test_proven_signatures_outlive_certificates },
        { "/sign/levels/renewal-goes-on", test_renewal_goes_on },
        { "/sign/levels/revocation-counts-from-its-time", test_revocation_counts_from_its_time },
        { "/sign/levels/missing-material-is-listed", test_missing_material_is_listed },
        { "/sign/levels/two-signatures-last", test_two_signatures_last },
        { "/sign/levels/certification-is-told", test_certification_is_told },
        { "/sign/levels/wrong-steps-are-refused", test_wrong_steps_are_refused },
        { "/sign/levels/foreign-stamps-prove-nothing", test_foreign_stamps_prove_nothing },
        { "/sign/levels/same-input-same-bytes", test_same_input_same_bytes },
    };

    return demo_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "make-levels.h"

static const uint8_t nonce[NSK_NONCE_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static GBytes *
ask_token(const Demo *demo, const uint8_t imprint[NSK_SHA256_SIZE], NskInstant at)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) request = nsk_time_stamp_request(imprint, nonce);
    g_autoptr(GBytes) answer = nsk_demo_authority_time_stamp(
        demo->authority, g_bytes_get_data(request, NULL), g_bytes_get_size(request), at, &error);
    g_assert_no_error(error);
    GBytes *token = nsk_time_stamp_response(g_bytes_get_data(answer, NULL),
                                            g_bytes_get_size(answer), imprint, nonce, &error);
    g_assert_no_error(error);
    return token;
}

GBytes *
make_stamped(const Demo *demo, GBytes *pdf, const char *field, NskInstant at)
{
    uint8_t imprint[NSK_SHA256_SIZE];
    g_autoptr(GError) error = NULL;

    nsk_sign_get_imprint(pdf, field, imprint, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) token = ask_token(demo, imprint, at);
    GBytes *done = nsk_sign_add_time_stamp(pdf, field, token, &error);
    g_assert_no_error(error);
    return done;
}

GBytes *
make_lasting(const Demo *demo, GBytes *pdf, NskInstant at)
{
    g_autoptr(NskEvidence) evidence = demo_evidence(demo, "ior", at);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) missing = nsk_sign_list_missing(pdf, demo->trust, evidence, at, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(missing->len, ==, 0);
    GBytes *done = nsk_sign_add_validation(pdf, evidence, &error);
    g_assert_no_error(error);
    return done;
}

GBytes *
make_sealed(const Demo *demo, GBytes *pdf, NskInstant at)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskSigning) signing = nsk_sign_prepare_time_stamp(pdf, &error);

    g_assert_no_error(error);
    g_autoptr(GBytes) token = ask_token(demo, nsk_signing_get_digest(signing), at);
    GBytes *done = nsk_sign_complete(signing, token, &error);
    g_assert_no_error(error);
    return done;
}

GBytes *
make_lta(const Demo *demo, GBytes *base, const char *field, NskInstant at)
{
    g_autoptr(GBytes) b = make_signed(base, demo->signer, field);
    g_autoptr(GBytes) t = make_stamped(demo, b, field, at + TEST_MINUTE);
    g_autoptr(GBytes) lt = make_lasting(demo, t, at + TEST_HOUR);

    return make_sealed(demo, lt, at + 2 * TEST_HOUR);
}

GBytes *
make_two_lta(const Demo *demo, GBytes *base, NskInstant at)
{
    g_autoptr(GBytes) b = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GBytes) t = make_stamped(demo, b, "signatory-1", at + TEST_MINUTE);

    return make_lta(demo, t, "signatory-2", at + TEST_HOUR);
}

GBytes *
make_certified(GBytes *pdf, NskIdentity *signer, const char *field)
{
    NskSignRequest request = { .field = field,
                               .chain = nsk_identity_get_chain(signer),
                               .at = TEST_NOW,
                               .certify = true };

    return make_requested(pdf, signer, &request);
}

NskVerdict *
judge_at(const Demo *demo, GBytes *pdf, NskInstant now)
{
    g_autoptr(GError) error = NULL;
    NskVerdict *verdict = NULL;

    nsk_sign_verify(pdf, demo->trust, now, &verdict, &error);
    g_assert_no_error(error);
    return verdict;
}

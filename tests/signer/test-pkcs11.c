/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "soft-token.h"

#include <glib/gstdio.h>
#include <string.h>

#define MOST 100

typedef struct {
    Desk desk;
    SoftToken token;
    NskJson *settings;
    NskSignerTarget target;
} Card;

/* A token with Sekar's key and certificates; false if there is no SoftHSM2. */
static bool
card_set_up(Card *self, const char *rsa, int rsa_bits)
{
    desk_set_up(&self->desk);
    if (!soft_token_set_up(&self->token, &self->desk))
        return false;
    if (rsa_bits != 0) {
        g_bytes_unref(self->desk.p12);
        g_ptr_array_unref(self->desk.chain);
        self->desk.p12 = desk_issue(&self->desk, "Sekar Wulandari", rsa_bits);
        self->desk.chain = desk_chain(self->desk.p12);
    }
    soft_token_put_key(&self->token, "uji", self->desk.p12, "sekar", "a1");
    self->settings = nsk_json_object();
    nsk_json_set_text(self->settings, "module", self->token.module);
    nsk_json_set_text(self->settings, "token", "uji");
    nsk_json_set_text(self->settings, "environment", self->token.environment);
    if (rsa != NULL)
        nsk_json_set_text(self->settings, "rsa", rsa);
    self->target = (NskSignerTarget){ .name = "kartu",
                                      .kind = NSK_SIGNER_PKCS11,
                                      .settings = self->settings,
                                      .office = self->desk.folder,
                                      .key = "sekar",
                                      .chain = self->desk.chain };
    return true;
}

static void
card_clear(Card *self)
{
    g_clear_pointer(&self->settings, nsk_json_unref);
    soft_token_clear(&self->token);
    desk_clear(&self->desk);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Card, card_clear)

/* Puts the module around SoftHSM2 that misbehaves. */
static void
use_bad_module(Card *self)
{
    g_autofree char *of = g_strconcat("BAD_MODULE_OF=", self->token.module, NULL);
    g_autofree char *file = g_strconcat("BAD_MODULE=", self->desk.folder, "/today", NULL);
    NskJson *list = nsk_json_array();

    nsk_json_add_text(list, self->token.environment);
    nsk_json_add_text(list, of);
    nsk_json_add_text(list, file);
    nsk_json_set_text(self->settings, "module", g_getenv("NASKAH_BAD_MODULE"));
    nsk_json_set(self->settings, "environment", list);
}

static void
set_today(const Card *self, const char *what)
{
    g_autofree char *path = g_build_filename(self->desk.folder, "today", NULL);

    g_assert_true(g_file_set_contents(path, what, -1, NULL));
}

static void
test_schemes(void)
{
    static const struct {
        const char *rsa;
        int bits;
        NskScheme scheme;
    } cases[] = {
        { NULL, 0, NSK_SCHEME_ECDSA },
        { NULL, 3072, NSK_SCHEME_RSA_PSS },
        { "pss", 3072, NSK_SCHEME_RSA_PSS },
        { "pkcs1", 2048, NSK_SCHEME_RSA_PKCS1 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Card) card = { 0 };
        NskSignerResult *results[3] = { NULL };
        g_autofree uint8_t *digests = make_digests(3);
        g_autoptr(GError) error = NULL;

        if (!card_set_up(&card, cases[i].rsa, cases[i].bits))
            return;
        g_autoptr(NskSigner) signer = open_signer(&card.desk, &card.target);
        g_assert_nonnull(nsk_signer_get_chain(signer));
        g_assert_cmpint(nsk_signer_get_facts(signer)->scheme, ==, cases[i].scheme);
        g_assert_cmpint(nsk_signer_get_facts(signer)->proof, ==, NSK_SIGNER_PROOF_PIN);
        authorise(signer, digests, 3, TEST_PIN);
        g_assert_true(nsk_signer_sign(signer, &error));
        take_results(signer, results, 3);
        assert_signed(signer, digests, results, 3);
        free_results(results, 3);
    }
}

/* The certificates are on the token, and it is named by its number. */
static void
test_chain_on_token(void)
{
    g_auto(Card) card = { 0 };
    g_autofree uint8_t *digests = make_digests(1);
    NskSignerResult *results[1] = { NULL };
    g_autoptr(GError) error = NULL;

    if (!card_set_up(&card, NULL, 0))
        return;
    soft_token_put_chain(&card.token, "uji", card.desk.p12, 0xa1);
    g_autofree char *expected = fingerprint_of(card.desk.chain);
    card.target.key = "id=a1";
    card.target.chain = NULL;
    card.target.fingerprint = expected;
    g_autoptr(NskSigner) signer = open_signer(&card.desk, &card.target);
    if (nsk_signer_get_chain(signer) == NULL) {
        g_autoptr(NskLocked) pin = nsk_locked_new(TEST_PIN, strlen(TEST_PIN), NULL);

        g_assert_true(nsk_signer_unlock(signer, pin, &error));
        g_assert_no_error(error);
    }
    g_assert_cmpuint(nsk_signer_get_chain(signer)->len, ==, card.desk.chain->len);
    authorise(signer, digests, 1, TEST_PIN);
    g_assert_true(nsk_signer_sign(signer, &error));
    take_results(signer, results, 1);
    assert_signed(signer, digests, results, 1);
    free_results(results, 1);
}

static void
test_batch(void)
{
    g_auto(Card) card = { 0 };
    NskSignerResult *results[MOST] = { NULL };
    g_autofree uint8_t *digests = make_digests(MOST + 1);
    g_autoptr(GError) error = NULL;
    NskSignerJob too_many = { .n = MOST + 1, .digests = digests };
    NskSignerProof none = { NULL, NULL };

    if (!card_set_up(&card, NULL, 0))
        return;
    g_autoptr(NskSigner) signer = open_signer(&card.desk, &card.target);
    g_assert_false(nsk_signer_authorise(signer, &too_many, &none, NULL, &error));
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_SETTINGS, &error, "1 to 100");
    authorise(signer, digests, MOST, TEST_PIN);
    g_assert_true(nsk_signer_sign(signer, &error));
    take_results(signer, results, MOST);
    assert_signed(signer, digests, results, MOST);
    free_results(results, MOST);
}

static void
test_pin(void)
{
    g_auto(Card) card = { 0 };
    g_autofree uint8_t *digests = make_digests(1);
    NskSignerJob job = { .n = 1, .digests = digests };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskLocked) wrong = nsk_locked_new("111111", 6, NULL);
    NskSignerProof proof = { wrong, NULL };

    if (!card_set_up(&card, NULL, 0))
        return;
    g_autoptr(NskSigner) signer = open_signer(&card.desk, &card.target);
    for (int i = 0; i < 3; i++) {
        g_assert_false(nsk_signer_authorise(signer, &job, &proof, NULL, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_DENIED);
        assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_SECRET, &error, "is wrong");
    }
    g_assert_false(nsk_signer_authorise(signer, &job, &proof, NULL, &error));
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_LATER, &error, "three times");
}

/* What one signer was let in by lets no other in. */
static void
test_login_is_ones_own(void)
{
    g_auto(Card) card = { 0 };
    g_autofree uint8_t *digests = make_digests(1);
    NskSignerJob job = { .n = 1, .digests = digests };
    NskSignerProof none = { NULL, NULL };
    g_autoptr(GError) error = NULL;

    if (!card_set_up(&card, NULL, 0))
        return;
    g_autoptr(NskSigner) first = open_signer(&card.desk, &card.target);
    g_autoptr(NskSigner) second = open_signer(&card.desk, &card.target);
    authorise(first, digests, 1, TEST_PIN);
    g_assert_false(nsk_signer_authorise(second, &job, &none, NULL, &error));
    assert_fault(nsk_signer_get_fault(second), NSK_SIGNER_FAULT_SECRET, &error, "needs the PIN");
    g_assert_false(nsk_signer_sign(second, &error));
    assert_fault(nsk_signer_get_fault(second), NSK_SIGNER_FAULT_EXPIRED, &error, "authorise");
}

static void
test_which_key(void)
{
    g_auto(Card) card = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskLocked) pin = nsk_locked_new(TEST_PIN, strlen(TEST_PIN), NULL);

    if (!card_set_up(&card, NULL, 0))
        return;
    soft_token_put_key(&card.token, "uji", card.desk.p12, "sekar", "a2");
    g_autoptr(NskSigner) two = open_signer(&card.desk, &card.target);
    g_assert_false(nsk_signer_unlock(two, pin, &error));
    assert_fault(nsk_signer_get_fault(two), NSK_SIGNER_FAULT_SETTINGS, &error, "id=HEX");

    card.target.key = "id=a2";
    g_autoptr(NskSigner) named = open_signer(&card.desk, &card.target);
    g_assert_true(nsk_signer_unlock(named, pin, &error));
    g_assert_no_error(error);

    card.target.key = "tiada";
    g_autoptr(NskSigner) none = open_signer(&card.desk, &card.target);
    g_assert_false(nsk_signer_unlock(none, pin, &error));
    assert_fault(nsk_signer_get_fault(none), NSK_SIGNER_FAULT_ABSENT, &error, "no key 'tiada'");
}

static void
test_which_token(void)
{
    g_auto(Card) card = { 0 };
    g_autoptr(GError) error = NULL;

    if (!card_set_up(&card, NULL, 0))
        return;
    nsk_json_set_text(card.settings, "token", "lain");
    g_autoptr(NskSigner) none = nsk_signer_open(card.desk.signers, &card.target, &error);
    g_assert_false(nsk_signer_describe(none, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    assert_fault(nsk_signer_get_fault(none), NSK_SIGNER_FAULT_ABSENT, &error, "is not there");

    nsk_json_set_text(card.settings, "module", "/tiada/modul.so");
    g_autoptr(NskSigner) broken = nsk_signer_open(card.desk.signers, &card.target, &error);
    g_assert_false(nsk_signer_describe(broken, &error));
    assert_fault(nsk_signer_get_fault(broken), NSK_SIGNER_FAULT_SETTINGS, &error, "modul.so");
}

/* State and sentence of each thing that goes wrong while it signs. */
static void
test_bad_days(void)
{
    static const struct {
        const char *today;
        NskSignerFaultKind kind;
        const char *words;
        bool evidence; /* something came */
    } cases[] = {
        { "removed", NSK_SIGNER_FAULT_ABSENT, "not there any more", false },
        { "refused", NSK_SIGNER_FAULT_REFUSED, "0x200", false },
        { "wrong", NSK_SIGNER_FAULT_ANSWER, "kept as evidence", true },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Card) card = { 0 };
        NskSignerResult *results[2] = { NULL };
        g_autofree uint8_t *digests = make_digests(2);
        g_autoptr(GError) error = NULL;

        if (!card_set_up(&card, NULL, 0))
            return;
        use_bad_module(&card);
        g_autoptr(NskSigner) signer = open_signer(&card.desk, &card.target);
        authorise(signer, digests, 2, TEST_PIN);
        set_today(&card, cases[i].today);
        g_assert_true(nsk_signer_sign(signer, &error));
        take_results(signer, results, 2);
        for (size_t k = 0; k < 2; k++) {
            g_assert_cmpint(results[k]->fault.kind, ==, cases[i].kind);
            g_assert_nonnull(strstr(results[k]->message, cases[i].words));
            g_assert_cmpint(results[k]->value != NULL, ==, cases[i].evidence);
        }
        free_results(results, 2);
    }
}

static void
test_locked(void)
{
    g_auto(Card) card = { 0 };
    g_autofree uint8_t *digests = make_digests(1);
    NskSignerJob job = { .n = 1, .digests = digests };
    g_autoptr(NskLocked) pin = nsk_locked_new(TEST_PIN, strlen(TEST_PIN), NULL);
    NskSignerProof proof = { pin, NULL };
    g_autoptr(GError) error = NULL;

    if (!card_set_up(&card, NULL, 0))
        return;
    use_bad_module(&card);
    set_today(&card, "locked");
    g_autoptr(NskSigner) signer = open_signer(&card.desk, &card.target);
    g_assert_false(nsk_signer_authorise(signer, &job, &proof, NULL, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_DENIED);
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_LOCKED, &error, "is locked");
}

/* A module that dies takes its helper with it, and nothing else. */
static void
test_crash(void)
{
    g_auto(Card) card = { 0 };
    NskSignerResult *result = NULL;
    g_autofree uint8_t *digests = make_digests(1);
    g_autoptr(GError) error = NULL;

    if (!card_set_up(&card, NULL, 0))
        return;
    use_bad_module(&card);
    g_autoptr(NskSigner) signer = open_signer(&card.desk, &card.target);
    authorise(signer, digests, 1, TEST_PIN);
    set_today(&card, "crash");
    g_assert_true(nsk_signer_sign(signer, &error));
    g_assert_false(nsk_signer_next(signer, &result, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNCERTAIN);
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_UNKNOWN, &error, "is not known");

    set_today(&card, "");
    g_autoptr(NskSigner) again = open_signer(&card.desk, &card.target);
    authorise(again, digests, 1, TEST_PIN);
}

static gpointer
cancel_soon(gpointer signer)
{
    g_usleep(200000);
    nsk_signer_cancel(signer);
    return NULL;
}

static void
test_hang(void)
{
    g_auto(Card) card = { 0 };
    NskSignerResult *result = NULL;
    g_autofree uint8_t *digests = make_digests(1);
    g_autoptr(GError) error = NULL;

    if (!card_set_up(&card, NULL, 0))
        return;
    use_bad_module(&card);
    g_autoptr(NskSigner) signer = open_signer(&card.desk, &card.target);
    authorise(signer, digests, 1, TEST_PIN);
    set_today(&card, "hang");
    g_assert_true(nsk_signer_sign(signer, &error));
    GThread *thread = g_thread_new("cancel", cancel_soon, signer);
    g_assert_false(nsk_signer_next(signer, &result, &error));
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_UNKNOWN, &error, "is not known");
    g_thread_join(thread);
    set_today(&card, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/signer/pkcs11/every-kind-of-key-signs", test_schemes);
    g_test_add_func("/signer/pkcs11/certificates-come-from-the-token", test_chain_on_token);
    g_test_add_func("/signer/pkcs11/one-pin-signs-a-hundred-and-not-one-more", test_batch);
    g_test_add_func("/signer/pkcs11/three-wrong-pins-then-a-pause", test_pin);
    g_test_add_func("/signer/pkcs11/a-login-is-for-its-own-signer", test_login_is_ones_own);
    g_test_add_func("/signer/pkcs11/keys-of-one-label-are-not-guessed-at", test_which_key);
    g_test_add_func("/signer/pkcs11/a-token-or-module-that-is-not-there-is-told", test_which_token);
    g_test_add_func("/signer/pkcs11/what-goes-wrong-while-signing-has-its-state", test_bad_days);
    g_test_add_func("/signer/pkcs11/a-locked-pin-is-told-as-such", test_locked);
    g_test_add_func("/signer/pkcs11/a-module-that-dies-leaves-the-rest-alive", test_crash);
    g_test_add_func("/signer/pkcs11/a-module-that-hangs-can-be-given-up", test_hang);
    return g_test_run();
}

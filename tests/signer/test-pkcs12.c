/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static NskSignerTarget
file_target(const Desk *desk, const NskJson *settings)
{
    return (NskSignerTarget){ .name = "berkas",
                              .kind = NSK_SIGNER_PKCS12,
                              .settings = settings,
                              .office = desk->folder,
                              .key = "sekar.p12",
                              .file = desk->p12 };
}

static void
test_signs(void)
{
    g_auto(Desk) desk = { 0 };
    g_autoptr(NskJson) settings = nsk_json_object();
    g_autofree uint8_t *digests = make_digests(3);
    NskSignerResult *results[3] = { NULL };
    g_autoptr(GError) error = NULL;

    desk_set_up(&desk);
    NskSignerTarget target = file_target(&desk, settings);
    g_autoptr(NskSigner) signer = open_signer(&desk, &target);
    g_assert_null(nsk_signer_get_chain(signer));
    g_assert_cmpint(nsk_signer_get_facts(signer)->proof, ==, NSK_SIGNER_PROOF_PASSPHRASE);
    g_autoptr(NskLocked) pass = nsk_locked_new(TEST_PASS, strlen(TEST_PASS), NULL);
    g_assert_true(nsk_signer_unlock(signer, pass, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(nsk_signer_get_chain(signer)->len, ==, desk.chain->len);
    g_autofree char *mine = fingerprint_of(desk.chain);
    g_autofree char *theirs = fingerprint_of(nsk_signer_get_chain(signer));
    g_assert_cmpstr(mine, ==, theirs);

    authorise(signer, digests, 3, NULL);
    g_assert_true(nsk_signer_sign(signer, &error));
    take_results(signer, results, 3);
    assert_signed(signer, digests, results, 3);
    free_results(results, 3);

    /* once signed with, the key is locked again */
    g_assert_false(nsk_signer_sign(signer, &error));
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_EXPIRED, &error,
                 "nothing is authorised");
    NskSignerJob job = { .n = 1, .digests = digests };
    NskSignerProof none = { NULL, NULL };
    g_assert_false(nsk_signer_authorise(signer, &job, &none, NULL, &error));
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_SECRET, &error, "passphrase");
    authorise(signer, digests, 2, TEST_PASS);
    g_assert_true(nsk_signer_sign(signer, &error));
    take_results(signer, results, 2);
    assert_signed(signer, digests, results, 2);
    free_results(results, 2);
}

/* Whatever is broken, one sentence; the fourth try is not made. */
static void
test_three_tries(void)
{
    static const char *const wrong[] = { "salah", "", "rahasia-uji " };
    g_auto(Desk) desk = { 0 };
    g_autoptr(NskJson) settings = nsk_json_object();
    g_autofree char *sentence = NULL;

    desk_set_up(&desk);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        NskSignerTarget target = file_target(&desk, settings);
        g_autoptr(NskSigner) signer = open_signer(&desk, &target);
        g_autoptr(NskLocked) pass = nsk_locked_new(wrong[i], strlen(wrong[i]), NULL);

        g_assert_false(nsk_signer_unlock(signer, pass, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_DENIED);
        g_assert_true(sentence == NULL || strcmp(sentence, error->message) == 0);
        g_free(sentence);
        sentence = g_strdup(error->message);
        assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_SECRET, &error, "is wrong");
    }
    g_autoptr(GError) error = NULL;
    NskSignerTarget target = file_target(&desk, settings);
    g_autoptr(NskSigner) signer = open_signer(&desk, &target);
    g_autoptr(NskLocked) right = nsk_locked_new(TEST_PASS, strlen(TEST_PASS), NULL);
    g_assert_false(nsk_signer_unlock(signer, right, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_BUSY);
    g_assert_cmpuint(nsk_signer_get_fault(signer).seconds, >, 200);
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_LATER, &error, "three times");

    /* another one's key is not held up */
    target.key = "budi.p12";
    g_autoptr(NskSigner) other = open_signer(&desk, &target);
    g_assert_true(nsk_signer_unlock(other, right, &error));
    g_assert_no_error(error);
}

static void
test_wrong_certificate(void)
{
    g_auto(Desk) desk = { 0 };
    g_autoptr(NskJson) settings = nsk_json_object();
    g_autoptr(GError) error = NULL;

    desk_set_up(&desk);
    g_autoptr(GBytes) p12 = desk_issue(&desk, "Budi Santoso", 0);
    g_autoptr(GPtrArray) chain = desk_chain(p12);
    g_autofree char *other = fingerprint_of(chain);
    NskSignerTarget target = file_target(&desk, settings);
    target.fingerprint = other;
    g_autoptr(NskSigner) signer = open_signer(&desk, &target);
    g_autoptr(NskLocked) pass = nsk_locked_new(TEST_PASS, strlen(TEST_PASS), NULL);
    g_assert_false(nsk_signer_unlock(signer, pass, &error));
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_CERTIFICATE, &error,
                 "another certificate");

    target.fingerprint = NULL;
    target.now = nsk_clock_now(&nsk_clock_system) + G_GINT64_CONSTANT(900) * 86400 * 1000000;
    g_autoptr(NskSigner) late = open_signer(&desk, &target);
    g_assert_false(nsk_signer_unlock(late, pass, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_EXPIRED);
    assert_fault(nsk_signer_get_fault(late), NSK_SIGNER_FAULT_EXPIRED, &error, "and not now");
}

static void
test_files(void)
{
    g_auto(Desk) desk = { 0 };
    g_autoptr(NskJson) settings = nsk_json_object();
    g_autoptr(GError) error = NULL;

    desk_set_up(&desk);
    NskSignerTarget target = file_target(&desk, settings);
    target.file = NULL;
    g_autoptr(NskSigner) none = nsk_signer_open(desk.signers, &target, &error);
    g_assert_no_error(error);
    g_assert_false(nsk_signer_describe(none, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    assert_fault(nsk_signer_get_fault(none), NSK_SIGNER_FAULT_ABSENT, &error, "sekar.p12");

    g_autofree char *keys = g_build_filename(desk.folder, "keys", NULL);
    g_autofree char *path = g_build_filename(keys, "sekar.p12", NULL);
    g_assert_cmpint(g_mkdir(keys, 0700), ==, 0);
    g_assert_true(nsk_file_write(path, g_bytes_get_data(desk.p12, NULL), g_bytes_get_size(desk.p12),
                                 0600, &error));
    g_autoptr(NskSigner) there = open_signer(&desk, &target);

    target.key = "../keys/sekar.p12";
    g_assert_null(nsk_signer_open(desk.signers, &target, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_clear_error(&error);

    g_autoptr(GBytes) garbage = g_bytes_new_static("bukan kunci", 11);
    target = file_target(&desk, settings);
    target.file = garbage;
    g_autoptr(NskSigner) broken = open_signer(&desk, &target);
    g_autoptr(NskLocked) pass = nsk_locked_new(TEST_PASS, strlen(TEST_PASS), NULL);
    g_assert_false(nsk_signer_unlock(broken, pass, &error));
    assert_fault(nsk_signer_get_fault(broken), NSK_SIGNER_FAULT_SETTINGS, &error, "PKCS#12");
}

/* A helper that dies is told of, and started anew by the next signer. */
static void
test_helper_dies(void)
{
    g_auto(Desk) desk = { 0 };
    g_autoptr(NskJson) settings = nsk_json_object();
    g_autoptr(GError) error = NULL;
    g_autofree uint8_t *digests = make_digests(1);

    desk_set_up(&desk);
    NskSignerTarget target = file_target(&desk, settings);
    g_autoptr(NskSigner) signer = open_signer(&desk, &target);
    authorise(signer, digests, 1, TEST_PASS);
    nsk_signer_cancel(signer);
    g_assert_false(nsk_signer_sign(signer, &error));
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_CANCELLED, &error, "given up");
    g_autoptr(NskSigner) again = open_signer(&desk, &target);
    authorise(again, digests, 1, TEST_PASS);
}

/* A helper that is no helper, or is not there, is an error and not a wait without end. */
static void
test_no_helper(void)
{
    static const char *const programs[] = { "/bin/false", "/bin/cat", "/bin/true",
                                            "/tiada/naskah" };
    g_auto(Desk) desk = { 0 };
    g_autoptr(NskJson) settings = nsk_json_object();
    g_autofree char *right = g_strdup(g_getenv("NASKAH_SIGNER"));

    desk_set_up(&desk);
    NskSignerTarget target = file_target(&desk, settings);
    for (size_t i = 0; i < G_N_ELEMENTS(programs); i++) {
        g_autoptr(NskSigners) signers = nsk_signers_new();
        g_autoptr(GError) error = NULL;

        g_setenv("NASKAH_SIGNER", programs[i], TRUE);
        g_assert_null(nsk_signer_open(signers, &target, &error));
        g_test_message("%s: %s", programs[i], error->message);
        g_assert_true(g_error_matches(error, NSK_ERROR, NSK_ERROR_BUSY) ||
                      g_error_matches(error, NSK_ERROR, NSK_ERROR_IO));
    }
    g_setenv("NASKAH_SIGNER", right, TRUE);
}

static void
test_settings(void)
{
    static const struct {
        NskSignerKind kind;
        const char *settings;
        const char *words; /* NULL: they are good */
    } cases[] = {
        { NSK_SIGNER_PKCS12, "{}", NULL },
        { NSK_SIGNER_PKCS12, "{\"folder\":\"keys\"}", NULL },
        { NSK_SIGNER_PKCS12, "{\"folder\":1}", "'folder' is not" },
        { NSK_SIGNER_PKCS12, "{\"url\":\"https://x\"}", "no setting 'url'" },
        { NSK_SIGNER_PKCS11, "{}", "needs the setting 'module'" },
        { NSK_SIGNER_PKCS11, "{\"module\":\"m.so\"}", "'module' is not" },
        { NSK_SIGNER_PKCS11, "{\"module\":\"/m.so\",\"rsa\":\"raw\"}", "'rsa' is not" },
        { NSK_SIGNER_PKCS11, "{\"module\":\"/m.so\",\"environment\":\"LD_PRELOAD=/x\"}",
          "'environment' is not" },
        { NSK_SIGNER_PKCS11, "{\"module\":\"/m.so\",\"environment\":[\"A=1\",\"B=2\"]}", NULL },
        { NSK_SIGNER_PKCS11, "{\"module\":\"/m.so\",\"environment\":[\"A=1\",2]}",
          "'environment' is not" },
        { NSK_SIGNER_CSC, "{\"url\":\"ftp://x\"}", "'url' is not" },
        { NSK_SIGNER_CSC, "{\"url\":\"https://x/csc/v2\",\"batch\":101}", "'batch' is not" },
        { NSK_SIGNER_CSC, "{\"url\":\"https://x/csc/v2\",\"batch\":100}", NULL },
        { NSK_SIGNER_BSRE, "{\"url\":\"https://x\"}", "needs the setting 'version'" },
        { NSK_SIGNER_BSRE, "{\"url\":\"https://x\",\"version\":3}", "'version' is not" },
        { NSK_SIGNER_BSRE, "{\"url\":\"https://x\",\"version\":2,\"timeout\":0}",
          "'timeout' is not" },
        { NSK_SIGNER_BSRE, "{\"url\":\"https://x\",\"version\":2,\"timeout\":90}", NULL },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskJson) settings = json_of(cases[i].settings);
        g_autoptr(GError) error = NULL;
        bool good = nsk_signer_check_settings(cases[i].kind, settings, &error);

        g_assert_cmpint(good, ==, cases[i].words == NULL);
        if (cases[i].words != NULL) {
            g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
            g_assert_nonnull(strstr(error->message, cases[i].words));
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/signer/pkcs12/a-file-signs-once-for-an-authorisation", test_signs);
    g_test_add_func("/signer/pkcs12/three-wrong-passphrases-one-sentence-then-a-pause",
                    test_three_tries);
    g_test_add_func("/signer/pkcs12/another-or-an-old-certificate-is-refused",
                    test_wrong_certificate);
    g_test_add_func("/signer/pkcs12/files-that-are-not-there-or-no-keys-are-told", test_files);
    g_test_add_func("/signer/pkcs12/what-was-given-up-is-over-and-the-next-works",
                    test_helper_dies);
    g_test_add_func("/signer/pkcs12/a-helper-that-is-none-is-told", test_no_helper);
    g_test_add_func("/signer/settings/each-is-checked-by-name", test_settings);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service.h"

#include <string.h>

#define N 4

typedef struct {
    Desk desk;
    Service service;
    NskJson *settings;
    NskSignerTarget target;
    uint8_t *digests;
} Case;

static bool
case_set_up(Case *self)
{
    desk_set_up(&self->desk);
    self->digests = make_digests(N);
    if (!service_set_up(&self->service, &self->desk, true))
        return false;
    service_credentials(&self->service, "awan", "bearer demo-token\n", 0600);
    self->settings = service_settings(&self->service, "/csc/v2", ",\"timeout\":6");
    self->target = (NskSignerTarget){ .name = "awan",
                                      .kind = NSK_SIGNER_CSC,
                                      .settings = self->settings,
                                      .office = self->desk.folder,
                                      .key = "kunci-sekar" };
    return true;
}

static void
case_clear(Case *self)
{
    service_clear(&self->service);
    g_clear_pointer(&self->settings, nsk_json_unref);
    g_free(self->digests);
    desk_clear(&self->desk);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Case, case_clear)

static bool
try_authorise(NskSigner *signer,
              const Case *self,
              const char *pin,
              const char *code,
              GError **error)
{
    g_autoptr(NskLocked) secret = nsk_locked_new(pin, strlen(pin), NULL);
    g_autoptr(NskLocked) once = nsk_locked_new(code, strlen(code), NULL);
    NskSignerJob job = { .n = N, .digests = self->digests };
    NskSignerProof proof = { secret, once };

    return nsk_signer_authorise(signer, &job, &proof, NULL, error);
}

static void
test_signs(void)
{
    g_auto(Case) self = { 0 };
    NskSignerResult *results[N] = { NULL };
    g_autoptr(GError) error = NULL;

    if (!case_set_up(&self))
        return;
    g_autofree char *expected = fingerprint_of(self.desk.chain);
    self.target.fingerprint = expected;
    g_autoptr(NskSigner) signer = open_signer(&self.desk, &self.target);
    const NskSignerFacts *facts = nsk_signer_get_facts(signer);
    g_assert_cmpuint(facts->batch, ==, 50);
    g_assert_true(facts->binds && facts->sends_code && !facts->whole_pdf);
    g_assert_cmpint(facts->proof, ==, NSK_SIGNER_PROOF_PIN_AND_CODE);
    g_assert_true(nsk_signer_send_code(signer, &error));
    g_assert_true(try_authorise(signer, &self, SERVICE_PIN, SERVICE_CODE, &error));
    g_assert_no_error(error);
    g_assert_true(nsk_signer_sign(signer, &error));
    take_results(signer, results, N);
    assert_signed(signer, self.digests, results, N);
    free_results(results, N);
    /* the SAD is used up */
    g_assert_false(nsk_signer_sign(signer, &error));
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_EXPIRED, &error, "authorise");
}

static void
test_secrets(void)
{
    g_auto(Case) self = { 0 };
    g_autoptr(GError) error = NULL;

    if (!case_set_up(&self))
        return;
    g_autoptr(NskSigner) signer = open_signer(&self.desk, &self.target);
    g_assert_false(try_authorise(signer, &self, "000000", SERVICE_CODE, &error));
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_SECRET, &error, "is wrong");
    g_assert_false(try_authorise(signer, &self, SERVICE_PIN, "000000", &error));
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_SECRET, &error, "is wrong");
    g_assert_false(try_authorise(signer, &self, "1", "2", &error));
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_SECRET, &error, "is wrong");
    unsigned asked = service_count(&self.service, "authorize");
    g_assert_false(try_authorise(signer, &self, SERVICE_PIN, SERVICE_CODE, &error));
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_LATER, &error, "three times");
    g_assert_cmpuint(service_count(&self.service, "authorize"), ==, asked);
}

/* What goes wrong before anything is signed. */
static void
test_bad_describe(void)
{
    static const struct {
        const char *today;
        NskSignerFaultKind kind;
        const char *words;
        unsigned seconds;
    } cases[] = {
        { "service silent", NSK_SIGNER_FAULT_LATER, "did not answer in time", 30 },
        { "info silent", NSK_SIGNER_FAULT_LATER, "did not answer in time", 30 },
        { "service garbage", NSK_SIGNER_FAULT_ANSWER, "does not answer as it should", 0 },
        { "service old", NSK_SIGNER_FAULT_SETTINGS, "does not speak version 2", 0 },
        { "service nohash", NSK_SIGNER_FAULT_SETTINGS, "does not sign hashes", 0 },
        { "info busy", NSK_SIGNER_FAULT_LATER, "try again in 7 s", 7 },
        { "info broken", NSK_SIGNER_FAULT_LATER, "status 500", 30 },
        { "info garbage", NSK_SIGNER_FAULT_ANSWER, "does not answer as it should", 0 },
        { "info endless", NSK_SIGNER_FAULT_ANSWER, "more than 1048576 bytes", 0 },
        { "info cut", NSK_SIGNER_FAULT_LATER, "cannot be asked", 30 },
        { "info expired", NSK_SIGNER_FAULT_REFUSED, "revoked or over", 0 },
        { "info page", NSK_SIGNER_FAULT_SETTINGS, "a page of the service", 0 },
        { "info riddle", NSK_SIGNER_FAULT_SETTINGS, "mode 'explicit'", 0 },
        { "info cert", NSK_SIGNER_FAULT_CERTIFICATE, "another certificate", 0 },
    };
    g_auto(Case) self = { 0 };

    if (!case_set_up(&self))
        return;
    g_autofree char *expected = fingerprint_of(self.desk.chain);
    self.target.fingerprint = expected;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskSigner) signer = nsk_signer_open(self.desk.signers, &self.target, &error);

        g_test_message("%s", cases[i].today);
        g_assert_no_error(error);
        service_today(&self.service, cases[i].today);
        g_assert_false(nsk_signer_describe(signer, &error));
        g_assert_cmpuint(nsk_signer_get_fault(signer).seconds, ==, cases[i].seconds);
        assert_fault(nsk_signer_get_fault(signer), cases[i].kind, &error, cases[i].words);
        /* and it works once the day is better */
        service_today(&self.service, "");
        g_assert_true(nsk_signer_describe(signer, &error));
    }
}

/* What goes wrong with the signatures; the k-th letter of states: S signed, U unknown, E answer,
 * X expired, L later, R refused. */
static void
test_bad_signing(void)
{
    static const struct {
        const char *today;
        const char *states;
        const char *words; /* of the last */
    } cases[] = {
        { "signHash order", "SSSS", NULL },
        { "signHash raw", "SSSS", NULL },
        { "signHash half", "SSUU", "gave no signature for this letter" },
        { "signHash other", "EEEE", "kept as evidence" },
        { "signHash expired", "XXXX", "is over; authorise again" },
        { "signHash busy", "LLLL", "try again in 7 s" },
        { "signHash broken", "UUUU", "failed while it was signing (status 500)" },
        { "signHash silent", "UUUU", "did not finish its answer" },
        { "signHash cut", "UUUU", "did not finish its answer" },
        { "signHash garbage", "UUUU", "cannot be read" },
        { "signHash endless", "UUUU", "did not finish its answer" },
        { "authorize brief", "XXXX", "nothing was signed, authorise again" },
    };
    g_auto(Case) self = { 0 };

    if (!case_set_up(&self))
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskSignerResult *results[N] = { NULL };
        g_autoptr(GError) error = NULL;
        g_autoptr(NskSigner) signer = open_signer(&self.desk, &self.target);
        char states[N + 1] = "";

        g_test_message("%s", cases[i].today);
        service_today(&self.service, cases[i].today);
        g_assert_true(try_authorise(signer, &self, SERVICE_PIN, SERVICE_CODE, &error));
        g_assert_true(nsk_signer_sign(signer, &error));
        take_results(signer, results, N);
        for (size_t k = 0; k < N; k++) {
            NskSignerFaultKind kind = results[k]->fault.kind;

            states[k] = kind == NSK_SIGNER_FAULT_NONE      ? 'S'
                        : kind == NSK_SIGNER_FAULT_UNKNOWN ? 'U'
                        : kind == NSK_SIGNER_FAULT_ANSWER  ? 'E'
                        : kind == NSK_SIGNER_FAULT_EXPIRED ? 'X'
                        : kind == NSK_SIGNER_FAULT_LATER   ? 'L'
                                                           : '?';
            if (states[k] == 'S')
                g_assert_true(nsk_cert_check_value(
                    g_ptr_array_index(nsk_signer_get_chain(signer), 0), NSK_SCHEME_ECDSA,
                    self.digests + k * NSK_SHA256_SIZE, results[k]->value));
            g_assert_cmpint(results[k]->value != NULL, ==, states[k] == 'S' || states[k] == 'E');
        }
        g_assert_cmpstr(states, ==, cases[i].states);
        if (cases[i].words != NULL)
            g_assert_nonnull(strstr(results[N - 1]->message, cases[i].words));
        free_results(results, N);
        service_today(&self.service, "");
    }
}

static void
test_waiting(void)
{
    g_auto(Case) self = { 0 };
    NskSignerResult *results[N] = { NULL };
    NskSignerJob job = { .n = N };
    g_autoptr(GError) error = NULL;

    if (!case_set_up(&self))
        return;
    job.digests = self.digests;
    service_today(&self.service, "signHash waiting\nsignPolling waiting");
    g_autoptr(NskSigner) signer = open_signer(&self.desk, &self.target);
    g_assert_true(try_authorise(signer, &self, SERVICE_PIN, SERVICE_CODE, &error));
    g_assert_true(nsk_signer_sign(signer, &error));
    take_results(signer, results, N);
    g_assert_cmpint(results[0]->fault.kind, ==, NSK_SIGNER_FAULT_WAITING);
    g_assert_cmpuint(results[0]->fault.seconds, ==, 10);
    g_autofree char *ticket = g_strdup(results[0]->ticket);
    free_results(results, N);

    /* after a crash: another signer asks */
    g_autoptr(NskSigner) later = open_signer(&self.desk, &self.target);
    g_assert_true(nsk_signer_poll(later, &job, ticket, &error));
    take_results(later, results, N);
    g_assert_cmpint(results[N - 1]->fault.kind, ==, NSK_SIGNER_FAULT_WAITING);
    free_results(results, N);
    service_today(&self.service, "");
    g_assert_true(nsk_signer_poll(later, &job, ticket, &error));
    take_results(later, results, N);
    assert_signed(later, self.digests, results, N);
    free_results(results, N);
    g_assert_true(nsk_signer_poll(later, &job, "response-99", &error));
    take_results(later, results, N);
    g_assert_cmpint(results[0]->fault.kind, ==, NSK_SIGNER_FAULT_REFUSED);
    free_results(results, N);
}

/* A key may be named by whose it is, if that is enough. */
static void
test_users(void)
{
    static const struct {
        const char *key;
        NskSignerFaultKind kind;
        const char *words;
    } cases[] = {
        { "user=dua", NSK_SIGNER_FAULT_SETTINGS, "kunci-sekar, kunci-lain" },
        { "user=tiada", NSK_SIGNER_FAULT_ABSENT, "no key of 'tiada'" },
    };
    g_auto(Case) self = { 0 };
    g_autoptr(GError) error = NULL;
    NskSignerResult *results[N] = { NULL };

    if (!case_set_up(&self))
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        self.target.key = cases[i].key;
        g_autoptr(NskSigner) signer = nsk_signer_open(self.desk.signers, &self.target, &error);
        g_assert_false(nsk_signer_describe(signer, &error));
        assert_fault(nsk_signer_get_fault(signer), cases[i].kind, &error, cases[i].words);
    }
    self.target.key = "user=sekar";
    g_autoptr(NskSigner) signer = open_signer(&self.desk, &self.target);
    g_assert_true(try_authorise(signer, &self, SERVICE_PIN, SERVICE_CODE, &error));
    g_assert_true(nsk_signer_sign(signer, &error));
    take_results(signer, results, N);
    assert_signed(signer, self.digests, results, N);
    free_results(results, N);
}

static void
test_credentials(void)
{
    static const struct {
        const char *text;
        int mode;
        const char *words;
    } cases[] = {
        { "bearer demo-token\n", 0644, "chmod 600" },
        { "bearer demo-token\n", 0640, "chmod 600" },
        { "bearer\n", 0600, "are not lines" },
        { "token demo-token\n", 0600, "are not lines" },
    };
    g_auto(Case) self = { 0 };
    g_autoptr(GError) error = NULL;

    if (!case_set_up(&self))
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        service_credentials(&self.service, "awan", cases[i].text, cases[i].mode);
        g_assert_null(nsk_signer_open(self.desk.signers, &self.target, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_nonnull(strstr(error->message, cases[i].words));
        g_clear_error(&error);
    }
    service_credentials(&self.service, "awan", "# catatan\nbearer salah\n", 0600);
    g_autoptr(NskSigner) signer = nsk_signer_open(self.desk.signers, &self.target, &error);
    g_assert_no_error(error);
    g_assert_false(nsk_signer_describe(signer, &error));
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_SETTINGS, &error,
                 "renew its credentials");
}

/* A service that repeats the PIN in its words does not bring it into ours. */
static void
test_echo(void)
{
    g_auto(Case) self = { 0 };
    g_autoptr(GError) error = NULL;

    if (!case_set_up(&self))
        return;
    g_autoptr(NskSigner) signer = open_signer(&self.desk, &self.target);
    service_today(&self.service, "authorize echo");
    g_assert_false(try_authorise(signer, &self, SERVICE_PIN, SERVICE_CODE, &error));
    g_assert_null(strstr(error->message, SERVICE_PIN));
    g_assert_null(strstr(error->message, SERVICE_CODE));
    assert_fault(nsk_signer_get_fault(signer), NSK_SIGNER_FAULT_REFUSED, &error, "status 400");
}

/* Certificates of TLS are verified, and secrets do not go over plain HTTP to other machines. */
static void
test_tls(void)
{
    g_auto(Case) self = { 0 };
    g_autoptr(GError) error = NULL;

    if (!case_set_up(&self))
        return;
    g_autofree char *text =
        g_strdup_printf("{\"url\":\"%s/csc/v2\",\"timeout\":2}", self.service.base);
    g_autoptr(NskJson) plain = json_of("{\"url\":\"http://192.0.2.1/csc/v2\",\"timeout\":2}");
    g_autoptr(NskJson) unknown = json_of(text);
    self.target.settings = unknown;
    g_autoptr(NskSigner) first = nsk_signer_open(self.desk.signers, &self.target, &error);
    g_assert_false(nsk_signer_describe(first, &error));
    assert_fault(nsk_signer_get_fault(first), NSK_SIGNER_FAULT_SETTINGS, &error, "does not hold");
    g_assert_cmpuint(service_count(&self.service, "info"), ==, 0);
    self.target.settings = plain;
    g_autoptr(NskSigner) second = nsk_signer_open(self.desk.signers, &self.target, &error);
    g_assert_false(nsk_signer_describe(second, &error));
    assert_fault(nsk_signer_get_fault(second), NSK_SIGNER_FAULT_SETTINGS, &error,
                 "without encryption");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/signer/csc/signs-with-an-authorisation-bound-to-the-hashes", test_signs);
    g_test_add_func("/signer/csc/three-wrong-secrets-and-the-service-is-left-alone", test_secrets);
    g_test_add_func("/signer/csc/a-bad-day-before-signing-has-its-state", test_bad_describe);
    g_test_add_func("/signer/csc/a-bad-day-while-signing-has-its-state", test_bad_signing);
    g_test_add_func("/signer/csc/what-is-not-done-yet-is-asked-for-later", test_waiting);
    g_test_add_func("/signer/csc/a-key-is-named-by-its-user-if-that-is-enough", test_users);
    g_test_add_func("/signer/csc/credentials-are-private-lines", test_credentials);
    g_test_add_func("/signer/csc/no-secret-comes-back-in-words", test_echo);
    g_test_add_func("/signer/csc/no-secret-goes-to-whom-tls-does-not-know", test_tls);
    return g_test_run();
}

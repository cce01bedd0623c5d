/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service.h"
#include "sign/sign.h"

#include <string.h>

#define N 4

typedef struct {
    Desk desk;
    Service service;
    NskJson *settings;
    NskSignerTarget target;
    GBytes *pdfs[N];
} Case;

static bool
case_set_up(Case *self, int version)
{
    g_autofree char *more = g_strdup_printf(",\"version\":%d,\"timeout\":6", version);

    desk_set_up(&self->desk);
    for (unsigned i = 0; i < N; i++)
        self->pdfs[i] = service_pdf(i);
    if (!service_set_up(&self->service, &self->desk, false))
        return false;
    self->settings = service_settings(&self->service, "", more);
    self->target = (NskSignerTarget){ .name = "bsre",
                                      .kind = NSK_SIGNER_BSRE,
                                      .settings = self->settings,
                                      .office = self->desk.folder,
                                      .key = SERVICE_NIK,
                                      .chain = self->desk.chain };
    return true;
}

static void
case_clear(Case *self)
{
    service_clear(&self->service);
    g_clear_pointer(&self->settings, nsk_json_unref);
    for (unsigned i = 0; i < N; i++)
        g_bytes_unref(self->pdfs[i]);
    desk_clear(&self->desk);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Case, case_clear)

/* Authorises with a passphrase, or with a code, and signs. */
static void
sign(NskSigner *signer, const Case *self, const char *passphrase, const char *code)
{
    static const NskSignerPlace places[N] = {
        { 1, { 300, 100, 500, 160 }, NULL },
        { 0, { 0, 0, 0, 0 }, NULL },
        { 1, { 300, 100, 500, 160 }, NULL },
        { 0, { 0, 0, 0, 0 }, NULL },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskLocked) secret =
        passphrase != NULL ? nsk_locked_new(passphrase, strlen(passphrase), NULL) : NULL;
    g_autoptr(NskLocked) once = code != NULL ? nsk_locked_new(code, strlen(code), NULL) : NULL;
    NskSignerJob job = { .n = N, .pdfs = self->pdfs, .places = places, .reason = "Setuju" };
    NskSignerProof proof = { secret, once };

    g_assert_true(nsk_signer_authorise(signer, &job, &proof, NULL, &error));
    g_assert_no_error(error);
    g_assert_true(nsk_signer_sign(signer, &error));
    g_assert_no_error(error);
}

/* The verifier's opinion of a result. */
static NskVerdict *
judge(const Case *self, GBytes *pdf)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskTrust) trust = nsk_trust_new();
    NskVerdict *verdict = NULL;

    nsk_trust_add(trust, nsk_demo_authority_get_root(self->desk.authority));
    g_assert_true(nsk_sign_verify(pdf, trust, nsk_clock_now(&nsk_clock_system), &verdict, &error));
    g_assert_no_error(error);
    return verdict;
}

static void
test_signs(void)
{
    static const struct {
        int version;
        const char *passphrase;
        const char *code;
        const char *path;
        unsigned requests;
    } cases[] = {
        { 1, SERVICE_PASS, NULL, "/api/sign/pdf", N },
        { 2, SERVICE_PASS, NULL, "/api/v2/sign/pdf", N },
        { 2, NULL, SERVICE_CODE, "/api/v2/sign/pdf", 1 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Case) self = { 0 };
        NskSignerResult *results[N] = { NULL };
        g_autofree char *signer_name = NULL;

        if (!case_set_up(&self, cases[i].version))
            return;
        g_autoptr(NskSigner) signer = open_signer(&self.desk, &self.target);
        g_assert_true(nsk_signer_get_facts(signer)->whole_pdf);
        g_assert_cmpuint(nsk_signer_get_facts(signer)->batch, ==, 20);
        sign(signer, &self, cases[i].passphrase, cases[i].code);
        take_results(signer, results, N);
        for (size_t k = 0; k < N; k++) {
            g_assert_cmpstr(results[k]->message, ==, NULL);
            g_autoptr(NskVerdict) verdict = judge(&self, results[k]->value);
            g_assert_cmpint(verdict->result, ==, NSK_VERDICT_VALID);
        }
        free_results(results, N);
        g_assert_cmpuint(service_count(&self.service, cases[i].path), ==, cases[i].requests);
    }
}

/* States as in test-csc.c, and A absent, P wrong secret, W waiting. */
static char
letter_of(NskSignerFaultKind kind)
{
    switch (kind) {
    case NSK_SIGNER_FAULT_NONE:
        return 'S';
    case NSK_SIGNER_FAULT_UNKNOWN:
        return 'U';
    case NSK_SIGNER_FAULT_ANSWER:
        return 'E';
    case NSK_SIGNER_FAULT_LATER:
        return 'L';
    case NSK_SIGNER_FAULT_SECRET:
        return 'P';
    case NSK_SIGNER_FAULT_WAITING:
        return 'W';
    case NSK_SIGNER_FAULT_LOCKED:
    case NSK_SIGNER_FAULT_REFUSED:
    case NSK_SIGNER_FAULT_EXPIRED:
    case NSK_SIGNER_FAULT_CERTIFICATE:
    case NSK_SIGNER_FAULT_ABSENT:
    case NSK_SIGNER_FAULT_SETTINGS:
    case NSK_SIGNER_FAULT_CANCELLED:
    default:
        return '?';
    }
}

static const struct {
    int version;
    const char *today;
    const char *passphrase; /* NULL: with a code */
    const char *states;
    const char *words;
} bad_days[] = {
    { 1, "pdf silent", SERVICE_PASS, "ULLL", "was not sent" },
    { 1, "pdf busy", SERVICE_PASS, "LLLL", "try again in 7 s" },
    { 1, "pdf broken", SERVICE_PASS, "ULLL", "was not sent" },
    { 1, "pdf garbage", SERVICE_PASS, "EEEE", "no PDF" },
    { 1, "pdf resaved", SERVICE_PASS, "EEEE", "saved it anew" },
    { 1, "pdf cut", SERVICE_PASS, "WWWW", "ask for it again" },
    { 1, "", "salah", "PPPP", "is wrong" },
    { 2, "pdf silent", SERVICE_PASS, "ULLL", "was not sent" },
    { 2, "pdf busy", SERVICE_PASS, "LLLL", "try again in 7 s" },
    { 2, "pdf broken", SERVICE_PASS, "ULLL", "was not sent" },
    { 2, "pdf garbage", SERVICE_PASS, "ULLL", "was not sent" },
    { 2, "pdf endless", SERVICE_PASS, "ULLL", "was not sent" },
    { 2, "pdf resaved", SERVICE_PASS, "EEEE", "saved it anew" },
    { 2, "", "salah", "PPPP", "is wrong" },
    { 1, "pdf echo", SERVICE_PASS, "????", "no reason is given" },
    { 2, "pdf echo", SERVICE_PASS, "????", "no reason is given" },
    { 2, "pdf order", NULL, "SSSS", NULL },
    { 2, "pdf half", NULL, "SSUU", "gave 2" },
    { 2, "pdf resaved", NULL, "EEEE", "saved it anew" },
};

static void
test_bad_days(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bad_days); i++) {
        g_auto(Case) self = { 0 };
        NskSignerResult *results[N] = { NULL };
        char states[N + 1] = "";

        g_test_message("%d %s", bad_days[i].version, bad_days[i].today);
        if (!case_set_up(&self, bad_days[i].version))
            return;
        service_today(&self.service, bad_days[i].today);
        g_autoptr(NskSigner) signer = open_signer(&self.desk, &self.target);
        sign(signer, &self, bad_days[i].passphrase,
             bad_days[i].passphrase == NULL ? SERVICE_CODE : NULL);
        take_results(signer, results, N);
        for (size_t k = 0; k < N; k++) {
            states[k] = letter_of(results[k]->fault.kind);
            g_assert_cmpint(results[k]->value != NULL, ==, states[k] == 'S' || states[k] == 'E');
        }
        g_assert_cmpstr(states, ==, bad_days[i].states);
        if (bad_days[i].words != NULL)
            g_assert_nonnull(strstr(results[N - 1]->message, bad_days[i].words));
        free_results(results, N);
        /* with a wrong secret, or an answer that was lost, it is not asked again */
        if (states[0] == 'P' || strcmp(states, "ULLL") == 0)
            g_assert_cmpuint(service_count(&self.service, "/pdf"), ==, 1);
    }
}

/* Another person's certificate, and a PDF that was saved anew, are seen by the verifier. */
static void
test_verifier(void)
{
    static const char *const days[] = { "pdf other", "pdf resaved" };

    for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
        g_auto(Case) self = { 0 };
        NskSignerResult *results[N] = { NULL };

        if (!case_set_up(&self, 2))
            return;
        service_today(&self.service, days[i]);
        g_autoptr(NskSigner) signer = open_signer(&self.desk, &self.target);
        sign(signer, &self, SERVICE_PASS, NULL);
        take_results(signer, results, N);
        g_autoptr(NskVerdict) verdict = judge(&self, results[0]->value);
        if (i == 0) {
            const NskSignature *signature = g_ptr_array_index(verdict->signatures, 0);

            g_assert_cmpint(verdict->result, ==, NSK_VERDICT_VALID);
            g_assert_cmpstr(nsk_cert_facts(signature->signer)->subject, ==, "Budi Santoso (DEMO)");
        } else {
            g_assert_cmpint(verdict->result, ==, NSK_VERDICT_INVALID);
        }
        free_results(results, N);
    }
}

static void
test_fetched(void)
{
    g_auto(Case) self = { 0 };
    NskSignerResult *results[N] = { NULL };
    NskSignerJob one = { .n = 1, .pdfs = self.pdfs };
    g_autoptr(GError) error = NULL;

    if (!case_set_up(&self, 1))
        return;
    service_today(&self.service, "pdf waiting\ndownload busy");
    g_autoptr(NskSigner) signer = open_signer(&self.desk, &self.target);
    sign(signer, &self, SERVICE_PASS, NULL);
    take_results(signer, results, N);
    g_assert_cmpint(results[0]->fault.kind, ==, NSK_SIGNER_FAULT_WAITING);
    g_autofree char *ticket = g_strdup(results[0]->ticket);
    g_assert_cmpstr(ticket, ==, "dokumen-0");
    free_results(results, N);

    service_today(&self.service, "");
    g_autoptr(NskSigner) later = open_signer(&self.desk, &self.target);
    g_assert_true(nsk_signer_poll(later, &one, ticket, &error));
    take_results(later, results, 1);
    g_assert_cmpint(results[0]->fault.kind, ==, NSK_SIGNER_FAULT_NONE);
    g_autoptr(NskVerdict) verdict = judge(&self, results[0]->value);
    g_assert_cmpint(verdict->result, ==, NSK_VERDICT_VALID);
    free_results(results, 1);
    g_assert_true(nsk_signer_poll(later, &one, "../../user", &error));
    take_results(later, results, 1);
    g_assert_cmpint(results[0]->fault.kind, ==, NSK_SIGNER_FAULT_SETTINGS);
    free_results(results, 1);
}

static void
test_person(void)
{
    static const struct {
        const char *today;
        const char *nik;
        NskSignerFaultKind kind;
        const char *words;
    } cases[] = {
        { "status expired", SERVICE_NIK, NSK_SIGNER_FAULT_EXPIRED, "is over" },
        { "", "3175000000000099", NSK_SIGNER_FAULT_ABSENT, "not registered" },
        { "status busy", SERVICE_NIK, NSK_SIGNER_FAULT_LATER, "7 s" },
        { "status garbage", SERVICE_NIK, NSK_SIGNER_FAULT_ANSWER, "as it should" },
    };

    for (int version = 1; version <= 2; version++) {
        g_auto(Case) self = { 0 };

        if (!case_set_up(&self, version))
            return;
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
            g_autoptr(GError) error = NULL;

            service_today(&self.service, cases[i].today);
            self.target.key = cases[i].nik;
            g_autoptr(NskSigner) signer = nsk_signer_open(self.desk.signers, &self.target, &error);
            g_assert_no_error(error);
            g_test_message("%d %s", version, cases[i].today);
            g_assert_false(nsk_signer_describe(signer, &error));
            assert_fault(nsk_signer_get_fault(signer), cases[i].kind, &error, cases[i].words);
        }
        g_autoptr(GError) error = NULL;
        self.target.key = "../sign/pdf";
        g_assert_null(nsk_signer_open(self.desk.signers, &self.target, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/signer/bsre/whole-pdfs-come-back-signed", test_signs);
    g_test_add_func("/signer/bsre/a-bad-day-has-its-state-for-each-letter", test_bad_days);
    g_test_add_func("/signer/bsre/the-verifier-sees-whose-certificate-it-is", test_verifier);
    g_test_add_func("/signer/bsre/what-was-signed-and-not-given-is-fetched-later", test_fetched);
    g_test_add_func("/signer/bsre/the-person-is-looked-up-first", test_person);
    return g_test_run();
}

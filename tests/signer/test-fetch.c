/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service.h"

#include <string.h>

static const char *const hosts[] = { "127.0.0.1", NULL };
static const uint8_t imprint[NSK_SHA256_SIZE] = { 1, 2, 3 };

static void
run(const Desk *desk, const char *const *argv)
{
    g_autoptr(GError) error = NULL;
    int status;

    g_spawn_sync(desk->folder, (char **)(guintptr)argv, NULL,
                 G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                 NULL, NULL, NULL, NULL, &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
}

/* A certificate of the authority that names this service for its status, by OpenSSL's command;
 * @where: "OCSP;URI:..." or a list of revocations. */
static NskCert *
certify(const Service *service, const char *extension)
{
    const Desk *desk = service->desk;
    g_autofree char *text = g_strconcat(extension, "\nkeyUsage=digitalSignature\n", NULL);
    g_autofree char *file = g_build_filename(desk->folder, "ext.cnf", NULL);
    g_autofree char *pem = g_build_filename(desk->folder, "leaf.pem", NULL);
    static const char *const key[] = { "openssl", "pkcs12",          "-in",  "authority.p12",
                                       "-nodes",  "-nocerts",        "-out", "ca.key",
                                       "-passin", "pass:" TEST_PASS, NULL };
    static const char *const cert[] = { "openssl", "pkcs12",          "-in",  "authority.p12",
                                        "-nokeys", "-clcerts",        "-out", "ca.pem",
                                        "-passin", "pass:" TEST_PASS, NULL };
    static const char *const ask[] = { "openssl",
                                       "req",
                                       "-new",
                                       "-newkey",
                                       "ec",
                                       "-pkeyopt",
                                       "ec_paramgen_curve:P-256",
                                       "-nodes",
                                       "-subj",
                                       "/CN=DEMO/O=DEMO",
                                       "-keyout",
                                       "leaf.key",
                                       "-out",
                                       "leaf.csr",
                                       NULL };
    static const char *const sign[] = { "openssl", "x509",     "-req",    "-in",         "leaf.csr",
                                        "-CA",     "ca.pem",   "-CAkey",  "ca.key",      "-days",
                                        "2",       "-extfile", "ext.cnf", "-set_serial", "77",
                                        "-out",    "leaf.pem", NULL };
    g_autofree char *read = NULL;
    gsize size;

    g_assert_true(g_file_set_contents(file, text, -1, NULL));
    run(desk, key);
    run(desk, cert);
    run(desk, ask);
    run(desk, sign);
    g_assert_true(g_file_get_contents(pem, &read, &size, NULL));
    NskCert *made = nsk_cert_parse(read, size, NULL);
    g_assert_nonnull(made);
    return made;
}

static void
test_time_stamp(void)
{
    static const struct {
        const char *today;
        NskSignerFaultKind kind;
        const char *words;
        unsigned seconds;
    } cases[] = {
        { "tsa silent", NSK_SIGNER_FAULT_LATER, "did not answer in time", 60 },
        { "tsa busy", NSK_SIGNER_FAULT_LATER, "try again in 7 s", 7 },
        { "tsa broken", NSK_SIGNER_FAULT_LATER, "status 500", 60 },
        { "tsa garbage", NSK_SIGNER_FAULT_ANSWER, "time-stamp authority", 0 },
        { "tsa endless", NSK_SIGNER_FAULT_ANSWER, "more than 65536 bytes", 0 },
        { "tsa cut", NSK_SIGNER_FAULT_LATER, "cannot be asked", 60 },
        { "tsa echo", NSK_SIGNER_FAULT_REFUSED, "status 400", 0 },
    };
    g_auto(Desk) desk = { 0 };
    g_auto(Service) service = { 0 };
    NskFetch fetch = { .hosts = hosts, .timeout_ms = 6000 };
    g_autoptr(GError) error = NULL;

    desk_set_up(&desk);
    if (!service_set_up(&service, &desk, false))
        return;
    g_autofree char *url = g_strconcat(service.base, "/tsa", NULL);
    g_autoptr(GBytes) token = nsk_fetch_time_stamp(&fetch, url, imprint, NULL, &error);
    g_assert_no_error(error);
    NskTokenCheck check = { .token = g_bytes_get_data(token, NULL),
                            .token_size = g_bytes_get_size(token),
                            .imprint = imprint };
    g_autoptr(NskTokenVerdict) verdict = nsk_token_check(&check);
    g_assert_true(verdict->intact);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskSignerFault fault = { 0, 0 };

        g_test_message("%s", cases[i].today);
        service_today(&service, cases[i].today);
        g_assert_null(nsk_fetch_time_stamp(&fetch, url, imprint, &fault, &error));
        g_assert_cmpuint(fault.seconds, ==, cases[i].seconds);
        assert_fault(fault, cases[i].kind, &error, cases[i].words);
    }
}

static void
test_status(void)
{
    g_auto(Desk) desk = { 0 };
    g_auto(Service) service = { 0 };
    NskFetch fetch = { .hosts = hosts, .timeout_ms = 6000 };
    g_autoptr(GError) error = NULL;

    desk_set_up(&desk);
    if (!service_set_up(&service, &desk, false))
        return;
    NskCert *issuer = g_ptr_array_index(desk.chain, 1);
    g_autofree char *both =
        g_strdup_printf("authorityInfoAccess=OCSP;URI:%s/ocsp\ncrlDistributionPoints=URI:%s/crl",
                        service.base, service.base);
    g_autoptr(NskCert) cert = certify(&service, both);
    g_autoptr(NskEvidence) evidence = nsk_evidence_new();
    g_assert_true(nsk_fetch_status(&fetch, cert, issuer, evidence, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(nsk_evidence_get_ocsps(evidence)->len, ==, 1);
    g_assert_cmpuint(service_count(&service, "/crl"), ==, 0);

    /* without the responder, the list */
    static const char *const days[] = { "ocsp broken", "ocsp garbage", "ocsp silent",
                                        "ocsp endless" };
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
        g_autoptr(NskEvidence) other = nsk_evidence_new();

        service_today(&service, days[i]);
        g_assert_true(nsk_fetch_status(&fetch, cert, issuer, other, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(nsk_evidence_get_crls(other)->len, ==, 1);
    }
    g_autoptr(NskEvidence) none = nsk_evidence_new();
    service_today(&service, "ocsp broken\ncrl garbage");
    g_assert_false(nsk_fetch_status(&fetch, cert, issuer, none, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_assert_cmpuint(nsk_evidence_get_crls(none)->len, ==, 0);
}

/* What a certificate says does not lead this machine to its own network. */
static void
test_addresses(void)
{
    static const char *const private[] = {
        "http://127.0.0.1:9/tsa",          "http://10.0.0.1:9/tsa",
        "http://192.168.1.1:9/tsa",        "http://[::1]:9/tsa",
        "http://[::ffff:127.0.0.1]:9/tsa", "http://169.254.169.254/latest",
        "http://[fe80::1]:9/tsa",          "http://0.0.0.0:9/"
    };
    static const char *const wrong[] = {
        "ftp://example.org/tsa", "file:///etc/passwd",   "tsa", "", "http://user:pass@example.org/",
        "http://example.org/#x", "gopher://example.org/"
    };
    NskFetch anywhere = { .timeout_ms = 500 };
    NskFetch listed = { .hosts = hosts, .timeout_ms = 500 };

    for (size_t i = 0; i < G_N_ELEMENTS(private); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", private[i]);
        g_assert_null(nsk_fetch_time_stamp(&anywhere, private[i], imprint, NULL, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_DENIED);
        g_assert_nonnull(strstr(error->message, "private address"));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", wrong[i]);
        g_assert_null(nsk_fetch_time_stamp(&anywhere, wrong[i], imprint, NULL, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(nsk_fetch_time_stamp(&listed, "http://tsa.example/", imprint, NULL, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_DENIED);
    g_assert_nonnull(strstr(error->message, "not among the hosts"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/signer/fetch/a-time-stamp-comes-or-its-fault-is-told", test_time_stamp);
    g_test_add_func("/signer/fetch/a-status-comes-from-who-answers", test_status);
    g_test_add_func("/signer/fetch/private-addresses-are-not-asked", test_addresses);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hundred letters signed with one PIN by a PKCS#11 token: prepared, authorised, signed by the
 * helper process, completed and checked.  The token is SoftHSM2's, made for the measurement in a
 * folder of its own; without SoftHSM2 and OpenSSL's command there is no figure.
 */
#include "base/bytes.h"
#include "bench/bench-private.h"
#include "sign/sign.h"
#include "signer/signer.h"

#include <string.h>
#include <unistd.h>

#define PIN   "246810"
#define LABEL "bench"
#define BATCH 100

typedef struct {
    const NskBenchToken *given;
    char *folder;
    char *module;
    NskSigners *signers;
    NskSigner *signer;
    NskSigning *signings[BATCH];
    uint8_t *digests;
} Token;

static void
token_clear(Token *self)
{
    for (size_t i = 0; i < BATCH; i++)
        nsk_signing_free(self->signings[i]);
    nsk_signer_free(self->signer);
    nsk_signers_free(self->signers);
    if (self->folder != NULL)
        nsk_folder_remove(self->folder);
    g_free(self->folder);
    g_free(self->module);
    g_free(self->digests);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Token, token_clear)

static bool
run(const Token *self, const char *const *argv, GError **error)
{
    g_autofree char *path = g_build_filename(self->folder, "softhsm2.conf", NULL);
    g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "SOFTHSM2_CONF", path, TRUE);
    int status = 0;

    return g_spawn_sync(self->folder, (char **)(guintptr)argv, environment,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                            G_SPAWN_STDERR_TO_DEV_NULL,
                        NULL, NULL, NULL, NULL, &status, error) &&
           g_spawn_check_wait_status(status, error);
}

/* A token with the bench's key. */
static bool
make_token(Token *self, GError **error)
{
    static const char *const init[] = {
        "softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN,
        "--so-pin",      "12345678",     NULL
    };
    const char *const take[] = { "openssl",  "pkcs12", "-in",  "key.p12", "-passin", NULL,
                                 "-nocerts", "-nodes", "-out", "key.pem", NULL };
    static const char *const turn[] = { "openssl", "pkcs8", "-topk8", "-nocrypt", "-in",
                                        "key.pem", "-out",  "key.p8", NULL };
    static const char *const put[] = { "softhsm2-util", "--import", "key.p8",
                                       "--token",       LABEL,      "--label",
                                       LABEL,           "--id",     "a1",
                                       "--pin",         PIN,        NULL };
    g_autofree char *pass = g_strconcat("pass:", self->given->passphrase, NULL);
    g_autofree char *tokens = g_build_filename(self->folder, "tokens", NULL);
    g_autofree char *conf = g_build_filename(self->folder, "softhsm2.conf", NULL);
    g_autofree char *p12 = g_build_filename(self->folder, "key.p12", NULL);
    g_autofree char *text = g_strdup_printf(
        "directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n", tokens);
    const char *with_pass[G_N_ELEMENTS(take)];

    memcpy(with_pass, take, sizeof take);
    with_pass[5] = pass;
    return g_mkdir_with_parents(tokens, 0700) == 0 &&
           nsk_file_write(conf, text, strlen(text), 0600, error) &&
           nsk_file_write(p12, g_bytes_get_data(self->given->p12, NULL),
                          g_bytes_get_size(self->given->p12), 0600, error) &&
           run(self, init, error) && run(self, with_pass, error) && run(self, turn, error) &&
           run(self, put, error);
}

static bool
open_token(Token *self, GError **error)
{
    g_autoptr(NskJson) settings = nsk_json_object();
    g_autofree char *environment = g_strdup_printf("SOFTHSM2_CONF=%s/softhsm2.conf", self->folder);

    nsk_json_set_text(settings, "module", self->module);
    nsk_json_set_text(settings, "token", LABEL);
    nsk_json_set_text(settings, "environment", environment);
    NskSignerTarget target = { .name = LABEL,
                               .kind = NSK_SIGNER_PKCS11,
                               .settings = settings,
                               .office = self->folder,
                               .key = LABEL,
                               .chain = self->given->chain };
    self->signers = nsk_signers_new();
    self->signer = nsk_signer_open(self->signers, &target, error);
    return self->signer != NULL && nsk_signer_describe(self->signer, error);
}

static bool
prepare(Token *self, GError **error)
{
    NskSignRequest request = { .field = self->given->field,
                               .chain = nsk_signer_get_chain(self->signer),
                               .at = self->given->now,
                               .offset_minutes = 420 };

    for (size_t i = 0; i < BATCH; i++) {
        g_clear_pointer(&self->signings[i], nsk_signing_free);
        self->signings[i] = nsk_sign_prepare(self->given->letter, &request, error);
        if (self->signings[i] == NULL)
            return false;
        memcpy(self->digests + i * NSK_SHA256_SIZE, nsk_signing_get_digest(self->signings[i]),
               NSK_SHA256_SIZE);
    }
    return true;
}

static bool
complete(Token *self, GError **error)
{
    for (;;) {
        NskSignerResult *next = NULL;

        if (!nsk_signer_next(self->signer, &next, error))
            return false;
        if (next == NULL)
            return true;
        g_autoptr(NskSignerResult) result = next;
        if (result->fault.kind != NSK_SIGNER_FAULT_NONE) {
            g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INTERNAL, result->message);
            return false;
        }
        g_autoptr(GBytes) pdf =
            nsk_sign_complete(self->signings[result->index], result->value, error);
        if (pdf == NULL)
            return false;
    }
}

static bool
sign_batch(Token *self, GError **error)
{
    g_autoptr(NskLocked) pin = nsk_locked_new(PIN, strlen(PIN), error);
    NskSignerJob job = { .n = BATCH, .digests = self->digests };
    NskSignerProof proof = { pin, NULL };

    return pin != NULL && prepare(self, error) &&
           nsk_signer_authorise(self->signer, &job, &proof, NULL, error) &&
           nsk_signer_sign(self->signer, error) && complete(self, error);
}

/* The library, if the machine has it and what makes a token of it. */
static char *
find_module(void)
{
    static const char *const places[] = { "/usr/lib/softhsm/libsofthsm2.so",
                                          "/usr/lib64/softhsm/libsofthsm2.so",
                                          "/usr/lib/pkcs11/libsofthsm2.so" };
    g_autofree char *util = g_find_program_in_path("softhsm2-util");
    g_autofree char *openssl = g_find_program_in_path("openssl");

    for (size_t i = 0; i < G_N_ELEMENTS(places) && util != NULL && openssl != NULL; i++)
        if (g_file_test(places[i], G_FILE_TEST_EXISTS))
            return g_strdup(places[i]);
    return NULL;
}

bool
nsk_bench_sign_token(const NskBenchToken *given, double seconds, NskJson *result, GError **error)
{
    g_auto(Token) token = { .given = given, .module = find_module() };
    NskBenchTimes times = { NULL, 0, 0 };
    int64_t end;
    bool ok = true;

    if (token.module == NULL)
        return true;
    token.digests = g_malloc(BATCH * NSK_SHA256_SIZE);
    token.folder = g_dir_make_tmp("naskah-bench-XXXXXX", error);
    if (token.folder == NULL || !make_token(&token, error) || !open_token(&token, error))
        return false;
    end = g_get_monotonic_time() + (int64_t)(seconds * G_USEC_PER_SEC);
    do {
        int64_t begun = g_get_monotonic_time();

        ok = sign_batch(&token, error);
        nsk_bench_times_add(&times, g_get_monotonic_time() - begun);
    } while (ok && g_get_monotonic_time() < end);
    nsk_json_set_int(result, "batch_letters", BATCH);
    nsk_bench_set_real(result, "batch_p50_ms", nsk_bench_times_share(&times, 0.5));
    nsk_bench_set_real(result, "batch_p99_ms", nsk_bench_times_share(&times, 0.99));
    nsk_bench_times_clear(&times);
    return ok;
}

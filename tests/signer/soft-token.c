/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "soft-token.h"

#include <dlfcn.h>
#include <glib/gstdio.h>
#include <p11-kit/pkcs11.h>
#include <string.h>

static const char *const modules[] = { "/usr/lib/softhsm/libsofthsm2.so",
                                       "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so" };

/* Runs a program of the test's own with the token's environment; asserts that it works. */
static void
run(const SoftToken *self, const char *const *argv)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *words = NULL;
    g_auto(GStrv) environment = g_get_environ();
    const char *value = strchr(self->environment, '=') + 1;
    int status;

    environment = g_environ_setenv(environment, "SOFTHSM2_CONF", value, TRUE);
    g_spawn_sync(NULL, (char **)(guintptr)argv, environment,
                 G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &words,
                 &status, &error);
    g_assert_no_error(error);
    if (status != 0)
        g_test_message("%s: %s", argv[0], words);
    g_assert_cmpint(status, ==, 0);
}

void
soft_token_add(const SoftToken *self, const char *label)
{
    const char *const argv[] = { "softhsm2-util", "--init-token", "--free",   "--label",  label,
                                 "--pin",         TEST_PIN,       "--so-pin", "12345678", NULL };

    run(self, argv);
}

bool
soft_token_set_up(SoftToken *self, const Desk *desk)
{
    g_autofree char *util = g_find_program_in_path("softhsm2-util");
    g_autofree char *tokens = g_build_filename(desk->folder, "tokens", NULL);
    g_autofree char *path = g_build_filename(desk->folder, "softhsm2.conf", NULL);
    g_autofree char *text =
        g_strdup_printf("directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n"
                        "slots.removable = false\n",
                        tokens);

    for (size_t i = 0; i < G_N_ELEMENTS(modules) && self->module == NULL; i++)
        if (g_file_test(modules[i], G_FILE_TEST_EXISTS))
            self->module = g_strdup(modules[i]);
    if (util == NULL || self->module == NULL) {
        g_test_skip("this machine has no SoftHSM2");
        return false;
    }
    g_assert_cmpint(g_mkdir(tokens, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    self->environment = g_strconcat("SOFTHSM2_CONF=", path, NULL);
    soft_token_add(self, "uji");
    return true;
}

void
soft_token_clear(SoftToken *self)
{
    g_free(self->module);
    g_free(self->environment);
}

void
soft_token_put_key(const SoftToken *self,
                   const char *token,
                   GBytes *p12,
                   const char *label,
                   const char *id)
{
    g_autofree char *folder = g_path_get_dirname(strchr(self->environment, '=') + 1);
    g_autofree char *file = g_build_filename(folder, "key.p12", NULL);
    g_autofree char *raw = g_build_filename(folder, "key.pem", NULL);
    g_autofree char *pem = g_build_filename(folder, "key.p8", NULL);
    const char *const take[] = { "openssl",  "pkcs12", "-in",  file, "-passin", "pass:" TEST_PASS,
                                 "-nocerts", "-nodes", "-out", raw,  NULL };
    const char *const turn[] = { "openssl", "pkcs8", "-topk8", "-nocrypt", "-in",
                                 raw,       "-out",  pem,      NULL };
    const char *const put[] = { "softhsm2-util", "--import", pem,    "--token", token,
                                "--label",       label,      "--id", id,        "--pin",
                                TEST_PIN,        "--force",  NULL };

    g_assert_true(g_file_set_contents(file, g_bytes_get_data(p12, NULL),
                                      (gssize)g_bytes_get_size(p12), NULL));
    run(self, take);
    run(self, turn);
    run(self, put);
}

/* The slot of the token. */
static CK_SLOT_ID
slot_of(CK_FUNCTION_LIST *functions, const char *token)
{
    CK_SLOT_ID slots[16];
    CK_ULONG n = G_N_ELEMENTS(slots);

    g_assert_cmpuint(functions->C_GetSlotList(CK_TRUE, slots, &n), ==, CKR_OK);
    for (CK_ULONG i = 0; i < n; i++) {
        CK_TOKEN_INFO info;

        g_assert_cmpuint(functions->C_GetTokenInfo(slots[i], &info), ==, CKR_OK);
        if (memcmp(info.label, token, strlen(token)) == 0)
            return slots[i];
    }
    g_assert_not_reached();
}

static void
put_certificate(CK_FUNCTION_LIST *functions, CK_SESSION_HANDLE session, NskCert *cert, uint8_t id)
{
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_CERTIFICATE_TYPE type = CKC_X_509;
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    char label[] = "sertifikat", subject[] = "0";
    CK_OBJECT_HANDLE object;
    gsize size;
    g_autoptr(GBytes) der = nsk_cert_to_der(cert);
    CK_ATTRIBUTE attributes[] = {
        { CKA_CLASS, &class, sizeof class },
        { CKA_CERTIFICATE_TYPE, &type, sizeof type },
        { CKA_TOKEN, &yes, sizeof yes },
        { CKA_PRIVATE, &no, sizeof no },
        { CKA_LABEL, label, sizeof label - 1 },
        { CKA_SUBJECT, subject, sizeof subject },
        { CKA_ID, &id, sizeof id },
        { CKA_VALUE, (gpointer)(guintptr)g_bytes_get_data(der, &size), g_bytes_get_size(der) },
    };

    g_assert_cmpuint(
        functions->C_CreateObject(session, attributes, G_N_ELEMENTS(attributes), &object), ==,
        CKR_OK);
}

/* In a process of its own: SoftHSM2 reads its configuration once, and tests have one each. */
void
soft_token_put_chain(const SoftToken *self, const char *token, GBytes *p12, uint8_t id)
{
    g_autoptr(GPtrArray) chain = desk_chain(p12);
    CK_C_GetFunctionList get = NULL;
    CK_FUNCTION_LIST *functions = NULL;
    CK_SESSION_HANDLE session;
    CK_UTF8CHAR pin[] = TEST_PIN;

    g_setenv("SOFTHSM2_CONF", strchr(self->environment, '=') + 1, TRUE);
    void *library = dlopen(self->module, RTLD_NOW | RTLD_LOCAL);
    g_assert_nonnull(library);
    *(void **)&get = dlsym(library, "C_GetFunctionList");
    g_assert_cmpuint(get(&functions), ==, CKR_OK);
    g_assert_cmpuint(functions->C_Initialize(NULL), ==, CKR_OK);
    g_assert_cmpuint(functions->C_OpenSession(slot_of(functions, token),
                                              CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL,
                                              &session),
                     ==, CKR_OK);
    g_assert_cmpuint(functions->C_Login(session, CKU_USER, pin, strlen(TEST_PIN)), ==, CKR_OK);
    for (guint i = 0; i < chain->len; i++)
        put_certificate(functions, session, g_ptr_array_index(chain, i), i == 0 ? id : 0xc0);
    g_assert_cmpuint(functions->C_Finalize(NULL), ==, CKR_OK);
    g_unsetenv("SOFTHSM2_CONF");
}

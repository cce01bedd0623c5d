/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

NskIdentity *
demo_identity(NskDemoAuthority *authority, const char *name, int rsa_bits)
{
    g_autoptr(GError) error = NULL;
    NskDemoPerson person = {
        .name = name,
        .staff_number = "198001012005012001",
        .passphrase = TEST_PASS,
        .not_before = TEST_NOW - TEST_DAY,
        .rsa_bits = rsa_bits,
    };
    g_autoptr(GBytes) p12 = nsk_demo_authority_issue(authority, &person, &error);

    g_assert_no_error(error);
    NskIdentity *identity =
        nsk_identity_load(g_bytes_get_data(p12, NULL), g_bytes_get_size(p12), TEST_PASS, &error);
    g_assert_no_error(error);
    return identity;
}

void
demo_set_up(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    demo->authority = nsk_demo_authority_new(TEST_NOW, &error);
    g_assert_no_error(error);
    demo->signer = demo_identity(demo->authority, "Sekar Wulandari", 0);
    demo->trust = nsk_trust_new();
    nsk_trust_add(demo->trust, nsk_demo_authority_get_root(demo->authority));
    demo->folder = g_dir_make_tmp("nsk-test-XXXXXX", &error);
    g_assert_no_error(error);
}

static void
remove_folder(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *child = g_build_filename(path, name, NULL);

        if (g_file_test(child, G_FILE_TEST_IS_DIR))
            remove_folder(child);
        else
            g_unlink(child);
    }
    if (dir != NULL)
        g_dir_close(dir);
    g_rmdir(path);
}

void
demo_tear_down(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    remove_folder(demo->folder);
    g_free(demo->folder);
    nsk_trust_free(demo->trust);
    nsk_identity_free(demo->signer);
    nsk_demo_authority_free(demo->authority);
}

GBytes *
demo_sign(NskIdentity *signer, NskScheme scheme, const void *data, size_t size)
{
    uint8_t digest[NSK_SHA256_SIZE], to_sign[NSK_SHA256_SIZE];
    g_autoptr(GError) error = NULL;

    nsk_sha256(data, size, digest);
    g_autoptr(NskCms) cms =
        nsk_cms_prepare(nsk_identity_get_chain(signer), scheme, digest, to_sign, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) value = nsk_identity_sign(signer, scheme, to_sign, &error);
    g_assert_no_error(error);
    GBytes *der =
        nsk_cms_complete(cms, g_bytes_get_data(value, NULL), g_bytes_get_size(value), &error);
    g_assert_no_error(error);
    return der;
}

GBytes *
demo_stamp(NskDemoAuthority *authority, const void *data, size_t size, NskInstant at)
{
    static const uint8_t nonce[NSK_NONCE_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    uint8_t imprint[NSK_SHA256_SIZE];
    g_autoptr(GError) error = NULL;

    nsk_sha256(data, size, imprint);
    g_autoptr(GBytes) request = nsk_time_stamp_request(imprint, nonce);
    g_autoptr(GBytes) answer = nsk_demo_authority_time_stamp(
        authority, g_bytes_get_data(request, NULL), g_bytes_get_size(request), at, &error);
    g_assert_no_error(error);
    GBytes *token = nsk_time_stamp_response(g_bytes_get_data(answer, NULL),
                                            g_bytes_get_size(answer), imprint, nonce, &error);
    g_assert_no_error(error);
    return token;
}

NskCert *
demo_cert(const NskIdentity *signer)
{
    return g_ptr_array_index(nsk_identity_get_chain(signer), 0);
}

static void
add_answer(const Demo *demo, NskEvidence *evidence, NskInstant at)
{
    GPtrArray *chain = nsk_identity_get_chain(demo->signer);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) request = nsk_ocsp_request(chain->pdata[0], chain->pdata[1], NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) answer = nsk_demo_authority_ocsp(
        demo->authority, g_bytes_get_data(request, NULL), g_bytes_get_size(request), at, &error);
    g_assert_no_error(error);
    nsk_evidence_add_ocsp(evidence, g_bytes_get_data(answer, NULL), g_bytes_get_size(answer),
                          &error);
    g_assert_no_error(error);
}

NskEvidence *
demo_evidence(const Demo *demo, const char *material, NskInstant at)
{
    GPtrArray *chain = nsk_identity_get_chain(demo->signer);
    NskEvidence *evidence = nsk_evidence_new();
    g_autoptr(GError) error = NULL;

    for (guint i = 1; i < chain->len; i++)
        nsk_evidence_add_cert(evidence, chain->pdata[i], &error);
    for (const char *kind = material; *kind != '\0'; kind++) {
        if (*kind == 'o') {
            add_answer(demo, evidence, at);
            continue;
        }
        g_autoptr(GBytes) crl = *kind == 'r'
                                    ? nsk_demo_authority_root_crl(demo->authority, at, 7, &error)
                                    : nsk_demo_authority_crl(demo->authority, at, 7, &error);
        g_assert_no_error(error);
        nsk_evidence_add_crl(evidence, g_bytes_get_data(crl, NULL), g_bytes_get_size(crl), &error);
    }
    g_assert_no_error(error);
    return evidence;
}

char *
demo_write(const Demo *demo, const char *name, const void *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    char *path = g_build_filename(demo->folder, name, NULL);

    g_file_set_contents(path, data, (gssize)size, &error);
    g_assert_no_error(error);
    return path;
}

char *
demo_write_root(const Demo *demo)
{
    g_autofree char *pem = nsk_cert_to_pem(nsk_demo_authority_get_root(demo->authority));

    return demo_write(demo, "root.pem", pem, strlen(pem));
}

bool
demo_run(const Demo *demo, char **out_text, const char *program, ...)
{
    g_autoptr(GPtrArray) args = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    g_autofree char *out = NULL, *err = NULL;
    const char *arg = program;
    va_list list;
    int status;

    va_start(list, program);
    for (; arg != NULL; arg = va_arg(list, const char *))
        g_ptr_array_add(args, g_strdup(arg));
    va_end(list);
    g_ptr_array_add(args, NULL);
    g_spawn_sync(demo->folder, (char **)args->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                 &err, &status, &error);
    g_assert_no_error(error);

    g_autofree char *both = g_strconcat(out, err, NULL);
    bool ok = g_spawn_check_wait_status(status, NULL);
    if (out_text != NULL) {
        g_free(*out_text);
        *out_text = g_utf8_make_valid(both, -1);
    }
    return ok;
}

const char *
find_issue(const NskIssues *issues, const char *tag)
{
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        if (strcmp(issue->tag, tag) == 0)
            return issue->text;
    }
    return NULL;
}

int
demo_main(int argc, char **argv, const DemoTest *tests, size_t n)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < n; i++)
        g_test_add(tests[i].path, Demo, NULL, demo_set_up, tests[i].run, demo_tear_down);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the local services of the tests know of cryptography: reads standard input, writes standard
 * output.
 *
 *   time-stamp AUTHORITY     an RFC 3161 request -> its answer
 *   ocsp AUTHORITY           an OCSP request -> its answer
 *   crl AUTHORITY            -> the list of revocations
 *   chain KEY                -> the certificates, a line of base64 each
 *   hash KEY                 lines of base64 -> the signature of each, the same
 *   pdf KEY                  a PDF with an empty field -> signed in it
 *
 * AUTHORITY and KEY are PKCS#12 files with the tests' passphrase.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "fixture.h"
#include "sign/sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static GBytes *
read_input(void)
{
    GByteArray *all = g_byte_array_new();
    uint8_t block[65536];
    ssize_t n;

    while ((n = read(STDIN_FILENO, block, sizeof block)) > 0)
        g_byte_array_append(all, block, (guint)n);
    return g_byte_array_free_to_bytes(all);
}

static bool
write_output(GBytes *bytes)
{
    return bytes != NULL &&
           nsk_write_all(STDOUT_FILENO, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static NskDemoAuthority *
load_authority(const char *path, GError **error)
{
    g_autoptr(GBytes) p12 = nsk_file_read(path, NSK_LIMIT_KEY_SIZE, error);

    return p12 != NULL ? nsk_demo_authority_load(g_bytes_get_data(p12, NULL), g_bytes_get_size(p12),
                                                 TEST_PASS, error)
                       : NULL;
}

static NskIdentity *
load_key(const char *path, GError **error)
{
    g_autoptr(GBytes) p12 = nsk_file_read(path, NSK_LIMIT_KEY_SIZE, error);

    return p12 != NULL ? nsk_identity_load(g_bytes_get_data(p12, NULL), g_bytes_get_size(p12),
                                           TEST_PASS, error)
                       : NULL;
}

static bool
run_authority(const char *what, const char *path, GError **error)
{
    NskInstant now = nsk_clock_now(&nsk_clock_system);
    g_autoptr(NskDemoAuthority) authority = load_authority(path, error);
    g_autoptr(GBytes) asked = authority != NULL ? read_input() : NULL;
    g_autoptr(GBytes) answer = NULL;

    if (authority == NULL)
        return false;
    const void *data = g_bytes_get_data(asked, NULL);
    size_t size = g_bytes_get_size(asked);
    if (strcmp(what, "time-stamp") == 0)
        answer = nsk_demo_authority_time_stamp(authority, data, size, now, error);
    else if (strcmp(what, "ocsp") == 0)
        answer = nsk_demo_authority_ocsp(authority, data, size, now, error);
    else
        answer = nsk_demo_authority_crl(authority, now, 7, error);
    return write_output(answer);
}

static void
print_base64(GBytes *bytes)
{
    g_autofree char *text = g_base64_encode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));

    (void)puts(text);
}

static bool
run_chain(const NskIdentity *key)
{
    GPtrArray *chain = nsk_identity_get_chain(key);

    for (guint i = 0; i < chain->len; i++) {
        g_autoptr(GBytes) der = nsk_cert_to_der(g_ptr_array_index(chain, i));

        print_base64(der);
    }
    return true;
}

static bool
run_hash(NskIdentity *key, GError **error)
{
    g_autoptr(GBytes) input = read_input();
    g_autofree char *text = g_strndup(g_bytes_get_data(input, NULL), g_bytes_get_size(input));
    g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);

    for (size_t i = 0; lines[i] != NULL; i++) {
        gsize size;
        g_autofree guchar *digest = g_base64_decode(lines[i], &size);
        g_autoptr(GBytes) value = size == NSK_SHA256_SIZE
                                      ? nsk_identity_sign(key, NSK_SCHEME_DEFAULT, digest, error)
                                      : NULL;

        if (value == NULL)
            return false;
        print_base64(value);
    }
    return true;
}

static bool
run_pdf(NskIdentity *key, GError **error)
{
    g_autoptr(GBytes) pdf = read_input();
    NskSignRequest request = { .field = "signatory-1",
                               .chain = nsk_identity_get_chain(key),
                               .at = nsk_clock_now(&nsk_clock_system) };
    g_autoptr(NskSigning) signing = nsk_sign_prepare(pdf, &request, error);
    g_autoptr(GBytes) value =
        signing != NULL
            ? nsk_identity_sign(key, NSK_SCHEME_DEFAULT, nsk_signing_get_digest(signing), error)
            : NULL;
    g_autoptr(GBytes) done = value != NULL ? nsk_sign_complete(signing, value, error) : NULL;

    return write_output(done);
}

static bool
run_key(const char *what, const char *path, GError **error)
{
    g_autoptr(NskIdentity) key = load_key(path, error);

    if (key == NULL)
        return false;
    if (strcmp(what, "chain") == 0)
        return run_chain(key);
    return strcmp(what, "hash") == 0 ? run_hash(key, error) : run_pdf(key, error);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    const char *what = argc == 3 ? argv[1] : "";
    bool of_authority =
        strcmp(what, "time-stamp") == 0 || strcmp(what, "ocsp") == 0 || strcmp(what, "crl") == 0;
    bool done = argc == 3 && (of_authority ? run_authority(what, argv[2], &error)
                                           : run_key(what, argv[2], &error));

    if (!done)
        (void)fprintf(stderr, "%s\n", error != NULL ? error->message : "wrong use");
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

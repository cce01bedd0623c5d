/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a browser and a device say of a passkey: two lines, the second the device's, in bytes. */
#include "signin/signin-private.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const NskPasskeySite site = { "https://surat.contoh.go.id", "surat.contoh.go.id" };
    const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
    size_t first = end != NULL ? (size_t)(end - data) : size;
    size_t rest = end != NULL ? size - first - 1 : 0;
    g_autoptr(GBytes) client = g_bytes_new(data, first);
    g_autoptr(GBytes) device = g_bytes_new(data + size - rest, rest);
    const NskPasskeyAnswer answer = { .client_data = client, .authenticator = device };
    g_autofree char *question = nsk_passkey_question(&answer, NULL);
    g_autoptr(NskPasskey) passkey =
        question != NULL ? nsk_passkey_read(&site, question, &answer, NULL) : NULL;

    if (passkey != NULL) {
        g_assert_cmpuint(g_bytes_get_size(passkey->id), >, 0);
        g_assert_cmpuint(g_bytes_get_size(passkey->key), >, 0);
    }
    return 0;
}

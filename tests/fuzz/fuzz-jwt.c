/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of keys, a line end, and a token: what a provider sends. */
#include "crypto/jose.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char fallback[] = "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","
                               "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                               "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *end = size > 0 ? memchr(text, '\n', size) : NULL;
    size_t head = end != NULL ? (size_t)(end - text) : 0;
    const char *token = end != NULL ? end + 1 : text;
    size_t rest = end != NULL ? size - head - 1 : size;
    const NskInstant now = (NskInstant)1800000000 * G_USEC_PER_SEC;
    const NskIdTokenCheck id = { .issuer = "https://sso.example",
                                 .client = "naskah",
                                 .nonce = "n",
                                 .now = now };
    const NskLogoutTokenCheck logout = { "https://sso.example", "naskah", now };
    g_autoptr(NskJwks) keys = end != NULL ? nsk_jwks_parse(text, head, NULL) : NULL;

    if (keys == NULL)
        keys = nsk_jwks_parse(fallback, strlen(fallback), NULL);
    g_assert_nonnull(keys);
    g_autoptr(GBytes) payload = nsk_jws_verify(keys, token, rest, NULL, NULL);
    g_autoptr(NskJson) claims = nsk_id_token_verify(keys, token, rest, &id, NULL);
    g_autoptr(NskJson) other = nsk_logout_token_verify(keys, token, rest, &logout, NULL);

    g_assert_true(payload != NULL || (claims == NULL && other == NULL));
    g_assert_true(claims == NULL || other == NULL); /* never both */
    return 0;
}

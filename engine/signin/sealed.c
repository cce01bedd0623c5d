/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts that a copy of the database alone does not give away: crypto_secretbox of libsodium. */
#include "base/bytes.h"
#include "base/message.h"
#include "signin/signin-private.h"

#include <sodium.h>
#include <string.h>

#define HEAD (crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES)

GBytes *
nsk_text_seal(const char *text, const uint8_t key[NSK_CODE_KEY_SIZE])
{
    size_t size = strlen(text);
    uint8_t *out = g_malloc(HEAD + size);

    nsk_random(out, crypto_secretbox_NONCEBYTES);
    (void)crypto_secretbox_easy(out + crypto_secretbox_NONCEBYTES, (const uint8_t *)text, size, out,
                                key);
    return g_bytes_new_take(out, HEAD + size);
}

char *
nsk_text_unseal(const void *sealed, size_t size, const uint8_t key[NSK_CODE_KEY_SIZE])
{
    const uint8_t *data = sealed;

    if (size < HEAD)
        return NULL;
    g_autofree char *text = g_malloc(size - HEAD + 1);
    if (crypto_secretbox_open_easy((uint8_t *)text, data + crypto_secretbox_NONCEBYTES,
                                   size - crypto_secretbox_NONCEBYTES, data, key) != 0)
        return NULL;
    text[size - HEAD] = '\0';
    return g_steal_pointer(&text);
}

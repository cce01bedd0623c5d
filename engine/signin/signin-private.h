/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crypto/crypto.h"
#include "signin/signin.h"

#define NSK_TOKEN_SIZE 32 /* bytes of chance */

/* account.c: small letters without blanks around; owned. */
char *nsk_account_plain_name(const char *name);

/* session.c: the beginning of @text (may be NULL), in whole characters; owned. */
char *nsk_signin_shorten(const char *text, size_t most);
/* session.c: what is kept of a token. */
void nsk_token_digest(const char *token, uint8_t out[NSK_SHA256_SIZE]);

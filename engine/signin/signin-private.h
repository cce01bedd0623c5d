/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crypto/crypto.h"
#include "signin/signin.h"

#define NSK_TOKEN_SIZE 32 /* bytes of chance */

/* account.c: small letters without blanks around; owned. */
char *nsk_account_plain_name(const char *name);

/* session.c: what is kept of a token. */
void nsk_token_digest(const char *token, uint8_t out[NSK_SHA256_SIZE]);
/* Whether @token is of a device of the person who has that name. */
bool nsk_device_is_known(NskDbTxn *txn,
                         const char *token,
                         const char *name,
                         bool *out_known,
                         GError **error);

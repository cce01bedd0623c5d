/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crypto/crypto-private.h"
#include "crypto/der-private.h"

/* Checks the CMS of a time-stamp token, which has its content inside: @out_content points into it
 * once it is intact.  Imprint, nonce and trust are not judged. */
NskCmsVerdict *cms_check_token(const NskTokenCheck *token, Der *out_content);

/* SHA-256, SHA-384 or SHA-512, or NULL. */
const EVP_MD *digest_by_oid(Der oid);
bool digest_pieces(const EVP_MD *md,
                   GBytes *const *pieces,
                   size_t n_pieces,
                   uint8_t out[EVP_MAX_MD_SIZE],
                   unsigned *out_size);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crypto/crypto.h"
#include "journal/tree.h"

/*
 * An anchor: a checkpoint of the log that an authority outside has put the time on (RFC 3161, over
 * the very bytes of the signed note).  Who has one knows that all entries before it were there
 * then.  Nothing here knows a database or a file.
 */
#define NSK_ANCHOR_MOST_GROWTH 4096 /* bytes of a proof's text */

/* What a token says. */
typedef struct {
    NskInstant at;
    bool trusted;    /* by a root that was brought along */
    char *authority; /* subject of its certificate; owned */
} NskAnchorVerdict;

void nsk_anchor_verdict_clear(NskAnchorVerdict *self);

/* Whether @token is one over @note, by a certificate that was good then and is for time stamps
 * alone.  @trust NULL: nobody is trusted.  @now: after which no token can be; 0: that is not
 * judged.  Errors: UNTRUSTED says what does not hold. */
bool nsk_anchor_check(const char *note,
                      GBytes *token,
                      const NskTrust *trust,
                      NskInstant now,
                      NskAnchorVerdict *out,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A proof that a tree begins with another: its hashes in base64, a line each.  Freed with g_free().
 */
char *nsk_growth_format(const NskTreeProof *proof);
/* Reads exactly that.  Errors: INVALID. */
bool nsk_growth_parse(const void *data, size_t size, NskTreeProof *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskAnchorVerdict, nsk_anchor_verdict_clear)

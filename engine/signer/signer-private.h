/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "signer/signer.h"

#include <stdarg.h>
#include <stdint.h>

/*
 * What the two sides of a signer share.
 *
 * The helper has one socket, over which it is sent a descriptor (SCM_RIGHTS) for each signer that
 * is opened: that signer's own socket.  On it the office asks and the helper answers, in frames of
 * ipc/ipc.h; text values as below, bytes as parts.
 *
 *   {"do":"open", name, kind, settings, office, key, fingerprint, chain, now,
 *    language}                         part: the file
 *   {"do":"describe"}                    -> {facts, chain}
 *   {"do":"unlock", "secret":SIZE}       -> {facts, chain}; the secret follows the frame, bare
 *   {"do":"code"}                        -> {}
 *   {"do":"authorise", n, reason, location, places, "secret":SIZE, "code":SIZE}
 *                                        -> {until}; part: the digests; or n frames {} with a PDF
 *                                        and perhaps an image as parts; then the secrets
 *   {"do":"sign"}                        -> {}, then results, then {"done":true}
 *   {"do":"poll", ticket, and a job}     -> the same
 *
 * A result is {index, fault, seconds, message, ticket} with the value as a part.  Any answer may be
 * {fault, seconds, message} instead.  Each side judges what the other sends.
 */

/* What goes wrong: the fault for the caller's next step, and the words. */
bool
signer_fail(NskSignerFault *fault, NskSignerFaultKind kind, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
NskError signer_fault_code(NskSignerFaultKind kind);
bool signer_fault_parse(const char *name, NskSignerFaultKind *out_kind);

NskJson *signer_facts_write(const NskSignerFacts *facts);
bool signer_facts_read(const NskJson *json, NskSignerFacts *out_facts);
/* The certificates as PEM. */
NskJson *signer_chain_write(GPtrArray *chain);
/* NULL if it is no list of certificates, or an empty one. */
GPtrArray *signer_chain_read(const NskJson *json);

/* How long to wait for one answer of this signer: its timeout, and some more.  Milliseconds. */
unsigned signer_timeout_ms(const NskJson *settings);

/* --- process.c: the helpers. --- */

typedef struct _SignerHelper SignerHelper;

/* A new socket to the helper for this kind (and module), which is started if need be. */
int signer_helper_connect(NskSigners *self, const NskSignerTarget *target, GError **error);
/* Ends the helper that hangs; what else is open there breaks off. */
void signer_helper_kill(NskSigners *self, const NskSignerTarget *target);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal/anchor.h"

#include "base/message.h"
#include "journal/note.h"

#include <string.h>

#define SKEW ((NskInstant)300 * G_USEC_PER_SEC) /* by which clocks may differ */

void
nsk_anchor_verdict_clear(NskAnchorVerdict *self)
{
    g_clear_pointer(&self->authority, g_free);
}

static bool
refuse(const NskIssues *issues, GError **error)
{
    const NskIssue *first = issues->len > 0 ? issues->pdata[0] : NULL;

    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                nsk_tr("the time stamp is not one of this checkpoint: %s"),
                first != NULL ? first->text : nsk_tr("it cannot be read"));
    return false;
}

bool
nsk_anchor_check(const char *note,
                 GBytes *token,
                 const NskTrust *trust,
                 NskInstant now,
                 NskAnchorVerdict *out,
                 GError **error)
{
    uint8_t imprint[NSK_SHA256_SIZE];
    const NskTokenCheck check = { .token = g_bytes_get_data(token, NULL),
                                  .token_size = g_bytes_get_size(token),
                                  .imprint = imprint };

    nsk_sha256(note, strlen(note), imprint);
    g_autoptr(NskTokenVerdict) verdict = nsk_token_check(&check);
    if (!verdict->intact || verdict->authority == NULL)
        return refuse(verdict->issues, error);
    const NskCertFacts *facts = nsk_cert_facts(verdict->authority);
    if (verdict->at < facts->not_before || verdict->at > facts->not_after ||
        (now != 0 && verdict->at > now + SKEW)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("the time stamp by '%s' has a time that is not possible"),
                    facts->subject);
        return false;
    }
    const NskPathCheck path = { .cert = verdict->authority,
                                .purpose = NSK_PURPOSE_TIME_STAMPING,
                                .trust = trust,
                                .at = verdict->at,
                                .now = now != 0 ? now : verdict->at };
    g_autoptr(NskPathVerdict) way = nsk_path_check(&path);
    *out = (NskAnchorVerdict){ verdict->at, way->trusted, g_strdup(facts->subject) };
    return true;
}

char *
nsk_growth_format(const NskTreeProof *proof)
{
    GString *out = g_string_new(NULL);

    for (size_t i = 0; i < proof->n; i++) {
        g_autofree char *hash = nsk_hash_format(&proof->hashes[i]);

        g_string_append_printf(out, "%s\n", hash);
    }
    return g_string_free(out, FALSE);
}

bool
nsk_growth_parse(const void *data, size_t size, NskTreeProof *out, GError **error)
{
    const char *at = data, *end = at + size;

    for (out->n = 0; at < end; out->n++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        if (stop == NULL || out->n == NSK_TREE_MOST_PROOF ||
            !nsk_hash_parse(at, (size_t)(stop - at), &out->hashes[out->n])) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("line %zu of the proof is no hash"), out->n + 1);
            return false;
        }
        at = stop + 1;
    }
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked of a witness, as a text with one spelling. */
#include "base/bytes.h"
#include "base/message.h"
#include "journal/witness.h"

#include <string.h>

#define OLD "old "

char *
nsk_witness_request_format(uint64_t old, const NskTreeProof *proof, const NskLogNote *checkpoint)
{
    GString *out = g_string_new(NULL);
    g_autofree char *note = nsk_log_note_format(checkpoint);

    g_string_append_printf(out, OLD "%" G_GUINT64_FORMAT "\n", old);
    for (size_t i = 0; i < proof->n; i++) {
        g_autofree char *line = nsk_hash_format(&proof->hashes[i]);

        g_string_append_printf(out, "%s\n", line);
    }
    g_string_append_printf(out, "\n%s", note);
    return g_string_free(out, FALSE);
}

/* The end of the line at @at, or NULL if it has none. */
static const char *
end_of(const char *at, const char *end)
{
    return at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
}

/* Reads up to the checkpoint, where *at is then.  NULL, or what is wrong. */
static const char *
read_head(NskWitnessRequest *self, const char **at, const char *end)
{
    const char *feed = end_of(*at, end);
    size_t size = feed != NULL ? (size_t)(feed - *at) : 0;

    if (size < strlen(OLD) || memcmp(*at, OLD, strlen(OLD)) != 0 ||
        !nsk_tree_number_parse(*at + strlen(OLD), size - strlen(OLD), NSK_TREE_MOST_SIZE,
                               &self->old))
        return N_("the first line is not 'old' and a number of entries");
    for (*at = feed + 1; (feed = end_of(*at, end)) != NULL && feed > *at; *at = feed + 1) {
        if (self->proof.n == NSK_WITNESS_MOST_PROOF ||
            !nsk_hash_parse(*at, (size_t)(feed - *at), &self->proof.hashes[self->proof.n]))
            return N_("a line of its proof is no hash in base64, or there are more than 63");
        self->proof.n++;
    }
    if (feed == NULL)
        return N_("the empty line before the checkpoint is missing");
    *at = feed + 1;
    return NULL;
}

NskWitnessRequest *
nsk_witness_request_parse(const void *data, size_t size, GError **error)
{
    const char *at = data, *end = at + size;
    g_autoptr(NskWitnessRequest) self = g_new0(NskWitnessRequest, 1);

    if (size > NSK_WITNESS_MOST_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("a request to a witness may have %d bytes at most"),
                    NSK_WITNESS_MOST_SIZE);
        return NULL;
    }
    const char *fault = read_head(self, &at, end);
    if (fault != NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("this is no request to a witness: %s"), nsk_tr(fault));
        return NULL;
    }
    self->note = nsk_log_note_parse(at, (size_t)(end - at), error);
    if (self->note == NULL || !nsk_checkpoint_parse(self->note->text, &self->said, error))
        return NULL;
    if (self->old > self->said.size) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the checkpoint has fewer entries than the line 'old' says"));
        return NULL;
    }
    return g_steal_pointer(&self);
}

void
nsk_witness_request_free(NskWitnessRequest *self)
{
    if (self == NULL)
        return;
    nsk_log_note_free(self->note);
    g_free(self);
}

char *
nsk_witness_place(const char *origin)
{
    return nsk_sha256_hex(origin, strlen(origin));
}

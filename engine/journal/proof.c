/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text form of a proof. */
#include "journal/proof.h"

#include "base/message.h"

#include <string.h>

#define HEADER     "c2sp.org/tlog-proof@v1"
#define EXTRA      "extra "
#define INDEX      "index "
#define MOST_EXTRA 65536 /* bytes of base64 */

char *
nsk_proof_format(const NskProof *self)
{
    GString *out = g_string_new(HEADER "\n");

    if (self->extra != NULL) {
        size_t size;
        const void *data = g_bytes_get_data(self->extra, &size);
        g_autofree char *base64 = g_base64_encode(data, size);

        g_string_append_printf(out, EXTRA "%s\n", base64);
    }
    g_string_append_printf(out, INDEX "%" G_GUINT64_FORMAT "\n", self->index);
    for (size_t i = 0; i < self->path.n; i++) {
        g_autofree char *line = nsk_hash_format(&self->path.hashes[i]);

        g_string_append_printf(out, "%s\n", line);
    }
    g_string_append_c(out, '\n');
    g_string_append(out, self->checkpoint);
    return g_string_free(out, FALSE);
}

/* Where reading is. */
typedef struct {
    const char *at, *end;
    const char *line; /* the last that was read, not ended */
    size_t size;
} Lines;

static bool
next_line(Lines *self)
{
    const char *feed =
        self->at < self->end ? memchr(self->at, '\n', (size_t)(self->end - self->at)) : NULL;

    if (feed == NULL)
        return false;
    self->line = self->at;
    self->size = (size_t)(feed - self->at);
    self->at = feed + 1;
    return true;
}

static bool
begins(const Lines *self, const char *word)
{
    return self->size >= strlen(word) && memcmp(self->line, word, strlen(word)) == 0;
}

static bool
read_extra(const Lines *lines, NskProof *out)
{
    size_t size = lines->size - strlen(EXTRA);
    gsize n = 0;

    if (size > MOST_EXTRA || memchr(lines->line, '\0', lines->size) != NULL)
        return false;
    g_autofree char *text = g_strndup(lines->line + strlen(EXTRA), size);
    guchar *bytes = g_base64_decode(text, &n);
    g_autofree char *again = g_base64_encode(bytes, n);
    out->extra = g_bytes_new_take(bytes, n);
    return strcmp(text, again) == 0;
}

/* NULL, or what is wrong. */
static const char *
read_all(Lines *lines, NskProof *out)
{
    if (!next_line(lines) || lines->size != strlen(HEADER) || !begins(lines, HEADER))
        return N_("the first line is not 'c2sp.org/tlog-proof@v1'");
    if (!next_line(lines))
        return N_("it ends after its first line");
    if (begins(lines, EXTRA) && (!read_extra(lines, out) || !next_line(lines)))
        return N_("the line 'extra' is not base64, or the last");
    if (!begins(lines, INDEX) ||
        !nsk_tree_number_parse(lines->line + strlen(INDEX), lines->size - strlen(INDEX),
                               NSK_TREE_MOST_SIZE, &out->index))
        return N_("the line 'index' with a number is missing");
    while (next_line(lines) && lines->size > 0) {
        if (out->path.n == NSK_TREE_MOST_PROOF ||
            !nsk_hash_parse(lines->line, lines->size, &out->path.hashes[out->path.n]))
            return N_("a line of its path is no hash in base64, or there are too many");
        out->path.n++;
    }
    if (lines->line == NULL || lines->size > 0 || lines->at >= lines->end)
        return N_("the checkpoint after an empty line is missing");
    return NULL;
}

NskProof *
nsk_proof_parse(const void *data, size_t size, GError **error)
{
    g_autoptr(NskProof) self = g_new0(NskProof, 1);
    Lines lines = { .at = data, .end = (const char *)data + size };

    if (size > NSK_PROOF_MOST_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT, nsk_tr("a proof may have %d bytes at most"),
                    NSK_PROOF_MOST_SIZE);
        return NULL;
    }
    const char *fault = read_all(&lines, self);
    if (fault != NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("this is no proof of a log: %s"),
                    nsk_tr(fault));
        return NULL;
    }
    g_autoptr(NskLogNote) note =
        nsk_log_note_parse(lines.at, (size_t)(lines.end - lines.at), error);
    if (note == NULL)
        return NULL;
    self->checkpoint = g_strndup(lines.at, (size_t)(lines.end - lines.at));
    return g_steal_pointer(&self);
}

void
nsk_proof_free(NskProof *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->extra, g_bytes_unref);
    g_free(self->checkpoint);
    g_free(self);
}

static bool
distrust(GError **error, const char *what)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNTRUSTED, what);
    return false;
}

bool
nsk_proof_check(const NskProof *self,
                const void *entry,
                size_t size,
                const NskLogNoteKey *log,
                NskLogNote **out_note,
                GError **error)
{
    NskCheckpoint said;
    NskHash leaf = nsk_tree_leaf(entry, size);
    g_autoptr(NskLogNote) note =
        nsk_log_note_parse(self->checkpoint, strlen(self->checkpoint), error);

    if (note == NULL || !nsk_checkpoint_parse(note->text, &said, error) ||
        !nsk_log_note_check(note, log, NULL, error))
        return false;
    if (strcmp(said.origin, log->name) != 0)
        return distrust(error, nsk_tr("the checkpoint is of another log than the key"));
    if (!nsk_tree_check_leaf(&self->path, &leaf, self->index, said.size, &said.root))
        return distrust(error, nsk_tr("the entry is not in the log at the place that the proof "
                                      "says"));
    if (out_note != NULL)
        *out_note = g_steal_pointer(&note);
    return true;
}

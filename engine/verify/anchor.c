/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time stamp on an older checkpoint of the log, and what of the letter it covers. */
#include "base/message.h"
#include "verify/verify-private.h"

#include <string.h>

#define FOLDER NSK_JOURNAL_DATA "anchor/"
#define NOTE   FOLDER "checkpoint"
#define TOKEN  FOLDER "token.tst"
#define GROWTH FOLDER "growth.txt"

/* A checkpoint of this log, signed by its key. */
static bool
read_note(NskJudge *self, GBytes *content, const NskLogNoteKey *key, NskCheckpoint *out)
{
    size_t size;
    g_autoptr(GError) fault = NULL;
    const void *data = g_bytes_get_data(content, &size);
    g_autoptr(NskLogNote) note = nsk_log_note_parse(data, size, &fault);

    if (note == NULL || !nsk_checkpoint_parse(note->text, out, &fault) ||
        !nsk_log_note_check(note, key, NULL, &fault))
        return nsk_judge_wrong(self, "%s: %s", NOTE, fault->message);
    return strcmp(out->origin, key->name) == 0 ||
           nsk_judge_wrong(self, nsk_tr("%s: it is of another log, '%s'"), NOTE, out->origin);
}

static bool
check_growth(NskJudge *self, GBytes *content, const NskCheckpoint *said)
{
    size_t size;
    NskTreeProof proof;
    g_autoptr(GError) fault = NULL;
    const void *data = g_bytes_get_data(content, &size);

    if (!nsk_growth_parse(data, size, &proof, &fault))
        return nsk_judge_wrong(self, "%s: %s", GROWTH, fault->message);
    return nsk_tree_check_growth(&proof, said->size, &said->root, self->log.size,
                                 &self->log.root) ||
           nsk_judge_wrong(self,
                           nsk_tr("the log of the proofs did not grow from the one that has a "
                                  "time stamp: its history was rewritten"));
}

static bool
check_token(NskJudge *self, GBytes *note, GBytes *token, NskAnchorVerdict *out)
{
    size_t size;
    const char *data = g_bytes_get_data(note, &size);
    g_autofree char *text = g_strndup(data, size);
    g_autoptr(GError) fault = NULL;

    return nsk_anchor_check(text, token, self->ask->trust, self->ask->now, out, &fault) ||
           nsk_judge_wrong(self, "%s: %s", TOKEN, fault->message);
}

bool
nsk_judge_anchor(NskJudge *self, const NskLogNoteKey *key, NskAnchorVerdict *out)
{
    NskCheckpoint said;

    if (nsk_bag_find(self->bag, NOTE) == NULL && nsk_bag_find(self->bag, TOKEN) == NULL &&
        nsk_bag_find(self->bag, GROWTH) == NULL)
        return true;
    GBytes *note = nsk_judge_find(self, NOTE), *token = nsk_judge_find(self, TOKEN);
    GBytes *growth = nsk_judge_find(self, GROWTH);
    if (note == NULL || token == NULL || growth == NULL || !read_note(self, note, key, &said) ||
        !check_growth(self, growth, &said) || !check_token(self, note, token, out))
        return false;
    self->anchored = said.size;
    return true;
}

void
nsk_judge_tell_anchor(NskJudge *self, const NskAnchorVerdict *verdict)
{
    g_autofree char *at = nsk_instant_format(verdict->at);

    if (self->anchored == 0)
        return;
    if (verdict->trusted)
        nsk_judge_proved(
            self,
            nsk_tr("the first %u of %u entries were in the log before %s: '%s' put the time on it"),
            self->n_anchored, self->entries->len, at, verdict->authority);
    else
        nsk_judge_note(self,
                       nsk_tr("nobody that you brought vouches for '%s', who put the time on the "
                              "log; give its authority's certificate with --trust"),
                       verdict->authority);
}

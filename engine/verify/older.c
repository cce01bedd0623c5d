/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Older checkpoints of the log that others vouched for, and the time stamp on one. */
#include "base/message.h"
#include "verify/verify-private.h"

#include <string.h>

#define ANCHOR NSK_JOURNAL_DATA "anchor/"
#define TOKEN  ANCHOR "token.tst"

static bool
check_growth(NskJudge *self, const char *path, const NskCheckpoint *said)
{
    size_t size;
    NskTreeProof proof;
    g_autoptr(GError) fault = NULL;
    GBytes *content = nsk_judge_find(self, path);
    const void *data = content != NULL ? g_bytes_get_data(content, &size) : NULL;

    if (content == NULL)
        return false;
    if (!nsk_growth_parse(data, size, &proof, &fault))
        return nsk_judge_wrong(self, "%s: %s", path, fault->message);
    return nsk_tree_check_growth(&proof, said->size, &said->root, self->log.size,
                                 &self->log.root) ||
           nsk_judge_wrong(self,
                           nsk_tr("%s: the log of the proofs did not grow from this one: its "
                                  "history was rewritten"),
                           path);
}

NskLogNote *
nsk_judge_older(NskJudge *self, const char *folder, const NskLogNoteKey *key, NskCheckpoint *out)
{
    size_t size;
    g_autoptr(GError) fault = NULL;
    g_autofree char *path = g_strconcat(folder, "checkpoint", NULL);
    g_autofree char *growth = g_strconcat(folder, "growth.txt", NULL);
    GBytes *content = nsk_judge_find(self, path);
    const void *data = content != NULL ? g_bytes_get_data(content, &size) : NULL;
    g_autoptr(NskLogNote) note = content != NULL ? nsk_log_note_parse(data, size, &fault) : NULL;

    if (content == NULL)
        return NULL;
    if (note == NULL || !nsk_checkpoint_parse(note->text, out, &fault) ||
        !nsk_log_note_check(note, key, NULL, &fault)) {
        (void)nsk_judge_wrong(self, "%s: %s", path, fault->message);
        return NULL;
    }
    if (strcmp(out->origin, key->name) != 0) {
        (void)nsk_judge_wrong(self, nsk_tr("%s: it is of another log, '%s'"), path, out->origin);
        return NULL;
    }
    return check_growth(self, growth, out) ? g_steal_pointer(&note) : NULL;
}

unsigned
nsk_judge_count(const NskJudge *self, uint64_t size)
{
    unsigned n = 0;

    for (guint i = 0; i < self->leaves->len; i++)
        n += g_array_index(self->leaves, uint64_t, i) < size ? 1 : 0;
    return n;
}

static void
tell_anchor(NskJudge *self, const NskAnchorVerdict *verdict, uint64_t size)
{
    g_autofree char *at = nsk_instant_format(verdict->at);

    if (verdict->trusted)
        nsk_judge_proved(
            self,
            nsk_tr("the first %u of %u entries were in the log before %s: '%s' put the time on it"),
            nsk_judge_count(self, size), self->entries->len, at, verdict->authority);
    else
        nsk_judge_note(self,
                       nsk_tr("nobody that you brought vouches for '%s', who put the time on the "
                              "log; give its authority's certificate with --trust"),
                       verdict->authority);
}

bool
nsk_judge_anchor(NskJudge *self, const NskLogNoteKey *key)
{
    NskCheckpoint said;
    g_autoptr(GError) fault = NULL;
    g_auto(NskAnchorVerdict) verdict = { 0 };

    if (nsk_bag_find(self->bag, ANCHOR "checkpoint") == NULL &&
        nsk_bag_find(self->bag, TOKEN) == NULL &&
        nsk_bag_find(self->bag, ANCHOR "growth.txt") == NULL)
        return true;
    g_autoptr(NskLogNote) note = nsk_judge_older(self, ANCHOR, key, &said);
    GBytes *token = note != NULL ? nsk_judge_find(self, TOKEN) : NULL;
    if (token == NULL)
        return false;
    g_autofree char *text = nsk_log_note_format(note);
    if (!nsk_anchor_check(text, token, self->ask->trust, self->ask->now, &verdict, &fault))
        return nsk_judge_wrong(self, "%s: %s", TOKEN, fault->message);
    tell_anchor(self, &verdict, said.size);
    return true;
}

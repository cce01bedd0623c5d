/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether every anchor that the office keeps is one of its log. */
#include "base/message.h"
#include "journal/anchor.h"
#include "office/anchor-private.h"

#include <string.h>

typedef struct {
    NskOffice *office;
    NskTiles *tiles;
    NskLogState state;
    NskTrust *trust;
    NskIssues *issues;
    NskInstant now;
} Check;

static void
check_clear(Check *self)
{
    g_clear_pointer(&self->tiles, nsk_tiles_free);
    nsk_log_state_clear(&self->state);
    g_clear_pointer(&self->trust, nsk_trust_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Check, check_clear)

/* The checkpoint is one that this log signed in that generation. */
static bool
check_note(const Check *self, const NskAnchor *anchor, NskCheckpoint *out, GError **error)
{
    g_auto(NskLogKey) key = { 0 };
    const char *text = anchor->checkpoint;
    g_autofree char *origin = nsk_log_origin(self->office->origin, anchor->generation);
    g_autoptr(NskLogNote) note = nsk_log_note_parse(text, strlen(text), error);

    if (note == NULL || !nsk_checkpoint_parse(note->text, out, error) ||
        !nsk_log_key_load(self->office->dir, origin, &key, error) ||
        !nsk_log_note_check(note, &key.key, NULL, error))
        return false;
    if (strcmp(out->origin, origin) == 0 && out->size == (uint64_t)anchor->size)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNTRUSTED, nsk_tr("it is of another log"));
    return false;
}

static bool
check_tree(const Check *self, const NskCheckpoint *said, GError **error)
{
    NskTree before;
    NskTreeSource source = nsk_tiles_source(self->tiles);

    if (said->size > self->state.tree.size) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("it tells of %lld entries, the log has %lld: its end was cut off"),
                    (long long)said->size, (long long)self->state.tree.size);
        return false;
    }
    if (!nsk_tree_read(&source, said->size, &before, error))
        return false;
    NskHash root = nsk_tree_root(&before);
    if (nsk_hash_equal(&root, &said->root))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                        nsk_tr("the log does not begin with what it was signed for: its history "
                               "was rewritten"));
    return false;
}

static bool
check_token(const Check *self, const NskAnchor *anchor, GError **error)
{
    g_auto(NskAnchorVerdict) verdict = { 0 };

    if (!nsk_anchor_check(anchor->checkpoint, anchor->token, self->trust, self->now, &verdict,
                          error))
        return false;
    if (!verdict.trusted)
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("nobody here vouches for the time-stamp authority '%s'; put the "
                           "certificate of its root into the folder 'trust' of the office"),
                    verdict.authority);
    else if (verdict.at != anchor->at)
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                            nsk_tr("its token says another time than was written"));
    return verdict.trusted && verdict.at == anchor->at;
}

static void
check_anchor(const Check *self, const NskAnchor *anchor)
{
    NskCheckpoint said;
    g_autoptr(GError) fault = NULL;
    g_autofree char *at = nsk_instant_format(anchor->at);

    if (!check_note(self, anchor, &said, &fault) || !check_tree(self, &said, &fault) ||
        !check_token(self, anchor, &fault))
        nsk_issues_add(
            self->issues, &(NskIssue){ .tag = "audit-anchor", .severity = NSK_SEVERITY_ERROR },
            nsk_tr("the time-stamped checkpoint of %s does not hold: %s"), at, fault->message);
}

bool
nsk_anchor_verify(NskOffice *office, NskIssues *issues, NskJson *result, GError **error)
{
    g_auto(Check) self = { .office = office,
                           .issues = issues,
                           .now = MAX(nsk_clock_now(office->clock), g_get_real_time()) };
    g_autofree char *folder = nsk_office_path(office->dir, NSK_LOG_FOLDER);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office->reader, error);
    g_autoptr(GPtrArray) list = txn != NULL ? nsk_anchor_list(txn, error) : NULL;

    if (list == NULL || !nsk_log_load(txn, &self.state, error))
        return false;
    nsk_json_set_int(result, "anchors", list->len);
    if (list->len == 0)
        return true;
    self.trust = nsk_office_load_trust(office->dir, NULL, error);
    if (self.trust == NULL)
        return false;
    self.tiles = nsk_log_tiles(folder, txn, &self.state.tree);
    for (guint i = 0; i < list->len; i++)
        check_anchor(&self, list->pdata[i]);
    const NskAnchor *last = list->pdata[list->len - 1];
    g_autofree char *at = nsk_instant_format(last->at);
    nsk_json_set_text(result, "anchored", at);
    return true;
}

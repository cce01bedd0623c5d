/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether everything that others vouched for, by a time stamp or a cosignature, is of this log. */
#include "base/message.h"
#include "journal/anchor.h"
#include "office/anchor-private.h"
#include "office/cosign-private.h"
#include "office/vouch-private.h"

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

/* What somebody else put his name to. */
typedef struct {
    int64_t generation, size;
    const char *checkpoint;
} Vouched;

/* The checkpoint is one that this log signed in that generation. */
static bool
check_note(const Check *self, const Vouched *vouched, NskCheckpoint *out, GError **error)
{
    g_auto(NskLogKey) key = { 0 };
    const char *text = vouched->checkpoint;
    g_autofree char *origin = nsk_log_origin(self->office->origin, vouched->generation);
    g_autoptr(NskLogNote) note = nsk_log_note_parse(text, strlen(text), error);

    if (note == NULL || !nsk_checkpoint_parse(note->text, out, error) ||
        !nsk_log_key_load(self->office->dir, origin, &key, error) ||
        !nsk_log_note_check(note, &key.key, NULL, error))
        return false;
    if (strcmp(out->origin, origin) == 0 && out->size == (uint64_t)vouched->size)
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
    const Vouched vouched = { anchor->generation, anchor->size, anchor->checkpoint };
    NskCheckpoint said;
    g_autoptr(GError) fault = NULL;
    g_autofree char *at = nsk_instant_format(anchor->at);

    if (!check_note(self, &vouched, &said, &fault) || !check_tree(self, &said, &fault) ||
        !check_token(self, anchor, &fault))
        nsk_issues_add(
            self->issues, &(NskIssue){ .tag = "audit-anchor", .severity = NSK_SEVERITY_ERROR },
            nsk_tr("the time-stamped checkpoint of %s does not hold: %s"), at, fault->message);
}

static void
check_cosigned(const Check *self, const NskCosigned *row)
{
    const Vouched vouched = { row->generation, row->size, row->checkpoint };
    NskCheckpoint said;
    g_autoptr(GError) fault = NULL;
    g_autofree char *at = nsk_instant_format(row->at);
    g_autofree char *name = g_strndup(row->vkey, strcspn(row->vkey, "+"));

    if (!check_note(self, &vouched, &said, &fault) || !nsk_cosigned_check(row, &fault) ||
        !check_tree(self, &said, &fault))
        nsk_issues_add(self->issues,
                       &(NskIssue){ .tag = "audit-cosigned", .severity = NSK_SEVERITY_ERROR },
                       nsk_tr("what the witness '%s' cosigned at %s does not hold: %s"), name, at,
                       fault->message);
}

static bool
check_anchors(Check *self, const GPtrArray *list, NskJson *result, GError **error)
{
    if (list->len == 0)
        return true;
    self->trust = nsk_office_load_trust(self->office->dir, NULL, error);
    if (self->trust == NULL)
        return false;
    for (guint i = 0; i < list->len; i++)
        check_anchor(self, list->pdata[i]);
    const NskAnchor *last = list->pdata[list->len - 1];
    g_autofree char *at = nsk_instant_format(last->at);
    nsk_json_set_text(result, "anchored", at);
    return true;
}

static void
check_all_cosigned(const Check *self, const GPtrArray *list, NskJson *result)
{
    NskInstant newest = 0;

    for (guint i = 0; i < list->len; i++) {
        const NskCosigned *row = list->pdata[i];

        check_cosigned(self, row);
        newest = MAX(newest, row->at);
    }
    if (newest == 0)
        return;
    g_autofree char *at = nsk_instant_format(newest);
    nsk_json_set_text(result, "cosigned", at);
}

bool
nsk_log_check_vouched(NskOffice *office, NskIssues *issues, NskJson *result, GError **error)
{
    g_auto(Check) self = { .office = office,
                           .issues = issues,
                           .now = MAX(nsk_clock_now(office->clock), g_get_real_time()) };
    g_autofree char *folder = nsk_office_path(office->dir, NSK_LOG_FOLDER);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office->reader, error);
    g_autoptr(GPtrArray) anchors = txn != NULL ? nsk_anchor_list(txn, error) : NULL;
    g_autoptr(GPtrArray) cosigned = anchors != NULL ? nsk_cosigned_list(txn, error) : NULL;

    if (cosigned == NULL || !nsk_log_load(txn, &self.state, error))
        return false;
    nsk_json_set_int(result, "anchors", anchors->len);
    nsk_json_set_int(result, "cosignatures", cosigned->len);
    self.tiles = nsk_log_tiles(folder, txn, &self.state.tree);
    check_all_cosigned(&self, cosigned, result);
    return check_anchors(&self, anchors, result, error);
}

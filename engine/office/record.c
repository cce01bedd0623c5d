/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happened, kept twice in one transaction: as an entry of the journal, which proves it, and as
 * a version in git, which shows it.
 *
 * INVARIANTS
 *   (1) Every entry of a letter names the commit that was made with it, and the commit's trailer
 *       "Journal: LETTER/SEQ" names the entry.
 *   (2) A commit carries no name of a person but the author's; reasons and notes stand in the
 *       journal alone, where they can be erased.
 */
#include "base/fault.h"
#include "office/office-private.h"

#include <string.h>

bool
nsk_letter_repository(NskDbTxn *txn, const NskLetterRow *row, char **out_name, GError **error)
{
    NskDate created;
    g_autoptr(NskUnit) unit = nsk_directory_get_unit(txn, row->unit, error);

    if (unit == NULL || !nsk_date_at(row->created, unit->zone, &created, error))
        return false;
    if (strcmp(row->security, "biasa") == 0)
        *out_name = g_strdup_printf("%s-%d", row->unit, created.year);
    else if (strcmp(row->security, "terbatas") == 0)
        *out_name = g_strdup_printf("%s-%d-terbatas", row->unit, created.year);
    else
        *out_name = NULL;
    return true;
}

/* Fills the parts of the event that every entry has. */
static void
fill_journal_event(const NskAct *act, const NskEvent *event, NskJournalEvent *out)
{
    *out = (NskJournalEvent){ .origin = act->office->origin,
                              .letter = act->row->id,
                              .at = act->now,
                              .actor = act->office->person,
                              .position = event->position,
                              .capacity = event->capacity,
                              .auth_level = act->office->auth,
                              .on_behalf_of = event->on_behalf_of,
                              .action = event->action,
                              .objects = event->objects,
                              .n_objects = event->n_objects,
                              .texts = event->texts,
                              .n_texts = event->n_texts,
                              .state_from = event->state_from,
                              .state_to = act->row->state,
                              .reason = event->reason,
                              .task = event->task };
}

/* Commits the version; *out_oid: owned. */
static bool
commit_version(const NskAct *act,
               const NskEvent *event,
               const char *message,
               char **out_oid,
               GError **error)
{
    int offset;
    g_autofree char *repository = NULL;
    g_autoptr(NskUnit) unit = nsk_directory_get_unit(act->txn, act->row->unit, error);
    g_autoptr(NskPerson) author =
        unit != NULL ? nsk_directory_get_person(act->txn, act->office->person, error) : NULL;

    if (author == NULL || !nsk_letter_repository(act->txn, act->row, &repository, error) ||
        !nsk_zone_offset(act->now, unit->zone, &offset, error))
        return false;
    g_autofree char *email = g_strdup_printf("%s@localhost", author->id);
    NskStoreCommit commit = { .letter = act->row->id,
                              .repository = repository,
                              .put = event->files,
                              .n_put = event->n_files,
                              .removed = event->removed,
                              .message = message,
                              .author_name = author->printed,
                              .author_email = email,
                              .at = act->now,
                              .offset_minutes = offset };
    return nsk_store_commit(act->txn, &commit, out_oid, error);
}

bool
nsk_record(NskAct *act, const NskEvent *event, GError **error)
{
    NskJournalEvent entry;
    int64_t seq;
    uint8_t hash[NSK_SHA256_SIZE];
    g_autofree char *oid = NULL;
    g_autofree char *workflow =
        g_strdup_printf("%s@%s", act->row->workflow, act->row->workflow_version);

    act->row->changed = act->now;
    fill_journal_event(act, event, &entry);
    entry.workflow = workflow;
    if (!nsk_letter_row_save(act->txn, act->row, error) || !NSK_FAULT("record.row", error) ||
        !nsk_journal_next_seq(act->txn, act->row->id, &seq, error))
        return false;
    g_autofree char *message = nsk_journal_commit_message(&entry, event->sentence, seq);
    if (!commit_version(act, event, message, &oid, error) || !NSK_FAULT("record.commit", error))
        return false;
    entry.commit = oid;
    return nsk_journal_append(act->txn, &entry, hash, error) && NSK_FAULT("record.entry", error);
}

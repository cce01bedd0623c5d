/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happened, kept twice in one transaction: as an entry of the journal, which proves it, and as
 * a version in git, which shows it.
 *
 * INVARIANTS
 *   (1) Every entry of a letter names the commit that was made with it, and the commit's trailer
 *       "Journal: LETTER/SEQ" names the entry; only what changes nothing names the newest commit.
 *   (2) A commit carries no name of a person but the author's; reasons and notes stand in the
 *       journal alone, where they can be erased.
 *   (3) At the end of a change the letter's record in its newest version says what its rows say.
 */
#include "base/fault.h"
#include "office/hook-private.h"

#include <string.h>

#define PROGRAM_NAME      "Naskah"
#define PROGRAM_EMAIL     "naskah@localhost"
#define OFFICE_REPOSITORY "office"

bool
nsk_letter_repository(const NskLetterRow *row, const NskUnit *unit, char **out_name, GError **error)
{
    NskDate created;

    if (!nsk_date_at(row->created, unit->zone, &created, error))
        return false;
    bool is_open = strcmp(row->security, "biasa") == 0;
    if (!is_open && strcmp(row->security, "terbatas") != 0) {
        *out_name = NULL;
        return true;
    }
    g_autofree char *day = nsk_date_format(created);
    *strchr(day, '-') = '\0';
    *out_name = g_strconcat(row->unit, "-", day, is_open ? "" : "-terbatas", NULL);
    return true;
}

/* Fills the parts of the event that every entry has. */
static void
fill_journal_event(const NskAct *act, const NskEvent *event, NskJournalEvent *out)
{
    *out = (NskJournalEvent){ .origin = act->office->origin,
                              .letter = act->row->id,
                              .at = act->now,
                              .actor = act->part != NULL ? act->part : act->office->person,
                              .position = event->position,
                              .capacity = event->capacity,
                              .auth_level = act->part != NULL ? NULL : act->office->auth,
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

/* The letter's record as its rows say it now, ready to be stored. */
static NskStoreBlob *
prepare_record(const NskAct *act, const char *name, GError **error)
{
    g_autoptr(GBytes) record = nsk_kept_write(act->txn, NSK_KEPT_LETTER, act->row->id, error);
    NskStoreBlob *blob = NULL;

    if (record == NULL || !nsk_store_prepare_next(nsk_office_recent(act->office), act->row->id,
                                                  name, record, &blob, error))
        return NULL;
    return blob != NULL ? blob : nsk_store_prepare(act->txn, act->row->id, name, record, error);
}

/* The files of a version: those of the event, and the letter's record in @out_record. */
static GArray *
gather_files(const NskAct *act,
             const NskEvent *event,
             const char *record_name,
             NskStoreBlob **out_record,
             GError **error)
{
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(NskStoreFile));

    if (event->n_files > 0)
        g_array_append_vals(files, event->files, (guint)event->n_files);
    if (event->kept != NSK_RECORD_WRITE)
        return g_steal_pointer(&files);
    *out_record = prepare_record(act, record_name, error);
    if (*out_record == NULL)
        return NULL;
    NskStoreFile file = { .name = record_name, .blob = *out_record };
    g_array_append_val(files, file);
    return g_steal_pointer(&files);
}

/* The next versions of these may lean on them. */
static void
note_files(const NskAct *act, const GArray *files)
{
    for (guint i = 0; i < files->len; i++) {
        const NskStoreFile *file = &g_array_index(files, NskStoreFile, i);

        if (file->blob != NULL)
            nsk_office_note_stored(act->office, file->name, file->blob);
    }
}

/* In whose name the version is; both owned. */
static bool
find_author(const NskAct *act, char **out_name, char **out_email, GError **error)
{
    g_autoptr(NskPerson) author = NULL;

    if (act->part == NULL) {
        author = nsk_directory_get_person(act->txn, act->office->person, error);
        if (author == NULL)
            return false;
    }
    *out_name = g_strdup(author != NULL ? author->printed : PROGRAM_NAME);
    *out_email =
        author != NULL ? g_strconcat(author->id, "@localhost", NULL) : g_strdup(PROGRAM_EMAIL);
    return true;
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
    g_autoptr(NskStoreBlob) record = NULL;
    g_autofree char *record_name = nsk_office_file_name(act->row->id, ".json");
    g_autoptr(GArray) files = gather_files(act, event, record_name, &record, error);
    g_autoptr(NskUnit) unit = nsk_directory_get_unit(act->txn, act->row->unit, error);
    g_autofree char *name = NULL;
    g_autofree char *email = NULL;

    if (files == NULL || unit == NULL || !find_author(act, &name, &email, error) ||
        !nsk_letter_repository(act->row, unit, &repository, error) ||
        !nsk_zone_offset(act->now, unit->zone, &offset, error))
        return false;
    NskStoreCommit commit = { .letter = act->row->id,
                              .repository = repository,
                              .put = (const NskStoreFile *)(void *)files->data,
                              .n_put = files->len,
                              .removed = event->removed,
                              .message = message,
                              .author_name = name,
                              .author_email = email,
                              .at = act->now,
                              .offset_minutes = offset };
    if (!nsk_store_commit(act->txn, &commit, out_oid, error))
        return false;
    note_files(act, files);
    return true;
}

/* Other programs, if what happened is of those things that they are told. */
static bool
tell_others(const NskAct *act, const NskEvent *event, GError **error)
{
    const NskHookEvent told = { .type = nsk_hook_type_of(event->action),
                                .letter = act->row->id,
                                .at = act->now };

    return told.type == NULL || nsk_hook_note(act->txn, &told, error);
}

bool
nsk_record(NskAct *act, const NskEvent *event, GError **error)
{
    NskJournalEvent entry;
    NskJournalNext next;
    g_autofree char *oid = NULL;
    g_autofree char *workflow =
        g_strconcat(act->row->workflow, "@", act->row->workflow_version, NULL);

    act->row->changed = act->now;
    fill_journal_event(act, event, &entry);
    entry.workflow = workflow;
    if (!nsk_letter_row_save(act->txn, act->row, error) || !NSK_FAULT("record.row", error) ||
        !nsk_journal_next(act->txn, act->row->id, &next, error))
        return false;
    g_autofree char *message = nsk_journal_commit_message(&entry, event->sentence, next.seq);
    if (!commit_version(act, event, message, &oid, error) || !NSK_FAULT("record.commit", error))
        return false;
    entry.commit = oid;
    return nsk_journal_append(act->txn, &entry, &next, error) && NSK_FAULT("record.entry", error) &&
           nsk_outbox_add(act->txn, NSK_SEARCH_TOPIC, act->row->id, "", act->now, error) &&
           tell_others(act, event, error);
}

bool
nsk_record_aside(NskAct *act, const NskEvent *event, GError **error)
{
    NskJournalEvent entry;
    NskJournalNext next;
    g_autofree char *head = NULL;
    g_autofree char *workflow =
        g_strconcat(act->row->workflow, "@", act->row->workflow_version, NULL);

    fill_journal_event(act, event, &entry);
    entry.workflow = workflow;
    if (!nsk_store_head(act->txn, act->row->id, &head, NULL, error) ||
        !nsk_journal_next(act->txn, act->row->id, &next, error))
        return false;
    entry.commit = head;
    return nsk_journal_append(act->txn, &entry, &next, error) && NSK_FAULT("record.aside", error);
}

bool
nsk_record_office(NskDbTxn *txn, const NskOfficeEvent *event, GError **error)
{
    NskJournalNext next;
    g_autofree char *oid = NULL;
    NskJournalEvent entry = { .origin = event->origin,
                              .letter = event->history,
                              .at = event->now,
                              .actor = event->actor,
                              .auth_level = event->auth,
                              .position = event->position,
                              .capacity = event->capacity,
                              .reason = event->reason,
                              .objects = event->objects,
                              .n_objects = event->n_objects,
                              .action = event->action };

    if (!nsk_journal_next(txn, event->history, &next, error))
        return false;
    g_autofree char *message = nsk_journal_commit_message(&entry, event->sentence, next.seq);
    NskStoreCommit commit = { .letter = event->history,
                              .repository =
                                  event->of_letter ? event->repository : OFFICE_REPOSITORY,
                              .put = event->files,
                              .n_put = event->n_files,
                              .message = message,
                              .author_name = PROGRAM_NAME,
                              .author_email = PROGRAM_EMAIL,
                              .at = event->now };
    if (!(event->replaces ? nsk_store_replace(txn, &commit, &oid, error)
                          : nsk_store_commit(txn, &commit, &oid, error)))
        return false;
    entry.commit = oid;
    return nsk_journal_append(txn, &entry, &next, error);
}

bool
nsk_record_office_rows(NskDbTxn *txn, NskKeptSet set, const NskOfficeEvent *event, GError **error)
{
    static const char *const names[] = {
        [NSK_KEPT_REGISTERS] = NSK_REGISTERS_FILE, [NSK_KEPT_SETTINGS] = NSK_SETTINGS_FILE,
        [NSK_KEPT_HANDOVER] = NSK_HANDOVER_FILE,   [NSK_KEPT_BERKAS] = NSK_BERKAS_FILE,
        [NSK_KEPT_DISPOSAL] = NSK_DISPOSAL_FILE,   [NSK_KEPT_LOAN] = NSK_LOAN_FILE,
    };
    NskOfficeEvent whole = *event;
    g_autoptr(GBytes) record = nsk_kept_write(txn, set, event->history, error);
    NskStoreFile file = {
        .name = names[set],
        .content = record,
    };
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof file);

    if (event->n_files > 0)
        g_array_append_vals(files, event->files, (guint)event->n_files);
    g_array_append_val(files, file);
    whole.files = (const NskStoreFile *)(void *)files->data;
    whole.n_files = files->len;
    return record != NULL && nsk_record_office(txn, &whole, error);
}

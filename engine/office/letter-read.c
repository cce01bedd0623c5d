/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person may see of a letter: its state, its versions, their differences, its history. */
#include "base/bytes.h"
#include "base/message.h"
#include "office/disposition-private.h"
#include "office/duty-private.h"

#include <string.h>

char *
nsk_office_file_name(const char *id, const char *ending)
{
    return g_strconcat(id, ending, NULL);
}

/* Parses a stored version. */
static NskLetter *
read_version(NskDbTxn *txn, const char *id, const char *oid, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *name = nsk_office_file_name(id, ".xml");
    g_autoptr(GBytes) xml = nsk_store_read(txn, id, oid, name, error);

    if (xml == NULL)
        return NULL;
    NskLetter *letter =
        nsk_letter_parse(name, g_bytes_get_data(xml, NULL), g_bytes_get_size(xml), NULL, &fault);
    if (letter == NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("the stored letter %s is not what was stored: %s"), id, fault->message);
    return letter;
}

NskLetter *
nsk_office_read_letter(NskDbTxn *txn, const char *id, GError **error)
{
    return read_version(txn, id, NULL, error);
}

/* --- Show ------------------------------------------------------------------------------------ */

/* Who holds a position today, as printed; "" if nobody. */
static char *
holder_name(NskDbTxn *txn, const char *position, NskDate today, GError **error)
{
    g_autoptr(GPtrArray) holders = nsk_directory_holders(txn, position, today, error);

    if (holders == NULL)
        return NULL;
    if (holders->len == 0)
        return g_strdup("");
    const NskHolding *first = g_ptr_array_index(holders, 0);
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, first->person, error);
    return person != NULL ? g_strdup(person->printed) : NULL;
}

/* One part of the route.  A draft may still name a position that does not exist: its id stands for
 * its title then. */
static NskJson *
part_to_json(NskDbTxn *txn, const NskRoutePart *part, NskDate today, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskPosition) position = nsk_directory_get_position(txn, part->position, &fault);

    if (position == NULL && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return NULL;
    }
    g_autofree char *holder =
        position != NULL ? holder_name(txn, part->position, today, error) : g_strdup("");
    if (holder == NULL)
        return NULL;
    NskJson *entry = nsk_json_object();
    nsk_json_set_text(entry, "role", part->role);
    nsk_json_set_text(entry, "position", part->position);
    nsk_json_set_text(entry, "title", position != NULL ? position->title : part->position);
    nsk_json_set_text(entry, "holder", holder);
    nsk_json_set_text(entry, "capacity", part->capacity);
    nsk_json_set_bool(entry, "done", part->done);
    return entry;
}

static bool
add_route(NskDbTxn *txn,
          const NskLetterRow *row,
          const char *role,
          NskDate today,
          NskJson *list,
          GError **error)
{
    g_autoptr(GPtrArray) parts = nsk_route_load(txn, row->id, role, error);

    for (guint i = 0; parts != NULL && i < parts->len; i++) {
        NskJson *entry = part_to_json(txn, g_ptr_array_index(parts, i), today, error);

        if (entry == NULL)
            return false;
        nsk_json_add(list, entry);
    }
    return parts != NULL;
}

static NskJson *diff_to_json(const NskLetter *older, const NskLetter *newer);

/* The version that a paraf was given for, from the history: that of its entry. */
static bool
find_paraf_version(NskDbTxn *txn,
                   const char *id,
                   const NskParafRow *paraf,
                   int64_t *out_version,
                   char **out_oid,
                   GError **error)
{
    g_autoptr(GPtrArray) entries = nsk_journal_read(txn, id, error);
    g_autoptr(GPtrArray) log = entries != NULL ? nsk_store_log(txn, id, error) : NULL;

    for (guint i = 0; log != NULL && i < entries->len; i++) {
        const NskJournalEvent *event =
            &((const NskJournalEntry *)g_ptr_array_index(entries, i))->event;

        if (strcmp(event->action, "paraf-given") != 0 || event->at != paraf->at ||
            g_strcmp0(event->position, paraf->position) != 0)
            continue;
        for (guint at = 0; at < log->len; at++) {
            const NskStoreEntry *version = g_ptr_array_index(log, at);

            if (g_strcmp0(version->oid, event->commit) != 0)
                continue;
            *out_version = (int64_t)(log->len - at);
            *out_oid = g_strdup(version->oid);
        }
    }
    return log != NULL;
}

/* A paraf that stands for another version than the newest: which, and what changed since. */
static bool
add_difference(NskDbTxn *txn,
               const char *id,
               const NskParafRow *paraf,
               NskJson *entry,
               GError **error)
{
    int64_t version = 0;
    g_autofree char *oid = NULL;

    if (!find_paraf_version(txn, id, paraf, &version, &oid, error))
        return false;
    if (oid == NULL)
        return true;
    g_autoptr(NskLetter) older = read_version(txn, id, oid, error);
    g_autoptr(NskLetter) newer = older != NULL ? read_version(txn, id, NULL, error) : NULL;
    if (newer == NULL)
        return false;
    g_autoptr(NskJson) diff = diff_to_json(older, newer);
    nsk_json_set_int(entry, "version", version);
    nsk_json_set_text(entry, "difference", nsk_json_get_text(diff, "text"));
    return true;
}

static bool
add_parafs(NskDbTxn *txn, const NskLetterRow *row, NskJson *list, GError **error)
{
    const char *id = row->id;
    g_autoptr(GPtrArray) parafs = nsk_paraf_list(txn, id, error);

    for (guint i = 0; parafs != NULL && i < parafs->len; i++) {
        const NskParafRow *paraf = g_ptr_array_index(parafs, i);
        g_autofree char *at = nsk_instant_format(paraf->at);
        g_autofree char *content = nsk_hex(paraf->content, sizeof paraf->content);
        NskJson *entry = nsk_json_object();

        nsk_json_set_text(entry, "position", paraf->position);
        nsk_json_set_text(entry, "person", paraf->person);
        nsk_json_set_text(entry, "capacity", paraf->capacity);
        nsk_json_set_text(entry, "at", at);
        nsk_json_set_text(entry, "content", content);
        nsk_json_set_bool(entry, "holds", paraf->voided == 0);
        nsk_json_add(list, entry);
        if (paraf->voided == 0 &&
            memcmp(paraf->content, row->content, sizeof paraf->content) != 0 &&
            !add_difference(txn, id, paraf, entry, error))
            return false;
    }
    return parafs != NULL;
}

static bool
add_tasks(NskDbTxn *txn, const char *id, NskDate today, NskJson *list, GError **error)
{
    g_autoptr(GPtrArray) tasks = nsk_task_list_letter(txn, id, error);

    for (guint i = 0; tasks != NULL && i < tasks->len; i++) {
        const NskTaskRow *task = g_ptr_array_index(tasks, i);
        NskJson *row = nsk_task_to_json(task);

        nsk_json_add(list, row);
        if (!nsk_duty_add_presence(txn, task, today, row, error) ||
            (strcmp(task->role, "sign") == 0 && !nsk_signing_mark(txn, id, row, error)))
            return false;
    }
    return tasks != NULL;
}

static void
set_letter(NskJson *result, const NskLetterRow *row)
{
    g_autofree char *created = nsk_instant_format(row->created);
    g_autofree char *changed = nsk_instant_format(row->changed);
    g_autofree char *sent = row->dispatched != 0 ? nsk_instant_format(row->dispatched) : NULL;
    g_autofree char *content = nsk_hex(row->content, sizeof row->content);

    nsk_json_set_text(result, "letter", row->id);
    nsk_json_set_text(result, "kind", row->kind);
    nsk_json_set_text(result, "subject", row->subject);
    nsk_json_set_text(result, "security", row->security);
    nsk_json_set_text(result, "urgency", row->urgency);
    nsk_json_set_text(result, "unit", row->unit);
    nsk_json_set_text(result, "state", row->state);
    nsk_json_set_text(result, "drafter", row->drafter);
    nsk_json_set_text(result, "number", row->number);
    nsk_json_set_text(result, "date", row->letter_date);
    nsk_json_set_text(result, "content", content);
    nsk_json_set_text(result, "created", created);
    nsk_json_set_text(result, "changed", changed);
    nsk_json_set_text(result, "dispatched", sent);
}

bool
nsk_office_letter_show(NskOffice *self, const char *letter, NskJson **out_result, GError **error)
{
    NskDate today;
    int64_t version;
    bool is_paper = false;
    g_autofree char *repository = NULL;
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *route = nsk_json_array();
    NskJson *parafs = nsk_json_array();
    NskJson *tasks = nsk_json_array();
    NskJson *signings = nsk_json_array();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    NskReaderLevel level = NSK_READER_NONE;
    g_autoptr(NskLetterRow) row =
        txn != NULL ? nsk_access_letter_level(self, txn, letter, &level, error) : NULL;
    bool kept = row != NULL && nsk_reading_keep(self, &txn, row, NSK_READING_OPENED, error);
    g_autoptr(NskUnit) unit = kept ? nsk_directory_get_unit(txn, row->unit, error) : NULL;

    nsk_json_set(result, "route", route);
    nsk_json_set(result, "parafs", parafs);
    nsk_json_set(result, "tasks", tasks);
    nsk_json_set(result, "signings", signings);
    if (unit == NULL || !nsk_date_at(nsk_clock_now(self->clock), unit->zone, &today, error) ||
        !nsk_store_head(txn, row->id, NULL, &version, error) ||
        !nsk_letter_repository(row, unit, &repository, error) ||
        !add_route(txn, row, "reviewer", today, route, error) ||
        !add_route(txn, row, "coordinator", today, route, error) ||
        !nsk_paper_is(self, txn, row, &is_paper, error) ||
        !add_route(txn, row, "signatory", today, route, error) ||
        !add_tasks(txn, row->id, today, tasks, error) ||
        !nsk_link_show(self, txn, row, result, error) ||
        (level == NSK_READER_ROUTE && (!add_parafs(txn, row, parafs, error) ||
                                       !nsk_signing_show(txn, row->id, signings, error) ||
                                       !nsk_preserve_show(txn, row->id, result, error) ||
                                       !nsk_notes_show(txn, row->id, result, error))))
        return false;
    set_letter(result, row);
    nsk_json_set_int(result, "version", version);
    nsk_json_set_bool(result, "paper", is_paper);
    nsk_json_set_text(result, "repository", repository);
    *out_result = g_steal_pointer(&result);
    return true;
}

/* --- Differences ----------------------------------------------------------------------------- */

/* Finds the commits of two versions counted from 1; 0 stands for "the one before" and "newest". */
static bool
find_versions(GPtrArray *log, int64_t *from, int64_t *to, GError **error)
{
    int64_t newest = (int64_t)log->len;

    if (*to == 0)
        *to = newest;
    if (*from == 0)
        *from = *to - 1;
    if (*from >= 1 && *from <= newest && *to >= 1 && *to <= newest)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("the letter has the versions 1 to %d"), (int)newest);
    return false;
}

static NskJson *
change_to_json(const NskLetterChange *change, NskLetterWords words)
{
    static const char *const kinds[] = { [NSK_CHANGE_ADDED] = "added",
                                         [NSK_CHANGE_REMOVED] = "removed",
                                         [NSK_CHANGE_CHANGED] = "changed" };
    NskJson *row = nsk_json_object();

    nsk_json_set_text(row, "where", change->where[words]);
    nsk_json_set_text(row, "kind", kinds[change->kind]);
    nsk_json_set_text(row, "old", change->old_text);
    nsk_json_set_text(row, "new", change->new_text);
    return row;
}

static NskJson *
diff_to_json(const NskLetter *older, const NskLetter *newer)
{
    NskLetterWords words =
        strcmp(nsk_language(), "id") == 0 ? NSK_LETTER_WORDS_ID : NSK_LETTER_WORDS_EN;
    g_autoptr(NskLetterDiff) diff = nsk_letter_diff(older, newer);
    g_autofree char *text = nsk_letter_diff_format(diff, words);
    NskJson *result = nsk_json_object();
    NskJson *changes = nsk_json_array();

    for (size_t i = 0; i < nsk_letter_diff_count(diff); i++)
        nsk_json_add(changes, change_to_json(nsk_letter_diff_get(diff, i), words));
    nsk_json_set(result, "changes", changes);
    nsk_json_set_text(result, "text", text);
    return result;
}

bool
nsk_office_letter_diff(NskOffice *self,
                       const NskLetterDiffAsk *ask,
                       NskJson **out_result,
                       GError **error)
{
    int64_t from = ask->from;
    int64_t to = ask->to;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row =
        txn != NULL ? nsk_access_route(self, txn, ask->letter, error) : NULL;
    bool kept = row != NULL && nsk_reading_keep(self, &txn, row, NSK_READING_HISTORY, error);
    g_autoptr(GPtrArray) log = kept ? nsk_store_log(txn, row->id, error) : NULL;

    if (log == NULL || !find_versions(log, &from, &to, error))
        return false;
    const NskStoreEntry *first = g_ptr_array_index(log, log->len - (guint)from);
    const NskStoreEntry *second = g_ptr_array_index(log, log->len - (guint)to);
    g_autoptr(NskLetter) older = read_version(txn, row->id, first->oid, error);
    g_autoptr(NskLetter) newer =
        older != NULL ? read_version(txn, row->id, second->oid, error) : NULL;
    if (newer == NULL)
        return false;
    NskJson *result = diff_to_json(older, newer);
    nsk_json_set_text(result, "letter", row->id);
    nsk_json_set_int(result, "from", from);
    nsk_json_set_int(result, "to", to);
    *out_result = result;
    return true;
}

/* --- History --------------------------------------------------------------------------------- */

/* The printed name of who acted; the id for parts of the program. */
static char *
actor_name(NskDbTxn *txn, const char *id)
{
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, id, NULL);

    return g_strdup(person != NULL ? person->printed : id);
}

/* Words said in a branch of dispositions beside the person's own are not for him. */
static const char *
reason_for(const NskTree *tree, const NskJournalEvent *event)
{
    bool hidden = tree->dispositions->len > 0 && event->task != NULL &&
                  !nsk_tree_shows_task(tree, event->task);

    return hidden ? NULL : event->reason;
}

static NskJson *
entry_to_json(NskDbTxn *txn, const NskTree *tree, const NskJournalEntry *entry)
{
    const NskJournalEvent *event = &entry->event;
    g_autofree char *name = actor_name(txn, event->actor);
    g_autofree char *at = nsk_instant_format(event->at);
    g_autofree char *hash = nsk_hex(entry->hash, sizeof entry->hash);
    NskJson *row = nsk_json_object();

    nsk_json_set_int(row, "seq", entry->seq);
    nsk_json_set_text(row, "at", at);
    nsk_json_set_text(row, "actor", event->actor);
    nsk_json_set_text(row, "name", name);
    nsk_json_set_text(row, "position", event->position);
    nsk_json_set_text(row, "capacity", event->capacity);
    nsk_json_set_text(row, "on_behalf_of", event->on_behalf_of);
    nsk_json_set_text(row, "action", event->action);
    nsk_json_set_text(row, "state", event->state_to);
    nsk_json_set_text(row, "reason", reason_for(tree, event));
    nsk_json_set_text(row, "task", event->task);
    nsk_json_set_text(row, "commit", event->commit);
    nsk_json_set_text(row, "hash", hash);
    return row;
}

bool
nsk_history_check_end(NskDbTxn *txn, const char *id, GPtrArray *entries, GError **error)
{
    g_autofree char *head = NULL;
    const NskJournalEntry *last =
        entries->len > 0 ? g_ptr_array_index(entries, entries->len - 1) : NULL;

    if (!nsk_store_head(txn, id, &head, NULL, error))
        return false;
    if (last != NULL && g_strcmp0(last->event.commit, head) == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                nsk_tr("the history of letter %s does not end where its versions end: entries are "
                       "missing, or versions were added beside it"),
                id);
    return false;
}

bool
nsk_office_letter_history(NskOffice *self, const char *letter, NskJson **out_result, GError **error)
{
    g_auto(NskTree) tree = { 0 };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_route(self, txn, letter, error) : NULL;
    bool kept = row != NULL && nsk_reading_keep(self, &txn, row, NSK_READING_HISTORY, error);
    /* reading checks form, hashes and chain of every entry */
    g_autoptr(GPtrArray) entries = kept ? nsk_journal_read(txn, row->id, error) : NULL;

    if (entries == NULL || !nsk_history_check_end(txn, row->id, entries, error) ||
        !nsk_tree_load(&tree, txn, row->id, error) || !nsk_tree_look(&tree, self, txn, row, error))
        return false;
    NskJson *result = nsk_json_object();
    NskJson *list = nsk_json_array();
    for (guint i = 0; i < entries->len; i++)
        nsk_json_add(list, entry_to_json(txn, &tree, g_ptr_array_index(entries, i)));
    nsk_json_set_text(result, "letter", row->id);
    nsk_json_set_text(result, "subject", row->subject);
    nsk_json_set_text(result, "number", row->number);
    nsk_json_set_bool(result, "verified", true);
    nsk_json_set(result, "entries", list);
    if (!nsk_log_prove_history(self, txn, row->id, entries, result, error)) {
        nsk_json_unref(result);
        return false;
    }
    *out_result = result;
    return true;
}

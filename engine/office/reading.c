/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every reading of a secret letter is an event (signature-and-archive.md 5.5 and 7).
 *
 * INVARIANTS
 *   (1) What is secret is shown after its reading is in the journal, or not at all.
 *   (2) A reading is an entry that names the version which was read.  It makes no version, and does
 *       not count as a change of the letter: who reads is in nobody's way.
 *   (3) The pictures and parts of one opening are one reading: one of a person, letter and kind in
 *       NSK_LIMIT_READING_WINDOW minutes; and so is a file that is taken again.
 *   (4) What is shown or taken is a copy whose number is that of its entry: the reading and the
 *       copy are one act.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/access-private.h"
#include "office/access.h"
#include "office/reader-copy-private.h"

#include <string.h>

#define NOT_YET (-1)
#define WINDOW  ((int64_t)NSK_LIMIT_READING_WINDOW * 60 * G_USEC_PER_SEC)

static const char sql_recent[] =
    "SELECT 1 FROM reading WHERE letter = $1 AND person = $2 AND how = $3 AND at > $4 AND at <= $5";
static const char sql_put[] =
    "INSERT INTO reading (letter, person, how, at) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (letter, person, how) DO UPDATE SET at = max(at, excluded.at)";

static const struct {
    const char *how;
    const char *action;
} kinds[] = {
    { NSK_READING_OPENED, "letter-opened" },
    { NSK_READING_TAKEN, "letter-taken" },
    { NSK_READING_HISTORY, "history-opened" },
};

static const char sql_last[] = "SELECT person, how, at FROM reading WHERE letter = $1";

typedef struct {
    NskOffice *office;
    const NskReadingRecord *record;
    const char *action;
    NskInstant now;
} Work;

static const char *
action_of(const char *how)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (strcmp(kinds[i].how, how) == 0)
            return kinds[i].action;
    }
    return NULL;
}

static const char *
how_of(const char *action)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (strcmp(kinds[i].action, action) == 0)
            return kinds[i].how;
    }
    return NULL;
}

bool
nsk_reading_is(const char *action)
{
    return how_of(action) != NULL;
}

/* Of what is on the screen it does not matter which version it is. */
static const char *
copied(const NskReadingRecord *record)
{
    if (strcmp(record->how, NSK_READING_HISTORY) == 0)
        return NULL;
    return strcmp(record->how, NSK_READING_OPENED) == 0 ? NSK_COPY_SCREEN : record->what;
}

/* *out_entry: that of the copy; 0 of a reading that is no copy; NOT_YET: there is none. */
static bool
find_recent(NskDbTxn *txn,
            const NskReadingRecord *record,
            const char *person,
            NskInstant now,
            int64_t *out_entry,
            GError **error)
{
    bool found = false;
    const NskCopyWish wish = { record->letter, person, copied(record), record->sha256 };
    g_autoptr(NskCopy) copy = NULL;

    if (wish.what != NULL) {
        if (!nsk_copy_find(txn, &wish, now, &copy, error))
            return false;
        *out_entry = copy != NULL ? copy->entry : NOT_YET;
        return true;
    }
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_recent,
        NSK_DB_PARAMS(NSK_DB_TEXT(record->letter), NSK_DB_TEXT(person), NSK_DB_TEXT(record->how),
                      NSK_DB_INT(now - WINDOW), NSK_DB_INT(now)),
        error);

    if (rows == NULL || !nsk_db_rows_next(rows, &found, error))
        return false;
    *out_entry = found ? 0 : NOT_YET;
    return true;
}

/* --- Recording -------------------------------------------------------------------------------- */

static const char *
capacity_of(const NskReading *reading, NskCapacity capacity)
{
    switch (reading->as) {
    case NSK_READS_AS_ASSISTANT:
        return "assistant";
    case NSK_READS_AS_SUBSTITUTE:
        return "substitute";
    case NSK_READS_AS_ARCHIVIST:
        return "archivist";
    case NSK_READS_AS_HOLDER:
    default:
        return nsk_capacity_name(capacity);
    }
}

/* Through which position the person reads: that which opens most. */
static bool
find_place(const Work *work,
           NskDbTxn *txn,
           const NskLetterRow *row,
           NskNotePlace *out_place,
           GError **error)
{
    NskDate today;
    NskReaderLevel best = NSK_READER_NONE;

    if (!nsk_office_today(txn, row->unit, work->now, &today, error))
        return false;
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, work->office->person, today, error);
    for (guint i = 0; readings != NULL && i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);
        NskCapacity capacity = NSK_CAPACITY_DEFINITIVE;
        NskOpening opening;

        if (!nsk_access_open(txn, row, reading, &opening, error))
            return false;
        if (opening.level <= best)
            continue;
        if (reading->as == NSK_READS_AS_HOLDER &&
            !nsk_directory_may_act(txn, work->office->person, reading->position, today, &capacity,
                                   error))
            return false;
        best = opening.level;
        g_free(out_place->position);
        out_place->position = g_strdup(reading->position);
        out_place->capacity = capacity_of(reading, capacity);
    }
    return readings != NULL;
}

/* What the copy is made of; of what is on the screen, the version that is the newest. */
static bool
describe_copy(const Work *work,
              NskDbTxn *txn,
              const NskLetterRow *row,
              NskJournalObject *out_object,
              GError **error)
{
    const NskReadingRecord *record = work->record;
    const char *kind = nsk_copy_object(copied(record));

    if (strcmp(record->how, NSK_READING_OPENED) == 0) {
        g_autofree char *name = nsk_office_file_name(row->id, ".xml");
        g_autoptr(GBytes) xml = nsk_store_read(txn, row->id, NULL, name, error);

        if (xml != NULL)
            *out_object = nsk_describe_bytes(kind, xml);
        return xml != NULL;
    }
    *out_object = (NskJournalObject){ .kind = kind, .size = record->size };
    if (record->sha256 != NULL && strlen(record->sha256) == 2 * sizeof out_object->sha256 &&
        nsk_unhex(record->sha256, out_object->sha256, sizeof out_object->sha256))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("a copy is told by the digest of what it is made of"));
    return false;
}

/* The copy of the entry at @seq, which was written just now. */
static bool
put_copy(const Work *work, const NskAct *act, const NskEvent *event, int64_t seq, GError **error)
{
    const NskJournalEvent entry = { .letter = act->row->id,
                                    .at = work->now,
                                    .actor = work->office->person,
                                    .position = event->position,
                                    .objects = event->objects,
                                    .n_objects = event->n_objects };

    return nsk_copy_put(act->txn, &entry, seq, error);
}

static bool
add_entry(const Work *work, NskDbTxn *txn, NskLetterRow *row, int64_t *out_entry, GError **error)
{
    NskNotePlace place = { 0 };
    NskJournalNext next;
    NskJournalObject object;
    NskAct act = { .office = work->office, .txn = txn, .row = row, .now = work->now };
    bool is_copy = copied(work->record) != NULL;
    bool placed = find_place(work, txn, row, &place, error);
    g_autofree char *position = place.position;
    const NskEvent event = { .action = work->action,
                             .position = position,
                             .capacity = place.capacity,
                             .state_from = row->state,
                             .objects = &object,
                             .n_objects = is_copy ? 1 : 0 };

    if (!placed || (is_copy && !describe_copy(work, txn, row, &object, error)) ||
        !nsk_journal_next(txn, row->id, &next, error))
        return false;
    *out_entry = is_copy ? next.seq : 0;
    return nsk_record_aside(&act, &event, error) && put_copy(work, &act, &event, next.seq, error) &&
           nsk_db_exec(txn, sql_put,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(work->office->person),
                                     NSK_DB_TEXT(work->record->how), NSK_DB_INT(work->now)),
                       NULL, error);
}

static bool
apply(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Work *work = data;
    int64_t entry = NOT_YET;
    NskReadingRecord found = *work->record;
    g_autoptr(NskJson) answer = nsk_json_object();
    g_autoptr(NskLetterRow) row = nsk_access_letter(work->office, txn, work->record->letter, error);

    found.letter = row != NULL ? row->id : NULL;
    if (row == NULL || !find_recent(txn, &found, work->office->person, work->now, &entry, error))
        return false;
    if (entry == NOT_YET && nsk_letter_row_is_secret(row) &&
        !add_entry(work, txn, row, &entry, error))
        return false;
    nsk_json_set_text(answer, "letter", row->id);
    nsk_json_set_int(answer, "entry", entry);
    *out_answer = nsk_json_canonical(answer);
    return true;
}

bool
nsk_do_reading_record(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskReadingRecord *record = arguments;
    Work work = { self, record, action_of(record->how), nsk_clock_now(self->clock) };
    g_autofree char *answer = NULL;

    if (work.action == NULL || (strcmp(record->how, NSK_READING_TAKEN) == 0 &&
                                (record->what == NULL || nsk_copy_object(record->what) == NULL))) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("'%.80s' is no way of reading"),
                    record->how);
        return false;
    }
    NSK_REQUEST(self, "reading-record", record->letter, record->how);
    if (!nsk_office_commit(self, apply, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

/* The request id is that of what is to be changed, not of looking at it. */
static bool
record_aside(NskOffice *self, const NskReadingRecord *record, int64_t *out_entry, GError **error)
{
    char *id = g_steal_pointer(&self->request_id);
    g_autoptr(NskJson) told = NULL;
    bool done = nsk_call_reading_record(self, record, &told, error);

    g_free(self->request_id);
    self->request_id = id;
    *out_entry = done ? nsk_json_get_int(told, "entry", 0) : 0;
    if (!done)
        g_prefix_error(error,
                       nsk_tr("letter %s is secret, and it is shown only after its reading was "
                              "recorded, which did not succeed: "),
                       record->letter);
    return done;
}

bool
nsk_reading_keep(NskOffice *self,
                 NskDbTxn **txn,
                 const NskLetterRow *row,
                 const char *how,
                 GError **error)
{
    int64_t entry;
    g_autofree char *letter = g_strdup(row->id);
    const NskReadingRecord record = { .letter = letter, .how = how };

    if (!nsk_letter_row_is_secret(row))
        return true;
    if (!find_recent(*txn, &record, self->person, nsk_clock_now(self->clock), &entry, error))
        return false;
    if (entry != NOT_YET)
        return true;
    g_clear_pointer(txn, nsk_db_snapshot_free);
    if (!record_aside(self, &record, &entry, error))
        return false;
    *txn = nsk_db_snapshot(self->reader, error);
    return *txn != NULL;
}

/* --- Copies ----------------------------------------------------------------------------------- */

/* Asked again within its time it is the same one. */
static NskCopy *
keep_copy(NskOffice *self, const NskReadingRecord *record, GError **error)
{
    int64_t entry = NOT_YET;
    NskInstant now = nsk_clock_now(self->clock);
    NskDbTxn *txn = nsk_db_snapshot(self->reader, error);
    bool looked = txn != NULL && find_recent(txn, record, self->person, now, &entry, error);

    g_clear_pointer(&txn, nsk_db_snapshot_free);
    if (!looked || (entry == NOT_YET && !record_aside(self, record, &entry, error)))
        return NULL;
    g_autoptr(NskDbTxn) after = nsk_db_snapshot(self->reader, error);
    return after != NULL ? nsk_copy_load(after, record->letter, entry, error) : NULL;
}

NskCopy *
nsk_copy_take(NskOffice *self,
              const NskLetterRow *row,
              const char *what,
              GBytes *bytes,
              GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    g_autofree char *sha256 = nsk_sha256_hex(data, size);
    const NskReadingRecord record = { row->id, NSK_READING_TAKEN, what, sha256, (int64_t)size };

    return keep_copy(self, &record, error);
}

NskCopy *
nsk_copy_on_screen(NskOffice *self, const NskLetterRow *row, GError **error)
{
    const NskReadingRecord record = { .letter = row->id, .how = NSK_READING_OPENED };

    return keep_copy(self, &record, error);
}

bool
nsk_reading_restore(NskDbTxn *txn, const char *letter, const NskJournalEntry *entry, GError **error)
{
    const char *how = how_of(entry->event.action);

    return how == NULL ||
           nsk_db_exec(txn, sql_put,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(entry->event.actor),
                                     NSK_DB_TEXT(how), NSK_DB_INT(entry->event.at)),
                       NULL, error);
}

bool
nsk_readings_are_right(NskDbTxn *txn,
                       const char *letter,
                       const GPtrArray *entries,
                       bool *out_right,
                       GError **error)
{
    bool has_row = true;
    guint n = 0;
    g_autoptr(GHashTable) last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < entries->len; i++) {
        const NskJournalEvent *event =
            &((const NskJournalEntry *)g_ptr_array_index(entries, i))->event;
        const char *how = how_of(event->action);

        if (how == NULL)
            continue;
        g_autofree char *key = g_strconcat(how, " ", event->actor, NULL);
        const NskJournalEvent *before = g_hash_table_lookup(last, key);
        /* a clock may have gone back */
        if (before == NULL || before->at < event->at)
            g_hash_table_insert(last, g_steal_pointer(&key), (gpointer)(uintptr_t)event);
    }
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_last, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);
    *out_right = true;
    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        g_autofree char *key =
            g_strconcat(nsk_db_rows_text(rows, 1), " ", nsk_db_rows_text(rows, 0), NULL);
        const NskJournalEvent *event = g_hash_table_lookup(last, key);
        *out_right = *out_right && event != NULL && event->at == nsk_db_rows_int(rows, 2);
        n++;
    }
    *out_right = *out_right && n == g_hash_table_size(last);
    return rows != NULL;
}

/* --- For people ------------------------------------------------------------------------------- */

static int64_t
version_of(const GPtrArray *log, const char *commit)
{
    for (guint i = 0; i < log->len; i++) {
        const NskStoreEntry *version = g_ptr_array_index(log, i);

        if (g_strcmp0(version->oid, commit) == 0)
            return (int64_t)(log->len - i);
    }
    return 0;
}

static void
add_copy(const NskJournalEntry *entry, NskJson *row)
{
    const NskJournalObject *object = &entry->event.objects[0];
    const char *what = nsk_copy_of_entry(&entry->event);
    g_autofree char *number = nsk_copy_number(entry->event.letter, entry->seq);
    g_autofree char *sha256 = nsk_hex(object->sha256, sizeof object->sha256);

    nsk_json_set_text(row, "number", number);
    nsk_json_set_text(row, "what", what);
    nsk_json_set_text(row, "copied", nsk_copy_words(what));
    nsk_json_set_text(row, "sha256", sha256);
}

static void
add_reading(NskDbTxn *txn,
            const GPtrArray *log,
            const NskJournalEntry *entry,
            const char *how,
            NskJson *list)
{
    const NskJournalEvent *event = &entry->event;
    g_autofree char *at = nsk_instant_format(event->at);
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, event->actor, NULL);
    NskJson *row = nsk_json_object();

    nsk_json_set_int(row, "entry", entry->seq);
    nsk_json_set_text(row, "at", at);
    nsk_json_set_text(row, "person", event->actor);
    nsk_json_set_text(row, "name", person != NULL ? person->printed : event->actor);
    nsk_json_set_text(row, "position", event->position);
    nsk_json_set_text(row, "capacity", event->capacity);
    nsk_json_set_text(row, "how", how);
    nsk_json_set_text(row, "words", nsk_office_word(event->action));
    nsk_json_set_text(row, "by", event->auth_level);
    nsk_json_set_int(row, "version", version_of(log, event->commit));
    if (nsk_copy_of_entry(event) != NULL)
        add_copy(entry, row);
    nsk_json_add(list, row);
}

static bool
list_readings(NskOffice *self,
              const char *letter,
              bool files_alone,
              NskJson **out_result,
              GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_route(self, txn, letter, error) : NULL;
    bool kept = row != NULL && nsk_reading_keep(self, &txn, row, NSK_READING_HISTORY, error);
    g_autoptr(GPtrArray) entries = kept ? nsk_journal_read(txn, row->id, error) : NULL;
    g_autoptr(GPtrArray) log = entries != NULL ? nsk_store_log(txn, row->id, error) : NULL;

    nsk_json_set(result, "readings", list);
    if (log == NULL || !nsk_history_check_end(txn, row->id, entries, error))
        return false;
    for (guint i = 0; i < entries->len; i++) {
        const NskJournalEntry *entry = g_ptr_array_index(entries, i);
        bool taken_out = strcmp(entry->event.action, "evidence-exported") == 0;
        const char *how = taken_out ? "evidence" : how_of(entry->event.action);

        if (how != NULL && (!files_alone || strcmp(how, NSK_READING_TAKEN) == 0))
            add_reading(txn, log, entry, how, list);
    }
    nsk_json_set_text(result, "letter", row->id);
    nsk_json_set_text(result, "security", row->security);
    *out_result = g_steal_pointer(&result);
    return true;
}

bool
nsk_office_access_readings(NskOffice *self,
                           const char *letter,
                           NskJson **out_result,
                           GError **error)
{
    return list_readings(self, letter, false, out_result, error);
}

bool
nsk_office_access_copies(NskOffice *self, const char *letter, NskJson **out_result, GError **error)
{
    return list_readings(self, letter, true, out_result, error);
}

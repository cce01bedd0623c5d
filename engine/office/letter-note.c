/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Catatan: notes on a letter, in no way part of its content: an entry of its journal, where the
 * words lie beside the entry, and a row of letter_note that is made from it.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/office-private.h"

#include <string.h>

#define ACTION     "note-added"
#define TEXT_LIMIT 4000 /* bytes of a note */

static const char sql_list_notes[] =
    "SELECT at, person, position, capacity, text FROM letter_note WHERE letter = $1 ORDER BY n";
static const char sql_add_note[] =
    "INSERT INTO letter_note (letter, at, n, person, position, capacity, text)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)";

typedef struct {
    NskOffice *office;
    const NskLetterNote *note;
    NskInstant now;
} Work;

static const char *
reading_word(NskReadsAs as)
{
    if (as == NSK_READS_AS_SUBSTITUTE)
        return "substitute";
    return as == NSK_READS_AS_ASSISTANT ? "assistant" : "archivist";
}

/* Through which position the person has the letter, and as what; both borrowed from @readings. */
static bool
find_place(NskOffice *office,
           NskDbTxn *txn,
           const NskLetterRow *row,
           const GPtrArray *readings,
           const NskReading **out_reading,
           GError **error)
{
    *out_reading = NULL;
    for (guint i = 0; i < readings->len; i++) {
        NskReaderLevel level = NSK_READER_NONE;
        g_autoptr(GPtrArray) one = g_ptr_array_new();

        g_ptr_array_add(one, g_ptr_array_index(readings, i));
        if (!nsk_access_level(txn, row, one, &level, error))
            return false;
        if (level == NSK_READER_ROUTE) {
            *out_reading = g_ptr_array_index(readings, i);
            return true;
        }
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED, nsk_tr("%s has no part in letter %s"),
                office->person, row->id);
    return false;
}

static bool
add_row(NskDbTxn *txn, const char *letter, int64_t n, const NskJournalEvent *event, GError **error)
{
    return nsk_db_exec(txn, sql_add_note,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(event->at), NSK_DB_INT(n),
                                     NSK_DB_TEXT(event->actor), NSK_DB_TEXT(event->position),
                                     NSK_DB_TEXT(event->capacity),
                                     NSK_DB_TEXT(event->reason != NULL ? event->reason : "")),
                       NULL, error);
}

bool
nsk_note_restore(NskDbTxn *txn, const char *letter, const NskJournalEntry *entry, GError **error)
{
    if (strcmp(entry->event.action, ACTION) != 0)
        return true;
    return add_row(txn, letter, entry->seq, &entry->event, error);
}

bool
nsk_note_place(NskOffice *office,
               NskDbTxn *txn,
               const NskLetterRow *row,
               NskDate today,
               NskNotePlace *out_place,
               GError **error)
{
    const NskReading *reading = NULL;
    NskCapacity capacity = NSK_CAPACITY_DEFINITIVE;
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, office->person, today, error);

    if (readings == NULL || !find_place(office, txn, row, readings, &reading, error) ||
        (reading->as == NSK_READS_AS_HOLDER &&
         !nsk_directory_may_act(txn, office->person, reading->position, today, &capacity, error)))
        return false;
    out_place->position = g_strdup(reading->position);
    out_place->capacity = reading->as == NSK_READS_AS_HOLDER ? nsk_capacity_name(capacity)
                                                             : reading_word(reading->as);
    return true;
}

static bool
apply_note(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Work *work = data;
    NskDate today;
    NskJournalNext next;
    NskNotePlace place = { 0 };
    g_autoptr(NskLetterRow) row = nsk_access_route(work->office, txn, work->note->letter, error);

    if (row == NULL || !nsk_office_today(txn, row->unit, work->now, &today, error) ||
        !nsk_note_place(work->office, txn, row, today, &place, error) ||
        !nsk_journal_next(txn, row->id, &next, error)) {
        g_free(place.position);
        return false;
    }
    g_autofree char *position = place.position;
    NskAct act = { .office = work->office,
                   .txn = txn,
                   .row = row,
                   .now = work->now,
                   .today = today };
    NskEvent event = { .action = ACTION,
                       .sentence = "Make a note",
                       .position = position,
                       .capacity = place.capacity,
                       .state_from = row->state,
                       .reason = work->note->text,
                       .kept = NSK_RECORD_SAME };
    NskJournalEvent entry = { .at = work->now,
                              .actor = work->office->person,
                              .position = event.position,
                              .capacity = event.capacity,
                              .reason = event.reason };
    if (!nsk_record(&act, &event, error) || !add_row(txn, row->id, next.seq, &entry, error))
        return false;
    *out_answer = nsk_act_answer(&act, NULL, "note", error);
    return *out_answer != NULL;
}

static bool
check_text(const char *text, GError **error)
{
    if (text[strspn(text, " \t\r\n")] == '\0') {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("the note is empty"));
        return false;
    }
    if (strlen(text) > TEXT_LIMIT) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the note has %zu bytes; at most %d are kept: attach a file instead"),
                    strlen(text), TEXT_LIMIT);
        return false;
    }
    if (nsk_utf8_is_valid(text, strlen(text)))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("the note is not text in UTF-8"));
    return false;
}

bool
nsk_do_letter_note(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskLetterNote *note = arguments;
    Work work = { self, note, nsk_clock_now(self->clock) };
    g_autofree char *answer = NULL;

    if (!check_text(note->text, error))
        return false;
    NSK_REQUEST(self, "letter-note", note->letter, note->text);
    if (!nsk_office_commit(self, apply_note, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

/* --- For people ------------------------------------------------------------------------------ */

bool
nsk_notes_show(NskDbTxn *txn, const char *letter, NskJson *result, GError **error)
{
    bool has_row = true;
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_list_notes, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    nsk_json_set(result, "notes", list);
    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        NskJson *note = nsk_json_object();
        const char *id = nsk_db_rows_text(rows, 1);
        g_autofree char *at = nsk_instant_format(nsk_db_rows_int(rows, 0));
        g_autoptr(NskPerson) person = nsk_directory_get_person(txn, id, NULL);
        nsk_json_set_text(note, "at", at);
        nsk_json_set_text(note, "person", id);
        nsk_json_set_text(note, "name", person != NULL ? person->printed : id);
        nsk_json_set_text(note, "position", nsk_db_rows_text(rows, 2));
        nsk_json_set_text(note, "capacity", nsk_db_rows_text(rows, 3));
        nsk_json_set_text(note, "text", nsk_db_rows_text(rows, 4));
        nsk_json_add(list, note);
    }
    return rows != NULL;
}

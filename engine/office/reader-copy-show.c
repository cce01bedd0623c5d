/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose a copy is.  The index only says in which history to look: what is told is what the history
 * proves, so that nobody is blamed by a row.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/access-private.h"
#include "office/access.h"
#include "office/reader-copy-private.h"

#include <string.h>

#define MOST_NUMBER 40

static const char sql_find[] = "SELECT letter, entry FROM reader_copy WHERE number = $1";

static const struct {
    const char *what, *words;
} kinds[] = {
    { NSK_COPY_SCREEN, N_("shown on the screen") },
    { NSK_COPY_PAGES, N_("pages with the reader's name") },
    { NSK_COPY_FILE, N_("attached file") },
    { NSK_COPY_XML, N_("XML, without a mark") },
    { NSK_COPY_ADDRESSEE, N_("pages for an addressee") },
    { NSK_COPY_SHEET, N_("sheet of a disposition") },
    { NSK_COPY_ORIGINAL, N_("original, without a mark") },
};

const char *
nsk_copy_words(const char *what)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (strcmp(kinds[i].what, what) == 0)
            return nsk_tr(kinds[i].words);
    }
    return what;
}

/* As somebody reads it from paper: blanks and small letters, O for 0, I and L for 1. */
static char *
clean_number(const char *text)
{
    GString *number = g_string_new(NULL);

    for (const char *p = text; *p != '\0' && number->len < MOST_NUMBER; p++) {
        char c = g_ascii_toupper(*p);

        if (c == 'O')
            c = '0';
        else if (c == 'I' || c == 'L')
            c = '1';
        if (!g_ascii_isspace(c))
            g_string_append_c(number, c);
    }
    return g_string_free(number, FALSE);
}

/* Who sees its history may ask, and who keeps the records of its unit, who sees the cover alone. */
static bool
may_ask(NskOffice *self, NskDbTxn *txn, const NskLetterRow *row, bool *out_may, GError **error)
{
    NskDate today;
    NskReaderLevel level;

    if (!nsk_office_today(txn, row->unit, nsk_clock_now(self->clock), &today, error))
        return false;
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, self->person, today, error);
    if (readings == NULL || !nsk_access_level(txn, row, readings, &level, error))
        return false;
    *out_may = level == NSK_READER_ROUTE;
    for (guint i = 0; i < readings->len && !*out_may; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        *out_may = reading->as == NSK_READS_AS_ARCHIVIST && strcmp(reading->unit, row->unit) == 0;
    }
    return true;
}

static void
describe(NskDbTxn *txn, const NskJournalEvent *event, NskJson *out)
{
    const char *what = nsk_copy_of_entry(event);
    g_autofree char *at = nsk_instant_format(event->at);
    g_autofree char *sha256 = nsk_hex(event->objects[0].sha256, sizeof event->objects[0].sha256);
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, event->actor, NULL);
    g_autoptr(NskPosition) position =
        event->position != NULL ? nsk_directory_get_position(txn, event->position, NULL) : NULL;

    nsk_json_set_text(out, "at", at);
    nsk_json_set_text(out, "person", event->actor);
    nsk_json_set_text(out, "name", person != NULL ? person->printed : event->actor);
    nsk_json_set_text(out, "position", event->position);
    nsk_json_set_text(out, "title", position != NULL ? position->title : event->position);
    nsk_json_set_text(out, "by", event->auth_level);
    nsk_json_set_text(out, "what", what);
    nsk_json_set_text(out, "words", nsk_copy_words(what));
    nsk_json_set_text(out, "sha256", sha256);
}

/* Fills @out, if the person may ask about the letter; *out_found. */
static bool
tell(NskOffice *self,
     NskDbTxn *txn,
     const NskCopy *named,
     NskJson *out,
     bool *out_found,
     GError **error)
{
    const char *letter = named->letter;
    int64_t seq = named->entry;
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(txn, letter, error);

    if (row == NULL || !may_ask(self, txn, row, out_found, error))
        return false;
    if (!*out_found)
        return true;
    g_autoptr(GPtrArray) entries = nsk_journal_read(txn, letter, error);
    if (entries == NULL)
        return false;
    const NskJournalEntry *entry = seq >= 1 && seq <= (int64_t)entries->len
                                       ? g_ptr_array_index(entries, (guint)(seq - 1))
                                       : NULL;
    if (entry == NULL || entry->seq != seq || nsk_copy_of_entry(&entry->event) == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("the register of copies names entry %d of letter %s, whose history has "
                           "no copy there; run 'naskah doctor'"),
                    (int)seq, letter);
        return false;
    }
    g_autofree char *number = nsk_copy_number(letter, seq);
    nsk_json_set_text(out, "number", number);
    nsk_json_set_text(out, "letter", letter);
    nsk_json_set_int(out, "entry", seq);
    describe(txn, &entry->event, out);
    return true;
}

bool
nsk_office_access_copy(NskOffice *self, const char *number, NskJson **out_result, GError **error)
{
    bool found = false, has_row = false;
    g_autofree char *clean = clean_number(number);
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskDbRows) rows =
        txn != NULL ? nsk_db_query(txn, sql_find, NSK_DB_PARAMS(NSK_DB_TEXT(clean)), error) : NULL;

    do {
        if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
            return false;
        g_autofree char *letter = has_row ? g_strdup(nsk_db_rows_text(rows, 0)) : NULL;
        const NskCopy named = { .letter = letter, .entry = has_row ? nsk_db_rows_int(rows, 1) : 0 };
        if (has_row && !tell(self, txn, &named, result, &found, error))
            return false;
    } while (has_row && !found);
    if (!found) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("no copy has the number '%.40s', or it is of a letter that you may not "
                           "ask about"),
                    number);
        return false;
    }
    *out_result = g_steal_pointer(&result);
    return true;
}

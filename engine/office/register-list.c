/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Registers and agenda books of a unit and year: as rows, as CSV, and as pages.
 *
 * A book is for the office (TU) that keeps the unit's letters, and for the unit's own officials.
 * Of a letter that who asks may not read the number stands there, and nothing that it says: a
 * register without that line would have a gap.
 */
#include "base/limits.h"
#include "base/message.h"
#include "office/register-private.h"

#include <string.h>

#define FIRST_YEAR 1900 /* of an older archive */
#define LAST_YEAR  2999

static const NskBookColumn outgoing[] = {
    { "seq", N_("No."), 2, true, NULL },     { "number", N_("Number"), 8, false, NULL },
    { "date", N_("Date"), 4, false, NULL },  { "subject", N_("Subject"), 10, false, NULL },
    { "to", N_("To"), 8, false, NULL },      { "entry", N_("Entry"), 4, false, "" },
    { "state", N_("Letter"), 4, false, "" }, { "sent", N_("Sent"), 5, false, NULL },
    { "note", N_("Note"), 5, false, NULL },
};

static const NskBookColumn incoming[] = {
    { "seq", N_("No."), 2, true, NULL },          { "number", N_("Agenda"), 5, false, NULL },
    { "at", N_("Received"), 5, false, NULL },     { "origin", N_("From"), 7, false, NULL },
    { "their", N_("Number"), 6, false, NULL },    { "date", N_("Date"), 4, false, NULL },
    { "subject", N_("Subject"), 9, false, NULL }, { "to", N_("To"), 7, false, NULL },
    { "state", N_("Letter"), 4, false, "" },      { "note", N_("Note"), 4, false, NULL },
};

static const NskBookColumn expedition[] = {
    { "seq", N_("No."), 2, true, NULL },
    { "number", N_("Number"), 8, false, NULL },
    { "to", N_("To"), 8, false, NULL },
    { "channel", N_("Channel"), 4, false, "" },
    { "sent", N_("Sent"), 5, false, NULL },
    { "state", N_("State"), 4, false, "" },
    { "at", N_("Last step"), 5, false, NULL },
    { "tracking", N_("Tracking"), 5, false, NULL },
    { "receiver", N_("Receiver"), 6, false, NULL },
    { "note", N_("Note"), 5, false, NULL },
};

static const NskBookColumn dispositions[] = {
    { "seq", N_("No."), 2, true, NULL },
    { "number", N_("Letter number"), 6, false, NULL },
    { "subject", N_("Subject"), 8, false, NULL },
    { "at", N_("Given"), 5, false, NULL },
    { "giver", N_("Given by"), 7, false, NULL },
    { "to", N_("To"), 7, false, NULL },
    { "lead", N_("Lead"), 3, false, "" },
    { "instructions", N_("Instructions"), 8, false, NULL },
    { "due", N_("Due"), 4, false, NULL },
    { "state", N_("State"), 4, false, "disposition" },
    { "done", N_("Done"), 5, false, NULL },
};

static const NskBookColumn archive[] = {
    { "seq", N_("No."), 2, true, NULL },           { "classification", N_("Code"), 4, false, NULL },
    { "number", N_("Number"), 6, false, NULL },    { "date", N_("Date"), 4, false, NULL },
    { "origin", N_("From"), 7, false, NULL },      { "to", N_("To"), 7, false, NULL },
    { "subject", N_("Subject"), 9, false, NULL },  { "class", N_("Class"), 4, false, NULL },
    { "files", N_("Attachments"), 4, true, NULL }, { "note", N_("Other names"), 6, false, NULL },
};

#define COLUMNS(table) (table), G_N_ELEMENTS(table)

static const struct {
    const char *name, *title;
    const NskBookColumn *columns;
    size_t n_columns;
    bool (*list)(NskBook *, GError **);
} books[] = {
    { "outgoing", N_("Register of outgoing letters"), COLUMNS(outgoing), nsk_book_list_outgoing },
    { "incoming", N_("Agenda of incoming letters"), COLUMNS(incoming), nsk_book_list_incoming },
    { "expedition", N_("Expedition book"), COLUMNS(expedition), nsk_book_list_expedition },
    { "disposition", N_("Register of dispositions"), COLUMNS(dispositions),
      nsk_book_list_dispositions },
    { "archive", N_("List of archives"), COLUMNS(archive), nsk_book_list_archive },
};

/* --- For those who fill it ------------------------------------------------------------------- */

bool
nsk_book_add(NskBook *book, const char *const *texts, GError **error)
{
    char **row;

    if (book->rows->len == NSK_LIMIT_REGISTER_ROWS) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the register has over %d lines in this year"), NSK_LIMIT_REGISTER_ROWS);
        return false;
    }
    row = g_new0(char *, book->n_columns + 1);
    for (size_t i = 0; i < book->n_columns; i++)
        row[i] = g_strdup(texts[i] != NULL ? texts[i] : "");
    g_ptr_array_add(book->rows, row);
    return true;
}

char *
nsk_book_time(const NskBook *book, NskInstant at)
{
    char *text = at != 0 ? nsk_civil_format(at, book->unit->zone, NULL) : NULL;

    return text != NULL ? text : g_strdup("");
}

bool
nsk_book_may_read(const NskBook *book, const NskLetterRow *row, bool *out_may, GError **error)
{
    NskReaderLevel level;

    if (!nsk_access_level(book->txn, row, book->readings, &level, error))
        return false;
    *out_may = level != NSK_READER_NONE;
    return true;
}

static bool
begin_of_year(const NskBook *book, int year, NskInstant *out, GError **error)
{
    const NskDate first = { (uint16_t)year, 1, 1 };

    return nsk_civil_moment(first, 0, book->unit->zone, out, error);
}

bool
nsk_book_span(const NskBook *book, NskInstant *out_from, NskInstant *out_until, GError **error)
{
    return begin_of_year(book, book->year, out_from, error) &&
           begin_of_year(book, book->year + 1, out_until, error);
}

/* --- Who may --------------------------------------------------------------------------------- */

/* Whether a reading opens the unit's books; *out_may stays if not. */
static bool
reading_opens(NskDbTxn *txn,
              const NskReading *reading,
              const char *unit,
              bool *out_may,
              GError **error)
{
    if (strcmp(reading->unit, unit) != 0 || reading->as == NSK_READS_AS_ASSISTANT)
        return true;
    if (reading->as == NSK_READS_AS_ARCHIVIST) {
        *out_may = true;
        return true;
    }
    g_autoptr(NskPosition) position = nsk_directory_get_position(txn, reading->position, error);
    if (position != NULL && position->echelon[0] != '\0')
        *out_may = true;
    return position != NULL;
}

static bool
check_right(NskBook *book, GError **error)
{
    NskDate today;
    bool may = false;

    if (!nsk_date_at(nsk_clock_now(book->office->clock), book->unit->zone, &today, error))
        return false;
    book->readings = nsk_directory_readings(book->txn, book->office->person, today, error);
    for (guint i = 0; book->readings != NULL && i < book->readings->len && !may; i++) {
        if (!reading_opens(book->txn, g_ptr_array_index(book->readings, i), book->unit->id, &may,
                           error))
            return false;
    }
    if (book->readings != NULL && !may)
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("the registers of unit '%s' are for the office (TU) that keeps its "
                           "letters and for its officials"),
                    book->unit->id);
    return may;
}

/* The unit that is asked for, or the one whose letters the person keeps or in which he is. */
static char *
find_unit(NskOffice *self, NskDbTxn *txn, const char *wanted, GError **error)
{
    NskDate day;
    const NskReading *best = NULL;

    if (wanted != NULL)
        return g_strdup(wanted);
    if (!nsk_office_common_day(nsk_clock_now(self->clock), &day, error))
        return NULL;
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, self->person, day, error);
    for (guint i = 0; readings != NULL && i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        if (best != NULL && strcmp(best->unit, reading->unit) != 0) {
            g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                                nsk_tr("say of which unit, with --unit"));
            return NULL;
        }
        best = reading;
    }
    if (readings != NULL && best == NULL)
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                            nsk_tr("you hold no position today, so there is no register to show"));
    return best != NULL ? g_strdup(best->unit) : NULL;
}

/* --- The book -------------------------------------------------------------------------------- */

void
nsk_book_clear(NskBook *book)
{
    g_clear_pointer(&book->txn, nsk_db_snapshot_free);
    g_clear_pointer(&book->unit, nsk_unit_free);
    g_clear_pointer(&book->readings, g_ptr_array_unref);
    g_clear_pointer(&book->rows, g_ptr_array_unref);
}

static void
free_row(gpointer row)
{
    g_strfreev(row);
}

void
nsk_book_begin_archived(NskBook *book)
{
    book->columns = archive;
    book->n_columns = G_N_ELEMENTS(archive);
    book->rows = g_ptr_array_new_with_free_func(free_row);
}

static bool
find_book(const char *name, size_t *out_which, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(books); i++) {
        if (strcmp(books[i].name, name) != 0)
            continue;
        *out_which = i;
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("there is no register '%s'; there are outgoing, incoming, expedition, "
                       "disposition and archive"),
                name);
    return false;
}

/* Fills the book; *out_which of the table. */
static bool
fill(NskOffice *self, const NskRegisterAsk *ask, NskBook *book, size_t *out_which, GError **error)
{
    NskDate today;

    if (!find_book(ask->book, out_which, error))
        return false;
    book->office = self;
    book->txn = nsk_db_snapshot(self->reader, error);
    book->columns = books[*out_which].columns;
    book->n_columns = books[*out_which].n_columns;
    book->rows = g_ptr_array_new_with_free_func(free_row);
    g_autofree char *unit = book->txn != NULL ? find_unit(self, book->txn, ask->unit, error) : NULL;
    book->unit = unit != NULL ? nsk_directory_get_unit(book->txn, unit, error) : NULL;
    if (book->unit == NULL || !check_right(book, error) ||
        !nsk_date_at(nsk_clock_now(self->clock), book->unit->zone, &today, error))
        return false;
    book->year = ask->year != 0 ? (int)ask->year : today.year;
    if (book->year >= FIRST_YEAR && book->year <= LAST_YEAR)
        return books[*out_which].list(book, error);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("--year is a year such as 2026"));
    return false;
}

bool
nsk_office_register_list(NskOffice *self,
                         const NskRegisterAsk *ask,
                         NskJson **out_result,
                         GError **error)
{
    size_t which;
    g_auto(NskBook) book = { 0 };

    if (!fill(self, ask, &book, &which, error))
        return false;
    NskJson *result = nsk_json_object();
    NskJson *rows = nsk_json_array();
    for (guint i = 0; i < book.rows->len; i++) {
        const char *const *texts = g_ptr_array_index(book.rows, i);
        NskJson *row = nsk_json_object();

        for (size_t column = 0; column < book.n_columns; column++)
            nsk_json_set_text(row, book.columns[column].key, texts[column]);
        nsk_json_add(rows, row);
    }
    nsk_json_set_text(result, "book", books[which].name);
    nsk_json_set_text(result, "unit", book.unit->id);
    nsk_json_set_text(result, "unit_name", book.unit->name);
    nsk_json_set_int(result, "year", book.year);
    nsk_json_set(result, "rows", rows);
    *out_result = result;
    return true;
}

/* Puts words in place of codes. */
static void
say_codes(NskBook *book)
{
    for (guint i = 0; i < book->rows->len; i++) {
        char **texts = g_ptr_array_index(book->rows, i);

        for (size_t column = 0; column < book->n_columns; column++) {
            const char *context = book->columns[column].words;

            if (context == NULL || texts[column][0] == '\0')
                continue;
            char *words = g_strdup(nsk_office_word_of(context, texts[column]));
            g_free(texts[column]);
            texts[column] = words;
        }
    }
}

bool
nsk_book_write(NskBook *book, NskSheet *sheet, bool pdf, GBytes **out_bytes, GError **error)
{
    NskSheetColumn columns[NSK_BOOK_COLUMNS];

    say_codes(book);
    for (size_t i = 0; i < book->n_columns; i++)
        columns[i] = (NskSheetColumn){ nsk_tr(book->columns[i].title), book->columns[i].weight,
                                       book->columns[i].end };
    sheet->landscape = true;
    sheet->columns = columns;
    sheet->n_columns = book->n_columns;
    sheet->rows = book->rows;
    bool ok = !pdf || nsk_sheet_to_pdf(book->office, sheet, out_bytes, error);
    if (!pdf)
        *out_bytes = nsk_sheet_to_csv(sheet);
    sheet->columns = NULL;
    return ok;
}

bool
nsk_office_register_write(NskOffice *self,
                          const NskRegisterAsk *ask,
                          bool pdf,
                          GBytes **out_bytes,
                          GError **error)
{
    size_t which;
    g_auto(NskBook) book = { 0 };

    if (!fill(self, ask, &book, &which, error))
        return false;
    g_clear_pointer(&book.txn, nsk_db_snapshot_free);
    g_autofree char *year = g_strdup_printf("%d", book.year);
    g_autofree char *lines = g_strdup_printf("%u", book.rows->len);
    NskSheetFact facts[] = { { nsk_tr("Unit"), book.unit->name },
                             { nsk_tr("Year"), year },
                             { nsk_tr("Lines"), lines },
                             { nsk_tr("Times of zone"), book.unit->zone } };
    NskSheet sheet = { .title = nsk_tr(books[which].title),
                       .facts = facts,
                       .n_facts = G_N_ELEMENTS(facts) };
    return nsk_book_write(&book, &sheet, pdf, out_bytes, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The index of letters that came in.
 *
 *     its content      how it came, from whom, under which number; the digest of the scan
 *     its record       when it was passed on; the signature of the scan's words
 *     the register     its number in the agenda
 */
#include "base/message.h"
#include "office/office-private.h"

#include <string.h>

static const char sql_find[] =
    "SELECT letter, unit, agenda, channel, origin, place, number, dated, due, sender, file, words,"
    " at, forwarded, unopened FROM incoming WHERE letter = $1";
static const char sql_take_content[] =
    "INSERT INTO incoming (letter, unit, at, channel, origin, place, number, dated, due, unopened,"
    " sender, file, words) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '')"
    " ON CONFLICT (letter) DO UPDATE SET unit = excluded.unit, at = excluded.at,"
    " channel = excluded.channel, origin = excluded.origin, place = excluded.place,"
    " number = excluded.number, dated = excluded.dated, due = excluded.due,"
    " unopened = excluded.unopened, sender = excluded.sender, file = excluded.file";
static const char sql_set_words[] = "UPDATE incoming SET words = $2 WHERE letter = $1";
static const char sql_clear_bands[] = "DELETE FROM incoming_band WHERE letter = $1";
static const char sql_add_band[] =
    "INSERT INTO incoming_band (letter, band, value) VALUES ($1, $2, $3)";
static const char sql_set_agenda[] = "UPDATE incoming SET agenda = $2 WHERE letter = $1";
static const char sql_find_agenda[] =
    "UPDATE incoming SET agenda = (SELECT e.number FROM register_entry e"
    " WHERE e.letter = $1 || '/agenda' ORDER BY e.state, e.at DESC LIMIT 1) WHERE letter = $1";
static const char sql_set_forwarded[] = "UPDATE incoming SET forwarded = $2 WHERE letter = $1";
static const char sql_read_addressees[] =
    "INSERT INTO reader (position, letter, level)"
    " SELECT DISTINCT position, letter, 'route' FROM route"
    " WHERE letter = $1 AND role = 'to' AND position <> ''"
    " ON CONFLICT (position, letter) DO UPDATE SET level = 'route'";
/* three look-ups by an index each; $1 is not its own double, and what was withdrawn is none */
static const char sql_find_same[] =
    "SELECT i.letter FROM (SELECT letter FROM incoming WHERE sender = $2 AND sender <> ''"
    " UNION SELECT letter FROM incoming WHERE file = $3 AND file <> '') f"
    " JOIN incoming i ON i.letter = f.letter JOIN letter l ON l.id = f.letter"
    " WHERE i.letter <> $1 AND l.state <> 'withdrawn'"
    " AND (i.unit = $4 OR instr(l.security, 'rahasia') = 0) ORDER BY i.letter LIMIT 1";
static const char sql_find_near[] =
    "SELECT i.letter, i.words FROM incoming_band b JOIN incoming i ON i.letter = b.letter"
    " JOIN letter l ON l.id = i.letter WHERE b.band = $2 AND b.value = $3 AND i.letter <> $1"
    " AND l.state <> 'withdrawn' AND (i.unit = $4 OR instr(l.security, 'rahasia') = 0)"
    " ORDER BY i.letter DESC LIMIT 50";

void
nsk_incoming_row_free(NskIncomingRow *self)
{
    if (self == NULL)
        return;
    char *owned[] = { self->letter, self->unit,   self->channel, self->origin,
                      self->place,  self->number, self->dated,   self->due,
                      self->sender, self->file,   self->words,   self->agenda };

    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    g_free(self);
}

static NskIncomingRow *
read_row(NskDbRows *rows)
{
    NskIncomingRow *row = g_new0(NskIncomingRow, 1);
    char **texts[] = { &row->letter, &row->unit,   &row->agenda, &row->channel,
                       &row->origin, &row->place,  &row->number, &row->dated,
                       &row->due,    &row->sender, &row->file,   &row->words };
    int column = 0;

    for (; column < (int)G_N_ELEMENTS(texts); column++)
        *texts[column] = g_strdup(nsk_db_rows_text(rows, column));
    row->at = nsk_db_rows_int(rows, column++);
    row->forwarded = nsk_db_rows_int(rows, column++);
    row->unopened = nsk_db_rows_int(rows, column) != 0;
    return row;
}

bool
nsk_incoming_find(NskDbTxn *txn, const char *letter, NskIncomingRow **out_row, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_row = has_row ? read_row(rows) : NULL;
    return true;
}

/* What is left of a text when case, blanks and punctuation do not count; owned. */
static char *
fold(const char *text)
{
    g_autofree char *small = g_utf8_casefold(text, -1);
    GString *folded = g_string_new(NULL);

    for (const char *p = small; *p != '\0'; p += g_utf8_skip[(unsigned char)*p]) {
        gunichar c = g_utf8_get_char(p);

        if (g_unichar_isalnum(c))
            g_string_append_unichar(folded, c);
    }
    return g_string_free(folded, FALSE);
}

/* By what two letters of one sender are the same; owned, "" without a number. */
static char *
sender_key(const NskLetterReceived *received)
{
    g_autofree char *origin = fold(received->origin.name);
    g_autofree char *number = fold(received->number != NULL ? received->number : "");

    return number[0] != '\0' ? g_strconcat(origin, "/", number, NULL) : g_strdup("");
}

static NskDbValue
text_value(const char *text)
{
    return NSK_DB_TEXT(text != NULL ? text : "");
}

bool
nsk_incoming_take_content(NskDbTxn *txn,
                          const NskLetterRow *row,
                          const NskLetter *letter,
                          GError **error)
{
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);
    const NskLetterReceived *received = facts->received;

    if (received == NULL)
        return true;
    g_autofree char *sender = sender_key(received);
    g_autofree char *dated =
        nsk_date_is_set(received->date) ? nsk_date_format(received->date) : NULL;
    g_autofree char *due = nsk_date_is_set(received->due) ? nsk_date_format(received->due) : NULL;
    const char *file = facts->n_attachments > 0 ? facts->attachments[0].file_sha256 : NULL;

    return nsk_db_exec(
        txn, sql_take_content,
        NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(row->unit), NSK_DB_INT(received->at),
                      NSK_DB_TEXT(received->channel), NSK_DB_TEXT(received->origin.name),
                      text_value(received->origin.place), text_value(received->number),
                      text_value(dated), text_value(due), NSK_DB_INT(received->unopened),
                      NSK_DB_TEXT(sender), text_value(file)),
        NULL, error);
}

/* Whether the two are the same for the register. */
static bool
is_kept(const NskIncomingRow *row, const NskLetterReceived *received)
{
    g_autofree char *dated =
        nsk_date_is_set(received->date) ? nsk_date_format(received->date) : g_strdup("");
    const char *place = received->origin.place;

    return row->at == received->at && strcmp(row->channel, received->channel) == 0 &&
           strcmp(row->origin, received->origin.name) == 0 &&
           strcmp(row->place, place != NULL ? place : "") == 0 &&
           strcmp(row->number, received->number != NULL ? received->number : "") == 0 &&
           strcmp(row->dated, dated) == 0 && row->unopened == received->unopened;
}

bool
nsk_incoming_check_kept(NskDbTxn *txn,
                        const NskLetterRow *row,
                        const NskLetter *letter,
                        GError **error)
{
    const NskLetterReceived *received = nsk_letter_get_facts(letter)->received;
    g_autoptr(NskIncomingRow) incoming = NULL;

    if (!nsk_incoming_find(txn, row->id, &incoming, error))
        return false;
    if (incoming == NULL ? received == NULL : received != NULL && is_kept(incoming, received))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                incoming == NULL
                    ? nsk_tr("letter %s did not come in; take <received> out of it")
                    : nsk_tr("how letter %s came is entered in the agenda and stays; leave "
                             "<received> as it is"),
                row->id);
    return false;
}

static bool
write_bands(NskDbTxn *txn, const char *letter, const char *words, GError **error)
{
    if (!nsk_db_exec(txn, sql_clear_bands, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), NULL, error))
        return false;
    for (unsigned i = 0; words[0] != '\0' && i < NSK_NEAR_BANDS; i++) {
        if (!nsk_db_exec(txn, sql_add_band,
                         NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(i),
                                       NSK_DB_INT(nsk_near_band(words, i))),
                         NULL, error))
            return false;
    }
    return true;
}

bool
nsk_incoming_set_words(NskDbTxn *txn, const char *letter, const char *words, GError **error)
{
    return nsk_db_exec(txn, sql_set_words, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(words)),
                       NULL, error) &&
           write_bands(txn, letter, words, error);
}

bool
nsk_incoming_set_agenda(NskDbTxn *txn, const char *letter, const char *agenda, GError **error)
{
    return nsk_db_exec(txn, sql_set_agenda, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(agenda)),
                       NULL, error);
}

bool
nsk_incoming_add_readers(NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    g_autoptr(NskIncomingRow) incoming = NULL;

    if (!nsk_incoming_find(txn, row->id, &incoming, error))
        return false;
    if (incoming == NULL || !nsk_letter_row_is_secret(row)) {
        if (!nsk_reader_add(txn, row->id, row->drafter, error))
            return false;
    }
    return incoming == NULL || incoming->forwarded == 0 ||
           nsk_db_exec(txn, sql_read_addressees, NSK_DB_PARAMS(NSK_DB_TEXT(row->id)), NULL, error);
}

bool
nsk_incoming_set_forwarded(NskDbTxn *txn, const NskLetterRow *row, NskInstant now, GError **error)
{
    return nsk_db_exec(txn, sql_set_forwarded, NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_INT(now)),
                       NULL, error) &&
           nsk_incoming_add_readers(txn, row, error);
}

bool
nsk_incoming_rebuild(NskDbTxn *txn,
                     const NskLetterRow *row,
                     const NskLetter *letter,
                     GError **error)
{
    g_autoptr(NskIncomingRow) incoming = NULL;

    if (!nsk_incoming_take_content(txn, row, letter, error) ||
        !nsk_incoming_find(txn, row->id, &incoming, error))
        return false;
    return incoming == NULL ||
           (write_bands(txn, row->id, incoming->words, error) &&
            nsk_db_exec(txn, sql_find_agenda, NSK_DB_PARAMS(NSK_DB_TEXT(row->id)), NULL, error));
}

/* One of nearly the same words; *out_id: owned, NULL if there is none. */
static bool
find_near(NskDbTxn *txn, const NskIncomingRow *row, char **out_id, GError **error)
{
    for (unsigned i = 0; row->words[0] != '\0' && i < NSK_NEAR_BANDS; i++) {
        bool has_row = true;
        g_autoptr(NskDbRows) rows = nsk_db_query(
            txn, sql_find_near,
            NSK_DB_PARAMS(NSK_DB_TEXT(row->letter), NSK_DB_INT(i),
                          NSK_DB_INT(nsk_near_band(row->words, i)), NSK_DB_TEXT(row->unit)),
            error);

        while (rows != NULL && has_row) {
            if (!nsk_db_rows_next(rows, &has_row, error))
                return false;
            if (has_row && nsk_near_is(row->words, nsk_db_rows_text(rows, 1))) {
                *out_id = g_strdup(nsk_db_rows_text(rows, 0));
                return true;
            }
        }
        if (rows == NULL)
            return false;
    }
    return true;
}

NskIncomingRow *
nsk_incoming_describe(const NskLetter *letter, const char *id, const char *unit, const char *words)
{
    NskIncomingRow *row = g_new0(NskIncomingRow, 1);
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);
    const char *file = facts->n_attachments > 0 ? facts->attachments[0].file_sha256 : NULL;

    row->letter = g_strdup(id);
    row->unit = g_strdup(unit);
    row->sender = sender_key(facts->received);
    row->file = g_strdup(file != NULL ? file : "");
    row->words = g_strdup(words);
    return row;
}

bool
nsk_incoming_find_double(NskDbTxn *txn,
                         const NskIncomingRow *row,
                         NskIncomingRow **out_other,
                         GError **error)
{
    g_autofree char *near = NULL;
    g_autoptr(GPtrArray) same =
        nsk_db_list_texts(txn, sql_find_same,
                          NSK_DB_PARAMS(NSK_DB_TEXT(row->letter), NSK_DB_TEXT(row->sender),
                                        NSK_DB_TEXT(row->file), NSK_DB_TEXT(row->unit)),
                          error);

    *out_other = NULL;
    if (same == NULL)
        return false;
    if (same->len > 0)
        return nsk_incoming_find(txn, g_ptr_array_index(same, 0), out_other, error);
    if (!find_near(txn, row, &near, error))
        return false;
    return near == NULL || nsk_incoming_find(txn, near, out_other, error);
}

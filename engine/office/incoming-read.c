/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters that came in, as TU sees them: lists, one of them, and the receipt for its sender. */
#include "base/message.h"
#include "office/incoming-private.h"
#include "office/sheet-private.h"

#include <string.h>

#define LIST_DEFAULT 100
#define LIST_MOST    1000

static const char sql_list_unit[] =
    "SELECT i.letter FROM incoming i JOIN letter l ON l.id = i.letter WHERE i.unit = $1"
    " AND ($2 = 1 OR l.state NOT IN ('archived', 'withdrawn'))"
    " ORDER BY i.at DESC, i.letter DESC LIMIT $3";
static const char sql_list_reader[] =
    "SELECT i.letter FROM reader r JOIN incoming i ON i.letter = r.letter"
    " JOIN letter l ON l.id = i.letter WHERE r.position = $1"
    " AND ($2 = 1 OR l.state NOT IN ('archived', 'withdrawn'))"
    " ORDER BY i.at DESC, i.letter DESC LIMIT $3";
static const char sql_list_inbox[] =
    "SELECT DISTINCT i.letter FROM inbox b JOIN incoming i ON i.letter = b.letter"
    " WHERE b.position = $1 AND $2 < 2 ORDER BY i.letter DESC LIMIT $3";

/* --- One letter. ------------------------------------------------------------------------------ */

static const char *
or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

static void
set_envelope(NskJson *result, const NskLetterRow *row, const NskIncomingRow *incoming)
{
    g_autofree char *at = nsk_instant_format(incoming->at);
    g_autofree char *forwarded =
        incoming->forwarded != 0 ? nsk_instant_format(incoming->forwarded) : NULL;

    nsk_json_set_text(result, "letter", row->id);
    nsk_json_set_text(result, "agenda", incoming->agenda);
    nsk_json_set_text(result, "unit", row->unit);
    nsk_json_set_text(result, "kind", row->kind);
    nsk_json_set_text(result, "at", at);
    nsk_json_set_text(result, "channel", incoming->channel);
    nsk_json_set_text(result, "origin", incoming->origin);
    nsk_json_set_text(result, "place", or_null(incoming->place));
    nsk_json_set_text(result, "number", or_null(incoming->number));
    nsk_json_set_text(result, "date", or_null(incoming->dated));
    nsk_json_set_text(result, "due", or_null(incoming->due));
    nsk_json_set_text(result, "security", row->security);
    nsk_json_set_text(result, "urgency", row->urgency);
    nsk_json_set_text(result, "state", row->state);
    nsk_json_set_bool(result, "unopened", incoming->unopened);
    nsk_json_set_text(result, "forwarded", forwarded);
}

static bool
set_addressees(NskJson *result, NskDbTxn *txn, const char *id, GError **error)
{
    NskJson *to = nsk_json_array();
    g_autoptr(GPtrArray) parts = nsk_route_load(txn, id, "to", error);

    nsk_json_set(result, "to", to);
    for (guint i = 0; parts != NULL && i < parts->len; i++)
        nsk_json_add_text(to, ((const NskRoutePart *)g_ptr_array_index(parts, i))->position);
    return parts != NULL;
}

/* What may have been written down only when the letter was opened. */
static void
hide_inside(NskJson *result, const NskLetterRow *row)
{
    if (!nsk_letter_row_is_secret(row) || nsk_json_get_bool(result, "unopened", false))
        return;
    nsk_json_set_text(result, "number", NULL);
    nsk_json_set_text(result, "date", NULL);
}

/* What is behind the envelope, for who reads it. */
static bool
set_inside(NskJson *result, NskOffice *self, NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    NskReaderLevel level;

    if (!nsk_access_level_today(self, txn, row, &level, error))
        return false;
    if (level == NSK_READER_NONE) {
        hide_inside(result, row);
        return true;
    }
    g_autoptr(NskLetter) letter = nsk_office_read_letter(txn, row->id, error);
    if (letter == NULL)
        return false;
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);
    nsk_json_set_text(result, "subject", row->subject);
    nsk_json_set_text(result, "summary", facts->received != NULL ? facts->received->summary : NULL);
    nsk_json_set_text(result, "file",
                      facts->n_attachments > 0 ? facts->attachments[0].file_name : NULL);
    return true;
}

/* Owned. */
static NskJson *
letter_to_json(NskOffice *self,
               NskDbTxn *txn,
               const NskLetterRow *row,
               const NskIncomingRow *incoming,
               GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();

    set_envelope(result, row, incoming);
    return set_addressees(result, txn, row->id, error) && set_inside(result, self, txn, row, error)
               ? g_steal_pointer(&result)
               : NULL;
}

bool
nsk_office_incoming_show(NskOffice *self, const char *letter, NskJson **out_result, GError **error)
{
    g_autoptr(NskIncomingRow) incoming = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row =
        txn != NULL ? nsk_incoming_access(self, txn, letter, &incoming, error) : NULL;
    NskReaderLevel level;

    if (row == NULL || !nsk_access_level_today(self, txn, row, &level, error) ||
        (level != NSK_READER_NONE && !nsk_reading_keep(self, &txn, row, NSK_READING_OPENED, error)))
        return false;
    *out_result = letter_to_json(self, txn, row, incoming, error);
    return *out_result != NULL;
}

/* --- A list. ---------------------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    const NskIncomingList *ask;
    int64_t limit;
    GHashTable *seen; /* ids */
    NskJson *letters;
    bool more;
} Listing;

static bool
add_letter(Listing *self, const char *id, GError **error)
{
    bool may = false;
    g_autoptr(NskIncomingRow) incoming = NULL;

    if (g_hash_table_contains(self->seen, id))
        return true;
    if ((int64_t)nsk_json_length(self->letters) >= self->limit) {
        self->more = true;
        return true;
    }
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(self->txn, id, error);
    if (row == NULL || !nsk_incoming_find(self->txn, id, &incoming, error) ||
        !nsk_incoming_may_know(self->office, self->txn, row, &may, error))
        return false;
    g_hash_table_add(self->seen, g_strdup(id));
    if (!may || incoming == NULL)
        return true;
    NskJson *letter = letter_to_json(self->office, self->txn, row, incoming, error);
    if (letter != NULL)
        nsk_json_add(self->letters, letter);
    return letter != NULL;
}

/* Adds those that the statement finds for @value. */
static bool
add_found(Listing *self, const char *sql, const char *value, GError **error)
{
    g_autoptr(GPtrArray) ids =
        nsk_db_list_texts(self->txn, sql,
                          NSK_DB_PARAMS(NSK_DB_TEXT(value), NSK_DB_INT(self->ask->all ? 1 : 0),
                                        NSK_DB_INT(self->limit + 1)),
                          error);

    for (guint i = 0; ids != NULL && i < ids->len; i++) {
        if (!add_letter(self, g_ptr_array_index(ids, i), error))
            return false;
    }
    return ids != NULL;
}

/* The units whose TU the person is; or where he is of none, what his positions read. */
static bool
add_own(Listing *self, GError **error)
{
    NskDate day;
    bool is_clerk = false;

    if (!nsk_office_common_day(nsk_clock_now(self->office->clock), &day, error))
        return false;
    g_autoptr(GPtrArray) readings =
        nsk_directory_readings(self->txn, self->office->person, day, error);
    for (guint i = 0; readings != NULL && i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        if (!nsk_receiving_clerk_is(reading))
            continue;
        is_clerk = true;
        if (!add_found(self, sql_list_unit, reading->unit, error))
            return false;
    }
    for (guint i = 0; readings != NULL && !is_clerk && i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        if (!add_found(self, sql_list_inbox, reading->position, error) ||
            !add_found(self, sql_list_reader, reading->position, error))
            return false;
    }
    return readings != NULL;
}

bool
nsk_office_incoming_list(NskOffice *self,
                         const NskIncomingList *ask,
                         NskJson **out_result,
                         GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    Listing listing = { .office = self,
                        .txn = txn,
                        .ask = ask,
                        .limit = CLAMP(ask->limit > 0 ? ask->limit : LIST_DEFAULT, 1, LIST_MOST),
                        .seen = seen,
                        .letters = nsk_json_array() };

    nsk_json_set(result, "letters", listing.letters);
    if (txn == NULL)
        return false;
    if (ask->unit != NULL) {
        g_autoptr(NskReceivingClerk) clerk =
            nsk_receiving_clerk_find(self, txn, ask->unit, nsk_clock_now(self->clock), error);

        if (clerk == NULL || !add_found(&listing, sql_list_unit, ask->unit, error))
            return false;
    } else if (!add_own(&listing, error)) {
        return false;
    }
    nsk_json_set_bool(result, "more", listing.more);
    *out_result = g_steal_pointer(&result);
    return true;
}

/* --- The receipt. ----------------------------------------------------------------------------- */

/* Titles of the addressees; owned. */
static char *
list_titles(NskDbTxn *txn, const char *id, GError **error)
{
    g_autoptr(GString) titles = g_string_new(NULL);
    g_autoptr(GPtrArray) parts = nsk_route_load(txn, id, "to", error);

    for (guint i = 0; parts != NULL && i < parts->len; i++) {
        const NskRoutePart *part = g_ptr_array_index(parts, i);
        g_autoptr(NskPosition) position = nsk_directory_get_position(txn, part->position, NULL);

        g_string_append_printf(titles, "%s%s", i > 0 ? "; " : "",
                               position != NULL ? position->title : part->position);
    }
    return parts != NULL ? g_string_free(g_steal_pointer(&titles), FALSE) : NULL;
}

/* What the receipt says; owned texts. */
typedef struct {
    NskIncomingRow *incoming;
    NskUnit *unit;
    char *at, *to, *origin, *clerk;
    const char *agency, *channel; /* of the profile */
} Receipt;

static void
receipt_clear(Receipt *self)
{
    nsk_incoming_row_free(self->incoming);
    nsk_unit_free(self->unit);
    g_free(self->at);
    g_free(self->to);
    g_free(self->origin);
    g_free(self->clerk);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Receipt, receipt_clear)

static bool
fill_receipt(NskOffice *self, NskDbTxn *txn, const NskLetterRow *row, Receipt *out, GError **error)
{
    const NskProfile *profile =
        nsk_office_profile(self, txn, row->profile, row->profile_version, error);
    g_autoptr(NskPerson) clerk =
        profile != NULL ? nsk_directory_get_person(txn, row->drafter_person, error) : NULL;

    if (clerk == NULL || (out->unit = nsk_directory_get_unit(txn, row->unit, error)) == NULL ||
        (out->at = nsk_civil_format(out->incoming->at, out->unit->zone, error)) == NULL ||
        (out->to = list_titles(txn, row->id, error)) == NULL)
        return false;
    out->origin = out->incoming->place[0] != '\0'
                      ? g_strconcat(out->incoming->origin, ", ", out->incoming->place, NULL)
                      : g_strdup(out->incoming->origin);
    out->clerk = g_strdup(clerk->printed);
    out->agency = nsk_profile_get_agency(profile);
    out->channel = nsk_profile_get_channel_print(profile, out->incoming->channel);
    return true;
}

bool
nsk_office_incoming_receipt(NskOffice *self, const char *letter, GBytes **out_pdf, GError **error)
{
    g_auto(Receipt) receipt = { 0 };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row =
        txn != NULL ? nsk_incoming_access(self, txn, letter, &receipt.incoming, error) : NULL;

    if (row == NULL || !fill_receipt(self, txn, row, &receipt, error))
        return false;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    const NskIncomingRow *incoming = receipt.incoming;
    const NskSheetFact facts[] = {
        { nsk_tr("Received by"), receipt.unit->name },
        { nsk_tr("Received at"), receipt.at },
        { nsk_tr("Agenda number"), incoming->agenda != NULL ? incoming->agenda : "" },
        { nsk_tr("Channel"), receipt.channel != NULL ? receipt.channel : incoming->channel },
        { nsk_tr("Sender"), receipt.origin },
        { nsk_tr("Number of the letter"), incoming->number },
        { nsk_tr("Date of the letter"), incoming->dated },
        /* of a secret one it says what it said when it came */
        { nsk_tr("Subject"), incoming->unopened || nsk_letter_row_is_secret(row)
                                 ? nsk_tr("received unopened")
                                 : row->subject },
        { nsk_tr("For"), receipt.to },
        { nsk_tr("Registered by"), receipt.clerk },
    };
    NskSheet sheet = {
        .title = nsk_tr("Receipt"),
        .subtitle = receipt.agency,
        .facts = facts,
        .n_facts = G_N_ELEMENTS(facts),
        .note =
            nsk_tr("This says that the letter came, and nothing of what becomes of it. Keep it, "
                   "and name the agenda number when you ask.")
    };
    return nsk_sheet_to_pdf(self, &sheet, out_pdf, error);
}

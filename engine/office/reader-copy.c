/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The register of copies of secret letters: an index of what the letters' histories say.
 *
 * INVARIANTS
 *   (1) The number of a copy names an entry: who has a copy before him finds who was given it, and
 *       the history proves it.
 *   (2) The number tells nothing of the letter to who may not read it.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "crypto/crypto.h"
#include "office/reader-copy-private.h"

#include <string.h>

#define WINDOW  ((int64_t)NSK_LIMIT_READING_WINDOW * 60 * G_USEC_PER_SEC)
#define OBJECT  "copy-"
#define DIGITS  10 /* of 5 bits, that stand for the letter */
#define COLUMNS "letter, entry, number, person, position, what, sha256, at"

static const char sql_recent[] =
    "SELECT " COLUMNS " FROM reader_copy WHERE letter = $1 AND person = $2 AND what = $3"
    " AND ($4 = '' OR sha256 = $4) AND at > $5 AND at <= $6 ORDER BY entry DESC LIMIT 1";
static const char sql_load[] =
    "SELECT " COLUMNS " FROM reader_copy WHERE letter = $1 AND entry = $2";
static const char sql_put[] = "INSERT INTO reader_copy (" COLUMNS ")"
                              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                              " ON CONFLICT (letter, entry) DO NOTHING";
static const char sql_all[] =
    "SELECT " COLUMNS " FROM reader_copy WHERE letter = $1 ORDER BY entry";

static const char *const objects[] = { OBJECT NSK_COPY_SCREEN,    OBJECT NSK_COPY_PAGES,
                                       OBJECT NSK_COPY_FILE,      OBJECT NSK_COPY_XML,
                                       OBJECT NSK_COPY_ADDRESSEE, OBJECT NSK_COPY_ORIGINAL,
                                       OBJECT NSK_COPY_SHEET };

void
nsk_copy_free(NskCopy *self)
{
    if (self == NULL)
        return;
    g_free(self->letter);
    g_free(self->number);
    g_free(self->person);
    g_free(self->position);
    g_free(self->what);
    g_free(self->sha256);
    g_free(self);
}

const char *
nsk_copy_object(const char *what)
{
    for (size_t i = 0; i < G_N_ELEMENTS(objects); i++) {
        if (strcmp(objects[i] + strlen(OBJECT), what) == 0)
            return objects[i];
    }
    return NULL;
}

const char *
nsk_copy_of_entry(const NskJournalEvent *event)
{
    const char *kind = event->n_objects == 1 ? event->objects[0].kind : "";

    return g_str_has_prefix(kind, OBJECT) && nsk_copy_object(kind + strlen(OBJECT)) != NULL
               ? kind + strlen(OBJECT)
               : NULL;
}

/* Letters and figures that nobody takes for each other; a digest of the id, which stays unsaid. */
char *
nsk_copy_number(const char *letter, int64_t entry)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    g_autofree char *named = g_strconcat("naskah-copy\n", letter, NULL);
    uint8_t digest[NSK_SHA256_SIZE];
    uint64_t bits = 0;
    char code[DIGITS + 1] = { 0 };

    nsk_sha256(named, strlen(named), digest);
    for (size_t i = 0; i < sizeof bits; i++)
        bits = bits << 8 | digest[i];
    for (size_t i = 0; i < DIGITS; i++, bits >>= 5)
        code[i] = alphabet[bits & 31];
    return g_strdup_printf("%.5s-%s-%" G_GINT64_FORMAT, code, code + DIGITS / 2, entry);
}

/* --- Rows ------------------------------------------------------------------------------------ */

static NskCopy *
read_row(NskDbRows *rows)
{
    NskCopy *copy = g_new0(NskCopy, 1);

    copy->letter = g_strdup(nsk_db_rows_text(rows, 0));
    copy->entry = nsk_db_rows_int(rows, 1);
    copy->number = g_strdup(nsk_db_rows_text(rows, 2));
    copy->person = g_strdup(nsk_db_rows_text(rows, 3));
    copy->position = g_strdup(nsk_db_rows_text(rows, 4));
    copy->what = g_strdup(nsk_db_rows_text(rows, 5));
    copy->sha256 = g_strdup(nsk_db_rows_text(rows, 6));
    copy->at = nsk_db_rows_int(rows, 7);
    return copy;
}

bool
nsk_copy_find(NskDbTxn *txn,
              const NskCopyWish *wish,
              NskInstant now,
              NskCopy **out_copy,
              GError **error)
{
    bool found = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_recent,
        NSK_DB_PARAMS(NSK_DB_TEXT(wish->letter), NSK_DB_TEXT(wish->person), NSK_DB_TEXT(wish->what),
                      NSK_DB_TEXT(wish->sha256 != NULL ? wish->sha256 : ""),
                      NSK_DB_INT(now - WINDOW), NSK_DB_INT(now)),
        error);

    if (rows == NULL || !nsk_db_rows_next(rows, &found, error))
        return false;
    *out_copy = found ? read_row(rows) : NULL;
    return true;
}

NskCopy *
nsk_copy_load(NskDbTxn *txn, const char *letter, int64_t entry, GError **error)
{
    bool found = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_load, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(entry)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &found, error))
        return NULL;
    if (found)
        return read_row(rows);
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, "letter %s has no copy of that entry",
                letter);
    return NULL;
}

bool
nsk_copy_put(NskDbTxn *txn, const NskJournalEvent *event, int64_t entry, GError **error)
{
    const char *what = nsk_copy_of_entry(event);

    if (what == NULL)
        return true;
    g_autofree char *number = nsk_copy_number(event->letter, entry);
    g_autofree char *sha256 = nsk_hex(event->objects[0].sha256, sizeof event->objects[0].sha256);
    return nsk_db_exec(txn, sql_put,
                       NSK_DB_PARAMS(NSK_DB_TEXT(event->letter), NSK_DB_INT(entry),
                                     NSK_DB_TEXT(number), NSK_DB_TEXT(event->actor),
                                     NSK_DB_TEXT(event->position), NSK_DB_TEXT(what),
                                     NSK_DB_TEXT(sha256), NSK_DB_INT(event->at)),
                       NULL, error);
}

bool
nsk_copy_restore(NskDbTxn *txn, const char *letter, const NskJournalEntry *entry, GError **error)
{
    NskJournalEvent event = entry->event;

    event.letter = letter;
    return nsk_copy_put(txn, &event, entry->seq, error);
}

static bool
is_right(const NskCopy *copy, const NskJournalEntry *entry)
{
    const NskJournalEvent *event = &entry->event;
    g_autofree char *number = nsk_copy_number(copy->letter, entry->seq);
    g_autofree char *sha256 = nsk_hex(event->objects[0].sha256, sizeof event->objects[0].sha256);

    return copy->entry == entry->seq && copy->at == event->at &&
           strcmp(copy->number, number) == 0 && strcmp(copy->sha256, sha256) == 0 &&
           strcmp(copy->what, nsk_copy_of_entry(event)) == 0 &&
           g_strcmp0(copy->person, event->actor) == 0 &&
           g_strcmp0(copy->position, event->position) == 0;
}

bool
nsk_copies_are_right(NskDbTxn *txn,
                     const char *letter,
                     const GPtrArray *entries,
                     bool *out_right,
                     GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_all, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    *out_right = true;
    for (guint i = 0; rows != NULL && *out_right && i < entries->len; i++) {
        const NskJournalEntry *entry = g_ptr_array_index(entries, i);

        if (nsk_copy_of_entry(&entry->event) == NULL)
            continue;
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        g_autoptr(NskCopy) copy = has_row ? read_row(rows) : NULL;
        *out_right = copy != NULL && is_right(copy, entry);
    }
    if (rows == NULL || !*out_right)
        return rows != NULL;
    if (!nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_right = !has_row;
    return true;
}

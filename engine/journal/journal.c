/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adding to the journal, and erasing the texts beside it.
 *
 * INVARIANTS
 *   (1) Entry and texts of an event are in the transaction of the change itself.
 *   (2) An entry is never changed or removed; the schema refuses it too.
 *   (3) Nothing is chained to an entry whose bytes are not those that were written: the digest is
 *       that of bytes that this process wrote, or that were read and found to be what was written.
 */
#include "base/json.h"
#include "base/limits.h"
#include "base/message.h"
#include "journal/journal-private.h"

#include <string.h>

static const char sql_find_last[] = "SELECT letter_seq, entry, hash FROM journal WHERE letter = $1 "
                                    "ORDER BY letter_seq DESC LIMIT 1";
static const char sql_add_entry[] =
    "INSERT INTO journal (letter, letter_seq, at, entry, hash) VALUES ($1, $2, $3, $4, $5)";
static const char sql_add_pending[] =
    "INSERT INTO journal_pending (letter, letter_seq) VALUES ($1, $2)";
static const char sql_add_text[] =
    "INSERT INTO journal_text (letter, letter_seq, name, salt, text) VALUES ($1, $2, $3, $4, $5)";
static const char sql_erase_texts[] =
    "UPDATE journal_text SET salt = NULL, text = NULL WHERE letter = $1 "
    "AND ($2 = 0 OR letter_seq = $2) AND ($3 = '' OR name = $3)";

#define ENDS_REMEMBERED 8192

static const char *const journal_tables[] = { "journal", NULL };
static const char *const journal_keepers[] = { sql_add_entry, NULL };
/* Where the chains end: NskJournalNext by letter, of entries that were hashed by this process. */
static const NskDbMemo ends = { journal_tables, journal_keepers, g_free, ENDS_REMEMBERED };

static void
remember_end(NskDbTxn *txn, const char *letter, const NskJournalNext *next)
{
    nsk_db_remember(txn, &ends, letter, g_memdup2(next, sizeof *next));
}

bool
nsk_journal_next(NskDbTxn *txn, const char *letter, NskJournalNext *out_next, GError **error)
{
    bool has_row = false;
    size_t size, hash_size;
    NskJournalNext next = { .seq = 1 };
    const NskJournalNext *known = nsk_db_recall(txn, &ends, letter);

    if (known != NULL) {
        *out_next = *known;
        return true;
    }
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find_last, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (has_row) {
        const void *entry = nsk_db_rows_blob(rows, 1, &size);
        const void *hash = nsk_db_rows_blob(rows, 2, &hash_size);
        int64_t last = nsk_db_rows_int(rows, 0);

        nsk_sha256(entry, size, next.prev);
        next.seq = last + 1;
        if (hash_size != NSK_SHA256_SIZE || memcmp(hash, next.prev, NSK_SHA256_SIZE) != 0) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                        nsk_tr("journal entry %lld of '%s' is not what was written: run 'naskah "
                               "doctor' and compare with a backup"),
                        (long long)last, letter);
            return false;
        }
    }
    remember_end(txn, letter, &next);
    *out_next = next;
    return true;
}

/* Adds "KEY: VALUE" with control characters made blank, if there is a value. */
static void
append_trailer(GString *out, const char *key, const char *value)
{
    if (value == NULL)
        return;
    if (key != NULL) {
        g_string_append(out, key);
        g_string_append(out, ": ");
    }
    size_t begun = out->len;
    g_string_append(out, value);
    for (char *at = out->str + begun; *at != '\0'; at++) {
        if (g_ascii_iscntrl(*at))
            *at = ' ';
    }
    g_string_append_c(out, '\n');
}

char *
nsk_journal_commit_message(const NskJournalEvent *event, const char *summary, int64_t seq)
{
    GString *out = g_string_sized_new(512);
    g_autofree char *actor = event->position != NULL
                                 ? g_strconcat(event->actor, " (", event->position, ")", NULL)
                                 : g_strdup(event->actor);

    append_trailer(out, NULL, summary);
    g_string_append_c(out, '\n');
    append_trailer(out, "Event", event->action);
    append_trailer(out, "Actor", actor);
    append_trailer(out, "On-Behalf-Of", event->on_behalf_of);
    append_trailer(out, "Task", event->task);
    append_trailer(out, "Workflow", event->workflow);
    g_string_append(out, "Journal: ");
    g_string_append(out, event->letter);
    g_string_append_c(out, '/');
    nsk_json_append_int(out, seq);
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}

/* The event's texts, the reason first, each with new salt. */
static GArray *
salt_texts(const NskJournalEvent *event)
{
    GArray *texts = g_array_new(FALSE, TRUE, sizeof(NskSaltedText));

    for (size_t i = 0; i <= event->n_texts; i++) {
        NskSaltedText text = { .name = NSK_JOURNAL_REASON, .text = event->reason };

        if (i > 0)
            text = (NskSaltedText){ .name = event->texts[i - 1].name,
                                    .text = event->texts[i - 1].text };
        if (text.text == NULL)
            continue;
        nsk_random(text.salt, sizeof text.salt);
        g_array_append_val(texts, text);
    }
    return texts;
}

static bool
add_texts(NskDbTxn *txn, const char *letter, int64_t seq, const GArray *texts, GError **error)
{
    for (guint i = 0; i < texts->len; i++) {
        const NskSaltedText *text = &g_array_index(texts, NskSaltedText, i);

        if (!nsk_db_exec(
                txn, sql_add_text,
                NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(seq), NSK_DB_TEXT(text->name),
                              NSK_DB_BLOB(text->salt, sizeof text->salt), NSK_DB_TEXT(text->text)),
                NULL, error))
            return false;
    }
    return true;
}

bool
nsk_journal_append(NskDbTxn *txn,
                   const NskJournalEvent *event,
                   const NskJournalNext *next,
                   GError **error)
{
    NskJournalPlace place = { .seq = next->seq };
    uint8_t hash[NSK_SHA256_SIZE];
    size_t size;

    if (!nsk_journal_event_check(event, error))
        return false;
    memcpy(place.prev, next->prev, sizeof place.prev);
    nsk_random(place.salt, sizeof place.salt);
    g_autoptr(GArray) texts = salt_texts(event);
    g_autoptr(GBytes) bytes = nsk_journal_entry_format(event, &place, texts, error);
    if (bytes == NULL)
        return false;
    const void *data = g_bytes_get_data(bytes, &size);
    nsk_sha256(data, size, hash);
    if (!nsk_db_exec(txn, sql_add_entry,
                     NSK_DB_PARAMS(NSK_DB_TEXT(event->letter), NSK_DB_INT(place.seq),
                                   NSK_DB_INT(event->at), NSK_DB_BLOB(data, size),
                                   NSK_DB_BLOB(hash, sizeof hash)),
                     NULL, error) ||
        !nsk_db_exec(txn, sql_add_pending,
                     NSK_DB_PARAMS(NSK_DB_TEXT(event->letter), NSK_DB_INT(place.seq)), NULL, error))
        return false;
    NskJournalNext end = { .seq = place.seq + 1 };
    memcpy(end.prev, hash, sizeof end.prev);
    remember_end(txn, event->letter, &end);
    return add_texts(txn, event->letter, place.seq, texts, error);
}

bool
nsk_journal_erase_texts(NskDbTxn *txn,
                        const char *letter,
                        int64_t seq,
                        const char *name,
                        GError **error)
{
    return nsk_db_exec(
        txn, sql_erase_texts,
        NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(seq), NSK_DB_TEXT(name != NULL ? name : "")),
        NULL, error);
}

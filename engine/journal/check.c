/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the journal: every reader checks what it reads, from the letter's first entry on.
 *
 * For each entry: its form, that its hash is that of its bytes, that it stands where it says
 * (letter, number, time), that it is chained to the one before, that the texts beside it are those
 * that it names.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "journal/journal-private.h"

#include <string.h>

static const char sql_list_letters[] = "SELECT DISTINCT letter FROM journal ORDER BY letter";
static const char sql_list_entries[] =
    "SELECT letter_seq, at, entry, hash FROM journal WHERE letter = $1 ORDER BY letter_seq";
static const char sql_list_texts[] =
    "SELECT name, salt, text FROM journal_text WHERE letter = $1 AND letter_seq = $2 ORDER BY name";

typedef struct {
    NskDbTxn *txn;
    char *letter;
    NskIssues *issues;
    GPtrArray *entries;            /* NskJournalEntry; NULL: only to check */
    int64_t seq;                   /* of the entry read last */
    uint8_t hash[NSK_SHA256_SIZE]; /* of the entry read last */
} Reader;

static void
report(Reader *self, const char *tag, int64_t seq, const char *what)
{
    nsk_issues_add(
        self->issues,
        &(NskIssue){ .tag = tag,
                     .severity = NSK_SEVERITY_ERROR,
                     .file = self->letter,
                     .line = (unsigned)CLAMP(seq, 0, G_MAXINT) },
        nsk_tr(
            "journal entry %lld of '%s' %s: somebody changed the database; compare with a backup"),
        (long long)seq, self->letter, nsk_tr(what));
}

/* The row's text must be the one that the entry names. */
static void
check_text(Reader *self, NskJournalEntry *entry, NskDbRows *rows)
{
    size_t salt_size;
    const char *name = nsk_db_rows_text(rows, 0);
    const void *salt = nsk_db_rows_blob(rows, 1, &salt_size);
    const char *text = nsk_db_rows_text(rows, 2);
    const char *said = nsk_journal_entry_text_hash(entry, name);

    if (said == NULL) {
        report(self, "journal-text", entry->seq, N_("has a text that it does not name"));
        return;
    }
    if (text != NULL) {
        g_autofree char *actual =
            salt_size == NSK_JOURNAL_SALT_SIZE ? nsk_journal_text_hash(salt, text) : NULL;

        if (g_strcmp0(actual, said) != 0)
            report(self, "journal-text", entry->seq, N_("has a text that is not what was written"));
    }
    nsk_journal_entry_add_text(entry, name, text);
}

static bool
read_texts(Reader *self, NskJournalEntry *entry, GError **error)
{
    bool has_row = true;
    bool has_reason = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(self->txn, sql_list_texts,
                     NSK_DB_PARAMS(NSK_DB_TEXT(self->letter), NSK_DB_INT(entry->seq)), error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        has_reason = has_reason || g_strcmp0(nsk_db_rows_text(rows, 0), NSK_JOURNAL_REASON) == 0;
        check_text(self, entry, rows);
    }
    if (rows == NULL)
        return false;
    if (has_reason != entry->has_reason || !nsk_journal_entry_has_all_texts(entry))
        report(self, "journal-text", entry->seq, N_("lacks the place of a text that it names"));
    return true;
}

/* Whether number, hash and chain of the row are right; @bytes is its entry. */
static void
check_chain(Reader *self, NskDbRows *rows, const NskJournalEntry *entry, GBytes *bytes)
{
    size_t size;
    int64_t seq = nsk_db_rows_int(rows, 0);
    const void *stored = nsk_db_rows_blob(rows, 3, &size);
    uint8_t hash[NSK_SHA256_SIZE];

    nsk_sha256(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), hash);
    if (size != sizeof hash || memcmp(stored, hash, sizeof hash) != 0)
        report(self, "journal-hash", seq, N_("does not have the hash that was kept of it"));
    if (entry == NULL)
        report(self, "journal-entry", seq, N_("is not of the form that this program writes"));
    else if (strcmp(entry->event.letter, self->letter) != 0 || entry->seq != seq ||
             entry->event.at != nsk_db_rows_int(rows, 1))
        report(self, "journal-entry", seq, N_("stands where it does not belong"));
    if (seq != self->seq + 1)
        report(self, "journal-gap", seq, N_("does not follow the number before it"));
    else if (entry != NULL && memcmp(entry->prev, self->hash, sizeof hash) != 0)
        report(self, "journal-chain", seq, N_("is not chained to the one before it"));
    self->seq = seq;
    memcpy(self->hash, hash, sizeof hash);
}

static bool
read_row(Reader *self, NskDbRows *rows, GError **error)
{
    size_t size;
    const void *data = nsk_db_rows_blob(rows, 2, &size);
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(NskJournalEntry) entry = nsk_journal_entry_parse(bytes);

    check_chain(self, rows, entry, bytes);
    if (entry == NULL || entry->seq != self->seq)
        return true;
    if (!read_texts(self, entry, error))
        return false;
    if (self->entries != NULL)
        g_ptr_array_add(self->entries, g_steal_pointer(&entry));
    return true;
}

static bool
read_letter(Reader *self, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(self->txn, sql_list_entries, NSK_DB_PARAMS(NSK_DB_TEXT(self->letter)), error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error) || (has_row && !read_row(self, rows, error)))
            return false;
    }
    return rows != NULL;
}

static void
free_entry(gpointer entry)
{
    nsk_journal_entry_free(entry);
}

GPtrArray *
nsk_journal_read(NskDbTxn *txn, const char *letter, GError **error)
{
    g_autofree char *copy = g_strdup(letter);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(free_entry);
    Reader reader = { .txn = txn, .letter = copy, .issues = issues, .entries = entries };

    if (!read_letter(&reader, error))
        return NULL;
    if (issues->len == 0)
        return g_steal_pointer(&entries);
    const NskIssue *first = issues->pdata[0];
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNTRUSTED, first->text);
    return NULL;
}

bool
nsk_journal_check(NskDbTxn *txn, const char *letter, NskIssues *issues, GError **error)
{
    bool has_row = true;

    if (letter != NULL) {
        g_autofree char *copy = g_strdup(letter);
        Reader reader = { .txn = txn, .letter = copy, .issues = issues };

        return read_letter(&reader, error);
    }
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_list_letters, NSK_DB_NO_PARAMS, error);
    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (has_row && !nsk_journal_check(txn, nsk_db_rows_text(rows, 0), issues, error))
            return false;
    }
    return rows != NULL;
}

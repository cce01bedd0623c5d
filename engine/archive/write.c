/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing the search index.
 *
 * INVARIANTS
 *   (1) Table doc holds, word for word, what table word was given: FTS5 forgets a row only by its
 *       old text, so each row of word is deleted with the row of doc before either changes.
 *   (2) A letter's words are never replaced by those of an older version: workers may overtake each
 *       other.
 *   (3) An act that changes neither words nor readers (a paraf) writes no words.
 */
#include "archive/archive-private.h"
#include "base/fault.h"
#include "base/limits.h"

#include <string.h>

/* Of the year 2248: numbers count down to it, so that the newest letter comes first. */
#define LAST_MS (INT64_C(1) << 43)

static const char sql_find_doc[] =
    "SELECT n, version, subject, number, parties, body, reader FROM doc WHERE letter = $1";
static const char sql_has_number[] = "SELECT 1 FROM doc WHERE n = $1";
static const char sql_forget_words[] =
    "INSERT INTO word (word, rowid, subject, number, parties, body, reader)"
    " SELECT 'delete', n, subject, number, parties, body, reader FROM doc WHERE n = $1";
static const char sql_add_words[] =
    "INSERT INTO word (rowid, subject, number, parties, body, reader)"
    " VALUES ($1, $2, $3, $4, $5, $6)";
static const char sql_delete_doc[] = "DELETE FROM doc WHERE n = $1";
static const char sql_add_doc[] =
    "INSERT INTO doc (n, letter, version, subject, number, parties, body, reader, source)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
static const char sql_set_version[] = "UPDATE doc SET version = $2, source = $3 WHERE n = $1";
static const char sql_has_source[] = "SELECT 1 FROM doc WHERE letter = $1 AND source = $2";
static const char sql_put_progress[] = "UPDATE progress SET whole = $1, letter = $2";
static const char sql_optimize[] = "INSERT INTO word (word) VALUES ('optimize')";

/* The indexed columns, in the order of the statements. */
enum { SUBJECT, NUMBER, PARTIES, BODY, READER, N_COLUMNS };

typedef struct {
    char *text[N_COLUMNS];
} Words;

static void
words_clear(Words *words)
{
    for (size_t i = 0; i < N_COLUMNS; i++)
        g_clear_pointer(&words->text[i], g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_clear)

/* What is stored of a letter. */
typedef struct {
    bool exists;
    int64_t n;
    int64_t version;
    bool same; /* its words are those that are to be put */
} Stored;

char *
nsk_search_clean(const char *text, size_t limit)
{
    GString *clean = g_string_new(NULL);
    const char *end;

    text = text != NULL ? text : "";
    /* what is not UTF-8 ends the text: it came from a file that was checked */
    (void)g_utf8_validate(text, (gssize)strnlen(text, limit), &end);
    for (const char *c = text; c < end; c = nsk_search_next(c)) {
        gunichar uc = g_utf8_get_char(c);

        if (g_unichar_type(uc) == G_UNICODE_PRIVATE_USE || g_unichar_iscntrl(uc))
            g_string_append_c(clean, ' ');
        else
            g_string_append_len(clean, c, nsk_search_next(c) - c);
    }
    return g_string_free(clean, FALSE);
}

static void
fill_words(const NskSearchDoc *doc, Words *words)
{
    GString *readers = g_string_new(NULL);

    for (const char *const *id = doc->positions; id != NULL && *id != NULL; id++) {
        nsk_search_append_token(readers, NSK_SEARCH_POSITION, *id);
        g_string_append_c(readers, ' ');
    }
    if (doc->unit != NULL)
        nsk_search_append_token(readers, NSK_SEARCH_BY_UNIT, doc->unit);
    for (guint i = 0; doc->marks != NULL && i < doc->marks->len; i++) {
        const NskSearchMark *mark = &g_array_index(doc->marks, NskSearchMark, i);

        g_string_append_c(readers, ' ');
        nsk_search_append_token(readers, (char)mark->sort, mark->value);
    }
    words->text[SUBJECT] = nsk_search_clean(doc->subject, NSK_LIMIT_SEARCH_TEXT);
    words->text[NUMBER] = nsk_search_clean(doc->number, NSK_LIMIT_SEARCH_TEXT);
    words->text[PARTIES] = nsk_search_clean(doc->parties, NSK_LIMIT_SEARCH_TEXT);
    words->text[BODY] = nsk_search_clean(doc->body, NSK_LIMIT_SEARCH_TEXT);
    words->text[READER] = g_string_free(readers, FALSE);
}

/* @words: those to be put, or NULL. */
static bool
find_stored(NskDbTxn *txn, const char *letter, const Words *words, Stored *out, GError **error)
{
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find_doc, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    *out = (Stored){ .same = words != NULL };
    if (rows == NULL || !nsk_db_rows_next(rows, &out->exists, error))
        return false;
    if (!out->exists)
        return true;
    out->n = nsk_db_rows_int(rows, 0);
    out->version = nsk_db_rows_int(rows, 1);
    for (int i = 0; i < N_COLUMNS && out->same; i++)
        out->same = g_strcmp0(nsk_db_rows_text(rows, 2 + i), words->text[i]) == 0;
    return true;
}

static bool
take_out(NskDbTxn *txn, int64_t n, GError **error)
{
    return nsk_db_exec(txn, sql_forget_words, NSK_DB_PARAMS(NSK_DB_INT(n)), NULL, error) &&
           nsk_db_exec(txn, sql_delete_doc, NSK_DB_PARAMS(NSK_DB_INT(n)), NULL, error);
}

/* The number of a letter that was begun then, or one near it: further and further away, since where
 * many were begun together (a batch, an archive that was taken in) all numbers around are taken. */
static bool
find_free_number(NskDbTxn *txn, NskInstant begun, int64_t *out_n, GError **error)
{
    bool taken = true;
    int64_t first = CLAMP(LAST_MS - begun / 1000, 1, LAST_MS);

    for (int64_t step = 0; taken; step = step == 0 ? 1 : 2 * step) {
        *out_n = first > step ? first - step : LAST_MS + step;
        g_autoptr(NskDbRows) rows =
            nsk_db_query(txn, sql_has_number, NSK_DB_PARAMS(NSK_DB_INT(*out_n)), error);

        if (rows == NULL || !nsk_db_rows_next(rows, &taken, error))
            return false;
    }
    return true;
}

static NskDbValue
source_value(const NskSearchDoc *doc)
{
    return NSK_DB_BLOB(doc->source, doc->source != NULL ? NSK_SHA256_SIZE : 0);
}

static bool
put_in(NskDbTxn *txn, int64_t n, const NskSearchChange *change, const Words *words, GError **error)
{
    NskDbValue subject = NSK_DB_TEXT(words->text[SUBJECT]);
    NskDbValue number = NSK_DB_TEXT(words->text[NUMBER]);
    NskDbValue parties = NSK_DB_TEXT(words->text[PARTIES]);
    NskDbValue body = NSK_DB_TEXT(words->text[BODY]);
    NskDbValue reader = NSK_DB_TEXT(words->text[READER]);

    return nsk_db_exec(txn, sql_add_doc,
                       NSK_DB_PARAMS(NSK_DB_INT(n), NSK_DB_TEXT(change->letter),
                                     NSK_DB_INT(change->doc->version), subject, number, parties,
                                     body, reader, source_value(change->doc)),
                       NULL, error) &&
           nsk_db_exec(txn, sql_add_words,
                       NSK_DB_PARAMS(NSK_DB_INT(n), subject, number, parties, body, reader), NULL,
                       error);
}

static bool
put_letter(NskDbTxn *txn, const NskSearchChange *change, GError **error)
{
    Stored stored;
    g_auto(Words) words = { 0 };

    fill_words(change->doc, &words);
    if (!find_stored(txn, change->letter, &words, &stored, error))
        return false;
    if (stored.exists && change->doc->version < stored.version)
        return true;
    if (stored.exists && stored.same)
        return nsk_db_exec(txn, sql_set_version,
                           NSK_DB_PARAMS(NSK_DB_INT(stored.n), NSK_DB_INT(change->doc->version),
                                         source_value(change->doc)),
                           NULL, error);
    if (stored.exists ? !take_out(txn, stored.n, error)
                      : !find_free_number(txn, change->doc->begun, &stored.n, error))
        return false;
    return put_in(txn, stored.n, change, &words, error);
}

static bool
remove_letter(NskDbTxn *txn, const char *letter, GError **error)
{
    Stored stored;

    return find_stored(txn, letter, NULL, &stored, error) &&
           (!stored.exists || take_out(txn, stored.n, error));
}

typedef struct {
    const NskSearchChange *changes;
    size_t n;
    const NskSearchProgress *progress;
} Batch;

static bool
apply_batch(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Batch *batch = data;

    for (size_t i = 0; i < batch->n; i++) {
        const NskSearchChange *change = &batch->changes[i];

        if (change->doc != NULL ? !put_letter(txn, change, error)
                                : !remove_letter(txn, change->letter, error))
            return false;
    }
    return batch->progress == NULL ||
           nsk_db_exec(txn, sql_put_progress,
                       NSK_DB_PARAMS(NSK_DB_INT(batch->progress->whole),
                                     NSK_DB_TEXT(batch->progress->letter)),
                       NULL, error);
}

bool
nsk_search_apply(NskSearch *self,
                 const NskSearchChange *changes,
                 size_t n,
                 const NskSearchProgress *progress,
                 GError **error)
{
    GError *fault = NULL;
    Batch batch = { changes, n, progress };
    NskChange change = { .apply = apply_batch, .data = &batch };

    return nsk_db_commit(self->db, &change, NULL, &fault) || nsk_search_explain(fault, error);
}

bool
nsk_search_has(NskSearch *self,
               const char *letter,
               const uint8_t *source,
               bool *out_has,
               GError **error)
{
    GError *fault = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->db, &fault);
    g_autoptr(NskDbRows) rows =
        txn != NULL
            ? nsk_db_query(txn, sql_has_source,
                           NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_BLOB(source, NSK_SHA256_SIZE)),
                           &fault)
            : NULL;

    return (rows != NULL && nsk_db_rows_next(rows, out_has, &fault)) ||
           nsk_search_explain(fault, error);
}

bool
nsk_search_remove(NskSearch *self, const char *letter, GError **error)
{
    NskSearchChange change = { letter, NULL };

    return nsk_search_apply(self, &change, 1, NULL, error);
}

static bool
apply_optimize(NskDbTxn *txn,
               G_GNUC_UNUSED void *data,
               G_GNUC_UNUSED char **out_answer,
               GError **error)
{
    return nsk_db_exec(txn, sql_optimize, NSK_DB_NO_PARAMS, NULL, error);
}

bool
nsk_search_purge(NskSearch *self, GError **error)
{
    GError *fault = NULL;
    NskChange change = { .apply = apply_optimize };

    return (nsk_db_commit(self->db, &change, NULL, &fault) && NSK_FAULT("search.purge", &fault) &&
            nsk_db_compact(self->db, &fault)) ||
           nsk_search_explain(fault, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Feeding the search index.
 *
 * Every event of a letter asks for it in the outbox (record.c).  The worker reads the letter as it
 * stands now, so that it does not matter how often it changed, and puts it in; a secret letter, or
 * one that is gone, is taken out.  Killed between the index and the outbox, it does so again.  Most
 * events (a paraf, a task that is done) change nothing that is searched for: the letter is read
 * only if the digest of what the index has of it is another.
 *
 * An index that is not whole (new, or made again) is first filled from the table of letters in the
 * order of ids, and goes on where it was stopped.
 */
#include "base/fault.h"
#include "office/incoming-private.h"
#include "office/search-private.h"

#include <string.h>

#define PORTION       256                       /* letters in one transaction of the index, */
#define PORTION_BYTES ((size_t)4 * 1024 * 1024) /* or those that have so much text */

static const char sql_find_readers[] = "SELECT position FROM reader WHERE letter = $1";
static const char sql_list_former[] =
    "SELECT number || ' ' || id FROM letter_external WHERE letter = $1 ORDER BY system";
static const char sql_next_letters[] = "SELECT id FROM letter WHERE id > $1 ORDER BY id LIMIT 256";

/* What is to be put of one letter; owned. */
typedef struct {
    NskSearchDoc doc;
    NskLetterRow *row;
    char *parties, *body, *numbers;
    GArray *marks;
    NskSearchKnown known;
    GPtrArray *positions; /* NULL-terminated */
    uint8_t source[NSK_SHA256_SIZE];
} Entry;

static void
entry_free(gpointer data)
{
    Entry *entry = data;

    if (entry == NULL)
        return;
    nsk_letter_row_free(entry->row);
    g_free(entry->parties);
    g_free(entry->numbers);
    g_free(entry->body);
    g_clear_pointer(&entry->marks, g_array_unref);
    nsk_search_known_clear(&entry->known);
    g_clear_pointer(&entry->positions, g_ptr_array_unref);
    g_free(entry);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Entry, entry_free)

static GPtrArray *
find_readers(NskDbTxn *txn, const char *id, GError **error)
{
    bool has_row = true;
    g_autoptr(GPtrArray) positions = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find_readers, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return NULL;
        g_ptr_array_add(positions, has_row ? g_strdup(nsk_db_rows_text(rows, 0)) : NULL);
    }
    return rows != NULL ? g_steal_pointer(&positions) : NULL;
}

/* Titles of positions, names and places of others. */
static void
append_parties(GString *text, NskDbTxn *txn, const NskLetterParty *parties, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const NskLetterParty *party = &parties[i];
        const char *words[] = { party->name, party->attention, party->place };
        /* a draft may name a position that does not exist */
        g_autoptr(NskPosition) position =
            party->position != NULL ? nsk_directory_get_position(txn, party->position, NULL) : NULL;

        if (position != NULL)
            g_string_append_printf(text, "%s; ", position->title);
        for (size_t k = 0; k < G_N_ELEMENTS(words); k++) {
            if (words[k] != NULL)
                g_string_append_printf(text, "%s; ", words[k]);
        }
    }
}

/* Its number, and what it is called in other systems; owned. */
static char *
list_numbers(NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    g_autoptr(GString) text = g_string_new(row->number);
    g_autoptr(GPtrArray) others =
        nsk_db_list_texts(txn, sql_list_former, NSK_DB_PARAMS(NSK_DB_TEXT(row->id)), error);

    if (others == NULL)
        return NULL;
    for (guint i = 0; i < others->len; i++)
        g_string_append_printf(text, " %s", (const char *)g_ptr_array_index(others, i));
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The words of the scan, which were taken when the letter was registered. */
static bool
append_scan(NskDbTxn *txn, const char *id, char **body, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *name = nsk_office_file_name(id, ".txt");
    g_autoptr(GBytes) text = nsk_store_read(txn, id, NULL, name, &fault);

    if (text == NULL && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (text == NULL)
        return true;
    g_autofree char *before = *body;
    g_autofree char *words = g_strndup(g_bytes_get_data(text, NULL), g_bytes_get_size(text));
    *body = g_strconcat(before, " ", words, NULL);
    return true;
}

/* The words of attached PDFs, and of a DOCX that is the first file; of a file that cannot be read,
 * none: whoever opens it is told. */
static void
append_attached(NskDbTxn *txn, const char *id, const NskLetter *letter, char **body)
{
    g_autoptr(NskPagesIn) files = NULL;

    if (!nsk_pages_in_read(txn, id, letter, true, &files, NULL))
        return;
    g_autoptr(GString) text = g_string_new(*body);
    nsk_pages_in_append_words(files, text);
    g_free(*body);
    *body = g_string_free(g_steal_pointer(&text), FALSE);
}

/* The words of a scan were taken when it was registered, and are not read out of it again. */
static bool
has_scan_alone(const NskLetterFacts *facts)
{
    return facts->received != NULL && facts->n_attachments == 1 &&
           g_strcmp0(facts->attachments[0].file_name, NSK_INCOMING_SCAN) == 0;
}

/* The digest of all that is put of the letter, or that it is made from: what it says, which names
 * its files by their digests; what it is called and of which day it is; who may read it. */
static void
digest_source(Entry *entry)
{
    static const char part = '\0';
    const NskLetterRow *row = entry->row;
    g_autoptr(GByteArray) all = g_byte_array_new();
    g_autoptr(GPtrArray) texts = g_ptr_array_new();

    g_ptr_array_add(texts, row->subject);
    g_ptr_array_add(texts, row->unit);
    g_ptr_array_add(texts, entry->numbers);
    g_ptr_array_add(texts, entry->known.day);
    for (guint i = 0; i + 1 < entry->positions->len; i++)
        g_ptr_array_add(texts, g_ptr_array_index(entry->positions, i));
    g_byte_array_append(all, row->content, sizeof row->content);
    for (guint i = 0; i < texts->len; i++) {
        const char *text = g_ptr_array_index(texts, i);

        g_byte_array_append(all, (const guint8 *)text, (guint)strlen(text));
        g_byte_array_append(all, (const guint8 *)&part, 1);
    }
    nsk_sha256(all->data, all->len, entry->source);
}

/* What the rows say of a letter.  *out_entry: NULL if it is to be taken out. */
static bool
look_up(NskDbTxn *txn, const char *id, Entry **out_entry, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(Entry) entry = g_new0(Entry, 1);

    *out_entry = NULL;
    entry->row = nsk_letter_row_load(txn, id, &fault);
    if (entry->row == NULL && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (entry->row == NULL || nsk_letter_row_is_secret(entry->row))
        return true;
    if ((entry->positions = find_readers(txn, id, error)) == NULL ||
        (entry->numbers = list_numbers(txn, entry->row, error)) == NULL ||
        !nsk_search_known_fill(txn, NULL, entry->row, &entry->known, error) ||
        !nsk_store_head(txn, id, NULL, &entry->doc.version, error))
        return false;
    digest_source(entry);
    entry->doc.begun = entry->row->created;
    entry->doc.source = entry->source;
    entry->doc.subject = entry->row->subject;
    entry->doc.number = entry->numbers;
    entry->doc.positions = (const char *const *)entry->positions->pdata;
    entry->doc.unit = entry->row->unit;
    *out_entry = g_steal_pointer(&entry);
    return true;
}

/* Reads the letter itself. */
static bool
read_words(NskDbTxn *txn, Entry *entry, GError **error)
{
    const char *id = entry->row->id;
    g_autoptr(NskLetter) letter = nsk_office_read_letter(txn, id, error);
    g_autoptr(GString) parties = g_string_new(NULL);

    if (letter == NULL)
        return false;
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);
    append_parties(parties, txn, facts->addressees, facts->n_addressees);
    append_parties(parties, txn, facts->copies, facts->n_copies);
    entry->parties = g_string_free(g_steal_pointer(&parties), FALSE);
    entry->body = nsk_search_letter_text(facts);
    if (facts->received != NULL && !append_scan(txn, id, &entry->body, error))
        return false;
    if (!has_scan_alone(facts))
        append_attached(txn, id, letter, &entry->body);
    entry->marks = nsk_search_marks(entry->row, facts, entry->known.day);
    entry->doc.marks = entry->marks;
    entry->doc.parties = entry->parties;
    entry->doc.body = entry->body;
    return true;
}

/* Letters that go into the index together. */
typedef struct {
    GArray *changes;    /* NskSearchChange; borrows ids */
    GPtrArray *entries; /* what they borrow */
    size_t size;        /* bytes of their texts */
} Portion;

static void
portion_clear(Portion *portion)
{
    g_clear_pointer(&portion->changes, g_array_unref);
    g_clear_pointer(&portion->entries, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Portion, portion_clear)

static void
portion_init(Portion *portion)
{
    portion->changes = g_array_new(FALSE, FALSE, sizeof(NskSearchChange));
    portion->entries = g_ptr_array_new_with_free_func(entry_free);
}

static bool
portion_is_full(const Portion *portion)
{
    return portion->changes->len >= PORTION || portion->size >= PORTION_BYTES;
}

/* Adds letter @id, which the caller keeps, unless @search has it as it stands. */
static bool
portion_add(Portion *portion, NskDbTxn *txn, NskSearch *search, const char *id, GError **error)
{
    bool has = false;
    g_autoptr(Entry) entry = NULL;

    if (!look_up(txn, id, &entry, error) ||
        (entry != NULL && !nsk_search_has(search, id, entry->source, &has, error)))
        return false;
    if (has)
        return true;
    NskSearchChange change = { id, entry != NULL ? &entry->doc : NULL };
    if (entry != NULL) {
        if (!read_words(txn, entry, error))
            return false;
        portion->size += strlen(entry->body) + strlen(entry->parties);
        g_ptr_array_add(portion->entries, g_steal_pointer(&entry));
    }
    g_array_append_val(portion->changes, change);
    return true;
}

static bool
portion_apply(Portion *portion,
              NskSearch *search,
              const NskSearchProgress *progress,
              GError **error)
{
    return (portion->changes->len == 0 && progress == NULL) ||
           nsk_search_apply(search, (const NskSearchChange *)(void *)portion->changes->data,
                            portion->changes->len, progress, error);
}

/* --- From the outbox ------------------------------------------------------------------------- */

/* Gives @row its fault, and keeps the first of all in @first. */
static void
blame(NskOutboxRow *row, const GError *fault, GError **first)
{
    if (row->fault == NULL)
        row->fault = g_strdup(fault->message);
    if (*first == NULL)
        *first = g_error_copy(fault);
}

/* The rows that a worker claimed, and how far it is. */
typedef struct {
    NskSearch *search;
    NskOutboxRow **rows;
    size_t n;
    size_t done;
    GError *first; /* fault; owned */
} Claimed;

/* Reads the letters of the next rows into @portion, until it is full; those that cannot be read get
 * a fault. */
static void
read_rows(NskOffice *self, Portion *portion, Claimed *claimed)
{
    g_autoptr(GError) no_snapshot = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, &no_snapshot);

    for (; claimed->done < claimed->n && !portion_is_full(portion); claimed->done++) {
        NskOutboxRow *row = claimed->rows[claimed->done];
        g_autoptr(GError) fault = NULL;

        if (txn == NULL)
            blame(row, no_snapshot, &claimed->first);
        else if (!portion_add(portion, txn, claimed->search, row->letter, &fault))
            blame(row, fault, &claimed->first);
    }
}

static bool
index_rows(NskOffice *self, const GPtrArray *rows, void *data, GError **error)
{
    Claimed claimed = { data, (NskOutboxRow **)rows->pdata, rows->len, 0, NULL };

    while (claimed.done < claimed.n) {
        size_t begun = claimed.done;
        g_autoptr(GError) fault = NULL;
        g_auto(Portion) portion = { 0 };

        portion_init(&portion);
        read_rows(self, &portion, &claimed);
        if (portion_apply(&portion, claimed.search, NULL, &fault) &&
            NSK_FAULT("index.applied", &fault))
            continue;
        for (size_t i = begun; i < claimed.done; i++)
            blame(claimed.rows[i], fault, &claimed.first);
    }
    if (claimed.first == NULL)
        return true;
    g_propagate_error(error, claimed.first);
    return false;
}

/* --- From the table of letters --------------------------------------------------------------- */

static GPtrArray *
list_after(NskDbTxn *txn, const char *after, GError **error)
{
    return nsk_db_list_texts(txn, sql_next_letters, NSK_DB_PARAMS(NSK_DB_TEXT(after)), error);
}

/* Letters that could not be read are asked for in the outbox, where their fault will show. */
typedef struct {
    GPtrArray *letters; /* borrowed ids */
    NskInstant now;
} Faulty;

static bool
apply_faulty(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Faulty *faulty = data;

    for (guint i = 0; i < faulty->letters->len; i++) {
        if (!nsk_outbox_add(txn, NSK_SEARCH_TOPIC, g_ptr_array_index(faulty->letters, i), "",
                            faulty->now, error))
            return false;
    }
    return true;
}

/* Reads the first of @ids into @portion, until it is full; those that cannot be read are gathered
 * in @faulty.  Returns how many. */
static guint
read_ids(Portion *portion,
         NskDbTxn *txn,
         NskSearch *search,
         const GPtrArray *ids,
         GPtrArray *faulty)
{
    guint done = 0;

    for (; done < ids->len && !portion_is_full(portion); done++) {
        if (!portion_add(portion, txn, search, g_ptr_array_index(ids, done), NULL))
            g_ptr_array_add(faulty, g_ptr_array_index(ids, done));
    }
    return done;
}

/* One portion behind progress->letter; moves it on, or says that it is whole. */
static bool
fill_portion(NskOffice *self, NskSearch *search, NskSearchProgress *progress, GError **error)
{
    g_auto(Portion) portion = { 0 };
    g_autoptr(GPtrArray) missed = g_ptr_array_new();
    Faulty faulty = { missed, nsk_clock_now(self->clock) };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GPtrArray) ids = txn != NULL ? list_after(txn, progress->letter, error) : NULL;

    if (ids == NULL)
        return false;
    portion_init(&portion);
    guint n = read_ids(&portion, txn, search, ids, missed);
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    if (missed->len > 0 && !nsk_office_commit(self, apply_faulty, &faulty, NULL, error))
        return false;
    progress->whole = ids->len == 0;
    if (ids->len > 0) {
        g_free(progress->letter);
        progress->letter = g_strdup(g_ptr_array_index(ids, n - 1));
    }
    return portion_apply(&portion, search, progress, error) && NSK_FAULT("index.filled", error);
}

/* Whether the server is to end: what is not done is done by the next one. */
static bool
is_stopping(const NskOffice *self)
{
    return self->service != NULL && nsk_office_service_is_stopping(self->service);
}

static bool
fill(NskOffice *self, NskSearch *search, GError **error)
{
    NskSearchProgress progress;

    if (!nsk_search_get_progress(search, &progress, error))
        return false;
    bool ok = true;
    bool was_whole = progress.whole;
    while (ok && !progress.whole && !is_stopping(self))
        ok = fill_portion(self, search, &progress, error);
    g_free(progress.letter);
    /* in one piece searches are quicker; while somebody searches it may wait */
    if (ok && !was_whole && progress.whole)
        (void)nsk_search_purge(search, NULL);
    return ok;
}

/* An index of an older program is made again. */
static NskSearch *
open_index(NskOffice *self, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *path = nsk_office_path(self->dir, NSK_SEARCH_FILE);
    NskSearch *search = nsk_search_open(path, NSK_DB_WRITE, &fault);

    if (search != NULL)
        return search;
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_UNSUPPORTED))
        return nsk_search_destroy(path, error) ? nsk_search_open(path, NSK_DB_WRITE, error) : NULL;
    g_propagate_error(error, g_steal_pointer(&fault));
    return NULL;
}

bool
nsk_office_index(NskOffice *self, GError **error)
{
    g_autoptr(NskSearch) search = open_index(self, error);

    return search != NULL && fill(self, search, error) &&
           (is_stopping(self) ||
            nsk_office_work(self, NSK_SEARCH_TOPIC, index_rows, search, error));
}

bool
nsk_office_search_rebuild(NskOffice *self, GError **error)
{
    g_autofree char *path = nsk_office_path(self->dir, NSK_SEARCH_FILE);

    return nsk_search_destroy(path, error) && nsk_office_index(self, error);
}

bool
nsk_office_search_purge(NskOffice *self, GError **error)
{
    g_autoptr(NskSearch) search = open_index(self, error);

    return search != NULL && nsk_search_purge(search, error);
}

bool
nsk_office_search_take_out(NskOffice *self, const GPtrArray *letters, GError **error)
{
    g_autoptr(NskSearch) search = open_index(self, error);

    for (guint i = 0; search != NULL && i < letters->len; i++) {
        if (!nsk_search_remove(search, g_ptr_array_index(letters, i), error))
            return false;
    }
    return search != NULL && nsk_search_purge(search, error);
}

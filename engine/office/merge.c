/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many letters from one text and a table: each a letter of its own, with its own number.
 *
 * INVARIANTS
 *   (1) Every line is checked, as the letter that it makes, before the first letter is made.
 *   (2) A line of a batch makes one letter, however often it is tried: the index of letter_batch
 *       holds it, and each letter is a change of its own.
 *   (3) Two lines that make the same letter are a fault: nobody is to get it twice.
 *   (4) A line that made another letter under the batch's name is a fault: nobody is left out
 *       because a name was used before.
 */
#include "base/bytes.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/merge-private.h"

#include <string.h>

#define BATCH_DIGITS 16

static const char sql_find_line[] =
    "SELECT letter, content FROM letter_batch WHERE batch = $1 AND line = $2";
static const char sql_enter_line[] =
    "INSERT INTO letter_batch (letter, batch, line, content) VALUES ($1, $2, $3, $4)";
static const char sql_list_batch[] =
    "SELECT letter, line FROM letter_batch WHERE batch = $1 ORDER BY line";

typedef struct {
    NskOffice *office;
    const NskMerge *merge;
    NskIssues *issues;
    GPtrArray *rows; /* NskCsvRow, the head first */
    NskMergeText *text;
    char *batch;
    NskJson *letters; /* line, letter */
    int64_t made, there;
} Work;

static void
work_clear(Work *work)
{
    g_clear_pointer(&work->rows, g_ptr_array_unref);
    g_clear_pointer(&work->text, nsk_merge_text_free);
    g_clear_pointer(&work->letters, nsk_json_unref);
    g_free(work->batch);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

/* --- In the change of a new letter ----------------------------------------------------------- */

static char *
digest_of(GBytes *xml)
{
    return nsk_sha256_hex(g_bytes_get_data(xml, NULL), g_bytes_get_size(xml));
}

/* The letter that the line made before, NULL if none; *out_same: of the same text, as far as known.
 */
static bool
find_line(NskDbTxn *txn,
          const char *batch,
          const NskBatchLetter *letter,
          char **out_letter,
          bool *out_same,
          GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_find_line, NSK_DB_PARAMS(NSK_DB_TEXT(batch), NSK_DB_INT(letter->line)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_letter = NULL;
    *out_same = true;
    if (has_row) {
        const char *content = nsk_db_rows_text(rows, 1);
        g_autofree char *digest = digest_of(letter->draft.xml);

        *out_letter = g_strdup(nsk_db_rows_text(rows, 0));
        *out_same = content[0] == '\0' || strcmp(content, digest) == 0;
    }
    return true;
}

bool
nsk_batch_enter(NskDbTxn *txn, const char *id, const NskBatchLetter *letter, GError **error)
{
    bool same;
    g_autofree char *other = NULL;

    if (letter->batch == NULL)
        return true;
    if (!nsk_name_is_valid(letter->batch) || letter->line < 1) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is no name of a batch; write small letters, digits, dots and "
                           "hyphens"),
                    letter->batch);
        return false;
    }
    if (!find_line(txn, letter->batch, letter, &other, &same, error))
        return false;
    if (other != NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("line %d of batch '%s' made letter %s already"), (int)letter->line,
                    letter->batch, other);
        return false;
    }
    g_autofree char *digest = digest_of(letter->draft.xml);
    return nsk_db_exec(txn, sql_enter_line,
                       NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(letter->batch),
                                     NSK_DB_INT(letter->line), NSK_DB_TEXT(digest)),
                       NULL, error);
}

/* --- Looking at every line ------------------------------------------------------------------- */

static void
add_fault(Work *work, unsigned line, const char *tag, NskSeverity severity, const char *words)
{
    g_autofree char *file = g_strdup(work->merge->table_name);
    NskIssue place = { tag, severity, file, line, 0, NULL };

    nsk_issues_add(work->issues, &place, "%s", words);
}

static bool
has_error(const NskIssues *issues)
{
    for (guint i = 0; i < issues->len; i++) {
        if (((const NskIssue *)issues->pdata[i])->severity == NSK_SEVERITY_ERROR)
            return true;
    }
    return false;
}

/* Checks the letter of a line; its faults are the line's. */
static bool
check_letter(Work *work, const NskCsvRow *line, GBytes *xml, GError **error)
{
    g_autoptr(NskIssues) found = nsk_issues_new();
    g_autoptr(GError) fault = NULL;

    if (!nsk_office_file_check(work->office, work->merge->name, xml, found, &fault)) {
        if (fault->domain != NSK_ERROR || fault->code == NSK_ERROR_IO ||
            fault->code == NSK_ERROR_BUSY) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        add_fault(work, line->line, "merge", NSK_SEVERITY_ERROR, fault->message);
    }
    for (guint i = 0; i < found->len; i++) {
        const NskIssue *issue = g_ptr_array_index(found, i);

        add_fault(work, line->line, issue->tag, issue->severity, issue->text);
    }
    return true;
}

/* Whether an earlier line made the same letter. */
static bool
is_double(Work *work, GHashTable *seen, const NskCsvRow *line, GBytes *xml)
{
    char *digest = digest_of(xml);
    gpointer first = g_hash_table_lookup(seen, digest);

    if (first == NULL) {
        (void)g_hash_table_insert(seen, digest, GUINT_TO_POINTER(line->line));
        return false;
    }
    g_autofree char *words = g_strdup_printf(nsk_tr("the line makes the same letter as line %u"),
                                             GPOINTER_TO_UINT(first));
    add_fault(work, line->line, "merge-double", NSK_SEVERITY_ERROR, words);
    g_free(digest);
    return true;
}

/* The letter of a line, and the one that it made before, NULL if none.  One of other words under
 * the same name is a fault of the line. */
static bool
find_made(Work *work,
          const NskCsvRow *line,
          const NskBatchLetter *letter,
          char **out_letter,
          GError **error)
{
    bool same = true;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);

    if (txn == NULL || !find_line(txn, work->batch, letter, out_letter, &same, error))
        return false;
    if (same)
        return true;
    g_autofree char *words =
        g_strdup_printf(nsk_tr("this line of batch '%s' made letter %s before, which says "
                               "something else; give the batch another name, or leave --batch out"),
                        work->batch, *out_letter);
    add_fault(work, line->line, "merge-batch", NSK_SEVERITY_ERROR, words);
    return true;
}

static void
tell(const Work *work, const char *what, guint done)
{
    if (work->merge->progress != NULL)
        work->merge->progress(what, done, (int64_t)work->rows->len - 1, work->merge->progress_data);
}

static bool
check_lines(Work *work, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 1; i < work->rows->len; i++) {
        const NskCsvRow *line = g_ptr_array_index(work->rows, i);
        g_autoptr(GBytes) xml =
            nsk_merge_text_fill(work->text, work->merge->table_name, line, work->issues);

        NskBatchLetter letter = { .draft = { .xml = xml }, .line = line->line };
        g_autofree char *there = NULL;

        tell(work, N_("checking the lines"), i);
        if (xml != NULL && !is_double(work, seen, line, xml) &&
            (!find_made(work, line, &letter, &there, error) ||
             !check_letter(work, line, xml, error)))
            return false;
    }
    if (!has_error(work->issues))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("nothing was made: '%s' has faults; correct the lines that are named and "
                       "repeat the command"),
                work->merge->table_name);
    return false;
}

/* --- Reading --------------------------------------------------------------------------------- */

/* The batch's name: as given, or made of both files. */
static char *
name_batch(const NskMerge *merge)
{
    if (merge->batch != NULL)
        return g_strdup(merge->batch);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    const char *position = merge->position != NULL ? merge->position : "";

    g_checksum_update(sum, g_bytes_get_data(merge->xml, NULL),
                      (gssize)g_bytes_get_size(merge->xml));
    g_checksum_update(sum, g_bytes_get_data(merge->table, NULL),
                      (gssize)g_bytes_get_size(merge->table));
    g_checksum_update(sum, (const guchar *)position, -1);
    return g_strndup(g_checksum_get_string(sum), BATCH_DIGITS);
}

static bool
refuse(GError **error, int code, const char *words)
{
    g_set_error_literal(error, NSK_ERROR, code, words);
    return false;
}

static bool
read_files(Work *work, GError **error)
{
    size_t size;
    const NskMerge *merge = work->merge;
    const void *data = g_bytes_get_data(merge->table, &size);

    work->batch = name_batch(merge);
    if (!nsk_name_is_valid(work->batch))
        return refuse(error, NSK_ERROR_INVALID,
                      nsk_tr("--batch takes a name of small letters, digits, dots and hyphens"));
    work->rows = nsk_csv_read(merge->table_name, data, size, work->issues);
    if (work->rows->len > NSK_LIMIT_MERGE_LINES + 1) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT, nsk_tr("'%s' has over %d lines; split it"),
                    merge->table_name, NSK_LIMIT_MERGE_LINES);
        return false;
    }
    if (work->rows->len < 2)
        return refuse(error, NSK_ERROR_INVALID,
                      nsk_tr("the table needs a first line that names its columns, and a line for "
                             "each letter"));
    const NskCsvRow *head = g_ptr_array_index(work->rows, 0);
    work->text =
        nsk_merge_text_new(merge->name, merge->xml, merge->table_name, head->fields, work->issues);
    if (work->text != NULL)
        return true;
    return refuse(error, NSK_ERROR_INVALID,
                  nsk_tr("nothing was made: the text and the table do not fit together"));
}

/* --- Making ---------------------------------------------------------------------------------- */

static void
note_letter(Work *work, unsigned line, const char *letter)
{
    NskJson *item = nsk_json_object();

    nsk_json_set_int(item, "line", line);
    nsk_json_set_text(item, "letter", letter);
    nsk_json_add(work->letters, item);
}

static bool
make_letter(Work *work, const NskCsvRow *line, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autofree char *there = NULL;
    g_autoptr(GBytes) xml =
        nsk_merge_text_fill(work->text, work->merge->table_name, line, work->issues);
    NskBatchLetter letter = {
        .draft = { .name = work->merge->name, .xml = xml, .position = work->merge->position },
        .batch = work->batch,
        .line = line->line
    };

    if (!find_made(work, line, &letter, &there, error))
        return false;
    if (there != NULL) {
        work->there++;
        note_letter(work, line->line, there);
        return true;
    }
    if (!nsk_office_letter_of_batch(work->office, &letter, &result, error))
        return false;
    work->made++;
    note_letter(work, line->line, nsk_json_get_text(result, "letter"));
    return true;
}

static bool
make_letters(Work *work, GError **error)
{
    for (guint i = 1; i < work->rows->len; i++) {
        tell(work, N_("making the letters"), i);
        if (make_letter(work, g_ptr_array_index(work->rows, i), error))
            continue;
        g_prefix_error(error,
                       nsk_tr("%d of %u letters are made; the same command makes the others: "),
                       (int)(work->made + work->there), work->rows->len - 1);
        return false;
    }
    return true;
}

bool
nsk_office_letter_merge(NskOffice *self,
                        const NskMerge *merge,
                        NskIssues *issues,
                        NskJson **out_result,
                        GError **error)
{
    g_auto(Work)
        work = { .office = self, .merge = merge, .issues = issues, .letters = nsk_json_array() };

    /* the batch is what makes it repeatable */
    g_clear_pointer(&self->request_id, g_free);
    if (!read_files(&work, error) || !check_lines(&work, error) ||
        (!merge->check_only && !make_letters(&work, error)))
        return false;
    NskJson *result = nsk_json_object();
    nsk_json_set_text(result, "batch", work.batch);
    nsk_json_set_int(result, "lines", (int64_t)work.rows->len - 1);
    nsk_json_set_int(result, "made", work.made);
    nsk_json_set_int(result, "there", work.there);
    nsk_json_set(result, "letters", g_steal_pointer(&work.letters));
    *out_result = result;
    return true;
}

/* --- What became of it ----------------------------------------------------------------------- */

/* A letter of the batch, if the person may read it. */
static bool
show_letter(NskOffice *self,
            NskDbTxn *txn,
            const char *letter,
            int64_t line,
            NskJson *list,
            GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskLetterRow) row = nsk_access_letter(self, txn, letter, &fault);

    if (row == NULL) {
        if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
            return true;
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    g_autoptr(NskDuty) duty = nsk_access_duty(self, txn, letter, NULL);
    g_autofree char *task = duty != NULL ? g_strdup_printf("%s/%s", letter, duty->task->key) : NULL;
    NskJson *item = nsk_json_object();
    nsk_json_set_int(item, "line", line);
    nsk_json_set_text(item, "letter", letter);
    nsk_json_set_text(item, "subject", row->subject);
    nsk_json_set_text(item, "number", row->number);
    nsk_json_set_text(item, "state", row->state);
    nsk_json_set_text(item, "task", task);
    nsk_json_set_text(item, "role", duty != NULL ? duty->task->role : NULL);
    nsk_json_add(list, item);
    return true;
}

static bool
show_letters(NskOffice *self, NskDbTxn *txn, const char *batch, NskJson *list, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_list_batch, NSK_DB_PARAMS(NSK_DB_TEXT(batch)), error);

    if (rows == NULL)
        return false;
    for (;;) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            return true;
        g_autofree char *letter = g_strdup(nsk_db_rows_text(rows, 0));
        if (!show_letter(self, txn, letter, nsk_db_rows_int(rows, 1), list, error))
            return false;
    }
}

bool
nsk_office_batch_show(NskOffice *self, const char *batch, NskJson **out_result, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();

    nsk_json_set_text(result, "batch", batch);
    nsk_json_set(result, "letters", list);
    if (txn == NULL || !show_letters(self, txn, batch, list, error))
        return false;
    if (nsk_json_length(list) == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("there is no batch '%s', or it has no letter that you may read"), batch);
        return false;
    }
    *out_result = g_steal_pointer(&result);
    return true;
}

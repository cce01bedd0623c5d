/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Taking in the archive of a former system, thousands of letters at a time.
 *
 * INVARIANTS
 *   (1) A letter of the former system is taken in once, however often it is tried: system and id
 *       are unique among letter_external, and stored in the change that makes the letter.
 *   (2) A row that is at fault costs itself only; so does a file, which is read in the worker.
 *   (3) What stops the work, a full disk, stops it between two rows.
 *
 * Files are looked at in parallel, a portion ahead of the rows that are stored.
 */
#include "office/import.h"

#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/import-private.h"
#include "office/sheet-private.h"
#include "worker/worker.h"

#include <string.h>
#include <sys/stat.h>

#define SYSTEM        "lama" /* the former system if none is named */
#define PORTION       32     /* rows whose files are in memory */
#define PORTION_BYTES (INT64_C(64) * 1024 * 1024)
#define MAX_THREADS   4

static const char sql_find_former[] =
    "SELECT e.letter, e.number, i.dated FROM letter_external e JOIN incoming i"
    " ON i.letter = e.letter WHERE e.system = $1 AND e.id = $2 AND e.id <> ''";

typedef struct {
    NskOffice *office;
    const NskImport *import;
    const char *system;
    const _Atomic bool *stop; /* NULL: none */
    NskInstant now;
    char *unit;         /* where a row does not say; NULL: each does */
    GHashTable *clerks; /* units whose TU the person is, as known */
    NskImportTable *table;
    GThreadPool *pool;
    GMutex lock; /* of: */
    guint looking;
    GCond looked;
    int64_t done, imported, there;
} Work;

static void
work_clear(Work *work)
{
    if (work->pool != NULL)
        g_thread_pool_free(work->pool, FALSE, TRUE);
    g_mutex_clear(&work->lock);
    g_cond_clear(&work->looked);
    g_clear_pointer(&work->clerks, g_hash_table_unref);
    g_clear_pointer(&work->table, nsk_import_table_free);
    g_free(work->unit);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

/* The number there: of a letter that had none, its id. */
static const char *
former_number(const NskImportRow *row)
{
    const char *number = row->values[NSK_IMPORT_NUMBER];

    return number[0] != '\0' ? number : row->values[NSK_IMPORT_ID];
}

static const char *
unit_of(const Work *work, const NskImportRow *row)
{
    const char *unit = row->values[NSK_IMPORT_UNIT];

    return unit[0] != '\0' ? unit : work->unit;
}

/* What is the row's own fault; anything else stops the work. */
static bool
is_fault_of_row(const GError *fault)
{
    static const NskError codes[] = { NSK_ERROR_INVALID, NSK_ERROR_CONFLICT, NSK_ERROR_LIMIT,
                                      NSK_ERROR_UNSUPPORTED };

    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (g_error_matches(fault, NSK_ERROR, (gint)codes[i]))
            return true;
    }
    return false;
}

/* --- Before a file is looked at. -------------------------------------------------------------- */

/* The letter that the row was taken in as before; another one under its id is a fault. */
static bool
find_there(Work *work, NskDbTxn *txn, NskImportRow *row, GError **error)
{
    bool has_row = false;
    g_autofree char *date = nsk_date_is_set(row->date) ? nsk_date_format(row->date) : g_strdup("");
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_find_former,
        NSK_DB_PARAMS(NSK_DB_TEXT(work->system), NSK_DB_TEXT(row->values[NSK_IMPORT_ID])), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (!has_row)
        return true;
    row->there = g_strdup(nsk_db_rows_text(rows, 0));
    if (strcmp(nsk_db_rows_text(rows, 1), former_number(row)) == 0 &&
        strcmp(nsk_db_rows_text(rows, 2), date) == 0)
        return true;
    g_autofree char *words =
        g_strdup_printf(nsk_tr("the id was taken in before as letter %s, which has another number "
                               "or date; correct the row, or name another system with --system"),
                        row->there);
    nsk_import_table_refuse(work->table, row, NSK_IMPORT_ID, words);
    return true;
}

/* Whether the person is TU of the row's unit. */
static bool
check_unit(Work *work, NskDbTxn *txn, NskImportRow *row, GError **error)
{
    const char *unit = unit_of(work, row);
    g_autoptr(GError) fault = NULL;

    if (unit == NULL) {
        nsk_import_table_refuse(work->table, row, NSK_IMPORT_UNIT,
                                nsk_tr("the row names no unit; fill it in, or name one with "
                                       "--unit"));
        return true;
    }
    if (g_hash_table_contains(work->clerks, unit))
        return true;
    g_autoptr(NskReceivingClerk) clerk =
        nsk_receiving_clerk_find(work->office, txn, unit, work->now, &fault);
    if (clerk != NULL) {
        g_hash_table_add(work->clerks, g_strdup(unit));
        return true;
    }
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_import_table_refuse(work->table, row, NSK_IMPORT_UNIT, fault->message);
    return true;
}

/* --- A portion. ------------------------------------------------------------------------------- */

static bool
is_wanted(const NskImportRow *row)
{
    return !row->refused && row->there == NULL;
}

/* size: callback */
static void
look(gpointer data, gpointer user_data)
{
    Work *work = user_data;

    nsk_import_scan(data);
    g_mutex_lock(&work->lock);
    work->looking--;
    g_cond_signal(&work->looked);
    g_mutex_unlock(&work->lock);
}

/* Looks at the files of the rows from @first up to @end, and waits. */
static void
look_at_files(Work *work, guint first, guint end)
{
    GPtrArray *rows = nsk_import_table_get_rows(work->table);

    g_mutex_lock(&work->lock);
    for (guint i = first; i < end; i++) {
        if (!is_wanted(g_ptr_array_index(rows, i)))
            continue;
        work->looking++;
        (void)g_thread_pool_push(work->pool, g_ptr_array_index(rows, i), NULL);
    }
    while (work->looking > 0)
        g_cond_wait(&work->looked, &work->lock);
    g_mutex_unlock(&work->lock);
}

/* Looks at rows by themselves and by the database until a portion is full; *out_end: behind it. */
static bool
gather(Work *work, guint first, guint *out_end, GError **error)
{
    GPtrArray *rows = nsk_import_table_get_rows(work->table);
    int64_t size = 0;
    guint i = first;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);

    if (txn == NULL)
        return false;
    for (; i < rows->len && i < first + PORTION && (i == first || size < PORTION_BYTES); i++) {
        struct stat st;
        NskImportRow *row = g_ptr_array_index(rows, i);

        if (!row->refused &&
            (!find_there(work, txn, row, error) || !check_unit(work, txn, row, error)))
            return false;
        if (is_wanted(row) && stat(row->path, &st) == 0)
            size += st.st_size;
    }
    *out_end = i;
    return true;
}

/* --- A letter. -------------------------------------------------------------------------------- */

/* Takes the letter in, or finds whether it could be. */
static bool
store(Work *work, const NskImportRow *row, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autofree char *id = nsk_id_new(work->office->clock);
    g_autoptr(GBytes) xml = nsk_import_write(row, nsk_clock_now(work->office->clock), error);
    NskIncomingChange change = { .letter = id,
                                 .xml = xml,
                                 .unit = unit_of(work, row),
                                 .file_name = NSK_INCOMING_SCAN,
                                 .text = row->scan.text,
                                 .act = "import",
                                 .double_said = 1,
                                 .system = work->system,
                                 .former_id = row->values[NSK_IMPORT_ID],
                                 .former_number = former_number(row) };
    NskIncomingPlace place = { .scan = &row->scan, .path = row->path, .letter = id };

    /* a large file is put in its place only for what will be taken */
    if (xml == NULL || ((work->import->dry_run || nsk_incoming_scan_is_large(&row->scan)) &&
                        !nsk_incoming_check(work->office, &change, error)))
        return false;
    return work->import->dry_run ||
           (nsk_incoming_scan_place(work->office, &place, &change.file, &change.file_sha256,
                                    error) &&
            nsk_call_incoming_register(work->office, &change, &result, error));
}

static bool
take_row(Work *work, NskImportRow *row, GError **error)
{
    g_autoptr(GError) fault = NULL;

    if (work->stop != NULL && *work->stop) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CANCELLED, nsk_tr("it was stopped"));
        return false;
    }
    if (row->refused)
        return true;
    if (row->there != NULL) {
        work->there++;
        return true;
    }
    if (row->scan_fault != NULL) {
        nsk_import_table_refuse(work->table, row, NSK_IMPORT_FILE, row->scan_fault->message);
        return true;
    }
    if (store(work, row, &fault)) {
        work->imported++;
    } else if (is_fault_of_row(fault)) {
        nsk_import_table_refuse(work->table, row, NSK_IMPORT_N_COLUMNS, fault->message);
    } else {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    return true;
}

static void
tell(const Work *work)
{
    if (work->import->progress != NULL)
        work->import->progress(N_("taking in letters"), work->done,
                               nsk_import_table_get_rows(work->table)->len,
                               work->import->progress_data);
}

static bool
take_rows(Work *work, GError **error)
{
    GPtrArray *rows = nsk_import_table_get_rows(work->table);
    guint end = 0;

    for (guint first = 0; first < rows->len; first = end) {
        if (!gather(work, first, &end, error))
            return false;
        look_at_files(work, first, end);
        for (guint i = first; i < end; i++) {
            NskImportRow *row = g_ptr_array_index(rows, i);

            if (!take_row(work, row, error))
                return false;
            nsk_incoming_scan_clear(&row->scan);
            work->done++;
            tell(work);
        }
    }
    return true;
}

/* --- The use case. ---------------------------------------------------------------------------- */

static int
by_line(gconstpointer a, gconstpointer b)
{
    const NskImportFault *one = *(const NskImportFault *const *)a;
    const NskImportFault *two = *(const NskImportFault *const *)b;

    return one->line < two->line ? -1 : one->line > two->line ? 1 : 0;
}

static NskJson *
tell_faults(const Work *work)
{
    NskJson *list = nsk_json_array();
    GPtrArray *faults = nsk_import_table_get_faults(work->table);

    g_ptr_array_sort(faults, by_line);
    for (guint i = 0; i < faults->len; i++) {
        const NskImportFault *fault = g_ptr_array_index(faults, i);
        NskJson *item = nsk_json_object();

        nsk_json_set_int(item, "line", fault->line);
        nsk_json_set_text(item, "id", fault->id);
        nsk_json_set_text(item, "what", fault->what);
        nsk_json_set_text(item, "why", fault->why);
        nsk_json_set_text(item, "todo", fault->todo);
        nsk_json_add(list, item);
    }
    return list;
}

static NskJson *
tell_result(const Work *work)
{
    int64_t rows = nsk_import_table_get_rows(work->table)->len;
    NskJson *result = nsk_json_object();

    nsk_json_set_text(result, "system", work->system);
    nsk_json_set_int(result, "rows", rows);
    nsk_json_set_int(result, "imported", work->imported);
    nsk_json_set_int(result, "there", work->there);
    nsk_json_set_int(result, "refused", rows - work->imported - work->there);
    nsk_json_set_bool(result, "dry_run", work->import->dry_run);
    nsk_json_set(result, "faults", tell_faults(work));
    return result;
}

/* Whose archive it is, and that there is a worker, before the first row. */
static bool
begin(Work *work, GError **error)
{
    const NskImport *import = work->import;
    NskDate today;
    NskWorkerSandbox sandbox;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);

    if (!nsk_name_is_valid(work->system)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("--system takes a name of small letters, digits, dots and hyphens, not "
                           "'%s'"),
                    work->system);
        return false;
    }
    if (txn == NULL || !nsk_office_common_day(work->now, &today, error) ||
        !nsk_worker_sandbox(&sandbox, error))
        return false;
    work->unit = import->unit != NULL
                     ? g_strdup(import->unit)
                     : nsk_receiving_clerk_choose_unit(work->office, txn, NULL, today, error);
    g_autoptr(NskReceivingClerk) clerk =
        work->unit != NULL
            ? nsk_receiving_clerk_find(work->office, txn, work->unit, work->now, error)
            : NULL;
    if (clerk == NULL)
        return false;
    g_hash_table_add(work->clerks, g_strdup(work->unit));
    work->table =
        nsk_import_table_new(import->table_name, import->table, import->files, today, error);
    return work->table != NULL;
}

bool
nsk_office_archive_import_until(NskOffice *self,
                                const NskImport *import,
                                const _Atomic bool *stop,
                                NskJson **out_result,
                                GError **error)
{
    g_auto(Work) work = { .office = self,
                          .import = import,
                          .stop = stop,
                          .system = import->system != NULL ? import->system : SYSTEM,
                          .now = nsk_clock_now(self->clock) };

    g_mutex_init(&work.lock);
    g_cond_init(&work.looked);
    work.clerks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    /* the former ids are what makes it repeatable */
    g_clear_pointer(&self->request_id, g_free);
    if (!begin(&work, error))
        return false;
    work.pool = g_thread_pool_new(look, &work, (gint)CLAMP(g_get_num_processors(), 1, MAX_THREADS),
                                  FALSE, error);
    if (work.pool == NULL)
        return false;
    if (!take_rows(&work, error)) {
        g_prefix_error(error, nsk_tr("%d of %u rows are done; the same command does the others: "),
                       (int)work.done, nsk_import_table_get_rows(work.table)->len);
        return false;
    }
    *out_result = tell_result(&work);
    return true;
}

bool
nsk_office_archive_import(NskOffice *self,
                          const NskImport *import,
                          NskJson **out_result,
                          GError **error)
{
    return nsk_office_archive_import_until(self, import, NULL, out_result, error);
}

GBytes *
nsk_office_import_report(const NskJson *result)
{
    static const char *const keys[] = { "id", "what", "why", "todo" };
    const NskSheetColumn heads[] = { { .title = nsk_tr("Line") },
                                     { .title = nsk_tr("Former id") },
                                     { .title = nsk_tr("Column") },
                                     { .title = nsk_tr("Why it was refused") },
                                     { .title = nsk_tr("What to do") } };
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    const NskJson *faults = nsk_json_get(result, "faults");
    NskSheet sheet = { .columns = heads, .n_columns = G_N_ELEMENTS(heads), .rows = rows };

    for (size_t i = 0; i < nsk_json_length(faults); i++) {
        const NskJson *fault = nsk_json_at(faults, i);
        char **cells = g_new0(char *, G_N_ELEMENTS(heads) + 1);

        cells[0] = g_strdup_printf("%" G_GINT64_FORMAT, nsk_json_get_int(fault, "line", 0));
        for (size_t k = 0; k < G_N_ELEMENTS(keys); k++)
            cells[k + 1] = g_strdup(nsk_json_get_text(fault, keys[k]));
        g_ptr_array_add(rows, cells);
    }
    return nsk_sheet_to_csv(&sheet);
}

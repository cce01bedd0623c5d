/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of an older archive: a row a letter, its columns named in the first line in Indonesian
 * or English, in any order.
 *
 * Whatever is wrong with a row is found here, as far as the row and its file's name say it; a row
 * that is at fault costs no other row anything.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/import-private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_WORDS 1000 /* bytes of a sender, a subject ...: a line of the agenda */
#define MAX_TEXT  4000

#define MAX_MALFORMED 200 /* as many as a list of findings keeps */

static const struct {
    const char *names[2]; /* as the head may call it */
    bool needed;
    size_t limit; /* bytes */
} columns[NSK_IMPORT_N_COLUMNS] = {
    [NSK_IMPORT_ID] = { { "id", "pengenal" }, true, NSK_LIMIT_JOURNAL_FIELD },
    [NSK_IMPORT_NUMBER] = { { "nomor", "number" }, false, NSK_LIMIT_JOURNAL_FIELD },
    [NSK_IMPORT_DATE] = { { "tanggal", "date" }, false, NSK_LIMIT_JOURNAL_FIELD },
    [NSK_IMPORT_SENDER] = { { "asal", "sender" }, true, MAX_WORDS },
    [NSK_IMPORT_PLACE] = { { "tempat", "place" }, false, MAX_WORDS },
    [NSK_IMPORT_RECEIVER] = { { "tujuan", "receiver" }, true, MAX_WORDS },
    [NSK_IMPORT_SUBJECT] = { { "hal", "subject" }, true, MAX_WORDS },
    [NSK_IMPORT_SUMMARY] = { { "ringkasan", "summary" }, false, MAX_TEXT },
    [NSK_IMPORT_CLASSIFICATION] = { { "klasifikasi", "classification" }, true, 64 },
    [NSK_IMPORT_SECURITY] = { { "keamanan", "security" }, false, 64 },
    [NSK_IMPORT_UNIT] = { { "unit", "unit" }, false, 64 },
    [NSK_IMPORT_FILE] = { { "berkas", "file" }, true, MAX_TEXT },
};

struct _NskImportTable {
    const char *name;
    char *files;       /* the folder, through links */
    GPtrArray *cells;  /* NskCsvRow, the head first */
    GPtrArray *rows;   /* NskImportRow */
    GPtrArray *faults; /* NskImportFault */
    GHashTable *seen;  /* id -> line */
    NskDate today;
    int at[NSK_IMPORT_N_COLUMNS]; /* where each column is; -1: not there */
    guint n_fields;
};

static void
row_free(gpointer data)
{
    NskImportRow *row = data;

    nsk_incoming_scan_clear(&row->scan);
    g_clear_error(&row->scan_fault);
    g_free(row->path);
    g_free(row->there);
    g_free(row);
}

static void
fault_free(gpointer data)
{
    NskImportFault *fault = data;

    g_free(fault->id);
    g_free(fault->what);
    g_free(fault->why);
    g_free(fault->todo);
    g_free(fault);
}

void
nsk_import_table_free(NskImportTable *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->cells, g_ptr_array_unref);
    g_clear_pointer(&self->rows, g_ptr_array_unref);
    g_clear_pointer(&self->faults, g_ptr_array_unref);
    g_clear_pointer(&self->seen, g_hash_table_unref);
    g_free(self->files);
    g_free(self);
}

GPtrArray *
nsk_import_table_get_rows(const NskImportTable *self)
{
    return self->rows;
}

GPtrArray *
nsk_import_table_get_faults(const NskImportTable *self)
{
    return self->faults;
}

/* --- Refusing. -------------------------------------------------------------------------------- */

static void
add_fault(NskImportTable *self, unsigned line, const char *id, const char *what, const char *words)
{
    NskImportFault *fault = g_new0(NskImportFault, 1);
    const char *parting = g_strrstr(words, "; ");

    fault->line = line;
    fault->id = g_strdup(id);
    fault->what = g_strdup(what);
    fault->why = parting != NULL ? g_strndup(words, (gsize)(parting - words)) : g_strdup(words);
    fault->todo = g_strdup(
        parting != NULL ? parting + 2 : nsk_tr("correct the row, and repeat the command with it"));
    g_ptr_array_add(self->faults, fault);
}

void
nsk_import_table_refuse(NskImportTable *self,
                        NskImportRow *row,
                        NskImportColumn column,
                        const char *words)
{
    const char *what = "";

    if (column < NSK_IMPORT_N_COLUMNS && self->at[column] >= 0) {
        const NskCsvRow *head = g_ptr_array_index(self->cells, 0);

        what = head->fields[self->at[column]];
    }
    row->refused = true;
    add_fault(self, row->line, row->values[NSK_IMPORT_ID], what, words);
}

/* --- The head. -------------------------------------------------------------------------------- */

static int
find_column(const char *name)
{
    for (int i = 0; i < NSK_IMPORT_N_COLUMNS; i++) {
        if (g_ascii_strcasecmp(name, columns[i].names[0]) == 0 ||
            g_ascii_strcasecmp(name, columns[i].names[1]) == 0)
            return i;
    }
    return -1;
}

/* Takes over @what. */
static bool
refuse_head(GError **error, char *what)
{
    g_autofree char *owned = what;
    g_autoptr(GString) known = g_string_new(NULL);

    for (size_t i = 0; i < NSK_IMPORT_N_COLUMNS; i++)
        g_string_append_printf(known, "%s%s%s", i > 0 ? ", " : "", columns[i].names[0],
                               columns[i].needed ? "*" : "");
    g_autofree char *said = g_strdup_printf(
        nsk_tr("the first line names the columns, with * those that are needed: %s"), known->str);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, "%s; %s", owned, said);
    return false;
}

static bool
read_head(NskImportTable *self, GError **error)
{
    const NskCsvRow *head = g_ptr_array_index(self->cells, 0);

    for (size_t i = 0; i < NSK_IMPORT_N_COLUMNS; i++)
        self->at[i] = -1;
    for (int i = 0; head->fields[i] != NULL; i++) {
        int column = find_column(g_strstrip(head->fields[i]));

        if (column < 0)
            return refuse_head(
                error, g_strdup_printf(nsk_tr("the table has a column '%s', which is not known"),
                                       head->fields[i]));
        if (self->at[column] >= 0)
            return refuse_head(error, g_strdup_printf(nsk_tr("the table has the column '%s' twice"),
                                                      head->fields[i]));
        self->at[column] = i;
        self->n_fields = (guint)i + 1;
    }
    for (size_t i = 0; i < NSK_IMPORT_N_COLUMNS; i++) {
        if (columns[i].needed && self->at[i] < 0)
            return refuse_head(error, g_strdup_printf(nsk_tr("the table has no column '%s'"),
                                                      columns[i].names[0]));
    }
    return true;
}

/* --- A row. ----------------------------------------------------------------------------------- */

/* One line of printable text. */
static bool
is_line(const char *text)
{
    for (; *text != '\0'; text += g_utf8_skip[(unsigned char)*text]) {
        if (g_unichar_iscntrl(g_utf8_get_char(text)))
            return false;
    }
    return true;
}

static void
check_value(NskImportTable *self, NskImportRow *row, NskImportColumn column)
{
    const char *value = row->values[column];
    g_autofree char *words = NULL;

    if (columns[column].needed && value[0] == '\0')
        words = g_strdup(nsk_tr("the field is empty; fill it in"));
    else if (strlen(value) > columns[column].limit)
        words = g_strdup_printf(nsk_tr("the field is over %zu bytes; shorten it"),
                                columns[column].limit);
    else if (!is_line(value))
        words = g_strdup(nsk_tr("the field has a line break or a control character; write it on "
                                "one line"));
    if (words != NULL)
        nsk_import_table_refuse(self, row, column, words);
}

static void
check_id(NskImportTable *self, NskImportRow *row)
{
    const char *id = row->values[NSK_IMPORT_ID];
    gpointer first = g_hash_table_lookup(self->seen, id);

    if (id[0] == '\0')
        return;
    if (first == NULL) {
        g_hash_table_insert(self->seen, g_strdup(id), GUINT_TO_POINTER(row->line));
        return;
    }
    g_autofree char *words =
        g_strdup_printf(nsk_tr("line %u has the same id; leave out the one that is wrong"),
                        GPOINTER_TO_UINT(first));
    nsk_import_table_refuse(self, row, NSK_IMPORT_ID, words);
}

static void
check_date(NskImportTable *self, NskImportRow *row)
{
    const char *text = row->values[NSK_IMPORT_DATE];

    if (text[0] == '\0')
        return;
    if (!nsk_date_parse(text, &row->date, NULL)) {
        g_autofree char *words = g_strdup_printf(
            nsk_tr("'%s' is no date; write year, month and day such as 2011-03-14"), text);

        nsk_import_table_refuse(self, row, NSK_IMPORT_DATE, words);
    } else if (nsk_date_compare(row->date, self->today) > 0) {
        nsk_import_table_refuse(self, row, NSK_IMPORT_DATE,
                                nsk_tr("the day is still to come; correct the date"));
    }
}

static void
check_words(NskImportTable *self, NskImportRow *row)
{
    const char *code = row->values[NSK_IMPORT_CLASSIFICATION];
    const char *class = row->values[NSK_IMPORT_SECURITY];

    if (code[0] != '\0' && !g_regex_match_simple("^[A-Za-z0-9]+([./-][A-Za-z0-9]+)*$", code,
                                                 G_REGEX_DOLLAR_ENDONLY, 0))
        nsk_import_table_refuse(
            self, row, NSK_IMPORT_CLASSIFICATION,
            nsk_tr("this is no classification code; write one such as KP.08.1"));
    if (nsk_security_is_secret(class))
        nsk_import_table_refuse(self, row, NSK_IMPORT_SECURITY,
                                nsk_tr("a secret letter is not taken in from a table; register it "
                                       "by its envelope with 'naskah incoming register "
                                       "--unopened'"));
    else if (class[0] != '\0' && strcmp(class, "biasa") != 0 && strcmp(class, "terbatas") != 0)
        nsk_import_table_refuse(self, row, NSK_IMPORT_SECURITY,
                                nsk_tr("this is no security class; write biasa or terbatas"));
}

/* --- Its file. -------------------------------------------------------------------------------- */

static bool
climbs(const char *name)
{
    g_auto(GStrv) parts = g_strsplit(name, "/", -1);

    return name[0] == '/' || g_strv_contains((const char *const *)parts, "..");
}

/* Whether @path, through links, lies below the folder. */
static bool
is_below(const NskImportTable *self, const char *path)
{
    size_t size = strlen(self->files);

    return strncmp(path, self->files, size) == 0 &&
           (path[size] == '/' || (size > 0 && self->files[size - 1] == '/'));
}

/* What is wrong with the file's name; NULL: nothing, and the row has its path. */
static const char *
find_file(const NskImportTable *self, NskImportRow *row)
{
    struct stat st;
    const char *name = row->values[NSK_IMPORT_FILE];

    if (climbs(name))
        return nsk_tr("the name leads out of the folder of the files; name a file below it");
    g_autofree char *whole = g_build_filename(self->files, name, NULL);
    row->path = realpath(whole, NULL);
    if (row->path == NULL)
        return nsk_tr("there is no such file in the folder, or it cannot be read; put it there, or "
                      "correct its name");
    if (!is_below(self, row->path))
        return nsk_tr("the name is a link out of the folder of the files; put the file itself "
                      "there");
    if (stat(row->path, &st) != 0 || !S_ISREG(st.st_mode))
        return nsk_tr("this is no file; name a PDF");
    if (st.st_size > NSK_LIMIT_PDF_SIZE)
        return nsk_tr("the file is larger than any that is read; scan it with fewer dots an inch");
    return NULL;
}

static void
check_file(NskImportTable *self, NskImportRow *row)
{
    const char *words = row->values[NSK_IMPORT_FILE][0] != '\0' ? find_file(self, row) : NULL;

    if (words != NULL)
        nsk_import_table_refuse(self, row, NSK_IMPORT_FILE, words);
}

/* --- All of it. ------------------------------------------------------------------------------- */

static void
read_row(NskImportTable *self, NskCsvRow *cells)
{
    NskImportRow *row = g_new0(NskImportRow, 1);

    row->line = cells->line;
    for (size_t i = 0; i < NSK_IMPORT_N_COLUMNS; i++)
        row->values[i] = "";
    g_ptr_array_add(self->rows, row);
    if (g_strv_length(cells->fields) != self->n_fields) {
        nsk_import_table_refuse(self, row, NSK_IMPORT_N_COLUMNS,
                                nsk_tr("the row has more or fewer fields than the first line; put "
                                       "a field with a comma in quotes"));
        return;
    }
    for (size_t i = 0; i < NSK_IMPORT_N_COLUMNS; i++) {
        if (self->at[i] >= 0)
            row->values[i] = g_strstrip(cells->fields[self->at[i]]);
    }
    for (unsigned i = 0; i < NSK_IMPORT_N_COLUMNS; i++)
        check_value(self, row, (NskImportColumn)i);
    check_id(self, row);
    check_date(self, row);
    check_words(self, row);
    check_file(self, row);
}

static void
take_issues(NskImportTable *self, const NskIssues *issues)
{
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);
        NskImportRow *row = g_new0(NskImportRow, 1);

        row->line = issue->line;
        for (size_t k = 0; k < NSK_IMPORT_N_COLUMNS; k++)
            row->values[k] = "";
        g_ptr_array_add(self->rows, row);
        nsk_import_table_refuse(self, row, NSK_IMPORT_N_COLUMNS, issue->text);
    }
}

static bool
read_table(NskImportTable *self, GBytes *bytes, GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    g_autoptr(NskIssues) issues = nsk_issues_new();

    self->cells = nsk_csv_read(self->name, data, size, issues);
    if (self->cells->len > 0 && !read_head(self, error))
        return false;
    if (issues->len >= MAX_MALFORMED || self->cells->len == 0 ||
        self->cells->len > NSK_LIMIT_CSV_ROWS) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is no table of an archive: it is to be CSV in UTF-8, commas "
                           "between its fields, its first line naming the columns; save it so"),
                    self->name);
        return false;
    }
    take_issues(self, issues);
    for (guint i = 1; i < self->cells->len; i++)
        read_row(self, g_ptr_array_index(self->cells, i));
    return true;
}

NskImportTable *
nsk_import_table_new(const char *name,
                     GBytes *bytes,
                     const char *files,
                     NskDate today,
                     GError **error)
{
    g_autoptr(NskImportTable) self = g_new0(NskImportTable, 1);

    self->name = name;
    self->today = today;
    self->rows = g_ptr_array_new_with_free_func(row_free);
    self->faults = g_ptr_array_new_with_free_func(fault_free);
    self->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->files = realpath(files, NULL);
    if (self->files == NULL || !g_file_test(self->files, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("'%s' is no folder that can be read; name the folder of the files with "
                           "--files"),
                    files);
        return NULL;
    }
    return read_table(self, bytes, error) ? g_steal_pointer(&self) : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A directory from XML or from a folder of CSV files, and back to XML.
 *
 * Both forms carry the same columns by the same names (table.c).  The XML is first held against
 * templates/schema/directory.rng; values are then checked once more one by one, so that a CSV file
 * meets the same rules and the same words.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "directory/directory-private.h"

#include <string.h>

#define DIRECTORY_NS "urn:naskah:directory:1"
#define SCHEMA_PATH  "templates/schema/directory.rng"

static void
read_xml_row(NskDirectory *self,
             TableId table,
             const NskXmlNode *node,
             char *file,
             NskIssues *issues)
{
    const TableSpec *spec = &nsk_directory_tables[table];
    DirectoryRow *row = nsk_directory_add_row(self, table, file, nsk_xml_line(node));

    for (int i = 0; spec->columns[i].name != NULL; i++)
        nsk_directory_set_value(row, i, nsk_xml_attr(node, spec->columns[i].name));
    nsk_directory_finish_row(table, row, issues);
}

NskDirectory *
nsk_directory_read_part(const NskXmlDoc *doc, NskIssues *issues, GError **error)
{
    if (!nsk_xml_schema_check_by(SCHEMA_PATH, doc, issues, error) ||
        !nsk_issues_to_error(issues, error))
        return NULL;

    g_autoptr(NskDirectory) self = nsk_directory_new();
    char *file = g_ref_string_new(nsk_xml_doc_get_name(doc));
    for (TableId table = 0; table < N_TABLES; table++) {
        const NskXmlNode *list =
            nsk_xml_child(nsk_xml_doc_get_root(doc), nsk_directory_tables[table].name);
        const NskXmlNode *node = list != NULL ? nsk_xml_first(list) : NULL;

        for (; node != NULL; node = nsk_xml_next(node))
            read_xml_row(self, table, node, file, issues);
    }
    g_ref_string_release(file);
    return nsk_issues_to_error(issues, error) ? g_steal_pointer(&self) : NULL;
}

/* Checks what stands between the rows; takes @self, and returns it if there is no error. */
static NskDirectory *
check_whole(NskDirectory *self, NskIssues *issues, GError **error)
{
    (void)nsk_directory_check(self, issues);
    if (nsk_issues_to_error(issues, error))
        return self;
    nsk_directory_free(self);
    return NULL;
}

NskDirectory *
nsk_directory_read_xml(const NskXmlDoc *doc, NskIssues *issues, GError **error)
{
    NskDirectory *self = nsk_directory_read_part(doc, issues, error);

    return self != NULL ? check_whole(self, issues, error) : NULL;
}

/* --- CSV --- */

static void
add_csv_issue(NskIssues *issues, char *file, unsigned line, const char *what, const char *name)
{
    NskIssue place = { .tag = "csv-columns",
                       .severity = NSK_SEVERITY_ERROR,
                       .file = file,
                       .line = line };

    nsk_issues_add(issues, &place, "%s '%s'", nsk_tr(what), name);
}

static int
find_column(const TableSpec *spec, const char *name)
{
    for (int i = 0; spec->columns[i].name != NULL; i++) {
        if (strcmp(spec->columns[i].name, name) == 0)
            return i;
    }
    return -1;
}

/* Which field is which column; @field_of has MAX_COLUMNS places, -1 for a column that is not there.
 */
static bool
read_header(const TableSpec *spec,
            const NskCsvRow *header,
            char *file,
            int *field_of,
            NskIssues *issues)
{
    bool ok = true;

    for (int i = 0; i < MAX_COLUMNS; i++)
        field_of[i] = -1;
    for (int i = 0; header->fields[i] != NULL; i++) {
        int column = find_column(spec, g_strstrip(header->fields[i]));

        if (column < 0 || field_of[column] >= 0) {
            add_csv_issue(issues, file, header->line,
                          N_("the header has an unknown or double column"), header->fields[i]);
            ok = false;
        } else {
            field_of[column] = i;
        }
    }
    for (int i = 0; spec->columns[i].name != NULL; i++) {
        if (!spec->columns[i].required || field_of[i] >= 0)
            continue;
        add_csv_issue(issues, file, header->line, N_("the header lacks the column"),
                      spec->columns[i].name);
        ok = false;
    }
    return ok;
}

/* Where a table is read to. */
typedef struct {
    NskDirectory *self;
    TableId table;
    char *file;        /* reference-counted string; borrowed */
    GHashTable *known; /* rows by key, that say what missing columns would; NULL: nothing does */
} CsvPlace;

/* Completed by the row of the same key, in columns that the table does not have. */
static void
complete_row(const CsvPlace *place, DirectoryRow *row, const int *field_of)
{
    g_autofree char *key = nsk_directory_row_key(place->table, row);
    const DirectoryRow *known =
        place->known != NULL ? g_hash_table_lookup(place->known, key) : NULL;

    for (int i = 0; known != NULL && nsk_directory_tables[place->table].columns[i].name != NULL;
         i++) {
        if (field_of[i] < 0)
            nsk_directory_set_value(row, i, known->values[i]);
    }
}

static void
read_csv_row(const CsvPlace *place, const NskCsvRow *fields, const int *field_of, NskIssues *issues)
{
    DirectoryRow *row = nsk_directory_add_row(place->self, place->table, place->file, fields->line);

    for (int i = 0; nsk_directory_tables[place->table].columns[i].name != NULL; i++) {
        if (field_of[i] >= 0)
            nsk_directory_set_value(row, i, fields->fields[field_of[i]]);
    }
    complete_row(place, row, field_of);
    nsk_directory_finish_row(place->table, row, issues);
}

/* @rows has a header at least. */
static void
read_csv_rows(const CsvPlace *place, const GPtrArray *rows, NskIssues *issues)
{
    int field_of[MAX_COLUMNS];
    char *file = place->file;
    TableId table = place->table;
    const NskCsvRow *header = g_ptr_array_index(rows, 0);
    guint n_fields = g_strv_length(header->fields);
    if (!read_header(&nsk_directory_tables[table], header, file, field_of, issues))
        return;
    for (guint i = 1; i < rows->len; i++) {
        const NskCsvRow *row = g_ptr_array_index(rows, i);

        if (g_strv_length(row->fields) == n_fields)
            read_csv_row(place, row, field_of, issues);
        else
            add_csv_issue(issues, file, row->line,
                          N_("the number of fields is not that of the header, in the row of"),
                          row->fields[0]);
    }
}

static void
read_csv_table(NskDirectory *self, TableId table, char *file, GBytes *bytes, NskIssues *issues)
{
    const CsvPlace place = { self, table, file, NULL };
    g_autoptr(GPtrArray) rows =
        nsk_csv_read(file, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), issues);

    if (rows->len == 0)
        add_csv_issue(issues, file, 1, N_("there is no header line in the table of"),
                      nsk_directory_tables[table].name);
    else
        read_csv_rows(&place, rows, issues);
}

/* --- One table by itself --- */

/* Whether these can be the columns of the table. */
static bool
is_header_of(const TableSpec *spec, char **columns)
{
    for (char **column = columns; *column != NULL; column++) {
        if (find_column(spec, g_strstrip(*column)) < 0)
            return false;
    }
    for (int i = 0; spec->columns[i].name != NULL; i++) {
        if (spec->columns[i].required &&
            !g_strv_contains((const char *const *)columns, spec->columns[i].name))
            return false;
    }
    return true;
}

/* No two tables have the same columns that are needed; N_TABLES: it is none. */
static TableId
find_table(const NskCsvRow *header)
{
    TableId table = 0;

    while (table < N_TABLES && !is_header_of(&nsk_directory_tables[table], header->fields))
        table++;
    return table;
}

static void
add_unknown_table(const NskCsvRow *header, char *file, NskIssues *issues)
{
    g_autoptr(GString) tables = g_string_new(NULL);
    const char *first = header != NULL ? header->fields[0] : "";
    bool is_list = strchr(first, ';') != NULL;
    NskIssue place = { .tag = "csv-columns",
                       .severity = NSK_SEVERITY_ERROR,
                       .file = file,
                       .line = header != NULL ? header->line : 1 };

    for (TableId table = 0; table < N_TABLES; table++) {
        const TableSpec *spec = &nsk_directory_tables[table];

        g_string_append_printf(tables, "%s%s:", table > 0 ? "; " : "", spec->name);
        for (int i = 0; spec->columns[i].name != NULL; i++)
            if (spec->columns[i].required)
                g_string_append_printf(tables, " %s", spec->columns[i].name);
    }
    if (is_list)
        nsk_issues_add(issues, &place, "%s",
                       nsk_tr("the columns are parted by semicolons; save the table as CSV with "
                              "commas (in a spreadsheet: CSV UTF-8, comma)"));
    else
        nsk_issues_add(issues, &place,
                       nsk_tr("the first line does not name the columns of a table; each table "
                              "needs at least these: %s"),
                       tables->str);
}

/* The rows of @base by their keys. */
static GHashTable *
index_rows(const NskDirectory *base, TableId table)
{
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < base->rows[table]->len; i++) {
        DirectoryRow *row = g_ptr_array_index(base->rows[table], i);

        g_hash_table_insert(known, nsk_directory_row_key(table, row), row);
    }
    return known;
}

NskDirectory *
nsk_directory_read_table(const char *name,
                         GBytes *bytes,
                         const NskDirectory *base,
                         NskIssues *issues,
                         GError **error)
{
    g_autoptr(NskDirectory) self = nsk_directory_new();
    char *file = g_ref_string_new(name);
    g_autoptr(GPtrArray) rows =
        nsk_csv_read(file, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), issues);
    const NskCsvRow *header = rows->len > 0 ? g_ptr_array_index(rows, 0) : NULL;
    TableId table = header != NULL ? find_table(header) : N_TABLES;

    if (table < N_TABLES) {
        g_autoptr(GHashTable) known = index_rows(base, table);
        const CsvPlace place = { self, table, file, known };

        read_csv_rows(&place, rows, issues);
    } else {
        add_unknown_table(header, file, issues);
    }
    g_ref_string_release(file);
    return nsk_issues_to_error(issues, error) ? g_steal_pointer(&self) : NULL;
}

/* Reads one file of the folder; only the units' must be there. */
static bool
read_csv_file(NskDirectory *self,
              TableId table,
              const char *folder,
              NskIssues *issues,
              GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *name = g_strconcat(nsk_directory_tables[table].name, ".csv", NULL);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GBytes) bytes = nsk_file_read(path, NSK_LIMIT_CSV_SIZE, &fault);

    if (bytes == NULL) {
        if (table != TABLE_UNITS && g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
            return true;
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    char *file = g_ref_string_new(path);
    read_csv_table(self, table, file, bytes, issues);
    g_ref_string_release(file);
    return true;
}

NskDirectory *
nsk_directory_read_csv(const char *folder, NskIssues *issues, GError **error)
{
    g_autoptr(NskDirectory) self = nsk_directory_new();

    for (TableId table = 0; table < N_TABLES; table++) {
        if (!read_csv_file(self, table, folder, issues, error))
            return NULL;
    }
    return check_whole(g_steal_pointer(&self), issues, error);
}

/* --- to XML --- */

NskXmlDoc *
nsk_directory_to_xml(NskDirectory *self)
{
    NskXmlDoc *doc = nsk_xml_doc_new(DIRECTORY_NS, "directory");

    nsk_directory_sort(self);
    for (TableId table = 0; table < N_TABLES; table++) {
        const TableSpec *spec = &nsk_directory_tables[table];

        if (spec->young && self->rows[table]->len == 0)
            continue;
        NskXmlNode *list = nsk_xml_add(nsk_xml_doc_get_root(doc), NULL, spec->name);

        for (guint i = 0; i < self->rows[table]->len; i++) {
            const DirectoryRow *row = g_ptr_array_index(self->rows[table], i);
            NskXmlNode *node = nsk_xml_add(list, NULL, spec->element);

            for (int k = 0; spec->columns[k].name != NULL; k++) {
                if (*row->values[k] != '\0')
                    nsk_xml_set_attr(node, spec->columns[k].name, row->values[k]);
            }
        }
    }
    return doc;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Classification schemes as tables.
 *
 *     code       name                     trigger  active inactive fate
 *     000        Umum
 *     000.1      Ketatausahaan            closed   2      3        destroy
 */
#include "base/message.h"
#include "directory/directory.h"
#include "records/records.h"

#include <string.h>

#define MAX_CLASSES    20000
#define MAX_YEARS      100
#define MAX_CODE       40
#define MAX_NAME_BYTES 400

enum { CODE, NAME, TRIGGER, ACTIVE, INACTIVE, FATE, N_COLUMNS };

static const char *const column_names[N_COLUMNS] = {
    "code", "name", "trigger", "active", "inactive", "fate",
};
static const char *const trigger_names[] = {
    [NSK_TRIGGER_CLOSED] = "closed",
    [NSK_TRIGGER_CONTRACT] = "contract",
    [NSK_TRIGGER_BUDGET] = "budget",
    [NSK_TRIGGER_LEFT] = "left",
};
static const char *const fate_names[] = {
    [NSK_FATE_DESTROY] = "destroy",
    [NSK_FATE_PERMANENT] = "permanent",
    [NSK_FATE_REVIEW] = "review",
};

struct _NskClassScheme {
    GPtrArray *classes; /* of NskRecordClass, owned, by code */
    GHashTable *found;  /* code -> class, both borrowed */
};

typedef struct {
    const char *name;
    NskClassScheme *scheme;
    NskIssues *issues;
    GHashTable *lines; /* code, borrowed -> line */
    int columns[N_COLUMNS];
    unsigned line;
} Reader;

const char *
nsk_trigger_name(NskTrigger self)
{
    return trigger_names[self];
}

const char *
nsk_fate_name(NskFate self)
{
    return fate_names[self];
}

static void
free_class(gpointer data)
{
    NskRecordClass *self = data;

    g_free((char *)(uintptr_t)self->code);
    g_free((char *)(uintptr_t)self->name);
    g_free(self);
}

void
nsk_class_scheme_free(NskClassScheme *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->found);
    g_ptr_array_unref(self->classes);
    g_free(self);
}

const NskRecordClass *
nsk_class_scheme_find(const NskClassScheme *self, const char *code)
{
    return g_hash_table_lookup(self->found, code);
}

size_t
nsk_class_scheme_size(const NskClassScheme *self)
{
    return self->classes->len;
}

const NskRecordClass *
nsk_class_scheme_at(const NskClassScheme *self, size_t at)
{
    return g_ptr_array_index(self->classes, at);
}

/* --- Reading. --------------------------------------------------------------------------------- */

static bool G_GNUC_PRINTF(2, 3) add_fault(Reader *reader, const char *format, ...)
{
    va_list arguments;
    g_autofree char *file = g_strdup(reader->name);
    NskIssue place = { .tag = "scheme",
                       .severity = NSK_SEVERITY_ERROR,
                       .file = file,
                       .line = reader->line };

    va_start(arguments, format);
    g_autofree char *words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    nsk_issues_add(reader->issues, &place, "%s", words);
    return false;
}

static int
find_name(const char *const *names, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], text) == 0)
            return (int)i;
    }
    return -1;
}

/* Parts of letters and digits, with dots between. */
static bool
is_code(const char *text)
{
    if (text[0] == '\0' || strlen(text) > MAX_CODE)
        return false;
    for (const char *at = text; *at != '\0'; at++) {
        bool dot = *at == '.';

        if (!dot && !g_ascii_isalnum(*at))
            return false;
        if (dot && (at == text || at[1] == '.' || at[1] == '\0'))
            return false;
    }
    return true;
}

static bool
read_header(Reader *reader, const NskCsvRow *row)
{
    bool ok = true;

    reader->line = row->line;
    for (int i = 0; i < N_COLUMNS; i++) {
        reader->columns[i] = -1;
        for (int k = 0; row->fields[k] != NULL; k++) {
            if (strcmp(g_strstrip(row->fields[k]), column_names[i]) == 0)
                reader->columns[i] = k;
        }
        if (reader->columns[i] < 0)
            ok = add_fault(reader,
                           nsk_tr("the column '%s' is missing; the first line names the columns: "
                                  "code,name,trigger,active,inactive,fate"),
                           column_names[i]);
    }
    return ok;
}

static bool
read_years(Reader *reader, const char *column, const char *text, unsigned *out)
{
    guint64 years;

    if (g_ascii_string_to_unsigned(text, 10, 0, MAX_YEARS, &years, NULL)) {
        *out = (unsigned)years;
        return true;
    }
    return add_fault(reader, nsk_tr("'%s' in the column '%s' is no number of years from 0 to %d"),
                     text, column, MAX_YEARS);
}

/* Trigger, years and fate: all of them or none. */
static bool
read_rule(Reader *reader, char *const *values, NskRecordClass *out)
{
    int filled = 0;

    for (int i = TRIGGER; i <= FATE; i++)
        filled += values[i][0] != '\0';
    out->has_rule = filled > 0;
    if (filled == 0)
        return true;
    if (filled <= FATE - TRIGGER)
        return add_fault(reader,
                         nsk_tr("'%s' has a part of a retention rule: fill in trigger, "
                                "active, inactive and fate, or none of them"),
                         out->code);
    int trigger = find_name(trigger_names, G_N_ELEMENTS(trigger_names), values[TRIGGER]);
    int fate = find_name(fate_names, G_N_ELEMENTS(fate_names), values[FATE]);
    if (trigger < 0)
        return add_fault(reader,
                         nsk_tr("'%s' is no trigger: it is closed, contract, budget or "
                                "left"),
                         values[TRIGGER]);
    if (fate < 0)
        return add_fault(reader, nsk_tr("'%s' is no fate: it is destroy, permanent or review"),
                         values[FATE]);
    out->trigger = (NskTrigger)trigger;
    out->fate = (NskFate)fate;
    return read_years(reader, column_names[ACTIVE], values[ACTIVE], &out->active) &&
           read_years(reader, column_names[INACTIVE], values[INACTIVE], &out->inactive);
}

static bool
read_name(Reader *reader, char *const *values, NskRecordClass *out)
{
    if (!is_code(values[CODE]))
        return add_fault(reader,
                         nsk_tr("'%s' is no code: letters and digits in parts with dots "
                                "between, such as 000.1.2 or KP.01"),
                         values[CODE]);
    if (values[NAME][0] == '\0' || strlen(values[NAME]) > MAX_NAME_BYTES)
        return add_fault(reader, nsk_tr("the name of '%s' is missing or over 400 bytes"),
                         values[CODE]);
    out->code = g_strdup(values[CODE]);
    out->name = g_strdup(values[NAME]);
    return true;
}

static void
read_class(Reader *reader, const NskCsvRow *row)
{
    char *values[N_COLUMNS];
    int n = (int)g_strv_length(row->fields);
    NskRecordClass *class = g_new0(NskRecordClass, 1);
    static char none[] = "";

    reader->line = row->line;
    for (int i = 0; i < N_COLUMNS; i++)
        values[i] = reader->columns[i] < n ? g_strstrip(row->fields[reader->columns[i]]) : none;
    if (!read_name(reader, values, class) || !read_rule(reader, values, class)) {
        free_class(class);
        return;
    }
    if (nsk_class_scheme_find(reader->scheme, class->code) != NULL) {
        (void)add_fault(reader, nsk_tr("the code '%s' stands here a second time; first in line %u"),
                        class->code,
                        GPOINTER_TO_UINT(g_hash_table_lookup(reader->lines, class->code)));
        free_class(class);
        return;
    }
    g_ptr_array_add(reader->scheme->classes, class);
    g_hash_table_insert(reader->scheme->found, (char *)(uintptr_t) class->code, class);
    g_hash_table_insert(reader->lines, (char *)(uintptr_t) class->code,
                        GUINT_TO_POINTER(row->line));
}

/* The class above each must be there: a code that nobody can look up from the top is a slip. */
static void
check_parents(Reader *reader)
{
    const GPtrArray *classes = reader->scheme->classes;

    for (guint i = 0; i < classes->len; i++) {
        const NskRecordClass *class = g_ptr_array_index(classes, i);
        const char *dot = strrchr(class->code, '.');

        if (dot == NULL)
            continue;
        g_autofree char *parent = g_strndup(class->code, (gsize)(dot - class->code));
        if (nsk_class_scheme_find(reader->scheme, parent) != NULL)
            continue;
        reader->line = GPOINTER_TO_UINT(g_hash_table_lookup(reader->lines, class->code));
        (void)add_fault(reader, nsk_tr("the class '%s' above '%s' has no row; add it"), parent,
                        class->code);
    }
}

static gint
compare_classes(gconstpointer a, gconstpointer b)
{
    const NskRecordClass *one = *(const NskRecordClass *const *)a;
    const NskRecordClass *other = *(const NskRecordClass *const *)b;

    return strcmp(one->code, other->code);
}

static void
read_rows(Reader *reader, const GPtrArray *rows)
{
    if (rows->len < 2) {
        reader->line = 1;
        (void)add_fault(reader, "%s", nsk_tr("the table has no rows below its header"));
        return;
    }
    if (rows->len - 1 > MAX_CLASSES) {
        reader->line = 1;
        (void)add_fault(reader, nsk_tr("the table has over %d rows"), MAX_CLASSES);
        return;
    }
    if (!read_header(reader, g_ptr_array_index(rows, 0)))
        return;
    for (guint i = 1; i < rows->len; i++)
        read_class(reader, g_ptr_array_index(rows, i));
    check_parents(reader);
}

NskClassScheme *
nsk_class_scheme_parse(const char *name,
                       const void *data,
                       size_t size,
                       NskIssues *issues,
                       GError **error)
{
    g_autoptr(NskClassScheme) self = g_new0(NskClassScheme, 1);
    g_autoptr(GHashTable) lines = g_hash_table_new(g_str_hash, g_str_equal);
    Reader reader = { .name = name, .scheme = self, .issues = issues, .lines = lines };

    self->classes = g_ptr_array_new_with_free_func(free_class);
    self->found = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) rows = nsk_csv_read(name, data, size, issues);
    read_rows(&reader, rows);
    g_ptr_array_sort(self->classes, compare_classes);
    return nsk_issues_to_error(issues, error) ? g_steal_pointer(&self) : NULL;
}

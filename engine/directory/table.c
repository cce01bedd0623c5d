/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables of a directory: which columns there are and what may stand in one.  What concerns
 * several rows is in check.c.
 */
#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "directory/directory-private.h"

#include <string.h>

#define LINE_MAX_CHARS 1000
#define CODE_MAX_LEN   64

/* clang-format off */
const TableSpec nsk_directory_tables[N_TABLES] = {
    [TABLE_UNITS] = { N_("units"), N_("unit"), {
        { "id", COLUMN_ID, true, NO_TABLE },
        { "code", COLUMN_CODE, false, NO_TABLE },
        { "name", COLUMN_LINE, true, NO_TABLE },
        { "parent", COLUMN_ID, false, TABLE_UNITS },
        { "place", COLUMN_LINE, true, NO_TABLE },
        { "zone", COLUMN_LINE, true, NO_TABLE },
        { "archivist", COLUMN_ID, false, TABLE_POSITIONS } }, { UNIT_ID, -1 } },
    [TABLE_POSITIONS] = { N_("positions"), N_("position"), {
        { "id", COLUMN_ID, true, NO_TABLE },
        { "unit", COLUMN_ID, true, TABLE_UNITS },
        { "title", COLUMN_LINE, true, NO_TABLE },
        { "code", COLUMN_CODE, false, NO_TABLE },
        { "echelon", COLUMN_ECHELON, false, NO_TABLE },
        { "superior", COLUMN_ID, false, TABLE_POSITIONS } }, { POSITION_ID, -1 } },
    [TABLE_PEOPLE] = { N_("people"), N_("person"), {
        { "id", COLUMN_ID, true, NO_TABLE },
        { "name", COLUMN_LINE, true, NO_TABLE },
        { "printed", COLUMN_LINE, false, NO_TABLE },
        { "nip", COLUMN_NIP, false, NO_TABLE },
        { "rank", COLUMN_LINE, false, NO_TABLE },
        { "email", COLUMN_LINE, false, NO_TABLE } }, { PERSON_ID, -1 } },
    [TABLE_HOLDINGS] = { N_("holdings"), N_("holding"), {
        { "person", COLUMN_ID, true, TABLE_PEOPLE },
        { "position", COLUMN_ID, true, TABLE_POSITIONS },
        { "capacity", COLUMN_CAPACITY, true, NO_TABLE },
        { "from", COLUMN_DATE, true, NO_TABLE },
        { "until", COLUMN_DATE, false, NO_TABLE } },
        { HOLDING_POSITION, HOLDING_PERSON, HOLDING_FROM, -1 } },
    [TABLE_MANDATES] = { N_("mandates"), N_("mandate"), {
        { "id", COLUMN_ID, true, NO_TABLE },
        { "giver", COLUMN_ID, true, TABLE_POSITIONS },
        { "receiver", COLUMN_ID, true, TABLE_POSITIONS },
        { "capacity", COLUMN_CAPACITY, true, NO_TABLE },
        { "kinds", COLUMN_KINDS, false, NO_TABLE },
        { "from", COLUMN_DATE, true, NO_TABLE },
        { "until", COLUMN_DATE, false, NO_TABLE },
        { "document", COLUMN_LINE, false, NO_TABLE } }, { MANDATE_ID, -1 } },
    [TABLE_ASSISTANTS] = { N_("assistants"), N_("assistant"), {
        { "position", COLUMN_ID, true, TABLE_POSITIONS },
        { "person", COLUMN_ID, false, TABLE_PEOPLE },
        { "assistant-position", COLUMN_ID, false, TABLE_POSITIONS },
        { "from", COLUMN_DATE, true, NO_TABLE },
        { "until", COLUMN_DATE, false, NO_TABLE } },
        { ASSISTANT_POSITION, ASSISTANT_PERSON, ASSISTANT_BY, ASSISTANT_FROM, -1 } },
    [TABLE_ROSTER] = { N_("roster"), N_("turn"), {
        { "person", COLUMN_ID, true, TABLE_PEOPLE },
        { "what", COLUMN_TURN, true, NO_TABLE },
        { "position", COLUMN_ID, false, TABLE_POSITIONS },
        { "from", COLUMN_DATE, true, NO_TABLE },
        { "until", COLUMN_DATE, false, NO_TABLE },
        { "hours", COLUMN_HOURS, false, NO_TABLE },
        { "substitute", COLUMN_ID, false, TABLE_PEOPLE },
        { "note", COLUMN_LINE, false, NO_TABLE } },
        { ROSTER_PERSON, ROSTER_WHAT, ROSTER_POSITION, ROSTER_FROM, ROSTER_HOURS, -1 }, true },
};
/* clang-format on */

static void
row_clear(gpointer data)
{
    DirectoryRow *row = data;

    for (int i = 0; i < MAX_COLUMNS; i++)
        g_free(row->values[i]);
    g_clear_pointer(&row->file, g_ref_string_release);
}

static void
row_unref(gpointer data)
{
    g_rc_box_release_full(data, row_clear);
}

NskDirectory *
nsk_directory_new(void)
{
    NskDirectory *self = g_new0(NskDirectory, 1);

    for (int i = 0; i < N_TABLES; i++)
        self->rows[i] = g_ptr_array_new_with_free_func(row_unref);
    return self;
}

void
nsk_directory_free(NskDirectory *self)
{
    if (self == NULL)
        return;
    for (int i = 0; i < N_TABLES; i++)
        g_ptr_array_unref(self->rows[i]);
    g_free(self);
}

DirectoryRow *
nsk_directory_add_row(NskDirectory *self, TableId table, char *file, unsigned line)
{
    DirectoryRow *row = g_rc_box_new0(DirectoryRow);

    for (int i = 0; nsk_directory_tables[table].columns[i].name != NULL; i++)
        row->values[i] = g_strdup("");
    row->file = file != NULL ? g_ref_string_acquire(file) : NULL;
    row->line = line;
    g_ptr_array_add(self->rows[table], row);
    return row;
}

void
nsk_directory_set_value(DirectoryRow *row, int column, const char *value)
{
    g_free(row->values[column]);
    row->values[column] = g_strstrip(g_strdup(value != NULL ? value : ""));
}

void
nsk_directory_issue(NskIssues *issues,
                    const DirectoryRow *row,
                    const char *tag,
                    NskSeverity severity,
                    const char *format,
                    ...)
{
    va_list args;
    NskIssue place = { .tag = tag, .severity = severity, .file = row->file, .line = row->line };

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_issues_add(issues, &place, "%s", text);
}

static bool
is_line(const char *text)
{
    if (strlen(text) > NSK_LIMIT_TEXT || !g_utf8_validate(text, -1, NULL) ||
        g_utf8_strlen(text, -1) > LINE_MAX_CHARS)
        return false;
    for (const char *at = text; *at != '\0'; at++) {
        if (g_ascii_iscntrl(*at))
            return false;
    }
    return true;
}

static bool
is_code(const char *text)
{
    return strlen(text) <= CODE_MAX_LEN && is_line(text) && strpbrk(text, " \t") == NULL;
}

static bool
is_echelon(const char *text)
{
    static const char *const levels[] = { "I.", "II.", "III.", "IV.", "V." };

    for (size_t i = 0; i < G_N_ELEMENTS(levels); i++) {
        size_t len = strlen(levels[i]);

        if (strncmp(text, levels[i], len) == 0 && (text[len] == 'a' || text[len] == 'b') &&
            text[len + 1] == '\0')
            return true;
    }
    return false;
}

/* The two digits at @at. */
static int
two_digits(const char *at)
{
    return (at[0] - '0') * 10 + at[1] - '0';
}

/* 18 digits: day of birth, month of appointment (21 for contract staff), sex 1 or 2, serial. */
static bool
is_nip(const char *text)
{
    NskDate born;

    if (strlen(text) != 18 || strspn(text, "0123456789") != 18)
        return false;
    g_autofree char *birth = g_strdup_printf("%.4s-%.2s-%.2s", text, text + 4, text + 6);
    int month = two_digits(text + 12);
    return nsk_date_parse(birth, &born, NULL) && ((month >= 1 && month <= 12) || month == 21) &&
           (text[14] == '1' || text[14] == '2');
}

static int
compare_words(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts the words of @row's column, each once; false if one is not a name. */
static bool
normalise_kinds(DirectoryRow *row, int column)
{
    g_auto(GStrv) words = g_strsplit_set(row->values[column], " \t\r\n", -1);
    g_autoptr(GString) text = g_string_new(NULL);
    const char *last = "";

    qsort(words, g_strv_length(words), sizeof *words, compare_words);
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], last) == 0)
            continue;
        if (!nsk_name_is_valid(words[i]))
            return false;
        g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", words[i]);
        last = words[i];
    }
    g_free(row->values[column]);
    row->values[column] = g_string_free(g_steal_pointer(&text), FALSE);
    return true;
}

/* What is wrong with a value that is not empty; NULL if nothing. */
static const char *
find_fault(DirectoryRow *row, int column, ColumnType type)
{
    const char *value = row->values[column];
    NskCapacity capacity;
    NskTurnWhat turn;
    NskDate date;
    int minutes[2];

    switch (type) {
    case COLUMN_ID:
        return nsk_name_is_valid(value)
                   ? NULL
                   : nsk_tr("is not an id; use 1 to 64 of a-z, 0-9, '-', '.' and '_'");
    case COLUMN_LINE:
        return is_line(value) ? NULL : nsk_tr("is not one line of at most 1000 characters");
    case COLUMN_CODE:
        return is_code(value) ? NULL : nsk_tr("is not a code; use up to 64 bytes without blanks");
    case COLUMN_DATE:
        return nsk_date_parse(value, &date, NULL) ? NULL
                                                  : nsk_tr("is not a date such as 2026-07-22");
    case COLUMN_CAPACITY:
        return nsk_capacity_parse(value, &capacity)
                   ? NULL
                   : nsk_tr("is not a capacity; use definitive, pj, plt or plh (mandates: an, ub, "
                            "plt, plh)");
    case COLUMN_KINDS:
        return normalise_kinds(row, column) ? NULL : nsk_tr("is not a list of kinds of letters");
    case COLUMN_ECHELON:
        return is_echelon(value) ? NULL : nsk_tr("is not an echelon; use I.a to V.b");
    case COLUMN_TURN:
        return nsk_turn_parse(value, &turn)
                   ? NULL
                   : nsk_tr("is not known in a roster; use leave, duty or shift");
    case COLUMN_HOURS:
        return nsk_hours_parse(value, &minutes[0], &minutes[1])
                   ? NULL
                   : nsk_tr("are not hours such as 08.00-16.00");
    case COLUMN_NIP:
        return is_nip(value)
                   ? NULL
                   : nsk_tr("is not a NIP: 18 digits, day of birth, month of appointment, sex "
                            "(1 or 2), serial");
    default:
        g_assert_not_reached();
    }
}

void
nsk_directory_finish_row(TableId table, DirectoryRow *row, NskIssues *issues)
{
    const TableSpec *spec = &nsk_directory_tables[table];

    if (table == TABLE_PEOPLE && *row->values[PERSON_PRINTED] == '\0')
        nsk_directory_set_value(row, PERSON_PRINTED, row->values[PERSON_NAME]);
    for (int i = 0; spec->columns[i].name != NULL; i++) {
        const ColumnSpec *column = &spec->columns[i];
        const char *fault = NULL;

        if (*row->values[i] != '\0')
            fault = find_fault(row, i, column->type);
        else if (column->required)
            fault = nsk_tr("is missing");
        if (fault == NULL)
            continue;
        g_autofree char *shown =
            g_utf8_make_valid(row->values[i], 80 < strlen(row->values[i]) ? 80 : -1);
        nsk_directory_issue(issues, row,
                            column->type == COLUMN_NIP ? "directory-nip" : "directory-value",
                            NSK_SEVERITY_ERROR, nsk_tr("%s '%s' of this %s %s"), column->name,
                            shown, nsk_tr(spec->element), fault);
    }
}

char *
nsk_directory_row_key(TableId table, const DirectoryRow *row)
{
    const TableSpec *spec = &nsk_directory_tables[table];
    g_autoptr(GString) key = g_string_new(NULL);

    for (int i = 0; spec->keys[i] >= 0; i++) {
        if (i > 0)
            g_string_append_c(key, '\n'); /* in no value */
        g_string_append(key, row->values[spec->keys[i]]);
    }
    return g_string_free(g_steal_pointer(&key), FALSE);
}

static int
compare_rows(const void *a, const void *b, void *data)
{
    const DirectoryRow *row_a = *(DirectoryRow *const *)a;
    const DirectoryRow *row_b = *(DirectoryRow *const *)b;
    const TableSpec *spec = data;

    for (int i = 0; spec->keys[i] >= 0; i++) {
        int order = strcmp(row_a->values[spec->keys[i]], row_b->values[spec->keys[i]]);

        if (order != 0)
            return order;
    }
    return 0;
}

void
nsk_directory_sort(NskDirectory *self)
{
    for (int i = 0; i < N_TABLES; i++) {
        TableSpec spec = nsk_directory_tables[i];

        g_ptr_array_sort_with_data(self->rows[i], compare_rows, &spec);
    }
}

NskDirectory *
nsk_directory_overlay(const NskDirectory *base, const NskDirectory *over)
{
    NskDirectory *both = nsk_directory_new();

    for (TableId table = 0; table < N_TABLES; table++) {
        g_autoptr(GHashTable) keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

        for (guint i = 0; i < over->rows[table]->len; i++) {
            DirectoryRow *row = g_ptr_array_index(over->rows[table], i);

            g_hash_table_add(keys, nsk_directory_row_key(table, row));
            g_ptr_array_add(both->rows[table], g_rc_box_acquire(row));
        }
        for (guint i = 0; i < base->rows[table]->len; i++) {
            DirectoryRow *row = g_ptr_array_index(base->rows[table], i);
            g_autofree char *key = nsk_directory_row_key(table, row);

            if (!g_hash_table_contains(keys, key))
                g_ptr_array_add(both->rows[table], g_rc_box_acquire(row));
        }
    }
    return both;
}

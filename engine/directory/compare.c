/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a directory would become by a part of one, for who is to decide whether it does. */
#include "directory/directory-private.h"

#include <string.h>

typedef struct {
    NskJson *changes;
    size_t most;
    int64_t n_new, n_changed, n_same;
} Comparison;

/* Columns in which they differ; NULL: none. */
static NskJson *
differ(TableId table, const DirectoryRow *before, const DirectoryRow *after)
{
    const TableSpec *spec = &nsk_directory_tables[table];
    g_autoptr(NskJson) values = nsk_json_array();

    for (int i = 0; spec->columns[i].name != NULL; i++) {
        const char *old = before != NULL ? before->values[i] : "";

        if (strcmp(old, after->values[i]) == 0)
            continue;
        NskJson *value = nsk_json_object();
        nsk_json_set_text(value, "column", spec->columns[i].name);
        nsk_json_set_text(value, "before", old);
        nsk_json_set_text(value, "after", after->values[i]);
        nsk_json_add(values, value);
    }
    return nsk_json_length(values) > 0 ? g_steal_pointer(&values) : NULL;
}

/* The key as people read it. */
static char *
show_key(TableId table, const DirectoryRow *row)
{
    const TableSpec *spec = &nsk_directory_tables[table];
    GString *text = g_string_new(NULL);

    for (int i = 0; spec->keys[i] >= 0; i++) {
        const char *value = row->values[spec->keys[i]];

        if (value[0] != '\0')
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", value);
    }
    return g_string_free(text, FALSE);
}

static void
compare_row(Comparison *self, TableId table, const DirectoryRow *before, const DirectoryRow *after)
{
    g_autoptr(NskJson) values = differ(table, before, after);

    if (values == NULL) {
        self->n_same++;
        return;
    }
    self->n_new += before == NULL;
    self->n_changed += before != NULL;
    if (nsk_json_length(self->changes) >= self->most)
        return;
    g_autofree char *key = show_key(table, after);
    NskJson *row = nsk_json_object();
    nsk_json_set_text(row, "table", nsk_directory_tables[table].name);
    nsk_json_set_text(row, "key", key);
    nsk_json_set_bool(row, "is_new", before == NULL);
    nsk_json_set_int(row, "line", after->line);
    nsk_json_set(row, "values", g_steal_pointer(&values));
    nsk_json_add(self->changes, row);
}

static void
compare_table(Comparison *self, TableId table, const NskDirectory *base, const NskDirectory *part)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < base->rows[table]->len; i++) {
        DirectoryRow *row = g_ptr_array_index(base->rows[table], i);

        g_hash_table_insert(known, nsk_directory_row_key(table, row), row);
    }
    for (guint i = 0; i < part->rows[table]->len; i++) {
        const DirectoryRow *row = g_ptr_array_index(part->rows[table], i);
        g_autofree char *key = nsk_directory_row_key(table, row);

        compare_row(self, table, g_hash_table_lookup(known, key), row);
    }
}

NskJson *
nsk_directory_compare(const NskDirectory *base,
                      const NskDirectory *part,
                      size_t most,
                      NskIssues *issues)
{
    NskJson *result = nsk_json_object();
    g_autoptr(NskDirectory) both = nsk_directory_overlay(base, part);
    Comparison work = { .changes = nsk_json_array(), .most = most };

    (void)nsk_directory_check(both, issues);
    for (TableId table = 0; table < N_TABLES; table++)
        compare_table(&work, table, base, part);
    nsk_json_set(result, "changes", work.changes);
    nsk_json_set_int(result, "n_new", work.n_new);
    nsk_json_set_int(result, "n_changed", work.n_changed);
    nsk_json_set_int(result, "n_same", work.n_same);
    return result;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows that stand still: what the writer asked of the directory and the rules, with the same
 * parameters, is answered from memory.
 *
 * INVARIANTS
 *   (1) Only the handle that writes has such rows, and nobody else writes the file while it is
 *       open: see the writer's lock in db.c.
 *   (2) All are dropped when a statement writes one of these tables, and when anything is rolled
 *       back.
 *   (3) They take a bounded room: a large answer is not kept, and too many are all dropped.
 */
#include "db/db-private.h"

#include <string.h>

#define MOST_ANSWERS 16384
#define MOST_CELLS   128
#define MOST_BYTES   8192 /* of one answer */

/* Where a cell lies among the bytes. */
typedef struct {
    bool is_null;
    int64_t num;
    size_t at, size;
} Cell;

struct _NskStill {
    gatomicrefcount refs;
    guint n_rows, n_columns;
    GArray *cells;     /* Cell, row by row */
    GByteArray *bytes; /* each cell's text, with a NUL */
};

NskStill *
nsk_still_ref(NskStill *self)
{
    g_atomic_ref_count_inc(&self->refs);
    return self;
}

void
nsk_still_unref(NskStill *self)
{
    if (self == NULL || !g_atomic_ref_count_dec(&self->refs))
        return;
    g_array_unref(self->cells);
    g_byte_array_unref(self->bytes);
    g_free(self);
}

/* Adds a cell; false if there is no room for it. */
static bool
add_cell(NskStill *self, sqlite3_stmt *stmt, int column)
{
    Cell cell = { .is_null = sqlite3_column_type(stmt, column) == SQLITE_NULL,
                  .num = sqlite3_column_int64(stmt, column),
                  .at = self->bytes->len };
    const void *data = sqlite3_column_blob(stmt, column);

    cell.size = (size_t)sqlite3_column_bytes(stmt, column);
    if (self->cells->len >= MOST_CELLS || cell.size >= MOST_BYTES - self->bytes->len)
        return false;
    if (cell.size > 0)
        g_byte_array_append(self->bytes, data, (guint)cell.size);
    g_byte_array_append(self->bytes, (const guint8 *)"", 1);
    g_array_append_val(self->cells, cell);
    return true;
}

/* Adds the row that the statement stands at; false if there is no room for it. */
static bool
add_row(NskStill *self, sqlite3_stmt *stmt)
{
    for (guint i = 0; i < self->n_columns; i++) {
        if (!add_cell(self, stmt, (int)i))
            return false;
    }
    self->n_rows++;
    return true;
}

int
nsk_still_read(sqlite3_stmt *stmt, NskStill **out_still)
{
    int rc = SQLITE_ROW;
    NskStill *self = g_new0(NskStill, 1);

    g_atomic_ref_count_init(&self->refs);
    self->n_columns = (guint)sqlite3_column_count(stmt);
    self->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
    self->bytes = g_byte_array_new();
    while (rc == SQLITE_ROW && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        if (!add_row(self, stmt))
            break;
    }
    if (rc == SQLITE_DONE)
        *out_still = self;
    else
        nsk_still_unref(self);
    return rc;
}

guint
nsk_still_count(const NskStill *self)
{
    return self->n_rows;
}

static const Cell *
cell_at(const NskStill *self, guint row, int column)
{
    g_assert(row < self->n_rows && column >= 0 && (guint)column < self->n_columns);
    return &g_array_index(self->cells, Cell, row * self->n_columns + (guint)column);
}

int64_t
nsk_still_int(const NskStill *self, guint row, int column)
{
    return cell_at(self, row, column)->num;
}

const void *
nsk_still_bytes(const NskStill *self, guint row, int column, size_t *out_size)
{
    const Cell *cell = cell_at(self, row, column);

    if (out_size != NULL)
        *out_size = cell->size;
    return cell->is_null ? NULL : self->bytes->data + cell->at;
}

/* --- The answers by what was asked. ----------------------------------------------------------- */

static guint
hash_ask(gconstpointer key)
{
    const GByteArray *ask = key;
    guint hash = 5381;

    for (guint i = 0; i < ask->len; i++)
        hash = hash * 33 + ask->data[i];
    return hash;
}

static gboolean
equal_asks(gconstpointer a, gconstpointer b)
{
    const GByteArray *x = a;
    const GByteArray *y = b;

    return x->len == y->len && memcmp(x->data, y->data, x->len) == 0;
}

static void
unref_ask(gpointer ask)
{
    g_byte_array_unref(ask);
}

static void
unref_still(gpointer still)
{
    nsk_still_unref(still);
}

/* Spells what is asked into the handle's own buffer. */
static const GByteArray *
spell(NskDb *self, const char *sql, const NskDbValue *params, size_t n_params)
{
    GByteArray *ask = self->ask;

    g_byte_array_set_size(ask, 0);
    g_byte_array_append(ask, (const guint8 *)&sql, sizeof sql);
    for (size_t i = 0; i < n_params; i++) {
        const NskDbValue *value = &params[i];
        bool is_text = value->type == NSK_DB_VALUE_TEXT && value->data != NULL;
        struct {
            uint64_t type;
            int64_t num;
            uint64_t size;
        } head = { value->type, value->num, is_text ? strlen(value->data) : value->size };

        if (value->data == NULL)
            head.size = value->type == NSK_DB_VALUE_TEXT ? G_MAXUINT64 : 0;
        g_byte_array_append(ask, (const guint8 *)&head, sizeof head);
        if (value->data != NULL)
            g_byte_array_append(ask, value->data, (guint)head.size);
    }
    return ask;
}

NskStill *
nsk_still_find(NskDb *self, const char *sql, const NskDbValue *params, size_t n_params)
{
    if (self->answers == NULL)
        return NULL;
    NskStill *still = g_hash_table_lookup(self->answers, spell(self, sql, params, n_params));
    return still != NULL ? nsk_still_ref(still) : NULL;
}

void
nsk_still_keep(NskDb *self,
               const char *sql,
               const NskDbValue *params,
               size_t n_params,
               NskStill *still)
{
    if (self->answers == NULL) {
        self->answers = g_hash_table_new_full(hash_ask, equal_asks, unref_ask, unref_still);
        self->ask = g_byte_array_new();
    }
    const GByteArray *ask = spell(self, sql, params, n_params);
    GByteArray *key = g_byte_array_sized_new(ask->len);

    if (g_hash_table_size(self->answers) >= MOST_ANSWERS)
        g_hash_table_remove_all(self->answers);
    g_byte_array_append(key, ask->data, ask->len);
    g_hash_table_replace(self->answers, key, nsk_still_ref(still));
}

void
nsk_still_drop(NskDb *self)
{
    if (self->answers != NULL)
        g_hash_table_remove_all(self->answers);
}

void
nsk_still_clear(NskDb *self)
{
    g_clear_pointer(&self->answers, g_hash_table_unref);
    g_clear_pointer(&self->ask, g_byte_array_unref);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a module remembers of its own rows between changes, by key.
 *
 * INVARIANTS
 *   (1) Only the handle that writes remembers, and nobody else writes the file while it is open:
 * see the writer's lock in db.c. (2) All of a memo is dropped when a statement that is not one of
 * its keepers writes one of its tables; all of all memos when anything is rolled back.  So a memo
 * says what the rows say. (3) A memo never has more than its limit.
 */
#include "db/db-private.h"

#define TABLES_MAX 4

/* What is remembered under one memo. */
typedef struct {
    const NskDbMemo *memo;
    GQuark tables[TABLES_MAX]; /* 0 after the last */
    GHashTable *values;        /* key -> value; both owned */
} Shelf;

static void
free_shelf(gpointer data)
{
    Shelf *shelf = data;

    g_hash_table_unref(shelf->values);
    g_free(shelf);
}

static Shelf *
find_shelf(const NskDb *db, const NskDbMemo *memo)
{
    for (guint i = 0; db->shelves != NULL && i < db->shelves->len; i++) {
        Shelf *shelf = g_ptr_array_index(db->shelves, i);

        if (shelf->memo == memo)
            return shelf;
    }
    return NULL;
}

static Shelf *
make_shelf(NskDb *db, const NskDbMemo *memo)
{
    Shelf *shelf = g_new0(Shelf, 1);

    shelf->memo = memo;
    for (size_t i = 0; memo->tables[i] != NULL; i++) {
        g_assert(i < TABLES_MAX);
        shelf->tables[i] = g_quark_from_static_string(memo->tables[i]);
    }
    shelf->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, memo->release);
    if (db->shelves == NULL)
        db->shelves = g_ptr_array_new_with_free_func(free_shelf);
    g_ptr_array_add(db->shelves, shelf);
    return shelf;
}

static bool
remembers(const NskDbTxn *txn)
{
    return txn->writes && txn->db->remembers;
}

gconstpointer
nsk_db_recall(NskDbTxn *txn, const NskDbMemo *memo, const char *key)
{
    const Shelf *shelf = remembers(txn) ? find_shelf(txn->db, memo) : NULL;

    return shelf != NULL ? g_hash_table_lookup(shelf->values, key) : NULL;
}

void
nsk_db_remember(NskDbTxn *txn, const NskDbMemo *memo, const char *key, gpointer value)
{
    if (!remembers(txn)) {
        memo->release(value);
        return;
    }
    Shelf *shelf = find_shelf(txn->db, memo);
    shelf = shelf != NULL ? shelf : make_shelf(txn->db, memo);
    if (g_hash_table_size(shelf->values) >= memo->limit)
        g_hash_table_remove_all(shelf->values);
    g_hash_table_replace(shelf->values, g_strdup(key), value);
}

void
nsk_db_forget(NskDbTxn *txn, const NskDbMemo *memo, const char *key)
{
    Shelf *shelf = remembers(txn) ? find_shelf(txn->db, memo) : NULL;

    if (shelf != NULL)
        (void)g_hash_table_remove(shelf->values, key);
}

static bool
is_keeper(const NskDbMemo *memo, const char *sql)
{
    for (size_t i = 0; memo->keepers[i] != NULL; i++) {
        if (memo->keepers[i] == sql)
            return true;
    }
    return false;
}

static bool
is_of(const Shelf *shelf, const NskTouch *touch)
{
    for (guint i = 0; i < touch->n_written; i++) {
        for (size_t j = 0; j < TABLES_MAX; j++) {
            if (shelf->tables[j] == touch->written[i])
                return true;
        }
    }
    return false;
}

void
nsk_memo_touch(NskDb *self, const char *sql, const NskTouch *touch)
{
    if (touch->stirs)
        nsk_still_drop(self);
    for (guint i = 0; self->shelves != NULL && i < self->shelves->len; i++) {
        Shelf *shelf = g_ptr_array_index(self->shelves, i);

        if (is_of(shelf, touch) && !is_keeper(shelf->memo, sql))
            g_hash_table_remove_all(shelf->values);
    }
}

void
nsk_memo_drop(NskDb *self)
{
    nsk_still_drop(self);
    for (guint i = 0; self->shelves != NULL && i < self->shelves->len; i++)
        g_hash_table_remove_all(((Shelf *)g_ptr_array_index(self->shelves, i))->values);
}

void
nsk_memo_clear(NskDb *self)
{
    nsk_still_clear(self);
    g_clear_pointer(&self->shelves, g_ptr_array_unref);
}

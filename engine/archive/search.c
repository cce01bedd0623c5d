/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening the search index, and asking it.
 *
 * Table word (FTS5) has five columns, one of them the tokens of readers and marks.  A search is one
 * FTS5 expression of operands that must all hold: who may read it (reader OR reader ...), and each
 * thing that was asked for.  It names no column: a token begins with a character that no indexed
 * text and no query has.  Rows come newest first by their number.
 *
 * FTS5 steps through an AND by moving every operand on to each candidate, so that one frequent word
 * costs a walk through most of its letters.  Therefore the two rarest operands are matched first
 * and the next only where both hold.  "x NOT (what never is)" is x, and keeps FTS5 from making one
 * flat AND of it again:
 *
 *     ((rarest AND rarer) NOT never) AND frequent
 *
 * How rare one is shows in how old its 32nd newest letter is.
 */
#include "archive/archive-private.h"
#include "base/message.h"

#include <string.h>
#include <sys/stat.h>

#define SCHEMA     "engine/archive/schema"
#define TOKEN_MARK "\xee\x80\x80" /* U+E000 */

struct _NskSearchRows {
    NskDbTxn *txn;
    NskDbRows *rows; /* NULL: the asker reads nothing */
    const NskSearchQuery *query;
    int64_t key; /* of the present candidate */
};

static const char sql_find_docs[] =
    "SELECT doc.n, doc.letter, doc.version FROM word JOIN doc ON doc.n = word.rowid"
    " WHERE word MATCH $1 AND word.rowid > $2 ORDER BY word.rowid";
static const char sql_probe[] = "SELECT rowid FROM word WHERE word MATCH $1 AND rowid > $2"
                                " ORDER BY rowid LIMIT 1 OFFSET 31";
static const char sql_find_text[] = "SELECT body, parties FROM doc WHERE n = $1";
static const char sql_find_progress[] = "SELECT whole, letter FROM progress";

bool
nsk_search_explain(GError *fault, GError **error)
{
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_CORRUPT) ||
        g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND) ||
        g_error_matches(fault, NSK_ERROR, NSK_ERROR_UNSUPPORTED))
        g_set_error(error, NSK_ERROR, fault->code,
                    nsk_tr("the search index cannot be used (%s); make it again with 'naskah "
                           "rebuild'; no letter is lost"),
                    fault->message);
    else {
        g_propagate_error(error, fault);
        return false;
    }
    g_error_free(fault);
    return false;
}

NskSearch *
nsk_search_open(const char *path, NskDbMode mode, GError **error)
{
    struct stat st;
    GError *fault = NULL;
    g_autoptr(NskSearch) self = g_new0(NskSearch, 1);

    self->path = g_strdup(path);
    self->db = nsk_db_open_index(path, SCHEMA, mode, &fault);
    if (self->db == NULL) {
        (void)nsk_search_explain(fault, error);
        return NULL;
    }
    if (stat(path, &st) == 0) {
        self->device = st.st_dev;
        self->inode = st.st_ino;
    }
    return g_steal_pointer(&self);
}

void
nsk_search_free(NskSearch *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->db, nsk_db_free);
    g_free(self->path);
    g_free(self);
}

bool
nsk_search_is_stale(const NskSearch *self)
{
    struct stat st;

    return stat(self->path, &st) != 0 || st.st_dev != self->device || st.st_ino != self->inode;
}

bool
nsk_search_destroy(const char *path, GError **error)
{
    return nsk_db_remove_index(path, error);
}

static bool
read_progress(NskDbTxn *txn, NskSearchProgress *out_progress, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_find_progress, NSK_DB_NO_PARAMS, error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    out_progress->whole = has_row && nsk_db_rows_int(rows, 0) != 0;
    out_progress->letter = g_strdup(has_row ? nsk_db_rows_text(rows, 1) : "");
    return true;
}

bool
nsk_search_get_progress(NskSearch *self, NskSearchProgress *out_progress, GError **error)
{
    GError *fault = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->db, &fault);

    return (txn != NULL && read_progress(txn, out_progress, &fault)) ||
           nsk_search_explain(fault, error);
}

void
nsk_search_append_token(GString *to, char sort, const char *id)
{
    g_string_append(to, TOKEN_MARK);
    g_string_append_c(to, sort);
    for (const char *c = id; *c != '\0'; c++)
        g_string_append_printf(to, "%02x", (unsigned char)*c);
}

static void
append_readers(GString *match, char sort, const char *const *ids)
{
    for (; ids != NULL && *ids != NULL; ids++) {
        g_string_append(match, match->len > 0 ? " OR \"" : "\"");
        nsk_search_append_token(match, sort, *ids);
        g_string_append_c(match, '"');
    }
}

/* A part of the expression that must hold. */
typedef struct {
    const char *match; /* borrowed */
    int64_t age;       /* how far back its 32nd letter is; the more, the rarer */
} Operand;

static bool
probe(NskDbTxn *txn, const char *match, int64_t after, int64_t *out_age, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_probe, NSK_DB_PARAMS(NSK_DB_TEXT(match), NSK_DB_INT(after)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_age = has_row ? nsk_db_rows_int(rows, 0) : INT64_MAX;
    return true;
}

static gint
by_rareness(gconstpointer a, gconstpointer b)
{
    int64_t first = ((const Operand *)a)->age;
    int64_t second = ((const Operand *)b)->age;

    return first == second ? 0 : first > second ? -1 : 1;
}

/* @operands, the rarest first, as one expression. */
static char *
join_operands(const GArray *operands)
{
    GString *match = g_string_new(NULL);

    for (guint i = 0; i < operands->len; i++) {
        const char *own = g_array_index(operands, Operand, i).match;

        if (i >= 2) {
            g_string_prepend(match, "((");
            g_string_append(match, ") NOT " NSK_SEARCH_NEVER ")");
        }
        g_string_append_printf(match, "%s(%s)", i > 0 ? " AND " : "", own);
    }
    return g_string_free(match, FALSE);
}

/* The whole expression for @readers and the words. */
static char *
make_match(NskDbTxn *txn,
           const NskSearchQuery *query,
           const char *readers,
           int64_t after,
           GError **error)
{
    Operand operand = { readers, 0 };
    bool many = query->items->len > 1;
    g_autoptr(GArray) operands = g_array_new(FALSE, FALSE, sizeof(Operand));

    if (many && !probe(txn, readers, after, &operand.age, error))
        return NULL;
    g_array_append_val(operands, operand);
    for (guint i = 0; i < query->items->len; i++) {
        const NskSearchItem *item = &g_array_index(query->items, NskSearchItem, i);

        /* a beginning is gathered from all its words before the first is found: it comes last */
        operand = (Operand){ item->match, 0 };
        if (many && item->probe != NULL && !probe(txn, item->probe, after, &operand.age, error))
            return NULL;
        g_array_append_val(operands, operand);
    }
    g_array_sort(operands, by_rareness);
    return join_operands(operands);
}

static bool
start_rows(NskSearchRows *self, const NskSearchAsker *asker, int64_t after, GError **error)
{
    g_autoptr(GString) readers = g_string_new(NULL);

    append_readers(readers, NSK_SEARCH_POSITION, asker->positions);
    append_readers(readers, NSK_SEARCH_BY_UNIT, asker->units);
    if (readers->len == 0)
        return true;
    g_autofree char *match = make_match(self->txn, self->query, readers->str, after, error);
    if (match == NULL)
        return false;
    self->rows = nsk_db_query(self->txn, sql_find_docs,
                              NSK_DB_PARAMS(NSK_DB_TEXT(match), NSK_DB_INT(after)), error);
    return self->rows != NULL;
}

NskSearchRows *
nsk_search_find(NskSearch *self,
                const NskSearchQuery *query,
                const NskSearchAsker *asker,
                int64_t after,
                GError **error)
{
    GError *fault = NULL;
    g_autoptr(NskSearchRows) rows = g_new0(NskSearchRows, 1);

    rows->query = query;
    rows->txn = nsk_db_snapshot(self->db, &fault);
    if (rows->txn != NULL && start_rows(rows, asker, after, &fault))
        return g_steal_pointer(&rows);
    (void)nsk_search_explain(fault, error);
    return NULL;
}

bool
nsk_search_rows_next(NskSearchRows *self, NskSearchHit *out_hit, bool *out_has, GError **error)
{
    GError *fault = NULL;
    bool has_row = false;

    if (self->rows != NULL && !nsk_db_rows_next(self->rows, &has_row, &fault))
        return nsk_search_explain(fault, error);
    *out_has = has_row;
    if (!has_row)
        return true;
    self->key = nsk_db_rows_int(self->rows, 0);
    out_hit->key = self->key;
    out_hit->letter = nsk_db_rows_text(self->rows, 1);
    out_hit->version = nsk_db_rows_int(self->rows, 2);
    return true;
}

/* A snippet of the first column that has one of the words, else of the body. */
static char *
snippet_of_row(const NskSearchRows *self, NskDbRows *rows)
{
    bool found;
    g_autofree char *body = nsk_search_snippet(nsk_db_rows_text(rows, 0), self->query, &found);

    if (found)
        return g_steal_pointer(&body);
    g_autofree char *parties = nsk_search_snippet(nsk_db_rows_text(rows, 1), self->query, &found);
    return found ? g_steal_pointer(&parties) : g_steal_pointer(&body);
}

char *
nsk_search_rows_snippet(NskSearchRows *self, GError **error)
{
    GError *fault = NULL;
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(self->txn, sql_find_text, NSK_DB_PARAMS(NSK_DB_INT(self->key)), &fault);

    if (rows != NULL && nsk_db_rows_next(rows, &has_row, &fault))
        return has_row ? snippet_of_row(self, rows) : g_strdup("");
    (void)nsk_search_explain(fault, error);
    return NULL;
}

void
nsk_search_rows_free(NskSearchRows *self)
{
    if (self == NULL)
        return;
    nsk_db_rows_free(self->rows);
    nsk_db_snapshot_free(self->txn);
    g_free(self);
}

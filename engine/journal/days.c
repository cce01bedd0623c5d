/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal/days.h"

#include "base/bytes.h"
#include "base/json.h"
#include "base/message.h"
#include "journal/journal-private.h"

#include <string.h>

static const char sql_last_of_each[] =
    "SELECT l.letter, l.seq, j.hash FROM (SELECT letter, max(letter_seq) AS seq"
    " FROM journal_leaf INDEXED BY journal_leaf_entry WHERE leaf < $1 GROUP BY letter) l"
    " JOIN journal j ON j.letter = l.letter AND j.letter_seq = l.seq";
static const char sql_newest[] =
    "SELECT letter_seq, at, entry FROM journal WHERE letter = $1 AND ($2 = 0 OR letter_seq < $2)"
    " ORDER BY letter_seq DESC";

NskDayMap *
nsk_log_map(NskDbTxn *txn, uint64_t leaves, uint64_t *out_n, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDayMap) map = nsk_day_map_new();
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_last_of_each, NSK_DB_PARAMS(NSK_DB_INT((int64_t)leaves)), error);

    for (*out_n = 0; rows != NULL; ++*out_n) {
        NskHash last;
        size_t size;

        if (!nsk_db_rows_next(rows, &has_row, error))
            return NULL;
        if (!has_row)
            return g_steal_pointer(&map);
        const void *hash = nsk_db_rows_blob(rows, 2, &size);
        memcpy(last.bytes, hash, sizeof last.bytes); /* the schema says how long it is */
        nsk_day_map_add(map, nsk_db_rows_text(rows, 0), (uint64_t)nsk_db_rows_int(rows, 1), &last);
    }
    return NULL;
}

/* The object of that kind in an entry. */
static bool
read_object(const NskJson *entry, const char *kind, uint64_t *out_size, NskHash *out_hash)
{
    const NskJson *objects = nsk_json_get(entry, "object");

    for (size_t i = 0; i < nsk_json_length(objects); i++) {
        const NskJson *object = nsk_json_at(objects, i);
        const char *sha256 = nsk_json_get_text(object, "sha256");
        int64_t size = nsk_json_get_int(object, "size", -1);

        if (g_strcmp0(nsk_json_get_text(object, "kind"), kind) != 0)
            continue;
        *out_size = (uint64_t)size;
        return size >= 0 && sha256 != NULL &&
               nsk_unhex(sha256, out_hash->bytes, sizeof out_hash->bytes);
    }
    return false;
}

/* False without error if the entry is of another action. */
static bool
read_day(NskDbRows *rows, NskLogDay *out, GError **error)
{
    size_t size;
    const void *data = nsk_db_rows_blob(rows, 2, &size);
    g_autoptr(NskJson) entry = nsk_json_parse(data, size, NULL);

    if (entry != NULL && g_strcmp0(nsk_json_get_text(entry, "action"), NSK_DAY_ACTION) != 0)
        return false;
    *out = (NskLogDay){ .seq = nsk_db_rows_int(rows, 0), .at = nsk_db_rows_int(rows, 1) };
    if (entry != NULL && read_object(entry, NSK_DAY_MAP, &out->histories, &out->map) &&
        read_object(entry, NSK_DAY_LOG, &out->leaves, &out->tree))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                nsk_tr("entry %lld of the log's own history is not what was written: run 'naskah "
                       "audit verify'"),
                (long long)out->seq);
    return false;
}

bool
nsk_log_find_day(NskDbTxn *txn, const char *history, int64_t before, NskLogDay *out, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_newest, NSK_DB_PARAMS(NSK_DB_TEXT(history), NSK_DB_INT(before)), error);

    *out = (NskLogDay){ 0 };
    while (rows != NULL && has_row) {
        g_autoptr(GError) fault = NULL;

        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (has_row && read_day(rows, out, &fault))
            return true;
        if (fault != NULL) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
    }
    return rows != NULL;
}

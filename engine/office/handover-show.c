/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handovers for people. */
#include "base/limits.h"
#include "base/message.h"
#include "office/handover-private.h"

#include <string.h>

static const char sql_items[] =
    "SELECT h.letter, h.task, h.opened, h.due, t.name, t.closed IS NULL AND t.key IS NOT NULL,"
    " l.state NOT IN ('archived', 'withdrawn') FROM handover_item h"
    " JOIN letter l ON l.id = h.letter"
    " LEFT JOIN task t ON t.letter = h.letter AND t.key = h.task"
    " WHERE h.handover = $1 ORDER BY h.n";

static void
set_instant(NskJson *json, const char *name, NskInstant at)
{
    g_autofree char *text = at != 0 ? nsk_instant_format(at) : NULL;

    nsk_json_set_text(json, name, text);
}

/* One piece of work; its subject only for who may read the letter. */
static bool
add_item(NskOffice *self, NskDbTxn *txn, NskDbRows *rows, NskJson *list, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    const char *letter = nsk_db_rows_text(rows, 0);
    const char *task = nsk_db_rows_text(rows, 1);
    bool is_task = task[0] != '\0';
    g_autoptr(NskLetterRow) row = nsk_access_letter(self, txn, letter, &refusal);
    g_autofree char *id = is_task ? g_strconcat(letter, "/", task, NULL) : NULL;
    NskJson *item = nsk_json_object();

    nsk_json_add(list, item);
    if (row == NULL && !g_error_matches(refusal, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return false;
    }
    nsk_json_set_text(item, "letter", letter);
    nsk_json_set_text(item, "task", id);
    nsk_json_set_text(item, "name", nsk_db_rows_text(rows, 4));
    nsk_json_set_text(item, "subject", row != NULL ? row->subject : NULL);
    set_instant(item, "opened", nsk_db_rows_int(rows, 2));
    set_instant(item, "due", nsk_db_rows_int(rows, 3));
    nsk_json_set_bool(item, "open", nsk_db_rows_int(rows, is_task ? 5 : 6) != 0);
    return true;
}

static bool
add_items(NskOffice *self, NskDbTxn *txn, const char *id, NskJson *list, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_items, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error) ||
            (has_row && !add_item(self, txn, rows, list, error)))
            return false;
    }
    return rows != NULL;
}

static const char *
state_name(const NskHandoverRow *row)
{
    if (row->replaced != 0)
        return "replaced";
    if (row->given != 0 && row->received != 0)
        return "complete";
    if (row->given != 0)
        return "given";
    return row->received != 0 ? "received" : "prepared";
}

static NskJson *
head_to_json(const NskHandoverRow *row)
{
    NskJson *json = nsk_json_object();

    nsk_json_set_text(json, "handover", row->id);
    nsk_json_set_text(json, "position", row->position);
    nsk_json_set_text(json, "giver", row->giver);
    nsk_json_set_text(json, "receiver", row->receiver);
    nsk_json_set_text(json, "by", row->by);
    nsk_json_set_text(json, "given_by", row->given_by);
    nsk_json_set_text(json, "state", state_name(row));
    set_instant(json, "at", row->at);
    set_instant(json, "given", row->given);
    set_instant(json, "received", row->received);
    return json;
}

NskJson *
nsk_handover_to_json(NskOffice *self, NskDbTxn *txn, const NskHandoverRow *row, GError **error)
{
    int64_t n_new = 0;
    g_autoptr(NskJson) json = head_to_json(row);
    NskJson *items = nsk_json_array();

    nsk_json_set(json, "items", items);
    if (!add_items(self, txn, row->id, items, error) ||
        !nsk_handover_count_new(txn, row, &n_new, error))
        return NULL;
    nsk_json_set_int(json, "since", n_new);
    return g_steal_pointer(&json);
}

bool
nsk_office_handover_show(NskOffice *self, const char *id, NskJson **out_result, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskHandoverRow) row = txn != NULL ? nsk_handover_load(txn, id, error) : NULL;

    if (row == NULL || !nsk_handover_check_access(self, txn, row, error))
        return false;
    *out_result = nsk_handover_to_json(self, txn, row, error);
    return *out_result != NULL;
}

/* Adds the handover if the person may know of it. */
static bool
add_head(NskOffice *self, NskDbTxn *txn, const char *id, NskJson *list, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    g_autoptr(NskHandoverRow) row = nsk_handover_load(txn, id, error);

    if (row == NULL)
        return false;
    if (nsk_handover_check_access(self, txn, row, &refusal)) {
        nsk_json_add(list, head_to_json(row));
        return true;
    }
    /* a position that is gone is nobody's any more */
    if (g_error_matches(refusal, NSK_ERROR, NSK_ERROR_DENIED) ||
        g_error_matches(refusal, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        return true;
    g_propagate_error(error, g_steal_pointer(&refusal));
    return false;
}

bool
nsk_office_handover_list(NskOffice *self,
                         const char *position,
                         NskJson **out_result,
                         GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GPtrArray) ids =
        txn != NULL ? nsk_handover_list_ids(txn, position, NSK_LIMIT_HANDOVERS, error) : NULL;

    nsk_json_set(result, "handovers", list);
    for (guint i = 0; ids != NULL && i < ids->len; i++) {
        if (!add_head(self, txn, g_ptr_array_index(ids, i), list, error))
            return false;
    }
    if (ids != NULL)
        *out_result = g_steal_pointer(&result);
    return ids != NULL;
}

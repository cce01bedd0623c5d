/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a leader gives letters to as a rule: the positions directly below his. */
#include "office/office-private.h"

static const char sql_list_below[] =
    "SELECT id FROM position WHERE superior = $1 ORDER BY echelon, id LIMIT 40";

static bool
add_position(const NskOffice *self, NskDbTxn *txn, const char *id, NskJson *list, GError **error)
{
    g_autoptr(NskPosition) position = nsk_directory_get_position(txn, id, error);
    NskJson *holders = nsk_json_array();
    NskJson *row = nsk_json_object();
    NskDate today;

    nsk_json_add(list, row);
    nsk_json_set(row, "holders", holders);
    if (position == NULL)
        return false;
    nsk_json_set_text(row, "position", id);
    nsk_json_set_text(row, "title", position->title);
    return nsk_office_today(txn, position->unit, nsk_clock_now(self->clock), &today, error) &&
           nsk_list_holders(txn, id, today, holders, error);
}

bool
nsk_office_disposition_receivers(NskOffice *self,
                                 const char *position,
                                 NskJson **out_result,
                                 GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GPtrArray) below =
        txn != NULL
            ? nsk_db_list_texts(txn, sql_list_below, NSK_DB_PARAMS(NSK_DB_TEXT(position)), error)
            : NULL;

    nsk_json_set(result, "receivers", list);
    for (guint i = 0; below != NULL && i < below->len; i++) {
        if (!add_position(self, txn, g_ptr_array_index(below, i), list, error))
            return false;
    }
    if (below != NULL)
        *out_result = g_steal_pointer(&result);
    return below != NULL;
}

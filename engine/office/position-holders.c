/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who holds a position today, for those who try out a route. */
#include "office/office-private.h"

static bool
add_holder(NskDbTxn *txn, const NskHolding *holding, NskJson *list, GError **error)
{
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, holding->person, error);
    NskJson *holder;

    if (person == NULL)
        return false;
    holder = nsk_json_object();
    nsk_json_set_text(holder, "person", person->id);
    nsk_json_set_text(holder, "name", person->printed);
    nsk_json_set_text(holder, "capacity", nsk_capacity_name(holding->capacity));
    nsk_json_set_text(holder, "prefix", nsk_capacity_print(holding->capacity));
    nsk_json_add(list, holder);
    return true;
}

bool
nsk_list_holders(NskDbTxn *txn, const char *position, NskDate today, NskJson *list, GError **error)
{
    g_autoptr(GPtrArray) holders = nsk_directory_holders(txn, position, today, error);

    for (guint i = 0; holders != NULL && i < holders->len; i++) {
        if (!add_holder(txn, g_ptr_array_index(holders, i), list, error))
            return false;
    }
    return holders != NULL;
}

bool
nsk_office_position_holders(NskOffice *self,
                            const char *position,
                            NskJson **out_result,
                            GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();
    NskDate today;

    nsk_json_set(result, "holders", list);
    if (txn == NULL)
        return false;
    g_autoptr(NskPosition) found = nsk_directory_get_position(txn, position, error);
    if (found == NULL ||
        !nsk_office_today(txn, found->unit, nsk_clock_now(self->clock), &today, error) ||
        !nsk_list_holders(txn, position, today, list, error))
        return false;
    nsk_json_set_text(result, "position", found->id);
    nsk_json_set_text(result, "title", found->title);
    *out_result = g_steal_pointer(&result);
    return true;
}

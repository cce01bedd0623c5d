/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who holds a position today, for those who try out a route, and for letters that name him. */
#include "base/message.h"
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

void
nsk_party_clear(NskParty *self)
{
    g_clear_pointer(&self->position, g_free);
    g_clear_pointer(&self->title, g_free);
    g_clear_pointer(&self->name, g_free);
    g_clear_pointer(&self->nip, g_free);
}

bool
nsk_party_find(NskDbTxn *txn, const char *id, NskDate today, NskParty *out, GError **error)
{
    g_autoptr(NskPosition) position = nsk_directory_get_position(txn, id, error);
    g_autoptr(NskJson) holders = nsk_json_array();

    if (position == NULL || !nsk_list_holders(txn, id, today, holders, error))
        return false;
    const NskJson *first = nsk_json_at(holders, 0);
    const char *id_of_person = first != NULL ? nsk_json_get_text(first, "person") : NULL;
    g_autoptr(NskPerson) person =
        id_of_person != NULL ? nsk_directory_get_person(txn, id_of_person, error) : NULL;
    if (person == NULL) {
        if (id_of_person == NULL)
            g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("nobody holds '%s' today, so nobody can sign from there"), id);
        return false;
    }
    out->position = g_strdup(id);
    out->title = g_strdup(position->title);
    out->name = g_strdup(person->printed);
    out->nip = g_strdup(person->nip);
    return nsk_directory_may_act(txn, id_of_person, id, today, &out->capacity, error);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who and what there is: people with their positions, positions with their holders, units. */
#include "base/message.h"
#include "office/office-private.h"

#include <string.h>

#define PAGE_ROWS 200

typedef struct {
    const NskOffice *office;
    NskDbTxn *txn;
} Listing;

static bool
add_unit(G_GNUC_UNUSED const Listing *self,
         const NskDirectoryHit *hit,
         NskJson *row,
         G_GNUC_UNUSED GError **error)
{
    nsk_json_set_text(row, "parent", hit->unit);
    return true;
}

static bool
add_position(const Listing *self, const NskDirectoryHit *hit, NskJson *row, GError **error)
{
    NskJson *holders = nsk_json_array();
    NskDate today;

    nsk_json_set_text(row, "unit", hit->unit);
    nsk_json_set(row, "holders", holders);
    return nsk_office_today(self->txn, hit->unit, nsk_clock_now(self->office->clock), &today,
                            error) &&
           nsk_list_holders(self->txn, hit->id, today, holders, error);
}

static bool
add_held(const Listing *self, const NskHolding *holding, NskJson *list, GError **error)
{
    NskJson *held;
    g_autoptr(NskPosition) position =
        nsk_directory_get_position(self->txn, holding->position, error);

    if (position == NULL)
        return false;
    held = nsk_json_object();
    nsk_json_set_text(held, "position", position->id);
    nsk_json_set_text(held, "title", position->title);
    nsk_json_set_text(held, "capacity", nsk_capacity_name(holding->capacity));
    nsk_json_set_text(held, "prefix", nsk_capacity_print(holding->capacity));
    nsk_json_add(list, held);
    return true;
}

static bool
add_person(const Listing *self, const NskDirectoryHit *hit, NskJson *row, GError **error)
{
    NskJson *list = nsk_json_array();
    NskDate today;

    nsk_json_set(row, "positions", list);
    if (!nsk_office_common_day(nsk_clock_now(self->office->clock), &today, error))
        return false;
    g_autoptr(GPtrArray) held = nsk_directory_held_by(self->txn, hit->id, today, error);
    for (guint i = 0; held != NULL && i < held->len; i++) {
        if (!add_held(self, g_ptr_array_index(held, i), list, error))
            return false;
    }
    return held != NULL;
}

static const struct {
    const char *word;
    NskDirectoryWhat what;
    bool (*add)(const Listing *self, const NskDirectoryHit *hit, NskJson *row, GError **error);
} parts[] = {
    { "people", NSK_DIRECTORY_PERSON, add_person },
    { "positions", NSK_DIRECTORY_POSITION, add_position },
    { "units", NSK_DIRECTORY_UNIT, add_unit },
};

static size_t
find_part(const char *word, GError **error)
{
    size_t i = 0;

    while (i < G_N_ELEMENTS(parts) && strcmp(parts[i].word, word) != 0)
        i++;
    if (i == G_N_ELEMENTS(parts))
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the directory has no '%s'; ask for people, positions or units"), word);
    return i;
}

bool
nsk_office_directory_list(NskOffice *self,
                          const NskDirectoryAsk *ask,
                          NskJson **out_result,
                          GError **error)
{
    size_t part = find_part(ask->what, error);
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *rows = nsk_json_array();

    nsk_json_set(result, "rows", rows);
    if (part == G_N_ELEMENTS(parts))
        return false;
    Listing listing = { self, nsk_db_snapshot(self->reader, error) };
    g_autoptr(NskDbTxn) txn = listing.txn;
    g_autoptr(GPtrArray) hits = txn != NULL ? nsk_directory_list(txn, parts[part].what, ask->text,
                                                                 ask->after, PAGE_ROWS + 1, error)
                                            : NULL;
    for (guint i = 0; hits != NULL && i < MIN(hits->len, PAGE_ROWS); i++) {
        const NskDirectoryHit *hit = g_ptr_array_index(hits, i);
        NskJson *row = nsk_json_object();

        nsk_json_add(rows, row);
        nsk_json_set_text(row, "id", hit->id);
        nsk_json_set_text(row, "name", hit->label);
        if (!parts[part].add(&listing, hit, row, error))
            return false;
    }
    if (hits == NULL)
        return false;
    const NskDirectoryHit *last =
        hits->len > PAGE_ROWS ? g_ptr_array_index(hits, PAGE_ROWS - 1) : NULL;
    nsk_json_set_text(result, "next", last != NULL ? last->id : NULL);
    *out_result = g_steal_pointer(&result);
    return true;
}

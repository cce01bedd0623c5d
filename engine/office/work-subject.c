/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose work is asked for, and who may ask.
 *
 * Everybody may see figures of his own work.  Those of others are for their superiors: who holds,
 * today, a position that stands above theirs, at any height.
 */
#include "base/message.h"
#include "office/work-private.h"

#include <string.h>

#define MOST_LEVELS 32 /* of superiors; more would be a circle */
#define PAGE        256

static bool
add_unit_positions(NskWorkSubject *self, NskDbTxn *txn, GError **error)
{
    g_autofree char *after = g_strdup("");

    for (guint found = PAGE; found == PAGE;) {
        g_autoptr(GPtrArray) page =
            nsk_directory_list(txn, NSK_DIRECTORY_POSITION, NULL, after, PAGE, error);

        if (page == NULL)
            return false;
        found = page->len;
        for (guint i = 0; i < page->len; i++) {
            const NskDirectoryHit *hit = g_ptr_array_index(page, i);

            if (strcmp(hit->unit, self->id) == 0)
                g_hash_table_add(self->positions, g_strdup(hit->id));
        }
        if (page->len > 0) {
            const NskDirectoryHit *last = g_ptr_array_index(page, page->len - 1);

            g_free(after);
            after = g_strdup(last->id);
        }
    }
    return true;
}

static bool
find_unit(NskWorkSubject *self, NskDbTxn *txn, GError **error)
{
    g_autoptr(NskUnit) unit = nsk_directory_get_unit(txn, self->id, error);

    if (unit == NULL)
        return false;
    self->label = g_strdup(unit->name);
    self->zone = g_strdup(unit->zone);
    return add_unit_positions(self, txn, error);
}

static bool
take_zone(NskWorkSubject *self, NskDbTxn *txn, const char *position, GError **error)
{
    g_autoptr(NskPosition) held = nsk_directory_get_position(txn, position, error);
    g_autoptr(NskUnit) unit = held != NULL ? nsk_directory_get_unit(txn, held->unit, error) : NULL;

    if (unit == NULL)
        return false;
    if (self->label == NULL)
        self->label = g_strdup(held->title);
    self->zone = g_strdup(unit->zone);
    return true;
}

static bool
find_position(NskWorkSubject *self, NskDbTxn *txn, GError **error)
{
    g_hash_table_add(self->positions, g_strdup(self->id));
    return take_zone(self, txn, self->id, error);
}

/* One who holds nothing today still has the work that he did. */
static bool
find_person(NskWorkSubject *self, NskDbTxn *txn, NskDate today, GError **error)
{
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, self->id, error);
    g_autoptr(GPtrArray) held =
        person != NULL ? nsk_directory_held_by(txn, self->id, today, error) : NULL;

    if (held == NULL)
        return false;
    self->label = g_strdup(person->printed);
    for (guint i = 0; i < held->len; i++) {
        const NskHolding *holding = g_ptr_array_index(held, i);

        g_hash_table_add(self->positions, g_strdup(holding->position));
        if (i == 0 && !take_zone(self, txn, holding->position, error))
            return false;
    }
    if (self->zone == NULL)
        self->zone = g_strdup(NSK_COMMON_ZONE);
    return true;
}

/* Whether @position, or one above it, is among @mine. */
static bool
is_under(NskDbTxn *txn, GHashTable *mine, const char *position, bool *out_is, GError **error)
{
    g_autofree char *at = g_strdup(position);

    *out_is = false;
    for (int level = 0; level < MOST_LEVELS && at[0] != '\0'; level++) {
        if (g_hash_table_contains(mine, at)) {
            *out_is = true;
            return true;
        }
        g_autoptr(NskPosition) held = nsk_directory_get_position(txn, at, error);
        if (held == NULL)
            return false;
        g_free(at);
        at = g_strdup(held->superior);
    }
    return true;
}

static bool
check_superior(const NskWorkSubject *self,
               NskDbTxn *txn,
               const char *person,
               NskDate today,
               GError **error)
{
    g_autoptr(GPtrArray) held = nsk_directory_held_by(txn, person, today, error);
    g_autoptr(GHashTable) mine = g_hash_table_new(g_str_hash, g_str_equal);
    bool all = g_hash_table_size(self->positions) > 0;
    GHashTableIter each;
    gpointer position;

    if (held == NULL)
        return false;
    for (guint i = 0; i < held->len; i++)
        g_hash_table_add(mine, ((NskHolding *)g_ptr_array_index(held, i))->position);
    g_hash_table_iter_init(&each, self->positions);
    while (all && g_hash_table_iter_next(&each, &position, NULL)) {
        if (!is_under(txn, mine, position, &all, error))
            return false;
    }
    if (!all)
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("figures of the work of %s are for those who did it and for their "
                           "superiors; ask one of them"),
                    self->label);
    return all;
}

static bool
choose(NskWorkSubject *self, const NskOffice *office, const NskWorkAsk *ask, GError **error)
{
    int named = (ask->person != NULL) + (ask->position != NULL) + (ask->unit != NULL);

    if (named > 1) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("a report is about one person, one position or one unit; name "
                                   "one of them"));
        return false;
    }
    self->type = ask->unit != NULL ? "unit" : ask->position != NULL ? "position" : "person";
    self->id = g_strdup(ask->unit != NULL       ? ask->unit
                        : ask->position != NULL ? ask->position
                        : ask->person != NULL   ? ask->person
                                                : office->person);
    self->positions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return true;
}

bool
nsk_work_subject_find(NskWorkSubject *self,
                      NskOffice *office,
                      NskDbTxn *txn,
                      const NskWorkAsk *ask,
                      GError **error)
{
    NskDate today;

    if (!choose(self, office, ask, error) ||
        !nsk_office_common_day(nsk_clock_now(office->clock), &today, error))
        return false;
    if (strcmp(self->type, "person") == 0)
        return find_person(self, txn, today, error) &&
               (strcmp(self->id, office->person) == 0 ||
                check_superior(self, txn, office->person, today, error));
    return (strcmp(self->type, "unit") == 0 ? find_unit(self, txn, error)
                                            : find_position(self, txn, error)) &&
           check_superior(self, txn, office->person, today, error);
}

void
nsk_work_subject_clear(NskWorkSubject *self)
{
    g_clear_pointer(&self->id, g_free);
    g_clear_pointer(&self->label, g_free);
    g_clear_pointer(&self->zone, g_free);
    g_clear_pointer(&self->positions, g_hash_table_unref);
}

bool
nsk_work_subject_did(const NskWorkSubject *self, const NskJournalEvent *event)
{
    if (strcmp(self->type, "person") == 0)
        return g_strcmp0(event->actor, self->id) == 0;
    return event->position != NULL && g_hash_table_contains(self->positions, event->position);
}

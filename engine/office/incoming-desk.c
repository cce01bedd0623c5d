/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What TU chooses from when it registers a letter: channels, and positions that it may be for. */
#include "base/message.h"
#include "office/incoming-private.h"

#include <string.h>

#define MOST_POSITIONS 500 /* of a unit and those below it; others are named by their id */

static bool
add_channels(NskOffice *self, NskDbTxn *txn, NskJson *result, GError **error)
{
    g_autofree char *version = nsk_rule_current(txn, "profile", "agency", error);
    const NskProfile *profile =
        version != NULL ? nsk_office_profile(self, txn, "agency", version, error) : NULL;
    NskJson *list = nsk_json_array();

    nsk_json_set(result, "channels", list);
    if (profile == NULL)
        return false;
    g_autofree char *names = nsk_profile_list_channels(profile);
    g_auto(GStrv) channels = g_strsplit(names, ", ", -1);
    for (size_t i = 0; channels[i] != NULL; i++) {
        NskJson *channel = nsk_json_object();

        nsk_json_set_text(channel, "channel", channels[i]);
        nsk_json_set_text(channel, "print", nsk_profile_get_channel_print(profile, channels[i]));
        nsk_json_add(list, channel);
    }
    return true;
}

static bool
add_positions(NskDbTxn *txn, const char *unit, GHashTable *seen, NskJson *list, GError **error)
{
    g_autoptr(GPtrArray) found = nsk_directory_list_below(txn, unit, MOST_POSITIONS, error);

    for (guint i = 0; found != NULL && i < found->len; i++) {
        const NskDirectoryHit *hit = g_ptr_array_index(found, i);
        NskJson *position = NULL;

        if (nsk_json_length(list) >= MOST_POSITIONS || !g_hash_table_add(seen, g_strdup(hit->id)))
            continue;
        position = nsk_json_object();
        nsk_json_set_text(position, "position", hit->id);
        nsk_json_set_text(position, "title", hit->label);
        nsk_json_add(list, position);
    }
    return found != NULL;
}

bool
nsk_office_incoming_desk(NskOffice *self, NskJson **out_result, GError **error)
{
    NskDate today;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) units = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *positions = nsk_json_array();
    bool keeps = false;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GPtrArray) readings = NULL;

    nsk_json_set(result, "positions", positions);
    if (txn == NULL || !nsk_office_common_day(nsk_clock_now(self->clock), &today, error) ||
        (readings = nsk_directory_readings(txn, self->person, today, error)) == NULL)
        return false;
    for (guint i = 0; i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        keeps = keeps || reading->as == NSK_READS_AS_ARCHIVIST;
        if (nsk_receiving_clerk_is(reading) && g_hash_table_add(units, reading->unit) &&
            !add_positions(txn, reading->unit, seen, positions, error))
            return false;
    }
    nsk_json_set_bool(result, "keeps", keeps);
    nsk_json_set_bool(result, "may", g_hash_table_size(units) > 0);
    if (!add_channels(self, txn, result, error))
        return false;
    *out_result = g_steal_pointer(&result);
    return true;
}

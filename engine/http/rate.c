/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each request moves the moment at which all that was used is free again ("full") one interval on;
 * it may not lie more than a minute ahead.
 */
#include "http/rate.h"

#include <glib.h>

#define MINUTE_US ((int64_t)60 * G_USEC_PER_SEC)
#define OTHERS    "" /* those for whom there is no room */

struct _NskHttpRates {
    unsigned quota, room;
    int64_t interval; /* in which one request becomes free, microseconds */
    GMutex lock;
    GHashTable *full; /* who -> int64_t */
};

NskHttpRates *
nsk_http_rates_new(unsigned quota, unsigned room)
{
    NskHttpRates *self = g_new0(NskHttpRates, 1);

    g_assert(quota > 0 && quota <= MINUTE_US);
    self->quota = quota;
    self->room = room;
    self->interval = MINUTE_US / quota;
    self->full = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_mutex_init(&self->lock);
    return self;
}

void
nsk_http_rates_free(NskHttpRates *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->full);
    g_mutex_clear(&self->lock);
    g_free(self);
}

static gboolean
is_over(G_GNUC_UNUSED gpointer who, gpointer full, gpointer now)
{
    return *(int64_t *)full <= *(int64_t *)now;
}

static int64_t *
find_full(NskHttpRates *self, const char *who, int64_t now)
{
    int64_t *full = g_hash_table_lookup(self->full, who);

    if (full == NULL && g_hash_table_size(self->full) >= self->room)
        (void)g_hash_table_foreach_remove(self->full, is_over, &now);
    if (full == NULL && g_hash_table_size(self->full) >= self->room) {
        who = OTHERS;
        full = g_hash_table_lookup(self->full, who);
    }
    if (full == NULL) {
        full = g_new0(int64_t, 1);
        (void)g_hash_table_insert(self->full, g_strdup(who), full);
    }
    return full;
}

static unsigned
seconds(int64_t us)
{
    return (unsigned)((us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
}

bool
nsk_http_rates_take(NskHttpRates *self, const char *who, int64_t now, NskHttpRate *out_rate)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
    int64_t *full = find_full(self, who, now);
    int64_t used = MAX(*full - now, 0);
    int64_t surplus = used + self->interval - MINUTE_US;

    if (surplus <= 0)
        used += self->interval;
    *full = now + used;
    *out_rate = (NskHttpRate){ .quota = self->quota,
                               .left = (unsigned)((MINUTE_US - used) / self->interval),
                               .wait = seconds(surplus > 0 ? surplus : used) };
    return surplus <= 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three tries, then a pause: so that nobody locks another one's card or account by guessing. */
#include "base/message.h"
#include "signer/child-private.h"

#define MOST_WRONG   3
#define PAUSE        300 /* seconds */
#define MOST_ENTRIES 10000

typedef struct {
    unsigned wrong;
    int64_t since; /* monotonic, microseconds: the last wrong one */
} Tries;

static GMutex lock;
static GHashTable *table; /* signer and key -> Tries */

static char *
name_of(const ChildSession *self)
{
    return g_strdup_printf("%s\n%s", self->name, self->key != NULL ? self->key : "");
}

/* Called with the lock held. */
static Tries *
find(const char *name)
{
    return table != NULL ? g_hash_table_lookup(table, name) : NULL;
}

bool
tries_check(ChildSession *self, GError **error)
{
    g_autofree char *name = name_of(self);
    int64_t left = 0;

    g_mutex_lock(&lock);
    Tries *tries = find(name);
    if (tries != NULL && tries->wrong >= MOST_WRONG)
        left = PAUSE - (g_get_monotonic_time() - tries->since) / G_USEC_PER_SEC;
    if (tries != NULL && tries->wrong >= MOST_WRONG && left <= 0)
        g_hash_table_remove(table, name);
    g_mutex_unlock(&lock);
    if (left <= 0)
        return true;
    self->fault.seconds = (unsigned)left;
    return session_fail(self, NSK_SIGNER_FAULT_LATER, error,
                        nsk_tr("three times the passphrase, PIN or code for '%s' was wrong; the "
                               "next is taken in %u s"),
                        self->name, self->fault.seconds);
}

void
tries_right(const ChildSession *self)
{
    g_autofree char *name = name_of(self);

    g_mutex_lock(&lock);
    if (table != NULL)
        g_hash_table_remove(table, name);
    g_mutex_unlock(&lock);
}

bool
tries_wrong(ChildSession *self, GError **error)
{
    char *name = name_of(self);

    g_mutex_lock(&lock);
    if (table == NULL || g_hash_table_size(table) >= MOST_ENTRIES) {
        g_clear_pointer(&table, g_hash_table_unref);
        table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    }
    Tries *tries = find(name);
    if (tries == NULL) {
        tries = g_new0(Tries, 1);
        g_hash_table_insert(table, g_strdup(name), tries);
    }
    tries->wrong++;
    tries->since = g_get_monotonic_time();
    g_mutex_unlock(&lock);
    g_free(name);
    return session_fail(self, NSK_SIGNER_FAULT_SECRET, error,
                        nsk_tr("the passphrase, PIN or code for '%s' is wrong; type it again"),
                        self->name);
}

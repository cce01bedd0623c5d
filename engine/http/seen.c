/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was opened in each session: who decides about several tasks in one act must have read them.
 * It is kept in memory alone and bounded: who comes after a restart opens them again.
 */
#include "http/site-private.h"

#define MOST_SEEN 50000 /* entries; then all are forgotten */

static char *
make_key(const NskHttpVisit *visit, const char *task)
{
    return g_strconcat(visit->visitor->session != NULL ? visit->visitor->session : "", " ", task,
                       NULL);
}

void
nsk_http_seen_note(const NskHttpVisit *visit, const char *task, const char *content)
{
    NskHttpSite *site = visit->site;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&site->lock);

    if (site->seen == NULL || g_hash_table_size(site->seen) >= MOST_SEEN) {
        g_clear_pointer(&site->seen, g_hash_table_unref);
        site->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    }
    g_hash_table_replace(site->seen, make_key(visit, task), g_strdup(content));
}

char *
nsk_http_seen_content(const NskHttpVisit *visit, const char *task)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&visit->site->lock);
    g_autofree char *key = make_key(visit, task);

    return visit->site->seen != NULL ? g_strdup(g_hash_table_lookup(visit->site->seen, key)) : NULL;
}

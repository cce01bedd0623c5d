/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Versions of files that were stored lately.  Who changes a letter once mostly changes it again
 * soon; the next version can then lean on the one in memory, and nothing need be read and expanded
 * for it.
 *
 * INVARIANT: what is kept was committed.  So its number in the table object stays what it is.
 */
#include "store/store-private.h"

typedef struct {
    char *key; /* "letter/name" */
    NskStoreBlob *blob;
} Entry;

struct _NskStoreRecent {
    GMutex lock;
    size_t limit; /* bytes of content */
    size_t size;
    GQueue newest_first; /* of Entry */
    GHashTable *by_key;  /* key, borrowed from the entry -> its link */
};

NskStoreRecent *
nsk_store_recent_new(size_t limit)
{
    NskStoreRecent *self = g_new0(NskStoreRecent, 1);

    g_mutex_init(&self->lock);
    self->limit = limit;
    g_queue_init(&self->newest_first);
    self->by_key = g_hash_table_new(g_str_hash, g_str_equal);
    return self;
}

static void
drop(NskStoreRecent *self, GList *link)
{
    Entry *entry = link->data;

    g_hash_table_remove(self->by_key, entry->key);
    g_queue_delete_link(&self->newest_first, link);
    self->size -= g_bytes_get_size(nsk_blob_get_content(entry->blob));
    nsk_store_blob_unref(entry->blob);
    g_free(entry->key);
    g_free(entry);
}

void
nsk_store_recent_free(NskStoreRecent *self)
{
    if (self == NULL)
        return;
    while (self->newest_first.head != NULL)
        drop(self, self->newest_first.head);
    g_hash_table_unref(self->by_key);
    g_mutex_clear(&self->lock);
    g_free(self);
}

static char *
make_key(const char *letter, const char *name)
{
    return g_strconcat(letter, "/", name, NULL);
}

void
nsk_store_recent_add(NskStoreRecent *self, const char *name, NskStoreBlob *blob)
{
    GBytes *content = nsk_blob_get_content(blob);

    if (self == NULL || nsk_blob_get_number(blob) == 0 || g_bytes_get_size(content) > self->limit)
        return;
    Entry *entry = g_new0(Entry, 1);
    entry->key = make_key(nsk_blob_get_letter(blob), name);
    entry->blob = nsk_store_blob_ref(blob);
    g_mutex_lock(&self->lock);
    GList *before = g_hash_table_lookup(self->by_key, entry->key);
    if (before != NULL)
        drop(self, before);
    g_queue_push_head(&self->newest_first, entry);
    g_hash_table_insert(self->by_key, entry->key, self->newest_first.head);
    self->size += g_bytes_get_size(content);
    while (self->size > self->limit)
        drop(self, self->newest_first.tail);
    g_mutex_unlock(&self->lock);
}

NskStoreBlob *
nsk_store_recent_find(NskStoreRecent *self, const char *letter, const char *name)
{
    g_autofree char *key = make_key(letter, name);

    g_mutex_lock(&self->lock);
    GList *link = g_hash_table_lookup(self->by_key, key);
    NskStoreBlob *blob = link != NULL ? nsk_store_blob_ref(((Entry *)link->data)->blob) : NULL;
    g_mutex_unlock(&self->lock);
    return blob;
}

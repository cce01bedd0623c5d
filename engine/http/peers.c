/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connections that are open: how many an address has, and until when each must have come
 * further.  libmicrohttpd ends a connection that is silent; one that sends a byte now and then
 * (slowloris), or reads one, is ended here.
 *
 *     idle      until a request line has come: nobody is answered if it is ended
 *     reading   a head or a body: so long, and as long as its bytes take at the least rate
 *     working   as long as it takes
 *     sending   as reading
 *
 * INVARIANT  A descriptor in the list is open: its connection leaves the list before it is closed,
 * and both happen to it under the lock.
 */
#include "base/limits.h"
#include "http/server-private.h"

#include <string.h>
#include <sys/socket.h>

#define SWEEP_US ((int64_t)250000)

struct _NskHttpPeers {
    unsigned limit;
    unsigned per_address; /* 0: loopback is free */
    GHashTable *trusted;  /* normal texts of addresses */
    bool only_trusted;
    GThread *thread;
    GMutex lock; /* of all that follows, but what is atomic in a peer */
    GCond wake;
    GHashTable *counts; /* key of an address -> count as a pointer */
    GQueue all;         /* NskHttpPeer, the oldest first */
    bool draining;
    bool stopping;
};

static bool
is_crowded(const NskHttpPeers *self)
{
    return self->all.length > self->limit - self->limit / 8;
}

/* The oldest that are idle make place when there are nearly too many. */
static void
sweep(NskHttpPeers *self, int64_t now)
{
    unsigned surplus = is_crowded(self) ? self->limit / 4 : 0;

    for (GList *at = self->all.head; at != NULL; at = at->next) {
        NskHttpPeer *peer = at->data;
        bool is_idle = atomic_load(&peer->state) == NSK_HTTP_IDLE;
        bool is_late = now > atomic_load(&peer->deadline);

        if (!is_late && !(is_idle && (surplus > 0 || self->draining)))
            continue;
        (void)shutdown(peer->fd, SHUT_RDWR);
        surplus -= surplus > 0 && is_idle;
    }
}

static gpointer
run_sweeper(gpointer data)
{
    NskHttpPeers *self = data;

    g_mutex_lock(&self->lock);
    while (!self->stopping) {
        int64_t now = g_get_monotonic_time();

        sweep(self, now);
        (void)g_cond_wait_until(&self->wake, &self->lock, now + SWEEP_US);
    }
    g_mutex_unlock(&self->lock);
    return NULL;
}

NskHttpPeers *
nsk_http_peers_new(unsigned limit, unsigned per_address, bool only_trusted)
{
    NskHttpPeers *self = g_new0(NskHttpPeers, 1);

    self->limit = limit;
    self->per_address = per_address;
    self->only_trusted = only_trusted;
    self->trusted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_mutex_init(&self->lock);
    g_cond_init(&self->wake);
    g_queue_init(&self->all);
    self->thread = g_thread_new("http-peers", run_sweeper, self);
    return self;
}

void
nsk_http_peers_free(NskHttpPeers *self)
{
    if (self == NULL)
        return;
    g_mutex_lock(&self->lock);
    self->stopping = true;
    g_cond_signal(&self->wake);
    g_mutex_unlock(&self->lock);
    (void)g_thread_join(self->thread);
    g_assert(self->all.length == 0);
    g_hash_table_unref(self->counts);
    g_hash_table_unref(self->trusted);
    g_cond_clear(&self->wake);
    g_mutex_clear(&self->lock);
    g_free(self);
}

void
nsk_http_peers_trust(NskHttpPeers *self, char *address)
{
    (void)g_hash_table_add(self->trusted, address);
}

const GHashTable *
nsk_http_peers_get_trusted(const NskHttpPeers *self)
{
    return self->trusted;
}

/* Whom all speak through is as many as it must be. */
static bool
is_counted(const NskHttpPeers *self, const char *address)
{
    return address[0] != '\0' && !g_hash_table_contains(self->trusted, address) &&
           (self->per_address != 0 || !nsk_http_address_is_loopback(address));
}

bool
nsk_http_peers_admit(NskHttpPeers *self, const NskSockaddr *address)
{
    g_autofree char *text = nsk_http_address_text(address);
    g_autofree char *key = nsk_http_address_key(address);
    unsigned most = self->per_address != 0 ? self->per_address : NSK_LIMIT_HTTP_PER_ADDRESS;

    if (self->only_trusted && text[0] != '\0' && !g_hash_table_contains(self->trusted, text) &&
        !nsk_http_address_is_loopback(text))
        return false;
    if (!is_counted(self, text))
        return true;
    g_mutex_lock(&self->lock);
    gsize count = GPOINTER_TO_SIZE(g_hash_table_lookup(self->counts, key));
    g_mutex_unlock(&self->lock);
    return count < most;
}

static void
count(NskHttpPeers *self, const char *key, int by)
{
    gsize now = GPOINTER_TO_SIZE(g_hash_table_lookup(self->counts, key)) + (gsize)by;

    if (now == 0)
        (void)g_hash_table_remove(self->counts, key);
    else
        (void)g_hash_table_insert(self->counts, g_strdup(key), GSIZE_TO_POINTER(now));
}

NskHttpPeer *
nsk_http_peers_add(NskHttpPeers *self, int fd, const NskSockaddr *address, unsigned ms)
{
    NskHttpPeer *peer = g_new0(NskHttpPeer, 1);

    peer->fd = fd;
    peer->address = nsk_http_address_text(address);
    peer->is_trusted =
        peer->address[0] == '\0' || g_hash_table_contains(self->trusted, peer->address);
    if (is_counted(self, peer->address))
        peer->key = nsk_http_address_key(address);
    nsk_http_peer_expect(peer, NSK_HTTP_IDLE, ms, 0);
    g_mutex_lock(&self->lock);
    if (peer->key != NULL)
        count(self, peer->key, 1);
    g_queue_push_tail(&self->all, peer);
    peer->link = self->all.tail;
    if (is_crowded(self))
        g_cond_signal(&self->wake);
    g_mutex_unlock(&self->lock);
    return peer;
}

void
nsk_http_peers_remove(NskHttpPeers *self, NskHttpPeer *peer)
{
    g_mutex_lock(&self->lock);
    if (peer->key != NULL)
        count(self, peer->key, -1);
    g_queue_delete_link(&self->all, peer->link);
    g_mutex_unlock(&self->lock);
    g_free(peer->address);
    g_free(peer->key);
    g_free(peer);
}

void
nsk_http_peer_expect(NskHttpPeer *peer, NskHttpPeerState state, unsigned ms, uint64_t bytes)
{
    int64_t us = (int64_t)ms * 1000;

    us += (int64_t)(bytes / NSK_LIMIT_HTTP_LEAST_RATE) * G_USEC_PER_SEC;
    atomic_store(&peer->deadline,
                 state == NSK_HTTP_WORKING ? G_MAXINT64 : g_get_monotonic_time() + us);
    atomic_store(&peer->state, state);
}

void
nsk_http_peer_expect_more(NskHttpPeer *peer, uint64_t bytes)
{
    (void)atomic_fetch_add(&peer->deadline,
                           (int64_t)bytes * G_USEC_PER_SEC / NSK_LIMIT_HTTP_LEAST_RATE);
}

void
nsk_http_peers_drain(NskHttpPeers *self)
{
    g_mutex_lock(&self->lock);
    self->draining = true;
    g_cond_signal(&self->wake);
    g_mutex_unlock(&self->lock);
}

unsigned
nsk_http_peers_count(NskHttpPeers *self)
{
    g_mutex_lock(&self->lock);
    unsigned n = self->all.length;
    g_mutex_unlock(&self->lock);
    return n;
}

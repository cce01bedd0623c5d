/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/http-private.h"

#include <stdatomic.h>

/* What the files of the server itself share: server.c, exchange.c, peers.c. */

/* --- Connections (peers.c); any thread --- */

typedef enum {
    NSK_HTTP_IDLE,
    NSK_HTTP_READING,
    NSK_HTTP_WORKING,
    NSK_HTTP_SENDING
} NskHttpPeerState;

typedef struct {
    int fd; /* of libmicrohttpd */
    char *address;
    char *key;       /* what it is counted by; NULL: it is not */
    bool is_trusted; /* a proxy that is believed */
    GList *link;
    void *exchange; /* of the request that is on its way; NULL: none is.  The network's thread */
    _Atomic int64_t deadline; /* monotonic, microseconds */
    _Atomic NskHttpPeerState state;
} NskHttpPeer;

typedef struct _NskHttpPeers NskHttpPeers;
/* @only_trusted: nobody else of other machines is let in. */
NskHttpPeers *nsk_http_peers_new(unsigned limit, unsigned per_address, bool only_trusted);
void nsk_http_peers_free(NskHttpPeers *self);
/* Takes over @address, as nsk_http_address_normal() says it; before the first connection. */
void nsk_http_peers_trust(NskHttpPeers *self, char *address);
const GHashTable *nsk_http_peers_get_trusted(const NskHttpPeers *self);
bool nsk_http_peers_admit(NskHttpPeers *self, const NskSockaddr *address);
NskHttpPeer *
nsk_http_peers_add(NskHttpPeers *self, int fd, const NskSockaddr *address, unsigned ms);
void nsk_http_peers_remove(NskHttpPeers *self, NskHttpPeer *peer);
/* From now on it may take @ms milliseconds, and what @bytes take at the least rate. */
void nsk_http_peer_expect(NskHttpPeer *peer, NskHttpPeerState state, unsigned ms, uint64_t bytes);
/* So many bytes more have come. */
void nsk_http_peer_expect_more(NskHttpPeer *peer, uint64_t bytes);
/* Ends what is idle, and what becomes so. */
void nsk_http_peers_drain(NskHttpPeers *self);
unsigned nsk_http_peers_count(NskHttpPeers *self);

/* --- The server --- */

/* One life of the listening: ended and begun anew when certificates are read again. */
typedef struct {
    NskHttpServer *server;
    struct MHD_Daemon *daemon;
    char *cert; /* PEM; NULL: plain */
    char *key;
    int fd;                     /* listens: one of its own for the socket that all gates share */
    _Atomic unsigned begun;     /* requests that are not done */
    _Atomic unsigned suspended; /* those that wait for a thread of ours */
    _Atomic bool closing;
} NskHttpGate;

struct _NskHttpServer {
    char *listen;
    char *tls_cert, *tls_key; /* files */
    char *folder;
    NskHttpHandler visit;
    void *data;
    const NskClock *clock;
    void (*log)(const char *line, void *log_data);
    void *log_data;
    unsigned network_threads, head_ms, idle_ms, body_ms, connections;
    int fd;        /* listens */
    char *name;    /* where */
    char *address; /* the same with its scheme */
    NskHttpRoutes *routes;
    NskHttpMetrics *metrics;
    NskHttpPeers *peers;
    NskHttpPool *office, *heavy;
    GMutex lock; /* of the gate */
    NskHttpGate *gate;
};

/* --- One request on its way (exchange.c): libmicrohttpd's callbacks --- */

typedef struct _NskHttpExchange NskHttpExchange;
/* A job of a pool. */
void nsk_http_exchange_work(void *exchange);
struct MHD_Connection;
/* The options of a daemon whose callbacks these are; @cls of all of them is the gate. */
struct MHD_Daemon *nsk_http_gate_listen(NskHttpGate *gate);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Starting and stopping the server.
 *
 *     network threads   read and write for all connections
 *                       (poll(2): with epoll, 0.9.75 sleeps while exactly 128 of a thread wait)
 *     office, heavy     threads that run handlers
 *     peers             one thread that ends what is too slow
 *
 * A server that others than this machine reach has TLS, or proxies that are named: then nobody else
 * of other machines is let in.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "http/mhd.h"
#include "http/server-private.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define PAUSE_US      ((gulong)10000)
#define SPARE_FILES   256 /* descriptors for all that is no connection */
#define SPARE_RUNNERS 2   /* handlers beyond one a processor, for those that read a disk */
#define PEM_LIMIT     ((size_t)1024 * 1024)

/* --- Gates ----------------------------------------------------------------------------------- */

static void
free_gate(NskHttpGate *gate)
{
    if (gate == NULL)
        return;
    g_free(gate->cert);
    if (gate->key != NULL)
        explicit_bzero(gate->key, strlen(gate->key));
    g_free(gate->key);
    g_free(gate);
}

static char *
read_pem(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = nsk_file_read(path, PEM_LIMIT, error);

    return bytes != NULL ? g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)) : NULL;
}

static NskHttpGate *
open_gate(NskHttpServer *self, GError **error)
{
    NskHttpGate *gate = g_new0(NskHttpGate, 1);

    gate->server = self;
    if (self->tls_cert != NULL && ((gate->cert = read_pem(self->tls_cert, error)) == NULL ||
                                   (gate->key = read_pem(self->tls_key, error)) == NULL)) {
        free_gate(gate);
        return NULL;
    }
    /* the library closes it where it fails; the socket stays open by the server's own */
    gate->fd = fcntl(self->fd, F_DUPFD_CLOEXEC, 0);
    gate->daemon = gate->fd >= 0 ? nsk_http_gate_listen(gate) : NULL;
    if (gate->daemon != NULL)
        return gate;
    if (gate->cert != NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("cannot serve with the certificate '%s' and the key '%s'; both are PEM "
                           "files, and the key belongs to the certificate"),
                    self->tls_cert, self->tls_key);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot serve at '%s'"), self->name);
    free_gate(gate);
    return NULL;
}

/* Answers what is begun, at most so long, and closes.  Work on our threads is waited for in any
 * case. */
static void
close_gate(NskHttpGate *gate, int64_t ms)
{
    int64_t end = g_get_monotonic_time() + ms * 1000;

    (void)nsk_mhd.quiesce_daemon(gate->daemon);
    atomic_store(&gate->closing, true);
    while (atomic_load(&gate->suspended) > 0 ||
           (atomic_load(&gate->begun) > 0 && g_get_monotonic_time() < end))
        g_usleep(PAUSE_US);
    nsk_mhd.stop_daemon(gate->daemon);
    (void)close(gate->fd);
    free_gate(gate);
}

/* --- Starting -------------------------------------------------------------------------------- */

/* As many connections as there may be descriptors for. */
static unsigned
find_room(unsigned wanted)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return wanted;
    if (limit.rlim_cur < wanted + SPARE_FILES && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = MIN(limit.rlim_max, wanted + SPARE_FILES);
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= wanted + SPARE_FILES)
        return wanted;
    return limit.rlim_cur > 2 * SPARE_FILES ? (unsigned)limit.rlim_cur - SPARE_FILES : SPARE_FILES;
}

static unsigned
or_else(unsigned given, unsigned ordinary)
{
    return given != 0 ? given : ordinary;
}

static NskHttpServer *
new_server(const NskHttpOptions *options)
{
    NskHttpServer *self = g_new0(NskHttpServer, 1);

    self->listen = g_strdup(options->listen);
    self->tls_cert = g_strdup(options->tls_cert);
    self->tls_key = g_strdup(options->tls_key);
    self->folder = g_strdup(options->folder);
    self->visit = options->visit;
    self->data = options->data;
    self->clock = options->clock;
    self->log = options->log;
    self->log_data = options->log_data;
    self->network_threads = or_else(options->network_threads, MIN(g_get_num_processors(), 8));
    self->head_ms = or_else(options->head_ms, NSK_LIMIT_HTTP_HEAD_MS);
    self->idle_ms = or_else(options->idle_ms, NSK_LIMIT_HTTP_IDLE_MS);
    self->body_ms = or_else(options->body_ms, NSK_LIMIT_HTTP_BODY_MS);
    self->connections = find_room(or_else(options->connections, NSK_LIMIT_HTTP_CONNECTIONS));
    self->fd = -1;
    g_mutex_init(&self->lock);
    self->routes = nsk_http_routes_new(options->tables);
    self->metrics = nsk_http_metrics_new(self->routes);
    return self;
}

static void
free_server(NskHttpServer *self)
{
    nsk_http_pool_free(self->office);
    nsk_http_pool_free(self->heavy);
    nsk_http_peers_free(self->peers);
    if (self->fd >= 0)
        (void)close(self->fd);
    if (self->name != NULL)
        nsk_http_unlisten(self->name);
    nsk_http_metrics_free(self->metrics);
    nsk_http_routes_free(self->routes);
    g_mutex_clear(&self->lock);
    g_free(self->listen);
    g_free(self->tls_cert);
    g_free(self->tls_key);
    g_free(self->folder);
    g_free(self->name);
    g_free(self->address);
    g_free(self);
}

static bool
trust_proxies(NskHttpServer *self, const char *const *proxies, GError **error)
{
    for (size_t i = 0; proxies != NULL && proxies[i] != NULL; i++) {
        char *address = nsk_http_address_normal(proxies[i]);

        if (address == NULL) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("'%s' is no address of a proxy; write one such as 192.0.2.10"),
                        proxies[i]);
            return false;
        }
        nsk_http_peers_trust(self->peers, address);
    }
    return true;
}

static bool
open_server(NskHttpServer *self, const NskHttpOptions *options, GError **error)
{
    bool is_public = false;

    if (!nsk_mhd_load(error))
        return false;
    if ((options->tls_cert == NULL) != (options->tls_key == NULL)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("a certificate and its key are given together"));
        return false;
    }
    self->fd = nsk_http_listen(self->listen, &self->name, &is_public, error);
    if (self->fd < 0)
        return false;
    bool has_proxy = options->proxies != NULL && options->proxies[0] != NULL;
    if (is_public && !has_proxy && options->tls_cert == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("'%s' is reached by other machines, and what they send could be read on "
                           "the way: give a certificate, or name the proxy that has one, or listen "
                           "at 127.0.0.1"),
                    self->listen);
        return false;
    }
    self->address =
        g_str_has_prefix(self->name, "unix:")
            ? g_strdup(self->name)
            : g_strconcat(self->tls_cert != NULL ? "https://" : "http://", self->name, NULL);
    self->peers = nsk_http_peers_new(self->connections, options->per_address,
                                     is_public && options->tls_cert == NULL);
    if (!trust_proxies(self, options->proxies, error))
        return false;
    unsigned room = or_else(options->room, NSK_LIMIT_HTTP_QUEUE);
    unsigned processors = g_get_num_processors();
    unsigned heavy = or_else(options->heavy_threads, processors);
    self->office = nsk_http_pool_new("http-office",
                                     or_else(options->office_threads, NSK_LIMIT_HTTP_OFFICE_ROOM),
                                     processors + SPARE_RUNNERS, room, nsk_http_exchange_work);
    self->heavy = nsk_http_pool_new("http-heavy", heavy, heavy, room, nsk_http_exchange_work);
    self->gate = open_gate(self, error);
    return self->gate != NULL;
}

NskHttpServer *
nsk_http_server_start(const NskHttpOptions *options, GError **error)
{
    NskHttpServer *self = new_server(options);

    if (open_server(self, options, error))
        return self;
    free_server(self);
    return NULL;
}

void
nsk_http_server_stop(NskHttpServer *self)
{
    if (self == NULL)
        return;
    nsk_http_peers_drain(self->peers);
    close_gate(self->gate, NSK_LIMIT_HTTP_STOP_MS);
    free_server(self);
}

bool
nsk_http_server_reload(NskHttpServer *self, GError **error)
{
    NskHttpGate *next = self->tls_cert != NULL ? open_gate(self, error) : self->gate;

    if (next == NULL)
        return false;
    g_mutex_lock(&self->lock);
    NskHttpGate *old = self->gate;
    self->gate = next;
    g_mutex_unlock(&self->lock);
    if (old != next)
        close_gate(old, NSK_LIMIT_HTTP_STOP_MS);
    return true;
}

/* --- What is told ---------------------------------------------------------------------------- */

const char *
nsk_http_server_get_address(const NskHttpServer *self)
{
    return self->address;
}

static unsigned
pool_load(NskHttpPool *pool)
{
    return 100 * nsk_http_pool_get_waiting(pool) / nsk_http_pool_get_room(pool);
}

unsigned
nsk_http_server_get_load(NskHttpServer *self)
{
    return MAX(pool_load(self->office), pool_load(self->heavy));
}

static void
write_gauge(GString *out, const char *name, const char *what, unsigned value)
{
    g_string_append_printf(out, "# HELP %s %s\n# TYPE %s gauge\n%s %u\n", name, what, name, name,
                           value);
}

void
nsk_http_server_write_metrics(NskHttpServer *self, GString *out)
{
    nsk_http_metrics_write(self->metrics, out);
    g_mutex_lock(&self->lock);
    unsigned begun = atomic_load(&self->gate->begun);
    g_mutex_unlock(&self->lock);
    write_gauge(out, "naskah_http_in_flight", "Requests that are not done.", begun);
    write_gauge(out, "naskah_http_connections", "Connections that are open.",
                nsk_http_peers_count(self->peers));
    g_string_append_printf(out,
                           "# HELP naskah_http_queue_depth Requests that wait for a thread.\n"
                           "# TYPE naskah_http_queue_depth gauge\n"
                           "naskah_http_queue_depth{queue=\"office\"} %u\n"
                           "naskah_http_queue_depth{queue=\"heavy\"} %u\n",
                           nsk_http_pool_get_waiting(self->office),
                           nsk_http_pool_get_waiting(self->heavy));
}

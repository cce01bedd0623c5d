/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request on its way, in libmicrohttpd's callbacks:
 *
 *     note_target    the request line has come
 *     handle         the head is whole: guard, route; refused here, it is answered and closed
 *     handle ...     the body, in pieces
 *     handle         the body is whole: the handler runs, here or on a thread of a pool; then the
 *                    connection is suspended, and resumed when the answer is there
 *     handle         the answer is sent
 *     note_end       it is done: figures, the log
 *
 * INVARIANTS
 *   (1) An exchange belongs to the network's thread, but between being pushed and being resumed to
 *       the thread of a pool.
 *   (2) A connection whose request was refused before its body was read is closed: what follows on
 *       it is nobody's request.
 *   (3) A gate that closes suspends nothing any more (libmicrohttpd may not be stopped while a
 *       connection is suspended).
 */
#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "http/mhd.h"
#include "http/server-private.h"

#include <string.h>

/* This release leaves a head's bytes in its buffer, from the method on. */
#define RAW_VERSION "0.9.75"

typedef enum { AT_HEAD, IN_BODY, AT_WORK, WORKED, ANSWERED } State;

struct _NskHttpExchange {
    NskHttpGate *gate;
    NskHttpServer *server;
    struct MHD_Connection *connection;
    NskHttpPeer *peer;
    NskHttpRequest *request;
    NskHttpResponse *response;
    State state;
    bool close;
    bool turned_away; /* by the route's keeper: its body is thrown away */
    int64_t begun;
    uint64_t limit;     /* of the body */
    uint64_t received;  /* of it */
    uint64_t sent;      /* bytes of the answer's content */
    const char *reason; /* static: why it was refused */
    char *failure;      /* for the log */
    GError *fault;      /* of the body */
    NskHttpSpool *spool;
    NskHttpMultipart *multipart;
};

/* --- The answer ------------------------------------------------------------------------------ */

static void
drop_bytes(void *bytes)
{
    g_bytes_unref(bytes);
}

static struct MHD_Response *
make_reply(NskHttpExchange *self)
{
    NskHttpResponse *response = self->response;
    size_t size;

    if (response->fd >= 0) {
        int fd = response->fd;

        response->fd = -1;
        self->sent = response->size;
        return nsk_mhd.create_response_from_fd64(response->size, fd);
    }
    if (response->bytes == NULL)
        return nsk_mhd.create_response_from_buffer(0, (void *)(uintptr_t) "",
                                                   MHD_RESPMEM_PERSISTENT);
    void *data = (void *)(uintptr_t)g_bytes_get_data(response->bytes, &size);
    self->sent = size;
    return nsk_mhd.create_response_from_buffer_with_free_callback_cls(size, data, drop_bytes,
                                                                      g_bytes_ref(response->bytes));
}

static enum MHD_Result
answer(NskHttpExchange *self)
{
    self->state = ANSWERED;
    nsk_http_response_finish(self->response, self->request);
    struct MHD_Response *reply = make_reply(self);
    for (guint i = 0; i < self->response->headers->len; i++) {
        const NskHttpPair *pair = &g_array_index(self->response->headers, NskHttpPair, i);

        (void)nsk_mhd.add_response_header(reply, pair->name, pair->value);
    }
    if (self->close || atomic_load(&self->gate->closing))
        (void)nsk_mhd.add_response_header(reply, "Connection", "close");
    nsk_http_peer_expect(self->peer, NSK_HTTP_SENDING, self->server->body_ms, self->sent);
    enum MHD_Result done = nsk_mhd.queue_response(self->connection, self->response->status, reply);
    nsk_mhd.destroy_response(reply);
    return done;
}

/* Answers before the body was read, and closes.  @reason is static. */
static enum MHD_Result
refuse(NskHttpExchange *self, unsigned status, const char *reason, const char *detail)
{
    self->close = true;
    self->reason = reason;
    nsk_http_metrics_refuse(self->server->metrics, reason);
    nsk_http_response_set_problem(self->response, self->request, status,
                                  status == 400 ? "malformed" : reason, detail);
    return answer(self);
}

/* --- The head -------------------------------------------------------------------------------- */

static enum MHD_Result
keep_header(void *data, G_GNUC_UNUSED enum MHD_ValueKind kind, const char *name, const char *value)
{
    size_t size = value != NULL ? strlen(value) : 0;

    /* blanks behind a value are no part of it (RFC 9110, 5.5); the library leaves them */
    while (size > 0 && (value[size - 1] == ' ' || value[size - 1] == '\t'))
        size--;
    nsk_http_pairs_add(data, g_strdup(name), g_strndup(value != NULL ? value : "", size));
    return MHD_YES;
}

/* Whether the lines of the head are what they seem: see nsk_http_guard_raw(). */
static bool
is_plain(const char *method, const char *version, size_t size)
{
    if (strcmp(nsk_mhd.get_version(), RAW_VERSION) != 0)
        return true;
    size_t line = (size_t)(version - method) + strlen(version);
    return version > method && line + 2 <= size && method[line] == '\0' &&
           method[line + 1] == '\0' && nsk_http_guard_raw(method + line + 2, size - line - 2);
}

static const char *
guard(NskHttpExchange *self, const char *method, const char *version)
{
    const union MHD_ConnectionInfo *info =
        nsk_mhd.get_connection_info(self->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    if (strcmp(version, MHD_HTTP_VERSION_1_1) != 0 && strcmp(version, MHD_HTTP_VERSION_1_0) != 0)
        return "version";
    if (info == NULL || info->header_size > NSK_LIMIT_HTTP_HEAD ||
        self->request->headers->len > NSK_LIMIT_HTTP_HEADERS)
        return "head-size";
    if (!is_plain(method, version, info->header_size))
        return "line";
    return nsk_http_guard_check(self->request->headers, method, self->request->raw_target);
}

/* What a proxy that is believed says of whom it speaks for. */
static void
read_sender(NskHttpExchange *self)
{
    NskHttpRequest *request = self->request;
    const char *address = nsk_http_request_get_header(request, "X-Forwarded-For");
    const char *scheme = nsk_http_request_get_header(request, "X-Forwarded-Proto");

    request->is_secure = self->gate->cert != NULL;
    if (self->peer->is_trusted && scheme != NULL)
        request->is_secure = g_ascii_strcasecmp(scheme, "https") == 0;
    if (self->peer->is_trusted && address != NULL)
        request->address =
            nsk_http_forwarded_for(address, nsk_http_peers_get_trusted(self->server->peers));
    if (request->address == NULL)
        request->address = g_strdup(self->peer->address);
}

static const char *
known_method(const char *method)
{
    static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };

    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
        if (strcmp(methods[i], method) == 0)
            return methods[i];
    }
    return NULL;
}

/* Has the body come as the route wants it?  Sets up where it goes. */
static enum MHD_Result
expect_body(NskHttpExchange *self, bool has_body)
{
    const NskHttpRoute *route = self->request->match.route;
    const char *type = nsk_http_request_get_header(self->request, "Content-Type");
    bool is_form = type != NULL && g_ascii_strncasecmp(type, "multipart/form-data", 19) == 0;

    if (!has_body)
        return MHD_YES;
    if (route->body == NSK_HTTP_BODY_NONE)
        return refuse(self, 413, "body", NULL);
    if (route->body == NSK_HTTP_BODY_FORM && is_form)
        self->multipart = nsk_http_multipart_new(type, self->server->folder, &self->fault);
    else if (route->body == NSK_HTTP_BODY_FILE)
        self->spool = nsk_http_spool_new(self->server->folder, &self->fault);
    else if (route->body == NSK_HTTP_BODY_FORM &&
             (type == NULL ||
              g_ascii_strncasecmp(type, "application/x-www-form-urlencoded", 33) != 0))
        return refuse(self, 415, "type", NULL);
    else
        self->request->memory = g_byte_array_new();
    return MHD_YES;
}

static bool
ask_keeper(NskHttpExchange *self, const NskHttpRoute *route)
{
    const char *before = nsk_language_use(nsk_http_request_get_language(self->request));
    bool taken =
        route->keeper == NULL || route->keeper(self->request, self->response, self->server->data);

    nsk_language_use(before);
    if (!taken) {
        self->turned_away = true;
        self->reason = "pace";
        nsk_http_metrics_refuse(self->server->metrics, self->reason);
    }
    return taken;
}

/* A request that goes on to its route. */
static enum MHD_Result
admit(NskHttpExchange *self)
{
    const NskHttpRoute *route = self->request->match.route;
    const char *length = nsk_http_request_get_header(self->request, "Content-Length");
    uint64_t size = length != NULL ? g_ascii_strtoull(length, NULL, 10) : 0;
    bool has_body =
        size > 0 || nsk_http_request_get_header(self->request, "Transfer-Encoding") != NULL;

    if (route == NULL) {
        self->close = has_body;
        self->state = WORKED;
        if (self->request->match.allow != NULL)
            nsk_http_response_add_header(self->response, "Allow", self->request->match.allow);
        if (self->request->match.allow != NULL && strcmp(self->request->method, "OPTIONS") == 0)
            nsk_http_response_set_status(self->response, 204);
        else
            nsk_http_response_set_problem(
                self->response, self->request, self->request->match.allow != NULL ? 405 : 404,
                self->request->match.allow != NULL ? "method" : "not-found", NULL);
        return has_body ? answer(self) : MHD_YES;
    }
    self->limit = route->body_limit != 0 ? route->body_limit : NSK_LIMIT_HTTP_BODY;
    if (size > self->limit)
        return refuse(self, 413, "body-size", NULL);
    nsk_http_peer_expect(self->peer, NSK_HTTP_READING, self->server->body_ms, 0);
    return ask_keeper(self, route) ? expect_body(self, has_body) : MHD_YES;
}

static enum MHD_Result
begin(NskHttpExchange *self, const char *method, const char *version)
{
    NskHttpRequest *request = self->request;

    self->state = IN_BODY;
    (void)nsk_mhd.get_connection_values(self->connection, MHD_HEADER_KIND, keep_header,
                                        request->headers);
    const char *reason = guard(self, method, version);
    if (reason != NULL)
        return refuse(self, strcmp(reason, "head-size") == 0 ? 431 : 400, reason, NULL);
    read_sender(self);
    request->is_head = strcmp(method, "HEAD") == 0;
    request->method = request->is_head ? "GET" : known_method(method);
    if (request->method == NULL) {
        request->method = "";
        return refuse(self, 501, "method", NULL);
    }
    if (!nsk_http_target_parse(request->raw_target, nsk_http_request_get_header(request, "Host"),
                               &request->target))
        return refuse(self, 400, "target", NULL);
    nsk_http_routes_find(self->server->routes, request->method, request->target.pieces,
                         &request->match);
    return admit(self);
}

/* --- The body -------------------------------------------------------------------------------- */

static void
keep_body(NskHttpExchange *self, const char *data, size_t size)
{
    if (self->multipart != NULL)
        (void)nsk_http_multipart_feed(self->multipart, data, size, &self->fault);
    else if (self->spool != NULL)
        (void)nsk_http_spool_write(self->spool, data, size, &self->fault);
    else if (self->request->memory != NULL)
        g_byte_array_append(self->request->memory, (const uint8_t *)data, (guint)size);
}

/* What is too much is read on for a while, so that the answer reaches who is still sending. */
static enum MHD_Result
take_body(NskHttpExchange *self, const char *data, size_t size)
{
    if (self->state != IN_BODY)
        return MHD_YES;
    self->received += size;
    nsk_http_peer_expect_more(self->peer, size);
    if (self->received > self->limit && self->fault == NULL)
        g_set_error_literal(&self->fault, NSK_ERROR, NSK_ERROR_LIMIT,
                            nsk_tr("what was sent is larger than this address takes"));
    if (self->received > self->limit + NSK_LIMIT_HTTP_DISCARD)
        return MHD_NO;
    if (self->fault == NULL)
        keep_body(self, data, size);
    return MHD_YES;
}

static bool
finish_form(NskHttpExchange *self)
{
    NskHttpRequest *request = self->request;

    if (request->match.route->body != NSK_HTTP_BODY_FORM || request->memory == NULL)
        return true;
    request->fields =
        nsk_http_parse_form((const char *)request->memory->data, request->memory->len);
    if (request->fields == NULL)
        g_set_error_literal(&self->fault, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the form cannot be read; send it again from the page"));
    return request->fields != NULL;
}

/* What has come is what the handler asks for; false with the fault set. */
static bool
finish_body(NskHttpExchange *self)
{
    NskHttpRequest *request = self->request;

    if (self->fault != NULL || !finish_form(self))
        return false;
    if (self->multipart != NULL)
        return nsk_http_multipart_finish(self->multipart, &request->fields, &request->files,
                                         &self->fault);
    if (self->spool != NULL) {
        NskHttpFile *file = nsk_http_spool_finish(g_steal_pointer(&self->spool), &self->fault);

        if (file == NULL)
            return false;
        file->field = g_strdup("");
        file->type = g_strdup(nsk_http_request_get_header(request, "Content-Type"));
        request->files = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_http_file_free);
        g_ptr_array_add(request->files, file);
    } else if (request->memory != NULL && request->memory->len > 0) {
        request->body = g_byte_array_free_to_bytes(g_steal_pointer(&request->memory));
    }
    return true;
}

/* --- The handler ----------------------------------------------------------------------------- */

static void
set_fault(NskHttpExchange *self, const GError *fault)
{
    if (nsk_http_response_set_fault(self->response, self->request, fault)) {
        g_free(self->failure);
        self->failure = g_strdup(fault->message);
    }
}

static void
run_handler(NskHttpExchange *self)
{
    const char *before = nsk_language_use(nsk_http_request_get_language(self->request));
    const NskHttpRoute *route = self->request->match.route;
    NskHttpHandler run = route->visit != NULL ? self->server->visit : route->run;
    g_autoptr(GError) fault = NULL;

    if (!run(self->request, self->response, self->server->data, &fault))
        set_fault(self, fault);
    nsk_language_use(before);
}

void
nsk_http_exchange_work(void *exchange)
{
    NskHttpExchange *self = exchange;
    NskHttpGate *gate = self->gate;

    run_handler(self);
    self->state = WORKED;
    nsk_mhd.resume_connection(self->connection); /* from here on it is the network's again */
    (void)atomic_fetch_sub(&gate->suspended, 1);
}

static void
turn_away(NskHttpExchange *self, NskHttpPool *pool)
{
    g_autofree char *seconds =
        g_strdup_printf("%u", pool != NULL ? nsk_http_pool_guess_wait(pool) : 1);

    self->reason = "busy";
    nsk_http_metrics_refuse(self->server->metrics, self->reason);
    nsk_http_response_set_problem(self->response, self->request, 503, "busy", NULL);
    nsk_http_response_add_header(self->response, "Retry-After", seconds);
    self->state = WORKED;
}

static enum MHD_Result
hand_over(NskHttpExchange *self, NskHttpPool *pool)
{
    (void)atomic_fetch_add(&self->gate->suspended, 1);
    if (atomic_load(&self->gate->closing)) {
        (void)atomic_fetch_sub(&self->gate->suspended, 1);
        turn_away(self, NULL);
        return answer(self);
    }
    nsk_http_peer_expect(self->peer, NSK_HTTP_WORKING, 0, 0);
    self->state = AT_WORK;
    nsk_mhd.suspend_connection(self->connection);
    if (nsk_http_pool_push(pool, self))
        return MHD_YES;
    turn_away(self, pool); /* answered when it is resumed */
    nsk_mhd.resume_connection(self->connection);
    (void)atomic_fetch_sub(&self->gate->suspended, 1);
    return MHD_YES;
}

static enum MHD_Result
run(NskHttpExchange *self)
{
    if (self->turned_away)
        return answer(self);
    if (!finish_body(self)) {
        set_fault(self, self->fault);
        return answer(self);
    }
    switch (self->request->match.route->place) {
    case NSK_HTTP_OFFICE:
        return hand_over(self, self->server->office);
    case NSK_HTTP_HEAVY:
        return hand_over(self, self->server->heavy);
    case NSK_HTTP_QUICK:
        break;
    }
    run_handler(self);
    return answer(self);
}

/* --- The callbacks --------------------------------------------------------------------------- */

static enum MHD_Result
handle(G_GNUC_UNUSED void *gate,
       G_GNUC_UNUSED struct MHD_Connection *connection,
       G_GNUC_UNUSED const char *url,
       const char *method,
       const char *version,
       const char *data,
       size_t *size,
       void **exchange) /* size: callback */
{
    NskHttpExchange *self = *exchange;

    if (self == NULL)
        return MHD_NO;
    if (self->state == AT_HEAD)
        return begin(self, method, version);
    if (*size > 0) {
        size_t given = *size;

        *size = 0;
        return take_body(self, data, given);
    }
    switch (self->state) {
    case IN_BODY:
        return run(self);
    case WORKED:
        return answer(self);
    case AT_HEAD:
    case AT_WORK:
    case ANSWERED:
        break;
    }
    return MHD_YES;
}

static void *
note_target(void *data, const char *uri, struct MHD_Connection *connection)
{
    NskHttpGate *gate = data;
    const union MHD_ConnectionInfo *info =
        nsk_mhd.get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    if (info == NULL || info->socket_context == NULL)
        return NULL;
    NskHttpExchange *self = g_new0(NskHttpExchange, 1);
    self->gate = gate;
    self->server = gate->server;
    self->connection = connection;
    self->peer = info->socket_context;
    self->begun = g_get_monotonic_time();
    self->request = g_new0(NskHttpRequest, 1);
    self->request->id = nsk_id_new(gate->server->clock);
    self->request->method = "";
    self->request->raw_target = g_strdup(uri);
    self->request->headers = nsk_http_pairs_new();
    self->response = nsk_http_response_new();
    self->peer->exchange = self;
    (void)atomic_fetch_add(&gate->begun, 1);
    nsk_http_peer_expect(self->peer, NSK_HTTP_READING, gate->server->head_ms, 0);
    return self;
}

/* Why it was answered as it was, for the log; or NULL. */
static const char *
find_reason(const NskHttpExchange *self)
{
    if (self->failure != NULL)
        return self->failure;
    return self->reason != NULL ? self->reason : self->response->cause;
}

static void
write_log(const NskHttpExchange *self, unsigned status, int64_t us)
{
    const NskHttpLogLine line = { .id = self->request->id,
                                  .method = self->request->is_head ? "HEAD" : self->request->method,
                                  .route = nsk_http_request_get_route(self->request),
                                  .reason = find_reason(self),
                                  .trace =
                                      nsk_http_request_get_header(self->request, "traceparent"),
                                  .status = status,
                                  .us = us,
                                  .bytes = self->sent };

    if (self->server->log == NULL)
        return;
    g_autofree char *text = nsk_http_log_request(self->server->clock, &line);
    self->server->log(text, self->server->log_data);
}

static void
end_exchange(NskHttpExchange *self, enum MHD_RequestTerminationCode code)
{
    NskHttpServer *server = self->server;
    NskHttpGate *gate = self->gate;
    int64_t us = g_get_monotonic_time() - self->begun;
    /* what was never answered here the library refused, or its sender gave up */
    unsigned status = self->state == ANSWERED ? self->response->status : 400;
    if (self->state != ANSWERED)
        self->reason = code == MHD_REQUEST_TERMINATED_COMPLETED_OK ? "unread" : "given-up";
    nsk_http_metrics_add(server->metrics,
                         self->request->match.route != NULL ? self->request->match.index
                                                            : nsk_http_routes_count(server->routes),
                         status, us);
    write_log(self, status, us);
    self->peer->exchange = NULL;
    nsk_http_peer_expect(self->peer, NSK_HTTP_IDLE, server->idle_ms, 0);
    g_clear_pointer(&self->multipart, nsk_http_multipart_free);
    g_clear_pointer(&self->spool, nsk_http_spool_free);
    nsk_http_request_free(self->request);
    nsk_http_response_free(self->response);
    g_clear_error(&self->fault);
    g_free(self->failure);
    g_free(self);
    (void)atomic_fetch_sub(&gate->begun, 1);
}

static void
note_end(G_GNUC_UNUSED void *gate_data,
         G_GNUC_UNUSED struct MHD_Connection *connection,
         void **exchange,
         enum MHD_RequestTerminationCode code)
{
    if (*exchange != NULL)
        end_exchange(*exchange, code);
    *exchange = NULL;
}

static void
note_connection(void *data,
                struct MHD_Connection *connection,
                void **context,
                enum MHD_ConnectionNotificationCode code)
{
    NskHttpServer *server = ((NskHttpGate *)data)->server;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        int fd =
            nsk_mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        const NskSockaddr *address =
            nsk_mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
                ->client_addr;

        *context = nsk_http_peers_add(server->peers, fd, address, server->head_ms);
    } else if (*context != NULL) {
        NskHttpPeer *peer = *context;

        /* a head that is too much for the library's memory ends without a word of its request */
        if (peer->exchange != NULL)
            end_exchange(peer->exchange, MHD_REQUEST_TERMINATED_WITH_ERROR);
        nsk_http_peers_remove(server->peers, peer);
        *context = NULL;
    }
}

static enum MHD_Result
note_peer(void *data, const NskSockaddr *address, G_GNUC_UNUSED socklen_t size)
{
    NskHttpGate *gate = data;

    return nsk_http_peers_admit(gate->server->peers, address) ? MHD_YES : MHD_NO;
}

/* Its words are about single requests, which the log tells in its own way. */
static void
drop_words(G_GNUC_UNUSED void *data,
           G_GNUC_UNUSED const char *format,
           G_GNUC_UNUSED va_list arguments)
{
}

struct MHD_Daemon *
nsk_http_gate_listen(NskHttpGate *gate)
{
    const NskHttpServer *server = gate->server;
    unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    const struct MHD_OptionItem tls[] = {
        { MHD_OPTION_HTTPS_MEM_CERT, 0, gate->cert },
        { MHD_OPTION_HTTPS_MEM_KEY, 0, gate->key },
        { MHD_OPTION_HTTPS_PRIORITIES, 0,
          (void *)(uintptr_t) "SECURE192:SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" },
        { MHD_OPTION_END, 0, NULL },
    };
    const struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
    const struct MHD_OptionItem threads[] = {
        { MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)server->network_threads, NULL },
        { MHD_OPTION_END, 0, NULL },
    };

    return nsk_mhd.start_daemon(
        flags | (gate->cert != NULL ? MHD_USE_TLS : 0), 0, note_peer, gate, handle, gate,
        MHD_OPTION_EXTERNAL_LOGGER, drop_words, NULL, MHD_OPTION_LISTEN_SOCKET, gate->fd,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(2 * NSK_LIMIT_HTTP_HEAD),
        MHD_OPTION_CONNECTION_LIMIT, server->connections, MHD_OPTION_CONNECTION_TIMEOUT,
        1 + MAX(server->idle_ms, server->body_ms) / 1000, MHD_OPTION_STRICT_FOR_CLIENT, 0,
        MHD_OPTION_URI_LOG_CALLBACK, note_target, gate, MHD_OPTION_NOTIFY_COMPLETED, note_end, gate,
        MHD_OPTION_NOTIFY_CONNECTION, note_connection, gate, MHD_OPTION_ARRAY,
        gate->cert != NULL ? tls : none, MHD_OPTION_ARRAY,
        server->network_threads > 1 ? threads : none, MHD_OPTION_END);
}

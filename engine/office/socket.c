/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The server's side of the socket.
 *
 *   one thread      accepts, and keeps those that have not asked yet; poll(2) says who does
 *   some of them    each reads one request, does it, answers, and closes; then the next
 *
 * INVARIANTS
 *   (1) A connection is one request.  A use case runs with its own handle, as the person of the
 *       account at the other end (SO_PEERCRED), and only after the whole request was read.
 *   (2) A peer takes a thread when it has sent something, and then for a limited time; one that is
 *       silent is dropped.  So is the oldest of them when there are too many.
 *   (3) Stopping: the name goes first, so that commands find no server and wait for the lock; who
 *       had come is told so; what runs is finished,
 *       and every thread has ended: what libraries keep for a thread goes with it.
 */
#include "base/limits.h"
#include "base/message.h"
#include "office/remote-private.h"

#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define WHOLE_FACTOR  3      /* of the time that a peer may be silent: for a whole request */
#define MESSAGE_LIMIT 131072 /* bytes of an error that is answered */
#define DRAIN_ROUNDS  256    /* blocks of 4 KB */
#define FULL_PAUSE    10000  /* microseconds, when there is no descriptor left */
#define WEIGHT        16     /* the mean is moved by so much of a difference */
#define ACCOUNT_SIZE  16384  /* of what the system keeps about an account */
#define STOP          GINT_TO_POINTER(-1)

struct _NskOfficeSocket {
    NskOfficeService *service;
    char *dir;
    const NskClock *clock;
    unsigned silence_ms;
    unsigned threads; /* requests done at a time */
    unsigned room;    /* for those that wait for a thread */
    gint mean_ms;     /* that a request takes, the last ones counting most; atomic */
    int listen_fd;
    int stop_fd; /* readable: stop */
    GThread *thread;
    GAsyncQueue *asking; /* descriptors of peers that have sent something, and STOP */
    GThread **helpers;   /* @threads of them */
    GArray *peers;       /* Peer: have not asked yet; of the accepting thread */
};

typedef struct {
    int fd;
    int64_t since; /* monotonic, microseconds */
} Peer;

/* --- One request ----------------------------------------------------------------------------- */

/* The account at the other end; *out_owner: it is the one that the server runs as, to whom the
 * office's folder belongs, or root. */
static char *
find_account(int fd, bool *out_owner, GError **error)
{
    g_autofree char *room = g_malloc(ACCOUNT_SIZE);
    struct passwd entry, *found = NULL;
    uid_t uid;

    if (!nsk_ipc_peer(fd, &uid, error))
        return NULL;
    *out_owner = uid == geteuid() || uid == 0;
    if (getpwuid_r(uid, &entry, room, ACCOUNT_SIZE, &found) != 0 || found == NULL)
        return g_strdup_printf("#%u", (unsigned)uid);
    return g_strdup(entry.pw_name);
}

static bool
check_call(const NskCall *call, const char *name, bool is_owner, GError **error)
{
    if (call == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                    nsk_tr("the server of this office cannot do '%s': it is another version of the "
                           "program; start it again with this one"),
                    name != NULL ? name : "");
        return false;
    }
    if (!nsk_call_is_owners(call) || is_owner)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                        nsk_tr("this is for the owner of the office's folder; ask who looks after "
                               "the server"));
    return false;
}

static bool
run_request(NskOfficeSocket *self,
            const char *account,
            bool is_owner,
            const NskFrame *frame,
            NskJson **out_result,
            GError **error)
{
    const char *name = nsk_json_get_text(frame->value, "do");
    const NskCall *call = nsk_call_find(name);
    const NskOfficeOptions options = { .dir = self->dir,
                                       .service = self->service,
                                       .account = account,
                                       .as = nsk_json_get_text(frame->value, "as"),
                                       .at = nsk_json_get_text(frame->value, "at"),
                                       .request_id = nsk_json_get_text(frame->value, "request"),
                                       .nobody = call != NULL && nsk_call_is_owners(call),
                                       .clock = self->clock };

    g_autoptr(NskOffice) office = nsk_office_open(&options, error);
    if (office == NULL || !check_call(call, name, is_owner, error))
        return false;
    g_autofree gpointer arguments = nsk_call_decode(call, frame, error);
    return arguments != NULL && nsk_call_run(call, office, arguments, out_result, error);
}

static GBytes *
encode_fault(const GError *fault)
{
    g_autoptr(NskJson) value = nsk_json_object();
    NskJson *row = nsk_json_object();
    g_autofree char *message = g_strndup(fault->message, MESSAGE_LIMIT);

    nsk_json_set_int(row, "code",
                     fault->domain == NSK_ERROR ? fault->code : (int64_t)NSK_ERROR_INTERNAL);
    nsk_json_set_text(row, "message", message);
    nsk_json_set(value, "error", row);
    return nsk_frame_encode(value, NULL, 0, NULL);
}

/* Takes over @result. */
static GBytes *
encode_result(NskJson *result, GError **error)
{
    g_autoptr(NskJson) value = nsk_json_object();

    nsk_json_set(value, "result", result);
    return nsk_frame_encode(value, NULL, 0, error);
}

/* What to answer to a request that was read. */
static GBytes *
answer_request(NskOfficeSocket *self, int fd, const NskFrame *frame)
{
    g_autoptr(GError) fault = NULL;
    NskJson *result = NULL;
    GBytes *answer = NULL;
    const char *language = nsk_json_get_text(frame->value, "language");
    const char *before = nsk_language_use(language);
    bool is_owner = false;
    g_autofree char *account = find_account(fd, &is_owner, &fault);

    if (account != NULL && run_request(self, account, is_owner, frame, &result, &fault))
        answer = encode_result(result, &fault);
    if (answer == NULL)
        answer = encode_fault(fault);
    nsk_language_use(before);
    return answer;
}

/* Closes; what was sent and not read is taken off first, or the peer would hear of a lost
 * connection instead of the answer. */
static void
close_peer(int fd)
{
    uint8_t room[4096];
    int rounds = DRAIN_ROUNDS;

    (void)shutdown(fd, SHUT_WR);
    while (rounds-- > 0 && recv(fd, room, sizeof room, MSG_DONTWAIT) > 0)
        continue;
    (void)close(fd);
}

/* Of two that end at once one may not count: it is a guess. */
static void
note_time(NskOfficeSocket *self, int64_t us)
{
    int64_t before = g_atomic_int_get(&self->mean_ms);

    g_atomic_int_set(&self->mean_ms, (gint)((before * (WEIGHT - 1) + us / 1000) / WEIGHT));
}

static void
serve_peer(NskOfficeSocket *self, int fd)
{
    const NskIpcPatience patience = { self->silence_ms, self->silence_ms * WHOLE_FACTOR,
                                      self->stop_fd };
    const NskIpcPatience answering = { self->silence_ms, self->silence_ms * WHOLE_FACTOR, -1 };
    g_autoptr(GError) fault = NULL;
    int64_t begun = g_get_monotonic_time();
    g_autoptr(NskFrame) frame = nsk_ipc_receive(fd, &patience, &fault);
    g_autoptr(GBytes) answer =
        frame != NULL ? answer_request(self, fd, frame) : encode_fault(fault);

    if (answer != NULL)
        (void)nsk_ipc_send(fd, answer, &answering, NULL);
    close_peer(fd);
    note_time(self, g_get_monotonic_time() - begun);
}

static gpointer
run_helper(gpointer data)
{
    NskOfficeSocket *self = data;
    gpointer asked;

    while ((asked = g_async_queue_pop(self->asking)) != STOP)
        serve_peer(self, GPOINTER_TO_INT(asked) - 1); /* nothing that is pushed may be NULL */
    return NULL;
}

/* --- Those who come -------------------------------------------------------------------------- */

/* Says why, if the peer's buffer takes it, and closes. */
static void
turn_away(int fd, const char *why)
{
    g_autoptr(GError) fault = g_error_new_literal(NSK_ERROR, NSK_ERROR_BUSY, why);
    g_autoptr(GBytes) answer = encode_fault(fault);
    const NskIpcPatience none = { 1, 1, -1 };

    if (answer != NULL)
        (void)nsk_ipc_send(fd, answer, &none, NULL);
    close_peer(fd);
}

static const char *
silence_words(void)
{
    return nsk_tr("nothing was asked for too long; the server of this office closed the "
                  "connection");
}

static void
drop_peer(NskOfficeSocket *self, guint i, const char *why)
{
    turn_away(g_array_index(self->peers, Peer, i).fd, why);
    g_array_remove_index(self->peers, i);
}

static void
accept_peers(NskOfficeSocket *self)
{
    Peer peer = { .since = g_get_monotonic_time() };

    while ((peer.fd = accept4(self->listen_fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        if (self->peers->len >= NSK_LIMIT_SERVER_PEERS)
            drop_peer(self, 0, silence_words());
        g_array_append_val(self->peers, peer);
    }
    if (errno != EMFILE && errno != ENFILE)
        return;
    /* no descriptor for who waits: one that says nothing gives his up */
    if (self->peers->len > 0)
        drop_peer(self, 0, silence_words());
    else
        g_usleep(FULL_PAUSE);
}

/* How many seconds those who wait for a thread take, by what the ones before took; at least one. */
static unsigned
guess_wait(NskOfficeSocket *self)
{
    return 1 + (unsigned)g_atomic_int_get(&self->mean_ms) * self->room / self->threads / 1000;
}

/* The peer has sent something, or gone. */
static void
take_peer(NskOfficeSocket *self, guint i)
{
    int fd = g_array_index(self->peers, Peer, i).fd;

    if (g_async_queue_length(self->asking) >= (gint)self->room) {
        g_autofree char *words =
            g_strdup_printf(nsk_tr("the server of this office has no time; nothing was changed, "
                                   "try again in %u s"),
                            guess_wait(self));
        drop_peer(self, i, words);
        return;
    }
    g_array_remove_index(self->peers, i);
    g_async_queue_push(self->asking, GINT_TO_POINTER(fd + 1));
}

/* Peers come in the order of time: drops those at the front that are silent for too long, and
 * returns for how many milliseconds the next has time; -1 if there is none. */
static int
drop_silent(NskOfficeSocket *self)
{
    int64_t now = g_get_monotonic_time();

    while (self->peers->len > 0) {
        int64_t left =
            g_array_index(self->peers, Peer, 0).since + (int64_t)self->silence_ms * 1000 - now;

        if (left > 0)
            return (int)(left / 1000) + 1;
        drop_peer(self, 0, silence_words());
    }
    return -1;
}

/* Waits for somebody to come or to ask; false when it is to stop. */
static bool
wait_for_peers(NskOfficeSocket *self)
{
    struct pollfd waiting[NSK_LIMIT_SERVER_PEERS + 2] = {
        { .fd = self->stop_fd, .events = POLLIN },
        { .fd = self->listen_fd, .events = POLLIN },
    };
    int timeout = drop_silent(self);
    guint n = self->peers->len;

    for (guint i = 0; i < n; i++)
        waiting[i + 2] =
            (struct pollfd){ .fd = g_array_index(self->peers, Peer, i).fd, .events = POLLIN };
    if (poll(waiting, n + 2, timeout) < 0)
        return true;
    for (guint i = n; i > 0; i--) {
        if (waiting[i + 1].revents != 0)
            take_peer(self, i - 1);
    }
    if (waiting[1].revents != 0)
        accept_peers(self);
    return waiting[0].revents == 0;
}

static gpointer
run_listener(gpointer data)
{
    NskOfficeSocket *self = data;
    g_autofree char *path = nsk_office_path(self->dir, NSK_SOCKET_NAME);

    while (wait_for_peers(self))
        continue;
    (void)unlink(path);
    accept_peers(self);
    while (self->peers->len > 0)
        drop_peer(self, 0,
                  nsk_tr("the office is being closed; nothing was changed, try again when it is "
                         "open"));
    (void)close(self->listen_fd);
    return NULL;
}

/* --- Starting and stopping ------------------------------------------------------------------- */

NskOfficeSocket *
nsk_office_socket_start(NskOfficeService *service, const NskSocketOptions *options, GError **error)
{
    const char *dir = nsk_office_service_get_dir(service);
    int fd = nsk_ipc_listen(dir, NSK_SOCKET_NAME, error);
    int stop_fd = fd >= 0 ? eventfd(0, EFD_CLOEXEC) : -1;

    if (fd < 0)
        return NULL;
    if (stop_fd < 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("the socket '%s/%s': %s"), dir,
                    NSK_SOCKET_NAME, nsk_reason(errno));
        (void)close(fd);
        return NULL;
    }
    NskOfficeSocket *self = g_new0(NskOfficeSocket, 1);
    self->service = service;
    self->dir = g_strdup(dir);
    self->clock = options->clock;
    self->silence_ms = options->silence_ms != 0 ? options->silence_ms : NSK_LIMIT_SERVER_SILENCE_MS;
    self->threads = options->threads != 0 ? options->threads : NSK_LIMIT_SERVER_THREADS;
    self->room = options->room != 0 ? options->room : NSK_LIMIT_SERVER_QUEUE;
    self->listen_fd = fd;
    self->stop_fd = stop_fd;
    self->peers = g_array_new(FALSE, FALSE, sizeof(Peer));
    self->asking = g_async_queue_new();
    self->helpers = g_new(GThread *, self->threads);
    for (unsigned i = 0; i < self->threads; i++)
        self->helpers[i] = g_thread_new("request", run_helper, self);
    self->thread = g_thread_new("socket", run_listener, self);
    return self;
}

void
nsk_office_socket_stop(NskOfficeSocket *self)
{
    const uint64_t one = 1;

    if (self == NULL)
        return;
    while (write(self->stop_fd, &one, sizeof one) < 0 && errno == EINTR)
        continue;
    (void)g_thread_join(self->thread);
    for (unsigned i = 0; i < self->threads; i++)
        g_async_queue_push(self->asking, STOP);
    for (unsigned i = 0; i < self->threads; i++)
        (void)g_thread_join(self->helpers[i]);
    g_async_queue_unref(self->asking);
    g_free(self->helpers);
    (void)close(self->stop_fd);
    g_array_unref(self->peers);
    g_free(self->dir);
    g_free(self);
}

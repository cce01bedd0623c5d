/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The socket: listening, connecting, and moving frames with patience that ends.
 *
 * An address of a Unix socket has 108 bytes, a path may have thousands.  The folder is opened, and
 * "/proc/self/fd/N/NAME" names the socket in it, however deep it lies.
 */
#include "base/limits.h"
#include "base/message.h"
#include "ipc/ipc-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG      128
#define CONNECT_WAIT 10U /* seconds, while the queue of the listener is full */

static bool
set_errno(const char *dir, const char *name, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("the socket '%s/%s': %s"), dir, name,
                nsk_reason(errno));
    return false;
}

/* Opens the folder and writes the address of the socket in it. */
static int
open_address(const char *dir, const char *name, struct sockaddr_un *address)
{
    int folder = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    (void)g_snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", folder,
                     name);
    return folder;
}

/* Binds and listens; the errno of what failed is left. */
static bool
bind_at(int fd, int folder, const char *name, const struct sockaddr_un *address)
{
    return (unlinkat(folder, name, 0) == 0 || errno == ENOENT) && fchmod(fd, 0600) == 0 &&
           bind(fd, (const struct sockaddr *)address, sizeof *address) == 0 &&
           fchmodat(folder, name, 0600, 0) == 0 && listen(fd, BACKLOG) == 0;
}

int
nsk_ipc_listen(const char *dir, const char *name, GError **error)
{
    struct sockaddr_un address;
    int folder = open_address(dir, name, &address);
    int fd = folder >= 0 ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : -1;

    if (fd < 0 || !bind_at(fd, folder, name, &address)) {
        set_errno(dir, name, error);
        if (fd >= 0)
            (void)close(fd);
        fd = -1;
    }
    if (folder >= 0)
        (void)close(folder);
    return fd;
}

bool
nsk_ipc_connect(const char *dir, const char *name, int *out_fd, GError **error)
{
    const struct timeval wait = { .tv_sec = CONNECT_WAIT };
    struct sockaddr_un address;
    int folder = open_address(dir, name, &address);
    int fd = folder >= 0 ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    bool ok = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) == 0 &&
              connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    int fault = errno;

    if (folder >= 0)
        (void)close(folder);
    if (ok) {
        *out_fd = fd;
        return true;
    }
    if (fd >= 0)
        (void)close(fd);
    *out_fd = -1;
    if (fault == ENOENT || fault == ECONNREFUSED || fault == EACCES || fault == ENOTDIR)
        return true;
    if (fault == EAGAIN || fault == EINTR) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                    nsk_tr("the server of this office has no time; nothing was changed, try again "
                           "in %u s"),
                    CONNECT_WAIT);
        return false;
    }
    errno = fault;
    return set_errno(dir, name, error);
}

bool
nsk_ipc_peer(int fd, uid_t *out_uid, GError **error)
{
    struct ucred peer;
    socklen_t size = sizeof peer;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO,
                    nsk_tr("cannot see who is at the other end of a socket: %s"),
                    nsk_reason(errno));
        return false;
    }
    *out_uid = peer.uid;
    return true;
}

/* --- Moving bytes ---------------------------------------------------------------------------- */

typedef struct {
    int fd;
    const NskIpcPatience *patience;
    int64_t end; /* monotonic, microseconds */
} Move;

static Move
begin_move(int fd, const NskIpcPatience *patience)
{
    return (Move){ fd, patience, g_get_monotonic_time() + (int64_t)patience->whole_ms * 1000 };
}

static bool
fail_silent(GError **error)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_BUSY,
                        nsk_tr("the other end of the socket was silent for too long"));
    return false;
}

/* Waits until the socket can do what @events says, or has ended. */
static bool
wait_ready(const Move *move, short events, GError **error)
{
    struct pollfd waiting[] = { { .fd = move->fd, .events = events },
                                { .fd = move->patience->stop_fd, .events = POLLIN } };
    int64_t left = (move->end - g_get_monotonic_time() + 999) / 1000;
    int n = 0;

    if (left > 0)
        n = poll(waiting, G_N_ELEMENTS(waiting), (int)MIN(left, move->patience->silence_ms));
    if (n < 0 && errno == EINTR)
        return wait_ready(move, events, error);
    if (n <= 0)
        return fail_silent(error);
    if (waiting[0].revents != 0)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_BUSY,
                        nsk_tr("the office is being closed; nothing was changed, try again when it "
                               "is open"));
    return false;
}

static bool
is_passing(int fault)
{
    return fault == EAGAIN || fault == EINTR;
}

static bool
fail_lost(int fault, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("the connection was lost: %s"),
                fault != 0 ? nsk_reason(fault) : nsk_tr("the other end closed it"));
    return false;
}

bool
nsk_ipc_send(int fd, GBytes *frame, const NskIpcPatience *patience, GError **error)
{
    size_t left;
    const uint8_t *at = g_bytes_get_data(frame, &left);
    Move move = begin_move(fd, patience);

    while (left > 0) {
        if (!wait_ready(&move, POLLOUT, error))
            return false;
        ssize_t n = send(fd, at, left, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && !is_passing(errno))
            return fail_lost(errno, error);
        at += n > 0 ? n : 0;
        left -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

/* Reads exactly @size bytes. */
static bool
receive_bytes(const Move *move, uint8_t *at, size_t size, GError **error)
{
    while (size > 0) {
        if (!wait_ready(move, POLLIN, error))
            return false;
        ssize_t n = recv(move->fd, at, size, MSG_DONTWAIT);
        if (n == 0 || (n < 0 && !is_passing(errno)))
            return fail_lost(n == 0 ? 0 : errno, error);
        at += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

NskFrame *
nsk_ipc_receive(int fd, const NskIpcPatience *patience, GError **error)
{
    Move move = begin_move(fd, patience);
    uint8_t head[NSK_FRAME_HEAD];
    uint8_t *room = NULL;
    size_t size;

    if (!receive_bytes(&move, head, sizeof head, error) || !nsk_frame_measure(head, &size, error))
        return NULL;
    g_autoptr(GBytes) bytes = nsk_block_new(sizeof head + size, &room);
    if (bytes == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_BUSY,
                            nsk_tr("there is no memory for this request; try again"));
        return NULL;
    }
    memcpy(room, head, sizeof head);
    if (!receive_bytes(&move, room + sizeof head, size, error))
        return NULL;
    return nsk_frame_decode(bytes, error);
}

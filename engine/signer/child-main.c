/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * naskah-signer: the process in which keys, cards and signing services are used.
 *
 * Started by engine/signer/process.c with a socket as descriptor 0, over which it gets the sockets
 * of signers.  It may not gain privileges, cannot be traced or dumped, and ends with its socket.
 */
#include "signer/child-private.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_SESSIONS 256

static gint sessions;

static gpointer
serve(gpointer data)
{
    child_serve(GPOINTER_TO_INT(data));
    (void)g_atomic_int_add(&sessions, -1);
    return NULL;
}

/* A descriptor that was sent; -1 for a message without one, -2 at the end. */
static int
take_descriptor(void)
{
    char byte;
    struct iovec data = { &byte, 1 };
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = { .msg_iov = &data,
                              .msg_iovlen = 1,
                              .msg_control = control.room,
                              .msg_controllen = sizeof control.room };
    ssize_t n = recvmsg(STDIN_FILENO, &message, MSG_CMSG_CLOEXEC);
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    int fd = -1;

    if (n < 0 && errno == EINTR)
        return -1;
    if (n <= 0)
        return -2;
    if (head != NULL && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS &&
        head->cmsg_len == CMSG_LEN(sizeof(int)))
        memcpy(&fd, CMSG_DATA(head), sizeof fd);
    return fd;
}

static void
begin_session(int fd)
{
    g_autoptr(GThread) thread = NULL;

    if (g_atomic_int_add(&sessions, 1) < MOST_SESSIONS)
        thread = g_thread_try_new("signer", serve, GINT_TO_POINTER(fd), NULL);
    if (thread != NULL)
        return;
    (void)g_atomic_int_add(&sessions, -1);
    (void)close(fd);
}

int
main(void)
{
    const struct rlimit none = { 0, 0 };
    int fd;

    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)signal(SIGPIPE, SIG_IGN);
    while ((fd = take_descriptor()) != -2)
        if (fd >= 0)
            begin_session(fd);
    /* threads may wait for a card or a network that never answers */
    _exit(0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a stranger would do who has taken the worker over.  Compiled into the tests' own worker only
 * (NSK_FAULTS), never into the installed one.
 */
#include "worker/child-private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static long
try_exec(void)
{
    char *const argv[] = { (char[]){ "true" }, NULL };

    return execve("/bin/true", argv, NULL);
}

/* -1 and EBADF if the process holds nothing of its parent's but what it was given. */
static long
try_leaked(void)
{
    for (int fd = NSK_WORKER_PDF_FD + 1; fd < 64; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            return fd;
    }
    return -1;
}

static long
try_memory(void)
{
    for (;;) {
        size_t size = (size_t)64 << 20;
        char *block = malloc(size);

        if (block == NULL)
            abort();
        memset(block, 1, size);
    }
}

static void
send_raw(const void *data, size_t size)
{
    if (write(STDOUT_FILENO, data, size) < 0)
        _exit(1);
}

static G_NORETURN void
lie(void)
{
    static const uint8_t lie[] = { 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff };

    send_raw(lie, sizeof(lie));
    _exit(0);
}

static G_NORETURN void
flood(void)
{
    static const uint8_t block[65536];

    for (;;)
        send_raw(block, sizeof(block));
}

/* Those that never come back to answer. */
static void
try_end(uint32_t what)
{
    volatile unsigned n = 0;

    switch (what) {
    case NSK_WORKER_TRY_SPIN:
        for (;;)
            n++;
    case NSK_WORKER_TRY_SLEEP_SILENT: /* closes its reply, waits on a futex nobody wakes */
        close(STDOUT_FILENO);
        for (;;)
            syscall(SYS_futex, &n, 0, 0, NULL, NULL, 0);
    case NSK_WORKER_TRY_MEMORY:
        try_memory();
        break;
    case NSK_WORKER_TRY_ABORT:
        abort();
    case NSK_WORKER_TRY_LIE:
        lie();
    case NSK_WORKER_TRY_FLOOD:
        flood();
    default:
        break;
    }
}

static long
try_act(uint32_t what)
{
    switch (what) {
    case NSK_WORKER_TRY_SOCKET:
        return socket(AF_INET, SOCK_STREAM, 0);
    case NSK_WORKER_TRY_EXEC:
        return try_exec();
    case NSK_WORKER_TRY_WRITE:
        return open("/tmp/naskah-worker-was-here", O_WRONLY | O_CREAT, 0600);
    case NSK_WORKER_TRY_READ:
        return open("/etc/passwd", O_RDONLY);
    case NSK_WORKER_TRY_FORK:
        return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    case NSK_WORKER_TRY_KILL_PARENT:
        return kill(getppid(), 0);
    case NSK_WORKER_TRY_CODE:
        return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                    0) == MAP_FAILED
                   ? -1
                   : 0;
    case NSK_WORKER_TRY_CHANGE_PDF:
        return write(NSK_WORKER_PDF_FD, "x", 1);
    case NSK_WORKER_TRY_LEAKED:
        return try_leaked();
    case NSK_WORKER_TRY_READ_FONT:
        return open("/usr/share/fonts", O_RDONLY | O_DIRECTORY);
    default:
        return 0;
    }
}

void
nsk_worker_do_hostile(const NskWorkerRequest *request, GByteArray *message)
{
    try_end(request->page);
    errno = 0;
    nsk_worker_put_number(message, try_act(request->page) < 0 ? (uint32_t)errno : 0);
}

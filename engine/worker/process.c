/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The office's side of the worker process: find the program, start it, feed it, wait, reap it.
 *
 * 1. The worker gets three descriptors and no more: 0 the request, 1 the reply, 3 the file, sealed.
 * 2. Its environment is empty, its folder is the root.
 * 3. However a job ends, the process is dead and reaped when nsk_worker_run() returns.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "base/program.h"
#include "worker/worker-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM       "naskah-worker"
#define REAP_PAUSE_US 500

typedef struct {
    GPid pid;
    int reply_fd;
    int64_t deadline; /* monotonic, microseconds */
    unsigned wall_ms;
    bool overdue;
    bool flooded;
} Process;

static bool
set_io(GError **error, const char *what)
{
    int saved = errno;

    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot read the file: %s: %s"),
                nsk_tr(what), nsk_reason(saved));
    return false;
}

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static char *
find_program(GError **error)
{
    static const NskProgram program = { PROGRAM, "../worker", "NASKAH_WORKER" };
    g_autofree char *folder = NULL;
    char *path = nsk_program_find(&program, &folder);

    if (path == NULL)
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
            nsk_tr("cannot read the file: there is no '%s' beside the program in '%s'; install it "
                   "again, or name it in NASKAH_WORKER"),
            PROGRAM, folder);
    return path;
}

/* The file in memory that nobody can change any more, not even this process. */
static int
seal_file(GBytes *pdf, GError **error)
{
    size_t size = 0;
    const uint8_t *data = pdf != NULL ? g_bytes_get_data(pdf, &size) : NULL;
    int fd = memfd_create("naskah-pdf", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0 || !nsk_write_all(fd, data, size) ||
        fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0) {
        set_io(error, N_("no sealed memory"));
        close_fd(&fd);
    }
    return fd;
}

/* The request is smaller than a pipe's buffer, so that writing it does not wait for a reader. */
static int
open_request(const NskWorkerRequest *request, GError **error)
{
    g_autoptr(GByteArray) message = nsk_worker_message_begin();
    int fds[2];

    nsk_worker_put_request(message, request);
    nsk_worker_message_finish(message);
    if (pipe2(fds, O_CLOEXEC) != 0) {
        set_io(error, N_("no pipe"));
        return -1;
    }
    if (!nsk_write_all(fds[1], message->data, message->len)) {
        set_io(error, N_("cannot write to a pipe"));
        close_fd(&fds[0]);
    }
    close(fds[1]);
    return fds[0];
}

static bool
spawn(Process *self, int request_fd, int pdf_fd, GError **error)
{
    static const int target_fd = NSK_WORKER_PDF_FD;
    g_autoptr(GError) spawn_error = NULL;
    g_autofree char *program = find_program(error);
    char *environment[] = { NULL };
    char *argv[] = { program, NULL };
    int reply[2];

    if (program == NULL)
        return false;
    if (pipe2(reply, O_CLOEXEC) != 0)
        return set_io(error, N_("no pipe"));

    bool done = g_spawn_async_with_pipes_and_fds(
        "/", (const char *const *)argv, (const char *const *)environment,
        G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, request_fd, reply[1],
        -1, &pdf_fd, &target_fd, 1, &self->pid, NULL, NULL, NULL, &spawn_error);
    close(reply[1]);
    if (!done) {
        close(reply[0]);
        bool missing = g_error_matches(spawn_error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);

        g_set_error(error, NSK_ERROR, missing ? NSK_ERROR_NOT_FOUND : NSK_ERROR_IO,
                    nsk_tr("cannot read the file: cannot start '%s': %s"), program,
                    spawn_error->message);
        return false;
    }
    self->reply_fd = reply[0];
    return true;
}

/* Milliseconds left, rounded up; 0 when it is over. */
static int
time_left(const Process *self)
{
    int64_t left = self->deadline - g_get_monotonic_time();

    return left > 0 ? (int)MIN((left + 999) / 1000, G_MAXINT) : 0;
}

/* Reads until the worker closes its end, the deadline, or one byte too many. */
static void
receive(Process *self, GByteArray *reply)
{
    uint8_t buffer[65536];

    for (;;) {
        struct pollfd waiting = { .fd = self->reply_fd, .events = POLLIN };
        int left = time_left(self);

        if (left == 0) {
            self->overdue = true;
            return;
        }
        if (poll(&waiting, 1, left) <= 0)
            continue;

        ssize_t n = read(self->reply_fd, buffer, sizeof(buffer));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        if ((size_t)n > NSK_LIMIT_WORKER_REPLY - reply->len) {
            self->flooded = true;
            return;
        }
        g_byte_array_append(reply, buffer, (guint)n);
    }
}

/* The exit status as waitpid() gives it.  A worker that has closed its reply and lives on is killed
 * at the deadline. */
static int
reap(Process *self)
{
    int status = 0;

    if (self->overdue || self->flooded)
        kill(self->pid, SIGKILL);
    for (;;) {
        pid_t pid = waitpid(self->pid, &status, self->overdue ? 0 : WNOHANG);

        if (pid == self->pid || (pid < 0 && errno != EINTR))
            return status;
        if (pid == 0 && time_left(self) == 0) {
            self->overdue = true;
            kill(self->pid, SIGKILL);
        } else if (pid == 0) {
            g_usleep(REAP_PAUSE_US);
        }
    }
}

static bool
check_end(const Process *self, int status, const NskWorkerRequest *request, GError **error)
{
    int signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    if (self->flooded)
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("what the file gives is larger than %d bytes; split the file"),
                    NSK_LIMIT_WORKER_REPLY);
    else if (self->overdue)
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_LIMIT,
            nsk_tr("reading the file took longer than %u ms and was stopped; the file is too "
                   "complicated or hostile"),
            self->wall_ms);
    else if (signal_number == SIGXCPU)
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_LIMIT,
            nsk_tr("reading the file took longer than %u s of computing and was stopped; the file "
                   "is too complicated or hostile"),
            request->cpu_seconds);
    else if (signal_number != 0)
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_IO,
            nsk_tr(
                "the process that reads the file died (signal %d); the file is damaged, hostile, "
                "or needs more than %u MB"),
            signal_number, request->memory_mb);
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_IO,
            nsk_tr("the process that reads the file gave up (status %d); the file is damaged, "
                   "hostile, or needs more than %u MB"),
            WEXITSTATUS(status), request->memory_mb);
    else
        return true;
    return false;
}

static bool
start(Process *self, GBytes *pdf, const NskWorkerRequest *request, GError **error)
{
    int pdf_fd = seal_file(pdf, error);
    int request_fd = pdf_fd >= 0 ? open_request(request, error) : -1;
    bool done = request_fd >= 0 && spawn(self, request_fd, pdf_fd, error);

    close_fd(&pdf_fd);
    close_fd(&request_fd);
    return done;
}

bool
nsk_worker_run(GBytes *pdf,
               const NskWorkerRequest *request,
               unsigned wall_ms,
               GBytes **out_reply,
               GError **error)
{
    Process self = { .reply_fd = -1, .wall_ms = wall_ms };
    g_autoptr(GByteArray) reply = g_byte_array_new();

    self.deadline = g_get_monotonic_time() + (int64_t)wall_ms * 1000;
    if (!start(&self, pdf, request, error))
        return false;
    receive(&self, reply);
    close_fd(&self.reply_fd);
    int status = reap(&self);
    if (!check_end(&self, status, request, error))
        return false;
    *out_reply = g_byte_array_free_to_bytes(g_steal_pointer(&reply));
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The server: one process that writes to the office for everybody.
 *
 *   service   the writer and its lock; the workers
 *   socket    commands of this machine
 *
 * Whatever else takes requests is started after the service and stopped before it.
 */
#include "base/message.h"
#include "cli/commands.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Any thread: one call, one line. */
static void
log_line(const char *line, G_GNUC_UNUSED void *data)
{
    (void)fprintf(stderr, "naskah serve: %s\n", line);
}

/* Tells the service manager how it stands (sd_notify(3), "Standalone Implementations"). */
static void
notify(const char *state)
{
    const char *path = g_getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t size = path != NULL ? strlen(path) : 0;
    int fd = -1;

    if (size < 2 || size >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@') ||
        (fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) < 0)
        return;
    memcpy(address.sun_path, path, size);
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    (void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size));
    (void)close(fd);
}

/* Signals that end the server come to whoever waits for them, not to a thread that works. */
static void
hold_signals(sigset_t *signals)
{
    (void)sigemptyset(signals);
    (void)sigaddset(signals, SIGTERM);
    (void)sigaddset(signals, SIGINT);
    (void)sigaddset(signals, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, signals, NULL);
}

static bool
serve(NskOfficeService *service, const sigset_t *signals, GError **error)
{
    const NskServiceWork work = { &nsk_clock_system, log_line, NULL };
    const NskSocketOptions options = { .clock = &nsk_clock_system };
    int received;

    if (!nsk_office_service_start_work(service, &work, error))
        return false;
    NskOfficeSocket *socket = nsk_office_socket_start(service, &options, error);
    if (socket == NULL)
        return false;
    log_line(nsk_tr("the office is open; commands of this machine write through this server"),
             NULL);
    notify("READY=1");
    while (sigwait(signals, &received) == EINTR)
        continue;
    notify("STOPPING=1");
    log_line(nsk_tr("the office is being closed"), NULL);
    nsk_office_socket_stop(socket);
    return true;
}

static bool
run(NskCli *cli, GError **error)
{
    sigset_t signals;

    hold_signals(&signals);
    NskOfficeService *service = nsk_office_service_start(cli->dir, error);
    if (service == NULL)
        return false;
    bool ok = serve(service, &signals, error);
    nsk_office_service_stop(service);
    return ok;
}

const NskCommand nsk_command_serve = {
    .name = "serve",
    .summary = N_("run the office's server: commands write through it, workers follow"),
    .usage = "",
    .examples = "    naskah serve --dir kantor\n"
                "    kill -TERM PID                # ends it when everything is answered",
    .run = run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A demo office that is served: a process that watches, and its child that serves.
 *
 *   watcher   chooses the port, so that it stays the same; starts the child; starts it again if it
 *             was killed; passes signals on; ends as the child ends
 *   child     makes the office if there is none, and serves it
 *
 * INVARIANT: a child is started again only after SIGKILL and at most MOST_KILLS times: what breaks
 * by itself is seen.
 */
#include "cli/demo-serve.h"

#include "base/message.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_KILLS 50
#define SIGNER     "layanan-demo"
#define SIGNS      "sekar" /* the head of the bureau, and what the service calls her key */

/* --- The address ----------------------------------------------------------------------------- */

/* "127.0.0.1:8080". */
static bool
read_address(const char *listen, struct sockaddr_in *out_address, GError **error)
{
    const char *colon = strrchr(listen, ':');
    g_autofree char *host = colon != NULL ? g_strndup(listen, (size_t)(colon - listen)) : NULL;
    guint64 port;

    memset(out_address, 0, sizeof *out_address);
    out_address->sin_family = AF_INET;
    if (host != NULL && g_str_has_prefix(host, "127.") &&
        inet_pton(AF_INET, host, &out_address->sin_addr) == 1 &&
        g_ascii_string_to_unsigned(colon + 1, 10, 0, UINT16_MAX, &port, NULL)) {
        out_address->sin_port = htons((uint16_t)port);
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                nsk_tr("'%s' is no address of this machine alone; in a demo anybody can be "
                       "anybody, so it is served at one such as 127.0.0.1:8080"),
                listen);
    return false;
}

/* Whether @address can be listened at; if its port is 0 it gets a free one. */
static bool
try_address(struct sockaddr_in *address)
{
    socklen_t size = sizeof *address;
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return false;
    bool ok = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
              bind(fd, (const struct sockaddr *)address, sizeof *address) == 0 &&
              listen(fd, 1) == 0 && getsockname(fd, (struct sockaddr *)address, &size) == 0;
    (void)close(fd);
    return ok;
}

/* Where it is served: @listen, or at another port if that one is taken; owned. */
static char *
choose_address(const char *listen, GError **error)
{
    struct sockaddr_in address;
    char host[INET_ADDRSTRLEN];

    if (!read_address(listen, &address, error))
        return NULL;
    if (!try_address(&address)) {
        (void)fprintf(stderr, nsk_tr("%s is taken by another program; a free port is used\n"),
                      listen);
        address.sin_port = 0;
        if (!try_address(&address)) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot listen at '%s': %s"), listen,
                        g_strerror(errno));
            return NULL;
        }
    }
    (void)inet_ntop(AF_INET, &address.sin_addr, host, sizeof host);
    return g_strdup_printf("%s:%u", host, (unsigned)ntohs(address.sin_port));
}

typedef struct {
    NskCli *cli;
    const char *address;
    NskHttpDemo *shared;
    sigset_t signals;
    pid_t watcher;
    bool is_stopping;
} Watch;

/* --- The signing service --------------------------------------------------------------------- */

/* Whether the office knows the signer by these settings, and somebody signs by it. */
static bool
is_connected(const NskJson *list, const char *settings)
{
    const NskJson *signers = nsk_json_get(list, "signers");

    for (size_t i = 0; i < nsk_json_length(signers); i++) {
        const NskJson *signer = nsk_json_at(signers, i);
        g_autofree char *known = nsk_json_canonical(nsk_json_get(signer, "settings"));

        if (g_strcmp0(nsk_json_get_text(signer, "signer"), SIGNER) == 0)
            return strcmp(known, settings) == 0 &&
                   nsk_json_length(nsk_json_get(signer, "people")) > 0;
    }
    return false;
}

bool
nsk_cli_demo_connect_signer(NskOfficeService *service,
                            const NskCli *cli,
                            const char *address,
                            GError **error)
{
    const NskOfficeOptions options = { .dir = cli->dir,
                                       .service = service,
                                       .nobody = true,
                                       .clock = &nsk_clock_system };
    g_autofree char *settings =
        g_strdup_printf("{\"timeout\":10,\"url\":\"%s/coba/csc/v2\"}", address);
    const NskSignerEntry entry = { SIGNER, "csc", settings };
    const NskSignerAssignment head = { .person = SIGNS, .signer = SIGNER, .key = SIGNS };
    g_autoptr(NskJson) list = NULL;
    g_autoptr(NskJson) added = NULL;
    g_autoptr(NskJson) assigned = NULL;
    g_autoptr(NskOffice) office = nsk_office_open(&options, error);

    if (office == NULL || !nsk_office_signer_list(office, &list, error))
        return false;
    return is_connected(list, settings) ||
           (nsk_office_signer_add(office, &entry, &added, error) &&
            nsk_office_signer_assign(office, &head, &assigned, error));
}

/* --- The child ------------------------------------------------------------------------------- */

static bool
serve(const Watch *watch, bool is_first, GError **error)
{
    NskCli *cli = watch->cli;
    g_autofree char *file = g_build_filename(cli->dir, "office.db", NULL);

    if (!g_file_test(file, G_FILE_TEST_EXISTS)) {
        (void)puts(nsk_tr("A demo office is being made: an invented agency with the letters of "
                          "some weeks. This takes some seconds."));
        (void)fflush(stdout);
        if (!nsk_cli_demo_make(cli, error))
            return false;
    } else if (is_first) {
        (void)printf(nsk_tr("The demo office in %s is used again; to begin anew, delete that "
                            "folder\n"),
                     cli->dir);
    }
    return nsk_cli_serve_demo(cli, watch->address, watch->shared, error);
}

/* --- The watcher ----------------------------------------------------------------------------- */

/* In the child: true if all went well.  The child goes if the watcher does. */
static bool
be_child(Watch *watch, bool is_first, GError **error)
{
    sigset_t child;

    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    (void)pthread_sigmask(SIG_UNBLOCK, &child, NULL);
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != watch->watcher) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CANCELLED,
                            nsk_tr("the demo was ended while it was started"));
        return false;
    }
    return serve(watch, is_first, error);
}

/* Until the child ends: its status. */
static int
wait_for_child(Watch *watch, pid_t child)
{
    int status = 0;

    for (;;) {
        int received = 0;

        if (waitpid(child, &status, WNOHANG) == child)
            return status;
        if (sigwait(&watch->signals, &received) != 0 || received == SIGCHLD)
            continue;
        watch->is_stopping = true;
        (void)kill(child, SIGTERM);
    }
}

static bool
was_killed(int status)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* What the child ended with is what the demo ends with; the child has said why. */
static bool
tell_end(NskCli *cli, int status, GError **error)
{
    if (WIFEXITED(status)) {
        cli->status = WEXITSTATUS(status);
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INTERNAL,
                nsk_tr("the demo's server ended by signal %d"), WTERMSIG(status));
    return false;
}

bool
nsk_cli_demo_serve(NskCli *cli, const char *listen, GError **error)
{
    Watch watch = { .cli = cli, .watcher = getpid() };
    g_autofree char *address = choose_address(listen, error);

    if (address == NULL)
        return false;
    watch.address = address;
    watch.shared =
        mmap(NULL, sizeof *watch.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (watch.shared == MAP_FAILED) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot share memory: %s"),
                    g_strerror(errno));
        return false;
    }
    (void)sigemptyset(&watch.signals);
    (void)sigaddset(&watch.signals, SIGINT);
    (void)sigaddset(&watch.signals, SIGTERM);
    (void)sigaddset(&watch.signals, SIGHUP);
    (void)sigaddset(&watch.signals, SIGCHLD);
    (void)pthread_sigmask(SIG_BLOCK, &watch.signals, NULL);
    for (int n = 0;; n++) {
        (void)fflush(stdout);
        pid_t child = fork();
        if (child == 0)
            return be_child(&watch, n == 0, error);
        if (child < 0) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot start a process: %s"),
                        g_strerror(errno));
            return false;
        }
        int status = wait_for_child(&watch, child);
        if (!was_killed(status) || watch.is_stopping || n >= MOST_KILLS)
            return tell_end(cli, status, error);
        (void)puts(nsk_tr("The server was killed; it is started again"));
    }
}

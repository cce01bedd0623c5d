/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The server: one process that writes to the office for everybody.
 *
 *   service   the writer and its lock; the workers
 *   socket    commands of this machine
 *   site      browsers and programs, with --listen
 *
 * Whatever else takes requests is started after the service and stopped before it.
 *
 * It says on stderr how it stands; with --listen as JSON, a line each, like its requests.
 */
#include "base/message.h"
#include "cli/demo-serve.h"
#include "http/http.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#ifdef NSK_MIMALLOC
#include <mimalloc.h>
#endif

#define GIVE_BACK         1000 /* milliseconds after which memory that is free goes back */
#define WAIT_MOST         600  /* seconds */
#define CONNECTIONS_LEAST 16
#define CONNECTIONS_MOST  100000
#define PER_TOKEN_MOST    1000000

static char *listen_at;
static char *tls_cert;
static char *tls_key;
static char **proxies;
static char *admin_at;
static int wait_seconds;
static int connections;
static int per_address;
static int per_token;
static char *pages_at;
static NskHttpDemo *demo; /* of nsk_cli_serve_demo(): told to people, not as JSON */

static const GOptionEntry options[] = {
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen_at,
      N_("serve browsers at this address, or on this socket"), "ADDRESS:PORT|unix:PATH" },
    { "tls-cert", 0, 0, G_OPTION_ARG_FILENAME, &tls_cert,
      N_("the server's certificate with its chain, in PEM"), "FILE" },
    { "tls-key", 0, 0, G_OPTION_ARG_FILENAME, &tls_key, N_("the certificate's key, in PEM"),
      "FILE" },
    { "proxy", 0, 0, G_OPTION_ARG_STRING_ARRAY, &proxies,
      N_("believe this proxy about whom it speaks for; may be repeated"), "ADDRESS" },
    { "site", 0, 0, G_OPTION_ARG_STRING, &pages_at,
      N_("where people open the pages; with it they can sign in with passkeys"), "https://NAME" },
    { "admin", 0, 0, G_OPTION_ARG_STRING, &admin_at,
      N_("tell health and figures at this address of this machine"), "ADDRESS:PORT" },
    { "wait", 0, 0, G_OPTION_ARG_INT, &wait_seconds,
      N_("end a connection on which nothing comes further for so long (15 to 30)"), "SECONDS" },
    { "connections", 0, 0, G_OPTION_ARG_INT, &connections,
      N_("how many connections may be open (4096)"), "N" },
    { "per-address", 0, 0, G_OPTION_ARG_INT, &per_address,
      N_("how many of one address (100; of this machine as many as there may be)"), "N" },
    { "per-token", 0, 0, G_OPTION_ARG_INT, &per_token,
      N_("how many requests a minute of one program's token (6000)"), "N" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* Any thread: one call, one line. */
static void
log_request(const char *line, G_GNUC_UNUSED void *data)
{
    if (demo == NULL)
        (void)fprintf(stderr, "%s\n", line);
}

/* The same of what is about no request. */
static void
log_line(const char *line, G_GNUC_UNUSED void *data)
{
    if (listen_at == NULL) {
        (void)fprintf(stderr, "naskah serve: %s\n", line);
        return;
    }
    g_autoptr(NskJson) value = nsk_json_object();
    g_autofree char *at = nsk_instant_format(nsk_clock_now(&nsk_clock_system));
    nsk_json_set_text(value, "ts", at);
    nsk_json_set_text(value, "level", "info");
    nsk_json_set_text(value, "msg", line);
    g_autofree char *text = nsk_json_canonical(value);
    log_request(text, NULL);
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

/* 0 stands for what is usual. */
static bool
check_limits(GError **error)
{
    if (wait_seconds >= 0 && wait_seconds <= WAIT_MOST && connections >= 0 &&
        connections <= CONNECTIONS_MOST && (connections == 0 || connections >= CONNECTIONS_LEAST) &&
        per_address >= 0 && per_address <= CONNECTIONS_MOST && per_token >= 0 &&
        per_token <= PER_TOKEN_MOST)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("--wait takes 1 to %d seconds, --connections %d to %d, --per-address 1 to "
                       "%d, --per-token 1 to %d; leave out what is to be as usual"),
                WAIT_MOST, CONNECTIONS_LEAST, CONNECTIONS_MOST, CONNECTIONS_MOST, PER_TOKEN_MOST);
    return false;
}

/* Whether there is an option that is about browsers. */
static bool
says_how(void)
{
    return tls_cert != NULL || tls_key != NULL || proxies != NULL || admin_at != NULL ||
           pages_at != NULL || wait_seconds != 0 || connections != 0 || per_address != 0 ||
           per_token != 0;
}

/* A demo is opened on its own machine, where passkeys need a name; owned. */
static char *
find_demo_pages(void)
{
    const char *port = strrchr(listen_at, ':');

    return g_str_has_prefix(listen_at, "127.0.0.1:") && strcmp(port, ":0") != 0
               ? g_strconcat("http://localhost", port, NULL)
               : NULL;
}

/* *out_site stays NULL if nobody asked for one. */
static bool
start_site(NskOfficeService *service, const char *dir, NskHttpSite **out_site, GError **error)
{
    g_autofree char *demo_pages = demo != NULL ? find_demo_pages() : NULL;
    const NskHttpSiteOptions site = { .service = service,
                                      .dir = dir,
                                      .listen = listen_at,
                                      .tls_cert = tls_cert,
                                      .tls_key = tls_key,
                                      .proxies = (const char *const *)proxies,
                                      .pages = pages_at != NULL ? pages_at : demo_pages,
                                      .admin = admin_at,
                                      .wait_ms = (unsigned)wait_seconds * 1000,
                                      .connections = (unsigned)connections,
                                      .per_address = (unsigned)per_address,
                                      .per_token = (unsigned)per_token,
                                      .demo = demo,
                                      .clock = &nsk_clock_system,
                                      .log = log_request };

    if (listen_at == NULL) {
        if (!says_how())
            return true;
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("--tls-cert, --tls-key, --proxy, --site, --admin, --wait, "
                                   "--connections, --per-address and --per-token say how browsers "
                                   "and programs are served; give --listen as well"));
        return false;
    }
    if (!check_limits(error))
        return false;
    *out_site = nsk_http_site_start(&site, error);
    return *out_site != NULL;
}

static void
tell_addresses(const NskHttpSite *site)
{
    if (site == NULL)
        return;
    if (demo != NULL) {
        (void)printf(nsk_tr("Open %s in a browser of this machine; Ctrl-C ends the demo\n"),
                     nsk_http_site_get_address(site));
        (void)fflush(stdout);
    }
    g_autofree char *line =
        g_strdup_printf(nsk_tr("browsers are served at %s"), nsk_http_site_get_address(site));
    log_line(line, NULL);
    if (nsk_http_site_get_admin(site) == NULL)
        return;
    g_autofree char *admin =
        g_strdup_printf(nsk_tr("health and figures are told at %s"), nsk_http_site_get_admin(site));
    log_line(admin, NULL);
}

static void
reload(NskHttpSite *site)
{
    g_autoptr(GError) fault = NULL;

    notify("RELOADING=1");
    if (nsk_http_site_reload(site, &fault))
        log_line(nsk_tr("the certificate was read again"), NULL);
    else
        log_line(fault->message, NULL);
    notify("READY=1");
}

/* Until a signal ends it; SIGHUP ends a server without a site, as it ends any command. */
static void
wait_for_end(const sigset_t *signals, NskHttpSite *site)
{
    int received = 0;

    for (;;) {
        if (sigwait(signals, &received) != 0)
            continue;
        if (received != SIGHUP || site == NULL)
            return;
        reload(site);
    }
}

static bool
serve(NskOfficeService *service, const NskCli *cli, const sigset_t *signals, GError **error)
{
    const NskServiceWork work = { &nsk_clock_system, log_line, NULL, cli->at };
    const NskSocketOptions socket_options = { .clock = &nsk_clock_system };
    NskHttpSite *site = NULL;

    if (!nsk_office_service_start_work(service, &work, error) ||
        !start_site(service, cli->dir, &site, error))
        return false;
    bool ok = demo == NULL ||
              nsk_cli_demo_connect_signer(service, cli, nsk_http_site_get_address(site), error);
    NskOfficeSocket *socket = ok ? nsk_office_socket_start(service, &socket_options, error) : NULL;
    if (socket == NULL) {
        nsk_http_site_stop(site);
        return false;
    }
    log_line(nsk_tr("the office is open; commands of this machine write through this server"),
             NULL);
    tell_addresses(site);
    notify("READY=1");
    wait_for_end(signals, site);
    notify("STOPPING=1");
    log_line(nsk_tr("the office is being closed"), NULL);
    nsk_http_site_stop(site);
    nsk_office_socket_stop(socket);
    return true;
}

/* What one page gave back the next takes again: the usual 25 milliseconds would cost each some 40
 * faults of the memory. */
static void
keep_memory(void)
{
#ifdef NSK_MIMALLOC
#if MI_MALLOC_VERSION >= 210
    mi_option_set(mi_option_purge_delay, GIVE_BACK);
#else
    mi_option_set(mi_option_decommit_delay, GIVE_BACK);
#endif
#endif
}

static bool
run(NskCli *cli, GError **error)
{
    sigset_t signals;

    keep_memory();
    hold_signals(&signals);
    NskOfficeService *service = nsk_office_service_start(cli->dir, error);
    if (service == NULL)
        return false;
    bool ok = serve(service, cli, &signals, error);
    nsk_office_service_stop(service);
    return ok;
}

bool
nsk_cli_serve_demo(NskCli *cli, const char *listen, NskHttpDemo *shared, GError **error)
{
    demo = shared;
    listen_at = (char *)(uintptr_t)listen;
    return run(cli, error);
}

const NskCommand nsk_command_serve = {
    .name = "serve",
    .summary = N_("run the office's server: commands write through it, workers follow"),
    .usage = "",
    .examples = "    naskah serve --dir kantor\n"
                "    naskah serve --dir kantor --listen 127.0.0.1:8080 --proxy 127.0.0.1\n"
                "    naskah serve --dir kantor --listen 0.0.0.0:8443 --tls-cert c.pem --tls-key "
                "k.pem\n"
                "    kill -TERM PID                # ends it when everything is answered",
    .options = options,
    .run = run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a request may go.  The names are invented: this program answers for the system when
 * libcurl asks for their addresses, and sees each address that is connected to.
 */
#include "net/net-private.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <gmodule.h>
#include <netdb.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SEEN_MAX 16

/* --- Addresses ------------------------------------------------------------------------------- */

typedef union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} Address;

static Address
read_address(const char *text)
{
    Address address = { .v4 = { .sin_family = AF_INET } };

    if (inet_pton(AF_INET, text, &address.v4.sin_addr) == 1)
        return address;
    address = (Address){ .v6 = { .sin6_family = AF_INET6 } };
    g_assert_cmpint(inet_pton(AF_INET6, text, &address.v6.sin6_addr), ==, 1);
    return address;
}

static void
check_addresses(const char *const *texts, bool is_public)
{
    for (size_t i = 0; texts[i] != NULL; i++) {
        Address address = read_address(texts[i]);

        g_test_message("%s", texts[i]);
        g_assert_cmpint(nsk_net_is_public(&address.any), ==, is_public);
    }
}

static void
test_refused(void)
{
    /* the first and the last of each range */
    static const char *const texts[] = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.0.0",
        "169.254.169.254",
        "169.254.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.255",
        "192.0.2.0",
        "192.0.2.255",
        "192.88.99.0",
        "192.88.99.255",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.0",
        "198.51.100.255",
        "203.0.113.0",
        "203.0.113.255",
        "224.0.0.0",
        "239.255.255.255",
        "240.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "::10.0.0.1",
        "::ffff:0.0.0.0",
        "::ffff:10.1.2.3",
        "::ffff:100.64.1.1",
        "::ffff:127.0.0.1",
        "::ffff:192.168.1.1",
        "::ffff:0:10.1.2.3",
        "64:ff9b::10.1.2.3",
        "64:ff9b::127.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::1",
        "100::1",
        "1fff:ffff::1",
        "2001::",
        "2001:0:a00:1::1",
        "2001:1ff:ffff::",
        "2001:db8::1",
        "2001:db8:ffff::",
        "2002:0a00:0001::1",
        "2002:5db8:d822::1",
        "3fff::",
        "3fff:fff:ffff::",
        "4000::1",
        "fc00::1",
        "fdff:ffff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ffff::",
        NULL,
    };

    check_addresses(texts, false);
}

static void
test_public(void)
{
    /* what lies just beside the ranges */
    static const char *const texts[] = {
        "1.0.0.0",         "9.255.255.255",   "11.0.0.0",
        "100.63.255.255",  "100.128.0.0",     "126.255.255.255",
        "128.0.0.0",       "169.253.255.255", "169.255.0.0",
        "172.15.255.255",  "172.32.0.0",      "192.0.1.0",
        "192.0.3.0",       "192.88.98.255",   "192.88.100.0",
        "192.167.255.255", "192.169.0.0",     "198.17.255.255",
        "198.20.0.0",      "198.51.99.255",   "203.0.112.255",
        "223.255.255.255", "::ffff:8.8.8.8",  "64:ff9b::8.8.8.8",
        "2000::1",         "2001:200::1",     "2001:db7:ffff::1",
        "2001:db9::1",     "2003::1",         "2606:4700::1",
        "3ffe::1",         "3fff:1000::1",    NULL,
    };

    check_addresses(texts, true);
}

static void
test_self(void)
{
    static const struct {
        const char *text;
        bool is;
    } cases[] = {
        { "127.0.0.1", true },  { "127.9.9.9", true },        { "::1", true },
        { "10.0.0.1", false },  { "::ffff:127.0.0.1", true }, { "::2", false },
        { "8.8.8.8", false },   { "::ffff:8.8.8.8", false },  { "fe80::1", false },
        { "126.0.0.1", false }, { "128.0.0.1", false },       { "::", false },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Address address = read_address(cases[i].text);

        g_test_message("%s", cases[i].text);
        g_assert_cmpint(nsk_net_is_self(&address.any), ==, cases[i].is);
    }
}

/* --- A service, names, and what is connected to ------------------------------------------------
 */

typedef struct {
    int fd;
    uint16_t port;
    const char *answer; /* whole, of HTTP */
    GThread *thread;
    GString *got; /* all that came */
    gint connections;
} Service;

/* What the system says of names and is asked; one test at a time. */
static struct {
    GMutex lock;
    const char *says[4]; /* addresses, one after the other; the last for ever */
    int asked;
    int connected;
    Address to[SEEN_MAX];
    uint16_t port; /* of the service, to which all is led */
} world;

typedef int (*RealGetaddrinfo)(const char *,
                               const char *,
                               const struct addrinfo *,
                               struct addrinfo **);

static const char *
next_address(void)
{
    int n = MIN(world.asked, (int)G_N_ELEMENTS(world.says) - 1);

    while (n > 0 && world.says[n] == NULL)
        n--;
    world.asked++;
    return world.says[n];
}

/* In place of the system's, for libcurl, which is loaded after this program. */
G_MODULE_EXPORT int
getaddrinfo(const char *node,
            const char *service,
            const struct addrinfo *hints,
            struct addrinfo **out)
{
    RealGetaddrinfo real;

    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (node == NULL || strcmp(node, "surat.example") != 0)
        return real(node, service, hints, out);
    g_mutex_lock(&world.lock);
    const char *says = next_address();
    g_mutex_unlock(&world.lock);
    return real(says, service, hints, out);
}

/* Notes the address, and leads to the service whatever it is. */
G_MODULE_EXPORT int
connect(int fd, __CONST_SOCKADDR_ARG where, socklen_t size)
{
    const struct sockaddr *address = where.__sockaddr__;
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons(world.port),
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    bool led = address->sa_family == AF_INET && world.port != 0;

    g_mutex_lock(&world.lock);
    if (world.connected < SEEN_MAX)
        memcpy(&world.to[world.connected++], address, MIN(size, sizeof(Address)));
    g_mutex_unlock(&world.lock);
    return (int)syscall(SYS_connect, fd, led ? (const struct sockaddr *)(const void *)&to : address,
                        led ? sizeof to : size);
}

static void
serve_one(Service *self, int fd)
{
    char room[4096];
    ssize_t n;
    size_t head = self->got->len;

    while (strstr(self->got->str + head, "\r\n\r\n") == NULL &&
           (n = read(fd, room, sizeof room)) > 0)
        g_string_append_len(self->got, room, n);
    for (size_t at = 0, size = strlen(self->answer); at < size; at += (size_t)n)
        if ((n = send(fd, self->answer + at, size - at, MSG_NOSIGNAL)) <= 0)
            break;
    (void)close(fd);
}

static gpointer
serve(gpointer data)
{
    Service *self = data;
    int fd;

    while ((fd = accept(self->fd, NULL, NULL)) >= 0) {
        g_atomic_int_inc(&self->connections);
        serve_one(self, fd);
    }
    return NULL;
}

static void
service_start(Service *self, const char *answer)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t size = sizeof at;

    *self = (Service){ .answer = answer, .got = g_string_new(NULL) };
    self->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(self->fd, (const struct sockaddr *)(const void *)&at, sizeof at), ==, 0);
    g_assert_cmpint(listen(self->fd, 8), ==, 0);
    g_assert_cmpint(getsockname(self->fd, (struct sockaddr *)(void *)&at, &size), ==, 0);
    self->port = ntohs(at.sin_port);
    self->thread = g_thread_new("service", serve, self);
    memset(world.says, 0, sizeof world.says);
    world.asked = 0;
    world.connected = 0;
    world.port = self->port;
}

static void
service_stop(Service *self)
{
    (void)shutdown(self->fd, SHUT_RDWR);
    g_thread_join(self->thread);
    (void)close(self->fd);
    g_string_free(self->got, TRUE);
}

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nya"

/* Asks; @code: the error that is expected, -1: none. */
static void
ask(const NskNetRequest *request, int code, NskNetAnswer *out_answer)
{
    g_autoptr(GError) error = NULL;
    bool ok = nsk_net_ask(request, out_answer, &error);

    if (code < 0) {
        g_assert_no_error(error);
        g_assert_true(ok);
    } else {
        g_assert_false(ok);
        g_assert_error(error, NSK_ERROR, code);
    }
}

/* --- Where it may go ---------------------------------------------------------------------------
 */

static void
test_private_name(void)
{
    static const char *const addresses[] = {
        "127.0.0.1",       "10.1.2.3",        "192.168.1.1", "100.64.0.1",
        "169.254.169.254", "0.0.0.0",         "::1",         "fe80::1",
        "fd00::1",         "::ffff:10.0.0.1", NULL
    };
    Service service;

    service_start(&service, OK);
    g_autofree char *url = g_strdup_printf("http://surat.example:%u/", service.port);
    for (size_t i = 0; addresses[i] != NULL; i++) {
        const NskNetRequest request = { .url = url, .public_only = true };
        g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };

        g_test_message("%s", addresses[i]);
        world.says[0] = addresses[i];
        ask(&request, NSK_ERROR_DENIED, &answer);
        g_assert_cmpint(answer.end, ==, NSK_NET_UNSENT);
    }
    g_assert_cmpint(world.connected, ==, 0);
    g_assert_cmpint(g_atomic_int_get(&service.connections), ==, 0);
    service_stop(&service);
}

static void
test_written_address(void)
{
    /* as people hide it */
    static const char *const hosts[] = {
        "127.0.0.1",         "127.1", "0x7f.1",    "2130706433",
        "0177.0.0.1",        "[::1]", "localhost", "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]", "0",     NULL
    };
    Service service;

    service_start(&service, OK);
    for (size_t i = 0; hosts[i] != NULL; i++) {
        g_autofree char *url = g_strdup_printf("http://%s:%u/", hosts[i], service.port);
        const NskNetRequest request = { .url = url, .public_only = true };
        g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };

        g_test_message("%s", url);
        ask(&request, NSK_ERROR_DENIED, &answer);
    }
    g_assert_cmpint(world.connected, ==, 0);
    service_stop(&service);
}

static void
test_several_addresses(void)
{
    Service service;
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };

    service_start(&service, OK);
    g_autofree char *url = g_strdup_printf("http://banyak.example:%u/", service.port);
    g_autofree char *line = g_strdup_printf("banyak.example:%u:10.1.2.3,127.0.0.1", service.port);
    const char *const resolved[] = { line, NULL };
    const NskNetRequest request = { .url = url, .public_only = true, .resolved = resolved };
    ask(&request, NSK_ERROR_DENIED, &answer);
    g_assert_cmpint(world.connected, ==, 0);
    service_stop(&service);
}

/* A name that is public when it is looked at, and private a moment later. */
static void
test_rebinding(void)
{
    Service service;
    g_auto(NskNetAnswer) first = { .end = NSK_NET_UNSENT };
    g_auto(NskNetAnswer) second = { .end = NSK_NET_UNSENT };
    Address public = read_address("93.184.216.34");

    service_start(&service, OK);
    world.says[0] = "93.184.216.34";
    world.says[1] = "127.0.0.1";
    g_autofree char *url = g_strdup_printf("http://surat.example:%u/", service.port);
    const NskNetRequest request = { .url = url, .public_only = true };
    ask(&request, -1, &first);
    g_assert_cmpint(world.asked, ==, 1);
    g_assert_cmpint(world.connected, ==, 1);
    g_assert_cmpuint(world.to[0].v4.sin_addr.s_addr, ==, public.v4.sin_addr.s_addr);
    ask(&request, NSK_ERROR_DENIED, &second);
    g_assert_cmpint(world.connected, ==, 1);
    service_stop(&service);
}

static void
test_named_host(void)
{
    static const char *const near[] = { "lain.example", "Surat.Example", NULL };
    static const char *const others[] = { "lain.example", NULL };
    Service service;
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };
    g_auto(NskNetAnswer) refused = { .end = NSK_NET_UNSENT };

    service_start(&service, OK);
    world.says[0] = "127.0.0.1";
    g_autofree char *url = g_strdup_printf("http://surat.example:%u/", service.port);
    NskNetRequest request = { .url = url, .public_only = true, .near = near };
    ask(&request, -1, &answer);
    g_assert_cmpint(answer.status, ==, 200);
    request.near = others;
    ask(&request, NSK_ERROR_DENIED, &refused);
    service_stop(&service);
}

static void
test_secret(void)
{
    Service service;
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };

    service_start(&service, OK);
    world.says[0] = "93.184.216.34";
    g_autofree char *url = g_strdup_printf("http://surat.example:%u/", service.port);
    const NskNetRequest request = { .url = url, .public_only = true, .secret = true };
    ask(&request, NSK_ERROR_DENIED, &answer);
    g_assert_cmpint(world.connected, ==, 0);
    service_stop(&service);
}

/* --- What is sent and taken ------------------------------------------------------------------- */

static void
test_headers(void)
{
    static const char *const headers[] = { "webhook-id: msg_1",
                                           "webhook-signature: v1,YQ== v1,Yg==", NULL };
    static const char *const bad[][2] = {
        { "x: a\r\nHost: b", NULL }, { "x y: a", NULL }, { ": a", NULL }, { "x", NULL },
        { "x: \xc3\xa9", NULL },     { "", NULL }
    };
    Service service;
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };

    service_start(&service, OK);
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/", service.port);
    NskNetRequest request = { .url = url, .post = true, .headers = headers };
    ask(&request, -1, &answer);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_auto(NskNetAnswer) none = { .end = NSK_NET_UNSENT };

        request.headers = bad[i];
        ask(&request, NSK_ERROR_INVALID, &none);
    }
    g_assert_cmpint(g_atomic_int_get(&service.connections), ==, 1);
    g_assert_nonnull(strstr(service.got->str, "\r\nwebhook-id: msg_1\r\n"));
    g_assert_nonnull(strstr(service.got->str, "\r\nwebhook-signature: v1,YQ== v1,Yg==\r\n"));
    service_stop(&service);
}

static void
test_redirect(void)
{
    Service service;
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };

    service_start(&service, "HTTP/1.1 302 Found\r\nLocation: http://surat.example/rahasia\r\n"
                            "Content-Length: 0\r\nConnection: close\r\n\r\n");
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/", service.port);
    const NskNetRequest request = { .url = url };
    ask(&request, -1, &answer);
    g_assert_cmpint(answer.status, ==, 302);
    g_assert_cmpint(g_atomic_int_get(&service.connections), ==, 1);
    g_assert_cmpint(world.asked, ==, 0);
    service_stop(&service);
}

static void
test_too_long(void)
{
    Service service;
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };

    service_start(&service, OK);
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/", service.port);
    const NskNetRequest request = { .url = url, .limit = 1 };
    ask(&request, NSK_ERROR_LIMIT, &answer);
    g_assert_cmpint(answer.end, ==, NSK_NET_UNKNOWN);
    service_stop(&service);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/guard/what-is-not-public", test_refused);
    g_test_add_func("/net/guard/what-is-public", test_public);
    g_test_add_func("/net/guard/what-is-this-machine", test_self);
    g_test_add_func("/net/guard/a-name-of-a-private-address-is-refused", test_private_name);
    g_test_add_func("/net/guard/an-address-is-refused-however-it-is-written", test_written_address);
    g_test_add_func("/net/guard/each-of-several-addresses-is-judged", test_several_addresses);
    g_test_add_func("/net/guard/a-name-is-resolved-once-and-kept-to", test_rebinding);
    g_test_add_func("/net/guard/a-named-host-may-be-private", test_named_host);
    g_test_add_func("/net/guard/a-secret-needs-encryption", test_secret);
    g_test_add_func("/net/guard/headers-are-lines-of-their-own", test_headers);
    g_test_add_func("/net/guard/no-redirect-is-followed", test_redirect);
    g_test_add_func("/net/guard/an-answer-has-a-bound", test_too_long);
    return g_test_run();
}

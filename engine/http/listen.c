/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a server listens, and what an address says: whether it is this machine, whether a peer may
 * be believed about whom it speaks for.
 */
#include "base/message.h"
#include "http/http-private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define UNIX_PREFIX "unix:"
#define SOCKET_MODE 0660
#define BACKLOG     1024

typedef union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un local;
} Address;

/* --- What an address says -------------------------------------------------------------------- */

char *
nsk_http_address_text(const NskSockaddr *address)
{
    char text[INET6_ADDRSTRLEN] = "";

    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)address;

        (void)inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)address;

        if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
            (void)inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], text, sizeof text);
        else
            (void)inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
    }
    return g_strdup(text);
}

char *
nsk_http_address_key(const NskSockaddr *address)
{
    Address prefix = { .any = { .sa_family = address->sa_family } };

    if (address->sa_family != AF_INET6)
        return nsk_http_address_text(address);
    memcpy(&prefix.v6, address, sizeof prefix.v6);
    if (!IN6_IS_ADDR_V4MAPPED(&prefix.v6.sin6_addr))
        memset(&prefix.v6.sin6_addr.s6_addr[8], 0, 8);
    return nsk_http_address_text(&prefix.any);
}

static bool
read_address(const char *text, Address *out)
{
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, text, &out->v4.sin_addr) == 1)
        out->v4.sin_family = AF_INET;
    else if (inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1)
        out->v6.sin6_family = AF_INET6;
    else
        return false;
    return true;
}

char *
nsk_http_address_normal(const char *text)
{
    Address address;

    return read_address(text, &address) ? nsk_http_address_text(&address.any) : NULL;
}

char *
nsk_http_address_text_key(const char *text)
{
    Address address;

    return read_address(text, &address) ? nsk_http_address_key(&address.any) : g_strdup(text);
}

bool
nsk_http_address_is_loopback(const char *text)
{
    return g_str_has_prefix(text, "127.") || strcmp(text, "::1") == 0;
}

char *
nsk_http_forwarded_for(const char *list, const GHashTable *trusted)
{
    g_auto(GStrv) parts = g_strsplit(list, ",", -1);
    guint n = g_strv_length(parts);

    while (n-- > 0) {
        g_autofree char *address = nsk_http_address_normal(g_strstrip(parts[n]));

        if (address == NULL || n == 0 ||
            !g_hash_table_contains((GHashTable *)(uintptr_t)trusted, address))
            return g_steal_pointer(&address);
    }
    return NULL;
}

/* --- Listening ------------------------------------------------------------------------------- */

static int
fail_address(const char *text, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is no address to listen at; write ADDRESS:PORT such as 127.0.0.1:8080 "
                       "or [::1]:8080, or unix:PATH"),
                text);
    return -1;
}

static int
fail_listen(const char *text, int fd, GError **error)
{
    g_set_error(error, NSK_ERROR, errno == EADDRINUSE ? NSK_ERROR_BUSY : NSK_ERROR_IO,
                nsk_tr("cannot listen at '%s': %s"), text, nsk_reason(errno));
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

/* Splits "127.0.0.1:8080" and "[::1]:8080". */
static bool
read_place(const char *text, Address *out)
{
    const char *colon = strrchr(text, ':');
    guint64 port;

    if (colon == NULL || colon == text ||
        !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &port, NULL))
        return false;
    bool braced = text[0] == '[' && colon[-1] == ']';
    g_autofree char *host = braced ? g_strndup(text + 1, (size_t)(colon - text - 2))
                                   : g_strndup(text, (size_t)(colon - text));
    if (!read_address(host, out) || braced != (out->any.sa_family == AF_INET6))
        return false;
    if (braced)
        out->v6.sin6_port = htons((uint16_t)port);
    else
        out->v4.sin_port = htons((uint16_t)port);
    return true;
}

static char *
name_place(int fd)
{
    Address address = { 0 };
    socklen_t size = sizeof address;

    (void)getsockname(fd, &address.any, &size);
    g_autofree char *text = nsk_http_address_text(&address.any);
    bool is_v6 = address.any.sa_family == AF_INET6;
    unsigned port = ntohs(is_v6 ? address.v6.sin6_port : address.v4.sin_port);
    return g_strdup_printf(is_v6 ? "[%s]:%u" : "%s:%u", text, port);
}

static int
listen_tcp(const char *text, char **out_name, bool *out_public, GError **error)
{
    const int one = 1;
    Address address;

    if (!read_place(text, &address))
        return fail_address(text, error);
    bool is_v6 = address.any.sa_family == AF_INET6;
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
        bind(fd, &address.any, is_v6 ? sizeof address.v6 : sizeof address.v4) != 0 ||
        listen(fd, BACKLOG) != 0)
        return fail_listen(text, fd, error);
    g_autofree char *host = nsk_http_address_text(&address.any);
    *out_public = !nsk_http_address_is_loopback(host);
    *out_name = name_place(fd);
    return fd;
}

/* A socket that nobody listens at is one of a process that died: it makes place. */
static void
remove_dead(const struct sockaddr_un *address)
{
    struct stat st;
    int fd = -1;

    if (lstat(address->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode) ||
        (fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
        return;
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 &&
        errno == ECONNREFUSED)
        (void)unlink(address->sun_path);
    (void)close(fd);
}

static int
listen_unix(const char *text, char **out_name, GError **error)
{
    const char *path = text + strlen(UNIX_PREFIX);
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t size = strlen(path);

    if (size == 0 || size >= sizeof address.sun_path)
        return fail_address(text, error);
    memcpy(address.sun_path, path, size);
    remove_dead(&address);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        chmod(path, SOCKET_MODE) != 0 || listen(fd, BACKLOG) != 0)
        return fail_listen(text, fd, error);
    *out_name = g_strdup(text);
    return fd;
}

int
nsk_http_listen(const char *text, char **out_name, bool *out_public, GError **error)
{
    *out_public = false;
    if (g_str_has_prefix(text, UNIX_PREFIX))
        return listen_unix(text, out_name, error);
    return listen_tcp(text, out_name, out_public, error);
}

void
nsk_http_unlisten(const char *name)
{
    if (g_str_has_prefix(name, UNIX_PREFIX))
        (void)unlink(name + strlen(UNIX_PREFIX));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int
client_connect(const char *address)
{
    struct sockaddr_in place = { .sin_family = AF_INET };
    struct sockaddr_un local = { .sun_family = AF_UNIX };
    gboolean is_local = g_str_has_prefix(address, "unix:");
    int fd = socket(is_local ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    g_assert_cmpint(fd, >=, 0);
    if (is_local) {
        g_strlcpy(local.sun_path, address + 5, sizeof local.sun_path);
        g_assert_cmpint(connect(fd, (struct sockaddr *)&local, sizeof local), ==, 0);
        return fd;
    }
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    place.sin_port = htons((guint16)g_ascii_strtoull(strrchr(address, ':') + 1, NULL, 10));
    g_assert_cmpint(connect(fd, (struct sockaddr *)&place, sizeof place), ==, 0);
    return fd;
}

void
client_send(int fd, const void *data, gsize size)
{
    const char *at = data;

    while (size > 0) {
        gssize sent = send(fd, at, size, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return; /* refused before all was sent */
        at += sent;
        size -= (gsize)sent;
    }
}

char *
client_read(int fd, int ms, gboolean *out_closed)
{
    GString *out = g_string_new(NULL);
    struct pollfd waiting = { .fd = fd, .events = POLLIN };
    char room[8192];
    gssize got = 1;

    while (poll(&waiting, 1, ms) > 0 && (got = recv(fd, room, sizeof room, 0)) > 0)
        g_string_append_len(out, room, got);
    if (out_closed != NULL)
        *out_closed = got <= 0;
    return g_string_free(out, FALSE);
}

char *
client_ask(const char *address, const char *text)
{
    int fd = client_connect(address);

    client_send(fd, text, strlen(text));
    char *answer = client_read(fd, 5000, NULL);
    close(fd);
    return answer;
}

unsigned
client_count(const char *text)
{
    unsigned n = 0;

    for (const char *at = text; (at = strstr(at, "HTTP/1.1 ")) != NULL; at++)
        n++;
    return n;
}

unsigned
client_status(const char *text)
{
    return g_str_has_prefix(text, "HTTP/1.1 ") ? (unsigned)g_ascii_strtoull(text + 9, NULL, 10) : 0;
}

char *
client_header(const char *text, const char *name)
{
    const char *end = strstr(text, "\r\n\r\n");
    g_autofree char *head = g_strndup(text, end != NULL ? (gsize)(end - text) : 0);
    g_auto(GStrv) lines = g_strsplit(head, "\r\n", -1);
    gsize size = strlen(name);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (g_ascii_strncasecmp(lines[i], name, size) == 0 && lines[i][size] == ':')
            return g_strdup(g_strstrip(lines[i] + size + 1));
    }
    return NULL;
}

const char *
client_content(const char *text)
{
    const char *end = strstr(text, "\r\n\r\n");

    return end != NULL ? end + 4 : "";
}

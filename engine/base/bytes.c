/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"

#include "base/message.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
nsk_hex_write(const void *data, size_t size, char *out)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *bytes = data;

    for (size_t i = 0; i < size; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 0x0f];
    }
    out[size * 2] = '\0';
}

char *
nsk_hex(const void *data, size_t size)
{
    char *hex = g_malloc(size * 2 + 1);

    nsk_hex_write(data, size, hex);
    return hex;
}

bool
nsk_unhex(const char *hex, uint8_t *out, size_t size)
{
    if (strlen(hex) != size * 2 || strspn(hex, "0123456789abcdef") != size * 2)
        return false;
    for (size_t i = 0; i < size; i++)
        out[i] =
            (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
    return true;
}

char *
nsk_base64url(const void *data, size_t size)
{
    char *text = g_base64_encode(data, size);

    g_strdelimit(g_strdelimit(text, "+", '-'), "/", '_');
    text[strcspn(text, "=")] = '\0';
    return text;
}

GBytes *
nsk_base64url_read(const char *text)
{
    static const char padding[] = "===";
    gsize size = 0;
    size_t length = strlen(text);

    if (length % 4 == 1)
        return NULL;
    for (const char *c = text; *c != '\0'; c++) {
        if (!g_ascii_isalnum(*c) && *c != '-' && *c != '_')
            return NULL;
    }
    g_autofree char *plain = g_strconcat(text, padding + 3 - (4 - length % 4) % 4, NULL);
    g_strdelimit(g_strdelimit(plain, "-", '+'), "_", '/');
    guchar *data = g_base64_decode(plain, &size);
    g_autoptr(GBytes) bytes = g_bytes_new_take(data, size);
    /* two texts must not spell the same: bits that do not count have to be 0 */
    g_autofree char *again = nsk_base64url(data, size);
    return strcmp(again, text) == 0 ? g_steal_pointer(&bytes) : NULL;
}

/* What could not be done, and the reason that errno has. */
static void G_GNUC_PRINTF(2, 3) set_io_error(GError **error, const char *format, ...)
{
    int code = errno;
    bool unreachable = code == ENOENT || code == ENOTDIR || code == EACCES || code == ELOOP ||
                       code == EISDIR || code == EROFS || code == ENAMETOOLONG || code == EPERM;
    va_list args;

    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, NSK_ERROR, unreachable ? NSK_ERROR_NOT_FOUND : NSK_ERROR_IO, "%s: %s", what,
                nsk_reason(code));
}

/* Reads @size bytes of @fd into a new block. */
static GBytes *
read_all(int fd, size_t size, const char *path, GError **error)
{
    g_autofree uint8_t *data = g_malloc(size > 0 ? size : 1);
    size_t done = 0;

    while (done < size) {
        ssize_t n = read(fd, data + done, size - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            set_io_error(error, nsk_tr("cannot read '%s'"), path);
            return NULL;
        }
        if (n == 0)
            break;
        done += (size_t)n;
    }
    return g_bytes_new_take(g_steal_pointer(&data), done);
}

GBytes *
nsk_file_read(const char *path, size_t limit, GError **error)
{
    struct stat st;
    GBytes *bytes = NULL;
    int fd =
        open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); /* a pipe is not waited for */

    if (fd < 0 || fstat(fd, &st) != 0) {
        set_io_error(error, nsk_tr("cannot open '%s'"), path);
    } else if (!S_ISREG(st.st_mode)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("'%s' is not a file"), path);
    } else if ((uint64_t)st.st_size > limit) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("'%s' has %lld bytes; the limit here is %zu"), path,
                    (long long)st.st_size, limit);
    } else {
        bytes = read_all(fd, (size_t)st.st_size, path, error);
    }
    if (fd >= 0)
        close(fd);
    return bytes;
}

bool
nsk_utf8_is_valid(const void *data, size_t size)
{
    const uint64_t high = UINT64_C(0x8080808080808080), ones = UINT64_C(0x0101010101010101);
    const char *at = data;
    uint64_t block;

    /* nearly all that comes is ASCII: eight bytes at once, none with the high bit and none zero */
    for (; size >= sizeof block; at += sizeof block, size -= sizeof block) {
        memcpy(&block, at, sizeof block);
        if (((block | (block - ones)) & high) != 0)
            break;
    }
    return size == 0 || g_utf8_validate_len(at, size, NULL);
}

bool
nsk_write_all(int fd, const void *data, size_t size)
{
    const uint8_t *at = data;

    while (size > 0) {
        ssize_t n = write(fd, at, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

bool
nsk_file_write(const char *path, const void *data, size_t size, int mode, GError **error)
{
    g_autofree char *temporary = g_strdup_printf("%s.XXXXXX", path);
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, mode);

    if (fd < 0) {
        set_io_error(error, nsk_tr("cannot create '%s'"), path);
        return false;
    }
    bool ok = nsk_write_all(fd, data, size) && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    if (!ok || rename(temporary, path) != 0) {
        set_io_error(error, nsk_tr("cannot write '%s'"), path);
        (void)unlink(temporary);
        return false;
    }
    return nsk_dir_sync(folder, error);
}

bool
nsk_dir_sync(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (!ok)
        set_io_error(error, nsk_tr("cannot sync '%s'"), path);
    if (fd >= 0)
        close(fd);
    return ok;
}

void
nsk_folder_remove(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *child = g_build_filename(path, name, NULL);

        if (unlink(child) != 0)
            nsk_folder_remove(child);
    }
    (void)rmdir(path);
}

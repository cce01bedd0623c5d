/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A body on the disk: a file that never has a name (O_TMPFILE), so that nothing is left of it when
 * the process dies, with the SHA-256 of what was written.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "http/http-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct _NskHttpSpool {
    int fd;
    uint64_t size;
    GChecksum *sum;
};

/* On a file system that has no O_TMPFILE. */
static int
open_and_unlink(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "body-XXXXXX", NULL);
    int fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0)
        (void)unlink(path);
    return fd;
}

NskHttpSpool *
nsk_http_spool_new(const char *folder, GError **error)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
        fd = open_and_unlink(folder);
    if (fd < 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot make a file in '%s': %s"),
                    folder, nsk_reason(errno));
        return NULL;
    }
    NskHttpSpool *self = g_new0(NskHttpSpool, 1);
    self->fd = fd;
    self->sum = g_checksum_new(G_CHECKSUM_SHA256);
    return self;
}

void
nsk_http_spool_free(NskHttpSpool *self)
{
    if (self == NULL)
        return;
    if (self->fd >= 0)
        (void)close(self->fd);
    g_checksum_free(self->sum);
    g_free(self);
}

bool
nsk_http_spool_write(NskHttpSpool *self, const void *data, size_t size, GError **error)
{
    if (!nsk_write_all(self->fd, data, size)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO,
                    nsk_tr("cannot write what is being sent to the disk: %s"), nsk_reason(errno));
        return false;
    }
    g_checksum_update(self->sum, data, (gssize)size);
    self->size += size;
    return true;
}

NskHttpFile *
nsk_http_spool_finish(NskHttpSpool *self, GError **error)
{
    NskHttpFile *file = NULL;

    if (lseek(self->fd, 0, SEEK_SET) == 0) {
        file = g_new0(NskHttpFile, 1);
        file->fd = self->fd;
        file->size = self->size;
        g_strlcpy(file->sha256, g_checksum_get_string(self->sum), sizeof file->sha256);
        self->fd = -1;
    } else {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO,
                    nsk_tr("cannot write what is being sent to the disk: %s"), nsk_reason(errno));
    }
    nsk_http_spool_free(self);
    return file;
}

void
nsk_http_file_free(NskHttpFile *self)
{
    if (self == NULL)
        return;
    if (self->fd >= 0)
        (void)close(self->fd);
    g_free(self->field);
    g_free(self->name);
    g_free(self->type);
    g_free(self);
}

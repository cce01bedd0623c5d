/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets in pages of their own: locked, left out of core dumps, not inherited by children, and
 * overwritten before they are given back.
 */
#include "base/locked.h"

#include "base/limits.h"
#include "base/message.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct _NskLocked {
    gatomicrefcount refs;
    size_t size;
    char text[];
};

static size_t
page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* The whole pages that a secret of @size bytes takes. */
static size_t
block_size(size_t size)
{
    size_t page = page_size();

    return (sizeof(NskLocked) + size + 1 + page - 1) / page * page;
}

/* The system call itself: sanitizers make a function of mlock() that does nothing. */
static long
lock_pages(void *at, size_t size)
{
    return syscall(SYS_mlock, at, size);
}

static NskLocked *
reserve(size_t size, GError **error)
{
    size_t block = block_size(size);

    if (size > NSK_LIMIT_SECRET) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("a passphrase, PIN or code has at most %d bytes"), NSK_LIMIT_SECRET);
        return NULL;
    }
    NskLocked *self = mmap(NULL, block, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (self == MAP_FAILED || lock_pages(self, block) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO,
                    nsk_tr("cannot keep a secret in locked memory: %s; raise the limit of locked "
                           "memory (ulimit -l)"),
                    nsk_reason(errno));
        if (self != MAP_FAILED)
            munmap(self, block);
        return NULL;
    }
    (void)madvise(self, block, MADV_DONTDUMP);
    (void)madvise(self, block, MADV_DONTFORK);
    g_atomic_ref_count_init(&self->refs);
    self->size = size;
    return self;
}

static void
release(NskLocked *self)
{
    size_t block = block_size(self->size);

    explicit_bzero(self, block);
    munmap(self, block);
}

/* @self, or NULL if there is a NUL in it. */
static NskLocked *
check(NskLocked *self, GError **error)
{
    if (memchr(self->text, '\0', self->size) == NULL)
        return self;
    release(self);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("a passphrase, PIN or code cannot have a NUL byte in it"));
    return NULL;
}

NskLocked *
nsk_locked_new(const void *secret, size_t size, GError **error)
{
    NskLocked *self = reserve(size, error);

    if (self == NULL)
        return NULL;
    if (size > 0)
        memcpy(self->text, secret, size);
    return check(self, error);
}

/* Reads one byte; false with @error set at the end too. */
static bool
read_byte(int fd, char *out_byte, GError **error)
{
    for (;;) {
        ssize_t n = read(fd, out_byte, 1);

        if (n == 1)
            return true;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot read a secret: %s"),
                        nsk_reason(errno));
        else
            g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CANCELLED,
                                nsk_tr("no passphrase, PIN or code was given"));
        return false;
    }
}

NskLocked *
nsk_locked_read(int fd, size_t size, GError **error)
{
    NskLocked *self = reserve(size, error);

    for (size_t i = 0; self != NULL && i < size; i++) {
        if (!read_byte(fd, &self->text[i], error)) {
            release(self);
            return NULL;
        }
    }
    return self != NULL ? check(self, error) : NULL;
}

NskLocked *
nsk_locked_read_line(int fd, GError **error)
{
    g_autoptr(GError) ended = NULL;
    NskLocked *self = reserve(NSK_LIMIT_SECRET, error);
    size_t n = 0;
    char byte = '\0';

    if (self == NULL)
        return NULL;
    while (n <= NSK_LIMIT_SECRET && read_byte(fd, &byte, &ended) && byte != '\n' &&
           n < NSK_LIMIT_SECRET)
        self->text[n++] = byte;
    bool whole = ended == NULL ? byte == '\n'
                               : n > 0 && g_error_matches(ended, NSK_ERROR, NSK_ERROR_CANCELLED);
    if (n > 0 && self->text[n - 1] == '\r')
        n--;
    NskLocked *line = whole ? nsk_locked_new(self->text, n, error) : NULL;
    byte = '\0';
    release(self);
    if (!whole && ended != NULL)
        g_propagate_error(error, g_steal_pointer(&ended));
    else if (!whole)
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("a passphrase, PIN or code has at most %d bytes"), NSK_LIMIT_SECRET);
    return line;
}

NskLocked *
nsk_locked_ref(NskLocked *self)
{
    g_atomic_ref_count_inc(&self->refs);
    return self;
}

void
nsk_locked_unref(NskLocked *self)
{
    if (self != NULL && g_atomic_ref_count_dec(&self->refs))
        release(self);
}

const char *
nsk_locked_text(const NskLocked *self)
{
    return self->text;
}

size_t
nsk_locked_size(const NskLocked *self)
{
    return self->size;
}

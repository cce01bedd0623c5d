/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include <stdbool.h>
#include <stddef.h>

/*
 * A passphrase, PIN or code in memory that is never written to a swap file or a core dump, and is
 * overwritten when it is freed.  A value: immutable, any thread.
 *
 * Such a secret has no NUL in it and at most NSK_LIMIT_SECRET bytes.  Where the system refuses to
 * lock even one page (RLIMIT_MEMLOCK of 0), it is not made.
 */
typedef struct _NskLocked NskLocked;

/* A copy of @size bytes; the caller wipes his own.  Errors: LIMIT, INVALID if there is a NUL in it,
 * IO if memory cannot be locked. */
NskLocked *nsk_locked_new(const void *secret, size_t size, GError **error);
/*
 * The first line that comes from @fd (a terminal, a pipe, a file), without its end; read a byte at
 * a time, so that what follows stays unread.  Errors: CANCELLED if nothing came; LIMIT; IO.
 */
NskLocked *nsk_locked_read_line(int fd, GError **error);
/* Exactly @size bytes from @fd, straight into locked memory.  Errors: as above. */
NskLocked *nsk_locked_read(int fd, size_t size, GError **error);
NskLocked *nsk_locked_ref(NskLocked *self);
void nsk_locked_unref(NskLocked *self);
/* With a NUL behind it; borrowed. */
const char *nsk_locked_text(const NskLocked *self);
size_t nsk_locked_size(const NskLocked *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskLocked, nsk_locked_unref)

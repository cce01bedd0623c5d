/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define NSK_API __attribute__((visibility("default")))

/**
 * NskError:
 * @NSK_ERROR_INVALID: the caller's input is wrong; the message names the part.
 * @NSK_ERROR_NOT_FOUND: the named thing does not exist, or the asker may not know of it.
 * @NSK_ERROR_CONFLICT: the thing changed since the caller read it; read again.
 * @NSK_ERROR_DENIED: the rules do not let this person do this now.
 * @NSK_ERROR_BUSY: nothing was changed; the same call may succeed later.
 * @NSK_ERROR_LIMIT: a limit would be passed; nothing was changed.
 * @NSK_ERROR_IO: disk, network or a foreign library failed; nothing was changed.
 * @NSK_ERROR_CORRUPT: stored data is not what was stored.
 * @NSK_ERROR_UNTRUSTED: a signature or a history does not hold.
 * @NSK_ERROR_EXPIRED: a mandate, certificate or session is over.
 * @NSK_ERROR_CANCELLED: the caller gave up; nothing was changed.
 * @NSK_ERROR_UNSUPPORTED: well formed, but this program does not do it.
 * @NSK_ERROR_UNCERTAIN: the write may or may not have happened; ask again with the same
 *   request id.
 * @NSK_ERROR_INTERNAL: a rule inside the program was broken; a bug.
 * @NSK_ERROR_GONE: it existed and was destroyed by rule; the message names what is left of it.
 *
 * What went wrong, by what the caller can do about it.  Exit status (engine/cli/exit.c) and
 * HTTP status are tables over this code alone.
 */
typedef enum {
    NSK_ERROR_INVALID,
    NSK_ERROR_NOT_FOUND,
    NSK_ERROR_CONFLICT,
    NSK_ERROR_DENIED,
    NSK_ERROR_BUSY,
    NSK_ERROR_LIMIT,
    NSK_ERROR_IO,
    NSK_ERROR_CORRUPT,
    NSK_ERROR_UNTRUSTED,
    NSK_ERROR_EXPIRED,
    NSK_ERROR_CANCELLED,
    NSK_ERROR_UNSUPPORTED,
    NSK_ERROR_UNCERTAIN,
    NSK_ERROR_INTERNAL,
    NSK_ERROR_GONE,
} NskError;

#define NSK_ERROR (nsk_error_quark())

NSK_API GQuark nsk_error_quark(void);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include "base/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * How processes of one machine speak with the server of an office: a Unix stream socket in the
 * office's folder, and frames on it.  Both sides are one program, perhaps of two versions; neither
 * believes the other.
 *
 * A frame, numbers big-endian:
 *
 *      0   4  "NskF"
 *      4   2  version of the format, 1
 *      6   2  n, how many parts
 *      8   4  bytes of the text
 *     12   4  bytes of all the parts with their lengths
 *     16      the text: a JSON object
 *             n parts: 4 bytes length, then that many bytes
 *
 * Parts hold what is secret or large.  The memory that a frame was in is overwritten when the last
 * reference to it goes.
 */
#define NSK_FRAME_HEAD 16

/* A frame that was received.  All owned; the parts share one block. */
typedef struct {
    NskJson *value;
    size_t n_parts;
    GBytes **parts;
} NskFrame;
void nsk_frame_free(NskFrame *self);

/* Errors: LIMIT. */
GBytes *nsk_frame_encode(const NskJson *value, GBytes *const *parts, size_t n, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* How many bytes follow the head.  Errors: INVALID if this is no frame; UNSUPPORTED if it is one of
 * another version; LIMIT. */
bool nsk_frame_measure(const uint8_t head[NSK_FRAME_HEAD], size_t *out_size, GError **error);
/* @bytes: head and all that follows it.  Errors: as nsk_frame_measure(). */
NskFrame *nsk_frame_decode(GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Bytes of @text with its NUL, overwritten when they go; NULL for NULL. */
GBytes *nsk_secret_new(const char *text);

/* --- The socket.  Descriptors are closed by the caller; any thread. --- */

/*
 * Listens on the socket @name in the folder @dir, mode 0600.  One that is there is removed first:
 * the caller makes sure that nobody listens there.  The name of a socket may have 107 bytes, that
 * of a folder more: the folder is opened, and the socket is named below /proc/self/fd.
 * Returns -1 with @error set.  Errors: IO.
 */
int nsk_ipc_listen(const char *dir, const char *name, GError **error);
/* Connects to it.  *out_fd is -1 if nobody listens there, or nobody whom this process may ask.
 * Errors: BUSY, IO. */
bool nsk_ipc_connect(const char *dir, const char *name, int *out_fd, GError **error);
/* Who is at the other end (SO_PEERCRED): the user when it connected. */
bool nsk_ipc_peer(int fd, uid_t *out_uid, GError **error);

/* How long to wait for the other end. */
typedef struct {
    unsigned silence_ms; /* without any byte moving */
    unsigned whole_ms;   /* in all */
    int stop_fd;         /* readable: give up at once; -1: there is none */
} NskIpcPatience;

/* Errors: BUSY if it was given up; IO. */
bool nsk_ipc_send(int fd, GBytes *frame, const NskIpcPatience *patience, GError **error);
/* Errors: as nsk_frame_decode(); BUSY if it was given up, before the deadline only because of
 * stop_fd; IO, also if the other end closed. */
NskFrame *nsk_ipc_receive(int fd, const NskIpcPatience *patience, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskFrame, nsk_frame_free)

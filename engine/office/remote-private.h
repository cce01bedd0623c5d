/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ipc/ipc.h"
#include "office/office-private.h"

/* What a command and the server of its office share: the use cases that change something. */

#define NSK_SOCKET_NAME "naskah.sock" /* in the office's folder */

/* A use case that may be asked for through the socket; static. */
typedef struct _NskCall NskCall;

/* --- call.c --- */

/* NULL if there is none of that name. */
const NskCall *nsk_call_find(const char *name);
const char *nsk_call_get_name(const NskCall *self);
/* Its arguments: numbers and the places of @parts as a JSON object; texts and files are added to
 * @parts (GBytes). */
NskJson *nsk_call_encode(const NskCall *self, const void *arguments, GPtrArray *parts);
/* The arguments as the use case takes them, pointing into @frame; freed with g_free().  Errors:
 * INVALID. */
gpointer nsk_call_decode(const NskCall *self, const NskFrame *frame, GError **error);
/* Whether it is for the owner of the folder alone, who need be nobody in the office. */
bool nsk_call_is_owners(const NskCall *self);
/* Does it here. */
bool nsk_call_run(const NskCall *self,
                  NskOffice *office,
                  const void *arguments,
                  NskJson **out_result,
                  GError **error);

/* --- remote.c --- */

/*
 * Finds out how this handle may write: *out_fd is a connection to the server of the office, or -1
 * if the handle writes itself.  Waits for whoever else writes, up to 10 seconds.  Errors: BUSY, IO.
 */
bool nsk_remote_reach(NskOffice *self, int *out_fd, GError **error);
/* Has the server at @fd do it, and closes the connection.  Errors: those of the use case; BUSY;
 * UNCERTAIN. */
bool nsk_remote_call(NskOffice *self,
                     int fd,
                     const NskCall *call,
                     const void *arguments,
                     NskJson **out_result,
                     GError **error);
/* Sets @fault, which it takes, as the error; to one that leaves it open whether the request was
 * done it adds how to repeat it.  Returns false. */
bool nsk_remote_explain(GError *fault, const char *request_id, GError **error);

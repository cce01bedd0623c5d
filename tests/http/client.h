/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Bytes on a socket, as anybody may send them. */

/* Connects to "http://127.0.0.1:PORT" or "unix:PATH". */
int client_connect(const char *address);
void client_send(int fd, const void *data, gsize size);
/* All that comes until the other end closes, or nothing comes for @ms milliseconds; *out_closed
 * (may be NULL) says which. */
char *client_read(int fd, int ms, gboolean *out_closed);
/* Sends @text on a connection of its own, and reads. */
char *client_ask(const char *address, const char *text);
/* How many answers there are in @text: status lines. */
unsigned client_count(const char *text);
/* The status of the first; 0 if there is none. */
unsigned client_status(const char *text);
/* The value of a header of the first, freed with g_free(); NULL. */
char *client_header(const char *text, const char *name);
/* Where the first's content begins. */
const char *client_content(const char *text);

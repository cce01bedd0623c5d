/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lower-case hex of @size bytes.  Freed with g_free(). */
char *nsk_hex(const void *data, size_t size);
/* The same into @out, of 2 * @size + 1 bytes. */
void nsk_hex_write(const void *data, size_t size, char *out);
/* Reads exactly 2 * @size lower-case hex digits into @out. */
bool nsk_unhex(const char *hex, uint8_t *out, size_t size);
/* base64url without padding (RFC 4648, section 5).  Freed with g_free(). */
char *nsk_base64url(const void *data, size_t size);
/* The bytes that @text spells; owned.  NULL if it is not exactly what nsk_base64url() writes. */
GBytes *nsk_base64url_read(const char *text);

/* Removes a folder with all that is in it, as far as it can; follows no links. */
void nsk_folder_remove(const char *path);
/* Reads a whole file of at most @limit bytes.  Errors: NOT_FOUND if it is not there or may not be
 * read, INVALID if it is no file, LIMIT, IO; the message names the file. */
GBytes *nsk_file_read(const char *path, size_t limit, GError **error);
/*
 * Writes a whole file so that after a crash there is the old file or the new one: temporary
 * file, fsync, rename, fsync of the directory.  @mode as for open(2).  Errors: IO.
 */
bool nsk_file_write(const char *path, const void *data, size_t size, int mode, GError **error);
/* Whether the bytes (NULL only if there are none) are UTF-8 without NUL. */
bool nsk_utf8_is_valid(const void *data, size_t size);
/* Writes all of it, going on after an interruption.  False with errno set if that failed. */
bool nsk_write_all(int fd, const void *data, size_t size);
/* Fsyncs a directory.  Errors: IO. */
bool nsk_dir_sync(const char *path, GError **error);

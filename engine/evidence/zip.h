/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * A zip archive (PKWARE APPNOTE 6.3.10) in its plainest form: every member is stored as it is,
 * names are UTF-8, there is no comment, no extra field and no zip64.  What is stored cannot be a
 * bomb, and the same members give the same bytes.
 */
typedef struct _NskZipWriter NskZipWriter;

NskZipWriter *nsk_zip_writer_new(void);
void nsk_zip_writer_free(NskZipWriter *self);
/* Adds a member; @name has been checked.  Members are said to be of 1980-01-01, the first day that
 * the form knows.  Errors: LIMIT over NSK_LIMIT_PACKAGE bytes or 65,535 members. */
bool nsk_zip_writer_add(NskZipWriter *self, const char *name, GBytes *content, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The archive; owned.  Nothing is added afterwards. */
GBytes *nsk_zip_writer_end(NskZipWriter *self);

/* Reads the form above and refuses every other.  Owned: name -> GBytes, which borrow from @data.
 * Errors: INVALID says what is wrong. */
GTree *nsk_zip_read(const void *data, size_t size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether it is a relative path of plain parts (see nsk_package_add()). */
bool nsk_package_path_is_plain(const char *path, size_t size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskZipWriter, nsk_zip_writer_free)

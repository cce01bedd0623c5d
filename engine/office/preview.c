/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures of pages, made by the worker and kept in the office's folder:
 *
 *     cache/preview/<SHA-256 of the PDF>-<page>-<width>.png
 *
 * 1. Only a cache: nothing is lost with it, and a backup does not have it.  What cannot be kept is
 *    made again; that is no error.
 * 2. No picture of a secret letter is kept.
 * 3. The folder holds NSK_LIMIT_PREVIEW_CACHE bytes at most; what was not looked at for the longest
 *    time goes first.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "crypto/crypto.h"
#include "office/office-private.h"
#include "worker/worker.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <utime.h>

#define FOLDER "cache/preview"
#define ENDING ".png"

typedef struct {
    char *path;
    int64_t size;
    int64_t used_s;
} Kept;

static void
kept_clear(void *data)
{
    g_free(((Kept *)data)->path);
}

static int
compare_used(const void *a, const void *b)
{
    const Kept *one = a, *two = b;

    return one->used_s != two->used_s ? (one->used_s < two->used_s ? -1 : 1)
                                      : g_strcmp0(one->path, two->path);
}

static char *
make_path(const char *folder, GBytes *pdf, unsigned page, unsigned width)
{
    gsize size;
    uint8_t digest[NSK_SHA256_SIZE];
    const void *data = g_bytes_get_data(pdf, &size);

    nsk_sha256(data, size, digest);
    g_autofree char *hex = nsk_hex(digest, sizeof digest);
    g_autofree char *name = g_strdup_printf("%s-%u-%u" ENDING, hex, page, width);
    return g_build_filename(folder, name, NULL);
}

/* Takes away what is too much. */
static void
shrink(const char *folder)
{
    const char *name;
    int64_t total = 0;
    g_autoptr(GArray) files = g_array_new(FALSE, TRUE, sizeof(Kept));
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

    g_array_set_clear_func(files, kept_clear);
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        Kept kept = { .path = g_build_filename(folder, name, NULL) };
        struct stat st;

        if (g_lstat(kept.path, &st) != 0 || !S_ISREG(st.st_mode)) {
            g_free(kept.path);
            continue;
        }
        kept.size = st.st_size;
        kept.used_s = st.st_mtime;
        total += kept.size;
        g_array_append_val(files, kept);
    }
    g_array_sort(files, compare_used);
    for (guint i = 0; i < files->len && total > NSK_LIMIT_PREVIEW_CACHE; i++) {
        const Kept *kept = &g_array_index(files, Kept, i);

        if (g_unlink(kept->path) == 0)
            total -= kept->size;
    }
}

/* A picture that is there, and is one; NULL if there is none. */
static GBytes *
find_kept(const char *path)
{
    static const char png[] = "\x89PNG\r\n\x1a\n";
    g_autoptr(GBytes) bytes = nsk_file_read(path, NSK_LIMIT_PREVIEW_CACHE, NULL);
    gsize size;

    if (bytes == NULL)
        return NULL;
    const void *data = g_bytes_get_data(bytes, &size);
    if (size < sizeof png || memcmp(data, png, sizeof png - 1) != 0)
        return NULL;
    (void)utime(path, NULL);
    return g_steal_pointer(&bytes);
}

static void
keep(const char *folder, const char *path, GBytes *picture)
{
    gsize size;
    const void *data = g_bytes_get_data(picture, &size);

    if (g_mkdir_with_parents(folder, 0700) == 0 &&
        g_file_set_contents_full(path, data, (gssize)size, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                 NULL))
        shrink(folder);
}

bool
nsk_preview_forget(const NskOffice *self, GError **error)
{
    const char *name;
    g_autofree char *folder = nsk_office_path(self->dir, FOLDER);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        if (g_unlink(path) != 0 && errno != ENOENT) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot remove '%s': %s"), path,
                        g_strerror(errno));
            return false;
        }
    }
    return true;
}

bool
nsk_office_preview(const NskOffice *self,
                   const NskPreview *what,
                   GBytes **out_picture,
                   GError **error)
{
    g_autofree char *folder = nsk_office_path(self->dir, FOLDER);
    g_autofree char *path = make_path(folder, what->pdf, what->page, what->width);
    GBytes *picture = what->secret ? NULL : find_kept(path);

    if (picture == NULL) {
        if (!nsk_worker_preview(what->pdf, what->page - 1, what->width, &picture, error))
            return false;
        if (!what->secret)
            keep(folder, path, picture);
    }
    *out_picture = picture;
    return true;
}

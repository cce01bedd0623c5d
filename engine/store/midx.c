/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The multi-pack-index (gitformat-pack(5)): one place to look for an object of many packs.
 *
 * It is made over the big packs alone.  Those are merged no more and go only when a repository is
 * written anew.  It has a line for each object, and writing millions of lines for one changed
 * letter would be out of all proportion; so it is written again only when a quarter more of big
 * packs has come, and an object gets into it a logarithmic number of times.  The few dozens of
 * small packs beside it have their own indexes, which git looks into as well.
 *
 * INVARIANT: it never names a pack that is not there; nsk_repository_drop_packs() sees to that.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/message.h"
#include "store/git.h"
#include "store/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FILE_MODE 0444
#define HEAD_SIZE 12
#define LEAST     2 /* packs that are worth it */

/* How many packs the index at @file has; 0 if there is none, or it is not one of ours. */
static uint32_t
count_indexed(const char *file)
{
    static const uint8_t expected[] = { 'M', 'I', 'D', 'X', 1, 1 };
    uint8_t head[HEAD_SIZE];
    uint32_t n;
    int fd = open(file, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return 0;
    ssize_t got = read(fd, head, sizeof head);
    (void)close(fd);
    if (got != HEAD_SIZE || memcmp(head, expected, sizeof expected) != 0)
        return 0;
    memcpy(&n, head + 8, sizeof n);
    return GUINT32_FROM_BE(n);
}

/* Writes the index over the packs @names at @file. */
static bool
write_index(const char *folder, const GPtrArray *names, const char *file, GError **error)
{
    git_midx_writer *writer = NULL;
    git_buf text = GIT_BUF_INIT;

    if (!nsk_git_init(error))
        return false;
    int rc = nsk_git.midx_writer_new(&writer, folder);
    for (guint i = 0; rc == 0 && i < names->len; i++) {
        g_autofree char *index =
            g_strconcat(folder, "/", (const char *)names->pdata[i], ".idx", NULL);

        rc = nsk_git.midx_writer_add(writer, index);
    }
    if (rc == 0)
        rc = nsk_git.midx_writer_dump(&text, writer);
    bool ok = nsk_git_check(rc, N_("index the packs of a repository"), error) &&
              NSK_FAULT("project.midx", error) &&
              nsk_file_write(file, text.ptr, text.size, FILE_MODE, error);
    nsk_git.midx_writer_free(writer);
    nsk_git.buf_dispose(&text);
    return ok;
}

bool
nsk_repository_index_packs(const char *path, const NskPackBounds *bounds, GError **error)
{
    g_autofree char *folder = g_build_filename(path, "objects/pack", NULL);
    g_autofree char *file = g_build_filename(folder, "multi-pack-index", NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autoptr(GArray) packs = nsk_repository_list_packs(path, error);

    if (packs == NULL)
        return false;
    for (guint i = 0; i < packs->len; i++) {
        const NskPackFile *pack = &g_array_index(packs, NskPackFile, i);

        if (pack->size >= bounds->big)
            g_ptr_array_add(names, pack->name);
    }
    uint32_t indexed = count_indexed(file);
    return names->len < LEAST || names->len < (uint64_t)indexed + 1 + indexed / 4 ||
           write_index(folder, names, file, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bare repository as the projector keeps it: made by hand, since what it needs is six files.
 *
 *   HEAD config description hooks/pre-receive objects/pack packed-refs refs/ naskah-packs
 *
 * INVARIANTS
 *   (1) HEAD is written last: a folder without it is not yet a repository.
 *   (2) packed-refs is replaced whole, after the objects that it names are durable.
 *   (3) An index goes before its pack, and the multi-pack-index before all, so that no reader finds
 *       an index without its packs.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/message.h"
#include "store/store-private.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MODE      0755
#define FILE_MODE        0644
#define HOOK_MODE        0755
#define PACK_PREFIX      "pack-"
#define MULTI_PACK_INDEX "multi-pack-index"
#define STALE_AFTER      (60 * 60) /* seconds; a pack without an index is nobody's any more */

static const char text_head[] = "ref: refs/heads/main\n";
static const char text_config[] = "[core]\n"
                                  "\trepositoryformatversion = 0\n"
                                  "\tfilemode = true\n"
                                  "\tbare = true\n"
                                  "[gc]\n"
                                  "\tauto = 0\n"
                                  "[receive]\n"
                                  "\tdenyNonFastForwards = true\n"
                                  "\tdenyDeletes = true\n"
                                  "\tautogc = false\n"
                                  "[http]\n"
                                  "\treceivepack = false\n"
                                  "[transfer]\n"
                                  "\tfsckObjects = true\n";
static const char text_hook[] =
    "#!/bin/sh\n"
    "echo 'This repository is a read-only copy made by Naskah; nothing can be pushed to it.' >&2\n"
    "echo 'Change a letter with the naskah program; the copy follows by itself.' >&2\n"
    "exit 1\n";

static bool
write_text(const char *path, const char *name, const char *text, int mode, GError **error)
{
    g_autofree char *file = g_build_filename(path, name, NULL);

    return nsk_file_write(file, text, strlen(text), mode, error);
}

/* Whether all that a repository is made with is there. */
static bool
is_complete(const char *path)
{
    static const char *const parts[] = { "config", "objects/pack",      "objects/info",
                                         "refs",   "hooks/pre-receive", "HEAD" };

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *part = g_build_filename(path, parts[i], NULL);

        if (!g_file_test(part, G_FILE_TEST_EXISTS))
            return false;
    }
    return true;
}

bool
nsk_repository_prepare(const char *path, const char *name, GError **error)
{
    static const char *const folders[] = { "objects/pack", "objects/info", "refs", "hooks" };
    g_autofree char *description = g_strdup_printf("Letters of %s (read-only copy)\n", name);
    g_autofree char *parent = g_path_get_dirname(path);

    if (is_complete(path))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *folder = g_build_filename(path, folders[i], NULL);

        if (g_mkdir_with_parents(folder, FOLDER_MODE) != 0)
            return nsk_store_io_error(error, N_("make the folder"), folder);
    }
    g_autofree char *objects = g_build_filename(path, "objects", NULL);
    return write_text(path, "config", text_config, FILE_MODE, error) &&
           write_text(path, "description", description, FILE_MODE, error) &&
           write_text(path, "hooks/pre-receive", text_hook, HOOK_MODE, error) &&
           nsk_dir_sync(objects, error) && NSK_FAULT("project.folder", error) &&
           write_text(path, "HEAD", text_head, FILE_MODE, error) && nsk_dir_sync(parent, error);
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in a folder, sorted; none if there is no such folder. */
static GPtrArray *
list_folder(const char *path, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) fault = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &fault);
    const char *name;

    if (dir == NULL && !g_error_matches(fault, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot list a repository's files: %s"),
                    fault->message);
        return NULL;
    }
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    return g_steal_pointer(&names);
}

static bool
remove_file(const char *folder, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    return unlink(path) == 0 || errno == ENOENT || nsk_store_io_error(error, N_("remove"), path);
}

/* "NAME.abcdef": what nsk_file_write() leaves when it is killed. */
static bool
is_leftover(const char *name)
{
    static const char *const written[] = { "HEAD",          "config",      "description",
                                           "packed-refs",   "pre-receive", "naskah-packs",
                                           MULTI_PACK_INDEX };
    const char *dot = strrchr(name, '.');

    if (dot == NULL || strlen(dot) != strlen(".XXXXXX"))
        return false;
    g_autofree char *stem = g_strndup(name, (gsize)(dot - name));
    if (g_str_has_prefix(name, PACK_PREFIX) && g_str_has_suffix(stem, ".idx"))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(written); i++) {
        if (strcmp(stem, written[i]) == 0)
            return true;
    }
    return false;
}

static bool
has_sibling(const char *folder, const char *name, const char *from, const char *to)
{
    g_autofree char *stem = g_strndup(name, strlen(name) - strlen(from));
    g_autofree char *path = g_strconcat(folder, "/", stem, to, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static bool
is_stale(const char *folder, const char *name)
{
    struct stat st;
    g_autofree char *path = g_build_filename(folder, name, NULL);

    return stat(path, &st) == 0 && g_get_real_time() / G_USEC_PER_SEC - st.st_mtime > STALE_AFTER;
}

/* Whether a file of objects/pack is of use to nobody. */
static bool
is_pack_litter(const char *folder, const char *name)
{
    if (g_str_has_prefix(name, "tmp_nsk_") || is_leftover(name))
        return true;
    if (!g_str_has_prefix(name, PACK_PREFIX))
        return false;
    if (g_str_has_suffix(name, ".idx"))
        return !has_sibling(folder, name, ".idx", ".pack");
    return g_str_has_suffix(name, ".pack") && !has_sibling(folder, name, ".pack", ".idx") &&
           is_stale(folder, name);
}

bool
nsk_repository_sweep(const char *path, GError **error)
{
    static const char *const folders[] = { ".", "hooks", "objects/pack" };

    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *folder = g_build_filename(path, folders[i], NULL);
        g_autoptr(GPtrArray) names = list_folder(folder, error);

        if (names == NULL)
            return false;
        for (guint j = 0; j < names->len; j++) {
            const char *name = names->pdata[j];
            bool litter = i == 2 ? is_pack_litter(folder, name) : is_leftover(name);

            if (litter && !remove_file(folder, name, error))
                return false;
        }
    }
    return true;
}

static void
clear_pack(gpointer data)
{
    g_free(((NskPackFile *)data)->name);
}

static int
compare_packs(const void *a, const void *b)
{
    const NskPackFile *left = a;
    const NskPackFile *right = b;

    if (left->size != right->size)
        return left->size < right->size ? -1 : 1;
    return strcmp(left->name, right->name);
}

GArray *
nsk_repository_list_packs(const char *path, GError **error)
{
    g_autofree char *folder = g_build_filename(path, "objects/pack", NULL);
    g_autoptr(GPtrArray) names = list_folder(folder, error);

    if (names == NULL)
        return NULL;
    GArray *packs = g_array_new(FALSE, FALSE, sizeof(NskPackFile));
    g_array_set_clear_func(packs, clear_pack);
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        struct stat st;

        if (!g_str_has_prefix(name, PACK_PREFIX) || !g_str_has_suffix(name, ".idx") ||
            !has_sibling(folder, name, ".idx", ".pack"))
            continue;
        NskPackFile pack = { .name = g_strndup(name, strlen(name) - strlen(".idx")) };
        g_autofree char *file = g_strconcat(folder, "/", pack.name, ".pack", NULL);
        if (stat(file, &st) == 0)
            pack.size = st.st_size;
        g_array_append_val(packs, pack);
    }
    g_array_sort(packs, compare_packs);
    return packs;
}

/* Whether @name is a file of one of the packs @packs (names; may be NULL). */
static bool
is_of_packs(const char *name, const GPtrArray *packs)
{
    for (guint i = 0; packs != NULL && i < packs->len; i++) {
        size_t len = strlen(packs->pdata[i]);

        if (strncmp(name, packs->pdata[i], len) == 0 && name[len] == '.')
            return true;
    }
    return false;
}

static bool
is_index(const char *name)
{
    return g_str_has_suffix(name, ".idx") || strcmp(name, MULTI_PACK_INDEX) == 0;
}

bool
nsk_repository_drop_packs(const char *path,
                          const GPtrArray *packs,
                          const GPtrArray *keep,
                          GError **error)
{
    g_autofree char *folder = g_build_filename(path, "objects/pack", NULL);
    g_autoptr(GPtrArray) names = list_folder(folder, error);

    if (names == NULL || !nsk_repository_note_packs(path, packs, keep, error))
        return false;
    /* indexes first, and the one over many packs before all others: it sorts before "pack-" */
    for (int pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < names->len; i++) {
            const char *name = names->pdata[i];

            if ((packs != NULL && !is_of_packs(name, packs)) || is_of_packs(name, keep) ||
                (pass == 0 && !is_index(name)))
                continue;
            if (!remove_file(folder, name, error))
                return false;
        }
        if (!NSK_FAULT("project.drop", error))
            return false;
    }
    return nsk_dir_sync(folder, error);
}

bool
nsk_repository_drop_loose(const char *path, GError **error)
{
    g_autofree char *objects = g_build_filename(path, "objects", NULL);
    g_autoptr(GPtrArray) folders = list_folder(objects, error);

    for (guint i = 0; folders != NULL && i < folders->len; i++) {
        if (strlen(folders->pdata[i]) != 2)
            continue;
        g_autofree char *folder = g_build_filename(objects, folders->pdata[i], NULL);
        g_autoptr(GPtrArray) names = list_folder(folder, error);
        if (names == NULL)
            return false;
        for (guint j = 0; j < names->len; j++) {
            if (!remove_file(folder, names->pdata[j], error))
                return false;
        }
    }
    return folders != NULL;
}

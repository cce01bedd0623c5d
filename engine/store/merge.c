/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Merging small packs of a repository into one, read by libgit2, which hashes every object.
 *
 * The new pack is durable before the old ones go; a kill between leaves objects twice, which git
 * does not mind, and the next merge removes them.
 */
#include "base/fault.h"
#include "base/message.h"
#include "store/store-private.h"

#include <git2/sys/odb_backend.h>

typedef struct {
    GHashTable *seen;
    GArray *oids; /* git_oid */
} Gathered;

static int
gather(const git_oid *oid, void *data)
{
    Gathered *self = data;

    if (nsk_oid_set_add(self->seen, oid))
        g_array_append_vals(self->oids, oid, 1);
    return 0;
}

/* A reader of the packs @names alone; freed with git_odb_free(). */
static git_odb *
open_packs(const char *folder, const GPtrArray *names, GError **error)
{
    git_odb *odb = NULL;
    int rc;

    nsk_git_init();
    rc = git_odb_new(&odb);
    for (guint i = 0; rc == 0 && i < names->len; i++) {
        git_odb_backend *backend = NULL;
        g_autofree char *index =
            g_strconcat(folder, "/", (const char *)names->pdata[i], ".idx", NULL);

        rc = git_odb_backend_one_pack(&backend, index);
        if (rc == 0)
            rc = git_odb_add_backend(odb, backend, 1);
    }
    if (nsk_git_check(rc, N_("open the packs of a repository"), error))
        return odb;
    git_odb_free(odb);
    return NULL;
}

static bool
copy_object(NskPack *pack, git_odb *odb, const git_oid *oid, GError **error)
{
    git_odb_object *object = NULL;

    if (!nsk_git_check(git_odb_read(&object, odb, oid), N_("read an object of a pack"), error))
        return false;
    NskPackItem item = { .oid = *oid,
                         .kind = git_odb_object_type(object),
                         .data = git_odb_object_data(object),
                         .size = git_odb_object_size(object) };
    bool ok = nsk_pack_add(pack, &item, error);
    git_odb_object_free(object);
    return ok;
}

/* Writes all objects of @odb as one pack. */
static char *
write_merged(git_odb *odb, const char *folder, GError **error)
{
    g_autoptr(GHashTable) seen = nsk_oid_set_new();
    g_autoptr(GArray) oids = g_array_new(FALSE, FALSE, sizeof(git_oid));
    Gathered gathered = { seen, oids };
    char *name = NULL;

    if (!nsk_git_check(git_odb_foreach(odb, gather, &gathered), N_("list the objects of a pack"),
                       error))
        return NULL;
    g_autoptr(NskPack) pack = nsk_pack_open(folder, oids->len, error);
    if (pack == NULL)
        return NULL;
    for (guint i = 0; i < oids->len; i++) {
        if (!copy_object(pack, odb, &g_array_index(oids, git_oid, i), error))
            return NULL;
    }
    return nsk_pack_finish(pack, &name, error) ? name : NULL;
}

bool
nsk_repository_merge_packs(const char *path, guint most, GError **error)
{
    g_autoptr(GPtrArray) names = nsk_repository_list_small_packs(path, most, error);
    g_autofree char *folder = g_build_filename(path, "objects/pack", NULL);

    if (names == NULL || names->len < 2)
        return names != NULL;
    git_odb *odb = open_packs(folder, names, error);
    if (odb == NULL)
        return false;
    g_autofree char *merged = write_merged(odb, folder, error);
    git_odb_free(odb);
    return merged != NULL && NSK_FAULT("project.merge", error) &&
           nsk_repository_drop_packs(path, names, merged, error);
}

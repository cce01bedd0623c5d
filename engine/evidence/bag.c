/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/bag.h"

#include <naskah/error.h>

#include "base/message.h"
#include "crypto/crypto.h"
#include "evidence/zip.h"
#include "xml/xml.h"

#include <string.h>

#define METS       "METS.xml"
#define XLINK      "http://www.w3.org/1999/xlink"
#define HEX        (2 * NSK_SHA256_SIZE)
#define GAP        2 /* blanks of a manifest's line */
#define BAGIT      "bagit.txt"
#define BAGIT_TEXT "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
#define INFO       "bag-info.txt"
#define MANIFEST   "manifest-sha256.txt"
#define TAGS       "tagmanifest-sha256.txt"

static const char *const tag_files[] = { BAGIT, INFO, MANIFEST, NULL };

static bool
refuse(GError **error, const char *path, const char *what)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED, "%s: %s", path, what);
    return false;
}

static bool
has_digest(GBytes *content, const char *hex, size_t size)
{
    size_t length;
    const void *data = g_bytes_get_data(content, &length);
    g_autofree char *sha256 = nsk_sha256_hex(data, length);

    return size == HEX && memcmp(sha256, hex, HEX) == 0;
}

/* --- The bag ---------------------------------------------------------------------------------- */

typedef struct {
    char *id;
    GTree *members; /* path in the bag -> GBytes */
    GTree *files;   /* path in the package -> GBytes */
    uint64_t bytes; /* of the package's files */
    GError **error;
    bool ok;
} Bag;

/* Takes a member of the zip into the bag. */
static gboolean
sort_member(gpointer key, gpointer value, gpointer data)
{
    Bag *bag = data;
    const char *name = key;
    size_t root = strcspn(name, "/");
    g_autofree char *head = NULL;

    if (bag->id == NULL)
        bag->id = g_strndup(name, root);
    head = g_strconcat("data/", bag->id, "/", NULL);
    const char *path = name[root] == '/' ? name + root + 1 : "";
    bag->ok = strlen(bag->id) == root && strncmp(name, bag->id, root) == 0 &&
              (g_strv_contains(tag_files, path) || strcmp(path, TAGS) == 0 ||
               (g_str_has_prefix(path, head) && path[strlen(head)] != '\0'));
    if (!bag->ok) {
        (void)refuse(bag->error, name, nsk_tr("there is no place for this in an evidence file"));
        return TRUE;
    }
    g_tree_insert(bag->members, g_strdup(path), g_bytes_ref(value));
    if (g_str_has_prefix(path, head)) {
        g_tree_insert(bag->files, g_strdup(path + strlen(head)), g_bytes_ref(value));
        bag->bytes += g_bytes_get_size(value);
    }
    return FALSE;
}

/* One line "DIGEST  PATH". */
static bool
check_line(const Bag *bag, const char *line, size_t size, GHashTable *seen, GError **error)
{
    if (size <= HEX + GAP || memcmp(line + HEX, "  ", GAP) != 0)
        return refuse(error, MANIFEST, nsk_tr("a line of it cannot be read"));
    g_autofree char *path = g_strndup(line + HEX + GAP, size - HEX - GAP);
    GBytes *content = g_tree_lookup(bag->members, path);
    if (content == NULL)
        return refuse(error, path, nsk_tr("it is told of, but is not there"));
    if (!has_digest(content, line, HEX))
        return refuse(error, path, nsk_tr("it was changed: its digest is another"));
    return g_hash_table_add(seen, g_strdup(path)) ||
           refuse(error, path, nsk_tr("it is told of twice"));
}

/* Each line holds; @seen: the paths that are told of. */
static bool
check_manifest(const Bag *bag, const char *name, GHashTable *seen, GError **error)
{
    size_t size;
    GBytes *content = g_tree_lookup(bag->members, name);
    const char *at = content != NULL ? g_bytes_get_data(content, &size) : NULL;

    if (at == NULL)
        return refuse(error, name, nsk_tr("it is missing"));
    for (const char *end = at + size; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        if (stop == NULL)
            return refuse(error, name, nsk_tr("a line of it cannot be read"));
        if (!check_line(bag, at, (size_t)(stop - at), seen, error))
            return false;
        at = stop + 1;
    }
    return true;
}

/* Whatever is there is told of by one of the manifests. */
static gboolean
check_told(gpointer key, G_GNUC_UNUSED gpointer value, gpointer data)
{
    void **both = data;
    Bag *bag = both[0];
    GHashTable *seen = both[1];

    bag->ok = strcmp(key, TAGS) == 0 || g_hash_table_contains(seen, key);
    if (!bag->ok)
        (void)refuse(bag->error, key, nsk_tr("no manifest tells of it"));
    return !bag->ok;
}

static bool
check_tags(const Bag *bag, GError **error)
{
    GBytes *bagit = g_tree_lookup(bag->members, BAGIT);
    GBytes *info = g_tree_lookup(bag->members, INFO);

    if (bagit == NULL || g_bytes_get_size(bagit) != strlen(BAGIT_TEXT) ||
        memcmp(g_bytes_get_data(bagit, NULL), BAGIT_TEXT, strlen(BAGIT_TEXT)) != 0)
        return refuse(error, BAGIT, nsk_tr("it is missing, or says something else than it should"));
    g_autofree char *oxum = g_strdup_printf("\nPayload-Oxum: %" G_GUINT64_FORMAT ".%d\n",
                                            bag->bytes, g_tree_nnodes(bag->files));
    size_t size = info != NULL ? g_bytes_get_size(info) : 0;
    if (info == NULL || memmem(g_bytes_get_data(info, NULL), size, oxum, strlen(oxum)) == NULL)
        return refuse(error, INFO, nsk_tr("it counts other files than there are"));
    return true;
}

static bool
check_bag(Bag *bag, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    void *both[] = { bag, seen };

    if (!check_tags(bag, error) || !check_manifest(bag, TAGS, seen, error) ||
        !check_manifest(bag, MANIFEST, seen, error))
        return false;
    g_tree_foreach(bag->members, check_told, both);
    return bag->ok;
}

/* --- METS ------------------------------------------------------------------------------------- */

/* A file that METS tells of; @holder has its size and digest. */
static bool
check_told_file(const NskBag *self,
                const NskXmlNode *holder,
                const char *path,
                GHashTable *seen,
                GError **error)
{
    const char *sha256 = nsk_xml_attr(holder, "CHECKSUM");
    const char *size = nsk_xml_attr(holder, "SIZE");
    GBytes *content = nsk_bag_find(self, path);

    if (content == NULL)
        return refuse(error, path, nsk_tr("METS tells of it, but it is not there"));
    g_autofree char *length = g_strdup_printf("%zu", g_bytes_get_size(content));
    if (sha256 == NULL || !has_digest(content, sha256, strlen(sha256)) ||
        g_strcmp0(size, length) != 0)
        return refuse(error, path, nsk_tr("METS tells another digest or size of it"));
    return g_hash_table_add(seen, g_strdup(path)) ||
           refuse(error, path, nsk_tr("METS tells of it twice"));
}

static bool
walk_mets(const NskBag *self, const NskXmlNode *node, GHashTable *seen, GError **error)
{
    bool ok = true;

    for (const NskXmlNode *child = nsk_xml_first(node); ok && child != NULL;
         child = nsk_xml_next(child)) {
        const char *path = nsk_xml_attr_ns(child, XLINK, "href");
        bool is_place = strcmp(nsk_xml_name(child), "FLocat") == 0;

        if (path != NULL && (is_place || strcmp(nsk_xml_name(child), "mdRef") == 0))
            ok = check_told_file(self, is_place ? node : child, path, seen, error);
        ok = ok && walk_mets(self, child, seen, error);
    }
    return ok;
}

static bool
check_mets(const NskBag *self, GError **error)
{
    size_t size;
    GBytes *content = nsk_bag_find(self, METS);
    const void *data = content != NULL ? g_bytes_get_data(content, &size) : NULL;

    if (content == NULL)
        return refuse(error, METS, nsk_tr("it is missing"));
    g_autoptr(NskXmlDoc) mets = nsk_xml_parse(METS, data, size, error);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (mets == NULL)
        return false;
    const NskXmlNode *root = nsk_xml_doc_get_root(mets);
    if (g_strcmp0(nsk_xml_attr(root, "OBJID"), self->id) != 0)
        return refuse(error, METS, nsk_tr("it is of another letter"));
    if (!walk_mets(self, root, seen, error))
        return false;
    return g_hash_table_size(seen) + 1 == (guint)g_tree_nnodes(self->files) ||
           refuse(error, METS, nsk_tr("it does not tell of every file"));
}

/* --- All of it -------------------------------------------------------------------------------- */

static GTree *
new_tree(void)
{
    return g_tree_new_full((GCompareDataFunc)(void (*)(void))strcmp, NULL, g_free,
                           (GDestroyNotify)g_bytes_unref);
}

NskBag *
nsk_bag_read(GBytes *zip, GError **error)
{
    size_t size;
    const void *data = g_bytes_get_data(zip, &size);
    g_autoptr(GTree) members = nsk_zip_read(data, size, error);
    g_autoptr(GTree) inside = new_tree();
    g_autoptr(NskBag) self = NULL;

    if (members == NULL)
        return NULL;
    Bag bag = { .members = inside, .files = new_tree(), .error = error, .ok = true };
    g_tree_foreach(members, sort_member, &bag);
    self = g_new(NskBag, 1);
    *self = (NskBag){ bag.id != NULL ? bag.id : g_strdup(""), bag.files, g_bytes_ref(zip) };
    return bag.ok && check_bag(&bag, error) && check_mets(self, error) ? g_steal_pointer(&self)
                                                                       : NULL;
}

void
nsk_bag_free(NskBag *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_tree_unref(self->files);
    g_bytes_unref(self->zip);
    g_free(self);
}

GBytes *
nsk_bag_find(const NskBag *self, const char *path)
{
    return g_tree_lookup(self->files, path);
}

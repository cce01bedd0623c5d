/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Builds a package from the inside out: Dublin Core and PREMIS tell of the files, METS of those and
 * of the two, the manifest of all of them, the tag manifest of the bag's own files.
 *
 * What the stylesheets read (no namespace):
 *
 *   <package id program version created>
 *     <describe name>text</describe>
 *     <file n path use mime size sha256/>       sorted by path; use: "letter" of
 *                                               representations/letter, or "documentation"
 *     <event seq at action actor hash/>
 *     <actor id/>                               each once
 *     <metadata name path size sha256/>         for METS alone
 *   </package>
 */
#include "evidence/package.h"

#include <naskah/error.h>

#include "base/limits.h"
#include "base/message.h"
#include "base/resource.h"
#include "crypto/crypto.h"
#include "evidence/zip.h"
#include "xml/xml.h"

#include <string.h>

#define STYLES          "templates/evidence/"
#define DESCRIPTIVE     "metadata/descriptive/dc.xml"
#define PRESERVATION    "metadata/preservation/premis.xml"
#define REPRESENTATIONS "representations/"

struct _NskPackage {
    char *id;
    char *created;
    NskXmlDoc *facts;
    GTree *files;     /* path -> GBytes */
    GHashTable *seen; /* actors */
};

NskPackage *
nsk_package_new(const char *id, NskInstant at)
{
    NskPackage *self = g_new(NskPackage, 1);

    *self = (NskPackage){
        .id = g_strdup(id),
        .created = nsk_instant_format(at),
        .facts = nsk_xml_doc_new(NULL, "package"),
        .files = g_tree_new_full((GCompareDataFunc)(void (*)(void))strcmp, NULL, g_free,
                                 (GDestroyNotify)g_bytes_unref),
        .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };
    NskXmlNode *root = nsk_xml_doc_get_root(self->facts);
    nsk_xml_set_attr(root, "id", id);
    nsk_xml_set_attr(root, "created", self->created);
    nsk_xml_set_attr(root, "program", "Naskah");
    nsk_xml_set_attr(root, "version", NSK_VERSION);
    return self;
}

void
nsk_package_free(NskPackage *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->created);
    nsk_xml_doc_free(self->facts);
    g_tree_unref(self->files);
    g_hash_table_unref(self->seen);
    g_free(self);
}

void
nsk_package_describe(NskPackage *self, const char *element, const char *text)
{
    nsk_xml_set_attr(nsk_xml_add_text_element(nsk_xml_doc_get_root(self->facts), "describe", text),
                     "name", element);
}

static void
set_number(NskXmlNode *node, const char *name, int64_t value)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);

    nsk_xml_set_attr(node, name, text);
}

void
nsk_package_add_event(NskPackage *self, const NskPackageEvent *event)
{
    NskXmlNode *root = nsk_xml_doc_get_root(self->facts);
    NskXmlNode *node = nsk_xml_add(root, NULL, "event");
    g_autofree char *at = nsk_instant_format(event->at);

    set_number(node, "seq", event->seq);
    nsk_xml_set_attr(node, "at", at);
    nsk_xml_set_attr(node, "action", event->action);
    nsk_xml_set_attr(node, "actor", event->actor);
    nsk_xml_set_attr(node, "hash", event->hash);
    if (g_hash_table_add(self->seen, g_strdup(event->actor)))
        nsk_xml_set_attr(nsk_xml_add(root, NULL, "actor"), "id", event->actor);
}

/* --- Files ------------------------------------------------------------------------------------ */

static bool
is_path(const char *path)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/";

    return path[0] != '\0' && path[0] != '.' && path[0] != '/' &&
           path[strspn(path, plain)] == '\0' && strstr(path, "/.") == NULL &&
           strstr(path, "//") == NULL;
}

static const char *
mime_of(const char *path)
{
    static const char *const types[][2] = {
        { ".pdf", "application/pdf" },
        { ".xml", "application/xml" },
        { ".rng", "application/xml" },
        { ".json", "application/json" },
        { ".jsonl", "text/plain" },
        { ".bpmn", "application/xml" },
        { ".txt", "text/plain" },
        { ".p7s", "application/pkcs7-signature" },
        { ".pem", "application/pem-certificate-chain" },
        { ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
        { ".png", "image/png" },
        { ".jpg", "image/jpeg" },
        { ".tlog-proof", "text/plain" },
        { ".tst", "application/timestamp-token" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (g_str_has_suffix(path, types[i][0]))
            return types[i][1];
    }
    return "application/octet-stream";
}

bool
nsk_package_add(NskPackage *self, const char *path, GBytes *content, GError **error)
{
    if (is_path(path) && g_tree_lookup(self->files, path) == NULL) {
        g_tree_insert(self->files, g_strdup(path), g_bytes_ref(content));
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' cannot be the name of a file in a package, or is there already"),
                path);
    return false;
}

static void
set_fixity(NskXmlNode *node, const char *path, GBytes *content)
{
    size_t size;
    const void *data = g_bytes_get_data(content, &size);
    g_autofree char *sha256 = nsk_sha256_hex(data, size);

    nsk_xml_set_attr(node, "path", path);
    set_number(node, "size", (int64_t)size);
    nsk_xml_set_attr(node, "sha256", sha256);
    nsk_xml_set_attr(node, "mime", mime_of(path));
}

static gboolean
tell_file(gpointer key, gpointer value, gpointer data)
{
    const char *path = key;
    NskXmlNode *root = data;
    NskXmlNode *node = nsk_xml_add(root, NULL, "file");
    bool stands = g_str_has_prefix(path, REPRESENTATIONS);
    const char *from = stands ? path + strlen(REPRESENTATIONS) : path;
    g_autofree char *use = g_strndup(from, strcspn(from, "/"));

    set_fixity(node, path, value);
    nsk_xml_set_attr(node, "use", use);
    nsk_xml_set_attr(node, "in", stands ? "representations" : "package");
    return FALSE;
}

/* --- Metadata --------------------------------------------------------------------------------- */

/* Applies the stylesheet @name to the facts and adds what comes of it as @path. */
static bool
add_made(NskPackage *self, const char *name, const char *path, GError **error)
{
    g_autofree char *resource = g_strconcat(STYLES, name, ".xsl", NULL);
    g_autofree char *id = g_strconcat("naskah:", resource, NULL);
    g_autoptr(GBytes) source = nsk_resource_load(resource, error);
    size_t size = 0;
    const void *data = source != NULL ? g_bytes_get_data(source, &size) : NULL;
    g_autoptr(NskXmlStyle) style =
        source != NULL ? nsk_xml_style_parse(id, data, size, error) : NULL;
    g_autoptr(NskXmlDoc) made =
        style != NULL ? nsk_xml_style_apply(style, self->facts, NULL, error) : NULL;
    g_autoptr(GBytes) bytes = made != NULL ? nsk_xml_style_write(style, made, error) : NULL;

    if (bytes == NULL || !nsk_package_add(self, path, bytes, error))
        return false;
    NskXmlNode *node = nsk_xml_add(nsk_xml_doc_get_root(self->facts), NULL, "metadata");
    set_fixity(node, path, bytes);
    nsk_xml_set_attr(node, "name", name);
    return true;
}

/* --- The bag ---------------------------------------------------------------------------------- */

typedef struct {
    const NskPackage *package;
    NskZipWriter *zip;
    GString *manifest;
    GString *tags; /* tag manifest */
    uint64_t n_files, n_bytes;
    bool failed;
    GError **error;
} Bag;

static void
add_line(GString *manifest, const char *path, const void *data, size_t size)
{
    g_autofree char *sha256 = nsk_sha256_hex(data, size);

    g_string_append_printf(manifest, "%s  %s\n", sha256, path);
}

static gboolean
put_payload(gpointer key, gpointer value, gpointer data)
{
    Bag *bag = data;
    size_t size;
    const void *bytes = g_bytes_get_data(value, &size);
    g_autofree char *path = g_strconcat("data/", bag->package->id, "/", (const char *)key, NULL);
    g_autofree char *name = g_strconcat(bag->package->id, "/", path, NULL);

    add_line(bag->manifest, path, bytes, size);
    bag->n_files++;
    bag->n_bytes += size;
    bag->failed = !nsk_zip_writer_add(bag->zip, name, value, bag->error);
    return bag->failed;
}

static bool
put_tag(Bag *bag, const char *name, const char *text, GError **error)
{
    g_autofree char *path = g_strconcat(bag->package->id, "/", name, NULL);
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));

    add_line(bag->tags, name, text, strlen(text));
    return nsk_zip_writer_add(bag->zip, path, bytes, error);
}

static GBytes *
write_bag(const NskPackage *self, GError **error)
{
    g_autoptr(NskZipWriter) zip = nsk_zip_writer_new();
    g_autoptr(GString) manifest = g_string_new(NULL);
    g_autoptr(GString) tags = g_string_new(NULL);
    Bag bag = { self, zip, manifest, tags, 0, 0, false, error };

    if (!put_tag(&bag, "bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
                 error))
        return NULL;
    g_tree_foreach(self->files, put_payload, &bag);
    if (bag.failed)
        return NULL;
    g_autofree char *info = g_strdup_printf(
        "Bag-Software-Agent: Naskah " NSK_VERSION "\nBagging-Date: %.10s\n"
        "External-Identifier: %s\nPayload-Oxum: %" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT "\n",
        self->created, self->id, bag.n_bytes, bag.n_files);
    if (!put_tag(&bag, "bag-info.txt", info, error) ||
        !put_tag(&bag, "manifest-sha256.txt", manifest->str, error))
        return NULL;
    g_autofree char *last = g_strdup(tags->str);
    return put_tag(&bag, "tagmanifest-sha256.txt", last, error) ? nsk_zip_writer_end(zip) : NULL;
}

GBytes *
nsk_package_write(NskPackage *self, GError **error)
{
    g_tree_foreach(self->files, tell_file, nsk_xml_doc_get_root(self->facts));
    if (!add_made(self, "dc", DESCRIPTIVE, error) ||
        !add_made(self, "premis", PRESERVATION, error) ||
        !add_made(self, "mets", "METS.xml", error))
        return NULL;
    return write_bag(self, error);
}

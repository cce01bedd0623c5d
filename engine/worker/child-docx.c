/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Unpacking a DOCX (ISO/IEC 29500-2, a ZIP package) inside the locked process.  The only file that
 * sees libzip, which reads nothing but ZIP, tells each entry's method, sizes and encryption before
 * a byte of it is unpacked, and compares the central directory with the entries themselves.
 *
 * 1. Everything is checked of all entries before the first is unpacked.
 * 2. Only what may hold text is unpacked: XML outside of the folders of pictures, macros and data.
 * 3. No more is unpacked than an entry says, and what it says is bounded.
 */
#include "base/limits.h"
#include "base/message.h"
#include "worker/child-docx-private.h"

#include <string.h>
#include <zip.h>

#define MAX_NAME      255
#define RATIO_MATTERS (1024 * 1024)

typedef zip_t Archive;
typedef zip_file_t Entry;

static void
close_entry(Entry *self)
{
    (void)zip_fclose(self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Archive, zip_discard)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Entry, close_entry)

typedef struct {
    zip_t *archive;
    GHashTable *seen; /* names in lower case: a package knows no other difference */
    uint64_t unpacked;
} Package;

static bool G_GNUC_PRINTF(3, 4) refuse(GError **error, NskError code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, NSK_ERROR, (gint)code, text);
    return false;
}

static zip_t *
open_archive(GBytes *docx, GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(docx, &size);
    zip_error_t fault;
    zip_source_t *source;
    zip_t *archive = NULL;

    zip_error_init(&fault);
    source = zip_source_buffer_create(data, size, 0, &fault);
    if (source != NULL)
        archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &fault);
    if (archive == NULL) {
        if (source != NULL)
            zip_source_free(source);
        refuse(error, NSK_ERROR_INVALID,
               nsk_tr("the DOCX is damaged and cannot be unpacked; save it anew"));
    }
    zip_error_fini(&fault);
    return archive;
}

/* Whether the name leads nowhere but into the package. */
static bool
is_plain_name(const char *name)
{
    size_t size = strlen(name);

    if (size == 0 || size > MAX_NAME || *name == '/' || strpbrk(name, "\\:") != NULL ||
        strstr(name, "//") != NULL || !g_utf8_validate(name, -1, NULL))
        return false;
    for (const char *c = name; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return false;
    }
    g_auto(GStrv) steps = g_strsplit(name, "/", -1);
    return !g_strv_contains((const char *const *)steps, "..") &&
           !g_strv_contains((const char *const *)steps, ".");
}

static bool
check_name(Package *self, const char *name, GError **error)
{
    if (name == NULL || !is_plain_name(name)) {
        g_autofree char *head = g_strndup(name != NULL ? name : "", MAX_NAME);
        g_autofree char *shown = g_utf8_make_valid(head, -1);

        return refuse(error, NSK_ERROR_INVALID,
                      nsk_tr("the DOCX holds a file named '%s', which no word processor writes; "
                             "the file may be hostile, do not use it"),
                      shown);
    }
    if (!g_hash_table_add(self->seen, g_ascii_strdown(name, -1)))
        return refuse(
            error, NSK_ERROR_INVALID,
            nsk_tr("the DOCX holds '%s' twice, so that programs read it differently; save it anew"),
            name);
    return true;
}

static bool
check_entry(Package *self, zip_uint64_t index, zip_stat_t *out, GError **error)
{
    const zip_uint64_t needed =
        ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;

    if (!check_name(self, zip_get_name(self->archive, index, ZIP_FL_ENC_RAW), error))
        return false;
    if (zip_stat_index(self->archive, index, ZIP_FL_ENC_RAW, out) != 0 ||
        (out->valid & needed) != needed)
        return refuse(
            error, NSK_ERROR_INVALID,
            nsk_tr(
                "the DOCX does not say how large what it holds is; it is damaged, save it anew"));
    if (out->encryption_method != ZIP_EM_NONE)
        return refuse(error, NSK_ERROR_UNSUPPORTED,
                      nsk_tr("'%s' in the DOCX is encrypted; save the file without a password"),
                      out->name);
    if (out->comp_method != ZIP_CM_STORE && out->comp_method != ZIP_CM_DEFLATE)
        return refuse(
            error, NSK_ERROR_UNSUPPORTED,
            nsk_tr(
                "'%s' in the DOCX is packed in a way that no word processor writes; save it anew"),
            out->name);
    return true;
}

/* Whether text for people may be in it. */
static bool
may_hold_text(const char *name)
{
    static const char *const others[] = { "docprops", "customxml",  "theme", "charts",  "diagrams",
                                          "media",    "embeddings", "fonts", "glossary" };
    g_autofree char *lower = g_ascii_strdown(name, -1);
    g_auto(GStrv) steps = g_strsplit(lower, "/", -1);

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (g_strv_contains((const char *const *)steps, others[i]))
            return false;
    }
    return g_str_has_suffix(lower, ".xml") || g_str_has_suffix(lower, ".rels");
}

static bool
check_size(Package *self, const zip_stat_t *entry, GError **error)
{
    self->unpacked += MIN(entry->size, NSK_LIMIT_DOCX_PARTS + (zip_uint64_t)1);
    if (entry->size > NSK_LIMIT_DOCX_PART || self->unpacked > NSK_LIMIT_DOCX_PARTS) {
        g_autofree char *size = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)entry->size);

        return refuse(
            error, NSK_ERROR_LIMIT,
            nsk_tr("'%s' in the DOCX has %s bytes; at most %d of a part and %d of all are read"),
            entry->name, size, NSK_LIMIT_DOCX_PART, NSK_LIMIT_DOCX_PARTS);
    }
    if (entry->size > RATIO_MATTERS && entry->size / NSK_LIMIT_DOCX_RATIO > entry->comp_size)
        return refuse(error, NSK_ERROR_LIMIT,
                      nsk_tr("'%s' in the DOCX unpacks to more than %d times its size; the file "
                             "may be hostile, do not use it"),
                      entry->name, NSK_LIMIT_DOCX_RATIO);
    return true;
}

/* All @size bytes of the entry and not one more, with its checksum. */
static bool
unpack(Package *self, zip_uint64_t index, const zip_stat_t *stat, guint8 *out, GError **error)
{
    g_autoptr(Entry) entry = zip_fopen_index(self->archive, index, 0);
    zip_uint64_t size = 0;
    zip_int64_t n = entry != NULL ? 1 : -1;
    guint8 more;

    while (n > 0 && size < stat->size) {
        n = zip_fread(entry, out + size, stat->size - size);
        size += n > 0 ? (zip_uint64_t)n : 0;
    }
    if (n >= 0 && size == stat->size)
        n = zip_fread(entry, &more, 1); /* 0 if the checksum is right as well */
    else
        n = -1;
    return n == 0 ||
           refuse(
               error, NSK_ERROR_INVALID,
               nsk_tr(
                   "'%s' in the DOCX is not what the file says it is; it is damaged, save it anew"),
               stat->name);
}

static bool
put_entry(Package *self, zip_uint64_t index, GByteArray *message, GError **error)
{
    g_autofree guint8 *bytes = NULL;
    zip_stat_t entry;

    if (zip_stat_index(self->archive, index, ZIP_FL_ENC_RAW, &entry) != 0)
        return refuse(error, NSK_ERROR_INVALID, nsk_tr("the DOCX cannot be read; save it anew"));

    bool wanted = may_hold_text(entry.name);
    bytes = wanted ? g_malloc(entry.size + 1) : NULL;
    if (wanted && !unpack(self, index, &entry, bytes, error))
        return false;
    nsk_worker_put_text(message, entry.name);
    nsk_worker_put_number(message, wanted ? NSK_WORKER_UNPACKED : 0);
    nsk_worker_put_data(message, bytes, wanted ? entry.size : 0);
    return true;
}

static bool
put_all(Package *self, GByteArray *message, GError **error)
{
    zip_int64_t n = zip_get_num_entries(self->archive, 0);
    bool ok = true;

    if (n < 1 || n > NSK_LIMIT_DOCX_ENTRIES)
        return refuse(error, NSK_ERROR_LIMIT, nsk_tr("the DOCX holds %d files; 1 to %d are read"),
                      (int)CLAMP(n, -1, G_MAXINT), NSK_LIMIT_DOCX_ENTRIES);
    for (zip_int64_t i = 0; ok && i < n; i++) {
        zip_stat_t entry;

        ok = check_entry(self, (zip_uint64_t)i, &entry, error) &&
             (!may_hold_text(entry.name) || check_size(self, &entry, error));
    }
    if (ok)
        nsk_worker_put_number(message, (uint32_t)n);
    for (zip_int64_t i = 0; ok && i < n; i++)
        ok = put_entry(self, (zip_uint64_t)i, message, error);
    return ok;
}

bool
nsk_worker_do_docx(GBytes *docx,
                   const NskWorkerRequest *request,
                   GByteArray *message,
                   GError **error)
{
    g_autoptr(Archive) archive = open_archive(docx, error);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Package self = { .archive = archive, .seen = seen };

    (void)request;
    return archive != NULL && put_all(&self, message, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads what zip-write.c writes and nothing else, so that two readers cannot see two archives:
 *
 *   - every byte belongs to a member, to the directory or to the end;
 *   - members stand in the order of the directory, the first at 0, without gaps;
 *   - both records of a member say the same; it is stored, and its CRC holds;
 *   - a name is a plain relative path, and no other name differs from it in case alone.
 */
#include <naskah/error.h>

#include "base/limits.h"
#include "base/message.h"
#include "evidence/zip-private.h"
#include "evidence/zip.h"

#include <string.h>
#include <zlib.h>

#define COMMON_SIZE 26 /* bytes that both records share, from "version needed" on */

typedef struct {
    const uint8_t *data;
    size_t size;
    size_t at;        /* in the directory */
    size_t directory; /* where it begins */
    size_t member;    /* where the next member begins */
    unsigned n;
    GHashTable *folded; /* names in lower case */
    GTree *members;
} Reader;

static unsigned
get16(const uint8_t *at)
{
    return (unsigned)(at[0] | at[1] << 8);
}

static uint32_t
get32(const uint8_t *at)
{
    return (uint32_t)get16(at) | (uint32_t)get16(at + 2) << 16;
}

static bool
refuse(const char *what, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("this is not an evidence file as the program writes it: %s"), what);
    return false;
}

static bool
read_end(Reader *self, GError **error)
{
    if (self->size > NSK_LIMIT_PACKAGE || self->size < NSK_ZIP_END_SIZE)
        return refuse(nsk_tr("it is too small or too large"), error);
    const uint8_t *end = self->data + self->size - NSK_ZIP_END_SIZE;
    if (get32(end) != NSK_ZIP_END || get16(end + 20) != 0)
        return refuse(nsk_tr("it does not end as a zip archive does"), error);
    self->n = get16(end + 10);
    self->directory = get32(end + 16);
    if (get32(end + 4) != 0 || get16(end + 8) != self->n ||
        (uint64_t)self->directory + get32(end + 12) != self->size - NSK_ZIP_END_SIZE)
        return refuse(nsk_tr("its directory is not where its end says"), error);
    self->at = self->directory;
    return true;
}

bool
nsk_package_path_is_plain(const char *path, size_t size)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/";
    char before = '/';

    for (size_t i = 0; i < size; i++) {
        if (path[i] == '\0' || strchr(plain, path[i]) == NULL)
            return false;
        if (before == '/' && (path[i] == '/' || path[i] == '.'))
            return false;
        before = path[i];
    }
    return size > 0 && before != '/';
}

static bool
take_name(Reader *self, const char *name, GError **error)
{
    char *folded = g_ascii_strdown(name, -1);

    return g_hash_table_add(self->folded, folded) ||
           refuse(nsk_tr("two of its files have one name, or names that differ in case alone"),
                  error);
}

/* Whether its record says of a member what ours say of every one. */
static bool
is_plain_member(const uint8_t *central)
{
    const uint8_t *common = central + 6;

    return get16(central + 4) == NSK_ZIP_MADE_BY && get16(common) == NSK_ZIP_VERSION &&
           get16(common + 2) == NSK_ZIP_UTF8 && get16(common + 4) == 0 && get16(common + 6) == 0 &&
           get16(common + 8) == NSK_ZIP_FIRST_DAY && get32(common + 14) == get32(common + 18) &&
           get16(common + 24) == 0 && get16(central + 32) == 0 && get32(central + 34) == 0 &&
           get32(central + 38) == NSK_ZIP_PLAIN_FILE;
}

/* One member, by both of its records. */
static bool
read_member(Reader *self, GError **error)
{
    size_t left = self->size - NSK_ZIP_END_SIZE - self->at;
    const uint8_t *central = self->data + self->at;

    if (left < NSK_ZIP_CENTRAL_SIZE || get32(central) != NSK_ZIP_CENTRAL)
        return refuse(nsk_tr("its directory is cut off"), error);
    const uint8_t *common = central + 6;
    size_t length = get16(common + 22), size = get32(common + 14);
    size_t room = self->directory - self->member;
    const uint8_t *local = self->data + self->member;
    if (left - NSK_ZIP_CENTRAL_SIZE < length || room < NSK_ZIP_LOCAL_SIZE + length ||
        room - NSK_ZIP_LOCAL_SIZE - length < size)
        return refuse(nsk_tr("a file in it is cut off"), error);
    const uint8_t *name = central + NSK_ZIP_CENTRAL_SIZE;
    const uint8_t *content = local + NSK_ZIP_LOCAL_SIZE + length;
    if (!is_plain_member(central))
        return refuse(nsk_tr("a file in it is compressed, encrypted or has more fields"), error);
    if (get32(central + 42) != self->member || get32(local) != NSK_ZIP_LOCAL ||
        memcmp(local + 4, common, COMMON_SIZE) != 0 ||
        memcmp(local + NSK_ZIP_LOCAL_SIZE, name, length) != 0)
        return refuse(nsk_tr("a file in it is another than its directory says"), error);
    if (!nsk_package_path_is_plain((const char *)name, length))
        return refuse(nsk_tr("a file in it has a name that leads elsewhere"), error);
    if (crc32_z(0, content, size) != get32(common + 10))
        return refuse(nsk_tr("a file in it is damaged"), error);
    g_autofree char *text = g_strndup((const char *)name, length);
    if (!take_name(self, text, error))
        return false;
    g_tree_insert(self->members, g_steal_pointer(&text), g_bytes_new_static(content, size));
    self->at += NSK_ZIP_CENTRAL_SIZE + length;
    self->member += NSK_ZIP_LOCAL_SIZE + length + size;
    return true;
}

GTree *
nsk_zip_read(const void *data, size_t size, GError **error)
{
    Reader self = { .data = data, .size = size };
    bool ok = read_end(&self, error);

    if (!ok)
        return NULL;
    g_autoptr(GHashTable) folded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GTree) members = g_tree_new_full((GCompareDataFunc)(void (*)(void))strcmp, NULL,
                                               g_free, (GDestroyNotify)g_bytes_unref);
    self.folded = folded;
    self.members = members;
    for (unsigned i = 0; ok && i < self.n; i++)
        ok = read_member(&self, error);
    if (ok && (self.at != size - NSK_ZIP_END_SIZE || self.member != self.directory))
        ok = refuse(nsk_tr("there are bytes in it that are no part of a file"), error);
    return ok ? g_steal_pointer(&members) : NULL;
}

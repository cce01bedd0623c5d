/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Git's own formats of trees and commits, as far as the store makes them.
 *
 *   tree     entries "100644 NAME\0" and 20 bytes of oid, sorted by name; flat
 *   commit   "tree HEX\n", at most one "parent HEX\n", "author ...\n", "committer ...\n", an empty
 *            line, the message
 *
 * INVARIANTS
 *   (1) Nothing else is read: a tree with a folder or a link, or a commit with two parents, is
 *       CORRUPT, since the store never made one.
 *   (2) What is written passes "git fsck --strict".
 */
#include "base/json.h"
#include "base/limits.h"
#include "base/message.h"
#include "store/store-private.h"

#include <string.h>

#define FILE_MODE "100644 "

bool
nsk_file_name_is_valid(const char *name)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    size_t len = strnlen(name, NSK_FILE_NAME_MAX + 1);

    return len >= 1 && len <= NSK_FILE_NAME_MAX && g_ascii_isalnum(name[0]) &&
           strspn(name, allowed) == len && strstr(name, "..") == NULL;
}

/* Reads one entry at *@at and moves on. */
static bool
parse_entry(const char **at, const char *end, NskTreeEntry *out_entry)
{
    size_t mode_len = strlen(FILE_MODE);

    if ((size_t)(end - *at) < mode_len || memcmp(*at, FILE_MODE, mode_len) != 0)
        return false;
    const char *name = *at + mode_len;
    const char *nul = memchr(name, '\0', (size_t)(end - name));
    if (nul == NULL || end - nul - 1 < GIT_OID_RAWSZ || !nsk_file_name_is_valid(name))
        return false;
    (void)g_strlcpy(out_entry->name, name, sizeof out_entry->name);
    memcpy(out_entry->oid.id, nul + 1, GIT_OID_RAWSZ);
    *at = nul + 1 + GIT_OID_RAWSZ;
    return true;
}

GArray *
nsk_tree_parse(GBytes *content, GError **error)
{
    size_t size;
    const char *at = g_bytes_get_data(content, &size);
    const char *end = size > 0 ? at + size : at;
    NskTreeEntry entry = { 0 };
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(NskTreeEntry));

    while (at < end) {
        bool ok = parse_entry(&at, end, &entry) && entries->len < NSK_LIMIT_TREE_FILES;

        if (ok && entries->len > 0) {
            const NskTreeEntry *last = &g_array_index(entries, NskTreeEntry, entries->len - 1);

            ok = strcmp(last->name, entry.name) < 0;
        }
        if (!ok) {
            g_set_error(
                error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("a stored tree is not of the form that this program writes (entry %u)"),
                entries->len + 1);
            return NULL;
        }
        g_array_append_val(entries, entry);
    }
    return g_steal_pointer(&entries);
}

GBytes *
nsk_tree_format(const GArray *entries)
{
    GByteArray *out = g_byte_array_new();

    for (guint i = 0; i < entries->len; i++) {
        const NskTreeEntry *entry = &g_array_index(entries, NskTreeEntry, i);

        g_byte_array_append(out, (const guint8 *)FILE_MODE, (guint)strlen(FILE_MODE));
        g_byte_array_append(out, (const guint8 *)entry->name, (guint)strlen(entry->name) + 1);
        g_byte_array_append(out, entry->oid.id, GIT_OID_RAWSZ);
    }
    return g_byte_array_free_to_bytes(out);
}

/* Reads "WORD HEX\n" at *@at and moves on; false, without moving, if something else stands there.
 */
static bool
parse_link(const char **at, const char *end, const char *word, git_oid *out_oid)
{
    size_t len = strlen(word);
    char hex[NSK_OID_LEN + 1] = { 0 };

    if ((size_t)(end - *at) < len + NSK_OID_LEN + 1 || memcmp(*at, word, len) != 0 ||
        (*at)[len + NSK_OID_LEN] != '\n')
        return false;
    memcpy(hex, *at + len, NSK_OID_LEN);
    if (!nsk_oid_parse(hex, out_oid))
        return false;
    *at += len + NSK_OID_LEN + 1;
    return true;
}

bool
nsk_commit_parse(GBytes *content, NskCommitLinks *out_links, GError **error)
{
    size_t size;
    const char *at = g_bytes_get_data(content, &size);
    const char *end = size > 0 ? at + size : at;
    NskCommitLinks links = { 0 };

    bool ok = parse_link(&at, end, "tree ", &links.tree);
    if (ok)
        (void)parse_link(&at, end, "parent ", &links.parent);
    static const char next[] = "author ";
    if (!ok || (size_t)(end - at) < strlen(next) || memcmp(at, next, strlen(next)) != 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                            nsk_tr("a stored commit is not of the form that this program writes"));
        return false;
    }
    *out_links = links;
    return true;
}

static void
append_all(GString *out, const char *const *texts)
{
    for (; *texts != NULL; texts++)
        g_string_append(out, *texts);
}

/* Seconds and offset, such as "1784690000 +0700". */
static void
append_stamp(GString *out, const NskStoreCommit *commit)
{
    int offset = ABS(commit->offset_minutes);
    int clock = offset / 60 * 100 + offset % 60;
    char digits[] = { commit->offset_minutes < 0 ? '-' : '+',
                      (char)('0' + clock / 1000),
                      (char)('0' + clock / 100 % 10),
                      (char)('0' + clock / 10 % 10),
                      (char)('0' + clock % 10),
                      '\0' };

    nsk_json_append_int(out, commit->at / G_USEC_PER_SEC);
    append_all(out, (const char *const[]){ " ", digits, NULL });
}

GBytes *
nsk_commit_format(const NskStoreCommit *commit, const NskCommitLinks *links)
{
    char hex[NSK_OID_LEN + 1];
    GString *out = g_string_sized_new(512);

    append_all(out, (const char *const[]){ "tree ", nsk_oid_text(&links->tree, hex), NULL });
    if (!nsk_oid_is_zero(&links->parent))
        append_all(out,
                   (const char *const[]){ "\nparent ", nsk_oid_text(&links->parent, hex), NULL });
    append_all(out, (const char *const[]){ "\nauthor ", commit->author_name, " <",
                                           commit->author_email, "> ", NULL });
    append_stamp(out, commit);
    g_string_append(out, "\ncommitter " NSK_COMMITTER " ");
    append_stamp(out, commit);
    append_all(out, (const char *const[]){ "\n\n", commit->message, NULL });
    if (!g_str_has_suffix(commit->message, "\n"))
        g_string_append_c(out, '\n');
    return g_string_free_to_bytes(out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The short form of trees and commits (codec 4 of the table object): what their letter and the
 * program already know is left out.
 *
 *   tree     for each entry: a byte N, N & 127 bytes of name, 20 bytes of oid; with bit 7 of N the
 *            letter's id stands before that name
 *   commit   a byte of flags, 20 bytes of tree, 20 bytes of parent (flag 1), then "NAME <MAIL>
 *            DATE", a newline and the message, with 0x01 for the letter's id; with flag 2 as a zstd
 *            frame after nsk_prefix_commit, with flag 4 packed after it as phrase.c does.  The
 *            committer's line is made from the date.
 *
 * INVARIANTS
 *   (1) A form is made only if it leads back to the same bytes; otherwise there is none.
 *   (2) Whatever bytes are read, no more than the caller's size comes out.
 */
#include "store/store-private.h"

#include <string.h>

#define HAS_LETTER  0x80
#define NAME_MASK   0x7f
#define HAS_PARENT  0x01
#define IS_FRAME    0x02
#define IS_PACKED   0x04
#define PACKED_MOST 1024 /* bytes of text; zstd is better with longer ones */
#define LETTER_MARK '\001'

static const char tree_word[] = "tree ";
static const char parent_word[] = "parent ";
static const char author_word[] = "author ";

GBytes *
nsk_short_tree(const GArray *entries, const char *letter)
{
    size_t letter_len = strlen(letter);
    GByteArray *out = g_byte_array_new();

    for (guint i = 0; i < entries->len; i++) {
        const NskTreeEntry *entry = &g_array_index(entries, NskTreeEntry, i);
        bool own = g_str_has_prefix(entry->name, letter);
        const char *name = own ? entry->name + letter_len : entry->name;
        size_t len = strlen(name);
        uint8_t head = (uint8_t)(len | (own ? HAS_LETTER : 0));

        if (len > NAME_MASK) {
            g_byte_array_unref(out);
            return NULL;
        }
        g_byte_array_append(out, &head, 1);
        g_byte_array_append(out, (const guint8 *)name, (guint)len);
        g_byte_array_append(out, entry->oid.id, GIT_OID_RAWSZ);
    }
    return g_byte_array_free_to_bytes(out);
}

GArray *
nsk_short_tree_read(const void *data, size_t size, const char *letter)
{
    const uint8_t *at = data;
    const uint8_t *end = size > 0 ? at + size : at;
    size_t letter_len = strlen(letter);
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(NskTreeEntry));

    while (at < end) {
        NskTreeEntry entry = { 0 };
        size_t before = (*at & HAS_LETTER) != 0 ? letter_len : 0;
        size_t len = *at++ & NAME_MASK;

        if ((size_t)(end - at) < len + GIT_OID_RAWSZ || before + len > NSK_FILE_NAME_MAX)
            return NULL;
        memcpy(entry.name, letter, before);
        memcpy(entry.name + before, at, len);
        memcpy(entry.oid.id, at + len, GIT_OID_RAWSZ);
        at += len + GIT_OID_RAWSZ;
        g_array_append_val(entries, entry);
    }
    return g_steal_pointer(&entries);
}

/* Appends @text with the mark where the letter's id stands. */
static void
append_marked(GByteArray *out, const char *text, size_t size, const char *letter)
{
    size_t len = strlen(letter);
    const char *hit;

    while ((hit = memmem(text, size, letter, len)) != NULL) {
        uint8_t mark = LETTER_MARK;

        g_byte_array_append(out, (const guint8 *)text, (guint)(hit - text));
        g_byte_array_append(out, &mark, 1);
        size -= (size_t)(hit - text) + len;
        text = hit + len;
    }
    g_byte_array_append(out, (const guint8 *)text, (guint)size);
}

/* Reads "WORD HEX\n" at *@at and moves on. */
static bool
take_link(const char **at, const char *end, const char *word, git_oid *out_oid)
{
    size_t len = strlen(word);
    char hex[NSK_OID_LEN + 1] = { 0 };

    if ((size_t)(end - *at) < len + NSK_OID_LEN + 1 || memcmp(*at, word, len) != 0 ||
        (*at)[len + NSK_OID_LEN] != '\n')
        return false;
    memcpy(hex, *at + len, NSK_OID_LEN);
    *at += len + NSK_OID_LEN + 1;
    return nsk_oid_parse(hex, out_oid);
}

/* Puts flags and links of the commit at *@at into @out and moves to the author's name. */
static bool
shorten_links(const char **at, const char *end, GByteArray *out)
{
    git_oid tree, parent;
    uint8_t flags = 0;

    if (!take_link(at, end, tree_word, &tree))
        return false;
    if ((size_t)(end - *at) > strlen(parent_word) &&
        memcmp(*at, parent_word, strlen(parent_word)) == 0) {
        flags = HAS_PARENT;
        if (!take_link(at, end, parent_word, &parent))
            return false;
    }
    g_byte_array_append(out, &flags, 1);
    g_byte_array_append(out, tree.id, GIT_OID_RAWSZ);
    if (flags != 0)
        g_byte_array_append(out, parent.id, GIT_OID_RAWSZ);
    if ((size_t)(end - *at) < strlen(author_word) ||
        memcmp(*at, author_word, strlen(author_word)) != 0)
        return false;
    *at += strlen(author_word);
    return true;
}

/* The text after the links, without the committer's line; NULL if there is none. */
static GByteArray *
shorten_text(const char *at, const char *end, const char *letter)
{
    const char *author_end = memchr(at, '\n', (size_t)(end - at));
    const char *committer_end =
        author_end != NULL ? memchr(author_end + 1, '\n', (size_t)(end - author_end - 1)) : NULL;

    if (committer_end == NULL || memchr(at, LETTER_MARK, (size_t)(end - at)) != NULL)
        return NULL;
    GByteArray *text = g_byte_array_new();
    append_marked(text, at, (size_t)(author_end + 1 - at), letter);
    append_marked(text, committer_end + 1, (size_t)(end - committer_end - 1), letter);
    return text;
}

/* Appends the text in the form that is the shortest for its length, and says so in the flags. */
static void
append_text(GByteArray *out, const GByteArray *text)
{
    size_t size;

    if (text->len <= PACKED_MOST) {
        out->data[0] |= IS_PACKED;
        nsk_phrase_pack(out, (const char *)text->data, text->len);
        return;
    }
    g_autoptr(GBytes) frame = nsk_codec_squeeze_shipped(text->data, text->len, NSK_SHIPPED_COMMIT);
    const void *data = frame != NULL ? g_bytes_get_data(frame, &size) : NULL;
    if (data == NULL) {
        g_byte_array_append(out, text->data, text->len);
        return;
    }
    out->data[0] |= IS_FRAME;
    g_byte_array_append(out, data, (guint)size);
}

GBytes *
nsk_short_commit(GBytes *content, const char *letter)
{
    size_t size;
    const char *at = g_bytes_get_data(content, &size);
    const char *end = size > 0 ? at + size : at;
    g_autoptr(GByteArray) out = g_byte_array_new();

    if (!shorten_links(&at, end, out))
        return NULL;
    g_autoptr(GByteArray) text = shorten_text(at, end, letter);
    if (text == NULL)
        return NULL;
    append_text(out, text);
    g_autoptr(GBytes) again = nsk_short_commit_read(out->data, out->len, letter, size);
    if (again == NULL || !g_bytes_equal(again, content))
        return NULL;
    return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}

/* Appends @text with the letter's id where the mark stands. */
static void
append_unmarked(GString *out, const char *text, size_t size, const char *letter)
{
    const char *end = text + size;
    const char *hit;

    while (text < end && (hit = memchr(text, LETTER_MARK, (size_t)(end - text))) != NULL) {
        g_string_append_len(out, text, hit - text);
        g_string_append(out, letter);
        text = hit + 1;
    }
    g_string_append_len(out, text, end - text);
}

/* Appends both lines of people, and the message. */
static bool
lengthen_text(GString *out, const char *text, size_t size, const char *letter, size_t most)
{
    size_t marks = 0;
    const char *author_end = size > 0 ? memchr(text, '\n', size) : NULL;
    const char *mail_end =
        author_end != NULL ? memrchr(text, '>', (size_t)(author_end - text)) : NULL;

    if (mail_end == NULL || author_end - mail_end < 2)
        return false;
    for (size_t i = 0; i < size; i++)
        marks += text[i] == LETTER_MARK ? 1 : 0;
    if (size > most || marks * strlen(letter) > most)
        return false;
    g_string_append(out, author_word);
    append_unmarked(out, text, (size_t)(author_end + 1 - text), letter);
    g_string_append(out, "committer " NSK_COMMITTER " ");
    g_string_append_len(out, mail_end + 2, author_end + 1 - (mail_end + 2));
    append_unmarked(out, author_end + 1, size - (size_t)(author_end + 1 - text), letter);
    return true;
}

/* Appends "WORD HEX\n" of the 20 bytes at @id. */
static void
append_link(GString *out, const char *word, const uint8_t *id)
{
    git_oid oid;
    char hex[NSK_OID_LEN + 1];

    memcpy(oid.id, id, sizeof oid.id);
    g_string_append(out, word);
    g_string_append(out, nsk_oid_text(&oid, hex));
    g_string_append_c(out, '\n');
}

GBytes *
nsk_short_commit_read(const void *data, size_t size, const char *letter, size_t expected)
{
    const uint8_t *at = data;
    size_t links = 1 + GIT_OID_RAWSZ;
    g_autofree char *text = NULL;

    if (size < links || (*at & ~(HAS_PARENT | IS_FRAME | IS_PACKED)) != 0 ||
        (*at & (IS_FRAME | IS_PACKED)) == (IS_FRAME | IS_PACKED))
        return NULL;
    uint8_t flags = *at;
    links += (flags & HAS_PARENT) != 0 ? GIT_OID_RAWSZ : 0;
    if (size < links)
        return NULL;
    const char *rest = (const char *)at + links;
    size_t rest_size = size - links;
    if ((flags & (IS_FRAME | IS_PACKED)) != 0) {
        text = g_malloc(expected + 1);
        rest_size =
            (flags & IS_FRAME) != 0
                ? nsk_codec_expand_shipped(rest, rest_size, NSK_SHIPPED_COMMIT, text, expected)
                : nsk_phrase_unpack(rest, rest_size, text, expected);
        rest = text;
        if (rest_size == SIZE_MAX)
            return NULL;
    }
    g_autoptr(GString) out = g_string_sized_new(MIN(expected, 4096));
    append_link(out, tree_word, at + 1);
    if ((flags & HAS_PARENT) != 0)
        append_link(out, parent_word, at + 1 + GIT_OID_RAWSZ);
    if (!lengthen_text(out, rest, rest_size, letter, expected) || out->len != expected)
        return NULL;
    return g_string_free_to_bytes(g_steal_pointer(&out));
}

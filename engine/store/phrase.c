/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packs the few hundred bytes of a commit's text after nsk_prefix_commit: some twenty times cheaper
 * than a frame of zstd, whose tables have to be made for each, and no larger.
 *
 *   0xxxxxxx            x + 1 bytes as they are follow
 *   1nnnnppp pppppppp   n + 3 bytes as from place p on, where the places count from the beginning
 * of the prefix, and the text follows it; with n = 15 one more byte is added to n
 *
 * INVARIANTS
 *   (1) The form is part of what is stored: it must stay readable for ever.
 *   (2) Whatever bytes are read, no more than the caller's room comes out.
 */
#include "store/store-private.h"

#include <string.h>

#define IS_MATCH    0x80
#define PLAIN_MOST  128
#define MATCH_LEAST 3
#define SHORT_MOST  15
#define MATCH_MOST  (MATCH_LEAST + SHORT_MOST + 255)
#define PLACES      2048 /* that a match can name */
#define HEADS       1024
#define TRIES       8 /* places that are compared */
#define NONE        UINT16_MAX

/* Places by the three bytes that stand there, newest first. */
typedef struct {
    uint16_t head[HEADS];
    uint16_t next[PLACES];
} Index;

static unsigned
hash_at(const char *at)
{
    uint32_t word =
        (uint32_t)(uint8_t)at[0] | (uint32_t)(uint8_t)at[1] << 8 | (uint32_t)(uint8_t)at[2] << 16;

    return (word * 2654435761U) >> 22;
}

static void
enter(Index *index, const char *all, size_t place)
{
    unsigned hash = hash_at(all + place);

    index->next[place] = index->head[hash];
    index->head[hash] = (uint16_t)place;
}

/* The index of the prefix; made once. */
static const Index *
prefix_index(size_t size)
{
    static gsize made;

    if (g_once_init_enter(&made)) {
        Index *index = g_new(Index, 1);

        memset(index, 0xff, sizeof *index);
        for (size_t i = 0; i + MATCH_LEAST <= size; i++)
            enter(index, nsk_prefix_commit, i);
        g_once_init_leave(&made, (gsize)index);
    }
    return (const Index *)made;
}

/* How many bytes at @place are those at @at, of which there are @left. */
static size_t
common(const char *all, size_t place, size_t at, size_t left)
{
    size_t n = 0;
    size_t most = MIN(left, (size_t)MATCH_MOST);

    while (n < most && all[place + n] == all[at + n])
        n++;
    return n;
}

/* The longest match for what stands at @at, from among the newest places. */
static size_t
find_match(const Index *index, const char *all, size_t at, size_t end, size_t *out_place)
{
    size_t best = 0;
    uint16_t place = index->head[hash_at(all + at)];

    for (unsigned tries = 0; place != NONE && tries < TRIES; tries++) {
        size_t n = common(all, place, at, end - at);

        if (n > best) {
            best = n;
            *out_place = place;
        }
        place = index->next[place];
    }
    return best >= MATCH_LEAST ? best : 0;
}

static void
put_plain(GByteArray *out, const char *from, size_t size)
{
    while (size > 0) {
        size_t part = MIN(size, (size_t)PLAIN_MOST);
        uint8_t head = (uint8_t)(part - 1);

        g_byte_array_append(out, &head, 1);
        g_byte_array_append(out, (const guint8 *)from, (guint)part);
        from += part;
        size -= part;
    }
}

static void
put_match(GByteArray *out, size_t place, size_t n)
{
    size_t over = n - MATCH_LEAST;
    size_t head = MIN(over, (size_t)SHORT_MOST);
    uint8_t bytes[3] = { (uint8_t)(IS_MATCH | head << 3 | place >> 8), (uint8_t)place,
                         (uint8_t)(over - head) };

    g_byte_array_append(out, bytes, head == SHORT_MOST ? 3 : 2);
}

void
nsk_phrase_pack(GByteArray *out, const char *text, size_t size)
{
    size_t before = strlen(nsk_prefix_commit);
    size_t end = before + size;
    size_t plain = before, at = before;
    Index index = *prefix_index(before);
    g_autofree char *all = g_malloc(end);

    g_assert(before < PLACES);
    memcpy(all, nsk_prefix_commit, before);
    memcpy(all + before, text, size);
    while (at + MATCH_LEAST <= end) {
        size_t place = 0;
        size_t n = find_match(&index, all, at, end, &place);

        if (n > 0) {
            put_plain(out, all + plain, at - plain);
            put_match(out, place, n);
            plain = at + n;
        }
        for (size_t stop = at + MAX(n, (size_t)1); at < stop; at++) {
            if (at < PLACES && at + MATCH_LEAST <= end)
                enter(&index, all, at);
        }
    }
    put_plain(out, all + plain, end - plain);
}

/* Copies @n bytes from @place to the end of @used bytes; false if one of them is not there yet.
 * Byte by byte, since a match may reach into itself. */
static bool
copy_match(char *out, size_t used, size_t place, size_t n)
{
    size_t before = strlen(nsk_prefix_commit);

    if (place >= before + used)
        return false;
    for (size_t i = 0; i < n; i++, place++)
        out[used + i] = place < before ? nsk_prefix_commit[place] : out[place - before];
    return true;
}

size_t
nsk_phrase_unpack(const void *data, size_t size, char *out, size_t room)
{
    const uint8_t *at = data;
    const uint8_t *end = size > 0 ? at + size : at;
    size_t used = 0;

    while (at < end) {
        uint8_t head = *at++;
        size_t n = (size_t)head + 1;

        if ((head & IS_MATCH) == 0) {
            if (n > (size_t)(end - at) || n > room - used)
                return SIZE_MAX;
            memcpy(out + used, at, n);
            at += n;
        } else {
            n = (head >> 3 & SHORT_MOST) + MATCH_LEAST;
            bool is_long = n == SHORT_MOST + MATCH_LEAST;
            if ((size_t)(end - at) < (is_long ? 2U : 1U))
                return SIZE_MAX;
            size_t place = (size_t)(head & 7) << 8 | at[0];
            n += is_long ? at[1] : 0;
            at += is_long ? 2 : 1;
            if (n > room - used || !copy_match(out, used, place, n))
                return SIZE_MAX;
        }
        used += n;
    }
    return used;
}

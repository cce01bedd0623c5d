/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The map of a day.
 *
 * Letters are sorted by their places, so that each part of the map is a run of them; the part is
 * split where the next bit of the places changes.
 */
#include "journal/daymap.h"

#include "base/message.h"
#include "journal/note.h"

#include <string.h>

#define HEADER "naskah-day-map@v1\n"
#define EVENTS "events "
#define BITS   (8 * NSK_SHA256_SIZE)

typedef struct {
    NskHash place;
    uint64_t events;
    NskHash last;
} Letter;

struct _NskDayMap {
    GArray *letters; /* Letter */
    bool is_sorted;
};

/* Letters [begin, end) have the first @depth bits of their places in common. */
typedef struct {
    size_t begin, end;
    unsigned depth;
} Part;

static NskHash
place_of(const char *letter)
{
    static const uint8_t mark = 2;
    NskHash place;

    nsk_sha256_pair(&mark, 1, letter, strlen(letter), place.bytes);
    return place;
}

static NskHash
leaf_of(const NskHash *place, uint64_t events, const NskHash *last)
{
    uint8_t block[1 + NSK_SHA256_SIZE + 8 + NSK_SHA256_SIZE] = { 3 };
    uint64_t count = GUINT64_TO_BE(events);
    NskHash hash;

    memcpy(block + 1, place->bytes, NSK_SHA256_SIZE);
    memcpy(block + 1 + NSK_SHA256_SIZE, &count, sizeof count);
    memcpy(block + 1 + NSK_SHA256_SIZE + sizeof count, last->bytes, NSK_SHA256_SIZE);
    nsk_sha256(block, sizeof block, hash.bytes);
    return hash;
}

static bool
is_right(const NskHash *place, unsigned depth)
{
    return (place->bytes[depth / 8] >> (7 - depth % 8) & 1) != 0;
}

static int
compare_places(const void *a, const void *b)
{
    return memcmp(((const Letter *)a)->place.bytes, ((const Letter *)b)->place.bytes,
                  NSK_SHA256_SIZE);
}

NskDayMap *
nsk_day_map_new(void)
{
    NskDayMap *self = g_new0(NskDayMap, 1);

    self->letters = g_array_new(FALSE, FALSE, sizeof(Letter));
    return self;
}

void
nsk_day_map_free(NskDayMap *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->letters);
    g_free(self);
}

void
nsk_day_map_add(NskDayMap *self, const char *letter, uint64_t events, const NskHash *last)
{
    const Letter row = { place_of(letter), events, *last };

    g_return_if_fail(!self->is_sorted);
    g_array_append_val(self->letters, row);
}

static void
sort(NskDayMap *self)
{
    if (!self->is_sorted)
        g_array_sort(self->letters, compare_places);
    self->is_sorted = true;
}

/* The left and the right half of a part of more than one letter. */
static void
split(const NskDayMap *self, const Part *part, Part *left, Part *right)
{
    size_t low = part->begin, high = part->end;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (is_right(&g_array_index(self->letters, Letter, middle).place, part->depth))
            high = middle;
        else
            low = middle + 1;
    }
    *left = (Part){ part->begin, low, part->depth + 1 };
    *right = (Part){ low, part->end, part->depth + 1 };
}

static NskHash
part_root(const NskDayMap *self, const Part *part) /* NOLINT(misc-no-recursion): by its bits */
{
    Part left, right;

    if (part->begin == part->end)
        return (NskHash){ { 0 } };
    if (part->end - part->begin == 1 || part->depth == BITS) {
        const Letter *row = &g_array_index(self->letters, Letter, part->begin);

        return leaf_of(&row->place, row->events, &row->last);
    }
    split(self, part, &left, &right);
    NskHash left_root = part_root(self, &left), right_root = part_root(self, &right);
    return nsk_tree_node(&left_root, &right_root);
}

NskHash
nsk_day_map_root(NskDayMap *self)
{
    sort(self);
    return part_root(self, &(Part){ 0, self->letters->len, 0 });
}

bool
nsk_day_map_prove(NskDayMap *self, const char *letter, NskDayMapProof *out)
{
    NskHash place = place_of(letter);
    Part part = { 0, self->letters->len, 0 };

    sort(self);
    memset(out, 0, sizeof *out);
    while (part.end - part.begin > 1 && part.depth < BITS) {
        Part left, right;

        split(self, &part, &left, &right);
        bool goes_right = is_right(&place, part.depth);
        out->path[out->n++] = part_root(self, goes_right ? &left : &right);
        part = goes_right ? right : left;
    }
    if (part.begin == part.end)
        return false;
    const Letter *row = &g_array_index(self->letters, Letter, part.begin);
    for (size_t i = 0; i < out->n / 2; i++) { /* the way down is told up */
        NskHash hash = out->path[i];

        out->path[i] = out->path[out->n - 1 - i];
        out->path[out->n - 1 - i] = hash;
    }
    out->events = row->events;
    out->last = row->last;
    return nsk_hash_equal(&row->place, &place);
}

bool
nsk_day_map_check(const NskDayMapProof *self, const char *letter, const NskHash *root)
{
    NskHash place = place_of(letter);
    NskHash hash = leaf_of(&place, self->events, &self->last);

    if (self->n > NSK_DAY_MAP_MOST_PATH || self->events == 0)
        return false;
    for (size_t i = 0; i < self->n; i++)
        hash = is_right(&place, (unsigned)(self->n - 1 - i)) ? nsk_tree_node(&self->path[i], &hash)
                                                             : nsk_tree_node(&hash, &self->path[i]);
    return nsk_hash_equal(&hash, root);
}

/* --- As a text -------------------------------------------------------------------------------- */

char *
nsk_day_map_proof_format(const NskDayMapProof *self)
{
    GString *out = g_string_new(HEADER);
    g_autofree char *last = nsk_hash_format(&self->last);

    g_string_append_printf(out, EVENTS "%" G_GUINT64_FORMAT "\n%s\n", self->events, last);
    for (size_t i = 0; i < self->n; i++) {
        g_autofree char *line = nsk_hash_format(&self->path[i]);

        g_string_append_printf(out, "%s\n", line);
    }
    return g_string_free(out, FALSE);
}

/* The next line of [*at, end), without its end; false if there is none. */
static bool
next_line(const char **at, const char *end, const char **line, size_t *size)
{
    const char *feed = *at < end ? memchr(*at, '\n', (size_t)(end - *at)) : NULL;

    if (feed == NULL)
        return false;
    *line = *at;
    *size = (size_t)(feed - *at);
    *at = feed + 1;
    return true;
}

static bool
read_lines(const char *at, const char *end, NskDayMapProof *out)
{
    const char *line;
    size_t size;

    if (!next_line(&at, end, &line, &size) || size <= strlen(EVENTS) ||
        memcmp(line, EVENTS, strlen(EVENTS)) != 0 ||
        !nsk_tree_number_parse(line + strlen(EVENTS), size - strlen(EVENTS), NSK_TREE_MOST_SIZE,
                               &out->events) ||
        out->events == 0)
        return false;
    if (!next_line(&at, end, &line, &size) || !nsk_hash_parse(line, size, &out->last))
        return false;
    for (; next_line(&at, end, &line, &size); out->n++) {
        if (out->n == NSK_DAY_MAP_MOST_PATH || !nsk_hash_parse(line, size, &out->path[out->n]))
            return false;
    }
    return at == end;
}

bool
nsk_day_map_proof_parse(const void *data, size_t size, NskDayMapProof *out, GError **error)
{
    const char *at = data;

    memset(out, 0, sizeof *out);
    if (size > NSK_DAY_MAP_MOST_PROOF) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT, nsk_tr("a proof may have %d bytes at most"),
                    NSK_DAY_MAP_MOST_PROOF);
        return false;
    }
    if (size > strlen(HEADER) && memcmp(at, HEADER, strlen(HEADER)) == 0 &&
        read_lines(at + strlen(HEADER), at + size, out))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("this is no proof of a day's map: it begins with "
                               "'naskah-day-map@v1', then come the line 'events' with a number "
                               "above 0 and hashes in base64, each in a line"));
    return false;
}

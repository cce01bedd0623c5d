/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is different between two versions of a letter.
 *
 * Pieces (pieces.c) are aligned group by group with a longest common subsequence.  Between two
 * pieces that stayed, those that went and those that came are paired where their words are alike
 * enough; a pair is a change, whose words are aligned in turn.
 */
#include "letter/letter-private.h"

#include <string.h>

/* A pair is a change if at least this share of its words, in percent, is common. */
#define MIN_LIKENESS 30
/* Words compared in one gap; above it pieces are paired in their order. */
#define MAX_WORDS_COMPARED 2000000
#define BODY               "body" /* the group that is told last */

struct _NskLetterDiff {
    GPtrArray *changes;
};

typedef struct {
    NskLetterChange change;
    GArray *segments;
} Change;

static void
segment_clear(gpointer data)
{
    NskLetterSegment *segment = data;

    g_free(segment->text);
}

static void
change_free(gpointer data)
{
    Change *self = data;

    g_free(self->change.where[NSK_LETTER_WORDS_ID]);
    g_free(self->change.where[NSK_LETTER_WORDS_EN]);
    g_free(self->change.old_text);
    g_free(self->change.new_text);
    g_array_unref(self->segments);
    g_free(self);
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Words with the blanks behind them; a line's end is a word.  @out_keys: the words alone. */
static GPtrArray *
split_words(const char *text, GPtrArray **out_keys)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);

    while (*text != '\0') {
        size_t word = *text == '\n' ? 1 : strcspn(text, " \t\n");
        size_t size = word;

        while (*text != '\n' && is_blank(text[size]))
            size++;
        g_ptr_array_add(words, g_strndup(text, size));
        g_ptr_array_add(keys, g_strndup(text, word));
        text += size;
    }
    *out_keys = keys;
    return words;
}

/* Adds words to the last segment if it is of that kind, else a new one. */
static void
add_words(GArray *segments, NskSegmentKind kind, const GPtrArray *words, size_t from, size_t to)
{
    NskLetterSegment *last =
        segments->len > 0 ? &g_array_index(segments, NskLetterSegment, segments->len - 1) : NULL;
    g_autoptr(GString) text = g_string_new(NULL);

    if (from >= to)
        return;
    for (size_t i = from; i < to; i++)
        g_string_append(text, g_ptr_array_index(words, i));
    if (last != NULL && last->kind == kind) {
        g_autofree char *before = last->text;

        last->text = g_strconcat(before, text->str, NULL);
        return;
    }
    NskLetterSegment segment = { kind, g_string_free(g_steal_pointer(&text), FALSE) };
    g_array_append_val(segments, segment);
}

static void
find_segments(GArray *segments, const char *old_text, const char *new_text)
{
    g_autoptr(GPtrArray) old_keys = NULL;
    g_autoptr(GPtrArray) new_keys = NULL;
    g_autoptr(GPtrArray) old_words = split_words(old_text, &old_keys);
    g_autoptr(GPtrArray) new_words = split_words(new_text, &new_keys);
    g_autoptr(GArray) pairs = nsk_lcs(old_keys, new_keys);
    size_t i = 0;
    size_t j = 0;

    for (guint k = 0; k < pairs->len;) {
        NskPair pair = g_array_index(pairs, NskPair, k);
        guint end = k + 1;

        while (end < pairs->len &&
               g_array_index(pairs, NskPair, end).old_index == pair.old_index + (end - k) &&
               g_array_index(pairs, NskPair, end).new_index == pair.new_index + (end - k))
            end++;
        add_words(segments, NSK_SEGMENT_REMOVED, old_words, i, pair.old_index);
        add_words(segments, NSK_SEGMENT_ADDED, new_words, j, pair.new_index);
        add_words(segments, NSK_SEGMENT_SAME, new_words, pair.new_index,
                  pair.new_index + (end - k));
        i = pair.old_index + (end - k);
        j = pair.new_index + (end - k);
        k = end;
    }
    add_words(segments, NSK_SEGMENT_REMOVED, old_words, i, old_words->len);
    add_words(segments, NSK_SEGMENT_ADDED, new_words, j, new_words->len);
}

/* One of the pieces may be NULL. */
static void
add_change(NskLetterDiff *self, const NskLetterPiece *old_piece, const NskLetterPiece *new_piece)
{
    const NskLetterPiece *place = new_piece != NULL ? new_piece : old_piece;
    Change *change = g_new0(Change, 1);
    NskLetterChange *c = &change->change;
    bool markup =
        old_piece != NULL && new_piece != NULL && strcmp(old_piece->text, new_piece->text) == 0;

    c->kind = NSK_CHANGE_CHANGED;
    c->where[0] = g_strdup(place->where[0]);
    c->where[1] = g_strdup(place->where[1]);
    change->segments = g_array_new(FALSE, FALSE, sizeof(NskLetterSegment));
    g_array_set_clear_func(change->segments, segment_clear);
    if (old_piece != NULL)
        c->old_text = g_strdup(markup ? old_piece->key : old_piece->text);
    else
        c->kind = NSK_CHANGE_ADDED;
    if (new_piece != NULL)
        c->new_text = g_strdup(markup ? new_piece->key : new_piece->text);
    else
        c->kind = NSK_CHANGE_REMOVED;
    find_segments(change->segments, c->old_text != NULL ? c->old_text : "",
                  c->new_text != NULL ? c->new_text : "");
    c->segments = (const NskLetterSegment *)(const void *)change->segments->data;
    c->n_segments = change->segments->len;
    g_ptr_array_add(self->changes, change);
}

/* Pieces between two that stayed. */
typedef struct {
    const GPtrArray *old_pieces;
    const GPtrArray *new_pieces;
    size_t old_start, old_end;
    size_t new_start, new_end;
} Gap;

static void
hash_table_free(gpointer data)
{
    g_hash_table_unref(data);
}

/* For each piece the set of its words. */
static GPtrArray *
word_sets(const GPtrArray *pieces, size_t from, size_t to, size_t *io_words)
{
    GPtrArray *sets = g_ptr_array_new_with_free_func(hash_table_free);

    for (size_t i = from; i < to; i++) {
        const NskLetterPiece *piece = g_ptr_array_index(pieces, i);
        GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_auto(GStrv) words = g_strsplit_set(piece->text, " \t\n", -1);

        for (char **word = words; *word != NULL; word++) {
            if (**word != '\0')
                g_hash_table_add(set, g_strdup(*word));
        }
        *io_words += g_hash_table_size(set);
        g_ptr_array_add(sets, set);
    }
    return sets;
}

/* Percent of the words that both have. */
static unsigned
likeness(GHashTable *a, GHashTable *b)
{
    GHashTableIter iter;
    gpointer word;
    unsigned common = 0;
    unsigned all = g_hash_table_size(a) + g_hash_table_size(b);

    if (all == 0)
        return 100;
    g_hash_table_iter_init(&iter, a);
    while (g_hash_table_iter_next(&iter, &word, NULL)) {
        if (g_hash_table_contains(b, word))
            common++;
    }
    return 200 * common / all;
}

/* Chooses pairs, in order, whose likeness sums up highest; out_partner[i] is 1 + index or 0. */
static void
choose_pairs(const GPtrArray *old_sets, const GPtrArray *new_sets, size_t *out_partner)
{
    size_t n = old_sets->len;
    size_t m = new_sets->len;
    size_t width = m + 1;
    g_autofree unsigned *best = g_new0(unsigned, (n + 1) * width);
    g_autofree unsigned *like = g_new0(unsigned, n *m + 1);

    for (size_t i = n; i-- > 0;) {
        for (size_t j = m; j-- > 0;) {
            unsigned own = likeness(g_ptr_array_index(old_sets, i), g_ptr_array_index(new_sets, j));
            unsigned without = MAX(best[(i + 1) * width + j], best[i * width + j + 1]);

            like[i * m + j] = own >= MIN_LIKENESS ? own : 0;
            best[i * width + j] = MAX(without, like[i * m + j] + best[(i + 1) * width + j + 1]);
        }
    }
    for (size_t i = 0, j = 0; i < n && j < m;) {
        unsigned here = best[i * width + j];

        if (like[i * m + j] > 0 && here == like[i * m + j] + best[(i + 1) * width + j + 1])
            out_partner[i++] = ++j;
        else if (here == best[(i + 1) * width + j])
            i++;
        else
            j++;
    }
}

static void
pair_gap(const Gap *gap, bool is_field, size_t *out_partner)
{
    size_t n = gap->old_end - gap->old_start;
    size_t m = gap->new_end - gap->new_start;
    size_t words = 0;
    g_autoptr(GPtrArray) old_sets = NULL;
    g_autoptr(GPtrArray) new_sets = NULL;

    if (n == 0 || m == 0)
        return;
    old_sets = word_sets(gap->old_pieces, gap->old_start, gap->old_end, &words);
    new_sets = word_sets(gap->new_pieces, gap->new_start, gap->new_end, &words);
    if (!is_field && (words + n + m) <= MAX_WORDS_COMPARED / MAX(n, m)) {
        choose_pairs(old_sets, new_sets, out_partner);
        return;
    }
    for (size_t i = 0; i < MIN(n, m); i++)
        out_partner[i] = i + 1;
}

/* In the order of the new letter; what went stands before what came in its place. */
static void
write_gap(NskLetterDiff *self, const Gap *gap, bool is_field)
{
    size_t n = gap->old_end - gap->old_start;
    size_t m = gap->new_end - gap->new_start;
    g_autofree size_t *partner = g_new0(size_t, n + 1);
    size_t j = 0;

    pair_gap(gap, is_field, partner);
    for (size_t i = 0; i < n; i++) {
        const NskLetterPiece *old_piece = g_ptr_array_index(gap->old_pieces, gap->old_start + i);

        for (; partner[i] > 0 && j + 1 < partner[i]; j++)
            add_change(self, NULL, g_ptr_array_index(gap->new_pieces, gap->new_start + j));
        if (partner[i] > 0)
            add_change(self, old_piece, g_ptr_array_index(gap->new_pieces, gap->new_start + j++));
        else
            add_change(self, old_piece, NULL);
    }
    for (; j < m; j++)
        add_change(self, NULL, g_ptr_array_index(gap->new_pieces, gap->new_start + j));
}

static GPtrArray *
keys_of(const GPtrArray *pieces)
{
    GPtrArray *keys = g_ptr_array_new();

    for (guint i = 0; i < pieces->len; i++)
        g_ptr_array_add(keys, ((NskLetterPiece *)g_ptr_array_index(pieces, i))->key);
    return keys;
}

static void
diff_group(NskLetterDiff *self, const GPtrArray *old_pieces, const GPtrArray *new_pieces)
{
    g_autoptr(GPtrArray) old_keys = keys_of(old_pieces);
    g_autoptr(GPtrArray) new_keys = keys_of(new_pieces);
    g_autoptr(GArray) pairs = nsk_lcs(old_keys, new_keys);
    bool is_field = old_pieces->len == 1 && new_pieces->len == 1;
    Gap gap = { .old_pieces = old_pieces, .new_pieces = new_pieces };

    for (guint i = 0; i < pairs->len; i++) {
        NskPair pair = g_array_index(pairs, NskPair, i);

        gap.old_end = pair.old_index;
        gap.new_end = pair.new_index;
        write_gap(self, &gap, is_field);
        gap.old_start = pair.old_index + 1;
        gap.new_start = pair.new_index + 1;
    }
    gap.old_end = old_pieces->len;
    gap.new_end = new_pieces->len;
    write_gap(self, &gap, is_field);
}

static GPtrArray *
select_group(const GPtrArray *pieces, const char *group)
{
    GPtrArray *selected = g_ptr_array_new();

    for (guint i = 0; i < pieces->len; i++) {
        NskLetterPiece *piece = g_ptr_array_index(pieces, i);

        if (strcmp(piece->group, group) == 0)
            g_ptr_array_add(selected, piece);
    }
    return selected;
}

static void
add_groups(GPtrArray *groups, const GPtrArray *pieces)
{
    for (guint i = 0; i < pieces->len; i++) {
        const NskLetterPiece *piece = g_ptr_array_index(pieces, i);

        if (strcmp(piece->group, BODY) != 0 &&
            !g_ptr_array_find_with_equal_func(groups, piece->group, g_str_equal, NULL))
            g_ptr_array_add(groups, (char *)(uintptr_t)piece->group);
    }
}

/* Every group that one of the two has, each once: those that most letters have in the order in
 * which they are read, then the others, and the body last. */
static GPtrArray *
list_groups(const GPtrArray *old_pieces, const GPtrArray *new_pieces)
{
    static const char *const first[] = {
        "kind",      "language", "security class", "urgency",    "classification",
        "subject",   "number",   "date",           "place",      "form of the address list",
        "addressee", "copy",     "reference",      "attachment", "reviewer",
        "signatory",
    };
    GPtrArray *groups = g_ptr_array_new();

    for (size_t i = 0; i < G_N_ELEMENTS(first); i++)
        g_ptr_array_add(groups, (char *)(uintptr_t)first[i]);
    add_groups(groups, new_pieces);
    add_groups(groups, old_pieces);
    g_ptr_array_add(groups, (char *)(uintptr_t)BODY);
    return groups;
}

NskLetterDiff *
nsk_letter_diff(const NskLetter *old_letter, const NskLetter *new_letter)
{
    NskLetterDiff *self = g_new0(NskLetterDiff, 1);
    g_autoptr(GPtrArray) old_pieces = nsk_letter_pieces(old_letter);
    g_autoptr(GPtrArray) new_pieces = nsk_letter_pieces(new_letter);
    g_autoptr(GPtrArray) groups = list_groups(old_pieces, new_pieces);

    self->changes = g_ptr_array_new_with_free_func(change_free);
    for (guint i = 0; i < groups->len; i++) {
        const char *group = g_ptr_array_index(groups, i);
        g_autoptr(GPtrArray) old_group = select_group(old_pieces, group);
        g_autoptr(GPtrArray) new_group = select_group(new_pieces, group);

        diff_group(self, old_group, new_group);
    }
    return self;
}

void
nsk_letter_diff_free(NskLetterDiff *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->changes);
    g_free(self);
}

size_t
nsk_letter_diff_count(const NskLetterDiff *self)
{
    return self->changes->len;
}

const NskLetterChange *
nsk_letter_diff_get(const NskLetterDiff *self, size_t index)
{
    const Change *change = g_ptr_array_index(self->changes, index);

    return &change->change;
}

/* Blanks stay outside of the marks; words that a mark parts get one between them. */
static void
format_segment(GString *text, const NskLetterSegment *segment, bool before_added)
{
    bool removed = segment->kind == NSK_SEGMENT_REMOVED;
    size_t size = strlen(segment->text);
    bool after_removed = g_str_has_suffix(text->str, "-]");

    if (segment->kind == NSK_SEGMENT_SAME) {
        g_string_append(text, segment->text);
        return;
    }
    while (size > 1 && is_blank(segment->text[size - 1]))
        size--;
    if (!after_removed && text->len > 0 && strchr(" \n", text->str[text->len - 1]) == NULL)
        g_string_append_c(text, ' ');
    g_string_append(text, removed ? "[-" : "{+");
    g_string_append_len(text, segment->text, (gssize)size);
    g_string_append(text, removed ? "-]" : "+}");
    if (!before_added)
        g_string_append(text, segment->text + size);
}

char *
nsk_letter_diff_format(const NskLetterDiff *self, NskLetterWords words)
{
    static const char *const kinds[][2] = { { "ditambah", "added" },
                                            { "dihapus", "removed" },
                                            { "diubah", "changed" } };
    g_autoptr(GString) all = g_string_new(NULL);

    for (guint i = 0; i < self->changes->len; i++) {
        const NskLetterChange *change = nsk_letter_diff_get(self, i);
        g_autoptr(GString) text = g_string_new(NULL);

        for (size_t k = 0; k < change->n_segments; k++) {
            bool before_added = change->segments[k].kind == NSK_SEGMENT_REMOVED &&
                                k + 1 < change->n_segments &&
                                change->segments[k + 1].kind == NSK_SEGMENT_ADDED;

            format_segment(text, &change->segments[k], before_added);
        }
        g_string_replace(text, "\n", "\n  ", 0);
        g_string_append_printf(all, "%s (%s):\n  %s\n", change->where[words],
                               kinds[change->kind][words], text->str);
    }
    return g_string_free(g_steal_pointer(&all), FALSE);
}

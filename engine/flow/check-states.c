/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The markings that exploration found: a hash table over an array, with the move that found each,
 * so that the way to it can be told.
 */
#include "base/message.h"
#include "flow/check-explore-private.h"

#include <string.h>

#define FIRST_SLOTS 256
#define WAY_HEAD    6 /* names of a way that are told from its beginning, and from its end */
#define WAY_TAIL    12

static GArray *
new_array(size_t size)
{
    return g_array_new(FALSE, FALSE, (guint)size);
}

void
nsk_check_states_init(CheckStates *self, CheckNet *net)
{
    memset(self, 0, sizeof *self);
    self->net = net;
    self->words = new_array(sizeof(uint64_t));
    self->parents = new_array(sizeof(uint32_t));
    self->trail_ends = new_array(sizeof(uint32_t));
    self->trails = new_array(sizeof(uint16_t));
    self->from = new_array(sizeof(uint32_t));
    self->to = new_array(sizeof(uint32_t));
    self->finishes = new_array(sizeof(uint8_t));
    self->n_slots = FIRST_SLOTS;
    self->slots = g_new0(uint32_t, self->n_slots);
}

void
nsk_check_states_clear(CheckStates *self)
{
    g_array_unref(self->words);
    g_array_unref(self->parents);
    g_array_unref(self->trail_ends);
    g_array_unref(self->trails);
    g_array_unref(self->from);
    g_array_unref(self->to);
    g_array_unref(self->finishes);
    g_free(self->slots);
}

const uint64_t *
nsk_check_states_words(const CheckStates *self, uint32_t index)
{
    return &g_array_index(self->words, uint64_t, (size_t)index * self->net->n_words);
}

/* FNV-1a over words, with a last mix because low bits choose the slot. */
static uint64_t
hash_words(const uint64_t *words, unsigned n)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (unsigned i = 0; i < n; i++) {
        hash ^= words[i];
        hash *= UINT64_C(1099511628211);
        hash ^= hash >> 32;
    }
    return hash;
}

/* The slot of the marking, or the free one for it. */
static uint32_t
find_slot(const CheckStates *self, const uint64_t *words)
{
    unsigned n = self->net->n_words;
    uint32_t slot = (uint32_t)hash_words(words, n) & (self->n_slots - 1);

    while (self->slots[slot] != 0 && memcmp(nsk_check_states_words(self, self->slots[slot] - 1),
                                            words, n * sizeof *words) != 0)
        slot = (slot + 1) & (self->n_slots - 1);
    return slot;
}

static void
grow(CheckStates *self)
{
    g_free(self->slots);
    self->n_slots *= 2;
    self->slots = g_new0(uint32_t, self->n_slots);
    for (uint32_t i = 0; i < self->n; i++)
        self->slots[find_slot(self, nsk_check_states_words(self, i))] = i + 1;
}

uint32_t
nsk_check_states_add(CheckStates *self, const NetRun *run, uint32_t from)
{
    uint32_t slot = find_slot(self, run->words);
    uint32_t index;
    const uint8_t no = 0;

    if (self->slots[slot] == 0) {
        g_array_append_vals(self->words, run->words, self->net->n_words);
        g_array_append_val(self->parents, from);
        g_array_append_vals(self->trails, run->trail, run->n_trail);
        g_array_append_val(self->trail_ends, self->trails->len);
        g_array_append_val(self->finishes, no);
        self->slots[slot] = ++self->n;
        index = self->n - 1;
        if (self->n * 2 > self->n_slots)
            grow(self);
    } else {
        index = self->slots[slot] - 1;
    }
    if (from != CHECK_START) {
        g_array_append_val(self->from, from);
        g_array_append_val(self->to, index);
    }
    return index;
}

/* Moves by where they go: those to i are in @out_sources from @out_first[i] to @out_first[i + 1].
 */
static void
turn_round(const CheckStates *self, uint32_t **out_first, uint32_t **out_sources)
{
    uint32_t *first = g_new0(uint32_t, self->n + 2);
    uint32_t *sources = g_new(uint32_t, self->to->len + 1);

    for (guint i = 0; i < self->to->len; i++)
        first[g_array_index(self->to, uint32_t, i) + 2]++;
    for (uint32_t i = 2; i < self->n + 2; i++)
        first[i] += first[i - 1];
    for (guint i = 0; i < self->to->len; i++)
        sources[first[g_array_index(self->to, uint32_t, i) + 1]++] =
            g_array_index(self->from, uint32_t, i);
    *out_first = first;
    *out_sources = sources;
}

uint32_t
nsk_check_states_find_endless(const CheckStates *self)
{
    g_autofree uint32_t *first = NULL;
    g_autofree uint32_t *sources = NULL;
    g_autofree bool *ends = g_new0(bool, self->n + 1);
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(uint32_t));

    turn_round(self, &first, &sources);
    for (uint32_t i = 0; i < self->n; i++) {
        ends[i] = g_array_index(self->finishes, uint8_t, i) != 0;
        if (ends[i])
            g_array_append_val(stack, i);
    }
    while (stack->len > 0) {
        uint32_t index = g_array_index(stack, uint32_t, stack->len - 1);

        g_array_set_size(stack, stack->len - 1);
        for (uint32_t i = first[index]; i < first[index + 1]; i++) {
            if (!ends[sources[i]])
                g_array_append_val(stack, sources[i]);
            ends[sources[i]] = true;
        }
    }
    for (uint32_t i = 0; i < self->n; i++) {
        if (!ends[i])
            return i;
    }
    return CHECK_START;
}

/* Puts the nodes passed on the move that found the marking, and on those before it, into @nodes. */
static void
collect(const CheckStates *self, uint32_t index, GArray *nodes)
{
    g_autoptr(GArray) chain = g_array_new(FALSE, FALSE, sizeof(uint32_t));

    for (; index != CHECK_START; index = g_array_index(self->parents, uint32_t, index))
        g_array_append_val(chain, index);
    for (guint i = chain->len; i-- > 0;) {
        uint32_t at = g_array_index(chain, uint32_t, i);
        uint32_t from = at > 0 ? g_array_index(self->trail_ends, uint32_t, at - 1) : 0;
        uint32_t to = g_array_index(self->trail_ends, uint32_t, at);

        g_array_append_vals(nodes, &g_array_index(self->trails, uint16_t, from), to - from);
    }
}

char *
nsk_check_states_way(const CheckStates *self, uint32_t index, const NetRun *run, const char *before)
{
    const NskFlow *flow = self->net->checker->flow;
    g_autoptr(GArray) nodes = g_array_new(FALSE, FALSE, sizeof(uint16_t));
    GString *text = g_string_new(before);

    collect(self, index, nodes);
    if (run != NULL)
        g_array_append_vals(nodes, run->trail, run->n_trail);
    for (guint i = 0; i < nodes->len; i++) {
        const FlowNode *node = nsk_flow_node(flow, g_array_index(nodes, uint16_t, i));

        if (text->len > 0)
            g_string_append(text, " -> ");
        if (i == WAY_HEAD && nodes->len > WAY_HEAD + WAY_TAIL) {
            g_string_append(text, "...");
            i = nodes->len - WAY_TAIL - 1;
            continue;
        }
        g_string_append_printf(text, "'%s'", node->task.name);
    }
    return g_string_free(text, FALSE);
}

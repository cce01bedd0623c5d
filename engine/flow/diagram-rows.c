/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layered method, its second half: neighbours that can stand in one row are joined to blocks
 * (after Brandes and Koepf, 2001), things that follow each other first; blocks get the lowest row
 * that the order in the columns allows, and then sink to the rows of their neighbours.
 *
 * INVARIANT: joined neighbours never cross, so that "stands above" among blocks has no circle.
 */
#include "flow/diagram-grid-private.h"

static void
free_array(gpointer array)
{
    g_array_free(array, TRUE);
}

typedef struct {
    unsigned left;
    unsigned right;
    unsigned left_order;
    unsigned right_order;
    unsigned rank; /* things that follow each other are put in one row first, then long ways */
} Candidate;

static int
by_rank(gconstpointer a, gconstpointer b)
{
    const Candidate *x = a;
    const Candidate *y = b;

    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->left_order != y->left_order)
        return x->left_order < y->left_order ? -1 : 1;
    return x->right_order < y->right_order ? -1 : x->right_order > y->right_order;
}

static bool
crosses_any(const GArray *joined, const Candidate *one)
{
    for (unsigned i = 0; i < joined->len; i++) {
        const Candidate *other = &g_array_index(joined, Candidate, i);

        if ((other->left_order < one->left_order) != (other->right_order < one->right_order))
            return true;
    }
    return false;
}

/* Joins what can stand in one row on both sides of one gap; @rights and @lefts are the partners. */
static void
join_gap(const Arrange *self, unsigned column, unsigned *rights, unsigned *lefts)
{
    const GArray *steps = g_ptr_array_index(self->steps, column);
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    g_autoptr(GArray) joined = g_array_new(FALSE, FALSE, sizeof(Candidate));

    for (unsigned i = 0; i < steps->len; i++) {
        const Segment *step = &g_array_index(steps, Segment, i);
        const Vertex *left = get_vertex(self, step->left);
        const Vertex *right = get_vertex(self, step->right);
        Candidate candidate = { step->left, step->right, left->order, right->order,
                                left->cell != NONE && right->cell != NONE   ? 0
                                : left->cell == NONE && right->cell == NONE ? 1
                                                                            : 2 };

        if (left->lane == right->lane)
            g_array_append_val(candidates, candidate);
    }
    g_array_sort(candidates, by_rank);
    for (unsigned i = 0; i < candidates->len; i++) {
        const Candidate *one = &g_array_index(candidates, Candidate, i);

        if (rights[one->left] != NONE || lefts[one->right] != NONE || crosses_any(joined, one))
            continue;
        rights[one->left] = one->right;
        lefts[one->right] = one->left;
        g_array_append_val(joined, *one);
    }
}

static void
make_blocks(Arrange *self)
{
    unsigned n = self->vertices->len;
    g_autofree unsigned *rights = g_new(unsigned, n);
    g_autofree unsigned *lefts = g_new(unsigned, n);

    for (unsigned i = 0; i < n; i++)
        rights[i] = lefts[i] = NONE;
    for (unsigned i = 0; i + 1 < self->steps->len; i++)
        join_gap(self, i, rights, lefts);
    for (unsigned i = 0; i < n; i++) {
        unsigned block = self->block_vertices->len;
        unsigned zero = 0;
        GArray *vertices = NULL;

        if (lefts[i] != NONE)
            continue;
        vertices = g_array_new(FALSE, FALSE, sizeof(unsigned));
        for (unsigned at = i; at != NONE; at = rights[at]) {
            get_vertex(self, at)->block = block;
            g_array_append_val(vertices, at);
        }
        g_ptr_array_add(self->block_vertices, vertices);
        g_array_append_val(self->block_rows, zero);
        g_array_append_val(self->block_lanes, get_vertex(self, i)->lane);
    }
}

/* "Stands just above", from block to block, as pairs. */
static GPtrArray *
list_below(const Arrange *self, unsigned *n_above)
{
    GPtrArray *below = g_ptr_array_new_full(self->block_vertices->len, free_array);

    for (unsigned i = 0; i < self->block_vertices->len; i++)
        g_ptr_array_add(below, g_array_new(FALSE, FALSE, sizeof(unsigned)));
    for (unsigned i = 0; i < self->columns->len; i++) {
        const GPtrArray *units = g_ptr_array_index(self->columns, i);
        unsigned last = NONE;

        for (unsigned k = 0; k < units->len; k++) {
            const GArray *vertices = ((const Unit *)g_ptr_array_index(units, k))->vertices;

            for (unsigned m = 0; m < vertices->len; m++) {
                unsigned block = get_vertex(self, g_array_index(vertices, unsigned, m))->block;

                if (last != NONE) {
                    g_array_append_val((GArray *)g_ptr_array_index(below, last), block);
                    n_above[block]++;
                }
                last = block;
            }
        }
    }
    return below;
}

/* Blocks so that each comes after all that stand above it. */
static GArray *
sort_blocks(const GPtrArray *below, unsigned *n_above)
{
    GArray *sorted = g_array_new(FALSE, FALSE, sizeof(unsigned));

    for (unsigned i = 0; i < below->len; i++) {
        if (n_above[i] == 0)
            g_array_append_val(sorted, i);
    }
    for (unsigned i = 0; i < sorted->len; i++) {
        const GArray *next = g_ptr_array_index(below, g_array_index(sorted, unsigned, i));

        for (unsigned k = 0; k < next->len; k++) {
            unsigned block = g_array_index(next, unsigned, k);

            if (--n_above[block] == 0)
                g_array_append_val(sorted, block);
        }
    }
    g_assert(sorted->len == below->len); /* the invariant */
    return sorted;
}

static unsigned *
block_row(const Arrange *self, unsigned block)
{
    return &g_array_index(self->block_rows, unsigned, block);
}

/* The lowest rows; lane after lane. */
static void
set_rows(Arrange *self, const GPtrArray *below, const GArray *sorted)
{
    DiagramGrid *grid = self->grid;
    unsigned start = 0;

    for (unsigned lane = 0; lane < MAX(grid->n_lanes, 1); lane++) {
        unsigned end = start + 1;

        g_array_append_val(grid->lane_starts, start);
        for (unsigned i = 0; i < sorted->len; i++) {
            unsigned block = g_array_index(sorted, unsigned, i);
            const GArray *next = g_ptr_array_index(below, block);

            if (g_array_index(self->block_lanes, unsigned, block) != lane)
                continue;
            *block_row(self, block) = MAX(*block_row(self, block), start);
            end = MAX(end, *block_row(self, block) + 1);
            for (unsigned k = 0; k < next->len; k++) {
                unsigned *row = block_row(self, g_array_index(next, unsigned, k));

                *row = MAX(*row, *block_row(self, block) + 1);
            }
        }
        start = end;
    }
    grid->n_rows = start;
}

static int
by_number(gconstpointer a, gconstpointer b)
{
    unsigned x = *(const unsigned *)a;
    unsigned y = *(const unsigned *)b;

    return x < y ? -1 : x > y;
}

/* The rows of the neighbours in other blocks, for each block. */
static GPtrArray *
list_neighbours(const Arrange *self)
{
    GPtrArray *neighbours = g_ptr_array_new_full(self->block_vertices->len, free_array);

    for (unsigned i = 0; i < self->block_vertices->len; i++)
        g_ptr_array_add(neighbours, g_array_new(FALSE, FALSE, sizeof(unsigned)));
    for (unsigned i = 0; i < self->steps->len; i++) {
        const GArray *steps = g_ptr_array_index(self->steps, i);

        for (unsigned k = 0; k < steps->len; k++) {
            const Segment *step = &g_array_index(steps, Segment, k);
            unsigned a = get_vertex(self, step->left)->block;
            unsigned b = get_vertex(self, step->right)->block;

            if (a == b)
                continue;
            g_array_append_val((GArray *)g_ptr_array_index(neighbours, a), b);
            g_array_append_val((GArray *)g_ptr_array_index(neighbours, b), a);
        }
    }
    return neighbours;
}

/* Lets blocks sink to the row of their neighbours where nothing is in the way. */
static void
sink_blocks(Arrange *self, const GPtrArray *below, const GArray *sorted)
{
    const DiagramGrid *grid = self->grid;
    g_autoptr(GPtrArray) neighbours = list_neighbours(self);
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(unsigned));

    for (unsigned i = sorted->len; i-- > 0;) {
        unsigned block = g_array_index(sorted, unsigned, i);
        unsigned lane = g_array_index(self->block_lanes, unsigned, block);
        const GArray *near = g_ptr_array_index(neighbours, block);
        const GArray *next = g_ptr_array_index(below, block);
        unsigned most = lane + 1 < grid->lane_starts->len
                            ? g_array_index(grid->lane_starts, unsigned, lane + 1) - 1
                            : grid->n_rows - 1;

        g_array_set_size(rows, 0);
        for (unsigned k = 0; k < near->len; k++)
            g_array_append_val(rows, *block_row(self, g_array_index(near, unsigned, k)));
        if (rows->len == 0)
            continue;
        g_array_sort(rows, by_number);
        for (unsigned k = 0; k < next->len; k++)
            most = MIN(most, *block_row(self, g_array_index(next, unsigned, k)) - 1);
        most = MIN(most, g_array_index(rows, unsigned, (rows->len - 1) / 2));
        *block_row(self, block) = MAX(*block_row(self, block), most);
    }
}

unsigned
nsk_diagram_row_of(const Arrange *self, unsigned vertex)
{
    return *block_row(self, get_vertex(self, vertex)->block);
}

void
nsk_diagram_set_rows(Arrange *self)
{
    g_autofree unsigned *n_above = NULL;
    g_autoptr(GPtrArray) below = NULL;
    g_autoptr(GArray) sorted = NULL;

    make_blocks(self);
    n_above = g_new0(unsigned, self->block_vertices->len);
    below = list_below(self, n_above);
    sorted = sort_blocks(below, n_above);
    set_rows(self, below, sorted);
    sink_blocks(self, below, sorted);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layered method, its first half: ways back are found by a search in depth; columns are longest
 * paths over the others; the order in a column follows the middle of the neighbours, sweeping to
 * and fro, and the order with the fewest crossings is kept.
 */
#include "flow/diagram-grid-private.h"

#include <stdint.h>

#define PASSES_MOST   20000 /* cells of ways in one level */
#define SWEEPS        8
#define SEGMENTS_MOST 1500 /* between two columns, above which nothing is ordered */

static void
free_array(gpointer array)
{
    g_array_free(array, TRUE);
}

static void
free_unit(gpointer unit)
{
    free_array(((Unit *)unit)->vertices);
    g_free(unit);
}

/* --- Columns --- */

/* For each cell the indices of the ways that leave it. */
static GPtrArray *
list_leaving(const DiagramGrid *grid)
{
    GPtrArray *leaving = g_ptr_array_new_full(grid->cells->len, free_array);

    for (unsigned i = 0; i < grid->cells->len; i++)
        g_ptr_array_add(leaving, g_array_new(FALSE, FALSE, sizeof(unsigned)));
    for (unsigned i = 0; i < grid->ways->len; i++)
        g_array_append_val((GArray *)g_ptr_array_index(leaving, get_way(grid, i)->source), i);
    return leaving;
}

typedef struct {
    const DiagramGrid *grid;
    GPtrArray *leaving;
    uint8_t *colours; /* 0 new, 1 on the way, 2 done */
    unsigned *nexts;  /* which way out comes next */
    GArray *path;     /* of unsigned */
} Search;

/* Goes on in depth from @root; a way to what is on the way leads back. */
static void
search_from(Search *self, unsigned root)
{
    if (self->colours[root] != 0)
        return;
    self->colours[root] = 1;
    g_array_append_val(self->path, root);
    while (self->path->len > 0) {
        unsigned at = g_array_index(self->path, unsigned, self->path->len - 1);
        const GArray *out = g_ptr_array_index(self->leaving, at);

        if (self->nexts[at] == out->len) {
            self->colours[at] = 2;
            g_array_set_size(self->path, self->path->len - 1);
            continue;
        }
        DiagramWay *way = get_way(self->grid, g_array_index(out, unsigned, self->nexts[at]++));
        way->is_back = self->colours[way->target] == 1;
        if (self->colours[way->target] == 0) {
            self->colours[way->target] = 1;
            g_array_append_val(self->path, way->target);
        }
    }
}

static void
find_back_ways(const DiagramGrid *grid, GPtrArray *leaving)
{
    unsigned n = grid->cells->len;
    g_autofree uint8_t *colours = g_new0(uint8_t, n);
    g_autofree unsigned *nexts = g_new0(unsigned, n);
    g_autofree bool *is_entered = g_new0(bool, n);
    g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(unsigned));
    Search search = { grid, leaving, colours, nexts, path };

    for (unsigned i = 0; i < grid->ways->len; i++) {
        const DiagramWay *way = get_way(grid, i);

        if (way->source != way->target)
            is_entered[way->target] = true;
    }
    for (unsigned i = 0; i < n; i++) {
        if (!is_entered[i])
            search_from(&search, i);
    }
    for (unsigned i = 0; i < n; i++)
        search_from(&search, i);
}

/* Longest paths over the ways that lead on. */
static void
set_columns(DiagramGrid *grid, GPtrArray *leaving)
{
    unsigned n = grid->cells->len;
    g_autofree unsigned *n_before = g_new0(unsigned, n);
    g_autoptr(GArray) ready = g_array_new(FALSE, FALSE, sizeof(unsigned));

    for (unsigned i = 0; i < grid->ways->len; i++) {
        if (!get_way(grid, i)->is_back)
            n_before[get_way(grid, i)->target]++;
    }
    for (unsigned i = 0; i < n; i++) {
        get_cell(grid, i)->column = 0;
        if (n_before[i] == 0)
            g_array_append_val(ready, i);
    }
    grid->n_columns = 1;
    for (unsigned i = 0; i < ready->len; i++) {
        unsigned at = g_array_index(ready, unsigned, i);
        const GArray *out = g_ptr_array_index(leaving, at);
        unsigned column = get_cell(grid, at)->column;

        grid->n_columns = MAX(grid->n_columns, column + 1);
        for (unsigned k = 0; k < out->len; k++) {
            const DiagramWay *way = get_way(grid, g_array_index(out, unsigned, k));
            DiagramCell *target = get_cell(grid, way->target);

            if (way->is_back)
                continue;
            target->column = MAX(target->column, column + 1);
            if (--n_before[way->target] == 0)
                g_array_append_val(ready, way->target);
        }
    }
}

/* --- Vertices and units --- */

static unsigned
add_vertex(Arrange *self, unsigned cell, unsigned column, unsigned lane)
{
    Vertex vertex = { .cell = cell, .lane = lane, .column = column, .block = NONE };

    g_array_append_val(self->vertices, vertex);
    return self->vertices->len - 1;
}

static Unit *
add_unit(Arrange *self, unsigned vertex)
{
    Unit *unit = g_new0(Unit, 1);

    unit->lane = get_vertex(self, vertex)->lane;
    unit->column = get_vertex(self, vertex)->column;
    unit->serial = self->units->len;
    unit->vertices = g_array_new(FALSE, FALSE, sizeof(unsigned));
    g_array_append_val(unit->vertices, vertex);
    get_vertex(self, vertex)->unit = self->units->len;
    g_ptr_array_add(self->units, unit);
    return unit;
}

/* A vertex over or under that of a thing. */
static unsigned
add_beside(Arrange *self, unsigned cell, bool is_under)
{
    const Vertex *host = get_vertex(self, cell);
    Unit *unit = g_ptr_array_index(self->units, host->unit);
    unsigned index = add_vertex(self, NONE, host->column, host->lane);

    get_vertex(self, index)->unit = get_vertex(self, cell)->unit;
    if (is_under)
        g_array_append_val(unit->vertices, index);
    else
        g_array_prepend_val(unit->vertices, index);
    return index;
}

static unsigned
count_passes(const DiagramGrid *grid, const DiagramWay *way)
{
    unsigned a = get_cell(grid, way->source)->column;
    unsigned b = get_cell(grid, way->target)->column;

    return (a < b ? b - a : a - b) + 1;
}

/* The vertices of one way, from left to right; its ends are not among them. */
static void
add_chain(Arrange *self, const DiagramWay *way, GArray *chain)
{
    const DiagramGrid *grid = self->grid;
    unsigned left = way->is_back ? way->target : way->source;
    unsigned right = way->is_back ? way->source : way->target;
    unsigned from = get_cell(grid, left)->column;
    unsigned to = get_cell(grid, right)->column;
    unsigned lane = get_cell(grid, left)->lane;
    unsigned index;

    if (way->is_back || way->is_under) {
        index = add_beside(self, left, way->is_under);
        g_array_append_val(chain, index);
    }
    for (unsigned column = from + 1; column < to; column++) {
        index = add_vertex(self, NONE, column, lane);
        add_unit(self, index);
        g_array_append_val(chain, index);
    }
    if (way->is_back) {
        index = add_beside(self, right, way->is_under);
        g_array_append_val(chain, index);
    }
}

/* Ways by how many columns they pass, so that those of near ends are nearest to their ends. */
static int
by_length(gconstpointer a, gconstpointer b, gpointer data)
{
    const DiagramGrid *grid = data;
    unsigned i = *(const unsigned *)a;
    unsigned k = *(const unsigned *)b;
    unsigned m = count_passes(grid, get_way(grid, i));
    unsigned n = count_passes(grid, get_way(grid, k));

    if (m != n)
        return m < n ? -1 : 1;
    return i < k ? -1 : i > k;
}

static void
add_chains(Arrange *self)
{
    DiagramGrid *grid = self->grid;
    unsigned n_passes = 0;
    g_autoptr(GArray) sorted = g_array_new(FALSE, FALSE, sizeof(unsigned));

    for (unsigned i = 0; i < grid->ways->len; i++) {
        g_array_append_val(sorted, i);
        g_ptr_array_add(self->chains, g_array_new(FALSE, FALSE, sizeof(unsigned)));
    }
    g_array_sort_with_data(sorted, by_length, grid);
    for (unsigned i = 0; i < sorted->len; i++) {
        unsigned index = g_array_index(sorted, unsigned, i);
        DiagramWay *way = get_way(grid, index);

        if (way->source == way->target)
            continue;
        n_passes += count_passes(grid, way);
        way->is_loose = n_passes > PASSES_MOST;
        if (!way->is_loose)
            add_chain(self, way, g_ptr_array_index(self->chains, index));
    }
}

/* The steps of all ways from column to column. */
static void
add_steps(Arrange *self)
{
    const DiagramGrid *grid = self->grid;

    for (unsigned i = 0; i < grid->n_columns; i++)
        g_ptr_array_add(self->steps, g_array_new(FALSE, FALSE, sizeof(Segment)));
    for (unsigned i = 0; i < grid->ways->len; i++) {
        const DiagramWay *way = get_way(grid, i);
        const GArray *chain = g_ptr_array_index(self->chains, i);
        bool starts_at_thing = !way->is_back && !way->is_under;
        unsigned last = starts_at_thing ? way->source : NONE;

        if (way->is_loose || way->source == way->target)
            continue;
        for (unsigned k = 0; k <= chain->len; k++) {
            bool is_end = k == chain->len;
            unsigned next = !is_end        ? g_array_index(chain, unsigned, k)
                            : way->is_back ? NONE
                                           : way->target;

            if (last != NONE && next != NONE) {
                Segment segment = { last, next };
                g_array_append_val(
                    (GArray *)g_ptr_array_index(self->steps, get_vertex(self, last)->column),
                    segment);
            }
            last = next;
        }
    }
}

/* --- Order --- */

/* Numbers the vertices of a column as its units stand. */
static void
number_column(Arrange *self, unsigned column)
{
    const GPtrArray *units = g_ptr_array_index(self->columns, column);
    unsigned order = 0;

    for (unsigned i = 0; i < units->len; i++) {
        Unit *unit = g_ptr_array_index(units, i);

        unit->start = order;
        for (unsigned k = 0; k < unit->vertices->len; k++)
            get_vertex(self, g_array_index(unit->vertices, unsigned, k))->order = order++;
    }
}

static int
by_key(gconstpointer a, gconstpointer b)
{
    const Unit *x = *(const Unit *const *)a;
    const Unit *y = *(const Unit *const *)b;

    if (x->lane != y->lane)
        return x->lane < y->lane ? -1 : 1;
    if (x->key < y->key || x->key > y->key)
        return x->key < y->key ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->serial < y->serial ? -1 : x->serial > y->serial;
}

static void
sort_column(Arrange *self, unsigned column)
{
    g_ptr_array_sort(g_ptr_array_index(self->columns, column), by_key);
    number_column(self, column);
}

/* The first order of what a way passes: behind its source, or on top if it leads back over things,
 * the longest highest. */
static void
rank_chain(const Arrange *self, unsigned index, double key)
{
    const DiagramWay *way = get_way(self->grid, index);
    const GArray *chain = g_ptr_array_index(self->chains, index);

    for (unsigned i = 0; i < chain->len; i++) {
        const Vertex *vertex = get_vertex(self, g_array_index(chain, unsigned, i));
        Unit *unit = g_ptr_array_index(self->units, vertex->unit);

        if (unit->vertices->len == 1) /* else it stands with a thing */
            unit->key = way->is_back && !way->is_under ? -1.0 * chain->len : key;
    }
}

/* A search in depth, so that what the file names first stands higher. */
static void
rank_from(const Arrange *self, GPtrArray *leaving, unsigned root, bool *is_met, double *serial)
{
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(unsigned));

    g_array_append_val(stack, root);
    while (stack->len > 0) {
        unsigned at = g_array_index(stack, unsigned, stack->len - 1);
        const GArray *out = g_ptr_array_index(leaving, at);

        g_array_set_size(stack, stack->len - 1);
        if (is_met[at])
            continue;
        is_met[at] = true;
        ((Unit *)g_ptr_array_index(self->units, get_vertex(self, at)->unit))->key = ++*serial;
        for (unsigned k = out->len; k-- > 0;) {
            unsigned index = g_array_index(out, unsigned, k);
            unsigned target = get_way(self->grid, index)->target;

            rank_chain(self, index, *serial + (k + 1.0) / (out->len + 1.0));
            if (!is_met[target])
                g_array_append_val(stack, target);
        }
    }
}

static void
set_first_order(Arrange *self, GPtrArray *leaving)
{
    const DiagramGrid *grid = self->grid;
    g_autofree bool *is_met = g_new0(bool, grid->cells->len);
    double serial = 0;

    for (unsigned root = 0; root < grid->cells->len; root++) {
        if (!is_met[root])
            rank_from(self, leaving, root, is_met, &serial);
    }
    for (unsigned i = 0; i < grid->n_columns; i++)
        sort_column(self, i);
}

static uint64_t
count_crossings(const Arrange *self)
{
    uint64_t n = 0;

    for (unsigned column = 0; column < self->steps->len; column++) {
        const GArray *steps = g_ptr_array_index(self->steps, column);

        for (unsigned i = 0; i < steps->len; i++) {
            const Segment *a = &g_array_index(steps, Segment, i);

            for (unsigned k = i + 1; k < steps->len; k++) {
                const Segment *b = &g_array_index(steps, Segment, k);
                int64_t left = (int64_t)get_vertex(self, a->left)->order -
                               (int64_t)get_vertex(self, b->left)->order;
                int64_t right = (int64_t)get_vertex(self, a->right)->order -
                                (int64_t)get_vertex(self, b->right)->order;

                n += left * right < 0;
            }
        }
    }
    return n;
}

/* Adds the place of @other to what draws the unit of @mine. */
static void
pull(const Arrange *self, unsigned mine, unsigned other)
{
    Vertex *vertex = get_vertex(self, mine);
    Unit *unit = g_ptr_array_index(self->units, vertex->unit);

    vertex->near = get_vertex(self, other)->order;
    unit->sum += vertex->near;
    unit->count++;
}

static int
by_near(gconstpointer a, gconstpointer b, gpointer data)
{
    const Vertex *x = get_vertex(data, *(const unsigned *)a);
    const Vertex *y = get_vertex(data, *(const unsigned *)b);

    if (x->near != y->near)
        return x->near < y->near ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Sorts those of the vertices [from, to) of a unit that have a neighbour, in the places that they
 * have. */
static void
sort_part(Arrange *self, GArray *vertices, unsigned from, unsigned to)
{
    g_autoptr(GArray) known = g_array_new(FALSE, FALSE, sizeof(unsigned));
    unsigned next = 0;

    for (unsigned i = from; i < to; i++) {
        unsigned vertex = g_array_index(vertices, unsigned, i);

        if (get_vertex(self, vertex)->near != NONE)
            g_array_append_val(known, vertex);
    }
    g_array_sort_with_data(known, by_near, self);
    for (unsigned i = from; i < to; i++) {
        if (get_vertex(self, g_array_index(vertices, unsigned, i))->near != NONE)
            g_array_index(vertices, unsigned, i) = g_array_index(known, unsigned, next++);
    }
}

/* What goes over a thing, and what goes under it, each in the order of their neighbours. */
static void
sort_unit(Arrange *self, GArray *vertices)
{
    unsigned thing = 0;

    if (vertices->len < 3)
        return;
    while (get_vertex(self, g_array_index(vertices, unsigned, thing))->cell == NONE)
        thing++;
    sort_part(self, vertices, 0, thing);
    sort_part(self, vertices, thing + 1, vertices->len);
}

static void
reset_pull(Arrange *self, Unit *unit)
{
    unit->sum = 0;
    unit->count = 0;
    for (unsigned i = 0; i < unit->vertices->len; i++)
        get_vertex(self, g_array_index(unit->vertices, unsigned, i))->near = NONE;
}

/* Orders one column by the middle of its neighbours to the left (@from_left) or right. */
static void
order_column(Arrange *self, unsigned column, bool from_left)
{
    const GPtrArray *units = g_ptr_array_index(self->columns, column);
    const GArray *steps = g_ptr_array_index(self->steps, from_left ? column - 1 : column);

    for (unsigned i = 0; i < units->len; i++)
        reset_pull(self, g_ptr_array_index(units, i));
    for (unsigned i = 0; i < steps->len; i++) {
        const Segment *step = &g_array_index(steps, Segment, i);

        if (from_left)
            pull(self, step->right, step->left);
        else
            pull(self, step->left, step->right);
    }
    for (unsigned i = 0; i < units->len; i++) {
        Unit *unit = g_ptr_array_index(units, i);

        unit->key = unit->count > 0 ? unit->sum / unit->count : unit->start;
        sort_unit(self, unit->vertices);
    }
    sort_column(self, column);
}

static void
keep_order(const Arrange *self)
{
    for (unsigned i = 0; i < self->vertices->len; i++)
        get_vertex(self, i)->kept = get_vertex(self, i)->order;
}

static int
by_kept(gconstpointer a, gconstpointer b, gpointer data)
{
    const Vertex *x = get_vertex(data, *(const unsigned *)a);
    const Vertex *y = get_vertex(data, *(const unsigned *)b);

    return x->kept < y->kept ? -1 : x->kept > y->kept;
}

static void
put_order_back(Arrange *self)
{
    for (unsigned i = 0; i < self->units->len; i++) {
        Unit *unit = g_ptr_array_index(self->units, i);

        g_array_sort_with_data(unit->vertices, by_kept, self);
        unit->key = get_vertex(self, g_array_index(unit->vertices, unsigned, 0))->kept;
    }
    for (unsigned i = 0; i < self->columns->len; i++)
        sort_column(self, i);
}

static bool
is_small_enough(const Arrange *self)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < self->steps->len; i++) {
        uint64_t len = ((const GArray *)g_ptr_array_index(self->steps, i))->len;

        n += len * len;
    }
    return n <= (uint64_t)SEGMENTS_MOST * SEGMENTS_MOST;
}

static void
order_columns(Arrange *self)
{
    uint64_t fewest = 0;

    if (!is_small_enough(self))
        return;
    keep_order(self);
    fewest = count_crossings(self);
    for (unsigned sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
        for (unsigned i = 1; i < self->columns->len; i++) {
            bool rightwards = sweep % 2 == 0;

            order_column(self, rightwards ? i : self->columns->len - 1 - i, rightwards);
        }
        uint64_t crossings = count_crossings(self);
        if (crossings < fewest) {
            fewest = crossings;
            keep_order(self);
        }
    }
    put_order_back(self);
}

/* --- All of it --- */

static void
write_out(const Arrange *self)
{
    const DiagramGrid *grid = self->grid;

    for (unsigned i = 0; i < grid->cells->len; i++)
        get_cell(grid, i)->row = nsk_diagram_row_of(self, i);
    for (unsigned i = 0; i < grid->ways->len; i++) {
        DiagramWay *way = get_way(grid, i);
        const GArray *chain = g_ptr_array_index(self->chains, i);

        way->rows = g_array_new(FALSE, FALSE, sizeof(unsigned));
        for (unsigned k = 0; k < chain->len; k++) {
            unsigned vertex = g_array_index(chain, unsigned, k);
            unsigned row = nsk_diagram_row_of(self, vertex);

            if (k == 0)
                way->from = get_vertex(self, vertex)->column;
            g_array_append_val(way->rows, row);
        }
    }
}

static void
fill(Arrange *self, GPtrArray *leaving)
{
    const DiagramGrid *grid = self->grid;

    for (unsigned i = 0; i < grid->cells->len; i++) {
        const DiagramCell *cell = get_cell(grid, i);

        add_vertex(self, i, cell->column, cell->lane);
        add_unit(self, i);
    }
    add_chains(self);
    add_steps(self);
    for (unsigned i = 0; i < grid->n_columns; i++)
        g_ptr_array_add(self->columns, g_ptr_array_new());
    for (unsigned i = 0; i < self->units->len; i++) {
        Unit *unit = g_ptr_array_index(self->units, i);

        g_ptr_array_add(g_ptr_array_index(self->columns, unit->column), unit);
    }
    set_first_order(self, leaving);
}

static void
clear(Arrange *self)
{
    g_array_free(self->vertices, TRUE);
    g_ptr_array_unref(self->units);
    g_ptr_array_unref(self->columns);
    g_ptr_array_unref(self->steps);
    g_ptr_array_unref(self->chains);
    g_array_free(self->block_rows, TRUE);
    g_array_free(self->block_lanes, TRUE);
    g_ptr_array_unref(self->block_vertices);
}

void
nsk_diagram_grid_arrange(DiagramGrid *grid)
{
    g_autoptr(GPtrArray) leaving = list_leaving(grid);
    Arrange self = {
        .grid = grid,
        .vertices = g_array_new(FALSE, FALSE, sizeof(Vertex)),
        .units = g_ptr_array_new_with_free_func(free_unit),
        .columns = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref),
        .steps = g_ptr_array_new_with_free_func(free_array),
        .chains = g_ptr_array_new_with_free_func(free_array),
        .block_rows = g_array_new(FALSE, FALSE, sizeof(unsigned)),
        .block_lanes = g_array_new(FALSE, FALSE, sizeof(unsigned)),
        .block_vertices = g_ptr_array_new_with_free_func(free_array),
    };

    find_back_ways(grid, leaving);
    set_columns(grid, leaving);
    fill(&self, leaving);
    order_columns(&self);
    nsk_diagram_set_rows(&self);
    write_out(&self);
    clear(&self);
}

DiagramGrid *
nsk_diagram_grid_new(void)
{
    DiagramGrid *self = g_new0(DiagramGrid, 1);

    self->cells = g_array_new(FALSE, TRUE, sizeof(DiagramCell));
    self->ways = g_array_new(FALSE, TRUE, sizeof(DiagramWay));
    self->lane_starts = g_array_new(FALSE, FALSE, sizeof(unsigned));
    return self;
}

void
nsk_diagram_grid_free(DiagramGrid *self)
{
    if (self == NULL)
        return;
    for (unsigned i = 0; i < self->ways->len; i++) {
        if (get_way(self, i)->rows != NULL)
            g_array_free(get_way(self, i)->rows, TRUE);
    }
    g_array_free(self->ways, TRUE);
    g_array_free(self->cells, TRUE);
    g_array_free(self->lane_starts, TRUE);
    g_free(self);
}

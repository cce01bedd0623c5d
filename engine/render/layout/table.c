/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables (XSL 1.1, section 6.7): rows that row spans join become one parallel whose columns are
 * their cells; header and footer are lists of their own that print where the table breaks.
 *
 * 1. The header is never parted from the first row, nor the footer from the last.
 * 2. A row of its own may break within its cells, joined rows only between rows.
 * 3. Cells are in reading order: by rows, then by columns.
 */
#include "render/layout/place-private.h"
#include "render/layout/table-private.h"

typedef struct {
    NskLayout *layout;
    const NskGrid *grid;
    unsigned header_rows; /* that are repeated where the table breaks */
    NskMpt width;         /* of the reference area */
    NskMpt gap, row_gap;  /* between cells with separate borders, beside and below each other */
} Maker;

/* What lies behind a cell, from the back to the front (section 6.7.10). */
static void
find_backgrounds(const Maker *self, const NskGridCell *from, NskCell *cell)
{
    const NskFoNode *row = self->grid->rows[from->row].node;
    const NskFoNode *nodes[] = { self->grid->columns[from->column], row->parent, row, from->node };

    for (size_t i = 0; i < G_N_ELEMENTS(nodes); i++) {
        if (nodes[i] != NULL && (nsk_fo_is_set(nodes[i], NSK_P_BACKGROUND_COLOR) ||
                                 nsk_fo_is_set(nodes[i], NSK_P_BACKGROUND_IMAGE)))
            cell->backgrounds[i] = nodes[i];
    }
}

static NskCell *
make_cell(const Maker *self, const NskGridCell *from)
{
    const NskGrid *grid = self->grid;
    NskCell *cell = NSK_ARENA_NEW(self->layout->arena, NskCell, 1);
    unsigned end = from->column + from->columns;

    cell->node = from->node;
    cell->x = grid->x[from->column] + self->gap / 2;
    cell->width = MAX(0, grid->x[end] - grid->x[from->column] - self->gap);
    for (int side = 0; side < 4; side++)
        cell->edges[side] = nsk_grid_edge(grid, from, side);
    cell->collapsed = grid->collapsed;
    find_backgrounds(self, from, cell);
    cell->draw_after = !grid->collapsed || from->row + from->rows == grid->n_rows;
    cell->draw_end = !grid->collapsed || end == grid->n_columns ||
                     grid->owner[(size_t)from->row * grid->n_columns + end] == 0;
    return cell;
}

/* What of a border or padding remains where its cell is cut. */
static NskMpt
retained(const NskFoNode *node, NskFoProperty conditionality, int side, NskMpt width)
{
    return nsk_fo_word(node, conditionality + (NskFoProperty)side) == NSK_W_RETAIN ? width : 0;
}

static void
fill_column(const Maker *self, const NskGridCell *from, NskColumn *column)
{
    const NskCell *cell = make_cell(self, from);
    NskMpt inset[4], cut[2];

    for (int side = 0; side < 4; side++) {
        NskMpt border = cell->edges[side].width / (cell->collapsed ? 2 : 1);
        NskMpt padding = MAX(
            0, nsk_fo_length(from->node, NSK_P_PADDING_BEFORE + (NskFoProperty)side, cell->width));

        inset[side] = border + padding;
        if (side < 2)
            cut[side] = (cell->collapsed ? border
                                         : retained(from->node, NSK_P_BORDER_BEFORE_CONDITIONALITY,
                                                    side, border)) +
                        retained(from->node, NSK_P_PADDING_BEFORE_CONDITIONALITY, side, padding);
    }
    column->node = from->node;
    column->cell = cell;
    column->x = cell->x + inset[2];
    column->before = inset[0] + self->row_gap / 2;
    column->after = inset[1] + self->row_gap - self->row_gap / 2;
    column->cut_before = cut[0] + self->row_gap / 2;
    column->cut_after = cut[1] + self->row_gap - self->row_gap / 2;
    column->align = nsk_fo_word(from->node, NSK_P_DISPLAY_ALIGN);
    column->width = MAX(1, cell->width - inset[2] - inset[3]);
    column->list = nsk_block_list(self->layout, from->node, column->width);
}

static bool
is_on_baseline(const NskColumn *column)
{
    return nsk_fo_word(column->node, NSK_P_RELATIVE_ALIGN) == NSK_W_BASELINE &&
           column->align == NSK_W_AUTO && nsk_vlist_baseline(column->list) >= 0;
}

/* Section 7.14.6: the first baselines of the cells of a row that ask for it lie on one line. */
static void
align_baselines(const NskGridCell *cells, NskColumn *columns, size_t n)
{
    for (size_t i = 0, end; i < n; i = end) {
        NskMpt lowest = 0;

        for (end = i; end < n && cells[end].row == cells[i].row; end++) {
            if (is_on_baseline(&columns[end]))
                lowest = MAX(lowest, columns[end].before + nsk_vlist_baseline(columns[end].list));
        }
        for (size_t c = i; c < end; c++) {
            if (is_on_baseline(&columns[c]))
                columns[c].before +=
                    lowest - columns[c].before - nsk_vlist_baseline(columns[c].list);
        }
    }
}

static NskMpt
given_height(const NskFoNode *node)
{
    return MAX(nsk_fo_length(node, NSK_P_HEIGHT, 0), nsk_fo_length(node, NSK_P_MIN_HEIGHT, 0));
}

static NskMpt
column_height(const NskColumn *column)
{
    NskMpt content = MAX(nsk_vlist_full(column->list), given_height(column->node));

    return column->before + content + column->after;
}

static NskParallel *
make_parallel(const Maker *self, unsigned from, unsigned to)
{
    const NskGrid *grid = self->grid;
    NskParallel *parallel = NSK_ARENA_NEW(self->layout->arena, NskParallel, 1);
    unsigned first = grid->rows[from].first_cell;

    parallel->node = grid->rows[from].node;
    parallel->n_columns = grid->rows[to - 1].first_cell + grid->rows[to - 1].n_cells - first;
    parallel->columns = NSK_ARENA_NEW(self->layout->arena, NskColumn, parallel->n_columns + 1);
    for (size_t i = 0; i < parallel->n_columns && self->layout->error == NULL; i++)
        fill_column(self, &grid->cells[first + i], &parallel->columns[i]);
    if (self->layout->error == NULL)
        align_baselines(&grid->cells[first], parallel->columns, parallel->n_columns);
    return parallel;
}

/* Heights of joined rows: first what cells of one row need, then what is missing for the others. */
static NskMpt *
measure_rows(const Maker *self, const NskParallel *parallel, unsigned from, unsigned to)
{
    const NskGrid *grid = self->grid;
    const NskGridCell *cells = &grid->cells[grid->rows[from].first_cell];
    NskMpt *heights = NSK_ARENA_NEW(self->layout->arena, NskMpt, to - from + 1);

    for (unsigned r = from; r < to; r++)
        heights[r - from] = given_height(grid->rows[r].node);
    for (size_t i = 0; i < parallel->n_columns; i++) {
        unsigned row = cells[i].row - from;

        if (cells[i].rows == 1)
            heights[row] = MAX(heights[row], column_height(&parallel->columns[i]));
    }
    for (size_t i = 0; i < parallel->n_columns; i++) {
        int64_t sum = 0, need = column_height(&parallel->columns[i]);
        unsigned first = cells[i].row - from, last = first + cells[i].rows;

        for (unsigned r = first; r < last; r++)
            sum += heights[r];
        if (need > sum)
            heights[last - 1] += (NskMpt)(need - sum);
    }
    return heights;
}

static void
join_rows(const Maker *self, NskParallel *parallel, unsigned from, unsigned to)
{
    const NskGridCell *cells = &self->grid->cells[self->grid->rows[from].first_cell];
    NskMpt *tops = measure_rows(self, parallel, from, to);
    NskMpt at = 0;

    for (unsigned r = 0; r <= to - from; r++) {
        NskMpt height = tops[r];

        tops[r] = at;
        at = (NskMpt)MIN((int64_t)at + height, G_MAXINT / 4);
    }
    parallel->height = tops[to - from];
    for (size_t i = 0; i < parallel->n_columns; i++) {
        parallel->columns[i].top = tops[cells[i].row - from];
        parallel->columns[i].bottom = tops[cells[i].row + cells[i].rows - from];
    }
    nsk_parallel_step_rows(self->layout, parallel, tops, to - from);
}

static void
add_row(const Maker *self, NskBuilder *builder, unsigned from, unsigned to, int penalty)
{
    NskFoNode *row = self->grid->rows[from].node;
    NskParallel *parallel = make_parallel(self, from, to);

    if (self->layout->error != NULL)
        return;
    if (to - from > 1) {
        join_rows(self, parallel, from, to);
    } else {
        NskMpt height = given_height(row);

        for (size_t i = 0; i < parallel->n_columns; i++)
            height = MAX(height, column_height(&parallel->columns[i]));
        nsk_parallel_step(self->layout, parallel, height);
    }
    nsk_builder_open(builder, row);
    if (self->header_rows > 0)
        nsk_builder_set_lead(builder, nsk_grid_lead(self->grid, from, self->header_rows));
    nsk_builder_parallel(builder, parallel, penalty);
    nsk_builder_close(builder, row);
}

static unsigned
end_of_group(const NskGrid *grid, unsigned row, unsigned end)
{
    for (row++; row < end && grid->rows[row].joined; row++)
        ;
    return row;
}

static void
add_rows(const Maker *self, NskBuilder *builder, unsigned from, unsigned to)
{
    while (from < to && self->layout->error == NULL) {
        unsigned end = end_of_group(self->grid, from, to);

        add_row(self, builder, from, end, 0);
        from = end;
    }
}

/* Header or footer as a list of its own, laid out once however often it prints. */
static const NskVList *
make_repeated(const Maker *self, unsigned from, unsigned to)
{
    NskBuilder *builder;

    if (from == to)
        return NULL;
    builder = nsk_builder_new(self->layout, self->width);
    add_rows(self, builder, from, to);
    return nsk_builder_finish(builder);
}

/* Where header or footer stands in the flow: a parallel of one column that cannot be broken. */
static void
add_repeated(const Maker *self, NskBuilder *builder, const NskVList *list, int penalty)
{
    NskParallel *parallel;

    if (list == NULL || self->layout->error != NULL)
        return;
    parallel = NSK_ARENA_NEW(self->layout->arena, NskParallel, 1);
    parallel->node = self->grid->table;
    parallel->columns = NSK_ARENA_NEW(self->layout->arena, NskColumn, 1);
    parallel->columns[0].list = list;
    parallel->columns[0].width = list->width;
    parallel->n_columns = 1;
    nsk_parallel_fix(self->layout, parallel, nsk_vlist_full(list));
    nsk_builder_parallel(builder, parallel, penalty);
}

static unsigned
count_rows(const NskGrid *grid, NskFoTag tag)
{
    unsigned n = 0;

    for (unsigned i = 0; i < grid->n_rows; i++)
        n += grid->rows[i].part->tag == tag ? 1 : 0;
    return n;
}

static void
add_body(const Maker *self, NskBuilder *builder, unsigned from, unsigned to)
{
    int penalty = from > 0 ? NSK_NEVER : 0;

    while (from < to && self->layout->error == NULL) {
        unsigned end = end_of_group(self->grid, from, to);

        add_row(self, builder, from, end, penalty);
        nsk_builder_checkpoint(builder);
        penalty = 0;
        from = end;
    }
}

static void
add_parts(Maker *self, NskBuilder *builder)
{
    const NskGrid *grid = self->grid;
    unsigned from = count_rows(grid, NSK_FO_TABLE_HEADER);
    unsigned to = grid->n_rows - count_rows(grid, NSK_FO_TABLE_FOOTER);
    const NskVList *header, *footer;
    NskTable *table = NSK_ARENA_NEW(self->layout->document, NskTable, 1);
    NskArena *arena = self->layout->arena;

    /* they outlive the rows between them */
    self->layout->arena = self->layout->document;
    header = make_repeated(self, 0, from);
    footer = make_repeated(self, to, grid->n_rows);
    self->layout->arena = arena;

    if (nsk_fo_word(grid->table, NSK_P_OMIT_HEADER) != NSK_W_TRUE)
        table->header = header;
    if (nsk_fo_word(grid->table, NSK_P_OMIT_FOOTER) != NSK_W_TRUE)
        table->footer = footer;
    table->header_height = table->header != NULL ? nsk_vlist_full(table->header) : 0;
    table->footer_height = table->footer != NULL ? nsk_vlist_full(table->footer) : 0;
    self->header_rows = table->header != NULL ? from : 0;
    add_repeated(self, builder, header, 0);
    nsk_builder_set_table(builder, table);
    add_body(self, builder, from, to);
    nsk_builder_set_table(builder, NULL);
    add_repeated(self, builder, footer, NSK_NEVER);
}

void
nsk_table_add(NskBuilder *builder, NskFoNode *table)
{
    NskLayout *layout = nsk_builder_layout(builder);
    NskMpt width = nsk_builder_width(builder);
    Maker maker = { .layout = layout, .width = width };
    NskArena *arena = layout->arena;

    nsk_builder_open(builder, table);
    layout->arena = layout->document;
    maker.grid = nsk_grid_new(layout, table, width);
    layout->arena = arena;
    if (maker.grid != NULL) {
        if (!maker.grid->collapsed) {
            maker.gap = MAX(0, nsk_fo_length(table, NSK_P_BORDER_SEPARATION_INLINE, width));
            maker.row_gap = MAX(0, nsk_fo_length(table, NSK_P_BORDER_SEPARATION_BLOCK, width));
        }
        add_parts(&maker, builder);
    }
    nsk_builder_close(builder, table);
}

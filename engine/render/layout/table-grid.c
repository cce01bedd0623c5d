/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The grid of a table: columns and their widths, which cell is where, and which borders win.
 *
 * 1. Rows are in the order they print: header, bodies, footer.
 * 2. No two cells overlap and none reaches out of the columns; a row span ends with its part.
 * 3. Collapsed borders (section 6.7.10): hidden wins over all, then the wider, then the style
 *    double, solid, dashed, dotted, then the cell before row, part, column and table.
 */
#include "base/message.h"
#include "render/layout/place-private.h"
#include "render/layout/table-private.h"

#include <string.h>

#define MAX_GRID 5000000

typedef struct {
    NskLayout *layout;
    NskGrid *grid;
    GArray *cells;                        /* NskGridCell */
    GArray *rows;                         /* NskGridRow */
    unsigned left[NSK_TABLE_MAX_COLUMNS]; /* rows for which a span still fills the column */
    unsigned widest;                      /* columns that the cells need */
} Filler;

/* ---- rows ---- */

/* A part whose cells stand in it without rows gets rows, as starts-row and ends-row say. */
static void
make_rows(NskFoTree *tree, NskFoNode *part)
{
    NskFoNode *cell = part->first, *row = NULL;

    part->first = part->last = NULL;
    while (cell != NULL) {
        NskFoNode *next = cell->next;

        if (row == NULL || nsk_fo_word(cell, NSK_P_STARTS_ROW) == NSK_W_TRUE) {
            row = nsk_fo_node_new(tree);
            row->tag = NSK_FO_TABLE_ROW;
            row->line = cell->line;
            row->column = cell->column;
            row->parent = part;
            if (part->last != NULL)
                part->last->next = row;
            else
                part->first = row;
            part->last = row;
        }
        cell->parent = row;
        cell->next = NULL;
        if (row->last != NULL)
            row->last->next = cell;
        else
            row->first = cell;
        row->last = cell;
        if (nsk_fo_word(cell, NSK_P_ENDS_ROW) == NSK_W_TRUE)
            row = NULL;
        cell = next;
    }
}

static bool
is_free(const Filler *self, unsigned column, unsigned n)
{
    for (unsigned i = column; i < column + n; i++) {
        if (self->left[i] > 0)
            return false;
    }
    return true;
}

static bool
add_cell(Filler *self, NskFoNode *node, unsigned *column, unsigned rows_left)
{
    int number = nsk_fo_integer(node, NSK_P_COLUMN_NUMBER, 0);
    NskGridCell cell = { .node = node, .row = self->rows->len };

    cell.columns = (unsigned)MAX(1, nsk_fo_integer(node, NSK_P_COLUMNS_SPANNED, 1));
    cell.rows = (unsigned)MAX(1, nsk_fo_integer(node, NSK_P_ROWS_SPANNED, 1));
    cell.rows = MIN(cell.rows, rows_left);
    if (number > 0)
        *column = (unsigned)number - 1;
    while (number == 0 && *column < NSK_TABLE_MAX_COLUMNS && self->left[*column] > 0)
        (*column)++;
    if (cell.columns > NSK_TABLE_MAX_COLUMNS || *column > NSK_TABLE_MAX_COLUMNS - cell.columns) {
        nsk_fo_error(self->layout->tree, node, "fo-table",
                     nsk_tr("the table has more than %d columns here"), NSK_TABLE_MAX_COLUMNS);
        return false;
    }
    if (!is_free(self, *column, cell.columns)) {
        nsk_fo_error(self->layout->tree, node, "fo-table",
                     nsk_tr("the cell overlaps another in column %u; check the spans"),
                     *column + 1);
        return false;
    }
    cell.column = *column;
    for (unsigned i = 0; i < cell.columns; i++)
        self->left[(*column)++] = cell.rows;
    self->widest = MAX(self->widest, *column);
    g_array_append_val(self->cells, cell);
    return true;
}

static bool
add_row(Filler *self, NskFoNode *node, unsigned rows_left)
{
    NskGridRow row = { .node = node, .part = node->parent, .first_cell = self->cells->len };
    unsigned column = 0;

    for (unsigned i = 0; i < self->widest; i++)
        row.joined |= self->left[i] > 0;
    for (NskFoNode *cell = node->first; cell != NULL; cell = cell->next) {
        if (!add_cell(self, cell, &column, rows_left))
            return false;
    }
    row.n_cells = self->cells->len - row.first_cell;
    g_array_append_val(self->rows, row);
    for (unsigned i = 0; i < self->widest; i++)
        self->left[i] -= self->left[i] > 0 ? 1 : 0;
    return true;
}

static bool
add_part(Filler *self, NskFoNode *part)
{
    unsigned n = 0;

    if (part->first != NULL && part->first->tag == NSK_FO_TABLE_CELL)
        make_rows(self->layout->tree, part);
    for (const NskFoNode *row = part->first; row != NULL; row = row->next)
        n++;
    memset(self->left, 0, sizeof self->left);
    for (NskFoNode *row = part->first; row != NULL; row = row->next, n--) {
        if (row->tag != NSK_FO_TABLE_ROW) {
            nsk_fo_error(self->layout->tree, row, "fo-table",
                         nsk_tr("rows and cells cannot stand side by side in %s"),
                         nsk_fo_tag_name(part->tag));
            return false;
        }
        if (!add_row(self, row, n))
            return false;
    }
    return true;
}

static bool
add_parts(Filler *self, NskFoNode *table)
{
    static const NskFoTag order[] = { NSK_FO_TABLE_HEADER, NSK_FO_TABLE_BODY, NSK_FO_TABLE_FOOTER };

    for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
        for (NskFoNode *part = table->first; part != NULL; part = part->next) {
            if (part->tag == order[i] && !add_part(self, part))
                return false;
        }
    }
    return true;
}

/* ---- columns ---- */

static unsigned
find_columns(Filler *self, NskFoNode *table, NskFoNode **columns)
{
    unsigned n = 0, next = 0;

    for (NskFoNode *node = table->first; node != NULL; node = node->next) {
        int number, repeated;

        if (node->tag != NSK_FO_TABLE_COLUMN)
            continue;
        number = nsk_fo_integer(node, NSK_P_COLUMN_NUMBER, 0);
        repeated = MAX(1, nsk_fo_integer(node, NSK_P_COLUMNS_REPEATED, 1));
        if (number > 0)
            next = (unsigned)number - 1;
        for (; repeated > 0 && next < NSK_TABLE_MAX_COLUMNS; repeated--)
            columns[next++] = node;
        if (repeated > 0)
            nsk_fo_error(self->layout->tree, node, "fo-table", nsk_tr("more than %d columns"),
                         NSK_TABLE_MAX_COLUMNS);
        n = MAX(n, next);
    }
    return n;
}

static NskFoValue
column_width(const NskFoNode *column)
{
    static const NskFoValue one_share = { .kind = NSK_V_LENGTH, .share = 1 };
    const NskFoValue *value = column != NULL ? nsk_fo_get(column, NSK_P_COLUMN_WIDTH) : &one_share;

    return value->kind == NSK_V_LENGTH ? *value : one_share;
}

static void
set_widths(Filler *self, NskMpt reference)
{
    NskGrid *grid = self->grid;
    NskMpt start = nsk_fo_length(grid->table, NSK_P_START_INDENT, reference);
    NskMpt end = nsk_fo_length(grid->table, NSK_P_END_INDENT, reference);
    NskMpt width = nsk_fo_get(grid->table, NSK_P_WIDTH)->kind == NSK_V_LENGTH
                       ? nsk_fo_length(grid->table, NSK_P_WIDTH, reference)
                       : reference - start - end;
    double fixed = 0, shares = 0, at = 0;

    for (unsigned i = 0; i < grid->n_columns; i++) {
        NskFoValue value = column_width(grid->columns[i]);

        fixed += value.number + value.fraction * width;
        shares += value.share;
    }
    if (fixed > reference - start + 1000)
        nsk_fo_warning(self->layout->tree, grid->table, "fo-overflow",
                       nsk_tr("the columns are together wider than the %dpt there are"),
                       width / 1000);

    double unit = shares > 0 ? MAX(0, (width - fixed) / shares) : 0;
    for (unsigned i = 0; i < grid->n_columns; i++) {
        NskFoValue value = column_width(grid->columns[i]);

        grid->x[i] = start + (NskMpt)CLAMP(at + 0.5, 0, 1e9);
        at += MAX(0, value.number + value.fraction * width + value.share * unit);
    }
    grid->x[grid->n_columns] = start + (NskMpt)CLAMP(at + 0.5, 0, 1e9);
}

static void
set_owners(NskGrid *grid, NskArena *arena)
{
    grid->owner = NSK_ARENA_NEW(arena, unsigned, (size_t)grid->n_rows * grid->n_columns + 1);
    for (unsigned i = 0; i < grid->n_cells; i++) {
        const NskGridCell *cell = &grid->cells[i];

        for (unsigned r = cell->row; r < cell->row + cell->rows; r++) {
            for (unsigned c = cell->column; c < cell->column + cell->columns; c++)
                grid->owner[(size_t)r * grid->n_columns + c] = i + 1;
        }
    }
}

static void *
keep_array(NskArena *arena, const GArray *array, size_t size)
{
    void *copy = nsk_arena_alloc(arena, size, array->len + 1);

    if (array->len > 0)
        memcpy(copy, array->data, size * array->len);
    return copy;
}

static bool
fill(Filler *self, NskMpt reference)
{
    NskGrid *grid = self->grid;
    NskArena *arena = self->layout->arena;

    grid->columns = NSK_ARENA_NEW(arena, NskFoNode *, NSK_TABLE_MAX_COLUMNS);
    grid->n_columns = find_columns(self, grid->table, grid->columns);
    if (!add_parts(self, grid->table))
        return false;
    if (grid->n_columns > 0 && self->widest > grid->n_columns) {
        nsk_fo_error(self->layout->tree, grid->table, "fo-table",
                     nsk_tr("a row needs %u columns, but only %u table-columns are there"),
                     self->widest, grid->n_columns);
        return false;
    }
    grid->n_columns = MAX(grid->n_columns, MAX(self->widest, 1));
    if ((uint64_t)grid->n_columns * self->rows->len > MAX_GRID) {
        nsk_fo_error(self->layout->tree, grid->table, "fo-table",
                     nsk_tr("the table has more than %d places for cells; divide it"), MAX_GRID);
        return false;
    }
    grid->cells = keep_array(arena, self->cells, sizeof(NskGridCell));
    grid->n_cells = self->cells->len;
    grid->rows = keep_array(arena, self->rows, sizeof(NskGridRow));
    grid->n_rows = self->rows->len;
    grid->x = NSK_ARENA_NEW(arena, NskMpt, grid->n_columns + 1);
    set_widths(self, reference);
    set_owners(grid, arena);
    return true;
}

NskGrid *
nsk_grid_new(NskLayout *layout, NskFoNode *table, NskMpt reference)
{
    g_autofree Filler *filler = g_new0(Filler, 1);
    g_autoptr(GArray) cells = g_array_new(FALSE, TRUE, sizeof(NskGridCell));
    g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(NskGridRow));
    NskGrid *grid = NSK_ARENA_NEW(layout->arena, NskGrid, 1);

    grid->table = table;
    grid->known = NSK_ARENA_NEW(layout->arena, NskKnownEdge, NSK_GRID_KNOWN);
    grid->collapsed = nsk_fo_word(table, NSK_P_BORDER_COLLAPSE) != NSK_W_SEPARATE;
    *filler = (Filler){ .layout = layout, .grid = grid, .cells = cells, .rows = rows };
    return fill(filler, reference) ? grid : NULL;
}

/* ---- borders ---- */

static int
style_rank(NskFoWord style)
{
    static const NskFoWord order[] = { NSK_W_DOTTED, NSK_W_DASHED, NSK_W_SOLID, NSK_W_DOUBLE };

    for (int i = 0; i < (int)G_N_ELEMENTS(order); i++) {
        if (order[i] == style)
            return i + 1;
    }
    return 0;
}

/* A border of a node that has one; nodes with the same traits have the same. */
static NskEdge
find_edge(const NskGrid *self, const NskFoNode *node, int side)
{
    NskKnownEdge *known =
        &self->known[(node->traits->number * 4 + (unsigned)side) % NSK_GRID_KNOWN];

    if (known->traits != node->traits || known->side != side)
        *known = (NskKnownEdge){ node->traits, side, nsk_place_edge(node, side) };
    return known->edge;
}

/* Lets @node's border compete; called from the strongest candidate to the weakest. */
static void
compete(const NskGrid *self, NskEdge *best, const NskFoNode *node, int side)
{
    NskEdge edge;

    if (node == NULL || best->style == NSK_W_HIDDEN ||
        !nsk_fo_is_set(node, NSK_P_BORDER_BEFORE_STYLE + (NskFoProperty)side))
        return;
    edge = find_edge(self, node, side);
    if (edge.style == NSK_W_HIDDEN || edge.width > best->width ||
        (edge.width == best->width && edge.width > 0 &&
         style_rank(edge.style) > style_rank(best->style)))
        *best = edge;
    if (best->style == NSK_W_HIDDEN)
        best->width = 0;
}

static const NskFoNode *
cell_at(const NskGrid *self, int64_t row, int64_t column)
{
    unsigned owner;

    if (row < 0 || column < 0 || row >= self->n_rows || column >= self->n_columns)
        return NULL;
    owner = self->owner[row * self->n_columns + column];
    return owner > 0 ? self->cells[owner - 1].node : NULL;
}

/* The horizontal edge over row @row at @column. */
static NskEdge
edge_over(const NskGrid *self, unsigned row, unsigned column)
{
    NskEdge best = { .style = NSK_W_NONE };
    const NskGridRow *above = row > 0 ? &self->rows[row - 1] : NULL;
    const NskGridRow *below = row < self->n_rows ? &self->rows[row] : NULL;
    bool part_edge = above == NULL || below == NULL || above->part != below->part;

    compete(self, &best, cell_at(self, (int64_t)row - 1, column), 1);
    compete(self, &best, cell_at(self, row, column), 0);
    compete(self, &best, above != NULL ? above->node : NULL, 1);
    compete(self, &best, below != NULL ? below->node : NULL, 0);
    if (part_edge) {
        compete(self, &best, above != NULL ? above->part : NULL, 1);
        compete(self, &best, below != NULL ? below->part : NULL, 0);
    }
    if (above == NULL)
        compete(self, &best, self->table, 0);
    if (below == NULL)
        compete(self, &best, self->table, 1);
    return best;
}

/* The vertical edge before column @column in @row. */
static NskEdge
edge_before(const NskGrid *self, unsigned row, unsigned column)
{
    NskEdge best = { .style = NSK_W_NONE };
    bool first = column == 0, last = column == self->n_columns;

    compete(self, &best, cell_at(self, row, (int64_t)column - 1), 3);
    compete(self, &best, cell_at(self, row, column), 2);
    if (first || last) {
        compete(self, &best, self->rows[row].node, first ? 2 : 3);
        compete(self, &best, self->rows[row].part, first ? 2 : 3);
    }
    compete(self, &best, first ? NULL : self->columns[column - 1], 3);
    compete(self, &best, last ? NULL : self->columns[column], 2);
    if (first || last)
        compete(self, &best, self->table, first ? 2 : 3);
    return best;
}

NskEdge
nsk_grid_edge(const NskGrid *self, const NskGridCell *cell, int side)
{
    if (!self->collapsed)
        return nsk_place_edge(cell->node, side);
    switch (side) {
    case 0:
        return edge_over(self, cell->row, cell->column);
    case 1:
        return edge_over(self, cell->row + cell->rows, cell->column);
    case 2:
        return edge_before(self, cell->row, cell->column);
    default:
        return edge_before(self, cell->row, cell->column + cell->columns);
    }
}

NskMpt
nsk_grid_lead(const NskGrid *self, unsigned row, unsigned header)
{
    NskMpt usual = 0, repeated = 0;

    if (!self->collapsed || row <= header)
        return 0;
    for (unsigned c = 0; c < self->n_columns; c++) {
        usual = MAX(usual, edge_over(self, row, c).width / 2);
        repeated = MAX(repeated, edge_over(self, header, c).width / 2);
    }
    return MAX(0, repeated - usual);
}

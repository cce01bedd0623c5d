/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables of a draft.  Word's rows may be of any length, and its merged cells are chains of cells; a
 * letter's table is a full grid.
 *
 * 1. A row that is too short ends in an empty cell; one with too many columns makes paragraphs of
 *    the table.
 * 2. A cell spans the rows below it in which a cell at the same column, as wide, goes on with it,
 *    within the head or within the rest of the table.
 */
#include "base/message.h"
#include "docx/docx-private.h"

#include <string.h>

#define MAX_COLUMNS 50
#define MAX_ROWSPAN 99
#define MAX_LABEL   60

typedef struct {
    NskDocxDrafter *drafter;
    const NskDocxTable *table;
    unsigned width;
    GHashTable *absorbed; /* cells that one above them spans */
} Grid;

unsigned
nsk_docx_row_width(const NskDocxRow *row)
{
    unsigned width = 0;

    for (guint i = 0; i < row->cells->len; i++)
        width += ((const NskDocxCell *)g_ptr_array_index(row->cells, i))->span;
    return width;
}

/* The cell that begins at @column. */
static NskDocxCell *
cell_at(const NskDocxRow *row, unsigned column)
{
    unsigned at = 0;

    for (guint i = 0; i < row->cells->len && at <= column; i++) {
        NskDocxCell *cell = g_ptr_array_index(row->cells, i);

        if (at == column)
            return cell;
        at += cell->span;
    }
    return NULL;
}

unsigned
nsk_docx_row_span(const NskDocxTable *table,
                  guint row,
                  guint end,
                  unsigned column,
                  GHashTable *absorbed)
{
    const NskDocxCell *cell = cell_at(g_ptr_array_index(table->rows, row), column);
    unsigned rows = 1;

    for (guint r = row + 1; r < end && rows < MAX_ROWSPAN; r++, rows++) {
        NskDocxCell *below = cell_at(g_ptr_array_index(table->rows, r), column);

        if (below == NULL || below->merge != NSK_DOCX_MERGE_GOES_ON || below->span != cell->span)
            break;
        g_hash_table_add(absorbed, below);
    }
    return rows;
}

static void
set_span(NskXmlNode *cell, const char *name, unsigned span)
{
    g_autofree char *text = g_strdup_printf("%u", span);

    if (span > 1)
        nsk_xml_set_attr(cell, name, text);
}

static void
add_row(Grid *self, NskXmlNode *part, guint index, guint end)
{
    const NskDocxRow *row = g_ptr_array_index(self->table->rows, index);
    const char *name = strcmp(nsk_xml_name(part), "thead") == 0 ? "th" : "td";
    NskXmlNode *tr = nsk_xml_add(part, NULL, "tr");
    unsigned column = 0;

    for (guint i = 0; i < row->cells->len; i++) {
        NskDocxCell *cell = g_ptr_array_index(row->cells, i);

        if (!g_hash_table_contains(self->absorbed, cell)) {
            NskXmlNode *td = nsk_xml_add(tr, NULL, name);

            set_span(td, "colspan", cell->span);
            if (cell->merge == NSK_DOCX_MERGE_START)
                set_span(td, "rowspan",
                         nsk_docx_row_span(self->table, index, end, column, self->absorbed));
            nsk_docx_add_plain(self->drafter, td, cell->blocks);
        }
        column += cell->span;
    }
    if (column < self->width)
        set_span(nsk_xml_add(tr, NULL, name), "colspan", self->width - column);
}

static void
add_part(Grid *self, NskXmlNode *table, const char *name, guint from, guint end)
{
    if (from == end)
        return;
    NskXmlNode *part = nsk_xml_add(table, NULL, name);
    for (guint i = from; i < end; i++)
        add_row(self, part, i, end);
}

static void
add_columns(const Grid *self, NskXmlNode *table)
{
    guint64 whole = 0;

    for (guint i = 0; i < self->table->widths->len; i++) {
        unsigned width = g_array_index(self->table->widths, unsigned, i);

        if (width == 0)
            return;
        whole += width;
    }
    if (self->table->widths->len != self->width)
        return;
    for (guint i = 0; i < self->width; i++) {
        guint64 width = g_array_index(self->table->widths, unsigned, i);
        g_autofree char *share =
            g_strdup_printf("%u", (unsigned)CLAMP((width * 100 + whole / 2) / whole, 1, 100));

        nsk_xml_set_attr(nsk_xml_add(table, NULL, "col"), "width", share);
    }
}

static void
add_grid(Grid *self, NskXmlNode *parent)
{
    NskXmlNode *table = nsk_xml_add(parent, NULL, "table");
    guint n = self->table->rows->len;
    guint head = 0;

    while (head < n && ((const NskDocxRow *)g_ptr_array_index(self->table->rows, head))->head)
        head++;
    if (head == n)
        head = 0;
    add_columns(self, table);
    add_part(self, table, "thead", 0, head);
    add_part(self, table, "tbody", head, n);
}

/* --- Rows of label and content --- */

static char *
cell_text(const NskDocxCell *cell)
{
    const NskDocxBlock *only = cell->blocks->len == 1 ? g_ptr_array_index(cell->blocks, 0) : NULL;

    return only != NULL && only->paragraph != NULL ? nsk_docx_clean(only->paragraph->text->str, -1)
                                                   : g_strdup("");
}

/* LABEL | : | TEXT, or LABEL | : TEXT with one paragraph. */
static bool
is_label_row(const NskDocxRow *row)
{
    if (row->cells->len < 2 || row->cells->len > 3)
        return false;
    g_autofree char *label = cell_text(g_ptr_array_index(row->cells, 0));
    g_autofree char *colon = cell_text(g_ptr_array_index(row->cells, 1));

    return *label != '\0' && strlen(label) <= MAX_LABEL &&
           (row->cells->len == 3 ? strcmp(colon, ":") == 0 : *colon == ':' && colon[1] != '\0');
}

static bool
is_label_table(const NskDocxTable *table)
{
    for (guint i = 0; i < table->rows->len; i++) {
        if (!is_label_row(g_ptr_array_index(table->rows, i)))
            return false;
    }
    return true;
}

static void
add_label_rows(NskDocxDrafter *drafter, NskXmlNode *parent, const NskDocxTable *table)
{
    NskXmlNode *rows = nsk_xml_add(parent, NULL, "rows");

    for (guint i = 0; i < table->rows->len; i++) {
        const NskDocxRow *row = g_ptr_array_index(table->rows, i);
        const NskDocxCell *last = g_ptr_array_index(row->cells, row->cells->len - 1);
        const NskDocxBlock *only =
            last->blocks->len > 0 ? g_ptr_array_index(last->blocks, 0) : NULL;
        g_autofree char *label = cell_text(g_ptr_array_index(row->cells, 0));
        NskXmlNode *node = nsk_xml_add(rows, NULL, "row");

        nsk_xml_set_attr(node, "label", label);
        if (row->cells->len == 3)
            nsk_docx_add_plain(drafter, node, last->blocks);
        else
            nsk_docx_add_inline(node, only->paragraph,
                                strcspn(only->paragraph->text->str, ":") + 1);
    }
}

static void
add_loose(const NskDocxParagraph *paragraph, void *data)
{
    if (!nsk_docx_is_blank(paragraph))
        nsk_docx_add_inline(nsk_xml_add(data, NULL, "p"), paragraph, 0);
}

void
nsk_docx_add_table(NskDocxDrafter *self, NskXmlNode *parent, const NskDocxTable *table)
{
    g_autoptr(GHashTable) absorbed = g_hash_table_new(NULL, NULL);
    Grid grid = { self, table, 0, absorbed };

    for (guint i = 0; i < table->rows->len; i++)
        grid.width = MAX(grid.width, nsk_docx_row_width(g_ptr_array_index(table->rows, i)));
    if (grid.width == 0)
        return;
    if (is_label_table(table)) {
        add_label_rows(self, parent, table);
        return;
    }
    if (grid.width <= MAX_COLUMNS) {
        add_grid(&grid, parent);
        return;
    }
    NskDocxBlock whole = { .table = (NskDocxTable *)(uintptr_t)table };
    g_autoptr(GPtrArray) blocks = g_ptr_array_new();
    g_ptr_array_add(blocks, &whole);
    nsk_docx_warn(self->docx->name, self->issues, "docx-lost", &table->place,
                  nsk_tr("the table has more than %d columns; its cells are kept as paragraphs"),
                  MAX_COLUMNS);
    nsk_docx_each_paragraph(blocks, add_loose, parent);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables as formatting objects, in the widths of their grid; one wider than its place is made
 * narrower.
 */
#include "base/message.h"
#include "docx/docx-private.h"

#include <string.h>

#define MOST_COLUMNS 63  /* as many as Word allows */
#define SIDE         108 /* twips between a cell's edge and its text */

typedef struct {
    NskDocxPager *pager;
    const NskDocxTable *table;
    unsigned n; /* columns */
    int widths[MOST_COLUMNS];
    GHashTable *absorbed; /* cells that one above them spans */
} Grid;

/* Fills in the widths; gives their sum. */
static int
measure(Grid *self, int room)
{
    const GArray *given = self->table->widths;
    gint64 whole = 0;

    for (unsigned i = 0; given->len == self->n && i < self->n; i++)
        whole += g_array_index(given, unsigned, i);
    for (unsigned i = 0; i < self->n; i++) {
        gint64 width = whole > 0 ? g_array_index(given, unsigned, i) : (unsigned)room / self->n;

        if (whole > room)
            width = width * room / whole;
        self->widths[i] = (int)MAX(width, 20);
    }
    return (int)(whole > 0 ? MIN(whole, room) : room);
}

static int
span_width(const Grid *self, unsigned column, unsigned span)
{
    int width = 0;

    for (unsigned i = column; i < MIN(column + span, self->n); i++)
        width += self->widths[i];
    return width;
}

static NskXmlNode *
begin_cell(NskXmlNode *row, const char *span_name, unsigned span, bool ruled)
{
    NskXmlNode *node = nsk_xml_add(row, NULL, "table-cell");
    g_autofree char *text = g_strdup_printf("%u", span);

    if (span > 1)
        nsk_xml_set_attr(node, span_name, text);
    if (ruled)
        nsk_xml_set_attr(node, "border", "0.5pt solid black");
    return node;
}

static void
add_cell(Grid *self, NskXmlNode *row, const NskDocxCell *cell, unsigned column, unsigned rows)
{
    NskXmlNode *node = begin_cell(row, "number-columns-spanned", cell->span, cell->ruled);
    g_autofree char *text = g_strdup_printf("%u", rows);

    if (rows > 1)
        nsk_xml_set_attr(node, "number-rows-spanned", text);
    nsk_docx_set_length(node, "padding-left", SIDE);
    nsk_docx_set_length(node, "padding-right", SIDE);
    nsk_docx_add_flow(self->pager, node, cell->blocks,
                      MAX(span_width(self, column, cell->span) - 2 * SIDE, 200));
}

static void
add_row(Grid *self, NskXmlNode *part, guint index, guint end)
{
    const NskDocxRow *row = g_ptr_array_index(self->table->rows, index);
    NskXmlNode *node = nsk_xml_add(part, NULL, "table-row");
    unsigned column = 0;

    if (row->height > 0)
        nsk_docx_set_length(node, "height", row->height);
    for (guint i = 0; i < row->cells->len; i++) {
        NskDocxCell *cell = g_ptr_array_index(row->cells, i);
        unsigned rows = 1;

        if (!g_hash_table_contains(self->absorbed, cell)) {
            if (cell->merge == NSK_DOCX_MERGE_START)
                rows = nsk_docx_row_span(self->table, index, end, column, self->absorbed);
            add_cell(self, node, cell, column, rows);
        }
        column += cell->span;
    }
    if (column < self->n)
        nsk_xml_add(begin_cell(node, "number-columns-spanned", self->n - column, false), NULL,
                    "block");
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
add_grid(Grid *self, NskXmlNode *parent, int width, int space)
{
    NskXmlNode *node = nsk_xml_add(parent, NULL, "table");
    int indent = MIN(self->table->indent, width / 2);
    int whole = measure(self, width - indent);
    guint n = self->table->rows->len;
    guint head = 0;

    if (self->table->centred)
        indent = (width - whole) / 2;
    nsk_xml_set_attr(node, "table-layout", "fixed");
    nsk_docx_set_length(node, "width", span_width(self, 0, self->n));
    if (space > 0)
        nsk_docx_set_length(node, "space-before", space);
    if (indent > 0)
        nsk_docx_set_length(node, "start-indent", indent);
    for (unsigned i = 0; i < self->n; i++)
        nsk_docx_set_length(nsk_xml_add(node, NULL, "table-column"), "column-width",
                            self->widths[i]);
    while (head < n && ((const NskDocxRow *)g_ptr_array_index(self->table->rows, head))->head)
        head++;
    if (head == n)
        head = 0;
    add_part(self, node, "table-header", 0, head);
    add_part(self, node, "table-body", head, n);
    for (NskXmlNode *part = nsk_xml_first(node); indent > 0 && part != NULL;
         part = nsk_xml_next(part)) {
        if (strcmp(nsk_xml_name(part), "table-column") != 0)
            nsk_xml_set_attr(part, "start-indent", "0pt"); /* else its text would have it too */
    }
}

/* The paragraphs of a table that has too many columns. */
static void
add_loose(Grid *self, NskXmlNode *parent, int width)
{
    for (guint r = 0; r < self->table->rows->len; r++) {
        const NskDocxRow *row = g_ptr_array_index(self->table->rows, r);

        for (guint c = 0; c < row->cells->len; c++) {
            const NskDocxCell *cell = g_ptr_array_index(row->cells, c);

            nsk_docx_add_flow(self->pager, nsk_xml_add(parent, NULL, "block"), cell->blocks, width);
        }
    }
}

void
nsk_docx_add_fo_table(NskDocxPager *self,
                      NskXmlNode *parent,
                      const NskDocxTable *table,
                      int width,
                      int space)
{
    g_autoptr(GHashTable) absorbed = g_hash_table_new(NULL, NULL);
    Grid grid = { .pager = self, .table = table, .absorbed = absorbed };

    for (guint i = 0; i < table->rows->len; i++)
        grid.n = MAX(grid.n, nsk_docx_row_width(g_ptr_array_index(table->rows, i)));
    if (grid.n == 0)
        return;
    if (grid.n <= MOST_COLUMNS) {
        add_grid(&grid, parent, width, space);
        return;
    }
    nsk_docx_warn(self->docx->name, self->issues, "docx-lost", &table->place,
                  nsk_tr("the table has more than %d columns; its cells are kept as paragraphs"),
                  MOST_COLUMNS);
    add_loose(&grid, parent, width);
}

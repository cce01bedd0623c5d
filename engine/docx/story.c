/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stories: the blocks of a body, a header, a note or a text box.
 *
 * 1. Content controls, custom XML and what was inserted are looked through; what was deleted or
 *    moved away is not there.
 * 2. A table within a cell becomes the paragraphs of its cells: a letter has no such tables.
 */
#include "base/message.h"
#include "docx/docx-private.h"

#include <string.h>

#define MAX_SPAN 99

typedef struct {
    NskDocxReader *reader;
    GString *fields; /* open fields of the story */
} Story;

/* What is being filled, and how far it has come. */
typedef struct {
    GPtrArray *blocks;
    NskDocxPlace place; /* of the last block */
    bool in_cell;
} Container;

static void read_blocks(Story *self, const NskXmlNode *node, Container *into);

static void
paragraph_free(NskDocxParagraph *self)
{
    g_string_free(self->text, TRUE);
    g_array_unref(self->runs);
    g_array_unref(self->looks);
    g_free(self->label);
    g_free(self);
}

static void
cell_free(void *data)
{
    g_ptr_array_unref(((NskDocxCell *)data)->blocks);
    g_free(data);
}

static void
row_free(void *data)
{
    g_ptr_array_unref(((NskDocxRow *)data)->cells);
    g_free(data);
}

static void
block_free(void *data)
{
    NskDocxBlock *self = data;

    if (self->paragraph != NULL)
        paragraph_free(self->paragraph);
    if (self->table != NULL) {
        g_array_unref(self->table->widths);
        g_ptr_array_unref(self->table->rows);
        g_free(self->table);
    }
    g_free(self);
}

static void
add_block(GPtrArray *blocks, NskDocxParagraph *paragraph, NskDocxTable *table)
{
    NskDocxBlock *block = g_new0(NskDocxBlock, 1);

    block->paragraph = paragraph;
    block->table = table;
    g_ptr_array_add(blocks, block);
}

static void
read_paragraph(Story *self, const NskXmlNode *node, Container *into)
{
    NskDocxParagraph *paragraph = g_new0(NskDocxParagraph, 1);
    NskDocxWriter writer = { self->reader, paragraph, 0, self->fields };
    const NskXmlNode *properties = nsk_xml_child(node, "pPr");
    const NskXmlNode *section = properties != NULL ? nsk_xml_child(properties, "sectPr") : NULL;

    into->place.paragraph++;
    paragraph->place = into->place;
    paragraph->text = g_string_new(NULL);
    paragraph->runs = g_array_new(FALSE, FALSE, sizeof(NskDocxRun));
    paragraph->looks = g_array_new(FALSE, FALSE, sizeof(NskDocxRun));
    add_block(into->blocks, paragraph, NULL);
    nsk_docx_styles_paragraph(self->reader->styles, properties, paragraph, &writer.marks);
    paragraph->look = writer.marks;
    nsk_docx_read_inline(&writer, node);
    if (section != NULL && into->place.story == NSK_DOCX_BODY && !into->in_cell &&
        nsk_docx_add_sheet(self->reader->docx, section))
        paragraph->sheet = self->reader->docx->sheets->len;
}

/* --- Tables --- */

static NskDocxMerge
merge_of(const NskXmlNode *properties)
{
    const NskXmlNode *merge = properties != NULL ? nsk_xml_child(properties, "vMerge") : NULL;

    if (merge == NULL)
        return NSK_DOCX_MERGE_NONE;
    return g_strcmp0(nsk_docx_attr(merge, "val"), "restart") == 0 ? NSK_DOCX_MERGE_START
                                                                  : NSK_DOCX_MERGE_GOES_ON;
}

static NskDocxCell *
add_cell(NskDocxRow *row, unsigned span, bool ruled)
{
    NskDocxCell *cell = g_new0(NskDocxCell, 1);

    cell->span = CLAMP(span, 1, MAX_SPAN);
    cell->ruled = ruled;
    cell->blocks = g_ptr_array_new_with_free_func(block_free);
    g_ptr_array_add(row->cells, cell);
    return cell;
}

static unsigned
property_number(const NskXmlNode *properties, const char *name, unsigned fallback)
{
    const NskXmlNode *node = properties != NULL ? nsk_xml_child(properties, name) : NULL;

    return node != NULL ? nsk_docx_number(nsk_docx_attr(node, "val"), MAX_SPAN, fallback)
                        : fallback;
}

static void
read_cells(Story *self, const NskXmlNode *node, NskDocxRow *row, const NskDocxTable *table)
{
    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL;
         child = nsk_xml_next(child)) {
        const NskXmlNode *properties = nsk_xml_child(child, "tcPr");

        if (strcmp(nsk_xml_name(child), "tc") != 0) {
            read_cells(self, child, row, table);
            continue;
        }
        int ruled = nsk_docx_borders(properties, "tcBorders");
        NskDocxCell *cell = add_cell(row, property_number(properties, "gridSpan", 1),
                                     ruled < 0 ? table->ruled : ruled > 0);
        NskDocxPlace place = table->place;
        cell->merge = merge_of(properties);
        place.row = table->rows->len;
        place.cell = row->cells->len;
        Container into = { cell->blocks, place, true };
        read_blocks(self, child, &into);
    }
}

/* A row that only goes on with those above it would have no cell of its own. */
static void
unmerge_row(NskDocxRow *row)
{
    guint on = 0;

    for (guint i = 0; i < row->cells->len; i++)
        on += ((NskDocxCell *)g_ptr_array_index(row->cells, i))->merge == NSK_DOCX_MERGE_GOES_ON;
    for (guint i = 0; on == row->cells->len && i < on; i++)
        ((NskDocxCell *)g_ptr_array_index(row->cells, i))->merge = NSK_DOCX_MERGE_NONE;
}

static void
read_row(Story *self, const NskXmlNode *node, NskDocxTable *table)
{
    const NskXmlNode *properties = nsk_xml_child(node, "trPr");
    const NskXmlNode *head = properties != NULL ? nsk_xml_child(properties, "tblHeader") : NULL;
    const NskXmlNode *height = properties != NULL ? nsk_xml_child(properties, "trHeight") : NULL;
    unsigned before = property_number(properties, "gridBefore", 0);
    unsigned after = property_number(properties, "gridAfter", 0);

    if (properties != NULL && nsk_xml_child(properties, "del") != NULL) {
        self->reader->deletions++;
        return;
    }
    NskDocxRow *row = g_new0(NskDocxRow, 1);
    row->height = height != NULL ? nsk_docx_twips(nsk_docx_attr(height, "val"), 0, 14400, 0) : 0;
    row->head = head != NULL && nsk_docx_is_on(head);
    row->cells = g_ptr_array_new_with_free_func(cell_free);
    g_ptr_array_add(table->rows, row);
    if (before > 0)
        (void)add_cell(row, before, false);
    read_cells(self, node, row, table);
    if (after > 0)
        (void)add_cell(row, after, false);
    unmerge_row(row);
}

static void
read_rows(Story *self, const NskXmlNode *node, NskDocxTable *table)
{
    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL;
         child = nsk_xml_next(child)) {
        const char *name = nsk_xml_name(child);

        if (strcmp(name, "tr") == 0)
            read_row(self, child, table);
        else if (strcmp(name, "del") != 0 && strcmp(name, "moveFrom") != 0)
            read_rows(self, child, table);
    }
}

static void
read_widths(const NskXmlNode *node, NskDocxTable *table)
{
    const NskXmlNode *grid = nsk_xml_child(node, "tblGrid");
    const NskXmlNode *column = grid != NULL ? nsk_xml_first(grid) : NULL;

    for (; column != NULL; column = nsk_xml_next(column)) {
        unsigned width = nsk_docx_number(nsk_docx_attr(column, "w"), 1000000, 0);

        g_array_append_val(table->widths, width);
    }
}

static void
read_table_look(const NskDocxReader *reader, const NskXmlNode *properties, NskDocxTable *table)
{
    const NskXmlNode *align = properties != NULL ? nsk_xml_child(properties, "jc") : NULL;
    const NskXmlNode *indent = properties != NULL ? nsk_xml_child(properties, "tblInd") : NULL;

    table->ruled = nsk_docx_styles_ruled(reader->styles, properties);
    table->centred = align != NULL && g_strcmp0(nsk_docx_attr(align, "val"), "center") == 0;
    if (indent != NULL)
        table->indent = nsk_docx_twips(nsk_docx_attr(indent, "w"), 0, 14400, 0);
}

static void
read_table(Story *self, const NskXmlNode *node, Container *into)
{
    NskDocxTable *table = g_new0(NskDocxTable, 1);

    into->place.table++;
    table->place = into->place;
    table->place.paragraph = 0;
    table->widths = g_array_new(FALSE, FALSE, sizeof(unsigned));
    table->rows = g_ptr_array_new_with_free_func(row_free);
    add_block(into->blocks, NULL, table);
    read_table_look(self->reader, nsk_xml_child(node, "tblPr"), table);
    read_widths(node, table);
    read_rows(self, node, table);
}

/* The cells of a table within a cell, one after the other. */
static void
read_inner_table(Story *self, const NskXmlNode *node, Container *into)
{
    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL;
         child = nsk_xml_next(child)) {
        if (strcmp(nsk_xml_name(child), "tc") == 0)
            read_blocks(self, child, into);
        else
            read_inner_table(self, child, into);
    }
}

/* --- Blocks --- */

static void
read_block(Story *self, const NskXmlNode *node, Container *into)
{
    static const char *const wrappers[] = { "sdt", "sdtContent", "customXml", "smartTag",
                                            "ins", "moveTo",     "Choice",    NULL };
    const char *name = nsk_xml_name(node);

    if (strcmp(name, "p") == 0) {
        read_paragraph(self, node, into);
    } else if (strcmp(name, "tbl") == 0 && into->in_cell) {
        nsk_docx_lose(self->reader->docx, &into->place,
                      nsk_tr("a table within a cell is kept as paragraphs"));
        read_inner_table(self, node, into);
    } else if (strcmp(name, "tbl") == 0) {
        read_table(self, node, into);
    } else if (strcmp(name, "AlternateContent") == 0) {
        const NskXmlNode *choice = nsk_xml_first(node);

        if (choice != NULL)
            read_blocks(self, choice, into);
    } else if (strcmp(name, "altChunk") == 0) {
        nsk_docx_lose(self->reader->docx, &into->place,
                      nsk_tr("another file lies in the document here; it is not read"));
    } else if (g_strv_contains(wrappers, name)) {
        read_blocks(self, node, into);
    }
}

static void
read_blocks(Story *self, const NskXmlNode *node, Container *into)
{
    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child))
        read_block(self, child, into);
}

static void
story_free(void *data)
{
    NskDocxStory *self = data;

    g_ptr_array_unref(self->blocks);
    g_free(self->part);
    g_free(self);
}

NskDocxStory *
nsk_docx_read_story(NskDocxReader *reader,
                    const NskXmlNode *node,
                    NskDocxStoryKind kind,
                    unsigned number)
{
    NskDocxStory *story = g_new0(NskDocxStory, 1);
    g_autoptr(GString) fields = g_string_new(NULL);
    Story self = { reader, fields };

    story->kind = kind;
    story->number = number;
    story->blocks = g_ptr_array_new_with_free_func(block_free);
    if (reader->docx->stories == NULL)
        reader->docx->stories = g_ptr_array_new_with_free_func(story_free);
    g_ptr_array_add(reader->docx->stories, story);
    Container into = { story->blocks, { .story = kind, .number = number }, false };
    read_blocks(&self, node, &into);
    return story;
}

static void
each_of_table(const NskDocxTable *table,
              void (*call)(const NskDocxParagraph *paragraph, void *data),
              void *data)
{
    for (guint r = 0; r < table->rows->len; r++) {
        const NskDocxRow *row = g_ptr_array_index(table->rows, r);

        for (guint c = 0; c < row->cells->len; c++) {
            const NskDocxCell *cell = g_ptr_array_index(row->cells, c);

            nsk_docx_each_paragraph(cell->blocks, call, data);
        }
    }
}

void
nsk_docx_each_paragraph(const GPtrArray *blocks,
                        void (*call)(const NskDocxParagraph *paragraph, void *data),
                        void *data)
{
    for (guint i = 0; i < blocks->len; i++) {
        const NskDocxBlock *block = g_ptr_array_index(blocks, i);

        if (block->paragraph != NULL)
            call(block->paragraph, data);
        else
            each_of_table(block->table, call, data);
    }
}

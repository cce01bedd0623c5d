/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables with a caption (XSL 1.1, sections 6.7.2 and 6.7.5): the caption stands over or under the
 * table and goes to no other page than its neighbour in the table, or beside it, and then both are
 * columns of one parallel.
 */
#include "base/message.h"
#include "render/layout/layout.h"

/* Of a caption beside a table that says no width: so much of the whole. */
#define SHARE 4

static NskFoNode *
find_part(NskLayout *layout, NskFoNode *node, NskFoTag tag)
{
    NskFoNode *child = node->first;

    while (child != NULL && child->tag != tag)
        child = child->next;
    if (child == NULL)
        nsk_fo_error(layout->tree, node, "fo-element", nsk_tr("table-and-caption needs a %s"),
                     nsk_fo_tag_name(tag));
    return child;
}

static void
add_caption(NskBuilder *builder, NskFoNode *caption)
{
    nsk_builder_open(builder, caption);
    nsk_block_children(builder, caption);
    nsk_builder_close(builder, caption);
}

static NskVList *
table_list(NskLayout *layout, NskFoNode *table, NskMpt width)
{
    NskBuilder *builder = nsk_builder_new(layout, width);

    nsk_table_add(builder, table);
    return nsk_builder_finish(builder);
}

static void
add_beside(NskBuilder *builder, NskFoNode *caption, NskFoNode *table, bool first)
{
    NskLayout *layout = nsk_builder_layout(builder);
    NskMpt whole = nsk_builder_width(builder), width = whole / SHARE;
    NskParallel *parallel = NSK_ARENA_NEW(layout->arena, NskParallel, 1);
    NskColumn *columns = NSK_ARENA_NEW(layout->arena, NskColumn, 2);

    if (nsk_fo_get(caption, NSK_P_WIDTH)->kind == NSK_V_LENGTH)
        width = CLAMP(nsk_fo_length(caption, NSK_P_WIDTH, whole), 1, whole);
    columns[first ? 0 : 1] = (NskColumn){ .node = caption,
                                          .list = nsk_block_list(layout, caption, width),
                                          .x = first ? 0 : whole - width,
                                          .width = width,
                                          .align = nsk_fo_word(caption, NSK_P_DISPLAY_ALIGN) };
    columns[first ? 1 : 0] = (NskColumn){ .node = table,
                                          .list = table_list(layout, table, MAX(1, whole - width)),
                                          .x = first ? width : 0,
                                          .width = MAX(1, whole - width) };
    parallel->node = table;
    parallel->columns = columns;
    parallel->n_columns = 2;
    nsk_parallel_step(layout, parallel, 0);
    nsk_builder_parallel(builder, parallel, 0);
}

void
nsk_caption_add(NskBuilder *builder, NskFoNode *node)
{
    NskLayout *layout = nsk_builder_layout(builder);
    NskFoNode *caption = find_part(layout, node, NSK_FO_TABLE_CAPTION);
    NskFoNode *table = find_part(layout, node, NSK_FO_TABLE);
    NskFoWord side = nsk_fo_word(node, NSK_P_CAPTION_SIDE);

    if (caption == NULL || table == NULL)
        return;
    nsk_builder_open(builder, node);
    if (side == NSK_W_START || side == NSK_W_END || side == NSK_W_LEFT || side == NSK_W_RIGHT) {
        /* of left and right one is the start */
        bool start =
            side == NSK_W_START || side == (nsk_block_is_rl(node) ? NSK_W_RIGHT : NSK_W_LEFT);

        add_beside(builder, caption, table, start);
    } else if (side == NSK_W_AFTER || side == NSK_W_BOTTOM) {
        nsk_table_add(builder, table);
        nsk_builder_keep(builder, true);
        add_caption(builder, caption);
    } else {
        add_caption(builder, caption);
        nsk_builder_keep(builder, true);
        nsk_table_add(builder, table);
    }
    nsk_builder_close(builder, node);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Block-level formatting objects to vertical lists: paragraphs, containers, wrappers. */
#include "render/layout/layout.h"

/* Whether a wrapper holds blocks rather than inline content. */
static bool
holds_blocks(const NskFoNode *node)
{
    for (const NskFoNode *child = node->first; child != NULL; child = child->next) {
        if (child->tag == NSK_FO_WRAPPER ? holds_blocks(child)
                                         : (nsk_fo_tag_is(child->tag) & IS_BLOCK) != 0)
            return true;
    }
    return false;
}

static bool
is_inline(const NskFoNode *node)
{
    if (node->tag == NSK_FO_WRAPPER)
        return !holds_blocks(node);
    return (nsk_fo_tag_is(node->tag) & (IS_INLINE | IS_TEXT)) != 0;
}

static void
add_lines(NskBuilder *builder, const NskFoNode *block, const NskLine *lines, size_t n)
{
    size_t orphans = (size_t)MAX(1, nsk_fo_integer(block, NSK_P_ORPHANS, 2));
    size_t widows = (size_t)MAX(1, nsk_fo_integer(block, NSK_P_WIDOWS, 2));

    for (size_t i = 0; i < n; i++) {
        NskVItem item = { .kind = NSK_V_LINE,
                          .node = block,
                          .line = &lines[i],
                          .height = lines[i].height };
        bool together = i > 0 && (i < orphans || n - i < widows);

        nsk_builder_box(builder, &item, together ? NSK_NEVER : 0, 0);
    }
}

/* The inline children from @first up to @end as lines. */
static void
add_paragraph(NskBuilder *builder, NskFoNode *block, NskFoNode *first, const NskFoNode *end)
{
    NskLayout *layout = nsk_builder_layout(builder);
    NskMpt width = nsk_builder_width(builder);
    NskMpt start = nsk_fo_length(block, NSK_P_START_INDENT, width);
    NskMpt inner = MAX(1, width - start - nsk_fo_length(block, NSK_P_END_INDENT, width));
    NskLine *lines = NULL;
    NskParagraph *paragraph = nsk_inline_collect(layout, block, first, end, inner);

    if (paragraph == NULL)
        return;

    size_t n = nsk_line_build(layout, block, paragraph, start, inner, &lines);
    add_lines(builder, block, lines, n);
}

static NskMpt
container_width(const NskFoNode *node, NskMpt reference)
{
    NskMpt start = nsk_fo_length(node, NSK_P_START_INDENT, reference);
    NskMpt end = nsk_fo_length(node, NSK_P_END_INDENT, reference);

    if (nsk_fo_get(node, NSK_P_WIDTH)->kind == NSK_V_WORD)
        return MAX(1, reference - start - end);
    return MAX(1, nsk_fo_length(node, NSK_P_WIDTH, reference));
}

static bool
is_given(const NskFoNode *node, NskFoProperty property)
{
    return nsk_fo_get(node, property)->kind == NSK_V_LENGTH;
}

/* A container in the flow: a parallel of one column. */
static void
add_flow_container(NskBuilder *builder, NskFoNode *node)
{
    NskLayout *layout = nsk_builder_layout(builder);
    NskMpt reference = nsk_builder_width(builder);
    NskMpt width = container_width(node, reference);
    NskParallel *parallel = NSK_ARENA_NEW(layout->arena, NskParallel, 1);

    nsk_builder_open(builder, node);
    parallel->node = node;
    parallel->columns = NSK_ARENA_NEW(layout->arena, NskColumn, 1);
    parallel->n_columns = 1;
    parallel->columns[0].list = nsk_block_list(layout, node, width);
    parallel->columns[0].x = nsk_fo_length(node, NSK_P_START_INDENT, reference);
    parallel->columns[0].align = nsk_fo_word(node, NSK_P_DISPLAY_ALIGN);
    if (is_given(node, NSK_P_HEIGHT))
        nsk_parallel_fix(layout, parallel, nsk_fo_length(node, NSK_P_HEIGHT, 0));
    else
        nsk_parallel_step(layout, parallel, 0);
    nsk_builder_parallel(builder, parallel, 0);
    nsk_builder_close(builder, node);
}

/* Where one of two opposite offsets puts a box; the first wins when both are given. */
static NskMpt
place_between(const NskFoNode *node, NskFoProperty near, NskFoProperty far, bool *out_far)
{
    *out_far = !is_given(node, near) && is_given(node, far);
    return nsk_fo_length(node, *out_far ? far : near, 0);
}

static void
add_absolute_container(NskBuilder *builder, NskFoNode *node)
{
    NskLayout *layout = nsk_builder_layout(builder);
    NskMpt reference = nsk_builder_width(builder);
    NskOut *out = NSK_ARENA_NEW(layout->arena, NskOut, 1);

    out->node = node;
    out->fixed = nsk_fo_word(node, NSK_P_ABSOLUTE_POSITION) == NSK_W_FIXED;
    out->x = place_between(node, NSK_P_LEFT, NSK_P_RIGHT, &out->from_right);
    out->y = place_between(node, NSK_P_TOP, NSK_P_BOTTOM, &out->from_bottom);
    if (is_given(node, NSK_P_WIDTH))
        out->width = nsk_fo_length(node, NSK_P_WIDTH, reference);
    else
        out->width = reference - out->x - nsk_fo_length(node, NSK_P_RIGHT, reference);
    out->width = MAX(1, out->width);
    out->list = nsk_block_list(layout, node, out->width);
    out->height = is_given(node, NSK_P_HEIGHT) ? nsk_fo_length(node, NSK_P_HEIGHT, 0)
                                               : nsk_vlist_full(out->list);
    nsk_builder_out(builder, out);
}

static void
add_block_level(NskBuilder *builder, NskFoNode *node)
{
    if (node->tag == NSK_FO_WRAPPER) {
        nsk_block_children(builder, node);
    } else if (node->tag == NSK_FO_LIST_BLOCK) {
        nsk_list_add(builder, node);
    } else if (node->tag == NSK_FO_TABLE) {
        nsk_table_add(builder, node);
    } else if (node->tag == NSK_FO_BLOCK_CONTAINER) {
        if (nsk_fo_word(node, NSK_P_ABSOLUTE_POSITION) == NSK_W_AUTO)
            add_flow_container(builder, node);
        else
            add_absolute_container(builder, node);
    } else {
        nsk_builder_open(builder, node);
        nsk_block_children(builder, node);
        nsk_builder_close(builder, node);
    }
}

void
nsk_block_children(NskBuilder *builder, NskFoNode *parent)
{
    NskLayout *layout = nsk_builder_layout(builder);

    for (NskFoNode *child = parent->first; child != NULL && layout->error == NULL;) {
        NskFoNode *end = child;

        while (end != NULL && is_inline(end))
            end = end->next;
        if (end != child) {
            add_paragraph(builder, parent, child, end);
            child = end;
        } else {
            add_block_level(builder, child);
            child = child->next;
        }
    }
}

NskVList *
nsk_block_list(NskLayout *layout, NskFoNode *node, NskMpt width)
{
    NskBuilder *builder = nsk_builder_new(layout, width);

    nsk_block_children(builder, node);
    return nsk_builder_finish(builder);
}

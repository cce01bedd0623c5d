/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Block-level formatting objects to vertical lists: paragraphs, containers, wrappers. */
#include "base/message.h"
#include "render/layout/layout.h"

#include <string.h>

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

/* A float among blocks belongs to the next of them, one in a paragraph to its line. */
static bool
is_beside_text(const NskFoNode *node)
{
    for (const NskFoNode *it = node->parent->first; it != NULL; it = it->next) {
        bool inline_level = (nsk_fo_tag_is(it->tag) & (IS_INLINE | IS_TEXT)) != 0;

        if (it->tag == NSK_FO_TEXT && it->text[strspn(it->text, " \t\r\n")] == '\0')
            continue;
        if (it->tag != NSK_FO_FLOAT && it->tag != NSK_FO_WRAPPER && inline_level)
            return true;
    }
    return false;
}

static bool
is_inline(const NskFoNode *node)
{
    if (node->tag == NSK_FO_WRAPPER || node->tag == NSK_FO_RETRIEVE_MARKER)
        return !holds_blocks(node);
    if (node->tag == NSK_FO_FLOAT)
        return is_beside_text(node);
    return (nsk_fo_tag_is(node->tag) & (IS_INLINE | IS_TEXT)) != 0;
}

static void
add_lines(NskBuilder *builder, const NskFoNode *block, const NskLine *lines, size_t n)
{
    size_t orphans = (size_t)MAX(1, nsk_fo_integer(block, NSK_P_ORPHANS, 2));
    size_t widows = (size_t)MAX(1, nsk_fo_integer(block, NSK_P_WIDOWS, 2));
    NskFoWord keep = nsk_fo_word(block, NSK_P_HYPHENATION_KEEP);

    for (size_t i = 0; i < n; i++) {
        NskVItem item = { .kind = NSK_V_LINE,
                          .node = block,
                          .line = &lines[i],
                          .height = lines[i].height };
        bool parted = i > 0 && lines[i - 1].hyphenated;
        bool together =
            i > 0 && (i < orphans || n - i < widows || (parted && keep == NSK_W_COLUMN));

        if (parted && keep == NSK_W_PAGE)
            nsk_builder_keep(builder, false);
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
    for (size_t i = 0; i < n; i++)
        nsk_note_find(layout, &lines[i]);
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

bool
nsk_block_is_rl(const NskFoNode *node)
{
    NskFoWord mode = nsk_fo_word(node, NSK_P_WRITING_MODE);

    return mode == NSK_W_RL_TB || mode == NSK_W_RL;
}

static bool
is_clipped(const NskFoNode *node)
{
    return nsk_fo_word(node, NSK_P_OVERFLOW) == NSK_W_HIDDEN;
}

static int
turn_of(const NskFoNode *node)
{
    return nsk_fo_integer(node, NSK_P_REFERENCE_ORIENTATION, 0);
}

static bool
is_sideways(int turn)
{
    return turn == 90 || turn == 270;
}

static void
check_overflow(NskLayout *layout, const NskFoNode *node, NskMpt need, NskMpt room)
{
    NskFoWord overflow = nsk_fo_word(node, NSK_P_OVERFLOW);

    if (need <= room || overflow == NSK_W_HIDDEN || overflow == NSK_W_VISIBLE)
        return;
    if (overflow == NSK_W_ERROR_IF_OVERFLOW)
        nsk_fo_error(layout->tree, node, "fo-overflow",
                     nsk_tr("the content of %s is %dpt high and overflows its height of %dpt"),
                     nsk_fo_tag_name(node->tag), need / 1000, room / 1000);
    else
        nsk_fo_warning(layout->tree, node, "fo-overflow",
                       nsk_tr("the content of %s is %dpt high and overflows its height of %dpt"),
                       nsk_fo_tag_name(node->tag), need / 1000, room / 1000);
}

NskVList *
nsk_block_container(NskLayout *layout, NskFoNode *node, NskMpt width, NskPdfRect *out_box)
{
    NskVList *list = nsk_block_list(layout, node, width);
    NskMpt height =
        is_given(node, NSK_P_HEIGHT) ? nsk_fo_length(node, NSK_P_HEIGHT, 0) : nsk_vlist_full(list);
    bool sideways = is_sideways(turn_of(node));

    height = MAX(height, nsk_fo_length(node, NSK_P_MIN_HEIGHT, 0));
    out_box->width = sideways ? height : width;
    out_box->height = sideways ? width : height;
    if (is_given(node, NSK_P_HEIGHT) || turn_of(node) != 0)
        check_overflow(layout, node, nsk_vlist_full(list), height);
    return list;
}

/* A container in the flow: a parallel of one column. */
static void
add_flow_container(NskBuilder *builder, NskFoNode *node)
{
    NskLayout *layout = nsk_builder_layout(builder);
    NskMpt reference = nsk_builder_width(builder);
    NskMpt width = container_width(node, reference);
    NskPdfRect box = { 0 };
    NskParallel *parallel = NSK_ARENA_NEW(layout->arena, NskParallel, 1);
    NskColumn *column = NSK_ARENA_NEW(layout->arena, NskColumn, 1);
    bool given = is_given(node, NSK_P_HEIGHT);

    nsk_builder_open(builder, node);
    parallel->node = node;
    parallel->columns = column;
    parallel->n_columns = 1;
    column->turn = turn_of(node);
    column->list = nsk_block_container(layout, node, width, &box);
    column->x = nsk_fo_length(node, NSK_P_START_INDENT, reference);
    column->width = box.width;
    column->align = nsk_fo_word(node, NSK_P_DISPLAY_ALIGN);
    column->clip = given && is_clipped(node);
    if (given || column->turn != 0) {
        nsk_parallel_fix(layout, parallel, box.height);
    } else {
        nsk_parallel_step(layout, parallel, nsk_fo_length(node, NSK_P_MIN_HEIGHT, 0));
    }
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
    NskPdfRect box = { 0 };

    out->node = node;
    out->fixed = nsk_fo_word(node, NSK_P_ABSOLUTE_POSITION) == NSK_W_FIXED;
    out->turn = turn_of(node);
    out->clip = is_clipped(node);
    out->x = place_between(node, NSK_P_LEFT, NSK_P_RIGHT, &out->from_right);
    out->y = place_between(node, NSK_P_TOP, NSK_P_BOTTOM, &out->from_bottom);
    for (int side = 0; side < 4; side++)
        out->inset[side] =
            nsk_fo_border_width(node, side) +
            MAX(0, nsk_fo_length(node, NSK_P_PADDING_BEFORE + (NskFoProperty)side, reference));
    if (is_given(node, NSK_P_WIDTH))
        out->width = nsk_fo_length(node, NSK_P_WIDTH, reference);
    else
        out->width = reference - out->x - nsk_fo_length(node, NSK_P_RIGHT, reference) -
                     out->inset[2] - out->inset[3];
    out->width = MAX(1, out->width);
    out->list = nsk_block_container(layout, node, out->width, &box);
    out->width = box.width;
    out->height = box.height;
    nsk_vlist_refuse_breaks(layout, out->list);
    nsk_vlist_refuse_notes(layout, out->list);
    nsk_builder_out(builder, out);
}

static void
add_block_level(NskBuilder *builder, NskFoNode *node)
{
    if (node->tag == NSK_FO_MARKER)
        return;
    if (node->tag == NSK_FO_FLOAT) {
        if (nsk_fo_word(node, NSK_P_FLOAT) == NSK_W_NONE)
            nsk_block_children(builder, node);
        else
            nsk_builder_note(builder, nsk_note_new(nsk_builder_layout(builder), node));
    } else if (node->tag == NSK_FO_WRAPPER || node->tag == NSK_FO_RETRIEVE_MARKER) {
        nsk_block_children(builder, node);
    } else if (node->tag == NSK_FO_LIST_BLOCK) {
        nsk_list_add(builder, node);
    } else if (node->tag == NSK_FO_TABLE_AND_CAPTION) {
        nsk_caption_add(builder, node);
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
nsk_block_range(NskBuilder *builder, NskFoNode *parent, NskFoNode *first, const NskFoNode *limit)
{
    NskLayout *layout = nsk_builder_layout(builder);

    for (NskFoNode *child = first; child != limit && layout->error == NULL;) {
        NskFoNode *end = child;

        while (end != limit && is_inline(end))
            end = end->next;
        if (end != child) {
            add_paragraph(builder, parent, child, end);
            child = end;
        } else {
            add_block_level(builder, child);
            nsk_builder_checkpoint(builder);
            child = child->next;
        }
    }
}

void
nsk_block_children(NskBuilder *builder, NskFoNode *parent)
{
    nsk_block_range(builder, parent, parent->first, NULL);
}

NskVList *
nsk_block_list(NskLayout *layout, NskFoNode *node, NskMpt width)
{
    NskBuilder *builder = nsk_builder_new(layout, width);
    NskVList *list;

    nsk_block_children(builder, node);
    list = nsk_builder_finish(builder);
    list->rl = nsk_block_is_rl(node);
    return list;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists (XSL 1.1, section 6.8): an item is a parallel of its label and its body, which share the
 * list's reference area; indents alone set them side by side.
 */
#include "base/message.h"
#include "render/layout/layout.h"

static NskFoNode *
find_part(NskLayout *layout, NskFoNode *item, NskFoTag tag)
{
    for (NskFoNode *child = item->first; child != NULL; child = child->next) {
        if (child->tag == tag)
            return child;
    }
    nsk_fo_error(layout->tree, item, "fo-element", nsk_tr("list-item needs a %s"),
                 nsk_fo_tag_name(tag));
    return NULL;
}

static void
add_item(NskBuilder *builder, NskFoNode *item)
{
    static const NskFoTag parts[] = { NSK_FO_LIST_ITEM_LABEL, NSK_FO_LIST_ITEM_BODY };
    NskLayout *layout = nsk_builder_layout(builder);
    NskParallel *parallel = NSK_ARENA_NEW(layout->arena, NskParallel, 1);

    parallel->node = item;
    parallel->columns = NSK_ARENA_NEW(layout->arena, NskColumn, G_N_ELEMENTS(parts));
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        NskColumn *column = &parallel->columns[i];

        column->node = find_part(layout, item, parts[i]);
        if (column->node == NULL)
            return;
        column->list = nsk_block_list(layout, column->node, nsk_builder_width(builder));
        column->width = column->list->width;
    }
    parallel->n_columns = G_N_ELEMENTS(parts);
    nsk_parallel_step(layout, parallel, 0);
    nsk_builder_open(builder, item);
    nsk_builder_parallel(builder, parallel, 0);
    nsk_builder_close(builder, item);
}

void
nsk_list_add(NskBuilder *builder, NskFoNode *list)
{
    NskLayout *layout = nsk_builder_layout(builder);

    nsk_builder_open(builder, list);
    for (NskFoNode *item = list->first; item != NULL && layout->error == NULL; item = item->next) {
        add_item(builder, item);
        nsk_builder_checkpoint(builder);
    }
    nsk_builder_close(builder, list);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Footnotes and floats (XSL 1.1, section 6.12): what a line or block asks to stand on its page. */
#include "base/message.h"
#include "render/layout/layout.h"

NskNote *
nsk_note_new(NskLayout *self, NskFoNode *node)
{
    NskNote *note = NSK_ARENA_NEW(self->document, NskNote, 1);
    NskArena *arena = self->arena;

    if (self->note_width <= 0)
        nsk_fo_error(self->tree, node, "fo-element", nsk_tr("%s can stand only in a flow"),
                     nsk_fo_tag_name(node->tag));
    note->node = node;
    note->is_float = node->tag == NSK_FO_FLOAT;
    /* it may go on for pages after its line has been forgotten */
    self->arena = self->document;
    note->list = nsk_block_list(self, node, MAX(1, self->note_width));
    self->arena = arena;
    nsk_vlist_refuse_breaks(self, note->list);
    nsk_vlist_refuse_notes(self, note->list);
    return note;
}

bool
nsk_note_is_anchor(const NskPiece *piece)
{
    const NskFoNode *object = piece->run->object;

    return piece->kind == NSK_ATOM_OBJECT &&
           (object->tag == NSK_FO_FOOTNOTE_BODY || object->tag == NSK_FO_FLOAT);
}

void
nsk_note_find(NskLayout *self, NskLine *line)
{
    size_t n = 0;

    for (size_t i = 0; i < line->n_pieces; i++)
        n += nsk_note_is_anchor(&line->pieces[i]) ? 1 : 0;
    if (n == 0)
        return;
    line->notes = NSK_ARENA_NEW(self->arena, const NskNote *, n);
    for (size_t i = 0; i < line->n_pieces; i++) {
        if (nsk_note_is_anchor(&line->pieces[i]))
            line->notes[line->n_notes++] = nsk_note_new(self, line->pieces[i].run->object);
    }
}

void
nsk_vlist_refuse_notes(NskLayout *self, const NskVList *list)
{
    for (size_t i = 0; i < list->n_anchors; i++)
        nsk_fo_error(self->tree, list->anchors[i].note->node, "fo-element",
                     nsk_tr("%s can stand only in a flow"),
                     nsk_fo_tag_name(list->anchors[i].note->node->tag));
}

void
nsk_vlist_refuse_breaks(NskLayout *self, const NskVList *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const NskVItem *item = &list->items[i];

        if (item->kind == NSK_V_GLUE && item->forced != NSK_W_NONE_OF_THEM && item->node != NULL)
            nsk_fo_error(self->tree, item->node, "fo-break",
                         nsk_tr("a forced break before %s is not supported here: what is around it "
                                "cannot be broken"),
                         nsk_fo_tag_name(item->node->tag));
    }
}

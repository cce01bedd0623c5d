/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From areas to PDF.  A structure element begins when the first area of its object is drawn,
 * beneath that of the nearest object around it that has one, so reading order is the order of the
 * flow.
 */
#include "base/message.h"
#include "render/layout/layout.h"

#include <qrencode.h>
#include <string.h>

#define MAX_TURNS 220

typedef struct {
    NskMpt x, y;
    int angle; /* clockwise */
} Turn;

typedef struct {
    NskLayout *layout;
    NskPdf *pdf;
    NskPdfElement marked;
    Turn turns[MAX_TURNS]; /* open ones, clips among them as none */
    size_t n_turns;
} Drawer;

typedef struct {
    const char *name;
    NskPdfRole role;
} Role;

static const Role roles[] = {
    { "Caption", NSK_PDF_CAPTION },
    { "Div", NSK_PDF_DIV },
    { "Figure", NSK_PDF_FIGURE },
    { "H1", NSK_PDF_H1 },
    { "H2", NSK_PDF_H2 },
    { "H3", NSK_PDF_H3 },
    { "H4", NSK_PDF_H4 },
    { "H5", NSK_PDF_H5 },
    { "H6", NSK_PDF_H6 },
    { "L", NSK_PDF_L },
    { "LBody", NSK_PDF_LBODY },
    { "LI", NSK_PDF_LI },
    { "Lbl", NSK_PDF_LBL },
    { "Note", NSK_PDF_NOTE },
    { "P", NSK_PDF_P },
    { "Part", NSK_PDF_PART },
    { "Quote", NSK_PDF_QUOTE },
    { "Reference", NSK_PDF_REFERENCE },
    { "Sect", NSK_PDF_SECT },
    { "Span", NSK_PDF_SPAN },
    { "TH", NSK_PDF_TH },
};

typedef struct {
    NskFoTag tag;
    NskPdfRole role;
} TagRole;

static const TagRole tag_roles[] = {
    { NSK_FO_FOOTNOTE_BODY, NSK_PDF_NOTE },
    { NSK_FO_LIST_BLOCK, NSK_PDF_L },
    { NSK_FO_LIST_ITEM, NSK_PDF_LI },
    { NSK_FO_LIST_ITEM_LABEL, NSK_PDF_LBL },
    { NSK_FO_LIST_ITEM_BODY, NSK_PDF_LBODY },
    { NSK_FO_TABLE_AND_CAPTION, NSK_PDF_TABLE },
    { NSK_FO_TABLE_CAPTION, NSK_PDF_CAPTION },
    { NSK_FO_TABLE, NSK_PDF_TABLE },
    { NSK_FO_TABLE_HEADER, NSK_PDF_THEAD },
    { NSK_FO_TABLE_BODY, NSK_PDF_TBODY },
    { NSK_FO_TABLE_FOOTER, NSK_PDF_TFOOT },
    { NSK_FO_TABLE_ROW, NSK_PDF_TR },
    { NSK_FO_TABLE_CELL, NSK_PDF_TD },
    { NSK_FO_BASIC_LINK, NSK_PDF_LINK },
    { NSK_FO_EXTERNAL_GRAPHIC, NSK_PDF_FIGURE },
    { NSK_FO_INSTREAM_OBJECT, NSK_PDF_FIGURE },
};

static bool
has_text(const NskFoNode *block)
{
    for (const NskFoNode *child = block->first; child != NULL; child = child->next) {
        if (child->tag == NSK_FO_TEXT
                ? child->text[strspn(child->text, " \t\r\n")] != '\0'
                : (nsk_fo_tag_is(child->tag) & IS_INLINE) != 0 && child->tag != NSK_FO_WRAPPER)
            return true;
    }
    return false;
}

static bool
named_role(const NskFoNode *node, NskPdfRole *out_role)
{
    const char *name = nsk_fo_text(node, NSK_P_ROLE);

    if (name[0] == '\0')
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
        if (strcmp(roles[i].name, name) == 0) {
            *out_role = roles[i].role;
            return true;
        }
    }
    return false;
}

/* Whether the object has an element of its own, and which. */
static bool
role_of(const NskFoNode *node, NskPdfRole *out_role)
{
    if (named_role(node, out_role))
        return true;
    if (node->tag == NSK_FO_TABLE_CELL && node->parent->tag == NSK_FO_TABLE_ROW &&
        node->parent->parent->tag == NSK_FO_TABLE_HEADER) {
        *out_role = NSK_PDF_TH;
        return true;
    }
    /* the caption and the parts of the table are children of one element */
    if (node->tag == NSK_FO_TABLE && node->parent->tag == NSK_FO_TABLE_AND_CAPTION)
        return false;
    if (node->tag == NSK_FO_INSTREAM_OBJECT && node->first != NULL &&
        node->first->tag == NSK_FO_SIGNATURE_FIELD)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(tag_roles); i++) {
        if (tag_roles[i].tag == node->tag) {
            *out_role = tag_roles[i].role;
            return true;
        }
    }
    *out_role = NSK_PDF_P;
    return node->tag == NSK_FO_BLOCK && node->parent->tag != NSK_FO_LIST_ITEM_LABEL &&
           has_text(node);
}

/* What a drawing says of itself: its title (SVG 1.1, section 5.4). */
static const char *
title_of_svg(NskLayout *layout, const NskFoNode *svg)
{
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("svg", svg->text, strlen(svg->text), NULL);
    const NskXmlNode *title =
        doc != NULL ? nsk_xml_child(nsk_xml_doc_get_root(doc), "title") : NULL;
    g_autofree char *text = title != NULL ? nsk_xml_text_folded(title) : NULL;

    if (text == NULL || *text == '\0')
        return "SVG";
    return nsk_arena_strndup(layout->document, text, strlen(text));
}

static void
describe(NskLayout *layout, const NskFoNode *node, NskPdfTag *tag)
{
    const char *alt = nsk_fo_text(node, NSK_P_ALT);

    if (alt[0] != '\0')
        tag->alt = alt;
    else if (tag->role == NSK_PDF_FIGURE && node->first != NULL && node->first->tag == NSK_FO_SVG)
        tag->alt = title_of_svg(layout, node->first);
    else if (tag->role == NSK_PDF_FIGURE && node->first != NULL)
        tag->alt = nsk_fo_text(node->first, NSK_P_QR_TEXT);
    else if (tag->role == NSK_PDF_FIGURE)
        tag->alt = nsk_fo_text(node, NSK_P_SRC);
    if (node->tag == NSK_FO_TABLE_CELL) {
        tag->colspan = (unsigned)nsk_fo_integer(node, NSK_P_COLUMNS_SPANNED, 1);
        tag->rowspan = (unsigned)nsk_fo_integer(node, NSK_P_ROWS_SPANNED, 1);
    }
    if (tag->role == NSK_PDF_TH)
        tag->scope = node->parent->parent->tag == NSK_FO_TABLE_HEADER ? NSK_PDF_SCOPE_COLUMN
                                                                      : NSK_PDF_SCOPE_ROW;
}

static bool
is_artifact(const NskFoNode *node)
{
    return strcmp(nsk_fo_text(node, NSK_P_ROLE), "Artifact") == 0;
}

static NskPdfElement
element_of(Drawer *self, NskFoNode *node)
{
    NskPdfTag tag = { 0 };

    if (node != NULL && node->element != 0)
        return node->element;
    if (node == NULL || is_artifact(node))
        return NSK_PDF_ARTIFACT;
    if (node->parent == NULL)
        return NSK_PDF_DOCUMENT;

    NskPdfElement parent = element_of(self, node->parent);
    if (parent == NSK_PDF_ARTIFACT || !role_of(node, &tag.role))
        return parent;
    describe(self->layout, node, &tag);
    node->element = nsk_pdf_element_add(self->pdf, parent, &tag);
    return node->element;
}

static void
mark(Drawer *self, NskPdfElement element)
{
    if (element != self->marked)
        nsk_pdf_mark(self->pdf, element);
    self->marked = element;
}

static void
draw_text(Drawer *self, const NskArea *area)
{
    const NskPiece *piece = area->text.piece;
    NskPdfText run = { .font = piece->run->font,
                       .font_size = piece->run->style->size,
                       .colour = area->color,
                       .x = area->rect.x,
                       .y = area->rect.y,
                       .text = piece->text,
                       .size = piece->size,
                       .glyphs = piece->glyphs,
                       .n_glyphs = piece->n_glyphs };

    nsk_pdf_text(self->pdf, &run);
}

/* ISO/IEC 18004 at error correction level M, each row's dark modules joined to bars. */
static void
draw_qr(Drawer *self, const NskArea *area)
{
    const char *text = nsk_fo_text(area->object->first, NSK_P_QR_TEXT);
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    g_autoptr(GArray) rects = g_array_new(FALSE, FALSE, sizeof(NskPdfRect));

    if (code == NULL) {
        nsk_fo_error(self->layout->tree, area->object, "fo-qr",
                     nsk_tr("the text of the QR code is empty or longer than a QR code can hold"));
        return;
    }
    for (int y = 0; y < code->width; y++) {
        for (int x = 0, end; x < code->width; x = end) {
            const unsigned char *row = code->data + (ptrdiff_t)y * code->width;

            for (end = x + 1; end < code->width && ((row[end] ^ row[x]) & 1) == 0;)
                end++;
            if ((row[x] & 1) == 0)
                continue;

            const NskPdfRect *all = &area->rect;
            NskMpt left = (NskMpt)((int64_t)all->width * x / code->width);
            NskMpt right = (NskMpt)((int64_t)all->width * end / code->width);
            NskMpt top = (NskMpt)((int64_t)all->height * y / code->width);
            NskMpt bottom = (NskMpt)((int64_t)all->height * (y + 1) / code->width);
            NskPdfRect rect = { all->x + left, all->y + top, right - left, bottom - top };
            g_array_append_val(rects, rect);
        }
    }
    QRcode_free(code);
    nsk_pdf_fill_rects(self->pdf, (const NskPdfRect *)(const void *)rects->data, rects->len, 0);
}

/* Turns, clips and their ends; self->turns knows how to undo them for what must stand upright. */
static void
draw_frame(Drawer *self, const NskArea *area)
{
    Turn turn = { area->rect.x, area->rect.y, area->turn };

    if (area->kind == NSK_AREA_POP) {
        nsk_pdf_pop(self->pdf);
        self->n_turns -= self->n_turns > 0 ? 1 : 0;
        return;
    }
    if (area->kind == NSK_AREA_TURN) {
        nsk_pdf_push_turn(self->pdf, area->rect.x, area->rect.y, area->turn * 1000);
    } else {
        nsk_pdf_push_clip(self->pdf, &area->rect);
        turn = (Turn){ 0 };
    }
    if (self->n_turns < MAX_TURNS)
        self->turns[self->n_turns++] = turn;
}

/* Where @rect stands on the upright page. */
static NskPdfRect
upright(const Drawer *self, NskPdfRect rect)
{
    for (size_t i = self->n_turns; i > 0; i--) {
        const Turn *turn = &self->turns[i - 1];
        NskPdfRect from = rect;

        if (turn->angle == 90)
            rect = (NskPdfRect){ -from.y - from.height, from.x, from.height, from.width };
        else if (turn->angle == 180)
            rect = (NskPdfRect){ -from.x - from.width, -from.y - from.height, from.width,
                                 from.height };
        else if (turn->angle == 270)
            rect = (NskPdfRect){ from.y, -from.x - from.width, from.height, from.width };
        rect.x = nsk_add(rect.x, turn->x);
        rect.y = nsk_add(rect.y, turn->y);
    }
    return rect;
}

static bool
draw_field(Drawer *self, const NskArea *area, GError **error)
{
    NskFoNode *object = area->object->parent->first;

    while (object != area->object)
        object = object->next;

    NskPdfElement parent = element_of(self, object->parent);
    NskPdfField field = { .name = nsk_fo_text(object->first, NSK_P_FIELD_NAME),
                          .tooltip = nsk_fo_text(object->first, NSK_P_FIELD_TOOLTIP),
                          .rect = upright(self, area->rect),
                          .parent = parent };
    if (nsk_pdf_add_signature_field(self->pdf, &field, error))
        return true;
    g_prefix_error(error, "%s:%u: ", self->layout->tree->file, object->line);
    return false;
}

static void
draw_link(Drawer *self, const NskArea *area)
{
    const NskFoNode *link = area->object;
    NskPdfRect rect = upright(self, area->rect);
    const char *internal = nsk_fo_text(link, NSK_P_INTERNAL_DESTINATION);
    const char *uri = nsk_fo_text(link, NSK_P_EXTERNAL_DESTINATION);
    const char *alt = nsk_fo_text(link, NSK_P_ALT);
    NskPdfElement element = element_of(self, area->owner);
    const NskPlace *place = g_hash_table_lookup(self->layout->destinations, internal);
    g_autofree char *plain = nsk_object_uri(uri);

    if (element == NSK_PDF_ARTIFACT || !nsk_object_check_uri(self->layout, link, plain))
        return;
    if (uri[0] != '\0')
        nsk_pdf_link_uri(self->pdf, &rect, plain, element, alt[0] != '\0' ? alt : uri);
    else if (place != NULL)
        nsk_pdf_link_page(self->pdf, &rect, place->page, place->y, element,
                          alt[0] != '\0' ? alt : internal);
    else
        nsk_fo_error(self->layout->tree, link, "fo-link",
                     nsk_tr("there is no object with the id '%.60s'"), internal);
}

static bool
draw_area(Drawer *self, const NskArea *area, GError **error)
{
    NskPdfElement element = element_of(self, area->owner);

    if (area->kind == NSK_AREA_ELEMENT)
        return true;
    if (area->kind >= NSK_AREA_TURN) {
        draw_frame(self, area);
        return true;
    }
    if (area->kind == NSK_AREA_LINK) {
        draw_link(self, area);
        return true;
    }
    if (area->kind == NSK_AREA_FIELD)
        return draw_field(self, area, error);
    mark(self, element);
    if (area->kind == NSK_AREA_TEXT)
        draw_text(self, area);
    else if (area->kind == NSK_AREA_FILL)
        nsk_pdf_fill_rect(self->pdf, &area->rect, area->color);
    else if (area->kind == NSK_AREA_LINE)
        nsk_border_draw(self->pdf, area);
    else if (area->kind == NSK_AREA_TILES)
        nsk_tiles_draw(self->layout, area);
    else if (area->kind == NSK_AREA_QR)
        draw_qr(self, area);
    else if (nsk_object_image(self->layout, area->object) != NULL)
        nsk_pdf_image_draw(self->pdf, nsk_object_image(self->layout, area->object), &area->rect);
    return true;
}

static bool
draw_range(Drawer *self, const NskPage *page, guint from, guint to, GError **error)
{
    for (guint i = from; i < to; i++) {
        if (!draw_area(self, &g_array_index(page->areas, NskArea, i), error))
            return false;
    }
    return true;
}

static int
compare_layers(const void *a, const void *b)
{
    const NskLayer *left = a, *right = b;

    if (left->z != right->z)
        return left->z < right->z ? -1 : 1;
    return left->from < right->from ? -1 : 1;
}

/* The page cut into layers; what lies between those that have a z-index has 0. */
static GArray *
cut_layers(const NskPage *page)
{
    GArray *layers = g_array_new(FALSE, FALSE, sizeof(NskLayer));
    guint at = 0;

    for (guint i = 0; i < page->layers->len; i++) {
        const NskLayer *layer = &g_array_index(page->layers, NskLayer, i);
        NskLayer between = { at, layer->from, 0 };

        if (layer->from < at)
            continue; /* within the one before */
        g_array_append_val(layers, between);
        g_array_append_vals(layers, layer, 1);
        at = layer->to;
    }

    NskLayer rest = { at, page->areas->len, 0 };
    g_array_append_val(layers, rest);
    g_array_sort(layers, compare_layers);
    return layers;
}

static bool
draw_layers(Drawer *self, const NskPage *page, GError **error)
{
    g_autoptr(GArray) layers = NULL;
    bool ok = true;

    if (page->layers->len == 0)
        return draw_range(self, page, 0, page->areas->len, error);
    /* the order of reading is that of the flow, whatever lies over what */
    for (guint i = 0; i < page->areas->len; i++)
        element_of(self, g_array_index(page->areas, NskArea, i).owner);
    layers = cut_layers(page);
    for (guint i = 0; ok && i < layers->len; i++) {
        const NskLayer *layer = &g_array_index(layers, NskLayer, i);

        ok = draw_range(self, page, layer->from, layer->to, error);
    }
    return ok;
}

bool
nsk_draw_page(NskLayout *self, const NskPage *page, GError **error)
{
    Drawer drawer = { .layout = self, .pdf = self->pdf, .marked = NSK_PDF_ARTIFACT };

    if (!nsk_pdf_page_begin(self->pdf, page->width, page->height, error) ||
        !draw_layers(&drawer, page, error))
        return false;
    nsk_pdf_page_end(self->pdf);
    return true;
}

bool
nsk_draw_pages(NskLayout *self, GError **error)
{
    for (guint i = 0; i < self->pages->len; i++) {
        if (!nsk_draw_page(self, g_ptr_array_index(self->pages, i), error))
            return false;
    }
    return true;
}

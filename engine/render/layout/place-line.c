/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places the pieces of a line: text with its decoration, leaders, graphics, fields, links. */
#include "render/layout/place-private.h"

typedef struct {
    NskLayout *layout;
    NskPage *page;
    NskMpt x, baseline;
} Spot;

static NskFoNode *
owner_of(const Spot *spot, const NskStyle *style)
{
    return spot->layout->artifact ? NULL : style->owner;
}

static void
place_stroke(const Spot *spot, const NskPiece *piece, int position, int thickness)
{
    const NskStyle *style = piece->run->style;
    NskMpt width = MAX(nsk_font_scale(style->font, thickness, style->size), 200);
    NskMpt middle =
        spot->baseline - piece->rise - nsk_font_scale(style->font, position, style->size);
    NskPdfRect rect = { spot->x, middle - width / 2, piece->width, width };

    if (piece->width > 0)
        nsk_place_area(spot->page, NSK_AREA_FILL, NULL, &rect)->color = style->color;
}

static void
place_text(const Spot *spot, const NskPiece *piece)
{
    const NskStyle *style = piece->run->style;
    const NskFontMetrics *metrics = nsk_font_get_metrics(style->font);
    NskPdfRect rect = { spot->x, spot->baseline - piece->rise, piece->width, 0 };
    NskArea *area = nsk_place_area(spot->page, NSK_AREA_TEXT, owner_of(spot, style), &rect);

    area->color = style->color;
    area->text.piece = piece;
    if (style->decoration & NSK_FO_UNDERLINE)
        place_stroke(spot, piece, metrics->underline_position, metrics->underline_thickness);
    if (style->decoration & NSK_FO_LINE_THROUGH)
        place_stroke(spot, piece, metrics->strikeout_position, metrics->strikeout_thickness);
    if (style->decoration & NSK_FO_OVERLINE)
        place_stroke(spot, piece, metrics->altitude, metrics->underline_thickness);
}

/* Dots that stand under each other in different lines: counted from the line's end. */
static void
place_dots(const Spot *spot, const NskPiece *piece)
{
    const NskStyle *style = piece->run->style;
    NskArena *arena = spot->layout->arena;
    NskMpt advance = nsk_font_advance(style->font, '.', style->size);
    NskMpt pitch = nsk_fo_length(piece->run->object, NSK_P_LEADER_PATTERN_WIDTH, piece->width);
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(NskGlyph));
    NskShape request = { .text = ".", .size = 1, .font_size = style->size };

    pitch = MAX(pitch, MAX(advance, 100));
    NskMpt count = piece->width / pitch;
    nsk_font_shape(style->font, &request, glyphs);
    if (count <= 0 || count > 10000 || glyphs->len == 0)
        return;

    NskPiece *dots = NSK_ARENA_NEW(arena, NskPiece, 1);
    NskGlyph *row = NSK_ARENA_NEW(arena, NskGlyph, (size_t)count);
    char *text = NSK_ARENA_NEW(arena, char, (size_t)count + 1);
    for (NskMpt i = 0; i < count; i++) {
        row[i] = g_array_index(glyphs, NskGlyph, 0);
        row[i].cluster = (uint32_t)i;
        row[i].advance = pitch;
        text[i] = '.';
    }
    *dots = *piece;
    dots->text = text;
    dots->size = (size_t)count;
    dots->glyphs = row;
    dots->n_glyphs = (size_t)count;

    NskPdfRect rect = { spot->x + piece->width - count * pitch, spot->baseline - piece->rise,
                        count * pitch, 0 };
    NskArea *area = nsk_place_area(spot->page, NSK_AREA_TEXT, NULL, &rect);
    area->color = style->color;
    area->text.piece = dots;
}

static void
place_leader(const Spot *spot, const NskPiece *piece)
{
    const NskFoNode *leader = piece->run->object;
    NskFoWord pattern = nsk_fo_word(leader, NSK_P_LEADER_PATTERN);
    NskFoWord rule = nsk_fo_word(leader, NSK_P_RULE_STYLE);

    if (pattern == NSK_W_DOTS) {
        place_dots(spot, piece);
    } else if (pattern == NSK_W_RULE && rule != NSK_W_NONE) {
        NskMpt width = nsk_fo_length(leader, NSK_P_RULE_THICKNESS, 0);
        NskPdfRect band = { spot->x, spot->baseline - piece->rise - width, piece->width, width };
        NskEdge edge = { width, rule, piece->run->style->color };

        nsk_place_border(spot->page, &band, &edge, 0);
    }
}

static NskAreaKind
kind_of_object(const NskFoNode *object)
{
    if (object->tag == NSK_FO_EXTERNAL_GRAPHIC)
        return NSK_AREA_IMAGE;
    return object->first->tag == NSK_FO_QR ? NSK_AREA_QR : NSK_AREA_FIELD;
}

static void
place_object(const Spot *spot, const NskPiece *piece, NskMpt reference)
{
    NskFoNode *object = piece->run->object;
    NskObjectSize size = nsk_object_size(spot->layout, object, reference);
    NskPdfRect rect = { spot->x, spot->baseline - piece->rise - size.height, size.content_width,
                        size.content_height };
    NskFoWord across = nsk_fo_word(object, NSK_P_TEXT_ALIGN);
    NskFoWord down = nsk_fo_word(object, NSK_P_DISPLAY_ALIGN);

    if (across == NSK_W_CENTER)
        rect.x += (size.width - size.content_width) / 2;
    if (across == NSK_W_END || across == NSK_W_RIGHT)
        rect.x += size.width - size.content_width;
    if (down == NSK_W_CENTER)
        rect.y += (size.height - size.content_height) / 2;
    if (down == NSK_W_AFTER)
        rect.y += size.height - size.content_height;
    nsk_place_area(spot->page, kind_of_object(object), spot->layout->artifact ? NULL : object,
                   &rect)
        ->object = object;
}

/* The link that the text lies in, and the marks that inline ids and page numbers leave. */
static void
place_marks(const Spot *spot, const NskPiece *piece, const NskLine *line)
{
    NskFoNode *node = piece->run->style->node;

    if (spot->layout->artifact)
        return;
    for (; node != NULL && (nsk_fo_tag_is(node->tag) & IS_INLINE) != 0; node = node->parent) {
        if (node->tag == NSK_FO_PAGE_NUMBER)
            nsk_place_record(spot->layout, spot->page, node, spot->baseline);
        if (nsk_fo_is_set(node, NSK_P_ID))
            nsk_place_record(spot->layout, spot->page, nsk_fo_text(node, NSK_P_ID),
                             spot->baseline - line->baseline);
        if (node->tag == NSK_FO_BASIC_LINK && piece->width > 0) {
            NskPdfRect rect = { spot->x, spot->baseline - line->baseline, piece->width,
                                line->height };

            nsk_place_area(spot->page, NSK_AREA_LINK, node, &rect)->object = node;
        }
    }
}

void
nsk_place_line(NskLayout *self, const NskLine *line, const NskTarget *target, NskMpt y)
{
    Spot spot = { .layout = self, .page = target->page, .baseline = y + line->baseline };

    for (size_t i = 0; i < line->n_pieces; i++) {
        const NskPiece *piece = &line->pieces[i];

        spot.x = nsk_place_left(target, line->x, line->width) + piece->x;
        if (piece->run->style->hidden ||
            (piece->run->style->transparent && piece->kind != NSK_ATOM_OBJECT))
            continue;
        if (piece->kind == NSK_ATOM_GLYPH)
            place_text(&spot, piece);
        else if (piece->kind == NSK_ATOM_LEADER)
            place_leader(&spot, piece);
        else if (piece->kind == NSK_ATOM_OBJECT && !nsk_note_is_anchor(piece))
            place_object(&spot, piece, line->width);
        place_marks(&spot, piece, line);
    }
}

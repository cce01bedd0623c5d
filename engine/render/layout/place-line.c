/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places the pieces of a line: text with its decoration, leaders, graphics, fields, links. */
#include "render/layout/place-private.h"

typedef struct {
    NskLayout *layout;
    NskPage *page;
    NskMpt x, baseline;
    NskMpt left; /* of the reference area */
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

/* Where the first unit of a leader stands: by leader-alignment on a grid of @pitch. */
static NskMpt
leader_start(const Spot *spot, const NskPiece *piece, NskMpt pitch)
{
    NskFoWord word = nsk_fo_word(piece->run->object, NSK_P_LEADER_ALIGNMENT);
    NskMpt from = word == NSK_W_PAGE ? 0 : spot->left, off;

    if (word != NSK_W_PAGE && word != NSK_W_REFERENCE_AREA)
        return spot->x;
    off = (spot->x - from) % pitch;
    return spot->x + (off > 0 ? pitch - off : 0);
}

/* How many units of @pitch fit into the leader. */
static NskMpt
leader_count(const Spot *spot, const NskPiece *piece, NskMpt pitch)
{
    NskMpt room = spot->x + piece->width - leader_start(spot, piece, pitch);
    NskMpt count = (room + 50) / pitch; /* a rounding shall not cost a unit */

    return CLAMP(count, 0, 10000);
}

static NskMpt
leader_pitch(const NskPiece *piece, NskMpt unit)
{
    NskMpt pitch = nsk_fo_length(piece->run->object, NSK_P_LEADER_PATTERN_WIDTH, piece->width);

    return MAX(pitch, MAX(unit, 100));
}

static void
place_dots(const Spot *spot, const NskPiece *piece)
{
    const NskStyle *style = piece->run->style;
    NskArena *arena = spot->layout->arena;
    NskMpt pitch = leader_pitch(piece, nsk_font_advance(style->font, '.', style->size));
    NskMpt count = leader_count(spot, piece, pitch);
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(NskGlyph));
    NskShape request = { .text = ".", .size = 1, .font_size = style->size };

    nsk_font_shape(style->font, &request, glyphs);
    if (count <= 0 || glyphs->len == 0)
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

    NskPdfRect rect = { leader_start(spot, piece, pitch), spot->baseline - piece->rise,
                        count * pitch, 0 };
    NskArea *area = nsk_place_area(spot->page, NSK_AREA_TEXT, NULL, &rect);
    area->color = style->color;
    area->text.piece = dots;
}

/* The content of a leader as often as it fits; an artifact, as dots are. */
static void
place_content(const Spot *spot, const NskPiece *piece)
{
    const NskLine *content = piece->run->content;
    NskMpt width = 0;

    for (size_t i = 0; i < content->n_pieces; i++)
        width = nsk_add(width, content->pieces[i].width);

    NskMpt pitch = leader_pitch(piece, width), count = leader_count(spot, piece, pitch);
    for (NskMpt i = 0; i < count * (NskMpt)content->n_pieces; i++) {
        const NskPiece *one = &content->pieces[i % (NskMpt)content->n_pieces];
        NskPdfRect rect = { leader_start(spot, piece, pitch) +
                                i / (NskMpt)content->n_pieces * pitch + pitch - width + one->x,
                            spot->baseline - piece->rise - one->rise, one->width, 0 };

        if (one->kind != NSK_ATOM_GLYPH)
            continue;
        NskArea *area = nsk_place_area(spot->page, NSK_AREA_TEXT, NULL, &rect);
        area->color = one->run->style->color;
        area->text.piece = one;
    }
}

static void
place_leader(const Spot *spot, const NskPiece *piece)
{
    const NskFoNode *leader = piece->run->object;
    NskFoWord pattern = nsk_fo_word(leader, NSK_P_LEADER_PATTERN);
    NskFoWord rule = nsk_fo_word(leader, NSK_P_RULE_STYLE);

    if (piece->run->content != NULL) {
        place_content(spot, piece);
    } else if (pattern == NSK_W_DOTS) {
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
    if (object->tag == NSK_FO_EXTERNAL_GRAPHIC || object->first->tag == NSK_FO_SVG)
        return NSK_AREA_IMAGE;
    return object->first->tag == NSK_FO_QR ? NSK_AREA_QR : NSK_AREA_FIELD;
}

/* Where the content of the object lies; its background and border are drawn around it. */
static NskPdfRect
place_viewport(const Spot *spot, const NskPiece *piece, NskMpt reference)
{
    const NskFoNode *object = piece->run->object;
    NskMpt insets[4], top = spot->baseline - piece->rise - (piece->run->height - piece->run->depth);
    NskPdfRect box = { spot->x, top, piece->width, piece->run->height };

    nsk_object_insets(object, reference, insets);
    nsk_place_background(spot->page, object, &box);
    nsk_place_edges(spot->page, object, &box);
    return (NskPdfRect){ box.x + insets[2], box.y + insets[0], box.width - insets[2] - insets[3],
                         box.height - insets[0] - insets[1] };
}

static void
place_object(const Spot *spot, const NskPiece *piece, NskMpt reference)
{
    NskFoNode *object = piece->run->object;
    NskPdfRect view = place_viewport(spot, piece, reference), rect = view;
    NskFoWord across = nsk_fo_word(object, NSK_P_TEXT_ALIGN);
    NskFoWord down = nsk_fo_word(object, NSK_P_DISPLAY_ALIGN);
    NskObjectSize size;

    if (piece->run->list != NULL) {
        nsk_place_turned(spot->layout, spot->page, piece->run->list, &view,
                         nsk_fo_integer(object, NSK_P_REFERENCE_ORIENTATION, 0), down);
        return;
    }
    size = nsk_object_size(spot->layout, object, reference);
    rect.width = size.content_width;
    rect.height = size.content_height;
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

/* ---- boxes of inlines ---- */

/* Whether the piece is content of the inline that @style is of. */
static bool
lies_in(const NskPiece *piece, const NskStyle *style)
{
    const NskStyle *at = piece->run->style;

    while (at != NULL && at->node != style->node)
        at = at->parent;
    return at != NULL;
}

/* The background and border of one inline, as far as it is in this line: pieces from @from on. */
static void
place_box(const Spot *spot, const NskLine *line, size_t from, const NskStyle *style, NskMpt left)
{
    const NskPiece *first = &line->pieces[from], *last = first;
    NskMpt border[4], padding[4];

    for (size_t i = from; i < line->n_pieces && lies_in(&line->pieces[i], style); i++)
        last = &line->pieces[i];
    for (int side = 0; side < 4; side++) {
        border[side] = nsk_fo_border_width(style->node, side);
        padding[side] =
            nsk_fo_length(style->node, NSK_P_PADDING_BEFORE + (NskFoProperty)side, line->width);
    }

    bool starts = first->kind == NSK_ATOM_START && first->run->style->node == style->node;
    bool ends = last->kind == NSK_ATOM_END && last->run->style->node == style->node;
    NskMpt x = first->x, end = last->x + last->width;
    NskMpt rise = first->run->style->node == style->node ? first->rise : style->shift;
    if (starts)
        x += first->width - border[2] - padding[2];
    if (ends)
        end -= last->width - border[3] - padding[3];

    NskPdfRect rect = { left + x, spot->baseline - rise - style->altitude - padding[0] - border[0],
                        end - x, 0 };
    rect.height = style->altitude + style->depth + padding[0] + padding[1] + border[0] + border[1];
    nsk_place_background(spot->page, style->node, &rect);
    for (int side = 0; side < 4; side++) {
        NskPdfRect band = rect;
        NskEdge edge = nsk_place_edge(style->node, side);

        if ((side == 2 && !starts) || (side == 3 && !ends) || edge.width == 0)
            continue;
        if (side == 1)
            band.y += rect.height - edge.width;
        if (side == 3)
            band.x += rect.width - edge.width;
        if (side < 2)
            band.height = edge.width;
        else
            band.width = edge.width;
        nsk_place_border(spot->page, &band, &edge, side);
    }
}

/* The boxes that begin in the line with piece @index: those around it that are not around the piece
 * before, outermost first. */
static void
place_boxes(const Spot *spot, const NskLine *line, size_t index, NskMpt left)
{
    const NskStyle *boxes[20];
    size_t n = 0;

    for (const NskStyle *at = line->pieces[index].run->style; at != NULL; at = at->parent) {
        if (at->boxed && !at->hidden && n < G_N_ELEMENTS(boxes) &&
            (index == 0 || !lies_in(&line->pieces[index - 1], at)))
            boxes[n++] = at;
    }
    while (n > 0)
        place_box(spot, line, index, boxes[--n], left);
}

void
nsk_place_line(NskLayout *self, const NskLine *line, const NskTarget *target, NskMpt y)
{
    Spot spot = { .layout = self, .page = target->page, .baseline = y + line->baseline };

    NskMpt left = nsk_place_left(target, line->x, line->width);

    spot.left = target->area.x;
    for (size_t i = 0; i < line->n_pieces; i++)
        place_boxes(&spot, line, i, left);
    for (size_t i = 0; i < line->n_pieces; i++) {
        const NskPiece *piece = &line->pieces[i];

        spot.x = left + piece->x;
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

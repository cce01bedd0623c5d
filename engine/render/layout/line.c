/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a paragraph to lines: chosen breaks become line boxes, slack goes into blanks or leaders,
 * and atoms of one run become pieces that are drawn as one.
 *
 * 1. A justified line ends exactly at the margin: its slack is given out by running totals, so that
 *    roundings do not add up.
 * 2. The blank at a line's end is kept as a glyph without room, so that copied text has its
 *    words apart.
 */
#include "base/message.h"
#include "render/layout/layout.h"

#include <string.h>

typedef struct {
    NskLayout *layout;
    const NskFoNode *block;
    const NskParagraph *paragraph;
    const NskStyle *strut;
    NskMpt x, width, indent;
} Setter;

/* What of a line's atoms is its own. */
typedef struct {
    size_t start, end; /* atoms that take room */
    size_t next;       /* atoms before this are spent with the line */
    NskMpt slack;
    NskMpt hyphen;
    NskFoWord align; /* START, CENTER, END, JUSTIFY */
} Span;

static NskFoWord
plain_align(NskFoWord word, bool rl)
{
    if (word == NSK_W_LEFT)
        return rl ? NSK_W_END : NSK_W_START;
    if (word == NSK_W_RIGHT)
        return rl ? NSK_W_START : NSK_W_END;
    return word;
}

static NskFoWord
line_align(const NskFoNode *block, bool last)
{
    bool rl = nsk_block_is_rl(block);
    NskFoWord align = plain_align(nsk_fo_word(block, NSK_P_TEXT_ALIGN), rl);
    NskFoWord align_last = plain_align(nsk_fo_word(block, NSK_P_TEXT_ALIGN_LAST), rl);

    if (!last)
        return align;
    if (align_last != NSK_W_RELATIVE)
        return align_last;
    return align == NSK_W_JUSTIFY ? NSK_W_START : align;
}

static const NskRun *
run_at(const Setter *self, size_t atom)
{
    return &self->paragraph->runs[self->paragraph->atoms[atom].run];
}

/* How much an atom can be widened, or narrowed. */
static int64_t
appetite(const Setter *self, size_t index, bool stretch)
{
    const NskAtom *atom = &self->paragraph->atoms[index];
    const NskRun *run = run_at(self, index);

    if (atom->kind == NSK_ATOM_LEADER)
        return stretch ? run->max - atom->glyph.advance : atom->glyph.advance - run->min;
    if (atom->kind == NSK_ATOM_SPACE)
        return stretch ? run->style->word_stretch : run->style->word_shrink;
    if (atom->kind == NSK_ATOM_GLYPH)
        return stretch ? run->style->letter_stretch : run->style->letter_shrink;
    return 0;
}

static int64_t
shrink_of(const Setter *self, const Span *span)
{
    int64_t shrink = 0;

    for (size_t i = span->start; i < span->end; i++)
        shrink += appetite(self, i, false);
    return shrink;
}

/* Gives the slack of a justified or overfull line to its blanks and leaders. */
static void
spread(const Setter *self, const Span *span, NskMpt *advances)
{
    int64_t total = 0, eaten = 0, given = 0;
    bool stretch = span->slack > 0;

    for (size_t i = span->start; i < span->end; i++)
        total += appetite(self, i, stretch);
    if (total == 0)
        return;

    int64_t slack = span->slack;
    for (size_t i = span->start; i < span->end; i++) {
        eaten += appetite(self, i, stretch);

        int64_t share = slack * eaten / total;
        advances[i - span->start] += (NskMpt)(share - given);
        given = share;
    }
}

/* What a line's content needs over and under its baseline. */
typedef struct {
    NskMpt above, below;
    NskMpt edge; /* the highest of what is aligned with an edge of the line */
} Extent;

/* Half of what the line height leaves beside the letters; the larger half is below. */
static NskMpt
half_leading(const NskStyle *style)
{
    NskMpt leading = style->line_height - style->altitude - style->depth;

    return leading >= 0 ? leading / 2 : -((1 - leading) / 2);
}

static void
extend(Extent *extent, const NskRun *run, bool is_object, NskMpt before, NskMpt after)
{
    const NskStyle *style = run->style;
    NskMpt above = is_object ? run->height - run->depth : style->altitude + before;
    NskMpt below = is_object ? run->depth : style->depth + after;

    if (style->edge != NSK_W_NONE_OF_THEM) {
        extent->edge = MAX(extent->edge, above + below);
        return;
    }
    extent->above = MAX(extent->above, nsk_add(above, style->shift));
    extent->below = MAX(extent->below, nsk_add(below, -style->shift));
}

/*
 * Section 4.5: the line rectangle holds the font of the block and what stands in the line, and half
 * the leading of the block lies over and under it; by the strategy "line-height" every inline has
 * the leading of its own, and by "font-height" the content does not count.
 */
static void
measure_line(const Setter *self, const Span *span, NskLine *line)
{
    const NskStyle *strut = self->strut;
    NskFoWord strategy = nsk_fo_word(self->block, NSK_P_LINE_STACKING);
    bool own = strategy == NSK_W_LINE_HEIGHT;
    NskMpt half = half_leading(strut);
    NskMpt rest = strut->line_height - strut->altitude - strut->depth - half;
    bool shifts = nsk_fo_word(self->block, NSK_P_LINE_HEIGHT_SHIFT) != NSK_W_DISREGARD_SHIFTS;
    Extent extent = { strut->altitude + (own ? half : 0), strut->depth + (own ? rest : 0), 0 };
    const NskRun *last = NULL;

    for (size_t i = span->start; i < span->end && strategy != NSK_W_FONT_HEIGHT; i++) {
        const NskRun *run = run_at(self, i);
        NskAtomKind kind = self->paragraph->atoms[i].kind;

        if (run == last || kind == NSK_ATOM_SPACE || (!shifts && run->style->shift != 0))
            continue;
        last = run;
        if (own)
            extend(&extent, run, kind == NSK_ATOM_OBJECT, half_leading(run->style),
                   run->style->line_height - run->style->altitude - run->style->depth -
                       half_leading(run->style));
        else
            extend(&extent, run, kind == NSK_ATOM_OBJECT, 0, 0);
    }
    extent.below = MAX(extent.below, extent.edge - extent.above);
    line->above = extent.above;
    line->below = extent.below;
    line->baseline = extent.above + (own ? 0 : half);
    line->height = extent.above + extent.below + (own ? 0 : half + rest);
}

/* How far the piece's baseline lies over the line's. */
static NskMpt
rise_of(const NskLine *line, const NskRun *run, bool is_object)
{
    const NskStyle *style = run->style;

    if (style->edge == NSK_W_BEFORE_EDGE)
        return line->above - (is_object ? run->height - run->depth : style->altitude);
    if (style->edge == NSK_W_AFTER_EDGE)
        return (is_object ? run->depth : style->depth) - line->below;
    return style->shift;
}

static size_t
text_end(const Setter *self, size_t atom)
{
    const NskParagraph *paragraph = self->paragraph;
    size_t here = atom > 0 ? paragraph->atoms[atom - 1].glyph.cluster : 0;

    /* glyphs of one cluster share their text, which ends where the next cluster begins */
    while (atom < paragraph->n_atoms && paragraph->atoms[atom].glyph.cluster <= here)
        atom++;
    return atom < paragraph->n_atoms ? paragraph->atoms[atom].glyph.cluster : paragraph->size;
}

static bool
is_text(const NskAtom *atom)
{
    return atom->kind == NSK_ATOM_GLYPH || atom->kind == NSK_ATOM_SPACE;
}

/* The end of the piece that begins with atom @from. */
static size_t
piece_end(const Setter *self, size_t from, size_t limit)
{
    const NskAtom *atoms = self->paragraph->atoms;
    size_t to = from + 1;

    while (is_text(&atoms[from]) && to < limit && atoms[to].run == atoms[from].run &&
           is_text(&atoms[to]))
        to++;
    return to;
}

static void
fill_text(const Setter *self, NskPiece *piece, size_t from, size_t to, const NskMpt *advances)
{
    const NskAtom *atoms = self->paragraph->atoms;
    size_t start = atoms[from].glyph.cluster;
    NskGlyph *glyphs = NSK_ARENA_NEW(self->layout->arena, NskGlyph, to - from);

    for (size_t i = from; i < to; i++) {
        NskGlyph *glyph = &glyphs[piece->run->level % 2 != 0 ? to - 1 - i : i - from];

        *glyph = atoms[i].glyph;
        glyph->cluster -= (uint32_t)start;
        glyph->advance = advances[i - from];
    }
    piece->text = self->paragraph->text + start;
    piece->size = text_end(self, to) - start;
    piece->glyphs = glyphs;
    piece->n_glyphs = to - from;
}

static void
add_hyphen(const Setter *self, NskPiece *piece, const Span *span, NskMpt x)
{
    const NskRun *run = run_at(self, span->end - 1);
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(NskGlyph));
    const char *hyphen = nsk_style_hyphen(run->style);
    NskShape request = { .text = hyphen,
                         .size = (size_t)(nsk_next_char(hyphen) - hyphen),
                         .font_size = run->style->size };
    NskGlyph *glyph = NSK_ARENA_NEW(self->layout->arena, NskGlyph, 1);

    nsk_font_shape(run->style->font, &request, glyphs);
    if (glyphs->len > 0)
        *glyph = g_array_index(glyphs, NskGlyph, 0);
    *piece = (NskPiece){ .run = run,
                         .x = x,
                         .width = span->hyphen,
                         .rise = run->style->shift,
                         .kind = NSK_ATOM_GLYPH,
                         .text = "\xc2\xad",
                         .size = 2,
                         .glyphs = glyph,
                         .n_glyphs = 1 };
}

/* Atoms up to here are drawn: one blank at the end with the text before it. */
static size_t
drawn_end(const Setter *self, const Span *span)
{
    bool blank = span->end < span->next && span->end > span->start &&
                 self->paragraph->atoms[span->end].kind == NSK_ATOM_SPACE &&
                 self->paragraph->atoms[span->end].run == self->paragraph->atoms[span->end - 1].run;

    return blank ? span->end + 1 : span->end;
}

static void
fill_line(const Setter *self, const Span *span, NskLine *line, NskMpt x, NskMpt *advances)
{
    size_t limit = drawn_end(self, span), count = span->hyphen > 0 ? 1 : 0;
    NskMpt start = x;

    for (size_t i = span->start; i < limit; i = piece_end(self, i, limit))
        count++;
    line->pieces = NSK_ARENA_NEW(self->layout->arena, NskPiece, count);
    for (size_t i = span->start, to; i < limit; i = to) {
        NskPiece *piece = &line->pieces[line->n_pieces++];
        const NskAtom *atom = &self->paragraph->atoms[i];

        to = piece_end(self, i, limit);
        piece->run = run_at(self, i);
        piece->x = x;
        piece->kind = is_text(atom) ? NSK_ATOM_GLYPH : atom->kind;
        piece->rise = rise_of(line, piece->run, atom->kind == NSK_ATOM_OBJECT);
        if (limit > span->end && to > span->end && piece->run->level % 2 != 0)
            advances[span->end - span->start] = 0; /* the blank that stands first when seen */
        if (is_text(atom))
            fill_text(self, piece, i, to, advances + (i - span->start));
        for (size_t j = i; j < MIN(to, span->end); j++)
            piece->width = nsk_add(piece->width, advances[j - span->start]);
        x = nsk_add(x, piece->width);
    }
    if (span->hyphen > 0)
        add_hyphen(self, &line->pieces[line->n_pieces++], span, x);
    nsk_bidi_reorder(line->pieces, line->n_pieces, start);
}

static void
set_line(const Setter *self, const Span *span, NskMpt indent, NskLine *line)
{
    size_t n = span->next - span->start + 1;
    g_autofree NskMpt *advances = g_new0(NskMpt, n);
    NskMpt x = indent;

    for (size_t i = span->start; i < MIN(span->start + n, self->paragraph->n_atoms); i++)
        advances[i - span->start] = self->paragraph->atoms[i].glyph.advance;
    if (span->start < span->end && self->paragraph->atoms[span->start].kind == NSK_ATOM_START)
        advances[0] -= run_at(self, span->start)->min;
    if (span->slack > 0 ? span->align == NSK_W_JUSTIFY : -span->slack <= shrink_of(self, span))
        spread(self, span, advances);
    if (nsk_block_is_rl(self->block))
        x = 0; /* the indent is at the right */
    if (span->slack > 0 && span->align == NSK_W_CENTER)
        x += span->slack / 2;
    if (span->slack > 0 && span->align == (nsk_block_is_rl(self->block) ? NSK_W_START : NSK_W_END))
        x += span->slack;
    line->x = self->x;
    line->width = self->width;
    line->hyphenated = span->hyphen > 0;
    measure_line(self, span, line);
    fill_line(self, span, line, x, advances);
}

static void
warn_overfull(const Setter *self, const Span *span)
{
    const NskAtom *first = &self->paragraph->atoms[span->start];
    NskMpt over = -span->slack;

    if (span->start < span->end && over > 0)
        nsk_fo_warning(self->layout->tree, self->block, "fo-overflow",
                       nsk_tr("a line is %d.%dpt wider than the %d.%dpt there are: '%.40s'"),
                       over / 1000, over / 100 % 10, self->width / 1000, self->width / 100 % 10,
                       self->paragraph->text + first->glyph.cluster);
}

/* A line that ends at a blank may be so much shorter; Apache FOP's figure. */
#define RAGGED (3 * 3336)

static void
fill_shape(const Setter *self, NskLineShape *shape)
{
    NskFoWord align = line_align(self->block, false), last = line_align(self->block, true);
    bool ragged = align != NSK_W_JUSTIFY && last != NSK_W_JUSTIFY;

    shape->first_width = self->width - self->indent;
    shape->width = self->width;
    shape->last_indent = nsk_fo_length(self->block, NSK_P_LAST_LINE_END_INDENT, self->width);
    shape->ladder = nsk_fo_integer(self->block, NSK_P_HYPHENATION_LADDER, 0);
    shape->no_wrap = nsk_fo_word(self->block, NSK_P_WRAP_OPTION) == NSK_W_NO_WRAP;
    shape->hyphens = !shape->no_wrap && nsk_fo_word(self->block, NSK_P_HYPHENATE) == NSK_W_TRUE;
    shape->stretch = ragged ? RAGGED : 0;
    shape->last_stretch = last == NSK_W_JUSTIFY ? 0 : MAX(0, self->width - shape->last_indent);
    if (align == NSK_W_CENTER && ragged)
        shape->stretch = shape->last_stretch = 2 * RAGGED;
}

static size_t
build(const Setter *self, const GArray *breaks, const NskLineShape *shape, NskLine **out_lines)
{
    const NskBreak *all = (const NskBreak *)(const void *)breaks->data;
    NskBreak before = { 0 };
    uint32_t *chosen = NULL;
    size_t n = nsk_linebreak_choose(self->layout->arena, all, breaks->len, shape, &chosen);
    NskLine *lines = NSK_ARENA_NEW(self->layout->arena, NskLine, n);

    for (size_t i = 0; i < n; i++) {
        const NskBreak *brk = &all[chosen[i]];
        NskMpt indent = i == 0 ? self->indent : 0;
        int64_t width = brk->width_end - before.width_next + brk->hyphen;
        Span span = { .start = before.next,
                      .end = MAX(brk->end, before.next),
                      .next = MAX(brk->next, before.next),
                      .hyphen = brk->hyphen,
                      .align = line_align(self->block, brk->forced) };

        if (brk->forced)
            width += shape->last_indent;
        span.slack = (NskMpt)CLAMP(self->width - indent - width, -G_MAXINT / 2, G_MAXINT / 2);
        if (span.slack < -shrink_of(self, &span) - 1)
            warn_overfull(self, &span);
        set_line(self, &span, indent, &lines[i]);
        before = *brk;
    }
    *out_lines = lines;
    return n;
}

static bool
fits_one_line(const Setter *self)
{
    int64_t width = self->indent;

    for (size_t i = 0; i < self->paragraph->n_atoms; i++)
        width += self->paragraph->atoms[i].glyph.advance;
    return width <= self->width;
}

size_t
nsk_line_build(NskLayout *self,
               const NskFoNode *block,
               const NskParagraph *paragraph,
               NskMpt x,
               NskMpt width,
               NskLine **out_lines)
{
    Setter setter = { .layout = self,
                      .block = block,
                      .paragraph = paragraph,
                      .strut = paragraph->strut,
                      .x = x,
                      .width = width,
                      .indent = nsk_fo_length(block, NSK_P_TEXT_INDENT, width) };
    NskLineShape shape = { 0 };

    fill_shape(&setter, &shape);

    NskBreakRules rules = { .hyphenate = shape.hyphens && !fits_one_line(&setter),
                            .stretch = shape.stretch == 0,
                            .shrink = line_align(block, false) == NSK_W_JUSTIFY };
    g_autoptr(GArray) breaks = nsk_breaks_find(self, paragraph, &rules);

    return build(&setter, breaks, &shape, out_lines);
}

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
plain_align(NskFoWord word)
{
    return word == NSK_W_LEFT ? NSK_W_START : word == NSK_W_RIGHT ? NSK_W_END : word;
}

static NskFoWord
line_align(const NskFoNode *block, bool last)
{
    NskFoWord align = plain_align(nsk_fo_word(block, NSK_P_TEXT_ALIGN));
    NskFoWord align_last = plain_align(nsk_fo_word(block, NSK_P_TEXT_ALIGN_LAST));

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

/* How much an atom takes of the line's slack, in whatever unit. */
static int64_t
appetite(const Setter *self, size_t index, bool has_leader, bool stretch)
{
    const NskAtom *atom = &self->paragraph->atoms[index];

    if (atom->kind == NSK_ATOM_LEADER && stretch)
        return run_at(self, index)->max - atom->glyph.advance;
    if (atom->kind == NSK_ATOM_LEADER)
        return atom->glyph.advance - run_at(self, index)->min;
    if (atom->kind == NSK_ATOM_SPACE && !(has_leader && stretch))
        return atom->glyph.advance;
    return 0;
}

/* Gives the slack of a justified or overfull line to its blanks and leaders. */
static void
spread(const Setter *self, const Span *span, NskMpt *advances)
{
    int64_t total = 0, eaten = 0, given = 0;
    bool has_leader = false, stretch = span->slack > 0;

    for (size_t i = span->start; i < span->end; i++)
        has_leader |= self->paragraph->atoms[i].kind == NSK_ATOM_LEADER;
    for (size_t i = span->start; i < span->end; i++)
        total += appetite(self, i, has_leader, stretch);
    if (total == 0)
        return;

    int64_t slack = span->slack;
    if (slack < 0)
        slack = MAX(slack, -total / (has_leader ? 1 : 3));
    for (size_t i = span->start; i < span->end; i++) {
        eaten += appetite(self, i, has_leader, stretch);

        int64_t share = slack * eaten / total;
        advances[i - span->start] += (NskMpt)(share - given);
        given = share;
    }
}

static void
measure_line(const Setter *self, const Span *span, NskLine *line)
{
    NskMpt above = self->strut->above, below = self->strut->below;
    bool fixed = nsk_fo_word(self->block, NSK_P_LINE_STACKING) != NSK_W_MAX_HEIGHT;

    for (size_t i = span->start; i < span->end && !fixed; i++) {
        const NskRun *run = run_at(self, i);

        if (run->height > 0 || self->paragraph->atoms[i].kind == NSK_ATOM_OBJECT) {
            above = MAX(above, run->height + run->style->shift);
        } else {
            above = MAX(above, run->style->above);
            below = MAX(below, run->style->below);
        }
    }
    line->height = above + below;
    line->baseline = above;
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
        glyphs[i - from] = atoms[i].glyph;
        glyphs[i - from].cluster -= (uint32_t)start;
        glyphs[i - from].advance = advances[i - from];
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
    NskShape request = { .text = "-", .size = 1, .font_size = run->style->size };
    NskGlyph *glyph = NSK_ARENA_NEW(self->layout->arena, NskGlyph, 1);

    nsk_font_shape(run->style->font, &request, glyphs);
    if (glyphs->len > 0)
        *glyph = g_array_index(glyphs, NskGlyph, 0);
    *piece = (NskPiece){ .run = run,
                         .x = x,
                         .width = span->hyphen,
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
        if (is_text(atom))
            fill_text(self, piece, i, to, advances + (i - span->start));
        for (size_t j = i; j < MIN(to, span->end); j++)
            piece->width = nsk_add(piece->width, advances[j - span->start]);
        x = nsk_add(x, piece->width);
    }
    if (span->hyphen > 0)
        add_hyphen(self, &line->pieces[line->n_pieces++], span, x);
}

static void
set_line(const Setter *self, const Span *span, NskMpt indent, NskLine *line)
{
    size_t n = span->next - span->start + 1;
    g_autofree NskMpt *advances = g_new0(NskMpt, n);
    NskMpt x = indent;

    for (size_t i = span->start; i < MIN(span->start + n, self->paragraph->n_atoms); i++)
        advances[i - span->start] = self->paragraph->atoms[i].glyph.advance;
    if (span->slack < 0 || (span->align == NSK_W_JUSTIFY && span->slack > 0))
        spread(self, span, advances);
    if (span->slack > 0 && span->align == NSK_W_CENTER)
        x += span->slack / 2;
    if (span->slack > 0 && span->align == NSK_W_END)
        x += span->slack;
    line->x = self->x;
    line->width = self->width;
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

static int64_t
shrink_of(const Setter *self, const Span *span)
{
    int64_t shrink = 0;

    for (size_t i = span->start; i < span->end; i++)
        shrink += appetite(self, i, false, false) /
                  (self->paragraph->atoms[i].kind == NSK_ATOM_SPACE ? 3 : 1);
    return shrink;
}

static size_t
build(const Setter *self, const GArray *breaks, NskLine **out_lines)
{
    NskLineShape shape = { .first_width = self->width - self->indent,
                           .width = self->width,
                           .justify = line_align(self->block, false) == NSK_W_JUSTIFY };
    const NskBreak *all = (const NskBreak *)(const void *)breaks->data;
    NskBreak before = { 0 };
    uint32_t *chosen = NULL;

    for (guint i = 0; i < breaks->len; i++)
        shape.hyphens |= all[i].hyphen > 0;

    size_t n = nsk_linebreak_choose(self->layout->arena, all, breaks->len, &shape, &chosen);
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
    g_autoptr(GArray) breaks = nsk_breaks_find(self, paragraph, !fits_one_line(&setter));

    return build(&setter, breaks, out_lines);
}

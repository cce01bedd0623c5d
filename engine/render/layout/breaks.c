/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the lines of a paragraph may end: at blanks; after hyphens, dashes and slashes as Unicode's
 * UAX #14 has it for Latin text; at soft hyphens; within words as the language hyphenates; and
 * where the text forces it.
 */
#include "render/layout/layout.h"

#include <string.h>

#define HYPHEN_PENALTY  50 /* of one that nobody wrote */
#define WRITTEN_PENALTY 1  /* of a hyphen, soft or hard, that somebody wrote */

typedef struct {
    NskLayout *layout;
    const NskParagraph *paragraph;
    const NskBreakRules *rules;
    GArray *breaks;
    uint8_t *marks; /* a hyphen may stand before this byte; NULL if nothing is hyphenated */
    int64_t width, stretch, shrink;
} Finder;

static gunichar
char_at(const NskParagraph *paragraph, size_t offset)
{
    return g_utf8_get_char(paragraph->text + offset);
}

static gunichar
char_before(const NskParagraph *paragraph, size_t offset)
{
    const char *at = g_utf8_find_prev_char(paragraph->text, paragraph->text + offset);

    return at == NULL ? ' ' : g_utf8_get_char(at);
}

/* Characters that stand for themselves, so that a line may end on either side. */
static bool
is_ideographic(GUnicodeBreakType type)
{
    return type == G_UNICODE_BREAK_IDEOGRAPHIC || type == G_UNICODE_BREAK_HANGUL_LV_SYLLABLE ||
           type == G_UNICODE_BREAK_HANGUL_LVT_SYLLABLE ||
           type == G_UNICODE_BREAK_CONDITIONAL_JAPANESE_STARTER;
}

/* Rules LB13 to LB30 of UAX #14 as far as scripts without blanks between words need them. */
static bool
may_part(gunichar before, gunichar c)
{
    static const GUnicodeBreakType never_before[] = {
        G_UNICODE_BREAK_CLOSE_PUNCTUATION,
        G_UNICODE_BREAK_CLOSE_PARANTHESIS,
        G_UNICODE_BREAK_EXCLAMATION,
        G_UNICODE_BREAK_INFIX_SEPARATOR,
        G_UNICODE_BREAK_SYMBOL,
        G_UNICODE_BREAK_NON_STARTER,
        G_UNICODE_BREAK_COMBINING_MARK,
        G_UNICODE_BREAK_ZERO_WIDTH_JOINER,
        G_UNICODE_BREAK_QUOTATION,
        G_UNICODE_BREAK_POSTFIX,
        G_UNICODE_BREAK_WORD_JOINER,
        G_UNICODE_BREAK_NON_BREAKING_GLUE,
        G_UNICODE_BREAK_AFTER,
        G_UNICODE_BREAK_INSEPARABLE,
    };
    GUnicodeBreakType left = g_unichar_break_type(before), right = g_unichar_break_type(c);

    for (size_t i = 0; i < G_N_ELEMENTS(never_before); i++) {
        if (right == never_before[i])
            return false;
    }
    if (left == G_UNICODE_BREAK_OPEN_PUNCTUATION || left == G_UNICODE_BREAK_QUOTATION ||
        left == G_UNICODE_BREAK_PREFIX || left == G_UNICODE_BREAK_WORD_JOINER ||
        left == G_UNICODE_BREAK_NON_BREAKING_GLUE)
        return false;
    return is_ideographic(left) || is_ideographic(right) ||
           (left == G_UNICODE_BREAK_AFTER && before >= 0x0e00);
}

/* Whether a line may end before the character at @offset, which is no blank. */
static bool
may_end_before(const NskParagraph *paragraph, size_t offset)
{
    gunichar c = char_at(paragraph, offset), before = char_before(paragraph, offset);

    if (before == 0x200b || before == 0x2010 || before == 0x2012 || before == 0x2013)
        return true;
    if (before == 0x2014 || c == 0x2014)
        return before != ' ' && before != c;
    if (c >= 0x2e80 || before >= 0x2e80 || (before >= 0x0e00 && before < 0x2000))
        return may_part(before, c);
    if (before == '/')
        return g_unichar_isalpha(c);
    if (before != '-' || !g_unichar_isalpha(c) || offset < 2)
        return false;
    return g_unichar_isalnum(char_before(paragraph, offset - 1));
}

static const NskRun *
run_of(const Finder *self, size_t atom)
{
    return &self->paragraph->runs[self->paragraph->atoms[atom].run];
}

static void
add_break(Finder *self, size_t end, size_t next, const NskBreak *template)
{
    NskBreak brk = *template;

    brk.end = (uint32_t)end;
    brk.next = (uint32_t)next;
    brk.width_end = self->width;
    /* the space after the line's last letter is none of its own */
    if (end > 0 && self->paragraph->atoms[end - 1].kind == NSK_ATOM_GLYPH && brk.hyphen == 0)
        brk.width_end -= run_of(self, end - 1)->style->letter_spacing;
    brk.stretch_end = self->stretch;
    brk.shrink_end = self->shrink;
    brk.width_next = self->width;
    brk.stretch_next = self->stretch;
    brk.shrink_next = self->shrink;
    g_array_append_val(self->breaks, brk);
}

static void
pass_atom(Finder *self, size_t index)
{
    const NskAtom *atom = &self->paragraph->atoms[index];
    const NskRun *run = run_of(self, index);

    self->width += atom->glyph.advance;
    if (atom->kind == NSK_ATOM_SPACE) {
        self->stretch += self->rules->stretch ? run->style->word_stretch : 0;
        self->shrink += self->rules->shrink ? run->style->word_shrink : 0;
    } else if (atom->kind == NSK_ATOM_GLYPH) {
        self->stretch += run->style->letter_stretch;
        self->shrink += run->style->letter_shrink;
    } else if (atom->kind == NSK_ATOM_LEADER) {
        self->stretch += run->max - atom->glyph.advance;
        self->shrink += atom->glyph.advance - run->min;
    }
}

static bool
is_breaking_space(const Finder *self, size_t index)
{
    const NskAtom *atom = &self->paragraph->atoms[index];

    return atom->kind == NSK_ATOM_SPACE && self->paragraph->text[atom->glyph.cluster] == ' ';
}

/* Passes the blanks from @index on; a line may end before them and the next begin after them. */
static size_t
pass_spaces(Finder *self, size_t index)
{
    size_t next = index;
    bool allowed = index > 0 && !run_of(self, index)->style->no_break;
    guint at = self->breaks->len;

    if (allowed)
        add_break(self, index, index, &(NskBreak){ 0 });
    while (next < self->paragraph->n_atoms && is_breaking_space(self, next))
        pass_atom(self, next++);
    if (allowed) {
        NskBreak *brk = &g_array_index(self->breaks, NskBreak, at);

        brk->next = (uint32_t)next;
        brk->width_next = self->width;
        if (next < self->paragraph->n_atoms && self->paragraph->atoms[next].kind == NSK_ATOM_START)
            brk->width_next += run_of(self, next)->min;
        brk->stretch_next = self->stretch;
        brk->shrink_next = self->shrink;
        /* the end of the paragraph follows: one break there is enough */
        if (next == self->paragraph->n_atoms)
            brk->forced = true;
    }
    return next;
}

static void
look_before(Finder *self, size_t index)
{
    const NskParagraph *paragraph = self->paragraph;
    const NskAtom *atom = &paragraph->atoms[index];
    const NskStyle *style = run_of(self, index)->style;
    size_t offset = atom->glyph.cluster;

    if (index == 0 || atom->kind != NSK_ATOM_GLYPH || style->no_break ||
        paragraph->atoms[index - 1].glyph.cluster == offset ||
        paragraph->atoms[index - 1].kind == NSK_ATOM_SPACE)
        return;

    /* within most words nothing has to be asked */
    bool marked = self->marks != NULL && self->marks[offset];
    if (!marked && (unsigned char)paragraph->text[offset] < 0x80 &&
        g_ascii_isalnum(paragraph->text[offset - 1]))
        return;
    bool soft = char_before(paragraph, offset) == 0xad;
    if (soft || marked) {
        NskBreak brk = { .hyphen = nsk_style_hyphen_width(style),
                         .penalty = soft ? WRITTEN_PENALTY : HYPHEN_PENALTY,
                         .flagged = !soft };

        add_break(self, index, index, &brk);
    } else if (may_end_before(paragraph, offset)) {
        add_break(self, index, index, &(NskBreak){ .penalty = WRITTEN_PENALTY });
    }
}

/* ---- hyphenation ---- */

static void
mark_word(Finder *self, const NskStyle *style, size_t start, size_t end)
{
    const char *text = self->paragraph->text;
    int remain = nsk_fo_integer(style->node, NSK_P_HYPHENATION_REMAIN, 2);
    int push = nsk_fo_integer(style->node, NSK_P_HYPHENATION_PUSH, 2);
    int letters = (int)g_utf8_strlen(text + start, (gssize)(end - start)), letter = 0;

    if (!nsk_hyphen_word(style->language, text + start, end - start, self->marks + start,
                         self->layout->error == NULL ? &self->layout->error : NULL))
        return;
    for (const char *at = text + start; at < text + end; at = nsk_next_char(at), letter++) {
        if (letter < remain || letters - letter < push)
            self->marks[at - text] = 0;
    }
}

static bool
is_word_atom(const Finder *self, size_t index)
{
    const NskAtom *atom = &self->paragraph->atoms[index];
    const NskStyle *style = run_of(self, index)->style;

    return atom->kind == NSK_ATOM_GLYPH && style->hyphenate && style->language != NULL &&
           g_unichar_isalpha(char_at(self->paragraph, atom->glyph.cluster));
}

static void
mark_words(Finder *self)
{
    const NskParagraph *paragraph = self->paragraph;

    for (size_t i = 0; i < paragraph->n_atoms && self->layout->error == NULL;) {
        size_t start = i;

        while (i < paragraph->n_atoms && is_word_atom(self, i))
            i++;
        if (i == start) {
            i++;
            continue;
        }

        size_t end = i < paragraph->n_atoms ? paragraph->atoms[i].glyph.cluster : paragraph->size;
        if (self->marks == NULL)
            self->marks = NSK_ARENA_NEW(self->layout->arena, uint8_t, paragraph->size + 1);
        mark_word(self, run_of(self, start)->style, paragraph->atoms[start].glyph.cluster, end);
    }
}

GArray *
nsk_breaks_find(NskLayout *layout, const NskParagraph *paragraph, const NskBreakRules *rules)
{
    Finder finder = { .layout = layout, .paragraph = paragraph, .rules = rules };
    size_t i = 0;

    finder.breaks = g_array_new(FALSE, FALSE, sizeof(NskBreak));
    if (rules->hyphenate)
        mark_words(&finder);
    while (i < paragraph->n_atoms) {
        if (is_breaking_space(&finder, i)) {
            i = pass_spaces(&finder, i);
            continue;
        }
        if (paragraph->atoms[i].kind == NSK_ATOM_NEWLINE)
            add_break(&finder, i, i + 1, &(NskBreak){ .forced = true });
        else
            look_before(&finder, i);
        pass_atom(&finder, i++);
    }

    const NskBreak *last = finder.breaks->len > 0
                               ? &g_array_index(finder.breaks, NskBreak, finder.breaks->len - 1)
                               : NULL;
    if (last == NULL || !last->forced || last->next < paragraph->n_atoms)
        add_break(&finder, i, i, &(NskBreak){ .forced = true });
    return finder.breaks;
}

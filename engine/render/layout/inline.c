/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From inline content to atoms, in two steps:
 *
 *     collect  text with white space treated (section 7.17), cut into chunks of one style
 *     shape    chunks split by font and shaped; each glyph or object becomes an atom
 *
 * Blanks collapse across the borders of inlines, for they are treated in one pass over the whole
 * paragraph.
 */
#include "base/limits.h"
#include "base/message.h"
#include "render/layout/layout.h"

#include <string.h>

typedef struct {
    const NskStyle *style;
    size_t start, end; /* bytes of the text */
    NskFoNode *object; /* a graphic, field or leader */
    bool newline;
} Chunk;

typedef struct {
    NskLayout *layout;
    NskMpt width;
    GString *text;
    GArray *chunks;
    GArray *atoms;
    GArray *runs;
    char last; /* 0 at the beginning, ' ' after a blank, '\n' after a line end, else 'x' */
} Collector;

static void
add_chunk(Collector *self, const NskStyle *style, size_t start, NskFoNode *object, bool newline)
{
    Chunk chunk = { style, start, self->text->len, object, newline };

    if (object != NULL || newline || chunk.end > start)
        g_array_append_val(self->chunks, chunk);
}

/* What a character becomes; 0 if it goes away. */
static gunichar
treat_character(const Collector *self, const NskFoNode *node, gunichar c)
{
    NskFoWord treatment = nsk_fo_word(node, NSK_P_WHITE_SPACE_TREATMENT);

    if (c == '\n') {
        NskFoWord linefeed = nsk_fo_word(node, NSK_P_LINEFEED_TREATMENT);

        if (linefeed == NSK_W_PRESERVE)
            return '\n';
        if (linefeed == NSK_W_IGNORE)
            return 0;
        c = linefeed == NSK_W_TREAT_AS_SPACE ? ' ' : 0x200b;
    }
    if (c == '\t' || c == '\r')
        c = ' ';
    if (c != ' ')
        return c;
    if (treatment == NSK_W_IGNORE)
        return 0;
    if (self->last == ' ' && nsk_fo_word(node, NSK_P_WHITE_SPACE_COLLAPSE) == NSK_W_TRUE)
        return 0;
    if ((self->last == 0 || self->last == '\n') && treatment != NSK_W_PRESERVE)
        return 0;
    return ' ';
}

static void
add_text(Collector *self, const NskStyle *style, const char *text)
{
    size_t start = self->text->len;

    for (const char *at = text; *at != '\0'; at = nsk_next_char(at)) {
        gunichar c = treat_character(self, style->node, g_utf8_get_char(at));

        if (c == 0)
            continue;
        if (c == '\n')
            add_chunk(self, style, start, NULL, false);
        if (c == '\n')
            start = self->text->len;
        g_string_append_unichar(self->text, c);
        if (c == '\n') {
            add_chunk(self, style, start, NULL, true);
            start = self->text->len;
        }
        self->last = c == ' ' ? ' ' : c == '\n' ? '\n' : 'x';
    }
    add_chunk(self, style, start, NULL, false);
}

/* The first letter of each word in its title case; @before is what stands before the text. */
static char *
capitalize(const char *text, char before)
{
    GString *cased = g_string_new(NULL);
    bool within = before == 'x';

    for (const char *at = text; *at != '\0'; at = nsk_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        bool letter = g_unichar_isalnum(c) || g_unichar_ismark(c) || c == '\'' || c == 0x2019;

        g_string_append_unichar(cased, letter && !within ? g_unichar_totitle(c) : c);
        within = letter;
    }
    return g_string_free(cased, FALSE);
}

static void
add_cased_text(Collector *self, const NskStyle *style, const char *text)
{
    NskFoWord transform = nsk_fo_word(style->node, NSK_P_TEXT_TRANSFORM);
    g_autofree char *cased = NULL;

    if (transform == NSK_W_UPPERCASE)
        cased = g_utf8_strup(text, -1);
    else if (transform == NSK_W_LOWERCASE)
        cased = g_utf8_strdown(text, -1);
    else if (transform == NSK_W_CAPITALIZE)
        cased = capitalize(text, self->last);
    add_text(self, style, cased != NULL ? cased : text);
}

/* The number that @key has had in this pass if all is placed, else in the pass before. */
static int
look_up_number(NskLayout *self, const void *key, bool last)
{
    bool placed = self->page != NULL && !self->draws;
    GHashTable *table = last ? (placed ? self->last_pages : self->old_last_pages)
                             : (placed ? self->first_pages : self->old_first_pages);
    gpointer found = table != NULL ? g_hash_table_lookup(table, key) : NULL;

    if (self->page == NULL)
        self->unsettled = true;
    return found != NULL ? GPOINTER_TO_INT(found) - 1 : 0;
}

static void
add_number(Collector *self, NskFoNode *node, const NskStyle *style)
{
    NskLayout *layout = self->layout;
    int number;

    if (node->tag == NSK_FO_PAGE_NUMBER)
        number = layout->page != NULL ? layout->page->number : look_up_number(layout, node, false);
    else
        number = look_up_number(layout, nsk_fo_text(node, NSK_P_REF_ID),
                                node->tag == NSK_FO_PAGE_NUMBER_CITATION_LAST);

    g_autofree char *text = nsk_number_format(layout, node, number);
    add_text(self, style, text);
}

static void
add_object(Collector *self, NskFoNode *node, const NskStyle *parent)
{
    const NskStyle *style = nsk_style_new(self->layout, node, node, parent);
    size_t start = self->text->len;

    if (style == NULL)
        return;
    if (node->tag == NSK_FO_INSTREAM_OBJECT && node->first == NULL) {
        nsk_fo_error(
            self->layout->tree, node, "fo-element",
            nsk_tr("instream-foreign-object is empty; put nf:qr or nf:signature-field into it"));
        return;
    }
    g_string_append(self->text, "\xef\xbf\xbc"); /* object replacement character */
    add_chunk(self, style, start, node, false);
    self->last = 'x';
}

/* Where a footnote or float belongs: a mark without width that no line parts from what is before.
 */
static void
add_anchor(Collector *self, NskFoNode *node, const NskStyle *style)
{
    size_t start = self->text->len;

    g_string_append(self->text, "\xe2\x81\xa0"); /* word joiner */
    add_chunk(self, style, start, node, false);
}

static bool
has_role(const NskFoNode *node)
{
    return nsk_fo_text(node, NSK_P_ROLE)[0] != '\0';
}

static void
collect_children(Collector *self, NskFoNode *first, const NskFoNode *end, const NskStyle *style);

static void
collect_node(Collector *self, NskFoNode *node, const NskStyle *parent)
{
    if (node->tag == NSK_FO_TEXT) {
        add_cased_text(self, parent, node->text);
        return;
    }
    if (node->tag == NSK_FO_MARKER)
        return;
    if (node->tag == NSK_FO_FOOTNOTE_BODY || node->tag == NSK_FO_FLOAT) {
        add_anchor(self, node, parent);
        return;
    }
    if (node->tag == NSK_FO_EXTERNAL_GRAPHIC || node->tag == NSK_FO_INSTREAM_OBJECT ||
        node->tag == NSK_FO_LEADER) {
        add_object(self, node, parent);
        return;
    }

    bool own = node->tag == NSK_FO_BASIC_LINK || has_role(node);
    const NskStyle *style = nsk_style_new(self->layout, node, own ? node : parent->owner, parent);
    if (style == NULL)
        return;
    if (node->tag == NSK_FO_CHARACTER)
        add_cased_text(self, style, nsk_fo_text(node, NSK_P_CHARACTER));
    else if (node->first != NULL)
        collect_children(self, node->first, NULL, style);
    else if (node->tag != NSK_FO_INLINE && node->tag != NSK_FO_WRAPPER &&
             node->tag != NSK_FO_BASIC_LINK && node->tag != NSK_FO_RETRIEVE_MARKER &&
             node->tag != NSK_FO_FOOTNOTE)
        add_number(self, node, style);
}

static void
collect_children(Collector *self, NskFoNode *first, const NskFoNode *end, const NskStyle *style)
{
    for (NskFoNode *node = first; node != end && self->layout->error == NULL; node = node->next)
        collect_node(self, node, style);
}

/* ---- shaping ---- */

static uint32_t
add_run(Collector *self, const Chunk *chunk, const NskFont *font)
{
    NskRun run = { .style = chunk->style, .font = font, .object = chunk->object };

    g_array_append_val(self->runs, run);
    return self->runs->len - 1;
}

static NskAtomKind
kind_of_glyph(const char *at)
{
    return *at == ' ' || strncmp(at, "\xc2\xa0", 2) == 0 ? NSK_ATOM_SPACE : NSK_ATOM_GLYPH;
}

static void
shape_segment(Collector *self, const Chunk *chunk, size_t start, size_t size, const NskFont *font)
{
    const NskStyle *style = chunk->style;
    NskShape request = { .text = self->text->str + start,
                         .size = size,
                         .font_size = style->size,
                         .language = style->language,
                         .no_ligatures = style->letter_spacing != 0 };
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(NskGlyph));
    uint32_t run = add_run(self, chunk, font);

    nsk_font_shape(font, &request, glyphs);
    for (guint i = 0; i < glyphs->len; i++) {
        NskAtom atom = { .run = run, .glyph = g_array_index(glyphs, NskGlyph, i) };

        atom.glyph.cluster += (uint32_t)start;
        atom.glyph.advance += style->letter_spacing;
        atom.kind = kind_of_glyph(self->text->str + atom.glyph.cluster);
        if (atom.kind == NSK_ATOM_SPACE)
            atom.glyph.advance += style->word_spacing;
        g_array_append_val(self->atoms, atom);
    }
}

static void
shape_text(Collector *self, const Chunk *chunk)
{
    size_t at = chunk->start;

    while (at < chunk->end) {
        const NskFont *font = NULL;
        size_t size = nsk_font_set_split(self->layout->options->fonts, chunk->style->font,
                                         self->text->str + at, chunk->end - at, &font);

        if (font == NULL) {
            g_autofree char *why = nsk_font_missing_text(g_utf8_get_char(self->text->str + at));

            nsk_fo_warning(self->layout->tree, chunk->style->node, "fo-font", "%s", why);
            font = chunk->style->font;
        }
        shape_segment(self, chunk, at, size, font);
        at += size;
    }
}

static void
shape_object(Collector *self, const Chunk *chunk)
{
    NskAtom atom = { .kind = NSK_ATOM_OBJECT,
                     .run = add_run(self, chunk, chunk->style->font),
                     .glyph.cluster = (uint32_t)chunk->start };
    NskRun *run = &g_array_index(self->runs, NskRun, atom.run);

    if (chunk->object->tag == NSK_FO_FOOTNOTE_BODY || chunk->object->tag == NSK_FO_FLOAT) {
        g_array_append_val(self->atoms, atom);
        return;
    }
    if (chunk->object->tag == NSK_FO_LEADER) {
        atom.kind = NSK_ATOM_LEADER;
        atom.glyph.advance =
            MAX(0, nsk_fo_length(chunk->object, NSK_P_LEADER_LENGTH_OPT, self->width));
        run->min = nsk_fo_length(chunk->object, NSK_P_LEADER_LENGTH_MIN, self->width);
        run->max = nsk_fo_length(chunk->object, NSK_P_LEADER_LENGTH_MAX, self->width);
        run->min = CLAMP(run->min, 0, atom.glyph.advance);
        run->max = MAX(run->max, atom.glyph.advance);
    } else {
        NskObjectSize size = nsk_object_size(self->layout, chunk->object, self->width);

        atom.glyph.advance = size.width;
        run->height = size.height;
    }
    g_array_append_val(self->atoms, atom);
}

static void
shape_chunk(Collector *self, const Chunk *chunk)
{
    if (chunk->newline) {
        NskAtom atom = { .kind = NSK_ATOM_NEWLINE,
                         .run = add_run(self, chunk, chunk->style->font),
                         .glyph.cluster = (uint32_t)chunk->start };

        g_array_append_val(self->atoms, atom);
    } else if (chunk->object != NULL) {
        shape_object(self, chunk);
    } else {
        shape_text(self, chunk);
    }
}

static void *
move_array(NskArena *arena, const GArray *array, size_t size)
{
    void *copy = nsk_arena_alloc(arena, size, array->len);

    if (array->len > 0)
        memcpy(copy, array->data, size * array->len);
    return copy;
}

static NskParagraph *
finish(Collector *self, const NskStyle *strut)
{
    NskArena *arena = self->layout->arena;
    NskParagraph *paragraph = NULL;

    for (guint i = 0; i < self->chunks->len; i++)
        shape_chunk(self, &g_array_index(self->chunks, Chunk, i));
    self->layout->n_atoms += self->atoms->len;
    if (self->layout->n_atoms > NSK_LIMIT_FO_GLYPHS) {
        g_set_error(&self->layout->error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("%s: more than %d characters to lay out; divide the document"),
                    self->layout->tree->file, NSK_LIMIT_FO_GLYPHS);
        return NULL;
    }
    if (self->atoms->len > 0) {
        paragraph = NSK_ARENA_NEW(arena, NskParagraph, 1);
        paragraph->strut = strut;
        paragraph->text = nsk_arena_strndup(arena, self->text->str, self->text->len);
        paragraph->size = self->text->len;
        paragraph->atoms = move_array(arena, self->atoms, sizeof(NskAtom));
        paragraph->n_atoms = self->atoms->len;
        paragraph->runs = move_array(arena, self->runs, sizeof(NskRun));
        paragraph->n_runs = self->runs->len;
    }
    return paragraph;
}

NskParagraph *
nsk_inline_collect(NskLayout *self,
                   NskFoNode *block,
                   NskFoNode *first,
                   const NskFoNode *end,
                   NskMpt width)
{
    const NskStyle *style = nsk_style_new(self, block, block, NULL);
    Collector collector = { .layout = self, .width = width };

    if (style == NULL)
        return NULL;
    collector.text = g_string_new(NULL);
    collector.chunks = g_array_new(FALSE, FALSE, sizeof(Chunk));
    collector.atoms = g_array_new(FALSE, FALSE, sizeof(NskAtom));
    collector.runs = g_array_new(FALSE, FALSE, sizeof(NskRun));
    collect_children(&collector, first, end, style);

    NskParagraph *paragraph = self->error == NULL ? finish(&collector, style) : NULL;
    g_string_free(collector.text, TRUE);
    g_array_unref(collector.chunks);
    g_array_unref(collector.atoms);
    g_array_unref(collector.runs);
    return paragraph;
}

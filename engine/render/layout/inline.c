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
    NskAtomKind kind;  /* GLYPH for text, OBJECT, NEWLINE, START, END */
} Chunk;

typedef struct {
    NskLayout *layout;
    NskMpt width;
    GString *text;
    GArray *chunks;
    GArray *atoms;
    GArray *runs;
    const uint8_t *levels; /* of the text's bytes; NULL: all 0 */
    char last; /* 0 at the beginning, ' ' after a blank, '\n' after a line end, else 'x' */
} Collector;

static void
add_chunk(Collector *self, const NskStyle *style, size_t start, NskFoNode *object, NskAtomKind kind)
{
    Chunk chunk = { style, start, self->text->len, object, kind };

    if (kind != NSK_ATOM_GLYPH || chunk.end > start)
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

/* How many bytes of @text are no white space; these stay as they are. */
static size_t
measure_ink(const char *text)
{
    size_t n = 0;

    while ((unsigned char)text[n] > ' ' || (text[n] != '\0' && strchr(" \t\r\n", text[n]) == NULL))
        n++;
    return n;
}

static void
add_text(Collector *self, const NskStyle *style, const char *text)
{
    size_t start = self->text->len;

    for (const char *at = text; *at != '\0'; at++) {
        size_t ink = measure_ink(at);

        if (ink > 0) {
            g_string_append_len(self->text, at, (gssize)ink);
            self->last = 'x';
            at += ink - 1;
            continue;
        }
        gunichar c = treat_character(self, style->node, (unsigned char)*at);

        if (c == 0)
            continue;
        if (c == '\n')
            add_chunk(self, style, start, NULL, NSK_ATOM_GLYPH);
        if (c == '\n')
            start = self->text->len;
        g_string_append_unichar(self->text, c);
        if (c == '\n') {
            add_chunk(self, style, start, NULL, NSK_ATOM_NEWLINE);
            start = self->text->len;
        }
        self->last = c == ' ' ? ' ' : c == '\n' ? '\n' : 'x';
    }
    add_chunk(self, style, start, NULL, NSK_ATOM_GLYPH);
}

/* Small letters as smaller capitals, the others as they are. */
static void
add_small_caps(Collector *self, const NskStyle *style, const char *text)
{
    const NskStyle *small = nsk_style_small(self->layout, style);

    for (const char *at = text, *end; *at != '\0'; at = end) {
        bool lower = g_unichar_islower(g_utf8_get_char(at));

        for (end = at; *end != '\0' && g_unichar_islower(g_utf8_get_char(end)) == lower;)
            end = nsk_next_char(end);

        g_autofree char *part =
            lower ? g_utf8_strup(at, end - at) : g_strndup(at, (gsize)(end - at));
        add_text(self, lower ? small : style, part);
    }
}

/* The first letter of what stands between blanks in its title case; @before is what stands before
 * the text. */
static char *
capitalize(const char *text, char before)
{
    GString *cased = g_string_new(NULL);
    bool within = before == 'x';

    for (const char *at = text; *at != '\0'; at = nsk_next_char(at)) {
        gunichar c = g_utf8_get_char(at);

        g_string_append_unichar(cased, within ? c : g_unichar_totitle(c));
        within = !g_unichar_isspace(c);
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
    if (nsk_fo_word(style->node, NSK_P_FONT_VARIANT) == NSK_W_SMALL_CAPS)
        add_small_caps(self, style, cased != NULL ? cased : text);
    else
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

/* The word that @page begins with; with the label of a list item the word behind it too. */
static char *
first_words(const NskPage *page)
{
    GString *words = g_string_new(NULL);

    for (guint i = 0; i < page->areas->len; i++) {
        const NskArea *area = &g_array_index(page->areas, NskArea, i);

        if (area->kind != NSK_AREA_TEXT || area->text.piece->text == NULL)
            continue;
        g_autofree char *text = g_strndup(area->text.piece->text, area->text.piece->size);
        g_auto(GStrv) parts = g_strsplit(g_strstrip(text), " ", 2);

        if (parts[0] == NULL || *parts[0] == '\0')
            continue;
        g_string_append_printf(words, "%s%s", words->len > 0 ? " " : "", parts[0]);
        if (words->len > 4 || strpbrk(parts[0], ".)") == NULL)
            break;
    }
    return g_string_free(words, FALSE);
}

/* nf:next-word: what the next page of the sequence begins with, and dots; nothing on the last. */
static void
add_next_word(Collector *self, const NskStyle *style)
{
    const NskPage *page = self->layout->page;
    const GPtrArray *pages = self->layout->pages;

    if (page == NULL || page->index + 1 >= pages->len)
        return;
    const NskPage *next = g_ptr_array_index(pages, page->index + 1);
    if (next->sequence != page->sequence)
        return;
    g_autofree char *words = first_words(next);
    g_autofree char *text = *words != '\0' ? g_strconcat(words, " ...", NULL) : NULL;
    if (text != NULL)
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
    add_chunk(self, style, start, node, NSK_ATOM_OBJECT);
    self->last = 'x';
}

/* Where a footnote or float belongs: a mark without width that no line parts from what is before.
 */
static void
add_anchor(Collector *self, NskFoNode *node, const NskStyle *style)
{
    size_t start = self->text->len;

    g_string_append(self->text, "\xe2\x81\xa0"); /* word joiner */
    add_chunk(self, style, start, node, NSK_ATOM_OBJECT);
}

/* The space of an inline at its beginning (@end: at its end). */
static NskMpt
edge_space(const NskFoNode *node, bool end, NskMpt width)
{
    NskFoProperty space = end ? NSK_P_SPACE_END : NSK_P_SPACE_START;
    NskFoProperty margin = end ? NSK_P_MARGIN_RIGHT : NSK_P_MARGIN_LEFT;

    if (!nsk_fo_is_set(node, space) && nsk_fo_is_set(node, margin))
        space = margin;
    return nsk_fo_length(node, space, width);
}

/* The same with border and padding. */
static NskMpt
edge_width(const NskFoNode *node, bool end, NskMpt width)
{
    int side = end ? 3 : 2;

    return edge_space(node, end, width) + nsk_fo_border_width(node, side) +
           nsk_fo_length(node, NSK_P_PADDING_BEFORE + (NskFoProperty)side, width);
}

static void
add_edge(Collector *self, const NskStyle *style, bool end)
{
    if (style->boxed || edge_width(style->node, end, self->width) != 0)
        add_chunk(self, style, self->text->len, style->node, end ? NSK_ATOM_END : NSK_ATOM_START);
}

/* The characters that begin or end an embedding or override (UAX #9, section 2). */
static void
add_direction(Collector *self, const NskStyle *style, bool end)
{
    NskFoWord bidi = nsk_fo_word(style->node, NSK_P_UNICODE_BIDI);
    bool rtl = nsk_fo_word(style->node, NSK_P_DIRECTION) == NSK_W_RTL;
    size_t start = self->text->len;

    if (bidi != NSK_W_EMBED && bidi != NSK_W_BIDI_OVERRIDE)
        return;
    if (end)
        g_string_append_unichar(self->text, 0x202c);
    else if (bidi == NSK_W_EMBED)
        g_string_append_unichar(self->text, rtl ? 0x202b : 0x202a);
    else
        g_string_append_unichar(self->text, rtl ? 0x202e : 0x202d);
    add_chunk(self, style, start, NULL, NSK_ATOM_GLYPH);
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
    if (node->tag == NSK_FO_RETRIEVE_MARKER && self->layout->page == NULL)
        nsk_fo_error(self->layout->tree, node, "fo-element",
                     nsk_tr("%s can stand only in static-content"), nsk_fo_tag_name(node->tag));
    if (node->tag == NSK_FO_FOOTNOTE_BODY || node->tag == NSK_FO_FLOAT) {
        add_anchor(self, node, parent);
        return;
    }
    if (node->tag == NSK_FO_EXTERNAL_GRAPHIC || node->tag == NSK_FO_INSTREAM_OBJECT ||
        node->tag == NSK_FO_LEADER || node->tag == NSK_FO_INLINE_CONTAINER) {
        add_object(self, node, parent);
        return;
    }

    bool own = node->tag == NSK_FO_BASIC_LINK || has_role(node);
    const NskStyle *style = nsk_style_new(self->layout, node, own ? node : parent->owner, parent);
    if (style == NULL)
        return;
    add_edge(self, style, false);
    add_direction(self, style, false);
    if (node->tag == NSK_FO_NEXT_WORD)
        add_next_word(self, style);
    else if (node->tag == NSK_FO_CHARACTER)
        add_cased_text(self, style, nsk_fo_text(node, NSK_P_CHARACTER));
    else if (node->first != NULL)
        collect_children(self, node->first, NULL, style);
    else if (node->tag != NSK_FO_INLINE && node->tag != NSK_FO_WRAPPER &&
             node->tag != NSK_FO_BASIC_LINK && node->tag != NSK_FO_BIDI_OVERRIDE &&
             node->tag != NSK_FO_RETRIEVE_MARKER && node->tag != NSK_FO_FOOTNOTE)
        add_number(self, node, style);
    add_direction(self, style, true);
    add_edge(self, style, true);
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

    if (self->levels != NULL && chunk->start < self->text->len)
        run.level = self->levels[chunk->start];

    g_array_append_val(self->runs, run);
    return self->runs->len - 1;
}

static NskAtomKind
kind_of_glyph(const char *at)
{
    return *at == ' ' || (at[0] == '\xc2' && at[1] == '\xa0') ? NSK_ATOM_SPACE : NSK_ATOM_GLYPH;
}

/* Atoms lie in the order of the text, so glyphs of a run from the right are turned round. */
static void
add_glyphs(Collector *self, const GArray *glyphs, const NskStyle *style, uint32_t run, size_t start)
{
    bool rtl = g_array_index(self->runs, NskRun, run).level % 2 != 0;

    guint first = self->atoms->len;

    g_array_set_size(self->atoms, first + glyphs->len);
    for (guint i = 0; i < glyphs->len; i++) {
        NskAtom *atom = &g_array_index(self->atoms, NskAtom, first + i);

        *atom =
            (NskAtom){ .run = run,
                       .glyph = g_array_index(glyphs, NskGlyph, rtl ? glyphs->len - 1 - i : i) };
        atom->glyph.cluster += (uint32_t)start;
        atom->glyph.advance += style->letter_spacing;
        atom->kind = kind_of_glyph(self->text->str + atom->glyph.cluster);
        if (atom->kind == NSK_ATOM_SPACE)
            atom->glyph.advance += style->word_spacing;
    }
}

static void
shape_segment(Collector *self, const Chunk *chunk, size_t start, size_t size, const NskFont *font)
{
    const NskStyle *style = chunk->style;
    unsigned level = self->levels != NULL ? self->levels[start] : 0;
    NskShape request = { .text = self->text->str + start,
                         .size = size,
                         .rtl = level % 2 != 0,
                         .font_size = style->size,
                         .language = style->language,
                         .no_ligatures = style->letter_spacing != 0 };
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(NskGlyph));
    uint32_t run = add_run(self, chunk, font);

    g_array_index(self->runs, NskRun, run).level = level;
    nsk_font_shape(font, &request, glyphs);
    add_glyphs(self, glyphs, style, run, start);
}

/* As nsk_font_set_split(), with the families of the style before all others. */
static size_t
split(const Collector *self,
      const NskStyle *style,
      const char *text,
      size_t size,
      const NskFont **out_font)
{
    const NskFontSet *fonts = self->layout->options->fonts;
    size_t length = 0;

    *out_font = NULL;
    for (const char *at = text; style->others[0] != NULL && at < text + size;
         at = nsk_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        const NskFont *font = style->font;

        for (size_t i = 0; font != NULL && !nsk_font_has(font, c); i++)
            font = style->others[i];
        if (*out_font != NULL && font != *out_font &&
            !(g_unichar_isspace(c) && nsk_font_has(*out_font, c)))
            break;
        if (font == NULL)
            break;
        *out_font = *out_font != NULL ? *out_font : font;
        length = (size_t)(nsk_next_char(at) - text);
    }
    return length > 0 ? length : nsk_font_set_split(fonts, style->font, text, size, out_font);
}

/* The end of what from @start on has one level and one script. */
static size_t
item_end(const Collector *self, size_t start, size_t end)
{
    const char *text = self->text->str;
    GUnicodeScript script = G_UNICODE_SCRIPT_COMMON;

    for (const char *at = text + start; at < text + end; at = nsk_next_char(at)) {
        size_t here = (size_t)(at - text);
        GUnicodeScript own = G_UNICODE_SCRIPT_COMMON;

        if (g_ascii_isalpha(*at))
            own = G_UNICODE_SCRIPT_LATIN;
        else if ((unsigned char)*at >= 0x80)
            own = g_unichar_get_script(g_utf8_get_char(at));
        if (self->levels != NULL && self->levels[here] != self->levels[start])
            return here;
        if (own == G_UNICODE_SCRIPT_COMMON || own == G_UNICODE_SCRIPT_INHERITED ||
            own == G_UNICODE_SCRIPT_UNKNOWN || own == script)
            continue;
        if (script != G_UNICODE_SCRIPT_COMMON)
            return here;
        script = own;
    }
    return end;
}

static void
shape_text(Collector *self, const Chunk *chunk)
{
    size_t at = chunk->start;

    while (at < chunk->end) {
        const NskFont *font = NULL;
        size_t size = split(self, chunk->style, self->text->str + at,
                            item_end(self, at, chunk->end) - at, &font);

        if (font == NULL) {
            g_autofree char *why = nsk_font_missing_text(g_utf8_get_char(self->text->str + at));

            nsk_fo_warning(self->layout->tree, chunk->style->node, "fo-font", "%s", why);
            font = chunk->style->font;
        }
        shape_segment(self, chunk, at, size, font);
        at += size;
    }
}

/* What a leader repeats, as one line. */
static void
set_content(Collector *self, NskFoNode *leader, uint32_t run)
{
    NskParagraph *content =
        nsk_inline_collect(self->layout, leader, leader->first, NULL, self->width);
    NskMpt width = 0;
    NskLine *lines = NULL;

    if (content == NULL)
        return;
    for (size_t i = 0; i < content->n_atoms; i++)
        width = nsk_add(width, content->atoms[i].glyph.advance);
    if (nsk_line_build(self->layout, leader, content, 0, MAX(width, 1), &lines) > 0)
        g_array_index(self->runs, NskRun, run).content = &lines[0];
}

/* A block formatting context in the line (section 6.6.8), which stands on its first baseline. */
static NskMpt
set_container(Collector *self, NskFoNode *node, NskRun *run)
{
    NskMpt width = self->width, baseline;
    NskFoWord to = nsk_fo_word(node, NSK_P_ALIGNMENT_BASELINE);
    NskPdfRect box = { 0 };
    NskVList *list;

    if (nsk_fo_get(node, NSK_P_WIDTH)->kind == NSK_V_LENGTH)
        width = MAX(1, nsk_fo_length(node, NSK_P_WIDTH, self->width));
    list = nsk_block_container(self->layout, node, width, &box);
    nsk_vlist_refuse_breaks(self->layout, list);
    nsk_vlist_refuse_notes(self->layout, list);
    run->list = list;
    run->height = box.height;
    baseline = nsk_vlist_baseline(list);
    if (baseline >= 0 && nsk_fo_integer(node, NSK_P_REFERENCE_ORIENTATION, 0) == 0 &&
        (to == NSK_W_AUTO || to == NSK_W_BASELINE || to == NSK_W_ALPHABETIC))
        run->depth = box.height - baseline;
    return box.width;
}

/* What stands in the line as one: its width, and in the run its height. */
static NskMpt
measure_object(Collector *self, NskFoNode *node, NskRun *run)
{
    NskMpt insets[4], width;

    nsk_object_insets(node, self->width, insets);
    if (node->tag == NSK_FO_INLINE_CONTAINER) {
        width = set_container(self, node, run);
        run->depth += run->depth > 0 ? insets[1] : 0;
    } else {
        NskObjectSize size = nsk_object_size(self->layout, node, self->width);

        width = size.width;
        run->height = size.height;
    }
    run->height = nsk_add(run->height, insets[0] + insets[1]);
    run->style = nsk_style_of_object(self->layout, run->style, run->height);
    return nsk_add(width, insets[2] + insets[3]);
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
        if (nsk_fo_word(chunk->object, NSK_P_LEADER_PATTERN) == NSK_W_USE_CONTENT)
            set_content(self, chunk->object, atom.run);
        run = &g_array_index(self->runs, NskRun, atom.run);
        run->min = CLAMP(run->min, 0, atom.glyph.advance);
        run->max = MAX(run->max, atom.glyph.advance);
    } else {
        atom.glyph.advance = measure_object(self, chunk->object, run);
    }
    g_array_append_val(self->atoms, atom);
}

static void
shape_chunk(Collector *self, const Chunk *chunk)
{
    NskAtom atom = { .kind = chunk->kind, .glyph.cluster = (uint32_t)chunk->start };

    if (chunk->kind == NSK_ATOM_NEWLINE || chunk->kind == NSK_ATOM_START ||
        chunk->kind == NSK_ATOM_END) {
        atom.run = add_run(self, chunk, chunk->style->font);
        if (chunk->kind != NSK_ATOM_NEWLINE)
            atom.glyph.advance =
                edge_width(chunk->style->node, chunk->kind == NSK_ATOM_END, self->width);
        if (chunk->kind == NSK_ATOM_START &&
            nsk_fo_word(chunk->style->node, NSK_P_SPACE_START_CONDITIONALITY) == NSK_W_DISCARD)
            g_array_index(self->runs, NskRun, atom.run).min =
                edge_space(chunk->style->node, false, self->width);
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

    self->levels = nsk_bidi_levels(self->layout, self->text->str, self->text->len,
                                   nsk_block_is_rl(strut->node));
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

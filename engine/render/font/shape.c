/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text to glyphs.
 *
 * Latin text is set word by word, for kerning with a blank is taken away and so no word knows what
 * stands beside it: words of plain characters by the font's pairs, others by HarfBuzz.  All other
 * text goes to HarfBuzz whole.
 */
#include "font-private.h"

#include <hb.h>
#include <string.h>

#define LEVEL_END 0x0530 /* scripts after Cyrillic keep their kerning with blanks */

/* Shaping scratch space, one a thread. */
static GPrivate scratch = G_PRIVATE_INIT((GDestroyNotify)hb_buffer_destroy);

/* @script: HB_SCRIPT_INVALID for whatever the first letter has. */
static hb_buffer_t *
fill_buffer(const NskShape *request, hb_script_t script)
{
    hb_buffer_t *buffer = g_private_get(&scratch);

    if (!buffer) {
        buffer = hb_buffer_create();
        g_private_set(&scratch, buffer);
    }
    hb_buffer_clear_contents(buffer);
    hb_buffer_add_utf8(buffer, request->text, (int)request->size, 0, (int)request->size);
    hb_buffer_set_direction(buffer, request->rtl ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
    if (request->language)
        hb_buffer_set_language(buffer, hb_language_from_string(request->language, -1));
    else
        hb_buffer_set_language(buffer, hb_language_from_string("und", -1));
    if (script != HB_SCRIPT_INVALID)
        hb_buffer_set_script(buffer, script);
    else
        hb_buffer_guess_segment_properties(buffer); /* the script only: the rest is set */
    hb_buffer_set_flags(buffer, HB_BUFFER_FLAG_REMOVE_DEFAULT_IGNORABLES);
    return buffer;
}

/*
 * Takes the kerning with a blank away, so that a word is as wide wherever it stands and a line may
 * end at the blank.  Returns the change.
 */
static NskMpt
level(const NskFont *self, const NskShape *request, NskGlyph *glyph)
{
    NskMpt before = glyph->advance;

    if (g_utf8_get_char(request->text + glyph->cluster) < LEVEL_END)
        glyph->advance =
            nsk_font_scale(self, nsk_font_get_glyph_width(self, glyph->id), request->font_size);
    return glyph->advance - before;
}

/* Shapes all of @request at once. */
static NskMpt
shape_whole(const NskFont *self, const NskShape *request, hb_script_t script, GArray *glyphs)
{
    static const hb_feature_t no_ligatures[] = {
        { HB_TAG('l', 'i', 'g', 'a'), 0, HB_FEATURE_GLOBAL_START, HB_FEATURE_GLOBAL_END },
        { HB_TAG('c', 'l', 'i', 'g'), 0, HB_FEATURE_GLOBAL_START, HB_FEATURE_GLOBAL_END },
    };
    NskMpt sum = 0;
    unsigned n = 0;

    g_assert(request->size <= G_MAXINT);
    hb_buffer_t *buffer = fill_buffer(request, script);
    hb_shape(self->font, buffer, no_ligatures,
             request->no_ligatures ? G_N_ELEMENTS(no_ligatures) : 0);
    const hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(buffer, &n);
    const hb_glyph_position_t *places = hb_buffer_get_glyph_positions(buffer, NULL);
    unsigned first = glyphs->len;
    g_array_set_size(glyphs, first + n);

    for (unsigned i = 0; i < n; i++) {
        NskGlyph *glyph = &g_array_index(glyphs, NskGlyph, first + i);

        *glyph = (NskGlyph){
            .id = infos[i].codepoint,
            .cluster = infos[i].cluster,
            .advance = nsk_font_scale(self, places[i].x_advance, request->font_size),
            .dx = nsk_font_scale(self, places[i].x_offset, request->font_size),
            .dy = nsk_font_scale(self, places[i].y_offset, request->font_size),
        };
        if (request->text[glyph->cluster] == ' ') {
            level(self, request, glyph);
            sum += i > 0 ? level(self, request, glyph - 1) : 0;
        }
        if ((unsigned char)request->text[glyph->cluster] < 0x20) {
            glyph->id = self->space;
            glyph->advance = 0;
        }
        sum += glyph->advance;
    }
    return sum;
}

/* ---- word by word ---- */

/* Whether words may be set apart, and whether one of them has a Latin letter. */
static bool
is_plain(const NskFont *self, const NskShape *request, bool *out_latin)
{
    const char *end = request->text + request->size;

    *out_latin = false;
    if (!self->pairs || request->rtl ||
        (request->language && strcmp(request->language, "id") != 0 &&
         strcmp(request->language, "en") != 0))
        return false;
    for (const char *at = request->text; at < end; at++) {
        unsigned char byte = (unsigned char)*at;

        if (byte < 0x80) {
            *out_latin |= g_ascii_isalpha(*at);
            if (byte < 0x20)
                return false;
            continue;
        }
        gunichar c = g_utf8_get_char(at);
        if (c >= NSK_FONT_COMMON)
            return false;
        *out_latin |= g_unichar_get_script(c) == G_UNICODE_SCRIPT_LATIN;
        at++; /* such characters have two bytes */
    }
    return true;
}

/* Sets a word, or a blank, by pairs; false if that cannot be, and nothing is done. */
static bool
set_by_pairs(const NskFont *self, const NskShape *word, bool latin, NskGlyph *glyphs, NskMpt *sum)
{
    int width = 0, kern = 0;
    NskMpt total = 0;

    for (size_t i = 0; i < word->size; i++) {
        uint32_t id;

        if (!nsk_font_pairs_get(self->pairs, word->text[i], &id, &width))
            return false;
        kern = i + 1 < word->size ? nsk_font_pairs_kern(self->pairs, self->font, latin,
                                                        word->text[i], word->text[i + 1])
                                  : 0;
        if (kern == NSK_FONT_PAIRS_ASK)
            return false;
        glyphs[i] = (NskGlyph){ .id = id,
                                .cluster = (uint32_t)i,
                                .advance = nsk_font_scale(self, width + kern, word->font_size) };
        total += glyphs[i].advance;
    }
    *sum += total;
    return true;
}

static NskMpt
set_word(const NskFont *self,
         const NskShape *request,
         bool latin,
         size_t start,
         size_t size,
         GArray *glyphs)
{
    NskShape word = *request;
    unsigned first = glyphs->len;
    NskMpt sum = 0;

    word.text += start;
    word.size = size;
    g_array_set_size(glyphs, first + (unsigned)word.size);
    if (!set_by_pairs(self, &word, latin, &g_array_index(glyphs, NskGlyph, first), &sum)) {
        g_array_set_size(glyphs, first);
        sum = shape_whole(self, &word, latin ? HB_SCRIPT_LATIN : HB_SCRIPT_INVALID, glyphs);
        /* what stands before a blank is level with it */
        if (start + word.size < request->size && word.text[word.size] == ' ' && glyphs->len > first)
            sum += level(self, &word, &g_array_index(glyphs, NskGlyph, glyphs->len - 1));
    }
    for (unsigned i = first; i < glyphs->len; i++)
        g_array_index(glyphs, NskGlyph, i).cluster += (uint32_t)start;
    return sum;
}

NskMpt
nsk_font_shape(const NskFont *self, const NskShape *request, GArray *glyphs)
{
    const char *text = request->text;
    NskMpt sum = 0;
    bool latin;

    if (!is_plain(self, request, &latin))
        return shape_whole(self, request, HB_SCRIPT_INVALID, glyphs);
    for (size_t at = 0, size; at < request->size; at += size) {
        const char *blank = memchr(text + at, ' ', request->size - at);

        size = blank ? (size_t)(blank - text) - at : request->size - at;
        size = MAX(size, 1); /* a blank is a word of its own */
        sum += set_word(self, request, latin, at, size, glyphs);
    }
    return sum;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a font does with pairs of ASCII characters, so that most words of most letters can be set
 * without asking HarfBuzz again: glyphs in their order, each as wide as it is, and kerning between
 * two neighbours.
 *
 * 1. The answers are HarfBuzz's: a pair is shaped by it when it is first met, and remembered with
 *    the font.  They depend on the font file alone, so it does not matter who asks first.
 * 2. Pairs tell the whole only where no rule looks at more than two glyphs.  Glyphs that take
 *    part in any rule but plain kerning (a pair, whose first glyph alone is changed) and the
 *    attachment of marks are touchy: two of them side by side, or one that is changed alone, are
 *    left to HarfBuzz with their word.  A rule that looks at several glyphs has two such side by
 *    side.
 * 3. No pairs are known for a font with rules of another kind, or where blanks are touchy.
 */
#include "font-private.h"

#include <hb-aat.h>
#include <hb-ot.h>
#include <string.h>

#define FIRST  0x20
#define LAST   0x7e
#define N      (LAST - FIRST + 1)
#define UNMET  INT16_MIN       /* nobody has asked yet */
#define ASK    (INT16_MIN + 1) /* HarfBuzz has to see the word */
#define WIDEST 30000           /* that a value may be */

enum { PAIR_KERN = 2, MARK_FIRST = 4, MARK_LAST = 6, EXTENSION = 9 };

struct _NskFontPairs {
    uint32_t glyphs[N];
    int widths[N];
    bool known[N];          /* the glyph stands for itself */
    bool touchy[N];         /* it has a part in a rule of several glyphs */
    int16_t kerns[2][N][N]; /* without and with a Latin letter in the text; atomic */
};

/* Those that are on where nobody asks for others; more do no harm. */
static const hb_tag_t features[] = {
    HB_TAG('a', 'b', 'v', 'm'), HB_TAG('b', 'l', 'w', 'm'),
    HB_TAG('c', 'a', 'l', 't'), HB_TAG('c', 'c', 'm', 'p'),
    HB_TAG('c', 'l', 'i', 'g'), HB_TAG('c', 'u', 'r', 's'),
    HB_TAG('d', 'i', 's', 't'), HB_TAG('k', 'e', 'r', 'n'),
    HB_TAG('l', 'i', 'g', 'a'), HB_TAG('l', 'o', 'c', 'l'),
    HB_TAG('l', 't', 'r', 'a'), HB_TAG('l', 't', 'r', 'm'),
    HB_TAG('m', 'a', 'r', 'k'), HB_TAG('m', 'k', 'm', 'k'),
    HB_TAG('r', 'a', 'n', 'd'), HB_TAG('r', 'c', 'l', 't'),
    HB_TAG('r', 'l', 'i', 'g'), HB_TAG('r', 'v', 'r', 'n'),
    HB_TAG('t', 'r', 'a', 'k'), HB_TAG('H', 'A', 'R', 'F'),
    HB_TAG('B', 'U', 'Z', 'Z'), HB_TAG_NONE,
};

/* ---- the font's tables (OpenType 1.9, chapter 2 of the layout tables) ---- */

static unsigned
u16(hb_blob_t *table, unsigned at)
{
    unsigned size;
    const uint8_t *data = (const uint8_t *)hb_blob_get_data(table, &size);

    return size >= 2 && at <= size - 2 ? (unsigned)data[at] << 8 | data[at + 1] : 0;
}

/* Where a lookup's subtable lies, behind an extension; *type is the lookup's. */
static unsigned
find_subtable(hb_blob_t *gpos, unsigned lookup, unsigned index, unsigned *type)
{
    unsigned list = u16(gpos, 8), start = list + u16(gpos, list + 2 + 2 * lookup);
    unsigned at = start + u16(gpos, start + 6 + 2 * index);

    *type = u16(gpos, start);
    if (*type != EXTENSION)
        return at;
    *type = u16(gpos, at + 2);
    return at + (u16(gpos, at + 4) << 16 | u16(gpos, at + 6));
}

/* Whether the lookup is kerning of pairs that changes the first glyph alone. */
static bool
is_plain_kerning(hb_blob_t *gpos, unsigned lookup)
{
    unsigned list = u16(gpos, 8), start = list + u16(gpos, list + 2 + 2 * lookup), type;

    for (unsigned i = 0; i < u16(gpos, start + 4); i++) {
        unsigned at = find_subtable(gpos, lookup, i, &type);

        if (type != PAIR_KERN || u16(gpos, at + 6) != 0)
            return false;
    }
    return true;
}

static bool
attaches_marks(hb_blob_t *gpos, unsigned lookup)
{
    unsigned type;

    (void)find_subtable(gpos, lookup, 0, &type);
    return type >= MARK_FIRST && type <= MARK_LAST;
}

/* Every glyph that has a part in a rule of the table, but for kerning and marks. */
static void
collect_touchy(hb_face_t *face, hb_tag_t tag, hb_set_t *touchy)
{
    hb_set_t *lookups = hb_set_create(), *output = hb_set_create();
    hb_blob_t *table = hb_face_reference_table(face, tag);
    hb_codepoint_t lookup = HB_SET_VALUE_INVALID;

    hb_ot_layout_collect_lookups(face, tag, NULL, NULL, features, lookups);
    while (hb_set_next(lookups, &lookup)) {
        if (tag == HB_OT_TAG_GPOS &&
            (is_plain_kerning(table, lookup) || attaches_marks(table, lookup)))
            continue;
        hb_ot_layout_lookup_collect_glyphs(face, tag, lookup, touchy, touchy, touchy, output);
    }
    hb_blob_destroy(table);
    hb_set_destroy(output);
    hb_set_destroy(lookups);
}

/* ---- asking HarfBuzz ---- */

/* The glyphs of one or two characters as text without or with a Latin letter. */
static unsigned
shape(hb_font_t *font, const char *text, bool latin, hb_buffer_t *buffer)
{
    hb_buffer_clear_contents(buffer);
    hb_buffer_add_utf8(buffer, text, -1, 0, -1);
    hb_buffer_set_direction(buffer, HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer, latin ? HB_SCRIPT_LATIN : HB_SCRIPT_INVALID);
    hb_buffer_set_language(buffer, hb_language_from_string("und", -1));
    hb_shape(font, buffer, NULL, 0);
    return hb_buffer_get_length(buffer);
}

/* Whether glyph @i is the character's own, stands where it would and is @extra wider. */
static bool
is_itself(const NskFontPairs *self, hb_buffer_t *buffer, unsigned i, unsigned c, int *out_extra)
{
    const hb_glyph_info_t *info = hb_buffer_get_glyph_infos(buffer, NULL) + i;
    const hb_glyph_position_t *place = hb_buffer_get_glyph_positions(buffer, NULL) + i;

    *out_extra = place->x_advance - self->widths[c];
    return info->codepoint == self->glyphs[c] && info->cluster == i && place->y_advance == 0 &&
           place->x_offset == 0 && place->y_offset == 0 && ABS(*out_extra) < WIDEST;
}

static int16_t
learn(const NskFontPairs *self, hb_font_t *font, bool latin, unsigned a, unsigned b)
{
    char text[] = { (char)(a + FIRST), (char)(b + FIRST), '\0' };
    hb_buffer_t *buffer = hb_buffer_create();
    int kern = 0, rest = 0;
    bool plain = self->known[a] && self->known[b] && !(self->touchy[a] && self->touchy[b]) &&
                 shape(font, text, latin, buffer) == 2 && is_itself(self, buffer, 0, a, &kern) &&
                 is_itself(self, buffer, 1, b, &rest) && rest == 0;

    hb_buffer_destroy(buffer);
    return plain ? (int16_t)kern : ASK;
}

/* ---- the table ---- */

static void
read_characters(NskFontPairs *self, hb_font_t *font, const hb_set_t *touchy)
{
    hb_buffer_t *buffer = hb_buffer_create();

    for (unsigned c = 0; c < N; c++) {
        char text[] = { (char)(c + FIRST), '\0' };
        int extra = 0;

        if (!hb_font_get_nominal_glyph(font, c + FIRST, &self->glyphs[c]))
            continue;
        self->widths[c] = hb_font_get_glyph_h_advance(font, self->glyphs[c]);
        self->touchy[c] = hb_set_has(touchy, self->glyphs[c]);
        self->known[c] = true;
        if (!self->touchy[c])
            continue;
        for (unsigned latin = 0; latin < 2; latin++)
            self->known[c] &= shape(font, text, latin != 0, buffer) == 1 &&
                              is_itself(self, buffer, 0, c, &extra) && extra == 0;
    }
    hb_buffer_destroy(buffer);
}

/* Whether the font has rules of its own for a language that our letters are in. */
static bool
knows_language(hb_face_t *face)
{
    static const hb_tag_t tables[] = { HB_OT_TAG_GSUB, HB_OT_TAG_GPOS };
    static const hb_tag_t languages[] = { HB_TAG('I', 'N', 'D', ' '), HB_TAG('E', 'N', 'G', ' ') };

    for (size_t t = 0; t < G_N_ELEMENTS(tables); t++) {
        unsigned n = hb_ot_layout_table_get_script_tags(face, tables[t], 0, NULL, NULL), index;

        for (unsigned s = 0; s < n; s++) {
            for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
                if (hb_ot_layout_script_select_language(face, tables[t], s, 1, &languages[i],
                                                        &index))
                    return true;
            }
        }
    }
    return false;
}

NskFontPairs *
nsk_font_pairs_new(hb_face_t *face, hb_font_t *font)
{
    if (hb_aat_layout_has_substitution(face) || hb_aat_layout_has_positioning(face) ||
        hb_aat_layout_has_tracking(face) || knows_language(face))
        return NULL;
    NskFontPairs *self = g_new0(NskFontPairs, 1);
    hb_set_t *touchy = hb_set_create();
    collect_touchy(face, HB_OT_TAG_GSUB, touchy);
    collect_touchy(face, HB_OT_TAG_GPOS, touchy);
    read_characters(self, font, touchy);
    hb_set_destroy(touchy);
    for (unsigned latin = 0; latin < 2; latin++) {
        for (unsigned a = 0; a < N; a++) {
            for (unsigned b = 0; b < N; b++)
                self->kerns[latin][a][b] = UNMET;
        }
    }
    if (!self->known[0] || self->touchy[0])
        g_clear_pointer(&self, nsk_font_pairs_free);
    return self;
}

void
nsk_font_pairs_free(NskFontPairs *self)
{
    g_free(self);
}

int
nsk_font_pairs_kern(NskFontPairs *self, hb_font_t *font, bool latin, char first, char second)
{
    unsigned a = (unsigned char)first - FIRST, b = (unsigned char)second - FIRST;

    if (a >= N || b >= N)
        return NSK_FONT_PAIRS_ASK;
    int16_t *place = &self->kerns[latin ? 1 : 0][a][b];
    int16_t kern = __atomic_load_n(place, __ATOMIC_RELAXED);
    if (kern == UNMET) {
        kern = learn(self, font, latin, a, b);
        __atomic_store_n(place, kern, __ATOMIC_RELAXED);
    }
    return kern == ASK ? NSK_FONT_PAIRS_ASK : kern;
}

bool
nsk_font_pairs_get(const NskFontPairs *self, char c, uint32_t *out_glyph, int *out_width)
{
    unsigned index = (unsigned char)c - FIRST;

    if (index >= N || !self->known[index])
        return false;
    *out_glyph = self->glyphs[index];
    *out_width = self->widths[index];
    return true;
}

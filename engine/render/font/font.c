/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One font: its file mapped, its measures read once.
 *
 * HarfBuzz works at the font's own grid (scale = units per em); sizes are applied to its integers
 * by our own rounding.  No floating point takes part, so that advances are the same everywhere.
 *
 * 1. After nsk_font_new() nothing of the struct changes but what its pairs have learned, which
 *    says the same to all: the face and font are made immutable, and HarfBuzz may then be called
 *    on them from any thread.
 */
#include "base/message.h"
#include "font-private.h"

#include <hb-ot.h>
#include <string.h>

/* A table of the font; reads beyond its end give 0. */
typedef struct {
    hb_blob_t *blob;
    const uint8_t *data;
    unsigned size;
} Table;

static Table
table_open(hb_face_t *face, const char *tag)
{
    Table table = { 0 };

    table.blob = hb_face_reference_table(face, hb_tag_from_string(tag, 4));
    table.data = (const uint8_t *)hb_blob_get_data(table.blob, &table.size);
    return table;
}

static unsigned
table_u16(const Table *table, unsigned at)
{
    if (table->size < 2 || at > table->size - 2)
        return 0;
    return (unsigned)table->data[at] << 8 | table->data[at + 1];
}

static int
table_i16(const Table *table, unsigned at)
{
    return (int16_t)table_u16(table, at);
}

/* OpenType's head and post tables. */
static void
read_head_and_post(hb_face_t *face, NskFontMetrics *metrics)
{
    Table head = table_open(face, "head"), post = table_open(face, "post");

    for (unsigned i = 0; i < 4; i++)
        metrics->bbox[i] = table_i16(&head, 36 + 2 * i);
    metrics->italic_angle = table_i16(&post, 4) * 1000 + (int)(table_u16(&post, 6) * 1000 / 65536);
    metrics->fixed_pitch = table_u16(&post, 12) != 0 || table_u16(&post, 14) != 0;
    hb_blob_destroy(head.blob);
    hb_blob_destroy(post.blob);
}

/*
 * The font-height that lines are reckoned with (XSL 1.1, section 7.16.4): the typographic measures
 * if they fit into the em, else those of hhea if these do, else the typographic ones all the same.
 */
static void
read_height(const Table *os2, NskFontMetrics *metrics)
{
    int ascent = table_i16(os2, 68), descent = table_i16(os2, 70);
    bool hhea_fits =
        metrics->ascent > 0 && metrics->ascent - metrics->descent <= metrics->units_per_em;
    bool typo_fits = ascent - descent <= metrics->units_per_em;

    if (ascent <= 0 || (!typo_fits && hhea_fits)) {
        ascent = metrics->ascent;
        descent = metrics->descent;
    }
    metrics->altitude = ascent;
    metrics->depth = -descent;
}

/* OpenType's OS/2 table: weight, and serifs by PANOSE, the family class, or else the name. */
static void
read_os2(hb_face_t *face, const char *family, NskFontMetrics *metrics)
{
    Table os2 = table_open(face, "OS/2");
    unsigned family_class = table_u16(&os2, 30) >> 8;
    unsigned panose_family = table_u16(&os2, 32) >> 8;
    unsigned panose_serif = table_u16(&os2, 32) & 0xff;

    read_height(&os2, metrics);
    metrics->weight = (int)table_u16(&os2, 4);
    if (metrics->weight < 1 || metrics->weight > 1000)
        metrics->weight = 400;
    if (panose_family == 2 && panose_serif >= 2)
        metrics->serif = panose_serif <= 10;
    else if (family_class != 0)
        metrics->serif = family_class <= 5 || family_class == 7;
    else
        metrics->serif = !strstr(family, "Sans") && !strstr(family, "Mono");
    hb_blob_destroy(os2.blob);
}

static int
metric(hb_font_t *font, hb_ot_metrics_tag_t tag)
{
    hb_position_t value = 0;

    hb_ot_metrics_get_position_with_fallback(font, tag, &value);
    return value;
}

static void
read_metrics(NskFont *self, const NskFontFile *file)
{
    NskFontMetrics *m = &self->metrics;
    hb_font_extents_t extents = { 0 };

    hb_font_get_h_extents(self->font, &extents);
    m->units_per_em = (int)hb_face_get_upem(self->face);
    m->ascent = extents.ascender;
    m->descent = extents.descender;
    m->line_gap = extents.line_gap;
    m->cap_height = metric(self->font, HB_OT_METRICS_TAG_CAP_HEIGHT);
    m->x_height = metric(self->font, HB_OT_METRICS_TAG_X_HEIGHT);
    m->underline_thickness = metric(self->font, HB_OT_METRICS_TAG_UNDERLINE_SIZE);
    m->underline_position =
        metric(self->font, HB_OT_METRICS_TAG_UNDERLINE_OFFSET) - m->underline_thickness / 2;
    m->strikeout_thickness = metric(self->font, HB_OT_METRICS_TAG_STRIKEOUT_SIZE);
    m->strikeout_position =
        metric(self->font, HB_OT_METRICS_TAG_STRIKEOUT_OFFSET) - m->strikeout_thickness / 2;
    m->subscript_offset = metric(self->font, HB_OT_METRICS_TAG_SUBSCRIPT_EM_Y_OFFSET);
    m->superscript_offset = metric(self->font, HB_OT_METRICS_TAG_SUPERSCRIPT_EM_Y_OFFSET);
    m->space = nsk_font_get_glyph_width(self, self->space);
    read_head_and_post(self->face, m);
    read_os2(self->face, self->family, m);
    m->bold = file->bold;
    m->italic = file->italic;
}

/* A name of the font file made safe for PDF and logs; freed with g_free(). */
static char *
read_name(hb_face_t *face, hb_ot_name_id_t id, const char *otherwise)
{
    char text[128] = "";
    unsigned size = sizeof text;

    hb_ot_name_get_utf8(face, id, HB_LANGUAGE_INVALID, &size, text);
    if (text[0] == '\0')
        hb_ot_name_get_utf8(face, id, hb_language_from_string("en", -1), &size, text);
    if (text[0] == '\0' || !g_str_is_ascii(text))
        return g_strdup(otherwise);
    return g_strdup(text);
}

static hb_face_t *
open_face(const NskFontFile *file, GError **error)
{
    hb_blob_t *blob = hb_blob_create_from_file_or_fail(file->file);
    hb_face_t *face = blob ? hb_face_create(blob, file->index) : NULL;

    hb_blob_destroy(blob);
    if (!face || hb_face_get_glyph_count(face) == 0) {
        hb_face_destroy(face);
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_IO,
            nsk_tr("cannot read the font file '%s': it has no glyphs; reinstall its package"),
            file->file);
        return NULL;
    }
    return face;
}

/* Characters that HarfBuzz draws without a glyph of their own in the font. */
static bool
is_made_of_others(const NskFont *self, gunichar c)
{
    hb_codepoint_t glyph;
    gunichar a, b;

    if (c < 0x20 || c == 0x85 || c == 0x2028 || c == 0x2029)
        return true;
    if (c == 0x00a0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f)
        return self->space != 0;
    if (c == 0x2011)
        return hb_font_get_nominal_glyph(self->font, 0x2010, &glyph);
    return g_unichar_decompose(c, &a, &b) && hb_font_get_nominal_glyph(self->font, a, &glyph) &&
           (b == 0 || hb_font_get_nominal_glyph(self->font, b, &glyph));
}

/* Unicode's Default_Ignorable_Code_Point, as far as text has them. */
static bool
is_ignorable(gunichar c)
{
    return c == 0x00ad || c == 0x034f || c == 0x061c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
           (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff || (c >= 0xe0000 && c <= 0xe0fff);
}

static bool
has(const NskFont *self, gunichar c)
{
    hb_codepoint_t glyph;

    return is_ignorable(c) || hb_font_get_nominal_glyph(self->font, c, &glyph) ||
           is_made_of_others(self, c);
}

NskFont *
nsk_font_new(const NskFontFile *file, const char *family, GError **error)
{
    hb_face_t *face = open_face(file, error);

    if (!face)
        return NULL;
    NskFont *self = g_new0(NskFont, 1);
    g_autofree char *base = g_path_get_basename(file->file);
    self->face = face;
    hb_face_make_immutable(face);
    self->font = hb_font_create(face);
    hb_font_make_immutable(self->font);
    self->family = g_strdup(family);
    self->name = read_name(face, HB_OT_NAME_ID_POSTSCRIPT_NAME, base);
    if (!hb_font_get_nominal_glyph(self->font, ' ', &self->space))
        self->space = 0;
    read_metrics(self, file);
    self->pairs = nsk_font_pairs_new(face, self->font);
    for (gunichar c = 0; c < NSK_FONT_COMMON; c++)
        self->common[c / 8] |= (uint8_t)(has(self, c) << (c % 8));
    return self;
}

void
nsk_font_free(NskFont *self)
{
    if (!self)
        return;
    nsk_font_pairs_free(self->pairs);
    hb_font_destroy(self->font);
    hb_face_destroy(self->face);
    g_free(self->family);
    g_free(self->name);
    g_free(self);
}

hb_face_t *
nsk_font_get_face(const NskFont *self)
{
    return self->face;
}

unsigned
nsk_font_get_n_glyphs(const NskFont *self)
{
    return hb_face_get_glyph_count(self->face);
}

int
nsk_font_get_glyph_width(const NskFont *self, uint32_t glyph)
{
    return hb_font_get_glyph_h_advance(self->font, glyph);
}

const char *
nsk_font_get_family(const NskFont *self)
{
    return self->family;
}

const char *
nsk_font_get_name(const NskFont *self)
{
    return self->name;
}

const NskFontMetrics *
nsk_font_get_metrics(const NskFont *self)
{
    return &self->metrics;
}

NskMpt
nsk_font_scale(const NskFont *self, int units, NskMpt size)
{
    int64_t em = self->metrics.units_per_em;
    int64_t product = (int64_t)units * size;

    return (NskMpt)((product + (product < 0 ? -em : em) / 2) / em);
}

bool
nsk_font_has(const NskFont *self, gunichar c)
{
    return c < NSK_FONT_COMMON ? self->common[c / 8] >> (c % 8) & 1 : has(self, c);
}

NskMpt
nsk_font_advance(const NskFont *self, gunichar c, NskMpt font_size)
{
    hb_codepoint_t glyph;

    if (!hb_font_get_nominal_glyph(self->font, c, &glyph))
        return 0;
    return nsk_font_scale(self, nsk_font_get_glyph_width(self, glyph), font_size);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Fonts: which file a family is, what a font measures, and text to glyphs (OpenType 1.9 by
 * HarfBuzz).
 *
 * Lengths everywhere in render/ are integers, so that every machine lays a letter out alike.
 * Which file a font is, is decided by nsk_font_set_open(), and nothing here reads the environment
 * afterwards; the file itself is mapped when the font is first wanted.
 */

/* Thousandths of a point (1/72 inch). */
typedef int32_t NskMpt;

#define NSK_PT(points) ((NskMpt)((points)*1000.0))
#define NSK_MM(mm)     ((NskMpt)((mm)*72000.0 / 25.4 + 0.5)) /* not for negative lengths */

/* A set of fonts.  Immutable after opening; any number of threads may use it at once. */
typedef struct _NskFontSet NskFontSet;
/* One font of a set, borrowed from it.  Immutable. */
typedef struct _NskFont NskFont;

/*
 * Finds font files with fontconfig (once, here) and maps them.  @families is a NULL-terminated
 * list of families that must be there, such as those of a profile; may be NULL.  The shipped
 * families are loaded as far as they are installed, whether named or not:
 *
 *   "Arial", "Helvetica", "sans-serif" -> Liberation Sans    (fonts-liberation2)
 *   "Times New Roman", "Times", "serif" -> Liberation Serif  (fonts-liberation2)
 *   "Courier New", "Courier", "monospace" -> Liberation Mono (fonts-liberation2)
 *   "Bookman Old Style", "Bookman" -> TeX Gyre Bonum         (fonts-texgyre)
 *   "Noto Sans", and further Noto fonts for characters that the others lack (fonts-noto-core)
 *
 * A family under its own name is taken before its stand-in: real Arial, if installed under that
 * name and asked for here, is not replaced.  Names compare without case.  Errors: NOT_FOUND naming
 * the family and the Debian package that has it; IO for a file that is no font.
 */
NskFontSet *nsk_font_set_open(const char *const *families,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, but what is not installed of @families is passed over: nsk_font_set_find() names it
 * when it is needed. */
NskFontSet *nsk_font_set_open_installed(const char *const *families,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_font_set_free(NskFontSet *self);

/*
 * The font of @family in that style; the same pointer each time.  Never another family or a
 * slanted or thickened regular.  Errors: NOT_FOUND naming family, style and the package.
 */
const NskFont *nsk_font_set_find(const NskFontSet *self,
                                 const char *family,
                                 bool bold,
                                 bool italic,
                                 GError **error);

/*
 * Splits text by font: the length in bytes of the longest beginning of @text (at least one
 * character; @size > 0, valid UTF-8) that one font can show, and that font: @font itself where it
 * can, else the first of the fallbacks in the same style.  *out_font is NULL where no font of the
 * set has the characters: report them (nsk_font_missing_text()), then shape with @font, which draws
 * its box.  Blanks, marks and format characters stay with the run before them when it can show
 * them.
 */
size_t nsk_font_set_split(const NskFontSet *self,
                          const NskFont *font,
                          const char *text,
                          size_t size,
                          const NskFont **out_font);

/* "no font has U+4E2D '中'; install ...", for an issue.  Freed with g_free(). */
char *nsk_font_missing_text(gunichar c);

/* Whether the font draws @c; true for format characters that draw nothing. */
bool nsk_font_has(const NskFont *self, gunichar c);

/* The family as the font file names it, such as "Liberation Serif"; borrowed. */
const char *nsk_font_get_family(const NskFont *self);
/* PostScript name, such as "LiberationSerif-Bold"; borrowed. */
const char *nsk_font_get_name(const NskFont *self);

/* Measures in font units (units_per_em to the em), y upwards. */
typedef struct {
    int units_per_em;
    int ascent;  /* of the line, from the baseline; positive */
    int descent; /* of the line; negative */
    int line_gap;
    int altitude; /* of the text over the baseline that layout reckons with; see font.c */
    int depth;    /* the same under it; positive */
    int cap_height;
    int x_height;
    int underline_position; /* of the middle of the line; negative below the baseline */
    int underline_thickness;
    int strikeout_position; /* of the middle of the line */
    int strikeout_thickness;
    int subscript_offset; /* downwards, positive */
    int superscript_offset;
    int space;        /* advance of U+0020 */
    int bbox[4];      /* x min, y min, x max, y max over all glyphs */
    int weight;       /* 1 to 1000; 400 is regular */
    int italic_angle; /* thousandths of a degree, negative leaning right */
    bool fixed_pitch;
    bool serif;
    bool bold;
    bool italic;
} NskFontMetrics;

const NskFontMetrics *nsk_font_get_metrics(const NskFont *self);
/* Font units to length at @size, rounded half away from zero. */
NskMpt nsk_font_scale(const NskFont *self, int units, NskMpt size);

/* One glyph of shaped text. */
typedef struct {
    uint32_t id;      /* glyph number in the font file */
    uint32_t cluster; /* byte offset in the text of the first character it stands for */
    NskMpt advance;   /* to the next glyph's origin; kerning is in it; a caller may widen it */
    NskMpt dx;        /* drawing offset, rightwards */
    NskMpt dy;        /* drawing offset, upwards */
} NskGlyph;

/* What to shape.  All borrowed; zero is a default. */
typedef struct {
    const char *text; /* valid UTF-8, of one font, one script and one direction */
    size_t size;      /* bytes */
    NskMpt font_size;
    const char *language; /* BCP 47, "id"; NULL for none */
    bool rtl;             /* right to left; glyphs still come in visual order, left to right */
    bool no_ligatures;    /* where letters are spaced */
} NskShape;

/*
 * Appends the glyphs of @request to @glyphs, a GArray of NskGlyph: kerning and standard ligatures
 * on.  Clusters count from the beginning of @request->text and rise (fall, if rtl); letters of a
 * ligature share one.  Line ends, tabs and format characters give no ink.  Returns the sum of
 * advances.
 */
NskMpt nsk_font_shape(const NskFont *self, const NskShape *request, GArray *glyphs);

/* Who gets a glyph's outline, in font units, y upwards. */
typedef struct {
    void (*move)(void *data, double x, double y); /* begins a closed contour */
    void (*line)(void *data, double x, double y);
    void (*curve)(void *data, const double c[6]); /* two control points and the end */
    void (*close)(void *data);
} NskFontPen;

void nsk_font_outline(const NskFont *self, uint32_t glyph, const NskFontPen *pen, void *data);

/* The advance of one character alone; 0 if the font lacks it. */
NskMpt nsk_font_advance(const NskFont *self, gunichar c, NskMpt font_size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskFontSet, nsk_font_set_free)

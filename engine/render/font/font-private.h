/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "render/font/font.h"

/* What fontconfig says of one font file; strings owned. */
typedef struct {
    char *file;
    unsigned index; /* of the face in a collection */
    bool bold;
    bool italic;
} NskFontFile;

/*
 * Lists the regular, bold, italic and bold italic files of installed families; opened and freed
 * within nsk_font_set_open().
 */
typedef struct _NskFontFiles NskFontFiles;

NskFontFiles *nsk_font_files_open(GError **error);
void nsk_font_files_free(NskFontFiles *self);
/* Finds one style of @family; false if it is not installed. */
bool nsk_font_files_find(const NskFontFiles *self,
                         const char *family,
                         bool bold,
                         bool italic,
                         NskFontFile *out_file);
void nsk_font_file_clear(NskFontFile *file);

/* How ASCII characters of one font stand side by side; any thread. */
typedef struct _NskFontPairs NskFontPairs;

#define NSK_FONT_COMMON 0x250 /* Latin; asked for each character of a letter */

/* For the files of this folder. */
struct _NskFont {
    char *family;
    char *name;
    struct hb_face_t *face;
    struct hb_font_t *font;
    uint32_t space;
    NskFontMetrics metrics;
    NskFontPairs *pairs;                 /* NULL if pairs do not tell how the font sets words */
    uint8_t common[NSK_FONT_COMMON / 8]; /* bits: characters of the first pages it has */
};

/* NULL if pairs do not tell; see pairs.c. */
NskFontPairs *nsk_font_pairs_new(struct hb_face_t *face, struct hb_font_t *font);
void nsk_font_pairs_free(NskFontPairs *self);
#define NSK_FONT_PAIRS_ASK G_MAXINT
/* How much further apart than usual they stand, in font units; ASK if only HarfBuzz knows what
 * becomes of a word with them.  @latin: the text has a Latin letter.  Blanks count as any other. */
int nsk_font_pairs_kern(NskFontPairs *self,
                        struct hb_font_t *font,
                        bool latin,
                        char first,
                        char second);
/* The glyph of @c and its width; false if that is not for pairs to say. */
bool nsk_font_pairs_get(const NskFontPairs *self, char c, uint32_t *out_glyph, int *out_width);

/* Maps a font file.  Errors: IO naming the file. */
NskFont *nsk_font_new(const NskFontFile *file, const char *family, GError **error);
void nsk_font_free(NskFont *self);

/* HarfBuzz's face; borrowed, immutable. */
struct hb_face_t *nsk_font_get_face(const NskFont *self);
/* Glyphs of the whole font. */
unsigned nsk_font_get_n_glyphs(const NskFont *self);
/* The glyph's advance in font units. */
int nsk_font_get_glyph_width(const NskFont *self, uint32_t glyph);

/* A font program with only some glyphs. */
typedef struct {
    GBytes *program;   /* TrueType file without cmap, or a bare CFF table */
    bool cff;          /* which of the two */
    uint16_t *new_ids; /* for each glyph asked for, its number in the program */
} NskFontSubset;

/*
 * Cuts the font down to the @n glyphs of @glyphs (ascending, each once) and those they are composed
 * of, without hints.  Depends on its arguments alone.  Errors: INTERNAL.
 */
bool nsk_font_subset(const NskFont *self,
                     const uint32_t *glyphs,
                     size_t n,
                     NskFontSubset *out,
                     GError **error);
void nsk_font_subset_clear(NskFontSubset *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskFontFiles, nsk_font_files_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskFont, nsk_font_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskFontFile, nsk_font_file_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskFontSubset, nsk_font_subset_clear)

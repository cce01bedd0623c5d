/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "render/font/font-private.h"
#include "render/pdf/pdf.h"

#include <libdeflate.h>
#include <string.h>

/* ---- output.c: bytes, numbers, strings, objects ---- */

/* The number of an indirect object; 0 is none. */
typedef unsigned NskPdfRef;

typedef struct {
    GString *bytes;
    GArray *offsets; /* of uint64_t: where object i + 1 begins; 0 while unwritten */
    struct libdeflate_compressor *compressor;
} NskPdfOut;

void nsk_pdf_out_init(NskPdfOut *self);
void nsk_pdf_out_clear(NskPdfOut *self);

/* Takes the next object number. */
NskPdfRef nsk_pdf_out_reserve(NskPdfOut *self);
/* Between the two the caller appends the object to self->bytes. */
void nsk_pdf_out_begin(NskPdfOut *self, NskPdfRef ref);
void nsk_pdf_out_end(NskPdfOut *self);
/* A whole stream object; @dict is what stands in its dictionary besides Length and Filter. */
void
nsk_pdf_out_stream(NskPdfOut *self, NskPdfRef ref, const char *dict, const void *data, size_t size);
/* The same, deflated (ISO 32000-1, 7.4.4). */
void nsk_pdf_out_deflated(NskPdfOut *self,
                          NskPdfRef ref,
                          const char *dict,
                          const void *data,
                          size_t size);
/* The cross-reference table and the trailer; @catalog and @info are in it. */
void nsk_pdf_out_finish(NskPdfOut *self, NskPdfRef catalog, NskPdfRef info);

/* Appending to content or objects.  Numbers never depend on the locale.  The first two are
 * g_string_append_len() and g_string_append() without the call where there is room: a letter has
 * ten thousand of them. */
static inline void
nsk_pdf_put_bytes(GString *to, const char *bytes, size_t size)
{
    if (to->len + size >= to->allocated_len) {
        g_string_append_len(to, bytes, (gssize)size);
        return;
    }
    memcpy(to->str + to->len, bytes, size);
    to->len += size;
    to->str[to->len] = '\0';
}

static inline void
nsk_pdf_put(GString *to, const char *text)
{
    nsk_pdf_put_bytes(to, text, strlen(text));
}

void nsk_pdf_put_int(GString *to, int64_t value);
/* Five decimals, which no reader tells from more; @value within 1e9. */
void nsk_pdf_put_real(GString *to, double value);
/* Millipoints as points, at most three decimals: 12.5, -0.001, 7. */
void nsk_pdf_put_mpt(GString *to, int64_t value);
void nsk_pdf_put_ref(GString *to, NskPdfRef ref);
/* The lower 16 bits as four hexadecimal digits. */
void nsk_pdf_put_hex4(GString *to, unsigned value);
/* A text string (7.9.2.2): in ASCII as it is, else UTF-16BE. */
void nsk_pdf_put_text(GString *to, const char *utf8);
/* The same always as <FEFF...>, of @size bytes. */
void nsk_pdf_put_utf16(GString *to, const char *utf8, size_t size, bool with_mark);
/* A byte string (ASCII). */
void nsk_pdf_put_string(GString *to, const char *ascii);
/* A name object with what must be escaped escaped; with the slash. */
void nsk_pdf_put_name(GString *to, const char *name);

/* ---- structure.c ---- */

typedef struct _NskPdfStructure NskPdfStructure;

NskPdfStructure *nsk_pdf_structure_new(void);
void nsk_pdf_structure_free(NskPdfStructure *self);
NskPdfElement
nsk_pdf_structure_add(NskPdfStructure *self, NskPdfElement parent, const NskPdfTag *tag);
/* The next key of the parent tree, for a page (@is_page) or an annotation. */
unsigned nsk_pdf_structure_add_key(NskPdfStructure *self);
/* Adds content of @element on a page; returns its marked-content identifier there. */
unsigned nsk_pdf_structure_add_content(NskPdfStructure *self,
                                       NskPdfElement element,
                                       unsigned key,
                                       NskPdfRef page);
/* Makes the annotation @object, whose key is @key, a child of @element. */
void nsk_pdf_structure_add_object(NskPdfStructure *self,
                                  NskPdfElement element,
                                  unsigned key,
                                  NskPdfRef page,
                                  NskPdfRef object);
/* "P", "TD": the standard role's name. */
const char *nsk_pdf_structure_get_role(const NskPdfStructure *self, NskPdfElement element);
/* Widens a Figure's bounding box, in PDF coordinates; nothing for other roles. */
void nsk_pdf_structure_add_box(NskPdfStructure *self, NskPdfElement element, const NskPdfRect *box);
/* Writes all of it; returns the StructTreeRoot. */
NskPdfRef nsk_pdf_structure_write(NskPdfStructure *self, NskPdfOut *out);

/* ---- font-object.c ---- */

/* A font used in this document and what its glyphs stand for. */
typedef struct _NskPdfFont NskPdfFont;

NskPdfFont *nsk_pdf_font_new(const NskFont *font, unsigned index);
void nsk_pdf_font_free(NskPdfFont *self);
const NskFont *nsk_pdf_font_get(const NskPdfFont *self);
unsigned nsk_pdf_font_get_index(const NskPdfFont *self); /* of its resource name, /F0 ... */
/* Marks the glyph as used and gives it @text if it had none; false if it stands for another. */
bool nsk_pdf_font_map(NskPdfFont *self, uint32_t glyph, const char *text, size_t size);
/* The advance as the file's W array has it, thousandths of an em. */
int nsk_pdf_font_get_width(const NskPdfFont *self, uint32_t glyph);
/* Cuts the font down to the glyphs used; from then on nsk_pdf_font_get_code() may be called. */
bool nsk_pdf_font_close(NskPdfFont *self, GError **error);
uint16_t nsk_pdf_font_get_code(const NskPdfFont *self, uint32_t glyph);
/* Writes the font's objects; returns the Type0 font. */
NskPdfRef nsk_pdf_font_write(NskPdfFont *self, NskPdfOut *out);

/* ---- images ---- */

/* An image that a PDF can hold.  Bytes owned. */
typedef struct {
    unsigned width, height; /* pixels */
    unsigned x_ppm, y_ppm;  /* pixels a metre; 0 unknown */
    unsigned channels;      /* 1 grey, 3 RGB, 4 CMYK */
    bool inverted;          /* of CMYK: 0 is full ink */
    unsigned bits;          /* a channel, or a palette's index */
    bool jpeg;              /* data is a JPEG; else deflated rows with PNG filters */
    GBytes *data;
    GBytes *palette; /* RGB triples; NULL if there is none */
    GBytes *alpha;   /* deflated 8-bit rows with PNG filters; NULL if opaque */
} NskPdfPixels;

void nsk_pdf_pixels_clear(NskPdfPixels *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskPdfPixels, nsk_pdf_pixels_clear)

/* png.c, jpeg.c.  Errors: INVALID, UNSUPPORTED, LIMIT. */
bool nsk_pdf_png_read(GBytes *file, NskPdfPixels *out_pixels, GError **error);
bool nsk_pdf_jpeg_read(GBytes *file, NskPdfPixels *out_pixels, GError **error);
/* Errors: INVALID for an empty one, LIMIT for a side or a size in memory above the limit. */
bool nsk_pdf_check_size(uint64_t width, uint64_t height, uint64_t bits_a_pixel, GError **error);

/* Errors: LIMIT if @size more bytes are too many for one document. */
bool nsk_pdf_check_room(const NskPdf *self, size_t size, GError **error);

/* ---- pdf.c, draw.c, text.c, annotation.c, image.c, metadata.c ---- */

/* What the content stream's graphics state is, so that only changes are written. */
typedef struct {
    int64_t bottom; /* y of the origin's line in PDF coordinates: the page's height at first */
    NskPdfColour fill;
    NskPdfColour stroke;
    int font; /* index, -1 none yet */
    NskMpt font_size;
} NskPdfState;

/* Glyph numbers in a content stream that become codes when the fonts are cut down. */
typedef struct {
    size_t at; /* of the first byte */
    size_t n;  /* glyphs, two bytes each; at the end they are a string */
    unsigned font;
} NskPdfFixup;

typedef struct {
    NskPdfRef ref;
    NskPdfRef content_ref;
    NskMpt width, height;
    unsigned key; /* in the parent tree */
    GString *content;
    GArray *fixups; /* of NskPdfFixup */
    GArray *annots; /* of NskPdfRef */
} NskPdfPage;

/* A link or a widget; strings owned. */
typedef struct {
    NskPdfRef ref;
    NskPdfRef page;
    unsigned key;
    NskPdfRect rect; /* (x, y) is the lower left corner, in PDF coordinates */
    char *uri;       /* of a link to elsewhere */
    unsigned target; /* of a link within: page from 0 */
    NskMpt target_y;
    char *name; /* of a signature field */
    char *text; /* Contents or TU */
} NskPdfAnnotation;

struct _NskPdf {
    NskPdfOut out;
    char *title, *language, *author, *subject, *keywords;
    NskInstant date;
    int offset_minutes;

    GPtrArray *pages; /* of NskPdfPage */
    NskPdfPage *page; /* the open one or NULL */
    NskPdfState state;
    GArray *states; /* of NskPdfState: pushed ones */
    NskPdfRef pages_ref, resources_ref;

    NskPdfStructure *structure;
    NskPdfElement marked; /* what drawing belongs to */
    bool is_open;         /* a marked-content sequence is open */
    NskPdfElement opened; /* whose it is */

    GPtrArray *fonts;           /* of NskPdfFont */
    GHashTable *fonts_by_font;  /* NskFont -> NskPdfFont */
    GArray *images;             /* of NskPdfRef */
    NskPdfRef inks;             /* function from CMYK to RGB; 0 while none needs it */
    GHashTable *images_by_data; /* GBytes -> NskPdfImage */
    GPtrArray *annotations;     /* of NskPdfAnnotation */
    GArray *bookmarks;          /* of NskPdfEntry */
    GPtrArray *files;           /* of EmbeddedFile (metadata.c) */
};

/* Opens the marked content that the next operator belongs to; returns the page's content. */
GString *nsk_pdf_content(NskPdf *self);
/* Opens one that stands for @text, whatever is drawn; nsk_pdf_content_end() must follow. */
void nsk_pdf_content_for(NskPdf *self, const char *text, size_t size);
/* Closes what is open. */
void nsk_pdf_content_end(NskPdf *self);
void nsk_pdf_set_fill(NskPdf *self, NskPdfColour colour);

/* Rectangle from the caller's coordinates to PDF's. */
NskPdfRect nsk_pdf_flip(const NskPdf *self, const NskPdfRect *rect);

/* Writes the annotations' objects; returns the AcroForm or 0. */
NskPdfRef nsk_pdf_annotations_write(NskPdf *self);
void nsk_pdf_annotation_free(void *annotation);

/* A bookmark; strings owned.  Numbers count from 1, 0 is none. */
typedef struct {
    NskPdfRef ref;
    char *title, *uri;
    unsigned page;
    NskMpt y;
    NskPdfColour colour;
    bool bold, italic, closed;
    unsigned parent, first, last, previous, next;
    unsigned shown; /* entries beneath that are shown once this one is open */
} NskPdfEntry;

GArray *nsk_pdf_bookmarks_new(void);
/* Writes the outline; returns it, or 0 for none. */
NskPdfRef nsk_pdf_bookmarks_write(NskPdf *self);
/* "/Dest[...]" of a place. */
void nsk_pdf_put_destination(const NskPdf *self, GString *to, unsigned page, NskMpt y);
/* Anything as a URI in ASCII; g_free() it. */
char *nsk_pdf_escape_uri(const char *uri);
/* "/A<</S/URI ...>>"; @uri is escaped */
void nsk_pdf_put_uri(GString *to, const char *uri);

/* A file to embed. */
typedef struct {
    char *name, *media_type, *description;
    NskPdfRelation relation;
    GBytes *data;
    NskPdfRef ref; /* of its Filespec once written */
} NskPdfEmbedded;

void nsk_pdf_embedded_free(void *file);
void nsk_pdf_files_write(NskPdf *self);
NskPdfRef nsk_pdf_metadata_write(NskPdf *self); /* XMP */
NskPdfRef nsk_pdf_info_write(NskPdf *self);
NskPdfRef nsk_pdf_intent_write(NskPdf *self);
/* "D:20260722090000+07'00'"; freed with g_free(). */
char *nsk_pdf_date(const NskPdf *self);

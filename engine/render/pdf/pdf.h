/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"
#include "render/font/font.h"

/*
 * Writes a PDF 1.7 (ISO 32000-1:2008) that is at once PDF/A-3a (ISO 19005-3) and PDF/UA-1
 * (ISO 14289-1), ready to be signed by incremental updates: one revision, a plain cross-reference
 * table, no object streams.
 *
 * Coordinates: millipoints from the page's top left corner, x rightwards, y downwards; in a
 * rectangle (x, y) is its top left corner.  Text stands on its baseline.
 *
 * Order of calls: new; images and files at any time; then for each page page_begin, drawing,
 * page_end; then finish, once.  Drawing outside a page or out of this order is a bug of the caller
 * and asserts.  Drawing cannot fail; what can is said at the function.
 *
 * Deterministic: the bytes depend on the calls and the fonts alone, never on the time, the machine
 * or what was written before.
 *
 * One thread at a time for each writer.
 */
typedef struct _NskPdf NskPdf;

/* What the document says of itself.  Borrowed during nsk_pdf_new(). */
typedef struct {
    const char *title;    /* what a window's title bar shows; required, UTF-8 */
    const char *language; /* BCP 47, "id"; required */
    const char *author;   /* may be NULL; so may the others */
    const char *subject;
    const char *keywords;
    NskInstant date;    /* creation and modification, of the letter and not of the machine */
    int offset_minutes; /* zone in which the dates are written, minutes east of UTC */
} NskPdfInfo;

typedef struct {
    NskMpt x, y, width, height;
} NskPdfRect;

/* 0xRRGGBB, sRGB. */
typedef uint32_t NskPdfColour;

NskPdf *nsk_pdf_new(const NskPdfInfo *info);
void nsk_pdf_free(NskPdf *self);

/* Begins a page of that size; ends the one before.  Errors: LIMIT above NSK_LIMIT_PAGES. */
bool nsk_pdf_page_begin(NskPdf *self, NskMpt width, NskMpt height, GError **error);
void nsk_pdf_page_end(NskPdf *self);
/* Pages begun so far. */
unsigned nsk_pdf_get_n_pages(const NskPdf *self);

/* ---- tags ----
 *
 * The document is a tree of structure elements under one Document.  An element is added to its
 * parent at once, as its last child; drawing between nsk_pdf_mark() calls becomes the content of
 * the marked element, on as many pages as need be.  So add an inline child (a Link, a Span) when
 * the text before it has been drawn, and its order among its parent's content is right.  What is
 * drawn without a mark is an artifact: page numbers, rules, backgrounds, running heads.
 */
typedef uint32_t NskPdfElement;

#define NSK_PDF_ARTIFACT ((NskPdfElement)0)
#define NSK_PDF_DOCUMENT ((NskPdfElement)1)

typedef enum {
    NSK_PDF_PART,
    NSK_PDF_SECT,
    NSK_PDF_DIV,
    NSK_PDF_P,
    NSK_PDF_H1,
    NSK_PDF_H2,
    NSK_PDF_H3,
    NSK_PDF_H4,
    NSK_PDF_H5,
    NSK_PDF_H6,
    NSK_PDF_L,
    NSK_PDF_LI,
    NSK_PDF_LBL,
    NSK_PDF_LBODY,
    NSK_PDF_TABLE,
    NSK_PDF_THEAD,
    NSK_PDF_TBODY,
    NSK_PDF_TFOOT,
    NSK_PDF_TR,
    NSK_PDF_TH,
    NSK_PDF_TD,
    NSK_PDF_CAPTION,
    NSK_PDF_FIGURE,
    NSK_PDF_SPAN,
    NSK_PDF_QUOTE,
    NSK_PDF_NOTE,
    NSK_PDF_REFERENCE,
    NSK_PDF_LINK,
    NSK_PDF_FORM,
} NskPdfRole;

typedef enum {
    NSK_PDF_SCOPE_NONE,
    NSK_PDF_SCOPE_COLUMN,
    NSK_PDF_SCOPE_ROW,
    NSK_PDF_SCOPE_BOTH
} NskPdfScope;

typedef enum {
    NSK_PDF_LIST_NONE, /* unordered without a label, or not a list */
    NSK_PDF_LIST_DISC,
    NSK_PDF_LIST_DECIMAL,
    NSK_PDF_LIST_LOWER_ALPHA,
    NSK_PDF_LIST_UPPER_ALPHA,
    NSK_PDF_LIST_LOWER_ROMAN,
    NSK_PDF_LIST_UPPER_ROMAN,
} NskPdfListKind;

/* An element.  Borrowed; zero is "not given". */
typedef struct {
    NskPdfRole role;
    const char *alt;         /* what a figure shows; required for FIGURE */
    const char *actual_text; /* what is to be read in place of the content */
    const char *language;    /* where it differs from the document's */
    NskPdfScope scope;       /* of a TH; COLUMN is taken if none is given */
    unsigned colspan;        /* of a TH or TD; 0 is 1 */
    unsigned rowspan;
    NskPdfListKind list; /* of an L */
} NskPdfTag;

/* Adds an element beneath @parent (NSK_PDF_DOCUMENT or one from here). */
NskPdfElement nsk_pdf_element_add(NskPdf *self, NskPdfElement parent, const NskPdfTag *tag);
/* What follows belongs to @element; NSK_PDF_ARTIFACT: to nothing.  Each page begins as artifact. */
void nsk_pdf_mark(NskPdf *self, NskPdfElement element);

/* ---- drawing ---- */

/* A run of shaped text.  All borrowed. */
typedef struct {
    const NskFont *font; /* must live until nsk_pdf_finish() */
    NskMpt font_size;
    NskPdfColour colour;
    NskMpt x, y;            /* origin of the first glyph, on the baseline */
    const char *text;       /* what the glyphs stand for, by their clusters; UTF-8 */
    size_t size;            /* bytes of text */
    const NskGlyph *glyphs; /* in visual order, as nsk_font_shape() gives them */
    size_t n_glyphs;
} NskPdfText;

/*
 * Draws the run; each glyph lands where the advances before it say, within 1/20 pt.  Copying and
 * screen readers get @text whatever the glyphs.  Readers build words from spaces in the text, so
 * keep the blank at the end of a broken line as a glyph; a hyphen put in at a line's end is a run
 * whose glyph is the hyphen and whose text is U+00AD.
 */
void nsk_pdf_text(NskPdf *self, const NskPdfText *run);

void nsk_pdf_fill_rect(NskPdf *self, const NskPdfRect *rect, NskPdfColour colour);
/* Many rectangles as one path: the modules of a QR code.  Touching ones show no seams. */
void nsk_pdf_fill_rects(NskPdf *self, const NskPdfRect *rects, size_t n, NskPdfColour colour);

typedef struct {
    NskMpt x1, y1, x2, y2;
    NskMpt width;   /* of the pen */
    NskMpt dash_on; /* 0: unbroken */
    NskMpt dash_off;
    bool round; /* round ends: with dash_on 1 and dash_off twice the width, dots */
    NskPdfColour colour;
} NskPdfLine;

void nsk_pdf_line(NskPdf *self, const NskPdfLine *line);
/* The outline, its pen's middle on the edge. */
void nsk_pdf_stroke_rect(NskPdf *self, const NskPdfRect *rect, NskMpt width, NskPdfColour colour);

/*
 * Until the matching nsk_pdf_pop(): coordinates count from (@x, @y) and are turned clockwise by
 * @angle thousandths of a degree (90000 is a quarter).  May nest; popped by page_end.
 */
void nsk_pdf_push_turn(NskPdf *self, NskMpt x, NskMpt y, int angle);
/* Until the matching nsk_pdf_pop(): nothing is drawn outside @rect. */
void nsk_pdf_push_clip(NskPdf *self, const NskPdfRect *rect);
void nsk_pdf_pop(NskPdf *self);

/* ---- images ---- */

typedef struct {
    unsigned id;            /* within this document */
    unsigned width, height; /* pixels */
    NskMpt print_width;     /* natural size: by the file's resolution, else 96 pixels an inch */
    NskMpt print_height;
} NskPdfImage;

/*
 * Reads a PNG (ISO/IEC 15948) or JPEG (ITU-T T.81, baseline or progressive, grey, RGB or
 * CMYK).
 * Recognised by content.  The same bytes twice give the same image.  Bounded by
 * NSK_LIMIT_IMAGE_SIZE, _SIDE and _MEMORY before anything is unpacked.  Errors: INVALID for a
 * damaged file, UNSUPPORTED for another format, LIMIT; the message says what to do.
 */
bool nsk_pdf_image_load(NskPdf *self, GBytes *data, NskPdfImage *out_image, GError **error);

/* A colour at a share of the way, 0 to 1, of a gradient. */
typedef struct {
    double offset;
    NskPdfColour colour;
} NskPdfStop;

/* A gradient (ISO 32000-1, 8.7.4.5.3 and .4). */
typedef struct {
    bool radial;
    double coords[6]; /* x1 y1 x2 y2; radial: fx fy 0 cx cy r */
    double matrix[6]; /* from its coordinates to those of the form */
    GArray *stops;    /* of NskPdfStop, by offset; owned */
} NskPdfGradient;

/* How much of what is below shows through. */
typedef struct {
    double fill, stroke; /* 1 is opaque */
    int mask;            /* which part is a mask, its light being opacity; -1 for none */
} NskPdfAlpha;

/*
 * A drawing of lines and areas, in points from a lower left corner, made by trusted code: content
 * is a content stream, in which /A0 names the first of alphas, /P0 of gradients, /X0 of parts.
 */
typedef struct _NskPdfForm NskPdfForm;
struct _NskPdfForm {
    double box[4]; /* left, bottom, right, top: nothing outside is seen */
    GString *content;
    GArray *alphas;    /* of NskPdfAlpha */
    GArray *gradients; /* of NskPdfGradient */
    GPtrArray *parts;  /* of NskPdfForm: groups and masks, each a transparency group */
    bool grey;         /* a mask */
};

NskPdfForm *nsk_pdf_form_new(void);
void nsk_pdf_form_free(NskPdfForm *self);

/* The form, whose box begins at (0, 0), as an image of its size.  Errors: LIMIT. */
bool
nsk_pdf_form_load(NskPdf *self, const NskPdfForm *form, NskPdfImage *out_image, GError **error);
/* Stretches the image to @rect. */
void nsk_pdf_image_draw(NskPdf *self, const NskPdfImage *image, const NskPdfRect *rect);

/* ---- annotations ----
 *
 * Their rectangles are upright in a PDF: not between nsk_pdf_push_turn() and its pop.
 */

/*
 * A link on the current page over @rect to @uri (https, http, mailto).  @element is its Link
 * element, @text says where it leads for those who do not see it; required.
 */
void nsk_pdf_link_uri(NskPdf *self,
                      const NskPdfRect *rect,
                      const char *uri,
                      NskPdfElement element,
                      const char *text);
/* The same to a place in this document: @page counted from 0, at height @y; the page may come
 * later, but must exist in the end or the link leads to the last page. */
void nsk_pdf_link_page(NskPdf *self,
                       const NskPdfRect *rect,
                       unsigned page,
                       NskMpt y,
                       NskPdfElement element,
                       const char *text);

/*
 * An empty signature field on the current page (ISO 32000-1, 12.7.4.5; ETSI EN 319 142-1): a field
 * merged with its widget, /F 4, an empty appearance of the rectangle's size, a Form element.  A
 * later signature sets /V (and /AP) and touches nothing else.  @name is unique in the document,
 * without dots, such as "signatory-1"; @tooltip says whose signature it is.  An empty rectangle
 * makes an invisible field.  Errors: CONFLICT for a name used before; INVALID for one with a dot or
 * empty.
 */
typedef struct {
    const char *name;
    const char *tooltip;
    NskPdfRect rect;
    NskPdfElement parent; /* beneath which the Form element is added; 0: the Document */
} NskPdfField;

bool nsk_pdf_add_signature_field(NskPdf *self, const NskPdfField *field, GError **error);

/* ---- bookmarks ---- */

/* An entry of the outline that readers show beside the pages (ISO 32000-1, 12.3.3).  Borrowed. */
typedef struct {
    const char *title;
    const char *uri; /* NULL: it leads to a page */
    unsigned page;   /* counted from 0; as for nsk_pdf_link_page() */
    NskMpt y;
    NskPdfColour colour;
    bool bold, italic;
    bool closed; /* what is beneath it is not shown at first */
} NskPdfBookmark;

/* Adds an entry behind the others beneath @parent, 0 for the outline itself; returns its number. */
unsigned nsk_pdf_bookmark_add(NskPdf *self, unsigned parent, const NskPdfBookmark *bookmark);

/* ---- files inside the PDF ---- */

typedef enum {
    NSK_PDF_FILE_SOURCE,     /* what the document was made from: the letter's XML */
    NSK_PDF_FILE_DATA,       /* data shown in it */
    NSK_PDF_FILE_SUPPLEMENT, /* an attachment */
} NskPdfRelation;

typedef struct {
    const char *name;        /* "surat.xml"; unique in the document */
    const char *media_type;  /* "application/xml" */
    const char *description; /* for a person; may be NULL */
    NskPdfRelation relation;
    GBytes *data; /* a reference is taken */
} NskPdfFile;

/* Embeds a file (ISO 19005-3, 6.8); its date is the document's.  Errors: CONFLICT for a name used
 * before; LIMIT if all together are above NSK_LIMIT_PDF_SIZE. */
bool nsk_pdf_attach(NskPdf *self, const NskPdfFile *file, GError **error);

/*
 * The whole file.  Ends the last page.  Call once; afterwards only nsk_pdf_free().  Errors: INVALID
 * if there is no page; LIMIT above NSK_LIMIT_PDF_SIZE; INTERNAL if a font cannot be subset.
 */
GBytes *nsk_pdf_finish(NskPdf *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskPdf, nsk_pdf_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskPdfForm, nsk_pdf_form_free)

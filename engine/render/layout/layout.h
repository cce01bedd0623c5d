/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "render/fo/fo.h"
#include "render/fo/tree.h"
#include "render/pdf/pdf.h"

/*
 * From formatting objects to areas.  Private to this folder and its tests.
 *
 *     inline content --inline.c--> atoms --linebreak.c, line.c--> lines
 *     blocks --block.c, list.c, table.c--> a vertical list (vlist.c) of boxes, glue and frames
 *     vertical list + page masters --page.c--> ranges of the list, one a page
 *     range --place.c--> areas with positions, in reading order --draw.c--> PDF
 *
 * Lengths are millipoints; x to the right and y down from the page's top left corner.  Everything
 * made during a document lives in its arena and is freed with it.
 */

/* ---- arena ---- */

typedef struct _NskArena NskArena;

NskArena *nsk_arena_new(void);
void nsk_arena_free(NskArena *self);
/* Zeroed, aligned for any type; never NULL. */
void *nsk_arena_alloc(NskArena *self, size_t size, size_t count);
char *nsk_arena_strndup(NskArena *self, const char *text, size_t size);
/* @count things of @size; never NULL. */
void *nsk_arena_copy(NskArena *self, const void *from, size_t size, size_t count);

#define NSK_ARENA_NEW(arena, type, count) ((type *)nsk_arena_alloc((arena), sizeof(type), (count)))

/* The next character of valid UTF-8. */
static inline const char *
nsk_next_char(const char *at)
{
    return at + g_utf8_skip[(unsigned char)*at];
}

/* @a + @b, kept within 350 metres of paper, so that no sum of lengths overflows. */
static inline NskMpt
nsk_add(NskMpt a, NskMpt b)
{
    int64_t sum = (int64_t)a + b;

    return (NskMpt)CLAMP(sum, -1000000000, 1000000000);
}

/* ---- styles, atoms, lines ---- */

/* How the text of one inline looks. */
typedef struct _NskStyle NskStyle;
struct _NskStyle {
    const NskStyle *table;  /* the style whose font says where baselines lie (section 7.14) */
    NskFoNode *node;        /* the object whose properties these are */
    NskFoNode *owner;       /* the object whose structure element the text belongs to */
    const NskStyle *parent; /* NULL for the block itself */
    const NskFont *font;
    const NskFont *const *others; /* for characters that it lacks, NULL-terminated */
    bool boxed;                   /* has a background, or a border or padding */
    NskMpt size;
    NskPdfColour color;
    NskMpt shift;   /* of the baseline, upwards */
    NskFoWord edge; /* BEFORE_EDGE, AFTER_EDGE: shifted when the line is known; else no word */
    NskMpt letter_spacing, letter_stretch, letter_shrink;
    NskMpt word_spacing, word_stretch, word_shrink; /* of a blank, besides its advance */
    NskMpt altitude, depth;                         /* of the font, from its baseline */
    NskMpt line_height;
    const char *language; /* NULL for none */
    unsigned decoration;  /* NSK_FO_UNDERLINE and its like */
    bool transparent;
    bool hidden;
    bool no_break; /* no line may end within it */
    bool hyphenate;
};

typedef enum {
    NSK_ATOM_GLYPH,
    NSK_ATOM_SPACE,  /* may stretch and shrink */
    NSK_ATOM_LEADER, /* may stretch and shrink, by its lengths */
    NSK_ATOM_OBJECT,
    NSK_ATOM_START, /* where an inline begins that has space, border or padding there */
    NSK_ATOM_END,
    NSK_ATOM_NEWLINE, /* a forced end of line; no width */
} NskAtomKind;

/* One glyph or inline object of a paragraph, in order. */
typedef struct {
    NskAtomKind kind;
    uint32_t run;
    NskGlyph glyph; /* advance is that of the atom; cluster counts from the paragraph's text */
} NskAtom;

/* Atoms of one style and font. */
typedef struct {
    const NskStyle *style;
    const NskFont *font;            /* the style's, or a fallback */
    NskFoNode *object;              /* of LEADER and OBJECT; else NULL */
    const struct _NskLine *content; /* of LEADER: what is repeated; NULL */
    NskMpt height;                  /* of OBJECT */
    NskMpt depth;                   /* of OBJECT: what of it hangs below its baseline */
    const struct _NskVList *list;   /* of an inline-container; NULL */
    NskMpt min, max;                /* of LEADER; min of START: what goes where a line begins */
    unsigned level;                 /* odd: from right to left */
    bool soft;                      /* text of no letters of the document: page numbers */
} NskRun;

typedef struct {
    const NskStyle *strut; /* of the block itself: the least a line needs */
    const char *text;      /* UTF-8, white space treated */
    size_t size;
    NskAtom *atoms;
    size_t n_atoms;
    NskRun *runs;
    size_t n_runs;
} NskParagraph;

/* Where a line may end.  Sums run over all atoms before. */
typedef struct {
    uint32_t end;  /* the line's atoms end before this one */
    uint32_t next; /* the next line begins with this one */
    int64_t width_end, width_next;
    int64_t stretch_end, stretch_next;
    int64_t shrink_end, shrink_next;
    NskMpt hyphen; /* width added when the line ends here */
    int penalty;
    bool flagged; /* a hyphen that nobody wrote: taken only when nothing else fits */
    bool forced;
} NskBreak;

/* A stretch of a line that is drawn as one. */
typedef struct {
    const NskRun *run;
    NskMpt x; /* from the line's start */
    NskMpt width;
    NskMpt rise; /* of its baseline over the line's */
    NskAtomKind kind;
    const char *text; /* GLYPH: what the glyphs stand for */
    size_t size;
    const NskGlyph *glyphs;
    size_t n_glyphs;
} NskPiece;

typedef struct _NskLine {
    NskMpt x; /* of the line box in its reference area */
    NskMpt width;
    NskMpt height;
    NskMpt baseline; /* below the top */
    NskMpt above;    /* of the content, from the baseline */
    NskMpt below;
    bool hyphenated; /* ends within a word */
    NskPiece *pieces;
    size_t n_pieces;
    const struct _NskNote **notes; /* footnotes and floats whose anchor is in the line */
    size_t n_notes;
} NskLine;

/* ---- vertical lists ---- */

#define NSK_NEVER 1000000000 /* penalty of a break that is not allowed */

typedef struct _NskVList NskVList;
typedef struct _NskFrame NskFrame;
typedef struct _NskParallel NskParallel;
typedef struct _NskTable NskTable;

/* The box of a formatting object that holds others: its tag, background, border, padding. */
struct _NskFrame {
    NskFrame *parent;
    NskFoNode *node;
    NskMpt x, width;  /* of the content rectangle in the reference area */
    NskMpt border[4]; /* before, after, start, end */
    NskMpt padding[4];
    NskMpt retained[2];  /* border and padding, before and after, that this frame and those around
                          * it have even where they are cut */
    size_t boxes_before; /* of its list, when it began */
    bool visible;        /* has a background or a border */
};

typedef enum {
    NSK_V_GLUE,
    NSK_V_LINE,
    NSK_V_SLICE,
    NSK_V_PAD, /* padding and border of a frame */
    NSK_V_OPEN,
    NSK_V_CLOSE,
    NSK_V_OUT /* an absolutely placed block-container; takes no room */
} NskVKind;

/*
 * An item.  A list begins and ends with glue, and between two boxes there is exactly one glue; a
 * list may be broken at glue only.  When it is broken there, its height is replaced by @trail on
 * the page before and @lead on the page after.
 */
typedef struct {
    NskVKind kind;
    NskMpt height; /* LINE, SLICE, PAD; GLUE: the optimum */
    NskMpt shrink; /* GLUE */
    NskMpt lead, trail;
    int penalty;           /* GLUE: 0 to NSK_NEVER, of a break between columns */
    int page_penalty;      /* GLUE: the same between pages; not less */
    NskFoWord forced;      /* GLUE: NONE_OF_THEM, COLUMN, PAGE, EVEN_PAGE, ODD_PAGE */
    const NskTable *table; /* GLUE: whose header and footer are repeated at the break */
    const NskFoNode *node; /* what messages name */
    union {
        const NskLine *line;
        const NskFrame *frame; /* OPEN, CLOSE, PAD; GLUE: the innermost open one or NULL */
        const NskParallel *parallel;
        const struct _NskOut *out;
    };
    unsigned step; /* SLICE: from this step of the parallel to the next */
} NskVItem;

/* A footnote, or a float at the head of the page. */
typedef struct _NskNote {
    NskFoNode *node; /* footnote-body or float */
    const NskVList *list;
    bool is_float;
} NskNote;

/* What has to be on the page of an item. */
typedef struct {
    size_t item;
    const NskNote *note;
} NskAnchor;

struct _NskVList {
    NskVItem *items;
    size_t n;
    NskAnchor *anchors; /* by item */
    size_t n_anchors;
    NskFoWord forced[2]; /* breaks asked for before the first box and after the last */
    bool rl;             /* writing-mode rl-tb: starts at the right */
    bool continued;      /* what came before the first glue has been placed and forgotten */
    int64_t *sums;       /* height of all items before, n + 1 of them */
    int64_t *shrinks;    /* the same of shrink */
    NskMpt width;        /* of the reference area */
};

/* One column of a parallel: a list item's label or body, a table cell. */
typedef struct {
    const NskVList *list;
    NskFoNode *node;
    NskMpt x;                     /* of the content in the reference area */
    NskMpt width;                 /* of the content */
    NskMpt before, after;         /* border and padding over and under the content */
    NskMpt cut_before, cut_after; /* the same where the column is cut */
    NskMpt top, bottom;           /* in the whole parallel, unbroken; of its rows */
    const struct _NskCell *cell;  /* NULL for list items */
    NskFoWord align;              /* display-align of the content in it */
    int turn;  /* reference-orientation of the content, which is then one piece */
    bool clip; /* what sticks out is not drawn */
} NskColumn;

/* How far each column has come where the parallel may be broken. */
typedef struct {
    NskMpt offset; /* of the break in the unbroken parallel */
    NskMpt extra;  /* height added before the break because columns do not break alike */
    int penalty;
    NskFoWord forced;
    size_t *at; /* for each column the glue of its list */
} NskStep;

struct _NskParallel {
    NskFoNode *node;
    NskColumn *columns;
    size_t n_columns;
    NskStep *steps; /* the first is the beginning, the last the end */
    size_t n_steps;
    NskMpt height;
};

/* An edge of a cell. */
typedef struct {
    NskMpt width;
    NskFoWord style;
    NskPdfColour color;
} NskEdge;

/* What a table draws around a cell. */
typedef struct _NskCell {
    NskFoNode *node;
    NskMpt x, width;  /* of the border rectangle (collapsed: between the middles of its edges) */
    NskEdge edges[4]; /* before, after, start, end */
    bool collapsed;
    const NskFoNode *backgrounds[4]; /* column, part, row, cell; NULL for none */
    bool draw_after;                 /* no cell below would draw the edge after it */
    bool draw_end;
} NskCell;

/* Header and footer that are repeated where a table breaks. */
struct _NskTable {
    const NskVList *header; /* NULL for none, or omitted at breaks */
    const NskVList *footer;
    NskMpt header_height;
    NskMpt footer_height;
};

/* An absolutely placed block-container. */
typedef struct _NskOut {
    NskFoNode *node;
    const NskVList *list;
    NskMpt x, y, width, height; /* in the reference area, or on the page if fixed */
    NskMpt inset[4];            /* border and padding: before, after, start, end */
    int turn;                   /* reference-orientation */
    bool clip;
    bool fixed;
    bool from_bottom; /* y counts from the reference area's bottom to the container's */
    bool from_right;
} NskOut;

/* Height of the part between the glue @from and the glue @to. */
int64_t nsk_vlist_height(const NskVList *self, size_t from, size_t to);
/* The whole. */
NskMpt nsk_vlist_full(const NskVList *self);

/* ---- areas ---- */

typedef enum {
    NSK_AREA_ELEMENT, /* begins owner's structure element; draws nothing */
    NSK_AREA_TEXT,
    NSK_AREA_FILL,
    NSK_AREA_LINE,
    NSK_AREA_IMAGE,
    NSK_AREA_QR,
    NSK_AREA_FIELD,
    NSK_AREA_LINK,
    NSK_AREA_TILES, /* background image of object */
    NSK_AREA_TURN,  /* until POP coordinates count from rect's corner, turned */
    NSK_AREA_CLIP,  /* until POP nothing is drawn outside rect */
    NSK_AREA_POP,
} NskAreaKind;

typedef struct {
    NskAreaKind kind;
    NskFoNode *owner; /* whose element it is content of; NULL: an artifact */
    NskPdfRect rect;  /* TEXT: x and y are of the baseline's start, width its advance */
    NskPdfColour color;
    union {
        struct {
            const NskPiece *piece;
        } text;
        struct {
            NskFoWord style;
            int side; /* 0 before, 1 after, 2 start, 3 end */
        } line;
        int turn;                /* TURN: degrees clockwise */
        const NskFoNode *object; /* IMAGE, QR, FIELD, LINK, TILES */
    };
} NskArea;

/* An object with markers, on a page. */
typedef struct {
    NskFoNode *node;
    bool starts, ends; /* on this page */
} NskMark;

/* Areas that are drawn out of their order. */
typedef struct {
    guint from, to;
    int z;
} NskLayer;

typedef struct {
    unsigned index; /* in the document, from 0 */
    NskMpt width, height;
    int number; /* as printed */
    const NskFoNode *master;
    const NskFoNode *sequence;
    bool blank;
    GArray *areas;   /* of NskArea, in reading order */
    GArray *marks;   /* of NskMark, in the order of the flow */
    GArray *layers;  /* of NskLayer */
    unsigned turned; /* turns that are open while areas are placed */
    NskMpt turned_y; /* where the outermost is */
} NskPage;

/* ---- the state of one document ---- */

typedef struct {
    NskFoTree *tree;
    const NskFoOptions *options;
    GPtrArray *builders;  /* NskBuilder not in use */
    NskArena *document;   /* lives as long as this */
    NskArena *arena;      /* of what lives until it is placed; may be the same */
    NskPdf *pdf;          /* knows the images; drawing comes last */
    GPtrArray *pages;     /* of NskPage: those that are kept */
    unsigned n_pages;     /* of this pass so far */
    guint n_issues;       /* before a page was tried */
    bool keeps_all;       /* however many pages there are */
    bool looks_ahead;     /* something may depend on pages to come */
    bool is_long;         /* pages are not kept */
    bool draws;           /* pages are drawn as soon as they are complete */
    GHashTable *fonts[4]; /* families -> NskFont, for regular, bold, italic, both */
    GHashTable *images;
    GHashTable *first_pages; /* id or node -> printed number + 1 */
    GHashTable *last_pages;
    GHashTable *old_first_pages; /* the same of the pass before */
    GHashTable *old_last_pages;
    GHashTable *carried;      /* marker-class-name -> what static.c knows of earlier pages */
    GHashTable *destinations; /* id -> NskPlace */
    NskMpt note_width;        /* of footnotes; 0 outside of flows */
    const NskPage *page;      /* while static content is laid out; else NULL */
    bool artifact;            /* what is placed now belongs to no element */
    bool unsettled;           /* a number was needed that this pass has to find first */
    unsigned depth;           /* of nested lists */
    size_t n_atoms;           /* shaped so far; bounded by NSK_LIMIT_FO_GLYPHS */
    GError *error;            /* a failure that is no fault of the document */
} NskLayout;

typedef struct {
    unsigned page; /* counted from 0 */
    NskMpt y;
} NskPlace;

/* ---- bidi.c ---- */

/* The embedding level of each byte of @text, in the arena; NULL if all are 0.  @rtl: the paragraph
 * runs from right to left. */
const uint8_t *nsk_bidi_levels(NskLayout *self, const char *text, size_t size, bool rtl);
/* Puts the pieces of a line, which begins at @x, in the order in which they are seen. */
void nsk_bidi_reorder(NskPiece *pieces, size_t n, NskMpt x);

/* ---- inline.c ---- */

/*
 * The inline content from @first up to @end (a sibling, or NULL) of the block @block as atoms;
 * @width is what percentages refer to.  NULL if there is nothing to print.
 */
NskParagraph *nsk_inline_collect(NskLayout *self,
                                 NskFoNode *block,
                                 NskFoNode *first,
                                 const NskFoNode *end,
                                 NskMpt width);
const NskStyle *
nsk_style_new(NskLayout *self, NskFoNode *node, NskFoNode *owner, const NskStyle *parent);
/* The same style for letters that small-caps sets as smaller capitals. */
const NskStyle *nsk_style_small(NskLayout *self, const NskStyle *style);
/* The same style for a graphic @height high, which has a baseline table of its own. */
const NskStyle *nsk_style_of_object(NskLayout *self, const NskStyle *style, NskMpt height);
/* The hyphenation character of the style, "-" if its font lacks it, and its advance. */
const char *nsk_style_hyphen(const NskStyle *self);
NskMpt nsk_style_hyphen_width(const NskStyle *self);

/* ---- number.c ---- */

/* The page number as the page-sequence around @node has it; g_free() it. */
char *nsk_number_format(NskLayout *self, const NskFoNode *node, int number);

/* ---- note.c ---- */

/* Lays out a footnote-body or float. */
NskNote *nsk_note_new(NskLayout *self, NskFoNode *node);
/* Whether the piece is the mark that a footnote or float leaves in its line. */
bool nsk_note_is_anchor(const NskPiece *piece);
/* Gives the line the notes whose anchors are in it. */
void nsk_note_find(NskLayout *self, NskLine *line);
/* Reports every footnote and float in @list, which stands where no page can take them. */
void nsk_vlist_refuse_notes(NskLayout *self, const NskVList *list);
/* Reports every forced break in @list, which stands where none can be. */
void nsk_vlist_refuse_breaks(NskLayout *self, const NskVList *list);

/* ---- object.c: sizes of inline objects, which also loads images ---- */

typedef struct {
    NskMpt width, height; /* of the viewport */
    NskMpt content_width,
        content_height; /* of what is drawn in it, centred as display-align says */
} NskObjectSize;

NskObjectSize nsk_object_size(NskLayout *self, const NskFoNode *node, NskMpt reference);
/* Border and padding of @node: before, after, start, end. */
void nsk_object_insets(const NskFoNode *node, NskMpt reference, NskMpt out_insets[4]);
/* The image that @property of @node names; NULL after a reported failure. */
const NskPdfImage *nsk_object_load(NskLayout *self, const NskFoNode *node, NskFoProperty property);
/* What a URI specification such as "url('a')" or "a" names; g_free() it. */
char *nsk_object_uri(const char *text);
/* Whether a reader that follows @uri, a plain one, goes somewhere and runs nothing; else false with
 * an issue reported. */
bool nsk_object_check_uri(NskLayout *self, const NskFoNode *node, const char *uri);
/* The image of an external-graphic; NULL after a reported failure. */
const NskPdfImage *nsk_object_image(NskLayout *self, const NskFoNode *node);

/* ---- hyphen.c ---- */

/*
 * Marks where the word may be hyphenated: out_marks[i] is set if a hyphen may stand before byte i.
 * False with @error NOT_FOUND if the language's patterns are not installed; languages without
 * patterns of ours mark nothing.
 */
bool nsk_hyphen_word(const char *language,
                     const char *word,
                     size_t size,
                     uint8_t *out_marks,
                     GError **error);

/* ---- breaks.c ---- */

/* Every place where a line may end, in order, the end of the paragraph last: a new GArray of
 * NskBreak. */
typedef struct {
    bool hyphenate; /* look for hyphens within words */
    bool stretch;   /* blanks may be widened */
    bool shrink;    /* and narrowed */
} NskBreakRules;

GArray *
nsk_breaks_find(NskLayout *layout, const NskParagraph *paragraph, const NskBreakRules *rules);

/* ---- linebreak.c ---- */

typedef struct {
    NskMpt first_width;  /* of the first line */
    NskMpt width;        /* of the others */
    NskMpt stretch;      /* of every line besides its blanks' */
    NskMpt last_stretch; /* the same of the last */
    NskMpt last_indent;  /* what the last leaves free */
    int ladder;          /* most lines in a row that may end in a hyphen; 0 for no limit */
    bool hyphens;        /* flagged breaks may be taken, if nothing fits without */
    bool no_wrap;        /* only forced breaks */
} NskLineShape;

/*
 * Chooses where lines end: indices into @breaks, in order, the last being the last break.  Returns
 * their number; *out_chosen lives in @arena.
 */
size_t nsk_linebreak_choose(NskArena *arena,
                            const NskBreak *breaks,
                            size_t n_breaks,
                            const NskLineShape *shape,
                            uint32_t **out_chosen);

/* ---- line.c ---- */

/*
 * Breaks @paragraph into lines for a block whose content begins at @x and is @width wide.  The
 * lines live in the arena.
 */
size_t nsk_line_build(NskLayout *self,
                      const NskFoNode *block,
                      const NskParagraph *paragraph,
                      NskMpt x,
                      NskMpt width,
                      NskLine **out_lines);

/* ---- vlist.c ---- */

/* Collects a vertical list; see vlist.c for the rules of spaces and keeps. */
typedef struct _NskBuilder NskBuilder;

NskBuilder *nsk_builder_new(NskLayout *layout, NskMpt width);
NskLayout *nsk_builder_layout(NskBuilder *self);
NskMpt nsk_builder_width(const NskBuilder *self);
/* For containers: frees an NskBuilder that is not in use. */
void nsk_builder_free(void *builder);
/* Ends the list; the builder is gone afterwards. */
NskVList *nsk_builder_finish(NskBuilder *self);
/* Begins and ends a formatting object: its spaces, keeps, breaks and frame. */
void nsk_builder_open(NskBuilder *self, NskFoNode *node);
void nsk_builder_close(NskBuilder *self, NskFoNode *node);
/* Adds a box (LINE, SLICE) with the glue before it.  @penalty is the least of that glue. */
void nsk_builder_box(NskBuilder *self, const NskVItem *item, int penalty, NskMpt extra);
void nsk_builder_out(NskBuilder *self, const NskOut *out);
/* The next box stands on the page, and if @column in the column, of the one before it. */
void nsk_builder_keep(NskBuilder *self, bool column);
/* What the next box needs over it where it begins a page. */
void nsk_builder_set_lead(NskBuilder *self, NskMpt lead);
/* A float that belongs to the next box. */
void nsk_builder_note(NskBuilder *self, NskNote *note);
/* Takes what it can of the list from its beginning; returns the index of the glue with which the
 * rest begins, 0 for nothing.  What it took is forgotten. */
typedef size_t (*NskSink)(void *data, const NskVList *list);
void nsk_builder_set_sink(NskBuilder *self, NskSink sink, void *data);
/* Nothing in the arena is needed but by the items: a moment for the sink. */
void nsk_builder_checkpoint(NskBuilder *self);
/* Border and padding that @self alone keeps at @side (0 before, 1 after) where it is cut. */
NskMpt nsk_frame_retained(const NskFrame *self, int side);
/* All following glue that lies between two boxes gets @table; NULL ends it. */
void nsk_builder_set_table(NskBuilder *self, const NskTable *table);
void nsk_builder_parallel(NskBuilder *self, const NskParallel *parallel, int penalty);

/* ---- block.c, list.c, table.c ---- */

/* Adds the block-level children of @parent. */
void nsk_block_children(NskBuilder *builder, NskFoNode *parent);
/* Those from @first up to @end. */
void
nsk_block_range(NskBuilder *builder, NskFoNode *parent, NskFoNode *first, const NskFoNode *end);
/* Whether the writing-mode begins at the right. */
bool nsk_block_is_rl(const NskFoNode *node);
/* The children of @node as a list of their own. */
NskVList *nsk_block_list(NskLayout *layout, NskFoNode *node, NskMpt width);
/*
 * The list of a container.  Its width is the length of its lines and its height the sum of them,
 * however it is turned; *out_box is the size it has upright.
 */
NskVList *
nsk_block_container(NskLayout *layout, NskFoNode *node, NskMpt width, NskPdfRect *out_box);
/* How far below the top of @list its first baseline lies; -1 if it begins with no line. */
NskMpt nsk_vlist_baseline(const NskVList *list);
void nsk_list_add(NskBuilder *builder, NskFoNode *list);
void nsk_table_add(NskBuilder *builder, NskFoNode *table);
void nsk_caption_add(NskBuilder *builder, NskFoNode *table_and_caption);

/* ---- parallel.c ---- */

/* Finds the steps at which columns that begin together may be broken; columns are filled in. */
void nsk_parallel_step(NskLayout *layout, NskParallel *self, NskMpt min_height);
/* No break within, and exactly @height high. */
void nsk_parallel_fix(NskLayout *layout, NskParallel *self, NskMpt height);
/* The same for rows joined by row spans: breaks at @rows, the rows' tops, @n of them and the end.
 */
void nsk_parallel_step_rows(NskLayout *layout, NskParallel *self, const NskMpt *rows, size_t n);

/* ---- place.c ---- */

typedef struct {
    NskPage *page;
    NskPdfRect area; /* the reference area: the region, a container, a cell */
    double shrink;   /* 0 to 1: how much of the glue's shrink is used */
    bool rl;         /* x counts from the right */
} NskTarget;

/* Places the part of @list between two glues at the target's top left corner. */
void
nsk_place(NskLayout *self, const NskVList *list, size_t from, size_t to, const NskTarget *target);
NskArea *nsk_place_area(NskPage *page, NskAreaKind kind, NskFoNode *owner, const NskPdfRect *rect);

/* ---- page.c ---- */

/* Lays out the whole document into self->pages.  False with @error set. */
bool nsk_page_layout(NskLayout *self, GError **error);
/* For containers: frees an NskPage. */
void nsk_page_free(void *page);

/* ---- draw.c ---- */

/* All pages that are kept. */
bool nsk_draw_pages(NskLayout *self, GError **error);
bool nsk_draw_page(NskLayout *self, const NskPage *page, GError **error);

/* ---- bookmark.c ---- */

/* The bookmark-tree as the PDF's outline, when every page has been drawn. */
void nsk_bookmark_draw(NskLayout *self);

/* ---- border.c ---- */

/* An area LINE. */
void nsk_border_draw(NskPdf *pdf, const NskArea *area);
/* An area TILES. */
void nsk_tiles_draw(NskLayout *self, const NskArea *area);

/* ---- render.c: the steps of nsk_fo_render(), for tests ---- */

/* Reads and lays out, and keeps every page; NULL with @error set. */
NskLayout *nsk_layout_new(const NskXmlDoc *fo, const NskFoOptions *options, GError **error);
void nsk_layout_free(NskLayout *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskArena, nsk_arena_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskLayout, nsk_layout_free)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "docx/docx.h"
#include "xml/xml.h"

#include <stdint.h>

/*
 * What a document is made of once it is read: stories (body, headers, footers, notes, text boxes)
 * of blocks, which are paragraphs or tables.
 */
typedef enum {
    NSK_DOCX_BODY,
    NSK_DOCX_HEADER,
    NSK_DOCX_FOOTER,
    NSK_DOCX_FOOTNOTE,
    NSK_DOCX_ENDNOTE,
    NSK_DOCX_BOX,
} NskDocxStoryKind;

/* Where something stands; all counted from 1, 0 where there is none. */
typedef struct {
    NskDocxStoryKind story;
    unsigned number; /* of the header, note or box */
    unsigned table;
    unsigned row;
    unsigned cell;
    unsigned paragraph; /* in the cell, or outside of tables in the story */
} NskDocxPlace;

/* In the user's language: "body, table 1, row 2, cell 3, paragraph 1"; freed with g_free(). */
char *nsk_docx_place_words(const NskDocxPlace *place);

enum {
    NSK_DOCX_BOLD = 1 << 0,
    NSK_DOCX_ITALIC = 1 << 1,
    NSK_DOCX_UNDERLINE = 1 << 2,
    NSK_DOCX_SUB = 1 << 3,
    NSK_DOCX_SUP = 1 << 4,
    NSK_DOCX_CAPS = 1 << 5,
    NSK_DOCX_HIDDEN = 1 << 6,
    NSK_DOCX_STRUCK = 1 << 7,
};
/* Those that a letter can hold. */
#define NSK_DOCX_KEPT                                                                              \
    (unsigned)(NSK_DOCX_BOLD | NSK_DOCX_ITALIC | NSK_DOCX_UNDERLINE | NSK_DOCX_SUB | NSK_DOCX_SUP)

/* With these marks go, in one number: */
#define NSK_DOCX_FAMILY_SHIFT 8 /* an NskDocxFamily */
#define NSK_DOCX_FAMILY_MASK  0x700u
#define NSK_DOCX_SIZE_SHIFT   16 /* half points of the font's size; 0: nobody said */

typedef enum {
    NSK_DOCX_FAMILY_NONE, /* nobody said */
    NSK_DOCX_FAMILY_SERIF,
    NSK_DOCX_FAMILY_SANS,
    NSK_DOCX_FAMILY_MONO,
    NSK_DOCX_FAMILY_BOOKMAN,
} NskDocxFamily;

/* From the byte @at of the text on. */
typedef struct {
    guint at;
    unsigned marks;
} NskDocxRun;

typedef enum { NSK_DOCX_ALIGN_NONE, NSK_DOCX_ALIGN_CENTRE, NSK_DOCX_ALIGN_RIGHT } NskDocxAlign;

typedef struct {
    int at; /* from the left margin */
    NskDocxAlign align;
} NskDocxTab;

#define NSK_DOCX_MOST_TABS 16

/* How a paragraph stands on a page; lengths in twips, of which 20 are a point. */
typedef struct {
    int left, right;
    int first; /* of the first line, beyond @left; less than 0: it hangs out */
    int before, after;
    int line;         /* height of lines: 240 is one line of its font; 0: nobody said */
    bool line_is_set; /* @line is a length */
    bool justified;
    bool on_new_page;
    bool ends_page;
    bool keep_next;
    bool keep_lines;
    bool contextual; /* no space between paragraphs of its style */
    unsigned style;  /* a hash of its style's id */
    unsigned n_tabs;
    NskDocxTab tabs[NSK_DOCX_MOST_TABS]; /* ascending */
} NskDocxLayout;

typedef struct {
    NskDocxPlace place;
    GString *text; /* UTF-8; a tab is '\t', a line break '\n' */
    GArray
        *runs; /* NskDocxRun, ascending, of marks that a letter keeps; none if there is no text */
    GArray *looks; /* the same with all marks, sizes and families */
    NskDocxLayout layout;
    unsigned look;  /* of what has no run: marks, size, family */
    unsigned sheet; /* the section that ends here, counted from 1; 0: none does */
    char *label;    /* of an item, as it prints: "1.", "BAB II"; or NULL */
    NskDocxAlign align;
    unsigned heading; /* 1 to 9; 0: none */
    bool title;
    bool listed;
    const char *list_type; /* as of <ol>; NULL: bullets; static */
    unsigned list;         /* which list */
    unsigned depth;        /* in it, from 0 */
    unsigned number;       /* of the item */
} NskDocxParagraph;

typedef enum { NSK_DOCX_MERGE_NONE, NSK_DOCX_MERGE_START, NSK_DOCX_MERGE_GOES_ON } NskDocxMerge;

typedef struct {
    unsigned span; /* columns, at least 1 */
    bool ruled;    /* has lines around it */
    NskDocxMerge merge;
    GPtrArray *blocks;
} NskDocxCell;

typedef struct {
    bool head;
    int height;       /* twips, at least; 0: nobody said */
    GPtrArray *cells; /* NskDocxCell */
} NskDocxRow;

typedef struct {
    NskDocxPlace place; /* without row, cell and paragraph */
    bool ruled;         /* as its style or itself says; cells may say otherwise */
    bool centred;
    int indent;      /* twips */
    GArray *widths;  /* unsigned, twips, as the grid says */
    GPtrArray *rows; /* NskDocxRow */
} NskDocxTable;

/* One of the two. */
typedef struct {
    NskDocxParagraph *paragraph;
    NskDocxTable *table;
} NskDocxBlock;

typedef struct {
    NskDocxStoryKind kind;
    unsigned number;
    char *part;        /* of headers and footers: its name in the package; else NULL */
    GPtrArray *blocks; /* NskDocxBlock */
} NskDocxStory;

/* The pages of a section, in twips. */
typedef struct {
    int width, height;
    int top, right, bottom, left;
    int header, footer; /* from the edges of the page */
    bool first_differs; /* the first page has head and foot of its own, or none */
    bool continues;     /* on the page on which the section before it ends */
    unsigned start;     /* number of its first page; 0: goes on */
    /* names of relationships while it is read, then of stories: [0] of all pages, [1] of the first;
     * owned, may be NULL */
    char *headers[2];
    char *footers[2];
} NskDocxSheet;

typedef struct _NskDocxStyles NskDocxStyles;

/* In a text of a header or a footer: what fields of page numbers say. */
#define NSK_DOCX_PAGE_NUMBER "\xee\x80\x80" /* U+E000 */
#define NSK_DOCX_PAGE_COUNT  "\xee\x80\x81" /* U+E001 */

/* What pages can hold and a letter cannot; a letter's draft tells it as "docx-lost". */
#define NSK_DOCX_LOST_IN_LETTER "docx-lost-in-letter"

struct _NskDocx {
    char *name;
    GPtrArray *stories; /* NskDocxStory; the body is the first */
    NskIssues *lost;    /* what was met in reading that a letter cannot hold */
    GArray *sheets;     /* NskDocxSheet, one a section */
};

/* --- The package --- */

/* Names of parts by the ids of relationships, of which strings are owned. */
GHashTable *nsk_docx_relations(GHashTable *parts, const char *part, GError **error);
/* The part that the relationship file of @part names for a relationship of the type that ends in
 * "/TYPE"; all of them in the order of the file; names owned.  @part "": of the package. */
GPtrArray *nsk_docx_related(GHashTable *parts, const char *part, const char *type, GError **error);
/* A part as XML; NULL without @error if there is none of that name. */
NskXmlDoc *nsk_docx_part(GHashTable *parts, const char *document, const char *part, GError **error);
/* Findings about macros, and what lies outside of the package. */
bool
nsk_docx_check_package(GHashTable *parts, const char *document, NskIssues *issues, GError **error);

/* --- Styles and lists --- */

/* Any of the two may be NULL; both must live as long as what is made of them. */
NskDocxStyles *nsk_docx_styles_new(const NskXmlDoc *styles, const NskXmlDoc *numbering);
void nsk_docx_styles_free(NskDocxStyles *self);
/* Fills in all but place, text and runs, from <w:pPr> (may be NULL), counting lists.
 * @out_marks: of its runs. */
void nsk_docx_styles_paragraph(NskDocxStyles *self,
                               const NskXmlNode *properties,
                               NskDocxParagraph *paragraph,
                               unsigned *out_marks);
/* What of a run by its <w:rPr>, within a paragraph of @marks. */
unsigned
nsk_docx_styles_run(const NskDocxStyles *self, const NskXmlNode *properties, unsigned marks);

/* What of a table has lines, by its <w:tblPr> (may be NULL). */
bool nsk_docx_styles_ruled(const NskDocxStyles *self, const NskXmlNode *properties);

/* --- How it looks on a page (layout.c, label.c) --- */

/* What <w:pPr> says over what was said before. */
void nsk_docx_layout_apply(NskDocxLayout *self, const NskXmlNode *properties);
/* Size and family of <w:rPr> over those of @marks. */
unsigned nsk_docx_look_apply(const NskXmlNode *properties, unsigned marks);
/* What <w:sectPr> says, over the section before, or over A4; false if there are too many. */
bool nsk_docx_add_sheet(NskDocx *self, const NskXmlNode *properties);
/* 1 if <w:tblBorders> or <w:tcBorders> in @properties has lines, 0 if it has none, -1 if nobody
 * says. */
int nsk_docx_borders(const NskXmlNode *properties, const char *name);
int nsk_docx_twips(const char *text, int least, int most, int fallback);

#define NSK_DOCX_LEVELS 9
/* The label of an item at @depth by <w:lvlText>, as "%1.%2)"; @formats as of <w:numFmt>, may be
 * NULL; freed with g_free(). */
char *nsk_docx_label(const char *pattern,
                     unsigned depth,
                     const char *const formats[NSK_DOCX_LEVELS],
                     const unsigned numbers[NSK_DOCX_LEVELS]);

/* An attribute of the element's own namespace, or of none. */
const char *nsk_docx_attr(const NskXmlNode *node, const char *name);
/* Whether "w:val" does not say no. */
bool nsk_docx_is_on(const NskXmlNode *node);
/* A number that is written there, bounded; @fallback if there is none. */
unsigned nsk_docx_number(const char *text, unsigned most, unsigned fallback);

/* --- Stories --- */

typedef struct {
    NskDocx *docx;
    NskDocxStyles *styles;
    unsigned boxes;
    unsigned insertions;
    unsigned deletions;
    NskDocxPlace first_change;
} NskDocxReader;

/* Reads the blocks beneath @node as a story, and text boxes in it as others. */
NskDocxStory *nsk_docx_read_story(NskDocxReader *self,
                                  const NskXmlNode *node,
                                  NskDocxStoryKind kind,
                                  unsigned number);
/* Adds what a run, or what parts runs, says.  See text.c. */
typedef struct {
    NskDocxReader *reader;
    NskDocxParagraph *paragraph;
    unsigned marks;  /* of the paragraph */
    GString *fields; /* for each open field: 'c' its code, 'r' its result, 'p' of a page number */
} NskDocxWriter;
void nsk_docx_read_inline(NskDocxWriter *self, const NskXmlNode *node);

void nsk_docx_lose(NskDocx *self, const NskDocxPlace *place, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/* The same of what pages can hold. */
void nsk_docx_lose_in_letter(NskDocx *self, const NskDocxPlace *place, const char *text);
/* A warning at a place. */
void nsk_docx_warn(const char *name,
                   NskIssues *issues,
                   const char *tag,
                   const NskDocxPlace *place,
                   const char *format,
                   ...) G_GNUC_PRINTF(5, 6);

/* --- Tags --- */

/* The next thing at or after byte *at that is, or was meant as, a tag. */
typedef struct {
    guint start;
    guint end; /* behind it */
    NskDocxMeaning meaning;
    unsigned signatory;
    const char *fault;   /* of a broken one: what is wrong, English, static, marked */
    const char *nearest; /* static; NULL: nothing is near */
} NskDocxMatch;
bool nsk_docx_find_tag(const char *text, guint at, NskDocxMatch *out);
/* Calls for each paragraph of @blocks, those of tables as well. */
void nsk_docx_each_paragraph(const GPtrArray *blocks,
                             void (*call)(const NskDocxParagraph *paragraph, void *data),
                             void *data);

/* --- The draft --- */

/* What is found at the head and at the foot; texts owned, NULL where nothing was said. */
typedef struct {
    char *subject;
    char *place;
    const char *security; /* static */
    const char *urgency;  /* static */
    GPtrArray *to;        /* NskDocxParty */
    GPtrArray *copies;    /* NskDocxParty */
} NskDocxFields;

typedef struct {
    GString *name;
    char *attention;
    char *place;
} NskDocxParty;

typedef struct {
    const NskDocx *docx;
    const char *kind;
    NskIssues *issues;
    GPtrArray *blocks; /* of the body, borrowed */
    bool *taken;       /* by block: it is no part of the text */
    NskDocxFields fields;
} NskDocxDrafter;

/* Marks the blocks that are the letterhead, head lines, the signature and the copies as taken, and
 * fills in the fields. */
void nsk_docx_take_head(NskDocxDrafter *self);
/* A line "LABEL : VALUE" in bytes; false if it is none. */
typedef struct {
    gsize start; /* of the label */
    gsize end;   /* behind it, without blanks */
    gsize colon;
    gsize value; /* where what stands behind the colon begins */
} NskDocxLabel;
bool nsk_docx_split_label(const char *line, NskDocxLabel *out);
/* The text of a block on lines, for reading heads; owned. */
char *nsk_docx_block_lines(const NskDocxBlock *block);
/* Adds the blocks that are not taken to <body>. */
void nsk_docx_add_body(NskDocxDrafter *self, NskXmlNode *body);
/* Text as a letter may have it: without signs that cannot be seen, blanks folded, of bounded size;
 * freed with g_free(). */
char *nsk_docx_clean(const char *text, gssize size);
/* Whether the paragraph says nothing. */
bool nsk_docx_is_blank(const NskDocxParagraph *paragraph);
/* Adds a part of a paragraph's text to @node. */
void nsk_docx_add_inline(NskXmlNode *node, const NskDocxParagraph *paragraph, gsize from);
/* Adds a table to a body: as rows of label and content, as a table, or as paragraphs. */
void nsk_docx_add_table(NskDocxDrafter *self, NskXmlNode *parent, const NskDocxTable *table);
/* Columns of a row; and how many rows from @row on, before @end, the cell at @column is in, of
 * which those below go into @absorbed. */
unsigned nsk_docx_row_width(const NskDocxRow *row);
unsigned nsk_docx_row_span(const NskDocxTable *table,
                           guint row,
                           guint end,
                           unsigned column,
                           GHashTable *absorbed);
/* Adds what may stand in a cell or in an item. */
void nsk_docx_add_plain(NskDocxDrafter *self, NskXmlNode *parent, const GPtrArray *blocks);
/* Adds the list that begins at @index; gives the index behind it. */
guint
nsk_docx_add_list(NskDocxDrafter *self, NskXmlNode *parent, const GPtrArray *blocks, guint index);

/* --- Pages --- */

typedef struct {
    const NskDocx *docx;
    NskIssues *issues;
} NskDocxPager;
/* Adds blocks to @parent, which is @width twips wide, as formatting objects; at least one. */
void nsk_docx_add_flow(NskDocxPager *self, NskXmlNode *parent, const GPtrArray *blocks, int width);
/* @space: twips above it. */
void nsk_docx_add_fo_table(NskDocxPager *self,
                           NskXmlNode *parent,
                           const NskDocxTable *table,
                           int width,
                           int space);
/* Twips as points. */
void nsk_docx_set_length(NskXmlNode *node, const char *name, int twips);
/* Height of the blocks in twips, if each paragraph is a line; for what may not grow. */
int nsk_docx_flow_height(const GPtrArray *blocks);

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

/* From the byte @at of the text on. */
typedef struct {
    guint at;
    unsigned marks;
} NskDocxRun;

typedef enum { NSK_DOCX_ALIGN_NONE, NSK_DOCX_ALIGN_CENTRE, NSK_DOCX_ALIGN_RIGHT } NskDocxAlign;

typedef struct {
    NskDocxPlace place;
    GString *text; /* UTF-8; a tab is '\t', a line break '\n' */
    GArray *runs;  /* NskDocxRun, ascending; none if there is no text */
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
    NskDocxMerge merge;
    GPtrArray *blocks;
} NskDocxCell;

typedef struct {
    bool head;
    GPtrArray *cells; /* NskDocxCell */
} NskDocxRow;

typedef struct {
    NskDocxPlace place; /* without row, cell and paragraph */
    GArray *widths;     /* unsigned, as the grid says */
    GPtrArray *rows;    /* NskDocxRow */
} NskDocxTable;

/* One of the two. */
typedef struct {
    NskDocxParagraph *paragraph;
    NskDocxTable *table;
} NskDocxBlock;

typedef struct {
    NskDocxStoryKind kind;
    unsigned number;
    GPtrArray *blocks; /* NskDocxBlock */
} NskDocxStory;

typedef struct _NskDocxStyles NskDocxStyles;

struct _NskDocx {
    char *name;
    GPtrArray *stories; /* NskDocxStory; the body is the first */
    NskIssues *lost;    /* what was met in reading that a letter cannot hold */
};

/* --- The package --- */

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
void nsk_docx_read_story(NskDocxReader *self,
                         const NskXmlNode *node,
                         NskDocxStoryKind kind,
                         unsigned number);
/* Adds what a run, or what parts runs, says.  See text.c. */
typedef struct {
    NskDocxReader *reader;
    NskDocxParagraph *paragraph;
    unsigned marks;  /* of the paragraph */
    GString *fields; /* for each open field: 'c' its code, 'r' its result */
} NskDocxWriter;
void nsk_docx_read_inline(NskDocxWriter *self, const NskXmlNode *node);

void nsk_docx_lose(NskDocx *self, const NskDocxPlace *place, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
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
/* Adds what may stand in a cell or in an item. */
void nsk_docx_add_plain(NskDocxDrafter *self, NskXmlNode *parent, const GPtrArray *blocks);
/* Adds the list that begins at @index; gives the index behind it. */
guint
nsk_docx_add_list(NskDocxDrafter *self, NskXmlNode *parent, const GPtrArray *blocks, guint index);

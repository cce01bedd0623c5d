/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "render/layout/place-private.h"

/* What a page is, for choosing its master. */
typedef struct {
    unsigned index; /* in its sequence, from 0 */
    int number;     /* as printed */
    bool last;
    bool blank;
} NskPageQuery;

/* Where a region's content goes. */
typedef struct {
    NskPdfRect box;  /* the region, upright on the page */
    NskPdfRect area; /* the same as the content sees it: in a turned region from (0, 0) */
    int turn;        /* reference-orientation: 0, 90, 180 or 270, counter-clockwise */
    bool rl;
} NskViewport;

/* ---- master.c ---- */

/* The master that @sequence names; NULL with an issue reported. */
const NskFoNode *nsk_master_find(NskLayout *layout, NskFoNode *sequence);
/* The simple-page-master of one page; never NULL for a master that nsk_master_find() gave. */
const NskFoNode *
nsk_master_choose(NskLayout *layout, const NskFoNode *master, const NskPageQuery *query);
const NskFoNode *nsk_master_body(const NskFoNode *page_master);
/* Where @region, which may be the region-body, lies on the page. */
NskViewport nsk_master_viewport(const NskFoNode *page_master, const NskFoNode *region);
/* region-name, or the default such as "xsl-region-before". */
const char *nsk_master_region_name(const NskFoNode *region);

/* ---- fill.c: what goes on a page ---- */

/* A stretch of the flow that is as wide as one column, or spans all of them. */
typedef struct {
    const NskVList *list;
    bool span;
} NskSegment;

/* Where a page begins. */
typedef struct {
    size_t segment;
    size_t at; /* a glue of its list */
} NskCursor;

/* A stretch of a list on one page. */
typedef struct {
    const NskVList *list;
    size_t from, to;
    NskMpt x, y; /* in the body */
    NskMpt width, height;
    double shrink;
} NskPart;

/* A note, from a glue of its list on. */
typedef struct {
    const NskNote *note;
    size_t from;
} NskRest;

/* What a page may take. */
typedef struct {
    NskLayout *layout;
    const NskSegment *segments;
    size_t n_segments;
    NskCursor start;
    const GArray *rests;  /* NskRest: footnotes left by the page before, then floats */
    NskMpt width, height; /* of the body */
    unsigned columns;
    NskMpt gap;
    NskMpt separator;          /* height of what stands over footnotes */
    const NskFoNode *fallback; /* what messages name where nothing better is there */
    bool short_of_end;         /* something must be left over */
} NskFill;

/* What it takes. */
typedef struct {
    GArray *floats; /* NskPart, at the top */
    GArray *parts;  /* NskPart */
    GArray *notes;  /* NskPart, at the bottom */
    GArray *rests;  /* NskRest: for the next page */
    NskMpt used;    /* by floats and parts */
    NskCursor next;
    NskFoWord forced; /* what ended the page */
    bool end;         /* nothing of the flow is left */
} NskFilled;

/* Fills a page; @out is set up and emptied here, and freed with nsk_filled_clear(). */
void nsk_fill_page(const NskFill *self, NskFilled *out);
void nsk_filled_clear(NskFilled *self);
/* The first forced break of @list behind @from, or its end. */
size_t nsk_fill_next_forced(const NskVList *list, size_t from);

/* ---- choose.c: one break ---- */

typedef struct {
    const NskVList *list;
    size_t from, limit; /* the break is behind @from and not behind @limit */
    int64_t room;
    int64_t notes;    /* height of the page's footnotes so far */
    NskMpt separator; /* needed once if there are footnotes */
    bool column;      /* keeps of pages do not count */
    bool in_columns;  /* room is kept for the footnotes of all columns already */
    bool split;       /* footnotes may be cut */
} NskSearch;

/* The weakest break, the last among equals; 0 for none.  *out_penalty is its penalty. */
size_t nsk_choose_break(const NskSearch *self, int *out_penalty);
/* Height of the footnotes (not floats) anchored from @from up to @to. */
int64_t nsk_choose_notes(const NskVList *list, size_t from, size_t to);

/* ---- static.c ---- */

/* Fills the regions around the body of a page that stands complete. */
void nsk_static_lay(NskLayout *layout, NskPage *page);
/* The static-content of a name that the page-sequence has; NULL for none. */
NskFoNode *nsk_static_find(const NskFoNode *sequence, const char *name);
/* Background and turn of a region; the pair of calls encloses what is placed in it. */
void nsk_static_begin(NskPage *page, const NskFoNode *region, const NskViewport *view);
void nsk_static_end(NskPage *page, const NskViewport *view);

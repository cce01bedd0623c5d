/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "../crypto/fixture.h"
#include "sign/sign.h"

/* A small letter of one page with empty signature fields signatory-1 to signatory-N. */
typedef struct {
    unsigned n_fields;
    bool xref_stream;
    bool no_flags;       /* leave out SigFlags */
    bool direct_form;    /* AcroForm inside the catalog */
    bool no_last_eol;    /* the file ends in %%EOF */
    const char *catalog; /* more keys of the catalog */
    const char *page;    /* more keys of the page */
    const char *trailer; /* more keys of the trailer */
    const char *extra;   /* one more object, number 20, or NULL */
    const char *field;   /* more keys of each field */
} MakePdf;

/* Object numbers that make_pdf() uses. */
enum {
    PDF_CATALOG = 1,
    PDF_PAGES,
    PDF_PAGE,
    PDF_CONTENT,
    PDF_FONT,
    PDF_FORM,
    PDF_LOOK,
    PDF_FIRST_FIELD,
    PDF_EXTRA = 20,
    PDF_SIZE
};

GBytes *make_pdf(const MakePdf *how);

/* One object of an update: its number and what stands between obj and endobj. */
typedef struct {
    unsigned number;
    const char *text;
} MakeObject;

/* @pdf with an incremental update of @objects; @trailer: keys besides Size, Prev and Root. */
GBytes *make_update(GBytes *pdf, const MakeObject *objects, size_t n, const char *trailer);

/* Each signs with @signer; asserts that it goes well. */
GBytes *make_requested(GBytes *pdf, NskIdentity *signer, const NskSignRequest *request);
GBytes *make_signed(GBytes *pdf, NskIdentity *signer, const char *field);
/* An update by another program: up to seven @objects, and a signature with more keys @keys as
 * object 31, or 51 if there is a 31. */
GBytes *
make_foreign(const Demo *demo, GBytes *pdf, const MakeObject *objects, size_t n, const char *keys);
/* The same with a document time stamp of @at. */
GBytes *make_foreign_stamp(const Demo *demo,
                           GBytes *pdf,
                           const MakeObject *objects,
                           size_t n,
                           NskInstant at);
/* @pdf with the first @from replaced by @to, of the same length. */
GBytes *make_replaced(GBytes *pdf, const char *from, const char *to);
/* Where @text first stands in @pdf, which must have it. */
size_t find_text(GBytes *pdf, const char *text);
/* The verdict on @pdf with the demo's root trusted. */
NskVerdict *judge(const Demo *demo, GBytes *pdf);
/* Whether an issue with @tag stands in the verdict or in one of its signatures. */
bool has_tag(const NskVerdict *verdict, const char *tag);
/* Every tag in the verdict, for messages; freed with g_free(). */
char *list_tags(const NskVerdict *verdict);

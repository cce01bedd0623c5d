/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sign/pdf-private.h"

/* An incremental update being written behind a document; borrows the document.  A handle. */
typedef struct {
    PdfDocument *document;
    GString *out;
    GArray *written;      /* the objects so far */
    uint32_t next;        /* the lowest object number that nothing uses */
    size_t range_at;      /* where ByteRange goes */
    size_t gap;           /* offset of Contents' '<'; 0: none */
    size_t contents_size; /* bytes of DER that Contents has room for */
} PdfUpdate;

/* A key of a dictionary and what it becomes, as PDF. */
typedef struct {
    const char *key;
    const char *text;
} PdfEdit;

/* @room: how much will be added, more or less. */
PdfUpdate *pdf_update_new(PdfDocument *document, size_t room);
/* A number for a new object. */
uint32_t pdf_update_reserve(PdfUpdate *self);
/* Begins object @number, 0: a new one; what it is goes to @out.  Returns its number. */
uint32_t pdf_update_begin(PdfUpdate *self, uint32_t number);
void pdf_update_end(PdfUpdate *self);
/* Writes an object again with keys set or added; @dict NULL: a new dictionary. */
void pdf_update_change(PdfUpdate *self,
                       uint32_t number,
                       const PdfValue *dict,
                       const PdfEdit *edits,
                       size_t n_edits);
void pdf_update_add_stream(PdfUpdate *self, uint32_t number, GBytes *data);
/* The keys ByteRange and Contents of a signature dictionary, with room for @size bytes of DER. */
void pdf_update_add_contents(PdfUpdate *self, size_t size);
/* The cross-reference and the end; ByteRange is set. */
GBytes *pdf_update_finish(PdfUpdate *self);
void pdf_update_free(PdfUpdate *self);

/* Copies @dict as it is written, with keys set or added; NULL: a new dictionary. */
void pdf_write_dict(GString *out, const PdfValue *dict, const PdfEdit *edits, size_t n_edits);
void pdf_write_name(GString *out, const char *name);
/* Text as a PDF string. */
void pdf_write_text(GString *out, const char *text);

/* Adds the one page of @pdf as the appearance of a field whose Rect is @rect (look.c); the number
 * of the form XObject, 0 after an error.  Errors: INVALID, UNSUPPORTED, LIMIT. */
uint32_t pdf_update_add_look(PdfUpdate *update, GBytes *pdf, const double rect[4], GError **error);

/* @pdf with @der in the Contents whose '<' stands at @gap; there must be room. */
GBytes *pdf_fill_contents(GBytes *pdf, size_t gap, GBytes *der);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdfUpdate, pdf_update_free)

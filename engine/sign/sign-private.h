/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sign/pdf-private.h"
#include "sign/sign.h"

/* How to judge; borrowed. */
typedef struct {
    const NskTrust *trust;
    NskInstant now;
    const NskEvidence *evidence; /* taken as if it were in the PDF; NULL: none */
    GPtrArray *missing;          /* NskSignMissing are added; NULL: not wanted */
    NskCertPool *pool;           /* set by verify_document() */
} Judging;

/* Judges a document already open; loads it. */
NskVerdict *verify_document(PdfDocument *document, const Judging *judging);

/* A signature with what was read of it. */
typedef struct {
    NskSignature *signature; /* borrowed */
    NskCmsVerdict *cms;      /* NULL: a time stamp, or it does not hold */
    NskTokenVerdict *token;  /* of a document time stamp that holds; else NULL */
    GPtrArray *stamps;       /* NskTokenVerdict that hold, of the time stamps inside it */
} Judged;

void judged_free(gpointer judged);
/* A list of NskSignMissing. */
GPtrArray *missing_new(void);
/* Judges times and paths of @judged (Judged by their revisions), of those that hold. */
void
prove_times(PdfDocument *document, GPtrArray *judged, const Judging *judging, NskVerdict *verdict);

/* A PDF that is signed and holds, to be extended.  Errors: as nsk_sign_prepare(), NOT_FOUND if it
 * is not signed. */
PdfDocument *pdf_open_signed(GBytes *pdf, GError **error);
/* The fields of its last revision, as pdf_fields().  Errors: as nsk_sign_prepare(). */
GPtrArray *pdf_last_fields(PdfDocument *document, bool *out_other, GError **error);
/* Whether the verifier accepts a new PDF: the signature in @field is the last thing in it, or, with
 * NULL, all hold.  Errors: INTERNAL. */
bool pdf_check_result(GBytes *pdf, const char *field, NskInstant at, GError **error);

/* What signatures forbid or allow after themselves (ISO 32000-2, 12.8.2). */
typedef struct {
    unsigned no_fills_after; /* a certification with P 1 is in this revision; G_MAXUINT: none */
    unsigned certified;      /* any certification; the same */
    unsigned may_annotate;   /* one with P 3; the same */
    GPtrArray *locks;        /* FieldLock */
    GHashTable *signed_in;   /* revisions (index + 1) whose own signature holds */
} Permissions;

/* A FieldMDP (12.8.2.4). */
typedef struct {
    unsigned revision;
    bool except;      /* the names are those that stay open */
    GPtrArray *names; /* full names, owned; a name stands for all below it */
} FieldLock;

/*
 * Compares each revision after @first with the one before it, by the rules of difference.c.
 * Returns the first revision that changed more than it may, with an issue, or the number of
 * revisions.  @out_doubt: something was added that a reader must look at.
 */
unsigned check_differences(PdfDocument *document,
                           unsigned first,
                           const Permissions *permissions,
                           NskIssues *issues,
                           bool *out_doubt);

/* Whether @value is the dictionary of a signature or a document time stamp. */
bool is_signature_dictionary(const PdfValue *value);
bool is_time_stamp(const PdfValue *value);

/* Refuses active content in a PDF that is to be signed.  Errors: NSK_ERROR_INVALID. */
bool check_static(PdfDocument *document, GError **error);

/* Reads "D:20260722090000+07'00'".  False if it is not well formed. */
bool pdf_date_parse(const char *text, NskInstant *out_at, int *out_offset_minutes);
/* Writes it; freed with g_free(). */
char *pdf_date_format(NskInstant at, int offset_minutes);
/* The text of a PDF string in UTF-8, or NULL; freed with g_free(). */
char *pdf_text(const PdfValue *value);

/* Adds an issue of this module. */
void add_issue(NskIssues *issues, const char *tag, NskSeverity severity, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

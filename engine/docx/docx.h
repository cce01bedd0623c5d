/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include <stdbool.h>

/*
 * DOCX files of strangers: the tags in them, and their text as a draft of a letter.
 *
 * What is read is the parts of the package as nsk_worker_docx() gives them; their XML is read by
 * xml/ (no DTD, no entity, bounded).  Nothing that a document refers to is ever fetched.  Text is
 * what Word would print if all tracked changes were accepted: deletions, hidden text and the codes
 * of fields are left out; runs, smart tags, content controls and marks of the spelling checker do
 * not part it.
 *
 * Specification: ISO/IEC 29500-1 (WordprocessingML), both its namespaces; ISO/IEC 29500-2 for
 * relationships.  Any thread, one at a time for each document.
 */
typedef struct _NskDocx NskDocx;

/*
 * Reads a document; @name is what findings call it, @parts has GBytes (or NULL) by names.  Findings
 * about the package go to @issues: "docx-macro", "docx-external", "docx-tracked", all warnings.
 * Errors: INVALID for what is no document or no XML; LIMIT.
 */
NskDocx *nsk_docx_read(const char *name, GHashTable *parts, NskIssues *issues, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void nsk_docx_free(NskDocx *self);

/* What a tag stands for. */
typedef enum {
    NSK_DOCX_NUMBER,
    NSK_DOCX_DATE,
    NSK_DOCX_CLASS,
    NSK_DOCX_SUBJECT,
    NSK_DOCX_SIGNATORY_NAME,
    NSK_DOCX_SIGNATORY_NIP,
    NSK_DOCX_SIGNATORY_POST,
    NSK_DOCX_SIGNATURE,
    NSK_DOCX_QR,
    NSK_DOCX_UNKNOWN, /* a good tag of a name that nobody knows */
    NSK_DOCX_BROKEN,  /* no tag, though it was meant as one */
} NskDocxMeaning;
/* "number", "date", "class", "subject", "signatory-name", "signatory-nip", "signatory-post",
 * "signature", "qr", "unknown", "broken". */
const char *nsk_docx_meaning_name(NskDocxMeaning meaning);

typedef struct {
    char *text; /* "${nomor_naskah}", or what stands there instead */
    NskDocxMeaning meaning;
    unsigned signatory; /* of whom, counted from 1; 0 if the tag is about no signatory */
    char *nearest;      /* the name that may have been meant, without "${}"; or NULL */
    unsigned count;     /* how often it stands there */
    GPtrArray *places;  /* words in the user's language, for the first 200 of these times */
} NskDocxTag;

/*
 * The tags in the order in which they stand first, NskDocxTag, owned by the array.  Findings:
 * "docx-tag-unknown" and "docx-tag-broken", both errors, each with its place.
 */
GPtrArray *nsk_docx_tags(const NskDocx *self, NskIssues *issues);

/* What a draft is begun with; each may be NULL. */
typedef struct {
    const char *kind;           /* NULL: "surat-dinas" */
    const char *classification; /* a code */
    const char *signatory;      /* a position's id */
    const char *to;             /* a position's id */
} NskDocxDraft;

/*
 * The text as a draft of a letter (letter/letter.h), as XML that passes its schema and rules, freed
 * with g_bytes_unref().  Lines at the head are taken into fields where a tag or a label says what
 * they are; what nobody said is filled with a word in brackets.  Warnings: "docx-fill" what is
 * still to be filled in; "docx-printed" what the program prints by itself; "docx-lost" what a
 * letter cannot hold; each with its place.  Errors: INVALID, LIMIT above NSK_LIMIT_LETTER_SIZE.
 */
GBytes *nsk_docx_to_letter(const NskDocx *self,
                           const NskDocxDraft *draft,
                           NskIssues *issues,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * The document as pages: XSL-FO 1.1 of its own sections, paragraphs, numbers of lists and tables,
 * headers, footers and page numbers, in the fonts that stand in for those it names.  A tag stays
 * where it stands, in one piece.  Warnings: "docx-lost" what pages do not show (pictures, text
 * boxes, footnotes), each with its place.  Freed with g_bytes_unref().  Errors: INVALID.
 */
GBytes *
nsk_docx_to_fo(const NskDocx *self, NskIssues *issues, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The words of the body, for searching; freed with g_free(). */
char *nsk_docx_text(const NskDocx *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskDocx, nsk_docx_free)

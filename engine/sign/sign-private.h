/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sign/pdf-private.h"
#include "sign/sign.h"

/* Checks everything but certificates' trust, for a document already open and loaded. */
NskVerdict *verify_document(PdfDocument *document, const NskTrust *trust, NskInstant now);

/*
 * Compares each revision after @first with the one before it, by the rules of difference.c.
 * After revision @no_fills_after no signature field may be filled (a certification said so).
 * Returns the first revision that changed more than it may, with an issue, or the number of
 * revisions.
 */
unsigned check_differences(PdfDocument *document,
                           unsigned first,
                           unsigned no_fills_after,
                           NskIssues *issues);

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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include <stdbool.h>

G_BEGIN_DECLS

/**
 * NskSeverity:
 * @NSK_SEVERITY_ERROR: the document cannot be used.
 * @NSK_SEVERITY_WARNING: usable, but somebody should look.
 *
 * How bad a finding is.
 */
typedef enum { NSK_SEVERITY_ERROR, NSK_SEVERITY_WARNING } NskSeverity;

/**
 * NskIssue:
 * @tag: stable name of the rule, such as `xml-schema`; static.
 * @severity: how bad it is.
 * @file: name of the document as the user gave it; owned.
 * @line: counted from 1; 0 if unknown.
 * @column: counted from 1; 0 if unknown.
 * @text: one sentence: what is wrong, why, and what to do; UTF-8; owned.
 *
 * One finding in a document.  What is wrong with a document is not a #GError: a document may
 * have many faults, and the user wants to see them all at once.
 */
typedef struct {
    const char *tag;
    NskSeverity severity;
    char *file;
    unsigned line;
    unsigned column;
    char *text;
} NskIssue;

/**
 * NskIssues:
 *
 * A list of #NskIssue in the order found; a #GPtrArray that owns its elements.
 */
typedef GPtrArray NskIssues;

/**
 * nsk_issues_new:
 *
 * Returns: (transfer full): an empty list; freed with g_ptr_array_unref().
 */
NSK_API NskIssues *nsk_issues_new(void);

/**
 * nsk_issues_add:
 * @self: the list.
 * @place: file, line, column, tag and severity; its text is ignored; all borrowed.
 * @format: (printf): the sentence.
 *
 * Adds one finding.  A list keeps 200: nobody reads more, and a hostile document could make
 * millions.  An error takes the place of a warning then; a last finding `issues-cut` says how many
 * are not listed, and is an error itself if errors are among them.
 */
NSK_API void nsk_issues_add(NskIssues *self, const NskIssue *place, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/**
 * nsk_issues_add_all:
 * @self: (nullable): the list; nothing happens without one.
 * @from: another list, which stays as it is.
 *
 * Adds every finding of @from, as nsk_issues_add() would.
 */
NSK_API void nsk_issues_add_all(NskIssues *self, const NskIssues *from);

/**
 * nsk_issues_has_error:
 * @self: the list.
 *
 * Returns: whether any finding is an error.
 */
NSK_API bool nsk_issues_has_error(const NskIssues *self);

/**
 * nsk_issue_format:
 * @self: the finding.
 *
 * Returns: (transfer full): `file:line:column: text [tag]`, freed with g_free().
 */
NSK_API char *nsk_issue_format(const NskIssue *self);

/**
 * nsk_issues_to_error:
 * @self: the list.
 * @error: where to put it.
 *
 * Turns a list with errors into one #NSK_ERROR_INVALID whose message is all error lines,
 * a line each.  Does nothing if the list has no error.
 *
 * Returns: true if the list has no error, false with @error set.
 */
NSK_API bool nsk_issues_to_error(const NskIssues *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskIssues, g_ptr_array_unref)

G_END_DECLS

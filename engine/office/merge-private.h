/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"

/*
 * A text with places for what a line of a table says: "${column}".
 *
 * A value: immutable.  See merge-text.c.
 */
typedef struct _NskMergeText NskMergeText;

/* Reads @xml against the head of a table.  A place that no column is for is an error of @issues at
 * the place's line in @name; a column that no place is for is a warning of @table.  NULL if there
 * was an error. */
NskMergeText *nsk_merge_text_new(const char *name,
                                 GBytes *xml,
                                 const char *table,
                                 char *const *columns,
                                 NskIssues *issues);
void nsk_merge_text_free(NskMergeText *self);
/* The text with the fields of a line in their places, escaped.  A field that is missing or empty
 * is an error of @issues at @line of @table, and the result NULL. */
GBytes *nsk_merge_text_fill(const NskMergeText *self,
                            const char *table,
                            const NskCsvRow *line,
                            NskIssues *issues);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskMergeText, nsk_merge_text_free)

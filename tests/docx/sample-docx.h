/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "docx/docx.h"

/* Parts of a document with these blocks, styles and lists; as the worker gives them. */
GHashTable *sample_parts(const char *blocks);
/* Puts a part in, in place of one of that name; NULL: not unpacked. */
void sample_put(GHashTable *parts, const char *name, const char *text);
/* Reads a document of these blocks; it must be good. */
NskDocx *sample_read(const char *blocks, NskIssues *issues);
/* Whether a finding of @tag says @words. */
bool sample_said(const NskIssues *issues, const char *tag, const char *words);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "render/layout/layout.h"

/* A document laid out, with what it takes. */
typedef struct {
    NskFontSet *fonts;
    NskXmlDoc *doc;
    NskIssues *issues;
    NskFoOptions options;
    NskLayout *layout; /* NULL if it failed */
    GError *error;
} Fixture;

/* The body of every page: 200 pt wide and 100 pt high, at (20, 20) pt of the page. */
#define BODY_LEFT  20000
#define BODY_TOP   20000
#define BODY_RIGHT 220000

/* Lays out @flow, the content of a flow in Liberation Serif 10/12 pt. */
void fixture_lay(Fixture *self, const char *flow);
/* The same with a whole document between <root> and </root>. */
void fixture_lay_root(Fixture *self, const char *content);
void fixture_clear(Fixture *self);
/* The PDF of what has been laid out; NULL with self->error set. */
GBytes *fixture_print(Fixture *self);
/* Whether the PDF has @part outside of its streams or in one that is not packed. */
bool fixture_pdf_has(GBytes *pdf, const char *part);
/* The message of the first issue of that tag; NULL for none. */
const char *fixture_issue(const Fixture *self, const char *tag);
/* The first text area from page @page on that begins with @text; asserts that there is one.
 * *out_page may be NULL. */
const NskArea *fixture_find(const Fixture *self, const char *text, guint *out_page);
/* How many text areas of a page begin with @text. */
guint fixture_count(const Fixture *self, guint page, const char *text);
/* Whether an issue of that tag has been reported. */
bool fixture_has_issue(const Fixture *self, const char *tag);

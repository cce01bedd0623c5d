/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "render/pdf/pdf.h"

/* What the tests of the writer share.  Every failure ends the test. */

/* Opened once, freed by fixture_end(). */
const NskFontSet *fixture_fonts(void);
void fixture_end(void);
const NskFont *fixture_font(const char *family, bool bold, bool italic);

/* A document of 22 July 2026, 09:00 in Jakarta. */
NskPdf *fixture_new(void);
/* The same with an A4 page begun. */
NskPdf *fixture_page(void);
GBytes *fixture_finish(NskPdf *pdf);

/* Shapes @text and draws it with its baseline's beginning at (x, y). */
NskMpt
fixture_text(NskPdf *pdf, const NskFont *font, NskMpt size, NskMpt x, NskMpt y, const char *text);

/*
 * Runs a program on the PDF, whose file name stands where @argv has "FILE"; returns what it
 * printed, or NULL with the test skipped if it is not installed.  Fails on a status other than 0.
 */
char *fixture_run(GBytes *pdf, const char *const *argv);

/* Whether @text has @part; says which if not. */
void fixture_assert_has(const char *text, const char *part);
/* The PDF's bytes as a string: streams that hold zeros end it, so ask for what is before. */
bool fixture_contains(GBytes *pdf, const char *part);

/*
 * The only page of @pdf as a picture of one pixel a point, by pdftoppm: RGB triples, of
 * *out_width a row.  NULL with the test skipped if it is not installed.
 */
GBytes *fixture_picture(GBytes *pdf, size_t *out_width);

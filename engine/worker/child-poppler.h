/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "worker/child-private.h"

#include <cairo.h>
#include <poppler.h>

/* What the jobs over poppler share. */

/* Errors: NOT_FOUND, INVALID. */
PopplerPage *nsk_worker_open_page(PopplerDocument *document, unsigned index, GError **error);
/* In points.  Errors: INVALID. */
bool nsk_worker_page_size(PopplerPage *page, double *out_width, double *out_height, GError **error);
/* Writes a PNG to a GByteArray, within what a reply may have. */
cairo_status_t nsk_worker_append_png(void *data, const unsigned char *bytes, unsigned size);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "render/fo/tree.h"
#include "render/pdf/pdf-private.h"
#include "render/pdf/pdf.h"
#include "xml/xml.h"

/* SVG 1.1 (W3C Recommendation, second edition) as vectors; see svg.c for what of it. */
#define NSK_SVG_NS "http://www.w3.org/2000/svg"

/*
 * The drawing as the content of a form; out_form->content is owned.  Errors: UNSUPPORTED naming the
 * element or property and its line, INVALID for a value that is none.
 */
bool nsk_svg_read(const NskXmlDoc *doc, NskPdfForm *out_form, GError **error);

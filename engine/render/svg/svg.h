/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "render/font/font.h"
#include "render/pdf/pdf.h"
#include "xml/xml.h"

/*
 * SVG 1.1 (W3C Recommendation, second edition) as vectors.  Drawn are shapes, paths, groups,
 * nested drawings, use and symbol, transforms, colours, gradients, strokes, opacity, clipping by
 * one shape, and text, whose letters become areas; properties come from attributes, style
 * attributes and style sheets of plain selectors.  Anything else that would be seen is refused by
 * name and line, for a logo with a part missing is worse than none.  Nothing is fetched; every
 * reference out of the drawing is refused, and so are scripts.
 */
#define NSK_SVG_NS "http://www.w3.org/2000/svg"

/*
 * The drawing as a form whose box is its size; a pixel is a point, as for Apache FOP.  @fonts are
 * those of its text.  Errors: UNSUPPORTED naming the element, property or reference and its line,
 * INVALID for a value that is none, NOT_FOUND for a font, LIMIT for more than
 * NSK_LIMIT_SVG_CONTENT.
 */
NskPdfForm *nsk_svg_read(const NskXmlDoc *doc,
                         const NskFontSet *fonts,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include "base/clock.h"
#include "render/font/font.h"
#include "xml/xml.h"

#include <stddef.h>

/*
 * XSL-FO 1.1 to PDF: the one entry of engine/render/fo and engine/render/layout.  Private to the
 * module render.
 *
 * What is read: the formatting objects and properties of tags.def and properties.def, in the
 * namespace NSK_FO_NS.  Anything else is an issue that names the element or property and its
 * line; nothing is dropped silently.
 *
 * Our own namespace NSK_FO_EXT_NS adds, as children of fo:instream-foreign-object,
 *   <nf:qr text="..."/>                             drawn as vector modules, as large as the object
 *   <nf:signature-field name="..." tooltip="..."/>  an empty signature field; the object needs
 *                                                   width and height, and draws nothing itself
 * and on any block-level or inline object the attributes
 *   nf:role="H1"       the structure role (H1 to H6, P, Div, Sect, Figure, Note, Span, Artifact)
 *   nf:alt="..."       the words that stand for an image or QR code; an SVG without them is known
 * by its title and on fo:bookmark-tree the attribute nf:min-pages="4"    no bookmarks in a document
 * that has fewer pages XSL's own property "role" means the same as nf:role.
 *
 * Tags without nf:role: a block with text of its own is P, lists are L, LI, Lbl, LBody, tables are
 * Table, TR, TH (in table-header) and TD, images and QR codes are Figure, basic-link is Link,
 * static content is an artifact.  Reading order is the order of the flow.
 */
#define NSK_FO_NS     "http://www.w3.org/1999/XSL/Format"
#define NSK_FO_EXT_NS "urn:naskah:fo:1"

/*
 * The bytes of the image that external-graphic's src names (without "url(...)").  Returns NULL
 * with @error set if there is none.  Called on the caller's thread, once a name a document.
 */
typedef GBytes *(*NskFoLoadImage)(void *data, const char *name, GError **error);

/* A file to embed in the PDF; all borrowed. */
typedef struct {
    const char *name;        /* file name, such as "letter.xml" */
    const char *media_type;  /* such as "application/xml" */
    const char *description; /* NULL for none */
    GBytes *bytes;
} NskFoAttachment;

/* All borrowed; zero means the default. */
typedef struct {
    NskFontSet *fonts;         /* required */
    NskFoLoadImage load_image; /* NULL: every external-graphic is an error */
    void *load_data;
    const char *title;    /* of the PDF; NULL: "" */
    const char *author;   /* NULL for none */
    const char *language; /* RFC 5646; NULL: the root's language, or "id" */
    NskInstant at;        /* the PDF's dates; the letter's, so that output is deterministic */
    const NskFoAttachment *attachments;
    size_t n_attachments;
    bool lenient;      /* what is unsupported of properties is a warning and left out */
    NskIssues *issues; /* required: what is wrong with the FO (errors), what overflows (warnings) */
} NskFoOptions;

/* The font families that @fo names anywhere, each once, unquoted, and phrases that may be some: a
 * NULL-terminated list, freed with g_strfreev(). */
char **nsk_fo_families(const NskXmlDoc *fo) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Formats @fo.  Returns the PDF, or NULL with @error set: INVALID if the FO has faults (every one
 * is in options->issues), LIMIT above NSK_LIMIT_PAGES pages, NOT_FOUND for a missing font,
 * hyphenation pattern or image.  The same FO, options and fonts always give the same bytes.  Any
 * thread; @fo is used by this thread alone meanwhile.
 */
GBytes *nsk_fo_render(const NskXmlDoc *fo,
                      const NskFoOptions *options,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

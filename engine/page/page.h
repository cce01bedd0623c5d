/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"
#include "base/json.h"

/*
 * Pages for people: what a use case answered, as commands print it with --json, becomes HTML.
 *
 *   view (JSON) -> view (XML) in a frame -> stylesheet of the page -> HTML
 *
 * A page is one stylesheet templates/pages/NAME.xsl with two templates, for "page" in the modes
 * "title" and "main"; base.xsl puts the frame around them, parts.xsl has the components.  Words are
 * written in English where they stand, and found in the catalogue when the stylesheet is compiled,
 * once for each language:
 *
 *   <w:t>Page <w:v select="@n"/> of <w:v select="@count"/></w:t>     the sentence "Page {1} of {2}"
 *   <w:attr name="aria-label">Search</w:attr>                        as an attribute
 *
 * Styles and scripts are files that never change: their names in addresses have their digest.
 *
 * Any thread.
 */
typedef struct {
    const char *language; /* "id" or "en" */
    const char *theme;    /* "auto", "light", "dark" or "contrast" */
    const char *size;     /* of letters: "usual", "large", "largest"; NULL: usual */
    const char *path;     /* of the request, with its query */
    const char *zone;     /* IANA name, in which times are told */
    const char *token;    /* that forms carry; NULL: there is none */
    const NskJson *facts; /* of the frame: person, agency, what waits ...; may be NULL */
    bool is_fragment;     /* only what stands in "main" */
    /* What a code of the view means, in the language that is in use, or NULL; may be NULL itself.
     * Static text. */
    const char *(*word)(const char *code);
} NskPageFrame;

/*
 * The page @name with what @view says; UTF-8.  Errors: NOT_FOUND if there is no such page; INVALID
 * for a stylesheet or zone that cannot be used, LIMIT for a view that is too large for it.
 */
GBytes *nsk_page_render(const char *name,
                        const NskPageFrame *frame,
                        const NskJson *view,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Names of all pages, sorted; freed with g_strfreev(). */
char **nsk_page_list(GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * The file that pages name as /aset/@name; *out_type is its media type, static.  Errors: NOT_FOUND,
 * also for the name of another version.
 */
GBytes *
nsk_page_asset(const char *name, const char **out_type, GError **error) G_GNUC_WARN_UNUSED_RESULT;

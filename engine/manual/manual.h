/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

/*
 * The manual: written once as XML (templates/manual/, its elements in templates/schema/manual.rng),
 * each page in Indonesian and English, and shown in a terminal or as a man page (groff's man
 * macros, man(7)).  Any thread.
 */

typedef enum {
    NSK_MANUAL_TERMINAL, /* plain text */
    NSK_MANUAL_ROFF
} NskManualForm;

/* Names of all pages, sorted; freed with g_strfreev(). */
char **nsk_manual_list(GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * The page @name in @language ("id" or "en").  @width: columns of the terminal, at least 40.
 * Freed with g_free().  Errors: NOT_FOUND names those there are; INVALID for a page that is not as
 * its schema says.
 */
char *nsk_manual_page(const char *name,
                      const char *language,
                      NskManualForm form,
                      unsigned width,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

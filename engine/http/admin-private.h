/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/site-private.h"

/* What the pages below /kelola share (page-admin.c). */

#define NSK_HTTP_ADMIN_FILE ((uint64_t)17 << 20) /* bytes of a form with a file of rules */

/* Says in the view what a redirect told. */
void nsk_http_admin_tell(const NskHttpVisit *visit, NskJson *view);
/* A field of the form that says something, else NULL; borrowed. */
const char *nsk_http_admin_field(const NskHttpVisit *visit, const char *name);
/* Whether the error is one that the person can mend. */
bool nsk_http_admin_is_plain(const GError *fault);
/* Each line as a fault. */
void nsk_http_admin_add_lines(NskJson *view, const char *text);
/* What was found, as lines of "issues". */
void nsk_http_admin_add_issues(NskJson *view, const NskIssues *issues);
/* The file of the field "berkas"; out->name is borrowed, out->bytes owned. */
bool
nsk_http_admin_file(const NskHttpVisit *visit, NskOfficeFile *out, size_t limit, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"
#include "render/fo/fo.h"
#include "render/render.h"

#define NSK_PNG_BEGINNING "\x89PNG\r\n\x1a\n"

/* Shared by the files of engine/render/letter. */

/*
 * Reads a form (profile or kind) and checks it against the built-in schema at @schema.  Findings go
 * to @issues.  Returns NULL with INVALID (all errors) or LIMIT.
 */
NskXmlDoc *nsk_form_read(const char *schema,
                         const char *name,
                         GBytes *bytes,
                         NskIssues *issues,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Moves all findings of @from to the end of @to, which may be NULL. */
void nsk_form_move_issues(NskIssues *from, NskIssues *to);
/* Finds elements called @name beneath @parent whose attribute @attr is the same; tag "form-double".
 */
void nsk_form_check_unique(const NskXmlDoc *doc,
                           const NskXmlNode *parent,
                           const char *name,
                           const char *attr,
                           NskIssues *issues);
/* Whether the attribute @name of @node, words with blanks between, has the word @word; false if
 * there is no such attribute. */
bool nsk_form_has_word(const NskXmlNode *node, const char *name, const char *word);
/* The first element @name beneath @parent whose attribute @attr is @value; NULL if none is, or
 * @value is NULL. */
NskXmlNode *
nsk_form_find(const NskXmlNode *parent, const char *name, const char *attr, const char *value);
/* "12.5mm" as hundredths of a millimetre; 0 if absent. */
int nsk_form_mm(const NskXmlNode *node, const char *name);

/* The rules of a profile beyond its schema. */
void nsk_profile_check_doc(const NskXmlDoc *doc, NskIssues *issues);
const NskXmlNode *nsk_profile_get_root(const NskProfile *self);
/* Adds beneath @parent what the profile says for a letter of @kind whose first signatory (an
 * element of the letter; NULL if it has none) is @signatory: of elements for some kinds or posts
 * the one that fits best. */
void nsk_profile_add_chosen(const NskProfile *self,
                            const NskKind *kind,
                            const NskXmlNode *signatory,
                            NskXmlNode *parent);
/* Adds beneath @parent how the name of @signatory prints. */
void nsk_profile_add_names(const NskProfile *self,
                           const NskKind *kind,
                           const NskXmlNode *signatory,
                           NskXmlNode *parent);
const NskXmlNode *nsk_kind_get_root(const NskKind *self);
/* "letter" or "memo": the stylesheet is templates/letters/layout-NAME.xsl. */
const char *nsk_kind_get_layout(const NskKind *self);

/*
 * The render job (urn:naskah:render-job:1) of @job, whose letter is parsed as @letter: what the
 * stylesheets read.  Errors: INVALID.
 */
NskXmlDoc *nsk_job_build(const NskRenderJob *job, const NskXmlDoc *letter, GError **error);
/* Adds the pages of attached files to the job's document.  Errors: INVALID if the document of an
 * uploaded kind lacks a place that is filled, or has one that nothing fills. */
bool nsk_job_add_pages(const NskRenderJob *job, NskXmlNode *root, GError **error);
/* The picture of a page by its name in the job's document; NULL if it is none. */
GBytes *nsk_job_page_image(const NskRenderJob *job, const char *name);
/* The letter's date; unset if it has none.  Errors: INVALID. */
bool nsk_job_date(const NskXmlDoc *letter, NskDate *out_date, GError **error);
/*
 * Makes one HTML page of formatting objects; takes @fo, and frees it also after an error.  Images
 * are asked of @load.
 */
GBytes *
nsk_html_make(NskXmlDoc *fo, const char *title, NskFoLoadImage load, void *data, GError **error);

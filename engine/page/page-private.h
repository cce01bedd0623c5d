/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "page/page.h"
#include "xml/xml.h"

#define NSK_PAGE_FOLDER "templates/pages"

/* words.c: the stylesheet of a page in @language, words and all, compiled. */
NskXmlStyle *nsk_page_style(const char *name, const char *language, GError **error);

/*
 * view.c: adds @view to @parent: a member of an object is an element of its name, a member of an
 * array is an <item>; null is left out.  A text that is a moment has the attributes "day", "date"
 * and "time", as people of the frame's zone read it; a day has "date"; a code has "words".
 */
bool nsk_page_add_view(NskXmlNode *parent,
                       const NskPageFrame *frame,
                       const NskJson *view,
                       GError **error);

/* asset.c: the address of a file of templates/pages/assets, "/aset/naskah-01234567.css"; owned. */
char *nsk_page_asset_address(const char *file);

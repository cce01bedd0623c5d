/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

/* Sets the loader and the security preferences of libxslt; called once, by nsk_xml_init(). */
void nsk_xml_style_init(void);
/* @doc as HTML (html.c).  Owned. */
GBytes *nsk_xml_html(const xmlDoc *doc);

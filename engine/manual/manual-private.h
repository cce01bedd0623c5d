/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manual/manual.h"
#include "xml/xml.h"

#define NSK_MANUAL_NS "urn:naskah:manual:1"

/* @text: the page's element of one language. */
char *nsk_manual_to_terminal(const NskXmlNode *text, unsigned width);
char *nsk_manual_to_roff(const char *name, const NskXmlNode *text);

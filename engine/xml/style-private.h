/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Sets the loader and the security preferences of libxslt; called once, by nsk_xml_init(). */
void nsk_xml_style_init(void);

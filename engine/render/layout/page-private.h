/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "render/layout/place-private.h"

/* What a page is, for choosing its master. */
typedef struct {
    unsigned index; /* in its sequence, from 0 */
    int number;     /* as printed */
    bool last;
    bool blank;
} NskPageQuery;

/* The master that @sequence names; NULL with an issue reported. */
const NskFoNode *nsk_master_find(NskLayout *layout, NskFoNode *sequence);
/* The simple-page-master of one page; never NULL for a master that nsk_master_find() gave. */
const NskFoNode *
nsk_master_choose(NskLayout *layout, const NskFoNode *master, const NskPageQuery *query);
/* The region-body's rectangle on the page. */
NskPdfRect nsk_master_body(const NskFoNode *page_master);
NskPdfRect nsk_master_region(const NskFoNode *page_master, const NskFoNode *region);
/* region-name, or the default such as "xsl-region-before". */
const char *nsk_master_region_name(const NskFoNode *region);

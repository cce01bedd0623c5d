/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office.h"

#define NSK_SEARCH_LIST_MOST 5000 /* letters of a list of what was found */

/*
 * All that nsk_office_search() finds, the newest first, as a list of archives: pages (PDF) or a
 * table (CSV), in the language of who asks.  @ask's limit, after and facets mean nothing.
 * @out_bytes: owned.  Errors: as nsk_office_search(); LIMIT above NSK_SEARCH_LIST_MOST letters.
 */
bool nsk_office_search_write(NskOffice *self,
                             const NskSearchAsk *ask,
                             bool pdf,
                             GBytes **out_bytes,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

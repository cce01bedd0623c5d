/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"

/* Length of an id's text without the NUL. */
#define NSK_ID_LEN 36

/*
 * A new id: a UUID version 7 (RFC 9562, section 5.7) in its usual lower-case text, so that ids
 * sort by the time they were made.  Freed with g_free().  Any thread.
 */
char *nsk_id_new(const NskClock *clock);

/* Whether @text is exactly an id as nsk_id_new() writes it; safe as a name of a file or ref. */
bool nsk_id_is_valid(const char *text);

/* Whether @text is a name an administrator gives (units, positions, kinds, series, rules): 1 to
 * 64 of a-z, 0-9, '-', '.', '_', beginning with a letter or digit; safe as a name of a file or
 * ref. */
bool nsk_name_is_valid(const char *text);

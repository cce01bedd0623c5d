/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "journal/days.h"
#include "office/log-private.h"

/* The days of the log; see log-day.c. */

/* What the newest day that the first @leaves of the log have says of @letter; out_day->seq 0: there
 * is none, or the letter is younger.  Errors: CORRUPT if map and histories do not fit; IO. */
bool nsk_log_prove_day(NskDbTxn *txn,
                       uint64_t leaves,
                       const char *letter,
                       NskLogDay *out_day,
                       NskDayMapProof *out_proof,
                       GError **error);

/* Findings: audit-day, for a day whose tree is not the beginning of the log of @size entries, or,
 * of the newest, whose map does not fit the histories.  Errors: IO, CORRUPT of tiles. */
bool nsk_log_check_days(NskDbTxn *txn,
                        NskTiles *tiles,
                        uint64_t size,
                        NskIssues *issues,
                        GError **error);

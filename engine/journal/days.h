/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"
#include "db/db.h"
#include "journal/daymap.h"

/*
 * The days of the log.  Once a day an entry of the log's own history binds the map of all histories
 * as the tree of some size has them (journal/daymap.h): action "day-mapped", with two objects,
 *
 *   day-map   the map's root; its size is how many histories it has
 *   log       the tree's root; its size is how many leaves it has
 *
 * So who trusts the log knows that a history had n entries by then and no more.
 */
#define NSK_DAY_ACTION "day-mapped"
#define NSK_DAY_MAP    "day-map"
#define NSK_DAY_LOG    "log"

typedef struct {
    int64_t seq; /* in its history; 0: there is none */
    NskInstant at;
    uint64_t histories;
    NskHash map;
    uint64_t leaves;
    NskHash tree;
} NskLogDay;

/* The map of every history as the first @leaves of the log have it; *out_n: how many there are.
 * Takes a look at each leaf: some tenths of a second a million.  Errors: IO. */
NskDayMap *nsk_log_map(NskDbTxn *txn, uint64_t leaves, uint64_t *out_n, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The newest day of @history before the entry @before (0: of all); seq 0 if there is none.
 * Errors: UNTRUSTED if the entry is not what was written; IO. */
bool nsk_log_find_day(NskDbTxn *txn,
                      const char *history,
                      int64_t before,
                      NskLogDay *out,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

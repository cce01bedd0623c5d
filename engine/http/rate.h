/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * How often somebody may ask: so many times a minute, all of them at once if he likes, and then as
 * they become free again (GCRA, the leaky bucket as a meter: ITU-T I.371, annex A).  Counts are in
 * memory alone; whom there is no room to count by himself is counted with others like him.
 * Thread-safe.
 */
typedef struct _NskHttpRates NskHttpRates;

/* @quota: how often a minute, 1 to 60,000,000; @room: how many are counted by themselves. */
NskHttpRates *nsk_http_rates_new(unsigned quota, unsigned room);
void nsk_http_rates_free(NskHttpRates *self); /* NULL allowed */

typedef struct {
    unsigned quota; /* a minute */
    unsigned left;  /* of it, now */
    unsigned wait;  /* seconds, rounded up: refused, until it is worth asking again; else until the
                     * whole quota is there again */
} NskHttpRate;

/* Counts a request of @who at @now (monotonic, microseconds); false: it is one too many, and does
 * not count. */
bool nsk_http_rates_take(NskHttpRates *self, const char *who, int64_t now, NskHttpRate *out_rate);

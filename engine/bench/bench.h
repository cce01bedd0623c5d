/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include "base/json.h"

#include <stdbool.h>

/*
 * Benches: how fast an office is on this machine, beside what its disk can do, measured in the same
 * run.  Each makes an office of its own in a new folder, of invented letters, and leaves it there.
 *
 * *out_result: owned, one object whose members are stable (manual, "bench").
 */
typedef struct {
    const char *folder; /* must not exist; borrowed */
    unsigned clients;   /* threads that act at once: 1 to NSK_BENCH_CLIENTS_MAX */
    unsigned seconds;   /* how long they do */
    unsigned letters;   /* how many there are before; 0: none */
} NskBench;

#define NSK_BENCH_CLIENTS_MAX 1024

/*
 * Durable changes: each client begins letters of 4 KB and changes each three times, as the use
 * cases do it, with authority, journal and outbox.  Result: changes_per_s, p50_ms, p99_ms,
 * batch_mean, fsyncs, fsyncs_per_change, bytes_per_version, cpu_us_per_change,
 * raw_append_fdatasync_per_s, raw_sqlite_commit_per_s, ratio_raw (changes_per_s against the raw
 * append), anonymous_mb (most memory of its own that the process had), and what was asked for.
 */
bool nsk_bench_commit(const NskBench *bench, NskJson **out_result, GError **error);

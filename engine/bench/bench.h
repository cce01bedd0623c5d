/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include "base/json.h"
#include "office/office.h"

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
    unsigned seconds;   /* how long is measured */
    unsigned letters;   /* how many there are before; 0: none, which nsk_bench_commit() alone may */
    const char *part;   /* of nsk_bench_render(), for itself; NULL: the whole */
    NskOfficeProgress progress; /* while the letters are written; may be NULL */
    void *progress_data;
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
/*
 * The list of what waits, 20 rows of it, for a person with six groups: two positions that he holds
 * and four that he assists.  Three tasks a letter, one letter in ten still on its way, 2,000
 * positions of which his are ten times as busy as the others.  What is listed is an index; the
 * bench fills the index alone, so these letters have neither versions nor history.
 * Result: p50_us, p99_us (of the use case and of writing its answer as JSON), rows_mean, groups,
 * waiting (tasks in front of the person), letters, tasks, fill_s, calls,
 * cpu_us_per_call, anonymous_mb.
 */
bool nsk_bench_inbox(const NskBench *bench, NskJson **out_result, GError **error);
/*
 * The verified history of one letter out of many, each of four versions that the use cases wrote.
 * Warm: the file's pages are in memory.  Cold: they were dropped from it, and the office is opened
 * anew; opening is told apart.  Result: warm_p50_ms, warm_p99_ms, cold_p50_ms, cold_p99_ms,
 * open_p50_ms, open_p99_ms, cold_left_mb (pages that the system kept nevertheless, the most of any
 * call), entries_mean, letters, database_mb, fill_changes_per_s, warm_calls, cold_calls,
 * cpu_us_per_call (warm).
 */
bool nsk_bench_history(const NskBench *bench, NskJson **out_result, GError **error);
/*
 * The log over the journal.  Durable changes a second with and without proving what was written
 * (cost_percent: by how much it slows the writers); then bench->letters entries: proofs of any of
 * them, the start of a service over them, and the verification of all.
 * Result: changes_per_s_alone, changes_per_s_proved, cost_percent, sequenced_per_s, open_ms,
 * proof_p50_ms, proof_p99_ms, proof_bytes (the largest), proofs, verified_per_s, verify_cpu_us (an
 * entry), entries, letters, database_mb.
 */
bool nsk_bench_journal(const NskBench *bench, NskJson **out_result, GError **error);
/*
 * The newest 20 hits of two frequent words, for a person who may read one letter in a hundred.  The
 * use cases wrote the letters, of one version, and fed the index.  Result: p50_ms, p99_ms,
 * hits_mean, letters, readable, index_mb, indexed_per_s, calls, cpu_us_per_call.
 */
bool nsk_bench_search(const NskBench *bench, NskJson **out_result, GError **error);
/*
 * Workflows.  The letter route with five user tasks through the step function, in memory, on one
 * core; tasks that clients do at once as the use case does them (authority, paraf, journal,
 * version, outbox); and the list of what waits, by a command of its own, in an office where
 * bench->letters instances wait.  Result: memory_completions_per_s, state_bytes (of a waiting
 * instance), durable_completions_per_s, durable_p50_ms, durable_p99_ms, durable_completions,
 * batch_mean, fsyncs_per_completion, cpu_us_per_completion, open_p50_ms (the whole command),
 * open_mb (most memory that it had, shared pages included), waiting, raw_append_fdatasync_per_s.
 */
bool nsk_bench_flow(const NskBench *bench, NskJson **out_result, GError **error);
/*
 * The day of an office: 200 letters come in and are disposed of 300 times, 80 go out with a
 * signature; whole days, until bench->seconds are over, by bench->clients threads, 16 at most.
 * Result: days_per_s, day_s, cpu_s_per_day, p50_ms and p99_ms (of one act; a signature with its
 * pages is one), acts, days, incoming, dispositions, outgoing, clients, anonymous_mb.
 */
bool nsk_bench_day(const NskBench *bench, NskJson **out_result, GError **error);
/*
 * Letters to pages: bench->letters letters of two pages, one after the other, no two alike, and
 * nothing kept from one to the next but fonts, stylesheets, profile and kind; a table of 500 rows;
 * a report of 300 sections of a page or so; letters by two threads; and the command "naskah
 * render", a process a letter.  Makes no office; bench->folder keeps the last letter. Result:
 * letter_p50_ms, letter_p99_ms, letter_cpu_ms (mean), pdf_bytes (mean), peak_mb (of the process
 * that made these letters, shared pages included), table_ms, table_pages, two_threads (letters a
 * second against one thread), process_ms, report_s, report_pages, report_30_mb, report_100_mb and
 * report_300_mb (peak of the process that made a report of so many sections), letters.  With
 * bench->part ("warm", "table", "report" of bench->letters sections, "threads") the figures of that
 * part alone, measured in this process; the folder is not made.
 */
bool nsk_bench_render(const NskBench *bench, NskJson **out_result, GError **error);
/*
 * Signatures, in memory, on one core, without an office: a letter of 40 KB signed on P-256 at level
 * B-B with all checks, and the judgement of one with two signatures at level B-LTA, offline.
 * Result: sign_p50_ms, sign_p99_ms, signed, verify_p50_ms, verify_p99_ms, verified, letter_bytes,
 * lasting_bytes.
 */
bool nsk_bench_sign(const NskBench *bench, NskJson **out_result, GError **error);

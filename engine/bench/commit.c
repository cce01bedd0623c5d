/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Durable changes a second.  The use cases are those that an edge calls: a new letter, and three
 * changes of it, over and over by each client on a thread of its own.
 */
#include "base/message.h"
#include "bench/bench-private.h"

#include <string.h>

#define VERSIONS_A_LETTER 4
#define RAW_SECONDS       2.0
#define SAMPLE_US         (G_USEC_PER_SEC / 10)

typedef struct {
    const NskBench *bench;
    NskOfficeService *service;
    double rate; /* changes a second, when measured */
    gint stop;   /* set when the time is over; atomic */
} Load;

typedef struct {
    Load *load;
    unsigned index;
    NskBenchTimes times;
    GError *error;
} Client;

/* One letter's four versions. */
static bool
write_letter(Client *self, NskOffice *office, uint64_t seed)
{
    const char *position = nsk_bench_writers[self->index % NSK_BENCH_WRITERS].position;
    NskBenchLetter letter;

    nsk_bench_letter_begin(&letter, seed);
    return nsk_bench_write_letter(office, &letter, position, VERSIONS_A_LETTER, &self->times,
                                  &self->error);
}

static gpointer
run_client(gpointer data)
{
    Client *self = data;
    Load *load = self->load;
    NskOfficeOptions options = { .dir = load->bench->folder,
                                 .service = load->service,
                                 .as = nsk_bench_writers[self->index % NSK_BENCH_WRITERS].person,
                                 .clock = &nsk_clock_system };
    g_autoptr(NskOffice) office = nsk_office_open(&options, &self->error);
    uint64_t n = 0;

    while (office != NULL && !g_atomic_int_get(&load->stop) &&
           write_letter(self, office, ((uint64_t)self->index << 32) + n + 1))
        n++;
    return NULL;
}

/* Runs the clients until the time is over. */
static bool
run_clients(Load *load, NskBenchTimes *times, double *out_mb, GError **error)
{
    unsigned n = load->bench->clients;
    g_autofree Client *clients = g_new0(Client, n);
    g_autofree GThread **threads = g_new0(GThread *, n);
    int64_t end = g_get_monotonic_time() + (int64_t)load->bench->seconds * G_USEC_PER_SEC;

    for (unsigned i = 0; i < n; i++) {
        clients[i] = (Client){ .load = load, .index = i };
        threads[i] = g_thread_new("client", run_client, &clients[i]);
    }
    while (g_get_monotonic_time() < end) {
        g_usleep(SAMPLE_US);
        *out_mb = MAX(*out_mb, nsk_bench_anonymous_mb());
    }
    g_atomic_int_set(&load->stop, 1);
    for (unsigned i = 0; i < n; i++) {
        (void)g_thread_join(threads[i]);
        nsk_bench_times_add_all(times, &clients[i].times);
        nsk_bench_times_clear(&clients[i].times);
        if (clients[i].error != NULL && error != NULL && *error == NULL)
            g_propagate_error(error, clients[i].error);
        else
            g_clear_error(&clients[i].error);
    }
    return error == NULL || *error == NULL;
}

/* What was counted at one moment. */
typedef struct {
    NskOfficeStats stats;
    int64_t at;
    int64_t cpu;
    int64_t size;
} Mark;

static Mark
take_mark(const Load *load)
{
    Mark mark = { .at = g_get_monotonic_time(),
                  .cpu = nsk_bench_cpu_us(),
                  .size = nsk_bench_database_size(load->bench->folder) };

    nsk_office_service_get_stats(load->service, &mark.stats);
    return mark;
}

static void
describe(Load *load, const Mark *from, const Mark *to, NskBenchTimes *times, NskJson *result)
{
    double changes = (double)(to->stats.changes - from->stats.changes);
    double batches = (double)(to->stats.batches - from->stats.batches);
    double syncs = (double)(to->stats.syncs - from->stats.syncs);
    double seconds = (double)(to->at - from->at) / G_USEC_PER_SEC;

    load->rate = changes / seconds;
    nsk_bench_set_real(result, "changes_per_s", load->rate);
    nsk_bench_set_real(result, "p50_ms", nsk_bench_times_share(times, 0.50));
    nsk_bench_set_real(result, "p99_ms", nsk_bench_times_share(times, 0.99));
    nsk_bench_set_real(result, "batch_mean", changes / MAX(batches, 1));
    nsk_bench_set_real(result, "fsyncs", syncs);
    nsk_bench_set_real(result, "fsyncs_per_change", syncs / MAX(changes, 1));
    nsk_bench_set_real(result, "cpu_us_per_change",
                       (double)(to->cpu - from->cpu) / MAX(changes, 1));
    nsk_json_set_int(result, "changes", (int64_t)changes);
}

static bool
measure(Load *load, NskJson *result, GError **error)
{
    const NskBench *bench = load->bench;
    NskBenchTimes times = { 0 };
    double mb = 0;
    int64_t empty = nsk_bench_database_size(bench->folder);

    double rate;
    NskBenchFill before = { .service = load->service, .versions = VERSIONS_A_LETTER };

    if (bench->letters > 0 && !nsk_bench_fill(bench, &before, &rate, error))
        return false;
    Mark from = take_mark(load);
    bool ok = run_clients(load, &times, &mb, error);
    Mark to = take_mark(load);
    describe(load, &from, &to, &times, result);
    nsk_bench_set_real(result, "anonymous_mb", mb);
    nsk_bench_times_clear(&times);
    g_clear_pointer(&load->service, nsk_office_service_stop);
    nsk_bench_set_real(result, "bytes_per_version",
                       (double)(nsk_bench_database_size(bench->folder) - empty) /
                           (double)MAX(to.stats.changes, 1));
    return ok;
}

bool
nsk_bench_commit_rate(const NskBench *bench,
                      NskOfficeService *service,
                      double *out_rate,
                      GError **error)
{
    Load load = { .bench = bench, .service = service };
    g_auto(NskBenchTimes) times = { 0 };
    double mb = 0;
    Mark from = take_mark(&load);
    bool ok = run_clients(&load, &times, &mb, error);
    Mark to = take_mark(&load);

    *out_rate = (double)(to.stats.changes - from.stats.changes) * G_USEC_PER_SEC /
                (double)MAX(to.at - from.at, 1);
    return ok;
}

bool
nsk_bench_commit(const NskBench *bench, NskJson **out_result, GError **error)
{
    Load load = { .bench = bench };
    double append, sqlite;
    g_autoptr(NskJson) result = nsk_json_object();

    if (!nsk_bench_make_office(bench->folder, error) ||
        !nsk_bench_raw_append(bench->folder, RAW_SECONDS, &append, error) ||
        !nsk_bench_raw_sqlite(bench->folder, RAW_SECONDS, &sqlite, error))
        return false;
    load.service = nsk_office_service_start(bench->folder, error);
    bool ok = load.service != NULL && measure(&load, result, error);
    g_clear_pointer(&load.service, nsk_office_service_stop);
    if (!ok)
        return false;
    nsk_bench_set_real(result, "raw_append_fdatasync_per_s", append);
    nsk_bench_set_real(result, "raw_sqlite_commit_per_s", sqlite);
    nsk_bench_set_real(result, "ratio_raw", load.rate / append);
    nsk_json_set_int(result, "clients", bench->clients);
    nsk_json_set_int(result, "seconds", bench->seconds);
    nsk_json_set_int(result, "letters", bench->letters);
    *out_result = g_steal_pointer(&result);
    return true;
}

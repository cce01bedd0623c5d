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
    unsigned letters; /* to write, or 0: until the time is over */
    NskBenchTimes times;
    GError *error;
} Client;

static bool
save_new(NskOffice *office,
         const NskBenchLetter *letter,
         const char *position,
         char **out_id,
         GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GBytes) xml = nsk_bench_letter_xml(letter);
    NskNewLetter draft = { "letter.xml", xml, position };

    if (!nsk_office_letter_new(office, &draft, &result, error))
        return false;
    *out_id = g_strdup(nsk_json_get_text(result, "letter"));
    return true;
}

static bool
save_change(NskOffice *office, const NskBenchLetter *letter, const char *id, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GBytes) xml = nsk_bench_letter_xml(letter);
    NskLetterEdit edit = { .letter = id, .name = "letter.xml", .xml = xml };

    return nsk_office_letter_edit(office, &edit, &result, error);
}

/* One letter's four versions. */
static bool
write_letter(Client *self, NskOffice *office, uint64_t seed)
{
    const char *position = nsk_bench_writers[self->index % NSK_BENCH_WRITERS].position;
    NskBenchLetter letter;
    g_autofree char *id = NULL;

    nsk_bench_letter_begin(&letter, seed);
    for (unsigned i = 0; i < VERSIONS_A_LETTER; i++) {
        int64_t begun = g_get_monotonic_time();
        bool ok = i == 0 ? save_new(office, &letter, position, &id, &self->error)
                         : save_change(office, &letter, id, &self->error);

        if (!ok)
            return false;
        nsk_bench_times_add(&self->times, g_get_monotonic_time() - begun);
        nsk_bench_letter_change(&letter);
    }
    return true;
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
           (self->letters == 0 || n < self->letters) &&
           write_letter(self, office, ((uint64_t)self->index << 32) + n + 1))
        n++;
    return NULL;
}

/* Runs the clients; each stops after @letters of its own, or after @seconds. */
static bool
run_clients(Load *load,
            unsigned letters,
            unsigned seconds,
            NskBenchTimes *times,
            double *out_mb,
            GError **error)
{
    unsigned n = load->bench->clients;
    g_autofree Client *clients = g_new0(Client, n);
    g_autofree GThread **threads = g_new0(GThread *, n);
    int64_t end = g_get_monotonic_time() + (int64_t)seconds * G_USEC_PER_SEC;

    for (unsigned i = 0; i < n; i++) {
        clients[i] = (Client){ .load = load, .index = i, .letters = letters };
        threads[i] = g_thread_new("client", run_client, &clients[i]);
    }
    while (letters == 0 && g_get_monotonic_time() < end) {
        g_usleep(SAMPLE_US);
        *out_mb = MAX(*out_mb, nsk_bench_anonymous_mb());
    }
    g_atomic_int_set(&load->stop, letters == 0);
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
    nsk_json_set_real(result, "changes_per_s", load->rate);
    nsk_json_set_real(result, "p50_ms", nsk_bench_times_share(times, 0.50));
    nsk_json_set_real(result, "p99_ms", nsk_bench_times_share(times, 0.99));
    nsk_json_set_real(result, "batch_mean", changes / MAX(batches, 1));
    nsk_json_set_real(result, "fsyncs", syncs);
    nsk_json_set_real(result, "fsyncs_per_change", syncs / MAX(changes, 1));
    nsk_json_set_real(result, "cpu_us_per_change", (double)(to->cpu - from->cpu) / MAX(changes, 1));
    nsk_json_set_int(result, "changes", (int64_t)changes);
}

static bool
measure(Load *load, NskJson *result, GError **error)
{
    const NskBench *bench = load->bench;
    NskBenchTimes times = { 0 };
    double mb = 0;
    int64_t empty = nsk_bench_database_size(bench->folder);

    if (bench->letters > 0) {
        NskBenchTimes before = { 0 };
        bool ok = run_clients(load, 1 + bench->letters / bench->clients, 0, &before, &mb, error);

        nsk_bench_times_clear(&before);
        if (!ok)
            return false;
    }
    Mark from = take_mark(load);
    bool ok = run_clients(load, 0, bench->seconds, &times, &mb, error);
    Mark to = take_mark(load);
    describe(load, &from, &to, &times, result);
    nsk_json_set_real(result, "anonymous_mb", mb);
    nsk_bench_times_clear(&times);
    g_clear_pointer(&load->service, nsk_office_service_stop);
    nsk_json_set_real(result, "bytes_per_version",
                      (double)(nsk_bench_database_size(bench->folder) - empty) /
                          (double)MAX(to.stats.changes, 1));
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
    nsk_json_set_real(result, "raw_append_fdatasync_per_s", append);
    nsk_json_set_real(result, "raw_sqlite_commit_per_s", sqlite);
    nsk_json_set_real(result, "ratio_raw", load.rate / append);
    nsk_json_set_int(result, "clients", bench->clients);
    nsk_json_set_int(result, "seconds", bench->seconds);
    nsk_json_set_int(result, "letters", bench->letters);
    *out_result = g_steal_pointer(&result);
    return true;
}

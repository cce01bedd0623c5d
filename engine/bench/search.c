/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Searching: two words out of the most frequent ones, for a person who may read one letter in a
 * hundred.  Such words are in one letter in six or so, so that their lists are long, and the asker
 * has some twenty hits of both among 100,000 letters.
 */
#include "base/message.h"
#include "bench/bench-private.h"

#include <sys/stat.h>

#define ASKER          "nastiti"
#define ASKER_POSITION "kepala-bagian-rumah-tangga" /* reads nothing but what is put in here */
#define WORDS          32                           /* the most frequent ones */
#define ONE_IN         100

typedef struct {
    const NskBench *bench;
    NskBenchTimes times;
    uint64_t draws;
    int64_t hits;
    int64_t cpu; /* microseconds of processor, of all calls */
} Measure;

static bool
fill(const NskBench *bench, NskOfficeService *service, double *out_indexed, GError **error)
{
    double rate;
    NskBenchFill letters = { .service = service, .versions = 1, .reviewer = ASKER_POSITION };
    NskOfficeOptions options = { .dir = bench->folder,
                                 .service = service,
                                 .nobody = true,
                                 .clock = &nsk_clock_system };

    if (!nsk_bench_fill(bench, &letters, &rate, error))
        return false;
    g_autoptr(NskOffice) office = nsk_office_open(&options, error);
    int64_t begun = g_get_monotonic_time();
    nsk_bench_tell(bench, N_("indexing them"), 0, 1);
    if (office == NULL || !nsk_office_index(office, error))
        return false;
    *out_indexed =
        (double)bench->letters * G_USEC_PER_SEC / (double)MAX(g_get_monotonic_time() - begun, 1);
    return true;
}

static bool
search_once(Measure *self, NskOffice *office, GError **error)
{
    unsigned first = (unsigned)(nsk_bench_draw(&self->draws) % WORDS);
    unsigned second = (first + 1 + (unsigned)(nsk_bench_draw(&self->draws) % (WORDS - 1))) % WORDS;
    g_autofree char *word = nsk_bench_word(first);
    g_autofree char *other = nsk_bench_word(second);
    g_autofree char *text = g_strdup_printf("%s %s", word, other);
    g_autoptr(NskJson) result = NULL;
    NskSearchAsk ask = { .text = text };
    int64_t begun = g_get_monotonic_time();

    if (!nsk_office_search(office, &ask, &result, error))
        return false;
    g_autofree char *answer = nsk_json_canonical(result);
    nsk_bench_times_add(&self->times, g_get_monotonic_time() - begun);
    self->hits += (int64_t)nsk_json_length(nsk_json_get(result, "hits"));
    return true;
}

static bool
measure_searches(Measure *self, GError **error)
{
    int64_t end = g_get_monotonic_time() + (int64_t)self->bench->seconds * G_USEC_PER_SEC;
    int64_t cpu = nsk_bench_cpu_us();
    g_autoptr(NskOffice) office = nsk_bench_open(self->bench, ASKER, error);

    while (office != NULL && g_get_monotonic_time() < end) {
        if (!search_once(self, office, error))
            return false;
    }
    self->cpu = nsk_bench_cpu_us() - cpu;
    return office != NULL;
}

static void
describe(Measure *self, NskJson *result)
{
    struct stat info = { 0 };
    g_autofree char *path = g_build_filename(self->bench->folder, "search.db", NULL);

    (void)stat(path, &info);
    nsk_bench_set_real(result, "p50_ms", nsk_bench_times_share(&self->times, 0.50));
    nsk_bench_set_real(result, "p99_ms", nsk_bench_times_share(&self->times, 0.99));
    nsk_bench_set_real(result, "hits_mean", (double)self->hits / (double)MAX(self->times.n, 1));
    nsk_bench_set_real(result, "cpu_us_per_call",
                       (double)self->cpu / (double)MAX(self->times.n, 1));
    nsk_bench_set_real(result, "index_mb", (double)info.st_size / 1e6);
    nsk_json_set_int(result, "letters", self->bench->letters);
    nsk_json_set_int(result, "readable", (self->bench->letters + ONE_IN - 1) / ONE_IN);
    nsk_json_set_int(result, "calls", (int64_t)self->times.n);
}

bool
nsk_bench_search(const NskBench *bench, NskJson **out_result, GError **error)
{
    double indexed = 0;
    Measure measure = { .bench = bench, .draws = 1 };
    g_autoptr(NskJson) result = nsk_json_object();

    if (!nsk_bench_make_office(bench->folder, error))
        return false;
    NskOfficeService *service = nsk_office_service_start(bench->folder, error);
    bool ok = service != NULL && fill(bench, service, &indexed, error);
    nsk_office_service_stop(service);
    ok = ok && measure_searches(&measure, error);
    if (ok) {
        describe(&measure, result);
        nsk_bench_set_real(result, "indexed_per_s", indexed);
        *out_result = g_steal_pointer(&result);
    }
    nsk_bench_times_clear(&measure.times);
    return ok;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The history of one letter out of many.
 *
 * For a cold call nothing of this process may hold the database: the system drops no page of a file
 * that is mapped.  So each closes the office, syncs and drops the files, looks what stayed in
 * memory, and opens the office anew.
 */
#include "base/message.h"
#include "bench/bench-private.h"
#include "db/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERSIONS   4
#define READER     "budi" /* reviewer of every letter */
#define COLD_CALLS 200    /* at most */
#define COLD_SHARE 2      /* they have one second in so many */

static const char sql_list_letters[] = "SELECT id FROM letter ORDER BY id";

GPtrArray *
nsk_bench_letter_ids(const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "office.db", NULL);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, error);
    g_autoptr(NskDbTxn) txn = db != NULL ? nsk_db_snapshot(db, error) : NULL;

    return txn != NULL ? nsk_db_list_texts(txn, sql_list_letters, NSK_DB_NO_PARAMS, error) : NULL;
}

/* Bytes of the open file that are in memory. */
static int64_t
resident_bytes(int fd, size_t size)
{
    long page = sysconf(_SC_PAGESIZE);
    size_t pages = (size + (size_t)page - 1) / (size_t)page;
    g_autofree unsigned char *in = g_malloc0(pages + 1);
    void *map = size > 0 ? mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    int64_t n = 0;

    if (map == MAP_FAILED)
        return 0;
    if (mincore(map, size, in) == 0) {
        for (size_t i = 0; i < pages; i++)
            n += (in[i] & 1) != 0 ? page : 0;
    }
    (void)munmap(map, size);
    return n;
}

/* Writes the file's pages to the disk and drops them from memory.  *out_left: bytes that stayed. */
static bool
drop_file(const char *path, int64_t *out_left, GError **error)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 && errno == ENOENT)
        return true;
    bool ok = fd >= 0 && fstat(fd, &info) == 0 && fsync(fd) == 0 &&
              posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0;
    if (ok)
        *out_left += resident_bytes(fd, (size_t)info.st_size);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot read '%s': %s"), path,
                    nsk_reason(errno));
    if (fd >= 0)
        (void)close(fd);
    return ok;
}

static bool
drop_database(const char *folder, int64_t *out_left, GError **error)
{
    static const char *const files[] = { "office.db", "office.db-wal" };

    *out_left = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(folder, files[i], NULL);

        if (!drop_file(path, out_left, error))
            return false;
    }
    return true;
}

typedef struct {
    const NskBench *bench;
    GPtrArray *ids;
    uint64_t draws;
    NskBenchTimes warm, cold, open;
    int64_t entries; /* of all warm calls */
    int64_t left;    /* bytes, the most */
    int64_t cpu;     /* microseconds of processor, of the warm calls and those before each */
} Measure;

static const char *
draw_letter(Measure *self)
{
    return g_ptr_array_index(self->ids, nsk_bench_draw(&self->draws) % self->ids->len);
}

/* One call, timed with the writing of its answer. */
static bool
ask(NskOffice *office, const char *id, NskBenchTimes *times, int64_t *entries, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    int64_t begun = g_get_monotonic_time();

    if (!nsk_office_letter_history(office, id, &result, error))
        return false;
    g_autofree char *text = nsk_json_canonical(result);
    nsk_bench_times_add(times, g_get_monotonic_time() - begun);
    *entries += (int64_t)nsk_json_length(nsk_json_get(result, "entries"));
    return true;
}

/* The same letter twice: what is timed is the second, of which all pages are in memory. */
static bool
measure_warm(Measure *self, GError **error)
{
    int64_t end = g_get_monotonic_time() + (int64_t)self->bench->seconds * G_USEC_PER_SEC;
    int64_t cpu = nsk_bench_cpu_us();
    g_autoptr(NskOffice) office = nsk_bench_open(self->bench, READER, error);

    while (office != NULL && g_get_monotonic_time() < end) {
        NskBenchTimes first = { 0 };
        int64_t ignored = 0;
        const char *id = draw_letter(self);
        bool ok = ask(office, id, &first, &ignored, error);

        nsk_bench_times_clear(&first);
        if (!ok || !ask(office, id, &self->warm, &self->entries, error))
            return false;
    }
    self->cpu = nsk_bench_cpu_us() - cpu;
    return office != NULL;
}

static bool
measure_cold(Measure *self, GError **error)
{
    unsigned seconds = MAX(self->bench->seconds / COLD_SHARE, 1);
    int64_t end = g_get_monotonic_time() + (int64_t)seconds * G_USEC_PER_SEC;

    for (size_t n = 0; n < COLD_CALLS && g_get_monotonic_time() < end; n++) {
        int64_t left, ignored = 0;

        if (!drop_database(self->bench->folder, &left, error))
            return false;
        self->left = MAX(self->left, left);
        int64_t begun = g_get_monotonic_time();
        g_autoptr(NskOffice) office = nsk_bench_open(self->bench, READER, error);
        nsk_bench_times_add(&self->open, g_get_monotonic_time() - begun);
        if (office == NULL || !ask(office, draw_letter(self), &self->cold, &ignored, error))
            return false;
    }
    return true;
}

static void
describe(Measure *self, NskJson *result)
{
    double database = (double)nsk_bench_database_size(self->bench->folder) / 1e6;

    nsk_bench_set_real(result, "warm_p50_ms", nsk_bench_times_share(&self->warm, 0.50));
    nsk_bench_set_real(result, "warm_p99_ms", nsk_bench_times_share(&self->warm, 0.99));
    nsk_bench_set_real(result, "cold_p50_ms", nsk_bench_times_share(&self->cold, 0.50));
    nsk_bench_set_real(result, "cold_p99_ms", nsk_bench_times_share(&self->cold, 0.99));
    nsk_bench_set_real(result, "open_p50_ms", nsk_bench_times_share(&self->open, 0.50));
    nsk_bench_set_real(result, "open_p99_ms", nsk_bench_times_share(&self->open, 0.99));
    nsk_bench_set_real(result, "cold_left_mb", (double)self->left / 1e6);
    nsk_bench_set_real(result, "entries_mean",
                       (double)self->entries / (double)MAX(self->warm.n, 1));
    nsk_bench_set_real(result, "cpu_us_per_call",
                       (double)self->cpu / (2 * (double)MAX(self->warm.n, 1)));
    nsk_bench_set_real(result, "database_mb", database);
    nsk_json_set_int(result, "letters", self->bench->letters);
    nsk_json_set_int(result, "warm_calls", (int64_t)self->warm.n);
    nsk_json_set_int(result, "cold_calls", (int64_t)self->cold.n);
}

/* Fills the office and lets go of it. */
static bool
fill(const NskBench *bench, double *out_rate, GError **error)
{
    NskOfficeService *service = nsk_office_service_start(bench->folder, error);
    NskBenchFill letters = { .service = service, .versions = VERSIONS };
    bool ok = service != NULL && nsk_bench_fill(bench, &letters, out_rate, error);

    nsk_office_service_stop(service);
    return ok;
}

bool
nsk_bench_history(const NskBench *bench, NskJson **out_result, GError **error)
{
    double rate;
    Measure measure = { .bench = bench, .draws = 1 };
    g_autoptr(NskJson) result = nsk_json_object();

    if (!nsk_bench_make_office(bench->folder, error) || !fill(bench, &rate, error))
        return false;
    measure.ids = nsk_bench_letter_ids(bench->folder, error);
    bool ok = measure.ids != NULL && measure_warm(&measure, error) && measure_cold(&measure, error);
    if (ok) {
        describe(&measure, result);
        nsk_bench_set_real(result, "fill_changes_per_s", rate);
        *out_result = g_steal_pointer(&result);
    }
    g_clear_pointer(&measure.ids, g_ptr_array_unref);
    nsk_bench_times_clear(&measure.warm);
    nsk_bench_times_clear(&measure.cold);
    nsk_bench_times_clear(&measure.open);
    return ok;
}

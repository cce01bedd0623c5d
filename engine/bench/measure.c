/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "bench/bench-private.h"
#include "db/db.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPEND_SIZE 4096
#define FIRST_ROOM  4096

void
nsk_bench_times_add(NskBenchTimes *self, int64_t us)
{
    if (self->n == self->room) {
        self->room = self->room == 0 ? FIRST_ROOM : 2 * self->room;
        self->at = g_renew(uint32_t, self->at, self->room);
    }
    self->at[self->n++] = (uint32_t)CLAMP(us, 0, UINT32_MAX);
}

void
nsk_bench_times_add_all(NskBenchTimes *self, const NskBenchTimes *other)
{
    for (size_t i = 0; i < other->n; i++)
        nsk_bench_times_add(self, other->at[i]);
}

static int
compare_times(const void *a, const void *b)
{
    uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;

    return first < second ? -1 : first > second;
}

double
nsk_bench_times_share(NskBenchTimes *self, double share)
{
    if (self->n == 0)
        return 0;
    qsort(self->at, self->n, sizeof self->at[0], compare_times);
    return self->at[MIN((size_t)(share * (double)self->n), self->n - 1)] / 1000.0;
}

void
nsk_bench_times_clear(NskBenchTimes *self)
{
    g_free(self->at);
    *self = (NskBenchTimes){ 0 };
}

void
nsk_bench_set_real(NskJson *result, const char *key, double number)
{
    nsk_json_set_real(result, key, round(number * 1000) / 1000);
}

static int64_t
micros(struct timeval time)
{
    return (int64_t)time.tv_sec * G_USEC_PER_SEC + time.tv_usec;
}

int64_t
nsk_bench_cpu_us(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return micros(usage.ru_utime) + micros(usage.ru_stime);
}

double
nsk_bench_anonymous_mb(void)
{
    g_autofree char *text = NULL;

    if (!g_file_get_contents("/proc/self/status", &text, NULL, NULL))
        return 0;
    const char *line = strstr(text, "RssAnon:");
    return line != NULL ? (double)g_ascii_strtoull(line + strlen("RssAnon:"), NULL, 10) / 1024 : 0;
}

static bool
disk_fault(const char *path, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot write '%s': %s"), path,
                nsk_reason(errno));
    return false;
}

bool
nsk_bench_raw_append(const char *folder, double seconds, double *out_rate, GError **error)
{
    static const char page[APPEND_SIZE] = "naskah";
    g_autofree char *path = g_build_filename(folder, "raw-append", NULL);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int64_t begun = g_get_monotonic_time(), spent = 0;
    uint64_t n = 0;

    if (fd < 0)
        return disk_fault(path, error);
    bool ok = true;
    for (; ok && (double)spent < seconds * G_USEC_PER_SEC; n++) {
        ok = write(fd, page, sizeof page) == (ssize_t)sizeof page && fdatasync(fd) == 0;
        spent = g_get_monotonic_time() - begun;
    }
    ok = ok || disk_fault(path, error);
    (void)close(fd);
    (void)unlink(path);
    *out_rate = (double)n * G_USEC_PER_SEC / (double)spent;
    return ok;
}

static const char sql_add_row[] = "INSERT INTO setting (name, value) VALUES ($1, $2)";

static bool
apply_row(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    g_autofree char *name = g_strdup_printf("%" G_GUINT64_FORMAT, *(uint64_t *)data);

    return nsk_db_exec(txn, sql_add_row, NSK_DB_PARAMS(NSK_DB_TEXT(name), NSK_DB_TEXT("row")), NULL,
                       error);
}

bool
nsk_bench_raw_sqlite(const char *folder, double seconds, double *out_rate, GError **error)
{
    static const char *const endings[] = { "", "-wal", "-shm", ".writer" };
    g_autofree char *path = g_build_filename(folder, "raw-sqlite", NULL);
    g_autoptr(NskDb) db =
        nsk_db_create(path, error) ? nsk_db_open(path, NSK_DB_WRITE, error) : NULL;
    int64_t begun = g_get_monotonic_time(), spent = 0;
    uint64_t n = 0;
    NskChange change = { .apply = apply_row, .data = &n };
    bool ok = db != NULL;

    for (; ok && (double)spent < seconds * G_USEC_PER_SEC; n++) {
        ok = nsk_db_commit(db, &change, NULL, error);
        spent = g_get_monotonic_time() - begun;
    }
    g_clear_pointer(&db, nsk_db_free);
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *file = g_strconcat(path, endings[i], NULL);

        (void)unlink(file);
    }
    *out_rate = spent > 0 ? (double)n * G_USEC_PER_SEC / (double)spent : 0;
    return ok;
}

int64_t
nsk_bench_database_size(const char *office)
{
    static const char *const files[] = { "office.db", "office.db-wal" };
    int64_t size = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(office, files[i], NULL);
        struct stat info;

        size += stat(path, &info) == 0 ? (int64_t)info.st_size : 0;
    }
    return size;
}

bool
nsk_bench_make_office(const char *folder, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    NskInitOptions options = { .dir = folder, .demo = true, .clock = &nsk_clock_system };

    return nsk_office_init(&options, &result, error);
}

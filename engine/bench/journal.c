/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log over the journal: what it costs those who write, and what it gives those who check.
 *
 * What it costs is told by phases of writing, with proving and without by turns, so that a machine
 * that grows slower does it to both.  The many entries of the second part are written past the use
 * cases, as these would write them, and sequenced as a server does it.
 */
#include "journal/journal.h"

#include "base/bytes.h"
#include "base/message.h"
#include "bench/bench-private.h"

#include <string.h>

#define PHASES           6 /* of writing; half of them with proving */
#define PROVING_PAUSE_US (G_USEC_PER_SEC / 4)
#define ENTRIES_A_LETTER 10
#define PORTION          20000 /* entries of a transaction */
#define OPENED           5
#define MOST_WORDS       64

/* --- What it costs ---------------------------------------------------------------------------- */

/* A thread that proves what others write, as a server's does. */
typedef struct {
    const NskBench *bench;
    NskOfficeService *service;
    gint stop; /* atomic */
    GError *error;
} Proving;

static NskOffice *
open_office(const NskBench *bench, NskOfficeService *service, GError **error)
{
    const NskOfficeOptions options = { .dir = bench->folder,
                                       .service = service,
                                       .nobody = true,
                                       .clock = &nsk_clock_system };

    return nsk_office_open(&options, error);
}

static gpointer
prove(gpointer data)
{
    Proving *self = data;
    g_autoptr(NskOffice) office = open_office(self->bench, self->service, &self->error);

    while (office != NULL && !g_atomic_int_get(&self->stop) &&
           nsk_office_sequence(office, &self->error))
        g_usleep(PROVING_PAUSE_US);
    return NULL;
}

/* One phase of writing.  *out_rate: changes a second. */
static bool
write_phase(const NskBench *bench,
            NskOfficeService *service,
            bool proves,
            double *out_rate,
            GError **error)
{
    Proving proving = { .bench = bench, .service = service };
    GThread *thread = proves ? g_thread_new("prove", prove, &proving) : NULL;
    bool ok = nsk_bench_commit_rate(bench, service, out_rate, error);

    g_atomic_int_set(&proving.stop, 1);
    if (thread != NULL)
        (void)g_thread_join(thread);
    if (proving.error == NULL || !ok) {
        g_clear_error(&proving.error);
        return ok;
    }
    g_propagate_error(error, proving.error);
    return false;
}

static bool
measure_cost(const NskBench *bench, NskJson *result, GError **error)
{
    double rates[2] = { 0, 0 };
    NskBench phase = *bench;
    NskOfficeService *service = nsk_office_service_start(bench->folder, error);
    g_autoptr(NskOffice) office = service != NULL ? open_office(bench, service, error) : NULL;
    bool ok = office != NULL;

    phase.seconds = MAX(bench->seconds / PHASES, 1);
    for (int i = 0; ok && i < PHASES; i++) {
        double rate = 0;

        /* what phases without proving left is no part of the next */
        ok = nsk_office_sequence(office, error) &&
             write_phase(&phase, service, i % 2 == 1, &rate, error);
        rates[i % 2] += rate;
    }
    g_clear_pointer(&office, nsk_office_free);
    nsk_office_service_stop(service);
    nsk_bench_set_real(result, "changes_per_s_alone", rates[0] / (PHASES / 2));
    nsk_bench_set_real(result, "changes_per_s_proved", rates[1] / (PHASES / 2));
    nsk_bench_set_real(result, "cost_percent", 100 * (1 - rates[1] / MAX(rates[0], 1)));
    return ok;
}

/* --- Many entries ----------------------------------------------------------------------------- */

typedef struct {
    const NskBench *bench;
    const char *origin;
    int64_t next; /* entry */
    int64_t end;
} Fill;

/* Ids as letters have them, in the order of time. */
static void
write_id(int64_t letter, char out[MOST_WORDS])
{
    (void)g_snprintf(out, MOST_WORDS, "%08x-%04x-7000-8000-0123456789ab", (unsigned)(letter >> 8),
                     (unsigned)(letter & 0xff));
}

static bool
append(NskDbTxn *txn, const Fill *fill, int64_t n, const NskJournalNext *next, GError **error)
{
    char letter[MOST_WORDS];
    NskJournalObject object = { .kind = "letter", .size = 4096 + n % 4096 };
    const NskJournalEvent event = { .origin = fill->origin,
                                    .letter = letter,
                                    .at = n * G_USEC_PER_SEC,
                                    .actor = nsk_bench_writers[n % NSK_BENCH_WRITERS].person,
                                    .position = nsk_bench_writers[n % NSK_BENCH_WRITERS].position,
                                    .auth_level = "session",
                                    .action = "letter-edited",
                                    .objects = &object,
                                    .n_objects = 1,
                                    .state_from = "draft",
                                    .state_to = "draft",
                                    .task = "draft#1",
                                    .workflow = "surat-keluar@1",
                                    .commit = "0123456789abcdef0123456789abcdef01234567" };

    write_id(n / ENTRIES_A_LETTER, letter);
    nsk_sha256(&n, sizeof n, object.sha256);
    return nsk_journal_append(txn, &event, next, error);
}

static bool
apply_portion(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Fill *fill = data;
    int64_t end = MIN(fill->next + PORTION, fill->end);

    for (int64_t n = fill->next; n < end; n++) {
        char letter[MOST_WORDS];
        NskJournalNext next;

        write_id(n / ENTRIES_A_LETTER, letter);
        if (!nsk_journal_next(txn, letter, &next, error) || !append(txn, fill, n, &next, error))
            return false;
    }
    return true;
}

static bool
write_entries(const NskBench *bench, GError **error)
{
    Fill fill = { .bench = bench, .origin = "bench", .end = bench->letters };
    g_autofree char *path = g_build_filename(bench->folder, "office.db", NULL);
    NskDbWriter *writer = nsk_db_writer_open(path, error);
    const NskChange change = { .apply = apply_portion, .data = &fill };
    bool ok = writer != NULL;

    for (; ok && fill.next < fill.end; fill.next += PORTION) {
        ok = nsk_db_writer_commit(writer, &change, NULL, error);
        nsk_bench_tell(bench, N_("writing entries"), MIN(fill.next + PORTION, fill.end), fill.end);
    }
    nsk_db_writer_free(writer);
    return ok;
}

/* Gives all of them their leaves. */
static bool
sequence(const NskBench *bench, NskJson *result, GError **error)
{
    int64_t begun = g_get_monotonic_time();
    NskOfficeService *service = nsk_office_service_start(bench->folder, error);
    g_autoptr(NskOffice) office = service != NULL ? open_office(bench, service, error) : NULL;

    nsk_bench_tell(bench, N_("giving entries their leaves"), 0, bench->letters);
    bool ok = office != NULL && nsk_office_sequence(office, error);
    g_clear_pointer(&office, nsk_office_free);
    nsk_office_service_stop(service);
    double seconds = (double)MAX(g_get_monotonic_time() - begun, 1) / G_USEC_PER_SEC;
    nsk_bench_set_real(result, "sequenced_per_s", (double)bench->letters / seconds);
    return ok;
}

/* --- What it gives ---------------------------------------------------------------------------- */

static bool
measure_proofs(const NskBench *bench, NskJson *result, GError **error)
{
    uint64_t draws = 1;
    int64_t most = 0;
    g_auto(NskBenchTimes) times = { 0 };
    int64_t end = g_get_monotonic_time() + (int64_t)bench->seconds * G_USEC_PER_SEC;
    g_autoptr(NskOffice) office = open_office(bench, NULL, error);

    if (office == NULL)
        return false;
    for (; g_get_monotonic_time() < end;) {
        int64_t n = (int64_t)(nsk_bench_draw(&draws) % bench->letters);
        int64_t begun = g_get_monotonic_time();
        char letter[MOST_WORDS];

        write_id(n / ENTRIES_A_LETTER, letter);
        g_autoptr(GBytes) proof =
            nsk_office_audit_proof(office, letter, n % ENTRIES_A_LETTER + 1, error);
        if (proof == NULL)
            return false;
        nsk_bench_times_add(&times, g_get_monotonic_time() - begun);
        most = MAX(most, (int64_t)g_bytes_get_size(proof));
    }
    nsk_bench_set_real(result, "proof_p50_ms", nsk_bench_times_share(&times, 0.50));
    nsk_bench_set_real(result, "proof_p99_ms", nsk_bench_times_share(&times, 0.99));
    nsk_json_set_int(result, "proof_bytes", most);
    nsk_json_set_int(result, "proofs", (int64_t)times.n);
    return true;
}

/* From nothing to a service that may write. */
static bool
measure_opening(const NskBench *bench, NskJson *result, GError **error)
{
    g_auto(NskBenchTimes) times = { 0 };

    for (int i = 0; i < OPENED; i++) {
        int64_t begun = g_get_monotonic_time();
        NskOfficeService *service = nsk_office_service_start(bench->folder, error);

        if (service == NULL)
            return false;
        nsk_bench_times_add(&times, g_get_monotonic_time() - begun);
        nsk_office_service_stop(service);
    }
    nsk_bench_set_real(result, "open_ms", nsk_bench_times_share(&times, 0.50));
    return true;
}

static bool
measure_verification(const NskBench *bench, NskJson *result, GError **error)
{
    NskJson *verdict = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    const NskAuditVerify ask = { .progress = bench->progress,
                                 .progress_data = bench->progress_data };
    g_autoptr(NskOffice) office = open_office(bench, NULL, error);
    int64_t cpu = nsk_bench_cpu_us(), begun = g_get_monotonic_time();

    if (office == NULL || !nsk_office_audit_verify(office, &ask, issues, &verdict, error))
        return false;
    double seconds = (double)MAX(g_get_monotonic_time() - begun, 1) / G_USEC_PER_SEC;
    int64_t entries = nsk_json_get_int(verdict, "entries", 0);
    nsk_json_unref(verdict);
    nsk_bench_set_real(result, "verified_per_s", (double)entries / seconds);
    nsk_bench_set_real(result, "verify_cpu_us",
                       (double)(nsk_bench_cpu_us() - cpu) / (double)MAX(entries, 1));
    nsk_json_set_int(result, "entries", entries);
    if (issues->len == 0)
        return true;
    const NskIssue *first = g_ptr_array_index(issues, 0);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CORRUPT, first->text);
    return false;
}

bool
nsk_bench_journal(const NskBench *bench, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();

    if (!nsk_bench_make_office(bench->folder, error) || !measure_cost(bench, result, error) ||
        !write_entries(bench, error) || !sequence(bench, result, error) ||
        !measure_opening(bench, result, error) || !measure_proofs(bench, result, error) ||
        !measure_verification(bench, result, error))
        return false;
    nsk_json_set_int(result, "letters", bench->letters);
    nsk_bench_set_real(result, "database_mb", (double)nsk_bench_database_size(bench->folder) / 1e6);
    *out_result = g_steal_pointer(&result);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The day of an office: what comes in is registered, passed on, disposed of and answered; what goes
 * out is drafted, reviewed, signed and sent.  Threads take letters one after the other, each doing
 * all that happens to one, as whoever does it; no letter waits for anything but the office.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "base/resource.h"
#include "bench/bench-private.h"

#define INCOMING      200
#define OUTGOING      80
#define GIVEN_ON      2  /* one disposition in so many goes further down */
#define MOST_CLIENTS  16 /* each opens fonts of its own for the pages that it signs */
#define MOST_WORDS    1024
#define SAMPLE        "templates/letters/nota-dinas.sample.xml"
#define LETTERS_A_DAY (INCOMING + OUTGOING)

typedef struct {
    const NskBench *bench;
    NskOfficeService *service;
    GBytes *memo;     /* what goes out */
    char *passphrase; /* of all keys */
    gint next;        /* letter to be begun; atomic */
    gint end;      /* the letter after the last; atomic: the day in which time is up is the last */
    int64_t until; /* monotonic */
} Day;

typedef struct {
    Day *day;
    NskOffice *office;
    NskBenchTimes times; /* of acts */
    GError *fault;
} Lane;

/* --- Acts --------------------------------------------------------------------------------------
 */

/* Begins an act of @person. */
static bool
be(Lane *lane, const char *person, GError **error)
{
    return nsk_office_act_as(lane->office, person, error);
}

/* Ends an act that began at @begun: it is counted. */
static void
note(Lane *lane, int64_t begun, NskJson *result)
{
    nsk_bench_times_add(&lane->times, g_get_monotonic_time() - begun);
    nsk_json_unref(result);
}

static bool
dispose(Lane *lane,
        const char *person,
        const char *letter,
        const char *act,
        const char *to,
        GError **error)
{
    NskJson *result = NULL;
    int64_t begun = g_get_monotonic_time();
    NskDispositionAct what = { .act = act,
                               .task = letter,
                               .receivers = to,
                               .note = "Mohon ditindaklanjuti." };

    if (!be(lane, person, error) || !nsk_office_disposition(lane->office, &what, &result, error))
        return false;
    note(lane, begun, result);
    return true;
}

static bool
complete(Lane *lane, const char *person, const char *letter, const char *outcome, GError **error)
{
    NskJson *result = NULL;
    int64_t begun = g_get_monotonic_time();
    NskTaskAct act = { .task = letter, .outcome = outcome };

    if (!be(lane, person, error) || !nsk_office_task_act(lane->office, &act, &result, error))
        return false;
    note(lane, begun, result);
    return true;
}

static bool
register_letter(Lane *lane, gint n, char **out_letter, GError **error)
{
    static const char *const to[] = { "kepala-biro-umum", NULL };
    g_autofree char *origin = g_strdup_printf("Dinas Pengairan Wilayah %d", n);
    g_autofree char *number = g_strdup_printf("%d/DP/2026", n);
    g_autofree char *subject = g_strdup_printf("Permohonan Narasumber Angkatan %d", n);
    int64_t begun = g_get_monotonic_time();
    NskJson *result = NULL;
    NskIncomingAsk ask = { .channel = "pos",
                           .origin = origin,
                           .number = number,
                           .subject = subject,
                           .classification = "KP.08.1",
                           .to = to,
                           .not_duplicate = true };

    if (!be(lane, "wening", error) ||
        !nsk_office_incoming_register(lane->office, &ask, &result, error))
        return false;
    *out_letter = g_strdup(nsk_json_get_text(result, "letter"));
    note(lane, begun, result);
    begun = g_get_monotonic_time();
    if (!nsk_office_incoming_forward(lane->office, *out_letter, NULL, NULL, &result, error))
        return false;
    note(lane, begun, result);
    return true;
}

/* A letter that comes in, until it is filed. */
static bool
take_in(Lane *lane, gint n, GError **error)
{
    g_autofree char *letter = NULL;
    bool further = n % GIVEN_ON == 0;

    return register_letter(lane, n, &letter, error) &&
           dispose(lane, "sekar", letter, "give", "kepala-bagian-tata-usaha", error) &&
           (!further ||
            (dispose(lane, "budi", letter, "give", "kepala-subbagian-persuratan", error) &&
             dispose(lane, "kirana", letter, "done", NULL, error))) &&
           dispose(lane, "budi", letter, "done", NULL, error) &&
           dispose(lane, "sekar", letter, "done", NULL, error);
}

static bool
sign(Lane *lane, const char *letter, GError **error)
{
    NskJson *result = NULL;
    g_autoptr(NskJson) shown = NULL;
    int64_t begun = g_get_monotonic_time();

    if (!be(lane, "sekar", error) || !nsk_office_sign_prepare(lane->office, letter, &shown, error))
        return false;
    NskSignAct act = { letter, nsk_json_get_text(shown, "sha256"), NULL, lane->day->passphrase,
                       NULL };
    if (!nsk_office_sign_confirm(lane->office, &act, &result, error))
        return false;
    note(lane, begun, result);
    return true;
}

/* A letter that goes out, until it is filed. */
static bool
send_out(Lane *lane, GError **error)
{
    NskJson *result = NULL;
    int64_t begun = g_get_monotonic_time();
    NskNewLetter draft = { "nota.xml", lane->day->memo, "staf-persuratan" };

    if (!be(lane, "damar", error) || !nsk_office_letter_new(lane->office, &draft, &result, error))
        return false;
    g_autofree char *letter = g_strdup(nsk_json_get_text(result, "letter"));
    note(lane, begun, result);
    return complete(lane, "damar", letter, "submit", error) &&
           complete(lane, "budi", letter, "approve", error) && sign(lane, letter, error);
}

/* --- The day -----------------------------------------------------------------------------------
 */

/* The next letter of this day, or of another while there is time; false when all is done. */
static bool
take_letter(Day *day, gint *out_n)
{
    gint n = g_atomic_int_add(&day->next, 1);
    gint end = g_atomic_int_get(&day->end);

    if (n >= end && g_get_monotonic_time() < day->until)
        (void)g_atomic_int_compare_and_exchange(&day->end, end, end + LETTERS_A_DAY);
    *out_n = n;
    return n < g_atomic_int_get(&day->end);
}

static gpointer
run_lane(gpointer data)
{
    Lane *lane = data;
    gint n;

    lane->office = nsk_office_open(&(NskOfficeOptions){ .dir = lane->day->bench->folder,
                                                        .service = lane->day->service,
                                                        .nobody = true,
                                                        .clock = &nsk_clock_system },
                                   &lane->fault);
    while (lane->office != NULL && lane->fault == NULL && take_letter(lane->day, &n)) {
        if (n % LETTERS_A_DAY < INCOMING)
            (void)take_in(lane, n, &lane->fault);
        else
            (void)send_out(lane, &lane->fault);
    }
    g_clear_pointer(&lane->office, nsk_office_free);
    return NULL;
}

/* Lets all lanes run; the times of their acts go to @times. */
static bool
run_lanes(Day *day, NskBenchTimes *times, GError **error)
{
    unsigned n = MIN(day->bench->clients, MOST_CLIENTS);
    g_autofree Lane *lanes = g_new0(Lane, n);
    g_autofree GThread **threads = g_new(GThread *, n);
    GError *fault = NULL;

    for (unsigned i = 0; i < n; i++) {
        lanes[i].day = day;
        threads[i] = g_thread_new("client", run_lane, &lanes[i]);
    }
    for (unsigned i = 0; i < n; i++) {
        (void)g_thread_join(threads[i]);
        nsk_bench_times_add_all(times, &lanes[i].times);
        nsk_bench_times_clear(&lanes[i].times);
        if (fault == NULL)
            fault = g_steal_pointer(&lanes[i].fault);
        g_clear_error(&lanes[i].fault);
    }
    if (fault != NULL)
        g_propagate_error(error, fault);
    return fault == NULL;
}

static bool
day_begin(Day *day, GError **error)
{
    const char *folder = day->bench->folder;
    g_autofree char *path = g_build_filename(folder, "keys", "passphrase", NULL);

    if (!nsk_bench_make_office(folder, error))
        return false;
    g_autoptr(GBytes) words = nsk_file_read(path, MOST_WORDS, error);
    if (words == NULL || (day->memo = nsk_resource_load(SAMPLE, error)) == NULL)
        return false;
    day->passphrase = g_strndup(g_bytes_get_data(words, NULL), g_bytes_get_size(words));
    g_strchomp(day->passphrase);
    day->service = nsk_office_service_start(folder, error);
    return day->service != NULL;
}

static void
day_clear(Day *day)
{
    g_clear_pointer(&day->service, nsk_office_service_stop);
    g_clear_pointer(&day->memo, g_bytes_unref);
    g_clear_pointer(&day->passphrase, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Day, day_clear)

static void
describe(Day *day, NskBenchTimes *times, int64_t took, int64_t cpu, NskJson *result)
{
    int days = g_atomic_int_get(&day->end) / LETTERS_A_DAY;
    double seconds = (double)took / G_USEC_PER_SEC;

    nsk_bench_set_real(result, "days_per_s", days / seconds);
    nsk_bench_set_real(result, "day_s", seconds / days);
    nsk_bench_set_real(result, "cpu_s_per_day", (double)cpu / G_USEC_PER_SEC / days);
    nsk_bench_set_real(result, "p50_ms", nsk_bench_times_share(times, 0.50));
    nsk_bench_set_real(result, "p99_ms", nsk_bench_times_share(times, 0.99));
    nsk_bench_set_real(result, "anonymous_mb", nsk_bench_anonymous_mb());
    nsk_json_set_int(result, "acts", (int64_t)times->n);
    nsk_json_set_int(result, "days", days);
    nsk_json_set_int(result, "incoming", INCOMING);
    nsk_json_set_int(result, "dispositions", INCOMING + INCOMING / GIVEN_ON);
    nsk_json_set_int(result, "outgoing", OUTGOING);
    nsk_json_set_int(result, "clients", MIN(day->bench->clients, MOST_CLIENTS));
}

bool
nsk_bench_day(const NskBench *bench, NskJson **out_result, GError **error)
{
    NskBenchTimes times = { 0 };
    g_auto(Day) day = { .bench = bench, .end = LETTERS_A_DAY };

    if (!day_begin(&day, error))
        return false;
    int64_t begun = g_get_monotonic_time();
    int64_t cpu = nsk_bench_cpu_us();
    day.until = begun + (int64_t)bench->seconds * G_USEC_PER_SEC;
    bool ok = run_lanes(&day, &times, error);
    if (ok) {
        *out_result = nsk_json_object();
        describe(&day, &times, g_get_monotonic_time() - begun, nsk_bench_cpu_us() - cpu,
                 *out_result);
    }
    nsk_bench_times_clear(&times);
    return ok;
}

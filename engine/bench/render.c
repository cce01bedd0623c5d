/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters to pages.  Each part is measured in a process of its own, so that none is warmed by
 * another and the memory told is that part's alone; the bench itself starts them and gathers what
 * they say.
 *
 * 1. No letter is rendered twice: each has words of its own.
 * 2. What is kept from one letter to the next is what a renderer keeps: fonts, stylesheets, the
 *    profile and the kind.
 */
#include "render/render.h"

#include "base/message.h"
#include "base/resource.h"
#include "bench/bench-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

#define PROFILE      "templates/profiles/demo.xml"
#define KIND         "templates/letters/surat-dinas.xml"
#define WARMING      20 /* letters that are not counted */
#define TABLES       8
#define PROCESSES    15
#define LETTER_FILE  "letter.xml"
#define PAGES_KEY    "/Type/Pages/Count "
#define SECTIONS_30  "30"
#define SECTIONS_100 "100"
#define SECTIONS_300 "300"

/* ---- one letter ---- */

typedef struct {
    NskRenderer *renderer;
    NskProfile *profile;
    NskKind *kind;
} Shop;

static void
shop_clear(Shop *self)
{
    g_clear_pointer(&self->renderer, nsk_renderer_free);
    g_clear_pointer(&self->profile, nsk_profile_unref);
    g_clear_pointer(&self->kind, nsk_kind_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Shop, shop_clear)

static bool
shop_open(Shop *self, GError **error)
{
    g_autoptr(GBytes) profile = nsk_resource_load(PROFILE, error);
    g_autoptr(GBytes) kind = profile != NULL ? nsk_resource_load(KIND, error) : NULL;

    if (kind == NULL)
        return false;
    self->profile = nsk_profile_parse(PROFILE, g_bytes_get_data(profile, NULL),
                                      g_bytes_get_size(profile), NULL, error);
    self->kind = self->profile != NULL ? nsk_kind_parse(KIND, g_bytes_get_data(kind, NULL),
                                                        g_bytes_get_size(kind), NULL, error)
                                       : NULL;
    self->renderer = self->kind != NULL ? nsk_renderer_new(error) : NULL;
    return self->renderer != NULL;
}

/* The names that the directory would give; none is a person's. */
static const NskRenderParty addressees[] = {
    { .print = "Kepala Biro Sumber Daya Manusia" },
    { .print = "Kepala Biro Keuangan" },
    { .print = "Kepala Balai Air Tanah Wilayah Sagara", .place = "Sagara" },
};
static const NskRenderParty copies[] = {
    { .print = "Sekretaris Utama", .note = "sebagai laporan" },
    { .print = "Deputi Bidang Pemantauan" },
    { .print = "Deputi Bidang Konservasi" },
};
static const NskRenderSignatory signatory = {
    .capacity = "definitive",
    .position = "Kepala Biro Umum",
    .person = "Sekar Wiranegara, S.H., M.Si.",
    .plain_name = "Sekar Wiranegara",
    .nip = "197801012003122001",
    .rank = "Pembina Utama Muda (IV/c)",
};

static NskRenderJob
shop_job(const Shop *self, GBytes *letter)
{
    return (NskRenderJob){
        .name = LETTER_FILE,
        .letter = letter,
        .profile = self->profile,
        .kind = self->kind,
        .unit = "biro-umum",
        .unit_name = "Biro Umum",
        .place = "Arunika",
        .zone = "Asia/Jakarta",
        .addressees = addressees,
        .n_addressees = G_N_ELEMENTS(addressees),
        .copies = copies,
        .n_copies = G_N_ELEMENTS(copies),
        .signatories = &signatory,
        .n_signatories = 1,
        .qr_text = "https://naskah.bpatn.example/v/0199c0de-0000-7000-8000-000000000001",
    };
}

static bool
shop_render(const Shop *self, GBytes *letter, GBytes **out_pdf, GError **error)
{
    const NskRenderJob job = shop_job(self, letter);

    return nsk_render_letter(self->renderer, &job, NULL, out_pdf, error);
}

static int64_t
count_pages(GBytes *pdf)
{
    gsize size;
    const char *data = g_bytes_get_data(pdf, &size);
    const char *at = memmem(data, size, PAGES_KEY, strlen(PAGES_KEY));

    return at != NULL ? g_ascii_strtoll(at + strlen(PAGES_KEY), NULL, 10) : 0;
}

/* ---- parts ---- */

static double
thread_cpu_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* So many letters, of which the first is @first; what they weigh. */
static bool
render_many(const Shop *shop,
            uint64_t first,
            unsigned n,
            NskBenchTimes *times,
            int64_t *out_size,
            GError **error)
{
    for (unsigned i = 0; i < n; i++) {
        g_autoptr(GBytes) letter = nsk_bench_paged_xml(NSK_BENCH_LETTER, 0, first + i);
        g_autoptr(GBytes) pdf = NULL;
        int64_t begun = g_get_monotonic_time();

        if (!shop_render(shop, letter, &pdf, error))
            return false;
        if (times != NULL)
            nsk_bench_times_add(times, g_get_monotonic_time() - begun);
        *out_size += (int64_t)g_bytes_get_size(pdf);
    }
    return true;
}

static bool
measure_warm(const NskBench *bench, NskJson *result, GError **error)
{
    g_auto(Shop) shop = { 0 };
    g_auto(NskBenchTimes) times = { 0 };
    int64_t size = 0;

    if (!shop_open(&shop, error) || !render_many(&shop, 1, WARMING, NULL, &size, error))
        return false;
    double begun = thread_cpu_ms();
    size = 0;
    if (!render_many(&shop, 1 + WARMING, bench->letters, &times, &size, error))
        return false;
    nsk_bench_set_real(result, "letter_cpu_ms", (thread_cpu_ms() - begun) / bench->letters);
    nsk_bench_set_real(result, "letter_p50_ms", nsk_bench_times_share(&times, 0.50));
    nsk_bench_set_real(result, "letter_p99_ms", nsk_bench_times_share(&times, 0.99));
    nsk_bench_set_real(result, "peak_mb", nsk_bench_peak_mb());
    nsk_json_set_int(result, "pdf_bytes", size / bench->letters);
    return true;
}

static bool
measure_table(G_GNUC_UNUSED const NskBench *bench, NskJson *result, GError **error)
{
    g_auto(Shop) shop = { 0 };
    g_auto(NskBenchTimes) times = { 0 };
    int64_t pages = 0;

    if (!shop_open(&shop, error))
        return false;
    for (unsigned i = 0; i < TABLES; i++) {
        g_autoptr(GBytes) letter = nsk_bench_paged_xml(NSK_BENCH_TABLE, 0, i);
        g_autoptr(GBytes) pdf = NULL;
        int64_t begun = g_get_monotonic_time();

        if (!shop_render(&shop, letter, &pdf, error))
            return false;
        nsk_bench_times_add(&times, g_get_monotonic_time() - begun);
        pages = count_pages(pdf);
    }
    nsk_bench_set_real(result, "table_ms", nsk_bench_times_share(&times, 0.50));
    nsk_json_set_int(result, "table_pages", pages);
    return true;
}

static bool
write_file(const char *folder, unsigned n, const char *suffix, GBytes *bytes, GError **error)
{
    g_autofree char *name = g_strdup_printf("%04u%s", n, suffix);
    g_autofree char *path = g_build_filename(folder, name, NULL);

    return g_file_set_contents(path, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes),
                               error);
}

/* The letters themselves, and what they are as formatting objects, for other programs to render. */
static bool
write_letters(const NskBench *bench, NskJson *result, GError **error)
{
    g_auto(Shop) shop = { 0 };

    if (!shop_open(&shop, error))
        return false;
    for (unsigned i = 0; i < bench->letters; i++) {
        g_autoptr(GBytes) letter = nsk_bench_paged_xml(NSK_BENCH_LETTER, 0, i + 1);
        g_autoptr(GBytes) fo = NULL;
        const NskRenderJob job = shop_job(&shop, letter);

        if (!nsk_render_letter_fo(shop.renderer, &job, &fo, error) ||
            !write_file(bench->folder, i, ".xml", letter, error) ||
            !write_file(bench->folder, i, ".fo", fo, error))
            return false;
    }
    nsk_json_set_int(result, "letters", bench->letters);
    return true;
}

/* A report of bench->letters sections. */
static bool
measure_report(const NskBench *bench, NskJson *result, GError **error)
{
    g_auto(Shop) shop = { 0 };
    g_autoptr(GBytes) letter = nsk_bench_paged_xml(NSK_BENCH_REPORT, bench->letters, 1);
    g_autoptr(GBytes) pdf = NULL;

    if (!shop_open(&shop, error))
        return false;
    int64_t begun = g_get_monotonic_time();
    if (!shop_render(&shop, letter, &pdf, error))
        return false;
    nsk_bench_set_real(result, "report_s",
                       (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC);
    nsk_json_set_int(result, "report_pages", count_pages(pdf));
    nsk_bench_set_real(result, "report_mb", nsk_bench_peak_mb());
    return true;
}

/* ---- two threads ---- */

typedef struct {
    Shop shop;
    uint64_t first;
    unsigned n;
    int64_t size;
    GError *fault;
} Lane;

static void *
run_lane(void *data)
{
    Lane *lane = data;

    (void)render_many(&lane->shop, lane->first, lane->n, NULL, &lane->size, &lane->fault);
    return NULL;
}

static void
lane_clear(void *data)
{
    Lane *lane = data;

    shop_clear(&lane->shop);
    g_clear_error(&lane->fault);
}

/* Letters a second that @n threads make together. */
static bool
measure_lanes(GArray *lanes, unsigned n, double *out_rate, GError **error)
{
    g_autoptr(GPtrArray) threads = g_ptr_array_new();
    int64_t begun = g_get_monotonic_time();
    double letters = 0;

    for (unsigned i = 0; i < n; i++) {
        Lane *lane = &g_array_index(lanes, Lane, i);

        letters += lane->n;
        g_ptr_array_add(threads, g_thread_new("bench", run_lane, lane));
    }
    for (unsigned i = 0; i < n; i++)
        (void)g_thread_join(threads->pdata[i]);
    for (unsigned i = 0; i < n; i++) {
        Lane *lane = &g_array_index(lanes, Lane, i);

        if (lane->fault != NULL) {
            g_propagate_error(error, g_steal_pointer(&lane->fault));
            return false;
        }
    }
    *out_rate = letters * G_USEC_PER_SEC / (double)MAX(g_get_monotonic_time() - begun, 1);
    return true;
}

static bool
measure_threads(const NskBench *bench, NskJson *result, GError **error)
{
    g_autoptr(GArray) lanes = g_array_new(FALSE, TRUE, sizeof(Lane));
    double warm, one, two;

    g_array_set_clear_func(lanes, lane_clear);
    g_array_set_size(lanes, 2);
    for (unsigned i = 0; i < 2; i++) {
        Lane *lane = &g_array_index(lanes, Lane, i);

        lane->first = (uint64_t)i * NSK_BENCH_PAGED_MAX + 1;
        lane->n = bench->letters;
        if (!shop_open(&lane->shop, error))
            return false;
    }
    if (!measure_lanes(lanes, 2, &warm, error) || !measure_lanes(lanes, 1, &one, error) ||
        !measure_lanes(lanes, 2, &two, error))
        return false;
    nsk_bench_set_real(result, "two_threads", two / one);
    return true;
}

/* ---- the whole ---- */

typedef struct {
    const char *name;
    bool (*measure)(const NskBench *bench, NskJson *result, GError **error);
} Part;

static const Part parts[] = {
    { "warm", measure_warm },       { "table", measure_table },   { "report", measure_report },
    { "threads", measure_threads }, { "letters", write_letters },
};

/* The result of one part, from a process of its own. */
static NskJson *
run_part(const char *name, const char *letters, GError **error)
{
    const char *const args[] = { "bench",     "render", "--part", name,
                                 "--letters", letters,  "--json", NULL };
    g_autofree char *output = NULL;
    double ms;

    if (!nsk_bench_run_apart(args, &ms, &output, error))
        return NULL;
    return nsk_json_parse(output, strlen(output), error);
}

static void
take_real(NskJson *result, const char *as, const NskJson *from, const char *key)
{
    nsk_bench_set_real(result, as, nsk_json_get_real(from, key, 0));
}

static bool
gather_reports(NskJson *result, GError **error)
{
    g_autoptr(NskJson) small = run_part("report", SECTIONS_30, error);
    g_autoptr(NskJson) middle = small != NULL ? run_part("report", SECTIONS_100, error) : NULL;
    g_autoptr(NskJson) large = middle != NULL ? run_part("report", SECTIONS_300, error) : NULL;

    if (large == NULL)
        return false;
    take_real(result, "report_s", large, "report_s");
    take_real(result, "report_pages", large, "report_pages");
    take_real(result, "report_30_mb", small, "report_mb");
    take_real(result, "report_100_mb", middle, "report_mb");
    take_real(result, "report_300_mb", large, "report_mb");
    return true;
}

/* The command that people use, from start to end. */
static bool
measure_processes(const NskBench *bench, NskJson *result, GError **error)
{
    g_autofree char *file = g_build_filename(bench->folder, LETTER_FILE, NULL);
    g_autofree char *pdf = g_build_filename(bench->folder, "letter.pdf", NULL);
    const char *const args[] = { "render", file, "-o", pdf, NULL };
    g_auto(NskBenchTimes) times = { 0 };

    for (unsigned i = 0; i < PROCESSES; i++) {
        g_autoptr(GBytes) letter = nsk_bench_paged_xml(NSK_BENCH_LETTER, 0, i);
        double ms;

        if (!g_file_set_contents(file, g_bytes_get_data(letter, NULL),
                                 (gssize)g_bytes_get_size(letter), error) ||
            !nsk_bench_run_apart(args, &ms, NULL, error))
            return false;
        nsk_bench_times_add(&times, (int64_t)(ms * 1000));
    }
    nsk_bench_set_real(result, "process_ms", nsk_bench_times_share(&times, 0.50));
    return true;
}

static bool
gather(const NskBench *bench, NskJson *result, GError **error)
{
    g_autofree char *letters = g_strdup_printf("%u", bench->letters);
    g_autoptr(NskJson) warm = run_part("warm", letters, error);
    g_autoptr(NskJson) table = warm != NULL ? run_part("table", "1", error) : NULL;
    g_autoptr(NskJson) threads = table != NULL ? run_part("threads", letters, error) : NULL;

    if (threads == NULL)
        return false;
    take_real(result, "letter_p50_ms", warm, "letter_p50_ms");
    take_real(result, "letter_p99_ms", warm, "letter_p99_ms");
    take_real(result, "letter_cpu_ms", warm, "letter_cpu_ms");
    take_real(result, "peak_mb", warm, "peak_mb");
    take_real(result, "pdf_bytes", warm, "pdf_bytes");
    take_real(result, "table_ms", table, "table_ms");
    take_real(result, "table_pages", table, "table_pages");
    take_real(result, "two_threads", threads, "two_threads");
    nsk_json_set_int(result, "letters", bench->letters);
    return true;
}

bool
nsk_bench_render(const NskBench *bench, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();

    for (size_t i = 0; bench->part != NULL && i < G_N_ELEMENTS(parts); i++) {
        if (strcmp(bench->part, parts[i].name) != 0)
            continue;
        if (!parts[i].measure(bench, result, error))
            return false;
        *out_result = g_steal_pointer(&result);
        return true;
    }
    if (bench->part != NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("there is no part '%s' of the bench; there are: warm, table, report, "
                           "threads, letters"),
                    bench->part);
        return false;
    }
    if (g_mkdir(bench->folder, 0700) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("cannot make the folder '%s' for the bench: %s"), bench->folder,
                    g_strerror(errno));
        return false;
    }
    if (!gather(bench, result, error) || !measure_processes(bench, result, error) ||
        !gather_reports(result, error))
        return false;
    *out_result = g_steal_pointer(&result);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/bench.h"

#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#define SECONDS_MAX  3600
#define LETTERS_MAX  10000000
#define SMALL_NUMBER 100 /* from which on a fraction tells nothing */
#define TINY_NUMBER  1
#define VALUE_WIDTH  12
#define UNIT_WIDTH   16

static char *folder;
static gint clients = 64;
static gint seconds = 10;
static gint letters = -1;
static char *part;

static const GOptionEntry options[] = {
    { "clients", 0, 0, G_OPTION_ARG_INT, &clients, N_("how many write at once (64)"), "N" },
    { "seconds", 0, 0, G_OPTION_ARG_INT, &seconds, N_("how long it measures (10)"), "N" },
    { "letters", 0, 0, G_OPTION_ARG_INT, &letters,
      N_("how many letters there are before (commit: 0, inbox, journal and flow: 1000000, else "
         "100000)"),
      "N" },
    { "folder", 0, 0, G_OPTION_ARG_FILENAME, &folder,
      N_("where to make its office, on the disk to be measured (naskah-bench)"), "FOLDER" },
    { "part", 0, 0, G_OPTION_ARG_STRING, &part,
      N_("render: this part alone (warm, table, report, threads, letters)"), "PART" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* A figure of a result, and how people read it. */
typedef struct {
    const char *key;
    const char *words;
    const char *unit;
    enum { BOUND_NONE, BOUND_MOST, BOUND_LEAST } bound;
    double limit;
} Figure;

#define MS    N_("ms")
#define US    N_("microseconds")
#define MB    N_("MB")
#define A_SEC N_("a second")

static const Figure commit_figures[] = {
    { "changes_per_s", N_("durable changes"), A_SEC, BOUND_NONE, 0 },
    { "p50_ms", N_("a change takes, as a rule (median)"), MS, BOUND_NONE, 0 },
    { "p99_ms", N_("99 changes in 100 take at most"), MS, BOUND_MOST, 25 },
    { "cpu_us_per_change", N_("processor time a change"), US, BOUND_MOST, 170 },
    { "batch_mean", N_("changes written together"), "", BOUND_NONE, 0 },
    { "fsyncs_per_change", N_("waits for the disk, a change"), "", BOUND_NONE, 0 },
    { "bytes_per_version", N_("room on disk, a version"), N_("bytes"), BOUND_MOST, 2500 },
    { "raw_append_fdatasync_per_s", N_("this disk: appends of 4 KB, each synced"), A_SEC,
      BOUND_NONE, 0 },
    { "raw_sqlite_commit_per_s", N_("this disk: transactions of one row"), A_SEC, BOUND_NONE, 0 },
    { "ratio_raw", N_("durable changes, against those appends"), N_("times"), BOUND_NONE, 0 },
    { "anonymous_mb", N_("memory of its own, at most"), MB, BOUND_MOST, 200 },
    { "clients", N_("people who acted at once"), "", BOUND_NONE, 0 },
    { NULL, NULL, NULL, BOUND_NONE, 0 },
};
static const Figure inbox_figures[] = {
    { "p50_us", N_("a list of 20 takes, as a rule (median)"), US, BOUND_MOST, 300 },
    { "p99_us", N_("99 lists in 100 take at most"), US, BOUND_NONE, 0 },
    { "cpu_us_per_call", N_("processor time of a list"), US, BOUND_NONE, 0 },
    { "waiting", N_("tasks in front of the person"), "", BOUND_NONE, 0 },
    { "groups", N_("positions held or assisted"), "", BOUND_NONE, 0 },
    { "tasks", N_("tasks in the office"), "", BOUND_NONE, 0 },
    { "letters", N_("letters in the office"), "", BOUND_NONE, 0 },
    { "fill_s", N_("making the office took"), N_("seconds"), BOUND_NONE, 0 },
    { NULL, NULL, NULL, BOUND_NONE, 0 },
};
static const Figure history_figures[] = {
    { "warm_p50_ms", N_("a history takes, as a rule (median)"), MS, BOUND_MOST, 0.5 },
    { "warm_p99_ms", N_("99 histories in 100 take at most"), MS, BOUND_NONE, 0 },
    { "cpu_us_per_call", N_("processor time of a history"), US, BOUND_NONE, 0 },
    { "cold_p50_ms", N_("from the disk, as a rule"), MS, BOUND_MOST, 5 },
    { "cold_p99_ms", N_("from the disk, 99 in 100 at most"), MS, BOUND_NONE, 0 },
    { "open_p50_ms", N_("opening the office from the disk"), MS, BOUND_NONE, 0 },
    { "cold_left_mb", N_("of it still in memory, at most"), MB, BOUND_NONE, 0 },
    { "entries_mean", N_("events of a history"), "", BOUND_NONE, 0 },
    { "letters", N_("letters in the office"), "", BOUND_NONE, 0 },
    { "database_mb", N_("the office's database"), MB, BOUND_NONE, 0 },
    { "fill_changes_per_s", N_("changes while it was filled"), A_SEC, BOUND_NONE, 0 },
    { NULL, NULL, NULL, BOUND_NONE, 0 },
};
static const Figure search_figures[] = {
    { "p50_ms", N_("a search takes, as a rule (median)"), MS, BOUND_MOST, 1 },
    { "p99_ms", N_("99 searches in 100 take at most"), MS, BOUND_NONE, 0 },
    { "cpu_us_per_call", N_("processor time of a search"), US, BOUND_NONE, 0 },
    { "hits_mean", N_("letters found and shown"), "", BOUND_NONE, 0 },
    { "letters", N_("letters in the office"), "", BOUND_NONE, 0 },
    { "readable", N_("of these the asker may read"), "", BOUND_NONE, 0 },
    { "index_mb", N_("the search index"), MB, BOUND_NONE, 0 },
    { "indexed_per_s", N_("letters indexed"), A_SEC, BOUND_NONE, 0 },
    { NULL, NULL, NULL, BOUND_NONE, 0 },
};

static const Figure flow_figures[] = {
    { "memory_completions_per_s", N_("tasks done, in memory alone"), A_SEC, BOUND_LEAST, 100000 },
    { "state_bytes", N_("room for a waiting letter's state"), N_("bytes"), BOUND_MOST, 1024 },
    { "durable_completions_per_s", N_("tasks done, durably"), A_SEC, BOUND_LEAST, 8000 },
    { "durable_p50_ms", N_("a task takes, as a rule (median)"), MS, BOUND_NONE, 0 },
    { "durable_p99_ms", N_("99 tasks in 100 take at most"), MS, BOUND_NONE, 0 },
    { "cpu_us_per_completion", N_("processor time a task"), US, BOUND_NONE, 0 },
    { "batch_mean", N_("changes written together"), "", BOUND_NONE, 0 },
    { "waiting", N_("letters that wait in the office"), "", BOUND_NONE, 0 },
    { "open_p50_ms", N_("opening that office and listing what waits"), MS, BOUND_MOST, 100 },
    { "open_mb", N_("memory taken for it, at most"), MB, BOUND_MOST, 64 },
    { "raw_append_fdatasync_per_s", N_("this disk: appends of 4 KB, each synced"), A_SEC,
      BOUND_NONE, 0 },
    { "clients", N_("people who acted at once"), "", BOUND_NONE, 0 },
    { NULL, NULL, NULL, BOUND_NONE, 0 },
};

static const Figure journal_figures[] = {
    { "changes_per_s_alone", N_("durable changes, nothing proved meanwhile"), A_SEC, BOUND_NONE,
      0 },
    { "changes_per_s_proved", N_("the same, and proved within a second"), A_SEC, BOUND_NONE, 0 },
    { "cost_percent", N_("what proving costs the writers"), "%", BOUND_MOST, 10 },
    { "entries", N_("entries in the log"), "", BOUND_NONE, 0 },
    { "proof_p50_ms", N_("a proof takes, as a rule (median)"), MS, BOUND_MOST, 1 },
    { "proof_p99_ms", N_("99 proofs in 100 take at most"), MS, BOUND_NONE, 0 },
    { "proof_bytes", N_("size of the largest proof"), N_("bytes"), BOUND_MOST, 3072 },
    { "open_ms", N_("a service begins over that log in"), MS, BOUND_MOST, 200 },
    { "verified_per_s", N_("entries verified, the whole log"), A_SEC, BOUND_LEAST, 1000000 },
    { "verify_cpu_us", N_("processor time of verifying an entry"), US, BOUND_NONE, 0 },
    { "sequenced_per_s", N_("entries given their place"), A_SEC, BOUND_NONE, 0 },
    { "database_mb", N_("the office's database"), MB, BOUND_NONE, 0 },
    { NULL, NULL, NULL, BOUND_NONE, 0 },
};

static const Figure day_figures[] = {
    { "days_per_s", N_("days of an office, carried"), A_SEC, BOUND_NONE, 0 },
    { "day_s", N_("a day takes"), N_("seconds"), BOUND_NONE, 0 },
    { "cpu_s_per_day", N_("processor time a day"), N_("seconds"), BOUND_NONE, 0 },
    { "p50_ms", N_("an act takes, as a rule (median)"), MS, BOUND_NONE, 0 },
    { "p99_ms", N_("99 acts in 100 take at most"), MS, BOUND_NONE, 0 },
    { "incoming", N_("letters that come in, a day"), "", BOUND_NONE, 0 },
    { "dispositions", N_("dispositions, a day"), "", BOUND_NONE, 0 },
    { "outgoing", N_("letters that are signed and go out, a day"), "", BOUND_NONE, 0 },
    { "clients", N_("people who acted at once"), "", BOUND_NONE, 0 },
    { NULL, NULL, NULL, BOUND_NONE, 0 },
};

static const Figure render_figures[] = {
    { "letter_p50_ms", N_("a letter of two pages takes, as a rule (median)"), MS, BOUND_MOST, 2 },
    { "letter_p99_ms", N_("99 letters in 100 take at most"), MS, BOUND_NONE, 0 },
    { "letter_cpu_ms", N_("processor time of a letter"), MS, BOUND_NONE, 0 },
    { "process_ms", N_("a command of its own for a letter takes"), MS, BOUND_MOST, 25 },
    { "peak_mb", N_("memory, shared pages included, at most"), MB, BOUND_MOST, 25 },
    { "pdf_bytes", N_("size of the PDF"), N_("bytes"), BOUND_MOST, 49152 },
    { "table_ms", N_("a table of 500 rows takes"), MS, BOUND_MOST, 30 },
    { "table_pages", N_("its pages"), "", BOUND_NONE, 0 },
    { "report_s", N_("a report of 300 sections takes"), N_("seconds"), BOUND_MOST, 1 },
    { "report_pages", N_("its pages"), "", BOUND_NONE, 0 },
    { "report_30_mb", N_("memory for 30 sections"), MB, BOUND_NONE, 0 },
    { "report_100_mb", N_("memory for 100 sections"), MB, BOUND_NONE, 0 },
    { "report_300_mb", N_("memory for 300 sections"), MB, BOUND_NONE, 0 },
    { "two_threads", N_("two threads, against one"), N_("times"), BOUND_LEAST, 1.9 },
    { "letters", N_("letters measured"), "", BOUND_NONE, 0 },
    { NULL, NULL, NULL, BOUND_NONE, 0 },
};

static const Figure sign_figures[] = {
    { "sign_p50_ms", N_("a signature takes, as a rule (median)"), MS, BOUND_MOST, 2 },
    { "sign_p99_ms", N_("99 signatures in 100 take at most"), MS, BOUND_NONE, 0 },
    { "verify_p50_ms", N_("judging a letter of two lasting signatures"), MS, BOUND_MOST, 5 },
    { "verify_p99_ms", N_("99 judgements in 100 take at most"), MS, BOUND_NONE, 0 },
    { "batch_p50_ms", N_("100 letters signed with one PIN by a token (SoftHSM2)"), MS, BOUND_MOST,
      1000 },
    { "batch_p99_ms", N_("99 such batches in 100 take at most"), MS, BOUND_NONE, 0 },
    { "letter_bytes", N_("a letter before it is signed"), N_("bytes"), BOUND_NONE, 0 },
    { "lasting_bytes", N_("with its lasting signatures"), N_("bytes"), BOUND_NONE, 0 },
    { NULL, NULL, NULL, BOUND_NONE, 0 },
};

typedef struct {
    const char *name;
    bool (*run)(const NskBench *bench, NskJson **out_result, GError **error);
    const Figure *figures;
    gint letters;     /* if nothing else is asked for */
    gint letters_min; /* that it needs */
} Bench;

static const Bench benches[] = {
    { "commit", nsk_bench_commit, commit_figures, 0, 0 },
    { "inbox", nsk_bench_inbox, inbox_figures, 1000000, 1 },
    { "history", nsk_bench_history, history_figures, 100000, 1 },
    { "search", nsk_bench_search, search_figures, 100000, 1 },
    { "journal", nsk_bench_journal, journal_figures, 1000000, 1 },
    { "flow", nsk_bench_flow, flow_figures, 1000000, 1 },
    { "day", nsk_bench_day, day_figures, 0, 0 },
    { "render", nsk_bench_render, render_figures, 300, 1 },
    { "sign", nsk_bench_sign, sign_figures, 0, 0 },
};

static const Bench *bench_run; /* whose result is printed */

/* As many digits as tell something. */
static char *
number_text(double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    const char *format = value >= SMALL_NUMBER || value == (double)(int64_t)value ? "%.0f"
                         : value >= TINY_NUMBER                                   ? "%.1f"
                                                                                  : "%.3f";

    return g_strdup(g_ascii_formatd(text, sizeof text, format, value));
}

/* Columns are of characters, not of bytes. */
static void
print_cell(const char *text, int width, bool right)
{
    int room = MAX(width - (int)g_utf8_strlen(text, -1), 0);

    (void)printf("%*s%s%*s", right ? room : 0, "", text, right ? 0 : room, "");
}

static void
print_figure(const Figure *figure, double value, int width)
{
    g_autofree char *text = number_text(value);
    g_autofree char *limit = number_text(figure->limit);

    print_cell(nsk_tr(figure->words), width, false);
    print_cell(text, VALUE_WIDTH, true);
    (void)fputs("  ", stdout);
    if (figure->bound == BOUND_NONE) {
        (void)printf("%s\n", *figure->unit != '\0' ? nsk_tr(figure->unit) : "");
        return;
    }
    bool met = figure->bound == BOUND_MOST ? value <= figure->limit : value >= figure->limit;
    print_cell(*figure->unit != '\0' ? nsk_tr(figure->unit) : "", UNIT_WIDTH, false);
    (void)printf(figure->bound == BOUND_MOST ? nsk_tr("at most %s: %s\n")
                                             : nsk_tr("at least %s: %s\n"),
                 limit, met ? nsk_tr("met") : nsk_tr("MISSED"));
}

static void
print_words(const NskJson *result)
{
    int width = 0;

    for (const Figure *figure = bench_run->figures; figure->key != NULL; figure++)
        width = MAX(width, (int)g_utf8_strlen(nsk_tr(figure->words), -1));
    for (const Figure *figure = bench_run->figures; figure->key != NULL; figure++) {
        /* a part of a bench has figures of its own alone */
        if (nsk_json_get(result, figure->key) != NULL)
            print_figure(figure, nsk_json_get_real(result, figure->key, 0), width);
    }
}

static const Bench *
find_bench(const char *name, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(benches); i++) {
        if (strcmp(name, benches[i].name) == 0)
            return &benches[i];
    }
    g_set_error(
        error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        nsk_tr("there is no bench '%s'; there are: commit, inbox, history, search, journal, flow, "
               "day, render, sign"),
        name);
    return NULL;
}

static bool
check_options(const Bench *bench, GError **error)
{
    if (letters < 0)
        letters = bench->letters;
    if (clients >= 1 && clients <= NSK_BENCH_CLIENTS_MAX && seconds >= 1 &&
        seconds <= SECONDS_MAX && letters >= bench->letters_min && letters <= LETTERS_MAX)
        return true;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                nsk_tr("--clients is 1 to %d, --seconds 1 to %d, --letters %d to %d"),
                NSK_BENCH_CLIENTS_MAX, SECONDS_MAX, bench->letters_min, LETTERS_MAX);
    return false;
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;

    bench_run = find_bench(cli->args[0], error);
    if (bench_run == NULL || !check_options(bench_run, error))
        return false;
    NskBench bench = { .folder = folder != NULL ? folder : "naskah-bench",
                       .clients = (unsigned)clients,
                       .seconds = (unsigned)seconds,
                       .letters = (unsigned)letters,
                       .part = part,
                       .progress = nsk_cli_progress,
                       .progress_data = cli };
    bool ok = bench_run->run(&bench, &result, error);
    nsk_cli_progress_end(cli);
    if (ok)
        nsk_cli_print(cli, result, print_words);
    return ok;
}

const NskCommand nsk_command_bench = {
    .name = "bench",
    .summary = N_("measure how fast an office is on this machine"),
    .usage = "commit|inbox|history|search|journal|flow|day|render|sign",
    .examples = "    naskah bench commit --folder /srv/naskah/bench\n"
                "    naskah bench commit --clients 1 --seconds 5 --json\n"
                "    naskah bench inbox --letters 100000\n"
                "    naskah bench history\n"
                "    naskah bench search\n"
                "    naskah bench journal --letters 10000000\n"
                "    naskah bench day --json\n"
                "    naskah bench render",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};

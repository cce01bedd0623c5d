/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Growth of one repository: makes LETTERS letters of VERSIONS versions each through
 * nsk_store_commit(), projects as they come, and looks with the stock git at what that gives.
 * TAP on standard output, figures in comments.
 *
 *   test-store-growth [LETTERS VERSIONS [FOLDER]]
 *
 * The letters are 4 KB of words in an invented language, each version changing a few; the same in
 * every run.  It is run small by the test suite and large by hand.
 */
#include "base/bytes.h"
#include "fixture.h"
#include "store/store-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define REPOSITORY "umum-2026"
#define BATCH      256
#define AT_ONCE    4096
#define WORDS      560
#define LOOKS      21
#define FEW        20000 /* letters that have no big packs of themselves */
#define SLOWEST_MS 50.0  /* a letter's log, by the stock git */

typedef struct {
    guint letters, versions;
    char *folder, *db_path, *copies, *path;
    NskDb *db;
    NskProjector *projector;
    NskInstant now;
    GRand *random;
    guint projected; /* versions */
    guint runs;
    double commit_s, run_s, slowest_run_s; /* by the clock */
    double commit_cpu_s, claim_cpu_s, run_cpu_s, done_cpu_s;
} Growth;

static double
seconds(void)
{
    return (double)g_get_monotonic_time() / G_USEC_PER_SEC;
}

/* CPU time of the process: what a busy machine does not change. */
static double
cpu_seconds(void)
{
    struct timespec at;

    g_assert_cmpint(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at), ==, 0);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static char *
letter_id(guint i)
{
    return g_strdup_printf("01981f00-%04x-7000-8000-%012x", i >> 8, i);
}

/* The text of a version: the letter's own words, of which each version changes every thirtieth. */
static GBytes *
letter_text(guint letter, guint version)
{
    static const char *const parts[] = { "ka", "lu", "men", "ra", "ti", "so", "pe", "wi", "na" };
    GString *text = g_string_new("<letter>");
    g_autoptr(GRand) first = g_rand_new_with_seed(letter + 1);
    g_autoptr(GRand) later = g_rand_new_with_seed(letter + 1 + (version << 24));

    for (guint i = 0; i < WORDS; i++) {
        guint word = g_rand_int(first);

        if (version > 0 && g_rand_int_range(later, 0, 30) == 0)
            word = g_rand_int(later);
        for (int j = 0; j < 3; j++, word /= 9)
            g_string_append(text, parts[word % 9]);
        g_string_append_c(text, i % 12 == 11 ? '\n' : ' ');
    }
    g_string_append(text, "</letter>\n");
    return g_string_free_to_bytes(text);
}

typedef struct {
    char *letter, *name, *message;
    NskStoreFile file;
    NskStoreCommit commit;
} Draft;

static bool
apply_commit(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    return nsk_store_commit(txn, data, out_answer, error);
}

static void
draft_fill(Draft *draft, guint letter, guint version)
{
    draft->letter = letter_id(letter);
    draft->name = g_strconcat(draft->letter, ".xml", NULL);
    draft->message = g_strdup_printf("Change the letter\n\nEvent: letter-changed\nJournal: %s/%u\n",
                                     draft->letter, version + 1);
    draft->file = (NskStoreFile){ .name = draft->name, .content = letter_text(letter, version) };
    draft->commit = fixture_commit(draft->letter, REPOSITORY);
    draft->commit.message = draft->message;
    draft->commit.at = TIME_1 + (NskInstant)version * G_USEC_PER_SEC;
    draft->commit.put = &draft->file;
    draft->commit.n_put = 1;
}

static void
draft_clear(Draft *draft)
{
    g_free(draft->letter);
    g_free(draft->name);
    g_free(draft->message);
    g_bytes_unref(draft->file.content);
}

/* One batch of @n letters from @first on. */
static void
commit_batch(Growth *g, guint first, guint n, guint version)
{
    Draft drafts[BATCH];
    NskChange changes[BATCH];
    NskChangeResult results[BATCH];
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < n; i++) {
        draft_fill(&drafts[i], first + i, version);
        changes[i] = (NskChange){ .apply = apply_commit, .data = &drafts[i].commit };
    }
    double start = seconds(), start_cpu = cpu_seconds();
    bool ok = nsk_db_commit_batch(g->db, changes, n, results, &error);
    g->commit_s += seconds() - start;
    g->commit_cpu_s += cpu_seconds() - start_cpu;
    g_assert_no_error(error);
    g_assert_true(ok);
    for (guint i = 0; i < n; i++) {
        g_assert_no_error(results[i].error);
        g_free(results[i].answer);
        draft_clear(&drafts[i]);
    }
}

typedef struct {
    NskOutboxClaim claim;
    GPtrArray *rows;
    guint first, n;
} Work;

static bool
apply_claim(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Work *work = data;

    (void)out_answer;
    g_clear_pointer(&work->rows, g_ptr_array_unref);
    work->rows = nsk_outbox_claim(txn, &work->claim, error);
    return work->rows != NULL;
}

static bool
apply_done(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Work *work = data;

    (void)out_answer;
    return nsk_outbox_done(txn, &work->claim,
                           (NskOutboxRow *const *)work->rows->pdata + work->first, work->n, error);
}

static void
commit_work(Growth *g, bool (*apply)(NskDbTxn *, void *, char **, GError **), Work *work)
{
    g_autoptr(GError) error = NULL;
    bool ok = nsk_db_commit(g->db, &(NskChange){ .apply = apply, .data = work }, NULL, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
}

/* One run of the projector over all that waits; returns how many letters that were. */
static guint
project(Growth *g)
{
    g_autoptr(GError) error = NULL;
    Work work = { .claim = { NSK_STORE_TOPIC, "growth", g->now += G_USEC_PER_SEC, G_USEC_PER_SEC,
                             AT_ONCE } };
    double start_cpu = cpu_seconds();

    commit_work(g, apply_claim, &work);
    double run_start = seconds(), run_cpu = cpu_seconds();
    bool ok = nsk_projector_run(g->projector, g->db, work.rows, &error);
    double run_s = seconds() - run_start, done_cpu = cpu_seconds();
    g_assert_no_error(error);
    g_assert_true(ok);
    for (; work.first < work.rows->len; work.first += BATCH) {
        work.n = MIN(BATCH, work.rows->len - work.first);
        commit_work(g, apply_done, &work);
    }
    g->claim_cpu_s += run_cpu - start_cpu;
    g->run_cpu_s += done_cpu - run_cpu;
    g->done_cpu_s += cpu_seconds() - done_cpu;
    g->run_s += run_s;
    g->slowest_run_s = MAX(g->slowest_run_s, run_s);
    g->runs++;
    guint n = work.rows->len;
    g->projected += n;
    g_ptr_array_unref(work.rows);
    return n;
}

static void
grow(Growth *g)
{
    guint waiting = 0;

    for (guint version = 0; version < g->versions; version++) {
        double run = g->run_s, run_cpu = g->run_cpu_s;
        double commit = g->commit_s, commit_cpu = g->commit_cpu_s;

        for (guint first = 0; first < g->letters; first += BATCH) {
            guint n = MIN(BATCH, g->letters - first);

            commit_batch(g, first, n, version);
            waiting += n;
            if (waiting >= AT_ONCE)
                waiting -= project(g);
        }
        while (waiting > 0)
            waiting -= project(g);
        printf("# version %u of %u letters: commit %.0f/s, cpu %.0f us; projection %.0f/s, "
               "cpu %.0f us\n",
               version + 1, g->letters, g->letters / (g->commit_s - commit),
               (g->commit_cpu_s - commit_cpu) * 1e6 / g->letters, g->letters / (g->run_s - run),
               (g->run_cpu_s - run_cpu) * 1e6 / g->letters);
        fflush(stdout);
    }
    printf("# cpu of a claim %.1f us a row, of done %.1f us a row; %u runs, the slowest %.0f ms\n",
           g->claim_cpu_s * 1e6 / g->projected, g->done_cpu_s * 1e6 / g->projected, g->runs,
           g->slowest_run_s * 1e3);
}

static char *
git(const char *folder, const char *first, const char *second, const char *third)
{
    int status = 0;
    char *out = fixture_git(folder, &status, first, second, third, NULL);

    if (status != 0)
        printf("# git %s %s: %s\n", first, second, out);
    g_assert_cmpint(status, ==, 0);
    return g_strchomp(out);
}

static int
compare_times(const void *a, const void *b)
{
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

/* CPU time of the processes that ended. */
static double
child_seconds(void)
{
    struct rusage usage;

    g_assert_cmpint(getrusage(RUSAGE_CHILDREN, &usage), ==, 0);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* The stock git's log of one letter; returns its mean CPU time in milliseconds, since a busy
 * machine says nothing of the time by the clock. */
static double
time_log(Growth *g)
{
    double times[LOOKS];
    double cpu = child_seconds();

    for (int i = 0; i < LOOKS; i++) {
        guint letter = (guint)g_rand_int_range(g->random, 0, (gint32)g->letters);
        g_autofree char *id = letter_id(letter);
        g_autofree char *ref = g_strconcat("refs/letters/", id, NULL);
        double start = seconds();
        g_autofree char *log = git(g->path, "log", "--format=%H", ref);

        times[i] = (seconds() - start) * 1e3;
        g_assert_cmpuint(strlen(log), >=, (NSK_OID_LEN + 1) * g->versions - 1);
    }
    qsort(times, LOOKS, sizeof times[0], compare_times);
    cpu = (child_seconds() - cpu) * 1e3 / LOOKS;
    printf("# git log of one letter: median %.1f ms, slowest %.1f ms, cpu %.1f ms\n",
           times[LOOKS / 2], times[LOOKS - 1], cpu);
    return cpu;
}

/* A run that brings one changed letter. */
static void
time_one(Growth *g)
{
    double times[LOOKS];
    double cpu = g->run_cpu_s;

    for (guint i = 0; i < LOOKS; i++) {
        double before = g->run_s;

        commit_batch(g, i * (g->letters / LOOKS), 1, g->versions);
        g_assert_cmpuint(project(g), ==, 1);
        times[i] = (g->run_s - before) * 1e3;
    }
    qsort(times, LOOKS, sizeof times[0], compare_times);
    printf("# a run that brings one letter: median %.1f ms, slowest %.1f ms, cpu %.1f ms\n",
           times[LOOKS / 2], times[LOOKS - 1], (g->run_cpu_s - cpu) * 1e3 / LOOKS);
}

static void
print_memory(void)
{
    g_autofree char *status = NULL;
    g_auto(GStrv) lines = NULL;

    g_assert_true(g_file_get_contents("/proc/self/status", &status, NULL, NULL));
    lines = g_strsplit(status, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        if (g_str_has_prefix(*line, "VmHWM") || g_str_has_prefix(*line, "RssAnon"))
            printf("# %s\n", *line);
    }
}

/* Refs and objects of a repository, as text that is the same for the same content. */
static char *
describe(const char *path)
{
    g_autofree char *refs = git(path, "for-each-ref", "--format=%(refname) %(objectname)", "refs/");
    g_autofree char *objects = git(path, "cat-file", "--batch-all-objects", "--batch-check");

    return g_strconcat(refs, "\n", objects, NULL);
}

/* The same content as one that is made anew. */
static void
compare_with_rebuilt(Growth *g)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *before = describe(g->path);
    double start = seconds();
    bool ok = nsk_projector_rebuild(g->projector, g->db, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    printf("# written anew in %.1f s\n", seconds() - start);
    g_autofree char *after = describe(g->path);
    g_assert_cmpstr(before, ==, after);
}

static void
check(bool ok, int number, const char *what)
{
    printf("%sok %d %s\n", ok ? "" : "not ", number, what);
    fflush(stdout);
}

static void
open_office(Growth *g, const char *folder)
{
    g_autoptr(GError) error = NULL;

    g->folder = folder != NULL ? g_strdup(folder) : fixture_folder();
    g->db_path = g_build_filename(g->folder, "office.db", NULL);
    g->copies = g_build_filename(g->folder, "repositories", NULL);
    g->path = g_build_filename(g->copies, REPOSITORY ".git", NULL);
    g->now = TIME_1;
    g->random = g_rand_new_with_seed(1);
    g_assert_true(nsk_db_create(g->db_path, &error));
    g->db = nsk_db_open(g->db_path, NSK_DB_WRITE, &error);
    g_assert_no_error(error);
    g->projector = nsk_projector_open(g->copies, &error);
    g_assert_no_error(error);
}

/* Bounds in proportion to a small office, so that packs are merged and indexed in it as well. */
static void
shrink_bounds(Growth *g)
{
    int64_t bytes = (int64_t)g->letters * g->versions * 3000;

    if (g->letters < FEW)
        nsk_projector_set_bounds(g->projector, &(NskPackBounds){ 5, bytes / 8, bytes / 4 });
}

static void
examine(Growth *g, double log_ms)
{
    int status = -1;
    g_autofree char *fsck = git(g->path, "fsck", "--strict", "--no-dangling");
    g_autofree char *midx = git(g->path, "multi-pack-index", "verify", NULL);
    g_autofree char *index = g_build_filename(g->path, "objects/pack/multi-pack-index", NULL);
    g_autofree char *counts = git(g->path, "count-objects", "-v", NULL);
    g_autofree char *clone = git(g->folder, "clone", "--mirror", g->path);
    g_autofree char *push = fixture_git(g->path, &status, "push", ".", "HEAD:refs/heads/x", NULL);

    printf("# %s\n", g_strdelimit(counts, "\n", ','));
    check(strstr(fsck, "error") == NULL && strstr(counts, "garbage: 0") != NULL, 1,
          "the stock git finds nothing wrong");
    check(strstr(midx, "error") == NULL &&
              (g->letters >= FEW || g_file_test(index, G_FILE_TEST_EXISTS)),
          2, "the multi-pack-index is valid");
    check(log_ms < SLOWEST_MS, 3, "the history of a letter is there at once");
    check(status != 0 && clone != NULL, 4, "it can be cloned and not pushed to");
}

int
main(int argc, char **argv)
{
    Growth g = { .letters = argc > 2 ? (guint)strtoul(argv[1], NULL, 10) : 2000,
                 .versions = argc > 2 ? (guint)strtoul(argv[2], NULL, 10) : 2 };

    printf("1..5\n");
    open_office(&g, argc > 3 ? argv[3] : NULL);
    shrink_bounds(&g);
    grow(&g);
    time_one(&g);
    print_memory();
    examine(&g, time_log(&g));
    compare_with_rebuilt(&g);
    print_memory();
    check(true, 5, "it is the same as one that is written anew");
    nsk_projector_free(g.projector);
    nsk_db_free(g.db);
    g_rand_free(g.random);
    g_free(g.db_path);
    g_free(g.copies);
    g_free(g.path);
    fixture_remove(g.folder);
    return 0;
}

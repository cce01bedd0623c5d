/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench-search FOLDER LETTERS WORDS: makes a demo office in FOLDER with an index of LETTERS letters
 * of about WORDS words each, of which damar may read one in a hundred; or takes the one that is
 * there. Measures two-word searches for the newest 20 by damar through nsk_office_search().
 *
 * Words follow Zipf's law over VOCABULARY invented ones.  The pairs that are searched for are drawn
 * from ranks of five sorts, from words in nearly every letter to words in few.
 */
#include "archive/archive.h"
#include "base/id.h"
#include "db/db.h"
#include "office/office.h"
#include "store/store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define VOCABULARY 60000
#define BATCH      256
#define ROUNDS     400

static const char sql_add_letter[] =
    "INSERT INTO letter (id, unit, kind, subject, security, urgency, state, locked, drafter,"
    " drafter_person, content, kind_version, profile, profile_version, workflow, workflow_version,"
    " flow, created, changed) VALUES ($1, 'biro-umum', 'surat-dinas', 'Rapat', 'biasa', 'biasa',"
    " 'archived', 1, $2, 'damar', zeroblob(32), '', '', '', '', '', '', $3, $3)";
static const char sql_add_reader[] =
    "INSERT INTO reader (position, letter, level) VALUES ($2, $1, 'route')";

/* Ranks that the two words of a search are drawn from. */
static const struct {
    const char *name;
    unsigned first[2], last[2];
} sorts[] = {
    { "frequent + frequent", { 5, 5 }, { 60, 60 } },
    { "frequent + medium", { 5, 150 }, { 60, 600 } },
    { "medium + medium", { 150, 150 }, { 600, 600 } },
    { "medium + rare", { 150, 2000 }, { 600, 6000 } },
    { "frequent + rare", { 5, 2000 }, { 60, 6000 } },
};

typedef struct {
    double *sums; /* of 1/rank */
    char **words;
    GRand *rand;
    unsigned n_letters, n_words;
    unsigned done;
    char **ids; /* of the batch */
} Maker;

static char *
word_of(unsigned rank)
{
    static const char *const syllables[] = { "ba", "ku", "ri",  "ta", "me", "nga", "sa", "lo",
                                             "di", "pe", "ran", "ti", "ka", "su",  "mo", "ha" };
    GString *word = g_string_new(NULL);

    for (unsigned rest = rank * 7919u + 4096u; rest > 0; rest /= 16)
        g_string_append(word, syllables[rest % 16]);
    return g_string_free(word, FALSE);
}

static unsigned
draw_rank(Maker *maker)
{
    double at = g_rand_double(maker->rand) * maker->sums[VOCABULARY - 1];
    unsigned low = 0, high = VOCABULARY - 1;

    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (maker->sums[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static char *
make_text(Maker *maker, unsigned n)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < n; i++) {
        g_string_append(text, i > 0 ? " " : "");
        g_string_append(text, maker->words[draw_rank(maker)]);
    }
    return g_string_free(text, FALSE);
}

static const char *
reader_of(unsigned n)
{
    static char name[32];

    /* damar's own position for one in a hundred */
    if (n % 100 == 37)
        return "staf-persuratan";
    (void)g_snprintf(name, sizeof name, "posisi-%u", n * 2654435761u % 3000);
    return name;
}

static NskInstant
begun_at(unsigned n)
{
    return ((NskInstant)1750000000 + n * 60) * G_USEC_PER_SEC;
}

static bool
apply_rows(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Maker *maker = data;

    (void)out_answer;
    for (unsigned i = 0; i < BATCH && maker->done + i < maker->n_letters; i++) {
        NskDbValue id = NSK_DB_TEXT(maker->ids[i]);
        NskDbValue reader = NSK_DB_TEXT(reader_of(maker->done + i));
        NskDbValue at = NSK_DB_INT(begun_at(maker->done + i));
        g_autoptr(GBytes) content = g_bytes_new_static("<letter/>", 9);
        NskStoreFile file = { .name = "letter.xml", .content = content };
        NskStoreCommit commit = { .letter = maker->ids[i],
                                  .put = &file,
                                  .n_put = 1,
                                  .message = "Draft the letter",
                                  .author_name = "Damar",
                                  .author_email = "damar@localhost",
                                  .at = begun_at(maker->done + i) };

        if (!nsk_db_exec(txn, sql_add_letter, NSK_DB_PARAMS(id, reader, at), NULL, error) ||
            !nsk_store_commit(txn, &commit, NULL, error) ||
            !nsk_db_exec(txn, sql_add_reader, NSK_DB_PARAMS(id, reader), NULL, error))
            return false;
    }
    return true;
}

static void
must(bool ok, GError **error)
{
    if (!ok)
        g_error("%s", (*error)->message);
}

static void
make_batch(Maker *maker, NskDb *db, NskSearch *index)
{
    GError *error = NULL;
    NskChange rows = { .apply = apply_rows, .data = maker };
    g_autofree NskSearchDoc *docs = g_new0(NskSearchDoc, BATCH);
    g_autofree NskSearchChange *changes = g_new0(NskSearchChange, BATCH);
    const char *readers[BATCH][4];
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    unsigned n = 0;

    for (; n < BATCH && maker->done + n < maker->n_letters; n++) {
        unsigned words = maker->n_words / 2 + g_rand_int_range(maker->rand, 0, maker->n_words);
        const char *reader = g_intern_string(reader_of(maker->done + n));
        char *body = make_text(maker, words);
        char *subject = make_text(maker, 8);

        maker->ids[n] = nsk_id_new(&nsk_clock_system);
        g_ptr_array_add(texts, maker->ids[n]);
        g_ptr_array_add(texts, body);
        g_ptr_array_add(texts, subject);
        readers[n][0] = reader;
        readers[n][1] = g_intern_string(
            reader_of((maker->done + n) * 31 + 1 - ((maker->done + n) * 31 + 1) % 100));
        readers[n][2] = NULL;
        docs[n] = (NskSearchDoc){ .begun = begun_at(maker->done + n),
                                  .version = 1,
                                  .subject = subject,
                                  .body = body,
                                  .unit = "biro-umum",
                                  .parties = "Kepala Biro Umum; ",
                                  .positions = readers[n] };
        changes[n] = (NskSearchChange){ maker->ids[n], &docs[n] };
    }
    must(nsk_db_commit(db, &rows, NULL, &error), &error);
    must(nsk_search_apply(index, changes, n, NULL, &error), &error);
    maker->done += n;
}

/* CLOCK_MONOTONIC, or the thread's own time: on a busy machine only that says what a search takes.
 */
static double
now_ms(clockid_t clock)
{
    struct timespec at;

    (void)clock_gettime(clock, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static int
by_value(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;

    return first < second ? -1 : first > second;
}

static void
measure(Maker *maker, NskOffice *office, unsigned sort, const char *label)
{
    double times[ROUNDS], cpus[ROUNDS];
    size_t hits = 0;

    for (unsigned i = 0; i < ROUNDS; i++) {
        GError *error = NULL;
        g_autoptr(NskJson) result = NULL;
        char *words[2];

        for (int k = 0; k < 2; k++)
            words[k] =
                word_of(g_rand_int_range(maker->rand, sorts[sort].first[k], sorts[sort].last[k]));
        g_autofree char *text = g_strjoin(" ", words[0], words[1], NULL);
        NskSearchAsk ask = { .text = text };
        double start = now_ms(CLOCK_MONOTONIC);
        double cpu = now_ms(CLOCK_THREAD_CPUTIME_ID);
        must(nsk_office_search(office, &ask, &result, &error), &error);
        times[i] = now_ms(CLOCK_MONOTONIC) - start;
        cpus[i] = now_ms(CLOCK_THREAD_CPUTIME_ID) - cpu;
        hits += nsk_json_length(nsk_json_get(result, "hits"));
        g_free(words[0]);
        g_free(words[1]);
    }
    qsort(times, ROUNDS, sizeof *times, by_value);
    qsort(cpus, ROUNDS, sizeof *cpus, by_value);
    (void)printf("%-10s %-22s hits %4.1f  median %6.3f ms  p99 %6.3f  cpu %6.3f  p99 %6.3f\n",
                 label, sorts[sort].name, (double)hits / ROUNDS, times[ROUNDS / 2],
                 times[ROUNDS * 99 / 100], cpus[ROUNDS / 2], cpus[ROUNDS * 99 / 100]);
    (void)fflush(stdout);
}

int
main(int argc, char **argv)
{
    GError *error = NULL;
    NskJson *made = NULL;
    double start;

    if (argc != 4)
        return 2;
    Maker maker = { .n_letters = (unsigned)g_ascii_strtoull(argv[2], NULL, 10),
                    .n_words = (unsigned)g_ascii_strtoull(argv[3], NULL, 10) };
    NskInitOptions init = { .dir = argv[1], .demo = true, .clock = &nsk_clock_system };
    NskOfficeOptions options = { .dir = argv[1], .as = "damar", .clock = &nsk_clock_system };
    g_autofree char *office_path = g_build_filename(argv[1], "office.db", NULL);
    g_autofree char *index_path = g_build_filename(argv[1], "search.db", NULL);

    maker.rand = g_rand_new_with_seed(1);
    maker.sums = g_new0(double, VOCABULARY);
    maker.ids = g_new0(char *, BATCH);
    maker.words = g_new0(char *, VOCABULARY + 1);
    for (unsigned i = 0; i < VOCABULARY; i++) {
        maker.sums[i] = (i > 0 ? maker.sums[i - 1] : 0) + 1.0 / (i + 1);
        maker.words[i] = word_of(i);
    }
    bool fresh = !g_file_test(argv[1], G_FILE_TEST_EXISTS);
    must(!fresh || nsk_office_init(&init, &made, &error), &error);
    NskDb *db = nsk_db_open(office_path, NSK_DB_WRITE, &error);
    must(db != NULL, &error);
    NskSearch *index = nsk_search_open(index_path, NSK_DB_WRITE, &error);
    must(index != NULL, &error);
    start = now_ms(CLOCK_MONOTONIC);
    while (fresh && maker.done < maker.n_letters)
        make_batch(&maker, db, index);
    (void)printf("made %u letters: %.0f a second\n", maker.done,
                 maker.done / (now_ms(CLOCK_MONOTONIC) - start) * 1000);
    NskOffice *office = nsk_office_open(&options, &error);
    must(office != NULL, &error);
    for (unsigned i = 0; i < G_N_ELEMENTS(sorts); i++)
        measure(&maker, office, i, "as written");
    start = now_ms(CLOCK_MONOTONIC);
    must(!fresh || nsk_search_purge(index, &error), &error);
    (void)printf("purge: %.1f s\n", (now_ms(CLOCK_MONOTONIC) - start) / 1000);
    for (unsigned i = 0; i < G_N_ELEMENTS(sorts); i++)
        measure(&maker, office, i, "purged");
    nsk_office_free(office);
    nsk_search_free(index);
    nsk_db_free(db);
    nsk_json_unref(made);
    g_rand_free(maker.rand);
    g_strfreev(maker.words);
    g_free(maker.sums);
    g_free(maker.ids);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/bench.h"
#include "office/office.h"

#include <stdint.h>

/* What the benches share. */

/* ---- people of the demo agency that write letters ---- */

typedef struct {
    const char *person;
    const char *position;
} NskBenchWriter;

#define NSK_BENCH_WRITERS 8
extern const NskBenchWriter nsk_bench_writers[NSK_BENCH_WRITERS];

/* ---- text.c: invented letters ---- */

/* A letter that is written and changed again and again: words drawn from a fixed list. */
typedef struct {
    uint64_t state; /* of the generator; not 0 */
    uint16_t words[514];
    unsigned year_of_plan;                    /* a fact that changes with the letter */
    const char *reviewers[NSK_BENCH_WRITERS]; /* positions, NULL-terminated; borrowed */
} NskBenchLetter;

/* A letter unlike the others with the seed; 4 KB of XML. */
void nsk_bench_letter_begin(NskBenchLetter *self, uint64_t seed);
/* Changes about three words in a hundred. */
void nsk_bench_letter_change(NskBenchLetter *self);
GBytes *nsk_bench_letter_xml(const NskBenchLetter *self);
/* The next number of the generator. */
uint64_t nsk_bench_draw(uint64_t *state);
/* The word that is the @n-th most frequent, counted from 0.  Freed with g_free(). */
char *nsk_bench_word(unsigned n);

/* ---- measure.c ---- */

/* Times in microseconds, growing. */
typedef struct {
    uint32_t *at;
    size_t n;
    size_t room;
} NskBenchTimes;

void nsk_bench_times_add(NskBenchTimes *self, int64_t us);
void nsk_bench_times_add_all(NskBenchTimes *self, const NskBenchTimes *other);
/* The time that @share (0 to 1) of all stay under, in milliseconds; 0 if there are none. */
double nsk_bench_times_share(NskBenchTimes *self, double share);
void nsk_bench_times_clear(NskBenchTimes *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskBenchTimes, nsk_bench_times_clear)

/* Sets a number, rounded to three decimals. */
void nsk_bench_set_real(NskJson *result, const char *key, double number);
/* Microseconds of processor that the process has used. */
int64_t nsk_bench_cpu_us(void);
/* Memory of its own that the process has now, in MB: neither shared nor a file's. */
double nsk_bench_anonymous_mb(void);
/* The disk under @folder: appends of 4 KB a second, each followed by fdatasync, by one thread. */
bool nsk_bench_raw_append(const char *folder, double seconds, double *out_rate, GError **error);
/* Transactions of one row a second, by one thread. */
bool nsk_bench_raw_sqlite(const char *folder, double seconds, double *out_rate, GError **error);
/* Bytes of the files of the office's database. */
int64_t nsk_bench_database_size(const char *office);

/* Makes the office of the bench: the demo agency.  Errors: CONFLICT if the folder exists. */
bool nsk_bench_make_office(const char *folder, GError **error);

/* ---- commit.c ---- */

/* Clients write for bench->seconds, as in nsk_bench_commit(); letters of their own each time.
 * *out_rate: changes a second. */
bool nsk_bench_commit_rate(const NskBench *bench,
                           NskOfficeService *service,
                           double *out_rate,
                           GError **error);

/* ---- sign-token.c: many signatures with one PIN ---- */

/* What is signed and with what; all borrowed. */
typedef struct {
    NskInstant now;
    const char *field;
    GBytes *letter;
    GBytes *p12; /* the key that goes on the token */
    const char *passphrase;
    GPtrArray *chain; /* its certificates */
} NskBenchToken;

/* Sets batch_letters, batch_p50_ms and batch_p99_ms, or nothing on a machine without SoftHSM2. */
bool
nsk_bench_sign_token(const NskBenchToken *given, double seconds, NskJson *result, GError **error);

/* ---- fill.c: letters that the use cases write ---- */

/* What is filled in; all borrowed, zero is the default. */
typedef struct {
    NskOfficeService *service;
    unsigned versions;    /* of each letter */
    const char *reviewer; /* of every hundredth letter, beside the others'; NULL: of none */
} NskBenchFill;
/* Writes bench->letters letters by bench->clients threads.  *out_rate: changes a second. */
bool
nsk_bench_fill(const NskBench *bench, const NskBenchFill *fill, double *out_rate, GError **error);
/* One letter with so many versions, as the office's person; @times may be NULL. */
bool nsk_bench_write_letter(NskOffice *office,
                            NskBenchLetter *letter,
                            const char *position,
                            unsigned versions,
                            NskBenchTimes *times,
                            GError **error);
/* Begins a letter; *out_id: owned. */
bool nsk_bench_begin_letter(NskOffice *office,
                            const NskBenchLetter *letter,
                            const char *position,
                            char **out_id,
                            GError **error);
/* Ids of all letters, sorted; owned. */
GPtrArray *nsk_bench_letter_ids(const char *folder, GError **error);
/* The office as @person sees it. */
NskOffice *nsk_bench_open(const NskBench *bench, const char *person, GError **error);
/* ---- acts.c ---- */

/* So many letters, each of eight tasks that are done one after the other, by bench->clients threads
 * for bench->seconds.  Adds to @result what flow.c promises of "durable". */
bool nsk_bench_acts(const NskBench *bench, unsigned letters, NskJson *result, GError **error);

/* ---- inbox.c: letters that are there in the index alone ---- */

#define NSK_BENCH_ASKER "penguji" /* in front of whose positions much waits */
/* bench->letters letters of which one in @open_one_in is on its way.  *out_waiting: tasks in front
 * of the asker. */
bool nsk_bench_fill_index(const NskBench *bench,
                          unsigned open_one_in,
                          int64_t *out_waiting,
                          GError **error);
/* Says how far it is, if somebody wants to know. */
void nsk_bench_tell(const NskBench *bench, const char *what, int64_t done, int64_t total);

/* ---- render-text.c: letters to be made into pages ---- */

typedef enum {
    NSK_BENCH_LETTER, /* two pages: kop, number block, 6 paragraphs, list, table of 12 rows,
                       * signature, copies */
    NSK_BENCH_TABLE,  /* a table of 500 rows */
    NSK_BENCH_REPORT, /* so many sections of about a page */
} NskBenchPaged;

#define NSK_BENCH_PAGED_MAX 1000000 /* seeds of one thread */
/* A letter's XML, ready for its final pages; each seed has other words.  Owned. */
GBytes *nsk_bench_paged_xml(NskBenchPaged what, unsigned sections, uint64_t seed);

/* ---- apart.c: what is measured in a process of its own ---- */

/* Runs this program with @args (NULL-terminated) and waits.  *out_ms: how long it took from start
 * to end.  *out_output: what it printed, owned; may be NULL.  Errors: IO if it fails, with what it
 * said. */
bool
nsk_bench_run_apart(const char *const *args, double *out_ms, char **out_output, GError **error);
/* The most memory that the process has had, shared pages included, in MB. */
double nsk_bench_peak_mb(void);

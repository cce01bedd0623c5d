/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What waits for a busy person of a large office.
 *
 * The list is read from index tables alone, so the bench fills those, some thousand letters in a
 * change of the writer, and nothing else: a million letters are there in a minute or two, but they
 * have neither versions nor history.
 */
#include "base/id.h"
#include "base/message.h"
#include "bench/bench-private.h"
#include "db/db.h"

#define POSITIONS     2000
#define GROUPS        6  /* of the person: the first positions */
#define BUSY          10 /* times as much waits there */
#define OPEN_ONE_IN   10 /* letters that are still on their way */
#define TASKS         3  /* of a letter */
#define BATCH         2000
#define LETTER_US     (30 * G_USEC_PER_SEC) /* between two letters: a million a year */
#define ROWS          20
#define SUBJECT_WORDS 6
#define PERSON        NSK_BENCH_ASKER

static const char sql_add_unit[] =
    "INSERT INTO unit (id, code, name, parent, place, zone, archivist)"
    " VALUES ('unit-bench', 'BNC', 'Unit Uji', '', 'Arunika', 'Asia/Jakarta', '')";
static const char sql_add_person[] = "INSERT INTO person (id, name, printed, nip, rank, email)"
                                     " VALUES ($1, 'Penguji', 'Penguji', '', '', '')";
static const char sql_add_position[] =
    "INSERT INTO position (id, unit, title, code, echelon, superior)"
    " VALUES ($1, 'unit-bench', $2, '', '', '')";
static const char sql_add_holding[] =
    "INSERT INTO holding (position, person, since, until, capacity)"
    " VALUES ($1, $2, '2020-01-01', '9999-12-31', 'definitive')";
static const char sql_add_assistant[] =
    "INSERT INTO assistant (position, person, assistant_position, since, until)"
    " VALUES ($1, $2, $3, '2020-01-01', '9999-12-31')";
static const char sql_add_letter[] =
    "INSERT INTO letter (id, unit, kind, subject, security, urgency, state, locked, drafter,"
    " drafter_person, content, kind_version, profile, profile_version, workflow, workflow_version,"
    " flow, created, changed) VALUES ($1, 'unit-bench', 'surat-dinas', $2, 'biasa', 'biasa', $3, 0,"
    " $4, 'penguji', zeroblob(32), '0123456789abcdef', 'bpatn', '0123456789abcdef',"
    " 'surat-keluar', '0123456789abcdef',"
    " '{\"done\":[\"susun#1\",\"periksa#2\"],\"tokens\":[{\"at\":\"tanda-tangan\",\"n\":3}]}',"
    " $5, $5)";
static const char sql_add_task[] =
    "INSERT INTO task (letter, key, name, role, outcomes, opened, closed, outcome, person)"
    " VALUES ($1, $2, $3, $4, 'approve return', $5, $6, $7, $8)";
static const char sql_add_inbox[] =
    "INSERT INTO inbox (position, opened, letter, key, drafting) VALUES ($1, $2, $3, $4, $5)";
static const char sql_add_reader[] =
    "INSERT INTO reader (position, letter, level) VALUES ($1, $2, 'route')";

/* The filling. */
typedef struct {
    uint64_t draws;
    unsigned next; /* letter, counted from 0 */
    unsigned end;  /* of the batch */
    unsigned open_one_in;
    NskInstant first;
    int64_t waiting; /* in front of the person's positions */
} Filling;

static char *
position_id(uint64_t n)
{
    return g_strdup_printf("posisi-%04u", (unsigned)n);
}

static char *
draw_position(Filling *self, bool *out_busy)
{
    uint64_t n = nsk_bench_draw(&self->draws) % (POSITIONS + GROUPS * (BUSY - 1));

    *out_busy = n < GROUPS * BUSY;
    return position_id(*out_busy ? n % GROUPS : n - (uint64_t)(GROUPS * (BUSY - 1)));
}

/* Two positions that the person holds; two that he assists by name, and two through one he holds.
 */
static bool
add_groups(NskDbTxn *txn, GError **error)
{
    bool ok = true;

    for (unsigned i = 0; ok && i < GROUPS; i++) {
        g_autofree char *id = position_id(i);
        g_autofree char *held = position_id(0);

        if (i < 2)
            ok = nsk_db_exec(txn, sql_add_holding,
                             NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(PERSON)), NULL, error);
        else
            ok = nsk_db_exec(txn, sql_add_assistant,
                             NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(i < 4 ? PERSON : ""),
                                           NSK_DB_TEXT(i < 4 ? "" : held)),
                             NULL, error);
    }
    return ok;
}

static bool
add_directory(NskDbTxn *txn,
              G_GNUC_UNUSED void *data,
              G_GNUC_UNUSED char **out_answer,
              GError **error)
{
    bool ok = nsk_db_exec(txn, sql_add_unit, NSK_DB_NO_PARAMS, NULL, error) &&
              nsk_db_exec(txn, sql_add_person, NSK_DB_PARAMS(NSK_DB_TEXT(PERSON)), NULL, error);

    for (unsigned i = 0; ok && i < POSITIONS; i++) {
        g_autofree char *id = position_id(i);
        g_autofree char *title = g_strdup_printf("Jabatan Uji %u", i);

        ok = nsk_db_exec(txn, sql_add_position, NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(title)),
                         NULL, error);
    }
    return ok && add_groups(txn, error);
}

/* A letter that is being added; the id is owned. */
typedef struct {
    char *id;
    NskInstant created;
    bool open;
} Letter;

/* The @n-th task, counted from 0; the last of an open letter waits, whatever its role. */
static bool
add_task(NskDbTxn *txn, Filling *self, const Letter *letter, unsigned n, GError **error)
{
    static const struct {
        const char *key, *name, *role;
    } kinds[TASKS] = { { "susun", "Susun konsep", "draft" },
                       { "periksa", "Periksa dan paraf", "review" },
                       { "tanda-tangan", "Tanda tangani", "sign" } };
    bool busy, waits = letter->open && n == TASKS - 1;
    unsigned kind = waits ? (unsigned)(nsk_bench_draw(&self->draws) % TASKS) : n;
    NskInstant opened = letter->created + n * (NskInstant)G_USEC_PER_SEC;
    g_autofree char *key = g_strdup_printf("%s#%u", kinds[kind].key, n + 1);
    g_autofree char *position = draw_position(self, &busy);

    if (!nsk_db_exec(txn, sql_add_task,
                     NSK_DB_PARAMS(
                         NSK_DB_TEXT(letter->id), NSK_DB_TEXT(key), NSK_DB_TEXT(kinds[kind].name),
                         NSK_DB_TEXT(kinds[kind].role), NSK_DB_INT(opened),
                         waits ? NSK_DB_NULL : NSK_DB_INT(opened + G_USEC_PER_SEC),
                         NSK_DB_TEXT(waits ? NULL : "approve"), NSK_DB_TEXT(waits ? NULL : PERSON)),
                     NULL, error))
        return false;
    self->waiting += waits && busy;
    return !waits || nsk_db_exec(txn, sql_add_inbox,
                                 NSK_DB_PARAMS(NSK_DB_TEXT(position), NSK_DB_INT(opened),
                                               NSK_DB_TEXT(letter->id), NSK_DB_TEXT(key),
                                               NSK_DB_INT(kind == 0)),
                                 NULL, error);
}

static NskInstant
given_time(void *data)
{
    return *(NskInstant *)data;
}

static char *
draw_subject(Filling *self)
{
    GString *out = g_string_new("Rencana");

    for (unsigned i = 0; i < SUBJECT_WORDS; i++) {
        g_autofree char *word = nsk_bench_word((unsigned)(nsk_bench_draw(&self->draws) & 0x7fff));

        g_string_append_printf(out, " %s", word);
    }
    return g_string_free(out, FALSE);
}

static bool
add_letter(NskDbTxn *txn, Filling *self, unsigned n, GError **error)
{
    bool busy;
    NskInstant created = self->first + (NskInstant)n * LETTER_US;
    g_autofree char *id = nsk_id_new(&(NskClock){ given_time, &created });
    Letter letter = { id, created, nsk_bench_draw(&self->draws) % self->open_one_in == 0 };
    g_autofree char *drafter = draw_position(self, &busy);
    g_autofree char *subject = draw_subject(self);
    bool ok = nsk_db_exec(txn, sql_add_letter,
                          NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(subject),
                                        NSK_DB_TEXT(letter.open ? "review" : "archived"),
                                        NSK_DB_TEXT(drafter), NSK_DB_INT(created)),
                          NULL, error) &&
              nsk_db_exec(txn, sql_add_reader, NSK_DB_PARAMS(NSK_DB_TEXT(drafter), NSK_DB_TEXT(id)),
                          NULL, error);

    for (unsigned i = 0; ok && i < TASKS; i++)
        ok = add_task(txn, self, &letter, i, error);
    return ok;
}

/* May be called again after being rolled back: what it counts is taken over only at the end. */
static bool
add_batch(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Filling *self = data;
    Filling trial = *self;

    for (; trial.next < trial.end; trial.next++) {
        if (!add_letter(txn, &trial, trial.next, error))
            return false;
    }
    *self = trial;
    return true;
}

bool
nsk_bench_fill_index(const NskBench *bench,
                     unsigned open_one_in,
                     int64_t *out_waiting,
                     GError **error)
{
    Filling filling = { .draws = 1,
                        .open_one_in = open_one_in,
                        .first = nsk_clock_now(&nsk_clock_system) -
                                 (NskInstant)bench->letters * LETTER_US };
    g_autofree char *path = g_build_filename(bench->folder, "office.db", NULL);
    NskDbWriter *writer = nsk_db_writer_open(path, error);
    NskChange directory = { .apply = add_directory };
    NskChange batch = { .apply = add_batch, .data = &filling };
    bool ok = writer != NULL && nsk_db_writer_commit(writer, &directory, NULL, error);

    while (ok && filling.next < bench->letters) {
        nsk_bench_tell(bench, N_("writing letters"), filling.next, bench->letters);
        filling.end = MIN(filling.next + BATCH, bench->letters);
        ok = nsk_db_writer_commit(writer, &batch, NULL, error);
    }
    if (writer != NULL)
        nsk_db_writer_free(writer);
    *out_waiting = filling.waiting;
    return ok;
}

typedef struct {
    const NskBench *bench;
    NskBenchTimes times;
    char *after; /* where the next piece begins */
    int64_t rows;
    int64_t cpu; /* microseconds of processor, of all calls */
} Measure;

/* A piece after the other, and from the oldest again. */
static bool
list_once(Measure *self, NskOffice *office, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    NskTaskListAsk ask = { .limit = ROWS, .after = self->after };
    int64_t begun = g_get_monotonic_time();

    if (!nsk_office_task_list(office, &ask, &result, error))
        return false;
    g_autofree char *answer = nsk_json_canonical(result);
    nsk_bench_times_add(&self->times, g_get_monotonic_time() - begun);
    self->rows += (int64_t)nsk_json_length(nsk_json_get(result, "tasks"));
    g_free(self->after);
    self->after = g_strdup(nsk_json_get_text(result, "next"));
    return true;
}

static bool
measure_lists(Measure *self, GError **error)
{
    int64_t end = g_get_monotonic_time() + (int64_t)self->bench->seconds * G_USEC_PER_SEC;
    int64_t cpu = nsk_bench_cpu_us();
    g_autoptr(NskOffice) office = nsk_bench_open(self->bench, PERSON, error);

    while (office != NULL && g_get_monotonic_time() < end) {
        if (!list_once(self, office, error))
            return false;
    }
    self->cpu = nsk_bench_cpu_us() - cpu;
    return office != NULL;
}

static void
describe(Measure *self, int64_t waiting, NskJson *result)
{
    int64_t letters = self->bench->letters;

    nsk_bench_set_real(result, "p50_us", nsk_bench_times_share(&self->times, 0.50) * 1000);
    nsk_bench_set_real(result, "p99_us", nsk_bench_times_share(&self->times, 0.99) * 1000);
    nsk_bench_set_real(result, "rows_mean", (double)self->rows / (double)MAX(self->times.n, 1));
    nsk_bench_set_real(result, "cpu_us_per_call",
                       (double)self->cpu / (double)MAX(self->times.n, 1));
    nsk_bench_set_real(result, "anonymous_mb", nsk_bench_anonymous_mb());
    nsk_json_set_int(result, "groups", GROUPS);
    nsk_json_set_int(result, "waiting", waiting);
    nsk_json_set_int(result, "letters", letters);
    nsk_json_set_int(result, "tasks", letters * TASKS);
    nsk_json_set_int(result, "calls", (int64_t)self->times.n);
}

bool
nsk_bench_inbox(const NskBench *bench, NskJson **out_result, GError **error)
{
    Measure measure = { .bench = bench };
    int64_t waiting = 0;
    g_autoptr(NskJson) result = nsk_json_object();
    int64_t begun = g_get_monotonic_time();

    if (!nsk_bench_make_office(bench->folder, error) ||
        !nsk_bench_fill_index(bench, OPEN_ONE_IN, &waiting, error))
        return false;
    nsk_bench_set_real(result, "fill_s", (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC);
    bool ok = measure_lists(&measure, error);
    if (ok) {
        describe(&measure, waiting, result);
        *out_result = g_steal_pointer(&result);
    }
    g_free(measure.after);
    nsk_bench_times_clear(&measure.times);
    return ok;
}

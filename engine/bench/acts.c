/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tasks done by people at once.  Each letter is drafted by one of the writers and reviewed by the
 * seven others in turn; who has done his task hands the letter on to the next, as paper would go
 * from desk to desk.  A client sits at one of the eight desks.
 */
#include "bench/bench-private.h"

#define POLL_US ((guint64)G_USEC_PER_SEC / 200)
#define SEED    (UINT64_C(1) << 61) /* unlike those of other letters of a bench */

/* A letter on its way. */
typedef struct {
    char *id;
    unsigned drafter; /* number of the writer */
    unsigned done;    /* tasks */
} Paper;

/* What the clients share. */
typedef struct {
    const NskBench *bench;
    NskOfficeService *service;
    GAsyncQueue *desks[NSK_BENCH_WRITERS]; /* of Paper */
    gint next;                             /* letter to be begun, counted from 0; atomic */
    gint letters;
    gint left; /* letters that somebody still has to do something with; atomic */
    gint stop; /* atomic */
} Room;

typedef struct {
    Room *room;
    unsigned desk;
    NskBenchTimes times;
    GError *error;
} Client;

static void
paper_free(gpointer data)
{
    Paper *paper = data;

    g_free(paper->id);
    g_free(paper);
}

static NskOffice *
sit_down(Client *self)
{
    NskOfficeOptions options = { .dir = self->room->bench->folder,
                                 .service = self->room->service,
                                 .as = nsk_bench_writers[self->desk].person,
                                 .clock = &nsk_clock_system };

    return nsk_office_open(&options, &self->error);
}

/* Begins letters until there are enough. */
static gpointer
run_drafter(gpointer data)
{
    Client *self = data;
    g_autoptr(NskOffice) office = sit_down(self);
    gint n;

    while (office != NULL && self->error == NULL &&
           (n = g_atomic_int_add(&self->room->next, 1)) < self->room->letters) {
        NskBenchLetter letter;
        Paper *paper = g_new0(Paper, 1);

        nsk_bench_letter_begin(&letter, SEED + (uint64_t)n);
        for (unsigned i = 0; i + 1 < NSK_BENCH_WRITERS; i++)
            letter.reviewers[i] =
                nsk_bench_writers[(self->desk + i + 1) % NSK_BENCH_WRITERS].position;
        letter.reviewers[NSK_BENCH_WRITERS - 1] = NULL;
        paper->drafter = self->desk;
        if (nsk_bench_begin_letter(office, &letter, nsk_bench_writers[self->desk].position,
                                   &paper->id, &self->error))
            g_async_queue_push(self->room->desks[self->desk], paper);
        else
            paper_free(paper);
    }
    return NULL;
}

static bool
do_task(Client *self, NskOffice *office, Paper *paper)
{
    g_autoptr(NskJson) result = NULL;
    NskTaskAct act = { .task = paper->id, .outcome = paper->done == 0 ? "submit" : "approve" };
    int64_t begun = g_get_monotonic_time();

    if (!nsk_office_task_act(office, &act, &result, &self->error))
        return false;
    nsk_bench_times_add(&self->times, g_get_monotonic_time() - begun);
    return true;
}

/* Does what lies on the desk until the time is over, or nothing is left. */
static gpointer
run_desk(gpointer data)
{
    Client *self = data;
    Room *room = self->room;
    g_autoptr(NskOffice) office = sit_down(self);

    while (office != NULL && self->error == NULL && !g_atomic_int_get(&room->stop) &&
           g_atomic_int_get(&room->left) > 0) {
        Paper *paper = g_async_queue_timeout_pop(room->desks[self->desk], POLL_US);

        if (paper == NULL)
            continue;
        if (!do_task(self, office, paper) || ++paper->done == NSK_BENCH_WRITERS) {
            paper_free(paper);
            (void)g_atomic_int_add(&room->left, -1);
            continue;
        }
        /* what is on its way goes before what is new, so that all kinds of tasks are done */
        g_async_queue_push_front(room->desks[(paper->drafter + paper->done) % NSK_BENCH_WRITERS],
                                 paper);
    }
    return NULL;
}

/* Runs all clients; @seconds 0: until they end by themselves. */
static bool
run_clients(Room *room, GThreadFunc run, unsigned seconds, NskBenchTimes *times, GError **error)
{
    unsigned n = room->bench->clients;
    g_autofree Client *clients = g_new0(Client, n);
    g_autofree GThread **threads = g_new0(GThread *, n);
    int64_t end = g_get_monotonic_time() + (int64_t)seconds * G_USEC_PER_SEC;
    GError *first = NULL;

    for (unsigned i = 0; i < n; i++) {
        clients[i] = (Client){ .room = room, .desk = i % NSK_BENCH_WRITERS };
        threads[i] = g_thread_new("client", run, &clients[i]);
    }
    while (seconds > 0 && g_get_monotonic_time() < end && g_atomic_int_get(&room->left) > 0)
        g_usleep(POLL_US);
    g_atomic_int_set(&room->stop, seconds > 0);
    for (unsigned i = 0; i < n; i++) {
        (void)g_thread_join(threads[i]);
        nsk_bench_times_add_all(times, &clients[i].times);
        nsk_bench_times_clear(&clients[i].times);
        if (first == NULL)
            first = g_steal_pointer(&clients[i].error);
        g_clear_error(&clients[i].error);
    }
    if (first != NULL)
        g_propagate_error(error, first);
    return first == NULL;
}

static void
describe(NskBenchTimes *times,
         const NskOfficeStats *from,
         const NskOfficeStats *to,
         NskJson *result)
{
    double changes = (double)(to->changes - from->changes);

    nsk_bench_set_real(result, "durable_p50_ms", nsk_bench_times_share(times, 0.50));
    nsk_bench_set_real(result, "durable_p99_ms", nsk_bench_times_share(times, 0.99));
    nsk_bench_set_real(result, "batch_mean", changes / (double)MAX(to->batches - from->batches, 1));
    nsk_bench_set_real(result, "fsyncs_per_completion",
                       (double)(to->syncs - from->syncs) / MAX(changes, 1));
    nsk_json_set_int(result, "durable_completions", (int64_t)times->n);
}

/* All desks at work for the time of the bench. */
static bool
measure(Room *room, NskJson *result, GError **error)
{
    NskOfficeStats from, to;
    NskBenchTimes times = { 0 };
    int64_t cpu = nsk_bench_cpu_us(), begun = g_get_monotonic_time();

    nsk_office_service_get_stats(room->service, &from);
    bool ok = run_clients(room, run_desk, room->bench->seconds, &times, error);
    nsk_office_service_get_stats(room->service, &to);
    double us = (double)MAX(g_get_monotonic_time() - begun, 1);
    nsk_bench_set_real(result, "durable_completions_per_s", (double)times.n * G_USEC_PER_SEC / us);
    nsk_bench_set_real(result, "cpu_us_per_completion",
                       (double)(nsk_bench_cpu_us() - cpu) / (double)MAX(times.n, 1));
    describe(&times, &from, &to, result);
    nsk_bench_times_clear(&times);
    return ok;
}

bool
nsk_bench_acts(const NskBench *bench, unsigned letters, NskJson *result, GError **error)
{
    NskBenchTimes none = { 0 };
    Room room = { .bench = bench,
                  .service = nsk_office_service_start(bench->folder, error),
                  .letters = (gint)letters,
                  .left = (gint)letters };

    if (room.service == NULL)
        return false;
    for (unsigned i = 0; i < NSK_BENCH_WRITERS; i++)
        room.desks[i] = g_async_queue_new_full(paper_free);
    bool ok = run_clients(&room, run_drafter, 0, &none, error) && measure(&room, result, error);
    for (unsigned i = 0; i < NSK_BENCH_WRITERS; i++)
        g_async_queue_unref(room.desks[i]);
    nsk_office_service_stop(room.service);
    return ok;
}

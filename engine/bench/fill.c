/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing letters by the use cases: a new one, and changes of it. */
#include "base/message.h"
#include "bench/bench-private.h"

#include <string.h>

#define POLL_US    (G_USEC_PER_SEC / 10)
#define FIRST_SEED (UINT64_C(1) << 60) /* unlike those of other letters of a bench */

bool
nsk_bench_begin_letter(NskOffice *office,
                       const NskBenchLetter *letter,
                       const char *position,
                       char **out_id,
                       GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GBytes) xml = nsk_bench_letter_xml(letter);
    NskNewLetter draft = { "letter.xml", xml, position };

    if (!nsk_office_letter_new(office, &draft, &result, error))
        return false;
    *out_id = g_strdup(nsk_json_get_text(result, "letter"));
    return true;
}

static bool
save_change(NskOffice *office, const NskBenchLetter *letter, const char *id, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GBytes) xml = nsk_bench_letter_xml(letter);
    NskLetterEdit edit = { .letter = id, .name = "letter.xml", .xml = xml };

    return nsk_office_letter_edit(office, &edit, &result, error);
}

bool
nsk_bench_write_letter(NskOffice *office,
                       NskBenchLetter *letter,
                       const char *position,
                       unsigned versions,
                       NskBenchTimes *times,
                       GError **error)
{
    g_autofree char *id = NULL;

    for (unsigned i = 0; i < versions; i++) {
        int64_t begun = g_get_monotonic_time();

        if (i == 0 ? !nsk_bench_begin_letter(office, letter, position, &id, error)
                   : !save_change(office, letter, id, error))
            return false;
        if (times != NULL)
            nsk_bench_times_add(times, g_get_monotonic_time() - begun);
        nsk_bench_letter_change(letter);
    }
    return true;
}

/* What the clients share. */
typedef struct {
    const NskBench *bench;
    const NskBenchFill *fill;
    gint next;    /* letter to be written, counted from 0; atomic */
    gint running; /* clients; atomic */
} Filling;

typedef struct {
    Filling *filling;
    const NskBenchWriter *who;
    GError *error;
} Client;

static bool
write_next(Client *self, NskOffice *office)
{
    const Filling *filling = self->filling;
    unsigned n = (unsigned)g_atomic_int_add(&self->filling->next, 1);
    NskBenchLetter letter;

    if (n >= filling->bench->letters)
        return false;
    nsk_bench_letter_begin(&letter, FIRST_SEED + n);
    if (n % 100 == 0) {
        letter.reviewers[1] = filling->fill->reviewer;
        letter.reviewers[2] = NULL;
    }
    return nsk_bench_write_letter(office, &letter, self->who->position, filling->fill->versions,
                                  NULL, &self->error);
}

static gpointer
run_client(gpointer data)
{
    Client *self = data;
    NskOfficeOptions options = { .dir = self->filling->bench->folder,
                                 .service = self->filling->fill->service,
                                 .as = self->who->person,
                                 .clock = &nsk_clock_system };
    g_autoptr(NskOffice) office = nsk_office_open(&options, &self->error);

    while (office != NULL && write_next(self, office))
        ;
    (void)g_atomic_int_add(&self->filling->running, -1);
    return NULL;
}

/* The first of the clients' errors. */
static bool
collect_errors(Client *clients, unsigned n, GError **error)
{
    GError *first = NULL;

    for (unsigned i = 0; i < n; i++) {
        if (first == NULL)
            first = g_steal_pointer(&clients[i].error);
        g_clear_error(&clients[i].error);
    }
    if (first != NULL)
        g_propagate_error(error, first);
    return first == NULL;
}

bool
nsk_bench_fill(const NskBench *bench, const NskBenchFill *fill, double *out_rate, GError **error)
{
    unsigned n = bench->clients;
    int64_t begun = g_get_monotonic_time();
    Filling filling = { .bench = bench, .fill = fill, .running = (gint)n };
    g_autofree Client *clients = g_new0(Client, n);
    g_autofree GThread **threads = g_new0(GThread *, n);

    for (unsigned i = 0; i < n; i++) {
        clients[i] = (Client){ &filling, &nsk_bench_writers[i % NSK_BENCH_WRITERS], NULL };
        threads[i] = g_thread_new("client", run_client, &clients[i]);
    }
    while (g_atomic_int_get(&filling.running) > 0) {
        int64_t done = MIN((int64_t)g_atomic_int_get(&filling.next), (int64_t)bench->letters);

        nsk_bench_tell(bench, N_("writing letters"), done, bench->letters);
        g_usleep(POLL_US);
    }
    for (unsigned i = 0; i < n; i++)
        (void)g_thread_join(threads[i]);
    *out_rate = (double)bench->letters * fill->versions * G_USEC_PER_SEC /
                (double)MAX(g_get_monotonic_time() - begun, 1);
    return collect_errors(clients, n, error);
}

void
nsk_bench_tell(const NskBench *bench, const char *what, int64_t done, int64_t total)
{
    if (bench->progress != NULL)
        bench->progress(what, done, total, bench->progress_data);
}

NskOffice *
nsk_bench_open(const NskBench *bench, const char *person, GError **error)
{
    NskOfficeOptions options = { .dir = bench->folder, .as = person, .clock = &nsk_clock_system };

    return nsk_office_open(&options, error);
}

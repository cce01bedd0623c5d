/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * load DIR LOG [OPTION...]: 64 clients on the office in DIR, until killed, or for some seconds.
 * Prints "ready" when there are as many answers, and at its end what it counted.  See load.h.
 *
 * load --finish [--heal] DIR: does what waits in the outbox; first makes repositories anew that
 * lost something.
 *
 * load --rebuild=FOLDER DIR: writes the office's repositories anew into FOLDER, from the database
 * alone.
 */
#include "load.h"

#include "store/store.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define MOST_CLIENTS 256
#define JUMP_EVERY   (G_USEC_PER_SEC / 5)

static const char sql_list_letters[] =
    "SELECT id FROM letter WHERE state NOT IN ('withdrawn', 'archived') ORDER BY changed";

NskInstant
load_read_clock(void *data)
{
    const Load *load = data;
    NskInstant now = nsk_clock_now(&nsk_clock_system);
    bool back = (g_get_monotonic_time() / JUMP_EVERY) % 2 != 0;

    now += (NskInstant)load->shift * G_USEC_PER_SEC;
    return back ? now - (NskInstant)load->jump * G_USEC_PER_SEC : now;
}

/* Begins with letters that are there. */
static bool
find_letters(Load *load, GError **error)
{
    bool has_row = true;
    g_autofree char *path = g_build_filename(load->dir, "office.db", NULL);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, error);
    g_autoptr(NskDbTxn) txn = db != NULL ? nsk_db_snapshot(db, error) : NULL;
    g_autoptr(NskDbRows) rows =
        txn != NULL ? nsk_db_query(txn, sql_list_letters, NSK_DB_NO_PARAMS, error) : NULL;

    for (size_t i = 0; rows != NULL && has_row && i < G_N_ELEMENTS(load->letters); i++) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        load->letters[i] = has_row ? g_strdup(nsk_db_rows_text(rows, 0)) : NULL;
    }
    return rows != NULL;
}

/* Brings the repositories and the search index up to date, again and again. */
static gpointer
run_projector(gpointer data)
{
    Load *load = data;
    g_autoptr(GError) error = NULL;
    NskOfficeOptions options = { .dir = load->dir,
                                 .service = load->service,
                                 .nobody = true,
                                 .clock = &load->clock };
    g_autoptr(NskOffice) office = nsk_office_open(&options, &error);

    if (office == NULL)
        load_note_odd(load, error);
    while (office != NULL && g_atomic_int_get(&load->stop) == 0) {
        g_autoptr(GError) fault = NULL;

        if ((!nsk_office_project(office, &fault) || !nsk_office_index(office, &fault)) &&
            !load->stumble)
            load_note_odd(load, fault);
        g_usleep(G_USEC_PER_SEC / 100);
    }
    return NULL;
}

/* SIGTERM ends the load in order. */
static Load *asked_to_stop;

static void
stop(int number)
{
    (void)number;
    g_atomic_int_set(&asked_to_stop->stop, 1);
}

static void
wait_for_end(Load *load)
{
    int64_t end;

    while (g_atomic_int_get(&load->acknowledged) < load->clients)
        g_usleep(G_USEC_PER_SEC / 1000);
    printf("ready\n");
    (void)fflush(stdout);
    end = g_get_monotonic_time() + (int64_t)load->seconds * G_USEC_PER_SEC;
    while (g_atomic_int_get(&load->stop) == 0 &&
           (load->seconds == 0 || g_get_monotonic_time() < end))
        g_usleep(G_USEC_PER_SEC / 100);
    g_atomic_int_set(&load->stop, 1);
}

static void
run_threads(Load *load)
{
    LoadClient clients[MOST_CLIENTS] = { 0 };
    GThread *threads[MOST_CLIENTS];
    GThread *projector = load->project ? g_thread_new("projector", run_projector, load) : NULL;

    for (int i = 0; i < load->clients; i++) {
        clients[i] = (LoadClient){ .load = load, .index = i };
        threads[i] = g_thread_new("client", load_run_client, &clients[i]);
    }
    if (load->changes == 0)
        wait_for_end(load);
    for (int i = 0; i < load->clients; i++)
        (void)g_thread_join(threads[i]);
    g_atomic_int_set(&load->stop, 1);
    if (projector != NULL)
        (void)g_thread_join(projector);
    for (size_t i = 0; i < G_N_ELEMENTS(load->letters); i++)
        g_free(load->letters[i]);
}

/* Holds a snapshot from before the first change, so that the log stays whole. */
static bool
run_pinned(Load *load, GError **error)
{
    g_autofree char *path = g_build_filename(load->dir, "office.db", NULL);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, error);
    g_autoptr(NskDbTxn) txn = db != NULL ? nsk_db_snapshot(db, error) : NULL;

    if (txn == NULL)
        return false;
    run_threads(load);
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    return true;
}

static bool
run(Load *load, GError **error)
{
    NskOfficeStats stats;

    load->service = nsk_office_service_start(load->dir, error);
    if (load->service == NULL || !find_letters(load, error))
        return false;
    load->log_fd = open(load->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (load->log_fd < 0)
        g_error("the load cannot open its log");
    bool ok = true;
    if (load->pin)
        ok = run_pinned(load, error);
    else
        run_threads(load);
    nsk_office_service_get_stats(load->service, &stats);
    nsk_office_service_stop(load->service);
    (void)close(load->log_fd);
    printf("{\"acknowledged\":%d,\"refused\":%d,\"stumbled\":%d,\"unsure\":%d,\"odd\":%d,"
           "\"changes\":%" G_GUINT64_FORMAT ",\"batches\":%" G_GUINT64_FORMAT "}\n",
           load->acknowledged, load->refused, load->stumbled, load->unsure, load->odd,
           stats.changes, stats.batches);
    return ok;
}

static bool
finish(Load *load, GError **error)
{
    NskOfficeOptions options = { .dir = load->dir, .nobody = true, .clock = &load->clock };
    g_autoptr(NskOffice) office = nsk_office_open(&options, error);

    return office != NULL && (!load->heal || nsk_office_heal(office, error)) &&
           nsk_office_project(office, error) && nsk_office_index(office, error);
}

static bool
rebuild(const char *dir, const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(dir, "office.db", NULL);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, error);
    g_autoptr(NskProjector) projector = db != NULL ? nsk_projector_open(folder, error) : NULL;

    return projector != NULL && nsk_projector_rebuild(projector, db, error);
}

/* Does what the command line asks for. */
static bool
act(Load *load, const char *folder, char **paths, GError **error)
{
    guint n = paths != NULL ? g_strv_length(paths) : 0;
    bool alone = folder != NULL || load->finish;

    if (n != (alone ? 1U : 2U) || load->clients <= 0 || load->clients > MOST_CLIENTS) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, "what is asked for? see load.c");
        return false;
    }
    load->dir = paths[0];
    load->log = paths[1];
    load->clock = (NskClock){ load_read_clock, load };
    asked_to_stop = load;
    (void)signal(SIGTERM, stop);
    if (folder != NULL)
        return rebuild(load->dir, folder, error);
    return load->finish ? finish(load, error) : run(load, error);
}

int
main(int argc, char **argv)
{
    static Load load = { .clients = 64 };
    g_autofree char *folder = NULL;
    g_auto(GStrv) paths = NULL;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        { "clients", 0, 0, G_OPTION_ARG_INT, &load.clients, "how many", "N" },
        { "seconds", 0, 0, G_OPTION_ARG_INT, &load.seconds, "stop after", "N" },
        { "changes", 0, 0, G_OPTION_ARG_INT, &load.changes, "of each client", "N" },
        { "seed", 0, 0, G_OPTION_ARG_INT64, &load.seed, "of request ids and letters", "N" },
        { "sign", 0, 0, G_OPTION_ARG_NONE, &load.sign, "make pages too", NULL },
        { "project", 0, 0, G_OPTION_ARG_NONE, &load.project, "project meanwhile", NULL },
        { "stumble", 0, 0, G_OPTION_ARG_NONE, &load.stumble, "go on after errors", NULL },
        { "hold", 0, 0, G_OPTION_ARG_INT, &load.hold, "hold the writer up", "MS" },
        { "jump", 0, 0, G_OPTION_ARG_INT, &load.jump, "set the clock back", "S" },
        { "shift", 0, 0, G_OPTION_ARG_INT, &load.shift, "set the clock on, or back", "S" },
        { "pin", 0, 0, G_OPTION_ARG_NONE, &load.pin, "hold a snapshot", NULL },
        { "finish", 0, 0, G_OPTION_ARG_NONE, &load.finish, "the outbox, nothing else", NULL },
        { "heal", 0, 0, G_OPTION_ARG_NONE, &load.heal, "repositories before it", NULL },
        { "rebuild", 0, 0, G_OPTION_ARG_FILENAME, &folder, "repositories, nothing else", "FOLDER" },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, "DIR LOG" },
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);

    g_option_context_add_main_entries(context, entries, NULL);
    bool ok =
        g_option_context_parse(context, &argc, &argv, &error) && act(&load, folder, paths, &error);
    if (!ok)
        (void)fprintf(stderr, "load: %s\n", error->message);
    return ok ? 0 : 1;
}

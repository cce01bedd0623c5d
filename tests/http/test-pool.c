/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The threads that run handlers: how many run at once, and what a wait of theirs lets by. */
#include "base/pause.h"
#include "http/http-private.h"

#include <glib.h>

#define THREADS 16
#define MOST    3
#define JOBS    200
#define WORK    2000 /* us */

static atomic_int running, highest, done;
static atomic_bool go_on;

static void
start(void)
{
    int now = atomic_fetch_add(&running, 1) + 1;
    int seen = atomic_load(&highest);

    while (seen < now && !atomic_compare_exchange_weak(&highest, &seen, now))
        ;
}

static void
stop(void)
{
    (void)atomic_fetch_sub(&running, 1);
}

static void
work(G_GNUC_UNUSED void *data)
{
    start();
    g_usleep(WORK);
    stop();
    (void)atomic_fetch_add(&done, 1);
}

static void
work_and_pause(void *data)
{
    work(data);
    nsk_pause_begin();
    g_usleep(WORK);
    nsk_pause_end();
    work(data);
}

static void
pause_until_told(G_GNUC_UNUSED void *data)
{
    nsk_pause_begin();
    while (!atomic_load(&go_on))
        g_usleep(WORK);
    nsk_pause_end();
}

static void
wait_without_a_word(G_GNUC_UNUSED void *data)
{
    while (!atomic_load(&go_on))
        g_usleep(WORK);
}

/* What comes in @data[0] is done. */
static void
run_named(void *data)
{
    (*(NskHttpJob *)data)(data);
}

static NskHttpPool *
new_pool(void)
{
    atomic_store(&running, 0);
    atomic_store(&highest, 0);
    atomic_store(&done, 0);
    atomic_store(&go_on, false);
    return nsk_http_pool_new("test", THREADS, MOST, JOBS, run_named);
}

static void
push(NskHttpPool *pool, NskHttpJob *job, int n)
{
    while (n-- > 0)
        g_assert_true(nsk_http_pool_push(pool, job));
}

/* Up to a minute. */
static void
wait_for(int jobs)
{
    for (int i = 0; i < 60000 && atomic_load(&done) < jobs; i++)
        g_usleep(1000);
    g_assert_cmpint(atomic_load(&done), ==, jobs);
}

static void
test_only_so_many_run_at_once(void)
{
    NskHttpJob jobs[] = { work_and_pause };
    NskHttpPool *pool = new_pool();

    push(pool, jobs, JOBS);
    nsk_http_pool_free(pool); /* does what was taken */
    g_assert_cmpint(atomic_load(&done), ==, 2 * JOBS);
    g_assert_cmpint(atomic_load(&highest), >, 1);
    /* one that stood still for long, on a machine with much else to do, lets one more run */
    g_assert_cmpint(atomic_load(&highest), <=, 2 * MOST);
}

static void
test_a_job_that_pauses_holds_nobody_up(void)
{
    NskHttpJob jobs[] = { pause_until_told, work };
    NskHttpPool *pool = new_pool();

    push(pool, &jobs[0], THREADS - 1);
    push(pool, &jobs[1], 20);
    wait_for(20);
    atomic_store(&go_on, true);
    nsk_http_pool_free(pool);
}

static void
test_a_job_that_hangs_holds_nobody_up_for_long(void)
{
    NskHttpJob jobs[] = { wait_without_a_word, work };
    NskHttpPool *pool = new_pool();

    push(pool, &jobs[0], THREADS - 1);
    push(pool, &jobs[1], 20);
    wait_for(20);
    g_assert_cmpint(atomic_load(&highest), ==, 1);
    atomic_store(&go_on, true);
    nsk_http_pool_free(pool);
}

/* What hangs before the jobs that pause come back does not hold them up either. */
static void
test_who_paused_comes_back_beside_what_hangs(void)
{
    NskHttpJob jobs[] = { work_and_pause, wait_without_a_word };
    NskHttpPool *pool = new_pool();

    push(pool, &jobs[0], 5);
    push(pool, &jobs[1], MOST);
    wait_for(10);
    atomic_store(&go_on, true);
    nsk_http_pool_free(pool);
}

static void
test_a_full_queue_says_so(void)
{
    NskHttpJob jobs[] = { wait_without_a_word };
    NskHttpPool *pool = new_pool();
    int taken = 0;

    while (nsk_http_pool_push(pool, jobs))
        taken++;
    g_assert_cmpint(taken, >=, JOBS);
    g_assert_cmpint(taken, <=, JOBS + THREADS);
    g_assert_cmpuint(nsk_http_pool_guess_wait(pool), >=, 1);
    atomic_store(&go_on, true);
    nsk_http_pool_free(pool);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/pool/only-so-many-run-at-once", test_only_so_many_run_at_once);
    g_test_add_func("/http/pool/a-job-that-pauses-holds-nobody-up",
                    test_a_job_that_pauses_holds_nobody_up);
    g_test_add_func("/http/pool/a-job-that-hangs-holds-nobody-up-for-long",
                    test_a_job_that_hangs_holds_nobody_up_for_long);
    g_test_add_func("/http/pool/who-paused-comes-back-beside-what-hangs",
                    test_who_paused_comes_back_beside_what_hangs);
    g_test_add_func("/http/pool/a-full-queue-says-so", test_a_full_queue_says_so);
    return g_test_run();
}

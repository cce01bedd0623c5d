/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Threads that do what may wait or take long, and a queue before them that has an end: who comes
 * when it is full is told so at once.
 *
 * There are as many threads as may wait, but only as many run at once as the processors can use:
 * many more would take each other's caches, and all would end late.  A job that waits says so
 * (base/pause.h), and another one runs meanwhile; it goes before new jobs when it comes back.
 *
 * A job that waits without saying so must hold nobody up for long: when none has ended or paused
 * for a while, one more may run, until it is quieter.
 */
#include "base/pause.h"
#include "http/http-private.h"

#define WEIGHT     16    /* the mean is moved by so much of a difference */
#define STANDSTILL 50000 /* us in which no job ended or paused */

struct _NskHttpPool {
    NskHttpJob job;
    unsigned n_threads;
    unsigned most; /* that run at once */
    unsigned room;
    GThread **threads;
    NskPauseListener listener;
    GMutex lock; /* of all that follows */
    GCond wake;  /* for a thread without a job */
    GCond again; /* for one whose job has paused */
    GQueue waiting;
    unsigned running;   /* neither waiting for a job nor paused */
    unsigned returning; /* jobs that paused and would go on */
    unsigned watching;  /* threads that wait for these to move */
    unsigned more;      /* than @most may run, for some do not move */
    int64_t moved_at;   /* when a job last began, ended or paused */
    bool stopping;
    int64_t mean_us; /* that a job takes, the last ones counting most */
};

static bool
is_full(const NskHttpPool *self)
{
    return self->running >= self->most + self->more;
}

/* Wakes who may run now, or else one who sees to it that the jobs in the queue do not wait without
 * end. */
static void
wake_next(NskHttpPool *self)
{
    if (self->returning > 0 && !is_full(self))
        g_cond_signal(&self->again);
    else if (!g_queue_is_empty(&self->waiting) && (self->watching == 0 || !is_full(self)))
        g_cond_signal(&self->wake);
}

static void
begin(NskHttpPool *self)
{
    self->running++;
    self->moved_at = g_get_monotonic_time();
    wake_next(self);
}

static void
end(NskHttpPool *self)
{
    self->running--;
    self->moved_at = g_get_monotonic_time();
    if (self->running < self->most)
        self->more = 0;
    wake_next(self);
}

/* Waits until something moves; lets one more run when nothing does. */
static void
wait_for_move(NskHttpPool *self, GCond *turn)
{
    self->watching++;
    bool moved = g_cond_wait_until(turn, &self->lock, self->moved_at + STANDSTILL);
    self->watching--;
    if (moved || g_get_monotonic_time() < self->moved_at + STANDSTILL)
        return;
    self->more += is_full(self);
    self->moved_at = g_get_monotonic_time();
}

/* The next job; NULL at the end. */
static void *
pop(NskHttpPool *self)
{
    g_mutex_lock(&self->lock);
    while (g_queue_is_empty(&self->waiting) ? !self->stopping
                                            : is_full(self) || self->returning > 0)
        if (g_queue_is_empty(&self->waiting))
            g_cond_wait(&self->wake, &self->lock);
        else
            wait_for_move(self, &self->wake);
    void *data = g_queue_pop_head(&self->waiting);
    if (data != NULL)
        begin(self);
    g_mutex_unlock(&self->lock);
    return data;
}

static void
pause_job(void *data)
{
    NskHttpPool *self = data;

    g_mutex_lock(&self->lock);
    end(self);
    g_mutex_unlock(&self->lock);
}

static void
resume_job(void *data)
{
    NskHttpPool *self = data;

    g_mutex_lock(&self->lock);
    self->returning++;
    while (is_full(self))
        wait_for_move(self, &self->again);
    self->returning--;
    begin(self);
    g_mutex_unlock(&self->lock);
}

/* A job has ended that was begun at @begun. */
static void
finish(NskHttpPool *self, int64_t begun)
{
    g_mutex_lock(&self->lock);
    end(self);
    self->mean_us = (self->mean_us * (WEIGHT - 1) + self->moved_at - begun) / WEIGHT;
    g_mutex_unlock(&self->lock);
}

static gpointer
run_thread(gpointer user)
{
    NskHttpPool *self = user;
    void *data;

    nsk_pause_listen(&self->listener);
    while ((data = pop(self)) != NULL) {
        int64_t begun = g_get_monotonic_time();

        self->job(data);
        finish(self, begun);
    }
    return NULL;
}

NskHttpPool *
nsk_http_pool_new(const char *name, unsigned threads, unsigned most, unsigned room, NskHttpJob job)
{
    NskHttpPool *self = g_new0(NskHttpPool, 1);

    self->job = job;
    self->n_threads = threads;
    self->most = most;
    self->room = room;
    self->listener = (NskPauseListener){ pause_job, resume_job, self };
    g_mutex_init(&self->lock);
    g_cond_init(&self->wake);
    g_cond_init(&self->again);
    g_queue_init(&self->waiting);
    self->threads = g_new(GThread *, threads);
    for (unsigned i = 0; i < threads; i++)
        self->threads[i] = g_thread_new(name, run_thread, self);
    return self;
}

bool
nsk_http_pool_push(NskHttpPool *self, void *data)
{
    g_mutex_lock(&self->lock);
    bool ok = self->waiting.length < self->room && !self->stopping;
    if (ok) {
        g_queue_push_tail(&self->waiting, data);
        wake_next(self);
    }
    g_mutex_unlock(&self->lock);
    return ok;
}

unsigned
nsk_http_pool_get_waiting(NskHttpPool *self)
{
    g_mutex_lock(&self->lock);
    unsigned waiting = self->waiting.length;
    g_mutex_unlock(&self->lock);
    return waiting;
}

unsigned
nsk_http_pool_get_room(const NskHttpPool *self)
{
    return self->room;
}

unsigned
nsk_http_pool_guess_wait(NskHttpPool *self)
{
    g_mutex_lock(&self->lock);
    int64_t us = self->mean_us * self->waiting.length / self->n_threads;
    g_mutex_unlock(&self->lock);
    return 1 + (unsigned)MIN(us / G_USEC_PER_SEC, 3600);
}

void
nsk_http_pool_free(NskHttpPool *self)
{
    if (self == NULL)
        return;
    g_mutex_lock(&self->lock);
    self->stopping = true;
    g_cond_broadcast(&self->wake);
    g_mutex_unlock(&self->lock);
    for (unsigned i = 0; i < self->n_threads; i++)
        (void)g_thread_join(self->threads[i]);
    g_free(self->threads);
    g_cond_clear(&self->again);
    g_cond_clear(&self->wake);
    g_mutex_clear(&self->lock);
    g_free(self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Threads that do what may wait or take long, and a queue before them that has an end: who comes
 * when it is full is told so at once.
 */
#include "http/http-private.h"

#define WEIGHT 16 /* the mean is moved by so much of a difference */

struct _NskHttpPool {
    NskHttpJob job;
    unsigned n_threads;
    unsigned room;
    GThread **threads;
    GMutex lock; /* of all that follows */
    GCond wake;
    GQueue waiting;
    bool stopping;
    int64_t mean_us; /* that a job takes, the last ones counting most */
};

/* The next job; NULL at the end. */
static void *
pop(NskHttpPool *self)
{
    g_mutex_lock(&self->lock);
    while (g_queue_is_empty(&self->waiting) && !self->stopping)
        g_cond_wait(&self->wake, &self->lock);
    void *data = g_queue_pop_head(&self->waiting);
    g_mutex_unlock(&self->lock);
    return data;
}

static void
note_time(NskHttpPool *self, int64_t us)
{
    g_mutex_lock(&self->lock);
    self->mean_us = (self->mean_us * (WEIGHT - 1) + us) / WEIGHT;
    g_mutex_unlock(&self->lock);
}

static gpointer
run_thread(gpointer user)
{
    NskHttpPool *self = user;
    void *data;

    while ((data = pop(self)) != NULL) {
        int64_t begun = g_get_monotonic_time();

        self->job(data);
        note_time(self, g_get_monotonic_time() - begun);
    }
    return NULL;
}

NskHttpPool *
nsk_http_pool_new(const char *name, unsigned threads, unsigned room, NskHttpJob job)
{
    NskHttpPool *self = g_new0(NskHttpPool, 1);

    self->job = job;
    self->n_threads = threads;
    self->room = room;
    g_mutex_init(&self->lock);
    g_cond_init(&self->wake);
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
        g_cond_signal(&self->wake);
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
    g_cond_clear(&self->wake);
    g_mutex_clear(&self->lock);
    g_free(self);
}

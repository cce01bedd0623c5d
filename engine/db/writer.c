/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The writer: one thread, one handle, group commit.
 *
 *   caller ----- queue -----> writer thread: whatever queued while the last batch was written
 *     ^                         |  nsk_db_commit_batch(): one transaction, one fsync
 *     +------- answered --------+
 *
 * A second thread copies the write-ahead log back into the database while the writer goes on, so
 * that no batch waits for it; only what is left at the end, a few pages, is copied by the writer
 * itself, after which the log begins anew.
 *
 * The log cannot begin anew while a snapshot reads from it, and where there are many readers one
 * always does.  So once it is long the writer waits for them, for a moment: who opens a snapshot
 * then, with all of the log copied, reads from the database alone and is not waited for.
 *
 * INVARIANTS
 *   (1) A request lies on its caller's stack; it is in the queue, or in the batch at work, or done,
 *       and the caller does not return before it is done.
 *   (2) No timer: an idle writer takes a single change at once, a busy one takes what has gathered.
 *   (3) Stopping refuses what comes, does what is queued, and ends with an empty log.
 */
#include "base/message.h"
#include "base/pause.h"
#include "db/db-private.h"

#define BATCH_LIMIT 512
#define QUEUE_LIMIT (4 * BATCH_LIMIT)
#define COPY_PAGES  512  /* of the log: from here on the second thread copies */
#define RESET_PAGES 4096 /* from here on the log is to begin anew: 64 MB */
#define TAIL_PAGES  256  /* what the writer copies itself */
#define RETRY_PAGES 512  /* by which the log grows before that is tried again */
#define WAIT_PAGES  8192 /* from here on the writer waits for those who read from the log */
#define WAIT_MS     10   /* so long, and longer the longer the log is */
#define MOST_WAIT   200  /* ms */

typedef struct {
    const NskChange *change; /* NULL: the file is to be compacted */
    NskChangeResult result;
    bool done;
    GCond answered;
} Request;

struct _NskDbWriter {
    NskDb *db;     /* the writer thread's, once it runs */
    NskDb *copier; /* the second thread's */
    GThread *thread;
    GThread *copy_thread;
    GMutex copying; /* of who copies, or compacts: SQLite refuses a second one at once */
    GMutex lock;    /* of all that follows */
    GCond work;     /* for the writer: something is queued, or it is to stop */
    GCond grown;    /* for the second thread: the log has grown, or it is to stop */
    GQueue queue;   /* Request, borrowed */
    guint room;     /* of the queue */
    bool stopping;
    int next_finish;  /* pages of the log at which the writer copies its end; of its thread alone */
    int log_pages;    /* in the log */
    int copied_pages; /* of these, back in the database */
    NskDbWriterStats stats;
};

/* How long the queue takes, by what the batches before took; at least a second. */
static unsigned
guess_wait(const NskDbWriter *self)
{
    double per_change =
        self->stats.changes > 0 ? (double)self->stats.busy_us / (double)self->stats.changes : 0;

    return 1 + (unsigned)(per_change * QUEUE_LIMIT / G_USEC_PER_SEC);
}

static bool
enqueue(NskDbWriter *self, Request *request, GError **error)
{
    if (self->stopping) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_BUSY,
                            nsk_tr("the office is being closed; nothing was changed, try again "
                                   "when it is open"));
        return false;
    }
    if (g_queue_get_length(&self->queue) >= self->room) {
        self->stats.refused++;
        g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                    nsk_tr("the office is busy, %u changes wait; nothing was changed, try again in "
                           "%u s"),
                    self->room, guess_wait(self));
        return false;
    }
    g_queue_push_tail(&self->queue, request);
    g_cond_signal(&self->work);
    return true;
}

static bool
ask(NskDbWriter *self, const NskChange *change, char **out_answer, GError **error)
{
    Request request = { .change = change };

    g_cond_init(&request.answered);
    nsk_pause_begin();
    g_mutex_lock(&self->lock);
    bool queued = enqueue(self, &request, error);
    while (queued && !request.done)
        g_cond_wait(&request.answered, &self->lock);
    g_mutex_unlock(&self->lock);
    nsk_pause_end();
    g_cond_clear(&request.answered);
    return queued && nsk_db_take_result(&request.result, out_answer, error);
}

bool
nsk_db_writer_commit(NskDbWriter *self, const NskChange *change, char **out_answer, GError **error)
{
    return ask(self, change, out_answer, error);
}

bool
nsk_db_writer_compact(NskDbWriter *self, GError **error)
{
    return ask(self, NULL, NULL, error);
}

/* Whether what comes next in the queue goes with what was taken: compacting goes alone. */
static bool
goes_with(NskDbWriter *self, Request *const *batch, size_t n)
{
    const Request *next = g_queue_peek_head(&self->queue);

    return n == 0 || (next->change != NULL && batch[0]->change != NULL);
}

/* What is to be done at once, at most BATCH_LIMIT; waits for something, or for the end. */
static size_t
take_batch(NskDbWriter *self, Request *batch[BATCH_LIMIT])
{
    size_t n = 0;

    g_mutex_lock(&self->lock);
    while (g_queue_is_empty(&self->queue) && !self->stopping)
        g_cond_wait(&self->work, &self->lock);
    while (n < BATCH_LIMIT && !g_queue_is_empty(&self->queue) && goes_with(self, batch, n))
        batch[n++] = g_queue_pop_head(&self->queue);
    g_mutex_unlock(&self->lock);
    return n;
}

static void
answer_batch(NskDbWriter *self, Request *const *batch, size_t n, int64_t busy_us)
{
    int log_pages = nsk_db_log_pages(self->db);

    g_mutex_lock(&self->lock);
    for (size_t i = 0; i < n; i++) {
        batch[i]->done = true;
        g_cond_signal(&batch[i]->answered);
    }
    self->stats.batches++;
    self->stats.changes += n;
    self->stats.busy_us += busy_us;
    self->log_pages = log_pages;
    /* the writer began the log anew */
    self->copied_pages = MIN(self->copied_pages, log_pages);
    if (log_pages - self->copied_pages >= COPY_PAGES)
        g_cond_signal(&self->grown);
    g_mutex_unlock(&self->lock);
}

static void
write_batch(NskDbWriter *self, Request *const *batch, size_t n)
{
    g_autofree NskChange *changes = g_new(NskChange, n);
    g_autofree NskChangeResult *results = g_new0(NskChangeResult, n);
    g_autoptr(GError) fault = NULL;
    int64_t begun = g_get_monotonic_time();

    for (size_t i = 0; i < n; i++)
        changes[i] = *batch[i]->change;
    bool ok = nsk_db_commit_batch(self->db, changes, n, results, &fault);
    for (size_t i = 0; i < n; i++) {
        batch[i]->result = results[i];
        if (!ok)
            batch[i]->result = (NskChangeResult){ .error = g_error_copy(fault) };
    }
    answer_batch(self, batch, n, g_get_monotonic_time() - begun);
}

static void
compact(NskDbWriter *self, Request *const *batch)
{
    int64_t begun = g_get_monotonic_time();

    g_mutex_lock(&self->copying);
    if (!nsk_db_compact(self->db, &batch[0]->result.error))
        g_assert(batch[0]->result.error != NULL);
    g_mutex_unlock(&self->copying);
    answer_batch(self, batch, 1, g_get_monotonic_time() - begun);
}

/* Copies the end of a long log, if the second thread has left little of it. */
static void
finish_log(NskDbWriter *self)
{
    int log_pages, copied_pages;

    g_mutex_lock(&self->lock);
    log_pages = self->log_pages;
    copied_pages = self->copied_pages;
    g_mutex_unlock(&self->lock);
    if (log_pages < RESET_PAGES)
        self->next_finish = RESET_PAGES;
    if (log_pages < self->next_finish || log_pages - copied_pages > TAIL_PAGES)
        return;
    if (log_pages < WAIT_PAGES)
        (void)nsk_db_copy_log(self->db, NULL, NULL);
    else
        nsk_db_restart_log(self->db, MIN(log_pages / WAIT_PAGES * WAIT_MS, MOST_WAIT));
    self->next_finish = log_pages + RETRY_PAGES;
}

static gpointer
run_writer(gpointer data)
{
    NskDbWriter *self = data;
    Request *batch[BATCH_LIMIT];
    size_t n;

    while ((n = take_batch(self, batch)) > 0) {
        if (batch[0]->change == NULL) {
            compact(self, batch);
            continue;
        }
        write_batch(self, batch, n);
        finish_log(self);
    }
    return NULL;
}

/* Waits until there is something to copy; false at the end. */
static bool
wait_for_log(NskDbWriter *self)
{
    g_mutex_lock(&self->lock);
    while (self->log_pages - self->copied_pages < COPY_PAGES && !self->stopping)
        g_cond_wait(&self->grown, &self->lock);
    bool go_on = !self->stopping;
    g_mutex_unlock(&self->lock);
    return go_on;
}

static gpointer
run_copier(gpointer data)
{
    NskDbWriter *self = data;

    while (wait_for_log(self)) {
        int in_log = 0, copied = 0;

        g_mutex_lock(&self->copying);
        bool ok = nsk_db_copy_log(self->copier, &in_log, &copied);
        g_mutex_unlock(&self->copying);
        g_mutex_lock(&self->lock);
        self->copied_pages = ok ? copied : self->copied_pages;
        g_mutex_unlock(&self->lock);
        /* a reader's snapshot, or a full disk, holds it back: the log only grows, nothing is lost
         */
        if (!ok || copied < in_log - TAIL_PAGES)
            g_usleep(G_USEC_PER_SEC / 50);
    }
    return NULL;
}

NskDbWriter *
nsk_db_writer_open(const char *path, GError **error)
{
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_WRITE, error);
    g_autoptr(NskDb) copier = db != NULL ? nsk_db_open(path, NSK_DB_READ, error) : NULL;

    if (copier == NULL || !nsk_db_watch_log(db, error))
        return NULL;
    NskDbWriter *self = g_new0(NskDbWriter, 1);
    self->db = g_steal_pointer(&db);
    self->copier = g_steal_pointer(&copier);
    g_mutex_init(&self->copying);
    g_mutex_init(&self->lock);
    g_cond_init(&self->work);
    g_cond_init(&self->grown);
    g_queue_init(&self->queue);
    self->room = QUEUE_LIMIT;
    self->thread = g_thread_new("writer", run_writer, self);
    self->copy_thread = g_thread_new("log", run_copier, self);
    return self;
}

void
nsk_db_writer_free(NskDbWriter *self)
{
    if (self == NULL)
        return;
    g_mutex_lock(&self->lock);
    self->stopping = true;
    g_cond_signal(&self->work);
    g_cond_signal(&self->grown);
    g_mutex_unlock(&self->lock);
    (void)g_thread_join(self->copy_thread);
    (void)g_thread_join(self->thread);
    nsk_db_free(self->copier);
    nsk_db_free(self->db);
    g_cond_clear(&self->grown);
    g_cond_clear(&self->work);
    g_mutex_clear(&self->lock);
    g_mutex_clear(&self->copying);
    g_free(self);
}

void
nsk_db_writer_limit_queue(NskDbWriter *self, unsigned room)
{
    g_mutex_lock(&self->lock);
    self->room = room;
    g_mutex_unlock(&self->lock);
}

void
nsk_db_writer_get_stats(NskDbWriter *self, NskDbWriterStats *out_stats)
{
    g_mutex_lock(&self->lock);
    *out_stats = self->stats;
    g_mutex_unlock(&self->lock);
    out_stats->syncs = nsk_db_count_syncs();
}

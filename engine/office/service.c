/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the handles of one process share: the one writer, and the threads that do what changes
 * leave to be done after them.  (See office.h.)
 *
 *   changes -> writer -> answered
 *                |
 *                wakes -> workers: for each topic of theirs: claim, do, tell
 *
 * One worker does what the office needs, one makes the copies of what it has, one sends mail and
 * one tells others outside, which may take long, and one proves what was done, which waits for none
 * of them; one has others outside vouch for that, behind it.  The copies may lag while people are
 * served, so their worker gives way to all others.  A worker's own changes (claiming, telling) go
 * through the writer like any other, but do not wake it.
 */
#include "base/message.h"
#include "office/cosign.h"
#include "office/hook.h"
#include "office/log-private.h"
#include "office/typed.h"
#include "office/upload.h"
#include "signer/signer.h"

#include <stdatomic.h>
#include <sys/resource.h>

#define PAUSE        ((int64_t)G_USEC_PER_SEC)      /* between the beginnings of two rounds */
#define LOG_PAUSE    (PAUSE / 4)                    /* the same of proving */
#define LOOK_AGAIN   ((int64_t)15 * G_USEC_PER_SEC) /* for rows whose worker died */
#define RECENT_BYTES ((size_t)8 * 1024 * 1024)
#define RETRY_MAX    ((int64_t)60 * G_USEC_PER_SEC)
#define MINUTE       ((int64_t)60 * G_USEC_PER_SEC)
#define HOUR         (60 * MINUTE)

static bool
run_flow(NskOffice *office, GError **error)
{
    return nsk_office_run_flow(office, NULL, error);
}

/* What a worker does after changes, in this order. */
typedef struct {
    const char *fault; /* its failure, for people; NULL ends a list */
    bool (*run)(NskOffice *, GError **);
    int64_t rest; /* for how long it is not done again; microseconds */
} Topic;

static const Topic office_topics[] = {
    { N_("not all that workflows wait for was done; this is tried again"), run_flow, 0 },
    { N_("not every signature that was begun is finished; this is tried again"),
      nsk_office_run_signatures, 0 },
    { N_("not every signature is completed by what proves it; this is tried again"),
      nsk_office_run_preservation, 0 },
    { N_("answers of old requests were not forgotten; this is tried again"),
      nsk_office_forget_requests, MINUTE },
    { N_("uploads that are over were not thrown away; this is tried again"),
      nsk_office_forget_uploads, 5 * MINUTE },
    { N_("what was typed long ago and not stored was not thrown away; this is tried again"),
      nsk_office_forget_typed, 30 * MINUTE },
    { NULL, NULL, 0 },
};

static const Topic copy_topics[] = {
    { N_("repositories that lost something were not made anew; this is tried again"),
      nsk_office_heal, HOUR },
    { N_("the repositories do not show every change yet; this is tried again"), nsk_office_project,
      0 },
    { N_("not everything that was published is in the public folder yet; this is tried again"),
      nsk_office_publish, 0 },
    { N_("the search index does not show every change yet; this is tried again"), nsk_office_index,
      0 },
    { NULL, NULL, 0 },
};

static const Topic message_topics[] = {
    { N_("not everybody was told by mail what waits for him; this is tried again"),
      nsk_office_run_mail, 0 },
    { N_("old mails were not forgotten; this is tried again"), nsk_office_forget_mail, HOUR },
    { NULL, NULL, 0 },
};

static const Topic hook_topics[] = {
    { N_("not every program was told what happened; this is tried again"), nsk_office_run_hooks,
      0 },
    { N_("what programs were told long ago was not forgotten; this is tried again"),
      nsk_office_forget_hooks, HOUR },
    { NULL, NULL, 0 },
};

static const Topic log_topics[] = {
    { N_("the newest entries of the journal are not proved yet; this is tried again"),
      nsk_office_sequence, 0 },
    { N_("the map of the day is not in the log yet; this is tried again"), nsk_office_map_day,
      10 * MINUTE },
    { NULL, NULL, 0 },
};

static const Topic outside_topics[] = {
    { N_("the log could not be looked at for its daily time stamp; this is tried again"),
      nsk_office_run_anchor, MINUTE },
    { N_("a witness of the log cannot be asked; this is tried again"), nsk_office_run_witnesses,
      0 },
    { NULL, NULL, 0 },
};

#define MOST_TOPICS (G_N_ELEMENTS(office_topics))
#define N_WORKERS   6
#define GIVES_WAY   10 /* how nice the worker of copies is; see nice(2) */

typedef struct {
    NskOfficeService *service;
    const Topic *topics;
    NskOffice *office;         /* NULL: there is none */
    int64_t next[MOST_TOPICS]; /* monotonic, from when on each is done */
    int64_t pause;             /* between the beginnings of two rounds */
    GThread *thread;
    bool woken; /* under the service's lock */
} Worker;

struct _NskOfficeService {
    char *dir;
    NskDbWriter *writer;
    NskRules *rules;
    NskStoreRecent *recent;
    NskBonds *bonds;
    NskSigners *signers;
    _Atomic(char *) alarm; /* why nothing may be written; NULL: it may; set once */
    NskServiceWork work;
    Worker workers[N_WORKERS];
    GMutex lock; /* of all that follows */
    GCond wake;
    bool stopping;
};

/* Nobody else writes meanwhile. */
static bool
compare_log(const char *dir, const char *path, char **out_alarm, GError **error)
{
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, error);

    return db != NULL && nsk_log_compare(dir, db, out_alarm, error);
}

NskOfficeService *
nsk_office_service_start(const char *dir, GError **error)
{
    g_autofree char *alarm = NULL;
    g_autofree char *path = nsk_office_path(dir, "office.db");
    NskDbWriter *writer = nsk_db_writer_open(path, error);

    if (writer == NULL)
        return NULL;
    if (!compare_log(dir, path, &alarm, error)) {
        nsk_db_writer_free(writer);
        return NULL;
    }
    NskOfficeService *self = g_new0(NskOfficeService, 1);
    self->dir = g_strdup(dir);
    self->writer = writer;
    self->alarm = g_steal_pointer(&alarm);
    self->rules = nsk_rules_new();
    self->recent = nsk_store_recent_new(RECENT_BYTES);
    self->bonds = nsk_bonds_new();
    self->signers = nsk_signers_new();
    g_mutex_init(&self->lock);
    g_cond_init(&self->wake);
    return self;
}

/* --- The worker ------------------------------------------------------------------------------ */

bool
nsk_office_service_is_stopping(NskOfficeService *self)
{
    g_mutex_lock(&self->lock);
    bool stopping = self->stopping;
    g_mutex_unlock(&self->lock);
    return stopping;
}

/* Of what fails and is tried again. */
static void
tell(NskOfficeService *self, const char *what, const GError *fault)
{
    g_autofree char *line = g_strconcat(nsk_tr(what), ": ", fault->message, NULL);

    if (self->work.log != NULL)
        self->work.log(line, self->work.log_data);
}

/* One round; false if something failed, after everything was tried. */
static bool
work_once(Worker *self)
{
    bool ok = true;

    for (size_t i = 0; self->topics[i].run != NULL; i++) {
        const Topic *topic = &self->topics[i];
        g_autoptr(GError) fault = NULL;
        int64_t now = g_get_monotonic_time();

        if (nsk_office_service_is_stopping(self->service))
            break;
        if (now < self->next[i])
            continue;
        if (topic->run(self->office, &fault)) {
            self->next[i] = now + topic->rest;
            continue;
        }
        ok = false;
        tell(self->service, topic->fault, fault);
    }
    return ok;
}

/* Waits until it is time: not before @earliest; then as soon as there is a change, but not after
 * @latest.  False when the worker is to stop. */
static bool
wait_for_work(Worker *self, int64_t earliest, int64_t latest)
{
    NskOfficeService *service = self->service;

    g_mutex_lock(&service->lock);
    for (;;) {
        int64_t until = self->woken ? earliest : latest;

        if (service->stopping || g_get_monotonic_time() >= until)
            break;
        (void)g_cond_wait_until(&service->wake, &service->lock, until);
    }
    self->woken = false;
    bool go_on = !service->stopping;
    g_mutex_unlock(&service->lock);
    return go_on;
}

static gpointer
run_worker(gpointer data)
{
    Worker *self = data;
    int64_t earliest = 0, latest = 0, pause = self->pause;

    if (self->topics == copy_topics)
        (void)setpriority(PRIO_PROCESS, 0, GIVES_WAY); /* on Linux, of this thread alone */

    while (wait_for_work(self, earliest, latest)) {
        int64_t begun = g_get_monotonic_time();
        bool ok = work_once(self);

        /* what fails again and again is tried less and less often */
        pause = ok ? self->pause : MIN(2 * MAX(pause, PAUSE), RETRY_MAX);
        earliest = begun + pause;
        latest = begun + (ok ? LOOK_AGAIN : pause);
    }
    return NULL;
}

bool
nsk_office_service_start_work(NskOfficeService *self, const NskServiceWork *work, GError **error)
{
    static const Topic *const topics[N_WORKERS] = { office_topics, copy_topics, message_topics,
                                                    hook_topics,   log_topics,  outside_topics };
    const NskOfficeOptions options = { .dir = self->dir,
                                       .service = self,
                                       .nobody = true,
                                       .at = work->at,
                                       .clock = work->clock };

    for (size_t i = 0; i < N_WORKERS; i++) {
        Worker *worker = &self->workers[i];

        g_assert(worker->thread == NULL);
        *worker = (Worker){ .service = self,
                            .topics = topics[i],
                            .pause = topics[i] == log_topics ? LOG_PAUSE : PAUSE };
        worker->office = nsk_office_open(&options, error);
        if (worker->office == NULL)
            return false;
    }
    self->work = *work;
    if (self->alarm != NULL && work->log != NULL)
        work->log(self->alarm, work->log_data);
    g_mutex_lock(&self->lock);
    for (size_t i = 0; i < N_WORKERS; i++)
        self->workers[i].thread = g_thread_new("work", run_worker, &self->workers[i]);
    g_mutex_unlock(&self->lock);
    return true;
}

/* --- Changes --------------------------------------------------------------------------------- */

void
nsk_office_service_stop(NskOfficeService *self)
{
    if (self == NULL)
        return;
    g_mutex_lock(&self->lock);
    self->stopping = true;
    g_cond_broadcast(&self->wake);
    g_mutex_unlock(&self->lock);
    for (size_t i = 0; i < N_WORKERS; i++) {
        if (self->workers[i].thread != NULL)
            (void)g_thread_join(self->workers[i].thread);
        g_clear_pointer(&self->workers[i].office, nsk_office_free);
    }
    nsk_db_writer_free(self->writer);
    nsk_rules_unref(self->rules);
    nsk_store_recent_free(self->recent);
    nsk_bonds_free(self->bonds);
    nsk_signers_free(self->signers);
    g_cond_clear(&self->wake);
    g_mutex_clear(&self->lock);
    g_free(self->alarm);
    g_free(self->dir);
    g_free(self);
}

const char *
nsk_office_service_get_alarm(const NskOfficeService *self)
{
    return atomic_load(&self->alarm);
}

void
nsk_office_service_raise_alarm(NskOfficeService *self, const char *alarm)
{
    char *none = NULL, *copy = g_strdup(alarm);

    /* the first one stays: others may have it in hand */
    if (!atomic_compare_exchange_strong(&self->alarm, &none, copy))
        g_free(copy);
}

bool
nsk_office_service_compact(NskOfficeService *self, GError **error)
{
    return nsk_db_writer_compact(self->writer, error);
}

const char *
nsk_office_service_get_dir(const NskOfficeService *self)
{
    return self->dir;
}

/* There is something to do for the workers.  What one does itself is told to those behind it alone,
 * or they would wake each other for ever. */
static void
wake_workers(NskOfficeService *self)
{
    size_t first = 0;

    g_mutex_lock(&self->lock);
    for (size_t i = 0; i < N_WORKERS; i++)
        if (self->workers[i].thread == g_thread_self())
            first = i + 1;
    for (size_t i = first; i < N_WORKERS; i++)
        self->workers[i].woken = true;
    g_cond_broadcast(&self->wake);
    g_mutex_unlock(&self->lock);
}

NskRules *
nsk_office_service_get_rules(NskOfficeService *self)
{
    return self->rules;
}

NskStoreRecent *
nsk_office_service_get_recent(NskOfficeService *self)
{
    return self->recent;
}

NskBonds *
nsk_office_service_get_bonds(NskOfficeService *self)
{
    return self->bonds;
}

bool
nsk_office_service_commit(NskOfficeService *self,
                          const NskChange *change,
                          char **out_answer,
                          GError **error)
{
    const char *alarm = nsk_office_service_get_alarm(self);

    if (alarm != NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNTRUSTED, alarm);
        return false;
    }
    bool ok = nsk_db_writer_commit(self->writer, change, out_answer, error);

    if (ok)
        wake_workers(self);
    return ok;
}

NskSigners *
nsk_office_service_get_signers(NskOfficeService *self)
{
    return self->signers;
}

void
nsk_office_service_get_stats(NskOfficeService *self, NskOfficeStats *out_stats)
{
    NskDbWriterStats stats;

    nsk_db_writer_get_stats(self->writer, &stats);
    *out_stats = (NskOfficeStats){ .changes = stats.changes,
                                   .batches = stats.batches,
                                   .refused = stats.refused,
                                   .syncs = stats.syncs };
}

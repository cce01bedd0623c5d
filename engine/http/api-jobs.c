/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work of the API that goes on after its answer (Prefer: respond-async, RFC 7240).
 *
 *     /api/v1/jobs/{id}          how far it has come, and what came of each part
 *     /api/v1/jobs/{id}/events   the same as events (server-sent events): each answer tells the
 * next step and ends; the browser comes again with Last-Event-ID
 *
 * A job lives in memory alone: each of its parts is a change of its own, durable when it is told,
 * and after a restart the same request with the same Idempotency-Key does what is left.
 *
 * INVARIANTS
 *   (1) A job is known to the person alone who began it.
 *   (2) What a job holds is read and changed under the lock, but for its acts, which its thread has
 *       for itself.
 */
#include "base/id.h"
#include "base/message.h"
#include "base/pause.h"
#include "http/api-private.h"
#include "http/http-private.h"
#include "office/door.h"
#include "office/token.h"

#include <string.h>

#define PATH      "/api/v1/jobs"
#define THREADS   2   /* jobs at work; others wait */
#define MOST_JOBS 500 /* kept; above, those that ended go, and then 503 */
#define WAIT_US   ((int64_t)10 * G_USEC_PER_SEC) /* for the next step, in an answer of events */
#define WAITING   8 /* who may wait for a step at once; others are answered at once */
#define RETRY_MS  500

typedef struct {
    grefcount refs;
    char *id;
    char *person;
    bool is_program;
    const char *language; /* static */
    char *request;        /* of which each part has "ID.N"; NULL: none */
    char *digest;         /* beside it */
    NskJson *body;        /* what the acts borrow from */
    NskTaskAct *acts;
    size_t n;
    size_t done, failed;
    NskJson *results;
} Job;

struct _NskHttpJobs {
    NskHttpSite *site;
    GMutex lock; /* of: */
    GCond moved; /* a job took a step */
    unsigned waiting;
    GHashTable *jobs;
    GThreadPool *pool;
};

static void
unref_job(gpointer data)
{
    Job *job = data;

    if (!g_ref_count_dec(&job->refs))
        return;
    g_free(job->id);
    g_free(job->person);
    g_free(job->request);
    g_free(job->digest);
    g_free(job->acts);
    nsk_json_unref(job->body);
    nsk_json_unref(job->results);
    g_free(job);
}

/* --- At work --------------------------------------------------------------------------------- */

static void
note_step(NskHttpJobs *self, Job *job, const char *task, NskJson *result, const GError *fault)
{
    g_mutex_lock(&self->lock);
    nsk_json_add(job->results, nsk_api_told(task, result, fault));
    job->done++;
    job->failed += result == NULL;
    g_cond_broadcast(&self->moved);
    g_mutex_unlock(&self->lock);
    nsk_json_unref(result);
}

/* The next part, by @office; false with @error set. */
static bool
take_step(NskHttpJobs *self, NskOffice *office, const Job *job, NskJson **out, GError **error)
{
    g_autofree char *id =
        job->request != NULL ? g_strdup_printf("%s.%zu", job->request, job->done) : NULL;

    if (atomic_load(&self->site->stopping)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CANCELLED,
                            nsk_tr("the server was stopped before this was done; ask again"));
        return false;
    }
    if (!(job->is_program ? nsk_office_act_for_program(office, job->person, error)
                          : nsk_office_act_for(office, job->person, error)) ||
        !nsk_office_set_request(office, id, error))
        return false;
    nsk_office_add_to_request(office, job->digest);
    return nsk_office_task_act(office, &job->acts[job->done], out, error);
}

static void
work(gpointer data, gpointer user_data)
{
    Job *job = data;
    NskHttpJobs *self = user_data;
    const char *before = nsk_language_use(job->language);

    while (job->done < job->n) {
        NskJson *result = NULL;
        g_autoptr(GError) fault = NULL;
        NskOffice *office = nsk_http_site_borrow(self->site, &fault);

        if (office != NULL)
            (void)take_step(self, office, job, &result, &fault);
        nsk_http_site_return(self->site, office, fault);
        note_step(self, job, job->acts[job->done].task, result, fault);
    }
    nsk_language_use(before);
    unref_job(job);
}

/* --- What is kept ---------------------------------------------------------------------------- */

NskHttpJobs *
nsk_http_jobs_new(NskHttpSite *site)
{
    NskHttpJobs *self = g_new0(NskHttpJobs, 1);

    self->site = site;
    g_mutex_init(&self->lock);
    g_cond_init(&self->moved);
    self->jobs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, unref_job);
    self->pool = g_thread_pool_new(work, self, THREADS, FALSE, NULL);
    return self;
}

void
nsk_http_jobs_free(NskHttpJobs *self)
{
    if (self == NULL)
        return;
    g_thread_pool_free(self->pool, FALSE, TRUE);
    g_hash_table_unref(self->jobs);
    g_cond_clear(&self->moved);
    g_mutex_clear(&self->lock);
    g_free(self);
}

static gboolean
has_ended(G_GNUC_UNUSED gpointer id, gpointer job, G_GNUC_UNUSED gpointer data)
{
    return ((const Job *)job)->done == ((const Job *)job)->n;
}

/* Keeps it, and has it done; false if there are too many.  Takes over @job. */
static bool
begin(NskHttpJobs *self, Job *job)
{
    g_mutex_lock(&self->lock);
    if (g_hash_table_size(self->jobs) >= MOST_JOBS)
        (void)g_hash_table_foreach_remove(self->jobs, has_ended, NULL);
    bool has_room = g_hash_table_size(self->jobs) < MOST_JOBS;
    if (has_room) {
        g_ref_count_inc(&job->refs);
        (void)g_hash_table_insert(self->jobs, job->id, job);
    }
    g_mutex_unlock(&self->lock);
    if (has_room)
        (void)g_thread_pool_push(self->pool, job, NULL);
    else
        unref_job(job);
    return has_room;
}

/* How the job stands; the lock is held. */
static NskJson *
describe(const Job *job)
{
    NskJson *shown = nsk_json_object();
    NskJson *results = nsk_json_array();

    for (size_t i = 0; i < nsk_json_length(job->results); i++)
        nsk_json_add(results, nsk_json_ref(nsk_json_at(job->results, i)));
    nsk_json_set_text(shown, "job", job->id);
    nsk_json_set_text(shown, "state", job->done < job->n ? "running" : "done");
    nsk_json_set_int(shown, "total", (int64_t)job->n);
    nsk_json_set_int(shown, "done", (int64_t)job->done);
    nsk_json_set_int(shown, "failed", (int64_t)job->failed);
    nsk_json_set(shown, "results", results);
    return shown;
}

NskJson *
nsk_http_jobs_of(NskHttpJobs *self, const char *person)
{
    GHashTableIter iter;
    gpointer job;
    NskJson *list = nsk_json_array();

    g_mutex_lock(&self->lock);
    g_hash_table_iter_init(&iter, self->jobs);
    while (g_hash_table_iter_next(&iter, NULL, &job)) {
        if (strcmp(((const Job *)job)->person, person) == 0)
            nsk_json_add(list, describe(job));
    }
    g_mutex_unlock(&self->lock);
    return list;
}

/* The visitor's job of the path; the lock is held.  NULL: the response is 404. */
static Job *
find_job(NskHttpVisit *visit)
{
    const char *id = nsk_http_request_get_piece(visit->request, "id");
    Job *job = g_hash_table_lookup(visit->site->jobs->jobs, id);

    if (job != NULL && strcmp(job->person, visit->visitor->person) == 0)
        return job;
    nsk_api_refuse(visit, 404, "not-found", NULL, NULL);
    return NULL;
}

bool
nsk_api_job_decide(NskHttpVisit *visit, NskJson *body, NskTaskAct *acts, size_t n)
{
    Job *job = g_new0(Job, 1);
    g_autofree char *path = NULL;

    g_ref_count_init(&job->refs);
    job->id = nsk_id_new(visit->site->clock);
    job->person = g_strdup(visit->visitor->person);
    job->is_program = visit->visitor->scopes != NULL;
    job->language = nsk_http_request_get_language(visit->request);
    nsk_api_name_parts(visit, &job->request, &job->digest);
    job->body = body;
    job->acts = acts;
    job->n = n;
    job->results = nsk_json_array();
    path = g_strconcat(PATH "/", job->id, NULL);
    NskJson *shown = describe(job);
    if (!begin(visit->site->jobs, job)) {
        nsk_json_unref(shown);
        nsk_api_refuse(visit, 503, "busy", NULL, NULL);
        nsk_http_response_add_header(visit->response, "Retry-After", "5");
        return true;
    }
    nsk_http_response_set_status(visit->response, 202);
    nsk_http_response_add_header(visit->response, "Location", path);
    nsk_http_response_add_header(visit->response, "Preference-Applied", "respond-async");
    nsk_http_response_set_json(visit->response, shown);
    return true;
}

/* --- Looking at it --------------------------------------------------------------------------- */

static bool
show(NskHttpVisit *visit, G_GNUC_UNUSED GError **error)
{
    NskHttpJobs *jobs = visit->site->jobs;

    g_mutex_lock(&jobs->lock);
    const Job *job = find_job(visit);
    if (job != NULL)
        nsk_http_response_set_json(visit->response, describe(job));
    g_mutex_unlock(&jobs->lock);
    return true;
}

/* Waits until the job is further than @seen, for some seconds; the lock is held. */
static void
wait_for_step(NskHttpJobs *jobs, const Job *job, size_t seen)
{
    int64_t until = g_get_monotonic_time() + WAIT_US;

    if (jobs->waiting >= WAITING)
        return;
    jobs->waiting++;
    while (job->done <= seen && job->done < job->n && !atomic_load(&jobs->site->stopping) &&
           g_cond_wait_until(&jobs->moved, &jobs->lock, until))
        ;
    jobs->waiting--;
}

static bool
tell_events(NskHttpVisit *visit, G_GNUC_UNUSED GError **error)
{
    NskHttpJobs *jobs = visit->site->jobs;
    const char *last = nsk_http_request_get_header(visit->request, "Last-Event-ID");
    guint64 seen = 0;

    if (last != NULL)
        (void)g_ascii_string_to_unsigned(last, 10, 0, G_MAXUINT32, &seen, NULL);
    nsk_pause_begin();
    g_mutex_lock(&jobs->lock);
    Job *job = find_job(visit);
    if (job != NULL) {
        g_ref_count_inc(&job->refs);
        wait_for_step(jobs, job, (size_t)seen);
        g_autofree char *text = g_strdup_printf(
            "retry: %d\nid: %zu\nevent: %s\ndata: {\"done\":%zu,\"failed\":%zu,\"total\":%zu}\n\n",
            RETRY_MS, job->done, job->done < job->n ? "progress" : "done", job->done, job->failed,
            job->n);
        nsk_http_response_set_text(visit->response, "text/event-stream", text);
        unref_job(job);
    }
    g_mutex_unlock(&jobs->lock);
    nsk_pause_end();
    return true;
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_api_jobs[] = {
    { .method = "GET", .pattern = PATH "/{id}", .visit = show, .scope = "tasks:decide" },
    { .method = "GET", .pattern = PATH "/{id}/events", .visit = tell_events,
      .scope = "tasks:decide" },
    { .method = NULL },
};
/* clang-format on */

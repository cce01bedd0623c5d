/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For who looks after servers: a demo's server is killed while people write, and what was answered
 * is counted when it is back.
 *
 *     /coba/ti         memory, changes a second, the last kill, and the switch of demo-signer.c
 *     /coba/ti (POST)  writes for some seconds, several at once, and kills this process by SIGKILL
 *
 * What was answered is counted in memory that the watching process shares (cli/demo-serve.c), so
 * the count outlives the server; what is there is read from the letter's history, which is checked
 * as it is read.
 *
 * INVARIANTS
 *   (1) A change is counted as answered after its use case said that it is done, never before.
 *   (2) There is one run at a time, MOST_RUNS in the life of a watcher, MOST_CHANGES in a run.
 */
#include "base/message.h"
#include "base/resource.h"
#include "http/demo-path.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define PAGE         "/coba/ti"
#define WRITER       "damar"
#define WRITER_AT    "staf-persuratan"
#define SAMPLE       "templates/letters/surat-dinas.sample.xml"
#define WRITERS      4
#define MOST_RUNS    20
#define MOST_CHANGES 4000
#define KILLED_AT    3000 /* changes at most: there are more to come */
#define RUN_TIME     ((int64_t)2 * G_USEC_PER_SEC)
#define COME_AGAIN   "5" /* seconds: the run, and a start */

/* --- The run --------------------------------------------------------------------------------- */

/* One of those who write, until the process is killed. */
static gpointer
write_on(gpointer data)
{
    NskHttpSite *site = data;
    NskHttpDemo *demo = site->demo;
    NskOffice *office = nsk_http_site_borrow(site, NULL);
    bool ok = office != NULL && nsk_office_act_for(office, WRITER, NULL);

    while (ok && atomic_fetch_add(&demo->asked, 1) < MOST_CHANGES) {
        g_autoptr(NskJson) result = NULL;
        g_autofree char *text =
            g_strdup_printf("Perubahan %u", (unsigned)atomic_load(&demo->asked));
        const NskLetterNote note = { demo->letter, text };

        ok = nsk_office_letter_note(office, &note, &result, NULL);
        if (ok)
            atomic_fetch_add(&demo->answered, 1);
    }
    return NULL;
}

static gpointer
run_and_kill(gpointer data)
{
    NskHttpSite *site = data;
    GThread *writers[WRITERS];

    for (size_t i = 0; i < G_N_ELEMENTS(writers); i++)
        writers[i] = g_thread_new("demo-writer", write_on, site);
    while (g_get_monotonic_time() - site->demo->began < RUN_TIME &&
           atomic_load(&site->demo->asked) < KILLED_AT)
        g_usleep(1000);
    site->demo->killed = g_get_monotonic_time();
    (void)kill(getpid(), SIGKILL);
    for (size_t i = 0; i < G_N_ELEMENTS(writers); i++)
        (void)g_thread_join(writers[i]);
    return NULL;
}

/* A draft of its own, to write on. */
static bool
make_letter(NskHttpDemo *demo, NskOffice *office, GError **error)
{
    g_autoptr(GBytes) xml = nsk_resource_load(SAMPLE, error);
    g_autoptr(NskJson) result = NULL;
    const NskNewLetter letter = { "surat-dinas.xml", xml, WRITER_AT };
    bool ok = xml != NULL && nsk_office_act_for(office, WRITER, error) &&
              nsk_office_letter_new(office, &letter, &result, error);

    nsk_office_act_for_nobody(office);
    if (ok)
        g_strlcpy(demo->letter, nsk_json_get_text(result, "letter"), sizeof demo->letter);
    return ok;
}

static bool
begin(const NskHttpDemoCall *call, GError **error)
{
    NskHttpSite *site = call->site;
    NskHttpDemo *demo = site->demo;
    bool is_free = false;

    if (demo->runs >= MOST_RUNS) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the server was killed %d times; start the demo again for more"),
                    MOST_RUNS);
        return false;
    }
    nsk_http_response_redirect(call->response, PAGE);
    if (!atomic_compare_exchange_strong(&demo->is_running, &is_free, true))
        return true; /* pressed twice */
    if (!make_letter(demo, call->office, error)) {
        atomic_store(&demo->is_running, false);
        return false;
    }
    demo->runs++;
    atomic_store(&demo->asked, 0);
    atomic_store(&demo->answered, 0);
    demo->killed = demo->back = 0;
    demo->began = g_get_monotonic_time();
    g_thread_unref(g_thread_new("demo-kill", run_and_kill, site));
    return true;
}

void
nsk_http_demo_came_back(NskHttpDemo *demo)
{
    if (demo->killed != 0 && demo->back == 0)
        demo->back = g_get_monotonic_time();
    atomic_store(&demo->is_running, false);
}

/* --- The page -------------------------------------------------------------------------------- */

/* Resident memory of this process in MiB, 0: not known. */
static int64_t
read_memory(void)
{
    static const char name[] = "VmRSS:";
    g_autofree char *status = NULL;

    if (!g_file_get_contents("/proc/self/status", &status, NULL, NULL))
        return 0;
    const char *line = strstr(status, name);
    return line != NULL ? g_ascii_strtoll(line + strlen(name), NULL, 10) / 1024 : 0;
}

/* How many notes the letter's history has; it is checked as it is read. */
static bool
count_notes(NskOffice *office, const char *letter, int64_t *out_count, GError **error)
{
    g_autoptr(NskJson) history = NULL;
    bool ok = nsk_office_act_for(office, WRITER, error) &&
              nsk_office_letter_history(office, letter, &history, error);
    const NskJson *entries = ok ? nsk_json_get(history, "entries") : NULL;

    nsk_office_act_for_nobody(office);
    *out_count = 0;
    for (size_t i = 0; i < nsk_json_length(entries); i++)
        *out_count +=
            g_strcmp0(nsk_json_get_text(nsk_json_at(entries, i), "action"), "note-added") == 0;
    return ok;
}

static bool
add_result(const NskHttpDemoCall *call, NskJson *view, GError **error)
{
    const NskHttpDemo *demo = call->site->demo;
    int64_t there;

    if (!count_notes(call->office, demo->letter, &there, error))
        return false;
    int64_t answered = (int64_t)atomic_load(&demo->answered);
    int64_t taken = MAX(demo->killed - demo->began, 1);
    NskJson *result = nsk_json_object();
    nsk_json_set_int(result, "answered", answered);
    nsk_json_set_int(result, "there", there);
    nsk_json_set_int(result, "lost", MAX(answered - there, 0));
    nsk_json_set_int(result, "rate", answered * G_USEC_PER_SEC / taken);
    nsk_json_set_int(result, "away_ms", (demo->back - demo->killed) / 1000);
    nsk_json_set_text(result, "letter", demo->letter);
    nsk_json_set(view, "result", result);
    return true;
}

static bool
show(const NskHttpDemoCall *call, GError **error)
{
    g_autofree char *passphrase = nsk_http_demo_secret(call->site, "passphrase", error);
    g_autoptr(NskJson) view = nsk_json_object();
    NskHttpDemo *demo = call->site->demo;
    bool is_running = atomic_load(&demo->is_running);

    if (passphrase == NULL)
        return false;
    nsk_json_set_text(view, "passphrase", passphrase);
    nsk_json_set_bool(view, "running", is_running);
    nsk_json_set_int(view, "memory", read_memory());
    nsk_json_set_bool(view, "signer_is_off", atomic_load(&demo->signer_is_off));
    nsk_json_set_int(view, "signer_missed", (int64_t)atomic_load(&demo->signer_missed));
    if (is_running)
        nsk_http_response_add_header(call->response, "Refresh", COME_AGAIN);
    else if (demo->back != 0 && !add_result(call, view, error))
        return false;
    return nsk_http_site_show(call->site, call->request, call->response, "demo-server", view,
                              error);
}

static bool
show_page(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    return nsk_http_demo_call(data, request, response, show, error);
}

static bool
take_kill(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    return nsk_http_site_check_origin(request, error) &&
           nsk_http_demo_call(data, request, response, begin, error);
}

const NskHttpRoute nsk_http_routes_demo_kill[] = {
    { .method = "GET",
      .pattern = PAGE,
      .run = show_page,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "POST",
      .pattern = PAGE,
      .run = take_kill,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Workflows: the step function alone, in memory; tasks that people do at once, durably; and an
 * office in which a million instances wait.
 */
#include "flow/flow.h"

#include "base/message.h"
#include "base/resource.h"
#include "bench/bench-private.h"

#include <string.h>

#define ROUTE            "engine/bench/letter-route.bpmn"
#define INSTANCES        2000 /* run between two looks at the clock */
#define LETTERS_A_SECOND 1000 /* of eight tasks each; more than will be done */
#define OPENINGS         20

static NskFlow *
load_route(GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GBytes) bytes = nsk_resource_load(ROUTE, error);

    return bytes != NULL ? nsk_flow_parse(ROUTE, g_bytes_get_data(bytes, NULL),
                                          g_bytes_get_size(bytes), issues, error)
                         : NULL;
}

static bool
measure_state(const NskFlow *flow, const NskFlowFacts *facts, NskJson *result, GError **error)
{
    const NskFlowEvent start = { .type = NSK_FLOW_START };
    const NskFlowStep step = { .flow = flow, .event = &start, .facts = facts };
    g_autoptr(NskFlowState) state = NULL;
    g_autoptr(GPtrArray) actions = NULL;

    if (!nsk_flow_step(&step, &state, &actions, error))
        return false;
    g_autofree char *kept = nsk_flow_state_format(state);
    nsk_json_set_int(result, "state_bytes", (int64_t)strlen(kept));
    return true;
}

/* One core, nothing kept. */
static bool
measure_memory(const NskBench *bench, NskJson *result, GError **error)
{
    size_t total = 0;
    const NskFlowFacts facts = { .today = { 2026, 1, 2 }, .now = 1, .simulated = true };
    g_autoptr(NskFlow) flow = load_route(error);
    int64_t begun = g_get_monotonic_time(), now = begun;

    if (flow == NULL || !measure_state(flow, &facts, result, error))
        return false;
    while (now < begun + (int64_t)bench->seconds * G_USEC_PER_SEC / 4) {
        size_t done;

        if (!nsk_flow_drill(flow, &facts, INSTANCES, &done, error))
            return false;
        total += done;
        now = g_get_monotonic_time();
    }
    nsk_bench_set_real(result, "memory_completions_per_s",
                       (double)total * G_USEC_PER_SEC / (double)MAX(now - begun, 1));
    return true;
}

/* Opens the office and lists what waits, and lets go of both. */
static bool
open_once(const NskBench *bench, NskBenchTimes *times, double *out_mb, GError **error)
{
    double before = nsk_bench_anonymous_mb();
    const NskTaskListAsk ask = { 0 };
    g_autoptr(NskJson) list = NULL;
    int64_t begun = g_get_monotonic_time();
    g_autoptr(NskOffice) office = nsk_bench_open(bench, NSK_BENCH_ASKER, error);

    if (office == NULL || !nsk_office_task_list(office, &ask, &list, error))
        return false;
    nsk_bench_times_add(times, g_get_monotonic_time() - begun);
    *out_mb = MAX(*out_mb, nsk_bench_anonymous_mb() - before);
    return true;
}

static bool
measure_opening(const NskBench *bench, NskJson *result, GError **error)
{
    double mb = 0;
    bool ok = true;
    NskBenchTimes times = { 0 };

    for (unsigned i = 0; ok && i < OPENINGS; i++)
        ok = open_once(bench, &times, &mb, error);
    nsk_bench_set_real(result, "open_p50_ms", nsk_bench_times_share(&times, 0.50));
    nsk_bench_set_real(result, "open_mb", mb);
    nsk_json_set_int(result, "waiting", bench->letters);
    nsk_bench_times_clear(&times);
    return ok;
}

bool
nsk_bench_flow(const NskBench *bench, NskJson **out_result, GError **error)
{
    int64_t waiting;
    double raw;
    g_autoptr(NskJson) result = nsk_json_object();

    if (!measure_memory(bench, result, error) || !nsk_bench_make_office(bench->folder, error))
        return false;
    nsk_bench_tell(bench, N_("doing tasks"), 0, 1);
    if (!nsk_bench_acts(bench, bench->seconds * LETTERS_A_SECOND, result, error) ||
        !nsk_bench_fill_index(bench, 1, &waiting, error) ||
        !measure_opening(bench, result, error) ||
        !nsk_bench_raw_append(bench->folder, 2.0, &raw, error))
        return false;
    nsk_bench_set_real(result, "raw_append_fdatasync_per_s", raw);
    nsk_json_set_int(result, "clients", bench->clients);
    nsk_json_set_int(result, "seconds", bench->seconds);
    *out_result = g_steal_pointer(&result);
    return true;
}

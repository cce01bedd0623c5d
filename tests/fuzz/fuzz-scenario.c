/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any workflow with any scenario: a file of scenarios, a line "====", and the model that each of
 * its names stands for.  Whatever comes, there is a result or an error, and the simulator's own
 * invariants hold: a state comes back from its JSON, and what actions opened and closed is what the
 * state waits for.
 */
#include "flow/simulate.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char line[] = "\n====\n";

static GBytes *
load_model(void *data, G_GNUC_UNUSED const char *name, G_GNUC_UNUSED GError **error)
{
    return g_bytes_ref(data);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = memmem(data, size, line, strlen(line));
    g_autoptr(GError) error = NULL;

    if (end == NULL)
        return 0;
    const uint8_t *model = end + strlen(line);
    g_autoptr(GBytes) bytes = g_bytes_new(model, size - (size_t)(model - data));
    g_autoptr(NskJson) scenario = nsk_json_parse((const char *)data, (size_t)(end - data), &error);
    if (scenario == NULL)
        return 0;
    const NskFlowSimulation simulation = { .scenario = scenario,
                                           .load = load_model,
                                           .data = bytes };
    g_autoptr(NskJson) result = nsk_flow_simulate(&simulation, &error);
    g_assert_true((result == NULL) == (error != NULL));
    g_assert_false(g_error_matches(error, NSK_ERROR, NSK_ERROR_INTERNAL));
    g_assert_false(g_error_matches(error, NSK_ERROR, NSK_ERROR_CORRUPT));
    return 0;
}

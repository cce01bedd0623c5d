/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures in processes of their own: nothing is warm, and memory is theirs alone. */
#include "base/message.h"
#include "bench/bench-private.h"

#include <stdio.h>
#include <string.h>

#define STATUS_FILE "/proc/self/status"
#define PEAK_LINE   "VmHWM:"
#define KB_IN_MB    1024.0

bool
nsk_bench_run_apart(const char *const *args, double *out_ms, char **out_output, GError **error)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_autofree char *program = g_file_read_link("/proc/self/exe", error);
    g_autofree char *output = NULL, *said = NULL;
    int status;

    if (program == NULL)
        return false;
    g_ptr_array_add(argv, program);
    for (; *args != NULL; args++)
        g_ptr_array_add(argv, (gpointer)(uintptr_t)*args);
    g_ptr_array_add(argv, NULL);
    int64_t begun = g_get_monotonic_time();
    if (!g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, &said,
                      &status, error))
        return false;
    *out_ms = (double)(g_get_monotonic_time() - begun) / 1000.0;
    if (!g_spawn_check_wait_status(status, NULL)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("a process of the bench failed: %s"),
                    g_strstrip(said));
        return false;
    }
    if (out_output != NULL)
        *out_output = g_steal_pointer(&output);
    return true;
}

double
nsk_bench_peak_mb(void)
{
    g_autofree char *text = NULL;
    const char *line =
        g_file_get_contents(STATUS_FILE, &text, NULL, NULL) ? strstr(text, PEAK_LINE) : NULL;

    return line != NULL ? (double)g_ascii_strtoll(line + strlen(PEAK_LINE), NULL, 10) / KB_IN_MB
                        : 0;
}

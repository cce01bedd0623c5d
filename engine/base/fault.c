/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/fault.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *point; /* NULL: no fault asked for */
    long nth;
    bool kill;
    long passed; /* of @point, or of all points if it is "*" */
    long all;
} Plan;

static Plan plan;

static void
write_count(void)
{
    FILE *file = fopen(getenv("NASKAH_FAULT_COUNT"), "we");

    if (file != NULL) {
        (void)fprintf(file, "%ld\n", plan.all);
        (void)fclose(file);
    }
}

static void
read_plan(void)
{
    static gsize done;

    if (!g_once_init_enter(&done))
        return;
    const char *text = getenv("NASKAH_FAULT");
    g_auto(GStrv) parts = g_strsplit(text != NULL ? text : "", ":", 3);

    if (g_strv_length(parts) == 3) {
        plan.point = g_strdup(parts[0]);
        plan.nth = strtol(parts[1], NULL, 10);
        plan.kill = strcmp(parts[2], "kill") == 0;
    }
    if (getenv("NASKAH_FAULT_COUNT") != NULL)
        (void)atexit(write_count);
    g_once_init_leave(&done, 1);
}

bool
nsk_fault_pass(const char *point, GError **error)
{
    read_plan();
    (void)__atomic_add_fetch(&plan.all, 1, __ATOMIC_RELAXED);
    if (plan.point == NULL || (strcmp(plan.point, "*") != 0 && strcmp(plan.point, point) != 0) ||
        __atomic_add_fetch(&plan.passed, 1, __ATOMIC_RELAXED) != plan.nth)
        return true;
    if (plan.kill)
        (void)kill(getpid(), SIGKILL);
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, "injected fault at '%s'", point);
    return false;
}

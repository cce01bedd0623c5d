/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The legal clocks of applications. */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

const char *
nsk_cli_alarm(const char *alarm)
{
    if (g_strcmp0(alarm, "over") == 0)
        return nsk_tr("  THE TERM IS OVER");
    if (g_strcmp0(alarm, "escalate") == 0)
        return nsk_tr("  LAST DAY BEFORE");
    return g_strcmp0(alarm, "warn") == 0 ? nsk_tr("  SOON") : "";
}

void
nsk_cli_print_clock(const NskJson *clock)
{
    const char *alarm = nsk_json_get_text(clock, "alarm");
    const char *state = nsk_json_get_text(clock, "state");
    const char *deemed = nsk_json_get_text(clock, "deemed");
    int spent = (int)nsk_json_get_int(clock, "spent", 0);
    int term = (int)nsk_json_get_int(clock, "term", 0);

    if (g_strcmp0(state, "running") == 0)
        (void)printf(nsk_tr("%d of %d working days are used up; granted by law on %s"), spent, term,
                     deemed);
    else if (g_strcmp0(state, "stopped") == 0)
        (void)printf(nsk_tr("%d of %d working days are used up; the clock stands still"), spent,
                     term);
    else if (g_strcmp0(state, "deemed") == 0)
        (void)printf(nsk_tr("granted by law on %s, after %d working days"), deemed, spent);
    else
        (void)printf(nsk_tr("ended on %s, after %d of %d working days"),
                     nsk_json_get_text(clock, "ended"), spent, term);
    (void)fputs(nsk_cli_alarm(alarm), stdout);
    (void)putchar('\n');
}

static void
print_spans(const NskJson *spans)
{
    for (size_t i = 0; i < nsk_json_length(spans); i++) {
        const NskJson *span = nsk_json_at(spans, i);
        const char *until = nsk_json_get_text(span, "until");
        const char *why = nsk_json_get_text(span, "stopped_because");

        (void)printf(nsk_tr("    ran from %s to %s: %d working days%s%s\n"),
                     nsk_json_get_text(span, "from"), until != NULL ? until : nsk_tr("today"),
                     (int)nsk_json_get_int(span, "days", 0), why != NULL ? "; " : "",
                     why != NULL ? why : "");
    }
}

static void
print_told(const NskJson *told)
{
    for (size_t i = 0; i < nsk_json_length(told); i++) {
        const NskJson *row = nsk_json_at(told, i);

        (void)printf(nsk_tr("    told at %s: %s\n"), nsk_json_get_text(row, "at"),
                     nsk_json_get_text(row, "position"));
    }
}

static void
print_words(const NskJson *result)
{
    const NskJson *held = nsk_json_get(result, "held");

    nsk_cli_print_clock(result);
    if (nsk_json_get(result, "decision") != NULL)
        (void)printf(nsk_tr("    decided by letter %s\n"),
                     nsk_json_get_text(nsk_json_get(result, "decision"), "letter"));
    print_spans(nsk_json_get(result, "spans"));
    print_told(nsk_json_get(result, "told"));
    for (size_t i = 0; i < nsk_json_length(held); i++) {
        const NskJson *task = nsk_json_at(held, i);
        const char *person = nsk_json_get_text(task, "person");

        (void)printf(nsk_tr("    %s: %s%s%s, %d working days, %d hours\n"),
                     nsk_json_get_text(task, "name"), nsk_json_get_text(task, "position"),
                     person != NULL ? " / " : "", person != NULL ? person : "",
                     (int)nsk_json_get_int(task, "days", 0),
                     (int)(nsk_json_get_int(task, "minutes", 0) / 60));
    }
}

static bool
run_show(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_clock_show(office, cli->args[0], &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_clock_show = {
    .group = "clock",
    .name = "show",
    .summary = N_("the legal clock of an application, and who had it for how long"),
    .usage = "LETTER",
    .examples = "    naskah clock show LETTER",
    .min_args = 1,
    .max_args = 1,
    .run = run_show,
};

static void
print_list(const NskJson *result)
{
    const NskJson *clocks = nsk_json_get(result, "clocks");

    if (nsk_json_length(clocks) == 0)
        (void)puts(nsk_tr("No legal clock runs."));
    for (size_t i = 0; i < nsk_json_length(clocks); i++) {
        const NskJson *clock = nsk_json_at(clocks, i);

        (void)printf("%s  %s\n    ", nsk_json_get_text(clock, "letter"),
                     nsk_json_get_text(clock, "subject"));
        nsk_cli_print_clock(clock);
    }
}

static bool
run_list(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_clock_list(office, &result, error))
        return false;
    nsk_cli_print(cli, result, print_list);
    return true;
}

const NskCommand nsk_command_clock_list = {
    .group = "clock",
    .name = "list",
    .summary = N_("the legal clocks that run, the nearest end first"),
    .usage = "",
    .examples = "    naskah clock list",
    .run = run_list,
};

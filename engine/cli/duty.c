/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The roster: who is away, who is on duty, who is there, and what nobody is there for. */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *position;
static char *person;
static char *substitute;
static char *hours;
static char *note;
static char *what;
static char *date;
static char *until;
static char *time_of_day;

#define LAST                                                                                       \
    {                                                                                              \
        NULL, 0, 0, 0, NULL, NULL, NULL                                                            \
    }
#define NOTE                                                                                       \
    {                                                                                              \
        "note", 'n', 0, G_OPTION_ARG_FILENAME, &note, N_("why"), "TEXT"                            \
    }
#define DATE                                                                                       \
    {                                                                                              \
        "date", 0, 0, G_OPTION_ARG_STRING, &date, N_("the day; today if not given"), "DATE"        \
    }

static const GOptionEntry leave_options[] = {
    { "substitute", 0, 0, G_OPTION_ARG_STRING, &substitute, N_("who is shown the work meanwhile"),
      "PERSON" },
    { "position", 0, 0, G_OPTION_ARG_STRING, &position,
      N_("away from this position only, not from all"), "POSITION" },
    NOTE,
    LAST,
};
static const GOptionEntry assign_options[] = {
    { "hours", 0, 0, G_OPTION_ARG_STRING, &hours, N_("a shift, such as 22.00-06.00"), "HOURS" },
    NOTE,
    LAST,
};
static const GOptionEntry end_options[] = {
    { "what", 0, 0, G_OPTION_ARG_STRING, &what,
      N_("leave, travel, duty or shift; leave if not given"), "WHAT" },
    { "position", 0, 0, G_OPTION_ARG_STRING, &position, N_("of the turn, if it has one"),
      "POSITION" },
    { "hours", 0, 0, G_OPTION_ARG_STRING, &hours, N_("of the turn, if it has some"), "HOURS" },
    { "until", 0, 0, G_OPTION_ARG_STRING, &until,
      N_("its last day; it goes as a whole if not given"), "DATE" },
    NOTE,
    LAST,
};
static const GOptionEntry show_options[] = {
    DATE,
    { "time", 0, 0, G_OPTION_ARG_STRING, &time_of_day, N_("time of the day, such as 14.30"),
      "TIME" },
    LAST,
};
static const GOptionEntry list_options[] = {
    DATE,
    { "until", 0, 0, G_OPTION_ARG_STRING, &until, N_("up to and with this day"), "DATE" },
    { "position", 0, 0, G_OPTION_ARG_STRING, &position, N_("of this position"), "POSITION" },
    { "person", 0, 0, G_OPTION_ARG_STRING, &person, N_("of this person"), "PERSON" },
    LAST,
};

static void
print_attendant(const NskJson *one)
{
    const char *back = nsk_json_get_text(one, "back");
    const char *stands_for = nsk_json_get_text(one, "substitutes");

    (void)printf("    %s%s", nsk_json_get_text(one, "name"),
                 nsk_json_get_bool(one, "on_duty", false) ? nsk_tr(", on duty") : "");
    if (stands_for != NULL)
        (void)printf(nsk_tr(", stands in for %s"), stands_for);
    if (nsk_json_get_bool(one, "away", false) && back != NULL)
        (void)printf(nsk_tr(", away, back on %s"), back);
    else if (nsk_json_get_bool(one, "away", false))
        (void)fputs(nsk_tr(", away"), stdout);
    else if (nsk_json_get_bool(one, "travels", false) && back != NULL)
        (void)printf(nsk_tr(", travels, to be reached, back on %s"), back);
    else if (nsk_json_get_bool(one, "travels", false))
        (void)fputs(nsk_tr(", travels, to be reached"), stdout);
    (void)putchar('\n');
}

static void
print_attendance(const NskJson *result)
{
    const NskJson *people = nsk_json_get(result, "people");

    (void)printf("%s: %s\n", nsk_json_get_text(result, "position"),
                 nsk_office_word_of("presence", nsk_json_get_text(result, "presence")));
    for (size_t i = 0; i < nsk_json_length(people); i++)
        print_attendant(nsk_json_at(people, i));
}

static void
print_turn(const NskJson *result)
{
    const NskJson *positions = nsk_json_get(result, "positions");

    (void)puts(nsk_json_get_bool(result, "ended", false) ? nsk_tr("The roster is changed.")
                                                         : nsk_tr("It is in the roster."));
    for (size_t i = 0; i < nsk_json_length(positions); i++)
        print_attendance(nsk_json_at(positions, i));
}

static bool
enter(NskCli *cli, const NskTurnAct *act, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_roster(office, act, &result, error))
        return false;
    nsk_cli_print(cli, result, print_turn);
    return true;
}

/* The argument of that number, "-" being an open end. */
static const char *
last_day(const NskCli *cli, int i)
{
    return cli->n_args > i && g_strcmp0(cli->args[i], "-") != 0 ? cli->args[i] : NULL;
}

static bool
enter_absence(NskCli *cli, const char *what_sort, GError **error)
{
    const NskTurnAct act = { .what = what_sort,
                             .person = cli->args[0],
                             .position = position,
                             .from = cli->args[1],
                             .until = last_day(cli, 2),
                             .substitute = substitute,
                             .note = note };

    return enter(cli, &act, error);
}

static bool
run_leave(NskCli *cli, GError **error)
{
    return enter_absence(cli, "leave", error);
}

static bool
run_travel(NskCli *cli, GError **error)
{
    return enter_absence(cli, "travel", error);
}

static bool
run_assign(NskCli *cli, GError **error)
{
    const NskTurnAct act = { .what = hours != NULL ? "shift" : "duty",
                             .position = cli->args[0],
                             .person = cli->args[1],
                             .from = cli->args[2],
                             .until = last_day(cli, 3),
                             .hours = hours,
                             .note = note };

    return enter(cli, &act, error);
}

static bool
run_end(NskCli *cli, GError **error)
{
    const NskTurnAct act = { .what = what != NULL ? what : "leave",
                             .person = cli->args[0],
                             .position = position,
                             .from = cli->args[1],
                             .until = until,
                             .hours = hours,
                             .note = note,
                             .end = 1 };

    return enter(cli, &act, error);
}

static bool
run_show(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);
    const NskDutyAsk ask = { .position = cli->args[0], .date = date, .time = time_of_day };

    if (office == NULL || !nsk_office_duty_show(office, &ask, &result, error))
        return false;
    nsk_cli_print(cli, result, print_attendance);
    return true;
}

static const char *
or_blank(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

static void
print_turns(const NskJson *result)
{
    const NskJson *turns = nsk_json_get(result, "turns");

    if (nsk_json_length(turns) == 0)
        (void)puts(nsk_tr("The roster has nothing for these days."));
    for (size_t i = 0; i < nsk_json_length(turns); i++) {
        const NskJson *turn = nsk_json_at(turns, i);

        (void)printf(
            "%-6s  %s  %s  %s  %s  %s  %s\n", nsk_json_get_text(turn, "what"),
            nsk_json_get_text(turn, "from"), or_blank(nsk_json_get_text(turn, "until"), "-"),
            nsk_json_get_text(turn, "person"), or_blank(nsk_json_get_text(turn, "position"), "-"),
            or_blank(nsk_json_get_text(turn, "hours"), "-"),
            or_blank(nsk_json_get_text(turn, "substitute"), "-"));
    }
}

static bool
run_list(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);
    const NskDutyAsk ask = { .position = position, .person = person, .date = date, .until = until };

    if (office == NULL || !nsk_office_duty_list(office, &ask, &result, error))
        return false;
    nsk_cli_print(cli, result, print_turns);
    return true;
}

const NskCommand nsk_command_duty_leave = {
    .group = "duty",
    .name = "leave",
    .summary = N_("enter when somebody is away, and who is shown his work meanwhile"),
    .usage = "PERSON FROM [UNTIL|-]",
    .examples = "    naskah duty leave sekar 2026-07-20 2026-07-24 --substitute budi\n"
                "    naskah duty leave budi 2026-08-03 - --note sakit",
    .min_args = 2,
    .max_args = 3,
    .options = leave_options,
    .run = run_leave,
};

const NskCommand nsk_command_duty_travel = {
    .group = "duty",
    .name = "travel",
    .summary = N_("enter when somebody travels for the office, and is to be reached"),
    .usage = "PERSON FROM [UNTIL|-]",
    .examples = "    naskah duty travel sekar 2026-07-20 2026-07-22\n"
                "    naskah duty travel sekar 2026-07-20 2026-07-22 --substitute budi",
    .min_args = 2,
    .max_args = 3,
    .options = leave_options,
    .run = run_travel,
};

const NskCommand nsk_command_duty_assign = {
    .group = "duty",
    .name = "assign",
    .summary = N_("enter who of those who hold a position is on duty"),
    .usage = "POSITION PERSON FROM [UNTIL|-]",
    .examples = "    naskah duty assign staf-persuratan damar 2026-07-25 2026-07-26\n"
                "    naskah duty assign staf-persuratan damar 2026-07-27 2026-07-31 --hours "
                "22.00-06.00",
    .min_args = 3,
    .max_args = 4,
    .options = assign_options,
    .run = run_assign,
};

const NskCommand nsk_command_duty_end = {
    .group = "duty",
    .name = "end",
    .summary = N_("end a turn of the roster sooner, or take it out"),
    .usage = "PERSON FROM",
    .examples = "    naskah duty end sekar 2026-07-20 --until 2026-07-22",
    .min_args = 2,
    .max_args = 2,
    .options = end_options,
    .run = run_end,
};

const NskCommand nsk_command_duty_show = {
    .group = "duty",
    .name = "show",
    .summary = N_("who is there for a position"),
    .usage = "POSITION",
    .examples = "    naskah duty show kepala-biro-umum\n"
                "    naskah duty show staf-persuratan --date 2026-07-27 --time 23.00",
    .min_args = 1,
    .max_args = 1,
    .options = show_options,
    .run = run_show,
};

const NskCommand nsk_command_duty_list = {
    .group = "duty",
    .name = "list",
    .summary = N_("the roster of some days"),
    .usage = "",
    .examples = "    naskah duty list --date 2026-07-20 --until 2026-07-31",
    .options = list_options,
    .run = run_list,
};

static void
print_orphans(const NskJson *result)
{
    const NskJson *tasks = nsk_json_get(result, "tasks");

    if (nsk_json_length(tasks) == 0)
        (void)puts(nsk_tr("Somebody is there for everything that waits."));
    for (size_t i = 0; i < nsk_json_length(tasks); i++) {
        const NskJson *task = nsk_json_at(tasks, i);
        const char *superior = nsk_json_get_text(task, "superior");
        const char *back = nsk_json_get_text(task, "back");

        (void)printf("%s\n    %s: %s\n", nsk_json_get_text(task, "task"),
                     nsk_json_get_text(task, "name"), nsk_json_get_text(task, "words"));
        if (back != NULL)
            (void)printf(nsk_tr("    back on %s\n"), back);
        if (superior != NULL)
            (void)printf(nsk_tr("    may be handed over by '%s': naskah task reassign\n"),
                         superior);
    }
}

static bool
run_orphans(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_orphans(office, &result, error))
        return false;
    nsk_cli_print(cli, result, print_orphans);
    return true;
}

const NskCommand nsk_command_task_orphans = {
    .group = "task",
    .name = "orphans",
    .summary = N_("tasks that nobody is there for"),
    .usage = "",
    .examples = "    naskah task orphans",
    .run = run_orphans,
};

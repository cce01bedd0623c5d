/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may read a letter, and by which rule. */
#include "office/access.h"

#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

static char *person;

static const GOptionEntry readers_options[] = {
    { "person", 0, 0, G_OPTION_ARG_STRING, &person, N_("whether this person may read it"),
      "PERSON" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const char *
level_words(const char *level)
{
    if (strcmp(level, "none") == 0)
        return nsk_tr("no");
    return strcmp(level, "letter") == 0 ? nsk_tr("letter") : nsk_tr("letter and history");
}

/* A cell of the table of rules. */
static const char *
rule_words(const NskJson *row, const char *class)
{
    const char *level = nsk_json_get_text(row, class);

    if (strcmp(level, "none") == 0)
        return "-";
    return strcmp(level, "letter") == 0 ? nsk_tr("letter") : nsk_tr("all");
}

static void
print_rules(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "relations");

    (void)printf("%-7s%-7s%-7s%s\n", "B", "T", "R", "SR");
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *row = nsk_json_at(list, i);

        (void)printf("%-7s%-7s%-7s%-7s%s\n", rule_words(row, "biasa"), rule_words(row, "terbatas"),
                     rule_words(row, "rahasia"), rule_words(row, "sangat-rahasia"),
                     nsk_json_get_text(row, "words"));
    }
}

static void
print_readers(const NskJson *result)
{
    const NskJson *readers = nsk_json_get(result, "readers");

    (void)printf(nsk_tr("Letter %s, %s\n"), nsk_json_get_text(result, "letter"),
                 nsk_json_get_text(result, "security"));
    for (size_t i = 0; i < nsk_json_length(readers); i++) {
        const NskJson *reader = nsk_json_at(readers, i);
        const NskJson *ways = nsk_json_get(reader, "ways");

        (void)printf("%s (%s): %s\n", nsk_json_get_text(reader, "name"),
                     nsk_json_get_text(reader, "person"),
                     level_words(nsk_json_get_text(reader, "level")));
        for (size_t k = 0; k < nsk_json_length(ways); k++) {
            const NskJson *way = nsk_json_at(ways, k);
            const char *why = nsk_json_get_text(way, "why");
            const char *title = nsk_json_get_text(way, "title");

            (void)printf("    %s: %s\n", title != NULL ? title : "-",
                         why != NULL ? why
                                     : nsk_tr("no part in it; see to it with 'naskah doctor'"));
        }
    }
}

static bool
run_rules(NskCli *cli, GError **error)
{
    (void)error;
    nsk_cli_print(cli, nsk_office_access_rules(), print_rules);
    return true;
}

static bool
run_readers(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_access(office, cli->args[0], person, &result, error))
        return false;
    nsk_cli_print(cli, result, print_readers);
    return true;
}

static void
print_readings(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "readings");

    if (nsk_json_length(list) == 0)
        (void)printf("%s\n", nsk_tr("No reading is recorded; only those of secret letters are."));
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *row = nsk_json_at(list, i);
        const char *position = nsk_json_get_text(row, "position");

        (void)printf(nsk_tr("%s  %s (%s, %s): %s, version %d\n"), nsk_json_get_text(row, "at"),
                     nsk_json_get_text(row, "name"), position != NULL ? position : "-",
                     nsk_json_get_text(row, "by"), nsk_json_get_text(row, "words"),
                     (int)nsk_json_get_int(row, "version", 0));
    }
}

static bool
run_readings(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_access_readings(office, cli->args[0], &result, error))
        return false;
    nsk_cli_print(cli, result, print_readings);
    return true;
}

static void
print_copies(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "readings");

    if (nsk_json_length(list) == 0)
        (void)printf("%s\n", nsk_tr("Nobody took a copy; only those of secret letters have a "
                                    "number."));
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *row = nsk_json_at(list, i);
        const char *position = nsk_json_get_text(row, "position");
        const char *number = nsk_json_get_text(row, "number");
        const char *copied = nsk_json_get_text(row, "copied");

        (void)printf("%-18s %s  %s (%s): %s\n", number != NULL ? number : "-",
                     nsk_json_get_text(row, "at"), nsk_json_get_text(row, "name"),
                     position != NULL ? position : "-",
                     copied != NULL ? copied : nsk_json_get_text(row, "words"));
    }
}

static bool
run_copies(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_access_copies(office, cli->args[0], &result, error))
        return false;
    nsk_cli_print(cli, result, print_copies);
    return true;
}

static void
print_copy(const NskJson *result)
{
    const char *title = nsk_json_get_text(result, "title");

    (void)printf(nsk_tr("Copy %s was given to %s (%s), %s\n"), nsk_json_get_text(result, "number"),
                 nsk_json_get_text(result, "name"), nsk_json_get_text(result, "person"),
                 title != NULL ? title : "-");
    (void)printf(nsk_tr("at %s, by %s: %s\n"), nsk_json_get_text(result, "at"),
                 nsk_json_get_text(result, "by"), nsk_json_get_text(result, "words"));
    (void)printf(nsk_tr("It is entry %d of the history of letter %s\n"),
                 (int)nsk_json_get_int(result, "entry", 0), nsk_json_get_text(result, "letter"));
}

static bool
run_copy(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_access_copy(office, cli->args[0], &result, error))
        return false;
    nsk_cli_print(cli, result, print_copy);
    return true;
}

const NskCommand nsk_command_access_copies = {
    .group = "access",
    .name = "copies",
    .summary = N_("the copies of a secret letter that were taken as files, with their numbers"),
    .usage = "LETTER",
    .examples = "    naskah access copies LETTER",
    .min_args = 1,
    .max_args = 1,
    .run = run_copies,
};

const NskCommand nsk_command_access_copy = {
    .group = "access",
    .name = "copy",
    .summary = N_("whose a copy is, by the number that stands on it"),
    .usage = "NUMBER",
    .examples = "    naskah access copy 7KQ2M-9XD4T-14",
    .min_args = 1,
    .max_args = 1,
    .run = run_copy,
};

const NskCommand nsk_command_access_readings = {
    .group = "access",
    .name = "readings",
    .summary = N_("who read a secret letter, when, how, and which version"),
    .usage = "LETTER",
    .examples = "    naskah access readings LETTER",
    .min_args = 1,
    .max_args = 1,
    .run = run_readings,
};

const NskCommand nsk_command_access_rules = {
    .group = "access",
    .name = "rules",
    .summary = N_("the rules of who may read, by security class"),
    .usage = "",
    .examples = "    naskah access rules",
    .run = run_rules,
};

const NskCommand nsk_command_access_readers = {
    .group = "access",
    .name = "readers",
    .summary = N_("who may read a letter today, and why"),
    .usage = "LETTER",
    .examples = "    naskah access readers LETTER\n"
                "    naskah access readers LETTER --person sekar",
    .min_args = 1,
    .max_args = 1,
    .options = readers_options,
    .run = run_readers,
};

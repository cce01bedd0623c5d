/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * naskah: finds the command, reads its options, runs it, and turns its error into words and an exit
 * status.
 */
#include "base/message.h"
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USAGE_STATUS   2
#define DEFAULT_FOLDER "naskah-office"
#define COMMON_OPTIONS 5

/* Finds the command that @argv begins with; *out_used is how many words it took. */
static const NskCommand *
find_command(int argc, char **argv, int *out_used)
{
    for (int i = 0; nsk_commands[i] != NULL; i++) {
        const NskCommand *command = nsk_commands[i];

        if (command->group == NULL && argc > 1 && strcmp(argv[1], command->name) == 0) {
            *out_used = 1;
            return command;
        }
        if (command->group != NULL && argc > 2 && strcmp(argv[1], command->group) == 0 &&
            strcmp(argv[2], command->name) == 0) {
            *out_used = 2;
            return command;
        }
    }
    return NULL;
}

/* The options that every command takes, writing into @cli. */
static void
list_common_options(NskCli *cli, GOptionEntry entries[COMMON_OPTIONS + 1])
{
    const GOptionEntry common[COMMON_OPTIONS + 1] = {
        { "dir", 0, 0, G_OPTION_ARG_FILENAME, &cli->dir, N_("the office's folder"), "OFFICE" },
        { "as", 0, 0, G_OPTION_ARG_FILENAME, &cli->as, N_("act as this person (demo offices)"),
          "PERSON" },
        { "at", 0, 0, G_OPTION_ARG_STRING, &cli->at,
          N_("act at this moment (demo offices); verify: judge as of it"), "\"DATE TIME\"" },
        { "request", 0, 0, G_OPTION_ARG_FILENAME, &cli->request_id,
          N_("id of this request, to repeat it safely"), "ID" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &cli->json, N_("print JSON"), NULL },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };

    memcpy(entries, common, sizeof common);
}

static void
print_options(const GOptionEntry *entries)
{
    for (; entries != NULL && entries->long_name != NULL; entries++) {
        char brief[] = { '-', entries->short_name, ',', ' ', '\0' };
        g_autofree char *name =
            g_strdup_printf("%s--%s%s%s", entries->short_name != 0 ? brief : "", entries->long_name,
                            entries->arg_description != NULL ? "=" : "",
                            entries->arg_description != NULL ? entries->arg_description : "");

        (void)printf("    %-24s %s\n", name, nsk_tr(entries->description));
    }
}

/* --help of one command: examples first. */
static void
print_help(NskCli *cli)
{
    const NskCommand *command = cli->command;
    GOptionEntry common[COMMON_OPTIONS + 1];

    list_common_options(cli, common);
    (void)printf("%s\n\n%s\n%s\n\n", nsk_tr(command->summary), nsk_tr("Examples:"),
                 command->examples);
    (void)printf("%s\n    %s %s\n\n%s\n", nsk_tr("It is written:"), g_get_prgname(), command->usage,
                 nsk_tr("Options:"));
    print_options(command->options);
    print_options(common);
}

static bool
wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

/* Fills @cli from the words behind the command. */
static bool
read_options(NskCli *cli, int argc, char **argv, GError **error)
{
    const NskCommand *command = cli->command;
    const char *folder = g_getenv("NASKAH_DIR");
    GOptionEntry common[COMMON_OPTIONS + 1];
    g_autoptr(GOptionContext) context = g_option_context_new(command->usage);

    list_common_options(cli, common);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, common, NULL);
    if (command->options != NULL)
        g_option_context_add_main_entries(context, command->options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error))
        return false;
    cli->dir_given = cli->dir != NULL || folder != NULL;
    if (cli->dir == NULL)
        cli->dir = g_strdup(folder != NULL ? folder : DEFAULT_FOLDER);
    cli->args = argv + 1;
    cli->n_args = argc - 1;
    if (cli->n_args >= command->min_args && cli->n_args <= command->max_args)
        return true;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                nsk_tr("this command is written: %s %s; '--help' explains it"), g_get_prgname(),
                command->usage);
    return false;
}

static NskOffice *
open_office(NskCli *cli, bool nobody, GError **error)
{
    NskOfficeOptions options = { .dir = cli->dir,
                                 .as = cli->as,
                                 .at = cli->at,
                                 .nobody = nobody,
                                 .request_id = cli->request_id,
                                 .clock = &nsk_clock_system };

    if (cli->of_nobody && !nobody)
        g_clear_pointer(&cli->office, nsk_office_free);
    if (cli->office == NULL) {
        cli->office = nsk_office_open(&options, error);
        cli->of_nobody = nobody;
    }
    return cli->office;
}

NskOffice *
nsk_cli_open(NskCli *cli, GError **error)
{
    return open_office(cli, false, error);
}

NskOffice *
nsk_cli_open_without_person(NskCli *cli, GError **error)
{
    return open_office(cli, true, error);
}

bool
nsk_cli_open_if_named(NskCli *cli, NskOffice **out_office, GError **error)
{
    *out_office = cli->dir_given ? nsk_cli_open_without_person(cli, error) : NULL;
    return !cli->dir_given || *out_office != NULL;
}

static void
print_error(const NskCli *cli, const GError *error)
{
    if (cli->json) {
        g_autoptr(NskJson) result = nsk_json_object();
        NskJson *fault = nsk_json_object();

        nsk_json_set_int(fault, "exit", nsk_cli_exit_status(error));
        nsk_json_set_text(fault, "message", error->message);
        nsk_json_set(result, "error", fault);
        g_autofree char *text = nsk_json_canonical(result);
        (void)puts(text);
    }
    (void)fprintf(stderr, "naskah: %s\n", error->message);
}

/* Shows in the repositories, the public folder and the search index what this process changed.
 * They are copies: that they could not be brought up to date now takes nothing from what was done.
 */
static void
show_changes(NskCli *cli)
{
    static const struct {
        bool (*run)(NskOffice *, GError **);
        const char *fault;
    } copies[] = {
        { nsk_office_sequence, N_("done, but the journal's newest entries are not proved yet") },
        { nsk_office_project, N_("done, but the repositories do not show it yet") },
        { nsk_office_publish, N_("done, but the public folder does not show it yet") },
        { nsk_office_index, N_("done, but a search does not find it yet") },
    };

    if (cli->office == NULL || !nsk_office_has_written(cli->office))
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(copies); i++) {
        g_autoptr(GError) fault = NULL;

        if (!copies[i].run(cli->office, &fault))
            nsk_cli_say(cli, "%s: %s", nsk_tr(copies[i].fault), fault->message);
    }
}

/* What could not be printed was not done as far as a script can see. */
static bool
flush_output(GError **error)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot write to standard output: %s"),
                g_strerror(errno));
    return false;
}

/* Runs one command; argv[0] is the last word of its name. */
static int
run_command(const NskCommand *command, int argc, char **argv)
{
    NskCli cli = { .command = command };
    g_autoptr(GError) error = NULL;
    int status = EXIT_SUCCESS;

    if (wants_help(argc, argv)) {
        print_help(&cli);
        return EXIT_SUCCESS;
    }
    if (read_options(&cli, argc, argv, &error) && command->run(&cli, &error) &&
        flush_output(&error)) {
        status = cli.status;
        show_changes(&cli);
    } else {
        print_error(&cli, error);
        status = nsk_cli_exit_status(error);
    }
    nsk_office_free(cli.office);
    g_free(cli.dir);
    g_free(cli.as);
    g_free(cli.at);
    g_free(cli.request_id);
    return status;
}

/* What to say to words that are no command. */
static int
answer_other(int argc, char **argv)
{
    bool asks = wants_help(argc, argv);

    if (argc > 1 && nsk_cli_is_group(argv[1])) {
        if (argc > 2 && argv[2][0] != '-')
            (void)fprintf(stderr, nsk_tr("naskah: there is no command '%s %s'\n\n"), argv[1],
                          argv[2]);
        else if (asks) {
            nsk_cli_print_group(argv[1], stdout);
            return EXIT_SUCCESS;
        }
        nsk_cli_print_group(argv[1], stderr);
        return USAGE_STATUS;
    }
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        (void)puts("naskah " NSK_VERSION);
        return EXIT_SUCCESS;
    }
    if (argc > 1 && argv[1][0] != '-')
        (void)fprintf(stderr, nsk_tr("naskah: there is no command '%s'\n\n"), argv[1]);
    else if (asks) {
        nsk_cli_print_overview(stdout);
        return EXIT_SUCCESS;
    }
    nsk_cli_print_overview(stderr);
    return USAGE_STATUS;
}

int
main(int argc, char **argv)
{
    int used = 0;
    const NskCommand *command = find_command(argc, argv, &used);

    if (command == NULL)
        return answer_other(argc, argv);
    g_autofree char *program = g_strjoin(" ", "naskah", argv[1], used == 2 ? argv[2] : NULL, NULL);
    g_set_prgname(program);
    return run_command(command, argc - used, argv + used);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"
#include "flow/simulate.h"

#include <stdio.h>
#include <string.h>

#define FAILED_STATUS 1

static gboolean with_who;
static char *letter;

static const GOptionEntry options[] = {
    { "letter", 0, 0, G_OPTION_ARG_STRING, &letter,
      N_("the way that this letter of the office will go, and who would get it"), "LETTER" },
    { "who", 0, 0, G_OPTION_ARG_NONE, &with_who,
      N_("say who would get each task today, by the directory of the office"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* "Sari Utami, Plt. Damar Wijaya" */
static char *
join_holders(const NskJson *holders)
{
    GString *words = g_string_new(NULL);

    for (size_t i = 0; i < nsk_json_length(holders); i++) {
        const NskJson *holder = nsk_json_at(holders, i);

        g_string_append_printf(words, "%s%s%s", i > 0 ? ", " : "",
                               nsk_json_get_text(holder, "prefix"),
                               nsk_json_get_text(holder, "name"));
    }
    if (words->len == 0)
        g_string_append(words, nsk_tr("nobody holds it today"));
    return g_string_free(words, FALSE);
}

/* --- A letter's way. -------------------------------------------------------------------------- */

static void
print_step(size_t number, const NskJson *step)
{
    const NskJson *positions = nsk_json_get(step, "positions");

    (void)printf("%2zu. %s\n", number, nsk_json_get_text(step, "name"));
    if (nsk_json_length(positions) == 0)
        (void)printf("    %s\n", nsk_tr("before nobody: the letter names nobody for it"));
    for (size_t i = 0; i < nsk_json_length(positions); i++) {
        const NskJson *place = nsk_json_at(positions, i);
        g_autofree char *who = join_holders(nsk_json_get(place, "holders"));

        (void)printf("    %s: %s\n", nsk_json_get_text(place, "position"), who);
    }
}

static void
print_way(const NskJson *result)
{
    const NskJson *steps = nsk_json_get(result, "steps");
    const NskJson *waits = nsk_json_get(result, "waits");

    for (size_t i = 0; i < nsk_json_length(steps); i++)
        print_step(i + 1, nsk_json_at(steps, i));
    if (nsk_json_get_bool(result, "ended", false))
        (void)puts(nsk_tr("That is the end of its way."));
    for (size_t i = 0; i < nsk_json_length(waits); i++)
        (void)printf(nsk_tr("It then waits at '%s'.\n"),
                     nsk_json_get_text(nsk_json_at(waits, i), "node"));
}

static bool
run_letter(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = NULL;
    g_autoptr(GBytes) bytes = NULL;

    if (cli->n_args > 1) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("with --letter, name one workflow file or none: the letter "
                                   "takes the place of the scenario"));
        return false;
    }
    if (cli->n_args > 0 && (bytes = nsk_cli_read(cli->args[0], NSK_LIMIT_FLOW_SIZE, error)) == NULL)
        return false;
    const NskOfficeFile file = { cli->args[0], bytes };
    const NskRoutePreview wanted = { letter, bytes != NULL ? &file : NULL };
    office = nsk_cli_open(cli, error);
    if (office == NULL || !nsk_office_route_preview(office, &wanted, &result, error))
        return false;
    nsk_cli_print(cli, result, print_way);
    return true;
}

/* --- A scenario. ------------------------------------------------------------------------------ */

/* Where models are looked for: beside the scenario file, then beside the one that is named. */
typedef struct {
    NskOffice *office; /* NULL: not asked who */
    const char *model; /* as named on the command line; NULL */
    char *folder;      /* of the scenario file */
    bool silent;
} Files;

static GBytes *
load_model(void *data, const char *name, GError **error)
{
    const Files *files = data;
    bool is_named = files->model != NULL && strcmp(name, files->model) == 0;
    g_autofree char *beside =
        g_path_is_absolute(name) ? g_strdup(name) : g_build_filename(files->folder, name, NULL);

    if (!is_named && files->model != NULL && !g_file_test(beside, G_FILE_TEST_EXISTS)) {
        g_autofree char *folder = g_path_get_dirname(files->model);
        g_autofree char *other = g_build_filename(folder, name, NULL);

        if (g_file_test(other, G_FILE_TEST_EXISTS))
            return nsk_cli_read(other, NSK_LIMIT_FLOW_SIZE, error);
    }
    return nsk_cli_read(is_named ? name : beside, NSK_LIMIT_FLOW_SIZE, error);
}

static void
tell(void *data, const char *line)
{
    const Files *files = data;

    if (!files->silent)
        (void)printf("%s\n", line);
}

static char *
say_who(void *data, const char *position)
{
    const Files *files = data;
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) fault = NULL;

    if (!nsk_office_position_holders(files->office, position, &result, &fault))
        return g_strdup(fault->message);
    return join_holders(nsk_json_get(result, "holders"));
}

static NskJson *
read_scenario(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = nsk_cli_read(path, NSK_LIMIT_SIMULATED_FILE, error);
    NskJson *json = NULL;
    size_t size;

    if (bytes == NULL)
        return NULL;
    const char *text = g_bytes_get_data(bytes, &size);
    json = nsk_json_parse(text != NULL ? text : "", size, error);
    if (json == NULL)
        g_prefix_error(error, "%s: ", path);
    return json;
}

static bool
run_scenario(NskCli *cli, GError **error)
{
    const char *path = cli->args[cli->n_args - 1];
    g_autofree char *folder = g_path_get_dirname(path);
    Files files = { .model = cli->n_args > 1 ? cli->args[0] : NULL,
                    .folder = folder,
                    .silent = cli->json };
    g_autoptr(NskJson) scenario = read_scenario(path, error);
    const NskFlowSimulation simulation = {
        .scenario = scenario,
        .model = files.model,
        .load = load_model,
        .tell = tell,
        .who = with_who ? say_who : NULL,
        .data = &files,
    };

    if (scenario == NULL)
        return false;
    if (with_who) {
        files.office = nsk_cli_open(cli, error);
        if (files.office == NULL)
            return false;
    }
    NskJson *result = nsk_flow_simulate(&simulation, error);
    if (result == NULL)
        return false;
    bool ok = nsk_json_get_bool(result, "ok", false);
    if (!ok)
        cli->status = FAILED_STATUS;
    nsk_cli_print(cli, result, NULL);
    nsk_cli_say(cli, "%s",
                ok ? nsk_tr("Everything is as expected.")
                   : nsk_tr("Not everything is as expected."));
    return true;
}

static bool
run(NskCli *cli, GError **error)
{
    if (letter != NULL)
        return run_letter(cli, error);
    if (cli->n_args > 0)
        return run_scenario(cli, error);
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                        nsk_tr("name a scenario, or a letter with --letter; '--help' explains it"));
    return false;
}

const NskCommand nsk_command_workflow_simulate = {
    .group = "workflow",
    .name = "simulate",
    .summary = N_("run a workflow by a scenario, without an office"),
    .usage = "[FILE.bpmn] [SCENARIO.json]",
    .examples = "    naskah workflow simulate surat-keluar.bpmn surat-keluar.json\n"
                "    naskah workflow simulate --json surat-keluar.json\n"
                "    naskah workflow simulate --who surat-keluar.json --dir kantor\n"
                "    naskah workflow simulate --letter LETTER --dir kantor",
    .min_args = 0,
    .max_args = 2,
    .options = options,
    .run = run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"
#include "flow/diagram.h"

static char *instance;
static char *output;
static char *process;

static const GOptionEntry options[] = {
    { "instance", 0, 0, G_OPTION_ARG_STRING, &instance, N_("show where this letter stands"),
      "LETTER" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("where to write the picture"), "FILE" },
    { "process", 0, 0, G_OPTION_ARG_STRING, &process, N_("draw this process of the file alone"),
      "ID" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static GBytes *
draw_file(const NskOfficeFile *file, NskIssues *issues, GError **error)
{
    NskFlowDiagram ask = { .name = file->name, .process = process };

    return nsk_flow_diagram(&ask, g_bytes_get_data(file->bytes, NULL),
                            g_bytes_get_size(file->bytes), issues, error);
}

static GBytes *
draw(NskCli *cli, NskIssues *issues, GError **error)
{
    const char *path = cli->args[0]; /* NULL if there is none */
    g_autoptr(GBytes) bytes = path != NULL ? nsk_cli_read(path, NSK_LIMIT_FLOW_SIZE, error) : NULL;
    NskOfficeFile file = { path, bytes };
    NskOffice *office = NULL;
    GBytes *svg = NULL;

    if (path != NULL && bytes == NULL)
        return NULL;
    if (instance == NULL)
        return draw_file(&file, issues, error);
    office = nsk_cli_open(cli, error);
    if (office == NULL || !nsk_office_letter_diagram(office, instance, path != NULL ? &file : NULL,
                                                     issues, &svg, error))
        return NULL;
    return svg;
}

static bool
check_options(NskCli *cli, GError **error)
{
    if (cli->n_args == 0 && instance == NULL)
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("name a file, or a letter with --instance"));
    else if (process != NULL && instance != NULL)
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("--process draws without a letter: leave out --instance"));
    else
        return true;
    return false;
}

/* With --json the picture is a member of the result, unless it went into a file. */
static NskJson *
make_result(GBytes *svg, const NskIssues *issues)
{
    size_t size;
    const char *text = g_bytes_get_data(svg, &size);
    NskJson *result = nsk_json_object();
    NskJson *list = nsk_json_array();

    for (guint i = 0; i < issues->len; i++)
        nsk_json_add(list, nsk_cli_issue_to_json(g_ptr_array_index(issues, i)));
    nsk_json_set(result, "issues", list);
    nsk_json_set_int(result, "size", (int64_t)size);
    if (output != NULL) {
        nsk_json_set_text(result, "file", output);
    } else {
        g_autofree char *whole = g_strndup(text, size);

        nsk_json_set_text(result, "svg", whole);
    }
    return result;
}

static bool
run(NskCli *cli, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GBytes) svg = check_options(cli, error) ? draw(cli, issues, error) : NULL;

    if (svg == NULL)
        return false;
    for (guint i = 0; i < issues->len; i++) {
        g_autofree char *line = nsk_issue_format(g_ptr_array_index(issues, i));

        nsk_cli_say(cli, "%s", line);
    }
    if ((output != NULL || !cli->json) && !nsk_cli_write(output, svg, error))
        return false;
    if (cli->json)
        nsk_cli_print(cli, make_result(svg, issues), NULL);
    return true;
}

const NskCommand nsk_command_workflow_diagram = {
    .group = "workflow",
    .name = "diagram",
    .summary = N_("draw a workflow as a picture (SVG)"),
    .usage = "[FILE.bpmn]",
    .examples = "    naskah workflow diagram surat-keluar.bpmn > surat-keluar.svg\n"
                "    naskah workflow diagram surat-keluar.bpmn -o surat-keluar.svg\n"
                "    naskah workflow diagram --instance LETTER --dir kantor > surat.svg",
    .min_args = 0,
    .max_args = 1,
    .options = options,
    .run = run,
};

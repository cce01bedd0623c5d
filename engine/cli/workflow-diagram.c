/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"
#include "flow/diagram.h"

static char *output;
static char *process;

static const GOptionEntry options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("where to write the picture"), "FILE" },
    { "process", 0, 0, G_OPTION_ARG_STRING, &process, N_("draw this process of the file alone"),
      "ID" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static GBytes *
draw(const char *path, NskIssues *issues, GError **error)
{
    g_autoptr(GBytes) file = nsk_cli_read(path, NSK_LIMIT_FLOW_SIZE, error);
    NskFlowDiagram ask = { .name = path, .process = process };
    size_t size;

    if (file == NULL)
        return NULL;
    const void *data = g_bytes_get_data(file, &size);
    return nsk_flow_diagram(&ask, data, size, issues, error);
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
    g_autoptr(GBytes) svg = draw(cli->args[0], issues, error);

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
    .usage = "FILE.bpmn",
    .examples = "    naskah workflow diagram surat-keluar.bpmn > surat-keluar.svg\n"
                "    naskah workflow diagram surat-keluar.bpmn -o surat-keluar.svg",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};

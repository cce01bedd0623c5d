/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

static char *output;
static gboolean lenient;

static const GOptionEntry options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      N_("where to write the PDF; a name in .html: one HTML page for phones and screen readers"),
      "FILE" },
    { "lenient", 0, 0, G_OPTION_ARG_NONE, &lenient,
      N_("XSL-FO: warn of properties that are not supported, and leave them out"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static bool
run(NskCli *cli, GError **error)
{
    NskOffice *office = NULL;
    g_autoptr(GBytes) pdf = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GBytes) bytes = nsk_cli_read(cli->args[0], NSK_LIMIT_XML_SIZE, error);
    NskOfficeFile file = { cli->args[0], bytes };
    NskOfficeRendering how = { .html = output != NULL && g_str_has_suffix(output, ".html"),
                               .lenient = lenient };

    if (bytes == NULL || !nsk_cli_open_if_named(cli, &office, error) ||
        !nsk_office_render(office, &file, &how, issues, &pdf, error) ||
        !nsk_cli_write(output, pdf, error))
        return false;
    for (guint i = 0; i < issues->len; i++) {
        g_autofree char *line = nsk_issue_format(g_ptr_array_index(issues, i));

        nsk_cli_say(cli, "%s", line);
    }
    if (output != NULL) {
        NskJson *result = nsk_json_object();

        nsk_json_set_text(result, "file", output);
        nsk_json_set_int(result, "size", (int64_t)g_bytes_get_size(pdf));
        nsk_json_set_int(result, "warnings", issues->len);
        nsk_cli_print(cli, result, NULL);
    }
    return true;
}

const NskCommand nsk_command_render = {
    .name = "render",
    .summary = N_("make a PDF of a letter's XML (as a draft) or of XSL-FO, or HTML of a letter"),
    .usage = "FILE",
    .examples = "    naskah render surat.xml -o surat.pdf\n"
                "    naskah render surat.xml -o surat.html\n"
                "    naskah render daftar.fo -o daftar.pdf\n"
                "    naskah render --lenient dari-lain.fo -o hasil.pdf",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};

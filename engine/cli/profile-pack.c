/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

static char *output;

static const GOptionEntry options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("where to write the profile"), "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static bool
run(NskCli *cli, GError **error)
{
    g_autoptr(GBytes) packed = NULL;
    g_autoptr(GBytes) bytes = nsk_cli_read(cli->args[0], NSK_LIMIT_FORM_SIZE, error);
    const NskOfficeFile file = { cli->args[0], bytes };

    if (bytes == NULL || !nsk_office_profile_pack(&file, &packed, error) ||
        !nsk_cli_write(output, packed, error))
        return false;
    if (output != NULL) {
        NskJson *result = nsk_json_object();

        nsk_json_set_text(result, "file", output);
        nsk_json_set_int(result, "size", (int64_t)g_bytes_get_size(packed));
        nsk_cli_print(cli, result, NULL);
    }
    return true;
}

const NskCommand nsk_command_profile_pack = {
    .group = "profile",
    .name = "pack",
    .summary = N_("write a profile and the emblems beside it as one file"),
    .usage = "FILE",
    .examples = "    naskah profile pack instansi.xml -o instansi-lengkap.xml",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"
#include "manual/manual.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define USUAL_WIDTH 80
#define MOST_WIDTH  100 /* longer lines are hard to read */
#define OVERVIEW    "naskah"

static gboolean roff;
static char *language;

static const GOptionEntry options[] = {
    { "roff", 0, 0, G_OPTION_ARG_NONE, &roff, N_("as a man page"), NULL },
    { "language", 0, 0, G_OPTION_ARG_STRING, &language, N_("id or en (as LANG says)"), "LANGUAGE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static unsigned
terminal_width(void)
{
    struct winsize size;

    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return USUAL_WIDTH;
    return MIN(size.ws_col, MOST_WIDTH);
}

static void
print_text(const NskJson *result)
{
    (void)fputs(nsk_json_get_text(result, "text"), stdout);
}

static bool
run(NskCli *cli, GError **error)
{
    const char *name = cli->n_args > 0 ? cli->args[0] : OVERVIEW;
    const char *words = language != NULL ? language : nsk_language();

    if (strcmp(words, "id") != 0 && strcmp(words, "en") != 0) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("--language is id or en"));
        return false;
    }
    g_auto(GStrv) pages = nsk_manual_list(error);
    g_autofree char *text =
        pages != NULL ? nsk_manual_page(name, words, roff ? NSK_MANUAL_ROFF : NSK_MANUAL_TERMINAL,
                                        terminal_width(), error)
                      : NULL;
    if (text == NULL)
        return false;
    NskJson *result = nsk_json_object();
    NskJson *list = nsk_json_array();
    for (int i = 0; pages[i] != NULL; i++)
        nsk_json_add_text(list, pages[i]);
    nsk_json_set_text(result, "page", name);
    nsk_json_set_text(result, "language", words);
    nsk_json_set_text(result, "text", text);
    nsk_json_set(result, "pages", list);
    nsk_cli_print(cli, result, print_text);
    return true;
}

const NskCommand nsk_command_help = {
    .name = "help",
    .summary = N_("show a page of the manual"),
    .usage = "[PAGE]",
    .examples = "    naskah help\n"
                "    naskah help bench\n"
                "    naskah help bench --roff | man -l -",
    .max_args = 1,
    .options = options,
    .run = run,
};

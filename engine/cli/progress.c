/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bar on a terminal for work that takes its time; nothing anywhere else. */
#include "base/message.h"
#include "cli/cli.h"

#include <unistd.h>

#define BAR_WIDTH 30

void
nsk_cli_progress(const char *what, int64_t done, int64_t total, void *data)
{
    NskCli *cli = data;
    char bar[BAR_WIDTH + 1];
    int percent = total > 0 ? (int)(done * 100 / total) : 100;

    if (cli->json || !isatty(STDERR_FILENO) ||
        (cli->progress_what == what && cli->progress_percent == percent))
        return;
    for (int i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < percent * BAR_WIDTH / 100 ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    cli->progress_what = what;
    cli->progress_percent = percent;
    (void)fprintf(stderr, "\r\033[K%s %3d %% %s", bar, percent, nsk_tr(what));
    (void)fflush(stderr);
}

void
nsk_cli_progress_end(NskCli *cli)
{
    if (cli->progress_what != NULL)
        (void)fputs("\r\033[K", stderr);
    cli->progress_what = NULL;
}

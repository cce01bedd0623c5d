/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A witness of other offices' logs: its server, and the logs that it is told of. */
#include "http/witness.h"

#include "base/message.h"
#include "cli/commands.h"

#include <signal.h>
#include <stdio.h>

static char *listen_at, *name;

static const GOptionEntry serve_options[] = {
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen_at,
      N_("answer at this address, or on this socket"), "ADDRESS:PORT|unix:PATH" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name,
      N_("what it signs as; needed once, when its key is made"), "NAME" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* Whether @dir is a witness' already.  Errors: INVALID if it is something else's. */
static bool
find_witness(const NskCli *cli, bool *out_found, GError **error)
{
    g_autofree char *key = g_build_filename(cli->dir, "witness.key", NULL);
    g_autoptr(GDir) folder = g_dir_open(cli->dir, 0, NULL);

    *out_found = g_file_test(key, G_FILE_TEST_EXISTS);
    if (cli->dir_given && (*out_found || folder == NULL || g_dir_read_name(folder) == NULL))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is no directory of a witness; name one of its own with --dir, empty "
                       "or not there yet, never that of an office"),
                cli->dir);
    return false;
}

static NskWitness *
open_witness(const NskCli *cli, GError **error)
{
    bool found = false;

    if (!find_witness(cli, &found, error))
        return NULL;
    if (found || name != NULL)
        return nsk_witness_open(cli->dir, name, error);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("there is no witness in '%s' yet; 'naskah witness serve --name NAME' makes "
                       "its key"),
                cli->dir);
    return NULL;
}

/* --- serve ------------------------------------------------------------------------------------ */

static void
log_line(const char *line, G_GNUC_UNUSED void *data)
{
    (void)fprintf(stderr, "%s\n", line);
}

static void
print_started(const NskJson *result)
{
    (void)printf("%s\n%s\n", nsk_json_get_text(result, "key"),
                 nsk_json_get_text(result, "address"));
}

static bool
run_serve(NskCli *cli, GError **error)
{
    sigset_t signals;
    int received = 0;

    if (listen_at == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("say with --listen where the witness answers"));
        return false;
    }
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    g_autoptr(NskWitness) witness = open_witness(cli, error);
    NskHttpServer *server =
        witness != NULL ? nsk_http_witness_start(witness, listen_at, log_line, error) : NULL;
    if (server == NULL)
        return false;
    g_autofree char *key = nsk_log_note_key_format(nsk_witness_get_key(witness));
    NskJson *result = nsk_json_object();
    nsk_json_set_text(result, "key", key);
    nsk_json_set_text(result, "address", nsk_http_server_get_address(server));
    nsk_cli_print(cli, result, print_started);
    (void)fflush(stdout);
    while (sigwait(&signals, &received) != 0)
        ;
    nsk_http_server_stop(server);
    return true;
}

const NskCommand nsk_command_witness_serve = {
    .group = "witness",
    .name = "serve",
    .summary = N_("sign checkpoints of other offices' logs that continue what was signed"),
    .usage = "",
    .examples = "    naskah witness serve --dir saksi --name saksi.example.go.id/1 --listen "
                "127.0.0.1:8090\n"
                "    kill -TERM PID                # ends it when everything is answered",
    .options = serve_options,
    .run = run_serve,
};

/* --- add -------------------------------------------------------------------------------------- */

static void
print_added(const NskJson *result)
{
    (void)printf(nsk_tr("The witness signs for '%s' from now on.\n"),
                 nsk_json_get_text(result, "origin"));
}

static bool
run_add(NskCli *cli, GError **error)
{
    NskLogNoteKey key;

    if (!nsk_log_note_key_parse(cli->args[1], &key, error))
        return false;
    g_autoptr(NskWitness) witness = open_witness(cli, error);
    if (witness == NULL || !nsk_witness_trust(witness, cli->args[0], &key, error))
        return false;
    NskJson *result = nsk_json_object();
    nsk_json_set_text(result, "origin", cli->args[0]);
    nsk_cli_print(cli, result, print_added);
    return true;
}

const NskCommand nsk_command_witness_add = {
    .group = "witness",
    .name = "add",
    .summary = N_("tell a witness of a log whose checkpoints it signs"),
    .usage = "ORIGIN KEY",
    .examples =
        "    naskah witness add naskah.example/01J KEY --dir saksi   # KEY: as 'naskah audit "
        "verify' shows it",
    .min_args = 2,
    .max_args = 2,
    .run = run_add,
};

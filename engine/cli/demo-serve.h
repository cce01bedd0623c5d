/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/commands.h"
#include "http/http.h"

/* Serves a demo office at @listen ("127.0.0.1:8080") to browsers of this machine, until a signal
 * ends it.  The office in the folder of @cli is made if there is none.  Errors: DENIED for an
 * address that other machines reach; those of making and serving an office. */
bool nsk_cli_demo_serve(NskCli *cli, const char *listen, GError **error);

/* The same of an office that is there, in the process that serves (serve.c). */
bool nsk_cli_serve_demo(NskCli *cli, const char *listen, NskHttpDemo *demo, GError **error);

/* A new demo office in the folder of @cli, with its story (init.c). */
bool nsk_cli_demo_make(NskCli *cli, GError **error);

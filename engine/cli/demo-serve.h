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

/* Makes the demo's signing service at @address (http/demo-signer.c) a signer of the office, and the
 * head of the bureau who signs by it; the service must answer already.  Nothing happens if it is
 * so.  Errors: as nsk_office_signer_assign(). */
bool nsk_cli_demo_connect_signer(NskOfficeService *service,
                                 const NskCli *cli,
                                 const char *address,
                                 GError **error);

/* A new demo office in the folder of @cli, with its story (init.c). */
bool nsk_cli_demo_make(NskCli *cli, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/http.h"
#include "journal/witness.h"

/*
 * The server of a witness (c2sp.org/tlog-witness): POST /add-checkpoint, and nothing else.  It is
 * no office's: it runs by itself, with other people, on another machine.  @witness and @log are
 * borrowed as long as the server, which nsk_http_server_stop() ends.  Errors: as
 * nsk_http_server_start().
 */
NskHttpServer *nsk_http_witness_start(NskWitness *witness,
                                      const char *listen,
                                      void (*log)(const char *line, void *log_data),
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

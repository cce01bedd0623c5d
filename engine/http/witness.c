/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked of a witness over HTTP; it judges by itself (journal/witness.h). */
#include "http/witness.h"

static bool
add_checkpoint(NskHttpRequest *request,
               NskHttpResponse *response,
               void *data,
               G_GNUC_UNUSED GError **error)
{
    g_auto(NskWitnessAnswer) said = { 0 };
    g_autoptr(GError) fault = NULL;
    gsize size = 0;
    GBytes *body = nsk_http_request_get_body(request);
    const void *bytes = body != NULL ? g_bytes_get_data(body, &size) : "";
    uint64_t now = (uint64_t)(nsk_clock_now(&nsk_clock_system) / G_USEC_PER_SEC);

    if (!nsk_witness_answer(data, bytes, size, now, &said, &fault))
        nsk_http_response_set_cause(response, fault->message);
    nsk_http_response_set_status(response, said.status);
    nsk_http_response_set_text(response, said.type, said.body);
    return true;
}

static bool
show_checkpoint(NskHttpRequest *request,
                NskHttpResponse *response,
                void *data,
                G_GNUC_UNUSED GError **error)
{
    g_auto(NskWitnessAnswer) said = { 0 };
    g_autoptr(GError) fault = NULL;

    if (!nsk_witness_show(data, nsk_http_request_get_piece(request, "log"), &said, &fault))
        nsk_http_response_set_cause(response, fault->message);
    nsk_http_response_set_status(response, said.status);
    nsk_http_response_set_text(response, said.type, said.body);
    return true;
}

NskHttpServer *
nsk_http_witness_start(NskWitness *witness,
                       const char *listen,
                       void (*log)(const char *line, void *log_data),
                       GError **error)
{
    static const NskHttpRoute routes[] = {
        { .method = "POST",
          .pattern = "/add-checkpoint",
          .run = add_checkpoint,
          .place = NSK_HTTP_OFFICE,
          .body = NSK_HTTP_BODY_MEMORY,
          .body_limit = NSK_WITNESS_MOST_SIZE },
        { .method = "GET",
          .pattern = "/{log}/checkpoint",
          .run = show_checkpoint,
          .place = NSK_HTTP_OFFICE },
        { 0 },
    };
    static const NskHttpRoute *const tables[] = { routes, NULL };
    const NskHttpOptions options = { .listen = listen,
                                     .folder = g_get_tmp_dir(),
                                     .tables = tables,
                                     .data = witness,
                                     .clock = &nsk_clock_system,
                                     .log = log };

    return nsk_http_server_start(&options, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include <microhttpd.h>
#include <stdbool.h>

/*
 * libmicrohttpd, loaded when a server starts: it brings GnuTLS and all that GnuTLS needs.
 */

/* What is used of it. */
#define NSK_MHD_FUNCTIONS(X)                                                                       \
    X(add_response_header)                                                                         \
    X(create_response_from_buffer)                                                                 \
    X(create_response_from_buffer_with_free_callback_cls)                                          \
    X(create_response_from_fd64)                                                                   \
    X(destroy_response)                                                                            \
    X(get_connection_info)                                                                         \
    X(get_connection_values)                                                                       \
    X(get_version)                                                                                 \
    X(queue_response)                                                                              \
    X(quiesce_daemon)                                                                              \
    X(resume_connection)                                                                           \
    X(start_daemon)                                                                                \
    X(stop_daemon)                                                                                 \
    X(suspend_connection)

#define NSK_MHD_MEMBER(name) __typeof__(&MHD_##name) name;
typedef struct {
    NSK_MHD_FUNCTIONS(NSK_MHD_MEMBER)
} NskMhd;

extern NskMhd nsk_mhd;

/* To be called before anything of it.  Errors: IO, when it is not there. */
bool nsk_mhd_load(GError **error);

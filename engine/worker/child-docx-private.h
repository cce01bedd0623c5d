/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "worker/worker-private.h"

/* The one job that needs no poppler; its own header, so that a fuzz target needs none either. */

/* The job over libzip; sees no more of @request than that it is there. */
bool nsk_worker_do_docx(GBytes *docx,
                        const NskWorkerRequest *request,
                        GByteArray *message,
                        GError **error);

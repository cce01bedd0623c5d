/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "worker/worker-private.h"

/* A job that needs no poppler; its own header, so that a fuzz target needs none either. */

/* Adds the PDF of the photographs in @file, which worker-private.h describes. */
bool nsk_worker_do_photos(GBytes *file, GByteArray *message, GError **error);

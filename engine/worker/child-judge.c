/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Judging the signatures of a stranger's PDF behind the locks. */
#include "base/limits.h"
#include "base/message.h"
#include "sign/sign.h"
#include "worker/child-private.h"

#include <string.h>
#include <unistd.h>

#define LOW_PRIORITY 10

void
nsk_worker_open_judge(void)
{
    uint8_t digest[NSK_SHA256_SIZE];

    /* the library reads its settings when it is first asked for something */
    nsk_sha256("", 0, digest);
    (void)!nice(LOW_PRIORITY);
}

/* The roots of a PEM text, which may be empty. */
static NskTrust *
read_trust(const char *pem, GError **error)
{
    g_autoptr(GPtrArray) roots =
        pem[0] != '\0' ? nsk_certs_parse(pem, strlen(pem), error) : g_ptr_array_new();

    if (roots == NULL)
        return NULL;
    NskTrust *trust = nsk_trust_new();
    for (guint i = 0; i < roots->len; i++)
        nsk_trust_add(trust, g_ptr_array_index(roots, i));
    return trust;
}

bool
nsk_worker_do_judge(GBytes *file, GByteArray *message, GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(file, &size);
    NskWorkerReader reader = nsk_worker_reader(data, size);
    uint64_t now = (uint64_t)nsk_worker_take_number(&reader) << 32;

    now |= nsk_worker_take_number(&reader);
    g_autofree char *pem = nsk_worker_take_text(&reader);
    const uint8_t *bytes = nsk_worker_take_data(&reader, &size);
    if (!nsk_worker_reader_is_done(&reader)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_IO, "the worker was given no case");
        return false;
    }
    g_autoptr(GBytes) pdf = g_bytes_new_static(bytes, size);
    g_autoptr(NskTrust) trust = read_trust(pem, error);
    g_autoptr(NskVerdict) verdict = NULL;
    if (trust == NULL || !nsk_sign_verify(pdf, trust, (NskInstant)now, &verdict, error))
        return false;
    g_autoptr(NskJson) told = nsk_verdict_to_json(verdict);
    g_autofree char *text = nsk_json_canonical(told);
    if (strlen(text) > NSK_WORKER_VERDICT_SIZE) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_LIMIT,
                            nsk_tr("there is too much to say of the signatures in this file"));
        return false;
    }
    nsk_worker_put_text(message, text);
    return true;
}

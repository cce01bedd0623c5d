/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strict PDF reader, the verifier and the gate before signing, on any bytes. */
#include "sign/sign-private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) pdf = g_bytes_new(data, size);
    g_autoptr(NskVerdict) verdict = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) fault = NULL;
    g_autoptr(PdfDocument) document = pdf_open(pdf, &fault);

    if (document != NULL && pdf_load_all(document, NULL))
        check_static(document, NULL);
    bool judged = nsk_sign_verify(pdf, NULL, 0, &verdict, &error);
    g_assert_true(judged == (error == NULL));
    /* nobody is trusted here */
    g_assert_true(!judged || verdict->result != NSK_VERDICT_VALID);
    if (judged && verdict->result != NSK_VERDICT_INVALID) {
        g_autoptr(GPtrArray) fields = nsk_sign_fields(pdf, NULL);

        g_assert_nonnull(fields); /* what can be judged can be listed */
    }
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pattern that parses can always be written when every part is there. */
#include <naskah/number-scheme.h>

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *pattern = g_strndup((const char *)data, size);
    g_autoptr(NskNumberScheme) scheme = nsk_number_scheme_parse(pattern, NULL);

    if (scheme != NULL) {
        NskNumberParts parts = { .seq = NSK_NUMBER_SEQ_MAX,
                                 .year = 9999,
                                 .month = 12,
                                 .security = "SR",
                                 .kind = "SE",
                                 .unit = "U",
                                 .units = { "A", "B", "C" },
                                 .post = "P",
                                 .kka = "KP.08.1" };
        NskNumberParts none = { 0 };
        g_autofree char *number = nsk_number_scheme_format(scheme, &parts, NULL);
        g_autofree char *draft = nsk_number_scheme_draft(scheme, &none);

        g_assert_nonnull(number);
        g_assert_nonnull(draft);
    }
    return 0;
}

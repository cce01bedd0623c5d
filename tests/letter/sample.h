/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "letter/letter.h"

#include <string.h>

#define SAMPLE_OPEN "<letter xmlns=\"urn:naskah:letter:1\" kind=\"surat-dinas\" xml:lang=\"id\">\n"
#define SAMPLE_HEAD                                                                                \
    "<security>biasa</security><urgency>segera</urgency>"                                          \
    "<classification>KP.08.1</classification>"
#define SAMPLE_SUBJECT "<subject>Undangan rapat</subject>"
#define SAMPLE_TO      "<to><position ref=\"kepala-biro-umum\"/></to>"
#define SAMPLE_SIGNED                                                                              \
    "<signatories><signatory position=\"sekretaris\" capacity=\"definitive\"/></signatories>"
/* A letter whose body is @body, on its own second line. */
#define SAMPLE(body)                                                                               \
    SAMPLE_OPEN SAMPLE_HEAD SAMPLE_SUBJECT SAMPLE_TO SAMPLE_SIGNED "<body>" body "</body></"       \
                                                                   "letter>"

static inline NskLetter *
sample_parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    NskLetter *letter = nsk_letter_parse("a.xml", text, strlen(text), NULL, &error);

    g_assert_no_error(error);
    g_assert_nonnull(letter);
    return letter;
}

/* Freed with g_free(). */
static inline char *
sample_text(GBytes *bytes)
{
    char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));

    g_bytes_unref(bytes);
    return text;
}

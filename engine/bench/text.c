/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Invented letters.  Words follow each other at random, some often and most seldom, so that letters
 * compress and repeat about as real ones do.
 */
#include "bench/bench-private.h"

#include <string.h>

#define WORDS_A_PARAGRAPH 80

/* xorshift64*: Marsaglia, "Xorshift RNGs", 2003; the multiplier is Vigna's of 2016 */
uint64_t
nsk_bench_draw(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

/* Syllables: three of them make a word, 32,768 in all. */
static const char *const syllables[32] = {
    "ka", "se", "ti", "mo", "ru", "pa", "ni", "de", "la", "su", "gi", "ba", "wo", "re", "ma", "tu",
    "ha", "ki", "le", "po", "sa", "ne", "du", "ri", "ja", "be", "ku", "si", "ta", "lo", "mi", "pe",
};

const NskBenchWriter nsk_bench_writers[NSK_BENCH_WRITERS] = {
    { "damar", "staf-persuratan" },
    { "budi", "kepala-bagian-tata-usaha" },
    { "citra", "kepala-subdirektorat-data" },
    { "jatmiko", "analis-hidrogeologi" },
    { "naufal", "analis-konservasi" },
    { "taufan", "analis-sdm" },
    { "gendis", "kepala-bagian-perencanaan" },
    { "arkan", "analis-anggaran" },
};

/* The product of two draws makes small numbers frequent. */
static uint16_t
draw_word(uint64_t *state)
{
    uint64_t draw = nsk_bench_draw(state);
    uint64_t first = draw >> 49, second = (draw >> 20) & 0x7fff;

    return (uint16_t)((first * second) >> 15);
}

void
nsk_bench_letter_begin(NskBenchLetter *self, uint64_t seed)
{
    self->reviewers[0] = "kepala-bagian-tata-usaha";
    self->reviewers[1] = NULL;
    self->state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    for (size_t i = 0; i < G_N_ELEMENTS(self->words); i++)
        self->words[i] = draw_word(&self->state);
    self->year_of_plan = 2020 + (unsigned)(nsk_bench_draw(&self->state) % 10);
}

void
nsk_bench_letter_change(NskBenchLetter *self)
{
    for (size_t i = 0; i < G_N_ELEMENTS(self->words) / 32; i++) {
        size_t at = nsk_bench_draw(&self->state) % G_N_ELEMENTS(self->words);

        self->words[at] = draw_word(&self->state);
    }
}

/* Six letters; writing them must cost next to nothing beside what is measured. */
static char *
put_word(char *at, uint16_t word)
{
    memcpy(at, syllables[word & 31], 2);
    memcpy(at + 2, syllables[(word >> 5) & 31], 2);
    memcpy(at + 4, syllables[(word >> 10) & 31], 2);
    return at + 6;
}

static void
append_reviewers(GString *out, const NskBenchLetter *self)
{
    g_string_append(out, "<reviewers>");
    for (size_t i = 0; self->reviewers[i] != NULL; i++) {
        g_string_append(out, "<reviewer position=\"");
        g_string_append(out, self->reviewers[i]);
        g_string_append(out, "\"/>");
    }
    g_string_append(out, "</reviewers>");
}

static void
append_paragraph(GString *out, const NskBenchLetter *self, size_t from)
{
    char text[7 * WORDS_A_PARAGRAPH];
    char *at = text;

    for (size_t i = from; i < MIN(from + WORDS_A_PARAGRAPH, G_N_ELEMENTS(self->words)); i++) {
        at = put_word(at, self->words[i]);
        *at++ = ' ';
    }
    g_string_append(out, "<p>");
    g_string_append_len(out, text, at - text - 1);
    g_string_append(out, "</p>");
}

char *
nsk_bench_word(unsigned n)
{
    char word[7] = "";

    (void)put_word(word, (uint16_t)n);
    return g_strdup(word);
}

GBytes *
nsk_bench_letter_xml(const NskBenchLetter *self)
{
    GString *out = g_string_sized_new(5120);

    g_string_append(out, "<letter xmlns=\"urn:naskah:letter:1\" kind=\"surat-dinas\" "
                         "xml:lang=\"id\"><security>biasa</security><urgency>biasa</urgency>"
                         "<classification>KP.08.1</classification><subject>Rencana ");
    for (size_t i = 0; i < 5; i++) {
        char word[8];

        put_word(word, self->words[i])[0] = ' ';
        g_string_append_len(out, word, 7);
    }
    g_string_append_printf(
        out, "tahun %u</subject><to list=\"inline\"><position ref=\"kepala-biro-sdm\"/></to>",
        self->year_of_plan);
    append_reviewers(out, self);
    g_string_append(out, "<signatories><signatory position=\"kepala-biro-umum\" "
                         "capacity=\"definitive\"/></signatories><body>");
    for (size_t from = 5; from < G_N_ELEMENTS(self->words); from += WORDS_A_PARAGRAPH)
        append_paragraph(out, self, from);
    g_string_append(out, "</body></letter>");
    return g_string_free_to_bytes(out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether two texts have nearly the same words.
 *
 * A text is the set of its runs of WORDS words, each hashed.  Of HASHES permutations of the hashes
 * the least is kept (minhash): two texts agree in as large a part of these as their sets have in
 * common.  Those that agree in ENOUGH of them are near.  Eight bands of four each are looked up by
 * an index: texts that have 80 % in common share a band in 98 cases of a hundred.
 *
 * The signature is HASHES words of 32 bits in hex, and the same for the same text for ever: it is
 * kept in letters' records.
 */
#include "office/office-private.h"

#include <string.h>

#define WORDS    3
#define HASHES   32
#define DIGITS   8 /* hex digits of one */
#define ENOUGH   24
#define LEAST    20 /* words that a text must have to be compared */
#define MAX_WORD 64 /* bytes of a word that count */

/* Those of the finaliser of SplitMix64. */
static uint64_t
mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* FNV-1a of a word, letters of ASCII made small. */
static uint64_t
hash_word(const char *word, size_t size)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < MIN(size, MAX_WORD); i++)
        hash = (hash ^ (uint64_t)(unsigned char)g_ascii_tolower(word[i])) * UINT64_C(0x100000001b3);
    return hash;
}

static bool
is_word(char c)
{
    return g_ascii_isalnum(c) || (unsigned char)c >= 0x80;
}

static void
take_run(uint32_t *least, const uint64_t *run)
{
    uint64_t whole = 0;

    for (unsigned i = 0; i < WORDS; i++)
        whole = mix(whole + run[i] + UINT64_C(0x9e3779b97f4a7c15));
    for (uint64_t i = 0; i < HASHES; i++) {
        uint32_t value = (uint32_t)mix(whole ^ mix(i + 1));

        least[i] = MIN(least[i], value);
    }
}

char *
nsk_near_signature(const char *text)
{
    uint64_t run[WORDS] = { 0 };
    uint32_t least[HASHES];
    unsigned words = 0;
    g_autoptr(GString) out = g_string_new(NULL);

    memset(least, 0xff, sizeof least);
    for (const char *p = text; *p != '\0';) {
        size_t size = 0;

        while (is_word(p[size]))
            size++;
        if (size > 0) {
            memmove(run, run + 1, (WORDS - 1) * sizeof run[0]);
            run[WORDS - 1] = hash_word(p, size);
            words++;
            if (words >= WORDS)
                take_run(least, run);
        }
        p += MAX(size, 1);
    }
    for (unsigned i = 0; words >= LEAST && i < HASHES; i++)
        g_string_append_printf(out, "%08x", least[i]);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static bool
is_signature(const char *text)
{
    return strlen(text) == (size_t)HASHES * DIGITS;
}

int64_t
nsk_near_band(const char *signature, unsigned band)
{
    size_t size = (size_t)HASHES / NSK_NEAR_BANDS * DIGITS;

    if (!is_signature(signature))
        return 0;
    return (int64_t)(hash_word(signature + band * size, size) >> 1);
}

bool
nsk_near_is(const char *a, const char *b)
{
    unsigned same = 0;

    if (!is_signature(a) || !is_signature(b))
        return false;
    for (size_t i = 0; i < HASHES; i++)
        same += memcmp(a + i * DIGITS, b + i * DIGITS, DIGITS) == 0 ? 1 : 0;
    return same >= ENOUGH;
}

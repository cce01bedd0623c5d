/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The map of a day against roots that another program made, and proofs that are not quite right. */
#include "base/bytes.h"
#include "base/message.h"
#include "journal/daymap.h"

#include <string.h>

#define MOST_LETTERS 600

/* Letter i is "letter/i" and has i + 1 entries, of which the last is SHA-256 of i in digits. */
static const struct {
    size_t letters;
    const char *root;
} roots[] = {
    { 0, "0000000000000000000000000000000000000000000000000000000000000000" },
    { 1, "d81a33fc0a600a23cee7177c0a33b5387680096dbd49fa71234cac7856b9313f" },
    { 2, "3a4715a4ff73f69b32dc77f7f74488fe5f6f745ae4dd0af0500bfeec6e7921ff" },
    { 5, "069157ac428edeb1f1e0a4ec1618c9d7352262169264be5a4fdd30fa3b5757d5" },
    { 600, "7cb99e59c475a013f8bc0aa80d4d30140c8fd50da207c0a1f9e2391f582cfcef" },
};

static NskHash
last_of(size_t i)
{
    NskHash hash;
    g_autofree char *text = g_strdup_printf("%zu", i);

    nsk_sha256(text, strlen(text), hash.bytes);
    return hash;
}

static char *
letter_of(size_t i)
{
    return g_strdup_printf("letter/%zu", i);
}

/* Letters in the order of their numbers, or the other way round. */
static NskDayMap *
make_map(size_t n, bool is_backward)
{
    NskDayMap *self = nsk_day_map_new();

    for (size_t k = 0; k < n; k++) {
        size_t i = is_backward ? n - 1 - k : k;
        NskHash last = last_of(i);
        g_autofree char *letter = letter_of(i);

        nsk_day_map_add(self, letter, i + 1, &last);
    }
    return self;
}

static void
test_roots(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(roots); i++) {
        g_autoptr(NskDayMap) map = make_map(roots[i].letters, false);
        g_autoptr(NskDayMap) backward = make_map(roots[i].letters, true);
        NskHash root = nsk_day_map_root(map), again = nsk_day_map_root(backward);
        g_autofree char *text = nsk_hex(root.bytes, sizeof root.bytes);

        g_assert_cmpstr(text, ==, roots[i].root);
        g_assert_true(nsk_hash_equal(&root, &again));
    }
}

static void
test_proofs(void)
{
    g_autoptr(NskDayMap) map = make_map(MOST_LETTERS, false);
    NskHash root = nsk_day_map_root(map);
    NskDayMapProof proof, read;

    for (size_t i = 0; i < MOST_LETTERS; i++) {
        g_autofree char *letter = letter_of(i), *other = letter_of(i + 1);

        g_assert_true(nsk_day_map_prove(map, letter, &proof));
        g_assert_cmpuint(proof.events, ==, i + 1);
        g_autofree char *text = nsk_day_map_proof_format(&proof);
        g_assert_true(nsk_day_map_proof_parse(text, strlen(text), &read, NULL));
        g_assert_true(nsk_day_map_check(&read, letter, &root));
        g_assert_false(nsk_day_map_check(&read, other, &root));
    }
    g_assert_false(nsk_day_map_prove(map, "letter/600", &proof));
}

/* What somebody would change to hide an entry, or to make a proof of another map fit. */
static void
test_changed(void)
{
    g_autoptr(NskDayMap) map = make_map(MOST_LETTERS, false);
    g_autoptr(NskDayMap) less = make_map(MOST_LETTERS - 1, false);
    NskHash root = nsk_day_map_root(map), other = nsk_day_map_root(less);
    NskDayMapProof right, proof;

    g_assert_true(nsk_day_map_prove(map, "letter/7", &right));
    g_assert_cmpuint(right.n, >, 2);
    g_assert_true(nsk_day_map_check(&right, "letter/7", &root));
    g_assert_false(nsk_day_map_check(&right, "letter/7", &other));
    proof = right;
    proof.events--;
    g_assert_false(nsk_day_map_check(&proof, "letter/7", &root));
    proof = right;
    proof.last = last_of(6);
    g_assert_false(nsk_day_map_check(&proof, "letter/7", &root));
    proof = right;
    proof.n--;
    g_assert_false(nsk_day_map_check(&proof, "letter/7", &root));
    for (size_t i = 0; i < right.n; i++) {
        proof = right;
        proof.path[i].bytes[31] ^= 1;
        g_assert_false(nsk_day_map_check(&proof, "letter/7", &root));
    }
}

static void
expect_refused(const char *text, size_t size, int code)
{
    g_autoptr(GError) error = NULL;
    NskDayMapProof proof;

    g_assert_false(nsk_day_map_proof_parse(text, size, &proof, &error));
    g_assert_error(error, NSK_ERROR, code);
}

static void
test_malformed(void)
{
    static const char hash[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    g_autoptr(GString) text = g_string_new("naskah-day-map@v1\nevents 3\n");
    NskDayMapProof proof;

    expect_refused("", 0, NSK_ERROR_INVALID);
    expect_refused(text->str, text->len, NSK_ERROR_INVALID);
    g_string_append(text, hash);
    g_assert_true(nsk_day_map_proof_parse(text->str, text->len, &proof, NULL));
    expect_refused(text->str, text->len - 1, NSK_ERROR_INVALID);
    for (size_t i = 0; i < NSK_DAY_MAP_MOST_PATH; i++)
        g_string_append(text, hash);
    g_assert_true(nsk_day_map_proof_parse(text->str, text->len, &proof, NULL));
    g_assert_cmpuint(proof.n, ==, NSK_DAY_MAP_MOST_PATH);
    g_string_append(text, hash);
    expect_refused(text->str, text->len, NSK_ERROR_INVALID);
    while (text->len <= NSK_DAY_MAP_MOST_PROOF)
        g_string_append(text, hash);
    expect_refused(text->str, text->len, NSK_ERROR_LIMIT);
    g_string_assign(text, "naskah-day-map@v1\nevents 0\n");
    g_string_append(text, hash);
    expect_refused(text->str, text->len, NSK_ERROR_INVALID);
    g_string_assign(text, "naskah-day-map@v2\nevents 3\n");
    g_string_append(text, hash);
    expect_refused(text->str, text->len, NSK_ERROR_INVALID);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/day-map/roots", test_roots);
    g_test_add_func("/day-map/proofs", test_proofs);
    g_test_add_func("/day-map/changed", test_changed);
    g_test_add_func("/day-map/malformed", test_malformed);
    return g_test_run();
}

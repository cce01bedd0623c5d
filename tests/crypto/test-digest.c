/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "crypto/crypto.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* FIPS 180-4 examples, and sizes around the 64-byte block. */
static void
test_sha256_vectors(void)
{
    static const struct {
        const char *text;
        const char *hex;
    } cases[] = {
        { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        uint8_t digest[NSK_SHA256_SIZE];

        nsk_sha256(cases[i].text, strlen(cases[i].text), digest);
        g_autofree char *hex = nsk_hex(digest, sizeof digest);
        g_assert_cmpstr(hex, ==, cases[i].hex);
    }
}

static void
test_steps_equal_whole(void)
{
    uint8_t data[300], whole[NSK_SHA256_SIZE], steps[NSK_SHA256_SIZE];

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7);
    nsk_sha256(data, sizeof data, whole);
    for (size_t step = 1; step < sizeof data; step += 31) {
        g_autoptr(NskSha256) sha = nsk_sha256_new();

        for (size_t at = 0; at < sizeof data; at += step)
            nsk_sha256_add(sha, data + at, MIN(step, sizeof data - at));
        nsk_sha256_add(sha, NULL, 0);
        nsk_sha256_finish(sha, steps);
        g_assert_cmpmem(steps, sizeof steps, whole, sizeof whole);
    }
}

/* However many there are, and however long: each gets its own digest. */
static void
test_many_equal_one(void)
{
    enum { MOST = 150 };
    uint8_t data[1024], one[NSK_SHA256_SIZE], out[MOST][NSK_SHA256_SIZE];
    NskSha256Text texts[MOST];
    g_autoptr(NskSha256Many) many = nsk_sha256_many_new();

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 13 + i / 256);
    for (size_t n = 0; n <= MOST; n = 2 * n + 1) {
        for (size_t i = 0; i < n; i++)
            texts[i] = (NskSha256Text){ data + i, 1 + (i * 61 + n) % (sizeof data - i), out[i] };
        memset(out, 0, sizeof out);
        nsk_sha256_many(many, texts, n);
        for (size_t i = 0; i < n; i++) {
            nsk_sha256(texts[i].data, texts[i].size, one);
            g_assert_cmpmem(out[i], NSK_SHA256_SIZE, one, sizeof one);
        }
    }
}

/* RFC 4231, cases 1, 2 and 6 (a key longer than a block). */
static void
test_hmac_vectors(void)
{
    uint8_t key1[20], key6[131], mac[NSK_SHA256_SIZE];
    const char *text6 = "Test Using Larger Than Block-Size Key - Hash Key First";
    struct {
        const void *key;
        size_t key_size;
        const char *text;
        const char *hex;
    } cases[] = {
        { key1, sizeof key1, "Hi There",
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
        { "Jefe", 4, "what do ya want for nothing?",
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
        { key6, sizeof key6, text6,
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
        { NULL, 0, "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad" },
    };

    memset(key1, 0x0b, sizeof key1);
    memset(key6, 0xaa, sizeof key6);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        nsk_hmac_sha256(cases[i].key, cases[i].key_size, cases[i].text, strlen(cases[i].text), mac);
        g_autofree char *hex = nsk_hex(mac, sizeof mac);
        g_assert_cmpstr(hex, ==, cases[i].hex);
    }
}

static void
test_random_differs(void)
{
    uint8_t a[32] = { 0 }, b[32] = { 0 };

    nsk_random(a, sizeof a);
    nsk_random(b, sizeof b);
    g_assert_false(nsk_equal_secret(a, b, sizeof a));
    memcpy(b, a, sizeof a);
    g_assert_true(nsk_equal_secret(a, b, sizeof a));
    nsk_wipe(a, sizeof a);
    for (size_t i = 0; i < sizeof a; i++)
        g_assert_cmpuint(a[i], ==, 0);
}

static void
test_a_child_draws_what_its_parent_does_not(void)
{
    int ends[2];
    uint8_t own[16], of_child[16];

    nsk_random(own, sizeof own);
    g_assert_cmpint(pipe(ends), ==, 0);
    pid_t child = fork();
    if (child == 0) {
        nsk_random(of_child, sizeof of_child);
        _exit(write(ends[1], of_child, sizeof of_child) == sizeof of_child ? 0 : 1);
    }
    g_assert_cmpint(read(ends[0], of_child, sizeof of_child), ==, sizeof of_child);
    g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
    (void)close(ends[0]);
    (void)close(ends[1]);
    nsk_random(own, sizeof own);
    g_assert_false(nsk_equal_secret(own, of_child, sizeof own));
}

static void
test_no_small_draw_is_given_out_twice(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (unsigned i = 0; i < 2000; i++) {
        uint8_t bytes[32];
        size_t size = 12 + i % 21;

        nsk_random(bytes, size);
        char *hex = nsk_hex(bytes, 12);
        g_assert_true(g_hash_table_add(seen, hex));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/crypto/sha256/agrees-with-the-standard", test_sha256_vectors);
    g_test_add_func("/crypto/sha256/steps-equal-the-whole", test_steps_equal_whole);
    g_test_add_func("/crypto/sha256/many-equal-one-by-one", test_many_equal_one);
    g_test_add_func("/crypto/hmac/agrees-with-the-rfc", test_hmac_vectors);
    g_test_add_func("/crypto/random/differs-each-time", test_random_differs);
    g_test_add_func("/crypto/random/a-child-draws-what-its-parent-does-not",
                    test_a_child_draws_what_its_parent_does_not);
    g_test_add_func("/crypto/random/no-small-draw-is-given-out-twice",
                    test_no_small_draw_is_given_out_twice);
    return g_test_run();
}

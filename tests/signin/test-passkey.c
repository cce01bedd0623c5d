/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passkeys against a device of our own, with an Ed25519 key of libsodium's. */
#include "base/bytes.h"
#include "signin/signin-private.h"

#include <sodium.h>
#include <string.h>

#define ORIGIN   "https://surat.contoh.go.id"
#define HOST     "surat.contoh.go.id"
#define QUESTION "1795000000000000:0011:kirana.bukti"
#define PRESENT  0x01
#define VERIFIED 0x04
#define ATTESTED 0x40
#define NOON     ((NskInstant)1795000000 * G_USEC_PER_SEC)

typedef struct {
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
} Device;

static const NskPasskeySite site = { ORIGIN, HOST };
static const uint8_t credential[] = "passkey number one";

static GByteArray *
begin_data(const char *host, uint8_t flags, uint32_t counter)
{
    uint8_t digest[NSK_SHA256_SIZE];
    uint32_t count = GUINT32_TO_BE(counter);
    GByteArray *data = g_byte_array_new();

    nsk_sha256(host, strlen(host), digest);
    g_byte_array_append(data, digest, sizeof digest);
    g_byte_array_append(data, &flags, 1);
    g_byte_array_append(data, (const uint8_t *)&count, sizeof count);
    return data;
}

/* What a device says of a new key; @algorithm as a byte of CBOR. */
static GBytes *
new_data(const Device *device, uint8_t flags, uint8_t algorithm)
{
    static const uint8_t maker[16] = { 0 };
    const uint8_t length[] = { 0, sizeof credential };
    const uint8_t head[] = { 0xa4, 0x01, 0x01, 0x03, algorithm, 0x20, 0x06, 0x21, 0x58, 0x20 };
    GByteArray *data = begin_data(HOST, flags, 0);

    g_byte_array_append(data, maker, sizeof maker);
    g_byte_array_append(data, length, sizeof length);
    g_byte_array_append(data, credential, sizeof credential);
    g_byte_array_append(data, head, sizeof head);
    g_byte_array_append(data, device->public_key, sizeof device->public_key);
    return g_byte_array_free_to_bytes(data);
}

static GBytes *
client_data(const char *type, const char *question, const char *origin, const char *more)
{
    g_autofree char *challenge = nsk_base64url(question, strlen(question));
    char *text = g_strdup_printf("{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\"%s}", type,
                                 challenge, origin, more);

    return g_bytes_new_take(text, strlen(text));
}

static void
clear_answer(NskPasskeyAnswer *answer)
{
    g_clear_pointer(&answer->id, g_bytes_unref);
    g_clear_pointer(&answer->client_data, g_bytes_unref);
    g_clear_pointer(&answer->authenticator, g_bytes_unref);
    g_clear_pointer(&answer->signature, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskPasskeyAnswer, clear_answer)

/* Signs what the device says, and the digest of what the browser says. */
static GBytes *
sign(const Device *device, GBytes *data, GBytes *client)
{
    gsize size, client_size;
    const uint8_t *bytes = g_bytes_get_data(data, &size);
    const void *text = g_bytes_get_data(client, &client_size);
    uint8_t digest[NSK_SHA256_SIZE];
    uint8_t *signature = g_malloc(crypto_sign_BYTES);
    g_autoptr(GByteArray) all = g_byte_array_new();

    nsk_sha256(text, client_size, digest);
    g_byte_array_append(all, bytes, (guint)size);
    g_byte_array_append(all, digest, sizeof digest);
    crypto_sign_detached(signature, NULL, all->data, all->len, device->secret_key);
    return g_bytes_new_take(signature, crypto_sign_BYTES);
}

/* A use of the device. */
typedef struct {
    const char *host, *type, *question, *origin, *more;
    uint8_t flags;
    uint32_t counter;
} Use;

static NskPasskeyAnswer
use(const Device *device, const Use *how)
{
    NskPasskeyAnswer answer = {
        .id = g_bytes_new(credential, sizeof credential),
        .client_data = client_data(how->type, how->question, how->origin, how->more),
        .authenticator =
            g_byte_array_free_to_bytes(begin_data(how->host, how->flags, how->counter)),
    };

    answer.signature = sign(device, answer.authenticator, answer.client_data);
    return answer;
}

static NskPasskey *
make(Device *device)
{
    g_autoptr(GError) error = NULL;
    g_auto(NskPasskeyAnswer)
        answer = { .client_data = client_data("webauthn.create", QUESTION, ORIGIN, "") };

    crypto_sign_keypair(device->public_key, device->secret_key);
    answer.authenticator = new_data(device, PRESENT | VERIFIED | ATTESTED, 0x27);
    NskPasskey *passkey = nsk_passkey_read(&site, QUESTION, &answer, &error);
    g_assert_no_error(error);
    return passkey;
}

static void
test_site(void)
{
    static const char *const good[] = { "https://surat.contoh.go.id", "http://localhost:8080",
                                        "https://surat.contoh.go.id:8443" };
    static const char *const bad[] = { "http://surat.contoh.go.id",
                                       "https://192.0.2.1",
                                       "https://[2001:db8::1]",
                                       "https://surat",
                                       "https://a.contoh/jalan",
                                       "https://a.contoh?x=1",
                                       "https://u@a.contoh",
                                       "surat.contoh.go.id",
                                       "",
                                       "https://" };

    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autofree char *host = NULL;
        g_assert_true(nsk_passkey_site_read(good[i], &host, NULL));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *host = NULL;
        g_autoptr(GError) error = NULL;
        g_assert_false(nsk_passkey_site_read(bad[i], &host, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    }
}

static void
test_use(void)
{
    Device device;
    int64_t counter = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskPasskey) passkey = make(&device);
    const Use right = { HOST, "webauthn.get", QUESTION, ORIGIN, "", PRESENT | VERIFIED, 7 };
    g_auto(NskPasskeyAnswer) answer = use(&device, &right);
    g_autofree char *question = nsk_passkey_question(&answer, &error);

    g_assert_cmpstr(question, ==, QUESTION);
    g_assert_true(nsk_passkey_check(passkey, &site, QUESTION, &answer, &counter, &error));
    g_assert_no_error(error);
    g_assert_cmpint(counter, ==, 7);
    g_assert_cmpmem(g_bytes_get_data(passkey->id, NULL), g_bytes_get_size(passkey->id), credential,
                    sizeof credential);
}

static void
test_wrong(void)
{
    static const Use wrong[] = {
        { "lain.contoh", "webauthn.get", QUESTION, ORIGIN, "", PRESENT | VERIFIED, 1 },
        { HOST, "webauthn.create", QUESTION, ORIGIN, "", PRESENT | VERIFIED, 1 },
        { HOST, "webauthn.get", "1:2:lain", ORIGIN, "", PRESENT | VERIFIED, 1 },
        { HOST, "webauthn.get", QUESTION, "https://lain.contoh", "", PRESENT | VERIFIED, 1 },
        { HOST, "webauthn.get", QUESTION, ORIGIN ".lain", "", PRESENT | VERIFIED, 1 },
        { HOST, "webauthn.get", QUESTION, ORIGIN, ",\"crossOrigin\":true", PRESENT | VERIFIED, 1 },
        { HOST, "webauthn.get", QUESTION, ORIGIN, "", VERIFIED, 1 },
        { HOST, "webauthn.get", QUESTION, ORIGIN, "", PRESENT, 1 },
    };
    Device device, other;
    int64_t counter;
    g_autoptr(NskPasskey) passkey = make(&device);
    g_autoptr(NskPasskey) others = make(&other);

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(NskPasskeyAnswer) answer = use(&device, &wrong[i]);

        g_assert_false(nsk_passkey_check(passkey, &site, QUESTION, &answer, &counter, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED);
    }
    g_autoptr(GError) error = NULL;
    const Use right = { HOST, "webauthn.get", QUESTION, ORIGIN, "", PRESENT | VERIFIED, 1 };
    g_auto(NskPasskeyAnswer) stolen = use(&other, &right);
    g_assert_false(nsk_passkey_check(passkey, &site, QUESTION, &stolen, &counter, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED);
}

/* Every cut, and every changed byte, of what a device sends. */
static void
test_broken(void)
{
    Device device;
    int64_t counter;
    g_autoptr(NskPasskey) passkey = make(&device);
    const Use right = { HOST, "webauthn.get", QUESTION, ORIGIN, "", PRESENT | VERIFIED, 1 };
    g_auto(NskPasskeyAnswer) answer = use(&device, &right);
    g_autoptr(GBytes) whole = g_bytes_ref(answer.authenticator);
    g_autoptr(GBytes) fresh = new_data(&device, PRESENT | VERIFIED | ATTESTED, 0x27);
    g_autoptr(GBytes) unknown = new_data(&device, PRESENT | VERIFIED | ATTESTED, 0x26);
    g_auto(NskPasskeyAnswer)
        made = { .client_data = client_data("webauthn.create", QUESTION, ORIGIN, "") };

    for (gsize size = 0; size < g_bytes_get_size(whole); size++) {
        g_bytes_unref(answer.authenticator);
        answer.authenticator = g_bytes_new_from_bytes(whole, 0, size);
        g_assert_false(nsk_passkey_check(passkey, &site, QUESTION, &answer, &counter, NULL));
    }
    for (gsize at = 0; at < g_bytes_get_size(whole); at++) {
        gsize size;
        uint8_t *bytes = g_memdup2(g_bytes_get_data(whole, &size), g_bytes_get_size(whole));

        bytes[at] ^= 0x80;
        g_bytes_unref(answer.authenticator);
        answer.authenticator = g_bytes_new_take(bytes, size);
        g_assert_false(nsk_passkey_check(passkey, &site, QUESTION, &answer, &counter, NULL));
    }
    for (gsize size = 0; size < g_bytes_get_size(fresh); size++) {
        g_clear_pointer(&made.authenticator, g_bytes_unref);
        made.authenticator = g_bytes_new_from_bytes(fresh, 0, size);
        g_assert_null(nsk_passkey_read(&site, QUESTION, &made, NULL));
    }
    g_bytes_unref(made.authenticator);
    made.authenticator = g_bytes_ref(unknown); /* the key is not of the algorithm that it names */
    g_assert_null(nsk_passkey_read(&site, QUESTION, &made, NULL));
}

/* --- Rows --- */

static bool
apply_rows(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    bool right = false;
    NskPasskey *passkey = data;
    static char budi[] = "budi";
    const NskAccount account = { .person = budi, .name = budi };

    g_assert_true(nsk_account_put(txn, &account, NOON, error));
    passkey->person = g_strdup("budi");
    passkey->label = g_strdup("telepon");
    g_assert_true(nsk_passkey_keep(txn, passkey, NOON, error));
    g_assert_false(nsk_passkey_keep(txn, passkey, NOON, error));
    g_assert_error(*error, NSK_ERROR, NSK_ERROR_CONFLICT);
    g_clear_error(error);
    g_assert_true(nsk_passkey_used(txn, passkey, 0, NOON, &right, error) && right);
    g_assert_true(nsk_passkey_used(txn, passkey, 5, NOON, &right, error) && right);
    g_assert_true(nsk_passkey_used(txn, passkey, 5, NOON, &right, error) && !right);
    g_assert_true(nsk_passkey_used(txn, passkey, 0, NOON, &right, error) && !right);
    g_assert_true(nsk_passkey_answered(txn, QUESTION, NOON + 5, NOON, &right, error) && right);
    g_assert_true(nsk_passkey_answered(txn, QUESTION, NOON + 5, NOON, &right, error) && !right);
    g_assert_false(nsk_passkey_end(txn, "kirana", passkey->id, error));
    g_assert_error(*error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    g_clear_error(error);
    g_assert_true(nsk_account_drop(txn, "budi", error));
    g_autoptr(GPtrArray) left = nsk_passkey_list(txn, "budi", error);
    g_assert_cmpuint(left->len, ==, 0);
    return true;
}

static void
test_rows(void)
{
    Device device;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskPasskey) passkey = make(&device);
    NskDb *db = nsk_db_open(":memory:", NSK_DB_WRITE, &error);

    g_assert_no_error(error);
    g_assert_true(
        nsk_db_commit(db, &(NskChange){ .apply = apply_rows, .data = passkey }, NULL, &error));
    g_assert_no_error(error);
    nsk_db_free(db);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (sodium_init() < 0)
        return 1;
    g_test_add_func("/passkey/site", test_site);
    g_test_add_func("/passkey/use", test_use);
    g_test_add_func("/passkey/wrong", test_wrong);
    g_test_add_func("/passkey/broken", test_broken);
    g_test_add_func("/passkey/rows", test_rows);
    return g_test_run();
}

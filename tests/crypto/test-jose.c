/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens of identity providers: the standards' examples, and those that must not be believed. */
#include "base/bytes.h"
#include "crypto/crypto.h"
#include "crypto/jose.h"

#include <string.h>

#define ISSUER "https://sso.example"
#define CLIENT "naskah"
#define NOW    ((NskInstant)1800000000 * G_USEC_PER_SEC)

/* RFC 7515, A.2 */
#define RSA_N                                                                                      \
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4" \
    "d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5re" \
    "xMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxX" \
    "FvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
#define RSA_HEAD "eyJhbGciOiJSUzI1NiJ9"
#define BODY                                                                                       \
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl" \
    "fQ"
#define RSA_VALUE                                                                                  \
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5" \
    "jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb" \
    "1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QO" \
    "YEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
#define RSA_KEY "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" RSA_N "\"}"
/* A.3 */
#define X256  "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define Y256  "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define EC256 "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X256 "\",\"y\":\"" Y256 "\""
#define EC256_TOKEN                                                                                \
    "eyJhbGciOiJFUzI1NiJ9." BODY                                                                   \
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
/* A.4 */
#define EC512_KEY                                                                                  \
    "{\"kty\":\"EC\",\"crv\":\"P-521\","                                                           \
    "\"x\":\"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_"                             \
    "NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk\","                                                          \
    "\"y\":\"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-"                                       \
    "x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2\"}"
#define EC512_TOKEN                                                                                \
    "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-" \
    "mZZq"                                                                                         \
    "wqT2SI-KGDKB34XO0aw_"                                                                         \
    "7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9E"                 \
    "RBXukOXolLzeO_Jn"
/* Made by openssl(1), with "sub" twice in the payload; then with a salt of no bytes. */
#define PSS_KEY                                                                                    \
    "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"kid\":\"ps\",\"alg\":\"PS256\",\"use\":\"sig\",\"n\":"      \
    "\"4VoO-fHtqgfVveGG-O0eR-PLPEhGLxf9qJPvLHrx80srv8UOmPl6M0OfP5In4V-HikQmTm-"                    \
    "mJtrlAkwzVS4PMirP31ojlHhFfdak5oJIqFEByGuWFpJms1soiZpSaKq6j-qGDPxc5euQ2q_6ZGv_"                \
    "tDrxVztqH97wKHsTouuSRuUHXLNobq1CkvNJ7av_qyVrAkRFPtYgKJDI_avIuZkoUsUcGpuAod-"                  \
    "BiEXyfIPz29oILvsSvCaFZO0RtblDUf4SQyAQO7_ITA7CCYnbqZVunNlLu-F6cSZBhf9dJDoQ43UL7lCXzIyIfjPGl-"  \
    "HyJ55CZzxWWz8i7Pyv7EwfuhzlOQ\"}"
#define PSS_TOKEN                                                                                  \
    "eyJhbGciOiJQUzI1NiIsImtpZCI6InBzIn0."                                                         \
    "eyJpc3MiOiJodHRwczovL3Nzby5leGFtcGxlIiwic3ViIjoiYSIsInN1YiI6ImIifQ."                          \
    "JhDTHCGjmkqEsyrJdq86rSVyeaWrO0y-1mYWQ-"                                                       \
    "qHKVecCbOf9Ole5PQZI1ZoouWeNEwpiNtdGQKFyHIgIXamfyfPmosXn4LEntreUIAT8YZoNJsNeqUr81MTxqRsnEt5Lj" \
    "B7K55ifl_4HlS7xKltR4GH7JfINZvoviRz24Gdx9hsPcnHg_9MmLV8Jfpjm7PsZRJ_"                           \
    "b8ajYFcQAsztTCOiTax0MN5whnjnLocYzS6OcLP-WgYs2hUgHQ2-0A8zDT8NGpR9lP_"                          \
    "qUhOchY5wfU4A7KdrL3Uk9Dfco7dM0VooMuuqIYVWdny2CEcsLuwjhCAPRj7MRqH-lo-p0pfS21h0bg"
#define PSS_NO_SALT                                                                                \
    "eyJhbGciOiJQUzI1NiIsImtpZCI6InBzIn0."                                                         \
    "eyJpc3MiOiJodHRwczovL3Nzby5leGFtcGxlIiwic3ViIjoiYSIsInN1YiI6ImIifQ.Tg8jdy68ijM503g3Y9jZ_"     \
    "naAI5eCE6CDILAmu_hMfbnhScY6cxfKovtWJo2ZK5EaPccpmFd1Ff7lJjlZOQ3cVpKoseOFWNj-QMWllbb2xQ0a4_"    \
    "NrIzBYRN7lEIo27QuJEIcz25a78rfHVc3m2Ewd1Pf2eQvGG136LmgBcUTmi9t5WTDl2ivacSIoVE6WSkp07lUdDodsEE" \
    "aZvEFQEheBLDPuqYsXSO-5Sivv95JEE-"                                                             \
    "mHPlG4FuBBSGshXCAQunlbgjhiaPeoj9iMT0maXxFk4hsPpEUpttCucH7jVG8n9b34XfHmF-uwrSjCk7P-US59p1LUb-" \
    "_mpdOcCDlKeEoBlg"
#define RSA_1024                                                                                   \
    "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":"                                                       \
    "\"yV4QBR1bZHZfYg2lN8HCswaW20EQLvfG0vMiL4Kkwl64CvQf25MJ4hUWmt4mrsbRlLaRFae1dw5LE3g1KJ4MCwvMn-" \
    "nwHf1IUEyaoC_PXBtTzdO94nBjrFH2h-8Ty60fQeUNfxVuSDbcDJH3SRnjV0ZrUcuc0ekR2JkzOQsd0O8\"}"

static NskJwks *
read_set(const char *key)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strdup_printf("{\"keys\":[%s]}", key);
    NskJwks *keys = nsk_jwks_parse(text, strlen(text), &error);

    g_assert_no_error(error);
    return keys;
}

/* -1: it is believed; else the error's code. */
static int
judge(const char *key, const char *token)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJwks) keys = read_set(key);
    g_autoptr(GBytes) payload = nsk_jws_verify(keys, token, strlen(token), NULL, &error);

    g_assert_true((payload == NULL) == (error != NULL));
    /* a token is a secret for as long as it lasts */
    if (error != NULL && strlen(token) > 20)
        g_assert_null(strstr(error->message, token));
    return error != NULL ? error->code : -1;
}

/* "HEAD.REST" with another header. */
static char *
with_head(const char *head, const char *token)
{
    g_autofree char *text = nsk_base64url(head, strlen(head));

    return g_strconcat(text, strchr(token, '.'), NULL);
}

static void
test_examples_of_the_standards(void)
{
    static const struct {
        const char *key, *token;
        NskJwsAlgorithm algorithm;
    } cases[] = {
        { RSA_KEY, RSA_HEAD "." BODY "." RSA_VALUE, NSK_JWS_RS256 },
        { "{" EC256 "}", EC256_TOKEN, NSK_JWS_ES256 },
        { EC512_KEY, EC512_TOKEN, NSK_JWS_ES512 },
        { PSS_KEY, PSS_TOKEN, NSK_JWS_PS256 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskJwks) keys = read_set(cases[i].key);
        NskJwsAlgorithm algorithm;
        const char *token = cases[i].token;
        g_autoptr(GBytes) payload = nsk_jws_verify(keys, token, strlen(token), &algorithm, &error);

        g_assert_no_error(error);
        g_assert_cmpint(algorithm, ==, cases[i].algorithm);
        for (size_t j = 0; j < strlen(token); j += 7) { /* and not one sign of it may be another */
            g_autofree char *other = g_strdup(token);
            other[j] = other[j] == 'A' ? 'B' : 'A';
            g_assert_cmpint(judge(cases[i].key, other), !=, -1);
        }
    }
}

static void
test_a_token_does_not_choose_how_it_is_checked(void)
{
    static const char *const heads[] = {
        "{\"alg\":\"none\"}",
        "{\"alg\":\"None\"}",
        "{\"alg\":\"\"}",
        "{}",
        "{\"alg\":null}",
        "{\"alg\":[\"ES256\"]}",
        "{\"alg\":\"HS256\"}",
        "{\"alg\":\"HS512\"}",
        "{\"alg\":\"ES384\"}",
        "{\"alg\":\"es256\"}",
        "{\"alg\":\"EdDSA\"}",
        "{\"alg\":\"ES256\",\"crit\":[\"b64\"],\"b64\":false}",
        "{\"alg\":\"ES256\",\"crit\":[]}",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
        g_autofree char *token = with_head(heads[i], EC256_TOKEN);
        g_assert_cmpint(judge("{" EC256 "}", token), ==, NSK_ERROR_UNSUPPORTED);
    }
    g_autofree char *twice = with_head("{\"alg\":\"ES256\",\"alg\":\"ES256\"}", EC256_TOKEN);
    g_assert_cmpint(judge("{" EC256 "}", twice), ==, NSK_ERROR_INVALID);
    g_autofree char *own = with_head("{\"alg\":\"ES256\",\"jwk\":{" EC256 "}}", EC256_TOKEN);
    g_assert_cmpint(judge(EC512_KEY, own), ==, NSK_ERROR_NOT_FOUND);
}

/* The public key as the secret of an HMAC: the classic. */
static void
test_a_public_key_is_no_secret(void)
{
    uint8_t mac[NSK_SHA256_SIZE];
    g_autofree char *head = with_head("{\"alg\":\"HS256\"}", "." BODY);

    nsk_hmac_sha256(RSA_KEY, strlen(RSA_KEY), head, strlen(head), mac);
    g_autofree char *value = nsk_base64url(mac, sizeof mac);
    g_autofree char *token = g_strconcat(head, ".", value, NULL);
    g_assert_cmpint(judge(RSA_KEY, token), ==, NSK_ERROR_UNSUPPORTED);
}

static void
test_keys_are_used_for_what_they_are(void)
{
    g_autofree char *rs_by_ps = with_head("{\"alg\":\"RS256\",\"kid\":\"ps\"}", PSS_TOKEN);
    g_autofree char *ps_by_rs = with_head("{\"alg\":\"PS256\"}", RSA_HEAD "." BODY "." RSA_VALUE);
    g_autofree char *wide = with_head("{\"alg\":\"ES512\"}", EC256_TOKEN);
    g_autofree char *named = with_head("{\"alg\":\"ES256\",\"kid\":\"x\"}", EC256_TOKEN);
    g_autofree char *number = with_head("{\"alg\":\"ES256\",\"kid\":7}", EC256_TOKEN);

    g_assert_cmpint(judge(PSS_KEY, rs_by_ps), ==, NSK_ERROR_NOT_FOUND);
    g_assert_cmpint(judge(PSS_KEY, PSS_NO_SALT), ==, NSK_ERROR_UNTRUSTED);
    g_assert_cmpint(judge(RSA_KEY, ps_by_rs), ==, NSK_ERROR_UNTRUSTED);
    g_assert_cmpint(judge("{" EC256 "}", wide), ==, NSK_ERROR_NOT_FOUND);
    g_assert_cmpint(judge("{" EC256 "}", named), ==, NSK_ERROR_NOT_FOUND);
    g_assert_cmpint(judge("{" EC256 "}", number), ==, NSK_ERROR_INVALID);
    g_assert_cmpint(judge("{" EC256 ",\"kid\":\"x\"}", EC256_TOKEN), ==, -1);
    g_assert_cmpint(judge("{" EC256 ",\"kid\":\"x\"},{" EC256 ",\"kid\":\"y\"}", EC256_TOKEN), ==,
                    NSK_ERROR_INVALID); /* which one it does not say */
}

static void
test_what_is_no_token(void)
{
    static const char *const tokens[] = {
        "",
        ".",
        "..",
        "...",
        EC256_TOKEN ".",
        "." EC256_TOKEN,
        EC256_TOKEN "..",
        EC256_TOKEN "=",
        EC256_TOKEN " ",
        EC256_TOKEN "\n",
        "eyJhbGciOiJFUzI1NiJ9." BODY,
        "eyJhbGciOiJFUzI1NiJ9." BODY ".",
        "eyJhbGciOiJFUzI1NiJ9=." BODY ".DtEh",
        "eyJhbGciOiJFUzI1NiJ." BODY ".DtEh",
        "W10." BODY ".DtEh",
        "bnVsbA." BODY ".DtEh",
    };
    g_autofree char *huge = g_strnfill(NSK_JWS_MAX_SIZE + 1, 'a');
    g_autofree char *dots = g_strnfill(NSK_JWS_MAX_SIZE, '.');

    for (size_t i = 0; i < G_N_ELEMENTS(tokens); i++)
        g_assert_cmpint(judge("{" EC256 "}", tokens[i]), !=, -1);
    g_assert_cmpint(judge("{" EC256 "}", huge), ==, NSK_ERROR_LIMIT);
    g_assert_cmpint(judge("{" EC256 "}", dots), ==, NSK_ERROR_INVALID);
    for (size_t size = 0; size < strlen(EC256_TOKEN); size++) {
        g_autofree char *cut = g_strndup(EC256_TOKEN, size);
        g_assert_cmpint(judge("{" EC256 "}", cut), !=, -1);
    }
}

static void
test_sets_of_keys(void)
{
    static const char *const useless[] = {
        "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_"
        "7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X256 "\",\"y\":\"" X256 "\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"" X256 "\",\"y\":\"" Y256 "\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" X256 "\",\"y\":\"" Y256 "\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}",
        "{" EC256 ",\"use\":\"enc\"}",
        "{" EC256 ",\"use\":1}",
        "{" EC256 ",\"key_ops\":[\"deriveKey\"]}",
        "{" EC256 ",\"alg\":\"ES512\"}",
        "{" EC256 ",\"alg\":\"HS256\"}",
        "{" EC256 ",\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"}",
        RSA_1024,
        "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQ\"}",
        "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAA\"}",
        "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\"}",
        "null",
        "[]",
        "7",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(useless); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *alone = g_strdup_printf("{\"keys\":[%s]}", useless[i]);
        g_autofree char *both = g_strdup_printf("%s,{" EC256 "}", useless[i]);
        g_autoptr(NskJwks) keys = read_set(both);

        g_assert_cmpuint(nsk_jwks_length(keys), ==, 1);
        g_assert_null(nsk_jwks_parse(alone, strlen(alone), &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    }
    static const char *const no_sets[] = { "", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[]}" };
    for (size_t i = 0; i < G_N_ELEMENTS(no_sets); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(nsk_jwks_parse(no_sets[i], strlen(no_sets[i]), &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    }
}

/* --- Claims ---------------------------------------------------------------------------------- */

/* A provider that signs what it is told to. */
typedef struct {
    NskJwsKey *key;
    NskJwks *keys;
} Provider;

static void
open_provider(Provider *self)
{
    g_autoptr(GError) error = NULL;

    self->key = nsk_jws_key_new(&error);
    g_assert_no_error(error);
    g_autoptr(NskJson) public = nsk_jws_key_public(self->key);
    g_autofree char *text = nsk_json_canonical(public);
    g_assert_null(strstr(text, "\"d\""));
    self->keys = read_set(text);
}

static void
close_provider(Provider *self)
{
    nsk_jws_key_free(self->key);
    nsk_jwks_free(self->keys);
}

/* Claims that hold, with the members of @other in their place; null takes one away. */
static char *
sign(const Provider *self, const char *base, const char *other)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) claims = nsk_json_parse(base, strlen(base), &error);
    g_autoptr(NskJson) changes = nsk_json_parse(other, strlen(other), &error);
    g_autoptr(NskJson) made = nsk_json_object();

    g_assert_no_error(error);
    g_autoptr(GPtrArray) keys = nsk_json_keys(claims);
    for (guint i = 0; i < keys->len; i++) {
        const char *key = keys->pdata[i];
        if (nsk_json_get(changes, key) == NULL)
            nsk_json_set(made, key, nsk_json_ref(nsk_json_get(claims, key)));
    }
    g_autoptr(GPtrArray) more = nsk_json_keys(changes);
    for (guint i = 0; i < more->len; i++) {
        NskJson *value = nsk_json_get(changes, more->pdata[i]);
        if (nsk_json_type(value) != NSK_JSON_NULL)
            nsk_json_set(made, more->pdata[i], nsk_json_ref(value));
    }
    char *token = nsk_jws_key_sign(self->key, made, &error);
    g_assert_no_error(error);
    return token;
}

#define ID_CLAIMS                                                                                  \
    "{\"iss\":\"" ISSUER "\",\"aud\":\"" CLIENT "\",\"sub\":\"u-1\",\"nonce\":\"n-1\","            \
    "\"iat\":1799999990,\"exp\":1800000300,\"auth_time\":1799999980}"

static int
judge_id(const Provider *self, const char *other, const NskIdTokenCheck *check)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *token = sign(self, ID_CLAIMS, other);
    g_autoptr(NskJson) claims =
        nsk_id_token_verify(self->keys, token, strlen(token), check, &error);

    g_assert_true((claims == NULL) == (error != NULL));
    return error != NULL ? error->code : -1;
}

static void
test_id_tokens(void)
{
    static const struct {
        const char *other;
        int code;
    } cases[] = {
        { "{}", -1 },
        { "{\"aud\":[\"naskah\"]}", -1 },
        { "{\"aud\":[\"naskah\",\"b\"],\"azp\":\"naskah\"}", -1 },
        { "{\"exp\":1799999941}", -1 }, /* within the leeway */
        { "{\"iat\":1800000059}", -1 },
        { "{\"iss\":\"https://sso.example/\"}", NSK_ERROR_UNTRUSTED },
        { "{\"iss\":null}", NSK_ERROR_UNTRUSTED },
        { "{\"aud\":\"other\"}", NSK_ERROR_UNTRUSTED },
        { "{\"aud\":[\"naskah\",\"b\"]}", NSK_ERROR_UNTRUSTED },
        { "{\"aud\":[]}", NSK_ERROR_UNTRUSTED },
        { "{\"aud\":{\"naskah\":1}}", NSK_ERROR_UNTRUSTED },
        { "{\"azp\":\"b\"}", NSK_ERROR_UNTRUSTED },
        { "{\"azp\":7}", NSK_ERROR_UNTRUSTED },
        { "{\"exp\":1799999940}", NSK_ERROR_EXPIRED },
        { "{\"exp\":null}", NSK_ERROR_UNTRUSTED },
        { "{\"exp\":\"1800000300\"}", NSK_ERROR_UNTRUSTED },
        { "{\"exp\":9000000000000000000}", NSK_ERROR_UNTRUSTED },
        { "{\"exp\":1800100300}", NSK_ERROR_UNTRUSTED },
        { "{\"iat\":1800000061}", NSK_ERROR_UNTRUSTED },
        { "{\"iat\":null}", NSK_ERROR_UNTRUSTED },
        { "{\"iat\":-1}", NSK_ERROR_UNTRUSTED },
        { "{\"nbf\":1800000061}", NSK_ERROR_UNTRUSTED },
        { "{\"nbf\":\"x\"}", NSK_ERROR_UNTRUSTED },
        { "{\"nonce\":\"n-2\"}", NSK_ERROR_UNTRUSTED },
        { "{\"nonce\":null}", NSK_ERROR_UNTRUSTED },
        { "{\"sub\":null}", NSK_ERROR_UNTRUSTED },
        { "{\"sub\":\"\"}", NSK_ERROR_UNTRUSTED },
        { "{\"sub\":7}", NSK_ERROR_UNTRUSTED },
        { "{\"events\":{}}", NSK_ERROR_UNTRUSTED },
        { "{\"at_hash\":\"AAAA\"}", NSK_ERROR_UNTRUSTED },
        { "{\"auth_time\":null}", NSK_ERROR_UNTRUSTED },
        { "{\"auth_time\":1799999640}", NSK_ERROR_UNTRUSTED },
        { "{\"auth_time\":1800000061}", NSK_ERROR_UNTRUSTED },
        { "{\"auth_time\":1799999641}", -1 },
    };
    const NskIdTokenCheck check = { .issuer = ISSUER,
                                    .client = CLIENT,
                                    .nonce = "n-1",
                                    .access_token = "token",
                                    .max_age = 300,
                                    .now = NOW };
    Provider provider;

    open_provider(&provider);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int code = judge_id(&provider, cases[i].other, &check);
        if (code != cases[i].code)
            g_error("%s: %d instead of %d", cases[i].other, code, cases[i].code);
    }
    NskIdTokenCheck any = check;
    any.max_age = 0;
    g_assert_cmpint(judge_id(&provider, "{\"auth_time\":null}", &any), ==, -1);
    /* an empty nonce is never the same as an empty one */
    any.nonce = "";
    g_assert_cmpint(judge_id(&provider, "{\"nonce\":\"\"}", &any), ==, NSK_ERROR_UNTRUSTED);
    close_provider(&provider);
}

/* A payload with a member twice is no JSON here, although its signature holds. */
static void
test_members_that_come_twice(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJwks) keys = read_set(PSS_KEY);
    const NskIdTokenCheck check = { .issuer = ISSUER, .client = CLIENT, .nonce = "n", .now = NOW };

    g_assert_null(nsk_id_token_verify(keys, PSS_TOKEN, strlen(PSS_TOKEN), &check, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
}

/* OpenID Connect Core 1.0, 3.1.3.6: the left half of the digest of the algorithm. */
static void
test_access_tokens_belong_to_it(void)
{
    Provider provider;
    NskIdTokenCheck check = { .issuer = ISSUER,
                              .client = CLIENT,
                              .nonce = "n-1",
                              .access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
                              .now = NOW };
    g_autoptr(GChecksum) sha = g_checksum_new(G_CHECKSUM_SHA512);
    uint8_t digest[64];
    gsize size = sizeof digest;

    g_checksum_update(sha, (const guchar *)check.access_token, -1);
    g_checksum_get_digest(sha, digest, &size);
    g_autofree char *half = nsk_base64url(digest, 32);
    g_autofree char *other = g_strdup_printf("{\"at_hash\":\"%s\"}", half);
    open_provider(&provider);
    g_assert_cmpint(judge_id(&provider, other, &check), ==, -1);
    check.access_token = "another";
    g_assert_cmpint(judge_id(&provider, other, &check), ==, NSK_ERROR_UNTRUSTED);
    close_provider(&provider);
}

#define EVENT "\"http://schemas.openid.net/event/backchannel-logout\""
#define LOGOUT_CLAIMS                                                                              \
    "{\"iss\":\"" ISSUER "\",\"aud\":\"" CLIENT "\",\"sub\":\"u-1\",\"jti\":\"j-1\","              \
    "\"iat\":1799999990,\"exp\":1800000100,\"events\":{" EVENT ":{}}}"

static void
test_logout_tokens(void)
{
    static const struct {
        const char *other;
        int code;
    } cases[] = {
        { "{}", -1 },
        { "{\"exp\":null}", -1 },
        { "{\"sub\":null,\"sid\":\"s-1\"}", -1 },
        { "{\"nonce\":\"n-1\"}", NSK_ERROR_UNTRUSTED },
        { "{\"events\":null}", NSK_ERROR_UNTRUSTED },
        { "{\"events\":[" EVENT "]}", NSK_ERROR_UNTRUSTED },
        { "{\"events\":{" EVENT ":true}}", NSK_ERROR_UNTRUSTED },
        { "{\"jti\":null}", NSK_ERROR_UNTRUSTED },
        { "{\"sub\":null}", NSK_ERROR_UNTRUSTED },
        { "{\"sid\":7}", NSK_ERROR_UNTRUSTED },
        { "{\"iss\":\"https://other.example\"}", NSK_ERROR_UNTRUSTED },
        { "{\"aud\":\"other\"}", NSK_ERROR_UNTRUSTED },
        { "{\"exp\":1799999900}", NSK_ERROR_EXPIRED },
        { "{\"exp\":null,\"iat\":1799999000}", NSK_ERROR_EXPIRED },
        { "{\"iat\":null}", NSK_ERROR_UNTRUSTED },
    };
    const NskLogoutTokenCheck check = { ISSUER, CLIENT, NOW };
    Provider provider;

    open_provider(&provider);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *token = sign(&provider, LOGOUT_CLAIMS, cases[i].other);
        g_autoptr(NskJson) claims =
            nsk_logout_token_verify(provider.keys, token, strlen(token), &check, &error);
        if ((error != NULL ? error->code : -1) != cases[i].code ||
            (claims == NULL) != (error != NULL))
            g_error("%s: %s", cases[i].other, error != NULL ? error->message : "believed");
    }
    close_provider(&provider);
}

static void
test_an_own_key_comes_back(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJwsKey) key = nsk_jws_key_new(&error);
    g_autoptr(GBytes) der = nsk_jws_key_save(key, &error);
    gsize size;
    const void *data = g_bytes_get_data(der, &size);
    g_autoptr(NskJwsKey) again = nsk_jws_key_load(data, size, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(nsk_jws_key_get_id(key), ==, nsk_jws_key_get_id(again));
    g_autoptr(NskJson) public = nsk_jws_key_public(again);
    g_autofree char *text = nsk_json_canonical(public);
    g_autoptr(NskJson) claims = nsk_json_parse("{\"a\":1}", 7, &error);
    g_autofree char *token = nsk_jws_key_sign(key, claims, &error);
    g_assert_cmpint(judge(text, token), ==, -1);
    g_assert_null(nsk_jws_key_load(data, size - 1, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/crypto/jws/examples-of-the-standards", test_examples_of_the_standards);
    g_test_add_func("/crypto/jws/a-token-does-not-choose-how-it-is-checked",
                    test_a_token_does_not_choose_how_it_is_checked);
    g_test_add_func("/crypto/jws/a-public-key-is-no-secret", test_a_public_key_is_no_secret);
    g_test_add_func("/crypto/jws/keys-are-used-for-what-they-are",
                    test_keys_are_used_for_what_they_are);
    g_test_add_func("/crypto/jws/what-is-no-token", test_what_is_no_token);
    g_test_add_func("/crypto/jws/an-own-key-comes-back", test_an_own_key_comes_back);
    g_test_add_func("/crypto/jwk/sets-of-keys", test_sets_of_keys);
    g_test_add_func("/crypto/jwt/id-tokens", test_id_tokens);
    g_test_add_func("/crypto/jwt/members-that-come-twice", test_members_that_come_twice);
    g_test_add_func("/crypto/jwt/access-tokens-belong-to-it", test_access_tokens_belong_to_it);
    g_test_add_func("/crypto/jwt/logout-tokens", test_logout_tokens);
    return g_test_run();
}

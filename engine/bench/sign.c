/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signatures, in memory: a letter signed on P-256 at level B-B, and the judgement of a letter with
 * two signatures at level B-LTA, with all the material inside it and nothing fetched.
 */
#include "sign/sign.h"

#include "bench/bench-private.h"

#include <string.h>

#define PASSPHRASE   "sandi"
#define CONTENT_SIZE 40000 /* what a letter of two pages has */
#define HOUR         (G_GINT64_CONSTANT(3600) * 1000000)
#define FIELDS       2

/* Who signs and who vouches. */
typedef struct {
    NskDemoAuthority *authority;
    NskIdentity *signer;
    GBytes *p12; /* its key */
    NskTrust *trust;
    NskInstant now;
} Desk;

static const char *const fields[FIELDS] = { "signatory-1", "signatory-2" };
static const uint8_t nonce[NSK_NONCE_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static void
desk_clear(Desk *self)
{
    nsk_identity_free(self->signer);
    g_clear_pointer(&self->p12, g_bytes_unref);
    nsk_trust_free(self->trust);
    nsk_demo_authority_free(self->authority);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

static bool
desk_set_up(Desk *self, GError **error)
{
    NskDemoPerson person = { .name = "Sekar Wulandari", .passphrase = PASSPHRASE };

    self->now = nsk_clock_now(&nsk_clock_system);
    person.not_before = self->now - HOUR;
    self->authority = nsk_demo_authority_new(self->now, error);
    if (self->authority != NULL)
        self->p12 = nsk_demo_authority_issue(self->authority, &person, error);
    if (self->p12 == NULL)
        return false;
    self->signer = nsk_identity_load(g_bytes_get_data(self->p12, NULL), g_bytes_get_size(self->p12),
                                     PASSPHRASE, error);
    self->trust = nsk_trust_new();
    nsk_trust_add(self->trust, nsk_demo_authority_get_root(self->authority));
    return self->signer != NULL;
}

/* A PDF of one page with two empty fields. */
static GBytes *
make_letter(void)
{
    static const char *const objects[] = {
        "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 7 0 R/Resources<<>>"
        "/Annots[5 0 R 6 0 R]>>",
        "<</Fields[5 0 R 6 0 R]/SigFlags 3>>",
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(signatory-1)/F 132/P 3 0 R/Rect[300 100 500 160]>>",
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(signatory-2)/F 132/P 3 0 R/Rect[300 200 500 260]>>",
    };
    GString *out = g_string_new("%PDF-1.7\n");
    g_autoptr(GString) table = g_string_new("xref\n0 8\n0000000000 65535 f \n");
    g_autofree char *content = g_strnfill(CONTENT_SIZE, '\n');

    for (size_t i = 0; i < G_N_ELEMENTS(objects); i++) {
        g_string_append_printf(table, "%010zu 00000 n \n", (size_t)out->len);
        g_string_append_printf(out, "%zu 0 obj\n%s\nendobj\n", i + 1, objects[i]);
    }
    g_string_append_printf(table, "%010zu 00000 n \n", (size_t)out->len);
    g_string_append_printf(out, "7 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n",
                           CONTENT_SIZE, content);
    size_t at = out->len;
    g_string_append_printf(out, "%strailer\n<</Size 8/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n",
                           table->str, at);
    return g_string_free_to_bytes(out);
}

static GBytes *
sign(const Desk *desk, GBytes *pdf, const char *field, GError **error)
{
    NskSignRequest request = { .field = field,
                               .chain = nsk_identity_get_chain(desk->signer),
                               .at = desk->now,
                               .offset_minutes = 420 };
    g_autoptr(NskSigning) signing = nsk_sign_prepare(pdf, &request, error);
    g_autoptr(GBytes) value = signing != NULL
                                  ? nsk_identity_sign(desk->signer, NSK_SCHEME_DEFAULT,
                                                      nsk_signing_get_digest(signing), error)
                                  : NULL;

    return value != NULL ? nsk_sign_complete(signing, value, error) : NULL;
}

static GBytes *
ask_token(const Desk *desk, const uint8_t imprint[NSK_SHA256_SIZE], GError **error)
{
    g_autoptr(GBytes) request = nsk_time_stamp_request(imprint, nonce);
    g_autoptr(GBytes) answer =
        nsk_demo_authority_time_stamp(desk->authority, g_bytes_get_data(request, NULL),
                                      g_bytes_get_size(request), desk->now, error);

    return answer != NULL ? nsk_time_stamp_response(g_bytes_get_data(answer, NULL),
                                                    g_bytes_get_size(answer), imprint, nonce, error)
                          : NULL;
}

/* Signed and stamped. */
static GBytes *
sign_and_stamp(const Desk *desk, GBytes *pdf, const char *field, GError **error)
{
    uint8_t imprint[NSK_SHA256_SIZE];
    g_autoptr(GBytes) done = sign(desk, pdf, field, error);

    if (done == NULL || !nsk_sign_get_imprint(done, field, imprint, error))
        return NULL;
    g_autoptr(GBytes) token = ask_token(desk, imprint, error);
    return token != NULL ? nsk_sign_add_time_stamp(done, field, token, error) : NULL;
}

static GBytes *
add_validation(const Desk *desk, GBytes *pdf, GError **error)
{
    g_autoptr(NskEvidence) evidence = nsk_evidence_new();
    g_autoptr(GBytes) root = nsk_demo_authority_root_crl(desk->authority, desk->now, 30, error);
    g_autoptr(GBytes) issuer =
        root != NULL ? nsk_demo_authority_crl(desk->authority, desk->now, 30, error) : NULL;
    bool ok = issuer != NULL &&
              nsk_evidence_add_crl(evidence, g_bytes_get_data(root, NULL), g_bytes_get_size(root),
                                   error) &&
              nsk_evidence_add_crl(evidence, g_bytes_get_data(issuer, NULL),
                                   g_bytes_get_size(issuer), error);

    return ok ? nsk_sign_add_validation(pdf, evidence, error) : NULL;
}

/* @pdf signed twice, and raised to B-LTA. */
static GBytes *
make_lasting(const Desk *desk, GBytes *pdf, GError **error)
{
    g_autoptr(GBytes) once = sign_and_stamp(desk, pdf, fields[0], error);
    g_autoptr(GBytes) twice = once != NULL ? sign_and_stamp(desk, once, fields[1], error) : NULL;
    g_autoptr(GBytes) lasting = twice != NULL ? add_validation(desk, twice, error) : NULL;
    g_autoptr(NskSigning) seal =
        lasting != NULL ? nsk_sign_prepare_time_stamp(lasting, error) : NULL;
    g_autoptr(GBytes) token =
        seal != NULL ? ask_token(desk, nsk_signing_get_digest(seal), error) : NULL;

    return token != NULL ? nsk_sign_complete(seal, token, error) : NULL;
}

static bool
judge(const Desk *desk, GBytes *pdf, GError **error)
{
    g_autoptr(NskVerdict) verdict = NULL;

    if (!nsk_sign_verify(pdf, desk->trust, desk->now, &verdict, error))
        return false;
    if (verdict->result == NSK_VERDICT_VALID)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INTERNAL, "the bench's own letter is %s",
                nsk_verdict_result_name(verdict->result));
    return false;
}

/* Signs, or judges, @pdf until the time is over. */
static bool
measure(const Desk *desk,
        GBytes *pdf,
        bool signs,
        double seconds,
        NskBenchTimes *times,
        GError **error)
{
    int64_t end = g_get_monotonic_time() + (int64_t)(seconds * G_USEC_PER_SEC);
    int64_t begun;

    while ((begun = g_get_monotonic_time()) < end) {
        g_autoptr(GBytes) done = signs ? sign(desk, pdf, fields[0], error) : NULL;

        if (signs ? done == NULL : !judge(desk, pdf, error))
            return false;
        nsk_bench_times_add(times, g_get_monotonic_time() - begun);
    }
    return true;
}

static bool
run(const Desk *desk, const NskBench *bench, NskJson *result, GError **error)
{
    static const char *const keys[][3] = { { "sign_p50_ms", "sign_p99_ms", "signed" },
                                           { "verify_p50_ms", "verify_p99_ms", "verified" } };
    g_autoptr(GBytes) letter = make_letter();
    g_autoptr(GBytes) lasting = make_lasting(desk, letter, error);
    GBytes *const pdfs[] = { letter, lasting };

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        NskBenchTimes times = { NULL, 0, 0 };
        bool ok =
            lasting != NULL && measure(desk, pdfs[i], i == 0, bench->seconds / 2.0, &times, error);

        nsk_bench_set_real(result, keys[i][0], nsk_bench_times_share(&times, 0.5));
        nsk_bench_set_real(result, keys[i][1], nsk_bench_times_share(&times, 0.99));
        nsk_json_set_int(result, keys[i][2], (int64_t)times.n);
        nsk_bench_times_clear(&times);
        if (!ok)
            return false;
    }
    NskBenchToken token = { .now = desk->now,
                            .field = fields[0],
                            .letter = letter,
                            .p12 = desk->p12,
                            .passphrase = PASSPHRASE,
                            .chain = nsk_identity_get_chain(desk->signer) };
    if (!nsk_bench_sign_token(&token, bench->seconds / 4.0, result, error))
        return false;
    nsk_json_set_int(result, "letter_bytes", (int64_t)g_bytes_get_size(letter));
    nsk_json_set_int(result, "lasting_bytes", (int64_t)g_bytes_get_size(lasting));
    return true;
}

bool
nsk_bench_sign(const NskBench *bench, NskJson **out_result, GError **error)
{
    g_auto(Desk) desk = { 0 };
    NskJson *result = nsk_json_object();

    if (!desk_set_up(&desk, error) || !run(&desk, bench, result, error)) {
        nsk_json_unref(result);
        return false;
    }
    *out_result = result;
    return true;
}

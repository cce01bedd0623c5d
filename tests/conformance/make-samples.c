/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signs letters at every level for validators of others:
 *
 *     make-samples OUT LOOK.pdf BASE.pdf...
 *
 * LOOK is how signatures of the samples "look" look.  A base has the empty fields signatory-1 and
 * signatory-2, as large as that; a small PDF with a table
 * and one with a stream of cross-references are always taken.  The demo authority lives only while
 * the program runs, at the present time.  OUT gets NAME-LEVEL.pdf, root.pem, and the lists of
 * revocations.
 */
#include "../sign/make-pdf.h"

#include <stdio.h>
#include <string.h>

#define MINUTE (G_GINT64_CONSTANT(60) * 1000000)

typedef struct {
    NskDemoAuthority *authority;
    NskIdentity *signers[2];
    NskTrust *trust;
    const char *out;
    NskInstant now;
    GBytes *look; /* NULL: signatures look as their fields do */
} Maker;

static const uint8_t nonce[NSK_NONCE_SIZE] = { 9, 8, 7, 6, 5, 4, 3, 2 };

static void
end_if(GError *error)
{
    if (error == NULL)
        return;
    (void)fprintf(stderr, "make-samples: %s\n", error->message);
    exit(1);
}

static NskIdentity *
make_signer(const Maker *self, const char *name, bool p384, int rsa_bits)
{
    GError *error = NULL;
    NskDemoPerson person = { .name = name,
                             .passphrase = TEST_PASS,
                             .not_before = self->now - TEST_DAY / 2,
                             .rsa_bits = rsa_bits,
                             .p384 = p384 };
    g_autoptr(GBytes) p12 = nsk_demo_authority_issue(self->authority, &person, &error);
    end_if(error);
    NskIdentity *signer =
        nsk_identity_load(g_bytes_get_data(p12, NULL), g_bytes_get_size(p12), TEST_PASS, &error);
    end_if(error);
    return signer;
}

static void
write_file(const Maker *self, const char *name, const char *kind, GBytes *data)
{
    GError *error = NULL;
    g_autofree char *path = g_strdup_printf("%s/%s%s", self->out, name, kind);

    g_file_set_contents(path, g_bytes_get_data(data, NULL), (gssize)g_bytes_get_size(data), &error);
    end_if(error);
}

static GBytes *
sign(const Maker *self, GBytes *pdf, unsigned who, bool certify)
{
    GError *error = NULL;
    NskIdentity *signer = self->signers[who];
    NskSignRequest request = { .field = who == 0 ? "signatory-1" : "signatory-2",
                               .chain = nsk_identity_get_chain(signer),
                               .at = self->now,
                               .offset_minutes = 420,
                               .location = "Arunika",
                               .look = self->look,
                               .certify = certify };
    g_autoptr(NskSigning) signing = nsk_sign_prepare(pdf, &request, &error);
    end_if(error);
    g_autoptr(GBytes) value =
        nsk_identity_sign(signer, NSK_SCHEME_DEFAULT, nsk_signing_get_digest(signing), &error);
    end_if(error);
    GBytes *done = nsk_sign_complete(signing, value, &error);
    end_if(error);
    return done;
}

static GBytes *
ask_token(const Maker *self, const uint8_t imprint[NSK_SHA256_SIZE])
{
    GError *error = NULL;
    g_autoptr(GBytes) request = nsk_time_stamp_request(imprint, nonce);
    g_autoptr(GBytes) answer =
        nsk_demo_authority_time_stamp(self->authority, g_bytes_get_data(request, NULL),
                                      g_bytes_get_size(request), self->now, &error);
    end_if(error);
    GBytes *token = nsk_time_stamp_response(g_bytes_get_data(answer, NULL),
                                            g_bytes_get_size(answer), imprint, nonce, &error);
    end_if(error);
    return token;
}

static GBytes *
stamp(const Maker *self, GBytes *pdf, unsigned who)
{
    GError *error = NULL;
    uint8_t imprint[NSK_SHA256_SIZE];
    const char *field = who == 0 ? "signatory-1" : "signatory-2";

    nsk_sign_get_imprint(pdf, field, imprint, &error);
    end_if(error);
    g_autoptr(GBytes) token = ask_token(self, imprint);
    GBytes *done = nsk_sign_add_time_stamp(pdf, field, token, &error);
    end_if(error);
    return done;
}

static void
add_answers(const Maker *self, GBytes *pdf, NskEvidence *evidence)
{
    GError *error = NULL;
    g_autoptr(GPtrArray) missing =
        nsk_sign_list_missing(pdf, self->trust, evidence, self->now, &error);

    end_if(error);
    for (guint i = 0; i < missing->len; i++) {
        const NskSignMissing *row = g_ptr_array_index(missing, i);
        g_autoptr(GBytes) request = nsk_ocsp_request(row->cert, row->issuer, NULL, &error);
        end_if(error);
        g_autoptr(GBytes) answer =
            nsk_demo_authority_ocsp(self->authority, g_bytes_get_data(request, NULL),
                                    g_bytes_get_size(request), self->now, &error);
        end_if(error);
        nsk_evidence_add_ocsp(evidence, g_bytes_get_data(answer, NULL), g_bytes_get_size(answer),
                              &error);
        end_if(error);
    }
}

/* The root's list, and answers on the rest; or both lists. */
static NskEvidence *
gather(const Maker *self, GBytes *pdf, bool only_lists)
{
    GError *error = NULL;
    NskEvidence *evidence = nsk_evidence_new();
    g_autoptr(GBytes) root = nsk_demo_authority_root_crl(self->authority, self->now, 30, &error);
    end_if(error);
    g_autoptr(GBytes) issuer = nsk_demo_authority_crl(self->authority, self->now, 30, &error);
    end_if(error);
    nsk_evidence_add_cert(evidence, nsk_demo_authority_get_root(self->authority), &error);
    nsk_evidence_add_crl(evidence, g_bytes_get_data(root, NULL), g_bytes_get_size(root), &error);
    if (only_lists)
        nsk_evidence_add_crl(evidence, g_bytes_get_data(issuer, NULL), g_bytes_get_size(issuer),
                             &error);
    end_if(error);
    add_answers(self, pdf, evidence);
    return evidence;
}

static GBytes *
lasting(const Maker *self, GBytes *pdf, bool only_lists)
{
    GError *error = NULL;
    g_autoptr(NskEvidence) evidence = gather(self, pdf, only_lists);
    GBytes *done = nsk_sign_add_validation(pdf, evidence, &error);

    end_if(error);
    return done;
}

static GBytes *
seal(const Maker *self, GBytes *pdf)
{
    GError *error = NULL;
    g_autoptr(NskSigning) signing = nsk_sign_prepare_time_stamp(pdf, &error);

    end_if(error);
    g_autoptr(GBytes) token = ask_token(self, nsk_signing_get_digest(signing));
    GBytes *done = nsk_sign_complete(signing, token, &error);
    end_if(error);
    return done;
}

static void
make_levels(Maker *self, const char *name, GBytes *base)
{
    g_autoptr(GBytes) b = sign(self, base, 0, false);
    g_autoptr(GBytes) t = stamp(self, b, 0);
    self->now += MINUTE;
    g_autoptr(GBytes) lt = lasting(self, t, false);
    g_autoptr(GBytes) listed = lasting(self, t, true);
    g_autoptr(GBytes) lta = seal(self, listed);
    g_autoptr(GBytes) second = sign(self, t, 1, false);
    g_autoptr(GBytes) second_t = stamp(self, second, 1);
    g_autoptr(GBytes) second_lt = lasting(self, second_t, true);
    g_autoptr(GBytes) second_lta = seal(self, second_lt);
    g_autoptr(GBytes) certified = sign(self, base, 0, true);
    g_autoptr(GBytes) certified_t = stamp(self, certified, 0);
    g_autoptr(GBytes) certified_lt = lasting(self, certified_t, true);
    g_autoptr(GBytes) certified_lta = seal(self, certified_lt);

    write_file(self, name, "-B.pdf", b);
    write_file(self, name, "-T.pdf", t);
    write_file(self, name, "-LT.pdf", lt);
    write_file(self, name, "-LTA.pdf", lta);
    write_file(self, name, "-two-LTA.pdf", second_lta);
    write_file(self, name, "-certified-LTA.pdf", certified_lta);
}

static GBytes *
read_file(const char *path)
{
    GError *error = NULL;
    char *data = NULL;
    gsize size = 0;

    g_file_get_contents(path, &data, &size, &error);
    end_if(error);
    return g_bytes_new_take(data, size);
}

/* Both signatures with a look, at the first and at the last level. */
static void
make_looks(Maker *self, const char *name, GBytes *base, GBytes *look)
{
    self->look = look;
    g_autoptr(GBytes) b = sign(self, base, 0, false);
    g_autoptr(GBytes) t = stamp(self, b, 0);
    g_autoptr(GBytes) second = sign(self, t, 1, false);
    g_autoptr(GBytes) second_t = stamp(self, second, 1);
    g_autoptr(GBytes) lt = lasting(self, second_t, true);
    g_autoptr(GBytes) lta = seal(self, lt);

    self->look = NULL;
    write_file(self, name, "-look-B.pdf", b);
    write_file(self, name, "-look-two-LTA.pdf", lta);
}

int
main(int argc, char **argv)
{
    static const MakePdf shapes[] = { { .n_fields = 2 }, { .n_fields = 2, .xref_stream = true } };
    static const char *const names[] = { "table", "stream" };
    GError *error = NULL;
    Maker self = { .now = g_get_real_time() - 10 * MINUTE, .out = argc > 1 ? argv[1] : "." };

    self.authority = nsk_demo_authority_new(self.now, &error);
    end_if(error);
    self.trust = nsk_trust_new();
    nsk_trust_add(self.trust, nsk_demo_authority_get_root(self.authority));
    self.signers[0] = make_signer(&self, "Sekar Wulandari", false, 0);
    self.signers[1] = make_signer(&self, "Bima Aryasatya", true, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autoptr(GBytes) base = make_pdf(&shapes[i]);

        make_levels(&self, names[i], base);
    }
    for (int i = 3; i < argc; i++) {
        g_autoptr(GBytes) look = read_file(argv[2]);
        g_autoptr(GBytes) base = read_file(argv[i]);
        g_autofree char *name = g_path_get_basename(argv[i]);

        if (g_str_has_suffix(name, ".pdf"))
            name[strlen(name) - 4] = '\0';
        make_levels(&self, name, base);
        make_looks(&self, name, base, look);
    }
    g_autofree char *pem = nsk_cert_to_pem(nsk_demo_authority_get_root(self.authority));
    g_autoptr(GBytes) root = g_bytes_new(pem, strlen(pem));
    write_file(&self, "root.pem", "", root);
    g_autoptr(GBytes) first = nsk_demo_authority_root_crl(self.authority, self.now, 30, &error);
    end_if(error);
    g_autoptr(GBytes) second = nsk_demo_authority_crl(self.authority, self.now, 30, &error);
    end_if(error);
    write_file(&self, "root.crl", "", first);
    write_file(&self, "issuer.crl", "", second);
    for (size_t i = 0; i < G_N_ELEMENTS(self.signers); i++)
        nsk_identity_free(self.signers[i]);
    nsk_trust_free(self.trust);
    nsk_demo_authority_free(self.authority);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When each signature existed for certain, and whether its signer could be believed then (ETSI EN
 * 319 102-1, 5.6: past signature validation).
 *
 * Time stamps are judged from the last to the first: the last one at the present, each earlier
 * thing at the time that the later ones prove for it.  Material for the paths comes from the
 * signatures themselves and from the DSS (ISO 32000-2, 12.8.4.3).
 *
 * INVARIANTS:
 *   (1) a time is only moved back by a time stamp that holds over the very bytes, and whose path
 *       is good at the time proven for the time stamp itself;
 *   (2) nothing here makes a signature hold that does not;
 *   (3) level LTA is only reached by a signature that the material alone proves which stood in the
 *       file when its last trusted document time stamp was made.
 */
#include "base/limits.h"
#include "base/message.h"
#include "sign/sign-private.h"

#include <string.h>

#define SKEW (G_GINT64_CONSTANT(300) * 1000000) /* clocks differ */

typedef struct {
    PdfDocument *document;
    const Judging *judging;
    NskVerdict *verdict;
    GPtrArray *judged; /* Judged */
    NskEvidence *evidence;
    NskEvidence *sealed;   /* that the last time stamp covers; NULL: all of it, or not asked yet */
    unsigned dss_revision; /* the first that has a DSS; G_MAXUINT: none */
    unsigned last_sealed;  /* the last revision that a trusted document time stamp covers */
} Proof;

static const char *const dss_keys[] = { "Certs", "CRLs", "OCSPs" };

void
judged_free(gpointer data)
{
    Judged *self = data;

    if (self->cms != NULL)
        nsk_cms_verdict_free(self->cms);
    if (self->token != NULL)
        nsk_token_verdict_free(self->token);
    g_ptr_array_unref(self->stamps);
    g_free(self);
}

static void
missing_free(gpointer data)
{
    NskSignMissing *self = data;

    nsk_cert_unref(self->cert);
    nsk_cert_unref(self->issuer);
    g_free(self);
}

GPtrArray *
missing_new(void)
{
    return g_ptr_array_new_with_free_func(missing_free);
}

static void
warn_material(Proof *self, const GError *fault)
{
    add_issue(self->verdict->issues, "pdf-dss", NSK_SEVERITY_WARNING,
              nsk_tr("a piece of the validation data in the file is of no use: %s"),
              fault->message);
}

static bool
add_piece(Proof *self, NskEvidence *evidence, const char *key, GBytes *data, GError **error)
{
    gsize size;
    const void *bytes = g_bytes_get_data(data, &size);

    if (strcmp(key, "CRLs") == 0)
        return nsk_evidence_add_crl(evidence, bytes, size, error);
    if (strcmp(key, "OCSPs") == 0)
        return nsk_evidence_add_ocsp(evidence, bytes, size, error);
    g_autoptr(NskCert) cert = nsk_cert_pool_parse(self->judging->pool, bytes, size, error);
    return cert != NULL && nsk_evidence_add_cert(evidence, cert, error);
}

/* A list of the DSS as of @revision. */
static const PdfValue *
find_list(Proof *self, unsigned revision, const char *key)
{
    const PdfValue *catalog = pdf_catalog(self->document, revision);
    const PdfValue *dss = pdf_resolve_key(self->document, revision, catalog, "DSS");

    return pdf_resolve_key(self->document, revision, dss, key);
}

static void
add_list(Proof *self, NskEvidence *evidence, unsigned revision, const char *key)
{
    const PdfValue *list = find_list(self, revision, key);

    for (uint32_t i = 0; list != NULL && list->type == PDF_ARRAY && i < list->n; i++) {
        const PdfValue *stream = pdf_resolve(self->document, revision, list->u.items[i]);
        GError *fault = NULL;
        g_autoptr(GBytes) data = NULL;

        if (i >= NSK_LIMIT_EVIDENCE)
            return;
        if (stream != NULL && stream->type == PDF_STREAM)
            data = pdf_stream_data(self->document, stream, &fault);
        else
            pdf_fail(&fault, PDF_FAULT_SYNTAX, 0, N_("it is no stream"));
        if (data != NULL)
            add_piece(self, evidence, key, data, &fault);
        if (fault != NULL && evidence == self->evidence)
            warn_material(self, fault);
        g_clear_error(&fault);
    }
}

static void
add_dss(Proof *self)
{
    unsigned last = pdf_last(self->document);

    for (size_t i = 0; i < G_N_ELEMENTS(dss_keys); i++)
        add_list(self, self->evidence, last, dss_keys[i]);
    for (unsigned i = 0; i <= last && self->dss_revision == G_MAXUINT; i++)
        if (pdf_get(pdf_catalog(self->document, i), "DSS") != NULL)
            self->dss_revision = i;
}

static void
add_certs(NskEvidence *evidence, GPtrArray *certs)
{
    for (guint i = 0; certs != NULL && i < certs->len; i++)
        nsk_evidence_add_cert(evidence, g_ptr_array_index(certs, i), NULL);
}

/* The certificates that the signatures bring which stand in the revisions up to @revision. */
static void
add_signature_certs(Proof *self, NskEvidence *evidence, unsigned revision)
{
    for (guint i = 0; i < self->judged->len; i++) {
        const Judged *row = g_ptr_array_index(self->judged, i);

        if (row->signature->revision > revision + 1)
            continue;
        add_certs(evidence, row->cms != NULL ? row->cms->certs : NULL);
        add_certs(evidence, row->token != NULL ? row->token->certs : NULL);
        for (guint j = 0; evidence != self->evidence && j < row->stamps->len; j++)
            add_certs(evidence, ((NskTokenVerdict *)g_ptr_array_index(row->stamps, j))->certs);
    }
}

static void
add_given(Proof *self)
{
    const NskEvidence *given = self->judging->evidence;

    if (given == NULL)
        return;
    add_certs(self->evidence, nsk_evidence_get_certs(given));
    GPtrArray *lists[] = { nsk_evidence_get_crls(given), nsk_evidence_get_ocsps(given) };
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        for (guint j = 0; j < lists[i]->len; j++)
            add_piece(self, self->evidence, dss_keys[i + 1], g_ptr_array_index(lists[i], j), NULL);
}

static void
note_missing(Proof *self, const NskPathVerdict *path)
{
    GPtrArray *missing = self->judging->missing;

    for (guint i = 0; missing != NULL && i < path->unknown->len; i++) {
        NskCert *cert = g_ptr_array_index(path->unknown, i);
        const char *print = nsk_cert_facts(cert)->fingerprint;
        bool known = false;

        for (guint j = 0; j < missing->len; j++) {
            const NskSignMissing *row = g_ptr_array_index(missing, j);

            known = known || strcmp(nsk_cert_facts(row->cert)->fingerprint, print) == 0;
        }
        for (guint j = 0; !known && j + 1 < path->chain->len; j++) {
            if (strcmp(nsk_cert_facts(path->chain->pdata[j])->fingerprint, print) != 0)
                continue;
            NskSignMissing *row = g_new0(NskSignMissing, 1);
            row->cert = nsk_cert_ref(cert);
            row->issuer = nsk_cert_ref(path->chain->pdata[j + 1]);
            g_ptr_array_add(missing, row);
        }
    }
}

static NskPathVerdict *
judge_path(Proof *self, const NskCert *cert, NskPurpose purpose, NskInstant at)
{
    NskPathVerdict *path = nsk_path_check(&(NskPathCheck){ .cert = cert,
                                                           .purpose = purpose,
                                                           .trust = self->judging->trust,
                                                           .evidence = self->evidence,
                                                           .at = at,
                                                           .now = self->judging->now });

    if (path->trusted)
        note_missing(self, path);
    return path;
}

/* Certificates that a signature brings stand where nothing protects them: one that has no part in
 * its path may be damaged or planted. */
static void
note_unused(NskSignature *signature, GPtrArray *certs, const NskPathVerdict *path)
{
    for (guint i = 0; path->trusted && i < certs->len; i++) {
        const NskCertFacts *facts = nsk_cert_facts(g_ptr_array_index(certs, i));
        bool used = facts->is_self_issued; /* a root proves nothing by itself */

        for (guint j = 0; !used && j < path->chain->len; j++)
            used =
                strcmp(nsk_cert_facts(path->chain->pdata[j])->fingerprint, facts->fingerprint) == 0;
        if (!used)
            add_issue(signature->issues, "pdf-certificate", NSK_SEVERITY_WARNING,
                      nsk_tr("the signature carries a certificate of '%s' that has no part in its "
                             "path"),
                      facts->subject);
    }
}

/* Whether @token, which holds, proves its time to us at @at; tells why not. */
static bool
believe_token(Proof *self,
              NskSignature *signature,
              const NskTokenVerdict *token,
              NskInstant at,
              bool *out_known)
{
    const NskCertFacts *facts = nsk_cert_facts(token->authority);
    g_autoptr(NskPathVerdict) path =
        judge_path(self, token->authority, NSK_PURPOSE_TIME_STAMPING, at);
    bool in_time =
        token->at >= facts->not_before && token->at <= facts->not_after && token->at <= at + SKEW;

    *out_known = path->unknown->len == 0;
    note_unused(signature, token->certs, path);
    if (path->trusted && in_time) {
        if (self->verdict->renew_before == 0) /* the last one decides, and it comes first */
            self->verdict->renew_before = facts->not_after;
        return true;
    }
    nsk_issues_add_all(signature->issues, path->issues);
    if (self->judging->trust != NULL)
        add_issue(signature->issues, "pdf-time-stamp", NSK_SEVERITY_WARNING,
                  nsk_tr("the time stamp by '%s' proves nothing here: %s"), facts->subject,
                  in_time ? nsk_tr("nobody here vouches for its authority")
                          : nsk_tr("its time is not possible"));
    return false;
}

/* The time proven by the time stamps inside a signature, or @at. */
static NskInstant
use_stamps(Proof *self, Judged *judged, NskInstant at, bool *io_known)
{
    NskInstant proven = at;

    for (guint i = 0; i < judged->stamps->len; i++) {
        const NskTokenVerdict *token = g_ptr_array_index(judged->stamps, i);
        bool known = false;

        add_certs(self->evidence, token->certs);
        if (believe_token(self, judged->signature, token, at, &known)) {
            proven = MIN(proven, token->at);
            *io_known = *io_known && known;
        }
    }
    return proven;
}

/* Whether the validation data is what it was when the last time stamp was made. */
static bool
is_all_sealed(Proof *self)
{
    unsigned last = pdf_last(self->document);

    for (size_t i = 0; i < G_N_ELEMENTS(dss_keys); i++) {
        const PdfValue *then = find_list(self, self->last_sealed, dss_keys[i]);
        const PdfValue *now = find_list(self, last, dss_keys[i]);

        if (then != now && (then == NULL || now == NULL || !pdf_equal(then, now)))
            return false;
    }
    return true;
}

/* Whether the path of @cert is good and its status known by what the last time stamp covers. */
static bool
is_path_sealed(Proof *self, const NskCert *cert, NskPurpose purpose, NskInstant at)
{
    if (self->sealed == NULL) {
        self->sealed = nsk_evidence_new();
        add_signature_certs(self, self->sealed, self->last_sealed);
        for (size_t i = 0; i < G_N_ELEMENTS(dss_keys); i++)
            add_list(self, self->sealed, self->last_sealed, dss_keys[i]);
    }
    NskPathCheck check = { .cert = cert, .purpose = purpose, .at = at, .now = self->judging->now };
    check.trust = self->judging->trust;
    check.evidence = self->sealed;
    g_autoptr(NskPathVerdict) path = nsk_path_check(&check);
    return path->trusted && path->unknown->len == 0;
}

/* Invariant (3).  @at is when the time stamps inside the signature are judged. */
static bool
is_sealed(Proof *self, const Judged *judged, NskInstant at, NskInstant proven)
{
    const NskSignature *signature = judged->signature;
    bool ok = self->last_sealed != G_MAXUINT && self->last_sealed >= self->dss_revision &&
              self->last_sealed + 1 >= signature->revision;

    if (!ok || is_all_sealed(self))
        return ok;
    ok = is_path_sealed(self, signature->signer, NSK_PURPOSE_SIGNING, proven);
    for (guint i = 0; ok && i < judged->stamps->len; i++) {
        const NskTokenVerdict *token = g_ptr_array_index(judged->stamps, i);

        ok = is_path_sealed(self, token->authority, NSK_PURPOSE_TIME_STAMPING, at);
    }
    return ok;
}

/* The level but for LTA. */
static NskLevel
level_of(const Proof *self, const NskSignature *signature, bool known)
{
    if (!signature->is_pades)
        return NSK_LEVEL_NONE;
    if (signature->proven_at == 0)
        return NSK_LEVEL_B;
    return known && self->dss_revision != G_MAXUINT ? NSK_LEVEL_LT : NSK_LEVEL_T;
}

static void
judge_level(Proof *self, const Judged *judged, NskInstant at, NskInstant proven, bool known)
{
    NskSignature *signature = judged->signature;

    signature->level = level_of(self, signature, known);
    if (signature->level != NSK_LEVEL_LT)
        return;
    if (is_sealed(self, judged, at, proven))
        signature->level = NSK_LEVEL_LTA;
    else if (self->last_sealed != G_MAXUINT)
        add_issue(signature->issues, "pdf-unsealed", NSK_SEVERITY_WARNING,
                  nsk_tr("the document's last time stamp is older than this signature or than what "
                         "proves it; add another"));
}

static void
prove_signature(Proof *self, Judged *judged, NskInstant at)
{
    NskSignature *signature = judged->signature;
    bool known = true;
    NskInstant proven = use_stamps(self, judged, at, &known);
    g_autoptr(NskPathVerdict) path =
        judge_path(self, signature->signer, NSK_PURPOSE_SIGNING, proven);

    note_unused(signature, judged->cms->certs, path);
    signature->proven_at = proven < self->judging->now ? proven : 0;
    signature->trusted = path->trusted;
    judge_level(self, judged, at, proven, known && path->trusted && path->unknown->len == 0);
    nsk_issues_add_all(signature->issues, path->issues);
    if (path->trusted && path->unknown->len > 0)
        add_issue(signature->issues, "pdf-revocation", NSK_SEVERITY_WARNING,
                  nsk_tr("no material in the file tells whether the certificate of '%s' was "
                         "revoked by then"),
                  nsk_cert_facts(g_ptr_array_index(path->unknown, 0))->subject);
}

/* Returns the time that it proves for all before it. */
static NskInstant
prove_document_stamp(Proof *self, Judged *judged, NskInstant at)
{
    NskSignature *signature = judged->signature;
    bool known = false;

    signature->proven_at = at < self->judging->now ? at : 0;
    signature->trusted = believe_token(self, signature, judged->token, at, &known);
    if (!signature->trusted)
        return at;
    if (self->last_sealed == G_MAXUINT)
        self->last_sealed = signature->revision - 1; /* an index: it covers its own revision, too */
    return MIN(at, judged->token->at);
}

void
prove_times(PdfDocument *document, GPtrArray *judged, const Judging *judging, NskVerdict *verdict)
{
    g_autoptr(NskEvidence) evidence = nsk_evidence_new();
    Proof self = { document, judging, verdict, judged, evidence, NULL, G_MAXUINT, G_MAXUINT };
    NskInstant at = judging->now;

    add_signature_certs(&self, evidence, pdf_last(document));
    add_dss(&self);
    add_given(&self);
    for (guint i = judged->len; i-- > 0;) {
        Judged *row = g_ptr_array_index(judged, i);

        if (!row->signature->intact)
            continue;
        if (row->token != NULL)
            at = prove_document_stamp(&self, row, at);
        else if (row->cms != NULL)
            prove_signature(&self, row, at);
    }
    nsk_evidence_free(self.sealed);
}

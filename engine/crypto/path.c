/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The path from a certificate to a trusted root at a given time, with the status of each
 * certificate on it (RFC 5280, 6; the time is what ETSI EN 319 102-1, 5.6 calls the proof of
 * existence).
 */
#include "base/message.h"
#include "crypto/evidence-private.h"

static bool
fail(NskPathVerdict *self, const char *tag, char *text)
{
    NskIssue place = { .tag = tag, .severity = NSK_SEVERITY_WARNING };

    nsk_issues_add(self->issues, &place, "%s", text);
    g_free(text);
    return false;
}

static bool
check_usage(NskPathVerdict *self, const NskPathCheck *check)
{
    const NskCertFacts *facts = nsk_cert_facts(check->cert);

    if (check->purpose == NSK_PURPOSE_TIME_STAMPING ? facts->can_time_stamp : facts->can_sign)
        return true;
    return fail(self, "cms-usage",
                g_strdup_printf(check->purpose == NSK_PURPOSE_TIME_STAMPING
                                    ? nsk_tr("the certificate of '%s' is not for time stamps")
                                    : nsk_tr("the certificate of '%s' is not for signing "
                                             "documents"),
                                facts->subject));
}

/* A chain remembered, or built and then remembered. */
static bool
find_chain(NskPathVerdict *self,
           const NskPathCheck *check,
           const char **out_reason,
           bool *out_expired)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    NskEvidence *evidence = check->evidence;
    GPtrArray *others = evidence != NULL ? nsk_evidence_get_certs(evidence) : none;
    TrustQuery query = { check->trust, check->cert, others, check->at };
    GPtrArray *known = evidence != NULL ? evidence_find_chain(evidence, &query) : NULL;

    if (known != NULL) {
        g_ptr_array_unref(self->chain);
        self->chain = g_ptr_array_ref(known);
        return true;
    }
    if (!trust_check_chain(&query, self->chain, out_reason, out_expired))
        return false;
    if (evidence != NULL && self->chain->len > 0)
        evidence_keep_chain(evidence, check->trust, self->chain);
    return true;
}

static bool
build_chain(NskPathVerdict *self, const NskPathCheck *check)
{
    const char *reason = nsk_tr("no root certificates are trusted");
    bool expired = false;

    if (check->trust != NULL && find_chain(self, check, &reason, &expired))
        return true;
    g_autofree char *at = nsk_instant_format(check->at);
    return fail(
        self, expired ? "cms-expired" : "cms-chain",
        g_strdup_printf(nsk_tr("the certificate of '%s' does not lead to a trusted root at %s: %s"),
                        nsk_cert_facts(check->cert)->subject, at, reason));
}

/* The status of every certificate but the root, which is believed as long as it is trusted. */
static bool
check_statuses(NskPathVerdict *self, const NskPathCheck *check)
{
    bool ok = true;

    for (guint i = 0; i + 1 < self->chain->len; i++) {
        NskCert *cert = g_ptr_array_index(self->chain, i);
        StatusQuery query = { cert, g_ptr_array_index(self->chain, i + 1), check->at, check->now,
                              false };
        NskInstant revoked_at = 0;
        CertStatus status = check->evidence != NULL
                                ? evidence_status(check->evidence, &query, &revoked_at)
                                : CERT_UNKNOWN;

        if (status == CERT_UNKNOWN)
            g_ptr_array_add(self->unknown, nsk_cert_ref(cert));
        if (status != CERT_REVOKED)
            continue;
        g_autofree char *at = nsk_instant_format(revoked_at);
        g_autofree char *used = nsk_instant_format(check->at);
        self->revoked_at = revoked_at;
        ok = fail(self, "cms-revoked",
                  g_strdup_printf(nsk_tr("the certificate of '%s' was revoked at %s, and nothing "
                                         "proves that it was used before that; the earliest proof "
                                         "is of %s"),
                                  nsk_cert_facts(cert)->subject, at, used));
    }
    return ok;
}

NskPathVerdict *
nsk_path_check(const NskPathCheck *check)
{
    NskPathVerdict *self = g_new0(NskPathVerdict, 1);

    self->issues = nsk_issues_new();
    self->chain = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);
    self->unknown = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);
    self->trusted =
        check_usage(self, check) && build_chain(self, check) && check_statuses(self, check);
    return self;
}

void
nsk_path_verdict_free(NskPathVerdict *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->chain);
    g_ptr_array_unref(self->unknown);
    g_ptr_array_unref(self->issues);
    g_free(self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is made of a signer's answer: the signed PDF, judged before it is stored.
 *
 * The stored answer is all that is needed: who comes after a crash makes the same PDF of it.  It
 * must be of the certificate that was expected, stand in its field behind the bytes that were
 * shown, leave the signatures before it good, and change nothing that is seen outside its
 * rectangle; the verifier (sign/sign.h) says so for every revision.  What does not hold is kept as
 * evidence and never becomes the letter.
 */
#include "base/fault.h"
#include "base/message.h"
#include "office/preserve-private.h"

#include <string.h>

/* The session's certificates. */
static GPtrArray *
read_chain(const NskSessionRow *session, GError **error)
{
    return nsk_certs_parse(session->chain, strlen(session->chain), error);
}

NskSignRequest
nsk_sign_request(const NskSignWork *work, GPtrArray *chain)
{
    const NskSessionRow *session = work->session;

    return (NskSignRequest){ .field = work->field,
                             .chain = chain,
                             .scheme = session->scheme,
                             .at = session->signed_at,
                             .offset_minutes = session->offset_minutes,
                             .location = session->place,
                             .name = session->name,
                             .look = session->look,
                             .certify = work->certifies };
}

/* The signature of a signer of digests is prepared again, as it was for him. */
static bool
prepare_again(NskSignWork *work, GPtrArray *chain, GError **error)
{
    const NskSessionRow *session = work->session;
    NskSignRequest request = nsk_sign_request(work, chain);

    if (work->signing == NULL)
        work->signing = nsk_sign_prepare(work->pages, &request, error);
    if (work->signing == NULL)
        return false;
    if (memcmp(nsk_signing_get_digest(work->signing), session->digest, sizeof session->digest) == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("the session of this signature on letter %s is not for these pages; run "
                       "'naskah doctor'"),
                work->letter);
    return false;
}

/* *out_fault: why the answer cannot be used at all, or NULL. */
static bool
complete(NskSignWork *work, GPtrArray *chain, const char **out_fault, GError **error)
{
    g_autoptr(GError) fault = NULL;

    *out_fault = NULL;
    g_clear_pointer(&work->pdf, g_bytes_unref);
    if (work->session->whole) {
        work->pdf = g_bytes_ref(work->answer);
        return true;
    }
    if (!prepare_again(work, chain, error))
        return false;
    work->pdf = nsk_sign_complete(work->signing, work->answer, &fault);
    if (work->pdf != NULL)
        return true;
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_UNTRUSTED)) {
        *out_fault = N_("it is no signature of these pages by the expected certificate");
        return true;
    }
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

static bool
begins_with_pages(const NskSignWork *work)
{
    size_t shown = g_bytes_get_size(work->pages);

    return g_bytes_get_size(work->pdf) > shown &&
           memcmp(g_bytes_get_data(work->pdf, NULL), g_bytes_get_data(work->pages, NULL), shown) ==
               0;
}

/* Whether the signer is the one that was expected. */
static bool
is_expected(const NskSignature *signature, const GPtrArray *chain)
{
    if (signature->signer == NULL)
        return false;
    if (chain->len == 0)
        return true; /* a service that does not show certificates before it signs */
    const NskCertFacts *expected = nsk_cert_facts(g_ptr_array_index(chain, 0));
    return strcmp(nsk_cert_facts(signature->signer)->fingerprint, expected->fingerprint) == 0;
}

/* Why the PDF may not become the letter; NULL if nothing speaks against it. */
static const char *
find_fault(const NskSignWork *work, const NskVerdict *verdict, const GPtrArray *chain)
{
    const NskSignature *last =
        verdict->signatures->len > 0
            ? g_ptr_array_index(verdict->signatures, verdict->signatures->len - 1)
            : NULL;
    bool own_field =
        last != NULL && (work->session->whole || strcmp(last->field, work->field) == 0);

    if (!begins_with_pages(work))
        return N_("the signed file does not begin with the pages that were shown");
    if (verdict->result == NSK_VERDICT_INVALID)
        return N_("the signed file does not hold: something else was changed, or a signature "
                  "before it is no longer good");
    if (verdict->result != NSK_VERDICT_VALID)
        return N_("the signature does not lead to an authority that this office trusts");
    if (!own_field || !last->covers_document)
        return N_("the signature is not in its field, or does not cover the whole document");
    if (verdict->signatures->len != work->signed_before + 1)
        return N_("the signed file does not carry exactly the signatures before and this one");
    if (!is_expected(last, chain))
        return N_("it is not the certificate that was expected");
    if (!nsk_name_in_certificate(work->session->name, last->signer))
        return N_("the certificate belongs to somebody else");
    return NULL;
}

/* What the verifier says to a whole file; a file that it cannot read is a fault, too. */
static bool
judge(const NskSignWork *work, const GPtrArray *chain, const char **out_fault, GError **error)
{
    g_autoptr(NskVerdict) verdict = NULL;
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskTrust) trust = nsk_office_load_trust(work->office->dir, NULL, error);

    if (trust == NULL)
        return false;
    if (nsk_sign_verify(work->pdf, trust, work->now, &verdict, &fault)) {
        *out_fault = find_fault(work, verdict, chain);
        return true;
    }
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) ||
        g_error_matches(fault, NSK_ERROR, NSK_ERROR_LIMIT)) {
        *out_fault = N_("it is no PDF that can be read safely");
        return true;
    }
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

/* Keeps the answer as evidence; the signature can be given anew. */
static bool
refuse(NskSignWork *work, const char *fault, GError **error)
{
    NskSignTurn turn = { .state = "refused",
                         .action = "signature-refused",
                         .sentence = "Refuse a signature that does not hold",
                         .reason = fault,
                         .drops_answer = true };

    if (!nsk_sign_turn(work, &turn, error))
        return false;
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED, nsk_tr("the signature is refused: %s"),
                nsk_tr(fault));
    return false;
}

/* The signatory may no longer sign, so that the answer may not be used. */
static bool
end_late(NskSignWork *work, GError *why, GError **error)
{
    NskSignTurn turn = { .state = "late",
                         .action = "signature-late",
                         .sentence =
                             "Keep a signature as evidence: who gave it may no longer give it",
                         .reason = why->message,
                         .drops_answer = true };
    g_autoptr(GError) fault = NULL;

    if (!nsk_sign_turn(work, &turn, &fault) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT)) {
        g_error_free(why);
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    g_propagate_error(error, why);
    return false;
}

static bool
store(NskSignWork *work, GError **error)
{
    GError *why = NULL;

    if (nsk_sign_store(work, &why))
        return true;
    /* who held the position for a time may no longer know of the letter, either */
    if (g_error_matches(why, NSK_ERROR, NSK_ERROR_DENIED) ||
        g_error_matches(why, NSK_ERROR, NSK_ERROR_EXPIRED) ||
        g_error_matches(why, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        return end_late(work, why, error);
    g_propagate_error(error, why);
    return false;
}

/* What the profile asks of signatures of this letter; static. */
static const char *
find_level(NskSignWork *work, NskStampSource *source, GError **error)
{
    NskOffice *office = work->office;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office->reader, error);
    g_autoptr(NskLetterRow) row =
        txn != NULL ? nsk_letter_row_load(txn, work->letter, error) : NULL;
    const char *level = NULL;

    if (row == NULL || !nsk_preserve_level(office, txn, row, &level, error) ||
        !nsk_stamp_source_load(txn, source, error))
        return NULL;
    return level;
}

/* What @evidence (NULL: nothing) says of the certificate today. */
static NskPathVerdict *
follow_path(const NskSignWork *work,
            const NskCert *cert,
            const NskTrust *trust,
            NskEvidence *evidence)
{
    NskInstant now = nsk_clock_now(work->office->clock);
    const NskPathCheck check = { .cert = cert,
                                 .purpose = NSK_PURPOSE_SIGNING,
                                 .trust = trust,
                                 .evidence = evidence,
                                 .at = now,
                                 .now = now };

    return nsk_path_check(&check);
}

/*
 * Whether the certificate's authority says today that it is revoked; asked where the profile wants
 * signatures whose certificates are known to have been good.  An authority that is not reached
 * holds nobody up: what it says goes into the file later, and is told then.
 */
static bool
find_revoked(const NskSignWork *work,
             const NskStampSource *source,
             const GPtrArray *chain,
             const char **out_fault,
             GError **error)
{
    const NskFetch fetch = { .hosts = (const char *const *)source->hosts, .ca = source->ca };
    g_autoptr(NskTrust) trust = nsk_office_load_trust(work->office->dir, NULL, error);
    g_autoptr(NskEvidence) evidence = nsk_evidence_new();

    if (trust == NULL)
        return false;
    if (chain->len == 0)
        return true;
    const NskCert *cert = g_ptr_array_index(chain, 0);
    g_autoptr(NskPathVerdict) path = follow_path(work, cert, trust, NULL);
    if (path->chain->len < 2 ||
        !nsk_fetch_status(&fetch, cert, g_ptr_array_index(path->chain, 1), evidence, NULL))
        return true;
    g_autoptr(NskPathVerdict) known = follow_path(work, cert, trust, evidence);
    if (known->revoked_at != 0)
        *out_fault = N_("its certificate was revoked by the authority that gave it");
    return true;
}

/* The name of the last signature's field, which a service may have chosen. */
static char *
find_field(const NskSignWork *work, GError **error)
{
    char *name = NULL;
    g_autoptr(GPtrArray) fields = NULL;

    if (!work->session->whole)
        return g_strdup(work->field);
    fields = nsk_sign_fields(work->pdf, error);
    for (guint i = 0; fields != NULL && i < fields->len; i++) {
        const NskSignField *field = g_ptr_array_index(fields, i);

        if (!field->is_signed)
            continue;
        g_free(name);
        name = g_strdup(field->name);
    }
    return name != NULL || fields == NULL ? name : g_strdup(work->field);
}

static bool
ask_stamp(NskSignWork *work, const NskStampSource *source, GError **error)
{
    uint8_t imprint[NSK_SHA256_SIZE];
    g_autoptr(GError) fault = NULL;
    g_autofree char *field = find_field(work, error);

    if (field == NULL)
        return false;
    if (!nsk_sign_get_imprint(work->pdf, field, imprint, &fault)) {
        /* a service may have stamped it itself */
        if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT))
            return true;
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    g_autoptr(GBytes) token = nsk_stamp_source_ask(source, imprint, error);
    GBytes *pdf = token != NULL ? nsk_sign_add_time_stamp(work->pdf, field, token, error) : NULL;
    if (pdf == NULL)
        return false;
    g_bytes_unref(work->pdf);
    work->pdf = pdf;
    return true;
}

/* Has the signature time-stamped where the profile says so.  Without that it is not stored: the
 * letter waits, visibly, with its answer kept. */
static bool
stamp(NskSignWork *work, const NskStampSource *source, GError **error)
{
    g_autoptr(GError) why = NULL;

    if (ask_stamp(work, source, &why))
        return true;
    const NskSignTurn turn = { .state = "checked",
                               .action = "signature-checked",
                               .sentence = "The signature holds; its time stamp is missing",
                               .reason = why->message,
                               .waits = "time-stamp",
                               .in_vain = true };
    if (!nsk_sign_turn(work, &turn, error))
        return false;
    g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                nsk_tr("the signature holds and is kept, and the letter waits for its time stamp: "
                       "%s"),
                why->message);
    return false;
}

bool
nsk_sign_finish(NskSignWork *work, GError **error)
{
    const char *fault = NULL;
    g_auto(NskStampSource) source = { 0 };
    const char *level = find_level(work, &source, error);
    g_autoptr(GPtrArray) chain =
        level == NULL ? NULL
        : work->session->chain[0] != '\0'
            ? read_chain(work->session, error)
            : g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);

    if (chain == NULL || !complete(work, chain, &fault, error) ||
        (fault == NULL && !judge(work, chain, &fault, error)))
        return false;
    if (fault == NULL && g_str_has_prefix(level, "LT") &&
        !find_revoked(work, &source, chain, &fault, error))
        return false;
    if (fault != NULL)
        return refuse(work, fault, error);
    return (strcmp(level, "B") == 0 || stamp(work, &source, error)) && store(work, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A verdict as JSON: what "naskah verify" and the page for anybody tell of it. */
#include "sign/sign.h"

static void
add_findings(NskJson *list, const NskIssues *issues)
{
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);
        NskJson *row = nsk_json_object();

        nsk_json_set_text(row, "tag", issue->tag);
        nsk_json_set_text(row, "text", issue->text);
        nsk_json_add(list, row);
    }
}

static NskJson *
signature_to_json(const NskSignature *signature)
{
    NskJson *row = nsk_json_object();
    NskJson *findings = nsk_json_array();
    g_autofree char *at = signature->at != 0 ? nsk_instant_format(signature->at) : NULL;
    g_autofree char *proven =
        signature->proven_at != 0 ? nsk_instant_format(signature->proven_at) : NULL;

    add_findings(findings, signature->issues);
    nsk_json_set_text(row, "field", signature->field);
    nsk_json_set_text(row, "signer",
                      signature->signer != NULL ? nsk_cert_facts(signature->signer)->subject
                                                : NULL);
    nsk_json_set_text(row, "issuer",
                      signature->signer != NULL ? nsk_cert_facts(signature->signer)->issuer : NULL);
    nsk_json_set_text(row, "at", at);
    nsk_json_set_text(row, "kind", signature->is_time_stamp ? "time-stamp" : "signature");
    nsk_json_set_text(row, "level", nsk_level_name(signature->level));
    nsk_json_set_text(row, "proven_at", proven);
    nsk_json_set_bool(row, "covers_document", signature->covers_document);
    nsk_json_set_bool(row, "certifies", signature->certifies);
    nsk_json_set_bool(row, "intact", signature->intact);
    nsk_json_set_bool(row, "trusted", signature->trusted);
    nsk_json_set(row, "findings", findings);
    return row;
}

NskJson *
nsk_verdict_to_json(const NskVerdict *self)
{
    g_autofree char *name = g_ascii_strdown(nsk_verdict_result_name(self->result), -1);
    g_autofree char *renew =
        self->renew_before != 0 ? nsk_instant_format(self->renew_before) : NULL;
    NskJson *result = nsk_json_object();
    NskJson *signatures = nsk_json_array();
    NskJson *findings = nsk_json_array();

    for (guint i = 0; i < self->signatures->len; i++)
        nsk_json_add(signatures, signature_to_json(g_ptr_array_index(self->signatures, i)));
    add_findings(findings, self->issues);
    nsk_json_set_text(result, "verdict", name);
    nsk_json_set(result, "signatures", signatures);
    nsk_json_set(result, "findings", findings);
    if (renew != NULL)
        nsk_json_set_text(result, "renew_before", renew);
    return result;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What poppler says of the signatures in a PDF: a second opinion, and never more.  It looks at
 * digest and key alone: certificates are not judged, because it would look them up in a database
 * of the machine, and what a later revision changed is unknown to it.
 */
#include "base/limits.h"
#include "base/message.h"
#include "worker/child-private.h"

#include <nss.h>

typedef PopplerDocument Document;
typedef PopplerSignatureInfo Info;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Document, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Info, poppler_signature_info_free)

bool
nsk_worker_open_nss(GError **error)
{
    if (NSS_NoDB_Init(NULL) == SECSuccess)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_IO,
                        nsk_tr("the library for signatures does not work"));
    return false;
}

static NskWorkerOpinion
opinion_of(PopplerSignatureStatus status)
{
    switch (status) {
    case POPPLER_SIGNATURE_VALID:
        return NSK_WORKER_OPINION_GOOD;
    case POPPLER_SIGNATURE_INVALID:
    case POPPLER_SIGNATURE_DIGEST_MISMATCH:
        return NSK_WORKER_OPINION_BAD;
    case POPPLER_SIGNATURE_DECODING_ERROR:
    case POPPLER_SIGNATURE_GENERIC_ERROR:
    case POPPLER_SIGNATURE_NOT_FOUND:
    case POPPLER_SIGNATURE_NOT_VERIFIED:
        break;
    }
    return NSK_WORKER_OPINION_NONE;
}

static void
put_signature(PopplerFormField *field, GByteArray *message)
{
    g_autofree char *raw = poppler_form_field_get_name(field);
    g_autofree char *name = g_utf8_make_valid(raw != NULL ? raw : "", -1);
    g_autoptr(Info) info = poppler_form_field_signature_validate_sync(field, 0, NULL, NULL);
    NskWorkerOpinion opinion = NSK_WORKER_OPINION_NONE;

    if (info != NULL)
        opinion = opinion_of(poppler_signature_info_get_signature_status(info));
    nsk_worker_put_text(message, name);
    nsk_worker_put_number(message, opinion);
}

bool
nsk_worker_do_opinions(GBytes *pdf,
                       const NskWorkerRequest *request,
                       GByteArray *message,
                       GError **error)
{
    g_autoptr(Document) document = nsk_worker_open_pdf(pdf, request, error);

    if (document == NULL)
        return false;
    GList *fields = poppler_document_get_signature_fields(document);
    guint n = MIN(g_list_length(fields), (guint)NSK_WORKER_MOST_SIGNATURES);
    nsk_worker_put_number(message, n);
    for (GList *at = fields; n > 0; at = at->next, n--)
        put_signature(at->data, message);
    g_list_free_full(fields, g_object_unref);
    return true;
}

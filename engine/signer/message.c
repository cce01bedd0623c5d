/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both sides write and read: kinds, faults, abilities, chains. */
#include "base/message.h"

#include "signer/signer-private.h"

#include <string.h>

#define DEFAULT_TIMEOUT 60  /* seconds */
#define MOST_TIMEOUT    600 /* seconds */
#define LONGER_MS       15000
#define MAX_CHAIN       16

static const char *const kind_names[] = { "pkcs12", "pkcs11", "csc", "bsre" };

static const struct {
    const char *name;
    NskError code;
} faults[] = {
    [NSK_SIGNER_FAULT_NONE] = { "none", NSK_ERROR_INTERNAL },
    [NSK_SIGNER_FAULT_SECRET] = { "secret", NSK_ERROR_DENIED },
    [NSK_SIGNER_FAULT_LOCKED] = { "locked", NSK_ERROR_DENIED },
    [NSK_SIGNER_FAULT_REFUSED] = { "refused", NSK_ERROR_DENIED },
    [NSK_SIGNER_FAULT_EXPIRED] = { "expired", NSK_ERROR_EXPIRED },
    [NSK_SIGNER_FAULT_LATER] = { "later", NSK_ERROR_BUSY },
    [NSK_SIGNER_FAULT_WAITING] = { "waiting", NSK_ERROR_BUSY },
    [NSK_SIGNER_FAULT_UNKNOWN] = { "unknown", NSK_ERROR_UNCERTAIN },
    [NSK_SIGNER_FAULT_CERTIFICATE] = { "certificate", NSK_ERROR_UNTRUSTED },
    [NSK_SIGNER_FAULT_ANSWER] = { "answer", NSK_ERROR_UNTRUSTED },
    [NSK_SIGNER_FAULT_ABSENT] = { "absent", NSK_ERROR_NOT_FOUND },
    [NSK_SIGNER_FAULT_SETTINGS] = { "settings", NSK_ERROR_INVALID },
    [NSK_SIGNER_FAULT_CANCELLED] = { "cancelled", NSK_ERROR_CANCELLED },
};

static const char *const proof_names[] = { "none", "passphrase",         "pin",
                                           "code", "passphrase-or-code", "pin-and-code" };

const char *
nsk_signer_kind_name(NskSignerKind kind)
{
    return kind_names[kind];
}

bool
nsk_signer_kind_parse(const char *name, NskSignerKind *out_kind)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kind_names); i++)
        if (g_strcmp0(name, kind_names[i]) == 0) {
            *out_kind = (NskSignerKind)i;
            return true;
        }
    return false;
}

const char *
nsk_signer_proof_name(NskSignerProofKind kind)
{
    return proof_names[kind];
}

const char *
nsk_signer_fault_name(NskSignerFaultKind kind)
{
    return faults[kind].name;
}

NskError
signer_fault_code(NskSignerFaultKind kind)
{
    return faults[kind].code;
}

bool
signer_fault_parse(const char *name, NskSignerFaultKind *out_kind)
{
    for (size_t i = 0; i < G_N_ELEMENTS(faults); i++)
        if (g_strcmp0(name, faults[i].name) == 0) {
            *out_kind = (NskSignerFaultKind)i;
            return true;
        }
    return false;
}

bool
signer_fail(NskSignerFault *fault, NskSignerFaultKind kind, GError **error, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    g_autofree char *words = g_strdup_vprintf(format, values);
    va_end(values);
    fault->kind = kind;
    g_set_error_literal(error, NSK_ERROR, (gint)faults[kind].code, words);
    return false;
}

NskJson *
signer_facts_write(const NskSignerFacts *facts)
{
    NskJson *json = nsk_json_object();

    nsk_json_set_bool(json, "whole_pdf", facts->whole_pdf);
    nsk_json_set_int(json, "batch", facts->batch);
    nsk_json_set_int(json, "proof", facts->proof);
    nsk_json_set_bool(json, "sends_code", facts->sends_code);
    nsk_json_set_bool(json, "binds", facts->binds);
    nsk_json_set_bool(json, "can_poll", facts->can_poll);
    nsk_json_set_int(json, "scheme", facts->scheme);
    return json;
}

bool
signer_facts_read(const NskJson *json, NskSignerFacts *out_facts)
{
    int64_t batch = nsk_json_get_int(json, "batch", 0);
    int64_t proof = nsk_json_get_int(json, "proof", -1);
    int64_t scheme = nsk_json_get_int(json, "scheme", -1);

    if (batch < 1 || batch > 100 || proof < 0 || proof >= (int64_t)G_N_ELEMENTS(proof_names) ||
        scheme < 0 || scheme > NSK_SCHEME_RSA_PKCS1)
        return false;
    *out_facts = (NskSignerFacts){ .whole_pdf = nsk_json_get_bool(json, "whole_pdf", false),
                                   .batch = (unsigned)batch,
                                   .proof = (NskSignerProofKind)proof,
                                   .sends_code = nsk_json_get_bool(json, "sends_code", false),
                                   .binds = nsk_json_get_bool(json, "binds", false),
                                   .can_poll = nsk_json_get_bool(json, "can_poll", false),
                                   .scheme = (NskScheme)scheme };
    return true;
}

NskJson *
signer_chain_write(GPtrArray *chain)
{
    NskJson *json = nsk_json_array();

    for (guint i = 0; chain != NULL && i < chain->len; i++) {
        g_autofree char *pem = nsk_cert_to_pem(g_ptr_array_index(chain, i));

        nsk_json_add_text(json, pem);
    }
    return json;
}

GPtrArray *
signer_chain_read(const NskJson *json)
{
    g_autoptr(GPtrArray) chain = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);
    size_t n = json != NULL ? nsk_json_length(json) : 0;

    for (size_t i = 0; i < n && i < MAX_CHAIN; i++) {
        const char *pem = nsk_json_text_at(json, i);
        NskCert *cert = pem != NULL ? nsk_cert_parse(pem, strlen(pem), NULL) : NULL;

        if (cert == NULL)
            return NULL;
        g_ptr_array_add(chain, cert);
    }
    return chain->len > 0 ? g_steal_pointer(&chain) : NULL;
}

unsigned
signer_timeout_ms(const NskJson *settings)
{
    int64_t seconds = nsk_json_get_int(settings, "timeout", DEFAULT_TIMEOUT);

    return (unsigned)CLAMP(seconds, 1, MOST_TIMEOUT) * 1000 + LONGER_MS;
}

void
nsk_signer_result_free(NskSignerResult *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->value, g_bytes_unref);
    g_free(self->message);
    g_free(self->ticket);
    g_free(self);
}

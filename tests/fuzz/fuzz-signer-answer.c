/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What signing services answer: CSC's and BSrE's JSON, and PDFs that should continue others; what
 * the helper says, and what an administrator says of a signer. */
#include "signer/answer-private.h"
#include "signer/signer-private.h"

#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST 100

static void
read_csc(const NskJson *json)
{
    unsigned seconds = 0;
    const char *words = NULL;
    g_auto(CscCredential) credential = { 0 };
    g_autoptr(NskLocked) sad = csc_read_sad(json, &seconds);
    g_autoptr(GPtrArray) values = csc_read_signatures(json, MOST);

    if (csc_read_credential(json, &credential)) {
        g_assert_nonnull(credential.chain);
        g_assert_cmpuint(credential.multisign, >=, 1);
        g_assert_cmpuint(credential.multisign, <=, MOST);
        g_assert_true(!credential.wants_pin || credential.pin_id != NULL);
        g_assert_true(!credential.wants_code || credential.code_id != NULL);
    }
    g_assert_true(values == NULL || values->len <= MOST);
    CscService service;
    g_autoptr(GPtrArray) ids = csc_read_list(json, MOST);

    (void)csc_read_service(json, &service);
    g_assert_true(ids == NULL || ids->len <= MOST);
    (void)csc_read_response_id(json);
    (void)csc_read_error(json, &words);
}

static void
read_bsre(const NskJson *json)
{
    const char *words = NULL;
    g_autoptr(GPtrArray) files = bsre_read_files(json, MOST);
    const char *id = bsre_read_document_id(json);

    g_assert_true(files == NULL || files->len <= MOST);
    g_assert_true(id == NULL || (id[0] != '\0' && strchr(id, '/') == NULL));
    (void)bsre_read_status(json, &words);
    (void)bsre_read_error(json, &words);
}

static void
read_helper(const NskJson *json)
{
    NskSignerFacts facts;
    g_autoptr(GPtrArray) chain = signer_chain_read(nsk_json_get(json, "chain"));

    g_assert_true(chain == NULL || chain->len > 0);
    if (signer_facts_read(json, &facts))
        g_assert_true(facts.batch >= 1 && facts.batch <= MOST);
    for (int kind = NSK_SIGNER_PKCS12; kind <= NSK_SIGNER_BSRE; kind++) {
        g_autoptr(GError) error = NULL;
        bool good = nsk_signer_check_settings((NskSignerKind)kind, json, &error);

        g_assert_true(good == (error == NULL));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(NskJson) json = size > 0 ? nsk_json_parse((const char *)data, size, NULL) : NULL;
    g_autoptr(GBytes) whole = g_bytes_new(data, size);
    g_autoptr(GBytes) begin = g_bytes_new(data, size / 2);

    read_csc(json);
    read_bsre(json);
    if (json != NULL && nsk_json_type(json) == NSK_JSON_OBJECT)
        read_helper(json);
    g_assert_false(bsre_is_update(whole, begin));
    g_assert_false(bsre_is_update(whole, whole));
    (void)bsre_is_update(begin, whole);
    return 0;
}

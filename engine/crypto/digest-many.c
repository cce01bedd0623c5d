/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Digests of many texts at once.
 *
 * A digest's rounds wait for one another, so that a processor stands idle for most of one text and
 * is busy with several.  The library for that is there for one family of processors only; on
 * others the texts are taken one after the other.
 */
#include "crypto/crypto.h"

#ifdef NSK_HAS_IPSEC_MB
#include <intel-ipsec-mb.h>
#endif

struct _NskSha256Many {
#ifdef NSK_HAS_IPSEC_MB
    IMB_MGR *lanes; /* NULL: one after the other */
#else
    char none;
#endif
};

#ifdef NSK_HAS_IPSEC_MB

static IMB_MGR *
lanes_new(void)
{
    IMB_MGR *lanes = alloc_mb_mgr(0);

    if (lanes == NULL)
        return NULL;
    init_mb_mgr_auto(lanes, NULL);
    if (imb_get_errno(lanes) == 0)
        return lanes;
    free_mb_mgr(lanes);
    return NULL;
}

static bool
submit(IMB_MGR *lanes, const NskSha256Text *text)
{
    IMB_JOB *job = IMB_GET_NEXT_JOB(lanes);

    job->cipher_mode = IMB_CIPHER_NULL;
    job->cipher_direction = IMB_DIR_ENCRYPT;
    job->chain_order = IMB_ORDER_HASH_CIPHER;
    job->hash_alg = IMB_AUTH_SHA_256;
    job->src = text->data;
    job->hash_start_src_offset_in_bytes = 0;
    job->msg_len_to_hash_in_bytes = text->size;
    job->auth_tag_output = text->out;
    job->auth_tag_output_len_in_bytes = NSK_SHA256_SIZE;
    (void)IMB_SUBMIT_JOB(lanes);
    return imb_get_errno(lanes) == 0;
}

/* False: some may not be done. */
static bool
digest_side_by_side(NskSha256Many *self, const NskSha256Text *texts, size_t n)
{
    bool ok = self->lanes != NULL;

    for (size_t i = 0; i < n && ok; i++)
        ok = submit(self->lanes, &texts[i]);
    while (self->lanes != NULL && IMB_FLUSH_JOB(self->lanes) != NULL)
        ;
    return ok;
}

#else

static bool
digest_side_by_side(NskSha256Many *self, const NskSha256Text *texts, size_t n)
{
    (void)self;
    (void)texts;
    (void)n;
    return false;
}

#endif

NskSha256Many *
nsk_sha256_many_new(void)
{
    NskSha256Many *self = g_new0(NskSha256Many, 1);

#ifdef NSK_HAS_IPSEC_MB
    self->lanes = lanes_new();
#endif
    return self;
}

void
nsk_sha256_many(NskSha256Many *self, const NskSha256Text *texts, size_t n)
{
    if (digest_side_by_side(self, texts, n))
        return;
    for (size_t i = 0; i < n; i++)
        nsk_sha256(texts[i].data, texts[i].size, texts[i].out);
}

void
nsk_sha256_many_free(NskSha256Many *self)
{
    if (self == NULL)
        return;
#ifdef NSK_HAS_IPSEC_MB
    if (self->lanes != NULL)
        free_mb_mgr(self->lanes);
#endif
    g_free(self);
}

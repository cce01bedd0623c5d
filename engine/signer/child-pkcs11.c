/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys in cards and modules, by PKCS#11 2.40 called directly.
 *
 * INVARIANTS:
 *   (1) logging in is a state of the whole token, for every session of this process: login, all
 *       signatures of a job and logout happen under the token's lock, so that no signer signs with
 *       what another one was let in by;
 *   (2) a PIN is shown to the token once when it is authorised and once when it signs, and more
 *       often only where the key wants it for each signature; a wrong one is never shown again.
 */
#include "signer/child-pkcs11.h"

#include "base/message.h"

#include <string.h>

typedef struct {
    P11Token *token;
    P11Key key; /* the private key's id and its certificate */
} Own;

/* A fault of the token as the caller is to take it. */
bool
p11_fail(ChildSession *self, CK_RV rv, GError **error)
{
    switch (rv) {
    case CKR_PIN_INCORRECT:
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE:
        return tries_wrong(self, error);
    case CKR_PIN_LOCKED:
        return session_fail(self, NSK_SIGNER_FAULT_LOCKED, error,
                            nsk_tr("the PIN of the token of '%s' is locked after too many wrong "
                                   "ones; have it unlocked by who gave out the card"),
                            self->name);
    case CKR_PIN_EXPIRED:
        return session_fail(self, NSK_SIGNER_FAULT_LOCKED, error,
                            nsk_tr("the PIN of the token of '%s' must be changed before it can be "
                                   "used"),
                            self->name);
    case CKR_DEVICE_REMOVED:
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_SLOT_ID_INVALID:
    case CKR_SESSION_HANDLE_INVALID:
    case CKR_SESSION_CLOSED:
    case CKR_TOKEN_NOT_RECOGNIZED:
        return session_fail(self, NSK_SIGNER_FAULT_ABSENT, error,
                            nsk_tr("the card or token of '%s' is not there any more; put it in and "
                                   "try again"),
                            self->name);
    default:
        return session_fail(self, NSK_SIGNER_FAULT_REFUSED, error,
                            nsk_tr("the token of '%s' refuses (PKCS#11 error 0x%lX)"), self->name,
                            rv);
    }
}

static bool
p11_open(ChildSession *self, GError **error)
{
    if (self->key == NULL || self->key[0] == '\0')
        return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error,
                            nsk_tr("which key of '%s' is not said; give id=HEX or its label"),
                            self->name);
    self->own = g_new0(Own, 1);
    return true;
}

/* Reads the certificates, logged in with @pin or (NULL) not; an empty list if none can be seen. */
static bool
read_key(ChildSession *self, const NskLocked *pin, GError **error)
{
    Own *own = self->own;
    g_autoptr(GPtrArray) chain = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);
    P11Session session;

    if (!p11_begin(self, own->token, pin, &session, error))
        return false;
    bool ok = p11_find_key(self, &session, &own->key, error) &&
              p11_find_chain(self, &session, &own->key, chain, error);
    p11_end(&session);
    if (!ok || (chain->len == 0 && self->given == NULL))
        return ok;
    return session_take_chain(self, chain->len > 0 ? chain : self->given, error);
}

static bool
p11_describe(ChildSession *self, GError **error)
{
    Own *own = self->own;

    self->facts = (NskSignerFacts){ .batch = NSK_SIGNER_P11_BATCH, .proof = NSK_SIGNER_PROOF_PIN };
    if (own->token == NULL)
        own->token = p11_token_find(self, error);
    if (own->token != NULL && p11_token_has_pad(own->token))
        return session_fail(
            self, NSK_SIGNER_FAULT_SETTINGS, error,
            nsk_tr("the reader of '%s' takes the PIN on keys of its own, where this "
                   "program cannot say what is signed with it; have its module "
                   "take the PIN from programs, or use a reader without keys"),
            self->name);
    return own->token != NULL && read_key(self, NULL, error);
}

static bool
p11_unlock(ChildSession *self, const NskLocked *secret, GError **error)
{
    if (!read_key(self, secret, error))
        return false;
    tries_right(self);
    if (self->chain == NULL)
        return session_fail(self, NSK_SIGNER_FAULT_ABSENT, error,
                            nsk_tr("the token of '%s' has no certificate for the key '%s'"),
                            self->name, self->key);
    g_clear_pointer(&self->secret, nsk_locked_unref);
    self->secret = nsk_locked_ref((NskLocked *)(guintptr)secret);
    return true;
}

static bool
p11_authorise(ChildSession *self, G_GNUC_UNUSED NskInstant *out_until, GError **error)
{
    if (self->secret == NULL)
        return session_fail(self, NSK_SIGNER_FAULT_SECRET, error, nsk_tr("'%s' needs the PIN"),
                            self->name);
    if (!read_key(self, self->secret, error))
        return false;
    tries_right(self);
    if (self->chain == NULL)
        return session_fail(self, NSK_SIGNER_FAULT_ABSENT, error,
                            nsk_tr("the token of '%s' has no certificate for the key '%s'"),
                            self->name, self->key);
    return true;
}

static bool
sign_one(ChildSession *self, P11Session *session, size_t index, GError **error)
{
    const Own *own = self->own;
    g_autoptr(GBytes) value = NULL;
    CK_RV rv = p11_sign(session, own->key.handle, self->facts.scheme, self->job.digests[index],
                        self->secret, &value);

    if (rv != CKR_OK)
        return p11_fail(self, rv, error);
    return session_judge(self, index, value) ||
           session_fail(self, NSK_SIGNER_FAULT_CANCELLED, error, "nobody listens");
}

static bool
p11_sign_job(ChildSession *self, GError **error)
{
    Own *own = self->own;
    P11Session session;
    bool ok = true;

    if (!p11_begin(self, own->token, self->secret, &session, error))
        return false;
    ok = p11_find_key(self, &session, &own->key, error);
    for (size_t i = 0; i < self->job.n && ok; i++)
        ok = sign_one(self, &session, i, error);
    p11_end(&session);
    return ok;
}

static void
p11_close(ChildSession *self)
{
    Own *own = self->own;

    g_free(own->key.id);
    g_free(own);
}

const ChildPlug child_pkcs11 = {
    .open = p11_open,
    .describe = p11_describe,
    .unlock = p11_unlock,
    .authorise = p11_authorise,
    .sign = p11_sign_job,
    .close = p11_close,
};

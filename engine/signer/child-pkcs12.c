/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys in PKCS#12 files.  The file is opened with the passphrase, which is not kept; the key lives
 * in this process from then until the one signing is done.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "signer/child-private.h"

#include <string.h>

typedef struct {
    NskIdentity *identity; /* NULL: locked */
} Own;

static bool
p12_open(ChildSession *self, GError **error)
{
    if (self->file == NULL &&
        (self->key == NULL || self->key[0] == '\0' || strchr(self->key, '/') != NULL))
        return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error,
                            nsk_tr("'%s' is no name of a key file; name it without its folder"),
                            self->key != NULL ? self->key : "");
    self->own = g_new0(Own, 1);
    return true;
}

static bool
read_file(ChildSession *self, GError **error)
{
    const char *folder = session_text(self, "folder");
    g_autoptr(GError) fault = NULL;

    if (self->file != NULL)
        return true;
    g_autofree char *in = session_path(self, folder != NULL ? folder : "keys");
    g_autofree char *path = g_build_filename(in, self->key, NULL);
    self->file = nsk_file_read(path, NSK_LIMIT_KEY_SIZE, &fault);
    if (self->file != NULL)
        return true;
    return session_fail(self, NSK_SIGNER_FAULT_ABSENT, error, "%s%s",
                        nsk_tr("your key for signing: "), fault->message);
}

/* The certificates in the file are encrypted too: they come with the passphrase. */
static bool
p12_describe(ChildSession *self, GError **error)
{
    self->facts =
        (NskSignerFacts){ .batch = NSK_LIMIT_SIGNER_BATCH, .proof = NSK_SIGNER_PROOF_PASSPHRASE };
    return read_file(self, error);
}

static bool
p12_unlock(ChildSession *self, const NskLocked *secret, GError **error)
{
    Own *own = self->own;
    g_autoptr(GError) fault = NULL;

    g_clear_pointer(&own->identity, nsk_identity_free);
    own->identity =
        nsk_identity_load(g_bytes_get_data(self->file, NULL), g_bytes_get_size(self->file),
                          nsk_locked_text(secret), &fault);
    if (own->identity == NULL)
        return g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED)
                   ? tries_wrong(self, error)
                   : session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error, "%s", fault->message);
    tries_right(self);
    if (session_take_chain(self, nsk_identity_get_chain(own->identity), error))
        return true;
    g_clear_pointer(&own->identity, nsk_identity_free);
    return false;
}

static bool
p12_authorise(ChildSession *self, G_GNUC_UNUSED NskInstant *out_until, GError **error)
{
    const Own *own = self->own;

    if (self->secret != NULL && !p12_unlock(self, self->secret, error))
        return false;
    g_clear_pointer(&self->secret, nsk_locked_unref);
    return own->identity != NULL ||
           session_fail(self, NSK_SIGNER_FAULT_SECRET, error,
                        nsk_tr("'%s' needs the passphrase of the key file"), self->name);
}

static bool
p12_sign(ChildSession *self, GError **error)
{
    Own *own = self->own;

    for (size_t i = 0; i < self->job.n; i++) {
        g_autoptr(GError) fault = NULL;
        g_autoptr(GBytes) value =
            nsk_identity_sign(own->identity, self->facts.scheme, self->job.digests[i], &fault);

        if (value == NULL)
            return session_fail(self, NSK_SIGNER_FAULT_REFUSED, error, "%s", fault->message);
        if (!session_judge(self, i, value))
            return true;
    }
    return true;
}

static void
p12_forget(ChildSession *self)
{
    Own *own = self->own;

    /* the next job begins by forgetting the last: what was unlocked for it stays */
    if (self->authorised || self->job.n > 0)
        g_clear_pointer(&own->identity, nsk_identity_free);
}

static void
p12_close(ChildSession *self)
{
    Own *own = self->own;

    nsk_identity_free(own->identity);
    g_free(own);
}

const ChildPlug child_pkcs12 = {
    .open = p12_open,
    .describe = p12_describe,
    .unlock = p12_unlock,
    .authorise = p12_authorise,
    .sign = p12_sign,
    .forget = p12_forget,
    .close = p12_close,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "signer/child-private.h"

#include <p11-kit/pkcs11.h>

/*
 * Modules, tokens and what is on them (child-token.c); the signer on top is child-pkcs11.c.
 */
#define NSK_SIGNER_P11_BATCH 100

/* A token of a module: known until the process ends. */
typedef struct _P11Token P11Token;

/* A session on a token, logged in or not; holds the token's lock. */
typedef struct {
    P11Token *token;
    CK_FUNCTION_LIST *functions;
    CK_SESSION_HANDLE handle;
    bool logged_in;
} P11Session;

typedef struct {
    CK_OBJECT_HANDLE handle; /* of the private key; 0: it is not to be seen before the login */
    uint8_t *id;             /* CKA_ID; owned */
    size_t id_size;
} P11Key;

/* The token that the settings name.  Errors: ABSENT, SETTINGS. */
P11Token *p11_token_find(ChildSession *self, GError **error);
/* Whether the PIN is typed on the reader and not given by the program. */
bool p11_token_has_pad(P11Token *token);
/* Takes the token's lock, opens a session, and logs in if there is a @pin.  Errors: SECRET, LOCKED,
 * ABSENT, REFUSED. */
bool p11_begin(ChildSession *self,
               P11Token *token,
               const NskLocked *pin,
               P11Session *out_session,
               GError **error);
/* Logs out, closes the session and gives the lock back. */
void p11_end(P11Session *session);
/* Finds the key that the signer was opened with.  Without a login it may only be its certificate
 * that is found.  Errors: ABSENT; SETTINGS if several have the label. */
bool p11_find_key(ChildSession *self, const P11Session *session, P11Key *key, GError **error);
/* Adds its certificate, and those of its issuers that are on the token; none if it is not seen. */
bool p11_find_chain(ChildSession *self,
                    const P11Session *session,
                    const P11Key *key,
                    GPtrArray *chain,
                    GError **error);
/* A signature value, an ECDSA one in DER.  @pin: for keys that want it for each signature. */
CK_RV p11_sign(const P11Session *session,
               CK_OBJECT_HANDLE key,
               NskScheme scheme,
               const uint8_t digest[NSK_SHA256_SIZE],
               const NskLocked *pin,
               GBytes **out_value);
/* Fails as @rv says. */
bool p11_fail(ChildSession *self, CK_RV rv, GError **error);

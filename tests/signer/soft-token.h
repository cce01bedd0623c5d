/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fixture.h"

/* A SoftHSM2 of the test's own: its configuration and tokens are in the desk's folder. */
typedef struct {
    char *module;      /* its library; NULL if the machine has none: the test is skipped */
    char *environment; /* "SOFTHSM2_CONF=..." */
} SoftToken;

/* Makes the configuration and a token "uji" with TEST_PIN.  False if there is no SoftHSM2. */
bool soft_token_set_up(SoftToken *self, const Desk *desk);
void soft_token_clear(SoftToken *self);
/* One more token. */
void soft_token_add(const SoftToken *self, const char *label);
/* Puts the key of @p12 on the token @token under that label and number (hex). */
void soft_token_put_key(const SoftToken *self,
                        const char *token,
                        GBytes *p12,
                        const char *label,
                        const char *id);
/* Puts the certificates of @p12 there, the first with that number. */
void soft_token_put_chain(const SoftToken *self, const char *token, GBytes *p12, uint8_t id);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SoftToken, soft_token_clear)

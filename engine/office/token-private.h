/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"
#include "office/token.h"

/* What acts of a handle are marked with in the journal if a program acts. */
#define NSK_AUTH_TOKEN "token"

typedef struct {
    const char *id;
} NskTokenRevocation;
bool nsk_do_token_make(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_token_revoke(NskOffice *self, const void *arguments, NskJson **out, GError **error);
/* Errors: DENIED if a program acts. */
bool nsk_token_refuse_signing(const NskOffice *self, GError **error);

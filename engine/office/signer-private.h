/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"
#include "signer/signer.h"

/* What the office keeps of its signers (0031-signer.sql). */

/* The key that somebody signs with; all owned. */
typedef struct {
    char *person;
    char *name; /* of the signer */
    NskSignerKind kind;
    NskJson *settings;
    char *key;
    char *fingerprint; /* NULL: any certificate */
    GPtrArray *chain;  /* NskCert; NULL: not known */
} NskSignerRow;
void nsk_signer_row_free(NskSignerRow *self);

/* *out_row is NULL for who has no key assigned.  Errors: CORRUPT, IO. */
bool nsk_signer_row_find(NskDbTxn *txn, const char *person, NskSignerRow **out_row, GError **error);
/* NskSignerRow of everybody, by person. */
GPtrArray *nsk_signer_rows_list(NskDbTxn *txn, GError **error);
/* Writes or changes a signer.  CONFLICT if people have keys at it and it is of another kind now. */
bool nsk_signer_put(NskDbTxn *txn,
                    const char *name,
                    NskSignerKind kind,
                    const char *settings,
                    NskInstant now,
                    GError **error);
/* Kind and settings (owned) of a signer.  Errors: NOT_FOUND. */
bool nsk_signer_get(NskDbTxn *txn,
                    const char *name,
                    NskSignerKind *out_kind,
                    NskJson **out_settings,
                    GError **error);
/* Names of all signers. */
GPtrArray *nsk_signer_list_names(NskDbTxn *txn, GError **error);
/* Gives the person that key; his one before is forgotten. */
bool nsk_signer_key_put(NskDbTxn *txn, const NskSignerRow *row, NskInstant now, GError **error);
/* Takes it away; *out_was: he had one. */
bool nsk_signer_key_drop(NskDbTxn *txn, const char *person, bool *out_was, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSignerRow, nsk_signer_row_free)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "registry/registry.h"

/* Shared by the files of this module: how a register is found and moved on. */

struct _NskSeries {
    char *name;
    unsigned scope;
    NskTaken taken;
    int max_lag_days; /* -1: no limit */
    uint32_t start;
    NskNumberScheme *scheme;
};

/* Names one register.  unit and series are borrowed, scope is owned. */
typedef struct {
    const char *unit;
    const char *series;
    char *scope;
} RegisterKey;

/* Errors: INVALID, naming the value that the series asks for and that is not there. */
bool nsk_register_key_init(RegisterKey *key,
                           const NskSeries *series,
                           const NskScopeValues *values,
                           GError **error);
void nsk_register_key_clear(RegisterKey *key);

/* Moves the register on by @count and sets *out_first to the first of them.  Errors: LIMIT. */
bool nsk_register_take(NskDbTxn *txn,
                       const RegisterKey *key,
                       const NskSeries *series,
                       uint32_t count,
                       uint32_t *out_first,
                       GError **error);
/* Where the register stands; a register that is not there yet stands before its start. */
bool nsk_register_stand(NskDbTxn *txn,
                        const RegisterKey *key,
                        const NskSeries *series,
                        uint32_t *out_first,
                        uint32_t *out_last,
                        GError **error);
bool nsk_register_set(NskDbTxn *txn,
                      const RegisterKey *key,
                      uint32_t first,
                      uint32_t last,
                      GError **error);

/* Writes the number of @request for position @seq and letter date @date. */
char *nsk_register_write_number(const NskSeries *series,
                                const NskNumberRequest *request,
                                uint32_t seq,
                                NskDate date,
                                GError **error);
/* The row under the cursor, whose columns are unit, series, scope, seq, state, number, letter,
 * letter_date, at, pdf, reason. */
NskRegisterEntry *nsk_register_entry_from_row(NskDbRows *rows);
/* The only row of a query, or NULL in *out_entry. */
bool nsk_register_read_entry(NskDbRows *rows, NskRegisterEntry **out_entry, GError **error);
/* Errors: INVALID if a letter id, a reason or a digest is not what it should be. */
bool nsk_register_check_letter(const char *letter, GError **error);
bool nsk_register_check_reason(const char *reason, GError **error);
bool nsk_register_check_digest(const char *digest, GError **error);
/* Errors: INVALID if the letter date is unset or after today. */
bool nsk_register_check_date(const NskNumberRequest *request, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RegisterKey, nsk_register_key_clear)

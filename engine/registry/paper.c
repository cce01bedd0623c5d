/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Registers that meet the world of paper: numbers set aside in blocks for letters that are signed
 * by hand, and registers that go on from numbers given elsewhere.
 */
#include "base/message.h"
#include "registry/registry-private.h"

#define MAX_BLOCK 1000

static const char sql_add_paper[] =
    "INSERT INTO register_entry"
    " (unit, series, scope, seq, state, number, letter, letter_date, at, pdf, reason)"
    " VALUES ($1, $2, $3, $4, 3, '', '', '', $5, '', $6)";

static const char sql_find_position[] =
    "SELECT unit, series, scope, seq, state, number, letter, letter_date, at, pdf, reason"
    " FROM register_entry WHERE unit = $1 AND series = $2 AND scope = $3 AND seq = $4";

static const char sql_bind_paper[] =
    "UPDATE register_entry SET state = 1, number = $5, letter = $6, letter_date = $7, at = $8,"
    " pdf = $9, reason = ''"
    " WHERE unit = $1 AND series = $2 AND scope = $3 AND seq = $4 AND state = 3";

static const char sql_void_paper[] =
    "UPDATE register_entry SET state = 2, reason = $5, at = $6"
    " WHERE unit = $1 AND series = $2 AND scope = $3 AND seq = $4 AND state = 3";

static const char sql_add_skip[] =
    "INSERT INTO register_skip (unit, series, scope, from_seq, to_seq, at, reason)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)";

bool
nsk_registry_block(NskDbTxn *txn,
                   const NskSeries *series,
                   const NskPaperBlock *block,
                   uint32_t *out_first,
                   GError **error)
{
    g_auto(RegisterKey) key = { 0 };
    uint32_t first;

    if (block->count == 0 || block->count > MAX_BLOCK) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("a block for paper has 1 to %d numbers, not %u"), MAX_BLOCK,
                    block->count);
        return false;
    }
    if (!nsk_register_check_reason(block->note, error) ||
        !nsk_register_key_init(&key, series, &block->scope, error) ||
        !nsk_register_take(txn, &key, series, block->count, &first, error))
        return false;
    for (uint32_t i = 0; i < block->count; i++) {
        if (!nsk_db_exec(txn, sql_add_paper,
                         NSK_DB_PARAMS(NSK_DB_TEXT(key.unit), NSK_DB_TEXT(key.series),
                                       NSK_DB_TEXT(key.scope), NSK_DB_INT(first + i),
                                       NSK_DB_INT(block->now), NSK_DB_TEXT(block->note)),
                         NULL, error))
            return false;
    }
    *out_first = first;
    return true;
}

/* Errors: NOT_FOUND if position @seq is not set aside for paper. */
static bool
check_paper(NskDbTxn *txn, const RegisterKey *key, uint32_t seq, GError **error)
{
    g_autoptr(NskRegisterEntry) entry = NULL;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find_position,
                     NSK_DB_PARAMS(NSK_DB_TEXT(key->unit), NSK_DB_TEXT(key->series),
                                   NSK_DB_TEXT(key->scope), NSK_DB_INT(seq)),
                     error);

    if (!nsk_register_read_entry(rows, &entry, error))
        return false;
    if (entry != NULL && entry->state == NSK_ENTRY_PAPER)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("position %u of register '%s %s' is not set aside for paper: it is %s"), seq,
                key->series, key->scope,
                entry != NULL ? nsk_entry_state_to_text(entry->state) : nsk_tr("not given yet"));
    return false;
}

static bool
check_no_number(NskDbTxn *txn, const char *letter, GError **error)
{
    g_autoptr(NskRegisterEntry) entry = NULL;

    if (!nsk_registry_find(txn, letter, &entry, error))
        return false;
    if (entry == NULL || entry->state == NSK_ENTRY_VOID)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("the letter '%s' has the number '%s' already"), letter, entry->number);
    return false;
}

/* Whether the request and its digest are fit for a paper position. */
static bool
check_request(NskDbTxn *txn,
              const RegisterKey *key,
              const NskNumberRequest *request,
              const char *pdf_sha256,
              GError **error)
{
    return (pdf_sha256 == NULL || nsk_register_check_digest(pdf_sha256, error)) &&
           check_no_number(txn, request->letter, error) &&
           check_paper(txn, key, request->parts.seq, error);
}

bool
nsk_registry_bind_paper(NskDbTxn *txn,
                        const NskSeries *series,
                        const NskNumberRequest *request,
                        const char *pdf_sha256,
                        NskRegisterEntry **out_entry,
                        GError **error)
{
    g_auto(RegisterKey) key = { 0 };

    if (!nsk_register_check_letter(request->letter, error) ||
        !nsk_register_check_date(request, error) ||
        !nsk_register_key_init(&key, series, &request->scope, error) ||
        !check_request(txn, &key, request, pdf_sha256, error))
        return false;
    g_autofree char *date = nsk_date_format(request->scope.date);
    g_autofree char *number =
        nsk_register_write_number(series, request, request->parts.seq, request->scope.date, error);
    if (number == NULL)
        return false;
    return nsk_db_exec(txn, sql_bind_paper,
                       NSK_DB_PARAMS(NSK_DB_TEXT(key.unit), NSK_DB_TEXT(key.series),
                                     NSK_DB_TEXT(key.scope), NSK_DB_INT(request->parts.seq),
                                     NSK_DB_TEXT(number), NSK_DB_TEXT(request->letter),
                                     NSK_DB_TEXT(date), NSK_DB_INT(request->now),
                                     NSK_DB_TEXT(pdf_sha256 != NULL ? pdf_sha256 : "")),
                       NULL, error) &&
           nsk_registry_find(txn, request->letter, out_entry, error);
}

bool
nsk_registry_void_paper(NskDbTxn *txn,
                        const NskSeries *series,
                        const NskPaperBlock *spoilt,
                        uint32_t seq,
                        GError **error)
{
    g_auto(RegisterKey) key = { 0 };

    return nsk_register_check_reason(spoilt->note, error) &&
           nsk_register_key_init(&key, series, &spoilt->scope, error) &&
           check_paper(txn, &key, seq, error) &&
           nsk_db_exec(txn, sql_void_paper,
                       NSK_DB_PARAMS(NSK_DB_TEXT(key.unit), NSK_DB_TEXT(key.series),
                                     NSK_DB_TEXT(key.scope), NSK_DB_INT(seq),
                                     NSK_DB_TEXT(spoilt->note), NSK_DB_INT(spoilt->now)),
                       NULL, error);
}

/* Records that the positions from @first to before the wished one are passed over. */
static bool
add_skip(NskDbTxn *txn,
         const RegisterKey *key,
         const NskContinue *wish,
         uint32_t first,
         GError **error)
{
    return nsk_db_exec(txn, sql_add_skip,
                       NSK_DB_PARAMS(NSK_DB_TEXT(key->unit), NSK_DB_TEXT(key->series),
                                     NSK_DB_TEXT(key->scope), NSK_DB_INT(first),
                                     NSK_DB_INT(wish->next - 1), NSK_DB_INT(wish->now),
                                     NSK_DB_TEXT(wish->reason)),
                       NULL, error);
}

/* Lets the register stand before the wished position. */
static bool
move_on(NskDbTxn *txn,
        const RegisterKey *key,
        const NskSeries *series,
        const NskContinue *wish,
        GError **error)
{
    uint32_t first, last;

    if (!nsk_register_stand(txn, key, series, &first, &last, error))
        return false;
    if (wish->next > NSK_NUMBER_SEQ_MAX) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("a register ends at %u"),
                    NSK_NUMBER_SEQ_MAX);
        return false;
    }
    if (wish->next <= last) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the register '%s %s' has given %u already and cannot go back to %u"),
                    key->series, key->scope, last, wish->next);
        return false;
    }
    if (wish->next > last + 1 && !add_skip(txn, key, wish, last + 1, error))
        return false;
    return nsk_register_set(txn, key, first, wish->next - 1, error);
}

bool
nsk_registry_continue(NskDbTxn *txn,
                      const NskSeries *series,
                      const NskContinue *wish,
                      GError **error)
{
    g_auto(RegisterKey) key = { 0 };

    return nsk_register_check_reason(wish->reason, error) &&
           nsk_register_key_init(&key, series, &wish->scope, error) &&
           move_on(txn, &key, series, wish, error);
}

bool
nsk_registry_skip_to(NskDbTxn *txn,
                     const NskRegister *which,
                     const NskContinue *wish,
                     GError **error)
{
    const NskSeries fresh = { .start = 1 };
    RegisterKey key = { .unit = which->unit, .series = which->series, .scope = which->scope };

    return nsk_register_check_reason(wish->reason, error) &&
           move_on(txn, &key, &fresh, wish, error);
}

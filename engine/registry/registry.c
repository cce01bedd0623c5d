/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The number of a letter: reserved, kept, bound, released, voided.
 *
 * INVARIANTS, held by every committed transaction:
 *   (1) each position of a register from first_seq to last_seq has exactly one entry, or lies in
 *       exactly one skip: the counter moves only in the transaction that writes them, and nothing
 *       deletes an entry;
 *   (2) a letter has at most one live number (unique index);
 *   (3) a void position stays void, and a bound number changes only after a release.
 */
#include "base/message.h"
#include "registry/registry-private.h"

#include <string.h>

/* "letter <> ''" is what the index of letters is of: without it all of the register is looked at */
static const char sql_find_letter[] =
    "SELECT unit, series, scope, seq, state, number, letter, letter_date, at, pdf, reason"
    " FROM register_entry WHERE letter = $1 AND letter <> ''"
    " ORDER BY (state IN (0, 1)) DESC, at DESC, seq DESC LIMIT 1";

static const char sql_find_position[] =
    "SELECT unit, series, scope, seq, state, number, letter, letter_date, at, pdf, reason"
    " FROM register_entry WHERE unit = $1 AND series = $2 AND scope = $3 AND seq = $4";

static const char sql_add_reserved[] =
    "INSERT INTO register_entry"
    " (unit, series, scope, seq, state, number, letter, letter_date, at, pdf, reason)"
    " VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8, '', '')";

static const char sql_rewrite_number[] =
    "UPDATE register_entry SET number = $2, letter_date = $3, at = $4"
    " WHERE letter = $1 AND letter <> '' AND state = 0";

static const char sql_bind_letter[] =
    "UPDATE register_entry SET state = 1, pdf = $2, at = $3 WHERE letter = $1 AND letter <> ''"
    " AND state = 0";

static const char sql_release_letter[] =
    "UPDATE register_entry SET state = 0, pdf = '', at = $2 WHERE letter = $1 AND letter <> ''"
    " AND state = 1";

static const char sql_void_letter[] = "UPDATE register_entry SET state = 2, reason = $2, at = $3"
                                      " WHERE letter = $1 AND letter <> '' AND state IN (0, 1)";

static bool
is_live(const NskRegisterEntry *entry)
{
    return entry != NULL && (entry->state == NSK_ENTRY_RESERVED || entry->state == NSK_ENTRY_BOUND);
}

static int
days_between(NskDate from, NskDate until)
{
    GDate a, b;

    g_date_clear(&a, 1);
    g_date_clear(&b, 1);
    g_date_set_dmy(&a, (GDateDay)from.day, (GDateMonth)from.month, (GDateYear)from.year);
    g_date_set_dmy(&b, (GDateDay)until.day, (GDateMonth)until.month, (GDateYear)until.year);
    return g_date_days_between(&a, &b);
}

static bool
is_past_lag(const NskSeries *series, NskDate date, NskDate today)
{
    return series->max_lag_days >= 0 && days_between(date, today) > series->max_lag_days;
}

bool
nsk_registry_find(NskDbTxn *txn, const char *letter, NskRegisterEntry **out_entry, GError **error)
{
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find_letter, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    return nsk_register_read_entry(rows, out_entry, error);
}

bool
nsk_registry_reload(NskDbTxn *txn,
                    const NskRegisterEntry *entry,
                    NskRegisterEntry **out_entry,
                    GError **error)
{
    g_autoptr(NskRegisterEntry) found = NULL;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find_position,
                     NSK_DB_PARAMS(NSK_DB_TEXT(entry->unit), NSK_DB_TEXT(entry->series),
                                   NSK_DB_TEXT(entry->scope), NSK_DB_INT(entry->seq)),
                     error);

    if (!nsk_register_read_entry(rows, &found, error))
        return false;
    if (found == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("position %u of register '%s %s' is lost; run 'naskah rebuild'"),
                    entry->seq, entry->series, entry->scope);
        return false;
    }
    *out_entry = g_steal_pointer(&found);
    return true;
}

/* The live number of @letter.  Errors: NOT_FOUND. */
static NskRegisterEntry *
find_live(NskDbTxn *txn, const char *letter, GError **error)
{
    g_autoptr(NskRegisterEntry) entry = NULL;

    if (!nsk_registry_find(txn, letter, &entry, error))
        return NULL;
    if (!is_live(entry)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("the letter '%s' has no number; reserve one first"), letter);
        return NULL;
    }
    return g_steal_pointer(&entry);
}

/* Why the letter cannot keep @entry; NULL if it can.  Freed with g_free(). */
static char *
why_not_kept(const NskRegisterEntry *entry,
             const RegisterKey *key,
             const NskSeries *series,
             const NskNumberRequest *request)
{
    g_autofree char *date = nsk_date_format(entry->letter_date);

    if (strcmp(entry->series, key->series) != 0)
        return g_strdup_printf(nsk_tr("series changed to '%s'"), key->series);
    if (entry->letter_date.year != request->scope.date.year)
        return g_strdup_printf(nsk_tr("year changed to %u"), request->scope.date.year);
    if (strcmp(entry->unit, key->unit) != 0)
        return g_strdup_printf(nsk_tr("unit changed to '%s'"), key->unit);
    if (strcmp(entry->scope, key->scope) != 0)
        return g_strdup_printf(nsk_tr("scope changed to '%s'"), key->scope);
    if (is_past_lag(series, entry->letter_date, request->today))
        return g_strdup_printf(nsk_tr("letter date %s is more than %d days ago"), date,
                               series->max_lag_days);
    return NULL;
}

static bool
refuse_bound(const NskRegisterEntry *entry, const char *why, GError **error)
{
    g_set_error(
        error, NSK_ERROR, NSK_ERROR_CONFLICT,
        nsk_tr("the number '%s' is bound to a PDF and would have to change (%s); release it first"),
        entry->number, why);
    return false;
}

/* Keeps @entry; its text follows the parts, and its letter date one that was asked for. */
static bool
keep_entry(NskDbTxn *txn,
           const NskSeries *series,
           const NskNumberRequest *request,
           NskRegisterEntry *entry,
           GError **error)
{
    NskDate date = request->date_asked ? request->scope.date : entry->letter_date;
    bool same_date = nsk_date_compare(date, entry->letter_date) == 0;
    g_autofree char *number = nsk_register_write_number(series, request, entry->seq, date, error);

    if (number == NULL)
        return false;
    if (same_date && strcmp(number, entry->number) == 0)
        return true;
    if (entry->state == NSK_ENTRY_BOUND)
        return refuse_bound(entry, nsk_tr("a part of the number changed"), error);
    g_autofree char *text = nsk_date_format(date);
    if (!nsk_db_exec(txn, sql_rewrite_number,
                     NSK_DB_PARAMS(NSK_DB_TEXT(request->letter), NSK_DB_TEXT(number),
                                   NSK_DB_TEXT(text), NSK_DB_INT(request->now)),
                     NULL, error))
        return false;
    entry->letter_date = date;
    g_free(entry->number);
    entry->number = g_steal_pointer(&number);
    entry->at = request->now;
    return true;
}

/* Takes the next position of the register. */
static bool
take_entry(NskDbTxn *txn,
           const NskSeries *series,
           const RegisterKey *key,
           const NskNumberRequest *request,
           GError **error)
{
    uint32_t seq;
    g_autofree char *date = nsk_date_format(request->scope.date);

    if (is_past_lag(series, request->scope.date, request->today)) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_INVALID,
            nsk_tr("the letter date %s is older than the %d days that the series '%s' allows; "
                   "choose a later date"),
            date, series->max_lag_days, series->name);
        return false;
    }
    if (!nsk_register_take(txn, key, series, 1, &seq, error))
        return false;
    g_autofree char *number =
        nsk_register_write_number(series, request, seq, request->scope.date, error);
    return number != NULL &&
           nsk_db_exec(txn, sql_add_reserved,
                       NSK_DB_PARAMS(NSK_DB_TEXT(key->unit), NSK_DB_TEXT(key->series),
                                     NSK_DB_TEXT(key->scope), NSK_DB_INT(seq), NSK_DB_TEXT(number),
                                     NSK_DB_TEXT(request->letter), NSK_DB_TEXT(date),
                                     NSK_DB_INT(request->now)),
                       NULL, error);
}

bool
nsk_registry_reserve(NskDbTxn *txn,
                     const NskSeries *series,
                     const NskNumberRequest *request,
                     NskRegisterEntry **out_entry,
                     GError **error)
{
    g_auto(RegisterKey) key = { 0 };
    g_autoptr(NskRegisterEntry) old = NULL;

    if (!nsk_register_check_letter(request->letter, error) ||
        !nsk_register_check_date(request, error) ||
        !nsk_register_key_init(&key, series, &request->scope, error) ||
        !nsk_registry_find(txn, request->letter, &old, error))
        return false;
    if (is_live(old)) {
        g_autofree char *why = why_not_kept(old, &key, series, request);

        if (why == NULL) {
            if (!keep_entry(txn, series, request, old, error))
                return false;
            *out_entry = g_steal_pointer(&old);
            return true;
        }
        if (old->state == NSK_ENTRY_BOUND)
            return refuse_bound(old, why, error);
        if (!nsk_registry_void(txn, request->letter, why, request->now, error))
            return false;
    }
    return take_entry(txn, series, &key, request, error) &&
           nsk_registry_find(txn, request->letter, out_entry, error);
}

bool
nsk_registry_bind(NskDbTxn *txn,
                  const char *letter,
                  const char *pdf_sha256,
                  NskInstant now,
                  GError **error)
{
    if (!nsk_register_check_digest(pdf_sha256, error))
        return false;
    g_autoptr(NskRegisterEntry) entry = find_live(txn, letter, error);
    if (entry == NULL)
        return false;
    if (entry->state == NSK_ENTRY_BOUND) {
        if (strcmp(entry->pdf, pdf_sha256) == 0)
            return true;
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the number '%s' is bound to another PDF; release it first"),
                    entry->number);
        return false;
    }
    return nsk_db_exec(txn, sql_bind_letter,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(pdf_sha256), NSK_DB_INT(now)),
                       NULL, error);
}

bool
nsk_registry_release(NskDbTxn *txn, const char *letter, NskInstant now, GError **error)
{
    g_autoptr(NskRegisterEntry) entry = find_live(txn, letter, error);

    return entry != NULL &&
           nsk_db_exec(txn, sql_release_letter, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(now)),
                       NULL, error);
}

bool
nsk_registry_void(NskDbTxn *txn,
                  const char *letter,
                  const char *reason,
                  NskInstant now,
                  GError **error)
{
    if (!nsk_register_check_reason(reason, error))
        return false;
    g_autoptr(NskRegisterEntry) entry = find_live(txn, letter, error);
    return entry != NULL &&
           nsk_db_exec(txn, sql_void_letter,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(reason), NSK_DB_INT(now)),
                       NULL, error);
}

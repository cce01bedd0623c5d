/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One register: its key, its counter, and rows of its entries.
 *
 * The key of a register in its series is text such as "kind=surat-dinas;year=2026": the values of
 * the scope in one fixed order, without the unit, which has a column of its own.  Values are names
 * (nsk_name_is_valid()), so no value can look like two.
 */
#include "base/bytes.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "registry/registry-private.h"

#include <string.h>

#define DIGEST_SIZE 32

static const char sql_find_counter[] = "SELECT first_seq, last_seq FROM register_counter"
                                       " WHERE unit = $1 AND series = $2 AND scope = $3";

static const char sql_set_counter[] =
    "INSERT INTO register_counter (unit, series, scope, first_seq, last_seq)"
    " VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (unit, series, scope) DO UPDATE SET last_seq = $5";

static const char *const state_names[] = {
    [NSK_ENTRY_RESERVED] = "reserved", [NSK_ENTRY_BOUND] = "bound",     [NSK_ENTRY_VOID] = "void",
    [NSK_ENTRY_PAPER] = "paper",       [NSK_ENTRY_SKIPPED] = "skipped",
};

const char *
nsk_entry_state_to_text(NskEntryState self)
{
    return state_names[self];
}

void
nsk_register_entry_free(NskRegisterEntry *self)
{
    if (self == NULL)
        return;
    g_free(self->series);
    g_free(self->unit);
    g_free(self->scope);
    g_free(self->number);
    g_free(self->letter);
    g_free(self->pdf);
    g_free(self->reason);
    g_free(self);
}

/* Adds "name=value" to the key. */
static bool
add_value(GString *key, const char *name, const char *value, GError **error)
{
    if (value == NULL || !nsk_name_is_valid(value)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the series counts by %s, but the letter's %s is '%s'"), name, name,
                    value != NULL ? value : "");
        return false;
    }
    g_string_append_printf(key, "%s%s=%s", key->len > 0 ? ";" : "", name, value);
    return true;
}

static bool
write_scope(GString *key, const NskSeries *series, const NskScopeValues *values, GError **error)
{
    g_autoptr(GString) unit = g_string_new(NULL);

    if (((series->scope & NSK_SCOPE_UNIT) != 0 && !add_value(unit, "unit", values->unit, error)) ||
        ((series->scope & NSK_SCOPE_POST) != 0 && !add_value(key, "post", values->post, error)) ||
        ((series->scope & NSK_SCOPE_KIND) != 0 && !add_value(key, "kind", values->kind, error)) ||
        ((series->scope & NSK_SCOPE_CLASS) != 0 &&
         !add_value(key, "class", values->security, error)))
        return false;
    if ((series->scope & NSK_SCOPE_YEAR) != 0)
        g_string_append_printf(key, "%syear=%04u", key->len > 0 ? ";" : "", values->date.year);
    if ((series->scope & NSK_SCOPE_MONTH) != 0)
        g_string_append_printf(key, ";month=%02u", values->date.month);
    return true;
}

bool
nsk_register_key_init(RegisterKey *key,
                      const NskSeries *series,
                      const NskScopeValues *values,
                      GError **error)
{
    g_autoptr(GString) scope = g_string_new(NULL);

    if (!nsk_date_is_set(values->date) &&
        (series->scope & (NSK_SCOPE_YEAR | NSK_SCOPE_MONTH)) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the series '%s' counts by year, but there is no letter date"),
                    series->name);
        return false;
    }
    if (!write_scope(scope, series, values, error)) {
        g_prefix_error(error, nsk_tr("series '%s': "), series->name);
        return false;
    }
    key->unit = (series->scope & NSK_SCOPE_UNIT) != 0 ? values->unit : "";
    key->series = series->name;
    key->scope = g_string_free(g_steal_pointer(&scope), FALSE);
    return true;
}

void
nsk_register_key_clear(RegisterKey *key)
{
    g_clear_pointer(&key->scope, g_free);
}

bool
nsk_register_stand(NskDbTxn *txn,
                   const RegisterKey *key,
                   const NskSeries *series,
                   uint32_t *out_first,
                   uint32_t *out_last,
                   GError **error)
{
    bool has_row;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_find_counter,
        NSK_DB_PARAMS(NSK_DB_TEXT(key->unit), NSK_DB_TEXT(key->series), NSK_DB_TEXT(key->scope)),
        error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_first = has_row ? (uint32_t)nsk_db_rows_int(rows, 0) : series->start;
    *out_last = has_row ? (uint32_t)nsk_db_rows_int(rows, 1) : series->start - 1;
    return true;
}

bool
nsk_register_set(NskDbTxn *txn,
                 const RegisterKey *key,
                 uint32_t first,
                 uint32_t last,
                 GError **error)
{
    return nsk_db_exec(txn, sql_set_counter,
                       NSK_DB_PARAMS(NSK_DB_TEXT(key->unit), NSK_DB_TEXT(key->series),
                                     NSK_DB_TEXT(key->scope), NSK_DB_INT(first), NSK_DB_INT(last)),
                       NULL, error);
}

bool
nsk_register_take(NskDbTxn *txn,
                  const RegisterKey *key,
                  const NskSeries *series,
                  uint32_t count,
                  uint32_t *out_first,
                  GError **error)
{
    uint32_t first, last;

    if (!nsk_register_stand(txn, key, series, &first, &last, error))
        return false;
    if (count > NSK_NUMBER_SEQ_MAX - last) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the register '%s %s' is at %u and has no %u numbers left"), key->series,
                    key->scope, last, count);
        return false;
    }
    if (!nsk_register_set(txn, key, first, last + count, error))
        return false;
    *out_first = last + 1;
    return true;
}

char *
nsk_register_write_number(const NskSeries *series,
                          const NskNumberRequest *request,
                          uint32_t seq,
                          NskDate date,
                          GError **error)
{
    NskNumberParts parts = request->parts;

    parts.seq = seq;
    parts.year = date.year;
    parts.month = date.month;
    char *number = nsk_number_scheme_format(series->scheme, &parts, error);
    if (number == NULL)
        g_prefix_error(error, nsk_tr("series '%s': "), series->name);
    return number;
}

NskRegisterEntry *
nsk_register_entry_from_row(NskDbRows *rows)
{
    NskRegisterEntry *entry = g_new0(NskRegisterEntry, 1);

    entry->unit = g_strdup(nsk_db_rows_text(rows, 0));
    entry->series = g_strdup(nsk_db_rows_text(rows, 1));
    entry->scope = g_strdup(nsk_db_rows_text(rows, 2));
    entry->seq = (uint32_t)nsk_db_rows_int(rows, 3);
    entry->last_seq = entry->seq;
    entry->state = (NskEntryState)nsk_db_rows_int(rows, 4);
    entry->number = g_strdup(nsk_db_rows_text(rows, 5));
    entry->letter = g_strdup(nsk_db_rows_text(rows, 6));
    (void)nsk_date_parse(nsk_db_rows_text(rows, 7), &entry->letter_date, NULL); /* "": unset */
    entry->at = nsk_db_rows_int(rows, 8);
    entry->pdf = g_strdup(nsk_db_rows_text(rows, 9));
    entry->reason = g_strdup(nsk_db_rows_text(rows, 10));
    return entry;
}

bool
nsk_register_read_entry(NskDbRows *rows, NskRegisterEntry **out_entry, GError **error)
{
    bool has_row;

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_entry = has_row ? nsk_register_entry_from_row(rows) : NULL;
    return true;
}

/* Whether @text is one line of UTF-8 with something in it. */
static bool
is_line(const char *text)
{
    if (text == NULL || *text == '\0' || strlen(text) > NSK_LIMIT_TEXT ||
        !g_utf8_validate(text, -1, NULL))
        return false;
    for (const char *at = text; *at != '\0'; at++) {
        if (g_ascii_iscntrl(*at))
            return false;
    }
    return true;
}

bool
nsk_register_check_letter(const char *letter, GError **error)
{
    /* "ID", or "ID/agenda" for what is in a second register too */
    const char *slash = letter != NULL ? strchr(letter, '/') : NULL;
    g_autofree char *id = slash != NULL ? g_strndup(letter, (size_t)(slash - letter)) : NULL;

    if (letter != NULL && nsk_name_is_valid(slash != NULL ? id : letter) &&
        (slash == NULL || nsk_name_is_valid(slash + 1)))
        return true;
    g_set_error_literal(
        error, NSK_ERROR, NSK_ERROR_INVALID,
        nsk_tr("what is entered in a register needs an id of a-z, 0-9, '-', '.' and '_'"));
    return false;
}

bool
nsk_register_check_reason(const char *reason, GError **error)
{
    if (is_line(reason))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("the register wants a reason: write it in one line"));
    return false;
}

bool
nsk_register_check_digest(const char *digest, GError **error)
{
    uint8_t bytes[DIGEST_SIZE];

    if (digest != NULL && nsk_unhex(digest, bytes, sizeof bytes))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("a PDF is bound by its SHA-256 in 64 hex digits"));
    return false;
}

bool
nsk_register_check_date(const NskNumberRequest *request, GError **error)
{
    NskDate date = request->scope.date;

    if (!nsk_date_is_set(date) || !nsk_date_is_set(request->today)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("a number needs a letter date; give one"));
        return false;
    }
    if (nsk_date_compare(date, request->today) > 0) {
        g_autofree char *text = nsk_date_format(date);
        g_autofree char *today = nsk_date_format(request->today);

        g_set_error(
            error, NSK_ERROR, NSK_ERROR_INVALID,
            nsk_tr("the letter date %s is after today, %s; number the letter on that day or choose "
                   "an earlier date"),
            text, today);
        return false;
    }
    return true;
}

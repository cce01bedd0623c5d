/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Registers as a whole: what there is, and the proof that nothing is missing.
 *
 * A register is read as one run of spans in the order of position: an entry is a span of one, a
 * skip a span of several.  It is gapless if each span begins where the one before ended, the first
 * at the register's first position and the last at its last.
 */
#include "base/message.h"
#include "registry/registry-private.h"

static const char sql_list_registers[] =
    "SELECT unit, series, scope, first_seq, last_seq FROM register_counter"
    " ORDER BY unit, series, scope";

static const char sql_list_spans[] =
    "SELECT unit, series, scope, seq, state, number, letter, letter_date, at, pdf, reason,"
    " seq AS last_seq"
    " FROM register_entry WHERE unit = $1 AND series = $2 AND scope = $3 AND seq > $4"
    " UNION ALL "
    "SELECT unit, series, scope, from_seq, 4, '', '', '', at, '', reason, to_seq"
    " FROM register_skip WHERE unit = $1 AND series = $2 AND scope = $3 AND to_seq > $4"
    " ORDER BY 4, 12 LIMIT $5";

static const char sql_find_lost[] =
    "SELECT unit, series, scope, count(*) FROM"
    " (SELECT unit, series, scope FROM register_entry"
    "  UNION ALL SELECT unit, series, scope FROM register_skip) AS lost"
    " WHERE NOT EXISTS (SELECT 1 FROM register_counter AS c WHERE c.unit = lost.unit"
    "  AND c.series = lost.series AND c.scope = lost.scope)"
    " GROUP BY unit, series, scope ORDER BY unit, series, scope";

static const char sql_find_doubles[] =
    "SELECT letter, count(*) FROM register_entry WHERE state IN (0, 1)"
    " GROUP BY letter HAVING count(*) > 1 ORDER BY letter";

void
nsk_register_free(NskRegister *self)
{
    if (self == NULL)
        return;
    g_free(self->series);
    g_free(self->unit);
    g_free(self->scope);
    g_free(self);
}

static void
free_register(gpointer data)
{
    nsk_register_free(data);
}

static void
free_entry(gpointer data)
{
    nsk_register_entry_free(data);
}

GPtrArray *
nsk_registry_registers(NskDbTxn *txn, GError **error)
{
    bool has_row = true;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_register);
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_list_registers, NSK_DB_NO_PARAMS, error);

    if (rows == NULL)
        return NULL;
    for (;;) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return NULL;
        if (!has_row)
            return g_steal_pointer(&list);
        NskRegister *one = g_new0(NskRegister, 1);

        one->unit = g_strdup(nsk_db_rows_text(rows, 0));
        one->series = g_strdup(nsk_db_rows_text(rows, 1));
        one->scope = g_strdup(nsk_db_rows_text(rows, 2));
        one->first_seq = (uint32_t)nsk_db_rows_int(rows, 3);
        one->last_seq = (uint32_t)nsk_db_rows_int(rows, 4);
        g_ptr_array_add(list, one);
    }
}

static NskDbRows *
query_spans(NskDbTxn *txn, const NskRegister *which, uint32_t after, int64_t limit, GError **error)
{
    return nsk_db_query(txn, sql_list_spans,
                        NSK_DB_PARAMS(NSK_DB_TEXT(which->unit), NSK_DB_TEXT(which->series),
                                      NSK_DB_TEXT(which->scope), NSK_DB_INT(after),
                                      NSK_DB_INT(limit)),
                        error);
}

GPtrArray *
nsk_registry_list(NskDbTxn *txn,
                  const NskRegister *which,
                  uint32_t after,
                  unsigned limit,
                  GError **error)
{
    bool has_row;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_entry);
    g_autoptr(NskDbRows) rows = query_spans(txn, which, after, limit, error);

    if (rows == NULL)
        return NULL;
    for (;;) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return NULL;
        if (!has_row)
            return g_steal_pointer(&list);
        NskRegisterEntry *entry = nsk_register_entry_from_row(rows);

        entry->last_seq = (uint32_t)nsk_db_rows_int(rows, 11);
        g_ptr_array_add(list, entry);
    }
}

/* Adds a finding about @which. */
static void
add_issue(NskIssues *issues,
          const NskRegister *which,
          const char *tag,
          int64_t from,
          int64_t to,
          const char *what)
{
    g_autofree char *name = g_strdup_printf("%s/%s %s", which->unit, which->series, which->scope);
    NskIssue place = { .tag = tag, .severity = NSK_SEVERITY_ERROR, .file = name };

    nsk_issues_add(
        issues, &place,
        nsk_tr("positions %lld to %lld %s; restore the office from a backup or ask for help"),
        (long long)from, (long long)to, nsk_tr(what));
}

/* Compares one span with the position where it should begin, and moves that on. */
static void
check_span(const NskRegister *which, int64_t from, int64_t to, int64_t *next, NskIssues *issues)
{
    if (from < which->first_seq || to > which->last_seq)
        add_issue(issues, which, "register-outside", from, to, N_("lie outside the register"));
    if (from > *next)
        add_issue(issues, which, "register-gap", *next, from - 1, N_("have no entry"));
    if (from<*next && * next> which->first_seq)
        add_issue(issues, which, "register-double", from, MIN(to, *next - 1),
                  N_("have more than one entry"));
    *next = MAX(*next, to + 1);
}

static bool
check_register(NskDbTxn *txn, const NskRegister *which, NskIssues *issues, GError **error)
{
    bool has_row;
    int64_t next = which->first_seq;
    g_autoptr(NskDbRows) rows = query_spans(txn, which, 0, -1, error);

    if (rows == NULL)
        return false;
    for (;;) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        check_span(which, nsk_db_rows_int(rows, 3), nsk_db_rows_int(rows, 11), &next, issues);
    }
    if (next <= which->last_seq)
        add_issue(issues, which, "register-gap", next, which->last_seq, N_("have no entry"));
    return true;
}

static bool
check_lost(NskDbTxn *txn, NskIssues *issues, GError **error)
{
    bool has_row;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_find_lost, NSK_DB_NO_PARAMS, error);

    if (rows == NULL)
        return false;
    for (;;) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            return true;
        g_autofree char *name =
            g_strdup_printf("%s/%s %s", nsk_db_rows_text(rows, 0), nsk_db_rows_text(rows, 1),
                            nsk_db_rows_text(rows, 2));
        NskIssue place = { .tag = "register-lost", .severity = NSK_SEVERITY_ERROR, .file = name };
        nsk_issues_add(issues, &place,
                       nsk_tr("%lld entries belong to a register that has no counter"),
                       (long long)nsk_db_rows_int(rows, 3));
    }
}

static bool
check_doubles(NskDbTxn *txn, NskIssues *issues, GError **error)
{
    bool has_row;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_find_doubles, NSK_DB_NO_PARAMS, error);

    if (rows == NULL)
        return false;
    for (;;) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            return true;
        g_autofree char *letter = g_strdup(nsk_db_rows_text(rows, 0));
        NskIssue place = { .tag = "register-double",
                           .severity = NSK_SEVERITY_ERROR,
                           .file = letter };
        nsk_issues_add(issues, &place, nsk_tr("the letter has %lld live numbers"),
                       (long long)nsk_db_rows_int(rows, 1));
    }
}

bool
nsk_registry_check(NskDbTxn *txn, NskIssues *issues, GError **error)
{
    g_autoptr(GPtrArray) registers = nsk_registry_registers(txn, error);

    if (registers == NULL)
        return false;
    for (guint i = 0; i < registers->len; i++) {
        if (!check_register(txn, g_ptr_array_index(registers, i), issues, error))
            return false;
    }
    return check_lost(txn, issues, error) && check_doubles(txn, issues, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What who looks after an office sees of it: people with all that they held, mandates, registers,
 * rules with their versions. */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "flow/diagram.h"
#include "office/admin-private.h"
#include "office/door-private.h"

#include <string.h>

#define OPEN_END "9999-12-31" /* as tables have it */

static const char sql_holdings[] =
    "SELECT h.position, p.title, h.capacity, h.since, h.until FROM holding h"
    " LEFT JOIN position p ON p.id = h.position WHERE h.person = $1"
    " ORDER BY h.since DESC, h.position LIMIT 500";
static const char sql_mandates[] =
    "SELECT m.id, m.giver, g.title, m.receiver, r.title, m.capacity, trim(m.kinds), m.since,"
    " m.until, m.document FROM mandate m LEFT JOIN position g ON g.id = m.giver"
    " LEFT JOIN position r ON r.id = m.receiver ORDER BY m.until DESC, m.id LIMIT 1000";
static const char sql_registers[] =
    "SELECT c.unit, u.name, c.series, c.scope, c.first_seq, c.last_seq,"
    " (SELECT count(*) FROM register_entry e WHERE e.unit = c.unit AND e.series = c.series"
    " AND e.scope = c.scope AND e.state = 1),"
    " (SELECT count(*) FROM register_entry e WHERE e.unit = c.unit AND e.series = c.series"
    " AND e.scope = c.scope AND e.state = 0),"
    " (SELECT count(*) FROM register_entry e WHERE e.unit = c.unit AND e.series = c.series"
    " AND e.scope = c.scope AND e.state = 2)"
    " FROM register_counter c LEFT JOIN unit u ON u.id = c.unit"
    " ORDER BY c.scope DESC, c.unit, c.series LIMIT 1000";
static const char sql_profiles[] =
    "SELECT r.name, r.version, r.at, r.in_force, (SELECT count(*) FROM letter l"
    " WHERE l.profile = r.name AND l.profile_version = r.version) FROM rule r"
    " WHERE r.type = 'profile' ORDER BY r.name, r.in_force DESC, r.at DESC LIMIT 500";
static const char sql_workflows[] =
    "SELECT r.name, r.version, r.at, r.in_force, (SELECT count(*) FROM letter l"
    " WHERE l.workflow = r.name AND l.workflow_version = r.version) FROM rule r"
    " WHERE r.type = 'workflow' ORDER BY r.name, r.in_force DESC, r.at DESC LIMIT 500";
static const char sql_kinds[] =
    "SELECT r.name, r.version, r.at, r.in_force, (SELECT count(*) FROM letter l"
    " WHERE l.kind = r.name AND l.kind_version = r.version) FROM rule r"
    " WHERE r.type = 'kind' ORDER BY r.name, r.in_force DESC, r.at DESC LIMIT 500";
static const char sql_calendars[] =
    "SELECT r.name, r.version, r.at, r.in_force, 0 FROM rule r WHERE r.type = 'calendar'"
    " ORDER BY r.name DESC, r.in_force DESC, r.at DESC LIMIT 500";

/* What a column is called and how it is told; a day at its end is none if it is open. */
typedef struct {
    const char *name;
    enum { TELL_TEXT, TELL_DAY, TELL_INT, TELL_BOOL, TELL_TIME } as;
} Column;

static void
tell_column(NskDbRows *rows, int i, const Column *column, NskJson *into)
{
    const char *text;

    if (nsk_db_rows_is_null(rows, i))
        return;
    switch (column->as) {
    case TELL_INT:
        nsk_json_set_int(into, column->name, nsk_db_rows_int(rows, i));
        return;
    case TELL_BOOL:
        nsk_json_set_bool(into, column->name, nsk_db_rows_int(rows, i) != 0);
        return;
    case TELL_TIME: {
        g_autofree char *at = nsk_instant_format(nsk_db_rows_int(rows, i));

        nsk_json_set_text(into, column->name, at);
        return;
    }
    case TELL_TEXT:
    case TELL_DAY:
    default:
        text = nsk_db_rows_text(rows, i);
        if (text[0] != '\0' && (column->as != TELL_DAY || strcmp(text, OPEN_END) != 0))
            nsk_json_set_text(into, column->name, text);
        return;
    }
}

/* The rows of a query as objects under @member of @result; @columns end with a NULL name. */
static bool
tell_rows(NskDbRows *rows,
          const Column *columns,
          NskJson *result,
          const char *member,
          GError **error)
{
    bool has_row = true;
    NskJson *list = nsk_json_array();

    nsk_json_set(result, member, list);
    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        NskJson *row = nsk_json_object();
        for (int i = 0; columns[i].name != NULL; i++)
            tell_column(rows, i, &columns[i], row);
        nsk_json_add(list, row);
    }
    return rows != NULL;
}

/* --- A person -------------------------------------------------------------------------------- */

static void
tell_sessions(const GPtrArray *sessions, NskJson *result)
{
    NskJson *list = nsk_json_array();

    nsk_json_set(result, "sessions", list);
    for (guint i = 0; i < sessions->len; i++) {
        const NskSession *session = g_ptr_array_index(sessions, i);
        NskJson *row = nsk_json_object();
        g_autofree char *begun = nsk_instant_format(session->begun);
        g_autofree char *seen = nsk_instant_format(session->seen);

        nsk_json_set_text(row, "agent", session->agent);
        nsk_json_set_text(row, "address", session->address);
        nsk_json_set_text(row, "begun", begun);
        nsk_json_set_text(row, "seen", seen);
        nsk_json_add(list, row);
    }
}

static bool
tell_account(NskOffice *self, NskDbTxn *txn, const char *person, NskJson *result, GError **error)
{
    bool administers;
    NskInstant now = nsk_clock_now(self->clock);
    g_autoptr(NskAccount) account = NULL;
    g_autoptr(GPtrArray) sessions = nsk_session_list(txn, person, now, error);

    if (sessions == NULL || !nsk_account_of(txn, person, &account, error) ||
        !nsk_admin_find(txn, person, now, &administers, error))
        return false;
    tell_sessions(sessions, result);
    if (account == NULL)
        return true;
    NskJson *row = nsk_json_object();
    nsk_json_set(result, "account", row);
    nsk_json_set_text(row, "name", account->name);
    nsk_json_set_text(row, "state", nsk_door_account_state(account));
    nsk_json_set_bool(row, "codes", account->has_codes);
    nsk_json_set_bool(row, "administers", administers);
    return true;
}

bool
nsk_office_person_show(NskOffice *self, const char *person, NskJson **out_result, GError **error)
{
    static const Column columns[] = { { "position", TELL_TEXT }, { "title", TELL_TEXT },
                                      { "capacity", TELL_TEXT }, { "from", TELL_DAY },
                                      { "until", TELL_DAY },     { NULL, TELL_TEXT } };
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskPerson) row = txn != NULL && nsk_admin_check(self, txn, error)
                                   ? nsk_directory_get_person(txn, person, error)
                                   : NULL;
    g_autoptr(NskDbRows) rows =
        row != NULL ? nsk_db_query(txn, sql_holdings, NSK_DB_PARAMS(NSK_DB_TEXT(row->id)), error)
                    : NULL;

    if (rows == NULL || !tell_rows(rows, columns, result, "holdings", error) ||
        !tell_account(self, txn, row->id, result, error))
        return false;
    nsk_json_set_text(result, "person", row->id);
    nsk_json_set_text(result, "name", row->name);
    nsk_json_set_text(result, "printed", row->printed);
    nsk_json_set_text(result, "nip", row->nip);
    nsk_json_set_text(result, "rank", row->rank);
    nsk_json_set_text(result, "email", row->email);
    *out_result = g_steal_pointer(&result);
    return true;
}

/* --- Whole tables ---------------------------------------------------------------------------- */

/* All rows of @sql under @member. */
static bool
tell_table(NskOffice *self,
           const char *sql,
           const Column *columns,
           const char *member,
           NskJson **out_result,
           GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskDbRows) rows = txn != NULL && nsk_admin_check(self, txn, error)
                                    ? nsk_db_query(txn, sql, NSK_DB_NO_PARAMS, error)
                                    : NULL;

    if (rows == NULL || !tell_rows(rows, columns, result, member, error))
        return false;
    *out_result = g_steal_pointer(&result);
    return true;
}

bool
nsk_office_mandates(NskOffice *self, NskJson **out_result, GError **error)
{
    static const Column columns[] = {
        { "mandate", TELL_TEXT },
        { "giver", TELL_TEXT },
        { "giver_title", TELL_TEXT },
        { "receiver", TELL_TEXT },
        { "receiver_title", TELL_TEXT },
        { "capacity", TELL_TEXT },
        { "kinds", TELL_TEXT },
        { "from", TELL_DAY },
        { "until", TELL_DAY },
        { "document", TELL_TEXT },
        { NULL, TELL_TEXT },
    };

    return tell_table(self, sql_mandates, columns, "mandates", out_result, error);
}

bool
nsk_office_registers(NskOffice *self, NskJson **out_result, GError **error)
{
    static const Column columns[] = {
        { "unit", TELL_TEXT },  { "unit_name", TELL_TEXT }, { "series", TELL_TEXT },
        { "scope", TELL_TEXT }, { "first", TELL_INT },      { "last", TELL_INT },
        { "bound", TELL_INT },  { "reserved", TELL_INT },   { "void", TELL_INT },
        { NULL, TELL_TEXT },
    };

    return tell_table(self, sql_registers, columns, "registers", out_result, error);
}

static const struct {
    const char *type;
    const char *sql;
} rule_types[] = {
    { "profile", sql_profiles },
    { "workflow", sql_workflows },
    { "kind", sql_kinds },
    { "calendar", sql_calendars },
};

bool
nsk_office_rules(NskOffice *self, const char *type, NskJson **out_result, GError **error)
{
    static const Column columns[] = { { "name", TELL_TEXT },   { "version", TELL_TEXT },
                                      { "at", TELL_TIME },     { "in_force", TELL_BOOL },
                                      { "letters", TELL_INT }, { NULL, TELL_TEXT } };

    for (size_t i = 0; i < G_N_ELEMENTS(rule_types); i++) {
        if (strcmp(rule_types[i].type, type) == 0)
            return tell_table(self, rule_types[i].sql, columns, "rules", out_result, error);
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("there are no rules called '%s'"),
                type);
    return false;
}

bool
nsk_office_rule_read(NskOffice *self, const NskRuleName *rule, GBytes **out_bytes, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GError) fault = NULL;

    if (txn == NULL || !nsk_admin_check(self, txn, error))
        return false;
    *out_bytes = nsk_rule_read(txn, rule->type, rule->name, rule->version, &fault);
    if (*out_bytes != NULL)
        return true;
    /* the name was typed by somebody: what is missing need never have been there */
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_CORRUPT))
        fault->code = NSK_ERROR_NOT_FOUND;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

bool
nsk_office_workflow_diagram(const NskOfficeFile *file, GBytes **out_svg, GError **error)
{
    size_t size;
    const void *data = g_bytes_get_data(file->bytes, &size);
    const NskFlowDiagram ask = { .name = file->name };
    g_autoptr(NskIssues) issues = nsk_issues_new();

    *out_svg = nsk_flow_diagram(&ask, data, size, issues, error);
    return *out_svg != NULL;
}

/* --- Backups --------------------------------------------------------------------------------- */

void
nsk_admin_note_backup(NskOffice *self, const NskJson *result)
{
    g_autofree char *path = nsk_office_path(self->dir, NSK_BACKUP_NOTE);
    g_autoptr(NskJson) note = nsk_json_object();

    nsk_json_set_text(note, "taken", nsk_json_get_text(result, "taken"));
    nsk_json_set_int(note, "letters", nsk_json_get_int(result, "letters", 0));
    g_autofree char *text = nsk_json_canonical(note);
    /* a note that could not be written makes no backup worse */
    (void)nsk_file_write(path, text, strlen(text), 0600, NULL);
}

bool
nsk_office_last_backup(NskOffice *self, NskJson **out_result, GError **error)
{
    g_autofree char *path = nsk_office_path(self->dir, NSK_BACKUP_NOTE);
    g_autoptr(GBytes) bytes = nsk_file_read(path, NSK_LIMIT_FORM_SIZE, NULL);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    size_t size = 0;
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &size) : "";
    NskJson *note = size > 0 ? nsk_json_parse(text, size, NULL) : NULL;

    if (txn == NULL || !nsk_admin_check(self, txn, error)) {
        nsk_json_unref(note);
        return false;
    }
    *out_result = nsk_json_object();
    if (note != NULL)
        nsk_json_set(*out_result, "backup", note);
    return true;
}

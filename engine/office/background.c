/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes on by itself for a person: signatures at their signer, their completion, mail. */
#include "base/message.h"
#include "office/admin-private.h"

#include <string.h>

#define MOST_ROWS 200

/* the states are those of the partial index */
static const char sql_signings[] =
    "SELECT s.letter, l.subject, s.person, s.state, s.at FROM signing s"
    " JOIN letter l ON l.id = s.letter WHERE (s.state = 'authorised' OR s.state = 'sent'"
    " OR s.state = 'answered' OR s.state = 'checked' OR s.state = 'unknown')"
    " AND (s.person = $1 OR $2 = 1) ORDER BY s.at DESC LIMIT $3";
static const char sql_completions[] =
    "SELECT p.letter, l.subject, p.level, p.wanted, p.due, p.tries, p.fault FROM preservation p"
    " JOIN letter l ON l.id = p.letter WHERE p.due IS NOT NULL AND p.level <> p.wanted"
    " AND ($2 = 1 OR EXISTS (SELECT 1 FROM signing s WHERE s.letter = p.letter AND s.person = $1))"
    " ORDER BY p.due LIMIT $3";
static const char sql_mail[] =
    "SELECT made, tries, fault FROM mail WHERE done IS NULL AND (person = $1 OR $2 = 1)"
    " ORDER BY made DESC LIMIT $3";

typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    bool all; /* of everybody: without what letters say */
} Background;

static NskDbRows *
ask(const Background *self, const char *sql, GError **error)
{
    return nsk_db_query(self->txn, sql,
                        NSK_DB_PARAMS(NSK_DB_TEXT(self->office->person), NSK_DB_INT(self->all),
                                      NSK_DB_INT(MOST_ROWS)),
                        error);
}

static void
set_time(NskJson *row, const char *name, NskInstant at)
{
    g_autofree char *text = nsk_instant_format(at);

    nsk_json_set_text(row, name, text);
}

/* The letter, and to its signatory its subject. */
static void
tell_letter(const Background *self, NskDbRows *rows, NskJson *row)
{
    nsk_json_set_text(row, "letter", nsk_db_rows_text(rows, 0));
    if (!self->all)
        nsk_json_set_text(row, "subject", nsk_db_rows_text(rows, 1));
}

static void
tell_signing(const Background *self, NskDbRows *rows, NskJson *row)
{
    const char *state = nsk_db_rows_text(rows, 3);

    tell_letter(self, rows, row);
    nsk_json_set_text(row, "person", nsk_db_rows_text(rows, 2));
    nsk_json_set_text(row, "state", state);
    nsk_json_set_text(row, "says", nsk_office_word_of("signing", state));
    set_time(row, "at", nsk_db_rows_int(rows, 4));
}

static void
tell_completion(const Background *self, NskDbRows *rows, NskJson *row)
{
    tell_letter(self, rows, row);
    nsk_json_set_text(row, "level", nsk_db_rows_text(rows, 2));
    nsk_json_set_text(row, "wanted", nsk_db_rows_text(rows, 3));
    set_time(row, "due", nsk_db_rows_int(rows, 4));
    nsk_json_set_int(row, "tries", nsk_db_rows_int(rows, 5));
    nsk_json_set_text(row, "fault", nsk_db_rows_text(rows, 6));
}

static void
tell_mail(G_GNUC_UNUSED const Background *self, NskDbRows *rows, NskJson *row)
{
    set_time(row, "made", nsk_db_rows_int(rows, 0));
    nsk_json_set_int(row, "tries", nsk_db_rows_int(rows, 1));
    nsk_json_set_text(row, "fault", nsk_db_rows_text(rows, 2));
}

static const struct {
    const char *name;
    const char *sql;
    void (*tell)(const Background *self, NskDbRows *rows, NskJson *row);
} sorts[] = {
    { "signings", sql_signings, tell_signing },
    { "completions", sql_completions, tell_completion },
    { "mail", sql_mail, tell_mail },
};

bool
nsk_office_background(NskOffice *self, bool all, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    const Background background = { self, txn, all };

    if (txn == NULL || (all && !nsk_admin_check(self, txn, error)))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(sorts); i++) {
        bool has_row = true;
        NskJson *list = nsk_json_array();
        g_autoptr(NskDbRows) rows = ask(&background, sorts[i].sql, error);

        nsk_json_set(result, sorts[i].name, list);
        while (rows != NULL && has_row) {
            if (!nsk_db_rows_next(rows, &has_row, error))
                return false;
            if (!has_row)
                break;
            NskJson *row = nsk_json_object();
            sorts[i].tell(&background, rows, row);
            nsk_json_add(list, row);
        }
        if (rows == NULL)
            return false;
    }
    *out_result = g_steal_pointer(&result);
    return true;
}

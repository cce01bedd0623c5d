/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

static const char sql_drop_update_guard[] = "DROP TRIGGER IF EXISTS journal_is_not_changed";
static const char sql_drop_delete_guard[] = "DROP TRIGGER IF EXISTS journal_is_not_cut";
static const char sql_defer_keys[] = "PRAGMA defer_foreign_keys = ON";

NskDb *
fixture_open(void)
{
    g_autoptr(GError) error = NULL;
    NskDb *db = nsk_db_open(":memory:", NSK_DB_WRITE, &error);

    g_assert_no_error(error);
    return db;
}

NskJournalEvent
fixture_event(const char *letter)
{
    static const NskJournalText texts[] = { { "note", "mohon segera" } };
    static const NskJournalObject objects[] = { { "letter", { 0xab, 0xcd }, 4200 } };

    return (NskJournalEvent){ .origin = "arunika.example/naskah",
                              .letter = letter,
                              .at = TIME_1,
                              .actor = PERSON,
                              .position = "kepala-biro-umum",
                              .capacity = "plt",
                              .auth_level = "password",
                              .on_behalf_of = "sekretaris",
                              .action = "letter-returned",
                              .objects = objects,
                              .n_objects = 1,
                              .state_from = "review",
                              .state_to = "draft",
                              .reason = "tanggal keliru",
                              .texts = texts,
                              .n_texts = 1,
                              .task = "task-1",
                              .workflow = "surat-keluar@3",
                              .commit = OID };
}

static bool
apply_append(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    (void)out_answer;
    const NskJournalEvent *event = data;
    NskJournalNext next;

    return nsk_journal_next(txn, event->letter, &next, error) &&
           nsk_journal_append(txn, event, &next, error);
}

bool
fixture_append(NskDb *db, const NskJournalEvent *event, GError **error)
{
    NskJournalEvent copy = *event;
    NskChange change = { .apply = apply_append, .data = &copy };

    return nsk_db_commit(db, &change, NULL, error);
}

void
fixture_fill(NskDb *db, const char *letter, int n)
{
    NskJournalEvent event = fixture_event(letter);
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < n; i++) {
        bool ok = fixture_append(db, &event, &error);

        g_assert_no_error(error);
        g_assert_true(ok);
        event.at += G_USEC_PER_SEC;
    }
}

typedef struct {
    const char *letter, *name, *sql;
    int64_t seq;
} Act;

static bool
apply_erase(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Act *act = data;

    (void)out_answer;
    return nsk_journal_erase_texts(txn, act->letter, act->seq, act->name, error);
}

bool
fixture_erase(NskDb *db, const char *letter, int64_t seq, const char *name)
{
    Act act = { letter, name, NULL, seq };

    return nsk_db_commit(db, &(NskChange){ .apply = apply_erase, .data = &act }, NULL, NULL);
}

static bool
apply_tamper(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Act *act = data;

    (void)out_answer;
    return nsk_db_exec(txn, sql_drop_update_guard, NSK_DB_NO_PARAMS, NULL, error) &&
           nsk_db_exec(txn, sql_drop_delete_guard, NSK_DB_NO_PARAMS, NULL, error) &&
           nsk_db_exec(txn, sql_defer_keys, NSK_DB_NO_PARAMS, NULL, error) &&
           nsk_db_exec(txn, act->sql, NSK_DB_PARAMS(NSK_DB_TEXT(act->letter)), NULL, error);
}

void
fixture_tamper(NskDb *db, const char *sql, const char *letter)
{
    g_autoptr(GError) error = NULL;
    Act act = { letter, NULL, sql, 0 };
    bool ok = nsk_db_commit(db, &(NskChange){ .apply = apply_tamper, .data = &act }, NULL, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
}

char *
fixture_check(NskDb *db, const char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    GString *out = g_string_new(NULL);

    g_assert_no_error(error);
    g_assert_true(nsk_journal_check(txn, letter, issues, &error));
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = issues->pdata[i];

        g_string_append_printf(out, "%s%s:%u", i > 0 ? " " : "", issue->tag, issue->line);
    }
    return g_string_free(out, FALSE);
}

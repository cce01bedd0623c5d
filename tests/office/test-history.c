/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened to a letter, in the journal and in git, and that neither can be changed unseen. */
#include "fixture.h"
#include "store/store.h"

#include <string.h>

static const char sql_change_byte[] =
    "UPDATE journal SET entry = CAST(replace(CAST(entry AS TEXT), 'kirana', 'kiranb') AS BLOB)"
    " WHERE letter = $1 AND letter_seq = 3";
/* whoever changes an entry can change its hash too, but not what follows from it */
static const char sql_swap_hashes[] =
    "UPDATE journal SET hash = (SELECT j.hash FROM journal j WHERE j.letter = $1 AND"
    " j.letter_seq = 2) WHERE letter = $1 AND letter_seq = 3";
static const char sql_cut_middle[] = "DELETE FROM journal WHERE letter = $1 AND letter_seq = 2";
static const char sql_cut_first[] = "DELETE FROM journal WHERE letter = $1 AND letter_seq = 1";
static const char sql_cut_end[] = "DELETE FROM journal WHERE letter = $1 AND letter_seq ="
                                  " (SELECT max(letter_seq) FROM journal WHERE letter = $1)";
static const char sql_cut_texts[] = "DELETE FROM journal_text WHERE letter = $1";
static const char sql_cut_all[] = "DELETE FROM journal WHERE letter = $1";
static const char sql_change_reason[] =
    "UPDATE journal_text SET text = 'Bagus.' WHERE letter = $1 AND name = 'reason'";

/* A letter that was returned once, with a reason. */
static char *
lively_letter(Fixture *f)
{
    char *letter = fixture_draft(f, &(Words){ 0 });
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) first = fixture_act(f, "kirana", letter, "approve", NULL);
    g_autoptr(NskJson) back = fixture_act(f, "budi", letter, "return", "Salah hari.");
    g_autoptr(NskJson) edited = fixture_edit(f, "damar", letter, &(Words){ .text = "Selasa." });
    g_autoptr(NskJson) again = fixture_act(f, "damar", letter, "submit", NULL);

    return letter;
}

static void
test_every_step_is_told_with_who_and_as_what(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *action, *actor, *position, *capacity, *on_behalf_of, *state, *reason;
    } steps[] = {
        { "letter-created", "damar", "staf-persuratan", "definitive", NULL, "draft", NULL },
        { "letter-submitted", "damar", "staf-persuratan", "definitive", NULL, "review", NULL },
        { "paraf-given", "kirana", "kepala-subbagian-persuratan", "definitive", NULL, "review",
          NULL },
        { "letter-returned", "budi", "kepala-bagian-tata-usaha", "definitive", NULL, "draft",
          "Salah hari." },
        { "letter-edited", "damar", "staf-persuratan", "definitive", NULL, "draft", NULL },
        { "paraf-voided", "damar", "staf-persuratan", NULL, "kepala-subbagian-persuratan", "draft",
          NULL },
        { "letter-submitted", "damar", "staf-persuratan", "definitive", NULL, "review", NULL },
    };
    g_autofree char *letter = lively_letter(f);
    g_autoptr(NskJson) history = fixture_history(f, "damar", letter);
    const NskJson *entries = nsk_json_get(history, "entries");
    const char *before = "";

    (void)data;
    g_assert_cmpuint(nsk_json_length(entries), ==, G_N_ELEMENTS(steps));
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        const NskJson *entry = nsk_json_at(entries, i);

        g_assert_cmpstr(nsk_json_get_text(entry, "action"), ==, steps[i].action);
        g_assert_cmpstr(nsk_json_get_text(entry, "actor"), ==, steps[i].actor);
        g_assert_cmpstr(nsk_json_get_text(entry, "position"), ==, steps[i].position);
        g_assert_cmpstr(nsk_json_get_text(entry, "capacity"), ==, steps[i].capacity);
        g_assert_cmpstr(nsk_json_get_text(entry, "on_behalf_of"), ==, steps[i].on_behalf_of);
        g_assert_cmpstr(nsk_json_get_text(entry, "state"), ==, steps[i].state);
        g_assert_cmpstr(nsk_json_get_text(entry, "reason"), ==, steps[i].reason);
        g_assert_cmpstr(nsk_json_get_text(entry, "at"), >=, before);
        before = nsk_json_get_text(entry, "at");
    }
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(entries, 3), "name"), ==,
                    "Budi Hargotama, S.Sos., M.A.P.");
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(entries, 0), "at"), ==,
                    "2026-07-22T02:01:00.000000Z");
}

/* Entry n names commit n, whose trailers name entry n; no reason stands where it cannot be erased.
 */
static void
test_journal_and_git_tell_the_same(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = lively_letter(f);
    g_autoptr(NskJson) history = fixture_history(f, "damar", letter);
    const NskJson *entries = nsk_json_get(history, "entries");
    g_autofree char *path = g_build_filename(f->dir, "office.db", NULL);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, &error);
    g_assert_no_error(error);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_autoptr(GPtrArray) log = nsk_store_log(txn, letter, &error);

    (void)data;
    g_assert_no_error(error);
    g_assert_cmpuint(log->len, ==, nsk_json_length(entries));
    for (guint i = 0; i < log->len; i++) {
        const NskStoreEntry *version = g_ptr_array_index(log, log->len - 1 - i);
        const NskJson *entry = nsk_json_at(entries, i);
        g_autofree char *event =
            g_strdup_printf("\nEvent: %s\n", nsk_json_get_text(entry, "action"));
        g_autofree char *actor =
            g_strdup_printf("\nActor: %s (%s)\n", nsk_json_get_text(entry, "actor"),
                            nsk_json_get_text(entry, "position"));
        g_autofree char *journal = g_strdup_printf("\nJournal: %s/%u\n", letter, i + 1);

        g_assert_cmpstr(nsk_json_get_text(entry, "commit"), ==, version->oid);
        g_test_message("%s", version->message);
        g_assert_nonnull(strstr(version->message, event));
        g_assert_nonnull(strstr(version->message, actor));
        g_assert_nonnull(strstr(version->message, journal));
        g_assert_null(strstr(version->message, "Salah hari"));
        g_assert_cmpint(version->offset_minutes, ==, 7 * 60);
        /* git drops full stops at the end of a name ("A.Md.") */
        g_assert_true(g_str_has_prefix(nsk_json_get_text(entry, "name"), version->author_name));
    }
}

static void
test_whatever_is_changed_is_found(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *sql, *tag;
    } cases[] = {
        { sql_change_byte, "journal-hash" },   { sql_swap_hashes, "journal-hash" },
        { sql_cut_middle, "journal-gap" },     { sql_cut_first, "journal-gap" },
        { sql_cut_end, "journal-end" },        { sql_cut_all, "journal-end" },
        { sql_change_reason, "journal-text" },
    };

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *letter = lively_letter(f);
        NskJson *none = NULL;

        if (cases[i].sql == sql_cut_all)
            fixture_tamper(f, sql_cut_texts, letter);
        fixture_tamper(f, cases[i].sql, letter);
        fixture_as(f, "damar");
        if (nsk_office_letter_history(f->office, letter, &none, &error))
            g_test_message("not found: %s", cases[i].sql);
        fixture_refused(&error, NSK_ERROR_UNTRUSTED, letter);
        g_assert_null(none);
        g_autoptr(GString) about = g_string_new(NULL);
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autoptr(NskJson) result = NULL;
        g_assert_true(nsk_office_doctor(f->office, issues, &result, &error));
        g_assert_no_error(error);
        for (guint n = 0; n < issues->len; n++) {
            const NskIssue *issue = g_ptr_array_index(issues, n);

            if (g_strcmp0(issue->file, letter) == 0)
                g_string_append_printf(about, "%s ", issue->tag);
        }
        if (strstr(about->str, cases[i].tag) == NULL)
            g_test_message("%s gives: %s", cases[i].sql, about->str);
        g_assert_nonnull(strstr(about->str, cases[i].tag));
    }
}

static void
test_a_repeated_request_makes_one_letter(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ 0 });
    const NskNewLetter draft = { "letter.xml", xml, NULL };
    g_auto(GStrv) answers = g_new0(char *, 3);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskJson) result = NULL;

    (void)data;
    for (size_t i = 0; i < 2; i++) {
        g_autoptr(NskJson) made = NULL;

        fixture_reopen(f, "surat-1");
        fixture_as(f, "damar");
        bool ok = nsk_office_letter_new(f->office, &draft, &made, &error);
        g_assert_no_error(error);
        g_assert_true(ok);
        answers[i] = nsk_json_canonical(made);
    }
    g_assert_cmpstr(answers[0], ==, answers[1]);
    g_assert_true(nsk_office_doctor(f->office, issues, &result, &error));
    g_assert_cmpint(nsk_json_get_int(result, "letters", 0), ==, 1);
    /* without an id each request is one of its own */
    g_autofree char *other = fixture_draft(f, &(Words){ 0 });
    g_assert_null(strstr(answers[0], other));
}

/* An id that a change without an answer has used cannot be answered again. */
static void
test_a_request_id_of_something_else_is_refused(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = fixture_draft(f, &(Words){ .reviewers = "" });
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) prepared = NULL;
    NskJson *none = NULL;
    const NskTaskAct act = { .task = letter, .outcome = "return", .note = "Salah." };

    (void)data;
    fixture_reopen(f, "sama");
    fixture_as(f, "sekar");
    g_assert_true(nsk_office_sign_prepare(f->office, letter, &prepared, &error));
    g_assert_no_error(error);
    fixture_reopen(f, "sama");
    fixture_as(f, "sekar");
    g_assert_false(nsk_office_task_act(f->office, &act, &none, &error));
    fixture_refused(&error, NSK_ERROR_CONFLICT, "request id");
    g_assert_null(none);
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/history/every-step-is-told-with-who-and-as-what",
          test_every_step_is_told_with_who_and_as_what, NULL },
        { "/office/history/journal-and-git-tell-the-same", test_journal_and_git_tell_the_same,
          NULL },
        { "/office/history/whatever-is-changed-is-found", test_whatever_is_changed_is_found, NULL },
        { "/office/history/a-repeated-request-makes-one-letter",
          test_a_repeated_request_makes_one_letter, NULL },
        { "/office/history/a-request-id-of-something-else-is-refused",
          test_a_request_id_of_something_else_is_refused, NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A healthy office has nothing wrong with it; a damaged one is found out. */
#include "fixture.h"

#include <string.h>
#include <sys/stat.h>

static const char sql_change_object[] =
    "UPDATE object SET data = zeroblob(length(data)) WHERE history = (SELECT n FROM head WHERE "
    "letter = $1) AND kind = 3";
static const char sql_lose_number[] = "DELETE FROM register_entry WHERE letter = $1";
static const char sql_empty_inbox[] = "DELETE FROM inbox WHERE letter = $1";

/* The doctor's result; findings of @severity become tags in @tags. */
static NskJson *
examine(Fixture *f, NskSeverity severity, GString *tags)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    NskJson *result = NULL;
    bool ok = nsk_office_doctor(f->office, issues, &result, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        if (issue->severity == severity)
            g_string_append_printf(tags, "%s ", issue->tag);
    }
    return result;
}

static void
test_a_healthy_office_has_no_findings(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *draft = fixture_draft(f, &(Words){ 0 });
    g_autofree char *sent = fixture_draft(f, &(Words){ .reviewers = "" });
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", sent, "submit", NULL);
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", sent);
    g_autoptr(GString) errors = g_string_new(NULL);
    g_autoptr(NskJson) before = examine(f, NSK_SEVERITY_ERROR, errors);

    (void)data;
    g_assert_cmpstr(errors->str, ==, "");
    g_assert_cmpint(nsk_json_get_int(before, "letters", 0), ==, 2);
    g_assert_cmpint(nsk_json_get_int(before, "waiting", 0), >=, 2);
    const NskJson *lag = nsk_json_at(nsk_json_get(before, "outbox"), 0);
    g_assert_cmpstr(nsk_json_get_text(lag, "topic"), ==, "project");
    const NskJson *words = nsk_json_at(nsk_json_get(before, "outbox"), 1);
    g_assert_cmpstr(nsk_json_get_text(words, "topic"), ==, "search");
    g_assert_cmpint(nsk_json_get_int(words, "waiting", 0), ==, 2);
    g_assert_cmpint(nsk_json_get_int(lag, "waiting", 0), ==,
                    nsk_json_get_int(before, "waiting", 0) - 2);
    g_assert_cmpint(nsk_json_get_int(lag, "lag_ms", 0), >, 0);
    g_assert_cmpint(nsk_json_get_int(lag, "tries", -1), ==, 0);
    g_assert_true(nsk_office_project(f->office, &error));
    g_assert_no_error(error);
    g_assert_true(nsk_office_index(f->office, &error));
    g_assert_no_error(error);
    g_autoptr(NskJson) after = examine(f, NSK_SEVERITY_ERROR, errors);
    g_assert_cmpint(nsk_json_get_int(after, "waiting", -1), ==, 0);
    g_assert_cmpuint(nsk_json_length(nsk_json_get(after, "outbox")), ==, 0);
    g_assert_true(nsk_json_get_bool(nsk_json_get(after, "sandbox"), "no_new_privs", false));
    g_assert_cmpstr(errors->str, ==, "");
}

static void
test_projected_letters_are_ordinary_repositories(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *open = fixture_draft(f, &(Words){ 0 });
    g_autofree char *closed = fixture_draft(f, &(Words){ .security = "terbatas" });
    g_autofree char *secret = fixture_draft(f, &(Words){ .security = "rahasia" });
    static const struct {
        const char *repository;
        bool has_open, has_closed;
    } cases[] = { { "biro-umum-2026.git", true, false },
                  { "biro-umum-2026-terbatas.git", false, true } };

    (void)data;
    g_assert_true(nsk_office_project(f->office, &error));
    g_assert_no_error(error);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *dir = g_build_filename(f->dir, "repositories", cases[i].repository, NULL);
        const char *argv[] = { "git", "--git-dir", dir, "for-each-ref", NULL };
        g_autofree char *out = NULL;
        int status = -1;

        g_assert_true(g_spawn_sync(NULL, (char **)(gpointer)argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                                   NULL, &out, NULL, &status, &error));
        g_assert_no_error(error);
        g_assert_cmpint(status, ==, 0);
        g_assert_true((strstr(out, open) != NULL) == cases[i].has_open);
        g_assert_true((strstr(out, closed) != NULL) == cases[i].has_closed);
        g_assert_null(strstr(out, secret));
    }
}

static void
test_damage_is_found(Fixture *f, gconstpointer data)
{
    const struct {
        const char *sql;
        NskSeverity severity;
        const char *tag;
    } cases[] = {
        { sql_empty_inbox, NSK_SEVERITY_ERROR, "task-lost" },
        { sql_lose_number, NSK_SEVERITY_ERROR, "register-gap" },
        { sql_change_object, NSK_SEVERITY_ERROR, "store-object-damaged" },
    };
    g_autofree char *letter = fixture_draft(f, &(Words){ .reviewers = "" });
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autofree char *shown = fixture_prepare(f, "sekar", letter);

    (void)data;
    g_assert_nonnull(shown);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) tags = g_string_new(NULL);

        fixture_tamper(f, cases[i].sql, letter);
        g_autoptr(NskJson) result = examine(f, cases[i].severity, tags);
        if (strstr(tags->str, cases[i].tag) == NULL)
            g_test_message("%s is not among: %s", cases[i].tag, tags->str);
        g_assert_nonnull(strstr(tags->str, cases[i].tag));
    }
}

/* Work that fails again and again, and work that nobody comes for. */
static void
test_work_that_is_stuck_is_told(Fixture *f, gconstpointer data)
{
    static const char *const cases[] = {
        "UPDATE outbox SET tries = 5, fault = 'it is damaged' WHERE letter = $1",
        "UPDATE outbox SET tries = 0, fault = NULL, at = at - 3700000000 WHERE letter = $1",
    };
    g_autoptr(GError) error = NULL;

    (void)data;
    g_assert_true(nsk_office_project(f->office, &error)); /* what waits since the office was made */
    g_assert_no_error(error);
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) before = g_string_new(NULL);
        g_autoptr(GString) after = g_string_new(NULL);

        g_autoptr(NskJson) healthy = examine(f, NSK_SEVERITY_WARNING, before);
        g_assert_true(i > 0 || strstr(before->str, "outbox-stuck") == NULL);
        fixture_tamper(f, cases[i], letter);
        g_autoptr(NskJson) result = examine(f, NSK_SEVERITY_WARNING, after);
        g_assert_nonnull(strstr(after->str, "outbox-stuck"));
    }
}

static void
test_open_folders_are_told(Fixture *f, gconstpointer data)
{
    g_autoptr(GString) tags = g_string_new(NULL);
    g_autofree char *keys = g_build_filename(f->dir, "keys", NULL);

    (void)data;
    g_assert_cmpint(chmod(keys, 0750), ==, 0);
    g_autoptr(NskJson) result = examine(f, NSK_SEVERITY_WARNING, tags);
    g_assert_nonnull(strstr(tags->str, "folder-open"));
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/doctor/a-healthy-office-has-no-findings", test_a_healthy_office_has_no_findings,
          NULL },
        { "/office/doctor/projected-letters-are-ordinary-repositories",
          test_projected_letters_are_ordinary_repositories, NULL },
        { "/office/doctor/damage-is-found", test_damage_is_found, NULL },
        { "/office/doctor/work-that-is-stuck-is-told", test_work_that_is_stuck_is_told, NULL },
        { "/office/doctor/open-folders-are-told", test_open_folders_are_told, NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

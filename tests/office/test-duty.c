/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is away and who is there, what is shown to whom meanwhile, and what nobody is there for. */
#include "fixture.h"
#include "flow-models.h"
#include "office/office-private.h"

#include <string.h>

/* --- The roster. ------------------------------------------------------------------------------ */

static NskJson *
try_turn(Fixture *f, const char *person, const NskTurnAct *act, GError **error)
{
    NskJson *result = NULL;

    f->now += 60 * G_USEC_PER_SEC;
    fixture_as(f, person);
    return nsk_office_roster(f->office, act, &result, error) ? result : NULL;
}

static void
enter(Fixture *f, const char *person, NskTurnAct act)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = try_turn(f, person, &act, &error);

    g_assert_no_error(error);
    g_assert_nonnull(result);
}

static void
refuse(Fixture *f, const char *person, NskTurnAct act, int code, const char *said)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = try_turn(f, person, &act, &error);

    g_assert_null(result);
    fixture_refused(&error, code, said);
}

/* "PRESENCE person person..." */
static char *
show(Fixture *f, const NskDutyAsk *ask)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;

    fixture_as(f, "wening");
    g_assert_true(nsk_office_duty_show(f->office, ask, &result, &error));
    g_assert_no_error(error);
    GString *text = g_string_new(nsk_json_get_text(result, "presence"));
    const NskJson *people = nsk_json_get(result, "people");
    for (size_t i = 0; i < nsk_json_length(people); i++)
        g_string_append_printf(text, " %s", nsk_json_get_text(nsk_json_at(people, i), "person"));
    nsk_json_unref(result);
    return g_string_free(text, FALSE);
}

static void
assert_shows(Fixture *f, NskDutyAsk ask, const char *expected)
{
    g_autofree char *found = show(f, &ask);

    g_assert_cmpstr(found, ==, expected);
}

static void
test_leave_is_entered_and_ended(Fixture *f, gconstpointer data)
{
    NskTurnAct leave = { .what = "leave",
                         .person = "sekar",
                         .from = "2026-07-20",
                         .until = "2026-07-24",
                         .note = "cuti tahunan" };
    NskDutyAsk today = { .position = "kepala-biro-umum" };

    (void)data;
    assert_shows(f, today, "holder sekar");
    enter(f, "sekar", leave);
    assert_shows(f, today, "away sekar");
    assert_shows(f, (NskDutyAsk){ .position = "kepala-biro-umum", .date = "2026-07-25" },
                 "holder sekar");
    leave.substitute = "budi";
    enter(f, "wening", leave); /* the archivist of the unit, in place of what was there */
    assert_shows(f, today, "substitute budi sekar");
    leave.end = 1;
    leave.until = "2026-07-21";
    enter(f, "larasati", leave); /* the superior */
    assert_shows(f, today, "holder sekar");
    assert_shows(f, (NskDutyAsk){ .position = "kepala-biro-umum", .date = "2026-07-21" },
                 "substitute budi sekar");
    leave.until = NULL;
    enter(f, "damar", leave); /* an assistant */
    assert_shows(f, (NskDutyAsk){ .position = "kepala-biro-umum", .date = "2026-07-21" },
                 "holder sekar");
    refuse(f, "damar", leave, NSK_ERROR_NOT_FOUND, "duty list");
}

static void
test_duty_has_hours(Fixture *f, gconstpointer data)
{
    NskTurnAct shift = { .what = "shift",
                         .person = "damar",
                         .position = "staf-persuratan",
                         .from = "2026-07-22",
                         .until = "2026-07-22",
                         .hours = "08.00-16.00" };
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;

    (void)data;
    enter(f, "kirana", shift);
    g_assert_true(nsk_office_duty_show(f->office, &(NskDutyAsk){ .position = "staf-persuratan" },
                                       &result, &error));
    g_assert_no_error(error);
    /* nine o'clock */
    g_assert_true(
        nsk_json_get_bool(nsk_json_at(nsk_json_get(result, "people"), 0), "on_duty", false));
    g_clear_pointer(&result, nsk_json_unref);
    g_assert_true(nsk_office_duty_show(
        f->office, &(NskDutyAsk){ .position = "staf-persuratan", .time = "16.00" }, &result,
        &error));
    g_assert_false(
        nsk_json_get_bool(nsk_json_at(nsk_json_get(result, "people"), 0), "on_duty", true));
    g_clear_pointer(&result, nsk_json_unref);
    g_assert_false(nsk_office_duty_show(
        f->office, &(NskDutyAsk){ .position = "staf-persuratan", .time = "25.00" }, &result,
        &error));
    fixture_refused(&error, NSK_ERROR_INVALID, "25.00");
    g_assert_true(nsk_office_duty_list(
        f->office, &(NskDutyAsk){ .date = "2026-07-20", .until = "2026-07-31" }, &result, &error));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(result, "turns")), ==, 1);
    nsk_json_unref(result);
}

static void
test_bad_turns_are_refused(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *person;
        NskTurnAct act;
        int code;
        const char *said;
    } cases[] = {
        { "sekar",
          { .what = "holiday", .person = "sekar", .from = "2026-07-20" },
          NSK_ERROR_INVALID,
          "leave, travel, duty or shift" },
        { "sekar",
          { .what = "leave", .person = "sekar", .from = "20 Juli" },
          NSK_ERROR_INVALID,
          "20 Juli" },
        { "sekar",
          { .what = "leave", .person = "sekar", .from = "2026-07-20", .until = "2026-07-19" },
          NSK_ERROR_INVALID,
          "before it begins" },
        { "sekar",
          { .what = "leave", .person = "nobody", .from = "2026-07-20" },
          NSK_ERROR_NOT_FOUND,
          "nobody" },
        /* himself, one who is not there, one who holds nothing */
        { "sekar",
          { .what = "leave", .person = "sekar", .from = "2026-07-20", .substitute = "sekar" },
          NSK_ERROR_INVALID,
          "own substitute" },
        { "sekar",
          { .what = "leave", .person = "sekar", .from = "2026-07-20", .substitute = "nobody" },
          NSK_ERROR_NOT_FOUND,
          "nobody" },
        { "sekar",
          { .what = "leave", .person = "sekar", .from = "2010-07-20", .substitute = "budi" },
          NSK_ERROR_INVALID,
          "holds no position" },
        /* somebody else's */
        { "arkan",
          { .what = "leave", .person = "sekar", .from = "2026-07-20" },
          NSK_ERROR_DENIED,
          "superior" },
        { "damar",
          { .what = "leave", .person = "budi", .from = "2026-07-20" },
          NSK_ERROR_DENIED,
          "superior" },
        { "damar",
          { .what = "duty",
            .person = "damar",
            .position = "staf-persuratan",
            .from = "2026-07-20" },
          NSK_ERROR_DENIED,
          "superior" },
        { "kirana",
          { .what = "duty", .person = "damar", .from = "2026-07-20" },
          NSK_ERROR_INVALID,
          "no position" },
        { "kirana",
          { .what = "shift",
            .person = "damar",
            .position = "staf-persuratan",
            .from = "2026-07-20" },
          NSK_ERROR_INVALID,
          "no hours" },
    };

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %zu", i);
        refuse(f, cases[i].person, cases[i].act, cases[i].code, cases[i].said);
    }
    assert_shows(f, (NskDutyAsk){ .position = "kepala-biro-umum" }, "holder sekar");
}

/* --- What is shown to whom. ------------------------------------------------------------------- */

/* "NAME/AS ..." of what waits. */
static char *
list_tasks(Fixture *f, const char *person, const char *position, GError **error)
{
    NskJson *result = NULL;

    fixture_as(f, person);
    if (!nsk_office_task_list(f->office, &(NskTaskListAsk){ .position = position }, &result, error))
        return NULL;
    GString *text = g_string_new(NULL);
    const NskJson *tasks = nsk_json_get(result, "tasks");
    for (size_t i = 0; i < nsk_json_length(tasks); i++) {
        const NskJson *task = nsk_json_at(tasks, i);

        g_string_append_printf(text, "%s%s/%s", i > 0 ? " " : "", nsk_json_get_text(task, "role"),
                               nsk_json_get_text(task, "as"));
    }
    nsk_json_unref(result);
    return g_string_free(text, FALSE);
}

static void
assert_waits(Fixture *f, const char *person, const char *position, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *found = list_tasks(f, person, position, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(found, ==, expected);
}

static void
test_a_substitute_sees_and_does_not_sign(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_to_signatory(f, &(Words){ 0 });

    (void)data;
    assert_waits(f, "nastiti", NULL, "");
    g_assert_false(fixture_finds(f, "nastiti", letter));
    enter(f, "sekar",
          (NskTurnAct){ .what = "leave",
                        .person = "sekar",
                        .from = "2026-07-20",
                        .until = "2026-07-24",
                        .substitute = "nastiti" });
    assert_waits(f, "nastiti", NULL, "sign/substitute");
    g_assert_true(fixture_finds(f, "nastiti", letter));
    g_free(fixture_act_fails(f, "nastiti",
                             &(NskTaskAct){ .task = letter, .outcome = "return", .note = "x" },
                             NSK_ERROR_DENIED, "not yours"));
    NskJson *pages = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(nsk_office_sign_prepare(f->office, letter, &pages, &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "not yours");
    /* the day after */
    f->now += 3 * G_TIME_SPAN_DAY;
    assert_waits(f, "nastiti", NULL, "");
}

static void
test_a_substitute_sees_no_secret(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ .security = "rahasia" });
    g_autofree char *letter = fixture_draft_of(f, "sekar", "kepala-biro-umum", xml);

    (void)data;
    enter(f, "sekar",
          (NskTurnAct){ .what = "leave",
                        .person = "sekar",
                        .from = "2026-07-20",
                        .until = "2026-07-24",
                        .substitute = "nastiti" });
    assert_waits(f, "nastiti", NULL, "");
    assert_waits(f, "nastiti", "kepala-biro-umum", "");
    assert_waits(f, "sekar", "kepala-biro-umum", "draft/holder");
    g_assert_false(fixture_finds(f, "nastiti", letter));
}

/* TU sees the inbox of the position, and does not paraf or sign. */
static void
test_tu_sees_the_inbox_and_never_signs(Fixture *f, gconstpointer data)
{
    static const char *const tu[] = { "damar", "wening" }; /* assistant; archivist of the unit */
    g_autofree char *letter = fixture_to_signatory(f, &(Words){ 0 });
    g_autoptr(GBytes) secret = fixture_letter(&(Words){ .security = "rahasia" });
    g_autofree char *hidden = fixture_draft_of(f, "sekar", "kepala-biro-umum", secret);
    g_autoptr(GError) error = NULL;

    (void)data;
    assert_waits(f, "damar", "kepala-biro-umum", "sign/assistant");
    assert_waits(f, "wening", "kepala-biro-umum", "sign/archivist");
    assert_waits(f, "sekar", "kepala-biro-umum", "sign/holder draft/holder");
    for (size_t i = 0; i < G_N_ELEMENTS(tu); i++) {
        NskJson *pages = NULL;

        g_free(fixture_act_fails(f, tu[i],
                                 &(NskTaskAct){ .task = letter, .outcome = "return", .note = "x" },
                                 NSK_ERROR_DENIED, "not yours"));
        g_assert_false(nsk_office_sign_prepare(f->office, letter, &pages, &error));
        fixture_refused(&error, NSK_ERROR_DENIED, "not yours");
        g_assert_false(fixture_finds(f, tu[i], hidden));
    }
    g_assert_null(list_tasks(f, "arkan", "kepala-biro-umum", &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "Kepala Biro Umum");
    g_assert_null(list_tasks(f, "arkan", "no-such", &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "no-such");
}

static void
test_tu_gives_no_paraf(Fixture *f, gconstpointer data)
{
    g_autofree char *letter =
        fixture_draft(f, &(Words){ .reviewers = "kepala-biro-umum",
                                   .signatories = "sekretaris-utama:definitive" });

    (void)data;
    nsk_json_unref(fixture_act(f, "damar", letter, "submit", NULL));
    assert_waits(f, "damar", "kepala-biro-umum", "review/assistant");
    g_free(fixture_act_fails(f, "damar", &(NskTaskAct){ .task = letter, .outcome = "approve" },
                             NSK_ERROR_DENIED, "not yours"));
    g_free(fixture_act_fails(f, "kirana", &(NskTaskAct){ .task = letter, .outcome = "approve" },
                             NSK_ERROR_DENIED, "not yours"));
    nsk_json_unref(fixture_act(f, "sekar", letter, "approve", NULL));
}

/* --- What nobody is there for. ---------------------------------------------------------------- */

/* "WHY ..." as @person is told. */
static char *
list_orphans(Fixture *f, const char *person)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;

    fixture_as(f, person);
    g_assert_true(nsk_office_orphans(f->office, &result, &error));
    g_assert_no_error(error);
    GString *text = g_string_new(NULL);
    const NskJson *tasks = nsk_json_get(result, "tasks");
    for (size_t i = 0; i < nsk_json_length(tasks); i++)
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
                               nsk_json_get_text(nsk_json_at(tasks, i), "why"));
    nsk_json_unref(result);
    return g_string_free(text, FALSE);
}

static void
assert_orphans(Fixture *f, const char *person, const char *expected)
{
    g_autofree char *found = list_orphans(f, person);

    g_assert_cmpstr(found, ==, expected);
}

/* Tags of all findings of the doctor. */
static void
assert_doctor(Fixture *f, const char *tag)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();

    g_assert_true(nsk_office_doctor(f->office, issues, &result, &error));
    g_assert_no_error(error);
    nsk_json_unref(result);
    guint found = 0;
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        found += strcmp(issue->tag, "task-orphan") == 0 || strcmp(issue->tag, "letter-idle") == 0;
        if (tag != NULL && strcmp(issue->tag, "task-orphan") == 0)
            g_assert_cmpstr(tag, ==, issue->tag);
    }
    g_assert_cmpuint(found, ==, tag != NULL ? 1 : 0);
}

static void
test_tasks_of_who_is_away_are_told(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_to_signatory(f, &(Words){ 0 });
    NskTurnAct leave = { .what = "leave",
                         .person = "sekar",
                         .from = "2026-07-20",
                         .until = "2026-07-24" };

    (void)data;
    g_assert_nonnull(letter);
    assert_orphans(f, "larasati", "");
    assert_doctor(f, NULL);
    enter(f, "sekar", leave);
    assert_orphans(f, "larasati", "away"); /* the superior, who cannot read the letter */
    assert_orphans(f, "damar", "away");    /* whose letter it is */
    assert_orphans(f, "arkan", "");
    assert_doctor(f, "task-orphan");
    leave.substitute = "budi";
    enter(f, "sekar", leave);
    assert_orphans(f, "larasati", "");
    assert_doctor(f, NULL);
}

static void
load(Fixture *f, const char *holdings)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *text = g_strdup_printf(
        "<directory xmlns='urn:naskah:directory:1'><units/><positions/><people/><holdings>%s"
        "</holdings><mandates/><assistants/></directory>",
        holdings);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    const NskOfficeFile file = { "mutasi.xml", bytes };

    g_assert_true(nsk_office_directory_load(f->office, &file, issues, &error));
    g_assert_no_error(error);
}

static void
test_tasks_of_a_vacant_position_are_told(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_to_signatory(f, &(Words){ 0 });

    (void)data;
    load(f, "<holding person='sekar' position='kepala-biro-umum' capacity='definitive' "
            "from='2023-01-02' until='2026-07-21'/>");
    assert_orphans(f, "larasati", "vacant");
    assert_doctor(f, "task-orphan");
    load(f, "<holding person='budi' position='kepala-biro-umum' capacity='plt' "
            "from='2026-07-22'/>");
    assert_orphans(f, "larasati", "");
    assert_waits(f, "budi", "kepala-biro-umum", "sign/holder");
    g_assert_nonnull(letter);
}

static void
test_tasks_with_who_has_left_are_told(Fixture *f, gconstpointer data)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = NULL;

    (void)data;
    load(f, "<holding person='ratna' position='staf-persuratan' capacity='definitive' "
            "from='2026-07-01'/>");
    letter = fixture_draft(f, &(Words){ 0 });
    g_autofree char *task =
        models_look(f, "SELECT letter || '/' || key FROM task WHERE letter = $1", letter);
    fixture_as(f, "ratna");
    g_assert_true(
        nsk_office_deed(f->office, &(NskDeed){ .deed = "claim", .task = task }, &result, &error));
    g_assert_no_error(error);
    nsk_json_unref(result);
    assert_orphans(f, "damar", "");
    enter(f, "ratna", (NskTurnAct){ .what = "leave", .person = "ratna", .from = "2026-07-22" });
    assert_orphans(f, "damar", "assignee");
    load(f, "<holding person='ratna' position='staf-persuratan' capacity='definitive' "
            "from='2026-07-01' until='2026-07-21'/>");
    assert_orphans(f, "kirana", "assignee");
    assert_doctor(f, "task-orphan");
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/duty/leave-is-entered-and-ended", test_leave_is_entered_and_ended, NULL },
        { "/office/duty/duty-has-hours", test_duty_has_hours, NULL },
        { "/office/duty/bad-turns-are-refused", test_bad_turns_are_refused, NULL },
        { "/office/duty/a-substitute-sees-and-does-not-sign",
          test_a_substitute_sees_and_does_not_sign, NULL },
        { "/office/duty/a-substitute-sees-no-secret", test_a_substitute_sees_no_secret, NULL },
        { "/office/duty/tu-sees-the-inbox-and-never-signs", test_tu_sees_the_inbox_and_never_signs,
          NULL },
        { "/office/duty/tu-gives-no-paraf", test_tu_gives_no_paraf, NULL },
        { "/office/duty/tasks-of-who-is-away-are-told", test_tasks_of_who_is_away_are_told, NULL },
        { "/office/duty/tasks-of-a-vacant-position-are-told",
          test_tasks_of_a_vacant_position_are_told, NULL },
        { "/office/duty/tasks-with-who-has-left-are-told", test_tasks_with_who_has_left_are_told,
          NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

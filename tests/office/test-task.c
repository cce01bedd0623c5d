/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks: what waits in front of whom, and how it is done or refused. */
#include "fixture.h"

#include <string.h>

/* "LETTER:ROLE LETTER:ROLE": what waits in front of @person, with "a", "b" for the letters. */
static char *
tasks_of(Fixture *f, const char *person, const char *a, const char *b)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    GString *list = g_string_new(NULL);

    fixture_as(f, person);
    g_assert_true(nsk_office_task_list(f->office, &(NskTaskListAsk){ 0 }, &result, &error));
    g_assert_no_error(error);
    const NskJson *tasks = nsk_json_get(result, "tasks");
    for (size_t i = 0; i < nsk_json_length(tasks); i++) {
        const NskJson *task = nsk_json_at(tasks, i);
        const char *letter = nsk_json_get_text(task, "letter");

        g_assert_cmpstr(nsk_json_get_text(task, "subject"), ==, "Undangan Rapat");
        g_string_append_printf(list, "%s%s:%s", i > 0 ? " " : "",
                               g_strcmp0(letter, a) == 0   ? "a"
                               : g_strcmp0(letter, b) == 0 ? "b"
                                                           : "?",
                               nsk_json_get_text(task, "role"));
    }
    return g_string_free(list, FALSE);
}

static void
assert_tasks(Fixture *f, const char *person, const char *a, const char *b, const char *expected)
{
    g_autofree char *found = tasks_of(f, person, a, b);

    g_assert_cmpstr(found, ==, expected);
}

/* The id of the one waiting task. */
static char *
waiting_task(Fixture *f, const char *person, const char *letter)
{
    g_autoptr(NskJson) shown = fixture_show(f, person, letter);
    const NskJson *tasks = nsk_json_get(shown, "tasks");

    g_assert_cmpuint(nsk_json_length(tasks), ==, 1);
    return g_strdup(nsk_json_get_text(nsk_json_at(tasks, 0), "task"));
}

static void
test_each_person_sees_his_own_oldest_first(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ 0 });
    g_autofree char *a = fixture_draft(f, &(Words){ 0 });
    /* of the head, whom kirana assists by position and damar by name */
    g_autofree char *b = fixture_draft_of(f, "damar", "kepala-biro-umum", xml);

    (void)data;
    assert_tasks(f, "damar", a, b, "a:draft b:draft");
    assert_tasks(f, "kirana", a, b, "b:draft");
    assert_tasks(f, "sekar", a, b, "b:draft");
    assert_tasks(f, "budi", a, b, "");
    assert_tasks(f, "wening", a, b, "");
    g_autoptr(NskJson) second = fixture_act(f, "sekar", b, "submit", NULL);
    g_autoptr(NskJson) first = fixture_act(f, "damar", a, "submit", NULL);
    assert_tasks(f, "damar", a, b, "");
    assert_tasks(f, "kirana", a, b, "b:review a:review");
    g_autoptr(NskJson) third = fixture_act(f, "kirana", a, "approve", NULL);
    g_autoptr(NskJson) fourth = fixture_act(f, "budi", a, "approve", NULL);
    /* an assistant prepares, but does not sign */
    assert_tasks(f, "sekar", a, b, "a:sign");
    assert_tasks(f, "kirana", a, b, "b:review");
    assert_tasks(f, "damar", a, b, "");
}

/* A secret draft of a head is not named to who assists him. */
static void
test_an_assistant_does_not_see_secret_tasks(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) plain = fixture_letter(&(Words){ 0 });
    g_autoptr(GBytes) secret = fixture_letter(&(Words){ .security = "rahasia" });
    g_autoptr(GBytes) most_secret = fixture_letter(&(Words){ .security = "sangat-rahasia" });
    g_autofree char *a = fixture_draft_of(f, "sekar", "kepala-biro-umum", plain);
    g_autofree char *b = fixture_draft_of(f, "sekar", "kepala-biro-umum", secret);
    g_autofree char *c = fixture_draft_of(f, "sekar", "kepala-biro-umum", most_secret);

    (void)data;
    g_assert_nonnull(c);
    assert_tasks(f, "sekar", a, b, "a:draft b:draft ?:draft");
    assert_tasks(f, "kirana", a, b, "a:draft");
}

/* One piece of what waits for the person: its subjects join @subjects; where to go on. */
static char *
read_piece(Fixture *f, unsigned limit, const char *after, GString *subjects)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    NskTaskListAsk ask = { .limit = limit, .after = after };

    g_assert_true(nsk_office_task_list(f->office, &ask, &result, &error));
    g_assert_no_error(error);
    const NskJson *tasks = nsk_json_get(result, "tasks");
    g_assert_cmpuint(nsk_json_length(tasks), <=, limit);
    for (size_t i = 0; i < nsk_json_length(tasks); i++) {
        const NskJson *task = nsk_json_at(tasks, i);

        g_string_append(subjects, nsk_json_get_text(task, "subject"));
        g_string_append_c(subjects, ' ');
    }
    return g_strdup(nsk_json_get_text(result, "next"));
}

/* Damar has a position of his own and assists another: pieces of any size are the same list. */
static void
test_pieces_of_the_list_join_without_gap_or_repetition(Fixture *f, gconstpointer data)
{
    g_autoptr(GString) expected = g_string_new(NULL);

    (void)data;
    for (unsigned i = 0; i < 23; i++) {
        g_autofree char *subject = g_strdup_printf("surat-%u", i);
        bool own = i % 3 != 0, secret = i % 5 == 0;
        g_autoptr(GBytes) xml = fixture_letter(
            &(Words){ .subject = subject, .security = secret ? "rahasia" : "biasa" });
        g_autofree char *id = own ? fixture_draft_of(f, "damar", NULL, xml)
                                  : fixture_draft_of(f, "sekar", "kepala-biro-umum", xml);

        g_assert_nonnull(id);
        if (own || !secret)
            g_string_append_printf(expected, "%s ", subject);
    }
    fixture_as(f, "damar");
    for (unsigned limit = 1; limit <= 24; limit++) {
        g_autofree char *next = NULL;
        g_autoptr(GString) found = g_string_new(NULL);

        do {
            char *behind = read_piece(f, limit, next, found);

            g_free(next);
            next = behind;
        } while (next != NULL && found->len <= expected->len);
        g_assert_cmpstr(found->str, ==, expected->str);
    }
}

/* Both positions of a task are the person's: it is one task. */
static void
test_a_task_before_two_of_his_positions_is_shown_once(Fixture *f, gconstpointer data)
{
    static const char insert[] =
        "INSERT INTO inbox (position, opened, letter, key, drafting)"
        " SELECT 'kepala-biro-umum', opened, letter, key, drafting FROM inbox WHERE letter = $1";
    g_autofree char *a = fixture_draft(f, &(Words){ 0 });

    (void)data;
    fixture_tamper(f, insert, a);
    assert_tasks(f, "damar", a, "", "a:draft");
    assert_tasks(f, "sekar", a, "", "a:draft");
}

static void
test_a_place_that_is_none_is_refused(Fixture *f, gconstpointer data)
{
    static const char *const places[] = { "",
                                          "x",
                                          "1",
                                          "1/",
                                          "1//",
                                          "-1/a/b",
                                          "1/a",
                                          "/a/b",
                                          "1/\xff/b",

                                          "99999999999999999999/a/b" };

    (void)data;
    fixture_as(f, "damar");
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autoptr(GError) error = NULL;
        NskJson *none = NULL;

        g_assert_false(nsk_office_task_list(f->office, &(NskTaskListAsk){ .after = places[i] },
                                            &none, &error));
        fixture_refused(&error, NSK_ERROR_INVALID, "no place to go on at");
        g_assert_null(none);
    }
    g_autoptr(GError) error = NULL;
    NskJson *none = NULL;
    g_assert_false(
        nsk_office_task_list(f->office, &(NskTaskListAsk){ .limit = 501 }, &none, &error));
    fixture_refused(&error, NSK_ERROR_LIMIT, "at most 500");
}

static void
test_who_has_no_part_in_a_task_is_refused_in_one_sentence(Fixture *f, gconstpointer data)
{
    g_autofree char *letter =
        fixture_draft(f, &(Words){ .reviewers = "kepala-biro-umum kepala-bagian-tata-usaha",
                                   .signatories = "sekretaris-utama:definitive" });
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autofree char *task = waiting_task(f, "damar", letter);
    static const char *const people[] = { "damar", "kirana", "budi" };

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(people); i++) {
        NskTaskAct act = { .task = i == 1 ? task : letter, .outcome = "approve", .note = NULL };
        g_autofree char *said =
            fixture_act_fails(f, people[i], &act, NSK_ERROR_DENIED, "'Periksa dan paraf'");

        g_assert_null(strchr(said, '\n'));
        g_assert_nonnull(strstr(said, "is not yours: "));
    }
    g_autoptr(NskJson) done = fixture_act(f, "sekar", task, "approve", NULL);
    g_assert_cmpstr(nsk_json_get_text(done, "state"), ==, "review");
}

static void
test_a_task_is_done_once(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autofree char *draft = waiting_task(f, "damar", letter);
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", draft, "submit", NULL);
    g_autofree char *review = waiting_task(f, "damar", letter);
    g_autoptr(NskJson) approved = fixture_act(f, "kirana", review, "approve", NULL);
    const struct {
        const char *person;
        NskTaskAct act;
    } cases[] = {
        { "damar", { .task = draft, .outcome = "submit" } },
        { "kirana", { .task = review, .outcome = "approve" } },
        { "kirana", { .task = review, .outcome = "return", .note = "Salah." } },
        { "budi", { .task = review, .outcome = "approve" } },
    };

    (void)data;
    g_assert_cmpstr(draft, !=, review);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *said = fixture_act_fails(f, cases[i].person, &cases[i].act,
                                                  NSK_ERROR_CONFLICT, "done already");

        g_assert_nonnull(strstr(said, letter));
    }
    g_autoptr(NskJson) shown = fixture_show(f, "damar", letter);
    g_assert_cmpuint(nsk_json_length(nsk_json_get(shown, "parafs")), ==, 1);
}

static void
test_an_outcome_must_be_one_of_the_task(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    const NskTaskAct draft = { .task = letter, .outcome = "approve", .note = NULL };
    const NskTaskAct review = { .task = letter, .outcome = "setuju", .note = NULL };
    const NskTaskAct sign = { .task = letter, .outcome = "sign", .note = NULL };
    const NskTaskAct bare = { .task = letter, .outcome = "return", .note = NULL };
    const NskTaskAct empty = { .task = letter, .outcome = "return", .note = "" };

    (void)data;
    g_autofree char *first = fixture_act_fails(f, "damar", &draft, NSK_ERROR_INVALID, "submit");
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autofree char *second = fixture_act_fails(f, "kirana", &review, NSK_ERROR_INVALID, "approve");
    g_assert_nonnull(strstr(second, "return"));
    g_assert_nonnull(strstr(second, "setuju"));
    g_autofree char *third = fixture_act_fails(f, "kirana", &bare, NSK_ERROR_INVALID, "--note");
    g_autofree char *fourth = fixture_act_fails(f, "kirana", &empty, NSK_ERROR_INVALID, "--note");
    g_autoptr(NskJson) one = fixture_act(f, "kirana", letter, "approve", NULL);
    g_autoptr(NskJson) two = fixture_act(f, "budi", letter, "approve", NULL);
    g_autofree char *fifth =
        fixture_act_fails(f, "sekar", &sign, NSK_ERROR_INVALID, "naskah task sign");
    g_autoptr(NskJson) shown = fixture_show(f, "damar", letter);
    g_assert_cmpuint(nsk_json_length(nsk_json_get(shown, "parafs")), ==, 2);
    g_assert_cmpstr(nsk_json_get_text(shown, "state"), ==, "signing");
}

static void
test_a_task_that_is_none_is_not_found(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autofree char *other = g_strdup_printf("%s/paraf#9", letter);
    g_autofree char *odd = g_strdup_printf("%s/#", letter);
    const char *const tasks[] = {
        other, odd, "", "/", "#", "tidak/ada#1", "B-1/BU/KP.08.1/07/2026"
    };

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(tasks); i++) {
        NskTaskAct act = { .task = tasks[i], .outcome = "submit", .note = NULL };
        g_autofree char *said = fixture_act_fails(f, "damar", &act, NSK_ERROR_NOT_FOUND, "");

        g_assert_null(strchr(said, '\n'));
    }
}

/* --- Submitting ------------------------------------------------------------------------------ */

/* Findings name lines of the file that the drafter gets by exporting. */
static void
test_a_faulty_letter_is_not_submitted(Fixture *f, gconstpointer data)
{
    static const struct {
        Words words;
        const char *said[3];
    } cases[] = {
        { { .to = "kepala-biro-hantu", .copies = "deputi-hantu" },
          { "kepala-biro-hantu", "deputi-hantu", ".xml:8:" } },
        { { .reviewers = "pemeriksa-hantu" }, { "pemeriksa-hantu" } },
        { { .signatories = "hantu:definitive" }, { "hantu" } },
        { { .signatories = "kepala-biro-keuangan:plt" }, { "as plt on 2026-07-01" } },
        { { .signatories = "kepala-biro-umum:an:tidak-ada" }, { "tidak-ada" } },
        { { .signatories = "deputi-bidang-pemantauan:an:an-deputi-pemantauan" }, { "2026-06-30" } },
        { { .signatories = "deputi-bidang-pemantauan:an" }, { "2026-06-30" } },
    };

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *letter = fixture_draft(f, &cases[i].words);
        NskTaskAct act = { .task = letter, .outcome = "submit", .note = NULL };
        g_autofree char *said =
            fixture_act_fails(f, "damar", &act, NSK_ERROR_INVALID, cases[i].said[0]);

        for (size_t n = 1; n < G_N_ELEMENTS(cases[i].said) && cases[i].said[n] != NULL; n++)
            g_assert_nonnull(strstr(said, cases[i].said[n]));
        g_autoptr(NskJson) shown = fixture_show(f, "damar", letter);
        g_assert_cmpstr(nsk_json_get_text(shown, "state"), ==, "draft");
    }
}

static void
test_a_mandate_counts_on_the_day(Fixture *f, gconstpointer data)
{
    static const Words words = { .reviewers = "",
                                 .signatories =
                                     "deputi-bidang-pemantauan:an:an-deputi-pemantauan" };
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) xml = fixture_letter(&words);
    g_autofree char *letter = fixture_draft_of(f, "melati", NULL, xml);
    NskJson *none = NULL;

    (void)data;
    /* its last day */
    g_autoptr(NskJson) submitted = fixture_act(f, "melati", letter, "submit", NULL);
    g_assert_cmpstr(nsk_json_get_text(submitted, "state"), ==, "signing");
    f->now = fixture_morning("2026-07-01");
    fixture_as(f, "tirta");
    g_assert_false(nsk_office_sign_prepare(f->office, letter, &none, &error));
    fixture_refused(&error, NSK_ERROR_EXPIRED, "2026-06-30");
    g_assert_null(none);
    g_autoptr(NskJson) shown = fixture_show(f, "tirta", letter);
    g_assert_null(nsk_json_get_text(shown, "number"));
    g_autoptr(NskJson) back = fixture_act(f, "tirta", letter, "return", "Mandat saya berakhir.");
    g_assert_cmpstr(nsk_json_get_text(back, "state"), ==, "draft");
}

/* --- Review ---------------------------------------------------------------------------------- */

static void
test_reviewers_come_in_order_and_again_after_a_return(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    const NskTaskAct early = { .task = letter, .outcome = "approve", .note = NULL };
    const NskTaskAct back = { .task = letter, .outcome = "return", .note = "Lengkapi." };

    (void)data;
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autofree char *no = fixture_act_fails(f, "budi", &early, NSK_ERROR_DENIED, "not yours");
    g_autofree char *nor = fixture_act_fails(f, "sekar", &early, NSK_ERROR_DENIED, "not yours");
    g_autoptr(NskJson) returned = fixture_act(f, "kirana", letter, "return", "Salah hari.");
    g_assert_cmpstr(nsk_json_get_text(returned, "state"), ==, "draft");
    g_autofree char *twice = fixture_act_fails(f, "kirana", &back, NSK_ERROR_DENIED, "not yours");
    g_autoptr(NskJson) again = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) first = fixture_act(f, "kirana", letter, "approve", NULL);
    g_autoptr(NskJson) second = fixture_act(f, "budi", letter, "approve", NULL);
    g_assert_cmpstr(nsk_json_get_text(second, "state"), ==, "signing");
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(actions, ==,
                    "letter-created letter-submitted letter-returned letter-submitted paraf-given "
                    "paraf-given");
}

static void
test_acting_holders_give_paraf_in_their_capacity(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *reviewer, *person, *capacity;
    } cases[] = {
        { "kepala-biro-keuangan", "maheswari", "plh" },
        { "kepala-biro-keuangan", "wahyu", "definitive" },
        { "kepala-biro-sdm", "galih", "plt" },
    };

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *letter = fixture_draft(f, &(Words){ .reviewers = cases[i].reviewer });
        g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
        g_autoptr(NskJson) done = fixture_act(f, cases[i].person, letter, "approve", NULL);
        g_autoptr(NskJson) shown = fixture_show(f, "damar", letter);
        const NskJson *paraf = nsk_json_at(nsk_json_get(shown, "parafs"), 0);
        g_autoptr(NskJson) history = fixture_history(f, "damar", letter);
        const NskJson *entry = nsk_json_at(nsk_json_get(history, "entries"), 2);

        g_assert_cmpstr(nsk_json_get_text(paraf, "capacity"), ==, cases[i].capacity);
        g_assert_cmpstr(nsk_json_get_text(paraf, "person"), ==, cases[i].person);
        g_assert_cmpstr(nsk_json_get_text(entry, "capacity"), ==, cases[i].capacity);
        g_assert_cmpstr(nsk_json_get_text(entry, "position"), ==, cases[i].reviewer);
    }
    g_autofree char *letter = fixture_draft(f, &(Words){ .reviewers = "kepala-biro-keuangan" });
    const NskTaskAct late = { .task = letter, .outcome = "approve", .note = NULL };
    f->now = fixture_morning("2026-07-24");
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    f->now = fixture_morning("2026-07-25");
    fixture_as(f, "maheswari");
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) error = NULL;
    /* with the duty goes the right to know of the letter */
    g_assert_false(nsk_office_task_act(f->office, &late, &result, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
}

/* --- Repeated requests ----------------------------------------------------------------------- */

static void
test_a_repeated_request_gets_its_first_answer(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    const NskTaskAct act = { .task = letter, .outcome = "submit", .note = NULL };
    g_auto(GStrv) answers = g_new0(char *, 3);

    (void)data;
    for (size_t i = 0; i < 2; i++) {
        g_autoptr(NskJson) result = NULL;

        fixture_reopen(f, "kirim-1");
        fixture_as(f, "damar");
        bool ok = nsk_office_task_act(f->office, &act, &result, &error);
        g_assert_no_error(error);
        g_assert_true(ok);
        answers[i] = nsk_json_canonical(result);
    }
    g_assert_cmpstr(answers[0], ==, answers[1]);
    /* a request id counts for one change only */
    g_autofree char *said = fixture_act_fails(f, "damar", &act, NSK_ERROR_DENIED, "not yours");
    fixture_reopen(f, "kirim-2");
    g_autofree char *other = fixture_act_fails(f, "damar", &act, NSK_ERROR_DENIED, "not yours");
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(actions, ==, "letter-created letter-submitted");
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/task/pieces-of-the-list-join-without-gap-or-repetition",
          test_pieces_of_the_list_join_without_gap_or_repetition, NULL },
        { "/office/task/a-task-before-two-of-his-positions-is-shown-once",
          test_a_task_before_two_of_his_positions_is_shown_once, NULL },
        { "/office/task/a-place-that-is-none-is-refused", test_a_place_that_is_none_is_refused,
          NULL },
        { "/office/task/each-person-sees-his-own-oldest-first",
          test_each_person_sees_his_own_oldest_first, NULL },
        { "/office/task/an-assistant-does-not-see-secret-tasks",
          test_an_assistant_does_not_see_secret_tasks, NULL },
        { "/office/task/who-has-no-part-in-a-task-is-refused-in-one-sentence",
          test_who_has_no_part_in_a_task_is_refused_in_one_sentence, NULL },
        { "/office/task/a-task-is-done-once", test_a_task_is_done_once, NULL },
        { "/office/task/an-outcome-must-be-one-of-the-task",
          test_an_outcome_must_be_one_of_the_task, NULL },
        { "/office/task/a-task-that-is-none-is-not-found", test_a_task_that_is_none_is_not_found,
          NULL },
        { "/office/task/a-faulty-letter-is-not-submitted", test_a_faulty_letter_is_not_submitted,
          "2026-07-01" },
        { "/office/task/a-mandate-counts-on-the-day", test_a_mandate_counts_on_the_day,
          "2026-06-30" },
        { "/office/task/reviewers-come-in-order-and-again-after-a-return",
          test_reviewers_come_in_order_and_again_after_a_return, NULL },
        { "/office/task/acting-holders-give-paraf-in-their-capacity",
          test_acting_holders_give_paraf_in_their_capacity, NULL },
        { "/office/task/a-repeated-request-gets-its-first-answer",
          test_a_repeated_request_gets_its_first_answer, NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

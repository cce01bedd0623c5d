/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The legal clock of an application, on its way through the shipped workflow. */
#include "fixture.h"
#include "flow-models.h"

#include <string.h>

static const char sql_keys[] = "SELECT key FROM task WHERE letter = $1 AND closed IS NULL";

static NskJson *
show(Fixture *f, const char *person, const char *letter)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;

    fixture_as(f, person);
    g_assert_true(nsk_office_clock_show(f->office, letter, &result, &error));
    g_assert_no_error(error);
    return result;
}

/* "STATE spent/left warn escalate last deemed ALARM" */
static void
assert_clock(Fixture *f, const char *letter, const char *expected)
{
    static const char *const names[] = { "warn", "escalate", "last", "deemed" };
    g_autoptr(NskJson) clock = show(f, "wening", letter);
    g_autoptr(GString) text = g_string_new(nsk_json_get_text(clock, "state"));

    g_string_append_printf(text, " %d/%d", (int)nsk_json_get_int(clock, "spent", -1),
                           (int)nsk_json_get_int(clock, "left", -1));
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *day = nsk_json_get_text(clock, names[i]);

        g_string_append_printf(text, " %s", day != NULL ? day + 5 : "-");
    }
    if (nsk_json_get_text(clock, "alarm")[0] != '\0')
        g_string_append_printf(text, " %s", nsk_json_get_text(clock, "alarm"));
    g_assert_cmpstr(text->str, ==, expected);
}

/* An application that the verifying desk has before it. */
static char *
apply(Fixture *f)
{
    static const char *const to[] = { "kepala-biro-umum", NULL };
    const NskIncomingAsk ask = { .kind = "permohonan-izin",
                                 .channel = "loket",
                                 .origin = "PT Tirta Bening Sagara",
                                 .number = "021/TBS/VII/2026",
                                 .date = "2026-07-17",
                                 .subject = "Permohonan Izin Sumur Bor",
                                 .classification = "PI.01.2",
                                 .to = to };
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;

    fixture_as(f, "wening");
    g_assert_true(nsk_office_incoming_register(f->office, &ask, &result, &error));
    g_assert_no_error(error);
    char *letter = g_strdup(nsk_json_get_text(result, "letter"));
    nsk_json_unref(result);
    return letter;
}

static void
act(Fixture *f, const char *person, const char *letter, const char *outcome, const char *note)
{
    g_autoptr(NskJson) done = fixture_act(f, person, letter, outcome, note);

    g_assert_nonnull(done);
    models_assert_whole(f);
}

static void
on_day(Fixture *f, const char *date)
{
    f->now = fixture_morning(date);
}

/* The applicant brings what was missing. */
static void
complete_file(Fixture *f, const char *letter)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    const NskDeed deed = { .deed = "message", .task = letter, .to = "berkas-dilengkapi" };

    f->now += 60 * G_USEC_PER_SEC;
    fixture_as(f, "wening");
    g_assert_true(nsk_office_deed(f->office, &deed, &result, &error));
    g_assert_no_error(error);
    nsk_json_unref(result);
}

static void
assert_before(Fixture *f, const char *letter, const char *expected)
{
    g_autofree char *keys = models_look(f, sql_keys, letter);

    g_assert_true(g_str_has_prefix(keys, expected));
}

static void
test_there_is_none_before_the_file_is_complete(Fixture *f, gconstpointer data)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = apply(f);

    (void)data;
    assert_before(f, letter, "periksa-berkas#");
    fixture_as(f, "wening");
    g_assert_false(nsk_office_clock_show(f->office, letter, &result, &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "no legal clock");
    g_assert_true(nsk_office_clock_list(f->office, &result, &error));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(result, "clocks")), ==, 0);
    nsk_json_unref(result);
}

static void
test_it_runs_stops_and_goes_on(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = apply(f);

    (void)data;
    act(f, "kirana", letter, "complete", NULL);
    assert_before(f, letter, "telaah#");
    assert_clock(f, letter, "running 0/5 07-28 07-29 07-29 07-30");
    on_day(f, "2026-07-24");
    assert_clock(f, letter, "running 2/3 07-28 07-29 07-29 07-30");
    act(f, "tirta", letter, "incomplete", "peta lokasi belum ada");
    assert_clock(f, letter, "stopped 2/3 - - - -");
    on_day(f, "2026-08-03");
    assert_clock(f, letter, "stopped 2/3 - - - -");
    complete_file(f, letter);
    act(f, "kirana", letter, "complete", NULL);
    assert_clock(f, letter, "running 2/3 08-05 08-06 08-06 08-07");
    on_day(f, "2026-08-05");
    assert_clock(f, letter, "running 4/1 08-05 08-06 08-06 08-07 warn");
    g_autoptr(NskJson) clock = show(f, "wening", letter);
    const NskJson *spans = nsk_json_get(clock, "spans");
    g_assert_cmpuint(nsk_json_length(spans), ==, 2);
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(spans, 0), "stopped_because"), ==,
                    "peta lokasi belum ada");
    g_assert_null(nsk_json_get_text(nsk_json_at(spans, 1), "until"));
    const NskJson *ladder = nsk_json_get(clock, "ladder");
    g_assert_cmpstr(nsk_json_text_at(nsk_json_get(nsk_json_at(ladder, 0), "to"), 0), ==,
                    "deputi-bidang-pemantauan");
    const NskJson *second = nsk_json_get(nsk_json_at(ladder, 1), "to");
    g_assert_cmpstr(nsk_json_text_at(second, 0), ==, "deputi-bidang-pemantauan");
    g_assert_cmpstr(nsk_json_text_at(second, 1), ==, "kepala-badan");
    g_assert_cmpuint(nsk_json_length(ladder), ==, 3);
}

/* Days of those who had it add up to the days of the clock. */
static void
test_who_had_it_adds_up(Fixture *f, gconstpointer data)
{
    int64_t days = 0;
    g_autofree char *letter = apply(f);

    (void)data;
    on_day(f, "2026-07-24"); /* two days with the desk do not count: the file was not complete */
    act(f, "kirana", letter, "complete", NULL);
    on_day(f, "2026-07-28");
    act(f, "tirta", letter, "grant", NULL);
    on_day(f, "2026-07-30");
    g_autoptr(NskJson) clock = show(f, "wening", letter);
    const NskJson *held = nsk_json_get(clock, "held");
    g_assert_cmpuint(nsk_json_length(held), ==, 3);
    for (size_t i = 0; i < nsk_json_length(held); i++)
        days += nsk_json_get_int(nsk_json_at(held, i), "days", -100);
    g_assert_cmpint(days, ==, nsk_json_get_int(clock, "spent", -1));
    g_assert_cmpint(days, ==, 4);
    const NskJson *desk = nsk_json_at(held, 1);
    g_assert_cmpstr(nsk_json_get_text(desk, "position"), ==, "deputi-bidang-pemantauan");
    g_assert_cmpstr(nsk_json_get_text(desk, "person"), ==, "tirta");
    g_assert_cmpint(nsk_json_get_int(desk, "days", -1), ==, 2);
    g_assert_cmpint(nsk_json_get_int(nsk_json_at(held, 0), "days", -1), ==, 0);
    const NskJson *sums = nsk_json_get(clock, "sums");
    g_assert_cmpint(nsk_json_get_int(nsk_json_get(sums, "deputi-bidang-pemantauan"), "days", -1),
                    ==, 2);
}

/* "position:rung position:rung" of those who were told. */
static void
assert_told(Fixture *f, const char *letter, const char *expected)
{
    g_autoptr(NskJson) clock = show(f, "wening", letter);
    const NskJson *told = nsk_json_get(clock, "told");
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t i = 0; i < nsk_json_length(told); i++)
        g_string_append_printf(text, "%s%s:%s", i > 0 ? " " : "",
                               nsk_json_get_text(nsk_json_at(told, i), "position"),
                               nsk_json_get_text(nsk_json_at(told, i), "rung"));
    g_assert_cmpstr(text->str, ==, expected);
}

/* How many ends of terms the person's list shows. */
static void
assert_notices(Fixture *f, const char *person, unsigned expected)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    const NskTaskListAsk ask = { .limit = 1 };

    fixture_as(f, person);
    g_assert_true(nsk_office_task_list(f->office, &ask, &result, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(nsk_json_length(nsk_json_get(result, "notices")), ==, expected);
    nsk_json_unref(result);
}

/* Who gets the application when its end is near is told, and so is the one above him. */
static void
test_the_ladder_follows_the_application(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = apply(f);

    (void)data;
    act(f, "kirana", letter, "complete", NULL);
    on_day(f, "2026-07-28");
    assert_notices(f, "tirta", 0);
    g_assert_cmpint(models_run(f), ==, 1);
    assert_told(f, letter, "deputi-bidang-pemantauan:warn");
    assert_notices(f, "tirta", 1);
    assert_notices(f, "bramantya", 0);
    act(f, "tirta", letter, "grant", NULL);
    assert_told(f, letter, "deputi-bidang-pemantauan:warn arsiparis-umum:warn");
    on_day(f, "2026-07-29");
    g_assert_cmpint(models_run(f), ==, 1);
    /* arsiparis-umum is under kepala-bagian-tata-usaha: budi */
    assert_told(f, letter,
                "deputi-bidang-pemantauan:warn arsiparis-umum:warn arsiparis-umum:escalate "
                "kepala-bagian-tata-usaha:escalate");
    assert_notices(f, "budi", 1);
    assert_notices(f, "bramantya", 0);
    assert_notices(f, "arkan", 0);
}

static void
test_silence_is_consent(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = apply(f);

    (void)data;
    act(f, "kirana", letter, "complete", NULL);
    on_day(f, "2026-07-28");
    g_assert_cmpint(models_run(f), ==, 1); /* the warning */
    on_day(f, "2026-07-29");
    g_assert_cmpint(models_run(f), ==, 1); /* the superior */
    assert_clock(f, letter, "running 5/0 07-28 07-29 07-29 07-30 escalate");
    on_day(f, "2026-07-31"); /* a day late: nobody ran the timers */
    assert_clock(f, letter, "running 7/0 07-28 07-29 07-29 07-30 over");
    g_assert_cmpint(models_run(f), ==, 1);
    assert_clock(f, letter, "deemed 5/0 - - - 07-30 over");
    assert_before(f, letter, "konsep-dikabulkan#");
    models_assert_whole(f);
    g_autofree char *actions = fixture_actions(f, "wening", letter);
    g_assert_nonnull(strstr(actions, "clock-started"));
    g_assert_nonnull(strstr(actions, "deemed-granted"));
}

static void
test_it_comes_again_by_rebuilding(Fixture *f, gconstpointer data)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *letter = apply(f);
    const NskRebuildOptions options = { .dir = f->dir };

    (void)data;
    act(f, "kirana", letter, "complete", NULL);
    act(f, "tirta", letter, "incomplete", "peta lokasi belum ada");
    complete_file(f, letter);
    act(f, "kirana", letter, "complete", NULL);
    on_day(f, "2026-07-28"); /* somebody was told */
    g_assert_cmpint(models_run(f), ==, 1);
    g_autoptr(NskJson) before = show(f, "wening", letter);
    g_clear_pointer(&f->office, nsk_office_free);
    g_assert_true(nsk_office_rebuild(&options, issues, &result, &error));
    g_assert_no_error(error);
    nsk_json_unref(result);
    fixture_reopen(f, NULL);
    on_day(f, "2026-07-28");
    g_autoptr(NskJson) after = show(f, "wening", letter);
    g_autofree char *text = nsk_json_canonical(before);
    g_autofree char *again = nsk_json_canonical(after);
    g_assert_cmpstr(again, ==, text);
    /* and those who have no part in it do not see it */
    fixture_as(f, "arkan");
    g_assert_true(nsk_office_clock_list(f->office, &result, &error));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(result, "clocks")), ==, 0);
    g_clear_pointer(&result, nsk_json_unref);
    g_assert_false(nsk_office_clock_show(f->office, letter, &result, &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "no letter");
    fixture_as(f, "wening");
    g_assert_true(nsk_office_clock_list(f->office, &result, &error));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(result, "clocks")), ==, 1);
    nsk_json_unref(result);
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/clock/there-is-none-before-the-file-is-complete",
          test_there_is_none_before_the_file_is_complete, NULL },
        { "/office/clock/it-runs-stops-and-goes-on", test_it_runs_stops_and_goes_on, NULL },
        { "/office/clock/who-had-it-adds-up", test_who_had_it_adds_up, NULL },
        { "/office/clock/the-ladder-follows-the-application",
          test_the_ladder_follows_the_application, NULL },
        { "/office/clock/silence-is-consent", test_silence_is_consent, NULL },
        { "/office/clock/it-comes-again-by-rebuilding", test_it_comes_again_by_rebuilding, NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a workflow asks of an office beside tasks: timers, messages, signals, incidents, other
 * versions.  The workflows are made for the tests and take the place of "surat-keluar".
 */
#include "flow-models.h"
#include "office/office-private.h"

#include <string.h>

#define HOUR ((NskInstant)3600 * G_USEC_PER_SEC)
#define DAY  (24 * HOUR)

static const char sql_waits[] =
    "SELECT type || ' ' || name || CASE WHEN due IS NULL THEN '' ELSE ' ' || (due / 1000000) END"
    " FROM wait WHERE letter = $1 ORDER BY type, name, due";
static const char sql_incidents[] =
    "SELECT class || ' ' || node FROM incident WHERE letter = $1 ORDER BY key";
static const char sql_messages[] = "SELECT name FROM message WHERE letter = $1 ORDER BY n";
static const char sql_tasks[] =
    "SELECT name FROM task WHERE letter = $1 AND closed IS NULL ORDER BY key";
static const char sql_parafs[] = "SELECT person FROM paraf WHERE letter = $1";
static const char sql_missed[] =
    "SELECT text FROM journal_text WHERE letter = $1 AND name = 'missed' ORDER BY letter_seq";

static const char sql_refuse_disarming[] =
    "CREATE TRIGGER refuse BEFORE DELETE ON wait BEGIN SELECT RAISE(ABORT, 'not now'); END";
static const char sql_allow_disarming[] = "DROP TRIGGER refuse";

static void
submit(Fixture *f, const char *letter)
{
    g_autoptr(NskJson) done = fixture_act(f, "damar", letter, "submit", NULL);

    g_assert_nonnull(done);
}

/* --- Timers. ---------------------------------------------------------------------------------- */

static void
test_due_timer_fires_once(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = models_begin(f, models_rested);

    (void)data;
    submit(f, letter);
    g_autofree char *armed = models_look(f, sql_waits, letter);
    g_autofree char *expected =
        g_strdup_printf("timer  %" G_GINT64_FORMAT, (f->now + DAY) / G_USEC_PER_SEC);
    g_assert_cmpstr(armed, ==, expected);
    models_assert_whole(f);
    f->now += DAY - HOUR;
    g_assert_cmpint(models_run(f), ==, 0);
    models_assert_state(f, letter, "draft");
    f->now += HOUR;
    g_assert_cmpint(models_run(f), ==, 1);
}

static void
test_cycle_fires_once_after_downtime(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = models_begin(f, models_reminded);

    (void)data;
    NskInstant next = f->now + 4 * HOUR;
    f->now += 3 * HOUR + HOUR / 2;
    g_assert_cmpint(models_run(f), ==, 1);
    models_assert_rows(f, sql_missed, letter, "2");
    g_autofree char *expected = g_strdup_printf("timer  %" G_GINT64_FORMAT, next / G_USEC_PER_SEC);
    models_assert_rows(f, sql_waits, letter, expected);
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(actions, ==, "letter-created timer-fired notice-given");
    models_assert_rows(f, sql_tasks, letter, "konsep");
    models_assert_whole(f);
}

/* Nobody looked until all its turns had passed: one firing, and the others are on record. */
static void
test_cycle_used_up_in_downtime_says_so(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = models_begin(f, models_reminded);

    (void)data;
    f->now += 9 * HOUR;
    g_assert_cmpint(models_run(f), ==, 1);
    models_assert_rows(f, sql_missed, letter, "3");
    models_assert_rows(f, sql_waits, letter, "");
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(actions, ==, "letter-created timer-fired notice-given");
    f->now += 9 * HOUR;
    g_assert_cmpint(models_run(f), ==, 0);
    models_assert_whole(f);
}

static void
test_monthly_cycle_stays_at_the_end_of_the_month(Fixture *f, gconstpointer data)
{
    static const char *const days[] = { "2026-09-30", "2026-10-31", "2026-11-30" };
    g_autofree char *letter = models_begin(f, models_monthly);
    NskInstant minutes = f->now - fixture_morning("2026-08-31");

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
        NskInstant due = fixture_morning(days[i]) + minutes;
        g_autofree char *expected =
            g_strdup_printf("timer  %" G_GINT64_FORMAT, due / G_USEC_PER_SEC);

        models_assert_rows(f, sql_waits, letter, expected);
        f->now = due + HOUR;
        g_assert_cmpint(models_run(f), ==, 1);
        /* nothing of it is known but what the letter's record says */
        fixture_reopen(f, NULL);
    }
    models_assert_rows(f, sql_missed, letter, "");
    models_assert_rows(f, sql_waits, letter, "");
    models_assert_whole(f);
}

static void
test_clock_set_back_fires_nothing_again(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = models_begin(f, models_reminded);

    (void)data;
    f->now += HOUR;
    g_assert_cmpint(models_run(f), ==, 1);
    g_autofree char *armed = models_look(f, sql_waits, letter);
    f->now -= HOUR;
    g_assert_cmpint(models_run(f), ==, 0);
    f->now += HOUR;
    g_assert_cmpint(models_run(f), ==, 0);
    models_assert_rows(f, sql_waits, letter, armed);
    f->now += HOUR;
    g_assert_cmpint(models_run(f), ==, 1);
}

static void
test_timer_of_a_task_goes_with_it(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = models_begin(f, models_reminded);

    (void)data;
    submit(f, letter);
    models_assert_rows(f, sql_waits, letter, "");
    f->now += 5 * HOUR;
    g_assert_cmpint(models_run(f), ==, 0);
}

/* Who looks at the same moment as another. */
typedef struct {
    NskOfficeService *service;
    const char *dir;
    const NskClock *clock;
    GError *error;
    int64_t fired;
} Looker;

static gpointer
run_looker(gpointer data)
{
    Looker *looker = data;
    const NskOfficeOptions options = { .dir = looker->dir,
                                       .service = looker->service,
                                       .nobody = true,
                                       .clock = looker->clock };
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskOffice) office = nsk_office_open(&options, &looker->error);

    if (office != NULL && nsk_office_run_flow(office, &result, &looker->error))
        looker->fired = nsk_json_get_int(result, "timers", -1);
    return NULL;
}

static void
test_two_lookers_fire_once(Fixture *f, gconstpointer data)
{
    enum { N = 20 };
    char *letters[N];
    Looker lookers[2] = { 0 };
    GThread *threads[2];
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) deployed = models_deploy(f, models_rested);

    (void)data;
    for (size_t i = 0; i < N; i++) {
        letters[i] = fixture_draft(f, &(Words){ 0 });
        submit(f, letters[i]);
    }
    f->now += DAY + HOUR;
    g_clear_pointer(&f->office, nsk_office_free);
    NskOfficeService *service = nsk_office_service_start(f->dir, &error);
    g_assert_no_error(error);
    for (size_t i = 0; i < 2; i++) {
        lookers[i] = (Looker){ .service = service, .dir = f->dir, .clock = &f->clock };
        threads[i] = g_thread_new("looker", run_looker, &lookers[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        (void)g_thread_join(threads[i]);
        g_assert_no_error(lookers[i].error);
    }
    nsk_office_service_stop(service);
    g_assert_cmpint(lookers[0].fired + lookers[1].fired, ==, N);
    fixture_reopen(f, NULL);
    for (size_t i = 0; i < N; i++) {
        g_autofree char *actions = fixture_actions(f, "damar", letters[i]);

        g_assert_cmpstr(actions, ==, "letter-created letter-submitted timer-fired letter-archived");
        g_free(letters[i]);
    }
    models_assert_whole(f);
}

/* The dated cases of the calendar of 2026, and a year that nobody has loaded a calendar for. */
static const struct {
    const char *from, *days, *until;
} working_cases[] = {
    { "2026-03-17", "5", "2026-03-31" },
    { "2026-02-13", "2", "2026-02-19" },
    { "2026-05-13", "1", "2026-05-18" },
    { "2027-03-17", "5", "2027-03-24" },
};

static void
test_working_days_pass_over_holidays(Fixture *f, gconstpointer data)
{
    size_t i = 0;
    const FixtureTest *test = data;
    g_autofree char *workflow = NULL;
    g_auto(GStrv) parts = g_strsplit(models_working, "%s", 2);

    while (strcmp(working_cases[i].from, test->date) != 0)
        i++;
    workflow = g_strconcat(parts[0], working_cases[i].days, parts[1], NULL);
    g_autofree char *letter = models_begin(f, workflow);
    g_autofree char *first = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(first, ==, "letter-created");
    submit(f, letter);
    NskInstant minutes = f->now % HOUR;
    NskInstant due = fixture_morning(working_cases[i].until) + minutes;
    g_autofree char *expected = g_strdup_printf("timer  %" G_GINT64_FORMAT, due / G_USEC_PER_SEC);
    models_assert_rows(f, sql_waits, letter, expected);
}

/* --- Messages and signals. -------------------------------------------------------------------- */

static void
test_message_waits_for_who_listens_later(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = models_begin(f, models_answered);

    (void)data;
    submit(f, letter);
    models_assert_rows(f, sql_messages, letter, "balasan");
    models_assert_rows(f, sql_tasks, letter, "lagi");
    models_assert_whole(f);
    submit(f, letter);
    models_assert_rows(f, sql_messages, letter, "");
    models_assert_rows(f, sql_waits, letter, "");
    models_assert_state(f, letter, "archived");
    models_assert_whole(f);
}

static void
test_old_message_counts_no_more(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = models_begin(f, models_answered);

    (void)data;
    submit(f, letter);
    f->now += 8 * DAY;
    submit(f, letter);
    models_assert_rows(f, sql_waits, letter, "message balasan");
    models_assert_state(f, letter, "draft");
}

static void
test_signal_reaches_other_letters(Fixture *f, gconstpointer data)
{
    g_autoptr(NskJson) deployed = models_deploy(f, models_signalled);
    g_autofree char *first = fixture_draft(f, &(Words){ 0 });
    g_autofree char *second = fixture_draft(f, &(Words){ 0 });

    (void)data;
    models_assert_rows(f, sql_waits, second, "signal libur");
    submit(f, first);
    models_assert_rows(f, sql_tasks, second, "konsep");
    (void)models_run(f);
    models_assert_rows(f, sql_waits, second, "");
    models_assert_rows(f, sql_tasks, second, "lagi");
    g_autofree char *actions = fixture_actions(f, "damar", second);
    g_assert_cmpstr(actions, ==, "letter-created signal-received");
    models_assert_whole(f);
}

/* --- Incidents and versions. ------------------------------------------------------------------ */

static void
test_failing_timer_is_an_incident(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = models_begin(f, models_stuck);

    (void)data;
    submit(f, letter);
    f->now += 2 * HOUR;
    g_assert_cmpint(models_run(f), ==, 1);
    models_assert_rows(f, sql_incidents, letter, "no_flow jeda");
    g_assert_cmpint(models_run(f), ==, 0);
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(actions, ==, "letter-created letter-submitted timer-fired incident-opened");
    models_assert_whole(f);
}

/* A fault of the database is not "the letter waits no longer": it is told, and the timer stays. */
static void
test_timer_held_up_by_the_database_is_told(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autofree char *letter = models_begin(f, models_rested);

    (void)data;
    submit(f, letter);
    f->now += DAY;
    fixture_tamper(f, sql_refuse_disarming, NULL);
    g_assert_false(nsk_office_run_flow(f->office, &result, &error));
    fixture_refused(&error, NSK_ERROR_INTERNAL, "not now");
    models_assert_state(f, letter, "draft");
    fixture_tamper(f, sql_allow_disarming, NULL);
    g_assert_cmpint(models_run(f), ==, 1);
    models_assert_state(f, letter, "archived");
}

static void
test_human_is_told_what_cannot_go_on(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = models_begin(f, models_stuck_at_once);
    NskTaskAct act = { .task = letter, .outcome = "submit" };
    g_autofree char *said = fixture_act_fails(f, "damar", &act, NSK_ERROR_INVALID, "pilih");

    (void)data;
    g_assert_nonnull(said);
    models_assert_rows(f, sql_incidents, letter, "");
    models_assert_rows(f, sql_tasks, letter, "konsep");
}

static void
test_letter_stays_on_its_version(Fixture *f, gconstpointer data)
{
    g_autofree char *old = models_begin(f, models_rested);
    g_autofree char *young = models_begin(f, models_answered);

    (void)data;
    submit(f, old);
    submit(f, young);
    models_assert_rows(f, sql_tasks, old, "");
    models_assert_rows(f, sql_tasks, young, "lagi");
    fixture_reopen(f, NULL);
    f->now += 2 * DAY;
    g_assert_cmpint(models_run(f), ==, 1);
    models_assert_state(f, old, "archived");
    models_assert_state(f, young, "draft");
}

/* The warnings of a deployment that name a start event. */
static unsigned
count_start_warnings(const NskJson *deployed)
{
    const NskJson *warnings = nsk_json_get(deployed, "warnings");
    unsigned n = 0;

    for (size_t i = 0; i < nsk_json_length(warnings); i++) {
        const char *text = nsk_json_get_text(nsk_json_at(warnings, i), "text");

        n += strstr(text, "[flow-start]") != NULL ? 1 : 0;
    }
    return n;
}

static void
test_letter_is_the_message_that_begins_it(Fixture *f, gconstpointer data)
{
    g_autoptr(NskJson) deployed = models_deploy(f, models_by_message);
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    g_assert_cmpuint(count_start_warnings(deployed), ==, 0);
    models_assert_rows(f, sql_tasks, letter, "konsep");
    submit(f, letter);
    models_assert_state(f, letter, "archived");
    models_assert_whole(f);
}

static void
test_other_starts_are_told_to_begin_nothing(Fixture *f, gconstpointer data)
{
    g_autoptr(NskJson) deployed = models_deploy(f, models_by_anything);
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    g_assert_cmpuint(count_start_warnings(deployed), ==, 2);
    models_assert_rows(f, sql_tasks, letter, "konsep");
    f->now += 2 * DAY;
    g_assert_cmpint(models_run(f), ==, 0);
}

static void
assert_not_deployed(Fixture *f, const char *workflow, const char *said)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) content = g_bytes_new(workflow, strlen(workflow));
    NskDeployment deployment = { "uji.bpmn", content };

    fixture_as(f, "damar");
    g_assert_false(nsk_office_workflow_deploy(f->office, &deployment, &result, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, said));
}

static void
test_workflow_that_no_letter_begins_is_not_deployed(Fixture *f, gconstpointer data)
{
    (void)data;
    assert_not_deployed(f, models_by_signal, "no letter can begin");
}

static void
test_unknown_service_is_not_deployed(Fixture *f, gconstpointer data)
{
    (void)data;
    assert_not_deployed(f, models_unknown, "sulap");
}

static void
assert_review(Fixture *f, const char *outcome, const char *parafs)
{
    g_autofree char *letter = models_begin(f, models_refusable);

    submit(f, letter);
    g_autoptr(NskJson) done = fixture_act(f, "damar", letter, outcome, NULL);
    g_assert_nonnull(done);
    models_assert_state(f, letter, "archived");
    models_assert_rows(f, sql_parafs, letter, parafs);
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_true((strstr(actions, "paraf-given") != NULL) == (*parafs != '\0'));
    models_assert_whole(f);
}

static void
test_only_approval_is_a_paraf(Fixture *f, gconstpointer data)
{
    (void)data;
    assert_review(f, "approve", "damar");
    assert_review(f, "reject", "");
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/workflow/timer/that-is-due-fires-once", test_due_timer_fires_once, NULL },
        { "/workflow/timer/of-a-cycle-fires-once-after-downtime",
          test_cycle_fires_once_after_downtime, NULL },
        { "/workflow/timer/of-a-cycle-used-up-in-downtime-says-so",
          test_cycle_used_up_in_downtime_says_so, NULL },
        { "/workflow/timer/of-a-month-stays-at-its-end",
          test_monthly_cycle_stays_at_the_end_of_the_month, "2026-08-31" },
        { "/workflow/timer/does-not-fire-again-if-the-clock-is-set-back",
          test_clock_set_back_fires_nothing_again, NULL },
        { "/workflow/timer/goes-with-its-task", test_timer_of_a_task_goes_with_it, NULL },
        { "/workflow/timer/held-up-by-the-database-is-told-and-stays",
          test_timer_held_up_by_the_database_is_told, NULL },
        { "/workflow/timer/that-two-look-at-fires-once", test_two_lookers_fire_once, NULL },
        { "/workflow/timer/of-5-working-days-passes-over-nyepi-and-lebaran",
          test_working_days_pass_over_holidays, "2026-03-17" },
        { "/workflow/timer/of-2-working-days-passes-over-imlek",
          test_working_days_pass_over_holidays, "2026-02-13" },
        { "/workflow/timer/of-1-working-day-passes-over-ascension-day",
          test_working_days_pass_over_holidays, "2026-05-13" },
        { "/workflow/timer/of-5-working-days-counts-weekdays-where-no-calendar-is",
          test_working_days_pass_over_holidays, "2027-03-17" },
        { "/workflow/message/waits-for-who-listens-later", test_message_waits_for_who_listens_later,
          NULL },
        { "/workflow/message/that-is-old-counts-no-more", test_old_message_counts_no_more, NULL },
        { "/workflow/signal/reaches-other-letters", test_signal_reaches_other_letters, NULL },
        { "/workflow/incident/is-made-of-a-timer-that-fails", test_failing_timer_is_an_incident,
          NULL },
        { "/workflow/incident/is-no-persons", test_human_is_told_what_cannot_go_on, NULL },
        { "/workflow/version/of-a-letter-stays", test_letter_stays_on_its_version, NULL },
        { "/workflow/review/that-approves-alone-is-a-paraf", test_only_approval_is_a_paraf, NULL },
        { "/workflow/start/of-a-letter-is-the-message-that-it-is",
          test_letter_is_the_message_that_begins_it, NULL },
        { "/workflow/start/by-anything-else-is-told-to-begin-nothing",
          test_other_starts_are_told_to_begin_nothing, NULL },
        { "/workflow/deploy/refuses-what-no-letter-begins",
          test_workflow_that_no_letter_begins_is_not_deployed, NULL },
        { "/workflow/deploy/refuses-an-unknown-service", test_unknown_service_is_not_deployed,
          NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

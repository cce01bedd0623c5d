/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a workflow asks of an office beside tasks: timers, messages, signals, incidents, other
 * versions.  The workflows are made for the tests and take the place of "surat-keluar".
 */
#include "fixture.h"
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
static const char sql_missed[] =
    "SELECT text FROM journal_text WHERE letter = $1 AND name = 'missed' ORDER BY letter_seq";

/* --- Workflows. ------------------------------------------------------------------------------- */

#define HEAD                                                                                       \
    "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'"                             \
    " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:naskah='urn:naskah:bpmn:1'"      \
    " id='d' targetNamespace='t' expressionLanguage='http://www.w3.org/1999/XPath'>"               \
    "<message id='m1' name='balasan'/><signal id='s1' name='libur'/>"                              \
    "<process id='surat-keluar' isExecutable='true'>"                                              \
    "<startEvent id='mulai'/><sequenceFlow id='f0' sourceRef='mulai' targetRef='konsep'/>"
#define TAIL "</process></definitions>"
#define USER(ID)                                                                                   \
    "<userTask id='" ID "' name='" ID "' naskah:role='draft'>"                                     \
    "<extensionElements><naskah:outcomes>submit</naskah:outcomes></extensionElements>"             \
    "<potentialOwner id='" ID "-o'><resourceAssignmentExpression>"                                 \
    "<formalExpression>drafter/@position</formalExpression>"                                       \
    "</resourceAssignmentExpression></potentialOwner></userTask>"
#define FLOW(ID, FROM, TO) "<sequenceFlow id='" ID "' sourceRef='" FROM "' targetRef='" TO "'/>"
#define SERVICE(ID, NAME)  "<serviceTask id='" ID "' naskah:service='" NAME "'/>"
#define END(ID)            "<endEvent id='" ID "'/>"
#define DURATION(TEXT)                                                                             \
    "<timerEventDefinition><timeDuration>" TEXT "</timeDuration></timerEventDefinition>"
#define CYCLE(TEXT) "<timerEventDefinition><timeCycle>" TEXT "</timeCycle></timerEventDefinition>"

#define ARCHIVED(FROM)                                                                             \
    SERVICE("arsip", "archive")                                                                    \
    END("selesai") FLOW("ke-arsip", FROM, "arsip") FLOW("terarsip", "arsip", "selesai") TAIL

/* Reminded four times while the draft waits. */
static const char reminded[] = HEAD
    USER("konsep") "<boundaryEvent id='ingat' attachedToRef='konsep' cancelActivity='false'>" CYCLE(
        "R4/PT1H") "</boundaryEvent>" SERVICE("beri-tahu", "notify") END("diingatkan")
        FLOW("f2", "ingat", "beri-tahu") FLOW("f3", "beri-tahu", "diingatkan") ARCHIVED("konsep");
/* Rests for a day. */
static const char rested[] = HEAD USER("konsep") "<intermediateCatchEvent id='jeda'>" DURATION(
    "P1D") "</intermediateCatchEvent>" FLOW("f1", "konsep", "jeda") ARCHIVED("jeda");
/* Waits %s working days. */
static const char working[] = HEAD USER(
    "konsep") "<intermediateCatchEvent id='jeda'><timerEventDefinition"
              " naskah:workingDays='true'><timeDuration>P%sD</timeDuration></timerEventDefinition>"
              "</intermediateCatchEvent>" FLOW("f1", "konsep", "jeda") ARCHIVED("jeda");
/* Two ways, of which none may be open. */
#define TWO_WAYS                                                                                   \
    "<exclusiveGateway id='pilih'/><exclusiveGateway id='temu'/>"                                  \
    "<sequenceFlow id='f3' sourceRef='pilih' targetRef='temu'><conditionExpression"                \
    " xsi:type='tFormalExpression'>$letter/@urgency = 'segera'</conditionExpression>"              \
    "</sequenceFlow><sequenceFlow id='f4' sourceRef='pilih' targetRef='temu'>"                     \
    "<conditionExpression xsi:type='tFormalExpression'>$letter/@urgency = 'kilat'"                 \
    "</conditionExpression></sequenceFlow>" ARCHIVED("temu")
static const char stuck[] = HEAD USER("konsep") "<intermediateCatchEvent id='jeda'>" DURATION(
    "PT1H") "</intermediateCatchEvent>" FLOW("f1", "konsep", "jeda") FLOW("f2", "jeda", "pilih")
    TWO_WAYS;
static const char stuck_at_once[] = HEAD USER("konsep") FLOW("f1", "konsep", "pilih") TWO_WAYS;
/* Sends a message before it listens to it. */
static const char answered[] =
    HEAD USER("konsep") "<intermediateThrowEvent id='kirim'><messageEventDefinition"
                        " messageRef='m1'/></intermediateThrowEvent>" USER(
                            "lagi") "<intermediateCatchEvent id='tunggu'><messageEventDefinition "
                                    "messageRef='m1'/>"
                                    "</intermediateCatchEvent>" FLOW("f1", "konsep", "kirim")
                                        FLOW("f2", "kirim", "lagi") FLOW("f3", "lagi", "tunggu")
                                            ARCHIVED("tunggu");
/* Whoever is submitted first tells the others. */
static const char signalled[] =
    HEAD USER("konsep") "<boundaryEvent id='dengar' attachedToRef='konsep'><signalEventDefinition"
                        " signalRef='s1'/></boundaryEvent><intermediateThrowEvent "
                        "id='umumkan'><signalEventDefinition"
                        " signalRef='s1'/></intermediateThrowEvent>" USER("lagi")
                            FLOW("f1", "konsep", "umumkan") FLOW("f2", "umumkan", "lagi")
                                FLOW("f4", "dengar", "lagi") ARCHIVED("lagi");

static NskJson *
deploy(Fixture *f, const char *workflow)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) content = g_bytes_new(workflow, strlen(workflow));
    NskDeployment deployment = { "uji.bpmn", content };

    fixture_as(f, "damar");
    (void)nsk_office_workflow_deploy(f->office, &deployment, &result, &error);
    g_assert_no_error(error);
    return result;
}

/* --- Looking. --------------------------------------------------------------------------------- */

/* The rows of a query about a letter, parted by "; ". */
static char *
look(Fixture *f, const char *sql, const char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "office.db", NULL);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, &error);
    g_assert_no_error(error);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) texts =
        nsk_db_list_texts(txn, sql, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), &error);
    g_assert_no_error(error);
    g_ptr_array_add(texts, NULL);
    return g_strjoinv("; ", (char **)texts->pdata);
}

static void
assert_rows(Fixture *f, const char *sql, const char *letter, const char *expected)
{
    g_autofree char *rows = look(f, sql, letter);

    g_assert_cmpstr(rows, ==, expected);
}

static void
assert_state(Fixture *f, const char *letter, const char *expected)
{
    g_autoptr(NskJson) shown = fixture_show(f, "damar", letter);

    g_assert_cmpstr(nsk_json_get_text(shown, "state"), ==, expected);
}

/* What was written says what the rows say. */
static void
assert_whole(Fixture *f)
{
    g_autofree char *tags = fixture_doctor(f);

    g_assert_cmpstr(tags, ==, "");
}

/* How many timers fired. */
static int64_t
run_flow(Fixture *f)
{
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) error = NULL;

    (void)nsk_office_run_flow(f->office, &result, &error);
    g_assert_no_error(error);
    return nsk_json_get_int(result, "timers", -1);
}

static void
submit(Fixture *f, const char *letter)
{
    g_autoptr(NskJson) done = fixture_act(f, "damar", letter, "submit", NULL);

    g_assert_nonnull(done);
}

static char *
begin(Fixture *f, const char *workflow)
{
    g_autoptr(NskJson) deployed = deploy(f, workflow);

    g_assert_cmpstr(nsk_json_get_text(deployed, "workflow"), ==, "surat-keluar");
    return fixture_draft(f, &(Words){ 0 });
}

/* --- Timers. ---------------------------------------------------------------------------------- */

static void
test_due_timer_fires_once(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = begin(f, rested);

    (void)data;
    submit(f, letter);
    g_autofree char *armed = look(f, sql_waits, letter);
    g_autofree char *expected =
        g_strdup_printf("timer  %" G_GINT64_FORMAT, (f->now + DAY) / G_USEC_PER_SEC);
    g_assert_cmpstr(armed, ==, expected);
    assert_whole(f);
    f->now += DAY - HOUR;
    g_assert_cmpint(run_flow(f), ==, 0);
    assert_state(f, letter, "draft");
    f->now += HOUR;
    g_assert_cmpint(run_flow(f), ==, 1);
}

static void
test_cycle_fires_once_after_downtime(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = begin(f, reminded);

    (void)data;
    NskInstant next = f->now + 4 * HOUR;
    f->now += 3 * HOUR + HOUR / 2;
    g_assert_cmpint(run_flow(f), ==, 1);
    assert_rows(f, sql_missed, letter, "2");
    g_autofree char *expected = g_strdup_printf("timer  %" G_GINT64_FORMAT, next / G_USEC_PER_SEC);
    assert_rows(f, sql_waits, letter, expected);
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(actions, ==, "letter-created timer-fired notice-given");
    assert_rows(f, sql_tasks, letter, "konsep");
    assert_whole(f);
}

static void
test_clock_set_back_fires_nothing_again(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = begin(f, reminded);

    (void)data;
    f->now += HOUR;
    g_assert_cmpint(run_flow(f), ==, 1);
    g_autofree char *armed = look(f, sql_waits, letter);
    f->now -= HOUR;
    g_assert_cmpint(run_flow(f), ==, 0);
    f->now += HOUR;
    g_assert_cmpint(run_flow(f), ==, 0);
    assert_rows(f, sql_waits, letter, armed);
    f->now += HOUR;
    g_assert_cmpint(run_flow(f), ==, 1);
}

static void
test_timer_of_a_task_goes_with_it(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = begin(f, reminded);

    (void)data;
    submit(f, letter);
    assert_rows(f, sql_waits, letter, "");
    f->now += 5 * HOUR;
    g_assert_cmpint(run_flow(f), ==, 0);
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
    g_autoptr(NskJson) deployed = deploy(f, rested);

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
    assert_whole(f);
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
    g_auto(GStrv) parts = g_strsplit(working, "%s", 2);

    while (strcmp(working_cases[i].from, test->date) != 0)
        i++;
    workflow = g_strconcat(parts[0], working_cases[i].days, parts[1], NULL);
    g_autofree char *letter = begin(f, workflow);
    g_autofree char *first = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(first, ==, "letter-created");
    submit(f, letter);
    NskInstant minutes = f->now % HOUR;
    NskInstant due = fixture_morning(working_cases[i].until) + minutes;
    g_autofree char *expected = g_strdup_printf("timer  %" G_GINT64_FORMAT, due / G_USEC_PER_SEC);
    assert_rows(f, sql_waits, letter, expected);
}

/* --- Messages and signals. -------------------------------------------------------------------- */

static void
test_message_waits_for_who_listens_later(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = begin(f, answered);

    (void)data;
    submit(f, letter);
    assert_rows(f, sql_messages, letter, "balasan");
    assert_rows(f, sql_tasks, letter, "lagi");
    assert_whole(f);
    submit(f, letter);
    assert_rows(f, sql_messages, letter, "");
    assert_rows(f, sql_waits, letter, "");
    assert_state(f, letter, "archived");
    assert_whole(f);
}

static void
test_old_message_counts_no_more(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = begin(f, answered);

    (void)data;
    submit(f, letter);
    f->now += 8 * DAY;
    submit(f, letter);
    assert_rows(f, sql_waits, letter, "message balasan");
    assert_state(f, letter, "draft");
}

static void
test_signal_reaches_other_letters(Fixture *f, gconstpointer data)
{
    g_autoptr(NskJson) deployed = deploy(f, signalled);
    g_autofree char *first = fixture_draft(f, &(Words){ 0 });
    g_autofree char *second = fixture_draft(f, &(Words){ 0 });

    (void)data;
    assert_rows(f, sql_waits, second, "signal libur");
    submit(f, first);
    assert_rows(f, sql_tasks, second, "konsep");
    (void)run_flow(f);
    assert_rows(f, sql_waits, second, "");
    assert_rows(f, sql_tasks, second, "lagi");
    g_autofree char *actions = fixture_actions(f, "damar", second);
    g_assert_cmpstr(actions, ==, "letter-created signal-received");
    assert_whole(f);
}

/* --- Incidents and versions. ------------------------------------------------------------------ */

static void
test_failing_timer_is_an_incident(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = begin(f, stuck);

    (void)data;
    submit(f, letter);
    f->now += 2 * HOUR;
    g_assert_cmpint(run_flow(f), ==, 1);
    assert_rows(f, sql_incidents, letter, "no_flow jeda");
    g_assert_cmpint(run_flow(f), ==, 0);
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(actions, ==, "letter-created letter-submitted timer-fired incident-opened");
    assert_whole(f);
}

static void
test_human_is_told_what_cannot_go_on(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = begin(f, stuck_at_once);
    NskTaskAct act = { .task = letter, .outcome = "submit" };
    g_autofree char *said = fixture_act_fails(f, "damar", &act, NSK_ERROR_INVALID, "pilih");

    (void)data;
    g_assert_nonnull(said);
    assert_rows(f, sql_incidents, letter, "");
    assert_rows(f, sql_tasks, letter, "konsep");
}

static void
test_letter_stays_on_its_version(Fixture *f, gconstpointer data)
{
    g_autofree char *old = begin(f, rested);
    g_autofree char *young = begin(f, answered);

    (void)data;
    submit(f, old);
    submit(f, young);
    assert_rows(f, sql_tasks, old, "");
    assert_rows(f, sql_tasks, young, "lagi");
    fixture_reopen(f, NULL);
    f->now += 2 * DAY;
    g_assert_cmpint(run_flow(f), ==, 1);
    assert_state(f, old, "archived");
    assert_state(f, young, "draft");
}

static void
test_unknown_service_is_not_deployed(Fixture *f, gconstpointer data)
{
    static const char unknown[] = HEAD USER("konsep") SERVICE("sulap", "sulap")
        FLOW("f1", "konsep", "sulap") ARCHIVED("sulap");
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) content = g_bytes_new_static(unknown, sizeof unknown - 1);
    NskDeployment deployment = { "uji.bpmn", content };

    (void)data;
    fixture_as(f, "damar");
    g_assert_false(nsk_office_workflow_deploy(f->office, &deployment, &result, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, "sulap"));
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/workflow/timer/that-is-due-fires-once", test_due_timer_fires_once, NULL },
        { "/workflow/timer/of-a-cycle-fires-once-after-downtime",
          test_cycle_fires_once_after_downtime, NULL },
        { "/workflow/timer/does-not-fire-again-if-the-clock-is-set-back",
          test_clock_set_back_fires_nothing_again, NULL },
        { "/workflow/timer/goes-with-its-task", test_timer_of_a_task_goes_with_it, NULL },
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
        { "/workflow/deploy/refuses-an-unknown-service", test_unknown_service_is_not_deployed,
          NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

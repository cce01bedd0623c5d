/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is away, who stands in, who is on duty. */
#include "demo-office.h"

#define ANY_TIME (-1)

/* Four people: a is held by x, b by y and z (staff), c by z, d by nobody. */
#define OFFICE(holdings, roster)                                                                   \
    "<directory xmlns='urn:naskah:directory:1'><units>"                                            \
    "<unit id='u' name='U' place='P' zone='Asia/Jakarta'/></units>\n<positions>"                   \
    "<position id='a' unit='u' title='A' echelon='I.a'/>"                                          \
    "<position id='b' unit='u' title='B' superior='a'/>"                                           \
    "<position id='c' unit='u' title='C' superior='a' echelon='II.a'/>"                            \
    "<position id='d' unit='u' title='D' superior='a'/></positions>\n<people>"                     \
    "<person id='w' name='W'/><person id='x' name='X'/><person id='y' name='Y'/>"                  \
    "<person id='z' name='Z'/></people>\n<holdings>"                                               \
    "<holding person='x' position='a' capacity='definitive' from='2026-01-01'/>"                   \
    "<holding person='y' position='b' capacity='definitive' from='2026-01-01'/>"                   \
    "<holding person='z' position='b' capacity='definitive' from='2026-01-01'/>"                   \
    "<holding person='z' position='c' capacity='definitive' from='2026-01-01'/>" holdings          \
    "</holdings><mandates/><assistants/>\n<roster>" roster "</roster></directory>"

#define LEAVE(who, more)  "<turn person='" who "' what='leave' " more "/>"
#define TRAVEL(who, more) "<turn person='" who "' what='travel' " more "/>"
#define PLH(who)                                                                                   \
    "<holding person='" who "' position='a' capacity='plh' from='2026-07-20' until='2026-07-24'/>"
#define WEEK "from='2026-07-20' until='2026-07-24'"

static NskDb *
open_office(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDirectory) directory = read_text(text, issues, &error);
    NskDb *db = nsk_db_open(":memory:", NSK_DB_WRITE, NULL);

    g_assert_no_error(error);
    g_assert_true(store(db, directory, NSK_DIRECTORY_REPLACE, issues, &error));
    g_assert_no_error(error);
    return db;
}

/* "PRESENCE: person[*][-][~][<whom] ..."; *: on duty, -: away, ~: travels, <: stands in for. */
static char *
attend(NskDb *db, const char *position, const char *day, int minute)
{
    NskDate date;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_auto(NskAttendance) found = { 0 };

    g_assert_true(nsk_date_parse(day, &date, NULL));
    g_assert_true(nsk_directory_attendance(txn, position, date, minute, &found, &error));
    g_assert_no_error(error);
    GString *text = g_string_new(nsk_presence_name(found.presence));
    g_string_append_c(text, ':');
    for (guint i = 0; i < found.people->len; i++) {
        const NskAttendant *one = g_ptr_array_index(found.people, i);

        g_string_append_printf(text, " %s%s%s%s%s%s", one->person, one->on_duty ? "*" : "",
                               one->away ? "-" : "", one->travels ? "~" : "",
                               one->substitutes[0] != '\0' ? "<" : "", one->substitutes);
    }
    return g_string_free(text, FALSE);
}

static void
test_somebody_is_there_or_it_is_said(void)
{
    static const struct {
        const char *office;
        const char *position;
        const char *day;
        const char *expected;
    } cases[] = {
        { OFFICE("", ""), "a", "2026-07-22", "holder: x" },
        { OFFICE("", ""), "b", "2026-07-22", "holder: y z" },
        { OFFICE("", ""), "d", "2026-07-22", "vacant:" },
        { OFFICE("", ""), "no-such", "2026-07-22", "vacant:" },
        { OFFICE("", LEAVE("x", "from='2026-07-20' until='2026-07-24'")), "a", "2026-07-19",
          "holder: x" },
        { OFFICE("", LEAVE("x", "from='2026-07-20' until='2026-07-24'")), "a", "2026-07-20",
          "away: x-" },
        { OFFICE("", LEAVE("x", "from='2026-07-20' until='2026-07-24'")), "a", "2026-07-24",
          "away: x-" },
        { OFFICE("", LEAVE("x", "from='2026-07-20' until='2026-07-24'")), "a", "2026-07-25",
          "holder: x" },
        /* open end */
        { OFFICE("", LEAVE("x", "from='2026-07-20'")), "a", "2030-01-01", "away: x-" },
        /* one of two is there */
        { OFFICE("", LEAVE("y", "from='2026-07-20'")), "b", "2026-07-22", "holder: z y-" },
        /* away from one position only */
        { OFFICE("", LEAVE("z", "position='c' from='2026-07-20'")), "b", "2026-07-22",
          "holder: y z" },
        { OFFICE("", LEAVE("z", "position='c' from='2026-07-20'")), "c", "2026-07-22", "away: z-" },
        /* a Plh. acts; the substitute is only behind him */
        { OFFICE("<holding person='z' position='a' capacity='plh' from='2026-07-20' "
                 "until='2026-07-24'/>",
                 LEAVE("x", "from='2026-07-20' until='2026-07-24' substitute='y'")),
          "a", "2026-07-22", "acting: z y<x x-" },
        /* the Plh. is away too: the substitute of one of them */
        { OFFICE("<holding person='z' position='a' capacity='plh' from='2026-07-20' "
                 "until='2026-07-24'/>",
                 LEAVE("x", "from='2026-07-20' until='2026-07-24'")
                     LEAVE("z", "from='2026-07-21' until='2026-07-22' substitute='y'")),
          "a", "2026-07-22", "substitute: y<z x- z-" },
        { OFFICE("", LEAVE("x", "from='2026-07-20' substitute='y'")), "a", "2026-07-22",
          "substitute: y<x x-" },
        /* a chain, and where it breaks */
        { OFFICE("", LEAVE("x", "from='2026-07-20' substitute='y'")
                         LEAVE("y", "from='2026-07-20' substitute='w'")),
          "a", "2026-07-22", "substitute: w<y x- y-<x" },
        { OFFICE("",
                 LEAVE("x", "from='2026-07-20' substitute='y'") LEAVE("y", "from='2026-07-20'")),
          "a", "2026-07-22", "away: x- y-<x" },
        /* a circle */
        { OFFICE("", LEAVE("x", "from='2026-07-20' substitute='y'")
                         LEAVE("y", "from='2026-07-20' substitute='x'")),
          "a", "2026-07-22", "away: x- y-<x" },
        /* who travels is to be reached, behind who is in the office */
        { OFFICE("", TRAVEL("x", WEEK " substitute='y'")), "a", "2026-07-22", "holder: x~" },
        { OFFICE(PLH("z"), TRAVEL("x", WEEK)), "a", "2026-07-22", "holder: z x~" },
        { OFFICE(PLH("z"), TRAVEL("x", WEEK) LEAVE("x", WEEK)), "a", "2026-07-22", "acting: z x-" },
        /* duty of some days goes before */
        { OFFICE("", "<turn person='z' what='duty' position='b' from='2026-07-22' "
                     "until='2026-07-22'/>"),
          "b", "2026-07-22", "holder: z* y" },
        { OFFICE("", "<turn person='z' what='duty' position='b' from='2026-07-22' "
                     "until='2026-07-22'/>"),
          "b", "2026-07-23", "holder: y z" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskDb) db = open_office(cases[i].office);
        g_autofree char *found = attend(db, cases[i].position, cases[i].day, ANY_TIME);

        g_test_message("case %zu", i);
        g_assert_cmpstr(found, ==, cases[i].expected);
    }
}

static void
test_shifts_have_hours(void)
{
    static const struct {
        const char *day;
        int minute;
        const char *expected;
    } cases[] = {
        { "2026-07-22", 8 * 60, "holder: y* z" },
        { "2026-07-22", 15 * 60 + 59, "holder: y* z" },
        { "2026-07-22", 16 * 60, "holder: y z" },
        { "2026-07-22", 22 * 60, "holder: z* y" },
        /* the night shift of the 22nd is on duty in the morning of the 23rd, not before its own day
         */
        { "2026-07-23", 5 * 60 + 59, "holder: z* y" },
        { "2026-07-23", 6 * 60, "holder: y z" },
        { "2026-07-22", 5 * 60, "holder: y z" },
        { "2026-07-22", ANY_TIME, "holder: y* z*" },
        { "2026-07-23", ANY_TIME, "holder: z* y" },
    };
    g_autoptr(NskDb) db =
        open_office(OFFICE("", "<turn person='y' what='shift' position='b' hours='08.00-16.00' "
                               "from='2026-07-22' until='2026-07-22'/>"
                               "<turn person='z' what='shift' position='b' hours='22.00-06.00' "
                               "from='2026-07-22' until='2026-07-22'/>"));

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *found = attend(db, "b", cases[i].day, cases[i].minute);

        g_test_message("case %zu", i);
        g_assert_cmpstr(found, ==, cases[i].expected);
    }
}

static void
test_faults_are_named(void)
{
    static const struct {
        const char *roster;
        const char *tag;
    } cases[] = {
        { LEAVE("q", "from='2026-07-20'"), "directory-dangling" },
        { LEAVE("x", "from='2026-07-20' substitute='q'"), "directory-dangling" },
        { LEAVE("x", "from='2026-07-20' substitute='x'"), "directory-roster" },
        { LEAVE("x", "from='2026-07-20' until='2026-07-19'"), "directory-period" },
        { LEAVE("x", "from='2026-07-20'") LEAVE("x", "from='2026-07-20' until='2026-07-22'"),
          "directory-duplicate" },
        { LEAVE("x", "from='2026-02-30'"), "directory-value" },
        { "<turn person='x' what='duty' from='2026-07-20'/>", "xml-schema" },
        { "<turn person='x' what='holiday' from='2026-07-20'/>", "xml-schema" },
        { "<turn person='y' what='shift' position='b' hours='24.00-08.00' from='2026-07-20'/>",
          "xml-schema" },
        { "<turn person='y' what='shift' position='b' hours='08.00-08.00' from='2026-07-20'/>",
          "directory-value" },
        { "<turn person='y' what='shift' position='b' from='2026-07-20'/>", "xml-schema" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autofree char *text = g_strdup_printf(OFFICE("", "%s"), cases[i].roster);
        g_autoptr(NskDirectory) directory = read_text(text, issues, &error);

        g_test_message("case %zu", i);
        g_assert_null(directory);
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        const NskIssue *issue = g_ptr_array_index(issues, 0);
        g_assert_cmpstr(issue->tag, ==, cases[i].tag);
        g_assert_cmpuint(issue->line, ==, 5);
    }
}

static void
test_duty_of_a_stranger_is_a_warning(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDirectory) directory =
        read_text(OFFICE("", "<turn person='x' what='duty' position='b' from='2026-07-20'/>"),
                  issues, &error);

    g_assert_no_error(error);
    g_assert_nonnull(directory);
    g_assert_cmpuint(issues->len, ==, 1);
    const NskIssue *issue = g_ptr_array_index(issues, 0);
    g_assert_cmpstr(issue->tag, ==, "directory-roster-stranger");
}

static NskTurn *
make_turn(const char *person, const char *substitute)
{
    NskTurn *turn = g_new0(NskTurn, 1);

    turn->person = g_strdup(person);
    turn->position = g_strdup("");
    turn->substitute = g_strdup(substitute);
    turn->from = (NskDate){ 2026, 7, 20 };
    turn->hours = g_strdup("");
    turn->note = g_strdup("cuti tahunan");
    return turn;
}

typedef struct {
    const NskTurn *turn;
} DropJob;

static bool
apply_drop(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const DropJob *job = data;

    return nsk_directory_drop_turn(txn, job->turn, error);
}

static bool
drop(NskDb *db, const NskTurn *turn, GError **error)
{
    DropJob job = { turn };

    return nsk_db_commit(db, &(NskChange){ .apply = apply_drop, .data = &job }, NULL, error);
}

static void
test_a_turn_is_stored_and_dropped(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDb) db = open_office(OFFICE("", ""));
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskTurn) turn = make_turn("x", "y");
    g_autoptr(NskDirectory) part = nsk_directory_of_turn(turn, &error);
    g_assert_no_error(error);

    g_assert_true(store(db, part, NSK_DIRECTORY_MERGE, issues, &error));
    g_autofree char *away = attend(db, "a", "2026-07-22", ANY_TIME);
    g_assert_cmpstr(away, ==, "substitute: y<x x-");
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_autoptr(GPtrArray) turns = nsk_directory_turns(
        txn, &(NskTurnsAsk){ NULL, "a", { 2026, 7, 22 }, { 2026, 7, 22 } }, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(turns->len, ==, 1);
    const NskTurn *stored = g_ptr_array_index(turns, 0);
    g_assert_cmpstr(stored->note, ==, "cuti tahunan");
    g_assert_false(nsk_date_is_set(stored->until));
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    g_assert_true(drop(db, turn, &error));
    g_assert_no_error(error);
    g_autofree char *back = attend(db, "a", "2026-07-22", ANY_TIME);
    g_assert_cmpstr(back, ==, "holder: x");
    g_assert_false(drop(db, turn, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_autoptr(NskTurn) wrong = make_turn("Not An Id", "");
    g_assert_null(nsk_directory_of_turn(wrong, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
}

/* A substitute reads what lies before the positions of whom he stands in for, and so does his. */
static void
test_substitutes_read(void)
{
    static const struct {
        const char *person;
        const char *expected; /* "position ..." of readings as a substitute */
    } cases[] = { { "y", "a" }, { "w", "a b" }, { "z", "" }, { "x", "" } };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDb) db =
        open_office(OFFICE("", LEAVE("x", "from='2026-07-20' substitute='y'") LEAVE(
                                   "y", "from='2026-07-20' until='2026-07-24' substitute='w'")));
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) readings =
            nsk_directory_readings(txn, cases[i].person, (NskDate){ 2026, 7, 22 }, &error);
        g_autoptr(GString) text = g_string_new(NULL);

        for (guint k = 0; k < readings->len; k++) {
            const NskReading *reading = g_ptr_array_index(readings, k);

            if (reading->as == NSK_READS_AS_SUBSTITUTE)
                g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", reading->position);
        }
        g_assert_cmpstr(text->str, ==, cases[i].expected);
    }
    bool is = true;
    g_assert_true(
        nsk_directory_is_substitute(txn, "w", "a", (NskDate){ 2026, 7, 25 }, &is, &error));
    g_assert_false(is);
    g_assert_true(
        nsk_directory_is_substitute(txn, "y", "a", (NskDate){ 2026, 7, 25 }, &is, &error));
    g_assert_true(is);
}

/* Who is on leave leaves it to his Plh., if that one is there; who travels need not. */
static void
test_two_do_not_act_at_once(void)
{
    static const struct {
        const char *office, *person, *refusal;
    } cases[] = {
        { OFFICE("", LEAVE("x", WEEK)), "x", NULL },
        { OFFICE(PLH("z"), ""), "x", NULL },
        { OFFICE(PLH("z"), LEAVE("x", WEEK)), "z", NULL },
        { OFFICE(PLH("z"), LEAVE("x", WEEK)), "x", "since 2026-07-20, and Z is Plh. A" },
        { OFFICE(PLH("z"), LEAVE("x", "position='a' " WEEK)), "x", "on leave" },
        { OFFICE(PLH("z"), TRAVEL("x", WEEK)), "x", NULL },
        { OFFICE(PLH("z"), LEAVE("x", WEEK) LEAVE("z", WEEK)), "x", NULL },
        { OFFICE(PLH("z"), LEAVE("x", "from='2026-07-23' until='2026-07-24'")), "x", NULL },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskCapacity capacity;
        g_autoptr(GError) error = NULL;
        g_autoptr(NskDb) db = open_office(cases[i].office);
        g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
        bool may = nsk_directory_may_act(txn, cases[i].person, "a", (NskDate){ 2026, 7, 22 },
                                         &capacity, &error);

        g_assert_true(may == (cases[i].refusal == NULL));
        if (may) {
            g_assert_no_error(error);
            continue;
        }
        g_assert_error(error, NSK_ERROR, NSK_ERROR_DENIED);
        g_assert_nonnull(strstr(error->message, cases[i].refusal));
    }
}

/* An old document has no roster, and one without turns is written as before. */
static void
test_no_roster_is_no_element(void)
{
    g_autoptr(NskDirectory) demo = read_demo();
    g_autoptr(NskXmlDoc) doc = nsk_directory_to_xml(demo);

    g_assert_null(nsk_xml_child(nsk_xml_doc_get_root(doc), "roster"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/directory/roster/somebody-is-there-or-it-is-said",
                    test_somebody_is_there_or_it_is_said);
    g_test_add_func("/directory/roster/shifts-have-hours", test_shifts_have_hours);
    g_test_add_func("/directory/roster/faults-are-named", test_faults_are_named);
    g_test_add_func("/directory/roster/duty-of-a-stranger-is-a-warning",
                    test_duty_of_a_stranger_is_a_warning);
    g_test_add_func("/directory/roster/a-turn-is-stored-and-dropped",
                    test_a_turn_is_stored_and_dropped);
    g_test_add_func("/directory/roster/substitutes-read", test_substitutes_read);
    g_test_add_func("/directory/roster/two-do-not-act-at-once", test_two_do_not_act_at_once);
    g_test_add_func("/directory/roster/no-roster-is-no-element", test_no_roster_is_no_element);
    return g_test_run();
}

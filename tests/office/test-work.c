/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of work: they are what the journal says, and for those whom they concern. */
#include "fixture.h"
#include "office/work-private.h"

#include <string.h>

#define DAY_MINUTES ((int64_t)24 * 60)

static NskJson *
report(Fixture *f, const char *person, const NskWorkAsk *ask)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;

    fixture_as(f, person);
    (void)nsk_office_report_work(f->office, ask, &result, &error);
    g_assert_no_error(error);
    return result;
}

static void
assert_figures(const NskJson *result, const char *expected)
{
    g_autoptr(GString) said = g_string_new(NULL);

    for (int i = 0; nsk_office_work_figures[i] != NULL; i++) {
        const char *key = nsk_office_work_figures[i];
        int64_t value = nsk_json_get_int(result, key, -1);

        g_assert_cmpint(value, >=, 0);
        if (value != 0 && !g_str_has_suffix(key, "_minutes"))
            g_string_append_printf(said, "%s=%d ", key, (int)value);
    }
    g_assert_cmpstr(said->str, ==, expected);
}

/* When the @n-th entry (from 0) of the letter's history was made. */
static NskInstant
moment_of(const NskJson *history, size_t n)
{
    NskInstant at = 0;
    const NskJson *entry = nsk_json_at(nsk_json_get(history, "entries"), n);

    g_assert_true(nsk_instant_parse(nsk_json_get_text(entry, "at"), &at, NULL));
    return at;
}

/* Drafted and submitted on a Friday, paraf on Monday, returned on Tuesday. */
static char *
make_history(Fixture *f)
{
    char *letter = fixture_draft(f, &(Words){ 0 });

    nsk_json_unref(fixture_act(f, "damar", letter, "submit", NULL));
    f->now = fixture_morning("2026-07-27");
    nsk_json_unref(fixture_act(f, "kirana", letter, "approve", NULL));
    f->now = fixture_morning("2026-07-28");
    nsk_json_unref(fixture_act(f, "budi", letter, "return", "salah alamat"));
    return letter;
}

static void
test_figures(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *letter = make_history(f);
    g_autoptr(NskJson) history = fixture_history(f, "damar", letter);
    g_autoptr(NskJson) clerk = report(f, "damar", &(NskWorkAsk){ 0 });
    g_autoptr(NskJson) head = report(f, "budi", &(NskWorkAsk){ .person = "kirana" });
    g_autoptr(NskJson) unit =
        report(f, "sekar", &(NskWorkAsk){ .unit = "biro-umum", .until = "2026-07-27" });
    g_autoptr(NskJson) post =
        report(f, "sekar", &(NskWorkAsk){ .position = "kepala-bagian-tata-usaha" });

    assert_figures(clerk, "drafted=1 sent_back=1 done=1 open=1 ");
    assert_figures(head, "reviewed=1 done=1 ");
    assert_figures(unit, "drafted=1 reviewed=1 done=2 ");
    assert_figures(post, "returned=1 done=1 ");
    int64_t whole = (moment_of(history, 2) - moment_of(history, 1)) / G_TIME_SPAN_MINUTE;
    g_assert_cmpint(whole, >, 2 * DAY_MINUTES);
    g_assert_cmpint(nsk_json_get_int(head, "held_median_minutes", -1), ==, whole - 2 * DAY_MINUTES);
}

static void
test_evidence(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *letter = make_history(f);
    g_autoptr(NskJson) history = fixture_history(f, "damar", letter);
    const NskJson *entries = nsk_json_get(history, "entries");
    g_autoptr(NskJson) result =
        report(f, "sekar", &(NskWorkAsk){ .unit = "biro-umum", .evidence = true });
    const NskJson *evidence = nsk_json_get(result, "evidence");

    g_assert_cmpuint(nsk_json_length(evidence), ==, 4);
    for (size_t i = 0; i < 4; i++) {
        const NskJson *line = nsk_json_at(evidence, i);
        g_autofree char *entry = g_strdup_printf("%s/%d", letter, (int)i + 1);

        g_assert_cmpstr(nsk_json_get_text(line, "entry"), ==, entry);
        g_assert_cmpstr(nsk_json_get_text(line, "hash"), ==,
                        nsk_json_get_text(nsk_json_at(entries, i), "hash"));
        g_assert_cmpstr(nsk_json_get_text(line, "subject"), ==, "Undangan Rapat");
    }
    /* another unit's superior, who may not read the letter, is not told what it is about */
    g_autoptr(NskJson) above =
        report(f, "larasati", &(NskWorkAsk){ .unit = "biro-umum", .evidence = true });
    const NskJson *first = nsk_json_at(nsk_json_get(above, "evidence"), 0);
    g_assert_false(fixture_finds(f, "larasati", letter));
    g_assert_null(nsk_json_get_text(first, "subject"));
    g_assert_cmpstr(nsk_json_get_text(first, "action"), ==, "letter-created");
}

static void
refuse(Fixture *f, const char *person, const NskWorkAsk *ask, int code, const char *said)
{
    NskJson *result = NULL;
    GError *error = NULL;

    fixture_as(f, person);
    g_assert_false(nsk_office_report_work(f->office, ask, &result, &error));
    fixture_refused(&error, code, said);
}

static void
test_refusals(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    refuse(f, "damar", &(NskWorkAsk){ .person = "kirana" }, NSK_ERROR_DENIED, "Kirana");
    refuse(f, "kirana", &(NskWorkAsk){ .unit = "biro-umum" }, NSK_ERROR_DENIED, "Biro Umum");
    refuse(f, "galih", &(NskWorkAsk){ .position = "staf-persuratan" }, NSK_ERROR_DENIED,
           "superiors");
    refuse(f, "sekar", &(NskWorkAsk){ .person = "tidak-ada" }, NSK_ERROR_NOT_FOUND, "tidak-ada");
    refuse(f, "sekar", &(NskWorkAsk){ .person = "damar", .unit = "biro-umum" }, NSK_ERROR_INVALID,
           "one of them");
    refuse(f, "damar", &(NskWorkAsk){ .from = "2026-13-01" }, NSK_ERROR_INVALID, "2026-13-01");
    refuse(f, "damar", &(NskWorkAsk){ .from = "2026-07-02", .until = "2026-07-01" },
           NSK_ERROR_INVALID, "before it begins");
}

static NskJson *
board(Fixture *f, const char *person, const NskBoardAsk *ask)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;

    fixture_as(f, person);
    (void)nsk_office_board(f->office, ask, &result, &error);
    g_assert_no_error(error);
    return result;
}

static int64_t
total(const NskJson *lines, const char *member)
{
    int64_t sum = 0;

    for (size_t i = 0; i < nsk_json_length(lines); i++)
        sum += nsk_json_get_int(nsk_json_at(lines, i), member, 0);
    return sum;
}

/* What the letter lay at others, before and after, is not in a position's figures. */
static void
test_board_own_time(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *letter = make_history(f);
    g_autoptr(NskJson) history = fixture_history(f, "damar", letter);
    g_autoptr(NskJson) head =
        board(f, "sekar", &(NskBoardAsk){ .position = "kepala-bagian-tata-usaha" });
    g_autoptr(NskJson) unit = board(f, "sekar", &(NskBoardAsk){ .unit = "biro-umum" });
    const NskJson *kinds = nsk_json_get(head, "kinds");
    int64_t own = (moment_of(history, 3) - moment_of(history, 2)) / G_TIME_SPAN_MINUTE;
    int64_t all = (moment_of(history, 3) - moment_of(history, 0)) / G_TIME_SPAN_MINUTE;

    g_assert_cmpuint(nsk_json_length(kinds), ==, 1);
    const NskJson *kind = nsk_json_at(kinds, 0);
    g_assert_cmpstr(nsk_json_get_text(kind, "kind"), ==, "surat-dinas");
    g_assert_cmpint(nsk_json_get_int(kind, "letters", -1), ==, 1);
    g_assert_cmpint(nsk_json_get_int(kind, "median_minutes", -1), ==, own);
    g_assert_cmpint(own, <, all);
    /* the unit had it all the time, but for the Saturday and the Sunday; a minute a task is lost */
    int64_t whole =
        nsk_json_get_int(nsk_json_at(nsk_json_get(unit, "kinds"), 0), "p90_minutes", -1);
    g_assert_cmpint(ABS(whole - (all - 2 * DAY_MINUTES)), <=, 3);
    g_assert_true(nsk_json_get_bool(unit, "complete", false));
}

/* Counted again from the history alone. */
static void
test_board_recount(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *letter = make_history(f);
    g_autofree char *other = fixture_draft(f, &(Words){ 0 });
    g_autoptr(NskJson) history = fixture_history(f, "damar", letter);
    g_autoptr(NskJson) result = board(f, "sekar", &(NskBoardAsk){ .unit = "biro-umum" });
    const NskJson *entries = nsk_json_get(history, "entries");
    int64_t drafted = 1, done = 0; /* the other letter has one entry */

    for (size_t i = 0; i < nsk_json_length(entries); i++) {
        const char *action = nsk_json_get_text(nsk_json_at(entries, i), "action");

        drafted += strcmp(action, "letter-created") == 0;
        done += strcmp(action, "letter-submitted") == 0 || strcmp(action, "paraf-given") == 0 ||
                strcmp(action, "letter-returned") == 0;
    }
    g_assert_cmpint(total(nsk_json_get(result, "months"), "drafted"), ==, drafted);
    g_assert_cmpint(total(nsk_json_get(result, "months"), "done"), ==, done);
    g_assert_cmpint(total(nsk_json_get(result, "kinds"), "done"), ==, done);
    g_assert_cmpint(total(nsk_json_get(result, "waiting"), "open"), ==, 2);
    g_assert_cmpint(total(nsk_json_get(result, "ages"), "open"), ==, 2);
    g_assert_cmpuint(nsk_json_length(nsk_json_get(result, "months")), ==, 6);
    g_autofree char *said = nsk_json_canonical(result);
    g_assert_null(strstr(said, letter));
    g_assert_null(strstr(said, "Undangan"));
    g_assert_null(strstr(said, "kirana"));
    g_assert_nonnull(other);
}

static void
refuse_board(Fixture *f, const char *person, const NskBoardAsk *ask, int code)
{
    NskJson *result = NULL;
    GBytes *bytes = NULL;
    GError *error = NULL;

    fixture_as(f, person);
    g_assert_false(nsk_office_board(f->office, ask, &result, &error));
    fixture_refused(&error, code, "");
    g_assert_false(nsk_office_board_table(f->office, ask, "kinds", &bytes, &error));
    fixture_refused(&error, code, "");
}

static void
test_board_refusals(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    GBytes *bytes = NULL;
    GError *error = NULL;

    refuse_board(f, "damar", &(NskBoardAsk){ .unit = "biro-umum" }, NSK_ERROR_DENIED);
    refuse_board(f, "galih", &(NskBoardAsk){ .position = "staf-persuratan" }, NSK_ERROR_DENIED);
    refuse_board(f, "sekar", &(NskBoardAsk){ .unit = "tidak-ada" }, NSK_ERROR_NOT_FOUND);
    refuse_board(f, "damar", &(NskBoardAsk){ .from = "2026-7-1" }, NSK_ERROR_INVALID);
    refuse_board(f, "damar", &(NskBoardAsk){ .from = "2026-07-02", .until = "2026-07-01" },
                 NSK_ERROR_INVALID);
    refuse_board(f, "damar", &(NskBoardAsk){ .from = "2024-07-01", .until = "2026-07-01" },
                 NSK_ERROR_INVALID);
    refuse_board(f, "damar", &(NskBoardAsk){ .from = "0001-01-01", .until = "9999-12-31" },
                 NSK_ERROR_INVALID);
    g_assert_false(nsk_office_board_table(f->office, &(NskBoardAsk){ 0 }, "apa", &bytes, &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "apa");
}

static void
test_days(G_GNUC_UNUSED Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(NskCalendar) calendar = nsk_calendar_load_shipped(NULL);
    static NskTurn leave = { .what = NSK_TURN_LEAVE,
                             .from = { 2026, 7, 28 },
                             .until = { 2026, 7, 29 } };
    g_autoptr(GPtrArray) turns = g_ptr_array_new();
    const struct {
        const char *from, *until;
        bool leave;
        int hours;
    } cases[] = {
        { "2026-07-22", "2026-07-23", false, 24 }, { "2026-07-24", "2026-07-27", false, 24 },
        { "2026-07-25", "2026-07-26", false, 0 },  { "2026-07-27", "2026-07-30", false, 72 },
        { "2026-07-27", "2026-07-30", true, 24 },  { "2026-08-14", "2026-08-18", false, 24 },
    };

    g_ptr_array_add(turns, &leave);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskWorkDays days = { calendar, "Asia/Jakarta", cases[i].leave ? turns : NULL };
        int64_t minutes = -1;

        g_assert_true(nsk_work_minutes(&days, fixture_morning(cases[i].from),
                                       fixture_morning(cases[i].until), &minutes, NULL));
        g_assert_cmpint(minutes, ==, cases[i].hours * 60);
    }
}

static void
test_sheets(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *letter = make_history(f);
    const NskWorkAsk ask = { .unit = "biro-umum" };
    g_autoptr(GBytes) csv = NULL;
    g_autoptr(GBytes) pdf = NULL;

    fixture_as(f, "sekar");
    g_assert_true(nsk_office_report_work_sheet(f->office, &ask, NSK_SHEET_CSV, &csv, NULL));
    g_assert_true(nsk_office_report_work_sheet(f->office, &ask, NSK_SHEET_PDF, &pdf, NULL));
    g_autofree char *text = g_strndup(g_bytes_get_data(csv, NULL), g_bytes_get_size(csv));
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", 0);
    g_autofree char *entry = g_strdup_printf("%s/2", letter);
    g_assert_cmpuint(g_strv_length(lines), ==, 6);
    g_assert_nonnull(strstr(lines[2], entry));
    g_assert_true(memcmp(g_bytes_get_data(pdf, NULL), "%PDF-", 5) == 0);
}

#define FRIDAY "2026-07-24"

static const FixtureTest tests[] = {
    { "/office/work/figures-are-what-the-journal-says", test_figures, FRIDAY },
    { "/office/work/every-figure-has-its-entries", test_evidence, FRIDAY },
    { "/office/work/others-are-not-told", test_refusals, NULL },
    { "/office/work/days-without-work-do-not-count", test_days, NULL },
    { "/office/work/sheets-show-all-of-it", test_sheets, FRIDAY },
    { "/office/board/time-at-others-is-not-counted", test_board_own_time, FRIDAY },
    { "/office/board/figures-are-what-the-history-says", test_board_recount, FRIDAY },
    { "/office/board/others-are-not-told", test_board_refusals, NULL },
};

int
main(int argc, char **argv)
{
    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

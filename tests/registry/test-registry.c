/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Invariant 5 of the architecture, case by case: numbers are gapless. */
#include "db/db.h"
#include "registry/registry.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char digest_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const char digest_b[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

typedef struct {
    NskDb *db;
    NskSeries *out;   /* by year and unit, three days of lag */
    NskSeries *notes; /* by year and post, no limit of lag */
} Fixture;

typedef enum { ACT_RESERVE, ACT_BIND, ACT_RELEASE, ACT_VOID, ACT_PAPER } ActKind;

/* One act on one letter, and what came of it. */
typedef struct {
    ActKind kind;
    const NskSeries *series;
    NskNumberRequest request;
    const char *text;        /* digest or reason */
    NskRegisterEntry *entry; /* owned */
} Act;

static NskSeries *
series_new(const char *name, const char *scope, const char *lag, const char *pattern)
{
    g_autoptr(GError) error = NULL;
    NskSeriesText text = { .name = name, .scope = scope, .max_lag_days = lag, .pattern = pattern };
    NskSeries *series = nsk_series_new(&text, &error);

    g_assert_no_error(error);
    return series;
}

static void
setup(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->db = nsk_db_open(":memory:", NSK_DB_WRITE, &error);
    g_assert_no_error(error);
    f->out = series_new("keluar", "year unit", "3", "{seq}/{unit}[/{kka}]/{month:2}/{year}");
    f->notes = series_new("nota", "year post", NULL, "ND-{seq}/{post}/{year}");
}

static void
teardown(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    nsk_series_unref(f->out);
    nsk_series_unref(f->notes);
    nsk_db_free(f->db);
}

static bool
apply_act(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Act *act = data;
    const char *letter = act->request.letter;
    NskInstant now = act->request.now;

    g_clear_pointer(&act->entry, nsk_register_entry_free);
    switch (act->kind) {
    case ACT_RESERVE:
        return nsk_registry_reserve(txn, act->series, &act->request, &act->entry, error);
    case ACT_BIND:
        return nsk_registry_bind(txn, letter, act->text, now, error);
    case ACT_RELEASE:
        return nsk_registry_release(txn, letter, now, error);
    case ACT_VOID:
        return nsk_registry_void(txn, letter, act->text, now, error);
    case ACT_PAPER:
        return nsk_registry_bind_paper(txn, act->series, &act->request, act->text, &act->entry,
                                       error);
    default:
        g_assert_not_reached();
    }
}

static bool
run_act(NskDb *db, Act *act, GError **error)
{
    static NskInstant now = 1000;

    act->request.now = now++;
    return nsk_db_commit(db, &(NskChange){ .apply = apply_act, .data = act }, NULL, error);
}

/* A letter of the unit BU of 22 July 2026, which is today. */
static Act
letter_act(Fixture *f, ActKind kind, const char *letter)
{
    NskDate today = { 2026, 7, 22 };

    return (Act){ .kind = kind,
                  .series = f->out,
                  .request = { .letter = letter,
                               .scope = { .unit = "bu", .post = "p1", .date = today },
                               .parts = { .unit = "BU", .post = "P1" },
                               .today = today } };
}

static void
assert_done(Fixture *f, Act *act, const char *number)
{
    g_autoptr(GError) error = NULL;
    bool ok = run_act(f->db, act, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    if (number != NULL)
        g_assert_cmpstr(act->entry->number, ==, number);
    g_clear_pointer(&act->entry, nsk_register_entry_free);
}

static void
assert_refused(Fixture *f, Act *act, NskError code, const char *words)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(run_act(f->db, act, &error));
    g_assert_error(error, NSK_ERROR, (int)code);
    g_assert_nonnull(strstr(error->message, words));
    g_assert_null(act->entry);
}

static void
reserve(Fixture *f, const char *letter, const char *number)
{
    Act act = letter_act(f, ACT_RESERVE, letter);

    assert_done(f, &act, number);
}

static void
simple(Fixture *f, ActKind kind, const char *letter, const char *text)
{
    Act act = letter_act(f, kind, letter);

    act.text = text;
    assert_done(f, &act, NULL);
}

static void
assert_findings(NskDb *db, const char *const *tags)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);

    g_assert_no_error(error);
    g_assert_true(nsk_registry_check(txn, issues, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        g_test_message("%s: %s", issue->tag, issue->text);
        g_assert_cmpstr(issue->tag, ==, tags[i]);
    }
    g_assert_null(tags[issues->len]);
}

static void
assert_gapless(NskDb *db)
{
    assert_findings(db, (const char *const[]){ NULL });
}

/* Asserts "seq state number reason" of all entries of the letters' register. */
static void
assert_register(Fixture *f, const char *expected)
{
    NskRegister which = { .series = (char[]){ "keluar" },
                          .unit = (char[]){ "bu" },
                          .scope = (char[]){ "year=2026" } };
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(f->db, NULL);
    g_autoptr(GPtrArray) list = nsk_registry_list(txn, &which, 0, 100, &error);

    g_assert_no_error(error);
    for (guint i = 0; i < list->len; i++) {
        const NskRegisterEntry *entry = g_ptr_array_index(list, i);

        g_string_append_printf(text, "%u-%u %s '%s' %s\n", entry->seq, entry->last_seq,
                               nsk_entry_state_to_text(entry->state), entry->number, entry->reason);
    }
    g_assert_cmpstr(text->str, ==, expected);
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    assert_gapless(f->db);
}

static void
test_numbers_follow_each_other(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Act other_unit = letter_act(f, ACT_RESERVE, "c");

    other_unit.request.scope.unit = "keu";
    other_unit.request.parts.unit = "KEU";
    reserve(f, "a", "1/BU/07/2026");
    reserve(f, "b", "2/BU/07/2026");
    assert_done(f, &other_unit, "1/KEU/07/2026");
    reserve(f, "d", "3/BU/07/2026");
    assert_gapless(f->db);
}

static void
test_same_letter_keeps_its_number(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    reserve(f, "a", "1/BU/07/2026");
    reserve(f, "a", "1/BU/07/2026");
    reserve(f, "b", "2/BU/07/2026");
    assert_register(f, "1-1 reserved '1/BU/07/2026' \n2-2 reserved '2/BU/07/2026' \n");
}

static void
test_letter_date_stays_with_the_number(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Act later = letter_act(f, ACT_RESERVE, "a");
    g_autoptr(GError) error = NULL;

    later.request.scope.date = later.request.today = (NskDate){ 2026, 7, 24 };
    reserve(f, "a", "1/BU/07/2026");
    g_assert_true(run_act(f->db, &later, &error));
    g_assert_cmpstr(later.entry->number, ==, "1/BU/07/2026");
    g_assert_cmpint(nsk_date_compare(later.entry->letter_date, (NskDate){ 2026, 7, 22 }), ==, 0);
    nsk_register_entry_free(later.entry);
}

static void
test_bind_is_final_and_repeatable(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Act other = letter_act(f, ACT_BIND, "a");
    Act none = letter_act(f, ACT_BIND, "b");
    Act bad = letter_act(f, ACT_BIND, "a");

    other.text = digest_b;
    none.text = digest_a;
    bad.text = "AA";
    reserve(f, "a", "1/BU/07/2026");
    simple(f, ACT_BIND, "a", digest_a);
    simple(f, ACT_BIND, "a", digest_a);
    assert_refused(f, &other, NSK_ERROR_CONFLICT, "another PDF");
    assert_refused(f, &none, NSK_ERROR_NOT_FOUND, "no number");
    assert_refused(f, &bad, NSK_ERROR_INVALID, "64 hex digits");
    assert_register(f, "1-1 bound '1/BU/07/2026' \n");
}

static void
test_return_keeps_the_number(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    reserve(f, "a", "1/BU/07/2026");
    simple(f, ACT_BIND, "a", digest_a);
    reserve(f, "b", "2/BU/07/2026");
    simple(f, ACT_RELEASE, "a", NULL);
    assert_register(f, "1-1 reserved '1/BU/07/2026' \n2-2 reserved '2/BU/07/2026' \n");
    reserve(f, "a", "1/BU/07/2026");
    simple(f, ACT_BIND, "a", digest_b);
    assert_register(f, "1-1 bound '1/BU/07/2026' \n2-2 reserved '2/BU/07/2026' \n");
}

static void
test_changed_part_rewrites_a_reserved_number(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Act changed = letter_act(f, ACT_RESERVE, "a");

    changed.request.parts.kka = "KP.08.1";
    reserve(f, "a", "1/BU/07/2026");
    assert_done(f, &changed, "1/BU/KP.08.1/07/2026");
    simple(f, ACT_BIND, "a", digest_a);
    changed.request.parts.kka = "OT.01";
    assert_refused(f, &changed, NSK_ERROR_CONFLICT, "release it first");
    assert_register(f, "1-1 bound '1/BU/KP.08.1/07/2026' \n");
}

static void
test_changed_series_voids(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Act moved = letter_act(f, ACT_RESERVE, "a");

    moved.series = f->notes;
    reserve(f, "a", "1/BU/07/2026");
    assert_done(f, &moved, "ND-1/P1/2026");
    reserve(f, "b", "2/BU/07/2026");
    assert_register(f, "1-1 void '1/BU/07/2026' series changed to 'nota'\n"
                       "2-2 reserved '2/BU/07/2026' \n");
}

static void
test_changed_unit_voids(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Act moved = letter_act(f, ACT_RESERVE, "a");

    moved.request.scope.unit = "keu";
    moved.request.parts.unit = "KEU";
    reserve(f, "a", "1/BU/07/2026");
    assert_done(f, &moved, "1/KEU/07/2026");
    reserve(f, "a", "2/BU/07/2026");
    assert_register(f, "1-1 void '1/BU/07/2026' unit changed to 'keu'\n"
                       "2-2 reserved '2/BU/07/2026' \n");
}

static void
test_new_year_voids_and_begins_at_one(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Act old = letter_act(f, ACT_RESERVE, "a");
    Act new = letter_act(f, ACT_RESERVE, "a");

    old.request.scope.date = old.request.today = (NskDate){ 2026, 12, 31 };
    new.request.scope.date = new.request.today = (NskDate){ 2027, 1, 1 };
    assert_done(f, &old, "1/BU/12/2026");
    assert_done(f, &new, "1/BU/01/2027");
    assert_register(f, "1-1 void '1/BU/12/2026' year changed to 2027\n");
}

static void
test_lag_voids(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Act within = letter_act(f, ACT_RESERVE, "a");
    Act late = letter_act(f, ACT_RESERVE, "a");
    Act bound = letter_act(f, ACT_RESERVE, "a");

    within.request.today = (NskDate){ 2026, 7, 25 };
    late.request.scope.date = late.request.today = (NskDate){ 2026, 7, 26 };
    bound.request.scope.date = bound.request.today = (NskDate){ 2026, 7, 30 };
    reserve(f, "a", "1/BU/07/2026");
    assert_done(f, &within, "1/BU/07/2026");
    assert_done(f, &late, "2/BU/07/2026");
    assert_register(f, "1-1 void '1/BU/07/2026' letter date 2026-07-22 is more than 3 days ago\n"
                       "2-2 reserved '2/BU/07/2026' \n");
    simple(f, ACT_BIND, "a", digest_a);
    assert_refused(f, &bound, NSK_ERROR_CONFLICT, "release it first");
}

static void
test_bad_dates_are_refused(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Act old = letter_act(f, ACT_RESERVE, "a");
    Act early = letter_act(f, ACT_RESERVE, "a");
    Act none = letter_act(f, ACT_RESERVE, "a");

    old.request.scope.date = (NskDate){ 2026, 7, 18 };
    early.request.scope.date = (NskDate){ 2026, 7, 23 };
    none.request.scope.date = (NskDate){ 0 };
    assert_refused(f, &old, NSK_ERROR_INVALID, "older than the 3 days");
    assert_refused(f, &early, NSK_ERROR_INVALID, "after today");
    assert_refused(f, &none, NSK_ERROR_INVALID, "needs a letter date");
    reserve(f, "a", "1/BU/07/2026");
}

static void
test_bad_requests_consume_nothing(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Act no_unit = letter_act(f, ACT_RESERVE, "a");
    Act no_part = letter_act(f, ACT_RESERVE, "a");
    Act no_letter = letter_act(f, ACT_RESERVE, "A B");

    no_unit.request.scope.unit = NULL;
    no_part.request.parts.unit = NULL;
    assert_refused(f, &no_unit, NSK_ERROR_INVALID, "counts by unit");
    assert_refused(f, &no_part, NSK_ERROR_INVALID, "{unit}");
    assert_refused(f, &no_letter, NSK_ERROR_INVALID, "needs an id");
    reserve(f, "a", "1/BU/07/2026");
}

static void
test_withdrawal_voids_for_ever(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Act again = letter_act(f, ACT_VOID, "a");
    Act no_reason = letter_act(f, ACT_VOID, "a");

    again.text = "withdrawn";
    no_reason.text = "";
    reserve(f, "a", "1/BU/07/2026");
    assert_refused(f, &no_reason, NSK_ERROR_INVALID, "reason");
    simple(f, ACT_BIND, "a", digest_a);
    simple(f, ACT_VOID, "a", "withdrawn by the drafter");
    assert_refused(f, &again, NSK_ERROR_NOT_FOUND, "no number");
    reserve(f, "b", "2/BU/07/2026");
    reserve(f, "a", "3/BU/07/2026");
    assert_register(f, "1-1 void '1/BU/07/2026' withdrawn by the drafter\n"
                       "2-2 reserved '2/BU/07/2026' \n3-3 reserved '3/BU/07/2026' \n");
}

typedef struct {
    const NskSeries *series;
    NskContinue wish;
    NskPaperBlock block;
    uint32_t first;
    uint32_t seq;
} Whole;

static bool
apply_continue(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Whole *whole = data;

    return nsk_registry_continue(txn, whole->series, &whole->wish, error);
}

static bool
apply_block(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Whole *whole = data;

    return nsk_registry_block(txn, whole->series, &whole->block, &whole->first, error);
}

static bool
apply_void_paper(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Whole *whole = data;

    return nsk_registry_void_paper(txn, whole->series, &whole->block, whole->seq, error);
}

static bool
commit_whole(Fixture *f,
             bool (*apply)(NskDbTxn *, void *, char **, GError **),
             Whole *whole,
             GError **error)
{
    NskScopeValues scope = { .unit = "bu", .date = { 2026, 7, 22 } };

    whole->series = f->out;
    whole->wish.scope = whole->block.scope = scope;
    return nsk_db_commit(f->db, &(NskChange){ .apply = apply, .data = whole }, NULL, error);
}

static void
test_register_goes_on_from_a_number(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Whole whole = { .wish = { .next = 151, .reason = "book of January to June" } };
    g_autoptr(GError) error = NULL;

    g_assert_true(commit_whole(f, apply_continue, &whole, &error));
    g_assert_no_error(error);
    reserve(f, "a", "151/BU/07/2026");
    g_assert_false(commit_whole(f, apply_continue, &whole, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CONFLICT);
    g_clear_error(&error);
    whole.wish.next = 200;
    whole.wish.reason = "numbers of a power cut";
    g_assert_true(commit_whole(f, apply_continue, &whole, &error));
    reserve(f, "b", "200/BU/07/2026");
    assert_register(f, "1-150 skipped '' book of January to June\n151-151 reserved "
                       "'151/BU/07/2026' \n152-199 skipped '' numbers of a power cut\n200-200 "
                       "reserved '200/BU/07/2026' \n");
}

static void
test_continue_refuses_nonsense(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        uint32_t next;
        const char *reason;
        NskError code;
    } cases[] = {
        { 0, "x", NSK_ERROR_CONFLICT }, { NSK_NUMBER_SEQ_MAX + 1, "x", NSK_ERROR_INVALID },
        { 5, "", NSK_ERROR_INVALID },   { 5, "two\nlines", NSK_ERROR_INVALID },
        { 5, NULL, NSK_ERROR_INVALID },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Whole whole = { .wish = { .next = cases[i].next, .reason = cases[i].reason } };
        g_autoptr(GError) error = NULL;

        g_assert_false(commit_whole(f, apply_continue, &whole, &error));
        g_assert_error(error, NSK_ERROR, (int)cases[i].code);
    }
    assert_gapless(f->db);
}

static void
test_series_start_is_the_first_number(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(NskSeries) series = nsk_series_new(&(NskSeriesText){ .name = "keluar",
                                                                   .scope = "unit year",
                                                                   .start = "100",
                                                                   .pattern = "{seq}" },
                                                 NULL);
    Act act = letter_act(f, ACT_RESERVE, "a");

    act.series = series;
    assert_done(f, &act, "100");
    assert_register(f, "100-100 reserved '100' \n");
}

static void
test_full_series_is_a_limit(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Whole whole = { .wish = { .next = NSK_NUMBER_SEQ_MAX, .reason = "test" } };
    Act last = letter_act(f, ACT_RESERVE, "a");
    Act over = letter_act(f, ACT_RESERVE, "b");

    g_assert_true(commit_whole(f, apply_continue, &whole, NULL));
    assert_done(f, &last, "999999999/BU/07/2026");
    assert_refused(f, &over, NSK_ERROR_LIMIT, "no 1 numbers left");
    assert_gapless(f->db);
}

static void
test_paper_block_is_used_one_by_one(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Whole whole = { .block = { .count = 3, .note = "desk of the field team" } };
    Act used = letter_act(f, ACT_PAPER, "p");
    Act twice = letter_act(f, ACT_PAPER, "q");
    Act has_one = letter_act(f, ACT_PAPER, "p");
    g_autoptr(GError) error = NULL;

    reserve(f, "a", "1/BU/07/2026");
    g_assert_true(commit_whole(f, apply_block, &whole, &error));
    g_assert_cmpuint(whole.first, ==, 2);
    reserve(f, "b", "5/BU/07/2026");
    used.request.parts.seq = twice.request.parts.seq = 3;
    used.request.scope.date = (NskDate){ 2026, 7, 2 }; /* paper may be older than the lag */
    assert_done(f, &used, "3/BU/07/2026");
    assert_refused(f, &twice, NSK_ERROR_NOT_FOUND, "it is bound");
    has_one.request.parts.seq = 2;
    assert_refused(f, &has_one, NSK_ERROR_CONFLICT, "already");
    whole.seq = 4;
    whole.block.note = "spoilt";
    g_assert_true(commit_whole(f, apply_void_paper, &whole, &error));
    g_assert_false(commit_whole(f, apply_void_paper, &whole, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    assert_register(f, "1-1 reserved '1/BU/07/2026' \n2-2 paper '' desk of the field team\n"
                       "3-3 bound '3/BU/07/2026' \n4-4 void '' spoilt\n"
                       "5-5 reserved '5/BU/07/2026' \n");
}

static void
test_paper_block_has_a_size(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const uint32_t counts[] = { 0, 1001, UINT32_MAX };

    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        Whole whole = { .block = { .count = counts[i], .note = "x" } };
        g_autoptr(GError) error = NULL;

        g_assert_false(commit_whole(f, apply_block, &whole, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    }
    reserve(f, "a", "1/BU/07/2026");
}

static bool
apply_sql(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    return nsk_db_exec(txn, data, NSK_DB_NO_PARAMS, NULL, error);
}

/* Tampering that the check must see. */
static void
test_check_sees_tampering(void)
{
    static const char sql_drop_middle[] = "DELETE FROM register_entry WHERE seq = 2";
    static const char sql_drop_last[] = "DELETE FROM register_entry WHERE seq = 3";
    static const char sql_drop_counter[] = "DELETE FROM register_counter";
    static const char sql_set_back[] = "UPDATE register_counter SET last_seq = 2";
    static const char sql_cover[] = "INSERT INTO register_skip VALUES"
                                    " ('bu', 'keluar', 'year=2026', 1, 2, 0, 'x')";
    static const struct {
        const char *sql;
        const char *tags[3];
    } cases[] = {
        { sql_drop_middle, { "register-gap" } },
        { sql_drop_last, { "register-gap" } },
        { sql_drop_counter, { "register-lost" } },
        { sql_set_back, { "register-outside" } },
        { sql_cover, { "register-double", "register-double" } },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fixture f;
        g_autoptr(GError) error = NULL;
        NskChange change = { .apply = apply_sql, .data = (void *)(guintptr)cases[i].sql };

        setup(&f, NULL);
        reserve(&f, "a", "1/BU/07/2026");
        reserve(&f, "b", "2/BU/07/2026");
        reserve(&f, "c", "3/BU/07/2026");
        g_assert_true(nsk_db_commit(f.db, &change, NULL, &error));
        g_assert_no_error(error);
        assert_findings(f.db, cases[i].tags);
        teardown(&f, NULL);
    }
}

static void
test_registers_are_listed(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Act note = letter_act(f, ACT_RESERVE, "n");
    g_autoptr(GError) error = NULL;

    note.series = f->notes;
    reserve(f, "a", "1/BU/07/2026");
    reserve(f, "b", "2/BU/07/2026");
    assert_done(f, &note, "ND-1/P1/2026");
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(f->db, &error);
    g_autoptr(GPtrArray) list = nsk_registry_registers(txn, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(list->len, ==, 2);
    const NskRegister *one = g_ptr_array_index(list, 0);
    const NskRegister *two = g_ptr_array_index(list, 1);
    g_assert_cmpstr(one->unit, ==, "");
    g_assert_cmpstr(one->scope, ==, "post=p1;year=2026");
    g_assert_cmpuint(two->last_seq, ==, 2);
    g_autoptr(GPtrArray) page = nsk_registry_list(txn, two, 1, 1, &error);
    g_assert_cmpuint(page->len, ==, 1);
    g_assert_cmpuint(((NskRegisterEntry *)g_ptr_array_index(page, 0))->seq, ==, 2);
}

/*
 * Fails the first call of the database, then the second, and so on until a whole run meets no
 * fault. After each failure nothing may have been written: the next letter gets the number that was
 * next.
 */
static void
test_no_fault_consumes_a_number(void)
{
    for (unsigned nth = 1;; nth++) {
        Fixture f;
        g_autoptr(GError) error = NULL;

        setup(&f, NULL);
        reserve(&f, "a", "1/BU/07/2026");
        Act moved = letter_act(&f, ACT_RESERVE, "a"); /* the longest way: void and take */
        moved.request.scope.date = moved.request.today = (NskDate){ 2026, 8, 3 };
        nsk_db_fail_nth(f.db, nth);
        bool ok = run_act(f.db, &moved, &error);
        nsk_db_fail_nth(f.db, 0);
        if (!ok) {
            g_assert_nonnull(error);
            assert_register(&f, "1-1 reserved '1/BU/07/2026' \n");
            reserve(&f, "other", "2/BU/07/2026");
        }
        nsk_register_entry_free(moved.entry);
        teardown(&f, NULL);
        if (ok) {
            g_test_message("%u places failed before the run went through", nth - 1);
            g_assert_cmpuint(nth, >, 8);
            return;
        }
    }
}

#define WRITERS 4
#define ROUNDS  3
#define LETTERS 5

/* Takes numbers in several sittings, each with a handle of its own. */
static void
write_letters(const char *path, int writer)
{
    for (int round = 0; round < ROUNDS; round++) {
        Fixture f = { 0 };
        g_autoptr(GError) error = NULL;

        f.db = nsk_db_open(path, NSK_DB_WRITE, &error);
        g_assert_no_error(error);
        f.out = series_new("keluar", "year unit", NULL, "{seq}/{unit}/{year}");
        for (int i = 0; i < LETTERS; i++) {
            g_autofree char *letter = g_strdup_printf("w%d-%d-%d", writer, round, i);
            reserve(&f, letter, NULL);
        }
        nsk_series_unref(f.out);
        nsk_db_free(f.db);
    }
}

typedef struct {
    const char *path;
    int writer;
} Writer;

static gpointer
writer_thread(gpointer data)
{
    const Writer *writer = data;

    write_letters(writer->path, writer->writer);
    return NULL;
}

static void
assert_all_there(const char *path, uint32_t expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, &error);

    g_assert_no_error(error);
    assert_gapless(db);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_autoptr(GPtrArray) list = nsk_registry_registers(txn, &error);
    const NskRegister *one = g_ptr_array_index(list, 0);
    g_assert_cmpuint(list->len, ==, 1);
    g_assert_cmpuint(one->last_seq, ==, expected);
}

static void
test_writers_at_once_stay_gapless(gconstpointer processes)
{
    Writer writers[WRITERS];
    GThread *threads[WRITERS];
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("naskah-registry-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "office.db", NULL);

    g_assert_true(nsk_db_create(path, &error));
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (Writer){ path, i };
        if (processes == NULL) {
            threads[i] = g_thread_new("writer", writer_thread, &writers[i]);
        } else if (fork() == 0) {
            write_letters(path, i);
            _exit(0);
        }
    }
    for (int i = 0; i < WRITERS; i++) {
        int status = 0;

        if (processes == NULL)
            g_thread_join(threads[i]);
        else
            g_assert_cmpint(wait(&status), >, 0);
        g_assert_cmpint(status, ==, 0);
    }
    assert_all_there(path, WRITERS * ROUNDS * LETTERS);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *file = g_build_filename(folder, name, NULL);
        (void)g_unlink(file);
    }
    (void)g_rmdir(folder);
}

#define ADD(name, function) g_test_add("/registry/" name, Fixture, NULL, setup, function, teardown)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("reserve/numbers-follow-each-other", test_numbers_follow_each_other);
    ADD("reserve/same-letter-keeps-its-number", test_same_letter_keeps_its_number);
    ADD("reserve/letter-date-stays-with-the-number", test_letter_date_stays_with_the_number);
    ADD("reserve/changed-part-rewrites-a-reserved-number",
        test_changed_part_rewrites_a_reserved_number);
    ADD("reserve/changed-series-voids", test_changed_series_voids);
    ADD("reserve/changed-unit-voids", test_changed_unit_voids);
    ADD("reserve/new-year-voids-and-begins-at-one", test_new_year_voids_and_begins_at_one);
    ADD("reserve/passed-lag-voids", test_lag_voids);
    ADD("reserve/bad-dates-are-refused", test_bad_dates_are_refused);
    ADD("reserve/bad-requests-consume-nothing", test_bad_requests_consume_nothing);
    ADD("bind/is-final-and-repeatable", test_bind_is_final_and_repeatable);
    ADD("release/return-keeps-the-number", test_return_keeps_the_number);
    ADD("void/withdrawal-voids-for-ever", test_withdrawal_voids_for_ever);
    ADD("continue/register-goes-on-from-a-number", test_register_goes_on_from_a_number);
    ADD("continue/nonsense-is-refused", test_continue_refuses_nonsense);
    ADD("continue/start-of-the-series-is-the-first-number", test_series_start_is_the_first_number);
    ADD("continue/full-series-is-a-limit", test_full_series_is_a_limit);
    ADD("paper/block-is-used-one-by-one", test_paper_block_is_used_one_by_one);
    ADD("paper/block-has-a-size", test_paper_block_has_a_size);
    ADD("list/registers-are-listed", test_registers_are_listed);
    g_test_add_func("/registry/check/sees-tampering", test_check_sees_tampering);
    g_test_add_func("/registry/fault/no-fault-consumes-a-number", test_no_fault_consumes_a_number);
    g_test_add_data_func("/registry/at-once/threads-stay-gapless", NULL,
                         test_writers_at_once_stay_gapless);
    g_test_add_data_func("/registry/at-once/processes-stay-gapless", "processes",
                         test_writers_at_once_stay_gapless);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Positions that change hands: the list of open work that both confirm. */
#include "fixture.h"

#include <string.h>

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

/* sekar leaves the position tomorrow, and nastiti takes it over; she goes on elsewhere. */
static void
change_hands(Fixture *f)
{
    load(f, "<holding person='sekar' position='kepala-biro-umum' capacity='definitive' "
            "from='2023-01-02' until='2026-07-22'/>"
            "<holding person='nastiti' position='kepala-biro-umum' capacity='definitive' "
            "from='2026-07-23'/>"
            "<holding person='sekar' position='analis-sdm' capacity='definitive' "
            "from='2026-07-23'/>");
}

static NskJson *
try_handover(Fixture *f, const char *person, const NskHandoverAct *act, GError **error)
{
    NskJson *result = NULL;

    f->now += 60 * G_USEC_PER_SEC;
    fixture_as(f, person);
    return nsk_office_handover(f->office, act, &result, error) ? result : NULL;
}

static NskJson *
do_handover(Fixture *f, const char *person, NskHandoverAct act)
{
    g_autoptr(GError) error = NULL;
    NskJson *result = try_handover(f, person, &act, &error);

    g_assert_no_error(error);
    return result;
}

static char *
prepare(Fixture *f, const char *person)
{
    g_autoptr(NskJson) made = do_handover(f, person,
                                          (NskHandoverAct){ .position = "kepala-biro-umum",
                                                            .giver = "sekar",
                                                            .receiver = "nastiti" });

    return g_strdup(nsk_json_get_text(made, "handover"));
}

static void
confirm(Fixture *f, const char *person, const char *id, const char *state)
{
    g_autoptr(NskJson) done =
        do_handover(f, person, (NskHandoverAct){ .id = id, .note = "diserahkan" });

    g_assert_cmpstr(nsk_json_get_text(done, "state"), ==, state);
}

static void
refuse(Fixture *f, const char *person, NskHandoverAct act, int code, const char *said)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = try_handover(f, person, &act, &error);

    g_assert_null(result);
    fixture_refused(&error, code, said);
}

static NskJson *
show(Fixture *f, const char *person, const char *id)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;

    fixture_as(f, person);
    g_assert_true(nsk_office_handover_show(f->office, id, &result, &error));
    g_assert_no_error(error);
    return result;
}

static void
test_both_confirm_the_open_work(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) secret = fixture_letter(&(Words){ .security = "rahasia" });
    g_autofree char *letter = fixture_to_signatory(f, &(Words){ 0 });
    g_autofree char *own = fixture_draft_of(f, "sekar", "kepala-biro-umum", secret);

    (void)data;
    change_hands(f);
    g_autofree char *id = prepare(f, "damar"); /* TU of the position */
    g_autoptr(NskJson) seen = show(f, "sekar", id);
    const NskJson *items = nsk_json_get(seen, "items");
    /* the signature, the draft, and the letter that the draft is */
    g_assert_cmpuint(nsk_json_length(items), ==, 3);
    for (size_t i = 0; i < nsk_json_length(items); i++) {
        const NskJson *item = nsk_json_at(items, i);

        g_assert_true(nsk_json_get_bool(item, "open", false));
        g_assert_nonnull(nsk_json_get_text(item, "subject"));
    }
    /* who may not read a letter sees that there is one */
    g_autoptr(NskJson) by_tu = show(f, "damar", id);
    guint hidden = 0;
    for (size_t i = 0; i < 3; i++) {
        const NskJson *item = nsk_json_at(nsk_json_get(by_tu, "items"), i);

        hidden += nsk_json_get_text(item, "subject") == NULL;
        g_assert_true((nsk_json_get_text(item, "subject") == NULL) ==
                      (strcmp(nsk_json_get_text(item, "letter"), own) == 0));
    }
    g_assert_cmpuint(hidden, ==, 2);
    confirm(f, "nastiti", id, "received");
    confirm(f, "sekar", id, "complete");
    refuse(f, "sekar", (NskHandoverAct){ .id = id }, NSK_ERROR_CONFLICT, "already");
    refuse(f, "nastiti", (NskHandoverAct){ .id = id }, NSK_ERROR_CONFLICT, "already");
    g_assert_nonnull(letter);
}

static void
test_nothing_is_left_out(Fixture *f, gconstpointer data)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;

    (void)data;
    change_hands(f);
    g_autofree char *first = prepare(f, "sekar");
    g_autofree char *letter = fixture_to_signatory(f, &(Words){ 0 });
    refuse(f, "sekar", (NskHandoverAct){ .id = first }, NSK_ERROR_CONFLICT, "1 pieces");
    g_autofree char *second = prepare(f, "nastiti");
    refuse(f, "sekar", (NskHandoverAct){ .id = first }, NSK_ERROR_CONFLICT, "newer");
    confirm(f, "sekar", second, "given");
    fixture_as(f, "wening");
    g_assert_true(nsk_office_handover_list(f->office, "kepala-biro-umum", &result, &error));
    g_assert_no_error(error);
    const NskJson *list = nsk_json_get(result, "handovers");
    g_assert_cmpuint(nsk_json_length(list), ==, 2);
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(list, 0), "state"), ==, "given");
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(list, 1), "state"), ==, "replaced");
    nsk_json_unref(result);
    g_assert_nonnull(letter);
    /* what comes when the other has it is his own, and does not hinder */
    f->now += 2 * G_TIME_SPAN_DAY;
    g_autofree char *later = fixture_to_signatory(f, &(Words){ 0 });
    confirm(f, "nastiti", second, "complete");
    g_autoptr(NskJson) seen = show(f, "nastiti", second);
    g_assert_cmpint(nsk_json_get_int(seen, "since", -1), ==, 1);
    g_assert_nonnull(later);
}

static void
test_bad_handovers_are_refused(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *person;
        NskHandoverAct act;
        int code;
        const char *said;
    } cases[] = {
        { "sekar",
          { .position = "kepala-biro-umum", .giver = "sekar", .receiver = "sekar" },
          NSK_ERROR_INVALID,
          "one who hands it over" },
        { "sekar",
          { .position = "kepala-biro-umum", .giver = "sekar", .receiver = "budi" },
          NSK_ERROR_INVALID,
          "does not hold" },
        { "nastiti",
          { .position = "kepala-biro-umum", .giver = "budi", .receiver = "nastiti" },
          NSK_ERROR_INVALID,
          "never held" },
        { "sekar",
          { .position = "no-such", .giver = "sekar", .receiver = "nastiti" },
          NSK_ERROR_NOT_FOUND,
          "no-such" },
        { "sekar",
          { .position = "kepala-biro-umum", .giver = "sekar", .receiver = "nobody" },
          NSK_ERROR_NOT_FOUND,
          "nobody" },
        { "arkan",
          { .position = "kepala-biro-umum", .giver = "sekar", .receiver = "nastiti" },
          NSK_ERROR_DENIED,
          "superior" },
        { "sekar", { .position = "kepala-biro-umum" }, NSK_ERROR_INVALID, "from one person" },
        { "sekar", { .id = "no-such" }, NSK_ERROR_NOT_FOUND, "no-such" },
    };
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;

    (void)data;
    change_hands(f);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %zu", i);
        refuse(f, cases[i].person, cases[i].act, cases[i].code, cases[i].said);
    }
    g_autofree char *id = prepare(f, "sekar");
    refuse(f, "arkan", (NskHandoverAct){ .id = id }, NSK_ERROR_DENIED, "superior");
    refuse(f, "damar", (NskHandoverAct){ .id = id }, NSK_ERROR_DENIED, "two who hand it over");
    /* the superior does not confirm for one who is still there */
    refuse(f, "larasati", (NskHandoverAct){ .id = id, .note = "x" }, NSK_ERROR_DENIED, "two who");
    fixture_as(f, "arkan");
    g_assert_false(nsk_office_handover_show(f->office, id, &result, &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "superior");
}

static void
test_the_superior_confirms_for_who_has_left(Fixture *f, gconstpointer data)
{
    (void)data;
    load(f, "<holding person='sekar' position='kepala-biro-umum' capacity='definitive' "
            "from='2023-01-02' until='2026-07-21'/>"
            "<holding person='nastiti' position='kepala-biro-umum' capacity='definitive' "
            "from='2026-07-22'/>");
    g_autofree char *id = prepare(f, "nastiti");
    refuse(f, "larasati", (NskHandoverAct){ .id = id }, NSK_ERROR_INVALID, "--note");
    confirm(f, "larasati", id, "given");
    g_autoptr(NskJson) seen = show(f, "larasati", id);
    g_assert_cmpstr(nsk_json_get_text(seen, "given_by"), ==, "larasati");
    confirm(f, "nastiti", id, "complete");
}

static void
test_it_comes_again_by_rebuilding(Fixture *f, gconstpointer data)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *letter = fixture_to_signatory(f, &(Words){ 0 });
    const NskRebuildOptions options = { .dir = f->dir };

    (void)data;
    change_hands(f);
    g_autofree char *gone = prepare(f, "sekar");
    g_autofree char *id = prepare(f, "sekar");
    confirm(f, "sekar", id, "given");
    confirm(f, "nastiti", id, "complete");
    g_autoptr(NskJson) before = show(f, "sekar", id);
    g_autoptr(NskJson) gone_before = show(f, "sekar", gone);
    g_clear_pointer(&f->office, nsk_office_free);
    g_assert_true(nsk_office_rebuild(&options, issues, &result, &error));
    g_assert_no_error(error);
    nsk_json_unref(result);
    fixture_reopen(f, NULL);
    g_autoptr(NskJson) after = show(f, "sekar", id);
    g_autoptr(NskJson) gone_after = show(f, "sekar", gone);
    g_autofree char *text = nsk_json_canonical(before);
    g_autofree char *again = nsk_json_canonical(after);
    g_autofree char *gone_text = nsk_json_canonical(gone_before);
    g_autofree char *gone_again = nsk_json_canonical(gone_after);
    g_assert_cmpstr(again, ==, text);
    g_assert_cmpstr(gone_again, ==, gone_text);
    g_assert_nonnull(letter);
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/handover/both-confirm-the-open-work", test_both_confirm_the_open_work, NULL },
        { "/office/handover/nothing-is-left-out", test_nothing_is_left_out, NULL },
        { "/office/handover/bad-handovers-are-refused", test_bad_handovers_are_refused, NULL },
        { "/office/handover/the-superior-confirms-for-who-has-left",
          test_the_superior_confirms_for_who_has_left, NULL },
        { "/office/handover/it-comes-again-by-rebuilding", test_it_comes_again_by_rebuilding,
          NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

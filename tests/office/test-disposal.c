/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proposals of disposal: who proposes, judges and decides, and what is refused. */
#include "fixture.h"
#include "office/disposal.h"
#include "office/records.h"

#include <string.h>

#define SCHEME                                                                                     \
    "code,name,trigger,active,inactive,fate\n"                                                     \
    "UM,Umum,,,,\nUM.01,Surat rutin,closed,1,2,destroy\nUM.02,Kontrak,closed,2,8,destroy\n"        \
    "UM.03,Keputusan,closed,1,1,permanent\nUM.04,Kajian,closed,1,1,review\n"                       \
    "UM.05,Undangan,closed,0,1,destroy\n"

static NskJson *
try_berkas(Fixture *f, const NskBerkasAct *act, GError **error)
{
    NskJson *result = NULL;

    fixture_as(f, "wening");
    return nsk_office_berkas(f->office, act, &result, error) ? result : NULL;
}

static void
do_berkas(Fixture *f, NskBerkasAct act)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = try_berkas(f, &act, &error);

    g_assert_no_error(error);
}

static char *
withdrawn_letter(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    char *letter = fixture_draft(f, &(Words){ 0 });

    fixture_as(f, "damar");
    g_assert_true(nsk_office_letter_withdraw(f->office, letter, "Batal.", &result, &error));
    g_assert_no_error(error);
    return letter;
}

static void
load_scheme(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(SCHEME, strlen(SCHEME));
    const NskOfficeFile file = { "uji.csv", bytes };

    g_assert_true(nsk_office_records_load(f->office, &file, &result, &error));
    g_assert_no_error(error);
}

/* A closed file of the class with a letter; its retention runs from today. */
static char *
closed_file(Fixture *f, const char *code)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = withdrawn_letter(f);
    const NskBerkasAct open = { .act = "open",
                                .unit = "biro-umum",
                                .scheme = "uji",
                                .code = code,
                                .title = "Undangan" };
    g_autoptr(NskJson) opened = try_berkas(f, &open, &error);

    g_assert_no_error(error);
    char *id = g_strdup(nsk_json_get_text(opened, "berkas"));
    do_berkas(f, (NskBerkasAct){ .act = "add", .berkas = id, .letter = letter });
    do_berkas(f, (NskBerkasAct){ .act = "close", .berkas = id });
    return id;
}

static NskJson *
try_act(Fixture *f, const char *person, const NskDisposalAct *act, GError **error)
{
    NskJson *result = NULL;

    fixture_as(f, person);
    return nsk_office_disposal(f->office, act, &result, error) ? result : NULL;
}

static NskJson *
act(Fixture *f, const char *person, NskDisposalAct what)
{
    g_autoptr(GError) error = NULL;
    NskJson *result = try_act(f, person, &what, &error);

    g_assert_no_error(error);
    return result;
}

static void
refuse(Fixture *f, const char *person, NskDisposalAct what, int code, const char *said)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = try_act(f, person, &what, &error);

    g_assert_null(result);
    fixture_refused(&error, code, said);
}

static char *
propose(Fixture *f, const char *berkas, const char *as)
{
    g_autoptr(NskJson) made =
        act(f, "wening", (NskDisposalAct){ .act = "propose", .berkas = berkas, .as = as });

    g_assert_cmpstr(nsk_json_get_text(made, "state"), ==, "proposed");
    return g_strdup(nsk_json_get_text(made, "disposal"));
}

static void
agree(Fixture *f, const char *id)
{
    g_autoptr(NskJson) given = act(f, "budi",
                                   (NskDisposalAct){ .act = "opinion",
                                                     .disposal = id,
                                                     .as = "agree",
                                                     .note = "Tidak bernilai guna." });

    g_assert_cmpuint(nsk_json_length(nsk_json_get(given, "opinions")), ==, 1);
}

static void
test_a_proposal_is_judged_and_approved(Fixture *f, gconstpointer data)
{
    (void)data;
    load_scheme(f);
    g_autofree char *berkas = closed_file(f, "UM.01");
    refuse(f, "wening", (NskDisposalAct){ .act = "propose", .berkas = berkas, .as = "destroy" },
           NSK_ERROR_CONFLICT, "is not over");
    f->now = fixture_morning("2029-07-23");
    refuse(f, "damar", (NskDisposalAct){ .act = "propose", .berkas = berkas, .as = "destroy" },
           NSK_ERROR_DENIED, "arsiparis-umum");
    refuse(f, "wening", (NskDisposalAct){ .act = "propose", .berkas = berkas, .as = "transfer" },
           NSK_ERROR_CONFLICT, "it cannot be");
    refuse(f, "wening", (NskDisposalAct){ .act = "propose", .berkas = berkas, .as = "burn" },
           NSK_ERROR_INVALID, "--fate");
    refuse(f, "wening", (NskDisposalAct){ .act = "propose", .berkas = " ", .as = "destroy" },
           NSK_ERROR_INVALID, "from 1 to");
    g_autofree char *id = propose(f, berkas, "destroy");
    refuse(f, "wening", (NskDisposalAct){ .act = "propose", .berkas = berkas, .as = "destroy" },
           NSK_ERROR_CONFLICT, id);
    /* nobody judges his own, and who judges is who appraises */
    const NskDisposalAct opinion = { .act = "opinion",
                                     .disposal = id,
                                     .as = "agree",
                                     .note = "Setuju." };
    refuse(f, "wening", opinion, NSK_ERROR_DENIED, "yourself");
    refuse(f, "damar", opinion, NSK_ERROR_DENIED, "superior");
    const NskDisposalAct approve = { .act = "approve", .disposal = id };
    refuse(f, "wening", approve, NSK_ERROR_DENIED, "yourself");
    refuse(f, "budi", approve, NSK_ERROR_DENIED, "kepala-badan");
    refuse(f, "bramantya", approve, NSK_ERROR_CONFLICT, "nobody who appraises");
    agree(f, id);
    refuse(f, "wening", (NskDisposalAct){ .act = "certify", .disposal = id }, NSK_ERROR_CONFLICT,
           "only what was approved");
    g_autoptr(NskJson) approved = act(f, "bramantya", approve);
    g_assert_cmpstr(nsk_json_get_text(approved, "state"), ==, "approved");
    g_assert_cmpstr(nsk_json_get_text(approved, "position"), ==, "kepala-badan");
    refuse(f, "bramantya", approve, NSK_ERROR_CONFLICT, "approved, not carried out");
    g_autofree char *found = fixture_doctor(f);
    g_assert_cmpstr(found, ==, "");
}

static void
test_the_record_of_destruction_is_a_letter(Fixture *f, gconstpointer data)
{
    (void)data;
    load_scheme(f);
    g_autofree char *berkas = closed_file(f, "UM.05");
    f->now = fixture_morning("2027-07-23");
    g_autofree char *id = propose(f, berkas, "destroy");
    agree(f, id);
    g_autoptr(NskJson) approved =
        act(f, "bramantya", (NskDisposalAct){ .act = "approve", .disposal = id });
    refuse(f, "damar", (NskDisposalAct){ .act = "certify", .disposal = id }, NSK_ERROR_DENIED,
           "arsiparis-umum");
    g_autoptr(NskJson) drafted =
        act(f, "wening", (NskDisposalAct){ .act = "certify", .disposal = id });
    const char *letter = nsk_json_get_text(drafted, "letter");
    g_assert_nonnull(letter);
    g_assert_false(nsk_json_get_bool(drafted, "signed", true));
    refuse(f, "wening", (NskDisposalAct){ .act = "certify", .disposal = id }, NSK_ERROR_CONFLICT,
           "drafted already");
    g_autoptr(NskJson) submitted = fixture_act(f, "wening", letter, "submit", NULL);
    g_autoptr(NskJson) first = fixture_sign(f, "budi", letter);
    NskJson *shown = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(nsk_office_disposal_show(f->office, id, &shown, &error));
    g_assert_false(nsk_json_get_bool(shown, "signed", true));
    nsk_json_unref(shown);
    g_autoptr(NskJson) second = fixture_sign(f, "wening", letter);
    g_assert_true(nsk_office_disposal_show(f->office, id, &shown, &error));
    g_assert_no_error(error);
    g_assert_true(nsk_json_get_bool(shown, "signed", false));
    nsk_json_unref(shown);
}

static void
test_holds_and_long_retention(Fixture *f, gconstpointer data)
{
    (void)data;
    load_scheme(f);
    g_autofree char *berkas = closed_file(f, "UM.02");
    f->now = fixture_morning("2037-07-23");
    do_berkas(f, (NskBerkasAct){ .act = "hold", .berkas = berkas, .note = "Perkara." });
    refuse(f, "wening", (NskDisposalAct){ .act = "propose", .berkas = berkas, .as = "destroy" },
           NSK_ERROR_CONFLICT, "is held");
    do_berkas(f, (NskBerkasAct){ .act = "release", .berkas = berkas, .note = "Selesai." });
    g_autofree char *id = propose(f, berkas, "destroy");
    agree(f, id);
    do_berkas(f, (NskBerkasAct){ .act = "hold", .berkas = berkas, .note = "Audit." });
    const NskDisposalAct approve = { .act = "approve", .disposal = id, .consent = "B-AR/7/2037" };
    refuse(f, "bramantya", approve, NSK_ERROR_CONFLICT, "is held");
    do_berkas(f, (NskBerkasAct){ .act = "release", .berkas = berkas, .note = "Selesai." });
    refuse(f, "bramantya", (NskDisposalAct){ .act = "approve", .disposal = id }, NSK_ERROR_CONFLICT,
           "for 10 years");
    g_autoptr(NskJson) approved = act(f, "bramantya", approve);
    g_assert_cmpstr(nsk_json_get_text(approved, "consent"), ==, "B-AR/7/2037");
}

static void
test_refused_withdrawn_and_reviewed(Fixture *f, gconstpointer data)
{
    NskJson *list = NULL;
    g_autoptr(GError) error = NULL;

    (void)data;
    load_scheme(f);
    g_autofree char *berkas = closed_file(f, "UM.04");
    f->now = fixture_morning("2029-07-23");
    g_autofree char *one = propose(f, berkas, "review");
    refuse(f, "bramantya", (NskDisposalAct){ .act = "refuse", .disposal = one }, NSK_ERROR_INVALID,
           "--reason");
    g_autoptr(NskJson) refused =
        act(f, "bramantya", (NskDisposalAct){ .act = "refuse", .disposal = one, .note = "Perlu." });
    g_assert_cmpstr(nsk_json_get_text(refused, "state"), ==, "refused");
    g_autofree char *two = propose(f, berkas, "review");
    refuse(f, "budi", (NskDisposalAct){ .act = "withdraw", .disposal = two }, NSK_ERROR_DENIED,
           "by who made it");
    g_autoptr(NskJson) withdrawn =
        act(f, "wening", (NskDisposalAct){ .act = "withdraw", .disposal = two });
    g_autofree char *three = propose(f, berkas, "review");
    agree(f, three);
    g_autoptr(NskJson) reviewed =
        act(f, "bramantya", (NskDisposalAct){ .act = "approve", .disposal = three });
    g_assert_cmpstr(nsk_json_get_text(reviewed, "state"), ==, "done");
    g_autofree char *four = propose(f, berkas, "destroy");
    refuse(f, "wening", (NskDisposalAct){ .act = "burn", .disposal = four }, NSK_ERROR_INVALID,
           "'burn'");
    refuse(f, "wening", (NskDisposalAct){ .act = "approve", .disposal = "no-such" },
           NSK_ERROR_NOT_FOUND, "no-such");
    fixture_as(f, "wening");
    g_assert_true(nsk_office_disposal_list(f->office, &list, &error));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(list, "disposals")), ==, 4);
    nsk_json_unref(list);
    fixture_as(f, "damar");
    g_assert_true(nsk_office_disposal_list(f->office, &list, &error));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(list, "disposals")), ==, 0);
    nsk_json_unref(list);
    g_assert_false(nsk_office_disposal_show(f->office, four, &list, &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "proposals are for");
}

/* Rows that say more than the history does move nobody. */
static void
test_forged_rows_approve_nothing(Fixture *f, gconstpointer data)
{
    (void)data;
    load_scheme(f);
    g_autofree char *berkas = closed_file(f, "UM.01");
    f->now = fixture_morning("2029-07-23");
    g_autofree char *id = propose(f, berkas, "destroy");
    fixture_tamper(f,
                   "UPDATE disposal SET state = 'approved', decided = 1, decided_by = 'bramantya',"
                   " position = 'kepala-badan' WHERE id = $1",
                   id);
    refuse(f, "wening", (NskDisposalAct){ .act = "certify", .disposal = id }, NSK_ERROR_UNTRUSTED,
           "is not what its history says");
    fixture_tamper(f, "UPDATE disposal SET state = 'proposed', by = 'damar' WHERE id = $1", id);
    refuse(f, "budi",
           (NskDisposalAct){ .act = "opinion", .disposal = id, .as = "agree", .note = "Ya." },
           NSK_ERROR_UNTRUSTED, "is not what its history says");
}

static const FixtureTest tests[] = {
    { "/disposal/a-proposal-is-judged-and-approved", test_a_proposal_is_judged_and_approved, NULL },
    { "/disposal/the-record-of-destruction-is-a-letter", test_the_record_of_destruction_is_a_letter,
      NULL },
    { "/disposal/holds-and-long-retention", test_holds_and_long_retention, NULL },
    { "/disposal/refused-withdrawn-and-reviewed", test_refused_withdrawn_and_reviewed, NULL },
    { "/disposal/forged-rows-approve-nothing", test_forged_rows_approve_nothing, NULL },
};

int
main(int argc, char **argv)
{
    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

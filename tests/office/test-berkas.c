/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Schemes in force, and files of records. */
#include "fixture.h"
#include "office/records.h"

#include <string.h>

#define SCHEME                                                                                     \
    "code,name,trigger,active,inactive,fate\n"                                                     \
    "UM,Umum,,,,\n"                                                                                \
    "UM.01,Surat rutin,closed,1,2,destroy\n"                                                       \
    "PL.01,Kontrak,contract,2,8,review\nPL,Perlengkapan,,,,\n"

static bool
try_load(Fixture *f, const char *name, const char *text, NskJson **out, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    NskOfficeFile file = { name, bytes };

    *out = NULL;
    return nsk_office_records_load(f->office, &file, out, error);
}

static void
load(Fixture *f, const char *text, int64_t added, int64_t changed, int64_t gone)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;

    f->now += G_USEC_PER_SEC;
    (void)try_load(f, "kantor/uji.csv", text, &result, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(nsk_json_get_text(result, "scheme"), ==, "uji");
    g_assert_cmpint(nsk_json_get_int(result, "added", -1), ==, added);
    g_assert_cmpint(nsk_json_get_int(result, "changed", -1), ==, changed);
    g_assert_cmpint(nsk_json_get_int(result, "gone", -1), ==, gone);
    nsk_json_unref(result);
}

static NskJson *
try_act(Fixture *f, const char *person, const NskBerkasAct *act, GError **error)
{
    NskJson *result = NULL;

    f->now += 60 * G_USEC_PER_SEC;
    fixture_as(f, person);
    return nsk_office_berkas(f->office, act, &result, error) ? result : NULL;
}

static NskJson *
act(Fixture *f, NskBerkasAct what)
{
    g_autoptr(GError) error = NULL;
    NskJson *result = try_act(f, "wening", &what, &error);

    g_assert_no_error(error);
    return result;
}

static void
refuse(Fixture *f, const char *person, NskBerkasAct what, int code, const char *said)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = try_act(f, person, &what, &error);

    g_assert_null(result);
    fixture_refused(&error, code, said);
}

static char *
open_file(Fixture *f, const char *code)
{
    g_autoptr(NskJson) made = act(f, (NskBerkasAct){ .act = "open",
                                                     .unit = "biro-umum",
                                                     .scheme = "uji",
                                                     .code = code,
                                                     .title = "Undangan \"rapat\"" });

    g_assert_cmpstr(nsk_json_get_text(made, "state"), ==, "open");
    g_assert_null(nsk_json_get_text(made, "due_from"));
    return g_strdup(nsk_json_get_text(made, "berkas"));
}

static void
assert_state(Fixture *f, const char *id, const char *date, const char *state)
{
    NskJson *shown = NULL;
    g_autoptr(GError) error = NULL;

    f->now = fixture_morning(date);
    fixture_as(f, "wening");
    g_assert_true(nsk_office_berkas_show(f->office, id, &shown, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(nsk_json_get_text(shown, "state"), ==, state);
    nsk_json_unref(shown);
}

/* A letter that came to its end. */
static char *
ended_letter(Fixture *f)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    char *letter = fixture_draft(f, &(Words){ 0 });

    fixture_as(f, "damar");
    g_assert_true(nsk_office_letter_withdraw(f->office, letter, "Batal.", &result, &error));
    g_assert_no_error(error);
    nsk_json_unref(result);
    return letter;
}

static void
test_a_scheme_has_versions(Fixture *f, gconstpointer data)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;

    (void)data;
    load(f, SCHEME, 4, 0, 0);
    g_autofree char *old = open_file(f, "UM.01");
    load(f, SCHEME, 0, 0, 0);
    load(f,
         "code,name,trigger,active,inactive,fate\nUM,Umum,,,,\nUM.01,Surat rutin,closed,5,2,destroy"
         "\nUM.02,Lain,closed,1,1,review\n",
         1, 1, 2);
    g_autofree char *young = open_file(f, "UM.01");
    /* each keeps the years of the version that it was opened under */
    g_autoptr(NskJson) one = act(f, (NskBerkasAct){ .act = "close", .berkas = old });
    g_autoptr(NskJson) other = act(f, (NskBerkasAct){ .act = "close", .berkas = young });
    g_assert_cmpstr(nsk_json_get_text(one, "inactive_from"), ==, "2027-07-23");
    g_assert_cmpstr(nsk_json_get_text(one, "due_from"), ==, "2029-07-23");
    g_assert_cmpstr(nsk_json_get_text(other, "inactive_from"), ==, "2031-07-23");
    /* and a table with a fault changes nothing */
    g_assert_false(try_load(f, "uji.csv", "code,name\nUM,Umum\n", &result, &error));
    fixture_refused(&error, NSK_ERROR_INVALID, "'trigger' is missing");
    g_assert_false(try_load(f, "Uji Baru.csv", SCHEME, &result, &error));
    fixture_refused(&error, NSK_ERROR_INVALID, "'Uji Baru.csv' gives no name");
    g_autofree char *still = open_file(f, "UM.02");
    g_assert_nonnull(still);
}

static void
test_a_file_is_filled_and_closed(Fixture *f, gconstpointer data)
{
    NskJson *shown = NULL;
    g_autoptr(GError) error = NULL;

    (void)data;
    load(f, SCHEME, 4, 0, 0);
    g_autofree char *id = open_file(f, "UM.01");
    g_autofree char *second = open_file(f, "UM.01");
    g_autofree char *letter = ended_letter(f);
    g_autofree char *running = fixture_to_signatory(f, &(Words){ 0 });
    g_autoptr(NskJson) added =
        act(f, (NskBerkasAct){ .act = "add", .berkas = id, .letter = letter });
    refuse(f, "wening", (NskBerkasAct){ .act = "add", .berkas = second, .letter = letter },
           NSK_ERROR_CONFLICT, id);
    refuse(f, "wening", (NskBerkasAct){ .act = "add", .berkas = id, .letter = running },
           NSK_ERROR_CONFLICT, "still on its way");
    g_autoptr(NskJson) closed =
        act(f, (NskBerkasAct){ .act = "close", .berkas = id, .note = "Selesai." });
    g_assert_cmpstr(nsk_json_get_text(closed, "counted"), ==, FIXTURE_DAY);
    refuse(f, "wening", (NskBerkasAct){ .act = "close", .berkas = id }, NSK_ERROR_CONFLICT,
           "closed already");
    refuse(f, "wening", (NskBerkasAct){ .act = "add", .berkas = id, .letter = running },
           NSK_ERROR_CONFLICT, "takes no letter");
    fixture_as(f, "wening");
    g_assert_true(nsk_office_berkas_show(f->office, id, &shown, &error));
    const NskJson *letters = nsk_json_get(shown, "letters");
    g_assert_cmpuint(nsk_json_length(letters), ==, 1);
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(letters, 0), "letter"), ==, letter);
    nsk_json_unref(shown);
    assert_state(f, id, "2027-07-22", "active");
    assert_state(f, id, "2027-07-23", "inactive");
    assert_state(f, id, "2029-07-22", "inactive");
    assert_state(f, id, "2029-07-23", "due");
}

static void
test_a_contract_counts_from_its_end(Fixture *f, gconstpointer data)
{
    (void)data;
    load(f, SCHEME, 4, 0, 0);
    g_autofree char *id = open_file(f, "PL.01");
    refuse(f, "wening", (NskBerkasAct){ .act = "date", .berkas = id, .date = "2026-07-01" },
           NSK_ERROR_CONFLICT, "close it first");
    g_autoptr(NskJson) closed = act(f, (NskBerkasAct){ .act = "close", .berkas = id });
    g_assert_cmpstr(nsk_json_get_text(closed, "state"), ==, "waiting");
    assert_state(f, id, "2050-01-01", "waiting");
    f->now = fixture_morning(FIXTURE_DAY);
    refuse(f, "wening", (NskBerkasAct){ .act = "date", .berkas = id, .date = "2026-07-23" },
           NSK_ERROR_INVALID, "lies in the future");
    refuse(f, "wening", (NskBerkasAct){ .act = "date", .berkas = id, .date = "2026-02-30" },
           NSK_ERROR_INVALID, "2026-02-30");
    refuse(f, "wening", (NskBerkasAct){ .act = "date", .berkas = id }, NSK_ERROR_INVALID,
           "from which day");
    g_autoptr(NskJson) dated =
        act(f, (NskBerkasAct){ .act = "date", .berkas = id, .date = "2026-06-30" });
    g_assert_cmpstr(nsk_json_get_text(dated, "due_from"), ==, "2036-07-01");
    refuse(f, "wening", (NskBerkasAct){ .act = "date", .berkas = id, .date = "2020-01-01" },
           NSK_ERROR_CONFLICT, "does not move");
    /* where the closing counts, no other day does */
    g_autofree char *other = open_file(f, "UM.01");
    refuse(f, "wening", (NskBerkasAct){ .act = "close", .berkas = other, .date = "2020-01-01" },
           NSK_ERROR_INVALID, "counts from its closing");
}

static void
test_who_may_and_what_is_refused(Fixture *f, gconstpointer data)
{
    static const NskBerkasAct whole = { .act = "open",
                                        .unit = "biro-umum",
                                        .scheme = "uji",
                                        .code = "UM.01",
                                        .title = "Rapat" };
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    NskBerkasAct other = whole;

    (void)data;
    refuse(f, "wening", whole, NSK_ERROR_NOT_FOUND, "'uji'");
    load(f, SCHEME, 4, 0, 0);
    refuse(f, "damar", whole, NSK_ERROR_DENIED, "arsiparis-umum");
    refuse(f, "sekar", whole, NSK_ERROR_DENIED, "arsiparis-umum");
    other.unit = "biro-keuangan";
    refuse(f, "wening", other, NSK_ERROR_DENIED, "arsiparis-sekretariat");
    other.unit = "no-such";
    refuse(f, "wening", other, NSK_ERROR_NOT_FOUND, "no-such");
    other = whole;
    other.code = "UM";
    refuse(f, "wening", other, NSK_ERROR_INVALID, "is a heading");
    other.code = "XX";
    refuse(f, "wening", other, NSK_ERROR_NOT_FOUND, "no class 'XX'");
    other.title = "";
    refuse(f, "wening", other, NSK_ERROR_INVALID, "title");
    g_autofree char *id = open_file(f, "UM.01");
    refuse(f, "damar", (NskBerkasAct){ .act = "close", .berkas = id }, NSK_ERROR_DENIED,
           "arsiparis-umum");
    refuse(f, "wening", (NskBerkasAct){ .act = "burn", .berkas = id }, NSK_ERROR_INVALID, "'burn'");
    refuse(f, "wening", (NskBerkasAct){ .act = "add", .berkas = id }, NSK_ERROR_INVALID,
           "which letter");
    refuse(f, "wening", (NskBerkasAct){ .act = "close", .berkas = "no-such" }, NSK_ERROR_NOT_FOUND,
           "no-such");
    fixture_as(f, "damar");
    g_assert_false(nsk_office_berkas_show(f->office, id, &result, &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "arsiparis-umum");
    g_assert_true(nsk_office_berkas_list(f->office, NULL, &result, &error));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(result, "files")), ==, 0);
    nsk_json_unref(result);
    fixture_as(f, "wening");
    g_assert_true(nsk_office_berkas_list(f->office, "biro-umum", &result, &error));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(result, "files")), ==, 1);
    nsk_json_unref(result);
    g_autofree char *found = fixture_doctor(f);
    g_assert_cmpstr(found, ==, "");
}

static NskJson *
due(Fixture *f, const char *on)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;

    fixture_as(f, "wening");
    g_assert_true(nsk_office_records_due(f->office, NULL, on, &result, &error));
    g_assert_no_error(error);
    return result;
}

/* What is due of the only file on a day; "" if it is none. */
static void
assert_due(Fixture *f, const char *on, const char *next)
{
    g_autoptr(NskJson) result = due(f, on);
    const NskJson *files = nsk_json_get(result, "files");

    g_assert_cmpuint(nsk_json_length(files), ==, next[0] != '\0' ? 1 : 0);
    if (next[0] != '\0')
        g_assert_cmpstr(nsk_json_get_text(nsk_json_at(files, 0), "next"), ==, next);
}

static void
test_what_is_due_is_moved(Fixture *f, gconstpointer data)
{
    (void)data;
    load(f, SCHEME, 4, 0, 0);
    g_autofree char *id = open_file(f, "UM.01");
    g_autofree char *letter = ended_letter(f);
    g_autoptr(NskJson) added =
        act(f, (NskBerkasAct){ .act = "add", .berkas = id, .letter = letter });
    assert_due(f, "2050-01-01", "");
    g_autoptr(NskJson) closed = act(f, (NskBerkasAct){ .act = "close", .berkas = id });
    assert_due(f, NULL, "");
    assert_due(f, "2027-07-22", "");
    assert_due(f, "2027-07-23", "move");
    assert_due(f, "2029-07-23", "destroy");
    refuse(f, "wening", (NskBerkasAct){ .act = "move", .berkas = id }, NSK_ERROR_CONFLICT,
           "not inactive");
    f->now = fixture_morning("2027-07-23");
    refuse(f, "damar", (NskBerkasAct){ .act = "move", .berkas = id }, NSK_ERROR_DENIED,
           "arsiparis-umum");
    g_autoptr(NskJson) moved = act(f, (NskBerkasAct){ .act = "move", .berkas = id });
    g_assert_nonnull(nsk_json_get_text(moved, "moved"));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(moved, "letters")), ==, 1);
    refuse(f, "wening", (NskBerkasAct){ .act = "move", .berkas = id }, NSK_ERROR_CONFLICT,
           "moved already");
    assert_due(f, NULL, "");
    f->now = fixture_morning("2029-07-23");
    assert_due(f, NULL, "destroy");
    g_autoptr(NskJson) result = due(f, NULL);
    const char *words = nsk_json_get_text(nsk_json_at(nsk_json_get(result, "files"), 0), "words");
    g_assert_nonnull(strstr(words, "1 years active and 2 inactive"));
    g_assert_nonnull(strstr(words, "over from 2029-07-23"));
}

static void
test_holds_are_lifted_one_by_one(Fixture *f, gconstpointer data)
{
    (void)data;
    load(f, SCHEME, 4, 0, 0);
    g_autofree char *id = open_file(f, "UM.01");
    g_autoptr(NskJson) closed = act(f, (NskBerkasAct){ .act = "close", .berkas = id });
    refuse(f, "wening", (NskBerkasAct){ .act = "hold", .berkas = id, .note = " " },
           NSK_ERROR_INVALID, "--reason");
    refuse(f, "wening", (NskBerkasAct){ .act = "release", .berkas = id, .note = "x" },
           NSK_ERROR_NOT_FOUND, "no such hold");
    g_autoptr(NskJson) one =
        act(f, (NskBerkasAct){ .act = "hold", .berkas = id, .note = "Perkara." });
    g_autoptr(NskJson) two =
        act(f, (NskBerkasAct){ .act = "hold", .berkas = id, .note = "Audit." });
    g_assert_cmpuint(nsk_json_length(nsk_json_get(two, "holds")), ==, 2);
    refuse(f, "wening", (NskBerkasAct){ .act = "release", .berkas = id, .note = "x" },
           NSK_ERROR_CONFLICT, "several holds");
    f->now = fixture_morning("2029-07-23");
    g_autoptr(NskJson) listed = due(f, NULL);
    const NskJson *file = nsk_json_at(nsk_json_get(listed, "files"), 0);
    g_assert_null(nsk_json_get_text(file, "next"));
    g_assert_nonnull(strstr(nsk_json_get_text(file, "words"), "held"));
    g_autoptr(NskJson) first =
        act(f, (NskBerkasAct){ .act = "release", .berkas = id, .hold = "1", .note = "Selesai." });
    g_assert_null(nsk_json_get_text(first, "next"));
    refuse(f, "wening", (NskBerkasAct){ .act = "release", .berkas = id, .hold = "1", .note = "x" },
           NSK_ERROR_NOT_FOUND, "no such hold");
    g_autoptr(NskJson) last =
        act(f, (NskBerkasAct){ .act = "release", .berkas = id, .note = "Selesai." });
    g_assert_cmpstr(nsk_json_get_text(last, "next"), ==, "destroy");
    g_autofree char *found = fixture_doctor(f);
    g_assert_cmpstr(found, ==, "");
}

static const FixtureTest tests[] = {
    { "/berkas/a-scheme-has-versions", test_a_scheme_has_versions, NULL },
    { "/berkas/a-file-is-filled-and-closed", test_a_file_is_filled_and_closed, NULL },
    { "/berkas/a-contract-counts-from-its-end", test_a_contract_counts_from_its_end, NULL },
    { "/berkas/what-is-due-is-moved", test_what_is_due_is_moved, NULL },
    { "/berkas/holds-are-lifted-one-by-one", test_holds_are_lifted_one_by_one, NULL },
    { "/berkas/who-may-and-what-is-refused", test_who_may_and_what_is_refused, NULL },
};

int
main(int argc, char **argv)
{
    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

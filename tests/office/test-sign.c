/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, frozen pages and signatures. */
#include "base/limits.h"
#include "base/resource.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

static const char sql_bound[] =
    "SELECT seq, number, CASE state WHEN 0 THEN 'reserved' WHEN 1 THEN 'bound' ELSE 'void' END"
    " FROM register_entry ORDER BY seq LIMIT 100";

static void
withdraw(Fixture *f, const char *person, const char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;

    fixture_as(f, person);
    bool ok = nsk_office_letter_withdraw(f->office, letter, "Batal", &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

static void
confirm_fails(Fixture *f, const char *person, const NskSignAct *act, int code, const char *said)
{
    GError *error = NULL;
    NskJson *result = NULL;

    g_assert_false(fixture_confirm(f, person, act, &result, &error));
    g_assert_null(result);
    fixture_refused(&error, code, said);
}

static void
prepare_fails(Fixture *f, const char *person, const char *task, int code, const char *said)
{
    GError *error = NULL;
    NskJson *result = NULL;

    fixture_as(f, person);
    g_assert_false(nsk_office_sign_prepare(f->office, task, &result, &error));
    g_assert_null(result);
    fixture_refused(&error, code, said);
}

static void
assert_state(Fixture *f, const char *letter, const char *state, const char *number)
{
    g_autoptr(NskJson) shown = fixture_show(f, "damar", letter);

    g_assert_cmpstr(nsk_json_get_text(shown, "state"), ==, state);
    g_assert_cmpstr(nsk_json_get_text(shown, "number"), ==, number);
}

/* "1 bound B-1/..., 2 void ..." */
static char *
read_register(Fixture *f)
{
    bool has_row = true;
    GString *list = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "office.db", NULL);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, &error);
    g_assert_no_error(error);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_bound, NSK_DB_NO_PARAMS, &error);

    g_assert_no_error(error);
    while (nsk_db_rows_next(rows, &has_row, &error) && has_row)
        g_string_append_printf(list, "%s%d %s %s", list->len > 0 ? ", " : "",
                               (int)nsk_db_rows_int(rows, 0), nsk_db_rows_text(rows, 2),
                               nsk_db_rows_text(rows, 1));
    g_assert_no_error(error);
    return g_string_free(list, FALSE);
}

static void
assert_register(Fixture *f, const char *expected)
{
    g_autofree char *found = read_register(f);

    g_assert_cmpstr(found, ==, expected);
}

#define NUMBER(n) "B-" n "/SU/BU/KP.08.1/07/2026"

/* Without reviewers, as far as the signatory. */
static char *
to_sekar(Fixture *f, const char *text)
{
    char *letter = fixture_draft(f, &(Words){ .reviewers = "", .text = text });
    g_autoptr(NskJson) done = fixture_act(f, "damar", letter, "submit", NULL);

    g_assert_cmpstr(nsk_json_get_text(done, "state"), ==, "signing");
    return letter;
}

/* --- Numbers --------------------------------------------------------------------------------- */

static void
test_number_and_date_are_taken_once(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = to_sekar(f, NULL);
    g_autofree char *first = fixture_prepare(f, "sekar", letter);
    g_autofree char *second = fixture_prepare(f, "sekar", letter);

    (void)data;
    g_assert_cmpstr(first, ==, second);
    assert_state(f, letter, "signing", NUMBER("1"));
    g_autoptr(NskJson) shown = fixture_show(f, "sekar", letter);
    g_assert_cmpstr(nsk_json_get_text(shown, "date"), ==, "2026-07-22");
    g_autoptr(GBytes) pdf = fixture_export(f, "sekar", letter, NSK_EXPORT_PDF);
    g_autofree char *sha256 = fixture_sha256(pdf);
    g_assert_cmpstr(sha256, ==, first);
    /* a later day, another process: still the same pages */
    fixture_reopen(f, NULL);
    f->now = fixture_morning("2026-07-23");
    g_autofree char *third = fixture_prepare(f, "sekar", letter);
    g_assert_cmpstr(third, ==, first);

    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    g_assert_cmpstr(nsk_json_get_text(done, "number"), ==, NUMBER("1"));
    g_assert_cmpstr(nsk_json_get_text(done, "state"), ==, "archived");
    assert_register(f, "1 bound " NUMBER("1"));
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(actions, ==,
                    "letter-created letter-submitted number-taken pages-frozen "
                    "signature-authorised signature-sent signature-answered letter-signed "
                    "letter-dispatched letter-archived");
}

static void
test_a_returned_letter_keeps_its_number(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = to_sekar(f, NULL);
    g_autofree char *first = fixture_prepare(f, "sekar", letter);
    g_autoptr(NskJson) back = fixture_act(f, "sekar", letter, "return", "Ganti kata penutup.");

    (void)data;
    assert_state(f, letter, "draft", NULL);
    assert_register(f, "1 reserved " NUMBER("1"));
    g_autofree char *other = to_sekar(f, NULL);
    g_autoptr(NskJson) others = fixture_sign(f, "sekar", other);
    g_assert_cmpstr(nsk_json_get_text(others, "number"), ==, NUMBER("2"));
    /* the pages that were shown once are gone with the return */
    const NskSignAct old = { letter, first, NULL, f->passphrase, NULL };
    confirm_fails(f, "sekar", &old, NSK_ERROR_DENIED, "not yours");
    g_autoptr(NskJson) changed =
        fixture_edit(f, "damar", letter, &(Words){ .reviewers = "", .text = "Baru." });
    g_autoptr(NskJson) again = fixture_act(f, "damar", letter, "submit", NULL);
    confirm_fails(f, "sekar", &old, NSK_ERROR_CONFLICT, "not made yet");
    g_autofree char *second = fixture_prepare(f, "sekar", letter);
    g_assert_cmpstr(first, !=, second);
    confirm_fails(f, "sekar", &old, NSK_ERROR_CONFLICT, "not the pages");
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    g_assert_cmpstr(nsk_json_get_text(done, "number"), ==, NUMBER("1"));
    assert_register(f, "1 bound " NUMBER("1") ", 2 bound " NUMBER("2"));
}

static void
test_a_withdrawn_number_is_void_for_ever(Fixture *f, gconstpointer data)
{
    g_autofree char *first = to_sekar(f, NULL);
    g_autofree char *shown = fixture_prepare(f, "sekar", first);
    const NskSignAct late = { first, shown, NULL, f->passphrase, NULL };

    (void)data;
    withdraw(f, "damar", first);
    assert_state(f, first, "withdrawn", NULL);
    confirm_fails(f, "sekar", &late, NSK_ERROR_CONFLICT, "withdrawn");
    g_autofree char *second = to_sekar(f, NULL);
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", second);
    g_assert_cmpstr(nsk_json_get_text(done, "number"), ==, NUMBER("2"));
    assert_register(f, "1 void " NUMBER("1") ", 2 bound " NUMBER("2"));
    g_autofree char *actions = fixture_actions(f, "damar", first);
    g_assert_cmpstr(actions, ==,
                    "letter-created letter-submitted number-taken pages-frozen content-unlocked "
                    "number-voided letter-withdrawn");
    g_autofree char *findings = fixture_doctor(f);
    g_assert_cmpstr(findings, ==, "");
}

/* The profile allows a letter date of three days ago. */
static void
test_what_cannot_be_numbered_takes_no_number(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autofree char *tomorrow = fixture_draft(f, &(Words){ .reviewers = "", .date = "2026-07-23" });
    g_autoptr(NskJson) first = fixture_act(f, "damar", tomorrow, "submit", NULL);
    prepare_fails(f, "sekar", tomorrow, NSK_ERROR_INVALID, "2026-07-23");
    assert_state(f, tomorrow, "signing", NULL);

    g_autofree char *old = fixture_draft(f, &(Words){ .reviewers = "", .date = "2026-07-18" });
    NskTaskAct too_late = { .task = old, .outcome = "submit" };
    g_autofree char *said =
        fixture_act_fails(f, "damar", &too_late, NSK_ERROR_INVALID, "2026-07-18");
    assert_state(f, old, "draft", NULL);

    g_autofree char *letter = fixture_draft(f, &(Words){ .reviewers = "", .date = "2026-07-19" });
    g_autofree char *waited = fixture_draft(f, &(Words){ .reviewers = "", .date = "2026-07-19" });
    g_autoptr(NskJson) second = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) third = fixture_act(f, "damar", waited, "submit", NULL);
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    g_autoptr(NskJson) shown = fixture_show(f, "damar", letter);
    g_assert_cmpstr(nsk_json_get_text(shown, "number"), ==, NUMBER("1"));
    g_assert_cmpstr(nsk_json_get_text(shown, "date"), ==, "2026-07-19");

    f->now = fixture_morning("2026-07-23"); /* it waited a day too long */
    prepare_fails(f, "sekar", waited, NSK_ERROR_INVALID, "2026-07-19");
    assert_register(f, "1 bound " NUMBER("1"));
}

/* Each unit has a register of its own, so its code must be in the number. */
static void
test_units_do_not_share_numbers(Fixture *f, gconstpointer data)
{
    static const Words words = { .reviewers = "", .signatories = "kepala-biro-sdm:plt" };
    g_autoptr(GBytes) xml = fixture_letter(&words);
    g_autofree char *first = to_sekar(f, NULL);
    g_autofree char *second = fixture_draft_of(f, "taufan", NULL, xml);
    g_autoptr(NskJson) submitted = fixture_act(f, "taufan", second, "submit", NULL);
    g_autoptr(NskJson) one = fixture_sign(f, "sekar", first);
    g_autoptr(NskJson) two = fixture_sign(f, "galih", second);

    (void)data;
    g_assert_cmpstr(nsk_json_get_text(one, "number"), ==, "B-1/SU/BU/KP.08.1/07/2026");
    g_assert_cmpstr(nsk_json_get_text(two, "number"), ==, "B-1/SU/SDM/KP.08.1/07/2026");
}

/* --- Refusals -------------------------------------------------------------------------------- */

static void
test_only_the_signatory_prepares_and_confirms(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ .reviewers = "" });
    const NskSignAct blind = { letter,
                               "0000000000000000000000000000000000000000000000000000000000000000",
                               NULL, f->passphrase, NULL };

    (void)data;
    prepare_fails(f, "damar", letter, NSK_ERROR_INVALID, "not a signature");
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    prepare_fails(f, "damar", letter, NSK_ERROR_DENIED, "not yours");
    prepare_fails(f, "kirana", letter, NSK_ERROR_DENIED, "not yours"); /* her assistant */
    confirm_fails(f, "kirana", &blind, NSK_ERROR_DENIED, "not yours");
    confirm_fails(f, "sekar", &blind, NSK_ERROR_CONFLICT, "not made yet");
    assert_register(f, "");
}

static void
test_what_was_not_shown_is_not_signed(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = to_sekar(f, NULL);
    g_autofree char *shown = fixture_prepare(f, "sekar", letter);
    g_autofree char *actions = fixture_actions(f, "sekar", letter);
    g_autofree char *other = g_strdup(shown);
    g_autoptr(GBytes) strange = g_bytes_new_static("bukan kunci", 11);

    (void)data;
    other[0] = other[0] == '0' ? '1' : '0';
    const struct {
        NskSignAct act;
        int code;
        const char *said;
    } cases[] = {
        { { letter, other, NULL, f->passphrase, NULL }, NSK_ERROR_CONFLICT, "not the pages" },
        { { letter, "", NULL, f->passphrase, NULL }, NSK_ERROR_INVALID, "--confirm" },
        { { letter, "abc", NULL, f->passphrase, NULL }, NSK_ERROR_INVALID, "--confirm" },
        { { letter, shown, NULL, "salah", NULL }, NSK_ERROR_DENIED, "passphrase" },
        { { letter, shown, NULL, "", NULL }, NSK_ERROR_DENIED, "passphrase" },
        { { letter, shown, strange, f->passphrase, NULL }, NSK_ERROR_INVALID, "" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        confirm_fails(f, "sekar", &cases[i].act, cases[i].code, cases[i].said);
    /* tries with a key are told, and nothing else was changed by any of it */
    g_autofree char *told =
        g_strconcat(actions, " signature-refused signature-refused signature-refused", NULL);
    g_autofree char *after = fixture_actions(f, "sekar", letter);
    g_assert_cmpstr(after, ==, told);
    g_autofree char *again = fixture_prepare(f, "sekar", letter);
    g_assert_cmpstr(shown, ==, again);
}

static void
test_the_key_of_somebody_else_is_refused_and_told(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = to_sekar(f, NULL);
    g_autofree char *shown = fixture_prepare(f, "sekar", letter);
    g_autofree char *path = g_build_filename(f->dir, "keys/budi.p12", NULL);
    g_autoptr(GBytes) key = nsk_file_read(path, NSK_LIMIT_KEY_SIZE, NULL);
    const NskSignAct act = { letter, shown, key, f->passphrase, NULL };

    (void)data;
    confirm_fails(f, "sekar", &act, NSK_ERROR_UNTRUSTED, "somebody else");
    g_autoptr(NskJson) history = fixture_history(f, "sekar", letter);
    const NskJson *entries = nsk_json_get(history, "entries");
    const NskJson *last = nsk_json_at(entries, nsk_json_length(entries) - 1);
    g_assert_cmpstr(nsk_json_get_text(last, "action"), ==, "signature-refused");
    g_assert_cmpstr(nsk_json_get_text(last, "actor"), ==, "sekar");
    g_assert_nonnull(strstr(nsk_json_get_text(last, "reason"), "somebody else"));
    assert_state(f, letter, "signing", NUMBER("1"));
    /* with her own key the same pages are signed */
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    g_assert_cmpstr(nsk_json_get_text(done, "state"), ==, "archived");
}

static void
test_an_authority_that_is_not_trusted_is_refused(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = to_sekar(f, NULL);
    g_autofree char *shown = fixture_prepare(f, "sekar", letter);
    const NskSignAct act = { letter, shown, NULL, f->passphrase, NULL };

    (void)data;
    g_assert_cmpint(remove(f->trust), ==, 0);
    confirm_fails(f, "sekar", &act, NSK_ERROR_UNTRUSTED, "does not lead to an authority");
    assert_state(f, letter, "signing", NUMBER("1"));
}

static void
test_a_signed_letter_stays_as_it_is(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = to_sekar(f, NULL);
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    g_autoptr(GBytes) before = fixture_export(f, "damar", letter, NSK_EXPORT_PDF);
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ .reviewers = "", .text = "Palsu." });
    const NskLetterEdit edit = { .letter = letter, .name = "letter.xml", .xml = xml };
    const NskTaskAct back = { .task = letter, .outcome = "return", .note = "Menyesal." };
    const NskSignAct twice = { letter, nsk_json_get_text(done, "sha256"), NULL, f->passphrase,
                               NULL };
    NskJson *none = NULL;

    (void)data;
    fixture_as(f, "damar");
    g_assert_false(nsk_office_letter_edit(f->office, &edit, &none, &error));
    fixture_refused(&error, NSK_ERROR_CONFLICT, "'filed'");
    g_assert_false(nsk_office_letter_withdraw(f->office, letter, "Menyesal", &none, &error));
    fixture_refused(&error, NSK_ERROR_CONFLICT, "'filed'");
    g_autofree char *said = fixture_act_fails(f, "sekar", &back, NSK_ERROR_CONFLICT, "'filed'");
    confirm_fails(f, "sekar", &twice, NSK_ERROR_CONFLICT, "signed this letter already");
    prepare_fails(f, "sekar", letter, NSK_ERROR_CONFLICT, "signed this letter already");
    g_autoptr(GBytes) after = fixture_export(f, "sekar", letter, NSK_EXPORT_PDF);
    g_assert_true(g_bytes_equal(before, after));
}

/* --- Two signatories ------------------------------------------------------------------------- */

static const Words two = { .reviewers = "",
                           .signatories = "kepala-biro-umum:definitive kepala-biro-keuangan:plh" };

static void
test_two_signatories_sign_in_order(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = fixture_draft(f, &two);
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);

    (void)data;
    prepare_fails(f, "maheswari", letter, NSK_ERROR_DENIED, "not yours");
    g_autoptr(NskJson) first = fixture_sign(f, "sekar", letter);
    g_assert_cmpstr(nsk_json_get_text(first, "state"), ==, "signing");
    prepare_fails(f, "sekar", letter, NSK_ERROR_DENIED, "not yours");
    /* the holder himself is there, but the letter says Plh. */
    prepare_fails(f, "wahyu", letter, NSK_ERROR_DENIED, "");
    g_autofree char *shown = fixture_prepare(f, "maheswari", letter);
    g_assert_cmpstr(shown, ==, nsk_json_get_text(first, "sha256"));
    g_autoptr(NskJson) second = fixture_sign(f, "maheswari", letter);
    g_assert_cmpstr(nsk_json_get_text(second, "state"), ==, "archived");
    g_autoptr(GBytes) pdf = fixture_export(f, "damar", letter, NSK_EXPORT_PDF);
    g_autoptr(NskJson) verdict = NULL;
    g_assert_true(nsk_office_verify(f->dir, pdf, NULL, f->now, &verdict, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(nsk_json_get_text(verdict, "verdict"), ==, "valid");
    const NskJson *signatures = nsk_json_get(verdict, "signatures");
    g_assert_cmpuint(nsk_json_length(signatures), ==, 2);
    g_assert_nonnull(
        strstr(nsk_json_get_text(nsk_json_at(signatures, 0), "signer"), "Sekar Wulandari"));
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(signatures, 1), "field"), ==, "signatory-2");
    g_assert_true(nsk_json_get_bool(nsk_json_at(signatures, 1), "covers_document", false));
    g_autoptr(NskJson) history = fixture_history(f, "damar", letter);
    const NskJson *entries = nsk_json_get(history, "entries");
    const NskJson *signing = nsk_json_at(entries, nsk_json_length(entries) - 3);
    g_assert_cmpstr(nsk_json_get_text(signing, "action"), ==, "letter-signed");
    g_assert_cmpstr(nsk_json_get_text(signing, "capacity"), ==, "plh");
}

static void
test_a_number_under_a_signature_is_void_on_return(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &two);
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) first = fixture_sign(f, "sekar", letter);
    g_autoptr(NskJson) back = fixture_act(f, "maheswari", letter, "return", "Salah nilai.");

    (void)data;
    assert_state(f, letter, "draft", NULL);
    assert_register(f, "1 void " NUMBER("1"));
    /* the return itself and the end of the number are both told */
    g_autoptr(NskJson) history = fixture_history(f, "damar", letter);
    const NskJson *entries = nsk_json_get(history, "entries");
    const NskJson *unlocked = nsk_json_at(entries, nsk_json_length(entries) - 2);
    g_assert_cmpstr(nsk_json_get_text(unlocked, "action"), ==, "number-voided");
    g_assert_nonnull(strstr(nsk_json_get_text(unlocked, "reason"), NUMBER("1")));
    g_autoptr(NskJson) shown = fixture_show(f, "damar", letter);
    const NskJson *route = nsk_json_get(shown, "route");
    for (size_t i = 0; i < nsk_json_length(route); i++)
        g_assert_false(nsk_json_get_bool(nsk_json_at(route, i), "done", true));

    g_autoptr(NskJson) again = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) once = fixture_sign(f, "sekar", letter);
    g_autoptr(NskJson) both = fixture_sign(f, "maheswari", letter);
    g_assert_cmpstr(nsk_json_get_text(both, "number"), ==, NUMBER("2"));
    g_assert_cmpstr(nsk_json_get_text(both, "state"), ==, "archived");
    assert_register(f, "1 void " NUMBER("1") ", 2 bound " NUMBER("2"));
}

/* One signature is not all: the letter can still be given up. */
static void
test_a_letter_half_signed_can_be_withdrawn(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &two);
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) first = fixture_sign(f, "sekar", letter);

    (void)data;
    withdraw(f, "damar", letter);
    assert_state(f, letter, "withdrawn", NULL);
    assert_register(f, "1 void " NUMBER("1"));
    g_autofree char *findings = fixture_doctor(f);
    g_assert_cmpstr(findings, ==, "");
}

/* --- A change of office between the pages and the signature ---------------------------------- */

/* An office where sekar leaves the Biro Umum to nastiti on the 23rd. */
static void
open_changing_office(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autofree char *path = fixture_path(f, "directory.xml");
    g_autofree char *dir = fixture_path(f, "other");
    g_autoptr(GBytes) xml = nsk_resource_load("templates/demo/directory.xml", &error);
    g_autoptr(GString) text =
        g_string_new_len(g_bytes_get_data(xml, NULL), (gssize)g_bytes_get_size(xml));
    NskInitOptions options = { .dir = dir, .demo = true, .directory = path, .clock = &f->clock };

    guint n = g_string_replace(
        text,
        "<holding person=\"sekar\" position=\"kepala-biro-umum\" capacity=\"definitive\" "
        "from=\"2023-01-02\"/>",
        "<holding person=\"sekar\" position=\"kepala-biro-umum\" capacity=\"definitive\" "
        "from=\"2023-01-02\" until=\"2026-07-22\"/>"
        "<holding person=\"nastiti\" position=\"kepala-biro-umum\" capacity=\"definitive\" "
        "from=\"2026-07-23\"/>",
        0);
    g_assert_cmpuint(n, ==, 1);
    g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
    g_assert_true(nsk_office_init(&options, &result, &error));
    g_assert_no_error(error);
    g_free(f->dir);
    g_free(f->passphrase);
    f->dir = g_steal_pointer(&dir);
    g_autofree char *note = g_build_filename(f->dir, "keys/passphrase", NULL);
    g_assert_true(g_file_get_contents(note, &f->passphrase, NULL, NULL));
    g_strchomp(f->passphrase);
    fixture_reopen(f, NULL);
}

static void
test_pages_with_a_name_are_signed_by_no_other(Fixture *f, gconstpointer data)
{
    (void)data;
    open_changing_office(f);
    g_autofree char *letter = to_sekar(f, NULL);
    g_autofree char *shown = fixture_prepare(f, "sekar", letter);
    const NskSignAct act = { letter, shown, NULL, f->passphrase, NULL };

    f->now = fixture_morning("2026-07-23");
    prepare_fails(f, "nastiti", letter, NSK_ERROR_CONFLICT, "Sekar Wulandari");
    confirm_fails(f, "nastiti", &act, NSK_ERROR_CONFLICT, "Sekar Wulandari");
    g_autoptr(NskJson) back = fixture_act(f, "nastiti", letter, "return", "Nama saya.");
    g_autoptr(NskJson) again = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) done = fixture_sign(f, "nastiti", letter);
    g_assert_cmpstr(nsk_json_get_text(done, "number"), ==, NUMBER("1"));
}

/* --- Verifying ------------------------------------------------------------------------------- */

static void
assert_verdict(const char *dir,
               GBytes *pdf,
               const char *trust,
               NskInstant now,
               const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    bool ok = nsk_office_verify(dir, pdf, trust, now, &result, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_cmpstr(nsk_json_get_text(result, "verdict"), ==, expected);
}

static void
test_anybody_can_verify_a_signed_letter(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = to_sekar(f, NULL);
    g_autofree char *shown = fixture_prepare(f, "sekar", letter);
    g_autoptr(GBytes) plain = fixture_export(f, "sekar", letter, NSK_EXPORT_PDF);
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    g_autoptr(GBytes) pdf = fixture_export(f, "damar", letter, NSK_EXPORT_PDF);
    size_t size = g_bytes_get_size(pdf);

    (void)data;
    assert_verdict(NULL, pdf, f->trust, f->now, "valid");
    assert_verdict(f->dir, pdf, NULL, f->now, "valid");
    assert_verdict(NULL, pdf, NULL, f->now, "indeterminate");
    assert_verdict(f->dir, plain, NULL, f->now, "unsigned");
    /* the signed file begins with the pages that were shown */
    g_assert_cmpuint(size, >, g_bytes_get_size(plain));
    g_assert_cmpmem(g_bytes_get_data(pdf, NULL), g_bytes_get_size(plain),
                    g_bytes_get_data(plain, NULL), g_bytes_get_size(plain));
    for (size_t at = 100; at < g_bytes_get_size(plain); at += g_bytes_get_size(plain) / 5) {
        guint8 *copy = g_memdup2(g_bytes_get_data(pdf, NULL), size);

        copy[at] ^= 1;
        g_autoptr(GBytes) bad = g_bytes_new_take(copy, size);
        assert_verdict(f->dir, bad, NULL, f->now, "invalid");
    }
}

/* --- Repeated requests ----------------------------------------------------------------------- */

static void
test_a_repeated_signature_gets_its_first_answer(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = to_sekar(f, NULL);
    g_autofree char *shown = fixture_prepare(f, "sekar", letter);
    const NskSignAct act = { letter, shown, NULL, f->passphrase, NULL };
    g_auto(GStrv) answers = g_new0(char *, 3);

    (void)data;
    for (size_t i = 0; i < 2; i++) {
        g_autoptr(NskJson) result = NULL;

        fixture_reopen(f, "tanda-tangan-1");
        bool ok = fixture_confirm(f, "sekar", &act, &result, &error);
        g_assert_no_error(error);
        g_assert_true(ok);
        answers[i] = nsk_json_canonical(result);
    }
    g_assert_cmpstr(answers[0], ==, answers[1]);
    g_assert_nonnull(strstr(answers[0], "\"sha256\":\""));
}

/* Also after the signature: what was answered once is answered again. */
static void
test_a_repeated_preparation_gets_its_first_answer(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = to_sekar(f, NULL);
    g_auto(GStrv) answers = g_new0(char *, 4);

    (void)data;
    for (size_t i = 0; i < 3; i++) {
        g_autoptr(NskJson) result = NULL;

        fixture_reopen(f, "halaman-1");
        fixture_as(f, "sekar");
        bool ok = nsk_office_sign_prepare(f->office, letter, &result, &error);
        g_assert_no_error(error);
        g_assert_true(ok);
        answers[i] = nsk_json_canonical(result);
        g_assert_cmpstr(answers[i], ==, answers[0]);
        if (i != 1)
            continue;
        fixture_reopen(f, NULL);
        g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
        g_assert_nonnull(done);
        fixture_reopen(f, NULL);
    }
    g_assert_nonnull(strstr(answers[0], "\"pages\":1"));
}

static void
test_who_has_signed_is_told_so(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = to_sekar(f, NULL);
    g_autofree char *shown = fixture_prepare(f, "sekar", letter);
    const NskSignAct act = { letter, shown, NULL, f->passphrase, NULL };
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);

    (void)data;
    g_assert_nonnull(done);
    prepare_fails(f, "sekar", letter, NSK_ERROR_CONFLICT, "you have signed this letter already");
    confirm_fails(f, "sekar", &act, NSK_ERROR_CONFLICT, "you have signed this letter already");
    /* who has not is told what he was told before */
    prepare_fails(f, "damar", letter, NSK_ERROR_CONFLICT, "nothing waits to be done");
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/sign/number-and-date-are-taken-once", test_number_and_date_are_taken_once,
          NULL },
        { "/office/sign/a-returned-letter-keeps-its-number",
          test_a_returned_letter_keeps_its_number, NULL },
        { "/office/sign/a-withdrawn-number-is-void-for-ever",
          test_a_withdrawn_number_is_void_for_ever, NULL },
        { "/office/sign/what-cannot-be-numbered-takes-no-number",
          test_what_cannot_be_numbered_takes_no_number, NULL },
        { "/office/sign/units-do-not-share-numbers", test_units_do_not_share_numbers, NULL },
        { "/office/sign/only-the-signatory-prepares-and-confirms",
          test_only_the_signatory_prepares_and_confirms, NULL },
        { "/office/sign/what-was-not-shown-is-not-signed", test_what_was_not_shown_is_not_signed,
          NULL },
        { "/office/sign/the-key-of-somebody-else-is-refused-and-told",
          test_the_key_of_somebody_else_is_refused_and_told, NULL },
        { "/office/sign/an-authority-that-is-not-trusted-is-refused",
          test_an_authority_that_is_not_trusted_is_refused, NULL },
        { "/office/sign/a-signed-letter-stays-as-it-is", test_a_signed_letter_stays_as_it_is,
          NULL },
        { "/office/sign/two-signatories-sign-in-order", test_two_signatories_sign_in_order, NULL },
        { "/office/sign/a-number-under-a-signature-is-void-on-return",
          test_a_number_under_a_signature_is_void_on_return, NULL },
        { "/office/sign/a-letter-half-signed-can-be-withdrawn",
          test_a_letter_half_signed_can_be_withdrawn, NULL },
        { "/office/sign/pages-with-a-name-are-signed-by-no-other",
          test_pages_with_a_name_are_signed_by_no_other, NULL },
        { "/office/sign/anybody-can-verify-a-signed-letter",
          test_anybody_can_verify_a_signed_letter, NULL },
        { "/office/sign/a-repeated-signature-gets-its-first-answer",
          test_a_repeated_signature_gets_its_first_answer, NULL },
        { "/office/sign/a-repeated-preparation-gets-its-first-answer",
          test_a_repeated_preparation_gets_its_first_answer, NULL },
        { "/office/sign/who-has-signed-is-told-so", test_who_has_signed_is_told_so, NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

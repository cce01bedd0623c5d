/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters before they are submitted: new, changed, shown, compared, exported, given up. */
#include "fixture.h"

#include <string.h>

/* What nsk_office_letter_new() refuses. */
static void
new_fails(Fixture *f, const char *person, const NskNewLetter *draft, int code, const char *said)
{
    GError *error = NULL;
    NskJson *result = NULL;

    fixture_as(f, person);
    g_assert_false(nsk_office_letter_new(f->office, draft, &result, &error));
    g_assert_null(result);
    fixture_refused(&error, code, said);
}

static void
edit_fails(Fixture *f, const char *person, const NskLetterEdit *edit, int code, const char *said)
{
    GError *error = NULL;
    NskJson *result = NULL;

    fixture_as(f, person);
    g_assert_false(nsk_office_letter_edit(f->office, edit, &result, &error));
    g_assert_null(result);
    fixture_refused(&error, code, said);
}

static void
withdraw_fails(Fixture *f, const char *person, const char *letter, int code, const char *said)
{
    GError *error = NULL;
    NskJson *result = NULL;

    fixture_as(f, person);
    g_assert_false(
        nsk_office_letter_withdraw(f->office, letter, "Rapat dibatalkan", &result, &error));
    g_assert_null(result);
    fixture_refused(&error, code, said);
}

static NskJson *
withdraw(Fixture *f, const char *person, const char *letter)
{
    g_autoptr(GError) error = NULL;
    NskJson *result = NULL;

    fixture_as(f, person);
    bool ok = nsk_office_letter_withdraw(f->office, letter, "Rapat dibatalkan", &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    return result;
}

/* --- New ------------------------------------------------------------------------------------- */

static void
test_a_new_letter_waits_in_front_of_its_drafter(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) made = NULL;
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ 0 });
    NskNewLetter draft = { "letter.xml", xml, NULL };

    (void)data;
    fixture_as(f, "damar");
    g_assert_true(nsk_office_letter_new(f->office, &draft, &made, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(nsk_json_get_text(made, "state"), ==, "draft");
    const NskJson *next = nsk_json_get(made, "next");
    g_assert_cmpuint(nsk_json_length(next), ==, 1);
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(next, 0), "role"), ==, "draft");

    const char *letter = nsk_json_get_text(made, "letter");
    g_autoptr(NskJson) shown = fixture_show(f, "damar", letter);
    g_assert_cmpstr(nsk_json_get_text(shown, "letter"), ==, letter);
    g_assert_cmpstr(nsk_json_get_text(shown, "kind"), ==, "surat-dinas");
    g_assert_cmpstr(nsk_json_get_text(shown, "subject"), ==, "Undangan Rapat");
    g_assert_cmpstr(nsk_json_get_text(shown, "unit"), ==, "biro-umum");
    g_assert_cmpstr(nsk_json_get_text(shown, "drafter"), ==, "staf-persuratan");
    g_assert_cmpstr(nsk_json_get_text(shown, "repository"), ==, "biro-umum-2026");
    g_assert_null(nsk_json_get_text(shown, "number"));
    g_assert_null(nsk_json_get_text(shown, "date"));
    g_assert_cmpint(nsk_json_get_int(shown, "version", 0), ==, 1);
    const NskJson *route = nsk_json_get(shown, "route");
    g_assert_cmpuint(nsk_json_length(route), ==, 3);
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(route, 0), "holder"), ==,
                    "Kirana Setyoningrum, S.IP.");
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(route, 2), "role"), ==, "signatory");
    g_assert_false(nsk_json_get_bool(nsk_json_at(route, 2), "done", true));
}

static void
test_a_letter_is_found_by_the_end_of_its_id(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    const char *end = letter + strlen(letter) - 12;

    (void)data;
    g_autoptr(NskJson) shown = fixture_show(f, "damar", end);
    g_assert_cmpstr(nsk_json_get_text(shown, "letter"), ==, letter);
    g_assert_false(fixture_finds(f, "damar", end + 1)); /* too short */
    g_assert_false(fixture_finds(f, "damar", ""));
    g_assert_false(fixture_finds(f, "damar", "%"));
    g_assert_false(fixture_finds(f, "damar", "' OR 1=1 --"));
}

/* The end of two ids: UUIDs end in random digits, so that two ids are made to end alike. */
static void
test_what_may_mean_two_letters_is_asked_back(Fixture *f, gconstpointer data)
{
    static const char sql_same_number[] =
        "UPDATE letter SET number = 'B-1/SAMA' WHERE id <> '' AND $1 = ''";
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autofree char *mine = fixture_draft(f, &(Words){ 0 });
    g_autoptr(GBytes) xml = fixture_letter(
        &(Words){ .reviewers = "kepala-bagian-kinerja", .signatories = "kepala-biro-sdm:plt" });
    g_autofree char *other = fixture_draft_of(f, "taufan", NULL, xml);

    (void)data;
    fixture_tamper(f, sql_same_number, "");
    g_assert_true(fixture_finds(f, "damar", "B-1/SAMA")); /* of two, he may read one */
    g_autofree char *third = fixture_draft(f, &(Words){ 0 });
    fixture_tamper(f, sql_same_number, "");
    fixture_as(f, "damar");
    g_assert_false(nsk_office_letter_show(f->office, "B-1/SAMA", &result, &error));
    fixture_refused(&error, NSK_ERROR_INVALID, "several letters");
    g_assert_cmpstr(other, !=, third);
}

static void
test_an_assistant_begins_letters_of_the_head(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ 0 });
    g_autofree char *letter = fixture_draft_of(f, "damar", "kepala-biro-umum", xml);

    (void)data;
    g_autoptr(NskJson) shown = fixture_show(f, "sekar", letter);
    g_assert_cmpstr(nsk_json_get_text(shown, "drafter"), ==, "kepala-biro-umum");
    g_autoptr(NskJson) done = fixture_edit(f, "damar", letter, &(Words){ .text = "Lain." });
    g_assert_cmpint(nsk_json_get_int(done, "version", 0), ==, 2);
    g_autoptr(NskJson) submitted = fixture_act(f, "kirana", letter, "submit", NULL);
    g_assert_cmpstr(nsk_json_get_text(submitted, "state"), ==, "review");
    g_autoptr(NskJson) gone = withdraw(f, "damar", letter);
    g_autoptr(NskJson) history = fixture_history(f, "sekar", letter);
    const NskJson *entries = nsk_json_get(history, "entries");
    for (size_t i = 0; i < nsk_json_length(entries); i++) {
        const NskJson *entry = nsk_json_at(entries, i);

        g_assert_cmpstr(nsk_json_get_text(entry, "actor"), ==, i == 2 ? "kirana" : "damar");
        g_assert_cmpstr(nsk_json_get_text(entry, "position"), ==, "kepala-biro-umum");
        g_assert_cmpstr(nsk_json_get_text(entry, "on_behalf_of"), ==, "kepala-biro-umum");
        g_assert_null(nsk_json_get_text(entry, "capacity"));
    }
}

static void
test_assistants_write_no_secret_letters(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) secret = fixture_letter(&(Words){ .security = "rahasia" });
    g_autoptr(GBytes) plain = fixture_letter(&(Words){ 0 });
    NskNewLetter draft = { "letter.xml", secret, "kepala-biro-umum" };

    (void)data;
    /* he could neither read nor change it afterwards */
    new_fails(f, "damar", &draft, NSK_ERROR_DENIED, "secret");
    g_autofree char *letter = fixture_draft_of(f, "damar", "kepala-biro-umum", plain);
    NskLetterEdit edit = { .letter = letter, .name = "letter.xml", .xml = secret };
    edit_fails(f, "damar", &edit, NSK_ERROR_DENIED, "secret");
    g_autofree char *own = fixture_draft_of(f, "damar", NULL, secret);
    g_assert_true(fixture_finds(f, "damar", own));
}

static void
test_who_may_not_write_is_told_why(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) plain = fixture_letter(&(Words){ 0 });
    g_autoptr(GBytes) numbered = fixture_letter(&(Words){ .number = "B-1/BU/KP.08.1/07/2026" });
    g_autoptr(GBytes) unknown = fixture_letter(&(Words){ .kind = "surat-cinta" });
    g_autoptr(GBytes) broken = g_bytes_new_static("<letter", 7);
    g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
    const struct {
        const char *person;
        GBytes *xml;
        const char *position;
        int code;
        const char *said;
    } cases[] = {
        { "damar", numbered, NULL, NSK_ERROR_INVALID, "<number>" },
        { "damar", unknown, NULL, NSK_ERROR_NOT_FOUND, "rekomendasi, salinan, sop, surat-dinas" },
        { "damar", broken, NULL, NSK_ERROR_INVALID, "letter.xml:1:" },
        { "damar", empty, NULL, NSK_ERROR_INVALID, "letter.xml" },
        { "damar", plain, "kepala-biro-sdm", NSK_ERROR_DENIED, "Damar Wicaksana Putra is not" },
        { "damar", plain, "tidak-ada", NSK_ERROR_NOT_FOUND, "tidak-ada" },
        { "wening", plain, "staf-persuratan", NSK_ERROR_EXPIRED, "2024-12-31" },
        { "galih", plain, NULL, NSK_ERROR_INVALID, "kepala-bagian-kinerja, kepala-biro-sdm" },
        { "ni-luh", plain, NULL, NSK_ERROR_INVALID, "--position" },
    };

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskNewLetter draft = { "letter.xml", cases[i].xml, cases[i].position };

        new_fails(f, cases[i].person, &draft, cases[i].code, cases[i].said);
    }
}

static void
test_who_holds_no_position_writes_no_letter(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ 0 });
    NskNewLetter draft = { "letter.xml", xml, NULL };

    (void)data;
    f->now = fixture_morning("2019-02-27");
    new_fails(f, "damar", &draft, NSK_ERROR_DENIED, "no position");
}

static void
test_an_acting_head_drafts_in_that_capacity(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ 0 });
    g_autofree char *letter = fixture_draft_of(f, "galih", "kepala-biro-sdm", xml);
    g_autoptr(NskJson) history = fixture_history(f, "galih", letter);

    (void)data;
    const NskJson *first = nsk_json_at(nsk_json_get(history, "entries"), 0);
    g_assert_cmpstr(nsk_json_get_text(first, "position"), ==, "kepala-biro-sdm");
    g_assert_cmpstr(nsk_json_get_text(first, "capacity"), ==, "plt");
    g_assert_null(nsk_json_get_text(first, "on_behalf_of"));
}

static void
test_a_skeleton_becomes_a_letter_once_it_is_filled_in(Fixture *f, gconstpointer data)
{
    static const char *const kinds[] = { "surat-dinas", "nota-dinas" };
    g_autoptr(GError) error = NULL;
    GBytes *none = NULL;

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(GBytes) xml = NULL;

        fixture_as(f, "damar");
        g_assert_true(nsk_office_letter_skeleton(f->office, kinds[i], &xml, &error));
        g_assert_no_error(error);
        g_autofree char *text = g_strndup(g_bytes_get_data(xml, NULL), g_bytes_get_size(xml));
        g_assert_nonnull(strstr(text, kinds[i]));
    }
    g_assert_false(nsk_office_letter_skeleton(f->office, "surat-cinta", &none, &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "rekomendasi, salinan, sop, surat-dinas");
}

/* --- Changes --------------------------------------------------------------------------------- */

static void
test_only_a_draft_can_be_changed(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ .text = "Diubah." });
    NskLetterEdit edit = { .letter = letter, .name = "letter.xml", .xml = xml };

    (void)data;
    edit_fails(f, "sekar", &edit, NSK_ERROR_DENIED, "not yours");
    edit_fails(f, "taufan", &edit, NSK_ERROR_NOT_FOUND, "no letter");
    g_autoptr(NskJson) done = fixture_act(f, "damar", letter, "submit", NULL);
    edit_fails(f, "damar", &edit, NSK_ERROR_DENIED, "not yours");
    edit_fails(f, "kirana", &edit, NSK_ERROR_DENIED, "'in review'");
    g_autoptr(NskJson) gone = withdraw(f, "damar", letter);
    edit_fails(f, "damar", &edit, NSK_ERROR_CONFLICT, "'withdrawn'");
}

static void
test_a_change_of_an_older_version_is_refused(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autoptr(NskJson) second = fixture_edit(f, "damar", letter, &(Words){ .text = "Kedua." });
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ .text = "Ketiga." });
    g_autoptr(GBytes) memo = fixture_letter(&(Words){ .kind = "nota-dinas" });
    g_autoptr(GBytes) numbered = fixture_letter(&(Words){ .number = "B-1" });
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) third = NULL;

    (void)data;
    g_assert_cmpint(nsk_json_get_int(second, "version", 0), ==, 2);
    NskLetterEdit edit = { .letter = letter, .name = "letter.xml", .xml = xml, .base = 1 };
    edit_fails(f, "damar", &edit, NSK_ERROR_CONFLICT, "version 2");
    edit.base = 3;
    edit_fails(f, "damar", &edit, NSK_ERROR_CONFLICT, "version 2");
    edit.base = 2;
    g_assert_true(nsk_office_letter_edit(f->office, &edit, &third, &error));
    g_assert_no_error(error);
    g_assert_cmpint(nsk_json_get_int(third, "version", 0), ==, 3);
    NskLetterEdit other = { .letter = letter, .name = "letter.xml", .xml = memo };
    edit_fails(f, "damar", &other, NSK_ERROR_INVALID, "cannot become 'nota-dinas'");
    NskLetterEdit number = { .letter = letter, .name = "letter.xml", .xml = numbered };
    edit_fails(f, "damar", &number, NSK_ERROR_INVALID, "<number>");
}

/* Submits, lets the first reviewer approve and the second return. */
static char *
returned_by_second(Fixture *f)
{
    char *letter = fixture_draft(f, &(Words){ 0 });
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) first = fixture_act(f, "kirana", letter, "approve", NULL);
    g_autoptr(NskJson) second = fixture_act(f, "budi", letter, "return", "Perbaiki hari.");

    g_assert_cmpstr(nsk_json_get_text(second, "state"), ==, "draft");
    return letter;
}

static void
test_a_changed_content_voids_parafs_and_says_whose(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = returned_by_second(f);
    g_autoptr(NskJson) done = fixture_edit(f, "damar", letter, &(Words){ .text = "Lain." });
    const NskJson *voided = nsk_json_get(done, "voided");

    (void)data;
    g_assert_cmpuint(nsk_json_length(voided), ==, 1);
    g_assert_cmpstr(nsk_json_text_at(voided, 0), ==, "Kirana Setyoningrum, S.IP.");
    g_autoptr(NskJson) shown = fixture_show(f, "kirana", letter);
    const NskJson *paraf = nsk_json_at(nsk_json_get(shown, "parafs"), 0);
    g_assert_false(nsk_json_get_bool(paraf, "holds", true));
    g_assert_cmpstr(nsk_json_get_text(paraf, "content"), !=, nsk_json_get_text(shown, "content"));
    g_autoptr(NskJson) again = fixture_act(f, "damar", letter, "submit", NULL);
    const NskJson *next = nsk_json_at(nsk_json_get(again, "next"), 0);
    g_assert_cmpstr(nsk_json_text_at(nsk_json_get(next, "positions"), 0), ==,
                    "kepala-subbagian-persuratan");
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(actions, ==,
                    "letter-created letter-submitted paraf-given letter-returned letter-edited "
                    "paraf-voided letter-submitted");
}

/* The first words again do not bring the paraf back: it was void in between. */
static void
test_a_voided_paraf_stays_void(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = returned_by_second(f);
    g_autoptr(NskJson) away = fixture_edit(f, "damar", letter, &(Words){ .text = "Lain." });
    g_autoptr(NskJson) back = fixture_edit(f, "damar", letter, &(Words){ 0 });
    g_autoptr(NskJson) again = fixture_act(f, "damar", letter, "submit", NULL);
    const NskJson *next = nsk_json_at(nsk_json_get(again, "next"), 0);

    (void)data;
    g_assert_cmpuint(nsk_json_length(nsk_json_get(back, "voided")), ==, 0);
    g_assert_cmpstr(nsk_json_text_at(nsk_json_get(next, "positions"), 0), ==,
                    "kepala-subbagian-persuratan");
}

static void
test_unchanged_content_keeps_its_parafs(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = returned_by_second(f);
    /* a wish for a date is no content: parafs do not bind it */
    g_autoptr(NskJson) same = fixture_edit(f, "damar", letter, &(Words){ .date = "2026-07-22" });
    g_autoptr(NskJson) again = fixture_act(f, "damar", letter, "submit", NULL);
    const NskJson *next = nsk_json_at(nsk_json_get(again, "next"), 0);

    (void)data;
    g_assert_cmpuint(nsk_json_length(nsk_json_get(same, "voided")), ==, 0);
    g_assert_cmpstr(nsk_json_text_at(nsk_json_get(next, "positions"), 0), ==,
                    "kepala-bagian-tata-usaha");
    g_autoptr(NskJson) shown = fixture_show(f, "budi", letter);
    const NskJson *paraf = nsk_json_at(nsk_json_get(shown, "parafs"), 0);
    g_assert_true(nsk_json_get_bool(paraf, "holds", false));
    g_assert_cmpstr(nsk_json_get_text(paraf, "content"), ==, nsk_json_get_text(shown, "content"));
}

/* --- Differences and export ------------------------------------------------------------------ */

static void
test_differences_name_place_and_words(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) diff = NULL;
    g_autoptr(NskJson) same = NULL;
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autoptr(NskJson) done =
        fixture_edit(f, "damar", letter, &(Words){ .text = "Rapat diadakan di Ruang Mata Air." });
    NskLetterDiffAsk ask = { .letter = letter };

    (void)data;
    g_assert_true(nsk_office_letter_diff(f->office, &ask, &diff, &error));
    g_assert_no_error(error);
    g_assert_cmpint(nsk_json_get_int(diff, "from", 0), ==, 1);
    g_assert_cmpint(nsk_json_get_int(diff, "to", 0), ==, 2);
    const NskJson *changes = nsk_json_get(diff, "changes");
    g_assert_cmpuint(nsk_json_length(changes), ==, 1);
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(changes, 0), "kind"), ==, "changed");
    g_assert_nonnull(strstr(nsk_json_get_text(diff, "text"), "[-Aula"));
    g_assert_nonnull(strstr(nsk_json_get_text(diff, "text"), "{+Ruang"));

    ask.from = ask.to = 2;
    g_assert_true(nsk_office_letter_diff(f->office, &ask, &same, &error));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(same, "changes")), ==, 0);
}

static void
test_versions_that_do_not_exist_are_not_found(Fixture *f, gconstpointer data)
{
    static const int64_t asked[][2] = { { 0, 0 }, { 1, 2 },          { -1, 1 },        { 1, -1 },
                                        { 2, 1 }, { G_MAXINT64, 1 }, { 1, G_MININT64 } };
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        NskJson *diff = NULL;
        NskLetterDiffAsk ask = { letter, asked[i][0], asked[i][1] };

        g_assert_false(nsk_office_letter_diff(f->office, &ask, &diff, &error));
        g_assert_null(diff);
        fixture_refused(&error, NSK_ERROR_NOT_FOUND, "versions 1 to 1");
    }
}

static void
test_exported_xml_comes_back_unchanged(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ .copies = "sekretaris-utama" });
    g_autoptr(NskJson) before = fixture_show(f, "damar", letter);
    g_autoptr(GBytes) xml = fixture_export(f, "damar", letter, NSK_EXPORT_XML);
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) done = NULL;
    NskLetterEdit edit = { .letter = letter, .name = "letter.xml", .xml = xml, .base = 1 };

    (void)data;
    g_assert_true(nsk_office_letter_edit(f->office, &edit, &done, &error));
    g_assert_no_error(error);
    g_autoptr(NskJson) after = fixture_show(f, "damar", letter);
    g_assert_cmpstr(nsk_json_get_text(before, "content"), ==, nsk_json_get_text(after, "content"));
}

static void
test_a_draft_prints_as_a_draft(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autoptr(GBytes) pdf = fixture_export(f, "kirana", letter, NSK_EXPORT_PDF);
    g_autoptr(GBytes) png = fixture_export(f, "kirana", letter, NSK_EXPORT_PREVIEW);
    g_autoptr(GError) error = NULL;
    NskExport far = { .form = NSK_EXPORT_PREVIEW, .page = 99 };
    GBytes *none = NULL;

    (void)data;
    g_assert_cmpmem(g_bytes_get_data(pdf, NULL), 5, "%PDF-", 5);
    g_assert_cmpmem((const char *)g_bytes_get_data(png, NULL) + 1, 3, "PNG", 3);
    g_assert_false(nsk_office_letter_export(f->office, letter, &far, &none, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    g_assert_null(none);
}

static void
test_a_file_is_checked_with_and_without_an_office(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) with = nsk_issues_new();
    g_autoptr(NskIssues) without = nsk_issues_new();
    g_autoptr(NskIssues) broken = nsk_issues_new();
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ .to = "kepala-biro-hantu" });
    g_autoptr(GBytes) bad = g_bytes_new_static("<letter xmlns='urn:naskah:letter:1'/>", 37);

    (void)data;
    fixture_as(f, "damar");
    g_assert_true(nsk_office_file_check(f->office, "surat.xml", xml, with, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(with->len, ==, 1);
    const NskIssue *issue = g_ptr_array_index(with, 0);
    g_assert_cmpstr(issue->tag, ==, "letter-directory");
    g_assert_cmpuint(issue->line, ==, 4);
    g_assert_nonnull(strstr(issue->text, "kepala-biro-hantu"));
    g_assert_true(nsk_office_file_check(NULL, "surat.xml", xml, without, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(without->len, ==, 0);
    g_assert_true(nsk_office_file_check(NULL, "surat.xml", bad, broken, &error));
    g_assert_no_error(error);
    g_assert_true(nsk_issues_has_error(broken));
}

/* --- Withdrawal ------------------------------------------------------------------------------ */

static void
test_a_withdrawn_letter_waits_for_nobody(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) list = NULL;
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    NskJson *none = NULL;

    (void)data;
    withdraw_fails(f, "kirana", letter, NSK_ERROR_DENIED, "is not 'Pengadministrasi");
    withdraw_fails(f, "taufan", letter, NSK_ERROR_NOT_FOUND, "no letter");
    fixture_as(f, "damar");
    g_assert_false(nsk_office_letter_withdraw(f->office, letter, "", &none, &error));
    fixture_refused(&error, NSK_ERROR_INVALID, "say why");
    g_assert_false(nsk_office_letter_withdraw(f->office, letter, NULL, &none, &error));
    fixture_refused(&error, NSK_ERROR_INVALID, "say why");

    g_autoptr(NskJson) gone = withdraw(f, "damar", letter);
    g_assert_cmpstr(nsk_json_get_text(gone, "state"), ==, "withdrawn");
    g_assert_cmpuint(nsk_json_length(nsk_json_get(gone, "next")), ==, 0);
    withdraw_fails(f, "damar", letter, NSK_ERROR_CONFLICT, "'withdrawn'");
    fixture_as(f, "kirana");
    g_assert_true(nsk_office_task_list(f->office, &(NskTaskListAsk){ 0 }, &list, &error));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(list, "tasks")), ==, 0);
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(actions, ==, "letter-created letter-submitted letter-withdrawn");
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/letter/a-new-letter-waits-in-front-of-its-drafter",
          test_a_new_letter_waits_in_front_of_its_drafter, NULL },
        { "/office/letter/a-letter-is-found-by-the-end-of-its-id",
          test_a_letter_is_found_by_the_end_of_its_id, NULL },
        { "/office/letter/what-may-mean-two-letters-is-asked-back",
          test_what_may_mean_two_letters_is_asked_back, NULL },
        { "/office/letter/an-assistant-begins-letters-of-the-head",
          test_an_assistant_begins_letters_of_the_head, NULL },
        { "/office/letter/assistants-write-no-secret-letters",
          test_assistants_write_no_secret_letters, NULL },
        { "/office/letter/who-may-not-write-is-told-why", test_who_may_not_write_is_told_why,
          NULL },
        { "/office/letter/who-holds-no-position-writes-no-letter",
          test_who_holds_no_position_writes_no_letter, NULL },
        { "/office/letter/an-acting-head-drafts-in-that-capacity",
          test_an_acting_head_drafts_in_that_capacity, NULL },
        { "/office/letter/a-skeleton-becomes-a-letter-once-it-is-filled-in",
          test_a_skeleton_becomes_a_letter_once_it_is_filled_in, NULL },
        { "/office/letter/only-a-draft-can-be-changed", test_only_a_draft_can_be_changed, NULL },
        { "/office/letter/a-change-of-an-older-version-is-refused",
          test_a_change_of_an_older_version_is_refused, NULL },
        { "/office/letter/a-changed-content-voids-parafs-and-says-whose",
          test_a_changed_content_voids_parafs_and_says_whose, NULL },
        { "/office/letter/a-voided-paraf-stays-void", test_a_voided_paraf_stays_void, NULL },
        { "/office/letter/unchanged-content-keeps-its-parafs",
          test_unchanged_content_keeps_its_parafs, NULL },
        { "/office/letter/differences-name-place-and-words", test_differences_name_place_and_words,
          NULL },
        { "/office/letter/versions-that-do-not-exist-are-not-found",
          test_versions_that_do_not_exist_are_not_found, NULL },
        { "/office/letter/exported-xml-comes-back-unchanged",
          test_exported_xml_comes_back_unchanged, NULL },
        { "/office/letter/a-draft-prints-as-a-draft", test_a_draft_prints_as_a_draft, NULL },
        { "/office/letter/a-file-is-checked-with-and-without-an-office",
          test_a_file_is_checked_with_and_without_an_office, NULL },
        { "/office/letter/a-withdrawn-letter-waits-for-nobody",
          test_a_withdrawn_letter_waits_for_nobody, NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

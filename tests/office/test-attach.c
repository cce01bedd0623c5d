/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files attached to drafts: who may, what is kept, and that nothing else comes out. */
#include "base/limits.h"
#include "crypto/crypto.h"
#include "fixture.h"

#include <string.h>
#include <unistd.h>

#define SMALL 1000
#define LARGE (NSK_LIMIT_ATTACHMENT + 5)

/* A file of @size bytes that begins with @first. */
static char *
make_file(Fixture *f, const char *name, size_t size, char first)
{
    char *path = fixture_path(f, name);
    g_autofree char *bytes = g_malloc0(size);

    bytes[0] = first;
    g_assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
    return path;
}

static NskJson *
try_attach(Fixture *f, const char *person, const NskAttachFile *attach, GError **error)
{
    NskJson *result = NULL;

    fixture_as(f, person);
    return nsk_office_letter_attach(f->office, attach, &result, error) ? result : NULL;
}

static NskJson *
attach(Fixture *f, const char *letter, const char *path)
{
    g_autoptr(GError) error = NULL;
    NskAttachFile what = { .letter = letter, .path = path, .title = "Daftar peserta" };
    NskJson *result = try_attach(f, "damar", &what, &error);

    g_assert_no_error(error);
    return result;
}

static GBytes *
export_file(Fixture *f, const char *person, const char *letter, const char *name, GError **error)
{
    GBytes *bytes = NULL;
    NskExport what = { .form = NSK_EXPORT_ATTACHMENT, .name = name };

    fixture_as(f, person);
    return nsk_office_letter_export(f->office, letter, &what, &bytes, error) ? bytes : NULL;
}

static void
assert_exports(Fixture *f, const char *letter, const char *name, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = export_file(f, "damar", letter, name, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) expected = nsk_file_read(path, 1 << 24, &error);

    g_assert_true(g_bytes_equal(bytes, expected));
}

static void
assert_clean(Fixture *f)
{
    g_autofree char *findings = fixture_doctor(f);

    g_assert_cmpstr(findings, ==, "");
}

static void
test_files_of_any_size_come_out_as_they_went_in(Fixture *f, gconstpointer data)
{
    static const size_t sizes[] = { 1, SMALL, NSK_LIMIT_ATTACHMENT, LARGE };
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autofree char *name = g_strdup_printf("daftar-%zu.pdf", i);
        g_autofree char *path = make_file(f, name, sizes[i], 'x');
        g_autoptr(NskJson) result = attach(f, letter, path);

        g_assert_cmpstr(nsk_json_get_text(result, "file"), ==, name);
        g_assert_cmpint(nsk_json_get_int(result, "size", 0), ==, sizes[i]);
        g_assert_cmpint(nsk_json_get_int(result, "version", 0), ==, i + 2);
        assert_exports(f, letter, name, path);
        (void)unlink(path);
    }
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_true(g_str_has_suffix(actions, "letter-edited letter-edited letter-edited"));
    assert_clean(f);
}

static void
test_a_new_version_of_a_file_takes_its_place(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    for (int i = 0; i < 3; i++) {
        g_autofree char *path = make_file(f, "daftar.pdf", i == 1 ? LARGE : SMALL, (char)('a' + i));
        g_autoptr(NskJson) result = attach(f, letter, path);

        assert_exports(f, letter, "daftar.pdf", path);
    }
    g_autoptr(GBytes) xml = fixture_export(f, "damar", letter, NSK_EXPORT_XML);
    g_autofree char *text = g_strndup(g_bytes_get_data(xml, NULL), g_bytes_get_size(xml));
    const char *first = strstr(text, "<file ");
    g_assert_nonnull(first);
    g_assert_null(strstr(first + 1, "<file "));
    assert_clean(f);
}

static void
test_a_file_taken_out_is_gone(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autofree char *path = make_file(f, "daftar.pdf", LARGE, 'x');
    g_autoptr(NskJson) attached = attach(f, letter, path);
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) error = NULL;

    (void)data;
    g_assert_true(nsk_office_letter_detach(f->office, letter, "daftar.pdf", &result, &error));
    g_assert_cmpstr(nsk_json_get_text(result, "file"), ==, "daftar.pdf");
    g_assert_null(export_file(f, "damar", letter, "daftar.pdf", &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "daftar.pdf");
    g_autoptr(NskJson) again = NULL;
    g_assert_false(nsk_office_letter_detach(f->office, letter, "daftar.pdf", &again, &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "daftar.pdf");
    g_autoptr(GBytes) xml = fixture_export(f, "damar", letter, NSK_EXPORT_XML);
    g_assert_null(
        g_strstr_len(g_bytes_get_data(xml, NULL), (gssize)g_bytes_get_size(xml), "<attachments"));
    assert_clean(f);
}

static void
test_only_who_drafts_may_attach(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autofree char *path = make_file(f, "daftar.pdf", LARGE, 'x');
    NskAttachFile what = { .letter = letter, .path = path };
    g_autoptr(GError) error = NULL;

    (void)data;
    g_assert_null(try_attach(f, "kirana", &what, &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "");
    g_autofree char *folder = g_build_filename(f->dir, "blob", NULL);
    g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
    g_autoptr(NskJson) attached = attach(f, letter, path);
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_assert_null(try_attach(f, "damar", &what, &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "");
    /* a reviewer reads it; a stranger does not learn that it is there */
    g_autoptr(GBytes) bytes = export_file(f, "kirana", letter, "daftar.pdf", &error);
    g_assert_no_error(error);
    g_assert_null(export_file(f, "naufal", letter, "daftar.pdf", &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "");
}

static void
test_another_file_voids_a_paraf(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autofree char *path = make_file(f, "daftar.pdf", SMALL, 'x');
    g_autoptr(NskJson) attached = attach(f, letter, path);
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) first = fixture_act(f, "kirana", letter, "approve", NULL);
    g_autoptr(NskJson) back = fixture_act(f, "budi", letter, "return", "Lampiran lama.");
    g_autofree char *other = make_file(f, "daftar.pdf", SMALL, 'y');
    g_autoptr(NskJson) again = attach(f, letter, other);

    (void)data;
    g_assert_cmpuint(nsk_json_length(nsk_json_get(again, "voided")), ==, 1);
}

static void
test_names_that_are_not_plain_are_made_so(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *file, *name;
    } table[] = {
        { "Lampiran 1 (rev..2).pdf", "Lampiran-1-rev.-2-.pdf" },
        { "-x y.txt", "x-y.txt" },
        { "...a", "a" },
    };
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *path = make_file(f, table[i].file, SMALL, 'x');
        g_autoptr(NskJson) result = attach(f, letter, path);

        g_assert_cmpstr(nsk_json_get_text(result, "file"), ==, table[i].name);
    }
}

static void
test_what_cannot_be_attached_is_refused(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autofree char *path = make_file(f, "daftar.pdf", SMALL, 'x');
    g_autofree char *own = g_strconcat(letter, ".pdf", NULL);
    g_autofree char *missing = fixture_path(f, "missing");
    const struct {
        NskAttachFile what;
        NskError code;
    } table[] = {
        { { .letter = letter, .path = path, .name = own }, NSK_ERROR_INVALID },
        { { .letter = letter, .path = path, .name = "../x" }, NSK_ERROR_INVALID },
        { { .letter = letter, .path = missing }, NSK_ERROR_NOT_FOUND },
        { { .letter = letter, .path = f->dir }, NSK_ERROR_INVALID },
        { { .letter = "x", .path = path }, NSK_ERROR_NOT_FOUND },
    };

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(try_attach(f, "damar", &table[i].what, &error));
        fixture_refused(&error, (int)table[i].code, "");
    }
    assert_clean(f);
}

/* As somebody who speaks to the server without this program's own client. */
static void
test_an_edit_stores_only_what_its_letter_says(Fixture *f, gconstpointer data)
{
    static const char unknown[] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ 0 });
    g_autoptr(GBytes) file = g_bytes_new_static("x", 1);
    g_autofree char *own = g_strconcat(letter, ".xml", NULL);
    const struct {
        NskLetterEdit edit;
        NskError code;
    } table[] = {
        { { .file_name = "a.pdf", .file = file }, NSK_ERROR_INVALID },
        { { .file_name = own, .file = file }, NSK_ERROR_INVALID },
        { { .file_name = "a.pdf", .file_sha256 = unknown }, NSK_ERROR_NOT_FOUND },
        { { .file_name = "a.pdf", .file_sha256 = "../../etc" }, NSK_ERROR_NOT_FOUND },
        { { .file_name = "a.pdf" }, NSK_ERROR_NOT_FOUND },
        { { .removed = own }, NSK_ERROR_INVALID },
        { { .removed = "a.pdf" }, NSK_ERROR_INVALID },
    };

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        NskJson *result = NULL;
        NskLetterEdit edit = table[i].edit;

        edit.letter = letter;
        edit.name = "letter.xml";
        edit.xml = xml;
        fixture_as(f, "damar");
        g_assert_false(nsk_office_letter_edit(f->office, &edit, &result, &error));
        fixture_refused(&error, (int)table[i].code, "");
    }
    assert_clean(f);
}

/* Attaches and takes out under one request id each, then repeats both when the letter is no longer
 * as it was. */
static void
test_a_repeated_request_gets_the_first_answer(Fixture *f, gconstpointer data)
{
    static const size_t sizes[] = { SMALL, LARGE };

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autofree char *letter = fixture_draft(f, &(Words){ .reviewers = "" });
        g_autofree char *path = make_file(f, "daftar.pdf", sizes[i], 'r');
        g_autofree char *attaching = g_strdup_printf("pasang-%zu", i);
        g_autofree char *detaching = g_strdup_printf("lepas-%zu", i);
        char *texts[2][3] = { { NULL } };

        for (int round = 0; round < 3; round++) {
            g_autoptr(GError) error = NULL;
            g_autoptr(NskJson) detached = NULL;

            if (round == 2)
                nsk_json_unref(fixture_act(f, "damar", letter, "submit", NULL));
            fixture_reopen(f, attaching);
            g_autoptr(NskJson) attached = attach(f, letter, path);
            fixture_reopen(f, detaching);
            fixture_as(f, "damar");
            bool ok = nsk_office_letter_detach(f->office, letter, "daftar.pdf", &detached, &error);
            g_assert_no_error(error);
            g_assert_true(ok);
            texts[0][round] = nsk_json_canonical(attached);
            texts[1][round] = nsk_json_canonical(detached);
            g_assert_cmpstr(texts[0][round], ==, texts[0][0]);
            g_assert_cmpstr(texts[1][round], ==, texts[1][0]);
        }
        for (int k = 0; k < 6; k++)
            g_free(g_steal_pointer(&texts[k / 3][k % 3]));

        /* and is good for that alone */
        g_autoptr(GError) error = NULL;
        g_autofree char *other = make_file(f, "daftar.pdf", sizes[i], 's');
        fixture_reopen(f, attaching);
        const NskAttachFile attach = { .letter = letter, .path = other, .title = "Daftar peserta" };
        g_assert_null(try_attach(f, "damar", &attach, &error));
        fixture_refused(&error, NSK_ERROR_CONFLICT, "request id");
        fixture_reopen(f, NULL);
    }
    assert_clean(f);
}

static const FixtureTest tests[] = {
    { "/office/attach/files-of-any-size-come-out-as-they-went-in",
      test_files_of_any_size_come_out_as_they_went_in, NULL },
    { "/office/attach/a-new-version-of-a-file-takes-its-place",
      test_a_new_version_of_a_file_takes_its_place, NULL },
    { "/office/attach/a-repeated-request-gets-the-first-answer",
      test_a_repeated_request_gets_the_first_answer, NULL },
    { "/office/attach/a-file-taken-out-is-gone", test_a_file_taken_out_is_gone, NULL },
    { "/office/attach/only-who-drafts-may-attach", test_only_who_drafts_may_attach, NULL },
    { "/office/attach/another-file-voids-a-paraf", test_another_file_voids_a_paraf, NULL },
    { "/office/attach/names-that-are-not-plain-are-made-so",
      test_names_that_are_not_plain_are_made_so, NULL },
    { "/office/attach/what-cannot-be-attached-is-refused", test_what_cannot_be_attached_is_refused,
      NULL },
    { "/office/attach/an-edit-stores-only-what-its-letter-says",
      test_an_edit_stores_only_what_its_letter_says, NULL },
};

int
main(int argc, char **argv)
{
    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

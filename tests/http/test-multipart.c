/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forms with files, cut in every place. */
#include "http/http-private.h"

#include <string.h>
#include <unistd.h>

#define TYPE "multipart/form-data; boundary=Xy"
#define TEXT(name, value)                                                                          \
    "--Xy\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define END "--Xy--\r\n"

typedef struct {
    GArray *fields;
    GPtrArray *files;
} Form;

static void
form_clear(Form *self)
{
    g_clear_pointer(&self->fields, g_array_unref);
    g_clear_pointer(&self->files, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Form, form_clear)

static bool
read_form(const char *data, gsize size, gsize piece, Form *out, GError **error)
{
    g_autoptr(NskHttpMultipart) multipart = nsk_http_multipart_new(TYPE, g_get_tmp_dir(), error);

    for (gsize at = 0; at < size; at += piece) {
        if (!nsk_http_multipart_feed(multipart, data + at, MIN(piece, size - at), error))
            return false;
    }
    return nsk_http_multipart_finish(multipart, &out->fields, &out->files, error);
}

static void
test_it_is_the_same_however_it_is_cut(void)
{
    static const char body[] = TEXT("perihal", "Rapat\r\n--X\r\n-- Xy") TEXT(
        "kosong", "") "--Xy\r\ncontent-disposition: form-data; name=\"a%22b\"; "
                      "filename=\"C:\\\\x\\\\s.pdf\"\r\n"
                      "Content-Type: application/pdf\r\nX-Other: 1\r\n\r\n\r\n--X\0\r\n--Xy\r\n"
                      "Content-Disposition: form-data; name=\"none\"; filename=\"\"\r\n"
                      "Content-Type: application/octet-stream\r\n\r\n\r\n" END "what follows";

    for (gsize piece = 1; piece < sizeof body; piece++) {
        g_auto(Form) form = { 0 };
        g_autoptr(GError) error = NULL;
        bool ok = read_form(body, sizeof body - 1, piece, &form, &error);

        g_assert_no_error(error);
        g_assert_true(ok);
        g_assert_cmpuint(form.fields->len, ==, 2);
        g_assert_cmpstr(nsk_http_pairs_find(form.fields, "perihal", 0), ==,
                        "Rapat\r\n--X\r\n-- Xy");
        g_assert_cmpstr(nsk_http_pairs_find(form.fields, "kosong", 0), ==, "");
        g_assert_cmpuint(form.files->len, ==, 1);
        const NskHttpFile *file = g_ptr_array_index(form.files, 0);
        char room[16];
        g_assert_cmpstr(file->field, ==, "a\"b");
        g_assert_cmpstr(file->name, ==, "s.pdf");
        g_assert_cmpstr(file->type, ==, "application/pdf");
        g_assert_cmpuint(file->size, ==, 6);
        g_assert_cmpint(read(file->fd, room, sizeof room), ==, 6);
        g_assert_cmpmem(room, 6, "\r\n--X\0", 6);
    }
}

static void
test_what_is_no_form_is_refused(void)
{
    static const struct {
        const char *body;
        int code;
    } rows[] = {
        { "", NSK_ERROR_INVALID },
        { END, -1 },
        { "--Xz--\r\n", NSK_ERROR_INVALID },
        { "preamble\r\n" END, NSK_ERROR_INVALID },
        { TEXT("a", "b"), NSK_ERROR_INVALID },
        { TEXT("a", "b") "--Xy", NSK_ERROR_INVALID },
        { TEXT("a", "b") "--Xyz", NSK_ERROR_INVALID },
        { TEXT("a", "\xff") END, NSK_ERROR_INVALID },
        { "--Xy\r\n\r\nb\r\n" END, NSK_ERROR_INVALID },
        { "--Xy\r\nContent-Disposition: form-data\r\n\r\nb\r\n" END, NSK_ERROR_INVALID },
        { "--Xy\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nb\r\n" END,
          NSK_ERROR_INVALID },
        { "--Xy\r\nContent-Disposition : form-data; name=\"a\"\r\n\r\nb\r\n" END,
          NSK_ERROR_INVALID },
        { "--Xy\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; "
          "name=\"b\"\r\n\r\nb\r\n" END,
          NSK_ERROR_INVALID },
        { "--Xy\nContent-Disposition: form-data; name=\"a\"\n\nb\n" END, NSK_ERROR_INVALID },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(Form) form = { 0 };
        g_autoptr(GError) error = NULL;

        g_test_message("row %zu", i);
        (void)read_form(rows[i].body, strlen(rows[i].body), 7, &form, &error);
        if (rows[i].code < 0)
            g_assert_no_error(error);
        else
            g_assert_error(error, NSK_ERROR, rows[i].code);
    }
}

static void
test_a_form_is_bounded(void)
{
    g_autoptr(GString) fields = g_string_new(NULL), files = g_string_new(NULL);
    g_autofree char *large = g_strnfill(3 * 1024 * 1024, 'a');
    g_autofree char *text = g_strconcat(
        "--Xy\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n", large, "\r\n" END, NULL);
    g_autofree char *head = g_strconcat("--Xy\r\nX: ", large, NULL);

    for (int i = 0; i < 600; i++)
        g_string_append(fields, TEXT("a", "b"));
    for (int i = 0; i < 30; i++)
        g_string_append(files, "--Xy\r\nContent-Disposition: form-data; name=\"a\"; "
                               "filename=\"b\"\r\n\r\nc\r\n");
    g_string_append(fields, END);
    g_string_append(files, END);
    const struct {
        const char *body;
        int code;
    } rows[] = { { fields->str, NSK_ERROR_LIMIT },
                 { files->str, NSK_ERROR_LIMIT },
                 { text, NSK_ERROR_LIMIT },
                 { head, NSK_ERROR_INVALID } };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(Form) form = { 0 };
        g_autoptr(GError) error = NULL;

        (void)read_form(rows[i].body, strlen(rows[i].body), 8192, &form, &error);
        g_assert_error(error, NSK_ERROR, rows[i].code);
    }
}

static void
test_a_boundary_is_one(void)
{
    static const char *const types[] = { "multipart/form-data", "multipart/form-data; boundary=",
                                         "multipart/form-data; boundary=\"a\r\nb\"",
                                         "multipart/form-data; boundary=\"a \"",
                                         "multipart/form-data; boundary=\"a" };

    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        g_autoptr(GError) error = NULL;
        NskHttpMultipart *none = nsk_http_multipart_new(types[i], g_get_tmp_dir(), &error);

        g_assert_null(none);
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/multipart/however-it-is-cut", test_it_is_the_same_however_it_is_cut);
    g_test_add_func("/http/multipart/no-form", test_what_is_no_form_is_refused);
    g_test_add_func("/http/multipart/bounded", test_a_form_is_bounded);
    g_test_add_func("/http/multipart/boundary", test_a_boundary_is_one);
    return g_test_run();
}

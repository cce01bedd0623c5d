/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A form with files, as anybody may send it.  The first byte says into pieces of which size it is
 * cut: the result is the same as of one piece.
 */
#include "http/http-private.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    GArray *fields;
    GPtrArray *files;
} Form;

static bool
read_form(const char *data, size_t size, size_t piece, Form *out)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskHttpMultipart) multipart =
        nsk_http_multipart_new("multipart/form-data; boundary=\"Xy\"", g_get_tmp_dir(), &error);
    bool ok = true;

    g_assert_no_error(error);
    for (size_t at = 0; ok && at < size; at += piece)
        ok = nsk_http_multipart_feed(multipart, data + at, MIN(piece, size - at), &error);
    ok = ok && nsk_http_multipart_finish(multipart, &out->fields, &out->files, &error);
    g_assert_true(ok == (error == NULL));
    return ok;
}

static void
clear(Form *form)
{
    g_clear_pointer(&form->fields, g_array_unref);
    g_clear_pointer(&form->files, g_ptr_array_unref);
}

static void
compare(const Form *a, const Form *b)
{
    g_assert_cmpuint(a->fields->len, ==, b->fields->len);
    for (guint i = 0; i < a->fields->len; i++) {
        g_assert_cmpstr(g_array_index(a->fields, NskHttpPair, i).name, ==,
                        g_array_index(b->fields, NskHttpPair, i).name);
        g_assert_cmpstr(g_array_index(a->fields, NskHttpPair, i).value, ==,
                        g_array_index(b->fields, NskHttpPair, i).value);
    }
    g_assert_cmpuint(a->files->len, ==, b->files->len);
    for (guint i = 0; i < a->files->len; i++) {
        const NskHttpFile *one = g_ptr_array_index(a->files, i);
        const NskHttpFile *other = g_ptr_array_index(b->files, i);

        g_assert_cmpstr(one->sha256, ==, other->sha256);
        g_assert_cmpstr(one->name, ==, other->name);
        g_assert_true(one->name == NULL || strpbrk(one->name, "/\\\r\n") == NULL);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Form whole = { NULL, NULL }, cut = { NULL, NULL };

    if (size < 1)
        return 0;
    const char *text = (const char *)data + 1;
    bool first = read_form(text, size - 1, size, &whole);
    bool second = read_form(text, size - 1, (size_t)data[0] % 64 + 1, &cut);
    g_assert_true(first == second);
    if (first)
        compare(&whole, &cut);
    clear(&whole);
    clear(&cut);
    return 0;
}

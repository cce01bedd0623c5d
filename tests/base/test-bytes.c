/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static void
test_hex_round_trips(void)
{
    uint8_t back[3];
    g_autofree char *hex = nsk_hex("\x00\x7f\xff", 3);

    g_assert_cmpstr(hex, ==, "007fff");
    g_assert_true(nsk_unhex(hex, back, 3));
    g_assert_cmpmem(back, 3, "\x00\x7f\xff", 3);
    g_assert_false(nsk_unhex("00", back, 3));
    g_assert_false(nsk_unhex("00FFFF", back, 3));
}

static void
test_files_are_whole_or_absent(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("naskah-XXXXXX", &error);
    g_assert_no_error(error);
    g_autofree char *path = g_build_filename(folder, "f", NULL);

    g_assert_null(nsk_file_read(path, 10, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    g_clear_error(&error);

    g_assert_true(nsk_file_write(path, "hello", 5, 0600, &error));
    g_assert_true(nsk_file_write(path, "world!", 6, 0600, &error));
    g_autoptr(GBytes) bytes = nsk_file_read(path, 6, &error);
    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), "world!", 6);

    g_assert_null(nsk_file_read(path, 5, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
    g_clear_error(&error);
    g_assert_null(nsk_file_read(folder, 5, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);

    /* a pipe that nobody writes to is not waited for */
    g_unlink(path);
    g_clear_error(&error);
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    g_assert_null(nsk_file_read(path, 5, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_unlink(path);
    g_assert_cmpint(g_rmdir(folder), ==, 0); /* no temporary file is left */
}

/* Every place of a bad byte and of a two-byte character, around the blocks that are looked at. */
static void
test_text_is_told_from_other_bytes(void)
{
    char text[40];

    g_assert_true(nsk_utf8_is_valid(NULL, 0));
    for (size_t size = 1; size <= sizeof text; size++) {
        for (size_t at = 0; at < size; at++) {
            memset(text, 'a', sizeof text);
            g_assert_true(nsk_utf8_is_valid(text, size));
            text[at] = '\0';
            g_assert_false(nsk_utf8_is_valid(text, size));
            text[at] = '\xff';
            g_assert_false(nsk_utf8_is_valid(text, size));
            text[at] = '\xc3';
            g_assert_false(nsk_utf8_is_valid(text, size));
            if (at + 1 == size)
                continue;
            text[at + 1] = '\xa9';
            g_assert_true(nsk_utf8_is_valid(text, size));
        }
    }
}

static void
test_base64url_is_spelled_one_way(void)
{
    static const char *const wrong[] = { "A",    "AAAAA", "AB",   "AAB", "AA==",
                                         "AAA=", "A A",   "+///", "A\nA" };
    uint8_t data[40];

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_null(nsk_base64url_read(wrong[i]));
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(0xff - i * 37);
    for (size_t size = 0; size <= sizeof data; size++) {
        g_autofree char *text = nsk_base64url(data, size);
        g_autoptr(GBytes) back = nsk_base64url_read(text);

        g_assert_nonnull(back);
        g_assert_cmpmem(g_bytes_get_data(back, NULL), g_bytes_get_size(back), data, size);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/bytes/hex-round-trips", test_hex_round_trips);
    g_test_add_func("/base/bytes/base64url-is-spelled-one-way", test_base64url_is_spelled_one_way);
    g_test_add_func("/base/bytes/text-is-told-from-other-bytes",
                    test_text_is_told_from_other_bytes);
    g_test_add_func("/base/bytes/files-are-whole-or-absent", test_files_are_whole_or_absent);
    return g_test_run();
}

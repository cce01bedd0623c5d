/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/locked.h"

#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The reading end of a pipe with @size bytes in it and nothing more to come. */
static int
pipe_with(const char *text, size_t size)
{
    int fds[2];

    g_assert_cmpint(pipe2(fds, O_CLOEXEC), ==, 0);
    g_assert_cmpint(write(fds[1], text, size), ==, size);
    close(fds[1]);
    return fds[0];
}

static void
test_first_line(void)
{
    static const struct {
        const char *given;
        const char *read; /* NULL: an error */
        int code;
    } cases[] = {
        { "sandi\n", "sandi", 0 }, { "sandi\r\n", "sandi", 0 },
        { "sandi", "sandi", 0 },   { "sandi dua kata\nsisa\n", "sandi dua kata", 0 },
        { "\nsisa\n", "", 0 },     { "", NULL, NSK_ERROR_CANCELLED },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        int fd = pipe_with(cases[i].given, strlen(cases[i].given));
        g_autoptr(NskLocked) secret = nsk_locked_read_line(fd, &error);

        close(fd);
        if (cases[i].read != NULL) {
            g_assert_no_error(error);
            g_assert_cmpstr(nsk_locked_text(secret), ==, cases[i].read);
            g_assert_cmpuint(nsk_locked_size(secret), ==, strlen(cases[i].read));
        } else {
            g_assert_error(error, NSK_ERROR, cases[i].code);
            g_assert_null(secret);
        }
    }
}

static void
test_rest_unread(void)
{
    char rest[16] = "";
    int fd = pipe_with("satu\ndua\n", 9);
    g_autoptr(NskLocked) secret = nsk_locked_read_line(fd, NULL);

    g_assert_cmpint(read(fd, rest, sizeof rest), ==, 4);
    g_assert_cmpmem(rest, 4, "dua\n", 4);
    close(fd);
}

static void
test_limits(void)
{
    char longest[NSK_LIMIT_SECRET + 2];
    g_autoptr(GError) error = NULL;

    memset(longest, 'a', sizeof longest);
    longest[NSK_LIMIT_SECRET] = '\n';
    int fd = pipe_with(longest, NSK_LIMIT_SECRET + 1);
    g_autoptr(NskLocked) most = nsk_locked_read_line(fd, &error);
    close(fd);
    g_assert_no_error(error);
    g_assert_cmpuint(nsk_locked_size(most), ==, NSK_LIMIT_SECRET);

    longest[NSK_LIMIT_SECRET] = 'a';
    fd = pipe_with(longest, NSK_LIMIT_SECRET + 1);
    g_assert_null(nsk_locked_read_line(fd, &error));
    close(fd);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
    g_clear_error(&error);
    g_assert_null(nsk_locked_new(longest, NSK_LIMIT_SECRET + 1, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
    g_clear_error(&error);
    g_assert_null(nsk_locked_new("a\0b", 3, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
}

/* Bytes of the pages around @at that are locked, by /proc/self/smaps. */
static long
locked_around(const void *at)
{
    FILE *file = fopen("/proc/self/smaps", "re");
    char line[512];
    bool inside = false;
    long kilobytes = -1;

    g_assert_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL) {
        char *end;
        guint64 from = g_ascii_strtoull(line, &end, 16);

        if (*end == '-') {
            guint64 to = g_ascii_strtoull(end + 1, &end, 16);
            if (*end == ' ')
                inside = (guint64)(guintptr)at >= from && (guint64)(guintptr)at < to;
        }
        if (inside && g_str_has_prefix(line, "Locked:"))
            kilobytes = (long)g_ascii_strtoll(line + strlen("Locked:"), NULL, 10);
    }
    (void)fclose(file);
    return kilobytes * 1024;
}

static void
test_locked(void)
{
    g_autoptr(NskLocked) secret = nsk_locked_new("sandi", 5, NULL);

    g_assert_cmpint(locked_around(nsk_locked_text(secret)), >=, sysconf(_SC_PAGESIZE));
}

static void
test_exact(void)
{
    g_autoptr(GError) error = NULL;
    int fd = pipe_with("123456", 6);
    g_autoptr(NskLocked) secret = nsk_locked_read(fd, 4, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(nsk_locked_text(secret), ==, "1234");
    g_assert_null(nsk_locked_read(fd, 4, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CANCELLED);
    close(fd);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/locked/the-first-line-is-the-secret", test_first_line);
    g_test_add_func("/base/locked/what-follows-stays-unread", test_rest_unread);
    g_test_add_func("/base/locked/size-and-nul-are-bounded", test_limits);
    g_test_add_func("/base/locked/its-pages-are-locked", test_locked);
    g_test_add_func("/base/locked/exactly-so-many-bytes-are-read", test_exact);
    return g_test_run();
}

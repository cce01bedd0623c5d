/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "ipc/ipc.h"

#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "uji.sock"

static const NskIpcPatience patient = { 5000, 10000, -1 };

static GBytes *
make_frame(GBytes *part)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) value = nsk_json_object();

    nsk_json_set_text(value, "do", "uji");
    GBytes *frame = nsk_frame_encode(value, &part, part != NULL ? 1 : 0, &error);
    g_assert_no_error(error);
    return frame;
}

/* Two ends of one connection through the socket in @dir. */
static void
join(const char *dir, int ends[2])
{
    g_autoptr(GError) error = NULL;
    int listener = nsk_ipc_listen(dir, NAME, &error);

    g_assert_no_error(error);
    bool ok = nsk_ipc_connect(dir, NAME, &ends[0], &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_cmpint(ends[0], >=, 0);
    ends[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    g_assert_cmpint(ends[1], >=, 0);
    close(listener);
}

static void
remove_all(const char *dir)
{
    g_autofree char *socket = g_build_filename(dir, NAME, NULL);

    unlink(socket);
    g_assert_cmpint(rmdir(dir), ==, 0);
}

static void
test_a_folder_may_lie_deep(void)
{
    g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);
    struct stat st;
    int ends[2];
    uid_t uid;

    g_ptr_array_add(made, g_dir_make_tmp("naskah-ipc-XXXXXX", NULL));
    for (int i = 0; i < 40; i++) {
        g_autofree char *word = g_strnfill(20, 'f');

        g_ptr_array_add(made, g_build_filename(g_ptr_array_index(made, i), word, NULL));
        g_assert_cmpint(mkdir(g_ptr_array_index(made, i + 1), 0700), ==, 0);
    }
    const char *dir = g_ptr_array_index(made, 40);
    g_assert_cmpuint(strlen(dir), >, 800);
    join(dir, ends);
    g_autofree char *path = g_build_filename(dir, NAME, NULL);
    g_assert_cmpint(stat(path, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 07777, ==, 0600);
    g_assert_true(S_ISSOCK(st.st_mode));
    g_assert_true(nsk_ipc_peer(ends[1], &uid, NULL));
    g_assert_cmpuint(uid, ==, getuid());
    close(ends[0]);
    close(ends[1]);
    unlink(path);
    for (int i = 40; i >= 0; i--)
        g_assert_cmpint(rmdir(g_ptr_array_index(made, i)), ==, 0);
}

static void
test_nobody_is_no_error(void)
{
    g_autofree char *dir = g_dir_make_tmp("naskah-ipc-XXXXXX", NULL);
    g_autofree char *none = g_build_filename(dir, "tidak", "ada", NULL);
    const char *const places[] = { none, dir, dir };
    int fd = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autoptr(GError) error = NULL;

        if (i == 2) { /* what a killed server leaves */
            int listener = nsk_ipc_listen(dir, NAME, &error);
            g_assert_no_error(error);
            close(listener);
        }
        g_assert_true(nsk_ipc_connect(places[i], NAME, &fd, &error));
        g_assert_no_error(error);
        g_assert_cmpint(fd, ==, -1);
    }
    g_autoptr(GError) error = NULL;
    int listener = nsk_ipc_listen(dir, NAME, &error);
    g_assert_no_error(error);
    g_assert_cmpint(listener, >=, 0);
    close(listener);
    g_assert_cmpint(nsk_ipc_listen(none, NAME, &error), ==, -1);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_IO);
    remove_all(dir);
}

typedef struct {
    int fd;
    GBytes *frame;
} Sending;

static gpointer
send_slowly(gpointer data)
{
    const Sending *sending = data;
    size_t size;
    const uint8_t *at = g_bytes_get_data(sending->frame, &size);

    for (size_t step = size / 7 + 1; size > 0;) {
        ssize_t n = send(sending->fd, at, MIN(step, size), MSG_NOSIGNAL);

        g_assert_cmpint(n, >, 0);
        at += n;
        size -= (size_t)n;
        g_usleep(2000);
    }
    return NULL;
}

static void
test_large_frames_come_in_pieces(void)
{
    g_autofree char *dir = g_dir_make_tmp("naskah-ipc-XXXXXX", NULL);
    g_autofree char *text = g_strnfill(3000000, 'n');
    g_autoptr(GBytes) part = g_bytes_new_static(text, 3000000);
    g_autoptr(GBytes) frame = make_frame(part);
    g_autoptr(GError) error = NULL;
    Sending sending = { .frame = frame };
    int ends[2];

    join(dir, ends);
    sending.fd = ends[0];
    GThread *thread = g_thread_new("send", send_slowly, &sending);
    g_autoptr(NskFrame) read = nsk_ipc_receive(ends[1], &patient, &error);
    g_thread_join(thread);
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(read->parts[0], part));
    close(ends[0]);
    close(ends[1]);
    remove_all(dir);
}

/* What comes of receiving when the other end has sent @text, and closed if @closes. */
static int
receive_after(const char *dir, const char *text, size_t size, bool closes, int stop_fd)
{
    const NskIpcPatience short_patience = { 50, 100, stop_fd };
    g_autoptr(GError) error = NULL;
    int ends[2];

    join(dir, ends);
    g_assert_cmpint(send(ends[0], text, size, MSG_NOSIGNAL), ==, size);
    if (closes)
        close(ends[0]);
    g_autoptr(NskFrame) frame = nsk_ipc_receive(ends[1], &short_patience, &error);
    g_assert_null(frame);
    g_assert_nonnull(error);
    g_assert_cmpint((int)error->domain, ==, (int)NSK_ERROR);
    if (!closes)
        close(ends[0]);
    close(ends[1]);
    return error->code;
}

static void
test_patience_ends(void)
{
    g_autofree char *dir = g_dir_make_tmp("naskah-ipc-XXXXXX", NULL);
    g_autoptr(GBytes) frame = make_frame(NULL);
    size_t size;
    const char *data = g_bytes_get_data(frame, &size);
    int stop_fd = eventfd(1, EFD_CLOEXEC);

    g_assert_cmpint(receive_after(dir, "", 0, false, -1), ==, NSK_ERROR_BUSY);
    g_assert_cmpint(receive_after(dir, data, size - 1, false, -1), ==, NSK_ERROR_BUSY);
    g_assert_cmpint(receive_after(dir, data, size - 1, true, -1), ==, NSK_ERROR_IO);
    g_assert_cmpint(receive_after(dir, "", 0, true, -1), ==, NSK_ERROR_IO);
    g_assert_cmpint(receive_after(dir, "GET / HTTP/1.1\r\n\r\n", 18, false, -1), ==,
                    NSK_ERROR_INVALID);
    int64_t begun = g_get_monotonic_time();
    const NskIpcPatience stopped = { 20000, 20000, stop_fd };
    g_autoptr(GError) error = NULL;
    int ends[2];
    join(dir, ends);
    g_assert_null(nsk_ipc_receive(ends[1], &stopped, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_BUSY);
    g_assert_nonnull(strstr(error->message, "being closed"));
    g_assert_cmpint(g_get_monotonic_time() - begun, <, 10 * G_USEC_PER_SEC);
    close(ends[0]);
    close(ends[1]);
    close(stop_fd);
    remove_all(dir);
}

static void
test_who_does_not_read_does_not_hold_the_sender(void)
{
    const NskIpcPatience short_patience = { 50, 100, -1 };
    g_autofree char *dir = g_dir_make_tmp("naskah-ipc-XXXXXX", NULL);
    g_autofree char *text = g_strnfill(8000000, 'n');
    g_autoptr(GBytes) part = g_bytes_new_static(text, 8000000);
    g_autoptr(GBytes) frame = make_frame(part);
    g_autoptr(GError) error = NULL;
    int ends[2];

    join(dir, ends);
    g_assert_false(nsk_ipc_send(ends[0], frame, &short_patience, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_BUSY);
    g_clear_error(&error);
    close(ends[1]);
    g_assert_false(nsk_ipc_send(ends[0], frame, &short_patience, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_IO);
    close(ends[0]);
    remove_all(dir);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ipc/socket/a-folder-may-lie-deep", test_a_folder_may_lie_deep);
    g_test_add_func("/ipc/socket/nobody-is-no-error", test_nobody_is_no_error);
    g_test_add_func("/ipc/socket/large-frames-come-in-pieces", test_large_frames_come_in_pieces);
    g_test_add_func("/ipc/socket/patience-ends", test_patience_ends);
    g_test_add_func("/ipc/socket/who-does-not-read-does-not-hold-the-sender",
                    test_who_does_not_read_does_not_hold_the_sender);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds the worker, tried from inside by a worker that does what a stranger would. */
#include "base/limits.h"
#include "sample-pdf.h"
#include "worker/worker-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static uint32_t
attempt(NskWorkerTry what)
{
    g_autoptr(GBytes) pdf = g_bytes_new_static("%PDF-", 5);
    NskWorkerRequest request = { .job = NSK_WORKER_JOB_HOSTILE, .page = what };
    g_autoptr(GBytes) reply = NULL;
    g_autoptr(GError) error = NULL;
    uint32_t code = 0;
    gsize size;

    nsk_worker_request_limit(&request, NULL);
    nsk_worker_run(pdf, &request, 20000, &reply, &error);
    g_assert_no_error(error);

    const void *data = g_bytes_get_data(reply, &size);
    NskWorkerReader reader = nsk_worker_reader(data, size);
    nsk_worker_read_hostile(&reader, &code, &error);
    g_assert_no_error(error);
    return code;
}

static void
attempt_fails(NskWorkerTry what, unsigned wall_ms, int code, const char *message)
{
    NskWorkerLimits limits = { .cpu_seconds = 5, .memory = 512 << 20 };
    NskWorkerRequest request = { .job = NSK_WORKER_JOB_HOSTILE, .page = what };
    g_autoptr(GBytes) reply = NULL;
    g_autoptr(GError) error = NULL;

    nsk_worker_request_limit(&request, &limits);
    g_assert_false(nsk_worker_run(NULL, &request, wall_ms, &reply, &error));
    g_test_message("%s", error->message);
    g_assert_error(error, NSK_ERROR, code);
    g_assert_nonnull(strstr(error->message, message));
    g_assert_null(reply);
}

static NskWorkerSandbox
sandbox(void)
{
    NskWorkerSandbox active = { 0 };
    g_autoptr(GError) error = NULL;

    if (!nsk_worker_sandbox(&active, &error))
        g_assert_no_error(error);
    return active;
}

static void
test_tells_what_is_active(void)
{
    NskWorkerSandbox active = sandbox();

    g_assert_true(active.no_new_privs);
    g_assert_true(active.seccomp);
    g_test_message("Landlock %u, memory limit %d", active.landlock_abi, active.memory_limit);
}

static void
test_refuses_every_way_out(void)
{
    static const struct {
        NskWorkerTry what;
        uint32_t code;
    } cases[] = {
        { NSK_WORKER_TRY_SOCKET, EPERM },      { NSK_WORKER_TRY_EXEC, EPERM },
        { NSK_WORKER_TRY_WRITE, EPERM },       { NSK_WORKER_TRY_FORK, EPERM },
        { NSK_WORKER_TRY_KILL_PARENT, EPERM }, { NSK_WORKER_TRY_CODE, EPERM },
        { NSK_WORKER_TRY_CHANGE_PDF, EPERM },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpuint(attempt(cases[i].what), ==, cases[i].code);
    g_assert_false(g_file_test("/tmp/naskah-worker-was-here", G_FILE_TEST_EXISTS));
}

static void
test_holds_no_descriptor_of_its_parent(void)
{
    int leaked = open("/etc/passwd", O_RDONLY); /* without O_CLOEXEC */

    g_assert_cmpint(leaked, >=, 0);
    g_assert_cmpuint(attempt(NSK_WORKER_TRY_LEAKED), ==, EBADF);
    close(leaked);
}

static void
test_reads_nothing_but_fonts(void)
{
    uint32_t abi = sandbox().landlock_abi;
    uint32_t refused = abi > 0 ? EACCES : EPERM;

    g_assert_cmpuint(attempt(NSK_WORKER_TRY_READ), ==, refused);
    if (g_file_test("/usr/share/fonts", G_FILE_TEST_IS_DIR))
        g_assert_cmpuint(attempt(NSK_WORKER_TRY_READ_FONT), ==, abi > 0 ? 0 : EPERM);
}

static void
test_one_that_spins_is_killed(void)
{
    attempt_fails(NSK_WORKER_TRY_SPIN, 300, NSK_ERROR_LIMIT, "longer than 300 ms");
}

static void
test_one_that_will_not_end_is_killed(void)
{
    attempt_fails(NSK_WORKER_TRY_SLEEP_SILENT, 300, NSK_ERROR_LIMIT, "longer than 300 ms");
}

static void
test_one_that_eats_memory_dies(void)
{
    if (!sandbox().memory_limit) {
        g_test_skip("a sanitizer needs all of the address space");
        return;
    }
    attempt_fails(NSK_WORKER_TRY_MEMORY, 20000, NSK_ERROR_IO, "needs more than 512 MB");
}

static void
test_one_that_aborts_is_told_of(void)
{
    attempt_fails(NSK_WORKER_TRY_ABORT, 20000, NSK_ERROR_IO, "died (signal 6)");
}

static void
test_one_that_floods_is_killed(void)
{
    attempt_fails(NSK_WORKER_TRY_FLOOD, 20000, NSK_ERROR_LIMIT, "larger than");
}

static void
test_one_that_lies_is_not_believed(void)
{
    NskWorkerRequest request = { .job = NSK_WORKER_JOB_HOSTILE, .page = NSK_WORKER_TRY_LIE };
    g_autoptr(GBytes) reply = NULL;
    g_autoptr(GPtrArray) pages = NULL;
    g_autoptr(GError) error = NULL;
    gsize size;

    nsk_worker_request_limit(&request, NULL);
    g_assert_true(nsk_worker_run(NULL, &request, 20000, &reply, &error));

    const void *data = g_bytes_get_data(reply, &size);
    NskWorkerReader reader = nsk_worker_reader(data, size);
    g_assert_false(nsk_worker_read_text(&reader, &pages, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_IO);
}

static void
test_installed_worker_knows_no_hostile_job(void)
{
    const char *program = g_getenv("NASKAH_WORKER_REAL");
    g_autofree char *hostile = g_strdup(g_getenv("NASKAH_WORKER"));
    NskWorkerRequest request = { .job = NSK_WORKER_JOB_HOSTILE };
    g_autoptr(GBytes) reply = NULL;
    g_autoptr(GError) error = NULL;
    uint32_t code;
    gsize size;

    g_setenv("NASKAH_WORKER", program, TRUE);
    nsk_worker_request_limit(&request, NULL);
    nsk_worker_run(NULL, &request, 20000, &reply, &error);
    g_setenv("NASKAH_WORKER", hostile, TRUE);
    g_assert_no_error(error);

    const void *data = g_bytes_get_data(reply, &size);
    NskWorkerReader reader = nsk_worker_reader(data, size);
    if (nsk_worker_read_hostile(&reader, &code, &error))
        g_test_skip("a build with fault points has the job in every worker");
    else
        g_assert_nonnull(strstr(error->message, "knows no job"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_setenv("NASKAH_WORKER_REAL", g_getenv("NASKAH_WORKER"), TRUE);
    g_setenv("NASKAH_WORKER", g_getenv("NASKAH_WORKER_HOSTILE"), TRUE);
    g_test_add_func("/worker/sandbox/tells-what-is-active", test_tells_what_is_active);
    g_test_add_func("/worker/sandbox/refuses-every-way-out", test_refuses_every_way_out);
    g_test_add_func("/worker/sandbox/holds-no-descriptor-of-its-parent",
                    test_holds_no_descriptor_of_its_parent);
    g_test_add_func("/worker/sandbox/reads-nothing-but-fonts", test_reads_nothing_but_fonts);
    g_test_add_func("/worker/sandbox/one-that-spins-is-killed", test_one_that_spins_is_killed);
    g_test_add_func("/worker/sandbox/one-that-will-not-end-is-killed",
                    test_one_that_will_not_end_is_killed);
    g_test_add_func("/worker/sandbox/one-that-eats-memory-dies", test_one_that_eats_memory_dies);
    g_test_add_func("/worker/sandbox/one-that-aborts-is-told-of", test_one_that_aborts_is_told_of);
    g_test_add_func("/worker/sandbox/one-that-floods-is-killed", test_one_that_floods_is_killed);
    g_test_add_func("/worker/sandbox/one-that-lies-is-not-believed",
                    test_one_that_lies_is_not_believed);
    g_test_add_func("/worker/sandbox/installed-worker-knows-no-hostile-job",
                    test_installed_worker_knows_no_hostile_job);
    return g_test_run();
}

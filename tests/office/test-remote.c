/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service's worker, and use cases that a server does for a command, through a real socket. */
#include "base/message.h"
#include "fixture.h"
#include "office/remote-private.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define SILENCE_MS 300
#define FEW_PAGES  40000 /* bytes of a log */

typedef struct {
    NskOfficeService *service;
    NskOfficeSocket *socket;
} Server;

static void
start_with(Fixture *f, Server *server, unsigned threads, unsigned room)
{
    g_autoptr(GError) error = NULL;
    const NskSocketOptions options = { &f->clock, SILENCE_MS, threads, room };

    server->service = nsk_office_service_start(f->dir, &error);
    g_assert_no_error(error);
    server->socket = nsk_office_socket_start(server->service, &options, &error);
    g_assert_no_error(error);
}

static void
start(Fixture *f, Server *server)
{
    start_with(f, server, 0, 0);
}

static void
stop(Server *server)
{
    nsk_office_socket_stop(server->socket);
    nsk_office_service_stop(server->service);
}

static uint64_t
count_changes(const Server *server)
{
    NskOfficeStats stats;

    nsk_office_service_get_stats(server->service, &stats);
    return stats.changes;
}

static void
test_a_letter_lives_through_the_socket(Fixture *f, gconstpointer data)
{
    Server server;

    (void)data;
    start(f, &server);
    g_autofree char *letter = fixture_to_signatory(f, &(Words){ 0 });
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    g_assert_cmpstr(nsk_json_get_text(done, "state"), ==, "archived");
    g_assert_cmpuint(count_changes(&server), >=, 8);
    g_assert_false(nsk_office_has_written(f->office));
    g_autoptr(NskJson) history = fixture_history(f, "sekar", letter);
    g_assert_true(nsk_json_get_bool(history, "verified", false));
    g_autofree char *other = fixture_draft(f, &(Words){ 0 });
    g_autoptr(GError) error = NULL;
    NskJson *result = NULL;
    fixture_as(f, "damar");
    g_assert_true(nsk_office_letter_withdraw(f->office, other, "batal", &result, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(nsk_json_get_text(result, "state"), ==, "withdrawn");
    nsk_json_unref(result);
    stop(&server);
    /* without a server the same handle writes itself */
    g_autofree char *own = fixture_draft(f, &(Words){ 0 });
    g_assert_true(nsk_office_has_written(f->office));
}

/* The sentences of some refusals, with their codes. */
static char *
gather_refusals(Fixture *f, const char *letter)
{
    GString *all = g_string_new(NULL);
    g_autoptr(GBytes) broken = g_bytes_new_static("<letter", 7);
    const NskNewLetter drafts[] = { { "rusak.xml", broken, NULL } };
    const NskTaskAct acts[] = {
        { .task = letter, .outcome = "approve" },
        { .task = "tidak-ada", .outcome = "submit" },
        { .task = letter, .outcome = "submit", .content = "00000000" },
    };
    NskJson *result = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(nsk_office_task_act(f->office, &acts[i], &result, &error));
        g_string_append_printf(all, "%d %s\n", error->code, error->message);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(drafts); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(nsk_office_letter_new(f->office, &drafts[i], &result, &error));
        g_string_append_printf(all, "%d %s\n", error->code, error->message);
    }
    g_autoptr(GError) error = NULL;
    g_assert_false(nsk_office_letter_withdraw(f->office, letter, NULL, &result, &error));
    g_string_append_printf(all, "%d %s\n", error->code, error->message);
    g_clear_error(&error);
    /* this one is made on the writer's own thread */
    g_assert_false(nsk_office_sign_prepare(f->office, letter, &result, &error));
    g_string_append_printf(all, "%d %s\n", error->code, error->message);
    return g_string_free(all, FALSE);
}

static void
test_errors_are_those_of_the_use_case_in_the_askers_language(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    static const char *const languages[] = { "en", "id" };
    char *alone[2], *beside[2];
    Server server;

    (void)data;
    fixture_as(f, "damar");
    for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
        nsk_language_use(languages[i]);
        alone[i] = gather_refusals(f, letter);
    }
    fixture_reopen(f, NULL); /* gives the lock back */
    fixture_as(f, "damar");
    nsk_language_use(NULL);
    start(f, &server);
    for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
        nsk_language_use(languages[i]);
        beside[i] = gather_refusals(f, letter);
        g_assert_cmpstr(beside[i], ==, alone[i]);
    }
    nsk_language_use(NULL);
    g_assert_cmpstr(alone[0], !=, alone[1]);
    for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
        g_free(alone[i]);
        g_free(beside[i]);
    }
    stop(&server);
}

static void
test_a_request_is_done_once(Fixture *f, gconstpointer data)
{
    Server server;

    (void)data;
    start(f, &server);
    fixture_reopen(f, "sekali");
    g_autofree char *first = fixture_draft(f, &(Words){ 0 });
    fixture_reopen(f, "sekali");
    g_autofree char *again = fixture_draft(f, &(Words){ 0 });
    g_assert_cmpstr(first, ==, again);
    stop(&server);
    fixture_reopen(f, "sekali");
    g_autofree char *alone = fixture_draft(f, &(Words){ 0 });
    g_assert_cmpstr(first, ==, alone);
}

static NskFrame *
read_frame(int fd)
{
    const NskIpcPatience patience = { 20000, 20000, -1 };
    g_autoptr(GError) error = NULL;
    NskFrame *frame = nsk_ipc_receive(fd, &patience, &error);

    g_assert_no_error(error);
    return frame;
}

static int
connect_to(const Fixture *f)
{
    int fd = -1;

    g_assert_true(nsk_ipc_connect(f->dir, NSK_SOCKET_NAME, &fd, NULL));
    g_assert_cmpint(fd, >=, 0);
    return fd;
}

/* Sends @json and @parts; returns the code of the error that is answered. */
static int
ask(const Fixture *f, const char *json, GBytes *const *parts, size_t n)
{
    const NskIpcPatience patience = { 20000, 20000, -1 };
    g_autoptr(NskJson) value = nsk_json_parse(json, strlen(json), NULL);
    g_autoptr(GBytes) frame = nsk_frame_encode(value, parts, n, NULL);
    int fd = connect_to(f);

    g_assert_true(nsk_ipc_send(fd, frame, &patience, NULL));
    g_autoptr(NskFrame) answer = read_frame(fd);
    const NskJson *error = nsk_json_get(answer->value, "error");
    close(fd);
    g_assert_cmpuint(strlen(nsk_json_get_text(error, "message")), >, 20);
    return (int)nsk_json_get_int(error, "code", -1);
}

static void
test_requests_that_are_not_whole_are_refused(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *json;
        int code;
    } cases[] = {
        { "{}", NSK_ERROR_DENIED }, /* as nobody */
        { "[]", NSK_ERROR_DENIED },
        { "{\"as\":\"damar\"}", NSK_ERROR_UNSUPPORTED },
        { "{\"as\":\"tidak-ada\",\"do\":\"task-act\"}", NSK_ERROR_NOT_FOUND },
        { "{\"as\":\"damar\",\"do\":\"hapus-semua\"}", NSK_ERROR_UNSUPPORTED },
        { "{\"as\":\"damar\",\"do\":\"task-act\",\"request\":\"a b\"}", NSK_ERROR_INVALID },
        { "{\"as\":\"damar\",\"do\":\"task-act\"}", NSK_ERROR_INVALID },
        { "{\"as\":\"damar\",\"do\":\"task-act\",\"arguments\":{\"task\":0,\"outcome\":1}}",
          NSK_ERROR_INVALID }, /* part 1 has no NUL */
        { "{\"as\":\"damar\",\"do\":\"task-act\",\"arguments\":{\"task\":0,\"outcome\":2}}",
          NSK_ERROR_INVALID }, /* part 2 has two */
        { "{\"as\":\"damar\",\"do\":\"task-act\",\"arguments\":{\"task\":0,\"outcome\":3}}",
          NSK_ERROR_INVALID }, /* part 3 is not UTF-8 */
        { "{\"as\":\"damar\",\"do\":\"task-act\",\"arguments\":{\"task\":3,\"outcome\":0}}",
          NSK_ERROR_INVALID },
        { "{\"as\":\"damar\",\"do\":\"task-act\",\"arguments\":{\"task\":0,\"outcome\":4}}",
          NSK_ERROR_INVALID }, /* there is none */
        { "{\"as\":\"damar\",\"do\":\"task-act\",\"arguments\":{\"task\":-1,\"outcome\":0}}",
          NSK_ERROR_INVALID },
        { "{\"as\":\"damar\",\"do\":\"task-act\",\"arguments\":{\"task\":\"0\",\"outcome\":0}}",
          NSK_ERROR_INVALID },
        { "{\"as\":\"damar\",\"do\":\"task-act\",\"arguments\":{\"task\":0,\"outcome\":0}}",
          NSK_ERROR_NOT_FOUND },
    };
    g_autoptr(GBytes) text = nsk_secret_new("tidak-ada");
    g_autoptr(GBytes) cut = g_bytes_new_static("submit", 6);
    g_autoptr(GBytes) inner = g_bytes_new_static("sub\0mit", 8);
    g_autoptr(GBytes) strange = g_bytes_new_static("tidak\xff\xfe", 8);
    GBytes *const parts[] = { text, cut, inner, strange };
    Server server;

    (void)data;
    start(f, &server);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(ask(f, cases[i].json, parts, 4), ==, cases[i].code);
    g_assert_cmpuint(count_changes(&server), ==, 0);
    stop(&server);
}

static void
test_silent_peers_are_dropped_and_hold_nobody_up(Fixture *f, gconstpointer data)
{
    Server server;
    int silent[80];

    (void)data;
    start(f, &server);
    for (size_t i = 0; i < G_N_ELEMENTS(silent); i++) {
        silent[i] = connect_to(f);
        if (i >= 40) /* begins, and does not go on */
            g_assert_cmpint(send(silent[i], "NskF", 4, MSG_NOSIGNAL), ==, 4);
    }
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    for (size_t i = 0; i < G_N_ELEMENTS(silent); i++) {
        g_autoptr(NskFrame) answer = read_frame(silent[i]);

        g_assert_cmpint(nsk_json_get_int(nsk_json_get(answer->value, "error"), "code", -1), ==,
                        NSK_ERROR_BUSY);
        close(silent[i]);
    }
    int late = connect_to(f);
    stop(&server);
    g_autoptr(NskFrame) answer = read_frame(late);
    const char *words = nsk_json_get_text(nsk_json_get(answer->value, "error"), "message");
    g_assert_nonnull(strstr(words, "being closed"));
    close(late);
}

/* One is at work, one waits, and there is no room for a third.  False if the first of them was
 * given up before the third came. */
static bool
third_is_told_when(Fixture *f)
{
    int peers[3];

    for (size_t i = 0; i < G_N_ELEMENTS(peers); i++) {
        peers[i] = connect_to(f);
        g_assert_cmpint(send(peers[i], "NskF", 4, MSG_NOSIGNAL), ==, 4);
        g_usleep(SILENCE_MS * 100);
    }
    g_autoptr(NskFrame) answer = read_frame(peers[2]);
    const char *words = nsk_json_get_text(nsk_json_get(answer->value, "error"), "message");
    bool told = strstr(words, "try again in 1 s") != NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(peers); i++)
        close(peers[i]);
    return told;
}

static void
test_a_busy_server_says_when_to_come_again(Fixture *f, gconstpointer data)
{
    Server server;
    bool told = false;

    (void)data;
    start_with(f, &server, 1, 1);
    /* more than once, for a machine with other work */
    for (int i = 0; i < 5 && !told; i++)
        told = third_is_told_when(f);
    g_assert_true(told);
    stop(&server);
}

/* Takes one request and closes, as a server that dies; returns the request's id. */
static gpointer
take_and_die(gpointer data)
{
    int fd = accept4(GPOINTER_TO_INT(data), NULL, NULL, SOCK_CLOEXEC);
    struct timeval wait = { .tv_sec = 20 };

    while (fd < 0) {
        g_usleep(1000);
        fd = accept4(GPOINTER_TO_INT(data), NULL, NULL, SOCK_CLOEXEC);
    }
    g_assert_cmpint(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait), ==, 0);
    g_autoptr(NskFrame) frame = read_frame(fd);
    char *id = g_strdup(nsk_json_get_text(frame->value, "request"));
    close(fd);
    return id;
}

static void
test_a_lost_answer_is_uncertain_and_says_how_to_repeat(Fixture *f, gconstpointer data)
{
    static const char *const given[] = { NULL, "milik-saya" };

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(given); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) xml = fixture_letter(&(Words){ 0 });
        const NskNewLetter draft = { "surat.xml", xml, NULL };
        NskJson *result = NULL;
        int listener = nsk_ipc_listen(f->dir, NSK_SOCKET_NAME, &error);

        g_assert_no_error(error);
        fixture_reopen(f, given[i]);
        fixture_as(f, "damar");
        GThread *dying = g_thread_new("dying", take_and_die, GINT_TO_POINTER(listener));
        g_assert_false(nsk_office_letter_new(f->office, &draft, &result, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_UNCERTAIN);
        g_autofree char *id = g_thread_join(dying);
        g_autofree char *how = g_strconcat("--request ", id, NULL);
        g_assert_nonnull(strstr(error->message, how));
        g_assert_true(given[i] == NULL || strcmp(given[i], id) == 0);
        close(listener);
    }
}

/* Files may not grow over @bytes; what was allowed before. */
static struct rlimit
limit_files(rlim_t bytes)
{
    struct rlimit before;

    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    const struct rlimit limit = { bytes, before.rlim_max };
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    return before;
}

/* The same where the process writes itself, and the disk fails in the middle of a commit. */
static void
test_a_change_that_may_be_stored_says_how_to_repeat(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ 0 });
    const NskNewLetter draft = { "surat.xml", xml, NULL };
    NskJson *result = NULL;

    (void)data;
    fixture_as(f, "damar");
    void (*before_signal)(int) = signal(SIGXFSZ, SIG_IGN);
    struct rlimit before = limit_files(FEW_PAGES);
    bool ok = nsk_office_letter_new(f->office, &draft, &result, &error);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
    (void)signal(SIGXFSZ, before_signal);
    g_assert_false(ok);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNCERTAIN);
    const char *how = strstr(error->message, "--request ");
    g_assert_nonnull(how);
    g_autofree char *id = g_strdup(how + strlen("--request "));
    g_assert_cmpuint(strlen(id), ==, 36);
    fixture_reopen(f, id);
    g_autofree char *first = fixture_draft(f, &(Words){ 0 });
    fixture_reopen(f, id);
    g_autofree char *again = fixture_draft(f, &(Words){ 0 });
    g_assert_cmpstr(again, ==, first);
}

static void
test_what_is_secret_is_not_in_the_text(Fixture *f, gconstpointer data)
{
    const NskSignAct act = { "surat", "abc", NULL, "kata sandi", NULL };
    const NskCall *call = nsk_call_find("sign-confirm");
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) value = nsk_json_object();

    (void)f;
    (void)data;
    nsk_json_set(value, "arguments", nsk_call_encode(call, &act, parts));
    g_autofree char *text = nsk_json_canonical(value);
    g_assert_null(strstr(text, "sandi"));
    g_autoptr(GBytes) bytes =
        nsk_frame_encode(value, (GBytes *const *)parts->pdata, parts->len, &error);
    g_assert_no_error(error);
    g_autoptr(NskFrame) frame = nsk_frame_decode(bytes, &error);
    g_assert_no_error(error);
    g_autofree NskSignAct *read = nsk_call_decode(call, frame, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(read->task, ==, act.task);
    g_assert_cmpstr(read->sha256, ==, act.sha256);
    g_assert_cmpstr(read->passphrase, ==, act.passphrase);
    g_assert_null(read->key);
    g_assert_null(nsk_call_find("Sign-confirm"));
    g_assert_null(nsk_call_find(NULL));
}

static void
keep_line(const char *line, void *data)
{
    char **kept = data;

    if (g_atomic_pointer_get(kept) == NULL)
        g_atomic_pointer_set(kept, g_strdup(line));
}

static void
wait_for_file(const char *path)
{
    for (int i = 0; i < 3000 && !g_file_test(path, G_FILE_TEST_EXISTS); i++)
        g_usleep(10000);
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void
test_the_worker_follows_changes_and_tries_again(Fixture *f, gconstpointer data)
{
    Server server;
    char *said = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *repositories = g_build_filename(f->dir, "repositories", NULL);
    g_autofree char *away = g_build_filename(f->dir, "away", NULL);
    g_autofree char *made =
        g_build_filename(repositories, "biro-umum-2026.git", "packed-refs", NULL);
    const NskServiceWork work = { .clock = &f->clock, .log = keep_line, .log_data = &said };

    (void)data;
    /* a file where the folder should be: the worker cannot work, nobody else is held up */
    g_assert_cmpint(rename(repositories, away), ==, 0);
    g_assert_true(g_file_set_contents(repositories, "x", 1, NULL));
    start(f, &server);
    g_assert_true(nsk_office_service_start_work(server.service, &work, &error));
    g_assert_no_error(error);
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    for (int i = 0; i < 3000 && g_atomic_pointer_get(&said) == NULL; i++)
        g_usleep(10000);
    g_assert_nonnull(g_atomic_pointer_get(&said));
    g_assert_nonnull(strstr(said, "tried again"));
    g_assert_cmpint(unlink(repositories), ==, 0);
    g_assert_cmpint(rename(away, repositories), ==, 0);
    f->now += (NskInstant)3600 * G_USEC_PER_SEC; /* past the pause that the outbox gives the row */
    wait_for_file(made);
    stop(&server);
    g_free(said);
}

static const char sql_age_requests[] =
    "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 9000)"
    " INSERT INTO request (id, act, at) SELECT 'tua-' || n, 'x', n FROM c";
static const char sql_young_request[] =
    "INSERT INTO request (id, act, at) SELECT 'muda', 'x', CAST($1 AS INTEGER)";
static const char sql_count_requests[] = "SELECT count(*) FROM request";

/* How many answers are kept. */
static int64_t
count_requests(const Fixture *f)
{
    bool has_row = false;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "office.db", NULL);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, &error);
    g_assert_no_error(error);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_count_requests, NSK_DB_NO_PARAMS, &error);

    g_assert_no_error(error);
    g_assert_true(nsk_db_rows_next(rows, &has_row, NULL) && has_row);
    return nsk_db_rows_int(rows, 0);
}

/* A bounded part of those over 30 days at a time, and no younger one. */
static void
test_old_answers_are_forgotten(Fixture *f, gconstpointer data)
{
    Server server;
    char *said = NULL;
    g_autoptr(GError) error = NULL;
    const NskServiceWork work = { .clock = &f->clock, .log = keep_line, .log_data = &said };
    NskInstant at = f->now - 30 * (NskInstant)G_TIME_SPAN_DAY + (NskInstant)G_TIME_SPAN_HOUR;
    g_autofree char *young = g_strdup_printf("%" G_GINT64_FORMAT, at);

    (void)data;
    int64_t before = count_requests(f);
    fixture_tamper(f, sql_age_requests, NULL);
    fixture_tamper(f, sql_young_request, young);
    g_assert_cmpint(count_requests(f), ==, before + 9001);
    start(f, &server);
    g_assert_true(nsk_office_service_start_work(server.service, &work, &error));
    g_assert_no_error(error);
    for (int i = 0; i < 3000 && count_requests(f) > before + 1 + 9000 - 8192; i++)
        g_usleep(10000);
    g_usleep(2 * G_USEC_PER_SEC); /* the next part is forgotten a minute later */
    g_assert_cmpint(count_requests(f), ==, before + 1 + 9000 - 8192);
    stop(&server);
    start(f, &server);
    g_assert_true(nsk_office_service_start_work(server.service, &work, &error));
    for (int i = 0; i < 3000 && count_requests(f) > before + 1; i++)
        g_usleep(10000);
    g_assert_cmpint(count_requests(f), ==, before + 1);
    stop(&server);
    g_assert_cmpstr(said, ==, NULL);
}

static void
test_a_socket_needs_a_folder(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, NSK_SOCKET_NAME, NULL);
    g_autofree char *inner = g_build_filename(path, "x", NULL);
    const NskSocketOptions options = { .clock = &f->clock };
    NskOfficeService *service = nsk_office_service_start(f->dir, &error);

    (void)data;
    g_assert_no_error(error);
    g_assert_cmpint(g_mkdir_with_parents(inner, 0700), ==, 0); /* something else of that name */
    g_assert_null(nsk_office_socket_start(service, &options, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_IO);
    nsk_office_service_stop(service);
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/remote/answers-over-thirty-days-are-forgotten-in-portions",
          test_old_answers_are_forgotten, NULL },
        { "/office/remote/a-letter-lives-through-the-socket",
          test_a_letter_lives_through_the_socket, NULL },
        { "/office/remote/errors-are-those-of-the-use-case-in-the-askers-language",
          test_errors_are_those_of_the_use_case_in_the_askers_language, NULL },
        { "/office/remote/a-request-is-done-once", test_a_request_is_done_once, NULL },
        { "/office/remote/requests-that-are-not-whole-are-refused",
          test_requests_that_are_not_whole_are_refused, NULL },
        { "/office/remote/silent-peers-are-dropped-and-hold-nobody-up",
          test_silent_peers_are_dropped_and_hold_nobody_up, NULL },
        { "/office/remote/a-busy-server-says-when-to-come-again",
          test_a_busy_server_says_when_to_come_again, NULL },
        { "/office/remote/a-lost-answer-is-uncertain-and-says-how-to-repeat",
          test_a_lost_answer_is_uncertain_and_says_how_to_repeat, NULL },
        { "/office/remote/a-change-that-may-be-stored-says-how-to-repeat",
          test_a_change_that_may_be_stored_says_how_to_repeat, NULL },
        { "/office/remote/what-is-secret-is-not-in-the-text",
          test_what_is_secret_is_not_in_the_text, NULL },
        { "/office/remote/the-worker-follows-changes-and-tries-again",
          test_the_worker_follows_changes_and_tries_again, NULL },
        { "/office/remote/a-socket-needs-a-folder", test_a_socket_needs_a_folder, NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

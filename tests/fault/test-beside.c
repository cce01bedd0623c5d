/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes on beside the writer: readers while it is held up, a snapshot that is held for long, a
 * clock that is set back. */
#include "../office/fixture.h"
#include "office/office-private.h"

#include <string.h>
#include <sys/stat.h>

#define HOLD_US    (2 * G_USEC_PER_SEC)
#define SLOW_US    (HOLD_US / 2) /* for one reading, on a busy machine */
#define BULK       (1 << 20)
#define BULK_TIMES 150
#define LOG_LIMIT  134217728 /* bytes that a log may keep, engine/db/db.c */
#define PATIENCE   200       /* tenths of a second */
#define MINUTE     (60 * (NskInstant)G_USEC_PER_SEC)
#define LETTERS    20

static NskOfficeService *
start_service(const Fixture *f)
{
    g_autoptr(GError) error = NULL;
    NskOfficeService *service = nsk_office_service_start(f->dir, &error);

    g_assert_no_error(error);
    g_assert_nonnull(service);
    return service;
}

static NskDb *
open_reader(const Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "office.db", NULL);
    NskDb *db = nsk_db_open(path, NSK_DB_READ, &error);

    g_assert_no_error(error);
    return db;
}

/* --- A batch that takes long --- */

typedef struct {
    NskOfficeService *service;
    gint begun, done; /* atomic */
} Hold;

static bool
apply_hold(G_GNUC_UNUSED NskDbTxn *txn,
           void *data,
           G_GNUC_UNUSED char **out_answer,
           G_GNUC_UNUSED GError **error)
{
    g_atomic_int_set(&((Hold *)data)->begun, 1);
    g_usleep(HOLD_US);
    return true;
}

static gpointer
run_hold(gpointer data)
{
    Hold *hold = data;
    g_autoptr(GError) error = NULL;
    NskChange change = { .apply = apply_hold, .data = hold };
    bool ok = nsk_office_service_commit(hold->service, &change, NULL, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    g_atomic_int_set(&hold->done, 1);
    return NULL;
}

static void
test_readers_go_on(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autoptr(NskJson) before = fixture_show(f, "damar", letter);
    int64_t slowest = 0;
    int reads = 0;

    fixture_reopen(f, NULL); /* its own writer is gone */
    Hold hold = { .service = start_service(f) };
    GThread *thread = g_thread_new("hold", run_hold, &hold);
    while (g_atomic_int_get(&hold.begun) == 0)
        g_usleep(1000);
    while (g_atomic_int_get(&hold.done) == 0) {
        int64_t begun = g_get_monotonic_time();
        g_autoptr(NskJson) shown = fixture_show(f, "damar", letter);

        slowest = MAX(slowest, g_get_monotonic_time() - begun);
        reads++;
    }
    (void)g_thread_join(thread);
    nsk_office_service_stop(hold.service);
    g_test_message(
        "%d readings while a batch was held for %d ms, the slowest took %" G_GINT64_FORMAT " us",
        reads, HOLD_US / 1000, slowest);
    g_assert_cmpint(reads, >=, 3);
    g_assert_cmpint(slowest, <, SLOW_US);
}

/* --- A snapshot that is held for long --- */

static bool
apply_bulk(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    g_autofree char *text = g_malloc(BULK + 1);

    memset(text, *(const int *)data, BULK);
    text[BULK] = '\0';
    return nsk_setting_put(txn, "bulk", text, error);
}

/* A megabyte, of another letter than the one before; how long it took. */
static int64_t
write_bulk(NskOfficeService *service, int letter)
{
    g_autoptr(GError) error = NULL;
    NskChange change = { .apply = apply_bulk, .data = &letter };
    int64_t begun = g_get_monotonic_time();
    bool ok = nsk_office_service_commit(service, &change, NULL, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    return g_get_monotonic_time() - begun;
}

static int64_t
log_size(const Fixture *f)
{
    struct stat st;
    g_autofree char *path = g_build_filename(f->dir, "office.db-wal", NULL);

    return stat(path, &st) == 0 ? st.st_size : 0;
}

static char
first_of_bulk(NskDbTxn *txn)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    bool ok = nsk_setting_find(txn, "bulk", &text, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    return text[0];
}

static void
test_long_snapshot(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    NskOfficeService *service = start_service(f);
    int64_t slowest = 0;

    (void)write_bulk(service, 'a');
    g_autoptr(NskDb) reader = open_reader(f);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(reader, &error);
    g_assert_no_error(error);
    for (int i = 0; i < BULK_TIMES; i++)
        slowest = MAX(slowest, write_bulk(service, 'b' + i % 2));
    int64_t grown = log_size(f);
    g_assert_cmpint(first_of_bulk(txn), ==, 'a');
    g_assert_cmpint(grown, >, (int64_t)BULK_TIMES * BULK);
    g_clear_pointer(&txn, nsk_db_snapshot_free);

    int64_t shrunk = grown;
    for (int i = 0; i < PATIENCE && shrunk > LOG_LIMIT; i++) {
        (void)write_bulk(service, 'd' + i % 2);
        g_usleep(G_USEC_PER_SEC / 10);
        shrunk = log_size(f);
    }
    g_clear_pointer(&reader, nsk_db_free);
    g_clear_pointer(&f->office, nsk_office_free);
    nsk_office_service_stop(service);
    g_test_message("%d MB written beside a snapshot, the slowest of them in %" G_GINT64_FORMAT
                   " us; the log: %" G_GINT64_FORMAT " MB while it was held, %" G_GINT64_FORMAT
                   " MB after it, %" G_GINT64_FORMAT " MB at the end",
                   BULK_TIMES, slowest, grown >> 20, shrunk >> 20, log_size(f) >> 20);
    g_assert_cmpint(shrunk, <=, LOG_LIMIT);
    g_assert_cmpint(log_size(f), <=, BULK);
}

/* --- A clock that is set back --- */

/* A worker that takes everything and dies. */
static bool
apply_claim(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Fixture *f = data;
    NskOutboxClaim claim = { .topic = NSK_STORE_TOPIC,
                             .worker = "dead",
                             .now = f->now,
                             .lease = MINUTE,
                             .limit = 100 };
    g_autoptr(GPtrArray) rows = nsk_outbox_claim(txn, &claim, error);

    g_assert_true(rows == NULL || rows->len > 0);
    return rows != NULL;
}

static void
claim_and_die(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    NskOfficeService *service = start_service(f);
    NskChange change = { .apply = apply_claim, .data = f };
    bool ok = nsk_office_service_commit(service, &change, NULL, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    nsk_office_service_stop(service);
}

static int64_t
count_waiting(const Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDb) reader = open_reader(f);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(reader, &error);
    g_autoptr(GPtrArray) topics = nsk_outbox_lag(txn, &error);
    int64_t waiting = 0;

    g_assert_no_error(error);
    for (guint i = 0; i < topics->len; i++) {
        const NskOutboxLag *lag = topics->pdata[i];

        waiting += strcmp(lag->topic, NSK_STORE_TOPIC) == 0 ? lag->waiting : 0;
    }
    return waiting;
}

/* Whatever the clock is set back by, the work of a dead worker is done soon. */
static void
test_dead_worker(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const int minutes[] = { 0, 5, 30, 59, 60, 61, 600 };

    for (size_t i = 0; i < G_N_ELEMENTS(minutes); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
        int64_t waited = 0;

        fixture_reopen(f, NULL);
        claim_and_die(f);
        f->now -= minutes[i] * MINUTE;
        fixture_reopen(f, NULL);
        while (count_waiting(f) > 0) {
            f->now += MINUTE;
            g_assert_cmpint(++waited, <=, 12);
            g_assert_true(nsk_office_project(f->office, &error));
            g_assert_no_error(error);
        }
        g_test_message("clock back by %d minutes: done after %" G_GINT64_FORMAT " minutes",
                       minutes[i], waited);
        f->now += minutes[i] * MINUTE;
    }
}

static void
test_clock_set_back(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (int i = 0; i < LETTERS; i++) {
        char *letter = fixture_to_signatory(f, &(Words){ 0 });

        g_assert_true(g_hash_table_add(ids, letter));
        f->now -= i % 2 == 0 ? 60 * MINUTE : -60 * MINUTE;
        if (i % 5 == 0) {
            g_autofree char *pages = fixture_prepare(f, "sekar", letter);

            g_assert_nonnull(pages);
        }
    }
    GHashTableIter iter;
    gpointer letter;
    g_hash_table_iter_init(&iter, ids);
    while (g_hash_table_iter_next(&iter, &letter, NULL)) {
        g_autofree char *actions = fixture_actions(f, "damar", letter);

        g_assert_true(
            g_str_has_prefix(actions, "letter-created letter-submitted paraf-given paraf-given"));
    }
    g_autofree char *findings = fixture_doctor(f);
    g_assert_cmpstr(findings, ==, "");
    g_test_message("%d letters, the clock set back by an hour %d times: every history holds",
                   LETTERS, LETTERS / 2);
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/fault/beside/readers-go-on-while-a-batch-is-held", test_readers_go_on, NULL },
        { "/fault/beside/a-long-snapshot-holds-up-nobody-and-the-log-shrinks-after-it",
          test_long_snapshot, NULL },
        { "/fault/beside/a-dead-worker-holds-up-nothing-when-the-clock-is-set-back",
          test_dead_worker, NULL },
        { "/fault/beside/a-clock-set-back-breaks-no-history", test_clock_set_back, NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

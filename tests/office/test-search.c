/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who finds which letter by its words, and from when on. */
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define LARGE_LETTERS 7
#define LARGE_TEXT    900000

#define DAY (24 * 3600 * (NskInstant)G_USEC_PER_SEC)

static const char sql_secret[] = "UPDATE letter SET security = 'rahasia' WHERE id = $1";
static const char sql_no_reader[] =
    "DELETE FROM reader WHERE letter = $1 AND position = 'kepala-bagian-tata-usaha'";
static const char sql_nobody[] = "DELETE FROM reader WHERE letter = $1";
static const char sql_again[] = "INSERT INTO outbox (topic, letter, at) VALUES ('search', $1, 0)";
static const char sql_damage[] =
    "UPDATE object SET data = zeroblob(length(data)) WHERE history = (SELECT n FROM head WHERE "
    "letter = $1) AND kind = 3";

static void
index_now(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    bool ok = nsk_office_index(f->office, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
}

static NskJson *
search_page(Fixture *f, const char *person, const NskSearchAsk *ask)
{
    g_autoptr(GError) error = NULL;
    NskJson *result = NULL;

    fixture_as(f, person);
    bool ok = nsk_office_search(f->office, ask, &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    return result;
}

/* Whether @person finds @letter, or any letter if NULL, by @text. */
static bool
finds(Fixture *f, const char *person, const char *text, const char *letter)
{
    bool found = false;
    g_autoptr(NskJson) result = search_page(f, person, &(NskSearchAsk){ .text = text });
    const NskJson *hits = nsk_json_get(result, "hits");

    for (size_t i = 0; i < nsk_json_length(hits); i++) {
        const char *id = nsk_json_get_text(nsk_json_at(hits, i), "letter");

        found = found || letter == NULL || strcmp(id, letter) == 0;
    }
    return found;
}

/* Asserts that those of @everybody who find the letter are @names; and that is the exact rule. */
static void
assert_finders(Fixture *f, const char *text, const char *letter, const char *names)
{
    static const char *const everybody[] = { "damar",  "sekar",  "wahyu",    "maheswari",
                                             "tirta",  "melati", "kirana",   "budi",
                                             "wening", "taufan", "bramantya" };
    g_auto(GStrv) finders = g_strsplit(names, " ", -1);

    for (size_t i = 0; i < G_N_ELEMENTS(everybody); i++) {
        const char *person = everybody[i];
        bool expected = g_strv_contains((const char *const *)finders, person);

        g_test_message("%s should %sfind it", person, expected ? "" : "not ");
        g_assert_true(finds(f, person, text, letter) == expected);
        g_assert_true(fixture_finds(f, person, letter) == expected);
    }
}

static const Words sent = { .to = "kepala-biro-keuangan",
                            .copies = "deputi-bidang-pemantauan",
                            .reviewers = "",
                            .subject = "Pemantauan Arus",
                            .text = "Rapat kerja diadakan di Aula Tirta." };
/* kirana assists the signatory; wening keeps the archive; melati assists the deputy */
#define BEFORE "damar sekar kirana wening"
#define AFTER  BEFORE " wahyu maheswari tirta melati"

static void
test_letters_are_found_by_those_who_may_read_them(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &sent);

    (void)data;
    index_now(f);
    assert_finders(f, "aula tirta", letter, BEFORE);
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    index_now(f);
    assert_finders(f, "aula tirta", letter, AFTER);
    assert_finders(f, nsk_json_get_text(done, "number"), letter, AFTER);
    assert_finders(f, "\"dan keuangan\" \"air tanah\"", letter, AFTER);
    /* the acting head of the bureau is one until 24 July */
    f->now += 7 * DAY;
    assert_finders(f, "aula tirta", letter, BEFORE " wahyu tirta melati");
}

static void
test_a_hit_says_what_the_letter_is(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &sent);
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);

    (void)data;
    index_now(f);
    g_autoptr(NskJson) result =
        search_page(f, "wahyu", &(NskSearchAsk){ .text = "rapat \"aula tirta\"" });
    const NskJson *hits = nsk_json_get(result, "hits");
    g_assert_cmpuint(nsk_json_length(hits), ==, 1);
    const NskJson *hit = nsk_json_at(hits, 0);
    g_assert_cmpstr(nsk_json_get_text(hit, "letter"), ==, letter);
    g_assert_cmpstr(nsk_json_get_text(hit, "subject"), ==, "Pemantauan Arus");
    g_assert_cmpstr(nsk_json_get_text(hit, "number"), ==, nsk_json_get_text(done, "number"));
    g_assert_cmpstr(nsk_json_get_text(hit, "date"), ==, FIXTURE_DAY);
    g_assert_cmpstr(nsk_json_get_text(hit, "state"), ==, "archived");
    g_assert_cmpstr(nsk_json_get_text(hit, "snippet"), ==, "Rapat kerja diadakan di Aula Tirta.");
    g_assert_null(nsk_json_get_text(result, "next"));
    g_assert_true(nsk_json_get_bool(result, "complete", false));
}

static unsigned
count_hits(Fixture *f, const char *person, const NskSearchAsk *ask)
{
    g_autoptr(NskJson) result = search_page(f, person, ask);

    return (unsigned)nsk_json_length(nsk_json_get(result, "hits"));
}

static void
test_letters_are_found_by_what_is_no_word(Fixture *f, gconstpointer data)
{
    static const struct {
        NskSearchAsk ask;
        unsigned hits;
    } cases[] = {
        { { .sender = "kepala-biro-umum" }, 2 },
        { { .sender = "KEPALA biro um" }, 2 },
        { { .sender = "iro umu" }, 2 }, /* a part of a position's title */
        { { .sender = "um" }, 2 },      /* too short to be looked for in the index */
        { { .sender = "dan keuangan" }, 0 },
        { { .addressee = "dan keuangan" }, 1 },
        { { .addressee = "kepala-biro-keuangan" }, 1 },
        { { .addressee = "deputi-bidang-pemantauan" }, 1 }, /* has a copy */
        { { .addressee = "biro sumber daya" }, 1 },
        { { .addressee = "biro umum" }, 0 },
        { { .classification = "KP" }, 2 },
        { { .classification = "kp.08" }, 2 },
        { { .classification = "KP.08.1" }, 2 },
        { { .classification = "KP.0" }, 0 },
        { { .classification = "KP.08.2" }, 0 },
        { { .year = "2026" }, 2 },
        { { .year = "2025" }, 0 },
        { { .from = "2026-07-01", .until = "2026-07-31" }, 2 },
        { { .from = "1990-01-01" }, 2 },
        { { .until = "2090-12-31" }, 2 },
        { { .from = "1500-01-01", .until = "2300-12-31" }, 2 },
        { { .until = "2026-06-30" }, 0 },
        { { .from = "2027-01-01" }, 0 },
        { { .person = "sekar" }, 2 },
        { { .person = "wahyu" }, 1 },
        { { .person = "budi" }, 0 },
        { { .person = "tidak-ada" }, 0 },
        { { .kind = "surat-dinas", .unit = "biro-umum" }, 2 },
        { { .kind = "nota-dinas" }, 0 },
        { { .text = "aula", .sender = "biro umum", .classification = "KP.08", .year = "2026" }, 1 },
        { { .text = "aula", .addressee = "kepala-biro-sdm" }, 0 },
    };
    g_autofree char *first = fixture_draft(f, &sent);
    g_autofree char *second = fixture_draft(f, &(Words){ .text = "Pembahasan neraca." });

    (void)data;
    index_now(f);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskSearchAsk ask = cases[i].ask;

        ask.text = ask.text != NULL ? ask.text : "";
        g_test_message("case %zu", i);
        g_assert_cmpuint(count_hits(f, "damar", &ask), ==, cases[i].hits);
    }
}

/* The index lags: it neither shows what it should not, nor what it does not know yet. */
static void
test_an_index_that_lags_shows_nothing_it_should_not(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ .text = "Pembahasan anggaran." });
    Words others = { .reviewers = "kepala-subbagian-persuratan", .text = "Pembahasan neraca." };

    (void)data;
    index_now(f);
    g_assert_true(finds(f, "budi", "anggaran", letter));
    g_autoptr(NskJson) edited = fixture_edit(f, "damar", letter, &others);
    /* budi reviews it no more; the index does not know */
    g_assert_false(finds(f, "budi", "anggaran", NULL));
    g_assert_false(finds(f, "budi", "neraca", NULL));
    g_autoptr(NskJson) result = search_page(f, "damar", &(NskSearchAsk){ .text = "anggaran" });
    const NskJson *hit = nsk_json_at(nsk_json_get(result, "hits"), 0);
    g_assert_cmpstr(nsk_json_get_text(hit, "letter"), ==, letter);
    g_assert_null(nsk_json_get_text(hit, "snippet"));
    index_now(f);
    g_assert_false(finds(f, "damar", "anggaran", NULL));
    g_assert_true(finds(f, "damar", "neraca", letter));
    g_assert_false(finds(f, "budi", "neraca", NULL));
}

static void
test_a_reader_who_is_gone_finds_nothing(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ .text = "Pembahasan anggaran." });

    (void)data;
    index_now(f);
    g_assert_true(finds(f, "budi", "anggaran", letter));
    fixture_tamper(f, sql_no_reader, letter);
    g_assert_false(finds(f, "budi", "anggaran", NULL));
}

static unsigned
count_in_file(Fixture *f, const char *name, const char *bytes)
{
    gsize size = 0;
    unsigned count = 0;
    g_autofree char *data = NULL;
    g_autofree char *path = g_build_filename(f->dir, name, NULL);

    if (!g_file_get_contents(path, &data, &size, NULL))
        return 0;
    for (const char *c = data;
         (c = memmem(c, size - (size_t)(c - data), bytes, strlen(bytes))) != NULL; c++)
        count++;
    return count;
}

static void
test_secret_letters_are_not_in_the_index(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *secret = fixture_draft(
        f, &(Words){ .security = "rahasia", .subject = "Zqxsandi", .text = "Vjqrahasia rapat." });
    g_autofree char *open = fixture_draft(f, &(Words){ .text = "Wqjterbuka rapat." });

    (void)data;
    index_now(f);
    g_assert_false(finds(f, "damar", "rapat zqxsandi", NULL));
    g_assert_false(finds(f, "damar", "vjqrahasia", NULL));
    g_assert_true(finds(f, "damar", "wqjterbuka", open));
    g_assert_cmpuint(count_in_file(f, "search.db", "zqx"), ==, 0);
    g_assert_cmpuint(count_in_file(f, "search.db-wal", "zqx"), ==, 0);
    g_assert_cmpuint(count_in_file(f, "search.db", secret), ==, 0);
    g_assert_cmpuint(count_in_file(f, "search.db-wal", secret), ==, 0);
    /* one that becomes secret: at once not shown, then taken out, then without a trace */
    fixture_tamper(f, sql_secret, open);
    g_assert_false(finds(f, "damar", "wqjterbuka", NULL));
    fixture_tamper(f, sql_again, open);
    index_now(f);
    g_assert_true(nsk_office_search_purge(f->office, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(count_in_file(f, "search.db", "wqj"), ==, 0);
    g_assert_cmpuint(count_in_file(f, "search.db-wal", "wqj"), ==, 0);
}

static void
test_pages_go_on_where_the_last_one_ended(Fixture *f, gconstpointer data)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *next = NULL;
    char *previous = NULL;

    (void)data;
    for (int i = 0; i < 7; i++)
        g_free(fixture_draft(f, &(Words){ .text = "Rapat kerja." }));
    index_now(f);
    do {
        g_autofree char *after = g_steal_pointer(&next);
        NskSearchAsk ask = { .text = "rapat kerja", .limit = 3, .after = after };
        g_autoptr(NskJson) page = search_page(f, "damar", &ask);
        const NskJson *hits = nsk_json_get(page, "hits");

        for (size_t i = 0; i < nsk_json_length(hits); i++) {
            char *id = g_strdup(nsk_json_get_text(nsk_json_at(hits, i), "letter"));

            /* ids sort by time: newest first */
            g_assert_true(previous == NULL || strcmp(id, previous) < 0);
            previous = id;
            g_assert_true(g_hash_table_add(seen, id));
        }
        next = g_strdup(nsk_json_get_text(page, "next"));
    } while (next != NULL);
    g_assert_cmpuint(g_hash_table_size(seen), ==, 7);
}

static void
refused(Fixture *f, const NskSearchAsk *ask, int code, const char *said)
{
    GError *error = NULL;
    NskJson *result = NULL;

    g_assert_false(nsk_office_search(f->office, ask, &result, &error));
    g_assert_null(result);
    fixture_refused(&error, code, said);
}

static void
test_what_cannot_be_searched_is_refused(Fixture *f, gconstpointer data)
{
    (void)data;
    fixture_as(f, "damar");
    refused(f, &(NskSearchAsk){ .text = "rapat" }, NSK_ERROR_NOT_FOUND, "naskah rebuild");
    index_now(f);
    refused(f, &(NskSearchAsk){ .text = " " }, NSK_ERROR_INVALID, "at least one word");
    refused(f, &(NskSearchAsk){ .text = "rapat", .limit = 101 }, NSK_ERROR_LIMIT, "at most 100");
    refused(f, &(NskSearchAsk){ .text = "rapat", .after = "1x" }, NSK_ERROR_INVALID, "no place");
    refused(f, &(NskSearchAsk){ .text = "rapat", .after = "-1" }, NSK_ERROR_INVALID, "no place");
    refused(f, &(NskSearchAsk){ .text = "rapat", .after = "99999999999999999999" },
            NSK_ERROR_INVALID, "no place");
}

static void
test_a_damaged_index_is_made_again(Fixture *f, gconstpointer data)
{
    g_autofree char *path = g_build_filename(f->dir, "search.db", NULL);
    g_autofree char *letter = fixture_draft(f, &sent);
    GError *error = NULL;

    (void)data;
    index_now(f);
    g_assert_true(finds(f, "damar", "aula", letter));
    fixture_reopen(f, NULL);
    g_assert_true(g_file_set_contents(path, "this is no database, as long as it may be", -1, NULL));
    g_autofree char *second = fixture_draft(f, &sent); /* the office works on */
    refused(f, &(NskSearchAsk){ .text = "aula" }, NSK_ERROR_CORRUPT, "naskah rebuild");
    g_assert_false(nsk_office_index(f->office, &error));
    fixture_refused(&error, NSK_ERROR_CORRUPT, "naskah rebuild");
    g_assert_true(nsk_office_search_rebuild(f->office, &error));
    g_assert_no_error(error);
    g_assert_true(finds(f, "damar", "aula", letter));
    g_assert_true(finds(f, "damar", "aula", second));
    assert_finders(f, "aula", letter, BEFORE);
}

/* An open handle goes over to an index that was made again beside it. */
static void
test_an_open_office_sees_the_new_index(Fixture *f, gconstpointer data)
{
    g_autofree char *path = g_build_filename(f->dir, "search.db", NULL);
    g_autofree char *letter = fixture_draft(f, &sent);
    g_autoptr(GError) error = NULL;

    (void)data;
    index_now(f);
    g_assert_true(finds(f, "damar", "aula", letter));
    g_assert_true(nsk_office_search_rebuild(f->office, &error));
    g_assert_no_error(error);
    g_assert_true(finds(f, "damar", "aula", letter));
    g_assert_cmpint(g_unlink(path), ==, 0);
    refused(f, &(NskSearchAsk){ .text = "aula" }, NSK_ERROR_NOT_FOUND, "naskah rebuild");
}

static void
test_a_damaged_letter_holds_up_nobody(Fixture *f, gconstpointer data)
{
    GError *error = NULL;
    g_autofree char *bad = fixture_draft(f, &(Words){ .text = "Surat pertama." });
    g_autofree char *good = fixture_draft(f, &(Words){ .text = "Surat kedua." });

    (void)data;
    fixture_tamper(f, sql_damage, bad);
    fixture_as(f, "damar");
    g_assert_false(nsk_office_index(f->office, &error)); /* filled, and then asked for again */
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CORRUPT);
    g_clear_error(&error);
    g_assert_true(finds(f, "damar", "kedua", good));
    g_assert_false(finds(f, "damar", "pertama", bad));
}

/* Of a letter that says what it said, nothing is read; so its damage is not seen by the index. */
static void
test_what_did_not_change_is_not_read_again(Fixture *f, gconstpointer data)
{
    GError *error = NULL;
    g_autofree char *letter = fixture_draft(f, &sent);

    (void)data;
    index_now(f);
    fixture_tamper(f, sql_damage, letter);
    fixture_tamper(f, sql_again, letter);
    fixture_as(f, "damar");
    index_now(f);
    g_assert_true(finds(f, "damar", "aula", letter));
    fixture_tamper(f, sql_nobody, letter);
    fixture_tamper(f, sql_again, letter);
    fixture_as(f, "damar");
    g_assert_false(nsk_office_index(f->office, &error)); /* somebody reads it no more */
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CORRUPT);
    g_clear_error(&error);
}

/* The clock of a worker, which shows when it is at the index, and then lets the test go first. */
typedef struct {
    NskInstant now;
    char *index; /* path */
    gint reached;
} Watch;

static NskInstant
read_watch(void *data)
{
    Watch *watch = data;

    if (g_atomic_int_get(&watch->reached) == 0 && g_file_test(watch->index, G_FILE_TEST_EXISTS)) {
        g_atomic_int_set(&watch->reached, 1);
        g_usleep(G_USEC_PER_SEC / 2);
    }
    return watch->now;
}

/* Many large letters go in by and by, and a server that is to end does not wait for the last. */
static void
test_filling_goes_in_pieces_and_ends_with_the_server(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Watch watch = { f->now, g_build_filename(f->dir, "search.db", NULL), 0 };
    NskClock clock = { read_watch, &watch };
    const NskServiceWork work = { .clock = &clock, .log = NULL, .log_data = NULL };
    g_autoptr(GString) text = g_string_new("aula");
    char *letters[LARGE_LETTERS];

    (void)data;
    while (text->len < LARGE_TEXT)
        g_string_append(text, " rapat");
    for (size_t i = 0; i < LARGE_LETTERS; i++)
        letters[i] = fixture_draft(f, &(Words){ .text = text->str });
    fixture_reopen(f, NULL);
    NskOfficeService *service = nsk_office_service_start(f->dir, &error);
    g_assert_no_error(error);
    (void)g_unlink(watch.index);
    g_assert_true(nsk_office_service_start_work(service, &work, &error));
    while (g_atomic_int_get(&watch.reached) == 0)
        g_usleep(1000);
    nsk_office_service_stop(service);
    g_autoptr(NskJson) part = search_page(f, "damar", &(NskSearchAsk){ .text = "aula" });
    g_assert_false(nsk_json_get_bool(part, "complete", true));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(part, "hits")), >, 0);
    g_assert_cmpuint(nsk_json_length(nsk_json_get(part, "hits")), <, LARGE_LETTERS);
    index_now(f);
    g_autoptr(NskJson) whole = search_page(f, "damar", &(NskSearchAsk){ .text = "aula" });
    g_assert_true(nsk_json_get_bool(whole, "complete", false));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(whole, "hits")), ==, LARGE_LETTERS);
    for (size_t i = 0; i < LARGE_LETTERS; i++)
        g_free(letters[i]);
    g_free(watch.index);
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/search/letters-are-found-by-those-who-may-read-them",
          test_letters_are_found_by_those_who_may_read_them, NULL },
        { "/office/search/a-hit-says-what-the-letter-is", test_a_hit_says_what_the_letter_is,
          NULL },
        { "/office/search/an-index-that-lags-shows-nothing-it-should-not",
          test_an_index_that_lags_shows_nothing_it_should_not, NULL },
        { "/office/search/letters-are-found-by-what-is-no-word",
          test_letters_are_found_by_what_is_no_word, NULL },
        { "/office/search/a-reader-who-is-gone-finds-nothing",
          test_a_reader_who_is_gone_finds_nothing, NULL },
        { "/office/search/secret-letters-are-not-in-the-index",
          test_secret_letters_are_not_in_the_index, NULL },
        { "/office/search/pages-go-on-where-the-last-one-ended",
          test_pages_go_on_where_the_last_one_ended, NULL },
        { "/office/search/what-cannot-be-searched-is-refused",
          test_what_cannot_be_searched_is_refused, NULL },
        { "/office/search/a-damaged-index-is-made-again", test_a_damaged_index_is_made_again,
          NULL },
        { "/office/search/an-open-office-sees-the-new-index",
          test_an_open_office_sees_the_new_index, NULL },
        { "/office/search/filling-goes-in-pieces-and-ends-with-the-server",
          test_filling_goes_in_pieces_and_ends_with_the_server, NULL },
        { "/office/search/what-did-not-change-is-not-read-again",
          test_what_did_not_change_is_not_read_again, NULL },
        { "/office/search/a-damaged-letter-holds-up-nobody", test_a_damaged_letter_holds_up_nobody,
          NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

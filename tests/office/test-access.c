/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may know of a letter, and from when on. */
#include "fixture.h"
#include "office/access.h"
#include "office/door.h"

#include <string.h>

#define MINUTE    (60 * (NskInstant)G_USEC_PER_SEC)
#define NOBODY_ID "01981f00-0000-7000-8000-00000000000a"

static const char sql_number[] = "UPDATE letter SET number = 'B-1/UM/07/2026' WHERE id = $1";
static const char sql_second_task[] =
    "INSERT INTO task (letter, key, name, role, outcomes, opened) SELECT letter, 'konsep#9', name,"
    " role, outcomes, opened FROM task WHERE letter = $1";
static const char sql_second_inbox[] =
    "INSERT INTO inbox (position, opened, letter, key) SELECT position, opened, letter, 'konsep#9'"
    " FROM inbox WHERE letter = $1";
static const char sql_secret[] = "UPDATE letter SET security = 'rahasia' WHERE id = $1";

static const char sql_receives[] =
    "INSERT INTO reader (position, letter, level) VALUES ('kepala-biro-sdm', $1, 'route')";
static const char sql_lies[] =
    "INSERT INTO inbox (position, opened, letter, key) SELECT 'deputi-bidang-konservasi', opened,"
    " letter, key FROM task WHERE letter = $1 LIMIT 1";
/* secret letters are not lent; the judge does not rely on that */
static const char sql_lent[] =
    "INSERT INTO loan (id, unit, person, what, why, until, state, letter, asked, given, given_by)"
    " VALUES ('loan-' || $1, 'biro-umum', 'naufal', 'x', 'x', '2099-01-01', 'given', $1, 1, 1,"
    " 'wening')";

/* Asserts who of @names (parted by blanks) finds the letter, and nobody else of @all. */
static void
assert_finders(Fixture *f, const char *letter, const char *names, const char *all)
{
    g_auto(GStrv) finders = g_strsplit(names, " ", -1);
    g_auto(GStrv) asked = g_strsplit(all, " ", -1);

    for (int i = 0; asked[i] != NULL; i++) {
        bool expected = g_strv_contains((const char *const *)finders, asked[i]);
        bool finds = fixture_finds(f, asked[i], letter);

        if (finds != expected)
            g_test_message("%s %s", asked[i], finds ? "finds it" : "does not find it");
        g_assert_true(finds == expected);
    }
}

/*
 * Route: damar drafts, sekar signs.  Addressee: the head of Biro Keuangan (wahyu, and maheswari as
 * Plh.).  Copies: two deputies (tirta, anindita), whom melati assists by position and by name.
 */
#define EVERYBODY                                                                                  \
    "damar sekar wahyu maheswari tirta anindita melati kirana budi wening ilham bagas taufan "     \
    "bramantya"
/* kirana assists the signatory; wening keeps the archive of the unit */
#define BEFORE "damar sekar kirana wening"
#define AFTER  BEFORE " wahyu maheswari tirta anindita melati"

static const Words sent = { .to = "kepala-biro-keuangan",
                            .copies = "deputi-bidang-pemantauan deputi-bidang-konservasi",
                            .reviewers = "" };

static void
test_a_letter_is_found_by_its_addressees_once_it_is_sent(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &sent);

    (void)data;
    assert_finders(f, letter, BEFORE, EVERYBODY);
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    assert_finders(f, letter, BEFORE, EVERYBODY);
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    g_assert_cmpstr(nsk_json_get_text(done, "state"), ==, "archived");
    assert_finders(f, letter, AFTER, EVERYBODY);
    assert_finders(f, nsk_json_get_text(done, "number"), AFTER, EVERYBODY);
    g_autoptr(GBytes) pdf = fixture_export(f, "melati", letter, NSK_EXPORT_PDF);
    g_autofree char *sha256 = fixture_sha256(pdf);
    g_assert_cmpstr(sha256, ==, nsk_json_get_text(done, "sha256"));
}

static void
test_how_a_letter_came_to_be_is_for_its_route(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *person;
        bool route;
    } cases[] = { { "damar", true },      { "sekar", true }, /* also an addressee */
                  { "kirana", true },     { "wening", true },  { "wahyu", false },
                  { "maheswari", false }, { "melati", false }, { "tirta", false } };
    Words words = { .to = "kepala-biro-keuangan kepala-biro-umum",
                    .copies = "deputi-bidang-pemantauan" };
    g_autofree char *letter = fixture_to_signatory(f, &words);
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    NskLetterDiffAsk versions = { letter, 1, 1 };

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskJson) history = NULL;
        g_autoptr(NskJson) diff = NULL;
        g_autoptr(NskJson) shown = fixture_show(f, cases[i].person, letter);
        size_t n_parafs = nsk_json_length(nsk_json_get(shown, "parafs"));
        g_autoptr(GBytes) pdf = fixture_export(f, cases[i].person, letter, NSK_EXPORT_PDF);
        g_autofree char *sha256 = fixture_sha256(pdf);
        g_autoptr(GBytes) xml = fixture_export(f, cases[i].person, letter, NSK_EXPORT_XML);

        g_test_message("%s", cases[i].person);
        g_assert_cmpstr(sha256, ==, nsk_json_get_text(done, "sha256"));
        g_assert_nonnull(xml);
        g_assert_cmpuint(n_parafs, ==, cases[i].route ? 2 : 0);
        g_assert_true(nsk_office_letter_history(f->office, letter, &history, &error) ==
                      cases[i].route);
        if (!cases[i].route)
            fixture_refused(&error, NSK_ERROR_DENIED, "was sent to you");
        g_assert_no_error(error);
        g_assert_true(nsk_office_letter_diff(f->office, &versions, &diff, &error) ==
                      cases[i].route);
        if (!cases[i].route)
            fixture_refused(&error, NSK_ERROR_DENIED, "was sent to you");
        g_assert_no_error(error);
    }
}

/* An id is long: its last group is enough, a part of that is not. */
static void
test_twelve_characters_mean_a_letter(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    size_t length = strlen(letter);

    (void)data;
    g_assert_true(fixture_finds(f, "damar", letter + length - 12));
    g_assert_false(fixture_finds(f, "damar", letter + length - 11));
    g_assert_false(fixture_finds(f, "damar", letter + length - 13));
    g_assert_false(fixture_finds(f, "damar", ""));
    g_assert_false(fixture_finds(f, "taufan", letter + length - 12));
}

/* Letters that one may not read make one's own no less findable. */
static void
test_letters_of_others_do_not_hide_ones_own(Fixture *f, gconstpointer data)
{
    g_autofree char *mine = NULL;

    (void)data;
    for (int i = 0; i < 5; i++) {
        g_autoptr(GBytes) xml = fixture_letter(
            &(Words){ .reviewers = "kepala-bagian-kinerja", .signatories = "kepala-biro-sdm:plt" });
        g_autofree char *other = fixture_draft_of(f, "taufan", NULL, xml);

        fixture_tamper(f, sql_number, other);
    }
    mine = fixture_draft(f, &(Words){ 0 });
    fixture_tamper(f, sql_number, mine);
    g_assert_true(fixture_finds(f, "damar", "B-1/UM/07/2026"));
    g_autoptr(NskJson) shown = fixture_show(f, "damar", "B-1/UM/07/2026");
    g_assert_cmpstr(nsk_json_get_text(shown, "letter"), ==, mine);
}

static void
test_a_secret_letter_is_for_those_named_alone(Fixture *f, gconstpointer data)
{
    Words words = sent;

    (void)data;
    words.security = "rahasia";
    g_autofree char *letter = fixture_draft(f, &words);
    assert_finders(f, letter, "damar sekar", EVERYBODY);
    g_autoptr(NskJson) shown = fixture_show(f, "damar", letter);
    g_assert_null(nsk_json_get_text(shown, "repository"));
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    assert_finders(f, letter, "damar sekar wahyu maheswari tirta anindita", EVERYBODY);
}

/* Frozen pages say "signed": until somebody did, they are for who is to sign them. */
static void
test_unsigned_pages_are_for_the_signatory_alone(Fixture *f, gconstpointer data)
{
    static const char *const others[] = { "damar", "kirana", "wening" };
    g_autofree char *letter = fixture_to_signatory(f, &(Words){ 0 });
    g_autofree char *pages = fixture_prepare(f, "sekar", letter);
    g_autoptr(GBytes) shown = fixture_export(f, "sekar", letter, NSK_EXPORT_PDF);
    g_autofree char *sha256 = fixture_sha256(shown);

    (void)data;
    g_assert_cmpstr(sha256, ==, pages);
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autoptr(GBytes) draft = fixture_export(f, others[i], letter, NSK_EXPORT_PDF);
        g_autofree char *other = fixture_sha256(draft);

        g_assert_cmpstr(other, !=, pages);
    }
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autoptr(GBytes) pdf = fixture_export(f, others[i], letter, NSK_EXPORT_PDF);
        g_autofree char *signed_pages = fixture_sha256(pdf);

        g_assert_cmpstr(signed_pages, ==, nsk_json_get_text(done, "sha256"));
    }
}

/* Which of two is not guessed. */
static void
test_of_two_tasks_one_is_named(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autofree char *second = g_strdup_printf("%s/konsep#9", letter);
    NskTaskAct act = { .task = letter, .outcome = "submit" };

    (void)data;
    fixture_tamper(f, sql_second_task, letter);
    fixture_tamper(f, sql_second_inbox, letter);
    g_autofree char *said = fixture_act_fails(f, "damar", &act, NSK_ERROR_INVALID, second);
    g_autofree char *first = g_strdup_printf("%s/konsep#1", letter);
    g_assert_nonnull(strstr(said, first));
    /* somebody with none of them learns the same as of one */
    g_autofree char *refused = fixture_act_fails(f, "sekar", &act, NSK_ERROR_DENIED, "not yours");
    g_assert_null(strstr(refused, "LETTER/KEY"));
}

/* All that a use case can be asked about a letter. */
static GError *
ask(Fixture *f, const char *letter, int what)
{
    GError *error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ 0 });
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *task = g_strdup_printf("%s/konsep#1", letter);
    NskExport form = { .form = what == 0 ? NSK_EXPORT_PDF : NSK_EXPORT_XML };
    NskLetterEdit edit = { .letter = letter, .name = "letter.xml", .xml = xml };
    NskLetterDiffAsk versions = { letter, 1, 1 };
    NskTaskAct act = { .task = what == 6 ? task : letter, .outcome = "submit", .note = NULL };
    NskSignAct sign = { letter, "0000000000000000000000000000000000000000000000000000000000000000",
                        NULL, f->passphrase, NULL };
    bool done;

    switch (what) {
    case 0:
    case 1:
        done = nsk_office_letter_export(f->office, letter, &form, &bytes, &error);
        break;
    case 2:
        done = nsk_office_letter_edit(f->office, &edit, &result, &error);
        break;
    case 3:
        done = nsk_office_letter_history(f->office, letter, &result, &error);
        break;
    case 4:
        done = nsk_office_letter_diff(f->office, &versions, &result, &error);
        break;
    case 5:
    case 6:
        done = nsk_office_task_act(f->office, &act, &result, &error);
        break;
    case 7:
        done = nsk_office_letter_withdraw(f->office, letter, "Iseng", &result, &error);
        break;
    case 8:
        done = nsk_office_letter_check(f->office, letter, issues, &error);
        break;
    case 9:
        done = nsk_office_sign_prepare(f->office, letter, &result, &error);
        break;
    default:
        done = nsk_office_sign_confirm(f->office, &sign, &result, &error);
        break;
    }
    g_assert_false(done);
    return error;
}

static void
test_to_a_stranger_a_letter_does_not_exist(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    fixture_as(f, "taufan");
    for (int what = 0; what <= 10; what++) {
        g_autoptr(GError) known = ask(f, letter, what);
        g_autoptr(GError) unknown = ask(f, NOBODY_ID, what);

        g_assert_error(known, NSK_ERROR, NSK_ERROR_NOT_FOUND);
        g_assert_error(unknown, NSK_ERROR, NSK_ERROR_NOT_FOUND);
        /* not a word more about the one than about the other */
        g_auto(GStrv) parts = g_strsplit(known->message, letter, -1);
        g_autofree char *same = g_strjoinv(NOBODY_ID, parts);
        g_assert_cmpstr(same, ==, unknown->message);
    }
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(actions, ==, "letter-created");
}

static void
test_a_reviewer_taken_off_the_route_reads_no_more(Fixture *f, gconstpointer data)
{
    Words words = { .reviewers = "kepala-bagian-rumah-tangga kepala-bagian-perencanaan",
                    .signatories = "kepala-biro-sdm:plt" };
    g_autofree char *letter = fixture_draft(f, &words);

    (void)data;
    assert_finders(f, letter, "nastiti gendis galih", "nastiti gendis galih sekar");
    words.reviewers = "kepala-bagian-perencanaan";
    words.signatories = "kepala-biro-umum:definitive";
    g_autoptr(NskJson) changed = fixture_edit(f, "damar", letter, &words);
    assert_finders(f, letter, "gendis sekar", "nastiti gendis galih sekar");
}

/* What somebody put his name to stays open to him. */
static void
test_who_gave_a_paraf_goes_on_reading(Fixture *f, gconstpointer data)
{
    Words words = { .reviewers = "kepala-bagian-rumah-tangga kepala-bagian-perencanaan" };
    g_autofree char *letter = fixture_draft(f, &words);
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) first = fixture_act(f, "nastiti", letter, "approve", NULL);
    g_autoptr(NskJson) second = fixture_act(f, "gendis", letter, "return", "Pendekkan.");

    (void)data;
    words.reviewers = "kepala-subbagian-persuratan";
    words.text = "Pendek.";
    g_autoptr(NskJson) changed = fixture_edit(f, "damar", letter, &words);
    assert_finders(f, letter, "nastiti kirana", "nastiti gendis kirana");
}

/* Letters belong to positions: they stay when their holder goes. */
static void
test_a_new_holder_finds_the_letters_of_the_old_one(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ 0 });
    g_autofree char *letter = fixture_draft_of(f, "handoko", "kepala-biro-sdm", xml);

    (void)data;
    assert_finders(f, letter, "handoko", "handoko galih");
    f->now = fixture_morning("2026-03-01"); /* nobody holds it */
    assert_finders(f, letter, "", "handoko galih");
    f->now = fixture_morning("2026-03-02");
    assert_finders(f, letter, "galih", "handoko galih");
    g_autoptr(NskJson) done = fixture_edit(f, "galih", letter, &(Words){ .text = "Baru." });
}

static void
test_the_end_of_a_day_is_that_of_the_unit(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ 0 });
    g_autofree char *letter = fixture_draft_of(f, "handoko", "kepala-biro-sdm", xml);

    (void)data;
    /* 28 February 23:50 in Jakarta, ten minutes before the end of the holding's last day */
    f->now = fixture_morning("2026-02-28") + 890 * MINUTE;
    g_assert_true(fixture_finds(f, "handoko", letter));
    f->now += 20 * MINUTE;
    g_assert_false(fixture_finds(f, "handoko", letter));
}

/* A letter made secret afterwards, by whatever way, closes at once. */
static void
test_secrecy_counts_as_it_is_now(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    assert_finders(f, letter, "damar kirana wening", "damar kirana wening ilham");
    fixture_tamper(f, sql_secret, letter);
    assert_finders(f, letter, "damar kirana", "damar kirana wening ilham");
}

/* Somebody of each relation; nastiti's is the rule's "colleague" below the same bureau. */
static const char *const relatives[][2] = {
    { "writer", "damar" },    { "reviewer", "gendis" },   { "signer", "sekar" },
    { "receiver", "galih" },  { "told", "galih" },        { "task", "anindita" },
    { "addressee", "wahyu" }, { "copy", "tirta" },        { "assistant", "kirana" },
    { "substitute", "budi" }, { "registrar", "wening" },  { "keeper", "wening" },
    { "borrower", "naufal" }, { "colleague", "nastiti" }, { "administrator", "ilham" },
    { "stranger", "taufan" },
};

/* What the person really gets of the letter: the name of a level. */
static const char *
level_got(Fixture *f, const char *person, const char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) history = NULL;
    g_autoptr(GBytes) xml = NULL;
    NskExport what = { .form = NSK_EXPORT_XML };
    bool finds = fixture_finds(f, person, letter);

    fixture_as(f, person);
    g_assert_true(nsk_office_letter_export(f->office, letter, &what, &xml, NULL) == finds);
    if (nsk_office_letter_history(f->office, letter, &history, &error)) {
        g_assert_true(finds);
        return "history";
    }
    int code = finds ? NSK_ERROR_DENIED : NSK_ERROR_NOT_FOUND;
    g_assert_error(error, NSK_ERROR, code);
    return finds ? "letter" : "none";
}

/* The same as the list of readers tells it. */
static void
assert_told(Fixture *f, const char *person, const char *letter, const char *level)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) one = NULL;
    g_autoptr(NskJson) all = NULL;
    bool listed = false;

    fixture_as(f, "damar");
    g_assert_true(nsk_office_access(f->office, letter, person, &one, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(nsk_json_get(one, "readers"), 0), "level"), ==,
                    level);
    g_assert_true(nsk_office_access(f->office, letter, NULL, &all, &error));
    const NskJson *readers = nsk_json_get(all, "readers");
    for (size_t i = 0; i < nsk_json_length(readers); i++)
        listed =
            listed || strcmp(nsk_json_get_text(nsk_json_at(readers, i), "person"), person) == 0;
    g_assert_true(listed == (strcmp(level, "none") != 0));
}

static char *
letter_of_class(Fixture *f, const char *security)
{
    Words words = sent;

    words.security = security;
    words.reviewers = "kepala-bagian-perencanaan";
    words.copies = "deputi-bidang-pemantauan";
    g_autofree char *letter = fixture_draft(f, &words);
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) approved = fixture_act(f, "gendis", letter, "approve", NULL);
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    fixture_tamper(f, sql_receives, letter);
    fixture_tamper(f, sql_lies, letter);
    fixture_tamper(f, sql_lent, letter);
    return g_steal_pointer(&letter);
}

/* The table of rules is what happens, in each of its cells. */
static void
test_the_whole_matrix(Fixture *f, gconstpointer data)
{
    static const char *const classes[] = { "biasa", "terbatas", "rahasia", "sangat-rahasia" };
    NskTurnAct leave = { .what = "leave",
                         .person = "sekar",
                         .from = FIXTURE_DAY,
                         .until = FIXTURE_DAY,
                         .substitute = "budi" };
    NskAccountAct appoint = { .act = "appoint", .person = "ilham" };
    g_autoptr(NskJson) rules = nsk_office_access_rules();
    const NskJson *rows = nsk_json_get(rules, "relations");
    g_autoptr(NskJson) entered = NULL;
    g_autoptr(NskJson) appointed = NULL;
    char *letters[G_N_ELEMENTS(classes)];

    (void)data;
    g_assert_cmpuint(nsk_json_length(rows), ==, G_N_ELEMENTS(relatives));
    for (size_t k = 0; k < G_N_ELEMENTS(classes); k++)
        letters[k] = letter_of_class(f, classes[k]);
    fixture_as(f, "sekar");
    g_assert_true(nsk_office_roster(f->office, &leave, &entered, NULL));
    g_assert_true(nsk_office_account_act(f->office, &appoint, &appointed, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(relatives); i++) {
        const NskJson *row = nsk_json_at(rows, i);

        g_assert_cmpstr(nsk_json_get_text(row, "relation"), ==, relatives[i][0]);
        for (size_t k = 0; k < G_N_ELEMENTS(classes); k++) {
            const char *level = nsk_json_get_text(row, classes[k]);

            g_test_message("%s of %s", relatives[i][0], classes[k]);
            g_assert_cmpstr(level_got(f, relatives[i][1], letters[k]), ==, level);
            assert_told(f, relatives[i][1], letters[k], level);
        }
    }
    for (size_t k = 0; k < G_N_ELEMENTS(classes); k++)
        g_free(letters[k]);
}

/* Who only received a letter asks about himself alone, and a stranger about nobody. */
static void
test_who_may_read_is_told_to_those_who_see_the_history(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = letter_of_class(f, "biasa");
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;

    (void)data;
    fixture_as(f, "wahyu");
    g_assert_true(nsk_office_access(f->office, letter, "wahyu", &result, &error));
    g_assert_false(nsk_office_access(f->office, letter, NULL, &result, &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "was sent to you");
    g_assert_false(nsk_office_access(f->office, letter, "damar", &result, &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "was sent to you");
    fixture_as(f, "taufan");
    g_assert_false(nsk_office_access(f->office, letter, "taufan", &result, &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "not one you may read");
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/access/a-letter-is-found-by-its-addressees-once-it-is-sent",
          test_a_letter_is_found_by_its_addressees_once_it_is_sent, NULL },
        { "/office/access/how-a-letter-came-to-be-is-for-its-route",
          test_how_a_letter_came_to_be_is_for_its_route, NULL },
        { "/office/access/twelve-characters-mean-a-letter", test_twelve_characters_mean_a_letter,
          NULL },
        { "/office/access/letters-of-others-do-not-hide-ones-own",
          test_letters_of_others_do_not_hide_ones_own, NULL },
        { "/office/access/unsigned-pages-are-for-the-signatory-alone",
          test_unsigned_pages_are_for_the_signatory_alone, NULL },
        { "/office/access/of-two-tasks-one-is-named", test_of_two_tasks_one_is_named, NULL },
        { "/office/access/a-secret-letter-is-for-those-named-alone",
          test_a_secret_letter_is_for_those_named_alone, NULL },
        { "/office/access/to-a-stranger-a-letter-does-not-exist",
          test_to_a_stranger_a_letter_does_not_exist, NULL },
        { "/office/access/a-reviewer-taken-off-the-route-reads-no-more",
          test_a_reviewer_taken_off_the_route_reads_no_more, NULL },
        { "/office/access/who-gave-a-paraf-goes-on-reading", test_who_gave_a_paraf_goes_on_reading,
          NULL },
        { "/office/access/a-new-holder-finds-the-letters-of-the-old-one",
          test_a_new_holder_finds_the_letters_of_the_old_one, "2026-02-20" },
        { "/office/access/the-end-of-a-day-is-that-of-the-unit",
          test_the_end_of_a_day_is_that_of_the_unit, "2026-02-20" },
        { "/office/access/the-whole-matrix", test_the_whole_matrix, NULL },
        { "/office/access/who-may-read-is-told-to-those-who-see-the-history",
          test_who_may_read_is_told_to_those_who_see_the_history, NULL },
        { "/office/access/secrecy-counts-as-it-is-now", test_secrecy_counts_as_it_is_now, NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

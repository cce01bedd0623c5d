/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signin/signin.h"

#include <sodium.h>
#include <string.h>

#define SECOND ((NskInstant)G_USEC_PER_SEC)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define NOON   ((NskInstant)1795000000 * SECOND)

/* --- One change, or one look. --- */

typedef bool (*Work)(NskDbTxn *txn, void *data, GError **error);
typedef struct {
    Work work;
    void *data;
} Job;

static bool
apply(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Job *job = data;

    return job->work(txn, job->data, error);
}

static void
must(NskDb *db, Work work, void *data)
{
    g_autoptr(GError) error = NULL;
    Job job = { work, data };

    g_assert_true(nsk_db_commit(db, &(NskChange){ .apply = apply, .data = &job }, NULL, &error));
    g_assert_no_error(error);
}

static NskLocked *
locked(const char *text)
{
    g_autoptr(GError) error = NULL;
    NskLocked *secret = nsk_locked_new(text, strlen(text), &error);

    g_assert_no_error(error);
    return secret;
}

static NskDb *
open_db(void)
{
    g_autoptr(GError) error = NULL;
    NskDb *db = nsk_db_open(":memory:", NSK_DB_WRITE, &error);

    g_assert_no_error(error);
    return db;
}

/* --- Passwords --- */

static void
test_passwords_that_are_tried_first_are_refused(void)
{
    static const struct {
        const char *password;
        const char *why; /* NULL: good */
    } rows[] = {
        { "pendek", "too short" },
        { "sembilan9", "too short" },
        { "bukit hijau di pagi hari", NULL },
        { "sepuluh-10", NULL },
        { "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9",
          "too short" }, /* five characters of two bytes */
        { "Password123", "tried first" },
        { "RAHASIA123", "tried first" },
        { "1234567890", "tried first" },
        { "9876543210", "tried first" },
        { "aaaaaaaaaaaa", "tried first" },
        { "budi.hargotama", "the name" },
        { "BUDI.HARGOTAMA", "the name" },
        { "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "no characters" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskLocked) password = locked(rows[i].password);
        bool good = nsk_password_check(password, "budi.hargotama", &error);

        g_test_message("%s", rows[i].password);
        g_assert_cmpint(good, ==, rows[i].why == NULL);
        if (!good) {
            g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
            g_assert_nonnull(strstr(error->message, rows[i].why));
        }
    }
}

static void
test_a_hash_is_of_one_password(void)
{
    bool old = true;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskLocked) right = locked("bukit hijau di pagi hari");
    g_autoptr(NskLocked) wrong = locked("bukit hijau di pagi har");
    g_autofree char *hash = nsk_password_hash(right, &error);
    g_autofree char *again = nsk_password_hash(right, &error);

    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(hash, "$argon2id$v=19$m=65536,t=3,p=1$"));
    g_assert_cmpstr(hash, !=, again);
    g_assert_true(nsk_password_verify(hash, right, &old));
    g_assert_false(old);
    g_assert_false(nsk_password_verify(hash, wrong, &old));
    g_assert_false(nsk_password_verify(NULL, right, NULL));
    g_assert_false(nsk_password_verify("no hash at all", right, NULL));
}

static void
test_a_cheaper_hash_is_told(void)
{
    bool old = false;
    char hash[crypto_pwhash_STRBYTES];
    g_autoptr(NskLocked) right = locked("bukit hijau");

    g_assert_cmpint(crypto_pwhash_str(hash, "bukit hijau", 11, 1, 8192 * 1024), ==, 0);
    g_assert_true(nsk_password_verify(hash, right, &old));
    g_assert_true(old);
}

/* --- Accounts --- */

static bool
put_account(NskDbTxn *txn, void *data, GError **error)
{
    return nsk_account_put(txn, data, NOON, error);
}

static void
add_account(NskDb *db, const char *person, const char *name)
{
    g_autofree char *person_copy = g_strdup(person);
    g_autofree char *name_copy = g_strdup(name);
    NskAccount account = { .person = person_copy, .name = name_copy };

    must(db, put_account, &account);
}

static void
test_a_name_is_one_however_it_is_typed(void)
{
    static const char *const typed[] = { "budi", "BUDI", "  Budi ", "bUdI\t" };
    g_autoptr(GError) error = NULL;
    NskDb *db = open_db();

    add_account(db, "budi-id", "Budi");
    NskDbTxn *txn = nsk_db_snapshot(db, &error);
    for (size_t i = 0; i < G_N_ELEMENTS(typed); i++) {
        g_autoptr(NskAccount) found = NULL;

        g_assert_true(nsk_account_find(txn, typed[i], &found, &error));
        g_assert_nonnull(found);
        g_assert_cmpstr(found->person, ==, "budi-id");
        g_assert_cmpstr(found->name, ==, "budi");
        g_assert_null(found->hash);
    }
    g_autoptr(NskAccount) none = NULL;
    g_assert_true(nsk_account_find(txn, "budi-id", &none, &error));
    g_assert_null(none);
    nsk_db_snapshot_free(txn);
    nsk_db_free(db);
}

static bool
put_refused(NskDbTxn *txn, void *data, G_GNUC_UNUSED GError **error)
{
    static const struct {
        const char *name;
        int code;
    } rows[] = {
        { "BUDI", NSK_ERROR_CONFLICT }, { "", NSK_ERROR_INVALID },
        { "a b", NSK_ERROR_INVALID },   { "a'--", NSK_ERROR_INVALID },
        { "a\xff", NSK_ERROR_INVALID }, { "\xc3\xa9", NSK_ERROR_INVALID },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) refusal = NULL;
        g_autofree char *name = g_strdup(rows[i].name);
        NskAccount account = { .person = data, .name = name };

        g_assert_false(nsk_account_put(txn, &account, NOON, &refusal));
        g_assert_error(refusal, NSK_ERROR, rows[i].code);
    }
    return true;
}

static void
test_a_name_that_is_taken_or_none_is_refused(void)
{
    char other[] = "wening-id";
    NskDb *db = open_db();

    add_account(db, "budi-id", "budi");
    must(db, put_refused, other);
    nsk_db_free(db);
}

/* --- Sessions --- */

typedef struct {
    const char *token, *next, *person, *id;
    NskInstant at;
} Act;

static bool
begin(NskDbTxn *txn, void *data, GError **error)
{
    const Act *act = data;
    NskSessionNew session = { .person = act->person,
                              .agent = "Peramban \xff uji",
                              .address = "192.0.2.7" };

    return nsk_session_begin(txn, act->token, &session, act->at, error);
}

static bool
touch(NskDbTxn *txn, void *data, GError **error)
{
    const Act *act = data;

    return nsk_session_touch(txn, act->token, act->at, error);
}

static bool
prove(NskDbTxn *txn, void *data, GError **error)
{
    const Act *act = data;

    return nsk_session_prove(txn, act->token, act->next, act->at, error);
}

static bool
end(NskDbTxn *txn, void *data, GError **error)
{
    const Act *act = data;

    return nsk_session_end(txn, act->person, act->id, act->token, NULL, error);
}

static NskSession *
find(NskDb *db, const char *token, NskInstant now)
{
    NskSession *session = NULL;
    g_autoptr(GError) error = NULL;
    NskDbTxn *txn = nsk_db_snapshot(db, &error);

    g_assert_true(nsk_session_by_token(txn, token, now, &session, &error));
    nsk_db_snapshot_free(txn);
    return session;
}

static bool
is_there(NskDb *db, const char *token, NskInstant now)
{
    g_autoptr(NskSession) session = find(db, token, now);

    return session != NULL;
}

static void
test_a_session_ends_when_idle_and_after_its_longest(void)
{
    NskDb *db = open_db();

    add_account(db, "budi-id", "budi");
    must(db, begin, &(Act){ .token = "t1", .person = "budi-id", .at = NOON });
    g_autoptr(NskSession) session = find(db, "t1", NOON + MINUTE);
    g_assert_cmpstr(session->person, ==, "budi-id");
    g_assert_cmpstr(session->address, ==, "192.0.2.7");
    g_assert_true(g_utf8_validate(session->agent, -1, NULL));
    g_assert_true(nsk_session_is_stale(session, NOON + MINUTE));
    g_assert_false(nsk_session_is_stale(session, NOON + MINUTE - 1));
    g_assert_true(is_there(db, "t1", NOON + 30 * MINUTE - 1));
    g_assert_false(is_there(db, "t1", NOON + 30 * MINUTE));
    g_assert_false(is_there(db, "t2", NOON));
    for (NskInstant at = NOON; at < NOON + 12 * HOUR; at += 20 * MINUTE) {
        g_assert_true(is_there(db, "t1", at));
        must(db, touch, &(Act){ .token = "t1", .at = at });
    }
    g_assert_false(is_there(db, "t1", NOON + 12 * HOUR));
    nsk_db_free(db);
}

static void
test_a_proof_changes_the_token_and_is_fresh_for_minutes(void)
{
    NskDb *db = open_db();

    add_account(db, "budi-id", "budi");
    must(db, begin, &(Act){ .token = "t1", .person = "budi-id", .at = NOON });
    g_autoptr(NskSession) before = find(db, "t1", NOON + 10 * MINUTE);
    g_assert_false(nsk_session_is_proved(before, NOON + 10 * MINUTE));
    must(db, prove, &(Act){ .token = "t1", .next = "t2", .at = NOON + 10 * MINUTE });
    g_assert_false(is_there(db, "t1", NOON + 10 * MINUTE));
    g_autoptr(NskSession) after = find(db, "t2", NOON + 10 * MINUTE);
    g_assert_cmpstr(after->id, ==, before->id);
    g_assert_true(nsk_session_is_proved(after, NOON + 15 * MINUTE - 1));
    g_assert_false(nsk_session_is_proved(after, NOON + 15 * MINUTE));
    nsk_db_free(db);
}

static void
test_sessions_are_listed_and_ended(void)
{
    g_autoptr(GError) error = NULL;
    NskDb *db = open_db();

    add_account(db, "budi-id", "budi");
    add_account(db, "wening-id", "wening");
    must(db, begin, &(Act){ .token = "t1", .person = "budi-id", .at = NOON });
    must(db, begin, &(Act){ .token = "t2", .person = "budi-id", .at = NOON + MINUTE });
    must(db, begin, &(Act){ .token = "t3", .person = "budi-id", .at = NOON + 2 * MINUTE });
    must(db, begin, &(Act){ .token = "w", .person = "wening-id", .at = NOON });
    NskDbTxn *txn = nsk_db_snapshot(db, &error);
    g_autoptr(GPtrArray) list = nsk_session_list(txn, "budi-id", NOON + 3 * MINUTE, &error);
    nsk_db_snapshot_free(txn);
    g_assert_cmpuint(list->len, ==, 3);
    const NskSession *last = list->pdata[0], *first = list->pdata[2];
    g_assert_cmpint(last->seen, ==, NOON + 2 * MINUTE);
    must(db, end, &(Act){ .person = "wening-id", .id = first->id }); /* another's: nothing */
    g_assert_true(is_there(db, "t1", NOON + 3 * MINUTE));
    must(db, end, &(Act){ .person = "budi-id", .id = first->id });
    g_assert_false(is_there(db, "t1", NOON + 3 * MINUTE));
    must(db, end, &(Act){ .person = "budi-id", .token = "t3" });
    g_assert_false(is_there(db, "t2", NOON + 3 * MINUTE));
    g_assert_true(is_there(db, "t3", NOON + 3 * MINUTE));
    add_account(db, "budi-id", "budi"); /* a new password */
    g_assert_false(is_there(db, "t3", NOON + 3 * MINUTE));
    g_assert_true(is_there(db, "w", NOON + 3 * MINUTE));
    nsk_db_free(db);
}

typedef struct {
    const char *token;
    const NskSessionHint *hint;
} Hinted;

static bool
begin_hinted(NskDbTxn *txn, void *data, GError **error)
{
    const Hinted *hinted = data;
    const NskSessionNew session = { "budi-id", NULL, "192.0.2.7", NULL, hinted->hint };

    return nsk_session_begin(txn, hinted->token, &session, NOON, error);
}

static char *
hint_of(NskDb *db, const char *token, const uint8_t *key)
{
    char *text = NULL;
    g_autoptr(GError) error = NULL;
    NskDbTxn *txn = nsk_db_snapshot(db, &error);

    g_assert_true(nsk_session_find_hint(txn, token, key, &text, &error));
    nsk_db_snapshot_free(txn);
    return text;
}

static void
test_what_a_provider_is_told_is_kept_under_a_key(void)
{
    static const uint8_t ours[NSK_CODE_KEY_SIZE] = "kunci uji yang tidak rahasia ...";
    static const uint8_t other[NSK_CODE_KEY_SIZE] = "kunci lain yang tidak rahasia ..";
    const NskSessionHint hint = { "https://sso.example.go.id\nabc.def.ghi", ours };
    NskDb *db = open_db();

    add_account(db, "budi-id", "budi");
    must(db, begin_hinted, &(Hinted){ "t1", &hint });
    must(db, begin_hinted, &(Hinted){ "t2", NULL });
    g_autofree char *text = hint_of(db, "t1", ours);
    g_assert_cmpstr(text, ==, hint.text);
    g_assert_null(hint_of(db, "t1", other));
    g_assert_null(hint_of(db, "t2", ours));
    g_assert_null(hint_of(db, "t3", ours));
    nsk_db_free(db);
}

/* --- Throttling --- */

typedef struct {
    NskTry attempt;
    NskInstant at;
    int times;
} Fails;

static bool
fail(NskDbTxn *txn, void *data, GError **error)
{
    const Fails *fails = data;
    bool ok = true;

    for (int i = 0; ok && i < fails->times; i++)
        ok = nsk_try_failed(txn, &fails->attempt, fails->at, error);
    return ok;
}

static bool
pass(NskDbTxn *txn, void *data, GError **error)
{
    const Fails *fails = data;

    return nsk_try_passed(txn, &fails->attempt, error);
}

static int64_t
wait_of(NskDb *db, NskTry attempt, NskInstant now)
{
    int64_t seconds = -1;
    g_autoptr(GError) error = NULL;
    NskDbTxn *txn = nsk_db_snapshot(db, &error);

    g_assert_true(nsk_try_wait(txn, &attempt, now, &seconds, &error));
    nsk_db_snapshot_free(txn);
    return seconds;
}

static bool
add_device(NskDbTxn *txn, void *data, GError **error)
{
    return nsk_device_begin(txn, data, "budi-id", NOON, error);
}

static void
test_who_guesses_from_one_place_waits_longer_each_time(void)
{
    static const struct {
        int failures;
        int64_t seconds;
    } rows[] = { { 4, 0 }, { 1, 1 }, { 1, 2 }, { 1, 4 }, { 1, 8 }, { 6, 512 }, { 5, 900 } };
    NskTry thief = { "budi", "192.0.2.66", NULL };
    NskDb *db = open_db();

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        must(db, fail, &(Fails){ thief, NOON, rows[i].failures });
        g_assert_cmpint(wait_of(db, thief, NOON), ==, rows[i].seconds);
    }
    g_assert_cmpint(wait_of(db, thief, NOON + 100 * SECOND), ==, 800);
    g_assert_cmpint(wait_of(db, (NskTry){ "BUDI ", "192.0.2.66", NULL }, NOON), ==, 900);
    g_assert_cmpint(wait_of(db, (NskTry){ "budi", "192.0.2.7", NULL }, NOON), ==, 0);
    g_assert_cmpint(wait_of(db, (NskTry){ "wening", "192.0.2.66", NULL }, NOON), ==, 0);
    g_assert_cmpint(wait_of(db, thief, NOON + 25 * HOUR), ==, 0);
    must(db, fail, &(Fails){ thief, NOON + 25 * HOUR, 1 });
    g_assert_cmpint(wait_of(db, thief, NOON + 25 * HOUR), ==, 0);
    nsk_db_free(db);
}

static void
test_nobody_is_shut_out_of_a_device_of_his(void)
{
    char device[] = "d1";
    NskTry own = { "budi", "192.0.2.66", device };
    NskDb *db = open_db();

    add_account(db, "budi-id", "budi");
    add_account(db, "wening-id", "wening");
    must(db, add_device, device);
    for (int i = 0; i < 300; i++) {
        g_autofree char *address = g_strdup_printf("198.51.100.%d", i % 250);

        must(db, fail, &(Fails){ { "budi", address, NULL }, NOON, 1 });
    }
    must(db, fail, &(Fails){ { "budi", "192.0.2.66", NULL }, NOON, 30 });
    g_assert_cmpint(wait_of(db, own, NOON), ==, 0);
    g_assert_cmpint(wait_of(db, (NskTry){ "budi", "203.0.113.9", NULL }, NOON), ==, 30);
    /* the device of one is no device of another, and an invented one is none */
    g_assert_cmpint(wait_of(db, (NskTry){ "budi", "192.0.2.66", "d2" }, NOON), ==, 900);
    must(db, fail, &(Fails){ { "wening", "192.0.2.1", device }, NOON, 7 });
    g_assert_cmpint(wait_of(db, (NskTry){ "wening", "192.0.2.1", NULL }, NOON), ==, 4);
    g_assert_cmpint(wait_of(db, own, NOON), ==, 0);
    nsk_db_free(db);
}

static void
test_who_tries_every_name_waits(void)
{
    NskDb *db = open_db();

    for (int i = 0; i < 60; i++) {
        g_autofree char *name = g_strdup_printf("pegawai%d", i);

        must(db, fail, &(Fails){ { name, "192.0.2.66", NULL }, NOON, 1 });
    }
    g_assert_cmpint(wait_of(db, (NskTry){ "lain", "192.0.2.66", NULL }, NOON), ==, 900);
    g_assert_cmpint(wait_of(db, (NskTry){ "lain", "192.0.2.7", NULL }, NOON), ==, 0);
    /* one right password does not clear the way to the others' */
    must(db, pass, &(Fails){ .attempt = { "pegawai1", "192.0.2.66", NULL } });
    g_assert_cmpint(wait_of(db, (NskTry){ "lain", "192.0.2.66", NULL }, NOON), ==, 900);
    nsk_db_free(db);
}

/* Who it is is not known before the provider has said so. */
static void
test_who_fails_by_a_provider_is_counted_apart(void)
{
    char device[] = "d1";
    NskTry unknown = { NULL, "192.0.2.66", NULL };
    NskTry familiar = { NULL, "192.0.2.66", device };
    NskDb *db = open_db();

    add_account(db, "budi-id", "budi");
    must(db, add_device, device);
    must(db, fail, &(Fails){ unknown, NOON, 49 });
    g_assert_cmpint(wait_of(db, unknown, NOON), ==, 0);
    must(db, fail, &(Fails){ unknown, NOON, 3 });
    g_assert_cmpint(wait_of(db, unknown, NOON), ==, 4);
    g_assert_cmpint(wait_of(db, (NskTry){ NULL, "192.0.2.66", "d2" }, NOON), ==, 4);
    g_assert_cmpint(wait_of(db, (NskTry){ NULL, "192.0.2.7", NULL }, NOON), ==, 0);
    /* neither passwords from there nor a device that came in before wait for that */
    g_assert_cmpint(wait_of(db, (NskTry){ "budi", "192.0.2.66", NULL }, NOON), ==, 0);
    g_assert_cmpint(wait_of(db, familiar, NOON), ==, 0);
    must(db, fail, &(Fails){ familiar, NOON, 51 });
    g_assert_cmpint(wait_of(db, familiar, NOON), ==, 2);
    g_assert_cmpint(wait_of(db, (NskTry){ "budi", "192.0.2.66", device }, NOON), ==, 0);
    /* where addresses are not known all of them would be one */
    must(db, fail, &(Fails){ { NULL, "", NULL }, NOON, 60 });
    g_assert_cmpint(wait_of(db, (NskTry){ NULL, "", NULL }, NOON), ==, 0);
    nsk_db_free(db);
}

/* --- Codes --- */

static const uint8_t key[NSK_CODE_KEY_SIZE] = "kunci uji yang tidak rahasia ...";
static const NskCodeSecret rfc_secret = { "12345678901234567890" };
static const char *const recovery[] = { "aaaa-bbbb-cccc-dddd", "eeee-ffff-gggg-hhhh", NULL };

/* RFC 6238, appendix B, the last six of eight digits. */
static void
test_codes_are_those_of_the_standard(void)
{
    static const struct {
        int64_t seconds;
        const char *code;
    } rows[] = { { 59, "287082" },
                 { 1111111109, "081804" },
                 { 1111111111, "050471" },
                 { 1234567890, "005924" },
                 { 2000000000, "279037" } };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t step = -1;
        NskInstant at = rows[i].seconds * SECOND;

        g_assert_true(nsk_code_check(&rfc_secret, rows[i].code, at, &step));
        g_assert_cmpint(step, ==, rows[i].seconds / 30);
        g_assert_true(nsk_code_check(&rfc_secret, rows[i].code, at + 30 * SECOND, &step));
        g_assert_cmpint(step, ==, rows[i].seconds / 30);
        g_assert_false(nsk_code_check(&rfc_secret, rows[i].code, at + 60 * SECOND, &step));
        g_assert_false(nsk_code_check(&rfc_secret, "28708", at, &step));
        g_assert_false(nsk_code_check(&rfc_secret, "+287082", at, &step));
    }
}

static const NskCodeOwner budi = { "budi-id", key };

typedef struct {
    const char *code;
    NskInstant at;
    bool right;
} Take;

static bool
take(NskDbTxn *txn, void *data, GError **error)
{
    Take *self = data;

    return nsk_codes_take(txn, &budi, self->code, self->at, &self->right, error);
}

static bool
takes(NskDb *db, const char *code, int64_t seconds)
{
    Take self = { code, seconds * SECOND, false };

    must(db, take, &self);
    return self.right;
}

static bool
begin_codes(NskDbTxn *txn, G_GNUC_UNUSED void *data, GError **error)
{
    return nsk_codes_begin(txn, &budi, &rfc_secret, 1, recovery, error);
}

static bool
take_by_other_key(NskDbTxn *txn, G_GNUC_UNUSED void *data, G_GNUC_UNUSED GError **error)
{
    static const uint8_t other[NSK_CODE_KEY_SIZE] = "kunci lain";
    const NskCodeOwner owner = { "budi-id", other };
    bool right = true;
    g_autoptr(GError) fault = NULL;

    g_assert_false(nsk_codes_take(txn, &owner, "081804", NOON, &right, &fault));
    g_assert_error(fault, NSK_ERROR, NSK_ERROR_CORRUPT);
    return true;
}

static bool
left_is_one(NskDbTxn *txn, G_GNUC_UNUSED void *data, GError **error)
{
    int64_t left = -1;

    g_assert_true(nsk_codes_left(txn, "budi-id", &left, error));
    g_assert_cmpint(left, ==, 1);
    return true;
}

static void
test_a_code_is_taken_once(void)
{
    NskDb *db = open_db();

    add_account(db, "budi-id", "budi");
    g_assert_false(takes(db, "081804", 1111111109)); /* none are asked of him yet */
    must(db, begin_codes, NULL);
    g_assert_false(takes(db, "287082", 59)); /* with that he began */
    g_assert_true(takes(db, "081804", 1111111109));
    g_assert_false(takes(db, "081804", 1111111109));
    g_assert_true(takes(db, "050471", 1111111111));
    g_assert_false(takes(db, "081804", 1111111111)); /* of the step before it */
    g_assert_true(takes(db, " AAAA bbbb CCCC-dddd", 1111111111));
    g_assert_false(takes(db, "aaaa-bbbb-cccc-dddd", 1111111111));
    must(db, left_is_one, NULL);
    must(db, take_by_other_key, NULL);
    nsk_db_free(db);
}

static void
test_what_is_new_is_new_each_time(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (int i = 0; i < 20; i++) {
        g_auto(GStrv) codes = nsk_recovery_codes_new();
        char *token = nsk_token_new();

        g_assert_cmpuint(g_strv_length(codes), ==, NSK_RECOVERY_CODES);
        for (int k = 0; codes[k] != NULL; k++) {
            g_assert_cmpuint(strlen(codes[k]), ==, 19);
            g_assert_true(g_hash_table_add(seen, g_strdup(codes[k])));
        }
        g_assert_cmpuint(strlen(token), ==, 64);
        g_assert_true(g_hash_table_add(seen, token));
    }
}

static void
test_an_app_reads_the_address_of_a_secret(void)
{
    g_autofree char *address =
        nsk_code_secret_address(&rfc_secret, "Badan Air & Tanah", "budi@contoh");

    g_assert_cmpstr(address, ==,
                    "otpauth://totp/Badan%20Air%20%26%20Tanah:budi%40contoh?secret="
                    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Badan%20Air%20%26%20Tanah");
}

/* --- Tokens of programs --- */

static char owner[] = "budi";
static char damar[] = "damar";
static char scanner[] = "pemindai";
static char reading[] = "letters:read";
static char scopes[] = "letters:read,incoming:write letters:read";

/* One that is kept, and what is asked of it. */
typedef struct {
    const char *text;
    NskApiToken token;
    NskApiToken *found;
    NskInstant at;
    const char *end;
    bool failed;
} TokenWork;

static bool
keep_token(NskDbTxn *txn, void *data, GError **error)
{
    TokenWork *work = data;

    return nsk_api_token_keep(txn, work->text, &work->token, error);
}

static bool
find_token(NskDbTxn *txn, void *data, GError **error)
{
    TokenWork *work = data;

    g_clear_pointer(&work->found, nsk_api_token_free);
    return nsk_api_token_find(txn, work->text, work->at, &work->found, error);
}

static bool
end_token(NskDbTxn *txn, void *data, GError **error)
{
    TokenWork *work = data;

    return nsk_api_token_end(txn, work->token.person, work->end, error);
}

static bool
touch_token(NskDbTxn *txn, void *data, GError **error)
{
    TokenWork *work = data;

    return nsk_api_token_touch(txn, work->found->id, work->at, error);
}

static bool
drop_account(NskDbTxn *txn, void *data, GError **error)
{
    TokenWork *work = data;

    return nsk_account_drop(txn, work->token.person, error);
}

/* The code with which @work is refused. */
static int
refusal(NskDb *db, Work work, void *data)
{
    g_autoptr(GError) error = NULL;
    Job job = { work, data };

    g_assert_false(nsk_db_commit(db, &(NskChange){ .apply = apply, .data = &job }, NULL, &error));
    g_assert_true(error->domain == NSK_ERROR);
    return error->code;
}

static void
test_a_token_ends_when_it_said(void)
{
    g_autofree char *text = nsk_api_token_new();
    g_autoptr(NskDb) db = open_db();
    TokenWork work = { .text = text,
                       .token = { .person = owner,
                                  .label = scanner,
                                  .scopes = scopes,
                                  .made = NOON,
                                  .until = NOON + HOUR },
                       .at = NOON + HOUR - 1 };

    must(db, keep_token, &work);
    must(db, find_token, &work);
    g_assert_nonnull(work.found);
    g_assert_cmpstr(work.found->scopes, ==, "incoming:write letters:read");
    g_assert_true(nsk_api_token_allows(work.found, "letters:read"));
    g_assert_true(nsk_api_token_allows(work.found, ""));
    g_assert_false(nsk_api_token_allows(work.found, "letters"));
    g_assert_false(nsk_api_token_allows(work.found, "letters:write"));
    g_assert_false(nsk_api_token_allows(work.found, "incoming:write letters:read"));
    g_assert_true(nsk_api_token_is_stale(work.found, work.at));
    must(db, touch_token, &work);
    must(db, find_token, &work);
    g_assert_cmpint(work.found->used, ==, work.at);
    g_assert_false(nsk_api_token_is_stale(work.found, work.at + HOUR - 1));
    work.at = NOON + HOUR;
    must(db, find_token, &work);
    g_assert_null(work.found);
}

static void
test_a_token_is_ended_by_its_person_alone(void)
{
    g_autofree char *text = nsk_api_token_new();
    g_autofree char *id = nsk_api_token_id(text);
    g_autoptr(NskDb) db = open_db();
    TokenWork work = { .text = text,
                       .token = { .person = owner,
                                  .label = scanner,
                                  .scopes = reading,
                                  .made = NOON,
                                  .until = NOON + HOUR },
                       .at = NOON,
                       .end = id };
    TokenWork other = work;

    must(db, keep_token, &work);
    other.token.person = damar;
    g_assert_cmpint(refusal(db, end_token, &other), ==, NSK_ERROR_NOT_FOUND);
    must(db, find_token, &work);
    g_assert_nonnull(work.found);
    must(db, end_token, &work);
    must(db, find_token, &work);
    g_assert_null(work.found);
    g_assert_cmpint(refusal(db, end_token, &work), ==, NSK_ERROR_NOT_FOUND);
    must(db, keep_token, &work);
    must(db, drop_account, &work); /* who is locked out has no programs that go on */
    must(db, find_token, &work);
    g_assert_null(work.found);
}

static void
test_tokens_that_cannot_be_are_refused(void)
{
    static const struct {
        const char *label, *scopes;
        NskInstant lives;
    } rows[] = {
        { "", "letters:read", HOUR },
        { "pemindai", "", HOUR },
        { "pemindai", " , ", HOUR },
        { "pemindai", "letters:read sign", HOUR },
        { "pemindai", "Letters:read", HOUR },
        { "pemindai", "letters:read", 0 },
        { "pemindai", "letters:read", -HOUR },
        { "pemindai", "letters:read", NSK_API_TOKEN_LONGEST + 1 },
        { "\xff\xfe", "letters:read", HOUR },
    };
    g_autofree char *text = nsk_api_token_new();
    g_autoptr(NskDb) db = open_db();

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        TokenWork work = { .text = text,
                           .token = { .person = owner,
                                      .label = (char *)(uintptr_t)rows[i].label,
                                      .scopes = (char *)(uintptr_t)rows[i].scopes,
                                      .made = NOON,
                                      .until = NOON + rows[i].lives } };

        g_test_message("%zu", i);
        g_assert_cmpint(refusal(db, keep_token, &work), ==, NSK_ERROR_INVALID);
    }
}

static void
test_a_token_that_was_cut_off_is_none(void)
{
    g_autofree char *text = nsk_api_token_new();
    g_autofree char *changed = g_strdup(text);
    g_autofree char *cut = g_strndup(text, strlen(text) - 1);
    g_autofree char *longer = g_strconcat(text, "0", NULL);

    changed[10] = changed[10] == '0' ? '1' : '0';
    g_assert_true(nsk_api_token_is_whole(text));
    g_assert_false(nsk_api_token_is_whole(changed));
    g_assert_false(nsk_api_token_is_whole(cut));
    g_assert_false(nsk_api_token_is_whole(longer));
    g_assert_false(nsk_api_token_is_whole(""));
    g_assert_false(nsk_api_token_is_whole("naskah_"));
}

static void
test_a_person_has_so_many_tokens(void)
{
    g_autoptr(NskDb) db = open_db();
    int refused = 0;

    for (int i = 0; i < 51; i++) {
        g_autofree char *text = nsk_api_token_new();
        TokenWork work = { .text = text,
                           .token = { .person = owner,
                                      .label = scanner,
                                      .scopes = reading,
                                      .made = NOON,
                                      .until = NOON + HOUR } };

        if (i < 50)
            must(db, keep_token, &work);
        else
            refused = refusal(db, keep_token, &work);
    }
    g_assert_cmpint(refused, ==, NSK_ERROR_LIMIT);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/signin/passwords-that-are-tried-first-are-refused",
                    test_passwords_that_are_tried_first_are_refused);
    g_test_add_func("/signin/a-hash-is-of-one-password", test_a_hash_is_of_one_password);
    g_test_add_func("/signin/a-cheaper-hash-is-told", test_a_cheaper_hash_is_told);
    g_test_add_func("/signin/a-name-is-one-however-it-is-typed",
                    test_a_name_is_one_however_it_is_typed);
    g_test_add_func("/signin/a-name-that-is-taken-or-none-is-refused",
                    test_a_name_that_is_taken_or_none_is_refused);
    g_test_add_func("/signin/a-session-ends-when-idle-and-after-its-longest",
                    test_a_session_ends_when_idle_and_after_its_longest);
    g_test_add_func("/signin/a-proof-changes-the-token-and-is-fresh-for-minutes",
                    test_a_proof_changes_the_token_and_is_fresh_for_minutes);
    g_test_add_func("/signin/sessions-are-listed-and-ended", test_sessions_are_listed_and_ended);
    g_test_add_func("/signin/who-guesses-from-one-place-waits-longer-each-time",
                    test_who_guesses_from_one_place_waits_longer_each_time);
    g_test_add_func("/signin/nobody-is-shut-out-of-a-device-of-his",
                    test_nobody_is_shut_out_of_a_device_of_his);
    g_test_add_func("/signin/what-a-provider-is-told-is-kept-under-a-key",
                    test_what_a_provider_is_told_is_kept_under_a_key);
    g_test_add_func("/signin/who-tries-every-name-waits", test_who_tries_every_name_waits);
    g_test_add_func("/signin/who-fails-by-a-provider-is-counted-apart",
                    test_who_fails_by_a_provider_is_counted_apart);
    g_test_add_func("/signin/codes-are-those-of-the-standard",
                    test_codes_are_those_of_the_standard);
    g_test_add_func("/signin/a-code-is-taken-once", test_a_code_is_taken_once);
    g_test_add_func("/signin/what-is-new-is-new-each-time", test_what_is_new_is_new_each_time);
    g_test_add_func("/signin/an-app-reads-the-address-of-a-secret",
                    test_an_app_reads_the_address_of_a_secret);
    g_test_add_func("/signin/a-token-ends-when-it-said", test_a_token_ends_when_it_said);
    g_test_add_func("/signin/a-token-is-ended-by-its-person-alone",
                    test_a_token_is_ended_by_its_person_alone);
    g_test_add_func("/signin/tokens-that-cannot-be-are-refused",
                    test_tokens_that_cannot_be_are_refused);
    g_test_add_func("/signin/a-token-that-was-cut-off-is-none",
                    test_a_token_that_was_cut_off_is_none);
    g_test_add_func("/signin/a-person-has-so-many-tokens", test_a_person_has_so_many_tokens);
    return g_test_run();
}

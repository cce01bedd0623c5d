/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door: what time ends, what a key is for, and for whom a handle acts.  (What browsers send is
 * tried in tests/scenario/web-signin.py.) */
#include "fixture.h"
#include "office/door.h"

#include <liboath/oath.h>
#include <string.h>

#define SECOND ((int64_t)G_USEC_PER_SEC)
#define MINUTE (60 * SECOND)
#define KEY    "keys/door.key"

static NskOfficeService *service;

/* A handle of a server's. */
static NskOffice *
open_served(Fixture *f)
{
    g_autoptr(GError) error = NULL;

    g_clear_pointer(&f->office, nsk_office_free);
    service = nsk_office_service_start(f->dir, &error);
    g_assert_no_error(error);
    const NskOfficeOptions options = { .dir = f->dir,
                                       .service = service,
                                       .nobody = true,
                                       .clock = &f->clock };
    NskOffice *office = nsk_office_open(&options, &error);
    g_assert_no_error(error);
    return office;
}

static void
close_served(NskOffice *office)
{
    nsk_office_free(office);
    g_clear_pointer(&service, nsk_office_service_stop);
}

static NskLocked *
locked(const char *text)
{
    g_autoptr(GError) error = NULL;
    NskLocked *secret = nsk_locked_new(text, strlen(text), &error);

    g_assert_no_error(error);
    return secret;
}

static char *
demo_password(Fixture *f)
{
    char *text;
    g_autofree char *path = g_build_filename(f->dir, "keys/demo-password", NULL);

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return g_strchomp(text);
}

static NskDoorPass *
enter(NskOffice *office, NskDoorEntry entry, const char *password)
{
    NskDoorPass *pass = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskLocked) secret = password != NULL ? locked(password) : NULL;

    entry.password = secret;
    entry.address = "192.0.2.1";
    g_assert_true(nsk_office_door_enter(office, &entry, &pass, &error));
    g_assert_no_error(error);
    return pass;
}

/* The token of a new session. */
static char *
sign_in(Fixture *f, NskOffice *office, const char *name)
{
    g_autofree char *password = demo_password(f);
    g_autoptr(NskDoorPass) pass = enter(office, (NskDoorEntry){ .name = name }, password);

    g_assert_cmpint(pass->state, ==, NSK_DOOR_OPEN);
    g_assert_nonnull(pass->device);
    return g_steal_pointer(&pass->token);
}

/* NULL: nobody. */
static NskDoorVisitor *
visit(NskOffice *office, const char *token)
{
    NskDoorVisitor *visitor = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(nsk_office_door_visit(office, token, &visitor, &error));
    g_assert_no_error(error);
    return visitor;
}

static void
assert_in(NskOffice *office, const char *token, bool is_in)
{
    g_autoptr(NskDoorVisitor) visitor = visit(office, token);

    g_assert_cmpint(visitor != NULL, ==, is_in);
}

static void
test_idle(Fixture *f, gconstpointer data)
{
    NskOffice *office = open_served(f);
    g_autofree char *token = sign_in(f, office, "damar");

    (void)data;
    f->now += 29 * MINUTE;
    assert_in(office, token, true); /* and it is noted that it was used */
    f->now += 29 * MINUTE;
    assert_in(office, token, true);
    f->now += 30 * MINUTE;
    assert_in(office, token, false);
    close_served(office);
}

static void
test_longest(Fixture *f, gconstpointer data)
{
    NskOffice *office = open_served(f);
    g_autofree char *token = sign_in(f, office, "damar");

    (void)data;
    for (int i = 0; i < 35; i++) {
        f->now += 20 * MINUTE;
        assert_in(office, token, true);
    }
    f->now += 20 * MINUTE; /* twelve hours */
    assert_in(office, token, false);
    close_served(office);
}

static void
test_proof(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    NskOffice *office = open_served(f);
    g_autofree char *token = sign_in(f, office, "damar");
    g_autofree char *password = demo_password(f);
    g_autoptr(NskLocked) secret = locked(password);
    g_autoptr(NskDoorPass) pass = NULL;
    const NskDoorEntry entry = { .password = secret, .address = "192.0.2.1" };

    (void)data;
    f->now += 5 * MINUTE - 1;
    g_autoptr(NskDoorVisitor) fresh = visit(office, token);
    g_assert_true(fresh->is_proved);
    f->now += 1;
    g_autoptr(NskDoorVisitor) stale = visit(office, token);
    g_assert_false(stale->is_proved);
    g_assert_cmpstr(stale->session, ==, fresh->session);
    g_assert_true(nsk_office_door_prove(office, token, &entry, &pass, &error));
    g_assert_cmpint(pass->state, ==, NSK_DOOR_OPEN);
    g_autoptr(NskDoorVisitor) proved = visit(office, pass->token);
    g_assert_true(proved->is_proved);
    g_assert_cmpstr(proved->session, ==, fresh->session);
    g_assert_true(nsk_office_door_sent(office, proved, fresh->csrf));
    assert_in(office, token, false);
    close_served(office);
}

static void
test_act_for(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) mine = NULL;
    NskJson *result = NULL;

    (void)data;
    g_assert_false(nsk_office_act_for(f->office, "damar", &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "known to the server alone");
    g_autofree char *letter = fixture_draft(f, &(Words){ .security = "rahasia" });
    NskOffice *office = open_served(f);
    g_assert_false(nsk_office_act_for(office, "tidak-ada", &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "tidak-ada");
    g_assert_true(nsk_office_act_for(office, "damar", &error));
    g_assert_true(nsk_office_letter_show(office, letter, &mine, &error));
    g_assert_true(nsk_office_act_for(office, "anindita", &error));
    g_assert_false(nsk_office_letter_show(office, letter, &result, &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, letter);
    close_served(office);
}

static void
test_waits(Fixture *f, gconstpointer data)
{
    NskOffice *office = open_served(f);
    g_autofree char *password = demo_password(f);
    const NskDoorEntry entry = { .name = "damar" };

    (void)data;
    for (int i = 0; i < 6; i++) {
        g_autoptr(NskDoorPass) wrong = enter(office, entry, "salah salah salah");
        g_assert_cmpint(wrong->state, ==, i < 5 ? NSK_DOOR_WRONG : NSK_DOOR_WAIT);
    }
    g_autoptr(NskDoorPass) waits = enter(office, entry, password);
    g_assert_cmpint(waits->state, ==, NSK_DOOR_WAIT);
    g_assert_cmpint(waits->seconds, >=, 1);
    g_assert_null(waits->token);
    f->now += waits->seconds * SECOND;
    g_autoptr(NskDoorPass) open = enter(office, entry, password);
    g_assert_cmpint(open->state, ==, NSK_DOOR_OPEN);
    close_served(office);
}

/* --- Codes ----------------------------------------------------------------------------------- */

static char *
code_of(Fixture *f, const char *base32)
{
    char *secret = NULL;
    char code[8];
    size_t size;

    g_assert_cmpint(oath_base32_decode(base32, strlen(base32), &secret, &size), ==, OATH_OK);
    g_assert_cmpint(oath_totp_generate(secret, size, (time_t)(f->now / SECOND), 30, 0, 6, code), ==,
                    OATH_OK);
    free(secret);
    return g_strdup(code);
}

/* A second factor of damar; its secret. */
static char *
begin_codes(Fixture *f, NskOffice *office)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) begun = NULL, recovery = NULL;

    g_assert_true(nsk_office_act_for(office, "damar", &error));
    g_assert_true(nsk_office_door_begin_codes(office, "Kantor", NULL, &begun, &error));
    g_autofree char *secret = g_strdup(nsk_json_get_text(begun, "secret"));
    g_autofree char *code = code_of(f, secret);
    g_assert_true(nsk_office_door_confirm_codes(office, nsk_json_get_text(begun, "ticket"), code,
                                                &recovery, &error));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(recovery, "recovery")), ==, 10);
    f->now += MINUTE;
    return g_steal_pointer(&secret);
}

static NskDoorState
come_with(Fixture *f, NskOffice *office, const char *ticket, const char *secret)
{
    g_autofree char *code = code_of(f, secret);
    g_autoptr(NskDoorPass) pass =
        enter(office, (NskDoorEntry){ .ticket = ticket, .code = code }, NULL);

    g_assert_cmpint(pass->token != NULL, ==, pass->state == NSK_DOOR_OPEN);
    return pass->state;
}

static void
test_ticket(Fixture *f, gconstpointer data)
{
    NskOffice *office = open_served(f);
    g_autofree char *secret = begin_codes(f, office);
    g_autofree char *password = demo_password(f);

    (void)data;
    g_autoptr(NskDoorPass) first = enter(office, (NskDoorEntry){ .name = "damar" }, password);
    g_assert_cmpint(first->state, ==, NSK_DOOR_CODE);
    g_assert_null(first->token);
    g_assert_cmpint(come_with(f, office, "damar:9223372036854775807:0.00", secret), ==,
                    NSK_DOOR_LATE);
    g_assert_cmpint(come_with(f, office, first->ticket, secret), ==, NSK_DOOR_OPEN);
    g_assert_cmpint(come_with(f, office, first->ticket, secret), ==, NSK_DOOR_WRONG);
    f->now += 6 * MINUTE;
    g_assert_cmpint(come_with(f, office, first->ticket, secret), ==, NSK_DOOR_LATE);
    close_served(office);
}

static void
test_ticket_of_an_old_password(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) done = NULL;
    NskOffice *office = open_served(f);
    g_autofree char *secret = begin_codes(f, office);
    g_autofree char *password = demo_password(f);
    g_autoptr(NskDoorPass) first = enter(office, (NskDoorEntry){ .name = "damar" }, password);
    const NskAccountAct lock = { .person = "damar", .act = "lock" };

    (void)data;
    f->now += SECOND;
    g_assert_true(nsk_office_account_act(office, &lock, &done, &error));
    g_assert_cmpint(come_with(f, office, first->ticket, secret), ==, NSK_DOOR_LATE);
    close_served(office);
}

static void
test_begun_too_long_ago(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) begun = NULL, again = NULL, other = NULL;
    NskJson *recovery = NULL;
    NskOffice *office = open_served(f);

    (void)data;
    g_assert_true(nsk_office_act_for(office, "damar", &error));
    g_assert_true(nsk_office_door_begin_codes(office, "Kantor", NULL, &begun, &error));
    const char *ticket = nsk_json_get_text(begun, "ticket");
    const char *secret = nsk_json_get_text(begun, "secret");
    g_assert_true(nsk_office_door_begin_codes(office, "Kantor", ticket, &again, &error));
    g_assert_cmpstr(nsk_json_get_text(again, "secret"), ==, secret);
    f->now += 15 * MINUTE + 1;
    g_autofree char *code = code_of(f, secret);
    g_assert_false(nsk_office_door_confirm_codes(office, ticket, code, &recovery, &error));
    fixture_refused(&error, NSK_ERROR_EXPIRED, "too long");
    g_assert_true(nsk_office_door_begin_codes(office, "Kantor", ticket, &other, &error));
    g_assert_cmpstr(nsk_json_get_text(other, "secret"), !=, secret);
    close_served(office);
}

static void
test_another_key(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    NskDoorPass *pass = NULL;
    NskDoorVisitor *visitor = NULL;
    NskOffice *office = open_served(f);
    g_autofree char *secret = begin_codes(f, office);
    g_autofree char *token = NULL;
    g_autofree char *password = demo_password(f);
    g_autofree char *path = g_build_filename(f->dir, KEY, NULL);
    uint8_t key[32] = "another key of the right size..";

    (void)data;
    token = sign_in(f, office, "budi");
    close_served(office);
    g_assert_true(nsk_file_write(path, key, sizeof key, 0600, &error));
    office = open_served(f);
    g_autoptr(NskDoorPass) first = enter(office, (NskDoorEntry){ .name = "damar" }, password);
    const NskDoorEntry entry = { .ticket = first->ticket, .code = "000000", .address = "" };
    g_assert_false(nsk_office_door_enter(office, &entry, &pass, &error));
    fixture_refused(&error, NSK_ERROR_CORRUPT, "put the old key back");
    close_served(office);

    g_assert_true(nsk_file_write(path, key, 5, 0600, &error));
    office = open_served(f);
    g_assert_false(nsk_office_door_visit(office, token, &visitor, &error));
    fixture_refused(&error, NSK_ERROR_CORRUPT, KEY);
    close_served(office);
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/door/a-session-that-is-not-used-for-half-an-hour-is-over", test_idle, NULL },
        { "/office/door/a-session-is-over-after-twelve-hours", test_longest, NULL },
        { "/office/door/a-proof-is-good-for-five-minutes", test_proof, NULL },
        { "/office/door/a-handle-acts-for-one-person-after-the-other", test_act_for, NULL },
        { "/office/door/who-guesses-waits-and-then-may-try-again", test_waits, NULL },
        { "/office/door/a-ticket-is-good-for-minutes-and-a-code-for-once", test_ticket, NULL },
        { "/office/door/a-ticket-ends-with-the-password", test_ticket_of_an_old_password, NULL },
        { "/office/door/a-second-factor-is-confirmed-in-time", test_begun_too_long_ago, NULL },
        { "/office/door/a-key-that-is-another-opens-nothing-and-says-so", test_another_key, NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"
#include "journal/journal-private.h"

#include <string.h>

static const char sql_flip_entry[] = "UPDATE journal SET entry = CAST(replace(CAST(entry AS TEXT), "
                                     "'\"size\":4200', '\"size\":4201') "
                                     "AS BLOB) WHERE letter = $1 AND letter_seq = 2";
static const char sql_flip_with_prev[] =
    "UPDATE journal SET hash = zeroblob(32) WHERE letter = $1 AND letter_seq = 2";
static const char sql_lose_entry[] = "DELETE FROM journal WHERE letter = $1 AND letter_seq = 2";
static const char sql_lose_first[] = "DELETE FROM journal WHERE letter = $1 AND letter_seq = 1";
static const char sql_lose_texts[] = "DELETE FROM journal_text WHERE letter = $1";
static const char sql_swap_entries[] =
    "UPDATE journal SET entry = o.entry, hash = o.hash FROM journal o WHERE o.letter = $1 AND "
    "journal.letter = $1 AND journal.letter_seq IN (2, 3) "
    "AND o.letter_seq = 5 - journal.letter_seq";
static const char sql_break_form[] =
    "UPDATE journal SET entry = 'not json' WHERE letter = $1 AND letter_seq = 2";
static const char sql_add_blank[] =
    "UPDATE journal SET entry = CAST(CAST(entry AS TEXT) || ' ' AS BLOB) "
    "WHERE letter = $1 AND letter_seq = 2";
static const char sql_move_time[] =
    "UPDATE journal SET at = at + 1 WHERE letter = $1 AND letter_seq = 4";
static const char sql_alter_text[] = "UPDATE journal_text SET text = 'tanggal benar' "
                                     "WHERE letter = $1 AND letter_seq = 3 AND name = 'reason'";
static const char sql_alter_salt[] = "UPDATE journal_text SET salt = zeroblob(16) "
                                     "WHERE letter = $1 AND letter_seq = 3 AND name = 'note'";
static const char sql_lose_text[] =
    "DELETE FROM journal_text WHERE letter = $1 AND letter_seq = 3 AND name = 'note'";
static const char sql_lose_reason[] =
    "DELETE FROM journal_text WHERE letter = $1 AND letter_seq = 3 AND name = 'reason'";
static const char sql_add_text[] =
    "INSERT INTO journal_text (letter, letter_seq, name, salt, text) "
    "VALUES ($1, 3, 'other', zeroblob(16), 'x')";
static const char sql_steal_letter[] =
    "INSERT INTO journal (letter, letter_seq, at, entry, hash) SELECT $1, 5, at, entry, hash "
    "FROM journal WHERE letter = '" LETTER_B "' AND letter_seq = 1";

static const struct {
    const char *title, *sql, *first, *expected;
} damages[] = {
    { "a byte of an entry", sql_flip_entry, NULL, "journal-hash:2 journal-chain:3" },
    { "a kept hash", sql_flip_with_prev, NULL, "journal-hash:2" },
    { "an entry is missing", sql_lose_entry, sql_lose_texts, "journal-gap:3" },
    { "the first entry is missing", sql_lose_first, sql_lose_texts, "journal-gap:2" },
    { "two entries are swapped", sql_swap_entries, NULL,
      "journal-entry:2 journal-chain:2 journal-entry:3 journal-chain:3 journal-chain:4" },
    { "an entry is no JSON", sql_break_form, NULL,
      "journal-hash:2 journal-entry:2 journal-chain:3" },
    { "an entry has another spelling", sql_add_blank, NULL,
      "journal-hash:2 journal-entry:2 journal-chain:3" },
    { "a time beside an entry", sql_move_time, NULL, "journal-entry:4" },
    { "a text", sql_alter_text, NULL, "journal-text:3" },
    { "a salt", sql_alter_salt, NULL, "journal-text:3" },
    { "a text is missing", sql_lose_text, NULL, "journal-text:3" },
    { "a reason is missing", sql_lose_reason, NULL, "journal-text:3" },
    { "a text is added", sql_add_text, NULL, "journal-text:3" },
    { "an entry of another letter", sql_steal_letter, NULL, "journal-entry:5 journal-chain:5" },
};

static void
test_every_tampering_is_found_where_it_is(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
        g_autoptr(NskDb) db = fixture_open();
        g_autoptr(GError) error = NULL;

        g_test_message("%s", damages[i].title);
        fixture_fill(db, LETTER_A, 4);
        fixture_fill(db, LETTER_B, 2);
        if (damages[i].first != NULL)
            fixture_tamper(db, damages[i].first, LETTER_A);
        fixture_tamper(db, damages[i].sql, LETTER_A);
        g_autofree char *found = fixture_check(db, LETTER_A);
        if (damages[i].first == NULL)
            g_assert_cmpstr(found, ==, damages[i].expected);
        else
            g_assert_true(g_str_has_prefix(found, "journal-"));
        g_assert_nonnull(strstr(found, damages[i].expected));
        g_autofree char *other = fixture_check(db, LETTER_B);
        g_assert_cmpstr(other, ==, "");
        g_autofree char *all = fixture_check(db, NULL);
        g_assert_cmpstr(all, ==, found);

        g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
        g_assert_null(nsk_journal_read(txn, LETTER_A, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED);
    }
}

static void
test_the_schema_lets_nobody_change_an_entry(void)
{
    g_autoptr(NskDb) db = fixture_open();
    static const char sql_update[] = "UPDATE journal SET at = 1 WHERE letter = $1";
    static const char sql_delete[] = "DELETE FROM journal WHERE letter = $1";
    static const char *const statements[] = { sql_update, sql_delete };

    fixture_fill(db, LETTER_A, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(statements); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);

        g_assert_false(
            nsk_db_exec(txn, statements[i], NSK_DB_PARAMS(NSK_DB_TEXT(LETTER_A)), NULL, &error));
        g_assert_nonnull(error);
    }
    g_autofree char *found = fixture_check(db, NULL);
    g_assert_cmpstr(found, ==, "");
}

static void
test_nothing_is_chained_to_a_damaged_entry(void)
{
    g_autoptr(NskDb) db = fixture_open();
    NskJournalEvent event = fixture_event(LETTER_A);
    g_autoptr(GError) error = NULL;

    fixture_fill(db, LETTER_A, 2);
    fixture_tamper(db, sql_flip_entry, LETTER_A);
    g_assert_false(fixture_append(db, &event, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CORRUPT);
    g_assert_nonnull(strstr(error->message, LETTER_A));
}

static void
test_bytes_that_are_no_entry_are_refused(void)
{
    static const char *const table[] = {
        "",
        "{",
        "[]",
        "1",
        "null",
        "{}",
        "{\"v\":1}",
        "{\"v\":2}",
        "{\"actor\":1,\"object\":{},\"prev\":\"\",\"state\":[],\"time\":\"x\",\"v\":1}",
        "{\"actor\":{},\"object\":[1],\"prev\":"
        "\"0000000000000000000000000000000000000000000000000000000000000000\",\"state\":{},"
        "\"time\":\"2026-07-22T09:00:00.000000Z\",\"v\":1}",
        "{\"actor\":{},\"letter_seq\":0,\"object\":[],\"prev\":"
        "\"0000000000000000000000000000000000000000000000000000000000000000\",\"state\":{},"
        "\"time\":\"2026-07-22T09:00:00.000000Z\",\"v\":1}",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GBytes) bytes = g_bytes_new_static(table[i], strlen(table[i]));

        g_assert_null(nsk_journal_entry_parse(bytes));
    }
    g_autofree char *big = g_strnfill(NSK_JOURNAL_ENTRY_SIZE + 1, ' ');
    g_autoptr(GBytes) too_big = g_bytes_new_static(big, NSK_JOURNAL_ENTRY_SIZE + 1);
    g_assert_null(nsk_journal_entry_parse(too_big));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/journal/check/every-tampering-is-found-where-it-is",
                    test_every_tampering_is_found_where_it_is);
    g_test_add_func("/journal/check/the-schema-lets-nobody-change-an-entry",
                    test_the_schema_lets_nobody_change_an_entry);
    g_test_add_func("/journal/check/nothing-is-chained-to-a-damaged-entry",
                    test_nothing_is_chained_to_a_damaged_entry);
    g_test_add_func("/journal/check/bytes-that-are-no-entry-are-refused",
                    test_bytes_that_are_no_entry_are_refused);
    return g_test_run();
}

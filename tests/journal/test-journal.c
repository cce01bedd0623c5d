/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "base/limits.h"
#include "fixture.h"

#include <string.h>

static GPtrArray *
read_all(NskDb *db, const char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    GPtrArray *entries = nsk_journal_read(txn, letter, &error);

    g_assert_no_error(error);
    return entries;
}

static char *
bytes_of(const NskJournalEntry *entry)
{
    return g_strndup(g_bytes_get_data(entry->bytes, NULL), g_bytes_get_size(entry->bytes));
}

static void
test_an_entry_reads_back_whole(void)
{
    g_autoptr(NskDb) db = fixture_open();
    NskJournalEvent event = fixture_event(LETTER_A);

    g_assert_true(fixture_append(db, &event, NULL));
    g_autoptr(GPtrArray) entries = read_all(db, LETTER_A);
    g_assert_cmpuint(entries->len, ==, 1);
    const NskJournalEntry *entry = entries->pdata[0];
    g_assert_cmpint(entry->seq, ==, 1);
    g_assert_cmpstr(entry->event.origin, ==, event.origin);
    g_assert_cmpstr(entry->event.letter, ==, LETTER_A);
    g_assert_cmpint(entry->event.at, ==, TIME_1);
    g_assert_cmpstr(entry->event.actor, ==, PERSON);
    g_assert_cmpstr(entry->event.position, ==, "kepala-biro-umum");
    g_assert_cmpstr(entry->event.auth_level, ==, "password");
    g_assert_cmpstr(entry->event.on_behalf_of, ==, "sekretaris");
    g_assert_cmpstr(entry->event.action, ==, "letter-returned");
    g_assert_cmpstr(entry->event.state_from, ==, "review");
    g_assert_cmpstr(entry->event.state_to, ==, "draft");
    g_assert_cmpstr(entry->event.task, ==, "task-1");
    g_assert_cmpstr(entry->event.workflow, ==, "surat-keluar@3");
    g_assert_cmpstr(entry->event.commit, ==, OID);
    g_assert_cmpstr(entry->event.reason, ==, "tanggal keliru");
    g_assert_cmpuint(entry->event.n_texts, ==, 1);
    g_assert_cmpstr(entry->event.texts[0].name, ==, "note");
    g_assert_cmpstr(entry->event.texts[0].text, ==, "mohon segera");
    g_assert_cmpuint(entry->event.n_objects, ==, 1);
    g_assert_cmpstr(entry->event.objects[0].kind, ==, "letter");
    g_assert_cmpint(entry->event.objects[0].size, ==, 4200);
    g_assert_cmpmem(entry->event.objects[0].sha256, 32, event.objects[0].sha256, 32);
}

static void
test_an_entry_is_canonical_and_has_no_text(void)
{
    g_autoptr(NskDb) db = fixture_open();
    NskJournalEvent event = fixture_event(LETTER_A);

    g_assert_true(fixture_append(db, &event, NULL));
    g_autoptr(GPtrArray) entries = read_all(db, LETTER_A);
    g_autofree char *line = bytes_of(entries->pdata[0]);
    static const char begin[] =
        "{\"action\":\"letter-returned\",\"actor\":{\"capacity\":\"plt\",\"id\":\"" PERSON
        "\",\"level\":\"password\",\"position\":\"kepala-biro-umum\"},\"commit\":\"" OID
        "\",\"letter\":\"" LETTER_A
        "\",\"letter_seq\":1,\"log\":\"arunika.example/naskah\",\"object\":[{\"kind\":\"letter\","
        "\"sha256\":\"abcd000000000000000000000000000000000000000000000000000000000000\","
        "\"size\":4200}],\"on_behalf_of\":\"sekretaris\",\"prev\":"
        "\"0000000000000000000000000000000000000000000000000000000000000000\",\"reason_hash\":\"";

    g_assert_true(g_str_has_prefix(line, begin));
    g_assert_true(g_str_has_suffix(line, "\"time\":\"2026-07-22T09:00:00.000000Z\",\"v\":1,"
                                         "\"workflow\":\"surat-keluar@3\"}"));
    g_assert_null(strstr(line, "keliru"));
    g_assert_null(strstr(line, "segera"));
}

static void
test_what_an_event_lacks_is_null(void)
{
    g_autoptr(NskDb) db = fixture_open();
    NskJournalEvent event = { .origin = "arunika",
                              .letter = "office/people",
                              .actor = "naskah",
                              .action = "started" };

    g_assert_true(fixture_append(db, &event, NULL));
    g_autoptr(GPtrArray) entries = read_all(db, "office/people");
    const NskJournalEntry *entry = entries->pdata[0];
    g_assert_null(entry->event.position);
    g_assert_null(entry->event.reason);
    g_assert_false(entry->has_reason);
    g_assert_null(entry->event.commit);
    g_assert_null(entry->event.state_from);
    g_assert_cmpuint(entry->event.n_texts, ==, 0);
    g_assert_cmpuint(entry->event.n_objects, ==, 0);
    g_assert_cmpint(entry->event.at, ==, 0);
}

static void
test_entries_are_chained_by_letter(void)
{
    g_autoptr(NskDb) db = fixture_open();

    fixture_fill(db, LETTER_A, 2);
    fixture_fill(db, LETTER_B, 1);
    fixture_fill(db, LETTER_A, 1);
    g_autoptr(GPtrArray) a = read_all(db, LETTER_A);
    g_autoptr(GPtrArray) b = read_all(db, LETTER_B);
    g_assert_cmpuint(a->len, ==, 3);
    g_assert_cmpuint(b->len, ==, 1);
    for (guint i = 0; i < a->len; i++) {
        const NskJournalEntry *entry = a->pdata[i];
        uint8_t prev[NSK_SHA256_SIZE] = { 0 };

        if (i > 0) {
            const NskJournalEntry *before = a->pdata[i - 1];

            nsk_sha256(g_bytes_get_data(before->bytes, NULL), g_bytes_get_size(before->bytes),
                       prev);
            g_assert_cmpmem(before->hash, sizeof prev, prev, sizeof prev);
        }
        g_assert_cmpmem(entry->prev, sizeof prev, prev, sizeof prev);
        g_assert_cmpint(entry->seq, ==, i + 1);
    }
    g_assert_cmpint(((NskJournalEntry *)b->pdata[0])->seq, ==, 1);
}

static void
test_the_next_number_is_known_before(void)
{
    g_autoptr(NskDb) db = fixture_open();
    NskJournalNext next;

    fixture_fill(db, LETTER_A, 2);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_assert_true(nsk_journal_next(txn, LETTER_A, &next, NULL));
    g_assert_cmpint(next.seq, ==, 3);
    g_assert_true(nsk_journal_next(txn, LETTER_B, &next, NULL));
    g_assert_cmpint(next.seq, ==, 1);
    g_autoptr(GPtrArray) none = nsk_journal_read(txn, LETTER_B, NULL);
    g_assert_cmpuint(none->len, ==, 0);
}

static void
test_a_commit_message_says_what_happened_and_nothing_more(void)
{
    NskJournalEvent event = fixture_event(LETTER_A);
    g_autofree char *message =
        nsk_journal_commit_message(&event, "Return the letter\nEvent: forged", 7);

    g_assert_cmpstr(message, ==,
                    "Return the letter Event: forged\n\n"
                    "Event: letter-returned\n"
                    "Actor: " PERSON " (kepala-biro-umum)\n"
                    "On-Behalf-Of: sekretaris\n"
                    "Task: task-1\n"
                    "Workflow: surat-keluar@3\n"
                    "Journal: " LETTER_A "/7\n");
    event.position = event.on_behalf_of = event.task = event.workflow = NULL;
    g_autofree char *little = nsk_journal_commit_message(&event, "Start", 1);
    g_assert_cmpstr(little, ==,
                    "Start\n\nEvent: letter-returned\nActor: " PERSON "\nJournal: " LETTER_A
                    "/1\n");
}

static void
test_what_is_not_well_formed_is_refused(void)
{
    g_autoptr(NskDb) db = fixture_open();
    const NskJournalEvent good = fixture_event(LETTER_A);
    g_autofree char *long_field = g_strnfill(NSK_LIMIT_JOURNAL_FIELD + 1, 'a');
    g_autofree char *long_text = g_strnfill(NSK_LIMIT_JOURNAL_TEXT + 1, 'a');
    static const NskJournalText twice[] = { { "note", "a" }, { "note", "b" } };
    static const NskJournalText reason[] = { { "reason", "a" } };
    static const NskJournalText not_utf8[] = { { "note", "\xff" } };
    static const NskJournalObject no_kind[] = { { NULL, { 0 }, 1 } };
    NskJournalEvent bad[16];
    NskError codes[G_N_ELEMENTS(bad)];
    size_t n = 0;
#define BAD(CODE, FIELD, VALUE)                                                                    \
    do {                                                                                           \
        bad[n] = good;                                                                             \
        bad[n].FIELD = VALUE;                                                                      \
        codes[n++] = CODE;                                                                         \
    } while (0)

    BAD(NSK_ERROR_INVALID, origin, NULL);
    BAD(NSK_ERROR_INVALID, letter, "x");
    BAD(NSK_ERROR_INVALID, at, -1);
    BAD(NSK_ERROR_INVALID, actor, "");
    BAD(NSK_ERROR_INVALID, position, "a\nb");
    BAD(NSK_ERROR_INVALID, position, long_field);
    BAD(NSK_ERROR_INVALID, auth_level, "\xff");
    BAD(NSK_ERROR_INVALID, state_to, "e\xcc\x81"); /* not NFC */
    BAD(NSK_ERROR_INVALID, action, "Two Words");
    BAD(NSK_ERROR_INVALID, commit, "main");
    BAD(NSK_ERROR_LIMIT, reason, long_text);
    BAD(NSK_ERROR_LIMIT, n_texts, NSK_LIMIT_JOURNAL_LIST + 1);
    BAD(NSK_ERROR_INVALID, texts, reason);
    BAD(NSK_ERROR_INVALID, texts, not_utf8);
    BAD(NSK_ERROR_INVALID, objects, no_kind);
    BAD(NSK_ERROR_INVALID, texts, twice);
    bad[n - 1].n_texts = 2;
#undef BAD
    g_assert_cmpuint(n, ==, G_N_ELEMENTS(bad));
    for (size_t i = 0; i < n; i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("event %zu", i);
        g_assert_false(fixture_append(db, &bad[i], &error));
        g_assert_error(error, NSK_ERROR, (int)codes[i]);
    }
    g_autoptr(GPtrArray) entries = read_all(db, LETTER_A);
    g_assert_cmpuint(entries->len, ==, 0);
}

static void
test_erasing_texts_leaves_the_chain_valid(void)
{
    g_autoptr(NskDb) db = fixture_open();

    fixture_fill(db, LETTER_A, 3);
    g_assert_true(fixture_erase(db, LETTER_A, 2, "reason"));
    g_assert_true(fixture_erase(db, LETTER_A, 2, "reason"));
    g_assert_true(fixture_erase(db, LETTER_A, 3, NULL));
    g_autofree char *found = fixture_check(db, NULL);
    g_assert_cmpstr(found, ==, "");
    g_autoptr(GPtrArray) entries = read_all(db, LETTER_A);
    const NskJournalEntry *first = entries->pdata[0];
    const NskJournalEntry *second = entries->pdata[1];
    const NskJournalEntry *third = entries->pdata[2];
    g_assert_cmpstr(first->event.reason, ==, "tanggal keliru");
    g_assert_null(second->event.reason);
    g_assert_true(second->has_reason);
    g_assert_cmpstr(second->event.texts[0].text, ==, "mohon segera");
    g_assert_null(third->event.reason);
    g_assert_cmpstr(third->event.texts[0].name, ==, "note");
    g_assert_null(third->event.texts[0].text);
    g_assert_true(fixture_erase(db, LETTER_A, 0, NULL));
    g_autoptr(GPtrArray) later = read_all(db, LETTER_A);
    g_assert_null(((NskJournalEntry *)later->pdata[0])->event.reason);
    fixture_fill(db, LETTER_A, 1);
    g_autofree char *after = fixture_check(db, LETTER_A);
    g_assert_cmpstr(after, ==, "");
}

/* Fails every database call of an event in turn: nothing of it may be left. */
static void
test_no_fault_leaves_half_an_entry(void)
{
    g_autoptr(NskDb) db = fixture_open();
    NskJournalEvent event = fixture_event(LETTER_A);
    unsigned nth = 1;

    fixture_fill(db, LETTER_A, 1);
    for (;; nth++) {
        g_autoptr(GError) error = NULL;

        nsk_db_fail_nth(db, nth);
        bool ok = fixture_append(db, &event, &error);
        nsk_db_fail_nth(db, 0);
        if (ok)
            break;
        g_autofree char *found = fixture_check(db, NULL);
        g_assert_cmpstr(found, ==, "");
        g_autoptr(GPtrArray) entries = read_all(db, LETTER_A);
        g_assert_cmpuint(entries->len, ==, 1);
    }
    g_assert_cmpuint(nth, >, 8);
    g_autoptr(GPtrArray) entries = read_all(db, LETTER_A);
    g_assert_cmpuint(entries->len, ==, 2);
}

#define ADD(NAME, FUNCTION) g_test_add_func("/journal/journal/" NAME, FUNCTION)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("an-entry-reads-back-whole", test_an_entry_reads_back_whole);
    ADD("an-entry-is-canonical-and-has-no-text", test_an_entry_is_canonical_and_has_no_text);
    ADD("what-an-event-lacks-is-null", test_what_an_event_lacks_is_null);
    ADD("entries-are-chained-by-letter", test_entries_are_chained_by_letter);
    ADD("the-next-number-is-known-before", test_the_next_number_is_known_before);
    ADD("a-commit-message-says-what-happened-and-nothing-more",
        test_a_commit_message_says_what_happened_and_nothing_more);
    ADD("what-is-not-well-formed-is-refused", test_what_is_not_well_formed_is_refused);
    ADD("erasing-texts-leaves-the-chain-valid", test_erasing_texts_leaves_the_chain_valid);
    ADD("no-fault-leaves-half-an-entry", test_no_fault_leaves_half_an_entry);
    return g_test_run();
}

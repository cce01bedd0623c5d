/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An office whose index was lost gets the same rows again: tables are compared row by row before
 * and after.
 */
#include "fixture.h"
#include "office/office-private.h"
#include "office/records.h"

#include <string.h>

#define LARGE (1024 * 1024 + 5) /* bytes of a file that lies beside the database */

/* Every table is in one of these lists: a new one is not forgotten by nsk_office_rebuild(). */
static const char *const index_tables[] = {
    "assistant",
    "holding",
    "inbox",
    "letter",
    "mandate",
    "paraf",
    "person",
    "position",
    "reader",
    "register_counter",
    "register_entry",
    "register_skip",
    "route",
    "rule",
    "setting",
    "signing",
    "task",
    "unit",
    "incident",
    "message",
    "wait",
    "blob",
    "letter_link",
    "roster",
    "delivery",
    "incoming",
    "incoming_band",
    "term_clock",
    "term_span",
    "notice",
    "handover",
    "handover_item",
    "berkas",
    "berkas_hold",
    "berkas_item",
    "disposal",
    "disposal_item",
    "disposal_opinion",
    "loan",
    "disposal_blob",
    "residual",
    "reading",
    "reader_copy",
    "letter_batch",
    "letter_external",
    "letter_note",
    "disposition",
    "disposition_receiver",
};
/* Kept by backup: what histories do not say. */
static const char *const kept_tables[] = {
    "account",        "head",           "journal",          "journal_text",
    "object",         "outbox",         "request",          "signer",
    "signer_key",     "signing_answer", "signing_session",  "signing_evidence",
    "preservation",   "login",          "login_code",       "login_device",
    "login_recovery", "login_try",      "session",          "api_token",
    "mail",           "mail_choice",    "mail_item",        "administrator",
    "saved_search",   "upload",         "login_passkey",    "login_answered",
    "login_event",    "journal_leaf",   "journal_pending",  "journal_tree",
    "chat_choice",    "webhook",        "webhook_delivery", "webhook_attempt",
    "typed",          "letter_lease",   "login_subject",    "anchor",
    "anchor_due",     "cosignature",    "witness",
};

static const char sql_list_tables[] =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
static const char sql_write_select[] =
    "SELECT 'SELECT ' || group_concat('quote(' || name || ')', ' || '', '' || ') || ' FROM ' || $1"
    " || ' ORDER BY 1' FROM pragma_table_info($1)";
static const char sql_break_settings[] = "DELETE FROM setting WHERE name <> $1";
static const char sql_break_rows[] = "UPDATE letter SET state = 'draft', flow = '' WHERE id = $1";
static const char sql_break_content[] = "UPDATE letter SET subject = 'Lain' WHERE id = $1";
static const char sql_break_object[] =
    "UPDATE object SET data = zeroblob(length(data)) WHERE history = (SELECT n FROM head WHERE "
    "letter = $1) AND kind = 3";
static const char sql_break_reader[] = "DELETE FROM reader WHERE letter = $1";
/* its versions are another letter's now */
static const char sql_lose_head[] =
    "UPDATE head SET letter = substr(letter, 1, 35) || CASE substr(letter, 36) WHEN '0' THEN '1'"
    " ELSE '0' END WHERE letter = $1";
static const char sql_forget_objects[] =
    "DELETE FROM object WHERE history = (SELECT n FROM head WHERE letter = $1)";
static const char sql_forget_journal[] = "DELETE FROM journal WHERE letter = $1";
static const char sql_forget_head[] = "DELETE FROM head WHERE letter = $1";
static const char sql_erase[] =
    "UPDATE journal_text SET salt = NULL, text = NULL WHERE letter = $1 AND name = 'reason'";

static bool
is_listed(const char *const *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i], name) == 0)
            return true;
    }
    return false;
}

/* The only column of a query, a line a row. */
static char *
read_lines(NskDbTxn *txn, const char *sql, const char *param)
{
    bool has_row = true;
    g_autoptr(GError) error = NULL;
    GString *lines = g_string_new(NULL);
    NskDbValue value = NSK_DB_TEXT(param);
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql, &value, param != NULL ? 1 : 0, &error);

    g_assert_no_error(error);
    while (nsk_db_rows_next(rows, &has_row, &error) && has_row)
        g_string_append_printf(lines, "%s\n", nsk_db_rows_text(rows, 0));
    g_assert_no_error(error);
    return g_string_free(lines, FALSE);
}

typedef struct {
    char *tables[G_N_ELEMENTS(index_tables) + G_N_ELEMENTS(kept_tables)];
} Dump;

static void
dump_clear(Dump *dump)
{
    for (size_t i = 0; i < G_N_ELEMENTS(dump->tables); i++)
        g_free(dump->tables[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Dump, dump_clear)

static const char *
table_name(size_t i)
{
    return i < G_N_ELEMENTS(index_tables) ? index_tables[i]
                                          : kept_tables[i - G_N_ELEMENTS(index_tables)];
}

static Dump
dump_office(Fixture *f)
{
    Dump dump = { 0 };
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "office.db", NULL);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, &error);
    g_assert_no_error(error);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);

    g_assert_no_error(error);
    for (size_t i = 0; i < G_N_ELEMENTS(dump.tables); i++) {
        g_autofree char *sql = read_lines(txn, sql_write_select, table_name(i));

        dump.tables[i] = read_lines(txn, g_intern_string(sql), NULL);
    }
    return dump;
}

static void
assert_same(const Dump *before, const Dump *after)
{
    for (size_t i = 0; i < G_N_ELEMENTS(before->tables); i++) {
        /* what waited for the search index is done */
        if (strcmp(table_name(i), "outbox") == 0)
            continue;
        if (strcmp(before->tables[i], after->tables[i]) != 0)
            g_test_message("table %s\n%s", table_name(i), before->tables[i]);
        g_assert_cmpstr(after->tables[i], ==, before->tables[i]);
    }
}

/* Rebuilds with the office closed; NULL with @error set if that fails. */
static NskJson *
try_rebuild(Fixture *f, bool skip, NskIssues *issues, GError **error)
{
    NskJson *result = NULL;
    NskRebuildOptions options = { .dir = f->dir, .skip_damaged = skip };

    g_clear_pointer(&f->office, nsk_office_free);
    return nsk_office_rebuild(&options, issues, &result, error) ? result : NULL;
}

static NskJson *
rebuild(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    NskJson *result = try_rebuild(f, false, issues, &error);

    for (guint i = 0; i < issues->len; i++)
        g_test_message("%s", ((NskIssue *)issues->pdata[i])->text);
    g_assert_no_error(error);
    g_assert_nonnull(result);
    g_assert_cmpuint(issues->len, ==, 0);
    fixture_reopen(f, NULL);
    return result;
}

static void
do_act(Fixture *f, const char *person, const char *letter, const char *outcome, const char *note)
{
    g_autoptr(NskJson) done = fixture_act(f, person, letter, outcome, note);

    g_assert_nonnull(done);
}

static void
do_edit(Fixture *f, const char *letter, const Words *words)
{
    g_autoptr(NskJson) done = fixture_edit(f, "damar", letter, words);

    g_assert_nonnull(done);
}

static void
do_sign(Fixture *f, const char *person, const char *letter)
{
    g_autoptr(NskJson) done = fixture_sign(f, person, letter);

    g_assert_nonnull(done);
}

static void
do_prepare(Fixture *f, const char *person, const char *letter)
{
    g_autofree char *shown = fixture_prepare(f, person, letter);

    g_assert_nonnull(shown);
}

static void
do_withdraw(Fixture *f, const char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;

    fixture_as(f, "damar");
    (void)nsk_office_letter_withdraw(f->office, letter, "Batal: \"salah\" \\ alamat", &result,
                                     &error);
    g_assert_no_error(error);
}

/* --- Lives of letters, each left in another place. -------------------------------------------- */

/* Half-way: in a build with fault points, the answer of the first one is there and nobody has
 * judged it. */
static void
live_answered(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autofree char *letter = fixture_draft(f, &(Words){ .reviewers = "" });

    do_act(f, "damar", letter, "submit", NULL);
    g_autofree char *shown = fixture_prepare(f, "sekar", letter);
    NskSignAct act = { letter, shown, NULL, f->passphrase, NULL };
    if (!fixture_confirm(f, "sekar", &act, &result, &error))
        g_assert_error(error, NSK_ERROR, NSK_ERROR_IO);
}

static void
live_to_the_end(Fixture *f)
{
    static const Words other = { .text = "Isi yang lain.", .copies = "kepala-biro-keuangan" };
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    do_act(f, "damar", letter, "submit", NULL);
    do_act(f, "kirana", letter, "approve", NULL);
    do_act(f, "budi", letter, "return", "Perbaiki \"isi\".");
    do_edit(f, letter, &other); /* voids a paraf */
    do_edit(f, letter, &other); /* voids nothing */
    do_act(f, "damar", letter, "submit", NULL);
    do_act(f, "kirana", letter, "approve", NULL);
    do_act(f, "budi", letter, "approve", NULL);
    do_sign(f, "sekar", letter);
}

static void
live_with_other_reviewers(Fixture *f)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    do_act(f, "damar", letter, "submit", NULL);
    do_act(f, "kirana", letter, "approve", NULL);
    do_act(f, "budi", letter, "return", "Ganti pemeriksa.");
    /* kirana gave a paraf and may go on reading; budi did not */
    do_edit(f, letter, &(Words){ .reviewers = "kepala-biro-sdm", .security = "terbatas" });
}

static void
live_half_signed(Fixture *f)
{
    static const Words two = { .reviewers = "",
                               .signatories =
                                   "kepala-biro-umum:definitive kepala-biro-keuangan:plh" };
    g_autofree char *half = fixture_draft(f, &two);
    g_autofree char *back = fixture_draft(f, &two);

    do_act(f, "damar", half, "submit", NULL);
    do_sign(f, "sekar", half);
    do_act(f, "damar", back, "submit", NULL);
    do_sign(f, "sekar", back);
    do_act(f, "maheswari", back, "return", "Salah nilai.");
    do_act(f, "damar", back, "submit", NULL);
    do_prepare(f, "sekar", back);
}

/* Withdrawn with a number, without one, and not at all. */
static void
live_and_give_up(Fixture *f)
{
    g_autofree char *numbered = fixture_draft(f, &(Words){ .reviewers = "" });
    g_autofree char *draft = fixture_draft(f, &(Words){ .kind = "nota-dinas" });
    g_autofree char *secret = fixture_draft(f, &(Words){ .security = "rahasia" });

    do_act(f, "damar", numbered, "submit", NULL);
    do_prepare(f, "sekar", numbered);
    do_withdraw(f, numbered);
    do_withdraw(f, draft);
    do_act(f, "damar", secret, "submit", NULL);
}

/* The number of a year cannot stay in the next one. */
static void
live_over_new_year(Fixture *f)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ .reviewers = "" });

    do_act(f, "damar", letter, "submit", NULL);
    f->now = fixture_morning("2026-12-31");
    do_prepare(f, "sekar", letter);
    do_act(f, "sekar", letter, "return", "Besok saja.");
    f->now = fixture_morning("2027-01-01");
    do_act(f, "damar", letter, "submit", NULL);
    do_prepare(f, "sekar", letter);
}

static void
live_with_a_large_file(Fixture *f)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autofree char *path = fixture_path(f, "denah.bin");
    g_autofree char *bytes = g_malloc0(LARGE);

    g_assert_true(g_file_set_contents(path, bytes, LARGE, NULL));
    fixture_as(f, "damar");
    g_assert_true(nsk_office_letter_attach(
        f->office, &(NskAttachFile){ .letter = letter, .path = path }, &result, &error));
    g_assert_no_error(error);
    nsk_json_unref(result);
}

static void
live_with_references(Fixture *f)
{
    g_autofree char *first = fixture_draft(f, &(Words){ 0 });
    g_autofree char *answers = g_strdup_printf("answers:%s", first);
    g_autofree char *both = g_strdup_printf("about:%s corrects:%s", first, first);
    g_autofree char *second = fixture_draft(f, &(Words){ .references = answers });

    do_edit(f, second, &(Words){ .references = both });
}

static void
do_dispose(Fixture *f, const char *person, const NskDispositionAct *act)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;

    fixture_as(f, person);
    g_assert_true(nsk_office_disposition(f->office, act, &result, &error));
    g_assert_no_error(error);
}

/* A letter that came in, with dispositions of every kind. */
static void
live_with_dispositions(Fixture *f)
{
    static const char *const to[] = { "kepala-badan", NULL };
    static const char *const acts[][5] = {
        { "handoko", "propose", "sekretaris-utama", "saran", "Usul pertama." },
        { "handoko", "propose", "sekretaris-utama deputi-bidang-konservasi", "", "Usul kedua." },
        { "bramantya", "confirm", NULL, NULL, NULL },
        { "bramantya", "recall", NULL, NULL, "Salah." },
        { "bramantya", "give", "sekretaris-utama deputi-bidang-pemantauan", "kaji", "Segera." },
        { "larasati", "read", NULL, NULL, NULL },
        { "larasati", "give", "kepala-biro-umum", NULL, NULL },
        { "bramantya", "urge", NULL, NULL, "Hari ini." },
        { "tirta", "return", NULL, NULL, "Bukan kami." },
        { "sekar", "done", NULL, NULL, "Sudah." },
        { "larasati", "done", NULL, NULL, NULL },
        { "bramantya", "give", "deputi-bidang-konservasi", NULL, "Sekali lagi." },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    NskIncomingAsk ask = { .origin = "Dinas Pengairan",
                           .number = "400.3/118/DPA",
                           .date = "2026-12-20",
                           .subject = "Permohonan",
                           .to = to,
                           .channel = "pos",
                           .classification = "KP.08.1",
                           .unit = "bpatn" };

    fixture_as(f, "pramesti");
    g_assert_true(nsk_office_incoming_register(f->office, &ask, &result, &error));
    g_assert_no_error(error);
    const char *letter = nsk_json_get_text(result, "letter");
    do_act(f, "pramesti", letter, "forward", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        NskDispositionAct act = { .act = acts[i][1],
                                  .task = letter,
                                  .receivers = acts[i][2],
                                  .instructions = acts[i][3],
                                  .note = acts[i][4],
                                  .due = acts[i][3] != NULL ? "3" : NULL };

        do_dispose(f, acts[i][0], &act);
    }
}

static void
live_with_a_note(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    fixture_as(f, "damar");
    g_assert_true(nsk_office_letter_note(
        f->office, &(NskLetterNote){ letter, "Angkanya dari laporan." }, &result, &error));
    g_assert_no_error(error);
}

static void
live_with_a_secret(Fixture *f)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ .security = "rahasia" });
    g_autoptr(NskJson) shown = fixture_show(f, "damar", letter);
    g_autoptr(NskJson) history = fixture_history(f, "damar", letter);

    g_assert_nonnull(shown);
}

static NskJson *
do_berkas(Fixture *f, const NskBerkasAct *act)
{
    g_autoptr(GError) error = NULL;
    NskJson *result = NULL;

    fixture_as(f, "wening");
    (void)nsk_office_berkas(f->office, act, &result, &error);
    g_assert_no_error(error);
    return result;
}

/* Two versions of a scheme; a file under the older one with a letter, and one that waits. */
static void
live_with_records(Fixture *f)
{
    static const char *const schemes[] = {
        "code,name,trigger,active,inactive,fate\nA,a,closed,1,1,destroy\nB,b,left,1,1,review\n",
        "code,name,trigger,active,inactive,fate\nA,a,closed,9,1,destroy\n",
    };
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    char *ids[2];

    do_withdraw(f, letter);
    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskJson) result = NULL;
        g_autoptr(NskJson) opened = NULL;
        g_autoptr(GBytes) bytes = g_bytes_new_static(schemes[i], strlen(schemes[i]));
        const NskOfficeFile file = { "uji.csv", bytes };

        (void)nsk_office_records_load(f->office, &file, &result, &error);
        g_assert_no_error(error);
        opened = do_berkas(f, &(NskBerkasAct){ .act = "open",
                                               .unit = "biro-umum",
                                               .scheme = "uji",
                                               .code = "A",
                                               .title = "Berkas" });
        ids[i] = g_strdup(nsk_json_get_text(opened, "berkas"));
    }
    g_autoptr(NskJson) added =
        do_berkas(f, &(NskBerkasAct){ .act = "add", .berkas = ids[0], .letter = letter });
    g_autoptr(NskJson) closed = do_berkas(f, &(NskBerkasAct){ .act = "close", .berkas = ids[0] });
    const NskBerkasAct hold = { .act = "hold", .berkas = ids[0], .note = "Perkara." };
    g_autoptr(NskJson) held = do_berkas(f, &hold);
    g_autoptr(NskJson) again = do_berkas(f, &hold);
    const NskBerkasAct release = { .act = "release",
                                   .berkas = ids[0],
                                   .hold = "1",
                                   .note = "Selesai." };
    g_autoptr(NskJson) released = do_berkas(f, &release);
    g_free(ids[0]);
    g_free(ids[1]);
}

static void
live(Fixture *f)
{
    live_answered(f);
    live_to_the_end(f);
    live_with_other_reviewers(f);
    live_half_signed(f);
    live_and_give_up(f);
    live_over_new_year(f);
    live_with_a_large_file(f);
    live_with_references(f);
    live_with_dispositions(f);
    live_with_a_note(f);
    live_with_a_secret(f);
    live_with_records(f);
}

/* --- Tests. ------------------------------------------------------------------------------------
 */

static void
test_every_table_is_index_or_kept(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "office.db", NULL);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, &error);
    g_assert_no_error(error);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_autofree char *text = read_lines(txn, sql_list_tables, NULL);
    g_auto(GStrv) names = g_strsplit(g_strchomp(text), "\n", -1);

    (void)data;
    g_assert_cmpuint(g_strv_length(names), >, 20);
    for (int i = 0; names[i] != NULL; i++) {
        bool is_index = is_listed(index_tables, G_N_ELEMENTS(index_tables), names[i]);
        bool is_kept = is_listed(kept_tables, G_N_ELEMENTS(kept_tables), names[i]);

        if (is_index == is_kept)
            g_test_message("decide about table %s: made again from histories (kept.c, rebuild*.c), "
                           "or kept by backup alone (rebuild.c, invariant 4)?",
                           names[i]);
        g_assert_true(is_index != is_kept);
    }
}

static void
test_the_rows_are_the_same(Fixture *f, gconstpointer data)
{
    (void)data;
    live(f);
    g_autofree char *findings = fixture_doctor(f);
    g_assert_cmpstr(findings, ==, "");
    g_auto(Dump) before = dump_office(f);
    g_autoptr(NskJson) result = rebuild(f);
    g_auto(Dump) after = dump_office(f);

    assert_same(&before, &after);
    g_assert_cmpint(nsk_json_get_int(result, "letters", 0), ==, 16);
    g_assert_cmpuint(nsk_json_length(nsk_json_get(result, "damaged")), ==, 0);
#ifdef NSK_FAULTS
    g_assert_nonnull(strstr(after.tables[15], "answered"));
    g_assert_cmpstr(index_tables[15], ==, "signing");
#endif
}

typedef struct {
    const char *table; /* NULL: of all */
    unsigned nth;      /* every so many rows are lost */
} Loss;

static bool
apply_loss(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Loss *loss = data;

    (void)out_answer;
    for (size_t i = 0; i < G_N_ELEMENTS(index_tables); i++) {
        bool without_rowid =
            !is_listed((const char *const[]){ "paraf", "rule", "signing" }, 3, index_tables[i]);
        g_autofree char *sql =
            g_strdup_printf(without_rowid ? "DELETE FROM %s WHERE abs(random()) %% %u = 0"
                                          : "DELETE FROM %s WHERE rowid %% %u = 0",
                            index_tables[i], loss->nth);

        if (loss->table != NULL && strcmp(loss->table, index_tables[i]) != 0)
            continue;
        if (!nsk_db_exec(txn, g_intern_string(sql), NSK_DB_NO_PARAMS, NULL, error))
            return false;
    }
    return true;
}

/* Loses rows past the foreign keys, which are checked when the change ends. */
static void
lose(Fixture *f, const Loss *loss)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "office.db", NULL);
    Loss copy = *loss;

    g_clear_pointer(&f->office, nsk_office_free);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_WRITE, &error);
    g_assert_no_error(error);
    bool ok = nsk_db_commit(db, &(NskChange){ .apply = apply_loss, .data = &copy }, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

static void
test_lost_rows_come_back(Fixture *f, gconstpointer data)
{
    static const char *const lost[] = {
        "inbox",          "reader",           "route",       "signing", "paraf",
        "register_entry", "register_counter", "rule",        "setting", "position",
        "person",         "holding",          "mandate",     "unit",    "blob",
        "letter_link",    "delivery",         "letter_note", "reading", "disposition_receiver",
        "reader_copy",
    };

    (void)data;
    live(f);
    g_auto(Dump) before = dump_office(f);
    for (unsigned nth = 1; nth <= 3; nth++) {
        for (size_t i = 0; i < G_N_ELEMENTS(lost); i++)
            lose(f, &(Loss){ lost[i], nth });
        g_auto(Dump) damaged = dump_office(f);
        if (nth == 1)
            g_assert_cmpstr(damaged.tables[2], ==, "");
        g_autoptr(NskJson) result = rebuild(f);
        g_auto(Dump) after = dump_office(f);
        assert_same(&before, &after);
    }
    /* all of it: children are gone already, so that letters and tasks can go */
    for (size_t i = 0; i < 5; i++)
        lose(f, &(Loss){ lost[i], 1 });
    lose(f, &(Loss){ "letter_link", 1 });
    lose(f, &(Loss){ "letter_note", 1 });
    lose(f, &(Loss){ "reading", 1 });
    lose(f, &(Loss){ "reader_copy", 1 });
    lose(f, &(Loss){ "disposition_receiver", 1 });
    lose(f, &(Loss){ "disposition", 1 });
    lose(f, &(Loss){ "incoming_band", 1 });
    lose(f, &(Loss){ "incoming", 1 });
    lose(f, &(Loss){ "wait", 1 });
    lose(f, &(Loss){ "delivery", 1 });
    lose(f, &(Loss){ "letter_batch", 1 });
    lose(f, &(Loss){ "letter_external", 1 });
    lose(f, &(Loss){ "task", 1 });
    lose(f, &(Loss){ "letter", 1 });
    g_autoptr(NskJson) result = rebuild(f);
    g_auto(Dump) after = dump_office(f);
    assert_same(&before, &after);
}

static void
test_an_office_without_settings_comes_back(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    fixture_damage(f, sql_break_settings, "");
    g_autoptr(NskJson) result = rebuild(f);
    g_assert_true(fixture_finds(f, "damar", letter));
}

/* Damaged letters stop it, or keep their rows. */
static void
test_a_damaged_letter_is_not_dropped(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *damaged = fixture_draft(f, &(Words){ .reviewers = "" });
    g_autofree char *other = fixture_draft(f, &(Words){ .reviewers = "" });

    (void)data;
    do_act(f, "damar", damaged, "submit", NULL);
    do_prepare(f, "sekar", damaged);
    do_act(f, "damar", other, "submit", NULL);
    g_auto(Dump) whole = dump_office(f);
    fixture_damage(f, sql_break_object, damaged);
    fixture_damage(f, sql_break_rows, other);
    g_auto(Dump) before = dump_office(f);
    g_assert_null(try_rebuild(f, false, issues, &error));
    g_assert_cmpuint(issues->len, >, 0);
    g_assert_cmpstr(((NskIssue *)issues->pdata[0])->file, ==, damaged);
    g_assert_nonnull(strstr(error->message, damaged));
    fixture_refused(&error, NSK_ERROR_CORRUPT, "--skip-damaged");
    g_auto(Dump) same = dump_office(f);
    assert_same(&before, &same);

    g_autoptr(NskJson) result = try_rebuild(f, true, issues, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(nsk_json_text_at(nsk_json_get(result, "damaged"), 0), ==, damaged);
    g_auto(Dump) after = dump_office(f);
    for (size_t i = 0; i < G_N_ELEMENTS(index_tables); i++)
        g_assert_cmpstr(after.tables[i], ==, whole.tables[i]);
    fixture_reopen(f, NULL);
}

static void
test_a_history_without_its_end_is_damage(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    fixture_damage(f, sql_lose_head, letter);
    g_autoptr(NskJson) result = try_rebuild(f, true, issues, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(nsk_json_length(nsk_json_get(result, "damaged")), ==, 2);
    g_assert_cmpstr(nsk_json_text_at(nsk_json_get(result, "damaged"), 1), ==, letter);
    bool is_told = false;
    for (guint i = 0; i < issues->len; i++)
        is_told =
            is_told || strstr(((NskIssue *)issues->pdata[i])->text, "versions are gone") != NULL;
    g_assert_true(is_told);
    fixture_reopen(f, NULL);
    g_assert_null(try_rebuild(f, false, issues, &error));
    fixture_refused(&error, NSK_ERROR_CORRUPT, "2 letters");
    fixture_reopen(f, NULL);
}

/* A reason that was erased from the journal does not live on in the register. */
static void
test_erased_reasons_stay_erased(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ .reviewers = "" });

    (void)data;
    do_act(f, "damar", letter, "submit", NULL);
    do_prepare(f, "sekar", letter);
    do_withdraw(f, letter);
    fixture_damage(f, sql_erase, letter);
    g_auto(Dump) before = dump_office(f);
    g_assert_nonnull(strstr(before.tables[10], "salah"));
    g_autoptr(NskJson) result = rebuild(f);
    g_auto(Dump) after = dump_office(f);
    g_assert_cmpstr(index_tables[10], ==, "register_entry");
    g_assert_null(strstr(after.tables[10], "salah"));
    g_assert_nonnull(strstr(after.tables[10], "'erased'"));
}

static void
test_the_doctor_compares(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *sql;
        const char *tags;
    } cases[] = {
        { sql_break_rows, "index-differs" },
        { sql_break_content, "index-differs" },
    };
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        fixture_tamper(f, cases[i].sql, letter);
        g_autofree char *found = fixture_doctor(f);
        g_assert_cmpstr(found, ==, cases[i].tags);
        g_autoptr(NskJson) result = rebuild(f);
        g_autofree char *clean = fixture_doctor(f);
        g_assert_cmpstr(clean, ==, "");
    }
    fixture_tamper(f, sql_break_reader, letter);
    g_autoptr(NskJson) result = rebuild(f);
    g_assert_true(fixture_finds(f, "damar", letter));
}

/* --- Registers: what no letter says. -----------------------------------------------------------
 */

/* A register that goes on from 10, and three positions for paper, one of them spoilt. */
static bool
apply_paper(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    uint32_t first;
    NskDate date = { 2026, 7, 22 };
    NskSeriesText text = { .name = "masuk", .scope = "year", .pattern = "{seq}/{year}" };
    NskContinue wish = { .scope = { .date = date }, .next = 10, .reason = "Mulai Juli", .now = 1 };
    NskPaperBlock block = { .scope = { .date = date }, .count = 3, .note = "Bagian TU", .now = 2 };
    NskOfficeEvent event = { .origin = "naskah-test",
                             .history = NSK_REGISTERS_HISTORY,
                             .actor = "naskah-test",
                             .action = "registers-changed",
                             .sentence = "Set positions aside",
                             .now = fixture_morning(FIXTURE_DAY) };
    g_autoptr(NskSeries) series = nsk_series_new(&text, error);

    (void)data;
    (void)out_answer;
    return series != NULL && nsk_registry_continue(txn, series, &wish, error) &&
           nsk_registry_block(txn, series, &block, &first, error) &&
           nsk_registry_void_paper(txn, series, &block, first + 1, error) &&
           nsk_record_office_rows(txn, NSK_KEPT_REGISTERS, &event, error);
}

static void
test_registers_keep_what_no_letter_says(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "office.db", NULL);
    g_autofree char *letter = fixture_draft(f, &(Words){ .reviewers = "" });

    (void)data;
    do_act(f, "damar", letter, "submit", NULL);
    do_prepare(f, "sekar", letter);
    g_clear_pointer(&f->office, nsk_office_free);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_WRITE, &error);
    g_assert_no_error(error);
    bool ok = nsk_db_commit(db, &(NskChange){ .apply = apply_paper }, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    g_clear_pointer(&db, nsk_db_free);
    g_auto(Dump) before = dump_office(f);
    g_assert_nonnull(strstr(before.tables[11], "Mulai Juli"));
    for (size_t i = 9; i < 12; i++) /* counters, entries, skips */
        lose(f, &(Loss){ index_tables[i], 1 });
    g_autoptr(NskJson) result = rebuild(f);
    g_auto(Dump) after = dump_office(f);
    assert_same(&before, &after);
    g_autofree char *findings = fixture_doctor(f);
    g_assert_cmpstr(findings, ==, "");
}

/* --- An office that an older program wrote. ----------------------------------------------------
 */

/* Takes the record out of the letter, as another version of it. */
static bool
apply_without_record(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const char *letter = data;
    NskJournalNext next;
    g_autofree char *oid = NULL;
    g_autofree char *name = g_strconcat(letter, ".json", NULL);
    const char *const removed[] = { name, NULL };
    NskStoreCommit commit = { .letter = letter,
                              .repository = "biro-umum-2026",
                              .removed = removed,
                              .message = "As before",
                              .author_name = "Naskah",
                              .author_email = "naskah@localhost",
                              .at = fixture_morning(FIXTURE_DAY) };
    NskJournalEvent event = { .origin = "naskah-test",
                              .letter = letter,
                              .at = commit.at,
                              .actor = "damar",
                              .action = "letter-edited" };

    (void)out_answer;
    if (!nsk_journal_next(txn, letter, &next, error) ||
        !nsk_store_commit(txn, &commit, &oid, error))
        return false;
    event.commit = oid;
    return nsk_journal_append(txn, &event, &next, error);
}

static void
make_older(Fixture *f, char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "office.db", NULL);

    g_clear_pointer(&f->office, nsk_office_free);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_WRITE, &error);
    g_assert_no_error(error);
    bool ok = nsk_db_commit(db, &(NskChange){ .apply = apply_without_record, .data = letter }, NULL,
                            &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    g_clear_pointer(&db, nsk_db_free);
    fixture_damage(f, sql_forget_objects, "office/settings");
    fixture_damage(f, sql_forget_journal, "office/settings");
    fixture_damage(f, sql_forget_head, "office/settings");
}

static void
test_an_older_office_gets_its_records(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskJson) told = NULL;
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autofree char *other = fixture_draft(f, &(Words){ .reviewers = "" });

    (void)data;
    do_act(f, "damar", letter, "submit", NULL);
    make_older(f, letter);
    g_assert_null(try_rebuild(f, false, issues, &error));
    g_assert_cmpuint(issues->len, ==, 1);
    g_assert_nonnull(strstr(((NskIssue *)issues->pdata[0])->text, "naskah migrate"));
    fixture_refused(&error, NSK_ERROR_CORRUPT, letter);

    for (int twice = 0; twice < 2; twice++) {
        g_clear_pointer(&told, nsk_json_unref);
        g_assert_true(nsk_office_migrate(f->dir, false, &told, &error));
        g_assert_no_error(error);
    }
    fixture_reopen(f, NULL);
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_true(g_str_has_suffix(actions, "letter-submitted letter-edited record-kept"));
    g_autofree char *untouched = fixture_actions(f, "damar", other);
    g_assert_cmpstr(untouched, ==, "letter-created");
    g_auto(Dump) before = dump_office(f);
    g_autoptr(NskJson) result = rebuild(f);
    g_auto(Dump) after = dump_office(f);
    assert_same(&before, &after);
    g_autofree char *findings = fixture_doctor(f);
    g_assert_cmpstr(findings, ==, "");
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/rebuild/every-table-is-index-or-kept", test_every_table_is_index_or_kept, NULL },
        { "/office/rebuild/the-rows-are-the-same", test_the_rows_are_the_same, NULL },
        { "/office/rebuild/lost-rows-come-back", test_lost_rows_come_back, NULL },
        { "/office/rebuild/an-office-without-settings-comes-back",
          test_an_office_without_settings_comes_back, NULL },
        { "/office/rebuild/a-damaged-letter-is-not-dropped", test_a_damaged_letter_is_not_dropped,
          NULL },
        { "/office/rebuild/a-history-without-its-end-is-damage",
          test_a_history_without_its_end_is_damage, NULL },
        { "/office/rebuild/erased-reasons-stay-erased", test_erased_reasons_stay_erased, NULL },
        { "/office/rebuild/the-doctor-compares", test_the_doctor_compares, NULL },
        { "/office/rebuild/registers-keep-what-no-letter-says",
          test_registers_keep_what_no_letter_says, NULL },
        { "/office/rebuild/an-older-office-gets-its-records", test_an_older_office_gets_its_records,
          NULL },
    };

    g_assert_true(g_setenv("NASKAH_FAULT", "sign.answered:1:fail", TRUE));
    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dispositions: given, answered, taken back, seen by whom; replies; notes. */
#include "fixture.h"
#include "office/office-private.h"

#include <string.h>

/* A letter for kepala-badan (bramantya), registered and passed on by pramesti. */
static char *
letter_for(Fixture *f, const char *position, const char *security)
{
    const char *const to[] = { position, NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    NskIncomingAsk ask = { .origin = "Dinas Pengairan Kabupaten Arunika",
                           .place = "Arunika",
                           .number = "400.3/118/DPA",
                           .date = "2026-02-20",
                           .subject = security == NULL ? "Permohonan Narasumber" : NULL,
                           .to = to,
                           .channel = "pos",
                           .classification = "KP.08.1",
                           .security = security,
                           .unopened = security != NULL,
                           .not_duplicate = true };

    fixture_as(f, "pramesti");
    ask.unit = "bpatn";
    bool ok = nsk_office_incoming_register(f->office, &ask, &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    char *letter = g_strdup(nsk_json_get_text(result, "letter"));
    g_autoptr(NskJson) passed = fixture_act(f, "pramesti", letter, "forward", NULL);
    g_assert_cmpstr(nsk_json_get_text(passed, "state"), ==, "received");
    return letter;
}

static char *
letter_in(Fixture *f)
{
    return letter_for(f, "kepala-badan", NULL);
}

static bool
try_act(Fixture *f, const char *person, const NskDispositionAct *act, GError **error)
{
    g_autoptr(NskJson) result = NULL;

    fixture_as(f, person);
    return nsk_office_disposition(f->office, act, &result, error);
}

static void
do_act(Fixture *f, const char *person, const NskDispositionAct *act)
{
    g_autoptr(GError) error = NULL;
    bool ok = try_act(f, person, act, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
}

static void
give(Fixture *f, const char *person, const char *letter, const char *to)
{
    do_act(f, person, &(NskDispositionAct){ .act = "give", .task = letter, .receivers = to });
}

static void
answer(Fixture *f, const char *person, const char *letter, const char *act, const char *note)
{
    do_act(f, person, &(NskDispositionAct){ .act = act, .task = letter, .note = note });
}

static void
refuse(Fixture *f, const char *person, const NskDispositionAct *act, int code, const char *said)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(try_act(f, person, act, &error));
    fixture_refused(&error, code, said);
}

static NskJson *
show(Fixture *f, const char *person, const char *letter)
{
    g_autoptr(GError) error = NULL;
    NskJson *result = NULL;

    fixture_as(f, person);
    bool ok = nsk_office_disposition_show(f->office, letter, &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    return result;
}

static void
write_tree(const NskJson *list, GString *out)
{
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *item = nsk_json_at(list, i);
        const NskJson *receivers = nsk_json_get(item, "receivers");

        g_string_append_printf(out, "(%s", nsk_json_get_text(item, "state"));
        for (size_t j = 0; j < nsk_json_length(receivers); j++) {
            const NskJson *receiver = nsk_json_at(receivers, j);
            const char *state = nsk_json_get_text(receiver, "state");

            g_string_append_printf(
                out, " %s%s:%s", nsk_json_get_bool(receiver, "lead", false) ? "1." : "",
                nsk_json_get_text(receiver, "position"), state != NULL ? state : "?");
            write_tree(nsk_json_get(receiver, "dispositions"), out);
        }
        g_string_append_c(out, ')');
    }
}

/* "(state position:state(state ...) ...)" as @person sees it. */
static void
assert_tree(Fixture *f, const char *person, const char *letter, const char *said)
{
    g_autoptr(NskJson) shown = show(f, person, letter);
    g_autoptr(GString) out = g_string_new(NULL);

    write_tree(nsk_json_get(shown, "dispositions"), out);
    g_assert_cmpstr(out->str, ==, said);
}

/* --- Down and up again. ----------------------------------------------------------------------- */

static void
test_it_goes_down_and_comes_up_again(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = letter_in(f);

    (void)data;
    give(f, "bramantya", letter, "sekretaris-utama deputi-bidang-pemantauan");
    give(f, "larasati", letter, "kepala-biro-umum");
    give(f, "sekar", letter, "kepala-bagian-tata-usaha");
    assert_tree(f, "bramantya", letter,
                "(forwarded kepala-badan:disposed(given 1.sekretaris-utama:disposed(given "
                "kepala-biro-umum:disposed(given kepala-bagian-tata-usaha:waiting)) "
                "deputi-bidang-pemantauan:waiting))");
    answer(f, "budi", letter, "done", "Data sudah dikirim.");
    answer(f, "sekar", letter, "done", NULL);
    answer(f, "larasati", letter, "done", "Selesai.");
    answer(f, "tirta", letter, "none", "Untuk diketahui.");
    answer(f, "bramantya", letter, "done", NULL);
    assert_tree(f, "bramantya", letter,
                "(forwarded kepala-badan:done(given 1.sekretaris-utama:done(given "
                "kepala-biro-umum:done(given kepala-bagian-tata-usaha:done)) "
                "deputi-bidang-pemantauan:noted))");
    g_autoptr(NskJson) shown = fixture_show(f, "bramantya", letter);
    g_assert_cmpstr(nsk_json_get_text(shown, "state"), ==, "archived");
}

static void
test_what_comes_back_is_given_again(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = letter_in(f);

    (void)data;
    give(f, "bramantya", letter, "sekretaris-utama");
    answer(f, "larasati", letter, "return", "Bukan tugas sekretariat.");
    assert_tree(f, "bramantya", letter,
                "(forwarded kepala-badan:disposed(given sekretaris-utama:returned))");
    give(f, "bramantya", letter, "deputi-bidang-pemantauan");
    answer(f, "tirta", letter, "done", "Selesai.");
    answer(f, "bramantya", letter, "done", NULL);
    assert_tree(f, "bramantya", letter,
                "(forwarded kepala-badan:done(given sekretaris-utama:returned)(given "
                "deputi-bidang-pemantauan:done))");
}

static void
test_the_head_may_do_it_himself(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = letter_in(f);

    (void)data;
    answer(f, "bramantya", letter, "done", "Saya hadir sendiri.");
    assert_tree(f, "bramantya", letter, "(forwarded kepala-badan:done)");
    g_autofree char *actions = fixture_actions(f, "bramantya", letter);
    g_assert_nonnull(strstr(actions, "disposition-taken-up disposition-done"));
}

/* --- Who sees what. --------------------------------------------------------------------------- */

static void
test_those_below_see_their_branch_alone(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = letter_in(f);

    (void)data;
    give(f, "bramantya", letter, "sekretaris-utama deputi-bidang-pemantauan");
    give(f, "larasati", letter, "kepala-biro-umum kepala-biro-sdm");
    assert_tree(f, "sekar", letter,
                "(forwarded kepala-badan:?(given 1.sekretaris-utama:?(given "
                "1.kepala-biro-umum:waiting kepala-biro-sdm:?)))");
    assert_tree(f, "galih", letter,
                "(forwarded kepala-badan:?(given 1.sekretaris-utama:?(given "
                "kepala-biro-sdm:waiting)))");
    assert_tree(f, "tirta", letter,
                "(forwarded kepala-badan:?(given deputi-bidang-pemantauan:waiting))");
    g_assert_false(fixture_finds(f, "anindita", letter));
    /* nor do they read the words of others in the history */
    answer(f, "sekar", letter, "done", "Rahasia dapur.");
    g_autoptr(NskJson) above = fixture_history(f, "larasati", letter);
    g_autoptr(NskJson) beside = fixture_history(f, "tirta", letter);
    g_autofree char *seen = nsk_json_canonical(above);
    g_autofree char *hidden = nsk_json_canonical(beside);
    g_assert_nonnull(strstr(seen, "Rahasia dapur."));
    g_assert_null(strstr(hidden, "Rahasia dapur."));
}

static void
test_seen_and_unseen(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = letter_in(f);

    (void)data;
    give(f, "bramantya", letter, "sekretaris-utama");
    g_autoptr(NskJson) first = show(f, "larasati", letter);
    g_assert_true(nsk_json_get_bool(first, "unread", false));
    answer(f, "larasati", letter, "read", NULL);
    g_autoptr(NskJson) second = show(f, "larasati", letter);
    g_assert_false(nsk_json_get_bool(second, "unread", true));
    assert_tree(f, "bramantya", letter,
                "(forwarded kepala-badan:disposed(given sekretaris-utama:read))");
    answer(f, "bramantya", letter, "read", NULL); /* he saw it by giving it */
    g_autofree char *actions = fixture_actions(f, "bramantya", letter);
    g_assert_true(g_str_has_suffix(actions, "disposition-given disposition-read"));
}

/* --- Recall, urging. -------------------------------------------------------------------------- */

static void
test_a_recall_leaves_its_trace(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = letter_in(f);

    (void)data;
    give(f, "bramantya", letter, "sekretaris-utama deputi-bidang-pemantauan");
    answer(f, "larasati", letter, "read", NULL);
    answer(f, "bramantya", letter, "recall", "Salah alamat.");
    assert_tree(f, "bramantya", letter,
                "(forwarded kepala-badan:read(recalled 1.sekretaris-utama:recalled "
                "deputi-bidang-pemantauan:recalled))");
    g_autoptr(NskJson) shown = fixture_show(f, "bramantya", letter);
    g_assert_cmpuint(nsk_json_length(nsk_json_get(shown, "tasks")), ==, 1);
    refuse(f, "larasati", &(NskDispositionAct){ "none", letter, NULL, NULL, NULL, NULL },
           NSK_ERROR_DENIED, "not yours");
    give(f, "bramantya", letter, "deputi-bidang-konservasi");
    assert_tree(f, "bramantya", letter,
                "(forwarded kepala-badan:disposed(recalled 1.sekretaris-utama:recalled "
                "deputi-bidang-pemantauan:recalled)(given deputi-bidang-konservasi:waiting))");
}

static void
test_what_is_answered_is_not_recalled(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = letter_in(f);
    NskDispositionAct recall = { .act = "recall", .task = letter };

    (void)data;
    refuse(f, "bramantya", &recall, NSK_ERROR_CONFLICT, "given no disposition");
    give(f, "bramantya", letter, "sekretaris-utama deputi-bidang-pemantauan");
    refuse(f, "larasati", &recall, NSK_ERROR_CONFLICT, "given no disposition");
    answer(f, "larasati", letter, "none", NULL);
    g_assert_false(try_act(f, "bramantya", &recall, &error));
    g_assert_nonnull(strstr(error->message, "2026-07-22 09:"));
    fixture_refused(&error, NSK_ERROR_CONFLICT, "Dr. Larasati Kusumaningdyah");
    give(f, "tirta", letter, "direktur-jaringan-pantau");
    answer(f, "tirta", letter, "recall", NULL);
    assert_tree(f, "tirta", letter,
                "(forwarded kepala-badan:?(given deputi-bidang-pemantauan:read(recalled "
                "direktur-jaringan-pantau:recalled)))");
}

static void
test_those_above_urge(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = letter_in(f);
    NskDispositionAct urge = { .act = "urge", .task = letter, .note = "Hari ini." };

    (void)data;
    refuse(f, "bramantya", &urge, NSK_ERROR_CONFLICT, "nobody has a disposition");
    give(f, "bramantya", letter, "sekretaris-utama");
    give(f, "larasati", letter, "kepala-biro-umum kepala-biro-sdm");
    refuse(f, "sekar", &urge, NSK_ERROR_CONFLICT, "nobody has a disposition");
    urge.receivers = "kepala-biro-sdm";
    do_act(f, "bramantya", &urge);
    refuse(f, "larasati", &urge, NSK_ERROR_CONFLICT, "less than an hour");
    urge.receivers = NULL;
    do_act(f, "larasati", &urge);
    f->now += (NskInstant)3600 * G_USEC_PER_SEC;
    do_act(f, "larasati", &urge);
}

/* --- Preparing. ------------------------------------------------------------------------------- */

static void
test_tata_usaha_prepares_and_the_leader_confirms(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = letter_in(f);
    NskDispositionAct propose = { .act = "propose",
                                  .task = letter,
                                  .receivers = "sekretaris-utama",
                                  .instructions = "saran kaji",
                                  .note = "Mohon pendapat.",
                                  .due = "3" };
    NskDispositionAct confirm = { .act = "confirm", .task = letter };

    (void)data;
    refuse(f, "bramantya", &confirm, NSK_ERROR_CONFLICT, "nobody has prepared");
    do_act(f, "handoko", &propose);
    propose.receivers = "deputi-bidang-pemantauan";
    do_act(f, "handoko", &propose); /* in place of the first */
    assert_tree(f, "bramantya", letter,
                "(forwarded kepala-badan:waiting(proposed deputi-bidang-pemantauan:waiting))");
    refuse(f, "handoko", &confirm, NSK_ERROR_DENIED, "not yours");
    do_act(f, "bramantya", &confirm);
    g_autoptr(NskJson) shown = show(f, "tirta", letter);
    g_autofree char *text = nsk_json_canonical(shown);
    g_assert_nonnull(strstr(text, "\"due\":\"2026-07-27\""));
    g_assert_nonnull(strstr(text, "\"proposer\":\"handoko\""));
    g_assert_nonnull(strstr(text, "Mohon pendapat."));
    g_assert_nonnull(strstr(text, "{\"id\":\"saran\",\"print\":\"Saran/pendapat\"}"));
    refuse(f, "bramantya", &confirm, NSK_ERROR_DENIED, "");
}

static void
test_only_their_own_tata_usaha_prepares(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = letter_in(f);
    g_autofree char *secret = letter_for(f, "kepala-badan", "rahasia");
    NskDispositionAct propose = { .act = "propose",
                                  .task = letter,
                                  .receivers = "sekretaris-utama" };

    (void)data;
    do_act(f, "pramesti", &propose); /* the archivist of the unit */
    refuse(f, "ratna", &propose, NSK_ERROR_NOT_FOUND, "no letter");
    propose.task = secret;
    refuse(f, "handoko", &propose, NSK_ERROR_NOT_FOUND, "no letter");
    refuse(f, "pramesti", &propose, NSK_ERROR_NOT_FOUND, "no letter");
}

/* --- What is refused. ------------------------------------------------------------------------- */

typedef struct {
    const char *person, *receivers, *instructions, *due;
    int code;
    const char *said;
} Bad;

static void
test_it_goes_to_no_wrong_place(Fixture *f, gconstpointer data)
{
    static const Bad bad[] = {
        { "larasati", "sekretaris-utama", NULL, NULL, NSK_ERROR_INVALID, "gives it" },
        { "larasati", "kepala-badan", NULL, NULL, NSK_ERROR_INVALID, "down to you" },
        { "sekar", "kepala-badan", NULL, NULL, NSK_ERROR_INVALID, "down to you" },
        { "galih", "kepala-bagian-kinerja", NULL, NULL, NSK_ERROR_INVALID, "hold it yourself" },
        { "galih", "galih", NULL, NULL, NSK_ERROR_INVALID, "several positions" },
        { "sekar", "kepala-bagian-tata-usaha kepala-bagian-tata-usaha", NULL, NULL,
          NSK_ERROR_INVALID, "twice" },
        { "sekar", "tiada", NULL, NULL, NSK_ERROR_NOT_FOUND, "no position 'tiada'" },
        { "sekar", "budi", "tari", NULL, NSK_ERROR_INVALID, "no instruction 'tari'" },
        { "sekar", "budi", NULL, "besok", NSK_ERROR_INVALID, "no time to answer" },
        { "sekar", "budi", NULL, "0", NSK_ERROR_INVALID, "no time to answer" },
        { "sekar", "budi", NULL, "2026-07-21", NSK_ERROR_INVALID, "is over" },
        { "sekar", "", NULL, NULL, NSK_ERROR_INVALID, "to whom" },
        { "damar", "staf-persuratan", NULL, NULL, NSK_ERROR_DENIED, "not yours" },
    };
    g_autofree char *letter = letter_in(f);

    (void)data;
    give(f, "bramantya", letter, "sekretaris-utama");
    for (size_t i = 0; i < 2; i++)
        refuse(f, bad[i].person,
               &(NskDispositionAct){ "give", letter, bad[i].receivers, NULL, NULL, NULL },
               bad[i].code, bad[i].said);
    give(f, "larasati", letter, "kepala-biro-umum kepala-biro-sdm");
    for (size_t i = 2; i < G_N_ELEMENTS(bad); i++)
        refuse(f, bad[i].person,
               &(NskDispositionAct){ "give", letter, bad[i].receivers, bad[i].instructions, NULL,
                                     bad[i].due },
               bad[i].code, bad[i].said);
    refuse(f, "sekar", &(NskDispositionAct){ .act = "return", .task = letter }, NSK_ERROR_INVALID,
           "say why");
    refuse(f, "sekar", &(NskDispositionAct){ .act = "lose", .task = letter }, NSK_ERROR_INVALID,
           "nothing called 'lose'");
    g_autofree char *said =
        fixture_act_fails(f, "sekar", &(NskTaskAct){ .task = letter, .outcome = "dispose" },
                          NSK_ERROR_INVALID, "to whom");
    give(f, "sekar", letter, "budi");
    assert_tree(f, "budi", letter,
                "(forwarded kepala-badan:?(given sekretaris-utama:?(given "
                "1.kepala-biro-umum:?(given kepala-bagian-tata-usaha:waiting))))");
}

/* On that Sunday nobody acts as head of the Biro SDM. */
static void
test_a_vacant_position_gets_nothing(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = letter_in(f);

    (void)data;
    give(f, "bramantya", letter, "sekretaris-utama");
    refuse(f, "larasati",
           &(NskDispositionAct){ "give", letter, "kepala-biro-sdm", NULL, NULL, NULL },
           NSK_ERROR_INVALID, "nobody holds it today");
    refuse(f, "larasati", &(NskDispositionAct){ "give", letter, "handoko", NULL, NULL, NULL },
           NSK_ERROR_INVALID, "holds no position today");
}

/* --- Notes, replies, the sheet. --------------------------------------------------------------- */

static void
note(Fixture *f, const char *person, const char *letter, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;

    fixture_as(f, person);
    g_assert_true(
        nsk_office_letter_note(f->office, &(NskLetterNote){ letter, text }, &result, &error));
    g_assert_no_error(error);
}

static void
test_a_note_stays_beside_the_letter(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autofree char *letter = fixture_to_signatory(f, &(Words){ .copies = "kepala-biro-keuangan" });
    g_autoptr(NskJson) before = fixture_show(f, "sekar", letter);

    (void)data;
    note(f, "damar", letter, "Angkanya dari laporan Juni.");
    note(f, "budi", letter, "Setuju; lihat Catatan \"A\".");
    g_autoptr(NskJson) after = fixture_show(f, "sekar", letter);
    const NskJson *notes = nsk_json_get(after, "notes");
    g_assert_cmpuint(nsk_json_length(notes), ==, 2);
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(notes, 1), "name"), ==,
                    "Budi Hargotama, S.Sos., M.A.P.");
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(notes, 1), "position"), ==,
                    "kepala-bagian-tata-usaha");
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(notes, 1), "capacity"), ==, "definitive");
    /* content and parafs are what they were, and who only gets the letter sees none */
    g_assert_cmpstr(nsk_json_get_text(after, "content"), ==, nsk_json_get_text(before, "content"));
    g_autoptr(NskJson) signed_letter = fixture_sign(f, "sekar", letter);
    g_autoptr(GBytes) xml = fixture_export(f, "maheswari", letter, NSK_EXPORT_XML);
    g_autoptr(NskJson) sent = fixture_show(f, "maheswari", letter);
    g_assert_null(g_strstr_len(g_bytes_get_data(xml, NULL), (gssize)g_bytes_get_size(xml), "Juni"));
    g_assert_null(nsk_json_get(sent, "notes"));
    fixture_as(f, "maheswari");
    g_assert_false(
        nsk_office_letter_note(f->office, &(NskLetterNote){ letter, "x" }, &result, &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "was sent to you");
    fixture_as(f, "damar");
    g_assert_false(
        nsk_office_letter_note(f->office, &(NskLetterNote){ letter, " \n" }, &result, &error));
    fixture_refused(&error, NSK_ERROR_INVALID, "empty");
}

/* The reply, of which the skeleton was filled in. */
static GBytes *
fill_reply(GBytes *skeleton)
{
    g_autofree char *text = g_strndup(g_bytes_get_data(skeleton, NULL), g_bytes_get_size(skeleton));
    g_autoptr(GString) xml = g_string_new(text);

    g_string_replace(xml, "<classification/>", "<classification>KP.08.1</classification>", 1);
    g_string_replace(xml, "<signatories/>",
                     "<reviewers><reviewer position=\"kepala-bagian-tata-usaha\"/></reviewers>"
                     "<signatories><signatory position=\"kepala-biro-umum\""
                     " capacity=\"definitive\"/></signatories>",
                     1);
    g_string_replace(xml, "<p/>", "<p>Narasumber kami kirim.</p>", 1);
    return g_string_free_to_bytes(g_steal_pointer(&xml));
}

static void
test_a_reply_closes_the_disposition(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) skeleton = NULL;
    g_autofree char *letter = letter_in(f);

    (void)data;
    give(f, "bramantya", letter, "sekretaris-utama");
    give(f, "larasati", letter, "kepala-biro-umum");
    give(f, "sekar", letter, "kepala-bagian-tata-usaha");
    give(f, "budi", letter, "staf-persuratan");
    fixture_as(f, "damar");
    g_assert_true(nsk_office_reply_skeleton(f->office, "surat-dinas", letter, &skeleton, &error));
    g_assert_no_error(error);
    g_autoptr(GBytes) xml = fill_reply(skeleton);
    g_autofree char *reply = fixture_draft_of(f, "damar", "staf-persuratan", xml);
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", reply, "submit", NULL);
    g_autoptr(NskJson) approved = fixture_act(f, "budi", reply, "approve", NULL);
    g_autoptr(NskJson) signed_reply = fixture_sign(f, "sekar", reply);
    g_assert_true(nsk_office_run_flow(f->office, NULL, &error));
    g_assert_no_error(error);
    assert_tree(f, "bramantya", letter,
                "(forwarded kepala-badan:disposed(given sekretaris-utama:disposed(given "
                "kepala-biro-umum:done(given kepala-bagian-tata-usaha:done(given "
                "staf-persuratan:done)))))");
    g_autoptr(NskJson) first = fixture_show(f, "damar", letter);
    const NskJson *link = nsk_json_at(nsk_json_get(first, "links"), 0);
    g_assert_cmpstr(nsk_json_get_text(link, "type"), ==, "answers");
    g_assert_cmpstr(nsk_json_get_text(link, "letter"), ==, reply);
    g_assert_cmpstr(nsk_json_get_text(link, "subject"), ==, "Permohonan Narasumber");
    g_autofree char *actions = fixture_actions(f, "larasati", letter);
    g_assert_nonnull(strstr(actions, "disposition-answered"));
}

static void
test_the_sheet_is_a_page(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = NULL;
    g_autoptr(GBytes) again = NULL;
    g_autofree char *letter = letter_in(f);
    NskDispositionAct act = { .act = "give",
                              .task = letter,
                              .receivers = "sekretaris-utama deputi-bidang-pemantauan",
                              .instructions = "saran",
                              .note = "Mohon <segera> & \"cepat\".",
                              .due = "5" };

    (void)data;
    fixture_as(f, "bramantya");
    g_assert_false(nsk_office_disposition_sheet(f->office, letter, 0, &pdf, &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "no such disposition");
    do_act(f, "bramantya", &act);
    g_assert_true(nsk_office_disposition_sheet(f->office, letter, 0, &pdf, &error));
    g_assert_no_error(error);
    g_assert_true(nsk_office_disposition_sheet(f->office, letter, 2, &again, &error));
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(pdf, again));
    g_assert_cmpint(memcmp(g_bytes_get_data(pdf, NULL), "%PDF-", 5), ==, 0);
}

#define TEST(name, function)                                                                       \
    {                                                                                              \
        "/office/disposition/" name, function, NULL                                                \
    }

static const FixtureTest tests[] = {
    TEST("it-goes-down-and-comes-up-again", test_it_goes_down_and_comes_up_again),
    TEST("what-comes-back-is-given-again", test_what_comes_back_is_given_again),
    TEST("the-head-may-do-it-himself", test_the_head_may_do_it_himself),
    TEST("those-below-see-their-branch-alone", test_those_below_see_their_branch_alone),
    TEST("who-has-seen-it-is-told", test_seen_and_unseen),
    TEST("a-recall-leaves-its-trace", test_a_recall_leaves_its_trace),
    TEST("what-is-answered-is-not-recalled", test_what_is_answered_is_not_recalled),
    TEST("those-above-urge", test_those_above_urge),
    TEST("tata-usaha-prepares-and-the-leader-confirms",
         test_tata_usaha_prepares_and_the_leader_confirms),
    TEST("only-their-own-tata-usaha-prepares", test_only_their_own_tata_usaha_prepares),
    TEST("it-goes-to-no-wrong-place", test_it_goes_to_no_wrong_place),
    { "/office/disposition/a-vacant-position-gets-nothing", test_a_vacant_position_gets_nothing,
      "2026-03-01" },
    TEST("a-note-stays-beside-the-letter", test_a_note_stays_beside_the_letter),
    TEST("a-reply-closes-the-disposition", test_a_reply_closes_the_disposition),
    TEST("the-sheet-is-a-page", test_the_sheet_is_a_page),
};

int
main(int argc, char **argv)
{
    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

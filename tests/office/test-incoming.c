/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters that came in: the agenda, doubles, secret ones, and what TU does with them. */
#include "fixture.h"
#include "office/office-private.h"
#include "worker/worker.h"

#include <stdio.h>
#include <string.h>

#define AGENDA_1 "A-1/SU/BU/2026"

static const char *const to_head[] = { "kepala-biro-umum", NULL };

/* What most tests register. */
static NskIncomingAsk
plain(const char *number)
{
    return (NskIncomingAsk){ .channel = "pos",
                             .origin = "Dinas Pengairan Kabupaten Arunika",
                             .place = "Arunika",
                             .number = number,
                             .date = "2026-07-14",
                             .subject = "Permohonan Narasumber",
                             .classification = "KP.08.1",
                             .to = to_head };
}

static NskJson *
try_register(Fixture *f, const char *person, const NskIncomingAsk *ask, GError **error)
{
    NskJson *result = NULL;

    fixture_as(f, person);
    return nsk_office_incoming_register(f->office, ask, &result, error) ? result : NULL;
}

static NskJson *
enter(Fixture *f, const NskIncomingAsk *ask)
{
    g_autoptr(GError) error = NULL;
    NskJson *result = try_register(f, "wening", ask, &error);

    g_assert_no_error(error);
    return result;
}

/* The id of a letter registered by TU of Biro Umum. */
static char *
enter_plain(Fixture *f, const char *number)
{
    NskIncomingAsk ask = plain(number);
    g_autoptr(NskJson) result = enter(f, &ask);

    return g_strdup(nsk_json_get_text(result, "letter"));
}

static void
refuses(Fixture *f, const char *person, const NskIncomingAsk *ask, int code, const char *said)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(try_register(f, person, ask, &error));
    fixture_refused(&error, code, said);
}

static size_t
count_letters(Fixture *f)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    NskIncomingList all = { .all = true };

    fixture_as(f, "wening");
    g_assert_true(nsk_office_incoming_list(f->office, &all, &result, &error));
    g_assert_no_error(error);
    size_t n = nsk_json_length(nsk_json_get(result, "letters"));
    nsk_json_unref(result);
    return n;
}

static NskJson *
show(Fixture *f, const char *person, const char *letter)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;

    fixture_as(f, person);
    g_assert_true(nsk_office_incoming_show(f->office, letter, &result, &error));
    g_assert_no_error(error);
    return result;
}

/* A PDF of one paragraph. */
static char *
make_pdf(Fixture *f, const char *name, const char *text)
{
    g_autoptr(GBytes) pdf = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *fo = g_strdup_printf(
        "<root xmlns='http://www.w3.org/1999/XSL/Format' font-family='Arial' language='id'>"
        "<layout-master-set><simple-page-master master-name='a' page-width='210mm'"
        " page-height='297mm'><region-body margin='20mm'/></simple-page-master>"
        "</layout-master-set><page-sequence master-reference='a'>"
        "<flow flow-name='xsl-region-body'><block>%s</block></flow></page-sequence></root>",
        text);
    g_autoptr(GBytes) bytes = g_bytes_new(fo, strlen(fo));
    NskOfficeFile file = { "a.fo", bytes };
    char *path = fixture_path(f, name);

    g_assert_true(nsk_office_render(NULL, &file, &(NskOfficeRendering){ 0 }, issues, &pdf, &error));
    g_assert_no_error(error);
    g_assert_true(g_file_set_contents(path, g_bytes_get_data(pdf, NULL),
                                      (gssize)g_bytes_get_size(pdf), NULL));
    return path;
}

#define LONG_TEXT                                                                                  \
    "Dengan hormat kami sampaikan bahwa pemantauan sumur pada musim kemarau tahun ini "            \
    "menunjukkan "                                                                                 \
    "penurunan muka air tanah di sebelas titik, sehingga kami memohon seorang narasumber untuk "   \
    "memberi bimbingan teknis kepada para petugas lapangan di kabupaten kami pada bulan depan, "   \
    "dengan biaya yang ditanggung oleh anggaran daerah menurut peraturan yang berlaku"

static void
test_a_registered_letter_is_in_the_agenda_and_before_tu(Fixture *f,
                                                        G_GNUC_UNUSED gconstpointer data)
{
    NskIncomingAsk ask = plain("400.3/118/DPA");

    ask.at = "2026-07-20 09:15";
    g_autoptr(NskJson) result = enter(f, &ask);
    const char *letter = nsk_json_get_text(result, "letter");
    const NskJson *task = nsk_json_at(nsk_json_get(result, "next"), 0);
    g_assert_cmpstr(nsk_json_get_text(result, "agenda"), ==, AGENDA_1);
    g_assert_cmpstr(nsk_json_get_text(result, "state"), ==, "received");
    g_assert_cmpstr(nsk_json_text_at(nsk_json_get(task, "positions"), 0), ==, "arsiparis-umum");
    g_autofree char *actions = fixture_actions(f, "wening", letter);
    g_assert_cmpstr(actions, ==, "letter-registered agenda-entered");

    /* by its agenda number, and by the sender's */
    g_autoptr(NskJson) shown = show(f, "wening", AGENDA_1);
    g_assert_cmpstr(nsk_json_get_text(shown, "letter"), ==, letter);
    g_assert_cmpstr(nsk_json_get_text(shown, "at"), ==, "2026-07-20T02:15:00.000000Z");
    g_assert_cmpstr(nsk_json_get_text(shown, "subject"), ==, "Permohonan Narasumber");
    g_autoptr(NskJson) again = show(f, "wening", "400.3/118/DPA");
    g_assert_cmpstr(nsk_json_get_text(again, "letter"), ==, letter);
    g_assert_false(fixture_finds(f, "galih", letter));
    /* the next of the same agenda */
    NskIncomingAsk second = plain("5");
    g_autoptr(NskJson) next = enter(f, &second);
    g_assert_cmpstr(nsk_json_get_text(next, "agenda"), ==, "A-2/SU/BU/2026");
}

static void
test_only_tu_registers(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    NskIncomingAsk ask = plain("1");
    g_autoptr(GError) error = NULL;

    refuses(f, "galih", &ask, NSK_ERROR_DENIED, "TU of no unit");
    ask.unit = "biro-sdm";
    refuses(f, "wening", &ask, NSK_ERROR_DENIED, "not the TU of the unit 'biro-sdm'");
    ask.unit = "tiada";
    refuses(f, "wening", &ask, NSK_ERROR_NOT_FOUND, "tiada");
    ask.unit = NULL;
    /* an assistant of a position of the unit; the letter is the archivist's all the same */
    g_autoptr(NskJson) result = try_register(f, "damar", &ask, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(nsk_json_get_text(result, "unit"), ==, "biro-umum");
    g_assert_cmpuint(count_letters(f), ==, 1);
}

static void
test_what_cannot_be_is_refused_and_leaves_nothing(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const nobody[] = { NULL };
    static const char *const unknown[] = { "kepala-tiada", NULL };
    static const struct {
        const char *channel, *date, *at, *security, *classification;
        const char *const *to;
        const char *said;
    } cases[] = {
        { NULL, "2026-07-14", NULL, NULL, "KP.08.1", to_head, "--channel" },
        { "merpati", "2026-07-14", NULL, NULL, "KP.08.1", to_head, "pos, kurir" },
        { "pos", "2026-02-30", NULL, NULL, "KP.08.1", to_head, "2026-02-30" },
        { "pos", "kemarin", NULL, NULL, "KP.08.1", to_head, "kemarin" },
        { "pos", NULL, "2026-07-23 09:00", NULL, "KP.08.1", to_head, "time of receipt" },
        { "pos", NULL, "2026-07-20", NULL, "KP.08.1", to_head, "day and hour" },
        { "pos", NULL, "2026-07-20 25:00", NULL, "KP.08.1", to_head, "day and hour" },
        { "pos", NULL, NULL, "rahasia", "KP.08.1", to_head, "envelope" },
        { "pos", NULL, NULL, "gelap", "KP.08.1", to_head, "gelap" },
        { "pos", NULL, NULL, NULL, "!", to_head, "classification code" },
        { "pos", NULL, NULL, NULL, "KP.08.1", nobody, "--to" },
        { "pos", NULL, NULL, NULL, "KP.08.1", unknown, "kepala-tiada" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskIncomingAsk ask = plain("1");
        g_autoptr(GError) error = NULL;

        ask.channel = cases[i].channel;
        ask.date = cases[i].date;
        ask.at = cases[i].at;
        ask.security = cases[i].security;
        ask.classification = cases[i].classification;
        ask.to = cases[i].to;
        g_test_message("%s", cases[i].said);
        g_assert_null(try_register(f, "wening", &ask, &error));
        g_assert_nonnull(strstr(error->message, cases[i].said));
    }
    g_assert_cmpuint(count_letters(f), ==, 0);
    /* and no number was taken */
    NskIncomingAsk ask = plain("1");
    g_autoptr(NskJson) result = enter(f, &ask);
    g_assert_cmpstr(nsk_json_get_text(result, "agenda"), ==, AGENDA_1);
}

static void
test_a_scan_must_be_a_pdf(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    NskIncomingAsk ask = plain("1");
    g_autofree char *none = fixture_path(f, "tiada.pdf");
    g_autofree char *text = fixture_path(f, "surat.pdf");
    g_autofree char *cut = make_pdf(f, "potong.pdf", "x");

    g_assert_true(g_file_set_contents(text, "Yth. Bapak", -1, NULL));
    ask.path = none;
    refuses(f, "wening", &ask, NSK_ERROR_NOT_FOUND, "tiada.pdf");
    ask.path = text;
    refuses(f, "wening", &ask, NSK_ERROR_INVALID, "no PDF");
    g_assert_true(g_file_set_contents(cut, "%PDF-1.7\n%", -1, NULL));
    ask.path = cut;
    refuses(f, "wening", &ask, NSK_ERROR_INVALID, "no PDF");
    g_assert_cmpuint(count_letters(f), ==, 0);
}

static void
test_the_scan_is_read_shown_and_found(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    NskIncomingAsk ask = plain("1");
    g_autoptr(GError) error = NULL;
    g_autofree char *path = make_pdf(f, "pindai.pdf", LONG_TEXT);
    g_autoptr(NskJson) found = NULL;
    NskSearchAsk query = { .text = "kemarau narasumber" };

    ask.path = path;
    g_autoptr(NskJson) result = enter(f, &ask);
    const char *letter = nsk_json_get_text(result, "letter");
    g_autoptr(GBytes) scan = fixture_export(f, "wening", letter, NSK_EXPORT_PDF);
    g_autoptr(GBytes) given = nsk_file_read(path, 1 << 24, &error);
    g_assert_true(g_bytes_equal(scan, given));
    fixture_as(f, "wening");
    g_assert_true(nsk_office_index(f->office, &error));
    g_assert_no_error(error);
    g_assert_true(nsk_office_search(f->office, &query, &found, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(nsk_json_length(nsk_json_get(found, "hits")), ==, 1);
}

static void
test_a_double_is_refused_and_the_other_named(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    NskIncomingAsk first = plain("400.3/118/DPA");
    NskIncomingAsk number = plain("400.3 / 118 / dpa");
    NskIncomingAsk file = plain(NULL);
    NskIncomingAsk words = plain(NULL);
    g_autofree char *path = make_pdf(f, "satu.pdf", LONG_TEXT);
    g_autofree char *near = make_pdf(f, "dua.pdf", LONG_TEXT " di provinsi.");
    g_autofree char *other = make_pdf(f, "lain.pdf", "Undangan lain sama sekali");

    first.path = path;
    g_autoptr(NskJson) result = enter(f, &first);
    const char *letter = nsk_json_get_text(result, "letter");
    refuses(f, "damar", &number, NSK_ERROR_CONFLICT, letter);
    refuses(f, "damar", &number, NSK_ERROR_CONFLICT, "the same number");
    file.path = path;
    refuses(f, "damar", &file, NSK_ERROR_CONFLICT, "the same file");
    words.path = near;
    refuses(f, "damar", &words, NSK_ERROR_CONFLICT, "nearly the same words");
    g_assert_cmpuint(count_letters(f), ==, 1);

    words.path = other;
    g_autoptr(NskJson) unlike = enter(f, &words);
    number.not_duplicate = true;
    g_autoptr(NskJson) said = enter(f, &number);
    file.duplicate_of = AGENDA_1;
    g_autoptr(NskJson) twin = enter(f, &file);
    g_autoptr(GBytes) xml =
        fixture_export(f, "wening", nsk_json_get_text(twin, "letter"), NSK_EXPORT_XML);
    g_assert_nonnull(
        g_strstr_len(g_bytes_get_data(xml, NULL), (gssize)g_bytes_get_size(xml), letter));
    g_assert_cmpstr(nsk_json_get_text(twin, "agenda"), ==, "A-4/SU/BU/2026");
}

static void
test_words_are_near_if_most_of_them_are_the_same(G_GNUC_UNUSED Fixture *f,
                                                 G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *one = nsk_near_signature(LONG_TEXT);
    g_autofree char *same = nsk_near_signature("  DENGAN hormat, " LONG_TEXT "\n\n");
    g_autofree char *shorter = nsk_near_signature(LONG_TEXT + 200);
    g_autofree char *few = nsk_near_signature("Yth. Bapak Kepala Biro");

    g_assert_cmpuint(strlen(one), ==, 256);
    g_assert_true(nsk_near_is(one, one));
    g_assert_true(nsk_near_is(one, same));
    g_assert_false(nsk_near_is(one, shorter));
    g_assert_cmpstr(few, ==, "");
    g_assert_false(nsk_near_is(few, few));
    g_assert_cmpint(nsk_near_band(one, 0), !=, nsk_near_band(one, 1));
}

static NskJson *
try_forward(Fixture *f,
            const char *person,
            const char *letter,
            const char *const *to,
            GError **error)
{
    NskJson *result = NULL;

    fixture_as(f, person);
    return nsk_office_incoming_forward(f->office, letter, to, NULL, &result, error) ? result : NULL;
}

static void
test_a_secret_letter_is_its_addressees(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    NskIncomingAsk ask = { .channel = "kurir",
                           .origin = "Inspektorat Arunika",
                           .security = "rahasia",
                           .unopened = true,
                           .classification = "PW.01",
                           .to = to_head };
    g_autoptr(GError) error = NULL;

    ask.summary = "Hasil pemeriksaan";
    refuses(f, "wening", &ask, NSK_ERROR_INVALID, "envelope");
    ask.summary = NULL;
    g_autoptr(NskJson) result = enter(f, &ask);
    const char *letter = nsk_json_get_text(result, "letter");
    g_autoptr(NskJson) forwarded = try_forward(f, "wening", letter, NULL, &error);
    g_assert_no_error(error);

    /* the envelope, and nothing else */
    g_autoptr(NskJson) envelope = show(f, "damar", letter);
    g_assert_cmpstr(nsk_json_get_text(envelope, "origin"), ==, "Inspektorat Arunika");
    g_assert_null(nsk_json_get(envelope, "subject"));
    g_assert_false(fixture_finds(f, "wening", letter));
    g_assert_false(fixture_finds(f, "damar", letter));
    g_assert_true(fixture_finds(f, "sekar", letter));
}

/* A large scan lies beside the database before the change, and a repeated request has its answer.
 */
static void
test_a_correction_is_made_once(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *letter = enter_plain(f, "1");
    g_autofree char *path = make_pdf(f, "besar.pdf", LONG_TEXT);
    g_autofree char *padding = g_strnfill(2 * 1024 * 1024, '\n');
    NskIncomingAsk ask = { .number = "2", .path = path };
    NskIncomingCorrection correction = { letter, &ask, "salah ketik" };
    g_autoptr(NskJson) first = NULL, second = NULL;
    g_autoptr(GError) error = NULL;
    FILE *file = fopen(path, "a");

    g_assert_true(file != NULL && fwrite(padding, 1, 2 * 1024 * 1024, file) > 0 &&
                  fclose(file) == 0);
    fixture_reopen(f, "betul-1");
    fixture_as(f, "wening");
    g_assert_true(nsk_office_set_request(f->office, "betul-1", &error));
    g_assert_true(nsk_office_incoming_correct(f->office, &correction, &first, &error));
    g_assert_no_error(error);
    f->now += 60 * G_USEC_PER_SEC;
    g_assert_true(nsk_office_set_request(f->office, "betul-1", &error));
    g_assert_true(nsk_office_incoming_correct(f->office, &correction, &second, &error));
    g_assert_no_error(error);
    g_assert_cmpint(nsk_json_get_int(second, "version", 0), ==, 3);
    g_autofree char *actions = fixture_actions(f, "wening", letter);
    g_assert_cmpstr(actions, ==, "letter-registered agenda-entered registration-corrected");
    g_autoptr(NskJson) shown = show(f, "wening", letter);
    g_assert_cmpstr(nsk_json_get_text(shown, "number"), ==, "2");
    g_assert_cmpstr(nsk_json_get_text(shown, "agenda"), ==, AGENDA_1);
    /* its words count for what comes after */
    NskIncomingAsk again = plain("9");
    again.path = path;
    refuses(f, "wening", &again, NSK_ERROR_CONFLICT, "the same file");
}

static void
test_a_secret_letter_is_opened_by_its_addressee(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    NskIncomingAsk ask = { .channel = "kurir",
                           .origin = "Inspektorat Arunika",
                           .security = "sangat-rahasia",
                           .unopened = true,
                           .classification = "PW.01",
                           .to = to_head };
    g_autofree char *path = make_pdf(f, "isi.pdf", LONG_TEXT);
    NskIncomingAsk inside = { .subject = "Hasil Pemeriksaan", .path = path };
    g_autoptr(NskJson) result = enter(f, &ask);
    const char *letter = nsk_json_get_text(result, "letter");
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) forwarded = try_forward(f, "wening", letter, NULL, &error);
    NskJson *opened = NULL;

    g_assert_no_error(error);
    fixture_as(f, "wening");
    g_assert_false(nsk_office_incoming_open(f->office, letter, &inside, &opened, &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "addressed to");
    fixture_as(f, "sekar");
    g_assert_true(nsk_office_incoming_open(f->office, letter, &inside, &opened, &error));
    g_assert_no_error(error);
    nsk_json_unref(opened);
    g_autoptr(NskJson) seen = show(f, "sekar", letter);
    g_assert_cmpstr(nsk_json_get_text(seen, "security"), ==, "sangat-rahasia");
    g_assert_cmpstr(nsk_json_get_text(seen, "file"), ==, "naskah-masuk.pdf");
    g_autoptr(NskJson) envelope = show(f, "damar", letter);
    g_assert_null(nsk_json_get(envelope, "subject"));
    g_assert_false(fixture_finds(f, "wening", letter));
    /* what is open is not opened once more */
    fixture_as(f, "sekar");
    g_assert_false(nsk_office_incoming_open(f->office, letter, &inside, &opened, &error));
    fixture_refused(&error, NSK_ERROR_CONFLICT, "is open");
}

static void
test_tu_passes_a_letter_on(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const two[] = { "kepala-biro-sdm", "kepala-biro-umum", NULL };
    static const char *const twice[] = { "kepala-biro-sdm", "kepala-biro-sdm", NULL };
    static const char *const unknown[] = { "kepala-tiada", NULL };
    g_autofree char *letter = enter_plain(f, "1");
    g_autoptr(GError) error = NULL;

    g_assert_null(try_forward(f, "damar", letter, two, &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "may read");
    g_assert_null(try_forward(f, "wening", letter, unknown, &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "kepala-tiada");
    g_assert_null(try_forward(f, "wening", letter, twice, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_clear_error(&error);
    g_autoptr(NskJson) result = try_forward(f, "wening", AGENDA_1, two, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(nsk_json_length(nsk_json_get(result, "next")), ==, 2);
    g_assert_true(fixture_finds(f, "galih", letter));
    g_autofree char *actions = fixture_actions(f, "galih", letter);
    g_assert_cmpstr(actions, ==,
                    "letter-registered agenda-entered letter-readdressed letter-forwarded");
    g_assert_null(try_forward(f, "wening", letter, NULL, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_DENIED);
}

static void
test_what_needs_nothing_is_filed(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *letter = enter_plain(f, "1");
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskJson) none = NULL;
    NskIncomingList open = { .unit = "biro-umum" };

    fixture_as(f, "wening");
    g_assert_true(nsk_office_incoming_file(f->office, letter, "Brosur", &result, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(nsk_json_get_text(result, "state"), ==, "archived");
    g_assert_true(nsk_office_incoming_list(f->office, &open, &none, &error));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(none, "letters")), ==, 0);
    g_assert_cmpuint(count_letters(f), ==, 1);
}

static void
test_a_repeated_request_gets_the_first_answer(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    NskIncomingAsk ask = plain("1");
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) first = NULL;
    g_autoptr(NskJson) second = NULL;

    fixture_as(f, "wening");
    fixture_reopen(f, "catat-1");
    fixture_as(f, "wening");
    g_assert_true(nsk_office_set_request(f->office, "catat-1", &error));
    g_assert_true(nsk_office_incoming_register(f->office, &ask, &first, &error));
    g_assert_no_error(error);
    f->now += 60 * G_USEC_PER_SEC;
    g_assert_true(nsk_office_set_request(f->office, "catat-1", &error));
    g_assert_true(nsk_office_incoming_register(f->office, &ask, &second, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(nsk_json_get_text(first, "letter"), ==, nsk_json_get_text(second, "letter"));
    g_assert_cmpuint(count_letters(f), ==, 1);
}

static void
test_an_application_lies_before_the_verification_desk(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    NskIncomingAsk ask = plain("021/TBS/VII/2026");

    ask.kind = "permohonan-izin";
    ask.channel = "loket";
    g_autoptr(NskJson) result = enter(f, &ask);
    const NskJson *task = nsk_json_at(nsk_json_get(result, "next"), 0);
    g_assert_cmpstr(nsk_json_get_text(result, "agenda"), ==, AGENDA_1);
    g_assert_cmpstr(nsk_json_get_text(result, "state"), ==, "received");
    g_assert_cmpstr(nsk_json_text_at(nsk_json_get(task, "positions"), 0), ==,
                    "kepala-subbagian-persuratan");
}

static void
test_a_receipt_names_the_agenda_number(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *letter = enter_plain(f, "400.3/118/DPA");
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = NULL;
    g_autoptr(GPtrArray) pages = NULL;

    fixture_as(f, "damar");
    g_assert_true(nsk_office_incoming_receipt(f->office, letter, &pdf, &error));
    g_assert_no_error(error);
    g_assert_true(nsk_worker_text(pdf, NULL, &pages, &error));
    g_assert_no_error(error);
    g_assert_nonnull(strstr(g_ptr_array_index(pages, 0), AGENDA_1));
    g_assert_nonnull(strstr(g_ptr_array_index(pages, 0), "400.3/118/DPA"));
    fixture_as(f, "galih");
    g_clear_pointer(&pdf, g_bytes_unref);
    g_assert_false(nsk_office_incoming_receipt(f->office, letter, &pdf, &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "may know of");
}

static void
test_only_kinds_that_come_in_are_registered(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    NskIncomingAsk ask = plain("1");

    ask.kind = "surat-dinas";
    refuses(f, "wening", &ask, NSK_ERROR_INVALID, "do not come in");
    ask.kind = "tiada";
    refuses(f, "wening", &ask, NSK_ERROR_NOT_FOUND, "tiada");
    g_assert_cmpuint(count_letters(f), ==, 0);
}

/* A PDF with so many bytes behind its pages that it lies beside the database. */
static char *
make_large_pdf(Fixture *f, const char *name)
{
    char *path = make_pdf(f, name, LONG_TEXT);
    g_autofree char *small = NULL;
    g_autoptr(GString) large = g_string_new(NULL);
    gsize size, end;

    g_assert_true(g_file_get_contents(path, &small, &size, NULL));
    /* comments in front of the end, which readers look for from behind */
    for (int i = 0; i < 2 * 1024 * 16; i++)
        g_string_append(large, "% ------------------------------------------------------------\n");
    g_string_prepend_len(large, small, (gssize)size);
    for (end = size - 9; memcmp(small + end, "startxref", 9) != 0;)
        end--;
    g_string_append_len(large, small + end, (gssize)(size - end));
    g_assert_true(g_file_set_contents(path, large->str, (gssize)large->len, NULL));
    return path;
}

static void
test_a_large_scan_is_kept_and_a_refused_one_is_not(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    NskIncomingAsk ask = plain("1");
    g_autoptr(GError) error = NULL;
    g_autofree char *path = make_large_pdf(f, "besar.pdf");
    g_autofree char *blobs = g_build_filename(f->dir, "blob", NULL);
    static const char *const nobody[] = { "kepala-tiada", NULL };

    ask.path = path;
    ask.to = nobody;
    ask.unit = "biro-umum";
    g_assert_null(try_register(f, "wening", &ask, &error));
    g_assert_nonnull(strstr(error->message, "kepala-tiada"));
    g_assert_false(g_file_test(blobs, G_FILE_TEST_EXISTS));
    ask.to = to_head;
    g_autoptr(NskJson) result = enter(f, &ask);
    g_autoptr(GBytes) scan =
        fixture_export(f, "wening", nsk_json_get_text(result, "letter"), NSK_EXPORT_PDF);
    g_assert_cmpuint(g_bytes_get_size(scan), >, 1024 * 1024);
    ask.number = "2";
    refuses(f, "wening", &ask, NSK_ERROR_CONFLICT, "the same file");
    g_autofree char *tags = fixture_doctor(f);
    g_assert_cmpstr(tags, ==, "");
}

static void
test_what_is_withdrawn_leaves_its_number_void(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *letter = enter_plain(f, "1");
    g_autofree char *passed = enter_plain(f, "2");
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskJson) none = NULL;
    g_autoptr(NskJson) done = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    NskRebuildOptions options = { .dir = f->dir };

    fixture_as(f, "wening");
    g_assert_true(nsk_office_letter_withdraw(f->office, letter, "salah alamat", &result, &error));
    g_assert_no_error(error);
    g_autofree char *actions = fixture_actions(f, "wening", letter);
    g_assert_nonnull(strstr(actions, "agenda-voided"));
    /* the same may come again, and gets the next number */
    g_autofree char *again = enter_plain(f, "1");
    g_autoptr(NskJson) shown = show(f, "wening", again);
    g_assert_cmpstr(nsk_json_get_text(shown, "agenda"), ==, "A-3/SU/BU/2026");

    g_autoptr(NskJson) forwarded = try_forward(f, "wening", passed, NULL, &error);
    g_assert_no_error(error);
    fixture_as(f, "wening");
    g_assert_false(nsk_office_letter_withdraw(f->office, passed, "salah", &none, &error));
    fixture_refused(&error, NSK_ERROR_CONFLICT, "passed on");

    g_autoptr(NskJson) before = show(f, "wening", letter);
    g_clear_pointer(&f->office, nsk_office_free);
    g_assert_true(nsk_office_rebuild(&options, issues, &done, &error));
    g_assert_no_error(error);
    fixture_reopen(f, NULL);
    g_autoptr(NskJson) after = show(f, "wening", letter);
    g_autofree char *was = nsk_json_canonical(before);
    g_autofree char *is = nsk_json_canonical(after);
    g_assert_cmpstr(is, ==, was);
    g_autofree char *tags = fixture_doctor(f);
    g_assert_cmpstr(tags, ==, "");
}

static void
test_a_draft_is_no_letter_that_came_in(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(g_getenv("NASKAH_SOURCE"),
                                             "templates/letters/surat-masuk.sample.xml", NULL);
    g_autoptr(GBytes) xml = nsk_file_read(path, 1 << 20, &error);
    NskNewLetter draft = { "surat.xml", xml, NULL };

    fixture_as(f, "damar");
    g_assert_false(nsk_office_letter_new(f->office, &draft, &result, &error));
    fixture_refused(&error, NSK_ERROR_INVALID, "incoming register");
}

static void
test_an_index_made_again_is_the_same(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const other[] = { "kepala-biro-sdm", NULL };
    g_autoptr(GError) error = NULL;
    g_autofree char *path = make_pdf(f, "pindai.pdf", LONG_TEXT);
    NskIncomingAsk ask = plain("1");
    g_autofree char *filed = enter_plain(f, "2");
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskJson) done = NULL;

    ask.path = path;
    g_autoptr(NskJson) result = enter(f, &ask);
    const char *letter = nsk_json_get_text(result, "letter");
    g_autoptr(NskJson) forwarded = try_forward(f, "wening", letter, other, &error);
    g_assert_no_error(error);
    g_autoptr(NskJson) before = show(f, "wening", letter);
    fixture_as(f, "wening");
    g_clear_pointer(&f->office, nsk_office_free);
    NskRebuildOptions options = { .dir = f->dir };
    g_assert_true(nsk_office_rebuild(&options, issues, &done, &error));
    g_assert_no_error(error);
    fixture_reopen(f, NULL);
    g_autoptr(NskJson) after = show(f, "wening", letter);
    g_autofree char *was = nsk_json_canonical(before);
    g_autofree char *is = nsk_json_canonical(after);
    g_assert_cmpstr(is, ==, was);
    g_assert_true(fixture_finds(f, "galih", letter));
    /* doubles are known as before */
    ask.number = NULL;
    refuses(f, "damar", &ask, NSK_ERROR_CONFLICT, letter);
    g_autofree char *tags = fixture_doctor(f);
    g_assert_cmpstr(tags, ==, "");
}

#define TEST(sentence, function)                                                                   \
    {                                                                                              \
        "/office/incoming/" sentence, function, NULL                                               \
    }

static const FixtureTest tests[] = {
    TEST("a-registered-letter-is-in-the-agenda-and-before-tu",
         test_a_registered_letter_is_in_the_agenda_and_before_tu),
    TEST("only-tu-registers", test_only_tu_registers),
    TEST("what-cannot-be-is-refused-and-leaves-nothing",
         test_what_cannot_be_is_refused_and_leaves_nothing),
    TEST("a-scan-must-be-a-pdf", test_a_scan_must_be_a_pdf),
    TEST("the-scan-is-read-shown-and-found", test_the_scan_is_read_shown_and_found),
    TEST("a-double-is-refused-and-the-other-named", test_a_double_is_refused_and_the_other_named),
    TEST("words-are-near-if-most-of-them-are-the-same",
         test_words_are_near_if_most_of_them_are_the_same),
    TEST("a-secret-letter-is-its-addressees", test_a_secret_letter_is_its_addressees),
    TEST("a-secret-letter-is-opened-by-its-addressee",
         test_a_secret_letter_is_opened_by_its_addressee),
    TEST("a-correction-is-made-once", test_a_correction_is_made_once),
    TEST("tu-passes-a-letter-on", test_tu_passes_a_letter_on),
    TEST("what-needs-nothing-is-filed", test_what_needs_nothing_is_filed),
    TEST("a-repeated-request-gets-the-first-answer", test_a_repeated_request_gets_the_first_answer),
    TEST("an-application-lies-before-the-verification-desk",
         test_an_application_lies_before_the_verification_desk),
    TEST("a-receipt-names-the-agenda-number", test_a_receipt_names_the_agenda_number),
    TEST("only-kinds-that-come-in-are-registered", test_only_kinds_that_come_in_are_registered),
    TEST("a-large-scan-is-kept-and-a-refused-one-is-not",
         test_a_large_scan_is_kept_and_a_refused_one_is_not),
    TEST("what-is-withdrawn-leaves-its-number-void", test_what_is_withdrawn_leaves_its_number_void),
    TEST("a-draft-is-no-letter-that-came-in", test_a_draft_is_no_letter_that_came_in),
    TEST("an-index-made-again-is-the-same", test_an_index_made_again_is_the_same),
};

int
main(int argc, char **argv)
{
    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

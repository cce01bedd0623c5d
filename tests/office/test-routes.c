/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the routes of outgoing letters ask of an office beside reviews and signatures: numbers
 * before the signature, publication, signatures on paper.  (The routes themselves:
 * scenario/routes.py.)
 */
#include "base/resource.h"
#include "flow-models.h"
#include "office/office-private.h"

#include <glib/gstdio.h>
#include <string.h>

#define HEAD                                                                                       \
    "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'"                             \
    " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:naskah='urn:naskah:bpmn:1'"      \
    " id='d' targetNamespace='t' expressionLanguage='http://www.w3.org/1999/XPath'>"               \
    "<process id='surat-keluar' isExecutable='true'><startEvent id='mulai'/>"                      \
    "<sequenceFlow id='f0' sourceRef='mulai' targetRef='konsep'/>"
#define TASK(ID, ROLE, OUTCOMES, WHO)                                                              \
    "<userTask id='" ID "' name='" ID "' naskah:role='" ROLE "'><extensionElements>"               \
    "<naskah:outcomes>" OUTCOMES "</naskah:outcomes></extensionElements><potentialOwner id='" ID   \
    "-o'><resourceAssignmentExpression><formalExpression>" WHO "</formalExpression>"               \
    "</resourceAssignmentExpression></potentialOwner></userTask>"
#define SERVICE(ID)        "<serviceTask id='" ID "' naskah:service='" ID "'/>"
#define FLOW(ID, FROM, TO) "<sequenceFlow id='" ID "' sourceRef='" FROM "' targetRef='" TO "'/>"
#define SIGNER             "signatories/signatory[@signed=\"false\"][1]/@position"

/* A number before the signature, and publication after it. */
static const char route[] = HEAD TASK("konsep", "draft", "submit", "drafter/@position") SERVICE(
    "number") TASK("tanda-tangan",
                   "sign",
                   "sign return",
                   SIGNER) "<exclusiveGateway id='hasil' default='kembali'/>" SERVICE("publish")
    SERVICE("dispatch") SERVICE("archive") "<endEvent id='selesai'/>" FLOW("f1", "konsep", "number")
        FLOW("f2", "number", "tanda-tangan") FLOW("f3", "tanda-tangan", "hasil")
            FLOW("kembali",
                 "hasil",
                 "konsep") "<sequenceFlow id='f4' sourceRef='hasil' "
                           "targetRef='publish'><conditionExpression"
                           " xsi:type='tFormalExpression'>$outcome = "
                           "'sign'</conditionExpression></sequenceFlow>" FLOW("f5",
                                                                              "publish",
                                                                              "dispatch")
                               FLOW("f6", "dispatch", "archive")
                                   FLOW("f7", "archive", "selesai") "</process></definitions>";

static const char sql_numbers[] =
    "SELECT seq || ' ' || state FROM register_entry WHERE letter = $1 ORDER BY seq";
static const char sql_published[] =
    "SELECT topic || ' ' || tries FROM outbox WHERE letter = $1 AND topic = 'publish'";

/* The shipped profile, but that numbers of outgoing letters are taken before the signature. */
static void
take_numbers_before(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_resource_load("templates/profiles/demo.xml", &error);
    g_autoptr(GString) text =
        g_string_new_len(g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes));

    g_assert_cmpuint(
        g_string_replace(text, "<series name=\"keluar\" scope=\"year unit\" taken=\"signing\"",
                         "<series name=\"keluar\" scope=\"year unit\" taken=\"before\"", 1),
        ==, 1);
    g_autoptr(GBytes) changed = g_string_free_to_bytes(g_steal_pointer(&text));
    const NskDeployment deployment = { "agency.xml", changed };
    NskJson *result = NULL;
    fixture_as(f, "damar");
    (void)nsk_office_profile_deploy(f->office, &deployment, &result, &error);
    g_assert_no_error(error);
    nsk_json_unref(result);
}

static char *
begin(Fixture *f, const Words *words)
{
    g_autoptr(NskJson) deployed = models_deploy(f, route);
    char *letter = fixture_draft(f, words);
    g_autoptr(NskJson) done = fixture_act(f, "damar", letter, "submit", NULL);

    g_assert_nonnull(done);
    return letter;
}

/* --- Numbers. --------------------------------------------------------------------------------- */

static void
test_number_before_signature_stays(Fixture *f, gconstpointer data)
{
    (void)data;
    take_numbers_before(f);
    g_autofree char *letter = begin(f, &(Words){ 0 });
    g_autoptr(NskJson) shown = fixture_show(f, "damar", letter);
    g_autofree char *number = g_strdup(nsk_json_get_text(shown, "number"));

    g_assert_nonnull(number);
    g_assert_cmpstr(nsk_json_get_text(shown, "date"), ==, FIXTURE_DAY);
    models_assert_rows(f, sql_numbers, letter, "1 0");
    g_autoptr(NskJson) back = fixture_act(f, "sekar", letter, "return", "Hal diperjelas");
    g_assert_null(nsk_json_get_text(back, "number"));
    g_autoptr(NskJson) again = fixture_act(f, "damar", letter, "submit", NULL);
    g_assert_cmpstr(nsk_json_get_text(again, "number"), ==, number);
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    g_assert_cmpstr(nsk_json_get_text(done, "number"), ==, number);
    g_assert_cmpstr(nsk_json_get_text(done, "state"), ==, "archived");
    models_assert_rows(f, sql_numbers, letter, "1 1");
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(actions, ==,
                    "letter-created letter-submitted number-taken service-done content-unlocked "
                    "letter-returned letter-submitted number-taken service-done pages-frozen "
                    "signature-authorised signature-sent signature-answered letter-signed "
                    "letter-published letter-dispatched "
                    "letter-archived");
    models_assert_whole(f);
}

static void
test_route_without_number_says_so(Fixture *f, gconstpointer data)
{
    GError *error = NULL;
    NskJson *result = NULL;

    (void)data;
    take_numbers_before(f);
    g_autofree char *letter = fixture_to_signatory(f, &(Words){ 0 });
    fixture_as(f, "sekar");
    g_assert_false(nsk_office_sign_prepare(f->office, letter, &result, &error));
    fixture_refused(&error, NSK_ERROR_CONFLICT, "has no service \"number\"");
    models_assert_rows(f, sql_numbers, letter, "");
}

/* --- Publication. ----------------------------------------------------------------------------- */

static GBytes *
read_public(const Fixture *f, const char *letter, const char *ending)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strconcat(letter, ending, NULL);
    g_autofree char *path = g_build_filename(f->dir, "public", name, NULL);

    return nsk_file_read(path, 1 << 24, &error);
}

static void
test_published_file_is_the_signed_one(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = begin(f, &(Words){ 0 });
    g_autofree char *folder = g_build_filename(f->dir, "public", NULL);

    (void)data;
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    models_assert_rows(f, sql_published, letter, "publish 0");
    /* something is in the way: it is told, and tried again */
    g_assert_true(g_file_set_contents(folder, "x", 1, NULL));
    g_assert_false(nsk_office_publish(f->office, &error));
    g_assert_nonnull(error);
    g_clear_error(&error);
    models_assert_rows(f, sql_published, letter, "publish 1");
    g_assert_cmpint(g_unlink(folder), ==, 0);
    f->now += MODELS_HOUR;
    g_assert_true(nsk_office_publish(f->office, &error));
    g_assert_no_error(error);
    models_assert_rows(f, sql_published, letter, "");
    g_autoptr(GBytes) pdf = read_public(f, letter, ".pdf");
    g_autoptr(GBytes) words = read_public(f, letter, ".json");
    g_autoptr(GBytes) signed_pdf = fixture_export(f, "damar", letter, NSK_EXPORT_PDF);
    g_assert_true(g_bytes_equal(pdf, signed_pdf));
    g_autoptr(NskJson) told =
        nsk_json_parse(g_bytes_get_data(words, NULL), g_bytes_get_size(words), &error);
    g_assert_no_error(error);
    g_assert_cmpstr(nsk_json_get_text(told, "subject"), ==, "Undangan Rapat");
    g_assert_cmpstr(nsk_json_get_text(told, "number"), ==, nsk_json_get_text(done, "number"));
    g_autofree char *sha256 = fixture_sha256(pdf);
    g_assert_cmpstr(nsk_json_get_text(told, "sha256"), ==, sha256);
    /* doing it again changes nothing */
    g_assert_true(nsk_office_publish(f->office, &error));
    g_autoptr(GBytes) same = read_public(f, letter, ".json");
    g_assert_true(g_bytes_equal(same, words));
}

static void
test_class_is_withheld(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = begin(f, &(Words){ .security = "terbatas" });

    (void)data;
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    g_assert_cmpstr(nsk_json_get_text(done, "state"), ==, "archived");
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_nonnull(strstr(actions, "publication-withheld"));
    g_assert_true(nsk_office_publish(f->office, &error));
    g_autoptr(GBytes) pdf = read_public(f, letter, ".pdf");
    g_assert_null(pdf);
}

/* --- Paper. ----------------------------------------------------------------------------------- */

#define PAPER                                                                                      \
    {                                                                                              \
        .kind = "surat-konvensional", .reviewers = ""                                              \
    }

static NskJson *
print(Fixture *f, const char *person, const char *letter, GError **error)
{
    NskJson *result = NULL;

    fixture_as(f, person);
    return nsk_office_letter_print(f->office, letter, &result, error) ? result : NULL;
}

/* A letter with @text, whose paper waits for its scan; *out_pages: what was printed. */
static char *
to_scan(Fixture *f, const char *text, GBytes **out_pages)
{
    g_autoptr(GError) error = NULL;
    Words words = PAPER;
    words.text = text;
    char *letter = fixture_draft(f, &words);
    g_autoptr(NskJson) submitted = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) approved = fixture_act(f, "sekar", letter, "approve", NULL);
    g_autoptr(NskJson) printed = print(f, "wening", letter, &error);

    g_assert_no_error(error);
    g_assert_nonnull(printed);
    g_autoptr(NskJson) done = fixture_act(f, "wening", letter, "done", NULL);
    *out_pages = fixture_export(f, "wening", letter, NSK_EXPORT_PDF);
    return letter;
}

static NskJson *
scan(Fixture *f, const char *letter, GBytes *pdf, GError **error)
{
    NskJson *result = NULL;
    NskScan wanted = { letter, pdf, NULL };

    fixture_as(f, "wening");
    return nsk_office_task_scan(f->office, &wanted, &result, error) ? result : NULL;
}

static void
scan_fails(Fixture *f, const char *letter, GBytes *pdf, int code, const char *said)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = scan(f, letter, pdf, &error);

    g_assert_null(result);
    fixture_refused(&error, code, said);
}

static void
test_nothing_to_print_is_said(Fixture *f, gconstpointer data)
{
    GError *error = NULL;
    g_autofree char *plain = fixture_draft(f, &(Words){ 0 });
    Words words = PAPER;
    g_autofree char *paper = fixture_draft(f, &words);

    (void)data;
    g_assert_null(print(f, "damar", plain, &error));
    fixture_refused(&error, NSK_ERROR_INVALID, "signed electronically");
    g_assert_null(print(f, "damar", paper, &error));
    fixture_refused(&error, NSK_ERROR_CONFLICT, "has no number yet");
    words.security = "rahasia";
    g_autofree char *secret = fixture_draft_of(f, "sekar", NULL, fixture_letter(&words));
    NskTaskAct act = { .task = secret, .outcome = "submit" };
    g_autofree char *said =
        fixture_act_fails(f, "sekar", &act, NSK_ERROR_INVALID, "kind-not-secret");
    g_assert_nonnull(said);
}

static void
test_scan_is_looked_at(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) pages = NULL;
    g_autoptr(GBytes) other = NULL;
    g_autoptr(GBytes) junk = g_bytes_new_static("%PDF-1.7 nothing", 16);
    g_autofree char *word = g_strnfill(90, 'a');
    g_autoptr(GString) long_text = g_string_new(NULL);

    (void)data;
    for (int i = 0; i < 90; i++)
        g_string_append_printf(long_text, "%s ", word);
    g_autofree char *letter = to_scan(f, long_text->str, &pages);
    g_autofree char *small = to_scan(f, "Satu halaman.", &other);
    scan_fails(f, letter, junk, NSK_ERROR_INVALID, "the scan cannot be used");
    scan_fails(f, letter, pages, NSK_ERROR_INVALID, "not a scan");
    scan_fails(f, letter, other, NSK_ERROR_INVALID, "the scan has 1 pages");
    NskTaskAct act = { .task = small, .outcome = "upload" };
    g_autofree char *said = fixture_act_fails(f, "wening", &act, NSK_ERROR_INVALID, "task scan");
    g_assert_nonnull(said);
    models_assert_whole(f);
}

static void
test_confirmed_scan_is_the_letter(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pages = NULL;
    g_autoptr(GBytes) scanned = NULL;
    g_autoptr(NskJson) verdict = NULL;

    (void)data;
    g_autofree char *other = to_scan(f, "Yang lain.", &scanned);
    g_autofree char *letter = to_scan(f, "Satu halaman.", &pages);
    fixture_reopen(f, "0190a000-0000-7000-8000-000000000001");
    g_autoptr(NskJson) first = scan(f, letter, scanned, &error);
    g_assert_no_error(error);
    fixture_reopen(f, "0190a000-0000-7000-8000-000000000001");
    g_autoptr(NskJson) again = scan(f, letter, scanned, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(nsk_json_get_text(again, "task"), ==, nsk_json_get_text(first, "task"));
    fixture_reopen(f, NULL);
    NskTaskAct own = { .task = letter, .outcome = "match" };
    g_autofree char *said = fixture_act_fails(f, "wening", &own, NSK_ERROR_DENIED, "not yours");
    g_assert_nonnull(said);
    g_autoptr(NskJson) done = fixture_act(f, "kirana", letter, "match", NULL);
    g_assert_cmpstr(nsk_json_get_text(done, "state"), ==, "archived");
    g_autoptr(GBytes) sent = fixture_export(f, "damar", letter, NSK_EXPORT_PDF);
    g_assert_true(g_bytes_equal(sent, scanned));
    bool ok = nsk_office_verify(f->dir, sent, NULL, f->now, &verdict, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_cmpstr(nsk_json_get_text(verdict, "verdict"), ==, "unsigned");
    g_assert_cmpstr(nsk_json_get_text(nsk_json_get(verdict, "paper"), "letter"), ==, letter);
    models_assert_whole(f);
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/routes/number/before-the-signature-stays", test_number_before_signature_stays,
          NULL },
        { "/office/routes/number/a-route-without-one-says-so", test_route_without_number_says_so,
          NULL },
        { "/office/routes/publish/the-file-is-the-signed-one",
          test_published_file_is_the_signed_one, NULL },
        { "/office/routes/publish/a-security-class-is-withheld", test_class_is_withheld, NULL },
        { "/office/routes/paper/nothing-to-print-is-said", test_nothing_to_print_is_said, NULL },
        { "/office/routes/paper/a-scan-is-looked-at", test_scan_is_looked_at, NULL },
        { "/office/routes/paper/a-confirmed-scan-is-the-letter", test_confirmed_scan_is_the_letter,
          NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

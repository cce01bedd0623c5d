/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/resource.h"
#include "render/render.h"

#include <string.h>

static char *
load(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_resource_load(path, &error);

    g_assert_no_error(error);
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static NskKind *
shipped(const char *id)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_strdup_printf("templates/letters/%s.xml", id);
    g_autofree char *text = load(path);
    NskKind *kind = nsk_kind_parse(path, text, strlen(text), NULL, &error);

    g_assert_no_error(error);
    return kind;
}

static void
test_shipped_say_what_the_office_asks(void)
{
    g_autoptr(NskKind) letter = shipped("surat-dinas");
    g_autoptr(NskKind) memo = shipped("nota-dinas");
    g_autoptr(NskKind) again = nsk_kind_ref(memo);

    g_assert_cmpstr(nsk_kind_get_id(letter), ==, "surat-dinas");
    g_assert_cmpstr(nsk_kind_get_title(letter, "id"), ==, "Surat Dinas");
    g_assert_cmpstr(nsk_kind_get_title(letter, "en"), ==, "Official letter");
    g_assert_cmpstr(nsk_kind_get_title(letter, "jv"), ==, "Surat Dinas");
    g_assert_cmpstr(nsk_kind_get_family(letter), ==, "korespondensi");
    g_assert_cmpstr(nsk_kind_get_workflow(letter), ==, "surat-keluar");
    g_assert_cmpstr(nsk_kind_get_code(again), ==, "ND");
    g_assert_cmpuint(nsk_kind_get_max_addressees(letter), ==, 100);
    g_assert_cmpuint(nsk_kind_get_max_signatories(letter), ==, 2);
    g_assert_cmpuint(nsk_kind_get_max_signatories(memo), ==, 1);
}

/* The ids of all kinds that come with the program; freed with g_ptr_array_unref(). */
static GPtrArray *
all_kinds(void)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) names = nsk_resource_list("templates/letters", &error);

    g_assert_no_error(error);
    for (char **name = names; *name != NULL; name++) {
        if (g_str_has_suffix(*name, ".xml") && !g_str_has_suffix(*name, ".sample.xml"))
            g_ptr_array_add(ids, g_strndup(*name, strlen(*name) - 4));
    }
    g_assert_cmpuint(ids->len, >, 9);
    return ids;
}

static void
test_a_skeleton_is_a_letter_of_the_kind(void)
{
    g_autoptr(GPtrArray) ids = all_kinds();

    for (guint i = 0; i < ids->len; i++) {
        const char *id = g_ptr_array_index(ids, i);
        g_autoptr(GError) error = NULL;
        g_autoptr(NskKind) kind = shipped(id);
        g_test_message("%s", id);
        g_assert_true(nsk_kind_is_paper(kind) == (strcmp(id, "surat-konvensional") == 0));
        GBytes *bytes = nsk_kind_get_skeleton(kind);
        g_autoptr(NskXmlDoc) doc = nsk_xml_parse("skeleton", g_bytes_get_data(bytes, NULL),
                                                 g_bytes_get_size(bytes), &error);

        g_assert_no_error(error);
        g_assert_true(nsk_xml_is(nsk_xml_doc_get_root(doc), "urn:naskah:letter:1", "letter"));
        g_assert_cmpstr(nsk_xml_attr(nsk_xml_doc_get_root(doc), "kind"), ==, id);
        if (!nsk_kind_requires(kind, "received"))
            g_assert_nonnull(nsk_xml_child(nsk_xml_doc_get_root(doc), "body"));
        g_assert_cmpuint(nsk_kind_get_min_signatories(kind), <=,
                         nsk_kind_get_max_signatories(kind));
    }
}

/* The findings about @text as a letter of @kind. */
static NskIssues *
check(const NskKind *kind, const char *text, const char *language)
{
    g_autoptr(GError) error = NULL;
    NskIssues *issues = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("letter.xml", text, strlen(text), &error);

    g_assert_no_error(error);
    g_assert_true(nsk_kind_check_letter(kind, doc, language, issues, &error));
    g_assert_no_error(error);
    return issues;
}

static void
test_samples_keep_their_kinds_rules(void)
{
    g_autoptr(GPtrArray) ids = all_kinds();

    for (guint i = 0; i < ids->len; i++) {
        const char *id = g_ptr_array_index(ids, i);
        g_autoptr(NskKind) kind = shipped(id);
        g_autofree char *path = g_strdup_printf("templates/letters/%s.sample.xml", id);
        g_autofree char *text = load(path);
        g_autoptr(NskIssues) issues = check(kind, text, "id");

        g_test_message("%s", id);
        g_assert_cmpuint(issues->len, ==, 0);
    }
}

static const struct {
    const char *kind, *from, *to, *tag, *id, *en;
    unsigned line;
    NskSeverity severity;
} faults[] = {
    { "surat-dinas", "<classification>KP.08.1</classification>", "<classification/>", "kind-part",
      "jenis surat ini memerlukan 'classification'", "need 'classification'", 5,
      NSK_SEVERITY_ERROR },
    { "surat-dinas", "</p>\n  </body>", "</p><ol><li>a</li></ol></body>", "kind-closing",
      "berakhir dengan paragraf penutup", "ends with a closing paragraph", 26,
      NSK_SEVERITY_WARNING },
    { "surat-dinas", "<position ref=\"sekretaris-utama\"", "<position ref=\"kepala-biro-sdm\"",
      "kind-copy-not-addressee", "sudah menjadi penerima", "already an addressee", 15,
      NSK_SEVERITY_ERROR },
    { "surat-dinas", "capacity=\"definitive\"/>",
      "capacity=\"definitive\"/><signatory position=\"b\" capacity=\"plt\"/>"
      "<signatory position=\"c\" capacity=\"plt\"/>",
      "kind-signatories", "paling banyak 2 penanda tangan, surat ini memuat 3",
      "at most 2 signatories, this one has 3", 23, NSK_SEVERITY_ERROR },
    { "nota-dinas", "<position ref=\"sekretaris-utama\"/>",
      "<outsider><name>Wali Kota Sagara</name></outsider>", "kind-outsider",
      "hanya untuk jabatan di dalam instansi", "positions of the agency only", 7,
      NSK_SEVERITY_ERROR },
    { "nota-dinas", "<position ref=\"sekretaris-utama\"/>", "<position ref=\"kepala-biro-umum\"/>",
      "kind-not-to-oneself", "tidak dapat menjadi penerima", "cannot be the addressee", 10,
      NSK_SEVERITY_ERROR },
    { "nota-dinas", "<to ", "<place>Sagara</place><to ", "kind-part", "tidak memuat 'place'",
      "have no 'place'", 7, NSK_SEVERITY_ERROR },
    { "berita-acara", " role=\"saksi\"", " role=\"penonton\"", "kind-role",
      "tidak mengenal peran 'penonton'", "nobody signs letters of this kind as 'penonton'", 30,
      NSK_SEVERITY_ERROR },
    { "berita-acara", " role=\"pihak-kedua\"", "", "kind-role",
      "belum ada yang menandatangani sebagai 'pihak-kedua'", "nobody signs as 'pihak-kedua'", 27,
      NSK_SEVERITY_ERROR },
    { "berita-acara", "NIP 198407252010122001", "NIP 19840725 201012 2 001", "kind-slot",
      "harus 18 angka", "has not 18 digits", 36, NSK_SEVERITY_ERROR },
    { "berita-acara", "bulan Desember", "Desember", "kind-day-in-words",
      "(Kelaziman, tentang berita acara", "spells out day, month and year (Kelaziman, tentang", 33,
      NSK_SEVERITY_WARNING },
    { "surat-dinas", "<subject>Pelaksanaan", "<subject>Perihal: Pelaksanaan", "rule-subject-label",
      "kata \"Hal\" dicetak oleh program", "(Pedoman Surat Dinas IPB, tentang form surat dinas)", 6,
      NSK_SEVERITY_ERROR },
    { "nota-dinas", "kind=\"nota-dinas\"", "kind=\"surat-dinas\"", "kind-mismatch",
      "surat ini berjenis 'surat-dinas', bukan 'nota-dinas'", "is of kind 'surat-dinas'", 2,
      NSK_SEVERITY_ERROR },
};

static void
test_a_letter_against_its_kind_is_told_in_both_languages(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autoptr(NskKind) kind = shipped(faults[i].kind);
        g_autofree char *path = g_strdup_printf("templates/letters/%s.sample.xml", faults[i].kind);
        g_autofree char *text = load(path);
        g_auto(GStrv) parts = g_strsplit(text, faults[i].from, 2);

        g_test_message("%s %s", faults[i].kind, faults[i].tag);
        g_assert_cmpuint(g_strv_length(parts), ==, 2);
        g_autofree char *changed = g_strconcat(parts[0], faults[i].to, parts[1], NULL);
        g_autoptr(NskIssues) id = check(kind, changed, "id");
        g_autoptr(NskIssues) en = check(kind, changed, "en");
        g_assert_cmpuint(id->len, ==, 1);
        g_assert_cmpuint(en->len, ==, 1);
        const NskIssue *issue = g_ptr_array_index(id, 0);
        g_assert_cmpstr(issue->tag, ==, faults[i].tag);
        g_assert_cmpint(issue->severity, ==, faults[i].severity);
        g_assert_cmpuint(issue->line, ==, faults[i].line);
        g_assert_nonnull(strstr(issue->text, faults[i].id));
        g_assert_nonnull(strstr(((NskIssue *)g_ptr_array_index(en, 0))->text, faults[i].en));
    }
}

static void
test_too_many_addressees(void)
{
    g_autoptr(NskKind) kind = shipped("nota-dinas");
    g_autofree char *text = load("templates/letters/nota-dinas.sample.xml");
    g_autoptr(GString) many = g_string_new("<to list=\"attachment\">");

    for (int i = 0; i < 20; i++)
        g_string_append_printf(many, "<position ref=\"posisi-%d\"/>", i);
    g_auto(GStrv) parts = g_strsplit(text, "<to list=\"inline\">", 2);
    g_autofree char *changed = g_strconcat(parts[0], many->str, parts[1], NULL);
    g_autoptr(NskIssues) issues = check(kind, changed, "en");
    g_assert_cmpuint(issues->len, ==, 1);
    g_assert_cmpstr(
        ((NskIssue *)g_ptr_array_index(issues, 0))->text, ==,
        "letters of this kind have at most 20 addressees, this one has 21; remove some");
}

/* The shipped kind with one thing changed, and what is said about it; "" where the schema speaks.
 */
static const struct {
    const char *from, *to, *tag, *said;
} bad[] = {
    { "xml:lang=\"id\">Surat Dinas<", "xml:lang=\"en\">Surat Dinas<", "kind-name",
      "two names in the language 'en'" },
    { "test=\"*[last()][self::l:p]\"", "test=\"*[last(\"", "kind-rule", "test cannot be read" },
    { "test=\"*[last()][self::l:p]\"", "test=\"$secret\"", "kind-rule", "uses 'secret'" },
    { "test=\"*[last()][self::l:p]\"", "test=\"document('/etc/passwd')\"", "kind-rule",
      "uses 'document'" },
    { "context=\"l:body\"", "context=\"x:body\"", "kind-rule", "context cannot be read" },
    { "layout=\"letter\"", "layout=\"memo\"", "kind-title", "add the element 'title'" },
    { "<letter xmlns=\"urn:naskah:letter:1\" kind=\"surat-dinas\"",
      "<letter xmlns=\"urn:naskah:letter:1\" kind=\"undangan\"", "kind-skeleton",
      "write kind=\"surat-dinas\"" },
    { "<row field=\"class\"/>", "<row field=\"number\"/>", "form-double", "field=\"number\"" },
    { "name=\"long-list\"", "name=\"closing\"", "form-double", "name=\"closing\"" },
    { "family=\"korespondensi\"", "family=\"surat\"", "xml-schema", "" },
    { "layout=\"letter\"", "layout=\"/etc/passwd\"", "xml-schema", "" },
    { "outsiders=\"yes\"", "outsiders=\"maybe\"", "xml-schema", "" },
    { "max=\"100\"", "max=\"1000\"", "xml-schema", "" },
    { "xmlns=\"urn:naskah:letter:1\"", "xmlns=\"urn:naskah:letter:2\"", "xml-schema", "" },
};

static void
test_bad_kinds_are_refused_with_their_place(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autofree char *text = load("templates/letters/surat-dinas.xml");
        g_auto(GStrv) parts = g_strsplit(text, bad[i].from, 2);

        g_test_message("%s", bad[i].to);
        g_assert_cmpuint(g_strv_length(parts), ==, 2);
        g_autofree char *changed = g_strconcat(parts[0], bad[i].to, parts[1], NULL);
        g_assert_null(nsk_kind_parse("k.xml", changed, strlen(changed), issues, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_cmpuint(issues->len, >=, 1);
        const NskIssue *issue = g_ptr_array_index(issues, 0);
        g_assert_cmpstr(issue->tag, ==, bad[i].tag);
        g_assert_nonnull(strstr(issue->text, bad[i].said));
        g_assert_cmpuint(issue->line, >, 1);
        g_assert_true(g_str_has_prefix(error->message, "k.xml:"));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/render/kind/shipped-say-what-the-office-asks",
                    test_shipped_say_what_the_office_asks);
    g_test_add_func("/render/kind/a-skeleton-is-a-letter-of-the-kind",
                    test_a_skeleton_is_a_letter_of_the_kind);
    g_test_add_func("/render/kind/samples-keep-their-kinds-rules",
                    test_samples_keep_their_kinds_rules);
    g_test_add_func("/render/kind/a-letter-against-its-kind-is-told-in-both-languages",
                    test_a_letter_against_its_kind_is_told_in_both_languages);
    g_test_add_func("/render/kind/too-many-addressees", test_too_many_addressees);
    g_test_add_func("/render/kind/bad-kinds-are-refused-with-their-place",
                    test_bad_kinds_are_refused_with_their_place);
    return g_test_run();
}

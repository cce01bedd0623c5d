/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole life of each letter of tests/data/letters: drafted, reviewed, signed, sent and filed by
 * the people of its route on the letter's day, and its pages read back by the worker.
 */
#include "fixture.h"
#include "worker/worker.h"
#include "xml/xml.h"

#include <string.h>

#define STEPS_MOST 20
/* what may stand between two halves of a paragraph: foot and head of the pages, without blanks */
#define BREAK_MOST 400

static const struct {
    const char *name, *person, *position, *number;
    int pages;
    const char *signs; /* of a secret letter: others get copies that are marked */
} letters[] = {
    { "dua-penanda-tangan", "damar", "staf-persuratan", "B-1/SU/BU/KU.01.5/07/2026", 1, NULL },
    { "empat-tingkat", "damar", "staf-persuratan", "B-1/SU/BU/OT.01.2/07/2026", 2, NULL },
    { "hal-panjang", "melati", "staf-tu-deputi-pemantauan", "B-1/D.I/PW.01.4/07/2026", 1, NULL },
    { "nota-dinas-plt", "galih", "kepala-bagian-kinerja", "ND-1/SU/SDM/KP.03.2/07/2026", 2, NULL },
    { "rahasia", "naufal", "analis-konservasi", "R-1/D.II/PS.00.1/07/2026", 3, "anindita" },
    { "singkat", "ni-luh", "staf-balai-sagara", "B-1/BW.Sgr/HM.02/07/2026", 1, NULL },
    { "tabel-lintas-halaman", "arkan", "analis-anggaran", "T-1/SU/KEU/KU.04.1/07/2026", 2, NULL },
    { "undangan-daftar-terlampir", "ratna", "sekretaris-pimpinan-su", "B-1/SU/HM.01.3/07/2026", 5,
      NULL },
};

/* Who acts for a position in July 2026. */
static const struct {
    const char *position, *person;
} holders[] = {
    { "analis-sdm", "taufan" },
    { "deputi-bidang-konservasi", "anindita" },
    { "deputi-bidang-pemantauan", "tirta" },
    { "direktur-jaringan-pantau", "rangga" },
    { "kepala-bagian-perencanaan", "gendis" },
    { "kepala-bagian-rumah-tangga", "nastiti" },
    { "kepala-bagian-tata-usaha", "budi" },
    { "kepala-balai-sagara", "yosefina" },
    { "kepala-biro-keuangan", "maheswari" },
    { "kepala-biro-sdm", "galih" },
    { "kepala-biro-umum", "sekar" },
    { "kepala-subbagian-persuratan", "kirana" },
    { "kepala-subdirektorat-data", "citra" },
    { "kepala-subdirektorat-imbuhan", "elvira" },
    { "sekretaris-utama", "larasati" },
};

static const char *
holder_of(const char *position)
{
    for (size_t i = 0; i < G_N_ELEMENTS(holders); i++) {
        if (strcmp(holders[i].position, position) == 0)
            return holders[i].person;
    }
    g_test_message("nobody is known for '%s'", position);
    g_assert_not_reached();
}

/* The letter as a drafter writes it: without the number that the file has for the renderer. */
static NskXmlDoc *
read_letter(const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_strconcat(name, ".xml", NULL);
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "data", "letters", file, NULL);
    g_autoptr(GBytes) bytes = nsk_file_read(path, 1 << 20, &error);
    g_assert_no_error(error);
    NskXmlDoc *doc =
        nsk_xml_parse(file, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &error);
    g_assert_no_error(error);
    nsk_xml_remove(nsk_xml_child(nsk_xml_doc_get_root(doc), "number"));
    return doc;
}

/* Lets everybody on the route do his part; the number. */
static char *
live(Fixture *f, const char *letter, const char *drafter)
{
    g_autoptr(NskJson) submitted = fixture_act(f, drafter, letter, "submit", NULL);

    for (int step = 0; step < STEPS_MOST; step++) {
        g_autoptr(NskJson) shown = fixture_show(f, drafter, letter);
        const NskJson *tasks = nsk_json_get(shown, "tasks");

        if (nsk_json_length(tasks) == 0) {
            g_assert_cmpstr(nsk_json_get_text(shown, "state"), ==, "archived");
            return g_strdup(nsk_json_get_text(shown, "number"));
        }
        g_assert_cmpuint(nsk_json_length(tasks), ==, 1);
        const NskJson *task = nsk_json_at(tasks, 0);
        const char *person = holder_of(nsk_json_text_at(nsk_json_get(task, "positions"), 0));
        bool signs = strcmp(nsk_json_get_text(task, "role"), "sign") == 0;
        g_autoptr(NskJson) done = signs ? fixture_sign(f, person, letter)
                                        : fixture_act(f, person, letter, "approve", NULL);
    }
    g_assert_not_reached();
}

/* --- Reading back ---------------------------------------------------------------------------- */

/* Without blanks, hyphens and soft hyphens. */
static char *
squeeze(const char *text)
{
    GString *out = g_string_new(NULL);

    glong n;
    g_autofree gunichar *all = g_utf8_to_ucs4_fast(text, -1, &n);

    for (glong i = 0; i < n; i++) {
        gunichar c = all[i];

        if (!g_unichar_isspace(c) && c != '-' && c != 0x00ad && c != 0x2010 && c != 0x2011)
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

/* The end of @block in @text, where it may be parted once by a page break; NULL: it is not there.
 */
static const char *
find_block(const char *text, const char *block)
{
    const char *whole = strstr(text, block);
    g_autofree char *head = g_utf8_substring(block, 0, MIN(g_utf8_strlen(block, -1), 8));

    if (whole != NULL)
        return whole + strlen(block);
    for (const char *at = strstr(text, head); at != NULL; at = strstr(at + 1, head)) {
        size_t same = 0;

        while (block[same] != '\0' && block[same] == at[same])
            same++;
        const char *rest =
            g_strstr_len(at + same, (gssize)(BREAK_MOST + strlen(block + same)), block + same);
        if (rest != NULL)
            return rest + strlen(block + same);
    }
    return NULL;
}

/* The end of the words of @block in @text, other words between them: lines of a cell stand between
 * those of its neighbours. */
static const char *
find_words(const char *text, const char *block)
{
    g_auto(GStrv) words = g_strsplit(block, " ", -1);

    for (int i = 0; words[i] != NULL && text != NULL; i++) {
        g_autofree char *word = squeeze(words[i]);

        text = find_block(text, word);
    }
    return text;
}

static const char *
expect(const char *text, const NskXmlNode *node, bool in_table)
{
    g_autofree char *words = nsk_xml_text_folded(node);
    g_autofree char *block = squeeze(words);
    const char *end = in_table ? find_words(text, words) : find_block(text, block);

    if (end == NULL)
        g_test_message("line %u: '%s' is not (any more) in: %.300s", nsk_xml_line(node), words,
                       text);
    g_assert_nonnull(end);
    return end;
}

/* Cells of a row stand beside each other; the next row begins after the first cell. */
static const char *
expect_row(const char *text, const NskXmlNode *row)
{
    const char *next = text;

    for (NskXmlNode *cell = nsk_xml_first(row); cell != NULL; cell = nsk_xml_next(cell)) {
        const char *end = expect(text, cell, true);

        if (cell == nsk_xml_first(row))
            next = end;
    }
    return next;
}

/* Labels stand in one column and what they label in another: each is in order by itself. */
static const char *
expect_rows(const char *text, const NskXmlNode *rows)
{
    const char *labels = text;

    for (NskXmlNode *row = nsk_xml_first(rows); row != NULL; row = nsk_xml_next(row)) {
        g_autofree char *label = squeeze(nsk_xml_attr(row, "label"));

        labels = find_block(labels, label);
        g_assert_nonnull(labels);
        text = expect(text, row, false);
    }
    return MAX(text, labels);
}

static bool
is_inline(const NskXmlNode *node)
{
    static const char *const names[] = { "b", "i", "u", "sub", "sup", "br", NULL };

    return g_strv_contains(names, nsk_xml_name(node));
}

/* Every text beneath @node, in order; where it ended. */
static const char *
expect_blocks(const char *text, const NskXmlNode *node)
{
    const NskXmlNode *first = nsk_xml_first(node);

    if (strcmp(nsk_xml_name(node), "tr") == 0)
        return expect_row(text, node);
    if (strcmp(nsk_xml_name(node), "rows") == 0)
        return expect_rows(text, node);
    if (strcmp(nsk_xml_name(node), "col") == 0)
        return text;
    if (first == NULL || is_inline(first))
        return expect(text, node, false);
    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child))
        text = expect_blocks(text, child);
    return text;
}

static void
assert_pages(GBytes *pdf, const NskXmlDoc *doc, const char *number, int pages)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) texts = NULL;
    g_autoptr(GString) joined = g_string_new(NULL);
    const NskXmlNode *root = nsk_xml_doc_get_root(doc);
    bool ok = nsk_worker_text(pdf, NULL, &texts, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_cmpuint(texts->len, ==, pages);
    for (guint i = 0; i < texts->len; i++) {
        g_autofree char *page = squeeze(g_ptr_array_index(texts, i));

        g_string_append(joined, page);
    }
    g_autofree char *printed = squeeze(number);
    g_autofree char *subject = nsk_xml_child_text(root, "subject");
    g_autofree char *hal = squeeze(subject);
    g_assert_nonnull(strstr(joined->str, printed));
    g_assert_nonnull(strstr(joined->str, hal));
    g_assert_null(strstr(joined->str, "KONSEP"));
    const char *end = expect_blocks(joined->str, nsk_xml_child(root, "body"));
    const NskXmlNode *attachments = nsk_xml_child(root, "attachments");
    for (NskXmlNode *attachment = attachments != NULL ? nsk_xml_first(attachments) : NULL;
         attachment != NULL; attachment = nsk_xml_next(attachment)) {
        if (nsk_xml_child(attachment, "file") == NULL)
            end = expect_blocks(end, attachment);
    }
}

static void
assert_fonts(GBytes *pdf)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskWorkerInfo) info = NULL;
    bool ok = nsk_worker_info(pdf, NULL, &info, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_cmpuint(info->n_fonts, >=, 1);
    for (size_t i = 0; i < info->n_fonts; i++) {
        g_test_message("%s", info->fonts[i].name);
        g_assert_true(info->fonts[i].embedded);
        g_assert_true(info->fonts[i].subset);
    }
    for (size_t i = 0; i < info->n_pages; i++) {
        g_assert_cmpfloat_with_epsilon(info->pages[i].width, 595.28, 0.5);
        g_assert_cmpfloat_with_epsilon(info->pages[i].height, 841.89, 0.5);
    }
}

static void
assert_verified(const Fixture *f, GBytes *pdf, size_t signatures)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) verdict = NULL;
    bool ok = nsk_office_verify(NULL, pdf, f->trust, f->now, &verdict, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_cmpstr(nsk_json_get_text(verdict, "verdict"), ==, "valid");
    g_assert_cmpuint(nsk_json_length(nsk_json_get(verdict, "signatures")), ==, signatures);
}

static size_t
count_children(const NskXmlNode *node)
{
    size_t n = 0;

    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child))
        n++;
    return n;
}

static void
test_life(Fixture *f, gconstpointer data)
{
    const FixtureTest *test = data;
    g_autofree char *name = g_path_get_basename(test->path);
    size_t i = 0;

    while (strcmp(letters[i].name, name) != 0)
        g_assert_cmpuint(++i, <, G_N_ELEMENTS(letters));
    g_autoptr(GError) error = NULL;
    g_autoptr(NskXmlDoc) doc = read_letter(name);
    g_autofree char *date = nsk_xml_child_text(nsk_xml_doc_get_root(doc), "date");
    g_autoptr(GBytes) xml = nsk_xml_canonical(nsk_xml_doc_get_root(doc), &error);
    g_assert_no_error(error);
    f->now = fixture_morning(date);
    g_autofree char *letter = fixture_draft_of(f, letters[i].person, letters[i].position, xml);
    g_autofree char *number = live(f, letter, letters[i].person);
    g_assert_cmpstr(number, ==, letters[i].number);

    g_autoptr(GBytes) pdf = letters[i].signs != NULL
                                ? fixture_export(f, letters[i].signs, letter, NSK_EXPORT_ORIGINAL)
                                : fixture_export(f, letters[i].person, letter, NSK_EXPORT_PDF);
    assert_pages(pdf, doc, number, letters[i].pages);
    assert_fonts(pdf);
    assert_verified(f, pdf,
                    count_children(nsk_xml_child(nsk_xml_doc_get_root(doc), "signatories")));
    g_autofree char *actions = fixture_actions(f, letters[i].person, letter);
    /* readings of a secret one follow */
    g_assert_nonnull(strstr(actions, "letter-signed letter-dispatched letter-archived"));
    g_autofree char *findings = fixture_doctor(f);
    g_assert_cmpstr(findings, ==, "");
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/life/dua-penanda-tangan", test_life, NULL },
        { "/office/life/empat-tingkat", test_life, NULL },
        { "/office/life/hal-panjang", test_life, NULL },
        { "/office/life/nota-dinas-plt", test_life, NULL },
        { "/office/life/rahasia", test_life, NULL },
        { "/office/life/singkat", test_life, NULL },
        { "/office/life/tabel-lintas-halaman", test_life, NULL },
        { "/office/life/undangan-daftar-terlampir", test_life, NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

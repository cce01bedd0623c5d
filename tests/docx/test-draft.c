/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of blocks in the body of a draft, and of lines at its head. */
#include "letter/letter.h"
#include "sample-docx.h"

#include <string.h>

#define T(text)            "<w:r><w:t>" text "</w:t></w:r>"
#define P(text)            "<w:p>" T(text) "</w:p>"
#define STYLED(style, txt) "<w:p><w:pPr><w:pStyle w:val=\"" style "\"/></w:pPr>" T(txt) "</w:p>"
#define ITEM(list, level, text)                                                                    \
    "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"" level "\"/><w:numId w:val=\"" list                     \
    "\"/></w:numPr></w:pPr>" T(text) "</w:p>"
#define CELL(text)        "<w:tc>" P(text) "</w:tc>"
#define CELL2(more, text) "<w:tc><w:tcPr>" more "</w:tcPr>" P(text) "</w:tc>"
#define ROW(cells)        "<w:tr>" cells "</w:tr>"
#define TABLE(rows)       "<w:tbl>" rows "</w:tbl>"
#define RESTART           "<w:vMerge w:val=\"restart\"/>"
#define ON                "<w:vMerge/>"
#define SPAN2             "<w:gridSpan w:val=\"2\"/>"
#define LONG_TEXT                                                                                  \
    "Sehubungan dengan hal tersebut kami sampaikan bahwa kegiatan penataan arsip dinamis akan "    \
    "dilaksanakan pada bulan depan di seluruh unit kerja."

/* The draft in one line. */
static char *
make_draft(const char *blocks, NskIssues *issues)
{
    static const NskDocxDraft draft = { NULL, "KP.08.1", "kepala-biro-umum", NULL };
    g_autoptr(NskDocx) docx = sample_read(blocks, issues);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) xml = nsk_docx_to_letter(docx, &draft, issues, &error);
    gsize size;

    g_assert_no_error(error);
    const void *data = g_bytes_get_data(xml, &size);
    g_autoptr(NskLetter) letter = nsk_letter_parse("x", data, size, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) line = nsk_letter_canonical(letter);
    return g_strndup(g_bytes_get_data(line, NULL), g_bytes_get_size(line));
}

static void
test_blocks_become_those_of_a_letter(void)
{
    static const struct {
        const char *blocks;
        const char *body;
    } cases[] = {
        { "", "<p></p>" },
        { P("  ") "<w:p/>", "<p></p>" },
        { P("a&lt;b"), "<p>a&lt;b</p>" },
        { STYLED("A", "a"), "<p><i>a</i></p>" }, /* a circle of styles */
        { STYLED("H1", ""), "<p></p>" },
        { STYLED("H1", "A. Umum"), "<section title=\"Umum\"><p></p></section>" },
        { STYLED("H2", "a") STYLED("H3", "b") P("c") STYLED("H2", "d"),
          "<section title=\"a\"><section title=\"b\"><p>c</p></section></section>"
          "<section title=\"d\"><p></p></section>" },
        { STYLED("H1", "a") STYLED("H2", "b") STYLED("H3", "c"),
          "<section title=\"a\"><section title=\"b\"><p><b>c</b></p></section></section>" },
        { STYLED("Daftar", "a") STYLED("Daftar", "b"), "<ol><li>a</li><li>b</li></ol>" },
        { ITEM("1", "0", "a") ITEM("3", "0", "b") ITEM("4", "0", "c"),
          "<ol><li>a</li><li>b</li></ol><ol start=\"5\"><li>c</li></ol>" },
        { ITEM("1", "0", "a") ITEM("2", "0", "b"), "<ol><li>a</li></ol><ul><li>b</li></ul>" },
        { ITEM("9", "0", "a") ITEM("99", "8", "b"), "<p>a</p><p>b</p>" },
        { ITEM("1", "2", "a") ITEM("1", "0", "b"),
          "<ol type=\"(1)\"><li>a</li></ol><ol><li>b</li></ol>" },
        { ITEM("1", "0", "a") ITEM("1", "1", "b") ITEM("1", "0", "c") ITEM("1", "1", "d"),
          "<ol><li><p>a</p><ol type=\"a)\"><li>b</li></ol></li><li><p>c</p><ol type=\"a)\">"
          "<li>d</li></ol></li></ol>" },
        { ITEM("1", "0", "a") ITEM("1", "1", "b") ITEM("1", "2", "c") ITEM("1", "3", "d")
              ITEM("1", "4", "e") ITEM("1", "3", "f"),
          "<ol><li><p>a</p><ol type=\"a)\"><li><p>b</p><ol type=\"(1)\"><li><p>c</p>"
          "<ol type=\"i\"><li>d</li><li>e</li><li>f</li></ol></li></ol></li></ol></li></ol>" },
        { TABLE(""), "<p></p>" },
        { TABLE(ROW("")), "<p></p>" },
        { TABLE(ROW(CELL("a") CELL("b")) ROW(CELL("c"))),
          "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td></td></tr></tbody></"
          "table>" },
        { TABLE(ROW(CELL2(SPAN2, "a")) ROW(CELL2(RESTART, "b") CELL("c"))
                    ROW(CELL2(ON, "d") CELL("e")) ROW(CELL2(ON, "f") CELL2(ON, "g"))),
          "<table><tbody><tr><td colspan=\"2\">a</td></tr><tr><td "
          "rowspan=\"2\">b</td><td>c</td></tr>"
          "<tr><td>e</td></tr><tr><td>f</td><td>g</td></tr></tbody></table>" },
        { TABLE(ROW(CELL2(ON, "a") CELL("b"))),
          "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>" },
        { P("Hari\t: Senin"), "<rows><row label=\"Hari\">Senin</row></rows>" },
        { P("Hari : Senin"), "<p>Hari : Senin</p>" },
        { P("Hari : Senin") P("Waktu : siang"),
          "<rows><row label=\"Hari\">Senin</row><row label=\"Waktu\">siang</row></rows>" },
        { P("Catatan: \xe2\x80\x8b\xe2\x80\xaex"), "<p>Catatan: x</p>" },
        { P("\xe2\x80\x8b\t: x"), "<p>: x</p>" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autofree char *letter = make_draft(cases[i].blocks, issues);
        g_autofree char *wanted = g_strdup_printf("<body>%s</body>", cases[i].body);

        g_test_message("%s", letter);
        g_assert_nonnull(strstr(letter, wanted));
    }
}

static void
test_head_lines_become_fields(void)
{
    static const struct {
        const char *blocks;
        const char *has;
        const char *has_not;
    } cases[] = {
        { P("KOP") P("Nomor : ${nomor_naskah}") P(LONG_TEXT), LONG_TEXT, "KOP" },
        { P("KOP") P(LONG_TEXT) P("${nomor_naskah}"), "<p>KOP</p>", NULL },
        { P("Sifat : Sangat Segera"), "<urgency>sangat-segera</urgency>", "Sifat" },
        { P("Sifat : Rahasia") P("Sifat : ${sifat}"), "<security>rahasia</security>", "Sifat" },
        { P("Perihal\t: Rapat"), "<subject>Rapat</subject>", "Perihal" },
        { P("Hal : ${hal}"), "<subject>(isi hal)</subject>", "${hal}" },
        { P("SURAT DINAS") P("NOMOR ${nomor_naskah}") P("TENTANG") P("PENATAAN ARSIP"),
          "<subject>PENATAAN ARSIP</subject><to>", "TENTANG" },
        { P("Arunika, ${tanggal_naskah}"), "<place>Arunika</place>", "tanggal" },
        { P("Ditetapkan di Sagara"), "<place>Sagara</place>", "Ditetapkan" },
        { P("Kepada Yth. Kepala Biro Umum") P("u.p. Kepala Bagian") P("di - Tempat"),
          "<name>Kepala Biro Umum</name><attention>Kepala Bagian</attention></outsider>",
          "Tempat" },
        { P("Yth.") P("1. Kepala A;") P("2. Kepala B.") P("di Jauh") P("Dengan hormat,"),
          "<outsider><name>Kepala A</name></outsider><outsider><name>Kepala "
          "B</name><place>Jauh</place>",
          NULL },
        { P("Yth. Kepala A") P("Badan B") P("Dengan hormat,"),
          "<name>Kepala A, Badan B</name></outsider></to>", "Kepala A</p>" },
        { P("Yth. A") P("Yth. A"), "<to><outsider><name>A</name></outsider></to>",
          "(isi penerima" },
        { P(LONG_TEXT) P("Kepala Biro Umum,") P("${ttd_pengirim}") P("${nama_pengirim}")
              P("Catatan"),
          "<p>Catatan</p></body>", "Kepala Biro" },
        { P(LONG_TEXT) P("Tembusan Yth.:") P("1. Sekretaris Utama;") P("2. Kepala B"),
          "<copies><outsider><name>Sekretaris Utama</name></outsider><outsider><name>Kepala B",
          "1." },
        { TABLE(ROW(CELL("Nomor") CELL(":") CELL("${nomor_naskah}")
                        CELL("Arunika, ${tanggal_naskah}"))
                    ROW(CELL("Hal") CELL(":") CELL("Rapat") CELL(""))) P(LONG_TEXT),
          "<subject>Rapat</subject><place>Arunika</place>", "<table>" },
        { P("Nomor : ${nomor_naskah}") TABLE(ROW(CELL("Nama") CELL(":") CELL("Damar"))),
          "<rows><row label=\"Nama\">Damar</row></rows>", "nomor" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autofree char *letter = make_draft(cases[i].blocks, issues);

        g_test_message("%s", letter);
        g_assert_nonnull(strstr(letter, cases[i].has));
        g_assert_true(cases[i].has_not == NULL || strstr(letter, cases[i].has_not) == NULL);
    }
}

/* 60 columns, 200 rows that one cell spans, a list of 10,000 items. */
static void
test_large_things_stay_letters(void)
{
    g_autoptr(GString) blocks = g_string_new("<w:tbl><w:tr>");
    g_autoptr(NskIssues) issues = nsk_issues_new();

    for (int i = 0; i < 60; i++)
        g_string_append(blocks, CELL("x"));
    g_string_append(blocks, "</w:tr></w:tbl><w:tbl><w:tr>" CELL2(RESTART, "y") CELL("z") "</w:tr>");
    for (int i = 0; i < 200; i++)
        g_string_append(blocks, "<w:tr>" CELL2(ON, "") CELL("z") "</w:tr>");
    g_string_append(blocks, "</w:tbl>");
    for (int i = 0; i < 10000; i++)
        g_string_append(blocks, ITEM("1", "0", "i"));
    g_autofree char *letter = make_draft(blocks->str, issues);
    g_assert_true(sample_said(issues, "docx-lost", "more than 50 columns"));
    g_assert_nonnull(strstr(letter, "<td rowspan=\"99\">y</td>"));
    g_assert_nonnull(strstr(letter, "<ol start=\"9999\">"));
}

static void
test_a_text_that_is_too_long_is_refused(void)
{
    static const NskDocxDraft draft = { NULL, NULL, NULL, NULL };
    g_autofree char *words = g_strnfill(3000000, 'x');
    g_autofree char *blocks = g_strconcat("<w:p><w:r><w:t>", words, "</w:t></w:r></w:p>", NULL);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDocx) docx = sample_read(blocks, issues);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) xml = nsk_docx_to_letter(docx, &draft, issues, &error);

    g_assert_null(xml);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
}

static void
test_the_same_document_gives_the_same_draft(void)
{
    static const char blocks[] = P("Hal : x") ITEM("1", "0", "a") TABLE(ROW(CELL("b")));
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *one = make_draft(blocks, issues);
    g_autofree char *two = make_draft(blocks, issues);

    g_assert_cmpstr(one, ==, two);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/docx/draft/blocks-become-those-of-a-letter",
                    test_blocks_become_those_of_a_letter);
    g_test_add_func("/docx/draft/head-lines-become-fields", test_head_lines_become_fields);
    g_test_add_func("/docx/draft/large-things-stay-letters", test_large_things_stay_letters);
    g_test_add_func("/docx/draft/a-text-that-is-too-long-is-refused",
                    test_a_text_that_is_too_long_is_refused);
    g_test_add_func("/docx/draft/the-same-document-gives-the-same-draft",
                    test_the_same_document_gives_the_same_draft);
    return g_test_run();
}

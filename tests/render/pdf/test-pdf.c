/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "base/limits.h"
#include "fixture.h"

#include <string.h>

static NskPdfElement
add(NskPdf *pdf, NskPdfElement parent, NskPdfRole role)
{
    NskPdfTag tag = { .role = role };

    return nsk_pdf_element_add(pdf, parent, &tag);
}

/* A tagged paragraph of one line. */
static void
paragraph(NskPdf *pdf, const NskFont *font, NskMpt y, const char *text)
{
    nsk_pdf_mark(pdf, add(pdf, NSK_PDF_DOCUMENT, NSK_PDF_P));
    fixture_text(pdf, font, 12000, 72000, y, text);
    nsk_pdf_mark(pdf, NSK_PDF_ARTIFACT);
}

static void
draw_qr(NskPdf *pdf, NskMpt x, NskMpt y)
{
    NskPdfTag tag = { .role = NSK_PDF_FIGURE, .alt = "Kode QR surat" };
    NskPdfRect modules[441];
    size_t n = 0;

    for (int i = 0; i < 441; i++)
        if (i * 7 % 5 < 2)
            modules[n++] = (NskPdfRect){ x + i % 21 * 2000, y + i / 21 * 2000, 2000, 2000 };
    nsk_pdf_mark(pdf, nsk_pdf_element_add(pdf, NSK_PDF_DOCUMENT, &tag));
    nsk_pdf_fill_rects(pdf, modules, n, 0);
    nsk_pdf_mark(pdf, NSK_PDF_ARTIFACT);
}

static void
draw_table(NskPdf *pdf, NskMpt y)
{
    NskPdfElement table = add(pdf, NSK_PDF_DOCUMENT, NSK_PDF_TABLE);

    for (int row = 0; row < 3; row++) {
        NskPdfElement tr = add(pdf, table, NSK_PDF_TR);

        for (int column = 0; column < 2; column++) {
            NskPdfRect box = { 72000 + column * 150000, y + row * 20000, 150000, 20000 };
            g_autofree char *text = g_strdup_printf("Baris %d kolom %d", row + 1, column + 1);

            nsk_pdf_mark(pdf, NSK_PDF_ARTIFACT);
            if (row == 0)
                nsk_pdf_fill_rect(pdf, &box, 0xd9e2f3);
            nsk_pdf_stroke_rect(pdf, &box, 500, 0x000000);
            nsk_pdf_mark(pdf, add(pdf, tr, row == 0 ? NSK_PDF_TH : NSK_PDF_TD));
            fixture_text(pdf, fixture_font("Arial", row == 0, false), 10000, box.x + 4000,
                         box.y + 14000, text);
        }
    }
    nsk_pdf_mark(pdf, NSK_PDF_ARTIFACT);
}

static void
draw_lines(NskPdf *pdf)
{
    NskPdfLine thick = { 72000, 110000, 523000, 110000, 2250, 0, 0, false, 0 };
    NskPdfLine dashed = { 72000, 700000, 523000, 700000, 500, 3000, 2000, false, 0xc00000 };
    NskPdfLine dotted = { 72000, 706000, 523000, 706000, 1000, 1, 2000, true, 0x0000ff };

    nsk_pdf_line(pdf, &thick);
    nsk_pdf_line(pdf, &dashed);
    nsk_pdf_line(pdf, &dotted);
}

static void
draw_draft_mark(NskPdf *pdf)
{
    nsk_pdf_push_turn(pdf, 150000, 600000, -45000);
    const NskFont *font = fixture_font("Arial", true, false);
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(NskGlyph));
    NskShape shape = { .text = "KONSEP", .size = 6, .font_size = 90000 };
    nsk_font_shape(font, &shape, glyphs);
    NskPdfText run = { .font = font,
                       .font_size = 90000,
                       .colour = 0xe0e0e0,
                       .text = "KONSEP",
                       .size = 6,
                       .glyphs = (const NskGlyph *)(const void *)glyphs->data,
                       .n_glyphs = glyphs->len };
    nsk_pdf_text(pdf, &run);
    nsk_pdf_pop(pdf);
}

static void
draw_second_page(NskPdf *pdf)
{
    const NskFont *serif = fixture_font("Times New Roman", false, false);
    NskPdfElement p = add(pdf, NSK_PDF_DOCUMENT, NSK_PDF_P);
    NskPdfTag tag = { .role = NSK_PDF_LINK };
    NskPdfRect rect = { 72000, 88000, 100000, 14000 };

    g_assert_true(nsk_pdf_page_begin(pdf, NSK_MM(215), NSK_MM(330), NULL));
    fixture_text(pdf, serif, 12000, 290000, 50000, "- 2 -");
    nsk_pdf_mark(pdf, p);
    fixture_text(pdf, serif, 12000, 72000, 80000, "Sebelum tautan ");
    NskPdfElement link = nsk_pdf_element_add(pdf, p, &tag);
    nsk_pdf_mark(pdf, link);
    fixture_text(pdf, serif, 12000, 72000, 100000, "naskah.example");
    nsk_pdf_link_uri(pdf, &rect, "https://naskah.example/v/(1)", link, "Pemeriksaan surat");
    nsk_pdf_mark(pdf, p);
    fixture_text(pdf, serif, 12000, 200000, 100000, " sesudah tautan");
    nsk_pdf_mark(pdf, NSK_PDF_ARTIFACT);
    rect.y = 150000;
    link = add(pdf, NSK_PDF_DOCUMENT, NSK_PDF_LINK);
    nsk_pdf_mark(pdf, link);
    fixture_text(pdf, serif, 12000, 72000, 160000, "ke halaman pertama");
    nsk_pdf_link_page(pdf, &rect, 0, 72000, link, "Halaman pertama");
}

static void
add_fields_and_file(NskPdf *pdf)
{
    g_autoptr(GError) error = NULL;
    NskPdfField field = { .name = "signatory-1",
                          .tooltip = "Tanda tangan Kepala Biro Umum",
                          .rect = { 300000, 500000, 150000, 60000 } };
    NskPdfField hidden = { .name = "paraf-1", .tooltip = "Paraf" };
    g_autoptr(GBytes) xml = g_bytes_new_static("<letter/>\n", 10);
    NskPdfFile file = { .name = "surat.xml",
                        .media_type = "application/xml",
                        .description = "Naskah asli",
                        .data = xml };

    g_assert_true(nsk_pdf_add_signature_field(pdf, &field, &error));
    g_assert_true(nsk_pdf_add_signature_field(pdf, &hidden, &error));
    g_assert_true(nsk_pdf_attach(pdf, &file, &error));
    g_assert_no_error(error);
}

/* Two pages with something of everything. */
static GBytes *
make_demo(void)
{
    g_autoptr(NskPdf) pdf = fixture_page();
    const NskFont *serif = fixture_font("Times New Roman", false, false);

    draw_draft_mark(pdf);
    nsk_pdf_mark(pdf, add(pdf, NSK_PDF_DOCUMENT, NSK_PDF_H1));
    fixture_text(pdf, fixture_font("Arial", true, false), 16000, 72000, 100000,
                 "SURAT UNDANGAN AVATAR");
    nsk_pdf_mark(pdf, NSK_PDF_ARTIFACT);
    draw_lines(pdf);
    paragraph(pdf, serif, 140000,
              "Tanggal 22\xe2\x80\x93"
              "23 Juli: \xe2\x80\x9csuhu 30\xc2\xb0\xe2\x80\x9d, luas 12 m\xc2\xb2, caf\xc3\xa9.");
    paragraph(pdf, fixture_font("Bookman Old Style", false, false), 160000,
              "Difinalkan: efisien, fluktuasi, afiliasi.");
    paragraph(pdf, fixture_font("Times New Roman", false, true), 180000,
              "AV To Wa: kerning miring.");
    draw_table(pdf, 220000);
    draw_qr(pdf, 72000, 500000);
    add_fields_and_file(pdf);
    draw_second_page(pdf);
    return fixture_finish(pdf);
}

static void
test_the_same_calls_give_the_same_bytes(void)
{
    g_autoptr(GBytes) one = make_demo(), two = make_demo();
    const char *path = g_getenv("NASKAH_TEST_PDF"); /* to look at it */

    g_assert_true(g_bytes_equal(one, two));
    g_test_message("%zu bytes", g_bytes_get_size(one));
    if (path)
        g_assert_true(
            nsk_file_write(path, g_bytes_get_data(one, NULL), g_bytes_get_size(one), 0644, NULL));
}

static void
test_qpdf_finds_no_fault(void)
{
    static const char *const argv[] = { "qpdf", "--check", "FILE", NULL };
    g_autoptr(GBytes) pdf = make_demo();
    g_autofree char *said = fixture_run(pdf, argv);

    if (said)
        fixture_assert_has(said, "No syntax or stream encoding errors found");
}

static void
test_fonts_are_embedded_subsets_with_unicode(void)
{
    static const char *const argv[] = { "pdffonts", "FILE", NULL };
    g_autoptr(GBytes) pdf = make_demo();
    g_autofree char *said = fixture_run(pdf, argv);

    if (!said)
        return;
    g_auto(GStrv) lines = g_strsplit(g_strchomp(said), "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 2 + 5);
    for (unsigned i = 2; lines[i]; i++) {
        fixture_assert_has(lines[i], "Identity-H       yes yes yes");
        g_assert_true(lines[i][6] == '+');
    }
    fixture_assert_has(said, "CID TrueType");
    fixture_assert_has(said, "CID Type 0C");
}

static void
test_text_comes_back(void)
{
    static const char *const parts[] = {
        "SURAT UNDANGAN AVATAR",
        "Tanggal 22\xe2\x80\x93"
        "23 Juli: \xe2\x80\x9csuhu 30\xc2\xb0\xe2\x80\x9d, luas 12 m\xc2\xb2, caf\xc3\xa9.",
        "Difinalkan: efisien, fluktuasi, afiliasi.",
        "AV To Wa: kerning miring.",
        "Baris 2 kolom 1",
        "Sebelum tautan",
        "naskah.example",
    };
    static const char *const poppler[] = { "pdftotext", "FILE", "-", NULL };
    static const char *const mupdf[] = { "mutool", "draw", "-q", "-F", "txt", "FILE", NULL };
    g_autoptr(GBytes) pdf = make_demo();
    g_autofree char *one = fixture_run(pdf, poppler);
    g_autofree char *two = fixture_run(pdf, mupdf);

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (one)
            fixture_assert_has(one, parts[i]);
        /* mupdf gives the ligature's own character back as letters too */
        if (two && i != 2)
            fixture_assert_has(two, parts[i]);
    }
}

static void
test_the_structure_tree_is_read_back(void)
{
    static const char *const argv[] = { "pdfinfo", "-struct-text", "FILE", NULL };
    g_autoptr(GBytes) pdf = make_demo();
    g_autofree char *said = fixture_run(pdf, argv);

    if (!said)
        return;
    g_test_message("%s", said);
    fixture_assert_has(said, "Document\n  H1 (block)\n    \"SURAT UNDANGAN AVATAR\"");
    fixture_assert_has(said, "Table");
    fixture_assert_has(said, "TH");
    fixture_assert_has(said, "\"Baris 3 kolom 2\"");
    fixture_assert_has(said, "Figure");
    fixture_assert_has(
        said, "\"Sebelum tautan \"\n    Link (inline)\n      \"naskah.example\"\n      Object");
    fixture_assert_has(said, "\" sesudah tautan\"");
    g_assert_null(strstr(said, "- 2 -"));
    g_assert_null(strstr(said, "KONSEP"));
}

static void
test_metadata_say_what_was_given(void)
{
    static const char *const argv[] = { "pdfinfo", "FILE", NULL };
    g_autoptr(GBytes) pdf = make_demo();
    g_autofree char *said = fixture_run(pdf, argv);

    g_assert_true(fixture_contains(pdf, "<pdfaid:part>3</pdfaid:part>"));
    g_assert_true(fixture_contains(pdf, "<pdfuaid:part>1</pdfuaid:part>"));
    g_assert_true(fixture_contains(pdf, "Undangan rapat \xe2\x80\x93 2026</rdf:li>"));
    g_assert_true(fixture_contains(pdf, ">Rapat &amp; persiapan</rdf:li>"));
    g_assert_true(
        fixture_contains(pdf, "<xmp:ModifyDate>2026-07-22T09:00:00+07:00</xmp:ModifyDate>"));
    g_assert_true(fixture_contains(pdf, "/ModDate(D:20260722090000+07'00')"));
    g_assert_true(fixture_contains(pdf, "/Author(Biro Umum \\(Arunika\\))"));
    g_assert_true(fixture_contains(pdf, "/Lang(id)"));
    g_assert_true(fixture_contains(pdf, "/S/GTS_PDFA1"));
    if (!said)
        return;
    fixture_assert_has(said, "Tagged:          yes");
    fixture_assert_has(said, "Pages:           2");
    fixture_assert_has(said, "PDF version:     1.7");
    fixture_assert_has(said, "Undangan rapat \xe2\x80\x93 2026");
}

static void
test_the_letter_is_inside(void)
{
    static const char *const argv[] = { "pdfdetach", "-list", "FILE", NULL };
    g_autoptr(GBytes) pdf = make_demo();
    g_autofree char *said = fixture_run(pdf, argv);

    g_assert_true(fixture_contains(pdf, "/AFRelationship/Source"));
    g_assert_true(fixture_contains(pdf, "/Subtype/application#2Fxml"));
    if (said)
        fixture_assert_has(said, "1 embedded files\n1: surat.xml");
}

static void
test_signature_fields_are_empty_and_known(void)
{
    static const char *const argv[] = { "qpdf", "--json", "--json-key=acroform", "FILE", NULL };
    g_autoptr(GBytes) pdf = make_demo();
    g_autofree char *said = fixture_run(pdf, argv);

    g_assert_true(fixture_contains(pdf, "/SigFlags 3>>"));
    g_assert_true(fixture_contains(pdf, "/FT/Sig/T(signatory-1)/TU(Tanda tangan Kepala Biro"));
    g_assert_true(fixture_contains(pdf, "/Rect[300 281.89 450 341.89]"));
    g_assert_false(fixture_contains(pdf, "/V "));
    if (!said)
        return;
    fixture_assert_has(said, "\"fullname\": \"signatory-1\"");
    fixture_assert_has(said, "\"fieldtype\": \"/Sig\"");
    fixture_assert_has(said, "\"annotationflags\": 4");
    fixture_assert_has(said, "\"pageposfrom1\": 1");
}

static void
test_field_names_are_unique_and_plain(void)
{
    static const struct {
        const char *name;
        int code;
    } cases[] = { { "signatory-1", NSK_ERROR_CONFLICT },
                  { "a.b", NSK_ERROR_INVALID },
                  { "", NSK_ERROR_INVALID },
                  { "caf\xc3\xa9", NSK_ERROR_INVALID } };
    g_autoptr(NskPdf) pdf = fixture_page();
    NskPdfField field = { .name = "signatory-1" };

    g_assert_true(nsk_pdf_add_signature_field(pdf, &field, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        field.name = cases[i].name;
        g_assert_false(nsk_pdf_add_signature_field(pdf, &field, &error));
        g_assert_error(error, NSK_ERROR, cases[i].code);
    }
}

static void
test_file_names_are_unique(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskPdf) pdf = fixture_page();
    g_autoptr(GBytes) data = g_bytes_new(NULL, 0);
    NskPdfFile file = { .name = "b.xml", .media_type = "application/xml", .data = data };

    g_assert_true(nsk_pdf_attach(pdf, &file, &error));
    g_assert_false(nsk_pdf_attach(pdf, &file, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CONFLICT);
    file.name = "\xc3\xa9.xml";
    file.relation = NSK_PDF_FILE_SUPPLEMENT;
    g_assert_true(nsk_pdf_attach(pdf, &file, NULL));
    file.name = "a.xml";
    g_assert_true(nsk_pdf_attach(pdf, &file, NULL));
    g_autoptr(GBytes) bytes = fixture_finish(pdf);
    static const char *const argv[] = { "qpdf", "--check", "FILE", NULL };
    g_autofree char *said = fixture_run(bytes, argv);
    size_t size;
    const char *text = g_bytes_get_data(bytes, &size);
    const char *names = memmem(text, size, "/EmbeddedFiles<</Names[", 23);
    g_assert_nonnull(names);
    g_assert_true(g_str_has_prefix(names + 23, "(a.xml)"));
}

static void
test_a_document_without_pages_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskPdf) pdf = fixture_new();

    g_assert_null(nsk_pdf_finish(pdf, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
}

static void
test_pages_are_limited(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskPdf) pdf = fixture_new();

    for (int i = 0; i < NSK_LIMIT_PAGES; i++)
        g_assert_true(nsk_pdf_page_begin(pdf, 100000, 100000, NULL));
    g_assert_false(nsk_pdf_page_begin(pdf, 100000, 100000, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
    g_assert_cmpuint(nsk_pdf_get_n_pages(pdf), ==, NSK_LIMIT_PAGES);
}

static void
test_a_hyphen_at_a_line_end_is_no_letter_of_the_word(void)
{
    static const char *const structure[] = { "pdfinfo", "-struct-text", "FILE", NULL };
    /* with strings as hexadecimal digits, for they are bytes */
    static const char *const plain[] = {
        "qpdf", "--show-object=4", "--filtered-stream-data", "--normalize-content=y", "FILE", NULL
    };
    g_autoptr(NskPdf) pdf = fixture_page();
    const NskFont *font = fixture_font("Arial", false, false);
    NskPdfElement p = add(pdf, NSK_PDF_DOCUMENT, NSK_PDF_P);
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(NskGlyph));
    NskShape shape = { .text = "-", .size = 1, .font_size = 12000 };
    NskMpt x;

    nsk_pdf_mark(pdf, p);
    x = fixture_text(pdf, font, 12000, 72000, 72000, "per");
    nsk_font_shape(font, &shape, glyphs);
    NskPdfText hyphen = { .font = font,
                          .font_size = 12000,
                          .x = 72000 + x,
                          .y = 72000,
                          .text = "\xc2\xad",
                          .size = 2,
                          .glyphs = (const NskGlyph *)(const void *)glyphs->data,
                          .n_glyphs = 1 };
    nsk_pdf_text(pdf, &hyphen);
    fixture_text(pdf, font, 12000, 72000, 90000, "suratan a-b");
    g_autoptr(GBytes) bytes = fixture_finish(pdf);
    g_autofree char *said = fixture_run(bytes, structure);
    g_autofree char *content = fixture_run(bytes, plain);
    if (said)
        fixture_assert_has(said, "\"per\"\n    \"-\"\n    \"suratan a-b\"");
    if (content)
        fixture_assert_has(content, "/P<</MCID 1/ActualText<feff00ad>>>BDC\nBT\n");
}

/* Text drawn with every glyph moved, turned, clipped and right to left must come back. */
static void
test_odd_runs_come_back(void)
{
    static const char *const argv[] = { "pdftotext", "-raw", "FILE", "-", NULL };
    g_autoptr(NskPdf) pdf = fixture_page();
    const NskFont *font = fixture_font("Arial", false, false);
    NskPdfRect clip = { 0, 0, 500000, 500000 };
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(NskGlyph));
    NskShape shape = { .text = "angkat", .size = 6, .font_size = 20000 };

    nsk_font_shape(font, &shape, glyphs);
    for (unsigned i = 0; i < glyphs->len; i++) {
        g_array_index(glyphs, NskGlyph, i).dy = (int)i % 2 * 3000;
        g_array_index(glyphs, NskGlyph, i).advance += 500;
    }
    NskPdfText run = { .font = font,
                       .font_size = 20000,
                       .x = 72000,
                       .y = 72000,
                       .text = "angkat",
                       .size = 6,
                       .glyphs = (const NskGlyph *)(const void *)glyphs->data,
                       .n_glyphs = glyphs->len };
    nsk_pdf_push_clip(pdf, &clip);
    nsk_pdf_text(pdf, &run);
    nsk_pdf_push_turn(pdf, 300000, 300000, 90000);
    fixture_text(pdf, font, 12000, 0, 0, "putar");
    nsk_pdf_pop(pdf);
    nsk_pdf_pop(pdf);
    fixture_text(pdf, font, 12000, 72000, 200000,
                 "a\xc2\xa0"
                 "b e\xcc\x81 q\xcc\x81");
    g_autoptr(GBytes) bytes = fixture_finish(pdf);
    g_autofree char *said = fixture_run(bytes, argv);
    if (!said)
        return;
    fixture_assert_has(said, "angkat");
    fixture_assert_has(said, "putar");
    fixture_assert_has(said, "a b ");
    fixture_assert_has(said, "q\xcc\x81");
}

static void
test_glyphs_land_where_the_advances_say(void)
{
    static const char *const argv[] = { "pdftotext", "-bbox", "FILE", "-", NULL };
    g_autoptr(NskPdf) pdf = fixture_page();
    const NskFont *font = fixture_font("Times New Roman", false, false);
    const char *text = "Sehubungan dengan pelaksanaan tugas AVAWATAToYa maka kami akhir";
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(NskGlyph));
    NskShape shape = { .text = text, .size = strlen(text), .font_size = 11000 };
    NskMpt x = 72000;

    nsk_font_shape(font, &shape, glyphs);
    for (unsigned i = 0; i < glyphs->len; i++)
        if (text[g_array_index(glyphs, NskGlyph, i).cluster] == ' ')
            g_array_index(glyphs, NskGlyph, i).advance += 1337;
    for (unsigned i = 0; i + 5 < glyphs->len; i++)
        x += g_array_index(glyphs, NskGlyph, i).advance;
    NskPdfText run = { .font = font,
                       .font_size = 11000,
                       .x = 72000,
                       .y = 72000,
                       .text = text,
                       .size = strlen(text),
                       .glyphs = (const NskGlyph *)(const void *)glyphs->data,
                       .n_glyphs = glyphs->len };
    nsk_pdf_text(pdf, &run);
    g_autoptr(GBytes) bytes = fixture_finish(pdf);
    g_autofree char *said = fixture_run(bytes, argv);
    if (!said)
        return;
    const char *word = strstr(said, ">akhir</word>");
    g_assert_nonnull(word);
    const char *line = g_strrstr_len(said, word - said, "xMin=\"");
    g_assert_cmpfloat_with_epsilon(g_ascii_strtod(line + 6, NULL), x / 1000.0, 0.05);
}

static void
test_pictures_are_drawn_alike_by_two_readers(void)
{
    static const char *const mupdf[] = { "mutool", "draw", "-q",   "-o", "/dev/null",
                                         "-F",     "ppm",  "FILE", NULL };
    static const char *const poppler[] = { "pdftoppm", "-r", "30", "FILE", NULL };
    g_autoptr(GBytes) pdf = make_demo();
    g_autofree char *one = fixture_run(pdf, mupdf);
    g_autofree char *two = fixture_run(pdf, poppler);

    if (two)
        g_assert_true(g_str_has_prefix(two, "P6"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, test) g_test_add_func("/render/pdf/" path, test)
    ADD("the-same-calls-give-the-same-bytes", test_the_same_calls_give_the_same_bytes);
    ADD("qpdf-finds-no-fault", test_qpdf_finds_no_fault);
    ADD("fonts-are-embedded-subsets-with-unicode", test_fonts_are_embedded_subsets_with_unicode);
    ADD("text-comes-back", test_text_comes_back);
    ADD("the-structure-tree-is-read-back", test_the_structure_tree_is_read_back);
    ADD("metadata-say-what-was-given", test_metadata_say_what_was_given);
    ADD("the-letter-is-inside", test_the_letter_is_inside);
    ADD("signature-fields-are-empty-and-known", test_signature_fields_are_empty_and_known);
    ADD("field-names-are-unique-and-plain", test_field_names_are_unique_and_plain);
    ADD("file-names-are-unique", test_file_names_are_unique);
    ADD("a-document-without-pages-is-refused", test_a_document_without_pages_is_refused);
    ADD("pages-are-limited", test_pages_are_limited);
    ADD("a-hyphen-at-a-line-end-is-no-letter-of-the-word",
        test_a_hyphen_at_a_line_end_is_no_letter_of_the_word);
    ADD("odd-runs-come-back", test_odd_runs_come_back);
    ADD("glyphs-land-where-the-advances-say", test_glyphs_land_where_the_advances_say);
    ADD("pictures-are-drawn-by-two-readers", test_pictures_are_drawn_alike_by_two_readers);
    int status = g_test_run();
    fixture_end();
    return status;
}

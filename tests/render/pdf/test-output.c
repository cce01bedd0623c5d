/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/pdf/pdf-private.h"

#include <string.h>

static void
test_lengths_are_spelt_exactly(void)
{
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {
        { 0, "0" },
        { 1, "0.001" },
        { 10, "0.01" },
        { 100, "0.1" },
        { 1000, "1" },
        { 1001, "1.001" },
        { 1010, "1.01" },
        { 12500, "12.5" },
        { 841890, "841.89" },
        { -1, "-0.001" },
        { -12340, "-12.34" },
        { -1000, "-1" },
        { 999, "0.999" },
        { -999, "-0.999" },
        { 2147483647, "2147483.647" },
        { -2147483648LL, "-2147483.648" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) to = g_string_new(NULL);

        nsk_pdf_put_mpt(to, cases[i].value);
        g_assert_cmpstr(to->str, ==, cases[i].text);
    }
}

static void
test_integers_are_spelt_exactly(void)
{
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {
        { 0, "0" },
        { 7, "7" },
        { -7, "-7" },
        { 1000000, "1000000" },
        { G_MAXINT64, "9223372036854775807" },
        { G_MININT64, "-9223372036854775808" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) to = g_string_new(NULL);

        nsk_pdf_put_int(to, cases[i].value);
        g_assert_cmpstr(to->str, ==, cases[i].text);
    }
}

static void
test_text_is_escaped_or_in_utf16(void)
{
    static const struct {
        const char *text, *written;
    } cases[] = {
        { "", "()" },
        { "Biro Umum", "(Biro Umum)" },
        { "a(b)c\\d", "(a\\(b\\)c\\\\d)" },
        { "a\r\nb", "(a\\r\\nb)" },
        { "\xc3\xa9", "<FEFF00E9>" },
        { "A\xe2\x80\x93", "<FEFF00412013>" },
        { "\xf0\x9f\x98\x80", "<FEFFD83DDE00>" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) to = g_string_new(NULL);

        nsk_pdf_put_text(to, cases[i].text);
        g_assert_cmpstr(to->str, ==, cases[i].written);
    }
}

static void
test_names_are_escaped(void)
{
    g_autoptr(GString) to = g_string_new(NULL);

    nsk_pdf_put_name(to, "application/xml");
    nsk_pdf_put_name(to, "A B#(c)\xc3\xa9");
    g_assert_cmpstr(to->str, ==, "/application#2Fxml/A#20B#23#28c#29#C3#A9");
}

static void
test_the_table_gives_every_object_its_place(void)
{
    NskPdfOut out;

    nsk_pdf_out_init(&out);
    NskPdfRef one = nsk_pdf_out_reserve(&out), two = nsk_pdf_out_reserve(&out);
    nsk_pdf_out_begin(&out, two);
    g_string_append(out.bytes, "<</A 1>>");
    nsk_pdf_out_end(&out);
    nsk_pdf_out_stream(&out, one, "/B 2", "xyz", 3);
    nsk_pdf_out_finish(&out, one, two);
    const char *file = out.bytes->str;
    const char *table = strstr(file, "xref\n0 3\n0000000000 65535 f \n");
    g_assert_nonnull(table);
    const char *entries = table + strlen("xref\n0 3\n") + 20;
    g_assert_true(
        g_str_has_prefix(file + g_ascii_strtoull(entries, NULL, 10), "1 0 obj\n<</B 2/L"));
    g_assert_true(g_str_has_prefix(file + g_ascii_strtoull(entries + 20, NULL, 10), "2 0 obj\n<<"));
    g_assert_true(g_str_has_prefix(entries + 40, "trailer\n<</Size 3/Root 1 0 R/Info 2 0 R/ID[<"));
    const char *start = strstr(table, "startxref\n");
    g_assert_cmpuint(g_ascii_strtoull(start + 10, NULL, 10), ==, (guint64)(table - file));
    g_assert_true(g_str_has_suffix(file, "\n%%EOF\n"));
    g_assert_nonnull(strstr(file, "/Length 3>>stream\nxyz\nendstream\nendobj\n"));
    nsk_pdf_out_clear(&out);
}

static void
test_deflated_streams_unpack_to_what_went_in(void)
{
    NskPdfOut out;
    char text[2000], back[2000];
    struct libdeflate_decompressor *inflate = libdeflate_alloc_decompressor();

    memset(text, 'n', sizeof text);
    nsk_pdf_out_init(&out);
    NskPdfRef one = nsk_pdf_out_reserve(&out);
    nsk_pdf_out_deflated(&out, one, "", text, sizeof text);
    const char *stream = g_strstr_len(out.bytes->str, -1, "stream\n") + 7;
    g_assert_nonnull(strstr(out.bytes->str, "<</Filter/FlateDecode/Length "));
    size_t left = (size_t)(out.bytes->str + out.bytes->len - stream), used, n;
    g_assert_cmpint(
        libdeflate_zlib_decompress_ex(inflate, stream, left, back, sizeof back, &used, &n), ==,
        LIBDEFLATE_SUCCESS);
    g_assert_cmpmem(back, n, text, sizeof text);
    g_assert_true(g_str_has_prefix(stream + used, "\nendstream"));
    libdeflate_free_decompressor(inflate);
    nsk_pdf_out_clear(&out);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, test) g_test_add_func("/render/pdf/output/" path, test)
    ADD("lengths-are-spelt-exactly", test_lengths_are_spelt_exactly);
    ADD("integers-are-spelt-exactly", test_integers_are_spelt_exactly);
    ADD("text-is-escaped-or-in-utf16", test_text_is_escaped_or_in_utf16);
    ADD("names-are-escaped", test_names_are_escaped);
    ADD("the-table-gives-every-object-its-place", test_the_table_gives_every_object_its_place);
    ADD("deflated-streams-unpack-to-what-went-in", test_deflated_streams_unpack_to_what_went_in);
    return g_test_run();
}

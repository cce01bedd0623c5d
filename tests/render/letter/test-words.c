/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small templates of templates/letters/words.xsl. */
#include "xml/xml.h"

#include <string.h>

static const char sheet[] =
    "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
    "<xsl:import href='naskah:templates/letters/words.xsl'/><xsl:output method='text'/>"
    "<xsl:template match='count'><xsl:call-template name='count-words'>"
    "<xsl:with-param name='n' select='number(@n)'/><xsl:with-param name='style' select='@style'/>"
    "</xsl:call-template></xsl:template>"
    "<xsl:template match='capitals'><xsl:call-template name='capitals'>"
    "<xsl:with-param name='text' select='.'/></xsl:call-template></xsl:template>"
    "</xsl:stylesheet>";

static char *
apply(const char *source)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskXmlStyle) style = nsk_xml_style_parse("s.xsl", sheet, strlen(sheet), &error);

    g_assert_no_error(error);
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("d.xml", source, strlen(source), &error);
    g_assert_no_error(error);
    g_autoptr(NskXmlDoc) result = nsk_xml_style_apply(style, doc, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) bytes = nsk_xml_style_write(style, result, &error);
    g_assert_no_error(error);
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static const struct {
    const char *n, *style, *expected;
} counts[] = {
    { "1", "words", "Satu" },
    { "4", "words", "Empat" },
    { "8", "words", "Delapan" },
    { "9", "words", "Sembilan" },
    { "10", "words", "Sepuluh" },
    { "11", "words", "Sebelas" },
    { "12", "words", "Dua belas" },
    { "20", "words", "Dua puluh" },
    { "21", "words", "21" },
    { "23", "words", "23" },
    { "100", "words", "Seratus" },
    { "101", "words", "Seratus satu" },
    { "300", "words", "Tiga ratus" },
    { "1000", "words", "1000" },
    { "0", "words", "0" },
    { "12", "digits", "12" },
    { "7", "both", "7 (tujuh)" },
    { "12", "both", "12 (dua belas)" },
    { "23", "both", "23 (dua puluh tiga)" },
    { "111", "both", "111 (seratus sebelas)" },
    { "999", "both", "999 (sembilan ratus sembilan puluh sembilan)" },
    { "1000", "both", "1000" },
};

static void
test_counts_as_the_guidelines_write_them(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        g_autofree char *source =
            g_strdup_printf("<count n='%s' style='%s'/>", counts[i].n, counts[i].style);
        g_autofree char *text = apply(source);

        g_assert_cmpstr(text, ==, counts[i].expected);
    }
}

static void
test_capitals(void)
{
    g_autofree char *text = apply("<capitals>Biro Umum é-2</capitals>");

    g_assert_cmpstr(text, ==, "BIRO UMUM É-2");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/render/words/counts-as-the-guidelines-write-them",
                    test_counts_as_the_guidelines_write_them);
    g_test_add_func("/render/words/capitals", test_capitals);
    return g_test_run();
}

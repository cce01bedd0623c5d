/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xml/xml.h"

#include <string.h>

#define SHEET(body)                                                                                \
    "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'"               \
    " xmlns:exsl='http://exslt.org/common' extension-element-prefixes='exsl'>\n" body              \
    "</xsl:stylesheet>"

/* Applies @sheet to @source; the result is written as the sheet wants it. */
static char *
apply(const char *sheet, const char *source, const char *const *params, GError **error)
{
    g_autoptr(NskXmlStyle) style = nsk_xml_style_parse("s.xsl", sheet, strlen(sheet), error);
    g_autoptr(NskXmlDoc) doc = NULL;
    g_autoptr(NskXmlDoc) result = NULL;
    g_autoptr(GBytes) bytes = NULL;

    if (style == NULL)
        return NULL;
    doc = nsk_xml_parse("d.xml", source, strlen(source), error);
    g_assert_nonnull(doc);
    result = nsk_xml_style_apply(style, doc, params, error);
    if (result == NULL)
        return NULL;
    bytes = nsk_xml_style_write(style, result, error);
    g_assert_nonnull(bytes);
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void
test_a_document_is_transformed(void)
{
    static const char sheet[] = SHEET("<xsl:output method='text'/><xsl:strip-space elements='*'/>"
                                      "<xsl:param name='p'/><xsl:template match='/'>"
                                      "<xsl:value-of select='concat($p, \":\", count(//node()))'/>"
                                      "</xsl:template>");
    const char *const params[] = { "p", "it's \"quoted\" <&> 1 + 1", NULL };
    g_autoptr(GError) error = NULL;
    g_autofree char *text = apply(sheet, "<a> <b/> </a>", params, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, "it's \"quoted\" <&> 1 + 1:2");
}

static void
test_the_source_stays_as_it_is(void)
{
    static const char sheet[] = SHEET("<xsl:strip-space elements='*'/>"
                                      "<xsl:key name='k' match='b' use='.'/>"
                                      "<xsl:template match='/'><x y='{generate-id(//b)}'>"
                                      "<xsl:copy-of select=\"key('k', '1')\"/></x></xsl:template>");
    static const char source[] = "<a> <b>1</b> </a>";
    g_autoptr(GError) error = NULL;
    g_autoptr(NskXmlStyle) style = nsk_xml_style_parse("s.xsl", sheet, strlen(sheet), &error);
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("d.xml", source, strlen(source), &error);
    g_autoptr(NskXmlDoc) result = nsk_xml_style_apply(style, doc, NULL, &error);
    g_autoptr(NskXmlDoc) again = nsk_xml_style_apply(style, doc, NULL, &error);
    g_autoptr(GBytes) canonical = NULL;

    g_assert_no_error(error);
    g_assert_nonnull(result);
    g_assert_nonnull(nsk_xml_first(nsk_xml_doc_get_root(again)));
    canonical = nsk_xml_canonical(nsk_xml_doc_get_root(doc), &error);
    g_assert_cmpmem(g_bytes_get_data(canonical, NULL), g_bytes_get_size(canonical), source,
                    strlen(source));
}

static void
test_forbidden_things_fail(void)
{
    static const struct {
        const char *sheet;
        const char *part; /* of the message */
    } cases[] = {
        { "<a", "s.xsl:1:3: " },
        { "<a/>", "stylesheet 's.xsl' cannot be used: " },
        { SHEET("<xsl:template match='/'><xsl:value-of select='1 +'/></xsl:template>"),
          "s.xsl:2: in 'value-of': " },
        { SHEET("<xsl:template match='/'>\n<xsl:value-of select='$no'/></xsl:template>"),
          "s.xsl:3: in 'value-of': " },
        { SHEET("<xsl:template match='/'><xsl:value-of select='no()'/></xsl:template>"),
          "function no not found" },
        { SHEET("<xsl:import href='file:///etc/passwd'/>"), "'file:///etc/passwd'" },
        { SHEET("<xsl:include href='http://localhost/x.xsl'/>"), "'http://localhost/x.xsl'" },
        { SHEET("<xsl:include href='none.xsl'/>"), "the program has no built-in file 'none.xsl'" },
        { SHEET("<xsl:include href='naskah:none.xsl'/>"),
          "the program has no built-in file 'none.xsl'" },
        { SHEET("<xsl:template match='/'><xsl:copy-of select=\"document('/etc/passwd')\"/>"
                "</xsl:template>"),
          "read rights for /etc/passwd denied" },
        { SHEET("<xsl:template match='/'><xsl:copy-of select=\"document('')\"/></xsl:template>"),
          "read rights for s.xsl denied" },
        { SHEET("<xsl:template match='/'><exsl:document href='/tmp/naskah-must-not-exist'>x"
                "</exsl:document></xsl:template>"),
          "failed to find extension document" },
        { SHEET("<xsl:template match='/'><xsl:document href='/tmp/naskah-must-not-exist'>x"
                "</xsl:document></xsl:template>"),
          "write rights for /tmp/naskah-must-not-exist denied" },
        { SHEET("<xsl:template match='/'><xsl:message terminate='yes'>Kind unknown</xsl:message>"
                "</xsl:template>"),
          "kind unknown" },
        { SHEET("<xsl:template match='/'>\n<xsl:nonsense/></xsl:template>"), "nonsense" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = apply(cases[i].sheet, "<a/>", NULL, &error);

        g_assert_null(text);
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        if (strstr(error->message, cases[i].part) == NULL)
            g_test_message("instead of '%s': %s", cases[i].part, error->message);
        g_assert_nonnull(strstr(error->message, cases[i].part));
        g_assert_null(strchr(error->message, '\n'));
    }
    g_assert_false(g_file_test("/tmp/naskah-must-not-exist", G_FILE_TEST_EXISTS));
}

static void
test_endless_templates_end(void)
{
    static const char *const sheets[] = {
        SHEET("<xsl:template match='/' name='t'><xsl:call-template name='t'/></xsl:template>"),
        SHEET("<xsl:template match='/'><xsl:call-template name='t'>"
              "<xsl:with-param name='n' select='60'/></xsl:call-template></xsl:template>"
              "<xsl:template name='t'><xsl:param name='n'/><xsl:if test='$n &gt; 0'>"
              "<xsl:call-template name='t'><xsl:with-param name='n' select='$n - 1'/>"
              "</xsl:call-template><xsl:call-template name='t'>"
              "<xsl:with-param name='n' select='$n - 1'/></xsl:call-template></xsl:if>"
              "</xsl:template>"),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(sheets); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = apply(sheets[i], "<a/>", NULL, &error);

        g_assert_null(text);
        g_test_message("%s", error->message);
        g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
    }
}

static void
test_a_message_is_not_a_failure(void)
{
    static const char sheet[] = SHEET("<xsl:output method='html'/><xsl:template match='/'>"
                                      "<xsl:message>only said</xsl:message><p>a<br/></p>"
                                      "</xsl:template>");
    g_autoptr(GError) error = NULL;
    g_autofree char *text = apply(sheet, "<a/>", NULL, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, "<p>a<br></p>");
}

static void
test_html_is_escaped_where_it_must_be(void)
{
    static const struct {
        const char *content, *html;
    } cases[] = {
        { "<p title='&quot;a&quot; &amp; &lt;b&gt;'>&lt;i&gt; &amp; \"</p>",
          "<p title=\"&quot;a&quot; &amp; &lt;b>\">&lt;i&gt; &amp; \"</p>" },
        { "<p>a</p><p/>b", "<p>a</p><p></p>b" },
        { "<div><input disabled='disabled'/><img alt=''/></div>",
          "<div><input disabled=\"disabled\"><img alt=\"\"></div>" },
        { "<style>a &gt; b { }</style><script src='x'/>",
          "<style>a > b { }</style><script src=\"x\"></script>" },
        { "<html lang='id'><head><title>a</title></head></html>",
          "<!DOCTYPE html>\n<html lang=\"id\"><head><meta charset=\"UTF-8\"><title>a</title></head>"
          "</html>" },
        { "<p><xsl:comment>a</xsl:comment><xsl:processing-instruction name='b'/>c</p>",
          "<p>c</p>" },
        { "<p><xsl:value-of select=\"'&lt;b&gt;'\" disable-output-escaping='yes'/></p>",
          "<p><b></p>" },
        { "<p>surat\xc2\xa0"
          "dinas</p>",
          "<p>surat\xc2\xa0"
          "dinas</p>" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *sheet = g_strdup_printf(
            SHEET("<xsl:output method='html'/><xsl:template match='/'>%s</xsl:template>"),
            cases[i].content);
        g_autofree char *text = apply(sheet, "<a/>", NULL, &error);

        g_assert_no_error(error);
        g_assert_cmpstr(text, ==, cases[i].html);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xml/style/a-document-is-transformed", test_a_document_is_transformed);
    g_test_add_func("/xml/style/the-source-stays-as-it-is", test_the_source_stays_as_it_is);
    g_test_add_func("/xml/style/forbidden-things-fail", test_forbidden_things_fail);
    g_test_add_func("/xml/style/endless-templates-end", test_endless_templates_end);
    g_test_add_func("/xml/style/a-message-is-not-a-failure", test_a_message_is_not_a_failure);
    g_test_add_func("/xml/style/html-is-escaped-where-it-must-be",
                    test_html_is_escaped_where_it_must_be);
    return g_test_run();
}

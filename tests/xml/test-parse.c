/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "xml/xml.h"

#include <string.h>

static NskXmlDoc *
parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    NskXmlDoc *doc = nsk_xml_parse("a.xml", text, strlen(text), &error);

    g_assert_no_error(error);
    g_assert_nonnull(doc);
    return doc;
}

static void
assert_refused(const char *data, size_t size, NskError code, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("a.xml", data, size, &error);

    g_assert_null(doc);
    g_assert_error(error, NSK_ERROR, (int)code);
    g_assert_cmpstr(error->message, ==, message);
}

static void
test_bad_input_is_refused_with_its_place(void)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        { "", "a.xml:1:1: document is empty" },
        { "hello", "a.xml:1:1: start tag expected, '<' not found" },
        { "<a>\n  <b></c>\n</a>", "a.xml:2:10: opening and ending tag mismatch: b line 2 and c" },
        { "<a x='1' x='2'/>", "a.xml:1:15: attribute x redefined" },
        { "<a>&nbsp;</a>", "a.xml:1:10: entity 'nbsp' not defined" },
        { "<a>é&x;</a>", "a.xml:1:8: entity 'x' not defined" },
        { "<p:a/>", "a.xml:1:5: namespace prefix p on a is not defined" },
        { "<a/><b/>", "a.xml:1:5: extra content at the end of the document" },
        { "<a>\x01</a>", "a.xml:1:4: PCDATA invalid Char value 1" },
        { "<a>\xff</a>", "a.xml:1:4: the byte 0xff is not UTF-8; save the document as UTF-8" },
        { "<a>\n<b>\xc3</b></a>",
          "a.xml:2:4: the byte 0xc3 is not UTF-8; save the document as UTF-8" },
        { "<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
          "a.xml:1:1: the document declares the encoding 'ISO-8859-1'; only UTF-8 is read" },
        { "<?xml version='1.0' myencoding='x'\n encoding\t= \"UTF-16\" ?><a/>",
          "a.xml:1:1: the document declares the encoding 'UTF-16'; only UTF-8 is read" },
        { "<a b='>' c=\"<", "a.xml:1:13: unescaped '<' not allowed in attributes values" },
        { "<!DOCTYPE a><a/>", "a.xml:1:1: a document type (DOCTYPE) is not allowed; remove it" },
        { "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x SYSTEM "
          "'file:///etc/passwd'>]>\n<a>&x;</a>",
          "a.xml:2:1: a document type (DOCTYPE) is not allowed; remove it" },
        { "<!-- <a> --><!DOCTYPE a [<!ENTITY a '&b;&b;'>]><a/>",
          "a.xml:1:13: a document type (DOCTYPE) is not allowed; remove it" },
        { "<a><!ELEMENT b ANY></a>",
          "a.xml:1:4: a document type (DOCTYPE) is not allowed; remove it" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_refused(cases[i].text, strlen(cases[i].text), NSK_ERROR_INVALID, cases[i].message);
    assert_refused("<a>\0</a>", 8, NSK_ERROR_INVALID,
                   "a.xml:1:4: there is a NUL byte, which no XML may have");
    assert_refused("\xff\xfe<\0a\0/\0>\0", 10, NSK_ERROR_INVALID,
                   "a.xml:1:1: the byte 0xff is not UTF-8; save the document as UTF-8");
    assert_refused(NULL, 0, NSK_ERROR_INVALID, "a.xml:1:1: document is empty");
}

/* Bytes are looked at in blocks: a fault must be found wherever it stands in one. */
static void
test_a_bad_byte_is_found_wherever_it_stands(void)
{
    for (unsigned i = 0; i < 70; i++) {
        g_autoptr(GString) text = g_string_new("<a>");
        g_autofree char *invalid = g_strdup_printf(
            "a.xml:1:%u: the byte 0xe9 is not UTF-8; save the document as UTF-8", 5 + i);
        g_autofree char *nul =
            g_strdup_printf("a.xml:1:%u: there is a NUL byte, which no XML may have", 5 + i);

        for (unsigned n = 0; n < i; n++)
            g_string_append_c(text, 'x');
        g_string_append(text, "\xc3\xa9\xe9</a>");
        assert_refused(text->str, text->len, NSK_ERROR_INVALID, invalid);
        text->str[i + 5] = '\0';
        assert_refused(text->str, text->len, NSK_ERROR_INVALID, nul);
    }
}

/* @open, then @n times @part. */
static GString *
repeat(const char *open, const char *part, size_t n)
{
    GString *text = g_string_new(open);

    for (size_t i = 0; i < n; i++)
        g_string_append(text, part);
    return text;
}

static void
test_limits_stop_early(void)
{
    g_autoptr(GString) deep = repeat("", "<a>", 10000);
    g_autoptr(GString) many = repeat("<a>", "<b/>", NSK_LIMIT_XML_NODES);
    g_autoptr(GString) wide = repeat("<a>\n<b", " x='1'", 100000);
    g_autofree char *huge = g_malloc0(100 * 1024 * 1024);

    assert_refused(deep->str, deep->len, NSK_ERROR_LIMIT,
                   "a.xml:1:601: elements are nested too deep; at most 200 levels are read");
    assert_refused(many->str, many->len, NSK_ERROR_LIMIT,
                   "a.xml:1:1600000: there are too many elements; at most 400000 are read");
    assert_refused(wide->str, wide->len, NSK_ERROR_LIMIT,
                   "a.xml:2:1: the element has too many attributes; at most 256 are read");
    assert_refused(huge, 100 * 1024 * 1024, NSK_ERROR_LIMIT,
                   "a.xml: the document has 104857600 bytes; at most 16777216 are read");
}

static void
test_the_limits_themselves_are_read(void)
{
    g_autoptr(GString) deep = repeat("", "<a>", NSK_LIMIT_XML_DEPTH);
    g_autoptr(GString) many = repeat("<a>", "<b/>", NSK_LIMIT_XML_NODES - 1);
    g_autoptr(GString) wide = g_string_new("<a");

    for (unsigned i = 0; i < NSK_LIMIT_XML_DEPTH; i++)
        g_string_append(deep, "</a>");
    g_string_append(many, "</a>");
    for (unsigned i = 0; i < NSK_LIMIT_XML_ATTRIBUTES; i++)
        g_string_append_printf(wide, " x%u='='", i);
    g_string_append(wide, "/>");
    nsk_xml_doc_free(parse(deep->str));
    nsk_xml_doc_free(parse(many->str));
    nsk_xml_doc_free(parse(wide->str));
}

static void
test_every_element_knows_its_place(void)
{
    g_autoptr(NskXmlDoc) doc = parse("\xef\xbb\xbf<?xml version='1.0'?>\n"
                                     "<!-- <x> -->\n"
                                     "<a b='>'><![CDATA[<y>]]>é<c\n"
                                     "  d=\"/>\"/><?p <z> ?>\n"
                                     "\t<e><f/></e>\r\n"
                                     "<g/></a>");
    static const struct {
        const char *name;
        unsigned line;
        unsigned column;
    } places[] = { { "a", 3, 1 }, { "c", 3, 26 }, { "e", 5, 2 }, { "g", 6, 1 } };
    const NskXmlNode *root = nsk_xml_doc_get_root(doc);

    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        const NskXmlNode *node = i == 0 ? root : nsk_xml_child(root, places[i].name);

        g_assert_nonnull(node);
        g_assert_cmpuint(nsk_xml_line(node), ==, places[i].line);
        g_assert_cmpuint(nsk_xml_column(node), ==, places[i].column);
    }
    g_assert_cmpuint(nsk_xml_column(nsk_xml_first(nsk_xml_child(root, "e"))), ==, 5);
    g_assert_cmpuint(nsk_xml_line(nsk_xml_first_any(root)), ==, 3);
}

static void
test_lines_above_65535_are_right(void)
{
    g_autoptr(GString) text = repeat("<a>", "\n", 70000);

    g_string_append(text, " <b/></a>");
    g_autoptr(NskXmlDoc) doc = parse(text->str);
    const NskXmlNode *b = nsk_xml_first(nsk_xml_doc_get_root(doc));
    g_assert_cmpuint(nsk_xml_line(b), ==, 70001);
    g_assert_cmpuint(nsk_xml_column(b), ==, 2);
}

static void
test_text_is_one_piece(void)
{
    g_autoptr(NskXmlDoc) doc = parse(
        "<a x='a &amp; b&#x20AC;&lt;'> one<!-- no -->&amp;<![CDATA[ <two>]]><?no no?>\n end </a>");
    const NskXmlNode *root = nsk_xml_doc_get_root(doc);
    const NskXmlNode *text = nsk_xml_first_any(root);
    g_autofree char *whole = nsk_xml_text(root);
    g_autofree char *folded = nsk_xml_text_folded(root);

    g_assert_cmpstr(nsk_xml_attr(root, "x"), ==, "a & b€<");
    g_assert_true(nsk_xml_is_text(text));
    g_assert_null(nsk_xml_next_any(text));
    g_assert_cmpstr(whole, ==, " one& <two>\n end ");
    g_assert_cmpstr(folded, ==, "one& <two> end");
}

static void
test_names_and_attributes_are_found(void)
{
    g_autoptr(NskXmlDoc) doc = parse("<a xmlns='u:1' xmlns:q='u:2' xml:lang='id' k='' q:k='2'>"
                                     "t<q:b/><b> x </b></a>");
    const NskXmlNode *root = nsk_xml_doc_get_root(doc);
    const NskXmlNode *first = nsk_xml_child(root, "b");
    g_autofree char *text = nsk_xml_child_text(root, "b");
    g_autofree char *none = nsk_xml_child_text(root, "z");
    const char *ns;
    const char *name;
    const char *value;

    g_assert_cmpstr(nsk_xml_doc_get_name(doc), ==, "a.xml");
    g_assert_true(nsk_xml_is(root, "u:1", "a"));
    g_assert_false(nsk_xml_is(root, NULL, "a"));
    g_assert_cmpstr(nsk_xml_ns(first), ==, "u:2");
    g_assert_true(nsk_xml_is(nsk_xml_next(first), "u:1", "b"));
    g_assert_null(nsk_xml_next(nsk_xml_next(first)));
    g_assert_true(nsk_xml_parent(first) == root);
    g_assert_null(nsk_xml_parent(root));
    g_assert_cmpstr(nsk_xml_attr(root, "k"), ==, "");
    g_assert_cmpstr(nsk_xml_attr_ns(root, "u:2", "k"), ==, "2");
    g_assert_null(nsk_xml_attr(root, "lang"));
    g_assert_cmpstr(nsk_xml_attr_ns(root, "http://www.w3.org/XML/1998/namespace", "lang"), ==,
                    "id");
    g_assert_true(nsk_xml_attr_at(root, 2, &ns, &name, &value));
    g_assert_cmpstr(ns, ==, "u:2");
    g_assert_cmpstr(name, ==, "k");
    g_assert_cmpstr(value, ==, "2");
    g_assert_false(nsk_xml_attr_at(root, 3, &ns, &name, &value));
    g_assert_cmpstr(text, ==, "");
    g_assert_null(none);
}

/* A writer's slips, in the language of the office. */
static void
test_faults_speak_indonesian(void)
{
    static const struct {
        const char *text, *message;
    } slips[] = {
        { "<a><b></a>", "a:1:11: tag pembuka dan penutup tidak sama: b pada baris 1 dan a" },
        { "<a>satu & dua</a>",
          "a:1:10: tanda '&' harus ditulis &amp; jika bukan awal nama entitas" },
        { "<a x='1' x='2'/>", "a:1:15: atribut x tercantum dua kali" },
        { "<a x/>", "a:1:5: atribut x harus memiliki nilai" },
        { "<a>&x;</a>", "a:1:7: entitas 'x' tidak didefinisikan" },
        { "<a>", "a:1:4: dokumen berakhir sebelum tag a pada baris 1 ditutup" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(slips); i++) {
        g_autoptr(GError) error = NULL;

        g_setenv("LC_ALL", "id_ID.UTF-8", TRUE);
        g_assert_null(nsk_xml_parse("a", slips[i].text, strlen(slips[i].text), &error));
        g_setenv("LC_ALL", "C.UTF-8", TRUE);
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_cmpstr(error->message, ==, slips[i].message);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xml/parse/bad-input-is-refused-with-its-place",
                    test_bad_input_is_refused_with_its_place);
    g_test_add_func("/xml/parse/a-bad-byte-is-found-wherever-it-stands",
                    test_a_bad_byte_is_found_wherever_it_stands);
    g_test_add_func("/xml/parse/limits-stop-early", test_limits_stop_early);
    g_test_add_func("/xml/parse/the-limits-themselves-are-read",
                    test_the_limits_themselves_are_read);
    g_test_add_func("/xml/parse/every-element-knows-its-place", test_every_element_knows_its_place);
    g_test_add_func("/xml/parse/lines-above-65535-are-right", test_lines_above_65535_are_right);
    g_test_add_func("/xml/parse/text-is-one-piece", test_text_is_one_piece);
    g_test_add_func("/xml/parse/names-and-attributes-are-found",
                    test_names_and_attributes_are_found);
    g_test_add_func("/xml/parse/faults-speak-indonesian", test_faults_speak_indonesian);
    return g_test_run();
}

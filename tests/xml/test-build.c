/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xml/xml-private.h"

#include <string.h>

static NskXmlDoc *
parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    NskXmlDoc *doc = nsk_xml_parse("a.xml", text, strlen(text), &error);

    g_assert_no_error(error);
    return doc;
}

static void
assert_canonical(const NskXmlNode *node, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_xml_canonical(node, &error);
    g_autofree char *text = NULL;

    g_assert_no_error(error);
    text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_assert_cmpstr(text, ==, expected);
}

static void
test_same_content_gives_same_bytes(void)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        { "<?xml version='1.0'?><a  b='2' a = \"1\" />", "<a a=\"1\" b=\"2\"></a>" },
        { "<a><!-- c --><b></b>\r\n<![CDATA[<&]]>&#xD;</a>", "<a><b></b>\n&lt;&amp;&#xD;</a>" },
        { "<a xmlns='u:a' xmlns:z='u:z'><b xmlns='u:a'/></a>",
          "<a xmlns=\"u:a\" xmlns:z=\"u:z\"><b></b></a>" },
        { "<a b='&#9;&quot;'>&#233;</a>", "<a b=\"&#x9;&quot;\">é</a>" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskXmlDoc) doc = parse(cases[i].text);

        assert_canonical(nsk_xml_doc_get_root(doc), cases[i].expected);
    }
}

/* Our own writer of simple documents must give what libxml2 gives. */
static void
test_both_writers_agree(void)
{
    static const struct {
        const char *text;
        bool simple;
    } cases[] = {
        { "<a/>", true },
        { "<a b='2' a='1'/>", true },
        { "<a xmlns='urn:a' b='&#9;&#10;&#13;&quot;&amp;&lt;&gt;'>&#13;\t\n&amp;&lt;&gt;\"'</a>",
          true },
        { "<a xmlns='urn:a' xml:lang='id' z='1' a=''><b xml:id='x'>t</b><c/> tail</a>", true },
        { "<a xmlns='urn:a&amp;b'/>", false },
        { "<a xmlns='urn:a'><b>Jalan \xc3\xa9 \xe2\x80\x94</b><b>\xf0\x9f\x98\x80</b></a>", true },
        { "<a xmlns='urn:a'><b xmlns='urn:b'/></a>", false },
        { "<a xmlns='urn:a'><b xmlns=''/></a>", false },
        { "<a xmlns:p='urn:p' p:x='1'/>", false },
        { "<p:a xmlns:p='urn:p'/>", false },
        { "<a><!-- c --></a>", true }, /* neither is read into the tree */
        { "<a><?pi x?></a>", true },
        { "<a xmlns='relative'/>", false },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskXmlDoc) doc = parse(cases[i].text);
        NskXmlNode *root = nsk_xml_doc_get_root(doc);
        g_autoptr(GBytes) own = nsk_xml_canonical_simple(root);

        g_assert_true((own != NULL) == cases[i].simple);
        if (own == NULL)
            continue;
        g_autoptr(GBytes) foreign = nsk_xml_canonical_foreign(root->doc, NULL);
        g_assert_true(g_bytes_equal(own, foreign));
    }
}

static void
test_a_part_is_canonical_on_its_own(void)
{
    g_autoptr(NskXmlDoc) doc = parse("<a xmlns='u:a'><b x='1'>t</b> tail</a>");

    assert_canonical(nsk_xml_first(nsk_xml_doc_get_root(doc)), "<b xmlns=\"u:a\" x=\"1\">t</b>");
}

static void
test_a_relative_namespace_has_no_canonical_form(void)
{
    g_autoptr(NskXmlDoc) doc = parse("<a xmlns='relative'/>");
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_xml_canonical(nsk_xml_doc_get_root(doc), &error);

    g_assert_null(bytes);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
}

static void
test_building_gives_what_was_meant(void)
{
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new("u:a", "a");
    NskXmlNode *root = nsk_xml_doc_get_root(doc);
    NskXmlNode *other = nsk_xml_add(root, "u:b", "other");
    NskXmlNode *last;

    nsk_xml_set_attr(root, "x", "1 < 2 & \"3\"");
    nsk_xml_set_attr(root, "y", "gone");
    nsk_xml_set_attr(root, "y", NULL);
    nsk_xml_set_attr(root, "z", NULL);
    last = nsk_xml_add_text_element(root, "t", "&amp; <b>");
    nsk_xml_add(other, "", "plain");
    nsk_xml_add_before(last, "mid");
    nsk_xml_add_text(root, "tail");
    nsk_xml_add_text(root, NULL);
    nsk_xml_add_text(root, "!");
    assert_canonical(root, "<a xmlns=\"u:a\" x=\"1 &lt; 2 &amp; &quot;3&quot;\">"
                           "<other xmlns=\"u:b\"><plain xmlns=\"\"></plain></other><mid></mid>"
                           "<t>&amp;amp; &lt;b&gt;</t>tail!</a>");
    nsk_xml_set_text(other, "only");
    nsk_xml_remove(last);
    assert_canonical(root, "<a xmlns=\"u:a\" x=\"1 &lt; 2 &amp; &quot;3&quot;\">"
                           "<other xmlns=\"u:b\">only</other><mid></mid>tail!</a>");
    g_assert_cmpuint(nsk_xml_line(root), ==, 0);
}

static void
test_forbidden_characters_cannot_enter(void)
{
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(NULL, "a");
    NskXmlNode *root = nsk_xml_doc_get_root(doc);

    nsk_xml_set_attr(root, "x", "a\x01z\xff");
    nsk_xml_add_text(root, "\xef\xbf\xbe\x1f\t");
    assert_canonical(root, "<a x=\"a\xef\xbf\xbdz\xef\xbf\xbd\">"
                           "\xef\xbf\xbd\xef\xbf\xbd\t</a>");
}

static void
test_copies_keep_namespaces_and_places(void)
{
    g_autoptr(NskXmlDoc) from =
        parse("<a xmlns='u:a' xmlns:q='u:q'>\n <q:b q:k='v'><c/></q:b>t</a>");
    g_autoptr(NskXmlDoc) to = nsk_xml_doc_new("u:a", "job");
    NskXmlNode *root = nsk_xml_doc_get_root(to);
    const NskXmlNode *b = nsk_xml_first(nsk_xml_doc_get_root(from));
    NskXmlNode *copy = nsk_xml_add_copy(root, b);

    nsk_xml_add_copy(root, nsk_xml_next_any(b));
    nsk_xml_add_copy(root, nsk_xml_doc_get_root(from));
    g_clear_pointer(&from, nsk_xml_doc_free);
    g_assert_cmpuint(nsk_xml_line(nsk_xml_first(copy)), ==, 2);
    g_assert_cmpuint(nsk_xml_column(nsk_xml_first(copy)), ==, 15);
    assert_canonical(root, "<job xmlns=\"u:a\"><q:b xmlns:q=\"u:q\" q:k=\"v\"><c></c></q:b>t"
                           "<a xmlns:q=\"u:q\">\n <q:b q:k=\"v\"><c></c></q:b>t</a></job>");
    g_autoptr(NskXmlDoc) own = nsk_xml_doc_copy(copy);
    g_assert_cmpuint(nsk_xml_line(nsk_xml_doc_get_root(own)), ==, 2);
}

static void
assert_pretty(const char *text, const char *const *mixed, const char *expected)
{
    g_autoptr(NskXmlDoc) doc = parse(text);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes =
        mixed != NULL ? nsk_xml_pretty_mixed(doc, mixed, &error) : nsk_xml_pretty(doc, &error);
    g_autofree char *written = NULL;

    g_assert_no_error(error);
    written = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_assert_cmpstr(written, ==, expected);
}

static void
test_pretty_spares_mixed_content(void)
{
    static const char *const mixed[] = { "p", NULL };

    assert_pretty("<a><b>x</b>  <c k='é'><d/></c><p>t <i>u</i></p></a>", NULL,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<a>\n  <b>x</b>\n  <c k=\"é\">\n    <d/>\n  </c>\n  <p>t <i>u</i></p>\n</a>\n");
    assert_pretty("<a><p><b>x</b> <i>y</i></p></a>", mixed,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<a>\n  <p><b>x</b> <i>y</i></p>\n</a>\n");
    assert_pretty("<a> </a>", NULL, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a> </a>\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xml/canonical/same-content-gives-same-bytes",
                    test_same_content_gives_same_bytes);
    g_test_add_func("/xml/canonical/both-writers-agree", test_both_writers_agree);
    g_test_add_func("/xml/canonical/a-part-is-canonical-on-its-own",
                    test_a_part_is_canonical_on_its_own);
    g_test_add_func("/xml/canonical/a-relative-namespace-has-no-canonical-form",
                    test_a_relative_namespace_has_no_canonical_form);
    g_test_add_func("/xml/build/building-gives-what-was-meant", test_building_gives_what_was_meant);
    g_test_add_func("/xml/build/forbidden-characters-cannot-enter",
                    test_forbidden_characters_cannot_enter);
    g_test_add_func("/xml/build/copies-keep-namespaces-and-places",
                    test_copies_keep_namespaces_and_places);
    g_test_add_func("/xml/build/pretty-spares-mixed-content", test_pretty_spares_mixed_content);
    return g_test_run();
}

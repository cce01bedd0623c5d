/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Verdicts are compared with those of libxml2's own RELAX NG, on every document of the tables and
 * on mutations of them, so that ours is right where the tables are silent.
 */
#include "base/resource.h"
#include "xml/xml.h"

#include <libxml/relaxng.h>
#include <string.h>

#define GRAMMAR(body)                                                                              \
    "<grammar xmlns='http://relaxng.org/ns/structure/1.0' ns='u:t' xmlns:s='urn:naskah:schema:1'"  \
    " datatypeLibrary='http://www.w3.org/2001/XMLSchema-datatypes'>\n" body "</grammar>"

static const char letter[] = GRAMMAR(
    "<start><element name='letter'>"
    " <attribute name='kind'><ref name='name'/></attribute>"
    " <attribute name='xml:lang'><choice><value>id</value><value>en</value></choice></attribute>"
    " <element "
    "name='security'><choice><value>biasa</value><value>rahasia</value></choice></element>"
    " <element name='subject'><text/></element>"
    " <optional><element name='date'><data type='date'/></element></optional>"
    " <element name='to'><oneOrMore><choice>"
    "  <element name='position'><attribute name='ref'/></element>"
    "  <element name='outsider'><element name='name'><text/></element></element>"
    " </choice></oneOrMore></element>"
    " <element name='body'><oneOrMore><choice><ref name='p'/><ref name='ol'/></choice></oneOrMore>"
    " </element></element></start>"
    "<define name='p'><element name='p'><ref name='inline'/></element></define>"
    "<define name='inline'><zeroOrMore><choice><text/><element name='b'><ref "
    "name='inline'/></element>"
    " <element name='br'><empty/></element></choice></zeroOrMore></define>"
    "<define name='ol'><element name='ol'>"
    " <optional><attribute name='start'><data type='positiveInteger'>"
    "  <param name='maxInclusive'>99</param></data></attribute></optional>"
    " <oneOrMore><element name='li'><choice><ref name='inline'/>"
    "  <oneOrMore><choice><ref name='p'/><ref name='ol'/></choice></oneOrMore></choice></element>"
    " </oneOrMore></element></define>"
    "<define name='name'><data type='token' s:says='a short name'>"
    " <param name='pattern'>[a-z]{1,8}</param></data></define>");

/* Constructs that the letter does not use. */
static const char others[] = GRAMMAR(
    "<start><element name='x'><interleave>"
    "<element name='a'><list><oneOrMore><data type='integer'/></oneOrMore></list></element>"
    "<optional><element name='b'><mixed><zeroOrMore><ref "
    "name='any'/></zeroOrMore></mixed></element>"
    "</optional>"
    "<zeroOrMore><element><choice><name>c</name><name>d</name></choice>"
    "<choice><group><attribute name='k'><value>1</value></attribute><attribute name='m'/></group>"
    "<attribute name='k'><value>2</value></attribute></choice></element></zeroOrMore>"
    "<zeroOrMore><choice><element name='e'><attribute name='q'/></element>"
    "<element name='e'><element name='f'><empty/></element></element></choice></zeroOrMore>"
    "<optional><element name='n'><data type='string'><param name='minLength'>2</param>"
    "<param name='maxLength'>3</param></data></element></optional>"
    "</interleave></element></start>"
    "<define name='any'><element><anyName><except><name>x</name></except></anyName>"
    "<zeroOrMore><choice><attribute><anyName/></attribute><text/><ref name='any'/></choice>"
    "</zeroOrMore></element></define>");

#define LETTER(attrs, head, to, body)                                                              \
    "<letter xmlns='u:t' " attrs ">\n<security>biasa</security>\n" head "\n<to>" to                \
    "</to>\n<body>" body "</body></letter>"
#define OK_ATTRS "kind='nota' xml:lang='id'"
#define OK_HEAD  "<subject>s</subject>"
#define OK_TO    "<position ref='x'/>"

static const struct {
    const char *schema;
    const char *text;
    const char *findings; /* without the file's name and the tag, a line each */
} cases[] = {
    { letter, LETTER(OK_ATTRS, OK_HEAD, OK_TO, "<p>a <b>c<br/></b> d</p>"), "" },
    { letter,
      LETTER(OK_ATTRS,
             OK_HEAD,
             OK_TO,
             "<ol start=' 7 '><li>a<b/></li><li><p/><ol><li/></ol></li></ol>"),
      "" },
    { letter, "<letter/>",
      "1:1: the document is 'letter' of the namespace ''; allowed: letter of the namespace 'u:t'" },
    { letter, LETTER(OK_ATTRS, OK_HEAD, OK_TO, "<p/>\n <pp/><p/>"),
      "6:2: element 'pp' is not allowed in 'body'; allowed here: p, ol" },
    { letter, LETTER("kind='NOTA DINAS' xml:lang='fr'", OK_HEAD, OK_TO, "<p/>"),
      "1:1: attribute 'kind' has the value 'NOTA DINAS'; allowed: a short name\n"
      "1:1: attribute 'xml:lang' has the value 'fr'; allowed: id, en" },
    { letter, LETTER("xml:lang='id' colour='red'", OK_HEAD, OK_TO, "<p/>"),
      "1:1: attribute 'colour' is not allowed in 'letter'; allowed here: kind\n"
      "1:1: element 'letter' lacks the attribute 'kind'; allowed: a short name" },
    { letter, LETTER(OK_ATTRS, "", OK_TO, "<p/>"),
      "4:1: before 'to' there must be an element subject" },
    { letter, LETTER(OK_ATTRS, OK_HEAD "<subject/>", OK_TO, "<p/>"),
      "3:21: element 'subject' is not allowed in 'letter'; allowed here: date, to" },
    { letter, LETTER(OK_ATTRS, OK_HEAD "<date>22 Juli</date>", OK_TO, "<p/>"),
      "3:21: element 'date' has the text '22 Juli'; allowed: a day such as 2026-07-22" },
    { letter, LETTER(OK_ATTRS, OK_HEAD, "", "<p/>"),
      "4:1: element 'to' is not complete; it lacks one of: position, outsider" },
    { letter, LETTER(OK_ATTRS, OK_HEAD, OK_TO, ""),
      "5:1: element 'body' is not complete; it lacks one of: p, ol" },
    { letter, LETTER(OK_ATTRS, OK_HEAD, OK_TO, "loose"),
      "5:1: the text 'loose' is not allowed in 'body'; allowed here: p, ol\n"
      "5:1: element 'body' is not complete; it lacks one of: p, ol" },
    { letter, LETTER(OK_ATTRS, OK_HEAD, OK_TO, "<p/>loose<p/>"),
      "5:1: the text 'loose' is not allowed in 'body'; allowed here: p, ol" },
    { letter, LETTER(OK_ATTRS, OK_HEAD, "<position ref='x'>?</position>", "<p/>"),
      "4:5: the text '?' is not allowed in 'position'; nothing more is allowed here" },
    { letter, LETTER(OK_ATTRS, OK_HEAD, OK_TO, "<p><i>x</i></p>"),
      "5:10: element 'i' is not allowed in 'p'; allowed here: text, b, br" },
    { letter, LETTER(OK_ATTRS, OK_HEAD, OK_TO, "<p xmlns='u:else'/>"),
      "5:7: element 'p' of the namespace u:else is not allowed in 'body'; allowed here: p, ol\n"
      "5:1: element 'body' is not complete; it lacks one of: p, ol" },
    { letter, LETTER(OK_ATTRS, OK_HEAD, OK_TO, "<p><br>x</br></p>"),
      "5:10: the text 'x' is not allowed in 'br'; nothing more is allowed here" },
    { letter, LETTER(OK_ATTRS, OK_HEAD, OK_TO, "<ol start='100'><li>x<p/></li></ol>"),
      "5:7: attribute 'start' has the value '100'; allowed: a whole number from 1, at most 99\n"
      "5:28: element 'p' is not allowed in 'li'; allowed here: text, b, br" },
    { letter, "<letter xmlns='u:t' kind='nota' xml:lang='id'><security>bisa</security></letter>",
      "1:47: element 'security' has the text 'bisa'; allowed: biasa, rahasia\n"
      "1:1: element 'letter' is not complete; it lacks subject" },
    { others, "<x xmlns='u:t'><a>1 -2 3</a></x>", "" },
    { others,
      "<x xmlns='u:t'><d k='2'/><a>1</a><c k='1' m=''/><b>t<z y='1'><w/>t</z></b><e q=''/>"
      "<e><f/></e></x>",
      "" },
    { others, "<x xmlns='u:t'><a>1 x</a></x>",
      "1:16: element 'a' has the text '1 x'; allowed: a list of: a whole number" },
    { others, "<x xmlns='u:t'><c k='1'/></x>",
      "1:16: element 'c' lacks the attribute 'm'; allowed: text\n"
      "1:1: element 'x' is not complete; it lacks a" },
    { others, "<x xmlns='u:t'><a>1</a><c k='3'/></x>",
      "1:24: attribute 'k' has the value '3'; allowed: 1, 2" },
    { others, "<x xmlns='u:t'><a>1</a><c k='2' m='1'/></x>",
      "1:24: attribute 'm' is not allowed in 'c'; no more attributes are allowed" },
    { others, "<x xmlns='u:t'><a>1</a><b><x/></b></x>",
      "1:27: element 'x' is not allowed in 'b'; allowed here: text, any name" },
    { others, "<x xmlns='u:t'><a>1</a><e/></x>",
      "1:24: element 'e' lacks the attribute 'q'; allowed: text" },
    { others, "<x xmlns='u:t'><a>1</a><n>1234</n></x>",
      "1:24: element 'n' has the text '1234'; allowed: text, at least 2 characters, at most 3 "
      "characters" },
};

static NskXmlSchema *
parse_schema(const char *text)
{
    g_autoptr(GError) error = NULL;
    NskXmlSchema *schema = nsk_xml_schema_parse("s.rng", text, strlen(text), &error);

    g_assert_no_error(error);
    return schema;
}

/* The findings as in the table; NULL if the text is no XML.  Freed with g_free(). */
static char *
check(const NskXmlSchema *schema, const char *text)
{
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("a", text, strlen(text), NULL);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GString) found = g_string_new(NULL);

    if (doc == NULL)
        return NULL;
    bool ok = nsk_xml_schema_check(schema, doc, issues);
    g_assert_true(ok == (issues->len == 0));
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        g_assert_cmpstr(issue->tag, ==, "xml-schema");
        g_string_append_printf(found, "%s%u:%u: %s", i > 0 ? "\n" : "", issue->line, issue->column,
                               issue->text);
    }
    return g_string_free(g_steal_pointer(&found), FALSE);
}

static void
test_findings_say_what_is_allowed(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskXmlSchema) schema = parse_schema(cases[i].schema);
        g_autofree char *found = check(schema, cases[i].text);

        g_assert_cmpstr(found, ==, cases[i].findings);
    }
}

typedef struct {
    const NskXmlSchema *letter, *others;
    size_t first;
} Reader;

static gpointer
check_all_cases(gpointer data)
{
    const Reader *reader = data;

    for (size_t i = 0; i < 3 * G_N_ELEMENTS(cases); i++) {
        size_t at = (reader->first + i) % G_N_ELEMENTS(cases);
        bool is_letter = cases[at].schema == letter;
        g_autofree char *found = check(is_letter ? reader->letter : reader->others, cases[at].text);

        g_assert_cmpstr(found, ==, cases[at].findings);
    }
    return NULL;
}

/* A schema remembers what it met; more threads than it keeps memories, in different orders. */
static void
test_what_was_checked_before_changes_no_finding(void)
{
    g_autoptr(NskXmlSchema) letters = parse_schema(letter);
    g_autoptr(NskXmlSchema) rest = parse_schema(others);
    GThread *threads[20];
    Reader readers[G_N_ELEMENTS(threads)];

    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++) {
        readers[i] = (Reader){ letters, rest, i * 7 };
        threads[i] = g_thread_new("reader", check_all_cases, &readers[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
}

/* What a writer of letters reads, in the language of the office. */
static void
test_findings_speak_indonesian(void)
{
    static const struct {
        const char *text, *findings;
    } spoken[] = {
        { LETTER(OK_ATTRS, OK_HEAD, OK_TO, "<p/>\n <pp/><p/>"),
          "6:2: unsur 'pp' tidak diperbolehkan dalam 'body'; yang diperbolehkan di sini: p, ol" },
        { LETTER(OK_ATTRS, "", OK_TO, "<p/>"), "4:1: sebelum 'to' harus ada unsur subject" },
        { LETTER(OK_ATTRS, OK_HEAD, OK_TO, "<ol start='100'><li>x</li></ol>"),
          "5:7: atribut 'start' bernilai '100'; yang diperbolehkan: bilangan bulat mulai dari 1, "
          "paling besar 99" },
    };
    g_autoptr(NskXmlSchema) schema = parse_schema(letter);

    g_setenv("LC_ALL", "id_ID.UTF-8", TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(spoken); i++) {
        g_autofree char *found = check(schema, spoken[i].text);

        g_assert_cmpstr(found, ==, spoken[i].findings);
    }
    g_setenv("LC_ALL", "C.UTF-8", TRUE);
}

static void
ignore(G_GNUC_UNUSED void *data, G_GNUC_UNUSED xmlErrorPtr error)
{
}

static xmlRelaxNG *
parse_reference(const char *text)
{
    xmlRelaxNGParserCtxt *context = xmlRelaxNGNewMemParserCtxt(text, (int)strlen(text));
    xmlRelaxNG *schema = xmlRelaxNGParse(context);

    g_assert_nonnull(schema);
    xmlRelaxNGFreeParserCtxt(context);
    return schema;
}

static bool
check_reference(xmlRelaxNG *schema, const char *text)
{
    xmlDoc *doc = xmlReadMemory(text, (int)strlen(text), NULL, NULL, 0);
    xmlRelaxNGValidCtxt *context = xmlRelaxNGNewValidCtxt(schema);

    xmlRelaxNGSetValidStructuredErrors(context, ignore, NULL);
    int result = xmlRelaxNGValidateDoc(context, doc);
    xmlRelaxNGFreeValidCtxt(context);
    xmlFreeDoc(doc);
    return result == 0;
}

/* Cuts one tag, with what is in an empty one, out of the text. */
static char *
cut_tag(const char *text, unsigned nth)
{
    const char *p = text;

    for (unsigned i = 0; p != NULL && i <= nth; i++)
        p = strchr(i == 0 ? p : p + 1, '<');
    const char *end = p != NULL ? strstr(p, "/>") : NULL;
    if (end == NULL || memchr(p + 1, '<', (size_t)(end - p - 1)) != NULL)
        return NULL;
    return g_strdup_printf("%.*s%s", (int)(p - text), text, end + 2);
}

static void
test_verdicts_agree_with_another_validator(void)
{
    unsigned compared = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskXmlSchema) schema = parse_schema(cases[i].schema);
        xmlRelaxNG *reference = parse_reference(cases[i].schema);

        for (unsigned nth = 0; nth < 20; nth++) {
            g_autofree char *text =
                nth == 0 ? g_strdup(cases[i].text) : cut_tag(cases[i].text, nth);
            g_autofree char *found = text != NULL ? check(schema, text) : NULL;

            if (found == NULL)
                continue;
            if ((*found == '\0') != check_reference(reference, text))
                g_test_message("differ: %s", text);
            g_assert_true((*found == '\0') == check_reference(reference, text));
            compared++;
        }
        xmlRelaxNGFree(reference);
    }
    g_assert_cmpuint(compared, >, 40);
}

static void
test_faulty_schemas_are_refused(void)
{
    static const struct {
        const char *text;
        NskError code;
        const char *message;
    } faulty[] = {
        { GRAMMAR("<start><ref name='no'/></start>"), NSK_ERROR_INVALID,
          "s.rng:2:8: there is no definition 'no'" },
        { GRAMMAR("<define name='a'><empty/></define>"), NSK_ERROR_INVALID,
          "s.rng:1:1: there is no definition ''" },
        { GRAMMAR("<start><ref name='a'/></start><define name='a'><optional><ref name='a'/>"
                  "</optional></define>"),
          NSK_ERROR_INVALID, "s.rng:2:58: 'a' refers to itself without an element" },
        { GRAMMAR("<start><element name='a'><data type='nonsense'/></element></start>"),
          NSK_ERROR_UNSUPPORTED,
          "s.rng:2:26: there is no data type 'nonsense' in the library "
          "'http://www.w3.org/2001/XMLSchema-datatypes'" },
        { GRAMMAR("<start><element name='a'><data type='token'><param name='pattern'>[</param>"
                  "</data></element></start>"),
          NSK_ERROR_UNSUPPORTED, NULL },
        { GRAMMAR("<start><element name='q:a'><empty/></element></start>"), NSK_ERROR_INVALID,
          "s.rng:2:8: the prefix 'q' is not declared" },
        { GRAMMAR("<start><elemnt name='a'/></start>"), NSK_ERROR_UNSUPPORTED,
          "s.rng:2:8: 'elemnt' is not supported in a schema" },
        { GRAMMAR("<include href='none.rng'/>"), NSK_ERROR_INVALID,
          "s.rng:2:1: the program has no built-in file 'none.rng'" },
        { "<element xmlns='http://relaxng.org/ns/structure/1.0'><choice/><empty/></element>",
          NSK_ERROR_INVALID, "s.rng:1:54: 'choice' holds no name" },
        { "<a/>", NSK_ERROR_UNSUPPORTED, "s.rng:1:1: 'a' is not supported in a schema" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(faulty); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskXmlSchema) schema =
            nsk_xml_schema_parse("s.rng", faulty[i].text, strlen(faulty[i].text), &error);

        g_assert_null(schema);
        g_assert_error(error, NSK_ERROR, (int)faulty[i].code);
        if (faulty[i].message != NULL)
            g_assert_cmpstr(error->message, ==, faulty[i].message);
    }
}

static void
test_a_long_document_is_checked_in_no_time(void)
{
    g_autoptr(NskXmlSchema) schema = parse_schema(letter);
    g_autoptr(GString) text = g_string_new("<letter xmlns='u:t' kind='a' xml:lang='id'><security>"
                                           "biasa</security><subject/><to><position ref='x'/></to>"
                                           "<body>");

    for (unsigned i = 0; i < 50000; i++)
        g_string_append(text, "<p>t<b>u</b>v<br/></p><oops/>");
    g_string_append(text, "</body></letter>");
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("a", text->str, text->len, NULL);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GTimer) timer = g_timer_new();
    g_assert_false(nsk_xml_schema_check(schema, doc, issues));
    g_assert_cmpuint(issues->len, ==, 201); /* the last one says how many were cut */
    g_test_message("checked 200000 elements in %.2f s", g_timer_elapsed(timer, NULL));
    g_assert_cmpfloat(g_timer_elapsed(timer, NULL), <, 20);
}

static void
test_a_file_of_the_program_is_not_checked_again(void)
{
    static const char path[] = "templates/demo/directory.xml";
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_resource_load(path, &error);
    g_assert_no_error(error);
    size_t size = g_bytes_get_size(bytes);
    const char *own = g_bytes_get_data(bytes, NULL);
    g_autofree char *copy = g_strndup(own, size);
    const struct {
        const char *name;
        const char *data;
        bool is_known;
    } sources[] = { { path, own, true },
                    { path, copy, false }, /* a file of somebody by this name */
                    { "templates/demo/other.xml", own, false },
                    { "d.xml", copy, false } };

    for (size_t i = 0; i < G_N_ELEMENTS(sources); i++) {
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autoptr(NskXmlDoc) doc = nsk_xml_parse(sources[i].name, sources[i].data, size, &error);

        /* a schema that it does not pass */
        g_assert_no_error(error);
        g_assert_true(nsk_xml_schema_check_by("templates/schema/letter.rng", doc, issues, &error));
        g_assert_cmpint(issues->len == 0, ==, sources[i].is_known);
        g_assert_cmpint(nsk_resource_holds(sources[i].name, sources[i].data), ==,
                        sources[i].is_known);
        /* and its own */
        g_ptr_array_set_size(issues, 0);
        g_assert_true(
            nsk_xml_schema_check_by("templates/schema/directory.rng", doc, issues, &error));
        g_assert_cmpuint(issues->len, ==, 0);
    }
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("d.xml", copy, size, &error);
    g_assert_false(nsk_xml_schema_check_by("templates/schema/none.rng", doc, issues, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xml/schema/findings-say-what-is-allowed", test_findings_say_what_is_allowed);
    g_test_add_func("/xml/schema/what-was-checked-before-changes-no-finding",
                    test_what_was_checked_before_changes_no_finding);
    g_test_add_func("/xml/schema/findings-speak-indonesian", test_findings_speak_indonesian);
    g_test_add_func("/xml/schema/verdicts-agree-with-another-validator",
                    test_verdicts_agree_with_another_validator);
    g_test_add_func("/xml/schema/faulty-schemas-are-refused", test_faulty_schemas_are_refused);
    g_test_add_func("/xml/schema/a-long-document-is-checked-in-no-time",
                    test_a_long_document_is_checked_in_no_time);
    g_test_add_func("/xml/schema/a-file-of-the-program-is-not-checked-again",
                    test_a_file_of_the_program_is_not_checked_again);
    return g_test_run();
}

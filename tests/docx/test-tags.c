/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tags as they are written, and documents that are none. */
#include "docx/docx-private.h"
#include "sample-docx.h"

#include <string.h>

static void
test_tags_are_found_where_they_stand(void)
{
    static const struct {
        const char *text;
        guint start, end;
        NskDocxMeaning meaning;
        unsigned signatory;
        const char *nearest;
    } cases[] = {
        { "${hal}", 0, 6, NSK_DOCX_SUBJECT, 0, NULL },
        { "a ${sifat}b", 2, 10, NSK_DOCX_CLASS, 0, NULL },
        { "$${hal}", 1, 7, NSK_DOCX_SUBJECT, 0, NULL },
        { "${nip_pengirim}", 0, 15, NSK_DOCX_SIGNATORY_NIP, 1, NULL },
        { "${ttd_pengirim9}", 0, 16, NSK_DOCX_SIGNATURE, 9, NULL },
        { "${nomor_naskah1}", 0, 16, NSK_DOCX_UNKNOWN, 0, "nomor_naskah" },
        { "${tanggal}", 0, 10, NSK_DOCX_DATE, 0, NULL },
        { "${tanggl}", 0, 9, NSK_DOCX_UNKNOWN, 0, "tanggal" },
        { "${ttd}", 0, 6, NSK_DOCX_SIGNATURE, 1, NULL },
        { "${nama_2}", 0, 9, NSK_DOCX_SIGNATORY_NAME, 2, NULL },
        { "${nama_0}", 0, 9, NSK_DOCX_UNKNOWN, 0, "nama" },
        { "${nomor_1}", 0, 10, NSK_DOCX_UNKNOWN, 0, "nomor" },
        { "${qr}", 0, 5, NSK_DOCX_QR, 0, NULL },
        { "${zzzzzzzz}", 0, 11, NSK_DOCX_UNKNOWN, 0, NULL },
        { "\xc3\xa9 ${hal", 3, 8, NSK_DOCX_BROKEN, 0, "hal" },
        { "${", 0, 2, NSK_DOCX_BROKEN, 0, NULL },
        { "${hal ${sifat}", 0, 5, NSK_DOCX_BROKEN, 0, "hal" },
        { "${a{b}c}x", 0, 8, NSK_DOCX_BROKEN, 0, NULL },
        { "x {{hal}}", 3, 8, NSK_DOCX_BROKEN, 0, "hal" },
        { "$\xc2\xa0{hal}", 0, 8, NSK_DOCX_BROKEN, 0, "hal" },
        { "$[hal]", 0, 6, NSK_DOCX_BROKEN, 0, "hal" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskDocxMatch match;

        g_test_message("%s", cases[i].text);
        g_assert_true(nsk_docx_find_tag(cases[i].text, 0, &match));
        g_assert_cmpuint(match.start, ==, cases[i].start);
        g_assert_cmpuint(match.end, ==, cases[i].end);
        g_assert_cmpint(match.meaning, ==, cases[i].meaning);
        g_assert_cmpuint(match.signatory, ==, cases[i].signatory);
        g_assert_cmpstr(match.nearest, ==, cases[i].nearest);
        g_assert_true((match.fault != NULL) == (match.meaning == NSK_DOCX_BROKEN));
    }
}

static void
test_money_and_braces_are_no_tags(void)
{
    static const char *const texts[] = { "",          "$",     "{",    "}",       "$5",   "US$ {x}",
                                         "{catatan}", "$ hal", "$(5)", "a{b}c$d", "{hal", "$hal" };
    NskDocxMatch match;

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_test_message("%s", texts[i]);
        g_assert_false(nsk_docx_find_tag(texts[i], 0, &match));
    }
}

static void
test_equal_tags_are_listed_once(void)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDocx) docx = sample_read(
        "<w:p><w:r><w:t>${hal}</w:t></w:r></w:p><w:p><w:r><w:t>${hal} ${hak}</w:t></w:r></w:p>",
        issues);
    g_autoptr(GPtrArray) tags = nsk_docx_tags(docx, issues);
    const NskDocxTag *first = g_ptr_array_index(tags, 0);
    const NskDocxTag *second = g_ptr_array_index(tags, 1);

    g_assert_cmpuint(tags->len, ==, 2);
    g_assert_cmpstr(first->text, ==, "${hal}");
    g_assert_cmpuint(first->places->len, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(first->places, 1), ==, "body, paragraph 2");
    g_assert_cmpstr(second->nearest, ==, "hal");
    g_assert_cmpuint(issues->len, ==, 1);
    g_assert_true(sample_said(issues, "docx-tag-unknown", "body, paragraph 2"));
}

/* The whole first: 200 findings are kept at most, and the tags stay bounded. */
static void
test_many_tags_are_bounded(void)
{
    g_autoptr(GString) blocks = g_string_new("<w:p><w:r><w:t>");
    g_autoptr(NskIssues) issues = nsk_issues_new();

    for (unsigned i = 0; i < 5000; i++)
        g_string_append_printf(blocks, "${tanda%u_x} ${hal}", i);
    g_string_append(blocks, "</w:t></w:r></w:p>");
    g_autoptr(NskDocx) docx = sample_read(blocks->str, issues);
    g_autoptr(GPtrArray) tags = nsk_docx_tags(docx, issues);
    const NskDocxTag *known = g_ptr_array_index(tags, 1);
    g_assert_cmpuint(tags->len, ==, 2000);
    g_assert_cmpuint(known->count, ==, 5000);
    g_assert_cmpuint(known->places->len, ==, 200);
    g_assert_cmpuint(issues->len, <=, 201);
}

static void
test_what_is_no_document_is_refused(void)
{
    static const struct {
        const char *part;
        const char *text;
        NskError code;
        const char *words;
    } cases[] = {
        { "_rels/.rels", NULL, NSK_ERROR_INVALID, "which of its parts" },
        { "_rels/.rels", "<a", NSK_ERROR_INVALID, "_rels/.rels" },
        { "word/document.xml", NULL, NSK_ERROR_INVALID, "has no part" },
        { "word/document.xml", "", NSK_ERROR_INVALID, "word/document.xml" },
        { "word/document.xml", "<a><body/></a>", NSK_ERROR_INVALID, "<w:body>" },
        { "word/document.xml", "<!DOCTYPE a><a/>", NSK_ERROR_INVALID, "DOCTYPE" },
        { "word/styles.xml", "\xff\xfe", NSK_ERROR_INVALID, "styles.xml" },
        { "word/numbering.xml", "<w:a/>", NSK_ERROR_INVALID, "numbering.xml" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GHashTable) parts = sample_parts("");
        g_autoptr(GError) error = NULL;

        sample_put(parts, cases[i].part, cases[i].text);
        g_autoptr(NskDocx) docx = nsk_docx_read("a.docx", parts, NULL, &error);
        g_assert_null(docx);
        g_assert_error(error, NSK_ERROR, (gint)cases[i].code);
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, cases[i].words));
    }
}

/* A relationship that leads upwards ends at the top of the package. */
static void
test_parts_are_found_in_the_package_only(void)
{
    static const struct {
        const char *target;
        const char *found;
    } cases[] = { { "x.xml", "word/x.xml" },         { "/x.xml", "x.xml" },
                  { "../../../x.xml", "x.xml" },     { "./a/../x.xml", "word/x.xml" },
                  { "//word//x.xml", "word/x.xml" }, { "..", "" } };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GHashTable) parts = sample_parts("");
        g_autoptr(GError) error = NULL;
        g_autofree char *relations = g_strdup_printf(
            "<Relationships><Relationship Type=\"x/header\" Target=\"%s\"/><Relationship "
            "Type=\"x/header\" Target=\"y.xml\" TargetMode=\"External\"/><Relationship/>"
            "</Relationships>",
            cases[i].target);

        sample_put(parts, "word/_rels/document.xml.rels", relations);
        g_autoptr(GPtrArray) names = nsk_docx_related(parts, "word/document.xml", "header", &error);
        g_assert_no_error(error);
        g_assert_cmpuint(names->len, ==, 1);
        g_assert_cmpstr(g_ptr_array_index(names, 0), ==, cases[i].found);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/docx/tags/are-found-where-they-stand", test_tags_are_found_where_they_stand);
    g_test_add_func("/docx/tags/money-and-braces-are-none", test_money_and_braces_are_no_tags);
    g_test_add_func("/docx/tags/equal-ones-are-listed-once", test_equal_tags_are_listed_once);
    g_test_add_func("/docx/tags/many-are-bounded", test_many_tags_are_bounded);
    g_test_add_func("/docx/read/what-is-no-document-is-refused",
                    test_what_is_no_document_is_refused);
    g_test_add_func("/docx/read/parts-are-found-in-the-package-only",
                    test_parts_are_found_in_the_package_only);
    return g_test_run();
}

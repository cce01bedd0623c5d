/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "sample.h"

#define WHOLE(subject, to, lists, signatories, body)                                               \
    SAMPLE_OPEN SAMPLE_HEAD subject "\n<to>" to "</to>\n" lists "\n<signatories>" signatories      \
                                    "</signatories>\n<body>" body "</body></letter>"
#define TO     "<position ref='a'/>"
#define SIGNER "<signatory position='s' capacity='definitive'/>"
#define BODY   "<p>x</p>"
/* What SAMPLE_HEAD has, but secret. */
#define SECRET(to, copies)                                                                         \
    SAMPLE_OPEN "<security>rahasia</security><urgency>biasa</urgency><classification>K</"          \
                "classification>" SAMPLE_SUBJECT "\n<to>" to "</to>\n<copies>" copies              \
                "</copies>\n<signatories>" SIGNER "</signatories>\n<body>" BODY "</body></letter>"

static const struct {
    const char *text;
    const char *findings; /* a line each */
} cases[] = {
    { WHOLE(SAMPLE_SUBJECT, TO, "", SIGNER, BODY), "" },
    { WHOLE("<subject>\n </subject>", TO, "", SIGNER, BODY),
      "a.xml:2:92: 'subject' is empty; fill it in [letter-text]" },
    { WHOLE(SAMPLE_SUBJECT "<date>2026-02-30</date>", TO, "", SIGNER, BODY),
      "a.xml:2:125: there is no day '2026-02-30'; correct the date [letter-date]" },
    { WHOLE(SAMPLE_SUBJECT, TO "<position ref='b'/>" TO, "", SIGNER, BODY),
      "a.xml:3:43: 'a' stands twice in 'to'; take one away [letter-twice]" },
    { WHOLE(SAMPLE_SUBJECT,
            "<outsider><name>Dinas  X</name><place>Y</place></outsider>"
            "<outsider><name>Dinas X</name><place>Y</place></outsider>"
            "<outsider><name>Dinas X</name></outsider>",
            "",
            SIGNER,
            BODY),
      "a.xml:3:63: 'Dinas X, Y' stands twice in 'to'; take one away [letter-twice]" },
    { WHOLE(SAMPLE_SUBJECT, TO, "<copies><position ref='a'/></copies>", SIGNER, BODY),
      "a.xml:4:9: 'a' gets a copy and is an addressee already [letter-copy]" },
    { WHOLE(SAMPLE_SUBJECT,
            TO,
            "<reviewers><reviewer position='r'/><reviewer position='s'/><reviewer position='r'/>"
            "</reviewers>",
            SIGNER,
            BODY),
      "a.xml:4:60: 'r' stands twice in 'reviewers'; take one away [letter-twice]\n"
      "a.xml:5:14: 's' signs and cannot also be a reviewer; take the reviewer away "
      "[letter-own-review]" },
    { WHOLE(SAMPLE_SUBJECT,
            TO,
            "",
            SIGNER
            "<signatory position='t' capacity='an'/><signatory position='u' capacity='ub'/>"
            "<signatory position='v' capacity='plt'/><signatory position='w' capacity='plh'/>",
            BODY),
      "a.xml:5:179: a letter has at most 4 signatories; take the rest away [letter-too-many]" },
    { WHOLE(SAMPLE_SUBJECT,
            TO,
            "",
            SIGNER,
            "<ol><li><p>1</p><ul><li><ol><li><ul><li>4</li></ul></li></ol></li></ul></li></ol>"),
      "" },
    { WHOLE(SAMPLE_SUBJECT,
            TO,
            "",
            SIGNER,
            "<ol><li><ul><li><ol><li><ul><li><ol><li>5</li></ol></li></ul></li></ol></li></ul></li>"
            "</ol>"),
      "a.xml:6:39: lists are nested more than 4 deep; make it flatter [letter-list-depth]" },
    { WHOLE(SAMPLE_SUBJECT,
            TO,
            "",
            SIGNER,
            "<p>a\xe2\x80\xae"
            "b</p>"),
      "a.xml:6:7: the text holds the hidden character U+202E; write it anew without it "
      "[letter-character]" },
    { WHOLE("<subject>a&#x85;</subject>", TO, "", SIGNER, "<rows><row label='&#x200F;x'/></rows>y"),
      "a.xml:6:1: the text 'y' is not allowed in 'body'; allowed here: p, ol, ul, table, rows, "
      "section "
      "[xml-schema]" },
    { WHOLE(SAMPLE_SUBJECT, TO, "", SIGNER, "<rows><row label='&#x200F;x'>y</row></rows>"),
      "a.xml:6:13: the text holds the hidden character U+200F; write it anew without it "
      "[letter-character]" },
    { WHOLE(SAMPLE_SUBJECT, TO, "", SIGNER, "<rows><row label=' '>y</row></rows>"),
      "a.xml:6:13: 'label' is empty; fill it in [letter-text]" },
    { WHOLE(SAMPLE_SUBJECT, TO, "", SIGNER, "<p> </p><p><b/></p>"),
      "a.xml:6:1: the body has no text yet [letter-body-empty]" },
    { WHOLE(SAMPLE_SUBJECT,
            TO,
            "<attachments><attachment title='t'><file name='../x' size='1' sha256='"
            "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'/></attachment>"
            "</attachments>",
            SIGNER,
            BODY),
      "a.xml:4:36: '../x' is no plain file name; use one without signs such as '/' and ':' "
      "[letter-file]" },
    { WHOLE(SAMPLE_SUBJECT,
            TO,
            "<references><reference number='1' date='2025-02-29'>x</reference>"
            "</references>",
            SIGNER,
            BODY),
      "a.xml:4:13: there is no day '2025-02-29'; correct the date [letter-date]" },
    { WHOLE(SAMPLE_SUBJECT,
            TO,
            "<coordinators><coordinator position='c'/><coordinator position='s'/>"
            "<coordinator position='c'/></coordinators><consultants><consultant desk='hukum'/>"
            "<consultant desk='hukum'/></consultants>",
            SIGNER,
            BODY),
      "a.xml:4:69: 'c' stands twice in 'coordinators'; take one away [letter-twice]\n"
      "a.xml:4:150: 'hukum' stands twice in 'consultants'; take one away [letter-twice]\n"
      "a.xml:5:14: 's' signs and cannot also be a reviewer; take the reviewer away "
      "[letter-own-review]" },
    { WHOLE(SAMPLE_SUBJECT,
            TO,
            "<meeting day='2026-12-09' until='2026-12-08' remind='2026-12-10'/>"
            "<assignment begins='2026-12-04' ends='2026-12-01'><assignee position='a'/>"
            "</assignment>",
            SIGNER,
            BODY),
      "a.xml:4:1: the day in 'until' lies before that in 'day'; correct one of them "
      "[letter-days]\n"
      "a.xml:4:1: the day in 'day' lies before that in 'remind'; correct one of "
      "them [letter-days]\n"
      "a.xml:4:67: the day in 'ends' lies before that in 'begins'; correct one of "
      "them [letter-days]" },
    { WHOLE(SAMPLE_SUBJECT,
            "<position ref='a' copy='2'/><outsider copy='1'><name>X</name></outsider>",
            "<copies><position ref='b' copy='2' note='n'/></copies>",
            SIGNER,
            BODY),
      "a.xml:3:5: only the copies of a secret letter of ours have numbers; take the number away "
      "[letter-copy-number]\n"
      "a.xml:3:33: only the copies of a secret letter of ours have numbers; take the number away "
      "[letter-copy-number]\n"
      "a.xml:4:9: only the copies of a secret letter of ours have numbers; take the number away "
      "[letter-copy-number]" },
    { SECRET("<position ref='a' copy='2'/><outsider copy='999'><name>X</name></outsider>",
             "<position ref='b' copy='1'/>"),
      "" },
    { SECRET("<position ref='a' copy='2'/><outsider><name>X</name></outsider>",
             "<position ref='b' copy='2'/><position ref='c'/>"),
      "a.xml:4:9: two copies have the number 2; give each a number of its own "
      "[letter-copy-number]\n"
      "a.xml:3:1: 2 of those who get a copy have no number; give all a number, or none, and they "
      "are counted in their order [letter-copy-number]" },
    { SECRET("<position ref='a' copy='0'/>", "<position ref='b'/>"),
      "a.xml:3:5: attribute 'copy' has the value '0'; allowed: the number of a copy, from 1 to 999 "
      "[xml-schema]" },
    { WHOLE(SAMPLE_SUBJECT, TO, "<meeting day='2026-02-29'/>", SIGNER, BODY),
      "a.xml:4:1: there is no day '2026-02-29'; correct the date [letter-date]" },
};

/* All findings, a line each; freed with g_free(). */
static char *
check(const char *text)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(NskLetter) letter = nsk_letter_parse("a.xml", text, strlen(text), issues, &error);
    g_autoptr(GString) found = g_string_new(NULL);

    g_assert_true((letter != NULL) == !nsk_issues_has_error(issues));
    g_assert_true((letter != NULL) == (error == NULL));
    for (guint i = 0; i < issues->len; i++) {
        g_autofree char *line = nsk_issue_format(g_ptr_array_index(issues, i));

        g_string_append_printf(found, "%s%s", i > 0 ? "\n" : "", line);
    }
    if (error != NULL)
        g_assert_cmpstr(error->message, ==, found->str);
    return g_string_free(g_steal_pointer(&found), FALSE);
}

static void
test_each_fault_is_found_at_its_place(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *found = check(cases[i].text);

        g_assert_cmpstr(found, ==, cases[i].findings);
    }
}

static void
test_a_hundred_addressees_and_no_more(void)
{
    for (unsigned n = 100; n <= 101; n++) {
        g_autoptr(GString) text = g_string_new(SAMPLE_OPEN SAMPLE_HEAD SAMPLE_SUBJECT "<to>");

        for (unsigned i = 0; i < n; i++)
            g_string_append_printf(text, "\n<position ref='p%u'/>", i);
        g_string_append(text, "</to>" SAMPLE_SIGNED "<body><p>x</p></body></letter>");
        g_autofree char *found = check(text->str);
        g_assert_cmpstr(found, ==,
                        n == 100 ? ""
                                 : "a.xml:103:1: a letter has at most 100 addressees; take the "
                                   "rest away [letter-too-many]");
    }
}

static void
test_a_long_line_is_refused(void)
{
    g_autofree char *line = g_strnfill(NSK_LIMIT_TEXT + 1, 'x');
    g_autofree char *text =
        g_strconcat(SAMPLE_OPEN SAMPLE_HEAD "\n<subject>", line,
                    "</subject>" SAMPLE_TO SAMPLE_SIGNED "<body><p>x</p></body></letter>", NULL);
    g_autofree char *found = check(text);

    g_assert_cmpstr(found, ==,
                    "a.xml:3:1: 'subject' has 4001 bytes; at most 4000 are allowed "
                    "[letter-text]");
}

static void
test_tables_are_rectangular(void)
{
    static const struct {
        const char *table;
        const char *text; /* of the finding; NULL if there is none */
    } tables[] = {
        { "<tbody><tr><td/><td/></tr><tr><td colspan='2'/></tr></tbody>", NULL },
        { "<tbody><tr><td rowspan='2'/><td/></tr><tr><td/></tr></tbody>", NULL },
        { "<tbody><tr><td/><td rowspan='2' colspan='2'/></tr><tr><td/></tr></tbody>", NULL },
        { "<col width='1'/><col width='2'/><tbody><tr><td/><td/></tr></tbody>", NULL },
        { "<thead><tr><th/><th/></tr></thead><tbody><tr><td/><td/></tr></tbody>", NULL },
        { "<tbody><tr><td/><td/></tr><tr><td/></tr></tbody>",
          "the row has 1 columns, but the table has 2" },
        { "<thead><tr><th/></tr></thead><tbody><tr><td/><td/></tr></tbody>",
          "the row has 2 columns, but the table has 1" },
        { "<col width='1'/><tbody><tr><td/><td/></tr></tbody>",
          "the row has 2 columns, but the table has 1" },
        { "<tbody><tr><td rowspan='3'/></tr><tr><td/></tr></tbody>",
          "the row has 2 columns, but the table has 1" },
        { "<tbody><tr><td rowspan='2'/><td/></tr></tbody>",
          "a cell in column 1 spans more rows than there are" },
        { "<tbody><tr><td colspan='51'/></tr></tbody>", "the row has more than 50 columns" },
        { "<tbody><tr><td colspan='50'/></tr></tbody>", NULL },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autofree char *text = g_strconcat(
            SAMPLE_OPEN SAMPLE_HEAD SAMPLE_SUBJECT SAMPLE_TO SAMPLE_SIGNED "<body><p>x</p><table>",
            tables[i].table, "</table></body></letter>", NULL);
        g_autofree char *found = check(text);

        g_test_message("%s", tables[i].table);
        if (tables[i].text == NULL)
            g_assert_cmpstr(found, ==, "");
        else
            g_assert_nonnull(strstr(found, tables[i].text));
    }
}

#define CAME(attributes, inner, behind)                                                            \
    SAMPLE_OPEN SAMPLE_HEAD SAMPLE_SUBJECT SAMPLE_TO "<received " attributes ">" inner             \
                                                     "</received>" behind "</letter>"
#define TIME   "at='2026-07-20T02:15:00.000000Z' "
#define ORIGIN "<origin><name>Dinas X</name></origin>"

static void
test_what_came_in_says_how(void)
{
    static const struct {
        const char *text, *found; /* NULL: nothing */
    } letters[] = {
        { CAME(TIME "channel='pos'", ORIGIN, ""), NULL },
        { CAME(TIME "channel='pos' number='1' date='2026-07-14' due='2026-07-31'",
               ORIGIN "<summary>Isi</summary>", ""),
          NULL },
        { CAME(TIME "channel='pos' unopened='yes'", ORIGIN, ""), NULL },
        { CAME(TIME "channel='pos' opened='2026-07-21T02:15:00.000000Z'",
               ORIGIN "<summary>Isi</summary>", ""),
          NULL },
        { CAME(TIME "channel='pos' opened='2026-07-21T24:15:00.000000Z'", ORIGIN, ""),
          "[letter-time]" },
        { CAME(TIME "channel='pos' opened='2026-07-21'", ORIGIN, ""), "opened" },
        { CAME(TIME "channel='pos' unopened='yes' opened='2026-07-21T02:15:00.000000Z'", ORIGIN,
               ""),
          "opened" },
        { CAME(TIME "channel='pos' unopened='yes'", ORIGIN "<summary>Isi</summary>", ""),
          "[letter-unopened]" },
        { CAME("at='2026-07-20T25:15:00.000000Z' channel='pos'", ORIGIN, ""), "[letter-time]" },
        { CAME(TIME "channel='pos' due='2026-02-30'", ORIGIN, ""), "[letter-date]" },
        { CAME(TIME "channel='pos' number=' '", ORIGIN, ""), "[letter-text]" },
        { CAME(TIME "channel='pos'", "<origin><name> </name></origin>", ""), "[letter-text]" },
        { CAME(TIME, ORIGIN, ""), "channel" },
        { CAME(TIME "channel='pos'", "", ""), "origin" },
        { SAMPLE_OPEN SAMPLE_HEAD SAMPLE_SUBJECT SAMPLE_TO "</letter>", "signatories" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(letters); i++) {
        g_autofree char *found = check(letters[i].text);

        g_test_message("%s", letters[i].text);
        if (letters[i].found == NULL)
            g_assert_cmpstr(found, ==, "");
        else
            g_assert_nonnull(strstr(found, letters[i].found));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/letter/rules/each-fault-is-found-at-its-place",
                    test_each_fault_is_found_at_its_place);
    g_test_add_func("/letter/rules/a-hundred-addressees-and-no-more",
                    test_a_hundred_addressees_and_no_more);
    g_test_add_func("/letter/rules/a-long-line-is-refused", test_a_long_line_is_refused);
    g_test_add_func("/letter/rules/what-came-in-says-how", test_what_came_in_says_how);
    g_test_add_func("/letter/rules/tables-are-rectangular", test_tables_are_rectangular);
    return g_test_run();
}

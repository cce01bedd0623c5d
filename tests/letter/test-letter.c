/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "letter/letter-private.h"
#include "sample.h"

static const char full[] =
    "<?xml version='1.0'?>\n"
    "<letter xmlns='urn:naskah:letter:1' kind='surat-dinas' xml:lang='en'>\n"
    "  <security>sangat-rahasia</security>\n  <urgency> sangat-segera </urgency>\n"
    "  <classification>KP.08.1</classification>\n  <subject> Undangan\n   rapat </subject>\n"
    "  <number>B-12/KP/2026</number>\n  <date>2026-07-22</date>\n  <place>Arunika</place>\n"
    "  <to list='attachment'>\n    <position ref='kepala-biro-umum'/>\n"
    "    <outsider><name>Kepala Dinas Arsip</name><attention>u.p. Sekretaris</attention>"
    "<place>Sagara</place></outsider>\n  </to>\n"
    "  <copies><position ref='inspektur' note='sebagai laporan'/></copies>\n"
    "  <references><reference number='S-1' date='2026-01-31'"
    " letter='01890000-0000-7000-8000-000000000001'>Rencana  kerja</reference>"
    "<reference type='answers' number='S-2' date='2026-02-01'>Permintaan</reference>"
    "</references>\n"
    "  <attachments><attachment title='Jadwal' count='2' unit='lembar'><p>Hari</p></attachment>"
    "<attachment title='Peta'><file name='peta.pdf' size='12345678901'"
    " sha256='00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'/></attachment>"
    "</attachments>\n"
    "  <reviewers><reviewer position='kabag-tu'/><reviewer position='kasubbag'/></reviewers>\n"
    "  <signatories><signatory position='deputi' capacity='an' mandate='m-1'/></signatories>\n"
    "  <body><p>Isi</p></body>\n</letter>\n";

static void
test_facts_are_what_the_letter_says(void)
{
    g_autoptr(NskLetter) letter = sample_parse(full);
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);

    g_assert_cmpstr(facts->kind, ==, "surat-dinas");
    g_assert_cmpstr(facts->language, ==, "en");
    g_assert_cmpint(facts->security, ==, NSK_SECURITY_SANGAT_RAHASIA);
    g_assert_cmpint(facts->urgency, ==, NSK_URGENCY_SANGAT_SEGERA);
    g_assert_cmpstr(facts->classification, ==, "KP.08.1");
    g_assert_cmpstr(facts->subject, ==, "Undangan rapat");
    g_assert_cmpstr(facts->number, ==, "B-12/KP/2026");
    g_assert_cmpint(nsk_date_compare(facts->date, (NskDate){ 2026, 7, 22 }), ==, 0);
    g_assert_cmpstr(facts->place, ==, "Arunika");
    g_assert_true(facts->list_attached);
    g_assert_cmpuint(facts->n_addressees, ==, 2);
    g_assert_cmpstr(facts->addressees[0].position, ==, "kepala-biro-umum");
    g_assert_null(facts->addressees[0].name);
    g_assert_cmpstr(facts->addressees[1].name, ==, "Kepala Dinas Arsip");
    g_assert_cmpstr(facts->addressees[1].attention, ==, "u.p. Sekretaris");
    g_assert_cmpstr(facts->addressees[1].place, ==, "Sagara");
    g_assert_cmpuint(facts->n_copies, ==, 1);
    g_assert_cmpstr(facts->copies[0].note, ==, "sebagai laporan");
    g_assert_cmpuint(facts->n_references, ==, 2);
    g_assert_cmpint(facts->references[0].relation, ==, NSK_RELATION_ABOUT);
    g_assert_cmpint(facts->references[1].relation, ==, NSK_RELATION_ANSWERS);
    g_assert_null(facts->references[1].letter);
    g_assert_cmpstr(facts->references[0].number, ==, "S-1");
    g_assert_cmpuint(facts->references[0].date.day, ==, 31);
    g_assert_cmpstr(facts->references[0].letter, ==, "01890000-0000-7000-8000-000000000001");
    g_assert_cmpstr(facts->references[0].subject, ==, "Rencana kerja");
    g_assert_cmpuint(facts->n_attachments, ==, 2);
    g_assert_cmpuint(facts->attachments[0].count, ==, 2);
    g_assert_nonnull(nsk_xml_child(facts->attachments[0].content, "p"));
    g_assert_null(facts->attachments[1].content);
    g_assert_cmpuint(facts->attachments[1].file_size, ==, 12345678901);
    g_assert_cmpuint(facts->n_reviewers, ==, 2);
    g_assert_cmpstr(facts->reviewers[1], ==, "kasubbag");
    g_assert_cmpuint(facts->n_signatories, ==, 1);
    g_assert_cmpint(facts->signatories[0].capacity, ==, NSK_CAPACITY_AN);
    g_assert_cmpstr(facts->signatories[0].mandate, ==, "m-1");
    g_assert_true(nsk_xml_is(facts->body, NSK_LETTER_NS, "body"));
    g_assert_cmpuint(nsk_xml_line(facts->body), ==, 20);
}

static void
test_one_that_came_in_has_the_senders_facts(void)
{
    g_autoptr(NskLetter) letter = sample_parse(
        SAMPLE_OPEN SAMPLE_HEAD SAMPLE_SUBJECT SAMPLE_TO
        "<received at='2026-07-20T02:15:00.000000Z' channel='pos' number='400/1' date='2026-07-14'"
        " due='2026-07-31'><origin><name>Dinas  X</name><place>Sagara</place></origin>"
        "<summary>Memohon\n narasumber</summary></received></letter>");
    const NskLetterReceived *received = nsk_letter_get_facts(letter)->received;
    g_autofree char *at = nsk_instant_format(received->at);
    g_autofree char *canonical = sample_text(nsk_letter_canonical(letter));
    g_autoptr(NskLetter) again = sample_parse(canonical);
    g_autofree char *same = sample_text(nsk_letter_canonical(again));

    g_assert_cmpstr(at, ==, "2026-07-20T02:15:00.000000Z");
    g_assert_cmpstr(received->channel, ==, "pos");
    g_assert_cmpstr(received->number, ==, "400/1");
    g_assert_cmpuint(received->date.day, ==, 14);
    g_assert_cmpuint(received->due.day, ==, 31);
    g_assert_cmpstr(received->origin.name, ==, "Dinas X");
    g_assert_null(received->origin.attention);
    g_assert_cmpstr(received->summary, ==, "Memohon narasumber");
    g_assert_false(received->unopened);
    g_assert_null(nsk_letter_get_facts(letter)->body);
    g_assert_cmpuint(nsk_letter_get_facts(letter)->n_signatories, ==, 0);
    g_assert_cmpstr(same, ==, canonical);
}

static void
test_what_is_not_said_is_none(void)
{
    g_autoptr(NskLetter) letter = sample_parse(SAMPLE("<p/>"));
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);

    g_assert_null(facts->number);
    g_assert_false(nsk_date_is_set(facts->date));
    g_assert_null(facts->place);
    g_assert_false(facts->list_attached);
    g_assert_cmpuint(
        facts->n_copies + facts->n_references + facts->n_attachments + facts->n_reviewers, ==, 0);
    g_assert_null(facts->signatories[0].mandate);
}

static void
test_names_round_trip(void)
{
    NskCapacity capacity;
    NskSecurity security;
    NskUrgency urgency;

    for (NskCapacity c = NSK_CAPACITY_DEFINITIVE; c <= NSK_CAPACITY_UB; c++)
        g_assert_true(nsk_capacity_parse(nsk_capacity_name(c), &capacity) && capacity == c);
    for (NskSecurity s = NSK_SECURITY_BIASA; s <= NSK_SECURITY_SANGAT_RAHASIA; s++)
        g_assert_true(nsk_security_parse(nsk_security_name(s), &security) && security == s);
    for (NskUrgency u = NSK_URGENCY_BIASA; u <= NSK_URGENCY_SANGAT_SEGERA; u++)
        g_assert_true(nsk_urgency_parse(nsk_urgency_name(u), &urgency) && urgency == u);
    g_assert_false(nsk_capacity_parse("pjs", &capacity));
    g_assert_false(nsk_urgency_parse(NULL, &urgency));
}

static void
test_the_canonical_form_is_exact(void)
{
    g_autoptr(NskLetter) letter =
        sample_parse(SAMPLE("\n <p align='center'> a <b> b</b> <i> </i>c<br/> d\n</p>\n"));
    g_autofree char *canonical = sample_text(nsk_letter_canonical(letter));

    g_assert_cmpstr(
        canonical, ==,
        "<letter xmlns=\"urn:naskah:letter:1\" kind=\"surat-dinas\" xml:lang=\"id\">" SAMPLE_HEAD
            SAMPLE_SUBJECT "<to><position ref=\"kepala-biro-umum\"></position></to>"
        "<signatories><signatory capacity=\"definitive\" position=\"sekretaris\">"
        "</signatory></signatories>"
        "<body><p align=\"center\">a <b>b</b> <i></i>c<br></br>d</p></body></letter>");
}

/* Other ways to write the same letter, and near ones that are another letter. */
static void
test_layout_does_not_matter_but_text_does(void)
{
    static const struct {
        const char *body;
        const char *other;
        bool same;
    } cases[] = {
        { "<p>a b</p>", "\n  <p>\n   a\tb\n </p>\n", true },
        { "<p>a b</p>", "<p>ab</p>", false },
        { "<p>a <b>b</b></p>", "<p>a<b> b</b></p>", false },
        { "<p>a <b>b</b></p>", "<p>a <b> b</b> </p>", true },
        { "<p><b>a</b> <i>b</i></p>", "<p><b>a</b>\n<i>b</i></p>", true },
        { "<p><b>a</b> <i>b</i></p>", "<p><b>a</b><i>b</i></p>", false },
        { "<p>a<br/>b</p>", "<p>a <br/>\n b</p>", true },
        { "<p>a</p>",
          "<p>\xc2\xa0"
          "a</p>",
          false },
        { "<p>a</p>", "<l:p xmlns:l='urn:naskah:letter:1'>a<!-- c --></l:p>", true },
        { "<p>&lt;</p>", "<p><![CDATA[<]]></p>", true },
        { "<ol type='a'><li>x<b>y</b></li></ol>", "<ol type='a'>\n<li>\nx<b>y</b>\n</li>\n</ol>",
          true },
        { "<ol><li><p>x</p><ul><li>y</li></ul></li></ol>",
          "<ol>\n<li>\n<p>x</p>\n<ul> <li> y</li></ul>\n</li></ol>", true },
        { "<table><tbody><tr><td>x</td></tr></tbody></table>",
          "<table>\n<tbody>\n<tr>\n<td>\n x </td> </tr></tbody></table>", true },
        { "<rows><row label='Hari / tanggal'>x</row></rows>",
          "<rows>\n <row label=' Hari  / tanggal '> x</row></rows>", true },
        { "<ol type='a' start='2'><li>x</li></ol>", "<ol start='2' type='a'><li>x</li></ol>",
          true },
        { "<p>a</p><p>b</p>", "<p>b</p><p>a</p>", false },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *one =
            g_strconcat(SAMPLE_OPEN SAMPLE_HEAD SAMPLE_SUBJECT SAMPLE_TO SAMPLE_SIGNED "<body>",
                        cases[i].body, "</body></letter>", NULL);
        g_autofree char *two = g_strconcat(
            SAMPLE_OPEN " " SAMPLE_HEAD "\n<subject>\tUndangan  rapat\n</subject>" SAMPLE_TO
                        "\n\n" SAMPLE_SIGNED "<body>",
            cases[i].other, "</body>\n</letter>\n", NULL);
        g_autoptr(NskLetter) a = sample_parse(one);
        g_autoptr(NskLetter) b = sample_parse(two);
        g_autoptr(GBytes) a_bytes = nsk_letter_canonical(a);
        g_autoptr(GBytes) b_bytes = nsk_letter_canonical(b);
        g_autoptr(NskLetterDiff) diff = nsk_letter_diff(a, b);

        g_test_message("%s / %s", cases[i].body, cases[i].other);
        g_assert_true(g_bytes_equal(a_bytes, b_bytes) == cases[i].same);
        g_assert_true((nsk_letter_diff_count(diff) == 0) == cases[i].same);
    }
}

/* Appends @n signs of running text as the normal form has them; *blank: the last one was one. */
static void
append_folded(GString *out, const char *signs, size_t n, bool *blank)
{
    for (size_t i = 0; i < n; i++) {
        bool is_blank = g_ascii_isspace(signs[i]);

        if (!(is_blank && *blank))
            g_string_append_c(out, is_blank ? ' ' : signs[i]);
        *blank = is_blank;
    }
}

/* The normal form of two signs before, two in and one behind <b>, after what is said of it. */
static char *
fold_plainly(const char *signs)
{
    GString *out = g_string_new("<p>");
    bool blank = true;

    append_folded(out, signs, 2, &blank);
    g_string_append(out, "<b>");
    append_folded(out, signs + 2, 2, &blank);
    g_string_append(out, "</b>");
    append_folded(out, signs + 4, 1, &blank);
    /* the blank at the very end goes, wherever it stands */
    for (gsize i = out->len; i > 3; i--) {
        char c = out->str[i - 1];

        if (c == ' ')
            g_string_erase(out, (gssize)i - 1, 1);
        if (c == ' ' || c == 'a')
            break;
        if (c == '>')
            i -= out->str[i - 2] == 'b' && out->str[i - 3] == '/' ? 3 : 2;
    }
    g_string_append(out, "</p>");
    return g_string_free(out, FALSE);
}

/* Puts @paragraph in place of the one of @letter, which is in normal form but for it. */
static char *
replace_paragraph(const char *letter, const char *paragraph)
{
    const char *from = strstr(letter, "<p>"), *to = strstr(letter, "</p>");

    g_assert_true(from != NULL && to != NULL);
    return g_strdup_printf("%.*s%s%s", (int)(from - letter), letter, paragraph,
                           to + strlen("</p>"));
}

/* What is taken for normal, and so is not copied, must be what the copy would be. */
static void
assert_judged_right(const char *text, bool *out_normal)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("sample", text, strlen(text), &error);
    g_assert_no_error(error);
    const NskXmlNode *root = nsk_xml_doc_get_root(doc);
    g_autoptr(NskXmlDoc) normal = nsk_letter_normalise(root);
    g_autofree char *as_read = sample_text(nsk_xml_canonical(root, NULL));
    g_autofree char *as_made = sample_text(nsk_xml_canonical(nsk_xml_doc_get_root(normal), NULL));

    *out_normal = nsk_letter_is_normal(root);
    g_assert_true(!*out_normal || strcmp(as_read, as_made) == 0);
    g_assert_true(nsk_letter_is_normal(nsk_xml_doc_get_root(normal)) ||
                  strstr(as_made, "<b></b>") != NULL);
    /* without layout it has the same normal form */
    nsk_letter_tidy(nsk_xml_doc_get_root(doc));
    g_autofree char *tidied = sample_text(nsk_xml_canonical(root, NULL));
    g_autoptr(NskXmlDoc) again = nsk_letter_normalise(root);
    g_autofree char *made_again = sample_text(nsk_xml_canonical(nsk_xml_doc_get_root(again), NULL));
    g_assert_cmpstr(made_again, ==, as_made);
    g_assert_true(!nsk_letter_is_normal(root) || strcmp(tidied, as_made) == 0);
}

static void
test_blanks_of_every_kind_are_folded(void)
{
    static const char alphabet[] = { 'a', ' ', '\n' };

    for (unsigned n = 0; n < 243; n++) {
        char signs[5];

        for (unsigned i = 0, rest = n; i < G_N_ELEMENTS(signs); i++, rest /= 3)
            signs[i] = alphabet[rest % 3];
        g_autofree char *text =
            g_strdup_printf(SAMPLE("<p>%.2s<b>%.2s</b>%.1s</p>"), signs, signs + 2, signs + 4);
        g_autofree char *expected = fold_plainly(signs);
        g_autoptr(NskLetter) letter = sample_parse(text);
        g_autofree char *canonical = sample_text(nsk_letter_canonical(letter));
        const char *found = strstr(canonical, "<p>");

        g_assert_nonnull(found);
        g_autofree char *paragraph = g_strndup(found, strlen(expected));
        g_assert_cmpstr(paragraph, ==, expected);

        /* the same in a letter that is normal all around it */
        bool normal;
        g_autofree char *loose =
            g_strdup_printf("<p>%.2s<b>%.2s</b>%.1s</p>", signs, signs + 2, signs + 4);
        g_autofree char *around = replace_paragraph(canonical, loose);
        g_autoptr(NskLetter) second = sample_parse(around);
        g_autofree char *again = sample_text(nsk_letter_canonical(second));
        assert_judged_right(around, &normal);
        g_assert_cmpstr(again, ==, canonical);
    }
}

static void
test_a_normal_letter_is_known_as_one(void)
{
    static const struct {
        const char *paragraph;
        bool normal;
    } cases[] = {
        { "<p>a b</p>", true },
        { "<p>a <b>b</b></p>", true },
        { "<p>a<b> b</b></p>", true },
        { "<p>a<br></br>b</p>", true },
        { "<p align=\"center\">a</p>", true },
        { "<p> a</p>", false },
        { "<p>a </p>", false },
        { "<p>a<b>b </b></p>", false },
        { "<p>a  b</p>", false },
        { "<p>a\tb</p>", false },
        { "<p>a <b> b</b></p>", false },
        { "<p>a <br></br>b</p>", false },
        { "<p>a<br></br> b</p>", false },
        { "<p>a</p> ", false },
        { "<l:p xmlns:l=\"urn:naskah:letter:1\">a</l:p>", false },
        { "<p xmlns=\"urn:naskah:letter:1\">a</p>", false },
        { "<rows><row label=\" Hari\">x</row></rows>", false },
        { "<rows><row label=\"Hari\">x</row></rows>", true },
        { "<ol type=\"a\" start=\"2\"><li>x</li></ol>", false },
        { "<ol start=\"2\" type=\"a\"><li>x</li></ol>", true },
    };
    bool normal;
    g_autoptr(NskLetter) letter = sample_parse(SAMPLE("<p>x</p>"));
    g_autofree char *canonical = sample_text(nsk_letter_canonical(letter));

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = replace_paragraph(canonical, cases[i].paragraph);

        g_test_message("%s", cases[i].paragraph);
        assert_judged_right(text, &normal);
        g_assert_true(normal == cases[i].normal);
    }
}

static void
test_canonical_and_pretty_read_back_alike(void)
{
    static const char *const texts[] = {
        full,
        SAMPLE("<p>a <b>b</b> <i>c</i></p><p><b>x</b><i>y</i></p>"
               "<ol><li><b>a</b><i>b</i></li><li><p>p</p></li></ol>"
               "<table><col width='12mm'/><tbody><tr><td><b>a</b><u>b</u></td></tr></tbody></table>"
               "<rows><row label='a'><b>x</b><b>y</b></row></rows>"),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(NskLetter) letter = sample_parse(texts[i]);
        g_autofree char *canonical = sample_text(nsk_letter_canonical(letter));
        g_autofree char *pretty = sample_text(nsk_letter_to_xml_pretty(letter));
        g_autoptr(NskLetter) from_canonical = sample_parse(canonical);
        g_autoptr(NskLetter) from_pretty = sample_parse(pretty);
        g_autofree char *again = sample_text(nsk_letter_canonical(from_canonical));
        g_autofree char *pretty_again = sample_text(nsk_letter_canonical(from_pretty));

        g_assert_cmpstr(again, ==, canonical);
        g_assert_cmpstr(pretty_again, ==, canonical);
        g_assert_true(
            g_str_has_prefix(pretty, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<letter "));
        g_assert_nonnull(strstr(pretty, "\n  <security>"));
    }
}

static void
test_the_number_is_not_content(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskLetter) draft = sample_parse(SAMPLE("<p>Isi</p>"));
    g_autoptr(NskLetter) numbered =
        nsk_letter_with_number(draft, "B-1/<&>/2026", (NskDate){ 2026, 2, 28 }, &error);
    g_assert_no_error(error);
    g_autoptr(NskLetter) renumbered =
        nsk_letter_with_number(numbered, "B-2", (NskDate){ 2026, 3, 1 }, &error);
    g_autoptr(NskLetter) back = nsk_letter_without_number(renumbered);
    g_autofree char *canonical = sample_text(nsk_letter_canonical(draft));
    g_autofree char *back_text = sample_text(nsk_letter_canonical(back));
    g_autofree char *numbered_text = sample_text(nsk_letter_canonical(numbered));
    uint8_t expected[NSK_SHA256_SIZE];
    uint8_t digest[NSK_SHA256_SIZE];

    nsk_sha256(canonical, strlen(canonical), expected);
    nsk_letter_content_digest(draft, digest);
    g_assert_cmpmem(digest, sizeof digest, expected, sizeof expected);
    nsk_letter_content_digest(renumbered, digest);
    g_assert_cmpmem(digest, sizeof digest, expected, sizeof expected);
    g_assert_cmpstr(nsk_letter_get_facts(numbered)->number, ==, "B-1/<&>/2026");
    g_assert_cmpuint(nsk_letter_get_facts(renumbered)->date.month, ==, 3);
    g_assert_cmpstr(nsk_letter_get_facts(renumbered)->number, ==, "B-2");
    g_assert_nonnull(strstr(numbered_text, SAMPLE_SUBJECT "<number>B-1/&lt;&amp;&gt;/2026</number>"
                                                          "<date>2026-02-28</date><to>"));
    g_assert_cmpstr(back_text, ==, canonical);

    g_autoptr(NskLetter) other = sample_parse(SAMPLE("<p>Isi.</p>"));
    nsk_letter_content_digest(other, digest);
    g_assert_cmpint(memcmp(digest, expected, sizeof digest), !=, 0);
}

static void
test_a_bad_number_is_refused(void)
{
    g_autofree char *long_number = g_strnfill(NSK_LIMIT_TEXT + 1, '1');
    const struct {
        const char *number;
        NskDate date;
        const char *message;
    } cases[] = {
        { "", { 2026, 1, 1 }, "the number of the letter is empty or too long" },
        { long_number, { 2026, 1, 1 }, "the number of the letter is empty or too long" },
        { "a\nb", { 2026, 1, 1 }, "the number of the letter is not one line of UTF-8 text" },
        { "\xff", { 2026, 1, 1 }, "the number of the letter is not one line of UTF-8 text" },
        { "1", { 0 }, "a letter with a number needs a letter date" },
        { "1",
          { 2026, 2, 29 },
          "a.xml: there is no day '2026-02-29'; correct the date [letter-date]" },
    };
    g_autoptr(NskLetter) draft = sample_parse(SAMPLE("<p>Isi</p>"));

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskLetter) letter =
            nsk_letter_with_number(draft, cases[i].number, cases[i].date, &error);

        g_assert_null(letter);
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_nonnull(strstr(error->message, strrchr(cases[i].message, ':') != NULL
                                                    ? strrchr(cases[i].message, ':') + 2
                                                    : cases[i].message));
    }
}

static void
test_a_letter_too_large_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strnfill(NSK_LIMIT_LETTER_SIZE + 1, ' ');
    g_autoptr(NskLetter) letter = nsk_letter_parse("a.xml", text, strlen(text), NULL, &error);

    g_assert_null(letter);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
    g_assert_cmpstr(error->message, ==,
                    "a.xml: the letter has 2097153 bytes; at most 2097152 are read");
}

static void
test_what_is_no_xml_is_only_an_error(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskLetter) letter = nsk_letter_parse("a.xml", "<letter>", 8, issues, &error);

    g_assert_null(letter);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_assert_cmpuint(issues->len, ==, 0);
}

static void
test_days_and_people_of_routes_are_facts(void)
{
    g_autoptr(NskLetter) letter = sample_parse(
        SAMPLE_OPEN SAMPLE_HEAD SAMPLE_SUBJECT SAMPLE_TO
        "<meeting day=' 2026-12-09' time='09:30' remind='2026-12-07'/>"
        "<assignment begins='2026-12-01' ends='2026-12-04'><assignee position='a'/>"
        "<assignee position='b'/></assignment>"
        "<coordinators><coordinator position='c'/></coordinators>"
        "<consultants><consultant desk='hukum'/></consultants>" SAMPLE_SIGNED
        "<body><rows><row label='Dasar'><ol><li>satu</li></ol></row></rows></body></letter>");
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);
    g_autofree char *day = nsk_date_format(facts->meeting.day);
    g_autofree char *remind = nsk_date_format(facts->meeting.remind);
    g_autofree char *ends = nsk_date_format(facts->assignment.ends);
    g_autoptr(NskLetter) plain = sample_parse(SAMPLE("<p>x</p>"));
    uint8_t with[NSK_SHA256_SIZE], without[NSK_SHA256_SIZE];

    g_assert_cmpstr(day, ==, "2026-12-09");
    g_assert_cmpstr(facts->meeting.time, ==, "09:30");
    g_assert_cmpstr(remind, ==, "2026-12-07");
    g_assert_false(nsk_date_is_set(facts->meeting.until));
    g_assert_cmpstr(ends, ==, "2026-12-04");
    g_assert_cmpuint(facts->assignment.n_assignees, ==, 2);
    g_assert_cmpstr(facts->assignment.assignees[1], ==, "b");
    g_assert_cmpuint(facts->n_coordinators, ==, 1);
    g_assert_cmpstr(facts->coordinators[0], ==, "c");
    g_assert_cmpstr(facts->consultants[0], ==, "hukum");
    /* who looks at it is part of what a paraf binds */
    nsk_letter_content_digest(letter, with);
    nsk_letter_content_digest(plain, without);
    g_assert_true(memcmp(with, without, sizeof with) != 0);
    facts = nsk_letter_get_facts(plain);
    g_assert_false(nsk_date_is_set(facts->meeting.day));
    g_assert_cmpuint(facts->n_coordinators + facts->n_consultants + facts->assignment.n_assignees,
                     ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/letter/facts/one-that-came-in-has-the-senders-facts",
                    test_one_that_came_in_has_the_senders_facts);
    g_test_add_func("/letter/facts/are-what-the-letter-says", test_facts_are_what_the_letter_says);
    g_test_add_func("/letter/facts/what-is-not-said-is-none", test_what_is_not_said_is_none);
    g_test_add_func("/letter/facts/days-and-people-of-routes",
                    test_days_and_people_of_routes_are_facts);
    g_test_add_func("/letter/names/round-trip", test_names_round_trip);
    g_test_add_func("/letter/canonical/is-exact", test_the_canonical_form_is_exact);
    g_test_add_func("/letter/canonical/layout-does-not-matter-but-text-does",
                    test_layout_does_not_matter_but_text_does);
    g_test_add_func("/letter/canonical/blanks-of-every-kind-are-folded",
                    test_blanks_of_every_kind_are_folded);
    g_test_add_func("/letter/canonical/a-normal-letter-is-known-as-one",
                    test_a_normal_letter_is_known_as_one);
    g_test_add_func("/letter/canonical/reads-back-alike",
                    test_canonical_and_pretty_read_back_alike);
    g_test_add_func("/letter/number/is-not-content", test_the_number_is_not_content);
    g_test_add_func("/letter/number/a-bad-one-is-refused", test_a_bad_number_is_refused);
    g_test_add_func("/letter/parse/a-letter-too-large-is-refused",
                    test_a_letter_too_large_is_refused);
    g_test_add_func("/letter/parse/what-is-no-xml-is-only-an-error",
                    test_what_is_no_xml_is_only_an_error);
    return g_test_run();
}

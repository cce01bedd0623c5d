/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "base/limits.h"
#include "sample.h"

static const struct {
    const char *text;
    const char *body; /* what it means */
} cases[] = {
    { "", "" },
    { "Satu\n\nDua\nbaris", "<p>Satu</p><p>Dua<br/>baris</p>" },
    { "  \r\nSatu \r\n\r\n\r\nDua", "<p>Satu</p><p>Dua</p>" },
    { "-> Memberi **Tugas** <-", "<p align='center'>Memberi <b>Tugas</b></p>" },
    { "1. Satu\n2. Dua", "<ol type='1'><li>Satu</li><li>Dua</li></ol>" },
    { "1. Satu\n\n2. Dua", "<ol type='1'><li>Satu</li><li>Dua</li></ol>" },
    { "1. Satu\n\n1. Lain", "<ol type='1'><li>Satu</li></ol><ol type='1'><li>Lain</li></ol>" },
    { "3) Tiga", "<ol start='3' type='1)'><li>Tiga</li></ol>" },
    { "(a) A\n(b) B", "<ol type='(a)'><li>A</li><li>B</li></ol>" },
    { "h. H\ni. I", "<ol start='8' type='a'><li>H</li><li>I</li></ol>" },
    { "i. I\nii. II", "<ol type='i'><li>I</li><li>II</li></ol>" },
    { "- A\n- B\n\n- C", "<ul><li>A</li><li>B</li><li>C</li></ul>" },
    { "1. Satu\n   a. A\n   b. B\n2. Dua",
      "<ol type='1'><li><p>Satu</p><ol type='a'><li>A</li><li>B</li></ol></li><li>Dua</li></ol>" },
    { "1. Satu\na. A\nb. B\n2. Dua",
      "<ol type='1'><li><p>Satu</p><ol type='a'><li>A</li><li>B</li></ol></li><li>Dua</li></ol>" },
    { "1. Satu\n   lanjut\n\n   paragraf",
      "<ol type='1'><li><p>Satu<br/>lanjut</p><p>paragraf</p></li></ol>" },
    { "Hari : Senin\nTempat : Aula",
      "<rows><row label='Hari'>Senin</row><row label='Tempat'>Aula</row></rows>" },
    { "Dasar :\n   1. Satu",
      "<rows><row label='Dasar'><ol type='1'><li>Satu</li></ol></row></rows>" },
    { "Hal sebagai berikut:\n- A", "<p>Hal sebagai berikut:</p><ul><li>A</li></ul>" },
    { "| A | B |\n|---|\n| 1 | 2\\|3 |",
      "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2|3</td></tr>"
      "</tbody></table>" },
    { "|--- 1 ---|--- 20mm ---|\n| 1 | 2 |",
      "<table><col width='1'></col><col "
      "width='20mm'></col><tbody><tr><td>1</td><td>2</td></tr></tbody></table>" },
    { "# Judul\nIsi\n\n## Anak\nLagi\n\n#\n\nLuar",
      "<section title='Judul'><p>Isi</p><section title='Anak'><p>Lagi</p></section></section>"
      "<p>Luar</p>" },
    { "**a ~~b~~** x__y__ ^^2^^ ,,3,,",
      "<p><b>a <i>b</i></b> x<u>y</u> <sup>2</sup> <sub>3</sub></p>" },
    { "**a ____ b, C:\\dok \\1 *c*", "<p>**a ____ b, C:\\dok \\1 *c*</p>" },
    { "\\1. bukan butir", "<p>1. bukan butir</p>" },
    { "[[1: tidak ada]]", "<p>[[1: tidak ada]]</p>" },
    { "|", "<p>|</p>" },
    { "||", "<table><tbody><tr><td></td></tr></tbody></table>" },
    { "****", "<p>****</p>" },
};

static char *
body_text(const NskXmlNode *body)
{
    g_autoptr(GError) error = NULL;
    GBytes *bytes = nsk_xml_canonical(body, &error);

    g_assert_no_error(error);
    return sample_text(bytes);
}

static void
text_means_what_it_looks_like(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(NSK_LETTER_NS, "body");
        g_autoptr(GError) error = NULL;
        g_autofree char *wanted =
            g_strdup_printf("<body xmlns=\"" NSK_LETTER_NS "\">%s</body>", cases[i].body);
        g_autoptr(NskXmlDoc) other = nsk_xml_parse("b", wanted, strlen(wanted), &error);

        g_assert_no_error(error);
        nsk_letter_plain_read(nsk_xml_doc_get_root(doc), cases[i].text, NULL);
        g_autofree char *got = body_text(nsk_xml_doc_get_root(doc));
        g_autofree char *form = body_text(nsk_xml_doc_get_root(other));
        g_assert_cmpstr(got, ==, form);
    }
}

/* @body is the same after it was text; how many of its blocks were kept as they are. */
static guint
check_round(const NskXmlNode *body)
{
    g_autofree char *text = nsk_letter_plain_write(body);
    g_autofree char *before = body_text(body);
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(NSK_LETTER_NS, "body");
    guint kept = 0;

    nsk_letter_plain_read(nsk_xml_doc_get_root(doc), text, body);
    g_autofree char *after = body_text(nsk_xml_doc_get_root(doc));
    g_assert_cmpstr(before, ==, after);
    for (const char *at = text; (at = strstr(at, "[[")) != NULL; at += 2)
        kept++;
    return kept;
}

static void
every_sample_comes_back_as_it_was(void)
{
    g_autofree char *path = g_build_filename(g_getenv("NASKAH_SOURCE"), "templates/letters", NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    guint samples = 0, kept = 0;
    const char *name;

    while ((name = g_dir_read_name(dir)) != NULL) {
        if (!g_str_has_suffix(name, ".sample.xml"))
            continue;
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = nsk_file_read(file, NSK_LIMIT_LETTER_SIZE, &error);
        g_assert_no_error(error);
        g_autoptr(NskLetter) letter = nsk_letter_parse(name, g_bytes_get_data(bytes, NULL),
                                                       g_bytes_get_size(bytes), NULL, &error);
        g_assert_no_error(error);
        if (nsk_letter_get_facts(letter)->body == NULL)
            continue;
        guint here = check_round(nsk_letter_get_facts(letter)->body);
        g_test_message("%s: %u kept", name, here);
        kept += here;
        samples++;
    }
    g_assert_cmpuint(samples, >=, 24);
    g_assert_cmpuint(kept, <=, 4);
}

static void
what_text_cannot_say_is_kept(void)
{
    static const char *const bodies[] = {
        "<p align=\"justify\">x</p>",
        "<p>1. x</p><p>- y</p><p># z</p><p>| a</p><p>a : b</p><p>[[1: x]]</p><p>-&gt; x &lt;-</p>",
        "<p>**x** ~~ __ ^^ ,, \\ \\\\ ***</p>",
        "<p><b>a</b><b>b</b></p><p>x<b><i>y</i></b>*</p>",
        "<ol><li>x</li></ol><ol type=\"1\"><li>x</li></ol><ol type=\"1\"><li>y</li></ol>",
        "<ol type=\"1\"><li>x</li></ol><ol start=\"2\" type=\"1\"><li>y</li></ol>",
        "<ul><li><p>x</p></li><li><ul><li>y</li></ul></li></ul><ul><li>z</li></ul>",
        "<rows><row label=\"a : b\">x</row></rows><rows><row label=\"a\">x</row></rows><p>y</p>",
        "<table><tbody><tr><td align=\"right\" colspan=\"2\">x</td></tr></tbody></table>",
        "<section title=\"# x\"><p>y</p></section><p>z</p>",
        "<p>x</p><section title=\"a\"><section title=\"b\"><p>y</p></section><p>z</p></section>",
        "<p>-</p><p>a.</p><p>x :</p><p>\\</p>",
        "<ol start=\"40\" type=\"a\"><li>x</li></ol><ol start=\"60\" type=\"i\"><li>x</li></ol>",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_autofree char *text =
            g_strdup_printf(SAMPLE_OPEN SAMPLE_HEAD SAMPLE_SUBJECT SAMPLE_TO SAMPLE_SIGNED
                            "<body>%s</body></letter>",
                            bodies[i]);
        g_autoptr(NskLetter) letter = sample_parse(text);

        (void)check_round(nsk_letter_get_facts(letter)->body);
    }
}

/* Any text gives a body, and its depth is bounded. */
static void
odd_texts_are_text(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(8);
    static const char *const pieces[] = { "1. ", "a) ", "- ",  "|",   "# ",  "\n",    "\n\n",
                                          "   ", "**",  "~~",  "\\",  " : ", "[[1: ", "]]",
                                          "x",   "-> ", " <-", "i. ", "(",   ":" };

    for (guint round = 0; round < 3000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(NSK_LETTER_NS, "body");

        for (gint n = g_rand_int_range(rand, 0, 40); n > 0; n--)
            g_string_append(text, pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))]);
        nsk_letter_plain_read(nsk_xml_doc_get_root(doc), text->str, NULL);
        if (nsk_xml_first(nsk_xml_doc_get_root(doc)) != NULL)
            (void)check_round(nsk_xml_doc_get_root(doc));
    }
    g_autoptr(GString) deep = g_string_new(NULL);
    for (guint i = 0; i < 500; i++) {
        for (guint indent = 0; indent < i; indent++)
            g_string_append_c(deep, ' ');
        g_string_append(deep, "- x\n");
    }
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(NSK_LETTER_NS, "body");
    nsk_letter_plain_read(nsk_xml_doc_get_root(doc), deep->str, NULL);
    g_assert_nonnull(nsk_xml_first(nsk_xml_doc_get_root(doc)));
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/letter/plain/text-means-what-it-looks-like", text_means_what_it_looks_like);
    g_test_add_func("/letter/plain/every-sample-comes-back-as-it-was",
                    every_sample_comes_back_as_it_was);
    g_test_add_func("/letter/plain/what-text-cannot-say-is-kept", what_text_cannot_say_is_kept);
    g_test_add_func("/letter/plain/odd-texts-are-text", odd_texts_are_text);
    return g_test_run();
}

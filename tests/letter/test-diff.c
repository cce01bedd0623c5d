/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "letter/letter-private.h"
#include "sample.h"

#define HEAD SAMPLE_HEAD SAMPLE_SUBJECT SAMPLE_TO

static NskLetter *
parse_parts(const char *head, const char *body)
{
    g_autofree char *text =
        g_strconcat(SAMPLE_OPEN, head, SAMPLE_SIGNED "<body>", body, "</body></letter>", NULL);

    return sample_parse(text);
}

static const struct {
    const char *old_head;
    const char *old_body;
    const char *new_head;
    const char *new_body;
    const char *id;
    const char *en;
} cases[] = {
    { HEAD, "<p>a</p>", HEAD, "\n<p> a </p>", "", "" },
    { HEAD, "<p>rapat hari Senin pukul sembilan</p>", HEAD,
      "<p>rapat hari Selasa pukul sembilan</p>",
      "isi, paragraf 1 (diubah):\n  rapat hari [-Senin-]{+Selasa+} pukul sembilan\n",
      "body, paragraph 1 (changed):\n  rapat hari [-Senin-]{+Selasa+} pukul sembilan\n" },
    { HEAD, "<p>satu</p><p>tiga</p>", HEAD, "<p>satu</p><p>dua</p><p>tiga</p>",
      "isi, paragraf 2 (ditambah):\n  {+dua+}\n", "body, paragraph 2 (added):\n  {+dua+}\n" },
    { HEAD, "<p>satu</p><p>dua</p><p>tiga</p>", HEAD, "<p>satu</p><p>tiga</p>",
      "isi, paragraf 2 (dihapus):\n  [-dua-]\n", "body, paragraph 2 (removed):\n  [-dua-]\n" },
    { HEAD, "<p>x</p><p>rapat akan diadakan besok pagi</p>", HEAD,
      "<p>x</p><p>baru sama sekali</p><p>rapat diadakan besok pagi</p>",
      "isi, paragraf 2 (ditambah):\n  {+baru sama sekali+}\n"
      "isi, paragraf 3 (diubah):\n  rapat [-akan-] diadakan besok pagi\n",
      "body, paragraph 2 (added):\n  {+baru sama sekali+}\n"
      "body, paragraph 3 (changed):\n  rapat [-akan-] diadakan besok pagi\n" },
    { HEAD, "<p>satu dua tiga</p>", HEAD, "<p>satu dua</p>",
      "isi, paragraf 1 (diubah):\n  satu dua [-tiga-]\n",
      "body, paragraph 1 (changed):\n  satu dua [-tiga-]\n" },
    { HEAD, "<p>satu dua</p>", HEAD, "<p>satu dua tiga</p>",
      "isi, paragraf 1 (diubah):\n  satu dua {+tiga+}\n",
      "body, paragraph 1 (changed):\n  satu dua {+tiga+}\n" },
    { HEAD, "<p>a b</p>", HEAD, "<p>a <b>b</b></p>",
      "isi, paragraf 1 (diubah):\n  <p>a [-b-]{+<b>b</b>+}\n",
      "body, paragraph 1 (changed):\n  <p>a [-b-]{+<b>b</b>+}\n" },
    { HEAD, "<p>a<br/>b</p>", HEAD, "<p>a<br/>c<br/>b</p>",
      "isi, paragraf 1 (diubah):\n  a\n  {+c\n  +}b\n",
      "body, paragraph 1 (changed):\n  a\n  {+c\n  +}b\n" },
    { HEAD, "<ol><li>satu</li><li><p>dua</p><ul><li>lama sekali</li></ul></li></ol>", HEAD,
      "<ol><li>satu</li><li><p>dua</p><ul><li>lama nian</li></ul></li></ol>",
      "isi, daftar 1, butir 2, daftar 1, butir 1 (diubah):\n  lama [-sekali-]{+nian+}\n",
      "body, list 1, item 2, list 1, item 1 (changed):\n  lama [-sekali-]{+nian+}\n" },
    { HEAD, "<ol type='a'><li>satu</li></ol>", HEAD, "<ol type='1'><li>satu</li></ol>",
      "isi, daftar 1, penomoran (dihapus):\n  [-type=\"a\"-]\n"
      "isi, daftar 1, penomoran (ditambah):\n  {+type=\"1\"+}\n",
      "body, list 1, numbering (removed):\n  [-type=\"a\"-]\n"
      "body, list 1, numbering (added):\n  {+type=\"1\"+}\n" },
    { HEAD,
      "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></tbody></table>",
      HEAD,
      "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>e</td></tr></tbody></table>",
      "isi, tabel 1, baris 2 (diubah):\n  c | [-d-]{+e+}\n",
      "body, table 1, row 2 (changed):\n  c | [-d-]{+e+}\n" },
    { HEAD, "<rows><row label='Hari'>Senin</row></rows>", HEAD,
      "<rows><row label='Hari'>Rabu</row></rows>",
      "isi, rincian 1, isian 1 (diubah):\n  Hari: [-Senin-]{+Rabu+}\n",
      "body, block 1, entry 1 (changed):\n  Hari: [-Senin-]{+Rabu+}\n" },
    { HEAD, "<p>a</p>",
      SAMPLE_HEAD "<subject>Undangan pelatihan</subject><number>B-1</number>"
                  "<to><position ref='kepala-biro-umum'/><outsider><name>Dinas X</name>"
                  "<place>Sagara</place></outsider></to>",
      "<p>a</p>",
      "hal (diubah):\n  Undangan [-rapat-]{+pelatihan+}\nnomor (ditambah):\n  {+B-1+}\n"
      "alamat 2 (ditambah):\n  {+Dinas X, Sagara+}\n",
      "subject (changed):\n  Undangan [-rapat-]{+pelatihan+}\nnumber (added):\n  {+B-1+}\n"
      "addressee 2 (added):\n  {+Dinas X, Sagara+}\n" },
    { HEAD "<attachments><attachment title='Jadwal'><p>Senin pagi</p></attachment></attachments>",
      "<p>a</p>",
      HEAD "<attachments><attachment title='Jadwal'><p>Senin sore</p></attachment></attachments>",
      "<p>a</p>", "lampiran 1, paragraf 1 (diubah):\n  Senin [-pagi-]{+sore+}\n",
      "attachment 1, paragraph 1 (changed):\n  Senin [-pagi-]{+sore+}\n" },
};

static void
test_changes_read_well(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskLetter) old_letter = parse_parts(cases[i].old_head, cases[i].old_body);
        g_autoptr(NskLetter) new_letter = parse_parts(cases[i].new_head, cases[i].new_body);
        g_autoptr(NskLetterDiff) diff = nsk_letter_diff(old_letter, new_letter);
        g_autofree char *id = nsk_letter_diff_format(diff, NSK_LETTER_WORDS_ID);
        g_autofree char *en = nsk_letter_diff_format(diff, NSK_LETTER_WORDS_EN);

        g_assert_cmpstr(id, ==, cases[i].id);
        g_assert_cmpstr(en, ==, cases[i].en);
    }
}

/* What is said of how a letter came is told as well, and of a part that few letters have. */
static void
test_rare_parts_are_told(void)
{
    static const char letter[] =
        "<letter xmlns='urn:naskah:letter:1' kind='surat-masuk' xml:lang='id'>" SAMPLE_HEAD
        "<subject>Undangan</subject><to><position ref='kepala-biro-umum'/></to>"
        "<received at='2026-07-20T02:15:00.000000Z' channel='%s' number='%s'><origin>"
        "<name>Dinas X</name></origin></received></letter>";
    g_autofree char *old_text = g_strdup_printf(letter, "pos", "118");
    g_autofree char *new_text = g_strdup_printf(letter, "kurir", "181");
    g_autoptr(NskLetter) old_letter = sample_parse(old_text);
    g_autoptr(NskLetter) new_letter = sample_parse(new_text);
    g_autoptr(NskLetterDiff) diff = nsk_letter_diff(old_letter, new_letter);
    g_autofree char *id = nsk_letter_diff_format(diff, NSK_LETTER_WORDS_ID);

    g_assert_cmpstr(id, ==,
                    "cara terima (diubah):\n  [-pos-]{+kurir+}\n"
                    "nomor pengirim (diubah):\n  [-118-]{+181+}\n");
}

/* Both texts must come out of the segments; the other way round is the same with signs changed. */
static void
test_segments_hold_both_texts(void)
{
    g_autoptr(NskLetter) a = sample_parse(SAMPLE("<p>satu dua tiga empat lima</p><p>x y</p>"));
    g_autoptr(NskLetter) b = sample_parse(SAMPLE("<p>satu  tiga tiga enam lima tujuh</p>"));
    g_autoptr(NskLetterDiff) diff = nsk_letter_diff(a, b);
    const NskLetterChange *change = nsk_letter_diff_get(diff, 0);
    g_autoptr(GString) new_text = g_string_new(NULL);
    unsigned n_removed = 0;

    g_assert_cmpuint(nsk_letter_diff_count(diff), ==, 2);
    g_assert_cmpint(change->kind, ==, NSK_CHANGE_CHANGED);
    g_assert_cmpstr(change->old_text, ==, "satu dua tiga empat lima");
    for (size_t i = 0; i < change->n_segments; i++) {
        if (change->segments[i].kind != NSK_SEGMENT_REMOVED)
            g_string_append(new_text, change->segments[i].text);
        else
            n_removed++;
    }
    g_assert_cmpstr(new_text->str, ==, change->new_text);
    g_assert_cmpuint(n_removed, ==, 2);
    change = nsk_letter_diff_get(diff, 1);
    g_assert_cmpint(change->kind, ==, NSK_CHANGE_REMOVED);
    g_assert_null(change->new_text);
    g_assert_cmpstr(change->where[NSK_LETTER_WORDS_EN], ==, "body, paragraph 2");
}

/* Many short paragraphs, none alike; and one paragraph of very many words. */
static void
test_hostile_letters_take_bounded_time(void)
{
    g_autoptr(GTimer) timer = g_timer_new();

    for (unsigned shape = 0; shape < 2; shape++) {
        GString *texts[2] = { g_string_new(NULL), g_string_new(NULL) };

        for (unsigned side = 0; side < 2; side++) {
            for (unsigned i = 0; i < (shape == 0 ? 40000 : 200000); i++)
                g_string_append_printf(texts[side], shape == 0 ? "<p>%u x</p>" : "%u ",
                                       i * 2 + side);
            if (shape == 1) {
                g_string_prepend(texts[side], "<p>");
                g_string_append(texts[side], "</p>");
            }
        }
        g_autoptr(NskLetter) a = parse_parts(HEAD, texts[0]->str);
        g_autoptr(NskLetter) b = parse_parts(HEAD, texts[1]->str);
        g_autoptr(NskLetterDiff) diff = nsk_letter_diff(a, b);
        g_assert_cmpuint(nsk_letter_diff_count(diff), >, 0);
        g_string_free(texts[0], TRUE);
        g_string_free(texts[1], TRUE);
    }
    g_test_message("%.2f s", g_timer_elapsed(timer, NULL));
    g_assert_cmpfloat(g_timer_elapsed(timer, NULL), <, 30);
}

static GPtrArray *
chars_of(const char *text)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(g_free);

    for (; *text != '\0'; text++)
        g_ptr_array_add(all, g_strndup(text, 1));
    return all;
}

static void
test_the_longest_is_found(void)
{
    static const struct {
        const char *a;
        const char *b;
        const char *common;
    } lists[] = {
        { "", "", "" },
        { "abc", "", "" },
        { "abc", "abc", "abc" },
        { "abcd", "xyz", "" },
        { "abcbdab", "bdcaba", "bdab" },
        { "xaxbx", "yaybyy", "ab" },
        { "aaa", "aa", "aa" },
        { "abxcd", "abycd", "abcd" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autoptr(GPtrArray) a = chars_of(lists[i].a);
        g_autoptr(GPtrArray) b = chars_of(lists[i].b);
        g_autoptr(GArray) pairs = nsk_lcs(a, b);

        g_assert_cmpuint(pairs->len, ==, strlen(lists[i].common));
        for (guint k = 0; k < pairs->len; k++) {
            NskPair pair = g_array_index(pairs, NskPair, k);

            g_assert_cmpint(lists[i].a[pair.old_index], ==, lists[i].b[pair.new_index]);
            if (k > 0) {
                g_assert_cmpuint(pair.old_index, >, g_array_index(pairs, NskPair, k - 1).old_index);
                g_assert_cmpuint(pair.new_index, >, g_array_index(pairs, NskPair, k - 1).new_index);
            }
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/letter/diff/changes-read-well", test_changes_read_well);
    g_test_add_func("/letter/diff/rare-parts-are-told", test_rare_parts_are_told);
    g_test_add_func("/letter/diff/segments-hold-both-texts", test_segments_hold_both_texts);
    g_test_add_func("/letter/diff/hostile-letters-take-bounded-time",
                    test_hostile_letters_take_bounded_time);
    g_test_add_func("/letter/lcs/the-longest-is-found", test_the_longest_is_found);
    return g_test_run();
}

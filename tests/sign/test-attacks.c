/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The attacks on signed PDFs known from the literature (universal forgery, incremental saving,
 * wrapping, shadows, certification), each built and refused with its reason.
 */
#include "make-pdf.h"

#include <string.h>

/* A demo with a signed letter of two fields, the first signed. */
typedef struct {
    Demo demo;
    GBytes *base;
    GBytes *pdf;
} Attack;

static void
set_up(Attack *self, gconstpointer data)
{
    demo_set_up(&self->demo, data);
    self->base = make_pdf(&(MakePdf){ .n_fields = 2 });
    self->pdf = make_signed(self->base, self->demo.signer, "signatory-1");
}

static void
tear_down(Attack *self, gconstpointer data)
{
    g_bytes_unref(self->base);
    g_bytes_unref(self->pdf);
    demo_tear_down(&self->demo, data);
}

/* Asserts that @pdf is INVALID for the reason @tag. */
static void
assert_refused(const Attack *self, GBytes *pdf, const char *tag)
{
    g_autoptr(NskVerdict) verdict = judge(&self->demo, pdf);
    g_autofree char *tags = list_tags(verdict);
    g_autofree char *shown = g_strescape(tags, NULL);

    g_test_message("expecting %s: %s", tag, shown);
    g_assert_cmpint(verdict->result, ==, NSK_VERDICT_INVALID);
    g_assert_true(has_tag(verdict, tag));
}

static GBytes *
with_byte(GBytes *pdf, size_t at, uint8_t xor)
{
    gsize size;
    const void *data = g_bytes_get_data(pdf, &size);
    uint8_t *copy = g_memdup2(data, size);

    g_assert_cmpuint(at, <, size);
    copy[at] ^= xor;
    return g_bytes_new_take(copy, size);
}

/* Any one byte changed anywhere in the file: never VALID, never UNSIGNED.  Inside the signature's
 * own bytes the issuer's certificate may be what breaks, which nobody then vouches for. */
static void
test_every_changed_byte_is_refused(Attack *self, G_GNUC_UNUSED gconstpointer data)
{
    size_t size = g_bytes_get_size(self->pdf);
    size_t gap = find_text(self->pdf, "/Contents<") + 9;
    size_t checked = 0;
    size_t step;

    for (size_t at = 8; at < size; at += step, checked++) {
        g_autoptr(GBytes) changed = with_byte(self->pdf, at, (uint8_t)(1u << (at % 7)));
        g_autoptr(NskVerdict) verdict = NULL;
        bool in_gap = at > gap && at <= gap + 32768;

        step = at > gap + 4000 && at < gap + 32000 ? 977 : 5;
        g_assert_true(nsk_sign_verify(changed, self->demo.trust, TEST_NOW, &verdict, NULL));
        if (in_gap && verdict->result == NSK_VERDICT_INDETERMINATE)
            continue;
        if (verdict->result != NSK_VERDICT_INVALID)
            g_test_message("byte %zu gives %s", at, nsk_verdict_result_name(verdict->result));
        g_assert_cmpint(verdict->result, ==, NSK_VERDICT_INVALID);
    }
    g_test_message("%zu bytes changed", checked);
    g_assert_cmpuint(checked, >, 500);
}

/* What the signature does not cover is its own digits: each must be one, and of one case. */
static void
test_digits_are_plain(Attack *self, G_GNUC_UNUSED gconstpointer data)
{
    static const char blanks[] = { ' ', '\n' };
    size_t gap = find_text(self->pdf, "/Contents<") + 9;
    const char *file = g_bytes_get_data(self->pdf, NULL);
    size_t letter = gap + 1;

    while (!g_ascii_isalpha(file[letter]))
        letter++;
    g_autoptr(GBytes) other_case = with_byte(self->pdf, letter, 0x20);
    assert_refused(self, other_case, "pdf-contents");
    for (size_t i = 0; i < G_N_ELEMENTS(blanks); i++) {
        uint8_t mask = (uint8_t)(file[gap + 32000] ^ blanks[i]);
        g_autoptr(GBytes) blank = with_byte(self->pdf, gap + 32000, mask);

        assert_refused(self, blank, "pdf-contents");
    }
}

static void
test_padding_is_refused(Attack *self, G_GNUC_UNUSED gconstpointer data)
{
    size_t end = find_text(self->pdf, "00>>>") + 1;
    g_autoptr(GBytes) changed = with_byte(self->pdf, end, 1); /* the last digit, now 1 */

    assert_refused(self, changed, "cms-padding");
}

/* Universal signature forgery: parts of the dictionary taken away. */
static void
test_broken_dictionaries_are_refused(Attack *self, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *from;
        const char *to;
        const char *tag;
    } cases[] = {
        { "/ByteRange[0 ", "/ByteRanga[0 ", "pdf-byte-range" },
        { "/ByteRange[0 ", "/ByteRange[1 ", "pdf-byte-range" },
        { "/ByteRange[0 ", "/ByteRange[  ", "pdf-byte-range" },
        { "/ByteRange[0 ", "/ByteRange[-0", "pdf-byte-range" },
        { "/Contents<", "/Contentz<", "pdf-contents" },
        { "/SubFilter/ETSI.CAdES.detached", "/SubFilter/ETSI.CAdES.detachet", "pdf-subfilter" },
        { "/SubFilter/ETSI.CAdES.detached", "/SubFilter/adbe.pkcs7.sha1    ", "pdf-subfilter" },
        { "/V 21 0 R>>", "/X 21 0 R>>", "pdf-orphan-signature" },
        { "/V 21 0 R>>", "/V null  >>", "pdf-orphan-signature" },
        { "/V 21 0 R>>", "/V 20 0 R>>", "pdf-signature-dictionary" },
        { "/V 21 0 R>>", "/V 7 0 R >>", "pdf-signature-dictionary" },
        { "/AcroForm 6 0 R", "/AcroFork 6 0 R", "pdf-orphan-signature" },
        { "/Type/Sig/", "/Type/Sog/", "cms-digest" },
        { "/M(D:2026", "/M(D:2025", "cms-digest" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) changed = make_replaced(self->pdf, cases[i].from, cases[i].to);

        assert_refused(self, changed, cases[i].tag);
    }
}

/* Contents null, empty, or of blanks, with the file's length kept. */
static void
test_null_contents_is_refused(Attack *self, G_GNUC_UNUSED gconstpointer data)
{
    size_t at = find_text(self->pdf, "/Contents<") + 9;
    gsize size;
    const char *bytes = g_bytes_get_data(self->pdf, &size);
    static const char *const values[] = { "null", "<>", "()", "<00>", "[]", "<0>" };

    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        char *copy = g_memdup2(bytes, size);

        memset(copy + at, ' ', 2 * 16384 + 2);
        memcpy(copy + at + 1, values[i], strlen(values[i]));
        g_autoptr(GBytes) changed = g_bytes_new_take(copy, size);
        assert_refused(self, changed, i == 3 ? "pdf-byte-range" : "pdf-contents");
    }
}

/* A hole: ByteRange leaves out more than Contents. */
static void
test_hole_is_refused(Attack *self, G_GNUC_UNUSED gconstpointer data)
{
    size_t range = find_text(self->pdf, "/ByteRange[") + 11;
    gsize size;
    const char *bytes = g_bytes_get_data(self->pdf, &size);
    uint64_t numbers[4];
    g_autofree char *copied = g_strndup(bytes + range, 40);
    char *at = copied;

    for (size_t i = 0; i < 4; i++)
        numbers[i] = g_ascii_strtoull(at, &at, 10);
    static const struct {
        int a, b, c;
        const char *tag;
    } cases[] = {
        { -1, 0, 0, "pdf-byte-range" },   { 0, 1, -1, "pdf-byte-range" },
        { -20, 9, -9, "pdf-byte-range" }, { 0, 0, 1, "pdf-byte-range" },
        { 0, 0, -7, "pdf-coverage" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *copy = g_memdup2(bytes, size);
        g_autofree char *text = g_strdup_printf(
            "0 %lu %lu %lu]", numbers[1] + (unsigned long)cases[i].a,
            numbers[2] + (unsigned long)cases[i].b, numbers[3] + (unsigned long)cases[i].c);

        memset(copy + range, ' ', 46);
        memcpy(copy + range, text, strlen(text));
        g_autoptr(GBytes) changed = g_bytes_new_take(copy, size);
        assert_refused(self, changed, cases[i].tag);
    }
}

/* Incremental saving: every way to change what is seen after the signature. */
static const struct {
    MakeObject objects[3];
    size_t n;
    const char *trailer;
    const char *tag;
} later_changes[] = {
    /* another content of the page */
    { { { 4, "<</Length 3>>\nstream\nq Q\nendstream" } }, 1, "", "pdf-change" },
    /* another font */
    { { { 5, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>" } }, 1, "", "pdf-change" },
    /* another page tree */
    { { { 2, "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>" } }, 1, "", "pdf-change" },
    /* the page with another content, in a new object */
    { { { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 30 0 R"
             "/Resources<</Font<</F1 5 0 R>>>>/Annots[8 0 R 9 0 R]>>" },
        { 30, "<</Length 3>>\nstream\nq Q\nendstream" } },
      2,
      "",
      "pdf-change" },
    /* an annotation over the page */
    { { { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
             "/Resources<</Font<</F1 5 0 R>>>>/Annots[8 0 R 9 0 R 30 0 R]>>" },
        { 30, "<</Type/Annot/Subtype/Square/Rect[0 0 595 842]>>" } },
      2,
      "",
      "pdf-change" },
    /* a new field with a large look */
    { { { 6, "<</Fields[8 0 R 9 0 R 30 0 R]/SigFlags 3>>" },
        { 30, "<</Type/Annot/Subtype/Widget/FT/Sig/T(x)/Rect[0 0 595 842]/P 3 0 R>>" } },
      2,
      "",
      "pdf-change" },
    /* the look of the signed field */
    { { { 7, "<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Length 3>>\nstream\nq Q\nendstream" } },
      1,
      "",
      "pdf-change" },
    /* the empty field moved without being signed */
    { { { 9, "<</Type/Annot/Subtype/Widget/FT/Sig/T(signatory-2)/F 4/P 3 0 R"
             "/Rect[0 0 595 842]/AP<</N 7 0 R>>>>" } },
      1,
      "",
      "pdf-change" },
    /* the catalog: a script on opening */
    { { { 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/OpenAction<</S/JavaScript/JS(x)>>>>" } },
      1,
      "",
      "pdf-change" },
    /* the catalog: other pages */
    { { { 1, "<</Type/Catalog/Pages 30 0 R/AcroForm 6 0 R>>" },
        { 30, "<</Type/Pages/Kids[]/Count 0>>" } },
      2,
      "",
      "pdf-change" },
    /* another catalog altogether: the form is gone, and the signature with it */
    { { { 30, "<</Type/Catalog/Pages 2 0 R>>" } }, 1, "/Info 30 0 R", "pdf-change" },
    /* the signed field loses its signature */
    { { { 8, "<</Type/Annot/Subtype/Widget/FT/Sig/T(signatory-1)/F 4/P 3 0 R"
             "/Rect[300 100 500 160]/AP<</N 7 0 R>>>>" } },
      1,
      "",
      "pdf-signature-removed" },
    /* the form loses the signed field */
    { { { 6, "<</Fields[9 0 R]/SigFlags 3>>" } }, 1, "", "pdf-signature-removed" },
    /* the signature dictionary is replaced */
    { { { 21, "<</Type/Sig/Filter/X/SubFilter/ETSI.CAdES.detached>>" } },
      1,
      "",
      "pdf-orphan-signature" },
    /* two fields of one name */
    { { { 6, "<</Fields[8 0 R 9 0 R 30 0 R]/SigFlags 3>>" }, { 30, "<</FT/Sig/T(signatory-1)>>" } },
      2,
      "",
      "pdf-duplicate-field" },
    /* a field twice */
    { { { 6, "<</Fields[8 0 R 9 0 R 8 0 R]/SigFlags 3>>" } }, 1, "", "pdf-duplicate-field" },
    /* a text field to fill in */
    { { { 6, "<</Fields[8 0 R 9 0 R 30 0 R]/SigFlags 3>>" }, { 30, "<</FT/Tx/T(x)/V(y)>>" } },
      2,
      "",
      "pdf-change" },
    /* keys and entries twice */
    { { { 30, "<</A 1/A 2>>" } }, 1, "", "pdf-duplicate" },
    { { { 30, "<</A 1/#41 2>>" } }, 1, "", "pdf-duplicate" },
    { { { 30, "<</A 1>>" } }, 1, "/XRefStm 15", "pdf-hybrid" },
    { { { 30, "<</A 1>>" } }, 1, "/Encrypt<<>>", "pdf-encrypted" },
    { { { 30, "<</A 1>>" } }, 1, "/Root 1 0 R", "pdf-duplicate" },
    /* a bogus signature in the second field */
    { { { 9, "<</Type/Annot/Subtype/Widget/FT/Sig/T(signatory-2)/F 4/P 3 0 R"
             "/Rect[300 180 500 240]/AP<</N 7 0 R>>/V 30 0 R>>" },
        { 30, "<</Type/Sig/SubFilter/ETSI.CAdES.detached/Contents<00>/ByteRange[0 1 5 9]>>" } },
      2,
      "",
      "pdf-byte-range" },
};

static void
test_later_changes_are_refused(Attack *self, G_GNUC_UNUSED gconstpointer data)
{
    for (size_t i = 0; i < G_N_ELEMENTS(later_changes); i++) {
        g_autoptr(GBytes) changed = make_update(self->pdf, later_changes[i].objects,
                                                later_changes[i].n, later_changes[i].trailer);

        g_test_message("case %zu", i);
        assert_refused(self, changed, later_changes[i].tag);
    }
}

/* Bytes behind the end, with and without a form that another reader might find. */
static void
test_bytes_behind_the_end_are_refused(Attack *self, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *text;
        const char *tag;
    } cases[] = {
        { "\n\n\n", "pdf-trailing" },
        { "4 0 obj\n<</Length 3>>\nstream\nq Q\nendstream\nendobj\n", "pdf-trailing" },
        { "startxref\n795\n%%EOF\n", "pdf-xref" },
        { "startxref\n0\n%%EOF\n", "pdf-xref" },
        { "%%EOF\n", "pdf-trailing" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) longer = g_byte_array_new();

        g_byte_array_append(longer, g_bytes_get_data(self->pdf, NULL),
                            (guint)g_bytes_get_size(self->pdf));
        g_byte_array_append(longer, (const uint8_t *)cases[i].text, (guint)strlen(cases[i].text));
        g_autoptr(GBytes) changed = g_bytes_new(longer->data, longer->len);
        assert_refused(self, changed, cases[i].tag);
    }
}

/* Wrapping: the signed second part is moved to the end, new objects come between. */
static void
test_wrapping_is_refused(Attack *self, G_GNUC_UNUSED gconstpointer data)
{
    gsize size;
    const char *bytes = g_bytes_get_data(self->pdf, &size);
    size_t gap = find_text(self->pdf, "/Contents<") + 9;
    size_t second = gap + 2 * 16384 + 2;
    const char *middle = ">>\nendobj\n4 0 obj\n<</Length 3>>\nstream\nq Q\nendstream\nendobj\n";
    g_autoptr(GString) wrapped = g_string_new_len(bytes, (gssize)second);

    g_string_append(wrapped, middle);
    g_string_append_len(wrapped, bytes + second, (gssize)(size - second));
    g_autofree char *range =
        g_strdup_printf("[0 %zu %zu %zu]", gap, second + strlen(middle), (size_t)(size - second));
    size_t at = find_text(self->pdf, "/ByteRange[") + 10;
    memset(wrapped->str + at, ' ', 48);
    memcpy(wrapped->str + at, range, strlen(range));
    g_autoptr(GBytes) changed = g_bytes_new(wrapped->str, wrapped->len);
    g_autoptr(NskVerdict) verdict = judge(&self->demo, changed);
    g_assert_cmpint(verdict->result, ==, NSK_VERDICT_INVALID);
}

/* Shadow: the base leaves a place open that a later update fills. */
static void
test_open_places_are_not_filled(Attack *self, G_GNUC_UNUSED gconstpointer data)
{
    static const MakeObject late = { 30,
                                     "<</Type/XObject/Subtype/Form/Length 0>>stream\n\nendstream" };
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 1, .page = "/PieceInfo 30 0 R" });
    g_autoptr(GBytes) done = make_signed(base, self->demo.signer, "signatory-1");
    g_autoptr(GBytes) filled = make_update(done, &late, 1, "");
    g_autoptr(NskVerdict) before = judge(&self->demo, done);

    g_assert_cmpint(before->result, ==, NSK_VERDICT_VALID);
    assert_refused(self, filled, "pdf-change");
}

/* Shadow: the update names an object that lies, unused, in the signed bytes. */
static void
test_old_bytes_do_not_come_alive(Attack *self, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) changed = make_update(self->pdf, NULL, 0, "");
    gsize size;
    g_autofree char *text = g_memdup2(g_bytes_get_data(changed, &size), g_bytes_get_size(changed));
    g_autoptr(GString) out = g_string_new_len(text, (gssize)size);
    size_t start = out->len;

    /* object 4 now at the place of object 7, which is another object */
    g_string_append_printf(out,
                           "xref\n4 1\n%010zu 00000 n \ntrailer\n<</Size 22/Root 1 0 R/Prev %zu>>\n"
                           "startxref\n%zu\n%%%%EOF\n",
                           find_text(self->pdf, "7 0 obj"),
                           (size_t)(g_strrstr_len(text, (gssize)size, "xref\n0 1") - text), start);
    g_autoptr(GBytes) pdf = g_bytes_new(out->str, out->len);
    assert_refused(self, pdf, "pdf-xref");
}

/* What may be added: validation data, and an invisible document time stamp. */
static void
test_allowed_updates_stay_valid(Attack *self, G_GNUC_UNUSED gconstpointer data)
{
    static const MakeObject dss[] = {
        { 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/DSS 30 0 R>>" },
        { 30, "<</Certs[31 0 R]>>" },
        { 31, "<</Length 3>>\nstream\nabc\nendstream" },
    };
    static const MakeObject more = { 30, "<</Certs[31 0 R]/CRLs[]>>" };
    g_autoptr(GBytes) once = make_update(self->pdf, dss, G_N_ELEMENTS(dss),
                                         "/ID[<00112233445566778899AABBCCDDEEFF><00>]");
    g_autoptr(GBytes) again = make_update(once, &more, 1, "");
    g_autoptr(GBytes) twice = make_signed(again, self->demo.signer, "signatory-2");
    GBytes *cases[] = { once, again, twice };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskVerdict) verdict = judge(&self->demo, cases[i]);
        g_autofree char *tags = list_tags(verdict);

        g_test_message("%s", tags);
        g_assert_cmpint(verdict->result, ==, NSK_VERDICT_VALID);
        const NskSignature *first = g_ptr_array_index(verdict->signatures, 0);
        g_assert_true(first->trusted);
        g_assert_false(first->covers_document);
    }
}

/* Validation data that shares an object with the page is no way to change the page. */
static void
test_validation_data_cannot_reach_a_page(Attack *self, G_GNUC_UNUSED gconstpointer data)
{
    static const MakeObject share[] = {
        { 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/DSS<</Certs 4 0 R/CRLs 5 0 R>>>>" },
    };
    static const MakeObject change = { 5, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>" };
    g_autoptr(GBytes) shared = make_update(self->pdf, share, 1, "");
    g_autoptr(GBytes) changed = make_update(shared, &change, 1, "");

    assert_refused(self, changed, "pdf-change");
}

/* A signature over the whole file, but by somebody else's authority of the same name. */
static void
test_same_names_are_not_trusted(Attack *self, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(NskDemoAuthority) fake = nsk_demo_authority_new(TEST_NOW, NULL);
    g_autoptr(NskIdentity) signer = demo_identity(fake, "Sekar Wulandari", 0);
    g_autoptr(GBytes) done = make_signed(self->base, signer, "signatory-1");
    g_autoptr(NskVerdict) verdict = judge(&self->demo, done);

    g_assert_cmpint(verdict->result, ==, NSK_VERDICT_INDETERMINATE);
    g_assert_true(has_tag(verdict, "cms-chain"));
}

/* Every cut of the file is survived; a cut that leaves the base is the base. */
static void
test_every_cut_is_survived(Attack *self, G_GNUC_UNUSED gconstpointer data)
{
    size_t size = g_bytes_get_size(self->pdf), base = g_bytes_get_size(self->base);

    for (size_t cut = 0; cut<size; cut += cut> base + 400 && cut < size - 600 ? 509 : 11) {
        g_autoptr(GBytes) part = g_bytes_new_from_bytes(self->pdf, 0, cut);
        g_autoptr(NskVerdict) verdict = NULL;
        g_autoptr(GError) error = NULL;

        if (!nsk_sign_verify(part, self->demo.trust, TEST_NOW, &verdict, &error)) {
            g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
            continue;
        }
        g_assert_cmpint(verdict->result, !=, NSK_VERDICT_VALID);
        g_assert_true(verdict->result == NSK_VERDICT_INVALID || cut == base || cut == base - 1);
    }
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*run)(Attack *, gconstpointer);
    } tests[] = {
        { "/sign/attack/every-changed-byte-is-refused", test_every_changed_byte_is_refused },
        { "/sign/attack/digits-are-plain", test_digits_are_plain },
        { "/sign/attack/every-cut-is-survived", test_every_cut_is_survived },
        { "/sign/attack/padding-is-refused", test_padding_is_refused },
        { "/sign/attack/broken-dictionaries-are-refused", test_broken_dictionaries_are_refused },
        { "/sign/attack/null-contents-is-refused", test_null_contents_is_refused },
        { "/sign/attack/hole-is-refused", test_hole_is_refused },
        { "/sign/attack/later-changes-are-refused", test_later_changes_are_refused },
        { "/sign/attack/bytes-behind-the-end-are-refused", test_bytes_behind_the_end_are_refused },
        { "/sign/attack/wrapping-is-refused", test_wrapping_is_refused },
        { "/sign/attack/open-places-are-not-filled", test_open_places_are_not_filled },
        { "/sign/attack/old-bytes-do-not-come-alive", test_old_bytes_do_not_come_alive },
        { "/sign/attack/validation-data-cannot-reach-a-page",
          test_validation_data_cannot_reach_a_page },
        { "/sign/attack/same-names-are-not-trusted", test_same_names_are_not_trusted },
        { "/sign/allowed/updates-stay-valid", test_allowed_updates_stay_valid },
    };

    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Attack, NULL, set_up, tests[i].run, tear_down);
    return g_test_run();
}

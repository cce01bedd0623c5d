/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What others add behind a signature: fields that a signing service brings along, fills and
 * annotations that certifications and locks forbid or allow, and forged validation data.
 */
#include "make-levels.h"

#include <string.h>

#define PAGE(annots)                                                                               \
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"                               \
    "/Resources<</Font<</F1 5 0 R>>>>/Annots[" annots "]>>"
#define FIELD(rect)                                                                                \
    "<</Type/Annot/Subtype/Widget/FT/Sig/T(layanan)/F 132/P 3 0 R/Rect[" rect "]/V 31 0 R"         \
    "/AP<</N 32 0 R>>>>"
#define LOOK "<</Type/XObject/Subtype/Form/BBox[0 0 90 90]/Length 3>>\nstream\nq Q\nendstream"

static void
assert_result(const Demo *demo, GBytes *pdf, NskVerdictResult result, const char *tag)
{
    g_autoptr(NskVerdict) verdict = judge(demo, pdf);
    g_autofree char *tags = list_tags(verdict);

    g_test_message("expecting %s: %s", tag, tags);
    g_assert_cmpint(verdict->result, ==, result);
    g_assert_true(has_tag(verdict, tag));
}

/* As a service does that signs whole documents: its field, its look, and its name in Info. */
static void
test_service_brings_its_field(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const MakeObject objects[] = {
        { 3, PAGE("8 0 R 30 0 R") },
        { 6, "<</Fields[8 0 R 30 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g )/DR<<>>>>" },
        { 20, "<</Producer(Layanan)/Title(Surat)/ModDate(D:20260722090000Z)>>" },
        { 30, FIELD("60 600 150 690") },
        { 32, LOOK },
    };
    static const MakePdf how = { .n_fields = 1,
                                 .trailer = "/Info 20 0 R",
                                 .extra = "<</Producer(Naskah)/Title(Surat)>>" };
    g_autoptr(GBytes) base = make_pdf(&how);
    g_autoptr(GBytes) once = make_signed(base, demo->signer, "signatory-1");
    MakePdf same = how;
    g_autoptr(GBytes) unsigned_one = make_pdf(&same);
    g_autoptr(GBytes) only = make_foreign(demo, unsigned_one, objects, G_N_ELEMENTS(objects), "");
    g_autoptr(NskVerdict) first = judge(demo, only);
    g_autofree char *tags = list_tags(first);

    g_test_message("%s", tags);
    g_assert_cmpint(first->result, ==, NSK_VERDICT_VALID); /* nothing was signed before it */
    g_assert_false(has_tag(first, "pdf-new-field"));
    g_autoptr(GBytes) twice = make_foreign(demo, once, objects, G_N_ELEMENTS(objects), "");
    assert_result(demo, twice, NSK_VERDICT_VALID, "pdf-new-field");
}

/* The same rule refuses what a service has no need of. */
static const struct {
    MakeObject objects[5];
    size_t n;
    const char *tag;
} too_much[] = {
    /* larger than a signature */
    { { { 3, PAGE("8 0 R 30 0 R") },
        { 6, "<</Fields[8 0 R 30 0 R]/SigFlags 3>>" },
        { 30, FIELD("0 0 595 842") },
        { 32, LOOK } },
      4,
      "pdf-change" },
    /* over the field that was signed before */
    { { { 3, PAGE("8 0 R 30 0 R") },
        { 6, "<</Fields[8 0 R 30 0 R]/SigFlags 3>>" },
        { 30, FIELD("310 110 400 150") },
        { 32, LOOK } },
      4,
      "pdf-change" },
    /* two fields at once */
    { { { 3, PAGE("8 0 R 30 0 R 33 0 R") },
        { 6, "<</Fields[8 0 R 30 0 R]/SigFlags 3>>" },
        { 30, FIELD("60 600 150 690") },
        { 32, LOOK },
        { 33, FIELD("60 500 150 590") } },
      5,
      "pdf-change" },
    /* with another page content */
    { { { 3, PAGE("8 0 R 30 0 R") },
        { 4, "<</Length 3>>\nstream\nq Q\nendstream" },
        { 6, "<</Fields[8 0 R 30 0 R]/SigFlags 3>>" },
        { 30, FIELD("60 600 150 690") },
        { 32, LOOK } },
      5,
      "pdf-change" },
    /* before the old one, which changes the order */
    { { { 3, PAGE("30 0 R 8 0 R") },
        { 6, "<</Fields[8 0 R 30 0 R]/SigFlags 3>>" },
        { 30, FIELD("60 600 150 690") },
        { 32, LOOK } },
      4,
      "pdf-change" },
    /* with an action */
    { { { 3, PAGE("8 0 R 30 0 R") },
        { 6, "<</Fields[8 0 R 30 0 R]/SigFlags 3>>" },
        { 30, "<</Type/Annot/Subtype/Widget/FT/Sig/T(layanan)/P 3 0 R/Rect[60 600 150 690]"
              "/V 31 0 R/A<</S/URI/URI(http://x.invalid)>>>>" },
        { 32, LOOK } },
      4,
      "pdf-change" },
    /* a text field beside it */
    { { { 3, PAGE("8 0 R 30 0 R") },
        { 6, "<</Fields[8 0 R 30 0 R 33 0 R]/SigFlags 3>>" },
        { 30, FIELD("60 600 150 690") },
        { 32, LOOK },
        { 33, "<</FT/Tx/T(isi)/V(x)>>" } },
      5,
      "pdf-change" },
    /* the look of the field that was signed before */
    { { { 3, PAGE("8 0 R 30 0 R") },
        { 6, "<</Fields[8 0 R 30 0 R]/SigFlags 3>>" },
        { 7, LOOK },
        { 30, FIELD("60 600 150 690") },
        { 32, LOOK } },
      5,
      "pdf-change" },
    /* the form draws itself anew */
    { { { 3, PAGE("8 0 R 30 0 R") },
        { 6, "<</Fields[8 0 R 30 0 R]/SigFlags 3/NeedAppearances true>>" },
        { 30, FIELD("60 600 150 690") },
        { 32, LOOK } },
      4,
      "pdf-change" },
};

static void
test_service_may_do_no_more(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 1 });
    g_autoptr(GBytes) once = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GBytes) certified = make_certified(base, demo->signer, "signatory-1");
    static const MakeObject good[] = {
        { 3, PAGE("8 0 R 30 0 R") },
        { 6, "<</Fields[8 0 R 30 0 R]/SigFlags 3>>" },
        { 30, FIELD("60 600 150 690") },
        { 32, LOOK },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(too_much); i++) {
        g_autoptr(GBytes) pdf = make_foreign(demo, once, too_much[i].objects, too_much[i].n, "");

        g_test_message("case %zu", i);
        assert_result(demo, pdf, NSK_VERDICT_INVALID, too_much[i].tag);
    }
    /* after a certification no field may come */
    g_autoptr(GBytes) after = make_foreign(demo, certified, good, G_N_ELEMENTS(good), "");
    assert_result(demo, after, NSK_VERDICT_INVALID, "pdf-change");
    /* and without a signature that holds, none at all */
    g_autoptr(GBytes) fine = make_foreign(demo, once, good, G_N_ELEMENTS(good), "");
    g_autoptr(GBytes) broken = make_replaced(fine, "/T(layanan)", "/T(Layanan)");
    assert_result(demo, broken, NSK_VERDICT_INVALID, "cms-digest");
}

#define REFERENCE(method, params)                                                                  \
    "/Reference[<</Type/SigRef/TransformMethod/" method                                            \
    "/TransformParams<</Type/TransformParams" params ">>>>]"

/* The first signature as others make it, with @keys. */
static GBytes *
make_locked(const Demo *demo, const char *keys)
{
    static const MakeObject fill = { 8,
                                     "<</Type/Annot/Subtype/Widget/FT/Sig/T(signatory-1)/F 4"
                                     "/P 3 0 R/Rect[300 100 500 160]/AP<</N 7 0 R>>/V 31 0 R>>" };
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 2 });

    return make_foreign(demo, base, &fill, 1, keys);
}

static void
test_locks_are_kept(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *keys;
        NskError code; /* when the second field is to be signed; 0: it may be */
    } cases[] = {
        { "", 0 },
        { REFERENCE("DocMDP", "/P 2/V/1.2"), 0 },
        { REFERENCE("DocMDP", "/P 3/V/1.2"), 0 },
        { REFERENCE("DocMDP", "/V/1.2"), 0 },
        { REFERENCE("DocMDP", "/P 1/V/1.2"), NSK_ERROR_INTERNAL },
        { REFERENCE("DocMDP", "/P 9/V/1.2"), NSK_ERROR_INTERNAL },
        { REFERENCE("FieldMDP", "/Action/All/V/1.2"), NSK_ERROR_INTERNAL },
        { REFERENCE("FieldMDP", "/Action/Include/Fields[(signatory-2)]"), NSK_ERROR_INTERNAL },
        { REFERENCE("FieldMDP", "/Action/Include/Fields[(signatory-1)]"), 0 },
        { REFERENCE("FieldMDP", "/Action/Exclude/Fields[(signatory-2)]"), 0 },
        { REFERENCE("FieldMDP", "/Action/Exclude/Fields[(lain)]"), NSK_ERROR_INTERNAL },
        { REFERENCE("FieldMDP", "/Action/Lain"), NSK_ERROR_INTERNAL },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) once = make_locked(demo, cases[i].keys);
        g_autoptr(NskVerdict) verdict = judge(demo, once);
        NskSignRequest request = { .field = "signatory-2",
                                   .chain = nsk_identity_get_chain(demo->signer),
                                   .at = TEST_NOW };
        g_autoptr(GError) error = NULL;
        g_autoptr(NskSigning) signing = nsk_sign_prepare(once, &request, &error);

        g_test_message("case %zu: %s", i, cases[i].keys);
        g_assert_cmpint(verdict->result, ==, NSK_VERDICT_VALID);
        g_assert_no_error(error);
        g_autoptr(GBytes) value =
            nsk_identity_sign(demo->signer, 0, nsk_signing_get_digest(signing), NULL);
        g_autoptr(GBytes) twice = nsk_sign_complete(signing, value, &error);
        if (cases[i].code == 0)
            g_assert_no_error(error);
        else
            g_assert_error(error, NSK_ERROR, (int)cases[i].code);
    }
}

/* An annotation is refused, but where a certification allows it the reader must look. */
static void
test_annotations_are_told(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *keys;
        const char *annotation;
        NskVerdictResult result;
        const char *tag;
    } cases[] = {
        { REFERENCE("DocMDP", "/P 3"), "<</Type/Annot/Subtype/Text/Rect[9 9 30 30]>>",
          NSK_VERDICT_INDETERMINATE, "pdf-annotation" },
        { REFERENCE("DocMDP", "/P 2"), "<</Type/Annot/Subtype/Text/Rect[9 9 30 30]>>",
          NSK_VERDICT_INVALID, "pdf-change" },
        { "", "<</Type/Annot/Subtype/Text/Rect[9 9 30 30]>>", NSK_VERDICT_INVALID, "pdf-change" },
        { REFERENCE("DocMDP", "/P 3"),
          "<</Type/Annot/Subtype/Link/Rect[9 9 30 30]/A<</S/URI/URI(x)>>>>", NSK_VERDICT_INVALID,
          "pdf-change" },
        { REFERENCE("DocMDP", "/P 3"), "<</Type/Annot/Subtype/Widget/Rect[9 9 30 30]>>",
          NSK_VERDICT_INVALID, "pdf-change" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) once = make_locked(demo, cases[i].keys);
        const MakeObject objects[] = { { 3, PAGE("8 0 R 9 0 R 33 0 R") },
                                       { 33, cases[i].annotation } };
        g_autoptr(GBytes) pdf =
            make_update(once, objects, 2, "/ID[<00112233445566778899AABBCCDDEEFF><02>]");

        g_test_message("case %zu", i);
        assert_result(demo, pdf, cases[i].result, cases[i].tag);
    }
}

/* Forged validation data and time stamps of a sealed letter. */
static void
test_validation_data_is_kept(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *dss; /* NULL: the catalog without any */
    } cases[] = { { NULL },
                  { "<<>>" },
                  { "<</Certs[]/CRLs[]/OCSPs[]>>" },
                  { "<</Certs null>>" },
                  { "<</Certs[30 0 R]>>" },
                  { "[]" },
                  { "<</Certs 4 0 R>>" } };
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 2 });
    g_autoptr(GBytes) sealed = make_lta(demo, base, "signatory-1", TEST_NOW - TEST_DAY);
    g_autoptr(NskVerdict) before = judge(demo, sealed);

    g_assert_cmpint(before->result, ==, NSK_VERDICT_VALID);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *catalog =
            cases[i].dss != NULL
                ? g_strdup_printf("<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/DSS %s>>",
                                  cases[i].dss)
                : g_strdup("<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>");
        const MakeObject object = { 1, catalog };
        g_autoptr(GBytes) pdf =
            make_update(sealed, &object, 1, "/ID[<00112233445566778899AABBCCDDEEFF><03>]");

        g_test_message("case %zu", i);
        assert_result(demo, pdf, NSK_VERDICT_INVALID, "pdf-change");
    }
}

/* A token made for something else, inside the signature and as the document's. */
static void
test_tokens_of_others_are_refused(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 2 });
    g_autoptr(GBytes) b = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GBytes) other = make_signed(base, demo->signer, "signatory-2");
    g_autoptr(GBytes) t = make_stamped(demo, b, "signatory-1", TEST_NOW);
    g_autoptr(GBytes) other_t = make_stamped(demo, other, "signatory-2", TEST_NOW);
    g_autoptr(GBytes) sealed = make_sealed(demo, b, TEST_NOW);
    g_autoptr(GBytes) other_sealed = make_sealed(demo, other, TEST_NOW);
    gsize size;

    /* the whole CMS of the other signature */
    const char *from = (const char *)g_bytes_get_data(other_t, NULL);
    char *copy = g_memdup2(g_bytes_get_data(t, &size), g_bytes_get_size(t));
    memcpy(copy + find_text(t, "/Contents<"), from + find_text(other_t, "/Contents<"), 32000);
    g_autoptr(GBytes) swapped = g_bytes_new_take(copy, size);
    assert_result(demo, swapped, NSK_VERDICT_INVALID, "cms-digest");
    /* the document time stamp of the other file */
    size_t at = find_text(sealed, "ETSI.RFC3161"),
           other_at = find_text(other_sealed, "ETSI.RFC3161");
    from = (const char *)g_bytes_get_data(other_sealed, NULL);
    copy = g_memdup2(g_bytes_get_data(sealed, &size), g_bytes_get_size(sealed));
    memcpy(copy + at + 100, from + other_at + 100, 8000);
    g_autoptr(GBytes) moved = g_bytes_new_take(copy, size);
    assert_result(demo, moved, NSK_VERDICT_INVALID, "pdf-time-stamp");
}

/* Any byte of a sealed letter: changed, the letter is not good, or its time stamp proves nothing
 * any more and that is told. */
static void
test_every_byte_is_sealed(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 1 });
    g_autoptr(GBytes) sealed = make_lta(demo, base, "signatory-1", TEST_NOW - TEST_DAY);
    gsize size;
    const uint8_t *bytes = g_bytes_get_data(sealed, &size);
    size_t gap = find_text(sealed, "ETSI.RFC3161");
    size_t checked = 0;

    for (size_t at = 8; at<size; at += at> gap && at < gap + 8000 ? 67 : 331, checked++) {
        uint8_t *copy = g_memdup2(bytes, size);
        copy[at] ^= 4;
        g_autoptr(GBytes) changed = g_bytes_new_take(copy, size);
        g_autoptr(NskVerdict) verdict = NULL;

        g_assert_true(nsk_sign_verify(changed, demo->trust, TEST_NOW, &verdict, NULL));
        if (verdict->result == NSK_VERDICT_VALID) {
            g_test_message("byte %zu of %zu", at, (size_t)size);
            g_assert_cmpuint(at, >, gap);
            g_assert_true(has_tag(verdict, "pdf-time-stamp") ||
                          has_tag(verdict, "pdf-certificate") ||
                          has_tag(verdict, "cms-unsigned-attribute"));
        }
    }
    g_assert_cmpuint(checked, >, 250);
}

int
main(int argc, char **argv)
{
    static const DemoTest tests[] = {
        { "/sign/later/service-brings-its-field", test_service_brings_its_field },
        { "/sign/later/service-may-do-no-more", test_service_may_do_no_more },
        { "/sign/later/locks-are-kept", test_locks_are_kept },
        { "/sign/later/annotations-are-told", test_annotations_are_told },
        { "/sign/later/validation-data-is-kept", test_validation_data_is_kept },
        { "/sign/later/tokens-of-others-are-refused", test_tokens_of_others_are_refused },
        { "/sign/later/every-byte-is-sealed", test_every_byte_is_sealed },
    };

    return demo_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that were prepared to look otherwise later, or in which more seems to be signed or proven
 * than is: by time stamps that anybody can get, by objects that play two parts, by a signature
 * shown twice, by locks that only the field has, and by time stamps that came too early.
 */
#include "make-levels.h"

#include <string.h>

#define PAGE(annots)                                                                               \
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"                               \
    "/Resources<</Font<</F1 5 0 R>>>>/Annots[" annots "]>>"
#define FORM(fields)    "<</Fields[" fields "]/SigFlags 3>>"
#define LOOK            "<</Type/XObject/Subtype/Form/BBox[0 0 90 90]/Length 3>>\nstream\nq Q\nendstream"
#define FILLED(n, more) "<</Type/Annot/Subtype/Widget/FT/Sig/T(signatory-" n ")/F 4/P 3 0 R" more
#define SECOND(more)    FILLED("2", "/Rect[300 180 500 240]" more)
#define STAMP_FIELD(more)                                                                          \
    "<</Type/Annot/Subtype/Widget/FT/Sig/T(stempel)/F 132/P 3 0 R/V 31 0 R" more ">>"
#define OWN_FIELD(name, value)                                                                     \
    "<</Type/Annot/Subtype/Widget/FT/Sig/T(" name ")/F 132/P 3 0 R/Rect[60 600 150 690]/V " value  \
    "/AP<</N 32 0 R>>>>"

static void
assert_result(const Demo *demo, GBytes *pdf, NskVerdictResult result, const char *tag)
{
    g_autoptr(NskVerdict) verdict = judge_at(demo, pdf, TEST_NOW + TEST_DAY);
    g_autofree char *tags = list_tags(verdict);

    g_test_message("expecting %s: %s", tag != NULL ? tag : "nothing", tags);
    g_assert_cmpint(verdict->result, ==, result);
    g_assert_true(tag == NULL || has_tag(verdict, tag));
}

/* What anybody may add behind a signature must not be seen. */
static void
test_time_stamps_show_nothing(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        MakeObject objects[4];
        size_t n;
        NskVerdictResult result;
    } cases[] = {
        /* the good one: a new field of no size */
        { { { 3, PAGE("8 0 R 9 0 R 30 0 R") },
            { 6, FORM("8 0 R 9 0 R 30 0 R") },
            { 30, STAMP_FIELD("/Rect[0 0 0 0]") } },
          3,
          NSK_VERDICT_VALID },
        /* in the empty field of the second signatory, with a look */
        { { { 9, SECOND("/V 31 0 R/AP<</N 32 0 R>>>>") }, { 32, LOOK } }, 2, NSK_VERDICT_INVALID },
        /* and without */
        { { { 9, SECOND("/V 31 0 R/AP<</N 7 0 R>>>>") } }, 1, NSK_VERDICT_INVALID },
        /* a size that some take for none */
        { { { 3, PAGE("8 0 R 9 0 R 30 0 R") },
            { 6, FORM("8 0 R 9 0 R 30 0 R") },
            { 30, STAMP_FIELD("/Rect[]") } },
          3,
          NSK_VERDICT_INVALID },
        { { { 3, PAGE("8 0 R 9 0 R 30 0 R") },
            { 6, FORM("8 0 R 9 0 R 30 0 R") },
            { 30, STAMP_FIELD("/Rect[0 0 0 0 595 842]") } },
          3,
          NSK_VERDICT_INVALID },
        /* a script when the page comes to sight */
        { { { 3, PAGE("8 0 R 9 0 R 30 0 R") },
            { 6, FORM("8 0 R 9 0 R 30 0 R") },
            { 30, STAMP_FIELD("/Rect[0 0 0 0]/AA<</PV<</S/JavaScript/JS(x)>>>>") } },
          3,
          NSK_VERDICT_INVALID },
        /* a widget apart, which has a size */
        { { { 3, PAGE("8 0 R 9 0 R 30 0 R") },
            { 6, FORM("8 0 R 9 0 R 30 0 R") },
            { 30, STAMP_FIELD("/Rect[0 0 0 0]/Kids[33 0 R]") },
            { 33, "<</Type/Annot/Subtype/Widget/Parent 30 0 R/Rect[0 0 300 300]>>" } },
          4,
          NSK_VERDICT_INVALID },
        /* a field that is a stream as well, which a page could show */
        { { { 3, PAGE("8 0 R 9 0 R 30 0 R") },
            { 6, FORM("8 0 R 9 0 R 30 0 R") },
            { 30, "<</FT/Sig/T(stempel)/V 31 0 R/Rect[0 0 0 0]/Length 3>>\nstream\nq Q\n"
                  "endstream" } },
          3,
          NSK_VERDICT_INVALID },
    };
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 2 });
    g_autoptr(GBytes) once = make_signed(base, demo->signer, "signatory-1");

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) pdf =
            make_foreign_stamp(demo, once, cases[i].objects, cases[i].n, TEST_NOW);

        g_test_message("case %zu", i);
        assert_result(demo, pdf, cases[i].result,
                      cases[i].result == NSK_VERDICT_VALID ? NULL : "pdf-change");
    }
}

/* One list is both the page's annotations and its content: a new entry would be drawn. */
static void
test_two_parts_are_seen(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const MakeObject shared = {
        3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 20 0 R"
           "/Resources<</Font<</F1 5 0 R>>>>/Annots 20 0 R>>"
    };
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 1, .extra = "[4 0 R]" });
    g_autoptr(GBytes) prepared = make_update(base, &shared, 1, "");
    static const MakeObject fill = { 8, FILLED("1", "/Rect[300 100 500 160]/AP<</N 7 0 R>>"
                                                    "/V 31 0 R>>") };
    g_autoptr(GBytes) once = make_foreign(demo, prepared, &fill, 1, "");
    static const MakeObject later[] = {
        { 20, "[4 0 R 40 0 R]" },
        { 6, FORM("8 0 R 40 0 R") },
        { 40, "<</FT/Sig/T(stempel)/V 41 0 R/Rect[0 0 0 0]/Length 3>>\nstream\nq Q\nendstream" },
        { 41, "<</Type/DocTimeStamp/SubFilter/ETSI.RFC3161/Contents<00>/ByteRange[0 1 2 3]>>" },
    };
    g_autoptr(GBytes) forged = make_update(once, later, G_N_ELEMENTS(later), "");

    assert_result(demo, once, NSK_VERDICT_VALID, NULL);
    assert_result(demo, forged, NSK_VERDICT_INVALID, "pdf-change");
}

/* A signature shows once, where it was made. */
static void
test_signature_shows_once(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    /* a service's own field that takes up the signature of before */
    static const MakeObject borrowed[] = {
        { 3, PAGE("8 0 R 9 0 R 30 0 R") },
        { 6, FORM("8 0 R 9 0 R 30 0 R") },
        { 9, SECOND("/AP<</N 7 0 R>>/V 31 0 R>>") },
        { 30, OWN_FIELD("gubernur", "21 0 R") },
        { 32, LOOK },
    };
    /* both empty fields filled with one signature */
    static const MakeObject both[] = {
        { 8, FILLED("1", "/Rect[300 100 500 160]/AP<</N 7 0 R>>/V 31 0 R>>") },
        { 9, SECOND("/AP<</N 7 0 R>>/V 31 0 R>>") },
    };
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 2 });
    g_autoptr(GBytes) once = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GBytes) taken = make_foreign(demo, once, borrowed, G_N_ELEMENTS(borrowed), "");
    g_autoptr(GBytes) twice = make_foreign(demo, base, both, G_N_ELEMENTS(both), "");

    assert_result(demo, taken, NSK_VERDICT_INVALID, "pdf-change");
    assert_result(demo, twice, NSK_VERDICT_INVALID, "pdf-duplicate-field");
}

/* A form with a field to fill in: a default look that came later would draw it anew. */
static void
test_text_fields_get_no_look(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const MakeObject form = { 6, FORM("8 0 R 20 0 R") };
    static const MakeObject fill = { 8, FILLED("1", "/Rect[300 100 500 160]/AP<</N 7 0 R>>"
                                                    "/V 31 0 R>>") };
    static const MakeObject look[] = {
        { 3, PAGE("8 0 R 50 0 R") },
        { 6, "<</Fields[8 0 R 20 0 R 50 0 R]/SigFlags 3/DR<</Font<</Helv 5 0 R>>>>>>" },
        { 50, OWN_FIELD("layanan", "51 0 R") },
        { 32, LOOK },
    };
    g_autoptr(GBytes) base =
        make_pdf(&(MakePdf){ .n_fields = 1, .extra = "<</FT/Tx/T(jumlah)/V(1000)>>" });
    g_autoptr(GBytes) prepared = make_update(base, &form, 1, "");
    g_autoptr(GBytes) once = make_foreign(demo, prepared, &fill, 1, "");
    g_autoptr(GBytes) later = make_foreign(demo, once, look, G_N_ELEMENTS(look), "");

    assert_result(demo, once, NSK_VERDICT_VALID, NULL);
    assert_result(demo, later, NSK_VERDICT_INVALID, "pdf-change");
}

/* The stream of cross-references takes a number that the page left open: it would be its content.
 */
static void
test_open_places_are_not_filled_by_tables(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base =
        make_pdf(&(MakePdf){ .n_fields = 1, .xref_stream = true, .page = "/PieceInfo 60 0 R" });
    g_autoptr(GBytes) once = make_signed(base, demo->signer, "signatory-1");
    gsize size;
    const char *bytes = g_bytes_get_data(once, &size);
    g_autoptr(GString) out = g_string_new_len(bytes, (gssize)size);
    /* text alone stands in the last signs of the file */
    const char *start = g_strrstr_len(bytes + size - 24, 24, "startxref\n") + 10;
    g_autofree char *prev = g_strndup(start, strspn(start, "0123456789"));
    size_t at = out->len;
    char row[7] = { 1, (char)(at >> 24), (char)(at >> 16), (char)(at >> 8), (char)at, 0, 0 };

    g_string_append_printf(out,
                           "60 0 obj\n<</Type/XRef/W[1 4 2]/Size 61/Root 1 0 R/Index[60 1]"
                           "/Prev %s/ID[<00112233445566778899AABBCCDDEEFF><09>]/Length 7>>\n"
                           "stream\n",
                           prev);
    g_string_append_len(out, row, sizeof row);
    g_string_append_printf(out, "\nendstream\nendobj\nstartxref\n%zu\n%%%%EOF\n", at);
    g_autoptr(GBytes) forged = g_bytes_new(out->str, out->len);

    assert_result(demo, once, NSK_VERDICT_VALID, NULL);
    assert_result(demo, forged, NSK_VERDICT_INVALID, "pdf-change");
}

/* What only the field says, and the signature does not repeat, is kept as well; and a lock on a
 * name keeps a later field of that name out. */
static void
test_locks_of_fields_are_kept(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *lock;
        bool may_fill;  /* the second field */
        bool may_bring; /* a service its own */
    } cases[] = {
        { "", true, true },
        { "/Lock<</Type/SigFieldLock/Action/All>>", false, false },
        { "/Lock<</Type/SigFieldLock/Action/Include/Fields[(signatory-2)]>>", false, true },
        { "/Lock<</Type/SigFieldLock/Action/Include/Fields[(layanan)]>>", true, false },
        { "/Lock<</Type/SigFieldLock/Action/Include/Fields[(lain)]/P 1>>", false, true },
        { "/Lock<</Type/SigFieldLock/Action/Include/Fields[(lain)]/P 2>>", true, true },
    };
    static const MakeObject bring[] = {
        { 3, PAGE("8 0 R 9 0 R 30 0 R") },
        { 6, FORM("8 0 R 9 0 R 30 0 R") },
        { 30, OWN_FIELD("layanan", "31 0 R") },
        { 32, LOOK },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 2, .field = cases[i].lock });
        g_autoptr(GBytes) once = make_signed(base, demo->signer, "signatory-1");
        g_autofree char *text =
            g_strdup_printf("<</Type/Annot/Subtype/Widget/FT/Sig/T(signatory-2)/F 4/P 3 0 R"
                            "/Rect[300 180 500 240]/AP<</N 7 0 R>>%s/V 31 0 R>>",
                            cases[i].lock);
        const MakeObject fill = { 9, text };
        g_autoptr(GBytes) filled = make_foreign(demo, once, &fill, 1, "");
        g_autoptr(GBytes) brought = make_foreign(demo, once, bring, G_N_ELEMENTS(bring), "");

        g_test_message("case %zu: %s", i, cases[i].lock);
        assert_result(demo, once, NSK_VERDICT_VALID, NULL);
        assert_result(demo, filled, cases[i].may_fill ? NSK_VERDICT_VALID : NSK_VERDICT_INVALID,
                      NULL);
        assert_result(demo, brought, cases[i].may_bring ? NSK_VERDICT_VALID : NSK_VERDICT_INVALID,
                      NULL);
    }
}

static NskLevel
level_at(const Demo *demo, GBytes *pdf, guint signature)
{
    g_autoptr(NskVerdict) verdict = judge_at(demo, pdf, TEST_NOW + TEST_DAY);
    g_autofree char *tags = list_tags(verdict);

    g_test_message("%s", tags);
    g_assert_cmpint(verdict->result, ==, NSK_VERDICT_VALID);
    return ((NskSignature *)g_ptr_array_index(verdict->signatures, signature))->level;
}

/* A time stamp of the document proves what stood there before it, and nothing that came later. */
static void
test_early_stamps_prove_less(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    NskInstant at = TEST_NOW;
    g_autoptr(NskEvidence) useless = demo_evidence(demo, "", at);
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 2 });
    g_autoptr(GBytes) b = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GBytes) t = make_stamped(demo, b, "signatory-1", at);
    /* the stamp before the material */
    g_autoptr(GBytes) early = make_sealed(demo, t, at);
    g_autoptr(GBytes) early_lt = make_lasting(demo, early, at);
    /* before it some material that tells nothing */
    g_autoptr(GBytes) poor = nsk_sign_add_validation(t, useless, NULL);
    g_autoptr(GBytes) poor_sealed = make_sealed(demo, poor, at);
    g_autoptr(GBytes) poor_lt = make_lasting(demo, poor_sealed, at);
    g_autoptr(GBytes) poor_again = make_sealed(demo, poor_lt, at);
    /* before the second signature */
    g_autoptr(GBytes) lta = make_lta(demo, base, "signatory-1", at - TEST_DAY);
    g_autoptr(GBytes) second = make_signed(lta, demo->signer, "signatory-2");
    g_autoptr(GBytes) second_t = make_stamped(demo, second, "signatory-2", at);
    g_autoptr(GBytes) second_lt = make_lasting(demo, second_t, at + TEST_HOUR);
    g_autoptr(GBytes) second_lta = make_sealed(demo, second_lt, at + 2 * TEST_HOUR);

    g_assert_cmpint(level_at(demo, early_lt, 0), ==, NSK_LEVEL_LT);
    g_assert_cmpint(level_at(demo, poor_sealed, 0), ==, NSK_LEVEL_T);
    g_assert_cmpint(level_at(demo, poor_lt, 0), ==, NSK_LEVEL_LT);
    g_assert_cmpint(level_at(demo, poor_again, 0), ==, NSK_LEVEL_LTA);
    g_assert_cmpint(level_at(demo, lta, 0), ==, NSK_LEVEL_LTA);
    g_assert_cmpint(level_at(demo, second, 0), ==, NSK_LEVEL_LTA);
    g_assert_cmpint(level_at(demo, second_lt, 0), ==, NSK_LEVEL_LTA);
    g_assert_cmpint(level_at(demo, second_lt, 2), ==, NSK_LEVEL_LT);
    g_assert_cmpint(level_at(demo, second_lta, 0), ==, NSK_LEVEL_LTA);
    g_assert_cmpint(level_at(demo, second_lta, 2), ==, NSK_LEVEL_LTA);
    assert_result(demo, early_lt, NSK_VERDICT_VALID, "pdf-unsealed");
    assert_result(demo, poor_lt, NSK_VERDICT_VALID, "pdf-unsealed");
}

int
main(int argc, char **argv)
{
    static const DemoTest tests[] = {
        { "/sign/shadow/time-stamps-show-nothing", test_time_stamps_show_nothing },
        { "/sign/shadow/two-parts-are-seen", test_two_parts_are_seen },
        { "/sign/shadow/signature-shows-once", test_signature_shows_once },
        { "/sign/shadow/text-fields-get-no-look", test_text_fields_get_no_look },
        { "/sign/shadow/tables-fill-no-open-place", test_open_places_are_not_filled_by_tables },
        { "/sign/shadow/early-stamps-prove-less", test_early_stamps_prove_less },
        { "/sign/shadow/locks-of-fields-are-kept", test_locks_of_fields_are_kept },
    };

    return demo_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a signature looks: a page becomes the appearance of its field. */
#include "make-levels.h"

#include <string.h>

#define PAGE(box, more)                                                                            \
    "<</Type/Page/Parent 2 0 R/MediaBox[" box "]/Contents 4 0 R"                                   \
    "/Resources<</Font<</F1 5 0 R>>/XObject<</X1 7 0 R>>>>" more ">>"
#define TEXT                                                                                       \
    "<</Length 88>>\nstream\n/P<</MCID 0>>BDC BT /F1 9 Tf 4 40 Td (Ditandatangani secara "         \
    "elektronik) Tj ET EMC /X1 Do\nendstream"

/* A page of @page with the content @content; NULL: the good ones. */
static GBytes *
make_look(const char *page, const char *content)
{
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 0 });
    const MakeObject objects[] = {
        { 3, page != NULL ? page : PAGE("0 0 200 60", "") },
        { 4, content != NULL ? content : TEXT },
    };

    return make_update(base, objects, G_N_ELEMENTS(objects), "");
}

static NskSignRequest
request_with(const Demo *demo, const char *field, GBytes *look)
{
    return (NskSignRequest){ .field = field,
                             .chain = nsk_identity_get_chain(demo->signer),
                             .at = TEST_NOW,
                             .look = look };
}

static void
test_signature_looks_as_asked(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const MakePdf shapes[] = { { .n_fields = 2 }, { .n_fields = 2, .xref_stream = true } };
    g_autoptr(GBytes) look = make_look(NULL, NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autoptr(GBytes) base = make_pdf(&shapes[i]);
        NskSignRequest first = request_with(demo, "signatory-1", look);
        NskSignRequest second = request_with(demo, "signatory-2", look);
        g_autoptr(GBytes) once = make_requested(base, demo->signer, &first);
        g_autoptr(GBytes) twice = make_requested(once, demo->signer, &second);
        g_autoptr(GBytes) again = make_requested(base, demo->signer, &first);
        g_autoptr(NskVerdict) verdict = judge(demo, twice);
        g_autofree char *tags = list_tags(verdict);
        g_autofree char *path =
            demo_write(demo, "look.pdf", g_bytes_get_data(twice, NULL), g_bytes_get_size(twice));
        g_autofree char *text = NULL;

        g_test_message("%s", tags);
        g_assert_cmpint(verdict->result, ==, NSK_VERDICT_VALID);
        g_assert_cmpuint(verdict->signatures->len, ==, 2);
        g_assert_false(has_tag(verdict, "pdf-new-field"));
        g_assert_cmpuint(g_bytes_get_size(again), ==, g_bytes_get_size(once));
        g_assert_true(demo_run(demo, &text, "qpdf", "--check", path, NULL));
        g_assert_null(strstr(text, "WARNING"));
        /* what is drawn: the words, as no part of a structure tree */
        g_assert_true(demo_run(demo, &text, "mutool", "draw", "-F", "txt", path, NULL));
        g_assert_nonnull(strstr(text, "Ditandatangani secara elektronik"));
        find_text(once, "/Artifact BMC BT /F1 9 Tf");
    }
}

/* The look that a field had before is in no use once it is signed: the next may sign all the same.
 */
static void
test_old_look_does_no_harm(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const MakeObject own[] = {
        { 8, "<</Type/Annot/Subtype/Widget/FT/Sig/T(signatory-1)/F 4/P 3 0 R"
             "/Rect[300 100 500 160]/AP<</N 20 0 R>>>>" },
        { 20, "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 3>>\nstream\nq Q\nendstream" },
    };
    g_autoptr(GBytes) look = make_look(NULL, NULL);
    g_autoptr(GBytes) plain = make_pdf(&(MakePdf){ .n_fields = 2 });
    g_autoptr(GBytes) base = make_update(plain, own, G_N_ELEMENTS(own), "");
    NskSignRequest first = request_with(demo, "signatory-1", look);
    g_autoptr(GBytes) once = make_requested(base, demo->signer, &first);
    g_autoptr(GBytes) twice = make_signed(once, demo->signer, "signatory-2");
    g_autoptr(NskVerdict) verdict = judge(demo, twice);

    g_assert_cmpint(verdict->result, ==, NSK_VERDICT_VALID);
}

static void
test_other_pages_are_refused(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *page;
        const char *content;
    } cases[] = {
        { PAGE("0 0 595 842", ""), NULL },
        { PAGE("0 0 200", ""), NULL },
        { PAGE("0 0 60 200", ""), NULL },
        { PAGE("0 0 200 60", "/AA<</O<</S/JavaScript/JS(x)>>>>"), NULL },
        { "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 60]/Contents 4 0 R"
          "/Resources<</Font<</F1 5 0 R>>/XObject<</X1 7 0 R/X2 3 0 R>>>>>>",
          NULL },
        { "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 60]/Contents[4 0 R]"
          "/Resources<</Font<</F1 5 0 R>>/XObject<</X1 7 0 R>>>>>>",
          NULL },
        { NULL, "<</Length 33>>\nstream\n/P<</Lang(id)/MCID 0>>BDC EMC    \nendstream" },
        { NULL, "<</Length 33>>\nstream\n/P<</MCID 0/ActualText<FEFF0041    \nendstream" },
        { NULL, "<</Length 33>>\nstream\n/P<</MCID 0/ActualText(A)>>BDC EMC \nendstream" },
    };
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 2 });
    g_autoptr(GBytes) text = g_bytes_new_static("%PDF-1.7 no pdf at all", 22);

    for (size_t i = 0; i <= G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) look = i < G_N_ELEMENTS(cases)
                                     ? make_look(cases[i].page, cases[i].content)
                                     : g_bytes_ref(text);
        NskSignRequest request = request_with(demo, "signatory-1", look);
        g_autoptr(GError) error = NULL;

        g_assert_null(nsk_sign_prepare(base, &request, &error));
        g_test_message("case %zu: %s", i, error->message);
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    }
}

int
main(int argc, char **argv)
{
    static const DemoTest tests[] = {
        { "/sign/look/signature-looks-as-asked", test_signature_looks_as_asked },
        { "/sign/look/old-one-does-no-harm", test_old_look_does_no_harm },
        { "/sign/look/other-pages-are-refused", test_other_pages_are_refused },
    };

    return demo_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

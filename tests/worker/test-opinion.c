/* SPDX-License-Identifier: GPL-3.0-or-later */
/* poppler's opinion on signatures, and where it is not that of the verifier. */
#include "../sign/make-levels.h"
#include "worker/worker.h"

#include <string.h>

#define PAGE                                                                                       \
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 30 0 R"                              \
    "/Resources<</Font<</F1 5 0 R>>>>/Annots[8 0 R]>>"

static GPtrArray *
ask(GBytes *pdf)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *opinions = NULL;

    bool done = nsk_worker_opinions(pdf, NULL, &opinions, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    return opinions;
}

/* What it says of @field; NONE if it does not know the field. */
static NskWorkerOpinion
opinion_on(GPtrArray *opinions, const char *field)
{
    for (guint i = 0; i < opinions->len; i++) {
        const NskWorkerSignature *signature = g_ptr_array_index(opinions, i);

        if (strcmp(signature->field, field) == 0)
            return signature->opinion;
    }
    return NSK_WORKER_OPINION_NONE;
}

static void
test_good_signatures_are_good(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 3 });
    g_autoptr(GBytes) lasting = make_two_lta(demo, base, TEST_NOW);
    g_autoptr(GPtrArray) opinions = ask(lasting);

    g_assert_cmpuint(opinions->len, ==, 4);
    g_assert_cmpint(opinion_on(opinions, "signatory-1"), ==, NSK_WORKER_OPINION_GOOD);
    g_assert_cmpint(opinion_on(opinions, "signatory-2"), ==, NSK_WORKER_OPINION_GOOD);
    g_assert_cmpint(opinion_on(opinions, "signatory-3"), ==, NSK_WORKER_OPINION_NONE);
    g_assert_cmpint(opinion_on(opinions, "document-time-stamp-1"), ==, NSK_WORKER_OPINION_NONE);
}

static void
test_unsigned_has_no_opinion(G_GNUC_UNUSED Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) empty = make_pdf(&(MakePdf){ .n_fields = 0 });
    g_autoptr(GBytes) open = make_pdf(&(MakePdf){ .n_fields = 1 });
    g_autoptr(GPtrArray) of_none = ask(empty);
    g_autoptr(GPtrArray) of_open = ask(open);

    g_assert_cmpuint(of_none->len, ==, 0);
    g_assert_cmpint(opinion_on(of_open, "signatory-1"), ==, NSK_WORKER_OPINION_NONE);
}

static void
test_changed_byte_is_bad(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 1 });
    g_autoptr(GBytes) done = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GBytes) changed = make_replaced(done, "Arunika", "Arunika");
    g_autoptr(GBytes) other = make_replaced(done, "Arunika", "Arumika");
    g_autoptr(GPtrArray) before = ask(changed);
    g_autoptr(GPtrArray) after = ask(other);

    g_assert_cmpint(opinion_on(before, "signatory-1"), ==, NSK_WORKER_OPINION_GOOD);
    g_assert_cmpint(opinion_on(after, "signatory-1"), ==, NSK_WORKER_OPINION_BAD);
}

/* A page exchanged behind the signature: poppler is content, and the verifier is not. */
static void
test_verifier_sees_more(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const MakeObject objects[] = {
        { 3, PAGE },
        { 30, "<</Length 4>>\nstream\nq Q \nendstream" },
    };
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 1 });
    g_autoptr(GBytes) done = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GBytes) swapped = make_update(done, objects, G_N_ELEMENTS(objects), "");
    g_autoptr(GPtrArray) opinions = ask(swapped);
    g_autoptr(NskVerdict) verdict = judge(demo, swapped);

    g_assert_cmpint(opinion_on(opinions, "signatory-1"), ==, NSK_WORKER_OPINION_GOOD);
    g_assert_cmpint(verdict->result, ==, NSK_VERDICT_INVALID);
    g_assert_true(has_tag(verdict, "pdf-change"));
}

/* The signature's library reads strangers' bytes inside the locks: nothing kills it. */
static void
test_damaged_signatures_are_survived(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 1 });
    g_autoptr(GBytes) done = make_signed(base, demo->signer, "signatory-1");
    size_t at = find_text(done, "/Contents<") + 10;
    gsize size;
    const char *bytes = g_bytes_get_data(done, &size);

    for (size_t i = 0; i < 24; i++) {
        char *copy = g_memdup2(bytes, size);
        char *digit = copy + at + i * 83;
        *digit = *digit == '7' ? '3' : '7';
        g_autoptr(GBytes) damaged = g_bytes_new_take(copy, size);
        g_autoptr(GPtrArray) opinions = NULL;
        g_autoptr(GError) error = NULL;

        bool done_well = nsk_worker_opinions(damaged, NULL, &opinions, &error);
        g_test_message("digit %zu: %s", i * 83, error != NULL ? error->message : "read");
        g_assert_true(done_well || g_error_matches(error, NSK_ERROR, NSK_ERROR_IO));
        if (done_well)
            g_assert_cmpuint(opinions->len, ==, 1);
    }
}

int
main(int argc, char **argv)
{
    static const DemoTest tests[] = {
        { "/worker/opinion/good-signatures-are-good", test_good_signatures_are_good },
        { "/worker/opinion/unsigned-has-none", test_unsigned_has_no_opinion },
        { "/worker/opinion/changed-byte-is-bad", test_changed_byte_is_bad },
        { "/worker/opinion/verifier-sees-more", test_verifier_sees_more },
        { "/worker/opinion/damaged-ones-are-survived", test_damaged_signatures_are_survived },
    };

    return demo_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

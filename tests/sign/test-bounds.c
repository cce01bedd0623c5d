/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files made to take the verifier's time or memory: each comes to an end with a reason. */
#include "make-levels.h"

#include <string.h>

#define MOST_SECONDS 30 /* of a machine that is busy, with sanitizers; each takes less than two */

static void
assert_bounded(const Demo *demo, GBytes *pdf, const char *tag)
{
    int64_t begun = g_get_monotonic_time();
    g_autoptr(NskVerdict) verdict = judge(demo, pdf);
    g_autofree char *tags = list_tags(verdict);

    g_test_message("%s", tags);
    g_assert_cmpint(verdict->result, ==, NSK_VERDICT_INVALID);
    g_assert_true(has_tag(verdict, tag));
    g_assert_cmpint(g_get_monotonic_time() - begun, <, MOST_SECONDS * G_USEC_PER_SEC);
}

/* "N 0 R " for each number of a range. */
static char *
list_refs(unsigned from, unsigned n)
{
    GString *out = g_string_new(NULL);

    for (unsigned i = 0; i < n; i++)
        g_string_append_printf(out, "%u 0 R ", from + i);
    return g_string_free(out, FALSE);
}

/* A thousand fields on a page of 200,000 annotations, all filled at once behind a signature. */
static void
test_many_fields_are_judged_in_time(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    enum { N = 1000, ANNOTATIONS = 200000 };
    g_autoptr(GString) annotations = g_string_new(NULL);
    g_autofree char *refs = list_refs(100, N);
    g_autofree char *form = g_strdup_printf("<</Fields[8 0 R %s]/SigFlags 3>>", refs);
    g_autofree MakeObject *open = g_new0(MakeObject, N + 2), *filled = g_new0(MakeObject, N);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < ANNOTATIONS; i++)
        g_string_append(annotations, "8 0 R ");
    g_autofree char *page =
        g_strdup_printf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
                        "/Resources<</Font<</F1 5 0 R>>>>/Annots[%s]>>",
                        annotations->str);

    for (unsigned i = 0; i < N; i++) {
        char *before = g_strdup_printf("<</FT/Sig/T(f%u)/Rect[9 9 20 20]>>", i);
        char *after = g_strdup_printf("<</FT/Sig/T(f%u)/Rect[9 9 20 20]/AP<<>>/AS/N/V<</Type/Sig"
                                      "/ByteRange[0 1 2 3]/Contents<00>>>>>",
                                      i);

        g_ptr_array_add(texts, before);
        g_ptr_array_add(texts, after);
        open[i] = (MakeObject){ 100 + i, before };
        filled[i] = (MakeObject){ 100 + i, after };
    }
    open[N] = (MakeObject){ 6, form };
    open[N + 1] = (MakeObject){ 3, page };
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 1 });
    g_autoptr(GBytes) prepared = make_update(base, open, N + 2, "");
    g_autoptr(GBytes) once = make_signed(prepared, demo->signer, "signatory-1");
    g_autoptr(GBytes) pdf = make_update(once, filled, N, "");
    assert_bounded(demo, pdf, "pdf-byte-range");
}

/* Three hundred saves of a file with very many values. */
static void
test_many_saves_are_too_much(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const MakeObject small = { 30, "<<>>" };
    g_autoptr(GString) many = g_string_new("[");
    for (unsigned i = 0; i < 200000; i++)
        g_string_append(many, "1 ");
    g_string_append_c(many, ']');
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 1, .extra = many->str });
    g_autoptr(GBytes) pdf = g_bytes_ref(base);

    for (unsigned i = 0; i < 300; i++) {
        GBytes *next = make_update(pdf, &small, 1, "");

        g_bytes_unref(pdf);
        pdf = next;
    }
    assert_bounded(demo, pdf, "pdf-limit");
}

static void
test_endless_structures_end(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        MakeObject object;
    } cases[] = {
        /* a field that is its own kid, pages that are their own, a form in a ring */
        { { 8, "<</FT/Sig/T(a)/Kids[8 0 R]>>" } },
        { { 6, "<</Fields 6 0 R>>" } },
        { { 2, "<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 3>>" } },
        { { 4, "<</Length 4 0 R>>\nstream\nq Q\nendstream" } },
        { { 1, "1 0 R" } },
    };
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 1 });
    g_autoptr(GBytes) once = make_signed(base, demo->signer, "signatory-1");

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) pdf = make_update(once, &cases[i].object, 1, "");

        g_test_message("case %zu", i);
        g_autoptr(NskVerdict) verdict = judge(demo, pdf);
        g_autofree char *tags = list_tags(verdict);
        g_test_message("%s", tags);
        g_assert_cmpint(verdict->result, ==, NSK_VERDICT_INVALID);
    }
}

/* Nothing but zeros, as large as may be read in a test; and brackets without end. */
static void
test_floods_are_refused(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    enum { SIZE = 32 * 1024 * 1024 };
    static const char *const floods[] = { "", "[", "<<", "(", "<<0", "1 0 obj ", "%", "<" };

    for (size_t i = 0; i < G_N_ELEMENTS(floods); i++) {
        char *data_of = g_malloc0(SIZE);
        size_t size = strlen(floods[i]);

        for (size_t at = 0; size > 0 && at + size < SIZE; at += size)
            memcpy(data_of + at, floods[i], size);
        memcpy(data_of, "%PDF-1.7\n1 0 obj ", 17);
        memcpy(data_of + SIZE - 24, "\nstartxref\n9\n%%EOF\n     ", 24);
        g_autoptr(GBytes) pdf = g_bytes_new_take(data_of, SIZE);
        int64_t begun = g_get_monotonic_time();
        g_autoptr(NskVerdict) verdict = judge(demo, pdf);
        g_test_message("flood %zu", i);
        g_assert_cmpint(verdict->result, ==, NSK_VERDICT_INVALID);
        g_assert_cmpint(g_get_monotonic_time() - begun, <, MOST_SECONDS * G_USEC_PER_SEC);
    }
}

int
main(int argc, char **argv)
{
    static const DemoTest tests[] = {
        { "/sign/bounds/many-fields-are-judged-in-time", test_many_fields_are_judged_in_time },
        { "/sign/bounds/many-saves-are-too-much", test_many_saves_are_too_much },
        { "/sign/bounds/endless-structures-end", test_endless_structures_end },
        { "/sign/bounds/floods-are-refused", test_floods_are_refused },
    };

    return demo_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verdicts of a judge in a process of his own: the same as without one, whatever the file is. */
#include "../sign/make-levels.h"
#include "sign/sign.h"
#include "worker/worker-private.h"

#include <string.h>

/* What the judge says; NULL with the error's words told. */
static NskJson *
ask(const Demo *demo, GBytes *pdf, bool believes, GError **error)
{
    g_autofree char *root =
        believes ? nsk_cert_to_pem(nsk_demo_authority_get_root(demo->authority)) : g_strdup("");
    const NskWorkerBelief belief = { .roots = root, .now = TEST_NOW + TEST_DAY };
    NskJson *verdict = NULL;

    return nsk_worker_judge(pdf, &belief, NULL, &verdict, error) ? verdict : NULL;
}

static void
check_same(const Demo *demo, GBytes *pdf)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) apart = ask(demo, pdf, true, &error);
    g_autoptr(NskVerdict) verdict = judge(demo, pdf);
    g_autoptr(NskJson) here = nsk_verdict_to_json(verdict);

    g_assert_no_error(error);
    g_autofree char *told = nsk_json_canonical(apart);
    g_autofree char *expected = nsk_json_canonical(here);
    g_assert_cmpstr(told, ==, expected);
}

static void
test_verdict_is_that_without_a_worker(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 3 });
    g_autoptr(GBytes) done = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GBytes) changed = make_replaced(done, "Arunika", "Arumika");
    g_autoptr(GBytes) lasting = make_two_lta(demo, base, TEST_NOW);

    check_same(demo, base);
    check_same(demo, done);
    check_same(demo, changed);
    check_same(demo, lasting);
}

static void
test_who_is_not_believed_is_in_doubt(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 1 });
    g_autoptr(GBytes) done = make_signed(base, demo->signer, "signatory-1");
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) verdict = ask(demo, done, false, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(nsk_json_get_text(verdict, "verdict"), ==, "indeterminate");
}

/* Each file that once broke a reader of PDF, and pieces of a good one. */
static void
test_damaged_files_end_in_a_verdict_or_words(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "fuzz", "corpus", "pdf", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    guint n = 0;

    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir)) != NULL && n < 40) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autoptr(GError) error = NULL;
        char *text = NULL;
        gsize size;

        g_assert_true(g_file_get_contents(path, &text, &size, NULL));
        g_autoptr(GBytes) pdf = g_bytes_new_take(text, size);
        g_autoptr(NskJson) verdict = ask(demo, pdf, true, &error);
        g_assert_true((verdict == NULL) == (error != NULL));
        g_assert_true(error == NULL || g_error_matches(error, NSK_ERROR, NSK_ERROR_INVALID) ||
                      g_error_matches(error, NSK_ERROR, NSK_ERROR_LIMIT));
        n++;
    }
    g_assert_cmpuint(n, >, 0);
}

static GBytes *
reply_with(const char *text)
{
    GByteArray *message = nsk_worker_message_begin();

    nsk_worker_put_number(message, 0);
    nsk_worker_put_text(message, text);
    nsk_worker_message_finish(message);
    return g_byte_array_free_to_bytes(message);
}

static NskJson *
read_verdict(const char *text, GError **error)
{
    g_autoptr(GBytes) reply = reply_with(text);
    gsize size;
    const void *data = g_bytes_get_data(reply, &size);
    NskWorkerReader reader = nsk_worker_reader(data, size);
    NskJson *verdict = NULL;

    return nsk_worker_read_judge(&reader, &verdict, error) ? verdict : NULL;
}

/* A worker in a stranger's hands adds nothing to a page. */
static void
test_only_a_verdict_is_passed_on(G_GNUC_UNUSED Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const none[] = { "", "[]", "{}", "{\"verdict\":1}",
                                        "{\"verdict\":\"good\"}" };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) verdict = read_verdict(
        "{\"verdict\":\"valid\",\"sha256\":\"ab\",\"paper\":{\"letter\":\"x\"},\"faults\":[1],"
        "\"signatures\":[{\"signer\":[\"a\"],\"intact\":\"yes\",\"href\":\"/x\"},7],"
        "\"findings\":[{\"text\":\"b\",\"more\":1}]}",
        &error);

    g_assert_no_error(error);
    g_assert_null(nsk_json_get(verdict, "paper"));
    g_assert_null(nsk_json_get(verdict, "faults"));
    g_assert_null(nsk_json_get(verdict, "sha256"));
    const NskJson *first = nsk_json_at(nsk_json_get(verdict, "signatures"), 0);
    g_assert_null(nsk_json_get_text(first, "signer"));
    g_assert_null(nsk_json_get(first, "href"));
    g_assert_false(nsk_json_get_bool(first, "intact", true));
    const NskJson *finding = nsk_json_at(nsk_json_get(verdict, "findings"), 0);
    g_assert_cmpstr(nsk_json_get_text(finding, "text"), ==, "b");
    g_assert_null(nsk_json_get(finding, "more"));
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
        g_autoptr(GError) fault = NULL;

        g_assert_null(read_verdict(none[i], &fault));
        g_assert_error(fault, NSK_ERROR, NSK_ERROR_IO);
    }
}

int
main(int argc, char **argv)
{
    static const DemoTest tests[] = {
        { "/worker/judge/verdict-is-that-without-a-worker", test_verdict_is_that_without_a_worker },
        { "/worker/judge/who-is-not-believed-is-in-doubt", test_who_is_not_believed_is_in_doubt },
        { "/worker/judge/damaged-files-end-in-a-verdict-or-words",
          test_damaged_files_end_in_a_verdict_or_words },
        { "/worker/judge/only-a-verdict-is-passed-on", test_only_a_verdict_is_passed_on },
    };

    return demo_main(argc, argv, tests, G_N_ELEMENTS(tests));
}

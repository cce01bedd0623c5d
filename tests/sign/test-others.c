/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Good files of other programs: poppler's pdfsig (with NSS) and mupdf's mutool sign our empty
 * fields or add their own, on each shape of file, alone and after and before us.
 */
#include "make-levels.h"

#include <string.h>

static const MakePdf shapes[] = {
    { .n_fields = 2 },
    { .n_fields = 2, .xref_stream = true },
    { .n_fields = 2, .xref_stream = true, .no_last_eol = true },
    { .n_fields = 2, .no_flags = true, .no_last_eol = true },
};

/* The demo's files, with a key that other programs can read. */
typedef struct {
    Demo demo;
    char *p12;
    char *nss;
    unsigned n_good;
} Others;

static void
set_up(Others *self, gconstpointer data)
{
    NskDemoPerson person = { .name = "Bima Aryasatya",
                             .passphrase = "sandi",
                             .not_before = TEST_NOW - TEST_DAY,
                             .rsa_bits = 2048 };
    g_autofree char *text = NULL;

    demo_set_up(&self->demo, data);
    g_autoptr(GBytes) p12 = nsk_demo_authority_issue(self->demo.authority, &person, NULL);
    self->p12 =
        demo_write(&self->demo, "bima.p12", g_bytes_get_data(p12, NULL), g_bytes_get_size(p12));
    g_autofree char *root = demo_write_root(&self->demo);
    self->nss = g_strconcat("sql:", self->demo.folder, "/nss", NULL);
    g_assert_true(demo_run(&self->demo, &text, "mkdir", "nss", NULL));
    g_assert_true(
        demo_run(&self->demo, &text, "certutil", "-N", "-d", self->nss, "--empty-password", NULL));
    g_assert_true(demo_run(&self->demo, &text, "certutil", "-A", "-n", "root", "-t", "CT,C,C", "-i",
                           root, "-d", self->nss, NULL));
    g_assert_true(demo_run(&self->demo, &text, "pk12util", "-i", self->p12, "-d", self->nss, "-W",
                           "sandi", "-K", "", NULL));
}

static void
tear_down(Others *self, gconstpointer data)
{
    g_free(self->p12);
    g_free(self->nss);
    demo_tear_down(&self->demo, data);
}

/* @pdf after a program has written "out.pdf" from "in.pdf". */
static GBytes *
run_on(Others *self, GBytes *pdf, bool mutool, const char *field)
{
    g_autofree char *in =
        demo_write(&self->demo, "in.pdf", g_bytes_get_data(pdf, NULL), g_bytes_get_size(pdf));
    g_autofree char *out = g_build_filename(self->demo.folder, "out.pdf", NULL);
    g_autofree char *text = NULL;
    char *data = NULL;
    gsize size = 0;

    if (mutool)
        demo_run(&self->demo, &text, "mutool", "sign", "-s", self->p12, "-P", "sandi", "-o", out,
                 in, field, NULL);
    else if (field != NULL)
        demo_run(&self->demo, &text, "pdfsig", "-nssdir", self->nss, "-nick", "DEMO Naskah",
                 "-sign", field, in, out, NULL);
    else
        demo_run(&self->demo, &text, "pdfsig", "-nssdir", self->nss, "-nick", "DEMO Naskah",
                 "-add-signature", in, out, NULL);
    if (!g_file_get_contents(out, &data, &size, NULL))
        g_test_message("%s", text);
    g_assert_nonnull(data);
    demo_run(&self->demo, &text, "rm", "-f", out, NULL);
    return g_bytes_new_take(data, size);
}

static void
assert_good(Others *self, GBytes *pdf, guint n_signatures)
{
    NskInstant now = nsk_clock_now(&nsk_clock_system);
    g_autoptr(NskVerdict) verdict = judge_at(&self->demo, pdf, now);
    g_autofree char *tags = list_tags(verdict);

    g_test_message("%s", tags);
    g_assert_cmpint(verdict->result, ==, NSK_VERDICT_VALID);
    g_assert_cmpuint(verdict->signatures->len, ==, n_signatures);
    self->n_good++;
}

static void
test_good_files_of_others_are_good(Others *self, G_GNUC_UNUSED gconstpointer data)
{
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autoptr(GBytes) base = make_pdf(&shapes[i]);
        g_autoptr(GBytes) ours = make_signed(base, self->demo.signer, "signatory-1");
        g_autoptr(GBytes) filled = run_on(self, base, false, "signatory-1");
        g_autoptr(GBytes) added = run_on(self, base, false, NULL);
        g_autoptr(GBytes) after = run_on(self, ours, false, "signatory-2");
        g_autoptr(GBytes) added_after = run_on(self, ours, false, NULL);
        g_autoptr(GBytes) both = run_on(self, added, false, NULL);

        g_test_message("shape %zu", i);
        assert_good(self, filled, 1);
        assert_good(self, added, 1);
        assert_good(self, after, 2);
        assert_good(self, added_after, 2);
        assert_good(self, both, 2);
    }
    g_assert_cmpuint(self->n_good, >=, 20);
}

/* mutool of Debian 12 still digests with SHA-1, which can be forged: that is what must be said. */
static void
test_old_digests_are_refused(Others *self, G_GNUC_UNUSED gconstpointer data)
{
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autoptr(GBytes) base = make_pdf(&shapes[i]);
        g_autoptr(GBytes) signed_one = run_on(self, base, true, "8");
        g_autoptr(NskVerdict) verdict =
            judge_at(&self->demo, signed_one, nsk_clock_now(&nsk_clock_system));

        g_assert_cmpint(verdict->result, ==, NSK_VERDICT_INVALID);
        g_assert_true(has_tag(verdict, "cms-algorithm"));
    }
}

/* The same files with one letter of the page changed. */
static void
test_changed_files_of_others_are_not(Others *self, G_GNUC_UNUSED gconstpointer data)
{
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autoptr(GBytes) base = make_pdf(&shapes[i]);
        g_autoptr(GBytes) first = run_on(self, base, false, "signatory-1");
        g_autoptr(GBytes) second = run_on(self, base, true, "8");
        GBytes *files[] = { first, second };

        for (size_t j = 0; j < G_N_ELEMENTS(files); j++) {
            g_autoptr(GBytes) changed = make_replaced(files[j], "Surat", "Surut");
            g_autoptr(NskVerdict) verdict =
                judge_at(&self->demo, changed, nsk_clock_now(&nsk_clock_system));

            g_assert_cmpint(verdict->result, ==, NSK_VERDICT_INVALID);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/sign/others/good-files-are-good", Others, NULL, set_up,
               test_good_files_of_others_are_good, tear_down);
    g_test_add("/sign/others/old-digests-are-refused", Others, NULL, set_up,
               test_old_digests_are_refused, tear_down);
    g_test_add("/sign/others/changed-files-are-not", Others, NULL, set_up,
               test_changed_files_of_others_are_not, tear_down);
    return g_test_run();
}

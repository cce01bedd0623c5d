/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdio.h>
#include <string.h>

/*
 * Small PDF files for the tests, written by hand: objects are numbered in the order they are added,
 * from 1; object 1 is the catalogue.
 */
typedef struct {
    GString *text;
    GArray *offsets;
} SamplePdf;

static inline SamplePdf
sample_begin(void)
{
    return (SamplePdf){ g_string_new("%PDF-1.7\n"), g_array_new(FALSE, FALSE, sizeof(gsize)) };
}

static inline void
sample_add(SamplePdf *self, const char *body)
{
    gsize offset = self->text->len;

    g_array_append_val(self->offsets, offset);
    g_string_append_printf(self->text, "%u 0 obj\n%s\nendobj\n", self->offsets->len, body);
}

static inline void
sample_add_stream(SamplePdf *self, const char *entries, const char *data)
{
    g_autofree char *body =
        g_strdup_printf("<</Length %zu %s>>\nstream\n%s\nendstream", strlen(data), entries, data);

    sample_add(self, body);
}

static inline GBytes *
sample_end(SamplePdf *self, const char *trailer)
{
    gsize xref = self->text->len;

    g_string_append_printf(self->text, "xref\n0 %u\n0000000000 65535 f \n", self->offsets->len + 1);
    for (guint i = 0; i < self->offsets->len; i++)
        g_string_append_printf(self->text, "%010zu 00000 n \n",
                               g_array_index(self->offsets, gsize, i));
    g_string_append_printf(self->text,
                           "trailer\n<</Size %u /Root 1 0 R %s>>\nstartxref\n%zu\n%%%%EOF\n",
                           self->offsets->len + 1, trailer, xref);
    g_array_unref(self->offsets);
    return g_string_free_to_bytes(self->text);
}

/* @n pages of A4 with "Halaman K" in a font that is not embedded; page 2 lies across. */
static inline GBytes *
sample_pages(unsigned n)
{
    SamplePdf pdf = sample_begin();
    g_autoptr(GString) kids = g_string_new(NULL);

    for (unsigned i = 0; i < n; i++)
        g_string_append_printf(kids, "%u 0 R ", 5 + 2 * i);

    g_autofree char *pages = g_strdup_printf("<</Type /Pages /Count %u /Kids [%s]>>", n, kids->str);
    sample_add(&pdf, "<</Type /Catalog /Pages 2 0 R>>");
    sample_add(&pdf, pages);
    sample_add(&pdf, "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>");
    sample_add(&pdf, "<</Font <</F1 3 0 R>>>>");
    for (unsigned i = 0; i < n; i++) {
        g_autofree char *page = g_strdup_printf(
            "<</Type /Page /Parent 2 0 R /MediaBox [0 0 %s] /Resources 4 0 R /Contents %u 0 R>>",
            i == 1 ? "842 595" : "595 842", 6 + 2 * i);
        g_autofree char *content =
            g_strdup_printf("BT /F1 24 Tf 72 500 Td (Halaman %u) Tj ET", i + 1);

        sample_add(&pdf, page);
        sample_add_stream(&pdf, "", content);
    }
    return sample_end(&pdf, "");
}

/* One page of @box whose content is @content, with @resources. */
static inline GBytes *
sample_page(const char *box, const char *resources, const char *content)
{
    SamplePdf pdf = sample_begin();
    g_autofree char *page =
        g_strdup_printf("<</Type /Page /Parent 2 0 R /MediaBox [%s] /Resources <<%s>> "
                        "/Contents 4 0 R>>",
                        box, resources);

    sample_add(&pdf, "<</Type /Catalog /Pages 2 0 R>>");
    sample_add(&pdf, "<</Type /Pages /Count 1 /Kids [3 0 R]>>");
    sample_add(&pdf, page);
    sample_add_stream(&pdf, "", content);
    return sample_end(&pdf, "");
}

/* A page whose picture is drawn 10^12 times: each form draws the next ten times. */
static inline GBytes *
sample_bomb(void)
{
    static const char ten[] = "/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do";
    SamplePdf pdf = sample_begin();

    sample_add(&pdf, "<</Type /Catalog /Pages 2 0 R>>");
    sample_add(&pdf, "<</Type /Pages /Count 1 /Kids [3 0 R]>>");
    sample_add(&pdf, "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
                     "/Resources <</XObject <</X 5 0 R>>>> /Contents 4 0 R>>");
    sample_add_stream(&pdf, "", ten);
    for (unsigned i = 0; i < 11; i++) {
        g_autofree char *entries =
            g_strdup_printf("/Type /XObject /Subtype /Form /BBox [0 0 595 842] "
                            "/Resources <</XObject <</X %u 0 R>>>>",
                            6 + i);

        sample_add_stream(&pdf, entries, ten);
    }
    sample_add_stream(&pdf, "/Type /XObject /Subtype /Form /BBox [0 0 595 842]",
                      "0 0 100 100 re f");
    return sample_end(&pdf, "");
}

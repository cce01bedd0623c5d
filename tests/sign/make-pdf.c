/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "make-pdf.h"

#include <string.h>

#define CONTENT "BT /F1 12 Tf 72 720 Td (Surat undangan rapat) Tj ET"

typedef struct {
    GString *out;
    GArray *offsets; /* size_t by object number; 0: unused */
} Writer;

static void
add_object(Writer *self, unsigned number, const char *text)
{
    if (self->offsets->len <= number)
        g_array_set_size(self->offsets, number + 1);
    g_array_index(self->offsets, size_t, number) = self->out->len;
    g_string_append_printf(self->out, "%u 0 obj\n%s\nendobj\n", number, text);
}

static void add_format(Writer *self, unsigned number, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void
add_format(Writer *self, unsigned number, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    add_object(self, number, text);
}

static void
add_table(Writer *self, const char *trailer)
{
    size_t at = self->out->len;

    g_string_append(self->out, "xref\n0 1\n0000000000 65535 f \n");
    for (unsigned i = 1; i < self->offsets->len; i++) {
        size_t offset = g_array_index(self->offsets, size_t, i);

        if (offset > 0)
            g_string_append_printf(self->out, "%u 1\n%010zu 00000 n \n", i, offset);
    }
    g_string_append_printf(self->out,
                           "trailer\n<</Size %u/Root 1 0 R%s>>\nstartxref\n%zu\n%%%%EOF\n",
                           MAX(self->offsets->len, PDF_SIZE), trailer, at);
}

static void
add_stream(Writer *self, const char *trailer)
{
    unsigned number = MAX(self->offsets->len, PDF_SIZE);
    size_t at = self->out->len;

    g_array_set_size(self->offsets, number + 1);
    g_array_index(self->offsets, size_t, number) = at;
    g_string_append_printf(self->out,
                           "%u 0 obj\n<</Type/XRef/W[1 4 2]/Size %u/Root 1 0 R%s/Length %u>>\n"
                           "stream\n",
                           number, number + 1, trailer, (number + 1) * 7);
    for (unsigned i = 0; i <= number; i++) {
        size_t offset = g_array_index(self->offsets, size_t, i);
        char row[7] = { offset > 0,
                        (char)(offset >> 24),
                        (char)(offset >> 16),
                        (char)(offset >> 8),
                        (char)offset,
                        0,
                        0 };

        g_string_append_len(self->out, row, sizeof row);
    }
    g_string_append_printf(self->out, "\nendstream\nendobj\nstartxref\n%zu\n%%%%EOF\n", at);
}

static const char *
or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static void
add_page(Writer *self, const MakePdf *how, const char *annots)
{
    add_object(self, PDF_PAGES, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
    add_format(self, PDF_PAGE,
               "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
               "/Resources<</Font<</F1 5 0 R>>>>/Annots[%s]%s>>",
               annots, or_empty(how->page));
    add_format(self, PDF_CONTENT, "<</Length %zu>>\nstream\n%s\nendstream", strlen(CONTENT),
               CONTENT);
    add_object(self, PDF_FONT, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
    add_object(self, PDF_LOOK,
               "<</Type/XObject/Subtype/Form/BBox[0 0 200 60]/Length 0>>\nstream\n\nendstream");
}

GBytes *
make_pdf(const MakePdf *how)
{
    g_autoptr(GArray) offsets = g_array_new(FALSE, TRUE, sizeof(size_t));
    Writer writer = { g_string_new("%PDF-1.7\n%\xc3\xa4\xc3\xb6\n"), offsets };
    g_autoptr(GString) refs = g_string_new(NULL);
    g_autofree char *trailer = g_strdup_printf("/ID[<00112233445566778899AABBCCDDEEFF>"
                                               "<00112233445566778899AABBCCDDEEFF>]%s",
                                               or_empty(how->trailer));

    for (unsigned i = 0; i < how->n_fields; i++)
        g_string_append_printf(refs, "%s%u 0 R", i > 0 ? " " : "", PDF_FIRST_FIELD + i);
    g_autofree char *form =
        g_strdup_printf("<</Fields[%s]%s>>", refs->str, how->no_flags ? "" : "/SigFlags 3");
    add_format(&writer, PDF_CATALOG, "<</Type/Catalog/Pages 2 0 R/AcroForm %s%s>>",
               how->direct_form ? form : "6 0 R", or_empty(how->catalog));
    add_page(&writer, how, refs->str);
    if (!how->direct_form)
        add_object(&writer, PDF_FORM, form);
    for (unsigned i = 0; i < how->n_fields; i++)
        add_format(&writer, PDF_FIRST_FIELD + i,
                   "<</Type/Annot/Subtype/Widget/FT/Sig/T(signatory-%u)/F 4/P 3 0 R"
                   "/Rect[300 %u 500 %u]/AP<</N 7 0 R>>%s>>",
                   i + 1, 100 + 80 * i, 160 + 80 * i, or_empty(how->field));
    if (how->extra != NULL)
        add_object(&writer, PDF_EXTRA, how->extra);
    if (how->xref_stream)
        add_stream(&writer, trailer);
    else
        add_table(&writer, trailer);
    if (how->no_last_eol)
        g_string_truncate(writer.out, writer.out->len - 1);
    return g_string_free_to_bytes(writer.out);
}

/* What the last startxref of @pdf names. */
static size_t
last_start(GBytes *pdf)
{
    gsize size;
    const char *data = g_bytes_get_data(pdf, &size);
    const char *found = g_strrstr_len(data + size - 64, 64, "startxref");

    g_assert_nonnull(found);
    return (size_t)g_ascii_strtoull(found + 10, NULL, 10);
}

GBytes *
make_update(GBytes *pdf, const MakeObject *objects, size_t n, const char *trailer)
{
    gsize size;
    const char *data = g_bytes_get_data(pdf, &size);
    g_autoptr(GArray) offsets = g_array_new(FALSE, TRUE, sizeof(size_t));
    Writer writer = { g_string_new_len(data, (gssize)size), offsets };
    g_autofree char *keys = g_strdup_printf("/Prev %zu%s", last_start(pdf), trailer);

    g_array_set_size(offsets, 64);
    for (size_t i = 0; i < n; i++)
        add_object(&writer, objects[i].number, objects[i].text);
    add_table(&writer, keys);
    return g_string_free_to_bytes(writer.out);
}

GBytes *
make_requested(GBytes *pdf, NskIdentity *signer, const NskSignRequest *request)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskSigning) signing = nsk_sign_prepare(pdf, request, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) value =
        nsk_identity_sign(signer, NSK_SCHEME_DEFAULT, nsk_signing_get_digest(signing), &error);
    g_assert_no_error(error);
    GBytes *done = nsk_sign_complete(signing, value, &error);
    g_assert_no_error(error);
    return done;
}

GBytes *
make_signed(GBytes *pdf, NskIdentity *signer, const char *field)
{
    NskSignRequest request = {
        .field = field,
        .chain = nsk_identity_get_chain(signer),
        .at = TEST_NOW,
        .offset_minutes = 420,
        .reason = "Persetujuan naskah",
        .location = "Arunika",
        .name = "Sekar Wulandari",
    };

    return make_requested(pdf, signer, &request);
}

size_t
find_text(GBytes *pdf, const char *text)
{
    gsize size;
    const uint8_t *data = g_bytes_get_data(pdf, &size);
    const uint8_t *found = memmem(data, size, text, strlen(text));

    g_assert_nonnull(found);
    return (size_t)(found - data);
}

GBytes *
make_replaced(GBytes *pdf, const char *from, const char *to)
{
    size_t at = find_text(pdf, from);
    gsize size;
    const void *data = g_bytes_get_data(pdf, &size);
    uint8_t *copy = g_memdup2(data, size);

    g_assert_cmpuint(strlen(from), ==, strlen(to));
    memcpy(copy + at, to, strlen(to));
    return g_bytes_new_take(copy, size);
}

NskVerdict *
judge(const Demo *demo, GBytes *pdf)
{
    g_autoptr(GError) error = NULL;
    NskVerdict *verdict = NULL;

    nsk_sign_verify(pdf, demo->trust, TEST_NOW + TEST_DAY, &verdict, &error);
    g_assert_no_error(error);
    return verdict;
}

bool
has_tag(const NskVerdict *verdict, const char *tag)
{
    bool found = find_issue(verdict->issues, tag) != NULL;

    for (guint i = 0; i < verdict->signatures->len; i++) {
        const NskSignature *signature = g_ptr_array_index(verdict->signatures, i);

        found = found || find_issue(signature->issues, tag) != NULL;
    }
    return found;
}

static void
append_tags(GString *text, const NskIssues *issues)
{
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        g_string_append_printf(text, " %s (%s)", issue->tag, issue->text);
    }
}

char *
list_tags(const NskVerdict *verdict)
{
    GString *text = g_string_new(nsk_verdict_result_name(verdict->result));

    append_tags(text, verdict->issues);
    for (guint i = 0; i < verdict->signatures->len; i++)
        append_tags(text, ((NskSignature *)g_ptr_array_index(verdict->signatures, i))->issues);
    return g_string_free(text, FALSE);
}

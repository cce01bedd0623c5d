/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a signature looks (ISO 32000-2, 12.5.5): the one page of another PDF becomes the appearance
 * of the field, with its fonts and images, so that the file stays whole by itself.
 *
 * INVARIANTS:
 *   (1) what is copied has been checked as if it were to be signed: no script, no action;
 *   (2) only what the page's content needs is copied, each object once, under a new number;
 *   (3) its marks for a structure tree, of which the letter's tree knows nothing, become artifacts,
 *       or spans where they say which characters the glyphs stand for: the tree has the field
 * itself.
 */
#include "base/message.h"
#include "sign/sign-private.h"
#include "sign/update-private.h"

#include <math.h>
#include <string.h>

#define MAX_COPIED 400 /* objects: some fonts, an emblem */
#define TOLERANCE  1.0 /* points */

typedef struct {
    PdfUpdate *update;
    PdfDocument *look;
    GHashTable *numbers; /* object number in the look -> in the update */
    GArray *open;        /* uint32_t: numbers in the look that are not written yet */
} Copier;

static bool
invalid(GError **error, const char *text)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, text);
    return false;
}

/* The number under which @number is copied. */
static uint32_t
copied_number(Copier *self, uint32_t number)
{
    gpointer key = GUINT_TO_POINTER(number);
    uint32_t copy = GPOINTER_TO_UINT(g_hash_table_lookup(self->numbers, key));

    if (copy != 0)
        return copy;
    copy = pdf_update_reserve(self->update);
    g_hash_table_insert(self->numbers, key, GUINT_TO_POINTER(copy));
    g_array_append_val(self->open, number);
    return copy;
}

static void
write_value(Copier *self, GString *out, const PdfValue *value)
{
    if (value->type == PDF_REF) {
        g_string_append_printf(out, "%u 0 R", copied_number(self, value->u.ref.number));
    } else if (value->type == PDF_ARRAY) {
        g_string_append_c(out, '[');
        for (uint32_t i = 0; i < value->n; i++) {
            g_string_append_c(out, ' ');
            write_value(self, out, value->u.items[i]);
        }
        g_string_append_c(out, ']');
    } else if (pdf_is_dict(value)) {
        g_string_append(out, "<<");
        for (uint32_t i = 0; i < value->n; i++) {
            const PdfPair *pair = &value->u.pairs[i];

            if (value->type == PDF_STREAM && strcmp(pair->key, "Length") == 0)
                continue;
            pdf_write_name(out, pair->key);
            g_string_append_c(out, ' ');
            write_value(self, out, pair->value);
        }
        if (value->type == PDF_STREAM)
            g_string_append_printf(out, "/Length %zu", value->data_size);
        g_string_append(out, ">>");
    } else {
        g_string_append_len(out, (const char *)value->raw, (gssize)value->raw_size);
    }
}

/* Writes what was named so far, and what that names. */
static bool
write_open(Copier *self, GError **error)
{
    for (guint i = 0; i < self->open->len; i++) {
        uint32_t number = g_array_index(self->open, uint32_t, i);
        const PdfSlot *slot = pdf_find_slot(self->look, pdf_last(self->look), number);
        const PdfValue *value = slot != NULL ? slot->value : NULL;

        if (i >= MAX_COPIED || pdf_is_name(pdf_get(value, "Type"), "Page") ||
            pdf_is_name(pdf_get(value, "Type"), "Pages"))
            return invalid(error, nsk_tr("how the signature looks is more than fonts and images"));
        pdf_update_begin(self->update, copied_number(self, number));
        if (value == NULL)
            g_string_append(self->update->out, "null");
        else
            write_value(self, self->update->out, value);
        if (value != NULL && value->type == PDF_STREAM) {
            g_string_append(self->update->out, "\nstream\n");
            g_string_append_len(self->update->out, (const char *)value->data,
                                (gssize)value->data_size);
            g_string_append(self->update->out, "\nendstream");
        }
        pdf_update_end(self->update);
    }
    return true;
}

/* What a mark becomes; @text: of the characters that its glyphs stand for, none: of @size 0. */
static void
write_mark(GString *out, const uint8_t *text, size_t size)
{
    if (size == 0) {
        g_string_append(out, "/Artifact BMC");
        return;
    }
    g_string_append(out, "/Span<</ActualText");
    g_string_append_len(out, (const char *)text, (gssize)size);
    g_string_append(out, ">>BDC");
}

/* Takes "<FEFF0041>" if it stands here; false if it has no end. */
static bool
take_hex(PdfParser *self)
{
    if (self->at >= self->size || self->data[self->at] != '<')
        return false;
    do {
        self->at++;
    } while (self->at < self->size && g_ascii_isxdigit(self->data[self->at]));
    if (self->at >= self->size || self->data[self->at] != '>')
        return false;
    self->at++;
    return true;
}

/* Takes "MCID 0>>" of a mark, or "MCID 0/ActualText<FEFF0041>>>", whose text it finds. */
static bool
take_properties(PdfParser *self, size_t *out_text, size_t *out_size)
{
    uint64_t number;

    pdf_skip_blank(self);
    if (!pdf_take_keyword(self, "/MCID"))
        return false;
    pdf_skip_blank(self);
    if (!pdf_take_number(self, &number))
        return false;
    pdf_skip_blank(self);
    if (pdf_take_keyword(self, "/ActualText")) {
        pdf_skip_blank(self);
        *out_text = self->at;
        if (!take_hex(self))
            return false;
        *out_size = self->at - *out_text;
        pdf_skip_blank(self);
    }
    if (self->size - self->at <= 2 || memcmp(self->data + self->at, ">>", 2) != 0)
        return false;
    self->at += 2;
    return true;
}

/* Takes "/P<</MCID 0>>BDC" if it stands here, and writes what it becomes. */
static bool
take_mark(PdfParser *self, GString *out)
{
    size_t back = self->at, text = 0, size = 0;

    for (self->at++; self->at < self->size && g_ascii_isalnum(self->data[self->at]); self->at++)
        ;
    pdf_skip_blank(self);
    if (self->size - self->at > 2 && memcmp(self->data + self->at, "<<", 2) == 0) {
        self->at += 2;
        bool ok = take_properties(self, &text, &size);

        pdf_skip_blank(self);
        if (ok && pdf_take_keyword(self, "BDC")) {
            write_mark(out, self->data + text, size);
            return true;
        }
    }
    self->at = back;
    return false;
}

/* The end of the string in brackets that begins here. */
static size_t
string_end(const PdfParser *self)
{
    size_t at = self->at, open = 0;

    do {
        uint8_t c = self->data[at];

        at += c == '\\' ? 2 : 1;
        open += c == '(';
        open -= c == ')';
    } while (open > 0 && at < self->size);
    return MIN(at, self->size);
}

/* Invariant (3).  False if marks of another shape are left. */
static bool
drop_marks(const uint8_t *data, size_t size, GString *out)
{
    PdfParser parser = { .data = data, .size = size };

    while (parser.at < size) {
        size_t start = parser.at;

        if (data[start] == '(') {
            parser.at = string_end(&parser);
        } else if (data[start] == '/' && take_mark(&parser, out)) {
            continue;
        } else if (pdf_take_keyword(&parser, "/MCID")) {
            return false;
        } else {
            parser.at++;
        }
        g_string_append_len(out, (const char *)data + start, (gssize)(parser.at - start));
    }
    return true;
}

/* The content of the page, decoded. */
static GString *
read_content(PdfDocument *look, const PdfValue *page, GError **error)
{
    const PdfValue *stream = pdf_resolve_key(look, pdf_last(look), page, "Contents");
    GError *fault = NULL;
    gsize size;

    if (stream == NULL || stream->type != PDF_STREAM) {
        invalid(error, nsk_tr("the page that shows how the signature looks has no content"));
        return NULL;
    }
    g_autoptr(GBytes) data = pdf_stream_data(look, stream, &fault);
    if (data == NULL) {
        pdf_fault_propagate(error, fault);
        return NULL;
    }
    const uint8_t *bytes = g_bytes_get_data(data, &size);
    GString *content = g_string_sized_new(size);
    if (drop_marks(bytes, size, content))
        return content;
    g_string_free(content, TRUE);
    invalid(error, nsk_tr("the page that shows how the signature looks has marks in it that "
                          "are not understood"));
    return NULL;
}

/* Whether the page is as large as the field; @out_box gets its box, as it is written. */
static bool
check_size(PdfDocument *look,
           const PdfValue *page,
           const double rect[4],
           const PdfValue **out_box,
           GError **error)
{
    const PdfValue *box = pdf_resolve_key(look, pdf_last(look), page, "MediaBox");
    double sides[4] = { 0 };

    for (uint32_t i = 0; box != NULL && box->type == PDF_ARRAY && box->n == 4 && i < 4; i++) {
        const PdfValue *item = box->u.items[i];

        sides[i] = item->type == PDF_INT    ? (double)item->u.integer
                   : item->type == PDF_REAL ? item->u.real
                                            : HUGE_VAL;
    }
    double width = fabs(rect[2] - rect[0]), height = fabs(rect[3] - rect[1]);
    *out_box = box;
    if (width * height > 0 && fabs(sides[2] - sides[0] - width) <= TOLERANCE &&
        fabs(sides[3] - sides[1] - height) <= TOLERANCE)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("how the signature looks must be a page of the field's size, %.1f by %.1f "
                       "points"),
                width, height);
    return false;
}

static PdfDocument *
open_look(GBytes *pdf, const PdfValue **out_page, GError **error)
{
    GError *fault = NULL;
    g_autoptr(PdfDocument) look = pdf_open(pdf, &fault);

    if (look == NULL || !pdf_load_all(look, &fault)) {
        pdf_fault_propagate(error, fault);
        return NULL;
    }
    if (!check_static(look, error))
        return NULL;
    g_autoptr(GArray) pages = pdf_pages(look, pdf_last(look));
    PdfSlot *slot = pages->len == 1
                        ? pdf_find_slot(look, pdf_last(look), g_array_index(pages, uint32_t, 0))
                        : NULL;
    if (slot == NULL || !pdf_is_dict(slot->value)) {
        invalid(error, nsk_tr("how the signature looks must be a PDF of one page"));
        return NULL;
    }
    *out_page = slot->value;
    return g_steal_pointer(&look);
}

static bool
write_look(Copier *self, const PdfValue *page, const PdfValue *box, uint32_t number, GError **error)
{
    g_autoptr(GString) content = read_content(self->look, page, error);
    const PdfValue *resources = pdf_get(page, "Resources");
    GString *out = self->update->out;

    if (content == NULL)
        return false;
    pdf_update_begin(self->update, number);
    g_string_append(out, "<</Type/XObject/Subtype/Form/BBox ");
    write_value(self, out, box);
    g_string_append(out, "/Resources ");
    if (resources != NULL)
        write_value(self, out, resources);
    else
        g_string_append(out, "<<>>");
    g_string_append_printf(out, "/Length %zu>>\nstream\n", (size_t)content->len);
    g_string_append_len(out, content->str, (gssize)content->len);
    g_string_append(out, "\nendstream");
    pdf_update_end(self->update);
    return write_open(self, error);
}

uint32_t
pdf_update_add_look(PdfUpdate *update, GBytes *pdf, const double rect[4], GError **error)
{
    const PdfValue *page = NULL, *box = NULL;
    g_autoptr(PdfDocument) look = open_look(pdf, &page, error);

    if (look == NULL || !check_size(look, page, rect, &box, error))
        return 0;
    g_autoptr(GHashTable) numbers = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    Copier self = { update, look, numbers, open };
    uint32_t number = pdf_update_reserve(update);
    return write_look(&self, page, box, number, error) ? number : 0;
}

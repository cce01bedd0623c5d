/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Incremental updates (ISO 32000-2, 7.5.6): objects added or written again behind a PDF that stays
 * as it is, with a cross-reference of the same kind as the base's last.
 *
 * INVARIANTS:
 *   (1) the result begins with the base, byte for byte;
 *   (2) every key of a changed object but those given stays as it was written;
 *   (3) the reserved ByteRange is [0 a b c] with a at the '<' and b behind the '>' of Contents, and
 *       c to the last byte, at a fixed width.
 */
#include "base/limits.h"
#include "crypto/crypto.h"
#include "sign/update-private.h"

#include <string.h>

#define RANGE_WIDTH 48 /* "[0 a b c]" with three numbers of up to 13 digits */

/* One object of the update. */
typedef struct {
    uint32_t number;
    uint32_t generation;
    size_t offset;
} Written;

/* Text as a PDF string: literal for printable ASCII, else UTF-16 with its mark. */
void
pdf_write_text(GString *out, const char *text)
{
    bool plain = true;

    for (const char *at = text; *at != '\0'; at++)
        plain = plain && g_ascii_isprint(*at);
    if (plain) {
        g_string_append_c(out, '(');
        for (const char *at = text; *at != '\0'; at++) {
            if (*at == '(' || *at == ')' || *at == '\\')
                g_string_append_c(out, '\\');
            g_string_append_c(out, *at);
        }
        g_string_append_c(out, ')');
        return;
    }
    glong units = 0;
    g_autofree gunichar2 *utf16 = g_utf8_to_utf16(text, -1, NULL, &units, NULL);
    g_string_append(out, "<FEFF");
    for (glong i = 0; i < units; i++)
        g_string_append_printf(out, "%04X", utf16[i]);
    g_string_append_c(out, '>');
}

void
pdf_write_name(GString *out, const char *name)
{
    g_string_append_c(out, '/');
    for (const char *at = name; *at != '\0'; at++) {
        if (g_ascii_isgraph(*at) && strchr("()<>[]{}/%#", *at) == NULL)
            g_string_append_c(out, *at);
        else
            g_string_append_printf(out, "#%02X", (uint8_t)*at);
    }
}

static const PdfEdit *
find_edit(const PdfEdit *edits, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(edits[i].key, key) == 0)
            return &edits[i];
    return NULL;
}

void
pdf_write_dict(GString *out, const PdfValue *dict, const PdfEdit *edits, size_t n_edits)
{
    g_string_append(out, "<<");
    for (uint32_t i = 0; dict != NULL && i < dict->n; i++) {
        const PdfPair *pair = &dict->u.pairs[i];

        if (find_edit(edits, n_edits, pair->key) != NULL)
            continue;
        pdf_write_name(out, pair->key);
        g_string_append_c(out, ' ');
        g_string_append_len(out, (const char *)pair->value->raw, (gssize)pair->value->raw_size);
        g_string_append_c(out, '\n');
    }
    for (size_t i = 0; i < n_edits; i++) {
        pdf_write_name(out, edits[i].key);
        g_string_append_printf(out, " %s", edits[i].text);
    }
    g_string_append(out, ">>");
}

uint32_t
pdf_update_begin(PdfUpdate *self, uint32_t number)
{
    Written written = { number != 0 ? number : self->next++, 0, self->out->len };
    const PdfSlot *slot = pdf_find_slot(self->document, pdf_last(self->document), written.number);

    written.generation = slot != NULL && slot->kind == 1 ? slot->generation : 0;
    g_array_append_val(self->written, written);
    g_string_append_printf(self->out, "%u %u obj\n", written.number, written.generation);
    return written.number;
}

void
pdf_update_end(PdfUpdate *self)
{
    g_string_append(self->out, "\nendobj\n");
}

uint32_t
pdf_update_reserve(PdfUpdate *self)
{
    return self->next++;
}

void
pdf_update_change(PdfUpdate *self,
                  uint32_t number,
                  const PdfValue *dict,
                  const PdfEdit *edits,
                  size_t n_edits)
{
    pdf_update_begin(self, number);
    pdf_write_dict(self->out, dict, edits, n_edits);
    pdf_update_end(self);
}

void
pdf_update_add_stream(PdfUpdate *self, uint32_t number, GBytes *data)
{
    gsize size;
    const void *bytes = g_bytes_get_data(data, &size);

    pdf_update_begin(self, number);
    g_string_append_printf(self->out, "<</Length %zu>>\nstream\n", (size_t)size);
    g_string_append_len(self->out, bytes, (gssize)size);
    g_string_append(self->out, "\nendstream");
    pdf_update_end(self);
}

void
pdf_update_add_contents(PdfUpdate *self, size_t size)
{
    g_string_append(self->out, "/ByteRange");
    self->range_at = self->out->len;
    g_string_append_printf(self->out, "%*s/Contents", RANGE_WIDTH, "");
    self->gap = self->out->len;
    self->contents_size = size;
    g_string_append_c(self->out, '<');
    g_string_set_size(self->out, self->gap + 1 + 2 * size);
    memset(self->out->str + self->gap + 1, '0', 2 * size);
    g_string_append_c(self->out, '>');
}

/* The keys of the trailer that stay; the second string of ID is new. */
static void
write_trailer_keys(PdfUpdate *self, uint32_t size)
{
    static const char *const own[] = { "Size",  "Prev",   "ID",          "Type",  "W",
                                       "Index", "Filter", "DecodeParms", "Length" };
    const PdfRevision *last = pdf_revision(self->document, pdf_last(self->document));
    const PdfValue *id = pdf_get(last->trailer, "ID");

    g_string_append_printf(self->out, "/Size %u/Prev %zu", size, last->xref_at);
    for (uint32_t i = 0; i < last->trailer->n; i++) {
        const PdfPair *pair = &last->trailer->u.pairs[i];
        bool is_own = false;

        for (size_t j = 0; j < G_N_ELEMENTS(own); j++)
            is_own = is_own || strcmp(pair->key, own[j]) == 0;
        if (is_own)
            continue;
        pdf_write_name(self->out, pair->key);
        g_string_append_c(self->out, ' ');
        g_string_append_len(self->out, (const char *)pair->value->raw,
                            (gssize)pair->value->raw_size);
    }
    if (id != NULL && id->type == PDF_ARRAY && id->n == 2 && id->u.items[0]->type == PDF_STRING) {
        uint8_t digest[NSK_SHA256_SIZE];
        const PdfValue *first = id->u.items[0];

        nsk_sha256(self->out->str, self->out->len, digest); /* all that was written so far */
        g_string_append(self->out, "/ID[");
        g_string_append_len(self->out, (const char *)first->raw, (gssize)first->raw_size);
        g_string_append_c(self->out, '<');
        for (size_t i = 0; i < 16; i++)
            g_string_append_printf(self->out, "%02X", digest[i]);
        g_string_append(self->out, ">]");
    }
}

static gint
compare_written(gconstpointer a, gconstpointer b)
{
    const Written *x = a, *y = b;

    return (x->number > y->number) - (x->number < y->number);
}

static void
write_table(PdfUpdate *self, uint32_t size)
{
    g_string_append(self->out, "xref\n");
    for (guint i = 0; i < self->written->len; i++) {
        const Written *written = &g_array_index(self->written, Written, i);

        g_string_append_printf(self->out, "%u 1\n%010zu %05u n \n", written->number,
                               written->offset, written->generation);
    }
    g_string_append(self->out, "trailer\n<<");
    write_trailer_keys(self, size);
    g_string_append(self->out, ">>\n");
}

/* A cross-reference stream, not compressed, that lists itself (ISO 32000-1, 7.5.8). */
static void
write_stream(PdfUpdate *self, uint32_t number)
{
    Written own = { number, 0, self->out->len };

    g_array_append_val(self->written, own);
    g_string_append_printf(self->out, "%u 0 obj\n<</Type/XRef/W[1 5 2]/Length %u/Index[", number,
                           self->written->len * 8);
    for (guint i = 0; i < self->written->len; i++)
        g_string_append_printf(self->out, "%s%u 1", i > 0 ? " " : "",
                               g_array_index(self->written, Written, i).number);
    g_string_append_c(self->out, ']');
    write_trailer_keys(self, number + 1);
    g_string_append(self->out, ">>\nstream\n");
    for (guint i = 0; i < self->written->len; i++) {
        const Written *written = &g_array_index(self->written, Written, i);

        g_string_append_c(self->out, 1);
        for (int shift = 32; shift >= 0; shift -= 8)
            g_string_append_c(self->out, (char)(uint8_t)((uint64_t)written->offset >> shift));
        g_string_append_c(self->out, (char)(uint8_t)(written->generation >> 8));
        g_string_append_c(self->out, (char)(uint8_t)written->generation);
    }
    g_string_append(self->out, "\nendstream\nendobj\n");
}

/* The number behind the highest in use. */
static uint32_t
next_number(const PdfDocument *document)
{
    int64_t size = 0;
    uint32_t next;

    pdf_get_int(pdf_revision(document, pdf_last(document))->trailer, "Size", &size);
    next = size > 0 && size < NSK_LIMIT_PDF_OBJECTS ? (uint32_t)size : 1;
    for (unsigned i = 0; i <= pdf_last(document); i++) {
        const GArray *slots = pdf_revision(document, i)->slots;

        if (slots->len > 0) /* they are sorted */
            next = MAX(next, g_array_index(slots, PdfSlot, slots->len - 1).number + 1);
    }
    return next;
}

PdfUpdate *
pdf_update_new(PdfDocument *document, size_t room)
{
    PdfUpdate *self = g_new0(PdfUpdate, 1);
    uint8_t last = document->data[document->size - 1];

    self->document = document;
    self->out = g_string_sized_new(document->size + room);
    self->written = g_array_new(FALSE, FALSE, sizeof(Written));
    self->next = next_number(document);
    g_string_append_len(self->out, (const char *)document->data, (gssize)document->size);
    if (last != '\n' && last != '\r')
        g_string_append_c(self->out, '\n');
    return self;
}

static void
write_range(PdfUpdate *self)
{
    size_t second = self->gap + 2 * self->contents_size + 2;
    g_autofree char *text =
        g_strdup_printf("[0 %zu %zu %zu]", self->gap, second, self->out->len - second);

    g_assert(strlen(text) <= RANGE_WIDTH);
    memcpy(self->out->str + self->range_at, text, strlen(text));
}

GBytes *
pdf_update_finish(PdfUpdate *self)
{
    size_t at = self->out->len;

    g_array_sort(self->written, compare_written);
    if (pdf_revision(self->document, pdf_last(self->document))->is_stream)
        write_stream(self, self->next);
    else
        write_table(self, self->next);
    g_string_append_printf(self->out, "startxref\n%zu\n%%%%EOF\n", at);
    if (self->gap != 0)
        write_range(self);
    return g_string_free_to_bytes(g_steal_pointer(&self->out));
}

void
pdf_update_free(PdfUpdate *self)
{
    if (self == NULL)
        return;
    if (self->out != NULL)
        g_string_free(self->out, TRUE);
    g_array_unref(self->written);
    g_free(self);
}

GBytes *
pdf_fill_contents(GBytes *pdf, size_t gap, GBytes *der)
{
    static const char digits[] = "0123456789ABCDEF";
    gsize size, der_size;
    const uint8_t *bytes = g_bytes_get_data(der, &der_size);
    const void *data = g_bytes_get_data(pdf, &size);
    uint8_t *copy = g_memdup2(data, size);

    for (size_t i = 0; i < der_size; i++) {
        copy[gap + 1 + 2 * i] = (uint8_t)digits[bytes[i] >> 4];
        copy[gap + 2 + 2 * i] = (uint8_t)digits[bytes[i] & 15];
    }
    return g_bytes_new_take(copy, size);
}

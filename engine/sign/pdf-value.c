/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values of a PDF file and the memory they live in.  A value is never changed after it was
 * parsed, and points to the bytes it was parsed from.
 */
#include "base/limits.h"
#include "base/message.h"
#include "sign/pdf-private.h"

#include <string.h>

#define BLOCK_SIZE ((size_t)64 * 1024)

struct _PdfArena {
    GPtrArray *blocks;
    GPtrArray *kept;
    uint8_t *at;
    size_t left;
    size_t n_values;
};

G_DEFINE_QUARK(pdf_fault, pdf_fault)

static const struct {
    const char *tag;
    NskError code;
} faults[] = {
    [PDF_FAULT_SYNTAX] = { "pdf-syntax", NSK_ERROR_INVALID },
    [PDF_FAULT_XREF] = { "pdf-xref", NSK_ERROR_INVALID },
    [PDF_FAULT_DUPLICATE] = { "pdf-duplicate", NSK_ERROR_INVALID },
    [PDF_FAULT_HYBRID] = { "pdf-hybrid", NSK_ERROR_INVALID },
    [PDF_FAULT_ENCRYPTED] = { "pdf-encrypted", NSK_ERROR_UNSUPPORTED },
    [PDF_FAULT_LIMIT] = { "pdf-limit", NSK_ERROR_LIMIT },
    [PDF_FAULT_UNSUPPORTED] = { "pdf-unsupported", NSK_ERROR_UNSUPPORTED },
    [PDF_FAULT_FIELDS] = { "pdf-duplicate-field", NSK_ERROR_INVALID },
};

const char *
pdf_fault_tag(const GError *fault)
{
    g_assert(fault->domain == PDF_FAULT);
    return faults[fault->code].tag;
}

void
pdf_fault_propagate(GError **error, GError *fault)
{
    if (fault->domain == PDF_FAULT) {
        g_set_error(error, NSK_ERROR, (int)faults[fault->code].code, "%s [%s]", fault->message,
                    faults[fault->code].tag);
        g_error_free(fault);
    } else {
        g_propagate_error(error, fault);
    }
}

bool
pdf_fail(GError **error, PdfFault code, size_t offset, const char *text)
{
    g_set_error(error, PDF_FAULT, (int)code,
                nsk_tr("the PDF cannot be read safely at byte %zu: %s"), offset, nsk_tr(text));
    return false;
}

PdfArena *
pdf_arena_new(void)
{
    PdfArena *self = g_new0(PdfArena, 1);

    self->blocks = g_ptr_array_new_with_free_func(g_free);
    self->kept = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    return self;
}

void
pdf_arena_free(PdfArena *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->blocks);
    g_ptr_array_unref(self->kept);
    g_free(self);
}

void *
pdf_arena_take(PdfArena *self, size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if (size > BLOCK_SIZE / 4) { /* a large one gets a block of its own */
        void *block = g_malloc0(size);

        g_ptr_array_add(self->blocks, block);
        return block;
    }
    if (size > self->left) {
        self->at = g_malloc0(BLOCK_SIZE);
        self->left = BLOCK_SIZE;
        g_ptr_array_add(self->blocks, self->at);
    }
    void *taken = self->at;
    self->at += size;
    self->left -= size;
    return taken;
}

void
pdf_arena_keep(PdfArena *self, GBytes *bytes)
{
    g_ptr_array_add(self->kept, g_bytes_ref(bytes));
}

size_t
pdf_arena_count(const PdfArena *self)
{
    return self->n_values;
}

PdfValue *
pdf_arena_value(PdfArena *self, PdfType type)
{
    if (self->n_values >= NSK_LIMIT_PDF_VALUES)
        return NULL;
    self->n_values++;
    PdfValue *value = pdf_arena_take(self, sizeof *value);
    value->type = type;
    return value;
}

bool
pdf_is_dict(const PdfValue *value)
{
    return value != NULL && (value->type == PDF_DICT || value->type == PDF_STREAM);
}

const PdfValue *
pdf_get(const PdfValue *dict, const char *key)
{
    if (!pdf_is_dict(dict))
        return NULL;
    for (uint32_t i = 0; i < dict->n; i++)
        if (strcmp(dict->u.pairs[i].key, key) == 0)
            return dict->u.pairs[i].value;
    return NULL;
}

bool
pdf_is_name(const PdfValue *value, const char *name)
{
    return value != NULL && value->type == PDF_NAME && strcmp(value->u.bytes, name) == 0;
}

bool
pdf_get_int(const PdfValue *dict, const char *key, int64_t *out_integer)
{
    const PdfValue *value = pdf_get(dict, key);

    if (value == NULL || value->type != PDF_INT)
        return false;
    *out_integer = value->u.integer;
    return true;
}

static bool
equal_dict(const PdfValue *a, const PdfValue *b)
{
    if (a->n != b->n || a->data_size != b->data_size)
        return false;
    for (uint32_t i = 0; i < a->n; i++)
        if (!pdf_equal(a->u.pairs[i].value, pdf_get(b, a->u.pairs[i].key)))
            return false;
    return a->data_size == 0 || memcmp(a->data, b->data, a->data_size) == 0;
}

bool
pdf_equal(const PdfValue *a, const PdfValue *b)
{
    if (a == b)
        return true;
    if (a == NULL || b == NULL || a->type != b->type)
        return false;
    switch (a->type) {
    case PDF_NULL:
        return true;
    case PDF_BOOL:
        return a->u.boolean == b->u.boolean;
    case PDF_INT:
        return a->u.integer == b->u.integer;
    case PDF_REAL:
        return a->raw_size == b->raw_size && memcmp(a->raw, b->raw, a->raw_size) == 0;
    case PDF_NAME:
    case PDF_STRING:
        return a->n == b->n && memcmp(a->u.bytes, b->u.bytes, a->n) == 0;
    case PDF_REF:
        return a->u.ref.number == b->u.ref.number && a->u.ref.generation == b->u.ref.generation;
    case PDF_ARRAY:
        for (uint32_t i = 0; a->n == b->n && i < a->n; i++)
            if (!pdf_equal(a->u.items[i], b->u.items[i]))
                return false;
        return a->n == b->n;
    case PDF_DICT:
    case PDF_STREAM:
        return equal_dict(a, b);
    }
    return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A PDF file as its revisions show it: objects looked up as of a revision, loaded once, kept in
 * the document's arena.
 *
 * INVARIANTS, once pdf_load_all() has succeeded:
 *   (1) every used entry of every revision has its value;
 *   (2) no two objects share a byte of the file.
 */
#include "base/limits.h"
#include "base/message.h"
#include "sign/pdf-private.h"

#include <string.h>

#define MAX_LOADING 8 /* object -> its length or object stream -> that one's length ... */

typedef struct {
    size_t start;
    size_t end;
} Span;

/* One object of an object stream. */
typedef struct {
    uint64_t number;
    size_t at;
} Member;

typedef struct {
    GBytes *data;
    GArray *members;
} Container;

static void container_free(gpointer data);

PdfDocument *
pdf_open(GBytes *bytes, GError **error)
{
    g_autoptr(PdfDocument) self = g_new0(PdfDocument, 1);
    gsize size;

    self->bytes = g_bytes_ref(bytes);
    self->data = g_bytes_get_data(bytes, &size);
    self->size = size;
    self->arena = pdf_arena_new();
    self->revisions = g_ptr_array_new_with_free_func((GDestroyNotify)pdf_revision_free);
    self->containers = g_hash_table_new_full(NULL, NULL, NULL, container_free);
    if (size > NSK_LIMIT_PDF_SIZE) {
        pdf_fail(error, PDF_FAULT_LIMIT, 0, N_("it is too large"));
        return NULL;
    }
    if (size < 16 ||
        (memcmp(self->data, "%PDF-1.", 7) != 0 && memcmp(self->data, "%PDF-2.", 7) != 0)) {
        pdf_fail(error, PDF_FAULT_SYNTAX, 0, N_("it does not begin with %PDF-1 or %PDF-2"));
        return NULL;
    }
    return pdf_read_xref(self, error) ? g_steal_pointer(&self) : NULL;
}

void
pdf_close(PdfDocument *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->revisions);
    g_hash_table_unref(self->containers);
    pdf_arena_free(self->arena);
    g_bytes_unref(self->bytes);
    g_free(self);
}

unsigned
pdf_last(const PdfDocument *self)
{
    return self->revisions->len - 1;
}

PdfRevision *
pdf_revision(const PdfDocument *self, unsigned revision)
{
    return g_ptr_array_index(self->revisions, revision);
}

PdfSlot *
pdf_find_slot(const PdfDocument *self, unsigned revision, uint32_t number)
{
    for (unsigned i = revision + 1; i-- > 0;) {
        PdfRevision *own = pdf_revision(self, i);
        guint found = GPOINTER_TO_UINT(g_hash_table_lookup(own->index, GUINT_TO_POINTER(number)));

        if (found > 0) {
            PdfSlot *slot = &g_array_index(own->slots, PdfSlot, found - 1);
            return slot->kind == 0 ? NULL : slot;
        }
    }
    return NULL;
}

bool
pdf_offset(const PdfDocument *self, const PdfValue *value, size_t *out_offset)
{
    uintptr_t start = (uintptr_t)self->data, raw = (uintptr_t)value->raw;

    if (raw < start || raw >= start + self->size)
        return false;
    *out_offset = raw - start;
    return true;
}

/* The Length of a stream, looked up as of the revision that has the stream. */
static bool
stream_length(PdfDocument *self, const PdfSlot *slot, const PdfValue *dict, uint64_t *out_length)
{
    const PdfValue *length = pdf_get(dict, "Length");

    if (length != NULL && length->type == PDF_REF && self->revisions->len > slot->revision) {
        PdfSlot *other = pdf_find_slot(self, slot->revision, length->u.ref.number);

        length = other != NULL && pdf_load(self, other, NULL) ? other->value : NULL;
    }
    if (length == NULL || length->type != PDF_INT || length->u.integer < 0)
        return false;
    *out_length = (uint64_t)length->u.integer;
    return true;
}

/* "stream" has been taken: the data, and "endstream". */
static const PdfValue *
read_stream(PdfDocument *self,
            PdfParser *parser,
            const PdfSlot *slot,
            const PdfValue *dict,
            GError **error)
{
    uint64_t length;

    if (parser->at < parser->size && parser->data[parser->at] == '\r')
        parser->at++;
    if (parser->at >= parser->size || parser->data[parser->at] != '\n') {
        pdf_fail(error, PDF_FAULT_SYNTAX, parser->at, N_("no line end follows 'stream'"));
        return NULL;
    }
    parser->at++;
    if (dict->type != PDF_DICT || !stream_length(self, slot, dict, &length) ||
        length > parser->size - parser->at) {
        pdf_fail(error, PDF_FAULT_SYNTAX, parser->at, N_("a stream's Length is missing or wrong"));
        return NULL;
    }
    PdfValue *value = pdf_arena_value(self->arena, PDF_STREAM);
    if (value == NULL) {
        pdf_fail(error, PDF_FAULT_LIMIT, parser->at, N_("it has too many values"));
        return NULL;
    }
    PdfType type = value->type;
    *value = *dict;
    value->type = type;
    value->data = parser->data + parser->at;
    value->data_size = (size_t)length;
    parser->at += (size_t)length;
    if (parser->at < parser->size && parser->data[parser->at] == '\r')
        parser->at++;
    if (parser->at < parser->size && parser->data[parser->at] == '\n')
        parser->at++;
    if (!pdf_take_keyword(parser, "endstream")) {
        pdf_fail(error, PDF_FAULT_SYNTAX, parser->at, N_("a stream does not end where it says"));
        return NULL;
    }
    pdf_skip_blank(parser);
    return value;
}

static bool
read_object_head(PdfParser *parser, PdfSlot *slot, GError **error)
{
    uint64_t number, generation;
    size_t at = parser->at;
    bool ok = pdf_take_number(parser, &number);

    pdf_skip_blank(parser);
    ok = ok && pdf_take_number(parser, &generation);
    pdf_skip_blank(parser);
    ok = ok && pdf_take_keyword(parser, "obj");
    if (!ok || number == 0 || number >= NSK_LIMIT_PDF_OBJECTS || generation > 65535)
        return pdf_fail(error, PDF_FAULT_XREF, at, N_("no object stands where one is said to be"));
    if (slot->number == 0) {
        slot->number = (uint32_t)number;
        slot->generation = (uint32_t)generation;
    }
    if (number != slot->number || generation != slot->generation)
        return pdf_fail(error, PDF_FAULT_XREF, at, N_("another object stands here than is said"));
    return true;
}

bool
pdf_read_object(PdfDocument *self, size_t offset, PdfSlot *slot, GError **error)
{
    PdfParser parser = { self->data, self->size, MIN(offset, self->size), 0, self->arena };

    if (!read_object_head(&parser, slot, error))
        return false;
    const PdfValue *value = pdf_parse_value(&parser, error);
    if (value == NULL)
        return false;
    pdf_skip_blank(&parser);
    if (parser.size - parser.at > 6 && memcmp(parser.data + parser.at, "stream", 6) == 0) {
        parser.at += 6;
        value = read_stream(self, &parser, slot, value, error);
        if (value == NULL)
            return false;
    }
    if (!pdf_take_keyword(&parser, "endobj"))
        return pdf_fail(error, PDF_FAULT_SYNTAX, parser.at, N_("an object does not end"));
    slot->value = value;
    slot->end = parser.at;
    return true;
}

static void
container_free(gpointer data)
{
    Container *self = data;

    g_bytes_unref(self->data);
    g_array_unref(self->members);
    g_free(self);
}

/* The numbers and offsets at the head of an object stream. */
static bool
read_members(Container *self, const PdfValue *stream, PdfArena *arena)
{
    int64_t n = 0, first = 0;
    gsize size;
    PdfParser parser = { .data = g_bytes_get_data(self->data, &size), .arena = arena };

    if (!pdf_get_int(stream, "N", &n) || !pdf_get_int(stream, "First", &first) || n < 0 ||
        first < 0 || (uint64_t)first > size)
        return false;
    parser.size = (size_t)first;
    for (int64_t i = 0; i < n; i++) {
        uint64_t number, offset;

        pdf_skip_blank(&parser);
        if (!pdf_take_number(&parser, &number))
            return false;
        pdf_skip_blank(&parser);
        if (!pdf_take_number(&parser, &offset) || offset >= size - (size_t)first)
            return false;
        Member member = { number, (size_t)first + (size_t)offset };
        g_array_append_val(self->members, member);
    }
    return true;
}

/* The object stream in @slot, inflated once. */
static Container *
open_container(PdfDocument *self, PdfSlot *slot, GError **error)
{
    Container *container = g_hash_table_lookup(self->containers, slot);

    if (container != NULL)
        return container;
    if (!pdf_load(self, slot, error))
        return NULL;
    if (slot->value->type != PDF_STREAM || !pdf_is_name(pdf_get(slot->value, "Type"), "ObjStm")) {
        pdf_fail(error, PDF_FAULT_XREF, (size_t)slot->place, N_("this is no object stream"));
        return NULL;
    }
    GBytes *data = pdf_stream_data(self, slot->value, error);
    if (data == NULL)
        return NULL;
    container = g_new0(Container, 1);
    container->data = data;
    container->members = g_array_new(FALSE, FALSE, sizeof(Member));
    pdf_arena_keep(self->arena, data); /* values point into it */
    g_hash_table_insert(self->containers, slot, container);
    if (!read_members(container, slot->value, self->arena)) {
        pdf_fail(error, PDF_FAULT_XREF, (size_t)slot->place,
                 N_("an object stream's head is wrong"));
        return NULL;
    }
    return container;
}

static bool
load_from_container(PdfDocument *self, PdfSlot *slot, GError **error)
{
    PdfSlot *container = pdf_find_slot(self, slot->revision, (uint32_t)slot->place);

    if (container == NULL || container->kind != 1 || container->revision != slot->revision)
        return pdf_fail(error, PDF_FAULT_XREF, 0,
                        N_("an object is said to be in an object stream that is not there"));
    Container *opened = open_container(self, container, error);
    if (opened == NULL)
        return false;
    const Member *member = slot->index < opened->members->len
                               ? &g_array_index(opened->members, Member, slot->index)
                               : NULL;
    if (member == NULL || member->number != slot->number)
        return pdf_fail(error, PDF_FAULT_XREF, (size_t)container->place,
                        N_("an object is not where the cross-reference says in its object stream"));
    gsize size;
    PdfParser parser = { .data = g_bytes_get_data(opened->data, &size), .arena = self->arena };
    parser.size = size;
    parser.at = member->at;
    slot->value = pdf_parse_value(&parser, error);
    if (slot->value == NULL)
        return false;
    if (slot->value->type == PDF_REF)
        return pdf_fail(error, PDF_FAULT_SYNTAX, (size_t)container->place,
                        N_("an object is only a reference"));
    return true;
}

bool
pdf_load(PdfDocument *self, PdfSlot *slot, GError **error)
{
    if (slot->value != NULL)
        return true;
    if (slot->is_loading || self->depth >= MAX_LOADING)
        return pdf_fail(error, PDF_FAULT_XREF, (size_t)slot->place, N_("an object needs itself"));
    slot->is_loading = true;
    self->depth++;
    bool ok = slot->kind == 1 ? pdf_read_object(self, (size_t)slot->place, slot, error)
                              : load_from_container(self, slot, error);
    self->depth--;
    slot->is_loading = false;
    return ok;
}

static gint
compare_spans(gconstpointer a, gconstpointer b)
{
    const Span *x = a, *y = b;

    return (x->start > y->start) - (x->start < y->start);
}

static bool
check_spans(GArray *spans, GError **error)
{
    g_array_sort(spans, compare_spans);
    for (guint i = 1; i < spans->len; i++) {
        const Span *before = &g_array_index(spans, Span, i - 1);
        const Span *span = &g_array_index(spans, Span, i);

        if (span->start < before->end)
            return pdf_fail(error, PDF_FAULT_XREF, span->start,
                            N_("an object lies inside another"));
    }
    return true;
}

bool
pdf_load_all(PdfDocument *self, GError **error)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(Span));

    for (guint i = 0; i < self->revisions->len; i++) {
        PdfRevision *revision = pdf_revision(self, i);

        for (guint j = 0; j < revision->slots->len; j++) {
            PdfSlot *slot = &g_array_index(revision->slots, PdfSlot, j);

            if (slot->kind == 0)
                continue;
            if (!pdf_load(self, slot, error))
                return false;
            if (slot->kind == 1) {
                Span span = { (size_t)slot->place, slot->end };

                g_array_append_val(spans, span);
            }
        }
    }
    return check_spans(spans, error);
}

const PdfValue *
pdf_resolve(PdfDocument *self, unsigned revision, const PdfValue *value)
{
    if (value == NULL || value->type == PDF_NULL)
        return NULL;
    if (value->type != PDF_REF)
        return value;
    PdfSlot *slot = pdf_find_slot(self, revision, value->u.ref.number);
    if (slot == NULL || slot->generation != value->u.ref.generation || !pdf_load(self, slot, NULL))
        return NULL;
    return slot->value->type == PDF_NULL || slot->value->type == PDF_REF ? NULL : slot->value;
}

const PdfValue *
pdf_resolve_key(PdfDocument *self, unsigned revision, const PdfValue *dict, const char *key)
{
    return pdf_resolve(self, revision, pdf_get(dict, key));
}

const PdfValue *
pdf_catalog(PdfDocument *self, unsigned revision)
{
    const PdfValue *catalog =
        pdf_resolve_key(self, revision, pdf_revision(self, revision)->trailer, "Root");

    return pdf_is_dict(catalog) ? catalog : NULL;
}

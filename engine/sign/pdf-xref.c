/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cross-reference sections of a PDF (ISO 32000-1, 7.5.4 to 7.5.8) and the revisions that
 * they divide a file into.
 *
 * INVARIANTS, for every document that pdf_open() returns:
 *   (1) the chain of Prev has no loop, and each section stands behind the one it names; only
 *       the two parts of a linearised first revision stand the other way round;
 *   (2) the last revision ends at the last %%EOF of the file;
 *   (3) each entry of a later revision points into that revision's own bytes: none makes old,
 *       unused bytes come alive (an entry that repeats what was so before is dropped);
 *   (4) no section has a number twice; no file mixes tables with XRefStm.
 */
#include "base/limits.h"
#include "base/message.h"
#include "sign/pdf-private.h"

#include <string.h>

#define TAIL_SIZE  2048 /* bytes at the end in which startxref must stand */
#define ENTRY_SIZE 20

/* A section while the chain is being read. */
typedef struct {
    PdfRevision *revision;
    int64_t previous; /* 0: none */
    size_t named;     /* what its startxref says */
} Section;

void
pdf_revision_free(PdfRevision *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->slots);
    g_hash_table_unref(self->index);
    g_free(self);
}

static void
section_free(gpointer data)
{
    Section *self = data;

    pdf_revision_free(self->revision);
    g_free(self);
}

static PdfParser
parser_at(PdfDocument *self, size_t at)
{
    return (PdfParser){ self->data, self->size, MIN(at, self->size), 0, self->arena };
}

static bool
add_slot(PdfDocument *self, GArray *slots, PdfSlot slot, size_t at, GError **error)
{
    if (self->n_slots++ >= 2 * NSK_LIMIT_PDF_OBJECTS)
        return pdf_fail(error, PDF_FAULT_LIMIT, at, N_("it has too many objects"));
    if (slot.kind == 1 && (slot.place == 0 || slot.place >= self->size || slot.generation > 65535))
        return pdf_fail(error, PDF_FAULT_XREF, at, N_("an entry points outside the file"));
    if (slot.kind == 2 && (slot.place == 0 || slot.place >= NSK_LIMIT_PDF_OBJECTS))
        return pdf_fail(error, PDF_FAULT_XREF, at,
                        N_("an entry names an impossible object stream"));
    g_array_append_val(slots, slot);
    return true;
}

/* "nnnnnnnnnn ggggg n" and two bytes of line end. */
static bool
read_entry(PdfDocument *self, PdfParser *parser, uint64_t number, GArray *slots, GError **error)
{
    const uint8_t *text = parser->data + parser->at;
    uint64_t place = 0, generation = 0;

    if (parser->size - parser->at < ENTRY_SIZE)
        return pdf_fail(error, PDF_FAULT_XREF, parser->at,
                        N_("the cross-reference table is cut off"));
    for (size_t i = 0; i < 16; i++) {
        if (i == 10 ? text[i] != ' ' : !g_ascii_isdigit(text[i]))
            return pdf_fail(error, PDF_FAULT_XREF, parser->at, N_("an entry is not 20 bytes"));
        if (i < 10)
            place = place * 10 + (uint64_t)(text[i] - '0');
        else if (i > 10)
            generation = generation * 10 + (uint64_t)(text[i] - '0');
    }
    bool ends = (text[18] == ' ' && (text[19] == '\r' || text[19] == '\n')) ||
                (text[18] == '\r' && text[19] == '\n');
    if (text[16] != ' ' || (text[17] != 'n' && text[17] != 'f') || !ends)
        return pdf_fail(error, PDF_FAULT_XREF, parser->at, N_("an entry is not 20 bytes"));
    PdfSlot slot = { .number = (uint32_t)number, .kind = text[17] == 'n' };
    slot.generation = (uint32_t)generation;
    slot.place = slot.kind == 1 ? place : 0;
    parser->at += ENTRY_SIZE;
    return add_slot(self, slots, slot, parser->at, error);
}

static bool
read_subsection(PdfDocument *self, PdfParser *parser, GArray *slots, GError **error)
{
    uint64_t first, count;

    if (!pdf_take_number(parser, &first))
        return pdf_fail(error, PDF_FAULT_XREF, parser->at, N_("a subsection has no first number"));
    pdf_skip_blank(parser);
    if (!pdf_take_number(parser, &count))
        return pdf_fail(error, PDF_FAULT_XREF, parser->at, N_("a subsection has no count"));
    if (first + count > NSK_LIMIT_PDF_OBJECTS)
        return pdf_fail(error, PDF_FAULT_LIMIT, parser->at, N_("it has too many objects"));
    pdf_skip_blank(parser);
    for (uint64_t i = 0; i < count; i++)
        if (!read_entry(self, parser, first + i, slots, error))
            return false;
    return true;
}

/* "xref" has been taken. */
static const PdfValue *
read_table(PdfDocument *self, PdfParser *parser, GArray *slots, GError **error)
{
    for (;;) {
        pdf_skip_blank(parser);
        if (pdf_take_keyword(parser, "trailer"))
            break;
        if (!read_subsection(self, parser, slots, error))
            return NULL;
    }
    const PdfValue *trailer = pdf_parse_value(parser, error);
    if (trailer != NULL && trailer->type != PDF_DICT) {
        pdf_fail(error, PDF_FAULT_XREF, parser->at, N_("the trailer is no dictionary"));
        return NULL;
    }
    if (pdf_get(trailer, "XRefStm") != NULL) {
        pdf_fail(error, PDF_FAULT_HYBRID, parser->at,
                 N_("it has two cross-references of different kinds for one revision"));
        return NULL;
    }
    return trailer;
}

static uint64_t
read_field(const uint8_t **at, int64_t width)
{
    uint64_t value = 0;

    for (int64_t i = 0; i < width; i++)
        value = value << 8 | *(*at)++;
    return value;
}

/* The rows of a cross-reference stream not yet read. */
typedef struct {
    int64_t widths[3];
    const uint8_t *at;
    const uint8_t *end;
} Rows;

static bool
read_run(PdfDocument *self,
         Rows *rows,
         uint64_t first,
         uint64_t count,
         GArray *slots,
         GError **error)
{
    size_t size = (size_t)(rows->widths[0] + rows->widths[1] + rows->widths[2]);

    if (first + count > NSK_LIMIT_PDF_OBJECTS || (uint64_t)(rows->end - rows->at) / size < count)
        return pdf_fail(error, PDF_FAULT_XREF, 0, N_("a cross-reference stream is too short"));
    for (uint64_t i = 0; i < count; i++) {
        uint64_t kind = rows->widths[0] > 0 ? read_field(&rows->at, rows->widths[0]) : 1;
        uint64_t second = read_field(&rows->at, rows->widths[1]);
        uint64_t third = read_field(&rows->at, rows->widths[2]);
        PdfSlot slot = { .number = (uint32_t)(first + i), .kind = (uint8_t)kind };

        if (kind > 2 || third > UINT32_MAX)
            return pdf_fail(error, PDF_FAULT_XREF, 0,
                            N_("a cross-reference stream has a wrong row"));
        slot.place = kind == 0 ? 0 : second;
        slot.generation = kind == 1 ? (uint32_t)third : 0;
        slot.index = kind == 2 ? (uint32_t)third : 0;
        if (!add_slot(self, slots, slot, 0, error))
            return false;
    }
    return true;
}

static bool
read_widths(const PdfValue *stream, Rows *rows)
{
    const PdfValue *widths = pdf_get(stream, "W");
    int64_t sum = 0;

    if (widths == NULL || widths->type != PDF_ARRAY || widths->n != 3)
        return false;
    for (size_t i = 0; i < 3; i++) {
        const PdfValue *width = widths->u.items[i];

        if (width->type != PDF_INT || width->u.integer < 0 || width->u.integer > 8)
            return false;
        rows->widths[i] = width->u.integer;
        sum += width->u.integer;
    }
    return sum > 0;
}

static bool
read_runs(PdfDocument *self, const PdfValue *stream, Rows *rows, GArray *slots, GError **error)
{
    const PdfValue *index = pdf_get(stream, "Index");
    int64_t size = 0;

    if (!pdf_get_int(stream, "Size", &size) || size < 1)
        return pdf_fail(error, PDF_FAULT_XREF, 0, N_("a cross-reference stream has no Size"));
    if (index == NULL)
        return read_run(self, rows, 0, (uint64_t)size, slots, error);
    if (index->type != PDF_ARRAY || index->n % 2 != 0)
        return pdf_fail(error, PDF_FAULT_XREF, 0, N_("a cross-reference stream's Index is wrong"));
    for (uint32_t i = 0; i < index->n; i += 2) {
        const PdfValue *first = index->u.items[i], *count = index->u.items[i + 1];

        if (first->type != PDF_INT || count->type != PDF_INT || first->u.integer < 0 ||
            count->u.integer < 0)
            return pdf_fail(error, PDF_FAULT_XREF, 0,
                            N_("a cross-reference stream's Index is wrong"));
        if (!read_run(self, rows, (uint64_t)first->u.integer, (uint64_t)count->u.integer, slots,
                      error))
            return false;
    }
    return true;
}

/* A cross-reference stream at @parser; returns its dictionary. */
static const PdfValue *
read_stream(PdfDocument *self, PdfParser *parser, GArray *slots, GError **error)
{
    PdfSlot slot = { .kind = 1 };

    if (!pdf_read_object(self, parser->at, &slot, error))
        return NULL;
    if (slot.value->type != PDF_STREAM || !pdf_is_name(pdf_get(slot.value, "Type"), "XRef")) {
        pdf_fail(error, PDF_FAULT_XREF, parser->at, N_("no cross-reference stands here"));
        return NULL;
    }
    g_autoptr(GBytes) data = pdf_stream_data(self, slot.value, error);
    if (data == NULL)
        return NULL;
    gsize size;
    Rows rows = { .at = g_bytes_get_data(data, &size) };
    rows.end = rows.at + size;
    if (!read_widths(slot.value, &rows)) {
        pdf_fail(error, PDF_FAULT_XREF, parser->at, N_("a cross-reference stream's W is wrong"));
        return NULL;
    }
    if (!read_runs(self, slot.value, &rows, slots, error))
        return NULL;
    parser->at = slot.end;
    return slot.value;
}

/* "startxref", the number and "%%EOF" behind a section. */
static bool
read_tail(PdfParser *parser, Section *section, GError **error)
{
    PdfRevision *revision = section->revision;
    uint64_t named;

    pdf_skip_blank(parser);
    if (!pdf_take_keyword(parser, "startxref"))
        return pdf_fail(error, PDF_FAULT_XREF, parser->at, N_("startxref is missing"));
    while (parser->at < parser->size && g_ascii_isspace(parser->data[parser->at]))
        parser->at++;
    if (!pdf_take_number(parser, &named))
        return pdf_fail(error, PDF_FAULT_XREF, parser->at, N_("startxref has no number"));
    while (parser->at < parser->size && g_ascii_isspace(parser->data[parser->at]))
        parser->at++;
    if (parser->size - parser->at < 5 || memcmp(parser->data + parser->at, "%%EOF", 5) != 0)
        return pdf_fail(error, PDF_FAULT_XREF, parser->at, N_("the mark of the end is missing"));
    parser->at += 5;
    section->named = (size_t)named;
    revision->end_min = parser->at;
    if (parser->at < parser->size && parser->data[parser->at] == '\r')
        parser->at++;
    if (parser->at < parser->size && parser->data[parser->at] == '\n')
        parser->at++;
    revision->end_max = parser->at;
    return true;
}

static gint
compare_slots(gconstpointer a, gconstpointer b)
{
    const PdfSlot *x = a, *y = b;

    return (x->number > y->number) - (x->number < y->number);
}

static bool
check_trailer(const PdfValue *trailer, size_t at, Section *section, GError **error)
{
    const PdfValue *previous = pdf_get(trailer, "Prev");

    if (pdf_get(trailer, "Encrypt") != NULL)
        return pdf_fail(error, PDF_FAULT_ENCRYPTED, at,
                        N_("it is encrypted; remove the protection"));
    section->previous = 0;
    if (previous == NULL)
        return true;
    if (previous->type != PDF_INT || previous->u.integer <= 0)
        return pdf_fail(error, PDF_FAULT_XREF, at, N_("the trailer's Prev is wrong"));
    section->previous = previous->u.integer;
    return true;
}

static bool
read_section(PdfDocument *self, size_t at, Section *section, GError **error)
{
    PdfRevision *revision = section->revision;
    PdfParser parser = parser_at(self, at);

    revision->xref_at = at;
    revision->is_stream = !pdf_take_keyword(&parser, "xref");
    revision->trailer = revision->is_stream ? read_stream(self, &parser, revision->slots, error)
                                            : read_table(self, &parser, revision->slots, error);
    if (revision->trailer == NULL || !check_trailer(revision->trailer, at, section, error))
        return false;
    if (section->previous > (int64_t)at)
        revision->end_min = revision->end_max = parser.at; /* linearised: its end is the other's */
    else if (!read_tail(&parser, section, error))
        return false;
    g_array_sort(revision->slots, compare_slots);
    for (guint i = 1; i < revision->slots->len; i++) {
        if (g_array_index(revision->slots, PdfSlot, i - 1).number ==
            g_array_index(revision->slots, PdfSlot, i).number)
            return pdf_fail(error, PDF_FAULT_DUPLICATE, at,
                            N_("a cross-reference has an object twice"));
    }
    return true;
}

static Section *
section_new(void)
{
    Section *section = g_new0(Section, 1);

    section->revision = g_new0(PdfRevision, 1);
    section->revision->slots = g_array_new(FALSE, TRUE, sizeof(PdfSlot));
    section->revision->index = g_hash_table_new(NULL, NULL);
    return section;
}

/* Where the last startxref points, and where the %%EOF behind it ends. */
static bool
find_start(PdfDocument *self, Section *out_tail, GError **error)
{
    size_t from = self->size > TAIL_SIZE ? self->size - TAIL_SIZE : 0;

    for (size_t at = self->size; at-- > from;) {
        if (self->size - at >= 9 && memcmp(self->data + at, "startxref", 9) == 0) {
            PdfParser parser = parser_at(self, at);

            return read_tail(&parser, out_tail, error);
        }
    }
    return pdf_fail(error, PDF_FAULT_XREF, self->size, N_("it has no startxref at its end"));
}

/* Whether @first and @second are the two parts of a linearised file (ISO 32000-1, Annex F). */
static bool
is_linearised(const Section *first, const Section *second)
{
    return first->previous > (int64_t)first->revision->xref_at && second->previous == 0 &&
           second->named == first->revision->xref_at;
}

/* Reads the chain from the newest section to the oldest. */
static GPtrArray *
read_chain(PdfDocument *self, size_t start, GError **error)
{
    g_autoptr(GPtrArray) chain = g_ptr_array_new_with_free_func(section_free);
    int64_t next = (int64_t)start;
    bool ended = false;

    while (!ended) {
        Section *section = section_new();
        const Section *newer = chain->len > 0 ? g_ptr_array_index(chain, chain->len - 1) : NULL;

        g_ptr_array_add(chain, section);
        if (chain->len > NSK_LIMIT_PDF_REVISIONS) {
            pdf_fail(error, PDF_FAULT_LIMIT, (size_t)next, N_("it has too many revisions"));
            return NULL;
        }
        if ((uint64_t)next >= self->size || !read_section(self, (size_t)next, section, error)) {
            if (error != NULL && *error == NULL)
                pdf_fail(error, PDF_FAULT_XREF, (size_t)next, N_("a cross-reference lies outside"));
            return NULL;
        }
        bool backwards = newer != NULL && newer->previous > (int64_t)newer->revision->xref_at;
        if (backwards ? !is_linearised(newer, section)
                      : newer != NULL && section->revision->end_max > newer->revision->xref_at) {
            pdf_fail(error, PDF_FAULT_XREF, (size_t)next,
                     N_("the chain of cross-references does not lead backwards"));
            return NULL;
        }
        ended = section->previous == 0;
        next = section->previous;
    }
    return g_steal_pointer(&chain);
}

/* Joins the two parts of a linearised first revision into the second of them, @older. */
static bool
join_linearised(Section *first, Section *older, GError **error)
{
    PdfRevision *into = older->revision;

    g_array_append_vals(into->slots, first->revision->slots->data, first->revision->slots->len);
    g_array_sort(into->slots, compare_slots);
    for (guint i = 1; i < into->slots->len; i++) {
        if (g_array_index(into->slots, PdfSlot, i - 1).number ==
            g_array_index(into->slots, PdfSlot, i).number)
            return pdf_fail(error, PDF_FAULT_DUPLICATE, into->xref_at,
                            N_("a linearised file has an object twice"));
    }
    into->trailer = first->revision->trailer;
    into->xref_at = first->revision->xref_at;
    return true;
}

/* Invariant (3); returns false for an entry to be dropped. */
static bool
keep_slot(PdfDocument *self, unsigned revision, const PdfSlot *slot, bool *keep, GError **error)
{
    const PdfRevision *own = pdf_revision(self, revision);
    const PdfSlot *before = pdf_find_slot(self, revision - 1, slot->number);

    *keep = true;
    if (slot->kind == 0) {
        *keep = before != NULL && slot->number != 0;
        return true;
    }
    if (before != NULL && before->kind == slot->kind && before->place == slot->place &&
        before->generation == slot->generation && before->index == slot->index &&
        (slot->kind == 2 || slot->place < own->start)) {
        *keep = false;
        return true;
    }
    if (slot->kind == 1 && (slot->place < own->start || slot->place >= own->end_min))
        return pdf_fail(error, PDF_FAULT_XREF, own->xref_at,
                        N_("a later revision brings bytes of an earlier one to life"));
    return true;
}

/* Makes the index of one revision out of its slots. */
static bool
settle_revision(PdfDocument *self, unsigned revision, GError **error)
{
    PdfRevision *own = pdf_revision(self, revision);
    g_autoptr(GArray) kept = g_array_new(FALSE, TRUE, sizeof(PdfSlot));

    for (guint i = 0; i < own->slots->len; i++) {
        PdfSlot slot = g_array_index(own->slots, PdfSlot, i);
        bool keep = true;

        slot.revision = revision;
        if (revision > 0 && !keep_slot(self, revision, &slot, &keep, error))
            return false;
        if (keep)
            g_array_append_val(kept, slot);
    }
    g_array_unref(own->slots);
    own->slots = g_steal_pointer(&kept);
    for (guint i = 0; i < own->slots->len; i++)
        g_hash_table_insert(own->index,
                            GUINT_TO_POINTER(g_array_index(own->slots, PdfSlot, i).number),
                            GUINT_TO_POINTER(i + 1));
    return true;
}

bool
pdf_read_xref(PdfDocument *self, GError **error)
{
    PdfRevision end = { 0 };
    Section tail = { .revision = &end };

    if (!find_start(self, &tail, error))
        return false;
    g_autoptr(GPtrArray) chain = read_chain(self, tail.named, error);
    if (chain == NULL)
        return false;
    if (chain->len >= 2) {
        Section *first = g_ptr_array_index(chain, chain->len - 2);
        Section *older = g_ptr_array_index(chain, chain->len - 1);

        if (first->previous > (int64_t)first->revision->xref_at) {
            if (!join_linearised(first, older, error))
                return false;
            g_ptr_array_remove_index(chain, chain->len - 2);
        }
    }
    for (guint i = chain->len; i-- > 0;) {
        Section *section = g_ptr_array_index(chain, i);
        const PdfRevision *before =
            self->revisions->len > 0 ? pdf_revision(self, pdf_last(self)) : NULL;

        section->revision->start = before != NULL ? before->end_max : 0;
        if (section->named != section->revision->xref_at)
            return pdf_fail(error, PDF_FAULT_XREF, section->revision->end_min,
                            N_("a startxref does not name its own section"));
        g_ptr_array_add(self->revisions, g_steal_pointer(&section->revision));
        if (!settle_revision(self, pdf_last(self), error))
            return false;
    }
    if (pdf_revision(self, pdf_last(self))->end_min != end.end_min)
        return pdf_fail(error, PDF_FAULT_XREF, end.end_min,
                        N_("the end of the file names an older cross-reference than the last"));
    return true;
}

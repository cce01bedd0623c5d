/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What may not be in a PDF that is to be signed: whatever can make the pages look or act
 * otherwise after the signature than they did before (scripts, layers, forms, media, content in
 * other files, and unused objects that a later update could bring to life).
 */
#include "base/message.h"
#include "sign/sign-private.h"

#include <string.h>

/* Keys that no dictionary may have. */
static const char *const active_keys[] = { "JS", "AA", "XFA", "OCProperties", "RichMediaContent" };
/* Kinds of action or annotation that nobody needs in a letter. */
static const char *const active_kinds[] = {
    "JavaScript", "Launch", "SubmitForm",  "ImportData", "ResetForm",
    "Hide",       "Movie",  "Sound",       "Rendition",  "RichMedia",
    "3D",         "Screen", "SetOCGState", "GoTo3DView", "Trans",
};

static bool
refuse(GError **error, const char *what)
{
    g_set_error(
        error, NSK_ERROR, NSK_ERROR_INVALID,
        nsk_tr("the PDF cannot be signed because it has %s, so that it may look different later; "
               "make it again without"),
        what);
    return false;
}

static bool
check_dict(const PdfValue *dict, GError **error)
{
    static const char *const places[] = { "S", "Subtype" };

    for (size_t i = 0; i < G_N_ELEMENTS(active_keys); i++)
        if (pdf_get(dict, active_keys[i]) != NULL)
            return refuse(error, active_keys[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(active_kinds) * G_N_ELEMENTS(places); i++) {
        const char *kind = active_kinds[i / G_N_ELEMENTS(places)];

        if (pdf_is_name(pdf_get(dict, places[i % G_N_ELEMENTS(places)]), kind))
            return refuse(error, kind);
    }
    if (dict->type == PDF_STREAM && pdf_get(dict, "F") != NULL)
        return refuse(error, nsk_tr("content in another file"));
    return true;
}

/* Adds the numbers that @value refers to, and checks its dictionaries. */
static bool
check_value(const PdfValue *value, GArray *refs, GError **error)
{
    if (value->type == PDF_REF) {
        g_array_append_val(refs, value->u.ref.number);
    } else if (value->type == PDF_ARRAY) {
        for (uint32_t i = 0; i < value->n; i++)
            if (!check_value(value->u.items[i], refs, error))
                return false;
    } else if (pdf_is_dict(value)) {
        if (!check_dict(value, error))
            return false;
        for (uint32_t i = 0; i < value->n; i++)
            if (!check_value(value->u.pairs[i].value, refs, error))
                return false;
    }
    return true;
}

/* Checks every object that the trailer of @revision leads to; their numbers go into @reached. */
static bool
check_reachable(PdfDocument *document, unsigned revision, GHashTable *reached, GError **error)
{
    g_autoptr(GArray) refs = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

    if (!check_value(pdf_revision(document, revision)->trailer, refs, error))
        return false;
    while (refs->len > 0) {
        uint32_t number = g_array_index(refs, uint32_t, refs->len - 1);
        PdfSlot *slot = pdf_find_slot(document, revision, number);

        g_array_set_size(refs, refs->len - 1);
        if (slot == NULL || !g_hash_table_add(seen, GUINT_TO_POINTER(number)))
            continue;
        g_hash_table_add(reached, GUINT_TO_POINTER(number));
        if (!check_value(slot->value, refs, error))
            return false;
    }
    return true;
}

/* Where the hints of a linearised file stand (ISO 32000-1, Annex F); 0: none. */
static uint64_t
hints_place(PdfDocument *document)
{
    const PdfRevision *base = pdf_revision(document, 0);

    for (guint i = 0; i < base->slots->len; i++) {
        const PdfSlot *slot = &g_array_index(base->slots, PdfSlot, i);
        const PdfValue *hints = slot->kind == 1 && pdf_get(slot->value, "Linearized") != NULL
                                    ? pdf_get(slot->value, "H")
                                    : NULL;

        if (hints != NULL && hints->type == PDF_ARRAY && hints->n > 0 &&
            hints->u.items[0]->type == PDF_INT)
            return (uint64_t)hints->u.items[0]->u.integer;
    }
    return 0;
}

/* Objects that serve the file's structure, and that no other object names. */
static bool
is_structure(const PdfSlot *slot, uint64_t hints)
{
    const PdfValue *type = pdf_get(slot->value, "Type");

    return pdf_is_name(type, "XRef") || pdf_is_name(type, "ObjStm") ||
           pdf_get(slot->value, "Linearized") != NULL ||
           (hints != 0 && slot->kind == 1 && slot->place == hints);
}

static bool
check_unused(PdfDocument *document, GHashTable *reached, GError **error)
{
    unsigned last = pdf_last(document);
    uint64_t hints = hints_place(document);

    for (unsigned i = 0; i <= last; i++) {
        const PdfRevision *revision = pdf_revision(document, i);

        for (guint j = 0; j < revision->slots->len; j++) {
            const PdfSlot *slot = &g_array_index(revision->slots, PdfSlot, j);

            if (slot->kind != 0 && pdf_find_slot(document, last, slot->number) == slot &&
                !g_hash_table_contains(reached, GUINT_TO_POINTER(slot->number)) &&
                !is_structure(slot, hints)) {
                g_set_error(
                    error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the PDF cannot be signed because nothing uses its object %u, which a "
                           "later change could bring to life; make it again without"),
                    slot->number);
                return false;
            }
        }
    }
    return true;
}

/* The revision before the first signature; the last if there is none.  What was in use then and is
 * no longer, as the look of a field before it was signed, was put aside by a signature that holds.
 */
static unsigned
first_in_use(PdfDocument *document)
{
    unsigned first = pdf_last(document);
    g_autoptr(GPtrArray) fields = pdf_fields(document, first, NULL, NULL);

    for (guint i = 0; fields != NULL && i < fields->len; i++) {
        const PdfField *field = g_ptr_array_index(fields, i);
        const PdfSlot *slot = field->value_number != 0
                                  ? pdf_find_slot(document, pdf_last(document), field->value_number)
                                  : NULL;

        if (slot != NULL && slot->revision > 0)
            first = MIN(first, slot->revision - 1);
    }
    return first;
}

static bool
check_all_reachable(PdfDocument *document, GHashTable *reached, GError **error)
{
    for (unsigned i = first_in_use(document); i <= pdf_last(document); i++)
        if (!check_reachable(document, i, reached, error))
            return false;
    return true;
}

bool
check_static(PdfDocument *document, GError **error)
{
    g_autoptr(GHashTable) reached = g_hash_table_new(NULL, NULL);
    unsigned last = pdf_last(document);
    const PdfValue *catalog = pdf_catalog(document, last);
    const PdfValue *open = pdf_resolve_key(document, last, catalog, "OpenAction");
    const PdfValue *form = pdf_resolve_key(document, last, catalog, "AcroForm");
    const PdfValue *redraw = pdf_resolve_key(document, last, form, "NeedAppearances");

    if (open != NULL && open->type != PDF_ARRAY)
        return refuse(error, nsk_tr("an action on opening"));
    if (redraw != NULL && (redraw->type != PDF_BOOL || redraw->u.boolean))
        return refuse(error, nsk_tr("a form that is drawn anew by each program"));
    return check_all_reachable(document, reached, error) && check_unused(document, reached, error);
}

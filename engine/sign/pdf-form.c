/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The signature fields of a PDF's form (ISO 32000-1, 12.7.3) and the pages that they stand on.
 *
 * INVARIANTS:
 *   (1) each object is visited once, so that a form or page tree with a loop ends;
 *   (2) no two fields have one full name.
 */
#include "base/limits.h"
#include "base/message.h"
#include "sign/pdf-private.h"

#include <string.h>

#define MAX_TREE 32 /* depth of the form and page trees */

typedef struct {
    PdfDocument *document;
    unsigned revision;
    GHashTable *seen;  /* object numbers */
    GHashTable *names; /* full names; belong to the fields or to others */
    GHashTable *pages; /* object number of a widget -> page */
    GPtrArray *fields;
    GPtrArray *other_names;
    bool has_other;
} Walk;

static void
field_free(gpointer data)
{
    PdfField *field = data;

    g_free(field->name);
    g_free(field);
}

static const PdfValue *
resolve(const Walk *walk, const PdfValue *value)
{
    return pdf_resolve(walk->document, walk->revision, value);
}

static void
walk_pages(PdfDocument *self, unsigned revision, const PdfValue *ref, GHashTable *seen, GArray *out)
{
    g_autoptr(GPtrArray) stack = g_ptr_array_new();

    g_ptr_array_add(stack, (gpointer)(uintptr_t)ref);
    while (stack->len > 0) {
        const PdfValue *next = g_ptr_array_steal_index(stack, stack->len - 1);
        const PdfValue *node = pdf_resolve(self, revision, next);

        if (!pdf_is_dict(node) || next->type != PDF_REF ||
            !g_hash_table_add(seen, GUINT_TO_POINTER(next->u.ref.number)))
            continue;
        const PdfValue *kids = pdf_resolve_key(self, revision, node, "Kids");
        if (kids == NULL || kids->type != PDF_ARRAY) {
            g_array_append_val(out, next->u.ref.number);
            continue;
        }
        for (uint32_t i = kids->n; i-- > 0;)
            g_ptr_array_add(stack, (gpointer)(uintptr_t)kids->u.items[i]);
    }
}

GArray *
pdf_pages(PdfDocument *self, unsigned revision)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    GArray *pages = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    const PdfValue *root = pdf_get(pdf_catalog(self, revision), "Pages");

    if (root != NULL)
        walk_pages(self, revision, root, seen, pages);
    return pages;
}

/* Which page each annotation stands on. */
static GHashTable *
map_annotations(PdfDocument *self, unsigned revision)
{
    GHashTable *map = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) pages = pdf_pages(self, revision);

    for (guint i = 0; i < pages->len; i++) {
        PdfSlot *slot = pdf_find_slot(self, revision, g_array_index(pages, uint32_t, i));
        const PdfValue *annots =
            slot != NULL ? pdf_resolve_key(self, revision, slot->value, "Annots") : NULL;

        for (uint32_t j = 0; annots != NULL && annots->type == PDF_ARRAY && j < annots->n; j++) {
            const PdfValue *item = annots->u.items[j];

            if (item->type == PDF_REF)
                g_hash_table_insert(map, GUINT_TO_POINTER(item->u.ref.number),
                                    GUINT_TO_POINTER(i + 1));
        }
    }
    return map;
}

static void
read_rect(const Walk *walk, const PdfValue *dict, double out[4])
{
    const PdfValue *rect = pdf_resolve_key(walk->document, walk->revision, dict, "Rect");

    if (rect == NULL || rect->type != PDF_ARRAY || rect->n != 4)
        return;
    for (size_t i = 0; i < 4; i++) {
        const PdfValue *item = resolve(walk, rect->u.items[i]);

        if (item != NULL && item->type == PDF_INT)
            out[i] = (double)item->u.integer;
        else if (item != NULL && item->type == PDF_REAL)
            out[i] = item->u.real;
    }
}

/* Adds a signature field; its widget is itself or its only kid. */
static void
add_field(Walk *walk, const PdfValue *ref, const PdfValue *dict, const char *name)
{
    PdfField *field = g_new0(PdfField, 1);
    const PdfValue *kids = pdf_resolve_key(walk->document, walk->revision, dict, "Kids");
    const PdfValue *value = pdf_get(dict, "V");
    const PdfValue *widget_ref = ref, *widget = dict;

    field->name = g_strdup(name);
    field->dict = dict;
    field->number = ref->type == PDF_REF ? ref->u.ref.number : 0;
    field->value = resolve(walk, value);
    field->value_number = value != NULL && value->type == PDF_REF ? value->u.ref.number : 0;
    if (kids != NULL && kids->type == PDF_ARRAY && kids->n > 0) {
        widget_ref = kids->u.items[0];
        widget = resolve(walk, widget_ref);
    }
    read_rect(walk, widget, field->rect);
    if (widget_ref->type == PDF_REF)
        field->page = GPOINTER_TO_UINT(
            g_hash_table_lookup(walk->pages, GUINT_TO_POINTER(widget_ref->u.ref.number)));
    g_ptr_array_add(walk->fields, field);
}

/* PARENT.T, or PARENT for a kid without a name. */
static char *
full_name(const char *parent, const PdfValue *partial)
{
    if (partial == NULL || partial->type != PDF_STRING)
        return g_strdup(parent);
    g_autofree char *utf8 = NULL;

    if (partial->n >= 2 && memcmp(partial->u.bytes, "\xfe\xff", 2) == 0)
        utf8 =
            g_convert(partial->u.bytes + 2, partial->n - 2, "UTF-8", "UTF-16BE", NULL, NULL, NULL);
    if (utf8 == NULL)
        utf8 = g_utf8_make_valid(partial->u.bytes, partial->n);
    return parent[0] != '\0' ? g_strconcat(parent, ".", utf8, NULL) : g_strdup(utf8);
}

static bool walk_field(Walk *walk,
                       const PdfValue *ref,
                       const char *parent,
                       const PdfValue *type,
                       unsigned depth,
                       GError **error);

/* Whether the kids are fields of their own, not only widgets. */
static bool
has_field_kids(const Walk *walk, const PdfValue *kids)
{
    for (uint32_t i = 0; kids != NULL && kids->type == PDF_ARRAY && i < kids->n; i++)
        if (pdf_get(resolve(walk, kids->u.items[i]), "T") != NULL)
            return true;
    return false;
}

static bool
end_field(Walk *walk,
          const PdfValue *ref,
          const PdfValue *dict,
          const char *name,
          bool is_signature,
          GError **error)
{
    char *copy = g_strdup(name);

    g_ptr_array_add(walk->other_names, copy);
    if (!g_hash_table_add(walk->names, copy))
        return pdf_fail(error, PDF_FAULT_FIELDS, 0,
                        N_("its form has two fields of one name, so that one may hide the other"));
    if (is_signature)
        add_field(walk, ref, dict, name);
    else
        walk->has_other = true;
    return true;
}

static bool
walk_field(Walk *walk,
           const PdfValue *ref,
           const char *parent,
           const PdfValue *type,
           unsigned depth,
           GError **error)
{
    const PdfValue *dict = resolve(walk, ref);

    if (!pdf_is_dict(dict))
        return pdf_fail(error, PDF_FAULT_SYNTAX, 0, N_("its form names a field that is not there"));
    if (depth >= MAX_TREE || g_hash_table_size(walk->seen) >= NSK_LIMIT_PDF_FIELDS)
        return pdf_fail(error, PDF_FAULT_LIMIT, 0, N_("its form has too many fields"));
    if (ref->type == PDF_REF && !g_hash_table_add(walk->seen, GUINT_TO_POINTER(ref->u.ref.number)))
        return pdf_fail(error, PDF_FAULT_FIELDS, 0, N_("its form has a field twice"));

    const PdfValue *own = pdf_resolve_key(walk->document, walk->revision, dict, "FT");
    const PdfValue *kids = pdf_resolve_key(walk->document, walk->revision, dict, "Kids");
    g_autofree char *name =
        full_name(parent, pdf_resolve_key(walk->document, walk->revision, dict, "T"));
    type = own != NULL ? own : type;
    if (!has_field_kids(walk, kids))
        return end_field(walk, ref, dict, name, pdf_is_name(type, "Sig"), error);
    for (uint32_t i = 0; i < kids->n; i++)
        if (!walk_field(walk, kids->u.items[i], name, type, depth + 1, error))
            return false;
    return true;
}

GPtrArray *
pdf_fields(PdfDocument *self, unsigned revision, bool *out_other, GError **error)
{
    g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(field_free);
    g_autoptr(GPtrArray) others = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) pages = map_annotations(self, revision);
    Walk walk = { self, revision, seen, names, pages, fields, others, false };
    const PdfValue *form = pdf_resolve_key(self, revision, pdf_catalog(self, revision), "AcroForm");
    const PdfValue *list = pdf_resolve_key(self, revision, form, "Fields");

    if (pdf_catalog(self, revision) == NULL) {
        pdf_fail(error, PDF_FAULT_XREF, 0, N_("it has no catalog"));
        return NULL;
    }
    for (uint32_t i = 0; list != NULL && list->type == PDF_ARRAY && i < list->n; i++)
        if (!walk_field(&walk, list->u.items[i], "", NULL, 0, error))
            return NULL;
    if (out_other != NULL)
        *out_other = walk.has_other || pdf_get(form, "XFA") != NULL;
    return g_steal_pointer(&fields);
}

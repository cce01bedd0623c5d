/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The structure tree (ISO 32000-1, 14.7 and 14.8): what the page content means and in which order
 * it is read.
 *
 * 1. Elements are numbered from 1, the Document; a parent has a smaller number than its children.
 * 2. Children stand in the order in which they were added, whether elements, content or
 *    annotations.
 * 3. The parent tree has one key a page (an array by content identifier) and one an annotation.
 * 4. Elements that say nothing are folded into their parents before they are written, for they are
 *    a third of all: a Div that holds elements alone, and a P that is alone in a cell or in a part
 *    of a list item.
 */
#include "pdf-private.h"

#include <string.h>

typedef enum { KID_ELEMENT, KID_CONTENT, KID_OBJECT } KidType;

typedef struct {
    KidType type;
    unsigned value; /* element, content identifier or object */
    NskPdfRef page;
} Kid;

typedef struct {
    NskPdfElement parent;
    NskPdfTag tag; /* its strings are owned */
    bool is_document;
    bool is_folded; /* its kids are its parent's */
    GArray *kids;   /* of Kid; NULL while there is none */
    bool has_box;
    NskPdfRect box;
    NskPdfRef ref;
} Element;

/* An entry of the parent tree. */
typedef struct {
    GArray *contents;      /* of NskPdfElement by content identifier: a page */
    NskPdfElement element; /* an annotation */
} Key;

struct _NskPdfStructure {
    GPtrArray *elements; /* of Element; the element n is at n - 1 */
    GArray *keys;        /* of Key */
};

static const char *const role_names[] = {
    [NSK_PDF_PART] = "Part",
    [NSK_PDF_SECT] = "Sect",
    [NSK_PDF_DIV] = "Div",
    [NSK_PDF_P] = "P",
    [NSK_PDF_H1] = "H1",
    [NSK_PDF_H2] = "H2",
    [NSK_PDF_H3] = "H3",
    [NSK_PDF_H4] = "H4",
    [NSK_PDF_H5] = "H5",
    [NSK_PDF_H6] = "H6",
    [NSK_PDF_L] = "L",
    [NSK_PDF_LI] = "LI",
    [NSK_PDF_LBL] = "Lbl",
    [NSK_PDF_LBODY] = "LBody",
    [NSK_PDF_TABLE] = "Table",
    [NSK_PDF_THEAD] = "THead",
    [NSK_PDF_TBODY] = "TBody",
    [NSK_PDF_TFOOT] = "TFoot",
    [NSK_PDF_TR] = "TR",
    [NSK_PDF_TH] = "TH",
    [NSK_PDF_TD] = "TD",
    [NSK_PDF_CAPTION] = "Caption",
    [NSK_PDF_FIGURE] = "Figure",
    [NSK_PDF_SPAN] = "Span",
    [NSK_PDF_QUOTE] = "Quote",
    [NSK_PDF_NOTE] = "Note",
    [NSK_PDF_REFERENCE] = "Reference",
    [NSK_PDF_LINK] = "Link",
    [NSK_PDF_FORM] = "Form",
};

static const char *const scope_names[] = { NULL, "Column", "Row", "Both" };

static const char *const list_names[] = {
    [NSK_PDF_LIST_NONE] = NULL,
    [NSK_PDF_LIST_DISC] = "Disc",
    [NSK_PDF_LIST_DECIMAL] = "Decimal",
    [NSK_PDF_LIST_LOWER_ALPHA] = "LowerAlpha",
    [NSK_PDF_LIST_UPPER_ALPHA] = "UpperAlpha",
    [NSK_PDF_LIST_LOWER_ROMAN] = "LowerRoman",
    [NSK_PDF_LIST_UPPER_ROMAN] = "UpperRoman",
};

static void
free_const(const char *text)
{
    union {
        const char *is_const;
        char *is_ours;
    } it = { .is_const = text };

    g_free(it.is_ours);
}

static void
element_free(void *data)
{
    Element *element = data;

    free_const(element->tag.alt);
    free_const(element->tag.actual_text);
    free_const(element->tag.language);
    g_clear_pointer(&element->kids, g_array_unref);
    g_free(element);
}

static void
key_clear(void *data)
{
    Key *key = data;

    g_clear_pointer(&key->contents, g_array_unref);
}

static Element *
get(const NskPdfStructure *self, NskPdfElement element)
{
    g_assert(element >= 1 && element <= self->elements->len);
    return self->elements->pdata[element - 1];
}

NskPdfStructure *
nsk_pdf_structure_new(void)
{
    NskPdfStructure *self = g_new0(NskPdfStructure, 1);
    Element *document = g_new0(Element, 1);

    self->elements = g_ptr_array_new_with_free_func(element_free);
    self->keys = g_array_new(FALSE, TRUE, sizeof(Key));
    g_array_set_clear_func(self->keys, key_clear);
    document->is_document = true;
    g_ptr_array_add(self->elements, document);
    return self;
}

void
nsk_pdf_structure_free(NskPdfStructure *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->elements);
    g_array_unref(self->keys);
    g_free(self);
}

static void
add_kid(Element *element, KidType type, unsigned value, NskPdfRef page)
{
    Kid kid = { type, value, page };

    if (!element->kids)
        element->kids = g_array_new(FALSE, FALSE, sizeof(Kid));
    g_array_append_val(element->kids, kid);
}

NskPdfElement
nsk_pdf_structure_add(NskPdfStructure *self, NskPdfElement parent, const NskPdfTag *tag)
{
    Element *element = g_new0(Element, 1);
    Element *above = get(self, parent);

    element->parent = parent;
    element->tag = *tag;
    element->tag.alt = g_strdup(tag->alt);
    element->tag.actual_text = g_strdup(tag->actual_text);
    element->tag.language = g_strdup(tag->language);
    if (tag->role == NSK_PDF_TH && tag->scope == NSK_PDF_SCOPE_NONE)
        element->tag.scope = NSK_PDF_SCOPE_COLUMN;
    g_ptr_array_add(self->elements, element);
    add_kid(above, KID_ELEMENT, self->elements->len, 0);
    return self->elements->len;
}

unsigned
nsk_pdf_structure_add_key(NskPdfStructure *self)
{
    g_array_set_size(self->keys, self->keys->len + 1);
    return self->keys->len - 1;
}

unsigned
nsk_pdf_structure_add_content(NskPdfStructure *self,
                              NskPdfElement element,
                              unsigned key,
                              NskPdfRef page)
{
    Key *entry = &g_array_index(self->keys, Key, key);

    if (!entry->contents)
        entry->contents = g_array_new(FALSE, FALSE, sizeof(NskPdfElement));
    add_kid(get(self, element), KID_CONTENT, entry->contents->len, page);
    g_array_append_val(entry->contents, element);
    return entry->contents->len - 1;
}

void
nsk_pdf_structure_add_object(NskPdfStructure *self,
                             NskPdfElement element,
                             unsigned key,
                             NskPdfRef page,
                             NskPdfRef object)
{
    g_array_index(self->keys, Key, key).element = element;
    add_kid(get(self, element), KID_OBJECT, object, page);
}

const char *
nsk_pdf_structure_get_role(const NskPdfStructure *self, NskPdfElement element)
{
    const Element *it = get(self, element);

    return it->is_document ? "Document" : role_names[it->tag.role];
}

void
nsk_pdf_structure_add_box(NskPdfStructure *self, NskPdfElement element, const NskPdfRect *box)
{
    Element *it = get(self, element);
    NskMpt right, top;

    if (it->is_document || it->tag.role != NSK_PDF_FIGURE)
        return;
    if (!it->has_box) {
        it->box = *box;
        it->has_box = true;
        return;
    }
    right = MAX(it->box.x + it->box.width, box->x + box->width);
    top = MAX(it->box.y + it->box.height, box->y + box->height);
    it->box.x = MIN(it->box.x, box->x);
    it->box.y = MIN(it->box.y, box->y);
    it->box.width = right - it->box.x;
    it->box.height = top - it->box.y;
}

/* The page that most kids need not name: that of the first content. */
static NskPdfRef
find_page(const Element *element)
{
    for (unsigned i = 0; element->kids && i < element->kids->len; i++) {
        const Kid *kid = &g_array_index(element->kids, Kid, i);

        if (kid->type == KID_CONTENT)
            return kid->page;
    }
    return 0;
}

static void
put_kid(const NskPdfStructure *self, GString *to, const Kid *kid, NskPdfRef page)
{
    if (kid->type == KID_ELEMENT) {
        nsk_pdf_put_ref(to, get(self, kid->value)->ref);
    } else if (kid->type == KID_OBJECT) {
        nsk_pdf_put(to, "<</Type/OBJR/Pg ");
        nsk_pdf_put_ref(to, kid->page);
        nsk_pdf_put(to, "/Obj ");
        nsk_pdf_put_ref(to, kid->value);
        nsk_pdf_put(to, ">>");
    } else if (kid->page == page) {
        nsk_pdf_put_int(to, kid->value);
    } else {
        nsk_pdf_put(to, "<</Type/MCR/Pg ");
        nsk_pdf_put_ref(to, kid->page);
        nsk_pdf_put(to, "/MCID ");
        nsk_pdf_put_int(to, kid->value);
        nsk_pdf_put(to, ">>");
    }
}

/* Whether the kids stand in a list.  One alone need not; but programs that compare two states of a
 * signed letter find an element only in a list, and take the fields in it for strangers. */
static bool
needs_list(const GArray *kids)
{
    return kids->len != 1 || g_array_index(kids, Kid, 0).type == KID_ELEMENT;
}

static void
put_kids(const NskPdfStructure *self, GString *to, const Element *element)
{
    NskPdfRef page = find_page(element);

    if (!element->kids)
        return;
    if (page) {
        nsk_pdf_put(to, "/Pg ");
        nsk_pdf_put_ref(to, page);
    }
    nsk_pdf_put(to, needs_list(element->kids) ? "/K[" : "/K ");
    for (unsigned i = 0; i < element->kids->len; i++) {
        if (i > 0)
            g_string_append_c(to, ' ');
        put_kid(self, to, &g_array_index(element->kids, Kid, i), page);
    }
    if (needs_list(element->kids))
        g_string_append_c(to, ']');
}

/* Attribute objects (14.8.5): Layout of figures, List, Table. */
static void
put_attributes(GString *to, const Element *element)
{
    const NskPdfTag *tag = &element->tag;
    bool is_cell = tag->role == NSK_PDF_TH || tag->role == NSK_PDF_TD;

    if (element->has_box) {
        const NskPdfRect *box = &element->box;
        NskMpt corners[4] = { box->x, box->y, box->x + box->width, box->y + box->height };

        nsk_pdf_put(to, "/A<</O/Layout/Placement/Block/BBox[");
        for (int i = 0; i < 4; i++) {
            if (i > 0)
                g_string_append_c(to, ' ');
            nsk_pdf_put_mpt(to, corners[i]);
        }
        nsk_pdf_put(to, "]>>");
    } else if (tag->role == NSK_PDF_L && list_names[tag->list]) {
        g_string_append_printf(to, "/A<</O/List/ListNumbering/%s>>", list_names[tag->list]);
    } else if (is_cell && (tag->scope || tag->colspan > 1 || tag->rowspan > 1)) {
        nsk_pdf_put(to, "/A<</O/Table");
        if (tag->role == NSK_PDF_TH)
            g_string_append_printf(to, "/Scope/%s", scope_names[tag->scope]);
        if (tag->colspan > 1)
            g_string_append_printf(to, "/ColSpan %u", tag->colspan);
        if (tag->rowspan > 1)
            g_string_append_printf(to, "/RowSpan %u", tag->rowspan);
        nsk_pdf_put(to, ">>");
    }
}

static void
put_optional_text(GString *to, const char *key, const char *text)
{
    if (!text)
        return;
    nsk_pdf_put(to, key);
    nsk_pdf_put_text(to, text);
}

static void
write_element(const NskPdfStructure *self, NskPdfOut *out, unsigned number, NskPdfRef root)
{
    const Element *element = get(self, number);
    GString *to = out->bytes;

    nsk_pdf_out_begin(out, element->ref);
    g_string_append_printf(to, "<</S/%s/P ", nsk_pdf_structure_get_role(self, number));
    nsk_pdf_put_ref(to, element->is_document ? root : get(self, element->parent)->ref);
    if (!element->is_document) {
        put_optional_text(to, "/Alt", element->tag.alt);
        put_optional_text(to, "/ActualText", element->tag.actual_text);
        put_optional_text(to, "/Lang", element->tag.language);
        put_attributes(to, element);
        if (element->tag.role == NSK_PDF_NOTE)
            g_string_append_printf(to, "/ID(note-%08u)", number);
    }
    put_kids(self, to, element);
    nsk_pdf_put(to, ">>");
    nsk_pdf_out_end(out);
}

/* The element that is written for @element. */
static NskPdfRef
ref_of(const NskPdfStructure *self, NskPdfElement element)
{
    while (get(self, element)->is_folded)
        element = get(self, element)->parent;
    return get(self, element)->ref;
}

static NskPdfRef
write_parent_tree(const NskPdfStructure *self, NskPdfOut *out)
{
    NskPdfRef ref = nsk_pdf_out_reserve(out);
    GString *to = out->bytes;

    nsk_pdf_out_begin(out, ref);
    nsk_pdf_put(to, "<</Nums[");
    for (unsigned i = 0; i < self->keys->len; i++) {
        const Key *key = &g_array_index(self->keys, Key, i);

        if (i > 0)
            g_string_append_c(to, ' ');
        nsk_pdf_put_int(to, i);
        if (key->element) {
            g_string_append_c(to, ' ');
            nsk_pdf_put_ref(to, ref_of(self, key->element));
            continue;
        }
        g_string_append_c(to, '[');
        for (unsigned j = 0; key->contents && j < key->contents->len; j++) {
            if (j > 0)
                g_string_append_c(to, ' ');
            nsk_pdf_put_ref(to, ref_of(self, g_array_index(key->contents, NskPdfElement, j)));
        }
        g_string_append_c(to, ']');
    }
    nsk_pdf_put(to, "]>>");
    nsk_pdf_out_end(out);
    return ref;
}

/* Notes have identifiers, which the tree must list in order. */
static void
put_id_tree(const NskPdfStructure *self, GString *to)
{
    bool any = false;

    for (unsigned i = 2; i <= self->elements->len; i++) {
        if (get(self, i)->tag.role != NSK_PDF_NOTE)
            continue;
        nsk_pdf_put(to, any ? " " : "/IDTree<</Names[");
        any = true;
        g_string_append_printf(to, "(note-%08u)", i);
        nsk_pdf_put_ref(to, get(self, i)->ref);
    }
    if (any)
        nsk_pdf_put(to, "]>>");
}

static bool
holds_elements_alone(const Element *element)
{
    for (unsigned i = 0; element->kids && i < element->kids->len; i++)
        if (g_array_index(element->kids, Kid, i).type != KID_ELEMENT)
            return false;
    return true;
}

static bool
says_nothing(const NskPdfStructure *self, const Element *element)
{
    const NskPdfTag *tag = &element->tag;
    const Element *above = get(self, element->parent);
    NskPdfRole around = above->tag.role;

    if (tag->alt || tag->actual_text || tag->language)
        return false;
    if (tag->role == NSK_PDF_DIV)
        return holds_elements_alone(element);
    return tag->role == NSK_PDF_P && !above->is_document && above->kids->len == 1 &&
           (around == NSK_PDF_TD || around == NSK_PDF_TH || around == NSK_PDF_LBL ||
            around == NSK_PDF_LBODY);
}

/* Adds the kids of @from to @to, and instead of folded ones theirs. */
static void
gather_kids(NskPdfStructure *self, NskPdfElement number, const Element *from, GArray *to)
{
    for (unsigned i = 0; from->kids && i < from->kids->len; i++) {
        const Kid *kid = &g_array_index(from->kids, Kid, i);
        Element *element = kid->type == KID_ELEMENT ? get(self, kid->value) : NULL;

        if (element && element->is_folded) {
            gather_kids(self, number, element, to);
            continue;
        }
        if (element)
            element->parent = number;
        g_array_append_vals(to, kid, 1);
    }
}

static void
fold(NskPdfStructure *self)
{
    for (unsigned i = 2; i <= self->elements->len; i++)
        get(self, i)->is_folded = says_nothing(self, get(self, i));
    for (unsigned i = 1; i <= self->elements->len; i++) {
        Element *element = get(self, i);
        GArray *kids;

        if (element->is_folded || !element->kids)
            continue;
        kids = g_array_sized_new(FALSE, FALSE, sizeof(Kid), element->kids->len);
        gather_kids(self, i, element, kids);
        g_array_unref(element->kids);
        element->kids = kids;
    }
}

NskPdfRef
nsk_pdf_structure_write(NskPdfStructure *self, NskPdfOut *out)
{
    NskPdfRef root = nsk_pdf_out_reserve(out);

    fold(self);
    for (unsigned i = 1; i <= self->elements->len; i++)
        if (!get(self, i)->is_folded)
            get(self, i)->ref = nsk_pdf_out_reserve(out);
    for (unsigned i = 1; i <= self->elements->len; i++)
        if (!get(self, i)->is_folded)
            write_element(self, out, i, root);
    NskPdfRef parents = write_parent_tree(self, out);
    nsk_pdf_out_begin(out, root);
    nsk_pdf_put(out->bytes, "<</Type/StructTreeRoot/K ");
    nsk_pdf_put_ref(out->bytes, get(self, 1)->ref);
    nsk_pdf_put(out->bytes, "/ParentTree ");
    nsk_pdf_put_ref(out->bytes, parents);
    nsk_pdf_put(out->bytes, "/ParentTreeNextKey ");
    nsk_pdf_put_int(out->bytes, self->keys->len);
    put_id_tree(self, out->bytes);
    nsk_pdf_put(out->bytes, ">>");
    nsk_pdf_out_end(out);
    return root;
}
